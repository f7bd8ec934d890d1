//! A bare axum server: one route, one key, one statement on a SQLite file.
//!
//! It runs as a process of its own, as the host does: the bench starts itself again. The statement runs in place, under a
//! mutex around the only connection, which is the fastest that one caller can be served. It prints its address and serves
//! until it is killed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::sqlite;
use crate::contact::Contact;

/// The argument that makes the bench this server.
pub(crate) const ARGUMENT: &str = "--be-the-bare-server";

struct Server {
    connection: Mutex<Connection>,
    read: String,
    key_id: String,
    secret_hash: [u8; 32],
}

/// The answer, spelt as the host spells it.
#[derive(Serialize)]
struct Answer {
    data: Data,
}

#[derive(Serialize)]
struct Data {
    id: String,
    name: String,
    email: Option<String>,
    status: String,
    credit: i64,
    score: Option<f64>,
    active: bool,
    created_at: String,
    updated_at: String,
    version: i64,
}

/// The arguments after [`ARGUMENT`]: the file, the key.
pub(crate) async fn run(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let file = arguments.next().map(PathBuf::from).context("the file")?;
    let key = arguments.next().context("the key")?;
    let server = Server::open(&file, &key)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    println!("{}", serde_json::json!({"listen": format!("http://{address}")}));
    let routes = Router::new().route("/contacts/{id}", get(read)).with_state(Arc::new(server));
    Ok(axum::serve(listener, routes).await?)
}

async fn read(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    axum::extract::Path(id): axum::extract::Path<String>,
) -> Result<Json<Answer>, StatusCode> {
    if !server.is_allowed(&headers) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let id = Uuid::parse_str(&id).map_err(|_| StatusCode::BAD_REQUEST)?;
    match server.find(id) {
        Ok(contact) => Ok(Json(Answer { data: contact.into() })),
        Err(rusqlite::Error::QueryReturnedNoRows) => Err(StatusCode::NOT_FOUND),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

impl Server {
    fn open(file: &Path, key: &str) -> Result<Self> {
        let (key_id, secret) = split(key).context("a key")?;
        Ok(Self {
            connection: Mutex::new(sqlite::open(file)?),
            read: sqlite::read_text(),
            key_id: key_id.to_owned(),
            secret_hash: Sha256::digest(secret).into(),
        })
    }

    fn is_allowed(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((id, secret)) = sent.and_then(|sent| sent.strip_prefix("Bearer ")).and_then(split) else {
            return false;
        };
        id == self.key_id && bool::from(Sha256::digest(secret).ct_eq(&self.secret_hash))
    }

    fn find(&self, id: Uuid) -> rusqlite::Result<Contact> {
        let connection = self.connection.lock().expect("no panic while it is held");
        let mut statement = connection.prepare_cached(&self.read)?;
        statement.query_row([id.as_bytes()], sqlite::contact)
    }
}

impl From<Contact> for Data {
    fn from(contact: Contact) -> Self {
        Self {
            id: contact.id.to_string(),
            name: contact.name,
            email: contact.email,
            status: contact.status,
            credit: contact.credit,
            score: contact.score,
            active: contact.active,
            created_at: Contact::time(contact.created_at),
            updated_at: Contact::time(contact.updated_at),
            version: contact.version,
        }
    }
}

/// `mh_<id>_<secret>`
fn split(key: &str) -> Option<(&str, &str)> {
    key.strip_prefix("mh_")?.split_once('_')
}
