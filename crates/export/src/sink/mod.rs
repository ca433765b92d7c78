//! The formats: one trait, one list, a file for each.
//!
//! A format that writes a file for each table is one file here and one entry in [`FORMATS`]; it gets the whole
//! [`Table`], so typed columns are there for the taking. A format that puts all tables into a single file will be a
//! second kind of entry; nothing here does that yet.

mod csv;
mod json;
mod jsonl;
mod object;

#[cfg(test)]
mod conformance;

use std::fmt::{self, Debug};
use std::io::BufRead;
use std::str::FromStr;

use asana_model::{Cell, Table};

use crate::error::{Error, Result};
use crate::output::Output;
use crate::source::Source;

pub use self::csv::CsvWriter;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::csv::runs_as_formula;
pub(crate) use self::csv::{BYTE_ORDER_MARK, takes_apostrophe};

/// Writes one table in one format.
pub trait Sink: Debug + Send {
    /// `cells` has one entry for each column.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] when it has not; the file is then of no use.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()>;

    /// Writes what is left and hands the file back, not committed yet.
    fn finish(self: Box<Self>) -> Result<Output>;
}

/// An entry of [`FORMATS`].
pub struct Format {
    /// As in `--format csv`; also the folder and the extension of its files.
    pub name: &'static str,
    open: fn(Output, &Table, Dialect) -> Result<Box<dyn Sink>>,
    read: Read,
}

/// Reads back what a format's sink wrote; columns are those of the table.
type Read = for<'r> fn(&'r mut dyn BufRead, &'r Table, Dialect) -> Box<dyn Source + 'r>;

/// Every format there is.
pub static FORMATS: &[Format] = &[csv::FORMAT, json::FORMAT, jsonl::FORMAT];

impl Format {
    /// The format of that name.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`], which names those that exist.
    pub fn parse(name: &str) -> Result<&'static Self> {
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| Error::UnknownFormat {
            name: name.to_owned(),
            known: FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", "),
        })
    }

    /// Where a table goes, relative to the export folder and with `/`: `csv/tasks.csv`.
    pub fn file_name(&self, table: &str) -> String {
        format!("{name}/{table}.{name}", name = self.name)
    }

    /// Starts writing `table`, header included.
    pub fn open(&self, output: Output, table: &Table, dialect: Dialect) -> Result<Box<dyn Sink>> {
        (self.open)(output, table, dialect)
    }

    /// Starts reading what [`Format::open`] began and a sink finished.
    pub(crate) fn read<'r>(
        &self,
        reader: &'r mut dyn BufRead,
        table: &'r Table,
        dialect: Dialect,
    ) -> Box<dyn Source + 'r> {
        (self.read)(reader, table, dialect)
    }
}

impl Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Format").field(&self.name).finish()
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// For whom CSV is written. Other formats have no dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Values as they are, LF line ends.
    #[default]
    Rfc4180,
    /// For opening in a spreadsheet: byte-order mark, CRLF, and no text that would run as a formula.
    Excel,
}

impl Dialect {
    pub const ALL: [Self; 2] = [Self::Rfc4180, Self::Excel];

    /// As in `--dialect excel`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rfc4180 => "rfc4180",
            Self::Excel => "excel",
        }
    }

    /// How each line of CSV ends.
    pub(crate) fn line_end(self) -> &'static str {
        match self {
            Self::Rfc4180 => "\n",
            Self::Excel => "\r\n",
        }
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| format!("there is no dialect called {name}, only rfc4180 and excel"))
    }
}

fn check_width(table: &str, columns: usize, cells: usize) -> Result<()> {
    if columns == cells { Ok(()) } else { Err(Error::WrongWidth { table: table.to_owned(), cells, columns }) }
}
