//! Chinook as `chinook.json` has it, read as the records of plugins/music.
//!
//! It talks to no host. Invariant: records are written as the host answers them, so that what was sent and what is there
//! can be compared as text; decimals are the file's own digits and never pass through a float.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use serde_json::value::RawValue;

use super::contents::Record;

/// The file in a folder of Chinook's data.
const FILE: &str = "chinook.json";

/// What becomes of the tables, in an order in which no reference dangles.
const TABLES: [Table; 11] = [
    Table { name: "Artist", key: &["id"] },
    Table { name: "Genre", key: &["id"] },
    Table { name: "MediaType", key: &["id"] },
    Table { name: "Album", key: &["id"] },
    Table { name: "Track", key: &["id"] },
    Table { name: "Employee", key: &["id"] },
    Table { name: "Customer", key: &["id"] },
    Table { name: "Invoice", key: &["id"] },
    Table { name: "InvoiceLine", key: &["id"] },
    Table { name: "Playlist", key: &["id"] },
    Table { name: "PlaylistTrack", key: &["playlist_id", "track_id"] },
];

struct Table {
    name: &'static str,
    /// The model's key fields, all of them ints.
    key: &'static [&'static str],
}

/// A model and its records, in the order in which they are to be created.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) model: String,
    pub(super) records: Vec<Record>,
    key: &'static [&'static str],
}

/// A row as the file has it: the text of each value by column.
type Row = BTreeMap<String, Box<RawValue>>;

/// What the folder must hold, for whoever named none or another one.
pub(super) fn wanted() -> String {
    let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    format!("--from wants a folder with {FILE}, one object with an array of rows for each of {}", names.join(", "))
}

/// Reads the folder's file.
pub(super) fn read(folder: &Path) -> Result<Vec<Input>> {
    let path = folder.join(FILE);
    let text = fs::read_to_string(&path).with_context(|| format!("can't read {}; {}", path.display(), wanted()))?;
    parse(&text).with_context(|| path.display().to_string())
}

fn parse(text: &str) -> Result<Vec<Input>> {
    let mut tables: BTreeMap<String, Vec<Row>> = serde_json::from_str(text).with_context(wanted)?;
    let mut inputs = Vec::new();
    for table in TABLES {
        let rows = tables.remove(table.name).with_context(|| format!("there is no table `{}`", table.name))?;
        inputs.push(table.input(&rows)?);
    }
    match tables.keys().next() {
        Some(unknown) => bail!("plugins/music has no model for the table `{unknown}`"),
        None => Ok(inputs),
    }
}

impl Table {
    fn input(&self, rows: &[Row]) -> Result<Input> {
        let record = |(at, row)| self.record(row).with_context(|| format!("row {at} of table `{}`", self.name));
        let records = rows.iter().enumerate().map(record).collect::<Result<Vec<_>>>()?;
        let records = if self.name == "Employee" { managers_first(records) } else { records };
        Ok(Input { model: snake_case(self.name), records, key: self.key })
    }

    fn record(&self, row: &Row) -> Result<Record> {
        let mut record = Record::new();
        for (column, raw) in row {
            let value = value(column, raw.get()).with_context(|| format!("column `{column}`"))?;
            record.insert(self.field(column), value);
        }
        Ok(record)
    }

    /// `AlbumId` is `id` of album, and `album_id` of everybody else.
    fn field(&self, column: &str) -> String {
        match column.strip_prefix(self.name) {
            Some("Id") => "id".to_owned(),
            _ => snake_case(column),
        }
    }
}

impl Input {
    /// The records as a host lists them: in the order of the key.
    pub(super) fn by_key(&self) -> Vec<&Record> {
        let mut records: Vec<&Record> = self.records.iter().collect();
        records.sort_by_key(|record| self.key.iter().map(|field| int(record, field)).collect::<Vec<_>>());
        records
    }
}

/// A value as the host answers it.
fn value(column: &str, raw: &str) -> Result<Value> {
    let value: Value = serde_json::from_str(raw)?;
    Ok(match (column, value) {
        (_, Value::Null) => Value::Null,
        ("UnitPrice" | "Total", Value::Number(_)) => Value::String(money(raw)?),
        ("BirthDate" | "HireDate", Value::String(text)) => {
            let date = text.strip_suffix("T00:00:00").with_context(|| format!("`{text}` is more than a date"))?;
            Value::String(date.to_owned())
        }
        ("InvoiceDate", Value::String(text)) => Value::String(format!("{text}.000000Z")),
        (_, value) => value,
    })
}

/// The digits of a price, two of them behind the point; JSON's writers leave out zeros there.
fn money(digits: &str) -> Result<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = fraction.len() <= 2 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(is_plain && !whole.contains(['e', 'E']), "`{digits}` is no price of at most two digits behind the point");
    Ok(format!("{whole}.{fraction:0<2}"))
}

/// Employees in an order in which everybody comes after their manager. Those whose managers are not in the file or form a
/// circle come last: the host says what is wrong with them.
fn managers_first(mut waiting: Vec<Record>) -> Vec<Record> {
    let mut placed: Vec<Record> = Vec::new();
    loop {
        let is_ready = |record: &Record| {
            let manager = int(record, "reports_to");
            manager.is_none() || placed.iter().any(|placed| int(placed, "id") == manager)
        };
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        let is_done = ready.is_empty();
        placed.extend(ready);
        if is_done {
            placed.extend(rest);
            return placed;
        }
        waiting = rest;
    }
}

fn int(record: &Record, field: &str) -> Option<i64> {
    record.get(field).and_then(Value::as_i64)
}

/// `MediaTypeId` becomes `media_type_id`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests;
