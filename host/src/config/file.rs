//! Finds, reads and takes apart the configuration file.
//!
//! Judges syntax only. Invariant: no message quotes a line of the file, because a line may hold a password; what it does
//! quote went through redaction.

use std::io::Read;
use std::path::{Path, PathBuf};

use model::{Code, Problem};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::load::Sources;
use super::origin::Origin;
use super::setting::Setting;
use super::written::{Written, problem_at};

/// Largest configuration or secret file. Prevents a wrong path (a database, a device) from filling the memory.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The name that is looked for in the current folder.
pub(super) const FILE_NAME: &str = "modelhost.toml";

/// The file to read, as it was named, if there is one: `--config`, `MODELHOST_CONFIG`, or the one in the current folder.
pub(super) fn find(sources: &Sources) -> Option<(PathBuf, Origin)> {
    if let Some(file) = &sources.config {
        return Some((file.clone(), Origin::Flag("--config".to_owned())));
    }
    if let Some(file) = sources.environment.get("MODELHOST_CONFIG") {
        return Some((PathBuf::from(file), Origin::Variable("MODELHOST_CONFIG".to_owned())));
    }
    let file = PathBuf::from(FILE_NAME);
    sources.folder.join(&file).exists().then_some((file, Origin::Default))
}

/// What the file says, in its own order.
pub(super) fn read(sources: &Sources, file: &Path, named_by: &Origin) -> Result<Vec<Written>, Vec<Problem>> {
    let text = read_text(&sources.folder.join(file)).map_err(|reason| {
        let message = format!("the configuration file `{}` cannot be read", file.display());
        let mut problem = problem_at(named_by, "", Code::ConfigUnreadable, message);
        problem.cause.push(reason);
        let here = sources.folder.join(FILE_NAME);
        if here.is_file() && here != sources.folder.join(file) {
            problem = problem.solution(format!("there is a `{FILE_NAME}` in the current folder: --config {FILE_NAME}"));
        }
        problem = problem.solution("name a file that exists: --config FILE");
        vec![match named_by.is_written() {
            true => problem.solution(format!("{}, to do without a file", named_by.removal())),
            false => problem,
        }]
    })?;
    parse(file, &text)
}

/// A small text file, or why it can't be had.
pub(super) fn read_text(path: &Path) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("it is larger than {FILE_BYTES_MAX} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

fn parse(file: &Path, text: &str) -> Result<Vec<Written>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let source = Source { file, text };
    if errors.is_empty() {
        let mut written = Vec::new();
        flatten(&source, &[], table.get_ref(), false, &mut written);
        written.sort_by_key(|(offset, _)| *offset);
        return Ok(written.into_iter().map(|(_, written)| written).collect());
    }
    let mut problems: Vec<(usize, Problem)> = Vec::new();
    for error in &errors {
        let line = source.line(error.span().map_or(0, |span| span.start));
        // What follows the first error of a line is usually its echo.
        if problems.iter().all(|(other, _)| *other != line) {
            problems.push((line, source.syntax_problem(line, error.message())));
        }
    }
    Err(problems.into_iter().map(|(_, problem)| problem).collect())
}

struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn origin(&self, line: usize) -> Origin {
        Origin::File { file: self.file.to_owned(), line }
    }

    /// What stands before a key on its line.
    fn before(&self, offset: usize) -> &str {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..offset].trim_start()
    }

    fn syntax_problem(&self, line: usize, message: &str) -> Problem {
        let mut problem = problem_at(&self.origin(line), "", Code::ConfigSyntax, "the configuration file is not TOML");
        problem.cause.push(message.to_owned());
        if message.contains("duplicate key") {
            let earlier = "or the earlier line of the same key or section";
            return problem.solution(format!("delete line {line}, {earlier}"));
        }
        let written = self.text.lines().nth(line - 1).unwrap_or_default();
        problem.example = requoted(written);
        if problem.example.is_some() {
            problem = problem.solution("write texts in double quotes, after `=`");
        }
        let extension = self.file.extension().and_then(|extension| extension.to_str());
        if let Some(extension @ ("yaml" | "yml" | "json")) = extension {
            problem = problem.solution(format!("the file is read as TOML, not as {extension}"));
        }
        problem
    }
}

