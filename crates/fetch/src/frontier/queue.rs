//! Units that wait, in the order in which they came. There can be several for each object of the workspace, so that they
//! are kept as a few bytes each: the listing, and how far the parent's gid is from that of the unit before.

use std::collections::VecDeque;

use asana_model::{Gid, varint};

use super::Unit;

/// Memory is taken and given back in pieces of this size.
const BLOCK_BYTES: usize = 4096;
/// The most that a unit takes: two numbers.
const LONGEST: usize = 20;

/// A queue that takes about as much memory as what is in it.
#[derive(Debug, Default)]
pub(super) struct Queue {
    blocks: VecDeque<Vec<u8>>,
    front: Front,
    /// The last number that was appended.
    back: u64,
    /// Units that are more than a listing and a number. The bytes say where they stand among the others.
    whole: VecDeque<Unit>,
    len: usize,
}

/// How far a queue is read.
#[derive(Debug, Default, Clone, Copy)]
struct Front {
    block: usize,
    at: usize,
    /// The last number that was read.
    number: u64,
    /// Units that were read of [`Queue::whole`].
    whole: usize,
}

/// What the bytes say of a unit.
enum Packed {
    Unit(Unit),
    /// It is the next one of those that are kept as they are.
    Whole,
}

impl Queue {
    pub(super) fn push_back(&mut self, unit: Unit) {
        if self.blocks.back().is_none_or(|block| block.len() + LONGEST > BLOCK_BYTES) {
            self.blocks.push_back(Vec::with_capacity(BLOCK_BYTES));
        }
        let Some(block) = self.blocks.back_mut() else { return };
        let word = unit.parent.as_ref().and_then(Gid::word).filter(|_| unit.variant.is_none());
        if let Some(number) = word {
            varint::push(block, unit.listing as u64 + 1);
            varint::push(block, distance(self.back, number));
            self.back = number;
        } else {
            varint::push(block, 0);
            self.whole.push_back(unit);
        }
        self.len += 1;
    }

    pub(super) fn pop_front(&mut self) -> Option<Unit> {
        let unit = match self.front.read(&self.blocks)? {
            Packed::Unit(unit) => unit,
            Packed::Whole => self.whole.pop_front()?,
        };
        self.len -= 1;
        while self.front.block > 0 {
            self.blocks.pop_front();
            self.front.block -= 1;
        }
        if self.len == 0 {
            *self = Self::default();
        }
        Some(unit)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What waits, without taking it out.
    pub(super) fn iter(&self) -> impl Iterator<Item = Unit> {
        let mut front = self.front;
        std::iter::from_fn(move || match front.read(&self.blocks)? {
            Packed::Unit(unit) => Some(unit),
            Packed::Whole => {
                front.whole += 1;
                self.whole.get(front.whole - 1).cloned()
            }
        })
    }
}

impl Front {
    /// Goes on behind the next unit.
    fn read(&mut self, blocks: &VecDeque<Vec<u8>>) -> Option<Packed> {
        let number = |front: &mut Self| {
            let (number, bytes) = varint::first(blocks.get(front.block)?.get(front.at..)?)?;
            front.at += bytes;
            Some(number)
        };
        if blocks.get(self.block).is_some_and(|block| self.at == block.len()) && self.block + 1 < blocks.len() {
            (self.block, self.at) = (self.block + 1, 0);
        }
        let Some(listing) = number(self)?.checked_sub(1) else { return Some(Packed::Whole) };
        self.number = end_of(self.number, number(self)?);
        Some(Packed::Unit(Unit::new(usize::try_from(listing).ok()?, Some(Gid::of_word(self.number)))))
    }
}

/// From one number to another, up or down: small where they are near.
fn distance(from: u64, to: u64) -> u64 {
    let up = to.wrapping_sub(from);
    let down = from.wrapping_sub(to);
    // All distances up are even, and half of all numbers is as far as one can get.
    if up <= down { up << 1 } else { (down << 1) - 1 }
}

fn end_of(from: u64, distance: u64) -> u64 {
    let far = distance >> 1;
    if distance & 1 == 0 { from.wrapping_add(far) } else { from.wrapping_sub(far + 1) }
}

impl Extend<Unit> for Queue {
    fn extend<I: IntoIterator<Item = Unit>>(&mut self, units: I) {
        units.into_iter().for_each(|unit| self.push_back(unit));
    }
}

impl Iterator for Queue {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        self.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Again, Variant};
    use super::*;

    impl Queue {
        /// The bytes of its blocks.
        fn heap_bytes(&self) -> usize {
            let blocks = self.blocks.capacity() * size_of::<Vec<u8>>();
            blocks + self.blocks.iter().map(Vec::capacity).sum::<usize>() + self.whole.capacity() * size_of::<Unit>()
        }
    }

    /// In the order in which listings show objects, each with two units, whatever lies between their gids.
    #[test]
    fn usual_units_take_few_bytes() {
        for (apart, most) in [(1_000, 10), (1_000_000_000, 16)] {
            let mut queue = Queue::default();
            for n in 0..50_000_u64 {
                let gid = Gid::of_word(1_200_000_000_000_000 + n * 31_337 % 50_000 * apart);
                queue.extend([3, 71].map(|listing| Unit::new(listing, Some(gid.clone()))));
            }
            assert!(queue.heap_bytes() < 50_000 * most, "{} bytes", queue.heap_bytes());
            let half = 50_000;
            assert_eq!(queue.by_ref().take(half).count(), half);
            assert!(queue.heap_bytes() < 25_000 * most + 8192, "{} bytes", queue.heap_bytes());
            assert_eq!((queue.len(), queue.iter().count()), (half, half));
        }
    }

    fn unit() -> impl Strategy<Value = Unit> {
        let gid = prop_oneof![
            8 => (0_u64..100).prop_map(|number| number.to_string()),
            4 => any::<u64>().prop_map(|number| number.to_string()),
            1 => prop_oneof![Just("0".to_owned()), Just(u64::MAX.to_string()), Just("007".to_owned()), "[a-c]{0,2}"],
        ];
        let variant = prop_oneof![
            9 => Just(None),
            1 => Just(Some(Box::new(Variant { item: None, again: Some(Again::Since("2026".into())) }))),
        ];
        (0_usize..300, prop::option::weighted(0.95, gid), variant).prop_map(|(listing, gid, variant)| Unit {
            listing,
            parent: gid.as_deref().map(Gid::new),
            variant,
        })
    }

    proptest! {
        #[test]
        fn it_gives_back_what_came_in_that_order(
            steps in prop::collection::vec(prop_oneof![3 => unit().prop_map(Some), 2 => Just(None)], 0..1500),
        ) {
            let (mut queue, mut expected) = (Queue::default(), VecDeque::new());
            for step in steps {
                if let Some(unit) = step {
                    queue.push_back(unit.clone());
                    expected.push_back(unit);
                } else {
                    prop_assert_eq!(queue.pop_front(), expected.pop_front());
                }
                prop_assert_eq!(queue.len(), expected.len());
            }
            prop_assert!(queue.iter().eq(expected.iter().cloned()));
            prop_assert!(queue.eq(expected));
        }

        #[test]
        fn any_number_is_reached_from_any_other(from in any::<u64>(), to in any::<u64>(), near in -300_i64..300) {
            prop_assert_eq!(end_of(from, distance(from, to)), to);
            let to = from.wrapping_add_signed(near);
            prop_assert_eq!(end_of(from, distance(from, to)), to);
            prop_assert!(distance(from, to) <= 600);
        }
    }
}
