//! Which columns name objects of which resources: each has to have a row, or to be known as missing.
//!
//! Derived from the layout, like everything that is true of its tables.

use std::collections::BTreeSet;

use crate::Layout;
use crate::catalog::RESOURCES;
use crate::layout::{Place, Placed, PlacedItem, PlacedRef, ResourceLayout};
use crate::table::TableId;

/// A column whose cells name objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub table: TableId,
    pub column: usize,
    pub to: LinkTo,
    /// What it names may be long gone, and is then not counted as missing.
    pub loose: bool,
}

/// Whose objects a [`Link`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkTo {
    /// Those of one resource, by its place in [`Layout::resources`].
    Resource(usize),
    /// Those of the kind that stands in this column: a resource's singular, or something else.
    KindIn(usize),
}

impl Layout {
    /// The columns that name objects of resources that the catalogue knows, by table and column.
    pub fn links(&self) -> Vec<Link> {
        let mut links = BTreeSet::new();
        for plan in &self.resources {
            let mut places = Places { table: plan.table, found: Vec::new() };
            places.fields(&plan.fields);
            for place in &places.found {
                if let Some(kind) = place.kind {
                    let (table, column, loose) = (place.table, place.column, place.loose);
                    links.insert(Link { table, column, to: LinkTo::KindIn(kind), loose });
                }
            }
            links.extend(self.to_one_resource(plan, &places.found));
        }
        links.into_iter().collect()
    }

    /// The columns of a resource's tables that say what they refer to.
    fn to_one_resource(&self, plan: &ResourceLayout, places: &[NamedIn]) -> Vec<Link> {
        let mut links = Vec::new();
        for table in &plan.tables {
            for (column, described) in self.table(*table).columns.iter().enumerate() {
                let to = described.references.and_then(|name| RESOURCES.iter().position(|one| one.name == name));
                let Some(to) = to else { continue };
                let loose =
                    places.iter().any(|place| (place.table, place.column, place.loose) == (*table, column, true));
                links.push(Link { table: *table, column, to: LinkTo::Resource(to), loose });
            }
        }
        links
    }
}

/// A column with the gid of some object.
struct NamedIn {
    table: TableId,
    column: usize,
    kind: Option<usize>,
    loose: bool,
}

/// The walk over one resource's fields.
struct Places {
    table: TableId,
    found: Vec<NamedIn>,
}

impl Places {
    fn fields(&mut self, fields: &[Placed]) {
        for field in fields {
            match &field.place {
                Place::Ref(reference) | Place::Itself(reference) => self.reference(reference),
                Place::Object(fields) => self.fields(fields),
                Place::List { table, item } => {
                    let outer = std::mem::replace(&mut self.table, *table);
                    match item {
                        PlacedItem::Object(fields) => self.fields(fields),
                        PlacedItem::Ref(reference) => self.reference(reference),
                        PlacedItem::Scalar { .. } => {}
                    }
                    self.table = outer;
                }
                Place::Container { kind, gid } => self.push(self.table, *gid, Some(*kind), false),
                Place::Values(values) => self.push(values.references, 4, Some(3), false),
                Place::Scalar { .. } | Place::Records { .. } | Place::ListingPosition { .. } | Place::File(_) => {}
            }
        }
    }

    fn reference(&mut self, reference: &PlacedRef) {
        self.push(self.table, reference.gid, reference.kind, reference.loose);
        self.fields(&reference.also);
    }

    fn push(&mut self, table: TableId, column: usize, kind: Option<usize>, loose: bool) {
        self.found.push(NamedIn { table, column, kind, loose });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnKind;

    #[test]
    fn every_column_that_refers_to_something_is_a_link() {
        let layout = Layout::new();
        let links: Vec<String> = layout.links().iter().map(|link| describe(&layout, link)).collect();
        for expected in [
            "tasks.assignee_gid → users",
            "tasks.parent_gid → tasks",
            "task_memberships.section_gid → sections",
            "task_followers.task_gid → tasks",
            "task_custom_fields.custom_field_gid → custom_fields",
            "task_custom_field_people.user_gid → users",
            "task_custom_field_references.reference_gid → reference_type",
            "custom_field_settings.parent_gid → parent_type",
        ] {
            assert!(links.iter().any(|link| link == expected), "no {expected} in {links:#?}");
        }
    }

    fn describe(layout: &Layout, link: &Link) -> String {
        let table = layout.table(link.table);
        let to = match link.to {
            LinkTo::Resource(resource) => layout.resources[resource].resource.name,
            LinkTo::KindIn(column) => &table.columns[column].name,
        };
        format!("{}.{} → {to}", table.name, table.columns[link.column].name)
    }

    #[test]
    fn links_stand_in_columns_of_gids_and_their_kinds_in_columns_of_text() {
        let layout = Layout::new();
        for link in layout.links() {
            let columns = &layout.table(link.table).columns;
            assert_eq!(columns[link.column].kind, ColumnKind::Gid, "{}", describe(&layout, &link));
            if let LinkTo::KindIn(kind) = link.to {
                assert!(columns[kind].name.ends_with("type"), "{}", describe(&layout, &link));
            }
        }
    }
}
