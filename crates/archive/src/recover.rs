//! What to do about an archive that was left in the middle of a write.
//!
//! A crash can only tear the end of the last segment, because a segment is made durable before the next is begun. So damage
//! counts as a torn end only if no whole frame follows it; any other is reported and nothing is touched.

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use crate::entry::is_plainly_a_page;
use crate::error::Error;
use crate::frame::{Frame, Frames, MAGIC};
use crate::segment::{self, Directory, Segment};

/// How much is searched at a time for a frame behind the damage.
const SEARCH_BYTES: u64 = 1 << 20;

/// What was found, and done, when an archive was opened for writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// How many segments there are, after empty ones were removed.
    pub segments: u64,
    /// How many entries they hold.
    pub entries: u64,
    /// How many bytes of a torn end were cut from the last segment. The entries in them are lost.
    pub bytes_cut: u64,
}

/// Checks every frame, cuts a torn end and removes empty segments.
pub(crate) fn recover(directory: &Directory) -> Result<Recovery, Error> {
    let mut segments = segment::list(&directory.path)?;
    while let Some(empty) = segments.pop_if(|segment| segment.bytes == 0) {
        fs::remove_file(&empty.path).map_err(Error::io("remove", &empty.path))?;
    }
    let mut recovery = Recovery::default();
    let last = segments.pop();
    for segment in &segments {
        if let Err((error, _)) = check(segment, &mut recovery.entries)? {
            return Err(error);
        }
        recovery.segments += 1;
    }
    if let Some(last) = last {
        let mut kept = last.bytes;
        if let Err((error, frames)) = check(&last, &mut recovery.entries)? {
            let (offset, bytes) = torn_end(&frames, error)?;
            cut(&last.path, offset)?;
            recovery.bytes_cut = bytes;
            kept = offset;
        }
        if kept > 0 {
            // Its writer may have died before making it durable, and no later segment may outlive it.
            let file = OpenOptions::new().write(true).open(&last.path).map_err(Error::io("open", &last.path))?;
            file.sync_all().map_err(Error::io("sync", &last.path))?;
            recovery.segments += 1;
        }
    }
    directory.sync()?;
    Ok(recovery)
}

/// Reads all of a segment and counts its entries. The inner error is a damaged frame, with the frames from there on.
fn check(segment: &Segment, entries: &mut u64) -> Result<Result<(), (Error, Frames)>, Error> {
    let mut frames = Frames::open(&segment.path, 0)?;
    let mut frame = Frame::new();
    loop {
        match frames.next(&mut frame) {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(())),
            Err(error @ Error::Damaged { .. }) => return Ok(Err((error, frames))),
            Err(error) => return Err(error),
        }
        for (number, line) in (1..).zip(frame.as_str().split_terminator('\n')) {
            // A newer archive is refused before anything of it is cut.
            if !is_plainly_a_page(line) {
                frame.parse(number, line)?;
            }
            *entries += 1;
        }
    }
}

/// Where the torn end of a segment begins and how many bytes it has, if that is what `error` says; else the error.
pub(crate) fn torn_end(frames: &Frames, error: Error) -> Result<(u64, u64), Error> {
    match error {
        Error::Damaged { offset, damage, .. }
            if damage.is_tear() && !whole_frame_follows(frames.path(), offset + 1)? =>
        {
            let bytes = frames.file().metadata().map_err(Error::io("read", frames.path()))?.len();
            Ok((offset, bytes.saturating_sub(offset)))
        }
        error => Err(error),
    }
}

/// Whether a whole frame begins anywhere from `offset` on.
fn whole_frame_follows(path: &Arc<Path>, offset: u64) -> Result<bool, Error> {
    let mut file = fs::File::open(path).map_err(Error::io("open", path))?;
    file.seek(SeekFrom::Start(offset)).map_err(Error::io("read", path))?;
    let mut window = Vec::new();
    let mut window_offset = offset;
    loop {
        let read = (&file).take(SEARCH_BYTES).read_to_end(&mut window).map_err(Error::io("read", path))?;
        if read == 0 {
            return Ok(false);
        }
        for (found, bytes) in (window_offset..).zip(window.windows(MAGIC.len())) {
            if bytes == MAGIC && Frames::open(path, found)?.begins_with_whole_frame()? {
                return Ok(true);
            }
        }
        // The first bytes of a frame may be the last of the window.
        let searched = window.len().saturating_sub(MAGIC.len() - 1);
        window.drain(..searched);
        window_offset += u64::try_from(searched).unwrap_or(u64::MAX);
    }
}

