//! What an earlier run asked, in a few bytes for each question.

use std::collections::{HashMap, HashSet};

use asana_model::GidSet;

use super::Unit;

/// Units that were asked in an earlier run.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// By listing, the parents of those that are no more than a listing under a parent.
    plain: HashMap<usize, GidSet>,
    others: HashSet<Unit>,
}

impl Done {
    /// Adds a unit; true when it was not there yet.
    pub(crate) fn insert(&mut self, unit: &Unit) -> bool {
        match (&unit.parent, &unit.variant) {
            (Some(parent), None) => self.plain.entry(unit.listing).or_default().insert(&parent.as_text()),
            _ => !self.others.contains(unit) && self.others.insert(unit.clone()),
        }
    }

    pub(super) fn contains(&self, unit: &Unit) -> bool {
        match (&unit.parent, &unit.variant) {
            (Some(parent), None) => {
                self.plain.get(&unit.listing).is_some_and(|parents| parents.contains(&parent.as_text()))
            }
            _ => self.others.contains(unit),
        }
    }
}
