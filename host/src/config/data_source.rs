//! Which URL a data source has: written out, in a file or in a variable, exactly one of the three.
//!
//! Opens no database. Invariants: a data source without a URL is an error, and the layer that says more loudly where the
//! database is replaces what lower layers say, whichever of the three keys they use.

use std::path::{Path, PathBuf};

use model::{Code, Problem};

use super::file::read_text;
use super::layers::{Entry, Layers, Rank};
use super::load::Sources;
use super::origin::Origin;
use super::setting::Setting;
use super::settings::{Durability, Schema};
use super::source_url::{SourceUrl, WrongUrl};
use super::written::{corrected_at, problem_at};

/// A named database.
#[derive(Debug, Clone)]
pub(crate) struct DataSource {
    /// Where it is; prints itself without its password.
    pub(crate) url: SourceUrl,
    /// Connections in the pool.
    pub(crate) connections_max: u64,
    /// Longest that opening a connection may take.
    pub(crate) connect_ms_max: u64,
    /// Longest that an operation waits for a connection.
    pub(crate) wait_ms_max: u64,
    /// Longest that one statement may run.
    pub(crate) statement_ms_max: u64,
    /// What SQLite waits for at a commit; none on a server, which has a setting of its own.
    pub(crate) durability: Option<Durability>,
    /// What a deploy may do to its tables.
    pub(crate) schema_policy: Schema,
}

/// A URL, and where its text came from.
pub(super) struct Located {
    pub(super) url: SourceUrl,
    pub(super) origin: Origin,
}

const CHOICES: [&str; 3] = ["url", "url_file", "url_env"];

/// The URL of the data source `name`. Takes what a higher layer replaces out of the lower ones.
pub(super) fn locate(
    name: &str,
    named_at: &Origin,
    sources: &Sources,
    layers: &mut Layers,
    problems: &mut Vec<Problem>,
) -> Option<Located> {
    let path = |choice: &str| format!("data_sources.{name}.{choice}");
    let mut chosen: Option<(&str, Entry)> = None;
    for rank in Rank::WRITTEN {
        let said: Vec<(&str, Entry)> =
            CHOICES.iter().filter_map(|choice| Some((*choice, layers.get(rank, &path(choice))?.clone()))).collect();
        if said.len() > 1 {
            problems.push(said_twice(name, &said));
        }
        if chosen.is_some() {
            said.iter().for_each(|(choice, _)| layers.remove(rank, &path(choice)));
        } else {
            chosen = said.into_iter().next();
        }
    }
    let Some((choice, entry)) = chosen else {
        problems.push(missing(name, named_at));
        return None;
    };
    let located = read(choice, &path(choice), &entry, sources);
    located.map_err(|problem| problems.push(problem)).ok()
}

/// The folder from which relative paths of a value are taken: the one of the file that says it, else the current one.
pub(super) fn base_folder(origin: &Origin, sources: &Sources) -> PathBuf {
    match origin {
        Origin::File { file, .. } => {
            let file = sources.folder.join(file);
            file.parent().map_or(sources.folder.clone(), Path::to_owned)
        }
        _ => sources.folder.clone(),
    }
}

fn read(choice: &str, path: &str, entry: &Entry, sources: &Sources) -> Result<Located, Problem> {
    let Setting::Text(said) = &entry.setting else {
        unreachable!("the three keys take texts only");
    };
    let folder = base_folder(&entry.origin, sources);
    let (text, origin) = match choice {
        "url_file" => {
            let file = folder.join(said);
            let text = read_text(&file).map_err(|reason| unreadable(path, &entry.origin, &file, reason))?;
            (text, Origin::File { file, line: 1 })
        }
        "url_env" => {
            let text = sources.environment.get(said.as_str()).and_then(|value| value.to_str());
            let text = text.ok_or_else(|| variable_missing(path, &entry.origin, said))?;
            (text.to_owned(), Origin::Variable(said.clone()))
        }
        _ => (said.clone(), entry.origin.clone()),
    };
    match SourceUrl::parse(&text, &folder) {
        Ok(url) => Ok(Located { url, origin }),
        Err(wrong) => Err(wrong_secret(path, &entry.origin, &origin, wrong)),
    }
}

fn said_twice(name: &str, said: &[(&str, Entry)]) -> Problem {
    let names: Vec<String> = said.iter().map(|(choice, entry)| format!("`{choice}` ({})", entry.origin)).collect();
    let message = format!("data source `{name}` says its URL more than once: {}", names.join(", "));
    // The last is never `url`: a corrected line with its password could only show stars.
    let (choice, last) = said.last().expect("there are at least two");
    let path = format!("data_sources.{name}");
    let mut problem = problem_at(&last.origin, &path, Code::ConfigConflict, message);
    for (kept, _) in said {
        let others = said.iter().filter(|(other, _)| other != kept);
        let removals: Vec<String> = others.map(|(_, entry)| entry.origin.removal()).collect();
        problem = problem.solution(format!("keep `{kept}`: {}", removals.join(", ")));
    }
    problem.example = Some(corrected_at(&last.origin, &format!("{path}.{choice}"), &last.setting));
    problem
}

