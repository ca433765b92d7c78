//! What it means that a row is on one side only: deleted, no longer readable, or nothing that could be known.
//!
//! A deleted object and a hidden one look alike to a reader, so a row's absence means something only where the other
//! export would have had it: it lists the whole kind, with a token of the same person in the same role. Then the row is gone
//! for this token. After a partial listing nothing is known, and after a refusal it is known that it cannot be read.
//! Source: <https://developers.asana.com/docs/errors>, of 403 and 404.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use asana_export::manifest::CoverageStatus;
use asana_export::{Manifest, Opened};
use asana_model::catalog::{self, Ends};
use asana_model::{GidSet, Layout};

use super::Result;
use super::change::{Because, Label, shown};
use super::groups::Row;
use super::sides::{Sides, doubt, read_columns};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Only the old export has the row.
    Removed,
    /// Only the new one has it.
    Added,
}

/// Says what the absence of rows of one resource in one of the exports means.
#[derive(Debug)]
pub(super) struct Judge {
    direction: Direction,
    /// Unless more is known of a row.
    general: Because,
    /// By what holds the row: listings that could not be read.
    gaps: HashMap<String, Because>,
    /// Objects that the export which lacks them refers to.
    mentioned: GidSet,
    is_mentioned: Because,
    /// For rows that were only ever met in references.
    only_met: Because,
    /// For rows of lists whose object is on both sides.
    item: Because,
    with_object: Because,
    /// The export that lacks them was made without old ones.
    may_be_too_old: bool,
    /// Rows made after this instant were not there before.
    since: Option<String>,
    is_new: Because,
}

/// What one export says about the rows it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absence {
    Gone,
    Unreadable,
    Unknown,
}

impl Judge {
    pub(super) fn new(sides: &Sides<'_>, resource: &str, direction: Direction, layout: &Layout) -> Result<Self> {
        let (having, lacking, label) = match direction {
            Direction::Removed => (sides.old, sides.new, "NEW"),
            Direction::Added => (sides.new, sides.old, "OLD"),
        };
        let because = |absence, reason| because(direction, absence, reason);
        let (absence, reason) = of_resource(having.manifest(), lacking.manifest(), resource, label);
        let item = match absence {
            Absence::Gone => {
                because(Absence::Gone, format!("what it is listed in is there, and {label} does not list it"))
            }
            other => because(other, reason.clone()),
        };
        let general = because(absence, reason);
        let trusted = doubt(having.manifest(), lacking.manifest(), label).is_none();
        // A service account sees everything, so what it cannot read is gone, whatever still refers to it.
        let may_hide = trusted && lacking.manifest().viewer.kind != "service account";
        let mentioned = if may_hide { mentioned(lacking, layout, resource)? } else { GidSet::default() };
        let gaps = if trusted { gaps(lacking, layout, resource, direction, label)? } else { HashMap::new() };
        Ok(Self {
            direction,
            general,
            gaps,
            mentioned,
            is_mentioned: because(Absence::Unreadable, format!("{label} still refers to it, and could not read it")),
            only_met: because(
                Absence::Unknown,
                format!("it was only ever met in references, and nothing in {label} refers to it"),
            ),
            item,
            may_be_too_old: lacking.manifest().reduced().since_of(resource).is_some(),
            with_object: Because { label: Label::WithItsObject, reason: Cow::Borrowed("") },
            since: (direction == Direction::Added).then(|| lacking.manifest().created_at.clone()),
            is_new: Because { label: Label::New, reason: Cow::Borrowed("it was made after OLD") },
        })
    }

    /// Of a row that stands for an object; `columns` are those of its cells. `None` if it may be too old for the export
    /// that lacks it, which says nothing then.
    pub(super) fn of_object(&self, columns: &[String], row: &Row) -> Option<&Because> {
        let cell = |name: &str| {
            let place = columns.iter().position(|column| column == name)?;
            row.get(place).and_then(shown)
        };
        if let (Some(since), Some(created)) = (&self.since, cell("created_at"))
            && is_later(&created, since)
        {
            return Some(&self.is_new);
        }
        (!self.may_be_too_old).then(|| self.of_readable(columns, row, cell))
    }

