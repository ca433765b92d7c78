//! What follows from a record: the listings to be asked for it and for the objects that it names.

use asana_model::catalog::{Condition, Files};
use asana_model::raw::{self, Object};

use crate::plan::Downloads;
use crate::wanted::{FileSeen, Volume};

/// The listings that follow from each record of a plan.
#[derive(Debug, Default)]
pub(crate) struct Children {
    /// The place of the records' resource in the catalogue.
    pub(crate) resource: usize,
    pub(crate) own: Vec<Child>,
    pub(crate) named: Vec<Named>,
    pub(crate) nested: Vec<Nested>,
    /// The field that says when a record changed, for those that are asked for again.
    pub(crate) changed_field: Option<&'static str>,
    /// The fields that say which listings show a record, in the order of the listings, which stand beside them.
    pub(crate) shown_by: Vec<(usize, &'static str)>,
    /// The files that the records stand for, where they are to be downloaded, and which of them.
    pub(crate) files: Option<(&'static Files, Downloads)>,
    /// The records are the parts into which another listing is divided, or those of a part.
    pub(crate) divide: bool,
    /// The place of the listing whose records these are; none for records that come inside others.
    pub(crate) listing: Option<usize>,
}

/// A listing that follows from a record.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) listing: usize,
    pub(crate) asked: Asked,
}

#[derive(Debug)]
pub(crate) enum Asked {
    Always,
    Where(Condition),
    /// Once for each different text member of a list's elements.
    Items {
        list: &'static str,
        item: &'static str,
    },
}

/// An object that a record names, to be asked about.
#[derive(Debug)]
pub(crate) struct Named {
    /// The field; `None` when the record itself is the mention.
    pub(crate) field: Option<&'static str>,
    /// What Asana calls the kind of object, where the mention can be of several.
    pub(crate) kind: Option<&'static str>,
    pub(crate) resource: usize,
    /// It is asked for by its gid, and what follows from it is known when it comes.
    pub(crate) fetched_by_gid: bool,
    pub(crate) children: Vec<Child>,
}

/// Full records inside a record.
#[derive(Debug)]
pub(crate) struct Nested {
    pub(crate) field: &'static str,
    /// The field is a list of them.
    pub(crate) is_list: bool,
    pub(crate) children: Children,
}

/// An object that may be the parent of further listings, as far as that matters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Met {
    /// The place of its resource in the catalogue.
    pub(crate) resource: usize,
    pub(crate) gid: String,
    /// It is known by its gid alone so far.
    pub(crate) only_named: bool,
    /// When it last changed, where that is known.
    pub(crate) changed_at: Option<String>,
    /// The part of the object that this encounter stands for, where the record tells: over all the listings that show
    /// it, the parts add up to one.
    pub(crate) part: Option<f64>,
    /// The listings to ask for it, with the item where one is asked for each.
    pub(crate) children: Vec<(usize, Option<Box<str>>)>,
}

impl Children {
    /// The listings that can follow.
    pub(crate) fn listings(&self) -> Vec<usize> {
        let named = self.named.iter().flat_map(|named| &named.children);
        let own = self.own.iter().chain(named).map(|child| child.listing);
        own.chain(self.nested.iter().flat_map(|nested| nested.children.listings())).collect()
    }

    /// Which listings follow from each of a page's records, for those that can be told apart from others.
    pub(crate) fn look<'o>(&self, records: impl IntoIterator<Item = &'o Object<'o>>) -> Vec<Met> {
        let mut met = Vec::new();
        if !self.is_empty() {
            records.into_iter().for_each(|object| self.look_at(object, &mut met));
        }
        met
    }

    /// The files to download that a page's records stand for.
    pub(crate) fn files<'o>(&self, records: impl IntoIterator<Item = &'o Object<'o>>) -> Volume {
        let mut volume = Volume::default();
        if let Some((files, wanted)) = self.files {
            let seen = records.into_iter().filter_map(|record| FileSeen::of(files, record));
            seen.filter(|file| wanted.admits(file.size)).for_each(|file| volume.add(file.size));
        }
        volume
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.named.is_empty() && self.nested.is_empty()
    }

    fn look_at(&self, object: &Object<'_>, met: &mut Vec<Met>) {
        if !self.own.is_empty() {
            let changed_at = self.changed_field.and_then(|field| object.text(field)).map(Into::into);
            let part = self.part(object);
            met.extend(follow(self.resource, object, &self.own).map(|met| Met { changed_at, part, ..met }));
        }
        met.extend(self.named.iter().filter_map(|named| named.look(object)));
        for nested in &self.nested {
            nested.look(object, met);
        }
    }

    /// The first of the listings that show a record counts it, once for all the parents for which it does.
    fn part(&self, object: &Object<'_>) -> Option<f64> {
        let times = |field: &str| {
            let value = object.get(field).filter(|value| *value != "null")?;
            u32::try_from(raw::elements_of_valid(value).map_or(1, |elements| elements.len()))
                .ok()
                .filter(|times| *times > 0)
        };
        let own = self.listing.filter(|own| self.shown_by.iter().any(|(listing, _)| listing == own))?;
        for (listing, field) in &self.shown_by {
            match (times(field), *listing == own) {
                (times, true) => return Some(1.0 / f64::from(times.unwrap_or(1))),
                (Some(_), false) => return Some(0.0),
                (None, false) => {}
            }
        }
        None
    }
}

impl Nested {
    fn look(&self, object: &Object<'_>, met: &mut Vec<Met>) {
        let Some(field) = object.get(self.field) else { return };
        let inner = if self.is_list { raw::elements_of_valid(field).unwrap_or_default() } else { Vec::new() };
        let inner = inner.into_iter().chain((!self.is_list).then_some(field));
        for object in inner.filter_map(Object::of_valid) {
            self.children.look_at(&object, met);
        }
    }
}

