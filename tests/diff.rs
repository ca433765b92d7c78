//! `diff`: two exports of one workspace differ by exactly what happened in between, and what a missing row means is said
//! with care.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use asana_simulator::{
    ADMIN_TOKEN, Action, Config, MEMBER_TOKEN, NewTask, Pick, Plan, RunningSimulator, SERVICE_TOKEN,
};
use serde_json::Value;

use crate::support::expected::{self, Tables};
use crate::support::formats::{self, Cell};
use crate::support::{Ended, Export, Program, start, start_with_faults, unlimited};

/// Exports of one or more simulators, in one folder.
struct Scene {
    out: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { out: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    fn export(&self, simulator: &RunningSimulator, token: &str, name: &str) -> Export {
        Export::new(simulator, token, &self.path(name)).set("format", "csv")
    }

    /// Exports whatever can be had.
    #[track_caller]
    fn exported(export: &Export) {
        let ended = export.run();
        assert!(matches!(ended.status.code(), Some(0 | 3)), "{}", ended.stderr);
    }

    fn diff(&self, flags: &[&str]) -> Ended {
        self.between("old", "new", flags)
    }

    fn between(&self, old: &str, new: &str, flags: &[&str]) -> Ended {
        Program::new(["diff", old, new].iter().chain(flags)).inside(self.out.path()).run()
    }

    /// The document that `--format json` gives.
    #[track_caller]
    fn json(&self, code: i32, flags: &[&str]) -> Value {
        let ended = self.diff(&[flags, &["--format", "json"]].concat()).exits(code);
        serde_json::from_str(&ended.stdout).unwrap()
    }
}

fn number(value: u32) -> Pick {
    Pick::Number(value)
}

/// Something of everything that the simulator can do between two exports.
fn live(simulator: &RunningSimulator) {
    let tasks = simulator.truth().records("tasks", SERVICE_TOKEN);
    let first = |wanted: &dyn Fn(&Value) -> bool| {
        let apart = tasks.iter().skip(8).find(|task| task["parent"].is_null() && wanted(task)).unwrap();
        Pick::Gid(expected::gid(apart).to_owned())
    };
    let open = first(&|task| task["completed"] == false);
    let followed =
        first(&|task| task["followers"].as_array().is_some_and(|all| !all.is_empty()) && task["completed"] == true);
    let edit = Action::Edit { task: number(3), name: Some("Renamed".to_owned()), notes: Some("=1+1".to_owned()) };
    let added = NewTask { project: Some(number(0)), assignee: Some(number(1)), files: 1, ..NewTask::default() };
    let actions = [
        edit,
        Action::Complete { task: open },
        Action::Attach { task: number(5) },
        Action::Add(added),
        Action::Add(NewTask { parent: Some(number(3)), ..NewTask::default() }),
        Action::MoveTo { task: number(6), project: number(1) },
        Action::DeleteTask { task: followed },
        Action::RemoveUser { user: number(2) },
    ];
    for action in actions {
        assert!(simulator.change(&action), "{action:?}");
    }
}

#[test]
fn the_same_workspace_exported_twice_is_equal_whatever_the_formats() {
    let simulator = start(unlimited(3, 80));
    let scene = Scene::new();
    scene.export(&simulator, ADMIN_TOKEN, "csv").complete();
    scene.export(&simulator, ADMIN_TOKEN, "excel").set("dialect", "excel").complete();
    scene.export(&simulator, ADMIN_TOKEN, "json").set("format", "json").complete();
    scene.export(&simulator, ADMIN_TOKEN, "jsonl").set("format", "jsonl").set("concurrency", "3").complete();
    for (old, new) in [("csv", "json"), ("csv", "excel"), ("excel", "jsonl")] {
        let ended = scene.between(old, new, &[]).exits(0);
        assert!(ended.stdout.contains("No differences: "), "{}", ended.stdout);
        assert!(!ended.stdout.contains("To be known first"), "{}", ended.stdout);
    }
    let ended = scene.between("json", "jsonl", &["--format", "csv"]).exits(0);
    assert_eq!(ended.stdout, "table,change,key,name,column,old,new,meaning,reason\n");
}

/// (table, added, removed or changed, key), and the columns that changed.
type Changes = BTreeMap<(String, String, String), BTreeSet<String>>;

/// What a naive comparison of what the simulator held before and after says.
fn naive(old: &Tables, new: &Tables) -> Changes {
    let mut changes = Changes::new();
    for (name, before) in old {
        let after = &new[name];
        let (before, after) = (keyed(before), keyed(after));
        for (key, row) in &before {
            match after.get(key) {
                None => drop(changes.insert((name.clone(), "removed".to_owned(), key.clone()), BTreeSet::new())),
                Some(other) => {
                    let columns = row.iter().filter(|(column, cell)| other[*column] != **cell);
                    let columns: BTreeSet<String> = columns.map(|(column, _)| column.clone()).collect();
                    if !columns.is_empty() {
                        changes.insert((name.clone(), "changed".to_owned(), key.clone()), columns);
                    }
                }
            }
        }
        for key in after.keys().filter(|key| !before.contains_key(*key)) {
            changes.insert((name.clone(), "added".to_owned(), key.clone()), BTreeSet::new());
        }
    }
    changes
}

/// Rows by what identifies them, without their places in lists.
fn keyed(table: &formats::Table) -> BTreeMap<String, BTreeMap<String, Cell>> {
    let position = table.columns.iter().position(|column| column == "position").filter(|_| table.columns[0] != "gid");
    let key: Vec<usize> = match position {
        None => vec![0],
        Some(position) => {
            let rest = || position + 1..table.columns.len();
            let listed = rest().find(|place| table.columns[*place].ends_with("gid")).or_else(|| rest().next());
            (0..position).chain(listed).collect()
        }
    };
    let mut rows: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
    for row in &table.rows {
        let mut words: Vec<String> = key.iter().map(|place| row[*place].shown().unwrap_or_default()).collect();
        words.sort_unstable();
        // Of what is listed twice (an emoji in two skins) none changes here.
        let mut words = words.join("/");
        while rows.contains_key(&words) {
            words.push_str(" again");
        }
        let cells = table.columns.iter().cloned().zip(row.iter().cloned());
        let cells = cells.filter(|(column, _)| position.is_none() || column != "position");
        rows.insert(words, cells.collect());
    }
    rows
}

fn told(document: &Value) -> Changes {
    let changes = document["changes"].as_array().unwrap().iter().map(|change| {
        let text = |member: &str| change[member].as_str().unwrap().to_owned();
        // In no order, because this reader keeps none.
        let mut key: Vec<&str> =
            change["key"].as_object().unwrap().values().map(|value| value.as_str().unwrap()).collect();
        key.sort_unstable();
        let fields = change["fields"].as_array().into_iter().flatten();
        let columns = fields.map(|field| field["column"].as_str().unwrap().to_owned());
        // A row that only moved in its list is no other row.
        let columns: BTreeSet<String> = columns.filter(|column| column != "position").collect();
        ((text("table"), text("change"), key.join("/")), columns)
    });
    changes.filter(|((_, change, _), columns)| change != "changed" || !columns.is_empty()).collect()
}

#[test]
fn what_happened_in_between_is_told_and_nothing_else() {
    let simulator = start(unlimited(11, 150));
    let scene = Scene::new();
    scene.export(&simulator, SERVICE_TOKEN, "old").set("format", "jsonl").complete();
    let before = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    live(&simulator);
    scene.export(&simulator, SERVICE_TOKEN, "new").complete();
    let after = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    let (expected, document) = (naive(&before, &after), scene.json(11, &[]));
    let found = told(&document);
    for (change, columns) in &expected {
        assert_eq!(found.get(change), Some(columns), "{change:?}");
    }
    for change in found.keys() {
        assert!(expected.contains_key(change), "{change:?}");
    }
    for table in ["tasks", "stories", "attachments", "task_memberships", "workspace_memberships"] {
        assert!(expected.keys().any(|(name, ..)| name == table), "nothing happened to {table}");
    }
    assert_eq!(document["equal"], false);
    let removed = document["changes"].as_array().unwrap().iter().filter(|change| change["change"] == "removed");
    let of_tasks: Vec<&Value> = removed.filter(|change| change["table"] == "tasks").collect();
    assert!(!of_tasks.is_empty() && of_tasks.iter().all(|change| change["meaning"] == "deleted"), "{of_tasks:#?}");
    let followers = document["summary"]["tables"].as_array().unwrap();
    let followers = followers.iter().find(|table| table["table"] == "task_followers").unwrap();
    assert!(followers["removed_because"]["with_its_object"].as_u64() > Some(0), "{followers}");
    // The one who edited, completed and commented is named with what was done.
    let people = document["summary"]["people"].as_array().unwrap();
    assert!(people.iter().any(|person| person["created"]["stories"].as_u64() > Some(0)), "{people:#?}");
    assert!(people.iter().any(|person| person["completed"].as_u64() == Some(1)), "{people:#?}");
}

#[test]
fn every_way_to_print_it_says_the_same() {
    let simulator = start(unlimited(12, 60));
    let scene = Scene::new();
    scene.export(&simulator, SERVICE_TOKEN, "old").complete();
    live(&simulator);
    scene.export(&simulator, SERVICE_TOKEN, "new").complete();
    let document = scene.json(11, &[]);
    let changes = document["changes"].as_array().unwrap();
    let fields = |change: &Value| change["fields"].as_array().map_or(1, Vec::len);
    let lines: usize = changes.iter().map(fields).sum();
    let csv = scene.diff(&["--format", "csv"]).exits(11).stdout;
    let (_, rows) = formats::csv(csv.as_bytes());
    assert_eq!(rows.len(), lines);
    assert!(csv.contains("tasks,changed,") && csv.contains(",Renamed,notes,"), "{csv}");
    let excel = scene.diff(&["--format", "csv", "--dialect", "excel"]).exits(11).stdout;
    assert!(excel.contains("\"'=1+1\""), "a spreadsheet does not run it: {excel}");
    let text = scene.diff(&["--limit", "1"]).exits(11).stdout;
    for piece in ["OLD  old: workspace", "tasks", "→ Renamed", "--limit shows more", "Who did it", "deleted: NEW is"]
    {
        assert!(text.contains(piece), "no {piece:?} in:\n{text}");
    }
    let ended = scene.diff(&["--format", "csv", "--out", "changes.csv"]).exits(11).says(&["rows added", "changes.csv"]);
    assert_eq!(ended.stdout, "");
    assert_eq!(fs::read_to_string(scene.path("changes.csv")).unwrap(), csv);
}

#[test]
fn names_that_mean_harm_do_not_steer_a_terminal() {
    let simulator = start(Config { hostile: true, ..unlimited(12, 60) });
    let scene = Scene::new();
    scene.export(&simulator, SERVICE_TOKEN, "old").run();
    for task in 0..20 {
        assert!(simulator.change(&Action::DeleteTask { task: number(task) }) || task > 0);
    }
    scene.export(&simulator, SERVICE_TOKEN, "new").run();
    let text = scene.diff(&["--limit", "50"]).exits(11).stdout;
    assert!(text.contains("(deleted)"), "{text}");
    let steers = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    assert_eq!(text.chars().find(steers), None, "{text:?}");
}

#[test]
fn tables_and_columns_can_be_left_out() {
    let simulator = start(unlimited(12, 60));
    let scene = Scene::new();
    scene.export(&simulator, SERVICE_TOKEN, "old").complete();
    live(&simulator);
    scene.export(&simulator, SERVICE_TOKEN, "new").complete();
    let tables = |document: &Value| -> BTreeSet<String> {
        document["summary"]["tables"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["table"].as_str().unwrap().to_owned())
            .collect()
    };
    let only = scene.json(11, &["--only", "tasks", "--skip", "task_memberships"]);
    assert!(tables(&only).contains("task_followers") && !tables(&only).contains("stories"), "{:?}", tables(&only));
    assert!(!tables(&only).contains("task_memberships"));
    // Without the table of the tasks themselves it is still known which followers went with theirs.
    let followers = scene.json(11, &["--only", "task_followers"]);
    assert_eq!(tables(&followers).into_iter().collect::<Vec<_>>(), ["task_followers"]);
    assert!(followers.to_string().contains("with_its_object"), "{followers}");
    scene.json(0, &["--only", "tags"]);
    let edited = scene.json(11, &["--only", "tasks", "--ignore", "modified_at,tasks.notes,html_notes"]);
    let columns: BTreeSet<String> = told(&edited).into_values().flatten().collect();
    assert!(columns.contains("name") && !columns.iter().any(|column| column.contains("notes")), "{columns:?}");
    assert!(!columns.contains("modified_at"));
}

/// Labels of removed rows of a table, with a reason each.
fn meanings(document: &Value, change: &str, table: &str) -> BTreeMap<String, String> {
    let changes = document["changes"].as_array().unwrap().iter();
    let of = changes.filter(|one| one["change"] == change && one["table"] == table);
    let text = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
    of.map(|one| (text(one, "meaning"), text(one, "reason"))).collect()
}

#[test]
fn with_another_token_nothing_is_inferred_from_absence() {
    let simulator = start(unlimited(13, 120));
    let scene = Scene::new();
    Scene::exported(&scene.export(&simulator, SERVICE_TOKEN, "old"));
    Scene::exported(&scene.export(&simulator, MEMBER_TOKEN, "new"));
    let document = scene.json(11, &[]);
    let removed = meanings(&document, "removed", "tasks");
    assert_eq!(removed.keys().collect::<Vec<_>>(), ["unknown"], "{removed:?}");
    assert!(removed["unknown"].contains("tokens of different people"), "{removed:?}");
    assert!(document["summary"]["notes"].to_string().contains("nothing can be inferred"), "{document}");
}

#[test]
fn what_a_plan_no_longer_has_is_no_longer_readable_and_comes_back() {
    let scene = Scene::new();
    for (name, plan) in [("old", Plan::Paid), ("new", Plan::Free)] {
        let simulator = start(Config { plan, ..unlimited(14, 60) });
        Scene::exported(&scene.export(&simulator, SERVICE_TOKEN, name));
    }
    let document = scene.json(11, &[]);
    for table in ["portfolios", "goals"] {
        let removed = meanings(&document, "removed", table);
        assert_eq!(removed.keys().collect::<Vec<_>>(), ["no_longer_readable"], "{table}: {removed:?}");
    }
    assert!(document["summary"]["coverage"].to_string().contains("portfolios"), "{document}");
    let ended = scene.between("new", "old", &["--format", "json"]).exits(11);
    let back = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(meanings(&back, "added", "portfolios").keys().collect::<Vec<_>>(), ["newly_readable"]);
}

#[test]
fn what_was_refused_for_one_task_is_no_longer_readable_and_the_rest_is_unknown() {
    let scene = Scene::new();
    let simulator = start(unlimited(15, 60));
    let folder = scene.export(&simulator, SERVICE_TOKEN, "old").set("format", "csv,json,jsonl").complete();
    let target = folder.table("stories").texts("target_gid")[0].clone();
    let rule = format!("when=path:/tasks/{target}/stories* what=403 times=always");
    let refusing = start_with_faults(unlimited(15, 60), &[&rule]);
    // Stories of another task go missing while the listing of stories is partial.
    assert!(refusing.change(&Action::DeleteTask { task: number(7) }));
    scene.export(&refusing, SERVICE_TOKEN, "new").ends_with(3);
    let document = scene.json(11, &["--only", "stories"]);
    let removed = meanings(&document, "removed", "stories");
    assert_eq!(removed.keys().collect::<Vec<_>>(), ["no_longer_readable", "unknown"], "{removed:?}");
    assert!(removed["no_longer_readable"].contains(&target), "{removed:?}");
    assert!(removed["unknown"].contains("does not have all stories"), "{removed:?}");
}

#[test]
fn a_kind_that_only_one_export_has_is_named_and_a_difference() {
    let simulator = start(unlimited(16, 30));
    let scene = Scene::new();
    scene.export(&simulator, ADMIN_TOKEN, "old").complete();
    scene.export(&simulator, ADMIN_TOKEN, "new").set("skip", "attachments").complete();
    let ended = scene.diff(&[]).exits(11);
    assert!(ended.stdout.contains("attachments is not compared ("), "{}", ended.stdout);
    assert!(ended.stdout.contains("NEW was made without attachments"), "{}", ended.stdout);
    scene.diff(&["--skip", "attachments"]).exits(0);
}

/// Rewrites an export's manifest.
fn sign(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[test]
fn columns_of_another_version_are_named_and_no_difference() {
    let simulator = start(unlimited(16, 30));
    let scene = Scene::new();
    scene.export(&simulator, ADMIN_TOKEN, "old").complete();
    scene.export(&simulator, ADMIN_TOKEN, "new").set("format", "jsonl").complete();
    let path = scene.path("new/jsonl/tags.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("}\n", ",\"mood\":\"good\"}\n")).unwrap();
    sign(&scene.path("new"), |manifest| {
        let tables = manifest["tables"].as_array_mut().unwrap();
        let tags = tables.iter_mut().find(|table| table["name"] == "tags").unwrap();
        tags["columns"].as_array_mut().unwrap().push("mood".into());
        manifest["tool"]["version"] = "0.2.0".into();
    });
    let ended = scene.diff(&[]).exits(0);
    assert!(ended.stdout.contains("only NEW has it: mood of tags"), "{}", ended.stdout);
    assert!(ended.stdout.contains("NEW by version 0.2.0"), "{}", ended.stdout);
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_reason() {
    let simulator = start(unlimited(16, 30));
    let scene = Scene::new();
    scene.export(&simulator, ADMIN_TOKEN, "old").complete();
    scene.export(&simulator, ADMIN_TOKEN, "new").complete();
    scene.between("old", "old/../old", &[]).exits(2).says(&["both are the same folder"]).says_once();
    scene.between("old", "nothing", &[]).exits(1).says(&["nothing"]).says_once();
    scene.between("old", "old/csv/tasks.csv", &[]).exits(1).says(&["is not a folder"]).says_once();
    scene.between("old", "old/csv", &[]).exits(1).says(&["no finished export"]).says_once();
    let misspelt = scene.diff(&["--ignore", "modifed_at"]).exits(2);
    misspelt.says(&["there is no column called modifed_at (did you mean modified_at"]).says_once();
    scene.diff(&["--ignore", "gid"]).exits(2).says(&["none of the chosen tables is compared by it"]).says_once();
    scene.diff(&["--only", "taks"]).exits(2).says(&["did you mean tasks"]).says_once();
    scene.diff(&["--format", "xml"]).exits(2);
    scene.diff(&["--out", "old", "--format", "json"]).exits(2).says(&["is a folder"]).says_once();
    scene.diff(&["--out", "no/such/folder", "--format", "json"]).exits(1).says_once();
    // Cut at the end of a line: every row that is left is as it was.
    let path = scene.path("new/csv/tasks.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.split_inclusive('\n').take(2).collect::<String>()).unwrap();
    scene.diff(&[]).exits(1).says(&["tasks.csv", "the manifest says", "verify"]).says_once();
    sign(&scene.path("new"), |manifest| manifest["workspace"]["gid"] = "99".into());
    scene.diff(&["--only", "tags"]).exits(2).says(&["--force", "(99)"]).says_once();
    let forced = scene.diff(&["--only", "tags", "--force"]).exits(0);
    assert!(forced.stdout.contains("different workspaces"), "{}", forced.stdout);
}
