//! Custom field values: one shape for every owner and every type, also for types that are yet to come.

use std::borrow::Cow;
use std::sync::LazyLock;

use asana_model::catalog::{CUSTOM_FIELD_VALUE_PATHS, Scalar};
use asana_model::layout::ValueTables;
use asana_model::raw::{self, Object};
use asana_model::{Cell, TableId};

use crate::flatten::{Walk, set};
use crate::scalar::{cell, unfit};
use crate::{Output, Standing};

/// The fields of a value that are asked for, and its identity.
static KNOWN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let asked = CUSTOM_FIELD_VALUE_PATHS.iter().filter_map(|path| path.split('.').next());
    asked.chain(["gid", "resource_type"]).collect()
});

/// The lists of one record's multi-valued fields, each with the gid of its field.
type Lists<'c> = Vec<(Cow<'c, str>, &'c str)>;

impl<O: Output> Walk<'_, O> {
    pub(crate) fn values(&mut self, tables: ValueTables, json: &str) -> Result<(), O::Error> {
        let Some(elements) = raw::objects_of_valid(json) else { return self.unexpected("a list", json) };
        let (mut options, mut people, mut references) = (Lists::new(), Lists::new(), Lists::new());
        for (position, (element, object)) in (0..).zip(elements) {
            let Some((gid, value)) = object.and_then(|value| Some((value.gid()?, value))) else {
                self.unexpected("a value with a gid", element)?;
                continue;
            };
            self.value_row(tables.values, position, &gid, &value)?;
            self.refer(tables.definitions, &gid, &value)?;
            for (field, lists) in [
                ("multi_enum_values", &mut options),
                ("people_value", &mut people),
                ("reference_value", &mut references),
            ] {
                if let Some(list) = value.get(field).filter(|list| *list != "null") {
                    lists.push((gid.clone(), list));
                }
            }
        }
        let enum_option: &[Column] = &[("gid", 3), ("name", 4)];
        let person: &[Column] = &[("gid", 3)];
        self.value_lists(tables.options, "multi_enum_values", options, enum_option, None)?;
        self.value_lists(tables.people, "people_value", people, person, tables.persons)?;
        self.value_lists(tables.references, "reference_value", references, REFERENCE, None)
    }

    /// Columns as [`asana_model::layout`] lays them out: owner, position, field, then the value.
    fn value_row(&mut self, table: TableId, position: u64, gid: &str, value: &Object<'_>) -> Result<(), O::Error> {
        let mut row = vec![Cell::Null; self.layout.table(table).columns.len()];
        set(&mut row, 0, Cell::text(self.record.gid.as_ref()));
        set(&mut row, 1, Cell::Count(position));
        set(&mut row, 2, Cell::text(gid));
        let kind = if value.get("resource_subtype").is_some() { "resource_subtype" } else { "type" };
        let date = value.get("date_value").and_then(Object::of_valid);
        let option = value.get("enum_value").and_then(Object::of_valid);
        let of_date = |name| date.as_ref().and_then(|date| date.get(name));
        let of_option = |name| option.as_ref().and_then(|option| option.get(name));
        let cells = [
            ("name", value.get("name"), Scalar::Text),
            (kind, value.get(kind), Scalar::Text),
            ("enabled", value.get("enabled"), Scalar::Boolean),
            ("display_value", value.get("display_value"), Scalar::Text),
            ("text_value", value.get("text_value"), Scalar::Text),
            ("number_value", value.get("number_value"), Scalar::Number),
            ("date_value.date", of_date("date"), Scalar::Date),
            ("date_value.date_time", of_date("date_time"), Scalar::Timestamp),
            ("enum_value.gid", of_option("gid"), Scalar::Gid),
            ("enum_value.name", of_option("name"), Scalar::Text),
            ("html_text_value", value.get("html_text_value"), Scalar::Text),
        ];
        for (column, (name, json, scalar)) in (3..).zip(cells) {
            let Some(json) = json else { continue };
            match cell(json, scalar) {
                Ok(cell) => {
                    let unfit = unfit(json, &cell, scalar);
                    set(&mut row, column, cell);
                    if let Some(what) = unfit {
                        self.path.push(name);
                        self.unfit(&what)?;
                        self.path.pop();
                    }
                    if name == "text_value" && raw::is_broken_text(json) {
                        self.odd_in(name, "half of a surrogate pair became U+FFFD")?;
                    }
                }
                Err(what) => self.odd_in(name, &what)?,
            }
        }
        for (name, _) in value.0.iter().filter(|(name, _)| !KNOWN.contains(&name.as_ref())) {
            self.left_over(name);
        }
        self.output.row(table, &row)
    }

    /// A value can belong to a field that no listing shows; then it is all that is known of it.
    fn refer(&mut self, fields: Option<usize>, gid: &str, value: &Object<'_>) -> Result<(), O::Error> {
        let Some(fields) = fields else { return Ok(()) };
        let name = value.text("name");
        if !self.output.wants_reference(fields, gid, name.as_deref()) {
            return Ok(());
        }
        let known: Vec<String> = ["gid", "name", "resource_subtype"]
            .iter()
            .filter_map(|field| value.get(field).map(|json| format!("\"{field}\":{json}")))
            .collect();
        self.found(fields, Standing::Reference, gid, 0, &format!("{{{}}}", known.join(",")))
    }

    /// Emits the elements of all lists, by field and place: the order of the table's key.
    fn value_lists(
        &mut self,
        table: TableId,
        field: &'static str,
        mut lists: Lists<'_>,
        columns: &[Column],
        persons: Option<usize>,
    ) -> Result<(), O::Error> {
        lists.sort();
        let all = lists.len();
        lists.dedup_by(|next, kept| next.0 == kept.0);
        if lists.len() < all {
            self.odd_in(field, "one custom field occurs twice; its first list is kept")?;
        }
        let width = self.layout.table(table).columns.len();
        for (field_gid, json) in lists {
            let Some(elements) = raw::objects_of_valid(json) else {
                self.odd_in(field, "expected a list")?;
                continue;
            };
            for (position, (element, object)) in (0..).zip(elements) {
                let Some((gid, object)) = object.and_then(|object| Some((object.gid()?, object))) else {
                    self.odd_in(field, "expected an object with a gid")?;
                    continue;
                };
                let mut row = vec![Cell::Null; width];
                set(&mut row, 0, Cell::text(self.record.gid.as_ref()));
                set(&mut row, 1, Cell::text(field_gid.as_ref()));
                set(&mut row, 2, Cell::Count(position));
                for (name, column) in columns {
                    let text = if *name == "gid" { Some(gid.clone()) } else { object.text(name) };
                    set(&mut row, *column, text.map_or(Cell::Null, Cell::Text));
                }
                self.output.row(table, &row)?;
                let name = object.text("name");
                let of_kind = || object.text("resource_type").and_then(|kind| self.layout.resource_of_type(&kind));
                let (to, column) = if columns == REFERENCE { (of_kind(), 4) } else { (persons, 3) };
                if let Some(to) = to {
                    self.tell(to, &gid, name.as_deref(), element)?;
                    self.mention(Some(to), &gid, name.as_deref(), (table, column));
                }
            }
        }
        Ok(())
    }

    fn odd_in(&mut self, field: &'static str, what: &str) -> Result<(), O::Error> {
        self.path.push(field);
        let result = self.odd(what);
        self.path.pop();
        result
    }
}

/// A field of a list's element and the column it goes to.
type Column = (&'static str, usize);

/// The elements of reference fields.
const REFERENCE: &[Column] = &[("resource_type", 3), ("gid", 4), ("name", 5)];
