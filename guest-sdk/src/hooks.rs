//! The hooks of a model: what authors write, and how the host's records reach it.
//!
//! Calls no hook that is not declared, and collects what hooks say. Does not check declared constraints: the host does,
//! between `normalize` and `validate`.
//!
//! Invariant: what is declared is what exists. `#[hooks]` writes the declaration by reading the functions.

use crate::definition::FieldDef;
use crate::row::NOT_NUMBERED;
use crate::wire::{self, Batch, FieldChange, Operation, Value, Violation};
use crate::{Cell, Check, Model, Unfit};

/// The rules of a model, as functions. Every function may be left out.
///
/// ```
/// use modelhost_guest::prelude::*;
///
/// #[derive(Model)]
/// pub struct Customer {
///     #[field(key)]
///     pub number: i64,
///     pub email: String,
/// }
///
/// #[hooks]
/// impl Hooks for Customer {
///     fn normalize(&mut self) {
///         self.email = self.email.trim().to_lowercase();
///     }
///
///     fn validate(&self, check: &mut Check<Self>) {
///         if !self.email.contains('@') {
///             check.refuse(Customer::EMAIL, "email.invalid", "this is not an e-mail address");
///         }
///     }
/// }
///
/// let report = modelhost_guest::testing::create(Customer { number: 1, email: " No ".to_owned() });
/// assert_eq!(report.record.email, "no");
/// report.assert_refused_with("email", "email.invalid");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which hooks it has",
    label = "no `impl Hooks`",
    note = "write `#[hooks] impl Hooks for {Self} {{}}`; the block may be empty"
)]
pub trait Hooks: Model + DeclaresHooks {
    /// Says what is wrong with the record, after declared constraints found nothing. The record is as it will be; with
    /// `#[hooks(before)]`, `check.before()` is the record as it was. With `#[hooks(delete)]` it is called for a delete
    /// too, with the record as it is: ask [`Check::operation`].
    fn validate(&self, check: &mut Check<Self>) {
        let _ = check;
    }

    /// Tidies the record before anything judges it. Changing the key or a field that the host writes is a panic. A key that
    /// the database gives (`default = sequence`) is 0 in a create, in both hooks.
    ///
    /// A record that lacks a field which is not an `Option` can't be a `Self`: it is left alone, and the host refuses it
    /// next.
    fn normalize(&mut self) {}
}

/// Which hooks a model has. Written by `#[hooks]`.
#[diagnostic::on_unimplemented(
    message = "`#[hooks]` is missing above `impl Hooks for {Self}`",
    label = "put `#[hooks]` above this impl",
    note = "the attribute tells the host which functions the block has; without it none would be called"
)]
pub trait DeclaresHooks {
    /// The hooks that the block has.
    const DECLARED: Declared;
}

/// A model whose `validate` sees the record as it was. Written by `#[hooks(before)]`.
#[diagnostic::on_unimplemented(
    message = "`validate` of `{Self}` does not see the record as it was",
    label = "needs `#[hooks(before)]`",
    note = "write `#[hooks(before)]` above `impl Hooks for {Self}`: an update then costs one read more"
)]
pub trait SeesBefore {}

/// The hooks that an `impl Hooks` block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// It has `fn validate`.
    pub validate: bool,
    /// It has `fn normalize`.
    pub normalize: bool,
    /// `validate` wants the record as it was.
    pub before: bool,
    /// `validate` may refuse a delete.
    pub delete: bool,
}

impl Declared {
    /// The hooks as the host is told. A typed record needs every field, so no hook sees less than the whole record.
    pub fn to_wire(self) -> Vec<wire::Hook> {
        let view = if self.before { wire::View::Before } else { wire::View::Whole };
        let validate = wire::Hook {
            kind: wire::HookKind::Validate,
            on_create: true,
            on_update: true,
            on_delete: self.delete,
            view,
        };
        let normalize = wire::Hook {
            kind: wire::HookKind::Normalize,
            on_create: true,
            on_update: true,
            on_delete: false,
            view: wire::View::Whole,
        };
        let validate = self.validate.then_some(validate);
        validate.into_iter().chain(self.normalize.then_some(normalize)).collect()
    }
}

/// What `normalize` changes in the records of a batch.
///
/// # Panics
/// When a record does not fit the model, or the hook changed what it may not.
pub(crate) fn normalize_batch<M: Hooks>(batch: &Batch) -> Vec<FieldChange> {
    if !M::DECLARED.normalize {
        return Vec::new();
    }
    let numbered = (0..).zip(batch.records());
    let changes = |(index, record)| {
        normalize::<M>(record).into_iter().map(move |(field, value)| FieldChange { index, field, value })
    };
    numbered.flat_map(changes).collect()
}

/// What `validate` says of the records of a batch.
///
/// # Panics
/// When a record does not fit the model: whatever reaches `validate` passed the host's own checks.
pub(crate) fn validate_batch<M: Hooks>(operation: Operation, after: &Batch, before: Option<&Batch>) -> Vec<Violation> {
    if !M::DECLARED.validate {
        return Vec::new();
    }
    let mut befores = before.map(Batch::records);
    let mut found = Vec::new();
    for (index, after) in (0..).zip(after.records()) {
        let before = befores.as_mut().and_then(Iterator::next).map(read);
        let violations = validate::<M>(operation, read(after), before);
        found.extend(violations.into_iter().map(|violation| Violation { index, ..violation }));
    }
    found
}

