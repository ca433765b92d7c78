//! Files read back by SQLite itself.

use rusqlite::types::Value;

use super::views::{CustomField, MOST_FIELDS, column_names, tasks_wide};
use super::*;

fn table(name: &str, columns: &[(&str, ColumnKind)], key_columns: usize) -> Table {
    let column = |(name, kind): &(&str, ColumnKind)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: asana_model::Sensitive::Unclassified,
    };
    let columns = columns.iter().map(column).collect();
    Table { name: name.to_owned(), about: String::new(), resource: None, columns, key_columns }
}

/// A database in the making; its file is there and empty, as it is for every book.
fn create(folder: &Path) -> (PathBuf, Box<Sqlite>) {
    let path = folder.join("workspace.sqlite");
    std::fs::write(&path, "").unwrap();
    let book = Box::new(Sqlite::create(&path).unwrap());
    (path, book)
}

/// A table with its rows.
type Filled<'c> = (Table, Vec<Vec<Cell<'c>>>);

/// Writes groups of tables, each with its rows.
fn write(folder: &Path, groups: &[&[Filled<'_>]]) -> PathBuf {
    let (path, mut book) = create(folder);
    let mut number = 0;
    for group in groups {
        book.start(&group.iter().map(|(table, _)| table).collect::<Vec<_>>()).unwrap();
        // Tables take turns.
        for at in 0..group.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0) {
            for (place, (_, rows)) in group.iter().enumerate() {
                rows.get(at).map_or(Ok(()), |row| book.row(number + place, row)).unwrap();
            }
        }
        book.end().unwrap();
        number += group.len();
    }
    book.finish().unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "nothing lies beside the file");
    path
}

fn ask(path: &Path, query: &str) -> Vec<Vec<Value>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection.prepare(query).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn digits(text: &str) -> Cell<'_> {
    Cell::Digits(text.into())
}

