//! Measuring two ways of doing the same, turn by turn in one process.
//!
//! Both do the same operations on the same records. A round is a few hundred operations of each, in alternating blocks, so
//! that what the machine does meanwhile meets both; its result is the median of each side. Five rounds count, the one
//! before them warms up. Invariant: a ratio is made of medians of the same round.

use std::ops::Range;
use std::time::{Duration, Instant};

/// Rounds that count.
pub(crate) const ROUNDS: usize = 5;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Operations of each side in a round.
    pub(crate) operations: usize,
    /// Operations of one side before the other has its turn.
    pub(crate) block: usize,
}

/// The medians of each round.
#[derive(Debug)]
pub(crate) struct Comparison {
    unit: &'static str,
    ours: Vec<f64>,
    bare: Vec<f64>,
}

/// What the rounds gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) max: f64,
}

impl Size {
    /// Operations of each side altogether: they are numbered from 0.
    pub(crate) const fn total(self) -> usize {
        self.operations * (ROUNDS + 1)
    }
}

/// Runs both sides; each gets the number of the operation.
pub(crate) async fn compare(
    size: Size,
    mut ours: impl AsyncFnMut(usize),
    mut bare: impl AsyncFnMut(usize),
) -> Comparison {
    let mut comparison = Comparison { unit: "us", ours: Vec::new(), bare: Vec::new() };
    let mut next = 0;
    for round in 0..=ROUNDS {
        let (mut ours_us, mut bare_us) = (Vec::new(), Vec::new());
        for block in 0..size.operations / size.block {
            let numbers = next..next + size.block;
            next = numbers.end;
            // Whoever comes second finds the caches as the other one left them.
            if (block + round) % 2 == 0 {
                run(&mut ours, numbers.clone(), &mut ours_us).await;
                run(&mut bare, numbers, &mut bare_us).await;
            } else {
                run(&mut bare, numbers.clone(), &mut bare_us).await;
                run(&mut ours, numbers, &mut ours_us).await;
            }
        }
        if round > 0 {
            comparison.ours.push(Spread::of(ours_us).median);
            comparison.bare.push(Spread::of(bare_us).median);
        }
    }
    comparison
}

async fn run(side: &mut impl AsyncFnMut(usize), numbers: Range<usize>, us: &mut Vec<f64>) {
    // What the other side left to do in the background begins before the clock does.
    tokio::task::yield_now().await;
    for number in numbers {
        let start = Instant::now();
        side(number).await;
        us.push(microseconds(start.elapsed()));
    }
}

pub(crate) fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// How many of `count` rows that took so long are written in a second.
pub(crate) fn rows_per_second(count: usize, us: f64) -> f64 {
    count as f64 * 1e6 / us
}

impl Comparison {
    /// Of medians that were taken elsewhere, one of each side for each round.
    pub(crate) fn of(unit: &'static str, ours: Vec<f64>, bare: Vec<f64>) -> Self {
        Self { unit, ours, bare }
    }

    /// Of operations that write `count` rows each, in rows per second.
    pub(crate) fn rates(self, count: usize) -> Self {
        let rates = |us: Vec<f64>| us.into_iter().map(|us| rows_per_second(count, us)).collect();
        Self { unit: "rows/s", ours: rates(self.ours), bare: rates(self.bare) }
    }

    pub(crate) fn unit(&self) -> &'static str {
        self.unit
    }

    pub(crate) fn ours(&self) -> Spread {
        Spread::of(self.ours.clone())
    }

    pub(crate) fn bare(&self) -> Spread {
        Spread::of(self.bare.clone())
    }

    pub(crate) fn ratio(&self) -> Spread {
        self.each(|ours, bare| ours / bare)
    }

    pub(crate) fn difference(&self) -> Spread {
        self.each(|ours, bare| ours - bare)
    }

    fn each(&self, of: impl Fn(f64, f64) -> f64) -> Spread {
        Spread::of(self.ours.iter().zip(&self.bare).map(|(ours, bare)| of(*ours, *bare)).collect())
    }
}

impl Spread {
    /// Of at least one number.
    pub(crate) fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        Self { min: numbers[0], median: numbers[numbers.len() / 2], max: numbers[numbers.len() - 1] }
    }
}
