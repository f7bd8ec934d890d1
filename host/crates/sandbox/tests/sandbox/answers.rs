//! What hooks answer: violations, changes, and nonsense in every form.

use model::{Row, Value, Violation};
use sandbox::{HookCall, HookOperation, Plugin, Records};

use crate::support::{context, created, creating, loaded, normalized, thing, validated, without_place};

/// A customer of the `crm` plugin: every field absent but these.
fn customer(plugin: &Plugin, sent: &[(&str, Value)]) -> Row {
    let model = &plugin.manifest().models[0];
    let mut row = vec![Value::Absent; model.fields.len()];
    for (name, value) in sent {
        row[model.position_of(name).unwrap()] = value.clone();
    }
    row
}

/// A whole customer with this name, e-mail address and status.
pub(crate) fn whole(plugin: &Plugin, name: &str, email: &str, status: &str) -> Row {
    let text = |text: &str| Value::Text(text.to_owned());
    let stamp = Value::Timestamp(0);
    customer(
        plugin,
        &[
            ("id", Value::Uuid(uuid::Uuid::from_u128(1))),
            ("name", text(name)),
            ("email", if email.is_empty() { Value::Null } else { text(email) }),
            ("status", text(status)),
            ("credit_limit", Value::Null),
            ("score", Value::Float(0.5)),
            ("active", Value::Boolean(true)),
            ("notes", Value::Json("{}".to_owned())),
            ("last_contact_at", Value::Null),
            ("created_at", stamp.clone()),
            ("updated_at", stamp),
            ("version", Value::Int(1)),
        ],
    )
}

