//! An export's tables in SQLite, for rules to ask.
//!
//! The database is SQLite's own kind of temporary file: it has no name, spills to the disk beyond a fixed cache, and is
//! gone with the connection. Once the tables are loaded, it only answers.

use std::collections::HashSet;

use asana_model::{Cell, Column, ColumnKind, Table};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement};

use crate::error::Result;

/// Tables of an export.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    tables: HashSet<String>,
}

/// Takes the rows of one table.
#[derive(Debug)]
pub struct Loader<'d> {
    insert: Statement<'d>,
    /// The cells that have a column.
    places: Vec<usize>,
}

impl Database {
    /// One without tables.
    pub fn new() -> Result<Self> {
        // No name: a temporary database.
        let connection = Connection::open("")?;
        connection.execute_batch(
            "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF;",
        )?;
        for (setting, value) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            // "word" is a column, never a text: a slip of the pen in a rule must not pass for a value.
            (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
        ] {
            connection.set_db_config(setting, value)?;
        }
        Ok(Self { connection, tables: HashSet::new() })
    }

    /// Adds an empty table, unless it is there.
    pub fn add(&mut self, table: &Table) -> Result<()> {
        if !self.tables.insert(table.name.clone()) {
            return Ok(());
        }
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("\"{}\" {}", column.name, affinity(column.kind))).collect();
        self.connection.execute_batch(&format!("CREATE TABLE \"{}\" ({})", table.name, columns.join(", ")))?;
        Ok(())
    }

    pub fn has(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// Adds a table with the rows that `fill` gives, in one transaction. Its rows have the columns `given`, which another
    /// version may have made: those that the table does not have are left out, and those that are not given are empty.
    pub fn load<E: From<crate::Error>>(
        &mut self,
        table: &Table,
        given: &[Column],
        fill: impl FnOnce(&mut Loader<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.add(table)?;
        let database = |error| E::from(crate::Error::Database(error));
        let transaction = self.connection.transaction().map_err(database)?;
        let known = given.iter().enumerate().filter(|(_, column)| table.column(&column.name).is_some());
        let (places, names): (Vec<usize>, Vec<String>) =
            known.map(|(place, column)| (place, format!("\"{}\"", column.name))).unzip();
        let values = vec!["?"; names.len()].join(", ");
        let values = match names.as_slice() {
            [] => "DEFAULT VALUES".to_owned(),
            names => format!("({}) VALUES ({values})", names.join(", ")),
        };
        let insert = format!("INSERT INTO \"{}\" {values}", table.name);
        let insert = transaction.prepare(&insert).map_err(database)?;
        let mut loader = Loader { insert, places };
        fill(&mut loader)?;
        drop(loader);
        transaction.commit().map_err(database)
    }

    /// Makes the columns of gids that one of `queries` names quick to look up.
    pub fn index(&mut self, table: &Table, queries: &[&str]) -> Result<()> {
        let gids = table.columns.iter().filter(|column| column.kind == ColumnKind::Gid);
        for column in gids.filter(|column| queries.iter().any(|query| query.contains(column.name.as_str()))) {
            self.connection.execute_batch(&format!(
                "CREATE INDEX \"{table}_{column}\" ON \"{table}\" (\"{column}\")",
                table = table.name,
                column = column.name
            ))?;
        }
        Ok(())
    }

    /// From now on nothing is changed any more.
    pub fn only_answer(&self) -> Result<()> {
        self.connection.execute_batch("ANALYZE; PRAGMA query_only = ON;")?;
        Ok(())
    }

    /// For questions beyond rules, such as those of a report.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Loader<'_> {
    /// `cells` has one entry for each column given.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (at, place) in self.places.iter().enumerate() {
            self.insert.raw_bind_parameter(at + 1, Bound(cells.get(*place).unwrap_or(&Cell::Null)))?;
        }
        self.insert.raw_execute()?;
        Ok(())
    }
}

fn affinity(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Gid | ColumnKind::Text | ColumnKind::Date | ColumnKind::Timestamp => "TEXT",
        ColumnKind::Integer | ColumnKind::Boolean => "INTEGER",
        ColumnKind::Number => "NUMERIC",
    }
}

/// A cell as a value: digits become numbers by the column's affinity, true is 1.
struct Bound<'a>(&'a Cell<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Text(text) | Cell::Digits(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Count(count) => match i64::try_from(*count) {
                Ok(count) => ToSqlOutput::Owned(Value::Integer(count)),
                Err(_) => ToSqlOutput::Owned(Value::Text(count.to_string())),
            },
            Cell::Boolean(value) => ToSqlOutput::Owned(Value::Integer(i64::from(*value))),
        })
    }
}
