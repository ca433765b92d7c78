//! One suite that every format has to pass: what goes in comes out, and nothing half-written gets a name.

use std::collections::HashMap;
use std::fs;

use asana_model::{Column, ColumnKind, Sensitive};
use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;
use crate::source::SourceError;

fn table(columns: &[&str]) -> Table {
    let column = |name: &&str| Column {
        name: (*name).to_owned(),
        kind: ColumnKind::Text,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: Sensitive::Unclassified,
    };
    let columns = columns.iter().map(column).collect();
    Table { name: "things".to_owned(), about: String::new(), resource: None, columns, key_columns: 1 }
}

fn open(format: &Format, output: Output, table: &Table, style: impl Into<CsvStyle>) -> Box<dyn Sink> {
    format.open(output, table, &style.into()).unwrap().unwrap()
}

fn read<'r>(
    format: &Format,
    reader: &'r mut dyn BufRead,
    table: &'r Table,
    style: impl Into<CsvStyle>,
) -> Box<dyn Source + 'r> {
    format.reader().unwrap()(reader, table, &style.into())
}

/// Those whose files can be read back.
fn text_formats() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.is_readable())
}

/// Those that write a file for each table.
fn table_formats() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.book_name().is_none())
}

fn write(format: &Format, style: impl Into<CsvStyle>, table: &Table, rows: &[Vec<Cell<'_>>]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things");
    let mut sink = open(format, Output::create(path.clone()).unwrap(), table, style);
    for row in rows {
        sink.row(row).unwrap();
    }
    sink.finish().unwrap().commit().unwrap();
    String::from_utf8(fs::read(path).unwrap()).unwrap()
}

/// The value of a cell as any format should give it back; `None` is null.
fn expected(cell: &Cell<'_>) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Text(text) | Cell::Digits(text) => Some(text.to_string()),
        Cell::Count(count) => Some(count.to_string()),
        Cell::Boolean(value) => Some(value.to_string()),
    }
}

/// Reads a file back with a parser that owes nothing to the writer.
fn read_back(format: &Format, columns: &[&str], written: &str) -> Vec<Vec<Option<String>>> {
    let of_objects = |objects: Vec<HashMap<String, Box<RawValue>>>| {
        let value = |raw: &RawValue| match raw.get() {
            "null" => None,
            text if text.starts_with('"') => Some(serde_json::from_str::<String>(text).unwrap()),
            number => Some(number.to_owned()),
        };
        objects.iter().map(|object| columns.iter().map(|column| value(&object[*column])).collect()).collect()
    };
    match format.name {
        "csv" => {
            let mut rows = parse_csv(written, &CsvStyle::default());
            assert_eq!(rows.remove(0), columns.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>());
            rows
        }
        "json" => of_objects(serde_json::from_str(written).unwrap()),
        "jsonl" => of_objects(written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()),
        other => panic!("teach the suite to read {other}"),
    }
}

/// RFC 4180 with the difference between null and `""`, without a byte-order mark.
fn parse_csv(written: &str, style: &CsvStyle) -> Vec<Vec<Option<String>>> {
    let (delimiter, excel) = (style.delimiter(), style.dialect() == Dialect::Excel);
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = written.chars().peekable();
    while rest.peek().is_some() {
        let field = if rest.next_if_eq(&'"').is_some() {
            let mut text = String::new();
            while let Some(char) = rest.next() {
                if char == '"' && rest.next_if_eq(&'"').is_none() {
                    break;
                }
                text.push(char);
            }
            Some(text)
        } else {
            let mut text = String::new();
            while let Some(char) = rest.next_if(|char| *char != delimiter && !matches!(char, '\r' | '\n')) {
                assert!(char != '"', "not quoted: {text}{char}");
                text.push(char);
            }
            (text != style.null()).then_some(text)
        };
        row.push(field);
        let next = rest.next();
        if excel && next == Some('\r') {
            assert_eq!(rest.next(), Some('\n'));
            rows.push(std::mem::take(&mut row));
        } else if !excel && next == Some('\n') {
            rows.push(std::mem::take(&mut row));
        } else {
            assert_eq!(next, Some(delimiter), "after {row:?}");
        }
    }
    assert!(row.is_empty(), "the last line has no end");
    rows
}

