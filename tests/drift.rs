//! A workspace that changes while it is exported: nothing is lost, and what is written is how it was in the end.

use std::collections::BTreeSet;
use std::time::Duration;

use asana_simulator::{Action, Change, Config, NewTask, Pick, RunningSimulator, SERVICE_TOKEN, Size, Truth, truth_of};
use serde_json::Value;

use crate::support::expected::{self, Kinds, Tables, gid};
use crate::support::formats::Table;
use crate::support::{Export, Folder, assert_tables, start, unlimited};

fn living(config: Config, changes: &[String]) -> RunningSimulator {
    let changes = changes.iter().map(|text| text.parse::<Change>().unwrap()).collect();
    start(Config { changes, ..config })
}

/// A complete export, and what was said meanwhile.
struct Settled {
    folder: Folder,
    said: String,
    _directory: tempfile::TempDir,
}

/// Exports while these changes happen; all of it must be there in the end, as the truth has it then.
#[track_caller]
fn settles(config: Config, changes: &[String]) -> Settled {
    let simulator = living(config, changes);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = Export::new(&simulator, SERVICE_TOKEN, &path).set("progress", "plain").run().exits(0);
    assert_eq!(simulator.stats().changes, changes.len() as u64, "all of it happened");
    let folder = Folder::new(&path);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.gaps(), []);
    Settled { folder, said: ended.stderr, _directory: out }
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn len(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

/// In one project and found in no other way but by search.
fn is_only_in_one_project(task: &Value) -> bool {
    len(&task["projects"]) == 1 && is_empty(&task["tags"]) && task["assignee"].is_null() && task["parent"].is_null()
}

/// The first task that is right.
fn first(truth: &Truth, wanted: impl Fn(&Value) -> bool) -> String {
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    gid(tasks.iter().find(|task| wanted(task)).unwrap()).to_owned()
}

/// The first task that is right and whose name nothing else tells: what was read before a task was renamed, and did not
/// change itself, tells the old name.
fn unmentioned(truth: &Truth, wanted: impl Fn(&Value) -> bool) -> String {
    let records = expected::records(truth, SERVICE_TOKEN, Kinds::Default).0;
    first(truth, |task| {
        let is_other = |record: &&Value| gid(record) != gid(task) && gid(&record["target"]) != gid(task);
        let mut others = records.values().flatten().filter(is_other);
        wanted(task) && !others.any(|other| names(other, gid(task)))
    })
}

/// Whether a record holds the name of an object.
fn names(value: &Value, of: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| names(item, of)),
        Value::Object(members) => {
            (value["gid"] == *of && members.contains_key("name")) || members.values().any(|member| names(member, of))
        }
        _ => false,
    }
}

fn cell(table: &Table, gid: &str, column: &str) -> Option<String> {
    let row = table.texts("gid").iter().position(|known| known == gid).unwrap();
    table.column(column)[row].shown()
}

#[test]
fn what_is_edited_after_it_was_read_is_read_again() {
    // The first goal is supported by the first hundred tasks, which it mentions.
    let size = Size { stories_per_task: 1, goals: 0, ..Size::for_tasks(60) };
    let config = Config { size, ..unlimited(1, 0) };
    let truth = truth_of(&config);
    let of = unmentioned(&truth, |task| task["completed"] == false && !is_empty(&task["projects"]));
    let settled = settles(
        config,
        &[
            format!("when=page:1:/tasks/{of}/stories what=edit task={of} name=Renamed notes=Rewritten"),
            format!("when=page:1:/tasks/{of}/stories what=complete task={of}"),
        ],
    );
    let tasks = settled.folder.table("tasks");
    assert_eq!(cell(&tasks, &of, "name").as_deref(), Some("Renamed"));
    assert_eq!(cell(&tasks, &of, "completed").as_deref(), Some("true"));
    let stories = settled.folder.table("stories");
    for subtype in ["name_changed", "notes_changed", "marked_complete"] {
        let rows = stories.texts("target_gid").into_iter().zip(stories.texts("resource_subtype"));
        assert!(rows.into_iter().any(|(target, kind)| target == of && kind == subtype), "{subtype}");
    }
}

