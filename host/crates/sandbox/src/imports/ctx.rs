//! `modelhost:plugin/ctx`: time and randomness of one operation.
//!
//! Both are fixed by the operation's context, so that a call can be recorded and replayed: the clock stands, the sequence
//! begins anew with the seed. A malicious guest can do nothing with them but spend host calls, which are counted.

/// Time and randomness of one operation.
#[derive(Debug, Clone)]
pub(crate) struct OperationCtx {
    pub(crate) now_us: i64,
    pub(crate) random: SplitMix64,
}

/// SplitMix64: a sequence that a seed determines, good enough to spread values and of no use for secrets.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_published_sequence() {
        let mut random = SplitMix64::new(1234567);
        assert_eq!(random.next(), 6457827717110365317);
        assert_eq!(random.next(), 3203168211198807973);
    }
}
