//! The process that compiles: what it may take, and that nobody else notices where it takes more.

use std::io::Write;
use std::process::{Output, Stdio};

use e2e::{Setup, program};

/// What the compiling process makes of a component in so many seconds of processor.
fn compiled(cpu_seconds_max: &str, component: &[u8]) -> Output {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut compiler = program(folder.path())
        .args(["compile-component", "524288", "2147483648", cpu_seconds_max])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    compiler.stdin.take().expect("it is piped").write_all(component).expect("it reads");
    compiler.wait_with_output().expect("it ends")
}

#[test]
fn what_is_no_component_is_refused_with_the_compilers_words() {
    let output = compiled("60", b"\0asm\x0d\0\x01\0what is this");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{output:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_plugin_that_takes_too_much_memory_to_compile_is_refused() {
    let host = Setup::sqlite().set("limits.compile_memory_bytes_max", "4194304").start();
    host.namespace("acme", None);
    insta::assert_snapshot!(host.deploys("acme", &[("more than the compiler may take", artifacts::MUSIC)]), @"
    # more than the compiler may take
    exit 1 error[plugin.compile-limit]: compiling the component takes more than 4194304 bytes of memory, its `compile_memory_bytes_max`
      hint: divide very large functions, or have an operator raise `compile_memory_bytes_max`
    ");
    assert_eq!(host.inspect("acme")["namespaces"][0]["generation"], serde_json::Value::Null);
    assert_eq!(host.get("/v1/namespaces/acme/models").status, 404, "the host answers, and has nothing of the plugin");
}

#[cfg(target_os = "linux")]
#[test]
fn the_compiler_ends_when_its_time_is_over() {
    use std::os::unix::process::ExitStatusExt;

    let steps = "(local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 3)) (local.get 0)))".repeat(400_000);
    let text = format!("(component (core module (func (export \"f\") (param i32) (result i32) {steps} local.get 0)))");
    let component = wat::parse_str(text).expect("a component");
    let output = compiled("1", &component);
    const SIGXCPU: i32 = 24;
    assert_eq!(output.status.signal(), Some(SIGXCPU), "{}", String::from_utf8_lossy(&output.stderr));
}
