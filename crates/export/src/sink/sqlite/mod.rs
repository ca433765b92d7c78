//! SQLite: all tables in one file, with indexes, and views for what is asked first.
//!
//! The file is written once, from one end to the other, without a journal: what stops halfway has no name and is removed.
//! The same rows give the same bytes. References are not declared as such: what they lead to may have been hidden from the
//! token, and then the database would call itself inconsistent.

mod views;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use asana_model::{Cell, Column, ColumnKind, Table, Typed};
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Book, Format, Kind, check_width};
use crate::error::{Error, Result};
use crate::output::final_path;

/// The settings that make it what it is, and those of a file that nobody else sees yet. Sorting for an index takes as much
/// memory as the cache, and then temporary files, which have no name.
const SETTINGS: &str = "
    PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA auto_vacuum = NONE;
    PRAGMA application_id = 0x41534e57; PRAGMA user_version = 1;
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -16384; PRAGMA temp_store = FILE; PRAGMA trusted_schema = OFF;";

/// Tells the query planner what the indexes are worth, from some of their rows.
const ANALYZE: &str = "PRAGMA analysis_limit = 1000; ANALYZE;";

/// More than any resource has tables.
const STATEMENTS: usize = 64;

pub(super) const FORMAT: Format = Format {
    name: "sqlite",
    kind: Kind::Book { file: "workspace.sqlite", open: |path| Ok(Box::new(Sqlite::create(path)?)) },
};

#[derive(Debug)]
struct Sqlite {
    connection: Connection,
    /// The name that the file will have.
    path: PathBuf,
    tables: Vec<Started>,
    /// The first of the group.
    group: usize,
}

#[derive(Debug)]
struct Started {
    name: String,
    columns: Vec<Column>,
    key_columns: usize,
    insert: String,
}

impl Sqlite {
    fn create(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.execute_batch(SETTINGS)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            Ok(connection)
        };
        let path = final_path(path);
        let connection = open().map_err(cannot_write(&path))?;
        Ok(Self { connection, path, tables: Vec::new(), group: 0 })
    }

    fn execute(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(cannot_write(&self.path))
    }
}

impl Book for Sqlite {
    fn start(&mut self, tables: &[&Table]) -> Result<()> {
        self.group = self.tables.len();
        self.execute("BEGIN")?;
        for table in tables {
            self.execute(&create_table(table))?;
            self.tables.push(Started {
                name: table.name.clone(),
                columns: table.columns.clone(),
                key_columns: table.key_columns,
                insert: insert(table),
            });
        }
        Ok(())
    }

    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<()> {
        let open = self.tables.get(table).filter(|_| table >= self.group);
        let table = open.ok_or(Error::TableNotOpen { table })?;
        check_width(&table.name, table.columns.len(), cells.len())?;
        let key = table.columns.iter().zip(cells).take(table.key_columns);
        if let Some((column, _)) = key.into_iter().find(|(_, cell)| **cell == Cell::Null) {
            return Err(Error::NoKey { table: table.name.clone(), column: column.name.clone() });
        }
        let insert = || {
            let mut insert = self.connection.prepare_cached(&table.insert)?;
            for (at, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
                insert.raw_bind_parameter(at + 1, Bound { kind: column.kind, cell })?;
            }
            insert.raw_execute()
        };
        insert().map(drop).map_err(cannot_write(&self.path))
    }

    fn end(&mut self) -> Result<()> {
        // Indexes of rows that are there are built by sorting, once.
        for table in self.tables.iter().skip(self.group) {
            // The first column of the key is in order anyway.
            for column in table.columns.iter().skip(1).filter(|column| column.kind == ColumnKind::Gid) {
                self.execute(&table.create_index(&column.name))?;
            }
        }
        self.group = self.tables.len();
        self.execute("COMMIT")
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let tables: HashMap<&str, &[Column]> =
            self.tables.iter().map(|table| (table.name.as_str(), table.columns.as_slice())).collect();
        let views = views::all(&self.connection, &tables).map_err(cannot_write(&self.path))?;
        self.execute(&format!("BEGIN; {views} COMMIT; {ANALYZE}"))?;
        let Self { connection, path, .. } = *self;
        connection.close().map_err(|(_, error)| cannot_write(&path)(error))
    }
}

impl Started {
    /// For looking up what leads to an object: in a list, together with whose list it is.
    fn create_index(&self, column: &str) -> String {
        let owner = self.columns.first().filter(|_| self.key_columns > 1);
        let owner = owner.map(|owner| format!(", {}", quoted(&owner.name))).unwrap_or_default();
        let (index, table, column) = (quoted(&format!("{}_{column}", self.name)), quoted(&self.name), quoted(column));
        format!("CREATE INDEX {index} ON {table} ({column}{owner}) WHERE {column} IS NOT NULL;")
    }
}

/// Rows are numbered as they come, which is the order of their key. Without such numbers, which every index would then repeat
/// the key instead of, the file is a fifth larger.
fn create_table(table: &Table) -> String {
    let column = |(at, column): (usize, &Column)| {
        let needed = if at < table.key_columns { " NOT NULL" } else { "" };
        format!("  {} {}{needed}", quoted(&column.name), declared(column.kind))
    };
    let mut lines: Vec<String> = table.columns.iter().enumerate().map(column).collect();
    let key: Vec<String> = table.columns.iter().take(table.key_columns).map(|column| quoted(&column.name)).collect();
    if !key.is_empty() {
        lines.push(format!("  PRIMARY KEY ({})", key.join(", ")));
    }
    format!("CREATE TABLE {} (\n{}\n);", quoted(&table.name), lines.join(",\n"))
}

fn insert(table: &Table) -> String {
    format!("INSERT INTO {} VALUES ({})", quoted(&table.name), vec!["?"; table.columns.len()].join(","))
}

/// Days and instants stay ISO 8601, which sorts and which SQLite's own functions read.
fn declared(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Gid | ColumnKind::Text | ColumnKind::Date | ColumnKind::Timestamp => "TEXT",
        ColumnKind::Integer | ColumnKind::Boolean => "INTEGER",
        ColumnKind::Number => "REAL",
    }
}

/// A name, whatever is in it, where SQL has one. SQL cannot have a NUL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', "\u{fffd}").replace('"', "\"\""))
}

/// A cell as a value of its column.
struct Bound<'a> {
    kind: ColumnKind,
    cell: &'a Cell<'a>,
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        if let Cell::Text(text) = self.cell {
            return Ok(ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())));
        }
        // A number that SQLite cannot hold is null: that it is so was told when the row was made.
        Ok(ToSqlOutput::Owned(match self.kind.typed(self.cell).unwrap_or(Typed::Null) {
            Typed::Null | Typed::Day(_) | Typed::Instant(_) => Value::Null,
            Typed::Text(text) => Value::Text(text.into_owned()),
            Typed::Integer(value) => Value::Integer(value),
            Typed::Number(number) => Value::Real(number),
            Typed::Boolean(value) => Value::Integer(value.into()),
        }))
    }
}

fn cannot_write(path: &Path) -> impl FnOnce(rusqlite::Error) -> Error {
    move |error| {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                io::ErrorKind::PermissionDenied
            }
            _ => io::ErrorKind::Other,
        };
        Error::io("write", path)(io::Error::new(kind, error))
    }
}
