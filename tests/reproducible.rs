//! The same workspace gives the same bytes, and the manifest describes them.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use asana_simulator::{ADMIN_TOKEN, Config, Latency};
use serde_json::Value;

use crate::support::{Export, Folder, start, unlimited};

fn export(tasks: u32) -> (tempfile::TempDir, Folder) {
    let simulator = start(unlimited(1, tasks));
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).complete();
    (out, folder)
}

#[test]
fn two_exports_are_byte_identical() {
    // Answers arrive in another order each time.
    let jitter = Latency { jitter: std::time::Duration::from_millis(15), ..Latency::default() };
    let simulator = start(Config { latency: jitter, ..unlimited(1, 150) });
    let out = tempfile::tempdir().unwrap();
    let run = |name: &str, concurrency: &str| {
        let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name));
        export.set("concurrency", concurrency).complete().table_files()
    };
    let (one, other, third) = (run("one", "40"), run("other", "17"), run("third", "2"));
    let names: Vec<&String> = one.keys().collect();
    assert_eq!(names, other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &other[name] && bytes == &third[name], "{name} differs");
    }
}

/// All objects in a JSON value that describe a file: they have its SHA-256.
fn described<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| described(item, found)),
        Value::Object(members) => {
            if members.contains_key("sha256") {
                found.push(value);
            }
            members.values().for_each(|member| described(member, found));
        }
        _ => {}
    }
}

fn sha256(bytes: &[u8]) -> Option<String> {
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    std::io::Write::write_all(&mut child.stdin.take()?, bytes).ok()?;
    let output = String::from_utf8(child.wait_with_output().ok()?.stdout).ok()?;
    output.split_whitespace().next().map(str::to_owned)
}

#[test]
fn the_manifest_describes_every_file_of_the_tables_and_the_archive() {
    let (_out, folder) = export(40);
    let manifest = folder.manifest();
    let mut files = folder.files();
    files.retain(|path, _| !path.starts_with("manifest.json") && path != ".lock");
    let mut found = Vec::new();
    described(&manifest, &mut found);
    let mut problems = String::new();
    for (path, bytes) in &files {
        let entry = found.iter().find(|file| file["path"].as_str() == Some(path));
        let Some(entry) = entry else {
            writeln!(problems, "{path} is not in the manifest").unwrap();
            continue;
        };
        if entry["bytes"].as_u64() != Some(bytes.len() as u64) {
            writeln!(problems, "{path}: {} bytes, {entry}", bytes.len()).unwrap();
        }
        if sha256(bytes).is_some_and(|hash| entry["sha256"].as_str() != Some(&hash)) {
            writeln!(problems, "{path}: another SHA-256 than {entry}").unwrap();
        }
    }
    assert_eq!(problems, "", "{manifest:#}");
    assert_eq!(found.len(), files.len(), "the manifest names files that do not exist");
}

#[test]
fn the_manifest_counts_rows_and_names_who_made_it() {
    let (_out, folder) = export(40);
    let manifest = folder.manifest();
    let tables = manifest["tables"].as_array().unwrap();
    assert_eq!(tables.len(), folder.tables("csv").len());
    for table in tables {
        let name = table["name"].as_str().unwrap();
        assert_eq!(table["rows"].as_u64(), Some(folder.table(name).rows.len() as u64), "{name}");
        assert_eq!(table["columns"].as_array().map(Vec::len), Some(folder.table(name).columns.len()), "{name}");
    }
    let text = manifest.to_string();
    for piece in [env!("CARGO_PKG_VERSION"), "rest", "coverage", "not_readable", "Simulated"] {
        assert!(text.contains(piece), "no {piece} in {manifest:#}");
    }
}

const ON_TOP: &[&str] = &["manifest.json", "manifest.json.sha256", "DICTIONARY.md", "datapackage.json", ".lock"];

#[test]
fn nothing_but_the_promised_files_is_left_behind() {
    let (_out, folder) = export(20);
    for path in folder.files().keys() {
        let known = ["csv/", "json/", "jsonl/", "sql/", "archive/"].iter().any(|part| path.starts_with(part));
        // The lock stays: removing it would race with a run that waits for it.
        assert!(known || ON_TOP.contains(&path.as_str()), "{path}");
        assert!(!path.contains("partial") && !path.contains("tmp"), "{path}");
    }
    assert!(folder.files().keys().any(|path| path.starts_with("archive/")));
}
