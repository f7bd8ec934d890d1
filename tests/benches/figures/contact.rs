//! The record of the figures: what callers send, and what bare programs decode it into.
//!
//! The model is that of the guests `bench-plain`, `bench-hooked` and `bench-indexed`. Invariant: everything is a function of a number, so
//! that both sides work on the same records.

use chrono::{DateTime, SecondsFormat, Utc};
use engine::Outcome;
use model::{Row, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Records that are there before anything is measured and are never deleted.
pub(crate) const RECORDS: usize = 1_000;

/// Records of one page.
pub(crate) const PAGE: usize = 100;

/// Records of one call that writes many, and of the tables that a list by credit is measured on.
pub(crate) const MANY: usize = 100_000;

/// Credits of one list by credit; of [`MANY`] records each has another.
pub(crate) const CREDITS: usize = 1_000;

/// A record as a program without a host has it: owned and typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) status: String,
    pub(crate) credit: i64,
    pub(crate) score: Option<f64>,
    pub(crate) active: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) version: i64,
}

/// What a caller sends to create one.
#[derive(Debug, Clone)]
pub(crate) struct NewContact {
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) credit: i64,
    pub(crate) score: Option<f64>,
    pub(crate) active: bool,
}

/// What a caller sends to change one.
#[derive(Debug, Clone)]
pub(crate) struct Changes {
    pub(crate) name: String,
    pub(crate) credit: i64,
}

impl NewContact {
    pub(crate) fn numbered(number: usize) -> Self {
        let credit = i64::try_from(number % 100_000).expect("a small number");
        Self {
            name: format!("Contact {number}"),
            email: (!number.is_multiple_of(4)).then(|| format!("contact{number}@example.com")),
            status: if number.is_multiple_of(4) { "lead" } else { "active" },
            credit,
            score: (!number.is_multiple_of(3))
                .then(|| f64::from(u8::try_from(number % 100).expect("below 100")) / 100.0),
            active: !number.is_multiple_of(5),
        }
    }

    /// The body of a create; without an id the host makes one.
    pub(crate) fn body(&self, id: Option<Uuid>) -> String {
        let mut data = self.data();
        if let Some(id) = id {
            data["id"] = Json::String(id.to_string());
        }
        json!({"data": data}).to_string()
    }

    /// The record that it becomes.
    pub(crate) fn to_contact(&self, id: Uuid, now: DateTime<Utc>) -> Contact {
        Contact {
            id,
            name: self.name.clone(),
            email: self.email.clone(),
            status: self.status.to_owned(),
            credit: self.credit,
            score: self.score,
            active: self.active,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    fn data(&self) -> Json {
        let Self { name, email, status, credit, score, active } = self;
        json!({"name": name, "email": email, "status": status, "credit": credit, "score": score, "active": active})
    }
}

impl Changes {
    pub(crate) fn numbered(number: usize) -> Self {
        let credit = i64::try_from(number % 100_000).expect("a small number");
        Self { name: format!("Contact renamed {number}"), credit }
    }

    pub(crate) fn body(&self, id: Uuid) -> String {
        json!({"filter": {"id": id.to_string()}, "data": {"name": self.name, "credit": self.credit}}).to_string()
    }
}

impl Contact {
    /// As the engine answers it.
    pub(crate) fn to_row(&self) -> Row {
        let text = |text: &String| Value::Text(text.clone());
        vec![
            Value::Uuid(self.id),
            text(&self.name),
            self.email.as_ref().map_or(Value::Null, text),
            text(&self.status),
            Value::Int(self.credit),
            self.score.map_or(Value::Null, Value::Float),
            Value::Boolean(self.active),
            Value::Timestamp(self.created_at.timestamp_micros()),
            Value::Timestamp(self.updated_at.timestamp_micros()),
            Value::Int(self.version),
        ]
    }

    /// As a JSON answer spells a time.
    pub(crate) fn time(at: DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

/// The id of a record: spread over the whole range, as ids that others made are.
pub(crate) fn id(number: usize) -> Uuid {
    let mixed = |salt: u64| (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23) ^ salt;
    Uuid::from_u64_pair(mixed(0x1234_5678), mixed(0x9abc_def0).wrapping_mul(31))
}

/// The record that operation `number` is about: every one comes, in no order that a cache could guess.
pub(crate) fn pick(number: usize) -> Uuid {
    id(number * 7_919 % RECORDS)
}

/// The body of a read or a delete.
pub(crate) fn body_by_key(id: Uuid) -> String {
    json!({"filter": {"id": id.to_string()}}).to_string()
}

/// Where page `number` begins: behind one of the records, with a whole page after it.
pub(crate) fn page_starts() -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = (0..RECORDS).map(id).collect();
    ids.sort();
    ids.truncate(RECORDS - PAGE - 1);
    ids
}

/// The body of a list of one page.
pub(crate) fn body_of_page(after: Uuid) -> String {
    json!({"filter": {"id": {"$gt": after.to_string()}}, "options": {"limit": PAGE}}).to_string()
}

/// Where list `number` by credit begins: anywhere with so many credits behind it, in no order that a cache could guess.
pub(crate) fn first_credit(number: usize) -> i64 {
    i64::try_from(number * 7_919 % (MANY - CREDITS)).expect("a small number")
}

/// The body of a list by credit.
pub(crate) fn body_by_credit(from: i64) -> String {
    let until = from + i64::try_from(CREDITS).expect("a small number");
    json!({"filter": {"credit": {"$gte": from, "$lt": until}}, "options": {"order_by": ["credit"], "limit": CREDITS}})
        .to_string()
}

/// The body of a call that writes so many records and asks for their count. One record after the other, so that nothing
/// but the text takes memory.
pub(crate) fn body_of_many(count: usize) -> String {
    let mut body = String::with_capacity(count * 130);
    body.push_str(r#"{"data": ["#);
    for number in 0..count {
        body.push_str(if number > 0 { "," } else { "" });
        body.push_str(&NewContact::numbered(number).data().to_string());
    }
    body.push_str(r#"], "options": {"returning": "count"}}"#);
    body
}

/// The records of an answer that has any.
pub(crate) fn rows(outcome: Outcome) -> Vec<Row> {
    match outcome {
        Outcome::Record(row) => vec![row],
        Outcome::Records { rows, .. } => rows,
        Outcome::Written { rows, .. } => rows.unwrap_or_default(),
        Outcome::Count(_) | Outcome::Exists(_) | Outcome::Deleted | Outcome::Missing => Vec::new(),
    }
}
