//! SQLite files: which are open, who shares one, what is removed, who holds the lock, what the log says.

mod support;

use std::path::Path;
use std::sync::{Arc, Mutex};

use model::{Code, Describe, Value};
use modelhost_store::{DataSource, DataSourceSettings, Durability, Job, Store, StoreError};
use sql::Place;
use support::{count, file_store, name, run, select, settings, sql, with};
use tracing_subscriber::layer::SubscriberExt;

async fn write_one(store: &Store) {
    run(store, "CREATE TABLE IF NOT EXISTS t (n INTEGER) STRICT").await;
    run(store, "INSERT INTO t VALUES (1)").await;
}

#[tokio::test]
async fn the_folder_is_made_and_each_namespace_has_its_own_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(settings("sqlite:a/b/{namespace}.db", folder.path()));
    let (acme, globex) = (source.store(name("acme"), Place::Own), source.store(name("globex"), Place::Own));
    write_one(&acme).await;
    write_one(&globex).await;
    write_one(&globex).await;
    assert_eq!((count(&acme, "t").await, count(&globex, "t").await), (1, 2));
    let file = folder.path().join("a/b/acme.db");
    assert_eq!(acme.location(), format!("sqlite:{}", file.display()));
    let outside = rusqlite::Connection::open(&file).expect("opens");
    let mode: String = outside.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn files_over_the_limit_are_closed_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let source =
        DataSource::new(DataSourceSettings { files_open_max: 3, ..settings("sqlite:{namespace}.db", folder.path()) });
    let stores: Vec<_> = (0..10).map(|n| source.store(name(&format!("n{n}")), Place::Own)).collect();
    for store in &stores {
        write_one(store).await;
        assert!(source.stats().size <= 3, "{:?}", source.stats());
    }
    let open = |n: usize| folder.path().join(format!("n{n}.db-wal")).exists();
    let still_open: Vec<_> = (0..10).filter(|n| open(*n)).collect();
    assert_eq!(still_open, [7, 8, 9], "the ones used last");
    for store in &stores {
        write_one(store).await;
        assert_eq!(count(store, "t").await, 2);
    }
}

#[tokio::test]
async fn a_file_in_use_is_not_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let source =
        DataSource::new(DataSourceSettings { files_open_max: 1, ..settings("sqlite:{namespace}.db", folder.path()) });
    let acme = source.store(name("acme"), Place::Own);
    write_one(&acme).await;
    let mut transaction = acme.begin().await.expect("begins");
    transaction.run(Job::one(sql("INSERT INTO t VALUES (2)"))).await.expect("written");
    write_one(&source.store(name("globex"), Place::Own)).await;
    transaction.commit().await.expect("committed");
    assert_eq!(count(&acme, "t").await, 2);
}

#[tokio::test]
async fn namespaces_in_one_file_share_its_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(settings("sqlite:all.db", folder.path()));
    let (acme, globex) = (
        source.store(name("acme"), Place::Prefix(name("acme"))),
        source.store(name("globex"), Place::Prefix(name("globex"))),
    );
    run(&acme, "CREATE TABLE acme__t (n INTEGER) STRICT").await;
    let transaction = acme.begin().await.expect("begins");
    let write = globex.run(Job::one(sql("INSERT INTO acme__t VALUES (1)"))).await;
    assert_eq!(write.expect_err("one writer").code(), Code::DatabasePoolExhausted);
    drop(transaction);
    assert_eq!(globex.destroy_file().await, Ok(false), "the file is not its own");
    assert_eq!(count(&acme, "acme__t").await, 0);
    assert_eq!(source.stats().size, 2);
    acme.release().await;
    assert_eq!(source.stats().size, 0);
    assert_eq!(count(&acme, "acme__t").await, 0);
}

