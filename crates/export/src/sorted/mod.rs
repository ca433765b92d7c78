//! Sorting more than fits in memory: entries are collected up to a budget, sorted, put aside in a temporary file as a
//! run, and all runs are merged at the end.
//!
//! De-duplication and last-writer-wins fall out of the order: of one key the entry that counts most comes first, and
//! [`Merge::next_winner`] skips the others. Nothing is interpreted here; an entry is bytes.

mod arena;
mod merge;
mod run;
mod spill;

use std::cmp::Ordering;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, JoinHandle};

use arena::Arena;
pub use merge::Merge;
use spill::Spill;

use crate::error::{Error, Result};

/// What was pushed, lent until the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    pub key: &'a [u8],
    /// Among entries of one key, the higher comes first.
    pub rank: u8,
    /// Among those of one key and rank, the higher comes first.
    pub sequence: u64,
    pub payload: &'a [u8],
}

impl Ord for Entry<'_> {
    /// Key ascending; then rank, sequence and payload, each descending.
    fn cmp(&self, other: &Self) -> Ordering {
        let newest_first = || {
            let left = (other.rank, other.sequence, other.payload);
            left.cmp(&(self.rank, self.sequence, self.payload))
        };
        self.key.cmp(other.key).then_with(newest_first)
    }
}

impl PartialOrd for Entry<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The first bytes of a key, as many as most gids have. Comparing them nearly always tells which of two keys comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Prefix([u64; 2]);

impl Prefix {
    /// What is missing counts as zero, so equal prefixes say nothing.
    fn of(key: &[u8]) -> Self {
        let mut bytes = [[0; 8]; 2];
        for (place, byte) in bytes.as_flattened_mut().iter_mut().zip(key) {
            *place = *byte;
        }
        Self(bytes.map(u64::from_be_bytes))
    }
}

/// Takes entries in any order.
#[derive(Debug)]
pub struct Sorter {
    arena: Arena,
    spill: Spill,
    /// Sorts and writes a run; it has what was put aside before.
    busy: Option<JoinHandle<Result<Spill>>>,
    memory_bytes: usize,
}

impl Sorter {
    /// A sorter that spills to nameless files in `dir` when its entries take more than `memory_bytes`.
    ///
    /// An entry larger than that is taken too, and buffers for reading spilled runs (at most 64 times 64 KiB) come on
    /// top. Nothing is allocated, and no file made, before there is need.
    pub fn new(dir: &Path, memory_bytes: usize) -> Self {
        Self { arena: Arena::default(), spill: Spill::new(dir), busy: None, memory_bytes }
    }

    /// # Errors
    /// When entries have to be put aside and the disk is full, say. The sorter is of no use then.
    pub fn push(&mut self, key: &[u8], rank: u8, sequence: u64, payload: &[u8]) -> Result<()> {
        let entry = Entry { key, rank, sequence, payload };
        if !self.arena.push(entry, self.memory_bytes) {
            self.spill()?;
            self.arena.push(entry, self.memory_bytes);
        }
        Ok(())
    }

    /// Puts aside what is in memory, as if there were no more of it.
    ///
    /// # Errors
    /// Those of [`Sorter::push`].
    pub fn spill(&mut self) -> Result<()> {
        self.settle()?;
        let mut arena = std::mem::take(&mut self.arena);
        arena.sort();
        if arena.len() > 0 { self.spill.add_run(&arena) } else { Ok(()) }
    }

    /// The same on a thread of its own, which keeps that memory until it is done.
    ///
    /// # Errors
    /// Those of [`Sorter::settle`], and when no thread can be had.
    pub fn spill_aside(&mut self) -> Result<()> {
        self.settle()?;
        let mut arena = std::mem::take(&mut self.arena);
        if arena.len() == 0 {
            return Ok(());
        }
        let dir = self.spill.dir().to_owned();
        let mut spill = std::mem::replace(&mut self.spill, Spill::new(&dir));
        let sort = move || {
            arena.sort();
            spill.add_run(&arena)?;
            Ok(spill)
        };
        self.busy = Some(thread::Builder::new().spawn(sort).map_err(Error::io("start a thread to sort in", &dir))?);
        Ok(())
    }

    /// Waits until nothing is on its way to the disk any more.
    ///
    /// # Errors
    /// Those of [`Sorter::push`].
    pub fn settle(&mut self) -> Result<()> {
        if let Some(busy) = self.busy.take() {
            self.spill = busy.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        }
        Ok(())
    }

    /// Bytes of memory that entries take, those on their way to the disk not counted.
    pub fn memory(&self) -> usize {
        self.arena.capacity_bytes()
    }

