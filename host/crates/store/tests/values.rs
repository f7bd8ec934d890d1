//! Values of every type on every database: what goes in comes out.
//!
//! The columns are what `sql` declares for the types.

mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;

use model::{Decimal, FieldType, Row, Value};
use modelhost_store::{Job, Store};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sql::{Bind, Dialect, Statement};
use support::server::Server;
use support::values::{NARROW, TYPES, WIDE, any_row, class, every_plane, rows_at_the_limits, same, typed};
use support::{rows, run, select, sql, with};
use tokio::runtime::Runtime;

const COLUMNS: [&str; TYPES.len()] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];

/// How columns of the types are declared, and what a parameter for one is cast to.
fn column(dialect: Dialect, field_type: FieldType) -> (&'static str, &'static str) {
    use FieldType as F;
    match (dialect, field_type) {
        (Dialect::Sqlite, F::Text | F::Json | F::Enum | F::List(_)) => ("TEXT", ""),
        (Dialect::Sqlite, F::Decimal(digits)) if digits == WIDE => ("BLOB", ""),
        (Dialect::Sqlite, F::Uuid | F::Bytes | F::Vector(_)) => ("BLOB", ""),
        (Dialect::Sqlite, F::Float) => ("ANY", ""),
        (Dialect::Sqlite, _) => ("INTEGER", ""),
        (_, F::Int) => ("bigint", ""),
        (_, F::Boolean) => ("boolean", ""),
        (_, F::Decimal(digits)) if digits == NARROW => ("decimal(10,2)", ""),
        (_, F::Decimal(_)) => ("decimal(38,9)", ""),
        (_, F::Date) => ("date", ""),
        (_, F::Float) => ("double precision", ""),
        (_, F::Time) => ("time(6)", ""),
        (Dialect::Postgres, F::Text | F::Enum) => ("text COLLATE \"C\"", ""),
        (Dialect::Postgres, F::Timestamp) => ("timestamptz", ""),
        (Dialect::Postgres, F::Uuid) => ("uuid", ""),
        (Dialect::Postgres, F::Bytes) => ("bytea", ""),
        (Dialect::Postgres, F::Json | F::List(_)) => ("jsonb", "::jsonb"),
        (Dialect::Mysql, F::Text) => ("longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", ""),
        (Dialect::Mysql, F::Enum) => ("varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", ""),
        (Dialect::Mysql, F::Timestamp) => ("datetime(6)", ""),
        (Dialect::Mysql, F::Uuid) => ("binary(16)", ""),
        (Dialect::Mysql, F::Bytes) => ("longblob", ""),
        (Dialect::Mysql, F::Json | F::List(_) | F::Vector(_)) => ("json", ""),
        (Dialect::Postgres, F::Vector(_)) => ("vector", "::vector"),
    }
}

fn create(dialect: Dialect) -> String {
    let columns = COLUMNS.iter().zip(TYPES).map(|(name, of)| format!(", {name} {}", column(dialect, of).0));
    let columns: String = columns.collect();
    match dialect {
        Dialect::Sqlite => format!("CREATE TABLE t (id INTEGER PRIMARY KEY{columns}) STRICT"),
        Dialect::Postgres | Dialect::Mysql => format!("CREATE TABLE t (id bigint PRIMARY KEY{columns})"),
    }
}

fn placeholder(dialect: Dialect, at: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("?{at}"),
        Dialect::Postgres => format!("${at}"),
        Dialect::Mysql => "?".to_owned(),
    }
}

fn insert(dialect: Dialect, id: i64, row: &Row) -> Statement {
    let values = TYPES.iter().enumerate().map(|(at, of)| placeholder(dialect, at + 1) + column(dialect, *of).1);
    let id_at = placeholder(dialect, TYPES.len() + 1);
    let text = format!(
        "INSERT INTO t ({}, id) VALUES ({}, {id_at})",
        COLUMNS.join(", "),
        values.collect::<Vec<_>>().join(", ")
    );
    let mut binds = typed(row);
    binds.push(Bind::One(FieldType::Int, Value::Int(id)));
    Statement { binds, ..sql(&text) }
}

fn read(dialect: Dialect, id: i64) -> Statement {
    let text = format!("SELECT {} FROM t WHERE id = {}", COLUMNS.join(", "), placeholder(dialect, 1));
    with(select(&text, &TYPES), vec![Value::Int(id)])
}