/// Asserts what each of these cells reads as.
#[track_caller]
fn check(kind: ColumnKind, cells: &[(Cell<'_>, Value)]) {
    let folder = tempfile::tempdir().unwrap();
    let rows = cells.iter().enumerate().map(|(at, (cell, _))| vec![Cell::text(format!("{at:3}")), cell.borrowed()]);
    let things = table("things", &[("gid", ColumnKind::Gid), ("value", kind)], 1);
    let path = write(folder.path(), &[&[(things, rows.collect())]]);
    let found: Vec<Value> = ask(&path, "SELECT value FROM things ORDER BY gid").into_iter().flatten().collect();
    let expected: Vec<Value> = cells.iter().map(|(_, value)| value.clone()).collect();
    assert!(found == expected, "{kind:?}: {found:?}");
}

#[test]
fn values_of_each_type_come_back_and_nothing_is_not_an_empty_text() {
    let same = |value: &'static str| (Cell::text(value), text(value));
    let large = "x\"\n🏭".repeat(1 << 17);
    let texts = ["", "a\0b", "\0", "👩‍👩‍👧", "Grüße, \"Welt\"", "null", "1", "1e5"].map(same);
    check(ColumnKind::Text, &texts);
    check(ColumnKind::Text, &[(Cell::text(large.as_str()), text(&large)), (Cell::Null, Value::Null)]);
    check(ColumnKind::Gid, &[same("1211000000000032634"), same("00123"), same("")]);
    check(
        ColumnKind::Integer,
        &[
            (digits("-9223372036854775808"), Value::Integer(i64::MIN)),
            (Cell::Count(7), Value::Integer(7)),
            (digits("9223372036854775808"), Value::Null),
        ],
    );
    check(
        ColumnKind::Number,
        &[
            (digits("1.50"), Value::Real(1.5)),
            (digits("3"), Value::Real(3.0)),
            (digits("-1.5E-7"), Value::Real(-1.5e-7)),
            (digits("1e400"), Value::Null),
            (digits("9007199254740993"), Value::Null),
        ],
    );
    check(ColumnKind::Boolean, &[(Cell::Boolean(true), Value::Integer(1)), (Cell::Boolean(false), Value::Integer(0))]);
    // As they came, even what is no day: text holds it.
    check(ColumnKind::Date, &[same("0001-01-01"), same("9999-12-31"), same("2025-02-30"), (Cell::Null, Value::Null)]);
    check(ColumnKind::Timestamp, &[same("2025-04-18T17:23:53.402Z"), (Cell::Null, Value::Null)]);
}

#[test]
fn a_table_has_its_types_its_key_and_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let columns = [
        ("task_gid", ColumnKind::Gid),
        ("position", ColumnKind::Integer),
        ("user_gid", ColumnKind::Gid),
        ("number", ColumnKind::Number),
        ("a \"name\"", ColumnKind::Date),
    ];
    let path = write(folder.path(), &[&[(table("task_things", &columns, 2), Vec::new())]]);
    let rows = ask(&path, "SELECT name, type, \"notnull\", pk FROM pragma_table_info('task_things')");
    let row = |name, kind, not_null, key| vec![text(name), text(kind), Value::Integer(not_null), Value::Integer(key)];
    assert_eq!(
        rows,
        [
            row("task_gid", "TEXT", 1, 1),
            row("position", "INTEGER", 1, 2),
            row("user_gid", "TEXT", 0, 0),
            row("number", "REAL", 0, 0),
            row("a \"name\"", "TEXT", 0, 0),
        ]
    );
    let plan = ask(&path, "EXPLAIN QUERY PLAN SELECT task_gid FROM task_things WHERE user_gid = '7'");
    assert!(format!("{plan:?}").contains("USING COVERING INDEX task_things_user_gid"), "{plan:?}");
    let numbers: Vec<_> =
        ["application_id", "user_version"].iter().map(|name| ask(&path, &format!("PRAGMA {name}"))).collect();
    assert_eq!(numbers, [[[Value::Integer(0x4153_4e57)]], [[Value::Integer(1)]]]);
    assert_eq!(ask(&path, "PRAGMA integrity_check"), [[text("ok")]]);
}

/// Two groups of more rows than the cache holds.
fn many(folder: &Path) -> PathBuf {
    let things =
        |name| table(name, &[("gid", ColumnKind::Gid), ("other_gid", ColumnKind::Gid), ("n", ColumnKind::Text)], 1);
    let rows = || {
        let row = |at: usize| {
            let other =
                if at.is_multiple_of(3) { Cell::Null } else { Cell::text(format!("{:09}", at * 7919 % 30_000)) };
            vec![Cell::text(format!("{at:09}")), other, Cell::text(format!("{at}").repeat(at % 250))]
        };
        (0..30_000).map(row).collect::<Vec<_>>()
    };
    write(folder, &[&[(things("a"), rows()), (things("b"), rows())], &[(things("c"), rows())]])
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let files = folders.each_ref().map(|folder| std::fs::read(many(folder.path())).unwrap());
    assert!(files[0].len() > 16 << 20, "{} bytes are in the cache alone", files[0].len());
    assert!(files[0] == files[1]);
}

#[test]
fn wrong_rows_are_errors_and_what_is_dropped_was_never_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (_, mut book) = create(folder.path());
    let things = |name| table(name, &[("gid", ColumnKind::Gid), ("name", ColumnKind::Text)], 1);
    book.start(&[&things("a")]).unwrap();
    assert!(matches!(book.row(0, &[Cell::Null]), Err(Error::WrongWidth { cells: 1, columns: 2, .. })));
    assert!(matches!(book.row(1, &[Cell::Null, Cell::Null]), Err(Error::TableNotOpen { table: 1 })));
    let error = book.row(0, &[Cell::Null, Cell::Null]).unwrap_err();
    assert_eq!(error.to_string(), "a row of a has no gid, which is part of its key");
    book.end().unwrap();
    book.start(&[&things("b")]).unwrap();
    assert!(matches!(book.row(0, &[Cell::text("1"), Cell::Null]), Err(Error::TableNotOpen { table: 0 })));
    drop(book);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing lies beside the file");
}

