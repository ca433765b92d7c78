//! Asana's identifiers.
//!
//! A gid is opaque text: it is never written as a number and never compared for meaning. Nearly all of them happen to be
//! decimal and below 2^64, so in memory they take a machine word; whatever is not keeps its text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identifier of one Asana object, such as `1204567890123456`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gid(Repr);

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Repr {
    /// Decimal without sign or leading zero: printing it gives back the text it was made from.
    Decimal(u64),
    Text(Box<str>),
}

impl Gid {
    pub fn new(text: &str) -> Self {
        Self(match canonical(text) {
            Some(number) => Repr::Decimal(number),
            None => Repr::Text(text.into()),
        })
    }

    /// The text, borrowed where it is held as text.
    pub fn as_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Decimal(number) => Cow::Owned(number.to_string()),
            Repr::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// The number whose usual decimal form is exactly `text`.
pub(crate) fn canonical(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

impl fmt::Display for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Decimal(number) => write!(f, "{number}"),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gid({self})")
    }
}

impl From<&str> for Gid {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Gid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

/// A set of gids that costs about a machine word for each usual one.
#[derive(Debug, Default)]
pub struct GidSet {
    decimals: HashSet<u64, Mixing>,
    texts: HashSet<Box<str>>,
}

impl GidSet {
    /// Adds `gid`; true when it was not there yet.
    pub fn insert(&mut self, gid: &str) -> bool {
        match canonical(gid) {
            Some(number) => self.decimals.insert(number),
            None => !self.texts.contains(gid) && self.texts.insert(gid.into()),
        }
    }

    /// Takes `gid` out; true when it was there.
    pub fn remove(&mut self, gid: &str) -> bool {
        match canonical(gid) {
            Some(number) => self.decimals.remove(&number),
            None => self.texts.remove(gid),
        }
    }

    pub fn contains(&self, gid: &str) -> bool {
        match canonical(gid) {
            Some(number) => self.decimals.contains(&number),
            None => self.texts.contains(gid),
        }
    }

    /// The gids, in no order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let decimals = self.decimals.iter().map(|number| Cow::Owned(number.to_string()));
        decimals.chain(self.texts.iter().map(|text| Cow::Borrowed(&**text)))
    }

    pub fn len(&self) -> usize {
        self.decimals.len() + self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Hashes words by one multiplication with random factors, so nobody can choose gids that collide.
#[derive(Debug, Clone, Copy)]
struct Mixing {
    added: u64,
    factor: u64,
}

impl Default for Mixing {
    fn default() -> Self {
        let random = RandomState::new();
        Self { added: random.hash_one(0), factor: random.hash_one(1) | 1 }
    }
}

impl BuildHasher for Mixing {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed { mixing: *self, hash: 0 }
    }
}

#[derive(Debug)]
struct Mixed {
    mixing: Mixing,
    hash: u64,
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(word ^ self.hash ^ self.mixing.added) * u128::from(self.mixing.factor);
        self.hash = u64::try_from((product ^ (product >> 64)) & u128::from(u64::MAX)).unwrap_or_default();
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unusual_gids_keep_their_text() {
        for text in ["", "0", "007", "+5", "-1", "18446744073709551615", "18446744073709551616", "me", "1e3", "１２"]
        {
            assert_eq!(Gid::new(text).to_string(), text);
        }
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

    proptest! {
        #[test]
        fn any_text_survives(text in ".*", number in any::<u64>()) {
            prop_assert_eq!(Gid::new(&text).to_string(), text);
            let decimal = number.to_string();
            prop_assert_eq!(Gid::new(&decimal).to_string(), decimal);
        }
    }
}
