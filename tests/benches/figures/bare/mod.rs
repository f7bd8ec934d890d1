//! The programs that the host is held against: what somebody would write who needs exactly this and nothing else.
//!
//! Each one is as fast as its author can make it by fair means: prepared statements, the same settings and durability, the
//! same records decoded into owned typed values, in a place of its own. Nothing here uses a crate of the host but for the
//! engine settings of wasmtime, which have to be the same.

pub(crate) mod form;
pub(crate) mod guest;
pub(crate) mod mysql;
pub(crate) mod postgres;
pub(crate) mod server;
pub(crate) mod sqlite;

use std::path::Path;

use anyhow::Result;
use uuid::Uuid;

use crate::contact::{Changes, Contact, NewContact};
use crate::database::Database;
use crate::hosted;
use form::Form;

/// A connection to a table of its own, with the records of a namespace.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(postgres::Postgres),
    Mysql(mysql::Mysql),
}

/// The statements of a connection.
pub(crate) enum Bare<'c> {
    Sqlite(Box<sqlite::Statements<'c>>),
    Postgres(&'c mut postgres::Postgres),
    Mysql(&'c mut mysql::Mysql),
}

impl Connection {
    /// Beside a namespace of the host; what stood there before is gone. The folder is the host's.
    pub(crate) async fn beside(database: &Database, folder: &Path, namespace: &str) -> Result<Self> {
        Ok(match database {
            Database::Sqlite => {
                let file = folder.join(format!("bare-{namespace}.db"));
                sqlite::copy(&hosted::sqlite_file(folder, namespace), &file)?;
                Self::Sqlite(sqlite::open(&file)?)
            }
            Database::Postgres(postgres) => {
                let mut connection = postgres::Postgres::connect(postgres.url()).await?;
                connection.copy(namespace).await?;
                Self::Postgres(connection)
            }
            Database::Mysql(mysql) => {
                let mut connection = mysql::Mysql::connect(mysql).await?;
                connection.copy(namespace).await?;
                Self::Mysql(connection)
            }
        })
    }

    pub(crate) fn prepare(&mut self) -> Result<Bare<'_>> {
        Ok(match self {
            Self::Sqlite(connection) => Bare::Sqlite(Box::new(sqlite::Statements::prepare(connection)?)),
            Self::Postgres(postgres) => Bare::Postgres(postgres),
            Self::Mysql(mysql) => Bare::Mysql(mysql),
        })
    }

    pub(crate) async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().map_err(|(_, error)| error.into()),
            Self::Postgres(postgres) => postgres.close().await,
            Self::Mysql(mysql) => mysql.close().await,
        }
    }
}

impl Bare<'_> {
    pub(crate) async fn create(&mut self, new: &NewContact) -> Result<Contact> {
        match self {
            Self::Sqlite(statements) => statements.create(new),
            Self::Postgres(postgres) => postgres.create(new).await,
            Self::Mysql(mysql) => mysql.create(new).await,
        }
    }

    pub(crate) async fn read(&mut self, id: Uuid) -> Result<Contact> {
        match self {
            Self::Sqlite(statements) => statements.read(id),
            Self::Postgres(postgres) => postgres.read(id).await,
            Self::Mysql(mysql) => mysql.read(id).await,
        }
    }

    pub(crate) async fn update(&mut self, id: Uuid, changes: &Changes) -> Result<Contact> {
        match self {
            Self::Sqlite(statements) => statements.update(id, changes),
            Self::Postgres(postgres) => postgres.update(id, changes).await,
            Self::Mysql(mysql) => mysql.update(id, changes).await,
        }
    }

    /// How many there were.
    pub(crate) async fn delete(&mut self, id: Uuid) -> Result<u64> {
        match self {
            Self::Sqlite(statements) => statements.delete(id),
            Self::Postgres(postgres) => postgres.delete(id).await,
            Self::Mysql(mysql) => mysql.delete(id).await,
        }
    }

    /// One page behind an id, in the order of ids.
    pub(crate) async fn list(&mut self, after: Uuid) -> Result<Vec<Contact>> {
        match self {
            Self::Sqlite(statements) => statements.list(after),
            Self::Postgres(postgres) => postgres.list(after).await,
            Self::Mysql(mysql) => mysql.list(after).await,
        }
    }

    /// The records whose credit is in a range of [`crate::contact::CREDITS`], in its order.
    pub(crate) async fn list_by_credit(&mut self, from: i64) -> Result<Vec<Contact>> {
        match self {
            Self::Sqlite(statements) => statements.list_by_credit(from),
            Self::Postgres(postgres) => postgres.list_by_credit(from).await,
            Self::Mysql(mysql) => mysql.list_by_credit(from).await,
        }
    }

    /// All of them or none. How many were written.
    pub(crate) async fn create_many(&mut self, form: Form, new: &[NewContact]) -> Result<u64> {
        match self {
            Self::Sqlite(statements) => statements.create_many(form, new),
            Self::Postgres(postgres) => postgres.create_many(form, new).await,
            Self::Mysql(mysql) => mysql.create_many(form, new).await,
        }
    }
}
