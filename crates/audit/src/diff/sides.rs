//! The two exports that are compared, and what has to be known about them before anything is said of a difference.

use std::collections::BTreeSet;
use std::path::Path;

use asana_export::manifest::Viewer;
use asana_export::{Manifest, Opened, Reduced};
use asana_model::{Column, Layout};
use serde::Serialize;

use super::{Error, Result};

/// Two exports of one workspace, the earlier one first.
#[derive(Debug)]
pub struct Sides<'e> {
    pub(super) old: &'e Opened,
    pub(super) new: &'e Opened,
    /// What each was made without.
    reduced: [Reduced; 2],
    /// The folders that were named, the old one first.
    folders: [String; 2],
}

/// Both sides for a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Described {
    pub old: Side,
    pub new: Side,
}

/// An export, as its manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    pub folder: String,
    pub workspace_gid: String,
    pub workspace_name: String,
    /// UTC, ISO 8601, and so is the next.
    pub created_at: String,
    pub finished_at: String,
    pub tool: String,
    pub token_user_gid: String,
    pub token_user_name: Option<String>,
    pub viewer_kind: String,
    pub viewer_role: Option<String>,
}

impl<'e> Sides<'e> {
    /// Two exports with the folders by which they were named, which their tables may have come from or not; `force` allows
    /// for different workspaces.
    ///
    /// # Errors
    /// [`Error::SameFolder`] and [`Error::Workspaces`].
    pub fn new(
        (old_folder, old): (&Path, &'e Opened),
        (new_folder, new): (&Path, &'e Opened),
        force: bool,
    ) -> Result<Self> {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if whole(old_folder) == whole(new_folder) {
            return Err(Error::SameFolder);
        }
        let folders = [old_folder, new_folder].map(|folder| folder.display().to_string());
        let (from, to) = (&old.manifest().workspace, &new.manifest().workspace);
        if from.gid != to.gid && !force {
            let [old, new] = folders;
            return Err(Error::Workspaces {
                old,
                old_workspace: format!("{} ({})", from.name, from.gid),
                new,
                new_workspace: format!("{} ({})", to.name, to.gid),
            });
        }
        let reduced = [old, new].map(|side| side.manifest().reduced());
        Ok(Self { old, new, reduced, folders })
    }

    pub fn described(&self) -> Described {
        let [old, new] = &self.folders;
        Described { old: side(old, self.old), new: side(new, self.new) }
    }

    /// Whether one of them hides what stands in the column: nothing can be said of a change then.
    pub(super) fn hide(&self, column: &Column) -> bool {
        self.reduced.iter().any(|reduced| reduced.hides_column(column))
    }

    /// Every column that either side has, for whoever names one.
    pub fn columns(&self) -> Vec<&str> {
        let tables = [self.old, self.new].into_iter().flat_map(|side| &side.manifest().tables);
        tables.flat_map(|table| table.columns.iter().map(String::as_str)).collect()
    }

    /// What a reader has to know first.
    pub(super) fn notes(&self) -> Vec<String> {
        let (old, new) = (self.old.manifest(), self.new.manifest());
        let mut notes = Vec::new();
        if new.created_at < old.created_at {
            notes.push("NEW was made before OLD".to_owned());
        }
        for (label, reduced) in ["OLD", "NEW"].into_iter().zip(&self.reduced) {
            if !reduced.redacted.is_empty() {
                notes.push(format!("{label} hides texts of the classes {}", reduced.classes()));
            }
            if let Some(since) = &reduced.since {
                notes.push(format!(
                    "{label} was made without tasks that last changed before {since} and what belongs to them"
                ));
            }
        }
        let mut doubts: Vec<String> = [doubt(old, new, "NEW"), doubt(new, old, "OLD")].into_iter().flatten().collect();
        doubts.dedup();
        notes.extend(
            doubts.into_iter().map(|doubt| format!("{doubt}, so nothing can be inferred from a row's absence")),
        );
        let wide: BTreeSet<&str> = [old, new]
            .into_iter()
            .flat_map(|side| &side.tables)
            .filter(|report| report.is_wide())
            .map(|report| report.name.as_str())
            .collect();
        if !wide.is_empty() {
            let wide = wide.into_iter().collect::<Vec<_>>().join(", ");
            notes.push(format!(
                "{wide}: not compared as such, but as what they show: the tables with a row for each custom field value"
            ));
        }
        if old.tool.version != new.tool.version {
            let (old, new) = (&old.tool.version, &new.tool.version);
            notes.push(format!("OLD was made by version {old} and NEW by version {new}"));
        }
        notes
    }
}

fn side(folder: &str, export: &Opened) -> Side {
    let Manifest { workspace, tool, created_at, finished_at, token_user_gid, token_user_name, viewer, .. } =
        export.manifest();
    Side {
        folder: folder.to_owned(),
        workspace_gid: workspace.gid.clone(),
        workspace_name: workspace.name.clone(),
        created_at: created_at.clone(),
        finished_at: finished_at.clone(),
        tool: format!("{} {}", tool.name, tool.version),
        token_user_gid: token_user_gid.clone(),
        token_user_name: token_user_name.clone(),
        viewer_kind: viewer.kind.clone(),
        viewer_role: viewer.role.clone(),
    }
}

/// Why the absence of anything in `lacking` says nothing, if that is so; `label` is how `lacking` is called.
pub(super) fn doubt(having: &Manifest, lacking: &Manifest, label: &str) -> Option<String> {
    let other = if label == "NEW" { "OLD" } else { "NEW" };
    if having.workspace.gid != lacking.workspace.gid {
        return Some("the exports are of different workspaces".to_owned());
    }
    if having.token_user_gid != lacking.token_user_gid {
        return Some("the exports were made with tokens of different people".to_owned());
    }
    if (&having.viewer.kind, &having.viewer.role) != (&lacking.viewer.kind, &lacking.viewer.role) {
        let (having, lacking) = (standing(&having.viewer), standing(&lacking.viewer));
        // In the order of time, whichever of the two lacks something.
        let (then, now) = if label == "NEW" { (having, lacking) } else { (lacking, having) };
        return Some(format!("the token's owner was {then} in OLD and is {now} in NEW"));
    }
    if lacking.selection.get("scope").is_some_and(|scope| scope == "projects") {
        return Some(format!("{label} holds chosen projects only"));
    }
    if lacking.route != having.route {
        let (having, lacking) = (&having.route, &lacking.route);
        return Some(format!("{label} was made by way of {lacking} and {other} by {having}"));
    }
    None
}

fn standing(viewer: &Viewer) -> String {
    viewer.role.clone().unwrap_or_else(|| viewer.kind.clone())
}

/// Reads some columns of a table, row by row; nothing if the side does not have the table. A column that is not there, or
/// null, is absent.
pub(super) fn read_columns<const N: usize>(
    side: &Opened,
    layout: &Layout,
    table: &str,
    columns: [&str; N],
    mut row: impl FnMut([Option<&str>; N]),
) -> Result<()> {
    let Some(report) = side.report(table) else { return Ok(()) };
    let mut file = side.table(report, layout)?;
    let places = columns.map(|column| file.table().column(column));
    let mut rows = file.rows();
    while let Some(cells) = rows.next()? {
        let texts = places.map(|place| super::shown(cells.get(place?)?));
        row(std::array::from_fn(|at| texts.get(at).and_then(Option::as_deref)));
    }
    Ok(())
}
