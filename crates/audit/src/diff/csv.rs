//! A comparison as CSV: a line for each row that is on one side only, and for each field that changed.

use std::fmt;
use std::io::{self, Write};

use asana_export::{CsvWriter, Dialect};
use asana_model::Cell;

use super::change::{Listing, RowChange, Summary, What, key_text};
use super::sides::Described;

const COLUMNS: [&str; 9] = ["table", "change", "key", "name", "column", "old", "new", "meaning", "reason"];

/// Complete, and nothing but changes: the values of a row that is on one side only stand in that export.
pub struct CsvListing<W: Write> {
    /// Absent once finished.
    writer: Option<CsvWriter<W>>,
}

impl<W: Write> CsvListing<W> {
    pub fn new(to: W, dialect: Dialect) -> io::Result<Self> {
        Ok(Self { writer: Some(CsvWriter::new(to, &dialect.into())?) })
    }

    fn row(&mut self, cells: [Cell<'_>; COLUMNS.len()]) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), |writer| writer.row(cells.into_iter()))
    }
}

impl<W: Write> fmt::Debug for CsvListing<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CsvListing").finish_non_exhaustive()
    }
}

impl<W: Write> Listing for CsvListing<W> {
    fn begin(&mut self, _: &Described) -> io::Result<()> {
        self.row(COLUMNS.map(Cell::text))
    }

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()> {
        let key = key_text(&change.key);
        let name = || change.name.as_deref().map_or(Cell::Null, Cell::text);
        let first = || [Cell::text(change.table), Cell::text(change.what.verb()), Cell::text(key.as_str()), name()];
        match &change.what {
            What::Added { because, .. } | What::Removed { because, .. } => {
                let [table, verb, key, name] = first();
                let reason = Some(&*because.reason).filter(|reason| !reason.is_empty()).map_or(Cell::Null, Cell::text);
                let meaning = Cell::text(because.label.name());
                self.row([table, verb, key, name, Cell::Null, Cell::Null, Cell::Null, meaning, reason])
            }
            What::Changed { fields } => fields.iter().try_for_each(|field| {
                let [table, verb, key, name] = first();
                let (old, new) = (field.old.borrowed(), field.new.borrowed());
                self.row([table, verb, key, name, Cell::text(field.column), old, new, Cell::Null, Cell::Null])
            }),
        }
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish()?.flush())
    }
}
