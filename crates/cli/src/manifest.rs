//! Fills the manifest from what a run knows.

use std::collections::BTreeMap;

use asana_export::Manifest;
use asana_export::manifest::{self, CoverageStatus, MANIFEST_VERSION, Requests, Tool, Workspace};
use asana_fetch::Traffic;
use serde_json::{Map, Value, json};

use crate::build::Built;
use crate::coverage::Status;
use crate::header::RunHeader;
use crate::settings::Settings;

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
const NOT_READ: &[&str] = &[
    "tasks in no project, without assignee, tag or parent task: only task search finds them",
    "portfolios, goals, status updates, templates, time tracking and other kinds that are not in the coverage above",
    "the content of attached files",
];

/// `created_at` is the beginning of the first of the runs that filled the archive.
pub(crate) fn of(
    header: &RunHeader,
    created_at: String,
    settings: &Settings,
    traffic: Traffic,
    built: &Built,
    finished_at: String,
) -> Manifest {
    let lines = built.coverage.lines();
    Manifest {
        manifest_version: MANIFEST_VERSION,
        tool: Tool::this(env!("CARGO_PKG_VERSION")),
        created_at,
        started_at: header.started_at.clone(),
        finished_at,
        workspace: Workspace { gid: header.workspace.gid.clone(), name: header.workspace.name.clone() },
        token_user_gid: header.user.gid.clone(),
        token_user_name: Some(header.user.name.clone()).filter(|name| !name.is_empty()),
        route: header.route.clone(),
        selection: selection(header, settings),
        requests: Requests {
            sent: traffic.sent,
            archived_pages: built.archived_pages,
            retried: traffic.retried,
            rejected_429: traffic.rejected,
        },
        gaps: lines.iter().map(|line| line.gaps as u64).sum(),
        coverage: lines
            .into_iter()
            .map(|line| {
                let status = match line.status {
                    Status::Complete => CoverageStatus::Complete,
                    Status::Partial => CoverageStatus::Partial,
                    Status::Unavailable => CoverageStatus::Unavailable,
                };
                let (requests, records) = (line.requests, line.records);
                (line.resource.to_owned(), manifest::Coverage { status, reason: line.reason, requests, records })
            })
            .collect::<BTreeMap<_, _>>(),
        unknown_fields: built.unknown_fields.clone(),
        oddities: built.oddities,
        duplicates: built.duplicates,
        not_readable_by_any_api: NOT_READABLE.iter().map(|text| (*text).to_owned()).collect(),
        not_read_by_this_version: NOT_READ.iter().map(|text| (*text).to_owned()).collect(),
        tables: built.tables.clone(),
    }
}

fn selection(header: &RunHeader, settings: &Settings) -> Map<String, Value> {
    let formats: Vec<&str> = settings.formats.iter().map(|format| format.name).collect();
    let fields = [
        ("scope", json!(header.scope)),
        ("projects", json!(header.projects)),
        ("resources", json!(header.resources)),
        ("formats", json!(formats)),
        ("dialect", json!(settings.dialect.name())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
