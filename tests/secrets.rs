//! The token appears nowhere: not on a screen, not in a file, whatever happens; and what is made is its owner's alone.
//!
//! The search itself is in `support/tokens.rs` and takes place after every run of every test.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use asana_simulator::{ADMIN_TOKEN, SERVICE_TOKEN};

use crate::support::stops::{Point, stopped_at};
use crate::support::{Export, start, start_with_faults, unlimited};

#[test]
fn a_complete_run_does_not_show_the_token() {
    let simulator = start(unlimited(1, 20));
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"));
    // There is no log that says more than this one: every event of a run.
    export.set("progress", "plain").set("log-format", "json").run().exits(0);
}

#[test]
fn a_run_in_trouble_does_not_show_the_token() {
    let rules = ["when=request:10 what=drop", "when=request:15 what=garbage", "when=from:40 what=451"];
    let simulator = start_with_faults(unlimited(1, 20), &rules);
    let out = tempfile::tempdir().unwrap();
    Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("progress", "plain").run().exits(1);
}

/// Everything at and below a path, with its mode.
fn modes(path: &Path, found: &mut Vec<(String, u32)>) {
    let mode = fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    found.push((path.display().to_string(), mode));
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            modes(&entry.unwrap().path(), found);
        }
    }
}

#[track_caller]
fn assert_private(path: &Path) {
    let mut found = Vec::new();
    modes(path, &mut found);
    let open: Vec<_> = found.iter().filter(|(_, mode)| mode & 0o077 != 0).collect();
    assert_eq!(open, Vec::<&(String, u32)>::new());
    assert!(found.len() > 3, "{found:?}");
}

#[test]
fn everything_in_the_folder_is_its_owners_alone() {
    let simulator = start(unlimited(1, 20));
    let out = tempfile::tempdir().unwrap();
    let finished = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("finished"));
    finished.complete();
    assert_private(finished.out());
    // Also in the middle of writing tables, when there are unfinished and temporary files.
    let stopped = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("stopped"));
    stopped_at(Point::Files(3), "KILL", &simulator, &stopped);
    assert_private(stopped.out());
    // A folder that was there before keeps its mode, and what is put into it is private nevertheless.
    let shared = out.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).unwrap();
    Export::new(&simulator, SERVICE_TOKEN, &shared).complete();
    for entry in fs::read_dir(&shared).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o755);
}
