//! Judges one value by the kind of its key.
//!
//! Looks at no file and no other key. Invariant: nothing is coerced inside a file (`"10"` is not 10), every refusal says
//! what would be right, and none echoes a secret.

use std::net::{IpAddr, SocketAddr};

use super::keys::{Key, Kind, Unit};
use super::setting::{Setting, echo};
use super::source_url;
use super::units::quantity;

/// What a value is written in: a file has types, variables and flags only have text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Typed,
    Text,
}

/// Why a value does not fit its key.
pub(super) struct WrongValue {
    /// What is wrong, as the end of "`key` ...".
    pub(super) message: String,
    /// The value as it would be right.
    pub(super) corrected: Option<Setting>,
    /// The name of another key of the section, when the value belongs there.
    pub(super) belongs_to: Option<&'static str>,
    pub(super) solutions: Vec<String>,
}

/// The value, if its key takes it.
pub(super) fn judge(key: &Key, value: &toml::Value, spelling: Spelling) -> Result<Setting, WrongValue> {
    match (key.kind, value) {
        (Kind::Choice(words), toml::Value::String(text)) => choice(key, words, text),
        (Kind::Choice(words), toml::Value::Boolean(_)) if words.contains(&"text") => {
            Err(refused(key, value, Some(Setting::Text("json".to_owned()))))
        }
        (Kind::Number(low, high, unit), _) => number(key, value, spelling, (low, high, unit)),
        (Kind::Address, toml::Value::String(text)) => address(key, value, text),
        (Kind::Address, toml::Value::Integer(port)) => address(key, value, &port.to_string()),
        (Kind::Folder | Kind::SecretFile, toml::Value::String(text)) => path(key, value, text),
        (Kind::SecretVariable, toml::Value::String(text)) => variable(key, text),
        (Kind::Filter, toml::Value::String(text)) => filter(key, value, text),
        (Kind::Filter, toml::Value::Boolean(_)) => Err(refused(key, value, Some(Setting::Text("debug".to_owned())))),
        (Kind::Hosts, toml::Value::Array(hosts)) => hosts_of(key, value, hosts),
        (Kind::Hosts, toml::Value::String(text)) => hosts_text(key, value, text, spelling),
        (Kind::Url, toml::Value::String(text)) => url(text),
        (Kind::Url, _) => Err(refused_unseen(key)),
        _ => Err(refused(key, value, None)),
    }
}

fn refused(key: &Key, value: &toml::Value, corrected: Option<Setting>) -> WrongValue {
    WrongValue {
        message: format!("must be {}, not {}", key.kind_words(), echo(value)),
        corrected,
        belongs_to: None,
        solutions: Vec::new(),
    }
}

/// As `refused`, for values that may be secrets.
fn refused_unseen(key: &Key) -> WrongValue {
    WrongValue {
        message: format!("must be {}", key.kind_words()),
        corrected: None,
        belongs_to: None,
        solutions: Vec::new(),
    }
}

fn choice(key: &Key, words: &[&str], text: &str) -> Result<Setting, WrongValue> {
    if words.contains(&text) {
        return Ok(Setting::Text(text.to_owned()));
    }
    let lower = text.to_lowercase();
    let begins = |word: &&&str| lower.len() > 2 && word.starts_with(&lower);
    let meant = words.iter().find(begins).copied().or_else(|| model::closest(text, words.iter().copied()));
    let value = toml::Value::from(text);
    Err(refused(key, &value, meant.map(|word| Setting::Text(word.to_owned()))))
}

fn number(
    key: &Key,
    value: &toml::Value,
    spelling: Spelling,
    (low, high, unit): (u64, u64, Unit),
) -> Result<Setting, WrongValue> {
    let within = |number: u64| (low..=high).contains(&number);
    let plain = match value {
        toml::Value::Integer(number) => u64::try_from(*number).ok(),
        toml::Value::String(text) if spelling == Spelling::Text => text.parse().ok(),
        _ => None,
    };
    if let Some(number) = plain.filter(|number| within(*number)) {
        return Ok(Setting::Number(number));
    }
    let meant = match value {
        toml::Value::String(text) => quantity(text, unit),
        toml::Value::Integer(number) => Some(u64::try_from(*number).unwrap_or(low)),
        // A number beyond 64 bits reads as a float: the largest that is allowed is the nearest.
        toml::Value::Float(number) if *number >= 1.0e18 => Some(high),
        toml::Value::Float(number) if *number >= 0.0 => Some(number.round() as u64),
        _ => None,
    };
    let corrected = meant.map(|number| Setting::Number(number.clamp(low, high)));
    let mut wrong = refused(key, value, corrected);
    if spelling == Spelling::Typed && value.as_str().is_some_and(|text| text.parse::<u64>().is_ok()) {
        wrong.solutions.push("write the number without quotes".to_owned());
    } else if matches!(value, toml::Value::String(_)) && unit != Unit::Connections {
        wrong.solutions.push(format!("the unit is in the key's name: {}", unit.name()));
    }
    Err(wrong)
}

fn address(key: &Key, value: &toml::Value, text: &str) -> Result<Setting, WrongValue> {
    if matches!(value, toml::Value::String(_)) && text.parse::<SocketAddr>().is_ok() {
        return Ok(Setting::Text(text.to_owned()));
    }
    let bare = text.trim_start_matches("http://").trim_start_matches("https://").trim_end_matches('/');
    let (host, port) = match bare.rsplit_once(':') {
        Some((host, port)) if bare.parse::<IpAddr>().is_err() => (host, port),
        _ if bare.bytes().all(|b| b.is_ascii_digit()) => ("", bare),
        _ => (bare, "7474"),
    };
    let host = match host.trim_matches(['[', ']']) {
        "" | "localhost" => "127.0.0.1",
        "*" => "0.0.0.0",
        other => other,
    };
    let ip = host.parse::<IpAddr>().ok();
    let port = port.parse::<u16>().ok();
    let corrected = ip.zip(port).map(|(ip, port)| SocketAddr::new(ip, port));
    let mut wrong = refused(key, value, corrected.map(|address| Setting::Text(address.to_string())));
    if ip.is_some_and(|ip| ip.is_loopback()) && !text.contains("localhost") {
        wrong.solutions.push("0.0.0.0 instead of 127.0.0.1 listens on every address".to_owned());
    }
    Err(wrong)
}

