//! A finished export whose tables are built again.
//!
//! A file with the bytes that it would get is left alone, down to its date. Before the first one that differs takes its
//! name, the manifest is moved aside: a folder with a manifest is a whole export at any moment. When everything is
//! there, what the new manifest does not list goes, and the new manifest comes. Stopped in between, the folder is
//! opened by the manifest that was moved aside, and the work is done again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::describe;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::manifest::{MANIFEST, MANIFEST_ASIDE, MANIFEST_CHECKSUM, Manifest, checksum_line};
use crate::output::sync_folder;
use crate::sink::Format;

/// A finished export that nobody else touches while its files are replaced.
#[derive(Debug)]
pub struct Update {
    folder: Folder,
    earlier: Manifest,
    /// The manifest was moved aside.
    changed: AtomicBool,
}

impl Update {
    /// Opens the export in `folder`.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::NotFinished`], [`Error::Locked`], and those of [`Manifest::read`].
    pub fn begin(folder: &Path) -> Result<Self> {
        let folder = Folder::of_finished(folder)?;
        let aside = folder.path().join(MANIFEST_ASIDE);
        let stopped = !folder.path().join(MANIFEST).exists();
        let bytes = if stopped {
            fs::read(&aside).map_err(Error::io("read", &aside))?
        } else {
            // Left over, if it is there: the new manifest was written.
            folder::remove(&aside)?;
            Manifest::bytes(folder.path())?
        };
        let earlier = Manifest::parse(&bytes, folder.path())?;
        Ok(Self { folder, earlier, changed: AtomicBool::new(stopped) })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The manifest as it was found.
    pub fn earlier(&self) -> &Manifest {
        &self.earlier
    }

    /// Takes note that a file is about to change.
    pub(crate) fn changing(&self) -> Result<()> {
        if self.changed.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let (manifest, aside) = (self.path().join(MANIFEST), self.path().join(MANIFEST_ASIDE));
        fs::rename(&manifest, &aside).map_err(Error::write_access("rename", &manifest))?;
        sync_folder(self.path())
    }

    /// Removes what `manifest` does not list of tables and writes it; says whether anything changed.
    pub fn finish(&self, manifest: &Manifest) -> Result<bool> {
        for extra in self.extra(manifest)? {
            self.changing()?;
            folder::remove(&extra)?;
        }
        let json = manifest.to_json(self.path())?;
        if !self.is_written(&json) {
            self.changing()?;
        }
        if self.changed.load(Ordering::Relaxed) {
            manifest.write(&self.folder)?;
            folder::remove(&self.path().join(MANIFEST_ASIDE))?;
            sync_folder(self.path())?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether the manifest and its checksum have these bytes already.
    fn is_written(&self, json: &[u8]) -> bool {
        let holds = |name, bytes: &[u8]| fs::read(self.path().join(name)).is_ok_and(|found| found == bytes);
        holds(MANIFEST, json) && holds(MANIFEST_CHECKSUM, checksum_line(json).as_bytes())
    }

    /// What lies where tables and their descriptions do and is not listed; of a folder in which nothing is, the folder.
    fn extra(&self, manifest: &Manifest) -> Result<Vec<PathBuf>> {
        let listed: BTreeSet<&str> = manifest.files().map(|(file, ..)| file).collect();
        let mut extra = Vec::new();
        for place in Format::places().chain(describe::PLACES) {
            self.extra_in(place, &listed, &mut extra)?;
        }
        Ok(extra)
    }

    /// Adds what is not listed of `place`, which is relative and has `/`.
    fn extra_in(&self, place: &str, listed: &BTreeSet<&str>, extra: &mut Vec<PathBuf>) -> Result<()> {
        let path = self.path().join(place);
        let within = format!("{place}/");
        let leads_to_listed = listed.range(within.as_str()..).next().is_some_and(|next| next.starts_with(&within));
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() && leads_to_listed => {
                for name in folder::names(&path).map_err(Error::io("read", &path))? {
                    self.extra_in(&format!("{within}{name}"), listed, extra)?;
                }
            }
            Ok(_) if !listed.contains(place) => extra.push(path),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("read", &path)(error)),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Arc;

    use super::*;
    use crate::folder::Fresh;
    use crate::manifest::tests::manifest;
    use crate::output::Output;

    /// A finished export of one file, `csv/tasks.csv`.
    fn finished() -> tempfile::TempDir {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path(), Fresh::Keep).unwrap();
        fs::create_dir(parent.path().join("csv")).unwrap();
        fs::write(parent.path().join("csv/tasks.csv"), "gid\n").unwrap();
        manifest().write(&folder).unwrap();
        parent
    }

    fn write(update: &Arc<Update>, content: &str) {
        let mut output = Output::replace(update.path().join("csv/tasks.csv"), update).unwrap();
        output.write_all(content.as_bytes()).unwrap();
        output.commit().unwrap();
    }

    #[test]
    fn what_is_the_same_stays_as_it_is() {
        let parent = finished();
        let file = parent.path().join("csv/tasks.csv");
        let dates =
            || [&file, &parent.path().join(MANIFEST)].map(|path| fs::metadata(path).unwrap().modified().unwrap());
        let before = dates();
        let update = Arc::new(Update::begin(parent.path()).unwrap());
        write(&update, "gid\n");
        assert!(!update.finish(&manifest()).unwrap());
        assert_eq!(dates(), before);
        assert_eq!(folder::names(&parent.path().join("csv")).unwrap(), ["tasks.csv"]);
    }

    #[test]
    fn while_a_file_changes_there_is_no_manifest() {
        let parent = finished();
        let update = Arc::new(Update::begin(parent.path()).unwrap());
        write(&update, "gid\n1\n");
        assert!(matches!(Manifest::read(parent.path()), Err(Error::NotFinished { .. })));
        // Stopped here, it can be begun again.
        drop(update);
        let update = Arc::new(Update::begin(parent.path()).unwrap());
        assert_eq!(update.earlier(), &manifest());
        write(&update, "gid\n1\n");
        assert!(update.finish(&manifest()).unwrap());
        assert_eq!(Manifest::read(parent.path()).unwrap(), manifest());
        assert!(!parent.path().join(MANIFEST_ASIDE).exists());
    }

    #[test]
    fn files_that_are_listed_no_more_go() {
        let parent = finished();
        let others = ["csv/users.csv", "csv/.tasks.csv.partial", "jsonl/tasks.jsonl", "notes/mine.txt"];
        for path in others.into_iter().chain(["sql/duckdb/load.sql", "datapackage.json"]) {
            let path = parent.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let update = Update::begin(parent.path()).unwrap();
        assert!(update.finish(&manifest()).unwrap());
        assert_eq!(folder::names(&parent.path().join("csv")).unwrap(), ["tasks.csv"]);
        for gone in ["jsonl", "sql", "datapackage.json"] {
            assert!(!parent.path().join(gone).exists(), "{gone}");
        }
        assert!(parent.path().join("notes/mine.txt").exists());
    }

    #[test]
    fn a_folder_that_is_no_finished_export_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("mine.txt"), "x").unwrap();
        assert!(matches!(Update::begin(parent.path()), Err(Error::NotFinished { .. })));
        assert_eq!(folder::names(parent.path()).unwrap(), ["mine.txt"]);
        let open = finished();
        let _open = Update::begin(open.path()).unwrap();
        assert!(matches!(Update::begin(open.path()), Err(Error::Locked { .. })));
    }
}
