//! Copies for others: chosen columns, recent tasks, hidden texts. What a copy should hold is worked out from the whole
//! export that it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use asana_simulator::ADMIN_TOKEN;
use serde_json::json;

use crate::support::formats::{Cell, Table};
use crate::support::{Ended, Export, Folder, Program, start, unlimited};

/// All of them: what formats with types cannot hold is told in a table, so it matters which are there.
const FORMATS: &str = "csv,json,jsonl,parquet,sqlite,xlsx";

/// A whole export named `export`; the simulator is gone before anything is made of it.
struct Scene {
    out: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let simulator = start(unlimited(3, 80));
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("export"));
        export.set("only", "all").set("format", FORMATS).run();
        let scene = Self { out };
        scene.key("key", "a secret of more than 16 bytes", 0o600);
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    fn folder(&self, name: &str) -> Folder {
        Folder::new(&self.path(name))
    }

    fn key(&self, name: &str, content: &str, mode: u32) {
        fs::write(self.path(name), content).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self, flags: &[&str]) -> Ended {
        Program::new(["convert", "export"].iter().chain(flags)).inside(self.out.path()).run()
    }

    /// A copy in all formats.
    #[track_caller]
    fn copy(&self, name: &str, flags: &[&str]) -> Folder {
        let ended = self.run(&[&["--out", name, "--format", FORMATS], flags].concat());
        // The simulated workspace has refusals, which every copy tells of.
        let code = ended.status.code();
        assert!(code == Some(0) || code == Some(3), "{}", ended.stderr);
        self.folder(name)
    }

    #[track_caller]
    fn verifies(&self, name: &str) -> String {
        Program::new(["verify", self.path(name).to_str().unwrap()]).run().exits(0).stdout
    }

    fn other(&self, arguments: &[&str]) -> Ended {
        Program::new(arguments).inside(self.out.path()).run()
    }
}

/// Rows as maps, for tables whose columns are not all there.
fn rows(table: &Table) -> Vec<BTreeMap<&str, &Cell>> {
    let names = || table.columns.iter().map(String::as_str);
    table.rows.iter().map(|row| names().zip(row).collect()).collect()
}

fn text<'r>(row: &BTreeMap<&str, &'r Cell>, column: &str) -> &'r str {
    match row[column] {
        Cell::Text(text) => text,
        _ => "",
    }
}

