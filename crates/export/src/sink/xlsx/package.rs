//! The ZIP file that a workbook is: its parts are compressed before it is known how long they are, and copied in when they
//! are.
//!
//! Its bytes depend on the parts alone: there is one date, that from which ZIP counts. Sizes and places beyond 32 bits are
//! in ZIP64's extra fields. What stopped halfway says nothing about it: there is nobody to tell.
//! Source: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::Path;

use flate2::{Compression, Crc, write::DeflateEncoder};

const BUFFER_BYTES: usize = 64 * 1024;
/// Says that the number is in the extra field.
const BEYOND: u32 = u32::MAX;
/// 1980-01-01.
const DATE: u16 = 0x21;
const DEFLATED: u16 = 8;
/// Version 4.5, which knows ZIP64.
const VERSION: u16 = 45;

/// A part of the workbook that is being written, to a file without a name.
#[derive(Debug)]
pub(super) struct Part {
    writer: BufWriter<Summed>,
}

#[derive(Debug)]
struct Summed {
    to: DeflateEncoder<BufWriter<File>>,
    crc: Crc,
    bytes: u64,
}

impl Part {
    /// `folder` is where the file takes room.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let file = BufWriter::with_capacity(BUFFER_BYTES, tempfile::tempfile_in(folder)?);
        let summed = Summed { to: DeflateEncoder::new(file, Compression::new(4)), crc: Crc::new(), bytes: 0 };
        Ok(Self { writer: BufWriter::with_capacity(BUFFER_BYTES, summed) })
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.crc.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The ZIP file.
#[derive(Debug)]
pub(super) struct Package {
    writer: BufWriter<File>,
    written: u64,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    crc: u32,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

impl Package {
    pub(super) fn new(file: File) -> Self {
        Self { writer: BufWriter::with_capacity(BUFFER_BYTES, file), written: 0, entries: Vec::new() }
    }

    /// Adds a part that is complete. Names are in ASCII.
    pub(super) fn add(&mut self, name: &str, mut part: Part) -> io::Result<()> {
        part.flush()?;
        let summed = part.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (crc, unpacked) = (summed.crc.sum(), summed.bytes);
        let mut file = summed.to.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let packed = file.stream_position()?;
        file.rewind()?;
        let entry = Entry { name: name.to_owned(), crc, packed, unpacked, offset: self.written };
        self.put(&entry.local())?;
        let copied = io::copy(&mut file, &mut self.writer)?;
        if copied != packed {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.written += packed;
        self.entries.push(entry);
        Ok(())
    }

    /// Adds a part that is this text.
    pub(super) fn add_text(&mut self, name: &str, folder: &Path, text: &str) -> io::Result<()> {
        let mut part = Part::new(folder)?;
        part.write_all(text.as_bytes())?;
        self.add(name, part)
    }

    /// Writes the directory, and all that is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let start = self.written;
        for entry in std::mem::take(&mut self.entries) {
            self.put(&entry.central())?;
            self.entries.push(entry);
        }
        let length = self.written - start;
        let end = directory_end(self.entries.len() as u64, length, start);
        self.put(&end)?;
        self.writer.flush()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

impl Entry {
    /// What stands in front of the part.
    fn local(&self) -> Vec<u8> {
        let big = self.packed >= BEYOND.into() || self.unpacked >= BEYOND.into();
        let extra = if big { extra(&[self.unpacked, self.packed]) } else { Vec::new() };
        let size = |size| if big { BEYOND } else { narrow(size) };
        let mut bytes = Vec::new();
        bytes.extend(0x0403_4b50_u32.to_le_bytes());
        self.common(&mut bytes, size(self.packed), size(self.unpacked), &extra);
        bytes.extend(self.name.as_bytes());
        bytes.extend(extra);
        bytes
    }

    /// What stands in the directory.
    fn central(&self) -> Vec<u8> {
        let numbers = [self.unpacked, self.packed, self.offset];
        let beyond: Vec<u64> = numbers.into_iter().filter(|number| *number >= BEYOND.into()).collect();
        let extra = if beyond.is_empty() { Vec::new() } else { extra(&beyond) };
        let mut bytes = Vec::new();
        bytes.extend(0x0201_4b50_u32.to_le_bytes());
        bytes.extend(VERSION.to_le_bytes());
        self.common(&mut bytes, narrow(self.packed), narrow(self.unpacked), &extra);
        // No comment, the first disk, no attributes.
        bytes.extend([0; 10]);
        bytes.extend(narrow(self.offset).to_le_bytes());
        bytes.extend(self.name.as_bytes());
        bytes.extend(extra);
        bytes
    }

    fn common(&self, bytes: &mut Vec<u8>, packed: u32, unpacked: u32, extra: &[u8]) {
        for number in [VERSION, 0, DEFLATED, 0, DATE] {
            bytes.extend(number.to_le_bytes());
        }
        for number in [self.crc, packed, unpacked] {
            bytes.extend(number.to_le_bytes());
        }
        for length in [self.name.len(), extra.len()] {
            bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
        }
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(BEYOND)
}

/// ZIP64's extra field.
fn extra(numbers: &[u64]) -> Vec<u8> {
    let length = u16::try_from(numbers.len() * 8).unwrap_or(u16::MAX);
    let mut bytes = [1_u16.to_le_bytes(), length.to_le_bytes()].concat();
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

/// The end of the directory, which has `length` bytes and begins at `start`.
fn directory_end(entries: u64, length: u64, start: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let few = u16::try_from(entries).unwrap_or(u16::MAX);
    if few == u16::MAX || length >= BEYOND.into() || start >= BEYOND.into() {
        bytes.extend(0x0606_4b50_u32.to_le_bytes());
        bytes.extend(44_u64.to_le_bytes());
        bytes.extend([VERSION.to_le_bytes(), VERSION.to_le_bytes()].concat());
        bytes.extend([0; 8]);
        for number in [entries, entries, length, start] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(0x0706_4b50_u32.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend((start + length).to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
    }
    bytes.extend(0x0605_4b50_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend([few.to_le_bytes(), few.to_le_bytes()].concat());
    bytes.extend([narrow(length).to_le_bytes(), narrow(start).to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_32_bits_are_in_extra_fields() {
        let entry = Entry { name: "a".to_owned(), crc: 1, packed: 5, unpacked: 1 << 32, offset: 1 << 33 };
        let (local, central) = (entry.local(), entry.central());
        assert_eq!(local[18..26], [0xff; 8]);
        assert_eq!(
            local[30..],
            [&b"a\x01\x00\x10\x00"[..], &(1_u64 << 32).to_le_bytes(), &5_u64.to_le_bytes()].concat()
        );
        assert_eq!(central[20..24], 5_u32.to_le_bytes());
        let both = [(1_u64 << 32).to_le_bytes(), (1_u64 << 33).to_le_bytes()].concat();
        assert_eq!(central[46..], [&b"a\x01\x00\x10\x00"[..], &both].concat());
        let small = Entry { unpacked: 6, offset: 7, ..entry };
        assert_eq!((small.local().len(), small.central().len()), (31, 47));
        assert_eq!(directory_end(1, 2, 3).len(), 22);
        let large = directory_end(1, 2, 1 << 32);
        assert_eq!(large.len(), 56 + 20 + 22);
        assert_eq!(large[48..56], (1_u64 << 32).to_le_bytes());
        assert_eq!(large[64..72], ((1_u64 << 32) + 2).to_le_bytes());
    }
}
