//! Bare rusqlite: one connection, five statements that stay prepared, run in place.
//!
//! The file is its own, made from the host's: the same table, the same records, the same settings (WAL, synchronous NORMAL,
//! foreign keys). Invariant: a statement answers what the host's operation answers, decoded.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, Statement};
use uuid::Uuid;

use crate::contact::{Changes, Contact, NewContact, PAGE};

const COLUMNS: &str = "id, name, email, status, credit, score, active, created_at, updated_at, version";

/// The statements of one connection.
pub(crate) struct Statements<'c> {
    create: Statement<'c>,
    read: Statement<'c>,
    update: Statement<'c>,
    delete: Statement<'c>,
    list: Statement<'c>,
}

/// Copies the host's file, table and records, into another one.
pub(crate) fn copy(host_file: &Path, file: &Path) -> Result<()> {
    let connection = open(file)?;
    connection.execute("ATTACH ?1 AS host", [host_file.to_string_lossy()])?;
    let table: String =
        connection.query_row("SELECT sql FROM host.sqlite_schema WHERE name = 'contacts'", [], |row| row.get(0))?;
    connection.execute_batch(&table)?;
    connection.execute_batch("INSERT INTO main.contacts SELECT * FROM host.contacts; DETACH host;")?;
    Ok(())
}

/// A connection with the host's settings.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")?;
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
            create: connection.prepare(&format!(
                "INSERT INTO contacts ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            ))?,
            read: connection.prepare(&read_text())?,
            update: connection.prepare(&format!(
                "UPDATE contacts SET name = ?1, credit = ?2, updated_at = ?3, version = version + 1 WHERE id = ?4 \
                 RETURNING {COLUMNS}"
            ))?,
            delete: connection.prepare("DELETE FROM contacts WHERE id = ?1")?,
            list: connection.prepare(&format!("SELECT {COLUMNS} FROM contacts WHERE id > ?1 ORDER BY id LIMIT ?2"))?,
        })
    }

    pub(crate) fn create(&mut self, new: &NewContact) -> Result<Contact> {
        let now = Utc::now();
        let contact = Contact {
            id: Uuid::now_v7(),
            name: new.name.clone(),
            email: new.email.clone(),
            status: new.status.to_owned(),
            credit: new.credit,
            score: new.score,
            active: new.active,
            created_at: now,
            updated_at: now,
            version: 1,
        };
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

    pub(crate) fn delete(&mut self, id: Uuid) -> Result<usize> {
        Ok(self.delete.execute([id.as_bytes()])?)
    }

    pub(crate) fn list(&mut self, after: Uuid) -> Result<Vec<Contact>> {
        let mut rows = self.list.query((after.as_bytes(), i64::try_from(PAGE)?))?;
        let mut contacts = Vec::with_capacity(PAGE);
        while let Some(row) = rows.next()? {
            contacts.push(contact(row)?);
        }
        Ok(contacts)
    }
}

fn uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<Uuid> {
    let bytes = row.get_ref(at)?.as_blob()?;
    Uuid::from_slice(bytes).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Blob, Box::new(error)))
}

fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<DateTime<Utc>> {
    let us: i64 = row.get(at)?;
    DateTime::from_timestamp_micros(us).ok_or(rusqlite::Error::IntegralValueOutOfRange(at, us))
}
