//! Bare sqlx on MySQL and MariaDB: one connection with the host's settings, statements that it keeps prepared.
//!
//! The table is its own, beside the host's and made from it: the same columns and indexes, the same records. No UPDATE
//! answers a record there, so that one is read again in the same transaction. There is no pool. Invariant: a statement
//! answers what the host's operation answers, decoded.

use std::str::FromStr;

use anyhow::{Result, bail};
use chrono::Utc;
use engine::DataSourceSettings;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use uuid::Uuid;

use super::form::{Form, ids};
use crate::contact::{CREDITS, Changes, Contact, NewContact, PAGE};
use crate::database;

const INSERT: &str =
    "INSERT INTO bare (id, name, email, status, credit, score, active, created_at, updated_at, version) VALUES ";
const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const CREATE: &str = "INSERT INTO bare (id, name, email, status, credit, score, active, created_at, updated_at, \
    version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const READ: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare WHERE id = ?";
const UPDATE: &str = "UPDATE bare SET name = ?, credit = ?, updated_at = ?, version = version + 1 WHERE id = ?";
const DELETE: &str = "DELETE FROM bare WHERE id = ?";
const LIST: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare WHERE id > ? ORDER BY id LIMIT ?";
const LIST_BY_CREDIT: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare WHERE credit >= ? AND credit < ? ORDER BY credit, id LIMIT ?";

/// A connection.
#[derive(Debug)]
pub(crate) struct Mysql {
    connection: MySqlConnection,
}

impl Mysql {
    pub(crate) async fn connect(mysql: &database::Mysql) -> Result<Self> {
        let options = MySqlConnectOptions::from_str(mysql.url())?
            .statement_cache_capacity(DataSourceSettings::STATEMENT_CACHE_MAX)
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(database::session(mysql.version()))).execute(&mut connection).await?;
        Ok(Self { connection })
    }

    /// Copies the table and records of the host's namespace. The planner knows both tables equally well afterwards.
    pub(crate) async fn copy(&mut self, namespace: &str) -> Result<()> {
        let statements = [
            "DROP TABLE IF EXISTS bare".to_owned(),
            format!("CREATE TABLE bare LIKE `{namespace}__contacts`"),
            format!("INSERT INTO bare SELECT * FROM `{namespace}__contacts`"),
            format!("ANALYZE TABLE bare, `{namespace}__contacts`"),
        ];
        for statement in statements {
            // The only name in it is one of this program's own.
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub(crate) async fn create(&mut self, new: &NewContact) -> Result<Contact> {
        let now = Utc::now();
        let contact = new.to_contact(Uuid::now_v7(), now);
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
        let mut transaction = self.connection.begin().await?;
        let query = sqlx::query(UPDATE).bind(&changes.name).bind(changes.credit).bind(Utc::now()).bind(id);
        query.execute(&mut *transaction).await?;
        let row = sqlx::query(READ).bind(id).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
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

    pub(crate) async fn list_by_credit(&mut self, from: i64) -> Result<Vec<Contact>> {
        let count = i64::try_from(CREDITS)?;
        let query = sqlx::query(LIST_BY_CREDIT).bind(from).bind(from + count).bind(count);
        let rows = query.fetch_all(&mut self.connection).await?;
        Ok(rows.iter().map(contact).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn create_many(&mut self, form: Form, new: &[NewContact]) -> Result<u64> {
        let Form::Values(rows) = form else { bail!("MySQL takes rows as VALUES") };
        let now = Utc::now();
        let mut ids = ids(now, new.len());
        let mut transaction = self.connection.begin().await?;
        let mut written = 0;
        for new in new.chunks(rows) {
            let text = format!("{INSERT}{}", vec![ROW; new.len()].join(", "));
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (new, id) in new.iter().zip(&mut ids) {
                query = query.bind(id).bind(&new.name).bind(&new.email).bind(new.status).bind(new.credit);
                query = query.bind(new.score).bind(new.active).bind(now).bind(now).bind(1_i64);
            }
            written += query.execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(written)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

/// Without a look at each column's type: the table is known.
fn contact(row: &MySqlRow) -> Result<Contact, sqlx::Error> {
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
