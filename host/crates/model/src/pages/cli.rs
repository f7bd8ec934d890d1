//! Pages of `cli.*`: the command was not understood, or could not begin.
//!
//! Invariant: nothing was sent to a host.

use super::shell;
use crate::Page;

pub(crate) const TITLE: &str = "The command line";

pub(crate) const USAGE: Page = Page {
    meaning: "The command does not exist, lacks an argument, or has one that it does not take.",
    causes: &[
        "A command or a flag is misspelt.",
        "A required argument is missing.",
        "The shell split an argument: JSON needs single quotes around it.",
    ],
    solutions: &[
        "Run the command with `--help` to see what it takes.",
        "Install the shell completion, which offers what comes next.",
    ],
    example: shell("modelhost deploy crm.wasm acme", "modelhost deploy crm.wasm --namespace acme"),
};

pub(crate) const FILE_UNREADABLE: Page = Page {
    meaning: "A file that the command names can't be read.",
    causes: &[
        "The path is misspelt, or relative to another folder.",
        "It is a folder, or you may not read it.",
        "The plugin was not built yet.",
    ],
    solutions: &[
        "Give the path from the folder where you run the command.",
        "Build the plugin first: `modelhost plugin build`.",
    ],
    example: shell(
        "modelhost deploy plugins/crm --namespace acme",
        "modelhost deploy plugins/crm/crm.wasm --namespace acme",
    ),
};

pub(crate) const SERVER_UNREACHABLE: Page = Page {
    meaning: "The command could not reach the host. Most commands talk over HTTP to a host that runs.",
    causes: &[
        "No host runs: `modelhost serve` was not started, or has ended.",
        "`--server` names another address or port than the host's `http.listen`.",
        "A firewall or a proxy is in between.",
    ],
    solutions: &[
        "Start the host with `modelhost serve`, in another terminal or as a service.",
        "Give its address with `--server`; `modelhost serve` prints it when it starts.",
    ],
    example: shell(
        "modelhost inspect --server http://127.0.0.1:7071   # the host listens on 7070",
        "modelhost inspect --server http://127.0.0.1:7070",
    ),
};

pub(crate) const UNKNOWN_CODE: Page = Page {
    meaning: "There is no error code of this name.",
    causes: &[
        "The code is misspelt, or only a part of it was given.",
        "It is the code of a violation, which belongs to a plugin, or of another version of the host.",
    ],
    solutions: &[
        "Copy the code from between the brackets of the error: `error[plan.unknown-field]`.",
        "Use the code that the error suggests.",
    ],
    example: shell("modelhost explain unknown-field", "modelhost explain plan.unknown-field"),
};
