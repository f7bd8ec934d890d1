//! What a record holds: missing and mistyped fields, numbers out of range, texts that no database can store, broken rules.

use e2e::{Setup, TestHost};

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    host
}

#[test]
fn types() {
    let host = host();
    host.data("acme customer create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#);
    insta::assert_snapshot!(host.calls(&[
        ("several at once, beside a missing one", "globex customer create",
            r#"{"data": {"number": "20", "country": 39, "loyalty_points": 1.5, "vip": "yes", "since": "today"}}"#),
        ("a text for an int", "globex customer create",
            r#"{"data": {"number": "20", "full_name": "Ada", "country": "IT"}}"#),
        ("an int for a text", "globex customer create", r#"{"data": {"number": 7, "full_name": 20, "country": "IT"}}"#),
        ("a text that looks like a number as the key", "globex customer read", r#"{"filter": {"number": "7"}}"#),
        ("a number for a uuid", "acme customer read", r#"{"filter": {"id": 17}}"#),
        ("a text that is no uuid", "acme customer read", r#"{"filter": {"id": "17"}}"#),
        ("an int with a point", "globex customer create",
            r#"{"data": {"number": 7.0, "full_name": "Ada", "country": "IT"}}"#),
        ("an int with an exponent", "globex customer create",
            r#"{"data": {"number": 1e3, "full_name": "Ada", "country": "IT"}}"#),
        ("an int above 64 bits", "globex customer create",
            r#"{"data": {"number": 9223372036854775808, "full_name": "Ada", "country": "IT"}}"#),
        ("an int below 64 bits, in a filter", "globex customer list",
            r#"{"filter": {"loyalty_points": {"$lt": -9223372036854775809}}}"#),
        ("a float that is not finite", "acme customer create", r#"{"data": {"name": "Ada", "score": 1e999}}"#),
        ("NaN", "acme customer create", r#"{"data": {"name": "Ada", "score": NaN}}"#),
        ("one for true", "acme customer create", r#"{"data": {"name": "Ada", "active": 1}}"#),
        ("an object for a text", "acme customer create", r#"{"data": {"name": {"first": "Ada"}}}"#),
        ("a list for a text", "acme customer create", r#"{"data": {"name": ["Ada"]}}"#),
        ("null for a required field", "acme customer create", r#"{"data": {"name": null}}"#),
        ("null for a required field in update", "acme customer update",
            r#"{"filter": {"email": "ada@example.com"}, "data": {"name": null}}"#),
    ]), @r#"
    # several at once, beside a missing one
    400 plan.type-mismatch: 6 things are wrong
      [plan.type-mismatch] the value of field `number` does not fit
        (field number, expected int, found string "20")
        because expected int, found string "20"
        - write 20 without quotes: values are not converted
      [plan.type-mismatch] the value of field `country` does not fit
        (field country, expected text, found number 39)
        because expected text, found number 39
        - write "39" with quotes: values are not converted
      [plan.type-mismatch] the value of field `loyalty_points` does not fit
        (field loyalty_points, expected int, found number 1.5)
        because expected int, found number 1.5
        - write a whole number without point or exponent
      [plan.type-mismatch] the value of field `vip` does not fit
        (field vip, expected boolean, found string "yes")
        because expected boolean, found string "yes"
        - write for example true
      [plan.type-mismatch] the value of field `since` does not fit
        (field since, expected timestamp (RFC 3339 with an offset), found string "today")
        because expected timestamp (RFC 3339 with an offset), found string "today"
        - write for example "2026-11-21T09:30:00Z"
      [plan.missing-field] field `full_name` is required
        (field full_name)
        - add for example "full_name": "text"
    # a text for an int
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found string "20")
      because expected int, found string "20"
      - write 20 without quotes: values are not converted
    # an int for a text
    400 plan.type-mismatch: the value of field `full_name` does not fit
      (field full_name, expected text, found number 20)
      because expected text, found number 20
      - write "20" with quotes: values are not converted
    # a text that looks like a number as the key
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found string "7")
      because expected int, found string "7"
      - write 7 without quotes: values are not converted
    # a number for a uuid
    400 plan.type-mismatch: the value of field `id` does not fit
      (field id, expected uuid, found number 17)
      because expected uuid, found number 17
      - write for example "[uuid]"
    # a text that is no uuid
    400 plan.type-mismatch: the value of field `id` does not fit
      (field id, expected uuid, found string "17")
      because expected uuid, found string "17"
      - write for example "[uuid]"
    # an int with a point
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found number 7.0)
      because expected int, found number 7.0
      - write a whole number without point or exponent
    # an int with an exponent
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found number 1e3)
      because expected int, found number 1e3
      - write a whole number without point or exponent
    # an int above 64 bits
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int (-9223372036854775808 to 9223372036854775807), found 9223372036854775808, which is out of range)
      because expected int (-9223372036854775808 to 9223372036854775807), found 9223372036854775808, which is out of range
      - send a number in this range; longer ones belong into a text field
    # an int below 64 bits, in a filter
    400 plan.type-mismatch: the value of field `loyalty_points` does not fit
      (field loyalty_points, expected int (-9223372036854775808 to 9223372036854775807), found -9223372036854775809, which is out of range)
      because expected int (-9223372036854775808 to 9223372036854775807), found -9223372036854775809, which is out of range
      - send a number in this range; longer ones belong into a text field
    # a float that is not finite
    400 plan.type-mismatch: the value of field `score` does not fit
      (field score, expected float (finite, 64 bits), found 1e999, which is out of range)
      because expected float (finite, 64 bits), found 1e999, which is out of range
      - send a number between -1.7e308 and 1.7e308
    # NaN
    400 request.not-json: the body is not JSON
      because expected value at line 1 column 35
      - send one JSON object
    # one for true
    400 plan.type-mismatch: the value of field `active` does not fit
      (field active, expected boolean, found number 1)
      because expected boolean, found number 1
      - write for example true
    # an object for a text
    400 plan.type-mismatch: the value of field `name` does not fit
      (field name, expected text, found an object)
      because expected text, found an object
      - write for example "text"
    # a list for a text
    400 plan.type-mismatch: the value of field `name` does not fit
      (field name, expected text, found a list)
      because expected text, found a list
      - write for example "text"
    # null for a required field
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! name: `name` is required [required]
    # null for a required field in update
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! name: `name` is required [required]
    "#);
}

#[test]
fn timestamps() {
    let at = |text: &str| format!(r#"{{"data": {{"name": "Ada", "last_contact_at": {text}}}}}"#);
    let host = host();
    let rows = [
        ("without an offset", at(r#""2026-03-01T12:00:00""#)),
        ("a day", at(r#""2026-03-01""#)),
        ("a day that is none", at(r#""2026-02-30T12:00:00Z""#)),
        ("an hour that is none", at(r#""2026-03-01T25:00:00Z""#)),
        ("seconds since 1970", at("1700000000")),
        ("a year that no column holds", at(r#""12026-03-01T12:00:00Z""#)),
        ("in the future", at(r#""9999-01-01T00:00:00Z""#)),
    ];
    let rows: Vec<_> = rows.iter().map(|(title, body)| (*title, "acme customer create", body.as_str())).collect();
    insta::assert_snapshot!(host.calls(&rows), @r#"
    # without an offset
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp (RFC 3339 with an offset), found a time without offset)
      because expected timestamp (RFC 3339 with an offset), found a time without offset
      - say which time zone: "2026-03-01T12:00:00Z" for UTC, or an offset such as +02:00
    # a day
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp (RFC 3339 with an offset), found string "2026-03-01")
      because expected timestamp (RFC 3339 with an offset), found string "2026-03-01"
      - write for example "2026-11-21T09:30:00Z"
    # a day that is none
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp (RFC 3339 with an offset), found string "2026-02-30T12:00:00Z")
      because expected timestamp (RFC 3339 with an offset), found string "2026-02-30T12:00:00Z"
      - write for example "2026-11-21T09:30:00Z"
    # an hour that is none
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp (RFC 3339 with an offset), found string "2026-03-01T25:00:00Z")
      because expected timestamp (RFC 3339 with an offset), found string "2026-03-01T25:00:00Z"
      - write for example "2026-11-21T09:30:00Z"
    # seconds since 1970
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp, found number 1700000000)
      because expected timestamp, found number 1700000000
      - write for example "2026-11-21T09:30:00Z"
    # a year that no column holds
    400 plan.type-mismatch: the value of field `last_contact_at` does not fit
      (field last_contact_at, expected timestamp (RFC 3339 with an offset), found string "12026-03-01T12:00:00Z")
      because expected timestamp (RFC 3339 with an offset), found string "12026-03-01T12:00:00Z"
      - write for example "2026-11-21T09:30:00Z"
    # in the future
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! last_contact_at: `last_contact_at` is after [time] [future]
    "#);
}

#[test]
fn texts() {
    let named = |text: &str| format!(r#"{{"data": {{"name": "{text}"}}}}"#);
    let megabyte = "n".repeat(1_000_000);
    let rows = [
        ("NUL", named(r"a\u0000b")),
        ("half a surrogate pair", named(r"\ud800")),
        ("a million letters", named(&megabyte)),
        (
            "a million letters where an int belongs",
            format!(r#"{{"data": {{"name": "A", "credit_limit": "{megabyte}"}}}}"#),
        ),
        ("a million letters as a field", format!(r#"{{"data": {{"name": "A", "{megabyte}": 1}}}}"#)),
        ("a million digits", format!(r#"{{"data": {{"name": "A", "credit_limit": {}}}}}"#, "9".repeat(1_000_000))),
        ("a terminal's escape as a field", r#"{"data": {"name": "A", "\u001b[31mred": 1}}"#.to_owned()),
        ("letters that look like a field's", r#"{"data": {"nаme": "Ada"}}"#.to_owned()),
        ("quotes in a field", r#"{"data": {"name": "Ada", "x\" = 1; DROP TABLE customer; --": 1}}"#.to_owned()),
    ];
    let rows: Vec<_> = rows.iter().map(|(title, body)| (*title, "acme customer create", body.as_str())).collect();
    insta::assert_snapshot!(host().calls(&rows), @r#"
    # NUL
    400 plan.type-mismatch: the value of field `name` does not fit
      (field name, expected text without NUL, found a NUL character (U+0000))
      because expected text without NUL, found a NUL character (U+0000)
      - no database here can store NUL in text; remove it
    # half a surrogate pair
    400 plan.type-mismatch: the value of field `name` does not fit
      (field name, expected text, found string "\ud800")
      because expected text, found string "\ud800"
      - write every \uD800 to \uDBFF with its second half behind it, such as "\ud83d\ude00"
    # a million letters
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! name: `name` must have 1 to 200 characters, not 1000000 [length]
    # a million letters where an int belongs
    400 plan.type-mismatch: the value of field `credit_limit` does not fit
      (field credit_limit, expected int, found string "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn... (1000002 bytes))
      because expected int, found string "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn... (1000002 bytes)
      - write for example 20
    # a million letters as a field
    400 plan.unknown-field: model `customer` has no field `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...`
      (model customer, field nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...)
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # a million digits
    400 plan.type-mismatch: the value of field `credit_limit` does not fit
      (field credit_limit, expected int (-9223372036854775808 to 9223372036854775807), found 9999999999999999999999999999999999999999... (1000000 bytes), which is out of range)
      because expected int (-9223372036854775808 to 9223372036854775807), found 9999999999999999999999999999999999999999... (1000000 bytes), which is out of range
      - send a number in this range; longer ones belong into a text field
    # a terminal's escape as a field
    400 plan.unknown-field: model `customer` has no field `\u{1b}[31mred`
      (model customer, field \u{1b}[31mred)
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # letters that look like a field's
    400 plan.unknown-field: 2 things are wrong
      [plan.unknown-field] model `customer` has no field `nаme`
        (model customer, field nаme)
        - did you mean `name`?
        - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
      [plan.missing-field] field `name` is required
        (field name)
        - add for example "name": "text"
    # quotes in a field
    400 plan.unknown-field: model `customer` has no field `x" = 1; DROP TABLE customer; --`
      (model customer, field x" = 1; DROP TABLE customer; --)
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    "#);
}

#[test]
fn rules() {
    let host = host();
    host.data(
        "globex customer create",
        r#"{"data": {"number": 7, "full_name": "Grace", "country": "US", "loyalty_points": 1500, "vip": true}}"#,
    );
    host.data("acme customer create", r#"{"data": {"name": "Ada", "email": "ada@example.com"}}"#);
    host.data(
        "globex product create",
        r#"{"data": {"sku": "TEA-0001", "title": "Tea", "size": "L", "price_cents": 300}}"#,
    );
    insta::assert_snapshot!(host.calls(&[
        ("missing", "acme customer create", r#"{"data": {"status": "lead"}}"#),
        ("several at once", "acme customer create",
            r#"{"data": {"name": "", "status": "new", "credit_limit": -1, "score": 1.5}}"#),
        ("the plugin's own", "acme customer create", r#"{"data": {"name": "Ada", "email": "ada@"}}"#),
        ("the plugin's own, on what is not there", "acme customer create",
            r#"{"data": {"name": "Bob", "status": "active"}}"#),
        ("pattern", "globex product create", r#"{"data": {"sku": "tea-42", "title": "Tea", "price_cents": 300}}"#),
        ("a unique field", "acme customer create", r#"{"data": {"name": "Eve", "email": "ADA@example.com "}}"#),
        ("a key", "globex customer create", r#"{"data": {"number": 7, "full_name": "Eve", "country": "IT"}}"#),
        ("a unique set", "globex product create",
            r#"{"data": {"sku": "TEA-0002", "title": "Tea", "size": "L", "price_cents": 1}}"#),
        ("with the record as it was", "globex customer update",
            r#"{"filter": {"number": 7}, "data": {"loyalty_points": 100}}"#),
        ("of a delete", "globex customer delete", r#"{"filter": {"number": 7}}"#),
    ]), @"
    # missing
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! name: `name` is required [required]
    # several at once
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! name: `name` must have 1 to 200 characters, not 0 [length]
      ! status: `status` must be one of lead, active, lost [one-of]
      ! credit_limit: `credit_limit` must be at least 0 [range]
      ! score: `score` must be 0.0 to 1.0 [range]
    # the plugin's own
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! email: this is not an e-mail address [email.invalid]
    # the plugin's own, on what is not there
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! email: an active customer needs an e-mail address [email.missing]
    # pattern
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! sku: `sku` must match the pattern ^[A-Z]{3}-[0-9]{4}$ [pattern]
    # a unique field
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! email: another record has the same `email` [unique]
    # a key
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! number: another record has the same `number` [unique]
    # a unique set
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! the record: another record has the same `title` and `size` [unique]
    # with the record as it was
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! loyalty_points: a vip has at least 1000 points [points.vip]
      ! loyalty_points: at most half of 1500 points can go at once [points.fall]
    # of a delete
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! vip: a vip is not deleted: make them an ordinary customer first [vip.delete]
    ");
}
