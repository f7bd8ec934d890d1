//! Combinations that cannot be meant, over all sources together.
//!
//! Looks at no disk. Invariant: every refusal offers at least two ways out and names each place that takes part.

use std::path::{Component, Path, PathBuf};

use model::{Code, Problem};

use super::data_source::Located;
use super::load::Whole;
use super::origin::Origin;
use super::profile::Profile;
use super::setting::Setting;
use super::source_url::Scheme;
use super::written::{corrected_at, problem_at};

/// Adds what does not fit together.
pub(super) fn check(whole: &Whole<'_>, problems: &mut Vec<Problem>) {
    for (name, located) in &whole.located {
        problems.extend(durability_of_a_server(whole, name, located));
        problems.extend(connections_to_memory(whole, name, located));
    }
    if whole.profile == Profile::Production {
        problems.extend(every_address(whole));
        problems.extend(temporary_state(whole));
        for (name, located) in &whole.located {
            problems.extend(lost_data(whole, name, located));
        }
    }
}

fn conflict(origin: &Origin, path: &str, message: String) -> Problem {
    problem_at(origin, path, Code::ConfigConflict, message)
}

fn text(text: &str) -> Setting {
    Setting::Text(text.to_owned())
}

fn durability_of_a_server(whole: &Whole<'_>, name: &str, located: &Located) -> Option<Problem> {
    let path = format!("data_sources.{name}.durability");
    let entry = whole.entry(&path).filter(|entry| entry.origin.is_written())?;
    let (server, setting) = match located.url.scheme() {
        Scheme::Sqlite => return None,
        Scheme::Postgres => ("PostgreSQL", "synchronous_commit"),
        Scheme::Mysql => ("MySQL", "innodb_flush_log_at_trx_commit"),
    };
    let message = format!("data source `{name}` is on {server}, and `durability` is SQLite's");
    let mut problem = conflict(&entry.origin, &path, message).with("url", located.url.to_string());
    problem.solutions = vec![
        format!("{}: the server decides with `{setting}`", entry.origin.removal()),
        "or put the data source on SQLite, with the line below".to_owned(),
    ];
    let url = format!("data_sources.{name}.url");
    problem.example = Some(corrected_at(&entry.origin, &url, &text("sqlite:data/{namespace}.db")));
    Some(problem)
}

fn connections_to_memory(whole: &Whole<'_>, name: &str, located: &Located) -> Option<Problem> {
    let path = format!("data_sources.{name}.connections_max");
    let entry = whole.entry(&path).filter(|entry| entry.origin.is_written())?;
    if !located.url.is_memory() || entry.setting == Setting::Number(1) {
        return None;
    }
    let message = format!("data source `{name}` is in memory, where every connection would be a database of its own");
    let mut problem = conflict(&entry.origin, &path, message).with("url", located.origin.to_string());
    problem.solutions = vec![
        format!("{}: a database in memory has one connection", entry.origin.removal()),
        "or write a file: `url = \"sqlite:data/{namespace}.db\"`".to_owned(),
    ];
    problem.example = Some(corrected_at(&entry.origin, &path, &Setting::Number(1)));
    Some(problem)
}

fn every_address(whole: &Whole<'_>) -> Option<Problem> {
    let listen = whole.entry("http.listen")?;
    let hosts = whole.entry("http.allowed_hosts")?;
    let Setting::Text(address) = &listen.setting else {
        return None;
    };
    let address: std::net::SocketAddr = address.parse().ok()?;
    if !address.ip().is_unspecified() || hosts.setting != Setting::Texts(Vec::new()) {
        return None;
    }
    let message = "`http.listen` is every address and `http.allowed_hosts` names no host, which production refuses";
    let mut problem = conflict(&listen.origin, "http.listen", message.to_owned());
    problem = with_profile(problem, whole);
    problem.solutions = vec![
        "name the hosts that requests are addressed to, with the line below".to_owned(),
        format!("or listen on one address: `http.listen = \"127.0.0.1:{}\"`", address.port()),
    ];
    let hosts = Setting::Texts(vec!["api.example.com".to_owned()]);
    problem.example = Some(corrected_at(&listen.origin, "http.allowed_hosts", &hosts));
    Some(problem)
}

fn temporary_state(whole: &Whole<'_>) -> Option<Problem> {
    let folder = whole.state_dir()?;
    let entry = whole.entry("state_dir")?;
    let temporary = temporary_folder(&folder, &whole.sources.temporary)?;
    let message = format!(
        "`state_dir` is in `{}`, whose files the system may delete, and production refuses that",
        temporary.display()
    );
    let problem = conflict(&entry.origin, "state_dir", message);
    let mut problem = with_profile(problem, whole);
    problem.solutions = vec![
        "choose a folder that lasts, with the line below".to_owned(),
        "or choose the profile for trying things: `profile = \"development\"`".to_owned(),
    ];
    problem.example = Some(corrected_at(&entry.origin, "state_dir", &text("/var/lib/modelhost")));
    Some(problem)
}

