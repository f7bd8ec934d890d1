//! Versions of the guest `versioned`: the digits in its data say which rules, columns and tables it has.

use artifacts::VERSIONED;

/// One version of the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// Its number, which its violations name.
    pub number: u16,
    /// Nullable columns of `entry` beside its own.
    pub columns: u16,
    /// Tables beside `entry`.
    pub tables: u16,
    /// The sum of [`Version::FILLED`] and its siblings.
    pub shape: u16,
}

impl Version {
    /// Columns that are not nullable and have constant defaults.
    pub const FILLED: u16 = 1;
    /// An index.
    pub const INDEXED: u16 = 2;
    /// The field `note` is called `remark`, and says so.
    pub const RENAMED: u16 = 4;
    /// A column that is not nullable and has no default.
    pub const REQUIRED: u16 = 8;

    /// A version without more columns and tables.
    pub fn new(number: u16) -> Self {
        Self { number, columns: 0, tables: 0, shape: 0 }
    }

    /// Its component.
    pub fn component(self) -> Vec<u8> {
        let mut bytes = VERSIONED.to_vec();
        for (name, number) in
            [("version", self.number), ("columns", self.columns), ("tables ", self.tables), ("shape  ", self.shape)]
        {
            let marker = format!("<{name} = ");
            let places: Vec<usize> = bytes
                .windows(marker.len())
                .enumerate()
                .filter(|(_, at)| *at == marker.as_bytes())
                .map(|(at, _)| at)
                .collect();
            let [place] = places[..] else { panic!("`{marker}` stands {} times in the guest", places.len()) };
            let digits = place + marker.len();
            bytes[digits..digits + 4].copy_from_slice(format!("{number:04}").as_bytes());
        }
        bytes
    }
}
