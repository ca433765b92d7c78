//! Files that describe an export: which there are, that the manifest lists them, and that they are held to the archive.

use std::fs;
use std::path::Path;

use asana_simulator::ADMIN_TOKEN;
use serde_json::Value;

use crate::support::{Ended, Export, Folder, Program, start, unlimited};

const ALL: [&str; 6] = [
    "DICTIONARY.md",
    "datapackage.json",
    "sql/duckdb/load.sql",
    "sql/duckdb/schema.sql",
    "sql/postgresql/load.sql",
    "sql/postgresql/schema.sql",
];

fn export(out: &Path, formats: &str) -> Folder {
    let simulator = start(unlimited(3, 40));
    Export::new(&simulator, ADMIN_TOKEN, out).set("format", formats).complete()
}

fn run(inside: &Path, arguments: &[&str]) -> Ended {
    Program::new(arguments).inside(inside).run()
}

/// The descriptions that the manifest lists, each of which is there.
fn listed(folder: &Folder) -> Vec<String> {
    let manifest = folder.manifest();
    let files = manifest["other_files"].as_array().unwrap();
    let paths = files.iter().map(|file| file["path"].as_str().unwrap().to_owned());
    let paths: Vec<String> = paths.filter(|path| ALL.contains(&path.as_str())).collect();
    for file in files {
        let bytes = fs::metadata(folder.path(file["path"].as_str().unwrap())).unwrap().len();
        assert_eq!(file["bytes"], bytes);
    }
    paths
}

#[test]
fn an_export_comes_with_its_descriptions() {
    let out = tempfile::tempdir().unwrap();
    let folder = export(&out.path().join("export"), "csv,jsonl");
    assert_eq!(listed(&folder), ALL);
    let dictionary = fs::read_to_string(folder.path("DICTIONARY.md")).unwrap();
    let package: Value = serde_json::from_slice(&fs::read(folder.path("datapackage.json")).unwrap()).unwrap();
    let manifest = folder.manifest();
    for (at, table) in manifest["tables"].as_array().unwrap().iter().enumerate() {
        let (name, csv) = (table["name"].as_str().unwrap(), &table["files"][0]);
        assert!(dictionary.contains(&format!("\n## {name}\n")), "{name} is not in the dictionary");
        let resource = &package["resources"][at];
        assert_eq!((&resource["name"], &resource["path"]), (&table["name"], &csv["path"]));
        assert_eq!(resource["bytes"], csv["bytes"]);
        assert_eq!(resource["hash"], format!("sha256:{}", csv["sha256"].as_str().unwrap()));
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&Value> = fields.iter().map(|field| &field["name"]).collect();
        assert_eq!(names, table["columns"].as_array().unwrap().iter().collect::<Vec<_>>());
        for file in &ALL[2..] {
            let script = fs::read_to_string(folder.path(file)).unwrap();
            assert!(script.contains(&format!("\"{name}\"")) || *file == ALL[4], "{name} is not in {file}");
        }
        let load = fs::read_to_string(folder.path(ALL[4])).unwrap();
        assert!(load.contains(&format!("\\copy \"{name}\" from 'csv/{name}.csv'")), "{name} is not loaded");
    }
}

#[test]
fn descriptions_are_held_to_the_archive() {
    let out = tempfile::tempdir().unwrap();
    let folder = export(&out.path().join("export"), "csv");
    let verified = run(out.path(), &["verify", "export"]).exits(0).stdout;
    assert!(verified.contains("are the same byte for byte"), "{verified}");
    for name in ["DICTIONARY.md", "sql/duckdb/load.sql"] {
        let path = folder.path(name);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, before.replacen("tasks", "tusks", 1)).unwrap();
        let verified = run(out.path(), &["verify", "export"]).exits(11).stdout;
        // Its sum, and its bytes against what the archive gives.
        assert!(verified.matches(&format!("  {name}")).count() == 2, "{verified}");
        fs::write(&path, before).unwrap();
    }
    fs::remove_file(folder.path("datapackage.json")).unwrap();
    assert!(run(out.path(), &["verify", "export"]).exits(11).stdout.contains("datapackage.json"));
    // A conversion puts it right.
    run(out.path(), &["convert", "export"]).exits(0);
    run(out.path(), &["verify", "export"]).exits(0);
}

#[test]
fn what_is_for_csv_goes_with_it() {
    let out = tempfile::tempdir().unwrap();
    export(&out.path().join("export"), "jsonl");
    let folder = Folder::new(&out.path().join("export"));
    assert_eq!(listed(&folder), ["DICTIONARY.md"]);
    run(out.path(), &["convert", "export", "--out", "new", "--format", "csv"]).exits(0);
    let new = Folder::new(&out.path().join("new"));
    assert_eq!(listed(&new), ALL);
    run(out.path(), &["convert", "export", "--out", "new"]).exits(0);
    assert_eq!(listed(&new), ["DICTIONARY.md"]);
    assert!(!new.path("sql").exists() && !new.path("datapackage.json").exists() && !new.path("csv").exists());
    run(out.path(), &["verify", "new"]).exits(0);
    // Fewer tables are described by less.
    run(out.path(), &["convert", "export", "--out", "new", "--format", "csv", "--only", "tags"]).exits(0);
    let dictionary = fs::read_to_string(new.path("DICTIONARY.md")).unwrap();
    assert!(dictionary.contains("\n## tags\n") && !dictionary.contains("\n## tasks\n"), "{dictionary}");
    run(out.path(), &["verify", "new"]).exits(0);
}
