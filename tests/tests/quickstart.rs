//! The quickstart of README.md, followed command by command in an empty folder, with the checkout out of reach.
//!
//! The commands and what they print are read from README.md itself, so that it can't say what is not so. Invariant: the
//! program gets no variable of the surroundings but those by which Rust is found.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use e2e::{Filters, program, run};
use regex::Regex;

/// Variables by which a shell finds Rust.
const KEPT: [&str; 6] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "SSL_CERT_FILE", "https_proxy"];

/// Commands of which README.md shows an output that counts what was done before; only that they work is tested.
const NOT_COMPARED: &str = "modelhost inspect";

/// A command of README.md and what it says that it prints.
#[derive(Debug)]
struct Step {
    command: String,
    prints: String,
}

/// A reader of README.md at a terminal.
struct Reader {
    folder: PathBuf,
    server: Option<Server>,
    key: String,
}

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reader {
    fn shell(&self, command: &str) -> Command {
        let programs = Path::new(program(&self.folder).get_program()).parent().expect("a path").to_owned();
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(&self.folder).stdin(Stdio::null()).env_clear();
        shell.envs(std::env::vars().filter(|(name, _)| KEPT.contains(&name.as_str())));
        let path = std::env::var("PATH").expect("there is a PATH");
        shell.env("PATH", format!("{}:{path}", programs.display()));
        if let Some(server) = &self.server {
            shell.env("MODELHOST_SERVER", &server.address);
        }
        if !self.key.is_empty() {
            shell.env("MODELHOST_KEY", &self.key);
        }
        shell
    }

    /// Types a command and compares what it prints.
    fn follow(&mut self, step: &Step) -> String {
        let printed = match step.command.as_str() {
            command if command.starts_with("modelhost serve") => self.serve(command, step.prints.lines().count()),
            command => {
                let output = run(&mut self.shell(command));
                match command.starts_with("modelhost plugin build") && output.status == 0 {
                    // What cargo says of its progress is not the program's.
                    true => output.stdout,
                    false => output.stdout + &output.stderr,
                }
            }
        };
        if !step.command.starts_with(NOT_COMPARED) {
            assert_eq!(self.comparable(&printed), self.comparable(&step.prints), "$ {}", step.command);
        }
        printed
    }

    /// Starts the host as README.md does, on a free port, and reads as many lines as it shows.
    fn serve(&mut self, command: &str, lines: usize) -> String {
        let mut shell = self.shell(&format!("exec {command}"));
        shell.env("MODELHOST_HTTP__LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = shell.spawn().expect("the shell starts");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let shown: Vec<String> = stdout.lines().take(lines).map(|line| line.expect("text")).collect();
        let address = Regex::new(r"http://127\.0\.0\.1:\d+").expect("constant");
        let address = address.find(&shown[0]).unwrap_or_else(|| panic!("no address in {shown:?}")).as_str().to_owned();
        self.server = Some(Server { child, address });
        shown.join("\n")
    }

    fn comparable(&self, text: &str) -> String {
        let mut filters = Filters::new().hide(&self.folder.display().to_string(), "[dir]").hide("/srv/try", "[dir]");
        if let Some(server) = &self.server {
            filters = filters.hide(&server.address, "http://127.0.0.1:7474");
        }
        let text = filters.apply(text.trim_end());
        Regex::new(r"\d+ KiB").expect("constant").replace_all(&text, "[size]").into_owned()
    }
}

/// The section of README.md about one's own plugin.
fn section() -> String {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md"));
    let readme = readme.expect("README.md is there");
    let (_, section) = readme.split_once("\n## Your own plugin").expect("README.md has a quickstart");
    section.split_once("\n## ").map_or(section, |(section, _)| section).to_owned()
}

/// The blocks of a language.
fn blocks<'a>(section: &'a str, language: &str) -> Vec<&'a str> {
    let open = format!("```{language}\n");
    section.split(&open).skip(1).filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block)).collect()
}

fn steps(section: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in blocks(section, "console").into_iter().flat_map(str::lines) {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), prints: String::new() }),
            (None, Some(step)) => step.prints.push_str(&format!("{line}\n")),
            (None, None) => panic!("`{line}` is printed by no command"),
        }
    }
    steps
}

/// Whether anything that cargo built there came from the checkout.
fn checkout_was_read(folder: &Path) -> bool {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the checkout");
    let checkout = format!("{}/", checkout.display());
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("it can be listed") {
            let path = entry.expect("it can be listed").path();
            let is_read = path.extension().is_some_and(|end| end == "d" || end == "toml" || end == "lock");
            if path.is_dir() {
                open.push(path);
            } else if is_read && std::fs::read_to_string(&path).is_ok_and(|text| text.contains(&checkout)) {
                return true;
            }
        }
    }
    false
}

#[test]
fn the_quickstart_of_the_readme_works_as_it_is_written() {
    let section = section();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().canonicalize().expect("it is there");
    let mut reader = Reader { folder: path.clone(), server: None, key: String::new() };
    let mut steps = steps(&section).into_iter();
    let source = path.join("books/src/lib.rs");
    let own = blocks(&section, "rust")[0].to_owned() + "\n";
    let with = |field: &str| {
        assert!(section.contains(&format!("`{field}`")), "README.md adds {field}");
        own.replace("    pub stars: Option<i64>,\n", &format!("    pub stars: Option<i64>,\n    {field}\n"))
    };
    let (mut deploys, mut made_key) = (0, String::new());

    let new = steps.next().expect("a first command");
    reader.follow(&new);
    let template = run(&mut reader.shell("cd books && modelhost plugin build --json"));
    assert_eq!(template.status, 0, "{}{}", template.stdout, template.stderr);
    assert_eq!(template.json()["models"][0]["name"], "note");
    std::fs::write(&source, &own).expect("the folder can be written");

    for step in steps {
        if step.command.starts_with("modelhost deploy") {
            let changed =
                [own.clone(), with("pub author: String,"), with("pub author: Option<String>,")][deploys].clone();
            if deploys > 0 {
                std::fs::write(&source, changed).expect("the folder can be written");
                run(&mut reader.shell("modelhost plugin build books")).success();
            }
            deploys += 1;
        }
        if step.command.starts_with("export MODELHOST_KEY=") {
            reader.key.clone_from(&made_key);
            continue;
        }
        let printed = reader.follow(&step);
        if step.command.starts_with("modelhost key create") {
            made_key = printed.lines().next().unwrap_or_default().to_owned();
        }
        if step.command.starts_with(NOT_COMPARED) {
            assert!(printed.contains("shelf") && printed.contains("book"), "{printed}");
        }
    }
    assert_eq!(deploys, 3);
    assert!(!checkout_was_read(&path.join("books")), "the plugin was built with files of the checkout");
}

#[test]
fn a_plugin_is_begun_only_where_nothing_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(program(folder.path()).args(["plugin", "new", "notes", "--in", "deep/er"])).success();
    let rows: [(&[&str], i32, &str); 4] = [
        (&["plugin", "new", "notes", "--in", "deep/er", "--json"], 1, "plugin.folder-exists"),
        (&["plugin", "new", "../out", "--json"], 2, "cli.usage"),
        (&["plugin", "new", "My Notes", "--json"], 2, "cli.usage"),
        (&["plugin", "build", "deep", "--json"], 1, "plugin.build-failed"),
    ];
    for (arguments, status, code) in rows {
        let output = run(program(folder.path()).args(arguments));
        assert_eq!((output.status, output.json()["error"]["code"].as_str()), (status, Some(code)), "{arguments:?}");
    }
    assert!(!folder.path().join("../out").exists());
}
