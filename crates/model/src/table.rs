//! The normalized side: tables, columns, cells.

use std::borrow::Cow;

use crate::sensitive::Sensitive;

/// A table's place in [`crate::layout::Layout::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableId(pub usize);

#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub about: String,
    /// The resource whose records fill it; `None` for tables that describe the run.
    pub resource: Option<&'static str>,
    pub columns: Vec<Column>,
    /// The first `key_columns` columns are the primary key; rows are sorted by them.
    pub key_columns: usize,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    pub about: String,
    /// Where the value stands in Asana's answer, as in `assignee.gid`; empty when it is not from there.
    pub source: String,
    /// The table whose `gid` it holds.
    pub references: Option<&'static str>,
    /// What it can give away; only texts give away anything.
    pub sensitive: Sensitive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text that identifies an object.
    Gid,
    Text,
    Integer,
    /// A decimal number.
    Number,
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// UTC, ISO 8601.
    Timestamp,
}

impl ColumnKind {
    pub fn label(self) -> &'static str {
        match self {
            ColumnKind::Gid => "gid",
            ColumnKind::Text => "text",
            ColumnKind::Integer => "integer",
            ColumnKind::Number => "number",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Date => "date",
            ColumnKind::Timestamp => "timestamp",
        }
    }

    /// The kind with that label.
    pub fn labelled(label: &str) -> Option<Self> {
        let all = [Self::Gid, Self::Text, Self::Integer, Self::Number, Self::Boolean, Self::Date, Self::Timestamp];
        all.into_iter().find(|kind| kind.label() == label)
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell<'a> {
    #[default]
    Null,
    Text(Cow<'a, str>),
    /// A JSON number's digits, exactly as received.
    Digits(Cow<'a, str>),
    /// A number that the tool counted itself, such as a position.
    Count(u64),
    Boolean(bool),
}

impl<'a> Cell<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Cell::Text(text.into())
    }

    /// A cell that borrows from this one.
    pub fn borrowed(&self) -> Cell<'_> {
        match self {
            Cell::Null => Cell::Null,
            Cell::Text(text) => Cell::Text(Cow::Borrowed(text)),
            Cell::Digits(digits) => Cell::Digits(Cow::Borrowed(digits)),
            Cell::Count(count) => Cell::Count(*count),
            Cell::Boolean(value) => Cell::Boolean(*value),
        }
    }
}

/// Takes rows in the order of their table's primary key.
pub trait RowSink {
    type Error;

    /// `cells` has one entry for each column of `table`.
    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), Self::Error>;
}
