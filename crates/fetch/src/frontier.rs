//! What is left to ask: the units (a listing under one parent) that wait, by stage, and those that wait for an answer
//! to another question first.
//!
//! No requests, no files, no clock.

mod done;
mod queue;
mod sample;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use asana_model::catalog::{Gives, Per, RESOURCES, Stage};
use asana_model::variant::{ASKED_AGAIN, ASKED_SINCE, is_asked_again};
use asana_model::{Gid, GidSet};

use crate::children::Met;
use crate::limits::PAGE_SIZE;
use crate::plan::{Plan, Selection, plans};
use crate::request::Request;
pub(crate) use done::Done;
use queue::Queue;

/// A listing under one parent: the unit of work, of failure and of resuming.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Unit {
    /// Its place in [`Frontier::plans`].
    pub(crate) listing: usize,
    pub(crate) parent: Option<Gid>,
    /// What few units have.
    pub(crate) variant: Option<Box<Variant>>,
}

/// What tells apart units of one listing and parent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    /// The element of a list that it is asked for.
    pub(crate) item: Option<Box<str>>,
    /// It is asked again, in that pass at the run's end.
    pub(crate) again: Option<Again>,
}

/// Why a listing is asked again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Again {
    /// For what changed since that instant.
    Since(Box<str>),
    /// Its parent changed since then.
    Under(Box<str>),
}

impl Again {
    fn since(&self) -> &str {
        match self {
            Again::Since(since) | Again::Under(since) => since,
        }
    }
}

impl Unit {
    pub(crate) fn new(listing: usize, parent: Option<Gid>) -> Self {
        Self { listing, parent, variant: None }
    }

    fn of(listing: usize, parent: Gid, item: Option<Box<str>>, again: Option<Again>) -> Self {
        let variant = if item.is_none() && again.is_none() { None } else { Some(Box::new(Variant { item, again })) };
        Self { listing, parent: Some(parent), variant }
    }

    fn item(&self) -> Option<&str> {
        self.variant.as_ref()?.item.as_deref()
    }

    pub(crate) fn again(&self) -> Option<&Again> {
        self.variant.as_ref()?.again.as_ref()
    }

    /// The variant as the archive has it: the item, or why it was asked again.
    pub(crate) fn archived_variant(&self) -> Option<String> {
        let variant = self.variant.as_ref()?;
        match (&variant.again, &variant.item) {
            (Some(Again::Since(since)), _) => Some(format!("{ASKED_SINCE}{since}")),
            (Some(Again::Under(_)), item) => Some(format!("{ASKED_AGAIN}{}", item.as_deref().unwrap_or_default())),
            (None, item) => item.as_deref().map(str::to_owned),
        }
    }

    /// The unit of an archived page; `None` when it was asked again, which says nothing about the first asking.
    pub(crate) fn from_archive(listing: usize, parent: Option<&str>, variant: Option<&str>) -> Option<Self> {
        if variant.is_some_and(is_asked_again) {
            return None;
        }
        let variant = variant.map(|item| Box::new(Variant { item: Some(item.into()), again: None }));
        Some(Self { listing, parent: parent.map(Gid::new), variant })
    }
}

/// Whether the units of a listing may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    /// Nobody knows whether Asana answers it: the first unit goes alone.
    Untried,
    /// The first unit is on its way.
    Trying,
    Open,
    /// Asana said that nobody with this token or plan can have it: it is not asked again, unless an answer that was
    /// under way shows that it can be had for other parents.
    Refused,
    /// The answer to another listing decides.
    Waiting,
    /// A search says which parents have something.
    Narrowed,
}

#[derive(Debug)]
struct State {
    gate: Gate,
    /// The units that are not asked because of the gate.
    parked: Queue,
    /// Parents that no search knows, which are asked about for that reason.
    distrusted: GidSet,
}

