//! What became of files, on its way to the rows of the records that stand for them.
//!
//! The archive tells it in the order of the downloads, rows are written in the order of their gids: so the notes are sorted
//! like the records, and both are read in step.

use std::path::Path;

use asana_archive::File;
use asana_export::{Error as ExportError, Merge, Sorter};
use asana_model::FileOutcome;
use asana_transform::KeptFile;
use serde::{Deserialize, Serialize};

/// The notes about the files of one kind of record.
pub(super) struct Notes {
    of: &'static str,
    sorter: Sorter,
}

/// How many files there are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) stored: u64,
    /// Of those stored.
    pub(crate) bytes: u64,
    pub(crate) failed: u64,
    pub(crate) too_large: u64,
}

/// A note as it is sorted.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    outcome: String,
    path: Option<String>,
    bytes: Option<u64>,
    sha256: Option<String>,
}

impl Notes {
    pub(super) fn new(of: &'static str, temp: &Path, memory_bytes: usize) -> Self {
        Self { of, sorter: Sorter::new(temp, memory_bytes) }
    }

    /// Takes a note; of several about one file, the last counts.
    pub(super) fn take(&mut self, file: &File<'_>, sequence: u64) -> Result<(), ExportError> {
        if file.of != self.of {
            return Ok(());
        }
        let note = Note {
            outcome: file.outcome.to_string(),
            path: file.path.as_deref().map(str::to_owned),
            bytes: file.bytes,
            sha256: file.sha256.as_deref().map(str::to_owned),
        };
        // Text and numbers always are JSON.
        let payload = serde_json::to_vec(&note).unwrap_or_default();
        self.sorter.push(file.gid.as_bytes(), 0, sequence, &payload)
    }

    pub(super) fn finish(self) -> Result<InStep, ExportError> {
        Ok(InStep { merge: self.sorter.finish()?, next: None, kept: Kept::default() })
    }
}

/// The notes in the order of their gids.
pub(super) struct InStep {
    merge: Merge,
    /// The note at hand, if its record has not come yet.
    next: Option<(Vec<u8>, Note)>,
    kept: Kept,
}

impl InStep {
    /// The copy of a record's file. Records have to come in the order of their gids.
    pub(super) fn file(&mut self, gid: &str) -> Result<Option<KeptFile<'static>>, ExportError> {
        loop {
            if self.next.is_none() && !self.advance()? {
                return Ok(None);
            }
            match self.next.as_ref().map(|(next, _)| next.as_slice().cmp(gid.as_bytes())) {
                Some(std::cmp::Ordering::Greater) | None => return Ok(None),
                Some(std::cmp::Ordering::Less) => self.next = None,
                Some(std::cmp::Ordering::Equal) => return Ok(self.next.take().and_then(|(_, note)| note.kept())),
            }
        }
    }

    /// How many files there are, those without a record included.
    pub(super) fn end(mut self) -> Result<Kept, ExportError> {
        while self.advance()? {}
        Ok(self.kept)
    }

    fn advance(&mut self) -> Result<bool, ExportError> {
        let Some(entry) = self.merge.next_winner()? else { return Ok(false) };
        let Ok(note) = serde_json::from_slice::<Note>(entry.payload) else { return Ok(true) };
        match FileOutcome::parse(&note.outcome) {
            Some(FileOutcome::Stored) => {
                self.kept.stored += 1;
                self.kept.bytes += note.bytes.unwrap_or(0);
            }
            Some(FileOutcome::Failed) => self.kept.failed += 1,
            Some(FileOutcome::TooLarge) => self.kept.too_large += 1,
            None => {}
        }
        self.next = Some((entry.key.to_vec(), note));
        Ok(true)
    }
}

impl Note {
    fn kept(self) -> Option<KeptFile<'static>> {
        if FileOutcome::parse(&self.outcome) != Some(FileOutcome::Stored) {
            return None;
        }
        Some(KeptFile { path: self.path?.into(), bytes: self.bytes?, sha256: self.sha256?.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(told: &[(&'static str, &'static str, u64)]) -> InStep {
        let temp = tempfile::tempdir().unwrap();
        let mut notes = Notes::new("attachments", temp.path(), 1 << 20);
        for (sequence, (gid, outcome, bytes)) in (0..).zip(told) {
            let stored = *outcome == "stored";
            let file = File {
                of: "attachments".into(),
                gid: (*gid).into(),
                outcome: (*outcome).into(),
                path: stored.then(|| format!("attachments/{gid}").into()),
                bytes: Some(*bytes),
                sha256: stored.then(|| "ab".into()),
                ..File::default()
            };
            notes.take(&file, sequence).unwrap();
            notes.take(&File { of: "others".into(), ..file }, sequence).unwrap();
        }
        notes.finish().unwrap()
    }

    #[test]
    fn each_record_gets_its_own_file_and_the_last_word_counts() {
        let mut notes = notes(&[
            ("30", "stored", 3),
            ("7", "failed", 0),
            ("12", "stored", 5),
            ("9", "stored", 1),
            ("30", "failed", 0),
        ]);
        let mut bytes = |gid| notes.file(gid).unwrap().map(|file| file.bytes);
        // In the order of bytes, with records that have no file.
        assert_eq!(["11", "12", "13", "30", "7", "8"].map(&mut bytes), [None, Some(5), None, None, None, None]);
        assert_eq!(notes.end().unwrap(), Kept { stored: 2, bytes: 6, failed: 2, too_large: 0 });
    }

    #[test]
    fn without_notes_no_record_has_a_file() {
        let mut notes = notes(&[]);
        assert_eq!(notes.file("1").unwrap(), None);
        assert_eq!(notes.end().unwrap(), Kept::default());
    }
}
