//! A unit with its place in its listing, and what a page of it leads to.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use asana_model::GidSet;
use asana_model::catalog::{Ends, Listing};
use asana_model::raw::Object;

use crate::children::{Children, Met};
use crate::frontier::Unit;
use crate::page::{self, Envelope};
use crate::request::Request;
use crate::sweep::{Row, Sweep};
use crate::wanted::Volume;

/// An empty page with a next one is followed, but only so often in a row.
const EMPTY_PAGES: u32 = 3;
/// Times that a listing is begun anew because its offset expired, or because rows moved while it was read.
pub(crate) const RESTARTS: u32 = 3;

/// A unit with its place in its listing.
#[derive(Debug)]
pub(crate) struct Position {
    pub(crate) unit: Unit,
    pub(crate) request: Request,
    /// An answer to it was counted.
    pub(crate) is_begun: bool,
    pub(crate) page: u64,
    /// Records before this page.
    pub(crate) first: u64,
    empty_pages: u32,
    pub(crate) restarts: u32,
    /// Times that rows moved.
    drifts: u32,
    /// Pages seen so far in this pass over the listing, by the hash of their records' gids.
    pages_seen: HashSet<u64>,
    /// Objects seen in this pass, for listings of several pages.
    seen: GidSet,
    repeated: bool,
    pub(crate) sweep: Option<Box<Sweep>>,
}

/// A page, taken apart as far as the run needs it.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) records: u64,
    next: Option<String>,
    /// The records' gids, for listings of several pages, those that divide others, and searches.
    pub(crate) gids: Vec<String>,
    /// The records' times, for searches.
    rows: Vec<Row>,
    pub(crate) met: Vec<Met>,
    /// Files to download.
    pub(crate) files: Volume,
}

/// What follows from a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The position now stands at the next page.
    Page,
    /// The listing is done.
    Done,
    /// Rows moved while it was read, so it is read again from its beginning, where the position now stands.
    Again,
    /// It cannot be read to its end.
    GiveUp(String),
}

impl Position {
    pub(crate) fn new(unit: Unit, mut request: Request, listing: &Listing) -> Self {
        let sweep = (listing.ends == Ends::Windows).then(|| {
            let sweep = Sweep::new(&request.query);
            request.query = sweep.query().unwrap_or_default();
            Box::new(sweep)
        });
        Self {
            unit,
            request,
            is_begun: false,
            page: 0,
            first: 0,
            empty_pages: 0,
            restarts: 0,
            drifts: 0,
            pages_seen: HashSet::new(),
            seen: GidSet::default(),
            repeated: false,
            sweep,
        }
    }

    /// Why it is left at this place: a record that cannot be read even alone hides those behind it.
    pub(crate) fn blame(&self, reason: String) -> String {
        if self.request.page != Some(1) {
            return reason;
        }
        let record = self.first + 1;
        // Only its own answer would have brought the offset that leads further: offsets cannot be made.
        format!("{reason}; record {record} cannot be read even alone, and so those behind it cannot be asked for")
    }

    /// The objects that it has shown so far, if it has several pages.
    pub(crate) fn seen(&self) -> &GidSet {
        &self.seen
    }

    /// Begins the listing anew.
    pub(crate) fn restart(&mut self) {
        (self.page, self.first, self.empty_pages) = (0, 0, 0);
        self.request.offset = None;
        self.pages_seen.clear();
        self.seen = GidSet::default();
        self.repeated = false;
    }

    /// What the page just received leads to. Must be asked once for each page.
    pub(crate) fn advance(&mut self, looked: &Looked, ends: Ends) -> Next {
        match ends {
            Ends::SingleObject | Ends::Unpaged => Next::Done,
            Ends::Windows => self.next_window(looked),
            Ends::EmptyPage if looked.records == 0 => Next::Done,
            Ends::EmptyPage | Ends::NullNextPage => self.next_page(looked),
        }
    }

    fn next_window(&mut self, looked: &Looked) -> Next {
        let Some(sweep) = &mut self.sweep else { return Next::Done };
        sweep.answered(&looked.rows);
        if let Some(query) = sweep.query() {
            self.request.query = query;
            self.page += 1;
            self.first += looked.records;
            return Next::Page;
        }
        sweep.shortfall().map_or(Next::Done, Next::GiveUp)
    }

