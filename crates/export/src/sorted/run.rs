//! One sorted run in a file: how entries are written behind one another, and read again.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::Entry;
use crate::error::{Error, Result};

/// Read at a time from each run that takes part in a merge.
const READ_BYTES: usize = 64 * 1024;
const WRITE_BYTES: usize = 256 * 1024;

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
        self.end += 25 + key.len() as u64 + payload.len() as u64;
        Ok(())
    }

    /// Where the run ends in its file.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.writer.flush()?;
        Ok(self.end)
    }
}

/// Reads a run; other runs of the same file may be read in turns.
#[derive(Debug)]
pub(super) struct RunReader {
    reader: BufReader<Section>,
    /// Only for messages: the file has no name.
    dir: PathBuf,
    /// Key and payload of the entry that [`RunReader::advance`] came to.
    body: Vec<u8>,
    key_len: usize,
    rank: u8,
    sequence: u64,
}

impl RunReader {
    pub(super) fn new(file: Arc<File>, start: u64, end: u64, dir: PathBuf) -> Self {
        let reader = BufReader::with_capacity(READ_BYTES, Section { file, position: start, end });
        Self { reader, dir, body: Vec::new(), key_len: 0, rank: 0, sequence: 0 }
    }

    /// Whether there was another entry.
    pub(super) fn advance(&mut self) -> Result<bool> {
        self.try_advance().map_err(Error::io("read a temporary file in", &self.dir))
    }

    fn try_advance(&mut self) -> io::Result<bool> {
        if self.reader.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let [key_len, payload_len, sequence] = [self.word()?, self.word()?, self.word()?];
        let length = |word| usize::try_from(word).map_err(io::Error::other);
        self.key_len = length(key_len)?;
        self.sequence = sequence;
        self.reader.read_exact(std::slice::from_mut(&mut self.rank))?;
        self.body.resize(self.key_len + length(payload_len)?, 0);
        self.reader.read_exact(&mut self.body)?;
        Ok(true)
    }

    fn word(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.reader.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    pub(super) fn entry(&self) -> Entry<'_> {
        let (key, payload) = self.body.split_at_checked(self.key_len).unwrap_or_default();
        Entry { key, rank: self.rank, sequence: self.sequence, payload }
    }
}

/// A part of a file that is read in turns with others, so each read goes to its place first.
#[derive(Debug)]
struct Section {
    file: Arc<File>,
    position: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.position))?;
        let read = (&*self.file).take(self.end - self.position).read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}
