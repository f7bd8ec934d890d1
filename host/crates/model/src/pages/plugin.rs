//! Pages of `plugin.*`: a plugin can't be built, or is not loaded.
//!
//! What a loaded plugin does wrong is in `guest`. Invariant: whatever the namespace served before, it still serves.

use super::{rust, shell, toml, wit};
use crate::Page;

pub(crate) const TITLE: &str = "Plugins that do not load or build";

pub(crate) const NOT_WASM: Page = Page {
    meaning: "The file is not WebAssembly.",
    causes: &[
        "Another file was given: an archive, a library of the machine, a text.",
        "A download answered with an error page, which was saved under the plugin's name.",
    ],
    solutions: &[
        "Give the `.wasm` file that `modelhost plugin build` wrote.",
        "Run `modelhost plugin check FILE.wasm` before you deploy.",
    ],
    example: shell("modelhost deploy crm.tar.gz --namespace acme", "modelhost deploy crm.wasm --namespace acme"),
};

pub(crate) const MALFORMED: Page = Page {
    meaning: "The file is a WebAssembly component that is cut off or damaged.",
    causes: &[
        "A copy or a download ended early.",
        "The file was copied in text mode, or while the compiler still wrote it.",
        "A tool that changed the component wrote something invalid.",
    ],
    solutions: &[
        "Copy the file again and compare its size, or build it again.",
        "Run `modelhost plugin check FILE.wasm` on both sides of the copy.",
    ],
    example: shell(
        "head -c 20000 crm.wasm > part.wasm && modelhost deploy part.wasm --namespace acme",
        "modelhost plugin check crm.wasm && modelhost deploy crm.wasm --namespace acme",
    ),
};

pub(crate) const CORE_MODULE: Page = Page {
    meaning: "The file is a core WebAssembly module. Plugins are components, which say what they import and export in types.",
    causes: &[
        "It was built for `wasm32-unknown-unknown` or `wasm32-wasip1`.",
        "The language's compiler makes modules only.",
    ],
    solutions: &[
        "Build with `modelhost plugin build`, or for the target `wasm32-wasip2`.",
        "Turn the module into a component with `wasm-tools component new`.",
    ],
    example: shell("cargo build --release --target wasm32-unknown-unknown", "modelhost plugin build"),
};

pub(crate) const TOO_LARGE: Page = Page {
    meaning: "The component has more bytes than the host compiles. The limit is checked before anything reads the file.",
    causes: &[
        "It was built without optimisation, or holds debug information.",
        "It holds data, such as a table of all postal codes, or an interpreter.",
    ],
    solutions: &[
        "Build with `modelhost plugin build`, which optimises.",
        "Write the profile below into the plugin's `Cargo.toml`.",
        "Leave large data out of the plugin.",
    ],
    example: toml(
        r#"[profile.release]
debug = true"#,
        r#"[profile.release]
lto = true
strip = true"#,
    ),
};

pub(crate) const COMPILE_LIMIT: Page = Page {
    meaning: "Compiling the component took more memory or processor time than the host gives to it. The compiler runs in a process of its own, which the system ended; nothing else noticed.",
    causes: &[
        "One function is very large: generated code, or data that was written as code.",
        "The plugin holds an interpreter, which takes some twenty seconds.",
    ],
    solutions: &[
        "Divide what is generated into many functions; write tables as data.",
        "Ask the operator to raise the limit that the error names.",
    ],
    example: toml(
        r#"[limits]
compile_cpu_seconds_max = 1"#,
        r#"[limits]
compile_cpu_seconds_max = 60"#,
    ),
};

pub(crate) const WRONG_WORLD: Page = Page {
    meaning: "The file is a component, but not one of a model plugin: it does not export `modelhost:plugin`.",
    causes: &["It is a program or a component for another host.", "The plugin's code does not call `export_plugin!`."],
    solutions: &[
        "End the plugin with `export_plugin!` and the names of its models.",
        "Begin with `modelhost plugin new NAME`, which writes a plugin that loads.",
    ],
    example: rust(
        r#"fn main() {
    println!("hello");
}"#,
        "export_plugin!(Customer);",
    ),
};

