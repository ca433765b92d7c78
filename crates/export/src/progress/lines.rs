//! The wording of what changes all the time: stages, the run, the build.
//!
//! Pure functions of [`Progress`], so that what a person sees is tested without a terminal. Colour says nothing here.

use std::time::Instant;

use super::state::{Phase, Progress, Quota, StageProgress};
use super::text::{bytes, count, countdown, duration, estimate, number};

/// The longest line of bars: one less than 80, for some terminals wrap at the last column.
const WIDTH: usize = 79;

/// What stands beside the bar of each active stage, in columns.
pub(crate) fn stages(progress: &Progress) -> Vec<(&StageProgress, String)> {
    let active = || progress.stages().iter().filter(|stage| stage.is_active());
    let wide = |amount: fn(&StageProgress) -> u64| active().map(|stage| number(amount(stage)).len()).max().unwrap_or(0);
    let (done, known, records) = (wide(|stage| stage.done), wide(|stage| stage.known), wide(|stage| stage.records));
    let words = |stage: &StageProgress| {
        format!(
            "{:>done$} of {:>known$} listings  {:>records$} records{}",
            number(stage.done),
            number(stage.known),
            number(stage.records),
            if stage.is_complete() { "  done" } else { "" },
        )
    };
    active().map(|stage| (stage, words(stage))).collect()
}

/// The line below the stages; `None` when there is nothing to tell.
pub(crate) fn run(progress: &Progress, now: Instant) -> Option<String> {
    match progress.phase() {
        Phase::Starting | Phase::Finished => None,
        Phase::Fetching => Some(fitted(fetch_parts(progress, now))),
        Phase::Building => Some(build(progress, now)),
    }
}

/// All of it in one line, for a log; `None` when there is nothing to tell.
pub(crate) fn status(progress: &Progress, now: Instant) -> Option<String> {
    if progress.phase() != Phase::Fetching {
        return run(progress, now);
    }
    let run = joined(&fetch_parts(progress, now));
    let stages = progress.stages().iter().filter(|stage| stage.is_active()).map(|stage| {
        let label = stage.stage.label();
        if stage.is_complete() {
            format!("{label} done")
        } else {
            format!("{label} {} of {}", number(stage.done), number(stage.known))
        }
    });
    let stages = stages.collect::<Vec<_>>().join(", ");
    let separator = if stages.is_empty() { "" } else { "; " };
    Some(format!("{run}{separator}{stages}; {}", count(progress.records(), "record", "records")))
}

/// A part of a line; those with the highest number go first when there is no room.
type Part = (u8, String);

fn fetch_parts(progress: &Progress, now: Instant) -> Vec<Part> {
    let requests = count(progress.requests(), "request", "requests");
    let mut parts = vec![(0, format!("{}: {requests}", duration(progress.elapsed(now))))];
    if progress.is_stopping() {
        parts.push((0, "stopping, waiting for the pages in flight".to_owned()));
    } else if let Some(left) = progress.paused_for(now) {
        parts.push((0, format!("paused {}: Asana asked to wait", countdown(left))));
    } else if let Some(rate) = rate(progress, now) {
        parts.push((0, rate));
    }
    if let Some(files) = progress.files() {
        let of = if files.known_bytes > 0 { format!(" of {}", bytes(files.known_bytes)) } else { String::new() };
        let (stored, known) = (number(files.stored), count(files.known, "file", "files"));
        parts.push((1, format!("{stored} of {known}, {}{of}", bytes(files.stored_bytes))));
    }
    if progress.retries() > 0 {
        parts.push((2, format!("{} retried", number(progress.retries()))));
    }
    if progress.gaps() > 0 {
        parts.push((3, count(progress.gaps(), "gap", "gaps")));
    }
    if let Some(left) = progress.remaining(now) {
        parts.push((1, format!("{} left", estimate(left))));
    }
    parts
}

fn rate(progress: &Progress, now: Instant) -> Option<String> {
    let rate = progress.rate(now).map(number);
    match (rate, progress.quota()) {
        (Some(rate), Quota::PerMinute(quota)) => Some(format!("{rate}/{} per min", number(quota.into()))),
        (Some(rate), Quota::NoLimit) => Some(format!("{rate} per min, no limit")),
        (Some(rate), Quota::Unknown) => Some(format!("{rate} per min")),
        (None, Quota::PerMinute(quota)) => Some(format!("up to {} per min", number(quota.into()))),
        (None, Quota::NoLimit) => Some("no limit".to_owned()),
        (None, Quota::Unknown) => None,
    }
}

