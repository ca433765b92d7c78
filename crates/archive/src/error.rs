//! What can go wrong with an archive, and what its owner can do about it.
//!
//! A variant exists because its reader acts differently on it. Every message names the file; none repeats its source,
//! because the caller prints the whole chain once.

use std::io;
use std::path::{Path, PathBuf};

/// Why an archive could not be written, read or recovered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused: no such directory, no permission, disk full.
    #[error("cannot {action} {}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },

    /// The file's bytes are not what was written. `offset` is where the damaged frame begins, in bytes.
    #[error("{} is damaged at byte {offset}: {damage}", path.display())]
    Damaged { path: PathBuf, offset: u64, damage: Damage },

    /// Segments are numbered from 1 without gaps; this one is not there.
    #[error("{} is missing from the archive", path.display())]
    MissingSegment { path: PathBuf },

    /// The archive was written by a later version of this tool.
    #[error("{} is in archive format {found}, this version reads up to format {}", path.display(), crate::FORMAT)]
    NewerFormat { found: u64, path: PathBuf },

    /// An undamaged line that is no entry. `line` counts from 1 within the frame at byte `offset`.
    #[error("{} has no valid entry in line {line} of the frame at byte {offset}", path.display())]
    Malformed { path: PathBuf, offset: u64, line: usize, source: serde_json::Error },

    /// Another process holds the archive open for writing.
    #[error("{} is being written by another process", path.display())]
    Locked { path: PathBuf },

    /// An earlier write failed, so what is on disk is unknown; only opening the archive again can tell.
    #[error("nothing more can be written to {} after a failed write", path.display())]
    WriterFailed { path: PathBuf },

    /// The entry does not fit in a frame that a reader would accept.
    #[error("an entry of {bytes} bytes is too large, the limit is {} bytes", crate::MAX_FRAME_BYTES)]
    EntryTooLarge { bytes: usize },

    /// The value could not be turned into JSON.
    #[error("cannot turn the entry into JSON")]
    Unserializable { source: serde_json::Error },

    /// A run header or a run's end has to be a JSON object.
    #[error("a {kind} entry has to be a JSON object")]
    NotAnObject { kind: &'static str },

    /// The fields `kind` and `v` are the archive's own.
    #[error("a {kind} entry may not have the fields `kind` and `v`")]
    ReservedField { kind: &'static str },
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("the file ends within a frame")]
    Incomplete,
    #[error("no frame begins here")]
    NotAFrame,
    /// zstd's own words, such as a checksum that does not match.
    #[error("the frame cannot be decompressed ({0})")]
    Undecodable(&'static str),
    #[error("the frame ends within a line")]
    PartialLine,
    #[error("the frame is not UTF-8 text")]
    NotText,
    #[error("the frame holds more than {} bytes", crate::MAX_FRAME_BYTES)]
    TooLarge,
}

impl Damage {
    /// Whether an interrupted write can leave this behind. The others were written whole by something else than us.
    pub(crate) fn is_tear(self) -> bool {
        match self {
            Self::Incomplete | Self::NotAFrame | Self::Undecodable(_) | Self::PartialLine => true,
            Self::NotText | Self::TooLarge => false,
        }
    }
}

impl Error {
    /// What the owner of the archive can do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("free some space and run the same command again: pages already written are kept")
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("the archive belongs to the user who made it: run as that user, or choose another folder")
            }
            Self::Damaged { .. } => Some(
                "an end torn by a crash is cut when the export is run again; anything else has to be restored from a \
                 backup, or the archive moved away and fetched again",
            ),
            Self::MissingSegment { .. } => {
                Some("restore the file from a backup, or move the archive away and fetch again")
            }
            Self::NewerFormat { .. } => Some("use the version of this tool that wrote the archive, or a later one"),
            Self::Locked { .. } => Some("wait for the other run to end, or choose another folder"),
            Self::WriterFailed { .. } => Some("open the archive again: its torn end is then cut"),
            _ => None,
        }
    }

    /// For `map_err`: the operating system's error with what was tried on which path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_file_and_never_repeat_their_source() {
        let full = Error::io("write", Path::new("archive/000001.jsonl.zst"))(io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "cannot write archive/000001.jsonl.zst");
        assert!(full.hint().is_some_and(|hint| hint.contains("space")));
        let newer = Error::NewerFormat { found: 7, path: "000001.jsonl.zst".into() };
        assert_eq!(newer.to_string(), "000001.jsonl.zst is in archive format 7, this version reads up to format 1");
        let damaged = Error::Damaged { path: "a".into(), offset: 12, damage: Damage::Undecodable("bad checksum") };
        assert_eq!(damaged.to_string(), "a is damaged at byte 12: the frame cannot be decompressed (bad checksum)");
    }
}
