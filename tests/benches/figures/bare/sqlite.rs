//! Bare rusqlite: one connection, statements that stay prepared, run in place.
//!
//! The file is its own, made from the host's: the same table and indexes, the same records, the same settings (WAL,
//! synchronous NORMAL, foreign keys, size of the log). Invariant: a statement answers what the host's operation answers,
//! decoded.

use std::path::Path;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use rusqlite::types::{ToSqlOutput, Type, ValueRef};
use rusqlite::{Connection, Params, Row, Statement, params};
use uuid::Uuid;

use super::form::{Form, ids};
use crate::contact::{CREDITS, Changes, Contact, NewContact, PAGE};

const COLUMNS: &str = "id, name, email, status, credit, score, active, created_at, updated_at, version";
/// How many those are.
const WIDTH: usize = 10;

/// The statements of one connection.
pub(crate) struct Statements<'c> {
    connection: &'c Connection,
    create: Statement<'c>,
    read: Statement<'c>,
    update: Statement<'c>,
    delete: Statement<'c>,
    list: Statement<'c>,
    list_by_credit: Statement<'c>,
}

/// Copies the host's file, table and records, into another one, which is made anew.
pub(crate) fn copy(host_file: &Path, file: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let old = format!("{}{suffix}", file.display());
        if std::fs::exists(&old)? {
            std::fs::remove_file(old)?;
        }
    }
    let connection = open(file)?;
    connection.execute("ATTACH ?1 AS host", [host_file.to_string_lossy()])?;
    let made = "SELECT group_concat(sql, ';') FROM host.sqlite_schema WHERE tbl_name = 'contacts' AND sql IS NOT NULL";
    let table_and_indexes: String = connection.query_row(made, [], |row| row.get(0))?;
    connection.execute_batch(&table_and_indexes)?;
    connection.execute_batch("INSERT INTO main.contacts SELECT * FROM host.contacts; DETACH host;")?;
    Ok(())
}

/// A connection with the host's settings.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 16000;",
    )?;
    Ok(connection)
}

pub(crate) fn read_text() -> String {
    format!("SELECT {COLUMNS} FROM contacts WHERE id = ?1")
}

pub(crate) fn contact(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        id: uuid(row, 0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        status: row.get(3)?,
        credit: row.get(4)?,
        score: row.get(5)?,
        active: row.get(6)?,
        created_at: time(row, 7)?,
        updated_at: time(row, 8)?,
        version: row.get(9)?,
    })
}

impl<'c> Statements<'c> {
    pub(crate) fn prepare(connection: &'c Connection) -> Result<Self> {
        Ok(Self {
            connection,
            create: connection.prepare(&insert_text(1))?,
            read: connection.prepare(&read_text())?,
            update: connection.prepare(&format!(
                "UPDATE contacts SET name = ?1, credit = ?2, updated_at = ?3, version = version + 1 WHERE id = ?4 \
                 RETURNING {COLUMNS}"
            ))?,
            delete: connection.prepare("DELETE FROM contacts WHERE id = ?1")?,
            list: connection.prepare(&format!("SELECT {COLUMNS} FROM contacts WHERE id > ?1 ORDER BY id LIMIT ?2"))?,
            list_by_credit: connection.prepare(&format!(
                "SELECT {COLUMNS} FROM contacts WHERE credit >= ?1 AND credit < ?2 ORDER BY credit, id LIMIT ?3"
            ))?,
        })
    }

    pub(crate) fn create(&mut self, new: &NewContact) -> Result<Contact> {
        let now = Utc::now();
        let contact = new.to_contact(Uuid::now_v7(), now);
        let Contact { id, name, email, status, credit, score, active, version, .. } = &contact;
        let now_us = now.timestamp_micros();
        self.create.execute((id.as_bytes(), name, email, status, credit, score, active, now_us, now_us, version))?;
        Ok(contact)
    }

    pub(crate) fn read(&mut self, id: Uuid) -> Result<Contact> {
        Ok(self.read.query_row([id.as_bytes()], contact)?)
    }

    pub(crate) fn update(&mut self, id: Uuid, changes: &Changes) -> Result<Contact> {
        let now_us = Utc::now().timestamp_micros();
        let parameters = (&changes.name, changes.credit, now_us, id.as_bytes());
        Ok(self.update.query_row(parameters, contact)?)
    }

