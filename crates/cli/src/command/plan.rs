//! `plan`: what an export would ask for, before anything is exported. Wiring only; the words are in [`crate::forecast`].

use std::sync::Arc;

use asana_export::progress::Watcher;
use asana_fetch::{Seed, Token, Traffic, WorkspaceSeen, forecast};
use asana_model::{Event, Gid, Reporter};
use tokio_util::sync::CancellationToken;

use crate::exit::CliError;
use crate::forecast::{About, describe};
use crate::session::{Opened, Session};
use crate::settings::Settings;
use crate::viewer::Viewer;

/// The forecasts for the workspaces that the settings name, as text.
///
/// # Errors
/// Whatever would stop an export before it begins; a refused listing is part of the forecast.
pub(crate) async fn run(
    settings: &Settings,
    token: Token,
    cancel: CancellationToken,
    watcher: &Arc<Watcher>,
) -> Result<String, CliError> {
    let reporter = of_waiting(Arc::clone(watcher));
    let Opened { session, workspaces, mut seeds } = Session::open(settings, token, cancel, reporter).await?;
    let mut texts = Vec::new();
    let mut before = Traffic::default();
    for workspace in &workspaces {
        texts.push(one(&session, workspace, std::mem::take(&mut seeds), &before).await?);
        before = session.client.traffic();
    }
    Ok(texts.join("\n"))
}

/// The same calls as those of an export, up to its listings.
async fn one(
    session: &Session<'_>,
    workspace: &WorkspaceSeen,
    seeds: Vec<Seed>,
    before: &Traffic,
) -> Result<String, CliError> {
    let Session { settings, client, .. } = session;
    let selection = session.selection(workspace).await?;
    let quota = session.choose_quota(workspace).await?;
    let viewer = Viewer::find(client, workspace).await?;
    let (gid, concurrency) = (Gid::new(&workspace.gid), settings.concurrency);
    let forecast = forecast(Arc::clone(client), &selection, gid, concurrency, seeds, before).await?;
    let asked = client.traffic().since(before).sent;
    Ok(describe(&About { forecast: &forecast, settings, workspace: &workspace.name, viewer, quota, asked }))
}

/// Of what happens, what a person who waits for a forecast wants to see: a gap is no event here but a result.
fn of_waiting(watcher: Arc<Watcher>) -> Arc<dyn Reporter> {
    Arc::new(move |event: &Event| match event {
        Event::QuotaChosen { .. }
        | Event::RequestSent
        | Event::Retried { .. }
        | Event::Paused { .. }
        | Event::Stopping { .. } => watcher.report(event),
        _ => {}
    })
}
