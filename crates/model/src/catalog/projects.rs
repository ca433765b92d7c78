//! Projects, their sections, and tags.

use super::build::{
    bare, boolean, custom_field_values, date, listing_position, named, people, records, text, timestamp,
};
use super::{CHOSEN, EVERYWHERE, Key, Listing, Per, Resource, Set, Stage, WHOLE};

pub(super) static TAGS: Resource = Resource {
    name: "tags",
    singular: "tag",
    about: "The tags of the workspace.",
    api: "https://developers.asana.com/reference/gettags",
    fields: &[
        text("name", "The name of the tag."),
        text("color", "Its color."),
        text("notes", "Its description."),
        timestamp("created_at", "When it was made."),
        text("permalink_url", "Its address in Asana."),
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
        text("name", "The name of the project."),
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
        text("notes", "Its description as plain text."),
        text("html_notes", "The same with formatting."),
        text("color", "Its color."),
        text("icon", "Its icon."),
        text("default_view", "The view it opens with: list, board, calendar or timeline."),
        text("privacy_setting", "Who can see it: public_to_workspace, private_to_team or private."),
        text("default_access_level", "What people it is shared with may do: admin, editor, commenter or viewer."),
        text("minimum_access_level_for_customization", "Who may customize it: admin or editor."),
        text("minimum_access_level_for_sharing", "Who may share it: admin or editor."),
        text("permalink_url", "Its address in Asana."),
        bare(
            "current_status_update",
            "status_updates",
            &[text("title", "The title."), text("resource_subtype", "The kind of status update.")],
            "Its latest status update.",
        ),
        bare("project_brief", "project_briefs", &[], "Its brief."),
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
        text("name", "The name of the section."),
        named("project", "projects", "The project it is in."),
        listing_position("Its place in the project, from 0."),
        timestamp("created_at", "When it was made."),
    ],
    listings: &[Listing::paged(
        "sections",
        Per::Each("projects"),
        "/projects/{gid}/sections",
        &[],
        Stage::Containers,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work],
    counted: None,
};
