//! Tables read back, row by row: the counterpart of [`crate::sink`], for verifying what was written.
//!
//! A source owes nothing to the writer but the format: it takes exactly what that format's sink may write, and says in
//! which line something else stands. One row is in memory at a time, and none may be larger than a limit, so that a
//! damaged file cannot fill the memory.

mod csv;
mod json;
mod lines;

use std::fmt::Debug;
use std::io;

use asana_model::Cell;

pub(crate) use self::csv::csv;
pub(crate) use self::json::{json, jsonl};

/// A row, lent until the next one is read.
#[derive(Debug)]
pub(crate) struct Row<'s> {
    /// Where it begins in the file; the first line is 1.
    pub(crate) line: u64,
    /// One for each column of the table.
    pub(crate) cells: Vec<Cell<'s>>,
}

/// Reads one table's file.
pub(crate) trait Source: Debug {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// A malformed row is passed, so the next call goes on behind it; where that cannot be, the file has ended.
    fn next(&mut self) -> Result<Option<Row<'_>>, SourceError>;
}

#[derive(Debug)]
pub(crate) enum SourceError {
    Io(io::Error),
    /// What stands in that line is not what the format's sink writes.
    Malformed {
        line: u64,
        what: String,
    },
}

impl SourceError {
    fn malformed(line: u64, what: impl Into<String>) -> Self {
        Self::Malformed { line, what: what.into() }
    }
}