/// Cuts the file at `offset` for good; a file of which nothing is left is removed.
fn cut(path: &Path, offset: u64) -> Result<(), Error> {
    if offset == 0 {
        return fs::remove_file(path).map_err(Error::io("remove", path));
    }
    let file = OpenOptions::new().write(true).open(path).map_err(Error::io("open", path))?;
    file.set_len(offset).and_then(|()| file.sync_all()).map_err(Error::io("cut the torn end of", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bodies, one_entry_per_frame, page, segments, write};
    use crate::{Damage, Entry, Options, Reader, Writer, list_frames};
    use proptest::prelude::*;
    use std::path::PathBuf;

    /// An archive of two segments, each with several frames; gives back the last segment's path and bytes.
    fn two_segments(dir: &Path, options: Options) -> (PathBuf, Vec<u8>) {
        write(dir, options, &[b"0", b"{\"data\":[1]}"]);
        write(dir, options, &[b"2", b"\"three\"", b"<4>"]);
        let last = segments(dir).pop().unwrap();
        let bytes = fs::read(&last).unwrap();
        (last, bytes)
    }

    const BODIES: [&str; 5] = ["0", "{\"data\":[1]}", "2", "\"three\"", "<4>"];

    #[test]
    fn an_archive_cut_at_any_byte_keeps_its_whole_frames_and_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let options = one_entry_per_frame(u64::MAX);
        let (last, bytes) = two_segments(dir.path(), options);
        let mut ends: Vec<u64> = vec![0];
        for frame in list_frames(dir.path()).unwrap().iter().filter(|frame| *frame.segment == *last) {
            ends.push(frame.offset + frame.compressed_len);
        }
        assert_eq!(ends.len(), 4);
        for length in 0..=bytes.len() {
            fs::write(&last, &bytes[..length]).unwrap();
            let length = length as u64;
            let whole = ends.iter().rposition(|end| *end <= length).unwrap();
            let torn = length - ends[whole];
            let mut expected = BODIES[..2 + whole].to_vec();

            let strict = bodies(Reader::open(dir.path()).unwrap());
            assert_eq!(strict.is_err(), torn > 0, "{length}");
            assert_eq!(bodies(Reader::open_recovering(dir.path()).unwrap()).unwrap(), expected, "{length}");

            let (mut writer, recovery) = Writer::open_with(dir.path(), options).unwrap();
            let entries = expected.len() as u64;
            let remaining = if whole == 0 { 1 } else { 2 };
            assert_eq!(recovery, Recovery { segments: remaining, entries, bytes_cut: torn }, "{length}");
            writer.append(&Entry::Page(page(9, b"9"))).unwrap();
            writer.seal().unwrap();
            expected.push("9");
            assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), expected, "{length}");
            fs::remove_file(segments(dir.path()).pop().unwrap()).unwrap();
        }
    }

    #[test]
    fn a_changed_byte_anywhere_but_in_the_last_frame_is_an_error_naming_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let options = one_entry_per_frame(u64::MAX);
        two_segments(dir.path(), options);
        let frames = list_frames(dir.path()).unwrap();
        let (_, all_but_last) = frames.split_last().unwrap();
        for frame in all_but_last {
            let sound = fs::read(&frame.segment).unwrap();
            for index in frame.offset..frame.offset + frame.compressed_len {
                let mut bytes = sound.clone();
                bytes[usize::try_from(index).unwrap()] ^= 0xFF;
                fs::write(&frame.segment, &bytes).unwrap();
                for error in [
                    Writer::open_with(dir.path(), options).map(|_| ()).unwrap_err(),
                    bodies(Reader::open_recovering(dir.path()).unwrap()).unwrap_err(),
                ] {
                    let Error::Damaged { path, offset, .. } = error else { panic!("{error}") };
                    assert_eq!((&*path, offset), (&*frame.segment, frame.offset), "byte {index}");
                }
                assert_eq!(fs::read(&frame.segment).unwrap(), bytes, "an error must change nothing");
            }
            fs::write(&frame.segment, &sound).unwrap();
        }
    }

    #[test]
    fn a_corrupt_last_frame_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        let options = one_entry_per_frame(u64::MAX);
        let (last, mut bytes) = two_segments(dir.path(), options);
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&last, &bytes).unwrap();
        assert!(bodies(Reader::open(dir.path()).unwrap()).is_err());
        let (writer, recovery) = Writer::open_with(dir.path(), options).unwrap();
        drop(writer);
        assert_eq!((recovery.entries, recovery.segments), (4, 2));
        assert!(recovery.bytes_cut > 0);
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), BODIES[..4]);
    }

    #[test]
    fn zeros_that_a_power_cut_left_are_cut() {
        let dir = tempfile::tempdir().unwrap();
        let options = one_entry_per_frame(u64::MAX);
        let (last, mut bytes) = two_segments(dir.path(), options);
        bytes.resize(bytes.len() + 3_000_000, 0);
        fs::write(&last, &bytes).unwrap();
        let (_, recovery) = Writer::open_with(dir.path(), options).unwrap();
        assert_eq!(recovery, Recovery { segments: 2, entries: 5, bytes_cut: 3_000_000 });
    }

    #[test]
    fn a_frame_that_ends_within_a_line_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        let (last, mut bytes) = two_segments(dir.path(), Options::default());
        bytes.extend(zstd::bulk::compress(b"{\"kind\":\"end\"}\n{\"ki", 3).unwrap());
        fs::write(&last, &bytes).unwrap();
        let (_, recovery) = Writer::open_with(dir.path(), Options::default()).unwrap();
        assert_eq!(recovery.entries, 5);
        assert!(recovery.bytes_cut > 0);
    }

    #[test]
    fn what_no_crash_leaves_is_never_cut() {
        for (text, damage) in [(&b"\xff\n"[..], Some(Damage::NotText)), (b"{\"kind\":\"run\",\"v\":2}\n", None)] {
            let dir = tempfile::tempdir().unwrap();
            let (last, mut bytes) = two_segments(dir.path(), Options::default());
            bytes.extend(zstd::bulk::compress(text, 3).unwrap());
            bytes.extend(b"torn");
            fs::write(&last, &bytes).unwrap();
            match (Writer::open(dir.path()).map(|_| ()).unwrap_err(), damage) {
                (Error::Damaged { damage: found, .. }, Some(expected)) => assert_eq!(found, expected),
                (Error::NewerFormat { found: 2, path }, None) => assert_eq!(path, last),
                (error, _) => panic!("{error}"),
            }
            assert_eq!(fs::read(&last).unwrap(), bytes);
        }
    }

    #[test]
    fn empty_segments_are_removed_and_their_numbers_used_again() {
        let dir = tempfile::tempdir().unwrap();
        two_segments(dir.path(), Options::default());
        let before = segments(dir.path());
        fs::write(segment::path_of(dir.path(), 3), "").unwrap();
        fs::write(segment::path_of(dir.path(), 4), "").unwrap();
        assert_eq!(bodies(Reader::open(dir.path()).unwrap()).unwrap(), BODIES);
        let (writer, recovery) = Writer::open(dir.path()).unwrap();
        assert_eq!(recovery, Recovery { segments: 2, entries: 5, bytes_cut: 0 });
        assert_eq!(segments(dir.path()), before);
        writer.seal().unwrap();
        assert_eq!(segments(dir.path()), before, "nothing written, nothing created");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Whatever was written, and wherever the end was torn: a prefix, and never anything else.
        #[test]
        fn a_torn_archive_reads_as_a_prefix(
            written in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..12),
            frame_bytes in 1_usize..2000,
            cut in any::<prop::sample::Index>(),
            garbage in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let options = Options { frame_bytes, segment_bytes: 800, ..Options::default() };
            let written: Vec<&[u8]> = written.iter().map(Vec::as_slice).collect();
            write(dir.path(), options, &written);
            let whole = bodies(Reader::open(dir.path()).unwrap()).unwrap();
            prop_assert_eq!(whole.len(), written.len());

            let last = segments(dir.path()).pop().unwrap();
            let mut bytes = fs::read(&last).unwrap();
            bytes.truncate(cut.index(bytes.len() + 1));
            bytes.extend(&garbage);
            fs::write(&last, &bytes).unwrap();
            let (_, recovery) = Writer::open_with(dir.path(), options).unwrap();
            let kept = bodies(Reader::open(dir.path()).unwrap()).unwrap();
            prop_assert_eq!(kept.len() as u64, recovery.entries);
            prop_assert!(whole.starts_with(&kept));
        }

        /// A single changed bit is an error, or a shorter archive, or changed nothing that matters.
        #[test]
        fn a_changed_bit_never_changes_an_entry(position in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let dir = tempfile::tempdir().unwrap();
            let (last, mut bytes) = two_segments(dir.path(), one_entry_per_frame(u64::MAX));
            let index = position.index(bytes.len());
            bytes[index] ^= 1_u8 << bit;
            fs::write(&last, &bytes).unwrap();
            match bodies(Reader::open_recovering(dir.path()).unwrap()) {
                Ok(read) => prop_assert!(BODIES.map(str::to_owned).starts_with(&read) && read.len() >= 4),
                Err(Error::Damaged { path, .. }) => prop_assert_eq!(path, last),
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}