/// Of either dialect: the usual style, other delimiters, and nulls that cells of every kind may look like.
fn styles() -> impl Iterator<Item = CsvStyle> {
    let delimiters = [",", ";", "tab", "|", "-", ".", " ", ":"];
    let nulls = ["", "NULL", "\\N", "0", "true", "1.10", "'", "gid"];
    let pairs = delimiters.into_iter().flat_map(move |one| nulls.map(|null| (one, null)));
    let pairs: Vec<_> = pairs.flat_map(|pair| Dialect::ALL.map(|dialect| (dialect, pair))).collect();
    pairs.into_iter().filter_map(|(dialect, (delimiter, null))| CsvStyle::new(dialect, delimiter, null).ok())
}

fn cases() -> Vec<(&'static str, Vec<Vec<Cell<'static>>>)> {
    let texts = |texts: &[&'static str]| texts.iter().map(|text| vec![Cell::text("1"), Cell::text(*text)]).collect();
    vec![
        ("no rows", Vec::new()),
        ("quotes", texts(&["\"", "a \"word\"", "\"\"", "'", "ends\"", "\\\""])),
        ("line ends", texts(&["a\nb", "\n", "\r", "a\r\nb", "ends\n", "\u{2028}"])),
        ("separators", texts(&[",", "a,b", "a;b", "a\tb", " spaces "])),
        ("Unicode", texts(&["Grüße", "日本語", "👩‍👩‍👧", "e\u{301}", "\u{FEFF}mark", "\u{10FFFF}"])),
        ("right to left", texts(&["שלום", "مرحبا, \"عالم\"", "\u{202E}override"])),
        ("control characters", texts(&["\u{1}", "\u{7f}", "\u{85}", "\u{1b}[31m", "\u{8}\u{c}"])),
        ("NUL", texts(&["\0", "a\0b"])),
        ("formulas", texts(&["=1+1", "+1", "-1", "@x", "\tx", "＝1"])),
        ("words of the formats", texts(&["null", "true", "NULL", "[]", "{}", "1", "1.0"])),
        ("null and empty", vec![vec![Cell::text("1"), Cell::Null], vec![Cell::text("2"), Cell::text("")]]),
        ("null in the key", vec![vec![Cell::Null, Cell::Null], vec![Cell::text(""), Cell::Null]]),
        (
            "numbers as they came",
            ["0", "-0", "1.10", "1e400", "123456789012345678901234567890.5", "-1.5E-7"]
                .map(|digits| vec![Cell::Count(u64::MAX), Cell::Digits(digits.into())])
                .into(),
        ),
        ("booleans", vec![vec![Cell::Boolean(true), Cell::Boolean(false)]]),
        ("a huge cell", vec![vec![Cell::text("1"), Cell::text("x\"\n".repeat(1_500_000))], vec![Cell::Null; 2]]),
    ]
}

#[test]
fn every_value_comes_back() {
    let columns = ["gid", "value"];
    for format in text_formats() {
        for (case, rows) in cases() {
            let written = write(format, Dialect::Rfc4180, &table(&columns), &rows);
            let expected: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(expected).collect()).collect();
            assert!(read_back(format, &columns, &written) == expected, "{}: {case}", format.name);
        }
    }
}

