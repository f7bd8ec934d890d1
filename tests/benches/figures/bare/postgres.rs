//! Bare sqlx: one connection with the host's settings, statements with typed binds that it keeps prepared.
//!
//! The table is its own, in a schema of its own, made from the host's: the same columns and key, the same records. There is
//! no pool: sqlx's asks a connection after each use whether it still lives, which makes 20 us more of a read, and a program
//! that wants to be fast keeps its connection. Invariant: a statement answers what the host's operation answers, decoded.

use std::str::FromStr;

use anyhow::Result;
use chrono::Utc;
use engine::DataSourceSettings;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use uuid::Uuid;

use crate::contact::{Changes, Contact, NewContact, PAGE};

const CREATE: &str = "INSERT INTO bare.contacts (id, name, email, status, credit, score, active, created_at, updated_at, \
    version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const READ: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare.contacts WHERE id = $1";
const UPDATE: &str = "UPDATE bare.contacts SET name = $1, credit = $2, updated_at = $3, version = version + 1 \
    WHERE id = $4 RETURNING id, name, email, status, credit, score, active, created_at, updated_at, version";
const DELETE: &str = "DELETE FROM bare.contacts WHERE id = $1";
const LIST: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare.contacts WHERE id > $1 ORDER BY id LIMIT $2";

/// A connection.
#[derive(Debug)]
pub(crate) struct Postgres {
    connection: PgConnection,
}

impl Postgres {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?
            .statement_cache_capacity(DataSourceSettings::STATEMENT_CACHE_MAX)
            .options([("statement_timeout", DataSourceSettings::STATEMENT_MS_MAX)])
            .disable_statement_logging();
        Ok(Self { connection: options.connect().await? })
    }

    /// Copies the table and records of the host's schema.
    pub(crate) async fn copy(&mut self, schema: &str) -> Result<()> {
        let statements = [
            "CREATE SCHEMA bare".to_owned(),
            format!("CREATE TABLE bare.contacts (LIKE \"{schema}\".contacts INCLUDING ALL)"),
            format!("INSERT INTO bare.contacts SELECT * FROM \"{schema}\".contacts"),
        ];
        for statement in statements {
            // The only name in it is one of this program's own.
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub(crate) async fn create(&mut self, new: &NewContact) -> Result<Contact> {
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
        let query = sqlx::query(CREATE).bind(contact.id).bind(&contact.name).bind(&contact.email);
        let query = query.bind(&contact.status).bind(contact.credit).bind(contact.score).bind(contact.active);
        query.bind(now).bind(now).bind(contact.version).execute(&mut self.connection).await?;
        Ok(contact)
    }

    pub(crate) async fn read(&mut self, id: Uuid) -> Result<Contact> {
        let row = sqlx::query(READ).bind(id).fetch_one(&mut self.connection).await?;
        Ok(contact(&row)?)
    }

    pub(crate) async fn update(&mut self, id: Uuid, changes: &Changes) -> Result<Contact> {
        let query = sqlx::query(UPDATE).bind(&changes.name).bind(changes.credit).bind(Utc::now()).bind(id);
        let row = query.fetch_one(&mut self.connection).await?;
        Ok(contact(&row)?)
    }

    pub(crate) async fn delete(&mut self, id: Uuid) -> Result<u64> {
        Ok(sqlx::query(DELETE).bind(id).execute(&mut self.connection).await?.rows_affected())
    }

    pub(crate) async fn list(&mut self, after: Uuid) -> Result<Vec<Contact>> {
        let page = i64::try_from(PAGE)?;
        let rows = sqlx::query(LIST).bind(after).bind(page).fetch_all(&mut self.connection).await?;
        Ok(rows.iter().map(contact).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

/// Without a look at each column's type: the table is known.
fn contact(row: &PgRow) -> Result<Contact, sqlx::Error> {
    Ok(Contact {
        id: row.try_get_unchecked(0)?,
        name: row.try_get_unchecked(1)?,
        email: row.try_get_unchecked(2)?,
        status: row.try_get_unchecked(3)?,
        credit: row.try_get_unchecked(4)?,
        score: row.try_get_unchecked(5)?,
        active: row.try_get_unchecked(6)?,
        created_at: row.try_get_unchecked(7)?,
        updated_at: row.try_get_unchecked(8)?,
        version: row.try_get_unchecked(9)?,
    })
}
