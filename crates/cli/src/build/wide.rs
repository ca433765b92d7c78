//! Wide tables: a row for each object that can have custom field values, and a column for each field.
//!
//! Which columns there are is known when all values were seen, so the rows of the tables of values are looked at while they
//! pass by, put aside for each object, and written at the end. Which resources have such values is read from the layout.

mod columns;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use asana_export::Error as ExportError;
use asana_export::{Sorter, TableReport, Writing};
use asana_model::catalog::Key;
use asana_model::layout::{Place, Placed, ValueTables};
use asana_model::{Cell, ColumnKind, Layout, RowSink as _, Table, TableId};

use self::columns::{Chosen, Fields};

/// Memory for the values of one resource's objects; what does not fit is spilled to disk.
const SORT_MEMORY: usize = 4 << 20;
/// What several values in one cell are joined with.
const JOINT: &str = "; ";
/// Where the gids of people stand in a value whose names are looked up when it is written.
const PEOPLE: u8 = 4;

/// Takes rows on their way to the tables, and makes wide tables of them.
#[derive(Debug)]
pub(super) struct Wide<'l> {
    layout: &'l Layout,
    owners: Vec<Owner>,
    /// By table: whose it is, and what its rows are.
    tables: HashMap<TableId, (usize, Rows)>,
    /// The own tables of resources of people, with the column of their names.
    persons: HashMap<TableId, Option<usize>>,
    /// People by their gids.
    people: HashMap<String, String>,
}

/// A resource whose objects have custom field values.
#[derive(Debug)]
struct Owner {
    resource: usize,
    fields: Fields,
    /// What is known of objects whose own row, the last of their rows, is still to come.
    pending: HashMap<String, Pending>,
    /// By gid: the object's name and its values.
    done: Sorter,
}

#[derive(Debug, Default)]
struct Pending {
    values: Vec<(u64, usize, Option<Value>)>,
    /// Elements of multi-valued fields.
    elements: Vec<(usize, u64, Element)>,
}

#[derive(Debug)]
struct Value {
    kind: ColumnKind,
    text: String,
}

#[derive(Debug)]
enum Element {
    Named(String),
    Person(String),
}

/// What the rows of a table are, with the columns that are read.
#[derive(Debug, Clone, Copy)]
enum Rows {
    /// The objects themselves.
    Objects {
        name: Option<usize>,
    },
    Values(ValueColumns),
    /// Elements of multi-valued fields: a gid, and for some a name.
    Elements {
        field: usize,
        position: usize,
        gid: usize,
        name: Option<usize>,
    },
}

#[derive(Debug, Clone, Copy)]
struct ValueColumns {
    position: usize,
    field: usize,
    name: usize,
    kind: usize,
    /// The first of these that is there is the value. Gids stand in for names.
    typed: [(usize, ColumnKind); 6],
    display: usize,
}

impl<'l> Wide<'l> {
    pub(super) fn new(layout: &'l Layout, temp: &Path) -> Self {
        let mut wide = Self {
            layout,
            owners: Vec::new(),
            tables: HashMap::new(),
            persons: HashMap::new(),
            people: HashMap::new(),
        };
        for (resource, own, values) in owners(layout) {
            let (owner, name) = (wide.owners.len(), layout.table(own).column("name"));
            wide.owners.push(Owner {
                resource,
                fields: Fields::default(),
                pending: HashMap::new(),
                done: Sorter::new(temp, SORT_MEMORY),
            });
            let of = |table| layout.table(table);
            let rows = [
                (own, Some(Rows::Objects { name })),
                (values.values, value_columns(of(values.values)).map(Rows::Values)),
                (values.options, element_columns(of(values.options))),
                (values.people, element_columns(of(values.people))),
                (values.references, element_columns(of(values.references))),
            ];
            wide.tables.extend(rows.into_iter().filter_map(|(table, rows)| Some((table, (owner, rows?)))));
            if let Some(persons) = values.persons.and_then(|persons| layout.resources.get(persons)) {
                wide.persons.insert(persons.table, layout.table(persons.table).column("name"));
            }
        }
        wide
    }

