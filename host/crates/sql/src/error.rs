//! What can be wrong with an operation as a caller wrote it.
//!
//! Facts only; sentences about what to do are made from them in [`Describe`]. Nothing here holds a value of a record that
//! the caller did not send.

use model::{Code, Describe, FieldType, Ident, JsonError, ModelDef, ValueError, closest};

use crate::OperationKind;

/// Why an operation can't be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// There is no such operation.
    #[error("there is no operation `{operation}`")]
    UnknownOperation {
        /// As written.
        operation: String,
        /// The nearest that exists.
        closest: Option<String>,
    },
    /// A part of the request is not a JSON object, or holds a key twice.
    #[error("{what} is not a JSON object")]
    NotAnObject {
        /// Which part.
        what: String,
        /// What the parser found.
        #[source]
        error: JsonError,
    },
    /// The operation does not take this input.
    #[error("{operation} does not take `{part}`")]
    UnknownPart {
        /// The operation.
        operation: &'static str,
        /// As written.
        part: String,
        /// Where it was probably meant to go.
        closest: Option<String>,
        /// What the operation takes.
        allowed: &'static [&'static str],
        /// A correct call.
        example: String,
    },
    /// The operation needs this input.
    #[error("{operation} needs `{part}`")]
    MissingPart {
        /// The operation.
        operation: &'static str,
        /// What it needs.
        part: &'static str,
        /// A correct call.
        example: String,
    },
    /// The model has no such field.
    #[error("model `{model}` has no field `{field}`")]
    UnknownField {
        /// The model.
        model: Ident,
        /// As written, cut.
        field: String,
        /// The nearest that exists.
        closest: Option<String>,
        /// The fields there are.
        known: String,
    },
    /// There is no such filter operator.
    #[error("there is no filter operator `{operator}`")]
    UnknownOperator {
        /// As written.
        operator: String,
        /// The nearest that exists.
        closest: Option<String>,
        /// The operators there are.
        known: String,
    },
    /// The operation has no such option.
    #[error("{operation} has no option `{option}`")]
    UnknownOption {
        /// The operation.
        operation: &'static str,
        /// As written.
        option: String,
        /// The nearest that exists.
        closest: Option<String>,
        /// The options there are.
        allowed: &'static [&'static str],
    },
    /// An option has a value it can't have.
    #[error("option `{option}` is {found}, expected {expected}")]
    OptionValue {
        /// The option.
        option: String,
        /// What it may be.
        expected: String,
        /// What it is, cut.
        found: String,
    },
    /// A value does not fit its field.
    #[error("the value of field `{field}` does not fit")]
    TypeMismatch {
        /// The field.
        field: String,
        /// Expected and found.
        #[source]
        error: ValueError,
    },
    /// A required field was not sent; reported beside other errors.
    #[error("field `{field}` is required")]
    MissingField {
        /// The field.
        field: Ident,
        /// What it holds.
        field_type: FieldType,
    },
    /// A field that only the host writes.
    #[error("field `{field}` is set by the host and cannot be written")]
    ManagedField {
        /// The field.
        field: Ident,
        /// Its role.
        role: &'static str,
    },
    /// An update that would give a record another key.
    #[error("field `{field}` is the key and cannot change")]
    KeyChange {
        /// The field.
        field: Ident,
    },
    /// An update without any field.
    #[error("`data` changes nothing")]
    NothingToWrite,
    /// An operation on one record whose filter may match several.
    #[error("{operation} addresses one record, and this filter can match several")]
    NotUnique {
        /// The operation.
        operation: &'static str,
        /// The sets of fields of which one must be fixed.
        sets: Vec<String>,
        /// A correct filter.
        example: String,
    },
    /// A filter that is not built as filters are.
    #[error("{found}")]
    FilterShape {
        /// What is there.
        found: String,
        /// What should be.
        expected: String,
    },
    /// A filter that is too large.
    #[error("the filter has {found} {what}, at most {max} are allowed")]
    FilterLimit {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// What is wrong with one record of many.
    #[error("record {row}{}", row_text(error))]
    InRow {
        /// Its position in `data`, counted from 0.
        row: usize,
        /// What is wrong.
        error: Box<PlanError>,
        /// Why.
        #[source]
        cause: Option<RowCause>,
    },
    /// Several records where one is written.
    #[error("`data` is a list, and create writes one record")]
    ManyForOne,
    /// More records than one call may write.
    #[error("`data` has {found} records, at most {max} are allowed")]
    TooManyRows {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// More bytes than are written all at once.
    #[error("`data` has {found} bytes, at most {max} are written all at once")]
    TooLarge {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// `data` of many records is no list.
    #[error("`data` is not a list of records")]
    NotAList {
        /// What the parser found.
        #[source]
        error: JsonError,
    },
    /// A cursor that this list didn't give.
    #[error("the cursor {problem}")]
    Cursor {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Something that does not work here.
    #[error("{what} does not work on {on}")]
    Unsupported {
        /// What was asked for.
        what: String,
        /// A type or a database.
        on: String,
        /// What works.
        instead: String,
    },
}

/// What lies behind what is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowCause {
    /// A value does not fit its field.
    #[error(transparent)]
    Value(ValueError),
    /// The record is no object.
    #[error(transparent)]
    Json(JsonError),
}

impl PlanError {
    pub(crate) fn unknown_field(def: &ModelDef, field: &str) -> Self {
        Self::UnknownField {
            model: def.name.clone(),
            field: cut(field),
            closest: closest(field, def.field_names()).map(str::to_owned),
            known: def.field_names().collect::<Vec<_>>().join(", "),
        }
    }

    pub(crate) fn in_row(self, row: usize) -> Self {
        let cause = match &self {
            Self::TypeMismatch { error, .. } => Some(RowCause::Value(error.clone())),
            Self::NotAnObject { error, .. } => Some(RowCause::Json(error.clone())),
            _ => None,
        };
        Self::InRow { row, error: Box::new(self), cause }
    }

    pub(crate) fn option_value(option: &str, expected: String, found: &str) -> Self {
        Self::OptionValue { option: option.to_owned(), expected, found: cut(found) }
    }
}

impl Describe for PlanError {
    fn code(&self) -> Code {
        match self {
            Self::UnknownOperation { .. } => Code::PlanUnknownOperation,
            Self::NotAnObject { .. }
            | Self::NotAList { .. }
            | Self::ManyForOne
            | Self::UnknownPart { .. }
            | Self::MissingPart { .. }
            | Self::NothingToWrite => Code::RequestShape,
            Self::InRow { error, .. } => error.code(),
            Self::TooManyRows { .. } | Self::TooLarge { .. } => Code::PlanTooManyRows,
            Self::Cursor { .. } => Code::PlanCursor,
            Self::UnknownField { .. } => Code::PlanUnknownField,
            Self::UnknownOperator { .. } => Code::PlanUnknownOperator,
            Self::UnknownOption { .. } => Code::PlanUnknownOption,
            Self::OptionValue { .. } => Code::PlanOptionValue,
            Self::TypeMismatch { .. } => Code::PlanTypeMismatch,
            Self::MissingField { .. } => Code::PlanMissingField,
            Self::ManagedField { .. } => Code::PlanManagedField,
            Self::KeyChange { .. } => Code::PlanKeyChange,
            Self::NotUnique { .. } => Code::PlanNotUnique,
            Self::FilterShape { .. } => Code::PlanFilterShape,
            Self::FilterLimit { .. } => Code::PlanFilterLimit,
            Self::Unsupported { .. } => Code::PlanUnsupported,
        }
    }

    fn solutions(&self) -> Vec<String> {
        match self {
            Self::UnknownOperation { closest, .. } => {
                let known: Vec<&str> = OperationKind::ALL.into_iter().map(OperationKind::name).collect();
                meant(closest, format!("the operations are {}", known.join(", ")))
            }
            Self::NotAnObject { .. } => vec!["send one JSON object in which every key stands once".to_owned()],
            Self::NotAList { .. } => vec!["send a list of objects: {\"data\": [{...}, {...}]}".to_owned()],
            Self::InRow { error, .. } => error.solutions(),
            Self::ManyForOne => vec!["send one object, or write many records with `bulk_create`".to_owned()],
            Self::TooManyRows { max, .. } => vec![format!("send at most {max} records in one call")],
            Self::TooLarge { .. } => vec![
                "send several calls".to_owned(),
                "or set `options.transaction` to \"batch\": each batch is then written by itself".to_owned(),
            ],
            Self::Cursor { .. } => vec![
                "send `after` with the same filter and order_by as the call that answered it".to_owned(),
                "or begin again without `after`".to_owned(),
            ],
            Self::UnknownPart { closest, allowed, operation, .. } => {
                meant(closest, format!("{operation} takes {}", allowed.join(", ")))
            }
            Self::MissingPart { part, .. } => vec![format!("add `{part}`")],
            Self::UnknownField { closest, known, model, .. } => {
                meant(closest, format!("`{model}` has the fields {known}"))
            }
            Self::UnknownOperator { closest, known, .. } => meant(closest, format!("the operators are {known}")),
            Self::UnknownOption { closest, allowed, operation, .. } => {
                meant(closest, format!("{operation} has the options {}", allowed.join(", ")))
            }
            Self::OptionValue { option, expected, .. } => vec![format!("give `{option}` {expected}")],
            Self::TypeMismatch { error, .. } => error.hint.iter().cloned().collect(),
            Self::MissingField { field, field_type } => {
                vec![format!("add for example \"{field}\": {}", field_type.example())]
            }
            Self::ManagedField { field, role } => vec![format!("leave `{field}` out of `data`: its role is {role}")],
            Self::KeyChange { field } => {
                vec![format!("leave `{field}` out of `data`, or create a new record and delete this one")]
            }
            Self::NothingToWrite => vec!["name at least one field to change; the key is not one".to_owned()],
            Self::NotUnique { sets, .. } => vec![format!("fix {} by equality", sets.join(" or "))],
            Self::FilterShape { expected, .. } => vec![format!("write {expected}")],
            Self::FilterLimit { what, max, .. } => vec![format!("write at most {max} {what}, or ask several times")],
            Self::Unsupported { instead, .. } => vec![instead.clone()],
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownField { model, field, .. } => {
                vec![("model", model.to_string()), ("field", field.clone())]
            }
            Self::TypeMismatch { field, error } => {
                vec![("field", field.clone()), ("expected", error.expected.clone()), ("found", error.found.clone())]
            }
            Self::MissingField { field, .. } | Self::ManagedField { field, .. } | Self::KeyChange { field } => {
                vec![("field", field.to_string())]
            }
            Self::UnknownPart { operation, .. }
            | Self::MissingPart { operation, .. }
            | Self::NotUnique { operation, .. }
            | Self::UnknownOption { operation, .. } => vec![("operation", (*operation).to_owned())],
            Self::InRow { row, error, .. } => {
                std::iter::once(("record", row.to_string())).chain(error.context()).collect()
            }
            Self::UnknownOperation { .. }
            | Self::NotAnObject { .. }
            | Self::NotAList { .. }
            | Self::ManyForOne
            | Self::TooManyRows { .. }
            | Self::TooLarge { .. }
            | Self::Cursor { .. }
            | Self::UnknownOperator { .. }
            | Self::OptionValue { .. }
            | Self::NothingToWrite
            | Self::FilterShape { .. }
            | Self::FilterLimit { .. }
            | Self::Unsupported { .. } => Vec::new(),
        }
    }

    fn example(&self) -> Option<String> {
        match self {
            Self::UnknownPart { example, .. } | Self::MissingPart { example, .. } | Self::NotUnique { example, .. } => {
                Some(example.clone())
            }
            Self::InRow { error, .. } => error.example(),
            _ => None,
        }
    }
}

/// What is wrong with a record, behind its number.
fn row_text(error: &PlanError) -> String {
    match error {
        PlanError::NotAnObject { .. } => " is not a JSON object".to_owned(),
        error => format!(": {error}"),
    }
}

/// What was probably meant, then what there is.
fn meant(closest: &Option<String>, rest: String) -> Vec<String> {
    closest.iter().map(|closest| format!("did you mean `{closest}`?")).chain([rest]).collect()
}

/// At most 64 characters of what a caller wrote, safe to print.
pub(crate) fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(64).flat_map(char::escape_debug).collect();
    if text.chars().nth(64).is_some() {
        short.push_str("...");
    }
    short.replace("\\\"", "\"").replace("\\'", "'")
}
