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
    ]), @r#"
    # a digit too many behind the point
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 0.999)
      because expected decimal(18,2), found 0.999
      - give at most 2 digits behind the point: nothing is rounded
    # as a number
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 0.001)
      because expected decimal(18,2), found 0.001
      - give at most 2 digits behind the point: nothing is rounded
    # a digit too many before it
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 12345678901234567.00, which is out of range)
      because expected decimal(18,2), found 12345678901234567.00, which is out of range
      - give at most 16 digits before the point
    # more than 38 digits
    400 plan.type-mismatch: the value of field `given_decimal` does not fit
      (field given_decimal, expected decimal(38,10), found 1234567890123456789012345678901234567890... (41 bytes), which is out of range)
      because expected decimal(38,10), found 1234567890123456789012345678901234567890... (41 bytes), which is out of range
      - give at most 28 digits before the point
    # an exponent
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 1e2)
      because expected decimal(18,2), found 1e2
      - write digits with an optional sign and point, without exponent: "-12.50"
    # a sign too many
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found +1.00)
      because expected decimal(18,2), found +1.00
      - write digits with an optional sign and point, without exponent: "-12.50"
    # no digit before the point
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found .5)
      because expected decimal(18,2), found .5
      - write digits with an optional sign and point, without exponent: "-12.50"
    # no digit behind the point
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 1.)
      because expected decimal(18,2), found 1.
      - write digits with an optional sign and point, without exponent: "-12.50"
    # a comma
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found 1,50)
      because expected decimal(18,2), found 1,50
      - write digits with an optional sign and point, without exponent: "-12.50"
    # white space
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found  1.50)
      because expected decimal(18,2), found  1.50
      - write digits with an optional sign and point, without exponent: "-12.50"
    # not a number
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found NaN)
      because expected decimal(18,2), found NaN
      - write digits with an optional sign and point, without exponent: "-12.50"
    # a boolean
    400 plan.type-mismatch: the value of field `given_price` does not fit
      (field given_price, expected decimal(18,2), found boolean true)
      because expected decimal(18,2), found boolean true
      - write for example "0.5"
    # a whole number where there is none
    400 plan.type-mismatch: the value of field `maybe_decimal` does not fit
      (field maybe_decimal, expected decimal(38,38), found 1, which is out of range)
      because expected decimal(38,38), found 1, which is out of range
      - give at most 0 digits before the point
    "#);
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
    ]), @r#"
    # a day that is none
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date (ISO 8601), found string "2026-02-30")
      because expected date (ISO 8601), found string "2026-02-30"
      - write year, month and day: "2026-11-21", from year 0001 to 9999
    # the year 0
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date (ISO 8601), found string "0000-01-01")
      because expected date (ISO 8601), found string "0000-01-01"
      - write year, month and day: "2026-11-21", from year 0001 to 9999
    # the year 10000
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date (ISO 8601), found string "10000-01-01")
      because expected date (ISO 8601), found string "10000-01-01"
      - write year, month and day: "2026-11-21", from year 0001 to 9999
    # another order
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date (ISO 8601), found string "01.02.2026")
      because expected date (ISO 8601), found string "01.02.2026"
      - write year, month and day: "2026-11-21", from year 0001 to 9999
    # a moment
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date (ISO 8601), found string "2026-03-01T00:00:00Z")
      because expected date (ISO 8601), found string "2026-03-01T00:00:00Z"
      - write year, month and day: "2026-11-21", from year 0001 to 9999
    # a number
    400 plan.type-mismatch: the value of field `given_date` does not fit
      (field given_date, expected date, found number 20260301)
      because expected date, found number 20260301
      - write for example "2026-11-21"
    # an hour that is none
    400 plan.type-mismatch: the value of field `given_time` does not fit
      (field given_time, expected time (ISO 8601), found string "24:00:00")
      because expected time (ISO 8601), found string "24:00:00"
      - write hours, minutes and seconds: "09:30:00", without a zone
    # a leap second
    400 plan.type-mismatch: the value of field `given_time` does not fit
      (field given_time, expected time (ISO 8601), found string "23:59:60")
      because expected time (ISO 8601), found string "23:59:60"
      - write hours, minutes and seconds: "09:30:00", without a zone
    # without seconds
    400 plan.type-mismatch: the value of field `given_time` does not fit
      (field given_time, expected time (ISO 8601), found string "09:30")
      because expected time (ISO 8601), found string "09:30"
      - write hours, minutes and seconds: "09:30:00", without a zone
    # seven digits
    400 plan.type-mismatch: the value of field `given_time` does not fit
      (field given_time, expected time (ISO 8601), found string "09:30:00.1234567")
      because expected time (ISO 8601), found string "09:30:00.1234567"
      - give at most six digits after the second
    # a zone
    400 plan.type-mismatch: the value of field `given_time` does not fit
      (field given_time, expected time (ISO 8601), found string "09:30:00Z")
      because expected time (ISO 8601), found string "09:30:00Z"
      - write hours, minutes and seconds: "09:30:00", without a zone
    # a moment with seven digits
    400 plan.type-mismatch: the value of field `given_timestamp` does not fit
      (field given_timestamp, expected timestamp (RFC 3339 with an offset), found a time finer than a microsecond)
      because expected timestamp (RFC 3339 with an offset), found a time finer than a microsecond
      - give at most six digits after the second
    # a moment in the year 0, in UTC
    400 plan.type-mismatch: the value of field `given_timestamp` does not fit
      (field given_timestamp, expected timestamp (RFC 3339 with an offset), found a time outside of the years 1 to 9999)
      because expected timestamp (RFC 3339 with an offset), found a time outside of the years 1 to 9999
    "#);
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
    ]), @r#"
    # another alphabet
    400 plan.type-mismatch: the value of field `given_bytes` does not fit
      (field given_bytes, expected bytes (base64), found string "_-8=")
      because expected bytes (base64), found string "_-8="
      - write the alphabet of RFC 4648 with padding: "aGVsbG8="
    # without padding
    400 plan.type-mismatch: the value of field `given_bytes` does not fit
      (field given_bytes, expected bytes (base64), found string "aGVsbG8")
      because expected bytes (base64), found string "aGVsbG8"
      - write the alphabet of RFC 4648 with padding: "aGVsbG8="
    # bits behind the end
    400 plan.type-mismatch: the value of field `given_bytes` does not fit
      (field given_bytes, expected bytes (base64), found string "aGVsbG9=")
      because expected bytes (base64), found string "aGVsbG9="
      - write the alphabet of RFC 4648 with padding: "aGVsbG8="
    # hexadecimal digits
    400 plan.type-mismatch: the value of field `given_bytes` does not fit
      (field given_bytes, expected bytes (base64), found string "\\x00ff")
      because expected bytes (base64), found string "\\x00ff"
      - write the alphabet of RFC 4648 with padding: "aGVsbG8="
    # a list of numbers
    400 plan.type-mismatch: the value of field `given_bytes` does not fit
      (field given_bytes, expected bytes, found a list)
      because expected bytes, found a list
      - write for example "aGVsbG8="
    # another case
    400 plan.type-mismatch: the value of field `given_choice` does not fit
      (field given_choice, expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "calm")
      because expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "calm"
      - did you mean "Calm"?
    # a label that is none
    400 plan.type-mismatch: the value of field `given_choice` does not fit
      (field given_choice, expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "Furious")
      because expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "Furious"
    # the variant's name
    400 plan.type-mismatch: the value of field `given_choice` does not fit
      (field given_choice, expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "SoSo")
      because expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "SoSo"
    # its number
    400 plan.type-mismatch: the value of field `given_choice` does not fit
      (field given_choice, expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found number 1)
      because expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found number 1
      - write for example "Calm"
    # a document with a key twice
    400 plan.type-mismatch: the value of field `given_json` does not fit
      (field given_json, expected json whose objects hold each key once, found key "b" twice in one object)
      because expected json whose objects hold each key once, found key "b" twice in one object
      - keep one of the two: a database may drop the other
    # a document with NUL
    400 plan.type-mismatch: the value of field `given_json` does not fit
      (field given_json, expected json without NUL, found a NUL character (U+0000) in string "\u0000")
      because expected json without NUL, found a NUL character (U+0000) in string "\u0000"
      - remove \u0000: not every database can store it
    # a document with a number that no float holds
    400 plan.type-mismatch: the value of field `given_json` does not fit
      (field given_json, expected json with numbers that 64-bit floats hold, of at most 1000 bytes, found number 1e999)
      because expected json with numbers that 64-bit floats hold, of at most 1000 bytes, found number 1e999
      - write it as a string: "1e999"
    # no document at all
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! given_json: `given_json` is required [required]
    "#);
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
    ]), @r#"
    # one item that is none
    400 plan.type-mismatch: the value of field `given_ints` does not fit
      (field given_ints, expected int, found string "2" as item 1)
      because expected int, found string "2" as item 1
      - write 2 without quotes: values are not converted
    # null among the items
    400 plan.type-mismatch: the value of field `given_texts` does not fit
      (field given_texts, expected an item, found null as item 1)
      because expected an item, found null as item 1
    # a single item
    400 plan.type-mismatch: the value of field `given_texts` does not fit
      (field given_texts, expected list<text>, found string "a")
      because expected list<text>, found string "a"
      - write for example []
    # an object
    400 plan.type-mismatch: the value of field `given_texts` does not fit
      (field given_texts, expected list<text>, found an object)
      because expected list<text>, found an object
      - write for example []
    # a list of lists
    400 plan.type-mismatch: the value of field `given_ints` does not fit
      (field given_ints, expected int, found a list as item 0)
      because expected int, found a list as item 0
      - write for example 20
    # a zero with a sign
    400 plan.type-mismatch: the value of field `given_floats` does not fit
      (field given_floats, expected a float without the sign of zero, found -0.0 as item 1)
      because expected a float without the sign of zero, found -0.0 as item 1
    # a decimal with too many digits
    400 plan.type-mismatch: the value of field `maybe_decimals` does not fit
      (field maybe_decimals, expected decimal(4,2), found 100.00, which is out of range as item 1)
      because expected decimal(4,2), found 100.00, which is out of range as item 1
      - give at most 2 digits before the point
    # a label that is none
    400 plan.type-mismatch: the value of field `given_choices` does not fit
      (field given_choices, expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "cross" as item 1)
      because expected one of Calm, CROSS, it's "so/so", zufällig 🎲, found string "cross" as item 1
      - did you mean "CROSS"?
    # null for a list that must be there
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! given_dates: `given_dates` is required [required]
    "#);
}
