//! What is left to ask: the listings of a run, and the units (a listing under one parent) that wait, by stage.
//!
//! Everything here follows from the catalogue and the selection. No requests, no files, no clock.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use asana_model::catalog::{Condition, Ends, Listing, Per, RESOURCES, Resource, Scope, Stage, listings};
use asana_model::raw::Object;
use asana_model::{Gid, GidSet};

use crate::client::PAGE_SIZE;
use crate::crawl::is_within;
use crate::request::Request;

/// What a run asks for.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Names of resources whose records are wanted. What they hang from is asked for too.
    pub resources: BTreeSet<&'static str>,
    pub scope: Scope,
    /// The gids for listings of chosen objects.
    pub chosen: Vec<Gid>,
}

/// A listing under one parent: the unit of work, of failure and of resuming.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Unit {
    /// Its place in [`Frontier::plans`].
    pub(crate) listing: usize,
    pub(crate) parent: Option<Gid>,
}

/// A listing that this run asks for, with what follows from its records.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) resource: &'static Resource,
    pub(crate) listing: &'static Listing,
    pub(crate) opt_fields: Vec<String>,
    pub(crate) children: Arc<Children>,
    /// Asana said that nobody with this token or plan can have it: it is not asked again, unless an answer that was
    /// under way shows that it can be had for other parents.
    refused: bool,
    /// The units that are not asked because of that.
    parked: Vec<Unit>,
}

/// Listings, each with its condition on the parent.
type Listings = Vec<(usize, Option<Condition>)>;

