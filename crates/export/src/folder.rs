//! The export folder: whether it is ours, who may write to it, and what a run finds in it.
//!
//! A folder with a manifest is a finished export; one with an archive but no manifest is an interrupted run to go on
//! with. Only names that this tool writes are ever removed, and only from a folder that is certainly its own. An advisory
//! lock, which the system drops when the process dies, keeps a second run out.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use asana_model::catalog::RESOURCES;

use crate::checksum;
use crate::describe;
use crate::error::{Error, Result};
use crate::manifest::{Archive, MANIFEST, MANIFEST_ASIDE, MANIFEST_CHECKSUM, Manifest, SegmentReport};
use crate::output::{Output, Written, sync_folder};
use crate::private;
use crate::sink::Format;

const LOCK: &str = ".lock";
/// Stands in [`LOCK`], so that an interrupted export is known as ours.
const MARKER: &[u8] = b"asana-workspace export folder\n";
const ARCHIVE: &str = "archive";
/// How the names of the archive's segments end; by them it is told from another `archive` folder.
const SEGMENT: &str = ".jsonl.zst";
const TEMPORARY: &str = ".tmp";
/// What is made from the archive, besides what each format and the descriptions have.
const DERIVED: [&str; 5] =
    [MANIFEST_CHECKSUM, ".manifest.json.sha256.partial", ".manifest.json.partial", MANIFEST_ASIDE, AUDIT];
/// What is made of a finished export, and is no part of it.
const AUDIT: &str = "audit";
/// What systems leave in folders and on mounted disks; a folder with only this is empty.
const DEBRIS: [&str; 4] = ["lost+found", ".DS_Store", "Thumbs.db", "desktop.ini"];

/// What to do with an export that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fresh {
    /// Go on with an interrupted one; leave a finished one alone.
    #[default]
    Keep,
    /// Remove it, finished or not.
    Start,
    /// Go on with it, finished or not. What is there of a finished one stays until [`Folder::reopen`].
    Reopen,
}

/// An export folder that nobody else writes to while this value lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Never read: it is there to be locked.
    _lock: File,
}

impl Folder {
    /// Opens the folder for a run, creating it (for its owner alone, on Unix) if it is not there.
    ///
    /// The archive of an interrupted run and the files that it downloaded are kept, unless with [`Fresh::Start`]; tables
    /// that it had begun are removed.
    ///
    /// # Errors
    /// [`Error::NotAFolder`]; [`Error::Foreign`] when it has content that this tool did not make; [`Error::Locked`];
    /// [`Error::NotWritable`]; and, with [`Fresh::Keep`], [`Error::Finished`].
    pub fn open(path: &Path, fresh: Fresh) -> Result<Self> {
        create(path)?;
        refuse_foreign(path)?;
        let folder = Self { path: path.to_owned(), _lock: lock(path)? };
        // Only now: the run that had the lock may have finished in the meantime.
        if fresh == Fresh::Keep && folder.is_finished() {
            return Err(Error::Finished { path: folder.path.clone() });
        }
        folder.remove(TEMPORARY)?;
        private::create_folder(&folder.temp_dir()).map_err(Error::write_access("create folder", &folder.temp_dir()))?;
        if fresh == Fresh::Start {
            folder.discard_archive()?;
            folder.remove(MANIFEST)?;
        }
        if !folder.is_finished() {
            folder.remove_derived()?;
            // Nobody can say any more what these are.
            if !folder.has_archive() {
                kept_folders().try_for_each(|name| folder.remove(name))?;
            }
        }
        Ok(folder)
    }

    /// Opens a folder whose export is finished, for building its tables again; nothing of it is removed.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::NotFinished`], [`Error::Locked`] and [`Error::NotWritable`].
    pub(crate) fn of_finished(path: &Path) -> Result<Self> {
        if !fs::metadata(path).map_err(Error::io("read", path))?.is_dir() {
            return Err(Error::NotAFolder { path: path.to_owned() });
        }
        // Before the lock is made: a folder that is not ours stays as it is.
        if !Manifest::is_in(path) && !path.join(MANIFEST_ASIDE).exists() {
            return Err(Error::NotFinished { path: path.to_owned() });
        }
        let folder = Self { path: path.to_owned(), _lock: lock(path)? };
        folder.remove(TEMPORARY)?;
        private::create_folder(&folder.temp_dir()).map_err(Error::write_access("create folder", &folder.temp_dir()))?;
        Ok(folder)
    }

    /// Whether a whole export is in it.
    pub fn is_finished(&self) -> bool {
        self.path.join(MANIFEST).exists()
    }

    /// Makes a finished export an interrupted one: nothing but its archive and the files that it downloaded stay.
    pub fn reopen(&self) -> Result<()> {
        // First what says that the rest is whole.
        self.remove(MANIFEST)?;
        sync_folder(&self.path)?;
        self.remove_derived()
    }

