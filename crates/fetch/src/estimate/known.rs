//! What is known about listings: the input of an estimate.

use std::collections::BTreeMap;

use super::{SAMPLE, count, ratio};
use crate::wanted::Volume;

/// Records expected in a listing that goes on: it has one page more at least, and that is half full on average.
const RECORDS_BEYOND: f64 = 50.0;

/// A kind of object that records lead to, with whether it is known by its gid alone.
pub(crate) type Kind = (usize, bool);

/// What happened to a listing so far, over all its parents.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Units known so far that are to be asked.
    pub(crate) units: u64,
    /// Of these, those whose first page was answered.
    pub(crate) begun: u64,
    pub(crate) finished: u64,
    /// Pages and refusals.
    pub(crate) answers: u64,
    pub(crate) records: u64,
    /// Units with a record on their first page.
    pub(crate) with_records: u64,
    pub(crate) refused: u64,
    /// Files to download that its records stand for.
    pub(crate) files: Volume,
    /// Of all that, what is due to units that were drawn from all, evenly spread.
    pub(crate) spread: Spread,
    pub(crate) met: BTreeMap<Kind, Encounters>,
}

/// Units that speak for those that were not asked. The others do not: whoever comes first is the oldest, and often the
/// largest by far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spread {
    pub(crate) begun: u64,
    pub(crate) answers: u64,
    pub(crate) records: u64,
}

/// The objects of one kind that a listing's records led to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Encounters {
    pub(crate) times: u64,
    /// Those that had not been met before.
    pub(crate) first: u64,
    /// The objects that these encounters stand for, when those elsewhere are counted there.
    pub(crate) parts: f64,
    /// The units that followed from these, by their listing, set aside or not.
    pub(crate) units: BTreeMap<usize, u64>,
}

/// Whether the units of a listing are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prospect {
    Asked,
    /// Asana said that this token cannot have it.
    Refused,
    /// Another listing answers the same question.
    NotNeeded,
    /// Those that a search shows.
    Narrowed,
}

/// What a search showed so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    pub(crate) objects: u64,
    pub(crate) complete: bool,
    /// Of the objects that the search for everything showed, the part that this one showed too.
    pub(crate) share: Option<f64>,
}

/// Everything known about a listing.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub(crate) struct Facts {
    pub(crate) tally: Tally,
    /// The resource of its records.
    pub(crate) resource: usize,
    pub(crate) prospect: Prospect,
    pub(crate) has_pages: bool,
    /// The listings that can follow from its records.
    pub(crate) leads_to: Vec<usize>,
    /// For searches: the resource whose objects it shows, and whether it shows all of them.
    pub(crate) searches: Option<(usize, bool)>,
    /// For searches that answer.
    pub(crate) found: Option<Found>,
    /// The search that says which parents have something.
    pub(crate) narrowed_by: Option<usize>,
    /// The resource of its parents.
    pub(crate) parent: Option<usize>,
    /// It is asked for parents that a search showed and no listing did.
    pub(crate) for_unclaimed: bool,
    /// It will be asked once more for every parent.
    pub(crate) again: bool,
    /// Its records stand for files that are to be downloaded.
    pub(crate) has_files: bool,
}

impl Tally {
    pub(super) fn open(&self) -> u64 {
        self.begun.saturating_sub(self.finished)
    }

    /// The units to judge others by: those that are spread, or all where there are none.
    pub(super) fn speaking(&self) -> Spread {
        let Self { begun, answers, records, .. } = *self;
        if self.spread.begun > 0 { self.spread } else { Spread { begun, answers, records } }
    }
}

impl Facts {
    pub(super) fn everything_found(&self) -> Option<(usize, Found)> {
        let (resource, everything) = self.searches?;
        self.found.filter(|found| everything && found.complete).map(|found| (resource, found))
    }

    pub(super) fn is_read(&self) -> bool {
        self.searches.is_some() || self.tally.finished >= self.tally.units
    }

    /// Records that its units still have, when so many more units are to come.
    pub(super) fn records_to_come(&self, coming: f64) -> f64 {
        let unasked = count(self.tally.units.saturating_sub(self.tally.begun));
        let Spread { begun, records, .. } = self.tally.speaking();
        (unasked + coming) * ratio(records, begun) + count(self.tally.open()) * RECORDS_BEYOND
    }

    /// How many times the files that it showed so far it will show, when it is asked for so many more parents.
    pub(crate) fn files_to_come(&self, unasked: f64) -> f64 {
        let Spread { begun, records, .. } = self.tally.speaking();
        if self.tally.records == 0 { 0.0 } else { unasked * ratio(records, begun) / count(self.tally.records) }
    }

    /// Whether all that it shows was read.
    pub(crate) fn shows_no_more(&self, unasked: f64) -> bool {
        unasked < 0.5 && self.tally.open() == 0
    }

    pub(super) fn pages_each(&self) -> f64 {
        let Spread { begun, answers, .. } = self.tally.speaking();
        // The first unit of a listing goes alone, so that one may be missing.
        if begun + 1 < SAMPLE { 1.0 } else { ratio(answers, begun).max(1.0) }
    }
}
