//! The lock of a namespace on PostgreSQL: an advisory lock of a session of its own.
//!
//! The connection holds no transaction and so no snapshot, however long the migration takes; waiting looks again and again
//! for the same reason. The server releases the lock when the connection ends, however it ends.

use std::time::{Duration, Instant};

use model::NamespaceName;
use sqlx::postgres::PgConnection;

use super::connect::Connector;
use super::errors;
use crate::StoreError;

const TRY_LOCK: &str = "SELECT pg_try_advisory_lock($1)";

/// Between two looks; a migration takes longer than that.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A lock that is held.
#[derive(Debug)]
pub(crate) struct Lock {
    _connection: PgConnection,
}

pub(super) async fn lock(connector: &Connector, namespace: &NamespaceName, wait_ms: u64) -> Result<Lock, StoreError> {
    let (started, wait) = (Instant::now(), Duration::from_millis(wait_ms));
    let mut connection = connector.connect().await?;
    loop {
        let is_held: bool = sqlx::query_scalar(TRY_LOCK)
            .bind(key(namespace))
            .fetch_one(&mut connection)
            .await
            .map_err(|error| errors::statement(error, connector))?;
        if is_held {
            return Ok(Lock { _connection: connection });
        }
        if started.elapsed() >= wait {
            return Err(StoreError::Locked { namespace: namespace.to_string(), wait_ms });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The number that stands for a namespace: FNV-1a, because every version of every host must come to the same.
pub(super) fn key(namespace: &NamespaceName) -> i64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = b"modelhost:".iter().chain(namespace.as_str().as_bytes());
    let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    hash.cast_signed()
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
