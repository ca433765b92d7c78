//! What is said once and stays: the start, gaps, retries, pauses, the end.
//!
//! The same thing over and over is counted instead: thousands of lines about one cause hide the others. Every single
//! gap is in the table of coverage, and every single event in the JSON log.

use std::time::{Duration, Instant};

use asana_model::catalog::Stage;
use asana_model::event::Event;

use super::state::{Progress, StageProgress};
use super::text::{bytes, count, countdown, duration, estimate, number, printable};

/// How often a cause that goes on is named again.
const AGAIN: Duration = Duration::from_secs(5);
/// A stage without open listings for so long is reported as done.
const SETTLED: Duration = Duration::from_secs(1);
/// Gaps of one kind that are named in full.
const GAPS_IN_FULL: u64 = 5;
/// What is expected is told again when it differs by more than this part.
const NEWS: u64 = 5;
/// Causes that are told apart; the reasons are foreign text, so there could be any number.
const CAUSES: usize = 50;

/// Turns events into lines for a person.
#[derive(Debug)]
pub(crate) struct Log {
    /// Whether the lines are all that is shown, with finished stages and the end; bars show those themselves.
    is_alone: bool,
    told_stages: Vec<Stage>,
    causes: Vec<Cause>,
    paused_until: Option<Instant>,
    /// The requests in all that were last named.
    told_requests: Option<u64>,
}

/// Something that happens again and again.
#[derive(Debug)]
struct Cause {
    /// How it is named before `, 12 more`.
    name: String,
    said: u64,
    unsaid: u64,
    /// When it was last named.
    last: Instant,
}

impl Log {
    pub(crate) fn new(is_alone: bool) -> Self {
        Self { is_alone, told_stages: Vec::new(), causes: Vec::new(), paused_until: None, told_requests: None }
    }

    /// Adds what there is to say about an event that `progress` has counted already.
    pub(crate) fn hear(&mut self, event: &Event, progress: &Progress, now: Instant, lines: &mut Vec<String>) {
        match event {
            Event::RunStarted { workspace, folder } => {
                self.told_stages.clear();
                self.causes.clear();
                self.told_requests = None;
                lines.push(format!("exporting {} to {}", printable(workspace), printable(folder)));
            }
            Event::ArchiveReplayed { pages } => {
                if *pages > 0 {
                    let pages = count(*pages, "page is", "pages are");
                    lines.push(format!("continuing an earlier run: {pages} here already"));
                }
            }
            Event::QuotaChosen { requests_per_minute, reason } => {
                let quota = match requests_per_minute {
                    Some(quota) => format!("at most {} per minute", count((*quota).into(), "request", "requests")),
                    None => "no limit on requests per minute".to_owned(),
                };
                lines.push(format!("{quota}{}", in_brackets(reason)));
            }
            Event::RequestsExpected { .. } => self.tell_expected(progress, now, lines),
            Event::ListingsQueued { stage, .. } => self.told_stages.retain(|told| told != stage),
            Event::FilesFound { files, bytes: size } => {
                if *files > 0 {
                    lines.push(format!("{} to download, {}", count(*files, "file", "files"), bytes(*size)));
                }
            }
            Event::GapFound { resource, parent_gid, http_status, reason } => {
                let status = http_status.map(|status| status.to_string()).unwrap_or_default();
                let line = gap(resource, parent_gid.as_deref(), &status, reason);
                self.recurring(format!("gap: {resource}{}", in_brackets(&status)), GAPS_IN_FULL, line, now, lines);
            }
            Event::Retried { path, reason, wait } => {
                let reason = printable(reason);
                let path = path.split('?').next().unwrap_or_default();
                let line = format!("retrying in {}: {reason}{}", countdown(*wait), in_brackets(&printable(path)));
                self.recurring(format!("retrying: {reason}"), 1, line, now, lines);
            }
            Event::Paused { wait } => self.pause(*wait, now, lines),
            Event::Stopping { reason } => {
                lines.push(format!(
                    "stopping: {}; the pages in flight are waited for, and Ctrl-C leaves at once",
                    printable(reason)
                ));
            }
            Event::FetchFinished => {
                self.repeat(now, lines, |_| true);
                self.tell_stages(progress, lines, StageProgress::is_complete);
                lines.push(format!("{} after {}", fetched(progress), duration(progress.elapsed(now))));
            }
            Event::Note { text } => lines.push(printable(text).into_owned()),
            Event::RunFinished { exit_code } => {
                self.repeat(now, lines, |_| true);
                if self.is_alone {
                    lines.push(end(*exit_code, progress, now));
                }
            }
            Event::RequestSent
            | Event::FileStored { .. }
            | Event::PageArchived { .. }
            | Event::ListingFinished { .. }
            | Event::RecordsRead { .. }
            | Event::TableWritten { .. } => {}
        }
    }

