//! Compares what was written with what should have been: every table, every row, every field.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::Folder;
use super::expected::{KeyPart, Tables, key};
use super::formats::{Cell, Table};

/// Differences shown; the others are counted.
const SHOWN: usize = 5;

/// Fails unless the folder holds exactly these tables, besides those that describe the run, sorted by their keys.
#[track_caller]
pub(crate) fn assert_tables(folder: &Folder, expected: &Tables) {
    assert_found(folder, expected, |name| folder.table(name));
}

/// The same for the CSV files alone, for exports that are large.
#[track_caller]
pub(crate) fn assert_csv_tables(folder: &Folder, expected: Tables) {
    let as_text = |mut table: Table| {
        table.rows.iter_mut().flatten().for_each(|cell| *cell = cell.shown().map_or(Cell::Null, Cell::Text));
        table
    };
    let expected = expected.into_iter().map(|(name, table)| (name, as_text(table))).collect();
    assert_found(folder, &expected, |name| folder.csv_table(name));
}

#[track_caller]
fn assert_found(folder: &Folder, expected: &Tables, table: impl Fn(&str) -> Table) {
    let mut found = folder.tables("csv");
    found.retain(|name| !name.starts_with("export_"));
    let names: Vec<&String> = expected.keys().collect();
    assert_eq!(found.iter().collect::<Vec<_>>(), names, "the tables that exist");
    let report: String = expected.iter().map(|(name, expected)| difference(name, expected, &table(name))).collect();
    assert!(report.is_empty(), "the export differs from the workspace:\n{report}");
}

/// As many leading columns as make rows unique: one, two or three.
fn key_columns(columns: &[String]) -> usize {
    if columns[0] == "gid" { 1 } else { columns.iter().position(|column| column == "position").unwrap() + 1 }
}

/// The same table with all JSON written in one way.
fn alike(table: &Table) -> Table {
    // What is kept as JSON keeps halves of surrogate pairs too, which the truth cannot hold.
    let whole = |text: &str| text.replace("\\ud83d", "\\ufffd").replace("\\udc00", "\\ufffd");
    let parsed = |text: &str| serde_json::from_str::<Value>(text).or_else(|_| serde_json::from_str(&whole(text)));
    let json = |cell: &Cell| match cell {
        Cell::Text(text) if text.starts_with(['{', '[']) => match parsed(text) {
            Ok(value) => Cell::Text(value.to_string()),
            Err(_) => cell.clone(),
        },
        other => other.clone(),
    };
    let rows = table.rows.iter().map(|row| row.iter().map(json).collect()).collect();
    Table { columns: table.columns.clone(), rows }
}

/// Empty when the tables are the same.
fn difference(name: &str, expected: &Table, found: &Table) -> String {
    let (expected, found) = (&alike(expected), &alike(found));
    if expected.columns != found.columns {
        return format!("{name}: columns\n  expected {:?}\n  found    {:?}\n", expected.columns, found.columns);
    }
    if expected.rows == found.rows {
        return String::new();
    }
    let columns = key_columns(&expected.columns);
    let by_key = |table: &Table| -> BTreeMap<Vec<KeyPart>, usize> {
        table.rows.iter().enumerate().map(|(at, row)| (key(row, columns), at)).collect()
    };
    let (wanted, got) = (by_key(expected), by_key(found));
    let mut lines = Vec::new();
    for (key, at) in &wanted {
        match got.get(key) {
            None => lines.push(format!("missing {key:?}: {:?}", expected.rows[*at])),
            Some(place) => {
                let cells = expected.rows[*at].iter().zip(&found.rows[*place]).zip(&expected.columns);
                let changed = cells.filter(|((one, other), _)| one != other);
                lines.extend(changed.map(|((one, other), column)| {
                    format!("changed {key:?} {column}: expected {one:?}, found {other:?}")
                }));
            }
        }
    }
    lines.extend(got.keys().filter(|key| !wanted.contains_key(*key)).map(|key| format!("extra {key:?}")));
    if got.len() < found.rows.len() {
        lines.push(format!("{} rows repeat a key", found.rows.len() - got.len()));
    }
    if lines.is_empty() {
        lines.push("the rows are not sorted by their key".to_owned());
    }
    let mut report = format!("{name}: {} differences\n", lines.len());
    for line in lines.iter().take(SHOWN) {
        writeln!(report, "  {line}").unwrap();
    }
    report
}
