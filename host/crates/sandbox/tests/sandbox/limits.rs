//! Every limit is reached, with its standard value, and says which it was.

use std::time::{Duration, Instant};

use sandbox::{CallContext, Limits, SandboxError};

use crate::support::{
    PATIENT, context, created, creating, fault, load, loaded, refused, sandbox_with, stable, thing, told, validated,
    validated_with,
};
use crate::tiny;

#[tokio::test]
async fn time() {
    let began = Instant::now();
    let text = validated_with(Limits::standard(), artifacts::LOOPS_VALIDATE).await;
    insta::assert_snapshot!(text, @r"
    guest.time-limit: plugin `guest-loops-validate` was stopped in `validate` after 100 ms, its `call_time_ms_max`
      plugin: guest-loops-validate
      hook: validate
      limit: call_time_ms_max
      max: 100 ms
      -> send fewer records at once, or let the plugin do less work for each
      -> an operator can raise `call_time_ms_max`
    ");
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn time_is_one_budget_for_all_calls_of_a_session() {
    let plugin = loaded(artifacts::SLOW_NORMALIZE).await;
    let limits = Limits { call_time_ms_max: 1_000, ..PATIENT };
    let mut session = plugin.session(CallContext { limits, ..context() });
    let call = creating(&plugin.manifest().models[0]);
    let row = thing("text");
    for turn in 0..10_000 {
        match session.normalize(call, &[&row]).await {
            Ok(changes) => assert_eq!(changes.len(), 1),
            Err(error) => {
                assert!(turn > 0, "one call fits");
                let exceeded = fault(error).kind.exceeded().unwrap();
                assert_eq!(exceeded.limit, "call_time_ms_max");
                return;
            }
        }
    }
    panic!("10,000 calls of some milliseconds never reached a second");
}

#[tokio::test]
async fn memory() {
    insta::assert_snapshot!(validated(artifacts::MEMORY).await, @r"
    guest.memory-limit: plugin `guest-memory` went beyond 33554432 bytes of memory in `validate`, its `memory_bytes_max`
      plugin: guest-memory
      hook: validate
      limit: memory_bytes_max
      max: 33554432 bytes of memory
      -> send fewer records at once, or let the plugin keep less in memory
      -> an operator can raise `memory_bytes_max`
    ");
    let initial = tiny::component(r#"(memory (export "memory") 513)"#);
    insta::assert_snapshot!(stable(refused(&initial).await), @r"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 33554432 bytes of memory in `describe`, its `memory_bytes_max`
      plugin: DIGEST
      hook: describe
      limit: memory_bytes_max
      max: 33554432 bytes of memory
      -> let `describe` give a constant, and the plugin begin with less memory
      -> an operator can raise `memory_bytes_max`
    ");
}

#[tokio::test]
async fn memory_over_several_memories() {
    let halves = tiny::component(r#"(memory (export "memory") 300) (memory 300)"#);
    insta::assert_snapshot!(stable(refused(&halves).await), @r"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 33554432 bytes of memory in `describe`, its `memory_bytes_max`
      plugin: DIGEST
      hook: describe
      limit: memory_bytes_max
      max: 33554432 bytes of memory
      -> let `describe` give a constant, and the plugin begin with less memory
      -> an operator can raise `memory_bytes_max`
    ");
}

#[tokio::test]
async fn number_of_memories() {
    let five = tiny::component(&(tiny::MEMORY.to_owned() + &"(memory 1) ".repeat(4)));
    insta::assert_snapshot!(stable(refused(&five).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 4 memories in `describe`, its `memories_max`
      plugin: DIGEST
      hook: describe
      limit: memories_max
      max: 4 memories
      -> let `describe` give a constant, and the plugin begin with less memory
    ");
}

#[tokio::test]
async fn number_of_tables() {
    let nine = tiny::component(&(tiny::MEMORY.to_owned() + &"(table 1 funcref) ".repeat(9)));
    insta::assert_snapshot!(stable(refused(&nine).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 8 tables in `describe`, its `tables_max`
      plugin: DIGEST
      hook: describe
      limit: tables_max
      max: 8 tables
      -> let `describe` give a constant, and the plugin begin with less memory
    ");
}

#[tokio::test]
async fn number_of_core_instances() {
    let mut bytes = tiny::component(tiny::MEMORY);
    // A section with an empty core module, the second one, and a section of core instances of it without arguments.
    bytes.extend(*b"\x01\x08\0asm\x01\0\0\0");
    let count = 17_u8;
    bytes.extend([2, 1 + 3 * count, count]);
    bytes.extend([0, 1, 0].repeat(count.into()));
    insta::assert_snapshot!(stable(refused(&bytes).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 16 core instances in `describe`, its `core_instances_max`
      plugin: DIGEST
      hook: describe
      limit: core_instances_max
      max: 16 core instances
      -> let `describe` give a constant, and the plugin begin with less memory
    ");
}

#[tokio::test]
async fn table_elements() {
    let large = tiny::component(&format!("{} (table 10001 funcref)", tiny::MEMORY));
    insta::assert_snapshot!(stable(refused(&large).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 10000 table elements in `describe`, its `table_elements_max`
      plugin: DIGEST
      hook: describe
      limit: table_elements_max
      max: 10000 table elements
      -> let `describe` give a constant, and the plugin begin with less memory
    ");
}

#[tokio::test]
async fn stack() {
    insta::assert_snapshot!(validated(artifacts::RECURSION).await, @"
    guest.stack-limit: plugin `guest-recursion` went beyond 524288 bytes of stack in `validate`, its `stack_bytes_max`
      plugin: guest-recursion
      hook: validate
      limit: stack_bytes_max
      max: 524288 bytes of stack
      -> let the plugin loop instead of recursing
    ");
}

#[tokio::test]
async fn output_bytes() {
    insta::assert_snapshot!(validated(artifacts::GIANT_RETURN).await, @r"
    guest.output-limit: plugin `guest-giant-return` went beyond 4194304 bytes of output in `validate`, its `output_bytes_max`
      plugin: guest-giant-return
      hook: validate
      limit: output_bytes_max
      max: 4194304 bytes of output
      -> send fewer records at once, or let the plugin answer with less
      -> an operator can raise `output_bytes_max`
    ");
    insta::assert_snapshot!(validated(artifacts::GIANT_TEXT).await, @r"
    guest.output-limit: plugin `guest-giant-text` went beyond 4194304 bytes of output in `validate`, its `output_bytes_max`
      plugin: guest-giant-text
      hook: validate
      limit: output_bytes_max
      max: 4194304 bytes of output
      -> send fewer records at once, or let the plugin answer with less
      -> an operator can raise `output_bytes_max`
    ");
}

#[tokio::test]
async fn host_calls() {
    insta::assert_snapshot!(validated(artifacts::CALLS_FLOOD).await, @"
    guest.output-limit: plugin `guest-calls-flood` went beyond 10000 host calls in `validate`, its `host_calls_max`
      plugin: guest-calls-flood
      hook: validate
      limit: host_calls_max
      max: 10000 host calls
      -> send fewer records at once, or let the plugin answer with less
    ");
}

#[tokio::test]
async fn handles() {
    let module = r#"(module
        (import "wasi:cli/stderr@0.2.0" "get-stderr" (func $stderr (result i32)))
        (memory (export "memory") 1)
        (func (export "modelhost:plugin/descriptor@0.1.0#describe") (result i32)
            (loop (drop (call $stderr)) (br 0))
            unreachable)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable))"#;
    let keeps = tiny::encoded(module, "import wasi:cli/stderr@0.2.0;");
    insta::assert_snapshot!(stable(refused(&keeps).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` went beyond 1000 resource handles in `describe`, its `handles_max`
      plugin: DIGEST
      hook: describe
      limit: handles_max
      max: 1000 resource handles
      -> let `describe` give a constant, and the plugin begin with less memory
    ");
}

#[tokio::test]
async fn start_functions_have_the_same_time() {
    let module = format!("(module (func $spin (loop (br 0))) (start $spin) {} {})", tiny::MEMORY, tiny::EXPORTS);
    let sandbox = sandbox_with(Limits::standard());
    let loaded = sandbox.load(tiny::encoded(&module, "").into(), &[]).await;
    insta::assert_snapshot!(stable(told(&loaded.unwrap_err())), @r"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` was stopped in `describe` after 100 ms, its `call_time_ms_max`
      plugin: DIGEST
      hook: describe
      limit: call_time_ms_max
      max: 100 ms
      -> let `describe` give a constant, and the plugin begin with less memory
      -> an operator can raise `call_time_ms_max`
    ");
}

#[tokio::test]
async fn log_lines_and_bytes() {
    let plugin = loaded(artifacts::LOG_FLOOD).await;
    let mut session = plugin.session(context());
    let call = creating(&plugin.manifest().models[0]);
    let row = thing("text");
    let violations = session.validate(call, created(&[&row])).await.unwrap();
    assert!(violations.is_empty());
    let logs = session.finish();
    let standard = Limits::standard();
    assert_eq!(logs.lines[0].message.len(), standard.log_line_bytes_max);
    assert!(logs.lines[0].message.starts_with("\\u{1b}[31mflood"));
    let bytes: usize = logs.lines.iter().map(|line| line.message.len()).sum();
    assert_eq!(bytes, standard.log_bytes_max);
    assert_eq!(logs.lines.len() as u64 + logs.dropped, 5_000);
}

#[tokio::test]
async fn violations() {
    let plugin = loaded(artifacts::KEEPS_STATE).await;
    let row = thing("text");
    let model = &plugin.manifest().models[0];
    let records = vec![&row; 1_001];
    let mut session = plugin.session(context());
    let answer = session.validate(creating(model), created(&records[..1_000])).await;
    assert_eq!(answer.unwrap().len(), 1_000);
    let error = session.validate(creating(model), created(&records)).await;
    insta::assert_snapshot!(told(&error.unwrap_err()), @"
    guest.output-limit: plugin `guest-keeps-state` went beyond 1000 violations in `validate`, its `violations_max`
      plugin: guest-keeps-state
      hook: validate
      limit: violations_max
      max: 1000 violations
      -> send fewer records at once, or let the plugin answer with less
    ");
}

#[tokio::test]
async fn violation_text_is_cut() {
    let plugin = loaded(artifacts::KEEPS_STATE).await;
    let mut session =
        plugin.session(CallContext { limits: Limits { violation_text_bytes_max: 10, ..PATIENT }, ..context() });
    let row = thing("text");
    let call = creating(&plugin.manifest().models[0]);
    let violations = session.validate(call, created(&[&row])).await.unwrap();
    assert_eq!(violations[0].message, "call 1 ...");
}

#[tokio::test]
async fn a_limit_that_cannot_be_kept_is_refused() {
    let limits = Limits { memory_bytes_max: 65 << 20, ..PATIENT };
    let settings = sandbox::SandboxSettings {
        limits,
        cache: None,
        compiling: sandbox::Compiling::Here,
        compiles_max: 1,
        instances_max: 1,
    };
    insta::assert_snapshot!(told(&sandbox::Sandbox::new(settings).unwrap_err()), @r"
    config.invalid-value: limit `memory_bytes_max` is 68157440, the sandbox enforces at most 67108864
      -> set `memory_bytes_max` to 67108864 or less
    ");
}

#[tokio::test]
async fn a_full_pool_is_the_hosts_failure() {
    let sandbox = sandbox::Sandbox::new(sandbox::SandboxSettings {
        limits: PATIENT,
        cache: None,
        compiling: sandbox::Compiling::Here,
        compiles_max: 1,
        instances_max: 1,
    })
    .unwrap();
    let bytes = artifacts::KEEPS_STATE;
    let plugin = sandbox.load(bytes.into(), &[]).await.unwrap();
    let row = thing("text");
    let call = creating(&plugin.manifest().models[0]);
    let mut first = plugin.session(context());
    first.validate(call, created(&[&row])).await.unwrap();
    let mut second = plugin.session(context());
    let error = second.validate(call, created(&[&row])).await.unwrap_err();
    assert!(matches!(error, sandbox::CallError::Sandbox(SandboxError::Full { instances_max: 1 })), "{error:?}");
    drop(first);
    let mut third = plugin.session(context());
    assert!(third.validate(call, created(&[&row])).await.is_ok());
    assert!(load(bytes).await.is_ok());
}
