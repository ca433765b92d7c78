//! Appending to an archive so that a crash loses at most what was not yet synced.
//!
//! Lines gather in memory and are compressed as one frame in one call, so the file only ever grows by whole frames, and a
//! write that fails half-way leaves what looks like any other torn end. A run never appends to a segment that it did
//! not begin. Deliberately absent: a clock; the caller decides when to flush and sync.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use zstd::bulk::Compressor;
use zstd::zstd_safe::{self, CParameter};

use crate::entry::Entry;
use crate::error::Error;
use crate::frame::MAX_FRAME_BYTES;
use crate::recover::{Recovery, recover};
use crate::segment::Directory;

/// How an archive is cut and compressed. Readers do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// zstd's compression level, 1 (fast) to 22 (small); 3 by default. What is out of range is taken as the nearest.
    pub level: i32,
    /// A frame is closed when its lines have at least this many bytes; 1 MiB by default.
    pub frame_bytes: usize,
    /// A segment is closed when it has at least this many bytes, compressed; 64 MiB by default.
    pub segment_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { level: 3, frame_bytes: 1 << 20, segment_bytes: 64 << 20 }
    }
}

/// What one writer wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub entries: u64,
    /// Compressed.
    pub bytes: u64,
}

/// Appends entries to an archive. There is one at a time.
///
/// Errors surface in [`flush`](Self::flush), [`sync`](Self::sync) and [`seal`](Self::seal), and in the
/// [`append`](Self::append) that closes a frame. Dropping a writer flushes as well as it can and tells nobody, so finish
/// with `seal`. After a failed write every call fails; open the archive again.
///
/// # Crash safety
///
/// What was synced stays. What was only flushed survives the process, but perhaps not the machine. What was only appended
/// is lost, and whoever opens the archive next finds it ending before.
pub struct Writer {
    directory: Directory,
    options: Options,
    compressor: Compressor<'static>,
    /// The open frame: whole lines.
    lines: Vec<u8>,
    compressed: Vec<u8>,
    segment: Option<OpenSegment>,
    last_number: u64,
    written: Written,
    failed: bool,
}

struct OpenSegment {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl Writer {
    /// Opens an archive with the default [`Options`].
    pub fn open(dir: &Path) -> Result<(Self, Recovery), Error> {
        Self::open_with(dir, Options::default())
    }

    /// Opens an archive, or creates it, to append to it.
    ///
    /// Reads all that is there, which takes about a second per gigabyte of lines, cuts a torn end off the last segment and
    /// removes segments that are empty. The first frame begins a new segment. The directory is created for its owner only
    /// (0700, files 0600, on Unix).
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] while another writer has it. [`Error::Damaged`], with file and offset, if a frame is damaged that
    /// whole frames follow; nothing is changed then. [`Error::NewerFormat`], also before any change.
    pub fn open_with(dir: &Path, options: Options) -> Result<(Self, Recovery), Error> {
        let compressor = Compressor::new(options.level).and_then(|mut compressor| {
            compressor.set_parameter(CParameter::ChecksumFlag(true))?;
            Ok(compressor)
        });
        let compressor = compressor.map_err(Error::io("compress for", dir))?;
        let directory = Directory::create_and_lock(dir)?;
        let recovery = recover(&directory)?;
        let writer = Self {
            directory,
            options,
            compressor,
            lines: Vec::new(),
            compressed: Vec::new(),
            segment: None,
            last_number: recovery.segments,
            written: Written::default(),
            failed: false,
        };
        Ok((writer, recovery))
    }

    /// Appends a run header: any value that serializes to a JSON object without the fields `kind` and `v`.
    pub fn append_run(&mut self, header: &impl Serialize) -> Result<(), Error> {
        let header = serde_json::value::to_raw_value(header).map_err(|source| Error::Unserializable { source })?;
        self.append(&Entry::Run(&header))
    }

    /// Appends a run's end: any value that serializes to a JSON object without the fields `kind` and `v`.
    pub fn append_end(&mut self, statistics: &impl Serialize) -> Result<(), Error> {
        let statistics =
            serde_json::value::to_raw_value(statistics).map_err(|source| Error::Unserializable { source })?;
        self.append(&Entry::End(&statistics))
    }

