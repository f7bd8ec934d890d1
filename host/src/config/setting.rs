//! A judged value, and how it is written in a file, in a variable and in JSON.
//!
//! Whatever this writes is redacted: a corrected line may be printed, and a URL in it must not give its password away.

use serde_json::json;

use super::source_url::redact;

/// A value that its key accepts.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Number(u64),
    Text(String),
    Texts(Vec<String>),
}

impl Setting {
    /// As the file says it.
    pub(super) fn toml(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => literal(text),
            Self::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
                format!("[{}]", texts.join(", "))
            }
        }
    }

    /// As a variable or a flag says it, quoted for a shell where it must be.
    pub(super) fn bare(&self) -> String {
        let text = match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => redact(text),
            Self::Texts(texts) => texts.join(","),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@,+=-%".contains(c);
        if text.chars().all(plain) && !text.is_empty() { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
    }

    /// As JSON says it.
    pub(super) fn json(&self) -> serde_json::Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(redact(text)),
            Self::Texts(texts) => json!(texts),
        }
    }

    /// For figment, unredacted.
    pub(super) fn to_figment(&self) -> figment::value::Value {
        match self {
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Texts(texts) => texts.clone().into(),
        }
    }
}

/// A text as a TOML string, redacted.
fn literal(text: &str) -> String {
    serde_json::Value::from(redact(text)).to_string()
}

/// A raw value as it may be echoed: redacted and short.
pub(super) fn echo(value: &toml::Value) -> String {
    let text = match value {
        toml::Value::String(text) => literal(text),
        toml::Value::Table(_) => "a section".to_owned(),
        toml::Value::Array(values) => {
            let values: Vec<String> = values.iter().take(5).map(echo).collect();
            format!("[{}]", values.join(", "))
        }
        other => other.to_string(),
    };
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_for_files_shells_and_never_with_a_password() {
        let url = Setting::Text("postgres://app:hunter2@db/x".to_owned());
        assert_eq!(url.toml(), r#""postgres://app:***@db/x""#);
        assert_eq!(url.bare(), "'postgres://app:***@db/x'");
        let texts = Setting::Texts(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(texts.toml(), r#"["a", "b"]"#);
        assert_eq!(texts.bare(), "a,b");
        assert_eq!(Setting::Text("a\nb".to_owned()).toml(), r#""a\nb""#);
    }
}
