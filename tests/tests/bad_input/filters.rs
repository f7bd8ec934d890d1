//! Filters that are built wrongly, or larger than the host passes on.

use e2e::{Setup, TestHost};

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    host
}

#[test]
fn shapes() {
    insta::assert_snapshot!(host().calls(&[
        ("empty $in", "acme customer list", r#"{"filter": {"status": {"$in": []}}}"#),
        ("$in without a list", "acme customer list", r#"{"filter": {"status": {"$in": "lead"}}}"#),
        ("$in with mistyped values", "globex customer list", r#"{"filter": {"number": {"$in": [1, "2", null]}}}"#),
        ("empty $or", "acme customer list", r#"{"filter": {"$or": []}}"#),
        ("empty $and", "acme customer list", r#"{"filter": {"$and": []}}"#),
        ("$or as an object", "acme customer list", r#"{"filter": {"$or": {"name": "Ada"}}}"#),
        ("$or inside a field", "acme customer list", r#"{"filter": {"name": {"$or": ["Ada", "Bob"]}}}"#),
        ("operator without a field", "acme customer list", r#"{"filter": {"$gte": 5}}"#),
        ("a list as a condition", "acme customer list", r#"{"filter": {"status": ["lead", "lost"]}}"#),
        ("a condition without an operator", "acme customer list", r#"{"filter": {"status": {}}}"#),
        ("an operator twice", "globex customer list", r#"{"filter": {"number": {"$gte": 1, "$gte": 2}}}"#),
        ("several at once", "acme customer list",
            r#"{"filter": {"nmae": "Ada", "credit_limit": "5", "$or": [], "status": {"$liek": "l%"}}}"#),
        ("a comparison with null", "acme customer list", r#"{"filter": {"credit_limit": {"$gt": null}}}"#),
    ]), @r#"
    # empty $in
    200 {"data":[],"page":{"limit":100,"offset":0,"count":0,"next":null}}
    # $in without a list
    400 plan.filter-shape: `$in` of `status` without a list
      - write a list of values: {"$in": [1, 2]}
    # $in with mistyped values
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found string "2")
      because expected int, found string "2"
      - write 2 without quotes: values are not converted
    # empty $or
    400 plan.filter-shape: `$or` without conditions
      - write a list with at least one: {"$or": [{"field": 1}]}
    # empty $and
    400 plan.filter-shape: `$and` without conditions
      - write a list with at least one: {"$and": [{"field": 1}]}
    # $or as an object
    400 plan.filter-shape: `$or` without conditions
      - write a list with at least one: {"$or": [{"field": 1}]}
    # $or inside a field
    400 plan.filter-shape: `$or` inside of field `name`
      - write it around the fields: {"$or": [{"name": "text"}]}
    # operator without a field
    400 plan.filter-shape: `$gte` without a field
      - write an operator inside of a field: {"field": {"$gte": 1}}
    # a list as a condition
    400 plan.filter-shape: `status` is compared with a list
      - write {"status": {"$in": ["lead"]}}
    # a condition without an operator
    400 plan.filter-shape: `status` is compared with an object without an operator
      - write {"status": {"$eq": "lead"}}
    # an operator twice
    400 request.shape: `filter` is not a JSON object
      because key `$gte` stands twice in one object
      - send one JSON object in which every key stands once
    # several at once
    400 plan.unknown-field: 4 things are wrong
      [plan.unknown-field] model `customer` has no field `nmae`
        (model customer, field nmae)
        - did you mean `name`?
        - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
      [plan.type-mismatch] the value of field `credit_limit` does not fit
        (field credit_limit, expected int, found string "5")
        because expected int, found string "5"
        - write 5 without quotes: values are not converted
      [plan.filter-shape] `$or` without conditions
        - write a list with at least one: {"$or": [{"field": 1}]}
      [plan.unknown-operator] there is no filter operator `$liek`
        - did you mean `$like`?
        - the operators are $eq $ne $gt $gte $lt $lte $in $nin $between $mod $null $exists $like $ilike $contains $startsWith $endsWith $regex $options $not $and $or $nor
    # a comparison with null
    200 {"data":[],"page":{"limit":100,"offset":0,"count":0,"next":null}}
    "#);
}

#[test]
fn what_a_type_can_not_do() {
    insta::assert_snapshot!(host().calls(&[
        ("booleans have no order", "globex customer list", r#"{"filter": {"vip": {"$gte": true}}}"#),
        ("a json field is not compared", "acme customer list", r#"{"filter": {"notes": {"met": "fair"}}}"#),
        ("a json field has no order", "acme customer list", r#"{"options": {"order_by": ["notes"]}}"#),
        ("a list is not sorted by a boolean", "globex customer list", r#"{"options": {"order_by": ["-vip"]}}"#),
    ]), @r#"
    # booleans have no order
    400 plan.unsupported: `$gte` with field `vip` does not work on a field of type boolean
      - use `$eq` or `$in`
    # a json field is not compared
    400 plan.unsupported: `$eq` with field `notes` does not work on a field of type json
      - use `$null`, or ask for a key: {"notes.key": "text"}
    # a json field has no order
    400 plan.unsupported: `order_by` with field `notes` does not work on a field of type json
      - order by a field of another type
    # a list is not sorted by a boolean
    400 plan.unsupported: `order_by` with field `vip` does not work on a field of type boolean
      - order by a field of another type
    "#);
}

#[test]
fn operators_that_are_misused() {
    insta::assert_snapshot!(host().calls(&[
        ("$ne of a list", "acme customer list", r#"{"filter": {"status": {"$ne": ["lead"]}}}"#),
        ("$nin without a list", "acme customer list", r#"{"filter": {"status": {"$nin": "lead"}}}"#),
        ("$between with one value", "globex customer list", r#"{"filter": {"number": {"$between": [1]}}}"#),
        ("$between the wrong way round", "globex customer list", r#"{"filter": {"number": {"$between": [9, 1]}}}"#),
        ("$between with mistyped values", "globex customer list", r#"{"filter": {"number": {"$between": ["1", 9]}}}"#),
        ("$mod by zero", "globex customer list", r#"{"filter": {"number": {"$mod": [0, 0]}}}"#),
        ("$mod of a text", "acme customer list", r#"{"filter": {"name": {"$mod": [2, 0]}}}"#),
        ("$null that is neither", "acme customer list", r#"{"filter": {"email": {"$null": null}}}"#),
        ("$exists of a column", "acme customer list", r#"{"filter": {"email": {"$exists": true}}}"#),
        ("$like of an int", "globex customer list", r#"{"filter": {"number": {"$like": "1%"}}}"#),
        ("$contains of a number", "acme customer list", r#"{"filter": {"name": {"$contains": 7}}}"#),
        ("$regex that does not end", "acme customer list", r#"{"filter": {"name": {"$regex": "(a"}}}"#),
        ("$regex that looks ahead", "acme customer list", r#"{"filter": {"name": {"$regex": "a(?=b)"}}}"#),
        ("$regex that refers back", "acme customer list", r#"{"filter": {"name": {"$regex": "(a)\\1"}}}"#),
        ("$regex with options that are none", "acme customer list",
            r#"{"filter": {"name": {"$regex": "a", "$options": "gx"}}}"#),
        ("$options by itself", "acme customer list", r#"{"filter": {"name": {"$options": "i"}}}"#),
        ("$not of a value", "acme customer list", r#"{"filter": {"name": {"$not": "Ada"}}}"#),
        ("$nor without conditions", "acme customer list", r#"{"filter": {"$nor": []}}"#),
        ("$size", "acme customer list", r#"{"filter": {"name": {"$size": 3}}}"#),
        ("another tool's words", "acme customer list", r#"{"filter": {"name": {"notIn": ["Ada"]}, "score": {"$greaterThan": 1}}}"#),
    ]), @r#"
    # $ne of a list
    400 plan.type-mismatch: the value of field `status` does not fit
      (field status, expected text, found a list)
      because expected text, found a list
      - write for example "text"
    # $nin without a list
    400 plan.filter-shape: `$nin` of `status` without a list
      - write a list of values: {"$nin": [1, 2]}
    # $between with one value
    400 plan.filter-shape: `$between` of `number` without two bounds
      - write the smallest and the largest: {"number": {"$between": [20, 20]}}
    # $between the wrong way round
    400 plan.filter-shape: `$between` of `number` has its larger bound first
      - write the smaller one first
    # $between with mistyped values
    400 plan.type-mismatch: the value of field `number` does not fit
      (field number, expected int, found string "1")
      because expected int, found string "1"
      - write 1 without quotes: values are not converted
    # $mod by zero
    400 plan.filter-shape: `$mod` of `number` has a divisor of 0
      - write divisor and remainder: {"number": {"$mod": [2, 0]}}
    # $mod of a text
    400 plan.unsupported: `$mod` with field `name` does not work on a field of type text
      - use `$eq`, `$in` or `$between`
    # $null that is neither
    400 plan.filter-shape: `$null` of `email` with something else than true or false
      - write {"email": {"$null": true}}
    # $exists of a column
    400 plan.unsupported: `$exists` with field `email` does not work on a field of type text
      - every record has every field: use {"email": {"$null": false}}
    # $like of an int
    400 plan.unsupported: `$like` with field `number` does not work on a field of type int
      - use `$eq`, `$in` or `$between`
    # $contains of a number
    400 plan.type-mismatch: the value of field `name` does not fit
      (field name, expected text, found number 7)
      because expected text, found number 7
      - write "7" with quotes: values are not converted
    # $regex that does not end
    400 plan.filter-shape: `$regex` does not parse: unclosed group, at character 1
      - write a regular expression such as "^[A-Z]{2}[0-9]+$"
    # $regex that looks ahead
    400 plan.unsupported: look-around `(?=` at character 2 of `$regex` does not work on every database alike
      - say it by two conditions in `$and`
    # $regex that refers back
    400 plan.unsupported: the back-reference `\\1` at character 4 of `$regex` does not work on every database alike
      - write the group's pattern again
    # $regex with options that are none
    400 plan.unsupported: `$options` "gx" of `$regex` does not work on every database alike
      - the one option is "i": case does not matter
    # $options by itself
    400 plan.filter-shape: `$options` without `$regex`
      - write both: {"$regex": "^a", "$options": "i"}
    # $not of a value
    400 plan.filter-shape: `$not` of `name` without an operator
      - write the condition to turn round: {"name": {"$not": {"$eq": "text"}}}
    # $nor without conditions
    400 plan.filter-shape: `$nor` without conditions
      - write a list with at least one: {"$nor": [{"field": 1}]}
    # $size
    400 plan.unsupported: `$size` does not work on fields of type list
      - there are no conditions on the items of a list yet: read the records and look at them
    # another tool's words
    400 plan.filter-shape: 2 things are wrong
      [plan.filter-shape] `name` is compared with an object without an operator
        - write {"name": {"$nin": ["text"]}}
      [plan.unknown-operator] there is no filter operator `$greaterThan`
        - did you mean `$gt`?
        - the operators are $eq $ne $gt $gte $lt $lte $in $nin $between $mod $null $exists $like $ilike $contains $startsWith $endsWith $regex $options $not $and $or $nor
    "#);
}

#[test]
fn paths_into_documents() {
    insta::assert_snapshot!(host().calls(&[
        ("into a text", "acme customer list", r#"{"filter": {"name.first": "Ada"}}"#),
        ("into a field that is none", "acme customer list", r#"{"filter": {"note.met": "fair"}}"#),
        ("an empty step", "acme customer list", r#"{"filter": {"notes.": "fair"}}"#),
        ("a step with a quote", "acme customer list", r#"{"filter": {"notes.a\"b": "fair"}}"#),
        ("an object as a value", "acme customer list", r#"{"filter": {"notes.met": {"at": "fair"}}}"#),
        ("$mod of what may be anything", "acme customer list", r#"{"filter": {"notes.age": {"$mod": [2, 0]}}}"#),
        ("true is not more than false", "acme customer list", r#"{"filter": {"notes.vip": {"$gt": false}}}"#),
        ("too many steps", "acme customer list", &format!(r#"{{"filter": {{"notes{}": 1}}}}"#, ".a".repeat(40))),
        ("a path in the order", "acme customer list", r#"{"options": {"order_by": ["notes.met"]}}"#),
        ("a path as a key", "acme customer read", r#"{"filter": {"notes.id": 7}}"#),
    ]), @r#"
    # into a text
    400 plan.unsupported: a path into field `name` does not work on a field of type text
      - compare `name` itself: only json fields have paths
    # into a field that is none
    400 plan.unknown-field: model `customer` has no field `note`
      (model customer, field note)
      - did you mean `notes`?
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # an empty step
    400 plan.filter-shape: a path into field `notes` has a step ``, which is not of 1 to 100 characters
      - write keys of objects, such as "notes.address.city"
    # a step with a quote
    400 plan.filter-shape: a path into field `notes` has a step `a"b`, which has a character that is no letter, digit, `_`, `-` or space
      - write keys of objects, such as "notes.address.city"
    # an object as a value
    400 plan.filter-shape: `notes.met` is compared with an object without an operator
      - write the key as a step: {"notes.met.at": "text"}
    # $mod of what may be anything
    400 plan.unsupported: `$mod` with `notes.age` does not work on a place in a document
      - use `$between`, or keep the number in an int field
    # true is not more than false
    400 plan.unsupported: `$gt` with true or false does not work on a place in a document
      - use `$eq` or `$in`
    # too many steps
    400 plan.filter-limit: the filter has 40 steps in one path, at most 16 are allowed
      - write at most 16 steps in one path, or ask several times
    # a path in the order
    400 plan.unknown-field: model `customer` has no field `notes.met`
      (model customer, field notes.met)
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # a path as a key
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `id` or `email` by equality
      > {"filter": {"id": "[uuid]"}}
    "#);
}

#[test]
fn sizes() {
    let nodes = vec![r#"{"number": 1}"#; 10_000].join(",");
    let values = (0..10_000).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    let depth = 40;
    let nested = format!("{}{{\"number\": 1}}{}", r#"{"$and": ["#.repeat(depth), "]}".repeat(depth));
    let rows = [
        ("10,000 conditions", format!(r#"{{"filter": {{"$or": [{nodes}]}}}}"#)),
        ("10,000 values", format!(r#"{{"filter": {{"number": {{"$in": [{values}]}}}}}}"#)),
        ("40 levels", format!(r#"{{"filter": {nested}}}"#)),
    ];
    let rows: Vec<_> = rows.iter().map(|(title, body)| (*title, "globex customer list", body.as_str())).collect();
    insta::assert_snapshot!(host().calls(&rows), @"
    # 10,000 conditions
    400 plan.filter-limit: the filter has 10257 conditions, at most 512 are allowed
      - write at most 512 conditions, or ask several times
    # 10,000 values
    400 plan.filter-limit: the filter has 10000 values in `$in`, at most 1000 are allowed
      - write at most 1000 values in `$in`, or ask several times
    # 40 levels
    400 plan.filter-limit: the filter has 17 levels, at most 16 are allowed
      - write at most 16 levels, or ask several times
    ");
}
