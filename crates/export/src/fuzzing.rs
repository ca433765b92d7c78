//! What the fuzz targets call: a table written and read back by readers that owe nothing to the writer.
#![expect(clippy::expect_used, reason = "what cannot fail here has to be seen if it does")]

use std::fs;

use asana_model::{Cell, Column, ColumnKind, Sensitive, Table};

use crate::output::Output;
use crate::sink::{BYTE_ORDER_MARK, Dialect, FORMATS, runs_as_formula};

/// Writes rows of two cells as CSV and reads them with the csv crate and with our own source.
pub fn csv(rows: &[[Option<&str>; 2]], excel: bool) {
    let dialect = if excel { Dialect::Excel } else { Dialect::Rfc4180 };
    let (format, table) = (FORMATS.first().expect("CSV is the first"), table());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("things");
    let output = Output::create(path.clone()).expect("created");
    let mut sink = format.open(output, &table, &dialect.into()).expect("has files").expect("opened");
    let cells = |row: &[Option<&str>; 2]| row.map(|text| text.map_or(Cell::Null, |text| Cell::text(text.to_owned())));
    for row in rows {
        sink.row(&cells(row)).expect("written");
    }
    sink.finish().and_then(Output::commit).expect("committed");
    let written = fs::read(&path).expect("read");

    let text = std::str::from_utf8(&written).expect("text");
    let mut read = csv::ReaderBuilder::new().from_reader(text.trim_start_matches(BYTE_ORDER_MARK).as_bytes());
    let mut records = read.records();
    let (mut reader, mut rest) = (written.as_slice(), rows.iter());
    let mut source = format.reader().expect("is read")(&mut reader, &table, &dialect.into());
    for row in rest.by_ref() {
        let record = records.next().expect("a record").expect("well formed");
        for (read, cell) in record.iter().zip(row) {
            let text = cell.unwrap_or_default();
            assert!(read == text || (excel && read.strip_prefix('\'') == Some(text)), "{read:?} of {text:?}");
            assert!(!excel || !runs_as_formula(read), "{read:?} runs");
        }
        let own = source.next().expect("well formed").expect("a row");
        assert_eq!(own.cells, cells(row), "our own reader");
    }
    assert!(records.next().is_none() && source.next().expect("the end").is_none(), "more rows than were written");
}

fn table() -> Table {
    let column = |name: &str| Column {
        name: name.to_owned(),
        kind: ColumnKind::Text,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: Sensitive::Unclassified,
    };
    let columns = ["gid", "value"].map(column).into();
    Table { name: "things".to_owned(), about: String::new(), resource: None, columns, key_columns: 1 }
}
