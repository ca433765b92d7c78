use super::*;

fn queued(stage: Stage, count: u64) -> Event {
    Event::ListingsQueued { stage, resource: "tasks", count }
}

fn finished(stage: Stage) -> Event {
    Event::ListingFinished { stage, resource: "tasks" }
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
    let complete = |progress: &Progress| progress.stages().iter().map(StageProgress::is_complete).collect::<Vec<_>>();
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
