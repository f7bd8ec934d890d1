//! What is wrong with the URL of a database, and how it would be right.
//!
//! Messages and corrections are redacted; the text itself is never kept. Does not look at any file or server.

use std::path::Path;

use engine::{DataSourceUrl, UrlError};
use model::Describe;

use super::{Scheme, redact};

/// Why a text is not the URL of a data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct WrongUrl {
    /// What is wrong, as the end of "`key` ...".
    pub(in crate::config) message: String,
    /// The URL as it would be right, redacted.
    pub(in crate::config) corrected: Option<String>,
    /// More to do.
    pub(in crate::config) solutions: Vec<String>,
    /// The environment variable that the text points to, where it means one.
    pub(in crate::config) variable: Option<String>,
}

/// A kind of server, as its URLs are corrected.
struct Server {
    scheme: &'static str,
    example: &'static str,
    /// What a namespace gets of its own there.
    own: &'static str,
}

const POSTGRES: Server = Server { scheme: "postgres", example: "postgres://USER@HOST:5432/DATABASE", own: "schema" };
const MYSQL: Server = Server { scheme: "mysql", example: "mysql://USER@HOST:3306/DATABASE", own: "database" };

/// The schemes there are.
const SCHEMES: [&str; 5] = ["sqlite", "postgres", "postgresql", "mysql", "mariadb"];

/// The kind of database of a URL that names one whole database.
pub(in crate::config) fn judge(text: &str) -> Result<Scheme, WrongUrl> {
    let mut wrong = match judge_once(text) {
        Ok(scheme) => return Ok(scheme),
        Err(wrong) => wrong,
    };
    // What was corrected may have more to correct: a JDBC URL that names no user.
    for _ in 0..3 {
        let corrected = wrong.corrected.as_deref().map(judge_once);
        match corrected {
            Some(Err(more)) if more.corrected.is_some() => wrong.corrected = more.corrected,
            _ => break,
        }
    }
    Err(wrong)
}

fn judge_once(text: &str) -> Result<Scheme, WrongUrl> {
    if text.is_empty() {
        return Err(wrong("is empty"));
    }
    if text.starts_with('$') || text.contains("${") {
        let wrong = wrong("holds a `$`, and variables are not filled in here")
            .solution("name a variable that holds the whole URL: `url_env`");
        return Err(WrongUrl { variable: Some(variable_of(text)), ..wrong });
    }
    if let Some(rest) = text.strip_prefix("jdbc:") {
        return Err(wrong("is a JDBC URL").corrected(rest));
    }
    let scheme = match text.split_once(':') {
        Some((scheme, _)) => scheme,
        None => "",
    };
    let scheme = match scheme {
        "sqlite" => judge_sqlite(&text["sqlite:".len()..]).map(|()| Scheme::Sqlite)?,
        "postgres" | "postgresql" => judge_server(text, &POSTGRES).map(|()| Scheme::Postgres)?,
        "mysql" | "mariadb" => judge_server(text, &MYSQL).map(|()| Scheme::Mysql)?,
        _ => return Err(other_scheme(text, scheme)),
    };
    match DataSourceUrl::parse(text, Path::new("/")) {
        Ok(_) => Ok(scheme),
        Err(error) => Err(WrongUrl::of(&error)),
    }
}

impl WrongUrl {
    /// What the engine says about a URL; it never repeats the text.
    pub(super) fn of(error: &UrlError) -> Self {
        Self { solutions: error.solutions(), ..wrong(format!("is refused: {error}")) }
    }

    fn corrected(mut self, url: &str) -> Self {
        self.corrected = Some(redact(url));
        self
    }

    fn solution(mut self, text: &str) -> Self {
        self.solutions.push(text.to_owned());
        self
    }
}

fn wrong(message: impl Into<String>) -> WrongUrl {
    WrongUrl { message: message.into(), corrected: None, solutions: Vec::new(), variable: None }
}