#[test]
fn chosen_columns_stand_behind_the_key_and_other_tables_are_whole() {
    let scene = Scene::new();
    let chosen = ["--columns", "tasks=completed_at,name,gid", "--columns", "task_followers=position"];
    let (copy, whole) = (scene.copy("copy", &chosen), scene.folder("export"));
    let (tasks, all) = (copy.table("tasks"), whole.table("tasks"));
    assert_eq!(tasks.columns, ["gid", "completed_at", "name"]);
    assert!(tasks.rows.len() > 50);
    for column in &tasks.columns {
        assert_eq!(tasks.column(column), all.column(column), "{column}");
    }
    assert_eq!(copy.table("task_followers").columns, ["task_gid", "position"]);
    // So do the descriptions.
    let package: serde_json::Value = serde_json::from_slice(&fs::read(copy.path("datapackage.json")).unwrap()).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let described = resources.iter().find(|resource| resource["path"] == "csv/tasks.csv").unwrap();
    let fields = described["schema"]["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
    assert_eq!(fields.collect::<Vec<_>>(), ["gid", "completed_at", "name"]);
    let report = &copy.manifest()["tables"];
    let report = report.as_array().unwrap().iter().find(|table| table["name"] == "tasks").unwrap();
    assert_eq!(report["columns"], json!(["gid", "completed_at", "name"]));
    assert_eq!(
        copy.manifest()["selection"]["columns"],
        json!({"tasks": ["gid", "completed_at", "name"], "task_followers": ["task_gid", "position"]})
    );
    let chosen = |path: &str| path.contains("/tasks.") || path.contains("/task_followers.");
    let files = whole.table_files();
    let copied = copy.files();
    assert!(
        files
            .iter()
            .filter(|(path, _)| path.starts_with("csv/") && !chosen(path))
            .all(|(path, bytes)| copied[path] == *bytes)
    );
    let verified = scene.verifies("copy");
    for said in [
        "not checked  left out",
        "other columns of task_followers, tasks",
        "ok           keys",
        "ok           references",
    ] {
        assert!(verified.contains(said), "no {said:?} in {verified}");
    }
    // Another time the same, and without the flags the whole is not replaced by less.
    scene.run(&["--out", "copy", "--columns", "tasks=name"]).exits(2).says(&["another selection"]).says_once();
    assert!(!copy.path("archive").exists());
    assert!(scene.other(&["convert", "copy", "--out", "again"]).exits(2).stderr.contains("no archive"));
}

/// An instant that about half of the tasks last changed before.
fn median(whole: &Folder) -> String {
    let mut changed = whole.table("tasks").texts("modified_at");
    changed.sort();
    changed[changed.len() / 2].clone()
}

#[test]
fn old_tasks_are_left_out_with_what_belongs_to_them() {
    let scene = Scene::new();
    let whole = scene.folder("export");
    let since = median(&whole);
    let copy = scene.copy("copy", &["--since", &since]);
    let tasks = whole.table("tasks");
    let kept: BTreeSet<String> = rows(&tasks)
        .iter()
        .filter(|row| text(row, "modified_at") >= since.as_str())
        .map(|row| text(row, "gid").to_owned())
        .collect();
    assert!(kept.len() > 20 && tasks.rows.len() - kept.len() > 20);
    let stories = whole.table("stories");
    let of_kept =
        |row: &BTreeMap<&str, &Cell>, kind: &str, gid: &str| text(row, kind) != "task" || kept.contains(text(row, gid));
    let kept_stories: BTreeSet<String> = rows(&stories)
        .iter()
        .filter(|row| of_kept(row, "target_type", "target_gid"))
        .map(|row| text(row, "gid").to_owned())
        .collect();
    let mut reduced = Vec::new();
    let tables = whole.tables("csv");
    for name in tables.iter().filter(|name| !name.starts_with("export_")) {
        let table = whole.table(name);
        let stays = |row: &BTreeMap<&str, &Cell>| match name.as_str() {
            "tasks" => kept.contains(text(row, "gid")),
            "stories" => kept_stories.contains(text(row, "gid")),
            "attachments" => of_kept(row, "parent_type", "parent_gid"),
            "time_tracking_entries" => kept.contains(text(row, "task_gid")),
            "time_tracking_entry_categories" => {
                let entries = copy.table("time_tracking_entries").texts("gid");
                entries.iter().any(|gid| gid == text(row, "time_tracking_entry_gid"))
            }
            "reactions" => text(row, "target_type") != "story" || kept_stories.contains(text(row, "target_gid")),
            child if child.starts_with("task_") && table.columns[0] == "task_gid" => {
                kept.contains(text(row, "task_gid"))
            }
            child if child.starts_with("story_") => kept_stories.contains(text(row, "story_gid")),
            _ => true,
        };
        let expected: Vec<Vec<Cell>> =
            rows(&table).iter().zip(&table.rows).filter(|(row, _)| stays(row)).map(|(_, row)| row.clone()).collect();
        assert!(copy.table(name).rows == expected, "{name}");
        if expected.len() < table.rows.len() {
            reduced.push(name.as_str());
        }
    }
    for name in ["tasks", "stories", "attachments", "time_tracking_entries", "reactions", "task_followers"] {
        assert!(reduced.contains(&name), "nothing of {name} was left out: {reduced:?}");
    }
    // The same instant, without the zeros behind its seconds.
    let said = copy.manifest()["selection"]["since"].as_str().unwrap().to_owned();
    assert!(since.starts_with(said.trim_end_matches('Z')), "{said} is not {since}");
    let verified = scene.verifies("copy");
    assert!(verified.contains("more name what --since left out"), "{verified}");
    assert!(verified.contains("tasks that last changed before"), "{verified}");
    // What was not readable before is not readable now, and nothing else is called so.
    let unresolved =
        |folder: &Folder| folder.table("export_unresolved").texts("gid").into_iter().collect::<BTreeSet<_>>();
    assert!(unresolved(&copy).is_subset(&unresolved(&whole)));
}

/// What people wrote, by table; found by looking at a whole export, not by asking the program.
const WRITTEN: &[(&str, &[&str])] = &[
    ("users", &["name", "email"]),
    (
        "tasks",
        &["name", "notes", "html_notes", "assignee_name", "parent_name", "completed_by_name", "assigned_by_name"],
    ),
    ("projects", &["name", "notes", "html_notes", "team_name", "owner_name"]),
    ("teams", &["name", "description"]),
    ("tags", &["name", "notes"]),
    ("sections", &["name", "project_name"]),
    ("stories", &["text", "html_text", "created_by_name", "new_text_value", "old_name", "new_name"]),
    ("attachments", &["name", "parent_name", "permanent_url", "view_url"]),
    ("memberships", &["member_name"]),
    ("portfolios", &["name", "owner_name"]),
    ("portfolio_items", &["item_name"]),
    ("goals", &["name", "notes"]),
    ("status_updates", &["title", "text", "html_text", "author_name"]),
    ("project_briefs", &["title", "text", "html_text"]),
    ("project_templates", &["name", "description"]),
    ("task_templates", &["name", "template_name", "template_description"]),
    ("custom_fields", &["name", "description"]),
    ("custom_field_enum_options", &["name"]),
    ("task_custom_fields", &["name", "display_value", "text_value", "enum_option_name"]),
    ("task_custom_field_options", &["enum_option_name"]),
    ("project_custom_fields", &["name", "display_value", "text_value"]),
    ("time_tracking_entries", &["description", "task_name", "created_by_name"]),
    ("workspaces", &["name"]),
    ("workspace_email_domains", &["email_domain"]),
    ("webhooks", &["target"]),
    ("favorites", &["name"]),
    ("audit_log_events", &["actor_name", "actor_email", "context_client_ip_address"]),
];

/// Those that cannot stand in a file by chance, and stand in every format as they are.
fn written(whole: &Folder) -> BTreeSet<String> {
    let there = whole.tables("csv");
    let tables = WRITTEN.iter().filter(|(name, _)| there.iter().any(|table| table == name));
    let texts = tables.flat_map(|(name, columns)| {
        let table = whole.table(name);
        columns.iter().flat_map(move |column| table.texts(column)).collect::<Vec<_>>()
    });
    let plain = |text: &String| {
        let simple = text.chars().all(|one| one.is_ascii_alphanumeric() || " @.-:/'!?".contains(one));
        // The days and instants of fields stand in columns of their own, which are not text.
        let dated = text.starts_with("20") && text.as_bytes().get(4) == Some(&b'-');
        simple
            && !dated
            && text.len() >= 9
            && text.contains([' ', '@', '.'])
            && text.contains(|one: char| one.is_ascii_alphabetic())
    };
    texts.filter(plain).collect()
}

#[test]
fn nothing_of_what_is_hidden_is_anywhere_in_the_copy() {
    let scene = Scene::new();
    let whole = scene.folder("export");
    let written = written(&whole);
    assert!(written.len() > 200, "{}", written.len());
    for (name, flags) in [("blank", &["--redact", "all"][..]), ("hashed", &["--redact", "all", "--redact-key", "key"])]
    {
        let copy = scene.copy(name, flags);
        for (path, bytes) in copy.files() {
            let content = String::from_utf8_lossy(&bytes);
            for text in &written {
                assert!(!content.contains(text), "{text:?} is in {path} of {name}");
            }
        }
        // All that is not hidden is as it was: the same rows, gids, dates and numbers.
        for table in whole.tables("csv").iter().filter(|table| !table.starts_with("export_")) {
            let (all, some) = (whole.table(table), copy.table(table));
            assert_eq!((&all.columns, all.rows.len()), (&some.columns, some.rows.len()), "{table}");
            for (at, column) in all.columns.iter().enumerate() {
                for (old, new) in all.rows.iter().zip(&some.rows) {
                    let hidden = match (&old[at], &new[at]) {
                        (Cell::Text(old), Cell::Null) => name == "blank" && !old.is_empty(),
                        (Cell::Text(_), Cell::Text(new)) => {
                            name == "hashed" && new.len() == 18 && new.starts_with("h-")
                        }
                        _ => false,
                    };
                    assert!(hidden || old[at] == new[at], "{table}.{column}: {:?} became {:?}", old[at], new[at]);
                    let is_gid = column == "gid" || column.ends_with("_gid") || column.ends_with("_at");
                    assert!(!(is_gid && old[at] != new[at]), "{table}.{column}");
                }
            }
        }
        let manifest = copy.manifest();
        let classes = ["names", "titles", "emails", "notes", "comments", "values"];
        let with = if name == "blank" { "blank" } else { "hash" };
        assert_eq!(manifest["selection"]["redacted"], json!({"classes": classes, "with": with, "stayed": {}}));
        let verified = scene.verifies(name);
        assert!(verified.contains("texts of the classes names, titles"), "{verified}");
        assert!(!manifest.to_string().contains("more than 16 bytes"));
    }
    assert_eq!(scene.folder("blank").manifest()["workspace"]["name"], "");
}

#[test]
fn equal_texts_become_equal_hashes_by_the_key() {
    let scene = Scene::new();
    let whole = scene.folder("export");
    scene.key("other-key", "another secret, long enough", 0o600);
    let flags = |key| ["--redact", "names,emails", "--redact-key", key];
    let one = scene.copy("one", &flags("key"));
    let same = scene.copy("same", &flags("key"));
    let other = scene.copy("other", &flags("other-key"));
    assert!(one.table_files() == same.table_files());
    assert_eq!(one.manifest(), same.manifest());
    assert_ne!(one.table("users").column("name"), other.table("users").column("name"));
    // A person is called the same everywhere, so groups stay groups.
    let hash = |folder: &Folder| -> BTreeMap<String, String> {
        let users = folder.table("users");
        rows(&users).iter().map(|row| (text(row, "gid").to_owned(), text(row, "name").to_owned())).collect()
    };
    let (names, hashes) = (hash(&whole), hash(&one));
    let distinct = |map: &BTreeMap<String, String>| map.values().collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(&names), distinct(&hashes));
    let tasks = one.table("tasks");
    let assigned = rows(&tasks).iter().filter(|row| *row["assignee_name"] != Cell::Null).fold(0, |count, row| {
        assert_eq!(text(row, "assignee_name"), hashes[text(row, "assignee_gid")]);
        count + 1
    });
    assert!(assigned > 10);
    // Other classes stay, and that is said.
    let redacted = &one.manifest()["selection"]["redacted"];
    assert_eq!(redacted["classes"], json!(["names", "emails"]));
    for class in ["titles", "notes", "comments", "values"] {
        assert!(redacted["stayed"][class].as_u64().unwrap() > 1, "{redacted}");
    }
    assert!(redacted["stayed"]["names"].is_null(), "{redacted}");
    assert_eq!(one.table("tasks").column("name"), whole.table("tasks").column("name"));
    scene.run(&["--out", "said", "--redact", "names", "--progress", "plain"]).says(&[
        "may still be mentioned in free texts",
        "titles, notes, comments, values",
        "texts that stayed as they were",
    ]);
}

