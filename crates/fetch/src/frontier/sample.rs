//! What the frontier knows for a forecast: which units go first so that a few tell about all, and what was met so far.

use std::collections::HashMap;

use asana_model::catalog::{Gives, Stage};

use super::queue::Queue;
use super::{Frontier, Gate, Unit, queue_of};
use crate::estimate::{Found, Kind, Prospect};
use crate::plan::Plan;

/// Objects of a search that are enough to know which part of them another search shows too, evenly spread over all.
const COMPARED: usize = 10_000;

/// Which of the units of a listing that wait are drawn.
#[derive(Debug, Default)]
struct Share {
    waiting: u64,
    wanted: u64,
    passed: u64,
}

impl Share {
    /// Whether the next one is drawn: as many as are wanted, evenly spread.
    fn draws(&mut self) -> bool {
        let before = self.passed * self.wanted / self.waiting.max(1);
        self.passed += 1;
        self.passed * self.wanted / self.waiting.max(1) > before
    }
}

impl Frontier {
    /// The next unit of the sample, or of the workspace's own lists.
    pub(crate) fn pop_of_sample(&mut self) -> Option<Unit> {
        self.waiting.iter_mut().take(queue_of(Stage::Structure) + 1).find_map(Queue::pop_front)
    }

    /// Puts some of the units that wait in later stages before everything else, evenly spread among those of their
    /// listing: `wanted` says how many. Gives what was drawn.
    pub(crate) fn draw(&mut self, wanted: impl Fn(usize, &Plan, Prospect) -> u64) -> Vec<Unit> {
        let later = queue_of(Stage::Structure) + 1;
        let mut shares: HashMap<usize, Share> = HashMap::new();
        for unit in self.waiting.iter().skip(later).flat_map(Queue::iter) {
            shares.entry(unit.listing).or_default().waiting += 1;
        }
        for (listing, share) in &mut shares {
            if let Some(plan) = self.plans.get(*listing) {
                share.wanted = wanted(*listing, plan, self.prospect(*listing)).min(share.waiting);
            }
        }
        shares.retain(|_, share| share.wanted > 0);
        let mut drawn = Vec::new();
        if shares.is_empty() {
            return drawn;
        }
        for queue in self.waiting.iter_mut().skip(later) {
            let is_drawn = |unit: &Unit| shares.get_mut(&unit.listing).is_some_and(Share::draws);
            let (first, rest): (Queue, Queue) = std::mem::take(queue).partition(is_drawn);
            *queue = rest;
            drawn.extend(first);
        }
        if let Some(first) = self.waiting.first_mut() {
            first.extend(drawn.iter().cloned());
        }
        drawn
    }

    /// Whether a unit of such a listing waits to be asked.
    pub(crate) fn has_waiting(&self, of: impl Fn(&Plan) -> bool) -> bool {
        let queues = self.waiting.iter().take(queue_of(Stage::Structure) + 1);
        queues.flat_map(Queue::iter).any(|unit| self.plans.get(unit.listing).is_some_and(&of))
    }

    pub(crate) fn prospect(&self, listing: usize) -> Prospect {
        let narrowed = self.plans.get(listing).is_some_and(|plan| plan.narrowed_by.is_some());
        match self.gate(listing) {
            Some(Gate::Refused) => Prospect::Refused,
            Some(Gate::Narrowed) => Prospect::Narrowed,
            Some(Gate::Waiting) if narrowed => Prospect::Narrowed,
            Some(Gate::Waiting) => Prospect::NotNeeded,
            Some(Gate::Untried | Gate::Trying | Gate::Open) | None => Prospect::Asked,
        }
    }

    /// The objects of a kind that were met.
    pub(crate) fn met(&self, (resource, only_named): Kind) -> u64 {
        let sets = if only_named { &self.named } else { &self.visited };
        sets.get(resource).map_or(0, |set| set.len() as u64)
    }

