//! What came of loading: every database held against the file.
//!
//! It decides and writes text; nothing runs here. Invariant: a table that is not the file's, record for record, is a
//! failure, and so is a database that could not be loaded.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::contents::Contents;
use super::database::{Database, Loaded};

/// What the file holds, and what came of each database.
pub(super) struct Report {
    models: Vec<(String, Contents)>,
    runs: Vec<(Database, Result<Vec<Loaded>>)>,
}

impl Report {
    /// The models with the file's records in the order of their keys; a run has as many, in the same order.
    pub(super) fn new(models: Vec<(String, Contents)>, runs: Vec<(Database, Result<Vec<Loaded>>)>) -> Self {
        Self { models, runs }
    }

    /// A line for each model: rows, seconds on each database, the hash of what all have.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{:<16}{:>8}", "model", "rows");
        for (database, _) in &self.runs {
            text.push_str(&format!("{:>10}", database.name()));
        }
        text.push_str("  hash\n");
        for (at, (model, contents)) in self.models.iter().enumerate() {
            let times = self.loaded().map(|(_, loaded)| loaded.map(|loaded| loaded[at].time));
            let hash = match self.differences(at).is_empty() {
                true if self.loaded().any(|(_, loaded)| loaded.is_some()) => contents.hash(),
                true => "-".to_owned(),
                false => "DIFFERS".to_owned(),
            };
            text.push_str(&format!("{}  {hash:.16}\n", line(model, contents.len(), times)));
        }
        let sums = self.loaded().map(|(_, loaded)| loaded.map(|loaded| loaded.iter().map(|one| one.time).sum()));
        text + &line("sum", self.rows(), sums) + "\n"
    }

    pub(super) fn json(&self) -> Value {
        let models: Vec<Value> = self.models.iter().enumerate().map(|(at, _)| self.model_json(at)).collect();
        json!({"rows": self.rows(), "models": models, "failures": self.failures()})
    }

    /// An error with everything that is not as it has to be.
    pub(super) fn verdict(&self) -> Result<()> {
        let failures = self.failures();
        if failures.is_empty() { Ok(()) } else { bail!("{}", failures.join("\n")) }
    }

    fn rows(&self) -> usize {
        self.models.iter().map(|(_, contents)| contents.len()).sum()
    }

    /// The databases with what was loaded, where that came to its end.
    fn loaded(&self) -> impl Iterator<Item = (Database, Option<&[Loaded]>)> {
        self.runs.iter().map(|(database, result)| (*database, result.as_deref().ok()))
    }

    fn failures(&self) -> Vec<String> {
        let broken = self.runs.iter().filter_map(|(database, result)| {
            let error = result.as_ref().err()?;
            Some(format!("{}: {error:#}", database.name()))
        });
        broken.chain((0..self.models.len()).flat_map(|at| self.differences(at))).collect()
    }

    /// Where the databases have something else than the file.
    fn differences(&self, at: usize) -> Vec<String> {
        let (model, expected) = &self.models[at];
        let difference = |(database, loaded): (Database, Option<&[Loaded]>)| {
            let found = &loaded?[at].contents;
            let difference = expected.difference(found)?;
            Some(format!(
                "{model} on {}: {} rows with hash {:.16}, the file has {} with {:.16}; at position {} stands {}, and not {}",
                database.name(),
                found.len(),
                found.hash(),
                expected.len(),
                expected.hash(),
                difference.position,
                difference.theirs.unwrap_or("nothing"),
                difference.ours.unwrap_or("nothing"),
            ))
        };
        self.loaded().filter_map(difference).collect()
    }

    fn model_json(&self, at: usize) -> Value {
        let (model, contents) = &self.models[at];
        let databases: BTreeMap<&str, Value> = self
            .loaded()
            .filter_map(|(database, loaded)| {
                let Loaded { time, contents } = &loaded?[at];
                let seconds = (time.as_secs_f64() * 1e3).round() / 1e3;
                let json = json!({"rows": contents.len(), "seconds": seconds, "hash": contents.hash()});
                Some((database.name(), json))
            })
            .collect();
        json!({"model": model, "rows": contents.len(), "hash": contents.hash(), "databases": databases})
    }
}

