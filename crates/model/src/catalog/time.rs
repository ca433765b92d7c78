//! Time tracked, time planned, and money.

use super::build::{any, boolean, date, integer, named, number, object, part_of, refs_with, text, timestamp};
use super::{Asks, CHOSEN, Condition, EVERYWHERE, Ends, Gives, Key, Listing, Name, Per, Resource, Set, Stage, WHOLE};
use crate::sensitive::{HARMLESS, NOTE, TITLE};

pub(super) static TIME_TRACKING_ENTRIES: Resource = Resource {
    name: "time_tracking_entries",
    singular: "time_tracking_entry",
    about: "Time that people entered on tasks and projects.",
    api: "https://developers.asana.com/reference/gettimetrackingentry",
    fields: &[
        part_of("task", "tasks", "The task it was spent on."),
        named("attributable_to", "projects", "The project it counts for."),
        named("created_by", "users", "Who spent it."),
        integer("duration_minutes", "How long, in minutes."),
        date("entered_on", "The day it was spent."),
        timestamp("created_at", "When it was entered."),
        text("description", NOTE, "What was done."),
        text("approval_status", HARMLESS, "DRAFT, SUBMITTED, APPROVED or REJECTED."),
        text("billable_status", HARMLESS, "billable, nonBillable or notApplicable."),
        refs_with(
            "categories",
            "time_tracking_category_gid",
            "time_tracking_categories",
            Name::Column,
            &[],
            "Its categories.",
        ),
    ],
    // By their documentation, lists leave out the task and more. They are asked for it nevertheless; entries that come
    // without it are asked for one by one.
    listings: &[
        Listing {
            gives: Gives::Compact,
            ..Listing::paged(
                "time_tracking_entries",
                Per::Each("workspaces"),
                "/time_tracking_entries",
                // A date is required; this one is before Asana's first day.
                &[("workspace", "{gid}"), ("entered_on_start_date", "2008-01-01")],
                Stage::Structure,
                WHOLE,
            )
        },
        Listing {
            gives: Gives::Compact,
            ..Listing::paged(
                "time_tracking_entries_of_task",
                Per::EachWhere("tasks", Condition::Counted("actual_time_minutes")),
                "/tasks/{gid}/time_tracking_entries",
                &[],
                Stage::Details,
                CHOSEN,
            )
        },
        Listing::single(
            "time_tracking_entry",
            Per::EachWhere("time_tracking_entries", Condition::Lacks(NOT_IN_LISTS)),
            "/time_tracking_entries/{gid}",
            Stage::Details,
            EVERYWHERE,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Work],
    counted: None,
};

/// Of what is not documented for lists, what every entry has.
const NOT_IN_LISTS: &[&str] = &["task", "created_at"];

pub(super) static TIME_TRACKING_CATEGORIES: Resource = Resource {
    name: "time_tracking_categories",
    singular: "time_tracking_category",
    about: "The categories of time entries, archived ones included.",
    api: "https://developers.asana.com/reference/gettimetrackingcategories",
    fields: &[
        text("name", TITLE, "The name of the category."),
        text("color", HARMLESS, "Its color."),
        boolean("is_archived", "Whether it is archived."),
    ],
    listings: &[
        Listing::paged(
            "time_tracking_categories",
            Per::Each("workspaces"),
            "/time_tracking_categories",
            &[("workspace", "{gid}")],
            Stage::Structure,
            EVERYWHERE,
        ),
        Listing::paged(
            "archived_time_tracking_categories",
            Per::Each("workspaces"),
            "/time_tracking_categories",
            &[("workspace", "{gid}"), ("is_archived", "true")],
            Stage::Structure,
            EVERYWHERE,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Work],
    counted: None,
};

pub(super) static TIMESHEET_APPROVAL_STATUSES: Resource = Resource {
    name: "timesheet_approval_statuses",
    singular: "timesheet_approval_status",
    about: "Whether timesheets were submitted and approved.",
    api: "https://developers.asana.com/reference/gettimesheetapprovalstatuses",
    fields: &[
        named("user", "users", "Whose timesheet."),
        named("workspace", "workspaces", "The workspace."),
        date("start_date", "The first day."),
        date("end_date", "The last day."),
        text("approval_status", HARMLESS, "DRAFT, SUBMITTED, APPROVED or REJECTED."),
        timestamp("created_at", "When it was made."),
    ],
    listings: &[Listing::paged(
        "timesheet_approval_statuses",
        Per::Each("workspaces"),
        "/timesheet_approval_statuses",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

pub(super) static ALLOCATIONS: Resource = Resource {
    name: "allocations",
    singular: "allocation",
    about: "How much of whose time is planned for which project.",
    api: "https://developers.asana.com/reference/getallocations",
    fields: &[
        any("assignee", "Whose time; a person or a placeholder."),
        any("parent", "What it is planned for."),
        text("resource_subtype", HARMLESS, "The kind of allocation."),
        date("start_date", "The first day."),
        date("end_date", "The last day."),
        object(
            "effort",
            &[text("type", HARMLESS, "hours or percent."), number("value", "How much.")],
            "How much of the time.",
        ),
        named("created_by", "users", "Who planned it."),
    ],
    listings: &[
        Listing::paged(
            "allocations",
            Per::Each("workspaces"),
            "/allocations",
            &[("workspace", "{gid}")],
            Stage::Structure,
            WHOLE,
        ),
        Listing {
            instead_of: Some("allocations"),
            ..Listing::paged(
                "allocations_of_project",
                Per::Each("projects"),
                "/allocations",
                PARENT,
                Stage::Containers,
                EVERYWHERE,
            )
        },
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

pub(super) static BUDGETS: Resource = Resource {
    name: "budgets",
    singular: "budget",
    about: "The budgets of projects, in money or time.",
    api: "https://developers.asana.com/reference/getbudgets",
    fields: &[
        text("budget_type", HARMLESS, "cost or time."),
        named("parent", "projects", "The project."),
        object(
            "estimate",
            &[
                boolean("enabled", "Whether it is used."),
                text("source", HARMLESS, "What it is computed from: none, tasks or capacity_plans."),
                text("billable_status_filter", HARMLESS, "Which time counts: billable, non_billable or any."),
                number("value", "How much."),
                text("units", HARMLESS, "The unit of the value."),
            ],
            "What is expected.",
        ),
        object(
            "actual",
            &[
                text("billable_status_filter", HARMLESS, "Which time counts: billable, non_billable or any."),
                number("value", "How much."),
                text("units", HARMLESS, "The unit of the value."),
            ],
            "What was used.",
        ),
        object(
            "total",
            &[
                boolean("enabled", "Whether it is used."),
                number("value", "How much."),
                text("units", HARMLESS, "The unit of the value."),
            ],
            "What is allowed.",
        ),
    ],
    listings: &[Listing {
        ends: Ends::Unpaged,
        asks: Asks::Nothing { left_out: &[] },
        ..Listing::paged("budgets", Per::Each("projects"), "/budgets", PARENT, Stage::Containers, EVERYWHERE)
    }],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

pub(super) static RATES: Resource = Resource {
    name: "rates",
    singular: "rate",
    about: "What an hour of whom costs in which project.",
    api: "https://developers.asana.com/reference/getrates",
    fields: &[
        named("parent", "projects", "The project."),
        any("resource", "Whose hour; a person or a placeholder."),
        number("rate", "The price of an hour."),
        text("currency_code", HARMLESS, "ISO 4217 code."),
        named("created_by", "users", "Who set it."),
    ],
    listings: &[Listing {
        asks: Asks::Nothing { left_out: &[] },
        ..Listing::paged("rates", Per::Each("projects"), "/rates", PARENT, Stage::Containers, EVERYWHERE)
    }],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

const PARENT: &[(&str, &str)] = &[("parent", "{gid}")];