    /// What a search showed, if it shows anything at all.
    pub(crate) fn found_so_far(&self, search: usize) -> Option<Found> {
        let found = self.found.get(&search)?;
        let resource = self.plans.get(search)?.listing.gives;
        let shows_all = |plan: &Plan| plan.listing.gives == resource && resource == Gives::Gids(plan.resource.name);
        let everything = self.plans.iter().position(shows_all).and_then(|search| self.found.get(&search));
        let share = everything.filter(|all| !all.is_empty()).map(|all| {
            let (mut compared, mut common) = (0.0, 0.0);
            for gid in all.iter().step_by(all.len().div_ceil(COMPARED)) {
                compared += 1.0;
                common += if found.contains(&gid) { 1.0 } else { 0.0 };
            }
            common / compared
        });
        Some(Found { objects: found.len() as u64, complete: self.searched.contains(&search), share })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use asana_model::Gid;
    use asana_model::catalog::{RESOURCES, Scope};

    use super::*;
    use crate::plan::Selection;

    fn frontier() -> Frontier {
        let resources = RESOURCES.iter().map(|resource| resource.name).collect();
        let selection =
            Selection { resources, scope: Scope::Workspace, chosen: Vec::new(), via_search: true, downloads: None };
        Frontier::new(&selection, Gid::new("1"), "2026".to_owned())
    }

    fn listing(frontier: &Frontier, name: &str) -> usize {
        frontier.plans.iter().position(|plan| plan.listing.name == name).unwrap()
    }

    #[test]
    fn what_is_drawn_is_spread_evenly_and_goes_first() {
        let mut frontier = frontier();
        let (tasks, sections) = (listing(&frontier, "tasks_of_project"), listing(&frontier, "sections"));
        let push = |frontier: &mut Frontier, listing, gid: u32| {
            frontier.push(Unit::new(listing, Some(Gid::new(&gid.to_string()))), None);
        };
        for listing in [tasks, sections] {
            push(&mut frontier, listing, 0);
            assert_eq!(
                frontier.draw(|one, _, _| if one == listing { 9 } else { 0 }).len(),
                1,
                "the first goes alone, and the others wait for it"
            );
            frontier.answered(listing);
            assert!(frontier.pop().is_some());
            (1..=100).for_each(|gid| push(&mut frontier, listing, gid));
        }
        let drawn = frontier.draw(|listing, _, _| if listing == tasks { 4 } else { 0 });
        let gids: Vec<String> = drawn.iter().map(|unit| unit.parent.as_ref().unwrap().to_string()).collect();
        assert_eq!(gids, ["25", "50", "75", "100"]);
        assert_eq!(std::iter::from_fn(|| frontier.pop_of_sample()).collect::<Vec<_>>(), drawn);
        let rest: Vec<Unit> = std::iter::from_fn(|| frontier.pop()).collect();
        let distinct: BTreeSet<_> = rest.iter().map(|unit| (unit.listing, unit.parent.clone())).collect();
        assert_eq!((rest.len(), distinct.len()), (196, 196), "nothing is lost and nothing comes twice");
    }

    #[test]
    fn the_lists_of_the_workspace_need_not_be_drawn() {
        let mut frontier = frontier();
        let tags = listing(&frontier, "tags");
        frontier.push(Unit::new(tags, Some(Gid::new("1"))), None);
        assert!(frontier.draw(|_, _, _| 9).is_empty());
        assert!(frontier.has_waiting(|plan| plan.listing.name == "tags") && frontier.pop_of_sample().is_some());
    }

    #[test]
    fn two_searches_tell_which_part_of_all_the_narrower_one_shows() {
        let mut frontier = frontier();
        let (all, narrow) = (listing(&frontier, "tasks_by_search"), listing(&frontier, "tasks_with_attachments"));
        let attachments = listing(&frontier, "attachments_of_task");
        assert!(frontier.found_so_far(narrow).is_none());
        assert_eq!(frontier.prospect(attachments), Prospect::Narrowed);
        frontier.found(all, ["1", "2", "3", "4"].into_iter());
        frontier.found(narrow, ["1", "7", "8"].into_iter());
        let found = frontier.found_so_far(narrow).unwrap();
        assert_eq!((found.objects, found.complete, found.share), (3, false, Some(0.25)));
        frontier.searched(narrow, false);
        assert_eq!(frontier.prospect(attachments), Prospect::Asked, "without that search every task is asked");
    }
}
