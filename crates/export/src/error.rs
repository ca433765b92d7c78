//! What can go wrong between a sorted row and a finished folder.
//!
//! A variant exists because its reader does something different about it. Whatever touches a file names it.

use std::io;
use std::path::{Path, PathBuf};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system said no. `action` is a verb with its object's kind, as in `write`.
    #[error("cannot {action} {}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot write to {}", path.display())]
    NotWritable { path: PathBuf, source: io::Error },
    #[error("{} is not a folder", path.display())]
    NotAFolder { path: PathBuf },
    /// Something else lives there; `found` is one of its entries.
    #[error("{} has other content in it, such as {found}", path.display())]
    Foreign { path: PathBuf, found: String },
    #[error("{} has a finished export in it", path.display())]
    Finished { path: PathBuf },
    /// Asked to read an export that has no manifest (yet).
    #[error("{} has no finished export in it", path.display())]
    NotFinished { path: PathBuf },
    #[error("another run is writing to {}", path.display())]
    Locked { path: PathBuf },
    #[error("{} is not a manifest of this tool", path.display())]
    ManifestUnreadable { path: PathBuf, source: serde_json::Error },
    #[error("{} has manifest version {found}, which this program does not know", path.display())]
    ManifestVersion { path: PathBuf, found: u32 },
    /// A table that is only there in formats that are not read row by row.
    #[error("{} has the table {table} in no format that can be read row by row", path.display())]
    NoRows { path: PathBuf, table: String },
    /// A table's file is not what was written.
    #[error("{}, line {line}: {what}", path.display())]
    Malformed { path: PathBuf, line: u64, what: String },
    #[error("there is no format called {name}, only {known}")]
    UnknownFormat { name: String, known: String },
    #[error("{name} was left out of this program when it was built: feature `{name}`")]
    FormatLeftOut { name: String },
    /// What the tables would be built from is not what they were built from.
    #[error("the archive of {} is not the one that its manifest lists: {segment} differs", path.display())]
    OtherArchive { path: PathBuf, segment: String },
    /// A bug of ours: a key that does not come after the one before it.
    #[error("rows of {table} out of order at {key}")]
    OutOfOrder { table: String, key: String },
    /// A bug of ours.
    #[error("a row of {table} has no {column}, which is part of its key")]
    NoKey { table: String, column: String },
    /// A bug of ours.
    #[error("a row of {table} has {cells} cells for {columns} columns")]
    WrongWidth { table: String, cells: usize, columns: usize },
    /// A bug of ours: a row for a table that is not being written.
    #[error("table number {table} is not being written")]
    TableNotOpen { table: usize },
}

impl Error {
    /// For `map_err`: what was tried with which file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// As [`Error::io`], for the first writes into a folder that may not be ours to write.
    pub(crate) fn write_access(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotWritable { path, source },
            _ => Self::Io { action, path, source },
        }
    }

    /// What to do about it, as an imperative sentence without a period.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free space on that disk, then run the same command again: nothing received is lost")
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Some("check the permissions of that path, or choose another folder with --out")
                }
                _ => None,
            },
            Self::NotWritable { .. } => Some("give yourself write permission, or choose another folder with --out"),
            Self::NotAFolder { .. } | Self::Foreign { .. } => Some("choose an empty or new folder with --out"),
            Self::Finished { .. } => Some(
                "use --fresh to replace it, --retry-gaps to ask again for what it lacks, or choose another folder with \
                 --out",
            ),
            Self::NotFinished { .. } => Some("run the export into that folder first; it continues where it stopped"),
            Self::Locked { .. } => Some("wait until that run has ended, or choose another folder with --out"),
            Self::ManifestUnreadable { .. } => Some("restore manifest.json from a copy, or export again with --fresh"),
            Self::ManifestVersion { .. } => Some("use the version of the program that made it, or a newer one"),
            Self::OtherArchive { .. } => Some("`asana-workspace verify` says what was changed"),
            Self::NoRows { .. } => Some("it takes csv, json or jsonl: `convert` makes them from the archive"),
            Self::Malformed { .. } => {
                Some("the file was changed or damaged: `verify` tells what is wrong with the export")
            }
            Self::UnknownFormat { .. } => None,
            Self::FormatLeftOut { .. } => Some("choose another format, or build the program with that feature"),
            Self::OutOfOrder { .. } | Self::NoKey { .. } | Self::WrongWidth { .. } | Self::TableNotOpen { .. } => {
                Some("this is a bug in the program: please report it with this message")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_full_disk_has_its_own_advice_and_names_the_path() {
        let full = Error::io("write", Path::new("/x/tasks.csv"))(io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "cannot write /x/tasks.csv");
        assert!(full.hint().unwrap().starts_with("free space"));
        let other = Error::io("write", Path::new("/x"))(io::ErrorKind::TimedOut.into());
        assert_eq!(other.hint(), None);
    }

    #[test]
    fn missing_permission_in_a_folder_is_not_writable() {
        let error = Error::write_access("create", Path::new("/x"))(io::ErrorKind::PermissionDenied.into());
        assert!(matches!(error, Error::NotWritable { .. }));
        let error = Error::write_access("create", Path::new("/x"))(io::ErrorKind::NotFound.into());
        assert!(matches!(error, Error::Io { .. }));
    }

    #[test]
    fn the_message_does_not_repeat_its_source() {
        let error = Error::io("read", Path::new("/x"))(io::Error::other("the reason"));
        assert!(!error.to_string().contains("the reason"));
        assert_eq!(error.source().unwrap().to_string(), "the reason");
    }
}
