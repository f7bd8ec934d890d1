//! The one table of configuration keys: validation, suggestions, `config show` and the reference all read it.
//!
//! It does not judge values (`value.rs` does, by [`Kind`]). Invariant: a key that is not in this table does not exist.

/// What a key's value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A whole number between two bounds, both included.
    Number(u64, u64, Unit),
    /// An IP address and a port.
    Address,
    /// A folder.
    Folder,
    /// A file that holds a secret.
    SecretFile,
    /// The name of an environment variable that holds a secret.
    SecretVariable,
    /// A filter of log levels.
    Filter,
    /// A list of host names.
    Hosts,
    /// The URL of a database.
    Url,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Connections.
    Connections,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// Where it is, with `*` for the name of a data source: `data_sources.*.url`.
    pub(crate) path: &'static str,
    /// What its value must be.
    pub(crate) kind: Kind,
    /// What applies when nobody says anything, as an environment variable would say it.
    pub(crate) default: Option<&'static str>,
    /// A value that works, for corrected lines; the default where there is one.
    pub(crate) sample: &'static str,
    /// The command-line flag of `serve` that sets it.
    pub(crate) flag: Option<&'static str>,
    /// What it is for.
    pub(crate) doc: &'static str,
}

/// The sections of the file, with what they hold.
pub(crate) const SECTIONS: &[(&str, &str)] = &[
    ("", "Above the first section of the file."),
    ("http", "The HTTP server."),
    ("log", "What the host writes about itself."),
    ("limits", "What guest code may use; a namespace can only lower it."),
    ("data_sources.*", "A named database, for example `[data_sources.main]`. There is no default one."),
];

const MINUTES_10: u64 = 600_000;
const HOUR: u64 = 3_600_000;

