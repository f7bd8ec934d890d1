//! Components written as WebAssembly text, for what no compiler makes.
//!
//! The text is the core module; what it exports as `describe` never has to answer, because these components break before.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The memory that every component of these exports, where the test does not bring its own.
pub(crate) const MEMORY: &str = r#"(memory (export "memory") 1)"#;

/// The functions that every component of these exports.
pub(crate) const EXPORTS: &str = r#"
    (func (export "modelhost:plugin/descriptor@0.1.0#describe") (result i32) unreachable)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
"#;

/// A component whose core module has these items besides [`EXPORTS`], the memory among them.
pub(crate) fn component(items: &str) -> Vec<u8> {
    encoded(&format!("(module {items} {EXPORTS})"), "")
}

/// A component of exactly this core module, with these imports (in WIT) in its world.
pub(crate) fn encoded(module: &str, imports: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let draft = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../wit/draft");
    resolve.push_dir(draft).expect("the contract is there");
    for wasi in [WASI_IO, WASI_CLI] {
        resolve.push_str("wasi.wit", wasi).expect("well-formed");
    }
    let world = format!("package test:tiny; world tiny {{ {imports} export modelhost:plugin/descriptor@0.1.0; }}");
    let package = resolve.push_str("tiny.wit", &world).expect("well-formed");
    let world = resolve.select_world(&[package], None).expect("one world");
    let mut module = wat::parse_str(module).expect("well-formed");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("embeds");
    let encoder = ComponentEncoder::default().module(&module);
    encoder.expect("a module").encode().expect("a component")
}

/// As much of WASI as the tests call.
const WASI_IO: &str = "package wasi:io@0.2.0; interface streams { resource output-stream; }";
const WASI_CLI: &str = "package wasi:cli@0.2.0;
    interface stderr { use wasi:io/streams@0.2.0.{output-stream}; get-stderr: func() -> output-stream; erase: func(); }";
