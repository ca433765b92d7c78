//! What can end a fetch. A listing that cannot be read is not here: that is a gap, and the run goes on.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::retry::Obstacle;

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
    #[error("cannot reach {url}: {reason}")]
    Unreachable { url: String, reason: String, obstacle: Obstacle },
    #[error("nothing got through to {url} for {}, and the last attempt ended with: {reason}", in_words(*lasted))]
    Silence { url: String, lasted: Duration, reason: String },
    #[error("{failures} more requests to {url} failed than succeeded, the last one with: {reason}")]
    TooManyFailures { url: String, failures: u32, reason: String },
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
            FetchError::Unreachable { obstacle, .. } => Some(obstacle.hint()),
            FetchError::Silence { .. } => Some(
                "everything fetched is kept: when it is over, run the same command again, and it goes on; \
                 --give-up-after 2h waits longer",
            ),
            FetchError::TooManyFailures { .. } => Some(
                "everything fetched is kept: run the same command again later, and it goes on; https://status.asana.com \
                 tells of incidents",
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

impl Obstacle {
    /// What to do about it when it stands in the way of the first call.
    fn hint(self) -> &'static str {
        match self {
            Obstacle::Dns => {
                "check the network and the address; where the way out is a proxy, name it in HTTPS_PROXY, then run the \
                 same command again"
            }
            Obstacle::Tls => {
                "a proxy that reads along, or outdated certificates: SSL_CERT_FILE names a file with the certificates to \
                 trust, HTTPS_PROXY a proxy; then run the same command again"
            }
            Obstacle::Proxy => {
                "the proxy does not let through: check HTTPS_PROXY and its user and password, or exempt the host with \
                 NO_PROXY, then run the same command again"
            }
            Obstacle::Connection | Obstacle::Timeout => {
                "check the network, firewall and HTTPS_PROXY, then run the same command again"
            }
        }
    }
}

/// A time as people say it: `90 s`, `30 min`, `2 h`.
pub(crate) fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 7_200 => format!("{} h", seconds / 3_600),
        seconds if seconds >= 120 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_patience_says_what_happened_and_for_how_long() {
        let error = FetchError::Silence {
            url: "https://app.asana.com/api/1.0".to_owned(),
            lasted: Duration::from_secs(1_800),
            reason: "503".to_owned(),
        };
        assert_eq!(
            error.to_string(),
            "nothing got through to https://app.asana.com/api/1.0 for 30 min, and the last attempt ended with: 503"
        );
        let words = [59, 90, 119, 120, 1_800, 7_199, 7_200].map(|seconds| in_words(Duration::from_secs(seconds)));
        assert_eq!(words, ["59 s", "90 s", "119 s", "2 min", "30 min", "119 min", "2 h"]);
    }
}
