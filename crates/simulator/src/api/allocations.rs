//! Allocations: whose time is planned for which project.

use super::errors::ApiError;
use super::json::{Digits, Object};
use super::people::write_user;
use super::projects::write_project;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::config::Plan;
use crate::world::time::Day;
use crate::world::{ALLOCATIONS, GidError, Kind, PERCENT, PLACEHOLDERS, Planted, Worker, time};

const WHAT: &str = "Capacity planning";

/// A user, or a placeholder for one.
pub(super) fn write_worker(o: &mut Object<'_>, view: View<'_>, worker: Worker) {
    match worker {
        Worker::Person(person) => write_user(o, view, person),
        Worker::Placeholder(number) => {
            view.head(o, Kind::Placeholder, number);
            o.put("name", PLACEHOLDERS.get(number as usize).copied().unwrap_or_default());
        }
    }
}

/// The user or placeholder that a parameter names.
pub(super) fn find_worker(call: &Call<'_>, name: &str, text: &str) -> Result<Worker, ApiError> {
    match call.view.world.gids.parse(text) {
        Ok((Kind::Placeholder, number)) => {
            let number = u32::try_from(number).ok().filter(|number| (*number as usize) < PLACEHOLDERS.len());
            number.map(Worker::Placeholder).ok_or_else(|| ApiError::unknown_object(name, text))
        }
        Err(GidError::Malformed) if text != "me" && !text.contains('@') => Err(ApiError::malformed_gid(name, text)),
        _ => call.person(name, text).map(Worker::Person),
    }
}

fn write_allocation(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let (project, ordinal) = (index / ALLOCATIONS, index % ALLOCATIONS);
    let Some(worker) = view.world.allocations(project).get(ordinal as usize).copied() else { return };
    let dice = view.world.dice(Kind::Allocation, project).part(ordinal);
    view.head(o, Kind::Allocation, index);
    let first = time::NOW / time::DAY - 300 + i64::from(dice.below("first", 400));
    let is_planted = view.world.planted.has_project(project);
    let by_chance = (first, first + i64::from(dice.below("length", 90)));
    let (first, last) = if is_planted { Planted::allocated() } else { by_chance };
    o.put("start_date", Day(first));
    o.put("end_date", Day(last));
    o.maybe("effort", (is_planted || !dice.chance("no effort", 15)).then_some(()), |o, ()| {
        let in_hours = !is_planted && dice.chance("in hours", 50);
        o.put("type", if in_hours { "hours" } else { "percent" });
        let hours = || format!("{}.{}0", dice.below("hours", 40), if dice.chance("half", 40) { 5 } else { 0 });
        let by_chance = 5 * (1 + dice.below("percent", 20));
        let percent = || (if is_planted { PERCENT } else { by_chance }).to_string();
        o.with("value", || Digits(if in_hours { hours() } else { percent() }));
    });
    o.object("assignee", |o| write_worker(o, view, worker));
    o.object("created_by", |o| write_user(o, view, view.world.actor(dice, "creator")));
    o.object("parent", |o| write_project(o, view, project));
    o.put("resource_subtype", "project_allocation");
}

/// The allocations of projects, of one worker if named.
fn rows(view: View<'_>, projects: std::ops::Range<u32>, of: Option<Worker>) -> Vec<u32> {
    let of_project = |project: u32| {
        let workers = (0u32..).zip(view.world.allocations(project));
        let wanted = workers.filter(move |(_, worker)| of.is_none_or(|of| of == *worker));
        wanted.map(move |(ordinal, _)| project * ALLOCATIONS + ordinal)
    };
    projects.flat_map(of_project).collect()
}

fn list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_allocation(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index / ALLOCATIONS))
}

/// By `parent`, by `assignee` and `workspace`, or, where that is allowed, by `workspace` alone.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, WHAT)?;
    let (parent, assignee) = (call.parameter("parent"), call.parameter("assignee"));
    let parent = parent.map(|parent| call.find(Kind::Project, parent)).transpose()?;
    let worker = assignee.map(|text| find_worker(call, "assignee", text)).transpose()?;
    if let Some(project) = parent {
        return list(view, rows(view, project..project + 1, worker)).answer();
    }
    if worker.is_none() && (!view.allocations_by_workspace || call.parameter("workspace").is_none()) {
        return Err(ApiError::new(400, "Must specify a parent, or an assignee and a workspace"));
    }
    let projects = if access::workspace(call)? == 0 { view.world.projects.indexes() } else { 0..0 };
    list(view, rows(view, projects, worker)).answer()
}

pub(super) fn allocation<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, WHAT)?;
    let is_known = |index: u32| {
        let project = index / ALLOCATIONS;
        view.viewer.sees_project(project) && rows(view, project..project + 1, None).contains(&index)
    };
    let index = access::find(call, Kind::Allocation, call.id, is_known)?;
    Ok(Answer::one(move |o| write_allocation(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    let projects = if view.plan == Plan::Free { 0..0 } else { view.world.projects.indexes() };
    list(view, rows(view, projects, None))
}
