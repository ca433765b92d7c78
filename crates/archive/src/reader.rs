//! Reading an archive from its first entry to its last, in bounded memory.
//!
//! One thread reads with [`Reader`]. Several can share the work by frames: [`PackedFrames`] gives them in order without
//! decompressing anything, and each thread decompresses those that it takes.

use std::collections::VecDeque;
use std::path::Path;

use crate::entry::Entry;
use crate::error::{Damage, Error};
use crate::frame::{Frame, FrameRef, Frames, Packed};
use crate::recover::torn_end;
use crate::segment::{self, Segment};

/// The entries of an archive, in the order they were appended.
///
/// Holds one frame in memory: about 1 MiB, or as much as the largest entry.
pub struct Reader {
    /// Those not yet begun.
    segments: VecDeque<Segment>,
    current: Option<Frames>,
    frame: Frame,
    /// Where the next line begins in the frame.
    position: usize,
    /// How many lines of the frame were read.
    lines: usize,
    recovering: bool,
    torn_bytes: u64,
}

impl Reader {
    /// Opens an archive that must be whole.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Self::new(dir, false)
    }

    /// Opens an archive whose last segment may end in a torn frame, as an interrupted or a running writer leaves it.
    ///
    /// Reading stops there, and [`Reader::torn_bytes`] says what was left out. Nothing on disk is changed. Any other
    /// damage is an error all the same.
    pub fn open_recovering(dir: &Path) -> Result<Self, Error> {
        Self::new(dir, true)
    }

    fn new(dir: &Path, recovering: bool) -> Result<Self, Error> {
        Ok(Self {
            segments: segment::list(dir)?.into(),
            current: None,
            frame: Frame::new(),
            position: 0,
            lines: 0,
            recovering,
            torn_bytes: 0,
        })
    }

    /// The next entry, which borrows from the reader until the next call; `None` after the last.
    ///
    /// # Errors
    ///
    /// Damage comes up when it is reached, after all entries before it, and again with each further call: it is never
    /// passed over. A malformed line is passed.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, Error> {
        while self.position >= self.frame.as_str().len() {
            if !self.next_frame()? {
                return Ok(None);
            }
        }
        let rest = self.frame.as_str().get(self.position..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        self.position += line.len() + 1;
        self.lines += 1;
        self.frame.parse(self.lines, line).map(Some)
    }

    /// How many bytes at the end of the last segment were torn and left out, as far as was read.
    pub fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }

    fn next_frame(&mut self) -> Result<bool, Error> {
        (self.position, self.lines) = (0, 0);
        loop {
            let Some(frames) = &mut self.current else {
                let Some(segment) = self.segments.front() else { return Ok(false) };
                self.current = Some(Frames::open(&segment.path, 0)?);
                self.segments.pop_front();
                continue;
            };
            match frames.next(&mut self.frame) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(error) if self.recovering && self.segments.iter().all(|segment| segment.bytes == 0) => {
                    (_, self.torn_bytes) = torn_end(frames, error)?;
                }
                Err(error) => return Err(error),
            }
            self.current = None;
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.frame.at();
        formatter.debug_struct("Reader").field("at", at).field("segments_left", &self.segments).finish_non_exhaustive()
    }
}

/// The frames of an archive that must be whole, in order and still compressed.
///
/// Holds about 256 KiB, or as much as the largest compressed frame.
pub struct PackedFrames {
    segments: VecDeque<Segment>,
    current: Option<Frames>,
}

impl PackedFrames {
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Ok(Self { segments: segment::list(dir)?.into(), current: None })
    }

    /// The next frame; `None` after the last.
    ///
    /// # Errors
    /// A frame that is not there to its last byte. Other damage shows when it is unpacked.
    pub fn next_packed(&mut self) -> Result<Option<Packed>, Error> {
        loop {
            if let Some(frames) = &mut self.current {
                if let Some(packed) = frames.next_packed()? {
                    return Ok(Some(packed));
                }
                self.current = None;
            }
            let Some(segment) = self.segments.front() else { return Ok(None) };
            self.current = Some(Frames::open(&segment.path, 0)?);
            self.segments.pop_front();
        }
    }

    /// The first frame of the next segment, passing over what is left of the one at hand. Each run begins a segment, so
    /// these frames begin with the headers of all runs.
    ///
    /// # Errors
    /// Those of [`Self::next_packed`].
    pub fn next_segment(&mut self) -> Result<Option<Packed>, Error> {
        self.current = None;
        self.next_packed()
    }
}

impl std::fmt::Debug for PackedFrames {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PackedFrames").field("segments_left", &self.segments).finish_non_exhaustive()
    }
}

/// Finds the frames of all segments, in order, without decompressing them.
///
/// # Errors
///
/// The archive must be whole: also a torn end is an error. Damage within a frame shows only when it is read.
pub fn list_frames(dir: &Path) -> Result<Vec<FrameRef>, Error> {
    let mut found = Vec::new();
    for segment in segment::list(dir)? {
        let mut frames = Frames::open(&segment.path, 0)?;
        while let Some(frame) = frames.skip()? {
            found.push(frame);
        }
    }
    Ok(found)
}

