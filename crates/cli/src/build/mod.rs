//! Phase 2: the archive's pages become sorted tables. Wiring only: the archive is read, records are sorted by gid,
//! transformed into rows, and the rows of one resource after another are written.
//!
//! Sorting records rather than rows means one sort for a resource and all its child tables, and the newest version of a
//! record replaces all rows of an older one, not just those with the same key.

mod batch;
mod files;
mod links;
mod means;
pub(crate) mod pipeline;
mod records;
mod repeats;
mod rows;
mod scan;
mod search;
mod since;
#[cfg(test)]
mod tests;
mod wide;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::Arc;

use asana_archive::Page;
use asana_export::{FileReport, Sorter, Style, TableReport, TableSet, Target, Unfit, Writing, describe};
use asana_model::catalog::{Resource, Scope};
use asana_model::variant::ASKED_SINCE;
use asana_model::{Cell, Event, Layout, Reporter, RowSink, TableId, catalog};

pub(crate) use self::files::Kept;
use self::files::{InStep, Notes};
use self::links::Links;
pub(crate) use self::links::Subtasks;
pub(crate) use self::means::Means;
use self::records::Records;
use self::rows::{Fixed, flatten_all};
use self::scan::{Scan, scan};
pub(crate) use self::search::{Reconciled, State};
use self::since::LeftOut;
use self::wide::Wide;
use crate::coverage::Coverage;
use crate::exit::CliError;
use crate::viewer::Viewer;

/// What to build.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) archive: &'a Path,
    /// For what does not fit in memory.
    pub(crate) temp: &'a Path,
    pub(crate) target: Target,
    pub(crate) layout: &'a Layout,
    /// Resources whose tables are written.
    pub(crate) resources: &'a BTreeSet<&'static str>,
    pub(crate) scope: Scope,
    /// Who asked.
    pub(crate) viewer: Viewer,
    pub(crate) style: &'a Style,
    pub(crate) means: Means,
    /// Whether there are tables with a column for each custom field.
    pub(crate) wide: bool,
}

/// What was built.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) tables: Vec<TableReport>,
    /// Files that hold all tables.
    pub(crate) other_files: Vec<FileReport>,
    pub(crate) coverage: Coverage,
    /// Fields that the catalogue does not know, as `tasks.shiny`, with how often they were met.
    pub(crate) unknown_fields: BTreeMap<String, u64>,
    pub(crate) oddities: u64,
    /// Records that were received more than once.
    pub(crate) duplicates: u64,
    pub(crate) archived_pages: u64,
    /// What task search said.
    pub(crate) search: Reconciled,
    pub(crate) subtasks: Subtasks,
    /// For each resource, the objects that something refers to and that have no row.
    pub(crate) unresolved: BTreeMap<&'static str, u64>,
    /// What was read again because it changed while the run went on.
    pub(crate) changed: Changed,
    /// The files that were downloaded, or were to be.
    pub(crate) kept: Kept,
}

