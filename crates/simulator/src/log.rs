//! What was asked, in order: for tests that have to know whether a question came twice.

use std::sync::{Mutex, PoisonError};

/// A question that the API answered or refused. Questions that faults or limits kept from it are not among these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Path and query below the base, decoded, without `limit`, `offset` and `opt_fields`: the same for all pages of a
    /// listing.
    pub question: String,
    /// Whether the listing began with it: it had no offset.
    pub begins: bool,
    /// Whether the answer was the listing's end.
    pub ends: bool,
}

/// The questions so far, if they are kept.
#[derive(Debug)]
pub(crate) struct Log(Option<Mutex<Vec<Asked>>>);

impl Log {
    pub(crate) fn new(is_kept: bool) -> Self {
        Self(is_kept.then(Mutex::default))
    }

    pub(crate) fn add(&self, path: &str, parameters: &[(String, String)], ends: bool) {
        let Some(asked) = &self.0 else { return };
        let mut question = path.to_owned();
        let asks = |name: &str| !matches!(name, "limit" | "offset" | "opt_fields");
        for (at, (name, value)) in parameters.iter().filter(|(name, _)| asks(name)).enumerate() {
            question.push(if at == 0 { '?' } else { '&' });
            question.extend([name, "=", value]);
        }
        let begins = !parameters.iter().any(|(name, _)| name == "offset");
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(Asked { question, begins, ends });
    }

    /// What was asked since this was called last.
    pub(crate) fn take(&self) -> Vec<Asked> {
        let asked = self.0.as_ref().map(|asked| asked.lock().unwrap_or_else(PoisonError::into_inner));
        asked.map(|mut asked| std::mem::take(&mut *asked)).unwrap_or_default()
    }
}
