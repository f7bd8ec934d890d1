//! Many records in one call: all of them or none, or each batch by itself, with the position of each that is wrong.

use serde_json::{Value, json};

use crate::{Place, everywhere, violations};

const CREATE: &str = "crm customer bulk_create";

fn count(place: &Place, model: &str) -> Value {
    place.data(&format!("{model} count"), "{}")
}

/// Customers with these names; an e-mail address where one is behind a blank.
fn customers(names: &[&str]) -> Value {
    let customer = |name: &&str| match name.split_once(' ') {
        Some((name, email)) => json!({"name": name, "email": email}),
        None => json!({"name": name}),
    };
    names.iter().map(customer).collect()
}

#[test]
fn answers_how_many_or_which() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("crm tag bulk_create", r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "b", "title": "B", "weight": 2}]}"#),
        ("crm tag bulk_create", r#"{"data": [{"slug": "c", "title": "C"}], "options": {"returning": "count"}}"#),
        ("crm tag bulk_create",
            r#"{"data": [{"slug": "e", "title": "E"}, {"slug": "d", "title": "D"}], "options": {"returning": "records"}}"#),
        ("crm tag bulk_create", r#"{"data": []}"#),
        ("crm tag bulk_create", r#"{"data": [], "options": {"returning": "records", "transaction": "batch"}}"#),
        ("crm tag list", "{}"),
    ])), @r#"
    bulk_create 200 {"data":null,"created":2,"skipped":0}
    bulk_create 200 {"data":null,"created":1,"skipped":0}
    bulk_create 200 {"data":[{"slug":"e","title":"E","weight":0},{"slug":"d","title":"D","weight":0}],"created":2,"skipped":0}
    bulk_create 200 {"data":null,"created":0,"skipped":0}
    bulk_create 200 {"data":[],"created":0,"skipped":0}
    list 200 {"data":[{"slug":"a","title":"A","weight":0},{"slug":"b","title":"B","weight":2},{"slug":"c","title":"C","weight":0},{"slug":"d","title":"D","weight":0},{"slug":"e","title":"E","weight":0}],"page":{"limit":100,"offset":0,"count":5,"next":null}}
    "#);
}

#[test]
fn each_record_gets_what_the_host_gives() {
    everywhere(|place| {
        let data = json!({"data": customers(&["Ada", "Bob", "Cleo"]), "options": {"returning": "records"}});
        let written = place.data(CREATE, &data.to_string());
        let written = written.as_array().expect("records");
        let by_id: Vec<&Value> = written.iter().map(|record| &record["id"]).collect();
        let names: Vec<&Value> = written.iter().map(|record| &record["name"]).collect();
        assert_eq!(names, ["Ada", "Bob", "Cleo"], "{place}: in the order of the call");
        assert!(by_id.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()), "{place}: {by_id:?}");
        assert!(written.iter().all(|record| record["created_at"] == record["updated_at"]), "{place}");
        assert!(written.iter().all(|record| record["version"] == 1 && record["status"] == "lead"), "{place}");
        assert_eq!(
            place.data("crm customer list", "{}").as_array(),
            Some(written),
            "{place}: what is answered is stored"
        );
        String::new()
    });
}

#[test]
fn the_database_numbers_many_in_their_order() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type ticket bulk_create",
            r#"{"data": [{"title": "one"}, {"title": "two", "code": "b"}, {"title": "three"}], "options": {"returning": "records"}}"#),
        ("every-type ticket create", r#"{"data": {"title": "four"}}"#),
        ("every-type ticket bulk_create", r#"{"data": [{"title": "five"}, {"title": "six"}], "options": {"batch_size": 1}}"#),
        ("every-type ticket list", r#"{"options": {"fields": ["number", "title"]}}"#),
    ])), @r#"
    bulk_create 200 {"data":[{"number":1,"code":null,"title":"one"},{"number":2,"code":"b","title":"two"},{"number":3,"code":null,"title":"three"}],"created":3,"skipped":0}
    create 200 {"data":{"number":4,"code":null,"title":"four"}}
    bulk_create 200 {"data":null,"created":2,"skipped":0}
    list 200 {"data":[{"number":1,"title":"one"},{"number":2,"title":"two"},{"number":3,"title":"three"},{"number":4,"title":"four"},{"number":5,"title":"five"},{"number":6,"title":"six"}],"page":{"limit":100,"offset":0,"count":6,"next":null}}
    "#);
}