/// Every key there is.
pub(crate) const KEYS: &[Key] = &[
    set(
        "profile",
        Kind::Choice(&["development", "production"]),
        "development",
        Some("--profile"),
        "Presets sizes and checks, never a database.",
    ),
    must(
        "state_dir",
        Kind::Folder,
        "modelhost-state",
        Some("--state-dir"),
        "The folder that survives a restart: plugins, deployments, keys. Relative to the folder of the file. `serve` needs it.",
    ),
    must(
        "watch_dir",
        Kind::Folder,
        "plugins",
        None,
        "A folder that is watched: NAMESPACE.wasm in it is deployed to that namespace, which must exist. Relative to the folder of the file.",
    ),
    set("http.listen", Kind::Address, "127.0.0.1:7474", Some("--listen"), "Address and port to listen on."),
    set(
        "http.body_bytes_max",
        Kind::Number(1 << 10, 1 << 30, Unit::Bytes),
        "4194304",
        None,
        "Largest request body. Prevents a body from filling the memory.",
    ),
    set(
        "http.request_ms_max",
        Kind::Number(1, HOUR, Unit::Milliseconds),
        "30000",
        None,
        "Longest a request may take. Prevents forgotten requests from piling up.",
    ),
    set(
        "http.head_ms_max",
        Kind::Number(1, MINUTES_10, Unit::Milliseconds),
        "10000",
        None,
        "Longest a connection may take to send the head of its next request; then it is closed. Prevents half-sent heads and idle connections from holding the places of others.",
    ),
    set(
        "http.connections_max",
        Kind::Number(1, 100_000, Unit::Connections),
        "1024",
        None,
        "Connections that are served at once; further ones wait. Prevents a flood of connections from taking every descriptor, also those of the databases.",
    ),
    set(
        "http.shutdown_ms_max",
        Kind::Number(0, HOUR, Unit::Milliseconds),
        "10000",
        None,
        "How long requests under way may still run after a signal to stop.",
    ),
    set(
        "http.allowed_hosts",
        Kind::Hosts,
        "",
        None,
        "Host names that requests may be addressed to, besides localhost, 127.0.0.1, [::1] and the listen address. Prevents a web page from reaching the host through a name of its own.",
    ),
    set(
        "log.level",
        Kind::Filter,
        "info",
        None,
        "A level (off, error, warn, info, debug, trace), also per module: `info,modelhost_store=debug`.",
    ),
    set("log.format", Kind::Choice(&["text", "json"]), "text", None, "Lines for people or one JSON object a line."),
    set(
        "limits.memory_bytes_max",
        Kind::Number(64 << 10, 64 << 20, Unit::Bytes),
        "33554432",
        None,
        "Memory of a guest, over all its memories and tables. Prevents a leak or a bomb from taking the host's memory.",
    ),
    set(
        "limits.call_time_ms_max",
        Kind::Number(1, 60_000, Unit::Milliseconds),
        "100",
        None,
        "Time of guest code in one operation. Prevents an endless loop from keeping a worker.",
    ),
    set(
        "limits.output_bytes_max",
        Kind::Number(1 << 10, 64 << 20, Unit::Bytes),
        "4194304",
        None,
        "What one call may hand from guest to host. Prevents millions of empty strings from filling the memory.",
    ),
    set(
        "limits.log_bytes_max",
        Kind::Number(0, 16 << 20, Unit::Bytes),
        "65536",
        None,
        "Log lines of one call; further lines are dropped and counted. Prevents a log flood.",
    ),
    set(
        "limits.component_bytes_max",
        Kind::Number(1 << 10, 128 << 20, Unit::Bytes),
        "8388608",
        None,
        "Largest plugin file. Prevents artifacts that take minutes to compile.",
    ),
    set(
        "limits.compile_memory_bytes_max",
        Kind::Number(4 << 20, 64 << 30, Unit::Bytes),
        "2147483648",
        None,
        "Memory of the process that compiles a plugin. Prevents a small file from taking the machine's memory.",
    ),
    set(
        "limits.compile_cpu_seconds_max",
        Kind::Number(1, 3_600, Unit::Seconds),
        "60",
        None,
        "Processor time of the process that compiles a plugin. Prevents a file that takes minutes to compile from being deployed.",
    ),
    set(
        "limits.drain_ms_max",
        Kind::Number(1, HOUR, Unit::Milliseconds),
        "30000",
        None,
        "Longest that requests may go on in a generation that another one has replaced. Prevents an old version from staying for ever.",
    ),
    must(
        "data_sources.*.url",
        Kind::Url,
        "sqlite:data/{namespace}.db",
        Some("--data-source"),
        "`sqlite:FILE` (relative to the folder of the file; `{namespace}` gives each namespace a file of its own) `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`.",
    ),
    must(
        "data_sources.*.url_file",
        Kind::SecretFile,
        "/run/secrets/main-url",
        None,
        "A file that holds the URL, instead of `url`: for URLs with a password.",
    ),
    must(
        "data_sources.*.url_env",
        Kind::SecretVariable,
        "MAIN_URL",
        None,
        "An environment variable that holds the URL, instead of `url`: for URLs with a password.",
    ),
    set(
        "data_sources.*.connections_max",
        Kind::Number(1, 1_000, Unit::Connections),
        "10",
        None,
        "Connections in the pool; `sqlite::memory:` always has one.",
    ),
    set(
        "data_sources.*.connect_ms_max",
        Kind::Number(1, MINUTES_10, Unit::Milliseconds),
        "5000",
        None,
        "Longest that opening a connection may take.",
    ),
    set(
        "data_sources.*.wait_ms_max",
        Kind::Number(1, MINUTES_10, Unit::Milliseconds),
        "5000",
        None,
        "Longest that an operation waits for a free connection.",
    ),
    set(
        "data_sources.*.statement_ms_max",
        Kind::Number(1, MINUTES_10, Unit::Milliseconds),
        "10000",
        None,
        "Longest that one statement may run.",
    ),
    set(
        "data_sources.*.durability",
        Kind::Choice(&["normal", "full"]),
        "normal",
        None,
        "SQLite only: `normal` can lose the last commits when the power fails, `full` waits for the disk at every commit. Neither corrupts the file.",
    ),
    set(
        "data_sources.*.schema_policy",
        Kind::Choice(&["apply", "verify", "ignore"]),
        "apply",
        None,
        "What a deploy may do to tables: `apply` adds what is new, `verify` changes nothing and refuses a schema that differs, `ignore` does not look at them.",
    ),
];

