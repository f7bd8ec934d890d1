//! Exact numbers with digits behind the point.
//!
//! A decimal counts units of its last digit and never passes through a float. No division and no rounding: a rule that
//! needs them says itself how to round. Invariant: equal numbers are equal, however many zeros they end in.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::digits::{self, DIGITS_MAX, power};

/// An exact number, such as a price.
///
/// ```
/// use modelhost_guest::Decimal;
///
/// let price: Decimal = "0.99".parse()?;
/// assert_eq!(price.checked_mul(3), Some(Decimal::new(297, 2)));
/// assert_eq!(Decimal::new(150, 2), Decimal::new(15, 1));
/// assert!(price < Decimal::from(1));
/// # Ok::<(), modelhost_guest::DecimalError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// The text is not a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalError;

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// `units` of the digit number `scale` behind the point: 1250 and 2 are 12.50. Panics when `scale` is above 38.
    pub const fn new(units: i128, scale: u8) -> Self {
        assert!(scale <= DIGITS_MAX, "a decimal has at most 38 digits behind the point");
        Self { units, scale }
    }

    /// The number, counted in its last digit.
    pub const fn units(self) -> i128 {
        self.units
    }

    /// Digits behind the point.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it has at most `precision` digits, `scale` of them behind the point. Zeros at the end do not count.
    pub fn fits(self, precision: u8, scale: u8) -> bool {
        digits::fits(self.as_digits(), precision, scale)
    }

    /// The same number with so many digits behind the point; none when a digit would be lost or there are too many.
    pub fn with_scale(self, scale: u8) -> Option<Self> {
        if scale > DIGITS_MAX {
            return None;
        }
        let units = match scale.checked_sub(self.scale) {
            Some(more) => self.units.checked_mul(power(more))?,
            None => {
                let divisor = power(self.scale - scale);
                (self.units % divisor == 0).then_some(self.units / divisor)?
            }
        };
        Some(Self { units, scale })
    }

    /// The sum; none when it has too many digits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let units = self.with_scale(scale)?.units.checked_add(other.with_scale(scale)?.units)?;
        Some(Self { units, scale })
    }

    /// The difference; none when it has too many digits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let units = other.units.checked_neg()?;
        self.checked_add(Self { units, ..other })
    }

    /// So many times the number; none when it has too many digits.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        let units = self.units.checked_mul(i128::from(times))?;
        Some(Self { units, ..self })
    }

    fn as_digits(self) -> (i128, u8) {
        (self.units, self.scale)
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { units: i128::from(whole), scale: 0 }
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads digits with an optional minus and point, at most 38; the scale is as written.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (units, scale) = digits::parse(text).ok_or(DecimalError)?;
        Ok(Self { units, scale })
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        digits::compare(self.as_digits(), other.as_digits())
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        digits::parts(self.as_digits()).hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        match scale {
            0 => write!(formatter, "{sign}{whole}"),
            _ => write!(formatter, "{sign}{whole}.{fraction}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({self})")
    }
}

impl fmt::Display for DecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a decimal: digits with an optional minus and point, at most 38, such as -12.50")
    }
}

impl std::error::Error for DecimalError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("the test's own text")
    }

    #[test]
    fn comes_back_as_it_was_written() {
        let longest = format!("-0.{}", "9".repeat(38));
        for text in ["0", "0.00", "-12.50", "0.05", "-0.05", "100", &longest] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!("1e3".parse::<Decimal>(), Err(DecimalError));
    }

    #[test]
    fn compares_numbers_and_not_spellings() {
        let ascending = ["-100", "-1.5", "-1.49", "-0.001", "0", "0.1", "0.11", "1", "9.999", "10"];
        for pair in ascending.windows(2) {
            assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
        }
        assert_eq!(decimal("1.50"), decimal("1.5"));
        let huge = Decimal::new(i128::MAX, 0);
        assert!(huge > Decimal::new(i128::MAX, 1) && Decimal::new(i128::MIN, 0) < Decimal::new(i128::MIN, 38));
        let hash = |decimal: Decimal| {
            let mut hasher = std::hash::DefaultHasher::new();
            decimal.hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(decimal("1.50")), hash(decimal("1.5")));
    }

    #[test]
    fn computes_exactly_or_not_at_all() {
        assert_eq!(decimal("0.1").checked_add(decimal("0.20")), Some(decimal("0.3")));
        assert_eq!(decimal("1").checked_sub(decimal("0.01")), Some(decimal("0.99")));
        assert_eq!(decimal("-1.99").checked_mul(-3), Some(decimal("5.97")));
        let huge = Decimal::new(i128::MAX, 0);
        assert_eq!(huge.checked_add(decimal("0.1")), None);
        assert_eq!(huge.checked_mul(2), None);
        assert_eq!(Decimal::ZERO.checked_sub(Decimal::new(i128::MIN, 0)), None);
    }

    #[test]
    fn knows_the_digits_that_it_needs() {
        assert!(decimal("99.990").fits(4, 2) && decimal("-0.5").fits(4, 2));
        assert!(!decimal("100").fits(4, 2) && !decimal("0.001").fits(4, 2));
        assert!(Decimal::ZERO.fits(1, 1) && !Decimal::new(i128::MAX, 0).fits(38, 0));
    }

    #[test]
    fn another_scale_loses_nothing() {
        let shown = |text: &str, scale| decimal(text).with_scale(scale).map(|decimal| decimal.to_string());
        assert_eq!(shown("1.5", 3).as_deref(), Some("1.500"));
        assert_eq!(shown("-1.50", 1).as_deref(), Some("-1.5"));
        assert_eq!(shown("1.55", 1), None);
        assert_eq!(shown("1", 39), None);
    }
}
