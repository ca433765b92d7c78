//! One record becomes rows: a row of its resource's table, rows of its child tables, and records found inside it.

use std::borrow::Cow;

use asana_model::catalog::{Key, Scalar};
use asana_model::layout::{Place, Placed, PlacedFile, PlacedItem, PlacedRef};
use asana_model::raw::{self, Object};
use asana_model::{Cell, Layout, TableId};

use crate::scalar::{cell, excerpt, unfit};
use crate::{Mention, Oddity, Output, Record, Standing};

/// Emits everything that `record` says.
///
/// The rows of each table come in the order of its primary key, so records fed in the order of their gids give sorted
/// tables.
///
/// # Errors
/// Only those of `output`.
pub fn flatten<O: Output>(layout: &Layout, record: &Record<'_>, output: &mut O) -> Result<(), O::Error> {
    let Some(plan) = layout.resources.get(record.resource) else { return Ok(()) };
    let Some(object) = Object::of_valid(&record.json) else {
        let what = format!("expected an object, found {}", excerpt(&record.json));
        let oddity = Oddity { resource: record.resource, gid: &record.gid, field: "", what: what.into() };
        return output.oddity(&oddity);
    };
    let mut row = vec![Cell::Null; layout.table(plan.table).columns.len()];
    let mut walk = Walk { layout, record, output, path: Vec::new(), table: plan.table };
    match (plan.resource.key, &record.container) {
        (Key::ParentPosition(kind), Some((_, parent))) => {
            set(&mut row, 0, Cell::text(parent.as_ref()));
            set(&mut row, 1, Cell::Count(record.position));
            walk.mention(layout.resource_index(kind), parent, None, (plan.table, 0));
        }
        _ => set(&mut row, 0, Cell::text(record.gid.as_ref())),
    }
    walk.fields(&object, &plan.fields, &mut row)?;
    if let Some(source) = plan.source {
        set(&mut row, source, Cell::text(record.standing.label()));
    }
    walk.output.row(plan.table, &row)
}

pub(crate) fn set<'c>(row: &mut [Cell<'c>], column: usize, cell: Cell<'c>) {
    if let Some(slot) = row.get_mut(column) {
        *slot = cell;
    }
}

/// The walk over one record; `path` names the field at hand.
pub(crate) struct Walk<'a, O> {
    pub(crate) layout: &'a Layout,
    pub(crate) record: &'a Record<'a>,
    pub(crate) output: &'a mut O,
    pub(crate) path: Vec<&'static str>,
    /// The table of the row at hand.
    pub(crate) table: TableId,
}

