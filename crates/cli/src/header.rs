//! What the archive says about a run at its beginning: enough to know whether another run may go on with it.

use std::collections::BTreeSet;
use std::path::Path;

use asana_archive::{Entry, Reader};
use asana_export::manifest::Tool;
use asana_fetch::{Identity, Selection, WorkspaceSeen};
use asana_model::catalog::{self, Scope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::exit::CliError;
use crate::viewer::Viewer;

/// `{"tool":"asana-workspace 0.1.0","started_at":…,"workspace":{gid,name},"user":{gid,name},"route":"rest",…}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunHeader {
    pub(crate) tool: String,
    pub(crate) started_at: String,
    /// What time that was at Asana, by the dates of its answers.
    #[serde(default)]
    pub(crate) asana_time: Option<String>,
    pub(crate) base_url: String,
    pub(crate) route: String,
    pub(crate) workspace: Who,
    pub(crate) user: Who,
    /// `workspace`, or `projects` when only chosen ones are exported.
    pub(crate) scope: String,
    pub(crate) projects: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) via_search: bool,
    /// Files were to be downloaded; runs before there were downloads do not say so.
    #[serde(default)]
    pub(crate) downloads: bool,
    /// No larger files, in bytes.
    #[serde(default)]
    pub(crate) largest_file: Option<u64>,
    pub(crate) viewer: Viewer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Who {
    pub(crate) gid: String,
    pub(crate) name: String,
}

/// The scope of an export of chosen projects.
const PROJECTS: &str = "projects";

fn on_off(on: bool) -> String {
    if on { "auto" } else { "off" }.to_owned()
}

fn wanted(downloads: bool) -> String {
    if downloads { "files" } else { "list" }.to_owned()
}

fn size(largest: Option<u64>) -> String {
    largest.map_or_else(|| "any size".to_owned(), |bytes| format!("{bytes} bytes"))
}

impl RunHeader {
    pub(crate) fn new(
        (started_at, asana_time): (&str, Timestamp),
        workspace: &WorkspaceSeen,
        me: &Identity,
        viewer: Viewer,
        selection: &Selection,
        base_url: &str,
    ) -> Self {
        Self {
            tool: concat!("asana-workspace ", env!("CARGO_PKG_VERSION")).to_owned(),
            started_at: started_at.to_owned(),
            asana_time: Some(format!("{asana_time:.3}")),
            base_url: base_url.to_owned(),
            route: "rest".to_owned(),
            workspace: Who { gid: workspace.gid.clone(), name: workspace.name.clone() },
            user: Who { gid: me.gid.clone(), name: me.name.clone().unwrap_or_default() },
            scope: match selection.scope {
                Scope::Workspace => "workspace",
                Scope::Projects => PROJECTS,
            }
            .to_owned(),
            projects: selection.chosen.iter().map(ToString::to_string).collect(),
            resources: selection.resources.iter().map(|name| (*name).to_owned()).collect(),
            via_search: selection.via_search,
            downloads: selection.downloads.is_some(),
            largest_file: selection.downloads.and_then(|downloads| downloads.largest),
            viewer,
        }
    }

    /// When it began, by Asana's clock if that is known.
    ///
    /// # Errors
    /// A usage error when neither is a time.
    pub(crate) fn began(&self) -> Result<Timestamp, CliError> {
        let text = self.asana_time.as_ref().unwrap_or(&self.started_at);
        text.parse()
            .map_err(|_| CliError::Usage(format!("the archive's first run began at {text:?}, which is no time")))
    }

    /// The program that wrote it; `None` when it does not look like one.
    pub(crate) fn made_by(&self) -> Option<Tool> {
        let (name, version) = self.tool.rsplit_once(' ')?;
        Some(Tool { name: name.to_owned(), version: version.to_owned() })
    }

