//! The token appears nowhere: not on a screen, not in a file, whatever happens.

use std::process::Command;

use asana_simulator::ADMIN_TOKEN;

use crate::support::{Ended, Export, Folder, start, start_with_faults, unlimited};

#[track_caller]
fn assert_nowhere(ended: &Ended, folder: &Folder) {
    assert!(!ended.stdout.contains(ADMIN_TOKEN), "{}", ended.stdout);
    assert!(!ended.stderr.contains(ADMIN_TOKEN), "{}", ended.stderr);
    for (path, bytes) in folder.files() {
        let holds = |bytes: &[u8]| bytes.windows(ADMIN_TOKEN.len()).any(|window| window == ADMIN_TOKEN.as_bytes());
        assert!(!holds(&bytes), "{path} holds the token");
        if path.starts_with("archive/") {
            // Where there is no zstdcat, the raw bytes have to do.
            if let Ok(output) = Command::new("zstdcat").arg(folder.path(&path)).output() {
                assert!(!holds(&output.stdout), "{path} holds the token, compressed");
            }
        }
    }
}

#[test]
fn a_complete_run_does_not_show_the_token() {
    let simulator = start(unlimited(1, 20));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let export = Export::new(&simulator, ADMIN_TOKEN, &path).set("progress", "plain").set("log-format", "json");
    assert_nowhere(&export.run().exits(0), &Folder::new(&path));
}

#[test]
fn a_run_in_trouble_does_not_show_the_token() {
    let rules = ["when=request:10 what=drop", "when=request:15 what=garbage", "when=from:40 what=451"];
    let simulator = start_with_faults(unlimited(1, 20), &rules);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = Export::new(&simulator, ADMIN_TOKEN, &path).set("progress", "plain").run().exits(1);
    assert_nowhere(&ended, &Folder::new(&path));
}