#[tokio::test]
async fn memory_lives_as_long_as_its_namespace() {
    let source = DataSource::new(settings("sqlite::memory:", Path::new("/")));
    write_one(&source.store(name("acme"), Place::Own)).await;
    let acme = source.store(name("acme"), Place::Own);
    acme.release().await;
    assert_eq!(count(&acme, "t").await, 1);
    let globex = source.store(name("globex"), Place::Own);
    let table = select("SELECT n FROM t", &[]);
    assert!(globex.run(Job::one(table)).await.is_err(), "it has memory of its own");
    assert_eq!(acme.destroy_file().await, Ok(true));
    run(&acme, "CREATE TABLE t (n INTEGER) STRICT").await;
}

#[tokio::test]
async fn a_destroyed_file_is_gone_with_its_companions_and_can_be_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    write_one(&store).await;
    let lock = store.lock(0).await.expect("the lock");
    assert_eq!(store.destroy_file().await, Ok(true));
    drop(lock);
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0);
    assert_eq!(store.destroy_file().await, Ok(true));
    write_one(&store).await;
    assert_eq!(count(&store, "t").await, 1);
}

#[tokio::test]
async fn the_lock_excludes_everybody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = DataSource::new(settings("sqlite::memory:", folder.path()));
    for store in [file_store(folder.path()), memory.store(name("acme"), Place::Own)] {
        let held = store.lock(0).await.expect("the lock");
        let error = store.lock(30).await.expect_err("held");
        assert_eq!(error.code(), Code::SchemaLocked);
        assert_eq!(error, StoreError::Locked { namespace: "acme".to_owned(), wait_ms: 30 });
        write_one(&store).await;
        let waiting = {
            let store = store.clone();
            tokio::spawn(async move { store.lock(5_000).await })
        };
        tokio::task::yield_now().await;
        drop(held);
        waiting.await.expect("no panic").expect("the lock came free");
    }
}

#[tokio::test]
async fn what_is_no_database_is_told_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("acme.db"), [7; 5_000]).expect("written");
    let error = file_store(folder.path()).run(Job::one(sql("SELECT 1"))).await;
    let error = error.expect_err("no database");
    assert_eq!(error.code(), Code::DatabaseFile);
    assert!(error.to_string().contains("acme.db"), "{error}");
    let below_a_file = settings("sqlite:acme.db/x/{namespace}.db", folder.path());
    let below_a_file = DataSource::new(below_a_file);
    let error = below_a_file.probe().await.expect_err("no folder");
    assert_eq!(error.code(), Code::DatabaseFile);
    let store = below_a_file.store(name("acme"), Place::Own);
    let error = store.lock(0).await.expect_err("no folder");
    assert_eq!(error.code(), Code::DatabaseFile);
}

#[tokio::test]
async fn a_probe_makes_the_folder_and_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for (url, made) in [("sqlite:x/{namespace}/main.db", "x"), ("sqlite:y/z.db", "y")] {
        let source = DataSource::new(settings(url, folder.path()));
        let info = source.probe().await.expect("usable");
        assert!(info.version.starts_with("3."), "{info:?}");
        let made = folder.path().join(made);
        assert_eq!(std::fs::read_dir(made).expect("made").count(), 0);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_on_disk_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mode = |path: &str| {
        let found = std::fs::metadata(folder.path().join(path)).expect(path);
        format!("{:o}", found.permissions().mode() & 0o777)
    };
    let source = |url: &str| DataSource::new(settings(url, folder.path()));
    source("sqlite:probed/{namespace}.db").probe().await.expect("usable");
    let locked = source("sqlite:locked/{namespace}.db").store(name("acme"), Place::Own);
    let _lock = locked.lock(0).await.expect("the lock");
    let store = source("sqlite:a/b/{namespace}.db").store(name("acme"), Place::Own);
    write_one(&store).await;
    let modes =
        ["probed", "locked", "locked/acme.db.lock", "a", "a/b", "a/b/acme.db", "a/b/acme.db-wal", "a/b/acme.db-shm"];
    assert_eq!(modes.map(mode), ["700", "700", "600", "700", "700", "600", "600", "600"]);
    // What is there already was somebody's decision.
    std::fs::create_dir(folder.path().join("shared")).expect("a folder");
    for (path, bits) in [("shared", 0o755), ("a/b/acme.db", 0o640)] {
        let path = folder.path().join(path);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).expect("a mode");
    }
    write_one(&source("sqlite:shared/{namespace}.db").store(name("acme"), Place::Own)).await;
    store.release().await;
    write_one(&store).await;
    assert_eq!(["shared", "shared/acme.db", "a/b/acme.db"].map(mode), ["755", "600", "640"]);
}

