//! The comparison of one table: groups that meet become changes of rows.

use std::borrow::Cow;

use asana_model::{Cell, GidSet};

use super::Result;
use super::change::{Because, Field, Listing, RowChange, TableSummary, Values, What, shown};
use super::fate::{Direction, Judge};
use super::groups::{Group, Groups, Met, Row, Stream, in_step};
use super::lists::matched;
use super::people::People;
use super::plan::{Place, Plan};

/// The objects of a resource that only one side has.
#[derive(Debug, Default)]
pub(super) struct Sets {
    pub(super) removed: GidSet,
    pub(super) added: GidSet,
    /// Those that may be too old for the other side.
    left_out: GidSet,
}

/// One table's comparison in progress.
pub(super) struct TableDiff<'t> {
    pub(super) plan: &'t Plan,
    pub(super) removed: &'t Judge,
    pub(super) added: &'t Judge,
    /// Whose lists these are, if they are not of the resource that `sets` is of.
    pub(super) owners: Option<&'t Sets>,
    pub(super) sets: &'t mut Sets,
    pub(super) people: &'t mut People,
    pub(super) summary: TableSummary,
    pub(super) listing: &'t mut dyn Listing,
}

static NULL: Cell<'static> = Cell::Null;

fn cell(row: &Row, place: usize) -> &Cell<'static> {
    row.get(place).unwrap_or(&NULL)
}

/// Whether two cells say the same. A column that one version does not know may be text on one side and a number on the
/// other, with the same digits.
fn same(one: &Cell<'_>, other: &Cell<'_>) -> bool {
    one == other || shown(one) == shown(other)
}

impl<'t> TableDiff<'t> {
    pub(super) fn walk<S: Stream, T: Stream>(&mut self, old: Groups<S>, new: Groups<T>) -> Result<()> {
        let same_columns = self.plan.old_columns == self.plan.new_columns;
        in_step(old, new, |met| match met {
            Met::Both(old, new) if same_columns && old == new => {
                self.summary.same += old.rows.len() as u64;
                Ok(())
            }
            Met::Both(old, new) => self.both(&old, &new),
            Met::Old(group) => self.one_sided(&group, self.removed),
            Met::New(group) => self.one_sided(&group, self.added),
        })
    }

    fn both(&mut self, old: &Group, new: &Group) -> Result<()> {
        let Some(identity) = self.plan.identity else {
            // The key is whole, so a group is a row.
            let mut pairs = old.rows.iter().zip(&new.rows);
            return pairs.try_for_each(|(old, new)| self.pair(old, new, false));
        };
        let matched = matched(&old.rows, &new.rows, (identity.old, identity.new));
        for row in matched.removed.iter().filter_map(|place| old.rows.get(*place)) {
            self.one(row, self.removed, self.removed.of_item())?;
        }
        for row in matched.added.iter().filter_map(|place| new.rows.get(*place)) {
            self.one(row, self.added, self.added.of_item())?;
        }
        for pair in &matched.pairs {
            if let (Some(one), Some(other)) = (old.rows.get(pair.old), new.rows.get(pair.new)) {
                self.pair(one, other, pair.moved)?;
            }
        }
        Ok(())
    }

    /// A group that one side lacks.
    fn one_sided(&mut self, group: &Group, judge: &'t Judge) -> Result<()> {
        for row in &group.rows {
            match self.because(row, judge) {
                Some(because) => self.one(row, judge, because)?,
                None => self.summary.left_out += 1,
            }
        }
        Ok(())
    }

