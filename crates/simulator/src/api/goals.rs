//! Goals, with their metrics.

use super::containers::{self, Container};
use super::errors::ApiError;
use super::goal_relationships;
use super::json::{Digits, Object};
use super::people::{write_user, write_workspace};
use super::periods::write_period;
use super::projects::some;
use super::statuses::Parent;
use super::teams::write_team;
use super::{Answer, Call, Listing, Rows, Unlimited, View};
use crate::world::goals::{Goal, Support};
use crate::world::sharing::people;
use crate::world::time::Day;
use crate::world::{Dates, Dice, Kind, NONE, names, periods, time};

pub(super) const FEATURE: &str = "Goals";
/// The first ones are computed from what supports the goal.
const SOURCES: &[&str] = &[
    "subgoal_progress",
    "project_task_completion",
    "project_milestone_completion",
    "task_completion",
    "manual",
    "manual",
    "external",
];

pub(crate) fn write_goal(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let goals = &view.world.goals;
    let goal = &goals.rows[index];
    let dice = view.world.dice(Kind::Goal, index);
    view.head(o, Kind::Goal, index);
    if !view.viewer.sees_goal(index) {
        return;
    }
    o.put("name", goal.name.as_str());
    o.maybe("owner", some(goal.owner), |o, person| write_user(o, view, person));
    o.with("notes", || names::prose(dice, 40));
    o.with("html_notes", || names::rich(&names::prose(dice, 40)));
    write_dates(o, goal, dice, view.world.planted.goal_dates(index));
    o.put("is_workspace_level", goal.team == NONE);
    o.maybe("team", some(goal.team), |o, team| write_team(o, view, team));
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.maybe("time_period", some(goal.period), |o, period| write_period(o, view, period));
    let measured = view.world.planted.is_measured(index).unwrap_or_else(|| !dice.chance("no metric", 20));
    o.maybe("metric", measured.then_some(()), |o, ()| write_metric(o, view, index));
    let update = Parent::Goal(index).latest(view);
    o.with("status", || update.map(|update| update.status().1));
    o.maybe("current_status_update", update, |o, update| update.write(o));
    o.put("privacy_setting", if goal.is_public { "public_to_workspace" } else { "members_only" });
    o.with("default_access_level", || dice.pick("level", &["admin", "editor", "commenter", "viewer"]));
    // Asana's description of followers: the users who are members of the goal.
    o.array("followers", || people(&goals.memberships, &goal.memberships), |o, person| write_user(o, view, person));
    containers::write_fields(o, view, Container::Goal(index));
    write_likes(o, view, index);
}

/// A goal of a period is due on its last day; a start needs a due date.
fn write_dates(o: &mut Object<'_>, goal: &Goal, dice: Dice, planted: Option<Dates>) {
    if let Some(dates) = planted {
        let day = |at: Option<i64>| at.map(|at| Day(at / time::DAY));
        o.put("due_on", day(dates.due));
        o.put("start_on", day(dates.start));
        return;
    }
    let period = some(goal.period).map(periods::period);
    let own = dice.chance("own due date", 40).then(|| Day(goal.created_at / time::DAY + 200));
    let due = period.map(|period| period.end).or(own);
    let start = period.map_or_else(|| due.map(|due| Day(due.0 - 90)), |period| Some(period.start));
    o.put("due_on", due);
    o.put("start_on", start.filter(|_| dice.chance("started", 50)));
}

fn write_likes(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let likers = || view.world.goal_likers(index);
    o.with("liked", || likers().contains(&view.viewer.person));
    o.with("num_likes", || u32::try_from(likers().len()).unwrap_or(0));
    o.array(
        "likes",
        || likers().into_iter().zip(0u32..),
        |o, (person, at)| {
            o.with("gid", || view.gid(Kind::GoalLike, index * 8 + at));
            o.object("user", |o| write_user(o, view, person));
        },
    );
}