#[tokio::test]
async fn a_closed_source_turns_everybody_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(settings("sqlite:{namespace}.db", folder.path()));
    let store = source.store(name("acme"), Place::Own);
    write_one(&store).await;
    source.close().await;
    assert_eq!(source.stats().size, 0);
    let later = source.store(name("globex"), Place::Own);
    for store in [store, later] {
        let error = store.run(Job::one(sql("SELECT 1"))).await;
        assert!(matches!(error, Err(StoreError::Closed { .. })), "{error:?}");
    }
    assert!(!folder.path().join("acme.db-wal").exists());
}

const LARGE: &str = "CREATE TABLE large (bytes BLOB NOT NULL) STRICT";

/// Waits until the file has four pages: without a checkpoint it has one until it is closed.
async fn until_it_grows(folder: &Path) {
    let file = folder.join("acme.db");
    let grows = async {
        while std::fs::metadata(&file).expect("a file").len() < 4 * 4_096 {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(5), grows).await;
    assert!(in_time.is_ok(), "the file doesn't grow");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_moved_into_the_file_beside_the_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    write_one(&store).await;
    for n in 0..6_000 {
        let insert = with(sql("INSERT INTO t VALUES (?1)"), vec![Value::Int(n)]);
        store.run(Job::one(insert)).await.expect("written");
    }
    until_it_grows(folder.path()).await;
    assert_eq!(count(&store, "t").await, 6_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_transaction_of_many_rows_is_moved_into_the_file_too() {
    const MANY: &str = "INSERT INTO large WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many \
                        WHERE n < 20000) SELECT zeroblob(1000) FROM many";
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, LARGE).await;
    let mut transaction = store.begin().await.expect("begun");
    transaction.run(Job::one(sql(MANY))).await.expect("written");
    transaction.commit().await.expect("committed");
    until_it_grows(folder.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_writes_of_large_values_are_moved_into_the_file_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = file_store(folder.path());
    run(&store, LARGE).await;
    for _ in 0..100 {
        run(&store, "INSERT INTO large VALUES (zeroblob(200000))").await;
    }
    until_it_grows(folder.path()).await;
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_each_statement_once_and_no_bind() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = DataSource::new(DataSourceSettings {
        durability: Durability::Full,
        ..settings("sqlite:{namespace}.db", folder.path())
    });
    let store = source.store(name("acme"), Place::Own);
    run(&store, "CREATE TABLE t (n INTEGER) STRICT").await;
    let lines = Lines::default();
    let writer = lines.clone();
    let layer = tracing_subscriber::fmt::layer().without_time().with_ansi(false).with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let insert = || with(sql("INSERT INTO t VALUES (?1)"), vec![Value::Int(424_242)]);
    let before = store.statements();
    store.run(Job::atomic(vec![insert(), insert()])).await.expect("written");
    count(&store, "t").await;
    drop(guard);
    assert_eq!(store.statements() - before, 5);
    let text = String::from_utf8(lines.0.lock().expect("no panic").clone()).expect("text");
    insta::with_settings!({filters => vec![(r"us=\d+", "us=[us]")]}, {
        insta::assert_snapshot!(text, @r#"
        DEBUG modelhost::statement: namespace="acme" data_source="main" sql="BEGIN IMMEDIATE" us=[us] rows=0
        DEBUG modelhost::statement: namespace="acme" data_source="main" sql="INSERT INTO t VALUES (?1)" us=[us] rows=0
        DEBUG modelhost::statement: namespace="acme" data_source="main" sql="INSERT INTO t VALUES (?1)" us=[us] rows=0
        DEBUG modelhost::statement: namespace="acme" data_source="main" sql="COMMIT" us=[us] rows=0
        DEBUG modelhost::statement: namespace="acme" data_source="main" sql="SELECT count(*) FROM t" us=[us] rows=1
        "#);
    });
}
