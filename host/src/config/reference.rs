//! The reference of the configuration, as Markdown, from the table of keys and the profiles.
//!
//! Everything in it is generated: a key that exists is in it, and nothing else.

use std::fmt::Write;

use super::keys::{KEYS, SECTIONS, variable};
use super::profile::Profile;

/// The section of `docs/configuration.md` that is generated.
pub(crate) fn reference_markdown() -> String {
    let mut out = String::new();
    for (section, doc) in SECTIONS {
        let title = match *section {
            "" => "Top level".to_owned(),
            section => format!("`[{}]`", section.replace('*', "NAME")),
        };
        push(&mut out, format_args!("## {title}\n\n{doc}\n\n"));
        push(&mut out, format_args!("| key | value | default | meaning |\n|---|---|---|---|\n"));
        for key in KEYS.iter().filter(|key| key.section() == *section) {
            let default = match key.default {
                Some("") => "`[]`".to_owned(),
                Some(default) => format!("`{default}`"),
                None => "none".to_owned(),
            };
            let also = key.flag.map_or_else(String::new, |flag| format!(", `{flag}`"));
            let variable = variable(&key.path_in("NAME"));
            push(
                &mut out,
                format_args!(
                    "| `{}` | {} | {default} | {} `{variable}`{also}. |\n",
                    key.name(),
                    key.kind_words(),
                    key.doc
                ),
            );
        }
        out.push('\n');
    }
    for profile in Profile::ALL {
        push_profile(&mut out, *profile);
    }
    out
}

fn push_profile(out: &mut String, profile: Profile) {
    push(out, format_args!("## Profile `{}`\n\n", profile.name()));
    push(out, format_args!("| key | preset | why |\n|---|---|---|\n"));
    for preset in profile.settings() {
        push(out, format_args!("| `{}` | `{}` | {} |\n", preset.key.replace('*', "NAME"), preset.value, preset.reason));
    }
    out.push('\n');
    if profile.checks().is_empty() {
        return;
    }
    push(out, format_args!("It refuses:\n\n"));
    for check in profile.checks() {
        push(out, format_args!("- {}: {}\n", check.refused, check.reason));
    }
    out.push('\n');
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes every text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_key_with_its_variable() {
        let text = reference_markdown();
        for key in KEYS {
            assert!(text.contains(&variable(&key.path_in("NAME"))), "{}", key.path);
        }
    }
}
