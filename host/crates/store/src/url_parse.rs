//! How the text after a URL's scheme is read.
//!
//! Whatever is wrong is told without repeating the text, which may hold a password in a place where nobody expects one.
//! Unknown parameters are refused: one that is ignored would be believed in.

use std::path::Path;

use model::closest;

use crate::UrlError;
use crate::url::{PLACEHOLDER, Password, ServerTarget, Target, TlsMode};

/// How the URLs of one kind of server are written.
struct Style {
    dialect: &'static str,
    port: u16,
    example: &'static str,
    /// The names for the socket, the client's certificate, its key, the mode of TLS, the root certificate.
    parameters: [&'static str; 5],
}

static POSTGRES: Style = Style {
    dialect: "postgres",
    port: 5432,
    example: "postgres://user:password@localhost:5432/database",
    parameters: ["host", "sslcert", "sslkey", "sslmode", "sslrootcert"],
};

static MYSQL: Style = Style {
    dialect: "mysql",
    port: 3306,
    example: "mysql://user:password@localhost:3306/database",
    parameters: ["socket", "ssl-cert", "ssl-key", "ssl-mode", "ssl-ca"],
};

pub(crate) fn sqlite(rest: &str, base: &Path) -> Result<Target, UrlError> {
    const DIALECT: &str = "sqlite";
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let malformed = |reason: &str| Err(UrlError::Malformed { dialect: DIALECT, reason: reason.to_owned() });
    if path == ":memory:" {
        return Ok(Target::SqliteMemory);
    }
    if let Some((_, parameters)) = path.split_once('?') {
        return Err(unknown_parameter(DIALECT, parameters, &[]));
    }
    if path.is_empty() {
        return Err(UrlError::MissingPart { dialect: DIALECT, part: "path", example: "sqlite:data/{namespace}.db" });
    }
    if path.chars().any(char::is_control) {
        return malformed("a control character in the path");
    }
    if path.ends_with('/') {
        return malformed("the path is a folder");
    }
    if path.replace(PLACEHOLDER, "").contains(['{', '}']) {
        return Err(UrlError::UnknownPlaceholder);
    }
    Ok(Target::SqliteFile(base.join(path)))
}

pub(crate) fn postgres(rest: &str, base: &Path) -> Result<Target, UrlError> {
    server(rest, base, &POSTGRES).map(|target| Target::Postgres(Box::new(target)))
}

pub(crate) fn mysql(rest: &str, base: &Path) -> Result<Target, UrlError> {
    server(rest, base, &MYSQL).map(|target| Target::Mysql(Box::new(target)))
}

fn server(rest: &str, base: &Path, style: &'static Style) -> Result<ServerTarget, UrlError> {
    let Style { dialect, example, .. } = *style;
    let malformed = |reason: &str| UrlError::Malformed { dialect, reason: reason.to_owned() };
    let missing = |part| UrlError::MissingPart { dialect, part, example };
    if rest.contains(PLACEHOLDER) {
        return Err(UrlError::PlaceholderNotHere { dialect, example });
    }
    let url = url::Url::parse(&format!("{dialect}:{rest}")).map_err(|error| malformed(&error.to_string()))?;
    if url.fragment().is_some() {
        return Err(malformed("it has a `#`"));
    }
    let decoded = |text: &str| percent_decoded(text).ok_or_else(|| malformed("a wrong %-escape"));
    let host = match url.host() {
        Some(url::Host::Domain(name)) => decoded(name)?,
        Some(url::Host::Ipv4(address)) => address.to_string(),
        Some(url::Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    };
    let mut target = ServerTarget {
        host,
        port: url.port().unwrap_or(style.port),
        user: decoded(url.username())?,
        password: url.password().map(decoded).transpose()?.map(Password::new),
        database: decoded(url.path().trim_start_matches('/'))?,
        tls: None,
        root_certificate: None,
        client_certificate: None,
        client_key: None,
    };
    for (name, value) in url.query_pairs() {
        target.set_parameter(&name, &value, base, style)?;
    }
    match &target {
        target if target.host.is_empty() => Err(missing("host")),
        target if target.user.is_empty() => Err(missing("user")),
        target if target.database.is_empty() => Err(missing("database")),
        target if target.database.contains('/') => Err(malformed("the database's name has a `/`")),
        _ => Ok(target),
    }
}

impl ServerTarget {
    fn set_parameter(&mut self, name: &str, value: &str, base: &Path, style: &'static Style) -> Result<(), UrlError> {
        let [socket, client_certificate, client_key, tls, root_certificate] = style.parameters;
        match name {
            name if name == socket => self.host = value.to_owned(),
            name if name == client_certificate => self.client_certificate = Some(base.join(value)),
            name if name == client_key => self.client_key = Some(base.join(value)),
            name if name == root_certificate => self.root_certificate = Some(base.join(value)),
            name if name == tls => {
                let wrong = UrlError::ParameterValue { parameter: tls, expected: TlsMode::EXPECTED };
                self.tls = Some(TlsMode::parse(value).ok_or(wrong)?);
            }
            name => return Err(unknown_parameter(style.dialect, name, &style.parameters)),
        }
        Ok(())
    }
}

/// Names the first parameter, never a value.
fn unknown_parameter(dialect: &'static str, parameters: &str, known: &'static [&'static str]) -> UrlError {
    let name = parameters.split(['=', '&']).next().unwrap_or_default();
    let meant = closest(name, known.iter().copied());
    UrlError::UnknownParameter {
        dialect,
        parameter: name.chars().take(32).flat_map(char::escape_debug).collect(),
        closest: known.iter().copied().find(|known| Some(*known) == meant),
        known,
    }
}

/// None when an escape is cut short or the result is not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use model::{Describe, NamespaceName};

    use super::*;
    use crate::DataSourceUrl;

    fn parse(text: &str) -> Result<DataSourceUrl, UrlError> {
        DataSourceUrl::parse(text, Path::new("/srv"))
    }

    fn report(texts: &[&str]) -> String {
        let line = |text: &&str| match parse(text) {
            Ok(url) => format!("{url}"),
            Err(error) => format!("{error}; {}", error.solutions().join("; ")),
        };
        texts.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn reads_what_names_a_database() {
        insta::assert_snapshot!(report(&[
            "sqlite:data/{namespace}.db",
            "sqlite:///var/lib/x.db",
            "sqlite://x.db",
            "sqlite::memory:",
            " postgres://me@db.example/crm ",
            "postgresql://me:s%40%2Fcret@db.example:6432/crm?sslmode=verify-full&sslrootcert=ca.pem",
            "POSTGRES://me:secret@[::1]/crm",
            "postgres://me:secret@localhost/crm?host=/run/postgresql",
            "mysql://me:secret@db.example/crm",
            "mariadb://me:s%40%2Fcret@db.example:3307/crm?ssl-mode=verify-full&ssl-ca=ca.pem",
            "mysql://me:secret@localhost/crm?socket=/run/mysqld/mysqld.sock",
        ]), @r"
        sqlite:/srv/data/{namespace}.db
        sqlite:/var/lib/x.db
        sqlite:/srv/x.db
        sqlite::memory:
        postgres://me@db.example:5432/crm
        postgres://me:***@db.example:6432/crm?sslmode=verify-full
        postgres://me:***@[::1]:5432/crm
        postgres://me:***@/run/postgresql:5432/crm
        mysql://me:***@db.example:3306/crm
        mysql://me:***@db.example:3307/crm?ssl-mode=verify-full
        mysql://me:***@/run/mysqld/mysqld.sock:3306/crm
        ");
    }

    #[test]
    fn refuses_what_names_none_and_never_repeats_a_secret() {
        let texts = [
            "",
            "data/x.db",
            "me:secret@db/crm",
            "postgre://me:secret@db/crm",
            "mysqll://me:secret@db/crm",
            "sqlite:",
            "sqlite:data/",
            "sqlite:data/{name}.db",
            "sqlite:x.db?mode=rwc",
            "postgres://db/crm",
            "postgres://me:secret@db",
            "postgres:///crm",
            "postgres://me:se#cret@db/crm",
            "postgres://me:se/cret@db/crm",
            "postgres://me:%zz@db/crm",
            "postgres://me:secret@db/{namespace}",
            "postgres://me:secret@db/crm?sslmod=secret",
            "postgres://me:secret@db/crm?sslmode=secret",
        ];
        assert_no_secret(&texts);
        insta::assert_snapshot!(report(&texts), @r"
        the URL of a data source has no scheme; write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>
        the URL of a data source has no scheme; write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>
        there is no data source of the kind `me`; write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>
        there is no data source of the kind `postgre`; did you mean `postgres`?; write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>
        there is no data source of the kind `mysqll`; did you mean `mysql`?; write sqlite:<path>, postgres://<user>:<password>@<host>/<database> or mysql://<user>:<password>@<host>/<database>
        the URL of a sqlite data source has no path; add the path: it has no default
        the URL of a sqlite data source can't be read: the path is a folder; write the path of a file
        the URL of a data source has an unknown placeholder; the only placeholder is `{namespace}`
        the URL of a sqlite data source has no parameter `mode`; remove everything from the `?` on: limits are settings of the data source
        the URL of a postgres data source has no user; add the user: it has no default
        the URL of a postgres data source has no database; add the database: it has no default
        the URL of a postgres data source has no host; add the host: it has no default
        the URL of a postgres data source can't be read: invalid port number; in a user name or password write `@` as %40, `:` as %3A, `/` as %2F, `?` as %3F, `#` as %23 and `%` as %25
        the URL of a postgres data source can't be read: invalid port number; in a user name or password write `@` as %40, `:` as %3A, `/` as %2F, `?` as %3F, `#` as %23 and `%` as %25
        the URL of a postgres data source can't be read: a wrong %-escape; in a user name or password write `@` as %40, `:` as %3A, `/` as %2F, `?` as %3F, `#` as %23 and `%` as %25
        the URL of a postgres data source can't hold `{namespace}`; name one database and give the namespaces the placement `schema`
        the URL of a postgres data source has no parameter `sslmod`; did you mean `sslmode`?; the parameters are host, sslcert, sslkey, sslmode, sslrootcert
        the parameter `sslmode` of the URL has a value it can't have; give `sslmode` disable, prefer, require, verify-ca or verify-full
        ");
    }

    #[test]
    fn the_parameters_of_mysql_have_its_own_names() {
        let texts = [
            "mysql://me:secret@db",
            "mysql://me:secret@db/{namespace}",
            "mysql://me:secret@db/crm?sslmode=secret",
            "mariadb://me:secret@db/crm?ssl-mode=REQUIRED-secret",
        ];
        assert_no_secret(&texts);
        insta::assert_snapshot!(report(&texts), @r"
        the URL of a mysql data source has no database; add the database: it has no default
        the URL of a mysql data source can't hold `{namespace}`; name one database and give the namespaces the placement `schema`
        the URL of a mysql data source has no parameter `sslmode`; did you mean `ssl-mode`?; the parameters are socket, ssl-cert, ssl-key, ssl-mode, ssl-ca
        the parameter `ssl-mode` of the URL has a value it can't have; give `ssl-mode` disable, prefer, require, verify-ca or verify-full
        ");
    }

    fn assert_no_secret(texts: &[&str]) {
        for text in texts {
            let error = parse(text).expect_err(text);
            let all = format!("{error} {error:?} {:?} {:?}", error.solutions(), error.example());
            assert!(!all.contains("cret"), "{text}: {all}");
        }
    }

    #[test]
    fn only_the_connection_gets_the_password() {
        let url = parse("postgres://me:s%40%2Fcret@db.example/crm").expect("a URL");
        let Target::Postgres(target) = url.target() else {
            panic!("{url}");
        };
        assert_eq!(target.password.as_ref().map(Password::expose), Some("s@/cret"));
        let all = format!("{url} {url:?} {url:#?} {target:?} {:?}", target.password);
        assert!(!all.contains("cret"), "{all}");
    }

    #[test]
    fn the_placeholder_makes_a_file_of_its_own() {
        let acme = NamespaceName::new("acme").expect("a name");
        let url = parse("sqlite:data/{namespace}/main.db").expect("a URL");
        assert!(url.is_per_namespace());
        assert_eq!(url.for_namespace(&acme).to_string(), "sqlite:/srv/data/acme/main.db");
        let url = parse("sqlite:data/all.db").expect("a URL");
        assert!(!url.is_per_namespace());
        assert_eq!(url.for_namespace(&acme), url);
    }
}
