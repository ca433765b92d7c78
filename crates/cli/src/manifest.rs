//! Fills the manifest from what a run knows.

use std::collections::{BTreeMap, BTreeSet};

use asana_export::manifest::{
    self, Archive, ChangedDuringRun, Completeness, CoverageStatus, KeptFiles, MANIFEST_VERSION, Requests, TaskSearch,
    Tool, Workspace,
};
use asana_export::progress::{bytes, count};
use asana_export::{Manifest, REDACTED, Style, View};
use asana_fetch::{AsanaChange, Traffic};
use asana_model::{Class, Layout, Sensitive, Table, catalog};
use serde_json::{Map, Value, json};

use crate::build::{Built, Kept, Reconciled, State};
use crate::coverage::Status;
use crate::header::RunHeader;
use crate::share;
use crate::viewer::Viewer;

/// What no API can read, for anyone. Source: the description of Asana's API has no operation that reads them.
const NOT_READABLE: &[&str] = &[
    "rules and other automations",
    "forms and their layout",
    "dashboards and charts",
    "saved views and searches",
    "tabs, column layout and colours of views",
    "messages (only a service account's resource export has them)",
    "objects in the trash",
    "the text of notifications",
];

/// What a copy made by this version lacks although some way to it exists.
const NOT_READ: &[&str] = &["events that Asana keeps for a day, and jobs and exports that others began"];

/// The same, without downloads and with them.
const NO_FILES: &str = "the content of attached files (--attachments files downloads those that Asana holds)";
const NO_FOREIGN_FILES: &str = "the content of attached files that other services hold";

/// What a copy lacks when task search could not be used.
const ONLY_BY_SEARCH: &[&str] = &[
    "tasks in no project, without assignee, tag and parent task: only task search finds them, and it was not used",
    "what changed during the run in tasks that are in no project and nobody's, such as most subtasks: only task search \
     tells of it, and it was not used",
];

/// What was chosen for the tables, whatever was fetched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'a> {
    pub(crate) style: &'a Style,
    /// Resources whose tables are written.
    pub(crate) resources: &'a BTreeSet<&'static str>,
    pub(crate) wide: bool,
}

impl Chosen<'_> {
    /// Whether the table is written.
    pub(crate) fn writes(&self, table: &Table) -> bool {
        table.resource.is_none_or(|resource| self.resources.contains(resource))
    }
}

/// What the last run took, and what Asana announced in it.
#[derive(Debug)]
pub(crate) struct Effort {
    pub(crate) requests: Requests,
    pub(crate) changes: Vec<manifest::AsanaChange>,
}

pub(crate) fn effort(traffic: &Traffic, changes: &[AsanaChange]) -> Effort {
    let Traffic { sent, retried, rejected, retries_by_reason, peak_in_flight: _ } = traffic.clone();
    let change = |change: &AsanaChange| {
        let AsanaChange { name, info, affected } = change.clone();
        manifest::AsanaChange { name, info, affected }
    };
    Effort {
        requests: Requests { sent, retried, rejected_429: rejected, retries_by_reason, ..Requests::default() },
        changes: changes.iter().map(change).collect(),
    }
}

/// `created_at` is the beginning of the first of the runs that filled the archive; `effort` tells of the last one.
pub(crate) fn of(
    header: &RunHeader,
    created_at: String,
    chosen: Chosen<'_>,
    effort: &Effort,
    built: &Built,
    archive: Archive,
    finished_at: String,
) -> Manifest {
    let lines = built.coverage.lines();
    let of_files = if header.downloads { NO_FOREIGN_FILES } else { NO_FILES };
    let mut not_read: Vec<String> = [of_files].iter().chain(NOT_READ).map(|text| (*text).to_owned()).collect();
    if built.search.state != State::Complete && chosen.resources.contains("tasks") {
        not_read.extend(ONLY_BY_SEARCH.iter().map(|text| (*text).to_owned()));
    }
    let view = &chosen.style.view;
    let told = |resource: &'static str, name: &str| view.told(catalog::To::One(resource).called(), name);
    let tool = Tool::this(env!("CARGO_PKG_VERSION"));
    let fetched_by = header.made_by().filter(|other| *other != tool);
    Manifest {
        manifest_version: MANIFEST_VERSION,
        tool,
        fetched_by,
        created_at,
        started_at: header.started_at.clone(),
        finished_at,
        workspace: Workspace {
            gid: header.workspace.gid.clone(),
            name: told("workspaces", &header.workspace.name).unwrap_or_default(),
        },
        token_user_gid: header.user.gid.clone(),
        token_user_name: told("users", &header.user.name).filter(|name| !name.is_empty()),
        viewer: header.viewer.for_manifest(),
        route: header.route.clone(),
        selection: selection(header, chosen),
        requests: Requests { archived_pages: built.archived_pages, ..effort.requests.clone() },
        asana_changes: effort.changes.clone(),
        gaps: lines.iter().map(|line| line.gaps as u64).sum(),
        files: header.downloads.then(|| {
            let Kept { stored, bytes, failed, too_large } = built.kept;
            KeptFiles { stored, bytes, failed, too_large }
        }),
        completeness: completeness(built, view),
        coverage: lines
            .into_iter()
            .map(|line| {
                let status = match line.status {
                    Status::Complete => CoverageStatus::Complete,
                    Status::Partial => CoverageStatus::Partial,
                    Status::Unavailable => CoverageStatus::Unavailable,
                };
                let (requests, records) = (line.requests, line.records);
                let coverage = manifest::Coverage {
                    status,
                    http_status: line.http_status,
                    reason: line.reason.and_then(|reason| reason_told(view, reason)),
                    requests,
                    records,
                };
                (line.resource.to_owned(), coverage)
            })
            .collect::<BTreeMap<_, _>>(),
        unknown_fields: built.unknown_fields.clone(),
        oddities: built.oddities,
        duplicates: built.duplicates,
        not_readable_by_any_api: NOT_READABLE.iter().map(|text| (*text).to_owned()).collect(),
        not_read_by_this_version: not_read,
        archive,
        tables: built.tables.clone(),
        other_files: built.other_files.clone(),
    }
}

