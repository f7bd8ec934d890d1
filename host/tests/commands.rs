//! The command tree, walked by `--help` as a reader walks it, and what every verb has in common.
//!
//! No host is started. Invariant: a verb that is added is found here by itself.

use std::process::{Command, Stdio};

use serde_json::Value;

const COLUMNS_MAX: usize = 110;

struct Output {
    status: i32,
    stdout: String,
    stderr: String,
}

/// One command: the words that lead to it, its help, what is below it.
struct Verb {
    words: Vec<String>,
    help: String,
    below: Vec<String>,
}

fn modelhost<S: AsRef<str>>(arguments: &[S]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelhost"));
    command.args(arguments.iter().map(AsRef::as_ref)).stdin(Stdio::null()).env_remove("RUST_BACKTRACE");
    for name in std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("MODELHOST_")) {
        command.env_remove(name);
    }
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Output { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error} in {}{}", output.stdout, output.stderr))
}

/// Every command there is, the program itself first.
fn verbs() -> Vec<Verb> {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(words) = open.pop() {
        let asked: Vec<String> = words.iter().cloned().chain(["--help".to_owned()]).collect();
        let help = modelhost(&asked);
        assert_eq!(help.status, 0, "{asked:?}: {}", help.stderr);
        let below = subcommands(&help.stdout);
        open.extend(below.iter().map(|name| words.iter().cloned().chain([name.clone()]).collect()));
        found.push(Verb { words, help: help.stdout, below });
    }
    found
}

/// The names in the section `Commands:`, without `help`.
fn subcommands(help: &str) -> Vec<String> {
    let section = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = section.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_walk_finds_what_the_issue_asks_for() {
    let words: Vec<String> = verbs().iter().map(|verb| verb.words.join(" ")).collect();
    let expected = "serve;deploy;call;inspect;key create;key list;key revoke;namespace create;namespace list;\
        namespace unload;namespace destroy;generation list;generation diff;generation rollback;plugin new;plugin build;plugin check;config check;config show;explain;demo;\
        completion";
    for verb in expected.split(';') {
        assert!(words.iter().any(|known| known == verb), "{verb} is not among {words:?}");
    }
}

#[test]
fn every_verb_says_what_it_does_and_takes_json() {
    for Verb { words, help, below } in verbs() {
        let name = words.join(" ");
        let first = help.lines().next().unwrap_or_default();
        assert!(first.len() > 10 && !first.starts_with("Usage"), "`{name}` has no description: {help}");
        assert!(help.contains("--json "), "`{name}` does not take --json: {help}");
        for line in help.lines().filter(|_| !below.is_empty()) {
            let is_bare = below.iter().any(|verb| line.trim() == verb);
            assert!(!is_bare, "`{name} {}` has no description in the help above it", line.trim());
        }
    }
}

#[test]
fn every_help_fits_the_width_of_a_terminal() {
    for Verb { words, help, .. } in verbs() {
        for line in help.lines() {
            let columns = line.chars().count();
            assert!(columns <= COLUMNS_MAX, "`{}` has a line of {columns} columns:\n{line}", words.join(" "));
        }
    }
}

#[test]
fn wrong_usage_is_json_where_json_is_asked_for() {
    let long = "x".repeat(10_000);
    let rows: &[&[&str]] = &[
        &["--json", "serv"],
        &["serve", "--json", "--liste", "1"],
        &["--json", "deploy"],
        &["--json", "deploy", "a.wasm", "--namespace", "a", "--digest", "d"],
        &["call", "acme", "--json"],
        &["--json", "key", "create"],
        &["--json", "key", "create", "--admin", "--role", "read"],
        &["--json", "key", "create", "--role", "root"],
        &["--json", "namespace", "create", "acme", "--data-source", "main", "--placement", "somewhere"],
        &["--json", "completion", "tcsh"],
        &["--json", "explain", "--markdown", "cli.usage"],
        &["--json", &long],
    ];
    for row in rows {
        let output = modelhost(row);
        assert_eq!(output.status, 2, "{row:?}: {}{}", output.stdout, output.stderr);
        let error = json(&output)["error"].take();
        assert_eq!(error["code"], "cli.usage", "{row:?}: {error}");
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{row:?}: {error}");
        assert_eq!(output.stderr, "", "{row:?}");
    }
}

#[test]
fn wrong_usage_is_text_where_it_is_not() {
    let output = modelhost(&["serv"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.starts_with("error[cli.usage]: "), "{}", output.stderr);
    assert!(output.stderr.contains("serve"), "{}", output.stderr);
}

#[test]
fn every_shell_gets_a_completion_script() {
    for shell in ["bash", "zsh", "fish"] {
        let output = modelhost(&["completion", shell]);
        assert_eq!(output.status, 0, "{shell}: {}", output.stderr);
        for word in ["modelhost", "namespace", "deploy", "data-source"] {
            assert!(output.stdout.contains(word), "{shell} does not complete {word}");
        }
        let answer = json(&modelhost(&["completion", shell, "--json"]));
        assert_eq!(answer["shell"], shell);
        assert_eq!(answer["script"].as_str().map(str::trim_end), Some(output.stdout.trim_end()));
    }
}

#[test]
fn every_code_is_explained() {
    let listed = json(&modelhost(&["explain", "--json"]));
    let codes = listed["codes"].as_array().expect("a list of codes");
    assert!(codes.len() > 50, "{listed}");
    let text = modelhost(&["explain"]).stdout;
    for code in codes {
        let name = code["code"].as_str().expect("a code is a text");
        assert!(text.lines().any(|line| line.starts_with(name)), "`{name}` is not in the list for people");
        let page = json(&modelhost(&["explain", name, "--json"]));
        assert_eq!((&page["code"], &page["blame"]), (&code["code"], &code["blame"]));
        assert!(page["meaning"].as_str().is_some_and(|meaning| meaning.len() > 10), "{page}");
        for part in ["causes", "solutions"] {
            assert!(page[part].as_array().is_some_and(|lines| !lines.is_empty()), "`{name}` has no {part}: {page}");
        }
    }
}

#[test]
fn a_code_that_does_not_exist_has_a_closest_one() {
    let output = modelhost(&["explain", "plan.unknwn-field", "--json"]);
    let error = json(&output)["error"].take();
    assert_eq!((output.status, &error["code"]), (1, &Value::from("cli.unknown-code")));
    assert_eq!(error["solutions"][0], "did you mean `plan.unknown-field`?");
    let far = modelhost(&["explain", "nothing-like-it-at-all"]);
    assert_eq!(far.status, 1);
    assert!(!far.stderr.contains("did you mean"), "{}", far.stderr);
}

#[test]
fn a_reader_who_knows_nothing_gets_the_help_and_the_version() {
    let help = modelhost(&["--help"]);
    assert!(help.stdout.contains("modelhost demo"), "{}", help.stdout);
    assert!(modelhost(&["--version"]).stdout.starts_with("modelhost "));
    let bare = modelhost::<&str>(&[]);
    assert_eq!(bare.status, 2);
    assert!(bare.stderr.contains("Commands:"), "{}{}", bare.stdout, bare.stderr);
}
