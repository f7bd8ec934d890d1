//! Words in text: reminders without an issue, and paths of one machine.
//!
//! It reads text files as lines and knows nothing of code. Invariant: the words it looks for are put together here, so
//! that this file doesn't find itself.

use super::tree::{TextFile, Tree};
use super::{Check, Finding};

/// Reminders that must name their issue.
const REMINDERS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Top folders of one machine. Documentation may show the last three, where everybody's examples live.
const FOLDERS: [&str; 6] = ["work", "farm", "root", "home", "Users", "tmp"];
const FOLDERS_IN_DOCUMENTATION: &[&str] = &["work", "farm", "root"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "reminder",
        rule: "a reminder names its issue (`#123`), or it is forgotten",
        run: |tree: &Tree| tree.texts().iter().flat_map(reminders).collect(),
    },
    Check {
        id: "machine-path",
        rule: "no paths of one machine: they don't exist on another; use temporary folders and relative paths",
        run: |tree: &Tree| tree.texts().iter().flat_map(machine_paths).collect(),
    },
];

fn reminders(file: &TextFile) -> Vec<Finding> {
    // Documentation talks about reminders; code makes them.
    if !has_extension(&file.path, &["rs", "toml", "wit", "sh", "sql", "yml"]) {
        return Vec::new();
    }
    numbered(&file.text)
        .filter(|(_, line)| REMINDERS.iter().any(|word| has_word(line, word)))
        .filter(|(_, line)| !names_issue(line))
        .map(|(number, line)| Finding::new("reminder", &file.path, number, short(line)))
        .collect()
}

fn machine_paths(file: &TextFile) -> Vec<Finding> {
    if has_extension(&file.path, &["lock"]) {
        return Vec::new();
    }
    let folders = if has_extension(&file.path, &["md"]) { FOLDERS_IN_DOCUMENTATION } else { &FOLDERS };
    numbered(&file.text)
        .filter(|(_, line)| folders.iter().any(|folder| has_path(line, folder)))
        .map(|(number, line)| Finding::new("machine-path", &file.path, number, short(line)))
        .collect()
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
}

fn has_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word)
        .any(|(start, _)| !line[..start].ends_with(is_part) && !line[start + word.len()..].starts_with(is_part))
}

fn names_issue(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| rest.starts_with(|character: char| character.is_ascii_digit()))
}

/// Whether an absolute path into that top folder stands in a line: after a blank or a sign that opens a word, so that
/// URLs and relative paths don't count.
fn has_path(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    line.match_indices(&path).any(|(start, _)| {
        let opens = line[..start]
            .chars()
            .next_back()
            .is_none_or(|before| before.is_whitespace() || "\"'`(=:,[<>".contains(before));
        opens && line[start + path.len()..].starts_with(|after: char| after.is_alphanumeric() || after == '.')
    })
}

fn short(line: &str) -> String {
    line.trim().chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: usize, path: &str, text: &str) -> Vec<usize> {
        (CHECKS[check].run)(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn reminder_without_issue_is_found() {
        let word = REMINDERS[0];
        let text = format!("// {word}: later\n// {word}(#12): later\n// {word}S\nlet x = \"#a\";");
        assert_eq!(found(0, "a.toml", &text), [1]);
        assert_eq!(found(0, "a.md", &text), [0; 0]);
    }

    #[test]
    fn absolute_paths_of_a_machine_are_found() {
        let [work, _, root, home, _, tmp] = FOLDERS.map(|folder| format!("/{folder}/"));
        let text = format!("a = \"{work}main\"\nhttps://host{root}x\ncd {home}me\n../{tmp}x\nfile:{tmp}x\n");
        assert_eq!(found(1, "a.toml", &text), [1, 3, 5]);
        assert_eq!(found(1, "a.md", &text), [1]);
        assert_eq!(found(1, "Cargo.lock", &text), [0; 0]);
    }
}
