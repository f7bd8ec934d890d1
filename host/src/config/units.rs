//! Quantities as people write them elsewhere: "10s", "4 MiB".
//!
//! Only for corrected lines: configuration itself takes whole numbers whose unit is in the key's name.

use super::keys::Unit;

/// The number that a text such as "10s" or "4 MiB" means in this unit.
pub(super) fn quantity(text: &str, unit: Unit) -> Option<u64> {
    let text = text.trim().replace('_', "");
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    match unit {
        Unit::Bytes => bytes(&text),
        Unit::Milliseconds => {
            let duration = humantime::parse_duration(&text).ok()?;
            u64::try_from(duration.as_millis()).ok()
        }
        Unit::Seconds => Some(humantime::parse_duration(&text).ok()?.as_secs()),
        Unit::Connections => None,
    }
}

/// The milliseconds that a bare number means where no unit is written: small numbers are seconds everywhere else.
pub(super) fn milliseconds_of_bare(number: u64) -> u64 {
    if number < 1_000 { number * 1_000 } else { number }
}

fn bytes(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_lowercase().as_str() {
        "b" | "byte" | "bytes" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_other_tools_write() {
        let bytes = ["4MiB", "4 mb", "64k", "1_024", "1GB", "4 apples", "99999999999g"];
        let bytes: Vec<_> = bytes.map(|text| quantity(text, Unit::Bytes)).to_vec();
        assert_eq!(bytes, [Some(4 << 20), Some(4 << 20), Some(64 << 10), Some(1_024), Some(1 << 30), None, None]);
        let times = ["10s", "1m 30s", "250ms", "soon"];
        let times: Vec<_> = times.map(|text| quantity(text, Unit::Milliseconds)).to_vec();
        assert_eq!(times, [Some(10_000), Some(90_000), Some(250), None]);
    }
}
