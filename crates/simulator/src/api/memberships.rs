//! `/memberships`: who a project is shared with.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::projects::write_project;
use super::teams::write_team;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::{GidError, Kind, Member};

fn write_membership(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.project_memberships[index];
    view.head(o, Kind::ProjectMembership, index);
    o.object("parent", |o| write_project(o, view, row.project));
    o.object("member", |o| match row.member {
        Member::Person(person) => write_user(o, view, person),
        Member::Team(team) => write_team(o, view, team),
    });
    o.put("access_level", row.access_level);
    o.put("resource_subtype", "project_membership");
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_membership(o, view, index))
        .shown_if(move |index| {
            let row = &view.world.project_memberships[index];
            let is_there = match row.member {
                Member::Person(person) => view.world.people[person].is_listed(),
                Member::Team(_) => true,
            };
            is_there && view.viewer.sees_project(row.project)
        })
        .in_order_of_making()
}

/// By `parent`, by `member`, or by both. Without a parent a team may be asked for, a user may not.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let (parent, member) = (call.parameter("parent"), call.parameter("member"));
    if call.parameter("resource_subtype").is_some_and(|subtype| subtype != "project_membership") {
        return list(view, Rows::Count(0)).answer();
    }
    let member = member.map(|member| find_member(call, member)).transpose()?;
    match (parent, member) {
        (None, None) => Err(ApiError::missing("parent")),
        (Some(parent), member) => {
            let rows = &view.world.projects[find_parent(call, parent)?].memberships;
            let Some(member) = member else { return list(view, Rows::Known(rows)).answer() };
            let wanted = |row: &u32| view.world.project_memberships[*row].member == member;
            list(view, Rows::Chosen(rows.iter().copied().filter(wanted).collect())).answer()
        }
        (None, Some(Member::Person(_))) => {
            Err(ApiError::new(400, "parent: `parent` is required for user-type memberships"))
        }
        (None, Some(member)) => {
            let rows = view.world.project_memberships.iter().filter(|(_, row)| row.member == member);
            list(view, Rows::Chosen(rows.map(|(index, _)| index).collect())).answer()
        }
    }
}

fn find_parent(call: &Call<'_>, text: &str) -> Result<u32, ApiError> {
    match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => Err(ApiError::malformed_gid("parent", text)),
        Ok((Kind::Project, _)) => call.find(Kind::Project, text),
        _ => Err(ApiError::unknown_object("parent", text)),
    }
}

fn find_member(call: &Call<'_>, text: &str) -> Result<Member, ApiError> {
    match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => Err(ApiError::malformed_gid("member", text)),
        Ok((Kind::User, _)) => call.person("member", text).map(Member::Person),
        Ok((Kind::Team, _)) => call.find(Kind::Team, text).map(Member::Team),
        _ => Err(ApiError::unknown_object("member", text)),
    }
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(view.world.project_memberships.len()))
}
