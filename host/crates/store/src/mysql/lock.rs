//! The lock of a namespace on MySQL: a named lock of the session, on the whole server, so that its name tells the database.

use model::NamespaceName;
use sqlx::Error;
use sqlx::mysql::MySqlConnection;

use crate::server::lock_key;

/// Null, where the server fails.
const TRY_LOCK: &str = "SELECT COALESCE(GET_LOCK(?, 0), 0) = 1";

pub(super) async fn try_lock(
    connection: &mut MySqlConnection,
    database: &str,
    namespace: &NamespaceName,
) -> Result<bool, Error> {
    sqlx::query_scalar(TRY_LOCK).bind(name(database, namespace)).fetch_one(connection).await
}

/// At most 64 bytes, which is all that a name may have.
fn name(database: &str, namespace: &NamespaceName) -> String {
    format!("modelhost:{:016x}", lock_key(&[database, namespace.as_str()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_lock_never_changes_and_tells_databases_apart() {
        let acme = NamespaceName::new("acme").expect("a name");
        insta::assert_snapshot!(format!("{} {}", name("crm", &acme), name("shop", &acme)), @"modelhost:a000f103b14d0c4e modelhost:7c24da1a01e9daba");
        assert!(name(&"d".repeat(64), &acme).len() <= 64);
    }
}
