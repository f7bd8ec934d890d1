//! Pages by cursor: each record exactly once, whatever the order, and whatever comes and goes meanwhile.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{Place, everywhere};

const LIMIT: usize = 17;

/// Writes records of which many have equal values and some none, so that only the key tells them apart.
fn fill(place: &Place, numbers: std::ops::Range<i64>) {
    let record = |number: i64| {
        let some = |every: i64, value: Value| if number % every == 0 { Value::Null } else { value };
        json!({
            "number": number,
            "maybe_int": some(5, json!(number % 7)),
            "maybe_text": some(6, json!(["", "Zoe", "ada", "älva", "李", "🚀", "🚀 "][number as usize % 7])),
            "maybe_float": some(4, json!((number % 9) as f64 / 8.0 - 0.5)),
            "maybe_boolean": some(3, json!(number % 2 == 0)),
            "maybe_decimal": some(8, json!(format!("0.{:038}", number % 6))),
            "maybe_price": some(9, json!((number % 4 - 2) * 4_000_000_000_000_000_000)),
            "maybe_timestamp": some(5, json!(format!("1969-12-31T23:59:59.99999{}Z", number % 10))),
            "maybe_date": some(7, json!(format!("{:04}-02-01", 1 + number % 5 * 2_499))),
            "maybe_time": some(5, json!(format!("23:59:59.{:06}", number % 3))),
            "maybe_uuid": some(10, json!(format!("{:08x}-0000-7000-8000-00000000000{}", (number % 3) << 30, number % 9))),
            "maybe_bytes": some(6, json!(["", "AA==", "AAA=", "/w==", "fw=="][number as usize % 5])),
            "maybe_choice": some(4, json!(["Calm", "CROSS", "zufällig 🎲"][number as usize % 3])),
        })
    };
    let data: Vec<Value> = numbers.map(record).collect();
    place.data("every-type scalars bulk_create", &json!({"data": data}).to_string());
}

fn page(place: &Place, filter: &Value, order_by: &Value, after: &Value) -> (Vec<i64>, Value) {
    let mut options = json!({"order_by": order_by, "limit": LIMIT, "fields": ["number"]});
    if !after.is_null() {
        options["after"] = after.clone();
    }
    let answer = place.call("every-type scalars list", &json!({"filter": filter, "options": options}).to_string());
    let numbers = answer.data().as_array().expect("a list").iter().map(|row| row["number"].as_i64().expect("an int"));
    (numbers.collect(), answer.body["page"]["next"].clone())
}

/// Every page to the last, with what happens behind each.
fn walk(place: &Place, filter: &Value, order_by: &Value, mut between: impl FnMut(usize)) -> Vec<i64> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let (numbers, next) = page(place, filter, order_by, &after);
        all.extend(numbers);
        if next.is_null() {
            return all;
        }
        assert_eq!(all.len() % LIMIT, 0, "only the last page is short");
        between(all.len() / LIMIT);
        after = next;
    }
}

#[test]
fn every_record_is_on_one_page() {
    everywhere(|place| {
        fill(place, 0..250);
        let orders = [
            json!([]),
            json!(["-number"]),
            json!(["maybe_int"]),
            json!(["-maybe_int"]),
            json!(["maybe_text"]),
            json!(["-maybe_text", "maybe_choice"]),
            json!(["maybe_float", "-maybe_int"]),
            json!(["-maybe_decimal", "-maybe_price"]),
            json!(["maybe_timestamp", "-number"]),
            json!(["-maybe_date", "maybe_time"]),
            json!(["maybe_uuid"]),
            json!(["-maybe_bytes"]),
            json!(["maybe_choice", "-maybe_date", "maybe_int", "-maybe_text", "number"]),
        ];
        let mut walks = String::new();
        for order_by in orders {
            let all = walk(place, &json!({}), &order_by, |_| {});
            let at_once = json!({"options": {"order_by": order_by, "limit": 1000, "fields": ["number"]}});
            let at_once = place.data("every-type scalars list", &at_once.to_string());
            let at_once: Vec<&Value> = at_once.as_array().expect("a list").iter().map(|row| &row["number"]).collect();
            assert_eq!(json!(all), json!(at_once), "{place}: pages by {order_by} are the list");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 250, "{place}: {order_by}");
            // The order itself is a part of what all places agree in.
            walks += &format!("{order_by} {all:?}\n");
        }
        walks
    });
}

