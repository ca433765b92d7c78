//! What Asana has: each kind of resource, how it is listed and which fields it has.
//!
//! The catalogue is data. Requests and their `opt_fields`, tables and their columns, the choices of `--only`, progress
//! labels and the data dictionary are all derived from it, and no function anywhere branches on a resource's name.
//! Adding a resource is one entry in one of the area files, listed in [`RESOURCES`].

mod build;
mod fields;
mod opt_fields;
mod people;
mod projects;
mod work;

pub use opt_fields::CUSTOM_FIELD_VALUE_PATHS;

use serde::Serialize;

/// One kind of object that Asana lets a token read.
#[derive(Debug)]
pub struct Resource {
    /// Plural in `snake_case`: the name of its table, as in `tasks`.
    pub name: &'static str,
    /// The prefix of its child tables and of references to it, as in `task`.
    pub singular: &'static str,
    /// What it is, in a sentence for the data dictionary.
    pub about: &'static str,
    /// The page that documents it.
    pub api: &'static str,
    pub fields: &'static [Field],
    /// The ways to get its records; none when they only come inside other records.
    pub listings: &'static [Listing],
    /// True when a mere reference to it, met anywhere, makes a row (so that no reference dangles). Adds the column
    /// `source`, which says where the row came from: `listing`, `nested` (a fuller object inside another record) or
    /// `reference`.
    pub union: bool,
}

/// One paginated sequence of records, asked for one parent.
#[derive(Debug)]
pub struct Listing {
    pub name: &'static str,
    pub per: Per,
    /// Path below the API's base; `{gid}` stands for the parent, `{workspace}` for the workspace.
    pub path: &'static str,
    /// Query parameters with the same placeholders; `limit`, `offset` and `opt_fields` are added to them.
    pub query: &'static [(&'static str, &'static str)],
    pub ends: Ends,
    pub stage: Stage,
    pub scopes: &'static [Scope],
}

/// What a listing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Once, for the token.
    Token,
    /// For each object of a resource that was read. Of workspaces, only the exported one counts.
    Each(&'static str),
    /// The same, where the object's own fields do not already say that there is nothing.
    EachWhere(&'static str, Condition),
    /// For each gid that the user chose.
    Chosen,
}

impl Per {
    /// The resource whose objects this listing is asked for.
    pub fn parent(self) -> Option<&'static str> {
        match self {
            Per::Each(parent) | Per::EachWhere(parent, _) => Some(parent),
            Per::Token | Per::Chosen => None,
        }
    }
}

/// A test on a field of a parent that saves a request whose answer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The field is a number above zero. A field that is absent holds too: then nothing is known.
    Positive(&'static str),
    /// The field is not `false`.
    True(&'static str),
}

impl Condition {
    pub fn field(self) -> &'static str {
        match self {
            Condition::Positive(field) | Condition::True(field) => field,
        }
    }

    /// Whether the condition holds for a field's JSON text (`None` when the record lacks it).
    pub fn holds(self, json: Option<&str>) -> bool {
        match (self, json) {
            (_, None | Some("null")) => true,
            (Condition::Positive(_), Some(text)) => text.parse::<f64>().is_ok_and(|number| number > 0.0),
            (Condition::True(_), Some(text)) => text != "false",
        }
    }
}

/// How a listing shows its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// `next_page` is null; a short or empty page means nothing.
    NullNextPage,
    /// It is one object, not a list.
    SingleObject,
}

/// The order in which listings are asked: cheap and wide ones first, so that the amount of work is known early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// One listing for the whole workspace.
    Structure,
    /// One for each team or project.
    Containers,
    /// Tasks, by project, person, tag and parent.
    Tasks,
    /// One for each task: comments, files.
    Details,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::Structure, Stage::Containers, Stage::Tasks, Stage::Details];

    pub fn label(self) -> &'static str {
        match self {
            Stage::Structure => "structure",
            Stage::Containers => "containers",
            Stage::Tasks => "tasks",
            Stage::Details => "details",
        }
    }
}

/// What a run covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole workspace.
    Workspace,
    /// The projects that the user chose, with all that is in them.
    Projects,
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// Asana's name.
    pub name: &'static str,
    pub kind: Kind,
    /// Its meaning, for the data dictionary.
    pub about: &'static str,
}

#[derive(Debug)]
pub enum Kind {
    Scalar(Scalar),
    /// `{gid, …}`: another object.
    Ref(Ref),
    /// An object without identity: its fields become columns with its name as prefix.
    Object(&'static [Field]),
    /// A list: a child table.
    List(Item),
    /// A list of full records of another resource, which go to that resource's table.
    Records(&'static str),
    /// A list of custom field values: four child tables of one shape for every owner.
    CustomFieldValues,
    /// Not a field of the record: its place in the listing, from 0.
    ListingPosition,
    /// Not a field of the record: the kind and gid of the object that it was listed for or found in.
    Container,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    Text,
    Integer,
    /// A decimal number; its digits are kept as sent.
    Number,
    Boolean,
    /// A day without a zone, `YYYY-MM-DD`.
    Date,
    /// An instant in UTC, `2025-04-18T17:23:53.402Z`.
    Timestamp,
}

#[derive(Debug)]
pub struct Ref {
    pub to: To,
    pub name: Name,
    /// Further columns about the object, prefixed with the field's name.
    pub also: &'static [Field],
    /// True when the object is a full record that goes to its own resource's table as well.
    pub nested: bool,
    /// True when the object is to be asked about like one of its own listing, which may not show it: someone who left
    /// is no longer listed, and their tasks are still there.
    pub asked_about: bool,
}

/// What a reference can point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    One(&'static str),
    /// Several kinds: a type column tells which.
    Any,
}

/// Whether a reference's name is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Column,
    /// Asked for, so that the object has a named row of its own, but not repeated in this row.
    Elsewhere,
    Absent,
}

