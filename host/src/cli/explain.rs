//! `modelhost explain`

use clap::Args;
use model::{Code, Problem, closest};
use serde_json::json;

use super::{Failed, Report};

/// Explain an error code; without one, list all codes.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// For example `plan.unknown-field`
    code: Option<String>,
    /// All pages as Markdown: docs/errors.md
    #[arg(long, conflicts_with = "code")]
    markdown: bool,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Report, Failed> {
        if self.markdown {
            let markdown = model::Page::catalogue_markdown();
            return Ok(Report::new(markdown.clone(), json!({"markdown": markdown})));
        }
        let Some(text) = self.code else {
            return Ok(list());
        };
        let Some(code) = Code::parse(&text) else {
            let shown: String = text.chars().take(64).collect();
            let mut problem = Problem::new(Code::CliUnknownCode, format!("there is no error code `{shown}`"));
            let near = closest(&text, Code::ALL.iter().map(|code| code.as_str()));
            problem.solutions.extend(near.map(|near| format!("did you mean `{near}`?")));
            return Err(problem.solution("list all codes with `modelhost explain`").into());
        };
        let page = code.page();
        let json = json!({
            "code": code.as_str(),
            "blame": code.blame().name(),
            "meaning": page.meaning,
            "causes": page.causes,
            "solutions": page.solutions,
            "wrong": page.example.wrong,
            "right": page.example.right,
        });
        Ok(Report::new(model::Page::to_text(code), json))
    }
}

fn list() -> Report {
    let line = |code: &Code| format!("{:28} {}", code.as_str(), code.page().meaning);
    let text: Vec<String> = Code::ALL.iter().map(line).collect();
    let codes: Vec<_> =
        Code::ALL.iter().map(|code| json!({"code": code.as_str(), "blame": code.blame().name()})).collect();
    Report::new(text.join("\n"), json!({"codes": codes}))
}