fn build(progress: &Progress, now: Instant) -> String {
    let elapsed = duration(progress.elapsed(now));
    let facts = match (progress.tables(), progress.expected_tables()) {
        (0, _) => format!("{} read", count(progress.records_read(), "record", "records")),
        (tables, expected) => {
            let tables = match expected {
                Some(expected) => format!("{} of {}", number(tables), count(expected.max(tables), "table", "tables")),
                None => count(tables, "table", "tables"),
            };
            format!("{tables}, {}", count(progress.rows(), "row", "rows"))
        }
    };
    format!("building tables: {facts} ({elapsed})")
}

fn fitted(mut parts: Vec<Part>) -> String {
    loop {
        let line = joined(&parts);
        let dispensable = parts.iter().map(|(rank, _)| *rank).max().unwrap_or(0);
        if line.len() <= WIDTH || dispensable == 0 {
            return line;
        }
        parts.retain(|(rank, _)| *rank < dispensable);
    }
}

fn joined(parts: &[Part]) -> String {
    parts.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use asana_model::catalog::Stage;
    use asana_model::event::Event;

    use super::*;

    fn after(events: &[Event], seconds: u64) -> (Progress, Instant) {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        for event in events {
            progress.apply(event, start);
        }
        (progress, start + Duration::from_secs(seconds))
    }

    fn queued(stage: Stage, count: u64) -> Event {
        Event::ListingsQueued { stage, resource: "tasks", count }
    }

    fn check(events: &[Event], seconds: u64, line: &str, plain: &str) {
        let (progress, now) = after(events, seconds);
        assert_eq!(run(&progress, now).unwrap_or_default(), line);
        assert_eq!(status(&progress, now).unwrap_or_default(), plain);
    }

    fn quota(requests_per_minute: Option<u32>) -> Event {
        Event::QuotaChosen { requests_per_minute, reason: "" }
    }

    fn gap() -> Event {
        Event::GapFound { resource: "goals", parent_gid: None, http_status: Some(402), reason: String::new() }
    }

    fn retry() -> Event {
        Event::Retried { path: String::new(), reason: String::new(), wait: Duration::ZERO }
    }

    #[test]
    fn nothing_is_said_before_the_first_request_and_after_the_end() {
        check(&[], 5, "", "");
        check(&[Event::RequestSent, Event::RunFinished { exit_code: 0 }], 5, "", "");
    }

    #[test]
    fn a_fetch_is_one_line() {
        check(&[Event::RequestSent], 0, "0 s: 1 request", "0 s: 1 request; 0 records");
        let mut events = vec![quota(Some(1_500)), queued(Stage::Structure, 1), queued(Stage::Containers, 1_240)];
        events.push(Event::ListingFinished { stage: Stage::Structure, resource: "projects" });
        events.push(Event::PageArchived { stage: Stage::Structure, resource: "projects", records: 1_234 });
        events.extend(std::iter::repeat_n(Event::RequestSent, 110));
        let line = "5 s: 110 requests, 1,320/1,500 per min";
        check(&events, 5, line, &format!("{line}; structure done, containers 0 of 1,240; 1,234 records"));
        events.extend([gap(), retry(), retry()]);
        let line = "5 s: 110 requests, 1,320/1,500 per min, 2 retried, 1 gap";
        check(&events, 5, line, &format!("{line}; structure done, containers 0 of 1,240; 1,234 records"));
        events.push(quota(None));
        let (progress, now) = after(&events, 5);
        assert_eq!(run(&progress, now).unwrap(), "5 s: 110 requests, 1,320 per min, no limit, 2 retried, 1 gap");
    }

    #[test]
    fn downloads_are_counted_beside_the_requests() {
        let events = [
            Event::RequestSent,
            Event::FilesFound { files: 3, bytes: 5_000_000 },
            Event::FileStored { bytes: 1_200_000 },
            Event::FileStored { bytes: 10 },
        ];
        let line = "0 s: 1 request, 2 of 3 files, 1.3 MB of 5.0 MB";
        check(&events, 0, line, &format!("{line}; 0 records"));
        check(
            &[Event::RequestSent, Event::FilesFound { files: 0, bytes: 0 }],
            0,
            "0 s: 1 request",
            "0 s: 1 request; 0 records",
        );
    }

    #[test]
    fn a_pause_counts_down() {
        let events = [Event::RequestSent, Event::Paused { wait: Duration::from_secs(30) }];
        let line = "18 s: 1 request, paused 12 s: Asana asked to wait";
        check(&events, 18, line, &format!("{line}; 0 records"));
    }

    #[test]
    fn the_time_left_is_shown_when_it_is_known() {
        let mut events = vec![queued(Stage::Details, 6_000), Event::RequestsExpected { requests: 6_100, pace: None }];
        events.extend(std::iter::repeat_n(Event::RequestSent, 100));
        let (progress, now) = after(&events, 10);
        assert_eq!(run(&progress, now).unwrap(), "10 s: 100 requests, 600 per min, 10 min left");
    }

    #[test]
    fn stopping_replaces_the_rate() {
        let events = [Event::RequestSent, Event::Stopping { reason: "interrupted".to_owned() }];
        let line = "3 s: 1 request, stopping, waiting for the pages in flight";
        check(&events, 3, line, &format!("{line}; 0 records"));
    }

    #[test]
    fn the_least_important_parts_make_room() {
        let mut events = vec![quota(Some(1_500)), queued(Stage::Details, 3_000_000)];
        events.extend(std::iter::repeat_n(gap(), 1_000));
        events.extend(std::iter::repeat_n(retry(), 12));
        events.push(Event::RequestsExpected { requests: 3_000_000 + 91_500 - 12, pace: Some(1_455) });
        let (mut progress, now) = after(&events, 3_661);
        for second in 0..3_660 {
            for _ in 0..25 {
                progress.apply(&Event::RequestSent, now.checked_sub(Duration::from_secs(3_661 - second)).unwrap());
            }
        }
        let line = run(&progress, now).unwrap();
        assert_eq!(line, "1 h 01 min: 91,500 requests, 1,350/1,500 per min, 12 retried, 33 h 53 min left");
        assert!(line.len() <= WIDTH);
        progress.apply(&Event::Paused { wait: Duration::from_mins(50) }, now);
        assert_eq!(
            run(&progress, now).unwrap(),
            "1 h 01 min: 91,500 requests, paused 50 min 00 s: Asana asked to wait"
        );
    }

    #[test]
    fn a_build_is_one_line() {
        let table = |rows| Event::TableWritten { table: "tasks".to_owned(), rows };
        let mut events = vec![Event::FetchFinished, Event::RecordsRead { records: 12_345 }];
        let line = "building tables: 12,345 records read (7 s)";
        check(&events, 7, line, line);
        events.extend([table(1_000), table(1)]);
        let line = "building tables: 2 tables, 1,001 rows (7 s)";
        check(&events, 7, line, line);
        let (mut progress, now) = after(&events, 7);
        progress.expect_tables(40);
        assert_eq!(run(&progress, now).unwrap(), "building tables: 2 of 40 tables, 1,001 rows (7 s)");
        progress.expect_tables(1);
        assert_eq!(run(&progress, now).unwrap(), "building tables: 2 of 2 tables, 1,001 rows (7 s)");
    }

    #[test]
    fn stages_stand_in_columns() {
        let (progress, _) = after(
            &[
                queued(Stage::Structure, 1),
                Event::PageArchived { stage: Stage::Structure, resource: "projects", records: 1_234 },
                Event::ListingFinished { stage: Stage::Structure, resource: "projects" },
                queued(Stage::Tasks, 1_240),
                Event::ListingFinished { stage: Stage::Tasks, resource: "tasks" },
                Event::PageArchived { stage: Stage::Tasks, resource: "tasks", records: 95 },
            ],
            0,
        );
        let lines: Vec<_> = stages(&progress).into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, ["1 of     1 listings  1,234 records  done", "1 of 1,240 listings     95 records"]);
    }
}
