//! What a command answers: a report, or why there is none.

use engine::EngineError;
use model::{Code, Problem};
use serde_json::{Value, json};

use crate::http::problem_json;

/// What a command did, for people and for programs.
pub(crate) struct Report {
    pub(crate) text: String,
    pub(crate) json: Value,
    /// 1 where a part of what was asked was not done.
    pub(crate) exit_code: u8,
}

/// Why a command did not do what it was asked: the JSON of a problem, from here or from a server.
#[derive(Debug)]
pub(crate) struct Failed(Value);

impl Report {
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, exit_code: 0 }
    }

    /// A report of something that was done in part only.
    pub(crate) fn in_part(self) -> Self {
        Self { exit_code: 1, ..self }
    }

    /// Of a command that has said everything already.
    pub(crate) fn silent() -> Self {
        Self::new("", Value::Null)
    }

    pub(crate) fn is_silent(&self) -> bool {
        self.json.is_null()
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.json).expect("a JSON value serialises")
    }
}

impl Failed {
    /// An error body that a server sent.
    pub(crate) fn from_server(body: Value) -> Self {
        Self(body)
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(&json!({"error": self.0["error"]})).expect("a JSON value serialises")
    }

    /// 2 where the command line or the configuration has to change, 1 otherwise.
    pub(crate) fn exit_code(&self) -> u8 {
        let code = self.0["error"]["code"].as_str().unwrap_or_default();
        u8::from(code.starts_with("config.") || code.starts_with("cli.usage")) + 1
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem_json(&problem))
    }
}

impl From<EngineError> for Failed {
    fn from(error: EngineError) -> Self {
        error.problem().into()
    }
}

/// A file that a command was pointed at and that can't be read or written.
pub(crate) fn file_problem(path: &std::path::Path, verb: &str, error: &std::io::Error) -> Problem {
    let mut problem = Problem::new(Code::CliFile, format!("can't {verb} `{}`", path.display()));
    problem.cause.push(error.to_string());
    problem.solution("check the path and its permissions")
}
