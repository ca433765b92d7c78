//! `convert`: tables from the archive alone are those that `export` would have written, and nothing is written twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use asana_simulator::ADMIN_TOKEN;
use serde_json::json;

use crate::support::{Ended, Export, Folder, Program, start, unlimited};

/// Exports of one workspace; the simulator is gone before anything is converted.
struct Scene {
    out: tempfile::TempDir,
}

impl Scene {
    /// Exports by their names, each with its flags.
    fn new(exports: &[(&str, &[(&str, &str)])]) -> Self {
        let simulator = start(unlimited(3, 60));
        let out = tempfile::tempdir().unwrap();
        for (name, flags) in exports {
            let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name));
            flags.iter().fold(export, |export, (flag, value)| export.set(flag, value)).complete();
        }
        Self { out }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    fn folder(&self, name: &str) -> Folder {
        Folder::new(&self.path(name))
    }

    fn convert(&self, name: &str, flags: &[&str]) -> Ended {
        let flags = flags.iter().map(|flag| (*flag).to_owned());
        let folder = self.path(name).to_str().unwrap().to_owned();
        Program::new(["convert".to_owned(), folder].into_iter().chain(flags)).inside(self.out.path()).run()
    }

    /// Dates of all files, that of the lock left out.
    fn dates(&self, name: &str) -> BTreeMap<String, SystemTime> {
        let folder = self.folder(name);
        let date = |path: &String| fs::metadata(folder.path(path)).unwrap().modified().unwrap();
        folder.files().keys().filter(|path| *path != ".lock").map(|path| (path.clone(), date(path))).collect()
    }

    #[track_caller]
    fn verifies(&self, name: &str) -> String {
        Program::new(["verify", self.path(name).to_str().unwrap()]).run().exits(0).stdout
    }
}

#[track_caller]
fn assert_same(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (path, bytes) in found {
        assert!(*bytes == expected[path], "{path} differs");
    }
}

#[test]
fn another_folder_gets_what_an_export_would_have_written() {
    let scene = Scene::new(&[("csv", &[("format", "csv")]), ("all", &[])]);
    let before = scene.folder("csv").files();
    scene
        .convert("csv", &["--out", "new", "--format", "csv,json,jsonl"])
        .exits(0)
        .says(&["without a request", "tables"]);
    assert_same(&scene.folder("new").table_files(), &scene.folder("all").table_files());
    assert!(scene.folder("csv").files() == before, "the export that is converted was changed");
    assert!(scene.verifies("new").contains("could not be built again"));
    // Once more is no mistake, and another export is not replaced.
    scene.convert("csv", &["--out", "new"]).exits(0);
    assert_eq!(scene.folder("new").manifest()["selection"]["formats"], json!(["csv"]));
    scene.convert("csv", &["--out", "all"]).exits(2).says(&["another export"]).says_once();
}

#[test]
fn formats_are_added_to_those_that_are_there() {
    let scene = Scene::new(&[("csv", &[("format", "csv")]), ("all", &[])]);
    scene.convert("csv", &["--format", "json,jsonl"]).exits(0);
    assert_same(&scene.folder("csv").table_files(), &scene.folder("all").table_files());
    let (converted, exported) = (scene.folder("csv").manifest(), scene.folder("all").manifest());
    assert_eq!(converted["tables"], exported["tables"]);
    assert_eq!(converted["selection"], exported["selection"]);
    assert!(scene.verifies("csv").contains("are the same byte for byte"));
}

#[test]
fn without_a_difference_no_file_is_written() {
    let scene = Scene::new(&[("all", &[])]);
    let before = scene.dates("all");
    scene.convert("all", &["--format", "csv"]).exits(0).says(&["no file was written"]);
    assert_eq!(scene.dates("all"), before);
    // A file that was changed is put right, and the others stay.
    let path = scene.folder("all").path("csv/users.csv");
    let content = fs::read(&path).unwrap();
    fs::write(&path, "gid\n").unwrap();
    scene.convert("all", &[]).exits(0);
    assert_eq!(fs::read(&path).unwrap(), content);
    let changed = scene.dates("all").into_iter().filter(|(path, date)| before[path] != *date);
    let changed: Vec<String> = changed.map(|(path, _)| path).collect();
    assert_eq!(changed, ["csv/users.csv", "manifest.json", "manifest.json.sha256"]);
    scene.verifies("all");
}

