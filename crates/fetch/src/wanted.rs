//! Files to be downloaded, as the records of an archive tell.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use asana_archive::{Entry, File, Page, Reader};
use asana_model::catalog::{self, Files, Gives, RESOURCES};
use asana_model::raw::Object;
use asana_model::{FileOutcome, GidSet};

use crate::page;

/// A file that Asana holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileSeen {
    pub(crate) gid: String,
    pub(crate) name: String,
    /// In bytes, where the record says it.
    pub(crate) size: Option<u64>,
}

/// Files and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Volume {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

impl Volume {
    pub(crate) fn add(&mut self, size: Option<u64>) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(size.unwrap_or(0));
    }

    pub(crate) fn take(&mut self, others: Volume) {
        self.files += others.files;
        self.bytes = self.bytes.saturating_add(others.bytes);
    }
}

impl FileSeen {
    /// The file that a record stands for, if it stands for one that Asana holds.
    pub(crate) fn of(files: &Files, object: &Object<'_>) -> Option<Self> {
        let (field, held) = files.held;
        if object.text(field).as_deref() != Some(held) {
            return None;
        }
        Some(Self {
            gid: object.gid()?.into_owned(),
            name: object.text(files.name).unwrap_or_default().into_owned(),
            size: object.get(files.size).and_then(|size| size.parse().ok()),
        })
    }
}

/// What the archive says about files so far.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The objects, by resource, whose files need no download any more.
    settled: HashMap<usize, GidSet>,
    pub(crate) wanted: Volume,
}

/// A file with what to do about it.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The place of the record's resource in the catalogue.
    pub(crate) resource: usize,
    pub(crate) file: FileSeen,
}

/// Reads an archive twice: the first time for what is settled, and how much is left.
///
/// Nothing but that is kept in memory, and the gids of files. A writer may append meanwhile: what it appends now is not
/// waited for.
#[derive(Debug, Clone)]
pub(crate) struct Survey {
    pub(crate) archive: PathBuf,
    /// The export's folder.
    pub(crate) folder: PathBuf,
    /// Those that were asked for.
    pub(crate) resources: BTreeSet<&'static str>,
}

impl Survey {
    /// What is settled, and how much is wanted still.
    pub(crate) fn first(&self) -> Result<Known, asana_archive::Error> {
        let mut known = Known::default();
        let mut reader = Reader::open_recovering(&self.archive)?;
        while let Some(entry) = reader.next_entry()? {
            let Entry::File(note) = entry else { continue };
            let Some(resource) = RESOURCES.iter().position(|one| one.name == note.of) else { continue };
            // The last note of a file counts. After a failure it may go better now.
            let outcome = FileOutcome::parse(&note.outcome);
            let needs_none = matches!(outcome, Some(FileOutcome::Stored | FileOutcome::TooLarge));
            let settled = known.settled.entry(resource).or_default();
            if needs_none && self.is_true(&note) {
                settled.insert(&note.gid);
            } else {
                settled.remove(&note.gid);
            }
        }
        let mut wanted = Volume::default();
        self.each(&known, |one| {
            wanted.add(one.file.size);
            true
        })?;
        Ok(Known { wanted, ..known })
    }

