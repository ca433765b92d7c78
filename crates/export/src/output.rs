//! A file that appears whole or not at all.
//!
//! It is written as `.NAME.partial` beside its final name, counted and hashed on the way, and renamed when everything
//! is on the disk. Dropped before that, it leaves nothing. Or nothing is written at all, and what would be is compared
//! with a file that is there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempPath};

use crate::checksum::{self, Checksum};
use crate::error::{Error, Result};
use crate::private;
use crate::twin::{Original, Twin};
use crate::update::Update;

const BUFFER_BYTES: usize = 128 * 1024;

/// A file in the making. Writing to it is buffered.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    /// Its name until it is committed; `None` when there is nothing to remove, or nothing is written.
    partial: Option<PathBuf>,
    /// The finished export that it becomes part of.
    update: Option<Arc<Update>>,
    writer: BufWriter<Counted>,
}

/// What became of an [`Output`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// Lower-case hexadecimal, 64 characters.
    pub sha256: String,
}

#[derive(Debug)]
struct Counted {
    to: To,
    bytes: u64,
    checksum: Checksum,
}

#[derive(Debug)]
enum To {
    File(File),
    Twin(Twin),
}

impl Output {
    /// Begins the file that will be called `path`. Its folder has to exist; an earlier partial file is overwritten.
    pub fn create(path: PathBuf) -> Result<Self> {
        Self::begin(path, None)
    }

    /// The same within a finished export: a file that is there already and has the same bytes stays as it is.
    pub(crate) fn replace(path: PathBuf, update: &Arc<Update>) -> Result<Self> {
        Self::begin(path, Some(Arc::clone(update)))
    }

    fn begin(path: PathBuf, update: Option<Arc<Update>>) -> Result<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(PARTIAL);
        let partial = path.with_file_name(name);
        let file = private::create_file(&partial).map_err(Error::write_access("create", &partial))?;
        Ok(Self { path, partial: Some(partial), update, writer: Counted::new(To::File(file)) })
    }

    /// Writes nothing, and compares with the file of that name in an export: relative to its folder, with `/`.
    pub(crate) fn compare(original: &Arc<Original>, name: &str) -> Result<Self> {
        let to = To::Twin(Twin::of(original, name)?);
        Ok(Self { path: PathBuf::from(name), partial: None, update: None, writer: Counted::new(to) })
    }

    /// The folder that has to be made durable once the file has its name.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.partial.as_deref().and_then(Path::parent)
    }

    /// The name it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts everything on the disk and gives the file its name, replacing what has it.
    ///
    /// The name itself is durable after [`sync_folder`].
    pub fn commit(mut self) -> Result<Written> {
        self.writer.flush().map_err(Error::io("write", &self.path))?;
        let counted = self.writer.get_ref();
        let written = Written { bytes: counted.bytes, sha256: counted.checksum.to_string() };
        self.settle(written)
    }

    /// Gives the file its name; `written` is all that is in it.
    fn settle(mut self, written: Written) -> Result<Written> {
        if let Some(update) = &self.update {
            if is_there(&self.path, &written)? {
                return Ok(written);
            }
            update.changing()?;
        }
        match &mut self.writer.get_mut().to {
            To::File(file) => file.sync_all().map_err(Error::io("write", &self.path))?,
            To::Twin(twin) => twin.end().map_err(Error::io("read", &self.path))?,
        }
        if let Some(partial) = &self.partial {
            fs::rename(partial, &self.path).map_err(Error::io("rename", &self.path))?;
            self.partial = None;
        }
        Ok(written)
    }
}

/// A file that something else writes, by its path, and that then becomes part of an export like any other.
#[derive(Debug)]
pub(crate) struct Scratch {
    output: Output,
    /// Where it is written if it is only to be compared.
    temporary: Option<TempPath>,
}

impl Scratch {
    /// A file that will be what `output` is for; one that is only compared is put into `temp` meanwhile.
    pub(crate) fn new(output: Output, temp: &Path) -> Result<Self> {
        let temporary = output.partial.is_none().then(|| {
            tempfile::Builder::new().prefix(".asana-workspace").tempfile_in(temp).map(NamedTempFile::into_temp_path)
        });
        let temporary = temporary.transpose().map_err(Error::write_access("create a temporary file in", temp))?;
        Ok(Self { output, temporary })
    }

    /// Where to write it: the file is there, and empty.
    pub(crate) fn path(&self) -> &Path {
        self.temporary.as_deref().or(self.output.partial.as_deref()).unwrap_or(&self.output.path)
    }

    /// As [`Output::folder`].
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.output.folder()
    }

    /// As [`Output::commit`], once nobody writes to it any more.
    pub(crate) fn commit(mut self) -> Result<Written> {
        let Some(temporary) = &self.temporary else {
            let written = checksum::of_file(self.path())?;
            return self.output.settle(written);
        };
        let mut file = File::open(temporary).map_err(Error::io("read", temporary))?;
        io::copy(&mut file, &mut self.output).map_err(Error::io("read", temporary))?;
        self.output.commit()
    }
}

/// Whether a file has that content already.
fn is_there(path: &Path, written: &Written) -> Result<bool> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() == written.bytes => Ok(checksum::of_file(path)? == *written),
        _ => Ok(false),
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
            // It may be gone already, and there is nobody to tell.
            drop(fs::remove_file(partial));
        }
    }
}

impl Counted {
    fn new(to: To) -> BufWriter<Self> {
        BufWriter::with_capacity(BUFFER_BYTES, Self { to, bytes: 0, checksum: Checksum::default() })
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.to {
            To::File(file) => file.write(bytes)?,
            To::Twin(twin) => twin.compare(bytes).map(|()| bytes.len())?,
        };
        self.checksum.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::File(file) => file.flush(),
            To::Twin(_) => Ok(()),
        }
    }
}

/// How the names of unfinished files end.
pub(crate) const PARTIAL: &str = ".partial";

/// The name that a file in the making will have, for messages; any other path as it is.
#[cfg(any(feature = "sqlite", feature = "xlsx"))]
pub(crate) fn final_path(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(std::ffi::OsStr::to_str);
    let name = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(PARTIAL));
    name.map_or_else(|| path.to_owned(), |name| path.with_file_name(name))
}

/// Makes renames inside `folder` survive a power cut, where the system knows such a thing.
pub fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("write", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn counts_and_hashes_what_it_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::create(folder.path().join("a.txt")).unwrap();
        output.write_all(b"ab").unwrap();
        output.write_all(b"c").unwrap();
        assert_eq!(names(folder.path()), [".a.txt.partial"]);
        let written = output.commit().unwrap();
        sync_folder(folder.path()).unwrap();
        assert_eq!(written.bytes, 3);
        assert_eq!(written.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(names(folder.path()), ["a.txt"]);
        assert_eq!(fs::read(folder.path().join("a.txt")).unwrap(), b"abc");
    }

    #[test]
    fn dropped_before_the_end_leaves_the_old_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "old").unwrap();
        let mut output = Output::create(folder.path().join("a.txt")).unwrap();
        output.write_all(&vec![b'x'; 3 * BUFFER_BYTES]).unwrap();
        drop(output);
        assert_eq!(names(folder.path()), ["a.txt"]);
        assert_eq!(fs::read(folder.path().join("a.txt")).unwrap(), b"old");
    }

    #[test]
    fn an_error_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = Output::create(folder.path().join("missing/a.txt")).unwrap_err();
        assert!(error.to_string().contains("a.txt"), "{error}");
    }
}
