//! One file of a table, read once from its first byte to its last: checksum, rows, cells, keys and references together.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use asana_model::{Cell, Table, TableId};

use super::kept::Kept;
use super::references::{At, References};
use super::report::Findings;
use crate::checksum::Hashed;
use crate::error::{Error, Result};
use crate::key;
use crate::sink::{CsvStyle, Read};
use crate::source::SourceError;
use crate::tables::FileReport;

const BUFFER_BYTES: usize = 128 * 1024;

/// What reading the tables finds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) checksums: Findings,
    pub(super) rows: Findings,
    pub(super) cells: Findings,
    pub(super) keys: Findings,
    /// In all files.
    pub(super) rows_read: u64,
}

impl Found {
    pub(super) fn checksum(&mut self, path: &str, found: &str, said: &str) {
        if found != said {
            self.checksums.add(path, None, || format!("its SHA-256 is {found}, and the manifest says {said}"));
        }
    }
}

/// A file to read.
#[derive(Clone, Copy)]
pub(super) struct TableFile<'a> {
    pub(super) report: &'a FileReport,
    pub(super) read: Read,
    pub(super) style: &'a CsvStyle,
    /// The columns that the manifest lists.
    pub(super) table: &'a Table,
    /// Absent when this version's layout has no such table.
    pub(super) id: Option<TableId>,
    /// More than the columns' names is known.
    pub(super) is_known: bool,
    /// Of a table that was made with fewer columns, the place in the layout of each.
    pub(super) places: Option<&'a [usize]>,
    /// It is the table's first one; the others say the same once more.
    pub(super) first_format: bool,
}

impl TableFile<'_> {
    /// Reads it; gives the number of its rows.
    pub(super) fn check(
        self,
        folder: &Path,
        found: &mut Found,
        references: &mut References<'_>,
        kept: &mut Kept<'_>,
    ) -> Result<u64> {
        let path = folder.join(&self.report.path);
        let opened = File::open(&path).map_err(Error::io("open", &path))?;
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, Hashed::new(opened));
        let mut source = (self.read)(&mut reader, self.table, self.style);
        let mut keys = Keys::default();
        let mut rows = 0;
        loop {
            let row = match source.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(SourceError::Io(error)) => return Err(Error::io("read", &path)(error)),
                Err(SourceError::Malformed { line, what }) => {
                    found.rows.add(&self.report.path, Some(line), || what);
                    continue;
                }
            };
            rows += 1;
            if self.is_known {
                self.cells(&row.cells, row.line, &mut found.cells);
                if let Some(what) = keys.next(self.table, &row.cells) {
                    found.keys.add(&self.report.path, Some(row.line), || what);
                }
            }
            if let Some(id) = self.id {
                let at = At { file: &self.report.path, line: row.line, first_format: self.first_format };
                let cells = self.in_place(&row.cells);
                references.row(id, &cells, at)?;
                if self.first_format {
                    kept.row(id, &cells, (&self.report.path, row.line))?;
                }
            }
        }
        drop(source);
        // What comes after a row that cannot be read counts for the checksum all the same.
        io::copy(&mut reader, &mut io::sink()).map_err(Error::io("read", &path))?;
        found.checksum(&self.report.path, &reader.get_ref().summed().sha256, &self.report.sha256);
        found.rows_read += rows;
        Ok(rows)
    }

    /// The cells where the layout has them; those that are not there are empty.
    fn in_place<'c>(&self, cells: &'c [Cell<'_>]) -> Cow<'c, [Cell<'c>]> {
        let Some(places) = self.places else { return Cow::Borrowed(cells) };
        let mut all = vec![Cell::Null; places.iter().max().map_or(0, |last| last + 1)];
        for (place, cell) in places.iter().zip(cells) {
            if let Some(there) = all.get_mut(*place) {
                *there = cell.borrowed();
            }
        }
        Cow::Owned(all)
    }

    fn cells(&self, cells: &[Cell<'_>], line: u64, findings: &mut Findings) {
        let columns = self.table.columns.iter().zip(cells);
        for (column, cell) in columns.filter(|(column, cell)| !column.kind.admits(cell)) {
            findings.add(&self.report.path, Some(line), || {
                let found = key::describe(&[cell.borrowed()]);
                format!("{} is {found}, which is no {}", column.name, column.kind.label())
            });
        }
    }
}

/// Compares each key with the one before.
#[derive(Debug, Default)]
struct Keys {
    /// Encoded; empty before the first row, and less than any key.
    last: Vec<u8>,
    key: Vec<u8>,
}

impl Keys {
    /// What is wrong with the next row's key, if anything is.
    fn next(&mut self, table: &Table, cells: &[Cell<'_>]) -> Option<String> {
        let key = cells.get(..table.key_columns).filter(|key| !key.is_empty())?;
        self.key.clear();
        key::push_cells(&mut self.key, key);
        let order = self.key.cmp(&self.last);
        std::mem::swap(&mut self.key, &mut self.last);
        match order {
            std::cmp::Ordering::Greater => None,
            std::cmp::Ordering::Equal => {
                Some(format!("the key {} is the same as in the row before", key::describe(key)))
            }
            std::cmp::Ordering::Less => Some(format!("the key {} belongs before the row before", key::describe(key))),
        }
    }
}
