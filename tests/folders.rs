//! The folder that is written to: never someone else's, never half replaced.

use std::fs;
use std::time::Duration;

use asana_simulator::{ADMIN_TOKEN, RunningSimulator};

use crate::resume::slow;
use crate::support::{Export, assert_tables, expected, start, unlimited};

struct Scene {
    simulator: RunningSimulator,
    out: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { simulator: start(unlimited(1, 20)), out: tempfile::tempdir().unwrap() }
    }

    fn export(&self) -> Export {
        Export::new(&self.simulator, ADMIN_TOKEN, &self.out.path().join("out"))
    }
}

#[test]
fn a_file_in_the_folders_place_is_left_alone() {
    let scene = Scene::new();
    let path = scene.out.path().join("out");
    fs::write(&path, "mine").unwrap();
    scene.export().run().exits(1).says(&["not a folder", "--out"]).says_once();
    scene.export().flag("fresh").run().exits(1);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_folder_with_other_content_is_left_alone() {
    let scene = Scene::new();
    let path = scene.out.path().join("out");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("thesis.doc"), "years").unwrap();
    scene.export().run().exits(1).says(&["thesis.doc", "--out"]).says_once();
    scene.export().flag("fresh").run().exits(1);
    assert_eq!(fs::read_to_string(path.join("thesis.doc")).unwrap(), "years");
    assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "nothing was added");
}

#[test]
fn an_empty_folder_and_a_missing_one_are_used() {
    let scene = Scene::new();
    fs::create_dir(scene.out.path().join("out")).unwrap();
    scene.export().complete();
    let deep = scene.out.path().join("a/b/c");
    scene.export().set("out", deep.to_str().unwrap()).run().exits(0);
    assert!(deep.join("manifest.json").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_named() {
    let scene = Scene::new();
    // Not even root writes there.
    let ended = scene.export().set("out", "/sys/asana-export").run().exits(1).says(&["/sys/asana-export"]).says_once();
    assert!(ended.stderr.contains("--out"), "{}", ended.stderr);
}

#[test]
fn a_finished_export_is_replaced_only_when_told_so() {
    let scene = Scene::new();
    let folder = scene.export().complete();
    let before = folder.files();
    scene.export().run().exits(1).says(&["finished", "--fresh"]).says_once();
    assert!(folder.files() == before, "nothing was touched");
    fs::write(folder.path("notes.txt"), "my own").unwrap();
    let folder = scene.export().flag("fresh").complete();
    assert_tables(&folder, &expected::tables(&scene.simulator.truth(), ADMIN_TOKEN));
    assert_eq!(fs::read_to_string(folder.path("notes.txt")).unwrap(), "my own");
}

#[test]
fn fresh_leaves_nothing_of_the_earlier_export() {
    let scene = Scene::new();
    scene.export().complete();
    let folder = scene.export().set("format", "csv").set("only", "tags").flag("fresh").complete();
    let mut tables = folder.tables("csv");
    tables.retain(|table| !table.starts_with("export_"));
    assert_eq!(tables, ["tag_followers", "tags"]);
    assert_eq!(folder.tables("json"), Vec::<String>::new());
    assert_eq!(folder.tables("jsonl"), Vec::<String>::new());
}

#[test]
fn fresh_in_vain_keeps_the_earlier_export() {
    let scene = Scene::new();
    let folder = scene.export().complete();
    let before = folder.files();
    // The token is rejected before anything is replaced.
    let path = scene.out.path().join("out");
    Export::new(&scene.simulator, "no-such-token", &path).flag("fresh").run().exits(4);
    assert!(folder.files() == before, "the earlier export is still there");
}

#[test]
fn the_excel_dialect_disarms_formulas() {
    let scene = Scene::new();
    let folder = scene.export().set("format", "csv").set("dialect", "excel").complete();
    for (path, bytes) in folder.table_files() {
        assert!(bytes.starts_with(b"\xef\xbb\xbf"), "{path} begins with a byte-order mark");
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.ends_with("\r\n"), "{path} has CRLF");
        let lines = text.trim_start_matches('\u{feff}').split("\r\n");
        let armed =
            |line: &&str| line.starts_with(['=', '+', '@', '-']) || line.contains(",=") || line.contains(",\"=");
        assert_eq!(lines.filter(armed).collect::<Vec<_>>(), Vec::<&str>::new(), "{path}");
    }
}

#[test]
fn two_runs_never_write_to_one_folder_and_a_killed_one_lets_go() {
    let simulator = slow(100);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"));
    let mut first = export.program().spawn();
    while simulator.stats().requests < 20 {
        assert!(!first.is_over(), "{:?}", first.wait());
        std::thread::sleep(Duration::from_millis(1));
    }
    export.run().exits(1).says(&["another run is writing to", "--out"]).says_once();
    export.clone().flag("fresh").run().exits(1).says(&["another run is writing to"]);
    assert!(!first.is_over(), "and the first goes on");
    first.signal("KILL");
    assert_eq!(first.wait().status.code(), None, "killed");
    let folder = export.complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), ADMIN_TOKEN));
}
