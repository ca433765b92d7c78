//! A set of gids that come in any order, in a few bytes each.
//!
//! A hash table of words takes ten to twenty bytes for each, and once more while it grows. Here they are kept in the order
//! of their numbers, in small blocks: what lies between one and the next is written in as many bytes as it needs.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::gid::canonical;
use crate::varint;

/// A block is split when it has more bytes than this.
const BLOCK_BYTES: usize = 384;
/// A block grows by so many bytes at once.
const GROWTH: usize = 48;
/// Two distances have so many bytes at most.
const LONGEST: usize = 20;

/// A set of gids. Usual ones take three to seven bytes, the closer together the fewer; others keep their text.
#[derive(Debug, Default)]
pub struct GidSet {
    /// By the first number of each block, the distances from one number to the next, each less one.
    blocks: BTreeMap<u64, Vec<u8>>,
    numbers: usize,
    texts: HashSet<Box<str>>,
}

/// Where a number is in a block, or would be.
struct Found {
    /// The last number before it; itself, if it is the first one.
    before: u64,
    /// Where the distance behind `before` begins.
    at: usize,
    /// The number to which it leads, which is not below the one that is looked for, and where it ends.
    next: Option<(u64, usize)>,
}

impl GidSet {
    /// Adds `gid`; true when it was not there yet.
    pub fn insert(&mut self, gid: &str) -> bool {
        let Some(number) = canonical(gid) else {
            return !self.texts.contains(gid) && self.texts.insert(gid.into());
        };
        let is_new = self.insert_number(number);
        self.numbers += usize::from(is_new);
        is_new
    }

    /// Takes `gid` out; true when it was there.
    pub fn remove(&mut self, gid: &str) -> bool {
        let Some(number) = canonical(gid) else { return self.texts.remove(gid) };
        let was_there = self.remove_number(number);
        self.numbers -= usize::from(was_there);
        was_there
    }

    pub fn contains(&self, gid: &str) -> bool {
        let Some(number) = canonical(gid) else { return self.texts.contains(gid) };
        let block = self.blocks.range(..=number).next_back();
        block.is_some_and(|(first, distances)| {
            let Found { before, next, .. } = find(*first, distances, number);
            before == number || next.is_some_and(|(next, _)| next == number)
        })
    }

    /// The gids: numbers from the lowest to the highest, then all others in no order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let numbers = self.blocks.iter().flat_map(|(first, distances)| numbers(*first, distances));
        let texts = self.texts.iter().map(|text| Cow::Borrowed(&**text));
        numbers.map(|number| Cow::Owned(number.to_string())).chain(texts)
    }

    pub fn len(&self) -> usize {
        self.numbers + self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert_number(&mut self, number: u64) -> bool {
        let Some((&first, distances)) = self.blocks.range_mut(..=number).next_back() else {
            self.insert_before_all(number);
            return true;
        };
        let Found { before, next, at } = find(first, distances, number);
        if number == before || next.is_some_and(|(next, _)| next == number) {
            return false;
        }
        let room = if distances.capacity() - distances.len() < LONGEST { GROWTH } else { 0 };
        let is_full = distances.len() > BLOCK_BYTES;
        let Some((next, end)) = next else {
            // Numbers often ascend: a block that is full stays so.
            if is_full {
                self.blocks.insert(number, Vec::new());
            } else {
                distances.reserve_exact(room);
                varint::push(distances, number - before - 1);
            }
            return true;
        };
        let mut both = Vec::with_capacity(LONGEST);
        varint::push(&mut both, number - before - 1);
        varint::push(&mut both, next - number - 1);
        distances.reserve_exact(room);
        distances.splice(at..end, both);
        if is_full {
            self.split(first);
        }
        true
    }

    fn insert_before_all(&mut self, number: u64) {
        let mut block = Vec::new();
        if let Some(lowest) = self.blocks.first_entry().filter(|lowest| lowest.get().len() <= BLOCK_BYTES) {
            let (first, distances) = lowest.remove_entry();
            block.reserve_exact(distances.len() + GROWTH);
            varint::push(&mut block, first - number - 1);
            block.extend_from_slice(&distances);
        }
        self.blocks.insert(number, block);
    }

    /// Makes two blocks of the one that begins with `first`.
    fn split(&mut self, first: u64) {
        let Some(distances) = self.blocks.get_mut(&first) else { return };
        let (mut number, mut at) = (first, 0);
        while let Some((next, end)) = following(number, distances, at) {
            if end > distances.len() / 2 {
                let rest = distances.get(end..).unwrap_or_default().to_vec();
                distances.truncate(at);
                distances.shrink_to(at + GROWTH);
                self.blocks.insert(next, rest);
                return;
            }
            (number, at) = (next, end);
        }
    }

    fn remove_number(&mut self, number: u64) -> bool {
        let Some((&first, distances)) = self.blocks.range_mut(..=number).next_back() else { return false };
        if number == first {
            let rest = self.blocks.remove(&first).unwrap_or_default();
            if let Some((second, end)) = following(first, &rest, 0) {
                self.blocks.insert(second, rest.get(end..).unwrap_or_default().to_vec());
            }
            return true;
        }
        let Found { before, next: found, at } = find(first, distances, number);
        let Some((_, end)) = found.filter(|(found, _)| *found == number) else { return false };
        match following(number, distances, end) {
            Some((behind, behind_end)) => {
                let mut one = Vec::with_capacity(10);
                varint::push(&mut one, behind - before - 1);
                distances.splice(at..behind_end, one);
            }
            None => distances.truncate(at),
        }
        true
    }
}

