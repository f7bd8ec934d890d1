//! What only MySQL and MariaDB know: how an outside client connects, asks and drops a database.
//!
//! Which database it is and who may have it is `server`'s. Invariant: the same functions in the same order as in `postgres`.

use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Result, Row};

use crate::ServerDatabase;
use crate::server::{Server, ServerSession};

/// A fresh database on MySQL or MariaDB; none where there is no server to be had.
pub fn mysql() -> Option<ServerDatabase> {
    Server::Mysql.database()
}

pub(crate) async fn connect(url: &str) -> Result<MySqlConnection> {
    MySqlConnection::connect(url).await
}

pub(crate) async fn execute(connection: &mut MySqlConnection, statements: &str) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.map(|_| ())
}

/// Every column comes as text, whatever its type: the text protocol has no other form. Bytes that are no text come as
/// hexadecimal digits.
pub(crate) async fn texts(connection: &mut MySqlConnection, query: &str) -> Result<Vec<Vec<Option<String>>>> {
    let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(connection).await?;
    let text = |bytes: Vec<u8>| {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        String::from_utf8(bytes).unwrap_or_else(|error| hex(error.as_bytes()))
    };
    let column = |row: &MySqlRow, at| row.try_get_unchecked::<Option<Vec<u8>>, usize>(at).map(|bytes| bytes.map(text));
    rows.iter().map(|row| (0..row.len()).map(|at| column(row, at)).collect()).collect()
}

/// Drops the databases that are namespaces of the same test too, and the user that it may have made.
pub(crate) fn drop_database(session: &mut ServerSession, name: &str, tag: &str) {
    for process in session.texts(&format!("SELECT id FROM information_schema.processlist WHERE db = '{name}'")) {
        // It may have gone meanwhile.
        let _ = session.try_execute(&format!("KILL {process}"));
    }
    let ours = format!(
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name = '{name}' OR schema_name LIKE '%-{tag}'"
    );
    for database in session.texts(&ours) {
        session.execute(&format!("DROP DATABASE `{database}`"));
    }
    session.execute(&format!("DROP USER IF EXISTS '{name}'@'%'"));
}
