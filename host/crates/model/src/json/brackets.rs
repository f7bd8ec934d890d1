//! The brackets of a JSON text, without those in strings, 64 bytes at a time.
//!
//! Whoever only asks where things begin and end need not read what is in them, which costs a parser a branch for each
//! string. Does not judge: of a text that is not JSON it tells some brackets.

use wide::u8x64;

const BLOCK: usize = 64;

/// Positions of `{`, `}`, `[` and `]` outside of strings.
pub(super) struct Brackets<'t> {
    text: &'t [u8],
    /// Where the block that is looked at begins, and where the next one does.
    block: usize,
    next: usize,
    /// One bit for each bracket of the block that was not told yet.
    rest: u64,
    /// All bits where a string goes on behind the block, no bit otherwise.
    in_string: u64,
    /// Whether the block ends with a backslash that is about the next byte.
    escaping: bool,
}

impl<'t> Brackets<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, block: 0, next: 0, rest: 0, in_string: 0, escaping: false }
    }

    /// Looks at the next block. False behind the last one.
    fn look(&mut self) -> bool {
        let rest = &self.text[self.next..];
        let block = match rest.first_chunk::<BLOCK>() {
            Some(block) => u8x64::from(*block),
            None if rest.is_empty() => return false,
            None => {
                let mut block = [b' '; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                u8x64::from(block)
            }
        };
        self.block = self.next;
        self.next += rest.len().min(BLOCK);
        let is = |byte| block.simd_eq(u8x64::splat(byte)).to_bitmask();
        let escaped = self.escaped(is(b'\\'));
        let strings = from_quote_to_quote(is(b'"') & !escaped) ^ self.in_string;
        self.in_string = if strings >> 63 == 1 { u64::MAX } else { 0 };
        // This bit makes `{` of `[` and `}` of `]`, and neither of anything else.
        let curly = block | u8x64::splat(0x20);
        let brackets = curly.simd_eq(u8x64::splat(b'{')) | curly.simd_eq(u8x64::splat(b'}'));
        self.rest = brackets.to_bitmask() & !strings;
        true
    }

    /// The bytes that a backslash stands before, unless it is one of these itself.
    fn escaped(&mut self, backslashes: u64) -> u64 {
        let mut escaped = u64::from(self.escaping);
        let mut rest = backslashes & !escaped;
        self.escaping = false;
        while rest != 0 {
            let behind = 2_u64 << rest.trailing_zeros();
            self.escaping = behind == 0;
            escaped |= behind;
            rest &= rest - 1;
            rest &= !behind;
        }
        escaped
    }
}

impl Iterator for Brackets<'_> {
    type Item = (usize, u8);

    fn next(&mut self) -> Option<(usize, u8)> {
        while self.rest == 0 {
            if !self.look() {
                return None;
            }
        }
        let at = self.block + self.rest.trailing_zeros() as usize;
        self.rest &= self.rest - 1;
        Some((at, self.text[at]))
    }
}

/// Each bit is whether an odd number of quotes stand up to it.
fn from_quote_to_quote(quotes: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(quotes, |bits, by| bits ^ (bits << by))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte.
    fn one_by_one(text: &[u8]) -> Vec<(usize, u8)> {
        let (mut in_string, mut escaped, mut found) = (false, false, Vec::new());
        for (at, byte) in text.iter().copied().enumerate() {
            match byte {
                b'"' if !escaped => in_string = !in_string,
                b'{' | b'}' | b'[' | b']' if !in_string => found.push((at, byte)),
                _ => {}
            }
            escaped = byte == b'\\' && !escaped;
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn are_those_that_a_look_at_every_byte_finds(text in "[\\[\\]{}\"\\\\a;é]{0,200}") {
            prop_assert_eq!(Brackets::of(text.as_bytes()).collect::<Vec<_>>(), one_by_one(text.as_bytes()));
        }
    }

    #[test]
    fn a_backslash_at_the_end_of_a_block_is_about_the_next_one() {
        for backslashes in 1..4 {
            let text = format!("\"{}{}\"]\"[", "a".repeat(BLOCK - 1 - backslashes), "\\".repeat(backslashes));
            assert_eq!(Brackets::of(text.as_bytes()).collect::<Vec<_>>(), one_by_one(text.as_bytes()), "{text}");
        }
    }
}
