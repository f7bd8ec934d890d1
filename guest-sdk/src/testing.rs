//! Tests of a plugin's rules by `cargo test`, without a host, a database or wasm.
//!
//! An operation here does what the host does around a statement, in its order: `normalize`, declared constraints,
//! `validate`. A record that declared constraints refuse does not reach `validate`. Not checked here: `pattern` (the SDK
//! brings no regular expressions), `unique` and references (only a database knows) and defaults (a struct is always whole).
//! Keys that the host would generate are taken as given, but one that the database would (`sequence`): hooks see it as 0.
//! `created_at`, `updated_at` and `version` are filled as the host does.
//!
//! Invariant: what the host would count as a fault of the plugin (a code of another shape, a change of the key, a decimal
//! that its field can't hold) is a panic here, with a text that says so.

mod constraints;
mod describe;
mod fit;
mod report;
pub(crate) mod surroundings;

pub use describe::describe;
pub use report::{Report, Violation};
pub use surroundings::{at, logged, seed};

use crate::row::Row;
use crate::wire::{self, Operation, Role, Value};
use crate::{Cell, Hooks, ctx, hooks};
use fit::fit;

/// Creates the record, as far as rules are concerned.
#[track_caller]
pub fn create<M: Hooks>(record: M) -> Report<M> {
    let row = fill::<M>(fit(&M::DEFINITION, record.into_row()), None);
    let row = normalized::<M>(row);
    judged::<M>(Operation::Create, row, None)
}

/// Updates `before` to `after`. Both must have the same key.
#[track_caller]
pub fn update<M: Hooks>(before: M, after: M) -> Report<M> {
    let [before, after] = [before, after].map(|record| fit(&M::DEFINITION, record.into_row()));
    let is_same = M::DEFINITION.key.iter().all(|field| before[*field as usize] == after[*field as usize]);
    assert!(is_same, "an update can't change the key: `before` and `after` are two records");
    let row = normalized::<M>(fill::<M>(after, Some(&before)));
    judged::<M>(Operation::Update, row, Some(before))
}

/// Deletes the record. `validate` is asked only with `#[hooks(delete)]`.
#[track_caller]
pub fn delete<M: Hooks>(record: M) -> Report<M> {
    let row = fit(&M::DEFINITION, record.into_row());
    let violations = match M::DECLARED.delete {
        true => validated::<M>(Operation::Delete, &row, None),
        false => Vec::new(),
    };
    Report::new(&row, violations)
}

/// Writes the fields that the host writes, and takes away what only the database will.
fn fill<M: Hooks>(mut row: Row, before: Option<&Row>) -> Row {
    for (position, field) in M::DEFINITION.fields.iter().enumerate() {
        let was = before.map(|before| before[position].clone());
        row[position] = match (field.role, was) {
            (Role::Plain, None) if field.is_sequence() => Value::Absent,
            (Role::Plain, _) => continue,
            (Role::CreatedAt, Some(was)) => was,
            (Role::CreatedAt | Role::UpdatedAt, _) => Value::TimestampUs(ctx::now().micros()),
            (Role::Version, Some(Value::Int(version))) => Value::Int(version + 1),
            (Role::Version, _) => Value::Int(1),
        };
    }
    row
}

#[track_caller]
fn normalized<M: Hooks>(mut row: Row) -> Row {
    for (position, value) in hooks::normalize::<M>(row.iter().map(Cell::from)) {
        row[position as usize] = value;
    }
    fit(&M::DEFINITION, row)
}

#[track_caller]
fn judged<M: Hooks>(operation: Operation, row: Row, before: Option<Row>) -> Report<M> {
    let mut violations = constraints::check(M::DEFINITION.fields, &row);
    if violations.is_empty() {
        let before = before.filter(|_| M::DECLARED.before);
        violations = validated::<M>(operation, &row, before.as_ref());
    }
    Report::new(&row, violations)
}

