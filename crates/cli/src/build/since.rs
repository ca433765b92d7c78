//! What a copy leaves out because it is old: objects that say when they last changed, and what is part of them.
//!
//! Which these are is told by the catalogue, and which records they are by the archive, before anything is built: so the
//! order in which tables are built makes no difference. In memory is a word for each record that is left out.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use asana_archive::{Entry, Page, Reader};
use asana_model::catalog::{self, Gives, Listing, RESOURCES, Resource};
use asana_model::raw::{self, Object};
use asana_model::{GidSet, Layout};
use jiff::Timestamp;

use crate::exit::CliError;

/// The records that are left out.
#[derive(Debug)]
pub(super) struct LeftOut {
    /// By the resource's place in the layout; absent for those that are whole.
    gids: Vec<Option<GidSet>>,
}

/// A record in the archive.
struct Found<'p> {
    resource: &'static Resource,
    listing: &'static Listing,
    /// What it was listed for.
    parent: Option<&'p str>,
    gid: Cow<'p, str>,
    object: Object<'p>,
}

impl LeftOut {
    /// Finds what last changed before `since`, which is an instant, with its parts; of these only what concerns the
    /// resources that are `wanted`. What does not say when it changed stays.
    ///
    /// # Errors
    /// Those of reading the archive.
    pub(super) fn find(
        archive: &Path,
        layout: &Layout,
        wanted: &BTreeSet<&'static str>,
        since: &str,
    ) -> Result<Self, CliError> {
        let mut left_out = Self { gids: layout.resources.iter().map(|_| None).collect() };
        let Ok(since) = since.parse::<Timestamp>() else { return Ok(left_out) };
        let mut levels = levels();
        while levels.last().is_some_and(|level| level.is_disjoint(wanted)) && levels.len() > 1 {
            levels.pop();
        }
        for (depth, level) in levels.iter().enumerate() {
            let mut found: Vec<(usize, GidSet)> =
                level.iter().filter_map(|name| Some((layout.resource_index(name)?, GidSet::default()))).collect();
            each_record(archive, |record| {
                let Some(index) = layout.resource_index(record.resource.name) else { return };
                let Some((_, gids)) = found.iter_mut().find(|(resource, _)| *resource == index) else { return };
                let is_old = if depth == 0 { is_before(record, since) } else { left_out.has_whole_of(layout, record) };
                // Of a dated object the newest version counts, which comes last.
                match (is_old, depth) {
                    (true, _) => drop(gids.insert(&record.gid)),
                    (false, 0) => drop(gids.remove(&record.gid)),
                    (false, _) => {}
                }
            })?;
            for (resource, gids) in found {
                if let Some(place) = left_out.gids.get_mut(resource) {
                    *place = Some(gids);
                }
            }
        }
        Ok(left_out)
    }

    pub(super) fn has(&self, resource: usize, gid: &str) -> bool {
        self.gids.get(resource).and_then(Option::as_ref).is_some_and(|gids| gids.contains(gid))
    }

    /// Whether the record is part of something that is left out.
    fn has_whole_of(&self, layout: &Layout, record: &Found<'_>) -> bool {
        let has = |name: &str, gid: &str| layout.resource_index(name).is_some_and(|index| self.has(index, gid));
        let listed_for = record.listing.per.parent().zip(record.parent);
        listed_for.is_some_and(|(name, gid)| has(name, gid))
            || record.resource.part_of().any(|(field, to)| {
                let whole = record.object.get(field).and_then(Object::parse).and_then(|whole| whole.gid());
                whole.is_some_and(|gid| has(to, &gid))
            })
    }
}

/// The resources of which something can be left out: first those that are dated, then the parts of each level.
fn levels() -> Vec<BTreeSet<&'static str>> {
    let mut levels: Vec<BTreeSet<&'static str>> = vec![catalog::dated().map(|(resource, _)| resource.name).collect()];
    let mut waiting = catalog::dated_with_parts();
    while let Some(last) = levels.last() {
        waiting.retain(|name| !last.contains(name));
        let is_part = |resource: &&&Resource| {
            waiting.contains(resource.name) && last.iter().any(|whole| resource.is_part_of(whole))
        };
        let level: BTreeSet<&'static str> = RESOURCES.iter().filter(is_part).map(|resource| resource.name).collect();
        if level.is_empty() {
            break;
        }
        levels.push(level);
    }
    levels
}

fn is_before(record: &Found<'_>, since: Timestamp) -> bool {
    let field = catalog::dated().find(|(resource, _)| resource.name == record.resource.name).map(|(_, field)| field);
    let changed = field.and_then(|field| record.object.text(field));
    changed.and_then(|changed| changed.parse::<Timestamp>().ok()).is_some_and(|changed| changed < since)
}