#[test]
fn a_file_attached_after_files_were_asked_about_is_found() {
    let config = unlimited(1, 60);
    let truth = truth_of(&config);
    let files: BTreeSet<String> =
        truth.records("attachments", SERVICE_TOKEN).iter().map(|file| gid(&file["parent"]).to_owned()).collect();
    let of = first(&truth, |task| !files.contains(gid(task)) && !is_empty(&task["projects"]));
    let config = Config { search_lag: Duration::from_hours(1), ..config };
    let settled = settles(config, &[format!("when=page:1:/tasks/{of}/stories what=attach task={of}")]);
    assert!(settled.folder.table("attachments").texts("parent_gid").contains(&of));
}

#[test]
fn tasks_made_meanwhile_are_found() {
    let config = unlimited(1, 60);
    let truth = truth_of(&config);
    let project = gid(&truth.records("projects", SERVICE_TOKEN)[0]).to_owned();
    let made = |place: &str| format!("when=page:1:/tasks?project={project}* what=add {place}");
    let config = Config { search_lag: Duration::from_hours(1), ..config };
    let changes = [made(&format!("project={project} files=2")), made("user=0")];
    let settled = settles(config.clone(), &changes);
    let before = expected::tables(&truth_of(&config), SERVICE_TOKEN)["tasks"].rows.len();
    assert_eq!(settled.folder.table("tasks").rows.len(), before + 2);
}

#[test]
fn a_subtask_made_after_subtasks_were_asked_about_is_found() {
    let config = unlimited(1, 60);
    let truth = truth_of(&config);
    for has_others in [true, false] {
        let of = first(&truth, |task| (task["num_subtasks"] != 0) == has_others && !is_empty(&task["projects"]));
        settles(config.clone(), &[format!("when=page:1:/tasks/{of}/stories what=add parent={of}")]);
    }
}

/// A project of more than one page, with its tasks in order, in a world of one seed.
fn long_project(truth: &Truth) -> (String, Vec<String>) {
    let projects = truth.records("projects", SERVICE_TOKEN);
    let listing = |gid: &str| truth.listing(&format!("/projects/{gid}/tasks"), SERVICE_TOKEN).unwrap();
    let listings = projects.iter().map(|project| (gid(project).to_owned(), listing(gid(project))));
    let (project, rows) = listings.max_by_key(|(_, rows)| rows.len()).unwrap();
    assert!(rows.len() > 110, "{}", rows.len());
    (project, rows)
}

const LONG: u32 = 500;

#[test]
fn a_listing_whose_rows_moved_is_read_again() {
    let config = unlimited(1, LONG);
    let (project, rows) = long_project(&truth_of(&config));
    let last = rows.len() - 1;
    let change = format!("when=page:1:/tasks?project={project}* what=move project={project} from=3 to={last}");
    let settled = settles(config, &[change]);
    assert!(settled.said.contains("rows moved while"), "{}", settled.said);
    let memberships = settled.folder.table("task_memberships");
    let of = memberships.texts("task_gid").iter().filter(|task| **task == rows[3]).count();
    assert!(of > 0, "the task that came twice is there");
}

#[test]
fn a_row_that_its_listing_skipped_is_found_otherwise() {
    let config = unlimited(1, LONG);
    let truth = truth_of(&config);
    let (project, rows) = long_project(&truth);
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let alone: BTreeSet<&str> = tasks.iter().filter(|task| is_only_in_one_project(task)).map(gid).collect();
    let from = (100..rows.len()).find(|place| alone.contains(rows[*place].as_str())).unwrap();
    let change = format!("when=page:1:/tasks?project={project}* what=move project={project} from={from} to=5");
    let settled = settles(config, &[change]);
    assert!(!settled.said.contains("rows moved while"), "it came once or never, so nothing told: {}", settled.said);
    assert!(settled.folder.table("tasks").texts("gid").contains(&rows[from]));
}

#[test]
fn a_task_that_went_to_another_project_is_where_it_went() {
    let config = unlimited(1, 60);
    let truth = truth_of(&config);
    let projects = truth.records("projects", SERVICE_TOKEN);
    let of = first(&truth, |task| len(&task["projects"]) == 1);
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let task = tasks.iter().find(|task| gid(task) == of).unwrap();
    let target = projects.iter().map(gid).find(|project| *project != gid(&task["projects"][0])).unwrap();
    let change = format!("when=page:1:/tasks/{of}/stories what=move-to task={of} project={target}");
    let settled = settles(config, &[change]);
    let memberships = settled.folder.table("task_memberships");
    let rows = memberships.texts("task_gid").into_iter().zip(memberships.texts("project_gid"));
    let found: Vec<String> = rows.filter(|(task, _)| *task == of).map(|(_, project)| project).collect();
    assert_eq!(found, [target]);
}

