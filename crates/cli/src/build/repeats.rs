//! Records that come again as they came before: Asana shows a task in each of its projects, and in its assignee's list.
//!
//! To sort all of them in, only to leave out all but one, would be a third of the bytes that are sorted. So what came last
//! of a record is remembered by its hash, for as many records as a fixed memory has room for. What is forgotten is sorted in
//! once more, which costs time and nothing else.

use asana_model::Layout;
use asana_model::layout::ResourceLayout;
use asana_transform::{Record, Standing};
use twox_hash::XxHash3_64;

/// Which record it is, and what it says, by hashes. That two records of one gid differ and have one hash of 64 bits is not
/// to be feared as long as nobody can choose them so: the seed differs from run to run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fingerprint {
    key: u64,
    says: u64,
}

impl Fingerprint {
    pub(super) fn of(seed: u64, resource: usize, rank: u8, key: &[u8], payload: &[u8]) -> Self {
        let hash = |number: u64, bytes: &[u8]| XxHash3_64::oneshot_with_seed(seed.wrapping_add(number), bytes);
        Self { key: hash(resource as u64, key), says: hash(u64::from(rank), payload) }
    }

    pub(super) fn in_one_word(self) -> u64 {
        self.key ^ self.says.rotate_left(32)
    }
}

/// The last of each record, for some of them.
#[derive(Debug)]
pub(super) struct Repeats(Vec<Fingerprint>);

impl Repeats {
    pub(super) fn new(memory_bytes: usize) -> Self {
        Self(vec![Fingerprint::default(); (memory_bytes / size_of::<Fingerprint>()).max(1)])
    }

    /// Whether the last one of that record said the same, as far as is known. It is the last one from now on.
    pub(super) fn repeats(&mut self, one: Fingerprint) -> bool {
        let places = self.0.len() as u64;
        let place = usize::try_from(one.key % places).ok().and_then(|place| self.0.get_mut(place));
        place.is_some_and(|last| std::mem::replace(last, one) == one)
    }
}

/// Whether records of a resource may come several times in the same words, and it is no matter which one is kept.
pub(super) fn may_repeat(layout: &Layout, record: &Record<'_>) -> bool {
    let repeats = |plan: &ResourceLayout| plan.resource.listings.len() > 1 && !plan.tells_place;
    record.standing != Standing::Reference && layout.resources.get(record.resource).is_some_and(repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_of_a_record_is_repeated() {
        for memory_bytes in [0, 16 << 10] {
            let mut repeats = Repeats::new(memory_bytes);
            let mut repeats =
                |key: &str, says: &str| repeats.repeats(Fingerprint::of(7, 3, 1, key.as_bytes(), says.as_bytes()));
            assert!(!repeats("1", "a"));
            assert!(repeats("1", "a"));
            assert!(!repeats("1", "b"), "it changed");
            assert!(!repeats("1", "a"), "and changed back: this is the newest");
            assert!(!repeats("2", "a"));
            assert_eq!(repeats("1", "a"), memory_bytes > 0, "what is forgotten counts as new");
        }
    }

    #[test]
    fn standing_and_resource_tell_records_apart() {
        let mut repeats = Repeats::new(1 << 10);
        let one = Fingerprint::of(7, 3, 1, b"1", b"a");
        assert!(!repeats.repeats(one));
        for other in [Fingerprint::of(7, 4, 1, b"1", b"a"), Fingerprint::of(7, 3, 2, b"1", b"a")] {
            assert!(!repeats.repeats(other));
        }
    }
}
