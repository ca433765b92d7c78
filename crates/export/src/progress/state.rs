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
        let per_minute = self.pace.map(u64::from).or_else(|| self.rate.to_expect(now, None)).filter(|rate| *rate > 0)?;
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
mod tests {
    use super::*;

    fn queued(stage: Stage, count: u64) -> Event {
        Event::ListingsQueued { stage, resource: "tasks", count }
    }

    fn finished(stage: Stage) -> Event {
        Event::ListingFinished { stage, resource: "tasks" }
    }

    fn page(stage: Stage, records: u64) -> Event {
        Event::PageArchived { stage, resource: "tasks", records }
    }

    /// Sends `each` requests in every second of `seconds`.
    fn send(progress: &mut Progress, start: Instant, seconds: std::ops::Range<u64>, each: u64) {
        for second in seconds {
            for request in 0..each {
                let at = start + Duration::from_secs(second) + Duration::from_millis(request * 900 / each);
                progress.apply(&Event::RequestSent, at);
            }
        }
    }

    #[test]
    fn a_stage_is_complete_when_nothing_can_add_to_it() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        let complete =
            |progress: &Progress| progress.stages().iter().map(StageProgress::is_complete).collect::<Vec<_>>();
        progress.apply(&queued(Stage::Structure, 2), start);
        progress.apply(&queued(Stage::Tasks, 1), start);
        progress.apply(&finished(Stage::Tasks), start);
        assert_eq!(complete(&progress), [false; 4], "the structure can still name projects");
        progress.apply(&finished(Stage::Structure), start);
        progress.apply(&finished(Stage::Structure), start);
        assert_eq!(complete(&progress), [true, false, true, false], "containers and details have no listings");