fn lost_data(whole: &Whole<'_>, name: &str, located: &Located) -> Option<Problem> {
    let path = format!("data_sources.{name}.url");
    let why = match located.url.file() {
        _ if located.url.is_memory() => "is in memory and would lose its data at every restart".to_owned(),
        Some(file) => {
            let temporary = temporary_folder(&file, &whole.sources.temporary)?;
            format!("is in `{}`, whose files the system may delete", temporary.display())
        }
        None => return None,
    };
    let message = format!("data source `{name}` {why}, and production refuses that");
    let problem = conflict(&located.origin, &path, message);
    let mut problem = with_profile(problem, whole);
    problem.solutions = vec![
        "choose a file or a server that lasts, such as the line below".to_owned(),
        "or choose the profile for trying things: `profile = \"development\"`".to_owned(),
    ];
    let url = text("sqlite:/var/lib/modelhost/data/{namespace}.db");
    problem.example = Some(corrected_at(&located.origin, &path, &url));
    Some(problem)
}

fn with_profile(problem: Problem, whole: &Whole<'_>) -> Problem {
    match whole.entry("profile") {
        Some(entry) => problem.with("profile", entry.origin.to_string()),
        None => problem,
    }
}

/// The folder for temporary files that a path is in, if it is in one.
fn temporary_folder(path: &Path, temporary: &Path) -> Option<PathBuf> {
    let path = without_dots(path);
    let known = [Path::new("/tmp"), Path::new("/var/tmp"), Path::new("/dev/shm")];
    let mut folders = known.into_iter().chain([temporary]);
    folders.find(|folder| path.starts_with(folder)).map(Path::to_owned)
}

/// The path without `.` and `..`. The folder need not exist yet, so that the disk can't be asked.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::super::sample::refusals;

    #[test]
    fn production_refuses_what_loses_data_or_opens_doors() {
        insta::assert_snapshot!(refusals(
            r#"
profile = "production"
state_dir = "/somewhere/else/../temporary/state"

[http]
listen = "0.0.0.0:7474"

[data_sources.a]
url = "sqlite::memory:"

[data_sources.b]
url = "sqlite:/somewhere/temporary/{namespace}.db"
"#,
        ), @r#"
        config.conflict: `state_dir` is in `/somewhere/temporary`, whose files the system may delete, and production refuses that
          at file modelhost.toml, line 3, key state_dir, profile modelhost.toml:2
          - choose a folder that lasts, with the line below
          - or choose the profile for trying things: `profile = "development"`
          > state_dir = "/var/lib/modelhost"
        config.conflict: `http.listen` is every address and `http.allowed_hosts` names no host, which production refuses
          at file modelhost.toml, line 6, key http.listen, profile modelhost.toml:2
          - name the hosts that requests are addressed to, with the line below
          - or listen on one address: `http.listen = "127.0.0.1:7474"`
          > [http]
          > allowed_hosts = ["api.example.com"]
        config.conflict: data source `a` is in memory and would lose its data at every restart, and production refuses that
          at file modelhost.toml, line 9, key data_sources.a.url, profile modelhost.toml:2
          - choose a file or a server that lasts, such as the line below
          - or choose the profile for trying things: `profile = "development"`
          > [data_sources.a]
          > url = "sqlite:/var/lib/modelhost/data/{namespace}.db"
        config.conflict: data source `b` is in `/somewhere/temporary`, whose files the system may delete, and production refuses that
          at file modelhost.toml, line 12, key data_sources.b.url, profile modelhost.toml:2
          - choose a file or a server that lasts, such as the line below
          - or choose the profile for trying things: `profile = "development"`
          > [data_sources.b]
          > url = "sqlite:/var/lib/modelhost/data/{namespace}.db"
        "#);
    }

    #[test]
    fn settings_of_another_database_are_refused() {
        insta::assert_snapshot!(refusals(
            r#"
[data_sources.a]
url = "postgres://app:hunter2@db/orders"
durability = "full"

[data_sources.b]
url = "sqlite::memory:"
connections_max = 4
"#,
        ), @r#"
        config.conflict: data source `a` is on PostgreSQL, and `durability` is SQLite's
          at file modelhost.toml, line 4, key data_sources.a.durability, url postgres://app:***@db:5432/orders
          - delete line 4 of modelhost.toml: the server decides with `synchronous_commit`
          - or put the data source on SQLite, with the line below
          > [data_sources.a]
          > url = "sqlite:data/{namespace}.db"
        config.conflict: data source `b` is in memory, where every connection would be a database of its own
          at file modelhost.toml, line 8, key data_sources.b.connections_max, url modelhost.toml:7
          - delete line 8 of modelhost.toml: a database in memory has one connection
          - or write a file: `url = "sqlite:data/{namespace}.db"`
          > [data_sources.b]
          > connections_max = 1
        "#);
    }

    #[test]
    fn development_allows_them() {
        let answer = refusals(
            r#"
state_dir = "/somewhere/temporary/state"
http.listen = "0.0.0.0:7474"
data_sources.a.url = "sqlite::memory:"
"#,
        );
        assert_eq!(answer, "nothing is wrong");
    }
}
