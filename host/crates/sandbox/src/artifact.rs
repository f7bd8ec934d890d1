//! What can be said of a component before anything of it is compiled or run.
//!
//! Cheap checks first, so that a hostile artifact costs little: size, magic, kind, validity, then its imports and exports
//! by name and its types by structure. Nothing here executes guest code or trusts a name it has not compared.

use wasmparser::{Validator, WasmFeatures};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{IndexMap, InterfaceId, Resolve, WorldId, WorldItem, WorldKey};

use crate::abi::v0_1::COMPONENT_TYPE;
use crate::contract::Contract;
use crate::error::Cause;
use crate::text::printable;
use crate::{CONTRACT_VERSION, ForbiddenImport, LoadError};

/// The package of the contract.
const PACKAGE: &str = "modelhost:plugin/";

/// The WASI interfaces that a guest's standard library links and an empty implementation is given for; see
/// `imports/wasi.rs`. Any 0.2 version.
const WASI: &[&str] = &[
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
    "wasi:clocks/wall-clock",
    "wasi:clocks/monotonic-clock",
    "wasi:random/insecure-seed",
];

/// Everything that a judgement depends on besides the component, the text of the rules and the versions of the parsers
/// included: what was found by other rules counts for nothing.
pub(crate) const RULES: [&[u8]; 4] = [
    include_bytes!("../../../../Cargo.lock"),
    COMPONENT_TYPE,
    include_bytes!("artifact.rs"),
    include_bytes!("contract.rs"),
];

/// What a component imports and exports, as far as it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    /// Every interface it imports, in order of name.
    pub(crate) imports: Vec<String>,
    /// The contract's interfaces that it exports.
    pub(crate) exports: Vec<String>,
}

impl Outline {
    /// Whether the component exports that interface of the contract.
    pub(crate) fn exports(&self, interface: &str) -> bool {
        self.exports.iter().any(|name| *name == ours(interface))
    }

    /// A line for each name; none has a line break in it.
    pub(crate) fn to_text(&self) -> String {
        let imports = self.imports.iter().map(|name| format!("import {name}\n"));
        imports.chain(self.exports.iter().map(|name| format!("export {name}\n"))).collect()
    }

    /// What [`Outline::to_text`] wrote.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let mut outline = Self { imports: Vec::new(), exports: Vec::new() };
        for line in text.lines() {
            match line.split_once(' ')? {
                ("import", name) => outline.imports.push(name.to_owned()),
                ("export", name) => outline.exports.push(name.to_owned()),
                _ => return None,
            }
        }
        Some(outline)
    }
}

/// The full name of an interface of the contract.
pub(crate) fn ours(interface: &str) -> String {
    format!("{PACKAGE}{interface}@{CONTRACT_VERSION}")
}

/// Judges the bytes. Blocking: some milliseconds for a large component.
pub(crate) fn inspect(bytes: &[u8], contract: &Contract) -> Result<Outline, LoadError> {
    check_kind(bytes)?;
    check_valid(bytes)?;
    let decoded = wit_component::decode(bytes).map_err(|error| LoadError::Unusable {
        why: "its interfaces are not understood",
        source: Cause::text(format!("{error:#}")),
    })?;
    match decoded {
        DecodedWasm::Component(resolve, world) => outline(&resolve, world, contract),
        DecodedWasm::WitPackage(..) => {
            Err(LoadError::WrongWorld { exports: vec!["the text of an interface".to_owned()] })
        }
    }
}

/// Whether the first bytes are those of a component.
pub(crate) fn check_kind(bytes: &[u8]) -> Result<(), LoadError> {
    const MAGIC: &[u8] = b"\0asm";
    let short = || LoadError::Malformed {
        damage: "cut off",
        offset: bytes.len(),
        bytes: bytes.len(),
        source: Cause::text("the header has 8 bytes"),
    };
    if bytes.len() < MAGIC.len() && !bytes.is_empty() && MAGIC.starts_with(bytes) {
        return Err(short());
    }
    if !bytes.starts_with(MAGIC) {
        return Err(LoadError::NotWasm { found: looks_like(bytes) });
    }
    // Two bytes of version and two of layer: 0 for a module, 1 for a component.
    match bytes.get(4..8) {
        None => Err(short()),
        Some([_, _, 1, 0]) => Ok(()),
        Some([1, 0, 0, 0]) => Err(LoadError::CoreModule),
        Some(_) => Err(LoadError::Malformed {
            damage: "damaged",
            offset: 4,
            bytes: bytes.len(),
            source: Cause::text("neither the version of a module nor that of a component"),
        }),
    }
}

fn looks_like(bytes: &[u8]) -> &'static str {
    const SIGNS: &[(&[u8], &str)] = &[
        (b"\x7fELF", "an ELF program or library"),
        (b"MZ", "a Windows program or library"),
        (b"\xcf\xfa\xed\xfe", "a macOS program or library"),
        (b"!<arch>", "an archive of object files"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"(", "WebAssembly text"),
        (b"#!", "a script"),
    ];
    if bytes.is_empty() {
        return "an empty file";
    }
    let sign = SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign));
    match sign {
        Some((_, found)) => found,
        None if std::str::from_utf8(&bytes[..bytes.len().min(64)]).is_ok() => "text",
        None => "other bytes",
    }
}