    /// Takes note of a row that is written. Of an object the rows of all tables come before its own one.
    pub(super) fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        if let (Some(name), Some(gid)) = (self.persons.get(&table), text(cells, 0))
            && let Some(name) = name.and_then(|name| text(cells, name))
        {
            self.people.insert(gid.to_owned(), name.to_owned());
        }
        let Some((owner, rows)) = self.tables.get(&table).copied() else { return Ok(()) };
        let (Some(owner), Some(gid)) = (self.owners.get_mut(owner), text(cells, 0)) else { return Ok(()) };
        match rows {
            Rows::Objects { name } => return owner.object(gid, name.and_then(|name| text(cells, name))),
            Rows::Values(columns) => {
                let Some(field) = text(cells, columns.field) else { return Ok(()) };
                let field = owner.fields.met(field, text(cells, columns.name), text(cells, columns.kind));
                let value = (count(cells, columns.position), field, value(cells, &columns));
                owner.pending(gid).values.push(value);
            }
            Rows::Elements { field, position, gid: element, name } => {
                let Some(field) = text(cells, field) else { return Ok(()) };
                let field = owner.fields.met(field, None, None);
                let gid_of = || text(cells, element).unwrap_or_default().to_owned();
                let value = match name {
                    Some(name) => Element::Named(text(cells, name).map_or_else(gid_of, str::to_owned)),
                    None => Element::Person(gid_of()),
                };
                let position = count(cells, position);
                owner.pending(gid).elements.push((field, position, value));
            }
        }
        Ok(())
    }

    /// Writes the tables of those resources whose own tables are written. `odd` takes what was left out: of which table
    /// and field, and why.
    pub(super) fn finish(
        self,
        writing: &Writing,
        wanted: impl Fn(&str) -> bool,
        odd: &mut Odd<'_>,
    ) -> Result<Vec<TableReport>, ExportError> {
        let mut reports = Vec::new();
        for owner in self.owners {
            let Some(plan) = self.layout.resources.get(owner.resource) else { continue };
            if wanted(plan.resource.name) {
                let has_name = self.layout.table(plan.table).column("name").is_some();
                let id = TableId(self.layout.tables.len() + owner.resource);
                let chosen = owner.fields.choose(plan.resource.name, has_name);
                reports.extend(write(writing, id, owner.done, &chosen, &self.people, odd)?);
            }
        }
        Ok(reports)
    }
}

/// Takes an oddity: table, gid, field, and what it is.
pub(super) type Odd<'o> = dyn FnMut(&str, &str, &str, &str) -> Result<(), ExportError> + 'o;

/// How many wide tables there are when these resources are written.
pub(super) fn tables(layout: &Layout, wanted: impl Fn(&str) -> bool) -> usize {
    let named = |resource: usize| layout.resources.get(resource).map_or("", |plan| plan.resource.name);
    owners(layout).filter(|(resource, ..)| wanted(named(*resource))).count()
}

/// The resources whose objects have values: their place, their own table, and the tables of the values.
fn owners(layout: &Layout) -> impl Iterator<Item = (usize, TableId, ValueTables)> {
    let plans = layout.resources.iter().enumerate().filter(|(_, plan)| plan.resource.key == Key::Gid);
    plans.filter_map(|(index, plan)| Some((index, plan.table, values_in(&plan.fields)?)))
}

fn values_in(fields: &[Placed]) -> Option<ValueTables> {
    fields.iter().find_map(|field| match &field.place {
        Place::Values(tables) => Some(*tables),
        Place::Object(fields) => values_in(fields),
        _ => None,
    })
}