        let tasks = &progress.stages()[2];
        let settled = Duration::from_secs(1);
        assert!(!tasks.is_settled(start, settled) && tasks.is_settled(start + settled, settled));
        progress.apply(&queued(Stage::Tasks, 5), start);
        assert_eq!(complete(&progress), [true, false, false, false], "tasks are listed again at the end");
    }

    fn expect(requests: i64, pace: Option<u32>) -> Event {
        Event::RequestsExpected { requests, pace }
    }

    #[test]
    fn remaining_is_what_is_expected_less_what_is_done() {
        let start = Instant::now();
        let now = start + Duration::from_secs(60);
        let mut progress = Progress::new(start);
        progress.apply(&queued(Stage::Tasks, 1), start);
        send(&mut progress, start, 0..60, 10);
        assert_eq!(progress.remaining(now), None, "nobody knows how much there is");
        progress.apply(&expect(1_610, None), now);
        assert_eq!(progress.remaining(now), Some(Duration::from_secs(101)), "1,010 requests at 600 a minute");
        progress.apply(&expect(-100, None), now);
        assert_eq!(progress.remaining(now), Some(Duration::from_secs(91)));
        let (reason, path) = (String::new(), String::new());
        progress.apply(&Event::Retried { path, reason, wait: Duration::ZERO }, now);
        progress.apply(&Event::Paused { wait: Duration::from_secs(30) }, now);
        progress.apply(&expect(98, None), now);
        assert_eq!(progress.remaining(now), Some(Duration::from_secs(131)), "what is sent again does no work");
        let later = now + Duration::from_mins(5);
        assert!(progress.remaining(later).is_some(), "after a long silence the average of the run counts");
        progress.apply(&Event::Stopping { reason: "interrupted".to_owned() }, now);
        assert_eq!(progress.remaining(now), None);
    }

    #[test]
    fn the_time_left_ends_with_the_run_and_jumps_only_when_more_was_found() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        progress.apply(&queued(Stage::Details, 1), start);
        progress.apply(&expect(3_000, Some(600)), start);
        let mut before = Duration::MAX;
        for second in 0..330_u64 {
            send(&mut progress, start, second..second + 1, 10);
            if second == 100 {
                progress.apply(&expect(300, Some(600)), start);
            }
            let left = progress.remaining(start + Duration::from_secs(second + 1)).unwrap();
            let more = Duration::from_secs(if second == 100 { 30 } else { 0 });
            assert!(left <= before.saturating_add(more), "{left:?} after {before:?} in second {second}");
            let truth = if second < 100 { 300 } else { 330 } - second - 1;
            assert_eq!(left.as_secs(), truth, "second {second}");
            before = left;
        }
        let now = start + Duration::from_secs(331);
        send(&mut progress, start, 330..331, 10);
        assert!(progress.remaining(now).is_some(), "a listing is open, so it is not over, whatever was expected");
        progress.apply(&finished(Stage::Details), now);
        assert_eq!(progress.remaining(now), None);
    }

    #[test]
    fn a_slow_beginning_does_not_frighten() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        progress.apply(&queued(Stage::Details, 1), start);
        send(&mut progress, start, 0..6, 2);
        progress.apply(&expect(12_012, Some(1_200)), start);
        let left = progress.remaining(start + Duration::from_secs(6)).unwrap();
        assert!((600..680).contains(&left.as_secs()), "ten minutes at the pace, not a hundred at two a second: {left:?}");
        assert_eq!(progress.expected_time(start), Some((Duration::from_secs(600), 1_200)));
    }

    #[test]
    fn overlapping_pauses_end_with_the_last() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        progress.apply(&Event::Paused { wait: Duration::from_secs(12) }, start);
        progress.apply(&Event::Paused { wait: Duration::from_secs(5) }, start);
        assert_eq!(progress.paused_for(start), Some(Duration::from_secs(12)));
        assert_eq!(progress.paused_for(start + Duration::from_secs(12)), None);
        progress.apply(&Event::Paused { wait: Duration::MAX }, start);
        assert_eq!(progress.paused_for(start + Duration::from_secs(1)), Some(Duration::from_secs(11)), "no overflow");
    }

    #[test]
    fn phases_follow_the_run() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        let mut phase_after = |event: &Event| {
            progress.apply(event, start);
            progress.phase()
        };
        assert_eq!(phase_after(&Event::ArchiveReplayed { pages: 3 }), Phase::Starting);
        assert_eq!(phase_after(&Event::RequestSent), Phase::Fetching);
        assert_eq!(phase_after(&Event::RecordsRead { records: 1 }), Phase::Fetching);
        assert_eq!(phase_after(&Event::FetchFinished), Phase::Building);
        assert_eq!(phase_after(&Event::RunFinished { exit_code: 0 }), Phase::Finished);

        let mut convert = Progress::new(start);
        convert.apply(&Event::RecordsRead { records: 10 }, start);
        convert.apply(&Event::TableWritten { table: "tasks".to_owned(), rows: 7 }, start);
        assert_eq!(convert.phase(), Phase::Building);
        assert_eq!((convert.records_read(), convert.tables(), convert.rows()), (10, 1, 7));
    }

    #[test]
    fn a_second_run_starts_from_nothing() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        let begin = || Event::RunStarted { workspace: String::new(), folder: String::new() };
        progress.apply(&Event::QuotaChosen { requests_per_minute: Some(150), reason: "" }, start);
        progress.apply(&Event::RequestSent, start);
        progress.apply(&begin(), start);
        assert_eq!(progress.requests(), 1, "what was asked before the first start belongs to it");
        progress.apply(&queued(Stage::Structure, 1), start);
        progress.apply(&Event::RunFinished { exit_code: 0 }, start);
        progress.apply(&begin(), start + Duration::from_secs(9));
        assert_eq!((progress.phase(), progress.requests(), progress.stages()[0].known), (Phase::Starting, 0, 0));
        assert_eq!(progress.quota(), Quota::PerMinute(150));
        assert_eq!(progress.elapsed(start + Duration::from_secs(10)), Duration::from_secs(1));
    }

    #[test]
    fn more_finished_than_announced_is_no_panic() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        progress.apply(&finished(Stage::Details), start);
        assert_eq!((progress.stages()[3].known, progress.stages()[3].done), (1, 1));
        assert_eq!(progress.remaining(start), None);
    }
}