/// The name in `$NAME` or `${NAME}`; of a text that is more than that, no variable holds the whole URL yet.
fn variable_of(text: &str) -> String {
    let name = text.trim_start_matches('$').trim_matches(['{', '}']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.is_empty() && name.chars().all(is_name) { name.to_owned() } else { "DATABASE_URL".to_owned() }
}

fn judge_sqlite(file: &str) -> Result<(), WrongUrl> {
    let corrected = |file: &str| format!("sqlite:{file}");
    let file = file.strip_prefix("//").unwrap_or(file);
    if file == ":memory:" {
        return Ok(());
    }
    if [":memory", "memory:", ":memory:?cache=shared"].contains(&file) {
        return Err(wrong("is not how a database in memory is written").corrected("sqlite::memory:"));
    }
    if let Some((path, _)) = file.split_once('?') {
        return Err(
            wrong("has options after `?`; a data source's options are keys of its section").corrected(&corrected(path))
        );
    }
    if file.is_empty() {
        return Err(wrong("names no file").corrected("sqlite:data/{namespace}.db"));
    }
    if file.starts_with('~') {
        return Err(wrong("begins with `~`, which only a shell understands")
            .solution("write the whole path, or one relative to the folder of the configuration file"));
    }
    if file.ends_with('/') {
        let path = format!("{file}{{namespace}}.db");
        return Err(wrong("names a folder, not a file").corrected(&corrected(&path)));
    }
    judge_placeholders(file)
}

fn judge_server(text: &str, server: &Server) -> Result<(), WrongUrl> {
    let Some((scheme, rest)) = text.split_once("://") else {
        let rest = text.split_once(':').map_or("", |(_, rest)| rest);
        return Err(wrong("lacks `//` after the scheme").corrected(&format!("{}://{rest}", server.scheme)));
    };
    let (credentials, place) = match rest.rsplit_once('@') {
        Some((credentials, place)) => (Some(credentials), place),
        None => (None, rest),
    };
    if credentials.is_some_and(|credentials| credentials.contains(['@', '/', '?', '#'])) {
        return Err(wrong("has one of `@ / ? #` in its user or password")
            .solution("write these characters as %40, %2F, %3F, %23"));
    }
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    let (host, database) = place.split_once('/').unwrap_or((place, ""));
    let user = match credentials {
        None | Some("") => "USER@".to_owned(),
        Some(credentials) => format!("{credentials}@"),
    };
    let query_part = if query.is_empty() { String::new() } else { format!("?{query}") };
    let build = |host: &str, database: &str| format!("{scheme}://{user}{host}/{database}{query_part}");
    if host.is_empty() {
        return Err(wrong("names no host").corrected(&build("localhost", database)));
    }
    if !may_have_port(host) {
        return Err(wrong("has a port that is not a number from 1 to 65535")
            .corrected(&build(host.split(':').next().unwrap_or_default(), database))
            .solution(&format!("user and password come before an `@`: {}", server.example)));
    }
    if database.is_empty() {
        return Err(wrong("names no database, and none is filled in").corrected(&build(host, "DATABASE")));
    }
    if database.contains('/') || place.contains('#') {
        return Err(wrong("has more than a database's name after the host"));
    }
    if place.contains('{') {
        return Err(wrong("cannot hold a placeholder: all namespaces share the connections to a server")
            .corrected(&build(host, "DATABASE"))
            .solution(&format!(
                "name one database; each namespace gets a {} of its own with the placement `schema`",
                server.own
            )));
    }
    if matches!(credentials, None | Some("")) {
        return Err(wrong("names no user, and none is filled in").corrected(&build(host, database)));
    }
    Ok(())
}

/// Whether what follows the host's colon is a port, where one follows.
fn may_have_port(host: &str) -> bool {
    match host.rsplit_once(':') {
        Some((_, port)) if !host.ends_with(']') => port.parse::<u16>().is_ok_and(|port| port > 0),
        _ => true,
    }
}

/// `{namespace}` is the only placeholder.
fn judge_placeholders(file: &str) -> Result<(), WrongUrl> {
    let mut corrected = file.to_owned();
    let mut rest = file;
    let mut unknown = None;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err(wrong("has a `{` without its `}`"));
        };
        if name != "namespace" {
            corrected = corrected.replace(&format!("{{{name}}}"), "{namespace}");
            unknown.get_or_insert(name);
        }
        rest = after;
    }
    match unknown {
        Some(name) => {
            let message = format!("has a placeholder `{{{name}}}`; the only one is `{{namespace}}`");
            Err(wrong(message).corrected(&format!("sqlite:{corrected}")))
        }
        None => Ok(()),
    }
}

