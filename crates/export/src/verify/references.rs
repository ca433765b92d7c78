//! Whether everything that a row refers to has a row too, or is listed as seen and not readable.
//!
//! One pass: the gids of rows are kept, a machine word each. A reference to something that has no row so far is put
//! aside in a sorter, which spills to disk, and looked at again when all rows are known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use asana_model::catalog::Key;
use asana_model::{Cell, GidSet, Layout, Link, LinkTo, TableId};

use super::report::Findings;
use crate::error::Result;
use crate::manifest::{MANIFEST, Manifest};
use crate::reduced::Reduced;
use crate::sorted::Sorter;

/// Memory for references put aside.
const SORT_MEMORY: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct References<'l> {
    layout: &'l Layout,
    /// By table.
    links: BTreeMap<TableId, Vec<Link>>,
    /// Of each resource whose table is exported and has a row for each object: the objects.
    rows: Vec<Option<GidSet>>,
    /// By table, the resource whose own table it is.
    own: BTreeMap<TableId, usize>,
    /// What the export itself lists as seen and not readable.
    listed: BTreeMap<(usize, String), Listed>,
    /// Tables that do not have all their columns, so that not all that refers to something is there.
    lacking: BTreeSet<TableId>,
    /// Resources some of whose objects were left out for their age.
    dated: BTreeSet<usize>,
    aside: Sorter,
    /// References that have to lead somewhere, all formats counted.
    checked: u64,
    /// The order in which they were met.
    sequence: u64,
}

/// A row of the table of what is not readable.
#[derive(Debug)]
struct Listed {
    file: String,
    line: u64,
    /// A column of the export names it, so a reference has to be found.
    by_column: bool,
    referred: bool,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    /// The file is the table's first format; the others say the same once more.
    pub(super) first_format: bool,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) findings: Findings,
    pub(super) checked: u64,
    /// Objects that are listed as seen and not readable.
    pub(super) listed: u64,
    /// References to what may be long gone, and is.
    pub(super) loose: u64,
    /// References to what was left out for its age, or may have been.
    pub(super) left_out: u64,
}

const STRICT: u8 = 1;
const LOOSE: u8 = 0;

impl<'l> References<'l> {
    /// `tables` are those that can be read, and `lacking` those of them that do not have all columns.
    pub(super) fn new(
        layout: &'l Layout,
        tables: &[TableId],
        lacking: BTreeSet<TableId>,
        reduced: &Reduced,
        temp: &Path,
    ) -> Self {
        let all = layout.resources.iter().enumerate();
        let dated = all.filter(|(_, plan)| reduced.since_of(plan.resource.name).is_some()).map(|(index, _)| index);
        let mut links: BTreeMap<TableId, Vec<Link>> = BTreeMap::new();
        for link in layout.links() {
            links.entry(link.table).or_default().push(link);
        }
        let rows = layout.resources.iter().map(|plan| {
            let of_objects = plan.resource.key == Key::Gid && tables.contains(&plan.table);
            of_objects.then(GidSet::default)
        });
        let own = layout.resources.iter().enumerate().map(|(index, plan)| (plan.table, index)).collect();
        let aside = Sorter::new(temp, SORT_MEMORY);
        Self {
            layout,
            links,
            rows: rows.collect(),
            own,
            listed: BTreeMap::new(),
            lacking,
            dated: dated.collect(),
            aside,
            checked: 0,
            sequence: 0,
        }
    }

