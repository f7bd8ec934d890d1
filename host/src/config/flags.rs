//! Takes the configuration out of command-line flags, which come as (path of the key, value).
//!
//! Invariant: the flag's name comes from the table of keys, so that a message names what was typed.

use model::{Code, Problem};

use super::keys::Key;
use super::origin::Origin;
use super::setting::Setting;
use super::source_url;
use super::written::{Written, corrected_at, problem_at};

/// What the flags say. The path `data_sources` takes `NAME=URL`, as `--data-source` does.
pub(super) fn read(flags: &[(String, String)], problems: &mut Vec<Problem>) -> Vec<Written> {
    let mut written = Vec::new();
    for (path, value) in flags {
        let (path, value) = match path.as_str() {
            "data_sources" => match data_source(value) {
                Ok((name, url)) => (format!("data_sources.{name}.url"), url),
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            },
            _ => (path.clone(), value.as_str()),
        };
        written.push(Written {
            origin: Origin::Flag(flag(&path)),
            path: path.split('.').map(str::to_owned).collect(),
            value: toml::Value::from(value),
            lead: None,
        });
    }
    written
}

fn flag(path: &str) -> String {
    match Key::find(path).and_then(|key| key.flag) {
        Some(flag) => flag.to_owned(),
        None => format!("--{}", path.replace(['.', '_'], "-")),
    }
}

/// `main=sqlite:x.db`: a name without dots, because it becomes a part of a path.
fn data_source(text: &str) -> Result<(&str, &str), Problem> {
    let origin = Origin::Flag("--data-source".to_owned());
    match text.split_once('=') {
        Some((name, url)) if !name.is_empty() && !name.contains(['.', ':', '/']) => Ok((name, url)),
        _ => {
            let mut problem = problem_at(
                &origin,
                "data_sources",
                Code::ConfigInvalidValue,
                "`--data-source` must be NAME=URL: a data source has a name",
            );
            let url = source_url::redact(text);
            let known = source_url::judge(text).is_ok();
            let url = if known { url.as_str() } else { "sqlite:data/{namespace}.db" };
            let setting = Setting::Text(url.to_owned());
            problem.example = Some(corrected_at(&origin, "data_sources.main.url", &setting));
            Err(problem.solution("call it `main` when there is only one"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;

    #[test]
    fn a_wrong_flag_is_corrected_as_a_flag() {
        let sample = Sample::empty()
            .flag("http.listen", "8080")
            .flag("profile", "dev")
            .flag("data_sources", "postgres://app:hunter2@db/orders")
            .flag("data_sources", "x.y=sqlite:x.db")
            .flag("data_sources", "main=x.db");
        insta::assert_snapshot!(sample.refusals(), @r#"
        config.invalid-value: `--data-source` must be NAME=URL: a data source has a name
          at flag --data-source, key data_sources
          - call it `main` when there is only one
          > --data-source main='postgres://app:***@db/orders'
        config.invalid-value: `--data-source` must be NAME=URL: a data source has a name
          at flag --data-source, key data_sources
          - call it `main` when there is only one
          > --data-source main='sqlite:data/{namespace}.db'
        config.invalid-value: `--listen` must be an IP address and a port, such as "127.0.0.1:7474", not "8080"
          at flag --listen, key http.listen
          - 0.0.0.0 instead of 127.0.0.1 listens on every address
          > --listen 127.0.0.1:8080
        config.invalid-value: `--profile` must be "development" or "production", not "dev"
          at flag --profile, key profile
          > --profile development
        config.invalid-value: `--data-source` has no scheme
          at flag --data-source, key data_sources.main.url
          > --data-source main=sqlite:x.db
        "#);
    }
}