fn other_scheme(text: &str, scheme: &str) -> WrongUrl {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let base = scheme.split('+').next().unwrap_or_default();
    match base {
        "mongodb" | "redis" | "mssql" | "sqlserver" | "oracle" => {
            return wrong(format!("is a URL of {base}; this version serves sqlite, postgres and mysql"));
        }
        "mysql" | "mariadb" | "mysql2" | "mysqli" | "mysqlx" if !rest.is_empty() => {
            return wrong(format!("has the scheme `{scheme}`")).corrected(&format!("mysql://{rest}"));
        }
        "pg" | "psql" | "postgre" | "pgsql" | "postgres" | "postgresql" if !rest.is_empty() => {
            return wrong(format!("has the scheme `{scheme}`")).corrected(&format!("postgres://{rest}"));
        }
        "sqlite3" | "file" => {
            let path = text[scheme.len() + 1..].trim_start_matches("//");
            return wrong(format!("has the scheme `{scheme}`")).corrected(&format!("sqlite:{path}"));
        }
        _ => {}
    }
    if text == ":memory:" || text == "memory" {
        return wrong("has no scheme").corrected("sqlite::memory:");
    }
    let names_a_file =
        text.starts_with(['/', '.']) || [".db", ".sqlite", ".sqlite3"].iter().any(|end| text.ends_with(end));
    if names_a_file && !text.contains("://") {
        return wrong("has no scheme").corrected(&format!("sqlite:{text}"));
    }
    if let Some(url) = from_pairs(text) {
        return wrong("is a list of pairs, not a URL").corrected(&url);
    }
    match model::closest(base, SCHEMES) {
        Some(known) if !rest.is_empty() => {
            let separator = if known == "sqlite" { ":" } else { "://" };
            wrong(format!("has the scheme `{scheme}`")).corrected(&format!("{known}{separator}{rest}"))
        }
        _ => wrong("is not a URL of sqlite, postgres or mysql")
            .solution("a file: sqlite:data/{namespace}.db")
            .solution("a server: postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE"),
    }
}

