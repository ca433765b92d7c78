//! The listings of a run, derived from the catalogue and the selection.

use std::collections::BTreeSet;
use std::sync::Arc;

use asana_model::Gid;
use asana_model::catalog::{Ends, Gives, Kind, Listing, Per, RESOURCES, Resource, Scope, To, listings, resource};

use crate::children::{Asked, Child, Children, Named, Nested};
use crate::request::OptFields;

/// What a run asks for.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Names of resources whose records are wanted. What they hang from is asked for too.
    pub resources: BTreeSet<&'static str>,
    pub scope: Scope,
    /// The gids for listings of chosen objects.
    pub chosen: Vec<Gid>,
    /// Whether search is used, where the plan has it: to find what no listing shows, and to save requests.
    pub via_search: bool,
    /// Whether the files that records stand for are downloaded.
    pub downloads: Option<Downloads>,
}

/// Which files are downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downloads {
    /// No larger ones, in bytes.
    pub largest: Option<u64>,
}

impl Downloads {
    /// Whether a file of that size is wanted; one that does not say its size is.
    pub(crate) fn admits(self, size: Option<u64>) -> bool {
        size.zip(self.largest).is_none_or(|(size, largest)| size <= largest)
    }
}

/// A listing that this run asks for, with what follows from its records.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) resource: &'static Resource,
    pub(crate) listing: &'static Listing,
    pub(crate) opt_fields: Arc<OptFields>,
    pub(crate) children: Arc<Children>,
    /// The place of the listing that it stands in for, if that is one of this run.
    pub(crate) instead_of: Option<usize>,
    /// The place of the search that narrows it, if that is one of this run.
    pub(crate) narrowed_by: Option<usize>,
    /// The places of the listings that divide it: of its parts, and of each part.
    pub(crate) divided: Option<(usize, usize)>,
    /// The place of the listing whose parts it lists.
    pub(crate) lists_parts_of: Option<usize>,
}

impl Plan {
    /// Whether it only says which objects there are.
    pub(crate) fn is_search(&self) -> bool {
        matches!(self.listing.gives, Gives::Gids(_))
    }

    /// Whether other listings are asked for what its records show.
    pub(crate) fn leads_further(&self) -> bool {
        !self.children.is_empty()
    }

    /// Whether it is asked again for what changed.
    pub(crate) fn is_asked_again(&self) -> bool {
        self.listing.since.is_some()
    }
}

/// The plans of a run, in the catalogue's order.
pub(crate) fn plans(selection: &Selection) -> Vec<Plan> {
    let needed = needed(selection);
    let chosen: Vec<_> = listings().filter(|(_, listing)| needed.contains(listing.name)).collect();
    let place = |name: Option<&str>| chosen.iter().position(|(_, listing)| Some(listing.name) == name);
    let make = |(at, (resource, listing)): (usize, &(&'static Resource, &'static Listing))| Plan {
        resource,
        listing,
        opt_fields: Arc::new(OptFields::new(listing.opt_fields(resource))),
        children: Arc::new(match listing.gives {
            // What is only named has its records elsewhere; what follows from it follows from those.
            Gives::Gids(_) => Children::default(),
            Gives::Records | Gives::Compact => {
                let wanted = selection.downloads.filter(|_| selection.resources.contains(resource.name));
                let divide = listing.per.is_dividing();
                Children { files: resource.files().zip(wanted), divide, ..children(Some(at), resource, &chosen) }
            }
        }),
        instead_of: place(listing.instead_of),
        narrowed_by: place(listing.narrowed_by),
        divided: listing.divided.and_then(|by| place(Some(by.parts)).zip(place(Some(by.each)))),
        lists_parts_of: chosen.iter().position(|(_, other)| lists_parts_of(listing, other)),
    };
    chosen.iter().enumerate().map(make).collect()
}

/// Whether a listing is of the parts that another one is divided into.
fn lists_parts_of(listing: &Listing, whole: &Listing) -> bool {
    whole.divided.is_some_and(|by| by.parts == listing.name)
}

fn place_of(name: &str) -> Option<usize> {
    RESOURCES.iter().position(|resource| resource.name == name)
}

