//! Pages of `config.*`: the configuration can't be used.
//!
//! Invariant: the host did not start; it never starts with a part of a configuration.

use super::toml;
use crate::Page;

pub(crate) const TITLE: &str = "Configuration";

pub(crate) const UNREADABLE: Page = Page {
    meaning: "The configuration file, or a file that it names, can't be read.",
    causes: &[
        "The file is not where the command was run.",
        "The user that runs the host may not read it.",
        "`url_file` names a file that does not exist.",
    ],
    solutions: &[
        "Run the command in the folder of `modelhost.toml`.",
        "Let the host's user read the file, and only that user when it holds a password.",
    ],
    example: toml(
        r#"[data_sources.main]
url_file = "secret/main-url" # the folder is called secrets"#,
        r#"[data_sources.main]
url_file = "secrets/main-url""#,
    ),
};

pub(crate) const SYNTAX: Page = Page {
    meaning: "The configuration file is not TOML.",
    causes: &[
        "A text without quotes, a colon instead of `=`, or a bracket that is not closed.",
        "A table or a key stands twice.",
        "The file is written as YAML or JSON.",
    ],
    solutions: &[
        "Correct the line and column that the message names.",
        "Run `modelhost config check` after each change.",
    ],
    example: toml(
        r#"[data_sources.main]
url: sqlite:data/{namespace}.db"#,
        r#"[data_sources.main]
url = "sqlite:data/{namespace}.db""#,
    ),
};

pub(crate) const UNKNOWN_KEY: Page = Page {
    meaning: "The configuration has a key that the host does not know. A key that is silently ignored is a setting that you think you have.",
    causes: &[
        "The key is misspelt, or stands in the wrong table.",
        "It comes from another tool: `connection_string`, `db_url`, `database-url`.",
    ],
    solutions: &[
        "Use the key that the error suggests; it shows the corrected line.",
        "Run `modelhost config show` to see every key with its value and where it comes from.",
    ],
    example: toml(
        r#"db_url = "postgres://modelhost@db.example.com/crm""#,
        r#"[data_sources.main]
url = "postgres://modelhost@db.example.com/crm""#,
    ),
};

pub(crate) const INVALID_VALUE: Page = Page {
    meaning: "A key of the configuration has a value that it can't have.",
    causes: &[
        "A number is written as a text, or with a unit: the unit stands in the key's name.",
        "The value is outside of what the host can enforce.",
        "A URL does not parse, or has a scheme that the host does not know.",
    ],
    solutions: &[
        "Give the key what the error says it expects.",
        "Write times in milliseconds (`_ms`) and sizes in bytes (`_bytes`), as whole numbers.",
    ],
    example: toml(
        r#"profile = "prod"

[limits]
call_time_ms_max = "100ms""#,
        r#"profile = "production"

[limits]
call_time_ms_max = 100"#,
    ),
};

pub(crate) const CONFLICT: Page = Page {
    meaning: "Two settings contradict each other, and the host does not choose between them.",
    causes: &[
        "A data source has more than one of `url`, `url_file` and `url_env`.",
        "A setting makes sense for another kind of database only.",
        "The profile forbids what another key asks for.",
    ],
    solutions: &[
        "Remove one of the two; the error names both, and where each comes from.",
        "Run `modelhost config show` to see what the file, the environment and the flags give.",
    ],
    example: toml(
        r#"[data_sources.main]
url = "sqlite:data/{namespace}.db"
url_env = "MAIN_URL""#,
        r#"[data_sources.main]
url_env = "MAIN_URL""#,
    ),
};

pub(crate) const MISSING: Page = Page {
    meaning: "The configuration lacks something that the host does not guess: there is no default database and no default place for its state.",
    causes: &[
        "`state_dir` is missing.",
        "A data source has neither `url`, `url_file` nor `url_env`.",
        "`url_env` names a variable that is not set where the host was started.",
    ],
    solutions: &[
        "Add what the error names; the lines below are a whole configuration.",
        "Set the variable for the process of the host, not only in your own shell.",
        "Run `modelhost demo` to look around without a configuration.",
    ],
    example: toml(
        r#"[data_sources.main]
connections_max = 10"#,
        r#"state_dir = "state"

[data_sources.main]
url = "sqlite:data/{namespace}.db""#,
    ),
};