/// The listings that follow from each record of a plan.
#[derive(Debug, Default)]
pub(crate) struct Children {
    /// The place of the records' resource in the catalogue.
    resource: usize,
    own: Listings,
    /// Fields that name an object to be asked about, with its resource.
    named: Vec<(&'static str, usize, Listings)>,
}

/// A record that may be the parent of further listings, as far as that matters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Met {
    /// The place of its resource in the catalogue.
    pub(crate) resource: usize,
    pub(crate) gid: String,
    /// The listings to ask for it.
    pub(crate) children: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct Frontier {
    pub(crate) plans: Vec<Plan>,
    workspace: Gid,
    /// For each resource of the catalogue, the objects that were met.
    visited: Vec<GidSet>,
    waiting: Vec<VecDeque<Unit>>,
}

impl Frontier {
    pub(crate) fn new(selection: &Selection, workspace: Gid) -> Self {
        let needed = needed(selection);
        let chosen: Vec<_> = listings().filter(|(_, listing)| needed.contains(listing.name)).collect();
        let index = |resource: &Resource| RESOURCES.iter().position(|one| one.name == resource.name).unwrap_or(0);
        let listings_of = |parent: &str| -> Listings {
            let asked = |(place, (_, listing)): (usize, &(_, &'static Listing))| match listing.per {
                Per::Each(name) if name == parent => Some((place, None)),
                Per::EachWhere(name, condition) if name == parent => Some((place, Some(condition))),
                _ => None,
            };
            chosen.iter().enumerate().filter_map(asked).collect()
        };
        let children = |owner: &Resource| {
            let named = owner.asked_about().filter_map(|(field, to)| {
                let resource = RESOURCES.iter().position(|one| one.name == to)?;
                Some((field, resource, listings_of(to))).filter(|(.., listings)| !listings.is_empty())
            });
            let (own, named) = (listings_of(owner.name), named.collect());
            Arc::new(Children { resource: index(owner), own, named })
        };
        let plans = chosen
            .iter()
            .map(|(resource, listing)| Plan {
                resource,
                listing,
                opt_fields: resource.opt_fields(),
                children: children(resource),
                refused: false,
                parked: Vec::new(),
            })
            .collect();
        let visited = RESOURCES.iter().map(|_| GidSet::default()).collect();
        let waiting = Stage::ALL.iter().map(|_| VecDeque::new()).collect();
        Self { plans, workspace, visited, waiting }
    }

    /// The units that hang from nothing: to be pushed first.
    pub(crate) fn roots(&self, selection: &Selection) -> Vec<Unit> {
        let roots = self.plans.iter().enumerate().flat_map(|(listing, plan)| match plan.listing.per {
            Per::Token => vec![Unit { listing, parent: None }],
            Per::Chosen => selection.chosen.iter().map(|gid| Unit { listing, parent: Some(gid.clone()) }).collect(),
            Per::Each(_) | Per::EachWhere(..) => Vec::new(),
        });
        roots.collect()
    }

    pub(crate) fn plan(&self, unit: &Unit) -> Option<&Plan> {
        self.plans.get(unit.listing)
    }

    /// Adds the units that follow from a record's first meeting.
    pub(crate) fn meet(&mut self, listing: usize, met: &Met) -> Vec<Unit> {
        let Some(plan) = self.plans.get(listing) else { return Vec::new() };
        // A token can see several workspaces; one is exported.
        let other_workspace = plan.listing.per == Per::Token && *self.workspace.as_text() != *met.gid;
        let first = self.visited.get_mut(met.resource).is_some_and(|visited| visited.insert(&met.gid));
        if other_workspace || !first {
            return Vec::new();
        }
        let gid = Gid::new(&met.gid);
        met.children.iter().map(|child| Unit { listing: *child, parent: Some(gid.clone()) }).collect()
    }

    /// Queues a unit, or parks it when its listing is refused.
    pub(crate) fn push(&mut self, unit: Unit) {
        let Some(plan) = self.plans.get_mut(unit.listing) else { return };
        if plan.refused {
            plan.parked.push(unit);
        } else if let Some(queue) = self.waiting.get_mut(plan.listing.stage as usize) {
            queue.push_back(unit);
        }
    }

    /// The next unit of the earliest stage that has one.
    pub(crate) fn pop(&mut self) -> Option<Unit> {
        self.waiting.iter_mut().find_map(VecDeque::pop_front)
    }

    /// Parks what waits for a listing: Asana said that nobody with this token can have it.
    pub(crate) fn refuse(&mut self, listing: usize) {
        let Some(plan) = self.plans.get_mut(listing) else { return };
        plan.refused = true;
        for queue in &mut self.waiting {
            let (parked, kept): (VecDeque<_>, _) =
                std::mem::take(queue).into_iter().partition(|unit| unit.listing == listing);
            *queue = kept;
            plan.parked.extend(parked);
        }
    }

    /// Queues again what waited for a listing: it can be had after all.
    pub(crate) fn reinstate(&mut self, listing: usize) {
        let Some(plan) = self.plans.get_mut(listing).filter(|plan| plan.refused) else { return };
        plan.refused = false;
        let parked = std::mem::take(&mut plan.parked);
        for unit in parked {
            self.push(unit);
        }
    }

    /// The listings that were refused, with the number of units that were never asked because of it.
    pub(crate) fn parked(&self) -> impl Iterator<Item = (&Plan, usize)> {
        self.plans.iter().map(|plan| (plan, plan.parked.len())).filter(|(_, units)| *units > 0)
    }

    /// Drops units that are done already; says how many.
    pub(crate) fn drop_done(&mut self, done: &HashSet<Unit>) -> usize {
        self.drop_where(|unit| done.contains(unit))
    }

    fn drop_where(&mut self, drop: impl Fn(&Unit) -> bool) -> usize {
        let before: usize = self.waiting.iter().map(VecDeque::len).sum();
        for queue in &mut self.waiting {
            queue.retain(|unit| !drop(unit));
        }
        before - self.waiting.iter().map(VecDeque::len).sum::<usize>()
    }

    /// Takes a unit out of the queue; false when it was not in it.
    pub(crate) fn take(&mut self, unit: &Unit) -> bool {
        self.drop_where(|waiting| waiting == unit) > 0
    }

    /// Stops asking a listing for a field; gives the listing's name.
    pub(crate) fn drop_field(&mut self, listing: usize, field: &str) -> &'static str {
        let Some(plan) = self.plans.get_mut(listing) else { return "" };
        plan.opt_fields.retain(|path| !is_within(path, field));
        plan.listing.name
    }

    /// The units that wait, in the order of their stages.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Unit> {
        self.waiting.iter().flatten()
    }

