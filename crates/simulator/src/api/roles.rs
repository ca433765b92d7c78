//! Roles of the workspace and what they permit: Enterprise only.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_workspace;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::config::Plan;
use crate::world::time::Time;
use crate::world::{Kind, ROLES, names, time};

/// The roles every workspace has; the others are made by its administrators.
const STANDARD: &[(&str, &str)] =
    &[("Guest", "guest"), ("Member", "member"), ("Admin", "admin"), ("Super admin", "super_admin")];

/// Permissions that are held or not.
const PERMISSIONS: &[&str] = &[
    "create_app_authorization",
    "create_pat_authorization",
    "share_goal_with_domain",
    "share_portfolios_with_org",
    "assign_roles",
    "manage_roles",
    "export_project_data",
    "download_mobile_attachments",
    "import_data",
    "create_global_custom_fields",
    "upload_attachments",
    "create_team",
    "create_and_edit_ai_automations",
    "proactive_ai",
    "standard_ai",
    "create_and_edit_ai_teammates",
    "share_teams_with_org",
    "create_goal",
    "create_project",
    "create_read_only_link",
    "create_portfolio",
    "view_public_teams",
    "view_shared_with_org_projects",
    "view_shared_with_org_tasks",
    "view_shared_with_org_portfolios",
];

fn is_archived(index: u32) -> bool {
    (10..ROLES).contains(&index)
}

/// One that is planted comes after the others.
fn count(view: View<'_>) -> u32 {
    ROLES + u32::from(view.world.planted.is_some())
}

fn write_role(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let dice = view.world.dice(Kind::RbacRole, index);
    let standard = STANDARD.get(index as usize).copied();
    let is_planted = index >= ROLES;
    let base = match standard {
        Some((_, base)) => base,
        None if is_planted => "member",
        None => dice.pick("base", &["guest", "member", "admin"]),
    };
    view.head(o, Kind::RbacRole, index);
    o.with("name", || {
        standard.map_or_else(|| format!("{} {index}", names::word(dice, "name")), |(name, _)| name.into())
    });
    o.with("description", || names::prose(dice, 40));
    o.put("is_standard_role", standard.is_some());
    let created_at = time::NOW - 800 * time::DAY + i64::from(dice.below("created", 400)) * time::DAY;
    o.put("creation_time", Time(created_at));
    o.put("modified_at", Time(created_at + i64::from(dice.below("modified", 400)) * time::DAY));
    o.put("base_role_type", base);
    let share = match base {
        "guest" => 10,
        "member" => 60,
        _ => 100,
    };
    o.object("permissions", |o| {
        for name in PERMISSIONS {
            o.put(name, if is_planted { *name == "assign_roles" } else { dice.chance(name, share) });
        }
        o.put("task_deletion_policy", dice.pick("deletion", &["all", "owned", "none"]));
        o.put("allowed_guest_invites", if dice.chance("invites", share) { "all" } else { "none" });
    });
    o.object("workspace", |o| write_workspace(o, view, 0));
}

fn gate(view: View<'_>) -> Result<(), ApiError> {
    access::enterprise(view, "Role management")?;
    if access::is_guest(view) { Err(ApiError::forbidden()) } else { Ok(()) }
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_role(o, view, index))
}

/// With `archived` either the archived ones or the others, without it both.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let workspace = call.workspace_parameter()?;
    gate(call.view)?;
    let archived = call.flag("archived")?;
    let wanted = |index: &u32| workspace == 0 && archived.is_none_or(|archived| archived == is_archived(*index));
    list(call.view, Rows::Chosen((0..count(call.view)).filter(wanted).collect())).answer()
}

pub(super) fn role<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    gate(view)?;
    let index = access::find(call, Kind::RbacRole, call.id, |index| index < count(view))?;
    Ok(Answer::one(move |o| write_role(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    let is_open = view.plan == Plan::Enterprise && !access::is_guest(view);
    list(view, Rows::Count(if is_open { count(view) } else { 0 }))
}
