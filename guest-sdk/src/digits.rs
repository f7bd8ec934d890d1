//! Decimal texts as whole numbers of their last digit.
//!
//! The type around them is `Decimal`. `modelhost-guest-macros` compiles this file too, so that a text in an attribute means
//! what the same text means at run time. Invariant: no float takes part, and no digit is dropped.

use std::cmp::Ordering;

/// Digits of a decimal, at most: as many as 128 bits hold in every case.
pub(crate) const DIGITS_MAX: u8 = 38;

/// Units and digits behind the point: `-12.50` is -1250 and 2. A sign only for what is below zero, no exponent.
pub(crate) fn parse(text: &str) -> Option<(i128, u8)> {
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let has_point = whole.len() < digits.len();
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || (has_point && fraction.is_empty()) || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= DIGITS_MAX)?;
    let units = whole.bytes().chain(fraction.bytes()).try_fold(0_i128, |units, digit| {
        units.checked_mul(10)?.checked_add(i128::from(digit - b'0')).filter(|units| *units < power(DIGITS_MAX))
    })?;
    Some((if is_negative { -units } else { units }, scale))
}

/// Which of two numbers is the larger one, however many zeros they end in.
pub(crate) fn compare(one: (i128, u8), other: (i128, u8)) -> Ordering {
    parts(one).cmp(&parts(other))
}

/// The whole number below, and what is above it in units of the 38th digit behind the point.
pub(crate) fn parts((units, scale): (i128, u8)) -> (i128, i128) {
    let one = power(scale);
    (units.div_euclid(one), units.rem_euclid(one) * power(DIGITS_MAX - scale))
}

/// Ten to a power of at most 38, so that it fits.
pub(crate) fn power(exponent: u8) -> i128 {
    10_i128.pow(u32::from(exponent))
}

/// Whether a number has at most so many digits, so many of them behind the point. Zeros at the end do not count.
pub(crate) fn fits((mut units, mut at_scale): (i128, u8), precision: u8, scale: u8) -> bool {
    while at_scale > scale && units % 10 == 0 {
        units /= 10;
        at_scale -= 1;
    }
    let before_point = precision.saturating_sub(scale) + at_scale;
    at_scale <= scale && units.unsigned_abs() < power(before_point.min(DIGITS_MAX)).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_exactly() {
        assert_eq!(parse("-12.50"), Some((-1250, 2)));
        assert_eq!(parse("007"), Some((7, 0)));
        assert_eq!(parse("-0"), Some((0, 0)));
        assert_eq!(parse(&"9".repeat(38)), Some((10_i128.pow(38) - 1, 0)));
        assert_eq!(parse(&format!("0.{}1", "0".repeat(37))), Some((1, 38)));
    }

    #[test]
    fn refuses_what_is_not_digits() {
        let long = "9".repeat(39);
        let fine = format!("0.{}", "0".repeat(39));
        for text in ["", "-", ".5", "5.", "+1", "1e3", "1_000", "1,5", "0x1", "- 1", "1.5.", &long, &fine] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn knows_what_a_type_can_hold() {
        let price = |text: &str| fits(parse(text).expect("digits"), 4, 2);
        assert!(["99.99", "-99.99", "99", "0.5", "1.5000", "0"].iter().all(|text| price(text)));
        assert!(["100", "100.00", "0.001", "-100"].iter().all(|text| !price(text)));
        assert!(fits((10_i128.pow(38) - 1, 0), 38, 0) && fits((1, 38), 38, 38) && !fits((1, 0), 38, 38));
    }
}
