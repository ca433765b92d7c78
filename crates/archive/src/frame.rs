//! One frame: finding where it ends, decompressing it within limits, its lines.
//!
//! A frame is found in the compressed bytes without decompressing them, and decompressed only when it is there to its
//! last byte. At most one frame is in memory. Only this file knows how zstd is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zstd::zstd_safe::zstd_sys::ZSTD_ErrorCode::ZSTD_error_srcSize_wrong;
use zstd::zstd_safe::{self, DCtx, InBuffer, OutBuffer, ResetDirective};

use crate::entry::{Entry, LineError};
use crate::error::{Damage, Error};

/// No frame may hold more than this when decompressed: a small file must not be able to fill the memory.
pub const MAX_FRAME_BYTES: usize = 1 << 30;

/// How every frame begins. These bytes are not UTF-8, so text stored uncompressed within a frame never holds them.
pub(crate) const MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

/// How much is read at a time: more than a usual frame of 1 MiB takes when compressed.
const READ_BYTES: usize = 256 << 10;

/// How much room a frame that does not declare its size gets at first.
const UNDECLARED_BYTES: usize = 1 << 20;

/// Where a frame is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameRef {
    /// The segment file.
    pub segment: Arc<Path>,
    /// Where the frame begins in its segment, in bytes.
    pub offset: u64,
    /// How many bytes it takes there.
    pub compressed_len: u64,
}

/// A frame as it lies in its segment, compressed.
#[derive(Debug)]
pub struct Packed {
    at: FrameRef,
    bytes: Vec<u8>,
}

impl Packed {
    /// Compressed bytes.
    #[expect(clippy::len_without_is_empty, reason = "no frame is empty")]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Decompresses frames one after another, in the same memory.
pub struct Unpacker {
    context: DCtx<'static>,
    frame: Frame,
}

impl Unpacker {
    /// # Panics
    /// When there is no memory for the tables of the format, some 100 KiB.
    pub fn new() -> Self {
        Self { context: DCtx::create(), frame: Frame::new() }
    }

    /// The frame's lines, until the next call.
    ///
    /// # Errors
    /// Those of the same frame read by [`crate::Reader`].
    pub fn unpack(&mut self, packed: &Packed) -> Result<&Frame, Error> {
        self.frame.fill(&mut self.context, &packed.bytes).map_err(|damage| Error::Damaged {
            path: packed.at.segment.to_path_buf(),
            offset: packed.at.offset,
            damage,
        })?;
        self.frame.at = packed.at.clone();
        Ok(&self.frame)
    }
}

impl Default for Unpacker {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Unpacker").field("at", &self.frame.at).finish_non_exhaustive()
    }
}

/// A decompressed frame: whole lines.
#[derive(Debug)]
pub struct Frame {
    at: FrameRef,
    text: String,
}

impl Frame {
    pub(crate) fn new() -> Self {
        let segment = Arc::from(PathBuf::new());
        Self { at: FrameRef { segment, offset: 0, compressed_len: 0 }, text: String::new() }
    }

    /// Takes the lines of a compressed frame; after an error it is left empty.
    fn fill(&mut self, context: &mut DCtx<'_>, compressed: &[u8]) -> Result<(), Damage> {
        // The allocation is used again.
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        decompress(context, compressed, &mut bytes, MAX_FRAME_BYTES)?;
        if bytes.last().is_some_and(|last| *last != b'\n') {
            return Err(Damage::PartialLine);
        }
        self.text = String::from_utf8(bytes).map_err(|_| Damage::NotText)?;
        Ok(())
    }

    /// Where it was read from.
    pub fn at(&self) -> &FrameRef {
        &self.at
    }

    /// The lines, each with its line feed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The entries in order.
    pub fn entries(&self) -> impl Iterator<Item = Result<Entry<'_>, Error>> {
        (1..).zip(self.text.split_terminator('\n')).map(|(number, line)| self.parse(number, line))
    }

    /// Reads one of its lines; `number` counts from 1 and is for the message only.
    pub(crate) fn parse<'a>(&'a self, number: usize, line: &'a str) -> Result<Entry<'a>, Error> {
        let path = || self.at.segment.to_path_buf();
        Entry::parse(line).map_err(|error| match error {
            LineError::Newer(found) => Error::NewerFormat { found, path: path() },
            LineError::Json(source) => Error::Malformed { path: path(), offset: self.at.offset, line: number, source },
        })
    }
}

/// The frames of one segment, one after another. After an error the same frame is tried again.
pub(crate) struct Frames {
    path: Arc<Path>,
    file: File,
    /// Where the next frame begins in the file.
    offset: u64,
    /// Bytes of the file; the next frame's are those from `start`.
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    context: DCtx<'static>,
}