    /// Adds what is due although nothing happened.
    pub(crate) fn tick(&mut self, progress: &Progress, now: Instant, lines: &mut Vec<String>) {
        self.repeat(now, lines, |cause| now.saturating_duration_since(cause.last) >= AGAIN);
        self.tell_stages(progress, lines, |stage| stage.is_settled(now, SETTLED));
    }

    /// Adds all that was held back.
    pub(crate) fn finish(&mut self, now: Instant, lines: &mut Vec<String>) {
        self.repeat(now, lines, |_| true);
    }

    fn recurring(&mut self, name: String, in_full: u64, line: String, now: Instant, lines: &mut Vec<String>) {
        if let Some(cause) = self.causes.iter_mut().find(|cause| cause.name == name) {
            if cause.said < in_full {
                cause.said += 1;
                cause.last = now;
                lines.push(line);
            } else {
                cause.unsaid += 1;
            }
            return;
        }
        if self.causes.len() < CAUSES {
            lines.push(line);
            self.causes.push(Cause { name, said: 1, unsaid: 0, last: now });
        } else {
            self.recurring_elsewhere(now);
        }
    }

    fn recurring_elsewhere(&mut self, now: Instant) {
        const OTHERS: &str = "gaps and retries for other reasons";
        match self.causes.iter_mut().find(|cause| cause.name == OTHERS) {
            Some(others) => others.unsaid += 1,
            None => self.causes.push(Cause { name: OTHERS.to_owned(), said: 0, unsaid: 1, last: now }),
        }
    }

    fn repeat(&mut self, now: Instant, lines: &mut Vec<String>, is_due: impl Fn(&Cause) -> bool) {
        for cause in &mut self.causes {
            if cause.unsaid > 0 && is_due(cause) {
                lines.push(format!("{}, {} more", cause.name, number(cause.unsaid)));
                cause.unsaid = 0;
                cause.last = now;
            }
        }
    }

    fn pause(&mut self, wait: Duration, now: Instant, lines: &mut Vec<String>) {
        // Requests in flight together are refused together; one pause is one line.
        let until = now.checked_add(wait);
        let longer = self.paused_until.and_then(|paused| paused.checked_add(Duration::from_secs(1)));
        if longer.is_none_or(|longer| until.is_none_or(|until| until > longer)) {
            lines.push(format!("paused {}: Asana asked to wait", countdown(wait)));
            self.paused_until = until;
        }
    }

    /// How much there is to do, and again when that turns out to be quite different.
    fn tell_expected(&mut self, progress: &Progress, now: Instant, lines: &mut Vec<String>) {
        let Some(requests) = progress.expected() else { return };
        if self.told_requests.is_some_and(|told| told.abs_diff(requests) <= told / NEWS) {
            return;
        }
        let so_far = if self.told_requests.is_some() { "it turns out to be " } else { "" };
        self.told_requests = Some(requests);
        let time = progress
            .expected_time(now)
            .map(|(time, per_minute)| format!(", {} at {} a minute", estimate(time), number(per_minute)));
        lines.push(format!("{so_far}about {}{}", count(requests, "request", "requests"), time.unwrap_or_default()));
    }

