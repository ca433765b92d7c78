//! How many requests a workload takes by the formula that the end-to-end tests hold exports to.

use std::time::Duration;

use asana_simulator::{Compression, Config, Latency, Plan, SERVICE_TOKEN, Size, truth_of};

use crate::workload::Workload;

#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "it is a part of the tests, which use more of it"
)]
#[path = "../../../../tests/support"]
mod support {
    pub(super) mod asked;
    pub(super) mod columns;
    pub(super) mod expected;
    pub(super) mod formats;
    pub(super) mod requests;
}

/// With more tasks than these, the formula would take longer than the run.
const MOST_TASKS: u32 = 50_000;
/// Requests that look around first: whose token it is, and what plan.
const AROUND: i64 = 2;

/// Requests of a complete export of everything by default; `None` where that is not what runs, or would take too long.
pub(crate) fn requests(workload: &Workload) -> Option<i64> {
    let tasks = workload.tasks + workload.huge_project + workload.trees;
    if workload.only.is_some() || workload.resumed || tasks > MOST_TASKS {
        return None;
    }
    let config = Config {
        size: Size {
            stories_per_task: workload.stories,
            huge_project: workload.huge_project,
            trees: workload.trees,
            ..Size::for_tasks(workload.tasks)
        },
        plan: if workload.plan == "free" { Plan::Free } else { Plan::Paid },
        latency: Latency { fixed: Duration::ZERO, jitter: Duration::ZERO },
        compression: Compression::Off,
        ..Config::default()
    };
    let needed = support::requests::needed(&truth_of(&config), SERVICE_TOKEN);
    Some(i64::try_from(needed).unwrap_or(i64::MAX) + AROUND)
}
