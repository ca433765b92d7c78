//! Files that describe the tables: a dictionary for people, a data package, and SQL that loads the CSV files into databases.
//!
//! They say nothing that the layout, the manifest's reports of the tables and what was found to be missing do not say, so
//! the same tables always come with the same descriptions. Each is a pure function that gives a whole file.

mod dictionary;
mod duckdb;
mod keys;
mod package;
mod postgresql;
mod sql;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use asana_model::{Layout, Table};

use crate::error::Result;
use crate::sink::CsvStyle;
use crate::tables::{FileReport, TableReport, Writing};

/// For people.
pub(crate) const DICTIONARY: &str = "DICTIONARY.md";
/// For programs that know data packages.
pub(crate) const PACKAGE: &str = "datapackage.json";
/// The folder for databases' scripts.
pub(crate) const SQL: &str = "sql";

/// Where descriptions are, relative to the export folder: files, finished or not, and folders.
pub(crate) const PLACES: [&str; 5] = [DICTIONARY, PACKAGE, ".DICTIONARY.md.partial", ".datapackage.json.partial", SQL];

/// What is described.
#[derive(Debug, Clone, Copy)]
struct Described<'a> {
    tables: &'a [(&'a Table, &'a TableReport)],
    links: &'a keys::Links<'a>,
    csv: &'a CsvStyle,
}

/// Writes the descriptions of the tables that were written; a report of each has to be there. `missing` has, for each
/// resource, the number of objects that something refers to and that have no row.
///
/// # Errors
/// Those of writing.
pub fn write(
    writing: &Writing,
    layout: &Layout,
    reports: &[TableReport],
    missing: &BTreeMap<&'static str, u64>,
) -> Result<Vec<FileReport>> {
    let written = writing.written();
    let known: BTreeMap<&str, &Table> = written.iter().map(|table| (table.name.as_str(), table)).collect();
    let paired = reports.iter().filter_map(|report| Some((*known.get(report.name.as_str())?, report)));
    let tables: Vec<(&Table, &TableReport)> = paired.collect();
    // Of what is old, rows were left out that others may refer to.
    let reduced = writing.style().view.reduced();
    let is_whole = |resource: &str| reduced.since_of(resource).is_none();
    let targets: Vec<(&Table, &TableReport)> =
        tables.iter().filter(|(table, _)| is_whole(&table.name)).copied().collect();
    let links = keys::Links::new(layout, &targets, missing);
    let described = Described { tables: &tables, links: &links, csv: &writing.style().csv };
    let mut files = vec![writing.whole(DICTIONARY, "markdown", dictionary::of(&described).as_bytes())?];
    if described.csv_files().next().is_none() {
        return Ok(files);
    }
    files.push(writing.whole(PACKAGE, "datapackage", package::of(&described).as_bytes())?);
    for (name, text) in [
        ("sql/duckdb/load.sql", duckdb::load(&described)),
        ("sql/duckdb/schema.sql", duckdb::schema(&described)),
        ("sql/postgresql/load.sql", postgresql::load(&described)),
        ("sql/postgresql/schema.sql", postgresql::schema(&described)),
    ] {
        files.push(writing.whole(name, "sql", text.as_bytes())?);
    }
    Ok(files)
}

/// The CSV file of a table.
fn csv_file(report: &TableReport) -> Option<&FileReport> {
    report.files.iter().find(|file| file.format == "csv")
}

impl<'a> Described<'a> {
    /// The tables that have a CSV file.
    fn csv_files(&self) -> impl Iterator<Item = (&'a Table, &'a TableReport, &'a FileReport)> {
        self.tables.iter().filter_map(|(table, report)| Some((*table, *report, csv_file(report)?)))
    }
}
