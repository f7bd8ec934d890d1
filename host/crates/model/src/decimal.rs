//! Decimals: exact numbers with a fixed count of digits behind the point.
//!
//! A decimal is a whole number of units of the last digit; it never passes through a float. A value has the scale of its
//! type, so that equal numbers are equal values. Nothing is rounded: a digit that the type can't hold is an error.

use std::cmp::Ordering;
use std::fmt;

use crate::ValueError;

/// Digits of a decimal, at most: as many as 128 bits hold in every case.
pub const DECIMAL_PRECISION_MAX: u8 = 38;

/// How many digits a decimal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecimalType {
    /// All of them.
    pub precision: u8,
    /// Those behind the point.
    pub scale: u8,
}

/// An exact number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    // Two halves instead of an i128, whose alignment would make every value half as large again.
    high: i64,
    low: u64,
    scale: u8,
}

impl Decimal {
    /// `units` of the digit number `scale` behind the point: 1250 and 2 are 12.50.
    pub fn new(units: i128, scale: u8) -> Self {
        Self { high: (units >> 64) as i64, low: units as u64, scale }
    }

    /// The number, counted in its last digit.
    pub fn units(self) -> i128 {
        (i128::from(self.high) << 64) | i128::from(self.low)
    }

    /// Digits behind the point.
    pub fn scale(self) -> u8 {
        self.scale
    }
}

impl DecimalType {
    /// Whether the type can exist.
    pub fn is_sound(self) -> bool {
        (1..=DECIMAL_PRECISION_MAX).contains(&self.precision) && self.scale <= self.precision
    }

    /// The decimal that a text of digits stands for, an optional sign before them and a point among them. Zeros behind the
    /// last digit that the type has are not lost, since they are nothing.
    pub fn parse(self, text: &str) -> Result<Decimal, ValueError> {
        let error = |found: &str, hint: String| ValueError {
            expected: self.to_string(),
            found: found.to_owned(),
            hint: Some(hint),
        };
        let shown = crate::json::shortened(text);
        if !self.is_sound() {
            return Err(error(&shown, format!("a precision is 1 to {DECIMAL_PRECISION_MAX}, a scale at most that")));
        }
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) {
            let hint = "write digits with an optional sign and point, without exponent: \"-12.50\"".to_owned();
            return Err(error(&shown, hint));
        }
        let scale = usize::from(self.scale);
        let (kept, rest) = fraction.split_at(fraction.len().min(scale));
        if rest.bytes().any(|digit| digit != b'0') {
            let hint = format!("give at most {scale} digits behind the point: nothing is rounded");
            return Err(error(&shown, hint));
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() + scale > usize::from(self.precision) {
            let hint = format!("give at most {} digits before the point", self.precision.saturating_sub(self.scale));
            return Err(error(&format!("{shown}, which is out of range"), hint));
        }
        let zeros = std::iter::repeat_n('0', scale - kept.len());
        let digits: String = whole.chars().chain(kept.chars()).chain(zeros).collect();
        let units: i128 = if digits.is_empty() { 0 } else { digits.parse().expect("at most 38 digits") };
        Ok(Decimal::new(if is_negative { -units } else { units }, self.scale))
    }

    /// Whether a decimal is one of this type.
    pub fn holds(self, decimal: Decimal) -> bool {
        self.is_sound()
            && decimal.scale == self.scale
            && decimal.units().unsigned_abs() < 10_u128.pow(u32::from(self.precision))
    }
}

impl fmt::Display for DecimalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decimal({},{})", self.precision, self.scale)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, scale) = (self.units(), usize::from(self.scale));
        let sign = if units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        match scale {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

/// Decimals of one type order as numbers.
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scale.cmp(&other.scale).then_with(|| self.units().cmp(&other.units()))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRICE: DecimalType = DecimalType { precision: 10, scale: 2 };

    #[test]
    fn keeps_every_digit_and_rounds_none() {
        let wide = DecimalType { precision: 38, scale: 0 };
        let report = |of: DecimalType, text: &str| match of.parse(text) {
            Ok(decimal) => format!("{text} is {decimal}"),
            Err(error) => format!("{text}: {error}; {}", error.hint.as_deref().unwrap_or_default()),
        };
        let lines: Vec<String> =
            ["0.99", "-12.5", "7", "1.500", "00012.34", "-0", "99999999.99", "0.001", "100000000", "1e3", "1.", "+1"]
                .iter()
                .map(|text| report(PRICE, text))
                .chain([report(wide, &"9".repeat(38)), report(wide, &"9".repeat(39))])
                .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        0.99 is 0.99
        -12.5 is -12.50
        7 is 7.00
        1.500 is 1.50
        00012.34 is 12.34
        -0 is 0.00
        99999999.99 is 99999999.99
        0.001: expected decimal(10,2), found 0.001; give at most 2 digits behind the point: nothing is rounded
        100000000: expected decimal(10,2), found 100000000, which is out of range; give at most 8 digits before the point
        1e3: expected decimal(10,2), found 1e3; write digits with an optional sign and point, without exponent: "-12.50"
        1.: expected decimal(10,2), found 1.; write digits with an optional sign and point, without exponent: "-12.50"
        +1: expected decimal(10,2), found +1; write digits with an optional sign and point, without exponent: "-12.50"
        99999999999999999999999999999999999999 is 99999999999999999999999999999999999999
        999999999999999999999999999999999999999: expected decimal(38,0), found 999999999999999999999999999999999999999, which is out of range; give at most 38 digits before the point
        "#);
    }

    proptest! {
        #[test]
        fn a_decimal_comes_back_as_it_was_written(units in -(10_i128.pow(38) - 1)..10_i128.pow(38), scale in 0_u8..=38) {
            let of = DecimalType { precision: 38, scale };
            let decimal = Decimal::new(units, scale);
            prop_assert_eq!(decimal.units(), units);
            prop_assert!(of.holds(decimal));
            prop_assert_eq!(of.parse(&decimal.to_string()), Ok(decimal));
        }
    }
}
