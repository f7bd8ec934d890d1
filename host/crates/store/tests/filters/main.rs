//! What a filter means is the same everywhere: in memory, on SQLite, on PostgreSQL and on MariaDB.
//!
//! Filters over all operators and types are asked of the same records on each of them; the sets of keys have to be equal. A
//! database that is not there is left out, as in the other tests.

mod condition;
mod dice;
mod record;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use model::{FieldType, ModelDef, Row, Value, WireOptions};
use modelhost_store::{Job, Store};
use sql::{Condition, Dialect, Filter, Place, Plan, Schema, create_table, field, render};
use support::server::Server;
use support::{file_store, name, tell};

use condition::Generator;
use dice::Dice;
use record::manifest;

/// Together more than 10,000 filters, each on every database.
const SETS: u64 = 6;
const FILTERS_OF_SET: usize = 1_750;
const RECORDS: usize = 150;
const SEED: u64 = 0x6d6f_6465_6c68_6f73;

/// A database with the table in it.
struct Asked {
    store: Store,
    dialect: Dialect,
    def: Arc<ModelDef>,
}

impl Asked {
    async fn new(store: Store, dialect: Dialect) -> Self {
        let manifest = manifest();
        let schema = Schema::of(&manifest, &name("acme"));
        let create = create_table(&schema.tables[0], &Place::Own, dialect).expect("supported");
        store.run(Job::one(create)).await.expect("a table");
        Self { store, dialect, def: Arc::clone(&manifest.models[0]) }
    }

    async fn hold(&self, records: &[Row]) {
        let delete = std::iter::once(Plan::Delete { filter: Filter::All });
        let plans = delete.chain(records.iter().map(|row| Plan::Create { row: row.clone() }));
        let statements = plans.flat_map(|plan| render(&plan, &self.def, &Place::Own, self.dialect)).collect();
        self.store.run(Job::atomic(statements)).await.expect("written");
    }

    /// The keys of the records that are meant.
    async fn keys(&self, filter: &Filter) -> Result<Vec<i64>, String> {
        let statement = filter.to_sql(&self.def, &Place::Own, self.dialect);
        let failed =
            |error: modelhost_store::StoreError| format!("{error}: {}", error.for_operator().unwrap_or_default());
        let answers = self.store.run(Job::one(statement)).await.map_err(failed)?;
        let mut keys: Vec<i64> = answers[0].rows.iter().map(key).collect();
        keys.sort_unstable();
        Ok(keys)
    }
}

fn key(row: &Row) -> i64 {
    match row[0] {
        Value::Int(key) => key,
        ref other => panic!("{other:?}"),
    }
}

fn meant(filter: &Filter, records: &[Row]) -> Vec<i64> {
    records.iter().filter(|row| filter.matches(row)).map(key).collect()
}

/// A table on every database that is there.
struct Everywhere {
    databases: Vec<Asked>,
    servers: Vec<Server>,
    _folder: tempfile::TempDir,
}

impl Everywhere {
    async fn new(test: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut databases = vec![Asked::new(file_store(folder.path()), Dialect::Sqlite).await];
        let mut servers = Vec::new();
        for (server, dialect) in
            [(Server::postgres(test).await, Dialect::Postgres), (Server::mysql(test).await, Dialect::Mysql)]
        {
            if let Some(mut server) = server {
                if dialect == Dialect::Mysql {
                    // Nearly every filter has a text of its own, and to close one costs 40 ms.
                    let texts = FILTERS_OF_SET * SETS as usize;
                    server.source = server.source_with(|settings| settings.statement_cache_max = texts);
                }
                databases.push(Asked::new(server.store(), dialect).await);
                servers.push(server);
            }
        }
        Self { databases, servers, _folder: folder }
    }

    fn def(&self) -> &ModelDef {
        &self.databases[0].def
    }

    async fn hold(&self, records: &[Row]) {
        for database in &self.databases {
            database.hold(records).await;
        }
    }