/// What `normalize` changes in one record: positions and new values.
pub(crate) fn normalize<'a, M: Hooks>(cells: impl ExactSizeIterator<Item = Cell<'a>> + Clone) -> Vec<(u32, Value)> {
    let mut record = match M::from_cells(cells.clone()) {
        Ok(record) => record,
        Err(Unfit::Lacking(_)) => return Vec::new(),
        Err(unfit) => panic!("`normalize` of `{}`: {unfit}", M::DEFINITION.name),
    };
    record.normalize();
    let pairs = record.into_row().into_iter().zip(cells).zip(M::DEFINITION.fields).enumerate();
    let changes = pairs.filter(|(_, ((after, before), field))| !is_same(field, *before, after.into()));
    changes.map(|(position, ((after, _), _))| (permitted::<M>(position), after)).collect()
}

/// What `validate` says of one record.
pub(crate) fn validate<M: Hooks>(operation: Operation, after: M, before: Option<M>) -> Vec<Violation> {
    let mut check = Check::new(operation, before);
    after.validate(&mut check);
    check.into_violations()
}

/// The struct of a record that passed the host's own checks.
pub(crate) fn read<'a, M: Model>(cells: impl ExactSizeIterator<Item = Cell<'a>>) -> M {
    match M::from_cells(cells) {
        Ok(record) => record,
        Err(unfit) => panic!("`validate` of `{}`: {unfit}", M::DEFINITION.name),
    }
}

/// A field that was not sent is `absent` before, and null or not numbered in the struct: that is no change.
fn is_same(field: &FieldDef, before: Cell<'_>, after: Cell<'_>) -> bool {
    match (before, after) {
        (Cell::Absent, Cell::Null) => true,
        (Cell::Absent, after) => field.is_sequence() && after == NOT_NUMBERED,
        (before, after) => before == after,
    }
}

fn permitted<M: Model>(position: usize) -> u32 {
    if let Some(kept) = M::DEFINITION.kept_at(position) {
        panic!("`normalize` of `{}` changed {kept}", M::DEFINITION.name);
    }
    position as u32
}

#[cfg(test)]
mod tests {
    use crate::Cell;
    use crate::prelude::{Check, Hooks, Model, hooks};
    use crate::wire::{Operation, Value};

    #[derive(Model)]
    struct Word {
        #[field(key)]
        text: String,
        note: Option<String>,
        #[field(version)]
        version: i64,
    }

    #[hooks(before, delete)]
    impl Hooks for Word {
        fn normalize(&mut self) {
            if self.text == "key" {
                self.text.clear();
            }
            if self.text == "version" {
                self.version += 1;
            }
            self.note = self.note.take().map(|note| note.trim().to_owned());
        }

        fn validate(&self, check: &mut Check<Self>) {
            let before = check.before().map(|before| before.text.clone());
            let operation = check.operation();
            check.warn(Word::NOTE, "seen", format!("{operation:?} {before:?}"));
        }
    }

    fn row(text: &str, note: Value) -> Vec<Value> {
        vec![Value::Text(text.to_owned()), note, Value::Int(1)]
    }

    fn normalized(row: &[Value]) -> Vec<(u32, Value)> {
        super::normalize::<Word>(row.iter().map(Cell::from))
    }

    fn panic_of(text: &'static str) -> String {
        let caught = std::panic::catch_unwind(|| normalized(&row(text, Value::Null)));
        let message = caught.expect_err("the hook must panic").downcast::<String>();
        *message.expect("a formatted message")
    }

    #[test]
    fn normalize_answers_only_differences() {
        let trimmed = normalized(&row("a", Value::Text(" b ".to_owned())));
        assert_eq!(trimmed, [(1, Value::Text("b".to_owned()))]);
        assert_eq!(normalized(&row("a", Value::Text("b".to_owned()))), []);
        assert_eq!(normalized(&row("a", Value::Absent)), []);
    }

    #[test]
    fn normalize_leaves_a_record_alone_that_lacks_a_field() {
        let lacking = vec![Value::Null, Value::Text(" b ".to_owned()), Value::Int(1)];
        assert_eq!(normalized(&lacking), []);
    }

    #[test]
    fn normalize_panics_when_it_changes_what_it_may_not() {
        assert_eq!(panic_of("key"), "`normalize` of `word` changed the key `text`");
        assert_eq!(panic_of("version"), "`normalize` of `word` changed `version`, which the host writes");
    }

    #[test]
    fn validate_sees_operation_and_before() {
        let [new, old] = ["new", "old"].map(|text| super::read::<Word>(row(text, Value::Null).iter().map(Cell::from)));
        let violations = super::validate(Operation::Update, new, Some(old));
        assert_eq!(violations[0].message, r#"Operation::Update Some("old")"#);
        assert_eq!(violations[0].field, Some(1));
    }
}
