//! A small export, and what may happen to it.

use std::fs;
use std::path::PathBuf;

use asana_model::{Cell, RowSink, Table};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::checksum;
use crate::folder::{Folder, Fresh};
use crate::manifest::{Archive, SegmentReport, tests::manifest};
use crate::sink::{Dialect, FORMATS, Style};
use crate::tables::{Target, Writing};

const VERSION: &str = "0.1.0";
const SEGMENTS: [&str; 2] = ["archive/000001.jsonl.zst", "archive/000002.jsonl.zst"];

/// An export of people and tasks; the parent of one task is hidden.
struct Export {
    dir: TempDir,
    layout: Layout,
}

type Pairs<'a> = &'a [(&'a str, Cell<'static>)];

fn row(table: &Table, pairs: Pairs<'_>) -> Vec<Cell<'static>> {
    let mut cells = vec![Cell::Null; table.columns.len()];
    for (column, cell) in pairs {
        cells[table.column(column).unwrap()] = cell.clone();
    }
    cells
}

impl Export {
    fn new(dialect: Dialect) -> Self {
        let export = Self { dir: tempfile::tempdir().unwrap(), layout: Layout::new() };
        let text = |text: &'static str| Cell::text(text);
        let tables: [(&str, &[Pairs<'_>]); 6] = [
            ("users", &[&[("gid", text("7")), ("name", text("=Ada, \"A\"\n"))], &[("gid", text("8"))]]),
            (
                "tasks",
                &[
                    &[("gid", text("1")), ("assignee_gid", text("7")), ("completed", Cell::Boolean(true))],
                    &[("gid", text("2")), ("parent_gid", text("1")), ("due_on", text("2025-01-31"))],
                    &[("gid", text("3")), ("parent_gid", text("99")), ("num_subtasks", Cell::Digits("0".into()))],
                ],
            ),
            (
                "task_followers",
                &[
                    &[("task_gid", text("1")), ("position", Cell::Count(0)), ("user_gid", text("7"))],
                    &[("task_gid", text("1")), ("position", Cell::Count(1)), ("user_gid", text("8"))],
                ],
            ),
            (
                "export_unresolved",
                &[&[
                    ("resource", text("tasks")),
                    ("gid", text("99")),
                    ("seen_in", text("tasks.parent_gid")),
                    ("times", Cell::Count(1)),
                ]],
            ),
            ("export_coverage", &[]),
            ("export_oddities", &[]),
        ];
        let folder = Folder::open(export.dir.path(), Fresh::Keep).unwrap();
        fs::create_dir(folder.archive_dir()).unwrap();
        for segment in SEGMENTS {
            fs::write(export.path(segment), segment).unwrap();
        }
        let mut manifest = manifest();
        manifest.tables = tables.iter().map(|(name, rows)| export.write(&folder, dialect, name, rows)).collect();
        manifest.archive = folder.archived().unwrap();
        manifest.selection.insert("dialect".to_owned(), dialect.name().into());
        manifest.completeness.seen_not_readable.insert("tasks".to_owned(), 1);
        manifest.write(&folder).unwrap();
        export
    }

    fn write(&self, folder: &Folder, dialect: Dialect, name: &str, rows: &[Pairs<'_>]) -> crate::TableReport {
        let id = asana_model::TableId(self.layout.tables.iter().position(|table| table.name == name).unwrap());
        let formats = FORMATS.iter().filter(|format| format.is_readable());
        let style = Style { csv: dialect.into(), ..Style::of(formats) };
        let writing = Writing::begin(&Target::from(folder), &style, folder.path()).unwrap();
        let mut set = writing.tables(&self.layout, &[id]).unwrap();
        for pairs in rows {
            set.row(id, &row(self.layout.table(id), pairs)).unwrap();
        }
        set.finish().unwrap().remove(0)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn verify(&self) -> Verified {
        folder(self.dir.path(), &self.layout, VERSION).unwrap()
    }

    /// Changes a text file, which has to have that piece.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "no {from:?} in {text}");
        fs::write(self.path(name), text.replacen(from, to, 1)).unwrap();
    }

    /// Makes the manifest agree with the files again, as someone would who wants to hide a change.
    fn sign(&self, change: impl FnOnce(&mut Manifest)) {
        let mut manifest = Manifest::read(self.dir.path()).unwrap();
        for file in manifest.tables.iter_mut().flat_map(|table| &mut table.files) {
            let summed = checksum::of_file(&self.path(&file.path)).unwrap();
            (file.bytes, file.sha256) = (summed.bytes, summed.sha256);
        }
        change(&mut manifest);
        fs::remove_file(self.path(MANIFEST)).unwrap();
        let json = serde_json::to_vec_pretty(&manifest).unwrap();
        fs::write(self.path(crate::manifest::MANIFEST_CHECKSUM), crate::manifest::checksum_line(&json)).unwrap();
        fs::write(self.path(MANIFEST), json).unwrap();
    }

    /// Asserts that exactly these differences are found, as `check file:line what`, of which `what` may be a part.
    #[track_caller]
    fn finds(&self, expected: &[(&str, &str, u64, &str)]) {
        let report = self.verify().report;
        let failed: Vec<&str> =
            report.checks.iter().filter(|check| check.outcome == Outcome::Differs).map(|check| check.name).collect();
        let mut wanted: Vec<&str> = expected.iter().map(|(check, ..)| *check).collect();
        wanted.dedup();
        assert_eq!(failed, wanted, "{report:#?}");
        assert_eq!(report.differences.len(), expected.len(), "{report:#?}");
        for (found, (_, file, line, what)) in report.differences.iter().zip(expected) {
            let at = (found.file.as_str(), found.line.unwrap_or(0));
            assert!(at == (*file, *line) && found.what.contains(what), "{found:?} is not {file}:{line} {what}");
        }
    }
}

#[test]
fn an_export_agrees_with_itself_in_every_dialect() {
    for dialect in Dialect::ALL {
        let export = Export::new(dialect);
        export.finds(&[]);
        let verified = export.verify();
        assert!(verified.report.agrees() && !verified.archive_gone);
        let names: Vec<&str> = verified.report.checks.iter().map(|check| check.name).collect();
        assert_eq!(names, ["manifest", "files", "sizes", "checksums", "rows", "cells", "keys", "references"]);
        let references = &verified.report.checks.last().unwrap().what;
        assert!(references.starts_with("21 ") && references.contains("not readable: 1"), "{references}");
    }
}

#[test]
fn what_others_leave_in_a_folder_is_no_difference() {
    let export = Export::new(Dialect::Rfc4180);
    for name in ["audit/report.html", "csv/.DS_Store", "empty/folder/.DS_Store"] {
        fs::create_dir_all(export.path(name).parent().unwrap()).unwrap();
        fs::write(export.path(name), "x").unwrap();
    }
    fs::remove_file(export.path(".lock")).unwrap();
    export.finds(&[]);
}

#[test]
fn an_archive_that_is_gone_is_said_and_no_difference() {
    let export = Export::new(Dialect::Rfc4180);
    fs::remove_dir_all(export.path("archive")).unwrap();
    export.finds(&[]);
    assert!(export.verify().archive_gone);
}

#[test]
fn rows_that_were_changed_with_their_checksums_are_found_by_what_they_say() {
    type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str, u64, &'static str)]);
    let cases: [Case; 7] = [
        ("csv/tasks.csv", "\n2,", "\n1,", &[("keys", "csv/tasks.csv", 3, "the key 1 is the same")]),
        (
            "json/task_followers.json",
            "\"position\":0",
            "\"position\":5",
            &[("keys", "json/task_followers.json", 3, "belongs before")],
        ),
        (
            "jsonl/task_followers.jsonl",
            "\"user_gid\":\"8\"",
            "\"user_gid\":\"88\"",
            &[("references", "jsonl/task_followers.jsonl", 2, "user_gid is 88, which has no row in users")],
        ),
        ("csv/tasks.csv", "2025-01-31", "31.1.2025", &[("cells", "csv/tasks.csv", 3, "due_on is 31.1.2025")]),
        (
            "json/tasks.json",
            "\"completed\":true",
            "\"completed\":\"true\"",
            &[("cells", "json/tasks.json", 2, "no boolean")],
        ),
        ("csv/users.csv", "gid,", "id,", &[("rows", "csv/users.csv", 1, "the header")]),
        (
            "csv/users.csv",
            "\n8,",
            "\n8,,",
            &[
                ("rows", "csv/users.csv", 4, "cells for"),
                ("rows", "csv/users.csv", 0, "has 1 rows, and the manifest says 2"),
                // The first format is what tells which rows there are.
                ("references", "csv/task_followers.csv", 3, "8"),
                ("references", "json/task_followers.json", 3, "8"),
                ("references", "jsonl/task_followers.jsonl", 2, "8"),
            ],
        ),
    ];
    for (file, from, to, expected) in cases {
        let export = Export::new(Dialect::Rfc4180);
        export.edit(file, from, to);
        export.sign(|_| {});
        export.finds(expected);
    }
}

#[test]
fn the_list_of_what_is_not_readable_has_to_be_true() {
    let hidden = "{\"resource\":\"tasks\",\"gid\":\"99\"";
    for (to, expected) in [
        ("{\"resource\":\"tasks\",\"gid\":\"98\"", "lists 98 of tasks as referred to, and nothing refers"),
        ("{\"resource\":\"tasks\",\"gid\":\"1\"", "lists 1 as not readable, and it has a row"),
    ] {
        let export = Export::new(Dialect::Rfc4180);
        // The first format is what counts.
        for (name, from, to) in [
            ("json/export_unresolved.json", hidden, to),
            (
                "csv/export_unresolved.csv",
                "tasks,99",
                &to.replace("{\"resource\":\"tasks\",\"gid\":\"", "tasks,").replace('"', ""),
            ),
        ] {
            export.edit(name, from, to);
        }
        export.sign(|_| {});
        let report = export.verify().report;
        let list = report.differences.iter().find(|one| one.file == "csv/export_unresolved.csv").unwrap();
        assert!(list.line == Some(2) && list.what.contains(expected), "{list:?}");
        let dangling = report.differences.iter().find(|one| one.file == "csv/tasks.csv").unwrap();
        assert!(dangling.line == Some(4) && dangling.what.contains("parent_gid is 99"), "{dangling:?}");
    }
    let export = Export::new(Dialect::Rfc4180);
    export.sign(|manifest| manifest.completeness.seen_not_readable.extend([("tasks".to_owned(), 2)]));
    export.finds(&[("references", "manifest.json", 0, "says that 2 tasks were seen and not readable")]);
}

#[test]
fn a_manifest_that_lists_other_things_is_found() {
    let export = Export::new(Dialect::Rfc4180);
    let segment = |path: &str| SegmentReport { path: path.to_owned(), bytes: 1, sha256: "0".repeat(64) };
    export.sign(|manifest| {
        manifest.archive =
            Archive { segments: [&SEGMENTS[..1], &["../secret"]].concat().into_iter().map(segment).collect() };
        manifest.tables[0].columns.push("more".to_owned());
    });
    export.finds(&[
        ("files", "manifest.json", 0, "no path inside"),
        ("files", SEGMENTS[1], 0, "extra"),
        ("sizes", SEGMENTS[0], 0, "has 24 bytes, and the manifest says 1"),
        ("checksums", SEGMENTS[0], 0, "SHA-256"),
        ("rows", "manifest.json", 0, "lists other columns of users"),
        ("rows", "csv/users.csv", 1, "the header"),
        ("rows", "csv/users.csv", 2, "cells for"),
        ("rows", "csv/users.csv", 4, "cells for"),
        ("rows", "json/users.json", 2, "values for"),
        ("rows", "json/users.json", 3, "values for"),
        ("rows", "json/users.json", 0, "has 0 rows"),
        ("rows", "jsonl/users.jsonl", 1, "values for"),
        ("rows", "jsonl/users.jsonl", 2, "values for"),
        ("rows", "jsonl/users.jsonl", 0, "has 0 rows"),
    ]);
    let other = folder(export.dir.path(), &export.layout, "9.9.9").unwrap().report;
    assert!(other.checks.iter().any(|check| check.outcome == Outcome::NotChecked && check.what.contains("users")));
}

#[test]
fn without_a_manifest_there_is_no_export() {
    let export = Export::new(Dialect::Rfc4180);
    fs::remove_file(export.path(MANIFEST)).unwrap();
    assert!(matches!(folder(export.dir.path(), &export.layout, VERSION), Err(Error::NotFinished { .. })));
    // One that never was ours is no change of ours.
    fs::write(export.path(MANIFEST), "{}").unwrap();
    fs::write(export.path("manifest.json.sha256"), crate::manifest::checksum_line(b"{}")).unwrap();
    assert!(matches!(folder(export.dir.path(), &export.layout, VERSION), Err(Error::ManifestUnreadable { .. })));
}

/// Something that happens to a file; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Accident {
    Flip { file: usize, byte: usize, bits: u8 },
    Cut { file: usize, length: usize },
    Lose { file: usize },
    Add { folder: usize },
}

fn accident() -> impl Strategy<Value = Accident> {
    prop_oneof![
        6 => (any::<usize>(), any::<usize>(), 1_u8..)
            .prop_map(|(file, byte, bits)| Accident::Flip { file, byte, bits }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(file, length)| Accident::Cut { file, length }),
        1 => any::<usize>().prop_map(|file| Accident::Lose { file }),
        1 => any::<usize>().prop_map(|folder| Accident::Add { folder }),
    ]
}

proptest! {
    #[test]
    fn any_single_accident_is_found(accident in accident(), excel in any::<bool>()) {
        let export = Export::new(if excel { Dialect::Excel } else { Dialect::Rfc4180 });
        let manifest = Manifest::read(export.dir.path()).unwrap();
        let own = [MANIFEST, crate::manifest::MANIFEST_CHECKSUM];
        let files: Vec<&str> = own.into_iter().chain(manifest.files().map(|(path, ..)| path)).collect();
        let named = match accident {
            Accident::Flip { file, byte, bits } => {
                let name = files[file % files.len()];
                let mut bytes = fs::read(export.path(name)).unwrap();
                prop_assume!(!bytes.is_empty());
                let at = byte % bytes.len();
                bytes[at] ^= bits;
                fs::write(export.path(name), bytes).unwrap();
                name.to_owned()
            }
            Accident::Cut { file, length } => {
                let name = files[file % files.len()];
                let bytes = fs::read(export.path(name)).unwrap();
                prop_assume!(!bytes.is_empty());
                fs::write(export.path(name), &bytes[..length % bytes.len()]).unwrap();
                name.to_owned()
            }
            Accident::Lose { file } => {
                let name = files[file % files.len()];
                fs::remove_file(export.path(name)).unwrap();
                name.to_owned()
            }
            Accident::Add { folder } => {
                let name = ["more.txt", "csv/more.csv", "archive/000003.jsonl.zst", "new/a"][folder % 4];
                fs::create_dir_all(export.path(name).parent().unwrap()).unwrap();
                fs::write(export.path(name), "x").unwrap();
                name.to_owned()
            }
        };
        match folder(export.dir.path(), &export.layout, VERSION) {
            Err(error) => {
                let unfinished = matches!(error, Error::NotFinished { .. });
                prop_assert!(unfinished && named == MANIFEST, "{named}: {error}");
            }
            Ok(verified) => {
                // What is wrong with the checksum is said of the manifest.
                let is_named = |one: &Difference| one.file == named || own.contains(&named.as_str());
                prop_assert!(verified.report.differences.iter().any(is_named), "{named}: {:#?}", verified.report);
            }
        }
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn of_a_format_that_was_left_out_the_checksums_are_compared() {
    let export = Export::new(Dialect::Rfc4180);
    let path = "parquet/tasks.parquet";
    fs::create_dir(export.path("parquet")).unwrap();
    fs::write(export.path(path), "PAR1").unwrap();
    export.sign(|manifest| {
        let summed = checksum::of_file(&export.path(path)).unwrap();
        let file = crate::FileReport {
            path: path.to_owned(),
            format: "parquet".to_owned(),
            bytes: summed.bytes,
            sha256: summed.sha256,
        };
        manifest.selection.insert("formats".to_owned(), vec!["csv", "parquet"].into());
        manifest.tables.iter_mut().find(|table| table.name == "tasks").unwrap().files.push(file);
    });
    let report = export.verify().report;
    assert!(report.agrees(), "{report:#?}");
    let check = report.checks.iter().find(|check| check.name == "formats").unwrap();
    assert_eq!(check.outcome, Outcome::NotChecked);
    assert!(check.what.starts_with("parquet: this program was built without"), "{}", check.what);
    fs::write(export.path(path), "PAR2").unwrap();
    export.finds(&[("checksums", path, 0, "SHA-256")]);
}
