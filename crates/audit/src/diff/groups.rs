//! Two sorted tables walked in step, a group at a time: the rows of one object, or of one list.

use std::cmp::Ordering;

use asana_export::{Rows, key};
use asana_model::Cell;

use super::Result;

/// A row that is kept while others are read.
pub(super) type Row = Vec<Cell<'static>>;

/// Rows in the order of their key.
pub(super) trait Stream {
    fn next_row(&mut self) -> Result<Option<Row>>;
}

impl Stream for Rows<'_> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        Ok(self.next()?.map(|cells| cells.into_iter().map(owned).collect()))
    }
}

fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Text(text) => Cell::Text(text.into_owned().into()),
        Cell::Digits(digits) => Cell::Digits(digits.into_owned().into()),
        Cell::Count(count) => Cell::Count(count),
        Cell::Boolean(value) => Cell::Boolean(value),
    }
}

/// Neighbouring rows whose first cells are the same.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Group {
    /// Those cells, encoded so that their order is that of the rows.
    key: Vec<u8>,
    pub(super) rows: Vec<Row>,
}

/// A table as a sequence of groups.
#[derive(Debug)]
pub(super) struct Groups<S> {
    stream: S,
    columns: usize,
    /// A row that was read and begins the next group.
    ahead: Option<Row>,
}

impl<S: Stream> Groups<S> {
    /// Rows that agree in their first `columns` cells belong together.
    pub(super) fn new(stream: S, columns: usize) -> Self {
        Self { stream, columns, ahead: None }
    }

    fn next(&mut self) -> Result<Option<Group>> {
        let first = match self.ahead.take() {
            Some(row) => row,
            None => match self.stream.next_row()? {
                Some(row) => row,
                None => return Ok(None),
            },
        };
        let key = self.key(&first);
        let mut rows = vec![first];
        while let Some(row) = self.stream.next_row()? {
            if self.key(&row) != key {
                self.ahead = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(Some(Group { key, rows }))
    }

    fn key(&self, row: &Row) -> Vec<u8> {
        let mut encoded = Vec::with_capacity(24);
        key::push_cells(&mut encoded, row.get(..self.columns).unwrap_or(row));
        encoded
    }
}

/// What two tables have at one key.
#[derive(Debug, PartialEq)]
pub(super) enum Met {
    Old(Group),
    New(Group),
    Both(Group, Group),
}

/// Passes every group of both, in the order of their keys.
pub(super) fn in_step<S: Stream, T: Stream>(
    mut old: Groups<S>,
    mut new: Groups<T>,
    mut met: impl FnMut(Met) -> Result<()>,
) -> Result<()> {
    let (mut left, mut right) = (old.next()?, new.next()?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.key.cmp(&other.key),
        };
        let (from_old, from_new) = (
            if order == Ordering::Greater { None } else { std::mem::replace(&mut left, old.next()?) },
            if order == Ordering::Less { None } else { std::mem::replace(&mut right, new.next()?) },
        );
        match (from_old, from_new) {
            (Some(one), Some(other)) => met(Met::Both(one, other))?,
            (Some(one), None) => met(Met::Old(one))?,
            (None, Some(other)) => met(Met::New(other))?,
            (None, None) => return Ok(()),
        }
    }
}
