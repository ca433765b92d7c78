//! What is said of planted objects instead of what chance would.

use std::collections::HashMap;
use std::ops::Range;

use super::super::audit::AuditEvent;
use super::super::{CUSTOM_TYPES, NONE, time};
use super::{Dates, FAR_OFF, LONG_AGO, Planting};

/// Where planted tasks end while they are planted: those that changes make later are ordinary ones.
pub(super) const TASKS_TO_COME: u32 = NONE;
/// How much of a person's time one planted allocation takes; two of them are too much.
pub(crate) const PERCENT: u32 = 60;

/// Where planted objects begin.
#[derive(Clone, Debug)]
pub(super) struct First {
    pub(super) person: u32,
    pub(super) project: u32,
    pub(super) portfolio: u32,
    pub(super) goal: u32,
    pub(super) tasks: Range<u32>,
}

/// Time entered on a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) person: u32,
    pub(crate) minutes: u32,
    pub(crate) day: i64,
}

/// A file among a project's key resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) host: &'static str,
    /// In bytes, if Asana holds it.
    pub(crate) size: u32,
}

/// A webhook of the service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) project: u32,
    pub(crate) fails: bool,
}

/// What is planted. What is in none of these maps is in order.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    pub(crate) plantings: Vec<Planting>,
    /// `None` if nothing is planted.
    pub(super) first: Option<First>,
    pub(super) completed_project: Option<u32>,
    /// Of projects.
    pub(super) project_dates: HashMap<u32, Dates>,
    /// The type of a project's or goal's one status update, or that there is none.
    pub(super) project_statuses: HashMap<u32, Option<&'static str>>,
    pub(super) goal_statuses: HashMap<u32, &'static str>,
    /// Who asks for access to a project.
    pub(crate) requesters: HashMap<u32, u32>,
    /// The people whose time a project takes.
    pub(crate) allocations: HashMap<u32, Vec<u32>>,
    /// The minutes that a project may take.
    pub(crate) budgets: HashMap<u32, u32>,
    /// By project.
    pub(crate) files: HashMap<u32, File>,
    /// By task.
    pub(crate) entries: HashMap<u32, Entry>,
    pub(super) followers: HashMap<u32, Vec<u32>>,
    /// First and last day of a person's absence.
    pub(crate) absences: HashMap<u32, (i64, i64)>,
    pub(super) unmeasured_goal: Option<u32>,
    pub(super) stalled_goal: Option<u32>,
    /// By index.
    pub(crate) webhooks: HashMap<u32, Webhook>,
    /// After all others in the audit log.
    pub(crate) events: Vec<AuditEvent>,
}

impl Planted {
    /// Whether anything is planted. There is then a role and a custom type more.
    pub(crate) fn is_some(&self) -> bool {
        self.first.is_some()
    }

    pub(crate) fn has_person(&self, person: u32) -> bool {
        self.first.as_ref().is_some_and(|first| person >= first.person)
    }

    pub(crate) fn has_project(&self, project: u32) -> bool {
        self.first.as_ref().is_some_and(|first| project >= first.project)
    }

    pub(crate) fn has_portfolio(&self, portfolio: u32) -> bool {
        self.first.as_ref().is_some_and(|first| portfolio >= first.portfolio)
    }

    pub(crate) fn has_goal(&self, goal: u32) -> bool {
        self.first.as_ref().is_some_and(|first| goal >= first.goal)
    }

    pub(crate) fn has_task(&self, task: u32) -> bool {
        self.first.as_ref().is_some_and(|first| first.tasks.contains(&task))
    }

    /// Whether a planted project is completed; `None` for one that is not planted.
    pub(crate) fn is_completed(&self, project: u32) -> Option<bool> {
        self.has_project(project).then(|| self.completed_project == Some(project))
    }

    /// The dates of a planted project; `None` for one that is not planted.
    pub(crate) fn project_dates(&self, project: u32) -> Option<Dates> {
        self.has_project(project).then(|| self.project_dates.get(&project).copied().unwrap_or_default())
    }

    /// What those who find a planted project may do with it.
    pub(crate) fn default_access_level(&self, project: u32) -> Option<&'static str> {
        self.has_project(project).then_some("editor")
    }

    /// The status of a planted project: on hold, which asks for no further update, unless another one is planted.
    pub(crate) fn project_status(&self, project: u32) -> Option<&'static str> {
        self.project_statuses.get(&project).copied().unwrap_or(Some("on_hold"))
    }

    /// The status of a planted goal, which has none unless it is planted.
    pub(crate) fn goal_status(&self, goal: u32) -> Option<&'static str> {
        self.goal_statuses.get(&goal).copied()
    }

    /// Whether a planted goal has a metric; `None` for one that is not planted.
    pub(crate) fn is_measured(&self, goal: u32) -> Option<bool> {
        self.has_goal(goal).then(|| self.unmeasured_goal != Some(goal))
    }

    /// Whether a goal stands where it began.
    pub(crate) fn is_stalled(&self, goal: u32) -> bool {
        self.stalled_goal == Some(goal)
    }

    /// The dates of a planted goal; `None` for one that is not planted.
    pub(crate) fn goal_dates(&self, goal: u32) -> Option<Dates> {
        let stalled = Dates { start: Some(LONG_AGO), due: Some(LONG_AGO + 366 * time::DAY) };
        self.has_goal(goal).then(|| if self.is_stalled(goal) { stalled } else { Dates::default() })
    }

    /// Who follows a planted task; `None` for one that is not planted.
    pub(crate) fn followers(&self, task: u32) -> Option<Vec<u32>> {
        self.has_task(task).then(|| self.followers.get(&task).cloned().unwrap_or_default())
    }

    /// The custom type of planted tasks, after those that are generated.
    pub(crate) fn custom_type(&self) -> Option<u32> {
        self.is_some().then(|| u32::try_from(CUSTOM_TYPES.len()).unwrap_or(NONE))
    }

    /// First and last day of planted allocations.
    pub(crate) fn allocated() -> (i64, i64) {
        (LONG_AGO / time::DAY, FAR_OFF / time::DAY)
    }
}
