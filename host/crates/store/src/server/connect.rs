//! How connections to a server come about and end, each within its time.

use std::time::Duration;

use sqlx::Connection;

use super::{Driver, Version, errors};
use crate::{Detail, Refusal, StoreError};

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_millis(500);

/// A connection to a server that is new enough, and what runs there.
pub(super) async fn connect<D: Driver>(driver: &D) -> Result<(D::Connection, Version), StoreError> {
    let address = driver.address();
    match tokio::time::timeout(address.connect_time(), driver.open()).await {
        Ok(Ok((connection, Version { text, needed: Some(version_min) }))) => {
            close(connection).await;
            Err(StoreError::TooOld { endpoint: address.endpoint(), found: text, version_min })
        }
        Ok(Ok(opened)) => Ok(opened),
        Ok(Err(error)) => Err(errors::connecting(error, driver).await),
        Err(_) => Err(StoreError::Refused {
            endpoint: address.endpoint(),
            refusal: Refusal::NoAnswer { ms: address.settings().connect_ms_max },
            detail: Detail::new("connecting took too long"),
        }),
    }
}

/// Says farewell, so that the server's log holds no broken connection.
pub(super) async fn close(connection: impl Connection) {
    tokio::time::timeout(FAREWELL, connection.close()).await.ok();
}
