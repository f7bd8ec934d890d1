//! The page behind each error code: what it means, why it happens, what to do, a wrong and a corrected input.
//!
//! Two readers: `modelhost explain CODE` prints [`Page::to_text`], `docs/errors.md` is [`Page::catalogue_markdown`]. A page
//! speaks about the code in general; the facts of one error stand in its [`crate::Problem`]. The texts are in `pages/`, one
//! file for each family; the list there is exhaustive, so that a code without a page does not compile.

use std::fmt::Write as _;

use crate::Code;

#[path = "pages/mod.rs"]
mod pages;

use pages::FAMILIES;

/// What is known about an error code before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What the code means, in one or two sentences.
    pub meaning: &'static str,
    /// How it comes about, most likely first.
    pub causes: &'static [&'static str],
    /// What to do, most likely first.
    pub solutions: &'static [&'static str],
    /// An input that leads to the code, and its corrected form.
    pub example: Example,
}

/// An input that leads to a code, and its corrected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// What both are written in.
    pub language: Language,
    /// Leads to the code.
    pub wrong: &'static str,
    /// Does what was meant.
    pub right: &'static str,
}

/// What an example is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The body of a request.
    Json,
    /// Lines of `modelhost.toml`, or of a plugin's `Cargo.toml`.
    Toml,
    /// Commands.
    Shell,
    /// A plugin's code.
    Rust,
    /// The head of a request, with its body where it matters.
    Http,
    /// A plugin's copy of the contract.
    Wit,
}

impl Page {
    /// The page of a code as a terminal shows it. Ends in a newline.
    pub fn to_text(code: Code) -> String {
        let Self { meaning, causes, solutions, example } = code.page();
        format!(
            "{code}\n\n{meaning}\nWho has to act: {}.\n\nCauses\n{}\nWhat to do\n{}\nWrong\n{}\nRight\n{}",
            actor(code),
            listed("  - ", causes),
            listed("  - ", solutions),
            indented(example.wrong),
            indented(example.right),
        )
    }

    /// The pages of all codes as one Markdown document: `docs/errors.md`.
    pub fn catalogue_markdown() -> String {
        let mut text = String::from(INTRODUCTION);
        for family in FAMILIES {
            let _ = write!(text, "\n**{}**\n\n| code | who has to act |\n|---|---|\n", family.title);
            for code in family.codes {
                let _ = writeln!(text, "| [`{code}`](#{}) | {} |", anchor(*code), actor(*code));
            }
        }
        for family in FAMILIES {
            let _ = write!(text, "\n## {}\n", family.title);
            for code in family.codes {
                text.push_str(&section(*code));
            }
        }
        text
    }
}

const INTRODUCTION: &str = "\
# Errors

Each error carries a code that never changes its meaning; look the code up here, or run `modelhost explain CODE`, which
prints the same page without a network. An error itself says more than its page: names, limits and positions, and where one
can be computed a corrected input. Who has to act is whoever sent the request, typed the command or wrote the configuration
(caller), the author of the plugin (guest), the operator of the host (host) or of the database (database). The examples use
the two example plugins: `crm` in the namespace `acme` and `shop` in the namespace `globex`, both with a model `customer`.

This file is generated from the pages in `host/crates/model/src/pages`.

## Contents
";

impl Language {
    /// The word for it behind a Markdown fence.
    fn fence(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Toml => "toml",
            Self::Shell => "sh",
            Self::Rust => "rust",
            Self::Http => "http",
            Self::Wit => "wit",
        }
    }
}

fn section(code: Code) -> String {
    let Page { meaning, causes, solutions, example } = code.page();
    let fence = example.language.fence();
    format!(
        "\n### `{code}`\n\n{meaning} Who has to act: {}.\n\nCauses:\n\n{}\nWhat to do:\n\n{}\n\
         Wrong:\n\n```{fence}\n{}\n```\n\nRight:\n\n```{fence}\n{}\n```\n",
        actor(code),
        listed("- ", causes),
        listed("- ", solutions),
        example.wrong,
        example.right,
    )
}

fn actor(code: Code) -> &'static str {
    code.blame().name()
}

/// Where a Markdown renderer puts the heading: letters, digits and `-` of it.
fn anchor(code: Code) -> String {
    code.as_str().replace('.', "")
}

fn listed(bullet: &str, texts: &[&str]) -> String {
    texts.iter().fold(String::new(), |mut lines, text| {
        let _ = writeln!(lines, "{bullet}{text}");
        lines
    })
}

