//! Scripts for `DuckDB`.

use asana_model::{ColumnKind, Table};

use super::Described;
use super::sql::{Database, apostrophes, name, text};
use crate::sink::CsvStyle;
use crate::tables::FileReport;

const DUCKDB: Database = Database {
    kind: |kind| match kind {
        ColumnKind::Gid | ColumnKind::Text => "VARCHAR",
        ColumnKind::Integer => "BIGINT",
        ColumnKind::Number => "DOUBLE",
        ColumnKind::Boolean => "BOOLEAN",
        ColumnKind::Date => "DATE",
        ColumnKind::Timestamp => "TIMESTAMPTZ",
    },
    longest_name: usize::MAX,
    // To DuckDB, names are the same in capitals, even in quotes.
    fold: str::to_lowercase,
    taken: &[],
};

/// Bytes for the longest row, and for what is read at once.
const ROOM: &str = "max_line_size = 16777216, buffer_size = 33554432";

/// Makes the tables.
pub(super) fn schema(described: &Described<'_>) -> String {
    let head =
        "-- The tables of this export, for DuckDB, without rows: load.sql makes them and fills them.\n".to_owned();
    let tables = described.csv_files().map(|(table, report, _)| format!("\n{}", DUCKDB.create(table, report)));
    [head].into_iter().chain(tables).collect()
}

/// Makes the tables and fills them; without commands that only the shell of `DuckDB` has, so that libraries can run it.
pub(super) fn load(described: &Described<'_>) -> String {
    let head = format!(
        "-- Loads this export into DuckDB, all of it or nothing. In the export's folder:\n\
         --   duckdb asana.duckdb < sql/duckdb/load.sql\n\
         -- Null and empty text stay apart. Numbers with a fraction become DOUBLE, which rounds after some 15 digits.\n\
         {}\nBEGIN TRANSACTION;\n",
        apostrophes(described.csv)
    );
    let tables = described.csv_files().map(|(table, report, file)| {
        format!("\n{}{}", DUCKDB.create(table, report), insert(table, file, described.csv))
    });
    [head].into_iter().chain(tables).chain(["\nCOMMIT;\n".to_owned()]).collect()
}

fn insert(table: &Table, file: &FileReport, style: &CsvStyle) -> String {
    let names = DUCKDB.columns(table);
    let kinds = table.columns.iter().map(|column| (DUCKDB.kind)(column.kind));
    let columns: Vec<String> =
        names.iter().zip(kinds).map(|(name, kind)| format!("{}: '{kind}'", text(name))).collect();
    let delimiter = if style.delimiter() == '\t' { "\\t".to_owned() } else { style.delimiter().to_string() };
    let end = if style.dialect().line_end() == "\n" { "\\n" } else { "\\r\\n" };
    format!(
        "INSERT INTO {} SELECT * FROM read_csv({}, auto_detect = false, header = true, delim = {}, quote = '\"', \
         escape = '\"', nullstr = {}, allow_quoted_nulls = false, new_line = '{end}', parallel = false, {ROOM},\n    columns = \
         {{{}}});\n",
        name(&table.name),
        text(&file.path),
        text(&delimiter),
        text(style.null()),
        columns.join(", ")
    )
}
