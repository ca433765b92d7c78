//! Entries in memory: their bytes in one vector, one slot of fixed size for each in another, which is what is sorted.

use super::{Entry, Prefix};

#[derive(Debug, Default)]
pub(super) struct Arena {
    bytes: Vec<u8>,
    slots: Vec<Slot>,
}

/// Where an entry's bytes are: the key at `start`, the payload right behind it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    prefix: Prefix,
    start: usize,
    key_len: usize,
    payload_len: usize,
    sequence: u64,
    rank: u8,
}

impl Arena {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether an entry can be added with no more than `memory_bytes` allocated. An empty arena takes any.
    pub(super) fn has_room(&self, entry: Entry<'_>, memory_bytes: usize) -> bool {
        let (bytes, slots) = self.grown(entry);
        let used = self.used_bytes() + entry.key.len() + entry.payload.len() + size_of::<Slot>();
        self.slots.is_empty() || (used <= memory_bytes && bytes + slots * size_of::<Slot>() <= memory_bytes)
    }

    pub(super) fn push(&mut self, entry: Entry<'_>) {
        let (bytes, slots) = self.grown(entry);
        self.bytes.reserve_exact(bytes - self.bytes.len());
        self.slots.reserve_exact(slots - self.slots.len());
        let (start, key_len, payload_len) = (self.bytes.len(), entry.key.len(), entry.payload.len());
        self.bytes.extend_from_slice(entry.key);
        self.bytes.extend_from_slice(entry.payload);
        let (prefix, sequence, rank) = (Prefix::of(entry.key), entry.sequence, entry.rank);
        self.slots.push(Slot { prefix, start, key_len, payload_len, sequence, rank });
    }

    /// Equal entries cannot be told apart, so the sort need not be stable.
    pub(super) fn sort(&mut self) {
        let bytes = &self.bytes;
        self.slots.sort_unstable_by(|left, right| {
            left.prefix.cmp(&right.prefix).then_with(|| left.entry(bytes).cmp(&right.entry(bytes)))
        });
    }

    /// Empties it, and gives back memory that is over the budget or was of little use.
    pub(super) fn clear(&mut self, memory_bytes: usize) {
        let capacity = self.capacity_bytes();
        if capacity > memory_bytes || self.used_bytes() < capacity / 2 {
            *self = Self::default();
        } else {
            self.bytes.clear();
            self.slots.clear();
        }
    }

    /// The entry at `index`, in order after [`Arena::sort`].
    pub(super) fn get(&self, index: usize) -> Option<Entry<'_>> {
        self.slots.get(index).map(|slot| slot.entry(&self.bytes))
    }

    fn used_bytes(&self) -> usize {
        self.bytes.len() + self.slots.len() * size_of::<Slot>()
    }

    pub(super) fn capacity_bytes(&self) -> usize {
        self.bytes.capacity() + self.slots.capacity() * size_of::<Slot>()
    }

    /// The capacities of both vectors with one more entry. They grow by a quarter, so a budget is used well.
    fn grown(&self, entry: Entry<'_>) -> (usize, usize) {
        let grown = |capacity: usize, needed: usize| {
            if needed <= capacity { capacity } else { needed.max(capacity + capacity / 4) }
        };
        let bytes = self.bytes.len() + entry.key.len() + entry.payload.len();
        (grown(self.bytes.capacity(), bytes), grown(self.slots.capacity(), self.slots.len() + 1))
    }
}

impl Slot {
    fn entry<'a>(&self, bytes: &'a [u8]) -> Entry<'a> {
        let entry = bytes.get(self.start..).unwrap_or_default();
        let (key, rest) = entry.split_at_checked(self.key_len).unwrap_or_default();
        let payload = rest.get(..self.payload_len).unwrap_or_default();
        Entry { key, rank: self.rank, sequence: self.sequence, payload }
    }
}