#[derive(Debug)]
pub(crate) struct Frontier {
    pub(crate) plans: Vec<Plan>,
    states: Vec<State>,
    workspace: Gid,
    /// What changed after this instant may be unknown to the search index.
    settled_before: String,
    /// For each resource of the catalogue, the objects whose listings were queued.
    visited: Vec<GidSet>,
    /// For each resource, the objects that are asked for by their gid.
    named: Vec<GidSet>,
    /// Of these, those that a listing that is still being read may show: with their resource, and what is to be asked.
    held_back: Vec<(usize, String, Vec<Unit>)>,
    /// For each search, the objects that it showed.
    found: HashMap<usize, GidSet>,
    /// Searches that came to their end.
    searched: HashSet<usize>,
    /// Versions of records that were looked at in passes over what changed, as (gid, when).
    looked_at_again: HashSet<(String, Option<String>)>,
    /// The units to be asked: those that go before all others, then by stage.
    waiting: Vec<Queue>,
}

/// The place of a stage's queue in [`Frontier::waiting`].
fn queue_of(stage: Stage) -> usize {
    stage as usize + 1
}

impl Frontier {
    /// `settled_before`: what did not change since then is known to Asana's search.
    pub(crate) fn new(selection: &Selection, workspace: Gid, settled_before: String) -> Self {
        let plans = plans(selection);
        let state = |plan: &Plan| {
            let waits = plan.instead_of.is_some() || plan.narrowed_by.is_some();
            State {
                gate: if waits { Gate::Waiting } else { Gate::Untried },
                parked: Queue::default(),
                distrusted: GidSet::default(),
            }
        };
        let states = plans.iter().map(state).collect();
        let sets = || RESOURCES.iter().map(|_| GidSet::default()).collect();
        Self {
            plans,
            states,
            workspace,
            settled_before,
            visited: sets(),
            named: sets(),
            held_back: Vec::new(),
            found: HashMap::new(),
            searched: HashSet::new(),
            looked_at_again: HashSet::new(),
            waiting: (0..=Stage::ALL.len()).map(|_| Queue::default()).collect(),
        }
    }

    /// The units that hang from nothing: to be pushed first.
    pub(crate) fn roots(&self, selection: &Selection) -> Vec<Unit> {
        let roots = self.plans.iter().enumerate().flat_map(|(listing, plan)| match plan.listing.per {
            Per::Token => vec![Unit::new(listing, None)],
            Per::Chosen => selection.chosen.iter().map(|gid| Unit::new(listing, Some(gid.clone()))).collect(),
            _ => Vec::new(),
        });
        roots.collect()
    }

    pub(crate) fn plan(&self, unit: &Unit) -> Option<&Plan> {
        self.plans.get(unit.listing)
    }

    /// The units that follow from a record that came in answer to `unit`, if it is news.
    pub(crate) fn meet(&mut self, unit: &Unit, met: &Met) -> Vec<Unit> {
        let Some(plan) = self.plans.get(unit.listing) else { return Vec::new() };
        // A token can see several workspaces; one is exported.
        let other_workspace = plan.listing.per == Per::Token && *self.workspace.as_text() != *met.gid;
        let (Some(visited), Some(named)) = (self.visited.get_mut(met.resource), self.named.get_mut(met.resource))
        else {
            return Vec::new();
        };
        if other_workspace {
            return Vec::new();
        }
        if met.only_named {
            let news = !visited.contains(&met.gid) && named.insert(&met.gid);
            return if news { Self::units(met, None) } else { Vec::new() };
        }
        let first = visited.insert(&met.gid);
        let Some(again) = unit.again() else {
            return if first { Self::units(met, None) } else { Vec::new() };
        };
        let since = again.since();
        let changed = match again {
            // Asana says so: a new subtask or another project do not show in the time of the change.
            Again::Since(_) => true,
            // Timestamps of one form and zone: their texts sort as they do.
            Again::Under(_) => first || met.changed_at.as_deref().is_some_and(|at| at >= since),
        };
        if !changed || !self.looked_at_again.insert((met.gid.clone(), met.changed_at.clone())) {
            return Vec::new();
        }
        Self::units(met, Some(&Again::Under(since.into())))
    }