#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".workspace.sqlite.partial");
    std::fs::write(&path, "").unwrap();
    let mut book = Sqlite::create(&path).unwrap();
    book.connection.execute_batch("PRAGMA max_page_count = 50").unwrap();
    book.start(&[&table("a", &[("gid", ColumnKind::Gid), ("text", ColumnKind::Text)], 1)]).unwrap();
    let long = "x".repeat(10_000);
    let error = (0..100).find_map(|at| book.row(0, &[Cell::text(format!("{at:3}")), Cell::text(long.as_str())]).err());
    let error = error.unwrap();
    assert!(error.hint().unwrap().starts_with("free space"), "{error:?}");
    assert!(error.to_string().ends_with("/workspace.sqlite"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn so_is_one_that_the_system_tells_of() {
    // Whatever is written to this device fails as on a full disk.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".workspace.sqlite.partial");
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let error = Sqlite::create(&path).unwrap_err();
    assert!(error.hint().unwrap().starts_with("free space"), "{error:?}");
    assert!(error.to_string().ends_with("/workspace.sqlite"), "{error}");
}

/// Tables as they are in an export, with few of their columns.
fn workspace(folder: &Path, without: &[&str]) -> PathBuf {
    use ColumnKind::{Gid, Integer, Number, Text};
    let row = |cells: &[&'static str]| -> Vec<Cell<'static>> {
        cells.iter().map(|cell| if cell.is_empty() { Cell::Null } else { Cell::text(*cell) }).collect()
    };
    let list = |owner: &'static str, position: u64, cells: &[&'static str]| {
        [vec![Cell::text(owner), Cell::Count(position)], row(cells)].concat()
    };
    let named = |name| table(name, &[("gid", Gid), ("name", Text)], 1);
    let owned: &[_] = &[("task_gid", Gid), ("position", Integer)];
    let of_field: &[_] = &[("task_gid", Gid), ("custom_field_gid", Gid), ("position", Integer)];
    let values = [
        owned,
        &[("custom_field_gid", Gid), ("name", Text), ("type", Text), ("display_value", Text), ("text_value", Text)],
        &[("number_value", Number), ("enum_option_name", Text)],
    ]
    .concat();
    let number = |owner, position, gid, name, number: &'static str| {
        let mut cells = list(owner, position, &[gid, name, "number", "", "", "", ""]);
        cells[7] = digits(number);
        cells
    };
    let tables = vec![
        (named("tasks"), vec![row(&["1", "one"]), row(&["2", "two"])]),
        (
            table("task_memberships", &[owned, &[("project_gid", Gid), ("section_gid", Gid)]].concat(), 2),
            vec![list("1", 0, &["p2", "s1"]), list("1", 1, &["p1", ""]), list("1", 10, &["p9", ""])],
        ),
        (
            table("task_custom_fields", &values, 2),
            vec![
                list("1", 0, &["f1", "Note", "text", "shown", "text", "", ""]),
                number("1", 1, "f2", "Size", "1.5"),
                list("1", 2, &["f3", "size", "enum", "shown", "", "", "large"]),
                list("1", 3, &["f4", "Name", "multi_enum", "shown", "", "", ""]),
                list("1", 4, &["f5", "It's", "new kind", "shown", "", "", ""]),
                list("1", 5, &["f6", "People", "people", "shown", "", "", ""]),
                number("2", 0, "f2", "Size", "-2"),
            ],
        ),
        (
            table(
                "task_custom_field_options",
                &[of_field, &[("enum_option_gid", Gid), ("enum_option_name", Text)]].concat(),
                3,
            ),
            vec![
                [row(&["1", "f4"]), vec![Cell::Count(0)], row(&["o2", "Z"])].concat(),
                [row(&["1", "f4"]), vec![Cell::Count(1)], row(&["o1", "A"])].concat(),
            ],
        ),
        (
            table("task_custom_field_people", &[of_field, &[("user_gid", Gid)]].concat(), 3),
            vec![
                [row(&["1", "f6"]), vec![Cell::Count(0)], row(&["u1"])].concat(),
                [row(&["1", "f6"]), vec![Cell::Count(1)], row(&["u9"])].concat(),
            ],
        ),
        (named("projects"), vec![row(&["p1", "first"]), row(&["p2", "second"])]),
        (named("sections"), vec![row(&["s1", "To do"])]),
        (named("custom_fields"), vec![row(&["f1", "Note, renamed"]), row(&["f2", "Size"])]),
        (named("users"), vec![row(&["u1", "Ann"])]),
    ];
    let tables: Vec<_> = tables.into_iter().filter(|(table, _)| !without.contains(&table.name.as_str())).collect();
    write(folder, &[&tables])
}

fn columns(path: &Path, view: &str) -> Vec<String> {
    let rows = ask(path, &format!("SELECT name FROM pragma_table_info('{view}')"));
    let name = |value: &Value| if let Value::Text(name) = value { name.clone() } else { panic!("{value:?}") };
    rows.iter().map(|row| name(&row[0])).collect()
}

#[test]
fn tasks_are_shown_with_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(folder.path(), &[]);
    assert_eq!(columns(&path, "tasks_with_names"), ["gid", "name", "projects", "sections"]);
    let rows = ask(&path, "SELECT * FROM tasks_with_names ORDER BY gid");
    // In Asana's order, and by the gid where there is no name.
    assert_eq!(rows[0], [text("1"), text("one"), text("second; first; p9"), text("To do")]);
    assert_eq!(rows[1], [text("2"), text("two"), Value::Null, Value::Null]);
}

#[test]
fn tasks_are_shown_with_their_custom_fields() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(folder.path(), &[]);
    let expected = ["gid", "name", "It's", "Name (f4)", "Note, renamed", "People", "Size (f2)", "size (f3)"];
    assert_eq!(columns(&path, "tasks_wide"), expected);
    let rows = ask(&path, "SELECT * FROM tasks_wide ORDER BY gid");
    let shown = ["1", "one", "shown", "Z; A", "text", "Ann; u9"].map(text);
    assert_eq!(rows[0], [&shown[..], &[Value::Real(1.5), text("large")]].concat());
    assert_eq!(rows[1][6], Value::Real(-2.0));
    assert!(rows[1][2..6].iter().all(|value| *value == Value::Null));
}

