//! Values of every type come back exactly as they went, through HTTP and every database.
//!
//! The values are `values`' own, from a fixed seed. An answer is compared as text, digit by digit; only documents are
//! compared by meaning.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::values::{Dice, Kind, Sample, base64};
use crate::{Place, everywhere};

const SEED: u64 = 20_261_126;
/// Records of one kind of write.
const RECORDS: usize = 24;

const SCALARS: &[(&str, Kind)] = &[
    ("text", Kind::Text),
    ("int", Kind::Int),
    ("float", Kind::Float),
    ("boolean", Kind::Boolean),
    ("timestamp", Kind::Timestamp),
    ("date", Kind::Date),
    ("time", Kind::Time),
    ("uuid", Kind::Uuid),
    ("bytes", Kind::Bytes),
    ("json", Kind::Json),
    ("choice", Kind::Choice),
];

/// Decimals of the two fields of a name, which have other digits.
const DECIMALS: &[(&str, Kind)] = &[
    ("given_decimal", Kind::Decimal(38, 10)),
    ("given_price", Kind::Decimal(18, 2)),
    ("maybe_decimal", Kind::Decimal(38, 38)),
    ("maybe_price", Kind::Decimal(19, 0)),
];

const ITEMS: &[(&str, Kind)] = &[
    ("texts", Kind::Text),
    ("ints", Kind::Int),
    ("floats", Kind::Float),
    ("booleans", Kind::Boolean),
    ("timestamps", Kind::Timestamp),
    ("dates", Kind::Date),
    ("times", Kind::Time),
    ("uuids", Kind::Uuid),
    ("bytes", Kind::Bytes),
    ("choices", Kind::Choice),
];

/// A record: its fields with their values.
type Record = BTreeMap<String, Sample>;

fn scalars(dice: &mut Dice) -> Record {
    let both = |(name, kind): &(&str, Kind)| [(format!("given_{name}"), *kind), (format!("maybe_{name}"), *kind)];
    let decimals = DECIMALS.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    let fields: Vec<(String, Kind)> = SCALARS.iter().flat_map(both).chain(decimals).collect();
    let sample = |(name, kind): (String, Kind)| {
        let is_null = name.starts_with("maybe_") && dice.below(5) == 0;
        (name, if is_null { Sample::null() } else { dice.sample(kind) })
    };
    fields.into_iter().map(sample).collect()
}

fn lists(dice: &mut Dice) -> Record {
    let both = |(name, kind): &(&str, Kind)| [(format!("given_{name}"), *kind), (format!("maybe_{name}"), *kind)];
    let decimals = [("given_decimals", Kind::Decimal(38, 10)), ("maybe_decimals", Kind::Decimal(4, 2))];
    let decimals = decimals.map(|(name, kind)| (name.to_owned(), kind));
    let fields: Vec<(String, Kind)> = ITEMS.iter().flat_map(both).chain(decimals).collect();
    let sample = |(name, kind): (String, Kind)| {
        if name.starts_with("maybe_") && dice.below(5) == 0 {
            return (name, Sample::null());
        }
        let len = [0, 1, 2, 30][dice.below(4) as usize];
        let items: Vec<Sample> = (0..len).map(|_| dice.sample(kind)).collect();
        // No database's documents have a negative zero.
        let items: Vec<Sample> = items.into_iter().filter(|item| item.sent != "-0.0").collect();
        (name, Sample::list(&items))
    };
    fields.into_iter().map(sample).collect()
}

/// `data` of a record.
fn data(number: usize, record: &Record) -> String {
    let fields: String = record.iter().map(|(name, sample)| format!(", \"{name}\": {}", sample.sent)).collect();
    format!("{{\"number\": {number}{fields}}}")
}

/// Asserts that a record was answered as it was sent.
#[track_caller]
fn assert_same(place: &Place, how: &str, answered: &RawValue, record: &Record) {
    let answered: BTreeMap<String, &RawValue> = serde_json::from_str(answered.get()).expect("a record");
    for (name, sample) in record {
        let found = answered[name.as_str()].get();
        let is_same = match name.ends_with("_json") {
            true => meaning(found) == meaning(&sample.answered),
            // MySQL keeps no sign of zero (docs/capabilities.md).
            false if sample.answered == "-0.0" => found == if place.source.starts_with("my") { "0.0" } else { "-0.0" },
            false => found == sample.answered,
        };
        assert!(is_same, "{place}, {how}: {name} was sent as {} and answered as {found}", sample.sent);
    }
}

fn meaning(text: &str) -> Value {
    serde_json::from_str(text).expect("a document")
}

/// `data` of an answer, each value with its own digits.
fn raw(text: &str) -> Box<RawValue> {
    let mut parts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).expect("an object");
    parts.remove("data").expect("data")
}

fn records(text: &str) -> Vec<Box<RawValue>> {
    serde_json::from_str(raw(text).get()).expect("a list")
}

