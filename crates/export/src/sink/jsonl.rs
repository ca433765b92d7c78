//! JSON Lines: one object on each line, and nothing else.

use asana_model::Cell;

use super::object::ObjectWriter;
use super::{Format, Kind, Sink};
use crate::error::Result;
use crate::output::Output;
use crate::source;

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    kind: Kind::Files {
        open: |output, table, _| Ok(Box::new(JsonLines(ObjectWriter::new(output, table)))),
        read: Some(source::jsonl),
    },
};

#[derive(Debug)]
struct JsonLines(ObjectWriter);

impl Sink for JsonLines {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.0.object(b"", cells)?;
        self.0.raw(b"\n")
    }

    fn finish(self: Box<Self>) -> Result<Output> {
        Ok(self.0.into_output())
    }
}
