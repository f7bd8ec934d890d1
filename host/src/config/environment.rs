//! Takes the configuration out of the environment: `MODELHOST_HTTP__LISTEN` is `http.listen`.
//!
//! Does not judge whether a key exists. Invariant: every variable that begins with `MODELHOST_` is a key, except the few
//! that other commands read and those that a `url_env` names.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use model::{Code, Problem};

use super::keys::KEYS;
use super::origin::Origin;
use super::written::{Written, problem_at};

/// What begins every variable of the host.
const PREFIX: &str = "MODELHOST_";

/// Variables that are no keys: the file's name, and what the client commands read.
const OTHERS: [&str; 3] = ["MODELHOST_CONFIG", "MODELHOST_SERVER", "MODELHOST_KEY"];

/// What the environment says.
pub(super) fn read(
    environment: &BTreeMap<String, OsString>,
    named_by_url_env: &BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> Vec<Written> {
    let mut written = Vec::new();
    for (name, value) in environment {
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        let other = OTHERS.contains(&name.as_str()) || name.starts_with("MODELHOST_TEST_");
        if other || named_by_url_env.contains(name) {
            continue;
        }
        let origin = Origin::Variable(name.clone());
        let Some(value) = value.to_str() else {
            let message = format!("the variable `{name}` is not UTF-8 text");
            let problem = problem_at(&origin, "", Code::ConfigInvalidValue, message);
            problems.push(problem.solution(format!("unset {name}, or set it again")));
            continue;
        };
        written.push(Written { path: path(rest), value: toml::Value::from(value), origin, lead: None });
    }
    written
}

/// The variables that the environment itself names as holding a URL.
pub(super) fn named_by_url_env(environment: &BTreeMap<String, OsString>) -> BTreeSet<String> {
    let names = |(name, value): (&String, &OsString)| {
        let is_key = name.starts_with("MODELHOST_DATA_SOURCES__") && name.ends_with("__URL_ENV");
        is_key.then(|| value.to_str().map(str::to_owned)).flatten()
    };
    environment.iter().filter_map(names).collect()
}

/// The path that the rest of a variable's name means. With single underscores it is ambiguous; then a key of one or two
/// parts that is spelled like it is what was meant, and the judgement of keys says so.
fn path(rest: &str) -> Vec<String> {
    // Only upper case is a key: two variables that differ by case would be one key twice.
    if rest.chars().any(|c| c.is_ascii_lowercase()) {
        return vec![rest.to_owned()];
    }
    rest.to_lowercase().split("__").map(str::to_owned).collect()
}

/// The variable that was probably meant.
pub(super) fn closest(name: &str, sources: &BTreeSet<String>) -> Option<String> {
    let paths: Vec<String> = KEYS
        .iter()
        .flat_map(|key| {
            let names = sources.iter().map(String::as_str).chain(["main"]);
            let paths: BTreeSet<String> = names.map(|source| key.path_in(source)).collect();
            paths
        })
        .collect();
    let rest = name.strip_prefix(PREFIX)?.replace("__", ".").to_lowercase();
    model::closest(&rest.replace('.', "_"), paths.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;

    #[test]
    fn a_variable_that_is_no_key_is_an_error() {
        let sample = Sample::file("[data_sources.orders]\nurl = \"sqlite:x.db\"\n")
            .variable("MODELHOST_HTTP_LISTEN", "127.0.0.1:80")
            .variable("MODELHOST_http__listen", "127.0.0.1:80")
            .variable("MODELHOST_DATABASE_URL", "postgres://app:hunter2@db/orders")
            .variable("MODELHOST_DATA_SOURCES_ORDERS_URL", "sqlite:y.db")
            .variable("MODELHOST_SERVER__PORT", "80")
            .variable("MODELHOST_LOG", "debug")
            .variable("MODELHOST_AUTO_MIGRATE", "true")
            .variable("MODELHOST_ZEBRA", "hunter2")
            .variable("MODELHOST_HTTP__REQUEST_MS_MAX", "10s");
        insta::assert_snapshot!(sample.refusals(), @r#"
        config.unknown-key: `MODELHOST_AUTO_MIGRATE` is not configured: tables come from the plugin: a deployment makes what is new and refuses every other change with its plan
          at variable MODELHOST_AUTO_MIGRATE, key auto_migrate
          - see what a deployment would change: modelhost deploy --dry-run; forbid changes: schema_policy of the data source
          - unset MODELHOST_AUTO_MIGRATE
        config.unknown-key: unknown key `MODELHOST_DATABASE_URL`
          at variable MODELHOST_DATABASE_URL, key database_url
          - databases are data sources with names; this is `data_sources.main.url`
          > MODELHOST_DATA_SOURCES__MAIN__URL='postgres://app:***@db/orders'
        config.unknown-key: unknown key `MODELHOST_DATA_SOURCES_ORDERS_URL`
          at variable MODELHOST_DATA_SOURCES_ORDERS_URL, key data_sources_orders_url
          - did you mean `MODELHOST_DATA_SOURCES__ORDERS__URL`?
          > MODELHOST_DATA_SOURCES__ORDERS__URL=sqlite:y.db
        config.unknown-key: unknown key `MODELHOST_HTTP_LISTEN`
          at variable MODELHOST_HTTP_LISTEN, key http_listen
          - did you mean `MODELHOST_HTTP__LISTEN`?
          > MODELHOST_HTTP__LISTEN=127.0.0.1:80
        config.invalid-value: `MODELHOST_HTTP__REQUEST_MS_MAX` must be a whole number of milliseconds from 1 to 3600000, not "10s"
          at variable MODELHOST_HTTP__REQUEST_MS_MAX, key http.request_ms_max
          - the unit is in the key's name: milliseconds
          > MODELHOST_HTTP__REQUEST_MS_MAX=10000
        config.invalid-value: `MODELHOST_LOG` is a section, not a value
          at variable MODELHOST_LOG, key log
          - set a key of it, such as `log.level`
          > MODELHOST_LOG__LEVEL=debug
        config.unknown-key: unknown key `MODELHOST_SERVER__PORT`
          at variable MODELHOST_SERVER__PORT, key server.port
          - `MODELHOST_HTTP_LISTEN` means `http.listen` too, and its corrected line is enough
          - unset MODELHOST_SERVER__PORT
        config.unknown-key: unknown key `MODELHOST_ZEBRA`
          at variable MODELHOST_ZEBRA, key zebra
          - the keys above the first section are profile, state_dir, watch_dir; the sections are http, log, limits and data_sources.NAME
          - unset MODELHOST_ZEBRA
        config.unknown-key: unknown key `MODELHOST_http__listen`
          at variable MODELHOST_http__listen, key http__listen
          - `MODELHOST_HTTP_LISTEN` means `http.listen` too, and its corrected line is enough
          - unset MODELHOST_http__listen
        "#);
    }

    #[test]
    fn variables_of_other_commands_are_left_alone() {
        let sample = Sample::file("[data_sources.main]\nurl_env = \"MODELHOST_DB\"\n")
            .variable("MODELHOST_SERVER", "http://127.0.0.1:7474")
            .variable("MODELHOST_KEY", "mh_1_2")
            .variable("MODELHOST_TEST_POSTGRES", "yes")
            .variable("MODELHOST_DB", "postgres://app@db/orders")
            .variable("HOME", "/root");
        assert_eq!(sample.refusals(), "nothing is wrong");
    }
}
