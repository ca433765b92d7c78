//! What can go wrong in an audit. A variant exists because its reader does something different about it.

use std::io;
use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that the user gave cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// A file of the user's is no TOML, or not of the shape that it should have.
    #[error("{file} is not {what}")]
    NotToml { file: String, what: &'static str, source: Box<toml::de::Error> },
    #[error("{} is not the findings.json of an audit", path.display())]
    NotFindings { path: PathBuf, source: serde_json::Error },
    #[error("{} has audit version {found}, which this program does not know", path.display())]
    FindingsVersion { path: PathBuf, found: u32 },
    /// A rule that says something wrong about itself.
    #[error("{file}, rule {rule}: {what}")]
    Rule { file: String, rule: String, what: String },
    /// SQLite refuses a rule's query, or cannot finish it.
    #[error("{file}, rule {rule}: its SQL fails: {what}")]
    Query { file: String, rule: String, what: String },
    #[error("{file}, rule {rule}: its query takes longer than {seconds} s")]
    TooSlow { file: String, rule: String, seconds: u64 },
    /// An unknown rule, category or parameter. The message says what there is.
    #[error("{0}")]
    Unknown(String),
    #[error("the tables cannot be loaded into SQLite")]
    Database(#[from] rusqlite::Error),
    #[error("cannot write {}", path.display())]
    NotWritten { path: PathBuf, source: io::Error },
}

impl Error {
    /// What to do about it, as an imperative sentence without a period.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooSlow { .. } => Some("give it more time with --time-limit, or leave it out with --skip"),
            Self::FindingsVersion { .. } => Some("use the version of the program that made it, or a newer one"),
            Self::Query { .. } => Some("a rule reads no other tables than those in its `tables`"),
            Self::NotWritten { .. } => Some("choose another folder with --out"),
            _ => None,
        }
    }

    /// Whether the user gave something wrong, rather than something going wrong.
    pub fn is_usage(&self) -> bool {
        !matches!(self, Self::Database(_) | Self::NotWritten { .. })
    }
}
