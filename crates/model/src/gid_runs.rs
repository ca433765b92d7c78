//! Sets of gids that come in the order of their bytes, as rows do.

use crate::varint;

/// Gids in a few bytes each: what lies between one and the next, of those with as many digits.
///
/// Gids that are no usual decimal numbers are kept as they are.
#[derive(Debug, Default)]
pub struct GidRuns {
    /// By the number of digits less one.
    runs: [Run; DIGITS],
    /// In the order of their bytes.
    texts: Vec<Box<str>>,
    len: usize,
}

/// As many as a `u64` can have.
const DIGITS: usize = 20;
/// How many gids are read, at most, to find one.
const BLOCK: usize = 32;

/// Ascending numbers.
#[derive(Debug, Default)]
struct Run {
    /// The first number of each block, and where the distances to those behind it begin.
    blocks: Vec<(u64, usize)>,
    /// Distances, each less one, in as many bytes as it needs: seven bits in each, the lowest first.
    distances: Vec<u8>,
    in_last_block: usize,
    last: u64,
}

impl GidRuns {
    /// Adds a gid; false when it does not come after all others in the order of bytes. It is not added then, unless it
    /// is the last one once more.
    pub fn push(&mut self, gid: &str) -> bool {
        let added = if let Some((run, number)) = number(gid) {
            self.runs.get_mut(run).is_some_and(|run| run.push(number))
        } else {
            let follows = self.texts.last().is_none_or(|last| **last < *gid);
            if follows {
                self.texts.push(gid.into());
            }
            follows
        };
        self.len += usize::from(added);
        added
    }

    pub fn contains(&self, gid: &str) -> bool {
        match number(gid) {
            Some((run, number)) => self.runs.get(run).is_some_and(|run| run.contains(number)),
            None => self.texts.binary_search_by(|text| (**text).cmp(gid)).is_ok(),
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Gives back memory that was to be filled.
    pub fn shrink(&mut self) {
        for run in &mut self.runs {
            run.blocks.shrink_to_fit();
            run.distances.shrink_to_fit();
        }
        self.texts.shrink_to_fit();
    }
}

/// The run of a gid that is the usual form of a number.
fn number(gid: &str) -> Option<(usize, u64)> {
    crate::gid::canonical(gid).map(|number| (gid.len() - 1, number))
}

impl Run {
    fn push(&mut self, number: u64) -> bool {
        if self.blocks.is_empty() || self.in_last_block == BLOCK {
            if !self.blocks.is_empty() && number <= self.last {
                return false;
            }
            self.blocks.push((number, self.distances.len()));
            self.in_last_block = 0;
        } else {
            let Some(distance) = number.checked_sub(self.last).and_then(|distance| distance.checked_sub(1)) else {
                return false;
            };
            varint::push(&mut self.distances, distance);
        }
        self.in_last_block += 1;
        self.last = number;
        true
    }

    fn contains(&self, number: u64) -> bool {
        let after = self.blocks.partition_point(|(first, _)| *first <= number);
        let Some((first, start)) = after.checked_sub(1).and_then(|block| self.blocks.get(block)).copied() else {
            return false;
        };
        let end = self.blocks.get(after).map_or(self.distances.len(), |(_, end)| *end);
        let (mut at, mut distances) = (first, self.distances.get(start..end).unwrap_or_default());
        while at < number
            && let Some((distance, bytes)) = varint::first(distances)
        {
            at += distance + 1;
            distances = distances.get(bytes..).unwrap_or_default();
        }
        at == number
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn runs(gids: &BTreeSet<String>) -> GidRuns {
        let mut runs = GidRuns::default();
        for gid in gids {
            assert!(runs.push(gid), "{gid}");
        }
        runs.shrink();
        runs
    }

    #[test]
    fn usual_gids_take_few_bytes() {
        let gids = (0..10_000_u64).map(|number| (1_211_000_000_000_000 + number * 104_729).to_string()).collect();
        let runs = runs(&gids);
        let run = &runs.runs[15];
        let bytes = run.blocks.capacity() * size_of::<(u64, usize)>() + run.distances.capacity();
        assert!(bytes < 4 * 10_000, "{bytes}");
        assert!(gids.iter().all(|gid| runs.contains(gid)));
        assert!(!runs.contains("1211000000000001") && !runs.contains("121100000000000"));
    }

    #[test]
    fn what_is_out_of_order_is_not_added() {
        let mut runs = GidRuns::default();
        for (gid, added) in [("10", true), ("9", true), ("10", false), ("8", false), ("me", true), ("a", false)] {
            assert_eq!(runs.push(gid), added, "{gid}");
        }
        assert_eq!(runs.len(), 3);
        assert!(runs.contains("9") && !runs.contains("8") && !runs.contains("a") && !runs.is_empty());
    }

    proptest! {
        #[test]
        fn it_has_what_a_set_has(
            numbers in prop::collection::vec(prop_oneof![0_u64..400, any::<u64>(), 1_211_000_000_000_000_u64..1_211_000_000_009_999], 0..300),
            texts in prop::collection::vec("[0-9a-c]{0,3}", 0..20),
            asked in prop::collection::vec(prop_oneof![(0_u64..400).prop_map(|number| number.to_string()), "[0-9a-c]{0,3}"], 0..50),
        ) {
            let gids: BTreeSet<String> = numbers.iter().map(u64::to_string).chain(texts).collect();
            let runs = runs(&gids);
            prop_assert_eq!(runs.len(), gids.len());
            for gid in asked.iter().chain(&gids) {
                prop_assert_eq!(runs.contains(gid), gids.contains(gid), "{}", gid);
            }
        }
    }
}
