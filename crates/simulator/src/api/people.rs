//! Workspaces, users, workspace memberships and My Tasks lists.

use super::errors::ApiError;
use super::fields::{self, Owner};
use super::json::Object;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::time::{Day, Time};
use crate::world::{Kind, Role, World, time};

pub(crate) fn write_workspace(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.workspaces[index];
    view.head(o, Kind::Workspace, index);
    o.put("name", row.name);
    o.with("email_domains", || row.email_domains.to_vec());
    o.put("is_organization", row.is_organization);
}

pub(crate) fn write_user(o: &mut Object<'_>, view: View<'_>, index: u32) {
    if let Some(name) = view.world.stranger(index) {
        view.head(o, Kind::User, index);
        return o.put("name", name);
    }
    let person = &view.world.people[index];
    view.head(o, Kind::User, index);
    // Of some people who left nothing is known but the gid.
    if person.role == Role::Ghost && index.is_multiple_of(2) {
        return;
    }
    o.put("name", person.name.as_str());
    o.put("email", person.email.as_str());
    let photo = World::has_photo(view.world.dice(Kind::User, index)).then_some(index);
    o.maybe("photo", photo, |o, person| write_photo(o, &person.to_string()));
    let rows = view.world.workspace_memberships.iter();
    o.array(
        "workspaces",
        || rows.filter(|(_, row)| row.person == index && row.is_active).map(|(_, row)| row.workspace),
        |o, workspace| write_workspace(o, view, workspace),
    );
    let owner = Owner::Person(index);
    o.array("custom_fields", || owner.fields(view), |o, field| fields::write_value(o, view, owner, field));
}

/// A photo in its sizes.
pub(super) fn write_photo(o: &mut Object<'_>, name: &str) {
    for size in ["21x21", "27x27", "36x36", "60x60", "128x128", "1024x1024"] {
        o.with(&format!("image_{size}"), || {
            format!("https://s3.amazonaws.com/profile_photos/{name}_{size}.png?e=1780300800&t=simulated")
        });
    }
}

fn write_membership(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.workspace_memberships[index];
    let role = view.world.people[row.person].role;
    view.head(o, Kind::WorkspaceMembership, index);
    o.object("user", |o| write_user(o, view, row.person));
    o.object("workspace", |o| write_workspace(o, view, row.workspace));
    o.object("user_task_list", |o| write_task_list(o, view, row.workspace, row.person));
    o.put("is_active", row.is_active);
    o.put("is_admin", role == Role::Admin);
    o.put("is_guest", role == Role::Guest);
    o.put("is_view_only", row.is_view_only);
    let away = view.world.dice(Kind::WorkspaceMembership, index).chance("vacation", 8).then_some(());
    o.maybe("vacation_dates", away, |o, ()| {
        o.put("start_on", Day(time::NOW / time::DAY + 3));
        o.put("end_on", (!index.is_multiple_of(3)).then_some(Day(time::NOW / time::DAY + 17)));
    });
    o.put("created_at", Time(row.created_at));
}

fn write_task_list(o: &mut Object<'_>, view: View<'_>, workspace: u32, person: u32) {
    o.with("gid", || view.wide_gid(Kind::UserTaskList, World::task_list_index(workspace, person)));
    o.put("resource_type", Kind::UserTaskList.resource());
    o.with("name", || format!("My tasks in {}", view.world.workspaces[workspace].name));
    o.object("owner", |o| write_user(o, view, person));
    o.object("workspace", |o| write_workspace(o, view, workspace));
}

pub(super) fn workspaces<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    Listing::new(Rows::Known(&view.viewer.workspaces), move |o, index| write_workspace(o, view, index)).answer()
}

pub(super) fn workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.workspace()?);
    Ok(Answer::one(move |o| write_workspace(o, view, index)))
}

