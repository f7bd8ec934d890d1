//! Reading the records of a bulk call, ahead of whoever judges and writes them.
//!
//! A thread reads some batches in a row and ends; it waits for nobody, so that many calls can't take every thread from each
//! other. Does not judge. Invariant: `thread` is the one that reads everything that is `ahead`.

use std::collections::VecDeque;
use std::sync::Arc;

use model::{ModelDef, Row, Violation};
use sql::{BatchText, BulkCreate, Dialect, Moment, PlanError};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinHandle};

use crate::hooks;
use crate::request::Request;

/// Batches that are read in a row where a guest judges them: the guest waits for the first of them only.
const IN_A_ROW_JUDGED: usize = 3;
/// Batches that are read in a row where they are written at once: the database needs the other core.
const IN_A_ROW_WRITTEN: usize = 1;

/// The records of a batch, and what their constraints say where no guest tidies them first.
pub(super) type Read = Result<(Vec<Row>, Option<Vec<Violation>>), Vec<PlanError>>;

/// Reads the batches of a call, the next ones on another thread while the caller works on the one before.
pub(super) struct Reader<'b> {
    bulk: &'b BulkCreate<'b>,
    way: Way,
    starts: std::vec::IntoIter<usize>,
    /// How many batches a thread reads in a row.
    in_a_row: usize,
    ahead: VecDeque<(usize, oneshot::Receiver<Read>)>,
    thread: Option<JoinHandle<()>>,
}

/// What a batch needs to be read.
#[derive(Clone)]
struct Way {
    def: Arc<ModelDef>,
    moment: Moment,
    dialect: Dialect,
}

impl Way {
    fn read(&self, text: &BatchText) -> Read {
        let mut rows = text.read(&self.def, &self.moment)?;
        let check = || hooks::check_new(&self.def, self.dialect, &mut rows, text.start);
        let checked = (!hooks::tidy_new_records(&self.def)).then(check);
        Ok((rows, checked))
    }
}

impl<'b> Reader<'b> {
    pub(super) fn new(request: &Request, bulk: &'b BulkCreate<'b>) -> Self {
        let starts: Vec<usize> = bulk.batches().collect();
        let (moment, dialect) = (request.moment, request.generation.store.dialect());
        let way = Way { def: Arc::clone(&request.model.def), moment, dialect };
        // A call of one batch gains nothing from another thread, and nobody waits for batches that are read before a
        // database can write them.
        let in_a_row = match (starts.len(), hooks::run_on_new_records(&request.model.def)) {
            (..=1, _) => 0,
            (_, true) => IN_A_ROW_JUDGED,
            (_, false) => IN_A_ROW_WRITTEN,
        };
        let mut reader = Self {
            bulk,
            way,
            starts: starts.into_iter(),
            in_a_row,
            ahead: VecDeque::with_capacity(in_a_row),
            thread: None,
        };
        reader.read_ahead();
        reader
    }

    pub(super) async fn next(&mut self) -> Option<(usize, Read)> {
        let Some((start, ahead)) = self.ahead.pop_front() else {
            let start = self.starts.next()?;
            return Some((start, self.way.read(&self.bulk.batch(start))));
        };
        let Ok(read) = ahead.await else {
            match self.thread.take().expect("batches are ahead").await.map_err(JoinError::try_into_panic) {
                Err(Ok(panic)) => std::panic::resume_unwind(panic),
                // The runtime goes down, and this call with it.
                _ => std::future::pending().await,
            }
        };
        if self.ahead.is_empty() {
            self.read_ahead();
        }
        Some((start, read))
    }

    /// One thread for all of them: two would take the core of the guest that judges.
    fn read_ahead(&mut self) {
        let mut texts = Vec::with_capacity(self.in_a_row);
        for start in self.starts.by_ref().take(self.in_a_row) {
            let (done, ahead) = oneshot::channel();
            texts.push((self.bulk.batch(start), done));
            self.ahead.push_back((start, ahead));
        }
        let way = self.way.clone();
        let read = move || {
            for (text, done) in texts {
                // Who left wants no more of them.
                if done.send(way.read(&text)).is_err() {
                    break;
                }
            }
        };
        self.thread = (!self.ahead.is_empty()).then(|| tokio::task::spawn_blocking(read));
    }
}
