//! How rows become records, and in which order.

use super::*;
use crate::load::contents::Contents;

/// A file whose tables are empty, but for some.
fn file(tables: &[(&str, &str)]) -> String {
    let rows = |name| tables.iter().find(|(table, _)| *table == name).map_or("[]", |(_, rows)| *rows);
    let members: Vec<String> = TABLES.iter().map(|table| format!("\"{}\": {}", table.name, rows(table.name))).collect();
    format!("{{{}}}", members.join(", "))
}

/// One table's input.
fn input(table: &str, rows: &str) -> Input {
    let position = TABLES.iter().position(|known| known.name == table).unwrap();
    parse(&file(&[(table, rows)])).unwrap().swap_remove(position)
}

/// The records as they are compared.
fn shown(input: &Input) -> String {
    let contents = Contents::of(input.by_key());
    (0..contents.len()).filter_map(|at| contents.line(at)).collect::<Vec<_>>().join("\n")
}

fn error(text: &str) -> String {
    format!("{:#}", parse(text).unwrap_err())
}

fn ids(records: &[Record]) -> Vec<i64> {
    records.iter().filter_map(|record| int(record, "id")).collect()
}

#[test]
fn names_become_fields_and_values_what_the_host_answers() {
    let track = r#"[{"TrackId": 1, "AlbumId": null, "MediaTypeId": 2, "Composer": "", "UnitPrice": 0.99}]"#;
    let employee = r#"[{"EmployeeId": 1, "ReportsTo": null, "BirthDate": "1947-09-19T00:00:00"}]"#;
    let invoice = r#"[{"InvoiceId": 7, "CustomerId": 2, "InvoiceDate": "2021-01-01T00:00:00", "Total": 25.86}]"#;
    let text = [("Track", track), ("Employee", employee), ("Invoice", invoice)].map(|(table, rows)| {
        let input = input(table, rows);
        format!("{} {}", input.model, shown(&input))
    });
    insta::assert_snapshot!(text.join("\n"), @r#"
    track {"album_id":null,"composer":"","id":1,"media_type_id":2,"unit_price":"0.99"}
    employee {"birth_date":"1947-09-19","id":1,"reports_to":null}
    invoice {"customer_id":2,"id":7,"invoice_date":"2021-01-01T00:00:00.000000Z","total":"25.86"}
    "#);
}

#[test]
fn a_price_is_its_own_digits() {
    let prices = [("0.99", "0.99"), ("5", "5.00"), ("1.5", "1.50"), ("-0.1", "-0.10")];
    for (digits, price) in prices {
        assert_eq!(money(digits).unwrap(), price);
    }
    for digits in ["0.999", "1e2", "1.0e2"] {
        assert!(money(digits).is_err(), "{digits}");
    }
}

#[test]
fn records_are_compared_in_the_order_of_their_keys() {
    let rows =
        r#"[{"PlaylistId": 10, "TrackId": 1}, {"PlaylistId": 9, "TrackId": 2}, {"PlaylistId": 9, "TrackId": 1}]"#;
    insta::assert_snapshot!(shown(&input("PlaylistTrack", rows)), @r#"
    {"playlist_id":9,"track_id":1}
    {"playlist_id":9,"track_id":2}
    {"playlist_id":10,"track_id":1}
    "#);
}

#[test]
fn managers_come_before_who_reports_to_them() {
    let rows = r#"[
        {"EmployeeId": 1, "ReportsTo": 3}, {"EmployeeId": 2, "ReportsTo": 1}, {"EmployeeId": 3, "ReportsTo": null},
        {"EmployeeId": 4, "ReportsTo": 5}, {"EmployeeId": 5, "ReportsTo": 4}
    ]"#;
    assert_eq!(ids(&input("Employee", rows).records), [3, 1, 2, 4, 5]);
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let texts = [
        "[]".to_owned(),
        file(&[]).replace("\"Genre\"", "\"Genres\""),
        file(&[]).replacen('{', "{\"Label\": [], ", 1),
        file(&[("Track", r#"[{"TrackId": 1}, {"UnitPrice": 1.999}]"#)]),
        file(&[("Employee", r#"[{"HireDate": "2002-08-14T09:30:00"}]"#)]),
    ];
    insta::assert_snapshot!(texts.map(|text| error(&text)).join("\n"), @"
    --from wants a folder with chinook.json, one object with an array of rows for each of Artist, Genre, MediaType, Album, Track, Employee, Customer, Invoice, InvoiceLine, Playlist, PlaylistTrack: invalid type: sequence, expected a map at line 1 column 0
    there is no table `Genre`
    plugins/music has no model for the table `Label`
    row 1 of table `Track`: column `UnitPrice`: `1.999` is no price of at most two digits behind the point
    row 0 of table `Employee`: column `HireDate`: `2002-08-14T09:30:00` is more than a date
    ");
}

#[test]
fn says_which_folder_is_wanted() {
    let folder = std::env::temp_dir().join("modelhost-no-such-folder");
    let text = format!("{:#}", read(&folder).unwrap_err()).replace(&folder.display().to_string(), "[dir]");
    insta::assert_snapshot!(text, @"can't read [dir]/chinook.json; --from wants a folder with chinook.json, one object with an array of rows for each of Artist, Genre, MediaType, Album, Track, Employee, Customer, Invoice, InvoiceLine, Playlist, PlaylistTrack: No such file or directory (os error 2)");
}