    fn tell_stages(&mut self, progress: &Progress, lines: &mut Vec<String>, is_done: impl Fn(&StageProgress) -> bool) {
        if !self.is_alone {
            return;
        }
        for stage in progress.stages() {
            if is_done(stage) && !self.told_stages.contains(&stage.stage) {
                self.told_stages.push(stage.stage);
                let listings = count(stage.done, "listing", "listings");
                let records = count(stage.records, "record", "records");
                lines.push(format!("{} done: {listings}, {records}", stage.stage.label()));
            }
        }
    }
}

fn gap(resource: &str, parent: Option<&str>, status: &str, reason: &str) -> String {
    let of = parent.map(|gid| format!(" of {}", printable(gid))).unwrap_or_default();
    let status = if reason.contains(status) { String::new() } else { in_brackets(status) };
    format!("gap: {resource}{of}: {}{status}", printable(reason))
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn fetched(progress: &Progress) -> String {
    let records = count(progress.records(), "record", "records");
    let files = progress.files().map_or_else(String::new, |files| {
        format!(" and {} of {}", count(files.stored, "file", "files"), bytes(files.stored_bytes))
    });
    format!("fetched {records}{files} in {}", count(progress.requests(), "request", "requests"))
}

fn end(exit_code: u8, progress: &Progress, now: Instant) -> String {
    let outcome = match exit_code {
        0 => "finished".to_owned(),
        3 => format!("finished with {}", count(progress.gaps(), "gap", "gaps")),
        130 => "interrupted (the same command continues)".to_owned(),
        code => format!("ended with exit code {code}"),
    };
    let mut line = format!("{outcome} after {}", duration(progress.elapsed(now)));
    if progress.requests() > 0 {
        line.push_str(": ");
        line.push_str(&fetched(progress));
    }
    if progress.tables() > 0 {
        line.push_str(if progress.requests() > 0 { ", wrote " } else { ": wrote " });
        line.push_str(&count(progress.rows(), "row", "rows"));
        line.push_str(" in ");
        line.push_str(&count(progress.tables(), "table", "tables"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log with its own clock, in milliseconds.
    struct Run {
        start: Instant,
        progress: Progress,
        log: Log,
    }

    impl Run {
        fn new(is_alone: bool) -> Self {
            let start = Instant::now();
            Self { start, progress: Progress::new(start), log: Log::new(is_alone) }
        }

        fn hear(&mut self, at: u64, event: &Event) -> Vec<String> {
            let now = self.start + Duration::from_millis(at);
            let mut lines = Vec::new();
            self.progress.apply(event, now);
            self.log.hear(event, &self.progress, now, &mut lines);
            lines
        }

        fn tick(&mut self, at: u64) -> Vec<String> {
            let mut lines = Vec::new();
            self.log.tick(&self.progress, self.start + Duration::from_millis(at), &mut lines);
            lines
        }
    }

    fn check(event: &Event, expected: &str) {
        assert_eq!(Run::new(true).hear(0, event).join("\n"), expected);
    }

    fn gap_of(resource: &'static str, parent: Option<&str>, status: Option<u16>, reason: &str) -> Event {
        let parent_gid = parent.map(str::to_owned);
        Event::GapFound { resource, parent_gid, http_status: status, reason: reason.to_owned() }
    }

    fn retry(reason: &str, wait: u64) -> Event {
        let path = "/tasks/12/stories?opt_fields=text".to_owned();
        Event::Retried { path, reason: reason.to_owned(), wait: Duration::from_millis(wait) }
    }

    #[test]
    fn events_are_worded() {
        let started = Event::RunStarted { workspace: "Acme".to_owned(), folder: "out/acme".to_owned() };
        check(&started, "exporting Acme to out/acme");
        check(&Event::ArchiveReplayed { pages: 0 }, "");
        check(&Event::ArchiveReplayed { pages: 1 }, "continuing an earlier run: 1 page is here already");
        let quota = |requests_per_minute, reason| Event::QuotaChosen { requests_per_minute, reason };
        check(&quota(Some(1_500), "paid plan"), "at most 1,500 requests per minute (paid plan)");
        check(&quota(None, ""), "no limit on requests per minute");
        check(&gap_of("goals", None, Some(402), "not in this plan"), "gap: goals: not in this plan (402)");
        check(&gap_of("stories", Some("12"), Some(403), "403 Forbidden"), "gap: stories of 12: 403 Forbidden");
        check(&gap_of("stories", Some("12"), None, "gone"), "gap: stories of 12: gone");
        check(&retry("503", 1_500), "retrying in 2 s: 503 (/tasks/12/stories)");
        check(
            &Event::Stopping { reason: "interrupted".to_owned() },
            "stopping: interrupted; the pages in flight are waited for, and Ctrl-C leaves at once",
        );
        check(&Event::Note { text: "the archive has a torn tail".to_owned() }, "the archive has a torn tail");
        check(&Event::RequestSent, "");
    }

    #[test]
    fn foreign_text_cannot_steer_the_terminal() {
        let evil = "\u{1b}[2J\u{202e}";
        let own = || evil.to_owned();
        for event in [
            Event::RunStarted { workspace: own(), folder: own() },
            gap_of("goals", Some(evil), Some(402), evil),
            Event::Retried { path: own(), reason: own(), wait: Duration::ZERO },
            Event::Stopping { reason: own() },
            Event::Note { text: own() },
        ] {
            let mut run = Run::new(true);
            let mut lines = run.hear(0, &event);
            run.hear(0, &event);
            lines.extend(run.tick(10_000));
            assert!(!lines.is_empty() && !lines.concat().chars().any(super::super::text::steers), "{lines:?}");
        }
    }

    #[test]
    fn a_cause_that_goes_on_is_counted_and_named_every_few_seconds() {
        let mut run = Run::new(true);
        assert_eq!(run.hear(0, &retry("503", 100)).len(), 1);
        for at in 1..=37 {
            assert_eq!(run.hear(at, &retry("503", 100)), [""; 0]);
        }
        assert_eq!(run.hear(40, &retry("connection reset", 100)).len(), 1, "another reason is another line");
        assert_eq!(run.tick(4_999), [""; 0]);
        assert_eq!(run.tick(5_000), ["retrying: 503, 37 more"]);
        run.hear(5_001, &retry("503", 100));
        assert_eq!(run.tick(9_999), [""; 0]);
        assert_eq!(run.tick(10_000), ["retrying: 503, 1 more"]);
        assert_eq!(run.tick(60_000), [""; 0], "nothing new, nothing said");
    }

    #[test]
    fn the_first_gaps_of_a_kind_are_named_and_the_others_counted() {
        let mut run = Run::new(true);
        let said: usize =
            (0..100).map(|gid| run.hear(gid, &gap_of("stories", Some("1"), Some(404), "gone")).len()).sum();
        assert_eq!(said, 5);
        assert_eq!(run.hear(100, &gap_of("goals", None, Some(402), "plan")).len(), 1);
        let end = run.hear(200, &Event::RunFinished { exit_code: 3 });
        assert_eq!(end, ["gap: stories (404), 95 more", "finished with 101 gaps after 0 s"]);
    }

    #[test]
    fn any_number_of_reasons_takes_bounded_memory_and_bounded_lines() {
        let mut run = Run::new(false);
        let said: usize = (0..10_000).map(|reason| run.hear(0, &retry(&format!("error {reason}"), 1)).len()).sum();
        assert_eq!((said, run.log.causes.len()), (CAUSES, CAUSES + 1));
        assert_eq!(run.tick(5_000), ["gaps and retries for other reasons, 9,950 more"]);
    }

    #[test]
    fn one_pause_is_one_line() {
        let mut run = Run::new(true);
        let pause = |seconds| Event::Paused { wait: Duration::from_secs(seconds) };
        assert_eq!(run.hear(0, &pause(12)), ["paused 12 s: Asana asked to wait"]);
        assert_eq!(run.hear(100, &pause(12)), [""; 0]);
        assert_eq!(run.hear(100, &pause(30)), ["paused 30 s: Asana asked to wait"]);
        assert_eq!(run.hear(60_000, &pause(12)).len(), 1);
    }

    #[test]
    fn a_stage_is_told_once_when_it_has_settled() {
        let mut run = Run::new(true);
        let stage = Stage::Structure;
        run.hear(0, &Event::ListingsQueued { stage, resource: "projects", count: 1 });
        run.hear(0, &Event::PageArchived { stage, resource: "projects", records: 1_234 });
        run.hear(0, &Event::ListingFinished { stage, resource: "projects" });
        assert_eq!(run.tick(500), [""; 0], "more may follow");
        assert_eq!(run.tick(1_000), ["structure done: 1 listing, 1,234 records"]);
        assert_eq!(run.tick(2_000), [""; 0]);
        run.hear(3_000, &Event::ListingsQueued { stage, resource: "projects", count: 1 });
        run.hear(3_000, &Event::ListingFinished { stage, resource: "projects" });
        let end = run.hear(3_100, &Event::FetchFinished);
        assert_eq!(end, ["structure done: 2 listings, 1,234 records", "fetched 1,234 records in 0 requests after 3 s"]);
    }

    #[test]
    fn how_much_there_is_to_do_is_said_once_and_when_it_changes_much() {
        let mut run = Run::new(false);
        let expect = |requests| Event::RequestsExpected { requests, pace: Some(1_455) };
        assert_eq!(run.hear(0, &expect(12_300)), ["about 12,300 requests, 9 min at 1,455 a minute"]);
        assert_eq!(run.hear(1_000, &expect(2_000)), [""; 0]);
        assert_eq!(
            run.hear(2_000, &expect(600)),
            ["it turns out to be about 14,900 requests, 11 min at 1,455 a minute"]
        );
        assert_eq!(run.hear(3_000, &expect(-1_000)), [""; 0]);
        let none = Event::RequestsExpected { requests: 7, pace: None };
        assert_eq!(Run::new(true).hear(0, &none), ["about 7 requests"], "no limit, and no rate known");
    }

    #[test]
    fn beside_bars_neither_stages_nor_the_end_are_lines() {
        let mut run = Run::new(false);
        let stage = Stage::Structure;
        run.hear(0, &Event::ListingsQueued { stage, resource: "projects", count: 1 });
        run.hear(0, &Event::ListingFinished { stage, resource: "projects" });
        assert_eq!(run.tick(60_000), [""; 0]);
        assert_eq!(run.hear(60_000, &Event::FetchFinished), ["fetched 0 records in 0 requests after 1 min 00 s"]);
        assert_eq!(run.hear(60_000, &Event::RunFinished { exit_code: 0 }), [""; 0]);
    }

    #[test]
    fn the_end_says_how_it_went() {
        let end = |exit_code| Run::new(true).hear(56_000, &Event::RunFinished { exit_code }).concat();
        assert_eq!(end(0), "finished after 56 s");
        assert_eq!(end(130), "interrupted (the same command continues) after 56 s");
        assert_eq!(end(1), "ended with exit code 1 after 56 s");
        let mut run = Run::new(true);
        run.hear(0, &Event::RequestSent);
        run.hear(0, &Event::TableWritten { table: "tasks".to_owned(), rows: 1_234 });
        assert_eq!(
            run.hear(56_000, &Event::RunFinished { exit_code: 0 }),
            ["finished after 56 s: fetched 0 records in 1 request, wrote 1,234 rows in 1 table"]
        );
    }
}