#[test]
fn the_formats_own_source_reads_it_too() {
    for (format, dialect) in text_formats().flat_map(|format| Dialect::ALL.map(|dialect| (format, dialect))) {
        for (case, rows) in cases() {
            let table = table(&["gid", "=value"]);
            let written = write(format, dialect, &table, &rows);
            let mut reader = written.as_bytes();
            let mut source = read(format, &mut reader, &table, dialect);
            for row in &rows {
                let read = source.next().unwrap().unwrap();
                let read: Vec<_> = read.cells.iter().map(expected).collect();
                assert_eq!(read, row.iter().map(expected).collect::<Vec<_>>(), "{} {dialect:?}: {case}", format.name);
            }
            assert!(source.next().unwrap().is_none(), "{}: {case}", format.name);
        }
    }
}

#[test]
fn every_value_comes_back_in_every_style_of_csv() {
    let format = Format::parse("csv").unwrap();
    let table = table(&["gid", "value"]);
    for style in styles() {
        for (case, rows) in cases().into_iter().filter(|(case, _)| *case != "a huge cell") {
            let written = write(format, style.clone(), &table, &rows);
            let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(expected).collect()).collect();
            if style.dialect() == Dialect::Rfc4180 {
                assert!(parse_csv(&written, &style)[1..] == rows, "{style:?}: {case}: {written}");
            }
            let mut reader = written.as_bytes();
            let mut source = read(format, &mut reader, &table, style.clone());
            for row in &rows {
                let read = source.next().unwrap().unwrap();
                assert_eq!(read.cells.iter().map(expected).collect::<Vec<_>>(), *row, "{style:?}: {case}: {written}");
            }
            assert!(source.next().unwrap().is_none(), "{style:?}: {case}");
        }
    }
}