fn value_columns(table: &Table) -> Option<ValueColumns> {
    let typed = |name, kind| Some((table.column(name)?, kind));
    Some(ValueColumns {
        position: table.column("position")?,
        field: table.column("custom_field_gid")?,
        name: table.column("name")?,
        kind: table.column("type")?,
        typed: [
            // A date with a time has its day too.
            typed("date_time_value", ColumnKind::Timestamp)?,
            typed("date_value", ColumnKind::Date)?,
            typed("number_value", ColumnKind::Number)?,
            typed("enum_option_name", ColumnKind::Text)?,
            typed("enum_option_gid", ColumnKind::Text)?,
            typed("text_value", ColumnKind::Text)?,
        ],
        display: table.column("display_value")?,
    })
}

/// An element's gid and name come after the owner, the field and the position.
fn element_columns(table: &Table) -> Option<Rows> {
    let after = |suffix: &str| table.columns.iter().skip(3).position(|column| column.name.ends_with(suffix));
    Some(Rows::Elements {
        field: table.column("custom_field_gid")?,
        position: table.column("position")?,
        gid: 3 + after("_gid")?,
        name: after("_name").map(|place| 3 + place),
    })
}

/// The value in a row of a table of values, which is none for an empty list.
fn value(cells: &[Cell<'_>], columns: &ValueColumns) -> Option<Value> {
    let typed = columns.typed.iter().find_map(|(column, kind)| Some((text(cells, *column)?, *kind)));
    // Some types, such as ids, have no value of their own but what is shown. What is shown of a list is the list once
    // more, and gives way to it.
    let shown =
        || text(cells, columns.display).filter(|shown| !shown.is_empty()).map(|shown| (shown, ColumnKind::Text));
    typed.or_else(shown).map(|(text, kind)| Value { kind, text: text.to_owned() })
}

impl Owner {
    fn pending(&mut self, gid: &str) -> &mut Pending {
        if !self.pending.contains_key(gid) {
            self.pending.insert(gid.to_owned(), Pending::default());
        }
        self.pending.entry(gid.to_owned()).or_default()
    }

    /// The row of an object, with which all is known of it.
    fn object(&mut self, gid: &str, name: Option<&str>) -> Result<(), ExportError> {
        let pending = self.pending.remove(gid).unwrap_or_default();
        let mut payload = Vec::new();
        push(&mut payload, u8::from(name.is_some()), 0, name.unwrap_or_default());
        let mut seen = HashSet::new();
        for (field, tag, text) in pending.in_order() {
            if seen.insert(field) {
                self.fields.used(field, kind_of(tag));
            }
            push(&mut payload, tag, field, &text);
        }
        self.done.push(gid.as_bytes(), 0, 0, &payload)
    }
}

impl Pending {
    /// Field, tag and text of each value, in the order of the object's values; lists go before what stands for them.
    fn in_order(mut self) -> Vec<(usize, u8, String)> {
        self.values.sort_by_key(|(position, ..)| *position);
        self.elements.sort_by_key(|(field, position, _)| (*field, *position));
        let mut lists: HashMap<usize, (u8, String)> = HashMap::new();
        for (field, _, element) in self.elements {
            let (tag, text, joint) = match element {
                Element::Named(text) => (tag_of(ColumnKind::Text), text, JOINT),
                Element::Person(text) => (PEOPLE, text, "\0"),
            };
            lists
                .entry(field)
                .and_modify(|(_, all)| {
                    all.push_str(joint);
                    all.push_str(&text);
                })
                .or_insert((tag, text));
        }
        let mut all = Vec::with_capacity(self.values.len());
        for (_, field, value) in self.values {
            match (lists.remove(&field), value) {
                (Some((tag, text)), _) => all.push((field, tag, text)),
                (None, Some(Value { kind, text })) => all.push((field, tag_of(kind), text)),
                (None, None) => {}
            }
        }
        all
    }
}

fn tag_of(kind: ColumnKind) -> u8 {
    match kind {
        ColumnKind::Number => 1,
        ColumnKind::Date => 2,
        ColumnKind::Timestamp => 3,
        _ => 0,
    }
}

fn kind_of(tag: u8) -> ColumnKind {
    match tag {
        1 => ColumnKind::Number,
        2 => ColumnKind::Date,
        3 => ColumnKind::Timestamp,
        _ => ColumnKind::Text,
    }
}

fn push(payload: &mut Vec<u8>, tag: u8, field: usize, text: &str) {
    payload.push(tag);
    payload.extend((field as u64).to_be_bytes());
    payload.extend((text.len() as u64).to_be_bytes());
    payload.extend(text.as_bytes());
}

/// Tag, field and text.
type Pushed<'p> = (u8, usize, &'p str);

