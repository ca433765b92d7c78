//! What descriptions say of tables that were really written.

use std::fs;
use std::path::Path;

use asana_model::{Cell, Column, ColumnKind, RowSink as _, TableId};
use serde_json::{Value, json};

use super::*;
use crate::sink::{Dialect, Format, Style};
use crate::tables::Target;

/// Tags and the people who follow them, described in a folder; `missing` users have no row.
fn described(folder: &Path, csv: CsvStyle, missing: u64, format: &str) -> Vec<FileReport> {
    let layout = Layout::new();
    let style = Style { csv, ..Style::of([Format::parse(format).unwrap()]) };
    let writing = Writing::begin(&Target::Write(folder.to_owned()), &style, folder).unwrap();
    let mut reports = Vec::new();
    for (name, rows) in [
        ("users", vec![vec![Cell::text("7")]]),
        ("tags", vec![vec![Cell::text("1")], vec![Cell::text("2")]]),
        ("tag_followers", vec![vec![Cell::text("1"), Cell::Count(0), Cell::text("7")]]),
        ("export_coverage", vec![vec![Cell::text("tags"), Cell::Null, Cell::Null]]),
    ] {
        let id = TableId(layout.tables.iter().position(|table| table.name == name).unwrap());
        let mut set = writing.tables(&layout, &[id]).unwrap();
        for mut row in rows {
            row.resize(layout.table(id).columns.len(), Cell::Null);
            set.row(id, &row).unwrap();
        }
        reports.extend(set.finish().unwrap());
    }
    let missing = BTreeMap::from([("users", missing)]);
    write(&writing, &layout, &reports, &missing).unwrap()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

fn resource(package: &str, name: &str) -> Value {
    let package: Value = serde_json::from_str(package).unwrap();
    package["resources"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone()
}

#[test]
fn every_description_is_written_whole_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let files = described(folder.path(), CsvStyle::default(), 0, "csv");
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let sql =
        ["duckdb/load", "duckdb/schema", "postgresql/load", "postgresql/schema"].map(|it| format!("sql/{it}.sql"));
    assert_eq!(paths[..2], [DICTIONARY, PACKAGE]);
    assert_eq!(paths[2..], sql);
    for file in &files {
        assert_eq!(file.bytes, read(folder.path(), &file.path).len() as u64);
        assert!(PLACES.iter().any(|place| file.path == *place || file.path.starts_with(&format!("{place}/"))));
    }
    // What loads CSV files is not there without them.
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(described(folder.path(), CsvStyle::default(), 0, "jsonl").len(), 1);
    assert!(!folder.path().join(SQL).exists());
}

#[test]
fn the_dictionary_has_every_column_with_its_meaning() {
    let folder = tempfile::tempdir().unwrap();
    described(folder.path(), CsvStyle::default(), 0, "csv");
    let text = read(folder.path(), DICTIONARY);
    for piece in [
        "\n## tags\n\nThe tags of the workspace.\n\n2 rows; in Asana's API: https",
        "| `tag_gid` | gid | yes | `tags` | `gid` | The owner. |",
        "| `position` | integer | yes |",
        "\n## users\n",
        "\n\n1 row; in",
    ] {
        assert!(text.contains(piece), "no {piece:?} in {text}");
    }
}

#[test]
fn only_keys_that_hold_are_declared() {
    let folder = tempfile::tempdir().unwrap();
    described(folder.path(), CsvStyle::default(), 0, "csv");
    let package = read(folder.path(), PACKAGE);
    let tags = resource(&package, "tags");
    assert_eq!(tags["schema"]["primaryKey"], json!(["gid"]));
    assert_eq!(tags["schema"]["fields"][0]["constraints"], json!({ "required": true, "unique": true }));
    let followers = resource(&package, "tag_followers");
    assert_eq!(followers["schema"]["primaryKey"], json!(["tag_gid", "position"]));
    let key =
        |column: &str, to: &str| json!({ "fields": [column], "reference": { "resource": to, "fields": ["gid"] } });
    assert_eq!(followers["schema"]["foreignKeys"], json!([key("tag_gid", "tags"), key("user_gid", "users")]));
    // A workspace is referred to, and its table is not written.
    assert_eq!(tags["schema"]["foreignKeys"], Value::Null);
    // What has null in its key has none.
    assert_eq!(resource(&package, "export_coverage")["schema"]["primaryKey"], Value::Null);
    let load = read(folder.path(), "sql/postgresql/load.sql");
    assert!(
        load.contains("ALTER TABLE \"tag_followers\" ADD FOREIGN KEY (\"user_gid\") REFERENCES \"users\";"),
        "{load}"
    );
    for database in ["duckdb", "postgresql"] {
        let schema = read(folder.path(), &format!("sql/{database}/schema.sql"));
        assert!(schema.contains("    PRIMARY KEY (\"tag_gid\", \"position\")\n);"), "{schema}");
        let (_, coverage) = schema.split_once("CREATE TABLE \"export_coverage\" (").unwrap();
        assert!(!coverage.split(");").next().unwrap().contains("NOT NULL"), "{coverage}");
    }

    let folder = tempfile::tempdir().unwrap();
    described(folder.path(), CsvStyle::default(), 1, "csv");
    let followers = resource(&read(folder.path(), PACKAGE), "tag_followers");
    assert_eq!(followers["schema"]["foreignKeys"], json!([key("tag_gid", "tags")]));
    assert!(!read(folder.path(), "sql/postgresql/load.sql").contains("REFERENCES \"users\""));
}

#[test]
fn a_key_that_looks_like_null_is_none_to_who_does_not_look_at_quotes() {
    let folder = tempfile::tempdir().unwrap();
    described(folder.path(), CsvStyle::new(Dialect::Rfc4180, ";", "2").unwrap(), 0, "csv");
    let package = read(folder.path(), PACKAGE);
    assert_eq!(resource(&package, "tags")["schema"]["primaryKey"], Value::Null);
    assert_eq!(resource(&package, "users")["schema"]["primaryKey"], json!(["gid"]));
    assert!(
        read(folder.path(), "sql/duckdb/schema.sql").contains("CREATE TABLE \"tags\" (\n    \"gid\" VARCHAR NOT NULL")
    );
}

#[test]
fn the_style_of_csv_is_described() {
    let folder = tempfile::tempdir().unwrap();
    described(folder.path(), CsvStyle::new(Dialect::Excel, "tab", "N'A").unwrap(), 0, "csv");
    let tags = resource(&read(folder.path(), PACKAGE), "tags");
    assert_eq!(tags["encoding"], "utf-8-sig");
    let dialect = &tags["dialect"];
    assert_eq!((&dialect["delimiter"], &dialect["lineTerminator"]), (&json!("\t"), &json!("\r\n")));
    assert_eq!((&dialect["nullSequence"], &tags["schema"]["missingValues"]), (&json!("N'A"), &json!(["N'A"])));
    let load = read(folder.path(), "sql/duckdb/load.sql");
    for piece in ["delim = '\\t'", "nullstr = 'N''A'", "new_line = '\\r\\n'", "apostrophe"] {
        assert!(load.contains(piece), "no {piece} in {load}");
    }
    let load = read(folder.path(), "sql/postgresql/load.sql");
    assert!(load.contains("delimiter E'\\t', null 'N''A')") && load.contains("apostrophe"), "{load}");
}

/// Names that people gave to columns become names that databases take for different ones.
#[test]
fn columns_of_any_name_have_names_of_their_own() {
    let column = |name: &str| Column {
        name: name.to_owned(),
        kind: ColumnKind::Text,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: asana_model::Sensitive::Unclassified,
    };
    let long = "ü".repeat(40);
    let columns =
        ["gid", "Name", "name", "", "a\0b", "ctid", "say \"x\"", &long, &format!("{long}2")].map(column).into();
    let table = Table { name: "wide".to_owned(), about: String::new(), resource: None, columns, key_columns: 1 };
    let report = TableReport {
        name: "wide".to_owned(),
        resource: None,
        rows: 0,
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        types: Vec::new(),
        files: vec![FileReport {
            path: "csv/wide.csv".to_owned(),
            format: "csv".to_owned(),
            bytes: 0,
            sha256: String::new(),
        }],
        key_gaps: crate::KeyGaps::default(),
    };
    let layout = Layout::new();
    let tables = [(&table, &report)];
    let links = keys::Links::new(&layout, &tables, &BTreeMap::new());
    let csv = CsvStyle::default();
    let described = Described { tables: &tables, links: &links, csv: &csv };
    let names = |schema: &str| -> Vec<String> {
        let found = schema.lines().filter_map(|line| line.strip_prefix("    \""));
        found.map(|line| line.rsplit_once("\" ").unwrap().0.to_owned()).collect()
    };
    let half = "ü".repeat(31);
    let postgresql = postgresql::schema(&described);
    let found = names(&postgresql.replace("text NOT NULL,", "text,"));
    let expected = [
        "gid",
        "Name",
        "name",
        "column_4",
        "a\u{fffd}b",
        "ctid_2",
        "say \"\"x\"\"",
        &half,
        &format!("{}_2", "ü".repeat(30)),
    ];
    assert_eq!(found, expected);
    let found = names(&duckdb::schema(&described).replace("VARCHAR NOT NULL,", "VARCHAR,"));
    assert_eq!(found[1..3], ["Name", "name_2"]);
    assert_eq!(found[7..], [long.clone(), format!("{long}2")]);
}