#[test]
fn quotes_tell_a_text_from_null_and_from_what_divides_cells() {
    let check = |dialect, delimiter: &str, null: &str, cells: [Cell<'_>; 3], expected: &str| {
        let style = CsvStyle::new(dialect, delimiter, null).unwrap();
        let written = write(Format::parse("csv").unwrap(), style, &table(&["a", "b", "c"]), &[cells.into()]);
        assert_eq!(written.lines().nth(1), Some(expected));
    };
    let texts = || [Cell::text("a,b"), Cell::text("a;b"), Cell::text("NULL")];
    check(Dialect::Rfc4180, ";", "", texts(), "a,b;\"a;b\";NULL");
    check(Dialect::Rfc4180, "tab", "NULL", texts(), "a,b\ta;b\t\"NULL\"");
    // Some spreadsheets divide cells at all of these at once.
    check(Dialect::Excel, "|", "", texts(), "\"a,b\"|\"a;b\"|NULL");
    check(Dialect::Excel, ",", "", [Cell::text("a\tb"), Cell::Null, Cell::text("=a")], "\"a\tb\",,\"'=a\"");
    check(Dialect::Rfc4180, "|", "NULL", [Cell::Null, Cell::text(""), Cell::Count(0)], "NULL|\"\"|0");
    check(Dialect::Rfc4180, "|", "0", [Cell::Null, Cell::Count(0), Cell::Digits("0".into())], "0|\"0\"|\"0\"");
    check(
        Dialect::Rfc4180,
        "|",
        "true",
        [Cell::Null, Cell::Boolean(true), Cell::Boolean(false)],
        "true|\"true\"|false",
    );
    check(
        Dialect::Rfc4180,
        "-",
        "",
        [Cell::text("2025-04-18"), Cell::Digits("-1".into()), Cell::Count(1)],
        "\"2025-04-18\"-\"-1\"-1",
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is written as CSV reads the same with the csv crate's reader and with the one above, which owe nothing
    /// to the writer, and with our own.
    #[test]
    fn any_csv_reads_as_it_was_written(
        rows in prop::collection::vec(prop::collection::vec(prop::option::of(hostile_text()), 3), 0..6),
    ) {
        let columns = ["gid", "a", "b"];
        let format = Format::parse("csv").unwrap();
        let cell = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::text);
        let cells: Vec<Vec<Cell<'_>>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let plain = write(format, Dialect::Rfc4180, &table(&columns), &cells);
        prop_assert_eq!(&read_back(format, &columns, &plain), &rows);
        let apart = |text: &str| -> Vec<Vec<String>> {
            let mut reader = ::csv::ReaderBuilder::new().from_reader(text.as_bytes());
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
        };
        let shown = |text: &Option<String>| text.clone().unwrap_or_default();
        let all: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
        prop_assert_eq!(apart(&plain), all);

        let excel = write(format, Dialect::Excel, &table(&columns), &cells);
        for (read, row) in apart(excel.trim_start_matches(BYTE_ORDER_MARK)).iter().zip(&rows) {
            for (read, text) in read.iter().zip(row) {
                let text = shown(text);
                prop_assert!(*read == text || *read == format!("'{text}"), "{:?} of {:?}", read, text);
                prop_assert!(!runs_as_formula(read), "{:?}", read);
            }
        }
        for (dialect, written) in [(Dialect::Rfc4180, &plain), (Dialect::Excel, &excel)] {
            let (mut reader, table) = (written.as_bytes(), table(&columns));
            let mut source = read(format, &mut reader, &table, dialect);
            for row in &rows {
                let read = source.next().unwrap().unwrap();
                prop_assert_eq!(&read.cells.iter().map(expected).collect::<Vec<_>>(), row);
            }
            prop_assert!(source.next().unwrap().is_none());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the style, a reader that looks at quotes gets back what was written, and one that does not gets the same
    /// cells with the text for null.
    #[test]
    fn any_style_of_csv_reads_as_it_was_written(
        rows in prop::collection::vec(prop::collection::vec(prop::option::of(hostile_text()), 3), 0..4),
        dialect in prop::sample::select(Dialect::ALL.to_vec()),
        delimiter in prop::sample::select(vec![",", ";", "tab", "|", "=", "-", "\u{1}", " "]),
        null in "[N=' ,;|-]{0,2}",
    ) {
        let style = CsvStyle::new(dialect, delimiter, &null);
        prop_assume!(style.is_ok());
        let style = style.unwrap();
        let format = Format::parse("csv").unwrap();
        let table = table(&["gid", "=a", "N"]);
        let cell = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::text);
        let cells: Vec<Vec<Cell<'_>>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let written = write(format, style.clone(), &table, &cells);
        let mut reader = written.as_bytes();
        let mut source = read(format, &mut reader, &table, style.clone());
        for row in &rows {
            let read = source.next().unwrap().unwrap();
            prop_assert_eq!(&read.cells.iter().map(expected).collect::<Vec<_>>(), row);
        }
        prop_assert!(source.next().unwrap().is_none());
        let mut lenient = ::csv::ReaderBuilder::new();
        let mut lenient = lenient.delimiter(style.delimiter).from_reader(written.trim_start_matches(BYTE_ORDER_MARK).as_bytes());
        let mut read = 0;
        for (record, row) in lenient.records().zip(&rows) {
            for (found, text) in record.unwrap().iter().zip(row) {
                let text = text.as_deref().unwrap_or(style.null());
                let is_defused = dialect == Dialect::Excel && found.strip_prefix('\'') == Some(text);
                prop_assert!(found == text || is_defused, "{:?} of {:?}", found, text);
                prop_assert!(dialect == Dialect::Rfc4180 || !runs_as_formula(found), "{:?}", found);
            }
            read += 1;
        }
        prop_assert_eq!(read, rows.len());
    }
}

/// Any characters, and more often than not those that mean something to CSV or a spreadsheet.
fn hostile_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        '"', ',', '\n', '\r', '\'', '=', '+', '-', '@', '\t', '\0', ' ', '＝', '\u{feff}', ';', '|', 'N',
    ]);
    prop::collection::vec(prop_oneof![2 => special, 1 => any::<char>()], 0..12)
        .prop_map(|text| text.into_iter().collect())
}

