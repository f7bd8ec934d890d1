//! Moments in UTC, in microseconds.
//!
//! Enough to compare, shift, take apart, read and print them; no time zones, no local time (a caller's offset is the host's
//! business). Invariant: arithmetic saturates, it never wraps.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use crate::calendar::{self, MICROS_PER_DAY};
use crate::{Date, Time};

/// A moment: microseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// use modelhost_guest::Timestamp;
/// use std::time::Duration;
///
/// let noon = Timestamp::date(2026, 2, 28) + Duration::from_secs(12 * 3600);
/// assert_eq!(noon.to_string(), "2026-02-28T12:00:00Z");
/// assert!(noon > Timestamp::date(2026, 2, 28));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampError;

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Midnight of a day, for years from 1 to 9999. Panics when there is no such month or day.
    pub const fn date(year: i64, month: i64, day: i64) -> Self {
        assert!(calendar::is_day(year, month, day), "there is no such day in the years 1 to 9999");
        Self(calendar::days_from_civil(year, month, day) * MICROS_PER_DAY)
    }

    /// The day in UTC.
    pub const fn day(self) -> Date {
        Date::from_days(self.0.div_euclid(MICROS_PER_DAY) as i32)
    }

    /// The time of the day in UTC.
    pub const fn time(self) -> Time {
        Time::from_micros(self.0.rem_euclid(MICROS_PER_DAY))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(duration)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(duration)))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with a fraction only where there is one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{}Z", self.day(), self.time())
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads RFC 3339 in UTC: `2026-11-21T09:30:00Z`.
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        calendar::parse_timestamp(text).map(Self).ok_or(TimestampError)
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a moment in UTC, such as 2026-11-21T09:30:00Z")
    }
}

impl std::error::Error for TimestampError {}

fn micros_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written_before_and_after_1970() {
        assert_eq!(Timestamp::from_micros(-1).to_string(), "1969-12-31T23:59:59.999999Z");
        assert_eq!(Timestamp::from_micros(1_767_225_600_000_000).to_string(), "2026-01-01T00:00:00Z");
        for micros in [-1, 0, 1, 1_767_225_600_000_000] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(at.to_string().parse(), Ok(at));
        }
        assert_eq!("2026-01-01".parse::<Timestamp>(), Err(TimestampError));
    }

    #[test]
    fn has_a_day_and_a_time() {
        let evening = Timestamp::date(1969, 12, 31) + Duration::from_secs(20 * 3600);
        assert_eq!((evening.day(), evening.time()), (Date::from_ymd(1969, 12, 31), Time::from_hms(20, 0, 0)));
    }

    #[test]
    fn arithmetic_saturates() {
        let end = Timestamp::from_micros(i64::MAX);
        assert_eq!(end + Duration::MAX, end);
        assert_eq!(Timestamp::date(2026, 3, 1) - Duration::from_secs(86_400), Timestamp::date(2026, 2, 28));
    }
}
