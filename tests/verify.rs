//! `verify`: a fresh export is what it should be, and whatever is done to it afterwards is found, by file and line.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, Revocation, SERVICE_TOKEN};
use serde_json::Value;

use crate::support::{Ended, Export, Folder, Program, start, unlimited};

/// An export of its own, to be damaged.
struct Scene {
    out: tempfile::TempDir,
    folder: Folder,
}

impl Scene {
    fn new() -> Self {
        Self::with(|export| export)
    }

    fn with(settings: impl FnOnce(Export) -> Export) -> Self {
        let simulator = start(unlimited(5, 60));
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join("out");
        let folder = finished(&settings(Export::new(&simulator, ADMIN_TOKEN, &path)), &path);
        Self { out, folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn lines(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(str::to_owned).collect()
    }

    fn set_lines(&self, name: &str, lines: &[String]) {
        fs::write(self.path(name), format!("{}\n", lines.join("\n"))).unwrap();
    }

    fn verify(&self) -> Ended {
        verify(&self.out.path().join("out"))
    }

    /// Changes the manifest by hand and makes checksums, sizes and numbers of rows agree with the files again.
    fn sign(&self, change: impl FnOnce(&mut Value)) {
        let mut manifest = self.folder.manifest();
        for table in manifest["tables"].as_array_mut().unwrap() {
            for file in table["files"].as_array_mut().unwrap() {
                let bytes = fs::read(self.path(file["path"].as_str().unwrap())).unwrap();
                file["bytes"] = bytes.len().into();
                file["sha256"] = sha256(&bytes).into();
            }
        }
        change(&mut manifest);
        let json = serde_json::to_vec_pretty(&manifest).unwrap();
        fs::write(self.path("manifest.json.sha256"), format!("{}  manifest.json\n", sha256(&json))).unwrap();
        fs::write(self.path("manifest.json"), json).unwrap();
    }

    /// Asserts that differences are found, and that each piece stands in a line of its own that begins with the file.
    #[track_caller]
    fn differs(&self, expected: &[(&str, &str)]) {
        let stdout = self.verify().exits(11).stdout;
        for (file, piece) in expected {
            let found = stdout.lines().any(|line| line.trim_start().starts_with(file) && line.contains(piece));
            assert!(found, "no {file}: {piece} in:\n{stdout}");
        }
    }
}

/// Runs an export to its end; whether everything could be read is not the point here.
#[track_caller]
fn finished(export: &Export, path: &Path) -> Folder {
    let ended = export.run();
    assert!(matches!(ended.status.code(), Some(0 | 3)), "{}", ended.stderr);
    Folder::new(path)
}

fn verify(folder: &Path) -> Ended {
    Program::new(["verify", folder.to_str().unwrap()]).run()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), bytes).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    output.split_whitespace().next().unwrap().to_owned()
}

fn rows_of(manifest: &mut Value, table: &str) -> u64 {
    let tables = manifest["tables"].as_array_mut().unwrap();
    let table = tables.iter_mut().find(|one| one["name"] == table).unwrap();
    let rows = table["rows"].as_u64().unwrap() - 1;
    table["rows"] = rows.into();
    rows
}