/// What [`push`] pushed, and what comes after it.
fn pull(payload: &[u8]) -> Option<(Pushed<'_>, &[u8])> {
    let (tag, rest) = payload.split_first()?;
    let (field, rest) = rest.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let number = |bytes: [u8; 8]| usize::try_from(u64::from_be_bytes(bytes)).ok();
    let (text, rest) = rest.split_at_checked(number(*length)?)?;
    Some(((*tag, number(*field)?, std::str::from_utf8(text).ok()?), rest))
}

fn write(
    writing: &Writing,
    id: TableId,
    done: Sorter,
    chosen: &Chosen,
    people: &HashMap<String, String>,
    odd: &mut Odd<'_>,
) -> Result<Vec<TableReport>, ExportError> {
    let table = &chosen.table.name;
    for field in &chosen.left_out {
        odd(table, &field.gid, &field.name, &field.what())?;
    }
    let mut set = writing.made(&[(id, &chosen.table)])?;
    let mut merge = done.finish()?;
    while let Some(entry) = merge.next_winner()? {
        let gid = String::from_utf8_lossy(entry.key);
        let mut row = vec![Cell::Null; chosen.table.columns.len()];
        let mut values = std::iter::successors(pull(entry.payload), |(_, rest)| pull(rest)).map(|(value, _)| value);
        let name = values.next().filter(|(has_name, ..)| *has_name == 1).map(|(_, _, name)| Cell::text(name));
        if let Some(slot) = row.get_mut(1).filter(|_| chosen.has_name) {
            *slot = name.unwrap_or_default();
        }
        for (tag, field, text) in values {
            let Some(column) = chosen.column(field) else { continue };
            let Some(slot) = row.get_mut(column) else { continue };
            if *slot == Cell::Null {
                let kind = chosen.table.columns.get(column).map_or(ColumnKind::Text, |column| column.kind);
                *slot = match kind {
                    ColumnKind::Number => Cell::Digits(text.into()),
                    _ if tag == PEOPLE => Cell::text(named(text, people)),
                    _ => Cell::text(text),
                };
            } else {
                let name = chosen.table.columns.get(column).map_or("", |column| column.name.as_str());
                odd(table, &gid, name, "one custom field occurs twice; its first value is kept")?;
            }
        }
        if let Some(slot) = row.first_mut() {
            *slot = Cell::text(&*gid);
        }
        set.row(id, &row)?;
    }
    set.finish()
}

/// People by their names, where those are known.
fn named(gids: &str, people: &HashMap<String, String>) -> String {
    let names: Vec<&str> = gids.split('\0').map(|gid| people.get(gid).map_or(gid, String::as_str)).collect();
    names.join(JOINT)
}

fn text<'c>(cells: &'c [Cell<'_>], column: usize) -> Option<&'c str> {
    match cells.get(column)? {
        Cell::Text(text) | Cell::Digits(text) => Some(text),
        _ => None,
    }
}

fn count(cells: &[Cell<'_>], column: usize) -> u64 {
    match cells.get(column) {
        Some(Cell::Count(count)) => *count,
        _ => 0,
    }
}
