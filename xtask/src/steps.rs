//! Steps with a line at their start, minutes at their end, and a table of them all.
//!
//! It doesn't decide which steps there are. Invariant: a step that was started stands in the table, also when it failed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Runs one step that stands alone.
pub(crate) fn alone(name: &'static str, act: impl FnOnce() -> Result<()>) -> Result<()> {
    Steps::default().run(name, act)
}

/// The steps of one command, in the order in which they ran.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    time: Duration,
    passed: bool,
}

impl Steps {
    pub(crate) fn run(&mut self, name: &'static str, act: impl FnOnce() -> Result<()>) -> Result<()> {
        eprintln!("==> {name}");
        let start = Instant::now();
        let result = act();
        let step = Step { name, time: start.elapsed(), passed: result.is_ok() };
        eprintln!("<== {name}: {}, {} min", step.word(), step.minutes());
        self.done.push(step);
        result.with_context(|| format!("step `{name}` failed"))
    }

    /// One line for each step that ran, and their sum.
    pub(crate) fn table(&self) -> String {
        let mut table = String::from("step       minutes  result\n");
        for step in &self.done {
            table.push_str(&format!("{:<10} {:>7}  {}\n", step.name, step.minutes(), step.word()));
        }
        let sum: Duration = self.done.iter().map(|step| step.time).sum();
        table.push_str(&format!("{:<10} {:>7}\n", "sum", minutes(sum)));
        table
    }
}

impl Step {
    fn word(&self) -> &'static str {
        if self.passed { "ok" } else { "FAILED" }
    }

    fn minutes(&self) -> String {
        minutes(self.time)
    }
}

fn minutes(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() / 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_step_stands_in_the_table() {
        let mut steps = Steps::default();
        steps.run("fmt", || Ok(())).expect("the step does nothing");
        let error = steps.run("tidy", || anyhow::bail!("2 findings")).expect_err("the step fails");
        assert_eq!(format!("{error:#}"), "step `tidy` failed: 2 findings");
        insta::assert_snapshot!(steps.table(), @"
        step       minutes  result
        fmt           0.00  ok
        tidy          0.00  FAILED
        sum           0.00
        ");
    }
}
