//! The databases that records are loaded into, and how that is done on each of them.
//!
//! Which servers there are is `db::Kind`'s business. Invariant: everything happens in a namespace of its own, which is
//! destroyed whatever came of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::chinook::Input;
use super::contents::{Contents, Record};
use super::host::{Host, Refused};
use crate::db::Kind;

/// Records of one call, and of one page: as many as the host takes in one batch and lists at once.
const BATCH: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Database {
    Sqlite,
    Postgres,
    Mysql,
}

/// A model in a database.
#[derive(Debug)]
pub(super) struct Loaded {
    /// What writing its records took, with the start of a command for each batch.
    pub(super) time: Duration,
    /// What was there when all models were written.
    pub(super) contents: Contents,
}

impl Database {
    pub(super) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    pub(super) fn name(self) -> &'static str {
        self.kind().map_or("sqlite", Kind::name)
    }

    /// The server that it needs.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Kind::Postgres),
            Self::Mysql => Some(Kind::Mariadb),
        }
    }

    /// Loads every model through the data source of this name, and reads what is there then.
    pub(super) fn load(self, host: &Host<'_>, component: &Path, inputs: &[Input]) -> Result<Vec<Loaded>> {
        let namespace = Namespace { host, database: self, name: format!("{}-{}", self.name(), std::process::id()) };
        namespace.create()?;
        let loaded = namespace.deploy(component).and_then(|()| namespace.load(inputs));
        let destroyed = namespace.destroy();
        loaded.and_then(|loaded| destroyed.map(|()| loaded))
    }
}

struct Namespace<'a> {
    host: &'a Host<'a>,
    database: Database,
    name: String,
}

impl Namespace<'_> {
    fn create(&self) -> Result<()> {
        // A server has one database for all namespaces, so this one keeps apart from whatever else is there.
        let placement = if self.database.kind().is_some() { "schema" } else { "own" };
        let options = ["--data-source", self.database.name(), "--placement", placement];
        self.host.run(&[&["namespace", "create", &self.name], &options[..]].concat(), "").map(drop)
    }

    fn deploy(&self, component: &Path) -> Result<()> {
        let file = component.to_str().context("the component's path is not text")?;
        self.host.run(&["deploy", file, "--namespace", &self.name], "").map(drop)
    }

    fn destroy(&self) -> Result<()> {
        let destroy = ["namespace", "destroy", &self.name];
        let Err(error) = self.host.run(&destroy, "") else {
            return Ok(());
        };
        // It tells what would be lost, and does it when that is said back.
        let refused = error.downcast_ref::<Refused>();
        let Some(lost) = refused.and_then(|refused| refused.error["context"]["lost"].as_str()) else {
            return Err(error);
        };
        let consent = format!("{}:{}", self.name, lost.replace(", ", ","));
        self.host.run(&[&destroy[..], &["--consent", &consent]].concat(), "").map(drop)
    }

    fn load(&self, inputs: &[Input]) -> Result<Vec<Loaded>> {
        let times = inputs.iter().map(|input| self.write(input)).collect::<Result<Vec<_>>>()?;
        let models = inputs.iter().zip(times);
        models.map(|(input, time)| Ok(Loaded { time, contents: self.read(&input.model)? })).collect()
    }

    fn write(&self, input: &Input) -> Result<Duration> {
        let start = Instant::now();
        for (at, batch) in input.records.chunks(BATCH).enumerate() {
            let written = self.call(&input.model, "bulk_create", &json!({"data": batch}));
            written.with_context(|| format!("records from position {} on, counted anew from there", at * BATCH))?;
        }
        let time = start.elapsed();
        let (database, seconds) = (self.database.name(), time.as_secs_f64());
        eprintln!("{database}: {} rows of {} in {seconds:.2} s", input.records.len(), input.model);
        Ok(time)
    }

    /// All records in the order of the key, page by page.
    fn read(&self, model: &str) -> Result<Contents> {
        let mut contents = Contents::default();
        let mut options = BTreeMap::from([("limit", json!(BATCH))]);
        loop {
            let mut page = self.call(model, "list", &json!({"options": options}))?;
            let records: Vec<Record> = serde_json::from_value(page["data"].take()).context("a page of records")?;
            contents.extend(&records);
            match page["page"]["next"].take() {
                Value::Null => return Ok(contents),
                next => options.insert("after", next),
            };
        }
    }

    fn call(&self, model: &str, operation: &str, body: &Value) -> Result<Value> {
        self.host.run(&["call", &self.name, model, operation, "-"], &body.to_string())
    }
}
