//! Files read back by the parquet crate's reader, which knows nothing of the writer.

use std::path::Path;

use ::parquet::basic::Type as Physical;
use ::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::Field;

use super::*;

const ALL: [(&str, ColumnKind); 8] = [
    ("gid", ColumnKind::Gid),
    ("position", ColumnKind::Integer),
    ("text", ColumnKind::Text),
    ("integer", ColumnKind::Integer),
    ("number", ColumnKind::Number),
    ("boolean", ColumnKind::Boolean),
    ("date", ColumnKind::Date),
    ("timestamp", ColumnKind::Timestamp),
];

fn table(columns: &[(&str, ColumnKind)], key_columns: usize) -> Table {
    let column = |(name, kind): &(&str, ColumnKind)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        about: format!("About \"{name}\"."),
        source: String::new(),
        references: None,
        sensitive: asana_model::Sensitive::Unclassified,
    };
    let columns = columns.iter().map(column).collect();
    Table { name: "things".to_owned(), about: "Things.".to_owned(), resource: None, columns, key_columns }
}

fn open(folder: &Path, table: &Table) -> Parquet {
    Parquet::new(Output::create(folder.join("things.parquet")).unwrap(), table).unwrap()
}

fn write<'c>(table: &Table, rows: impl IntoIterator<Item = Vec<Cell<'c>>>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = Box::new(open(folder.path(), table));
    for row in rows {
        sink.row(&row).unwrap();
    }
    sink.finish().unwrap().commit().unwrap();
    std::fs::read(folder.path().join("things.parquet")).unwrap()
}

fn read(bytes: Vec<u8>) -> (Vec<Vec<Field>>, ParquetMetaData) {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    let rows = rows.map(|row| row.unwrap().into_columns().into_iter().map(|(_, field)| field).collect()).collect();
    (rows, reader.metadata().clone())
}

