//! What Asana has: each kind of resource, how it is listed and which fields it has.
//!
//! The catalogue is data. Requests and their `opt_fields`, tables and their columns, the choices of `--only`, progress
//! labels and the data dictionary are all derived from it, and no function anywhere branches on a resource's name.
//! Adding a resource is one entry in one of the area files, listed in [`RESOURCES`].

mod access;
mod build;
mod fields;
mod goals;
mod listing;
mod opt_fields;
mod parts;
mod people;
mod portfolios;
mod projects;
mod sets;
mod time;
mod work;

pub use listing::{Asks, Condition, Divided, Ends, Gives, Listing, Per, Since};
pub use opt_fields::CUSTOM_FIELD_VALUE_PATHS;
pub use parts::{dated, dated_with_parts};
pub use sets::Set;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use crate::sensitive::{NAME_OR_TITLE, OPTION, Sensitive, TITLE};

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
    pub key: Key,
    /// The sets that name it in `--only`; without [`Set::Default`] it is exported only when asked for.
    pub sets: &'static [Set],
    /// A field that says how many records there are of the same resource whose reference to it is the other field:
    /// what was read can be checked against it.
    pub counted: Option<Counted>,
}

/// The primary key of a resource's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Gid,
    /// The object that it was listed for, and its place in that listing: for edges, whose gid is that of what they lead
    /// to. Such a resource has listings under one kind of parent, and no lists of its own.
    ParentPosition(&'static str),
}

/// See [`Resource::counted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The number, as in `num_subtasks`.
    pub field: &'static str,
    /// The reference, as in `parent`.
    pub by: &'static str,
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
    /// What its text can give away; harmless where it has none of its own. What is referred to is called by the class of
    /// its own name.
    pub sensitive: Sensitive,
}

#[derive(Debug)]
pub enum Kind {
    Scalar(Scalar),
    /// Whatever Asana sends there, as JSON text. Of objects, the members named here are asked for.
    Json(&'static [&'static str]),
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
    /// Not a field of the record: the file that it stands for, where the run keeps a copy.
    File(Files),
    /// The record itself is a mention of another object, of any kind.
    Itself {
        /// Resources whose objects are to be asked about when they are mentioned here.
        asked_about: &'static [&'static str],
    },
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
    /// An identifier of something that is not a reference; text even where it is sent as a number.
    Gid,
    /// See [`Kind::Json`].
    Json,
}

#[derive(Debug)]
pub struct Ref {
    pub to: To,
    pub name: Name,
    /// Further columns about the object, prefixed with the field's name.
    pub also: &'static [Field],
    /// True when the object is a full record that goes to its own resource's table as well.
    pub nested: bool,
    /// The kinds of objects that are to be asked about like those of their own listing, which may not show them:
    /// someone who left is no longer listed, and their tasks are still there.
    pub asked_about: &'static [&'static str],
    /// True when the record is a part of the object wherever it was listed, and goes with it.
    pub part_of: bool,
    /// True when it may come without a gid (whoever acted need not be someone whom Asana knows), and when what it names
    /// may be long gone.
    pub loose: bool,
}

/// See [`Resource::asked_about`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedAbout {
    /// The field that names the object; `None` when the record itself does.
    pub by: Option<&'static str>,
    /// It can name objects of several kinds: their `resource_type` tells.
    pub of_any_kind: bool,
    /// The object's resource.
    pub to: &'static str,
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

