//! Lines of a file, numbered, of bounded length.

use std::io::{BufRead, Read};

use super::SourceError;

/// No row is larger: Asana's longest texts are far below, and a damaged file must not fill the memory.
const MAX_ROW_BYTES: usize = 64 << 20;

pub(super) struct Lines<'r> {
    reader: &'r mut dyn BufRead,
    /// Line feeds passed.
    passed: u64,
    ended: bool,
}

impl std::fmt::Debug for Lines<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Lines").field("passed", &self.passed).finish_non_exhaustive()
    }
}

impl<'r> Lines<'r> {
    pub(super) fn new(reader: &'r mut dyn BufRead) -> Self {
        Self { reader, passed: 0, ended: false }
    }

    /// The number of the line that comes next, from 1.
    pub(super) fn number(&self) -> u64 {
        self.passed + 1
    }

    /// Appends the next line with its line feed; false at the end of the file.
    pub(super) fn append(&mut self, row: &mut Vec<u8>) -> Result<bool, SourceError> {
        if self.ended {
            return Ok(false);
        }
        let room = MAX_ROW_BYTES.saturating_sub(row.len());
        let read = Read::take(&mut *self.reader, room as u64).read_until(b'\n', row).map_err(SourceError::Io)?;
        let complete = row.ends_with(b"\n");
        if read == 0 || !complete {
            self.ended = true;
        }
        if !complete && read == room {
            return Err(SourceError::malformed(self.number(), "a row of more than 64 MiB"));
        }
        if read > 0 && !complete {
            return Err(SourceError::malformed(self.number(), "the last line has no end"));
        }
        self.passed += u64::from(read > 0);
        Ok(read > 0)
    }

    /// Gives up: nothing more is read.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }
}
