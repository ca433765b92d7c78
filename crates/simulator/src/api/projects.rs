//! Projects and sections.

use super::errors::ApiError;
use super::fields::{self, Owner};
use super::json::Object;
use super::people::{write_user, write_workspace};
use super::statuses::Parent;
use super::tags::COLORS;
use super::teams::write_team;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::time::{Day, Time};
use crate::world::{Dates, Dice, Kind, NONE, Privacy, Project, names, time};

const ICONS: &[&str] = &[
    "list",
    "board",
    "timeline",
    "calendar",
    "rocket",
    "people",
    "graph",
    "star",
    "bug",
    "light_bulb",
    "globe",
    "gear",
    "notebook",
    "computer",
    "check",
    "target",
    "html",
    "megaphone",
    "chat_bubbles",
    "briefcase",
    "page_layout",
    "mountain_flag",
    "puzzle",
    "presentation",
    "line_and_symbols",
    "speed_dial",
    "ribbon",
    "shoe",
    "shopping_basket",
    "map",
    "ticket",
    "coins",
];

/// A reference that has a gid and a name of its own.
pub(super) fn write_named(o: &mut Object<'_>, view: View<'_>, kind: Kind, index: u32, name: &str) {
    view.head(o, kind, index);
    o.put("name", name);
}

pub(crate) fn some(index: u32) -> Option<u32> {
    (index != NONE).then_some(index)
}

pub(crate) fn write_project(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let project = &view.world.projects[index];
    let dice = view.world.dice(Kind::Project, index);
    view.head(o, Kind::Project, index);
    if !view.viewer.sees_project(index) {
        return;
    }
    o.put("name", project.name.as_str());
    o.put("archived", project.archived);
    o.with("color", || (!dice.chance("no color", 15)).then(|| dice.pick("color", COLORS)));
    o.with("icon", || (!dice.chance("no icon", 25)).then(|| dice.pick("icon", ICONS)));
    o.put("created_at", Time(project.created_at));
    write_status(o, view, index);
    let settings = || if view.has_custom_fields() { project.settings.as_slice() } else { &[] };
    let shown = move |row: &&u32| view.viewer.sees_field(view.world.settings[**row].field);
    o.array("custom_field_settings", || settings().iter().filter(shown), |o, row| fields::write_setting(o, view, *row));
    o.with("default_view", || dice.pick("view", &["list", "board", "calendar", "timeline"]));
    write_dates(o, project, dice, view.world.planted.project_dates(index));
    o.with("notes", || names::prose(dice, 30));
    o.with("html_notes", || names::rich(&names::prose(dice, 30)));
    o.array("members", || view.world.members(index), |o, person| write_user(o, view, person));
    o.put("public", project.privacy == Privacy::Public);
    o.put(
        "privacy_setting",
        match project.privacy {
            Privacy::Public => "public_to_workspace",
            Privacy::Team => "private_to_team",
            Privacy::Private => "private",
        },
    );
    o.with("default_access_level", || {
        let planted = view.world.planted.default_access_level(index);
        planted.unwrap_or_else(|| dice.pick("level", &["admin", "editor", "commenter", "viewer"]))
    });
    o.with("minimum_access_level_for_customization", || dice.pick("customization", &["admin", "editor"]));
    o.with("minimum_access_level_for_sharing", || dice.pick("sharing", &["admin", "editor"]));
    let owner = Owner::Project(index);
    o.array("custom_fields", || owner.fields(view), |o, field| fields::write_value(o, view, owner, field));
    let completed = view.world.planted.is_completed(index).unwrap_or_else(|| dice.chance("completed", 15));
    o.put("completed", completed);
    o.put("completed_at", completed.then_some(Time(project.created_at + 90 * time::DAY)));
    o.maybe("completed_by", completed.then(|| view.world.actor(dice, "completed by")), |o, person| {
        write_user(o, view, person);
    });
    o.array("followers", || view.world.some_people(dice, "followers", 6), |o, person| write_user(o, view, person));
    o.maybe("owner", some(project.owner), |o, person| write_user(o, view, person));
    o.maybe("team", some(project.team), |o, team| write_team(o, view, team));
    o.with("permalink_url", || view.link(Kind::Project, index));
    let brief = view.world.has_brief(index).then_some(index);
    o.maybe("project_brief", brief, |o, index| view.head(o, Kind::ProjectBrief, index));
    o.maybe("created_from_template", view.world.template_of(index), |o, number| {
        write_named(o, view, Kind::ProjectTemplate, number, &view.world.template_name(number));
    });
    o.object("workspace", |o| write_workspace(o, view, 0));
}

