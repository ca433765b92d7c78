//! A row as a JSON object, for the formats that write those.

use std::io::Write;

use asana_model::{Cell, Table};

use super::check_width;
use crate::error::{Error, Result};
use crate::output::Output;

/// Writes rows as objects on one line, keys in the order of the columns.
#[derive(Debug)]
pub(super) struct ObjectWriter {
    table: String,
    /// What stands before each value, escaped once: `{"gid":`, then `,"name":`, and so on.
    keys: Vec<Vec<u8>>,
    output: Output,
}

impl ObjectWriter {
    pub(super) fn new(output: Output, table: &Table) -> Self {
        let key = |(index, name): (usize, &str)| {
            let start = if index == 0 { '{' } else { ',' };
            format!("{start}{}:", serde_json::Value::from(name)).into_bytes()
        };
        let keys = table.columns.iter().map(|column| column.name.as_str()).enumerate().map(key).collect();
        Self { table: table.name.clone(), keys, output }
    }

    /// `before`, the object, and no line end.
    pub(super) fn object(&mut self, before: &[u8], cells: &[Cell<'_>]) -> Result<()> {
        check_width(&self.table, self.keys.len(), cells.len())?;
        write_object(&mut self.output, before, &self.keys, cells).map_err(Error::io("write", self.output.path()))
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.output.write_all(bytes).map_err(Error::io("write", self.output.path()))
    }

    pub(super) fn into_output(self) -> Output {
        self.output
    }
}

fn write_object(output: &mut Output, before: &[u8], keys: &[Vec<u8>], cells: &[Cell<'_>]) -> std::io::Result<()> {
    output.write_all(before)?;
    for (key, cell) in keys.iter().zip(cells) {
        output.write_all(key)?;
        match cell {
            Cell::Null => output.write_all(b"null")?,
            Cell::Boolean(true) => output.write_all(b"true")?,
            Cell::Boolean(false) => output.write_all(b"false")?,
            // Digits are a JSON number already, and stay as precise as they came.
            Cell::Digits(digits) => output.write_all(digits.as_bytes())?,
            Cell::Count(count) => serde_json::to_writer(&mut *output, count)?,
            Cell::Text(text) => serde_json::to_writer(&mut *output, text.as_ref())?,
        }
    }
    output.write_all(b"}")
}