#[test]
fn what_is_there_already_is_left_out() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("crm tag create", r#"{"data": {"slug": "b", "title": "first"}}"#),
        ("crm tag bulk_create", r#"{"data": [
            {"slug": "a", "title": "A"}, {"slug": "b", "title": "second"}, {"slug": "c", "title": "C"},
            {"slug": "a", "title": "again"}, {"slug": "d", "title": "D"}
        ], "options": {"on_conflict": "skip", "returning": "records"}}"#),
        ("crm tag bulk_create",
            r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "e", "title": "E"}], "options": {"on_conflict": "skip"}}"#),
        ("crm tag bulk_create", r#"{"data": [{"slug": "a", "title": "A"}], "options": {"on_conflict": "skip"}}"#),
        ("crm tag list", r#"{"options": {"fields": ["slug", "title"]}}"#),
    ])), @r#"
    create 200 {"data":{"slug":"b","title":"first","weight":0}}
    bulk_create 200 {"data":[{"slug":"a","title":"A","weight":0},{"slug":"c","title":"C","weight":0},{"slug":"d","title":"D","weight":0}],"created":3,"skipped":2}
    bulk_create 200 {"data":null,"created":1,"skipped":1}
    bulk_create 200 {"data":null,"created":0,"skipped":1}
    list 200 {"data":[{"slug":"a","title":"A"},{"slug":"b","title":"first"},{"slug":"c","title":"C"},{"slug":"d","title":"D"},{"slug":"e","title":"E"}],"page":{"limit":100,"offset":0,"count":5,"next":null}}
    "#);
}

