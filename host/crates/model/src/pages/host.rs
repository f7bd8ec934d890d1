//! Pages of `host.*`: the host itself can't work.
//!
//! Invariant: whoever operates the host has to act; no caller and no plugin can.

use super::{shell, toml};
use crate::Page;

pub(crate) const TITLE: &str = "The host";

pub(crate) const PORT_IN_USE: Page = Page {
    meaning: "The host can't listen at `http.listen`: the address is taken, or is not this machine's.",
    causes: &[
        "Another host, or another program, listens at the same port.",
        "A host that was just stopped has not ended yet.",
    ],
    solutions: &[
        "Stop the other program (`ss -ltnp` shows it), or choose another port.",
        "Use an address of this machine: `127.0.0.1` for itself only, `0.0.0.0` for all.",
    ],
    example: toml(
        r#"[http]
listen = "127.0.0.1:5432" # PostgreSQL listens there"#,
        r#"[http]
listen = "127.0.0.1:7070""#,
    ),
};

pub(crate) const OVERLOADED: Page = Page {
    meaning: "More operations run guest code at once than the sandbox has instances for. Nothing was written.",
    causes: &["A burst of requests.", "A plugin whose hooks take long, so that its operations pile up."],
    solutions: &[
        "Send the request again after a moment: the answer has `retry-after`.",
        "Look with `modelhost inspect` for the namespace whose plugin is slow or at fault.",
    ],
    example: shell(
        "seq 10000 | xargs -P 10000 -I{} modelhost call acme customer list",
        "seq 10000 | xargs -P 64 -I{} modelhost call acme customer list",
    ),
};

pub(crate) const STATE_LOCKED: Page = Page {
    meaning: "Another host uses this `state_dir`. Two hosts can't share one.",
    causes: &["`modelhost serve` runs already, perhaps as a service.", "Two configurations name the same folder."],
    solutions: &[
        "Talk to the host that runs: every command but `serve`, `demo` and `plugin` goes to it.",
        "Stop it first, or give this one a `state_dir` of its own.",
    ],
    example: shell("modelhost serve & modelhost serve", "modelhost serve & modelhost inspect"),
};

pub(crate) const STATE_UNUSABLE: Page = Page {
    meaning: "The host can't read or write its `state_dir`, or what is in it was changed.",
    causes: &[
        "The user that runs the host may not write there, or the disk is full or read-only.",
        "A plugin's file has other bytes than those that were deployed.",
        "The control database `control.db` is damaged.",
    ],
    solutions: &[
        "Give the folder to the user that runs the host, and make room on the disk.",
        "Restore the folder from a backup, as a whole.",
        "If a plugin's file was changed, deploy the plugin again.",
    ],
    example: toml(
        r#"state_dir = "/usr/modelhost" # the host does not run as root"#,
        r#"state_dir = "/var/lib/modelhost""#,
    ),
};

pub(crate) const BUG: Page = Page {
    meaning: "The host failed in a way that no caller and no plugin is to blame for.",
    causes: &[
        "A defect of the host.",
        "The machine gives the host too little: memory maps (`vm.max_map_count`), address space or threads.",
        "More plugin calls ran at once than the host has room for.",
    ],
    solutions: &[
        "Send the request once more: another one does not depend on it.",
        "As the operator, look into the host's log for the same moment, and report it with the request and the version.",
    ],
    example: shell(r#"ulimit -v 1000000 && modelhost serve"#, r#"ulimit -v unlimited && modelhost serve"#),
};
