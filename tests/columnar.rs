//! Parquet and SQLite: the same cells as CSV, with types, read by libraries that know nothing of the program.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use asana_simulator::{Config, Plan, SERVICE_TOKEN};
use jiff::Timestamp;
use jiff::civil::Date;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::support::formats::csv;
use crate::support::{Export, Folder, Program, start, unlimited};

const FILE: &str = "workspace.sqlite";

/// Rows as CSV has them: `None` is null.
type Rows = Vec<Vec<Option<String>>>;

/// Where a value is that no type holds: its table, the gid of whose it is, the column.
type Unfit = BTreeSet<(String, String, String)>;

/// What `export_oddities` says of values that no type holds, as the gid of whose it is and the column.
fn told(folder: &Folder) -> BTreeSet<(String, String)> {
    let (_, rows) = read_csv(folder, "export_oddities");
    let texts = rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>());
    let told = texts.filter(|row| row[3].contains("so formats with types have nothing there"));
    told.map(|row| (row[1].clone(), row[2].rsplit('.').next().unwrap().to_owned())).collect()
}

/// Each value that a format with types lacks is told, and nothing else is.
fn assert_told(folder: &Folder, unfit: &Unfit) {
    let lacking: BTreeSet<_> = unfit.iter().map(|(_, gid, column)| (gid.clone(), column.clone())).collect();
    assert_eq!(lacking, told(folder));
    assert!(!lacking.is_empty(), "a workspace of someone who means harm has numbers that are none to a computer");
}

/// Everything there is, with values from someone who means harm.
fn everything() -> Config {
    Config { hostile: true, plan: Plan::Enterprise, ..unlimited(5, 60) }
}

fn read_csv(folder: &Folder, table: &str) -> (Vec<String>, Rows) {
    csv(&fs::read(folder.path(&format!("csv/{table}.csv"))).unwrap())
}

