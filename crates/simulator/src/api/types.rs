//! Custom types of tasks and their status options.

use super::errors::ApiError;
use super::json::Object;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::world::{CUSTOM_TYPES, Kind};

const STATUSES: &[(&str, &str, &str)] =
    &[("In progress", "Incomplete", "blue"), ("Closed", "Complete", "green"), ("On hold", "Incomplete", "none")];

/// A type with its name only, as tasks refer to it.
pub(super) fn write_type(o: &mut Object<'_>, view: View<'_>, number: u32) {
    view.head(o, Kind::CustomType, number);
    o.put("name", view.world.custom_type_name(number).unwrap_or_default());
    o.array("status_options", || 0..3, |o, status| write_status(o, view, number, status));
}

/// Status 0 is the one of open tasks, 1 that of completed ones, 2 can no longer be chosen.
pub(super) fn write_status(o: &mut Object<'_>, view: View<'_>, number: u32, status: u32) {
    let types = u32::try_from(CUSTOM_TYPES.len()).unwrap_or(0);
    let index = match status {
        // A planted type comes after the statuses of all others.
        _ if number >= types => 3 * number + status,
        2 => 2 * types + number,
        _ => number * 2 + status,
    };
    view.head(o, Kind::CustomTypeStatus, index);
    let (name, state, color) = STATUSES.get(status as usize).copied().unwrap_or_default();
    o.put("name", name);
    o.put("completion_state", state);
    o.put("enabled", status != 2);
    o.put("color", color);
}

/// Guests know the types of the tasks they see, everyone else all of them.
pub(super) fn sees_type(view: View<'_>, number: u32) -> bool {
    let has_type = |task: u32| view.viewer.sees_task(task) && view.world.custom_type(task) == Some(number);
    view.world.custom_type_name(number).is_some()
        && (!access::is_guest(view) || view.world.tasks.indexes().any(has_type) || of_projects(view).contains(&number))
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, number| write_type(o, view, number))
}

/// By `project`, which is needed.
pub(super) fn of_project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let project = call.find(Kind::Project, call.required("project")?)?;
    list(call.view, Rows::Known(&call.view.world.projects[project].types)).answer()
}

pub(super) fn custom_type<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let number = access::find(call, Kind::CustomType, call.id, |number| sees_type(view, number))?;
    Ok(Answer::one(move |o| write_type(o, view, number)))
}

/// The types of all projects a viewer may see.
fn of_projects(view: View<'_>) -> Vec<u32> {
    let projects = view.world.projects.indexes().filter(|project| view.viewer.sees_project(*project));
    let mut types: Vec<u32> = projects.flat_map(|project| &view.world.projects[project].types).copied().collect();
    types.sort_unstable();
    types.dedup();
    types
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Chosen(of_projects(view)))
}
