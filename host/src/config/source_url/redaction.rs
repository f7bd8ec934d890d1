//! Takes passwords out of texts that may be URLs.
//!
//! Works on any text, also on URLs that no parser accepts: a broken URL must not leak either. Errs on the side of hiding.

const HIDDEN: &str = "***";

/// Parameters that say nothing secret.
const HARMLESS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "sslcert",
    "ssl-ca",
    "ssl-cert",
    "socket",
    "application_name",
    "options",
    "host",
    "port",
    "dbname",
    "user",
    "channel_binding",
    "statement-cache-capacity",
    "mode",
    "cache",
];

/// The text without passwords: `postgres://app:***@db/orders`. Texts that hold none are unchanged.
pub(crate) fn redact(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", redact_after_scheme(rest)),
        None => redact_pairs(text),
    }
}

fn redact_after_scheme(rest: &str) -> String {
    // The last `@`: a password may hold an unescaped one, and then everything before belongs to it.
    let (user, place) = match rest.rsplit_once('@') {
        Some((credentials, place)) => {
            let user = match credentials.split_once(':') {
                Some((user, _)) => format!("{}:{HIDDEN}@", before_delimiter(user)),
                None => format!("{}@", before_delimiter(credentials)),
            };
            (user, place)
        }
        None => (String::new(), rest),
    };
    let (place, query) = match place.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (place, None),
    };
    let query = query.map_or_else(String::new, |query| format!("?{}", redact_query(query)));
    format!("{user}{}{query}", redact_port(place))
}

/// A user that holds a `/` or `?` is no user: what follows may be anything.
fn before_delimiter(user: &str) -> String {
    match user.find(['/', '?', '#']) {
        Some(at) => format!("{}{HIDDEN}", &user[..at]),
        None => user.to_owned(),
    }
}

/// Without `@`, `app:hunter2` looks like a host with a port; a port has digits only.
fn redact_port(place: &str) -> String {
    let (authority, path) = match place.find('/') {
        Some(at) => place.split_at(at),
        None => (place, ""),
    };
    match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') && !port.bytes().all(|b| b.is_ascii_digit()) => {
            let host = host.split(':').next().unwrap_or_default();
            format!("{host}:{HIDDEN}{path}")
        }
        _ => place.to_owned(),
    }
}

fn redact_query(query: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if HARMLESS.contains(&name.to_lowercase().as_str()) => {
            format!("{name}={value}")
        }
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None => HIDDEN.to_owned(),
    };
    query.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// `host=db password=hunter2`, `Server=db;Pwd=hunter2`: hides from the first password to the end, because a password may
/// hold whatever separates the pairs.
fn redact_pairs(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let start = ["password=", "passwd=", "pwd=", "secret=", "token="]
        .iter()
        .filter_map(|name| lower.find(name).map(|at| at + name.len()))
        .min();
    match start {
        Some(at) => format!("{}{HIDDEN}", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_passwords_also_in_broken_urls() {
        let texts = [
            "postgres://app:hunter2@db/orders",
            "postgres://app:hun@ter/2?@db/orders",
            "postgres://app:hunter2",
            "postgres://app:hunter2/orders",
            "postgres://app:hun:ter2/orders",
            "postgres://db/orders?user=app&password=hunter2&sslmode=require",
            "postgres://a/hunter2@db/x",
            "host=db user=app password=hunter2 dbname=x",
            "Server=db;PWD=hunter2;Database=x",
            "mongodb+srv://u:hunter2@cluster/x",
            "postgres://db:5432/orders",
            "postgres://[::1]:5432/orders",
            "postgres://app@[::1]/orders",
            "sqlite:data/{namespace}.db",
            "127.0.0.1:7474",
        ];
        let shown: Vec<String> = texts.iter().map(|text| redact(text)).collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        postgres://app:***@db/orders
        postgres://app:***@db/orders
        postgres://app:***
        postgres://app:***/orders
        postgres://app:***/orders
        postgres://db/orders?user=app&password=***&sslmode=require
        postgres://a***@db/x
        host=db user=app password=***
        Server=db;PWD=***
        mongodb+srv://u:***@cluster/x
        postgres://db:5432/orders
        postgres://[::1]:5432/orders
        postgres://app@[::1]/orders
        sqlite:data/{namespace}.db
        127.0.0.1:7474
        "#);
    }
}
