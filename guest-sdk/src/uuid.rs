//! Uuids: 128 bits with one spelling.
//!
//! Does not make them (the host does, by `default = new_uuid`) and does not look at versions. Invariant: written in lower
//! case with hyphens, always.

use std::fmt;
use std::str::FromStr;

use crate::wire;

/// A uuid.
///
/// ```
/// use modelhost_guest::Uuid;
///
/// let id: Uuid = "0190A5F0-0000-7000-8000-000000000001".parse()?;
/// assert_eq!(id.to_string(), "0190a5f0-0000-7000-8000-000000000001");
/// # Ok::<(), modelhost_guest::UuidError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

/// The text is not a uuid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UuidError;

impl Uuid {
    /// All zeros.
    pub const NIL: Self = Self(0);

    /// From its 128 bits, most significant first.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// Its 128 bits, most significant first.
    pub const fn as_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0;
        let group = |shift: u32, mask: u128| (bits >> shift) & mask;
        write!(
            formatter,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            group(96, 0xffff_ffff),
            group(80, 0xffff),
            group(64, 0xffff),
            group(48, 0xffff),
            group(0, 0xffff_ffff_ffff)
        )
    }
}

impl FromStr for Uuid {
    type Err = UuidError;

    /// Reads 36 characters with hyphens; upper case will do.
    fn from_str(text: &str) -> Result<Self, UuidError> {
        if text.len() != 36 {
            return Err(UuidError);
        }
        let mut bits = 0;
        for (position, byte) in text.bytes().enumerate() {
            if matches!(position, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return Err(UuidError);
                }
                continue;
            }
            let digit = char::from(byte).to_digit(16).ok_or(UuidError)?;
            bits = bits << 4 | u128::from(digit);
        }
        Ok(Self(bits))
    }
}

impl fmt::Display for UuidError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a uuid: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12")
    }
}

impl std::error::Error for UuidError {}

impl From<wire::Uuid> for Uuid {
    fn from(uuid: wire::Uuid) -> Self {
        Self(u128::from(uuid.high) << 64 | u128::from(uuid.low))
    }
}

impl From<Uuid> for wire::Uuid {
    fn from(uuid: Uuid) -> Self {
        let low = uuid.0 as u64;
        Self { high: (uuid.0 >> 64) as u64, low }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crosses_and_prints_without_change() {
        let text = "01234567-89ab-cdef-0123-456789abcdef";
        let uuid: Uuid = text.parse().expect("a uuid");
        let crossed = Uuid::from(wire::Uuid::from(uuid));
        assert_eq!(crossed.to_string(), text);
        assert_eq!(uuid.as_u128(), 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    }

    #[test]
    fn refuses_other_spellings() {
        for text in [
            "",
            "0123456789abcdef0123456789abcdef",
            "01234567-89ab-cdef-0123-456789abcdeg",
            "é1234567-89ab-cdef-0123-456789abcde",
        ] {
            assert_eq!(text.parse::<Uuid>(), Err(UuidError), "{text}");
        }
    }
}