/// `at`: the place of the listing; none for records that come inside others.
fn children(at: Option<usize>, owner: &Resource, chosen: &[(&'static Resource, &'static Listing)]) -> Children {
    let asked = |(place, (_, listing)): (usize, &(_, &'static Listing)), parent: &str| -> Option<Child> {
        let asked = match listing.per {
            Per::Each(name) if name == parent => Asked::Always,
            Per::EachWhere(name, condition) if name == parent => Asked::Where(condition),
            Per::EachItem { parent: name, list, item } if name == parent => Asked::Items { list, item },
            _ => return None,
        };
        Some(Child { listing: place, asked })
    };
    let of = |parent: &str| -> Vec<Child> {
        chosen.iter().enumerate().filter_map(|listing| asked(listing, parent)).collect()
    };
    let by_gid = |parent: &str| -> Vec<Child> {
        let named = |(_, (_, listing)): &(usize, &(_, &'static Listing))| matches!(listing.per, Per::Named(name) if name == parent);
        chosen.iter().enumerate().filter(named).map(|(listing, _)| Child { listing, asked: Asked::Always }).collect()
    };
    let named = owner.asked_about().filter_map(|asked| {
        let resource = place_of(asked.to)?;
        let fetched_by_gid = RESOURCES.get(resource)?.is_fetched_by_gid();
        let children = if fetched_by_gid { by_gid(asked.to) } else { of(asked.to) };
        let kind = asked.of_any_kind.then_some(RESOURCES.get(resource)?.singular);
        let named = Named { field: asked.by, kind, resource, fetched_by_gid, children };
        Some(named).filter(|named| !named.children.is_empty())
    });
    let of_owner = chosen.iter().enumerate().filter(|(_, (resource, _))| resource.name == owner.name);
    let shown_by = of_owner.filter_map(|(place, (_, listing))| Some((place, listing.shown_by?)));
    let changes = chosen.iter().filter(|(resource, _)| resource.name == owner.name);
    Children {
        resource: place_of(owner.name).unwrap_or(0),
        own: of(owner.name),
        named: named.collect(),
        listing: at,
        shown_by: shown_by.collect(),
        nested: nested(owner, chosen),
        files: None,
        divide: false,
        changed_field: changes.filter_map(|(_, listing)| listing.since).map(|since| since.field).next(),
    }
}

/// The records inside those of `owner` from which something follows.
fn nested(owner: &Resource, chosen: &[(&'static Resource, &'static Listing)]) -> Vec<Nested> {
    let inner = owner.fields.iter().filter_map(|field| {
        let (name, is_list) = match &field.kind {
            Kind::Records(name) => (*name, true),
            Kind::Ref(reference) => match reference.to {
                To::One(name) if reference.nested => (name, false),
                _ => return None,
            },
            _ => return None,
        };
        let children = children(None, resource(name)?, chosen);
        Some(Nested { field: field.name, is_list, children }).filter(|nested| !nested.children.is_empty())
    });
    inner.collect()
}

/// The names of all listings that the wanted records need: their own, and those of everything they hang from.
fn needed(selection: &Selection) -> BTreeSet<&'static str> {
    let mut needed = BTreeSet::new();
    // Everything hangs from what is listed for the token itself.
    let roots = listings().filter(|(_, listing)| listing.per == Per::Token).map(|(resource, _)| resource.name);
    let mut resources: Vec<&str> = selection.resources.iter().copied().chain(roots).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let usable = |listing: &Listing| {
        listing.scopes.contains(&selection.scope) && (selection.via_search || listing.ends != Ends::Windows)
    };
    while let Some(name) = resources.pop() {
        if !seen.insert(name) {
            continue;
        }
        // What divides another listing is needed with that one.
        for (resource, listing) in listings().filter(|(_, one)| usable(one) && !one.per.is_dividing()) {
            if resource.name == name {
                needed.insert(listing.name);
                needed.extend(listing.divided.iter().flat_map(|by| [by.parts, by.each]));
                if let Some(parent) = listing.per.hangs_from() {
                    resources.push(parent);
                    // Also those that only other records name.
                    let names = |one: &&&Resource| one.asked_about().any(|asked| asked.to == parent);
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

    fn names(resources: &[&'static str], scope: Scope) -> Vec<&'static str> {
        let resources = resources.iter().copied().collect();
        needed(&Selection { resources, scope, chosen: Vec::new(), via_search: true, downloads: None })
            .into_iter()
            .collect()
    }

    #[test]
    fn what_hangs_from_something_asks_for_it_too() {
        assert_eq!(names(&["tags"], Scope::Workspace), ["tags", "workspaces"]);
        assert!(!names(&["sections"], Scope::Workspace).contains(&"sections_of_long_project"), "nothing is divided");
        let tasks = [
            "found_task",
            "projects",
            "sections_of_long_project",
            "subtasks",
            "tags",
            "tasks_by_search",
            "tasks_of_project",
            "tasks_of_section",
            "tasks_of_tag",
            "tasks_of_user",
            "users",
            "workspace_memberships",
            "workspaces",
        ];
        assert_eq!(names(&["tasks"], Scope::Workspace), tasks);
        let of_chosen = [
            "chosen_project",
            "sections_of_long_project",
            "subtasks",
            "tasks_of_project",
            "tasks_of_section",
            "workspaces",
        ];
        assert_eq!(names(&["tasks"], Scope::Projects), of_chosen);
    }

    #[test]
    fn records_that_come_inside_others_ask_for_those() {
        assert_eq!(names(&["user_task_lists"], Scope::Workspace), ["workspace_memberships", "workspaces"]);
        let portfolios = ["own_portfolios", "portfolio", "portfolio_items", "portfolios"];
        let settings = names(&["custom_field_settings"], Scope::Workspace);
        assert!(portfolios.iter().chain(&["projects", "teams", "goals"]).all(|name| settings.contains(name)));
    }

    #[test]
    fn search_can_be_left_out() {
        let resources = RESOURCES.iter().map(|resource| resource.name).collect();
        let selection =
            Selection { resources, scope: Scope::Workspace, chosen: Vec::new(), via_search: false, downloads: None };
        let plans = plans(&selection);
        assert!(plans.iter().all(|plan| plan.listing.ends != Ends::Windows && plan.narrowed_by.is_none()));
    }
}
