//! Scripts for `PostgreSQL`, by way of `psql`.

use asana_model::{ColumnKind, Table};

use super::Described;
use super::sql::{Database, apostrophes, name, text};
use crate::sink::CsvStyle;
use crate::tables::FileReport;

const POSTGRESQL: Database = Database {
    kind: |kind| match kind {
        ColumnKind::Gid | ColumnKind::Text => "text",
        ColumnKind::Integer => "bigint",
        ColumnKind::Number => "numeric",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Timestamp => "timestamptz",
    },
    longest_name: 63,
    fold: str::to_owned,
    // Every table has these.
    taken: &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"],
};

/// How texts in the scripts are to be understood.
const SETTINGS: &str = "\\encoding UTF8\nSET standard_conforming_strings = on;\n";

/// Makes the tables.
pub(super) fn schema(described: &Described<'_>) -> String {
    let head = format!(
        "-- The tables of this export, for PostgreSQL, without rows: load.sql makes them and fills them.\n\n{SETTINGS}"
    );
    let tables = described
        .csv_files()
        .map(|(table, report, _)| format!("\n{}{}", POSTGRESQL.create(table, report), comments(table)));
    [head].into_iter().chain(tables).collect()
}

fn comments(table: &Table) -> String {
    let whole = format!("COMMENT ON TABLE {} IS {};\n", name(&table.name), text(&table.about));
    let names = POSTGRESQL.columns(table);
    let columns =
        names.iter().zip(&table.columns).filter(|(_, column)| !column.about.is_empty()).map(|(own, column)| {
            format!("COMMENT ON COLUMN {}.{} IS {};\n", name(&table.name), name(own), text(&column.about))
        });
    [whole].into_iter().chain(columns).collect()
}

/// Makes the tables and fills them.
pub(super) fn load(described: &Described<'_>) -> String {
    let head = format!(
        "-- Loads this export into PostgreSQL, all of it or nothing. In the export's folder:\n\
         --   createdb --encoding=UTF8 --template=template0 asana\n\
         --   psql --dbname=asana --file=sql/postgresql/load.sql\n\
         -- Null and empty text stay apart. A text with the character NUL is refused by PostgreSQL; one with a line of nothing \
         but\n-- \\. is by psql before version 18.\n\
         {}\n\\set ON_ERROR_STOP on\n{SETTINGS}BEGIN;\n\\ir schema.sql\n\n",
        apostrophes(described.csv)
    );
    let copies = described.csv_files().map(|(table, _, file)| copy(table, file, described.csv));
    let links = described.csv_files().flat_map(|(table, ..)| foreign_keys(described, table));
    let keys = "\n-- References of which each leads to a row.\n".to_owned();
    let end = "\nCOMMIT;\nANALYZE;\n".to_owned();
    [head].into_iter().chain(copies).chain([keys]).chain(links).chain([end]).collect()
}

/// One line: `\copy` ends with it.
fn copy(table: &Table, file: &FileReport, style: &CsvStyle) -> String {
    let delimiter = if style.delimiter() == '\t' { "E'\\t'".to_owned() } else { text(&style.delimiter().to_string()) };
    format!(
        "\\copy {} from {} with (format csv, header true, encoding 'UTF8', delimiter {delimiter}, null {})\n",
        name(&table.name),
        text(&file.path),
        text(style.null())
    )
}

fn foreign_keys(described: &Described<'_>, table: &Table) -> Vec<String> {
    let names = POSTGRESQL.columns(table);
    let there = |name: &str| described.csv_files().any(|(table, ..)| table.name == name);
    let links = described.links.of(table).into_iter().filter(|(_, to, _)| there(to));
    let key = |(place, to, _): (usize, &str, _)| {
        let column = name(names.get(place)?);
        Some(format!("ALTER TABLE {} ADD FOREIGN KEY ({column}) REFERENCES {};\n", name(&table.name), name(to)))
    };
    links.filter_map(key).collect()
}
