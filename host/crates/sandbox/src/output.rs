//! What a guest may answer, and what is wrong with an answer.
//!
//! Judges single facts (a position, a code, a value for a field) against the model; it does not know generated types. A
//! text that is merely too long is cut elsewhere; what is here makes the answer as a whole unusable.

use model::{ModelDef, Role, Value};

use crate::text::printable;

/// Why an answer makes no sense. Texts of the guest are quoted printable and short.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOutput {
    /// Bytes that are not a value of the contract's types.
    #[error(
        "it is not a value of the contract's types (text that is not UTF-8, a pointer out of bounds or an unknown case)"
    )]
    Encoding,
    /// A position outside of the batch.
    #[error("it names record {index} of a batch of {records}")]
    Record {
        /// As named.
        index: usize,
        /// In the batch.
        records: usize,
    },
    /// A position that the model does not have.
    #[error("it names field {field} of model `{model}`, which has {fields}")]
    Field {
        /// As named.
        field: usize,
        /// The model.
        model: String,
        /// How many it has.
        fields: usize,
    },
    /// A violation code of another form.
    #[error("violation code `{code}` is not of the form [a-z][a-z0-9.-]*, at most 64 bytes")]
    ViolationCode {
        /// As given, shortened.
        code: String,
    },
    /// Too many parameters.
    #[error("violation `{code}` has {parameters} parameters, at most 16 are allowed")]
    Parameters {
        /// The violation's code.
        code: String,
        /// As many.
        parameters: usize,
    },
    /// More changes than there are values.
    #[error("it changes {changes} fields of a batch that has {values}")]
    ChangeCount {
        /// As many.
        changes: usize,
        /// Values in the batch.
        values: usize,
    },
    /// A change of a field that the guest may not write.
    #[error("it changes field `{field}`, which {owner}")]
    NotItsField {
        /// The field.
        field: String,
        /// Whose it is.
        owner: &'static str,
    },
    /// A value of another type.
    #[error("it sets field `{field}` to a value of type {found}, the field is of type {expected}")]
    ValueType {
        /// The field.
        field: String,
        /// The field's type.
        expected: String,
        /// The value's type, or the digits that the field's type does not hold.
        found: String,
    },
    /// A value that its type does not allow.
    #[error("it sets field `{field}` to {found}, expected {expected}")]
    Value {
        /// The field.
        field: String,
        /// What the type allows.
        expected: String,
        /// What was found.
        found: String,
    },
}

/// Bytes of a violation's code, at most.
const CODE_BYTES_MAX: usize = 64;
/// Parameters of a violation, at most.
const PARAMETERS_MAX: usize = 16;

/// The record's position, if the batch has it.
pub(crate) fn record(index: u32, records: usize) -> Result<usize, BadOutput> {
    let index = index as usize;
    if index < records { Ok(index) } else { Err(BadOutput::Record { index, records }) }
}

/// The field's position, if the model has it.
pub(crate) fn field(field: u32, model: &ModelDef) -> Result<usize, BadOutput> {
    let field = field as usize;
    if field < model.fields.len() {
        return Ok(field);
    }
    Err(BadOutput::Field { field, model: model.name.to_string(), fields: model.fields.len() })
}

/// The code, if it has the form of one.
pub(crate) fn violation_code(code: String) -> Result<String, BadOutput> {
    let is_code = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'.' || c == b'-';
    let starts = code.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    if starts && code.len() <= CODE_BYTES_MAX && code.bytes().all(is_code) {
        return Ok(code);
    }
    Err(BadOutput::ViolationCode { code: printable(code, CODE_BYTES_MAX) })
}

/// Whether a violation may have so many parameters.
pub(crate) fn parameter_count(code: &str, parameters: usize) -> Result<(), BadOutput> {
    if parameters <= PARAMETERS_MAX {
        return Ok(());
    }
    Err(BadOutput::Parameters { code: code.to_owned(), parameters })
}

/// Whether `normalize` may write the field at all.
pub(crate) fn writable(field: usize, model: &ModelDef) -> Result<(), BadOutput> {
    let def = &model.fields[field];
    let owner = if model.is_key(field) {
        "is of the key"
    } else if def.role != Role::Plain {
        "the host writes"
    } else {
        return Ok(());
    };
    Err(BadOutput::NotItsField { field: def.name.to_string(), owner })
}

/// Whether the field's type holds the value. Null is left to the constraint check: whether a field may be null is a
/// judgement about the record, not about the guest.
pub(crate) fn value_for(field: usize, model: &ModelDef, value: &Value) -> Result<(), BadOutput> {
    let def = &model.fields[field];
    if value.is_absent() || !def.field_type.holds(value) {
        return Err(BadOutput::ValueType {
            field: def.name.to_string(),
            expected: def.field_type.to_string(),
            found: value.shape().into_owned(),
        });
    }
    value.check().and_then(|()| def.check_labels(value)).map_err(|error| BadOutput::Value {
        field: def.name.to_string(),
        expected: error.expected,
        found: printable(error.found, 200),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_code_has_one_form() {
        for code in ["required", "e-mail.format", "a1"] {
            assert_eq!(violation_code(code.to_owned()).as_deref(), Ok(code));
        }
        for code in ["", "1a", "Required", "a b", "a_b", "é", &"a".repeat(65)] {
            assert!(violation_code(code.to_owned()).is_err(), "{code}");
        }
    }

    #[test]
    fn positions_end_where_the_batch_ends() {
        assert_eq!(record(1, 2), Ok(1));
        insta::assert_snapshot!(
            record(2, 2).unwrap_err(),
            @"it names record 2 of a batch of 2"
        );
    }
}