/// Records that stand for files, some of which can be downloaded.
/// Source: <https://developers.asana.com/reference/getattachment>
#[derive(Debug)]
pub struct Files {
    /// The folder of an export that holds them.
    pub folder: &'static str,
    /// A field, and its value for files that Asana holds: the others are elsewhere, and its token opens none of them.
    pub held: (&'static str, &'static str),
    /// The field with the file's name, which is the user's text.
    pub name: &'static str,
    /// The field with its size in bytes.
    pub size: &'static str,
    /// The request for one record; `{gid}` is the record's.
    pub path: &'static str,
    /// The field of its answer with the address of the content. That address is a credential of its own and dies within
    /// minutes: it is asked for just before each download, and kept nowhere.
    pub address: &'static str,
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

const EVERYWHERE: &[Scope] = &[Scope::Workspace, Scope::Projects];
const WHOLE: &[Scope] = &[Scope::Workspace];
const CHOSEN: &[Scope] = &[Scope::Projects];

/// Every resource, parents before children.
pub static RESOURCES: &[&Resource] = &[
    &people::WORKSPACES,
    &people::USERS,
    &people::WORKSPACE_MEMBERSHIPS,
    &people::USER_TASK_LISTS,
    &people::TEAMS,
    &people::TEAM_MEMBERSHIPS,
    &people::OOO_ENTRIES,
    &people::AGENTS,
    &access::ROLES,
    &fields::CUSTOM_FIELDS,
    &fields::CUSTOM_FIELD_SETTINGS,
    &projects::TAGS,
    &projects::PROJECT_TEMPLATES,
    &projects::PROJECTS,
    &projects::PROJECT_BRIEFS,
    &projects::TASK_TEMPLATES,
    &projects::SECTIONS,
    &fields::CUSTOM_TYPES,
    &goals::TIME_PERIODS,
    &portfolios::PORTFOLIOS,
    &portfolios::PORTFOLIO_ITEMS,
    &portfolios::PROJECT_PORTFOLIO_SETTINGS,
    &goals::GOALS,
    &goals::GOAL_RELATIONSHIPS,
    &access::MEMBERSHIPS,
    &access::ACCESS_REQUESTS,
    &time::ALLOCATIONS,
    &time::BUDGETS,
    &time::RATES,
    &time::TIMESHEET_APPROVAL_STATUSES,
    &time::TIME_TRACKING_CATEGORIES,
    &work::TASKS,
    &time::TIME_TRACKING_ENTRIES,
    &goals::STATUS_UPDATES,
    &work::STORIES,
    &work::ATTACHMENTS,
    &work::REACTIONS,
    &access::FAVORITES,
    &access::WEBHOOKS,
    &access::AUDIT_LOG_EVENTS,
];

/// Kinds of objects that are named in records and have no table of their own: what their names can give away.
const WITHOUT_TABLE: &[(&str, Sensitive)] = &[
    ("enum_options", OPTION),
    ("custom_type_status_options", TITLE),
    ("date_variables", TITLE),
    ("template_roles", TITLE),
];

impl To {
    /// What the name of such an object can give away.
    pub fn called(self) -> Sensitive {
        let To::One(to) = self else { return NAME_OR_TITLE };
        let own = resource(to).and_then(|resource| resource.fields.iter().find(|field| CALLED.contains(&field.name)));
        let other = WITHOUT_TABLE.iter().find(|(name, _)| *name == to).map(|(_, sensitive)| *sensitive);
        own.map(|field| field.sensitive).or(other).unwrap_or(Sensitive::Unclassified)
    }
}

/// The fields with what an object is called, which references repeat as its name.
const CALLED: [&str; 2] = ["name", "title"];

pub fn resource(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().copied().find(|resource| resource.name == name)
}

/// The listing of that name with the resource that it fills.
pub fn listing(name: &str) -> Option<(&'static Resource, &'static Listing)> {
    static BY_NAME: LazyLock<HashMap<&str, (&Resource, &Listing)>> =
        LazyLock::new(|| listings().map(|(resource, listing)| (listing.name, (resource, listing))).collect());
    BY_NAME.get(name).copied()
}

pub fn listings() -> impl Iterator<Item = (&'static Resource, &'static Listing)> {
    RESOURCES.iter().flat_map(|resource| resource.listings.iter().map(move |listing| (*resource, listing)))
}

impl Resource {
    /// The resources whose objects its records name so that they are to be asked about.
    pub fn asked_about(&self) -> impl Iterator<Item = AskedAbout> {
        self.fields.iter().flat_map(|field| {
            let (by, of_any_kind, to): (_, _, &[&'static str]) = match &field.kind {
                Kind::Ref(reference) => (Some(field.name), reference.to == To::Any, reference.asked_about),
                Kind::Itself { asked_about } => (None, true, asked_about),
                _ => (None, false, &[]),
            };
            to.iter().map(move |to| AskedAbout { by, of_any_kind, to })
        })
    }

    /// The files that its records stand for.
    pub fn files(&self) -> Option<&Files> {
        self.fields.iter().find_map(|field| match &field.kind {
            Kind::File(files) => Some(files),
            _ => None,
        })
    }

    /// Whether some of its records are asked for one by one, known by their gid alone.
    pub fn is_fetched_by_gid(&self) -> bool {
        self.listings.iter().any(|listing| matches!(listing.per, Per::Named(_)))
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
            let name = listing.name;
            assert_eq!(template.contains("{gid}"), listing.per != Per::Token, "{name}: placeholder and parent");
            assert_eq!(template.contains("{item}"), matches!(listing.per, Per::EachItem { .. }), "{name}");
            if let Some(parent) = listing.per.parent() {
                let parent = resource(parent).unwrap_or_else(|| panic!("{name}: no resource {parent}"));
                for field in listing.per.parent_fields() {
                    assert!(
                        parent.fields.iter().any(|one| one.name == field),
                        "{name}: {} has no {field}",
                        parent.name
                    );
                }
            }
            assert!(!owner.about.is_empty() && owner.api.starts_with("https://developers.asana.com/"));
        }
    }

