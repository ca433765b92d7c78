//! Merging sorted runs and what is still in memory.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::arena::Arena;
use super::run::RunReader;
use super::{Entry, Prefix};
use crate::error::Result;

/// Entries in the order of [`Entry`]'s `Ord`.
#[derive(Debug)]
pub struct Merge {
    /// Each source stands at an entry; the one whose entry comes first is on top. Boxed, because a heap moves things.
    sources: BinaryHeap<Box<Source>>,
    /// The entry on top has been lent already.
    lent: bool,
    /// The key of the last winner.
    winner: Option<Vec<u8>>,
    duplicates: u64,
}

impl Merge {
    pub(super) fn new(runs: Vec<RunReader>, arena: Arena) -> Result<Self> {
        let mut sources = BinaryHeap::with_capacity(runs.len() + 1);
        for mut run in runs {
            if run.advance()? {
                sources.push(Box::new(Source::new(From::Run(run))));
            }
        }
        if arena.len() > 0 {
            sources.push(Box::new(Source::new(From::Memory { arena, index: 0 })));
        }
        Ok(Self { sources, lent: false, winner: None, duplicates: 0 })
    }

    /// The next entry, equal keys included.
    #[expect(clippy::should_implement_trait, reason = "entries are lent, which an iterator cannot do")]
    pub fn next(&mut self) -> Result<Option<Entry<'_>>> {
        self.step()?;
        Ok(self.top())
    }

    /// The first entry of the next key; the rest of the last winner's key is skipped and counted.
    pub fn next_winner(&mut self) -> Result<Option<Entry<'_>>> {
        self.step()?;
        while let (Some(entry), Some(winner)) = (self.top(), &self.winner)
            && entry.key == winner
        {
            self.duplicates += 1;
            self.step()?;
        }
        if let Some(source) = self.sources.peek() {
            let winner = self.winner.get_or_insert_default();
            winner.clear();
            winner.extend_from_slice(source.entry().key);
        }
        Ok(self.top())
    }

    /// Entries that [`Merge::next_winner`] skipped so far.
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }

    #[cfg(test)]
    pub(super) fn sources(&self) -> usize {
        self.sources.len()
    }

    fn top(&self) -> Option<Entry<'_>> {
        self.sources.peek().map(|source| source.entry())
    }

    /// Brings the next entry to the top.
    fn step(&mut self) -> Result<()> {
        if self.lent
            && let Some(mut top) = self.sources.peek_mut()
            && !top.advance()?
        {
            PeekMut::pop(top);
        }
        self.lent = true;
        Ok(())
    }
}

#[derive(Debug)]
struct Source {
    /// Of the key of the entry at hand.
    prefix: Prefix,
    from: From,
}

#[derive(Debug)]
enum From {
    Run(RunReader),
    Memory { arena: Arena, index: usize },
}

impl Source {
    fn new(from: From) -> Self {
        Self { prefix: Prefix::of(from.entry().key), from }
    }

    fn advance(&mut self) -> Result<bool> {
        let more = match &mut self.from {
            From::Run(run) => run.advance()?,
            From::Memory { arena, index } => {
                *index += 1;
                *index < arena.len()
            }
        };
        self.prefix = Prefix::of(self.entry().key);
        Ok(more)
    }

    fn entry(&self) -> Entry<'_> {
        self.from.entry()
    }
}

impl From {
    fn entry(&self) -> Entry<'_> {
        match self {
            Self::Run(run) => run.entry(),
            Self::Memory { arena, index } => {
                arena.get(*index).unwrap_or(Entry { key: &[], rank: 0, sequence: 0, payload: &[] })
            }
        }
    }
}

/// Reversed: a heap has its greatest on top.
impl Ord for Source {
    fn cmp(&self, other: &Self) -> Ordering {
        other.prefix.cmp(&self.prefix).then_with(|| other.entry().cmp(&self.entry()))
    }
}

impl PartialOrd for Source {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.entry() == other.entry()
    }
}

impl Eq for Source {}