    pub(crate) fn delete(&mut self, id: Uuid) -> Result<u64> {
        Ok(self.delete.execute([id.as_bytes()])? as u64)
    }

    pub(crate) fn list(&mut self, after: Uuid) -> Result<Vec<Contact>> {
        contacts(&mut self.list, (after.as_bytes(), i64::try_from(PAGE)?), PAGE)
    }

    pub(crate) fn list_by_credit(&mut self, from: i64) -> Result<Vec<Contact>> {
        let parameters = (from, from + i64::try_from(CREDITS)?, i64::try_from(CREDITS)?);
        contacts(&mut self.list_by_credit, parameters, CREDITS)
    }

    pub(crate) fn create_many(&mut self, form: Form, new: &[NewContact]) -> Result<u64> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let written = match form {
            Form::Each => insert_each(&mut self.create, new)?,
            Form::Values(rows) => insert_values(self.connection, rows, new)?,
            Form::Columns(_) => bail!("SQLite has no arrays"),
        };
        self.connection.execute_batch("COMMIT")?;
        Ok(written)
    }
}

/// For so many rows.
fn insert_text(rows: usize) -> String {
    let row = format!("({})", ["?"; WIDTH].join(", "));
    format!("INSERT INTO contacts ({COLUMNS}) VALUES {}", vec![row; rows].join(", "))
}

fn insert_each(insert: &mut Statement<'_>, new: &[NewContact]) -> Result<u64> {
    let now = Utc::now();
    let (mut written, now_us) = (0, now.timestamp_micros());
    for (id, new) in ids(now, new.len()).zip(new) {
        let NewContact { name, email, status, credit, score, active } = new;
        written +=
            insert.execute(params![id.as_bytes(), name, email, status, credit, score, active, now_us, now_us, 1])?;
    }
    Ok(written as u64)
}

/// The last statement has the rows that are left.
fn insert_values(connection: &Connection, rows: usize, new: &[NewContact]) -> Result<u64> {
    let now = Utc::now();
    let (mut written, now_us) = (0, now.timestamp_micros());
    let mut ids = ids(now, new.len());
    let (whole, left) = new.split_at(new.len() - new.len() % rows);
    for (rows, new) in [(rows, whole), (left.len().max(1), left)] {
        let mut insert = connection.prepare(&insert_text(rows))?;
        for new in new.chunks_exact(rows) {
            let mut at = 0;
            let mut bind = |value: ValueRef<'_>| {
                at += 1;
                insert.raw_bind_parameter(at, ToSqlOutput::Borrowed(value))
            };
            for (new, id) in new.iter().zip(&mut ids) {
                let NewContact { name, email, status, credit, score, active } = new;
                bind(ValueRef::Blob(id.as_bytes()))?;
                bind(name.as_str().into())?;
                bind(email.as_deref().map_or(ValueRef::Null, ValueRef::from))?;
                bind((*status).into())?;
                bind(ValueRef::Integer(*credit))?;
                bind(score.map_or(ValueRef::Null, ValueRef::Real))?;
                bind(ValueRef::Integer(i64::from(*active)))?;
                bind(ValueRef::Integer(now_us))?;
                bind(ValueRef::Integer(now_us))?;
                bind(ValueRef::Integer(1))?;
            }
            written += insert.raw_execute()?;
        }
    }
    Ok(written as u64)
}

fn contacts(list: &mut Statement<'_>, parameters: impl Params, count_max: usize) -> Result<Vec<Contact>> {
    let mut rows = list.query(parameters)?;
    let mut contacts = Vec::with_capacity(count_max);
    while let Some(row) = rows.next()? {
        contacts.push(contact(row)?);
    }
    Ok(contacts)
}

fn uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<Uuid> {
    let bytes = row.get_ref(at)?.as_blob()?;
    Uuid::from_slice(bytes).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Blob, Box::new(error)))
}

fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<DateTime<Utc>> {
    let us: i64 = row.get(at)?;
    DateTime::from_timestamp_micros(us).ok_or(rusqlite::Error::IntegralValueOutOfRange(at, us))
}
