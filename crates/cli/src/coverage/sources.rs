//! What a resource's records hang from: if that is not complete, neither are they.

use std::collections::{BTreeSet, VecDeque};

use asana_model::catalog::{self, RESOURCES, Resource, Scope};

use super::{Coverage, Gap, Status, Tally};

/// What a resource lacks because of what it hangs from.
pub(super) enum Lack<'c> {
    /// Nothing that it could hang from was to be had; `gap` says why.
    Everything { from: &'static str, gap: &'c Gap },
    /// Something that it hangs from, directly or not, is not complete.
    Some { from: &'static str },
}

impl Coverage {
    /// What a resource lacks although the answers to its own questions are complete.
    pub(super) fn lack(&self, resource: &'static str, tally: &Tally) -> Option<Lack<'_>> {
        if tally.read_pages == 0
            && let Some((from, gap)) = self.all_missing(resource)
        {
            return Some(Lack::Everything { from, gap });
        }
        let mut seen = BTreeSet::from([resource]);
        let mut next: VecDeque<&'static str> = sources(resource, self.scope).into_iter().collect();
        while let Some(from) = next.pop_front() {
            let Some(tally) = self.resources.get(from).filter(|_| seen.insert(from)) else { continue };
            // What the plan does not have, the workspace does not have: nothing can hang from it.
            if tally.is_not_in_plan() {
                continue;
            }
            if !tally.gaps.is_empty() {
                return Some(Lack::Some { from });
            }
            next.extend(sources(from, self.scope));
        }
        None
    }

    /// The first of a resource's parents with the reason for which it is missing, if all are.
    fn all_missing(&self, resource: &'static str) -> Option<(&'static str, &Gap)> {
        let mut first = None;
        for from in parents(resource, self.scope).into_iter().chain(holders(resource)).filter(|from| *from != resource)
        {
            let tally = self.resources.get(from)?;
            let gap = tally.gaps.values().next().filter(|_| tally.status() == Status::Unavailable)?;
            first = first.or(Some((from, gap)));
        }
        first
    }
}

/// The resources that a resource hangs from: parents of its listings, what names those, and what holds its records.
fn sources(resource: &str, scope: Scope) -> BTreeSet<&'static str> {
    let parents = parents(resource, scope);
    let names_a_parent = |other: &&&'static Resource| other.asked_about().any(|asked| parents.contains(asked.to));
    let named_by = RESOURCES.iter().filter(names_a_parent).map(|other| other.name);
    let mut sources: BTreeSet<&'static str> = named_by.chain(holders(resource)).collect();
    sources.extend(&parents);
    sources.remove(resource);
    sources
}

fn parents(resource: &str, scope: Scope) -> BTreeSet<&'static str> {
    let listings = catalog::resource(resource).map_or(&[][..], |resource| resource.listings);
    let asked = listings.iter().filter(|listing| listing.scopes.contains(&scope));
    asked.filter_map(|listing| listing.per.hangs_from()).collect()
}

fn holders(resource: &str) -> impl Iterator<Item = &'static str> {
    RESOURCES.iter().filter(move |other| other.holds_records_of(resource)).map(|other| other.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_parents_and_what_names_or_holds_them() {
        let sources = |resource| sources(resource, Scope::Workspace).into_iter().collect::<Vec<_>>();
        assert_eq!(sources("sections"), ["projects"]);
        assert_eq!(sources("user_task_lists"), ["workspace_memberships"]);
        assert_eq!(sources("ooo_entries"), ["users", "workspace_memberships"]);
        assert_eq!(sources("project_briefs"), ["projects"]);
        assert!(sources("workspaces").is_empty());
        assert_eq!(sources("project_portfolio_settings"), ["goal_relationships", "portfolio_items", "portfolios"]);
    }
}