    fn units(met: &Met, again: Option<&Again>) -> Vec<Unit> {
        let gid = Gid::new(&met.gid);
        let unit =
            |(listing, item): &(usize, Option<Box<str>>)| Unit::of(*listing, gid.clone(), item.clone(), again.cloned());
        met.children.iter().map(unit).collect()
    }

    /// Queues a unit, or parks it where its gate is closed. `changed_at`: when its parent last changed, if known.
    ///
    /// True when it is set aside: a search says that there is nothing.
    pub(crate) fn push(&mut self, unit: Unit, changed_at: Option<&str>) -> bool {
        let unsettled = changed_at.is_some_and(|at| *at >= *self.settled_before);
        let Some(narrowed_by) = self.plans.get(unit.listing).map(|plan| plan.narrowed_by) else { return false };
        let found = narrowed_by.and_then(|search| self.found.get(&search));
        let Some(state) = self.states.get_mut(unit.listing) else { return false };
        let pass = match state.gate {
            Gate::Untried => {
                state.gate = Gate::Trying;
                true
            }
            Gate::Open => true,
            Gate::Narrowed | Gate::Waiting if unit.again().is_some() || (unsettled && narrowed_by.is_some()) => true,
            Gate::Narrowed => unit.parent.as_ref().is_some_and(|gid| {
                let gid = gid.as_text();
                state.distrusted.contains(&gid) || found.is_some_and(|found| found.contains(&gid))
            }),
            Gate::Trying | Gate::Refused | Gate::Waiting => false,
        };
        if !pass {
            state.parked.push_back(unit);
            return state.gate == Gate::Narrowed;
        }
        if let Some(plan) = self.plans.get(unit.listing)
            && let Some(queue) = self.waiting.get_mut(queue_of(plan.listing.stage))
        {
            queue.push_back(unit);
        }
        false
    }

    /// Whether units wait to be asked, be it for the first one of their listing.
    pub(crate) fn has_units_to_ask(&self) -> bool {
        let is_tried = |state: &State| state.gate == Gate::Trying && !state.parked.is_empty();
        self.waiting.iter().any(|queue| !queue.is_empty()) || self.states.iter().any(is_tried)
    }

    /// The unit that tried a listing was dropped: the next one goes ahead.
    pub(crate) fn let_another_try(&mut self, listing: usize) {
        if self.gate(listing) == Some(Gate::Trying) {
            self.set_gate(listing, Gate::Untried);
        }
    }

    /// If a unit lists the parts of a long listing: that listing under the same parent.
    pub(crate) fn whole_of_parts(&self, unit: &Unit) -> Option<Unit> {
        Some(Unit::new(self.plan(unit)?.lists_parts_of?, unit.parent.clone()))
    }

    /// If a unit lists the parts of a long listing: that listing, and the units of the parts with these gids.
    pub(crate) fn parts_on(&self, unit: &Unit, gids: &[String]) -> Option<(Unit, Vec<Unit>)> {
        let whole = self.whole_of_parts(unit)?;
        let (_, each) = self.plan(&whole)?.divided?;
        let gids = gids.iter().filter(|gid| !gid.is_empty());
        Some((whole, gids.map(|gid| Unit::new(each, Some(Gid::new(gid)))).collect()))
    }

    fn push_parked(&mut self, listing: usize) {
        let parked = self.states.get_mut(listing).map(|state| std::mem::take(&mut state.parked)).unwrap_or_default();
        for unit in parked {
            self.push(unit, None);
        }
    }

    fn set_gate(&mut self, listing: usize, gate: Gate) {
        if let Some(state) = self.states.get_mut(listing) {
            state.gate = gate;
        }
        self.push_parked(listing);
    }

    fn gate(&self, listing: usize) -> Option<Gate> {
        self.states.get(listing).map(|state| state.gate)
    }