    fn of_readable<'r>(
        &self,
        columns: &[String],
        row: &'r Row,
        cell: impl Fn(&str) -> Option<Cow<'r, str>>,
    ) -> &Because {
        if cell("gid").is_some_and(|gid| self.mentioned.contains(&gid)) {
            return &self.is_mentioned;
        }
        if self.general.label != Label::Unknown && cell("source").is_some_and(|source| source == "reference") {
            return &self.only_met;
        }
        if !self.gaps.is_empty() {
            let gids = columns.iter().zip(row).filter(|(column, _)| column.ends_with("_gid"));
            let mut gaps = gids.filter_map(|(_, cell)| self.gaps.get(shown(cell)?.as_ref()));
            if let Some(gap) = gaps.next() {
                return gap;
            }
        }
        &self.general
    }

    /// Of a row of a list whose object is on both sides.
    pub(super) fn of_item(&self) -> &Because {
        &self.item
    }

    /// Of a row of a list whose object is on the same side only.
    pub(super) fn with_object(&self) -> &Because {
        &self.with_object
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }
}

fn because(direction: Direction, absence: Absence, reason: String) -> Because {
    let label = match (direction, absence) {
        (Direction::Removed, Absence::Gone) => Label::Deleted,
        (Direction::Removed, Absence::Unreadable) => Label::NoLongerReadable,
        (Direction::Added, Absence::Gone) => Label::New,
        (Direction::Added, Absence::Unreadable) => Label::NewlyReadable,
        (_, Absence::Unknown) => Label::Unknown,
    };
    Because { label, reason: Cow::Owned(reason) }
}

/// What an export says, by not having it, of anything of a resource that the other has.
fn of_resource(having: &Manifest, lacking: &Manifest, resource: &str, label: &str) -> (Absence, String) {
    if let Some(doubt) = doubt(having, lacking, label) {
        return (Absence::Unknown, doubt);
    }
    let Some(coverage) = lacking.coverage.get(resource) else {
        return (Absence::Unknown, format!("{label} was made without {resource}"));
    };
    let reason = coverage.reason.as_deref().unwrap_or("no reason given");
    match (coverage.status, coverage.http_status) {
        (CoverageStatus::Unavailable, Some(402 | 403)) => {
            (Absence::Unreadable, format!("{label} could not read any {resource}: {reason}"))
        }
        (CoverageStatus::Unavailable, _) => (Absence::Unknown, format!("{label} has no {resource}: {reason}")),
        (CoverageStatus::Partial, _) => (Absence::Unknown, format!("{label} does not have all {resource}: {reason}")),
        (CoverageStatus::Complete, _) => {
            let (had, has) = (&having.completeness.task_search.status, &lacking.completeness.task_search.status);
            if had == "complete" && has != "complete" && rests_on_search(resource) {
                return (Absence::Unknown, format!("{label} did without task search, which alone shows some tasks"));
            }
            (Absence::Gone, gone(lacking, resource, label))
        }
    }
}

fn gone(lacking: &Manifest, resource: &str, label: &str) -> String {
    let complete = format!("{label} is complete in {resource} and does not have it");
    match (lacking.viewer.kind.as_str(), &lacking.token_user_name) {
        ("service account", _) => complete,
        (_, Some(name)) => format!("{complete}: it is gone for {name}, whose token it was"),
        (_, None) => format!("{complete}: it is gone for the token's owner"),
    }
}

/// Whether some of a resource is found only because task search names the tasks that it is in.
fn rests_on_search(resource: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![resource.to_owned()];
    while let Some(name) = next.pop() {
        let Some(resource) = catalog::resource(&name).filter(|_| seen.insert(name.clone())) else { continue };
        if resource.listings.iter().any(|listing| listing.ends == Ends::Windows) {
            return true;
        }
        next.extend(resource.listings.iter().filter_map(|listing| listing.per.hangs_from()).map(str::to_owned));
    }
    false
}

/// The objects of a resource that an export refers to and could not read.
fn mentioned(side: &Opened, layout: &Layout, resource: &str) -> Result<GidSet> {
    let mut gids = GidSet::default();
    read_columns(side, layout, "export_unresolved", ["resource", "gid"], |[of, gid]| {
        if let Some(gid) = gid.filter(|_| of == Some(resource)) {
            gids.insert(gid);
        }
    })?;
    Ok(gids)
}