#[test]
fn nulls_come_first_on_every_page_in_both_directions() {
    everywhere(|place| {
        fill(place, 0..60);
        for order_by in [json!(["maybe_int"]), json!(["-maybe_int"])] {
            let all = walk(place, &json!({}), &order_by, |_| {});
            let nulls: Vec<i64> = all.iter().copied().take_while(|number| number % 5 == 0).collect();
            assert_eq!(nulls, (0..60).step_by(5).collect::<Vec<_>>(), "{place}: {order_by}");
            assert!(all[nulls.len()..].iter().all(|number| number % 5 != 0), "{place}: {all:?}");
        }
        String::new()
    });
}

#[test]
fn what_comes_and_goes_meanwhile_moves_nothing() {
    everywhere(|place| {
        fill(place, 100..200);
        let filter = json!({"number": {"$lt": 1000}});
        let all = walk(place, &filter, &json!(["-number"]), |page| match page {
            // In front of the cursor: not seen any more. Behind it: seen in its place.
            1 => fill(place, 300..310),
            2 => fill(place, 0..10),
            3 => {
                place.data("every-type scalars delete", r#"{"filter": {"number": 199}}"#);
                place.data("every-type scalars delete", r#"{"filter": {"number": 101}}"#);
                // The record on which the page ended.
                place.data("every-type scalars delete", r#"{"filter": {"number": 149}}"#);
            }
            _ => {}
        });
        let expected: Vec<i64> = (0..10).chain((100..200).filter(|number| *number != 101)).rev().collect();
        assert_eq!(all, expected, "{place}");
        String::new()
    });
}

#[test]
fn a_cursor_keeps_what_its_record_had() {
    everywhere(|place| {
        fill(place, 0..40);
        let (first, next) = page(place, &json!({}), &json!(["maybe_int"]), &Value::Null);
        let last = first.last().expect("a full page");
        let moved = json!({"filter": {"number": last}, "data": {"maybe_int": 1000}});
        place.data("every-type scalars update", &moved.to_string());
        let (second, _) = page(place, &json!({}), &json!(["maybe_int"]), &next);
        let (whole, _) = (walk(place, &json!({}), &json!(["maybe_int"]), |_| {}), ());
        assert_eq!(second[..], whole[LIMIT - 1..LIMIT - 1 + LIMIT], "{place}: it goes on where the record was");
        String::new()
    });
}

#[test]
fn a_cursor_belongs_to_its_list() {
    insta::assert_snapshot!(everywhere(|place| {
        fill(place, 0..40);
        let (_, next) = page(place, &json!({"maybe_int": {"$gt": 0}}), &json!(["maybe_int"]), &Value::Null);
        let ask = |filter: Value, options: Value| {
            let mut body = json!({"filter": filter, "options": options});
            body["options"]["after"] = next.clone();
            let answer = place.call("every-type scalars list", &body.to_string());
            format!("{} {}\n", answer.status, answer.code())
        };
        let filter = json!({"maybe_int": {"$gt": 0}});
        [
            ("the same", ask(filter.clone(), json!({"order_by": ["maybe_int"]}))),
            ("another limit, other fields", ask(filter.clone(), json!({"order_by": ["maybe_int"], "limit": 3, "fields": ["number"]}))),
            ("its key written out", ask(filter.clone(), json!({"order_by": ["maybe_int", "number"]}))),
            ("another filter", ask(json!({"maybe_int": {"$gt": 1}}), json!({"order_by": ["maybe_int"]}))),
            ("no filter", ask(json!({}), json!({"order_by": ["maybe_int"]}))),
            ("another order", ask(filter.clone(), json!({"order_by": ["-maybe_int"]}))),
            ("no order", ask(filter.clone(), json!({}))),
        ].map(|(title, answer)| format!("{title}: {answer}")).concat()
    }), @"
    the same: 200 
    another limit, other fields: 200 
    its key written out: 200 
    another filter: 400 plan.cursor
    no filter: 400 plan.cursor
    another order: 400 plan.cursor
    no order: 400 plan.cursor
    ");
}

/// A page that ends with a long text goes on as every other. MySQL sorts by the first 65,535 bytes of a text.
#[test]
fn a_cursor_behind_a_long_text() {
    everywhere(|place| {
        for number in 0..3 {
            let text = format!("{}{number}", "n".repeat(16_000));
            place.data(
                "every-type scalars create",
                &json!({"data": {"number": number, "maybe_text": text}}).to_string(),
            );
        }
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut options = json!({"order_by": ["-maybe_text"], "limit": 1, "fields": ["number"]});
            if !after.is_null() {
                options["after"] = after;
            }
            let answer = place.call("every-type scalars list", &json!({"options": options}).to_string());
            found.extend(answer.data()[0]["number"].as_i64());
            after = answer.body["page"]["next"].clone();
            if after.is_null() {
                break;
            }
        }
        assert_eq!(found, [2, 1, 0], "{place}");
        String::new()
    });
}