fn missing(name: &str, named_at: &Origin) -> Problem {
    let path = format!("data_sources.{name}.url");
    let message = format!("data source `{name}` has no URL, and no database is chosen for it");
    let mut problem = problem_at(named_at, &path, Code::ConfigMissing, message);
    let setting = Setting::Text("sqlite:data/{namespace}.db".to_owned());
    problem.example = Some(corrected_at(named_at, &path, &setting));
    problem
        .solution("write `url`, or `url_file` or `url_env` where it holds a password")
        .solution("a server is written as postgres://USER@HOST/DATABASE")
}

fn unreadable(path: &str, origin: &Origin, file: &Path, reason: String) -> Problem {
    let message = format!("the file `{}` that should hold a URL cannot be read", file.display());
    let mut problem = problem_at(origin, path, Code::ConfigUnreadable, message);
    problem.cause.push(reason);
    problem.solutions = vec![
        "write the URL into that file, readable for the user who runs the host".to_owned(),
        "or name a variable that holds the URL: `url_env`".to_owned(),
    ];
    problem
}

fn variable_missing(path: &str, origin: &Origin, name: &str) -> Problem {
    let message = format!("the variable `{name}` that should hold a URL is not set");
    let mut problem = problem_at(origin, path, Code::ConfigMissing, message);
    problem.solutions = vec![
        format!("set {name} for the process that runs the host"),
        "or name a file that holds the URL: `url_file`".to_owned(),
    ];
    problem.example = Some(format!("export {name}='postgres://USER:PASSWORD@HOST/DATABASE'"));
    problem
}

/// A wrong URL in a file or a variable: the place of the text is told beside the key that names it.
fn wrong_secret(path: &str, named_at: &Origin, origin: &Origin, wrong: WrongUrl) -> Problem {
    let message = format!("the URL in {origin} {}", wrong.message);
    let mut problem = problem_at(named_at, path, Code::ConfigInvalidValue, message);
    problem.solutions = wrong.solutions;
    problem.example = wrong.corrected;
    problem
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, refusals};
    use super::*;

    #[test]
    fn exactly_one_of_the_three_says_the_url() {
        insta::assert_snapshot!(refusals(
            r#"
[data_sources.a]
url = "postgres://app:hunter2@db/orders"
url_file = "secret"
url_env = "DATABASE_URL"

[data_sources.b]
connections_max = 5
"#,
        ), @r#"
        config.conflict: data source `a` says its URL more than once: `url` (modelhost.toml:3), `url_file` (modelhost.toml:4), `url_env` (modelhost.toml:5)
          at file modelhost.toml, line 5, key data_sources.a
          - keep `url`: delete line 4 of modelhost.toml, delete line 5 of modelhost.toml
          - keep `url_file`: delete line 3 of modelhost.toml, delete line 5 of modelhost.toml
          - keep `url_env`: delete line 3 of modelhost.toml, delete line 4 of modelhost.toml
          > [data_sources.a]
          > url_env = "DATABASE_URL"
        config.missing: data source `b` has no URL, and no database is chosen for it
          at file modelhost.toml, line 7, key data_sources.b.url
          - write `url`, or `url_file` or `url_env` where it holds a password
          - a server is written as postgres://USER@HOST/DATABASE
          > [data_sources.b]
          > url = "sqlite:data/{namespace}.db"
        "#);
    }

    #[test]
    fn a_secret_that_is_not_there_is_told_with_its_key() {
        insta::assert_snapshot!(refusals(
            r#"
[data_sources.a]
url_file = "secret"

[data_sources.b]
url_env = "DATABASE_URL"
"#,
        ), @r#"
        config.unreadable: the file `[folder]/secret` that should hold a URL cannot be read
          at file modelhost.toml, line 3, key data_sources.a.url_file
          because No such file or directory (os error 2)
          - write the URL into that file, readable for the user who runs the host
          - or name a variable that holds the URL: `url_env`
        config.missing: the variable `DATABASE_URL` that should hold a URL is not set
          at file modelhost.toml, line 6, key data_sources.b.url_env
          - set DATABASE_URL for the process that runs the host
          - or name a file that holds the URL: `url_file`
          > export DATABASE_URL='postgres://USER:PASSWORD@HOST/DATABASE'
        "#);
    }

    #[test]
    fn a_wrong_secret_is_told_without_it() {
        let sample =
            Sample::file("[data_sources.a]\nurl_file = \"secret\"\n[data_sources.b]\nurl_env = \"DATABASE_URL\"\n")
                .with_file("secret", "postgres://app:hunter2@db\n")
                .variable("DATABASE_URL", "mongodb://app:hunter2@db/orders");
        insta::assert_snapshot!(sample.refusals(), @r#"
        config.invalid-value: the URL in [folder]/secret:1 names no database, and none is filled in
          at file modelhost.toml, line 2, key data_sources.a.url_file
          > postgres://app:***@db/DATABASE
        config.invalid-value: the URL in variable DATABASE_URL is a URL of mongodb; this version serves sqlite, postgres and mysql
          at file modelhost.toml, line 4, key data_sources.b.url_env
        "#);
    }

    #[test]
    fn a_higher_layer_replaces_the_url_however_it_was_said() {
        let sample =
            Sample::file("[data_sources.main]\nurl_file = \"secret\"\n").flag("data_sources", "main=sqlite:x.db");
        let config = sample.good();
        assert_eq!(sample.tidy(&config.data_sources["main"].url.to_string()), "sqlite:[folder]/x.db");
        assert_eq!(config.provenance("data_sources.main.url_file"), Origin::Unset);
    }
}