/// Every database there is, with an empty table of all types.
async fn stores(test: &str) -> Vec<(Store, Option<Server>)> {
    let stores = support::stores(test).await;
    for (store, _) in &stores {
        run(store, &create(store.dialect())).await;
    }
    stores
}

/// As the engine sends it.
fn kept(dialect: Dialect, mut row: Row) -> Row {
    dialect.keep(&mut row);
    row
}

#[tokio::test]
async fn values_at_their_limits_come_back_as_they_went() {
    let stores = stores("limits").await;
    for (store, _) in &stores {
        let dialect = store.dialect();
        for (id, row) in (1..).zip(rows_at_the_limits()) {
            let row = kept(dialect, row);
            let answers = store.run(Job::one(insert(dialect, id, &row))).await.expect("inserted");
            assert_eq!(answers[0].affected, 1);
            let found = rows(store, read(dialect, id)).await;
            assert!(same(&found[0], &row), "{dialect:?}: {:?}\n{row:?}", found[0]);
        }
    }
    support::end(stores).await;
}

#[test]
fn any_value_comes_back_as_it_went() {
    let runtime = Runtime::new().expect("a runtime");
    let stores = runtime.block_on(stores("any"));
    let histogram = RefCell::new(BTreeMap::<_, usize>::new());
    for (store, _) in &stores {
        let next = RefCell::new(0..);
        let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&any_row(), |row| {
            let row = kept(store.dialect(), row);
            let id = next.borrow_mut().next().expect("endless");
            row.iter().for_each(|value| *histogram.borrow_mut().entry(class(value)).or_default() += 1);
            runtime.block_on(async {
                let written = store.run(Job::one(insert(store.dialect(), id, &row))).await;
                written.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
                let found = store.run(Job::one(read(store.dialect(), id))).await;
                let found = found.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
                let is_same = same(&found[0].rows[0], &row);
                is_same.then_some(()).ok_or_else(|| TestCaseError::fail(format!("{:?}", found[0].rows[0])))
            })
        });
        outcome.unwrap_or_else(|error| panic!("{:?}: {error}", store.dialect()));
    }
    runtime.block_on(support::end(stores));
    let histogram = histogram.into_inner();
    support::tell(&format!("values tried: {histogram:#?}\n"));
    for class in ["null", "int at a limit", "float -0.0", "decimal beyond 64 bits", "text beyond plane 0", "text empty"]
    {
        assert!(histogram.contains_key(class), "{class} was not tried: {histogram:?}");
    }
}

#[tokio::test]
async fn a_megabyte_comes_back_as_it_went() {
    let stores = stores("large").await;
    for (store, _) in &stores {
        let mut row = rows_at_the_limits().pop().expect("a row of nulls");
        let text = every_plane();
        row[0] = Value::Text(text.repeat(1_048_576 / text.len() + 1));
        row[10] = Value::Bytes((0..1_048_576_u32).map(|at| (at % 251) as u8).collect());
        store.run(Job::one(insert(store.dialect(), 1, &row))).await.expect("inserted");
        let found = rows(store, read(store.dialect(), 1)).await;
        assert!(same(&found[0], &row), "{:?}", store.dialect());
    }
    support::end(stores).await;
}

#[tokio::test]
async fn the_databases_order_values_as_numbers_times_and_code_points() {
    let stores = stores("order").await;
    for (store, _) in &stores {
        let dialect = store.dialect();
        for (id, row) in (1..).zip(rows_at_the_limits()) {
            store.run(Job::one(insert(dialect, id, &row))).await.expect("inserted");
        }
        // By the rows' numbers: the one of nulls is left out.
        for (column, expected) in
            [("b", [2, 3, 1]), ("e", [2, 3, 1]), ("f", [2, 3, 1]), ("g", [2, 3, 1]), ("h", [2, 3, 1]), ("i", [2, 3, 1])]
        {
            let text = format!("SELECT id FROM t WHERE {column} IS NOT NULL ORDER BY {column}");
            let found = rows(store, select(&text, &[FieldType::Int])).await;
            assert_eq!(found, expected.map(|id| vec![Value::Int(id)]), "{dialect:?}: {column}");
        }
    }
    support::end(stores).await;
}