/// `key = text` or `key: text` as TOML, redacted, where quotes are all that is missing.
fn requoted(line: &str) -> Option<String> {
    let (name, value) = line.split_once(['=', ':'])?;
    let name = name.trim();
    let value = value.trim().trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty()
        || !name.chars().all(is_name)
        || value.is_empty()
        || value.contains(['"', '[', '{']) && !value.contains("://")
    {
        return None;
    }
    let known = super::keys::KEYS.iter().any(|key| Some(key.name()) == name.rsplit('.').next());
    // The value of a key that nobody knows may be any secret.
    let setting = match (known, value.parse()) {
        (true, Ok(number)) => Setting::Number(number),
        (true, Err(_)) => Setting::Text(value.to_owned()),
        (false, _) => Setting::Text("...".to_owned()),
    };
    Some(format!("{name} = {}", setting.toml()))
}

fn flatten(source: &Source<'_>, path: &[String], table: &DeTable<'_>, inline: bool, into: &mut Vec<(usize, Written)>) {
    for (key, value) in table {
        let offset = key.span().start;
        let before = source.before(offset);
        let mut path = path.to_vec();
        path.push(key.get_ref().to_string());
        let inline = inline || before.contains('{');
        let written = Written {
            path,
            value: plain(value),
            origin: source.origin(source.line(offset)),
            lead: (!inline && !before.starts_with('[')).then(|| before.to_owned()),
        };
        if let DeValue::Table(table) = value.get_ref() {
            let path = written.path.clone();
            into.push((offset, written));
            flatten(source, &path, table, inline, into);
        } else {
            into.push((offset, written));
        }
    }
}

/// The value without spans. A table stands empty: what it holds follows on its own.
fn plain(value: &Spanned<DeValue<'_>>) -> toml::Value {
    match value.get_ref() {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => toml::Value::Integer(number),
            Err(_) => toml::Value::Float(number.as_str().parse().unwrap_or(f64::MAX)),
        },
        DeValue::Float(number) => toml::Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => toml::Value::Boolean(*flag),
        DeValue::Datetime(time) => toml::Value::Datetime(*time),
        DeValue::Array(values) => toml::Value::Array(values.iter().map(plain).collect()),
        DeValue::Table(_) => toml::Value::Table(toml::Table::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, refusals};

    #[test]
    fn a_missing_file_says_who_named_it() {
        insta::assert_snapshot!(Sample::file("").config("other.toml").refusals(), @r#"
        config.unreadable: the configuration file `other.toml` cannot be read
          at flag --config
          because No such file or directory (os error 2)
          - there is a `modelhost.toml` in the current folder: --config modelhost.toml
          - name a file that exists: --config FILE
          - leave --config out, to do without a file
        "#);
        insta::assert_snapshot!(Sample::empty().variable("MODELHOST_CONFIG", "other.toml").refusals(), @r#"
        config.unreadable: the configuration file `other.toml` cannot be read
          at variable MODELHOST_CONFIG
          because No such file or directory (os error 2)
          - name a file that exists: --config FILE
          - unset MODELHOST_CONFIG, to do without a file
        "#);
    }

    #[test]
    fn broken_lines_are_told_at_once_and_never_quoted() {
        insta::assert_snapshot!(refusals(
            r#"
profile = production
state_dir: modelhost-state

[data_sources.main]
url = postgres://app:hunter2@db/orders
password = hunter2
token = "hunter2

[http
"#,
        ), @r#"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 2
          because string values must be quoted, expected literal string
          - write texts in double quotes, after `=`
          > profile = "production"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 3
          because key with no value, expected `=`
          - write texts in double quotes, after `=`
          > state_dir = "modelhost-state"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 10
          because unclosed table, expected `]`
        "#);
    }

    #[test]
    fn two_unquoted_texts_are_both_told() {
        insta::assert_snapshot!(refusals("profile = production\nstate_dir = here\n[http]\nlisten = 127.0.0.1:80\n"), @r#"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 1
          because string values must be quoted, expected literal string
          - write texts in double quotes, after `=`
          > profile = "production"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 2
          because string values must be quoted, expected literal string
          - write texts in double quotes, after `=`
          > state_dir = "here"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 4
          because invalid float, expected nothing
          - write texts in double quotes, after `=`
          > listen = "127.0.0.1:80"
        "#);
    }

    #[test]
    fn a_key_twice_is_told_with_its_line() {
        insta::assert_snapshot!(refusals(
            r#"
state_dir = "a"
state_dir = "b"
"#,
        ), @r#"
        config.syntax: the configuration file is not TOML
          at file modelhost.toml, line 3
          because duplicate key
          - delete line 3, or the earlier line of the same key or section
        "#);
    }
}
