//! The lock of a namespace on a server: an advisory lock of a session of its own.
//!
//! The connection holds no transaction and so no snapshot, however long the migration takes; waiting looks again and again
//! for the same reason. The server releases the lock when the connection ends, however it ends.

use std::time::{Duration, Instant};

use model::NamespaceName;

use super::{Driver, connect, errors};
use crate::StoreError;

/// Between two looks; a migration takes longer than that.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A lock that is held.
#[derive(Debug)]
pub(crate) struct Lock<D: Driver> {
    _connection: D::Connection,
}

pub(super) async fn lock<D: Driver>(
    driver: &D,
    namespace: &NamespaceName,
    wait_ms: u64,
) -> Result<Lock<D>, StoreError> {
    let (started, wait) = (Instant::now(), Duration::from_millis(wait_ms));
    let (mut connection, _) = connect::connect(driver).await?;
    loop {
        let looked = driver.try_lock(&mut connection, namespace).await;
        if looked.map_err(|error| errors::statement(error, driver, None))? {
            return Ok(Lock { _connection: connection });
        }
        if started.elapsed() >= wait {
            return Err(StoreError::Locked { namespace: namespace.to_string(), wait_ms });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The number that stands for what is locked: FNV-1a, because every version of every host must come to the same.
pub(crate) fn lock_key(parts: &[&str]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = parts.iter().flat_map(|part| b":".iter().chain(part.as_bytes()));
    let bytes = b"modelhost".iter().chain(bytes);
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}
