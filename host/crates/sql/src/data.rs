//! Data: what a caller wants to write, as a positional row.

use model::{Default, FieldDef, JsonError, ModelDef, Role, Row, Value, WireOptions, visit_members};
use uuid::Uuid;

use crate::{OperationKind, PlanError};

/// The time and the fresh id of one operation. Given from outside, so that planning stays a function of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub now_us: i64,
    /// 80 random bits for ids made at this moment.
    pub random: [u8; 10],
}

impl Moment {
    /// The moment of row number `row` of many, with ids of its own that sort after those of the rows before.
    #[must_use]
    pub fn of_row(&self, row: usize) -> Self {
        let mut random = self.random;
        let low = u64::from_be_bytes(random[2..].try_into().expect("eight bytes"));
        // The last byte tells the fields of one row apart.
        let low = low.wrapping_add((row as u64) << 8);
        random[2..].copy_from_slice(&low.to_be_bytes());
        Self { random, ..*self }
    }

    /// The id that field number `position` gets: version 7, so that keys made later sort later.
    pub fn uuid(&self, position: usize) -> Uuid {
        let mut random = self.random;
        random[9] = random[9].wrapping_add(u8::try_from(position % 256).expect("below 256"));
        let millis = u64::try_from(self.now_us / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Parses `data`. Fields that were not sent are `absent`. What is not right at first sight is looked at member by member.
pub(crate) fn parse_data(
    kind: OperationKind,
    def: &ModelDef,
    raw: &str,
    wire: WireOptions,
    errors: &mut Vec<PlanError>,
) -> Row {
    if let Some(row) = def.read_row(raw, wire).filter(|row| !row.iter().all(Value::is_absent)) {
        return row;
    }
    let before = errors.len();
    if kind == OperationKind::Create && raw.starts_with('[') {
        errors.push(PlanError::ManyForOne);
        return vec![Value::Absent; def.fields.len()];
    }
    let mut data = Data { def, wire, row: vec![Value::Absent; def.fields.len()], sent: 0, twice: None, errors };
    let read = visit_members(raw, |name, raw| data.receive(&name, raw.get()));
    let Data { row, sent, twice, errors, .. } = data;
    let twice = twice.map(|key| JsonError::DuplicateKey { key });
    if let Some(error) = read.err().or(twice) {
        errors.truncate(before);
        errors.push(PlanError::NotAnObject { what: "`data`".to_owned(), error });
        return row;
    }
    if kind == OperationKind::Update && sent == 0 {
        errors.push(PlanError::NothingToWrite);
    }
    // Missing fields are a violation that `normalize` may still mend; beside other errors they are named at once.
    let creates = matches!(kind, OperationKind::Create | OperationKind::BulkCreate);
    if creates && errors.len() > before {
        let is_wrong = |field: &FieldDef| {
            errors[before..]
                .iter()
                .any(|error| matches!(error, PlanError::TypeMismatch { field: of, .. } if *of == field.name.as_str()))
        };
        let missing = def
            .fields
            .iter()
            .zip(&row)
            .filter(|(field, value)| field.is_required() && value.is_absent() && !is_wrong(field));
        let missing: Vec<PlanError> = missing
            .map(|(field, _)| PlanError::MissingField { field: field.name.clone(), field_type: field.field_type })
            .collect();
        errors.extend(missing);
    }
    row
}

/// The members of `data` on their way into a row.
struct Data<'a> {
    def: &'a ModelDef,
    wire: WireOptions,
    row: Row,
    /// How many there were.
    sent: usize,
    /// A name that stood twice.
    twice: Option<String>,
    errors: &'a mut Vec<PlanError>,
}

impl Data<'_> {
    fn receive(&mut self, name: &str, raw: &str) {
        self.sent += 1;
        let Some(at) = self.def.position_of(name) else {
            self.errors.push(PlanError::unknown_field(self.def, name));
            return;
        };
        let field = &self.def.fields[at];
        if !self.row[at].is_absent() {
            self.twice = Some(name.to_owned());
        }
        if !field.is_written_by_callers() {
            let role = if field.role == Role::Plain { "sequence" } else { field.role.name() };
            self.errors.push(PlanError::ManagedField { field: field.name.clone(), role });
            return;
        }
        match field.parse_json(raw, self.wire) {
            Ok(value) => self.row[at] = value,
            Err(error) => self.errors.push(PlanError::TypeMismatch { field: name.to_owned(), error }),
        }
    }
}

/// Fills what the host and the defaults give to a new record.
pub(crate) fn complete(def: &ModelDef, row: &mut Row, moment: &Moment) {
    for (position, (field, value)) in def.fields.iter().zip(row).enumerate() {
        if !value.is_absent() {
            continue;
        }
        *value = match (field.role, &field.default) {
            (Role::CreatedAt | Role::UpdatedAt, _) | (Role::Plain, Default::Now) => Value::Timestamp(moment.now_us),
            (Role::Version, _) => Value::Int(1),
            (Role::Plain, Default::NewUuid) => Value::Uuid(moment.uuid(position)),
            (Role::Plain, Default::Constant(constant)) => constant.clone(),
            (Role::Plain, Default::None) if field.nullable => Value::Null,
            (Role::Plain, Default::None | Default::Sequence) => Value::Absent,
        };
    }
}
