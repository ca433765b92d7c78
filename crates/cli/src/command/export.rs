//! `export`: first calls, fetch, build, manifest, summary. Wiring only.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use asana_archive::{Reader, Writer};
use asana_export::progress::Watcher;
use asana_export::summary::{Summary, render};
use asana_export::{Folder, Fresh, Manifest, Target};
use asana_fetch::{Crawl, FetchError, Seed, Selection, Token, Traffic, WorkspaceSeen};
use asana_model::{Event, Gid, Layout, Reporter};
use tokio_util::sync::CancellationToken;

use crate::build::{Built, Plan};
use crate::exit::{CliError, Exit};
use crate::header::RunHeader;
use crate::manifest::{self, Chosen};
use crate::session::{Opened, Session};
use crate::settings::Settings;
use crate::viewer::Viewer;

/// What the exports of one run of the program share.
struct Exporter<'a> {
    session: Session<'a>,
    watcher: &'a Arc<Watcher>,
}

/// Exports the workspaces that the settings name; adds a summary for each that was finished.
///
/// # Errors
/// Whatever stopped it. What was fetched by then is in the folder, and the same command goes on from there.
pub(crate) async fn run(
    settings: &Settings,
    token: Token,
    cancel: CancellationToken,
    watcher: &Arc<Watcher>,
    summaries: &mut Vec<String>,
) -> Result<Exit, CliError> {
    let reporter = Arc::clone(watcher) as Arc<dyn Reporter>;
    let Opened { session, workspaces, mut seeds } = Session::open(settings, token, cancel, reporter).await?;
    let exporter = Exporter { session, watcher };
    let one_folder = settings.workspace.as_deref() != Some("all");
    let mut exit = Exit::Complete;
    // The first calls count for the first workspace.
    let mut before = Traffic::default();
    for workspace in &workspaces {
        let out = if one_folder { settings.out.clone() } else { folder_of(&settings.out, &workspace.gid)? };
        let one = match exporter.export(workspace, &out, std::mem::take(&mut seeds), &before).await {
            Ok((one, summary)) => {
                summaries.push(summary);
                one
            }
            // Of several workspaces, those that an earlier run finished are not what stops this one. Nor is an export
            // that lacks nothing, where what is lacking was to be asked for again.
            Err(CliError::Export(asana_export::Error::Finished { path }))
                if !one_folder || settings.fresh == Fresh::Reopen =>
            {
                watcher.report(&Event::Note { text: format!("{} is finished already", path.display()) });
                finished_before(&path, settings.strict)?
            }
            Err(error) => return Err(error),
        };
        if one != Exit::Complete {
            exit = one;
        }
        before = exporter.session.client.traffic();
    }
    Ok(exit)
}