/// Reads one frame. Needs nothing but the reference, so any thread can do it.
pub fn read_frame(at: &FrameRef) -> Result<Frame, Error> {
    let mut frame = Frame::new();
    if Frames::open(&at.segment, at.offset)?.next(&mut frame)? {
        return Ok(frame);
    }
    Err(Error::Damaged { path: at.segment.to_path_buf(), offset: at.offset, damage: Damage::Incomplete })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bodies, one_entry_per_frame, segments, write};
    use crate::{Options, Unpacker, Writer};
    use std::fs;
    use std::io::Write;

    #[test]
    fn an_empty_archive_has_no_entries_and_a_missing_one_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(bodies(Reader::open(dir.path()).unwrap()).unwrap().is_empty());
        assert!(list_frames(dir.path()).unwrap().is_empty());
        let missing = dir.path().join("nowhere");
        assert!(matches!(Reader::open(&missing), Err(Error::Io { path, .. }) if path == missing));
    }

    #[test]
    fn frames_read_one_by_one_give_what_the_reader_gives() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), Options { frame_bytes: 300, segment_bytes: 250, ..Options::default() }, &[&b"[]"[..]; 10]);
        let frames = list_frames(dir.path()).unwrap();
        assert!(frames.len() > 3 && segments(dir.path()).len() > 1);
        let mut lines = String::new();
        let mut entries = 0;
        for at in &frames {
            let frame = read_frame(at).unwrap();
            assert_eq!(frame.at(), at);
            lines.push_str(frame.as_str());
            entries += frame.entries().map(Result::unwrap).count();
        }
        assert_eq!(entries, 10);
        assert_eq!(lines.lines().count(), 10);
        let (mut packed, mut unpacker) = (PackedFrames::open(dir.path()).unwrap(), Unpacker::new());
        let mut joined = String::new();
        for at in &frames {
            let packed = packed.next_packed().unwrap().unwrap();
            let frame = unpacker.unpack(&packed).unwrap();
            assert_eq!(frame.at(), at);
            joined.push_str(frame.as_str());
        }
        assert!(packed.next_packed().unwrap().is_none());
        assert_eq!(joined, lines);
    }

    #[test]
    fn damage_is_reported_again_and_again() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), one_entry_per_frame(u64::MAX), &[b"0", b"1", b"2"]);
        let path = &segments(dir.path())[0];
        let second = &list_frames(dir.path()).unwrap()[1];
        let mut bytes = fs::read(path).unwrap();
        bytes[usize::try_from(second.offset).unwrap() + 20] ^= 4;
        fs::write(path, bytes).unwrap();
        let mut reader = Reader::open(dir.path()).unwrap();
        assert!(reader.next_entry().unwrap().is_some());
        for _ in 0..3 {
            let error = reader.next_entry().map(|_| ()).unwrap_err();
            assert!(matches!(error, Error::Damaged { offset, .. } if offset == second.offset), "{error}");
        }
        assert!(matches!(read_frame(second), Err(Error::Damaged { .. })));
        let (mut packed, mut unpacker) = (PackedFrames::open(dir.path()).unwrap(), Unpacker::new());
        for damaged in [false, true, false] {
            let packed = packed.next_packed().unwrap().unwrap();
            match unpacker.unpack(&packed) {
                Ok(_) => assert!(!damaged),
                Err(error) => assert!(
                    damaged && matches!(&error, Error::Damaged { offset, .. } if *offset == second.offset),
                    "{error}"
                ),
            }
        }
    }

    #[test]
    fn a_newer_format_and_a_malformed_line_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("000001.jsonl.zst");
        let text = b"{\"kind\":\"end\"}\nnonsense\n{\"kind\":\"run\",\"v\":99}\n";
        fs::write(&path, zstd::bulk::compress(text, 3).unwrap()).unwrap();
        let mut reader = Reader::open(dir.path()).unwrap();
        assert!(matches!(reader.next_entry(), Ok(Some(Entry::End(_)))));
        assert!(matches!(reader.next_entry(), Err(Error::Malformed { line: 2, offset: 0, .. })));
        assert!(matches!(reader.next_entry(), Err(Error::NewerFormat { found: 99, .. })));
        assert!(matches!(Writer::open(dir.path()), Err(Error::Malformed { .. })));
    }

    #[test]
    fn an_archive_that_was_compressed_again_as_one_stream_reads_the_same() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), one_entry_per_frame(u64::MAX), &[b"0", b"1", b"2"]);
        let path = &segments(dir.path())[0];
        let lines = zstd::decode_all(&*fs::read(path).unwrap()).unwrap();
        let mut encoder = zstd::Encoder::new(Vec::new(), 19).unwrap();
        encoder.write_all(&lines).unwrap();
        fs::write(path, encoder.finish().unwrap()).unwrap();
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), ["0", "1", "2"]);
    }

    #[test]
    fn a_torn_end_is_told() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), one_entry_per_frame(u64::MAX), &[b"0", b"1"]);
        let path = &segments(dir.path())[0];
        let mut bytes = fs::read(path).unwrap();
        bytes.extend(b"(\xb5/\xfd torn");
        fs::write(path, bytes).unwrap();
        let mut reader = Reader::open_recovering(dir.path()).unwrap();
        while reader.next_entry().unwrap().is_some() {}
        assert_eq!(reader.torn_bytes(), 9);
        assert!(list_frames(dir.path()).is_err());
    }
}
