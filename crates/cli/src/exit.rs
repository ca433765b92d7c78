//! How the program ends: the documented exit codes, and the one place that turns an error into a code and a hint.

use std::io;

use asana_export::Error as ExportError;
use asana_fetch::FetchError;

/// The exit codes that README documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Complete = 0,
    Failure = 1,
    Usage = 2,
    /// Finished, but some resources could not be read.
    Gaps = 3,
    TokenRejected = 4,
    /// `audit` found something as bad as `--fail-on` says.
    Findings = 10,
    /// `verify` found that something is not as it was written, or `diff` that two exports are not the same.
    Differences = 11,
    /// Interrupted; the same command goes on.
    Interrupted = 130,
}

impl Exit {
    /// The end of an export that was finished.
    pub(crate) fn of(complete: bool, strict: bool) -> Self {
        match (complete, strict) {
            (true, _) => Exit::Complete,
            (false, false) => Exit::Gaps,
            (false, true) => Exit::Failure,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Something in the flags, the environment or the settings file is wrong. The message says what to do.
    #[error("{0}")]
    Usage(String),
    #[error("no token: set ASANA_ACCESS_TOKEN, or name a file with --token-file")]
    NoToken,
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Audit(#[from] asana_audit::Error),
    #[error("the archive cannot be read")]
    Archive(#[from] asana_archive::Error),
    #[error("{what}")]
    Io { what: String, source: io::Error },
    /// Standard output was closed by its reader.
    #[error("standard output is closed")]
    BrokenPipe,
}

impl CliError {
    pub(crate) fn io(what: impl Into<String>, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            return CliError::BrokenPipe;
        }
        CliError::Io { what: what.into(), source }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            CliError::Usage(_) | CliError::Fetch(FetchError::BaseUrl { .. }) => Exit::Usage,
            CliError::Audit(error) if error.is_usage() => Exit::Usage,
            CliError::NoToken | CliError::Fetch(FetchError::MalformedToken(_) | FetchError::Unauthorized { .. }) => {
                Exit::TokenRejected
            }
            CliError::Fetch(FetchError::Cancelled) => Exit::Interrupted,
            // Whoever reads the output has enough of it.
            CliError::BrokenPipe => Exit::Complete,
            CliError::Fetch(_)
            | CliError::Export(_)
            | CliError::Audit(_)
            | CliError::Archive(_)
            | CliError::Io { .. } => Exit::Failure,
        }
    }

    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            CliError::NoToken => Some("`asana-workspace auth` shows how to get one, step by step".to_owned()),
            CliError::Fetch(error) => error.hint().map(str::to_owned),
            CliError::Export(error) => error.hint().map(str::to_owned),
            CliError::Audit(error) => error.hint().map(str::to_owned),
            CliError::Archive(error) => error.hint().map(str::to_owned),
            CliError::Usage(_) | CliError::Io { .. } | CliError::BrokenPipe => None,
        }
    }

    /// The message with its causes, each said once.
    pub(crate) fn message(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }
}