/// The number that the distance at a place leads to, and where it ends; `None` behind the last one.
fn following(number: u64, distances: &[u8], at: usize) -> Option<(u64, usize)> {
    let (distance, bytes) = varint::first(distances.get(at..)?)?;
    Some((number + distance + 1, at + bytes))
}

/// Looks for a number that is not below `first` in its block.
fn find(first: u64, distances: &[u8], number: u64) -> Found {
    let mut found = Found { before: first, at: 0, next: following(first, distances, 0) };
    while let Some((next, end)) = found.next.filter(|(next, _)| *next < number) {
        found = Found { before: next, at: end, next: following(next, distances, end) };
    }
    found
}

fn numbers(first: u64, distances: &[u8]) -> impl Iterator<Item = u64> {
    std::iter::successors(Some((first, 0)), |(number, at)| following(*number, distances, *at)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The bytes of blocks, and about what a tree takes for each.
    fn heap_bytes(set: &GidSet) -> usize {
        let of_block = size_of::<(u64, Vec<u8>)>() * 3 / 2 + 2 * size_of::<usize>();
        set.blocks.values().map(|distances| distances.capacity() + of_block).sum()
    }

    #[test]
    fn a_set_tells_look_alikes_apart() {
        let mut set = GidSet::default();
        assert!(set.insert("7") && set.insert("07") && set.insert("seven"));
        assert!(!set.insert("7") && !set.insert("07") && !set.insert("seven"));
        assert_eq!(set.len(), 3);
        assert!(set.contains("07") && !set.contains("007"));
        assert!(set.remove("07") && !set.remove("07") && set.remove("7") && set.contains("seven"));
    }

    /// Such as objects of one workspace have, in the order of their numbers or another, and some thousands or millions apart.
    #[test]
    fn usual_gids_take_few_bytes_in_any_order() {
        let count = 50_000_u64;
        // Ascending, descending, mixed.
        for (factor, added) in [(1, 0), (count - 1, count - 1), (31_337, 0)] {
            for (apart, most) in [(1_000, 4), (1_000_000_000, 8)] {
                let mut set = GidSet::default();
                for n in 0..count {
                    let place = (n * factor + added) % count;
                    let gid = 1_200_000_000_000_000 + place * apart + place * 7919 % apart;
                    assert!(set.insert(&gid.to_string()));
                    if n % 5000 == 0 {
                        let bytes = heap_bytes(&set);
                        assert!(bytes <= 1000 + set.len() * most, "{factor}, {apart} apart: {bytes} for {n}");
                    }
                }
                assert_eq!(set.iter().count(), set.len());
            }
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Insert(String),
        Remove(String),
    }

    fn gid() -> impl Strategy<Value = String> {
        let dense = 0_u64..2000;
        let usual = 1_211_000_000_000_000_u64..1_211_000_000_900_000;
        prop_oneof![
            8 => dense.prop_map(|number| number.to_string()),
            8 => usual.prop_map(|number| number.to_string()),
            2 => prop_oneof![any::<u64>(), Just(u64::MAX), Just(0)].prop_map(|number| number.to_string()),
            1 => "[0-9a-c]{0,3}",
        ]
    }

    proptest! {
        #[test]
        fn it_has_what_an_ordinary_set_has(
            steps in prop::collection::vec(
                prop_oneof![4 => gid().prop_map(Step::Insert), 1 => gid().prop_map(Step::Remove)],
                0..2500,
            ),
            asked in prop::collection::vec(gid(), 0..50),
        ) {
            let (mut set, mut expected) = (GidSet::default(), BTreeSet::new());
            for step in &steps {
                match step {
                    Step::Insert(gid) => prop_assert_eq!(set.insert(gid), expected.insert(gid.clone())),
                    Step::Remove(gid) => prop_assert_eq!(set.remove(gid), expected.remove(gid)),
                }
            }
            prop_assert_eq!((set.len(), set.is_empty()), (expected.len(), expected.is_empty()));
            for gid in asked.iter().chain(&expected) {
                prop_assert_eq!(set.contains(gid), expected.contains(gid), "{}", gid);
            }
            let mut all: Vec<String> = set.iter().map(Cow::into_owned).collect();
            let numbers: Vec<u64> = all.iter().map_while(|gid| canonical(gid)).collect();
            prop_assert!(numbers.is_sorted());
            all.sort();
            prop_assert_eq!(all, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