fn write_metric(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let dice = view.world.dice(Kind::GoalMetric, index);
    let unit = dice.pick("unit", &["none", "none", "currency", "percentage"]);
    let source = dice.pick("source", SOURCES);
    let precision = dice.below("precision", 4);
    let digits = |whole: u32| {
        // Zeros at the end stay, as a person typed them.
        let fraction = dice.part(whole).below("fraction", 10_u32.pow(precision) / 10) * 10;
        let width = precision as usize;
        if precision == 0 { whole.to_string() } else { format!("{whole}.{fraction:0width$}") }
    };
    let is_stalled = view.world.planted.is_stalled(index);
    let current = digits(if is_stalled { 0 } else { dice.below("current", 900) });
    view.head(o, Kind::GoalMetric, index);
    o.put("resource_subtype", "number");
    o.put("precision", precision);
    o.put("unit", unit);
    o.put("currency_code", (unit == "currency").then_some("EUR"));
    o.put("initial_number_value", Digits(digits(0)));
    o.put("target_number_value", Digits(digits(1_000)));
    o.with("current_display_value", || match unit {
        "currency" => format!("€{current}"),
        "percentage" => format!("{current}%"),
        _ => current.clone(),
    });
    o.put("current_number_value", Digits(current));
    o.put("progress_source", source);
    match source {
        "external" => o.put("can_manage", view.world.actor(dice, "integration") == view.viewer.person),
        "manual" => {}
        _ => o.put("is_custom_weight", dice.chance("weighted", 30)),
    }
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_goal(o, view, index)).shown_if(move |index| view.viewer.sees_goal(index))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(view.world.goals.rows.len()))
}

/// By `workspace`, `team`, or supporting `project`, `portfolio` or `task`, in any combination; closed goals and those of
/// past periods are included.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    view.paid(FEATURE)?;
    let find = |name: &str, kind| call.parameter(name).map(|text| call.find(kind, text)).transpose();
    let team = find("team", Kind::Team)?;
    let supports = [
        find("project", Kind::Project)?.map(Support::Project),
        find("portfolio", Kind::Portfolio)?.map(Support::Portfolio),
        find("task", Kind::Task)?.map(Support::Task),
    ];
    let level = call.flag("is_workspace_level")?;
    if level.is_some() && call.parameter("workspace").is_none() {
        return Err(ApiError::missing("workspace"));
    }
    let is_narrowed = team.is_some() || supports.iter().any(Option::is_some);
    let workspace = match find("workspace", Kind::Workspace)? {
        None if is_narrowed => 0,
        None => call.workspace_parameter()?,
        Some(workspace) => workspace,
    };
    let periods = call.parameter("time_periods").map(|text| find_periods(call, text)).transpose()?;
    let wanted = |index: u32, goal: &Goal| {
        workspace == 0
            && team.is_none_or(|team| goal.team == team)
            && level.is_none_or(|level| level == (goal.team == NONE))
            && periods.as_ref().is_none_or(|periods| periods.contains(&goal.period))
            && supports.iter().flatten().all(|support| goal_relationships::is_supported(view, index, *support))
    };
    let rows = view.world.goals.rows.iter().filter(|(index, goal)| wanted(*index, goal));
    list(view, Rows::Chosen(rows.map(|(index, _)| index).collect())).answer()
}

/// Gids of periods, separated by commas.
fn find_periods(call: &Call<'_>, text: &str) -> Result<Vec<u32>, ApiError> {
    text.split(',').map(|gid| call.find(Kind::TimePeriod, gid)).collect()
}

pub(super) fn find(call: &Call<'_>) -> Result<u32, ApiError> {
    call.view.paid(FEATURE)?;
    call.find(Kind::Goal, call.id)
}

pub(super) fn goal<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find(call)?);
    Ok(Answer::one(move |o| write_goal(o, view, index)))
}

/// The goals this one supports; the endpoint has no pages.
pub(super) fn parents<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find(call)?);
    let rows = view.world.goals.rows.indexes();
    let rows = rows.filter(|goal| goal_relationships::is_supported(view, *goal, Support::Goal(index))).collect();
    list(view, Rows::Chosen(rows)).unlimited(Unlimited::NoPages).answer()
}

pub(super) fn field_settings<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    containers::settings(call.view, Container::Goal(find(call)?)).answer()
}
