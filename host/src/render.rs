//! Errors as text for a terminal, and the only places that print.
//!
//! There is one renderer for errors of this process and of a server: both are the JSON of [`crate::http::problem_json`].

use std::io::Write;

use serde_json::Value;

/// Prints a report to standard output. A reader that went away is not an error.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
}

/// Prints progress or an error to standard error.
pub(crate) fn eprint(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// `error[code]: message`, facts, causes, what to do.
pub(crate) fn error_text(body: &Value) -> String {
    let error = &body["error"];
    let mut text = format!("error[{}]: {}\n", field(error, "code"), field(error, "message"));
    let parts = list(error, "problems");
    match parts.is_empty() {
        true => write_details(error, "", &mut text),
        false => {
            for part in parts {
                text.push_str(&format!("\n  [{}] {}\n", field(part, "code"), field(part, "message")));
                write_details(part, "  ", &mut text);
            }
        }
    }
    let violations = list(error, "violations");
    let is_of_many = violations.iter().any(|violation| violation["index"] != 0);
    for violation in violations {
        let name = violation["field"].as_str().unwrap_or("record");
        let place = if is_of_many { format!("record {}, ", violation["index"]) } else { String::new() };
        let is_warning = violation["severity"] == "warning";
        let kind = if is_warning { "warning " } else { "" };
        text.push_str(&format!(
            "  - {kind}{place}{name}: {} [{}]\n",
            field(violation, "message"),
            field(violation, "code")
        ));
    }
    text.push_str(&format!("\nmore: {}\n", field(error, "docs")));
    text
}

fn write_details(error: &Value, indent: &str, text: &mut String) {
    for (name, value) in error["context"].as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match value.contains('\n') {
            true => text.push_str(&format!("{indent}  {name}:\n{}\n", indented(&value, &format!("{indent}    ")))),
            false => text.push_str(&format!("{indent}  {name}: {value}\n")),
        }
    }
    for cause in list(error, "cause") {
        text.push_str(&format!("{indent}  cause: {}\n", cause.as_str().unwrap_or_default()));
    }
    for solution in list(error, "solutions") {
        text.push_str(&format!("{indent}  hint: {}\n", solution.as_str().unwrap_or_default()));
    }
    if let Some(example) = error["example"].as_str() {
        match example.contains('\n') {
            true => text.push_str(&format!("{indent}  example:\n{}\n", indented(example, &format!("{indent}    ")))),
            false => text.push_str(&format!("{indent}  example: {example}\n")),
        }
    }
}

/// Each line with the indent before it.
pub(crate) fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

fn field<'a>(error: &'a Value, name: &str) -> &'a str {
    error[name].as_str().unwrap_or_default()
}

fn list<'a>(error: &'a Value, name: &str) -> &'a [Value] {
    error[name].as_array().map_or(&[], Vec::as_slice)
}
