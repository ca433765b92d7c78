//! Phase 2: the archive's pages become sorted tables. Wiring only: the archive is read, records are sorted by gid,
//! transformed into rows, and the rows of one resource after another are written.
//!
//! Sorting records rather than rows means one sort for a resource and all its child tables, and the newest version of a
//! record replaces all rows of an older one, not just those with the same key.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use asana_archive::{Entry, Page, Reader};
use asana_export::Error as ExportError;
use asana_export::Folder;
use asana_export::Sorter;
use asana_export::{Dialect, Format};
use asana_export::{TableReport, TableSet};
use asana_model::catalog::{Resource, Scope};
use asana_model::raw::{self, Object};
use asana_model::{Cell, Event, Layout, Reporter, RowSink, TableId, catalog};
use asana_transform::{Oddity, Output, Record, Standing, flatten};

use crate::coverage::Coverage;
use crate::exit::CliError;

/// Memory for sorting one kind of record; what does not fit is spilled to disk.
const SORT_MEMORY: usize = 12 << 20;

/// What to build.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) layout: &'a Layout,
    /// Resources whose tables are written.
    pub(crate) resources: &'a BTreeSet<&'static str>,
    pub(crate) scope: Scope,
    pub(crate) formats: &'a [&'static Format],
    pub(crate) dialect: Dialect,
}

/// What was built.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) tables: Vec<TableReport>,
    pub(crate) coverage: Coverage,
    /// Fields that the catalogue does not know, as `tasks.shiny`, with how often they were met.
    pub(crate) unknown_fields: BTreeMap<String, u64>,
    pub(crate) oddities: u64,
    /// Records that were received more than once.
    pub(crate) duplicates: u64,
    pub(crate) archived_pages: u64,
}

impl Plan<'_> {
    /// The resources that this run asks for, of those whose tables are written.
    fn expected(&self) -> impl Iterator<Item = &'static str> {
        let asked = |resource: &Resource| {
            resource.listings.is_empty() || resource.listings.iter().any(|listing| listing.scopes.contains(&self.scope))
        };
        self.resources.iter().copied().filter(move |name| catalog::resource(name).is_some_and(asked))
    }

    /// How many tables will be written.
    pub(crate) fn tables(&self) -> u64 {
        let wanted = self.layout.resources.iter().filter(|plan| self.resources.contains(plan.resource.name));
        // Two tables describe the run itself.
        wanted.map(|plan| plan.tables.len() as u64).sum::<u64>() + 2
    }

    pub(crate) fn build(&self, reporter: &dyn Reporter) -> Result<Built, CliError> {
        let mut coverage = Coverage::default();
        self.expected().for_each(|resource| coverage.expect(resource));
        let mut records = Records::new(self.layout, &self.folder.temp_dir());
        let archived_pages = read_archive(&self.folder.archive_dir(), &mut records, &mut coverage, reporter)?;
        let mut tables = Vec::new();
        let mut duplicates = 0;
        for index in self.layout.build_order() {
            let (mut reports, dropped) = self.build_resource(index, &mut records)?;
            for report in &reports {
                reporter.report(&Event::TableWritten { table: report.name.clone(), rows: report.rows });
            }
            tables.append(&mut reports);
            duplicates += dropped;
        }
        for (index, layout) in self.layout.resources.iter().enumerate() {
            if let Some(nested) = records.nested.get(index).filter(|nested| **nested > 0) {
                coverage.nested(layout.resource.name, *nested);
            }
        }
        tables.extend(self.write_run_table(self.layout.coverage, coverage.rows().iter().map(<[_; 8]>::as_slice))?);
        let (oddity_reports, oddities) = self.write_oddities(&mut records)?;
        tables.extend(oddity_reports);
        for report in tables.iter().rev().take(2) {
            reporter.report(&Event::TableWritten { table: report.name.clone(), rows: report.rows });
        }
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        let unknown_fields = records.unknown_fields;
        Ok(Built { tables, coverage, unknown_fields, oddities, duplicates, archived_pages })
    }

    /// Writes the tables of one resource; says how many records were received again.
    fn build_resource(&self, index: usize, records: &mut Records<'_>) -> Result<(Vec<TableReport>, u64), CliError> {
        let Some(plan) = self.layout.resources.get(index) else { return Ok((Vec::new(), 0)) };
        let wanted = self.resources.contains(plan.resource.name);
        let tables = wanted.then(|| self.table_set(&plan.tables)).transpose()?;
        let mut merge = records.take_sorter(index).finish()?;
        records.tables = tables;
        while let Some(entry) = merge.next_winner()? {
            if let Some(record) = unpack(index, entry.key, entry.rank, entry.payload) {
                flatten(self.layout, &record, records)?;
            }
        }
        // References to the same object are one mention, not the same record received again.
        let duplicates = if self.layout.is_union(index) { 0 } else { merge.duplicates() };
        let reports = records.tables.take().map(TableSet::finish).transpose()?.unwrap_or_default();
        Ok((reports, duplicates))
    }

    fn table_set(&self, tables: &[TableId]) -> Result<TableSet, ExportError> {
        TableSet::create(self.folder, self.layout, tables, self.formats, self.dialect)
    }

    fn write_run_table<'r>(
        &self,
        table: TableId,
        rows: impl Iterator<Item = &'r [Cell<'static>]>,
    ) -> Result<Vec<TableReport>, CliError> {
        let mut set = self.table_set(&[table])?;
        for row in rows {
            set.row(table, row)?;
        }
        Ok(set.finish()?)
    }

    fn write_oddities(&self, records: &mut Records<'_>) -> Result<(Vec<TableReport>, u64), CliError> {
        let mut set = self.table_set(&[self.layout.oddities])?;
        let sorter = std::mem::replace(&mut records.oddities, Sorter::new(&records.temp, SORT_MEMORY));
        let mut merge = sorter.finish()?;
        let mut count = 0;
        while let Some(entry) = merge.next_winner()? {
            let text = String::from_utf8_lossy(entry.payload);
            let mut parts = text.splitn(4, '\0').map(Cell::text);
            let mut cell = || parts.next().unwrap_or_default();
            set.row(self.layout.oddities, &[cell(), cell(), cell(), cell()])?;
            count += 1;
        }
        Ok((set.finish()?, count))
    }
}