    /// The first request of a unit.
    pub(crate) fn request(&self, unit: &Unit) -> Option<Request> {
        let plan = self.plan(unit)?;
        let parent = unit.parent.as_ref().map(Gid::as_text).unwrap_or_default();
        let workspace = self.workspace.as_text();
        let fill = |template: &str| match template {
            "{gid}" => parent.clone().into_owned(),
            "{workspace}" => workspace.clone().into_owned(),
            text => text.to_owned(),
        };
        let paged = plan.listing.ends != Ends::SingleObject;
        Some(Request {
            segments: plan.listing.path.trim_matches('/').split('/').map(fill).collect(),
            query: plan.listing.query.iter().map(|(name, value)| (*name, fill(value))).collect(),
            opt_fields: plan.opt_fields.clone(),
            limit: paged.then_some(PAGE_SIZE),
            offset: None,
        })
    }
}

impl Children {
    /// Which listings follow from each of a page's records, for those that can be told apart from others.
    pub(crate) fn look(&self, records: &[&str]) -> Vec<Met> {
        let mut met = Vec::new();
        if self.own.is_empty() && self.named.is_empty() {
            return met;
        }
        for object in records.iter().filter_map(|record| Object::parse(record)) {
            if !self.own.is_empty() {
                met.extend(follow(self.resource, &object, &self.own));
            }
            for (field, resource, listings) in &self.named {
                let named = object.get(field).and_then(Object::parse);
                met.extend(named.and_then(|named| follow(*resource, &named, listings)));
            }
        }
        met
    }
}

fn follow(resource: usize, object: &Object<'_>, listings: &Listings) -> Option<Met> {
    let gid = object.gid()?.into_owned();
    let wanted = |(_, condition): &&(usize, Option<Condition>)| match condition {
        None => true,
        Some(condition) => condition.holds(object.get(condition.field())),
    };
    Some(Met { resource, gid, children: listings.iter().filter(wanted).map(|(listing, _)| *listing).collect() })
}

