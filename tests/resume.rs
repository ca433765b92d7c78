//! Stopped at any time, by Ctrl-C or by power cut, the same command goes on and ends with the same tables.

use std::path::Path;
use std::time::{Duration, Instant};

use asana_simulator::{Config, Latency, RunningSimulator, SERVICE_TOKEN};

use crate::support::{Ended, Export, Folder, assert_tables, expected, requests, start, start_with_faults, unlimited};

pub(crate) fn slow(tasks: u32) -> RunningSimulator {
    let latency = Latency { fixed: Duration::from_millis(30), jitter: Duration::from_millis(10) };
    start(Config { latency, ..unlimited(7, tasks) })
}

/// Starts an export and sends it a signal when the server has seen so many requests in all.
pub(crate) fn stopped_after(requests: u64, signal: &str, simulator: &RunningSimulator, out: &Path) -> Ended {
    let mut running = Export::new(simulator, SERVICE_TOKEN, out).program().spawn();
    let began = Instant::now();
    while simulator.stats().requests < requests {
        assert!(!running.is_over(), "it ended before {requests} requests: {:?}", running.wait());
        assert!(began.elapsed() < Duration::from_secs(60), "it hangs");
        std::thread::sleep(Duration::from_millis(1));
    }
    running.signal(signal);
    running.wait()
}

/// The tables of an export that nobody interrupted.
fn uninterrupted(simulator: &RunningSimulator, out: &Path) -> Folder {
    Export::new(simulator, SERVICE_TOKEN, &out.join("uninterrupted")).complete()
}

#[track_caller]
fn assert_same_data(one: &Folder, other: &Folder) {
    let (one, other) = (one.data_files(), other.data_files());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &other[name], "{name} differs");
    }
}

#[test]
fn an_interrupted_export_goes_on_where_it_stopped() {
    let simulator = slow(300);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let whole = requests::needed(&simulator.truth(), SERVICE_TOKEN) + 2;
    let ended = stopped_after(whole / 2, "INT", &simulator, &path).exits(130);
    assert!(ended.stderr.contains("same command"), "it says how to go on:\n{}", ended.stderr);
    assert!(!path.join("manifest.json").exists());
    let before = simulator.stats().requests;
    assert!(before < whole / 2 + 100, "no new requests after the signal: {before}");

    let folder = Export::new(&simulator, SERVICE_TOKEN, &path).complete();
    let stats = simulator.stats();
    // Whose token it is and which workspaces it sees is asked again, and so are the listings that were cut off.
    // (Later pages of those count as other requests, because their offsets are new.)
    assert!(stats.repeated <= 3 + 10, "{} requests repeated", stats.repeated);
    let more = stats.requests.checked_sub(whole).unwrap();
    assert!((3..=3 + 15).contains(&more), "{more} requests more than an uninterrupted export makes");
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    assert_same_data(&folder, &uninterrupted(&simulator, out.path()));
}

#[test]
fn a_terminated_export_goes_on_too() {
    let simulator = slow(100);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    stopped_after(150, "TERM", &simulator, &path).exits(130);
    let folder = Export::new(&simulator, SERVICE_TOKEN, &path).complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
}

#[test]
fn an_export_killed_outright_goes_on() {
    let simulator = slow(300);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let whole = requests::needed(&simulator.truth(), SERVICE_TOKEN) + 1;
    let ended = stopped_after(whole * 3 / 4, "KILL", &simulator, &path);
    assert_eq!(ended.status.code(), None, "killed");
    let folder = Export::new(&simulator, SERVICE_TOKEN, &path).complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_same_data(&folder, &uninterrupted(&simulator, out.path()));
}

#[test]
fn interrupted_again_and_again_it_still_ends() {
    let simulator = slow(150);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    for (requests, signal) in [(1, "INT"), (60, "KILL"), (120, "INT"), (240, "KILL"), (300, "TERM")] {
        stopped_after(requests, signal, &simulator, &path);
    }
    let folder = Export::new(&simulator, SERVICE_TOKEN, &path).complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
}

#[test]
fn an_interrupted_export_is_not_gone_on_with_other_settings() {
    let simulator = slow(60);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    stopped_after(80, "INT", &simulator, &path).exits(130);
    let other = Export::new(&simulator, SERVICE_TOKEN, &path).set("only", "tags");
    other.run().exits(2).says(&["resources", "--fresh"]);
    let someone_else = Export::new(&simulator, asana_simulator::ADMIN_TOKEN, &path);
    someone_else.run().exits(2).says(&["user", "--fresh"]);
    let folder = other.flag("fresh").complete();
    let tables = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    assert_eq!(folder.table("tags"), tables["tags"]);
}

#[test]
fn what_a_finished_export_lacks_is_asked_for_again() {
    // Refused once each: a whole listing, a parent, the rest of a parent.
    let rules = [
        "when=path:/tags?* what=403 times=1",
        "when=path:/projects/*/sections* what=404 times=2",
        "when=path:/tasks/*/stories*offset=* what=truncated times=1",
    ];
    let simulator = start_with_faults(unlimited(1, 60), &rules);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let export = Export::new(&simulator, SERVICE_TOKEN, &path);
    export.clone().set("progress", "plain").run().exits(3).says(&["--retry-gaps"]);
    let folder = Folder::new(&path);
    let lacking =
        folder.gaps().iter().filter(|gap| gap.parent.as_ref().is_some_and(|parent| !parent.is_empty())).count();
    assert_eq!(lacking, 4, "tags, two projects' sections, one task's stories: {:?}", folder.gaps());

    // With other settings it stays as it is.
    let before = folder.files();
    export.clone().set("only", "tags").flag("retry-gaps").run().exits(2).says(&["resources"]);
    assert!(folder.files() == before, "nothing was touched");

    let first = simulator.stats().requests;
    let folder = export.clone().flag("retry-gaps").complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    assert_same_data(&folder, &uninterrupted(&simulator, out.path()));
    assert!(first > 300, "{first}");
    let before = folder.files();
    export.clone().flag("retry-gaps").run().exits(0);
    assert!(folder.files() == before, "nothing is lacking, so nothing is touched");
}

#[test]
fn completing_an_export_costs_no_more_than_what_it_lacked() {
    let simulator = start_with_faults(unlimited(1, 60), &["when=path:/projects/*/sections* what=403 times=2"]);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    export.ends_with(3);
    simulator.reset_stats();
    export.flag("retry-gaps").complete();
    let stats = simulator.stats();
    // The first calls, two listings (one project has two pages of sections), and what changed since, by its parents.
    assert!((2..=3).contains(&stats.by_route["/projects/{}/sections"]), "{:?}", stats.by_route);
    assert!(!stats.by_route.contains_key("/tasks/{}/stories"), "{:?}", stats.by_route);
    assert!(stats.requests < 100, "{}", stats.requests);
}