#[test]
fn any_unique_set_counts_as_there_already() {
    insta::assert_snapshot!(everywhere(|place| {
        let data: Vec<Value> = (0..30).map(|at| json!({"title": format!("{at}"), "code": format!("c{}", at % 11)})).collect();
        let options = json!({"on_conflict": "skip", "returning": "records", "batch_size": 7});
        let body = json!({"data": data, "options": options});
        let answer = place.call("every-type ticket bulk_create", &body.to_string());
        let titles: Vec<&Value> = answer.data().as_array().expect("records").iter().map(|row| &row["title"]).collect();
        let numbers: Vec<i64> = answer.data().as_array().expect("records").iter().filter_map(|row| row["number"].as_i64()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{place}: {numbers:?}");
        let stored = place.data("every-type ticket list", "{}");
        assert_eq!(&stored, answer.data(), "{place}: what is answered is stored");
        format!("{} created, {} skipped: {}", answer.body["created"], answer.body["skipped"], json!(titles))
    }), @r#"11 created, 19 skipped: ["0","1","2","3","4","5","6","7","8","9","10"]"#);
}

#[test]
fn a_conflict_refuses_everything_and_is_told_with_its_position() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("crm tag create", r#"{"data": {"slug": "b", "title": "first"}}"#),
        ("crm tag bulk_create", r#"{"data": [{"slug": "a", "title": "A"}, {"slug": "b", "title": "B"}, {"slug": "c", "title": "C"}]}"#),
        ("crm tag bulk_create", r#"{"data": [{"slug": "x", "title": "X"}, {"slug": "y", "title": "Y"}, {"slug": "x", "title": "again"}]}"#),
        ("crm tag list", r#"{"options": {"fields": ["slug", "title"]}}"#),
    ])), @r#"
    create 200 {"data":{"slug":"b","title":"first","weight":0}}
    bulk_create 422 record.refused
      1 "slug": "another record has the same `slug`"
    bulk_create 422 record.refused
      2 "slug": "another record has the same `slug`"
    list 200 {"data":[{"slug":"b","title":"first"}],"page":{"limit":100,"offset":0,"count":1,"next":null}}
    "#);
}

#[test]
fn what_host_and_guest_refuse_is_told_for_every_record() {
    insta::assert_snapshot!(everywhere(|place| {
        let mistyped = json!({"data": [{"name": "Ada"}, {"name": 7}, {"name": "Cleo", "scroe": 1}, {"score": "x"}]});
        let answer = place.call(CREATE, &mistyped.to_string());
        let problems = answer.body["error"]["problems"].as_array().expect("several").iter();
        let problems: String = problems.map(|one| format!("{} {}\n", one["code"], one["message"])).collect();
        // Constraints of the model, then rules of the plugin; records that meet no constraint are not shown to it.
        let refused = json!({"data": [
            {"name": "Ada"}, {"name": ""}, {"name": "Cleo", "email": "no address"}, {"name": "Dan", "score": 1.5, "credit_limit": -1},
            {"name": "Eve", "status": "active"}, {"name": "Fay", "email": "also none", "score": 2.0},
        ], "options": {"batch_size": 2}});
        let refused = place.call(CREATE, &refused.to_string());
        let left = count(place, "crm customer");
        format!("{} {}\n{problems}{} {}\n{}{left} left", answer.status, answer.code(), refused.status, refused.code(), violations(&refused))
    }), @r#"
    400 plan.type-mismatch
    "plan.type-mismatch" "record 1: the value of field `name` does not fit"
    "plan.unknown-field" "record 2: model `customer` has no field `scroe`"
    "plan.type-mismatch" "record 3: the value of field `score` does not fit"
    "plan.missing-field" "record 3: field `name` is required"
    422 record.refused
      1 "name": "`name` must have 1 to 200 characters, not 0"
      2 "email": "this is not an e-mail address"
      3 "credit_limit": "`credit_limit` must be at least 0"
      3 "score": "`score` must be 0.0 to 1.0"
      4 "email": "an active customer needs an e-mail address"
      5 "score": "`score` must be 0.0 to 1.0"
    0 left
    "#);
}

#[test]
fn warnings_have_positions_too() {
    insta::assert_snapshot!(everywhere(|place| {
        let data = json!({"data": [{"name": "Ada"}, {"name": "Bob", "status": "lost"}, {"name": "Cleo", "status": "lost"}]});
        let answer = place.call(CREATE, &data.to_string());
        let warnings = answer.body["warnings"].as_array().expect("warnings").iter();
        let warnings: Vec<String> = warnings.map(|one| format!("{} {}", one["index"], one["code"])).collect();
        format!("{} {} created, warnings: {}", answer.status, answer.body["created"], warnings.join(", "))
    }), @r#"200 3 created, warnings: 1 "active.lost", 2 "active.lost""#);
}

#[test]
fn batches_stand_or_fall_by_themselves() {
    insta::assert_snapshot!(everywhere(|place| {
        place.data("crm customer create", r#"{"data": {"name": "There", "email": "there@example.com"}}"#);
        let mut data = customers(&[
            "Ada", "Bob b@example.com",
            "Cleo", "Dan no-address",
            "Eve", "Fay there@example.com",
            "Gil", "Hal h@example.com",
            "Ida", "Jan",
            "Kim h@example.com", "Leo",
            "Max",
        ]);
        data[9]["name"] = json!(7);
        let body = json!({"data": data, "options": {"transaction": "batch", "batch_size": 2, "returning": "records"}});
        let answer = place.call(CREATE, &body.to_string());
        let names: Vec<&Value> = answer.data().as_array().expect("records").iter().map(|record| &record["name"]).collect();
        let mut text = format!("{} created, {} skipped: {}\n", answer.body["created"], answer.body["skipped"], json!(names));
        for batch in answer.body["failed"].as_array().expect("some failed") {
            text += &format!("from {}, {}: {}", batch["start"], batch["count"], e2e::error_text(&batch["error"]));
        }
        let stored = place.data("crm customer list", r#"{"options": {"fields": ["name"], "order_by": ["name"]}}"#);
        let stored: Vec<&Value> = stored.as_array().expect("a list").iter().map(|record| &record["name"]).collect();
        text + &json!(stored).to_string()
    }), @r#"
    5 created, 0 skipped: ["Ada","Bob","Gil","Hal","Max"]
    from 2, 2: record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 3, email: this is not an e-mail address [email.invalid]
    from 4, 2: record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 5, email: another record has the same `email` [unique]
    from 8, 2: plan.type-mismatch: record 9: the value of field `name` does not fit
      (record 9, field name, expected text, found number 7)
      because expected text, found number 7
      - write "7" with quotes: values are not converted
    from 10, 2: record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 10, email: another record has the same `email` [unique]
    ["Ada","Bob","Gil","Hal","Max","There"]
    "#);
}

#[test]
fn batches_leave_out_what_is_there() {
    insta::assert_snapshot!(everywhere(|place| {
        let slugs = ["a", "b", "a", "c", "B", "d", "b"];
        let data: Vec<Value> = slugs.iter().map(|slug| json!({"slug": slug, "title": "T"})).collect();
        let options = json!({"transaction": "batch", "batch_size": 2, "on_conflict": "skip"});
        let answer = place.call("crm tag bulk_create", &json!({"data": data, "options": options}).to_string());
        let failed = answer.body["failed"].as_array().expect("one failed").iter();
        let failed: Vec<String> = failed.map(|batch| format!("{} from {}", batch["count"], batch["start"])).collect();
        format!("{} created, {} skipped, failed: {}", answer.body["created"], answer.body["skipped"], failed.join(", "))
    }), @"3 created, 2 skipped, failed: 2 from 4");
}

/// One of 2,500 records, in the last of three batches, is there already.
#[test]
fn nothing_stays_of_a_call_that_the_database_refuses() {
    insta::assert_snapshot!(everywhere(|place| {
        place.data("crm tag create", r#"{"data": {"slug": "there", "title": "T"}}"#);
        let tag = |at: i32| json!({"slug": format!("s{at}"), "title": "T", "weight": at});
        let mut data: Vec<Value> = (0..2_500).map(tag).collect();
        let mut text = String::new();
        for (at, slug) in [(2_345, "there"), (2_499, "s17")] {
            data[at]["slug"] = json!(slug);
            let answer = place.call("crm tag bulk_create", &json!({"data": data}).to_string());
            text += &format!("{} {}\n{}{} left\n", answer.status, answer.code(), violations(&answer), count(place, "crm tag"));
            data[at] = tag(at as i32);
        }
        let mut two = data[..1_150].to_vec();
        two[1_120]["slug"] = json!("s1000");
        let answer = place.call("crm tag bulk_create", &json!({"data": two}).to_string());
        text += &format!("{} {}\n{}{} left\n", answer.status, answer.code(), violations(&answer), count(place, "crm tag"));
        let answer = place.call("crm tag bulk_create", &json!({"data": data}).to_string());
        text + &format!("{} {}, {} now", answer.status, answer.text, count(place, "crm tag"))
    }), @r#"
    422 record.refused
      2345 "slug": "another record has the same `slug`"
    1 left
    422 record.refused
      2499 "slug": "another record has the same `slug`"
    1 left
    422 record.refused
      1120 "slug": "another record has the same `slug`"
    1 left
    200 {"data":null,"created":2500,"skipped":0}, 2501 now
    "#);
}

#[test]
fn a_reference_to_nothing_has_a_position() {
    insta::assert_snapshot!(everywhere(|place| {
        place.data("every-type parent bulk_create", r#"{"data": [{"id": 1}, {"id": 2}]}"#);
        let data: Vec<Value> = (0..40).map(|id| json!({"id": id, "parent_id": 1 + id % 2 + id / 39})).collect();
        let body = json!({"data": data, "options": {"batch_size": 8}});
        let followers = |count: i32| (0..count).map(|id| json!({"id": id, "parent_id": 1 + id / 285})).collect::<Vec<_>>();
        let there = json!({"data": followers(150)});
        let more = json!({"data": followers(600), "options": {"batch_size": 230, "on_conflict": "skip"}});
        place.answers(&[
            ("every-type follower bulk_create", &body.to_string()),
            ("every-type follower bulk_create", r#"{"data": [{"id": 1, "parent_id": 9}], "options": {"on_conflict": "skip"}}"#),
            ("every-type follower count", "{}"),
            ("every-type follower bulk_create", &there.to_string()),
            ("every-type follower bulk_create", &more.to_string()),
            ("every-type follower count", "{}"),
        ])
    }), @r#"
    bulk_create 422 record.refused
      39 "parent_id": "`parent_id` refers to no `parent`"
    bulk_create 422 record.refused
      0 "parent_id": "`parent_id` refers to no `parent`"
    count 200 {"data":0}
    bulk_create 200 {"data":null,"created":150,"skipped":0}
    bulk_create 422 record.refused
      570 "parent_id": "`parent_id` refers to no `parent`"
    count 200 {"data":150}
    "#);
}
