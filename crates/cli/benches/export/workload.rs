//! What is exported, and under which limits.

use std::time::Duration;

/// A paid plan's and a free plan's requests per minute. Source: <https://developers.asana.com/docs/rate-limits>
const PAID_PER_MINUTE: u32 = 1500;
const FREE_PER_MINUTE: u32 = 150;
/// Source: <https://developers.asana.com/reference/searchtasksforworkspace>
const SEARCHES_PER_MINUTE: u32 = 60;
/// What a call to Asana takes, in milliseconds.
const LATENCY_MS: u32 = 600;

/// The limits of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limits {
    /// None, and no latency: it measures the program.
    Off,
    /// A plan's quota and Asana's latency, in simulated time that passes `scale` times faster.
    Plan { per_minute: u32, scale: u32 },
}

/// One line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) limits: Limits,
    pub(crate) plan: &'static str,
    pub(crate) tasks: u32,
    pub(crate) stories: u32,
    pub(crate) huge_project: u32,
    pub(crate) trees: u32,
    /// `--only`, where not everything is exported.
    pub(crate) only: Option<&'static str>,
    /// `--via-search off`
    pub(crate) without_search: bool,
    /// The run is killed in the middle and goes on.
    pub(crate) resumed: bool,
}

impl Workload {
    fn new(name: &str, tasks: u32, stories: u32) -> Self {
        Self {
            name: name.to_owned(),
            limits: Limits::Off,
            plan: "paid",
            tasks,
            stories,
            huge_project: 0,
            trees: 0,
            only: None,
            without_search: false,
            resumed: false,
        }
    }

    fn paid(name: &str, tasks: u32) -> Self {
        let limits = Limits::Plan { per_minute: PAID_PER_MINUTE, scale: 10 };
        Self { limits, ..Self::new(name, tasks, 6) }
    }

    /// All of them; tasks are divided by `divisor`.
    pub(crate) fn all(divisor: u32) -> Vec<Self> {
        let part = |tasks: u32| (tasks / divisor).max(20);
        let mut all = Vec::new();
        for tasks in [1_000, 10_000, 100_000] {
            for stories in [6, 10] {
                all.push(Self::new(&format!("{}k tasks, {stories} stories", tasks / 1000), part(tasks), stories));
            }
        }
        all.push(Self { resumed: true, ..Self::new("killed and resumed", part(10_000), 6) });
        all.push(Self::paid("paid plan", part(5_000)));
        let free = Limits::Plan { per_minute: FREE_PER_MINUTE, scale: 30 };
        all.push(Self { limits: free, plan: "free", ..Self::new("free plan", part(500), 6) });
        all.push(Self { huge_project: part(20_000), ..Self::paid("a huge project", part(12_000)) });
        all.push(Self {
            huge_project: part(20_000),
            only: Some("projects,sections,tasks"),
            ..Self::paid("the same, tasks only", part(12_000))
        });
        all.push(Self {
            huge_project: part(20_000),
            only: Some("projects,sections,tasks"),
            without_search: true,
            ..Self::paid("hardly more than one project, tasks only, without search", part(100))
        });
        all.push(Self { trees: part(5_000), ..Self::paid("deep subtask trees", part(1_000)) });
        all
    }

    /// The arguments of the program that serves it.
    pub(crate) fn simulate(&self) -> Vec<String> {
        let mut arguments = vec![
            "simulate".to_owned(),
            "--port=0".to_owned(),
            format!("--tasks={}", self.tasks),
            format!("--stories={}", self.stories),
            format!("--huge-project={}", self.huge_project),
            format!("--trees={}", self.trees),
            format!("--plan={}", self.plan),
            // The simulator shares the machine, and its compressing is not what is measured.
            "--gzip=off".to_owned(),
        ];
        match self.limits {
            Limits::Off => arguments.push("--rate=none".to_owned()),
            Limits::Plan { scale, .. } => arguments.extend([
                "--rate=plan".to_owned(),
                format!("--latency={}", LATENCY_MS / scale),
                format!("--time-scale={scale}"),
            ]),
        }
        arguments
    }

    /// As `export --rate` has it.
    pub(crate) fn rate(&self) -> String {
        match self.limits {
            Limits::Off => "none".to_owned(),
            Limits::Plan { per_minute, scale } => (per_minute * scale).to_string(),
        }
    }

    /// The time that the quotas take for so many requests, searches among them, one beside the other.
    pub(crate) fn quota_time(&self, requests: u64, searches: u64) -> Option<Duration> {
        let Limits::Plan { per_minute, scale } = self.limits else { return None };
        let minutes = |number, quota: u32| crate::support::float(number) / f64::from(quota * scale);
        let minutes = minutes(requests, per_minute).max(minutes(searches, SEARCHES_PER_MINUTE));
        Some(Duration::from_secs(60).mul_f64(minutes))
    }
}