fn listed(plugin: &Plugin, violations: &[Violation]) -> String {
    let fields = &plugin.manifest().models[0].fields;
    let lines = violations.iter().map(|violation| {
        let field = violation.field.map_or("", |field| fields[field].name.as_str());
        let (index, severity) = (violation.index, violation.severity.name());
        format!("{index} {field} {severity} {}: {}", violation.code, violation.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn violations_name_record_and_field() {
    let plugin = loaded(artifacts::CRM).await;
    let good = whole(&plugin, "Ada", "ada@example.com", "active");
    let bad = whole(&plugin, "Bob", "bob@", "lead");
    let without = whole(&plugin, "Cleo", "", "active");
    let lost = whole(&plugin, "Dan", "", "lost");
    let mut session = plugin.session(context());
    let model = &plugin.manifest().models[0];
    let violations = session.validate(creating(model), created(&[&good, &bad, &without, &lost])).await.unwrap();
    insta::assert_snapshot!(listed(&plugin, &violations), @r"
    1 email error email.invalid: this is not an e-mail address
    2 email error email.missing: an active customer needs an e-mail address
    3 active warning active.lost: somebody still works on a lost customer
    ");
}

#[tokio::test]
async fn an_update_shows_both_rows() {
    let plugin = loaded(artifacts::CRM).await;
    let before = whole(&plugin, "Ada", "ada@example.com", "active");
    let after = whole(&plugin, "Ada", "", "active");
    let call = HookCall { model: &plugin.manifest().models[0], operation: HookOperation::Update };
    let records = Records { after: &[&after, &after], before: Some(&[&before, &before]) };
    let mut session = plugin.session(context());
    let violations = session.validate(call, records).await.unwrap();
    assert_eq!(violations.len(), 2);
    assert_eq!(violations[1].index, 1);
}

#[tokio::test]
async fn normalize_answers_only_what_changes() {
    let plugin = loaded(artifacts::CRM).await;
    let rows = [whole(&plugin, "Ada", "ada@example.com", "lead"), whole(&plugin, " Bob ", "BOB@example.com", "lead")];
    let mut session = plugin.session(context());
    let call = creating(&plugin.manifest().models[0]);
    let changes = session.normalize(call, &[&rows[0], &rows[1]]).await;
    insta::assert_debug_snapshot!(changes.unwrap(), @r#"
    [
        FieldChange {
            index: 1,
            field: 1,
            value: Text(
                "Bob",
            ),
        },
        FieldChange {
            index: 1,
            field: 2,
            value: Text(
                "bob@example.com",
            ),
        },
    ]
    "#);
}

#[tokio::test]
async fn nonsense_is_a_fault_that_says_what_is_wrong() {
    insta::assert_snapshot!(validated(artifacts::WRONG_ROWS).await, @r"
    guest.bad-output: plugin `guest-wrong-rows` gave an answer to `validate` that makes no sense: it names record 7 of a batch of 1
      plugin: guest-wrong-rows
      hook: validate
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    insta::assert_snapshot!(validated(artifacts::WRONG_FIELD).await, @r"
    guest.bad-output: plugin `guest-wrong-field` gave an answer to `validate` that makes no sense: it names field 99 of model `thing`, which has 2
      plugin: guest-wrong-field
      hook: validate
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    insta::assert_snapshot!(validated(artifacts::WRONG_CODE).await, @r"
    guest.bad-output: plugin `guest-wrong-code` gave an answer to `validate` that makes no sense: violation code `Not A\nCode` is not of the form [a-z][a-z0-9.-]*, at most 64 bytes
      plugin: guest-wrong-code
      hook: validate
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    insta::assert_snapshot!(validated(artifacts::INVALID_UTF8).await, @r"
    guest.bad-output: plugin `guest-invalid-utf8` gave an answer to `validate` that makes no sense: it is not a value of the contract's types (text that is not UTF-8, a pointer out of bounds or an unknown case)
      plugin: guest-invalid-utf8
      hook: validate
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
}

#[tokio::test]
async fn a_patch_stays_within_what_the_guest_may_write() {
    let text = || thing("text");
    insta::assert_snapshot!(normalized(artifacts::PATCHES_KEY, text()).await, @r"
    guest.bad-output: plugin `guest-patches-key` gave an answer to `normalize` that makes no sense: it changes field `number`, which is of the key
      plugin: guest-patches-key
      hook: normalize
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    insta::assert_snapshot!(normalized(artifacts::PATCHES_WRONG_ROW, text()).await, @r"
    guest.bad-output: plugin `guest-patches-wrong-row` gave an answer to `normalize` that makes no sense: it names record 7 of a batch of 1
      plugin: guest-patches-wrong-row
      hook: normalize
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    insta::assert_snapshot!(normalized(artifacts::PATCHES_WRONG_TYPE, text()).await, @r"
    guest.bad-output: plugin `guest-patches-wrong-type` gave an answer to `normalize` that makes no sense: it sets field `text` to a value of type int, the field is of type text
      plugin: guest-patches-wrong-type
      hook: normalize
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
    let mut managed = thing("text");
    managed.push(Value::Int(1));
    insta::assert_snapshot!(normalized(artifacts::PATCHES_MANAGED, managed).await, @r"
    guest.bad-output: plugin `guest-patches-managed` gave an answer to `normalize` that makes no sense: it changes field `version`, which the host writes
      plugin: guest-patches-managed
      hook: normalize
      -> build the plugin with `modelhost-guest`, which cannot give such an answer, or correct its answer
    ");
}

#[tokio::test]
async fn a_panic_is_told_to_the_operator_only() {
    let text = validated(artifacts::PANICS).await;
    insta::assert_snapshot!(text, @"
    guest.trap: plugin `guest-panics` broke in `validate`: it panicked or gave up
      plugin: guest-panics
      hook: validate
      -> what the plugin said before it broke is in the host's log
    ");
    let plugin = loaded(artifacts::PANICS).await;
    let mut session = plugin.session(context());
    let call = creating(&plugin.manifest().models[0]);
    let row = thing("top secret");
    let error = session.validate(call, created(&[&row])).await.unwrap_err();
    let detail = crate::support::fault(error).detail;
    let panic = detail.last_output.join("\n");
    insta::assert_snapshot!(without_place(&panic), @r#"
    thread '<unnamed>' (1) panicked at tests/guests/panics/src/lib.rs:PLACE
    a panic about "top secret"
    "#);
    insta::with_settings!({filters => vec![(r"::h[0-9a-f]{16}", "")]}, {
        insta::assert_snapshot!(detail.stack[0], @"modelhost_guest::hooks::validate_batch");
    });
}

#[tokio::test]
async fn an_exit_is_a_fault() {
    insta::assert_snapshot!(validated(artifacts::EXITS).await, @"
    guest.trap: plugin `guest-exits` broke in `validate`: it called exit
      plugin: guest-exits
      hook: validate
      -> what the plugin said before it broke is in the host's log
    ");
}
