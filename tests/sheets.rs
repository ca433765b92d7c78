//! `--format xlsx`: a workbook that holds what the tables hold, that is the same from run to run, and in which a change is
//! found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use asana_simulator::{ADMIN_TOKEN, Config, Plan, SERVICE_TOKEN};
use calamine::{Data, Reader as _, open_workbook};

use crate::support::formats::{Cell, Table};
use crate::support::{Export, Folder, Program, start, unlimited};

/// Characters of a cell, as spreadsheets count them.
const MOST: usize = 32_767;

/// Every table of a workbook by its name, read through its list of sheets: the header and the rows.
fn workbook(path: &Path) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut book: calamine::Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names();
    assert_eq!(names[0], "index");
    let index = book.worksheet_range("index").unwrap();
    let mut tables: BTreeMap<String, Vec<Vec<Data>>> = BTreeMap::new();
    let mut listed = vec!["index".to_owned()];
    for line in index.rows().skip(1).take_while(|line| line[0] != Data::Empty) {
        let (table, sheet) = (line[0].to_string(), line[1].to_string());
        let range = book.worksheet_range(&sheet).unwrap();
        let rows: Vec<Vec<Data>> = range.rows().map(<[_]>::to_vec).collect();
        assert_eq!(line[2].to_string(), (rows.len() - 1).to_string(), "{sheet}: rows");
        assert_eq!(line[3].to_string(), rows[0].len().to_string(), "{sheet}: columns");
        assert!(tables.insert(table, rows).is_none(), "{sheet}");
        listed.push(sheet);
    }
    assert_eq!(names, listed);
    for name in &listed {
        assert!(name.encode_utf16().count() <= 31, "{name}");
    }
    tables
}

/// A number's decimal digits without those that say nothing.
fn digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// A day, or an instant, as Asana writes it.
fn written(serial: f64, length: usize) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "thousandths of a second of years with four digits")]
    let thousandths = (serial * 86_400_000.0).round() as i64;
    let (day, rest) = (thousandths.div_euclid(86_400_000), thousandths.rem_euclid(86_400_000));
    // Civil from days, by Howard Hinnant's arithmetic; a spreadsheet's days begin on 1899-12-30.
    let shifted = day - 25_569 + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1_000);
    text.chars().take(length).collect()
}

/// Asserts that the sheet's cell is the table's; says whether it was cut.
#[track_caller]
fn assert_cell(found: &Data, expected: &Cell, place: &str) -> bool {
    match (found, expected) {
        (Data::Empty, Cell::Null) => {}
        (Data::Empty, Cell::Text(text)) => assert_eq!(text, "", "{place}"),
        (Data::Bool(found), Cell::Boolean(expected)) => assert_eq!(found, expected, "{place}"),
        (Data::Float(found), Cell::Digits(expected)) => {
            assert!(digits(expected) <= 15, "{place}: {expected} may lose digits");
            assert_eq!(found.to_bits(), expected.parse::<f64>().unwrap().to_bits(), "{place}");
        }
        (Data::String(found), Cell::Digits(expected)) => {
            assert!(found == expected && digits(expected) > 15, "{place}: {found} for {expected}");
        }
        (Data::DateTime(found), Cell::Text(expected)) => {
            assert_eq!(&written(found.as_f64(), expected.len()), expected, "{place}");
        }
        (Data::String(found), Cell::Text(expected)) => {
            let units = expected.encode_utf16().count();
            if units > MOST {
                let (kept, mark) = found.rsplit_once('…').unwrap();
                assert!(expected.starts_with(kept), "{place}");
                assert_eq!(mark, format!(" [cut: {units} characters]"), "{place}");
                assert_eq!(found.encode_utf16().count(), MOST, "{place}");
                return true;
            }
            assert_eq!(found, expected, "{place}");
        }
        _ => panic!("{place}: {found:?} for {expected:?}"),
    }
    false
}

#[track_caller]
fn assert_sheet(name: &str, rows: &[Vec<Data>], table: &Table) -> usize {
    let header: Vec<String> = rows[0].iter().map(Data::to_string).collect();
    assert_eq!(header, table.columns, "{name}");
    assert_eq!(rows.len() - 1, table.rows.len(), "{name}");
    let mut cut = 0;
    for (found, expected) in rows[1..].iter().zip(&table.rows) {
        for (column, expected) in expected.iter().enumerate() {
            let place = format!("{name}.{} of {:?}", table.columns[column], found[0]);
            let found = found.get(column).unwrap_or(&Data::Empty);
            cut += usize::from(assert_cell(found, expected, &place));
        }
    }
    cut
}