    /// Hands every wanted file to `take`, once, until it says that it wants no more.
    pub(crate) fn each(&self, known: &Known, mut take: impl FnMut(Wanted) -> bool) -> Result<(), asana_archive::Error> {
        let mut seen: HashMap<usize, GidSet> = HashMap::new();
        let mut reader = Reader::open_recovering(&self.archive)?;
        while let Some(entry) = reader.next_entry()? {
            let Entry::Page(page) = entry else { continue };
            let Some((resource, files)) = self.stands_for_files(&page) else { continue };
            let Ok(envelope) = page::decode(page.body.as_str().as_bytes()) else { continue };
            for file in envelope.records.into_iter().filter_map(|record| FileSeen::of(files, &Object::parse(record)?)) {
                // The first record that names a file counts, so that it is called the same in every run.
                let is_new = seen.entry(resource).or_default().insert(&file.gid);
                let is_settled = known.settled.get(&resource).is_some_and(|settled| settled.contains(&file.gid));
                if !is_new || is_settled {
                    continue;
                }
                if !take(Wanted { resource, file }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether the file of a note is there, as large as it was; a note without one is true.
    fn is_true(&self, note: &File<'_>) -> bool {
        note.path.as_deref().is_none_or(|path| {
            let found = std::fs::symlink_metadata(self.folder.join(path));
            found.is_ok_and(|found| found.is_file() && found.len() == note.bytes.unwrap_or(0))
        })
    }

    /// The files of the records on a page, and their resource.
    fn stands_for_files(&self, page: &Page<'_>) -> Option<(usize, &'static Files)> {
        if !(200..300).contains(&page.status) {
            return None;
        }
        let (resource, listing) = catalog::listing(&page.listing)?;
        let holds_records = !matches!(listing.gives, Gives::Gids(_)) && self.resources.contains(resource.name);
        let files = resource.files().filter(|_| holds_records)?;
        Some((RESOURCES.iter().position(|one| one.name == resource.name)?, files))
    }
}

#[cfg(test)]
mod tests {
    use asana_archive::{Body, Writer};

    use super::*;

    fn files() -> &'static Files {
        catalog::resource("attachments").and_then(catalog::Resource::files).unwrap()
    }

    #[test]
    fn only_what_asana_holds_is_a_file() {
        let seen = |record| FileSeen::of(files(), &Object::parse(record)?);
        let file = seen(r#"{"gid":"1","host":"asana","name":"a","size":7}"#).unwrap();
        assert_eq!(file, FileSeen { gid: "1".into(), name: "a".into(), size: Some(7) });
        assert_eq!(seen(r#"{"gid":"1","host":"asana","size":null}"#).unwrap().size, None);
        for other in [r#"{"gid":"1","host":"gdrive"}"#, r#"{"gid":"1"}"#, r#"{"host":"asana"}"#, "[]"] {
            assert_eq!(seen(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_settled_and_there_is_not_wanted_again() {
        let dir = tempfile::tempdir().unwrap();
        let (archive, folder) = (dir.path().join("archive"), dir.path());
        let (mut writer, _) = Writer::open(&archive).unwrap();
        let record = |gid, size| format!(r#"{{"gid":"{gid}","host":"asana","name":"n","size":{size}}}"#);
        let records = ["1", "2", "3", "4", "5", "1"].map(|gid| record(gid, 3)).join(",");
        let body = format!(r#"{{"data":[{records}]}}"#);
        let page = Page {
            listing: "attachments_of_task".into(),
            parent: Some("9".into()),
            variant: None,
            page: 0,
            first: 0,
            last: true,
            path: "".into(),
            at: "".into(),
            status: 200,
            body: Body::received(body.as_bytes()),
        };
        writer.append(&Entry::Page(page)).unwrap();
        std::fs::write(folder.join("1-n"), "abc").unwrap();
        std::fs::write(folder.join("3-n"), "ab").unwrap();
        let notes = [("1", "stored"), ("2", "stored"), ("3", "stored"), ("4", "too_large"), ("5", "failed")];
        for (gid, outcome) in notes {
            let file = File {
                of: "attachments".into(),
                gid: gid.into(),
                outcome: outcome.into(),
                path: (outcome == "stored").then(|| format!("{gid}-n").into()),
                bytes: Some(3),
                ..File::default()
            };
            writer.append(&Entry::File(file)).unwrap();
        }
        writer.sync().unwrap();
        let survey = Survey { archive, folder: folder.to_owned(), resources: ["attachments"].into() };
        let known = survey.first().unwrap();
        assert_eq!(known.wanted, Volume { files: 3, bytes: 9 });
        let mut wanted = Vec::new();
        survey
            .each(&known, |one| {
                wanted.push(one.file.gid);
                true
            })
            .unwrap();
        assert_eq!(wanted, ["2", "3", "5"], "one is gone, one is short, one failed");
    }
}
