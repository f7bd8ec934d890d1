//! Days of the calendar, without a time and without a zone.
//!
//! Enough to compare, take apart, read and print them; arithmetic on months is not here, because it has no one answer.
//! Invariant: written as `YYYY-MM-DD`, always.

use std::fmt;
use std::str::FromStr;

use crate::calendar;

/// A day: days since 1970-01-01.
///
/// ```
/// use modelhost_guest::Date;
///
/// let born: Date = "1962-02-18".parse()?;
/// assert_eq!((born.year(), born.month(), born.day()), (1962, 2, 18));
/// assert!(born < Date::from_ymd(2002, 8, 14));
/// # Ok::<(), modelhost_guest::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// The text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateError;

impl Date {
    /// From days since 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// A day of the years 1 to 9999. Panics when there is no such month or day.
    pub const fn from_ymd(year: i64, month: i64, day: i64) -> Self {
        assert!(calendar::is_day(year, month, day), "there is no such day in the years 1 to 9999");
        Self(calendar::days_from_civil(year, month, day) as i32)
    }

    /// The year.
    pub const fn year(self) -> i64 {
        calendar::civil_from_days(self.0 as i64).0
    }

    /// The month, from 1.
    pub const fn month(self) -> i64 {
        calendar::civil_from_days(self.0 as i64).1
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> i64 {
        calendar::civil_from_days(self.0 as i64).2
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let days = calendar::parse_date(text).ok_or(DateError)?;
        i32::try_from(days).map(Self).map_err(|_| DateError)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = calendar::civil_from_days(i64::from(self.0));
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a date: year, month and day, such as 2026-11-21")
    }
}

impl std::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written() {
        for text in ["0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "9999-12-31"] {
            let date: Date = text.parse().expect("a date");
            assert_eq!(date.to_string(), text);
            assert_eq!(Date::from_ymd(date.year(), date.month(), date.day()), date);
        }
        assert_eq!("2001-02-29".parse::<Date>(), Err(DateError));
    }
}
