//! Task search: its filters, its ties, and what its index does not know.

use std::collections::BTreeSet;
use std::time::Duration;

use asana_simulator::{
    Action, Config, NewTask, Pick, RunningSimulator, SERVICE_TOKEN, Size, Truth, start_in_background,
};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

fn start(config: Config) -> RunningSimulator {
    let mut config = config;
    config.limits.search_per_minute = u32::MAX;
    start_in_background(config).unwrap()
}

/// One answer: at most a hundred gids.
fn search(client: &mut Client, truth: &Truth, query: &str) -> Vec<String> {
    let path = format!("/workspaces/{}/tasks/search?limit=100&{query}", truth.workspace_gid());
    gids(client.data(&path).as_array().unwrap())
}

fn burst() -> RunningSimulator {
    start(Config { size: Size { burst: 250, ..Size::for_tasks(300) }, ..config(0) })
}

/// The tasks of the import, and a filter for their instant.
fn import(truth: &Truth) -> (Vec<Value>, &'static str) {
    let mut tasks = truth.records("tasks", SERVICE_TOKEN);
    assert_eq!(tasks.len(), 550);
    let tasks = tasks.split_off(300);
    assert!(tasks.iter().all(|task| task["created_at"] == "2026-05-02T09:00:00.123Z"));
    (tasks, "created_at.after=2026-05-02T09:00:00.122Z&created_at.before=2026-05-02T09:00:00.124Z")
}

#[test]
fn equals_come_in_another_order_each_time() {
    let simulator = burst();
    let truth = simulator.truth();
    let (_, instant) = import(&truth);
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let query = format!("{instant}&sort_by=created_at&sort_ascending=true");
    let answers: Vec<BTreeSet<String>> =
        (0..3).map(|_| search(&mut client, &truth, &query).into_iter().collect()).collect();
    assert!(answers.iter().all(|answer| answer.len() == 100));
    assert!(answers[0] != answers[1] && answers[1] != answers[2], "what is left out differs");
    // The same requests to the same workspace are answered alike.
    let again = burst();
    let mut other = Client::new(&again, SERVICE_TOKEN);
    assert_eq!(search(&mut other, &truth, &query).into_iter().collect::<BTreeSet<_>>(), answers[0]);
}

#[test]
fn an_import_is_spread_over_the_workspace() {
    let (tasks, _) = import(&burst().truth());
    let some = |what: &str, most: usize, holds: &dyn Fn(&Value) -> bool| {
        let found = tasks.iter().filter(|task| holds(task)).count();
        assert!((10..most).contains(&found), "{what}: {found}");
    };
    let is_empty = |value: &Value| value.as_array().unwrap().is_empty();
    let nowhere = |task: &Value| {
        ["projects", "tags"].iter().all(|list| is_empty(&task[*list]))
            && ["assignee", "parent"].iter().all(|one| task[*one].is_null())
    };
    some("completed", 150, &|task| task["completed"] == true);
    some("subtasks", 60, &|task| !task["parent"].is_null());
    some("in projects", 150, &|task| !is_empty(&task["projects"]));
    some("assigned", 150, &|task| !task["assignee"].is_null());
    some("nowhere", 100, &nowhere);
    some("untouched", 200, &|task| task["modified_at"] == task["created_at"]);
    let projects: BTreeSet<&str> = tasks.iter().filter_map(|task| task["projects"][0]["gid"].as_str()).collect();
    assert!(projects.len() > 4);
}