fn write_dates(o: &mut Object<'_>, project: &Project, dice: Dice, planted: Option<Dates>) {
    let start = project.created_at / time::DAY + i64::from(dice.below("start", 60));
    let due = dice.chance("due", 60).then(|| Day(start + 5 + i64::from(dice.below("length", 300))));
    let begin = due.filter(|_| dice.chance("started", 50)).map(|_| Day(start));
    let day = |at: Option<i64>| at.map(|at| Day(at / time::DAY));
    let (begin, due) = planted.map_or((begin, due), |dates| (day(dates.start), day(dates.due)));
    o.put("due_date", due);
    o.put("due_on", due);
    o.put("start_on", begin);
    let changed = project.created_at + i64::from(dice.below("modified", 90)) * time::DAY;
    o.put("modified_at", Time(changed.min(time::NOW)));
}

/// The last status: the current form and the deprecated one say the same.
fn write_status(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let update = Parent::Project(index).latest(view);
    o.maybe("current_status", update, |o, update| {
        view.head(o, Kind::ProjectStatus, index);
        update.write_as_project_status(o);
    });
    o.maybe("current_status_update", update, |o, update| update.write(o));
}

pub(crate) fn write_section(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let section = &view.world.sections[index];
    view.head(o, Kind::Section, index);
    if !view.viewer.sees_project(section.project) {
        return;
    }
    o.put("name", section.name.as_str());
    o.put("created_at", Time(section.created_at));
    o.object("project", |o| write_project(o, view, section.project));
    o.array("projects", || std::iter::once(section.project), |o, project| write_project(o, view, project));
}

/// Projects out of a list of candidates that a viewer may see, archived or not.
fn list<'a>(call: &Call<'a>, rows: &'a [u32], rank: impl Fn(usize, u32) -> u64 + 'a) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let rows = match call.flag("archived")? {
        None => Rows::Known(rows),
        Some(archived) => {
            let wanted = |project: &u32| view.world.projects[*project].archived == archived;
            Rows::Chosen(rows.iter().copied().filter(wanted).collect())
        }
    };
    Listing::new(rows, move |o, index| write_project(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index))
        .ranked_by(rank)
        .answer()
}

fn in_workspace<'a>(call: &Call<'a>, workspace: u32) -> Result<Answer<'a>, ApiError> {
    let world = call.view.world;
    let by_gid = |_, row: u32| world.gids.gid(Kind::Project, row.into());
    list(call, if workspace == 0 { &world.project_order } else { &[] }, by_gid)
}

pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    in_workspace(call, call.workspace()?)
}

pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    if let Some(team) = call.parameter("team") {
        return in_team(call, call.find(Kind::Team, team)?);
    }
    in_workspace(call, call.workspace_parameter()?)
}

pub(super) fn of_team<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    in_team(call, call.find(Kind::Team, call.id)?)
}

fn in_team<'a>(call: &Call<'a>, team: u32) -> Result<Answer<'a>, ApiError> {
    list(call, &call.view.world.teams[team].projects, |_, row| row.into())
}

pub(super) fn project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.find(Kind::Project, call.id)?);
    Ok(Answer::one(move |o| write_project(o, view, index)))
}

pub(super) fn sections<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, project) = (call.view, call.find(Kind::Project, call.id)?);
    let rows = Rows::Known(&view.world.projects[project].sections);
    Listing::new(rows, move |o, index| write_section(o, view, index)).answer()
}

/// A section, if its project may be seen.
pub(super) fn find_section(call: &Call<'_>, text: &str) -> Result<u32, ApiError> {
    let index = call.find(Kind::Section, text)?;
    if call.view.viewer.sees_project(call.view.world.sections[index].project) {
        Ok(index)
    } else {
        Err(ApiError::forbidden())
    }
}

pub(super) fn section<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find_section(call, call.id)?);
    Ok(Answer::one(move |o| write_section(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Known(&view.world.project_order), move |o, index| write_project(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index))
}

pub(super) fn everything_of_sections(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.sections.len()), move |o, index| write_section(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(view.world.sections[index].project))
}
