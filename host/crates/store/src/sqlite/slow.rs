//! Which statements are not tried in place for a while: those that ran out of the budget twice in a row.
//!
//! Once may be the machine's fault, which kept the thread waiting. A statement whose text is slow with some values and quick
//! with others is in place again as soon as it is quick once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use sql::SqlText;

use crate::Job;

/// Runs that go to a blocking thread at once before the next one is tried in place: trying costs a hundredth then.
const RUNS_AWAY: u32 = 100;
/// Texts that are remembered; beyond that all of them are tried again.
const TEXTS_MAX: usize = 256;

/// What is remembered of the texts of one file.
#[derive(Debug, Default)]
pub(super) struct SlowTexts {
    /// Of each text, the runs that are still to go away at once.
    texts: Mutex<HashMap<SqlText, u32>>,
    /// How many there are, so that whoever has none pays nothing.
    len: AtomicUsize,
}

impl SlowTexts {
    /// Whether the job is not to be tried in place.
    pub(super) fn sends_away(&self, job: &Job) -> bool {
        let left = |texts: &mut HashMap<SqlText, u32>, text: &SqlText| match texts.get_mut(text) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        };
        self.with(job, left).unwrap_or(false)
    }

    /// A job was done in time.
    pub(super) fn forget(&self, job: &Job) {
        self.with(job, |texts, text| texts.remove(text));
    }

    /// A job ran out of time. The second time in a row it is remembered.
    pub(super) fn add(&self, job: &Job) {
        let Some(text) = text(job) else { return };
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.len() >= TEXTS_MAX {
            texts.clear();
        }
        texts.entry(text.clone()).and_modify(|left| *left = RUNS_AWAY).or_insert(0);
        self.len.store(texts.len(), Ordering::Relaxed);
    }

    fn with<T>(&self, job: &Job, work: impl FnOnce(&mut HashMap<SqlText, u32>, &SqlText) -> T) -> Option<T> {
        if self.len.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work(&mut texts, text(job)?);
        self.len.store(texts.len(), Ordering::Relaxed);
        Some(done)
    }
}

fn text(job: &Job) -> Option<&SqlText> {
    job.all_steps().first().map(|step| &step.statement.text)
}

#[cfg(test)]
mod tests {
    use sql::Statement;

    use super::*;

    fn job(text: &'static str) -> Job {
        let statement = Statement { text: SqlText::fixed(text), binds: Vec::new(), repeats: None, columns: [].into() };
        Job::one(statement)
    }

    #[test]
    fn a_statement_goes_away_after_the_second_time_and_comes_back() {
        let (slow, list) = (SlowTexts::default(), job("list"));
        slow.add(&list);
        assert!(!slow.sends_away(&list), "once is no rule");
        slow.add(&list);
        assert!((0..RUNS_AWAY).all(|_| slow.sends_away(&list)));
        assert!(!slow.sends_away(&list) && !slow.sends_away(&job("read")), "one run is tried, and so are others");
        slow.add(&list);
        assert!(slow.sends_away(&list), "it is as slow as before");
    }

    #[test]
    fn being_quick_once_is_enough() {
        let (slow, list) = (SlowTexts::default(), job("list"));
        slow.add(&list);
        slow.forget(&list);
        slow.add(&list);
        assert!(!slow.sends_away(&list));
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let slow = SlowTexts::default();
        (0..=TEXTS_MAX).for_each(|at| slow.add(&job(format!("{at}").leak())));
        assert_eq!(slow.len.load(Ordering::Relaxed), 1);
    }
}
