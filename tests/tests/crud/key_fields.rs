//! Keys of every kind: numbered by the database, of several fields, texts that are nearly alike; unique sets and indexes.

use serde_json::{Value, json};

use crate::{everywhere, everywhere_but_on_mysql};

#[test]
fn a_number_is_given_once() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type ticket create", r#"{"data": {"title": "one", "code": "a"}}"#),
        ("every-type ticket create", r#"{"data": {"title": "two"}}"#),
        ("every-type ticket read", r#"{"filter": {"number": 1}}"#),
        ("every-type ticket read", r#"{"filter": {"code": "a"}}"#),
        ("every-type ticket update", r#"{"filter": {"number": 2}, "data": {"title": "second", "code": "b"}}"#),
        ("every-type ticket delete", r#"{"filter": {"number": 2}}"#),
        ("every-type ticket create", r#"{"data": {"title": "three"}}"#),
        ("every-type ticket list", "{}"),
    ])), @r#"
    create 200 {"data":{"number":1,"code":"a","title":"one"}}
    create 200 {"data":{"number":2,"code":null,"title":"two"}}
    read 200 {"data":{"number":1,"code":"a","title":"one"}}
    read 200 {"data":{"number":1,"code":"a","title":"one"}}
    update 200 {"data":{"number":2,"code":"b","title":"second"}}
    delete 200 {"data":null,"deleted":1}
    create 200 {"data":{"number":3,"code":null,"title":"three"}}
    list 200 {"data":[{"number":1,"code":"a","title":"one"},{"number":3,"code":null,"title":"three"}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    "#);
}

#[test]
fn a_key_of_two_fields_is_one_key() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type shelf create", r#"{"data": {"room": "a", "number": 1, "label": "A1"}}"#),
        ("every-type shelf create", r#"{"data": {"room": "a", "number": 2, "label": "A2"}}"#),
        ("every-type shelf create", r#"{"data": {"room": "b", "number": 1}}"#),
        ("every-type shelf create", r#"{"data": {"number": 2, "room": "a"}}"#),
        ("every-type shelf read", r#"{"filter": {"number": 2, "room": "a"}}"#),
        ("every-type shelf exists", r#"{"filter": {"room": "b", "number": 2}}"#),
        ("every-type shelf update", r#"{"filter": {"room": "b", "number": 1}, "data": {"label": "B1"}}"#),
        ("every-type shelf delete", r#"{"filter": {"room": "a", "number": 1}}"#),
        ("every-type shelf list", r#"{"options": {"order_by": ["-room"]}}"#),
    ])), @r#"
    create 200 {"data":{"room":"a","number":1,"label":"A1"}}
    create 200 {"data":{"room":"a","number":2,"label":"A2"}}
    create 200 {"data":{"room":"b","number":1,"label":null}}
    create 422 record.refused
      0 null: "another record has the same `room` and `number`"
    read 200 {"data":{"room":"a","number":2,"label":"A2"}}
    exists 200 {"data":false}
    update 200 {"data":{"room":"b","number":1,"label":"B1"}}
    delete 200 {"data":null,"deleted":1}
    list 200 {"data":[{"room":"b","number":1,"label":"B1"},{"room":"a","number":2,"label":"A2"}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    "#);
}

#[test]
fn texts_that_are_nearly_alike_are_different_keys() {
    everywhere(|place| {
        let rooms = [
            "a",
            "A",
            "a ",
            " a",
            "ä",
            "a\u{308}",
            "ß",
            "ss",
            "",
            " ",
            "i",
            "ı",
            "İ",
            "o\u{200b}",
            "o",
            "\u{1f600}",
            "\u{1f601}",
        ];
        let shelf = |(at, room): (usize, &&str)| json!({"room": room, "number": 0, "label": format!("{at}")});
        let data: Vec<Value> = rooms.iter().enumerate().map(shelf).collect();
        place.data("every-type shelf bulk_create", &json!({"data": data}).to_string());
        for (at, room) in rooms.iter().enumerate() {
            let filter = json!({"filter": {"room": room, "number": 0}});
            let found = place.data("every-type shelf read", &filter.to_string());
            assert_eq!((found["room"].as_str(), &found["label"]), (Some(*room), &json!(format!("{at}"))), "{place}");
        }
        let list = place.data("every-type shelf list", r#"{"options": {"fields": ["room"]}}"#);
        let mut expected = rooms.to_vec();
        expected.sort_unstable();
        let listed: Vec<&str> =
            list.as_array().expect("a list").iter().filter_map(|row| row["room"].as_str()).collect();
        assert_eq!(listed, expected, "{place}: the order of code points");
        String::new()
    });
}

#[test]
fn a_unique_set_is_told_by_its_fields_and_does_not_compare_nulls() {
    insta::assert_snapshot!(everywhere(|place| {
        let id = |at: i32| format!(r#""id": "00000000-0000-7000-8000-{at:012}""#);
        let create = |at: i32, rest: &str| ("every-type seat create", format!(r#"{{"data": {{{}, {rest}}}}}"#, id(at)));
        let rows = [
            create(1, r#""line": 1, "place": 1"#),
            create(2, r#""line": 1, "place": 1"#),
            create(3, r#""line": 1, "place": null"#),
            create(4, r#""line": 1"#),
            create(1, r#""line": 2, "place": 1"#),
            ("every-type seat update", format!(r#"{{"filter": {{{}}}, "data": {{"place": 1}}}}"#, id(4))),
            ("every-type seat read", r#"{"filter": {"line": 1, "place": 1}, "options": {"fields": ["price", "taken"]}}"#.to_owned()),
            ("every-type seat list", r#"{"options": {"fields": ["line", "place"]}}"#.to_owned()),
        ];
        let rows: Vec<(&str, &str)> = rows.iter().map(|(target, body)| (*target, body.as_str())).collect();
        place.answers(&rows)
    }), @r#"
    create 200 {"data":{"id":"[uuid]","line":1,"place":1,"price":0,"taken":false,"released_on":null}}
    create 422 record.refused
      0 null: "another record has the same `line` and `place`"
    create 200 {"data":{"id":"[uuid]","line":1,"place":null,"price":0,"taken":false,"released_on":null}}
    create 200 {"data":{"id":"[uuid]","line":1,"place":null,"price":0,"taken":false,"released_on":null}}
    create 422 record.refused
      0 "id": "another record has the same `id`"
    update 422 record.refused
      0 null: "another record has the same `line` and `place`"
    read 200 {"data":{"price":0,"taken":false}}
    list 200 {"data":[{"line":1,"place":1},{"line":1,"place":null},{"line":1,"place":null}],"page":{"limit":100,"offset":0,"count":3,"next":null}}
    "#);
}

#[test]
fn unique_among_those_that_meet_a_condition() {
    insta::assert_snapshot!(everywhere_but_on_mysql(|place| place.answers(&[
        ("unique-when booking create", r#"{"data": {"number": 1, "seat": 7, "taken": true}}"#),
        ("unique-when booking create", r#"{"data": {"number": 2, "seat": 7, "taken": false}}"#),
        ("unique-when booking create", r#"{"data": {"number": 3, "seat": 7, "taken": true}}"#),
        ("unique-when booking update", r#"{"filter": {"number": 2}, "data": {"taken": true}}"#),
        ("unique-when booking update", r#"{"filter": {"number": 1}, "data": {"taken": false}}"#),
        ("unique-when booking update", r#"{"filter": {"number": 2}, "data": {"taken": true}}"#),
        ("unique-when booking bulk_create",
            r#"{"data": [{"number": 4, "seat": 7, "taken": true}, {"number": 5, "seat": 8, "taken": true}], "options": {"on_conflict": "skip"}}"#),
    ])), @r#"
    create 200 {"data":{"number":1,"seat":7,"taken":true}}
    create 200 {"data":{"number":2,"seat":7,"taken":false}}
    create 422 record.refused
      0 "seat": "another record has the same `seat`"
    update 422 record.refused
      0 "seat": "another record has the same `seat`"
    update 200 {"data":{"number":1,"seat":7,"taken":false}}
    update 200 {"data":{"number":2,"seat":7,"taken":true}}
    bulk_create 200 {"data":null,"created":1,"skipped":1}
    "#);
}

#[test]
fn defaults_of_every_type() {
    insta::assert_snapshot!(everywhere(|place| {
        let created = place.data("every-type scalars create", r#"{"data": {"number": 1}}"#);
        let many = r#"{"data": [{"number": 2}], "options": {"returning": "records"}}"#;
        let mut of_many = place.data("every-type scalars bulk_create", many)[0].take();
        for own in ["number", "given_uuid", "given_moment"] {
            assert_ne!(of_many[own], created[own], "{place}: {own}");
            of_many[own] = created[own].clone();
        }
        assert_eq!(of_many, created, "{place}: the same defaults for one and for many");
        place.answers(&[
            ("every-type scalars read", r#"{"filter": {"number": 1}}"#),
            ("every-type lists create", r#"{"data": {"number": 1}}"#),
            ("every-type lists read", r#"{"filter": {"number": 1}}"#),
        ])
    }), @r#"
    read 200 {"data":{"number":1,"given_text":"some \"text\"","given_int":-7,"given_float":0.1,"given_boolean":true,"given_decimal":"-12.5000000000","given_price":"0.99","given_timestamp":"[time]","given_date":"2024-02-29","given_time":"23:59:59.999999","given_uuid":"[uuid]","given_bytes":"AGFiYw==","given_json":{"a": [1, null]},"given_choice":"Calm","given_moment":"[time]","maybe_text":null,"maybe_int":null,"maybe_float":null,"maybe_boolean":null,"maybe_decimal":null,"maybe_price":null,"maybe_timestamp":null,"maybe_date":null,"maybe_time":null,"maybe_uuid":null,"maybe_bytes":null,"maybe_json":null,"maybe_choice":null}}
    create 200 {"data":{"number":1,"given_texts":["a",""],"given_ints":[1,-2],"given_floats":[0.5],"given_booleans":[true,false],"given_decimals":["1.5000000000"],"given_timestamps":["[time]"],"given_dates":["2026-03-01"],"given_times":["12:00:00.000000"],"given_uuids":[],"given_bytes":["YWJj"],"given_choices":["Calm","it's \"so/so\""],"maybe_texts":null,"maybe_ints":null,"maybe_floats":null,"maybe_booleans":null,"maybe_decimals":null,"maybe_timestamps":null,"maybe_dates":null,"maybe_times":null,"maybe_uuids":null,"maybe_bytes":null,"maybe_choices":null}}
    read 200 {"data":{"number":1,"given_texts":["a",""],"given_ints":[1,-2],"given_floats":[0.5],"given_booleans":[true,false],"given_decimals":["1.5000000000"],"given_timestamps":["[time]"],"given_dates":["2026-03-01"],"given_times":["12:00:00.000000"],"given_uuids":[],"given_bytes":["YWJj"],"given_choices":["Calm","it's \"so/so\""],"maybe_texts":null,"maybe_ints":null,"maybe_floats":null,"maybe_booleans":null,"maybe_decimals":null,"maybe_timestamps":null,"maybe_dates":null,"maybe_times":null,"maybe_uuids":null,"maybe_bytes":null,"maybe_choices":null}}
    "#);
}