/// Hands over every record that was listed, in the order of the archive.
fn each_record(archive: &Path, mut take: impl FnMut(&Found<'_>)) -> Result<(), CliError> {
    let mut reader = Reader::open(archive)?;
    while let Some(entry) = reader.next_entry()? {
        if let Entry::Page(page) = entry
            && (200..300).contains(&page.status)
        {
            records_of(&page, &mut take);
        }
    }
    Ok(())
}

fn records_of(page: &Page<'_>, take: &mut impl FnMut(&Found<'_>)) {
    let Some((resource, listing)) = catalog::listing(&page.listing) else { return };
    if matches!(listing.gives, Gives::Gids(_)) {
        return;
    }
    let data = Object::parse(page.body.as_str()).and_then(|envelope| envelope.get("data")).unwrap_or("[]");
    let elements = match raw::elements(data) {
        Some(elements) => elements,
        None => vec![data],
    };
    for object in elements.into_iter().filter_map(Object::parse) {
        let Some(gid) = object.gid() else { continue };
        take(&Found { resource, listing, parent: page.parent.as_deref(), gid, object });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left out of an archive with these pages (listing, parent, records), as `tasks 1`.
    fn left_out(pages: &[(&str, &str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let (mut writer, _) = asana_archive::Writer::open(folder.path()).unwrap();
        for (listing, parent, data) in pages {
            let body = format!(r#"{{"data":{data}}}"#);
            let page = Page {
                listing: (*listing).into(),
                parent: Some((*parent).into()),
                variant: None,
                page: 0,
                first: 0,
                last: true,
                path: "/".into(),
                at: "2026-11-24T00:00:00.000Z".into(),
                status: 200,
                body: asana_archive::Body::received(body.as_bytes()),
            };
            writer.append(&Entry::Page(page)).unwrap();
        }
        writer.seal().unwrap();
        let layout = Layout::new();
        let wanted = RESOURCES.iter().map(|resource| resource.name).collect();
        let found = LeftOut::find(folder.path(), &layout, &wanted, "2026-01-01T00:00:00Z").unwrap();
        let named =
            found.gids.iter().zip(RESOURCES).filter_map(|(gids, resource)| Some((gids.as_ref()?, resource.name)));
        let mut named: Vec<String> = named
            .flat_map(|(gids, name)| gids.iter().map(move |gid| format!("{name} {gid}")).collect::<Vec<_>>())
            .collect();
        named.sort();
        named
    }

    #[test]
    fn the_newest_version_counts_and_what_does_not_say_stays() {
        let old = r#"{"gid":"1","modified_at":"2025-12-31T23:59:59.999Z"}"#;
        let new = r#"{"gid":"1","modified_at":"2026-01-01T00:00:00.000Z"}"#;
        let page = |records: &[&'static str]| format!("[{}]", records.join(","));
        assert_eq!(left_out(&[("tasks_of_project", "9", &page(&[old]))]), ["tasks 1"]);
        assert_eq!(left_out(&[("tasks_of_project", "9", &page(&[new]))]), Vec::<String>::new());
        let read_again = [("tasks_of_project", "9", page(&[old])), ("tasks_of_user", "8", page(&[new]))];
        let pages = read_again.each_ref().map(|(listing, parent, data)| (*listing, *parent, data.as_str()));
        assert_eq!(left_out(&pages), Vec::<String>::new());
        // In another zone, without a date, with one that is none.
        let others = page(&[
            r#"{"gid":"2","modified_at":"2026-01-01T01:00:00+02:00"}"#,
            r#"{"gid":"3"}"#,
            r#"{"gid":"4","modified_at":null}"#,
            r#"{"gid":"5","modified_at":"long ago"}"#,
        ]);
        assert_eq!(left_out(&[("found_task", "2", &others)]), ["tasks 2"]);
    }

    #[test]
    fn parts_go_with_what_they_are_parts_of() {
        let pages = [
            // Found in any order, a subtask by its own date, and an entry by what it says.
            ("reactions_to_story", "11", r#"[{"gid":"r1"}]"#),
            ("reactions_to_story", "12", r#"[{"gid":"r2"}]"#),
            ("stories_of_task", "1", r#"[{"gid":"11"}]"#),
            ("stories_of_task", "2", r#"[{"gid":"12"}]"#),
            ("stories_of_goal", "1", r#"[{"gid":"13"}]"#),
            ("attachments_of_task", "1", r#"[{"gid":"21"}]"#),
            (
                "time_tracking_entries",
                "7",
                r#"[{"gid":"31","task":{"gid":"1"}},{"gid":"32","task":{"gid":"2"}},{"gid":"33"}]"#,
            ),
            ("tasks_of_project", "9", r#"[{"gid":"1","modified_at":"2025-01-01T00:00:00Z"}]"#),
            ("subtasks", "1", r#"[{"gid":"2","modified_at":"2026-06-01T00:00:00Z"}]"#),
        ];
        let expected = ["attachments 21", "reactions r1", "stories 11", "tasks 1", "time_tracking_entries 31"];
        assert_eq!(left_out(&pages), expected);
    }

    #[test]
    fn what_is_part_of_something_comes_after_it() {
        let levels: Vec<Vec<&str>> = levels().into_iter().map(|level| level.into_iter().collect()).collect();
        assert_eq!(levels, [vec!["tasks"], vec!["attachments", "stories", "time_tracking_entries"], vec!["reactions"]]);
    }
}