    /// Where the answer is another one than in memory.
    async fn differences(&self, condition: &Condition, records: &[Row]) -> Vec<String> {
        let filter = condition.resolve(self.def()).unwrap_or_else(|errors| panic!("{condition}: {errors:?}"));
        let expected = meant(&filter, records);
        let asked = self.databases.iter().map(|database| database.keys(&filter));
        let answers = futures_util::future::join_all(asked).await;
        let differs = |(database, answer): (&Asked, Result<Vec<i64>, String>)| {
            let what = match answer {
                Ok(keys) if keys == expected => return None,
                Ok(keys) => difference(&keys, &expected, records),
                Err(error) => error,
            };
            Some(format!("{condition}\n  {}: {what}", database.dialect.name()))
        };
        self.databases.iter().zip(answers).filter_map(differs).collect()
    }

    async fn end(self) {
        for server in self.servers {
            server.drop_database().await;
        }
    }
}

fn difference(keys: &[i64], expected: &[i64], records: &[Row]) -> String {
    let found = records.iter().find(|row| keys.contains(&key(row)) != expected.contains(&key(row)));
    format!("{} records instead of {}, the first that differs: {found:?}", keys.len(), expected.len())
}

/// How often an operator, on its own, meant nothing, something, everything.
#[derive(Default)]
struct Rates(BTreeMap<&'static str, [usize; 3]>);

impl Rates {
    fn add(&mut self, name: &'static str, meant: usize) {
        let class = if meant == 0 {
            0
        } else if meant < RECORDS {
            1
        } else {
            2
        };
        self.0.entry(name).or_default()[class] += 1;
    }

    fn table(&self) -> String {
        let line = |(name, [none, some, all]): (&&str, &[usize; 3])| format!("{name:14} {none:6} {some:6} {all:6}\n");
        format!("{:14} {:>6} {:>6} {:>6}\n", "", "none", "some", "all") + &self.0.iter().map(line).collect::<String>()
    }
}

#[tokio::test]
async fn a_filter_means_the_same_on_every_database() {
    let started = Instant::now();
    let everywhere = Everywhere::new("filters").await;
    let (mut operators, mut types) = (Rates::default(), Rates::default());
    let (mut filters, mut differences) = (0, Vec::new());
    for set in 0..SETS {
        let mut dice = Dice::new(SEED + set);
        let records: Vec<Row> = (0..RECORDS).map(|at| record::generate(&mut dice, at)).collect();
        everywhere.hold(&records).await;
        for _ in 0..FILTERS_OF_SET {
            let mut generator = Generator::new(&mut dice, everywhere.def());
            let condition = generator.condition(3);
            if let [(operator, of)] = generator.leaves[..] {
                let filter = condition.resolve(everywhere.def()).expect("a filter");
                let meant = meant(&filter, &records).len();
                operators.add(operator, meant);
                types.add(of, meant);
            }
            differences.extend(everywhere.differences(&condition, &records).await);
            filters += 1;
        }
    }
    let databases: Vec<&str> = everywhere.databases.iter().map(|database| database.dialect.name()).collect();
    tell(&format!(
        "{filters} filters on {RECORDS} records, seed {SEED:#x}, on {} in {:.1} s\n{}{}",
        databases.join(", "),
        started.elapsed().as_secs_f64(),
        operators.table(),
        types.table(),
    ));
    everywhere.end().await;
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences[..differences.len().min(8)].join("\n")
    );
    for (name, [none, some, all]) in operators.0.into_iter().chain(types.0) {
        assert!(some * 4 > none + all && some > 20, "{name} means nothing or everything nearly always");
    }
}

/// One record for each text.
fn records_with(texts: &[&str]) -> Vec<Row> {
    let record = |(at, text): (usize, &&str)| record::with(at, "text", Value::Text((*text).to_owned()));
    texts.iter().enumerate().map(record).collect()
}

