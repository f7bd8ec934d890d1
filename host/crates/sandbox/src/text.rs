//! Texts that come from a guest, made fit for logs, terminals and answers.
//!
//! Bounded in bytes and without characters that act instead of being shown: control characters and the ones that reverse
//! the direction of what follows. Nothing else is changed: a name in any script stays as it was written.

use std::fmt::Write as _;

/// The text with acting characters escaped, at most `bytes_max` bytes of it; `...` says that something was cut.
pub(crate) fn printable(text: String, bytes_max: usize) -> String {
    if text.len() <= bytes_max && !text.chars().any(acts) {
        return text;
    }
    let mut shown = String::with_capacity(text.len().min(bytes_max));
    for c in text.chars() {
        let start = shown.len();
        if acts(c) {
            write!(shown, "{}", c.escape_default()).expect("a String takes every write");
        } else {
            shown.push(c);
        }
        if shown.len() > bytes_max {
            shown.truncate(start);
            return cut(shown, bytes_max);
        }
    }
    shown
}

fn cut(mut shown: String, bytes_max: usize) -> String {
    const ELLIPSIS: &str = "...";
    if bytes_max >= ELLIPSIS.len() {
        while shown.len() + ELLIPSIS.len() > bytes_max && shown.pop().is_some() {}
        shown.push_str(ELLIPSIS);
    }
    shown
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_acts_and_keeps_what_is_shown() {
        let shown = |text: &str| printable(text.to_owned(), 100);
        assert_eq!(shown("Zoë 木"), "Zoë 木");
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(shown("a\u{202e}b"), "a\\u{202e}b");
    }

    #[test]
    fn cuts_at_a_character() {
        assert_eq!(printable("x".repeat(11), 10), "xxxxxxx...");
        assert_eq!(printable("é".repeat(6), 10), "ééé...");
        assert_eq!(printable("\u{1b}".repeat(6), 10), "\\u{1b}...");
        assert_eq!(printable("abc".to_owned(), 2), "ab");
        assert_eq!(printable("abc".to_owned(), 0), "");
    }
}