/// Writes records in each way that there is, and reads them in each.
fn round_trips(place: &Place, model: &str, all: &[Record]) {
    let target = |operation: &str| format!("every-type {model} {operation}");
    let (many, single) = all.split_at(RECORDS);
    let rows: Vec<String> = many.iter().enumerate().map(|(number, record)| data(number, record)).collect();
    let body = format!(r#"{{"data": [{}], "options": {{"returning": "records"}}}}"#, rows.join(","));
    let answer = place.call(&target("bulk_create"), &body);
    assert_eq!(answer.status, 200, "{place}: {}", answer.text);
    for (answered, record) in records(&answer.text).iter().zip(many) {
        assert_same(place, "bulk_create", answered, record);
    }
    for (number, record) in (RECORDS..).zip(single) {
        let answer = place.call(&target("create"), &format!(r#"{{"data": {}}}"#, data(number, record)));
        assert_eq!(answer.status, 200, "{place}: {}", answer.text);
        assert_same(place, "create", &raw(&answer.text), record);
    }
    let listed = place.call(&target("list"), r#"{"options": {"limit": 1000}}"#);
    assert_eq!(records(&listed.text).len(), all.len(), "{place}");
    for (answered, record) in records(&listed.text).iter().zip(all) {
        assert_same(place, "list", answered, record);
    }
    // Each record gets the values of the next one.
    for (number, record) in all.iter().cycle().skip(1).take(all.len()).enumerate() {
        let filter = format!(r#"{{"number": {number}}}"#);
        let body = format!(r#"{{"filter": {filter}, "data": {}}}"#, data(number, record));
        let updated = place.call(&target("update"), &body);
        assert_eq!(updated.status, 200, "{place}: {}", updated.text);
        assert_same(place, "update", &raw(&updated.text), record);
        let read = place.call(&target("read"), &format!(r#"{{"filter": {filter}}}"#));
        assert_same(place, "read", &raw(&read.text), record);
    }
}

fn say(histogram: &str) {
    std::io::stderr().write_all(histogram.as_bytes()).expect("standard error");
}

#[test]
fn scalars_of_every_type_come_back_as_they_went() {
    let mut dice = Dice::new(SEED);
    let all: Vec<Record> = (0..2 * RECORDS).map(|_| scalars(&mut dice)).collect();
    say(&dice.histogram());
    everywhere(|place| {
        round_trips(place, "scalars", &all);
        String::new()
    });
}

#[test]
fn lists_of_every_type_come_back_as_they_went() {
    let mut dice = Dice::new(SEED);
    let all: Vec<Record> = (0..2 * RECORDS).map(|_| lists(&mut dice)).collect();
    say(&dice.histogram());
    everywhere(|place| {
        round_trips(place, "lists", &all);
        String::new()
    });
}

/// What a value is equal to is itself, in whichever spelling it is asked for.
#[test]
fn every_value_is_found_by_itself() {
    let mut dice = Dice::new(SEED + 1);
    let all: Vec<Record> = (0..RECORDS).map(|_| scalars(&mut dice)).collect();
    everywhere(|place| {
        let rows: Vec<String> = all.iter().enumerate().map(|(number, record)| data(number, record)).collect();
        place.data("every-type scalars bulk_create", &format!(r#"{{"data": [{}]}}"#, rows.join(",")));
        for (number, record) in all.iter().enumerate() {
            for (name, sample) in record.iter().filter(|(name, _)| !name.ends_with("_json")) {
                let filter = format!(r#"{{"number": {number}, "{name}": {}}}"#, sample.sent);
                let body = format!(r#"{{"filter": {filter}}}"#);
                assert_eq!(place.data("every-type scalars exists", &body), true, "{place}: {filter}");
            }
        }
        String::new()
    });
}

#[test]
fn a_megabyte_comes_back() {
    const MEGABYTE: usize = 1024 * 1024;
    let text = |part: &str| Value::from(part.repeat(MEGABYTE / part.len()));
    let bytes: Vec<u8> = (0..MEGABYTE).map(|at| (at * at / 7) as u8).collect();
    let values = [
        ("given_text", text("a")),
        ("maybe_text", text("🚀")),
        ("given_json", json!([text("ä\"\\")])),
        ("given_bytes", Value::from(base64(&bytes))),
    ];
    everywhere(|place| {
        place.data("every-type scalars create", r#"{"data": {"number": 1}}"#);
        for (name, value) in &values {
            let body = json!({"filter": {"number": 1}, "data": {*name: value}});
            let written = place.data("every-type scalars update", &body.to_string());
            let read = place.data("every-type scalars read", r#"{"filter": {"number": 1}}"#);
            assert!(written[name] == *value, "{place}: update answers {name} as it was sent");
            assert!(read[name] == *value, "{place}: read answers {name} as it was sent");
        }
        String::new()
    });
}