    pub(super) fn row(&mut self, table: TableId, cells: &[Cell<'_>], at: At<'_>) -> Result<()> {
        if at.first_format {
            if let (Some(resource), Some(gid)) = (self.own.get(&table), cells.first().and_then(text))
                && let Some(rows) = self.rows.get_mut(*resource).and_then(Option::as_mut)
            {
                rows.insert(gid);
            }
            if table == self.layout.unresolved {
                self.list(cells, at);
            }
        }
        let Some(links) = self.links.get(&table) else { return Ok(()) };
        for link in links {
            let Some(gid) = cells.get(link.column).and_then(text) else { continue };
            let resource = match link.to {
                LinkTo::Resource(resource) => Some(resource),
                LinkTo::KindIn(column) => {
                    cells.get(column).and_then(text).and_then(|kind| self.layout.resource_of_type(kind))
                }
            };
            let Some((resource, rows)) =
                resource.and_then(|resource| Some((resource, self.rows.get(resource)?.as_ref()?)))
            else {
                continue;
            };
            self.checked += u64::from(!link.loose);
            if rows.contains(gid) {
                continue;
            }
            let key = [&(resource as u64).to_be_bytes(), gid.as_bytes()].concat();
            let column = self.layout.table(table).columns.get(link.column).map_or("", |column| &column.name);
            let place = format!("{}\0{}\0{column}", at.line, at.file);
            self.sequence += 1;
            let rank = if link.loose { LOOSE } else { STRICT };
            // Of one object the first reference comes first.
            self.aside.push(&key, rank, u64::MAX - self.sequence, place.as_bytes())?;
        }
        Ok(())
    }

    fn list(&mut self, cells: &[Cell<'_>], at: At<'_>) {
        let table = self.layout.table(self.layout.unresolved);
        let cell = |name| table.column(name).and_then(|column| cells.get(column)).and_then(text);
        let resource = cell("resource").and_then(|name| self.layout.resource_index(name));
        let (Some(resource), Some(gid)) = (resource, cell("gid")) else { return };
        let seen_in = cell("seen_in").and_then(|seen_in| seen_in.split_once('.')).map_or("", |(table, _)| table);
        let table = self.layout.tables.iter().position(|table| table.name == seen_in).map(TableId);
        let by_column = table.is_some_and(|table| !self.lacking.contains(&table));
        let listed = Listed { file: at.file.to_owned(), line: at.line, by_column, referred: false };
        self.listed.insert((resource, gid.to_owned()), listed);
    }

    /// Looks at what was put aside, now that all rows are known.
    pub(super) fn finish(mut self, manifest: &Manifest) -> Result<Resolved> {
        let mut findings = Findings::default();
        let (mut loose, mut left_out) = (0, 0);
        let mut aside = std::mem::replace(&mut self.aside, Sorter::new(Path::new(""), 0)).finish()?;
        while let Some(entry) = aside.next()? {
            let Some((resource, gid)) = entry.key.split_first_chunk() else { continue };
            let resource = usize::try_from(u64::from_be_bytes(*resource)).unwrap_or(usize::MAX);
            let gid = String::from_utf8_lossy(gid);
            if self.has_row(resource, &gid) {
                continue;
            }
            if entry.rank == LOOSE {
                loose += 1;
                continue;
            }
            match self.listed.get_mut(&(resource, gid.to_string())) {
                Some(listed) => listed.referred = true,
                None if self.dated.contains(&resource) => left_out += 1,
                None => dangling(&mut findings, entry.payload, &gid, self.name(resource)),
            }
        }
        self.compare_list(manifest, &mut findings);
        Ok(Resolved { findings, checked: self.checked, listed: self.listed.len() as u64, loose, left_out })
    }

    /// The list of what is not readable has to be true, and as long as the manifest says.
    fn compare_list(&self, manifest: &Manifest, findings: &mut Findings) {
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for ((resource, gid), listed) in &self.listed {
            let name = self.name(*resource);
            *numbers.entry(name).or_default() += 1;
            if self.has_row(*resource, gid) {
                findings.add(&listed.file, Some(listed.line), || {
                    format!("lists {gid} as not readable, and it has a row in {name}")
                });
            } else if listed.by_column && !listed.referred && self.rows.get(*resource).is_some_and(Option::is_some) {
                findings.add(&listed.file, Some(listed.line), || {
                    format!("lists {gid} of {name} as referred to, and nothing refers to it")
                });
            }
        }
        let said = &manifest.completeness.seen_not_readable;
        let names = numbers.keys().copied().chain(said.keys().map(String::as_str));
        for name in names.collect::<BTreeSet<_>>() {
            let (found, said) = (numbers.get(name).unwrap_or(&0), said.get(name).unwrap_or(&0));
            if found != said {
                findings.add(MANIFEST, None, || {
                    format!("says that {said} {name} were seen and not readable, and the tables list {found}")
                });
            }
        }
    }

    fn has_row(&self, resource: usize, gid: &str) -> bool {
        self.rows.get(resource).and_then(Option::as_ref).is_some_and(|rows| rows.contains(gid))
    }

    fn name(&self, resource: usize) -> &'static str {
        self.layout.resources.get(resource).map_or("", |plan| plan.resource.name)
    }
}

fn dangling(findings: &mut Findings, place: &[u8], gid: &str, resource: &str) {
    let place = String::from_utf8_lossy(place);
    let mut parts = place.splitn(3, '\0');
    let line = parts.next().and_then(|line| line.parse().ok());
    let (file, column) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    findings.add(file, line, || {
        format!("{column} is {gid}, which has no row in {resource} and is not listed as not readable")
    });
}

fn text<'c>(cell: &'c Cell<'_>) -> Option<&'c str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}
