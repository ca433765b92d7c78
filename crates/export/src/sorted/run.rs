//! One sorted run in a file: how entries are written behind one another, and read again.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::Entry;
use crate::error::{Error, Result};

/// Read at a time from each run that takes part in a merge.
const READ_BYTES: usize = 64 * 1024;
const WRITE_BYTES: usize = 256 * 1024;
/// What stands before each key: three words and the rank.
const HEAD_BYTES: usize = 25;

/// Writes a run from `end` of a file on.
#[derive(Debug)]
pub(super) struct RunWriter {
    writer: BufWriter<Arc<File>>,
    end: u64,
}

impl RunWriter {
    pub(super) fn new(mut file: Arc<File>, end: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(end))?;
        Ok(Self { writer: BufWriter::with_capacity(WRITE_BYTES, file), end })
    }

    /// Lengths of key and payload, sequence (8 bytes each, little-endian), rank; then key and payload.
    pub(super) fn write(&mut self, entry: Entry<'_>) -> io::Result<()> {
        let Entry { key, rank, sequence, payload } = entry;
        for word in [key.len() as u64, payload.len() as u64, sequence] {
            self.writer.write_all(&word.to_le_bytes())?;
        }
        self.writer.write_all(&[rank])?;
        self.writer.write_all(key)?;
        self.writer.write_all(payload)?;
        self.end += HEAD_BYTES as u64 + key.len() as u64 + payload.len() as u64;
        Ok(())
    }

    /// Where the run ends in its file.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.writer.flush()?;
        Ok(self.end)
    }
}

/// Reads a run; other runs of the same file may be read in turns, so each read goes to its place first.
#[derive(Debug)]
pub(super) struct RunReader {
    file: Arc<File>,
    /// What was not read yet.
    position: u64,
    end: u64,
    /// Only for messages: the file has no name.
    dir: PathBuf,
    /// Its first `filled` bytes were read; entries are lent from there.
    buffer: Vec<u8>,
    filled: usize,
    /// Where the entry at hand begins, which is where its key does, and where the next one begins.
    start: usize,
    next: usize,
    key_len: usize,
    rank: u8,
    sequence: u64,
}

impl RunReader {
    pub(super) fn new(file: Arc<File>, start: u64, end: u64, dir: PathBuf) -> Self {
        let (buffer, position) = (Vec::new(), start);
        Self { file, position, end, dir, buffer, filled: 0, start: 0, next: 0, key_len: 0, rank: 0, sequence: 0 }
    }

    /// Whether there was another entry.
    pub(super) fn advance(&mut self) -> Result<bool> {
        self.try_advance().map_err(Error::io("read a temporary file in", &self.dir))
    }

    fn try_advance(&mut self) -> io::Result<bool> {
        (self.start, self.key_len) = (self.next, 0);
        if self.start == self.filled && self.position == self.end {
            return Ok(false);
        }
        let head = *self.at_least(HEAD_BYTES)?.first_chunk::<HEAD_BYTES>().ok_or(io::ErrorKind::UnexpectedEof)?;
        let (words, rank) = head.split_at(HEAD_BYTES - 1);
        let mut words = words.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes));
        let mut word = || words.next().unwrap_or(0);
        let (key_len, payload_len, sequence) = (word(), word(), word());
        let length = |word| usize::try_from(word).map_err(io::Error::other);
        let (key_len, payload_len) = (length(key_len)?, length(payload_len)?);
        self.at_least(HEAD_BYTES + key_len + payload_len)?;
        self.start += HEAD_BYTES;
        self.next = self.start + key_len + payload_len;
        (self.key_len, self.sequence, self.rank) = (key_len, sequence, rank.first().copied().unwrap_or(0));
        Ok(true)
    }

    /// What is in memory from the entry at hand on, after reading so much that it is `wanted` bytes at least.
    fn at_least(&mut self, wanted: usize) -> io::Result<&[u8]> {
        if self.filled - self.start < wanted {
            self.buffer.copy_within(self.start..self.filled, 0);
            (self.start, self.filled) = (0, self.filled - self.start);
            if self.buffer.len() < READ_BYTES.max(wanted) {
                self.buffer.resize(READ_BYTES.max(wanted), 0);
            }
            self.file.seek(SeekFrom::Start(self.position))?;
            let mut section = (&*self.file).take(self.end - self.position);
            while let Some(free) = self.buffer.get_mut(self.filled..).filter(|free| !free.is_empty()) {
                let read = section.read(free)?;
                if read == 0 {
                    break;
                }
                self.filled += read;
                self.position += read as u64;
            }
            if self.filled < wanted {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.get(self.start..self.filled).unwrap_or_default())
    }

    pub(super) fn entry(&self) -> Entry<'_> {
        let bytes = self.buffer.get(self.start..self.next).unwrap_or_default();
        let (key, payload) = bytes.split_at_checked(self.key_len).unwrap_or_default();
        Entry { key, rank: self.rank, sequence: self.sequence, payload }
    }
}