impl Named {
    fn look(&self, object: &Object<'_>) -> Option<Met> {
        let met = match self.field {
            Some(field) => self.mention(&Object::of_valid(object.get(field)?)?)?,
            None => self.mention(object)?,
        };
        Some(Met { only_named: self.fetched_by_gid, ..met })
    }

    fn mention(&self, object: &Object<'_>) -> Option<Met> {
        let is_other = self.kind.is_some_and(|kind| object.text("resource_type").as_deref() != Some(kind));
        if is_other { None } else { follow(self.resource, object, &self.children) }
    }
}

fn follow(resource: usize, object: &Object<'_>, children: &[Child]) -> Option<Met> {
    let gid = object.gid()?.into_owned();
    let mut wanted = Vec::new();
    for child in children {
        match child.asked {
            Asked::Always => wanted.push((child.listing, None)),
            Asked::Where(condition) if condition.holds(|field| object.get(field)) => {
                wanted.push((child.listing, None));
            }
            Asked::Where(_) => {}
            Asked::Items { list, item } => {
                wanted.extend(items(object, list, item).into_iter().map(|text| (child.listing, Some(text))));
            }
        }
    }
    Some(Met { resource, gid, only_named: false, changed_at: None, part: None, children: wanted })
}

/// The different texts of a list's elements.
fn items(object: &Object<'_>, list: &str, item: &str) -> Vec<Box<str>> {
    let elements = object.get(list).and_then(raw::elements_of_valid).unwrap_or_default();
    let text = |element: &str| Some(Object::of_valid(element)?.text(item)?.into());
    let mut texts: Vec<Box<str>> = elements.into_iter().filter_map(text).collect();
    texts.sort();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects<'r>(records: &[&'r str]) -> Vec<Object<'r>> {
        records.iter().filter_map(|record| Object::parse(record)).collect()
    }

    fn child(listing: usize, asked: Asked) -> Child {
        Child { listing, asked }
    }

    #[test]
    fn conditions_and_items_decide_what_is_asked() {
        let own = vec![
            child(0, Asked::Always),
            child(1, Asked::Where(Condition::Positive("n"))),
            child(2, Asked::Items { list: "reactions", item: "emoji" }),
        ];
        let children = Children { own, changed_field: Some("modified_at"), ..Children::default() };
        let record =
            r#"{"gid":"7","n":0,"modified_at":"2026","reactions":[{"emoji":"b"},{"emoji":"a"},{"emoji":"b"}]}"#;
        let met = children.look(&objects(&[record, "[]", "{}"]));
        assert_eq!(met.len(), 1);
        assert_eq!(met[0].changed_at.as_deref(), Some("2026"));
        assert_eq!(met[0].children, [(0, None), (2, Some("a".into())), (2, Some("b".into()))]);
    }

    #[test]
    fn the_parts_of_an_object_add_up_to_one() {
        let of = |listing| Children {
            own: vec![child(9, Asked::Always)],
            shown_by: vec![(2, "memberships"), (3, "assignee"), (5, "parent")],
            listing: Some(listing),
            ..Children::default()
        };
        let part = |listing, record: &str| of(listing).look(&objects(&[record])).remove(0).part;
        let in_two_projects = r#"{"gid":"1","memberships":[{},{}],"assignee":{"gid":"7"},"parent":null}"#;
        assert_eq!((part(2, in_two_projects), part(3, in_two_projects)), (Some(0.5), Some(0.0)));
        let only_someones = r#"{"gid":"1","memberships":[],"assignee":{"gid":"7"},"parent":{"gid":"8"}}"#;
        assert_eq!((part(3, only_someones), part(5, only_someones)), (Some(1.0), Some(0.0)));
        let untold = r#"{"gid":"1"}"#;
        assert_eq!((part(2, untold), part(5, untold)), (Some(1.0), Some(1.0)), "it was shown here, that much is known");
        assert_eq!(part(4, in_two_projects), None, "a listing that no field stands for");
    }

    #[test]
    fn records_inside_records_are_met() {
        let inner = Children { resource: 4, own: vec![child(6, Asked::Always)], ..Children::default() };
        let setting = Nested { field: "custom_field", is_list: false, children: inner };
        let settings = Children { nested: vec![setting], ..Children::default() };
        let nested = vec![Nested { field: "custom_field_settings", is_list: true, children: settings }];
        let project = r#"{"gid":"1","custom_field_settings":[{"gid":"2","custom_field":{"gid":"3"}},{"gid":"4"}]}"#;
        let met = Children { nested, ..Children::default() }.look(&objects(&[project, r#"{"gid":"5"}"#]));
        assert_eq!(met.len(), 1);
        assert_eq!((met[0].resource, met[0].gid.as_str(), &*met[0].children), (4, "3", &[(6, None)][..]));
    }

    #[test]
    fn a_mention_counts_for_its_own_kind() {
        let named = |field, fetched_by_gid| Named {
            field,
            kind: field.is_none().then_some("portfolio"),
            resource: 3,
            fetched_by_gid,
            children: vec![child(5, Asked::Always)],
        };
        let children = Children { named: vec![named(None, true), named(Some("user"), false)], ..Children::default() };
        let records = [
            r#"{"gid":"1","resource_type":"portfolio"}"#,
            r#"{"gid":"2","resource_type":"project","user":{"gid":"9"}}"#,
            r#"{"gid":"3"}"#,
        ];
        let met: Vec<(String, bool)> =
            children.look(&objects(&records)).into_iter().map(|met| (met.gid, met.only_named)).collect();
        assert_eq!(met, [("1".to_owned(), true), ("9".to_owned(), false)]);
    }
}
