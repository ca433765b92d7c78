//! The books: what all threads of a build find, taken in order by one of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use asana_archive::{File, Page};
use asana_export::Error as ExportError;
use asana_export::{Sorter, TableSet};
use asana_model::catalog::Key;
use asana_model::{Cell, Layout, RowSink as _, TableId};
use asana_transform::{Mention, Oddity};

use super::Means;
use super::batch::{Age, Books, ForSorter};
use super::files::Notes;
use super::links::{Difference, Links, Subtasks};
use super::pipeline::Pool;
use super::repeats::Repeats;
use super::rows::Fixed;
use super::since::LeftOut;
use super::wide::Wide;
use crate::exit::CliError;

/// The records on their way to tables: a sorter for each resource, and the tables being written.
pub(super) struct Records<'a> {
    layout: &'a Layout,
    temp: std::path::PathBuf,
    sorters: Vec<Option<Sorter>>,
    /// What all sorters may take together.
    budget: usize,
    /// Bytes that were pushed since that was looked at; and those for each resource.
    unchecked: usize,
    grown: Vec<usize>,
    /// For each resource whose records stand for files, what became of those.
    notes: Vec<Option<Notes>>,
    pub(super) oddities: Sorter,
    /// The tables of the resource at hand, if they are wanted.
    pub(super) tables: Option<TableSet>,
    /// Looks at the rows that are written, where wide tables are wanted.
    pub(super) wide: Option<Wide<'a>>,
    pub(super) unknown_fields: BTreeMap<String, u64>,
    /// For each resource, the records that came inside others.
    pub(super) nested: Vec<u64>,
    /// Which rows there are, and what refers to rows that are not there.
    pub(super) links: Links,
    /// Records that are not written.
    pub(super) left_out: Option<Arc<LeftOut>>,
    /// Where the newest reading of each listing began whose records are keyed by their places in it.
    newest: HashMap<(usize, String), u64>,
    /// References met, by a hash of resource, gid and what is said of it.
    references: HashSet<u64>,
    last: Repeats,
    /// For each resource, records that were left out because they said what the one before said.
    pub(super) repeats: Vec<u64>,
    /// The pages before the batch at hand.
    pages: u64,
    /// The place in the archive of the last page with records: of two versions of a record, the later is the newer.
    sequence: u64,
    /// The batch at hand was not made of pages.
    sorted: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(layout: &'a Layout, temp: &Path, means: Means, links: Links) -> Self {
        let budget = means.for_sorters();
        Self {
            budget,
            unchecked: 0,
            grown: vec![0; layout.resources.len()],
            layout,
            temp: temp.to_owned(),
            notes: layout
                .resources
                .iter()
                .map(|plan| plan.file.is_some().then(|| Notes::new(plan.resource.name, temp, budget / 8)))
                .collect(),
            sorters: layout.resources.iter().map(|_| Some(Sorter::new(temp, budget))).collect(),
            oddities: Sorter::new(temp, budget / 8),
            tables: None,
            wide: None,
            unknown_fields: BTreeMap::new(),
            nested: vec![0; layout.resources.len()],
            links,
            left_out: None,
            newest: HashMap::new(),
            references: HashSet::new(),
            last: Repeats::new(budget / 8),
            repeats: vec![0; layout.resources.len()],
            pages: 0,
            sequence: 0,
            sorted: false,
        }
    }

    /// Takes note of a page whose records, if it has any, are of that resource. Batches are counted from `pages` on.
    pub(super) fn page(&mut self, page: &Page<'_>, sequence: u64, of: Option<usize>) {
        let Some(index) = of else { return };
        self.sequence = sequence;
        let key = self.layout.resources.get(index).map(|plan| plan.resource.key);
        if let (Some(Key::ParentPosition(_)), 0, Some(parent)) = (key, page.page, &page.parent) {
            self.newest.insert((index, parent.to_string()), sequence);
        }
    }

    /// Batches are about pages behind so many others.
    pub(super) fn after(&mut self, pages: u64) {
        self.pages = pages;
    }

    /// The archive is read: what is needed of it by those who flatten records.
    pub(super) fn read(&mut self, means: Means, seed: u64) -> Fixed<'a> {
        self.sorted = true;
        Fixed {
            layout: self.layout,
            has_types: false,
            threads: means.threads(),
            seed,
            newest: std::mem::take(&mut self.newest),
            left_out: self.left_out.clone(),
            batches: Pool::default(),
            winners: Pool::default(),
        }
    }

    /// For each resource, whether records can still be sorted in.
    pub(super) fn open(&self) -> Vec<bool> {
        self.sorters.iter().map(Option::is_some).collect()
    }

    pub(super) fn take_sorter(&mut self, index: usize) -> Sorter {
        let sorter = self.sorters.get_mut(index).and_then(Option::take);
        sorter.unwrap_or_else(|| Sorter::new(&self.temp, self.budget))
    }

    pub(super) fn take_notes(&mut self, index: usize) -> Option<Notes> {
        self.notes.get_mut(index).and_then(Option::take)
    }

    /// Takes note of what became of a file.
    pub(super) fn file(&mut self, file: &File<'_>, sequence: u64) -> Result<(), ExportError> {
        self.notes.iter_mut().flatten().try_for_each(|notes| notes.take(file, sequence))
    }

    /// Takes note of an oddity of a table, whichever it is.
    pub(super) fn odd(&mut self, table: &str, gid: &str, field: &str, what: &str) -> Result<(), ExportError> {
        let parts = [table, gid, field, what].map(|text| text.replace('\0', "\u{fffd}")).join("\0");
        self.oddities.push(parts.as_bytes(), 0, 0, parts.as_bytes())
    }

    /// Compares numbers of subtasks with subtasks; each difference is an oddity.
    pub(super) fn count_subtasks(&mut self) -> Result<Subtasks, ExportError> {
        let (subtasks, differences) = self.links.counted()?;
        for Difference { resource, gid, said, read } in differences {
            let counted = self.layout.resources.get(resource).and_then(|plan| plan.resource.counted);
            let field = counted.map_or("", |counted| counted.field);
            let what = format!("it says {said}, and {read} were read").into();
            self.odd_record(&Oddity { resource, gid: &gid, field, what })?;
        }
        Ok(subtasks)
    }

    /// Puts records aside until the sorters together take no more than they may.
    ///
    /// Those that last longest, as it looks, go first: what waits in memory for the rows of its resource would leave what is
    /// being read little room, and make many short runs of it. Half of the memory is for what is on its way to the disk, so
    /// that reading goes on meanwhile.
    fn keep_within_budget(&mut self) -> Result<(), CliError> {
        self.unchecked = 0;
        while self.sorters.iter().flatten().map(Sorter::memory).sum::<usize>() > self.budget / 2 {
            self.sorters.iter_mut().flatten().try_for_each(Sorter::settle)?;
            let least = self.budget / 64;
            let sorters =
                self.sorters.iter_mut().zip(&self.grown).filter_map(|(sorter, grown)| Some((sorter.as_mut()?, *grown)));
            let lasts = |sorter: &Sorter, grown: usize| match sorter.memory() {
                memory if memory < least => (0, memory),
                memory => (memory / (grown + 1), memory),
            };
            let Some((longest, _)) = sorters.max_by_key(|(sorter, grown)| lasts(sorter, *grown)) else { break };
            if longest.memory() == 0 {
                break;
            }
            longest.spill_aside()?;
        }
        self.grown.fill(0);
        Ok(())
    }

    fn odd_record(&mut self, oddity: &Oddity<'_>) -> Result<(), ExportError> {
        if self.left_out.as_ref().is_some_and(|left_out| left_out.has(oddity.resource, oddity.gid)) {
            return Ok(());
        }
        let resource = self.layout.resources.get(oddity.resource).map_or("", |layout| layout.resource.name);
        self.odd(resource, oddity.gid, oddity.field, &oddity.what)
    }
}

