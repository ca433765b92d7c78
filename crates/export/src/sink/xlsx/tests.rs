//! Workbooks read back by a reader that owes nothing to the writer.

use std::fs;

use asana_model::{Cell, Column, ColumnKind};
use calamine::{Data, Reader as _, open_workbook};

use super::*;

const SMALL: Limits = Limits { rows: 3, units: 40 };

fn table(name: &str, columns: &[(&str, ColumnKind)]) -> Table {
    let column = |(name, kind): &(&str, ColumnKind)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: asana_model::Sensitive::Unclassified,
    };
    Table {
        name: name.to_owned(),
        about: format!("What {name} are."),
        resource: None,
        columns: columns.iter().map(column).collect(),
        key_columns: 1,
    }
}

fn gids_and(name: &str, kind: ColumnKind) -> Table {
    table(name, &[("gid", ColumnKind::Gid), ("value", kind)])
}

/// A row, and the place of its table in the group.
type Told<'c> = (usize, Vec<Cell<'c>>);

/// Writes groups of tables with their rows.
fn write(limits: Limits, groups: &[(&[Table], &[Told<'_>])]) -> (tempfile::TempDir, Vec<Unfit>) {
    let folder = tempfile::tempdir().unwrap();
    let path = path(&folder);
    fs::write(&path, "old content that is longer than nothing").unwrap();
    let mut book = Box::new(Xlsx::create(&path, limits).unwrap());
    let mut started = 0;
    for (tables, rows) in groups {
        book.start(&tables.iter().collect::<Vec<_>>()).unwrap();
        for (place, cells) in *rows {
            book.row(started + place, cells).unwrap();
        }
        book.end().unwrap();
        started += tables.len();
    }
    let unfit = book.unfit();
    book.finish().unwrap();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["workspace.xlsx"], "files for sheets have no name");
    (folder, unfit)
}

fn path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("workspace.xlsx")
}

fn open(folder: &tempfile::TempDir) -> calamine::Xlsx<io::BufReader<fs::File>> {
    open_workbook(path(folder)).unwrap()
}

/// The rows of a sheet below its header.
fn rows(folder: &tempfile::TempDir, sheet: &str) -> Vec<Vec<Data>> {
    open(folder).worksheet_range(sheet).unwrap().rows().skip(1).map(<[_]>::to_vec).collect()
}

/// What comes out of one cell of that kind.
fn one(kind: ColumnKind, cell: Cell<'_>) -> Data {
    let (folder, _) = write(EXCEL, &[(&[gids_and("things", kind)], &[(0, vec![Cell::text("1"), cell])])]);
    rows(&folder, "things")[0].get(1).cloned().unwrap_or(Data::Empty)
}

fn string(text: &str) -> Data {
    Data::String(text.to_owned())
}

#[test]
fn cells_keep_their_types() {
    let date = |kind, text: &'static str| match one(kind, Cell::text(text)) {
        Data::DateTime(date) => date.as_f64(),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(one(ColumnKind::Text, Cell::text("007")), string("007"));
    assert_eq!(one(ColumnKind::Gid, Cell::text("1201234567890123")), string("1201234567890123"));
    assert_eq!(one(ColumnKind::Text, Cell::text("=1+1")), string("=1+1"));
    assert_eq!(one(ColumnKind::Text, Cell::text("https://example.com")), string("https://example.com"));
    assert_eq!(one(ColumnKind::Number, Cell::Digits("1.50".into())), Data::Float(1.5));
    assert_eq!(one(ColumnKind::Number, Cell::Digits("9007199254740993".into())), string("9007199254740993"));
    assert_eq!(one(ColumnKind::Integer, Cell::Count(7)), Data::Float(7.0));
    assert_eq!(one(ColumnKind::Boolean, Cell::Boolean(true)), Data::Bool(true));
    assert_eq!(one(ColumnKind::Boolean, Cell::Boolean(false)), Data::Bool(false));
    assert!((date(ColumnKind::Date, "2026-11-27") - 46_353.0).abs() < f64::EPSILON);
    assert!((date(ColumnKind::Timestamp, "2026-11-27T18:00:00.000Z") - 46_353.75).abs() < f64::EPSILON);
    assert_eq!(one(ColumnKind::Date, Cell::text("1899-12-31")), string("1899-12-31"));
    assert_eq!(one(ColumnKind::Text, Cell::Null), Data::Empty);
}

#[test]
fn an_empty_text_is_a_cell_and_null_is_none() {
    let rows = [(0, vec![Cell::text("1"), Cell::text("")]), (0, vec![Cell::text("2"), Cell::Null])];
    let (folder, _) = write(EXCEL, &[(&[gids_and("things", ColumnKind::Text)], &rows)]);
    let xml = part(&folder, "xl/worksheets/sheet2.xml");
    assert!(xml.contains("<c r=\"B2\" t=\"inlineStr\"><is><t></t></is></c>") && !xml.contains("\"B3\""), "{xml}");
}

/// A part's text, by the reader's own means.
fn part(folder: &tempfile::TempDir, name: &str) -> String {
    use std::io::Read as _;
    let bytes = fs::read(path(folder)).unwrap();
    let start = bytes.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&bytes[start + name.len()..]).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_no_xml_can_hold_is_read_back_all_the_same() {
    let hostile = "a\u{0}\u{1b}[1m\u{8}\r\n\t <b> & \"q\" 'x' _x0041_ \u{fffe}\u{ffff}\u{202e}🏭 ]]> ";
    let rows = [(0, vec![Cell::text("1"), Cell::text(hostile)])];
    let things = table("things", &[("gid", ColumnKind::Gid), (hostile, ColumnKind::Text)]);
    let (folder, unfit) = write(EXCEL, &[(&[things], &rows)]);
    assert_eq!(unfit, []);
    let found: Vec<Data> = open(&folder).worksheet_range("things").unwrap().rows().map(|row| row[1].clone()).collect();
    assert_eq!(found, [string(hostile), string(hostile)]);
    let xml = part(&folder, "xl/worksheets/sheet2.xml");
    assert!(xml.chars().all(|character| !character.is_control() || "\n\t".contains(character)), "{xml:?}");
}

#[test]
fn tables_take_turns_and_go_on_in_further_sheets() {
    let tables = [gids_and("tasks", ColumnKind::Integer), gids_and("tags", ColumnKind::Text)];
    let mut told = Vec::new();
    for at in 0..7 {
        told.push((0, vec![Cell::text(format!("{at}")), Cell::Count(at)]));
        if at < 3 {
            told.push((1, vec![Cell::text(format!("{at}")), Cell::text("x")]));
        }
    }
    let late = [gids_and("goals", ColumnKind::Text)];
    let (folder, _) = write(SMALL, &[(&tables, &told), (&late, &[])]);
    assert_eq!(open(&folder).sheet_names(), ["index", "goals", "tags", "tasks", "tasks (2)", "tasks (3)"]);
    let gids = |sheet| rows(&folder, sheet).iter().map(|row| row[0].to_string()).collect::<Vec<_>>();
    assert_eq!(gids("tasks"), ["0", "1", "2"]);
    assert_eq!(gids("tasks (2)"), ["3", "4", "5"]);
    assert_eq!(gids("tasks (3)"), ["6"]);
    assert_eq!(gids("tags"), ["0", "1", "2"]);
    assert_eq!(gids("goals"), Vec::<String>::new());
    let index = rows(&folder, "index");
    let listed: Vec<Vec<String>> = index.iter().take(5).map(|row| row.iter().map(Data::to_string).collect()).collect();
    assert_eq!(listed[0], ["goals", "goals", "0", "2", "What goals are."]);
    assert_eq!(listed[3], ["tasks", "tasks (2)", "3", "2", "What tasks are."]);
    assert!(index.iter().any(|row| row[0] == string("Times are UTC. Identifiers (gids) are text.")));
    let xml = part(&folder, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<hyperlink ref=\"B5\" location=\"'tasks (2)'!A1\"/>"), "{xml}");
}