#[tokio::test]
async fn the_largest_patterns_are_taken_by_every_database() {
    let everywhere = Everywhere::new("patterns").await;
    let long = "ab".repeat(25_000) + "X";
    let records = records_with(&[&long, "a", "", "é一"]);
    everywhere.hold(&records).await;
    let text = field("text");
    let class = "[!#%+,./:;<=?@éëíïαγε一丂丄]";
    let mut differences = Vec::new();
    for condition in [
        text.regex("(?:a?){200}"),
        text.regex(&format!("^(?:.?){{22}}{}", ('0'..='9').chain('A'..='Z').chain('a'..='z').collect::<String>())),
        text.regex("(?:[é-ü]{250}){2}"),
        text.regex("(?:[^a-z]){166}(?:b|c)"),
        text.regex_ignoring_case(&"[^a]".repeat(250)),
        text.regex(&class.repeat(25)),
        text.regex(&"[a-cx]{0,9}[b-dy]".repeat(14)),
        text.regex(&"(".repeat(32).chars().chain("é".chars()).chain(")".repeat(32).chars()).collect::<String>()),
        text.regex("(?:ab){255}X"),
        text.ilike(&"%B".repeat(499)),
        text.ilike(&format!("{}x", "_%".repeat(499))),
        text.ilike(&format!("%{}x", "aB".repeat(400))),
        text.ilike(&format!("%{}y%", "aB".repeat(400))),
        text.like(&"%[".repeat(500)),
        text.contains(&"é".repeat(500)),
        text.like(&format!("{}X", "%a".repeat(400))),
    ] {
        differences.extend(everywhere.differences(&condition, &records).await);
    }
    everywhere.end().await;
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// MariaDB gives up on a pattern that needs too many steps, and says that it does not match. Then the statement fails.
#[tokio::test]
async fn a_pattern_is_answered_rightly_or_not_at_all() {
    let everywhere = Everywhere::new("steps").await;
    let long = "a".repeat(4_000) + "c";
    let records = records_with(&[&long, "ab", "b"]);
    everywhere.hold(&records).await;
    let mut failures = 0;
    for pattern in ["^((a|aa)*b|a*c)$", "^(a*)*b$", "a*a*a*a*a*b"] {
        for condition in [field("text").regex(pattern), field("text").regex(pattern).negated()] {
            for difference in everywhere.differences(&condition, &records).await {
                assert!(difference.contains("mysql: ") && !difference.contains(" records instead of "), "{difference}");
                failures += 1;
            }
        }
    }
    let has_mysql = everywhere.databases.iter().any(|database| database.dialect == Dialect::Mysql);
    everywhere.end().await;
    assert_eq!(failures > 0, has_mysql);
}

#[tokio::test]
async fn a_key_is_found_however_it_was_written() {
    let everywhere = Everywhere::new("keys").await;
    let document = FieldType::Json.parse_json("{\"gr\\u00f6\\u00dfe\": 1}", WireOptions { big_int: false });
    let records = [record::with(0, "doc", document.expect("a document"))];
    everywhere.hold(&records).await;
    let differences = everywhere.differences(&field("doc.größe").eq(1), &records).await;
    everywhere.end().await;
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn every_file_opens_with_the_functions_of_filters() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Asked::new(file_store(folder.path()), Dialect::Sqlite).await;
    // 4.366508223114724e-137 is a float that SQLite itself reads as another one.
    let documents =
        ["{\"n\": 4.366508223114724e-137}", "{\"n\": \"4.366508223114724e-137\"}", "{\"n\": [1]}", "{\"n\": true}"];
    let with = |(at, document): (usize, &&str)| record::with(at, "doc", Value::Json((*document).to_owned()));
    let records: Vec<Row> = documents.iter().enumerate().map(with).collect();
    database.hold(&records).await;
    let equal = field("doc.n").eq(4.366_508_223_114_724e-137).resolve(&database.def).expect("a filter");
    assert_eq!(database.keys(&equal).await, Ok(vec![0]));
    let regex = field("doc.n").regex("^[0-9.]+e-137$").resolve(&database.def).expect("a filter");
    assert_eq!(database.keys(&regex).await, Ok(vec![1]));
}