    /// Appends an entry, and flushes when the frame is full.
    ///
    /// An entry that is refused ([`Error::EntryTooLarge`], [`Error::NotAnObject`], [`Error::ReservedField`]) leaves no
    /// trace, and the writer can go on.
    pub fn append(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        self.ensure_usable()?;
        let before = self.lines.len();
        let mut result = entry.write_line(&mut self.lines);
        if self.lines.len() > MAX_FRAME_BYTES {
            result = Err(Error::EntryTooLarge { bytes: self.lines.len() - before });
        }
        if result.is_err() {
            self.lines.truncate(before);
            return result;
        }
        self.written.entries += 1;
        if self.lines.len() >= self.options.frame_bytes { self.flush() } else { Ok(()) }
    }

    /// Closes the frame and hands it to the operating system. Without open lines this does nothing.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.ensure_usable()?;
        let result = self.write_frame();
        self.failed = result.is_err();
        result
    }

    /// Flushes, and returns when everything appended so far would survive a power cut.
    pub fn sync(&mut self) -> Result<(), Error> {
        self.flush()?;
        let result = self.segment.as_ref().map_or(Ok(()), OpenSegment::sync);
        // What a failed sync has lost, a second one would not report again.
        self.failed = result.is_err();
        result
    }

    /// Finishes: everything appended is durable, and no error is left to be told.
    pub fn seal(mut self) -> Result<Written, Error> {
        self.sync()?;
        self.directory.sync()?;
        Ok(self.written)
    }

    fn ensure_usable(&self) -> Result<(), Error> {
        if self.failed { Err(Error::WriterFailed { path: self.directory.path.clone() }) } else { Ok(()) }
    }

    fn write_frame(&mut self) -> Result<(), Error> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.compressed.clear();
        self.compressed.reserve(zstd_safe::compress_bound(self.lines.len()));
        let result = self.compressor.compress_to_buffer(&self.lines, &mut self.compressed);
        result.map_err(Error::io("compress for", &self.directory.path))?;

        let segment = match &mut self.segment {
            Some(segment) => segment,
            none => {
                let (path, file) = self.directory.create_segment(self.last_number + 1)?;
                self.last_number += 1;
                none.insert(OpenSegment { path, file, bytes: 0 })
            }
        };
        self.written.bytes += segment.append(&self.compressed)?;
        self.lines.clear();
        if segment.bytes >= self.options.segment_bytes {
            // Recovery relies on it: all segments but the last are durable.
            segment.sync()?;
            self.segment = None;
        }
        Ok(())
    }
}

impl OpenSegment {
    fn append(&mut self, frame: &[u8]) -> Result<u64, Error> {
        if let Err(source) = self.file.write_all(frame) {
            // Leave no torn end if that is still possible; if it is not, recovery cuts it.
            let _torn_end_stays = self.file.set_len(self.bytes);
            return Err(Error::Io { action: "write", path: self.path.clone(), source });
        }
        let bytes = u64::try_from(frame.len()).unwrap_or(u64::MAX);
        self.bytes += bytes;
        Ok(bytes)
    }

    fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(Error::io("sync", &self.path))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Best effort: nobody is left to be told.
        if !self.failed {
            let _untold = self.write_frame();
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("directory", &self.directory.path)
            .field("options", &self.options)
            .field("written", &self.written)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bodies, one_entry_per_frame, page, segments, write};
    use crate::{Reader, list_frames, read_frame};
    use std::fs;
    use std::process::Command;

