//! `demo`: the main job on a simulated workspace in this process, and its audit: no token, no network.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use asana_export::progress::Watcher;
use asana_fetch::{Quota, Token};
use asana_model::catalog::RESOURCES;
use asana_simulator::{Config, Latency, Plan, SERVICE_TOKEN, Size, start_in_background};
use tokio_util::sync::CancellationToken;

use crate::args::DemoArgs;
use crate::build::Means;
use crate::exit::{CliError, Exit};
use crate::settings::{DEFAULT_GIVE_UP_AFTER, Rate, Settings, progress_mode};
use crate::{command, output};

/// Simulated minutes pass this many times faster, so that a paid plan's quota is no wait.
const TIME_SCALE: u32 = 20;
const LATENCY: Duration = Duration::from_millis(200);

pub(crate) fn settings(args: &DemoArgs) -> Result<Settings, CliError> {
    Ok(Settings {
        workspace: None,
        out: args.out.clone(),
        means: Means::default(),
        style: asana_export::Style::of(asana_export::FORMATS),
        resources: RESOURCES.iter().map(|resource| resource.name).collect(),
        wide: false,
        projects: Vec::new(),
        teams: Vec::new(),
        downloads: None,
        via_search: true,
        rate: Rate::Fixed(Quota::PerMinute(1500 * TIME_SCALE)),
        concurrency: 40,
        give_up_after: DEFAULT_GIVE_UP_AFTER,
        base_url: String::new(),
        token_file: None,
        progress: progress_mode(&args.progress)?,
        log_format: asana_export::progress::LogFormat::Text,
        strict: false,
        // The folder is the demo's own, and trying it twice is no mistake.
        fresh: asana_export::Fresh::Start,
    })
}

pub(crate) async fn run(
    args: &DemoArgs,
    mut settings: Settings,
    cancel: CancellationToken,
    watcher: &Arc<Watcher>,
    summaries: &mut Vec<String>,
) -> Result<Exit, CliError> {
    let config = Config {
        size: Size::for_tasks(args.tasks),
        // With the most that a token can see, so that every table has something to look at.
        plan: Plan::Enterprise,
        time_scale: f64::from(TIME_SCALE),
        latency: Latency { fixed: LATENCY, jitter: LATENCY / 2 },
        ..Config::default()
    };
    let simulator = start_in_background(config).map_err(|source| CliError::io("the simulator cannot start", source))?;
    output::tell(&format!(
        "Exporting a simulated Asana workspace of {} tasks over HTTP on this machine.\n",
        args.tasks
    ));
    settings.base_url = simulator.base_url();
    let token = Token::new(SERVICE_TOKEN)?;
    command::export::run(&settings, token, cancel, watcher, summaries).await
}

/// Printed after the summary.
pub(crate) fn next_steps(out: &Path, report: &Path) -> String {
    let (out, report) = (out.display(), report.display());
    format!(
        "\nFive things to try next:\n\n  \
         Read the audit, in a browser:\n    \
         {report}\n\n  \
         Look at a table, or open it in a spreadsheet:\n    \
         column -s, -t < {out}/csv/team_memberships.csv | head\n\n  \
         See what Asana's API answered, page by page:\n    \
         zstdcat {out}/archive/*.zst | head -c 2000\n\n  \
         Prove that the tables are what it answered:\n    \
         asana-workspace verify {out}\n\n  \
         Get a token and export your own workspace:\n    \
         asana-workspace auth\n"
    )
}
