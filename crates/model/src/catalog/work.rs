//! Tasks, and what is attached to them: stories and files.

use super::build::{
    any, bare, boolean, container, custom_field_values, date, file, integer, named, number, object, objects, people,
    person, refs, text, timestamp,
};
use super::goals::REACTION_SUMMARY;
use super::{
    Asks, Condition, Counted, Divided, EVERYWHERE, Ends, Field, Files, Gives, Key, Listing, Name, Per, Resource, Set,
    Since, Stage, WHOLE,
};
use crate::sensitive::{COMMENT, HARMLESS, NOTE, TITLE, VALUE};

// Left out: `liked` and `external` (relative to the token's user or app), `hearts`, `hearted`, `num_hearts` and
// `assignee_status` (deprecated), `projects` (the same set as `memberships`), `dependents` (`dependencies` seen from
// the other end).
pub(super) static TASKS: Resource = Resource {
    name: "tasks",
    singular: "task",
    about: "Tasks, subtasks, milestones, approvals and separators, however they were reached.",
    api: "https://developers.asana.com/reference/gettasks",
    fields: &[
        text("name", TITLE, "The name of the task."),
        text("resource_subtype", HARMLESS, "default_task, milestone, approval or custom."),
        named("parent", "tasks", "The task that this one is a subtask of."),
        integer("num_subtasks", "How many subtasks it has, directly."),
        named("assignee", "users", "Who is to do it."),
        named("assignee_section", "sections", "Its section in My Tasks; only for tasks of the token's own user."),
        named("assigned_by", "users", "Who assigned it."),
        boolean("completed", "Whether it is done."),
        timestamp("completed_at", "When it was done."),
        named("completed_by", "users", "Who completed it."),
        text("approval_status", HARMLESS, "pending, approved, rejected or changes_requested, for approvals."),
        timestamp("created_at", "When it was made."),
        bare("created_by", "users", &[], "Who made it."),
        timestamp("modified_at", "When it last changed; changes of its subtasks do not count."),
        date("start_on", "The day it starts."),
        timestamp("start_at", "The instant it starts."),
        date("due_on", "The day it is due."),
        timestamp("due_at", "The instant it is due."),
        number("actual_time_minutes", "Minutes tracked on it."),
        text("notes", NOTE, "Its description as plain text."),
        text("html_notes", NOTE, "The same with formatting."),
        boolean("is_rendered_as_separator", "Whether it is a heading in a list rather than work."),
        integer("num_likes", "How many people like it."),
        named("custom_type", "custom_types", "Its custom type."),
        named("custom_type_status_option", "custom_type_status_options", "Its status among those of its custom type."),
        text("permalink_url", HARMLESS, "Its address in Asana."),
        named("workspace", "workspaces", "The workspace."),
        objects(
            "memberships",
            &[
                bare("project", "projects", &[], "The project."),
                bare("section", "sections", &[], "The section in that project."),
            ],
            "The projects it is in, with its section there.",
        ),
        people("followers", "Who is told of what happens to it."),
        refs("tags", "tag_gid", "tags", Name::Absent, "Its tags."),
        objects("likes", LIKE, "Who likes it."),
        refs("dependencies", "depends_on_gid", "tasks", Name::Absent, "The tasks that must be done before it."),
        custom_field_values("Values of custom fields of this task."),
    ],
    listings: &[
        Listing {
            since: MODIFIED_SINCE,
            shown_by: Some("memberships"),
            // Every task of a project is in one of its sections.
            divided: Some(Divided { parts: "sections_of_long_project", each: "tasks_of_section" }),
            ..Listing::paged(
                "tasks_of_project",
                Per::Each("projects"),
                "/tasks",
                &[("project", "{gid}")],
                Stage::Tasks,
                EVERYWHERE,
            )
        },
        Listing {
            shown_by: Some("memberships"),
            ..Listing::paged(
                "tasks_of_section",
                Per::Dividing("sections"),
                "/sections/{gid}/tasks",
                &[],
                Stage::Tasks,
                EVERYWHERE,
            )
        },
        Listing {
            since: MODIFIED_SINCE,
            shown_by: Some("assignee"),
            ..Listing::paged(
                "tasks_of_user",
                Per::Each("users"),
                "/tasks",
                &[("assignee", "{gid}"), ("workspace", "{workspace}")],
                Stage::Tasks,
                WHOLE,
            )
        },
        Listing {
            shown_by: Some("tags"),
            ..Listing::paged("tasks_of_tag", Per::Each("tags"), "/tags/{gid}/tasks", &[], Stage::Tasks, WHOLE)
        },
        Listing {
            shown_by: Some("parent"),
            ..Listing::paged(
                "subtasks",
                Per::EachWhere("tasks", Condition::Positive("num_subtasks")),
                "/tasks/{gid}/subtasks",
                &[],
                Stage::Tasks,
                EVERYWHERE,
            )
        },
        SEARCH,
        Listing::single("found_task", Per::Named("tasks"), "/tasks/{gid}", Stage::Tasks, WHOLE),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Work],
    counted: Some(Counted { field: "num_subtasks", by: "parent" }),
};

