//! What was read and what could not be: derived from the archive alone, so that tables built again say the same.

mod sources;

use std::collections::BTreeMap;

use asana_archive::{File, Page};
use asana_model::catalog::{self, Gives, Scope};
use asana_model::raw::{self, Object};
use asana_model::{Cell, FileOutcome};

use crate::viewer::Viewer;
use sources::Lack;

/// The coverage of every resource that was asked for.
#[derive(Debug)]
pub(crate) struct Coverage {
    scope: Scope,
    resources: BTreeMap<&'static str, Tally>,
    /// A service account asked: what lists leave out for people is in them.
    sees_all: bool,
}

#[derive(Debug, Default)]
struct Tally {
    /// The user asked for it; otherwise it was read for the sake of something else.
    wanted: bool,
    requests: u64,
    records: u64,
    read_pages: u64,
    /// Fields that Asana would not give.
    refused_field: Option<String>,
    /// What Asana leaves out of its answers, however complete.
    left_out: Option<&'static str>,
    /// What is missing, by the parent of the listing and its variant.
    gaps: BTreeMap<(&'static str, String, String), Gap>,
}

#[derive(Debug, Clone)]
struct Gap {
    status: Status,
    http_status: u16,
    reason: String,
    /// It is not a listing that is missing but a file.
    is_file: bool,
}

/// Stands for the variant of a listing where a file is missing.
const FILE: &str = "file";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Complete,
    Partial,
    Unavailable,
}

impl Tally {
    /// Nothing of it can be in the workspace.
    fn is_not_in_plan(&self) -> bool {
        self.read_pages == 0 && !self.gaps.is_empty() && self.gaps.values().all(|gap| gap.http_status == 402)
    }

    /// What nobody asked for, and what is not in the workspace's plan, so that nothing can hang from it.
    fn is_beside_the_point(&self) -> bool {
        !self.wanted && self.is_not_in_plan()
    }

    /// How complete the answers to its own questions are.
    fn status(&self) -> Status {
        match (self.gaps.is_empty(), self.read_pages) {
            (true, _) if self.left_out.is_some() => Status::Partial,
            (true, _) => Status::Complete,
            (false, 0) => Status::Unavailable,
            (false, _) => Status::Partial,
        }
    }
}

impl Gap {
    /// The status that Asana answered with, if it answered.
    fn told_status(&self) -> Option<u16> {
        Some(self.http_status).filter(|status| *status != 0)
    }
}

impl Status {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Partial => "partial",
            Status::Unavailable => "unavailable",
        }
    }
}

/// A resource's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) resource: &'static str,
    pub(crate) status: Status,
    pub(crate) http_status: Option<u16>,
    pub(crate) reason: Option<String>,
    pub(crate) requests: u64,
    pub(crate) records: u64,
    /// Listings with something missing, and missing files.
    pub(crate) gaps: usize,
    /// Of these, files.
    files: usize,
}

impl Coverage {
    pub(crate) fn new(scope: Scope, viewer: Viewer) -> Self {
        Self { scope, resources: BTreeMap::new(), sees_all: viewer == Viewer::ServiceAccount }
    }

    /// Makes a line for a resource even if nothing had to be asked for it.
    pub(crate) fn expect(&mut self, resource: &'static str) {
        self.resources.entry(resource).or_default().wanted = true;
    }

