//! Files that are no plugin, and plugins that are not loaded: what was found, what was expected, what to do.

use e2e::Setup;

/// The eight bytes with which a core module begins, and nothing in it.
const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";

#[test]
fn files() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    let half = &artifacts::CRM[..artifacts::CRM.len() / 2];
    let mut damaged = artifacts::CRM.to_vec();
    for byte in &mut damaged[4_000..4_100] {
        *byte = 0xff;
    }
    insta::assert_snapshot!(host.deploys("acme", &[
        ("nothing", b""),
        ("a text", b"#!/bin/sh\necho hello\n"),
        ("an archive", b"PK\x03\x04"),
        ("cut off", half),
        ("cut off in its first bytes", &artifacts::CRM[..6]),
        ("damaged in the middle", &damaged),
        ("a core module", CORE_MODULE),
        ("zeros behind the first bytes", &[&artifacts::CRM[..8], &[0; 64]].concat()),
    ]), @"
    # nothing
    exit 1 error[plugin.not-wasm]: this is not a WebAssembly component but an empty file
      hint: give the `.wasm` file that `modelhost plugin build` wrote
    # a text
    exit 1 error[plugin.not-wasm]: this is not a WebAssembly component but a script
      hint: give the `.wasm` file that `modelhost plugin build` wrote
    # an archive
    exit 1 error[plugin.not-wasm]: this is not a WebAssembly component but a zip archive
      hint: give the `.wasm` file that `modelhost plugin build` wrote
    # cut off
    exit 1 error[plugin.malformed]: the component is cut off at byte [n] of [n]
      cause: unexpected end-of-file
      hint: build the plugin again, or copy the file again: it is not as it was built
    # cut off in its first bytes
    exit 1 error[plugin.malformed]: the component is cut off at byte [n] of [n]
      cause: the header has 8 bytes
      hint: build the plugin again, or copy the file again: it is not as it was built
    # damaged in the middle
    exit 1 error[plugin.malformed]: the component is damaged at byte [n] of [n]
      cause: illegal opcode: 0xff
      hint: build the plugin again, or copy the file again: it is not as it was built
    # a core module
    exit 1 error[plugin.core-module]: this is a core WebAssembly module, plugins are components
      hint: build for the target `wasm32-wasip2` (`modelhost plugin build` does): it makes components
      hint: turn the module into a component with `wasm-tools component new`
    # zeros behind the first bytes
    exit 1 error[plugin.malformed]: the component is cut off at byte [n] of [n]
      cause: unexpected end-of-file
      hint: build the plugin again, or copy the file again: it is not as it was built
    ");
    assert_eq!(host.inspect("acme")["state"], "empty");
}

