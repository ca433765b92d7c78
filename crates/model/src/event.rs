//! What can be said about a run while it goes on.
//!
//! Events carry deltas and names, never totals or sentences: whoever shows them adds up and words them. Strings that
//! came from Asana are data; a terminal must not be handed them raw.

use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::catalog::Stage;

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    RunStarted {
        workspace: String,
        folder: String,
    },
    /// Pages of an earlier, interrupted run that need not be asked again.
    ArchiveReplayed {
        pages: u64,
    },
    /// Requests per minute that the run will not exceed; `None` when there is no limit.
    QuotaChosen {
        requests_per_minute: Option<u32>,
        reason: &'static str,
    },
    /// The requests that the run is expected to send in all, as the difference to what was said before: the first time
    /// it is the whole number. What is sent again is not in it.
    RequestsExpected {
        requests: i64,
        /// Requests per minute that the run keeps to; `None` when there is no limit.
        pace: Option<u32>,
    },
    /// Listings became known.
    ListingsQueued {
        stage: Stage,
        resource: &'static str,
        count: u64,
    },
    /// A request was sent (retries included).
    RequestSent,
    PageArchived {
        stage: Stage,
        resource: &'static str,
        records: u64,
    },
    ListingFinished {
        stage: Stage,
        resource: &'static str,
    },
    /// Files to be downloaded, as the difference to what was said before.
    FilesFound {
        files: u64,
        bytes: u64,
    },
    /// A file was downloaded.
    FileStored {
        bytes: u64,
    },
    /// A listing that could not be read, in full or at all.
    GapFound {
        resource: &'static str,
        parent_gid: Option<String>,
        http_status: Option<u16>,
        reason: String,
    },
    Retried {
        path: String,
        reason: String,
        #[serde(rename = "wait_ms", serialize_with = "millis")]
        wait: Duration,
    },
    /// Nobody sends until this time has passed.
    Paused {
        #[serde(rename = "wait_ms", serialize_with = "millis")]
        wait: Duration,
    },
    /// No new requests: the pages in flight are waited for.
    Stopping {
        reason: String,
    },
    FetchFinished,
    /// Records were read back from the archive to build tables.
    RecordsRead {
        records: u64,
    },
    TableWritten {
        table: String,
        rows: u64,
    },
    /// Something worth a line in the log.
    Note {
        text: String,
    },
    RunFinished {
        exit_code: u8,
    },
}

fn millis<S: Serializer>(wait: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

/// Whoever watches a run. Reporting must neither block for long nor fail.
pub trait Reporter: Send + Sync {
    fn report(&self, event: &Event);
}

impl<F: Fn(&Event) + Send + Sync> Reporter for F {
    fn report(&self, event: &Event) {
        self(event);
    }
}