fn indented(snippet: &str) -> String {
    listed("    ", &snippet.lines().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &Page) -> Vec<&'static str> {
        let Example { wrong, right, .. } = page.example;
        let lists = page.causes.iter().chain(page.solutions).copied();
        [page.meaning, wrong, right].into_iter().chain(lists).collect()
    }

    #[test]
    fn every_code_is_in_one_family_and_no_part_of_its_page_is_empty() {
        let listed: Vec<Code> = FAMILIES.iter().flat_map(|family| family.codes).copied().collect();
        assert_eq!(listed, Code::ALL);
        for code in Code::ALL {
            let page = code.page();
            assert!(!page.causes.is_empty() && !page.solutions.is_empty(), "{code}");
            assert!(texts(&page).iter().all(|text| text.trim().len() > 10 && *text == text.trim()), "{code}");
            assert_ne!(page.example.wrong, page.example.right, "{code}");
        }
    }

    #[test]
    fn sentences_end_and_no_two_codes_share_a_meaning() {
        let mut meanings: Vec<&str> = Vec::new();
        for code in Code::ALL {
            let page = code.page();
            let sentences = page.causes.iter().chain(page.solutions).chain([&page.meaning]);
            for sentence in sentences {
                assert!(sentence.ends_with('.'), "{code}: {sentence}");
            }
            assert!(!meanings.contains(&page.meaning), "{code}");
            meanings.push(page.meaning);
        }
    }

    #[test]
    fn json_in_examples_parses() {
        for code in Code::ALL {
            let Example { language, wrong, right } = code.page().example;
            for snippet in [wrong, right] {
                let quoted = snippet.split('\'').skip(1).step_by(2).filter(|part| part.starts_with('{'));
                let documents: Vec<&str> = match language {
                    Language::Json => vec![snippet],
                    Language::Http => snippet.split_once("\n\n").map(|(_, body)| body).into_iter().collect(),
                    Language::Shell => quoted.collect(),
                    Language::Toml | Language::Rust | Language::Wit => Vec::new(),
                };
                let is_about_syntax = *code == Code::RequestNotJson && snippet == wrong;
                for document in documents {
                    let parses = serde_json::from_str::<serde_json::Value>(document).is_ok();
                    assert_eq!(parses, !is_about_syntax, "{code}: {document}");
                }
            }
        }
    }

    #[test]
    fn pages_name_only_codes_and_commands_that_exist() {
        let verbs = "serve deploy call inspect key namespace generation plugin config explain demo";
        let is_part = |c: char| c.is_ascii_lowercase() || c == '-' || c == '.';
        for code in Code::ALL {
            for text in texts(&code.page()) {
                for (_, after) in text.match_indices("modelhost ").map(|(at, found)| text.split_at(at + found.len())) {
                    let verb = after.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or("");
                    assert!(verbs.split(' ').any(|known| known == verb), "{code}: {text}");
                }
                for word in text.split(|c| !is_part(c)).map(|word| word.trim_matches('.')) {
                    let family = word.split_once('.').map_or("", |(family, _)| family);
                    let looks_like_one = Code::ALL.iter().any(|known| known.as_str().split('.').next() == Some(family));
                    assert!(!looks_like_one || Code::parse(word).is_some(), "{code}: {word}");
                }
            }
        }
    }

    #[test]
    fn the_catalogue_has_each_code_once_as_heading_and_once_as_link() {
        let text = Page::catalogue_markdown();
        for code in Code::ALL {
            assert_eq!(text.matches(&format!("\n### `{code}`\n")).count(), 1, "{code}");
            assert_eq!(text.matches(&format!("(#{})", anchor(*code))).count(), 1, "{code}");
        }
    }

    #[test]
    fn a_terminal_shows_the_whole_page() {
        insta::assert_snapshot!(Page::to_text(Code::PlanUnknownOperation), @r#"
        plan.unknown-operation

        There is no operation of this name.
        Who has to act: caller.

        Causes
          - The operation is called by another tool's word, such as `insert`, `get`, `find` or `patch`.
          - The name is misspelt.

        What to do
          - Use `create`, `read`, `update`, `delete` or `list`.

        Wrong
            modelhost call acme customer insert '{"data": {"name": "Ada"}}'

        Right
            modelhost call acme customer create '{"data": {"name": "Ada"}}'
        "#);
    }
}