impl Books for Records<'_> {
    type Error = CliError;

    fn record(&mut self, record: &ForSorter<'_>) -> Result<(), CliError> {
        if record.reference.is_some_and(|reference| !self.references.insert(reference)) {
            return Ok(());
        }
        if record.fingerprint.is_some_and(|fingerprint| self.last.repeats(fingerprint)) {
            if let Some(repeats) = self.repeats.get_mut(record.resource) {
                *repeats += 1;
            }
            return Ok(());
        }
        let sequence = match record.age {
            Age::Fixed(age) => age,
            Age::Page(_) if self.sorted => self.sequence,
            Age::Page(page) => self.pages + page,
        };
        match self.sorters.get_mut(record.resource).and_then(Option::as_mut) {
            Some(sorter) => sorter.push(record.key, record.rank, sequence, record.payload)?,
            None => return Ok(()),
        }
        let bytes = record.key.len() + record.payload.len();
        self.unchecked += bytes;
        if let Some(grown) = self.grown.get_mut(record.resource) {
            *grown += bytes;
        }
        if self.unchecked < self.budget / 64 { Ok(()) } else { self.keep_within_budget() }
    }

    fn mention(&mut self, mention: &Mention<'_>) -> Result<(), CliError> {
        Ok(self.links.mention(mention)?)
    }

    fn row(&mut self, table: TableId, cells: &[Cell<'_>], is_left_out: bool) -> Result<(), CliError> {
        let Some(tables) = &mut self.tables else { return Ok(()) };
        // What refers to a record that is left out is not missing it.
        self.links.row(table, cells)?;
        if is_left_out {
            return Ok(());
        }
        tables.row(table, cells)?;
        self.wide.as_mut().map_or(Ok(()), |wide| Ok(wide.row(table, cells)?))
    }

    fn oddity(&mut self, resource: usize, [gid, field, what]: &[String; 3]) -> Result<(), CliError> {
        Ok(self.odd_record(&Oddity { resource, gid, field, what: what.into() })?)
    }

    fn unknown_field(&mut self, resource: usize, path: &str, times: u64) {
        let name = self.layout.resources.get(resource).map_or("", |layout| layout.resource.name);
        *self.unknown_fields.entry(format!("{name}.{path}")).or_default() += times;
    }

    fn nested(&mut self, resource: usize, times: u64) {
        if let Some(count) = self.nested.get_mut(resource) {
            *count += times;
        }
    }
}
