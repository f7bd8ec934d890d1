//! The limits of guest code, each with the attack or accident it prevents.
//!
//! Every limit is on from the start: there is no "unlimited". An operator may raise the sandbox's limits, a namespace only
//! lower them ([`Limits::at_most`]). How many models and fields a plugin may declare is the model crate's limit.

/// What guest code may use. Counts and bytes are per operation unless the line says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all linear memories and tables of an instance together. Prevents a leak or a bomb from taking the host's
    /// memory, also when it is spread over many memories that are small each. At most 64 MiB: the size of a pool slot.
    pub memory_bytes_max: usize,
    /// Linear memories of an instance. Prevents one component from taking the pool's slots of all others.
    pub memories_max: usize,
    /// Tables of an instance. As `memories_max`.
    pub tables_max: usize,
    /// Core instances inside one component instance. As `memories_max`.
    pub core_instances_max: usize,
    /// Elements of all tables of an instance together. Prevents tables from being the memory that nobody counts.
    pub table_elements_max: usize,
    /// Bytes of stack. Prevents endless recursion; belongs to the whole sandbox, a namespace cannot change it.
    pub stack_bytes_max: usize,
    /// Bytes that one call may hand from guest to host. Prevents millions of empty strings from filling the host's memory.
    pub output_bytes_max: usize,
    /// Milliseconds in which guest code runs, over all calls. Prevents an endless loop from keeping a worker.
    pub call_time_ms_max: u64,
    /// Calls from guest to host. Prevents a loop of cheap host calls from being the work that nobody counts.
    pub host_calls_max: u64,
    /// Resource handles alive at once. Prevents handles that are never dropped from filling the host's tables.
    pub handles_max: usize,
    /// Bytes of one log line; the rest of the line is cut. Prevents a line that no log viewer survives.
    pub log_line_bytes_max: usize,
    /// Bytes of all log lines; further lines are dropped and counted. Prevents a log flood.
    pub log_bytes_max: usize,
    /// Violations in one answer. Prevents an answer that no caller can read.
    pub violations_max: usize,
    /// Bytes of a violation's message or text parameter; the rest is cut. Prevents megabytes of text in an answer.
    pub violation_text_bytes_max: usize,
    /// Bytes of a component. Prevents artifacts that take minutes to compile; checked before anything reads them.
    pub component_bytes_max: usize,
    /// Bytes that compiling a component may take. Prevents a component that is small and takes the machine's memory to
    /// compile. Belongs to the whole sandbox; holds where components are compiled in a process of their own.
    pub compile_memory_bytes_max: usize,
    /// Seconds of processor that compiling a component may take. As `compile_memory_bytes_max`, for time.
    pub compile_cpu_seconds_max: u64,
}

impl Limits {
    /// What applies unless somebody decides otherwise: room for a compiled plugin, not for an interpreter.
    pub const fn standard() -> Self {
        Self {
            memory_bytes_max: 32 << 20,
            memories_max: 4,
            tables_max: 8,
            core_instances_max: 16,
            table_elements_max: 10_000,
            stack_bytes_max: 512 << 10,
            output_bytes_max: 4 << 20,
            call_time_ms_max: 100,
            host_calls_max: 10_000,
            handles_max: 1_000,
            log_line_bytes_max: 1 << 10,
            log_bytes_max: 64 << 10,
            violations_max: 1_000,
            violation_text_bytes_max: 1 << 10,
            component_bytes_max: 8 << 20,
            compile_memory_bytes_max: 2 << 30,
            compile_cpu_seconds_max: 60,
        }
    }

    /// The smaller of each: how a namespace's limits apply within the sandbox's.
    #[must_use]
    pub fn at_most(&self, other: &Self) -> Self {
        Self {
            memory_bytes_max: self.memory_bytes_max.min(other.memory_bytes_max),
            memories_max: self.memories_max.min(other.memories_max),
            tables_max: self.tables_max.min(other.tables_max),
            core_instances_max: self.core_instances_max.min(other.core_instances_max),
            table_elements_max: self.table_elements_max.min(other.table_elements_max),
            stack_bytes_max: self.stack_bytes_max.min(other.stack_bytes_max),
            output_bytes_max: self.output_bytes_max.min(other.output_bytes_max),
            call_time_ms_max: self.call_time_ms_max.min(other.call_time_ms_max),
            host_calls_max: self.host_calls_max.min(other.host_calls_max),
            handles_max: self.handles_max.min(other.handles_max),
            log_line_bytes_max: self.log_line_bytes_max.min(other.log_line_bytes_max),
            log_bytes_max: self.log_bytes_max.min(other.log_bytes_max),
            violations_max: self.violations_max.min(other.violations_max),
            violation_text_bytes_max: self.violation_text_bytes_max.min(other.violation_text_bytes_max),
            component_bytes_max: self.component_bytes_max.min(other.component_bytes_max),
            compile_memory_bytes_max: self.compile_memory_bytes_max.min(other.compile_memory_bytes_max),
            compile_cpu_seconds_max: self.compile_cpu_seconds_max.min(other.compile_cpu_seconds_max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_only_lowers() {
        let sandbox = Limits::standard();
        let namespace = Limits { call_time_ms_max: 10, host_calls_max: u64::MAX, ..sandbox };
        let limits = namespace.at_most(&sandbox);
        assert_eq!(limits.call_time_ms_max, 10);
        assert_eq!(limits.host_calls_max, 10_000);
    }
}