#[track_caller]
fn agrees(folder: &Folder) -> String {
    let before = folder.files();
    let ended = verify(&folder.path("")).exits(0);
    assert_eq!(ended.stderr, "");
    assert!(
        ended.stdout.contains("No differences") && ended.stdout.contains("This does not prove"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("not checked"), "{}", ended.stdout);
    assert!(folder.files() == before, "nothing in the folder is changed");
    ended.stdout
}

#[test]
fn a_fresh_export_agrees_whatever_the_plan_and_whoevers_the_token() {
    for (plan, token) in [
        (Plan::Free, ADMIN_TOKEN),
        (Plan::Paid, GUEST_TOKEN),
        (Plan::Paid, MEMBER_TOKEN),
        (Plan::Enterprise, SERVICE_TOKEN),
    ] {
        let simulator = start(Config { plan, ..unlimited(21, 150) });
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join("out");
        let folder = finished(&Export::new(&simulator, token, &path).set("only", "all"), &path);
        let said = agrees(&folder);
        let complete =
            folder.manifest()["coverage"].as_object().unwrap().values().all(|one| one["status"] == "complete");
        assert_eq!(said.contains("unavailable"), !complete, "{said}");
    }
}

#[test]
fn a_fresh_export_agrees_whatever_was_chosen() {
    let choices: [&[(&str, &str)]; 4] = [
        &[("format", "csv"), ("dialect", "excel")],
        &[("format", "jsonl,csv"), ("only", "tasks,projects")],
        &[("format", "json"), ("skip", "users,stories")],
        &[("format", "csv"), ("via-search", "off")],
    ];
    for choice in choices {
        let scene = Scene::with(|export| choice.iter().fold(export, |export, (flag, value)| export.set(flag, value)));
        agrees(&scene.folder);
    }
}

#[test]
fn an_export_of_a_project_agrees() {
    let simulator = start(unlimited(3, 120));
    let project = simulator.truth().records("projects", ADMIN_TOKEN)[0]["gid"].as_str().unwrap().to_owned();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    agrees(&finished(&Export::new(&simulator, ADMIN_TOKEN, &path).set("project", &project), &path));
}

#[test]
fn an_export_that_was_interrupted_and_went_on_agrees() {
    let revocation = Some(Revocation { token: ADMIN_TOKEN.to_owned(), after_requests: 120 });
    let simulator = start(Config { revocation, ..unlimited(4, 120) });
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    Export::new(&simulator, ADMIN_TOKEN, &path).run().exits(4);
    // Unfinished so far, and verify says how to go on.
    verify(&path).exits(1).says(&["no finished export", "run the export"]).says_once();
    // The token works again.
    simulator.heal();
    agrees(&finished(&Export::new(&simulator, ADMIN_TOKEN, &path), &path));
}

#[test]
fn a_flipped_byte_is_found_with_its_line() {
    let scene = Scene::new();
    let mut bytes = fs::read(scene.path("csv/tasks.csv")).unwrap();
    let third = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
    bytes[third] ^= 1;
    fs::write(scene.path("csv/tasks.csv"), bytes).unwrap();
    scene.differs(&[("csv/tasks.csv", "SHA-256"), ("csv/tasks.csv, line 3", "the archive gives")]);
}

#[test]
fn a_removed_row_is_found_although_the_manifest_was_made_to_agree() {
    let scene = Scene::new();
    let line = scene.lines("csv/task_followers.csv").len() / 2;
    for (name, line) in
        [("csv/task_followers.csv", line), ("json/task_followers.json", line), ("jsonl/task_followers.jsonl", line - 1)]
    {
        let mut lines = scene.lines(name);
        lines.remove(line);
        scene.set_lines(name, &lines);
    }
    let mut rows = 0;
    scene.sign(|manifest| rows = rows_of(manifest, "task_followers"));
    let at = format!("csv/task_followers.csv, line {}", line + 1);
    let said = format!("tables.task_followers.rows is {rows}, and the archive gives {}", rows + 1);
    scene.differs(&[(&at, "the archive gives"), ("json/task_followers.json", "the archive"), ("manifest.json", &said)]);
    // Without the archive this cannot be seen, and verify says so.
    fs::remove_dir_all(scene.path("archive")).unwrap();
    let stdout = scene.verify().exits(0).stdout;
    assert!(stdout.contains("not checked  archive") && stdout.contains("not built again"), "{stdout}");
}

#[test]
fn a_repeated_key_is_found() {
    let scene = Scene::new();
    let mut lines = scene.lines("jsonl/tags.jsonl");
    lines.insert(1, lines[0].clone());
    scene.set_lines("jsonl/tags.jsonl", &lines);
    scene.differs(&[("jsonl/tags.jsonl, line 2", "the same as in the row before")]);
}

#[test]
fn a_dangling_reference_is_found() {
    let scene = Scene::new();
    let mut lines = scene.lines("csv/task_followers.csv");
    let gid = lines[1].rsplit(',').next().unwrap().to_owned();
    lines[1] = lines[1].replace(&format!(",{gid}"), ",77");
    scene.set_lines("csv/task_followers.csv", &lines);
    scene.differs(&[("csv/task_followers.csv, line 2", "user_gid is 77, which has no row in users")]);
}

#[test]
fn missing_and_extra_files_are_found() {
    let scene = Scene::new();
    fs::remove_file(scene.path("json/tasks.json")).unwrap();
    fs::write(scene.path("csv/more.csv"), "gid\n").unwrap();
    fs::write(scene.path("manifest.json.sha256"), "").unwrap();
    scene.differs(&[
        ("json/tasks.json", "missing"),
        ("csv/more.csv", "extra"),
        ("manifest.json", "SHA-256"),
        ("json/tasks.json", "the file is not there"),
    ]);
}

#[test]
fn a_damaged_archive_is_found() {
    let scene = Scene::new();
    let segment = "archive/000001.jsonl.zst";
    let bytes = fs::read(scene.path(segment)).unwrap();
    fs::write(scene.path(segment), &bytes[..bytes.len() - 3]).unwrap();
    scene.differs(&[(segment, "bytes"), (segment, "SHA-256"), (segment, "damaged at byte")]);
    // Made to agree, it is still no whole archive.
    scene.sign(|manifest| {
        let bytes = fs::read(scene.path(segment)).unwrap();
        manifest["archive"]["segments"][0]["bytes"] = bytes.len().into();
        manifest["archive"]["segments"][0]["sha256"] = sha256(&bytes).into();
    });
    scene.differs(&[(segment, "the file ends within a frame")]);
}

#[test]
fn an_edited_manifest_is_found() {
    let scene = Scene::new();
    let text = scene.text("manifest.json");
    fs::write(scene.path("manifest.json"), text.replacen("\"complete\"", "\"partial\"", 1)).unwrap();
    scene.differs(&[("manifest.json", "manifest.json.sha256 says")]);
    fs::write(scene.path("manifest.json"), text.replacen("\"gaps\"", "gaps", 1)).unwrap();
    scene.differs(&[("manifest.json", "not a manifest")]);
    fs::write(scene.path("manifest.json"), text).unwrap();
    scene.sign(|manifest| {
        manifest["coverage"]["tasks"]["status"] = "partial".into();
        manifest["workspace"]["name"] = "Another".into();
    });
    scene.differs(&[
        ("manifest.json", "coverage.tasks.status is \"partial\", and the archive gives \"complete\""),
        ("manifest.json", "workspace.name"),
    ]);
    // Who made it decides whether the tables can be built again; the archive knows better.
    scene.sign(|manifest| manifest["tool"]["version"] = "0.0.1".into());
    scene.differs(&[("manifest.json", "the archive says asana-workspace")]);
}

#[test]
fn scripts_get_json() {
    let scene = Scene::new();
    let folder = scene.path("");
    let run = || Program::new(["verify", "--format", "json", folder.to_str().unwrap()]).run();
    let said: Value = serde_json::from_str(&run().exits(0).stdout).unwrap();
    assert_eq!(said["agrees"], true);
    assert!(said["checks"].as_array().unwrap().iter().all(|check| check["outcome"] == "agrees"), "{said:#}");
    assert_eq!(said["coverage"]["tasks"]["status"], "complete");
    fs::remove_file(scene.path("csv/tags.csv")).unwrap();
    let said: Value = serde_json::from_str(&run().exits(11).stdout).unwrap();
    assert_eq!(said["agrees"], false);
    assert_eq!(said["differences"][0]["file"], "csv/tags.csv");
}

#[test]
fn what_is_no_export_is_a_failure() {
    let out = tempfile::tempdir().unwrap();
    verify(out.path()).exits(1).says(&["no finished export"]).says_once();
    verify(&out.path().join("nowhere")).exits(1).says(&["nowhere"]).says_once();
    fs::write(out.path().join("file"), "").unwrap();
    verify(&out.path().join("file")).exits(1).says(&["not a folder"]).says_once();
    Program::new(["verify"]).run().exits(2);
    Program::new(["verify", "x", "--format", "xml"]).run().exits(2);
}

/// What README says an auditor can do without this program.
#[test]
fn coreutils_check_the_manifest() {
    let scene = Scene::with(|export| export.set("format", "csv"));
    let mut check = Command::new("sha256sum");
    let status = check.args(["--check", "--quiet", "manifest.json.sha256"]).current_dir(scene.path("")).status();
    assert!(status.unwrap().success());
}
