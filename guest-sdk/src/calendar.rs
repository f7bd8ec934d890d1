//! Days, civil dates and ISO 8601 texts, as numbers.
//!
//! The types around these numbers are `Date`, `Time` and `Timestamp`. `modelhost-guest-macros` compiles this file too, so
//! that a text in an attribute means what the same text means at run time. Invariant: of a date or a time there is one
//! spelling, and nothing is rounded.

pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Whether ISO 8601 can write the day with a year of four digits, and there is such a day.
pub(crate) const fn is_day(year: i64, month: i64, day: i64) -> bool {
    year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month)
}

pub(crate) const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in March, so that a leap day is a year's last.
pub(crate) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day.
pub(crate) const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + days.div_euclid(146_097) * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// Days of a text such as `2026-11-21`.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    (parts.next().is_none() && is_day(year, month, day)).then(|| days_from_civil(year, month, day))
}

/// Microseconds since midnight of a text such as `09:30:00` or `09:30:00.25`.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let (hour, minute, second) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let exists = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    let micros = micros_of_fraction(fraction)?;
    exists.then(|| ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + micros)
}

/// Microseconds since 1970-01-01T00:00:00Z of a text in UTC such as `2026-11-21T09:30:00Z`.
pub(crate) fn parse_timestamp(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    Some(parse_date(date)? * MICROS_PER_DAY + parse_time(time)?)
}

/// Digits behind the sixth must be zeros.
fn micros_of_fraction(digits: &str) -> Option<i64> {
    let (kept, rest) = digits.split_at_checked(digits.len().min(6))?;
    let unit = 10_i64.pow(6 - kept.len() as u32);
    rest.bytes().all(|digit| digit == b'0').then_some(number(kept, kept.len())? * unit)
}

/// The number that exactly so many digits stand for; none for no digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_centuries() {
        let mut days = days_from_civil(1, 1, 1);
        for year in 1..=2500 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_from_civil(year, month, day), days);
                    assert_eq!(civil_from_days(days), (year, month, day));
                    days += 1;
                }
            }
        }
        assert_eq!(days_from_civil(1970, 1, 1), 0);
    }

    #[test]
    fn reads_one_spelling() {
        assert_eq!(parse_date("1970-01-02"), Some(1));
        assert_eq!(parse_date("0001-01-01"), Some(-719_162));
        assert_eq!(parse_date("9999-12-31"), Some(2_932_896));
        assert_eq!(parse_time("09:30:00.25"), Some(34_200_250_000));
        assert_eq!(parse_time("23:59:59.9999990"), Some(MICROS_PER_DAY - 1));
        assert_eq!(parse_timestamp("1970-01-02T00:00:00.000001Z"), Some(MICROS_PER_DAY + 1));
        assert_eq!(parse_timestamp("1969-12-31T23:59:59Z"), Some(-MICROS_PER_SECOND));
    }

    #[test]
    fn refuses_every_other_spelling() {
        for text in ["2026-2-1", "2026-02-30", "20260201", "0000-01-01", "10000-01-01", "+026-02-01", "2026-02-01-", ""]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
        let times = [
            "9:30:00",
            "09:30",
            "24:00:00",
            "23:59:60",
            "09:30:00Z",
            "09:30:00.",
            "09:30:00.0000001",
            "09:30:00.\u{e9}",
        ];
        for text in times {
            assert_eq!(parse_time(text), None, "{text}");
        }
        for text in ["2026-02-01", "2026-02-01T09:30:00", "2026-02-01 09:30:00Z", "2026-02-01T09:30:00+02:00"] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