impl Frames {
    pub(crate) fn open(path: &Arc<Path>, offset: u64) -> Result<Self, Error> {
        let mut file = File::open(path).map_err(Error::io("open", path))?;
        file.seek(SeekFrom::Start(offset)).map_err(Error::io("read", path))?;
        let context = DCtx::try_create().ok_or(std::io::ErrorKind::OutOfMemory.into());
        let context = context.map_err(Error::io("decompress", path))?;
        Ok(Self { path: Arc::clone(path), file, offset, buffer: Vec::new(), start: 0, ended: false, context })
    }

    pub(crate) fn path(&self) -> &Arc<Path> {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Where the next frame is, without decompressing it; `None` at the end of the file.
    pub(crate) fn skip(&mut self) -> Result<Option<FrameRef>, Error> {
        let Some(length) = self.locate()? else { return Ok(None) };
        Ok(Some(self.pass(length)))
    }

    /// Reads the next frame into `frame`, which is left empty at the end of the file and after an error.
    pub(crate) fn next(&mut self, frame: &mut Frame) -> Result<bool, Error> {
        let Some(length) = self.locate()? else {
            frame.text.clear();
            return Ok(false);
        };
        let compressed = self.buffer.get(self.start..self.start + length).unwrap_or_default();
        frame.fill(&mut self.context, compressed).map_err(|damage| self.damaged(damage))?;
        frame.at = self.pass(length);
        Ok(true)
    }

    /// Takes the next frame as it is; `None` at the end of the file.
    pub(crate) fn next_packed(&mut self) -> Result<Option<Packed>, Error> {
        let Some(length) = self.locate()? else { return Ok(None) };
        let bytes = self.buffer.get(self.start..self.start + length).unwrap_or_default().to_vec();
        Ok(Some(Packed { at: self.pass(length), bytes }))
    }

    /// Whether a whole frame begins at the offset, whatever it holds.
    pub(crate) fn begins_with_whole_frame(&mut self) -> Result<bool, Error> {
        match self.next_bytes(&mut Vec::new()) {
            Ok(length) => Ok(length.is_some()),
            Err(Error::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Decompresses the next frame and gives its compressed length, but does not pass it.
    fn next_bytes(&mut self, bytes: &mut Vec<u8>) -> Result<Option<usize>, Error> {
        let Some(length) = self.locate()? else { return Ok(None) };
        let compressed = self.buffer.get(self.start..self.start + length).unwrap_or_default();
        match decompress(&mut self.context, compressed, bytes, MAX_FRAME_BYTES) {
            Ok(()) => Ok(Some(length)),
            Err(damage) => Err(self.damaged(damage)),
        }
    }

    /// Reads until the next frame is in the buffer, and gives its compressed length.
    fn locate(&mut self) -> Result<Option<usize>, Error> {
        loop {
            let bytes = self.buffer.get(self.start..).unwrap_or_default();
            match measure(bytes) {
                Ok(Some(length)) => return Ok(Some(length)),
                Ok(None) if self.ended && bytes.is_empty() => return Ok(None),
                Ok(None) if self.ended => return Err(self.damaged(Damage::Incomplete)),
                Ok(None) => self.read_more()?,
                Err(damage) => return Err(self.damaged(damage)),
            }
        }
    }

    /// Doubles what is known of the next frame, so that measuring it again and again stays cheap.
    fn read_more(&mut self) -> Result<(), Error> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let wanted = u64::try_from(self.buffer.len().max(READ_BYTES)).unwrap_or(u64::MAX);
        let read = (&self.file).take(wanted).read_to_end(&mut self.buffer).map_err(Error::io("read", &self.path))?;
        self.ended = read == 0;
        Ok(())
    }

    fn pass(&mut self, length: usize) -> FrameRef {
        let compressed_len = u64::try_from(length).unwrap_or(u64::MAX);
        let passed = FrameRef { segment: Arc::clone(&self.path), offset: self.offset, compressed_len };
        self.start += length;
        self.offset += compressed_len;
        passed
    }

    fn damaged(&self, damage: Damage) -> Error {
        Error::Damaged { path: self.path.to_path_buf(), offset: self.offset, damage }
    }
}

/// The compressed length of the frame that `bytes` begin with, or `None` if they end before it does.
fn measure(bytes: &[u8]) -> Result<Option<usize>, Damage> {
    if bytes.len() < MAGIC.len() {
        return if MAGIC.starts_with(bytes) { Ok(None) } else { Err(Damage::NotAFrame) };
    }
    // We write no frames that are to be skipped, so to skip one would be to lose something.
    if !bytes.starts_with(&MAGIC) {
        return Err(Damage::NotAFrame);
    }
    match zstd_safe::find_frame_compressed_size(bytes) {
        Ok(length) => Ok(Some(length)),
        Err(code) if !zstd_safe::is_error_kind(code, ZSTD_error_srcSize_wrong) => {
            Err(Damage::Undecodable(zstd_safe::get_error_name(code)))
        }
        Err(_) if bytes.len() > zstd_safe::compress_bound(MAX_FRAME_BYTES) => Err(Damage::TooLarge),
        Err(_) => Ok(None),
    }
}

/// Decompresses one whole frame. zstd checks the declared size and the checksum.
fn decompress(context: &mut DCtx<'_>, frame: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), Damage> {
    let undecodable = |code| Damage::Undecodable(zstd_safe::get_error_name(code));
    out.clear();
    let declared = zstd_safe::get_frame_content_size(frame).map_err(|_| Damage::Undecodable("no valid header"))?;
    let expected = match declared.map(usize::try_from) {
        Some(Ok(bytes)) if bytes <= limit => bytes,
        Some(_) => return Err(Damage::TooLarge),
        None => UNDECLARED_BYTES.min(limit),
    };
    out.try_reserve_exact(expected.max(1)).map_err(|_| Damage::TooLarge)?;
    context.reset(ResetDirective::SessionOnly).map_err(undecodable)?;
    let mut input = InBuffer::around(frame);
    loop {
        let filled = out.len();
        let missing = context.decompress_stream(&mut OutBuffer::around_pos(out, filled), &mut input);
        let missing = missing.map_err(undecodable)?;
        if out.len() > limit {
            return Err(Damage::TooLarge);
        }
        if missing == 0 {
            return Ok(());
        }
        if out.len() == out.capacity() {
            // Double, but to no more than the first byte past the limit.
            let more = out.len().min(limit + 1 - out.len());
            out.try_reserve_exact(more).map_err(|_| Damage::TooLarge)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn check(frame: &[u8], limit: usize, expected: Result<usize, Damage>) {
        let mut out = Vec::new();
        let mut context = DCtx::create();
        assert_eq!(decompress(&mut context, frame, &mut out, limit).map(|()| out.len()), expected);
    }

    /// A frame that does not say how much it holds.
    fn undeclared(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_frame_holds_no_more_than_the_limit_whatever_it_declares() {
        let zeros = vec![0; 5 << 20];
        for frame in [zstd::bulk::compress(&zeros, 3).unwrap(), undeclared(&zeros)] {
            assert!(frame.len() < 5000, "not a bomb: {}", frame.len());
            check(&frame, zeros.len(), Ok(zeros.len()));
            check(&frame, zeros.len() - 1, Err(Damage::TooLarge));
            check(&frame, 1000, Err(Damage::TooLarge));
        }
        check(&undeclared(b""), 1000, Ok(0));
    }

    #[test]
    fn a_frame_that_declares_a_gibibyte_too_much_is_refused_before_anything_is_allocated() {
        // A single segment with a content size of eight bytes: 2 GiB; then one last, empty raw block.
        let mut frame = MAGIC.to_vec();
        frame.push(0b1110_0000);
        frame.extend((2_u64 << 30).to_le_bytes());
        frame.extend([1, 0, 0]);
        assert_eq!(measure(&frame), Ok(Some(frame.len())));
        check(&frame, MAX_FRAME_BYTES, Err(Damage::TooLarge));
    }

    #[test]
    fn a_frame_is_measured_only_when_it_is_whole() {
        let frame = zstd::bulk::compress(b"some lines", 3).unwrap();
        for length in 0..frame.len() {
            assert_eq!(measure(&frame[..length]), Ok(None), "{length}");
        }
        assert_eq!(measure(&[&frame[..], b"rest"].concat()), Ok(Some(frame.len())));
        assert_eq!(measure(b"(\xb5/"), Ok(None));
        assert_eq!(measure(b"("), Ok(None));
        assert_eq!(measure(b"\0"), Err(Damage::NotAFrame));
        assert_eq!(measure(&0x184D_2A50_u32.to_le_bytes()), Err(Damage::NotAFrame));
    }

    #[test]
    fn frames_larger_than_a_read_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let path: Arc<Path> = dir.path().join("large").into();
        // Incompressible text, so that the frame is larger than one read.
        let mut state = 1_u64;
        let mut lines = String::new();
        for _ in 0..100_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            lines.push_str(&state.to_string());
            lines.push('\n');
        }
        let frame = zstd::bulk::compress(lines.as_bytes(), 1).unwrap();
        assert!(frame.len() > 2 * READ_BYTES);
        std::fs::write(&*path, frame.repeat(3)).unwrap();
        let mut frames = Frames::open(&path, 0).unwrap();
        let mut read = Frame::new();
        for index in 0..3 {
            assert!(frames.next(&mut read).unwrap());
            assert_eq!((read.at().offset, read.as_str()), (index * frame.len() as u64, lines.as_str()));
        }
        assert!(!frames.next(&mut read).unwrap());
    }
}