#[test]
fn the_workbook_holds_what_the_tables_hold() {
    for (config, least) in [
        (Config { hostile: true, plan: Plan::Enterprise, ..unlimited(5, 150) }, 1),
        (Config { plan: Plan::Enterprise, ..unlimited(11, 200) }, 0),
    ] {
        let simulator = start(config);
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"))
            .set("only", "all")
            .set("format", "csv,json,jsonl,xlsx")
            .flag("wide");
        let folder = export.complete();
        let tables = workbook(&folder.path("workspace.xlsx"));
        assert_eq!(tables.keys().cloned().collect::<Vec<_>>(), folder.tables("csv"));
        let mut cut = 0;
        for (name, rows) in &tables {
            cut += assert_sheet(name, rows, &folder.table(name));
        }
        assert!(cut >= least, "nothing was cut");
        let told = folder.table("export_oddities").texts("what");
        let told = told.iter().filter(|what| what.contains("more than a cell of workspace.xlsx holds")).count();
        assert_eq!(told, cut, "each cut is an oddity");
        let typed = |table: &str, column: &str| {
            let rows = &tables[table];
            let at = rows[0].iter().position(|name| *name == Data::String(column.to_owned())).unwrap();
            rows[1..].iter().filter(|row| matches!(row.get(at), Some(Data::DateTime(_)))).count()
        };
        assert_eq!(typed("tasks", "created_at"), tables["tasks"].len() - 1);
        assert!(typed("tasks", "due_on") > 0 && typed("task_custom_fields", "date_value") > 0);
        let verified = Program::new(["verify", export.out().to_str().unwrap()]).run().exits(0).stdout;
        assert!(verified.contains("byte for byte"), "{verified}");
    }
}

#[test]
fn converted_or_exported_it_is_the_same_file() {
    let simulator = start(unlimited(3, 60));
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str, formats: &str| {
        Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name)).set("format", formats).complete()
    };
    let (csv, xlsx) = (export("csv", "csv"), export("xlsx", "csv,xlsx"));
    let convert = |flags: &[&str]| Program::new([&["convert", "csv"], flags].concat()).inside(out.path()).run();
    let book = |folder: &Folder| fs::read(folder.path("workspace.xlsx")).unwrap();
    convert(&["--format", "xlsx"]).exits(0);
    assert!(book(&csv) == book(&xlsx));
    assert_eq!(csv.manifest()["other_files"], xlsx.manifest()["other_files"]);
    assert!(csv.manifest()["other_files"].as_array().unwrap().iter().any(|file| file["path"] == "workspace.xlsx"));
    convert(&[]).exits(0).says(&["no file was written"]);
    convert(&["--out", "alone", "--format", "xlsx"]).exits(0);
    let alone = Folder::new(&out.path().join("alone"));
    assert!(book(&alone) == book(&xlsx));
    assert_eq!(alone.files().keys().filter(|path| !path.starts_with('.')).count(), 4, "{:?}", alone.files().keys());
}

#[test]
fn a_changed_byte_is_found() {
    let simulator = start(unlimited(3, 40));
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("format", "xlsx");
    let path = export.complete().path("workspace.xlsx");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let said = Program::new(["verify", export.out().to_str().unwrap()]).run().exits(11).stdout;
    let lines = said.lines().filter(|line| line.trim_start().starts_with("workspace.xlsx")).count();
    assert!(lines >= 2, "its checksum and its bytes differ:\n{said}");
}

/// Needs a file system of its own, so a limit on the size of files stands in for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_gives_one_error_that_names_it() {
    let simulator = start(unlimited(3, 40));
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("format", "csv");
    export.complete();
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" convert out --out small --format xlsx --progress none";
    let program = env!("CARGO_BIN_EXE_asana-workspace");
    let ended = Program::of("/bin/sh", ["-c", script, program]).inside(out.path()).run().exits(1);
    let ended = ended.says(&["workspace.xlsx"]).says_once();
    assert!(!out.path().join("small/manifest.json").exists(), "{}", ended.stderr);
}