#[test]
fn contracts() {
    let host = Setup::sqlite().start();
    host.namespace("acme", None);
    insta::assert_snapshot!(host.deploys("acme", &[
        ("another world", artifacts::ANOTHER_WORLD),
        ("another version", artifacts::ANOTHER_VERSION),
        ("a changed type", artifacts::CHANGED_TYPE),
        ("a missing export", artifacts::MISSING_EXPORT),
        ("a forbidden import", artifacts::FORBIDDEN_IMPORT),
        ("files", artifacts::IMPORTS_FILES),
        ("sockets", artifacts::IMPORTS_SOCKETS),
        ("a grant", artifacts::WANTS_GRANT),
    ]), @"
    # another world
    exit 1 error[plugin.wrong-world]: the component is not a model plugin: it exports `acme:greeter/greet@1.0.0`
      hint: implement the world `validator` of `modelhost:plugin@0.1.0`; `modelhost plugin new` writes one
    # another version
    exit 1 error[plugin.wrong-version]: the plugin was built for version 0.9.0 of the contract, this host speaks 0.1.0 (`modelhost:plugin/descriptor`)
      found: 0.9.0
      expected: 0.1.0
      hint: build the plugin against `modelhost:plugin@0.1.0`
      hint: deploy it to a host that speaks 0.9.0
    # a changed type
    exit 1 error[plugin.changed-type]: `the result of describe.ok` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected record manifest, found string
      interface: modelhost:plugin/descriptor@0.1.0
      item: the result of describe.ok
      hint: build the plugin against this host's contract: `modelhost plugin new` writes it beside the plugin
    # a missing export
    exit 1 error[plugin.missing-export]: the plugin does not export `modelhost:plugin/validate@0.1.0`, which its model `thing` declares as a hook
      hint: export the plugin with `modelhost_guest::export_plugin!`, which exports every interface
    # a forbidden import
    exit 1 error[plugin.forbidden-import]: the plugin imports `evil:host/shell@1.0.0`, which plugins do not get
      import: evil:host/shell@1.0.0
      hint: `evil:host/shell@1.0.0`: remove the dependency that links it
    # files
    exit 1 error[plugin.forbidden-import]: the plugin imports `wasi:filesystem/preopens@0.2.6`, `wasi:filesystem/types@0.2.6`, which plugins do not get
      import: wasi:filesystem/types@0.2.6
      hint: `wasi:filesystem/preopens@0.2.6`: plugins have no files; keep what the code needs inside it
      hint: `wasi:filesystem/types@0.2.6`: plugins have no files; keep what the code needs inside it
    # sockets
    exit 1 error[plugin.forbidden-import]: the plugin imports `wasi:sockets/instance-network@0.2.6`, `wasi:sockets/ip-name-lookup@0.2.6`, `wasi:sockets/network@0.2.6`, `wasi:sockets/tcp-create-socket@0.2.6`, `wasi:sockets/tcp@0.2.6`, `wasi:sockets/udp-create-socket@0.2.6`, `wasi:sockets/udp@0.2.6`, which plugins do not get
      import: wasi:sockets/udp@0.2.6
      hint: `wasi:sockets/instance-network@0.2.6`: plugins have no network
      hint: `wasi:sockets/ip-name-lookup@0.2.6`: plugins have no network
      hint: `wasi:sockets/network@0.2.6`: plugins have no network
      hint: `wasi:sockets/tcp-create-socket@0.2.6`: plugins have no network
      hint: `wasi:sockets/tcp@0.2.6`: plugins have no network
      hint: `wasi:sockets/udp-create-socket@0.2.6`: plugins have no network
      hint: `wasi:sockets/udp@0.2.6`: plugins have no network
    # a grant
    exit 1 error[plugin.not-granted]: the plugin wants `network`, which it was not granted
      granted: nothing
      hint: remove network from the plugin's `wants`
      hint: what every plugin gets (a log, the time and randomness of the call) needs no grant
    ");
}

#[test]
fn descriptions() {
    let host = Setup::sqlite().set("limits.call_time_ms_max", "300").start();
    host.serve("acme", artifacts::CRM);
    insta::assert_snapshot!(host.deploys("acme", &[
        ("refuses", artifacts::DESCRIBE_REFUSES),
        ("traps", artifacts::DESCRIBE_TRAPS),
        ("differs", artifacts::DESCRIBE_DIFFERS),
        ("never ends", artifacts::LOOPS_DESCRIBE),
        ("a hook that traps", artifacts::HOOK_TRAPS),
        ("a thousand fields", artifacts::MANY_FIELDS),
        ("everything wrong with its models", artifacts::INVALID_MODEL),
    ]), @r#"
    # refuses
    exit 1 error[plugin.bad-describe]: the plugin does not describe itself: it says "`guest-describe-refuses` does not feel like it"
      hint: correct what the plugin's `describe` complains about
    # traps
    exit 1 error[plugin.bad-describe]: the plugin does not describe itself: plugin `[id]` broke in `describe`: it panicked or gave up
      plugin: [id]
      hook: describe
      hint: what the plugin said before it broke is in the host's log
    # differs
    exit 1 error[plugin.describe-differs]: the plugin describes itself differently each time: its version
      hint: let `describe` give a constant: no time, no random values, no order of a hash map
    # never ends
    exit 1 error[plugin.bad-describe]: the plugin does not describe itself: plugin `[id]` was stopped in `describe` after 300 ms, its `call_time_ms_max`
      plugin: [id]
      hook: describe
      limit: call_time_ms_max
      max: 300 ms
      hint: let `describe` give a constant, and the plugin begin with less memory
      hint: an operator can raise `call_time_ms_max`
    # a hook that traps
    exit 1 error[plugin.bad-hook]: a hook of model `thing` breaks when it is called without records: plugin `guest-hook-traps` broke in `validate`: it panicked or gave up
      plugin: guest-hook-traps
      hook: validate
      hint: answer nothing where there are no records
      hint: what the plugin said before it broke is in the host's log
    # a thousand fields
    exit 1 error[plugin.invalid-model]: model `thing`: 1000 fields, 1 to 200 are allowed
      hint: split the model
    # everything wrong with its models
    exit 1 error[plugin.invalid-model]: 23 things are wrong
      [plugin.invalid-model] model `thing`, field `select`: field name: name `select` is reserved by SQL or by a database
        hint: write `select_`
      [plugin.invalid-model] model `thing`, field `Code`: field name: name `Code` has the character `C` (U+0043) at position 0
        hint: write `code`
      [plugin.invalid-model] model `thing`, field `сode`: field name: name `сode` has the character `с` (U+0441) at position 0
        hint: write `code`
      [plugin.invalid-model] model `thing`, field number 4: field name: a name is empty
        hint: write a-z, 0-9 and `_`, a letter first, at most 40 bytes
      [plugin.invalid-model] model `thing`, field `a\"b`: field name: name `a\"b` has the character `\"` (U+0022) at position 1
        hint: write `a_b`
      [plugin.invalid-model] model `thing`, field `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong`: field name: name `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong` has 64 bytes, at most 40 are allowed
        hint: write a-z, 0-9 and `_`, a letter first, at most 40 bytes
      [plugin.invalid-model] model `thing`, field `typed`: default of another type: text for a field of type int
        hint: give a default of type int, or none
      [plugin.invalid-model] model `thing`, field `typed`: constraint length-max on a field of type int
        hint: remove the constraint or change the type
      [plugin.invalid-model] model `thing`, field `managed`: role version on a field of type text
        hint: declare the field as int, not nullable
      [plugin.invalid-model] model `thing`, field `pattern`: pattern: unclosed group
        hint: write a regular expression in RE2 syntax (no look-around, no back-references)
      [plugin.invalid-model] model `thing`, field `pattern`: constraint one-of with 0 values
        hint: give 1 to 1000 values
      [plugin.invalid-model] model `thing`, field `range`: field name: name `range` is reserved by SQL or by a database
        hint: write `range_`
      [plugin.invalid-model] model `thing`, field `range`: constraints that no value meets: min is above max
        hint: swap them
      [plugin.invalid-model] model `thing`: field names `code` and `Code` are the same name
        hint: rename one
      [plugin.invalid-model] model `thing`: field names `Code` and `сode` are the same name
        hint: rename one
      [plugin.invalid-model] model `thing`: column names `code` and `Code` are the same name
        hint: rename one
      [plugin.invalid-model] model `thing`: column names `Code` and `сode` are the same name
        hint: rename one
      [plugin.invalid-model] model `thing`: key is field number 99 of 11
        hint: name a field that exists; positions count from 0
      [plugin.invalid-model] model `thing`: unique set [1, 1]
        hint: name 1 to 16 different fields that exist and are neither json, a list nor a vector
      [plugin.invalid-model] model `thing`: unique set [42]
        hint: name 1 to 16 different fields that exist and are neither json, a list nor a vector
      [plugin.invalid-model] model `THING`: model name: name `THING` has the character `T` (U+0054) at position 0
        hint: write `thing`
      [plugin.invalid-model] manifest: model names `thing` and `THING` are the same name
        hint: rename one
      [plugin.invalid-model] manifest: table names `thing` and `THING` are the same name
        hint: rename one
    "#);
    let answer = host.call("acme customer list", "{}");
    assert_eq!((answer.status, answer.header("modelhost-generation")), (200, "1"), "what served still serves");
}

#[test]
fn sizes() {
    let host = Setup::sqlite().set("limits.component_bytes_max", "1024").start();
    host.namespace("acme", None);
    let one_too_many = [&artifacts::CRM[..8], &[0; 1_017]].concat();
    insta::assert_snapshot!(host.deploys("acme", &[("one byte more", &one_too_many)]), @r#"
    # one byte more
    exit 1 error[plugin.too-large]: the component has 1025 bytes, at most 1024 are allowed
      hint: build with `lto = true` and `strip = true`
      hint: an operator can raise `component_bytes_max`
    "#);
}