/// Asserts what each of these cells reads as.
#[track_caller]
fn check(kind: ColumnKind, cells: &[(Cell<'static>, Field)]) {
    let table = table(&[("gid", ColumnKind::Gid), ("value", kind)], 1);
    let rows = cells.iter().enumerate().map(|(at, (cell, _))| vec![Cell::text(at.to_string()), cell.clone()]);
    let (rows, _) = read(write(&table, rows));
    let found: Vec<Field> = rows.into_iter().map(|row| row[1].clone()).collect();
    let expected: Vec<Field> = cells.iter().map(|(_, field)| field.clone()).collect();
    assert!(found == expected, "{kind:?}: {found:?}");
}

fn digits(text: &'static str) -> Cell<'static> {
    Cell::Digits(text.into())
}

#[test]
fn columns_have_types_and_keys_are_required() {
    let (_, metadata) = read(write(&table(&ALL, 2), []));
    let schema = metadata.file_metadata().schema_descr();
    let found: Vec<_> = schema
        .columns()
        .iter()
        .map(|column| {
            let info = column.self_type().get_basic_info();
            (column.physical_type(), info.logical_type_ref().cloned(), info.repetition())
        })
        .collect();
    let optional = |physical, logical| (physical, logical, Repetition::OPTIONAL);
    assert_eq!(
        found,
        [
            (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED),
            (Physical::INT64, None, Repetition::REQUIRED),
            optional(Physical::BYTE_ARRAY, Some(LogicalType::String)),
            optional(Physical::INT64, None),
            optional(Physical::DOUBLE, None),
            optional(Physical::BOOLEAN, None),
            optional(Physical::INT32, Some(LogicalType::Date)),
            optional(Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        ]
    );
    assert_eq!(metadata.file_metadata().created_by(), Some(CREATED_BY));
    let told = metadata.file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| told.iter().find(|one| one.key == key).and_then(|one| one.value.clone()).unwrap();
    assert_eq!((value("table").as_str(), value("description").as_str()), ("things", "Things."));
    assert_eq!(value("primary_key"), r#"["gid","position"]"#);
    assert!(value("column_descriptions").contains(r#""date":"About \"date\".""#));
}

#[test]
fn values_of_each_type_come_back_and_nothing_is_not_an_empty_text() {
    let text = |text: &str| (Cell::text(text.to_owned()), Field::Str(text.to_owned()));
    let large = "x\"\n🏭".repeat(1 << 17);
    assert!(large.len() > 900_000);
    let texts = ["", "a\0b", "\0", "👩‍👩‍👧", "Grüße, \"Welt\"", "null", &large, "1"].map(text);
    check(ColumnKind::Text, &[&texts[..], &[(Cell::Null, Field::Null)]].concat());
    check(ColumnKind::Gid, &[text("1211000000000032634"), text("00123"), (Cell::Null, Field::Null), text("")]);
    check(
        ColumnKind::Integer,
        &[
            (digits("-9223372036854775808"), Field::Long(i64::MIN)),
            (digits("0"), Field::Long(0)),
            (Cell::Null, Field::Null),
            (Cell::Count(7), Field::Long(7)),
        ],
    );
    check(
        ColumnKind::Number,
        &[
            (digits("1.50"), Field::Double(1.5)),
            (digits("-1.5E-7"), Field::Double(-1.5e-7)),
            (digits("1.7976931348623157e308"), Field::Double(f64::MAX)),
            (Cell::Null, Field::Null),
        ],
    );
    check(
        ColumnKind::Boolean,
        &[
            (Cell::Boolean(true), Field::Bool(true)),
            (Cell::Null, Field::Null),
            (Cell::Boolean(false), Field::Bool(false)),
        ],
    );
    check(
        ColumnKind::Date,
        &[
            (Cell::text("0001-01-01"), Field::Date(-719_162)),
            (Cell::text("9999-12-31"), Field::Date(2_932_896)),
            (Cell::Null, Field::Null),
        ],
    );
    check(
        ColumnKind::Timestamp,
        &[
            (Cell::text("2025-04-18T17:23:53.402Z"), Field::TimestampMicros(1_744_997_033_402_000)),
            (Cell::text("0001-01-01T00:00:00.001Z"), Field::TimestampMicros(-62_135_596_799_999_000)),
            (Cell::Null, Field::Null),
        ],
    );
}

#[test]
fn what_a_type_cannot_hold_is_null_and_never_another_value() {
    let null = |cell| (cell, Field::Null);
    check(ColumnKind::Integer, &[null(digits("9223372036854775808")), null(Cell::Count(u64::MAX))]);
    check(
        ColumnKind::Number,
        &[null(digits("1e400")), null(digits("9007199254740993")), null(digits("0.10000000000000000001"))],
    );
    check(ColumnKind::Date, &[null(Cell::text("2025-02-30")), null(Cell::text("0000-01-01"))]);
    check(ColumnKind::Timestamp, &[null(Cell::text("2025-04-18T23:59:60Z"))]);
}

#[test]
fn row_groups_have_bounds_and_all_rows_come_back() {
    let table = table(&[("gid", ColumnKind::Gid), ("name", ColumnKind::Text)], 1);
    let row = |at: usize| vec![Cell::text(format!("{at:016}")), Cell::text("same")];
    let (rows, metadata) = read(write(&table, (0..GROUP_ROWS * 2 + 5).map(row)));
    let groups: Vec<i64> = metadata.row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    let most = i64::try_from(GROUP_ROWS).unwrap();
    assert_eq!(groups, [most, most, 5]);
    assert_eq!(rows.len(), GROUP_ROWS * 2 + 5);
    assert!(rows.iter().enumerate().all(|(at, row)| row[0] == Field::Str(format!("{at:016}"))));
    // And much text makes them shorter: what is gathered is bounded by its size too.
    let long = "x".repeat(1 << 20);
    let (rows, metadata) =
        read(write(&table, (0..40).map(|at| vec![Cell::text(format!("{at:02}")), Cell::text(long.as_str())])));
    assert_eq!(rows.len(), 40);
    assert!(metadata.row_groups().iter().all(|group| group.num_rows() <= 8), "{metadata:?}");
}

#[test]
fn values_that_come_again_have_a_dictionary_and_all_columns_have_statistics() {
    let table = table(&[("gid", ColumnKind::Gid), ("color", ColumnKind::Text), ("notes", ColumnKind::Text)], 1);
    let row = |at: usize| {
        let color = ["red", "green"][at % 2];
        vec![Cell::text(format!("{at:09}")), Cell::text(color), Cell::text(format!("{at}").repeat(20))]
    };
    let (rows, metadata) = read(write(&table, (0..20_000).map(row)));
    assert_eq!(rows[19_999][2], Field::Str("19999".repeat(20)));
    let columns = metadata.row_group(0).columns();
    let dictionaries: Vec<bool> = columns.iter().map(|column| column.dictionary_page_offset().is_some()).collect();
    assert_eq!(&dictionaries[..2], [false, true]);
    assert!(columns[1].compressed_size() < 5_000, "{}", columns[1].compressed_size());
    for column in columns {
        assert_eq!(column.compression(), Compression::ZSTD(ZstdLevel::default()));
        assert_eq!(column.statistics().unwrap().null_count_opt(), Some(0));
        assert!(column.bloom_filter_offset().is_none());
    }
    let gids = columns[0].statistics().unwrap();
    assert_eq!((gids.min_bytes_opt().unwrap(), gids.max_bytes_opt().unwrap()), (&b"000000000"[..], &b"000019999"[..]));
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let table = table(&ALL, 2);
    let rows = || {
        (0..3000_u64).map(|at| {
            vec![
                Cell::text(format!("{:05}", at / 7)),
                Cell::Count(at % 7),
                Cell::text(format!("text {}", at % 501)),
                if at % 3 == 0 { Cell::Null } else { Cell::Count(at) },
                Cell::Digits(format!("{at}.25").into()),
                Cell::Boolean(at % 2 == 0),
                Cell::text(format!("{:04}-01-01", at + 1)),
                Cell::text(format!("{:04}-01-01T00:00:00.000Z", at + 1)),
            ]
        })
    };
    assert!(write(&table, rows()) == write(&table, rows()));
}

#[test]
fn a_row_without_its_key_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = open(folder.path(), &table(&ALL, 2));
    let error = sink.row(&vec![Cell::Null; 8]).unwrap_err();
    assert_eq!(error.to_string(), "a row of things has no gid, which is part of its key");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    let scramble = |at: u64| char::from(b' ' + u8::try_from((at.wrapping_mul(at ^ 0x9e37_79b9) >> 7) % 90).unwrap());
    let noise: String = (0..GROUP_BYTES as u64).map(scramble).collect();
    // A full row group fails at once, and a few rows when they are written at the end.
    for (text, fails_at_once) in [(noise.as_str(), true), ("short", false)] {
        // Whatever is written to this device fails as on a full disk.
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.path().join(".things.parquet.partial")).unwrap();
        let mut sink =
            Box::new(open(folder.path(), &table(&[("gid", ColumnKind::Gid), ("text", ColumnKind::Text)], 1)));
        let error = sink.row(&[Cell::text("1"), Cell::text(text)]).err();
        assert_eq!(error.is_some(), fails_at_once);
        let error = error.unwrap_or_else(|| sink.finish().unwrap_err());
        assert!(error.hint().unwrap().starts_with("free space"), "{error:?}");
        assert!(error.to_string().ends_with("/things.parquet"), "{error}");
    }
}