/// The names of all listings that the wanted records need: their own, and those of everything they hang from.
fn needed(selection: &Selection) -> BTreeSet<&'static str> {
    let mut needed = BTreeSet::new();
    // Everything hangs from what is listed for the token itself.
    let roots = listings().filter(|(_, listing)| listing.per == Per::Token).map(|(resource, _)| resource.name);
    let mut resources: Vec<&str> = selection.resources.iter().copied().chain(roots).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(name) = resources.pop() {
        if !seen.insert(name) {
            continue;
        }
        for (resource, listing) in listings().filter(|(_, listing)| listing.scopes.contains(&selection.scope)) {
            if resource.name == name {
                needed.insert(listing.name);
                if let Some(parent) = listing.per.parent() {
                    resources.push(parent);
                    // Also those that only other records name.
                    let names = |one: &&&Resource| one.asked_about().any(|(_, to)| to == parent);
                    resources.extend(RESOURCES.iter().filter(names).map(|one| one.name));
                }
            }
        }
        resources.extend(RESOURCES.iter().filter(|outer| outer.holds_records_of(name)).map(|outer| outer.name));
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(resources: &[&'static str], scope: Scope) -> Selection {
        Selection { resources: resources.iter().copied().collect(), scope, chosen: vec![Gid::new("5")] }
    }

    fn everything() -> Selection {
        selection(&RESOURCES.iter().map(|resource| resource.name).collect::<Vec<_>>(), Scope::Workspace)
    }

    fn names(selection: &Selection) -> Vec<&'static str> {
        needed(selection).into_iter().collect()
    }

    #[test]
    fn what_hangs_from_something_asks_for_it_too() {
        assert_eq!(names(&selection(&["tags"], Scope::Workspace)), ["tags", "workspaces"]);
        assert_eq!(
            names(&selection(&["stories"], Scope::Workspace)),
            [
                "projects",
                "stories_of_task",
                "subtasks",
                "tags",
                "tasks_of_project",
                "tasks_of_tag",
                "tasks_of_user",
                "users",
                "workspace_memberships",
                "workspaces"
            ]
        );
        assert_eq!(
            names(&selection(&["tasks"], Scope::Projects)),
            ["chosen_project", "subtasks", "tasks_of_project", "workspaces"]
        );
    }

    #[test]
    fn records_that_come_inside_others_ask_for_those() {
        assert_eq!(names(&selection(&["user_task_lists"], Scope::Workspace)), ["workspace_memberships", "workspaces"]);
        assert_eq!(
            names(&selection(&["custom_field_settings"], Scope::Workspace)),
            ["projects", "teams", "workspaces"]
        );
    }

    fn look(frontier: &Frontier, listing: usize, record: &str) -> Met {
        frontier.plans[listing].children.look(&[record]).remove(0)
    }

    fn listing(frontier: &Frontier, name: &str) -> usize {
        frontier.plans.iter().position(|plan| plan.listing.name == name).unwrap()
    }

    #[test]
    fn an_object_met_twice_is_asked_about_once() {
        let mut frontier = Frontier::new(&everything(), Gid::new("1"));
        let tasks = listing(&frontier, "tasks_of_project");
        let met = look(&frontier, tasks, r#"{"gid":"7","num_subtasks":2}"#);
        assert_eq!(frontier.meet(tasks, &met).len(), 3);
        let elsewhere = listing(&frontier, "tasks_of_tag");
        let again = look(&frontier, elsewhere, r#"{"gid":"7","num_subtasks":2}"#);
        assert!(frontier.meet(elsewhere, &again).is_empty());
        let leaf = look(&frontier, tasks, r#"{"gid":"8","num_subtasks":0}"#);
        assert_eq!(frontier.meet(tasks, &leaf).len(), 2, "no request for subtasks that are known not to be");
    }

    #[test]
    fn someone_who_is_only_named_is_asked_about_too() {
        let mut frontier = Frontier::new(&everything(), Gid::new("1"));
        let (members, users) = (listing(&frontier, "workspace_memberships"), listing(&frontier, "users"));
        let named = look(&frontier, members, r#"{"gid":"70","user":{"gid":"7"}}"#);
        let units = frontier.meet(members, &named);
        assert_eq!(units, [Unit { listing: listing(&frontier, "tasks_of_user"), parent: Some(Gid::new("7")) }]);
        let listed = look(&frontier, users, r#"{"gid":"7"}"#);
        assert!(frontier.meet(users, &listed).is_empty());
    }

    #[test]
    fn only_the_exported_workspace_is_entered() {
        let mut frontier = Frontier::new(&everything(), Gid::new("1"));
        let root = frontier.roots(&everything()).remove(0);
        let other = look(&frontier, root.listing, r#"{"gid":"2","is_organization":true}"#);
        assert!(frontier.meet(root.listing, &other).is_empty());
        let own = look(&frontier, root.listing, r#"{"gid":"1","is_organization":false}"#);
        let units = frontier.meet(root.listing, &own);
        assert!(!units.is_empty() && units.iter().all(|unit| frontier.plan(unit).unwrap().listing.name != "teams"));
    }

    #[test]
    fn earlier_stages_go_first_and_refused_listings_never() {
        let mut frontier = Frontier::new(&everything(), Gid::new("1"));
        let (stories, tags) = (listing(&frontier, "stories_of_task"), listing(&frontier, "tags"));
        let unit = |listing, gid: &str| Unit { listing, parent: Some(Gid::new(gid)) };
        for (listing, gid) in [(stories, "7"), (stories, "8"), (tags, "1")] {
            frontier.push(unit(listing, gid));
        }
        assert_eq!(frontier.pop(), Some(unit(tags, "1")));
        frontier.refuse(stories);
        frontier.push(unit(stories, "9"));
        assert_eq!(frontier.pop(), None);
        assert_eq!(frontier.parked().map(|(_, units)| units).collect::<Vec<_>>(), [3]);
        frontier.reinstate(stories);
        assert_eq!((0..4).filter_map(|_| frontier.pop()).count(), 3, "it can be had after all");
    }

    #[test]
    fn requests_fill_their_placeholders() {
        let frontier = Frontier::new(&everything(), Gid::new("1"));
        let path = |name, gid: &str| {
            let unit = Unit { listing: listing(&frontier, name), parent: Some(Gid::new(gid)) };
            frontier.request(&unit).unwrap().path()
        };
        assert_eq!(path("tasks_of_user", "9"), "/tasks?assignee=9&workspace=1&limit=100");
        assert_eq!(path("subtasks", "7"), "/tasks/7/subtasks?limit=100");
    }
}