/// Sends every record of the archive to its sorter; gives the number of pages.
fn read_archive(
    archive: &Path,
    records: &mut Records<'_>,
    coverage: &mut Coverage,
    reporter: &dyn Reporter,
) -> Result<u64, CliError> {
    let mut reader = Reader::open(archive)?;
    let mut pages = 0;
    while let Some(entry) = reader.next_entry()? {
        let Entry::Page(page) = entry else { continue };
        pages += 1;
        let count = if (200..300).contains(&page.status) { records.page(&page, pages)? } else { 0 };
        coverage.page(&page, count);
        reporter.report(&Event::RecordsRead { records: count });
    }
    Ok(pages)
}

/// The records on their way to tables: a sorter for each resource, and the tables being written.
struct Records<'a> {
    layout: &'a Layout,
    temp: std::path::PathBuf,
    sorters: Vec<Option<Sorter>>,
    oddities: Sorter,
    /// The tables of the resource at hand, if they are wanted.
    tables: Option<TableSet>,
    unknown_fields: BTreeMap<String, u64>,
    /// For each resource, the records that came inside others.
    nested: Vec<u64>,
    /// References met, by a hash of resource, gid and name.
    references: HashSet<u64>,
    hasher: RandomState,
    /// The place of the page at hand in the archive: of two versions of a record, the later is the newer.
    sequence: u64,
}

impl<'a> Records<'a> {
    fn new(layout: &'a Layout, temp: &Path) -> Self {
        Self {
            layout,
            temp: temp.to_owned(),
            sorters: layout.resources.iter().map(|_| Some(Sorter::new(temp, SORT_MEMORY))).collect(),
            oddities: Sorter::new(temp, SORT_MEMORY),
            tables: None,
            unknown_fields: BTreeMap::new(),
            nested: vec![0; layout.resources.len()],
            references: HashSet::new(),
            hasher: RandomState::new(),
            sequence: 0,
        }
    }

    fn take_sorter(&mut self, index: usize) -> Sorter {
        let sorter = self.sorters.get_mut(index).and_then(Option::take);
        sorter.unwrap_or_else(|| Sorter::new(&self.temp, SORT_MEMORY))
    }

    /// Sorts in the records of a page; gives their number.
    fn page(&mut self, page: &Page<'_>, sequence: u64) -> Result<u64, CliError> {
        let Some((resource, listing)) = catalog::listing(&page.listing) else { return Ok(0) };
        let Some(index) = self.layout.resource_index(resource.name) else { return Ok(0) };
        self.sequence = sequence;
        let kind = listing.per.parent().and_then(catalog::resource).map(|parent| parent.singular);
        let container = kind.zip(page.parent.as_deref()).map(|(kind, gid)| (kind.into(), gid.into()));
        let body = page.body.as_str();
        let data = Object::parse(body).and_then(|envelope| envelope.get("data")).unwrap_or("[]");
        let elements = match raw::elements(data) {
            Some(elements) => elements.into_iter().map(serde_json::value::RawValue::get).collect(),
            None => vec![data],
        };
        let count = elements.len() as u64;
        for (position, json) in (page.first..).zip(elements) {
            let Some(gid) = Object::parse(json).and_then(|record| record.gid()) else {
                let what = format!("a record without a gid: {}", json.chars().take(200).collect::<String>());
                self.oddity(&Oddity { resource: index, gid: "", field: "gid", what: what.into() })?;
                continue;
            };
            let standing = Standing::Listed;
            let container = container.clone();
            self.sort_in(&Record { resource: index, gid, standing, container, position, json: json.into() })?;
        }
        Ok(count)
    }