/// Puts rows of one object, and of what comes with it, back into tables that were made after it was deleted: `of` the
/// kind that is `singular`.
fn with_rows_of(tables: &mut Tables, before: &Tables, singular: &str, of: &str) {
    let (own, owner) = (format!("{singular}s"), format!("{singular}_gid"));
    let mut sources = vec![(own.as_str(), "gid")];
    let children = before.iter().filter(|(_, table)| table.columns[0] == owner);
    sources.extend(children.map(|(name, _)| (name.as_str(), owner.as_str())));
    if singular == "project" {
        sources.push(("custom_field_settings", "parent_gid"));
    }
    for (name, column) in sources {
        let (table, old) = (tables.get_mut(name).unwrap(), &before[name]);
        let rows = old.rows.iter().zip(old.column(column));
        let rows = rows.filter(|(_, owner)| owner.shown().as_deref() == Some(of)).map(|(row, _)| row.clone());
        table.rows.extend(rows);
        let position = table.columns.iter().position(|column| column == "position");
        let keys = position.filter(|_| table.columns[0] != "gid").map_or(1, |place| place + 1);
        table.rows.sort_by_cached_key(|row| expected::key(row, keys));
    }
}

/// Listed once for the whole workspace with the projects that they are about, so that it is chance whether they are read
/// before or after a project vanishes.
const MENTION_PROJECTS: [&str; 2] = ["allocations", "time_tracking_entries"];

/// Of what is asked of each project, all but its status updates, as it has none.
const LISTED_BY_PROJECT: [&str; 8] =
    ["attachments", "budgets", "custom_types", "memberships", "rates", "sections", "task_templates", "tasks"];

#[test]
fn a_project_that_vanished_is_named_and_all_else_is_there() {
    let config = unlimited(1, 120);
    let truth = truth_of(&config);
    let before = expected::tables(&truth, SERVICE_TOKEN);
    let listing = |project: &Value| truth.listing(&format!("/projects/{}/tasks", gid(project)), SERVICE_TOKEN).unwrap();
    let projects = truth.records("projects", SERVICE_TOKEN);
    let of = gid(projects.iter().find(|project| (4..30).contains(&listing(project).len())).unwrap());
    let simulator = living(config, &[format!("when=page:1:/projects what=delete-project project={of}")]);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
    let folder = export.set("skip", &MENTION_PROJECTS.join(",")).ends_with(3);
    let mut tables = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    tables.retain(|name, _| !["allocation", "time_tracking_entr"].iter().any(|skipped| name.starts_with(skipped)));
    assert!(tables["tasks"].rows.len() < before["tasks"].rows.len(), "some of its tasks went with it");
    with_rows_of(&mut tables, &before, "project", of);
    assert_tables(&folder, &tables);
    let gaps = folder.gaps();
    let named: Vec<_> = gaps.iter().filter(|gap| gap.parent.as_deref() == Some(of)).collect();
    let resources: BTreeSet<&str> = named.iter().map(|gap| gap.resource.as_str()).collect();
    assert_eq!(resources, BTreeSet::from(LISTED_BY_PROJECT));
    assert!(named.iter().all(|gap| gap.http_status.as_deref() == Some("404")), "{gaps:?}");
    // Besides these, the lines of the resources themselves, and of stories, which follow from tasks.
    let whole = gaps.iter().filter(|gap| gap.parent.as_deref() == Some("")).map(|gap| gap.resource.as_str());
    let whole: BTreeSet<&str> = whole.collect();
    assert_eq!(whole, &resources | &BTreeSet::from(["stories"]));
    assert_eq!(gaps.len(), named.len() + whole.len(), "{gaps:?}");
}

