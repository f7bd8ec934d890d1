//! Tables of bad input: rows are data, and what came of each is one text.
//!
//! The text holds what a reader needs to act: code, message, facts, cause, what to do, a corrected example. Invariant: an
//! error is shown from the JSON that the program sent, never from what a test expects.

use serde_json::Value;

use crate::host::call_path;
use crate::{Answer, Output, Request, TestHost};

impl TestHost {
    /// What came of operations: rows of title, `NAMESPACE MODEL OPERATION` and body.
    pub fn calls(&self, rows: &[(&str, &str, &str)]) -> String {
        self.answers(rows.iter().map(|(title, target, body)| (*title, self.post(&call_path(target), body))))
    }

    /// What came of requests: rows of title and request.
    pub fn requests<'a>(&self, rows: impl IntoIterator<Item = (&'a str, Request)>) -> String {
        self.answers(rows.into_iter().map(|(title, request)| (title, request.send())))
    }

    /// What came of commands: rows of title and arguments.
    pub fn commands(&self, rows: &[(&str, &[&str])]) -> String {
        let line = |(title, arguments): &(&str, &[&str])| titled(title, &self.cli(arguments).shown());
        self.filtered(&rows.iter().map(line).collect::<String>())
    }

    /// What came of deployments to a namespace, on the command line: rows of title and component.
    pub fn deploys(&self, namespace: &str, rows: &[(&str, &[u8])]) -> String {
        let file = self.folder().join("plugin.wasm");
        let line = |(title, component): &(&str, &[u8])| {
            std::fs::write(&file, component).expect("the folder can be written");
            titled(title, &self.cli(&["deploy", "plugin.wasm", "--namespace", namespace]).shown())
        };
        self.filtered(&rows.iter().map(line).collect::<String>())
    }

    fn answers<'a>(&self, rows: impl Iterator<Item = (&'a str, Answer)>) -> String {
        self.filtered(&rows.map(|(title, answer)| titled(title, &answer.shown())).collect::<String>())
    }
}

impl Answer {
    /// Status and error, or status and body; batches that failed stand behind it.
    pub fn shown(&self) -> String {
        if self.body["error"].is_object() {
            return format!("{} {}", self.status, error_text(&self.body["error"]));
        }
        let Some(failed) = self.body["failed"].as_array() else {
            return format!("{} {}\n", self.status, self.text);
        };
        let mut written = self.body.clone();
        written.as_object_mut().expect("it has members").remove("failed");
        let mut text = format!("{} {written}\n", self.status);
        for batch in failed {
            let error = error_text(&batch["error"]).replace('\n', "\n  ");
            text.push_str(&format!("  {} from {}: {}\n", batch["count"], batch["start"], error.trim_end()));
        }
        text
    }
}

impl Output {
    /// Exit code and what a person reads.
    pub fn shown(&self) -> String {
        let (stdout, stderr) = (self.stdout.trim_end(), self.stderr.trim_end());
        let blank = if stdout.is_empty() || stderr.is_empty() { "" } else { "\n" };
        let text = format!("{stdout}{blank}{stderr}");
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("more: modelhost explain"));
        let lines: Vec<&str> = lines.map(str::trim_end).collect();
        format!("exit {} {}\n", self.status, lines.join("\n"))
    }
}

/// An error body: `code: message`, and a line for each thing that helps.
pub fn error_text(error: &Value) -> String {
    let mut text = format!("{}: {}\n", word(&error["code"]), word(&error["message"]));
    let parts = list(&error["problems"]);
    match parts.is_empty() {
        true => details(error, "  ", &mut text),
        false => {
            for part in parts {
                text.push_str(&format!("  [{}] {}\n", word(&part["code"]), word(&part["message"])));
                details(part, "    ", &mut text);
            }
        }
    }
    let violations = list(&error["violations"]);
    let is_one_record = violations.iter().all(|violation| violation["index"] == 0);
    for violation in violations {
        let record = if is_one_record { String::new() } else { format!("{}, ", violation["index"]) };
        let field = violation["field"].as_str().unwrap_or("the record");
        let (message, code) = (word(&violation["message"]), word(&violation["code"]));
        text.push_str(&format!("  ! {record}{field}: {message} [{code}]\n"));
    }
    text
}

/// JSON on one line, keys in the order in which they were sent.
pub fn json_text(value: &Value) -> String {
    value.to_string()
}

fn details(error: &Value, indent: &str, text: &mut String) {
    let facts = error["context"].as_object().into_iter().flatten();
    let facts: Vec<String> = facts.map(|(name, value)| format!("{name} {}", word(value))).collect();
    if !facts.is_empty() {
        text.push_str(&format!("{indent}({})\n", facts.join(", ").replace('\n', &format!("\n{indent}"))));
    }
    for cause in list(&error["cause"]) {
        text.push_str(&format!("{indent}because {}\n", word(cause)));
    }
    for solution in list(&error["solutions"]) {
        text.push_str(&format!("{indent}- {}\n", word(solution)));
    }
    for line in error["example"].as_str().unwrap_or_default().lines() {
        text.push_str(&format!("{indent}> {line}\n"));
    }
}

fn titled(title: &str, shown: &str) -> String {
    format!("# {title}\n{shown}")
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