/// What could not be read of a resource, by the gid of what holds it.
fn gaps(
    side: &Opened,
    layout: &Layout,
    resource: &str,
    direction: Direction,
    label: &str,
) -> Result<HashMap<String, Because>> {
    let mut gaps = HashMap::new();
    let columns = ["resource", "parent_type", "parent_gid", "http_status", "reason"];
    read_columns(side, layout, "export_coverage", columns, |[of, kind, parent, status, reason]| {
        let Some(parent) = parent.filter(|gid| !gid.is_empty() && of == Some(resource)) else { return };
        let (kind, reason) = (kind.unwrap_or("object").replace('_', " "), reason.unwrap_or("no reason given"));
        let absence = if matches!(status, Some("402" | "403")) { Absence::Unreadable } else { Absence::Unknown };
        let answer = status.map(|status| format!(" ({status})")).unwrap_or_default();
        let reason = format!("{label} could not read the {resource} of {kind} {parent}: {reason}{answer}");
        gaps.insert(parent.to_owned(), because(direction, absence, reason));
    })?;
    Ok(gaps)
}

/// Whether one instant is certainly after another, by whole seconds.
fn is_later(one: &str, other: &str) -> bool {
    match (one.get(..19), other.get(..19)) {
        (Some(one), Some(other)) => one > other,
        _ => false,
    }
}

#[cfg(test)]
impl Judge {
    /// One that thinks all rows gone.
    pub(super) fn of_the_gone(direction: Direction) -> Self {
        let gone = || because(direction, Absence::Gone, "gone".to_owned());
        Self {
            direction,
            general: gone(),
            gaps: HashMap::new(),
            mentioned: GidSet::default(),
            is_mentioned: because(direction, Absence::Unreadable, "mentioned".to_owned()),
            only_met: because(direction, Absence::Unknown, "only met".to_owned()),
            item: gone(),
            with_object: Because { label: Label::WithItsObject, reason: Cow::Borrowed("") },
            since: None,
            may_be_too_old: false,
            is_new: Because { label: Label::New, reason: Cow::Borrowed("made after OLD") },
        }
    }
}

#[cfg(test)]
mod tests {
    use asana_model::Cell;

    use super::*;

    #[test]
    fn what_hangs_from_tasks_rests_on_search() {
        for resource in ["tasks", "stories", "attachments"] {
            assert!(rests_on_search(resource), "{resource}");
        }
        for resource in ["projects", "users", "goals", "nothing"] {
            assert!(!rests_on_search(resource), "{resource}");
        }
    }

    #[test]
    fn instants_are_compared_by_whole_seconds() {
        assert!(is_later("2026-01-01T00:00:01.000Z", "2026-01-01T00:00:00Z"));
        assert!(!is_later("2026-01-01T00:00:00.900Z", "2026-01-01T00:00:00Z"));
        assert!(!is_later("2026", "2025"));
    }

    #[test]
    fn the_more_that_is_known_of_a_row_the_better_the_answer() {
        let mut judge = Judge::of_the_gone(Direction::Removed);
        judge.mentioned.insert("2");
        let gap = because(Direction::Removed, Absence::Unreadable, "a gap".to_owned());
        judge.gaps.insert("9".to_owned(), gap);
        let columns = ["gid", "target_gid", "source"].map(str::to_owned);
        let label = |gid, target, source| {
            let row = [gid, target, source].map(|text: &str| Cell::text(text.to_owned())).to_vec();
            judge.of_object(&columns, &row).unwrap().reason.clone()
        };
        assert_eq!(label("1", "8", "listing"), "gone");
        assert_eq!(label("2", "8", "listing"), "mentioned");
        assert_eq!(label("1", "9", "listing"), "a gap");
        assert_eq!(label("1", "8", "reference"), "only met");
    }

    #[test]
    fn what_was_made_since_is_new_whatever_was_readable_then() {
        let mut judge = Judge::of_the_gone(Direction::Added);
        judge.general = because(Direction::Added, Absence::Unknown, "partial".to_owned());
        judge.since = Some("2026-01-01T00:00:00Z".to_owned());
        let columns = ["gid", "created_at"].map(str::to_owned);
        let label = |judge: &Judge, created: &'static str| {
            judge.of_object(&columns, &vec![Cell::text("1"), Cell::text(created)]).map(|because| because.label)
        };
        assert_eq!(label(&judge, "2026-01-02T00:00:00.000Z"), Some(Label::New));
        assert_eq!(label(&judge, "2025-12-31T00:00:00.000Z"), Some(Label::Unknown));
        judge.may_be_too_old = true;
        assert_eq!(label(&judge, "2026-01-02T00:00:00.000Z"), Some(Label::New));
        assert_eq!(label(&judge, "2025-12-31T00:00:00.000Z"), None, "nothing is said of what may have been left out");
    }
}
