//! What supports a goal: subgoals, projects, portfolios and tasks.

use super::errors::ApiError;
use super::goals::{FEATURE, write_goal};
use super::json::{Digits, Object};
use super::portfolios::write_portfolio;
use super::projects::write_project;
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::Kind;
use crate::world::goals::Support;

const SUBGOAL: &str = "subgoal";
const SUPPORTING_WORK: &str = "supporting_work";

fn subtype(support: Support) -> &'static str {
    if matches!(support, Support::Goal(_)) { SUBGOAL } else { SUPPORTING_WORK }
}

pub(super) fn is_supported(view: View<'_>, goal: u32, by: Support) -> bool {
    let goals = &view.world.goals;
    goals.rows[goal].relationships.iter().any(|row| goals.relationships[*row].support == by)
}

fn write_relationship(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.goals.relationships[index];
    let dice = view.world.dice(Kind::GoalRelationship, index).part(2);
    view.head(o, Kind::GoalRelationship, index);
    o.put("resource_subtype", subtype(row.support));
    o.object("supporting_resource", |o| match row.support {
        Support::Goal(goal) => write_goal(o, view, goal),
        Support::Project(project) => write_project(o, view, project),
        Support::Task(task) => write_task(o, view, task),
        Support::Portfolio(portfolio) => write_portfolio(o, view, portfolio),
    });
    o.with("contribution_weight", || Digits(dice.pick("weight", &["1", "1", "0", "0.5", "0.25", "2.50"]).to_owned()));
    o.object("supported_goal", |o| write_goal(o, view, row.supported));
}

/// Whoever sees both ends sees the relationship.
fn is_visible(view: View<'_>, index: u32) -> bool {
    let row = &view.world.goals.relationships[index];
    view.viewer.sees_goal(row.supported)
        && match row.support {
            Support::Goal(goal) => view.viewer.sees_goal(goal),
            Support::Project(project) => view.viewer.sees_project(project),
            Support::Task(task) => view.viewer.sees_task(task),
            Support::Portfolio(portfolio) => view.viewer.sees_portfolio(portfolio),
        }
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_relationship(o, view, index))
        .shown_if(move |index| is_visible(view, index))
}

/// By `supported_goal`, which is required; `resource_subtype` keeps subgoals or supporting work.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    view.paid(FEATURE)?;
    let goals = &view.world.goals;
    let rows = &goals.rows[call.find(Kind::Goal, call.required("supported_goal")?)?].relationships;
    let Some(wanted) = call.parameter("resource_subtype") else { return list(view, Rows::Known(rows)).answer() };
    let rows = rows.iter().copied().filter(|row| subtype(goals.relationships[*row].support) == wanted);
    list(view, Rows::Chosen(rows.collect())).answer()
}

pub(super) fn relationship<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    view.paid(FEATURE)?;
    let index = call.find(Kind::GoalRelationship, call.id)?;
    if is_visible(view, index) {
        Ok(Answer::one(move |o| write_relationship(o, view, index)))
    } else {
        Err(ApiError::unknown_object("goal_relationship", call.id))
    }
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(view.world.goals.relationships.len()))
}
