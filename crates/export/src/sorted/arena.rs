//! Entries in memory: their bytes in blocks, one slot of fixed size for each in a vector, which is what is sorted.
//!
//! Blocks are never moved or grown, so filling them copies nothing twice, and memory is what was asked for.

use super::{Entry, Prefix};

/// The largest block, except for an entry that is larger. The first ones are smaller, for most sorters get little.
const BLOCK_BYTES: usize = 256 * 1024;
const FIRST_BLOCK_BYTES: usize = 4 * 1024;

#[derive(Debug, Default)]
pub(super) struct Arena {
    blocks: Vec<Vec<u8>>,
    /// Of all blocks.
    capacity: usize,
    slots: Vec<Slot>,
}

/// Where an entry's bytes are: the key at `start` of a block, the payload right behind it.
#[derive(Debug, Clone, Copy)]
struct Slot {
    prefix: Prefix,
    block: u32,
    rank: u8,
    start: usize,
    key_len: usize,
    payload_len: usize,
    sequence: u64,
}

impl Arena {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Takes an entry if no more than `memory_bytes` are allocated then. An empty arena takes any.
    pub(super) fn push(&mut self, entry: Entry<'_>, memory_bytes: usize) -> bool {
        let bytes = entry.key.len() + entry.payload.len();
        let slots = self.slots_with_one_more();
        let free = self.blocks.last().map_or(0, |block| block.capacity() - block.len());
        let room = memory_bytes.saturating_sub(slots * size_of::<Slot>() + self.capacity);
        let is_empty = self.slots.is_empty();
        if bytes > free || self.blocks.is_empty() {
            if bytes > room && !is_empty {
                return false;
            }
            let block = self.capacity.clamp(FIRST_BLOCK_BYTES, BLOCK_BYTES).min(room).max(bytes);
            self.blocks.push(Vec::with_capacity(block));
            self.capacity += block;
        } else if slots * size_of::<Slot>() + self.capacity > memory_bytes && !is_empty {
            return false;
        }
        self.slots.reserve_exact(slots - self.slots.len());
        let number = self.blocks.len() - 1;
        let (Ok(number), Some(block)) = (u32::try_from(number), self.blocks.last_mut()) else { return false };
        let start = block.len();
        block.extend_from_slice(entry.key);
        block.extend_from_slice(entry.payload);
        self.slots.push(Slot {
            prefix: Prefix::of(entry.key),
            block: number,
            rank: entry.rank,
            start,
            key_len: entry.key.len(),
            payload_len: entry.payload.len(),
            sequence: entry.sequence,
        });
        true
    }

    /// Equal entries cannot be told apart, so the sort need not be stable.
    pub(super) fn sort(&mut self) {
        let blocks = &self.blocks;
        self.slots.sort_unstable_by(|left, right| {
            left.prefix.cmp(&right.prefix).then_with(|| left.entry(blocks).cmp(&right.entry(blocks)))
        });
    }

    /// The entry at `index`, in order after [`Arena::sort`].
    pub(super) fn get(&self, index: usize) -> Option<Entry<'_>> {
        self.slots.get(index).map(|slot| slot.entry(&self.blocks))
    }

    pub(super) fn capacity_bytes(&self) -> usize {
        self.capacity + self.slots.capacity() * size_of::<Slot>()
    }

    /// The capacity of the slots with one more. It grows by a quarter, so a budget is used well.
    fn slots_with_one_more(&self) -> usize {
        let (capacity, needed) = (self.slots.capacity(), self.slots.len() + 1);
        if needed <= capacity { capacity } else { needed.max(capacity + capacity / 4) }
    }
}

impl Slot {
    fn entry<'a>(&self, blocks: &'a [Vec<u8>]) -> Entry<'a> {
        let block = blocks.get(self.block as usize).map(Vec::as_slice).unwrap_or_default();
        let entry = block.get(self.start..).unwrap_or_default();
        let (key, rest) = entry.split_at_checked(self.key_len).unwrap_or_default();
        let payload = rest.get(..self.payload_len).unwrap_or_default();
        Entry { key, rank: self.rank, sequence: self.sequence, payload }
    }
}