pub(crate) const WRONG_VERSION: Page = Page {
    meaning: "The plugin was built for another version of the contract than this host speaks.",
    causes: &[
        "The plugin is older or newer than the host.",
        "It was built with an SDK that was not written by this host's `modelhost plugin new`.",
    ],
    solutions: &[
        "Build the plugin again with the SDK and the contract of this host.",
        "Deploy it to a host that speaks its version.",
    ],
    example: wit("package modelhost:plugin@0.9.0;", "package modelhost:plugin@0.1.0;"),
};

pub(crate) const CHANGED_TYPE: Page = Page {
    meaning: "The plugin was built for the right version of the contract, but a type or a function of it differs from this host's text.",
    causes: &[
        "The plugin's copy of the contract was edited.",
        "The contract is a draft, and the copy is of another day than the host.",
    ],
    solutions: &[
        "Run `modelhost plugin new NAME` in an empty folder, take the contract from there, and build again.",
        "Do not edit the contract: another text is another contract.",
    ],
    example: wit(
        r#"enum severity {
    error,
    warning,
    notice,
}"#,
        r#"enum severity {
    error,
    warning,
}"#,
    ),
};

pub(crate) const MISSING_EXPORT: Page = Page {
    meaning: "The plugin does not export an interface that it needs: `descriptor` always, and the interface of each hook that one of its models declares.",
    causes: &[
        "Bindings written by hand leave an interface out of the world.",
        "A model declares a hook that the component does not bring.",
    ],
    solutions: &[
        "Export with `export_plugin!`, which exports every interface.",
        "Add the interface to the world, or stop declaring the hook.",
    ],
    example: wit(
        r#"world my-plugin {
    export modelhost:plugin/descriptor@0.1.0;
}"#,
        r#"world my-plugin {
    export modelhost:plugin/descriptor@0.1.0;
    export modelhost:plugin/validate@0.1.0;
}"#,
    ),
};

pub(crate) const FORBIDDEN_IMPORT: Page = Page {
    meaning: "The plugin imports something that plugins do not get. They get a log, the time and randomness of the operation, and what the standard library needs to start; no files, no network, no environment.",
    causes: &[
        "The plugin, or a library in it, opens files or connections.",
        "A library brings a feature that does, though the plugin never uses it.",
    ],
    solutions: &[
        "Put data into the plugin at build time with `include_str!`.",
        "Switch the library's features off (`default-features = false`), or choose another.",
        "Run `modelhost plugin check FILE.wasm` to see every import.",
    ],
    example: rust(
        r#"let countries = std::fs::read_to_string("countries.txt").unwrap_or_default();"#,
        r#"let countries = include_str!("countries.txt");"#,
    ),
};

pub(crate) const BAD_DESCRIBE: Page = Page {
    meaning: "The plugin did not say which models it has: its `describe` answered with an error, broke, or ran into a limit.",
    causes: &[
        "`describe` was written by hand and answers `Err`.",
        "It panics, does not end, or needs more memory than it gets.",
        "It expects something that is not there at activation, such as a setting.",
    ],
    solutions: &[
        "Let `export_plugin!` write `describe`.",
        "Otherwise correct what the error names; no hook is needed for an answer.",
    ],
    example: rust(
        r#"fn describe() -> Result<wire::Manifest, String> {
    Err("no settings".to_owned())
}"#,
        r#"fn describe() -> Result<wire::Manifest, String> {
    Ok(PLUGIN.describe())
}"#,
    ),
};

pub(crate) const DESCRIBE_DIFFERS: Page = Page {
    meaning: "The plugin described itself twice and gave two answers. The host asks twice, with another time and other random numbers, because a schema must not depend on chance.",
    causes: &["`describe` uses the time or random numbers.", "It walks a hash map, whose order changes."],
    solutions: &["Let `describe` give a constant; `export_plugin!` does.", "Sort what comes from a hash map."],
    example: rust(
        r#"fn describe() -> Result<wire::Manifest, String> {
    let version = format!("1.0.{}", ctx::random());
    Ok(wire::Manifest { version, ..PLUGIN.describe() })
}"#,
        r#"fn describe() -> Result<wire::Manifest, String> {
    Ok(PLUGIN.describe())
}"#,
    ),
};

