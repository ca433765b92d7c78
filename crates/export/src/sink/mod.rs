//! The formats: one trait, one list, a file for each.
//!
//! A format is one file here and one entry in [`FORMATS`]; it gets the whole [`Table`], so typed columns are there for the
//! taking. It either writes a file for each table ([`Sink`]) or puts all tables into one ([`Book`]). One that is a feature has
//! an entry in [`LEFT_OUT`] too.

mod csv;
mod json;
mod jsonl;
mod object;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "sqlite")]
mod sqlite;
mod style;
#[cfg(feature = "xlsx")]
mod xlsx;

#[cfg(test)]
mod conformance;

use std::fmt::{self, Debug};
use std::io::BufRead;
use std::path::Path;

use asana_model::{Cell, Table};

use crate::error::{Error, Result};
use crate::output::Output;
use crate::source::Source;
use crate::unfit::Unfit;
use crate::view::View;

pub use self::csv::CsvWriter;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::csv::runs_as_formula;
pub(crate) use self::csv::{BYTE_ORDER_MARK, takes_apostrophe};
pub use self::style::{CsvStyle, Dialect, WrongStyle};

/// Writes one table in one format.
pub trait Sink: Debug + Send {
    /// `cells` has one entry for each column.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] when it has not; the file is then of no use.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()>;

    /// The values so far that the format could not hold as they are, each told once.
    fn unfit(&mut self) -> Vec<Unfit> {
        Vec::new()
    }

    /// Writes what is left and hands the file back, not committed yet.
    fn finish(self: Box<Self>) -> Result<Output>;
}

/// Writes all tables in one format into one file.
///
/// Tables are started before their rows come; rows of one table come in the order of its key, and those of different tables
/// may take turns.
pub trait Book: Debug + Send {
    /// Starts a group of tables, whose rows may take turns; no other group is open. Rows name a table by its place in
    /// all that were ever started, from 0.
    fn start(&mut self, tables: &[&Table]) -> Result<()>;

    /// A row of the table that was started as the `table`th.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] when `cells` has not one entry for each column; the file is then of no use.
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<()>;

    /// Ends the group.
    fn end(&mut self) -> Result<()>;

    /// The values so far that the format could not hold as they are, each told once.
    fn unfit(&mut self) -> Vec<Unfit> {
        Vec::new()
    }

    /// Completes the file at the path that it was opened with.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// An entry of [`FORMATS`].
pub struct Format {
    /// As in `--format csv`.
    pub name: &'static str,
    kind: Kind,
}

enum Kind {
    /// A file for each table, in a folder with the format's name, which is their extension too.
    Files {
        open: fn(Output, &Table, &CsvStyle) -> Result<Box<dyn Sink>>,
        /// Absent for formats that are compared but not read.
        read: Option<Read>,
    },
    /// One file for all, of that name.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "xlsx")),
        expect(dead_code, reason = "every format of this kind was left out")
    )]
    Book { file: &'static str, open: fn(&Path) -> Result<Box<dyn Book>> },
}

/// Reads back what a format's sink wrote; columns are those of the table.
pub(crate) type Read = for<'r> fn(&'r mut dyn BufRead, &'r Table, &CsvStyle) -> Box<dyn Source + 'r>;

/// Every format there is in this program.
pub static FORMATS: &[Format] = &[
    csv::FORMAT,
    json::FORMAT,
    jsonl::FORMAT,
    #[cfg(feature = "parquet")]
    parquet::FORMAT,
    #[cfg(feature = "sqlite")]
    sqlite::FORMAT,
    #[cfg(feature = "xlsx")]
    xlsx::FORMAT,
];

/// The formats that were left out when it was built, each with its place: see [`Format::place`]. A format's feature has its
/// name.
static LEFT_OUT: &[(&str, &str)] = &[
    #[cfg(not(feature = "parquet"))]
    ("parquet", "parquet"),
    #[cfg(not(feature = "sqlite"))]
    ("sqlite", "workspace.sqlite"),
    #[cfg(not(feature = "xlsx"))]
    ("xlsx", "workspace.xlsx"),
];