    /// What was pushed, in order. Keeps the entries that are still in memory there.
    pub fn finish(mut self) -> Result<Merge> {
        self.settle()?;
        self.arena.sort();
        Merge::new(self.spill.into_runs()?, self.arena)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Owned = (Vec<u8>, u8, u64, Vec<u8>);

    fn sorter(entries: &[Owned], dir: &Path, memory_bytes: usize) -> Sorter {
        let mut sorter = Sorter::new(dir, memory_bytes);
        for (key, rank, sequence, payload) in entries {
            sorter.push(key, *rank, *sequence, payload).unwrap();
        }
        sorter
    }

    fn all(mut merge: Merge) -> Vec<Owned> {
        let mut entries = Vec::new();
        while let Some(entry) = merge.next().unwrap() {
            entries.push((entry.key.to_vec(), entry.rank, entry.sequence, entry.payload.to_vec()));
        }
        assert_eq!(merge.next().unwrap(), None);
        entries
    }

    fn in_memory(mut entries: Vec<Owned>) -> Vec<Owned> {
        entries.sort_by(|left, right| {
            left.0.cmp(&right.0).then((right.1, right.2, &right.3).cmp(&(left.1, left.2, &left.3)))
        });
        entries
    }

    fn entry() -> impl Strategy<Value = Owned> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..6);
        let few = prop::collection::vec(0_u8..3, 0..3);
        (prop_oneof![few, bytes()], 0_u8..3, prop_oneof![0_u64..4, any::<u64>()], bytes())
    }

    proptest! {
        #[test]
        fn equals_sorting_in_memory(entries in prop::collection::vec(entry(), 0..300), memory_bytes in 1_usize..3000) {
            let dir = tempfile::tempdir().unwrap();
            let merge = sorter(&entries, dir.path(), memory_bytes).finish().unwrap();
            prop_assert_eq!(all(merge), in_memory(entries));
        }

        #[test]
        fn winners_are_the_first_of_each_key(entries in prop::collection::vec(entry(), 0..100), memory_bytes in 1_usize..1000) {
            let dir = tempfile::tempdir().unwrap();
            let mut merge = sorter(&entries, dir.path(), memory_bytes).finish().unwrap();
            let mut winners = Vec::new();
            while let Some(entry) = merge.next_winner().unwrap() {
                winners.push((entry.key.to_vec(), entry.rank, entry.sequence, entry.payload.to_vec()));
            }
            let count = entries.len();
            let mut expected = in_memory(entries);
            expected.dedup_by(|later, earlier| later.0 == earlier.0);
            prop_assert_eq!(merge.duplicates(), (count - expected.len()) as u64);
            prop_assert_eq!(winners, expected);
        }
    }

    /// A budget of one byte makes a run of each entry, so this passes through three levels of merging.
    #[test]
    fn thousands_of_runs_are_merged_with_few_files_open() {
        let dir = tempfile::tempdir().unwrap();
        let entry = |index: u64| (((index * 7919) % 5003).to_be_bytes().to_vec(), 0, index, vec![1; 3]);
        let entries: Vec<Owned> = (0..9001).map(entry).collect();
        let sorter = sorter(&entries, dir.path(), 1);
        assert!(sorter.spill.files() <= 3);
        let merge = sorter.finish().unwrap();
        assert!(merge.sources() <= 65);
        assert_eq!(all(merge), in_memory(entries));
    }

    #[test]
    fn entries_larger_than_the_budget_pass_through() {
        let dir = tempfile::tempdir().unwrap();
        let entry = |byte: u8| (vec![byte; 100_000], 0, 0, vec![byte; 300_000]);
        let entries: Vec<Owned> = [3, 1, 2, 1].map(entry).into();
        let merge = sorter(&entries, dir.path(), 1000).finish().unwrap();
        assert_eq!(all(merge), in_memory(entries));
    }

    #[test]
    fn makes_no_file_while_memory_suffices() {
        let missing = Path::new("/nonexistent/folder");
        assert_eq!(all(Sorter::new(missing, 1).finish().unwrap()), []);
        let entries: Vec<Owned> = vec![(vec![2], 0, 0, vec![]), (vec![1], 0, 0, vec![])];
        let merge = sorter(&entries, missing, 1_000_000).finish().unwrap();
        assert_eq!(all(merge), in_memory(entries));

        let mut sorter = Sorter::new(missing, 1);
        sorter.push(b"1", 0, 0, b"").unwrap();
        let error = sorter.push(b"2", 0, 0, b"").unwrap_err();
        assert!(error.to_string().contains("/nonexistent/folder"), "{error}");
    }

    #[test]
    fn memory_stays_within_the_budget() {
        let dir = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(dir.path(), 100_000);
        for index in 0..20_000_u64 {
            sorter.push(&index.to_le_bytes(), 0, index, b"some payload").unwrap();
            assert!(sorter.arena.capacity_bytes() <= 100_000, "{} bytes", sorter.arena.capacity_bytes());
        }
    }

    #[test]
    fn what_is_put_aside_when_asked_to_comes_out_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let entries: Vec<Owned> =
            (0..500_u64).map(|index| ((index * 7 % 256).to_le_bytes()[..1].to_vec(), 0, index, vec![2; 50])).collect();
        let mut sorter = Sorter::new(dir.path(), 1 << 20);
        for (at, (key, rank, sequence, payload)) in entries.iter().enumerate() {
            sorter.push(key, *rank, *sequence, payload).unwrap();
            if at % 99 == 0 {
                assert!(sorter.memory() > 0);
                if at % 2 == 0 {
                    sorter.spill().unwrap();
                } else {
                    sorter.spill_aside().unwrap();
                }
                assert_eq!(sorter.memory(), 0);
                sorter.spill().unwrap();
            }
        }
        let merge = sorter.finish().unwrap();
        assert_eq!(merge.sources(), 7);
        assert_eq!(all(merge), in_memory(entries));
    }

    #[test]
    fn what_fails_aside_is_an_error_of_the_next_call() {
        let mut sorter = Sorter::new(Path::new("/nonexistent/folder"), 1 << 20);
        sorter.push(b"1", 0, 0, b"").unwrap();
        sorter.spill_aside().unwrap();
        sorter.push(b"2", 0, 0, b"").unwrap();
        let error = sorter.finish().unwrap_err();
        assert!(error.to_string().contains("/nonexistent/folder"), "{error}");
    }

    #[test]
    fn spilled_files_have_no_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(dir.path(), 1);
        for byte in 0..10 {
            sorter.push(&[byte], 0, 0, b"").unwrap();
        }
        if cfg!(unix) {
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        }
        assert_eq!(all(sorter.finish().unwrap()).len(), 10);
    }
}