fn path(key: &Key, value: &toml::Value, text: &str) -> Result<Setting, WrongValue> {
    let mut wrong = refused(key, value, None);
    if text.starts_with('~') || text.contains('$') {
        wrong.solutions.push("`~` and `$` are not filled in here: write the whole path".to_owned());
    } else if let Some(rest) = text.strip_prefix("file://") {
        wrong.corrected = Some(Setting::Text(rest.to_owned()));
    } else if text.contains("://") {
        wrong.belongs_to = (key.kind == Kind::SecretFile).then_some("url");
        wrong.corrected = wrong.belongs_to.map(|_| Setting::Text(text.to_owned()));
    } else if !text.trim().is_empty() && !text.contains('\0') {
        return Ok(Setting::Text(text.to_owned()));
    }
    Err(wrong)
}

/// The value is not echoed: whoever mistakes this key may have put the secret itself here.
fn variable(key: &Key, text: &str) -> Result<Setting, WrongValue> {
    let is_name = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    };
    if is_name(text) {
        return Ok(Setting::Text(text.to_owned()));
    }
    let mut wrong = refused_unseen(key);
    let name = text.trim_start_matches('$').trim_matches(['{', '}']);
    if text.starts_with('$') && is_name(name) {
        wrong.message = format!("{}, without `$`", wrong.message);
        wrong.corrected = Some(Setting::Text(name.to_owned()));
    } else if text.contains("://") {
        wrong.message = format!("{}, and this is a URL itself", wrong.message);
        wrong.belongs_to = Some("url");
        wrong.corrected = Some(Setting::Text(text.to_owned()));
    }
    Err(wrong)
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What other programs call a level.
const OTHER_LEVELS: [(&str, &str); 8] = [
    ("warning", "warn"),
    ("verbose", "debug"),
    ("none", "off"),
    ("quiet", "off"),
    ("silent", "off"),
    ("fatal", "error"),
    ("critical", "error"),
    ("all", "trace"),
];

fn filter(key: &Key, value: &toml::Value, text: &str) -> Result<Setting, WrongValue> {
    // The filter library takes any word for a module's name: a misspelt level would silently mean something else.
    let is_level = |word: &str| LEVELS.contains(&word.to_lowercase().as_str());
    let level_of = |part: &str| match part.trim().rsplit_once('=') {
        Some((_, level)) => level.trim().to_owned(),
        None => part.trim().to_owned(),
    };
    let wrong = text.split(',').map(level_of).find(|level| !is_level(level));
    if wrong.is_none() && tracing_subscriber::EnvFilter::try_new(text).is_ok() {
        return Ok(Setting::Text(text.to_owned()));
    }
    let meant = wrong.and_then(|wrong| {
        let words = LEVELS.into_iter().chain(OTHER_LEVELS.iter().map(|(word, _)| *word));
        let word = model::closest(&wrong, words)?;
        let level = OTHER_LEVELS.iter().find(|(other, _)| *other == word).map_or(word, |(_, level)| level);
        Some(Setting::Text(text.replace(&wrong, level)))
    });
    Err(refused(key, value, meant))
}

fn hosts_text(key: &Key, value: &toml::Value, text: &str, spelling: Spelling) -> Result<Setting, WrongValue> {
    let hosts: Vec<toml::Value> =
        text.split(',').map(str::trim).filter(|host| !host.is_empty()).map(toml::Value::from).collect();
    match (spelling, hosts_of(key, value, &hosts)) {
        (Spelling::Typed, Ok(hosts)) => Err(refused(key, value, Some(hosts))),
        (_, judged) => judged,
    }
}

fn hosts_of(key: &Key, value: &toml::Value, hosts: &[toml::Value]) -> Result<Setting, WrongValue> {
    let given: Vec<&str> = hosts.iter().filter_map(toml::Value::as_str).collect();
    let corrected: Vec<String> = given.iter().filter_map(|host| bare_host(host)).collect();
    if corrected.len() == hosts.len() && given == corrected {
        return Ok(Setting::Texts(corrected));
    }
    let mut wrong = refused(key, value, None);
    if given.contains(&"*") {
        wrong.solutions.push("`*` would switch the check off: name the hosts".to_owned());
    }
    wrong.corrected = (!corrected.is_empty()).then_some(Setting::Texts(corrected));
    Err(wrong)
}

/// A host name, perhaps with a port, out of what may be a URL.
fn bare_host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default().to_lowercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    (!host.is_empty() && host.len() <= 260 && host.chars().all(allowed)).then_some(host)
}

fn url(text: &str) -> Result<Setting, WrongValue> {
    match source_url::judge(text.trim()) {
        Ok(_) => Ok(Setting::Text(text.trim().to_owned())),
        Err(wrong) => Err(WrongValue {
            message: wrong.message,
            belongs_to: wrong.variable.as_ref().map(|_| "url_env"),
            corrected: wrong.corrected.or(wrong.variable).map(Setting::Text),
            solutions: wrong.solutions,
        }),
    }
}

#[cfg(test)]
mod tests;