fn validated<M: Hooks>(operation: Operation, after: &Row, before: Option<&Row>) -> Vec<wire::Violation> {
    let read = |row: &Row| hooks::read::<M>(row.iter().map(Cell::from));
    hooks::validate(operation, read(after), before.map(read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::{Check, Model, Timestamp, hooks, log};

    #[derive(Model, Debug, PartialEq, Clone)]
    struct Task {
        #[field(key)]
        number: i64,
        #[field(length_min = 2, length_max = 5)]
        title: String,
        #[field(min = 0.5, max = 1)]
        weight: Option<f64>,
        #[field(one_of("open", "done"))]
        status: String,
        #[field(created_at)]
        created_at: Timestamp,
        #[field(version)]
        version: i64,
    }

    #[hooks(before, delete)]
    impl Hooks for Task {
        fn normalize(&mut self) {
            self.title = self.title.trim().to_owned();
        }

        fn validate(&self, check: &mut Check<Self>) {
            log::info(format!("{:?}", check.operation()));
            if check.operation() == Operation::Delete && self.status == "open" {
                check.refuse_record("task.open", "finish it first");
            }
            if check.before().is_some_and(|before| before.status == "done") {
                check.refuse(Task::STATUS, "task.done", "it is done").with("since", self.created_at);
            }
            if self.title == "dull" {
                check.warn(Task::TITLE, "title.dull", "a dull title");
            }
        }
    }

    fn task() -> Task {
        Task {
            number: 1,
            title: "plan".to_owned(),
            weight: None,
            status: "open".to_owned(),
            created_at: Timestamp::from_micros(0),
            version: 0,
        }
    }

    #[test]
    fn create_normalizes_and_fills_what_the_host_writes() {
        at(Timestamp::date(2026, 5, 1));
        let report = create(Task { title: " plan  ".to_owned(), ..task() });
        report.assert_accepted();
        let expected = Task { created_at: Timestamp::date(2026, 5, 1), version: 1, ..task() };
        assert_eq!(report.record, expected);
        assert_eq!(logged(), ["info: Operation::Create"]);
    }

    #[test]
    fn declared_constraints_are_checked_before_validate() {
        let report = create(Task { title: "x".to_owned(), weight: Some(2.0), status: "lost".to_owned(), ..task() });
        report.assert_refused_with("title", "length");
        report.assert_refused_with("weight", "range");
        report.assert_refused_with("status", "one-of");
        assert_eq!(report.violations.len(), 3);
        assert_eq!(logged(), Vec::<String>::new());
    }

    #[test]
    fn update_shows_the_record_as_it_was() {
        let before = Task { status: "done".to_owned(), version: 4, ..task() };
        let report = update(before, task());
        report.assert_refused_with("status", "task.done");
        assert_eq!(report.record.version, 5);
        update(task(), Task { status: "done".to_owned(), ..task() }).assert_accepted();
    }

    #[test]
    fn delete_can_be_refused_as_a_whole() {
        delete(task()).assert_refused_with(None, "task.open");
        delete(Task { status: "done".to_owned(), ..task() }).assert_accepted();
    }

    #[test]
    fn a_warning_is_no_refusal() {
        let report = create(Task { title: "dull".to_owned(), ..task() });
        report.assert_accepted().assert_warned_with("title", "title.dull");
    }

    #[derive(Model, Debug)]
    struct Ticket {
        #[field(key, default = sequence)]
        number: i64,
        text: String,
    }

    #[hooks]
    impl Hooks for Ticket {
        fn normalize(&mut self) {
            self.text = self.text.trim().to_owned();
        }

        fn validate(&self, _: &mut Check<Self>) {
            log::info(self.number.to_string());
        }
    }

    #[test]
    fn hooks_do_not_know_the_number_that_the_database_will_give() {
        let ticket = |text: &str| Ticket { number: 7, text: text.to_owned() };
        assert_eq!(create(ticket(" a")).assert_accepted().record.number, 0);
        assert_eq!(update(ticket("a"), ticket(" b")).assert_accepted().record.number, 7);
        assert_eq!(logged(), ["info: 0", "info: 7"]);
    }

    #[test]
    fn describes_a_model_in_words() {
        let expected = "\
task: key number
  number     int
  title      text, length-min 2, length-max 5
  weight     float or null, float-min 0.5, float-max 1
  status     text, one-of open done
  created_at timestamp, created-at
  version    int, version
validate on create update delete, sees before
normalize on create update, sees whole
";
        assert_eq!(describe::<Task>(), expected);
    }
}
