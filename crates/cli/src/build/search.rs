//! What task search said, against what listings gave: two independent routes to the same tasks.

use std::collections::BTreeMap;

use asana_archive::Page;
use asana_export::Error as ExportError;
use asana_model::GidSet;
use asana_model::catalog::{self, Gives, Per, RESOURCES};
use asana_model::raw::{self, Object};
use asana_model::variant::is_asked_again;

use super::links::Links;

/// Whether [`Searches::page`] looks at the body of a page that was read.
pub(super) fn is_of_interest(page: &Page<'_>) -> bool {
    catalog::listing(&page.listing).is_some_and(|(resource, listing)| {
        matches!(listing.gives, Gives::Gids(of) if of == resource.name) || listing.per == Per::Named(resource.name)
    })
}

/// The pages of searches for everything, as they come out of the archive.
#[derive(Debug, Default)]
pub(super) struct Searches {
    found: BTreeMap<&'static str, Found>,
}

#[derive(Debug, Default)]
struct Found {
    gids: GidSet,
    state: State,
    /// Objects that were read because a search named them, and no listing did.
    read_by_gid: GidSet,
}

impl Found {
    fn add(&mut self, gid: &str) {
        self.gids.insert(gid);
    }

    fn add_read(&mut self, gid: &str) {
        self.read_by_gid.insert(gid);
    }
}

/// How a search ended.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    NotUsed,
    Complete,
    /// It gave something, but not everything.
    Incomplete(String),
    /// It cannot be used with this plan or token.
    Unavailable(String),
}

/// What search said about tasks, against the rows of the export.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Reconciled {
    pub(crate) state: State,
    /// Objects that search named.
    pub(crate) found: u64,
    /// Rows that are there only because search named them.
    pub(crate) only_by_search: u64,
    /// Objects that search named and that could not be read.
    pub(crate) not_readable: u64,
    /// Rows that search does not know: its index is late, or leaves them out.
    pub(crate) unknown_to_search: u64,
}

impl Searches {
    pub(super) fn page(&mut self, page: &Page<'_>) {
        let Some((resource, listing)) = catalog::listing(&page.listing) else { return };
        let read = (200..300).contains(&page.status);
        // What is asked again at the end says what changed, not what there is.
        let again = page.variant.as_deref().is_some_and(is_asked_again);
        // One that searches for its own kind names all of it; others only narrow down a question.
        match listing.gives {
            Gives::Gids(of) if of == resource.name => {
                let found = self.found.entry(of).or_default();
                if read {
                    gids(page.body.as_str()).for_each(|gid| found.add(&gid));
                }
                if !again {
                    found.state.page(page, read);
                }
            }
            _ if listing.per == Per::Named(resource.name) && read && !again => {
                let found = self.found.entry(resource.name).or_default();
                gids(page.body.as_str()).for_each(|gid| found.add_read(&gid));
            }
            _ => {}
        }
    }

    /// Compares with the rows; what search named and has no row is taken note of.
    pub(super) fn reconcile(&self, links: &mut Links) -> Result<Reconciled, ExportError> {
        let mut search = Reconciled::default();
        for (resource, found) in self.found.iter().filter(|(_, found)| found.state != State::NotUsed) {
            let Some(index) = RESOURCES.iter().position(|one| one.name == *resource) else { continue };
            if !links.knows(index) {
                continue;
            }
            let mut seen = 0;
            for gid in found.gids.iter() {
                if links.has_row(index, &gid) {
                    seen += 1;
                } else {
                    links.note(index, &gid, None, None)?;
                }
            }
            search.state = found.state.clone();
            search.found += found.gids.len() as u64;
            search.only_by_search += found.read_by_gid.iter().filter(|gid| found.gids.contains(gid)).count() as u64;
            search.not_readable += found.gids.len() as u64 - seen;
            search.unknown_to_search += (links.rows(index) as u64).saturating_sub(seen);
        }
        Ok(search)
    }
}

impl State {
    fn page(&mut self, page: &Page<'_>, read: bool) {
        let reason = || crate::coverage::reason(page.body.as_str());
        *self = match (read, page.last) {
            (true, true) => State::Complete,
            (true, false) => State::Incomplete("it was interrupted".to_owned()),
            (false, true) if page.page == 0 && page.status != 0 => State::Unavailable(reason()),
            (false, true) => State::Incomplete(reason()),
            (false, false) => return,
        };
    }

    pub(crate) fn label(&self) -> &'static str {
        match self {
            State::NotUsed => "not used",
            State::Complete => "complete",
            State::Incomplete(_) => "incomplete",
            State::Unavailable(_) => "unavailable",
        }
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            State::NotUsed | State::Complete => None,
            State::Incomplete(reason) | State::Unavailable(reason) => Some(reason),
        }
    }
}

fn gids(body: &str) -> impl Iterator<Item = String> {
    let data = Object::parse(body).and_then(|envelope| envelope.get("data")).unwrap_or("[]");
    let records = match raw::elements(data) {
        Some(elements) => elements,
        None => vec![data],
    };
    let gids: Vec<String> =
        records.into_iter().filter_map(|record| Some(Object::parse(record)?.gid()?.into_owned())).collect();
    gids.into_iter()
}
