//! Asana's identifiers.
//!
//! A gid is opaque text: it is never written as a number and never compared for meaning. Nearly all of them happen to be
//! decimal and below 2^64, so in memory they take a machine word; whatever is not keeps its text.

use std::borrow::Cow;
use std::fmt;

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

    /// The word that it is held as, if it is: good for storing it, and for nothing else.
    pub fn word(&self) -> Option<u64> {
        match self.0 {
            Repr::Decimal(number) => Some(number),
            Repr::Text(_) => None,
        }
    }

    /// The gid that was held as that word.
    pub fn of_word(word: u64) -> Self {
        Self(Repr::Decimal(word))
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

    proptest! {
        #[test]
        fn any_text_survives(text in ".*", number in any::<u64>()) {
            prop_assert_eq!(Gid::new(&text).to_string(), text);
            let decimal = number.to_string();
            prop_assert_eq!(Gid::new(&decimal).to_string(), decimal.clone());
            prop_assert_eq!(Gid::new(&decimal).word().map(Gid::of_word), Some(Gid::new(&decimal)));
        }
    }
}
