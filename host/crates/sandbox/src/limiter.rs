//! The memory of one instance: the sum over all its linear memories and tables.
//!
//! wasmtime asks before each allocation and growth. A refusal is an answer the guest may survive (`memory.grow` gives -1);
//! the limiter remembers it, so that the trap which usually follows is told as what it is.

use wasmtime::ResourceLimiter;

use crate::Limits;
use crate::fault::Exceeded;

/// Bytes that one table element takes in the host.
const ELEMENT_BYTES: usize = 8;

/// Sums what one instance holds.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Limits,
    memory_bytes: usize,
    table_elements: usize,
    denied: Option<Exceeded>,
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, memory_bytes: 0, table_elements: 0, denied: None }
    }

    /// The limit that a growth would have broken, if one was refused.
    pub(crate) fn denied(&self) -> Option<Exceeded> {
        self.denied
    }

    /// Takes `bytes` more, or remembers that they were refused.
    fn take(&mut self, bytes: usize) -> bool {
        let sum = self.memory_bytes.saturating_add(bytes);
        if sum > self.limits.memory_bytes_max {
            self.denied = Some(Exceeded {
                limit: "memory_bytes_max",
                max: self.limits.memory_bytes_max as u64,
                unit: "bytes of memory",
            });
            return false;
        }
        self.memory_bytes = sum;
        true
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(is_within(desired, maximum) && self.take(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if !is_within(desired, maximum) {
            return Ok(false);
        }
        let more = desired.saturating_sub(current);
        let sum = self.table_elements.saturating_add(more);
        if sum > self.limits.table_elements_max {
            self.denied = Some(Exceeded {
                limit: "table_elements_max",
                max: self.limits.table_elements_max as u64,
                unit: "table elements",
            });
            return Ok(false);
        }
        if !self.take(more.saturating_mul(ELEMENT_BYTES)) {
            return Ok(false);
        }
        self.table_elements = sum;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.core_instances_max
    }

    fn tables(&self) -> usize {
        self.limits.tables_max
    }

    fn memories(&self) -> usize {
        self.limits.memories_max
    }
}

/// Whether the guest's own maximum allows the growth. One that it forbids takes nothing and is no denial of ours.
fn is_within(desired: usize, maximum: Option<usize>) -> bool {
    maximum.is_none_or(|maximum| desired <= maximum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_memories_and_tables() {
        let mut limiter =
            Limiter::new(Limits { memory_bytes_max: 1_000, table_elements_max: 100, ..Limits::standard() });
        assert!(limiter.memory_growing(0, 400, None).unwrap());
        assert!(limiter.table_growing(0, 50, None).unwrap());
        assert!(limiter.memory_growing(0, 200, None).unwrap());
        assert!(!limiter.memory_growing(200, 300, Some(250)).unwrap());
        assert_eq!(limiter.denied(), None);
        assert!(!limiter.memory_growing(200, 201, None).unwrap());
        assert_eq!(limiter.denied().unwrap().limit, "memory_bytes_max");
        assert!(!limiter.table_growing(50, 101, None).unwrap());
        assert_eq!(limiter.denied().unwrap().limit, "table_elements_max");
        assert!(!limiter.memory_growing(0, usize::MAX, None).unwrap());
    }
}