/// The element of a list.
#[derive(Debug)]
pub enum Item {
    /// The columns of an object.
    Object(&'static [Field]),
    /// A reference, in the column named.
    Ref(&'static str, Ref),
    /// A bare value, in the column named.
    Scalar(&'static str, Scalar),
}

/// Every resource, parents before children.
pub static RESOURCES: &[&Resource] = &[
    &people::WORKSPACES,
    &people::USERS,
    &people::WORKSPACE_MEMBERSHIPS,
    &people::USER_TASK_LISTS,
    &people::TEAMS,
    &people::TEAM_MEMBERSHIPS,
    &fields::CUSTOM_FIELDS,
    &fields::CUSTOM_FIELD_SETTINGS,
    &projects::TAGS,
    &projects::PROJECTS,
    &projects::SECTIONS,
    &work::TASKS,
    &work::STORIES,
    &work::ATTACHMENTS,
];

pub fn resource(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().copied().find(|resource| resource.name == name)
}

/// The listing of that name with the resource that it fills.
pub fn listing(name: &str) -> Option<(&'static Resource, &'static Listing)> {
    listings().find(|(_, listing)| listing.name == name)
}

pub fn listings() -> impl Iterator<Item = (&'static Resource, &'static Listing)> {
    RESOURCES.iter().flat_map(|resource| resource.listings.iter().map(move |listing| (*resource, listing)))
}

impl Resource {
    /// The fields that name objects to be asked about, with the resource of those.
    pub fn asked_about(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().filter_map(|field| match &field.kind {
            Kind::Ref(Ref { to: To::One(to), asked_about: true, .. }) => Some((field.name, *to)),
            _ => None,
        })
    }

    /// Whether its records hold full records of `inner`.
    pub fn holds_records_of(&self, inner: &str) -> bool {
        self.fields.iter().any(|field| match &field.kind {
            Kind::Records(name) => *name == inner,
            Kind::Ref(reference) => reference.nested && matches!(reference.to, To::One(name) if name == inner),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let mut seen = HashSet::new();
        for resource in RESOURCES {
            assert!(seen.insert(resource.name), "{} is listed twice in RESOURCES", resource.name);
            let mut fields = HashSet::new();
            for field in resource.fields {
                assert!(fields.insert(field.name), "{} has {} twice", resource.name, field.name);
            }
        }
        let mut seen = HashSet::new();
        for (_, listing) in listings() {
            assert!(seen.insert(listing.name), "two listings are called {}", listing.name);
        }
    }

    #[test]
    fn every_placeholder_has_a_parent_and_every_parent_is_known() {
        for (owner, listing) in listings() {
            let template = format!("{}{:?}", listing.path, listing.query);
            assert_eq!(
                template.contains("{gid}"),
                listing.per != Per::Token,
                "{}: placeholder and parent",
                listing.name
            );
            if let Some(parent) = listing.per.parent() {
                let parent = resource(parent).unwrap_or_else(|| panic!("{}: no resource {parent}", listing.name));
                if let Per::EachWhere(_, condition) = listing.per {
                    assert!(
                        parent.fields.iter().any(|field| field.name == condition.field()),
                        "{}: {} has no field {}",
                        listing.name,
                        parent.name,
                        condition.field()
                    );
                }
            }
            assert!(!owner.about.is_empty() && owner.api.starts_with("https://developers.asana.com/"));
        }
    }

    #[test]
    fn references_point_to_resources() {
        fn check(owner: &str, fields: &[Field]) {
            for field in fields {
                match &field.kind {
                    Kind::Records(name) => assert!(resource(name).is_some(), "{owner}.{}: {name}?", field.name),
                    Kind::Object(fields) | Kind::List(Item::Object(fields)) => check(owner, fields),
                    Kind::Ref(reference) | Kind::List(Item::Ref(_, reference)) => {
                        if let (To::One(name), true) = (reference.to, reference.nested) {
                            assert!(resource(name).is_some(), "{owner}.{}: {name}?", field.name);
                        }
                        check(owner, reference.also);
                    }
                    _ => {}
                }
            }
        }
        for resource in RESOURCES {
            check(resource.name, resource.fields);
        }
    }

    #[test]
    fn opt_fields_are_the_catalogues_fields() {
        let fields = resource("tasks").unwrap().opt_fields();
        for path in ["name", "assignee.name", "memberships.project", "custom_fields.number_value", "likes.user.name"] {
            assert!(fields.iter().any(|field| field == path), "{path} is not asked for: {fields:?}");
        }
        assert!(!fields.iter().any(|field| field.starts_with("hearts") || field.contains("enum_options")));
        assert!(resource("attachments").unwrap().opt_fields().contains(&"parent.resource_type".to_owned()));
    }

    #[test]
    fn every_url_stays_below_eight_kilobytes() {
        for resource in RESOURCES {
            let length: usize = resource.opt_fields().iter().map(|path| path.len() + 1).sum();
            assert!(length < 7_500, "{}: opt_fields take {length} bytes", resource.name);
        }
    }

    #[test]
    fn an_absent_field_never_saves_a_request() {
        assert!(Condition::Positive("n").holds(None) && Condition::Positive("n").holds(Some("null")));
        assert!(Condition::Positive("n").holds(Some("3")) && !Condition::Positive("n").holds(Some("0")));
        assert!(Condition::True("b").holds(None) && !Condition::True("b").holds(Some("false")));
    }
}
