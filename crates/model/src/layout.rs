//! Where each field of the catalogue goes: the tables, their columns, and for each resource a plan from field to column.
//!
//! Tables and the plans that fill them are made in one walk over the catalogue, so they cannot disagree.

use crate::catalog::{Asks, Field, Item, Key, Kind, Name, RESOURCES, Ref, Resource, Scalar, To};
use crate::run_tables;
use crate::sensitive::{HARMLESS, OBJECT_VALUE, OPTION, Sensitive, TITLE, VALUE};
use crate::table::{Column, ColumnKind, Table, TableId};

/// Every table of an export, and how records fill them.
#[derive(Debug)]
pub struct Layout {
    pub tables: Vec<Table>,
    /// In the catalogue's order.
    pub resources: Vec<ResourceLayout>,
    /// `export_coverage`: what was read and what could not be.
    pub coverage: TableId,
    /// `export_oddities`: data that did not look as described.
    pub oddities: TableId,
    /// `export_unresolved`: objects that something refers to and that have no row.
    pub unresolved: TableId,
}

#[derive(Debug)]
pub struct ResourceLayout {
    pub resource: &'static Resource,
    /// The resource's own table.
    pub table: TableId,
    /// Child tables and the own one; the only tables that its records fill.
    pub tables: Vec<TableId>,
    pub fields: Vec<Placed>,
    /// The column that says where a row came from.
    pub source: Option<usize>,
    /// For records that say how many there are below them: the column with the number, and that with the gid of what a
    /// record is below.
    pub counted: Option<(usize, usize)>,
    /// For records that stand for files: the columns that tell of the run's copy.
    pub file: Option<PlacedFile>,
    /// Fields that may come unasked, and for which there is deliberately no column.
    pub left_out: Vec<&'static str>,
    /// Rows say in which listing a record was found, or at which place in it.
    pub tells_place: bool,
}

/// A field and where its value goes.
#[derive(Debug)]
pub struct Placed {
    pub name: &'static str,
    pub place: Place,
}

#[derive(Debug)]
pub enum Place {
    Scalar {
        column: usize,
        scalar: Scalar,
    },
    Ref(PlacedRef),
    Object(Vec<Placed>),
    List {
        table: TableId,
        item: PlacedItem,
    },
    Records {
        resource: usize,
    },
    Values(ValueTables),
    ListingPosition {
        column: usize,
    },
    Container {
        kind: usize,
        gid: usize,
    },
    File(PlacedFile),
    /// The record is a mention of another object.
    Itself(PlacedRef),
}

#[derive(Debug)]
pub struct PlacedRef {
    pub kind: Option<usize>,
    pub gid: usize,
    pub name: Option<usize>,
    pub also: Vec<Placed>,
    /// The resource referred to, where it is one kind that the catalogue knows.
    pub to: Option<usize>,
    /// The object is a full record of that resource.
    pub nested: bool,
    /// It may have no gid, and what it names may be long gone.
    pub loose: bool,
}

/// The columns about a file that the run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedFile {
    /// Relative to the export folder, with `/`.
    pub path: usize,
    pub bytes: usize,
    /// Lower-case hexadecimal.
    pub sha256: usize,
}

#[derive(Debug)]
pub enum PlacedItem {
    Object(Vec<Placed>),
    Ref(PlacedRef),
    Scalar { column: usize, scalar: Scalar },
}

/// The tables that hold an owner's custom field values.
#[derive(Debug, Clone, Copy)]
pub struct ValueTables {
    pub values: TableId,
    pub options: TableId,
    pub people: TableId,
    pub references: TableId,
    /// The resource that defines the fields.
    pub definitions: Option<usize>,
    /// The resource of the people in people fields.
    pub persons: Option<usize>,
}

impl Place {
    /// Whether what goes there is the value of a field that was sent.
    pub fn is_sent(&self) -> bool {
        !matches!(self, Self::ListingPosition { .. } | Self::Container { .. } | Self::File(_) | Self::Itself(_))
    }

