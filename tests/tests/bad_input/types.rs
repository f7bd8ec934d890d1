//! Values of the exact types: what has too many digits, another alphabet or another spelling is refused, never rounded.

use e2e::{Setup, TestHost};

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("all", artifacts::EVERY_TYPE);
    host
}

/// What comes of a record with each value of a field.
fn values(model: &str, rows: &[(&str, &str, &str)]) -> String {
    let body = |field: &str, value: &str| format!(r#"{{"data": {{"number": 1, "{field}": {value}}}}}"#);
    let rows: Vec<_> = rows.iter().map(|(title, field, value)| (*title, body(field, value))).collect();
    let target = format!("all {model} create");
    let rows: Vec<_> = rows.iter().map(|(title, body)| (*title, target.as_str(), body.as_str())).collect();
    host().calls(&rows)
}

#[test]
fn decimals() {
    insta::assert_snapshot!(values("scalars", &[
        ("a digit too many behind the point", "given_price", r#""0.999""#),
        ("as a number", "given_price", "0.001"),
        ("a digit too many before it", "given_price", r#""12345678901234567.00""#),
        ("more than 38 digits", "given_decimal", "12345678901234567890123456789012345678901"),
        ("an exponent", "given_price", "1e2"),
        ("a sign too many", "given_price", r#""+1.00""#),
        ("no digit before the point", "given_price", r#"".5""#),
        ("no digit behind the point", "given_price", r#""1.""#),
        ("a comma", "given_price", r#""1,50""#),
        ("white space", "given_price", r#"" 1.50""#),
        ("not a number", "given_price", r#""NaN""#),
        ("a boolean", "given_price", "true"),
        ("a whole number where there is none", "maybe_decimal", r#""1""#),
    ]), @"");
}

#[test]
fn dates_and_times() {
    insta::assert_snapshot!(values("scalars", &[
        ("a day that is none", "given_date", r#""2026-02-30""#),
        ("the year 0", "given_date", r#""0000-01-01""#),
        ("the year 10000", "given_date", r#""10000-01-01""#),
        ("another order", "given_date", r#""01.02.2026""#),
        ("a moment", "given_date", r#""2026-03-01T00:00:00Z""#),
        ("a number", "given_date", "20260301"),
        ("an hour that is none", "given_time", r#""24:00:00""#),
        ("a leap second", "given_time", r#""23:59:60""#),
        ("without seconds", "given_time", r#""09:30""#),
        ("seven digits", "given_time", r#""09:30:00.1234567""#),
        ("a zone", "given_time", r#""09:30:00Z""#),
        ("a moment with seven digits", "given_timestamp", r#""2026-03-01T00:00:00.1234567Z""#),
        ("a moment in the year 0, in UTC", "given_timestamp", r#""0001-01-01T00:00:00+01:00""#),
    ]), @"");
}

#[test]
fn bytes_enums_and_documents() {
    insta::assert_snapshot!(values("scalars", &[
        ("another alphabet", "given_bytes", r#""_-8=""#),
        ("without padding", "given_bytes", r#""aGVsbG8""#),
        ("bits behind the end", "given_bytes", r#""aGVsbG9=""#),
        ("hexadecimal digits", "given_bytes", r#""\\x00ff""#),
        ("a list of numbers", "given_bytes", "[0, 255]"),
        ("another case", "given_choice", r#""calm""#),
        ("a label that is none", "given_choice", r#""Furious""#),
        ("the variant's name", "given_choice", r#""SoSo""#),
        ("its number", "given_choice", "1"),
        ("a document with a key twice", "given_json", r#"{"a": {"b": 1, "b": 2}}"#),
        ("a document with NUL", "given_json", r#"["\u0000"]"#),
        ("a document with a number that no float holds", "given_json", "[1e999]"),
        ("no document at all", "given_json", "null"),
    ]), @"");
}

#[test]
fn lists() {
    insta::assert_snapshot!(values("lists", &[
        ("one item that is none", "given_ints", r#"[1, "2", 3]"#),
        ("null among the items", "given_texts", r#"["a", null]"#),
        ("a single item", "given_texts", r#""a""#),
        ("an object", "given_texts", r#"{"0": "a"}"#),
        ("a list of lists", "given_ints", "[[1]]"),
        ("a zero with a sign", "given_floats", "[1.5, -0.0]"),
        ("a decimal with too many digits", "maybe_decimals", r#"["1.50", "100.00", "0.001"]"#),
        ("a label that is none", "given_choices", r#"["Calm", "cross"]"#),
        ("null for a list that must be there", "given_dates", "null"),
    ]), @"");
}