const MODIFIED_SINCE: Option<Since> = Some(Since { parameter: "modified_since", field: "modified_at" });

/// Every task that the token can see, by the date it was made: the only way to tasks in no project, without assignee,
/// tag and parent, and a second opinion on all others. Of search, paid plans only; its index lags behind.
/// Source: <https://developers.asana.com/reference/searchtasksforworkspace>
const SEARCH: Listing = Listing {
    ends: Ends::Windows,
    asks: Asks::Only(&["created_at", "modified_at", "created_by", "assignee"]),
    gives: Gives::Gids("tasks"),
    // Subtasks, and tasks that only a tag leads to, have no listing that tells what changed.
    since: Some(Since { parameter: "modified_at.after", field: "modified_at" }),
    ..Listing::paged(
        "tasks_by_search",
        Per::Each("workspaces"),
        "/workspaces/{gid}/tasks/search",
        &[],
        Stage::Structure,
        WHOLE,
    )
};

const LIKE: &[Field] = &[person("user", "Who.")];

const DATES: &[Field] =
    &[date("start_on", "The first day."), date("due_on", "The day due."), timestamp("due_at", "The instant due.")];

// Left out: `liked` (relative to the token's user), `hearts`, `hearted` and `num_hearts` (deprecated), and of
// `reaction_summary` the flag `reacted` (relative to the token's user).
pub(super) static STORIES: Resource = Resource {
    name: "stories",
    singular: "story",
    about: "Comments, and the system's notes of what was changed by whom.",
    api: "https://developers.asana.com/reference/getstoriesfortask",
    fields: &[
        any("target", "The object that the story belongs to."),
        timestamp("created_at", "When it was written."),
        named("created_by", "users", "Who did it; empty for the system itself."),
        text("type", HARMLESS, "comment or system."),
        text("resource_subtype", HARMLESS, "What happened, as in comment_added or assigned."),
        text("text", COMMENT, "The comment, or a sentence that says what happened."),
        text("html_text", COMMENT, "The same with formatting."),
        boolean("is_pinned", "Whether it is pinned to the top."),
        boolean("is_edited", "Whether it was edited."),
        boolean("is_editable", "Whether it can be edited."),
        integer("num_likes", "How many people like it."),
        text("sticker_name", HARMLESS, "The sticker that the comment consists of."),
        text("source", HARMLESS, "Where it came from: web, email, mobile, api or unknown."),
        text("old_name", TITLE, "The name before."),
        text("new_name", TITLE, "The name after."),
        object("old_dates", DATES, "The dates before."),
        object("new_dates", DATES, "The dates after."),
        text("old_resource_subtype", HARMLESS, "The kind of task before."),
        text("new_resource_subtype", HARMLESS, "The kind of task after."),
        text("old_approval_status", HARMLESS, "The approval status before."),
        text("new_approval_status", HARMLESS, "The approval status after."),
        named("assignee", "users", "Who it was assigned to."),
        named("follower", "users", "Who was made a follower."),
        named("old_section", "sections", "The section it was moved from."),
        named("new_section", "sections", "The section it was moved to."),
        named("task", "tasks", "The task concerned."),
        named("project", "projects", "The project concerned."),
        named("tag", "tags", "The tag concerned."),
        named("custom_field", "custom_fields", "The custom field that changed."),
        text("old_text_value", VALUE, "The text before."),
        text("new_text_value", VALUE, "The text after."),
        number("old_number_value", "The number before."),
        number("new_number_value", "The number after."),
        named("old_enum_value", "enum_options", "The option before."),
        named("new_enum_value", "enum_options", "The option after."),
        object("old_date_value", DATES, "The date before."),
        object("new_date_value", DATES, "The date after."),
        bare("story", "stories", &[], "The story concerned, as when a comment is liked."),
        named("duplicate_of", "tasks", "The task that this one was merged into."),
        named("duplicated_from", "tasks", "The task that was merged into this one."),
        named("dependency", "tasks", "The task that it depends on or blocks."),
        objects("likes", LIKE, "Who likes it."),
        REACTION_SUMMARY,
        objects(
            "previews",
            &[
                text("title", COMMENT, "The title."),
                text("title_link", COMMENT, "Where the title leads."),
                text("header", COMMENT, "The header."),
                text("header_link", COMMENT, "Where the header leads."),
                text("text", COMMENT, "The text."),
                text("html_text", COMMENT, "The text with formatting."),
                text("footer", COMMENT, "The footer."),
                text("fallback", COMMENT, "What to show where the preview cannot be shown."),
            ],
            "Previews of what the comment links to.",
        ),
        people("old_people_value", "The people before."),
        people("new_people_value", "The people after."),
        refs("old_multi_enum_values", "enum_option_gid", "enum_options", Name::Column, "The options before."),
        refs("new_multi_enum_values", "enum_option_gid", "enum_options", Name::Column, "The options after."),
    ],
    listings: &[
        Listing::paged("stories_of_task", Per::Each("tasks"), "/tasks/{gid}/stories", &[], Stage::Details, EVERYWHERE),
        Listing::paged("stories_of_goal", Per::Each("goals"), "/goals/{gid}/stories", &[], Stage::Details, WHOLE),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Work],
    counted: None,
};

