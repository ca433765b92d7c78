//! Projects, their sections, and tags.

use super::build::{
    bare_and_asked_about, boolean, custom_field_values, date, integer, json, listing_position, named, object, people,
    records, refs, refs_with, text, timestamp,
};
use super::goals::CURRENT_STATUS_UPDATE;
use super::{CHOSEN, CUSTOM_FIELD_VALUE_PATHS, EVERYWHERE, Key, Listing, Name, Per, Resource, Set, Stage, WHOLE};
use crate::sensitive::{HARMLESS, NAME, NOTE, OBJECT_VALUE, TITLE};

pub(super) static TAGS: Resource = Resource {
    name: "tags",
    singular: "tag",
    about: "The tags of the workspace.",
    api: "https://developers.asana.com/reference/gettags",
    fields: &[
        text("name", TITLE, "The name of the tag."),
        text("color", HARMLESS, "Its color."),
        text("notes", NOTE, "Its description."),
        timestamp("created_at", "When it was made."),
        text("permalink_url", HARMLESS, "Its address in Asana."),
        named("workspace", "workspaces", "The workspace."),
        people("followers", "Who follows the tag."),
    ],
    listings: &[Listing::paged(
        "tags",
        Per::Each("workspaces"),
        "/tags",
        &[("workspace", "{gid}")],
        Stage::Structure,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work],
    counted: None,
};

// Left out, as deprecated: `current_status`, `public`, `due_date`.
pub(super) static PROJECTS: Resource = Resource {
    name: "projects",
    singular: "project",
    about: "Projects, archived ones included.",
    api: "https://developers.asana.com/reference/getprojects",
    fields: &[
        text("name", TITLE, "The name of the project."),
        named("workspace", "workspaces", "The workspace."),
        named(
            "team",
            "teams",
            "The team it was made in; empty for newer projects, which are shared through memberships.",
        ),
        named("owner", "users", "Who owns it."),
        boolean("archived", "Whether it is archived."),
        boolean("completed", "Whether it is completed."),
        timestamp("completed_at", "When it was completed."),
        named("completed_by", "users", "Who completed it."),
        timestamp("created_at", "When it was made."),
        timestamp("modified_at", "When its own fields last changed; its tasks do not count."),
        date("start_on", "The day it starts."),
        date("due_on", "The day it is due."),
        text("notes", NOTE, "Its description as plain text."),
        text("html_notes", NOTE, "The same with formatting."),
        text("color", HARMLESS, "Its color."),
        text("icon", HARMLESS, "Its icon."),
        text("default_view", HARMLESS, "The view it opens with: list, board, calendar or timeline."),
        text("privacy_setting", HARMLESS, "Who can see it: public_to_workspace, private_to_team or private."),
        text(
            "default_access_level",
            HARMLESS,
            "What people it is shared with may do: admin, editor, commenter or viewer.",
        ),
        text("minimum_access_level_for_customization", HARMLESS, "Who may customize it: admin or editor."),
        text("minimum_access_level_for_sharing", HARMLESS, "Who may share it: admin or editor."),
        text("permalink_url", HARMLESS, "Its address in Asana."),
        CURRENT_STATUS_UPDATE,
        bare_and_asked_about("project_brief", &["project_briefs"], "Its brief."),
        named("created_from_template", "project_templates", "The template it was made from."),
        people("members", "Users who are members."),
        people("followers", "Users who are told of what happens in it."),
        custom_field_values("Values of custom fields of this project."),
        records("custom_field_settings", "custom_field_settings", "The custom fields used in the project."),
    ],
    listings: &[
        Listing::paged(
            "projects",
            Per::Each("workspaces"),
            "/projects",
            &[("workspace", "{gid}")],
            Stage::Structure,
            WHOLE,
        ),
        Listing::single("chosen_project", Per::Chosen, "/projects/{gid}", Stage::Structure, CHOSEN),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work, Set::Planning],
    counted: None,
};

// Left out: `projects` (deprecated).
pub(super) static SECTIONS: Resource = Resource {
    name: "sections",
    singular: "section",
    about: "The sections of projects, empty ones included.",
    api: "https://developers.asana.com/reference/getsectionsforproject",
    fields: &[
        text("name", TITLE, "The name of the section."),
        named("project", "projects", "The project it is in."),
        listing_position("Its place in the project, from 0."),
        timestamp("created_at", "When it was made."),
    ],
    listings: &[
        Listing::paged(
            "sections",
            Per::Each("projects"),
            "/projects/{gid}/sections",
            &[],
            Stage::Containers,
            EVERYWHERE,
        ),
        // Asked anew: a section made since the first time would be left out.
        Listing::paged(
            "sections_of_long_project",
            Per::Dividing("projects"),
            "/projects/{gid}/sections",
            &[],
            Stage::Containers,
            EVERYWHERE,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work],
    counted: None,
};

pub(super) static PROJECT_BRIEFS: Resource = Resource {
    name: "project_briefs",
    singular: "project_brief",
    about: "The briefs of projects.",
    api: "https://developers.asana.com/reference/getprojectbrief",
    fields: &[
        text("title", TITLE, "The title of the brief."),
        text("text", NOTE, "The brief as plain text."),
        text("html_text", NOTE, "The same with formatting."),
        text("permalink_url", HARMLESS, "Its address in Asana."),
        named("project", "projects", "The project it describes."),
    ],
    listings: &[Listing::single(
        "project_brief",
        Per::Named("project_briefs"),
        "/project_briefs/{gid}",
        Stage::Containers,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure],
    counted: None,
};

pub(super) static PROJECT_TEMPLATES: Resource = Resource {
    name: "project_templates",
    singular: "project_template",
    about: "Templates that projects are made from.",
    api: "https://developers.asana.com/reference/getprojecttemplates",
    fields: &[
        text("name", TITLE, "The name of the template."),
        text("description", NOTE, "Its description as plain text."),
        text("html_description", NOTE, "The same with formatting."),
        boolean("public", "Whether everyone in its team can use it."),
        text("color", HARMLESS, "Its color."),
        named("owner", "users", "Who owns it."),
        named("team", "teams", "The team it belongs to."),
        refs_with(
            "requested_dates",
            "date_variable_gid",
            "date_variables",
            Name::Column,
            &[text("description", NOTE, "What the date means.")],
            "The dates to be given when a project is made from it.",
        ),
        refs(
            "requested_roles",
            "template_role_gid",
            "template_roles",
            Name::Column,
            "The roles to be filled when a project is made from it.",
        ),
    ],
    listings: &[Listing::paged(
        "project_templates",
        Per::Each("workspaces"),
        "/project_templates",
        &[("workspace", "{gid}")],
        Stage::Structure,
        WHOLE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure],
    counted: None,
};

/// What is told of a task made beside another.
const RECIPE: &[&str] = &["name", "task_resource_subtype"];

pub(super) static TASK_TEMPLATES: Resource = Resource {
    name: "task_templates",
    singular: "task_template",
    about: "Templates that tasks of a project are made from.",
    api: "https://developers.asana.com/reference/gettasktemplates",
    fields: &[
        text("name", TITLE, "The name of the template."),
        named("project", "projects", "The project it belongs to."),
        named("created_by", "users", "Who made it."),
        timestamp("created_at", "When it was made."),
        object(
            "template",
            &[
                text("name", TITLE, "The name that a task made from it gets."),
                text("task_resource_subtype", HARMLESS, "default_task, milestone_task or approval_task."),
                text("description", NOTE, "The description as plain text."),
                text("html_description", NOTE, "The same with formatting."),
                integer("relative_start_on", "Days from the making of the task to its start."),
                integer("relative_due_on", "Days from the making of the task to its due date."),
                text("due_time", HARMLESS, "The time of day it is due."),
                json("memberships", &["name"], TITLE, "The projects that the task is put into."),
                json("dependencies", RECIPE, TITLE, "What it depends on."),
                json("dependents", RECIPE, TITLE, "What depends on it."),
                json("followers", &["name"], NAME, "Who is told of what happens to it."),
                json("attachments", &["name", "resource_subtype"], TITLE, "Files."),
                json("subtasks", RECIPE, TITLE, "Subtasks."),
                json("custom_fields", CUSTOM_FIELD_VALUE_PATHS, OBJECT_VALUE, "Values of custom fields."),
            ],
            "The task that is made from it.",
        ),
    ],
    listings: &[Listing::paged(
        "task_templates",
        Per::Each("projects"),
        "/task_templates",
        &[("project", "{gid}")],
        Stage::Containers,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure],
    counted: None,
};