#[test]
fn longer_texts_than_a_cell_are_cut_and_told() {
    let long = "x".repeat(41);
    let told = [
        (0, vec![Cell::text("1"), Cell::text("x".repeat(40))]),
        (0, vec![Cell::text("2"), Cell::text(long.clone())]),
        (0, vec![Cell::text(long), Cell::Null]),
    ];
    let (folder, unfit) = write(SMALL, &[(&[gids_and("things", ColumnKind::Text)], &told)]);
    let rows = rows(&folder, "things");
    assert_eq!(rows[0][1], string(&"x".repeat(40)));
    assert_eq!(rows[1][1], string("xxxxxxxxxxxxxxxxxx… [cut: 41 characters]"));
    let told: Vec<(&str, &str, usize)> =
        unfit.iter().map(|unfit| (unfit.table.as_str(), unfit.column.as_str(), unfit.gid.len())).collect();
    assert_eq!(told, [("things", "value", 1), ("things", "gid", 41)]);
    assert_eq!(unfit[0].what, "41 characters are more than a cell of workspace.xlsx holds, and were cut there");
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let bytes = || {
        let told = [(0, vec![Cell::text("1"), Cell::text("2026-11-27")])];
        let (folder, _) = write(EXCEL, &[(&[gids_and("things", ColumnKind::Date)], &told)]);
        fs::read(path(&folder)).unwrap()
    };
    let first = bytes();
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(bytes(), first);
}

#[test]
fn a_workbook_without_tables_has_a_list() {
    let (folder, _) = write(EXCEL, &[]);
    assert_eq!(open(&folder).sheet_names(), ["index"]);
}

#[test]
fn mistakes_of_the_caller_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(path(&folder), "").unwrap();
    let mut book = Xlsx::create(&path(&folder), EXCEL).unwrap();
    let things = gids_and("things", ColumnKind::Text);
    assert!(matches!(book.row(0, &[]), Err(Error::TableNotOpen { table: 0 })));
    book.start(&[&things]).unwrap();
    assert!(matches!(book.row(0, &[Cell::Null]), Err(Error::WrongWidth { cells: 1, columns: 2, .. })));
    book.end().unwrap();
    assert!(matches!(book.row(0, &[Cell::Null, Cell::Null]), Err(Error::TableNotOpen { table: 0 })));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_with_the_name_of_the_file() {
    let file = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let book = Box::new(Xlsx {
        package: Package::new(file),
        path: path(&folder),
        folder: folder.path().to_owned(),
        limits: EXCEL,
        tables: Vec::new(),
        group: 0,
        sheets: Vec::new(),
        unfit: Vec::new(),
    });
    let error = book.finish().unwrap_err();
    assert!(error.to_string().ends_with("workspace.xlsx"), "{error}");
    assert!(error.hint().unwrap().starts_with("free space"), "{error:?}");
}
