//! The tables that describe the run itself rather than what Asana holds.

use crate::sensitive::{ANYTHING, HARMLESS, NAME_OR_TITLE, Sensitive};
use crate::table::{Column, ColumnKind, Table};

pub(crate) fn coverage() -> Table {
    Table {
        name: "export_coverage".to_owned(),
        about: "What was read: a row for each resource, and one more for each parent whose listing is not complete."
            .to_owned(),
        resource: None,
        columns: vec![
            text("resource", HARMLESS, "The table concerned."),
            text(
                "parent_type",
                HARMLESS,
                "The kind of object whose listing is not complete; empty for the resource as a whole.",
            ),
            column("parent_gid", ColumnKind::Gid, "That object; empty for the resource as a whole."),
            text("status", HARMLESS, "complete, partial or unavailable."),
            column("http_status", ColumnKind::Integer, "Asana's answer where something is missing."),
            text("reason", ANYTHING, "Why, in Asana's words where it gave any."),
            column("requests", ColumnKind::Integer, "Answers received."),
            column("records", ColumnKind::Integer, "Records received, the same object counted each time."),
        ],
        key_columns: 3,
    }
}

pub(crate) fn oddities() -> Table {
    Table {
        name: "export_oddities".to_owned(),
        about: "Data that did not look as Asana describes it.".to_owned(),
        resource: None,
        columns: vec![
            text("resource", HARMLESS, "The table concerned."),
            column("gid", ColumnKind::Gid, "The record."),
            text("field", HARMLESS, "The field, as a path."),
            text("what", ANYTHING, "What was found."),
        ],
        key_columns: 4,
    }
}

pub(crate) fn unresolved() -> Table {
    Table {
        name: "export_unresolved".to_owned(),
        about:
            "Objects that something refers to and that have no row: hidden from the token, deleted since, or outside \
                what was asked for."
                .to_owned(),
        resource: None,
        columns: vec![
            text("resource", HARMLESS, "The table that would have the row."),
            column("gid", ColumnKind::Gid, "The object."),
            text("name", NAME_OR_TITLE, "Its name, where a reference told it."),
            text("seen_in", HARMLESS, "The column that names it, as in portfolio_items.item_gid."),
            column("times", ColumnKind::Integer, "How often it is named."),
        ],
        key_columns: 2,
    }
}

fn text(name: &str, sensitive: Sensitive, about: &str) -> Column {
    Column { sensitive, ..column(name, ColumnKind::Text, about) }
}

fn column(name: &str, kind: ColumnKind, about: &str) -> Column {
    let (name, about) = (name.to_owned(), about.to_owned());
    Column { name, kind, about, source: String::new(), references: None, sensitive: HARMLESS }
}