    fn next_page(&mut self, looked: &Looked) -> Next {
        for gid in &looked.gids {
            // What has no gid cannot come twice.
            self.repeated |= !gid.is_empty() && !self.seen.insert(gid);
        }
        let received = self.first + looked.records;
        let Some(offset) = looked.next.clone() else {
            // One page alone cannot have moved.
            return if self.page > 0 && self.repeated { self.read_again() } else { Next::Done };
        };
        self.page += 1;
        self.first = received;
        self.empty_pages = if looked.records == 0 { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > EMPTY_PAGES {
            return Next::GiveUp(format!("gave up: {} empty pages in a row, each with a next one", self.empty_pages));
        }
        let same_offset = self.request.offset.as_ref() == Some(&offset);
        // Offset tokens hold the time, so a listing that goes in circles gives new ones.
        let same_records = looked.records > 0 && !self.pages_seen.insert(fingerprint(&looked.gids));
        if same_offset || same_records {
            return Next::GiveUp("gave up: a page came a second time, so the listing would not end".to_owned());
        }
        self.request.offset = Some(offset);
        Next::Page
    }

    /// A record that came twice means that rows moved, so that others may not have come at all.
    fn read_again(&mut self) -> Next {
        self.drifts += 1;
        if self.drifts > RESTARTS {
            return Next::GiveUp(format!(
                "rows moved each of the {} times that it was read, so some may be missing",
                self.drifts
            ));
        }
        self.restart();
        Next::Again
    }
}

/// Takes a body apart; `first` says that it is a listing's first page, which needs no comparing if it is the last too.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn look(body: &[u8], children: &Children, search: bool, first: bool) -> Result<Looked, String> {
    // Records are taken apart where somebody looks at them, and in the same pass.
    let looks = search || !first || children.divide || !children.is_empty() || children.files.is_some();
    let is_whole = |next: &Option<String>| first && next.is_none() && !children.divide;
    let plain = if looks { None } else { Some(page::decode(body)?) };
    let (objects, records, next) = match plain {
        Some(plain) if is_whole(&plain.next) => (Vec::new(), plain.records.len(), plain.next),
        _ => {
            let Envelope { records, next } = page::decode_objects(body)?;
            let count = records.len();
            (records, count, next)
        }
    };
    let met = children.look(objects.iter().flatten());
    let files = children.files(objects.iter().flatten());
    let rows: Vec<Row> = if search { objects.iter().flatten().filter_map(Row::read).collect() } else { Vec::new() };
    let gids = if search {
        rows.iter().map(|row| row.gid.clone()).collect()
    } else if is_whole(&next) {
        Vec::new()
    } else {
        let gid = |object: &Option<Object<'_>>| object.as_ref()?.gid().map(Cow::into_owned);
        objects.iter().map(|object| gid(object).unwrap_or_default()).collect()
    };
    Ok(Looked { records: records as u64, next, gids, rows, met, files })
}

fn fingerprint(gids: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    gids.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use asana_model::catalog;

    use super::*;

    fn position() -> Position {
        let (_, listing) = catalog::listing("tags").unwrap();
        let request = Request {
            segments: Vec::new(),
            query: Vec::new(),
            opt_fields: std::sync::Arc::default(),
            page: Some(100),
            limit: Some(100),
            offset: None,
            search: false,
        };
        Position::new(Unit::new(0, None), request, listing)
    }

    fn advance(position: &mut Position, gids: &str, next: Option<&str>) -> Next {
        let records: Vec<_> = gids.split_whitespace().map(|gid| format!(r#"{{"gid":"{gid}"}}"#)).collect();
        let next = next.map_or("null".to_owned(), |offset| format!(r#"{{"offset":"{offset}"}}"#));
        let body = format!(r#"{{"data":[{}],"next_page":{next}}}"#, records.join(","));
        position.advance(&look(body.as_bytes(), &Children::default(), false, false).unwrap(), Ends::NullNextPage)
    }

    #[test]
    fn a_record_that_comes_twice_means_that_rows_moved() {
        let mut position = position();
        assert_eq!(advance(&mut position, "1 2", Some("a")), Next::Page);
        assert_eq!(advance(&mut position, "2 3", None), Next::Again);
        assert_eq!((position.page, position.first, position.request.offset.as_deref()), (0, 0, None));
        assert_eq!(advance(&mut position, "1 2", Some("b")), Next::Page);
        assert_eq!(advance(&mut position, "3", None), Next::Done);
        assert_eq!((position.page, position.first), (1, 2));
    }

    #[test]
    fn rows_that_never_rest_are_given_up() {
        let mut position = position();
        for _ in 0..RESTARTS {
            assert_eq!(advance(&mut position, "1 2", Some("a")), Next::Page);
            assert_eq!(advance(&mut position, "2 3", None), Next::Again);
        }
        assert_eq!(advance(&mut position, "1 2", Some("a")), Next::Page);
        assert!(matches!(advance(&mut position, "2 3", None), Next::GiveUp(reason) if reason.contains("rows moved")));
    }

    #[test]
    fn a_listing_that_goes_in_circles_is_given_up() {
        let mut position = position();
        assert_eq!(advance(&mut position, "1 2", Some("a")), Next::Page);
        assert_eq!(advance(&mut position, "3 4", Some("b")), Next::Page);
        assert!(matches!(advance(&mut position, "1 2", Some("c")), Next::GiveUp(_)));
        assert!((0..=EMPTY_PAGES).any(|n| matches!(advance(&mut position, "", Some(&n.to_string())), Next::GiveUp(_))));
    }
}