pub(crate) const BAD_HOOK: Page = Page {
    meaning: "Before a plugin serves, the host calls each of its hooks once without records. One of them broke, or answered for a record that it did not get. What served before goes on serving.",
    causes: &[
        "A hook was written by hand and reads its first record without asking whether there is one.",
        "It panics, does not end, or needs more memory than it gets before it looks at any record.",
        "It answers with a position that is no record's.",
    ],
    solutions: &[
        "Let `export_plugin!` write `validate` and `normalize`.",
        "Otherwise answer an empty list where there are no records.",
    ],
    example: rust(
        r#"fn validate(_: wire::Call, after: wire::Batch, _: Option<wire::Batch>) -> Vec<wire::Violation> {
    judge(after.records().next().unwrap())
}"#,
        r#"fn validate(_: wire::Call, after: wire::Batch, _: Option<wire::Batch>) -> Vec<wire::Violation> {
    after.records().flat_map(judge).collect()
}"#,
    ),
};

pub(crate) const INVALID_MODEL: Page = Page {
    meaning: "The plugin describes models that the host can't serve. The error lists every problem with its place.",
    causes: &[
        "A name is empty, too long, has other characters than `a-z0-9_`, or is reserved by SQL.",
        "Two names are equal, differ only in case, or look alike.",
        "A default or a rule does not fit its field, a pattern does not parse, or the key or a unique set names no field.",
    ],
    solutions: &[
        "Correct every problem that is listed, then run `modelhost plugin check FILE.wasm`.",
        "To keep the name of a column, give it with `column`, and the field another name.",
    ],
    example: rust(
        r#"#[field(length_max = 10, pattern = "(")]
pub select: String,"#,
        r#"#[field(length_max = 10, pattern = "^[a-z]+$")]
pub selection: String,"#,
    ),
};

pub(crate) const NOT_GRANTED: Page = Page {
    meaning: "The plugin asks for a grant that the namespace does not have.",
    causes: &[
        "The plugin lists the grant in `wants`, and nobody gave it to the namespace.",
        "The grant is misspelt, or one that this host does not have.",
    ],
    solutions: &[
        "Remove the grant from `wants` if the plugin works without it.",
        "Read what every plugin gets without a grant: a log, and the time and randomness of the call.",
    ],
    example: rust(r#"export_plugin!(wants: ["network"], Customer);"#, "export_plugin!(Customer);"),
};

pub(crate) const BUILD_FAILED: Page = Page {
    meaning: "`modelhost plugin build` ran the compiler, and the compiler refused. What it said stands above the error.",
    causes: &[
        "The plugin's code has an error.",
        "The command was run outside of a plugin's folder.",
        "A dependency does not compile to WebAssembly, or could not be fetched.",
    ],
    solutions: &[
        "Correct what the compiler says; `cargo test` tells the same faster, and runs the plugin's own tests.",
        "Change into the folder that holds the plugin's `Cargo.toml`.",
    ],
    example: shell("modelhost plugin build", "cargo test && modelhost plugin build"),
};

pub(crate) const NO_TARGET: Page = Page {
    meaning: "The Rust toolchain can't compile to WebAssembly components: the target `wasm32-wasip2` is not installed.",
    causes: &[
        "Rust was installed without the target, and it could not be added automatically (no rustup, no network).",
        "The folder uses another toolchain than the one that has the target.",
    ],
    solutions: &[
        "Run `rustup target add wasm32-wasip2` in the plugin's folder.",
        "Without rustup, install the package of your system that holds Rust's `wasm32-wasip2`.",
    ],
    example: shell("modelhost plugin build", "rustup target add wasm32-wasip2 && modelhost plugin build"),
};

pub(crate) const FOLDER_EXISTS: Page = Page {
    meaning: "`modelhost plugin new` would write into a folder that is there already. It changes nothing that exists.",
    causes: &["The plugin was made before.", "Something else has the same name in this folder."],
    solutions: &["Choose another name.", "Change into another folder, or move the old one away."],
    example: shell(
        "modelhost plugin new crm && modelhost plugin new crm",
        "modelhost plugin new crm && modelhost plugin new billing",
    ),
};
