//! What is known about a run: the events, added up.
//!
//! Pure: time comes in as an argument, nothing is worded here and nothing is written. It is small, so that a view
//! takes a copy and draws it while events go on.

use std::time::{Duration, Instant};

use asana_model::catalog::Stage;
use asana_model::event::Event;

use super::rate::Rate;

/// The stretch of the run that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked yet.
    Starting,
    Fetching,
    Building,
    Finished,
}

/// How many requests per minute the run may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Not chosen yet.
    Unknown,
    NoLimit,
    PerMinute(u32),
}

/// One stage of the fetch.
#[derive(Debug, Clone)]
pub struct StageProgress {
    pub stage: Stage,
    /// Listings known so far.
    pub known: u64,
    /// Listings read to their end.
    pub done: u64,
    pub pages: u64,
    pub records: u64,
    /// Since when nothing of it, or of a stage before it, is open.
    complete_since: Option<Instant>,
}

impl StageProgress {
    /// A stage is shown once it has listings.
    pub fn is_active(&self) -> bool {
        self.known > 0
    }

    /// Whether all its listings are done and no stage before it can add any.
    pub fn is_complete(&self) -> bool {
        self.complete_since.is_some()
    }

    /// Whether it has been complete for so long that no more is to be expected.
    pub fn is_settled(&self, now: Instant, after: Duration) -> bool {
        self.complete_since.is_some_and(|since| now.saturating_duration_since(since) >= after)
    }
}

/// Files that are downloaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilesProgress {
    /// Files to be downloaded, and their bytes as far as those are known.
    pub known: u64,
    pub known_bytes: u64,
    pub stored: u64,
    pub stored_bytes: u64,
}

/// The totals of a run so far.
#[derive(Debug, Clone)]
pub struct Progress {
    started: Instant,
    phase: Phase,
    stages: [StageProgress; Stage::ALL.len()],
    rate: Rate,
    retries: u64,
    /// Requests that a limiter rejected; each will be sent once more.
    rejections: u64,
    /// Requests that the run is expected to send in all, without those sent again.
    expected: Option<i64>,
    /// Requests per minute that the run keeps to.
    pace: Option<u32>,
    gaps: u64,
    files: FilesProgress,
    replayed_pages: u64,
    quota: Quota,
    paused_until: Option<Instant>,
    stopping: bool,
    tables: u64,
    expected_tables: Option<u64>,
    rows: u64,
    records_read: u64,
}

impl Progress {
    pub fn new(now: Instant) -> Self {
        Self {
            started: now,
            phase: Phase::Starting,
            stages: Stage::ALL.map(|stage| StageProgress {
                stage,
                known: 0,
                done: 0,
                pages: 0,
                records: 0,
                complete_since: None,
            }),
            rate: Rate::new(now),
            retries: 0,
            rejections: 0,
            expected: None,
            pace: None,
            gaps: 0,
            files: FilesProgress::default(),
            replayed_pages: 0,
            quota: Quota::Unknown,
            paused_until: None,
            stopping: false,
            tables: 0,
            expected_tables: None,
            rows: 0,
            records_read: 0,
        }
    }

    /// Adds one event.
    pub fn apply(&mut self, event: &Event, now: Instant) {
        match event {
            Event::RunStarted { .. } => self.start(now),
            Event::ArchiveReplayed { pages } => self.replayed_pages += pages,
            Event::QuotaChosen { requests_per_minute, .. } => {
                self.quota = requests_per_minute.map_or(Quota::NoLimit, Quota::PerMinute);
            }
            Event::RequestsExpected { requests, pace } => {
                self.expected = Some(self.expected.unwrap_or(0).saturating_add(*requests));
                self.pace = *pace;
            }
            Event::ListingsQueued { stage, count, .. } => {
                self.fetching();
                self.change(*stage, now, |stage| stage.known += count);
            }
            Event::RequestSent => {
                self.fetching();
                self.rate.add(now);
            }
            Event::PageArchived { stage, records, .. } => self.change(*stage, now, |stage| {
                stage.pages += 1;
                stage.records += records;
            }),
            Event::ListingFinished { stage, .. } => self.change(*stage, now, |stage| {
                stage.done += 1;
                stage.known = stage.known.max(stage.done);
            }),
            Event::FilesFound { files, bytes } => {
                self.files.known += files;
                self.files.known_bytes += bytes;
            }
            Event::FileStored { bytes } => {
                self.files.stored += 1;
                self.files.stored_bytes += bytes;
            }
            Event::GapFound { .. } => self.gaps += 1,
            Event::Retried { .. } => self.retries += 1,
            Event::Paused { wait } => {
                self.rejections += 1;
                self.paused_until = self.paused_until.max(now.checked_add(*wait));
            }
            Event::Stopping { .. } => self.stopping = true,
            Event::FetchFinished => self.phase = Phase::Building,
            Event::RecordsRead { records } => {
                self.building();
                self.records_read += records;
            }
            Event::TableWritten { rows, .. } => {
                self.building();
                self.tables += 1;
                self.rows += rows;
            }
            Event::Note { .. } => {}
            Event::RunFinished { .. } => self.phase = Phase::Finished,
        }
    }

