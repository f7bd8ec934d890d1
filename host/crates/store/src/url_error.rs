//! Why a text is not the URL of a data source.
//!
//! The text itself is never repeated: it may hold a password, in a place where nobody expects one.

use model::{Code, Describe};

/// Why a text is not the URL of a data source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Nothing names a database.
    #[error("the URL of a data source has no scheme")]
    NoScheme,
    /// Another database, or a slip of the finger.
    #[error("there is no data source of the kind `{scheme}`")]
    UnknownScheme {
        /// As written.
        scheme: String,
        /// The nearest that exists.
        closest: Option<&'static str>,
    },
    /// Something is not there that has no default.
    #[error("the URL of a {dialect} data source has no {part}")]
    MissingPart {
        /// The database.
        dialect: &'static str,
        /// What is not there.
        part: &'static str,
        /// A complete URL.
        example: &'static str,
    },
    /// The URL can't be taken apart.
    #[error("the URL of a {dialect} data source can't be read: {reason}")]
    Malformed {
        /// The database.
        dialect: &'static str,
        /// What is wrong, without any part of the URL.
        reason: String,
    },
    /// A parameter that this database's URLs don't have.
    #[error("the URL of a {dialect} data source has no parameter `{parameter}`")]
    UnknownParameter {
        /// The database.
        dialect: &'static str,
        /// As written, cut.
        parameter: String,
        /// The nearest that exists.
        closest: Option<&'static str>,
        /// The parameters there are.
        known: &'static [&'static str],
    },
    /// A parameter with a value it can't have.
    #[error("the parameter `{parameter}` of the URL has a value it can't have")]
    ParameterValue {
        /// The parameter.
        parameter: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// A placeholder that is not `{namespace}`.
    #[error("the URL of a data source has an unknown placeholder")]
    UnknownPlaceholder,
    /// A placeholder where one pool serves all namespaces.
    #[error("the URL of a {dialect} data source can't hold `{{namespace}}`")]
    PlaceholderNotHere {
        /// The database.
        dialect: &'static str,
        /// A complete URL.
        example: &'static str,
    },
}

impl Describe for UrlError {
    fn code(&self) -> Code {
        Code::ConfigInvalidValue
    }

    fn solutions(&self) -> Vec<String> {
        const KINDS: &str = "write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>";
        match self {
            Self::NoScheme => vec![KINDS.to_owned()],
            Self::UnknownScheme { closest, .. } => closest
                .iter()
                .map(|closest| format!("did you mean `{closest}`?"))
                .chain([KINDS.to_owned()])
                .collect(),
            Self::MissingPart { part, .. } => vec![format!("add the {part}: it has no default")],
            Self::Malformed {
                dialect: "sqlite", ..
            } => vec!["write the path of a file".to_owned()],
            Self::Malformed { .. } => vec![
                "in a user name or password write `@` as %40, `:` as %3A, `/` as %2F, `?` as %3F, `#` as %23 and `%` as %25"
                    .to_owned(),
            ],
            Self::UnknownParameter { closest, known, .. } => {
                let all = match known.is_empty() {
                    true => "remove everything from the `?` on: limits are settings of the data source".to_owned(),
                    false => format!("the parameters are {}", known.join(", ")),
                };
                closest
                    .iter()
                    .map(|closest| format!("did you mean `{closest}`?"))
                    .chain([all])
                    .collect()
            }
            Self::ParameterValue { parameter, expected } => {
                vec![format!("give `{parameter}` {expected}")]
            }
            Self::UnknownPlaceholder => vec!["the only placeholder is `{namespace}`".to_owned()],
            Self::PlaceholderNotHere { .. } => {
                vec!["name one database and give the namespaces the placement `schema`".to_owned()]
            }
        }
    }

    fn example(&self) -> Option<String> {
        match self {
            Self::NoScheme | Self::UnknownScheme { .. } | Self::UnknownPlaceholder => {
                Some("sqlite:data/{namespace}.db".to_owned())
            }
            Self::MissingPart { example, .. } => Some((*example).to_owned()),
            Self::PlaceholderNotHere { example, .. } => Some((*example).to_owned()),
            Self::Malformed { .. } | Self::UnknownParameter { .. } | Self::ParameterValue { .. } => None,
        }
    }
}