#[test]
fn all_of_it_together() {
    let scene = Scene::new();
    let whole = scene.folder("export");
    let since = median(&whole);
    let flags = [
        "--since",
        &since,
        "--columns",
        "tasks=assignee_name,assignee_gid,modified_at",
        "--redact",
        "names",
        "--redact-key",
        "key",
        "--only",
        "tasks,users",
    ];
    let copy = scene.copy("copy", &flags);
    let tasks = copy.table("tasks");
    assert_eq!(tasks.columns, ["gid", "assignee_name", "assignee_gid", "modified_at"]);
    assert!(!tasks.rows.is_empty() && tasks.texts("modified_at").iter().all(|at| *at >= since));
    assert!(tasks.texts("assignee_name").iter().all(|name| name.starts_with("h-")));
    scene.verifies("copy");
    let again = scene.run(&[&["--out", "copy", "--format", FORMATS][..], &flags].concat());
    again.says(&["no file was written"]);
    scene.run(&[&["--out", "excel", "--format", "csv", "--dialect", "excel"][..], &flags].concat());
    scene.verifies("excel");
}

#[test]
fn rules_and_comparisons_say_what_a_copy_lacks() {
    let scene = Scene::new();
    let since = median(&scene.folder("export"));
    scene.copy("recent", &["--since", &since]);
    scene.copy("hidden", &["--redact", "titles", "--columns", "projects=archived,completed"]);
    for (name, reasons) in [
        ("recent", &["this copy was made without tasks that last changed before"][..]),
        ("hidden", &["tasks.name is hidden in this copy", "this copy was made without projects."]),
    ] {
        let said = scene.other(&["audit", name, "--format", "text,json,html"]).exits(0).stdout;
        assert!(said.contains("this copy was made without: "), "{said}");
        let findings = fs::read_to_string(scene.path(name).join("audit/findings.json")).unwrap();
        for reason in reasons {
            assert!(findings.contains(reason), "{name}: no {reason:?}");
        }
    }
    let recent = scene.other(&["diff", "export", "recent"]).exits(0).stdout;
    assert!(recent.contains("which may be too old for the other"), "{recent}");
    assert!(!recent.contains("removed from") && !recent.contains("deleted"), "{recent}");
    let hidden = scene.other(&["diff", "export", "hidden"]).exits(0).stdout;
    assert!(hidden.contains("hidden in one of them") && hidden.contains("because only OLD has it"), "{hidden}");
    let back = scene.other(&["diff", "recent", "export"]).exits(0).stdout;
    assert!(back.contains("which may be too old for the other"), "{back}");
}