/// `host=db user=app dbname=orders`, or the same with semicolons, as a URL without its password.
fn from_pairs(text: &str) -> Option<String> {
    let pairs: Vec<(String, &str)> = text
        .split([' ', ';'])
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_lowercase(), value.trim()))
        .collect();
    let get = |names: &[&str]| {
        let found = pairs.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| *value)
    };
    let host = get(&["host", "server", "hostaddr"])?;
    let database = get(&["dbname", "database", "initial catalog"]).unwrap_or("DATABASE");
    let user = get(&["user", "user id", "uid", "username"]).map_or_else(String::new, |user| format!("{user}@"));
    let port = get(&["port"]);
    let scheme = if port == Some("3306") { "mysql" } else { "postgres" };
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{scheme}://{user}{host}{port}/{database}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(texts: &[&str]) -> String {
        let answer = |text: &&str| match judge(text) {
            Ok(scheme) => format!("{scheme:?}"),
            Err(wrong) => {
                let corrected = wrong.corrected.or(wrong.variable).unwrap_or_default();
                let more = wrong.solutions.join("; ");
                format!("{} | {corrected} | {more}", wrong.message)
            }
        };
        texts.iter().map(answer).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn accepts_what_names_one_database() {
        let urls = [
            "sqlite:data/{namespace}.db",
            "sqlite::memory:",
            "sqlite:/var/lib/x.db",
            "postgres://app@db/orders",
            "sqlite:///var/lib/x.db",
            "postgresql://app:pw%40x@[::1]:5433/orders?sslmode=require",
            "mysql://app:pw%40x@db/orders?ssl-mode=require",
            "mariadb://app@db:3307/orders",
        ];
        insta::assert_snapshot!(answers(&urls), @r"
        Sqlite
        Sqlite
        Sqlite
        Postgres
        Sqlite
        Postgres
        Mysql
        Mysql
        ");
    }

    #[test]
    fn corrects_sqlite() {
        let urls = [
            "sqlite://data/x.db?mode=rwc",
            "sqlite:",
            "sqlite:data/",
            "sqlite:~/x.db",
            "sqlite::memory",
            "sqlite:data/{tenant}.db",
            "sqlite:data/{namespace.db",
            "data/x.db",
            ":memory:",
            "file:x.db",
            "sqlit://x.db",
        ];
        insta::assert_snapshot!(answers(&urls), @r#"
        has options after `?`; a data source's options are keys of its section | sqlite:data/x.db | 
        names no file | sqlite:data/{namespace}.db | 
        names a folder, not a file | sqlite:data/{namespace}.db | 
        begins with `~`, which only a shell understands |  | write the whole path, or one relative to the folder of the configuration file
        is not how a database in memory is written | sqlite::memory: | 
        has a placeholder `{tenant}`; the only one is `{namespace}` | sqlite:data/{namespace}.db | 
        has a `{` without its `}` |  | 
        has no scheme | sqlite:data/x.db | 
        has no scheme | sqlite::memory: | 
        has the scheme `file` | sqlite:x.db | 
        has the scheme `sqlit` | sqlite:x.db |
        "#);
    }

    #[test]
    fn corrects_mysql() {
        let urls = [
            "mysql://app:hunter2@db",
            "mysql://app@db/{namespace}",
            "mariadb://db/orders",
            "mysql://app@db/orders?sslmode=require",
            "mysql://app:hunter2/orders",
            "mysql:app@db/orders",
            "mysql+pymysql://app:hunter2@db/orders",
            "jdbc:mysql://db/orders",
            "jdbc:mariadb://app@db/orders",
            "Server=db;Port=3306;Uid=app;Pwd=hunter2;Database=orders",
        ];
        insta::assert_snapshot!(answers(&urls), @r"
        names no database, and none is filled in | mysql://app:***@db/DATABASE | 
        cannot hold a placeholder: all namespaces share the connections to a server | mysql://app@db/DATABASE | name one database; each namespace gets a database of its own with the placement `schema`
        names no user, and none is filled in | mariadb://USER@db/orders | 
        is refused: the URL of a mysql data source has no parameter `sslmode` |  | did you mean `ssl-mode`?; the parameters are socket, ssl-cert, ssl-key, ssl-mode, ssl-ca
        has a port that is not a number from 1 to 65535 | mysql://USER@app/orders | user and password come before an `@`: mysql://USER@HOST:3306/DATABASE
        lacks `//` after the scheme | mysql://app@db/orders | 
        has the scheme `mysql+pymysql` | mysql://app:***@db/orders | 
        is a JDBC URL | mysql://USER@db/orders | 
        is a JDBC URL | mariadb://app@db/orders | 
        is a list of pairs, not a URL | mysql://app@db:3306/orders |
        ");
    }

    #[test]
    fn corrects_postgres_and_names_what_is_not_served() {
        let urls = [
            "postgres://app:hunter2@db",
            "postgres://app@/orders",
            "postgres://app@db/{namespace}",
            "postgres://app@db/{tenant}",
            "postgres://db/orders",
            "postgres://app@db/orders?sslmod=require",
            "postgres://app:hunter2/orders",
            "postgres://app:hun@ter2@db/orders",
            "postgres://db:0/orders",
            "postgres:app@db/orders",
            "pgsql://app:hunter2@db/orders",
            "jdbc:postgresql://db/orders",
            "host=db port=5433 user=app password=hunter2 dbname=orders",
            "mongodb://app:hunter2@db/orders",
            "$DATABASE_URL",
            "postgres://app:${DB_PASSWORD}@db/orders",
            "hunter2",
            "",
        ];
        insta::assert_snapshot!(answers(&urls), @r"
        names no database, and none is filled in | postgres://app:***@db/DATABASE | 
        names no host | postgres://app@localhost/orders | 
        cannot hold a placeholder: all namespaces share the connections to a server | postgres://app@db/DATABASE | name one database; each namespace gets a schema of its own with the placement `schema`
        cannot hold a placeholder: all namespaces share the connections to a server | postgres://app@db/DATABASE | name one database; each namespace gets a schema of its own with the placement `schema`
        names no user, and none is filled in | postgres://USER@db/orders | 
        is refused: the URL of a postgres data source has no parameter `sslmod` |  | did you mean `sslmode`?; the parameters are host, sslcert, sslkey, sslmode, sslrootcert
        has a port that is not a number from 1 to 65535 | postgres://USER@app/orders | user and password come before an `@`: postgres://USER@HOST:5432/DATABASE
        has one of `@ / ? #` in its user or password |  | write these characters as %40, %2F, %3F, %23
        has a port that is not a number from 1 to 65535 | postgres://USER@db/orders | user and password come before an `@`: postgres://USER@HOST:5432/DATABASE
        lacks `//` after the scheme | postgres://app@db/orders | 
        has the scheme `pgsql` | postgres://app:***@db/orders | 
        is a JDBC URL | postgresql://USER@db/orders | 
        is a list of pairs, not a URL | postgres://app@db:5433/orders | 
        is a URL of mongodb; this version serves sqlite, postgres and mysql |  | 
        holds a `$`, and variables are not filled in here | DATABASE_URL | name a variable that holds the whole URL: `url_env`
        holds a `$`, and variables are not filled in here | DATABASE_URL | name a variable that holds the whole URL: `url_env`
        is not a URL of sqlite, postgres or mysql |  | a file: sqlite:data/{namespace}.db; a server: postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE
        is empty |  |
        ");
    }
}
