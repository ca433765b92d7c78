//! `--attachments files`: every file that Asana holds is beside the tables, byte for byte, and nothing else is; the token
//! goes to nobody but Asana; what cannot be had is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use asana_archive::{list_frames, read_frame};
use asana_simulator::{Config, FileStats, RunningSimulator, SERVICE_TOKEN, Truth};
use serde_json::Value;

use crate::support::{Ended, Export, Folder, Program, assert_tables, expected, start, start_with_faults, unlimited};

const TOKEN: &str = SERVICE_TOKEN;

fn export(simulator: &RunningSimulator, out: &Path) -> Export {
    Export::new(simulator, TOKEN, out).set("attachments", "files").set("only", "attachments")
}

fn verify(out: &Path) -> Ended {
    Program::new(["verify", out.to_str().unwrap()]).run()
}

/// The records of files that Asana holds and the export comes across, by gid.
fn held(truth: &Truth) -> BTreeMap<String, Value> {
    let (mut records, _) = expected::records(truth, TOKEN, expected::Kinds::All);
    let files = records.remove("attachments").unwrap();
    let held = files.into_iter().filter(|file| file["host"] == "asana");
    held.map(|file| (file["gid"].as_str().unwrap().to_owned(), file)).collect()
}

/// What lies in the folder of attachments, by name.
fn lying(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let files = folder.files().into_iter();
    files.filter_map(|(path, bytes)| Some((path.strip_prefix("attachments/")?.to_owned(), bytes))).collect()
}

fn gid_of(name: &str) -> &str {
    name.split('-').next().unwrap()
}

/// The rows of the table, with what they say about files: gid to path, bytes and sum.
fn told(folder: &Folder) -> BTreeMap<String, [Value; 3]> {
    let lines = fs::read_to_string(folder.path("jsonl/attachments.jsonl")).unwrap();
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let row = |row: Value| {
        let file = ["file_path", "file_bytes", "file_sha256"].map(|column| row[column].clone());
        (row["gid"].as_str().unwrap().to_owned(), file)
    };
    rows.map(row).collect()
}

/// Asserts that just these files are there, with the right bytes, and that the table says so.
#[track_caller]
fn assert_files<'g>(folder: &Folder, truth: &Truth, gids: impl IntoIterator<Item = &'g String>) {
    let lying = lying(folder);
    let told = told(folder);
    let mut expected = BTreeMap::new();
    for gid in gids {
        expected.insert(gid.clone(), truth.content(gid).unwrap());
    }
    let found: Vec<&str> = lying.keys().map(|name| gid_of(name)).collect();
    assert_eq!(found, expected.keys().map(String::as_str).collect::<Vec<_>>());
    for (name, bytes) in &lying {
        let gid = gid_of(name);
        assert!(bytes == &expected[gid], "{name} has other bytes");
        let [path, size, sum] = &told[gid];
        assert_eq!(path, &format!("attachments/{name}"));
        assert_eq!(size.as_u64(), Some(bytes.len() as u64));
        assert_eq!(sum, &crate::verify::sha256(bytes));
    }
    for (gid, file) in told {
        assert!(expected.contains_key(&gid) || file.iter().all(Value::is_null), "{gid} has no file, but {file:?}");
    }
}

fn ended(folder: &Folder) -> Value {
    folder.manifest()["files"].clone()
}

#[test]
fn every_file_is_there_with_the_right_bytes() {
    let simulator = start(unlimited(5, 120));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let folder = Export::new(&simulator, TOKEN, &path).set("attachments", "files").complete();
    let truth = simulator.truth();
    let held = held(&truth);
    assert!(held.len() > 40);
    assert_files(&folder, &truth, held.keys());
    let bytes: usize = lying(&folder).values().map(Vec::len).sum();
    let manifest = folder.manifest();
    let files = serde_json::json!({"stored": held.len(), "bytes": bytes, "failed": 0, "too_large": 0});
    assert_eq!(manifest["files"], files);
    assert!(!manifest["not_read_by_this_version"].to_string().contains("--attachments"));
    // All else is as it is without files.
    let listed = Export::new(&simulator, TOKEN, &out.path().join("listed")).complete();
    for (name, bytes) in listed.data_files() {
        assert!(name.contains("/attachments.") || folder.data_files()[&name] == bytes, "{name}");
    }
    assert_tables(&listed, &expected::tables(&truth, TOKEN));
    assert_eq!(listed.manifest().get("files"), None);

    let FileStats { requests, with_token, begun, served, repeated, peak_in_flight, .. } = simulator.stats().files;
    assert_eq!((requests, begun, served), (held.len() as u64, held.len() as u64, held.len() as u64));
    assert_eq!((with_token, repeated), (0, 0));
    assert!(peak_in_flight <= 8, "{peak_in_flight} at once");
    verify(&path).exits(0);
}