impl<'a, O: Output> Walk<'a, O> {
    fn fields<'c>(&mut self, object: &Object<'c>, fields: &[Placed], row: &mut Vec<Cell<'c>>) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        let values = self.match_fields(object, fields);
        for (field, value) in fields.iter().zip(values) {
            self.path.push(field.name);
            match value.filter(|json| *json != "null") {
                Some(json) if field.place.is_sent() => self.value(&field.place, json, row)?,
                _ => self.unsent(&field.place, row)?,
            }
            self.path.pop();
        }
        Ok(())
    }

    /// The value of each of `fields`; of a name sent twice, the last. What is left over is unknown.
    fn match_fields<'c>(&mut self, object: &Object<'c>, fields: &[Placed]) -> Vec<Option<&'c str>> {
        let mut values = vec![None; fields.len()];
        // Asana answers in the order asked: nearly always the next field is the next one sent.
        let mut next = 0;
        for (name, value) in &object.0 {
            let place = (next..fields.len()).chain(0..next).find(|at| fields.get(*at).is_some_and(|f| f.name == name));
            match place {
                Some(place) => {
                    if let Some(slot) = values.get_mut(place) {
                        *slot = Some(*value);
                    }
                    next = place + 1;
                }
                // Identity, which every object has.
                None if name == "gid" || name == "resource_type" => {}
                None if name == "name" && fields.iter().any(|field| matches!(field.place, Place::Itself(_))) => {}
                None => self.left_over(name),
            }
        }
        values
    }

    /// Takes note of a field for which there is no column, unless that is on purpose.
    pub(crate) fn left_over(&mut self, name: &str) {
        let path = self.path_with(name);
        let plan = self.layout.resources.get(self.record.resource);
        if plan.is_none_or(|plan| !plan.left_out.contains(&path.as_str())) {
            self.output.unknown_field(self.record.resource, &path);
        }
    }

    /// Names that lead to a field of what is at hand, with points between them.
    fn path_with(&self, name: &str) -> String {
        let mut path = self.path.join(".");
        if !path.is_empty() {
            path.push('.');
        }
        path + name
    }

    /// What a row says that is in no field of the record.
    fn unsent<'c>(&mut self, place: &Place, row: &mut Vec<Cell<'c>>) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        match place {
            Place::ListingPosition { column } => set(row, *column, Cell::Count(self.record.position)),
            Place::Container { kind, gid } => {
                let record = self.record;
                if let Some((container_kind, container_gid)) = &record.container {
                    set(row, *kind, Cell::text(container_kind.as_ref()));
                    set(row, *gid, Cell::text(container_gid.as_ref()));
                    let resource = self.layout.resource_of_type(container_kind);
                    self.mention(resource, container_gid, None, (self.table, *gid));
                }
            }
            Place::File(PlacedFile { path, bytes, sha256 }) => {
                if let Some(file) = &self.record.file {
                    set(row, *path, Cell::text(file.path.as_ref()));
                    set(row, *bytes, Cell::Count(file.bytes));
                    set(row, *sha256, Cell::text(file.sha256.as_ref()));
                }
            }
            Place::Itself(reference) => {
                let json: &'a str = &self.record.json;
                self.reference(reference, json, row)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn value<'c>(&mut self, place: &Place, json: &'c str, row: &mut Vec<Cell<'c>>) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        match place {
            Place::Scalar { column, scalar } => match cell(json, *scalar) {
                Ok(cell) => {
                    let unfit = unfit(json, &cell, *scalar);
                    set(row, *column, cell);
                    unfit.map_or(Ok(()), |what| self.unfit(&what))?;
                    self.broken_text(json, *scalar)?;
                }
                Err(what) => self.odd(&what)?,
            },
            Place::Ref(reference) => self.reference(reference, json, row)?,
            Place::Object(fields) => match Object::of_valid(json) {
                Some(object) => self.fields(&object, fields, row)?,
                None => self.unexpected("an object", json)?,
            },
            Place::List { table, item } => self.list(*table, item, json)?,
            Place::Records { resource } => self.records(*resource, json)?,
            Place::Values(tables) => self.values(*tables, json)?,
            Place::ListingPosition { .. } | Place::Container { .. } | Place::File(_) | Place::Itself(_) => {}
        }
        Ok(())
    }

    fn reference<'c>(&mut self, to: &PlacedRef, json: &'c str, row: &mut Vec<Cell<'c>>) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        match Object::of_valid(json) {
            Some(object) => self.refer_to(to, object, json, row),
            None => self.unexpected("an object", json),
        }
    }

    /// `json` is what `object` was taken from.
    fn refer_to<'c>(
        &mut self,
        to: &PlacedRef,
        object: Object<'c>,
        json: &'c str,
        row: &mut Vec<Cell<'c>>,
    ) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        let kind = object.text("resource_type");
        let name = object.text("name");
        if let Some(column) = to.kind {
            set(row, column, kind.clone().map_or(Cell::Null, Cell::Text));
        }
        if let (Some(column), Some(name)) = (to.name, &name) {
            set(row, column, Cell::Text(name.clone()));
        }
        match object.gid() {
            Some(gid) => {
                set(row, to.gid, Cell::Text(gid.clone()));
                if let (true, Some(resource)) = (to.nested, to.to) {
                    self.mention(to.to, &gid, name.as_deref(), (self.table, to.gid));
                    return self.found(resource, Standing::Nested, &gid, 0, json);
                }
                let of_kind = || kind.as_deref().and_then(|kind| self.layout.resource_of_type(kind));
                // What may be long gone is not missed, but people are always worth a row.
                let counts = |resource: &usize| !to.loose || self.layout.is_union(*resource);
                if let Some(resource) = to.to.or_else(of_kind).filter(counts) {
                    // A mention that tells more than a name is another one.
                    let says = if to.also.is_empty() { name.as_deref() } else { Some(json) };
                    self.tell(resource, &gid, says, json)?;
                    self.mention(Some(resource), &gid, name.as_deref(), (self.table, to.gid));
                }
            }
            None if to.loose => {}
            None => return self.unexpected("an object with a gid", json),
        }
        if to.also.is_empty() {
            return Ok(());
        }
        let rest = object.0.into_iter().filter(|(key, _)| key != "name").collect();
        self.fields(&Object(rest), &to.also, row)
    }

    /// Hands on a mention of an object that gets a row by it, if what it says is news.
    pub(crate) fn tell(&mut self, resource: usize, gid: &str, says: Option<&str>, json: &str) -> Result<(), O::Error> {
        if self.layout.is_union(resource) && self.output.wants_reference(resource, gid, says) {
            return self.found(resource, Standing::Reference, gid, 0, json);
        }
        Ok(())
    }

    /// A column names an object; where a mention alone makes a row, there is nothing to take note of.
    pub(crate) fn mention(
        &mut self,
        resource: Option<usize>,
        gid: &str,
        name: Option<&str>,
        (table, column): (TableId, usize),
    ) {
        if let Some(resource) = resource.filter(|resource| !self.layout.is_union(*resource)) {
            self.output.mention(&Mention { resource, gid, name, table, column });
        }
    }

    /// Hands on a record found inside this one.
    pub(crate) fn found(
        &mut self,
        resource: usize,
        standing: Standing,
        gid: &str,
        position: u64,
        json: &str,
    ) -> Result<(), O::Error> {
        let singular = self.layout.resources.get(self.record.resource).map_or("", |plan| plan.resource.singular);
        self.output.record(&Record {
            resource,
            gid: Cow::Borrowed(gid),
            standing,
            container: Some((Cow::Borrowed(singular), Cow::Borrowed(&self.record.gid))),
            position,
            json: Cow::Borrowed(json),
            file: None,
        })
    }

    fn list(&mut self, table: TableId, item: &PlacedItem, json: &str) -> Result<(), O::Error> {
        let Some(elements) = raw::objects_of_valid(json) else { return self.unexpected("a list", json) };
        let width = self.layout.table(table).columns.len();
        let outer = std::mem::replace(&mut self.table, table);
        for (position, (element, object)) in (0..).zip(elements) {
            let mut row = vec![Cell::Null; width];
            set(&mut row, 0, Cell::text(self.record.gid.as_ref()));
            set(&mut row, 1, Cell::Count(position));
            self.item(item, object, element, &mut row)?;
            self.output.row(table, &row)?;
        }
        self.table = outer;
        Ok(())
    }

    /// `object` is what `json` is, if it is one.
    fn item<'c>(
        &mut self,
        item: &PlacedItem,
        object: Option<Object<'c>>,
        json: &'c str,
        row: &mut Vec<Cell<'c>>,
    ) -> Result<(), O::Error>
    where
        'a: 'c,
    {
        match (item, object) {
            _ if json == "null" => Ok(()),
            (PlacedItem::Object(fields), Some(object)) => self.fields(&object, fields, row),
            (PlacedItem::Ref(reference), Some(object)) => self.refer_to(reference, object, json, row),
            (PlacedItem::Object(_) | PlacedItem::Ref(_), None) => self.unexpected("an object", json),
            (PlacedItem::Scalar { column, scalar }, _) => match cell(json, *scalar) {
                Ok(cell) => {
                    let unfit = unfit(json, &cell, *scalar);
                    set(row, *column, cell);
                    unfit.map_or(Ok(()), |what| self.unfit(&what))
                }
                Err(what) => self.odd(&what),
            },
        }
    }

    fn records(&mut self, resource: usize, json: &str) -> Result<(), O::Error> {
        let Some(elements) = raw::objects_of_valid(json) else { return self.unexpected("a list", json) };
        for (position, (element, object)) in (0..).zip(elements) {
            match object.and_then(|object| object.gid()) {
                Some(gid) => self.found(resource, Standing::Nested, &gid, position, element)?,
                None => self.unexpected("an object with a gid", element)?,
            }
        }
        Ok(())
    }

    /// Half of a surrogate pair is no text: the cell has the replacement character, and what was sent is told.
    pub(crate) fn broken_text(&mut self, json: &str, scalar: Scalar) -> Result<(), O::Error> {
        if scalar == Scalar::Text && raw::is_broken_text(json) {
            return self.odd(&format!("half of a surrogate pair became U+FFFD: {}", excerpt(json)));
        }
        Ok(())
    }

    pub(crate) fn unexpected(&mut self, expected: &str, json: &str) -> Result<(), O::Error> {
        self.odd(&format!("expected {expected}, found {}", excerpt(json)))
    }

    pub(crate) fn odd(&mut self, what: &str) -> Result<(), O::Error> {
        let Record { resource, gid, .. } = self.record;
        let field = &self.path.join(".");
        self.output.oddity(&Oddity { resource: *resource, gid, field, what: Cow::Borrowed(what) })
    }

    pub(crate) fn unfit(&mut self, what: &str) -> Result<(), O::Error> {
        let Record { resource, gid, .. } = self.record;
        let field = &self.path.join(".");
        self.output.unfit(&Oddity { resource: *resource, gid, field, what: Cow::Borrowed(what) })
    }
}