#[tokio::test]
async fn a_bind_finds_the_value_that_was_written() {
    let stores = stores("found").await;
    for (store, _) in &stores {
        let dialect = store.dialect();
        let all = rows_at_the_limits();
        for (id, row) in (1..).zip(&all) {
            store.run(Job::one(insert(dialect, id, row))).await.expect("inserted");
        }
        for (at, of) in TYPES.into_iter().enumerate().filter(|(_, of)| of.is_comparable()) {
            let text = format!("SELECT id FROM t WHERE {} = {} ORDER BY id", COLUMNS[at], placeholder(dialect, 1));
            let mut statement = select(&text, &[FieldType::Int]);
            statement.binds = vec![Bind::One(of, all[1][at].clone())];
            assert_eq!(rows(store, statement).await.first(), Some(&vec![Value::Int(2)]), "{dialect:?}: {of}");
        }
    }
    support::end(stores).await;
}

#[tokio::test]
async fn a_list_of_each_type_is_one_bind_on_postgres_and_an_error_elsewhere() {
    let stores = stores("lists").await;
    let all = rows_at_the_limits();
    for (store, _) in &stores {
        let dialect = store.dialect();
        for (id, row) in (1..).zip(&all) {
            store.run(Job::one(insert(dialect, id, row))).await.expect("inserted");
        }
        for (at, of) in TYPES.into_iter().enumerate().filter(|(_, of)| of.is_comparable()) {
            let list = |values| {
                let text = format!("SELECT count(*) FROM t WHERE {} = ANY({})", COLUMNS[at], placeholder(dialect, 1));
                let mut statement = select(&text, &[FieldType::Int]);
                statement.binds = vec![Bind::List(of, values)];
                Job::one(statement)
            };
            let answers = store.run(list(vec![all[0][at].clone(), all[1][at].clone(), Value::Null])).await;
            if dialect != Dialect::Postgres {
                assert!(answers.is_err(), "{dialect:?}: {of}");
                continue;
            }
            let expected = if of == FieldType::Boolean { 3 } else { 2 };
            assert_eq!(answers.expect("counted")[0].rows, [[Value::Int(expected)]], "{of}");
            let none = store.run(list(Vec::new())).await.expect("counted");
            assert_eq!(none[0].rows, [[Value::Int(0)]], "{of}");
        }
    }
    support::end(stores).await;
}

#[tokio::test]
async fn a_decimal_of_another_type_is_refused_before_it_is_stored_or_read() {
    let stores = stores("refused").await;
    for (store, _) in &stores {
        let dialect = store.dialect();
        let mut row = rows_at_the_limits().pop().expect("a row of nulls");
        row[4] = Value::Decimal(Decimal::new(10_i128.pow(10), 2));
        assert!(store.run(Job::one(insert(dialect, 1, &row))).await.is_err(), "{dialect:?}: too many digits");
        row[4] = Value::Decimal(Decimal::new(1_250, 2));
        store.run(Job::one(insert(dialect, 1, &row))).await.expect("inserted");
        let narrower = FieldType::Decimal(model::DecimalType { precision: 3, scale: 2 });
        let found = store.run(Job::one(select("SELECT e FROM t", &[narrower]))).await;
        assert!(found.is_err(), "{dialect:?}: {found:?}");
    }
    support::end(stores).await;
}

/// PostgreSQL keeps them by an extension that its servers may lack; there `tests/tests/vectors.rs` tries them.
#[tokio::test]
async fn vectors_come_back_to_the_last_bit_and_only_as_long_as_declared() {
    const VECTOR: FieldType = FieldType::Vector(4);
    let stores = support::stores("vectors").await;
    for (store, _) in stores.iter().filter(|(store, _)| store.dialect() != Dialect::Postgres) {
        let dialect = store.dialect();
        run(store, &format!("CREATE TABLE v (a {})", column(dialect, VECTOR).0)).await;
        for numbers in [[f32::MAX, f32::MIN, -0.0, 0.1], [f32::from_bits(1), f32::MIN_POSITIVE, 16_777_216.0, 1e-7]] {
            let mut insert = sql(&format!("INSERT INTO v (a) VALUES ({})", placeholder(dialect, 1)));
            insert.binds = vec![Bind::One(VECTOR, Value::Vector(numbers.to_vec()))];
            store.run(Job::one(insert)).await.expect("inserted");
            let found = rows(store, select("SELECT a FROM v", &[VECTOR])).await;
            let [Value::Vector(found)] = &found[0][..] else { panic!("{dialect:?}: {found:?}") };
            let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(found), bits(&numbers), "{dialect:?}: {found:?}");
            let shorter = store.run(Job::one(select("SELECT a FROM v", &[FieldType::Vector(3)]))).await;
            assert!(shorter.is_err(), "{dialect:?}: {shorter:?}");
            run(store, "DELETE FROM v").await;
        }
    }
    support::end(stores).await;
}