    fn is_where_found(&self) -> bool {
        match self {
            Self::ListingPosition { .. } | Self::Container { .. } => true,
            Self::Object(fields) => fields.iter().any(|field| field.place.is_where_found()),
            _ => false,
        }
    }
}

impl Layout {
    /// The layout of the whole catalogue.
    pub fn new() -> Self {
        let mut tables = Vec::new();
        let resources = RESOURCES.iter().map(|resource| place_resource(resource, &mut tables)).collect();
        let coverage = push(&mut tables, run_tables::coverage());
        let oddities = push(&mut tables, run_tables::oddities());
        let unresolved = push(&mut tables, run_tables::unresolved());
        Self { tables, resources, coverage, oddities, unresolved }
    }

    /// The table of that id.
    ///
    /// # Panics
    /// When `id` comes from another layout.
    #[expect(clippy::indexing_slicing, reason = "ids are only made by the layout that owns the tables")]
    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    /// The place of a resource in [`Layout::resources`].
    pub fn resource_index(&self, name: &str) -> Option<usize> {
        resource_index(name)
    }

    /// The place of the resource whose objects Asana calls by that `resource_type`.
    pub fn resource_of_type(&self, resource_type: &str) -> Option<usize> {
        RESOURCES.iter().position(|resource| resource.singular == resource_type)
    }

    /// The resources in an order in which each comes after all those whose records hold records of it.
    ///
    /// Those with a `source` come last: any record may refer to them.
    pub fn build_order(&self) -> Vec<usize> {
        let (mut unions, mut waiting): (Vec<usize>, Vec<usize>) =
            (0..self.resources.len()).partition(|index| self.is_union(*index));
        let mut order = Vec::with_capacity(self.resources.len());
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|candidate| {
                let nested_in = |other: &usize| other != candidate && self.nests(*other, *candidate);
                !waiting.iter().any(nested_in)
            });
            // Resources that hold each other have no such order; the first one listed goes first.
            order.push(waiting.remove(ready.unwrap_or(0)));
        }
        order.append(&mut unions);
        order
    }

    /// Whether a reference alone makes a row of that resource.
    pub fn is_union(&self, resource: usize) -> bool {
        self.resources.get(resource).is_some_and(|layout| layout.source.is_some())
    }

    /// Whether records of `outer` hold full records of `inner`.
    fn nests(&self, outer: usize, inner: usize) -> bool {
        match (self.resources.get(outer), self.resources.get(inner)) {
            (Some(outer), Some(inner)) => outer.resource.holds_records_of(inner.resource.name),
            _ => false,
        }
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self::new()
    }
}

fn resource_index(name: &str) -> Option<usize> {
    RESOURCES.iter().position(|resource| resource.name == name)
}

fn push(tables: &mut Vec<Table>, table: Table) -> TableId {
    tables.push(table);
    TableId(tables.len() - 1)
}

fn place_resource(resource: &'static Resource, tables: &mut Vec<Table>) -> ResourceLayout {
    let columns = match resource.key {
        Key::Gid => vec![column("gid", ColumnKind::Gid, "Asana's identifier.", "gid", None)],
        Key::ParentPosition(parent) => {
            let singular = RESOURCES.iter().find(|one| one.name == parent).map_or(parent, |one| one.singular);
            vec![
                column(&format!("{singular}_gid"), ColumnKind::Gid, "What it is in.", "", Some(parent)),
                column("position", ColumnKind::Integer, "Its place in Asana's order, from 0.", "", None),
            ]
        }
    };
    let key_columns = columns.len();
    let own = push(
        tables,
        Table {
            name: resource.name.to_owned(),
            about: resource.about.to_owned(),
            resource: Some(resource.name),
            columns,
            key_columns,
        },
    );
    let mut walk = Walk { resource, tables, into: own };
    let fields = walk.fields(resource.fields, "", "");
    let source = resource.union.then(|| {
        let about =
            "How it was met: in its own listing, as a fuller object inside another record (nested), or as a mere reference.";
        walk.column(column("source", ColumnKind::Text, about, "", None).of(HARMLESS))
    });
    let place = |name: &str| tables.get(own.0).and_then(|table| table.column(name));
    let counted = resource.counted.and_then(|counted| place(counted.field).zip(place(&format!("{}_gid", counted.by))));
    let ids = (own.0..tables.len()).map(TableId).collect();
    let left_out = resource.listings.iter().flat_map(|listing| match listing.asks {
        Asks::Nothing { left_out } => left_out,
        _ => &[],
    });
    let left_out = left_out.copied().collect();
    let file = fields.iter().find_map(|field| match field.place {
        Place::File(file) => Some(file),
        _ => None,
    });
    let tells_place = resource.key != Key::Gid || fields.iter().any(|field| field.place.is_where_found());
    ResourceLayout { resource, table: own, tables: ids, fields, source, counted, file, left_out, tells_place }
}

