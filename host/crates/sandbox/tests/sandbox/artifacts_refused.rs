//! What is refused before anything of it runs, each with its code.

use sandbox::{Limits, LoadError};

use crate::support::{PATIENT, load, loaded, refused, sandbox_with, told};
use crate::tiny;

#[tokio::test]
async fn what_is_not_wasm_is_told_by_what_it_is() {
    let mut text = String::new();
    for bytes in [&b""[..], b"\x7fELF\x02\x01", b"(component)", b"hello", b"PK\x03\x04", b"\xff\xfe"] {
        let error = load(bytes).await.unwrap_err();
        assert!(matches!(error, LoadError::NotWasm { .. }));
        text += &format!("{error}\n");
    }
    insta::assert_snapshot!(text, @r"
    this is not a WebAssembly component but an empty file
    this is not a WebAssembly component but an ELF program or library
    this is not a WebAssembly component but WebAssembly text
    this is not a WebAssembly component but text
    this is not a WebAssembly component but a zip archive
    this is not a WebAssembly component but other bytes
    ");
    insta::assert_snapshot!(refused(b"hello").await, @r"
    plugin.not-wasm: this is not a WebAssembly component but text
      -> give the `.wasm` file that `modelhost plugin build` wrote
    ");
}

#[tokio::test]
async fn a_core_module_is_not_a_component() {
    let module = wat::parse_str("(module)").unwrap();
    insta::assert_snapshot!(refused(&module).await, @r"
    plugin.core-module: this is a core WebAssembly module, plugins are components
      -> build for the target `wasm32-wasip2` (`modelhost plugin build` does): it makes components
      -> turn the module into a component with `wasm-tools component new`
    ");
}

#[tokio::test]
async fn a_component_cut_off_anywhere_is_refused() {
    let whole = artifacts::CRM;
    insta::assert_snapshot!(refused(&whole[..3]).await, @r"
    plugin.malformed: the component is cut off at byte 3 of 3
      because the header has 8 bytes
      -> build the plugin again, or copy the file again: it is not as it was built
    ");
    let half = refused(&whole[..whole.len() / 2]).await;
    insta::with_settings!({filters => vec![(r"byte \d+ of \d+", "byte N of N")]}, {
        insta::assert_snapshot!(half, @r"
        plugin.malformed: the component is cut off at byte N of N
          because unexpected end-of-file
          -> build the plugin again, or copy the file again: it is not as it was built
        ");
    });
    // Every length of the first bytes, where most sections begin and end, then steps.
    let lengths = (1..200).chain((200..whole.len()).step_by(whole.len() / 50));
    for length in lengths {
        let error = load(&whole[..length]).await.expect_err("is refused");
        let malformed = matches!(error, LoadError::Malformed { .. });
        let wrong = matches!(error, LoadError::WrongWorld { .. } | LoadError::MissingExport { .. });
        assert!(malformed || wrong, "{length}: {error}");
    }
}

#[tokio::test]
async fn a_damaged_component_never_takes_the_host_with_it() {
    let sandbox = sandbox_with(PATIENT);
    let whole = artifacts::LOOPS_VALIDATE;
    for at in (8..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0x5a;
        // It may even be a good plugin still (a byte of a name, of a constant); what counts is that there is an answer.
        let _ = sandbox.load(bytes.into(), &[]).await;
    }
    let good = sandbox.load(whole.into(), &[]).await;
    assert!(good.is_ok());
}

#[tokio::test]
async fn types_nested_thousands_deep_end_in_an_answer() {
    for depth in [100, 10_000] {
        let mut text = "(component (type $t0 (list u8))".to_owned();
        for level in 1..depth {
            text += &format!("(type $t{level} (list $t{}))", level - 1);
        }
        text += &format!(r#"(import "f" (func (param "p" $t{}))))"#, depth - 1);
        let error = load(&wat::parse_str(text).unwrap()).await.unwrap_err();
        assert!(matches!(error, LoadError::Malformed { .. }), "{error}");
    }
}

#[tokio::test]
async fn components_nested_thousands_deep_end_in_an_answer() {
    const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
    for depth in [10, 1_000, 10_000] {
        let mut nested = HEADER.to_vec();
        for _ in 0..depth {
            // Section 4 holds a component; its size in LEB128, padded to 5 bytes.
            let mut outer = [HEADER, &[4]].concat();
            let bytes = nested.len();
            outer.extend((0..5).map(|at| (bytes >> (7 * at)) as u8 & 0x7f | u8::from(at < 4) << 7));
            outer.append(&mut nested);
            nested = outer;
        }
        assert!(load(&nested).await.is_err());
    }
}

#[tokio::test]
async fn a_feature_that_is_off_is_not_called_damage() {
    let with_memory64 = tiny::component(r#"(memory (export "memory") i64 1)"#);
    insta::assert_snapshot!(refused(&with_memory64).await, @r"
    plugin.malformed: the component cannot run here: it uses a feature of WebAssembly that this host has switched off
      because memory64 must be enabled for 64-bit memories
      -> build the plugin with `modelhost plugin build`, without further features of WebAssembly
    ");
    let with_threads = tiny::component(r#"(memory (export "memory") 1 2 shared)"#);
    assert!(load(&with_threads).await.is_err());
}

#[tokio::test]
async fn a_component_over_the_limit_is_not_even_read() {
    let bytes = vec![0; Limits::standard().component_bytes_max + 1];
    insta::assert_snapshot!(refused(&bytes).await, @r"
    plugin.too-large: the component has 8388609 bytes, at most 8388608 are allowed
      -> build with `lto = true` and `strip = true`
      -> an operator can raise `component_bytes_max`
    ");
}

#[tokio::test]
async fn a_component_of_another_world_is_told_what_it_exports() {
    insta::assert_snapshot!(refused(artifacts::ANOTHER_WORLD).await, @r"
    plugin.wrong-world: the component is not a model plugin: it exports `acme:greeter/greet@1.0.0`
      -> implement the world `validator` of `modelhost:plugin@0.1.0`; `modelhost plugin new` writes one
    ");
    let empty = wat::parse_str("(component)").unwrap();
    insta::assert_snapshot!(load(&empty).await.unwrap_err().to_string(), @"the component is not a model plugin: it exports nothing");
}

#[tokio::test]
async fn another_version_is_told_both_versions() {
    insta::assert_snapshot!(refused(artifacts::ANOTHER_VERSION).await, @r"
    plugin.wrong-version: the plugin was built for version 0.9.0 of the contract, this host speaks 0.1.0 (`modelhost:plugin/descriptor`)
      found: 0.9.0
      expected: 0.1.0
      -> build the plugin against `modelhost:plugin@0.1.0`
      -> deploy it to a host that speaks 0.9.0
    ");
}

#[tokio::test]
async fn a_changed_type_is_named() {
    insta::assert_snapshot!(refused(artifacts::CHANGED_TYPE).await, @r"
    plugin.changed-type: `the result of describe.ok` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected record manifest, found string
      interface: modelhost:plugin/descriptor@0.1.0
      item: the result of describe.ok
      -> build the plugin against this host's contract: `modelhost plugin new` writes it beside the plugin
    ");
}

#[tokio::test]
async fn a_hook_that_is_declared_must_be_exported() {
    insta::assert_snapshot!(refused(artifacts::MISSING_EXPORT).await, @r"
    plugin.missing-export: the plugin does not export `modelhost:plugin/validate@0.1.0`, which its model `thing` declares as a hook
      -> export the plugin with `modelhost_guest::export_plugin!`, which exports every interface
    ");
}

#[tokio::test]
async fn every_forbidden_import_is_listed() {
    insta::assert_snapshot!(refused(artifacts::FORBIDDEN_IMPORT).await, @r"
    plugin.forbidden-import: the plugin imports `evil:host/shell@1.0.0`, which plugins do not get
      import: evil:host/shell@1.0.0
      -> `evil:host/shell@1.0.0`: remove the dependency that links it
    ");
    insta::assert_snapshot!(refused(artifacts::IMPORTS_FILES).await, @r"
    plugin.forbidden-import: the plugin imports `wasi:filesystem/preopens@0.2.6`, `wasi:filesystem/types@0.2.6`, which plugins do not get
      import: wasi:filesystem/preopens@0.2.6
      import: wasi:filesystem/types@0.2.6
      -> `wasi:filesystem/preopens@0.2.6`: plugins have no files; keep what the code needs inside it
      -> `wasi:filesystem/types@0.2.6`: plugins have no files; keep what the code needs inside it
    ");
    insta::assert_snapshot!(refused(artifacts::IMPORTS_SOCKETS).await, @r"
    plugin.forbidden-import: the plugin imports `wasi:sockets/instance-network@0.2.6`, `wasi:sockets/ip-name-lookup@0.2.6`, `wasi:sockets/network@0.2.6`, `wasi:sockets/tcp-create-socket@0.2.6`, `wasi:sockets/tcp@0.2.6`, `wasi:sockets/udp-create-socket@0.2.6`, `wasi:sockets/udp@0.2.6`, which plugins do not get
      import: wasi:sockets/instance-network@0.2.6
      import: wasi:sockets/ip-name-lookup@0.2.6
      import: wasi:sockets/network@0.2.6
      import: wasi:sockets/tcp-create-socket@0.2.6
      import: wasi:sockets/tcp@0.2.6
      import: wasi:sockets/udp-create-socket@0.2.6
      import: wasi:sockets/udp@0.2.6
      -> `wasi:sockets/instance-network@0.2.6`: plugins have no network
      -> `wasi:sockets/ip-name-lookup@0.2.6`: plugins have no network
      -> `wasi:sockets/network@0.2.6`: plugins have no network
      -> `wasi:sockets/tcp-create-socket@0.2.6`: plugins have no network
      -> `wasi:sockets/tcp@0.2.6`: plugins have no network
      -> `wasi:sockets/udp-create-socket@0.2.6`: plugins have no network
      -> `wasi:sockets/udp@0.2.6`: plugins have no network
    ");
}

#[tokio::test]
async fn a_function_that_an_allowed_interface_lacks_is_named_as_a_cause() {
    let module =
        format!(r#"(module (import "wasi:cli/stderr@0.2.0" "erase" (func)) {} {})"#, tiny::MEMORY, tiny::EXPORTS);
    let erases = tiny::encoded(&module, "import wasi:cli/stderr@0.2.0;");
    insta::assert_snapshot!(refused(&erases).await, @r"
    plugin.malformed: the component cannot run here: it needs a function that this host does not have
      because component imports instance `wasi:cli/stderr@0.2.0`, but a matching implementation was not found in the linker: instance export `erase` has the wrong type: function implementation is missing
      -> build the plugin with `modelhost plugin build`, without further features of WebAssembly
    ");
}

#[tokio::test]
async fn what_a_rust_plugin_imports() {
    let plugin = loaded(artifacts::CRM).await;
    insta::assert_snapshot!(plugin.imports().join("\n"), @r"
    modelhost:plugin/ctx@0.1.0
    modelhost:plugin/types@0.1.0
    wasi:cli/environment@0.2.6
    wasi:cli/exit@0.2.6
    wasi:cli/stderr@0.2.6
    wasi:cli/stdin@0.2.6
    wasi:cli/stdout@0.2.6
    wasi:cli/terminal-input@0.2.6
    wasi:cli/terminal-output@0.2.6
    wasi:cli/terminal-stderr@0.2.6
    wasi:cli/terminal-stdin@0.2.6
    wasi:cli/terminal-stdout@0.2.6
    wasi:io/error@0.2.6
    wasi:io/poll@0.2.6
    wasi:io/streams@0.2.6
    ");
}

#[tokio::test]
async fn a_want_needs_a_grant() {
    let sandbox = sandbox_with(PATIENT);
    let bytes = artifacts::WANTS_GRANT;
    let error = sandbox.load(bytes.into(), &["data".to_owned()]).await;
    insta::assert_snapshot!(told(&error.unwrap_err()), @r"
    plugin.not-granted: the plugin wants `network`, which it was not granted
      granted: `data`
      -> remove network from the plugin's `wants`
      -> what every plugin gets (a log, the time and randomness of the call) needs no grant
    ");
    let granted = sandbox.load(bytes.into(), &["network".to_owned()]).await;
    assert!(granted.is_ok());
    // Sharing the loaded plugin does not share the grant.
    assert!(sandbox.load(bytes.into(), &[]).await.is_err());
}
