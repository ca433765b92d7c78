//! The tables that describe the run itself rather than what Asana holds.

use crate::table::{Column, ColumnKind, Table};

pub(crate) fn coverage() -> Table {
    Table {
        name: "export_coverage".to_owned(),
        about: "What was read: a row for each resource, and one more for each parent whose listing is not complete."
            .to_owned(),
        resource: None,
        columns: vec![
            column("resource", ColumnKind::Text, "The table concerned."),
            column(
                "parent_type",
                ColumnKind::Text,
                "The kind of object whose listing is not complete; empty for the resource as a whole.",
            ),
            column("parent_gid", ColumnKind::Gid, "That object; empty for the resource as a whole."),
            column("status", ColumnKind::Text, "complete, partial or unavailable."),
            column("http_status", ColumnKind::Integer, "Asana's answer where something is missing."),
            column("reason", ColumnKind::Text, "Why, in Asana's words where it gave any."),
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
            column("resource", ColumnKind::Text, "The table concerned."),
            column("gid", ColumnKind::Gid, "The record."),
            column("field", ColumnKind::Text, "The field, as a path."),
            column("what", ColumnKind::Text, "What was found."),
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
            column("resource", ColumnKind::Text, "The table that would have the row."),
            column("gid", ColumnKind::Gid, "The object."),
            column("name", ColumnKind::Text, "Its name, where a reference told it."),
            column("seen_in", ColumnKind::Text, "The column that names it, as in portfolio_items.item_gid."),
            column("times", ColumnKind::Integer, "How often it is named."),
        ],
        key_columns: 2,
    }
}

fn column(name: &str, kind: ColumnKind, about: &str) -> Column {
    Column { name: name.to_owned(), kind, about: about.to_owned(), source: String::new(), references: None }
}