fn open(folder: &Folder) -> Connection {
    Connection::open_with_flags(folder.path(FILE), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn texts(connection: &Connection, query: &str) -> Vec<String> {
    connection.prepare(query).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[track_caller]
fn verify(path: &Path, code: i32) -> String {
    Program::new(["verify", path.to_str().unwrap()]).run().exits(code).stdout
}

/// The bits of a number; SQLite has no negative zero.
fn zero_is_zero(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

/// Whether a value with a type is what CSV has as text.
fn is_same(said: &str, value: &Value) -> bool {
    match value {
        Value::Null | Value::Blob(_) => false,
        Value::Text(text) => text == said,
        Value::Integer(number) => *said == number.to_string() || said == if *number == 1 { "true" } else { "false" },
        Value::Real(number) => zero_is_zero(said.parse().unwrap()) == zero_is_zero(*number),
    }
}

#[test]
fn sqlite_has_the_cells_of_csv() {
    let simulator = start(everything());
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    let folder = export.set("only", "all").set("format", "csv,sqlite").complete();
    let database = open(&folder);
    assert_eq!(texts(&database, "PRAGMA integrity_check"), ["ok"]);
    let tables =
        texts(&database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");
    assert_eq!(tables, folder.tables("csv"));
    let (mut compared, mut unfit) = ([0; 4], Unfit::new());
    for table in tables {
        let (header, rows) = read_csv(&folder, &table);
        let columns = format!("FROM pragma_table_info('{table}')");
        assert_eq!(texts(&database, &format!("SELECT name {columns} ORDER BY cid")), header);
        let key = texts(&database, &format!("SELECT '\"' || name || '\"' {columns} WHERE pk > 0 ORDER BY pk"));
        let mut statement =
            database.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY {}", key.join(", "))).unwrap();
        let mut found = statement.query([]).unwrap();
        for (at, expected) in rows.iter().enumerate() {
            let row = found.next().unwrap().unwrap_or_else(|| panic!("{table} ends before row {at}"));
            for (place, (column, said)) in header.iter().zip(expected).enumerate() {
                let value: Value = row.get(place).unwrap();
                if value == Value::Null && said.is_some() {
                    unfit.insert((table.clone(), expected[0].clone().unwrap(), column.clone()));
                    continue;
                }
                let same = said.as_ref().map_or(value == Value::Null, |said| is_same(said, &value));
                assert!(same, "{table}.{column} in row {at} is {value:?}, and CSV has {said:?}");
                match value {
                    Value::Null => compared[0] += 1,
                    Value::Integer(_) => compared[1] += 1,
                    Value::Real(_) => compared[2] += 1,
                    Value::Text(_) | Value::Blob(_) => compared[3] += 1,
                }
            }
        }
        assert!(found.next().unwrap().is_none(), "{table} has more rows than CSV");
    }
    assert!(compared.iter().all(|number| *number > 10), "{compared:?}");
    assert_told(&folder, &unfit);
    // A number that is a gid is text, which finds what it names.
    let assigned =
        "SELECT count(*) FROM tasks JOIN users ON users.gid = tasks.assignee_gid WHERE typeof(users.gid) = 'text'";
    assert!(database.query_row(assigned, [], |row| row.get::<_, i64>(0)).unwrap() > 0);
    let shown: String = database
        .query_row("SELECT projects FROM tasks_with_names WHERE projects IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert!(!shown.is_empty());
    let fields = texts(&database, "SELECT name FROM pragma_table_info('tasks_wide')");
    let occurring: BTreeSet<_> =
        texts(&database, "SELECT custom_field_gid FROM task_custom_fields").into_iter().collect();
    assert_eq!(fields.len(), occurring.len() + 2, "{fields:?}");
    assert!(!occurring.is_empty());
}

/// A value as CSV has it; `None` for null.
fn shown(field: &Field) -> Option<String> {
    match field {
        Field::Null => None,
        Field::Str(text) => Some(text.clone()),
        Field::Long(number) => Some(number.to_string()),
        Field::Bool(value) => Some(value.to_string()),
        Field::Date(days) => Some((Date::constant(1970, 1, 1) + jiff::Span::new().days(*days)).to_string()),
        Field::TimestampMicros(micros) => {
            Some(Timestamp::from_microsecond(*micros).unwrap().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
        }
        other => panic!("no column has such values: {other:?}"),
    }
}

#[test]
fn parquet_has_the_cells_of_csv() {
    let simulator = start(everything());
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    let folder = export.set("only", "all").set("format", "csv,parquet").complete();
    let tables = folder.tables("csv");
    assert_eq!(folder.tables("parquet"), tables);
    let (mut kinds, mut unfit) = (HashSet::new(), Unfit::new());
    for table in tables {
        let (header, rows) = read_csv(&folder, &table);
        let file = fs::File::open(folder.path(&format!("parquet/{table}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr();
        let names: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
        assert_eq!(names, header, "{table}");
        let mut found = reader.get_row_iter(None).unwrap();
        for (at, expected) in rows.iter().enumerate() {
            let row = found.next().unwrap_or_else(|| panic!("{table} ends before row {at}")).unwrap();
            for ((column, field), said) in row.get_column_iter().zip(expected) {
                let same = match (field, said) {
                    (Field::Null, Some(_)) => {
                        unfit.insert((table.clone(), expected[0].clone().unwrap(), column.clone()));
                        true
                    }
                    (Field::Double(number), Some(said)) => said.parse::<f64>().unwrap().to_bits() == number.to_bits(),
                    _ => shown(field) == *said,
                };
                assert!(same, "{table}.{column} in row {at} is {field:?}, and CSV has {said:?}");
                kinds.insert(std::mem::discriminant(field));
            }
        }
        assert!(found.next().is_none(), "{table} has more rows than CSV");
    }
    assert_told(&folder, &unfit);
    assert_eq!(kinds.len(), 7, "null, text, integers, numbers, booleans, days and instants were compared");
}

#[test]
fn verify_compares_them_and_finds_a_flipped_byte() {
    let simulator = start(unlimited(5, 40));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let folder = Export::new(&simulator, SERVICE_TOKEN, &path).set("format", "parquet,sqlite").complete();
    let manifest = folder.manifest();
    assert!(manifest["other_files"].as_array().unwrap().iter().any(|file| file["path"] == FILE));
    let tables = manifest["tables"].as_array().unwrap().len();
    let report = verify(&path, 0);
    // Each table in Parquet, and what is for all of them.
    let files = tables + manifest["other_files"].as_array().unwrap().len();
    let expected = format!("{tables} tables in {files} files, built from the archive once more, are the same");
    assert!(report.contains(&expected), "{report}");
    for name in [FILE, "parquet/tasks.parquet"] {
        let good = fs::read(folder.path(name)).unwrap();
        // Near the beginning, in the middle and at the end.
        for at in [20, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(folder.path(name), bad).unwrap();
            let report = verify(&path, 11);
            assert!(report.contains(&format!("{name}: its SHA-256 is")), "{report}");
            assert_eq!(report.matches(&format!("\n  {name}")).count(), 2, "against the archive too: {report}");
        }
        fs::write(folder.path(name), good).unwrap();
    }
    verify(&path, 0);
    // The audit needs rows that can be read, and builds them.
    Program::new(["audit", path.to_str().unwrap()]).run().exits(0);
}

#[test]
fn convert_adds_them_as_an_export_would_have_written_them() {
    let simulator = start(unlimited(3, 60));
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str, formats: &str| {
        Export::new(&simulator, SERVICE_TOKEN, &out.path().join(name)).set("format", formats).complete()
    };
    let (small, all) = (export("small", "csv"), export("all", "csv,parquet,sqlite"));
    let path = out.path().join("small");
    let convert = |flags: &[&str]| {
        Program::new([&["convert", path.to_str().unwrap()], flags].concat()).inside(out.path()).run().exits(0)
    };
    let tables = |folder: &Folder| {
        let mut files = folder.files();
        files.retain(|name, _| name == FILE || name.starts_with("csv/") || name.starts_with("parquet/"));
        files
    };
    convert(&["--format", "sqlite"]);
    assert!(fs::read(small.path(FILE)).unwrap() == fs::read(all.path(FILE)).unwrap(), "{FILE} differs");
    convert(&["--format", "parquet"]);
    let (converted, exported) = (tables(&small), tables(&all));
    assert_eq!(converted.keys().collect::<Vec<_>>(), exported.keys().collect::<Vec<_>>());
    for (name, bytes) in &converted {
        assert!(*bytes == exported[name], "{name} differs");
    }
    verify(&path, 0);
    // What is the same is not written again, and formats that are not wanted go.
    convert(&[]).says(&["no file was written"]);
    convert(&["--out", "other", "--format", "sqlite"]);
    let other = Folder::new(&out.path().join("other"));
    assert!(fs::read(other.path(FILE)).unwrap() == exported[FILE]);
    convert(&["--out", "other", "--format", "csv"]);
    assert!(!other.path(FILE).exists());
}

#[test]
fn views_are_made_of_what_was_exported() {
    let simulator = start(unlimited(3, 40));
    let out = tempfile::tempdir().unwrap();
    let views = |name: &str, only: &str| {
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join(name));
        let folder = export.set("only", only).set("via-search", "off").set("format", "sqlite").complete();
        let connection = open(&folder);
        let views = texts(&connection, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY 1");
        // Each can be asked, whatever it is made of.
        for view in &views {
            connection.query_row(&format!("SELECT count(*) FROM {view}"), [], |row| row.get::<_, i64>(0)).unwrap();
        }
        views
    };
    assert_eq!(views("tasks", "tasks"), ["tasks_wide", "tasks_with_names"]);
    assert_eq!(views("tags", "tags"), [""; 0]);
}
