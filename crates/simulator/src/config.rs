//! What a simulator can be told: the size of its world, the plan, the limits, and how badly it behaves.

use std::time::Duration;

use crate::changes::Change;
use crate::faults::FaultRule;

/// A full member and administrator of the workspace: sees public projects and those they are a member of.
pub const ADMIN_TOKEN: &str = "simulator-admin-token";
/// An ordinary full member.
pub const MEMBER_TOKEN: &str = "simulator-member-token";
/// A guest: sees only what is shared with them.
pub const GUEST_TOKEN: &str = "simulator-guest-token";
/// A service account with full permissions: sees everything.
pub const SERVICE_TOKEN: &str = "simulator-service-token";
/// A valid token whose every workspace blocks it: `/workspaces` is empty.
pub const BLOCKED_TOKEN: &str = "simulator-blocked-token";

/// The plan of the workspace; decides quotas, 402s and whether custom fields, portfolios and goals exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    Free,
    #[default]
    Paid,
    Enterprise,
}

/// How many objects of each kind are generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Full members, the administrator included.
    pub users: u32,
    pub guests: u32,
    /// People who left: half of them keep an inactive membership row, the others are known by reference only.
    pub departed: u32,
    pub teams: u32,
    pub projects: u32,
    pub tags: u32,
    /// Custom fields of the library; project-local ones come on top.
    pub custom_fields: u32,
    pub tasks: u32,
    /// Mean number of stories of a task; one task in a thousand has ten times as many, task 0 always has 230.
    pub stories_per_task: u32,
    /// Beyond the first six, which are nested in each other, all are alike. A free plan has none.
    pub portfolios: u32,
    /// A free plan has none.
    pub goals: u32,
    /// Tasks of an import on top of `tasks`: all made in the same millisecond, in several projects and in none.
    pub burst: u32,
    /// Tasks on top of these, all in the last project and nowhere else.
    pub huge_project: u32,
    /// Tasks on top of these, in trees of subtasks that are as deep as Asana allows.
    pub trees: u32,
}

impl Size {
    /// A plausible workspace around `tasks` tasks.
    pub fn for_tasks(tasks: u32) -> Self {
        Self {
            users: 10 + (tasks / 20).min(400),
            guests: 3 + (tasks / 500).min(20),
            departed: 4 + (tasks / 400).min(30),
            teams: 4 + (tasks / 400).min(120),
            projects: 8 + (tasks / 60).min(1_500),
            tags: 6 + (tasks / 20).min(300),
            custom_fields: 16 + (tasks / 500).min(120),
            tasks,
            stories_per_task: 6,
            portfolios: 6 + (tasks / 300).min(150),
            goals: 6 + (tasks / 200).min(250),
            burst: 0,
            huge_project: 0,
            trees: 0,
        }
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::for_tasks(2_000)
    }
}

/// Requests per simulated minute and token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quota {
    /// 150 on a free plan, 1,500 otherwise.
    #[default]
    OfPlan,
    PerMinute(u32),
    Unlimited,
}

/// The limiters, each for one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub standard: Quota,
    /// Searches per simulated minute, in addition to the standard quota.
    pub search_per_minute: u32,
    /// GETs that may be in flight at once.
    pub concurrent: u32,
    /// Links followed per simulated minute: an answer costs one for each object in it, and may overdraw.
    pub cost_per_minute: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { standard: Quota::OfPlan, search_per_minute: 60, concurrent: 50, cost_per_minute: None }
    }
}

/// Real time that every answer takes: `fixed` plus a deterministic share of `jitter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    pub fixed: Duration,
    pub jitter: Duration,
}

/// Whether answers are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// For clients that accept it, as Asana does.
    #[default]
    Gzip,
    Off,
}

/// What an `opt_fields` path does that names nothing. Asana does not document it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownOptFields {
    #[default]
    Ignore,
    /// 400 naming the path.
    BadRequest,
}

/// What lists of time entries answer. Asana documents fewer members for them than for single entries and does not say
/// whether the others come when asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeEntryLists {
    /// Whatever is asked for, `task` and `description` too.
    #[default]
    Full,
    /// Documented members only; the others name nothing.
    Documented,
}

/// A token that stops working in the middle of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub token: String,
    /// Requests that are still answered before every further one is a 401.
    pub after_requests: u64,
}

/// Everything a simulator can be told. `Config::default()` is a well-behaved paid workspace of 2,000 tasks.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "switches that have nothing to do with each other")]
pub struct Config {
    /// Same seed and size, same world.
    pub seed: u64,
    pub size: Size,
    pub plan: Plan,
    /// Plants something to find for each rule of an audit that can be planted.
    pub planted: bool,
    /// Adds an empty workspace of which the administrator is the only member.
    pub second_workspace: bool,
    pub limits: Limits,
    pub latency: Latency,
    /// Simulated minutes pass this many times faster than real ones: quotas, offset tokens and `Retry-After`.
    pub time_scale: f64,
    /// Simulated life of an offset token.
    pub offset_lifetime: Duration,
    pub unknown_opt_fields: UnknownOptFields,
    pub time_entry_lists: TimeEntryLists,
    /// Whether `/allocations` answers to `workspace` alone, which is not documented; if not it is a 400.
    pub allocations_by_workspace: bool,
    /// Whoever is not a service account has to name the `owner` of the portfolios listed, as Asana once demanded.
    pub demands_portfolio_owner: bool,
    pub revocation: Option<Revocation>,
    pub faults: Vec<FaultRule>,
    pub compression: Compression,
    /// What happens to the workspace while it is read.
    pub changes: Vec<Change>,
    /// Simulated time for which task search does not know what was changed.
    pub search_lag: Duration,
    /// Tasks in a thousand that task search never knows: it promises no completeness.
    pub unindexed: u32,
    /// Names, texts, numbers and sizes are such as somebody chooses who means harm.
    pub hostile: bool,
    /// Keeps every question for [`RunningSimulator::take_log`](crate::RunningSimulator::take_log).
    pub keeps_log: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            size: Size::default(),
            plan: Plan::default(),
            planted: false,
            second_workspace: false,
            limits: Limits::default(),
            latency: Latency::default(),
            time_scale: 1.0,
            offset_lifetime: Duration::from_mins(15),
            unknown_opt_fields: UnknownOptFields::default(),
            time_entry_lists: TimeEntryLists::default(),
            allocations_by_workspace: true,
            demands_portfolio_owner: false,
            revocation: None,
            faults: Vec::new(),
            compression: Compression::default(),
            changes: Vec::new(),
            search_lag: Duration::ZERO,
            unindexed: 0,
            hostile: false,
            keeps_log: false,
        }
    }
}

impl Config {
    /// Requests per simulated minute, or `None` without limit.
    pub(crate) fn quota(&self) -> Option<u32> {
        match self.limits.standard {
            Quota::OfPlan if self.plan == Plan::Free => Some(150),
            Quota::OfPlan => Some(1_500),
            Quota::PerMinute(requests) => Some(requests),
            Quota::Unlimited => None,
        }
    }
}
