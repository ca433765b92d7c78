//! Workspaces, the people in them, and their teams.

use super::build::{
    boolean, custom_field_values, date, named, named_and_asked_about, nested, records, text, texts, timestamp,
};
use super::{Condition, EVERYWHERE, Key, Listing, Per, Resource, Set, Stage, WHOLE};
use crate::sensitive::{EMAIL, HARMLESS, NAME, NAME_OR_TITLE, NOTE, TITLE};

pub(super) static WORKSPACES: Resource = Resource {
    name: "workspaces",
    singular: "workspace",
    about: "The workspaces and organizations that the token can see.",
    api: "https://developers.asana.com/reference/getworkspaces",
    fields: &[
        text("name", TITLE, "The name of the workspace."),
        boolean("is_organization", "Whether it is an organization: only those have teams and email domains."),
        texts("email_domains", "email_domain", EMAIL, "The email domains of the organization."),
    ],
    listings: &[Listing::paged("workspaces", Per::Token, "/workspaces", &[], Stage::Structure, EVERYWHERE)],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::People],
    counted: None,
};

// Left out: `photo` (signed addresses that expire) and `workspaces` (only the ones shared with the token's own user).
pub(super) static USERS: Resource = Resource {
    name: "users",
    singular: "user",
    about: "People: those in the workspace, guests included, and everyone met anywhere in the data.",
    api: "https://developers.asana.com/reference/getusers",
    fields: &[
        text("name", NAME, "The person's name."),
        text("email", EMAIL, "The person's email address."),
        custom_field_values("Values of custom fields of this person."),
    ],
    listings: &[Listing::paged(
        "users",
        Per::Each("workspaces"),
        "/users",
        &[("workspace", "{gid}")],
        Stage::Structure,
        EVERYWHERE,
    )],
    union: true,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::People, Set::Work, Set::Compliance],
    counted: None,
};

// Left out: `vacation_dates` (deprecated in favour of out-of-office entries).
pub(super) static WORKSPACE_MEMBERSHIPS: Resource = Resource {
    name: "workspace_memberships",
    singular: "workspace_membership",
    about: "Who belongs to the workspace, and as what. Someone who was removed and came back has two rows.",
    api: "https://developers.asana.com/reference/getworkspacemembershipsforworkspace",
    fields: &[
        named_and_asked_about("user", &["users"], "The member."),
        named("workspace", "workspaces", "The workspace."),
        boolean("is_active", "Whether the membership is active; true also for people invited who have not accepted."),
        boolean("is_admin", "Whether the member administers the workspace."),
        boolean("is_guest", "Whether the member is a guest."),
        boolean("is_view_only", "Whether the member has a view-only licence."),
        timestamp("created_at", "When the membership was made."),
        nested("user_task_list", "user_task_lists", "The member's My Tasks list."),
    ],
    listings: &[Listing::paged(
        "workspace_memberships",
        Per::Each("workspaces"),
        "/workspaces/{gid}/workspace_memberships",
        &[],
        Stage::Structure,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::People, Set::Compliance],
    counted: None,
};

pub(super) static USER_TASK_LISTS: Resource = Resource {
    name: "user_task_lists",
    singular: "user_task_list",
    about: "Each person's My Tasks list, from their workspace membership.",
    api: "https://developers.asana.com/reference/getusertasklist",
    fields: &[
        text("name", NAME_OR_TITLE, "The name of the list."),
        named("owner", "users", "Whose tasks it holds."),
        named("workspace", "workspaces", "The workspace."),
    ],
    listings: &[],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::People],
    counted: None,
};

pub(super) static TEAMS: Resource = Resource {
    name: "teams",
    singular: "team",
    about: "The teams of the organization that the token can see.",
    api: "https://developers.asana.com/reference/getteamsforworkspace",
    fields: &[
        text("name", TITLE, "The name of the team."),
        named("organization", "workspaces", "The organization it belongs to."),
        text("description", NOTE, "What the team is for, as plain text."),
        text("html_description", NOTE, "The same with formatting."),
        text("permalink_url", HARMLESS, "The address of the team in Asana."),
        text("visibility", HARMLESS, "Who can see it: secret, request_to_join or public."),
        text("edit_team_name_or_description_access_level", HARMLESS, "Who may rename or describe it."),
        text(
            "edit_team_visibility_or_trash_team_access_level",
            HARMLESS,
            "Who may change its visibility or delete it.",
        ),
        text("member_invite_management_access_level", HARMLESS, "Who may accept invitations of members."),
        text("guest_invite_management_access_level", HARMLESS, "Who may accept invitations of guests."),
        text("join_request_management_access_level", HARMLESS, "Who may accept requests to join."),
        text("team_member_removal_access_level", HARMLESS, "Who may remove members."),
        text("team_content_management_access_level", HARMLESS, "Who may manage the team's content."),
        boolean("endorsed", "Whether the organization endorses the team."),
        records("custom_field_settings", "custom_field_settings", "The custom fields used in the team."),
    ],
    listings: &[Listing::paged(
        "teams",
        Per::EachWhere("workspaces", Condition::True("is_organization")),
        "/workspaces/{gid}/teams",
        &[],
        Stage::Structure,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::People, Set::Compliance],
    counted: None,
};

pub(super) static TEAM_MEMBERSHIPS: Resource = Resource {
    name: "team_memberships",
    singular: "team_membership",
    about: "Who belongs to which team.",
    api: "https://developers.asana.com/reference/getteammembershipsforteam",
    fields: &[
        named("user", "users", "The member."),
        named("team", "teams", "The team."),
        boolean("is_guest", "Whether the member is a guest of the team."),
        boolean("is_limited_access", "Whether the member sees only parts of the team."),
        boolean("is_admin", "Whether the member administers the team."),
    ],
    listings: &[Listing::paged(
        "team_memberships",
        Per::Each("teams"),
        "/teams/{gid}/team_memberships",
        &[],
        Stage::Containers,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::People, Set::Compliance],
    counted: None,
};

pub(super) static OOO_ENTRIES: Resource = Resource {
    name: "ooo_entries",
    singular: "ooo_entry",
    about: "When people are out of office.",
    api: "https://developers.asana.com/reference/getoooentries",
    fields: &[
        named("user", "users", "Who is away."),
        date("start_date", "The first day."),
        date("end_date", "The last day."),
        named("created_by", "users", "Who entered it."),
    ],
    listings: &[Listing::paged(
        "ooo_entries",
        Per::Each("users"),
        "/ooo_entries",
        &[("user", "{gid}"), ("workspace", "{workspace}")],
        Stage::Containers,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::People, Set::Planning],
    counted: None,
};

// Left out: `photo` (signed addresses that expire).
pub(super) static AGENTS: Resource = Resource {
    name: "agents",
    singular: "agent",
    about: "AI teammates of the workspace.",
    api: "https://developers.asana.com/reference/getagentsforworkspace",
    fields: &[
        text("name", TITLE, "The name of the agent."),
        text("resource_subtype", HARMLESS, "The kind of agent, as in asana_teammate."),
        text("description", NOTE, "What it is for."),
        text("behavior_guidance", NOTE, "How it was told to behave."),
        named("workspace", "workspaces", "The workspace."),
    ],
    listings: &[Listing::paged(
        "agents",
        Per::Each("workspaces"),
        "/workspaces/{gid}/agents",
        &[],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::People, Set::Compliance],
    counted: None,
};