fn line(name: &str, rows: usize, times: impl Iterator<Item = Option<Duration>>) -> String {
    let mut line = format!("{name:<16}{rows:>8}");
    for time in times {
        let seconds = time.map_or("-".to_owned(), |time| format!("{:.2}", time.as_secs_f64()));
        line.push_str(&format!("{seconds:>10}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::super::contents::Record;
    use super::*;

    fn contents(json: &str) -> Contents {
        let records: Vec<Record> = serde_json::from_str(json).unwrap();
        Contents::of(&records)
    }

    fn loaded(json: &str, ms: u64) -> Loaded {
        Loaded { time: Duration::from_millis(ms), contents: contents(json) }
    }

    fn report(runs: Vec<(Database, Result<Vec<Loaded>>)>) -> Report {
        let artists = contents(r#"[{"id": 1, "name": "Ada"}]"#);
        Report::new(vec![("artist".to_owned(), artists), ("playlist".to_owned(), contents("[]"))], runs)
    }

    #[test]
    fn equal_tables_have_one_hash() {
        let run = |ms| Ok(vec![loaded(r#"[{"name": "Ada", "id": 1}]"#, ms), loaded("[]", 4)]);
        let report = report(vec![(Database::Sqlite, run(20)), (Database::Mysql, run(1_230))]);
        insta::assert_snapshot!(report.text(), @"
        model               rows    sqlite     mysql  hash
        artist                 1      0.02      1.23  4f2dc896352914d9
        playlist               0      0.00      0.00  e3b0c44298fc1c14
        sum                    1      0.02      1.23
        ");
        insta::assert_snapshot!(format!("{:#}", report.json()["models"][0]), @r#"
        {
          "model": "artist",
          "rows": 1,
          "hash": "4f2dc896352914d9ea15fee9a2d53159479bd560331ef4ee4202a9b5b1580243",
          "databases": {
            "mysql": {
              "rows": 1,
              "seconds": 1.23,
              "hash": "4f2dc896352914d9ea15fee9a2d53159479bd560331ef4ee4202a9b5b1580243"
            },
            "sqlite": {
              "rows": 1,
              "seconds": 0.02,
              "hash": "4f2dc896352914d9ea15fee9a2d53159479bd560331ef4ee4202a9b5b1580243"
            }
          }
        }
        "#);
        assert!(report.verdict().is_ok());
    }

    #[test]
    fn whatever_is_not_the_files_is_a_failure() {
        let good = Ok(vec![loaded(r#"[{"name": "Ada", "id": 1}]"#, 10), loaded("[]", 10)]);
        let wrong = Ok(vec![loaded(r#"[{"name": "ada", "id": 1}]"#, 10), loaded(r#"[{"id": 7}]"#, 10)]);
        let report = report(vec![
            (Database::Sqlite, good),
            (Database::Postgres, Err(anyhow!("store.busy: the database is busy"))),
            (Database::Mysql, wrong),
        ]);
        insta::assert_snapshot!(report.text(), @"
        model               rows    sqlite  postgres     mysql  hash
        artist                 1      0.01         -      0.01  DIFFERS
        playlist               0      0.01         -      0.01  DIFFERS
        sum                    1      0.02         -      0.02
        ");
        insta::assert_snapshot!(report.verdict().unwrap_err(), @r#"
        postgres: store.busy: the database is busy
        artist on mysql: 1 rows with hash c40211a182e28943, the file has 1 with 4f2dc896352914d9; at position 0 stands {"id":1,"name":"ada"}, and not {"id":1,"name":"Ada"}
        playlist on mysql: 1 rows with hash 679265f93dc5cc5e, the file has 0 with e3b0c44298fc1c14; at position 0 stands {"id":7}, and not nothing
        "#);
    }
}
