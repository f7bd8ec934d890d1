//! The example plugin `music` with a small shop in it, of this project's own making: `data/music.json`.
//!
//! The file is written as the host answers: what differs after loading is a fault. It has text in many scripts, empty text
//! beside null, ints and decimals beyond floats, days and moments before 1970, microseconds, employees who are listed
//! before the ones that report to them, whatever their keys. Invariant: every database at hand tells the same.

use e2e::{ServerDatabase, Setup, TestHost, mysql, postgres};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Title, model and records of calls in which one record is wrong.
const WRONG: [(&str, &str, &str); 4] = [
    (
        "a price below zero",
        "track",
        r#"[
            {"id": 101, "name": "Fine", "media_type_id": 1, "milliseconds": 1, "unit_price": "0.00"},
            {"id": 102, "name": "Below", "media_type_id": 1, "milliseconds": 1, "unit_price": "-0.01"}]"#,
    ),
    (
        "a reference to nobody",
        "customer",
        r#"[
            {"id": 101, "first_name": "Ida", "last_name": "Holm", "email": "ida@example.com", "support_rep_id": 9},
            {"id": 102, "first_name": "Per", "last_name": "Holm", "email": "per@example.com"},
            {"id": 103, "first_name": "Eva", "last_name": "Holm", "email": "eva@example.com", "support_rep_id": 77}]"#,
    ),
    (
        "a key that is there",
        "playlist_track",
        r#"[
            {"playlist_id": 10, "track_id": 1}, {"playlist_id": 10, "track_id": 2},
            {"playlist_id": 10, "track_id": 3}, {"playlist_id": 3, "track_id": 9}]"#,
    ),
    (
        "a key that stands twice",
        "playlist_track",
        r#"[
            {"playlist_id": 10, "track_id": 1}, {"playlist_id": 10, "track_id": 2},
            {"playlist_id": 10, "track_id": 1}]"#,
    ),
];

/// A namespace that the plugin serves.
struct Shop<'a> {
    host: &'a TestHost,
    namespace: String,
}

/// The records of a model, in an order in which no reference dangles.
struct Excerpt {
    model: String,
    records: Vec<Value>,
}

impl Shop<'_> {
    fn open<'a>(host: &'a TestHost, source: &str) -> Shop<'a> {
        let namespace = format!("music-{source}");
        host.cli(&["namespace", "create", &namespace, "--data-source", source, "--placement", "own"]).success();
        let deployment = host.deploy(&namespace, artifacts::MUSIC);
        assert_eq!(deployment["state"], "done", "{deployment}");
        Shop { host, namespace }
    }

    fn target(&self, model: &str, operation: &str) -> String {
        format!("{} {model} {operation}", self.namespace)
    }

    #[track_caller]
    fn load(&self, excerpts: &[Excerpt]) {
        for Excerpt { model, records } in excerpts {
            // Batches of an odd size, so that most end amid records that refer to each other.
            let body = json!({"data": records, "options": {"batch_size": 3}});
            let answer = self.host.call(&self.target(model, "bulk_create"), &body.to_string());
            assert_eq!(answer.body["created"], records.len(), "{}", answer.text);
        }
    }

    /// All records in the order of the key, a line each, read in pages.
    #[track_caller]
    fn lines(&self, model: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut options = json!({"limit": 7, "total": true});
        loop {
            let answer = self.host.call(&self.target(model, "list"), &json!({"options": options}).to_string());
            lines.extend(answer.data().as_array().expect("a list").iter().map(Value::to_string));
            match &answer.body["page"]["next"] {
                Value::Null => {
                    assert_eq!(answer.body["page"]["total"], lines.len());
                    return lines;
                }
                next => options["after"] = next.clone(),
            }
        }
    }

    fn count(&self, model: &str) -> Value {
        self.host.data(&self.target(model, "count"), "{}")
    }
}

