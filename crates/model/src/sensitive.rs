//! What a text can give away: the classes that a copy for others can be made without.
//!
//! Each text of the catalogue says its class beside its name. There is no default: a column of text that nobody classified
//! fails a test here, and whoever leaves something out takes it for the worst.

use std::fmt;

/// A kind of text that people may want to keep to themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// What people are called.
    Name,
    /// What everything else is called: tasks, projects, tags, fields, options, files; and addresses that may tell it.
    Title,
    /// Addresses of people: e-mail, and the machines that they came from.
    Email,
    /// Descriptions and other long texts.
    Note,
    /// The texts of stories.
    Comment,
    /// What stands in custom fields.
    Value,
}

impl Class {
    pub const ALL: [Self; 6] = [Self::Name, Self::Title, Self::Email, Self::Note, Self::Comment, Self::Value];

    /// As in `--redact names`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "names",
            Self::Title => "titles",
            Self::Email => "emails",
            Self::Note => "notes",
            Self::Comment => "comments",
            Self::Value => "values",
        }
    }

    /// The class of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Whether its texts are written by people, who may mention anyone and anything in them.
    pub fn is_free_text(self) -> bool {
        match self {
            Self::Title | Self::Note | Self::Comment | Self::Value => true,
            Self::Name | Self::Email => false,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a column can give away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitive {
    /// Nobody has said. No text of the catalogue may be so.
    Unclassified,
    /// Numbers, dates, gids, choices that Asana made, and addresses that say nothing.
    Harmless,
    /// Texts of these classes, some of them perhaps: what is of several goes with each of them.
    Of(&'static [Class]),
}

pub(crate) const HARMLESS: Sensitive = Sensitive::Harmless;
pub(crate) const NAME: Sensitive = Sensitive::Of(&[Class::Name]);
pub(crate) const TITLE: Sensitive = Sensitive::Of(&[Class::Title]);
pub(crate) const EMAIL: Sensitive = Sensitive::Of(&[Class::Email]);
pub(crate) const NOTE: Sensitive = Sensitive::Of(&[Class::Note]);
pub(crate) const COMMENT: Sensitive = Sensitive::Of(&[Class::Comment]);
pub(crate) const VALUE: Sensitive = Sensitive::Of(&[Class::Value]);
/// What something is called that may be a person.
pub(crate) const NAME_OR_TITLE: Sensitive = Sensitive::Of(&[Class::Name, Class::Title]);
/// What an option is called: it has a name, and it is what a field says.
pub(crate) const OPTION: Sensitive = Sensitive::Of(&[Class::Title, Class::Value]);
/// What something in a custom field is called, whatever it is.
pub(crate) const OBJECT_VALUE: Sensitive = Sensitive::Of(&[Class::Name, Class::Title, Class::Value]);
/// Text of others that may hold any of it.
pub(crate) const ANYTHING: Sensitive = Sensitive::Of(&Class::ALL);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layout;
    use crate::table::ColumnKind;

    fn sensitive(layout: &Layout, table: &str, column: &str) -> Sensitive {
        let table = layout.tables.iter().find(|one| one.name == table).unwrap();
        table.columns[table.column(column).unwrap_or_else(|| panic!("no {}.{column}", table.name))].sensitive
    }

    #[test]
    fn every_text_is_classified() {
        let layout = Layout::new();
        for table in &layout.tables {
            for column in &table.columns {
                let name = format!("{}.{}", table.name, column.name);
                match column.kind {
                    ColumnKind::Text => assert_ne!(column.sensitive, Sensitive::Unclassified, "{name}"),
                    _ => assert_eq!(column.sensitive, HARMLESS, "{name} is no text"),
                }
            }
        }
    }

    /// Written by hand, so that a slip in the catalogue is seen.
    #[test]
    fn texts_are_what_they_look_like() {
        let layout = Layout::new();
        for (table, column, expected) in [
            ("users", "name", NAME),
            ("users", "email", EMAIL),
            ("users", "source", HARMLESS),
            ("tasks", "name", TITLE),
            ("tasks", "parent_name", TITLE),
            ("tasks", "assignee_name", NAME),
            ("tasks", "notes", NOTE),
            ("tasks", "permalink_url", HARMLESS),
            ("tasks", "custom_type_status_option_name", TITLE),
            ("stories", "text", COMMENT),
            ("stories", "new_text_value", VALUE),
            ("stories", "new_enum_value_name", OPTION),
            ("stories", "target_name", NAME_OR_TITLE),
            ("story_previews", "title_link", COMMENT),
            ("memberships", "member_name", NAME_OR_TITLE),
            ("portfolio_items", "item_name", NAME_OR_TITLE),
            ("attachments", "name", TITLE),
            ("attachments", "view_url", TITLE),
            ("attachments", "file_path", TITLE),
            ("attachments", "file_sha256", HARMLESS),
            ("webhooks", "target", TITLE),
            ("workspace_email_domains", "email_domain", EMAIL),
            ("task_custom_fields", "name", TITLE),
            ("task_custom_fields", "display_value", VALUE),
            ("task_custom_fields", "enum_option_name", OPTION),
            ("task_custom_field_references", "reference_name", OBJECT_VALUE),
            ("custom_field_enum_options", "name", OPTION),
            ("audit_log_events", "actor_name", NAME),
            ("audit_log_events", "actor_email", EMAIL),
            ("audit_log_events", "context_client_ip_address", EMAIL),
            ("audit_log_events", "details", ANYTHING),
            ("export_oddities", "what", ANYTHING),
            ("export_unresolved", "name", NAME_OR_TITLE),
            ("export_coverage", "reason", ANYTHING),
        ] {
            assert_eq!(sensitive(&layout, table, column), expected, "{table}.{column}");
        }
    }

    /// A harmless text is a choice among few, an address in Asana, or what the tool wrote; the names of such columns are
    /// few, and a new one has to be thought of here too.
    #[test]
    fn what_is_harmless_is_known_by_name() {
        let layout = Layout::new();
        let ends = [
            "type",
            "subtype",
            "status",
            "source",
            "setting",
            "level",
            "color",
            "state",
            "permalink_url",
            "icon",
            "unit",
            "units",
            "currency_code",
            "emoji",
            "emoji_base",
            "variant",
            "host",
            "resource",
            "period",
            "visibility",
        ];
        let names = [
            "file_sha256",
            "sticker_name",
            "default_view",
            "minimum_access_level_for_customization",
            "minimum_access_level_for_sharing",
            "display_name",
            "time_period_display_name",
            "event_category",
            "action",
            "fields",
            "value",
            "format",
            "custom_label_position",
            "asana_created_field",
            "permissions_task_deletion_policy",
            "permissions_allowed_guest_invites",
            "template_due_time",
            "context_api_authentication_method",
            "estimate_billable_status_filter",
            "actual_billable_status_filter",
            "field",
            "seen_in",
        ];
        for table in &layout.tables {
            for column in table.columns.iter().filter(|one| one.kind == ColumnKind::Text && one.sensitive == HARMLESS) {
                let name = column.name.as_str();
                let known = ends.iter().any(|end| name.ends_with(end)) || names.contains(&name);
                assert!(known, "{}.{name} is said to be harmless", table.name);
            }
        }
    }

    #[test]
    fn classes_have_names() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.name()), Some(class));
        }
        assert_eq!(Class::parse("all"), None);
    }
}