/// A reason in Asana's words may tell anything; those of the catalogue do not.
fn reason_told(view: &View, reason: String) -> Option<String> {
    let mut own = catalog::listings().filter_map(|(_, listing)| listing.leaves_out);
    if own.any(|own| own == reason) { Some(reason) } else { view.told(Sensitive::Of(&Class::ALL), &reason) }
}

fn completeness(built: &Built, view: &View) -> Completeness {
    let Reconciled { state, found, only_by_search, not_readable, unknown_to_search } = built.search.clone();
    Completeness {
        task_search: TaskSearch {
            status: state.label().to_owned(),
            reason: state.reason().and_then(|reason| reason_told(view, reason.to_owned())),
            found,
            only_by_search,
            not_readable,
            unknown_to_search,
        },
        subtasks: manifest::Subtasks {
            parents: built.subtasks.parents,
            said: built.subtasks.said,
            read: built.subtasks.read,
            differences: built.subtasks.differences,
        },
        seen_not_readable: built.unresolved.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect(),
        changed_during_run: ChangedDuringRun {
            passes: built.changed.passes.len() as u64,
            records: built.changed.records,
        },
    }
}

/// What was compared and found, for the summary: what is as it should be needs no words.
pub(crate) fn notes(viewer: Viewer, built: &Built, downloads: bool) -> Vec<String> {
    let mut notes = vec![format!("seen with {}; the manifest says what that implies", viewer.whose())];
    notes.extend(built.coverage.left_out());
    let search = &built.search;
    match &search.state {
        State::Complete => notes.push(match search.only_by_search {
            0 => format!("task search names {} tasks, all of them in listings too", search.found),
            more => format!("task search names {} tasks; {more} of them no listing shows", search.found),
        }),
        State::Incomplete(reason) | State::Unavailable(reason) => {
            notes.push(format!("task search, the second route to tasks, was not of use: {reason}"));
        }
        State::NotUsed => {}
    }
    if search.not_readable > 0 {
        notes.push(format!("{} tasks that search names could not be read", search.not_readable));
    }
    if built.subtasks.differences > 0 {
        notes.push(format!(
            "{} tasks have other numbers of subtasks than they say (export_oddities)",
            built.subtasks.differences
        ));
    }
    if !built.unresolved.is_empty() {
        let kind = |(name, number): (&&'static str, &u64)| {
            let one = catalog::resource(name).filter(|_| *number == 1).map(|resource| resource.singular);
            format!("{number} {}", one.unwrap_or(name).replace('_', " "))
        };
        let kinds: Vec<String> = built.unresolved.iter().map(kind).collect();
        notes.push(format!("seen in references, but not readable: {} (export_unresolved)", kinds.join(", ")));
    }
    if downloads {
        let Kept { stored, bytes: size, too_large, .. } = built.kept;
        notes.push(format!(
            "{} of {} are beside the tables",
            count(stored, "downloaded file", "downloaded files"),
            bytes(size)
        ));
        if too_large > 0 {
            let files = count(too_large, "file is", "files are");
            notes.push(format!("{files} larger than --max-attachment-size and not downloaded"));
        }
    }
    if built.changed.records > 0 {
        notes.push(format!("{} changed tasks were read again", built.changed.records));
    }
    notes
}

fn selection(header: &RunHeader, chosen: Chosen<'_>) -> Map<String, Value> {
    let Style { csv, .. } = chosen.style;
    let fields = [
        ("scope", json!(header.scope)),
        ("projects", json!(header.projects)),
        ("resources", json!(chosen.resources)),
        ("formats", json!(chosen.style.names().collect::<Vec<_>>())),
        ("dialect", json!(csv.dialect().name())),
    ];
    // The usual ones are not worth a word.
    let unusual = [
        csv.unusual_delimiter().map(|delimiter| ("delimiter", json!(delimiter))),
        Some(csv.null()).filter(|text| !text.is_empty()).map(|text| ("null_string", json!(text))),
        chosen.wide.then_some((manifest::WIDE, json!(true))),
    ];
    let fields = fields.into_iter().chain(unusual.into_iter().flatten());
    let mut selection: Map<String, Value> = fields.map(|(name, value)| (name.to_owned(), value)).collect();
    let reduced = chosen.style.view.reduced();
    for (name, mut value) in reduced.entries() {
        if let (REDACTED, Some(redacted)) = (name, value.as_object_mut()) {
            let layout = Layout::new();
            let tables = layout.tables.iter().filter(|table| chosen.writes(table));
            let stayed = share::stayed(reduced, tables);
            let stayed: BTreeMap<&str, usize> =
                stayed.iter().map(|(class, columns)| (class.name(), *columns)).collect();
            redacted.insert("stayed".to_owned(), json!(stayed));
        }
        selection.insert(name.to_owned(), value);
    }
    selection
}