    /// The next unit of the earliest stage that has one.
    pub(crate) fn pop(&mut self) -> Option<Unit> {
        self.waiting.iter_mut().find_map(Queue::pop_front)
    }

    /// Asana answered a listing, be it by a refusal that concerns one parent: others may be asked.
    pub(crate) fn answered(&mut self, listing: usize) {
        if matches!(self.gate(listing), Some(Gate::Untried | Gate::Trying | Gate::Refused)) {
            self.set_gate(listing, Gate::Open);
        }
    }

    /// Parks what waits for a listing: Asana said that nobody with this token can have it.
    pub(crate) fn refuse(&mut self, listing: usize) {
        let Some(state) = self.states.get_mut(listing) else { return };
        state.gate = Gate::Refused;
        for queue in &mut self.waiting {
            let (parked, kept): (Queue, _) = std::mem::take(queue).partition(|unit| unit.listing == listing);
            *queue = kept;
            state.parked.extend(parked);
        }
    }

    /// Asana does not answer the wide question to this token: those that stand in for it may be asked.
    pub(crate) fn ask_instead(&mut self, listing: usize) -> bool {
        let stands_in = |(_, plan): &(usize, &Plan)| plan.instead_of == Some(listing);
        let others: Vec<usize> = self.plans.iter().enumerate().filter(stands_in).map(|(place, _)| place).collect();
        for other in &others {
            self.set_gate(*other, Gate::Untried);
        }
        !others.is_empty()
    }