    /// Takes note of an archived page and the records in it.
    pub(crate) fn page(&mut self, page: &Page<'_>, records: u64) {
        let Some((resource, listing)) = catalog::listing(&page.listing) else { return };
        let tally = self.resources.entry(resource.name).or_default();
        let parent_type = match listing.per.parent().and_then(catalog::resource) {
            Some(parent) => parent.singular,
            // An object that the user chose is its own parent.
            None if page.parent.is_some() => resource.singular,
            None => "",
        };
        tally.requests += 1;
        tally.records += records;
        // A search is a second opinion, and what became of it is said elsewhere; but where the plan has it and it broke
        // off, something may be missing that it alone would have shown. A question that narrower ones stood in for was
        // answered by them.
        let second_opinion = match listing.gives {
            Gives::Gids(of) => of != resource.name || matches!(page.status, 400..500),
            _ => false,
        };
        // What only divides another listing is no loss: that one is read to its end then.
        let read = (200..300).contains(&page.status);
        let is_no_loss = second_opinion || (listing.per.is_dividing() && page.last && !read);
        let stood_in = || catalog::listings().any(|(_, other)| other.instead_of == Some(listing.name));
        if is_no_loss || (page.status == 400 && page.page == 0 && page.last && stood_in()) {
            return;
        }
        let variant = page.variant.as_deref().unwrap_or_default().to_owned();
        let parent = (parent_type, page.parent.as_deref().unwrap_or_default().to_owned(), variant);
        if read {
            tally.read_pages += u64::from(!matches!(listing.gives, Gives::Gids(_)));
            tally.left_out = tally.left_out.or(listing.leaves_out.filter(|_| !self.sees_all));
            // The listing was begun anew: what was missing before may be there now.
            if page.page == 0 {
                tally.gaps.remove(&parent);
            }
            return;
        }
        if !page.last {
            // The listing went on without the field that this answer refused.
            tally.refused_field = Some(reason(page.body.as_str()));
            return;
        }
        let status = if page.page == 0 { Status::Unavailable } else { Status::Partial };
        let gap = Gap { status, http_status: page.status, reason: reason(page.body.as_str()), is_file: false };
        tally.gaps.insert(parent, gap);
    }

    /// Takes note of what became of a file. One that is larger than the user wants is not missing.
    pub(crate) fn file(&mut self, file: &File<'_>) {
        let Some(resource) = catalog::resource(&file.of) else { return };
        let tally = self.resources.entry(resource.name).or_default();
        let of = (resource.singular, file.gid.to_string(), FILE.to_owned());
        if FileOutcome::parse(&file.outcome) == Some(FileOutcome::Failed) {
            let reason = file.reason.as_deref().unwrap_or("no reason given");
            let reason = format!("its file could not be downloaded: {reason}");
            let http_status = file.http_status.unwrap_or(0);
            tally.gaps.insert(of, Gap { status: Status::Unavailable, http_status, reason, is_file: true });
        } else {
            tally.gaps.remove(&of);
        }
    }

    /// Records that came inside other records.
    pub(crate) fn nested(&mut self, resource: &'static str, records: u64) {
        self.resources.entry(resource).or_default().records += records;
    }

