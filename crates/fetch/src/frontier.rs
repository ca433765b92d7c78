//! What is left to ask: the units (a listing under one parent) that wait, by stage, and those that wait for an answer
//! to another question first.
//!
//! No requests, no files, no clock.

mod sample;

use std::collections::{HashMap, HashSet, VecDeque};

use asana_model::catalog::{Gives, Per, RESOURCES, Stage};
use asana_model::variant::{ASKED_AGAIN, ASKED_SINCE, is_asked_again};
use asana_model::{Gid, GidSet};

use crate::children::Met;
use crate::client::PAGE_SIZE;
use crate::crawl::is_within;
use crate::plan::{Plan, Selection, plans};
use crate::request::Request;

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
    parked: Vec<Unit>,
    /// Parents that no search knows, which are asked about for that reason.
    distrusted: HashSet<Gid>,
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
    /// For each search, the objects that it showed.
    found: HashMap<usize, GidSet>,
    /// Searches that came to their end.
    searched: HashSet<usize>,
    /// Versions of records that were looked at in passes over what changed, as (gid, when).
    looked_at_again: HashSet<(String, Option<String>)>,
    /// The units to be asked: those that go before all others, then by stage.
    waiting: Vec<VecDeque<Unit>>,
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
                parked: Vec::new(),
                distrusted: HashSet::new(),
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
            found: HashMap::new(),
            searched: HashSet::new(),
            looked_at_again: HashSet::new(),
            waiting: (0..=Stage::ALL.len()).map(|_| VecDeque::new()).collect(),
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
                state.distrusted.contains(gid) || found.is_some_and(|found| found.contains(&gid.as_text()))
            }),
            Gate::Trying | Gate::Refused | Gate::Waiting => false,
        };
        if !pass {
            state.parked.push(unit);
            return state.gate == Gate::Narrowed;
        }
        if let Some(plan) = self.plans.get(unit.listing)
            && let Some(queue) = self.waiting.get_mut(queue_of(plan.listing.stage))
        {
            queue.push_back(unit);
        }
        false
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
        self.waiting.iter_mut().find_map(VecDeque::pop_front)
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
            let (parked, kept): (VecDeque<_>, _) =
                std::mem::take(queue).into_iter().partition(|unit| unit.listing == listing);
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
            let unknown: Vec<Unit> = parked.into_iter().filter(|unit| !is_known(unit)).collect();
            state.distrusted.extend(unknown.iter().filter_map(|unit| unit.parent.clone()));
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
    pub(crate) fn drop_done(&mut self, done: &HashSet<Unit>) -> Vec<Unit> {
        let mut dropped = self.drop_where(|unit| done.contains(unit));
        for state in &mut self.states {
            let (gone, kept): (Vec<_>, Vec<_>) =
                std::mem::take(&mut state.parked).into_iter().partition(|unit| done.contains(unit));
            state.parked = kept;
            dropped.extend(gone);
        }
        self.try_again();
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

    fn drop_where(&mut self, drop: impl Fn(&Unit) -> bool) -> Vec<Unit> {
        let mut dropped = Vec::new();
        for queue in &mut self.waiting {
            let (gone, kept): (VecDeque<_>, _) = std::mem::take(queue).into_iter().partition(&drop);
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
        plan.opt_fields.retain(|path| !is_within(path, field));
        plan.listing.name
    }

    /// The first request of a unit.
    pub(crate) fn request(&self, unit: &Unit) -> Option<Request> {
        let plan = self.plan(unit)?;
        let parent = unit.parent.as_ref().map(Gid::as_text).unwrap_or_default();
        let workspace = self.workspace.as_text();
        let fill = |template: &str| match template {
            "{gid}" => parent.clone().into_owned(),
            "{workspace}" => workspace.clone().into_owned(),
            "{item}" => unit.item().unwrap_or_default().to_owned(),
            text => text.to_owned(),
        };
        let mut query: Vec<_> = plan.listing.query.iter().map(|(name, value)| (*name, fill(value))).collect();
        if let (Some(Again::Since(instant)), Some(since)) = (unit.again(), plan.listing.since) {
            query.push((since.parameter, instant.to_string()));
        }
        Some(Request {
            segments: plan.listing.path.trim_matches('/').split('/').map(fill).collect(),
            query,
            opt_fields: plan.opt_fields.clone(),
            limit: plan.listing.ends.has_pages().then_some(PAGE_SIZE),
            offset: None,
            search: plan.is_search(),
        })
    }
}

#[cfg(test)]
mod tests {
    use asana_model::catalog::Scope;

    use super::*;

    fn everything(via_search: bool) -> Selection {
        let resources = RESOURCES.iter().map(|resource| resource.name).collect();
        Selection { resources, scope: Scope::Workspace, chosen: vec![Gid::new("5")], via_search }
    }

    fn frontier(via_search: bool) -> Frontier {
        Frontier::new(&everything(via_search), Gid::new("1"), "2026-01-01T00:00:00.000Z".to_owned())
    }

    fn look(frontier: &Frontier, listing: usize, record: &str) -> Met {
        frontier.plans[listing].children.look(&[record]).remove(0)
    }

    fn listing(frontier: &Frontier, name: &str) -> usize {
        frontier.plans.iter().position(|plan| plan.listing.name == name).unwrap()
    }

    fn unit(frontier: &Frontier, name: &str, gid: &str) -> Unit {
        Unit::new(listing(frontier, name), Some(Gid::new(gid)))
    }

    /// The names of the listings of the units that follow from a record of a listing.
    fn meet(frontier: &mut Frontier, name: &str, record: &str) -> Vec<&'static str> {
        let asked = unit(frontier, name, "1");
        let met = look(frontier, asked.listing, record);
        frontier.meet(&asked, &met).iter().map(|unit| frontier.plans[unit.listing].listing.name).collect()
    }

    fn pop_all(frontier: &mut Frontier) -> Vec<(&'static str, String)> {
        let units: Vec<Unit> = std::iter::from_fn(|| frontier.pop()).collect();
        let named = |unit: Unit| (frontier.plans[unit.listing].listing.name, unit.parent.unwrap().to_string());
        units.into_iter().map(named).collect()
    }

    #[test]
    fn an_object_met_twice_is_asked_about_once() {
        let mut frontier = frontier(true);
        let found = meet(&mut frontier, "tasks_of_project", r#"{"gid":"7","num_subtasks":2}"#);
        assert_eq!(found, ["subtasks", "stories_of_task", "attachments_of_task"]);
        assert!(meet(&mut frontier, "tasks_of_tag", r#"{"gid":"7","num_subtasks":2}"#).is_empty());
        let leaf = meet(&mut frontier, "tasks_of_project", r#"{"gid":"8","num_subtasks":0}"#);
        assert_eq!(
            leaf,
            ["stories_of_task", "attachments_of_task"],
            "no request for subtasks that are known not to be"
        );
    }

    #[test]
    fn someone_who_is_only_named_is_asked_about_too() {
        let mut frontier = frontier(true);
        let found = meet(&mut frontier, "workspace_memberships", r#"{"gid":"70","user":{"gid":"7"}}"#);
        assert_eq!(found, ["ooo_entries", "tasks_of_user"]);
        assert!(meet(&mut frontier, "users", r#"{"gid":"7"}"#).is_empty());
    }

    #[test]
    fn what_is_known_by_its_gid_alone_is_asked_for_first() {
        let mut frontier = frontier(true);
        let nested = r#"{"gid":"7","resource_type":"portfolio"}"#;
        assert_eq!(meet(&mut frontier, "portfolio_items", nested), ["portfolio"]);
        assert!(meet(&mut frontier, "portfolio_items", nested).is_empty());
        let found = meet(&mut frontier, "portfolio", r#"{"gid":"7","current_status_update":null}"#);
        assert!(found.contains(&"portfolio_items") && !found.contains(&"status_updates_of_portfolio"), "{found:?}");
        assert!(meet(&mut frontier, "portfolio_items", nested).is_empty(), "it is known by now");
    }

    #[test]
    fn only_the_exported_workspace_is_entered() {
        let mut frontier = frontier(true);
        let root = frontier.roots(&everything(true)).remove(0);
        let other = look(&frontier, root.listing, r#"{"gid":"2","is_organization":true}"#);
        assert!(frontier.meet(&root, &other).is_empty());
        let own = look(&frontier, root.listing, r#"{"gid":"1","is_organization":false}"#);
        let units = frontier.meet(&root, &own);
        assert!(!units.is_empty() && units.iter().all(|unit| frontier.plan(unit).unwrap().listing.name != "teams"));
    }

    #[test]
    fn the_first_unit_of_a_listing_goes_ahead() {
        let mut frontier = frontier(true);
        for (name, gid) in [("stories_of_task", "7"), ("stories_of_task", "8"), ("tags", "1")] {
            frontier.push(unit(&frontier, name, gid), None);
        }
        let gone = pop_all(&mut frontier);
        assert_eq!(gone, [("tags", "1".to_owned()), ("stories_of_task", "7".to_owned())], "earlier stages go first");
        let stories = listing(&frontier, "stories_of_task");
        frontier.refuse(stories);
        frontier.push(unit(&frontier, "stories_of_task", "9"), None);
        assert_eq!(frontier.pop(), None);
        assert_eq!(frontier.parked().map(|(_, units)| units).collect::<Vec<_>>(), [2]);
        frontier.answered(stories);
        assert_eq!(pop_all(&mut frontier).len(), 2, "it can be had after all");
    }

    #[test]
    fn a_unit_that_was_done_before_does_not_stop_the_others() {
        let mut frontier = frontier(true);
        let units: Vec<_> = ["7", "8", "9"].map(|gid| unit(&frontier, "stories_of_task", gid)).into();
        for unit in &units {
            frontier.push(unit.clone(), None);
        }
        let done = frontier.drop_done(&HashSet::from([units[0].clone(), units[2].clone()]));
        assert_eq!(done.len(), 2);
        assert_eq!(pop_all(&mut frontier), [("stories_of_task", "8".to_owned())]);
    }

    #[test]
    fn a_narrower_question_waits_for_the_refusal_of_the_wider_one() {
        let mut frontier = frontier(true);
        frontier.push(unit(&frontier, "own_portfolios", "1"), None);
        assert_eq!(frontier.pop(), None);
        let wide = listing(&frontier, "portfolios");
        assert!(frontier.ask_instead(wide));
        assert_eq!(pop_all(&mut frontier), [("own_portfolios", "1".to_owned())]);
        assert!(!frontier.ask_instead(listing(&frontier, "tags")));
    }

    /// Four tasks: with a file, without, changed lately, and one that the index does not know.
    fn narrowed(complete: bool) -> (Frontier, usize) {
        let mut frontier = frontier(true);
        for (gid, changed_at) in [("1", "2025"), ("2", "2025"), ("3", "2026-05"), ("4", "2025")] {
            frontier.push(unit(&frontier, "attachments_of_task", gid), Some(changed_at));
        }
        let gids = |frontier: &mut Frontier| pop_all(frontier).into_iter().map(|(_, gid)| gid).collect::<String>();
        assert_eq!(gids(&mut frontier), "3", "what changed lately may be unknown to the index");
        let (all, narrow) = (listing(&frontier, "tasks_by_search"), listing(&frontier, "tasks_with_attachments"));
        frontier.found(all, ["1", "2", "3"].into_iter());
        frontier.searched(all, true);
        frontier.found(narrow, ["1"].into_iter());
        let set_aside = frontier.searched(narrow, complete);
        (frontier, set_aside.iter().map(|(_, units)| units).sum())
    }

    #[test]
    fn a_search_says_which_tasks_have_files() {
        let (mut frontier, set_aside) = narrowed(true);
        assert_eq!(set_aside, 2);
        assert_eq!(pop_all(&mut frontier), [("attachments_of_task", "1".to_owned())]);
        assert!(frontier.push(unit(&frontier, "attachments_of_task", "2"), None), "set aside");
        let unclaimed: Vec<_> = frontier.unclaimed();
        let names: Vec<_> = unclaimed.iter().map(|unit| frontier.plan(unit).unwrap().listing.name).collect();
        assert_eq!(names, ["found_task", "found_task", "found_task", "attachments_of_task"]);
        assert_eq!(unclaimed.last().unwrap().parent, Some(Gid::new("4")), "the index does not know it");
        assert!(frontier.unclaimed().is_empty());
    }

    #[test]
    fn without_that_search_every_task_is_asked() {
        let (mut frontier, set_aside) = narrowed(false);
        assert_eq!((set_aside, pop_all(&mut frontier).len()), (0, 1), "the first goes ahead");
        frontier.answered(listing(&frontier, "attachments_of_task"));
        assert_eq!(pop_all(&mut frontier).len(), 2);
    }

    #[test]
    fn what_changed_is_asked_again_with_what_hangs_from_it() {
        let mut frontier = frontier(false);
        meet(&mut frontier, "projects", r#"{"gid":"5"}"#);
        meet(&mut frontier, "tasks_of_project", r#"{"gid":"7","num_subtasks":1,"modified_at":"2025"}"#);
        meet(&mut frontier, "subtasks", r#"{"gid":"8","num_subtasks":0,"modified_at":"2025"}"#);
        let again = frontier.ask_again("2026");
        assert_eq!(again.len(), 1);
        assert!(frontier.request(&again[0]).unwrap().path().contains("modified_since=2026"));
        let tasks = listing(&frontier, "tasks_of_project");
        let changed = look(&frontier, tasks, r#"{"gid":"7","num_subtasks":1,"modified_at":"2026-02"}"#);
        let units = frontier.meet(&again[0], &changed);
        assert_eq!(units.len(), 3);
        assert!(units.iter().all(|unit| Unit::from_archive(0, None, unit.archived_variant().as_deref()).is_none()));
        assert!(frontier.meet(&again[0], &changed).is_empty(), "the same version once");
        let associated = look(&frontier, tasks, r#"{"gid":"8","num_subtasks":1,"modified_at":"2025"}"#);
        assert_eq!(frontier.meet(&again[0], &associated).len(), 3, "it has a new subtask");
        let unchanged = look(&frontier, tasks, r#"{"gid":"8","num_subtasks":0,"modified_at":"2025"}"#);
        assert!(frontier.meet(&units[0], &unchanged).is_empty());
        let new = look(&frontier, tasks, r#"{"gid":"9","num_subtasks":0,"modified_at":"2025"}"#);
        assert_eq!(frontier.meet(&units[0], &new).len(), 2);
    }

    #[test]
    fn requests_fill_their_placeholders() {
        let frontier = frontier(true);
        let path = |name, gid| frontier.request(&unit(&frontier, name, gid)).unwrap().path();
        assert_eq!(path("tasks_of_user", "9"), "/tasks?assignee=9&workspace=1&limit=100");
        assert_eq!(path("subtasks", "7"), "/tasks/7/subtasks?limit=100");
        assert_eq!(path("budgets", "7"), "/budgets?parent=7");
        let reactions = Unit::of(listing(&frontier, "reactions_to_story"), Gid::new("7"), Some("👍🏽".into()), None);
        assert_eq!(frontier.request(&reactions).unwrap().path(), "/reactions?target=7&emoji_base=👍🏽&limit=100");
        let archived = Unit::from_archive(reactions.listing, Some("7"), reactions.archived_variant().as_deref());
        assert_eq!(archived, Some(reactions));
    }
}
