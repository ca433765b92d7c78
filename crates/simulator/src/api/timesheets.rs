//! Timesheets and whether they are approved: one for each person and week.

use super::errors::ApiError;
use super::json::Object;
use super::people::{write_user, write_workspace};
use super::{Answer, Call, Listing, Rows, View, access};
use crate::config::Plan;
use crate::world::time::{Day, Time};
use crate::world::{Kind, SHEETS, WEEKS, monday, time};

const STATUSES: &[&str] = &["DRAFT", "SUBMITTED", "APPROVED", "REJECTED"];
const WHAT: &str = "Timesheets";

fn write_sheet(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let (person, week) = (index / WEEKS, index % WEEKS);
    view.head(o, Kind::Timesheet, index);
    let dice = view.world.dice(Kind::Timesheet, index);
    let created_at = monday(week) * time::DAY + 8 * time::HOUR + i64::from(dice.below("created", 3_600)) * 1_000;
    o.put("created_at", Time(created_at));
    o.object("user", |o| write_user(o, view, person));
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.put("start_date", Day(monday(week)));
    o.put("end_date", Day(monday(week) + 6));
    o.put("approval_status", view.world.timesheet(person, week));
}

/// Guests see their own sheets, everyone else those of the people they see.
fn sees_sheet(view: View<'_>, index: u32) -> bool {
    let person = index / WEEKS;
    view.viewer.sees_person(person) && (!access::is_guest(view) || person == view.viewer.person)
}

fn list(view: View<'_>, wanted: impl Fn(u32, u32, &str) -> bool) -> Listing<'_> {
    let sheets = view.world.people.indexes().flat_map(|person| (0..SHEETS).map(move |week| (person, week)));
    let wanted = sheets.filter(|(person, week)| {
        view.world.timesheet(*person, *week).is_some_and(|status| wanted(*person, *week, status))
    });
    let rows = wanted.map(|(person, week)| person * WEEKS + week).collect();
    Listing::new(Rows::Chosen(rows), move |o, index| write_sheet(o, view, index))
        .shown_if(move |index| sees_sheet(view, index))
        .in_order_of_making()
}

/// By `workspace`, which is needed, and `user`, `from_date`, `to_date` and `approval_statuses`.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let workspace = access::workspace(call)?;
    access::paid(call.view, WHAT)?;
    let of = call.parameter("user").map(|user| call.person("user", user)).transpose()?;
    let days = access::days(call, "from_date", "to_date")?;
    let statuses = call.parameter("approval_statuses").map(statuses).transpose()?;
    list(call.view, |person, week, status| {
        workspace == 0
            && of.is_none_or(|of| of == person)
            && monday(week) + 6 >= *days.start()
            && monday(week) <= *days.end()
            && statuses.as_ref().is_none_or(|statuses| statuses.contains(&status))
    })
    .answer()
}

/// One or more of the statuses, in lower case, separated by commas.
fn statuses(list: &str) -> Result<Vec<&'static str>, ApiError> {
    let read = |text: &str| STATUSES.iter().copied().find(|status| status.eq_ignore_ascii_case(text.trim()));
    let invalid = || ApiError::new(400, format!("approval_statuses: Not a valid option: {list}"));
    list.split(',').map(|text| read(text).ok_or_else(invalid)).collect()
}

/// A sheet by its gid.
pub(super) fn find(call: &Call<'_>, text: &str) -> Result<u32, ApiError> {
    let exists = |index: u32| call.view.world.timesheet(index / WEEKS, index % WEEKS).is_some();
    access::find(call, Kind::Timesheet, text, |index| exists(index) && sees_sheet(call.view, index))
}

pub(super) fn sheet<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, WHAT)?;
    let index = find(call, call.id)?;
    Ok(Answer::one(move |o| write_sheet(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, |_, _, _| view.plan != Plan::Free)
}
