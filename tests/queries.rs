//! The sample queries, asked of the `SQLite` file of the sample's workspace. What they find stands beside them, so that it can
//! be read; `.ci/foreign` compares with what `DuckDB` finds, and `analyse.py` with both.

use std::fs;
use std::path::{Path, PathBuf};

use asana_simulator::{ADMIN_TOKEN, RunningSimulator};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::samples::workspace;
use crate::support::{Export, start, unlimited};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/queries")
}

/// The queries by their names, without what prepares `DuckDB` for them.
fn queries() -> Vec<(String, String)> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".sql").map(str::to_owned)).filter(|name| name != "duckdb").collect();
    names.sort();
    let read = |name: String| {
        let query = fs::read_to_string(folder().join(format!("{name}.sql"))).unwrap();
        (name, query)
    };
    names.into_iter().map(read).collect()
}

/// What a query finds, as CSV with a header.
fn found(database: &Connection, query: &str) -> String {
    let mut statement = database.prepare(query).unwrap();
    let mut to = csv::Writer::from_writer(Vec::new());
    to.write_record(statement.column_names()).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let cell = |column| match row.get_ref(column).unwrap() {
            ValueRef::Null => String::new(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            ValueRef::Blob(_) => panic!("no table has blobs"),
        };
        to.write_record((0..columns).map(cell)).unwrap();
    }
    String::from_utf8(to.into_inner().unwrap()).unwrap()
}

/// The SQLite file of an export.
fn database(simulator: &RunningSimulator) -> (TempDir, Connection) {
    let out = tempfile::tempdir().unwrap();
    Export::new(simulator, ADMIN_TOKEN, &out.path().join("out")).set("format", "sqlite").complete();
    let file = out.path().join("out/workspace.sqlite");
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    (out, database)
}

#[test]
fn every_query_finds_what_stands_beside_it() {
    let (_folder, database) = database(&workspace());
    for (name, query) in queries() {
        let found = found(&database, &query);
        let beside = folder().join(format!("results/{name}.csv"));
        if std::env::var_os("UPDATE_SAMPLES").is_some() {
            fs::create_dir_all(beside.parent().unwrap()).unwrap();
            fs::write(beside, found).unwrap();
        } else {
            assert_eq!(found, fs::read_to_string(beside).unwrap(), "{name}: UPDATE_SAMPLES=1 writes it anew");
        }
    }
}

#[test]
fn every_query_is_of_use_in_a_larger_workspace() {
    let (_folder, database) = database(&start(unlimited(1, 150)));
    let queries = queries();
    assert_eq!(queries.len(), 12);
    for (name, query) in queries {
        assert!(query.starts_with("-- "), "{name} begins with its question");
        assert!(query.lines().next().unwrap().contains('?'), "{name} begins with its question");
        assert!(found(&database, &query).lines().count() > 1, "{name} finds nothing");
    }
}