#[test]
fn names_are_harmless_and_those_of_other_services_are_only_listed() {
    let simulator = start(unlimited(5, 120));
    let out = tempfile::tempdir().unwrap();
    let folder = export(&simulator, &out.path().join("out")).complete();
    let truth = simulator.truth();
    let names: Vec<String> = held(&truth).values().map(|file| file["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.iter().any(|name| name.contains("../")), "there is something to defend against");
    for name in lying(&folder).keys() {
        assert!(!name.contains(['/', '\\', ':', '"', '\n', '\t']) && name.len() <= 150, "{name:?}");
    }
    let table = folder.table("attachments");
    let hosts: std::collections::BTreeSet<String> = table.texts("host").into_iter().collect();
    assert!(hosts.len() > 3, "{hosts:?}");
    assert!(told(&folder).values().any(|[path, ..]| path.is_null()));
    #[cfg(unix)]
    for name in lying(&folder).keys() {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path("attachments").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    // A file of which Asana does not say how large it is was compared with nothing, and that is said.
    let without_size = held(&truth).values().filter(|file| file["size"].is_null()).count();
    let oddities = folder.table("export_oddities");
    let told = oddities.texts("what").into_iter().filter(|what| what.contains("compared with nothing")).count();
    assert_eq!(told, without_size);
}

#[test]
fn an_address_that_died_is_asked_for_anew() {
    let (gids, out) = (held(&start(unlimited(5, 60)).truth()), tempfile::tempdir().unwrap());
    let first = gids.keys().next().unwrap();
    for (what, times) in [("403", 1), ("404", 2), ("500", 1), ("drop", 1), ("cut", 2)] {
        let rule = format!("when=path:/files/{first} what={what} times={times}");
        let simulator = start_with_faults(unlimited(5, 60), &[&rule]);
        let folder = export(&simulator, &out.path().join(what)).complete();
        assert_files(&folder, &simulator.truth(), gids.keys());
        let stats = simulator.stats();
        assert_eq!(stats.files.requests, gids.len() as u64 + times, "{what}");
        assert_eq!(stats.by_route["/attachments/{}"], gids.len() as u64 + times, "{what}: each time a fresh address");
        assert_eq!(stats.faults, times);
    }
}

#[test]
fn an_address_is_used_while_it_lives() {
    // Two simulated minutes are a fifth of a second here, far less than the whole run takes.
    let simulator = start(Config { time_scale: 600.0, ..unlimited(5, 120) });
    let out = tempfile::tempdir().unwrap();
    let folder = export(&simulator, &out.path().join("out")).complete();
    let truth = simulator.truth();
    assert_files(&folder, &truth, held(&truth).keys());
}

#[test]
fn a_file_that_cannot_be_had_is_a_gap_and_all_else_is_there() {
    let gids = held(&start(unlimited(5, 60)).truth());
    let [refused, gone, short] = [0, 1, 2].map(|place| gids.keys().nth(place * 5).unwrap().clone());
    let rules = [
        format!("when=path:/attachments/{refused}* what=403"),
        format!("when=path:/files/{gone} what=404"),
        format!("when=path:/files/{short} what=cut"),
    ];
    let simulator = start_with_faults(unlimited(5, 60), &rules.each_ref().map(String::as_str));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = export(&simulator, &path).set("progress", "plain").run().exits(3);
    ended.says(&["attachments: 3 files are missing; of the first, its file could not be downloaded"]);
    let folder = Folder::new(&path);
    let missing = [&refused, &gone, &short];
    assert_files(&folder, &simulator.truth(), gids.keys().filter(|gid| !missing.contains(gid)));
    let gaps: Vec<_> = folder.gaps().into_iter().filter(|gap| gap.parent.as_deref() != Some("")).collect();
    let status = |gid: &String| {
        let gap = gaps.iter().find(|gap| gap.parent.as_ref() == Some(gid)).unwrap();
        gap.http_status.clone().unwrap_or_default()
    };
    assert_eq!(gaps.len(), 3);
    assert_eq!(missing.map(status), ["403", "404", ""]);
    assert!(gaps.iter().all(|gap| gap.resource == "attachments" && gap.status == "unavailable"));
    assert_eq!((&folder.manifest()["gaps"], &self::ended(&folder)["failed"]), (&3.into(), &3.into()));
    assert_eq!(simulator.stats().files.requests, gids.len() as u64 - 1 + 4, "three attempts at each");
    verify(&path).exits(0);
}

#[test]
fn addresses_are_secrets() {
    let gids = held(&start(unlimited(5, 60)).truth());
    let rules = ["when=path:/files/* what=500 times=5", "when=path:/files/* what=drop times=9"];
    let simulator = start_with_faults(unlimited(5, 60), &rules);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = export(&simulator, &path).set("progress", "plain").set("log-format", "json").run();
    assert!(simulator.stats().faults >= 14 && !gids.is_empty());
    let secret = "/files/";
    assert!(!ended.stderr.contains(secret) && !ended.stdout.contains(secret), "{}", ended.stderr);
    let frames = list_frames(&path.join("archive")).unwrap();
    let archived = frames.iter().map(|frame| read_frame(frame).unwrap().as_str().as_bytes().to_vec());
    let archived = archived.map(|bytes| ("archive".to_owned(), bytes));
    for (name, bytes) in Folder::new(&path).files().into_iter().chain(archived) {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{name} holds an address");
    }
    assert_eq!(simulator.stats().files.with_token, 0);
}

#[test]
fn redirects_are_bounded_and_lead_to_no_private_place() {
    let gids = held(&start(unlimited(5, 60)).truth());
    let (circle, inside) = (gids.keys().next().unwrap(), gids.keys().last().unwrap());
    for (place, to, says) in [
        ("out", "http://10.0.0.1/secret", "does not begin with https://"),
        ("metadata", "https://169.254.169.254/latest", "not on the public internet"),
    ] {
        let rules = [
            format!("when=path:/files/{circle} what=redirect:/files/{circle}"),
            format!("when=path:/files/{inside} what=redirect:{to}"),
        ];
        let simulator = start_with_faults(unlimited(5, 60), &rules.each_ref().map(String::as_str));
        let out = tempfile::tempdir().unwrap();
        let folder = export(&simulator, &out.path().join(place)).ends_with(3);
        let reasons: BTreeMap<String, String> =
            folder.gaps().into_iter().filter_map(|gap| Some((gap.parent?, gap.reason?))).collect();
        assert!(reasons[circle].contains("redirected too often"), "{reasons:?}");
        assert!(reasons[inside].contains(says), "{reasons:?}");
        let stats = simulator.stats().files;
        assert_eq!(stats.requests, gids.len() as u64 + 5, "five redirects are followed, and nothing is tried again");
        assert_files(&folder, &simulator.truth(), gids.keys().filter(|gid| ![circle, inside].contains(gid)));
    }
}

#[test]
fn larger_files_than_wanted_are_left_out_unasked() {
    let simulator = start(unlimited(5, 120));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let small = export(&simulator, &path).set("max-attachment-size", "10KB").set("progress", "plain");
    small.run().exits(0).says(&["larger than --max-attachment-size and not downloaded"]);
    let folder = Folder::new(&path);
    let truth = simulator.truth();
    let held = held(&truth);
    let small = |gid: &&String| truth.content(gid).unwrap().len() <= 10_000;
    assert_files(&folder, &truth, held.keys().filter(small));
    let large = held.keys().filter(|gid| !small(gid)).count() as u64;
    assert!(large > 3);
    assert_eq!(self::ended(&folder)["too_large"].as_u64(), Some(large));
    let says_size = |gid: &&String| held[*gid]["size"].is_u64();
    let asked = held.keys().filter(|gid| small(gid) || !says_size(gid)).count();
    assert_eq!(simulator.stats().files.requests, asked as u64, "whose size is known is not asked for");
    verify(&path).exits(0);
}

/// Starts an export and sends it a signal when the server of files has sent so many to their end.
fn stopped_after(served: u64, signal: &str, simulator: &RunningSimulator, out: &Path) -> Ended {
    let mut running = export(simulator, out).program().spawn();
    let began = Instant::now();
    while simulator.stats().files.served < served {
        assert!(!running.is_over(), "it ended before {served} files: {:?}", running.wait());
        assert!(began.elapsed() < Duration::from_secs(60), "it hangs");
        std::thread::sleep(Duration::from_millis(1));
    }
    running.signal(signal);
    running.wait()
}

#[test]
fn killed_in_the_middle_of_downloads_it_goes_on_with_what_is_missing() {
    // Half of each content comes late, so that files are cut in the middle, eight of them at once.
    let simulator = start_with_faults(unlimited(5, 120), &["when=path:/files/* what=stall:60"]);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = stopped_after(20, "KILL", &simulator, &path);
    assert_eq!(ended.status.code(), None, "killed");
    let partial = |name: &String| name.ends_with(".partial");
    let left: Vec<String> = lying(&Folder::new(&path)).into_keys().filter(partial).collect();
    // None when all eight had just ended.
    assert!(left.len() <= 8, "{left:?}");
    stopped_after(30, "INT", &simulator, &path).exits(130).says(&["same command"]);
    // Who is asked to stop tidies up; what the killed run left may not have been reached again.
    let still: Vec<String> = lying(&Folder::new(&path)).into_keys().filter(partial).collect();
    assert!(still.iter().all(|name| left.contains(name)), "{still:?} of {left:?}");

    let folder = export(&simulator, &path).complete();
    let truth = simulator.truth();
    let held = held(&truth);
    assert_files(&folder, &truth, held.keys());
    let stats = simulator.stats().files;
    assert_eq!(stats.peak_in_flight, 8);
    // Twice only what was in flight when it was stopped, and so was noted by nobody.
    assert!(stats.repeated <= 16, "{stats:?}");
    verify(&path).exits(0);
}

#[test]
fn a_noted_file_is_not_fetched_again_unless_it_is_gone() {
    let gids = held(&start(unlimited(5, 60)).truth());
    let last = gids.keys().last().unwrap();
    // The run ends when the table cannot be written, after all downloads.
    let simulator = start(unlimited(5, 60));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let folder = export(&simulator, &path).complete();
    fs::remove_file(folder.path("manifest.json")).unwrap();
    let name = lying(&folder).into_keys().find(|name| gid_of(name) == last).unwrap();
    fs::remove_file(folder.path("attachments").join(&name)).unwrap();
    let other = lying(&folder).into_iter().find(|(_, bytes)| bytes.len() > 3).unwrap().0;
    fs::write(folder.path("attachments").join(&other), "abc").unwrap();
    simulator.reset_stats();
    let folder = export(&simulator, &path).complete();
    assert_eq!(simulator.stats().files.served, 2, "one is gone, one is short");
    assert_files(&folder, &simulator.truth(), gids.keys());
    verify(&path).exits(0);
}

#[test]
fn a_disk_that_refuses_a_file_stops_the_run_and_it_goes_on() {
    let simulator = start(unlimited(5, 60));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let folder = export(&simulator, &path).complete();
    fs::remove_file(folder.path("manifest.json")).unwrap();
    let name = lying(&folder).into_keys().next().unwrap();
    let in_the_way = folder.path("attachments").join(&name);
    fs::remove_file(&in_the_way).unwrap();
    fs::create_dir(&in_the_way).unwrap();
    export(&simulator, &path).run().exits(1).says(&["cannot rename", "same command"]);
    assert!(!path.join("manifest.json").exists());
    fs::remove_dir(&in_the_way).unwrap();
    let folder = export(&simulator, &path).complete();
    assert_files(&folder, &simulator.truth(), held(&simulator.truth()).keys());
}

#[test]
fn gaps_that_are_retried_bring_the_missing_files() {
    let gids = held(&start(unlimited(5, 60)).truth());
    let missing = gids.keys().next().unwrap();
    let rule = format!("when=path:/files/{missing} what=404 times=3");
    let simulator = start_with_faults(unlimited(5, 60), &[&rule]);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    export(&simulator, &path).ends_with(3);
    simulator.reset_stats();
    let folder = export(&simulator, &path).flag("retry-gaps").complete();
    assert_eq!(simulator.stats().files.served, 1);
    assert_files(&folder, &simulator.truth(), gids.keys());
    assert_eq!(folder.gaps(), []);
    verify(&path).exits(0);
}

#[test]
fn other_wishes_do_not_go_on_with_an_interrupted_run() {
    let simulator = start(unlimited(5, 60));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let listed = Export::new(&simulator, TOKEN, &path).set("only", "attachments");
    let folder = listed.complete();
    export(&simulator, &path).run().exits(1).says(&["finished export", "--fresh"]);
    fs::remove_file(folder.path("manifest.json")).unwrap();
    export(&simulator, &path).run().exits(2).says(&["attachments: list before, files now", "--fresh"]);
    export(&simulator, &path).flag("fresh").complete();
    fs::remove_file(folder.path("manifest.json")).unwrap();
    let smaller = export(&simulator, &path).set("max-attachment-size", "1MB");
    smaller.run().exits(2).says(&["the largest file: any size before, 1000000 bytes now"]);
    listed.flag("fresh").complete();
    assert!(!path.join("attachments").exists(), "files of the earlier export are gone with it");
}

#[test]
fn what_is_done_to_the_files_is_found() {
    let simulator = start(unlimited(5, 60));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let folder = export(&simulator, &path).complete();
    verify(&path).exits(0);
    let names: Vec<String> =
        lying(&folder).into_iter().filter(|(_, bytes)| bytes.len() > 1).map(|(name, _)| name).collect();
    let [changed, cut, gone] = [0, 1, 2].map(|place| folder.path("attachments").join(&names[place]));
    let mut bytes = fs::read(&changed).unwrap();
    bytes[0] ^= 1;
    fs::write(&changed, bytes).unwrap();
    fs::write(&cut, "").unwrap();
    fs::remove_file(gone).unwrap();
    fs::write(folder.path("attachments/99-stranger.txt"), "hello").unwrap();
    let ended = verify(&path).exits(11);
    for (name, what) in [
        (names[0].as_str(), "its SHA-256 is"),
        (&names[1], "has 0 bytes, and its row says"),
        (&names[2], "missing"),
        ("99-stranger.txt", "extra: no row names it"),
    ] {
        let line = ended.stdout.lines().find(|line| line.contains(name) && line.contains(what));
        assert!(line.is_some(), "no {name}: {what} in\n{}", ended.stdout);
    }
}

#[test]
fn a_plan_counts_files_and_their_requests() {
    let simulator = start(unlimited(5, 60));
    let flags = ["--attachments", "files", "--only", "attachments", "--rate", "none", "--base-url"];
    let arguments = std::iter::once("plan").chain(flags).map(str::to_owned).chain([simulator.base_url()]);
    let planned = Program::new(arguments).env("ASANA_ACCESS_TOKEN", TOKEN).run().exits(0).stdout;
    let line = planned.lines().find(|line| line.starts_with("(files)")).unwrap_or_else(|| panic!("{planned}"));
    let number = line.split_whitespace().nth(1).unwrap().trim_start_matches('~').replace(',', "");
    let (number, held) = (number.parse::<usize>().unwrap(), held(&simulator.truth()).len());
    assert!(number.abs_diff(held) <= held / 4, "{line}, and there are {held}");
    assert!(line.contains("MB in all"), "{line}");
    assert_eq!(simulator.stats().files.requests, 0, "nothing is downloaded");
}

#[test]
fn progress_tells_of_files() {
    let simulator = start(unlimited(5, 60));
    let out = tempfile::tempdir().unwrap();
    let ended = export(&simulator, &out.path().join("out")).set("progress", "plain").run().exits(0);
    let held = held(&simulator.truth()).len();
    ended.says(&[&format!("{held} files to download, "), &format!(" and {held} files of "), "fetched"]);
}
