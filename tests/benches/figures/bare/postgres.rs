//! Bare sqlx: one connection with the host's settings, statements with typed binds that it keeps prepared.
//!
//! The table is its own, in a schema of its own, made from the host's: the same columns and key, the same records. There is
//! no pool: sqlx's asks a connection after each use whether it still lives, which makes 20 us more of a read, and a program
//! that wants to be fast keeps its connection. Invariant: a statement answers what the host's operation answers, decoded.

use std::str::FromStr;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use engine::DataSourceSettings;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use uuid::Uuid;

use super::form::{Form, ids};
use crate::contact::{CREDITS, Changes, Contact, NewContact, PAGE};

const CREATE: &str = "INSERT INTO bare.contacts (id, name, email, status, credit, score, active, created_at, updated_at, \
    version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const READ: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare.contacts WHERE id = $1";
const UPDATE: &str = "UPDATE bare.contacts SET name = $1, credit = $2, updated_at = $3, version = version + 1 \
    WHERE id = $4 RETURNING id, name, email, status, credit, score, active, created_at, updated_at, version";
const DELETE: &str = "DELETE FROM bare.contacts WHERE id = $1";
const LIST: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare.contacts WHERE id > $1 ORDER BY id LIMIT $2";
const LIST_BY_CREDIT: &str = "SELECT id, name, email, status, credit, score, active, created_at, updated_at, version \
    FROM bare.contacts WHERE credit >= $1 AND credit < $2 ORDER BY credit, id LIMIT $3";
const INSERT: &str =
    "INSERT INTO bare.contacts (id, name, email, status, credit, score, active, created_at, updated_at, version)";
const COLUMNS: &str = "SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], \
    $6::double precision[], $7::boolean[], $8::timestamptz[], $9::timestamptz[], $10::bigint[])";

/// How many columns there are.
const WIDTH: usize = 10;

/// A connection.
#[derive(Debug)]
pub(crate) struct Postgres {
    connection: PgConnection,
}

impl Postgres {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?
            .statement_cache_capacity(DataSourceSettings::STATEMENT_CACHE_MAX)
            .options([
                ("statement_timeout", DataSourceSettings::STATEMENT_MS_MAX),
                ("lock_timeout", DataSourceSettings::WAIT_MS_MAX),
            ])
            .disable_statement_logging();
        Ok(Self { connection: options.connect().await? })
    }

    /// Copies the table and records of the host's schema. The planner knows both tables equally well afterwards.
    pub(crate) async fn copy(&mut self, schema: &str) -> Result<()> {
        let statements = [
            "DROP SCHEMA IF EXISTS bare CASCADE".to_owned(),
            "CREATE SCHEMA bare".to_owned(),
            format!("CREATE TABLE bare.contacts (LIKE \"{schema}\".contacts INCLUDING ALL)"),
            format!("INSERT INTO bare.contacts SELECT * FROM \"{schema}\".contacts"),
            format!("VACUUM ANALYZE bare.contacts, \"{schema}\".contacts"),
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

    pub(crate) async fn list_by_credit(&mut self, from: i64) -> Result<Vec<Contact>> {
        let count = i64::try_from(CREDITS)?;
        let query = sqlx::query(LIST_BY_CREDIT).bind(from).bind(from + count).bind(count);
        let rows = query.fetch_all(&mut self.connection).await?;
        Ok(rows.iter().map(contact).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn create_many(&mut self, form: Form, new: &[NewContact]) -> Result<u64> {
        let now = Utc::now();
        let mut ids = ids(now, new.len());
        let mut transaction = self.connection.begin().await?;
        let mut written = 0;
        for new in new.chunks(form.rows()) {
            let ids: Vec<Uuid> = ids.by_ref().take(new.len()).collect();
            written += match form {
                Form::Columns(_) => insert_columns(&mut transaction, &ids, new, now).await?,
                Form::Values(_) => insert_values(&mut transaction, &ids, new, now).await?,
                Form::Each => bail!("a server is not asked for each row"),
            };
        }
        transaction.commit().await?;
        Ok(written)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

async fn insert_columns(
    connection: &mut PgConnection,
    ids: &[Uuid],
    new: &[NewContact],
    now: DateTime<Utc>,
) -> Result<u64> {
    let column = |value: fn(&NewContact) -> &str| new.iter().map(value).collect::<Vec<_>>();
    let query = sqlx::query(AssertSqlSafe(format!("{INSERT} {COLUMNS}")))
        .bind(ids)
        .bind(column(|new| &new.name))
        .bind(new.iter().map(|new| new.email.as_deref()).collect::<Vec<_>>())
        .bind(column(|new| new.status))
        .bind(new.iter().map(|new| new.credit).collect::<Vec<_>>())
        .bind(new.iter().map(|new| new.score).collect::<Vec<_>>())
        .bind(new.iter().map(|new| new.active).collect::<Vec<_>>())
        .bind(vec![now; new.len()])
        .bind(vec![now; new.len()])
        .bind(vec![1_i64; new.len()]);
    Ok(query.execute(connection).await?.rows_affected())
}

async fn insert_values(
    connection: &mut PgConnection,
    ids: &[Uuid],
    new: &[NewContact],
    now: DateTime<Utc>,
) -> Result<u64> {
    let row = |row: usize| {
        let places: Vec<String> = (1..=WIDTH).map(|column| format!("${}", row * WIDTH + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..new.len()).map(row).collect();
    let mut query = sqlx::query(AssertSqlSafe(format!("{INSERT} VALUES {}", rows.join(", "))));
    for (id, new) in ids.iter().zip(new) {
        query = query.bind(id).bind(&new.name).bind(&new.email).bind(new.status).bind(new.credit);
        query = query.bind(new.score).bind(new.active).bind(now).bind(now).bind(1_i64);
    }
    Ok(query.execute(connection).await?.rows_affected())
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
