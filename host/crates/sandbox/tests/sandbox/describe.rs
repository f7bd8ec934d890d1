//! The trial: what a component says about itself, and how it fails to.

use crate::support::{PATIENT, load, loaded, refused, sandbox_with, stable, told, without_place};
use sandbox::{DescribeFailure, Limits, LoadError};

#[tokio::test]
async fn the_example_plugins_load() {
    for (name, bytes) in artifacts::PLUGINS {
        let plugin = loaded(bytes).await;
        assert_eq!(plugin.manifest().name, *name);
        assert_eq!(*plugin.digest(), sandbox::Digest::of(bytes));
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_plugins_words() {
    insta::assert_snapshot!(refused(artifacts::DESCRIBE_REFUSES).await, @r#"
    plugin.bad-describe: the plugin does not describe itself: it says "`guest-describe-refuses` does not feel like it"
      -> correct what the plugin's `describe` complains about
    "#);
}

#[tokio::test]
async fn a_trap_is_told_without_what_the_guest_printed() {
    insta::assert_snapshot!(stable(refused(artifacts::DESCRIBE_TRAPS).await), @"
    plugin.bad-describe: the plugin does not describe itself: plugin `DIGEST` broke in `describe`: it panicked or gave up
      plugin: DIGEST
      hook: describe
      -> what the plugin said before it broke is in the host's log
    ");
    let error = load(artifacts::DESCRIBE_TRAPS).await.unwrap_err();
    let LoadError::BadDescribe { failure: DescribeFailure::Broke(fault) } = error else {
        panic!("{error}");
    };
    let panic = fault.detail.last_output.join("\n");
    insta::assert_snapshot!(without_place(&panic), @r"
    thread '<unnamed>' (1) panicked at tests/guests/describe-traps/src/lib.rs:PLACE
    no description today
    ");
}

#[tokio::test]
async fn a_loop_ends_at_the_limit() {
    let sandbox = sandbox_with(Limits::standard());
    let error = sandbox.load(artifacts::LOOPS_DESCRIBE.into(), &[]).await;
    insta::assert_snapshot!(stable(told(&error.unwrap_err())), @r"
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
async fn two_descriptions_must_be_equal() {
    insta::assert_snapshot!(refused(artifacts::DESCRIBE_DIFFERS).await, @r"
    plugin.describe-differs: the plugin describes itself differently each time: its version
      -> let `describe` give a constant: no time, no random values, no order of a hash map
    ");
}

#[tokio::test]
async fn everything_that_is_wrong_with_the_models_is_told_at_once() {
    insta::assert_snapshot!(refused(artifacts::INVALID_MODEL).await, @r#"
    plugin.invalid-model: the plugin's models have 23 problems
      problem: model `thing`, field `select`: field name: name `select` is reserved by SQL or by a database
      problem: model `thing`, field `Code`: field name: name `Code` has the character `C` (U+0043) at position 0
      problem: model `thing`, field `сode`: field name: name `сode` has the character `с` (U+0441) at position 0
      problem: model `thing`, field number 4: field name: a name is empty
      problem: model `thing`, field `a\"b`: field name: name `a\"b` has the character `\"` (U+0022) at position 1
      problem: model `thing`, field `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong`: field name: name `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong` has 64 bytes, at most 40 are allowed
      problem: model `thing`, field `typed`: default of another type: text for a field of type int
      problem: model `thing`, field `typed`: constraint length-max on a field of type int
      problem: model `thing`, field `managed`: role version on a field of type text
      problem: model `thing`, field `pattern`: pattern: unclosed group
      problem: model `thing`, field `pattern`: constraint one-of with 0 values
      problem: model `thing`, field `range`: field name: name `range` is reserved by SQL or by a database
      problem: model `thing`, field `range`: constraints that no value meets: min is above max
      problem: model `thing`: field names `code` and `Code` are the same name
      problem: model `thing`: field names `Code` and `сode` are the same name
      problem: model `thing`: column names `code` and `Code` are the same name
      problem: model `thing`: column names `Code` and `сode` are the same name
      problem: model `thing`: key is field number 99 of 11
      problem: model `thing`: unique set [1, 1]
      problem: model `thing`: unique set [42]
      problem: model `THING`: model name: name `THING` has the character `T` (U+0054) at position 0
      problem: manifest: model names `thing` and `THING` are the same name
      problem: manifest: table names `thing` and `THING` are the same name
      -> model `thing`, field `select`: write `select_`
      -> model `thing`, field `Code`: write `code`
      -> model `thing`, field `сode`: write `code`
      -> model `thing`, field number 4: write a-z, 0-9 and `_`, a letter first, at most 40 bytes
      -> model `thing`, field `a\"b`: write `a_b`
      -> model `thing`, field `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong`: write a-z, 0-9 and `_`, a letter first, at most 40 bytes
      -> model `thing`, field `typed`: give a default of type int, or none
      -> model `thing`, field `typed`: remove the constraint or change the type
      -> model `thing`, field `managed`: declare the field as int, not nullable
      -> model `thing`, field `pattern`: write a regular expression in RE2 syntax (no look-around, no back-references)
      -> model `thing`, field `pattern`: give 1 to 1000 values
      -> model `thing`, field `range`: write `range_`
      -> model `thing`, field `range`: swap them
      -> model `thing`: rename one
      -> model `thing`: rename one
      -> model `thing`: rename one
      -> model `thing`: rename one
      -> model `thing`: name a field that exists; positions count from 0
      -> model `thing`: name 1 to 16 different fields that exist and are neither json, a list nor a vector
      -> model `thing`: name 1 to 16 different fields that exist and are neither json, a list nor a vector
      -> model `THING`: write `thing`
      -> manifest: rename one
      -> manifest: rename one
    "#);
}

#[tokio::test]
async fn ten_thousand_fields_are_too_many() {
    let error = load(artifacts::MANY_FIELDS).await.unwrap_err();
    assert!(matches!(error, LoadError::InvalidModel { .. }), "{error}");
    assert_eq!(PATIENT.output_bytes_max, Limits::standard().output_bytes_max);
}