    /// A program that exports one workspace after another starts anew with each; the quota is that of the token.
    fn start(&mut self, now: Instant) {
        if self.phase == Phase::Finished {
            *self = Self { quota: self.quota, ..Self::new(now) };
        }
        self.started = now;
    }

    /// Tells how many tables will be written, which no event says.
    pub fn expect_tables(&mut self, tables: u64) {
        self.expected_tables = Some(tables);
    }

    fn fetching(&mut self) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Fetching;
        }
    }

    /// A run without a fetch builds from its first record on; records read during a fetch do not end it.
    fn building(&mut self) {
        if self.phase == Phase::Starting {
            self.phase = Phase::Building;
        }
    }

    fn change(&mut self, stage: Stage, now: Instant, change: impl FnOnce(&mut StageProgress)) {
        if let Some(stage) = self.stages.iter_mut().find(|known| known.stage == stage) {
            change(stage);
        }
        let mut complete = true;
        for stage in &mut self.stages {
            complete &= stage.done == stage.known;
            match (complete && stage.is_active(), stage.complete_since) {
                (true, None) => stage.complete_since = Some(now),
                (false, Some(_)) => stage.complete_since = None,
                _ => {}
            }
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The stages in their order, those without listings included.
    pub fn stages(&self) -> &[StageProgress] {
        &self.stages
    }

    pub fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.started)
    }

    /// Requests per minute over the last ten seconds; `None` before the first second is over.
    pub fn rate(&self, now: Instant) -> Option<u64> {
        self.rate.now(now)
    }

    /// Requests that the run is expected to send in all; `None` before that is known. What is sent again is not in it.
    pub fn expected(&self) -> Option<u64> {
        self.expected.map(|expected| u64::try_from(expected).unwrap_or(0))
    }

    /// Requests that are still to be sent, one at least while a listing is open.
    fn requests_left(&self) -> Option<u64> {
        let done = self.requests().saturating_sub(self.retries + self.rejections);
        let left = self.expected()?.saturating_sub(done);
        let is_open = self.stages.iter().any(|stage| stage.done < stage.known);
        Some(left.max(u64::from(is_open))).filter(|left| *left > 0)
    }

    /// The time that the requests left take; `None` before it is known how many there are, and when nothing is left.
    pub fn remaining(&self, now: Instant) -> Option<Duration> {
        if self.phase != Phase::Fetching || self.stopping {
            return None;
        }
        let left = self.requests_left()?;
        let waiting = self.paused_for(now).unwrap_or_default();
        let seconds = left.saturating_mul(60) / self.rate.to_expect(now, self.pace)?;
        waiting.checked_add(Duration::from_secs(seconds))
    }

    /// The time that all requests take at the pace kept to, or at the rate so far where there is no limit, with that
    /// pace or rate.
    pub fn expected_time(&self, now: Instant) -> Option<(Duration, u64)> {
        let per_minute =
            self.pace.map(u64::from).or_else(|| self.rate.to_expect(now, None)).filter(|rate| *rate > 0)?;
        Some((Duration::from_secs(self.expected()?.saturating_mul(60) / per_minute), per_minute))
    }

    /// What is left of a pause.
    pub fn paused_for(&self, now: Instant) -> Option<Duration> {
        self.paused_until?.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Records that were fetched, whatever stage they belong to.
    pub fn records(&self) -> u64 {
        self.stages.iter().map(|stage| stage.records).sum()
    }

    pub fn requests(&self) -> u64 {
        self.rate.total()
    }

    pub fn retries(&self) -> u64 {
        self.retries
    }

    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Downloads; `None` when there are none.
    pub fn files(&self) -> Option<FilesProgress> {
        Some(self.files).filter(|files| files.known > 0)
    }

    pub fn replayed_pages(&self) -> u64 {
        self.replayed_pages
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// Tables written.
    pub fn tables(&self) -> u64 {
        self.tables
    }

    /// Tables that will be written, when somebody told.
    pub fn expected_tables(&self) -> Option<u64> {
        self.expected_tables
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Records read back from the archive.
    pub fn records_read(&self) -> u64 {
        self.records_read
    }
}

#[cfg(test)]
mod tests;
