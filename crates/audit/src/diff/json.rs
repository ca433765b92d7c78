//! A comparison as one JSON document, written as it comes: the sides, every change in a line of its own, the summary.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use asana_model::Cell;
use asana_model::value::is_number;
use serde::Serialize;

use super::change::{Listing, RowChange, Summary, Values, What};
use super::sides::Described;

/// The version of the document's shape. Keys may be added without raising it.
const DIFF_VERSION: u32 = 1;

/// `{"diff_version":1,"old":…,"new":…,"changes":[…],"summary":…,"equal":false}`; complete.
pub struct JsonListing<W: Write> {
    to: W,
    changes: u64,
}

impl<W: Write> JsonListing<W> {
    pub fn new(to: W) -> Self {
        Self { to, changes: 0 }
    }
}

impl<W: Write> fmt::Debug for JsonListing<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JsonListing").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl<W: Write> Listing for JsonListing<W> {
    fn begin(&mut self, sides: &Described) -> io::Result<()> {
        let (old, new) = (json(&sides.old)?, json(&sides.new)?);
        write!(self.to, "{{\n\"diff_version\":{DIFF_VERSION},\n\"old\":{old},\n\"new\":{new},\n\"changes\":[")
    }

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()> {
        let before = if self.changes == 0 { "\n" } else { ",\n" };
        self.changes += 1;
        let mut line = format!("{before}{{\"table\":{},\"change\":{}", text(change.table), text(change.what.verb()));
        member(&mut line, "key");
        object(&mut line, &change.key);
        if let Some(name) = &change.name {
            member(&mut line, "name");
            line.push_str(&text(name));
        }
        match &change.what {
            What::Added { row, because } | What::Removed { row, because } => {
                member(&mut line, "meaning");
                line.push_str(&json(&because.label)?);
                member(&mut line, "reason");
                line.push_str(&text(&because.reason));
                member(&mut line, "row");
                object(&mut line, row);
            }
            What::Changed { fields } => {
                member(&mut line, "fields");
                line.push('[');
                for (at, field) in fields.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    let (column, old, new) = (text(field.column), value(field.old), value(field.new));
                    let _ok = write!(line, "{comma}{{\"column\":{column},\"old\":{old},\"new\":{new}}}");
                }
                line.push(']');
            }
        }
        line.push('}');
        self.to.write_all(line.as_bytes())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let end = if self.changes == 0 { "" } else { "\n" };
        write!(self.to, "{end}],\n\"summary\":{},\n\"equal\":{}\n}}\n", json(summary)?, summary.equal())?;
        self.to.flush()
    }
}

fn json(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(value).map_err(io::Error::other)
}

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn member(line: &mut String, name: &str) {
    line.push_str(",\"");
    line.push_str(name);
    line.push_str("\":");
}

fn object(line: &mut String, values: &Values<'_>) {
    line.push('{');
    for (at, (column, cell)) in values.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        line.push_str(&text(column));
        line.push(':');
        line.push_str(&value(cell));
    }
    line.push('}');
}

/// Digits go through untouched.
fn value(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Text(value) => text(value),
        Cell::Digits(digits) if is_number(digits) => digits.to_string(),
        Cell::Digits(digits) => text(digits),
        Cell::Count(count) => count.to_string(),
        Cell::Boolean(value) => value.to_string(),
    }
}