    fn remove_derived(&self) -> Result<()> {
        let places = Format::places().chain(describe::PLACES);
        places.chain(DERIVED).try_for_each(|name| self.remove(name))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the archive is, or will be: it is not created here.
    pub fn archive_dir(&self) -> PathBuf {
        self.path.join(ARCHIVE)
    }

    /// For sorting and the like; removed with everything in it when this value is dropped.
    pub fn temp_dir(&self) -> PathBuf {
        self.path.join(TEMPORARY)
    }

    /// Whether an interrupted run left something to go on with.
    pub fn has_archive(&self) -> bool {
        fs::read_dir(self.archive_dir()).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Writes a file that is either there in full, durably, or as it was before. `name` is relative, and its folder has
    /// to exist.
    pub fn write_atomically(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write_hashed(name, bytes).map(drop)
    }

    /// As [`Folder::write_atomically`], for files that the manifest lists.
    pub fn write_hashed(&self, name: &str, bytes: &[u8]) -> Result<Written> {
        let path = self.path.join(name);
        let mut output = Output::create(path.clone())?;
        output.write_all(bytes).map_err(Error::io("write", &path))?;
        let written = output.commit()?;
        path.parent().map_or(Ok(()), sync_folder)?;
        Ok(written)
    }

    /// What is in the archive, for the manifest: nothing if it is not there. Reads all of it.
    pub fn archived(&self) -> Result<Archive> {
        archived(&self.archive_dir())
    }

    /// Moves the archive away in one step before deleting it: half an archive must not be taken for an interrupted run.
    fn discard_archive(&self) -> Result<()> {
        match fs::rename(self.archive_dir(), self.temp_dir().join(ARCHIVE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::write_access("remove", &self.archive_dir())(error))
            }
            _ => {
                sync_folder(&self.path)?;
                remove(&self.temp_dir().join(ARCHIVE))
            }
        }
    }

    fn remove(&self, name: &str) -> Result<()> {
        remove(&self.path.join(name))
    }
}

/// An export folder that is being read: nobody writes to it while this value lives, but others may read it too.
///
/// Nothing in the folder is changed, so one that may only be read will do.
#[derive(Debug)]
pub struct Reading {
    path: PathBuf,
    /// Never read: it is there to be locked.
    _lock: Option<File>,
}

impl Reading {
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::Locked`] while a run writes to it, and those of reading.
    pub fn begin(path: &Path) -> Result<Self> {
        if !fs::metadata(path).map_err(Error::io("read", path))?.is_dir() {
            return Err(Error::NotAFolder { path: path.to_owned() });
        }
        let lock_path = path.join(LOCK);
        let lock = match File::open(&lock_path) {
            Ok(lock) => Some(lock),
            // A copy may have come without it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io("open", &lock_path)(error)),
        };
        match lock.as_ref().map(File::try_lock_shared) {
            Some(Err(TryLockError::WouldBlock)) => Err(Error::Locked { path: path.to_owned() }),
            // Without locks there is nothing to wait for.
            _ => Ok(Self { path: path.to_owned(), _lock: lock }),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the archive is, if it is there.
    pub fn archive_dir(&self) -> PathBuf {
        self.path.join(ARCHIVE)
    }

    /// As [`Folder::archived`].
    pub fn archived(&self) -> Result<Archive> {
        archived(&self.archive_dir())
    }
}

fn archived(archive: &Path) -> Result<Archive> {
    let mut names = match names(archive) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        names => names.map_err(Error::io("read", archive))?,
    };
    names.retain(|name| name.ends_with(SEGMENT));
    names.sort();
    let segment = |name: String| {
        let Written { bytes, sha256 } = checksum::of_file(&archive.join(&name))?;
        Ok(SegmentReport { path: format!("{ARCHIVE}/{name}"), bytes, sha256 })
    };
    Ok(Archive { segments: names.into_iter().map(segment).collect::<Result<_>>()? })
}

/// The folders for files that records stand for.
pub(crate) fn kept_folders() -> impl Iterator<Item = &'static str> {
    RESOURCES.iter().filter_map(|resource| resource.files()).map(|files| files.folder)
}

/// Whether an entry is neither part of an export nor a sign that something is wrong with it; `on_top` of what lies
/// directly in the export's folder.
pub(crate) fn is_beside_the_export(name: &str, on_top: bool) -> bool {
    DEBRIS.contains(&name) || (on_top && [LOCK, AUDIT, MANIFEST_ASIDE].contains(&name))
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        drop(fs::remove_dir_all(self.temp_dir()));
    }
}

fn create(path: &Path) -> Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Error::NotAFolder { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            private::create_folder(path).map_err(Error::write_access("create folder", path))
        }
        Err(error) => Err(Error::write_access("open", path)(error)),
    }
}

/// Accepts a folder that is empty, or certainly ours.
fn refuse_foreign(path: &Path) -> Result<()> {
    let entries = names(path).map_err(Error::write_access("read", path))?;
    let mut others = entries.into_iter().filter(|name| name != LOCK && !DEBRIS.contains(&name.as_str()));
    match others.next() {
        Some(found) if !is_ours(path) => Err(Error::Foreign { path: path.to_owned(), found }),
        _ => Ok(()),
    }
}

fn is_ours(path: &Path) -> bool {
    // On some systems a lock keeps others from reading, too. Then it cannot be taken either, which is reported next.
    let marked = match fs::read(path.join(LOCK)) {
        Ok(content) => content == MARKER,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    let archived = || {
        names(&path.join(ARCHIVE)).is_ok_and(|names| !names.is_empty() && names.iter().all(|n| n.ends_with(SEGMENT)))
    };
    marked || Manifest::is_in(path) || archived()
}

fn lock(path: &Path) -> Result<File> {
    let lock_path = path.join(LOCK);
    let mut lock = private::owners(OpenOptions::new().create(true).append(true))
        .open(&lock_path)
        .map_err(|error| Error::write_access("open", path)(error))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(Error::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
            return Err(Error::io("lock", &lock_path)(error));
        }
        // Some network file systems have no locks; to refuse to write there would help nobody.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    let length = lock.metadata().map_err(Error::io("read", &lock_path))?.len();
    if length == 0 {
        lock.write_all(MARKER).map_err(Error::write_access("write", &lock_path))?;
    }
    Ok(lock)
}

pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Removes a file or folder, if it is there; of a symbolic link, the link.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::write_access("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