#[test]
fn what_was_changed_in_a_copy_is_found() {
    let scene = Scene::new();
    let since = median(&scene.folder("export"));
    let flags = ["--since", &since, "--columns", "tasks=assignee_gid,completed,parent_gid", "--redact", "all"];
    let copy = scene.copy("copy", &flags);
    scene.verifies("copy");
    let path = copy.path("csv/tasks.csv");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let (at, line) =
        lines.iter().enumerate().find(|(_, line)| !line.contains(",,") && line.contains(",false")).unwrap();
    let cells: Vec<&str> = line.split(',').collect();
    let put = |cells: &[&str]| {
        let changed = cells.join(",");
        let lines: Vec<&str> =
            lines.iter().enumerate().map(|(place, line)| if place == at { &changed } else { *line }).collect();
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        Program::new(["verify", scene.path("copy").to_str().unwrap()]).run().exits(11).stdout
    };
    let said = put(&[cells[0], "999", cells[2], cells[3]]);
    assert!(said.contains("assignee_gid is 999, which has no row in users"), "{said}");
    let said = put(&[cells[0], cells[1], "perhaps", cells[3]]);
    assert!(said.contains("completed is perhaps, which is no boolean"), "{said}");
    let said = put(&["0", cells[1], cells[2], cells[3]]);
    assert!(said.contains("the key 0 belongs before"), "{said}");
    // Of a task, it may be that it is too old.
    let said = put(&[cells[0], cells[1], cells[2], "999"]);
    assert!(!said.contains("has no row") && said.contains("SHA-256"), "{said}");
}

