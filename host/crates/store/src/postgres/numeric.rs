//! Decimals in PostgreSQL's binary format: groups of four digits, aligned at the point.
//!
//! Exact both ways. A number with digits that the type can't hold is none of the type, and so are NaN and the infinities.

use model::{Decimal, DecimalType};

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
/// Digits in a group.
const GROUP: u32 = 4;

/// Count of groups, power of 10,000 of the first, sign, digits behind the point, then the groups.
pub(super) fn write(decimal: Decimal, buffer: &mut Vec<u8>) {
    let (units, scale) = (decimal.units(), u32::from(decimal.scale()));
    let groups_behind = scale.div_ceil(GROUP);
    // The last group may have fewer digits than a group has.
    let missing = groups_behind * GROUP - scale;
    let mut rest = units.unsigned_abs();
    let mut groups = Vec::with_capacity(12);
    let first = 10_u128.pow(GROUP - missing);
    groups.push(rest % first * 10_u128.pow(missing));
    rest /= first;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let weight = groups.len() as i32 - 1 - groups_behind as i32;
    let zeros = groups.iter().take_while(|group| **group == 0).count();
    let groups = &groups[zeros..];
    let weight = if groups.is_empty() { 0 } else { weight };
    let sign = if units < 0 { NEGATIVE } else { POSITIVE };
    for field in [groups.len() as u16, weight as u16, sign, scale as u16] {
        buffer.extend_from_slice(&field.to_be_bytes());
    }
    for group in groups.iter().rev() {
        buffer.extend_from_slice(&(*group as u16).to_be_bytes());
    }
}

/// None for what the type can't hold.
pub(super) fn read(digits: DecimalType, bytes: &[u8]) -> Option<Decimal> {
    let (head, groups) = bytes.split_at_checked(8)?;
    let field = |at: usize| [head[at], head[at + 1]];
    let weight = i32::from(i16::from_be_bytes(field(2)));
    let sign = u16::from_be_bytes(field(4));
    let mut units: i128 = 0;
    for (at, group) in groups.chunks_exact(2).enumerate() {
        let group = i128::from(u16::from_be_bytes([group[0], group[1]]));
        let power = (weight - i32::try_from(at).ok()?) * GROUP as i32 + i32::from(digits.scale);
        let factor = 10_i128.checked_pow(power.unsigned_abs());
        let part = match (group, power >= 0) {
            (0, _) => 0,
            (group, true) => group.checked_mul(factor?)?,
            (group, false) => Some(group / factor?).filter(|part| part * factor.unwrap_or(1) == group)?,
        };
        units = units.checked_add(part)?;
    }
    let units = match sign {
        POSITIVE => units,
        NEGATIVE => -units,
        _ => return None,
    };
    Some(Decimal::new(units, digits.scale)).filter(|decimal| digits.holds(*decimal))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(units: i128, scale: u8) -> Vec<u8> {
        let mut buffer = Vec::new();
        write(Decimal::new(units, scale), &mut buffer);
        buffer
    }

    /// The fields, then the groups, as `numeric_send` would write them.
    fn fields(units: i128, scale: u8) -> String {
        let bytes = written(units, scale);
        let fields = bytes.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]]).to_string());
        fields.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn groups_are_aligned_at_the_point() {
        let lines = [
            ("0.00", fields(0, 2)),
            ("12.50", fields(1_250, 2)),
            ("-12345.678901", fields(-12_345_678_901, 6)),
            ("0.00001", fields(1, 5)),
            ("10000", fields(10_000, 0)),
            ("99999999", fields(99_999_999, 0)),
        ];
        let lines = lines.map(|(number, fields)| format!("{number}: {fields}"));
        insta::assert_snapshot!(lines.join("\n"), @r"
        0.00: 0 0 0 2
        12.50: 2 0 0 2 12 5000
        -12345.678901: 4 1 16384 6 1 2345 6789 100
        0.00001: 1 -2 0 5 1000
        10000: 1 1 0 0 1
        99999999: 2 1 0 0 9999 9999
        ");
    }

    #[test]
    fn what_the_type_can_not_hold_is_refused() {
        let narrow = DecimalType { precision: 4, scale: 2 };
        assert_eq!(read(narrow, &written(9_999, 2)), Some(Decimal::new(9_999, 2)));
        assert_eq!(read(narrow, &written(125, 1)), Some(Decimal::new(1_250, 2)));
        assert_eq!(read(narrow, &written(12_500, 3)), Some(Decimal::new(1_250, 2)));
        assert_eq!(read(narrow, &written(10_000, 2)), None, "a digit too many before the point");
        assert_eq!(read(narrow, &written(12_505, 3)), None, "a digit too many behind the point");
        assert_eq!(read(narrow, &written(1, 30)), None);
        assert_eq!(read(narrow, &[0, 0, 0, 0, 0xC0, 0, 0, 0]), None, "NaN");
        assert_eq!(read(narrow, &[0, 0]), None);
    }

    proptest! {
        #[test]
        fn every_decimal_comes_back(units in -(10_i128.pow(38) - 1)..10_i128.pow(38), cut in 0_u32..38, scale in 0_u8..=38) {
            let units = units / 10_i128.pow(cut);
            let digits = DecimalType { precision: 38, scale };
            prop_assert_eq!(read(digits, &written(units, scale)), Some(Decimal::new(units, scale)));
        }
    }
}
