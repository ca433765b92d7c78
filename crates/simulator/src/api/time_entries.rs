//! Time tracking: entries and their categories.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::projects::{some, write_project};
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, View, access, timesheets};
use crate::config::{Plan, TimeEntryLists};
use crate::world::time::{Day, Time};
use crate::world::{CATEGORIES, ENTRIES, Kind, TimeEntry, WEEKS, names, time, week_of};

const WHAT: &str = "Time tracking";

fn write_entry(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let Some(entry) = view.world.time_entry(index) else { return };
    let dice = view.world.dice(Kind::TimeEntry, entry.task).part(index);
    view.head(o, Kind::TimeEntry, index);
    o.put("duration_minutes", entry.minutes);
    o.put("entered_on", Day(entry.day));
    // Of a task without projects the time counts toward none.
    o.maybe("attributable_to", some(entry.project), |o, project| write_project(o, view, project));
    o.object("created_by", |o| write_user(o, view, entry.person));
    o.array("categories", || view.world.entry_categories(index), |o, category| write_category(o, view, category));
    o.object("task", |o| write_task(o, view, entry.task));
    let moment = entry.day * time::DAY + 7 * time::HOUR + i64::from(dice.below("entered", 36_000)) * time::SECOND;
    o.put("created_at", Time(moment.min(time::NOW)));
    // Time of a week without timesheet is approved by nobody.
    if let Some(status) = week_of(entry.day).and_then(|week| view.world.timesheet(entry.person, week)) {
        o.put("approval_status", status);
    }
    o.put("billable_status", entry.billable);
    if dice.chance("described", 60) {
        o.with("description", || names::prose(dice, 5));
    }
}

fn write_category(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let (name, color, is_archived) = CATEGORIES.get(index as usize).copied().unwrap_or_default();
    view.head(o, Kind::TimeCategory, index);
    o.put("name", name);
    o.put("color", color);
    o.put("is_archived", is_archived);
}

/// A list tells the documented members only, or whatever it is asked for.
fn list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_entry(o, view, index))
        .shown_if(move |index| view.viewer.sees_task(index / ENTRIES))
        .in_order_of_making()
        .of(match view.time_entry_lists {
            TimeEntryLists::Full => "time_tracking_entry",
            TimeEntryLists::Documented => "time_tracking_entry_listed",
        })
}

/// The entries of all tasks for which `wanted` holds.
fn entries(view: View<'_>, wanted: impl Fn(&TimeEntry) -> bool) -> Vec<u32> {
    let tasks = view.world.tasks.indexes();
    let all = tasks.flat_map(|task| view.world.time_entries(task));
    all.filter(wanted).map(|entry| entry.index).collect()
}

fn of_task_index(view: View<'_>, task: u32) -> Vec<u32> {
    view.world.time_entries(task).iter().map(|entry| entry.index).collect()
}

pub(super) fn of_task<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    access::paid(call.view, WHAT)?;
    let task = call.find(Kind::Task, call.id)?;
    list(call.view, of_task_index(call.view, task)).answer()
}

/// By `task`, `attributable_to`, `portfolio`, `user`, `timesheet_approval_status` or `workspace`; the workspace needs
/// one of `entered_on_start_date` and `entered_on_end_date`, both of which are inclusive.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, WHAT)?;
    let days = access::days(call, "entered_on_start_date", "entered_on_end_date")?;
    let task = call.parameter("task").map(|task| call.find(Kind::Task, task)).transpose()?;
    let project = call.parameter("attributable_to").map(|project| call.find(Kind::Project, project)).transpose()?;
    let person = call.parameter("user").map(|user| call.person("user", user)).transpose()?;
    let sheet = call.parameter("timesheet_approval_status").map(|sheet| timesheets::find(call, sheet)).transpose()?;
    let workspace = call.parameter("workspace").map(|workspace| call.find(Kind::Workspace, workspace)).transpose()?;
    if let Some(portfolio) = call.parameter("portfolio") {
        return Err(ApiError::unknown_object("portfolio", portfolio));
    }
    let is_dated = call.parameter("entered_on_start_date").or(call.parameter("entered_on_end_date")).is_some();
    if workspace.is_some() && !is_dated {
        let message = "At least one of entered_on_start_date or entered_on_end_date must be provided";
        return Err(ApiError::new(400, format!("workspace: {message}")));
    }
    if [task, project, person, sheet, workspace].iter().all(Option::is_none) {
        return Err(ApiError::new(400, "Must specify one of task, attributable_to, portfolio, user or workspace"));
    }
    let wanted = |entry: &TimeEntry| {
        workspace.is_none_or(|workspace| workspace == 0)
            && days.contains(&entry.day)
            && task.is_none_or(|task| task == entry.task)
            && project.is_none_or(|project| project == entry.project)
            && person.is_none_or(|person| person == entry.person)
            && sheet.is_none_or(|sheet| week_of(entry.day).is_some_and(|week| entry.person * WEEKS + week == sheet))
    };
    list(view, entries(view, wanted)).answer()
}

pub(super) fn entry<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, WHAT)?;
    let is_known = |index: u32| view.viewer.sees_task(index / ENTRIES) && view.world.time_entry(index).is_some();
    let index = access::find(call, Kind::TimeEntry, call.id, is_known)?;
    Ok(Answer::one(move |o| write_entry(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, if view.plan == Plan::Free { Vec::new() } else { entries(view, |_| true) })
}

/// The categories a viewer knows: all of them, or for guests those of the entries they see.
fn known_categories(view: View<'_>) -> Vec<u32> {
    let all = (0u32..).zip(CATEGORIES).map(|(index, _)| index);
    if !access::is_guest(view) {
        return all.collect();
    }
    let seen = entries(view, |entry| view.viewer.sees_task(entry.task));
    let used: Vec<u32> = seen.into_iter().flat_map(|index| view.world.entry_categories(index)).collect();
    all.filter(|index| used.contains(index)).collect()
}

fn categories_of(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_category(o, view, index))
}

/// By `workspace`, which is needed; the archived ones only with `is_archived=true`, and then only they.
pub(super) fn categories<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let workspace = access::workspace(call)?;
    access::paid(call.view, WHAT)?;
    let archived = call.flag("is_archived")?.unwrap_or(false);
    let is_archived = |index: &u32| CATEGORIES.get(*index as usize).is_some_and(|(.., archived)| *archived);
    let wanted = |index: &u32| workspace == 0 && is_archived(index) == archived;
    categories_of(call.view, known_categories(call.view).into_iter().filter(wanted).collect()).answer()
}

fn find_category(call: &Call<'_>) -> Result<u32, ApiError> {
    access::paid(call.view, WHAT)?;
    access::find(call, Kind::TimeCategory, call.id, |index| known_categories(call.view).contains(&index))
}

pub(super) fn category<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find_category(call)?);
    Ok(Answer::one(move |o| write_category(o, view, index)))
}

/// The entries of a category, by day.
pub(super) fn of_category<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, category) = (call.view, find_category(call)?);
    let days = access::days(call, "start_date", "end_date")?;
    let wanted =
        |entry: &TimeEntry| days.contains(&entry.day) && view.world.entry_categories(entry.index).contains(&category);
    list(view, entries(view, wanted)).answer()
}

pub(super) fn everything_of_categories(view: View<'_>) -> Listing<'_> {
    categories_of(view, if view.plan == Plan::Free { Vec::new() } else { known_categories(view) })
}
