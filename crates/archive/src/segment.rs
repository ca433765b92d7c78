//! The archive's directory: segment names, private permissions, the writer's lock, durability of names.
//!
//! Segments are `000001.jsonl.zst`, `000002.jsonl.zst` and so on without gaps, so a lost file is noticed. Other files in
//! the directory are none of our business.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Damage, Error};

const SUFFIX: &str = ".jsonl.zst";
/// How often, and after which wait, a lock is tried that somebody has.
const LOCK_ATTEMPTS: u32 = 20;
const LOCK_WAIT: Duration = Duration::from_millis(10);

/// A segment file that is there.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    pub(crate) path: Arc<Path>,
    pub(crate) bytes: u64,
}

pub(crate) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:06}{SUFFIX}"))
}

fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_suffix(SUFFIX)?.parse().ok()?;
    (number > 0 && name == format!("{number:06}{SUFFIX}")).then_some(number)
}

/// The segments in order. Only at the end may there be empty ones, left by a crash.
pub(crate) fn list(dir: &Path) -> Result<Vec<Segment>, Error> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let entry = entry.map_err(Error::io("read", dir))?;
        if let Some(number) = entry.file_name().to_str().and_then(number_of) {
            let path = entry.path();
            let bytes = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
            segments.push(Segment { number, path: path.into(), bytes });
        }
    }
    segments.sort_unstable_by_key(|segment| segment.number);
    for (expected, segment) in (1..).zip(&segments) {
        if segment.number != expected {
            return Err(Error::MissingSegment { path: path_of(dir, expected) });
        }
    }
    let empty = segments.iter().position(|segment| segment.bytes == 0);
    let filled = segments.iter().rposition(|segment| segment.bytes > 0);
    if let (Some(empty), Some(filled)) = (empty, filled)
        && let Some(segment) = segments.get(empty)
        && empty < filled
    {
        return Err(Error::Damaged { path: segment.path.to_path_buf(), offset: 0, damage: Damage::Incomplete });
    }
    Ok(segments)
}

/// The directory while a writer has it: nobody else may write to it.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    /// Held for its lock, and to make names durable. Only Unix can open a directory as a file.
    handle: Option<File>,
}

/// Takes the lock; false when another writer has it for longer than a moment.
///
/// A process that is being started holds a copy of every lock until it runs its own program, so one failure says nothing.
fn lock(handle: &File) -> bool {
    for _ in 0..LOCK_ATTEMPTS {
        match handle.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_WAIT),
            // A file system without locks is no reason not to write.
            Ok(()) | Err(TryLockError::Error(_)) => return true,
        }
    }
    false
}

impl Directory {
    /// Creates the directory, readable by its owner only, if it is not there, and locks it.
    pub(crate) fn create_and_lock(path: &Path) -> Result<Self, Error> {
        if !path.is_dir() {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path).map_err(Error::io("create", path))?;
            // The new name has to survive a power cut too, but its parent may be one that we cannot open.
            if let Some(parent) = path.parent()
                && let Ok(Some(parent)) = open_directory(parent)
            {
                parent.sync_all().map_err(Error::io("sync", path))?;
            }
        }
        let handle = open_directory(path).map_err(Error::io("open", path))?;
        if handle.as_ref().is_some_and(|handle| !lock(handle)) {
            return Err(Error::Locked { path: path.to_path_buf() });
        }
        Ok(Self { path: path.to_path_buf(), handle })
    }

    /// Makes created and removed names durable.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.handle.as_ref().map_or(Ok(()), File::sync_all).map_err(Error::io("sync", &self.path))
    }

    /// Creates the segment file, which must not be there yet.
    pub(crate) fn create_segment(&self, number: u64) -> Result<(PathBuf, File), Error> {
        let path = path_of(&self.path, number);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(Error::io("create", &path))?;
        self.sync()?;
        Ok((path, file))
    }
}

fn open_directory(path: &Path) -> std::io::Result<Option<File>> {
    // `Path::parent` of a bare name is empty.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if cfg!(unix) { File::open(path).map(Some) } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_write_are_segments() {
        for number in [1, 42, 999_999, 1_000_000] {
            let path = path_of(Path::new(""), number);
            assert_eq!(number_of(path.to_str().unwrap()), Some(number));
        }
        for name in ["000000.jsonl.zst", "1.jsonl.zst", "+00001.jsonl.zst", "000001.jsonl", "000001.jsonl.zst~", ""] {
            assert_eq!(number_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_missing_or_emptied_segment_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = |number| path_of(dir.path(), number);
        fs::write(dir.path().join("notes.txt"), "").unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 0);
        for number in [1, 2, 3] {
            fs::write(path(number), "x").unwrap();
        }
        fs::write(path(4), "").unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 4);
        fs::write(path(2), "").unwrap();
        assert!(matches!(list(dir.path()), Err(Error::Damaged { path: found, offset: 0, .. }) if found == path(2)));
        fs::remove_file(path(2)).unwrap();
        assert!(matches!(list(dir.path()), Err(Error::MissingSegment { path: found }) if found == path(2)));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_created_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let directory = Directory::create_and_lock(&path).unwrap();
        let (segment, _) = directory.create_segment(1).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&segment)), (0o700, 0o600));
    }
}
