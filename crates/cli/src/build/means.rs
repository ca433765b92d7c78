//! What a build may use of the machine. What it builds does not depend on it.

use std::num::NonZeroUsize;

/// Threads and memory for a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Means {
    cores: NonZeroUsize,
    memory_bytes: usize,
}

impl Means {
    pub(crate) const DEFAULT_MEMORY: &str = "64MiB";
    /// The least that `--memory` may be.
    pub(crate) const LEAST_MEMORY: &str = "16MiB";
    const DEFAULT_BYTES: usize = 64 << 20;
    pub(crate) const LEAST_BYTES: u64 = 16 << 20;

    /// For each thread, what it works on and what waits behind it to be written.
    const THREAD_BYTES: usize = 4 << 20;

    /// All cores, as far as the memory allows.
    pub(crate) fn with_memory(bytes: u64) -> Self {
        let memory_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Self { cores: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN), memory_bytes }
    }

    #[cfg(test)]
    pub(crate) fn new(cores: usize, memory_bytes: usize) -> Self {
        Self { cores: NonZeroUsize::new(cores).unwrap(), memory_bytes }
    }

    /// How many threads read and flatten records, besides the one that keeps the books: what they hold takes no more than a
    /// quarter of the memory.
    pub(crate) fn threads(self) -> NonZeroUsize {
        let most = self.memory_bytes / 4 / Self::THREAD_BYTES;
        self.cores.min(NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN))
    }

    /// For records that wait to be sorted: half of the memory. The rest is for reading them again, and for tables being
    /// written.
    pub(crate) fn for_sorters(self) -> usize {
        self.memory_bytes / 2
    }
}

impl Default for Means {
    fn default() -> Self {
        Self::with_memory(Self::DEFAULT_BYTES as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_memory_is_shared_by_few_threads() {
        for (cores, mebibytes, threads) in [(2, 64, 2), (16, 64, 4), (16, 16, 1), (16, 1024, 16), (8, 0, 1)] {
            assert_eq!(Means::new(cores, mebibytes << 20).threads().get(), threads, "{cores} cores, {mebibytes} MiB");
        }
        assert_eq!(Means::new(2, 64 << 20).for_sorters(), 32 << 20);
    }
}
