//! Killed at any time and as often as one likes, an export loses nothing, asks for nothing twice that is in its archive,
//! and ends with the same bytes.

use std::collections::BTreeSet;
use std::time::Duration;

use asana_simulator::{Asked, Config, Latency, Limits, Quota, RunningSimulator, SERVICE_TOKEN};

use crate::support::stops::{Point, archived, is_always_asked, stopped_at};
use crate::support::{Export, Folder, Program, assert_tables, expected, requests, start, unlimited};

/// Times that one export is killed while it fetches, and then while it writes tables.
const KILLS: (u64, u64) = (18, 7);
/// Requests in flight at once.
const IN_FLIGHT: usize = 10;
/// Answers that wait to be written.
const KEPT_BACK: usize = 8;
/// Stories of an export that is stopped in several places.
const CASES: usize = 24;

/// The dice of a test: another throw with `CHAOS_SEED=7 cargo test`. The seed is printed, and shown when a test fails.
fn dice() -> fastrand::Rng {
    let seed = std::env::var("CHAOS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_125);
    println!("CHAOS_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

fn simulator(tasks: u32, milliseconds: u64) -> RunningSimulator {
    let latency = Duration::from_millis(milliseconds);
    let latency = Latency { fixed: latency, jitter: latency };
    // Who begins again and again searches again and again.
    let limits = Limits { standard: Quota::Unlimited, search_per_minute: u32::MAX, ..Limits::default() };
    start(Config { latency, limits, keeps_log: true, ..unlimited(7, tasks) })
}

#[track_caller]
fn assert_same_data(one: &Folder, other: &Folder) {
    let (one, other) = (one.data_files(), other.data_files());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &other[name], "{name} differs");
    }
}

/// Kills an export at a point. What was in its archive by then must not have been asked for again; answers the
/// listings that the server had answered to their end and that the archive does not hold.
#[track_caller]
fn killed_at(point: Point, simulator: &RunningSimulator, export: &Export) -> Vec<String> {
    let before = archived(export.out());
    let ended = stopped_at(point, "KILL", simulator, export);
    assert_eq!(ended.status.code(), None, "it ended by itself before {point:?}:\n{}", ended.stderr);
    let after = archived(export.out());
    assert!(after.is_superset(&before), "what was archived is still there");
    let asked = asked_again_none(simulator, &before);
    let ends = asked.into_iter().filter(|asked| asked.ends && !is_always_asked(&asked.question));
    ends.map(|asked| asked.question).filter(|question| !after.contains(question)).collect()
}

/// What was asked since the last time; nothing of it may be in the archive already.
#[track_caller]
fn asked_again_none(simulator: &RunningSimulator, archived: &BTreeSet<String>) -> Vec<Asked> {
    let log = simulator.take_log();
    let again = log.iter().filter(|asked| archived.contains(&asked.question) && !is_always_asked(&asked.question));
    assert_eq!(again.collect::<Vec<_>>(), Vec::<&Asked>::new(), "asked although it is in the archive");
    log
}

#[test]
fn killed_25_times_it_loses_nothing_and_asks_for_nothing_twice_that_it_has() {
    let mut dice = dice();
    let simulator = simulator(300, 15);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    let export = export.set("concurrency", &IN_FLIGHT.to_string());
    let whole = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("whole")).complete();
    simulator.take_log();

    let needed = requests::needed(&simulator.truth(), SERVICE_TOKEN);
    let (fetching, writing) = KILLS;
    let mut lost = Vec::new();
    for _ in 0..fetching {
        let point = Point::Requests(dice.u64(1..=2 * needed / (fetching + 4)));
        lost.extend(killed_at(point, &simulator, &export));
    }
    let tables = whole.tables("csv").len();
    for _ in 0..writing {
        lost.extend(killed_at(Point::Files(dice.usize(0..tables - 3)), &simulator, &export));
    }
    let before = archived(export.out());
    let folder = export.complete();
    asked_again_none(&simulator, &before);
    println!("{} of {} listings were answered and lost in {fetching} kills", lost.len(), before.len());
    assert!(lost.len() <= usize::try_from(fetching).unwrap() * (IN_FLIGHT + KEPT_BACK), "{} were lost", lost.len());

    assert_same_data(&folder, &whole);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    Program::new(["verify", export.out().to_str().unwrap()]).run().exits(0);
}

/// Stops and goes on until it is complete: where, and by which signal, is up to the dice.
fn story(dice: &mut fastrand::Rng, needed: u64) -> Vec<(Point, &'static str)> {
    let stop = |dice: &mut fastrand::Rng| {
        let point =
            if dice.bool() { Point::Requests(dice.u64(0..=needed / 2)) } else { Point::Files(dice.usize(0..60)) };
        (point, *dice.choice(&["INT", "TERM", "KILL"]).unwrap())
    };
    (0..dice.usize(1..=3)).map(|_| stop(dice)).collect()
}

#[test]
fn wherever_and_however_it_was_stopped_it_ends_like_one_that_was_not() {
    let mut dice = dice();
    let simulator = simulator(12, 1);
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| {
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join(name));
        export.set("concurrency", "4").set("format", "csv")
    };
    let whole = export("whole").complete();
    let needed = requests::needed(&simulator.truth(), SERVICE_TOKEN);
    for case in 0..CASES {
        let story = story(&mut dice, needed);
        println!("{case}: {story:?}");
        let export = export(&case.to_string());
        let mut is_over = false;
        for (point, signal) in story {
            let before = archived(export.out());
            simulator.take_log();
            let ended = stopped_at(point, signal, &simulator, &export);
            asked_again_none(&simulator, &before);
            is_over = ended.status.success();
            match ended.status.code() {
                Some(0) => break,
                Some(130) => assert!(signal != "KILL" && ended.stderr.contains("same command"), "{ended:?}"),
                // A signal can come before the program listens for it.
                None => {}
                Some(_) => panic!("{ended:?}"),
            }
        }
        assert_same_data(&if is_over { Folder::new(export.out()) } else { export.complete() }, &whole);
    }
}
