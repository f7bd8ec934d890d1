//! Times of day, without a date and without a zone.
//!
//! Enough to compare, take apart, read and print them. Invariant: always less than a day, which ends before 24:00:00.

use std::fmt;
use std::str::FromStr;

use crate::calendar::{self, MICROS_PER_DAY, MICROS_PER_SECOND};

/// A time of day: microseconds since midnight.
///
/// ```
/// use modelhost_guest::Time;
///
/// let opens: Time = "09:30:00".parse()?;
/// assert_eq!((opens.hour(), opens.minute(), opens.second()), (9, 30, 0));
/// assert!(opens < Time::from_hms(18, 0, 0));
/// # Ok::<(), modelhost_guest::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// The text is not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeError;

impl Time {
    /// The beginning of a day.
    pub const MIDNIGHT: Self = Self(0);

    /// From microseconds since midnight. Panics when no day has so many.
    pub const fn from_micros(micros: i64) -> Self {
        assert!(0 <= micros && micros < MICROS_PER_DAY, "a time of day is less than a day");
        Self(micros)
    }

    /// Microseconds since midnight.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// A whole second of a day. Panics when there is no such hour, minute or second.
    pub const fn from_hms(hour: i64, minute: i64, second: i64) -> Self {
        let exists = 0 <= hour && hour < 24 && 0 <= minute && minute < 60 && 0 <= second && second < 60;
        assert!(exists, "there is no such second in a day");
        Self(((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND)
    }

    /// The hour, from 0.
    pub const fn hour(self) -> i64 {
        self.0 / MICROS_PER_SECOND / 3600
    }

    /// The minute of the hour.
    pub const fn minute(self) -> i64 {
        self.0 / MICROS_PER_SECOND / 60 % 60
    }

    /// The second of the minute.
    pub const fn second(self) -> i64 {
        self.0 / MICROS_PER_SECOND % 60
    }
}

impl FromStr for Time {
    type Err = TimeError;

    /// Reads `HH:MM:SS`, with a fraction of up to six digits.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        calendar::parse_time(text).map(Self).ok_or(TimeError)
    }
}

impl fmt::Display for Time {
    /// ISO 8601, with a fraction only where there is one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        match self.0 % MICROS_PER_SECOND {
            0 => Ok(()),
            fraction => write!(formatter, ".{fraction:06}"),
        }
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a time of day: hours, minutes and seconds, such as 09:30:00")
    }
}

impl std::error::Error for TimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written() {
        for text in ["00:00:00", "09:30:00", "23:59:59.999999", "12:00:00.000001"] {
            assert_eq!(text.parse::<Time>().expect("a time").to_string(), text);
        }
        assert_eq!("24:00:00".parse::<Time>(), Err(TimeError));
        assert_eq!(Time::from_hms(23, 59, 58).to_string(), "23:59:58");
    }
}
