//! Randomness without state: every fact is a hash of (seed, kind, index, name of the fact).
//!
//! Nothing is drawn from a sequence, so any record can be generated alone, in any order, in constant time, and
//! adding a fact to one kind leaves all others as they were.

use super::gid::Kind;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of splitmix64.
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// FNV-1a over the bytes, finished by [`mix`].
pub(crate) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let hash = bytes
        .iter()
        .fold(seed ^ 0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    mix(hash)
}

/// The dice of one object: the same salt always falls the same way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice {
    state: u64,
    is_hostile: bool,
}

impl Dice {
    pub(crate) fn new(seed: u64, kind: Kind, index: u64) -> Self {
        let state = mix(mix(seed ^ kind.code().wrapping_mul(GOLDEN)).wrapping_add(index));
        Self { state, is_hostile: false }
    }

    /// The same dice in a workspace where somebody means harm.
    pub(crate) fn hostile(self, is_hostile: bool) -> Self {
        Self { is_hostile, ..self }
    }

    pub(crate) fn is_hostile(self) -> bool {
        self.is_hostile
    }

    pub(crate) fn roll(self, salt: &str) -> u64 {
        hash_bytes(self.state, salt.as_bytes())
    }

    /// Dice of a numbered part of this object.
    pub(crate) fn part(self, number: u32) -> Self {
        Self { state: mix(self.state ^ u64::from(number).wrapping_mul(GOLDEN)), ..self }
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(crate) fn below(self, salt: &str, bound: u32) -> u32 {
        let high = self.roll(salt) >> 32;
        u32::try_from((high * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(self, salt: &str, percent: u32) -> bool {
        self.below(salt, 100) < percent
    }

    pub(crate) fn pick<T: Copy + Default>(self, salt: &str, items: &[T]) -> T {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.below(salt, count) as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_are_stable_and_spread() {
        let dice = Dice::new(7, Kind::Task, 3);
        assert_eq!(dice.roll("x"), Dice::new(7, Kind::Task, 3).roll("x"));
        assert_ne!(dice.roll("x"), dice.roll("y"));
        assert_ne!(dice.roll("x"), Dice::new(8, Kind::Task, 3).roll("x"));
        let hits = (0..10_000).filter(|index| Dice::new(1, Kind::Task, *index).chance("c", 30)).count();
        assert!((2_700..3_300).contains(&hits), "{hits}");
    }
}
