//! `DICTIONARY.md`: what each table and column means.

use std::fmt::Write as _;

use asana_model::{Column, Table, catalog};

use super::Described;
use crate::progress::number;
use crate::tables::TableReport;

const INTRODUCTION: &str = "\
# Dictionary

The tables of this export. A column that refers to a table holds the `gid` of one of its rows, or of an object that the
export could not have: `export_unresolved` lists those. The types: a gid is text that identifies an object, and is never to
be read as a number; a timestamp is UTC in ISO 8601; null means that Asana gave no value.
";

pub(super) fn of(described: &Described<'_>) -> String {
    let mut text = INTRODUCTION.to_owned();
    for (table, report) in described.tables {
        section(table, report, &mut text);
    }
    text
}

// Writing to a String cannot fail.
fn section(table: &Table, report: &TableReport, text: &mut String) {
    let rows = if report.rows == 1 { "1 row".to_owned() } else { format!("{} rows", number(report.rows)) };
    let heading = if is_simple(&table.name) { table.name.clone() } else { plain(&table.name) };
    let _ok = write!(text, "\n## {heading}\n\n{}\n\n{rows}", plain(&table.about));
    let resource = table.resource.and_then(catalog::resource);
    if let Some(api) = resource.map(|resource| resource.api).filter(|api| !api.is_empty()) {
        let _ok = write!(text, "; in Asana's API: {}", plain(api));
    }
    text.push_str(
        ".\n\n| column | type | key | refers to | in Asana's answer | meaning |\n|---|---|---|---|---|---|\n",
    );
    for (place, column) in table.columns.iter().enumerate() {
        let key = if place < table.key_columns { "yes" } else { "" };
        row(column, key, text);
    }
}

fn row(column: &Column, key: &str, text: &mut String) {
    let Column { name, kind, about, source, references, sensitive: _ } = column;
    let references = references.map(code).unwrap_or_default();
    let cells = [&code(name), kind.label(), key, &references, &code(source), &plain(about)];
    let _ok = writeln!(text, "| {} |", cells.join(" | "));
}

/// A name in the style of code where it is one of ours; those that people gave may have anything in them.
fn code(name: &str) -> String {
    if is_simple(name) { format!("`{name}`") } else { plain(name).replace('`', "\\`") }
}

fn is_simple(name: &str) -> bool {
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'[' | b']');
    !name.is_empty() && name.bytes().all(is_simple)
}

/// Text without markup and on one line; code between backticks stays.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '<' | '>' | '\\' | '*' | '_' | '[' | ']' | '#' | '!' | '&' => plain.extend(['\\', character]),
            control if control.is_control() => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}