    /// Takes note of what a search showed.
    pub(crate) fn found<'a>(&mut self, search: usize, gids: impl Iterator<Item = &'a str>) {
        let found = self.found.entry(search).or_default();
        gids.for_each(|gid| {
            found.insert(gid);
        });
    }

    /// A search ended: with `complete`, what it narrows is asked for what it found; else for every parent.
    ///
    /// Gives the listings of which units are set aside by that, with their number.
    pub(crate) fn searched(&mut self, search: usize, complete: bool) -> Vec<(usize, usize)> {
        if complete {
            self.searched.insert(search);
            self.found.entry(search).or_default();
        }
        let narrowed = |(_, plan): &(usize, &Plan)| plan.narrowed_by == Some(search);
        let narrowed: Vec<usize> = self.plans.iter().enumerate().filter(narrowed).map(|(place, _)| place).collect();
        let mut set_aside = Vec::new();
        for listing in narrowed {
            self.set_gate(listing, if complete { Gate::Narrowed } else { Gate::Untried });
            if let Some(state) = self.states.get(listing).filter(|_| complete) {
                set_aside.push((listing, state.parked.len()));
            }
        }
        set_aside
    }

    /// Whether what is only named so far may come in a listing, too. Then it is known when those are read, and not before,
    /// whether it has to be asked for: which of two answers is first differs from run to run.
    pub(crate) fn may_be_listed(&self, met: &Met) -> bool {
        let name = RESOURCES.get(met.resource).map_or("", |resource| resource.name);
        let lists = |plan: &Plan| plan.resource.name == name && plan.listing.per != Per::Named(name);
        met.only_named && self.plans.iter().any(lists)
    }

    /// Keeps questions about an object until nothing else waits.
    pub(crate) fn hold_back(&mut self, met: &Met, units: Vec<Unit>) {
        if !units.is_empty() {
            self.held_back.push((met.resource, met.gid.clone(), units));
        }
    }

    /// When nothing waits any more: what was held back, and no listing showed.
    pub(crate) fn unlisted(&mut self) -> Vec<Unit> {
        let held_back = std::mem::take(&mut self.held_back);
        let is_new = |resource: &usize, gid: &str| self.visited.get(*resource).is_some_and(|seen| !seen.contains(gid));
        held_back.into_iter().filter(|(resource, gid, _)| is_new(resource, gid)).flat_map(|(.., units)| units).collect()
    }

    /// When nothing waits any more: what searches showed and no listing did, and what a search cannot be trusted with,
    /// because it does not know the object at all.
    pub(crate) fn unclaimed(&mut self) -> Vec<Unit> {
        let mut units = Vec::new();
        for (search, found) in &self.found {
            let Some(Gives::Gids(resource)) = self.plans.get(*search).map(|plan| plan.listing.gives) else { continue };
            let Some(place) = RESOURCES.iter().position(|one| one.name == resource) else { continue };
            let by_gid = self.plans.iter().position(|plan| plan.listing.per == Per::Named(resource));
            let (Some(listing), Some(visited), Some(named)) =
                (by_gid, self.visited.get(place), self.named.get_mut(place))
            else {
                continue;
            };
            for gid in found.iter().filter(|gid| !visited.contains(gid)) {
                if named.insert(&gid) {
                    units.push(Unit::new(listing, Some(Gid::new(&gid))));
                }
            }
        }
        units.sort_by(|one, other| one.parent.cmp(&other.parent));
        units.extend(self.distrusted());
        units
    }

    /// Of the units set aside, those whose parents are unknown to the search for everything.
    fn distrusted(&mut self) -> Vec<Unit> {
        let mut distrusted = Vec::new();
        for (plan, state) in self.plans.iter().zip(&mut self.states) {
            let Some(parent) = plan.listing.per.parent().filter(|_| state.gate == Gate::Narrowed) else { continue };
            let everything = self
                .plans
                .iter()
                .position(|one| one.resource.name == parent && one.listing.gives == Gives::Gids(parent));
            let complete = everything.filter(|search| self.searched.contains(search));
            let known = complete.and_then(|search| self.found.get(&search));
            let parked = std::mem::take(&mut state.parked);
            let is_known = |unit: &Unit| {
                known.zip(unit.parent.as_ref()).is_some_and(|(known, gid)| known.contains(&gid.as_text()))
            };
            let unknown: Vec<Unit> = parked.filter(|unit| !is_known(unit)).collect();
            for parent in unknown.iter().filter_map(|unit| unit.parent.as_ref()) {
                state.distrusted.insert(&parent.as_text());
            }
            distrusted.extend(unknown);
        }
        distrusted
    }

    /// The units that ask what changed since an instant, for every parent that is known.
    pub(crate) fn ask_again(&self, since: &str) -> Vec<Unit> {
        let again = Again::Since(since.into());
        let mut units = Vec::new();
        for (listing, plan) in self.plans.iter().enumerate().filter(|(_, plan)| plan.is_asked_again()) {
            let parent = plan.listing.per.parent();
            let place = RESOURCES.iter().position(|one| Some(one.name) == parent);
            let gids = place.and_then(|place| self.visited.get(place)).into_iter().flat_map(GidSet::iter);
            let mut gids: Vec<Gid> = gids.map(|gid| Gid::new(&gid)).collect();
            gids.sort();
            units.extend(gids.into_iter().map(|gid| Unit::of(listing, gid, None, Some(again.clone()))));
        }
        units
    }

    /// The units that read again by their gids what a search asked in answer to `unit` says has changed.
    pub(crate) fn read_again<'a>(&self, unit: &Unit, gids: impl Iterator<Item = &'a str>) -> Vec<Unit> {
        let (Some(Again::Since(since)), Some(plan)) = (unit.again(), self.plan(unit)) else { return Vec::new() };
        let Gives::Gids(of) = plan.listing.gives else { return Vec::new() };
        let by_gid = self.plans.iter().position(|plan| plan.listing.per == Per::Named(of));
        let again = Again::Under(since.clone());
        let unit = |listing: usize, gid: &str| Unit::of(listing, Gid::new(gid), None, Some(again.clone()));
        by_gid.map(|listing| gids.map(|gid| unit(listing, gid)).collect()).unwrap_or_default()
    }

    /// How many changed records the passes met.
    pub(crate) fn changed(&self) -> usize {
        self.looked_at_again.len()
    }

    /// The listings that were refused, with the number of units that were never asked because of it.
    pub(crate) fn parked(&self) -> impl Iterator<Item = (&Plan, usize)> {
        let refused = self.plans.iter().zip(&self.states).filter(|(_, state)| state.gate != Gate::Narrowed);
        refused.map(|(plan, state)| (plan, state.parked.len())).filter(|(_, units)| *units > 0)
    }

    /// Drops units that are done already; gives those that were.
    pub(crate) fn drop_done(&mut self, done: &Done) -> impl Iterator<Item = Unit> + use<> {
        let dropped = self.drop_everywhere(|unit| done.contains(unit));
        self.try_again();
        dropped
    }

    /// Drops units that wait, whatever for; gives those that did.
    pub(crate) fn drop_units(&mut self, drop: impl Fn(&Unit) -> bool) -> Vec<Unit> {
        self.drop_everywhere(drop).collect()
    }

    fn drop_everywhere(&mut self, drop: impl Fn(&Unit) -> bool) -> Queue {
        let mut dropped = self.drop_where(&drop);
        for state in &mut self.states {
            let (gone, kept): (Queue, _) = std::mem::take(&mut state.parked).partition(&drop);
            state.parked = kept;
            dropped.extend(gone);
        }
        dropped
    }

    /// A listing may have been tried by a unit that turned out to be done: the next one goes ahead.
    fn try_again(&mut self) {
        let trying: Vec<usize> = (0..self.states.len()).filter(|at| self.gate(*at) == Some(Gate::Trying)).collect();
        for listing in trying {
            let queued = self.drop_where(|unit| unit.listing == listing);
            if let Some(state) = self.states.get_mut(listing) {
                state.gate = Gate::Untried;
                let parked = std::mem::replace(&mut state.parked, queued);
                state.parked.extend(parked);
            }
            self.push_parked(listing);
        }
    }

    fn drop_where(&mut self, drop: impl Fn(&Unit) -> bool) -> Queue {
        let mut dropped = Queue::default();
        for queue in &mut self.waiting {
            let (gone, kept): (Queue, _) = std::mem::take(queue).partition(&drop);
            *queue = kept;
            dropped.extend(gone);
        }
        dropped
    }

    /// Takes a unit out of the queue; false when it was not in it.
    pub(crate) fn take(&mut self, unit: &Unit) -> bool {
        !self.drop_where(|waiting| waiting == unit).is_empty()
    }

    /// Stops asking a listing for a field; gives the listing's name.
    pub(crate) fn drop_field(&mut self, listing: usize, field: &str) -> &'static str {
        let Some(plan) = self.plans.get_mut(listing) else { return "" };
        plan.opt_fields = Arc::new(plan.opt_fields.without(field));
        plan.listing.name
    }

    /// The first request of a unit.
    pub(crate) fn request(&self, unit: &Unit) -> Option<Request> {
        let plan = self.plan(unit)?;
        let parent = unit.parent.as_ref().map(Gid::as_text).unwrap_or_default();
        let workspace = self.workspace.as_text();
        let fill = |template: &'static str| -> Cow<'static, str> {
            match template {
                "{gid}" => parent.clone().into_owned().into(),
                "{workspace}" => workspace.clone().into_owned().into(),
                "{item}" => unit.item().unwrap_or_default().to_owned().into(),
                text => text.into(),
            }
        };
        let query = plan.listing.query.iter().map(|(name, value)| (*name, fill(value).into_owned()));
        let mut query: Vec<_> = query.collect();
        if let (Some(Again::Since(instant)), Some(since)) = (unit.again(), plan.listing.since) {
            query.push((since.parameter, instant.to_string()));
        }
        Some(Request {
            segments: plan.listing.path.trim_matches('/').split('/').map(fill).collect(),
            query,
            opt_fields: Arc::clone(&plan.opt_fields),
            page: plan.listing.ends.has_pages().then_some(PAGE_SIZE),
            limit: plan.listing.ends.has_pages().then_some(PAGE_SIZE),
            offset: None,
            search: plan.is_search(),
        })
    }
}

#[cfg(test)]
mod tests;
