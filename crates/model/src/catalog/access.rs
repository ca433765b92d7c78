//! Who may do what: memberships, roles, requests for access; and what only administrators can read.

use super::build::{
    any, boolean, container, identifier, integer, json, listing_position, loose, named, object, objects, text,
    timestamp,
};
use super::{Asks, EVERYWHERE, Ends, Field, Key, Listing, Per, Resource, Set, Stage, To, WHOLE};
use crate::sensitive::{ANYTHING, EMAIL, HARMLESS, NAME_OR_TITLE, NOTE, TITLE};

// Left out, as deprecated: `role`, `is_editor`, `is_commenter`, `goal`.
pub(super) static MEMBERSHIPS: Resource = Resource {
    name: "memberships",
    singular: "membership",
    about: "Whom projects, portfolios, goals, custom fields and custom types are shared with: people and teams.",
    api: "https://developers.asana.com/reference/getmemberships",
    fields: &[
        text("resource_subtype", HARMLESS, "The kind of membership, as in project_membership."),
        container("parent", "What is shared."),
        any("member", "Whom it is shared with: a user or a team."),
        text("access_level", HARMLESS, "viewer, commenter, editor, admin or user."),
    ],
    listings: &[
        memberships("memberships_of_project", "projects", EVERYWHERE),
        memberships("memberships_of_portfolio", "portfolios", WHOLE),
        memberships("memberships_of_goal", "goals", WHOLE),
        memberships("memberships_of_custom_field", "custom_fields", WHOLE),
        memberships("memberships_of_custom_type", "custom_types", WHOLE),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::People, Set::Compliance],
    counted: None,
};

/// The endpoint documents no `opt_fields`; what it answers unasked is enough.
const fn memberships(name: &'static str, of: &'static str, scopes: &'static [super::Scope]) -> Listing {
    Listing {
        asks: Asks::Nothing { left_out: &["role", "is_editor", "is_commenter", "goal"] },
        ..Listing::paged(name, Per::Each(of), "/memberships", &[("parent", "{gid}")], Stage::Containers, scopes)
    }
}

