//! An export's folder as a reader finds it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::formats::{self, Cell, Table};

/// The three formats that every test asks for unless it is about something else.
const FORMATS: &[&str] = &["csv", "json", "jsonl"];

#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.join(below)
    }

    pub(crate) fn manifest(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("manifest.json")).unwrap()).unwrap()
    }

    /// The names of the tables that were written, by the files of a format.
    pub(crate) fn tables(&self, format: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(format)) else { return Vec::new() };
        let name = |entry: fs::DirEntry| entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
        let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    fn bytes(&self, table: &str, format: &str) -> Vec<u8> {
        let path = self.path(format).join(format!("{table}.{format}"));
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A table, read from all three formats; they must say the same.
    pub(crate) fn table(&self, name: &str) -> Table {
        let mut json = formats::json(&self.bytes(name, "json"));
        let jsonl = formats::jsonl(&self.bytes(name, "jsonl"));
        assert_eq!(json, jsonl, "{name}: JSON and JSON Lines disagree");
        let (header, rows) = formats::csv(&self.bytes(name, "csv"));
        if json.rows.is_empty() {
            // Only CSV can show the columns of a table without rows.
            json.columns.clone_from(&header);
        }
        assert_eq!(header, json.columns, "{name}: CSV and JSON have different columns");
        let shown = json.shown();
        for (at, (csv, json)) in rows.iter().zip(&shown).enumerate() {
            assert_eq!(csv, json, "{name}: row {at} of CSV and JSON disagree");
        }
        assert_eq!(rows.len(), shown.len(), "{name}: CSV and JSON have different numbers of rows");
        json
    }

    /// A table as its CSV file alone tells it: everything is text.
    pub(crate) fn csv_table(&self, name: &str) -> Table {
        let (columns, rows) = formats::csv(&self.bytes(name, "csv"));
        let cell = |cell: Option<String>| cell.map_or(Cell::Null, Cell::Text);
        Table { columns, rows: rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect() }
    }

    /// Every file below the folder, by its path.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.0, "", &mut files);
        files
    }

    /// The files of the tables alone, which two exports of the same data share byte for byte.
    pub(crate) fn table_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        let formats: Vec<String> = FORMATS.iter().map(|format| format!("{format}/")).collect();
        files.retain(|path, _| formats.iter().any(|format| path.starts_with(format)));
        files
    }

    /// The tables that hold Asana's data: all but those that describe the run.
    pub(crate) fn data_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.table_files();
        files.retain(|path, _| !path.contains("/export_"));
        files
    }

    /// Rows of `export_coverage` that tell of something refused or cut short.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        // Whoever is not a service account cannot list the portfolios of others, come what may.
        let silent =
            |gap: &Gap| gap.http_status.is_none() && gap.reason.as_ref().is_some_and(|it| it.contains("no others"));
        self.incomplete().into_iter().filter(|gap| !silent(gap)).collect()
    }

    /// Rows of `export_coverage` that tell of something missing, as (resource, parent, status, HTTP status, reason).
    pub(crate) fn incomplete(&self) -> Vec<Gap> {
        let table = self.table("export_coverage");
        let column = |name: &str| table.column(name).iter().map(super::formats::Cell::shown).collect::<Vec<_>>();
        let (resource, status) = (column("resource"), column("status"));
        let (parent, http_status, reason) = (column("parent_gid"), column("http_status"), column("reason"));
        (0..resource.len())
            .map(|at| Gap {
                resource: resource[at].clone().unwrap(),
                parent: parent[at].clone(),
                status: status[at].clone().unwrap(),
                http_status: http_status[at].clone(),
                reason: reason[at].clone(),
            })
            .filter(|gap| gap.status != "complete")
            .collect()
    }
}

/// A row of `export_coverage`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) resource: String,
    pub(crate) parent: Option<String>,
    pub(crate) status: String,
    pub(crate) http_status: Option<String>,
    pub(crate) reason: Option<String>,
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}
