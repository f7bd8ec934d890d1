//! References between records: what refers to nothing is refused with its field, and each delete rule does what it says.

use crate::everywhere;

#[test]
fn what_refers_to_nothing_is_refused() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type guard create", r#"{"data": {"id": 1, "parent_id": 7}}"#),
        ("every-type parent create", r#"{"data": {"id": 7}}"#),
        ("every-type guard create", r#"{"data": {"id": 1, "parent_id": 7}}"#),
        ("every-type guard update", r#"{"filter": {"id": 1}, "data": {"parent_id": 8}}"#),
        ("every-type drifter create", r#"{"data": {"id": 1, "parent_id": null}}"#),
        ("every-type drifter create", r#"{"data": {"id": 2}}"#),
        ("every-type drifter update", r#"{"filter": {"id": 2}, "data": {"parent_id": 9}}"#),
        ("every-type drifter list", "{}"),
    ])), @r#"
    create 422 record.refused
      0 "parent_id": "`parent_id` refers to no `parent`"
    create 200 {"data":{"id":7}}
    create 200 {"data":{"id":1,"parent_id":7}}
    update 422 record.refused
      0 "parent_id": "`parent_id` refers to no `parent`"
    create 200 {"data":{"id":1,"parent_id":null}}
    create 200 {"data":{"id":2,"parent_id":null}}
    update 422 record.refused
      0 "parent_id": "`parent_id` refers to no `parent`"
    list 200 {"data":[{"id":1,"parent_id":null},{"id":2,"parent_id":null}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    "#);
}

#[test]
fn a_reference_of_two_fields_is_one_reference() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type shelf create", r#"{"data": {"room": "a", "number": 1}}"#),
        ("every-type book create", r#"{"data": {"isbn": "1", "room": "a", "shelf": 2}}"#),
        ("every-type book create", r#"{"data": {"isbn": "1", "room": "a", "shelf": 1}}"#),
        ("every-type book create", r#"{"data": {"isbn": "2", "room": "nowhere", "shelf": null}}"#),
        ("every-type book update", r#"{"filter": {"isbn": "2"}, "data": {"shelf": 1}}"#),
        ("every-type shelf delete", r#"{"filter": {"room": "a", "number": 1}}"#),
        ("every-type book update", r#"{"filter": {"isbn": "1"}, "data": {"room": null}}"#),
        ("every-type shelf delete", r#"{"filter": {"room": "a", "number": 1}}"#),
    ])), @r#"
    create 200 {"data":{"room":"a","number":1,"label":null}}
    create 422 record.refused
      0 null: "`room` and `shelf` refer to no `shelf`"
    create 200 {"data":{"isbn":"1","room":"a","shelf":1}}
    create 200 {"data":{"isbn":"2","room":"nowhere","shelf":null}}
    update 422 record.refused
      0 null: "`room` and `shelf` refer to no `shelf`"
    delete 422 record.refused
      0 null: "records of `book` refer to it"
    update 200 {"data":{"isbn":"1","room":null,"shelf":1}}
    delete 200 {"data":null,"deleted":1}
    "#);
}

#[test]
fn what_becomes_of_those_that_refer() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type parent bulk_create", r#"{"data": [{"id": 1}, {"id": 2}]}"#),
        ("every-type guard create", r#"{"data": {"id": 1, "parent_id": 1}}"#),
        ("every-type follower bulk_create", r#"{"data": [{"id": 1, "parent_id": 1}, {"id": 2, "parent_id": 1}, {"id": 3, "parent_id": 2}]}"#),
        ("every-type drifter bulk_create", r#"{"data": [{"id": 1, "parent_id": 1}, {"id": 2, "parent_id": 2}]}"#),
        // Restricted: nothing of the others happens either.
        ("every-type parent delete", r#"{"filter": {"id": 1}}"#),
        ("every-type follower list", "{}"),
        ("every-type drifter list", "{}"),
        ("every-type guard delete", r#"{"filter": {"id": 1}}"#),
        ("every-type parent delete", r#"{"filter": {"id": 1}}"#),
        ("every-type follower list", "{}"),
        ("every-type drifter list", "{}"),
    ])), @r#"
    bulk_create 200 {"data":null,"created":2,"skipped":0}
    create 200 {"data":{"id":1,"parent_id":1}}
    bulk_create 200 {"data":null,"created":3,"skipped":0}
    bulk_create 200 {"data":null,"created":2,"skipped":0}
    delete 422 record.refused
      0 null: "records of `guard` refer to it"
    list 200 {"data":[{"id":1,"parent_id":1},{"id":2,"parent_id":1},{"id":3,"parent_id":2}],"page":{"limit":100,"offset":0,"count":3,"next":null}}
    list 200 {"data":[{"id":1,"parent_id":1},{"id":2,"parent_id":2}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    delete 200 {"data":null,"deleted":1}
    delete 200 {"data":null,"deleted":1}
    list 200 {"data":[{"id":3,"parent_id":2}],"page":{"limit":100,"offset":0,"count":1,"next":null}}
    list 200 {"data":[{"id":1,"parent_id":null},{"id":2,"parent_id":2}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    "#);
}

#[test]
fn a_model_refers_to_itself() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&[
        ("every-type node create", r#"{"data": {"id": 1, "part_of": 1}}"#),
        ("every-type node bulk_create",
            r#"{"data": [{"id": 2, "part_of": 1}, {"id": 3, "part_of": 2}, {"id": 4, "part_of": 3}, {"id": 5, "part_of": null}]}"#),
        ("every-type node update", r#"{"filter": {"id": 5}, "data": {"part_of": 6}}"#),
        ("every-type node delete", r#"{"filter": {"id": 2}}"#),
        ("every-type node list", "{}"),
        ("every-type node delete", r#"{"filter": {"id": 1}}"#),
        ("every-type node list", "{}"),
    ])), @r#"
    create 200 {"data":{"id":1,"part_of":1}}
    bulk_create 200 {"data":null,"created":4,"skipped":0}
    update 422 record.refused
      0 "part_of": "`part_of` refers to no `node`"
    delete 200 {"data":null,"deleted":1}
    list 200 {"data":[{"id":1,"part_of":1},{"id":5,"part_of":null}],"page":{"limit":100,"offset":0,"count":2,"next":null}}
    delete 200 {"data":null,"deleted":1}
    list 200 {"data":[{"id":5,"part_of":null}],"page":{"limit":100,"offset":0,"count":1,"next":null}}
    "#);
}

/// What happens in a shop, of eleven models that refer to each other.
const SHOP: [(&str, &str); 24] = [
    ("music artist create", r#"{"data": {"id": 1, "name": " U2 "}}"#),
    ("music album create", r#"{"data": {"id": 1, "title": "Boy", "artist_id": 1}}"#),
    ("music album create", r#"{"data": {"id": 2, "title": "Boy", "artist_id": 1}}"#),
    ("music album create", r#"{"data": {"id": 2, "title": "War", "artist_id": 2}}"#),
    ("music genre create", r#"{"data": {"id": 1, "name": "Rock"}}"#),
    ("music media_type create", r#"{"data": {"id": 1, "name": "MPEG audio file"}}"#),
    (
        "music track bulk_create",
        r#"{"data": [
        {"id": 1, "name": "Twilight", "album_id": 1, "media_type_id": 1, "genre_id": 1, "milliseconds": 262000, "unit_price": "0.99"},
        {"id": 2, "name": "Stories", "album_id": 1, "media_type_id": 1, "genre_id": 1, "milliseconds": 342000, "unit_price": 1.1}
    ], "options": {"returning": "records"}}"#,
    ),
    (
        "music employee create",
        r#"{"data": {"id": 1, "last_name": "Adams", "first_name": "Andrew", "reports_to": null}}"#,
    ),
    ("music employee create", r#"{"data": {"id": 2, "last_name": "Edwards", "first_name": "Nancy", "reports_to": 1}}"#),
    (
        "music customer create",
        r#"{"data": {"id": 1, "first_name": "Ada", "last_name": "Rossi", "email": "ADA@example.com", "support_rep_id": 2}}"#,
    ),
    (
        "music invoice create",
        r#"{"data": {"id": 1, "customer_id": 1, "invoice_date": "2021-01-01T00:00:00Z", "total": "1.98"}}"#,
    ),
    (
        "music invoice_line create",
        r#"{"data": {"id": 1, "invoice_id": 1, "track_id": 1, "unit_price": "0.99", "quantity": 2}}"#,
    ),
    ("music playlist create", r#"{"data": {"id": 1, "name": "Music"}}"#),
    (
        "music playlist_track bulk_create",
        r#"{"data": [{"playlist_id": 1, "track_id": 1}, {"playlist_id": 1, "track_id": 2}]}"#,
    ),
    ("music playlist_track create", r#"{"data": {"playlist_id": 1, "track_id": 2}}"#),
    // Restricted through a cascade: a track of the album was sold.
    ("music album delete", r#"{"filter": {"id": 1}}"#),
    ("music artist delete", r#"{"filter": {"id": 1}}"#),
    ("music employee delete", r#"{"filter": {"id": 2}}"#),
    ("music genre delete", r#"{"filter": {"id": 1}}"#),
    ("music invoice delete", r#"{"filter": {"id": 1}}"#),
    ("music album delete", r#"{"filter": {"id": 1}}"#),
    ("music track count", "{}"),
    ("music playlist_track count", "{}"),
    ("music customer read", r#"{"filter": {"id": 1}, "options": {"fields": ["email", "support_rep_id"]}}"#),
];

#[test]
fn a_shop_of_many_models() {
    insta::assert_snapshot!(everywhere(|place| place.answers(&SHOP)), @r#"
    create 200 {"data":{"id":1,"name":"U2"}}
    create 200 {"data":{"id":1,"title":"Boy","artist_id":1}}
    create 422 record.refused
      0 null: "another record has the same `artist_id` and `title`"
    create 422 record.refused
      0 "artist_id": "`artist_id` refers to no `artist`"
    create 200 {"data":{"id":1,"name":"Rock"}}
    create 200 {"data":{"id":1,"name":"MPEG audio file"}}
    bulk_create 200 {"data":[{"id":1,"name":"Twilight","album_id":1,"media_type_id":1,"genre_id":1,"composer":null,"milliseconds":262000,"bytes":null,"unit_price":"0.99"},{"id":2,"name":"Stories","album_id":1,"media_type_id":1,"genre_id":1,"composer":null,"milliseconds":342000,"bytes":null,"unit_price":"1.10"}],"created":2,"skipped":0}
    create 200 {"data":{"id":1,"last_name":"Adams","first_name":"Andrew","title":null,"reports_to":null,"birth_date":null,"hire_date":null,"address":null,"city":null,"state":null,"country":null,"postal_code":null,"phone":null,"fax":null,"email":null}}
    create 200 {"data":{"id":2,"last_name":"Edwards","first_name":"Nancy","title":null,"reports_to":1,"birth_date":null,"hire_date":null,"address":null,"city":null,"state":null,"country":null,"postal_code":null,"phone":null,"fax":null,"email":null}}
    create 200 {"data":{"id":1,"first_name":"Ada","last_name":"Rossi","company":null,"address":null,"city":null,"state":null,"country":null,"postal_code":null,"phone":null,"fax":null,"email":"ada@example.com","support_rep_id":2}}
    create 200 {"data":{"id":1,"customer_id":1,"invoice_date":"[time]","billing_address":null,"billing_city":null,"billing_state":null,"billing_country":null,"billing_postal_code":null,"total":"1.98"}}
    create 200 {"data":{"id":1,"invoice_id":1,"track_id":1,"unit_price":"0.99","quantity":2}}
    create 200 {"data":{"id":1,"name":"Music"}}
    bulk_create 200 {"data":null,"created":2,"skipped":0}
    create 422 record.refused
      0 null: "another record has the same `playlist_id` and `track_id`"
    delete 422 record.refused
      0 null: "records of `invoice_line` refer to it"
    delete 422 record.refused
      0 null: "records of `album` refer to it"
    delete 200 {"data":null,"deleted":1}
    delete 200 {"data":null,"deleted":1}
    delete 200 {"data":null,"deleted":1}
    delete 200 {"data":null,"deleted":1}
    count 200 {"data":0}
    count 200 {"data":0}
    read 200 {"data":{"email":"ada@example.com","support_rep_id":null}}
    "#);
}
