//! Pages of `guest.*`: the plugin broke while it judged a record.
//!
//! A plugin that refuses is not broken: see `record`. Invariant: nothing was written, and no other namespace was touched.

use super::rust;
use crate::Page;

pub(crate) const TITLE: &str = "Plugins that break";

pub(crate) const TRAP: Page = Page {
    meaning: "The plugin's code stopped in a hook: a panic, an invalid instruction or an exit. Nothing was written.",
    causes: &[
        "The hook panics: `unwrap` of nothing, an index out of bounds, a division by zero, an overflow.",
        "The hook calls `std::process::exit` or `abort`.",
        "`normalize` changes the key or a field that the host manages.",
    ],
    solutions: &[
        "As the operator, find the panic message and the function in the host's log; `modelhost inspect` shows the last fault.",
        "As the author, refuse bad input by a violation instead of panicking, and test the record with the test kit.",
        "Until then, deploy the version before.",
    ],
    example: rust(
        r#"fn validate(&self, check: &mut Check<Self>) {
    if !self.email.as_ref().unwrap().contains('@') {
        check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");
    }
}"#,
        r#"fn validate(&self, check: &mut Check<Self>) {
    if self.email.as_ref().is_some_and(|email| !email.contains('@')) {
        check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");
    }
}"#,
    ),
};

pub(crate) const TIME_LIMIT: Page = Page {
    meaning: "The plugin ran longer than `limits.call_time_ms_max` in one operation and was stopped. Nothing was written.",
    causes: &[
        "A loop that does not end for this record.",
        "Work that grows faster than the record, such as comparing every pair of items.",
        "The machine is overloaded: the limit is on the time that passes, not on the processor's.",
    ],
    solutions: &[
        "As the author, test the record that was sent with the test kit, and bound every loop.",
        "As the operator, raise `call_time_ms_max` in `[limits]` if the work is honest.",
    ],
    example: rust(
        r#"fn normalize(&mut self) {
    // Two spaces stay two: the loop never ends.
    while self.name.contains("  ") {
        self.name = self.name.replace("   ", " ");
    }
}"#,
        r#"fn normalize(&mut self) {
    while self.name.contains("  ") {
        self.name = self.name.replace("  ", " ");
    }
}"#,
    ),
};

pub(crate) const MEMORY_LIMIT: Page = Page {
    meaning: "The plugin wanted more memory than `limits.memory_bytes_max` and was stopped. Nothing was written.",
    causes: &[
        "The size of something is taken from the record without a bound.",
        "A library brings tables that are larger than the limit.",
        "The record itself is large, and the hook copies it several times.",
    ],
    solutions: &[
        "As the author, bound sizes by a declared rule (`max`, `length_max`) and keep less at once.",
        "As the operator, raise `memory_bytes_max` in `[limits]`.",
    ],
    example: rust(
        r#"fn validate(&self, check: &mut Check<Self>) {
    let stamps = "*".repeat(self.loyalty_points as usize);
    if stamps.len() < 1_000 && self.vip {
        check.refuse(Self::LOYALTY_POINTS, "points.vip", "a vip has at least 1000 points");
    }
}"#,
        r#"fn validate(&self, check: &mut Check<Self>) {
    if self.loyalty_points < 1_000 && self.vip {
        check.refuse(Self::LOYALTY_POINTS, "points.vip", "a vip has at least 1000 points");
    }
}"#,
    ),
};

pub(crate) const STACK_LIMIT: Page = Page {
    meaning: "The plugin recursed deeper than its stack allows and was stopped. Nothing was written.",
    causes: &[
        "A recursion without an end.",
        "A recursion that is as deep as the caller's data, such as a nested json field.",
        "Very large values on the stack.",
    ],
    solutions: &[
        "As the author, replace the recursion by a loop with a list of what is still to be visited.",
        "Refuse data that is nested deeper than the rules need.",
    ],
    example: rust(
        r#"fn depth(node: &Node) -> usize {
    1 + node.children.iter().map(depth).max().unwrap_or(0)
}"#,
        r#"fn depth(root: &Node) -> usize {
    let (mut deepest, mut open) = (0, vec![(root, 1)]);
    while let Some((node, depth)) = open.pop() {
        deepest = deepest.max(depth);
        open.extend(node.children.iter().map(|child| (child, depth + 1)));
    }
    deepest
}"#,
    ),
};

pub(crate) const OUTPUT_LIMIT: Page = Page {
    meaning: "The plugin handed more to the host than one operation may: bytes (`limits.output_bytes_max`), violations, host calls or handles. Nothing was written.",
    causes: &[
        "One violation for each character or item, instead of one for the field.",
        "`normalize` makes a text much longer than it was sent.",
        "A loop that logs, or asks for the time, very many times.",
    ],
    solutions: &[
        "As the author, report each field once, with the first thing that is wrong.",
        "As the operator, raise `output_bytes_max` in `[limits]` if the error names it.",
    ],
    example: rust(
        r#"for character in self.name.chars().filter(|c| c.is_control()) {
    let message = format!("{character:?} is a control character");
    check.refuse(Self::NAME, "name.control", message);
}"#,
        r#"if let Some(character) = self.name.chars().find(|c| c.is_control()) {
    let message = format!("{character:?} is a control character");
    check.refuse(Self::NAME, "name.control", message);
}"#,
    ),
};

pub(crate) const BAD_OUTPUT: Page = Page {
    meaning: "The plugin gave an answer that the contract does not allow, so none of it was used. Nothing was written.",
    causes: &[
        "A violation code that is not of the form `[a-z][a-z0-9.-]*`, at most 64 bytes.",
        "Bindings written by hand that name a record or a field that does not exist, or write the key or a managed field.",
        "A value of another type than its field, a float that is not finite, or text that is not UTF-8.",
    ],
    solutions: &[
        "As the author, correct what the error names.",
        "Build the plugin with `modelhost-guest`, which knows the positions and the types.",
    ],
    example: rust(
        r#"check.refuse(Self::EMAIL, "E-Mail Invalid", "this is not an e-mail address");"#,
        r#"check.refuse(Self::EMAIL, "email.invalid", "this is not an e-mail address");"#,
    ),
};
