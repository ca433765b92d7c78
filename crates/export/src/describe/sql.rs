//! What the scripts for databases have in common.

use std::collections::BTreeSet;

use asana_model::{Column, ColumnKind, Table};

use super::keys;
use crate::sink::{CsvStyle, Dialect};
use crate::tables::TableReport;

/// What differs between databases.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) kind: fn(ColumnKind) -> &'static str,
    /// The longest name, in bytes.
    pub(super) longest_name: usize,
    /// Names that differ in nothing but this are the same.
    pub(super) fold: fn(&str) -> String,
    /// Names that no column may have, folded.
    pub(super) taken: &'static [&'static str],
}

/// An identifier, in quotes.
pub(super) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text, in quotes.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", without_nul(text).replace('\'', "''"))
}

/// No database takes this character in a script.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl Database {
    /// The names of a table's columns that the database takes for different ones, in their order.
    pub(super) fn columns(&self, table: &Table) -> Vec<String> {
        let mut taken: BTreeSet<String> = self.taken.iter().map(|name| (*name).to_owned()).collect();
        let columns = table.columns.iter().enumerate();
        columns.map(|(place, column)| self.column(column, place, &mut taken)).collect()
    }

    fn column(&self, column: &Column, place: usize, taken: &mut BTreeSet<String>) -> String {
        let name = without_nul(&column.name);
        let name = if name.is_empty() { format!("column_{}", place + 1) } else { name };
        let endings = std::iter::once(String::new()).chain((2_u32..).map(|number| format!("_{number}")));
        let mut names = endings.map(|ending| {
            let room = self.longest_name.saturating_sub(ending.len());
            let end = (0..=room.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
            format!("{}{ending}", name.get(..end).unwrap_or_default())
        });
        names.find(|name| taken.insert((self.fold)(name))).unwrap_or(name)
    }

    /// The statement that makes a table.
    pub(super) fn create(&self, table: &Table, report: &TableReport) -> String {
        let key = keys::primary(table, report).len();
        let names = self.columns(table);
        let kinds = table.columns.iter().map(|column| (self.kind)(column.kind));
        let mut lines: Vec<String> = names
            .iter()
            .zip(kinds)
            .enumerate()
            .map(|(place, (column, kind))| {
                format!("    {} {kind}{}", name(column), if place < key { " NOT NULL" } else { "" })
            })
            .collect();
        if key > 0 {
            let names: Vec<String> = names.iter().take(key).map(|column| name(column)).collect();
            lines.push(format!("    PRIMARY KEY ({})", names.join(", ")));
        }
        format!("CREATE TABLE {} (\n{}\n);\n", name(&table.name), lines.join(",\n"))
    }
}

/// What a dialect leaves in the texts that a database gets.
pub(super) fn apostrophes(style: &CsvStyle) -> &'static str {
    match style.dialect() {
        Dialect::Rfc4180 => "",
        Dialect::Excel => {
            "-- The files are in the excel dialect: the apostrophe in front of what a spreadsheet would run as a formula is part \
             of\n-- the text here, too. For the text as it is in Asana: asana-workspace convert --dialect rfc4180\n"
        }
    }
}