    /// A line for each resource, in the order of their names.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let told = self.resources.iter().filter(|(_, tally)| !tally.is_beside_the_point());
        told.map(|(name, tally)| self.line(name, tally)).collect()
    }

    fn line(&self, resource: &'static str, tally: &Tally) -> Line {
        let own = tally.status();
        let (requests, records, gaps) = (tally.requests, tally.records, tally.gaps.len());
        let files = tally.gaps.values().filter(|gap| gap.is_file).count();
        let line = |status, http_status, reason| Line {
            resource,
            status,
            http_status,
            reason,
            requests,
            records,
            gaps,
            files,
        };
        if let Some(gap) = tally.gaps.values().next() {
            return line(own, gap.told_status(), Some(gap.reason.clone()));
        }
        if let Some(left_out) = tally.left_out {
            return line(own, None, Some(left_out.to_owned()));
        }
        match self.lack(resource, tally) {
            None => line(own, None, tally.refused_field.clone()),
            Some(Lack::Everything { from, gap }) => {
                let reason = format!("there is none without {from}: {}", gap.reason);
                // Where the cause has no line of its own, this one stands for it.
                let untold = self.resources.get(from).is_some_and(Tally::is_beside_the_point);
                Line { gaps: usize::from(untold), ..line(Status::Unavailable, gap.told_status(), Some(reason)) }
            }
            Some(Lack::Some { from }) => {
                line(Status::Partial, None, Some(format!("follows from {from}, which are not complete")))
            }
        }
    }

    /// Whether everything that was asked for was read. What Asana leaves out of its answers in silence does not count.
    pub(crate) fn is_complete(&self) -> bool {
        self.lines().iter().all(|line| line.gaps == 0)
    }

    /// Whether something is missing that is not for lack of a higher plan.
    pub(crate) fn may_go_better(&self) -> bool {
        self.resources.values().flat_map(|tally| tally.gaps.values()).any(|gap| gap.http_status != 402)
    }

    /// The rows of `export_coverage`, in the order of its key.
    pub(crate) fn rows(&self) -> Vec<[Cell<'static>; 8]> {
        let text = |text: String| Cell::Text(text.into());
        let mut rows = Vec::new();
        for line in self.lines() {
            rows.push([
                text(line.resource.to_owned()),
                text(String::new()),
                text(String::new()),
                text(line.status.label().to_owned()),
                line.http_status.map_or(Cell::Null, |status| Cell::Count(status.into())),
                line.reason.map_or(Cell::Null, text),
                Cell::Count(line.requests),
                Cell::Count(line.records),
            ]);
            // What the plan lacks, it lacks for every parent, and not only for the one that was asked.
            let tally = self.resources.get(line.resource).filter(|tally| !tally.is_not_in_plan());
            let gaps = tally.map(|tally| &tally.gaps);
            let mut told = ("", String::new());
            for ((kind, gid, _), gap) in gaps.into_iter().flatten().filter(|((kind, ..), _)| !kind.is_empty()) {
                // Several listings of one parent may be missing; the first speaks for them.
                if told.0 == *kind && told.1 == *gid {
                    continue;
                }
                told = (kind, gid.clone());
                rows.push([
                    text(line.resource.to_owned()),
                    text((*kind).to_owned()),
                    text(gid.clone()),
                    text(gap.status.label().to_owned()),
                    gap.told_status().map_or(Cell::Null, |status| Cell::Count(status.into())),
                    text(gap.reason.clone()),
                    Cell::Null,
                    Cell::Null,
                ]);
            }
        }
        rows
    }

    /// What even complete answers leave out, a sentence each.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let told = |(name, tally): (&&str, &Tally)| tally.left_out.map(|left_out| format!("{name}: {left_out}"));
        self.resources.iter().filter_map(told).collect()
    }

    /// What is missing, in words: one sentence for all that the plan lacks, then one for each resource that is not
    /// merely missing because another is.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut incomplete = self.lines();
        incomplete.retain(|line| line.gaps > 0);
        let (not_in_plan, others): (Vec<Line>, Vec<Line>) =
            incomplete.into_iter().partition(|line| line.http_status == Some(402));
        let names: Vec<&str> = not_in_plan.iter().map(|line| line.resource).collect();
        let not_in_plan =
            (!names.is_empty()).then(|| format!("{}: not in this workspace's plan (402)", names.join(", ")));
        not_in_plan.into_iter().chain(others.iter().map(Line::sentence)).collect()
    }
}

impl Line {
    fn sentence(&self) -> String {
        let why = match (self.http_status, &self.reason) {
            (Some(status), Some(reason)) => format!("{reason} ({status})"),
            (_, Some(reason)) => reason.clone(),
            (_, None) => "no reason given".to_owned(),
        };
        let of_files = self.files == self.gaps;
        match (self.status, self.gaps) {
            (Status::Unavailable, _) => format!("{}: {why}", self.resource),
            (_, 1) if of_files => format!("{}: of one, {why}", self.resource),
            (_, gaps) if of_files => format!("{}: {gaps} files are missing; of the first, {why}", self.resource),
            (_, gaps) if self.files > 0 => {
                format!("{}: {gaps} listings and files are not complete, the first: {why}", self.resource)
            }
            (_, 1) => format!("{}: one listing is not complete: {why}", self.resource),
            (_, gaps) => format!("{}: {gaps} listings are not complete, the first: {why}", self.resource),
        }
    }
}

/// Asana's words in an error body, or the body's beginning.
pub(crate) fn reason(body: &str) -> String {
    let said = || {
        let errors = raw::elements(Object::parse(body)?.get("errors")?)?;
        let message = Object::parse(errors.first()?)?.text("message")?.into_owned();
        (!message.is_empty()).then_some(message)
    };
    said().unwrap_or_else(|| match body.trim() {
        "" => "no reason given".to_owned(),
        text => text.chars().take(200).collect(),
    })
}

