//! What can end a fetch. A listing that cannot be read is not here: that is a gap, and the run goes on.

use std::io;
use std::path::PathBuf;

/// A failure that stops the run. Whatever was received before it is in the archive.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("the token is not usable: {0}")]
    MalformedToken(&'static str),
    #[error("Asana rejected the token: {message}")]
    Unauthorized { message: String },
    #[error("Asana refuses service for legal reasons (451): {message}")]
    Blocked { message: String },
    #[error("{url} does not answer as Asana does: {found}")]
    NotAsana { url: String, found: String },
    #[error("cannot reach {url} after {attempts} attempts: {reason}")]
    Unreachable { url: String, attempts: u32, reason: String },
    #[error("Asana answered {status} to {path}: {message}")]
    Refused { path: String, status: u16, message: String },
    #[error("the base address {url} cannot be used: {reason}")]
    BaseUrl { url: String, reason: &'static str },
    #[error("the HTTP client cannot start: {0}")]
    Client(String),
    #[error("the archive cannot be written")]
    Archive(#[from] asana_archive::Error),
    #[error("the archive's thread cannot start")]
    Thread(#[source] io::Error),
    /// A file that was downloaded cannot be kept. `action` is a verb, as in `write`.
    #[error("cannot {action} {}", path.display())]
    File { action: &'static str, path: PathBuf, source: io::Error },
    #[error("interrupted")]
    Cancelled,
}

impl FetchError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            FetchError::MalformedToken(_) => {
                Some("copy the token again, as one line without quotes; `asana-workspace auth` shows how to get one")
            }
            FetchError::Unauthorized { .. } => Some(
                "make a new token (`asana-workspace auth` shows how) and run the same command again; what was fetched is kept",
            ),
            FetchError::Blocked { .. } => Some("ask Asana's support; what was fetched is kept"),
            FetchError::NotAsana { .. } => {
                Some("check --base-url, and whether a proxy or a sign-in page stands between you and Asana")
            }
            FetchError::Unreachable { .. } => Some(
                "check the network, HTTPS_PROXY and the system's certificates (SSL_CERT_FILE names others), \
                 then run the same command again; what was fetched is kept",
            ),
            FetchError::Refused { .. } => None,
            FetchError::BaseUrl { .. } => Some("the default is https://app.asana.com/api/1.0"),
            FetchError::Client(_) => {
                Some("install the system's certificates (package ca-certificates) or set SSL_CERT_FILE")
            }
            FetchError::Archive(_) | FetchError::Thread(_) | FetchError::File { .. } => {
                Some("check free space and permissions, then run the same command again; what was fetched is kept")
            }
            FetchError::Cancelled => Some("run the same command again to go on"),
        }
    }
}
