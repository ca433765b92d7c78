//! Custom fields: what they are and where they are used. Their values are child tables of the objects that have them.

use super::build::{boolean, container, integer, listing_position, named, nested, refs_with, text, texts};
use super::{EVERYWHERE, Field, Key, Listing, Name, Per, Resource, Set, Stage};
use crate::sensitive::{HARMLESS, NOTE, TITLE};

// Left out: `type` (deprecated in favour of `resource_subtype`), and the paths that only mean something in a value
// (`enabled`, `display_value`, `text_value`, …).
pub(super) static CUSTOM_FIELDS: Resource = Resource {
    name: "custom_fields",
    singular: "custom_field",
    about: "Definitions of custom fields: the workspace's library, those local to a project, and those only met in values.",
    api: "https://developers.asana.com/reference/getcustomfieldsforworkspace",
    fields: &[
        text("name", TITLE, "The name of the field."),
        text(
            "resource_subtype",
            HARMLESS,
            "The type of its values: text, enum, multi_enum, number, date, people or reference.",
        ),
        text("representation_type", HARMLESS, "How it behaves; beyond the types of values: formula and custom_id."),
        text("description", NOTE, "What the field is for."),
        boolean("is_formula_field", "Whether its values are computed."),
        boolean("is_global_to_workspace", "Whether it is in the workspace's library."),
        boolean("is_value_read_only", "Whether its values cannot be edited."),
        boolean("has_notifications_enabled", "Whether followers are told of changes to its values."),
        integer("precision", "Decimal places of a number field, 0 to 6."),
        text("format", HARMLESS, "How a number is shown: currency, identifier, percentage, custom, duration or none."),
        text("currency_code", HARMLESS, "ISO 4217 code of a currency field."),
        text("custom_label", TITLE, "The unit of a number field with its own label."),
        text("custom_label_position", HARMLESS, "Where the label stands: prefix or suffix."),
        text("id_prefix", TITLE, "What the identifiers of a custom_id field begin with."),
        text("asana_created_field", HARMLESS, "Asana's own name of a field that it made itself."),
        text("privacy_setting", HARMLESS, "Who can see it: public_with_guests, public or private."),
        text("default_access_level", HARMLESS, "What others may do with it: admin, editor or user."),
        named("created_by", "users", "Who made it."),
        texts("input_restrictions", "value", HARMLESS, "Kinds of objects that a reference field may point to."),
        ENUM_OPTIONS,
    ],
    listings: &[Listing::paged(
        "custom_fields",
        Per::Each("workspaces"),
        "/workspaces/{gid}/custom_fields",
        &[],
        Stage::Structure,
        EVERYWHERE,
    )],
    union: true,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work],
    counted: None,
};

const ENUM_OPTIONS: Field = refs_with(
    "enum_options",
    "enum_option_gid",
    "enum_options",
    Name::Column,
    &[boolean("enabled", "Whether it can be chosen."), text("color", HARMLESS, "Its color.")],
    "The options of an enum or multi_enum field, disabled ones included.",
);

// Left out: `project` (deprecated in favour of `parent`); `parent` is the object that the setting is found in.
pub(super) static CUSTOM_FIELD_SETTINGS: Resource = Resource {
    name: "custom_field_settings",
    singular: "custom_field_setting",
    about: "Which custom field is used in which project or other container, and in which order.",
    api: "https://developers.asana.com/reference/getcustomfieldsettingsforproject",
    fields: &[
        container("parent", "The object that uses the field."),
        listing_position("Its place among the fields of that object, from 0."),
        nested("custom_field", "custom_fields", "The field."),
        boolean("is_important", "Whether the object shows the field prominently."),
    ],
    listings: &[],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure],
    counted: None,
};

pub(super) static CUSTOM_TYPES: Resource = Resource {
    name: "custom_types",
    singular: "custom_type",
    about: "Custom types of tasks, with their statuses.",
    api: "https://developers.asana.com/reference/getcustomtypes",
    fields: &[
        text("name", TITLE, "The name of the type."),
        refs_with(
            "status_options",
            "custom_type_status_option_gid",
            "custom_type_status_options",
            Name::Column,
            &[
                boolean("enabled", "Whether it can be chosen."),
                text("color", HARMLESS, "Its color."),
                text("completion_state", HARMLESS, "Whether a task with it counts as completed."),
            ],
            "The statuses that a task of this type can have.",
        ),
    ],
    listings: &[Listing::paged(
        "custom_types",
        Per::Each("projects"),
        "/custom_types",
        &[("project", "{gid}")],
        Stage::Containers,
        EVERYWHERE,
    )],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Structure, Set::Work],
    counted: None,
};
