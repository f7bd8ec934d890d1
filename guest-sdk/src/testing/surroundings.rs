//! The clock, the randomness and the log of one test.
//!
//! Kept for each thread, because `cargo test` runs each test in a thread of its own: a test never sees another's time.
//! Begins at 2026-01-01T00:00:00Z with seed 0 and an empty log.

use std::cell::RefCell;

use crate::Timestamp;

struct Surroundings {
    now: Timestamp,
    state: u64,
    lines: Vec<String>,
}

thread_local! {
    static SURROUNDINGS: RefCell<Surroundings> =
        const { RefCell::new(Surroundings { now: Timestamp::date(2026, 1, 1), state: 0, lines: Vec::new() }) };
}

/// Sets the time that `ctx::now` answers in this test.
pub fn at(now: Timestamp) {
    SURROUNDINGS.with_borrow_mut(|surroundings| surroundings.now = now);
}

/// Begins the sequence of `ctx::random` anew in this test.
pub fn seed(seed: u64) {
    SURROUNDINGS.with_borrow_mut(|surroundings| surroundings.state = seed);
}

/// The lines that the plugin logged in this test since the last call, as `level: message`.
pub fn logged() -> Vec<String> {
    SURROUNDINGS.with_borrow_mut(|surroundings| std::mem::take(&mut surroundings.lines))
}

pub(crate) fn now() -> Timestamp {
    SURROUNDINGS.with_borrow(|surroundings| surroundings.now)
}

/// SplitMix64: every seed gives another sequence of full period.
pub(crate) fn random() -> u64 {
    SURROUNDINGS.with_borrow_mut(|surroundings| {
        surroundings.state = surroundings.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = surroundings.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    })
}

pub(crate) fn log(line: String) {
    SURROUNDINGS.with_borrow_mut(|surroundings| surroundings.lines.push(line));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx;

    #[test]
    fn a_seed_repeats_its_sequence() {
        seed(7);
        let first = [ctx::random(), ctx::random()];
        seed(7);
        assert_eq!([ctx::random(), ctx::random()], first);
        assert_ne!(first[0], first[1]);
    }

    #[test]
    fn time_stands_still_until_it_is_set() {
        assert_eq!(ctx::now(), Timestamp::date(2026, 1, 1));
        at(Timestamp::from_micros(5));
        assert_eq!(ctx::now().micros(), 5);
    }
}