/// The walk over one resource's fields; `into` is the table that takes columns at the moment.
struct Walk<'a> {
    resource: &'static Resource,
    tables: &'a mut Vec<Table>,
    into: TableId,
}

impl Walk<'_> {
    #[expect(clippy::indexing_slicing, reason = "`into` was pushed by this walk")]
    fn column(&mut self, column: Column) -> usize {
        let columns = &mut self.tables[self.into.0].columns;
        columns.push(column);
        columns.len() - 1
    }

    fn fields(&mut self, fields: &'static [Field], prefix: &str, path: &str) -> Vec<Placed> {
        fields.iter().map(|field| Placed { name: field.name, place: self.field(field, prefix, path) }).collect()
    }

    fn scalar(&mut self, scalar: Scalar, name: &str, source: &str, field: &Field) -> Place {
        let column = column(name, kind_of(scalar), field.about, source, None).of(field.sensitive);
        Place::Scalar { column: self.column(column), scalar }
    }

    fn field(&mut self, field: &'static Field, prefix: &str, path: &str) -> Place {
        let name = format!("{prefix}{}", field.name);
        let source = format!("{path}{}", field.name);
        match &field.kind {
            Kind::Scalar(scalar) => self.scalar(*scalar, &name, &source, field),
            Kind::Json(_) => self.scalar(Scalar::Json, &name, &source, field),
            Kind::Ref(reference) => Place::Ref(self.reference(reference, &name, &source, field.about)),
            Kind::Object(fields) => Place::Object(self.fields(fields, &format!("{name}_"), &format!("{source}."))),
            Kind::List(item) => self.list(item, field, &source),
            Kind::Records(resource) => Place::Records { resource: resource_index(resource).unwrap_or(usize::MAX) },
            Kind::CustomFieldValues => Place::Values(self.values(field)),
            Kind::ListingPosition => Place::ListingPosition {
                column: self.column(column(&name, ColumnKind::Integer, field.about, "", None)),
            },
            Kind::Container => {
                let about = format!("{} (its kind)", field.about);
                let kind = column(&format!("{name}_type"), ColumnKind::Text, &about, "", None).of(HARMLESS);
                let kind = self.column(kind);
                let gid = self.column(column(&format!("{name}_gid"), ColumnKind::Gid, field.about, "", None));
                Place::Container { kind, gid }
            }
            Kind::File(_) => {
                let mut own = |suffix, kind, sensitive, what| {
                    let about = format!("From the run, not from Asana: {what} {}.", field.about);
                    self.column(column(&format!("{name}_{suffix}"), kind, &about, "", None).of(sensitive))
                };
                Place::File(PlacedFile {
                    path: own("path", ColumnKind::Text, field.sensitive, "the path, in the export's folder, of"),
                    bytes: own("bytes", ColumnKind::Integer, HARMLESS, "the size of"),
                    sha256: own("sha256", ColumnKind::Text, HARMLESS, "the SHA-256 of"),
                })
            }
            Kind::Itself { .. } => {
                let mut own = |suffix, kind, sensitive, about: &str, source| {
                    self.column(column(&format!("{name}_{suffix}"), kind, about, source, None).of(sensitive))
                };
                let about = format!("{} (its kind)", field.about);
                let kind = own("type", ColumnKind::Text, HARMLESS, &about, "resource_type");
                let gid = own("gid", ColumnKind::Gid, HARMLESS, field.about, "gid");
                let about = format!("{} (name)", field.about);
                let name = own("name", ColumnKind::Text, To::Any.called(), &about, "name");
                Place::Itself(PlacedRef {
                    kind: Some(kind),
                    gid,
                    name: Some(name),
                    also: Vec::new(),
                    to: None,
                    nested: false,
                    loose: false,
                })
            }
        }
    }

    /// Columns `<name>_type` (where several kinds are possible), `<name>_gid`, `<name>_name`, and what else is asked.
    fn reference(&mut self, reference: &'static Ref, name: &str, source: &str, about: &str) -> PlacedRef {
        let kind = (reference.to == To::Any).then(|| {
            let source = format!("{source}.resource_type");
            let about = format!("{about} (its kind)");
            self.column(column(&format!("{name}_type"), ColumnKind::Text, &about, &source, None).of(HARMLESS))
        });
        let target = match reference.to {
            To::One(target) => Some(target),
            To::Any => None,
        };
        let gid_source = format!("{source}.gid");
        let gid = self.column(column(&format!("{name}_gid"), ColumnKind::Gid, about, &gid_source, target));
        let name_column = (reference.name == Name::Column).then(|| {
            let source = format!("{source}.name");
            let about = format!("{about} (name)");
            let called = reference.to.called();
            self.column(column(&format!("{name}_name"), ColumnKind::Text, &about, &source, None).of(called))
        });
        let also = self.fields(reference.also, &format!("{name}_"), &format!("{source}."));
        let to = target.and_then(resource_index);
        PlacedRef { kind, gid, name: name_column, also, to, nested: reference.nested, loose: reference.loose }
    }

    fn child_table(&mut self, suffix: &str, about: String, between: Vec<Column>) -> TableId {
        let owner = self.resource.singular;
        let mut columns =
            vec![column(&format!("{owner}_gid"), ColumnKind::Gid, "The owner.", "gid", Some(self.resource.name))];
        columns.extend(between);
        columns.push(column("position", ColumnKind::Integer, "Its place in Asana's order, from 0.", "", None));
        let key_columns = columns.len();
        let name = format!("{owner}_{suffix}");
        push(self.tables, Table { name, about, resource: Some(self.resource.name), columns, key_columns })
    }

    fn list(&mut self, item: &'static Item, field: &'static Field, source: &str) -> Place {
        let about = format!("Of {}: {}", self.resource.name, field.about);
        let table = self.child_table(field.name, about, Vec::new());
        let outer = std::mem::replace(&mut self.into, table);
        let path = format!("{source}[].");
        let item = match item {
            Item::Object(fields) => PlacedItem::Object(self.fields(fields, "", &path)),
            Item::Ref(name, reference) => PlacedItem::Ref(self.list_reference(reference, name, &path, field.about)),
            Item::Scalar(name, scalar) => {
                let source = format!("{source}[]");
                let column = column(name, kind_of(*scalar), field.about, &source, None).of(field.sensitive);
                let column = self.column(column);
                PlacedItem::Scalar { column, scalar: *scalar }
            }
        };
        self.into = outer;
        Place::List { table, item }
    }

    /// The element of a list of references has its table to itself, so only its gid carries a prefix.
    fn list_reference(&mut self, reference: &'static Ref, gid_column: &str, path: &str, about: &str) -> PlacedRef {
        let target = match reference.to {
            To::One(target) => Some(target),
            To::Any => None,
        };
        let kind = (reference.to == To::Any).then(|| {
            let source = format!("{path}resource_type");
            self.column(column("type", ColumnKind::Text, "Its kind.", &source, None).of(HARMLESS))
        });
        let gid = self.column(column(gid_column, ColumnKind::Gid, about, &format!("{path}gid"), target));
        let name = (reference.name == Name::Column)
            .then(|| {
                column("name", ColumnKind::Text, "Its name.", &format!("{path}name"), None).of(reference.to.called())
            })
            .map(|column| self.column(column));
        let also = self.fields(reference.also, "", path);
        let to = target.and_then(resource_index);
        PlacedRef { kind, gid, name, also, to, nested: reference.nested, loose: reference.loose }
    }

    fn values(&mut self, field: &'static Field) -> ValueTables {
        let owners = self.resource.name;
        let field_gid =
            || column("custom_field_gid", ColumnKind::Gid, "The field.", "custom_fields[].gid", Some("custom_fields"));
        let outer = self.into;

        let values = self.child_table("custom_fields", format!("Of {owners}: {}", field.about), Vec::new());
        self.into = values;
        self.column(field_gid());
        for (name, kind, sensitive, about) in VALUE_COLUMNS {
            let source = format!("custom_fields[].{}", name.replace("enum_option_", "enum_value."));
            self.column(column(name, *kind, about, &source, None).of(*sensitive));
        }

        let between = || vec![field_gid()];
        let about = format!("Of {owners}: the options chosen in multi_enum fields.");
        let options = self.child_table("custom_field_options", about, between());
        self.into = options;
        self.column(column(
            "enum_option_gid",
            ColumnKind::Gid,
            "The option.",
            "custom_fields[].multi_enum_values[].gid",
            None,
        ));
        let source = "custom_fields[].multi_enum_values[].name";
        self.column(column("enum_option_name", ColumnKind::Text, "Its name.", source, None).of(OPTION));

        let about = format!("Of {owners}: the people in people fields.");
        let people = self.child_table("custom_field_people", about, between());
        self.into = people;
        // The owner may be a person, whose gid has that name already.
        let person =
            if format!("{}_gid", self.resource.singular) == "user_gid" { "value_user_gid" } else { "user_gid" };
        self.column(column(
            person,
            ColumnKind::Gid,
            "The person.",
            "custom_fields[].people_value[].gid",
            Some("users"),
        ));

        let about = format!("Of {owners}: the objects in reference fields.");
        let references = self.child_table("custom_field_references", about, between());
        self.into = references;
        let path = "custom_fields[].reference_value[]";
        let kind = column("reference_type", ColumnKind::Text, "Its kind.", &format!("{path}.resource_type"), None);
        self.column(kind.of(HARMLESS));
        self.column(column("reference_gid", ColumnKind::Gid, "The object.", &format!("{path}.gid"), None));
        let name = column("reference_name", ColumnKind::Text, "Its name.", &format!("{path}.name"), None);
        self.column(name.of(OBJECT_VALUE));

        self.into = outer;
        let (definitions, persons) = (resource_index("custom_fields"), resource_index("users"));
        ValueTables { values, options, people, references, definitions, persons }
    }
}