    #[test]
    fn runs_follow_each_other_in_segments_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        for run in ["first", "second"] {
            let (mut writer, recovery) = Writer::open(dir.path()).unwrap();
            assert_eq!((recovery.entries, recovery.segments), if run == "first" { (0, 0) } else { (3, 1) });
            writer.append_run(&serde_json::json!({ "run": run })).unwrap();
            writer.append(&Entry::Page(page(0, b"{\n}"))).unwrap();
            writer.append_end(&serde_json::json!({})).unwrap();
            let written = writer.seal().unwrap();
            assert_eq!(written.entries, 3);
            assert_eq!(written.bytes, fs::metadata(segments(dir.path()).last().unwrap()).unwrap().len());
        }
        let run = |name| format!(r#"{{"kind":"run","v":1,"run":"{name}"}}"#);
        let expected = [
            run("first"),
            "{ }".into(),
            r#"{"kind":"end"}"#.into(),
            run("second"),
            "{ }".into(),
            r#"{"kind":"end"}"#.into(),
        ];
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), expected);
        assert_eq!(segments(dir.path()).len(), 2);
    }

    #[test]
    fn frames_close_when_full_or_asked_to_and_segments_rotate() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { frame_bytes: 1000, segment_bytes: 400, ..Options::default() };
        let (mut writer, _) = Writer::open_with(dir.path(), options).unwrap();
        let body = format!("[{}]", "1,".repeat(300) + "1");
        for number in 0..8 {
            writer.append(&Entry::Page(page(number, body.as_bytes()))).unwrap();
        }
        writer.append(&Entry::Page(page(8, b"8"))).unwrap();
        writer.flush().unwrap();
        writer.flush().unwrap();
        let frames = list_frames(dir.path()).unwrap();
        assert_eq!(frames.len(), 5, "two pages make a frame, the last is alone");
        assert_eq!(read_frame(&frames[0]).unwrap().entries().count(), 2);
        assert!(segments(dir.path()).len() > 1);
        writer.seal().unwrap();
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap().len(), 9);
    }

    #[test]
    fn huge_bodies_round_trip() {
        let dir = tempfile::tempdir().unwrap();
        let json = format!("[\"{}\"]", "ä".repeat(5_000_000));
        let text = "\"".repeat(3_000_000);
        write(dir.path(), Options::default(), &[json.as_bytes(), b"", text.as_bytes(), b"{}"]);
        assert!(bodies(Reader::open(dir.path()).unwrap()).unwrap() == [json.as_str(), "", &text, "{}"]);
        assert_eq!(list_frames(dir.path()).unwrap().len(), 3);
    }

    #[test]
    fn a_refused_entry_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, _) = Writer::open(dir.path()).unwrap();
        writer.append_run(&serde_json::json!({ "a": 1 })).unwrap();
        assert!(matches!(writer.append_run(&[1, 2]), Err(Error::NotAnObject { kind: "run" })));
        assert!(matches!(writer.append_end(&serde_json::json!({ "kind": 1 })), Err(Error::ReservedField { .. })));
        assert_eq!(writer.seal().unwrap().entries, 1);
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), [r#"{"kind":"run","v":1,"a":1}"#]);
    }

    #[test]
    fn dropping_a_writer_keeps_what_was_appended() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, _) = Writer::open(dir.path()).unwrap();
        writer.append(&Entry::Page(page(0, b"0"))).unwrap();
        drop(writer);
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), ["0"]);
    }

    #[cfg(unix)]
    #[test]
    fn there_is_one_writer_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let (writer, _) = Writer::open(dir.path()).unwrap();
        assert!(matches!(Writer::open(dir.path()), Err(Error::Locked { path }) if path == dir.path()));
        drop(writer);
        assert!(Writer::open(dir.path()).is_ok());
    }

    #[test]
    fn an_impossible_directory_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Writer::open(&file), Err(Error::Io { action: "create", path, .. }) if path == file));
    }

    /// Gives the writer a segment file that cannot be written.
    fn break_writer(writer: &mut Writer, file: File) {
        writer.segment.as_mut().unwrap().file = file;
    }

    #[test]
    fn after_a_failed_write_the_archive_holds_what_it_held_before() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, _) = Writer::open_with(dir.path(), one_entry_per_frame(u64::MAX)).unwrap();
        writer.append(&Entry::Page(page(0, b"0"))).unwrap();
        let path = segments(dir.path()).pop().unwrap();
        break_writer(&mut writer, File::open(&path).unwrap());
        let error = writer.append(&Entry::Page(page(1, b"1"))).unwrap_err();
        assert!(matches!(error, Error::Io { action: "write", path: found, .. } if found == path));
        assert!(matches!(writer.append(&Entry::Page(page(2, b"2"))), Err(Error::WriterFailed { .. })));
        assert!(matches!(writer.seal(), Err(Error::WriterFailed { .. })));
        assert_eq!(bodies(Reader::open_recovering(dir.path()).unwrap()).unwrap(), ["0"]);
        assert!(Writer::open(dir.path()).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_with_its_path() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, _) = Writer::open_with(dir.path(), one_entry_per_frame(u64::MAX)).unwrap();
        writer.append(&Entry::Page(page(0, b"0"))).unwrap();
        break_writer(&mut writer, fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let error = writer.append(&Entry::Page(page(1, b"1"))).unwrap_err();
        assert!(error.to_string().ends_with("000001.jsonl.zst"), "{error}");
        assert!(error.hint().unwrap().contains("space"));
    }

    #[test]
    fn zstdcat_reads_the_whole_archive() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), one_entry_per_frame(300), &[b"{\n}", b"<html>\n", b"", b"\xff", b"[1]"]);
        assert!(segments(dir.path()).len() > 1);
        let Ok(output) = Command::new("zstdcat").args(segments(dir.path())).output() else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0]["body"], serde_json::json!({}));
        assert_eq!(lines[3]["body_text"], "\u{fffd}");
    }
}