    fn sort_in(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        if self.layout.is_union(record.resource) && record.standing != Standing::Reference {
            // Resources that anything may refer to are written last, when it is too late for what they refer to
            // themselves.
            let mut references = References(self);
            flatten(references.0.layout, record, &mut references)?;
        }
        // Of two mere references the one with a name wins, then any, but always the same one: which came later differs
        // from run to run.
        let (sequence, payload) = match record.standing {
            Standing::Reference => {
                let named = Object::parse(&record.json).is_some_and(|object| object.text("name").is_some());
                (u64::from(named), pack(&Record { container: None, ..record.clone() }))
            }
            Standing::Nested | Standing::Listed => (self.sequence, pack(record)),
        };
        match self.sorters.get_mut(record.resource).and_then(Option::as_mut) {
            Some(sorter) => sorter.push(record.gid.as_bytes(), record.standing as u8, sequence, &payload),
            None => Ok(()),
        }
    }
}

impl RowSink for Records<'_> {
    type Error = ExportError;

    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.tables.as_mut().map_or(Ok(()), |tables| tables.row(table, cells))
    }
}

impl Output for Records<'_> {
    fn wants_reference(&mut self, resource: usize, gid: &str, name: Option<&str>) -> bool {
        // Written already: what its records refer to was collected when they were sorted in.
        let open = self.sorters.get(resource).is_some_and(Option::is_some);
        open && self.references.insert(self.hasher.hash_one((resource, gid, name)))
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        if record.standing == Standing::Nested
            && let Some(count) = self.nested.get_mut(record.resource)
        {
            *count += 1;
        }
        self.sort_in(record)
    }

    fn oddity(&mut self, oddity: &Oddity<'_>) -> Result<(), ExportError> {
        let resource = self.layout.resources.get(oddity.resource).map_or("", |layout| layout.resource.name);
        let clean = |text: &str| text.replace('\0', "\u{fffd}");
        let parts = [clean(resource), clean(oddity.gid), clean(oddity.field), clean(&oddity.what)].join("\0");
        self.oddities.push(parts.as_bytes(), 0, 0, parts.as_bytes())
    }

    fn unknown_field(&mut self, resource: usize, path: &str) {
        let name = self.layout.resources.get(resource).map_or("", |layout| layout.resource.name);
        *self.unknown_fields.entry(format!("{name}.{path}")).or_default() += 1;
    }
}

/// Takes from a record only what it refers to.
struct References<'r, 'a>(&'r mut Records<'a>);

impl RowSink for References<'_, '_> {
    type Error = ExportError;

    fn row(&mut self, _: TableId, _: &[Cell<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

impl Output for References<'_, '_> {
    fn wants_reference(&mut self, resource: usize, gid: &str, name: Option<&str>) -> bool {
        self.0.wants_reference(resource, gid, name)
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        self.0.record(record)
    }

    fn oddity(&mut self, _: &Oddity<'_>) -> Result<(), ExportError> {
        Ok(())
    }

    fn unknown_field(&mut self, _: usize, _: &str) {}
}

/// A record as one piece of bytes: its container's kind and gid with their lengths, its position, its JSON. The gid
/// and the standing are in the sorter's key.
fn pack(record: &Record<'_>) -> Vec<u8> {
    let (kind, gid) = match &record.container {
        Some((kind, gid)) => (kind.as_ref(), gid.as_ref()),
        None => ("", ""),
    };
    let mut bytes = Vec::with_capacity(record.json.len() + kind.len() + gid.len() + 24);
    for text in [kind, gid] {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend_from_slice(&record.position.to_be_bytes());
    bytes.extend_from_slice(record.json.as_bytes());
    bytes
}

fn unpack<'p>(resource: usize, key: &'p [u8], rank: u8, payload: &'p [u8]) -> Option<Record<'p>> {
    fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
        bytes.split_first_chunk().map(|(first, rest)| (u64::from_be_bytes(*first), rest))
    }
    fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
        let (length, rest) = number(bytes)?;
        let (text, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        Some((std::str::from_utf8(text).ok()?, rest))
    }
    let (kind, rest) = text(payload)?;
    let (gid, rest) = text(rest)?;
    let (position, json) = number(rest)?;
    Some(Record {
        resource,
        gid: std::str::from_utf8(key).ok()?.into(),
        standing: Standing::from_rank(rank),
        container: (!kind.is_empty()).then(|| (kind.into(), gid.into())),
        position,
        json: std::str::from_utf8(json).ok()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_packing() {
        let record = Record {
            resource: 3,
            gid: "12".into(),
            standing: Standing::Nested,
            container: Some(("project".into(), "9\u{0}0".into())),
            position: 70_000,
            json: "{\"gid\":\"12\",\"name\":\"\u{0}é\"}".into(),
        };
        let packed = pack(&record);
        let unpacked = unpack(3, b"12", 1, &packed).unwrap();
        assert_eq!(format!("{unpacked:?}"), format!("{record:?}"));
        let bare = Record { container: None, position: 0, json: "{}".into(), ..record };
        assert_eq!(format!("{:?}", unpack(3, b"12", 1, &pack(&bare)).unwrap()), format!("{bare:?}"));
    }
}