#[cfg(test)]
mod tests {
    use asana_archive::Body;

    use super::*;

    fn note(coverage: &mut Coverage, listing: &str, parent: &str, page: u64, status: u16, body: &str) {
        let page = Page {
            listing: listing.into(),
            parent: Some(parent.into()),
            variant: None,
            page,
            first: page * 100,
            last: true,
            path: "".into(),
            at: "".into(),
            status,
            body: Body::received(body.as_bytes()),
        };
        coverage.page(&page, if status == 200 { 2 } else { 0 });
    }

    const FORBIDDEN: &str = r#"{"errors":[{"message":"Forbidden"}]}"#;

    #[test]
    fn a_refused_parent_makes_its_resource_partial() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        note(&mut coverage, "sections", "1", 0, 200, "{}");
        note(&mut coverage, "sections", "2", 0, 403, FORBIDDEN);
        let line = coverage.lines().remove(0);
        assert_eq!((line.status, line.http_status, line.requests, line.records), (Status::Partial, Some(403), 2, 2));
        assert!(!coverage.is_complete());
        assert_eq!(coverage.sentences(), ["sections: one listing is not complete: Forbidden (403)"]);
        let rows = coverage.rows();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1][..4], ["sections", "project", "2", "unavailable"].map(Cell::text));
    }

    #[test]
    fn what_went_well_at_last_is_no_gap() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        note(&mut coverage, "stories_of_task", "1", 0, 502, "gave up");
        assert!(!coverage.is_complete());
        note(&mut coverage, "stories_of_task", "1", 0, 200, "{}");
        assert!(coverage.is_complete());
    }

    #[test]
    fn a_file_that_could_not_be_had_is_a_gap_until_it_can() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        note(&mut coverage, "attachments_of_task", "1", 0, 200, "{}");
        let file = |gid: &'static str, outcome: FileOutcome| File {
            of: "attachments".into(),
            gid: gid.into(),
            outcome: outcome.label().into(),
            http_status: Some(404),
            reason: Some("not found".into()),
            ..File::default()
        };
        coverage.file(&file("7", FileOutcome::TooLarge));
        assert!(coverage.is_complete(), "that is what the user wanted");
        coverage.file(&file("8", FileOutcome::Failed));
        assert_eq!(coverage.sentences(), ["attachments: of one, its file could not be downloaded: not found (404)"]);
        let rows = coverage.rows();
        assert_eq!(rows[1][..4], ["attachments", "attachment", "8", "unavailable"].map(Cell::text));
        assert_eq!((&rows[0][3], rows[1][4].clone()), (&Cell::text("partial"), Cell::Count(404)));
        coverage.file(&file("9", FileOutcome::Failed));
        assert!(coverage.sentences()[0].starts_with("attachments: 2 files are missing; of the first, its file"));
        coverage.file(&file("8", FileOutcome::Stored));
        coverage.file(&file("9", FileOutcome::Stored));
        assert!(coverage.is_complete());
    }

    #[test]
    fn a_narrower_question_makes_up_for_a_refused_one_as_far_as_it_goes() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        coverage.expect("portfolios");
        note(&mut coverage, "portfolios", "1", 0, 400, FORBIDDEN);
        note(&mut coverage, "own_portfolios", "1", 0, 200, "{}");
        let line = coverage.lines().remove(0);
        assert_eq!((line.status, line.requests, line.http_status), (Status::Partial, 2, None));
        assert!(line.reason.unwrap().contains("no others"), "what it leaves out is said");
        assert!(coverage.left_out()[0].starts_with("portfolios: "));
        assert!(coverage.is_complete() && coverage.sentences().is_empty(), "nothing was refused");
    }

    #[test]
    fn what_lists_leave_out_for_people_service_accounts_get() {
        for (viewer, complete) in [(Viewer::Admin, false), (Viewer::Unknown, false), (Viewer::ServiceAccount, true)] {
            let mut coverage = Coverage::new(Scope::Workspace, viewer);
            note(&mut coverage, "portfolios", "1", 0, 200, "{}");
            assert_eq!(coverage.lines()[0].status == Status::Complete, complete, "{viewer:?}");
        }
    }

    #[test]
    fn search_is_a_second_opinion() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        note(&mut coverage, "tasks_by_search", "1", 0, 402, FORBIDDEN);
        note(&mut coverage, "tasks_by_search", "1", 0, 200, "{}");
        note(&mut coverage, "tasks_with_attachments", "1", 0, 0, "every task is asked instead");
        assert!(coverage.is_complete());
        note(&mut coverage, "tasks_by_search", "1", 40, 0, "search shows no more of them");
        assert_eq!(coverage.sentences(), ["tasks: search shows no more of them"]);
        note(&mut coverage, "tasks_by_search", "1", 0, 200, "{}");
        assert!(coverage.is_complete(), "it was walked anew");
    }

    #[test]
    fn what_nobody_asked_for_and_no_plan_has_is_no_gap() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        coverage.expect("stories");
        note(&mut coverage, "goals", "1", 0, 402, FORBIDDEN);
        assert!(coverage.is_complete() && coverage.lines().len() == 1);
        note(&mut coverage, "projects", "1", 0, 403, FORBIDDEN);
        assert!(!coverage.is_complete(), "tasks hang from projects");
    }

    #[test]
    fn what_hangs_from_something_is_no_more_complete_than_that() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        coverage.expect("tasks");
        coverage.expect("stories");
        note(&mut coverage, "stories_of_task", "7", 0, 200, "{}");
        assert!(coverage.is_complete());
        note(&mut coverage, "tasks_of_project", "1", 0, 200, "{}");
        note(&mut coverage, "tasks_of_project", "2", 0, 404, FORBIDDEN);
        let stories = coverage.lines().into_iter().find(|line| line.resource == "stories").unwrap();
        assert_eq!((stories.status, stories.http_status), (Status::Partial, None));
        assert_eq!(stories.reason.as_deref(), Some("follows from tasks, which are not complete"));
        assert_eq!(coverage.sentences().len(), 1, "causes are told, not what follows from them");
    }

    #[test]
    fn without_goals_there_is_nothing_that_they_rest_on() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        for resource in ["goals", "goal_relationships", "projects", "memberships"] {
            coverage.expect(resource);
        }
        note(&mut coverage, "projects", "1", 0, 200, "{}");
        note(&mut coverage, "goals", "1", 0, 402, FORBIDDEN);
        let status = |name| {
            let line = coverage.lines().into_iter().find(|line| line.resource == name).unwrap();
            (line.status, line.http_status)
        };
        assert_eq!(status("goal_relationships"), (Status::Unavailable, Some(402)));
        assert_eq!(status("memberships"), (Status::Complete, None), "what no goal has, projects may have");
        assert_eq!(coverage.sentences(), ["goals: not in this workspace's plan (402)"]);
        let mut items = Coverage::new(Scope::Workspace, Viewer::Admin);
        items.expect("portfolio_items");
        note(&mut items, "portfolios", "1", 0, 402, FORBIDDEN);
        assert_eq!(items.sentences(), ["portfolio_items: not in this workspace's plan (402)"]);
        assert!(!items.is_complete());
        coverage.expect("time_periods");
        note(&mut coverage, "time_periods", "1", 0, 402, FORBIDDEN);
        assert_eq!(coverage.sentences(), ["goals, time_periods: not in this workspace's plan (402)"]);
        let of_goals = |rows: &[[Cell<'_>; 8]]| rows.iter().filter(|row| row[0] == Cell::text("goals")).count();
        assert_eq!(of_goals(&coverage.rows()), 1, "it concerns every parent");
    }

    #[test]
    fn nested_records_are_as_complete_as_what_holds_them() {
        let mut coverage = Coverage::new(Scope::Workspace, Viewer::Admin);
        coverage.expect("user_task_lists");
        note(&mut coverage, "workspace_memberships", "1", 0, 403, FORBIDDEN);
        let lines = coverage.lines();
        assert!(lines.iter().all(|line| line.status == Status::Unavailable), "{lines:?}");
    }
}