#[test]
fn a_source_says_in_which_line_something_is_wrong() {
    let rows: Vec<_> = ["1", "2", "3"].iter().map(|gid| vec![Cell::text(*gid), Cell::text("x")]).collect();
    for format in text_formats() {
        let table = table(&["gid", "value"]);
        let written = write(format, Dialect::Rfc4180, &table, &rows);
        let (before, after) = written.split_once('2').unwrap();
        let line = before.matches('\n').count() as u64 + 1;
        for wrong in ["\"", "\n"] {
            let damaged = format!("{before}2{wrong}{after}");
            let mut reader = damaged.as_bytes();
            let mut source = read(format, &mut reader, &table, Dialect::Rfc4180);
            let mut found = None;
            // A bare line break in CSV makes two rows of one, of which the first is too short.
            while found.is_none() {
                match source.next() {
                    Ok(row) => assert!(row.is_some(), "{}: {wrong:?} is not noticed", format.name),
                    Err(SourceError::Malformed { line, .. }) => found = Some(line),
                    Err(error) => panic!("{error:?}"),
                }
            }
            assert_eq!(found, Some(line), "{}: {wrong:?}", format.name);
        }
        // Cut anywhere, a file is malformed or has rows less.
        for length in 0..written.len() {
            let mut reader = &written.as_bytes()[..length];
            let mut source = read(format, &mut reader, &table, Dialect::Rfc4180);
            let complete = (0..3).map_while(|_| source.next().ok().flatten().map(drop)).count();
            assert!(complete < 3 || source.next().is_err(), "{}: cut at {length}", format.name);
        }
    }
}

#[test]
fn column_names_are_escaped_too() {
    let columns = ["gid", "a \"name\", with\nall", "日本"];
    for format in text_formats() {
        let rows = [vec![Cell::text("1"), Cell::Count(2), Cell::Null]];
        let written = write(format, Dialect::Rfc4180, &table(&columns), &rows);
        assert_eq!(read_back(format, &columns, &written), [[Some("1".to_owned()), Some("2".to_owned()), None]]);
    }
}

#[test]
fn a_row_of_the_wrong_width_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for format in table_formats() {
        for cells in [0, 1, 3] {
            let output = Output::create(folder.path().join("things")).unwrap();
            let mut sink = open(format, output, &table(&["a", "b"]), Dialect::Rfc4180);
            sink.row(&[Cell::text("1"), Cell::Null]).unwrap();
            let error = sink.row(&vec![Cell::text("2"); cells]).unwrap_err();
            assert!(matches!(error, Error::WrongWidth { cells: found, columns: 2, .. } if found == cells));
        }
    }
}

#[test]
fn an_interrupted_write_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for format in table_formats() {
        let output = Output::create(folder.path().join("things")).unwrap();
        let mut sink = open(format, output, &table(&["a"]), Dialect::Rfc4180);
        for _ in 0..100 {
            sink.row(&[Cell::text("x".repeat(10_000))]).unwrap();
        }
        drop(sink);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{}", format.name);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    for format in text_formats() {
        // Whatever is written to this device fails as on a full disk.
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.path().join(".things.partial")).unwrap();
        let output = Output::create(folder.path().join("things")).unwrap();
        let mut sink = open(format, output, &table(&["a"]), Dialect::Rfc4180);
        let error = (0..100).find_map(|_| sink.row(&[Cell::text("x".repeat(10_000))]).err()).unwrap();
        assert!(error.hint().unwrap().starts_with("free space"), "{error:?}");
        assert!(error.to_string().ends_with("things"), "{error}");
        let error = sink.finish().and_then(Output::commit).unwrap_err();
        assert!(matches!(error, Error::Io { .. }));
    }
}