pub(super) static ROLES: Resource = Resource {
    name: "roles",
    singular: "role",
    about: "Roles and what they permit.",
    api: "https://developers.asana.com/reference/getroles",
    fields: &[
        text("name", TITLE, "The name of the role."),
        text("description", NOTE, "What it is for."),
        boolean("is_standard_role", "Whether Asana made it."),
        text("base_role_type", HARMLESS, "guest, member, admin or super_admin."),
        timestamp("creation_time", "When it was made."),
        timestamp("modified_at", "When it last changed."),
        named("workspace", "workspaces", "The workspace."),
        object("permissions", PERMISSIONS, "What it permits."),
    ],
    listings: &[Listing::paged(
        "roles",
        Per::Each("workspaces"),
        "/roles",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::People, Set::Compliance],
    counted: None,
};

const PERMISSIONS: &[Field] = &[
    boolean("create_app_authorization", "To authorize apps."),
    boolean("create_pat_authorization", "To make personal access tokens."),
    boolean("share_goal_with_domain", "To share goals with everyone."),
    boolean("share_portfolios_with_org", "To share portfolios with everyone."),
    boolean("share_teams_with_org", "To share teams with everyone."),
    boolean("assign_roles", "To assign roles."),
    boolean("manage_roles", "To manage roles."),
    boolean("export_project_data", "To export projects."),
    text("task_deletion_policy", HARMLESS, "Which tasks may be deleted: all, owned or none."),
    boolean("download_mobile_attachments", "To download files on a phone."),
    boolean("import_data", "To import data."),
    boolean("create_global_custom_fields", "To add custom fields to the library."),
    boolean("upload_attachments", "To upload files."),
    boolean("create_team", "To make teams."),
    text("allowed_guest_invites", HARMLESS, "Whom they may invite as guests: all or none."),
    boolean("create_and_edit_ai_automations", "To make and edit AI automations."),
    boolean("create_and_edit_ai_teammates", "To make and edit AI teammates."),
    boolean("proactive_ai", "To use proactive AI."),
    boolean("standard_ai", "To use AI."),
    boolean("create_goal", "To make goals."),
    boolean("create_project", "To make projects."),
    boolean("create_portfolio", "To make portfolios."),
    boolean("create_read_only_link", "To make read-only links."),
    boolean("view_public_teams", "To see public teams."),
    boolean("view_shared_with_org_projects", "To see projects shared with everyone."),
    boolean("view_shared_with_org_tasks", "To see tasks shared with everyone."),
    boolean("view_shared_with_org_portfolios", "To see portfolios shared with everyone."),
];

pub(super) static ACCESS_REQUESTS: Resource = Resource {
    name: "access_requests",
    singular: "access_request",
    about: "Requests for access to projects and portfolios that wait for an answer.",
    api: "https://developers.asana.com/reference/getaccessrequests",
    fields: &[
        container("target", "What access is wanted to."),
        named("requester", "users", "Who asks."),
        text("message", NOTE, "What they say."),
        text("approval_status", HARMLESS, "pending, approved or denied."),
    ],
    listings: &[
        access_requests("access_requests_of_project", "projects", EVERYWHERE),
        access_requests("access_requests_of_portfolio", "portfolios", WHOLE),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Compliance],
    counted: None,
};

const fn access_requests(name: &'static str, of: &'static str, scopes: &'static [super::Scope]) -> Listing {
    Listing {
        ends: Ends::Unpaged,
        ..Listing::paged(name, Per::Each(of), "/access_requests", &[("target", "{gid}")], Stage::Containers, scopes)
    }
}

pub(super) static FAVORITES: Resource = Resource {
    name: "favorites",
    singular: "favorite",
    about: "The favorites of the token's own user; nobody else's can be read.",
    api: "https://developers.asana.com/reference/getfavoritesforuser",
    fields: &[
        text("resource_type", HARMLESS, "portfolio, project, tag, task, user or project_template."),
        text("name", NAME_OR_TITLE, "Its name."),
        listing_position("Its place among the favorites of its kind, from 0."),
    ],
    listings: &[
        favorites("favorite_projects", &[("workspace", "{gid}"), ("resource_type", "project")]),
        favorites("favorite_portfolios", &[("workspace", "{gid}"), ("resource_type", "portfolio")]),
        favorites("favorite_tags", &[("workspace", "{gid}"), ("resource_type", "tag")]),
        favorites("favorite_tasks", &[("workspace", "{gid}"), ("resource_type", "task")]),
        favorites("favorite_users", &[("workspace", "{gid}"), ("resource_type", "user")]),
        favorites("favorite_project_templates", &[("workspace", "{gid}"), ("resource_type", "project_template")]),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::People],
    counted: None,
};

const fn favorites(name: &'static str, query: &'static [(&'static str, &'static str)]) -> Listing {
    Listing::paged(name, Per::Each("workspaces"), "/users/me/favorites", query, Stage::Structure, WHOLE)
}

pub(super) static WEBHOOKS: Resource = Resource {
    name: "webhooks",
    singular: "webhook",
    about: "Webhooks that were registered with this token's app; no others can be read.",
    api: "https://developers.asana.com/reference/getwebhooks",
    fields: &[
        any("resource", "What it watches."),
        text("target", TITLE, "The address that is told."),
        boolean("active", "Whether it is active."),
        timestamp("created_at", "When it was made."),
        timestamp("last_success_at", "When a delivery last went well."),
        timestamp("last_failure_at", "When a delivery last failed."),
        text("last_failure_content", NOTE, "What the target answered then."),
        integer("delivery_retry_count", "How often the delivery at hand was tried again."),
        timestamp("next_attempt_after", "When it is tried next."),
        timestamp("failure_deletion_timestamp", "When it is deleted unless a delivery goes well."),
        objects(
            "filters",
            &[
                text("resource_subtype", HARMLESS, "The kind of object."),
                text("action", HARMLESS, "The action."),
                json("fields", &[], HARMLESS, "The fields."),
            ],
            "What it is told of.",
        ),
    ],
    listings: &[Listing::paged(
        "webhooks",
        Per::Each("workspaces"),
        "/webhooks",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Compliance],
    counted: None,
};

pub(super) static AUDIT_LOG_EVENTS: Resource = Resource {
    name: "audit_log_events",
    singular: "audit_log_event",
    about: "Who did what in the last 90 days; for service accounts of Enterprise plans.",
    api: "https://developers.asana.com/reference/getauditlogevents",
    fields: &[
        timestamp("created_at", "When it happened."),
        text("event_type", HARMLESS, "What happened, as in user_login_succeeded."),
        text("event_category", HARMLESS, "The kind of event, as in logins."),
        loose(
            "actor",
            To::One("users"),
            &[
                text("actor_type", HARMLESS, "user, asana, asana_support, anonymous or external_administrator."),
                text("email", EMAIL, "The email address."),
            ],
            "Who did it.",
        ),
        loose(
            "resource",
            To::Any,
            &[text("resource_subtype", HARMLESS, "Its subtype."), text("email", EMAIL, "Its email address.")],
            "What it was done to.",
        ),
        object(
            "context",
            &[
                text("context_type", HARMLESS, "Where it was done: web, desktop, mobile, email, api or by Asana."),
                text("api_authentication_method", HARMLESS, "cookie, oauth, personal_access_token or service_account."),
                text("client_ip_address", EMAIL, "From which address."),
                text("user_agent", NOTE, "With which program."),
                text("oauth_app_name", TITLE, "Through which app."),
                text("rule_name", TITLE, "By which rule."),
                identifier("on_behalf_of_user_id", "For whom."),
            ],
            "Where and how it was done.",
        ),
        json("details", &[], ANYTHING, "What else is known, as Asana sends it."),
    ],
    listings: &[Listing {
        ends: Ends::EmptyPage,
        asks: Asks::Nothing { left_out: &[] },
        ..Listing::paged(
            "audit_log_events",
            Per::Each("workspaces"),
            "/workspaces/{gid}/audit_log_events",
            &[],
            Stage::Structure,
            WHOLE,
        )
    }],
    union: false,
    key: Key::Gid,
    sets: &[Set::Compliance],
    counted: None,
};
