//! What a comparison tells: changes one by one, and at the end what they come to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use asana_model::Cell;
use serde::Serialize;

use super::coverage::CoverageChange;
use super::people::Activity;
use super::plan::Plan;
use super::sides::Described;

/// Takes a comparison as it comes.
pub trait Listing {
    fn begin(&mut self, sides: &Described) -> io::Result<()>;

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()>;

    /// After the last change.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}

/// A row that is not the same on both sides.
#[derive(Debug)]
pub struct RowChange<'a> {
    pub table: &'a str,
    /// What identifies it: the columns of its key, where a place in a list is replaced by what stands there.
    pub key: Values<'a>,
    /// What a person would call it, if the row tells.
    pub name: Option<Cow<'a, str>>,
    pub what: What<'a>,
}

/// Columns with their cells.
pub type Values<'a> = Vec<(&'a str, &'a Cell<'static>)>;

#[derive(Debug)]
pub enum What<'a> {
    Added {
        row: Values<'a>,
        because: &'a Because,
    },
    Removed {
        row: Values<'a>,
        because: &'a Because,
    },
    /// At least one field.
    Changed {
        fields: Vec<Field<'a>>,
    },
}

impl What<'_> {
    pub fn verb(&self) -> &'static str {
        match self {
            What::Added { .. } => "added",
            What::Removed { .. } => "removed",
            What::Changed { .. } => "changed",
        }
    }
}

/// A value before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field<'a> {
    pub column: &'a str,
    pub old: &'a Cell<'static>,
    pub new: &'a Cell<'static>,
}

/// What it means that a row is on one side only, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    pub label: Label,
    pub reason: Cow<'static, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Gone for this token.
    Deleted,
    NoLongerReadable,
    /// It was not there before.
    New,
    NewlyReadable,
    /// Nothing may be inferred.
    Unknown,
    /// A row of a list whose object is added or removed as a whole.
    WithItsObject,
}

impl Label {
    pub fn name(self) -> &'static str {
        match self {
            Label::Deleted => "deleted",
            Label::NoLongerReadable => "no longer readable",
            Label::New => "new",
            Label::NewlyReadable => "newly readable",
            Label::Unknown => "unknown",
            Label::WithItsObject => "with its object",
        }
    }
}

/// All of a comparison but the changes themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What has to be known about both exports to read the rest.
    pub notes: Vec<String>,
    /// Resources of which one side holds more than the other could.
    pub coverage: Vec<CoverageChange>,
    pub tables: Vec<TableSummary>,
    pub not_compared: Vec<NotCompared>,
    /// Those who did something, busiest first.
    pub people: Vec<Activity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableSummary {
    pub table: String,
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
    /// Rows that are the same on both sides.
    pub same: u64,
    /// By what it means.
    pub added_because: BTreeMap<Label, u64>,
    pub removed_because: BTreeMap<Label, u64>,
    /// By column.
    pub changed_columns: BTreeMap<String, u64>,
    /// Columns of which nothing can be said, because one side lacks them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only_in_old: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only_in_new: Vec<String>,
    /// Columns that one side hides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// Rows that one side lacks because it was made without old ones, or may lack for that.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A table of which nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    pub table: String,
    /// On the side that has it.
    pub rows: u64,
    pub reason: String,
}

impl TableSummary {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            table: plan.name.clone(),
            added: 0,
            removed: 0,
            changed: 0,
            same: 0,
            added_because: BTreeMap::new(),
            removed_because: BTreeMap::new(),
            changed_columns: BTreeMap::new(),
            only_in_old: plan.only_in_old.clone(),
            only_in_new: plan.only_in_new.clone(),
            hidden: plan.hidden.clone(),
            left_out: 0,
        }
    }

    pub fn differences(&self) -> u64 {
        self.added + self.removed + self.changed
    }
}

impl Summary {
    /// Whether both exports hold the same, as far as they were compared.
    ///
    /// A table with rows that only one of them has is a difference; a column is not, because it comes with the version of
    /// the program.
    pub fn equal(&self) -> bool {
        self.tables.iter().all(|table| table.differences() == 0)
            && self.not_compared.iter().all(|table| table.rows == 0)
    }

    /// How many rows were added, removed and changed.
    pub fn totals(&self) -> [u64; 3] {
        self.tables.iter().fold([0; 3], |[added, removed, changed], table| {
            [added + table.added, removed + table.removed, changed + table.changed]
        })
    }
}

/// The text that a cell shows; none for null.
pub fn shown<'c>(cell: &'c Cell<'_>) -> Option<Cow<'c, str>> {
    match cell {
        Cell::Null => None,
        Cell::Text(text) | Cell::Digits(text) => Some(Cow::Borrowed(text)),
        Cell::Count(count) => Some(Cow::Owned(count.to_string())),
        Cell::Boolean(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
    }
}

/// A key in one word, as in `1200/1201`.
pub fn key_text(key: &Values<'_>) -> String {
    let parts: Vec<_> = key.iter().map(|(_, cell)| shown(cell).unwrap_or_default()).collect();
    parts.join("/")
}
