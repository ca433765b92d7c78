//! The sample export, its report and its comparison are what this version makes: they are built again and compared.
//!
//! What depends on the day is frozen: the export's times in its manifest, which are what an audit takes for now, and the
//! instants at which the workspace was changed. `UPDATE_SAMPLES=1` writes them instead of comparing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use asana_simulator::{ADMIN_TOKEN, Action, Config, NewTask, Pick, Plan, RunningSimulator, Size};
use serde_json::{Value, json};

use crate::support::{Export, Folder, Program, start, unlimited};

/// When the sample was exported, and when its workspace was changed and exported once more.
const THEN: &str = "2026-06-01T10:00:00.000Z";
const CHANGED: &str = "2026-06-30T09:00:00.000Z";
const LATER: &str = "2026-07-01T10:00:00.000Z";

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// A small workspace.
pub(crate) fn workspace() -> RunningSimulator {
    let size = Size { stories_per_task: 1, ..Size::for_tasks(24) };
    start(Config { plan: Plan::Paid, size, ..unlimited(1, 0) })
}

/// Exports as of a day: without the archive, and with nothing in it that tells of another day.
fn export(simulator: &RunningSimulator, folder: &Path, at: &str) {
    let export = Export::new(simulator, ADMIN_TOKEN, folder).set("format", "csv");
    assert!(matches!(export.run().status.code(), Some(0 | 3)));
    fs::remove_dir_all(folder.join("archive")).unwrap();
    fs::remove_file(folder.join(".lock")).unwrap();
    for path in Folder::new(folder).files().keys().filter(|path| path.starts_with("csv/")) {
        let text = fs::read_to_string(folder.join(path)).unwrap();
        fs::write(folder.join(path), frozen(&text)).unwrap();
    }
    sign(folder, |manifest| {
        for member in ["created_at", "started_at", "finished_at"] {
            manifest[member] = at.into();
        }
        manifest["archive"]["segments"] = json!([]);
        manifest["requests"]["retried"] = 0.into();
    });
}

/// The text with every instant after the generated world's end made one.
fn frozen(text: &str) -> String {
    // The instant that begins there.
    let instant_at = |at: usize| {
        let form = "0000-00-00T00:00:00.000Z";
        text.get(at..at + form.len()).filter(|found| {
            found
                .bytes()
                .zip(form.bytes())
                .all(|(found, form)| if form == b'0' { found.is_ascii_digit() } else { found == form })
        })
    };
    let mut frozen = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if let Some(instant) = instant_at(at).filter(|instant| *instant > "2026-06-02") {
            frozen.push_str(CHANGED);
            at += instant.len();
        } else {
            frozen.push(character);
            at += character.len_utf8();
        }
    }
    frozen
}

fn sign(folder: &Path, change: impl FnOnce(&mut Value)) {
    let mut manifest = Folder::new(folder).manifest();
    // The data package has the tables' sums, too.
    let package = folder.join("datapackage.json");
    let mut described = fs::read_to_string(&package).unwrap();
    for file in manifest["tables"].as_array_mut().unwrap().iter_mut().flat_map(|it| it["files"].as_array_mut().unwrap())
    {
        let before = file["sha256"].as_str().unwrap().to_owned();
        sum(folder, file);
        described = described.replace(&before, file["sha256"].as_str().unwrap());
    }
    fs::write(&package, described).unwrap();
    manifest["other_files"].as_array_mut().unwrap().iter_mut().for_each(|file| sum(folder, file));
    change(&mut manifest);
    let json = format!("{}\n", serde_json::to_string_pretty(&manifest).unwrap());
    fs::write(folder.join("manifest.json.sha256"), format!("{}  manifest.json\n", sha256(json.as_bytes()))).unwrap();
    fs::write(folder.join("manifest.json"), json).unwrap();
}

/// Brings a file's size and sum up to date.
fn sum(folder: &Path, file: &mut Value) {
    let bytes = fs::read(folder.join(file["path"].as_str().unwrap())).unwrap();
    file["bytes"] = bytes.len().into();
    file["sha256"] = sha256(&bytes).into();
}

fn sha256(bytes: &[u8]) -> String {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    output.split_whitespace().next().unwrap().to_owned()
}

fn change(simulator: &RunningSimulator) {
    let edit = |task: u32, name: &str| Action::Edit {
        task: Pick::Number(task),
        name: Some(name.to_owned()),
        notes: Some("Agreed on Monday.".to_owned()),
    };
    let added =
        NewTask { project: Some(Pick::Number(0)), assignee: Some(Pick::Number(1)), files: 1, ..NewTask::default() };
    for action in [
        edit(3, "Publish the price list"),
        edit(5, "Ask for offers"),
        Action::Attach { task: Pick::Number(5) },
        Action::Add(added),
        Action::DeleteTask { task: Pick::Number(8) },
        Action::RemoveUser { user: Pick::Number(2) },
    ] {
        assert!(simulator.change(&action), "{action:?}");
    }
}

/// Builds the samples in an empty folder.
fn built(folder: &Path) {
    let simulator = workspace();
    export(&simulator, &folder.join("export"), THEN);
    change(&simulator);
    export(&simulator, &folder.join("later"), LATER);
    let run = |arguments: &[&str]| Program::new(arguments).inside(folder).run();
    run(&["audit", "export", "--format", "csv,html"]).exits(0);
    for form in ["csv", "html"] {
        let file = format!("changes.{form}");
        run(&["diff", "export", "later", "--format", form, "--out", &file]).exits(11);
    }
    fs::remove_dir_all(folder.join("later")).unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = Folder::new(folder).files();
    files.retain(|path, _| path.starts_with("export/") || path.starts_with("changes."));
    files
}

#[test]
fn the_samples_are_what_this_version_makes() {
    let out = tempfile::tempdir().unwrap();
    built(out.path());
    let made = files(out.path());
    if std::env::var_os("UPDATE_SAMPLES").is_some() {
        drop(fs::remove_dir_all(samples().join("export")));
        for (path, bytes) in &made {
            let path = samples().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        return;
    }
    Program::new(["verify", samples().join("export").to_str().unwrap()]).run().exits(0);
    let kept = files(&samples());
    let differing: Vec<&String> =
        made.keys().chain(kept.keys()).filter(|path| made.get(*path) != kept.get(*path)).collect();
    assert!(
        differing.is_empty(),
        "UPDATE_SAMPLES=1 cargo test -p asana-workspace --test e2e samples:: makes them anew: {differing:?}"
    );
    let size: usize = made.values().map(Vec::len).sum();
    assert!(size < 1_500_000, "{size} bytes of samples");
}
