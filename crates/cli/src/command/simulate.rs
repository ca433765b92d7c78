//! `simulate`: serves a simulated workspace on this machine until it is interrupted.

use std::net::Ipv4Addr;
use std::time::Duration;

use asana_simulator::{
    ADMIN_TOKEN, Change, Compression, Config, FaultRule, GUEST_TOKEN, Latency, Limits, Plan, Quota, SERVICE_TOKEN, Size,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::args::SimulateArgs;
use crate::exit::{CliError, Exit};
use crate::output;

pub(crate) async fn run(args: &SimulateArgs, cancel: CancellationToken) -> Result<Exit, CliError> {
    let config = config(args)?;
    let address = (Ipv4Addr::LOCALHOST, args.port);
    let what = format!("port {} of this machine cannot be used (choose another with --port)", args.port);
    let listener = TcpListener::bind(address).await.map_err(|source| CliError::io(what, source))?;
    let address = listener.local_addr().map_err(|source| CliError::io("the listener has no address", source))?;
    output::print(&format!(
        "A simulated Asana with {} tasks listens on http://{address}/api/1.0 (stop it with Ctrl-C).\n\
         Tokens: {ADMIN_TOKEN}, {GUEST_TOKEN}, {SERVICE_TOKEN}\n\n  \
         ASANA_ACCESS_TOKEN={ADMIN_TOKEN} asana-workspace export --base-url http://{address}/api/1.0 --out sim-export\n\n\
         What it served: http://{address}/simulator/stats\n",
        args.tasks,
    ))?;
    let stop = async move { cancel.cancelled().await };
    asana_simulator::serve(listener, config, stop)
        .await
        .map_err(|source| CliError::io("the simulator stopped", source))?;
    Ok(Exit::Complete)
}

fn config(args: &SimulateArgs) -> Result<Config, CliError> {
    let usage = |text: String| CliError::Usage(text);
    if !(args.time_scale.is_finite() && args.time_scale > 0.0) {
        return Err(usage(format!("--time-scale must be above zero, not {}", args.time_scale)));
    }
    let standard = match args.rate.as_str() {
        "plan" => Quota::OfPlan,
        "none" => Quota::Unlimited,
        number => Quota::PerMinute(
            number.parse().map_err(|_| usage(format!("--rate is `plan`, `none` or a whole number, not {number}")))?,
        ),
    };
    let limits = Limits::default();
    let faults: Result<Vec<FaultRule>, _> = args.fault.iter().map(|rule| rule.parse()).collect();
    let changes: Result<Vec<Change>, _> = args.change.iter().map(|change| change.parse()).collect();
    Ok(Config {
        seed: args.seed,
        size: Size {
            stories_per_task: args.stories,
            burst: args.burst,
            huge_project: args.huge_project,
            trees: args.trees,
            ..Size::for_tasks(args.tasks)
        },
        plan: match args.plan.as_str() {
            "free" => Plan::Free,
            "enterprise" => Plan::Enterprise,
            _ => Plan::Paid,
        },
        limits: Limits {
            standard,
            // Without limits, search has none either.
            search_per_minute: if standard == Quota::Unlimited { u32::MAX } else { limits.search_per_minute },
            cost_per_minute: args.cost,
            ..limits
        },
        compression: if args.gzip == "off" { Compression::Off } else { Compression::Gzip },
        latency: Latency {
            fixed: Duration::from_millis(args.latency),
            jitter: Duration::from_millis(args.latency / 4),
        },
        time_scale: args.time_scale,
        faults: faults.map_err(|error| usage(error.to_string()))?,
        changes: changes.map_err(|error| usage(error.to_string()))?,
        search_lag: Duration::from_secs(args.search_lag),
        unindexed: args.unindexed,
        planted: args.planted,
        hostile: args.hostile,
        ..Config::default()
    })
}