/// Passes over what changed while a run went on.
#[derive(Debug, Default, Clone)]
pub(crate) struct Changed {
    pub(crate) passes: BTreeSet<String>,
    /// Changed records received.
    pub(crate) records: u64,
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
        let wide = if self.wide { wide::tables(self.layout, |name| self.resources.contains(name)) } else { 0 };
        // Three tables describe the run itself.
        wanted.map(|plan| plan.tables.len() as u64).sum::<u64>() + wide as u64 + 3
    }

    pub(crate) fn build(&self, reporter: &dyn Reporter) -> Result<Built, CliError> {
        let mut coverage = Coverage::new(self.scope, self.viewer);
        self.expected().for_each(|resource| coverage.expect(resource));
        let links = Links::new(self.layout, self.resources, self.temp, self.means.for_sorters() / 8);
        let mut records = Records::new(self.layout, self.temp, self.means, links);
        records.wide = self.wide.then(|| Wide::new(self.layout, self.temp));
        if let Some(since) = &self.style.view.reduced().since {
            let left_out = LeftOut::find(self.archive, self.layout, self.resources, since)?;
            records.left_out = Some(Arc::new(left_out));
        }
        let mut searches = search::Searches::default();
        let mut changed = Changed::default();
        let seed = RandomState::new().hash_one(0);
        let (mut archived_pages, mut files) = (0, 0);
        scan(self.archive, self.means.threads(), self.layout, seed, |scanned| {
            records.after(archived_pages);
            for entry in &scanned.entries {
                match entry {
                    Scan::Page(head) => {
                        archived_pages += 1;
                        records.page(&head.page, archived_pages, head.of);
                        coverage.page(&head.page, head.records);
                        searches.page(&head.page);
                        changed.page(&head.page, head.records);
                        reporter.report(&Event::RecordsRead { records: head.records });
                    }
                    Scan::File(file) => {
                        files += 1;
                        coverage.file(file);
                        records.file(file, files)?;
                    }
                }
            }
            scanned.batch.tell(&mut records)
        })?;
        let fixed = Fixed { has_types: self.style.has_types(), ..records.read(self.means, seed) };
        let writing = Writing::begin(&self.target, self.style, self.temp)?;
        let mut tables = Vec::new();
        let mut duplicates = 0;
        let mut kept = Kept::default();
        for index in self.layout.build_order() {
            let (mut reports, dropped) = self.build_resource(index, &writing, &fixed, &mut records, &mut kept)?;
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
        let search = searches.reconcile(&mut records.links)?;
        let subtasks = records.count_subtasks()?;
        let mut run_tables =
            self.write_run_table(&writing, self.layout.coverage, coverage.rows().iter().map(<[_; 8]>::as_slice))?;
        let mut set = writing.tables(self.layout, &[self.layout.unresolved])?;
        let unresolved =
            records.links.unresolved(self.layout, |row| Ok::<_, CliError>(set.row(self.layout.unresolved, row)?))?;
        run_tables.extend(set.finish()?);
        if let Some(wide) = records.wide.take() {
            let wanted = |resource: &str| self.resources.contains(resource);
            run_tables.extend(
                wide.finish(&writing, wanted, &mut |table, gid, field, what| records.odd(table, gid, field, what))?,
            );
        }
        for Unfit { table, column, gid, what } in writing.take_unfit() {
            records.odd(&table, &gid, &column, &what)?;
        }
        let (oddity_reports, oddities) = self.write_oddities(&writing, &mut records)?;
        run_tables.extend(oddity_reports);
        for report in &run_tables {
            reporter.report(&Event::TableWritten { table: report.name.clone(), rows: report.rows });
        }
        tables.append(&mut run_tables);
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        let mut other_files = describe::write(&writing, self.layout, &tables, &unresolved)?;
        other_files.extend(writing.finish()?);
        let unknown_fields = records.unknown_fields;
        Ok(Built {
            tables,
            other_files,
            coverage,
            unknown_fields,
            oddities,
            duplicates,
            archived_pages,
            search,
            subtasks,
            unresolved,
            changed,
            kept,
        })
    }

    /// Writes the tables of one resource; says how many records were received again.
    fn build_resource(
        &self,
        index: usize,
        writing: &Writing,
        fixed: &Fixed<'_>,
        records: &mut Records<'_>,
        kept: &mut Kept,
    ) -> Result<(Vec<TableReport>, u64), CliError> {
        let Some(plan) = self.layout.resources.get(index) else { return Ok((Vec::new(), 0)) };
        let wanted = self.resources.contains(plan.resource.name);
        let tables = wanted.then(|| writing.tables(self.layout, &plan.tables)).transpose()?;
        let mut merge = records.take_sorter(index).finish()?;
        records.tables = tables;
        let mut files = records.take_notes(index).map(Notes::finish).transpose()?;
        let open = records.open();
        let rows = wanted.then(|| records.links.written());
        flatten_all(fixed, index, &open, rows.as_ref(), &mut merge, files.as_mut(), |batch| batch.tell(records))?;
        if let Some(files) = files.map(InStep::end).transpose()? {
            *kept = files;
        }
        records.links.finished(index);
        // References to the same object are one mention, not the same record received again.
        let repeats = records.repeats.get(index).copied().unwrap_or_default();
        let duplicates = if self.layout.is_union(index) { 0 } else { merge.duplicates() + repeats };
        let reports = records.tables.take().map(TableSet::finish).transpose()?.unwrap_or_default();
        Ok((reports, duplicates))
    }

    fn write_run_table<'r>(
        &self,
        writing: &Writing,
        table: TableId,
        rows: impl Iterator<Item = &'r [Cell<'static>]>,
    ) -> Result<Vec<TableReport>, CliError> {
        let mut set = writing.tables(self.layout, &[table])?;
        for row in rows {
            set.row(table, row)?;
        }
        Ok(set.finish()?)
    }

    fn write_oddities(
        &self,
        writing: &Writing,
        records: &mut Records<'_>,
    ) -> Result<(Vec<TableReport>, u64), CliError> {
        let mut set = writing.tables(self.layout, &[self.layout.oddities])?;
        let sorter = std::mem::replace(&mut records.oddities, Sorter::new(self.temp, 0));
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

impl Changed {
    fn page(&mut self, page: &Page<'_>, records: u64) {
        if let Some(since) = page.variant.as_deref().and_then(|variant| variant.strip_prefix(ASKED_SINCE)) {
            if !self.passes.contains(since) {
                self.passes.insert(since.to_owned());
            }
            self.records += records;
        }
    }
}