/// The features of WebAssembly that the engine is built with. The engine checks again; here it is known what is wrong.
fn features() -> WasmFeatures {
    let mut features = WasmFeatures::WASM3 | WasmFeatures::COMPONENT_MODEL;
    for off in [
        WasmFeatures::MEMORY64,
        WasmFeatures::GC,
        WasmFeatures::EXCEPTIONS,
        WasmFeatures::LEGACY_EXCEPTIONS,
        WasmFeatures::FUNCTION_REFERENCES,
        WasmFeatures::THREADS,
        WasmFeatures::CUSTOM_PAGE_SIZES,
    ] {
        features.remove(off);
    }
    features
}

fn check_valid(bytes: &[u8]) -> Result<(), LoadError> {
    let Err(error) = Validator::new_with_features(features()).validate_all(bytes) else {
        return Ok(());
    };
    let source = Cause::text(error.message());
    // The validator has one error type; a proposal that is off says in words that it is not enabled.
    if error.message().contains("enabled") {
        return Err(LoadError::Unusable {
            why: "it uses a feature of WebAssembly that this host has switched off",
            source,
        });
    }
    let is_cut_off = error.message().contains("unexpected end");
    Err(LoadError::Malformed {
        damage: if is_cut_off { "cut off" } else { "damaged" },
        offset: error.offset(),
        bytes: bytes.len(),
        source,
    })
}

/// The component's interfaces, judged: its world first, then versions, imports and types.
fn outline(resolve: &Resolve, world: WorldId, contract: &Contract) -> Result<Outline, LoadError> {
    let world = &resolve.worlds[world];
    let names = |items: &IndexMap<WorldKey, WorldItem>| -> Vec<String> {
        items.keys().map(|key| name_of(resolve, key)).collect()
    };
    let mut outline = Outline { imports: names(&world.imports), exports: names(&world.exports) };
    outline.imports.sort();
    if !outline.exports.iter().any(|name| is_ours(name)) {
        let exports = outline.exports.into_iter().take(8);
        return Err(LoadError::WrongWorld { exports: exports.map(|name| printable(name, 100)).collect() });
    }
    outline.exports.retain(|name| is_ours(name));
    let imports = outline.imports.iter().filter(|name| is_ours(name));
    for name in outline.exports.iter().chain(imports) {
        check_version(name)?;
    }
    check_imports(&outline.imports, contract)?;
    if !outline.exports("descriptor") {
        return Err(LoadError::MissingExport {
            interface: ours("descriptor"),
            reason: "which says what models it has".to_owned(),
        });
    }
    for (name, id) in our_interfaces(resolve, &world.imports) {
        contract.check_import(&name, resolve, id)?;
    }
    for (name, id) in our_interfaces(resolve, &world.exports) {
        contract.check_export(&name, resolve, id)?;
    }
    Ok(outline)
}

fn is_ours(name: &str) -> bool {
    name.starts_with(PACKAGE)
}

fn name_of(resolve: &Resolve, key: &WorldKey) -> String {
    match key {
        WorldKey::Name(name) => name.clone(),
        WorldKey::Interface(id) => resolve.id_of(*id).unwrap_or_default(),
    }
}

fn our_interfaces<'a>(
    resolve: &'a Resolve,
    items: &'a IndexMap<WorldKey, WorldItem>,
) -> impl Iterator<Item = (String, InterfaceId)> + 'a {
    let interfaces = items.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((name_of(resolve, key), *id)),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    });
    interfaces.filter(|(name, _)| is_ours(name))
}

fn check_version(name: &str) -> Result<(), LoadError> {
    let (interface, version) = name.split_once('@').unwrap_or((name, "none"));
    if version == CONTRACT_VERSION {
        return Ok(());
    }
    Err(LoadError::WrongVersion {
        interface: printable(interface.to_owned(), 100),
        found: printable(version.to_owned(), 40),
        expected: CONTRACT_VERSION,
    })
}

fn check_imports(imports: &[String], contract: &Contract) -> Result<(), LoadError> {
    let forbidden: Vec<_> = imports
        .iter()
        .filter(|name| !is_allowed(name, contract))
        .map(|name| ForbiddenImport { name: printable(name.clone(), 100), hint: instead_of(name) })
        .collect();
    if forbidden.is_empty() {
        return Ok(());
    }
    Err(LoadError::ForbiddenImport { imports: forbidden })
}

fn is_allowed(name: &str, contract: &Contract) -> bool {
    match name.split_once('@') {
        Some((interface, version)) if interface.starts_with("wasi:") => {
            WASI.contains(&interface) && version.starts_with("0.2.")
        }
        _ => contract.has(name),
    }
}

fn instead_of(name: &str) -> &'static str {
    const HINTS: &[(&str, &str)] = &[
        ("wasi:filesystem/", "plugins have no files; keep what the code needs inside it"),
        ("wasi:sockets/", "plugins have no network"),
        ("wasi:http/", "plugins have no network"),
        ("wasi:random/", "use `modelhost:plugin/ctx`, whose `random` can be replayed"),
        ("wasi:clocks/", "use `modelhost:plugin/ctx`, whose `now-us` can be replayed"),
        ("wasi:config/", "plugins have no configuration of the host"),
        ("modelhost:plugin/", "the contract of this host has no such interface"),
    ];
    HINTS
        .iter()
        .find(|(prefix, _)| name.starts_with(prefix))
        .map_or("remove the dependency that links it", |(_, hint)| hint)
}
