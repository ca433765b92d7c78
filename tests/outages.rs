//! A network that is gone, an Asana that is down, a disk that is full: the run waits as long as it was told to, stops
//! with everything kept, and the same command goes on. Only what fails while others get through becomes a gap.

use std::path::Path;
use std::time::{Duration, Instant};

use asana_simulator::{ADMIN_TOKEN, Config, Latency, RunningSimulator, SERVICE_TOKEN};

use crate::support::front::Front;
use crate::support::program::Running;
use crate::support::tls::address_of;
use crate::support::{Export, Folder, Program, assert_tables, expected, requests, start, start_with_faults, unlimited};

const SEED: u64 = 3;
const TASKS: u32 = 60;

fn healthy() -> RunningSimulator {
    start(unlimited(SEED, TASKS))
}

/// Goes on in `out` when nothing goes wrong any more: the export has to be complete, and what was received before is not
/// asked for again.
#[track_caller]
fn goes_on(simulator: &RunningSimulator, out: &Path, at_least_kept: u64) {
    simulator.heal();
    simulator.reset_stats();
    let folder = Export::new(simulator, SERVICE_TOKEN, out).complete();
    let truth = simulator.truth();
    assert_tables(&folder, &expected::tables(&truth, SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    let (asked, whole) = (simulator.stats().requests, requests::needed(&truth, SERVICE_TOKEN));
    // The first calls, listings that were cut between two pages, and once more what changed since the first run began.
    assert!(
        asked + at_least_kept <= whole + 40,
        "{asked} of {whole} requests, although {at_least_kept} were answered before"
    );
}

/// The run stops after a while without success; nothing of it is lost and nothing is called a gap.
#[track_caller]
fn stops_and_goes_on(rule: &str, pieces: &[&str]) {
    let simulator = start_with_faults(unlimited(SEED, TASKS), &[rule]);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let export = Export::new(&simulator, SERVICE_TOKEN, &path).set("give-up-after", "2s");
    let ended = export.run().exits(1).says(pieces).says(&["kept", "same command"]).says_once();
    assert!(ended.took > Duration::from_secs(2) && ended.took < Duration::from_secs(20), "it took {:?}", ended.took);
    let asked = simulator.stats().requests;
    assert!(asked < 100 + 80, "forty in flight, and then one at a time: {asked}");
    assert!(!path.join("manifest.json").exists());
    goes_on(&simulator, &path, 60);
}

#[test]
fn a_server_that_stays_down_stops_the_run_without_gaps() {
    stops_and_goes_on("when=from:100 what=503", &["nothing got through", "for 2 s", "503"]);
}

#[test]
fn a_network_that_stays_away_stops_the_run_without_gaps() {
    stops_and_goes_on("when=from:100 what=drop", &["nothing got through", "for 2 s"]);
}

#[test]
fn a_maintenance_page_in_place_of_everything_stops_the_run_without_gaps() {
    stops_and_goes_on("when=from:100 what=garbage", &["nothing got through", "JSON"]);
}

#[test]
fn rejections_without_end_stop_the_run_too() {
    stops_and_goes_on("when=from:100 what=429:1", &["nothing got through", "429"]);
}

#[test]
fn an_outage_is_sat_out() {
    let simulator = start_with_faults(unlimited(SEED, TASKS), &["when=from:100 what=503 times=8"]);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    let folder = export.complete();
    assert_eq!(simulator.stats().faults, 8);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    let reasons = &folder.manifest()["requests"]["retries_by_reason"];
    assert!(reasons["503"].as_u64().is_some_and(|times| times > 0), "{reasons}");
}

#[test]
fn what_fails_while_others_get_through_is_a_gap_also_at_the_very_end() {
    // Nothing else is left to ask when the only list of tags is given up: what was answered before is asked once more.
    let simulator = start_with_faults(unlimited(SEED, TASKS), &["when=path:/tags?* what=500"]);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("only", "tags");
    let folder = export.ends_with(3);
    let gap = folder.gaps().into_iter().find(|gap| gap.resource == "tags").unwrap();
    assert_eq!(gap.http_status.as_deref(), Some("500"));
    let reason = gap.reason.unwrap();
    assert!(reason.contains("phrase") && reason.contains("record 1 cannot be read even alone"), "{reason}");
    let reasons = &folder.manifest()["requests"]["retries_by_reason"];
    assert_eq!(reasons["500"].as_u64(), Some(9), "{reasons}");
}

#[test]
fn what_was_sent_again_and_what_asana_announces_is_told() {
    let rules = ["when=request:30 what=500", "when=request:40 what=garbage", "when=request:50 what=429:1"];
    let simulator = start_with_faults(unlimited(SEED, TASKS), &rules);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("progress", "plain");
    let ended = export.run().exits(0).says(&["Sent again because of:", "500 (1)", "not JSON (1)", "429"]);
    let manifest = Folder::new(&out.path().join("out")).manifest();
    let reasons = manifest["requests"]["retries_by_reason"].as_object().unwrap();
    assert_eq!(reasons.values().filter_map(serde_json::Value::as_u64).sum::<u64>(), 3, "{reasons:?}");
    let rejected = reasons.iter().find(|(reason, _)| reason.starts_with("429 ")).unwrap();
    assert_eq!(rejected.1, 1);
    let names: Vec<_> = manifest["asana_changes"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["cross_workspace_deprecation", "new_goal_memberships", "teamless_projects"]);
    assert_eq!(manifest["asana_changes"][1]["affected"], true);
    assert_eq!(manifest["asana_changes"][2]["affected"], false);
    let told = ended.stderr.matches("announces a change of its API: teamless_projects").count();
    assert_eq!(told, 1, "once for the run:\n{}", ended.stderr);
}

#[test]
fn asanas_clock_counts_and_not_this_machines() {
    let latency = Latency { fixed: Duration::from_millis(5), jitter: Duration::ZERO };
    let simulator = start(Config { latency, ..unlimited(SEED, TASKS) });
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let asked_since = |front: &Front| {
        let heads = front.heard();
        let since =
            heads.split("modified_since=").skip(1).map(|rest| rest.split(['&', ' ']).next().unwrap().to_owned());
        since.collect::<Vec<_>>()
    };
    let front = Front::new(address_of(&simulator), "Tue, 04 Mar 2031 05:06:07 GMT");
    let mut running = Export::from(&front.base_url(), SERVICE_TOKEN, &path).program().spawn();
    await_requests(&simulator, 100, &mut running);
    running.signal("INT");
    running.wait().exits(130);
    assert_eq!(asked_since(&front), Vec::<String>::new());
    // Days later: what changed since the first run began, and that was in its own time.
    front.set_date("Sat, 08 Mar 2031 09:09:09 GMT");
    Export::from(&front.base_url(), SERVICE_TOKEN, &path).complete();
    let since = asked_since(&front);
    assert!(!since.is_empty());
    assert!(
        since.iter().all(|since| since.starts_with("2031-03-04T05%3A0") || since.starts_with("2031-03-04T05:0")),
        "{since:?}"
    );
}

#[track_caller]
fn await_requests(simulator: &RunningSimulator, requests: u64, running: &mut Running) {
    let began = Instant::now();
    while simulator.stats().requests < requests {
        assert!(!running.is_over(), "it ended before {requests} requests");
        assert!(began.elapsed() < Duration::from_secs(60), "it hangs");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_second_interrupt_leaves_at_once_and_loses_nothing() {
    let simulator = start_with_faults(unlimited(SEED, TASKS), &["when=from:100 what=slow:60000"]);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let export = Export::new(&simulator, SERVICE_TOKEN, &path).set("progress", "plain");
    let mut running = export.program().spawn();
    await_requests(&simulator, 120, &mut running);
    running.signal("INT");
    running.says("Ctrl-C leaves at once");
    assert!(!running.is_over(), "what is in flight is waited for");
    running.signal("INT");
    let ended = running.wait().exits(130).says(&["the same command goes on"]);
    assert!(ended.took < Duration::from_secs(10), "it took {:?}", ended.took);
    // What was received within the last second may not have been on the disk.
    goes_on(&simulator, &path, 0);
}

#[test]
fn a_full_disk_is_named_and_with_space_the_same_command_goes_on() {
    let simulator = healthy();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let base_url = simulator.base_url();
    // No file may grow beyond so many blocks of 512 bytes: what a full disk looks like to whoever writes.
    let script = "trap '' XFSZ; ulimit -f 40; exec \"$@\"";
    let program = env!("CARGO_BIN_EXE_asana-workspace");
    let flags = ["export", "--base-url", &base_url, "--rate", "none", "--progress", "none", "--out"];
    let arguments = ["-c", script, "sh", program].into_iter().chain(flags).chain([path.to_str().unwrap()]);
    let ended = Program::of("sh", arguments).env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN).run().exits(1);
    ended.says(&["archive", path.to_str().unwrap(), "space", "same command"]).says_once();
    assert!(!path.join("manifest.json").exists());
    goes_on(&simulator, &path, 0);
}