#[test]
fn views_are_made_of_the_tables_that_are_there() {
    let check = |without: &[&str], names: Option<&[&str]>, wide: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let path = workspace(folder.path(), without);
        assert_eq!(columns(&path, "tasks_with_names"), names.unwrap_or_default(), "without {without:?}");
        let found = columns(&path, "tasks_wide");
        assert_eq!(found.get(4).map(String::as_str), wide, "without {without:?}: {found:?}");
        if wide.is_some() {
            assert_eq!(ask(&path, "SELECT People FROM tasks_wide WHERE gid = '1'").len(), 1);
        }
    };
    check(&["projects", "custom_fields"], Some(&["gid", "name", "sections"]), Some("Note"));
    check(&["sections", "users"], Some(&["gid", "name", "projects"]), Some("Note, renamed"));
    check(
        &["task_custom_field_people", "task_custom_field_options"],
        Some(&["gid", "name", "projects", "sections"]),
        Some("Note, renamed"),
    );
    check(&["task_custom_fields", "task_memberships"], Some(&["gid", "name"]), None);
    check(&["tasks"], None, None);
}

fn field(gid: &str, name: &str) -> CustomField {
    CustomField { gid: gid.to_owned(), name: name.to_owned(), kind: "text".to_owned() }
}

#[test]
fn no_two_columns_have_one_name() {
    let fields =
        [field("1", "A"), field("2", "a"), field("3", "A (1)"), field("4", "GID"), field("5", "É"), field("6", "é")];
    assert_eq!(column_names(&fields), ["A (1) (1)", "a (2)", "A (1)", "GID (4)", "É (5)", "é (6)"]);
}

#[test]
fn more_fields_than_a_view_can_have_are_told() {
    let tables = HashMap::new();
    let named = |length: usize| {
        (0..2_100).map(|at| field(&at.to_string(), &format!("{at:05}{}", "x".repeat(length)))).collect::<Vec<_>>()
    };
    let fields = named(0);
    let view = tasks_wide(&fields, &tables);
    assert!(view.contains(&format!("the first {MOST_FIELDS} of 2100 by name")));
    // SQLite takes it, and hands it out again.
    let connection = Connection::open_in_memory().unwrap();
    let made = "CREATE TABLE tasks (gid, name); CREATE TABLE task_custom_fields (task_gid, custom_field_gid, name);";
    connection.execute_batch(&format!("{made} INSERT INTO tasks VALUES (1, 2); {view}")).unwrap();
    let statement = connection.prepare("SELECT * FROM tasks_wide").unwrap();
    assert_eq!(statement.column_count(), MOST_FIELDS + 2);
    assert!(!tasks_wide(&fields[..MOST_FIELDS], &tables).contains("by name"));
    // Long names make it end earlier.
    let view = tasks_wide(&named(2_000), &tables);
    assert!(view.len() < 1_000_000 && view.contains("the first 4"));
}

#[test]
fn names_and_gids_of_any_characters_are_no_sql() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut book) = create(folder.path());
    let tasks = table("tasks", &[("gid", ColumnKind::Gid), ("name", ColumnKind::Text)], 1);
    let keys =
        [("task_gid", ColumnKind::Gid), ("position", ColumnKind::Integer), ("custom_field_gid", ColumnKind::Gid)];
    let values = [("name", ColumnKind::Text), ("type", ColumnKind::Text), ("text_value", ColumnKind::Text)];
    let values = table("task_custom_fields", &[&keys[..], &values].concat(), 2);
    book.start(&[&tasks, &values]).unwrap();
    book.row(0, &[Cell::text("1"), Cell::text("one")]).unwrap();
    for (position, (gid, name)) in
        (0..).zip([("1'2", "a \"b\""), ("7\0'8", "n\0'ul"), ("9", "*/ DROP TABLE tasks; --")])
    {
        let cells = [Cell::text("1"), Cell::Count(position), Cell::text(gid)];
        book.row(1, &[&cells[..], &[Cell::text(name), Cell::text("text"), Cell::text(gid)]].concat()).unwrap();
    }
    book.end().unwrap();
    book.finish().unwrap();
    assert_eq!(columns(&path, "tasks_wide"), ["gid", "name", "*/ DROP TABLE tasks; --", "a \"b\"", "n\u{fffd}'ul"]);
    let rows = ask(&path, "SELECT * FROM tasks_wide");
    assert_eq!(rows, [["1", "one", "9", "1'2", "7\0'8"].map(text)]);
}
