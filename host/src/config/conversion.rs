//! Turns the value of a key that does not exist here into one that the key that was meant takes.
//!
//! Only for corrected lines: nothing that is converted is ever used. Invariant: what comes out is always a value that the
//! key takes, or a URL with placeholders in capitals.

use super::foreign::fold;
use super::keys::{Key, Kind, Unit};
use super::setting::Setting;
use super::units::{milliseconds_of_bare, quantity};
use super::unknown::Surroundings;
use super::value::{self, Spelling};
use super::written::Written;

/// The value as the key that was meant would take it; its sample where that can't be said.
pub(super) fn convert(known: &Key, value: &toml::Value) -> Setting {
    let judged = value::judge(known, value, Spelling::Text);
    let sample = || sample(known);
    match judged {
        Ok(setting) => setting,
        Err(wrong) if wrong.belongs_to.is_none() => wrong.corrected.unwrap_or_else(sample),
        Err(_) => sample(),
    }
}

/// A value that the key takes.
pub(super) fn sample(known: &Key) -> Setting {
    let text = toml::Value::from(known.sample);
    match value::judge(known, &text, Spelling::Text) {
        Ok(setting) => setting,
        Err(_) => Setting::Text(known.sample.to_owned()),
    }
}

/// A duration from elsewhere in milliseconds.
pub(super) fn duration(known: &Key, value: &toml::Value) -> Setting {
    let number = match value {
        toml::Value::Integer(number) => u64::try_from(*number).ok().map(milliseconds_of_bare),
        toml::Value::String(text) => match text.parse() {
            Ok(number) => Some(milliseconds_of_bare(number)),
            Err(_) => quantity(text, Unit::Milliseconds),
        },
        _ => None,
    };
    match (number, known.kind) {
        (Some(number), Kind::Number(low, high, _)) => Setting::Number(number.clamp(low, high)),
        _ => sample(known),
    }
}

/// The text of a key beside this one, under one of several names.
pub(super) fn beside(key: &Written, around: &Surroundings<'_>, names: &[&str]) -> Option<String> {
    let section = key.section();
    let is_beside = |other: &&Written| {
        other.rank() == key.rank() && other.section() == section && names.contains(&fold(other.name()).as_str())
    };
    around.keys.iter().find(is_beside).and_then(|other| match &other.value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The address that a host and a port beside each other make.
pub(super) fn listen(key: &Written, around: &Surroundings<'_>) -> Setting {
    let known = Key::find("http.listen").expect("the key is in the table");
    let own = match &key.value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_port = own.bytes().all(|b| b.is_ascii_digit());
    let host = beside(key, around, &["host", "hostname", "bind", "address", "addr", "bindaddress", "interface"]);
    let port = beside(key, around, &["port", "listenport", "httpport", "serverport"]);
    let text = match (is_port, host, port) {
        (true, Some(host), _) => format!("{host}:{own}"),
        (false, _, Some(port)) if !own.contains(':') => format!("{own}:{port}"),
        _ => own,
    };
    convert(known, &toml::Value::from(text))
}

/// The URL that the parts beside a key make together, without its password.
pub(super) fn assembled_url(key: &Written, around: &Surroundings<'_>) -> String {
    let get = |names: &[&str]| beside(key, around, names);
    let host = get(&["host", "hostname", "server"]);
    let port = get(&["port"]).map_or_else(String::new, |port| format!(":{port}"));
    let user = get(&["user", "username"]).unwrap_or_else(|| "USER".to_owned());
    let database = get(&["database", "dbname", "db"]);
    let driver = get(&["driver", "type", "adapter", "engine", "dialect", "scheme"]).unwrap_or_default();
    match database {
        Some(file) if driver.starts_with("sqlite") || host.is_none() && file.contains(['.', '/']) => {
            format!("sqlite:{file}")
        }
        None if driver.starts_with("sqlite") => "sqlite:data/{namespace}.db".to_owned(),
        database => format!(
            "{}://{user}@{}{port}/{}",
            if driver.starts_with("mysql") || driver.starts_with("mariadb") { "mysql" } else { "postgres" },
            host.unwrap_or_else(|| "HOST".to_owned()),
            database.unwrap_or_else(|| "DATABASE".to_owned())
        ),
    }
}
