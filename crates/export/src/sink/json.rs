//! One JSON array for each table, with one object on each line.

use asana_model::Cell;

use super::object::ObjectWriter;
use super::{Format, Kind, Sink};
use crate::error::Result;
use crate::output::Output;
use crate::source;

pub(super) const FORMAT: Format = Format {
    name: "json",
    kind: Kind::Files {
        open: |output, table, _| Ok(Box::new(Json { objects: ObjectWriter::new(output, table), empty: true })),
        read: Some(source::json),
    },
};

#[derive(Debug)]
struct Json {
    objects: ObjectWriter,
    empty: bool,
}

impl Sink for Json {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        let before: &[u8] = if self.empty { b"[\n" } else { b",\n" };
        self.objects.object(before, cells)?;
        self.empty = false;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        self.objects.raw(if self.empty { b"[]\n" } else { b"\n]\n" })?;
        Ok(self.objects.into_output())
    }
}
