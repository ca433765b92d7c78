//! Records of Asana's API become rows of tables: pure functions over the catalogue's layout.
//!
//! A record's JSON and its place in the layout give cells. A surprise becomes a counted oddity and an empty cell, never
//! a panic and never a guess; a field that the catalogue does not know is named. Nothing here reads files, the network or
//! the clock.

mod flatten;
mod scalar;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

use asana_model::{RowSink, TableId};

pub use flatten::flatten;

/// A record with what is known about it besides its own fields.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Its place in [`asana_model::Layout::resources`].
    pub resource: usize,
    pub gid: Cow<'a, str>,
    pub standing: Standing,
    /// The kind (singular) and gid of the object that it was listed for or found in.
    pub container: Option<(Cow<'a, str>, Cow<'a, str>)>,
    /// Its place in the listing or list, from 0.
    pub position: u64,
    /// The object as sent. It has to be JSON: that is not checked again.
    pub json: Cow<'a, str>,
    /// The run's copy of the file that it stands for.
    pub file: Option<KeptFile<'a>>,
}

/// A file that a run downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile<'a> {
    /// Relative to the export folder, with `/`.
    pub path: Cow<'a, str>,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: Cow<'a, str>,
}

/// How good a source for a record is: the better one wins, whatever its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Standing {
    /// `{gid, name}` in another record.
    Reference = 0,
    /// A full object inside another record.
    Nested = 1,
    /// An element of a listing that leaves out what another listing of the resource has.
    Compact = 2,
    /// An element of the resource's own listing.
    Listed = 3,
}

impl Standing {
    /// The value of the column `source`.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Reference => "reference",
            Standing::Nested => "nested",
            Standing::Compact | Standing::Listed => "listing",
        }
    }

    pub fn from_rank(rank: u8) -> Self {
        match rank {
            0 => Standing::Reference,
            1 => Standing::Nested,
            2 => Standing::Compact,
            _ => Standing::Listed,
        }
    }
}

/// Takes what comes out of a record: rows, further records, and what was odd.
pub trait Output: RowSink {
    /// Whether a mere reference to that object, which says that much of it (its name, or more), is news. Asked before [`Output::record`] is called for
    /// a reference, so that the usual case, a person met before, costs nothing.
    fn wants_reference(&mut self, resource: usize, gid: &str, says: Option<&str>) -> bool;

    /// A column of a row at hand names an object of a resource whose rows do not come of mentions alone.
    fn mention(&mut self, mention: &Mention<'_>);

    /// A record found inside another one.
    fn record(&mut self, record: &Record<'_>) -> Result<(), Self::Error>;

    fn oddity(&mut self, oddity: &Oddity<'_>) -> Result<(), Self::Error>;

    /// A value that its cell holds as it came, and formats with types cannot hold.
    fn unfit(&mut self, oddity: &Oddity<'_>) -> Result<(), Self::Error>;

    /// A field that the catalogue does not know, as a path such as `memberships.colour`.
    fn unknown_field(&mut self, resource: usize, path: &str);
}

/// A reference from a row to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The resource of the object.
    pub resource: usize,
    pub gid: &'a str,
    pub name: Option<&'a str>,
    /// Where it stands.
    pub table: TableId,
    pub column: usize,
}

/// Data that did not look as Asana describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity<'a> {
    pub resource: usize,
    pub gid: &'a str,
    /// The field, as a path.
    pub field: &'a str,
    pub what: Cow<'a, str>,
}
