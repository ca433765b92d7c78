//! Teams and team memberships.

use super::errors::ApiError;
use super::json::Object;
use super::people::{write_user, write_workspace};
use super::{Answer, Call, Listing, Rows, View};
use crate::world::{Kind, Role, TeamVisibility, names};

const WHO: &[&str] = &["all_team_members", "only_team_admins"];

pub(crate) fn write_team(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let team = &view.world.teams[index];
    let dice = view.world.dice(Kind::Team, index);
    view.head(o, Kind::Team, index);
    if !view.viewer.sees_team(index) {
        return;
    }
    o.put("name", team.name.as_str());
    o.with("description", || names::prose(dice, 40));
    o.with("html_description", || names::rich(&names::prose(dice, 40)));
    o.object("organization", |o| write_workspace(o, view, 0));
    o.with("permalink_url", || view.link(Kind::Team, index));
    o.put(
        "visibility",
        match team.visibility {
            TeamVisibility::Secret => "secret",
            TeamVisibility::RequestToJoin => "request_to_join",
            TeamVisibility::Public => "public",
        },
    );
    for level in [
        "edit_team_name_or_description_access_level",
        "edit_team_visibility_or_trash_team_access_level",
        "member_invite_management_access_level",
        "guest_invite_management_access_level",
        "join_request_management_access_level",
        "team_member_removal_access_level",
    ] {
        o.with(level, || dice.pick(level, WHO));
    }
    let content = if dice.chance("content", 80) { "no_restriction" } else { "only_team_admins" };
    o.put("team_content_management_access_level", content);
    o.put("endorsed", dice.chance("endorsed", 20));
    o.array("custom_field_settings", || 0..0u32, |_, _| {});
}

fn write_membership(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.team_memberships[index];
    view.head(o, Kind::TeamMembership, index);
    o.object("user", |o| write_user(o, view, row.person));
    o.object("team", |o| write_team(o, view, row.team));
    o.put("is_guest", view.world.people[row.person].role == Role::Guest);
    o.put("is_limited_access", row.is_limited_access);
    o.put("is_admin", row.is_admin);
}

pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.workspace()?;
    if !view.world.workspaces[workspace].is_organization {
        return Err(ApiError::new(400, "workspace: Not an organization"));
    }
    everything(view).answer()
}

/// The teams a viewer may see.
pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.teams.len()), move |o, index| write_team(o, view, index))
        .shown_if(move |index| view.viewer.sees_team(index))
}

/// All team memberships a viewer may see.
pub(super) fn everything_of_memberships(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(view.world.team_memberships.len()))
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_membership(o, view, index))
        .shown_if(move |index| {
            let row = &view.world.team_memberships[index];
            view.world.people[row.person].is_listed() && view.viewer.sees_team(row.team)
        })
        .in_order_of_making()
}

pub(super) fn team<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.find(Kind::Team, call.id)?);
    Ok(Answer::one(move |o| write_team(o, view, index)))
}

pub(super) fn memberships_of_team<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let team = call.find(Kind::Team, call.id)?;
    list(call.view, Rows::Known(&call.view.world.teams[team].memberships)).answer()
}

fn of_person<'a>(call: &Call<'a>, person: u32) -> Result<Answer<'a>, ApiError> {
    let rows = call.view.world.team_memberships.iter();
    let rows = rows.filter(|(_, row)| row.person == person).map(|(index, _)| index).collect();
    list(call.view, Rows::Chosen(rows)).answer()
}

pub(super) fn memberships_of_user<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let person = call.person("user", call.id)?;
    call.find(Kind::Workspace, call.required("workspace")?)?;
    of_person(call, person)
}

/// Needs `team`, or `user` and `workspace`.
pub(super) fn memberships<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    if let Some(team) = call.parameter("team") {
        let team = call.find(Kind::Team, team)?;
        return list(call.view, Rows::Known(&call.view.world.teams[team].memberships)).answer();
    }
    let person = call.person("user", call.required("user")?)?;
    call.find(Kind::Workspace, call.required("workspace")?)?;
    of_person(call, person)
}