/// The people of a workspace: everyone of the first, the administrator of the second.
pub(super) fn users<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, world) = (call.view, call.view.world);
    let listing = |rows| {
        Listing::new(rows, move |o, index| write_user(o, view, index))
            .shown_if(move |index| view.viewer.sees_person(index))
    };
    if let Some(team) = call.parameter("team") {
        let rows = &world.teams[call.find(Kind::Team, team)?].memberships;
        let people = rows.iter().map(|row| world.team_memberships[*row].person).collect();
        let by_membership = |place: usize, _| rows.get(place).map_or(u64::MAX, |row| u64::from(*row));
        return listing(Rows::Chosen(people)).ranked_by(by_membership).answer();
    }
    match call.workspace_parameter()? {
        0 => {
            let by_gid = |_, person: u32| world.gids.gid(Kind::User, person.into());
            listing(Rows::Known(&world.users)).ranked_by(by_gid).answer()
        }
        _ => listing(Rows::Count(1)).answer(),
    }
}

pub(super) fn user<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.person("user", call.id)?);
    Ok(Answer::one(move |o| write_user(o, view, index)))
}

pub(super) fn memberships_of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let workspace = call.workspace()?;
    let person = call.parameter("user").map(|user| call.person("user", user)).transpose()?;
    memberships(call, move |_, in_workspace, of| in_workspace == workspace && person.is_none_or(|person| person == of))
}

pub(super) fn memberships_of_user<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let person = call.person("user", call.id)?;
    memberships(call, move |view, workspace, of| of == person && view.viewer.sees_workspace(workspace))
}

fn memberships<'a>(call: &Call<'a>, wanted: impl Fn(View<'_>, u32, u32) -> bool) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let rows = view.world.workspace_memberships.iter();
    let rows = rows.filter(|(_, row)| wanted(view, row.workspace, row.person)).map(|(index, _)| index).collect();
    Listing::new(Rows::Chosen(rows), move |o, index| write_membership(o, view, index))
        .shown_if(move |index| view.viewer.sees_person(view.world.workspace_memberships[index].person))
        .in_order_of_making()
        .answer()
}

pub(super) fn task_list_of_user<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, person) = (call.view, call.person("user", call.id)?);
    let workspace = call.find(Kind::Workspace, call.required("workspace")?)?;
    Ok(Answer::one(move |o| write_task_list(o, view, workspace, person)))
}

/// The (workspace, person) of a My Tasks list.
pub(super) fn find_task_list(call: &Call<'_>, text: &str) -> Result<(u32, u32), ApiError> {
    let unknown = || ApiError::unknown_object("user_task_list", text);
    let (kind, index) = match call.view.world.gids.parse(text) {
        Ok(found) => found,
        Err(crate::world::GidError::Malformed) => return Err(ApiError::malformed_gid("user_task_list", text)),
        Err(crate::world::GidError::Unknown) => return Err(unknown()),
    };
    let workspace = u32::try_from(index >> 24).map_err(|_| unknown())?;
    let person = u32::try_from(index & 0xFF_FFFF).map_err(|_| unknown())?;
    let is_known = kind == Kind::UserTaskList && call.view.world.people.row(person).is_some();
    if is_known && call.view.viewer.sees_workspace(workspace) && call.view.viewer.sees_person(person) {
        Ok((workspace, person))
    } else {
        Err(unknown())
    }
}

pub(super) fn task_list<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let (workspace, person) = find_task_list(call, call.id)?;
    Ok(Answer::one(move |o| write_task_list(o, view, workspace, person)))
}

pub(super) fn everything_of_memberships(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.workspace_memberships.len()), move |o, index| write_membership(o, view, index))
        .shown_if(move |index| {
            let row = &view.world.workspace_memberships[index];
            view.viewer.sees_person(row.person) && view.viewer.sees_workspace(row.workspace)
        })
}

pub(super) fn everything_of_task_lists(view: View<'_>) -> Listing<'_> {
    let mut lists: Vec<u32> = Vec::new();
    for (index, row) in view.world.workspace_memberships.iter() {
        let twin = |known: &u32| {
            let known = &view.world.workspace_memberships[*known];
            (known.workspace, known.person) == (row.workspace, row.person)
        };
        if !lists.iter().any(twin) {
            lists.push(index);
        }
    }
    Listing::new(Rows::Chosen(lists), move |o, index| {
        let row = &view.world.workspace_memberships[index];
        write_task_list(o, view, row.workspace, row.person);
    })
    .shown_if(move |index| {
        let row = &view.world.workspace_memberships[index];
        view.viewer.sees_person(row.person) && view.viewer.sees_workspace(row.workspace)
    })
}
