//! `export`: first calls, fetch, build, manifest, summary. Wiring only.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use asana_archive::{Reader, Writer};
use asana_export::manifest::Requests;
use asana_export::progress::Watcher;
use asana_export::summary::{Summary, render};
use asana_export::{Folder, Fresh, Manifest, Target};
use asana_fetch::{Client, ClientSettings, Crawl, Identity, Quota, Seed, Selection, Token, Traffic, WorkspaceSeen};
use asana_model::catalog::Scope;
use asana_model::{Event, Gid, Layout, Reporter};
use tokio_util::sync::CancellationToken;

use crate::build::{Built, Plan};
use crate::exit::{CliError, Exit};
use crate::header::RunHeader;
use crate::settings::{Rate, Settings};
use crate::viewer::Viewer;
use crate::{manifest, scope};

/// What every export of one run of the program shares.
struct Session<'a> {
    settings: &'a Settings,
    client: Arc<Client>,
    me: Identity,
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
    let client_settings = ClientSettings {
        base_url: settings.base_url.clone(),
        token,
        // Until the plan is known, the lower quota is safe.
        quota: match settings.rate {
            Rate::Auto => Quota::FREE,
            Rate::Fixed(quota) => quota,
        },
        concurrency: settings.concurrency,
    };
    let client = Arc::new(Client::new(&client_settings, cancel, Arc::clone(watcher) as Arc<dyn Reporter>)?);
    let me = client.me().await?;
    let (seen, mut seeds) = client.workspaces().await?;
    let chosen = scope::workspaces(settings.workspace.as_deref(), &seen)?;
    let session = Session { settings, client, me, watcher };
    let one_folder = settings.workspace.as_deref() != Some("all");
    let mut exit = Exit::Complete;
    // The first calls count for the first workspace.
    let mut before = Traffic::default();
    for workspace in &chosen {
        let out = if one_folder { settings.out.clone() } else { settings.out.join(&workspace.gid) };
        let one = match session.export(workspace, &out, std::mem::take(&mut seeds), before).await {
            Ok((one, summary)) => {
                summaries.push(summary);
                one
            }
            // Of several workspaces, those that an earlier run finished are not what stops this one.
            Err(CliError::Export(asana_export::Error::Finished { path })) if !one_folder => {
                watcher.report(&Event::Note { text: format!("{} is finished already", path.display()) });
                finished_before(&path, settings.strict)?
            }
            Err(error) => return Err(error),
        };
        if one != Exit::Complete {
            exit = one;
        }
        before = session.client.traffic();
    }
    Ok(exit)
}

impl Session<'_> {
    async fn export(
        &self,
        workspace: &WorkspaceSeen,
        out: &Path,
        seeds: Vec<Seed>,
        before: Traffic,
    ) -> Result<(Exit, String), CliError> {
        let started = Instant::now();
        let started_at = crate::now();
        let fresh = if self.settings.fresh { Fresh::Start } else { Fresh::Keep };
        // What the user named is looked up first: a mistake leaves no folder behind.
        let selection = self.selection(workspace).await?;
        let folder = Folder::open(out, fresh)?;
        self.watcher.report(&Event::RunStarted {
            workspace: workspace.name.clone(),
            folder: folder.path().display().to_string(),
        });
        self.choose_quota(workspace).await?;
        let viewer = Viewer::find(&self.client, workspace).await?;
        let header = RunHeader::new(&started_at, workspace, &self.me, viewer, &selection, &self.settings.base_url);
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
                resources: &self.settings.resources,
                scope,
                viewer,
                formats: &self.settings.formats,
                dialect: self.settings.dialect,
            };
            self.watcher.expect_tables(plan.tables());
            plan.build(self.watcher.as_ref())
        })?;
        let traffic = self.client.traffic().since(before);
        let Traffic { sent, retried, rejected: rejected_429, .. } = traffic;
        let requests = Requests { sent, retried, rejected_429, ..Requests::default() };
        let written = (self.settings.formats.as_slice(), self.settings.dialect);
        let archive = folder.archived()?;
        let manifest = manifest::of(&header, created_at, written, &requests, &built, archive, crate::now());
        manifest.write(&folder)?;
        let exit = Exit::of(built.coverage.is_complete(), self.settings.strict);
        self.watcher.report(&Event::RunFinished { exit_code: exit as u8 });
        Ok((exit, summary(workspace, out, self.settings, traffic, viewer, &built, started)))
    }

    async fn choose_quota(&self, workspace: &WorkspaceSeen) -> Result<(), CliError> {
        let (quota, reason) = match self.settings.rate {
            Rate::Auto => self.client.probe_quota(&workspace.gid).await?,
            Rate::Fixed(quota) => (quota, "set by --rate"),
        };
        self.client.set_quota(quota);
        let requests_per_minute = quota.per_minute();
        self.watcher.report(&Event::QuotaChosen { requests_per_minute, reason });
        Ok(())
    }

    async fn selection(&self, workspace: &WorkspaceSeen) -> Result<Selection, CliError> {
        let Settings { projects, teams, resources, .. } = self.settings;
        let whole = projects.is_empty() && teams.is_empty();
        let chosen = scope::projects(&self.client, &workspace.gid, projects, teams).await?;
        let scope = if whole { Scope::Workspace } else { Scope::Projects };
        let via_search = self.settings.via_search;
        Ok(Selection { resources: resources.clone(), scope, chosen, via_search })
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
        traffic_before: Traffic,
    ) -> Result<String, CliError> {
        let archive = folder.archive_dir();
        let earlier = if folder.has_archive() { RunHeader::first(&archive)? } else { None };
        if let Some(earlier) = &earlier {
            header.check_against(earlier)?;
        }
        let (mut writer, _recovery) = Writer::open(&archive)?;
        let replay = earlier.as_ref().map(|_| Reader::open(&archive)).transpose()?;
        writer.append_run(header)?;
        let began_at = earlier.as_ref().map_or_else(|| header.started_at.clone(), |earlier| earlier.started_at.clone());
        let crawl = Crawl {
            client: Arc::clone(&self.client),
            selection,
            workspace: Gid::new(&workspace.gid),
            concurrency: self.settings.concurrency,
            traffic_before,
            started_at: began_at.parse().unwrap_or_else(|_| jiff::Timestamp::now()),
        };
        crawl.run(writer, replay, seeds).await?;
        Ok(began_at)
    }
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
    traffic: Traffic,
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
        elapsed: started.elapsed(),
        notes: manifest::notes(viewer, built),
        gaps: built.coverage.sentences(),
        unknown_fields: built.unknown_fields.keys().cloned().collect(),
        oddities: built.oddities,
        duplicates: built.duplicates,
        formats: settings.formats.iter().map(|format| format.name.to_owned()).collect(),
    };
    render(&summary)
}