#[test]
fn another_dialect_and_fewer_tables_are_as_exported() {
    let few: &[_] = &[("dialect", "excel"), ("only", "tags,projects"), ("via-search", "off")];
    let scene = Scene::new(&[("all", &[]), ("few", few)]);
    scene.convert("all", &["--out", "few-of-all", "--dialect", "excel", "--only", "tags,projects"]).exits(0);
    assert_same(&scene.folder("few-of-all").data_files(), &scene.folder("few").data_files());
    scene.verifies("few-of-all");
    // In the export itself, what is not wanted any more goes, and is there again when it is.
    let before = scene.folder("all").table_files();
    scene.convert("all", &["--skip", "stories"]).exits(0);
    assert!(!scene.folder("all").tables("csv").iter().any(|table| table == "stories"));
    scene.verifies("all");
    scene.convert("all", &[]).exits(0).says(&["no file was written"]);
    scene.convert("all", &["--only", "default"]).exits(0);
    assert_same(&scene.folder("all").table_files(), &before);
    scene.verifies("all");
}

#[test]
fn tables_do_not_depend_on_the_memory_that_is_allowed() {
    let scene = Scene::new(&[("little", &[("memory", "16MiB")]), ("much", &[("memory", "1GiB")])]);
    assert_same(&scene.folder("little").table_files(), &scene.folder("much").table_files());
    scene.convert("much", &["--memory", "16MiB"]).exits(0).says(&["no file was written"]);
    scene
        .convert("much", &["--out", "none", "--memory", "1MB"])
        .exits(2)
        .says(&["--memory is 16MiB or more (usually 64MiB), not 1MB"]);
    assert!(!scene.path("none").exists());
}

#[test]
fn what_cannot_be_converted_is_said() {
    let scene = Scene::new(&[("export", &[("skip", "stories,goals")])]);
    let before = scene.folder("export").files();
    let check = |flags: &[&str], code, pieces: &[&str]| {
        scene.convert("export", flags).exits(code).says(pieces).says_once();
        assert!(scene.folder("export").files() == before, "{flags:?} changed something");
        assert!(!scene.path("new").exists(), "{flags:?} left a folder behind");
    };
    check(&["--only", "stories", "--out", "new"], 2, &["stories is not in the archive"]);
    check(&["--only", "tasks,goals"], 2, &["goals is not in the archive"]);
    check(&["--only", "tasks", "--skip", "work"], 2, &["leave nothing"]);
    check(&["--format", "jsnl", "--out", "new"], 2, &["jsnl", "did you mean json"]);
    check(&["--only", "taks"], 2, &["did you mean tasks"]);
    check(&["--dialect", "tsv"], 2, &["--dialect is rfc4180 or excel"]);
    // Sets stand for what was fetched of them.
    scene.convert("export", &["--only", "work", "--out", "work"]).exits(0);
    assert!(scene.folder("work").tables("csv").iter().any(|table| table == "tasks"));
}

#[test]
fn without_the_archive_there_is_nothing_to_convert() {
    let scene = Scene::new(&[("export", &[])]);
    scene.convert("nowhere", &[]).exits(1).says(&["nowhere"]).says_once();
    let archive = scene.folder("export").path("archive");
    let segment = fs::read_dir(&archive).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&segment).unwrap();
    bytes.push(0);
    fs::write(&segment, bytes).unwrap();
    scene.convert("export", &["--format", "jsonl"]).exits(1).says(&["not the one that its manifest lists"]).says_once();
    fs::remove_dir_all(archive).unwrap();
    scene.convert("export", &["--format", "jsonl"]).exits(2).says(&["has no archive"]).says_once();
    fs::remove_file(scene.folder("export").path("manifest.json")).unwrap();
    scene.convert("export", &[]).exits(1).says(&["no finished export"]).says_once();
}

#[test]
fn a_manifest_of_a_newer_version_is_refused() {
    let scene = Scene::new(&[("export", &[])]);
    let path = scene.folder("export").path("manifest.json");
    let mut manifest = scene.folder("export").manifest();
    manifest["manifest_version"] = json!(999);
    fs::write(&path, manifest.to_string()).unwrap();
    scene.convert("export", &[]).exits(1).says(&["manifest version 999", "newer"]).says_once();
}