    #[test]
    fn listings_that_need_others_name_them() {
        for (owner, one) in listings() {
            for other in [one.instead_of, one.narrowed_by].into_iter().flatten() {
                assert!(listing(other).is_some(), "{}: no listing {other}", one.name);
            }
            if let Some(narrowing) = one.narrowed_by.and_then(listing) {
                assert_eq!(narrowing.1.gives, Gives::Gids(one.per.parent().unwrap()), "{}", one.name);
            }
            if let Some(divided) = one.divided {
                let (parts, parts_listing) = listing(divided.parts).unwrap();
                let (each, each_listing) = listing(divided.each).unwrap();
                assert_eq!(parts_listing.per, Per::Dividing(one.per.parent().unwrap()), "{}", one.name);
                assert_eq!(each_listing.per, Per::Dividing(parts.name), "{}", one.name);
                assert_eq!((each.name, each_listing.asks, each_listing.gives), (owner.name, one.asks, one.gives));
                assert!(one.ends.has_pages() && each_listing.scopes == one.scopes, "{}", one.name);
            }
            if let Some(field) = one.shown_by {
                assert!(owner.fields.iter().any(|one| one.name == field), "{}: no field {field}", one.name);
            }
            if let Some(since) = one.since {
                assert!(owner.fields.iter().any(|field| field.name == since.field), "{}", one.name);
            }
        }
    }

    #[test]
    fn an_edge_has_one_kind_of_parent_and_no_lists() {
        for resource in RESOURCES {
            let Key::ParentPosition(parent) = resource.key else { continue };
            assert!(resource.listings.iter().all(|listing| listing.per.parent() == Some(parent)), "{}", resource.name);
            let flat = |field: &Field| matches!(field.kind, Kind::Scalar(_) | Kind::Itself { .. });
            assert!(resource.fields.iter().all(flat), "{}", resource.name);
        }
    }

    #[test]
    fn what_is_asked_about_can_be_named() {
        for resource in RESOURCES {
            for field in resource.fields {
                let Kind::Ref(Ref { to: To::One(to), asked_about, .. }) = &field.kind else { continue };
                assert!(asked_about.iter().all(|about| about == to), "{}.{}", resource.name, field.name);
            }
            for asked in resource.asked_about() {
                assert!(super::resource(asked.to).is_some(), "{}: no resource {}", resource.name, asked.to);
            }
        }
    }

    #[test]
    fn files_are_described_by_fields_of_listed_records() {
        let mut folders = HashSet::new();
        for (resource, files) in RESOURCES.iter().filter_map(|resource| Some((resource, resource.files()?))) {
            for field in [files.held.0, files.name, files.size] {
                assert!(resource.fields.iter().any(|one| one.name == field), "{}.{field}", resource.name);
            }
            assert!(resource.fields.iter().all(|one| one.name != files.address), "the address is kept nowhere");
            assert!(files.path.contains("{gid}") && folders.insert(files.folder), "{}", resource.name);
            assert!(resource.key == Key::Gid && !RESOURCES.iter().any(|outer| outer.holds_records_of(resource.name)));
        }
        assert_eq!(folders, HashSet::from(["attachments"]));
    }

    #[test]
    fn what_is_counted_are_fields() {
        for resource in RESOURCES {
            for field in resource.counted.iter().flat_map(|counted| [counted.field, counted.by]) {
                assert!(resource.fields.iter().any(|one| one.name == field), "{}.{field}", resource.name);
            }
            assert!(!resource.sets.is_empty() || resource.listings.is_empty(), "{} is in no set", resource.name);
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
}