// Left out: `download_url`, which is a credential of its own and dies within minutes. Downloads ask for it one by one.
pub(super) static ATTACHMENTS: Resource = Resource {
    name: "attachments",
    singular: "attachment",
    about: "Files and links attached to tasks, projects and briefs, inline images included.",
    api: "https://developers.asana.com/reference/getattachmentsforobject",
    fields: &[
        text("name", TITLE, "The file's name."),
        text("resource_subtype", HARMLESS, "Where it is: asana, dropbox, gdrive, onedrive, box, vimeo or external."),
        any("parent", "The object it is attached to."),
        timestamp("created_at", "When it was attached."),
        text("host", HARMLESS, "The service that holds it."),
        integer("size", "Bytes; only for files held by Asana."),
        text("permanent_url", TITLE, "A lasting address; opening it needs a browser signed in to Asana."),
        text("view_url", TITLE, "An address to look at it."),
        boolean("connected_to_app", "Whether an app attached it and shows it in its own way."),
        file(
            "file",
            Files {
                folder: "attachments",
                held: ("host", "asana"),
                name: "name",
                size: "size",
                path: "/attachments/{gid}",
                address: "download_url",
            },
            "the file that was downloaded; empty without --attachments files",
        ),
    ],
    listings: &[
        // The same search with one filter more; it saves a request for each task without files.
        Listing { name: "tasks_with_attachments", query: &[("has_attachment", "true")], since: None, ..SEARCH },
        Listing {
            narrowed_by: Some("tasks_with_attachments"),
            ..Listing::paged(
                "attachments_of_task",
                Per::Each("tasks"),
                "/attachments",
                PARENT,
                Stage::Details,
                EVERYWHERE,
            )
        },
        Listing::paged(
            "attachments_of_project",
            Per::Each("projects"),
            "/attachments",
            PARENT,
            Stage::Containers,
            EVERYWHERE,
        ),
        Listing::paged(
            "attachments_of_project_brief",
            Per::Each("project_briefs"),
            "/attachments",
            PARENT,
            Stage::Containers,
            EVERYWHERE,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Work],
    counted: None,
};

const PARENT: &[(&str, &str)] = &[("parent", "{gid}")];

pub(super) static REACTIONS: Resource = Resource {
    name: "reactions",
    singular: "reaction",
    about: "Who reacted with which emoji to a comment or status update. Their number is in the reaction summaries.",
    api: "https://developers.asana.com/reference/getreactionsonobject",
    fields: &[
        container("target", "The story or status update."),
        text("emoji", HARMLESS, "The emoji as chosen."),
        named("user", "users", "Who."),
    ],
    listings: &[
        Listing {
            asks: Asks::Nothing { left_out: &[] },
            ..Listing::paged(
                "reactions_to_story",
                Per::EachItem { parent: "stories", list: "reaction_summary", item: "emoji_base" },
                "/reactions",
                REACTION,
                Stage::Details,
                EVERYWHERE,
            )
        },
        Listing {
            asks: Asks::Nothing { left_out: &[] },
            ..Listing::paged(
                "reactions_to_status_update",
                Per::EachItem { parent: "status_updates", list: "reaction_summary", item: "emoji_base" },
                "/reactions",
                REACTION,
                Stage::Details,
                EVERYWHERE,
            )
        },
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Work],
    counted: None,
};

const REACTION: &[(&str, &str)] = &[("target", "{gid}"), ("emoji_base", "{item}")];