#[test]
fn what_cannot_be_done_is_said_and_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.key("short", "too short", 0o600);
    scene.key("open", "a secret that everyone can read", 0o644);
    let before = scene.folder("export").files();
    let check = |flags: &[&str], code, pieces: &[&str]| {
        scene.run(flags).exits(code).says(pieces).says_once();
        assert!(scene.folder("export").files() == before, "{flags:?} changed something");
        assert!(!scene.path("new").exists(), "{flags:?} left a folder behind");
    };
    for flags in [["--columns", "tasks=name"], ["--since", "2026-01-01"], ["--redact", "names"]] {
        check(&flags, 2, &["name another folder for it with --out"]);
        check(&[&flags[..], &["--out", "export"]].concat(), 2, &["--out"]);
        check(&[&flags[..], &["--out", "export/copy"]].concat(), 2, &["not inside export, nor around it"]);
    }
    let refused = |flags: &[&str], pieces: &[&str]| check(&[&["--out", "new"], flags].concat(), 2, pieces);
    refused(&["--columns", "taks=name"], &["no table called taks", "tasks"]);
    refused(&["--columns", "tasks=nmae"], &["no column of tasks called nmae", "did you mean name"]);
    refused(&["--columns", "tasks"], &["TABLE=COLUMN"]);
    refused(&["--columns", "stories=text", "--only", "tasks"], &["stories, which is not written"]);
    refused(&["--since", "last week"], &["--since is a day"]);
    refused(&["--since", "2026-02-31"], &["--since is a day"]);
    refused(&["--redact", "nmaes"], &["no class of texts called nmaes", "did you mean names"]);
    refused(&["--redact", "names", "--redact-with", "hash"], &["--redact-key"]);
    refused(&["--redact", "names", "--redact-with", "blank", "--redact-key", "key"], &["no use for the key"]);
    refused(&["--redact-key", "key"], &["add --redact"]);
    refused(&["--redact", "names", "--redact-key", "short"], &["has 9 bytes"]);
    refused(&["--redact", "names", "--redact-key", "open"], &["other users can read the key file open"]);
    check(
        &["--out", "new", "--redact", "names", "--redact-key", "nowhere"],
        1,
        &["the key file nowhere cannot be read"],
    );
    // Another whole copy of it is not replaced by less.
    scene.run(&["--out", "whole"]);
    scene
        .run(&["--out", "whole", "--redact", "names"])
        .exits(2)
        .says(&["another selection", "or all of it"])
        .says_once();
}