#[test]
fn each_format_looks_as_described() {
    let rows = [
        vec![Cell::text("1"), Cell::text("a,b"), Cell::Digits("1.50".into())],
        vec![Cell::text("2"), Cell::text(""), Cell::Null],
    ];
    for (format, expected) in [
        ("csv", "gid,name,price\n1,\"a,b\",1.50\n2,\"\",\n"),
        (
            "json",
            "[\n{\"gid\":\"1\",\"name\":\"a,b\",\"price\":1.50},\n{\"gid\":\"2\",\"name\":\"\",\"price\":null}\n]\n",
        ),
        ("jsonl", "{\"gid\":\"1\",\"name\":\"a,b\",\"price\":1.50}\n{\"gid\":\"2\",\"name\":\"\",\"price\":null}\n"),
    ] {
        let format = Format::parse(format).unwrap();
        assert_eq!(write(format, Dialect::Rfc4180, &table(&["gid", "name", "price"]), &rows), expected);
    }
    for (format, expected) in [("csv", "gid\n"), ("json", "[]\n"), ("jsonl", "")] {
        assert_eq!(write(Format::parse(format).unwrap(), Dialect::Rfc4180, &table(&["gid"]), &[]), expected);
    }
}

#[test]
fn the_excel_dialect_defuses_text_but_not_numbers() {
    let format = Format::parse("csv").unwrap();
    let check = |cell: Cell<'_>, expected: &str| {
        let written = write(format, Dialect::Excel, &table(&["gid", "=name"]), &[vec![Cell::text("1"), cell]]);
        assert_eq!(written, format!("\u{FEFF}gid,\"'=name\"\r\n1,{expected}\r\n"));
    };
    check(Cell::text("plain"), "plain");
    check(Cell::text("a=b"), "a=b");
    check(Cell::text(""), "\"\"");
    check(Cell::Null, "");
    check(Cell::Digits("-1.5".into()), "-1.5");
    check(Cell::text("=1+1"), "\"'=1+1\"");
    check(Cell::text("=\"x\""), "\"'=\"\"x\"\"\"");
    for start in ["+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
        check(Cell::text(start), &format!("\"'{start}\""));
    }
    // What some program leaves out in front of it does not hide a formula.
    for hidden in [" =1", "\u{0}=1", "\u{200b}\u{feff}@x", "\u{a0}+1", "\u{202e}-1", "\u{9b}\u{1b}＝1"] {
        check(Cell::text(hidden), &format!("\"'{hidden}\""));
    }
    check(Cell::text(" a=b"), " a=b");
    check(Cell::text("'quoted'"), "'quoted'");
    // What looks as if it had been defused gets another one, so that it reads as it was.
    check(Cell::text("'=1"), "\"''=1\"");
}

#[test]
fn formats_are_found_by_name_and_have_their_own() {
    for format in FORMATS {
        assert_eq!(Format::parse(format.name).unwrap(), format);
        assert_eq!(FORMATS.iter().filter(|other| other.name == format.name).count(), 1);
    }
    assert_eq!(Format::parse("csv").unwrap().file_name("tasks").as_deref(), Some("csv/tasks.csv"));
    let error = Format::parse("pdf").unwrap_err().to_string();
    assert!(error.starts_with("there is no format called pdf, only csv, json, jsonl"), "{error}");
    for (name, place) in LEFT_OUT {
        let error = Format::parse(name).unwrap_err().to_string();
        assert_eq!(error, format!("{name} was left out of this program when it was built: feature `{name}`"));
        assert!(Format::places().any(|one| one == *place));
    }
    // Each is in one of the lists, whatever was left out.
    assert_eq!(FORMATS.len() + LEFT_OUT.len(), 6);
    assert_eq!(Format::is_left_out("parquet"), !cfg!(feature = "parquet"));
    assert_eq!(Format::is_left_out("sqlite"), !cfg!(feature = "sqlite"));
    assert_eq!(Format::is_left_out("xlsx"), !cfg!(feature = "xlsx"));
    assert_eq!("excel".parse(), Ok(Dialect::Excel));
    assert!("lotus".parse::<Dialect>().is_err());
}