/// The columns of a table of custom field values, after owner, position and field.
const VALUE_COLUMNS: &[(&str, ColumnKind, Sensitive, &str)] = &[
    ("name", ColumnKind::Text, TITLE, "The field's name."),
    (
        "type",
        ColumnKind::Text,
        HARMLESS,
        "The field's type: text, enum, multi_enum, number, date, people or reference.",
    ),
    ("enabled", ColumnKind::Boolean, HARMLESS, "Whether the field is still used on this kind of object."),
    ("display_value", ColumnKind::Text, VALUE, "The value as Asana shows it, whatever its type."),
    ("text_value", ColumnKind::Text, VALUE, "The value of a text field."),
    ("number_value", ColumnKind::Number, HARMLESS, "The value of a number field."),
    ("date_value", ColumnKind::Date, HARMLESS, "The day of a date field."),
    ("date_time_value", ColumnKind::Timestamp, HARMLESS, "The instant of a date field with a time."),
    ("enum_option_gid", ColumnKind::Gid, HARMLESS, "The option chosen in an enum field."),
    ("enum_option_name", ColumnKind::Text, OPTION, "Its name."),
    ("html_text_value", ColumnKind::Text, VALUE, "The value of a text field with formatting; of tasks only."),
];

/// The columns that values of that kind go to.
pub fn kind_of(scalar: Scalar) -> ColumnKind {
    match scalar {
        Scalar::Text | Scalar::Json => ColumnKind::Text,
        Scalar::Integer => ColumnKind::Integer,
        Scalar::Number => ColumnKind::Number,
        Scalar::Boolean => ColumnKind::Boolean,
        Scalar::Date => ColumnKind::Date,
        Scalar::Timestamp => ColumnKind::Timestamp,
        Scalar::Gid => ColumnKind::Gid,
    }
}

