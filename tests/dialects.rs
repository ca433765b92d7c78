//! CSV in other styles: delimiters and a text for null, through all that writes and reads it.

use std::fs;

use asana_simulator::ADMIN_TOKEN;
use serde_json::{Value, json};

use crate::support::{Ended, Export, Folder, Program, start, unlimited};

/// One workspace, exported in several ways; what is compared is the same otherwise.
struct Scene(tempfile::TempDir);

impl Scene {
    fn new(exports: &[(&str, &[(&str, &str)])]) -> Self {
        let simulator = start(unlimited(3, 40));
        let out = tempfile::tempdir().unwrap();
        for (name, flags) in exports {
            let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name));
            flags.iter().fold(export, |export, (flag, value)| export.set(flag, value)).complete();
        }
        Self(out)
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        Program::new(arguments).inside(self.0.path()).run()
    }

    fn folder(&self, name: &str) -> Folder {
        Folder::new(&self.0.path().join(name))
    }

    fn selection(&self, name: &str, key: &str) -> Value {
        self.folder(name).manifest()["selection"][key].clone()
    }
}

const SEMICOLONS: &[(&str, &str)] = &[("format", "csv"), ("delimiter", ";"), ("null-string", "NULL")];

/// A table as a reader sees it that knows nothing of null.
fn cells(folder: &Folder, table: &str, delimiter: u8) -> Vec<Vec<String>> {
    let path = folder.path(&format!("csv/{table}.csv"));
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_path(path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn cells_are_the_same_between_other_delimiters() {
    let scene = Scene::new(&[("usual", &[("format", "csv")]), ("other", SEMICOLONS)]);
    for table in scene.folder("usual").tables("csv").iter().filter(|name| !name.starts_with("export_")) {
        let usual = scene.folder("usual").csv_table(table);
        let shown = usual.shown().into_iter().map(|row| row.into_iter().map(|cell| cell.unwrap_or("NULL".to_owned())));
        let expected: Vec<Vec<String>> = [usual.columns].into_iter().chain(shown.map(Iterator::collect)).collect();
        assert!(cells(&scene.folder("other"), table, b';') == expected, "{table} differs");
    }
    let text = fs::read_to_string(scene.folder("other").path("csv/tasks.csv")).unwrap();
    assert!(text.contains(";NULL;") && text.contains(";\"\";"), "{text}");
    assert_eq!(scene.selection("other", "delimiter"), json!(";"));
    assert_eq!(scene.selection("other", "null_string"), json!("NULL"));
    assert_eq!(scene.selection("usual", "delimiter"), Value::Null, "the usual one is not worth a word");
    assert_eq!(scene.selection("usual", "null_string"), Value::Null);
}

#[test]
fn what_reads_exports_reads_every_style() {
    let tabs = [("format", "csv"), ("delimiter", "tab"), ("null-string", "\\N"), ("dialect", "excel")];
    let scene = Scene::new(&[("usual", &[]), ("other", SEMICOLONS), ("tabs", &tabs)]);
    for name in ["other", "tabs"] {
        let verified = scene.run(&["verify", name]).exits(0).stdout;
        assert!(verified.contains("are the same byte for byte"), "{verified}");
        scene.run(&["diff", "usual", name]).exits(0);
        fs::remove_dir_all(scene.folder(name).path("archive")).unwrap();
        scene.run(&["diff", name, "usual"]).exits(0);
        scene.run(&["audit", name, "--format", "csv"]).exits(0);
        scene.run(&["audit", "usual", "--format", "csv"]).exits(0);
        let findings = |name: &str| fs::read(scene.folder(name).path("audit/findings.csv")).unwrap();
        assert!(findings(name) == findings("usual"), "the audit of {name} finds something else");
    }
    // A difference in the style alone would be found.
    let path = scene.folder("other").path("csv/tasks.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen(";NULL;", ";;", 1)).unwrap();
    let verified = scene.run(&["verify", "other"]).exits(11).stdout;
    assert!(verified.contains("nothing where the text for null belongs"), "{verified}");
}

#[test]
fn a_conversion_keeps_the_style_that_it_is_not_told() {
    let scene = Scene::new(&[("usual", &[("format", "csv")]), ("other", SEMICOLONS)]);
    scene.run(&["convert", "other", "--out", "kept"]).exits(0);
    assert!(scene.folder("kept").data_files() == scene.folder("other").data_files());
    scene.run(&["convert", "other", "--out", "back", "--delimiter", ",", "--null-string", ""]).exits(0);
    assert!(scene.folder("back").data_files() == scene.folder("usual").data_files());
    assert_eq!(scene.selection("back", "delimiter"), Value::Null);
    scene.run(&["convert", "usual", "--delimiter=-", "--null-string=n/a"]).exits(0);
    assert_eq!(scene.selection("usual", "delimiter"), json!("-"));
    scene.run(&["verify", "usual"]).exits(0);
    scene.run(&["diff", "usual", "other"]).exits(0);
    // A comparison has a style of its own.
    let listed = scene.run(&["diff", "usual", "other", "--format", "csv"]).exits(0).stdout;
    assert!(listed.starts_with("table,change,key,"), "{listed}");
}

#[test]
fn what_cannot_be_a_style_is_said_before_anything_is_written() {
    let scene = Scene::new(&[("export", &[])]);
    let simulator = start(unlimited(1, 10));
    for (flags, pieces) in [
        (&["--delimiter", "ab"][..], "--delimiter is one ASCII character, or tab"),
        (&["--delimiter", "§"], "--delimiter is one ASCII character"),
        (&["--delimiter", "\""], "--delimiter is no quote, line end, letter or digit"),
        (&["--delimiter", "7"], "--delimiter is no quote"),
        (&["--null-string", "a\nb"], "--null-string is a text without quotes, line ends"),
        (&["--null-string", "a,b"], "--null-string is a text without the delimiter"),
        (&["--null-string", "=1", "--dialect", "excel"], "--null-string is nothing that a spreadsheet takes"),
    ] {
        let base = simulator.base_url();
        let usual = ["export", "--base-url", &base, "--out", "new", "--progress", "none"];
        let program = Program::new(usual.iter().chain(flags)).inside(scene.0.path());
        program.env("ASANA_ACCESS_TOKEN", ADMIN_TOKEN).run().exits(2).says(&[pieces]).says_once();
        let convert = ["convert", "export", "--out", "new"];
        let convert: Vec<&str> = convert.iter().chain(flags).copied().collect();
        scene.run(&convert).exits(2).says(&[pieces]).says_once();
        assert!(!scene.folder("new").path("").exists(), "{flags:?} left a folder behind");
    }
    assert_eq!(simulator.stats().requests, 0, "nothing is sent");
}