const fn set(
    path: &'static str,
    kind: Kind,
    default: &'static str,
    flag: Option<&'static str>,
    doc: &'static str,
) -> Key {
    Key { path, kind, default: Some(default), sample: default, flag, doc }
}

const fn must(
    path: &'static str,
    kind: Kind,
    sample: &'static str,
    flag: Option<&'static str>,
    doc: &'static str,
) -> Key {
    Key { path, kind, default: None, sample, flag, doc }
}

impl Key {
    /// The key at a path such as `data_sources.main.url`.
    pub(crate) fn find(path: &str) -> Option<&'static Self> {
        let pattern = pattern(path);
        KEYS.iter().find(|key| key.path == pattern)
    }

    /// Its name without the section.
    pub(crate) fn name(&self) -> &'static str {
        split(self.path).1
    }

    /// The section it is in: `""`, `"http"`, `"data_sources.*"`.
    pub(crate) fn section(&self) -> &'static str {
        split(self.path).0
    }

    /// Its path in a data source of this name; unchanged where it belongs to none.
    pub(crate) fn path_in(&self, source: &str) -> String {
        self.path.replace('*', source)
    }

    /// What kind of value it wants, in words.
    pub(crate) fn kind_words(&self) -> String {
        match self.kind {
            Kind::Choice(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            Kind::Number(low, high, unit) => {
                format!("a whole number of {} from {low} to {high}", unit.name())
            }
            Kind::Address => "an IP address and a port, such as \"127.0.0.1:7474\"".to_owned(),
            Kind::Folder => "the path of a folder".to_owned(),
            Kind::SecretFile => "the path of a file".to_owned(),
            Kind::SecretVariable => "the name of an environment variable".to_owned(),
            Kind::Filter => "a log level, such as \"info\"".to_owned(),
            Kind::Hosts => "a list of host names, such as [\"api.example.com\"]".to_owned(),
            Kind::Url => "the URL of a database".to_owned(),
        }
    }
}

impl Unit {
    /// What is counted, in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::Connections => "connections",
        }
    }
}

/// A path as its section and its last name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// The names of the keys of a section.
pub(crate) fn names_in(section: &str) -> impl Iterator<Item = &'static str> {
    let section = section_pattern(section).to_owned();
    KEYS.iter().filter(move |key| key.section() == section).map(Key::name)
}

/// A section as the table names it: `data_sources.*` for `data_sources.main`.
pub(crate) fn section_pattern(section: &str) -> &str {
    match section.strip_prefix("data_sources.") {
        Some(name) if !name.contains('.') => "data_sources.*",
        _ => section,
    }
}

/// The environment variable that sets the key at a path.
pub(crate) fn variable(path: &str) -> String {
    format!("MODELHOST_{}", path.to_uppercase().replace('.', "__"))
}

fn pattern(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["data_sources", _, name] => format!("data_sources.*.{name}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_key_in_any_data_source() {
        let key = Key::find("data_sources.orders.url").expect("the key exists");
        assert_eq!((key.section(), key.name()), ("data_sources.*", "url"));
        assert_eq!(key.path_in("orders"), "data_sources.orders.url");
        assert!(Key::find("data_sources.url").is_none());
        assert_eq!(variable("data_sources.orders.url"), "MODELHOST_DATA_SOURCES__ORDERS__URL");
    }

    #[test]
    fn every_number_says_its_unit_and_every_key_ends_its_sentence() {
        for key in KEYS {
            if let Kind::Number(_, _, unit) = key.kind {
                let part = match unit {
                    Unit::Bytes => "_bytes_max",
                    Unit::Milliseconds => "_ms_max",
                    Unit::Seconds => "_seconds_max",
                    Unit::Connections => "connections_max",
                };
                assert!(key.name().ends_with(part), "{}", key.path);
            }
            assert!(key.doc.ends_with('.'), "{}", key.path);
        }
    }
}