impl Excerpt {
    fn read() -> Vec<Self> {
        let models: Value = serde_json::from_str(include_str!("../data/music.json")).expect("the file is JSON");
        let models = models.as_object().expect("an object").iter();
        let excerpt = |(model, records): (&String, &Value)| Self {
            model: model.clone(),
            records: records.as_array().expect("a list").clone(),
        };
        models.map(excerpt).collect()
    }

    /// As a host lists them.
    fn lines(&self) -> Vec<String> {
        let mut records: Vec<&Value> = self.records.iter().collect();
        let key = match self.model.as_str() {
            "playlist_track" => vec!["playlist_id", "track_id"],
            _ => vec!["id"],
        };
        records.sort_by_key(|record| key.iter().map(|field| record[*field].as_i64()).collect::<Vec<_>>());
        records.into_iter().map(Value::to_string).collect()
    }
}

/// What is told of a shop, the same on every database.
#[track_caller]
fn on_every_database(tell: impl Fn(&Shop) -> String) -> String {
    let servers: Vec<(&str, ServerDatabase)> =
        [("pg", postgres()), ("my", mysql())].into_iter().filter_map(|(name, found)| Some((name, found?))).collect();
    let source = |setup: Setup, (name, server): &(&str, ServerDatabase)| {
        setup.set(&format!("data_sources.{name}.url"), &server.url())
    };
    let files = Setup::empty().set("data_sources.files.url", "sqlite:data/{namespace}.db");
    let host = servers.iter().fold(files, source).start();
    let told = tell(&Shop::open(&host, "files"));
    for (name, _) in &servers {
        assert_eq!(tell(&Shop::open(&host, name)), told, "`{name}` and SQLite differ");
    }
    told
}

fn hash(lines: &[String]) -> String {
    let hash = Sha256::digest(lines.join("\n"));
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_shop_comes_out_as_it_went_in() {
    let excerpts = Excerpt::read();
    let told = on_every_database(|shop| {
        shop.load(&excerpts);
        let line = |excerpt: &Excerpt| {
            let lines = shop.lines(&excerpt.model);
            assert_eq!(lines, excerpt.lines(), "{} {}", shop.namespace, excerpt.model);
            format!("{:<15}{:>3}  {}\n", excerpt.model, lines.len(), hash(&lines))
        };
        excerpts.iter().map(line).collect()
    });
    insta::assert_snapshot!(told, @"
    artist          13  125d275c5a7bcafc
    genre            5  0826db30999d0b3a
    media_type       3  bf7dc489d3497433
    album           15  ad05912269d7f918
    track           35  1d3d0fc98660863e
    employee         7  b2a2bf591cc390df
    customer         8  05b12a6fe7bf467f
    invoice         16  05ab425c303705c7
    invoice_line    43  577ede4755ac2c4c
    playlist         5  34a4f99fb22f8689
    playlist_track  40  1e578560da05475a
    ");
}

#[test]
fn what_is_wrong_with_one_record_keeps_out_all_of_them() {
    let excerpts = Excerpt::read();
    let told = on_every_database(|shop| {
        shop.load(&excerpts);
        let line = |(title, model, records): &(&str, &str, &str)| {
            let before = shop.count(model);
            let answer = shop.host.call(&shop.target(model, "bulk_create"), &format!("{{\"data\": {records}}}"));
            assert_eq!(shop.count(model), before, "{title}");
            format!("# {title}\n{}", answer.shown())
        };
        WRONG.iter().map(line).collect()
    });
    insta::assert_snapshot!(told, @"
    # a price below zero
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 1, unit_price: `unit_price` must be at least 0.00 [range]
    # a reference to nobody
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 2, support_rep_id: `support_rep_id` refers to no `employee` [reference]
    # a key that is there
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 3, the record: another record has the same `playlist_id` and `track_id` [unique]
    # a key that stands twice
    422 record.refused: the record was refused
      - correct the fields that the violations name and send it again
      ! 2, the record: another record has the same `playlist_id` and `track_id` [unique]
    ");
}
