//! The lock of a namespace on PostgreSQL: an advisory lock of the session, in its database.

use model::NamespaceName;
use sqlx::Error;
use sqlx::postgres::PgConnection;

use crate::server::lock_key;

const TRY_LOCK: &str = "SELECT pg_try_advisory_lock($1)";

pub(super) async fn try_lock(connection: &mut PgConnection, namespace: &NamespaceName) -> Result<bool, Error> {
    sqlx::query_scalar(TRY_LOCK).bind(key(namespace)).fetch_one(connection).await
}

fn key(namespace: &NamespaceName) -> i64 {
    lock_key(&[namespace.as_str()]).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_namespace_never_changes() {
        let key = |name| key(&NamespaceName::new(name).expect("a name"));
        insta::assert_snapshot!(format!("{} {}", key("acme"), key("globex")), @"5710732658523895292 1218936511622037597");
    }
}