    /// What it means that the row is not on the other side; `None` if that says nothing.
    fn because(&mut self, row: &Row, judge: &'t Judge) -> Option<&'t Because> {
        let removed = judge.direction() == Direction::Removed;
        let gid = row.first().and_then(shown).unwrap_or_default();
        if self.plan.is_list {
            let sets = self.owners.unwrap_or(self.sets);
            if sets.left_out.contains(&gid) {
                return None;
            }
            let gone = if removed { sets.removed.contains(&gid) } else { sets.added.contains(&gid) };
            return Some(if gone { judge.with_object() } else { judge.of_item() });
        }
        let because = judge.of_object(if removed { &self.plan.old_columns } else { &self.plan.new_columns }, row);
        if self.plan.own {
            let set = match because {
                None => &mut self.sets.left_out,
                Some(_) if removed => &mut self.sets.removed,
                Some(_) => &mut self.sets.added,
            };
            set.insert(&gid);
        }
        because
    }

    /// A row that one side lacks.
    fn one(&mut self, row: &Row, judge: &Judge, because: &Because) -> Result<()> {
        if !self.plan.listed {
            return Ok(());
        }
        let removed = judge.direction() == Direction::Removed;
        let columns = if removed { &self.plan.old_columns } else { &self.plan.new_columns };
        let place = |place: Place| if removed { place.old } else { place.new };
        let values: Values<'_> = columns.iter().map(String::as_str).zip(row).collect();
        let (key, name) = (self.key(row, place), self.name(row, place));
        let summary = &mut self.summary;
        let (count, by_label) = if removed {
            (&mut summary.removed, &mut summary.removed_because)
        } else {
            (&mut summary.added, &mut summary.added_because)
        };
        *count += 1;
        *by_label.entry(because.label).or_default() += 1;
        if removed {
            self.people.removed(&values);
        } else {
            self.people.added(&self.plan.name, &values);
        }
        let what = if removed { What::Removed { row: values, because } } else { What::Added { row: values, because } };
        self.listing.change(&RowChange { table: &self.plan.name, key, name, what })?;
        Ok(())
    }

    /// A row that both sides have.
    fn pair(&mut self, old: &Row, new: &Row, moved: bool) -> Result<()> {
        let plan = self.plan;
        let moved = plan.position.filter(|_| moved);
        let column = |place: &Place| plan.new_columns.get(place.new).map_or("", String::as_str);
        let field =
            |place: &Place| Field { column: column(place), old: cell(old, place.old), new: cell(new, place.new) };
        let differs = |place: &&Place| !same(cell(old, place.old), cell(new, place.new));
        let fields: Vec<Field<'_>> = moved.iter().chain(plan.compared.iter().filter(differs)).map(field).collect();
        if fields.is_empty() {
            self.summary.same += 1;
            return Ok(());
        }
        if !plan.listed {
            return Ok(());
        }
        self.summary.changed += 1;
        for field in &fields {
            match self.summary.changed_columns.get_mut(field.column) {
                Some(count) => *count += 1,
                None => drop(self.summary.changed_columns.insert(field.column.to_owned(), 1)),
            }
        }
        let values: Values<'_> = plan.new_columns.iter().map(String::as_str).zip(new).collect();
        self.people.changed(&values, &fields);
        let new_place = |place: Place| place.new;
        let (key, name) = (self.key(new, new_place), self.name(new, new_place));
        self.listing.change(&RowChange { table: &plan.name, key, name, what: What::Changed { fields } })?;
        Ok(())
    }

    fn key<'r>(&self, row: &'r Row, place: impl Fn(Place) -> usize) -> Values<'r>
    where
        't: 'r,
    {
        let plan = self.plan;
        let first = plan.old_columns.iter().take(plan.group_columns).map(String::as_str).zip(row);
        let listed = plan.identity.map(|identity| {
            let column = plan.old_columns.get(identity.old).map_or("", String::as_str);
            (column, cell(row, place(identity)))
        });
        first.chain(listed).collect()
    }

    fn name<'r>(&self, row: &'r Row, place: impl Fn(Place) -> usize) -> Option<Cow<'r, str>> {
        shown(cell(row, place(self.plan.called?))).filter(|name| !name.trim().is_empty())
    }
}