fn column(name: &str, kind: ColumnKind, about: &str, source: &str, references: Option<&'static str>) -> Column {
    // Of a text nothing is known yet.
    let sensitive = if kind == ColumnKind::Text { Sensitive::Unclassified } else { HARMLESS };
    Column { name: name.to_owned(), kind, about: about.to_owned(), source: source.to_owned(), references, sensitive }
}

impl Column {
    /// The same, if it is a text, with what it can give away.
    fn of(self, sensitive: Sensitive) -> Self {
        if self.kind == ColumnKind::Text { Self { sensitive, ..self } } else { self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn columns(layout: &Layout, table: &str) -> Vec<String> {
        let table = layout.tables.iter().find(|candidate| candidate.name == table);
        table.unwrap_or_else(|| panic!("no such table")).columns.iter().map(|column| column.name.clone()).collect()
    }

    #[test]
    fn what_holds_records_is_built_before_what_it_holds() {
        let layout = Layout::new();
        let order: Vec<&str> =
            layout.build_order().into_iter().map(|index| layout.resources[index].resource.name).collect();
        let place = |name| order.iter().position(|candidate| *candidate == name).unwrap();
        assert_eq!(order.len(), layout.resources.len());
        assert!(place("projects") < place("custom_field_settings"));
        assert!(place("custom_field_settings") < place("custom_fields"));
        assert!(place("workspace_memberships") < place("user_task_lists"));
        assert!(place("stories") < place("users"));
    }

    #[test]
    fn tables_and_columns_have_unique_names() {
        let layout = Layout::new();
        let mut tables = HashSet::new();
        for table in &layout.tables {
            assert!(tables.insert(&table.name), "two tables are called {}", table.name);
            let mut columns = HashSet::new();
            for column in &table.columns {
                assert!(columns.insert(&column.name), "{} has {} twice", table.name, column.name);
            }
            assert!(table.key_columns >= 1 && table.key_columns <= table.columns.len());
        }
    }

    #[test]
    fn the_contracts_tables_have_the_contracts_columns() {
        let layout = Layout::new();
        for (table, expected) in [
            ("task_memberships", "task_gid position project_gid section_gid"),
            ("task_followers", "task_gid position user_gid"),
            ("task_tags", "task_gid position tag_gid"),
            ("task_dependencies", "task_gid position depends_on_gid"),
            ("task_likes", "task_gid position user_gid"),
            ("project_members", "project_gid position user_gid"),
            ("project_followers", "project_gid position user_gid"),
            ("story_likes", "story_gid position user_gid"),
            ("custom_field_enum_options", "custom_field_gid position enum_option_gid name enabled color"),
            (
                "task_custom_fields",
                "task_gid position custom_field_gid name type enabled display_value text_value number_value \
                 date_value date_time_value enum_option_gid enum_option_name html_text_value",
            ),
            ("task_custom_field_options", "task_gid custom_field_gid position enum_option_gid enum_option_name"),
            ("task_custom_field_people", "task_gid custom_field_gid position user_gid"),
            (
                "task_custom_field_references",
                "task_gid custom_field_gid position reference_type reference_gid reference_name",
            ),
            (
                "project_custom_fields",
                "project_gid position custom_field_gid name type enabled display_value text_value \
                number_value date_value date_time_value enum_option_gid enum_option_name html_text_value",
            ),
            ("export_coverage", "resource parent_type parent_gid status http_status reason requests records"),
            ("export_oddities", "resource gid field what"),
            ("portfolio_items", "portfolio_gid position item_type item_gid item_name"),
            (
                "memberships",
                "gid resource_subtype parent_type parent_gid member_type member_gid member_name access_level",
            ),
        ] {
            assert_eq!(columns(&layout, table).join(" "), expected.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        assert!(columns(&layout, "users").ends_with(&["source".to_owned()]));
        assert!(columns(&layout, "attachments").windows(2).any(|pair| pair == ["parent_type", "parent_gid"]));
    }
}
