//! What the token's own user marked as a favourite, one kind of object at a time.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::portfolios::write_portfolio;
use super::projects::write_project;
use super::tags::write_tag;
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, View, access, templates};
use crate::world::{Kind, World};

/// How objects of a kind are written, how many there are, and how many of a hundred are favourites.
struct Markable {
    kind: Kind,
    write: fn(&mut Object<'_>, View<'_>, u32),
    count: fn(&World) -> u32,
    sees: fn(View<'_>, u32) -> bool,
    percent: u32,
}

const MARKABLE: &[Markable] = &[
    Markable {
        kind: Kind::Project,
        write: write_project,
        count: |world| world.projects.len(),
        sees: |view, index| view.viewer.sees_project(index),
        percent: 25,
    },
    Markable {
        kind: Kind::Tag,
        write: write_tag,
        count: |world| world.tags.len(),
        sees: |view, index| view.viewer.sees_tag(index),
        percent: 15,
    },
    Markable {
        kind: Kind::Task,
        write: write_task,
        count: World::generated_tasks,
        sees: |view, index| view.viewer.sees_task(index),
        percent: 1,
    },
    Markable {
        kind: Kind::User,
        write: write_user,
        count: |world| world.size.users,
        sees: |view, index| view.viewer.sees_person(index),
        percent: 10,
    },
    Markable {
        kind: Kind::Portfolio,
        write: write_portfolio,
        count: |world| world.portfolios.rows.len(),
        sees: |view, index| view.viewer.sees_portfolio(index),
        percent: 40,
    },
    Markable {
        kind: Kind::ProjectTemplate,
        write: templates::write_project_template,
        count: World::project_template_count,
        sees: templates::sees_template,
        percent: 70,
    },
];

/// The favourites of one kind in the order of the sidebar, which is nobody else's order.
fn chosen(view: View<'_>, of: &Markable) -> Vec<u32> {
    let dice = view.world.dice(Kind::User, view.viewer.person);
    let is_marked = |index: &u32| dice.part(*index).chance(of.kind.resource(), of.percent);
    let mut rows: Vec<u32> = (0..(of.count)(view.world)).filter(is_marked).collect();
    rows.sort_by_key(|index| dice.part(*index).roll("sidebar"));
    rows
}

/// By `resource_type` and `workspace`, both needed, and only of oneself.
pub(super) fn of_user<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    if call.person("user", call.id)? != view.viewer.person {
        return Err(ApiError::forbidden());
    }
    let wanted = call.required("resource_type")?;
    let workspace = access::workspace(call)?;
    let Some(of) = MARKABLE.iter().find(|of| of.kind.resource() == wanted) else {
        return Err(ApiError::new(400, format!("resource_type: Not a valid option: {wanted}")));
    };
    let rows = if workspace == 0 { chosen(view, of) } else { Vec::new() };
    Listing::new(Rows::Chosen(rows), move |o, index| (of.write)(o, view, index))
        .shown_if(move |index| (of.sees)(view, index))
        .answer()
}
