//! Project templates and task templates.

use super::attachments::{self, Parent};
use super::errors::ApiError;
use super::json::{Gid, Object};
use super::people::write_user;
use super::projects::{some, write_project};
use super::tags::COLORS;
use super::teams::write_team;
use super::{Answer, Call, Listing, Rows, View, access, fields};
use crate::world::time::Time;
use crate::world::{Dice, Kind, TASK_TEMPLATES, names, time};

pub(super) fn write_project_template(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let dice = view.world.dice(Kind::ProjectTemplate, index);
    view.head(o, Kind::ProjectTemplate, index);
    o.with("name", || view.world.template_name(index));
    o.with("description", || names::prose(dice, 30));
    o.with("html_description", || names::rich(&names::prose(dice, 30)));
    o.put("public", view.world.is_template_public(index));
    let owner = (!dice.chance("no owner", 15)).then(|| view.world.actor(dice, "owner"));
    o.maybe("owner", owner, |o, person| write_user(o, view, person));
    o.maybe("team", some(view.world.template_team(index)), |o, team| write_team(o, view, team));
    o.with("color", || (!dice.chance("no color", 15)).then(|| dice.pick("color", COLORS)));
    // The gids of date variables are 1 for the start and 2 for the end of the project.
    let dates = [(1, "Start Date", "Choose a start date for your project."), (2, "Due Date", "")];
    let wanted = dice.below("dates", 3) as usize;
    o.array(
        "requested_dates",
        || dates.into_iter().take(wanted),
        |o, (gid, name, description)| {
            o.put("gid", Gid(gid));
            o.put("name", name);
            o.put("description", description);
        },
    );
    let roles = ["Designer", "Approver, \"final\"", "Übersetzer"];
    let wanted = dice.below("roles", 4) as usize;
    o.array(
        "requested_roles",
        || (0u32..).zip(roles).take(wanted),
        |o, (at, name)| {
            view.head(o, Kind::TemplateRole, index * 4 + at);
            o.put("name", name);
        },
    );
}

/// A private template is for the members of its team, a public one for everyone who sees the team.
pub(super) fn sees_template(view: View<'_>, index: u32) -> bool {
    let (world, viewer) = (view.world, view.viewer);
    viewer.is_service()
        || match some(world.template_team(index)) {
            None => !access::is_guest(view),
            Some(team) => {
                viewer.sees_team(team) && (world.is_template_public(index) || world.is_in_team(viewer.person, team))
            }
        }
}

fn project_templates<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_project_template(o, view, index))
        .shown_if(move |index| sees_template(view, index))
}

fn of_team_index<'a>(call: &Call<'a>, team: u32) -> Listing<'a> {
    let world = call.view.world;
    let of_team = (0..world.project_template_count()).filter(|index| world.template_team(*index) == team);
    project_templates(call.view, Rows::Chosen(of_team.collect()))
}

/// By `team` or by `workspace`.
pub(super) fn of_workspace_or_team<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    if let Some(team) = call.parameter("team") {
        return of_team_index(call, call.find(Kind::Team, team)?).answer();
    }
    match call.workspace_parameter()? {
        0 => everything_of_projects(call.view),
        _ => project_templates(call.view, Rows::Count(0)),
    }
    .answer()
}

pub(super) fn of_team<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    of_team_index(call, call.find(Kind::Team, call.id)?).answer()
}

pub(super) fn project_template<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let is_known = |index| index < view.world.project_template_count() && sees_template(view, index);
    let index = access::find(call, Kind::ProjectTemplate, call.id, is_known)?;
    Ok(Answer::one(move |o| write_project_template(o, view, index)))
}

/// Project templates a viewer may see.
pub(super) fn everything_of_projects(view: View<'_>) -> Listing<'_> {
    project_templates(view, Rows::Count(view.world.project_template_count()))
}

fn write_task_template(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let project = index / TASK_TEMPLATES;
    let dice = view.world.dice(Kind::TaskTemplate, project).part(index % TASK_TEMPLATES);
    view.head(o, Kind::TaskTemplate, index);
    o.with("name", || names::task(dice));
    o.object("project", |o| write_project(o, view, project));
    o.object("template", |o| write_recipe(o, view, project, dice));
    o.object("created_by", |o| write_user(o, view, view.world.actor(dice, "creator")));
    let age = i64::from(dice.below("age", 300)) * time::HOUR;
    o.put("created_at", Time((view.world.projects[project].created_at + age).min(time::NOW)));
}

fn write_step(o: &mut Object<'_>, dice: Dice) {
    o.with("name", || names::task(dice));
    o.with("task_resource_subtype", || dice.pick("subtype", &["default_task", "milestone_task", "approval_task"]));
}

/// The task that the template makes.
fn write_recipe(o: &mut Object<'_>, view: View<'_>, project: u32, dice: Dice) {
    write_step(o, dice.part(1));
    o.with("description", || names::prose(dice, 30));
    o.with("html_description", || names::rich(&names::prose(dice, 30)));
    let is_filed = dice.chance("in project", 70);
    o.array("memberships", || is_filed.then_some(project), |o, project| write_project(o, view, project));
    let due = dice.chance("due", 60).then(|| 3 + dice.below("due in", 30));
    o.put("relative_start_on", due.filter(|_| dice.chance("start", 50)).map(|due| due / 2));
    o.put("relative_due_on", due);
    o.put("due_time", due.filter(|_| dice.chance("time", 30)).map(|_| "13:15:00.000Z"));
    for (name, first) in [("dependencies", 10), ("dependents", 20), ("subtasks", 30)] {
        o.array(name, || first..first + dice.below(name, 3), |o, at| write_step(o, dice.part(at)));
    }
    o.array("followers", || view.world.some_people(dice, "followers", 3), |o, person| write_user(o, view, person));
    let attachments = view.world.project_attachment_count(project).min(dice.below("attachments", 3));
    o.array(
        "attachments",
        || 0..attachments,
        |o, ordinal| attachments::write_attachment(o, view, Parent::Project(project), ordinal),
    );
    let settings = || if view.has_custom_fields() { view.world.projects[project].settings.as_slice() } else { &[] };
    let fields = || settings().iter().map(|row| view.world.settings[*row].field).take(3);
    o.array(
        "custom_fields",
        || fields().filter(|field| view.viewer.sees_field(*field)),
        |o, field| fields::write_field(o, view, field),
    );
}

fn task_templates<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_task_template(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index / TASK_TEMPLATES))
}

fn templates_of(view: View<'_>, project: u32) -> std::ops::Range<u32> {
    let first = project * TASK_TEMPLATES;
    first..first + view.world.task_template_count(project)
}

/// By `project`, which is needed.
pub(super) fn of_project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let project = call.find(Kind::Project, call.required("project")?)?;
    task_templates(call.view, Rows::Chosen(templates_of(call.view, project).collect())).answer()
}

pub(super) fn task_template<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let is_known = |index: u32| {
        let project = index / TASK_TEMPLATES;
        view.viewer.sees_project(project) && templates_of(view, project).contains(&index)
    };
    let index = access::find(call, Kind::TaskTemplate, call.id, is_known)?;
    Ok(Answer::one(move |o| write_task_template(o, view, index)))
}

/// Task templates of the projects a viewer may see.
pub(super) fn everything_of_tasks(view: View<'_>) -> Listing<'_> {
    let rows = view.world.projects.indexes().flat_map(|project| templates_of(view, project));
    task_templates(view, Rows::Chosen(rows.collect()))
}
