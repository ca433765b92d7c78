//! Planned and tracked time: entries of tasks, timesheets, allocations and rates.

use super::planted::Entry;
use super::{Kind, NONE, World, time};

/// Time entry gids are `task * ENTRIES + ordinal`.
pub(crate) const ENTRIES: u32 = 8;
/// Timesheet gids are `person * WEEKS + week`, week 0 being the current one.
pub(crate) const WEEKS: u32 = 16;
/// Weeks of which timesheets are kept.
pub(crate) const SHEETS: u32 = 12;
/// Allocation gids are `project * ALLOCATIONS + ordinal`.
pub(crate) const ALLOCATIONS: u32 = 8;
/// Rate gids are `project * RATES + ordinal`.
pub(crate) const RATES: u32 = 16;

/// Time tracking categories: name, colour, whether it is archived.
pub(crate) const CATEGORIES: &[(&str, &str, bool)] = &[
    ("Development", "blue", false),
    ("Meetings", "yellow-orange", false),
    ("Travel, \"paid\"", "green", false),
    ("Support", "hot-pink", false),
    ("=Overtime", "red", true),
    ("Recherche & Entwürfe", "cool-gray", false),
    ("Training", "none", false),
    ("Old projects", "purple", true),
    ("文書", "aqua", false),
];
/// Stand-ins for people who are not hired yet.
pub(crate) const PLACEHOLDERS: &[&str] = &["Designer 1", "Designer 2", "Engineer (to be hired)", "Übersetzer", "QA"];

/// A person's work on a task on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeEntry {
    pub(crate) index: u32,
    pub(crate) task: u32,
    pub(crate) minutes: u32,
    /// The day it is logged on.
    pub(crate) day: i64,
    pub(crate) person: u32,
    /// One of the projects the task is in now, or `NONE`.
    pub(crate) project: u32,
    pub(crate) billable: &'static str,
}

/// Whoever work is planned for or has a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worker {
    Person(u32),
    Placeholder(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) worker: Worker,
    pub(crate) cents: u32,
}

impl World {
    /// The minutes spent on a task: the sum of its time entries. Zero is the sum of entries that are all gone.
    pub(crate) fn actual_minutes(&self, task: u32) -> Option<u32> {
        if let Some(entry) = self.planted.entries.get(&task) {
            return Some(entry.minutes);
        }
        let dice = self.dice(Kind::Task, task);
        // Nobody has worked on what a change made.
        (self.is_generated(task) && dice.chance("time", 12)).then(|| dice.below("minutes", 2_000))
    }

    /// The time entries of a task, by ordinal.
    pub(crate) fn time_entries(&self, task: u32) -> Vec<TimeEntry> {
        if let Some(entry) = self.planted.entries.get(&task) {
            return vec![self.planted_entry(task, *entry)];
        }
        let Some(mut left) = self.actual_minutes(task).filter(|minutes| *minutes > 0) else { return Vec::new() };
        let dice = self.dice(Kind::TimeEntry, task);
        let count = (1 + dice.below("entries", ENTRIES - 3)).min(left);
        let row = &self.tasks[task];
        let first = row.created_at.div_euclid(time::DAY);
        let days = u32::try_from(time::NOW / time::DAY - first).unwrap_or(0);
        (0..count)
            .map(|at| {
                let dice = dice.part(at);
                let later = count - 1 - at;
                // Every later entry needs at least a minute; the last one takes what is left.
                let minutes = if later == 0 { left } else { 1 + dice.below("minutes", (left - later).div_ceil(2)) };
                left -= minutes;
                let projects = u32::try_from(row.memberships.len()).unwrap_or(0);
                let project = row.memberships.get(dice.below("project", projects) as usize);
                TimeEntry {
                    index: task * ENTRIES + at,
                    task,
                    minutes,
                    day: first + i64::from(dice.below("day", days + 1)),
                    person: self.actor(dice, "person"),
                    project: project.map_or(NONE, |(project, _)| *project),
                    billable: dice.pick("billable", &["billable", "nonBillable", "notApplicable"]),
                }
            })
            .collect()
    }

    fn planted_entry(&self, task: u32, Entry { person, minutes, day }: Entry) -> TimeEntry {
        let project = self.tasks[task].memberships.first().map_or(NONE, |(project, _)| *project);
        TimeEntry { index: task * ENTRIES, task, minutes, day, person, project, billable: "billable" }
    }

    /// The entry with an index, if it exists.
    pub(crate) fn time_entry(&self, index: u32) -> Option<TimeEntry> {
        let (task, ordinal) = (index / ENTRIES, index % ENTRIES);
        self.tasks.row(task)?;
        self.time_entries(task).get(ordinal as usize).copied()
    }

    /// The categories of an entry.
    pub(crate) fn entry_categories(&self, index: u32) -> Vec<u32> {
        let dice = self.dice(Kind::TimeCategory, index);
        (0u32..).zip(CATEGORIES).map(|(at, _)| at).filter(|at| dice.part(*at).chance("in category", 12)).collect()
    }

    /// The status of a person's timesheet of a week, if there is a sheet.
    pub(crate) fn timesheet(&self, person: u32, week: u32) -> Option<&'static str> {
        let is_kept = week < SHEETS && self.people.row(person).is_some_and(super::Person::is_listed);
        let dice = self.dice(Kind::Timesheet, person).part(week);
        let status = || match week {
            0 => "DRAFT",
            _ => dice.pick("status", &["SUBMITTED", "APPROVED", "APPROVED", "REJECTED", "DRAFT"]),
        };
        (is_kept && dice.chance("sheet", 50)).then(status)
    }

    /// What is planned for a project, by ordinal.
    pub(crate) fn allocations(&self, project: u32) -> Vec<Worker> {
        if self.planted.has_project(project) {
            let people = self.planted.allocations.get(&project).map_or(&[][..], Vec::as_slice);
            return people.iter().copied().map(Worker::Person).collect();
        }
        let dice = self.dice(Kind::Allocation, project);
        let count = if dice.chance("planned", 50) { 1 + dice.below("allocations", ALLOCATIONS) } else { 0 };
        (0..count).map(|at| self.worker(dice.part(at))).collect()
    }

    fn worker(&self, dice: super::Dice) -> Worker {
        if dice.chance("placeholder", 20) {
            Worker::Placeholder(dice.below("which placeholder", u32::try_from(PLACEHOLDERS.len()).unwrap_or(0)))
        } else {
            Worker::Person(dice.below("worker", self.size.users.max(1)))
        }
    }

    /// The rates of a project, by ordinal; nobody has two.
    pub(crate) fn rates(&self, project: u32) -> Vec<Rate> {
        let dice = self.dice(Kind::Rate, project);
        let count = if dice.chance("rated", 40) { 1 + dice.below("rates", RATES) } else { 0 };
        let mut rates: Vec<Rate> = Vec::new();
        for dice in (0..count).map(|at| dice.part(at)) {
            let worker = self.worker(dice);
            if rates.iter().all(|known| known.worker != worker) {
                rates.push(Rate { worker, cents: 2_000 + 50 * dice.below("cents", 400) });
            }
        }
        rates
    }
}

/// The Monday with which a week begins, as a day.
pub(crate) fn monday(week: u32) -> i64 {
    let today = time::NOW / time::DAY;
    // The first day of 1970 was a Thursday.
    today - (today + 3) % 7 - 7 * i64::from(week)
}

/// The week a day belongs to, if timesheets are kept of it.
pub(crate) fn week_of(day: i64) -> Option<u32> {
    (0..SHEETS).find(|week| (monday(*week)..monday(*week) + 7).contains(&day))
}
