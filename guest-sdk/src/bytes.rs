//! Bytes of any value.
//!
//! A type of its own, so that a `Vec<u8>` is never taken for a list of numbers. Over HTTP it is base64; a plugin never sees
//! that spelling.

use std::ops::Deref;

/// Bytes of any value: an image, a digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}
