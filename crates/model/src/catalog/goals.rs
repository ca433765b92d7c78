//! Goals, what they rest on, and status updates.

use super::build::{
    any, any_and_asked_about, bare, boolean, custom_field_values, date, integer, named, number, object, objects,
    people, person, records, text, timestamp,
};
use super::{Condition, EVERYWHERE, Field, Key, Listing, Per, Resource, Set, Stage, WHOLE};
use crate::sensitive::{HARMLESS, NOTE, TITLE, VALUE};

pub(super) static TIME_PERIODS: Resource = Resource {
    name: "time_periods",
    singular: "time_period",
    about: "The years, halves and quarters that goals belong to.",
    api: "https://developers.asana.com/reference/gettimeperiods",
    fields: &[
        text("display_name", HARMLESS, "As in Q1 FY26."),
        text("period", HARMLESS, "FY, H1, H2, Q1, Q2, Q3 or Q4."),
        date("start_on", "The first day."),
        date("end_on", "The last day."),
        bare("parent", "time_periods", &[], "The period it is part of."),
    ],
    listings: &[Listing::paged(
        "time_periods",
        Per::Each("workspaces"),
        "/time_periods",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

// Left out: `liked` and `metric.can_manage` (relative to the token's user).
pub(super) static GOALS: Resource = Resource {
    name: "goals",
    singular: "goal",
    about: "Goals with their metrics, closed ones included.",
    api: "https://developers.asana.com/reference/getgoals",
    fields: &[
        text("name", TITLE, "The name of the goal."),
        named("workspace", "workspaces", "The workspace."),
        named("team", "teams", "The team whose goal it is."),
        boolean("is_workspace_level", "Whether it is a goal of the whole workspace."),
        named("owner", "users", "Who owns it."),
        bare(
            "time_period",
            "time_periods",
            &[text("display_name", HARMLESS, "Its name.")],
            "The period it belongs to.",
        ),
        date("start_on", "The day it starts."),
        date("due_on", "The day it is due."),
        text("status", HARMLESS, "Its status, as in green, yellow, red, achieved, partial, missed or dropped."),
        text("notes", NOTE, "Its description as plain text."),
        text("html_notes", NOTE, "The same with formatting."),
        text("privacy_setting", HARMLESS, "Who can see it: public_to_workspace or members_only."),
        text(
            "default_access_level",
            HARMLESS,
            "What people it is shared with may do: admin, editor, commenter or viewer.",
        ),
        integer("num_likes", "How many people like it."),
        CURRENT_STATUS_UPDATE,
        object(
            "metric",
            &[
                text("resource_subtype", HARMLESS, "The kind of metric: number."),
                text("unit", HARMLESS, "none, currency or percentage."),
                text("currency_code", HARMLESS, "ISO 4217 code of a currency."),
                integer("precision", "Decimal places shown."),
                number("initial_number_value", "Where it began."),
                number("current_number_value", "Where it is."),
                number("target_number_value", "Where it should arrive."),
                text("current_display_value", VALUE, "Where it is, as Asana shows it."),
                text("progress_source", HARMLESS, "What moves it, as in manual or subgoal_progress."),
                boolean("is_custom_weight", "Whether what moves it is weighted by hand."),
            ],
            "How its progress is measured.",
        ),
        objects("likes", &[person("user", "Who.")], "Who likes it."),
        people("followers", "Who is told of what happens to it."),
        custom_field_values("Values of custom fields of this goal."),
        records("custom_field_settings", "custom_field_settings", "The custom fields used in the goal."),
    ],
    listings: &[Listing::paged(
        "goals",
        Per::Each("workspaces"),
        "/goals",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

pub(super) static GOAL_RELATIONSHIPS: Resource = Resource {
    name: "goal_relationships",
    singular: "goal_relationship",
    about: "What each goal rests on: subgoals and supporting work.",
    api: "https://developers.asana.com/reference/getgoalrelationships",
    fields: &[
        text("resource_subtype", HARMLESS, "subgoal or supporting_work."),
        named("supported_goal", "goals", "The goal."),
        any_and_asked_about("supporting_resource", &["portfolios"], "What it rests on."),
        number("contribution_weight", "How much it counts, from 0 to 1."),
    ],
    listings: &[Listing::paged(
        "goal_relationships",
        Per::Each("goals"),
        "/goal_relationships",
        &[("supported_goal", "{gid}")],
        Stage::Containers,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

// Left out: `liked` (relative to the token's user), `hearts`, `hearted` and `num_hearts` (deprecated), and of
// `reaction_summary` the flag `reacted` (relative to the token's user).
pub(super) static STATUS_UPDATES: Resource = Resource {
    name: "status_updates",
    singular: "status_update",
    about: "Status updates of projects, portfolios and goals.",
    api: "https://developers.asana.com/reference/getstatusesforobject",
    fields: &[
        any("parent", "The project, portfolio or goal."),
        text("title", TITLE, "The title of the update."),
        text("resource_subtype", HARMLESS, "project_status_update, portfolio_status_update or goal_status_update."),
        text(
            "status_type",
            HARMLESS,
            "As in on_track, at_risk, off_track, on_hold, complete, achieved, partial or missed.",
        ),
        text("text", NOTE, "The update as plain text."),
        text("html_text", NOTE, "The same with formatting."),
        named("author", "users", "Who wrote it."),
        named("created_by", "users", "Who made it."),
        timestamp("created_at", "When it was made."),
        timestamp("modified_at", "When it last changed."),
        integer("num_likes", "How many people like it."),
        objects("likes", &[person("user", "Who.")], "Who likes it."),
        REACTION_SUMMARY,
    ],
    // Without a latest one there are none.
    listings: &[
        Listing::paged(
            "status_updates_of_project",
            Per::EachWhere("projects", Condition::Present("current_status_update")),
            "/status_updates",
            PARENT,
            Stage::Containers,
            EVERYWHERE,
        ),
        Listing::paged(
            "status_updates_of_portfolio",
            Per::EachWhere("portfolios", Condition::Present("current_status_update")),
            "/status_updates",
            PARENT,
            Stage::Containers,
            WHOLE,
        ),
        Listing::paged(
            "status_updates_of_goal",
            Per::EachWhere("goals", Condition::Present("current_status_update")),
            "/status_updates",
            PARENT,
            Stage::Containers,
            WHOLE,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

/// What projects, portfolios and goals show of their status.
pub(super) const CURRENT_STATUS_UPDATE: Field = bare(
    "current_status_update",
    "status_updates",
    &[text("title", TITLE, "The title."), text("resource_subtype", HARMLESS, "The kind of status update.")],
    "Its latest status update.",
);

/// The emoji below a comment or status update; the flag `reacted` is relative to the token's user.
pub(super) const REACTION_SUMMARY: Field = objects(
    "reaction_summary",
    &[
        text("emoji_base", HARMLESS, "The emoji without skin tone."),
        text("variant", HARMLESS, "The emoji as chosen."),
        integer("count", "How many people chose it."),
    ],
    "Emoji reactions, counted.",
);

const PARENT: &[(&str, &str)] = &[("parent", "{gid}")];