impl Format {
    /// The format of that name.
    ///
    /// # Errors
    /// [`Error::FormatLeftOut`], and [`Error::UnknownFormat`], which names those that exist.
    pub fn parse(name: &str) -> Result<&'static Self> {
        FORMATS.iter().find(|format| format.name == name).ok_or_else(|| {
            if Self::is_left_out(name) {
                return Error::FormatLeftOut { name: name.to_owned() };
            }
            let known = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
            Error::UnknownFormat { name: name.to_owned(), known }
        })
    }

    /// Whether there is such a format, but not in this program.
    pub fn is_left_out(name: &str) -> bool {
        LEFT_OUT.iter().any(|(left_out, _)| *left_out == name)
    }

    /// Whether a format of that name, be it in this program or not, has null where the type of a column holds no such value.
    /// What that is does not depend on the format; one that has other limits tells of them itself.
    pub fn has_types(name: &str) -> bool {
        ["parquet", "sqlite"].contains(&name)
    }

    /// Where any format writes, relative to the export folder: those in this program and those that were left out.
    pub(crate) fn places() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(Self::place).chain(LEFT_OUT.iter().map(|(_, place)| *place))
    }

    /// Where all that it writes is, relative to the export folder: a folder, or a file.
    pub fn place(&self) -> &'static str {
        match self.kind {
            Kind::Files { .. } => self.name,
            Kind::Book { file, .. } => file,
        }
    }

    /// Where a table goes, relative to the export folder and with `/`: `csv/tasks.csv`; `None` if all go into one file.
    pub fn file_name(&self, table: &str) -> Option<String> {
        match self.kind {
            Kind::Files { .. } => Some(format!("{name}/{table}.{name}", name = self.name)),
            Kind::Book { .. } => None,
        }
    }

    /// The file for all tables, relative to the export folder; `None` if each has one of its own.
    pub fn book_name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Files { .. } => None,
            Kind::Book { file, .. } => Some(file),
        }
    }

    /// Whether a table's file can be read back row by row.
    pub fn is_readable(&self) -> bool {
        self.reader().is_some()
    }

    pub(crate) fn reader(&self) -> Option<Read> {
        match self.kind {
            Kind::Files { read, .. } => read,
            Kind::Book { .. } => None,
        }
    }

    /// Starts writing `table`, header included; `None` if all tables go into one file.
    pub(crate) fn open(&self, output: Output, table: &Table, style: &CsvStyle) -> Option<Result<Box<dyn Sink>>> {
        match self.kind {
            Kind::Files { open, .. } => Some(open(output, table, style)),
            Kind::Book { .. } => None,
        }
    }

    /// Starts the file for all tables at `path`; `None` if each has one of its own.
    pub(crate) fn open_book(&self, path: &Path) -> Option<Result<Box<dyn Book>>> {
        match self.kind {
            Kind::Files { .. } => None,
            Kind::Book { open, .. } => Some(open(path)),
        }
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

/// What tables are written as.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// Each once.
    pub formats: Vec<&'static Format>,
    pub csv: CsvStyle,
    /// A format with types is there too that was left out of this program: see [`Format::has_types`].
    pub left_out_types: bool,
    /// What of the tables is written.
    pub view: View,
}

impl Style {
    /// These formats with nothing special about them.
    pub fn of(formats: impl IntoIterator<Item = &'static Format>) -> Self {
        Self { formats: formats.into_iter().collect(), ..Self::default() }
    }

    /// Whether a format of that kind is among them: see [`Format::has_types`].
    pub fn has_types(&self) -> bool {
        self.left_out_types || self.names().any(Format::has_types)
    }

    /// The names of its formats.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.formats.iter().map(|format| format.name)
    }
}

fn check_width(table: &str, columns: usize, cells: usize) -> Result<()> {
    if columns == cells { Ok(()) } else { Err(Error::WrongWidth { table: table.to_owned(), cells, columns }) }
}