impl Exporter<'_> {
    async fn export(
        &self,
        workspace: &WorkspaceSeen,
        out: &Path,
        seeds: Vec<Seed>,
        before: &Traffic,
    ) -> Result<(Exit, String), CliError> {
        let started = Instant::now();
        let (started_at, asana_time) = (crate::now(), self.session.client.asana_time());
        let fresh = self.session.settings.fresh;
        // What the user named is looked up first: a mistake leaves no folder behind.
        let selection = self.session.selection(workspace).await?;
        let folder = Folder::open(out, fresh)?;
        // That is, to be completed: there has to be something to complete.
        if folder.is_finished() && fresh == Fresh::Reopen && Manifest::read(folder.path())?.gaps == 0 {
            return Err(asana_export::Error::Finished { path: out.to_owned() }.into());
        }
        self.watcher.report(&Event::RunStarted {
            workspace: workspace.name.clone(),
            folder: folder.path().display().to_string(),
        });
        self.session.choose_quota(workspace).await?;
        let viewer = Viewer::find(&self.session.client, workspace).await?;
        let header = RunHeader::new(
            (&started_at, asana_time),
            workspace,
            &self.session.me,
            viewer,
            &selection,
            &self.session.settings.base_url,
        );
        let scope = selection.scope;
        let created_at = self.fetch(&folder, workspace, selection, &header, seeds, before).await?;
        self.watcher.report(&Event::FetchFinished);
        let layout = Layout::new();
        let built = tokio::task::block_in_place(|| {
            let plan = Plan {
                archive: &folder.archive_dir(),
                temp: &folder.temp_dir(),
                target: Target::from(&folder),
                layout: &layout,
                resources: &self.session.settings.resources,
                scope,
                viewer,
                style: &self.session.settings.style,
                means: self.session.settings.means,
                wide: self.session.settings.wide,
            };
            self.watcher.expect_tables(plan.tables());
            plan.build(self.watcher.as_ref())
        })?;
        let traffic = self.session.client.traffic().since(before);
        let effort = manifest::effort(&traffic, &self.session.client.changes());
        let Settings { style, resources, wide, .. } = self.session.settings;
        let chosen = Chosen { style, resources, wide: *wide };
        let archive = folder.archived()?;
        let manifest = manifest::of(&header, created_at, chosen, &effort, &built, archive, crate::now());
        manifest.write(&folder)?;
        let exit = Exit::of(built.coverage.is_complete(), self.session.settings.strict);
        self.watcher.report(&Event::RunFinished { exit_code: exit as u8 });
        Ok((exit, summary(workspace, out, self.session.settings, &traffic, viewer, &built, started)))
    }

    /// Brings the archive up to date with the selection, going on with an interrupted run if there is one; says when
    /// the first run into it began.
    async fn fetch(
        &self,
        folder: &Folder,
        workspace: &WorkspaceSeen,
        selection: Selection,
        header: &RunHeader,
        seeds: Vec<Seed>,
        traffic_before: &Traffic,
    ) -> Result<String, CliError> {
        let archive = folder.archive_dir();
        let earlier = if folder.has_archive() { RunHeader::first(&archive)? } else { None };
        if let Some(earlier) = &earlier {
            header.check_against(earlier)?;
        }
        folder.reopen()?;
        let (mut writer, _recovery) = Writer::open(&archive)?;
        let replay = earlier.as_ref().map(|_| Reader::open(&archive)).transpose()?;
        writer.append_run(header)?;
        let first = earlier.as_ref().unwrap_or(header);
        let (began_at, started_at) = (first.started_at.clone(), first.began()?);
        let crawl = Crawl {
            client: Arc::clone(&self.session.client),
            selection,
            workspace: Gid::new(&workspace.gid),
            concurrency: self.session.settings.concurrency,
            archive,
            folder: folder.path().to_owned(),
            traffic_before: traffic_before.clone(),
            retry_gaps: self.session.settings.fresh == Fresh::Reopen,
            started_at,
        };
        crawl.run(writer, replay, seeds).await?;
        Ok(began_at)
    }
}

/// The folder of one workspace of several. A server's gid becomes a folder's name only if it cannot lead elsewhere.
fn folder_of(out: &Path, gid: &str) -> Result<PathBuf, CliError> {
    if gid.is_empty() || !gid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let found = format!("a workspace whose gid cannot be the name of a folder: {gid}");
        return Err(CliError::Fetch(FetchError::NotAsana { url: "the API".to_owned(), found }));
    }
    Ok(out.join(gid))
}

/// How the export in `folder` ended, by its manifest.
fn finished_before(folder: &Path, strict: bool) -> Result<Exit, CliError> {
    let manifest = Manifest::read(folder)?;
    Ok(Exit::of(manifest.gaps == 0, strict))
}

fn summary(
    workspace: &WorkspaceSeen,
    out: &Path,
    settings: &Settings,
    traffic: &Traffic,
    viewer: Viewer,
    built: &Built,
    started: Instant,
) -> String {
    let summary = Summary {
        workspace: workspace.name.clone(),
        folder: out.display().to_string(),
        tables: built.tables.iter().map(|table| (table.name.clone(), table.rows)).collect(),
        requests: traffic.sent,
        retries: traffic.retried,
        rejected: traffic.rejected,
        retries_by_reason: traffic.retries_by_reason.clone().into_iter().collect(),
        elapsed: started.elapsed(),
        notes: manifest::notes(viewer, built, settings.downloads.is_some()),
        gaps: built.coverage.sentences(),
        may_go_better: built.coverage.may_go_better(),
        unknown_fields: built.unknown_fields.keys().cloned().collect(),
        oddities: built.oddities,
        duplicates: built.duplicates,
        formats: settings.style.names().map(str::to_owned).collect(),
    };
    render(&summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_gid_leads_out_of_the_folder() {
        assert_eq!(folder_of(Path::new("out"), "1201").unwrap(), Path::new("out/1201"));
        for gid in ["", ".", "..", "../x", "/etc", "a/b", "a\\b", "C:", "1\u{0}", "1 2"] {
            assert!(folder_of(Path::new("out"), gid).is_err(), "{gid:?}");
        }
    }
}
