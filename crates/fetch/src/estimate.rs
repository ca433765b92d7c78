//! How many requests a run takes: arithmetic over what is known so far, without requests, files or a clock.
//!
//! A listing costs what it has cost so far, and for each parent that is still to be asked what the others took on
//! average. Parents that nobody has met yet follow from the records still to come: as many as those before them brought.
//! That a task is met twice (in two projects, or as somebody's) shows in a small sample far less often than in the whole,
//! so each encounter counts for the part of the task that its own fields give it. What has been read is no estimate any
//! more: the result becomes the truth as a run goes on.

mod known;

use std::collections::BTreeMap;

pub(crate) use self::known::{Facts, Found, Kind, Prospect, Tally};

/// First pages of a listing after which what came beyond them is expected of the others too. Below that, one long
/// listing would multiply.
pub(crate) const SAMPLE: u64 = 25;
/// News in an answer of a search that begins where the one before ended.
const NEWS_OF_SEARCH: f64 = 99.0;
/// Records to come depend on units to come and the reverse; each round comes closer.
const ROUNDS: u32 = 60;

/// Whether task search is reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// As this token has it.
    AsIs,
    /// As if the plan had none.
    Without,
    /// As if the plan had it.
    With,
}

/// How far a number can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// As things are now.
    Exact,
    /// The listings are counted; one that is longer than a page takes more.
    AtLeast,
    /// Reckoned from a sample.
    About,
}

/// What a listing takes, over all its parents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Amount {
    pub(crate) units: f64,
    pub(crate) requests: f64,
    pub(crate) certainty: Certainty,
}

/// The requests that each listing takes in all, what is done included.
///
/// `met`: how many objects of each kind were met so far.
pub(crate) fn estimate(facts: &[Facts], met: &BTreeMap<Kind, u64>, search: Search) -> Vec<Amount> {
    let reckoning = Reckoning { facts, met, search };
    let mut coming = vec![0.0; facts.len()];
    let mut objects = BTreeMap::new();
    for round in 0..ROUNDS {
        objects = reckoning.objects(&coming);
        let next = reckoning.units(&objects);
        // Half the way each time: what overshoots in one round would swing back in the next.
        let step = if round == 0 { 1.0 } else { 0.5 };
        for (now, next) in coming.iter_mut().zip(next) {
            *now += (next - *now) * step;
        }
    }
    let sure = reckoning.sure(&objects);
    let amount = |(listing, units): (usize, &f64)| reckoning.amount(listing, *units, &objects, &sure);
    coming.iter().enumerate().map(amount).collect()
}

/// Objects to be met for the first time, by the listing that brings them and their kind.
type Coming = BTreeMap<(usize, Kind), f64>;

struct Reckoning<'a> {
    facts: &'a [Facts],
    met: &'a BTreeMap<Kind, u64>,
    search: Search,
}