    /// The resources that were asked for, of those that this version knows.
    pub(crate) fn known_resources(&self) -> BTreeSet<&'static str> {
        self.resources.iter().filter_map(|name| catalog::resource(name)).map(|resource| resource.name).collect()
    }

    pub(crate) fn scope(&self) -> Scope {
        if self.scope == PROJECTS { Scope::Projects } else { Scope::Workspace }
    }

    /// The header of the first run that wrote to an archive.
    ///
    /// # Errors
    /// A usage error when it is of another version of the program.
    pub(crate) fn first(archive: &Path) -> Result<Option<Self>, CliError> {
        let mut reader = Reader::open_recovering(archive)?;
        let Some(Entry::Run(line)) = reader.next_entry()? else { return Ok(None) };
        serde_json::from_str(line.get()).map(Some).map_err(|_| {
            CliError::Usage(
                "the folder holds an interrupted run of another version; finish it with that version, or start over \
                 with --fresh"
                    .to_owned(),
            )
        })
    }

    /// Makes sure that a run can go on with what an interrupted one left.
    ///
    /// # Errors
    /// A usage error that names what differs.
    pub(crate) fn check_against(&self, earlier: &Self) -> Result<(), CliError> {
        let differences: Vec<String> = [
            ("the workspace", &earlier.workspace.gid, &self.workspace.gid),
            ("the token's user", &earlier.user.gid, &self.user.gid),
            ("the resources", &earlier.resources.join(","), &self.resources.join(",")),
            ("the projects", &earlier.projects.join(","), &self.projects.join(",")),
            ("the scope", &earlier.scope, &self.scope),
            ("attachments", &wanted(earlier.downloads), &wanted(self.downloads)),
            ("the largest file", &size(earlier.largest_file), &size(self.largest_file)),
            ("the use of search", &on_off(earlier.via_search), &on_off(self.via_search)),
        ]
        .into_iter()
        .filter(|(_, before, now)| before != now)
        .map(|(what, before, now)| format!("\n  {what}: {before} before, {now} now"))
        .collect();
        if differences.is_empty() {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "the folder holds an interrupted run with other settings; run that command again to finish it, choose \
             another --out, or start over with --fresh. What differs:{}",
            differences.concat()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> RunHeader {
        let who = |gid: &str| Who { gid: gid.to_owned(), name: "N".to_owned() };
        RunHeader {
            tool: "asana-workspace 0.1.0".to_owned(),
            started_at: "2026-11-24T09:30:00.000Z".to_owned(),
            asana_time: None,
            base_url: "https://app.asana.com/api/1.0".to_owned(),
            route: "rest".to_owned(),
            workspace: who("1"),
            user: who("2"),
            scope: PROJECTS.to_owned(),
            projects: vec!["3".to_owned(), "4".to_owned()],
            resources: vec!["tags".to_owned()],
            via_search: true,
            downloads: true,
            largest_file: None,
            viewer: Viewer::Member,
        }
    }

    #[test]
    fn each_setting_that_matters_is_named_with_what_it_was_and_is() {
        let check = |change: fn(&mut RunHeader), expected: &str| {
            let mut now = header();
            change(&mut now);
            let error = now.check_against(&header()).unwrap_err().to_string();
            assert_eq!(error.lines().skip(1).collect::<Vec<_>>(), [expected], "{error}");
            assert!(error.contains("--fresh") && error.contains("--out"), "{error}");
        };
        check(|now| now.workspace.gid = "9".to_owned(), "  the workspace: 1 before, 9 now");
        check(|now| now.user.gid = "9".to_owned(), "  the token's user: 2 before, 9 now");
        check(|now| now.resources.push("tasks".to_owned()), "  the resources: tags before, tags,tasks now");
        check(|now| now.projects.clear(), "  the projects: 3,4 before,  now");
        check(|now| now.scope = "workspace".to_owned(), "  the scope: projects before, workspace now");
        check(|now| now.downloads = false, "  attachments: files before, list now");
        check(|now| now.largest_file = Some(7), "  the largest file: any size before, 7 bytes now");
        check(|now| now.via_search = false, "  the use of search: auto before, off now");
    }

    #[test]
    fn what_matters_not_may_differ() {
        let mut now = header();
        now.started_at.clear();
        now.workspace.name = "Renamed".to_owned();
        now.viewer = Viewer::Admin;
        assert!(now.check_against(&header()).is_ok());
        let mut several = header();
        (several.workspace.gid, several.via_search) = ("9".to_owned(), false);
        assert_eq!(several.check_against(&header()).unwrap_err().to_string().lines().count(), 3);
    }
}