/// Each filter against the records, among the tasks of the import and all others.
#[test]
fn filters_find_what_they_say() {
    let simulator = start(Config { size: Size { burst: 90, ..Size::for_tasks(300) }, ..config(0) });
    let truth = simulator.truth();
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let open: BTreeSet<&str> =
        tasks.iter().filter(|task| task["completed"] == false).map(|task| task["gid"].as_str().unwrap()).collect();
    let with_files: BTreeSet<String> = truth
        .records("attachments", SERVICE_TOKEN)
        .iter()
        .map(|file| file["parent"]["gid"].as_str().unwrap().to_owned())
        .collect();
    let in_list =
        |task: &Value, list: &str, gid: &str| task[list].as_array().unwrap().iter().any(|one| one["gid"] == gid);
    let of = |path: &str| tasks.iter().find_map(|task| task.pointer(path)?.as_str()).unwrap().to_owned();
    let (project, section, tag) = (of("/projects/0/gid"), of("/memberships/0/section/gid"), of("/tags/0/gid"));
    let (person, follower, liker) = (of("/assignee/gid"), of("/followers/0/gid"), of("/likes/0/user/gid"));
    let (maker, due) = (of("/created_by/gid"), of("/due_on"));
    let several = tasks.iter().find(|task| task["projects"].as_array().unwrap().len() > 1).unwrap();
    let both: Vec<&str> =
        several["projects"].as_array().unwrap().iter().map(|one| one["gid"].as_str().unwrap()).collect();
    let mut check = |query: String, holds: &dyn Fn(&Value) -> bool| {
        // An answer holds a hundred, so each question is asked in sixteen parts.
        let mut found = BTreeSet::new();
        for half in ["created_at.before=2025-06-01", "created_at.after=2025-05-31T23:59:59.999Z"] {
            for subtask in [true, false] {
                for instant in ["modified_at.before=2026-01-01", "modified_at.after=2025-12-31T23:59:59.999Z"] {
                    for completed in [true, false] {
                        let split = format!("{query}&{half}&is_subtask={subtask}&{instant}&completed={completed}");
                        let answer = search(&mut client, &truth, &split);
                        assert!(answer.len() < 100, "too coarse: {split}");
                        found.extend(answer);
                    }
                }
            }
        }
        let expected: BTreeSet<String> =
            tasks.iter().filter(|task| holds(task)).map(|task| task["gid"].as_str().unwrap().to_owned()).collect();
        assert!(!expected.is_empty() && expected.len() < tasks.len(), "{query}: {}", expected.len());
        assert_eq!(found, expected, "{query}");
    };
    check(format!("projects.any={project}"), &|task| in_list(task, "projects", &project));
    check(format!("projects.not={project}"), &|task| !in_list(task, "projects", &project));
    check(format!("projects.all={}", both.join(",")), &|task| {
        both.iter().all(|project| in_list(task, "projects", project))
    });
    check(format!("sections.any={section}"), &|task| task["memberships"].to_string().contains(&section));
    check(format!("tags.any={tag}"), &|task| in_list(task, "tags", &tag));
    check(format!("tags.not={tag}"), &|task| !in_list(task, "tags", &tag));
    check(format!("assignee.any={person},x"), &|task| task["assignee"]["gid"] == person);
    check(format!("assignee.not={person}"), &|task| task["assignee"]["gid"] != person);
    check(format!("created_by.any={maker}"), &|task| task["created_by"]["gid"] == maker);
    check(format!("assigned_by.any={person}"), &|task| task["assigned_by"]["gid"] == person);
    check(format!("followers.any={follower}"), &|task| in_list(task, "followers", &follower));
    check(format!("liked_by.not={liker}"), &|task| !task["likes"].to_string().contains(&liker));
    check("has_attachment=true".into(), &|task| with_files.contains(task["gid"].as_str().unwrap()));
    check("is_blocked=true".into(), &|task| {
        let before = task["dependencies"].as_array().unwrap();
        before.iter().any(|other| open.contains(other["gid"].as_str().unwrap()))
    });
    check("is_blocking=true".into(), &|task| {
        task["completed"] == false && !task["dependents"].as_array().unwrap().is_empty()
    });
    check("resource_subtype=milestone".into(), &|task| task["resource_subtype"] == "milestone");
    check(format!("due_on={due}"), &|task| task["due_on"] == due);
    check("due_on.before=2025-10-01".into(), &|task| task["due_on"].as_str().is_some_and(|day| day < "2025-10-01"));
    check("start_on.after=2025-10-01".into(), &|task| task["start_on"].as_str().is_some_and(|day| day > "2025-10-01"));
    check("text=BUDGET".into(), &|task| {
        ["name", "notes"].iter().any(|text| task[*text].as_str().unwrap().to_lowercase().contains("budget"))
    });
}

#[test]
fn the_index_lags_behind_changes() {
    // An hour of simulated time: not yet over, and over before the next request.
    for (time_scale, knows) in [(1.0, false), (1e9, true)] {
        let lag = Duration::from_hours(1);
        let simulator = start(Config { search_lag: lag, time_scale, ..config(200) });
        let truth = simulator.truth();
        let mut client = Client::new(&simulator, SERVICE_TOKEN);
        let files = |gid: &str| truth.listing(&format!("/attachments?parent={gid}"), SERVICE_TOKEN).unwrap().len();
        let tasks = truth.records("tasks", SERVICE_TOKEN);
        let is_bare = |task: &&Value| task["completed"] == false && files(task["gid"].as_str().unwrap()) == 0;
        let old = tasks.iter().find(is_bare).unwrap();
        let (gid, modified_at) = (old["gid"].as_str().unwrap(), old["modified_at"].as_str().unwrap());
        let task = Pick::Gid(gid.to_owned());
        for action in
            [Action::Complete { task: task.clone() }, Action::Attach { task }, Action::Add(NewTask::default())]
        {
            assert!(simulator.change(&action));
        }
        let new = gids(&truth.records("tasks", SERVICE_TOKEN)).pop().unwrap();
        let mut finds = |query: &str, gid: &str| search(&mut client, &truth, query).iter().any(|found| found == gid);
        assert_eq!(finds("created_at.after=2026-06-02", &new), knows);
        assert_eq!(finds("modified_at.after=2026-06-02", gid), knows);
        assert_eq!(finds("modified_at.after=2026-06-02&completed=true&has_attachment=true", gid), knows);
        // As it was: open, without files, changed when it was.
        let (day, _) = modified_at.split_once('T').unwrap();
        let that_day = format!("modified_on={day}&completed=false&has_attachment=false");
        assert_eq!(finds(&that_day, gid), !knows);
        // What is deleted is in no answer at once.
        assert!(simulator.change(&Action::DeleteTask { task: Pick::Gid(gid.to_owned()) }));
        let mut client = Client::new(&simulator, SERVICE_TOKEN);
        assert!(!search(&mut client, &truth, &format!("modified_on={day}")).contains(&gid.to_owned()));
        // Every other way knows at once.
        assert_eq!(client.get(&format!("/tasks/{new}")).status, 200);
    }
}

#[test]
fn some_tasks_are_never_indexed() {
    let simulator = start(Config { unindexed: 200, ..config(90) });
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let found: BTreeSet<String> = search(&mut client, &truth, "").into_iter().collect();
    let all: BTreeSet<String> = gids(&truth.records("tasks", SERVICE_TOKEN)).into_iter().collect();
    assert!(found.is_subset(&all) && (8..30).contains(&(all.len() - found.len())), "{}", found.len());
    assert_eq!(search(&mut client, &truth, "").into_iter().collect::<BTreeSet<_>>(), found, "the same each time");
    let unknown = all.difference(&found).next().unwrap();
    assert_eq!(client.get(&format!("/tasks/{unknown}")).status, 200);
}