impl Reckoning<'_> {
    fn fact(&self, listing: usize) -> Option<&Facts> {
        self.facts.get(listing)
    }

    /// Whether a search says which of the listing's parents are asked.
    fn is_narrowed(&self, fact: &Facts) -> bool {
        match self.search {
            Search::AsIs => fact.prospect == Prospect::Narrowed,
            Search::Without => false,
            Search::With => fact.narrowed_by.is_some(),
        }
    }

    fn is_asked(fact: &Facts) -> bool {
        matches!(fact.prospect, Prospect::Asked | Prospect::Narrowed)
    }

    /// The objects to come, when that many units of each listing are to come.
    fn objects(&self, coming: &[f64]) -> Coming {
        let mut objects = Coming::new();
        for (listing, (fact, units)) in self.facts.iter().zip(coming).enumerate() {
            let tally = &fact.tally;
            if fact.searches.is_some() || !Self::is_asked(fact) || tally.records == 0 {
                continue;
            }
            let records = fact.records_to_come(*units);
            for (kind, encounters) in &tally.met {
                objects.insert((listing, *kind), records * encounters.parts / count(tally.records));
            }
        }
        for (kind, met) in self.met {
            // What was met already may have stood for less than itself: the listing that counts it is still to come.
            let counted: f64 = self.facts.iter().filter_map(|fact| Some(fact.tally.met.get(kind)?.parts)).sum();
            scale(&mut objects, *kind, |coming| (counted + coming - count(*met)).max(0.0));
        }
        self.settle_with_search(&mut objects);
        objects
    }

    /// Where a search showed every object there is, no sample is needed to know how many are still to come.
    fn settle_with_search(&self, objects: &mut Coming) {
        if self.search == Search::Without {
            return;
        }
        for (resource, found) in self.facts.iter().filter_map(Facts::everything_found) {
            let unmet = self.still_unmet(resource, found);
            scale(objects, (resource, false), |coming| if coming > 0.5 { unmet } else { coming });
        }
    }

    fn still_unmet(&self, resource: usize, found: Found) -> f64 {
        count(found.objects.saturating_sub(self.met.get(&(resource, false)).copied().unwrap_or(0)))
    }

    /// The units to come that follow from objects to come.
    fn units(&self, objects: &Coming) -> Vec<f64> {
        let mut units = vec![0.0; self.facts.len()];
        for ((listing, kind), amount) in objects {
            let Some(encounters) = self.fact(*listing).and_then(|fact| fact.tally.met.get(kind)) else { continue };
            for (followed, times) in encounters.units.iter().filter(|_| encounters.first > 0) {
                if let Some(coming) = units.get_mut(*followed) {
                    *coming += amount * ratio(*times, encounters.first);
                }
            }
        }
        for (listing, fact) in self.facts.iter().enumerate() {
            let unclaimed = self.unclaimed(fact, objects);
            if unclaimed > 0.0 {
                self.follow_unclaimed(listing, fact, unclaimed, &mut units);
            }
        }
        units
    }

    /// Each unclaimed object is asked for, and what follows from it is what follows from others.
    fn follow_unclaimed(&self, listing: usize, fact: &Facts, unclaimed: f64, units: &mut [f64]) {
        let Some(resource) = fact.parent else { return };
        let others = || self.facts.iter().filter_map(|fact| fact.tally.met.get(&(resource, false)));
        let first: u64 = others().map(|encounters| encounters.first).sum();
        // What these would show in turn was shown by the search already.
        let by_listing = units.iter_mut().zip(self.facts).enumerate();
        let own = |at: &(usize, (&mut f64, &Facts))| at.0 == listing || at.1.1.resource != resource;
        for (followed, (coming, _)) in by_listing.filter(own) {
            let times: u64 = others().filter_map(|encounters| encounters.units.get(&followed)).sum();
            *coming += unclaimed * ratio(times, first);
            if followed == listing {
                *coming += unclaimed;
            }
        }
    }

    /// Objects that a search showed and no listing did, once all listings are read.
    fn unclaimed(&self, fact: &Facts, objects: &Coming) -> f64 {
        let Some(parent) = fact.parent.filter(|_| fact.for_unclaimed && fact.tally.units == 0) else { return 0.0 };
        let shown = self.facts.iter().filter_map(Facts::everything_found).find(|(resource, _)| *resource == parent);
        match shown {
            Some((_, found)) if self.search != Search::Without && total(objects, (parent, false)) <= 0.5 => {
                self.still_unmet(parent, found)
            }
            _ => 0.0,
        }
    }

    /// All objects of a resource: those met and those to come.
    fn all(&self, resource: usize, objects: &Coming) -> f64 {
        count(self.met.get(&(resource, false)).copied().unwrap_or(0)) + total(objects, (resource, false))
    }

    fn amount(&self, listing: usize, coming: f64, objects: &Coming, sure: &[bool]) -> Amount {
        let none = Amount { units: 0.0, requests: 0.0, certainty: Certainty::Exact };
        let Some(fact) = self.fact(listing) else { return none };
        let answers = count(fact.tally.answers);
        if let Some((resource, everything)) = fact.searches {
            return self.search_amount(fact, resource, everything, objects);
        }
        if !Self::is_asked(fact) {
            return Amount { units: count(fact.tally.units.min(fact.tally.begun)), requests: answers, ..none };
        }
        let sure = sure.get(listing).copied().unwrap_or(false);
        let parents = fact.parent.map_or(0.0, |parent| self.all(parent, objects));
        let (units, sure) = match self.narrowed(fact, parents) {
            Some(units) => units,
            None => (self.known_units(listing, fact) + coming, sure),
        };
        let unasked = (units - count(fact.tally.begun)).max(0.0);
        let open = count(fact.tally.open());
        let again = if fact.again { parents } else { 0.0 };
        let requests = answers + open + unasked * fact.pages_each() + again;
        let is_read = unasked < 0.5 && fact.tally.open() == 0;
        let certainty = match (sure, is_read || !fact.has_pages) {
            (false, _) => Certainty::About,
            (true, true) => Certainty::Exact,
            (true, false) => Certainty::AtLeast,
        };
        Amount { units, requests, certainty }
    }

    fn known_units(&self, listing: usize, fact: &Facts) -> f64 {
        if fact.prospect != Prospect::Narrowed {
            return count(fact.tally.units);
        }
        // Those that a search set aside would be asked.
        let followed = |fact: &Facts| {
            let units = fact.tally.met.values().filter_map(|encounters| encounters.units.get(&listing));
            units.sum::<u64>()
        };
        count(self.facts.iter().map(followed).sum())
    }

    /// The units that a search leaves, with whether they are counted.
    fn narrowed(&self, fact: &Facts, parents: f64) -> Option<(f64, bool)> {
        if !self.is_narrowed(fact) {
            return None;
        }
        let begun = fact.tally.begun;
        let found = fact.narrowed_by.and_then(|search| self.fact(search)).and_then(|search| search.found);
        let (units, sure) = match found {
            Some(Found { complete: true, objects, .. }) => (count(objects), true),
            Some(Found { share: Some(share), .. }) => (parents * share, false),
            // No search answers this token: the sample has to tell.
            _ if begun > 0 => (parents * ratio(fact.tally.with_records, begun), false),
            _ => (parents, false),
        };
        let asked = if fact.prospect == Prospect::Narrowed { count(begun) } else { 0.0 };
        Some((units.max(asked), sure))
    }

    fn search_amount(&self, fact: &Facts, resource: usize, everything: bool, objects: &Coming) -> Amount {
        let answers = count(fact.tally.answers);
        let exact = |requests| Amount { units: 1.0, requests, certainty: Certainty::Exact };
        let answered = fact.found.filter(|_| fact.prospect == Prospect::Asked);
        let share = match (self.search, answered) {
            (Search::AsIs | Search::With, Some(Found { complete: true, .. })) => return exact(answers),
            // It is refused once, as it was or would be.
            (Search::Without, _) | (Search::AsIs, None) => return exact(answers.clamp(0.0, 1.0)),
            (_, Some(found)) => found.share,
            (Search::With, None) => None,
        };
        let all = self.all(resource, objects);
        let narrowed = || {
            let by_this = |one: &&Facts| {
                one.narrowed_by.and_then(|search| self.fact(search)).is_some_and(|search| std::ptr::eq(search, fact))
            };
            let first = self.facts.iter().find(by_this)?;
            self.narrowed(first, all).map(|(units, _)| units)
        };
        let shown = if everything { all } else { share.map(|share| all * share).or_else(narrowed).unwrap_or(all) };
        Amount { units: 1.0, requests: walk(shown).max(answers), certainty: Certainty::About }
    }

    /// For each listing, whether its units are counted rather than reckoned.
    fn sure(&self, objects: &Coming) -> Vec<bool> {
        let mut sure: Vec<bool> = self.facts.iter().map(|fact| !fact.for_unclaimed || self.search_is_over()).collect();
        let unclaimed = |resource| {
            let of_it = self.facts.iter().enumerate().filter(move |(_, fact)| fact.parent == Some(resource));
            of_it.filter(|(_, fact)| fact.for_unclaimed).map(|(listing, _)| listing)
        };
        loop {
            let mut changed = false;
            for (listing, fact) in self.facts.iter().enumerate().filter(|(_, fact)| Self::is_asked(fact)) {
                let is_sure = sure.get(listing).copied().unwrap_or(false);
                // What no listing shows is asked for at the end, and nobody knows what is in it.
                if is_sure && fact.is_read() && self.unclaimed(fact, objects) == 0.0 {
                    continue;
                }
                // Nobody knows either what no listing shows.
                for followed in
                    fact.leads_to.iter().copied().chain(unclaimed(fact.resource).filter(|one| *one != listing))
                {
                    if let Some(one) = sure.get_mut(followed) {
                        changed |= std::mem::replace(one, false);
                    }
                }
            }
            if !changed {
                return sure;
            }
        }
    }

    fn search_is_over(&self) -> bool {
        self.facts.iter().filter_map(|fact| fact.found).all(|found| found.complete)
    }
}

/// Questions that a walk through search takes: until an answer brings nothing new.
fn walk(objects: f64) -> f64 {
    match objects {
        none if none < 0.5 => 1.0,
        one if one < 1.5 => 2.0,
        several => ((several - 1.0) / NEWS_OF_SEARCH).ceil() + 1.0,
    }
}

/// Makes the objects of a kind add up to what `to` makes of their sum.
fn scale(objects: &mut Coming, kind: Kind, to: impl Fn(f64) -> f64) {
    let sum = total(objects, kind);
    if sum > 0.0 {
        let factor = to(sum) / sum;
        let of_kind = objects.iter_mut().filter(|((_, one), _)| *one == kind);
        of_kind.for_each(|(_, amount)| *amount *= factor);
    }
}

fn total(objects: &Coming, kind: Kind) -> f64 {
    objects.iter().filter(|((_, one), _)| *one == kind).map(|(_, amount)| amount).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests and objects are far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { count(part) / count(whole) }
}

#[cfg(test)]
mod tests;
