//! What the archive says about a run at its beginning: enough to know whether another run may go on with it.

use std::collections::BTreeSet;
use std::path::Path;

use asana_archive::{Entry, Reader};
use asana_export::manifest::Tool;
use asana_fetch::{Identity, Selection, WorkspaceSeen};
use asana_model::catalog::{self, Scope};
use serde::{Deserialize, Serialize};

use crate::exit::CliError;
use crate::viewer::Viewer;

/// `{"tool":"asana-workspace 0.1.0","started_at":…,"workspace":{gid,name},"user":{gid,name},"route":"rest",…}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunHeader {
    pub(crate) tool: String,
    pub(crate) started_at: String,
    pub(crate) base_url: String,
    pub(crate) route: String,
    pub(crate) workspace: Who,
    pub(crate) user: Who,
    /// `workspace`, or `projects` when only chosen ones are exported.
    pub(crate) scope: String,
    pub(crate) projects: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) via_search: bool,
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

impl RunHeader {
    pub(crate) fn new(
        started_at: &str,
        workspace: &WorkspaceSeen,
        me: &Identity,
        viewer: Viewer,
        selection: &Selection,
        base_url: &str,
    ) -> Self {
        Self {
            tool: concat!("asana-workspace ", env!("CARGO_PKG_VERSION")).to_owned(),
            started_at: started_at.to_owned(),
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
            viewer,
        }
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