#[test]
fn a_task_deleted_after_it_was_listed_stays_and_what_is_lacking_is_named() {
    // Without goals, which mention the tasks that support them.
    let config = Config { size: Size { goals: 0, ..Size::for_tasks(120) }, ..unlimited(1, 0) };
    let truth = truth_of(&config);
    let before = expected::tables(&truth, SERVICE_TOKEN);
    let files = truth.records("attachments", SERVICE_TOKEN);
    let of = unmentioned(&truth, |task| {
        let lists = ["dependencies", "dependents"].iter().all(|edges| is_empty(&task[*edges]));
        let bare = lists && task["num_subtasks"] == 0 && !files.iter().any(|file| gid(&file["parent"]) == gid(task));
        bare && is_only_in_one_project(task)
    });
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let task = tasks.iter().find(|task| gid(task) == of).unwrap();
    let project = gid(&task["projects"][0]);
    let simulator = living(config, &[format!("when=page:1:/tasks?project={project}* what=delete-task task={of}")]);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).ends_with(3);
    let mut tables = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    with_rows_of(&mut tables, &before, "task", &of);
    assert_tables(&folder, &tables);
    let gaps = folder.gaps();
    let named: Vec<_> = gaps.iter().filter(|gap| gap.parent.as_deref() == Some(&of)).collect();
    assert_eq!((gaps.len(), named.len(), named[0].resource.as_str()), (2, 1, "stories"), "{gaps:?}");
    assert_eq!(named[0].http_status.as_deref(), Some("404"));
}

#[test]
fn an_import_of_one_instant_is_found_whole() {
    let size = Size { burst: 250, ..Size::for_tasks(60) };
    let config = Config { size, ..unlimited(1, 0) };
    let truth = truth_of(&config);
    let only_by_search = truth.count("tasks", SERVICE_TOKEN) - truth.reachable_task_gids(SERVICE_TOKEN).len();
    assert!(only_by_search > 40, "{only_by_search}");
    let settled = settles(config, &[]);
    assert_eq!(settled.folder.table("tasks").rows.len(), 310);
}

#[test]
fn what_the_index_does_not_know_yet_keeps_its_files() {
    // The changes are made before the run: the index does not learn of them while it lasts.
    let config = Config { search_lag: Duration::from_hours(1), ..unlimited(1, 60) };
    let truth = truth_of(&config);
    let project = Pick::Gid(gid(&truth.records("projects", SERVICE_TOKEN)[0]).to_owned());
    let files = truth.records("attachments", SERVICE_TOKEN);
    let bare = first(&truth, |task| {
        !is_empty(&task["projects"]) && !files.iter().any(|file| gid(&file["parent"]) == gid(task))
    });
    let simulator = start(config);
    assert!(simulator.change(&Action::Add(NewTask { project: Some(project), files: 2, ..NewTask::default() })));
    assert!(simulator.change(&Action::Attach { task: Pick::Gid(bare) }));
    assert_whole(&simulator, files.len() + 3);
}

#[test]
fn what_the_index_never_knows_keeps_its_files() {
    // Every other task. Those that search alone would find cannot be found then, so they are deleted before.
    let config = Config { unindexed: 500, ..unlimited(1, 60) };
    let simulator = start(config);
    let truth = simulator.truth();
    let reachable = truth.reachable_task_gids(SERVICE_TOKEN);
    for task in truth.records("tasks", SERVICE_TOKEN).iter().map(gid).filter(|task| !reachable.contains(*task)) {
        assert!(simulator.change(&Action::DeleteTask { task: Pick::Gid(task.to_owned()) }));
    }
    let search = format!("/workspaces/{}/tasks/search?has_attachment=true", truth.workspace_gid());
    let with_files: BTreeSet<String> =
        truth.records("attachments", SERVICE_TOKEN).iter().map(|file| gid(&file["parent"]).to_owned()).collect();
    assert!(truth.listing(&search, SERVICE_TOKEN).unwrap().len() < with_files.len());
    assert_whole(&simulator, truth.count("attachments", SERVICE_TOKEN));
}

#[track_caller]
fn assert_whole(simulator: &RunningSimulator, files: usize) {
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    assert_eq!(folder.table("attachments").rows.len(), files);
}

#[test]
fn a_subtask_that_no_listing_calls_changed_is_read_again_by_search() {
    let config = unlimited(1, 150);
    let of = first(&truth_of(&config), |task| {
        !task["parent"].is_null() && is_empty(&task["projects"]) && task["assignee"].is_null()
    });
    let settled = settles(config, &[format!("when=page:1:/tasks/{of}/stories what=edit task={of} notes=Rewritten")]);
    assert_eq!(cell(&settled.folder.table("tasks"), &of, "notes").as_deref(), Some("Rewritten"));
}
