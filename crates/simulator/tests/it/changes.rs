//! A workspace that changes while it is read.

use std::collections::BTreeSet;

use asana_simulator::{
    ADMIN_TOKEN, Action, Config, GUEST_TOKEN, MEMBER_TOKEN, NewTask, Pick, RunningSimulator, SERVICE_TOKEN, Truth,
    start_in_background,
};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

/// Later than everything that is generated.
const SINCE: &str = "2026-06-02T00:00:00.000Z";

fn living(tasks: u32, changes: &[&str]) -> RunningSimulator {
    let changes = changes.iter().map(|text| text.parse().unwrap()).collect();
    start_in_background(Config { changes, ..config(tasks) }).unwrap()
}

fn gid(text: &str) -> Pick {
    Pick::Gid(text.to_owned())
}

fn record(truth: &Truth, resource: &str, gid: &str) -> Value {
    truth.records(resource, SERVICE_TOKEN).into_iter().find(|record| record["gid"] == gid).unwrap()
}

/// The first task that a test can use.
fn task(truth: &Truth, wanted: impl Fn(&Value) -> bool) -> String {
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    tasks.iter().find(|task| wanted(task)).unwrap()["gid"].as_str().unwrap().to_owned()
}

fn count(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

fn listing(truth: &Truth, path: &str) -> Vec<String> {
    truth.listing(path, SERVICE_TOKEN).unwrap()
}

/// A project with so many tasks, as its gid and its tasks in order.
fn project(truth: &Truth, tasks: std::ops::Range<usize>) -> (String, Vec<String>) {
    let projects = gids(&truth.records("projects", SERVICE_TOKEN)).into_iter();
    let mut projects = projects.map(|gid| (listing(truth, &format!("/projects/{gid}/tasks")), gid));
    let (rows, gid) = projects.find(|(rows, _)| tasks.contains(&rows.len())).unwrap();
    (gid, rows)
}

#[test]
fn an_edited_task_is_new_everywhere_and_tells_its_story() {
    let simulator = living(300, &[]);
    let truth = simulator.truth();
    let of = task(&truth, |task| count(&task["projects"]) == 1 && task["completed"] == false);
    let (before, stories) = (record(&truth, "tasks", &of), listing(&truth, &format!("/tasks/{of}/stories")));
    let edit = Action::Edit { task: gid(&of), name: Some("Renamed".into()), notes: Some("a < b".into()) };
    assert!(simulator.change(&edit) && simulator.change(&Action::Complete { task: gid(&of) }));
    assert!(!simulator.change(&Action::Complete { task: gid(&of) }), "it is complete already");

    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let after = client.data(&format!("/tasks/{of}?opt_fields=name,html_notes,completed,completed_at,modified_at"));
    assert_eq!((&after["name"], &after["html_notes"]), (&"Renamed".into(), &"<body>a &lt; b</body>".into()));
    assert_eq!((&after["completed"], &after["completed_at"]), (&true.into(), &after["modified_at"]));
    assert!(after["modified_at"].as_str().unwrap() > SINCE, "by the real clock: {after}");
    // What was there stays as it was; three stories more.
    let path = format!("/tasks/{of}/stories?opt_fields=created_at,resource_subtype,old_name,new_name");
    let (now, _) = client.walk(&path, 100);
    assert_eq!(gids(&now)[..stories.len()], stories);
    assert!(now[..stories.len()].iter().all(|story| story["created_at"].as_str().unwrap() < SINCE));
    let kinds: Vec<&Value> = now[stories.len()..].iter().map(|story| &story["resource_subtype"]).collect();
    assert_eq!(kinds, ["name_changed", "notes_changed", "marked_complete"]);
    assert_eq!((&now[stories.len()]["old_name"], &now[stories.len()]["new_name"]), (&before["name"], &after["name"]));
    assert_eq!(client.data(&format!("/stories/{}", gids(&now).last().unwrap()))["resource_subtype"], "marked_complete");

    let project = before["projects"][0]["gid"].as_str().unwrap();
    assert_eq!(gids(&client.walk(&format!("/tasks?project={project}&modified_since={SINCE}"), 100).0), [of.as_str()]);
    let open = client.walk(&format!("/tasks?project={project}&completed_since=now"), 100).0;
    assert!(!open.is_empty() && !gids(&open).contains(&of));
    assert_eq!(truth.count("stories", SERVICE_TOKEN), truth.records("stories", SERVICE_TOKEN).len());
}

#[test]
fn a_file_is_attached() {
    let simulator = living(100, &[]);
    let truth = simulator.truth();
    let of = task(&truth, |task| {
        listing(&truth, &format!("/attachments?parent={}", task["gid"].as_str().unwrap())).is_empty()
    });
    assert!(simulator.change(&Action::Attach { task: gid(&of) }));
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let files = client.data(&format!("/attachments?parent={of}&opt_fields=created_at"));
    assert_eq!(count(&files), 1);
    assert_eq!(files[0]["created_at"], client.data(&format!("/tasks/{of}"))["modified_at"]);
    assert_eq!(client.get(&format!("/attachments/{}", files[0]["gid"].as_str().unwrap())).status, 200);
}

#[test]
fn new_tasks_stand_where_they_were_put() {
    let simulator = living(600, &[]);
    let truth = simulator.truth();
    let (into, rows) = project(&truth, 5..50);
    let stories = truth.records("stories", SERVICE_TOKEN);
    let add = |place| Action::Add(NewTask { project: Some(gid(&into)), place, files: 2, ..NewTask::default() });
    assert!(simulator.change(&add(Some(2))) && simulator.change(&add(None)));
    let now = listing(&truth, &format!("/projects/{into}/tasks"));
    let (second, last) = (&now[2], now.last().unwrap());
    assert_eq!(now.len(), rows.len() + 2);
    assert!(!rows.contains(second) && !rows.contains(last));
    // In the section of the task that stood there, before it.
    let section =
        |gid: &str| record(&truth, "tasks", gid)["memberships"][0]["section"]["gid"].as_str().unwrap().to_owned();
    let in_section = listing(&truth, &format!("/sections/{}/tasks", section(second)));
    let place = in_section.iter().position(|gid| gid == second).unwrap();
    assert_eq!(in_section[place + 1], rows[2]);
    assert_eq!(section(last), section(rows.last().unwrap()));
    assert_eq!(listing(&truth, &format!("/attachments?parent={second}")).len(), 2);
    // Nothing else changed: all other stories are as they were.
    let mut all = truth.records("stories", SERVICE_TOKEN);
    all.retain(|story| story["target"]["gid"] != **second && story["target"]["gid"] != **last);
    assert_eq!(all, stories);

    // One that only search finds, one of somebody, and a subtask.
    let before = truth.reachable_task_gids(SERVICE_TOKEN).len();
    assert!(simulator.change(&Action::Add(NewTask::default())));
    assert_eq!(truth.reachable_task_gids(SERVICE_TOKEN).len(), before);
    assert!(simulator.change(&Action::Add(NewTask { assignee: Some(Pick::Number(0)), ..NewTask::default() })));
    assert_eq!(truth.reachable_task_gids(SERVICE_TOKEN).len(), before + 1);
    let parent = record(&truth, "tasks", &rows[0]);
    assert!(simulator.change(&Action::Add(NewTask { parent: Some(gid(&rows[0])), ..NewTask::default() })));
    let after = record(&truth, "tasks", &rows[0]);
    assert_eq!(after["num_subtasks"].as_u64(), parent["num_subtasks"].as_u64().map(|count| count + 1));
    assert_eq!(after["modified_at"], parent["modified_at"]);
    let changed = listing(&truth, &format!("/tasks?project={into}&modified_since={SINCE}"));
    assert_eq!(changed, [&rows[0], second, last].map(Clone::clone), "a new subtask is an association");
}

#[test]
fn a_deleted_task_is_gone_with_its_subtasks() {
    let simulator = living(500, &[]);
    let truth = simulator.truth();
    let parent = task(&truth, |task| {
        task["num_subtasks"] != 0 && count(&task["projects"]) > 0 && count(&task["dependents"]) > 0
    });
    let whole = record(&truth, "tasks", &parent);
    let children = listing(&truth, &format!("/tasks/{parent}/subtasks"));
    assert!(simulator.change(&Action::DeleteTask { task: gid(&parent) }));
    assert!(!simulator.change(&Action::DeleteTask { task: gid(&parent) }));
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    for gone in children.iter().chain([&parent]) {
        let reply = client.get(&format!("/tasks/{gone}"));
        assert_eq!((reply.status, reply.message()), (404, format!("task: Unknown object: {gone}")));
        assert_eq!(client.get(&format!("/tasks/{gone}/stories?limit=1")).status, 404);
        assert_eq!(client.get(&format!("/attachments?parent={gone}")).status, 404);
    }
    let project = whole["projects"][0]["gid"].as_str().unwrap();
    assert!(!gids(&client.walk(&format!("/projects/{project}/tasks"), 100).0).contains(&parent));
    let dependent = whole["dependents"][0]["gid"].as_str().unwrap();
    if !children.iter().any(|child| child == dependent) {
        let dependencies = record(&truth, "tasks", dependent)["dependencies"].to_string();
        assert!(!dependencies.contains(&parent));
    }
    let reachable = truth.reachable_task_gids(SERVICE_TOKEN);
    assert!(!reachable.contains(&parent) && children.iter().all(|child| !reachable.contains(child)));
}

#[test]
fn a_deleted_project_leaves_what_can_be_found_otherwise() {
    let simulator = living(600, &[]);
    let truth = simulator.truth();
    let (gone, rows) = project(&truth, 12..60);
    let section = listing(&truth, &format!("/projects/{gone}/sections")).remove(0);
    let mut tasks = truth.records("tasks", SERVICE_TOKEN);
    tasks.retain(|task| rows.iter().any(|row| task["gid"] == **row));
    assert_eq!(tasks.len(), rows.len());
    assert!(simulator.change(&Action::DeleteProject { project: gid(&gone) }));
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let paths =
        ["/projects/{}", "/projects/{}/tasks", "/projects/{}/sections", "/tasks?project={}", "/memberships?parent={}"];
    for path in paths.iter().map(|path| path.replace("{}", &gone)).chain([format!("/sections/{section}/tasks")]) {
        assert_eq!(client.get(&path).status, 404, "{path}");
    }
    assert!(!gids(&client.walk("/projects", 100).0).contains(&gone));
    let left: BTreeSet<String> = gids(&truth.records("tasks", SERVICE_TOKEN)).into_iter().collect();
    let mut kept = 0;
    for task in tasks {
        let otherwise = count(&task["projects"]) > 1
            || count(&task["tags"]) > 0
            || !task["assignee"].is_null()
            || !task["parent"].is_null();
        assert_eq!(left.contains(task["gid"].as_str().unwrap()), otherwise, "{task}");
        kept += usize::from(otherwise);
    }
    assert!(kept > 0 && kept < rows.len());
    for resource in ["tasks", "memberships", "sections", "custom_field_settings"] {
        let told =
            truth.records(resource, SERVICE_TOKEN).iter().filter(|record| record.to_string().contains(&gone)).count();
        assert_eq!(told, 0, "{resource}");
    }
}

#[test]
fn a_move_is_no_modification_but_counts_as_a_change() {
    let simulator = living(600, &[]);
    let truth = simulator.truth();
    let (project, rows) = project(&truth, 12..60);
    let times = |truth: &Truth| record(truth, "tasks", &rows[1])["modified_at"].clone();
    let modified_at = times(&truth);
    let stories = truth.records("stories", SERVICE_TOKEN);
    let to = u32::try_from(rows.len()).unwrap() - 1;
    assert!(simulator.change(&Action::Move { project: gid(&project), from: 1, to }));
    let mut expected = rows.clone();
    let moved = expected.remove(1);
    expected.push(moved.clone());
    let path = format!("/projects/{project}/tasks");
    assert_eq!(listing(&truth, &path), expected);
    let section = |truth: &Truth, gid: &str| {
        let memberships = record(truth, "tasks", gid)["memberships"].clone();
        let here = memberships.as_array().unwrap().iter().find(|one| one["project"]["gid"] == project).cloned();
        here.unwrap()["section"]["gid"].clone()
    };
    assert_eq!(section(&truth, &moved), section(&truth, &rows[rows.len() - 1]));
    assert!(simulator.change(&Action::Move { project: gid(&project), from: to, to: 1 }));
    assert_eq!(listing(&truth, &path), rows, "and back");

    let other = gids(&truth.records("projects", SERVICE_TOKEN)).into_iter().find(|gid| *gid != project).unwrap();
    let alone = task(&truth, |task| {
        count(&task["projects"]) == 1 && rows.iter().any(|row| *row != rows[1] && task["gid"] == **row)
    });
    let since = format!("modified_since={SINCE}");
    assert!(simulator.change(&Action::MoveTo { task: gid(&alone), project: gid(&other) }));
    assert!(!simulator.change(&Action::MoveTo { task: gid(&alone), project: gid(&other) }), "it is there");
    assert_eq!(listing(&truth, &format!("/tasks?project={other}&{since}")), [alone.as_str()]);
    assert!(!listing(&truth, &path).contains(&alone));
    let task = record(&truth, "tasks", &alone);
    assert_eq!((count(&task["memberships"]), &task["projects"][0]["gid"]), (1, &Value::from(other)));
    assert!(task["modified_at"].as_str().unwrap() < SINCE);
    assert_eq!(times(&truth), modified_at);
    assert_eq!(truth.records("stories", SERVICE_TOKEN), stories, "what happened before is as it was");
}

#[test]
fn a_removed_user_keeps_their_tasks() {
    let simulator = living(400, &[]);
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let mut service = Client::new(&simulator, SERVICE_TOKEN);
    let guest = Client::new(&simulator, GUEST_TOKEN).data("/users/me")["gid"].as_str().unwrap().to_owned();
    let member = Client::new(&simulator, MEMBER_TOKEN).data("/users/me")["gid"].as_str().unwrap().to_owned();
    let assigned = listing(&truth, &format!("/tasks?assignee={member}&workspace={workspace}"));
    assert!(!assigned.is_empty());
    for user in [&member, &guest] {
        assert!(simulator.change(&Action::RemoveUser { user: gid(user) }));
        assert!(!simulator.change(&Action::RemoveUser { user: gid(user) }));
        assert!(!gids(&service.walk(&format!("/users?workspace={workspace}"), 100).0).contains(user));
        let rows =
            service.data(&format!("/workspaces/{workspace}/workspace_memberships?user={user}&opt_fields=is_active"));
        assert_eq!(rows[0]["is_active"], false);
        for resource in ["memberships", "team_memberships"] {
            assert!(
                !truth
                    .records(resource, SERVICE_TOKEN)
                    .iter()
                    .any(|row| row["user"]["gid"] == *user || row["member"]["gid"] == *user),
                "{resource}"
            );
        }
    }
    assert_eq!(listing(&truth, &format!("/tasks?assignee={member}&workspace={workspace}")), assigned);
    // Their tokens see no workspace any more, and nobody takes their place.
    for (token, user) in [(MEMBER_TOKEN, member), (GUEST_TOKEN, guest)] {
        let mut client = Client::new(&simulator, token);
        assert_eq!(client.data("/users/me")["gid"], user);
        assert_eq!(count(&client.data("/workspaces")), 0);
        assert_eq!(client.get(&format!("/projects?workspace={workspace}")).status, 403);
        assert_eq!(truth.count("tasks", token), 0);
    }
}

#[test]
fn who_sees_a_task_follows_its_moves() {
    let simulator = living(600, &[]);
    let truth = simulator.truth();
    let visible =
        |resource: &str| -> BTreeSet<String> { gids(&truth.records(resource, ADMIN_TOKEN)).into_iter().collect() };
    let mine = visible("projects");
    let hidden = gids(&truth.records("projects", SERVICE_TOKEN)).into_iter().find(|gid| !mine.contains(gid)).unwrap();
    let before = visible("tasks");
    let all = mine.iter().map(|gid| truth.listing(&format!("/projects/{gid}/tasks"), ADMIN_TOKEN).unwrap());
    for moved in all.max_by_key(Vec::len).unwrap() {
        // Some are there already.
        simulator.change(&Action::MoveTo { task: gid(&moved), project: gid(&hidden) });
    }
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    let lost: Vec<String> = before.difference(&visible("tasks")).cloned().collect();
    assert!(!lost.is_empty());
    for task in lost {
        assert_eq!(admin.get(&format!("/tasks/{task}")).status, 404);
        assert_eq!(Client::new(&simulator, SERVICE_TOKEN).get(&format!("/tasks/{task}")).status, 200);
    }
}

#[test]
fn changes_happen_when_they_say_and_are_counted() {
    let count_of = |client: &mut Client, gid: &str| count(&client.data(&format!("/tasks/{gid}/stories")));
    let quiet = living(100, &[]).truth();
    let of = task(&quiet, |task| task["completed"] == false);
    let rename = format!("when=requests:3 what=edit task={of} name=Renamed");
    let note = format!("when=page:2:/tags what=edit task={of} notes=x");
    let simulator = living(100, &[&rename, &note, "when=requests:1 what=complete task=12999"]);
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let first = count_of(&mut client, &of);
    assert_eq!(client.get("/nothing").status, 404);
    assert_eq!(count_of(&mut client, &of), first, "the third answer is still the old one");
    assert_eq!(count_of(&mut client, &of), first + 1);
    let page = client.get("/tags?limit=2").json();
    assert_eq!(client.get("/users?limit=2").status, 200);
    assert_eq!(count_of(&mut client, &of), first + 1);
    assert_eq!(client.get(page["next_page"]["path"].as_str().unwrap()).status, 200);
    assert_eq!(count_of(&mut client, &of), first + 2);
    assert_eq!(simulator.stats().changes, 2, "what names nothing is not counted");
}

/// Walks a project of more than 30 tasks in pages of ten; after the first page something happens.
fn walk_while(change: &str) -> (Vec<String>, Vec<String>) {
    let quiet = living(600, &[]).truth();
    let (project, rows) = project(&quiet, 31..100);
    let change = change.replace("PROJECT", &project).replace("FIRST", &rows[0]).replace("ELEVENTH", &rows[10]);
    let simulator = living(600, &[&format!("when=page:1:/projects/*/tasks {change}")]);
    let found = gids(&Client::new(&simulator, SERVICE_TOKEN).walk(&format!("/projects/{project}/tasks"), 10).0);
    assert_eq!(simulator.stats().changes, 1, "{change}");
    (found, rows)
}

#[test]
fn rows_that_come_and_go_do_not_shift_the_pages() {
    let (found, rows) = walk_while("what=add project=PROJECT place=3");
    assert_eq!(found, rows, "what came before the second page is not seen");
    let (found, rows) = walk_while("what=delete-task task=FIRST");
    assert_eq!(found, rows);
    let (found, rows) = walk_while("what=add project=PROJECT place=25");
    assert_eq!(found.len(), rows.len() + 1);
    // The very row at which the second page begins.
    let (found, mut rows) = walk_while("what=delete-task task=ELEVENTH");
    rows.retain(|gid| found.contains(gid));
    assert_eq!(found, rows);
}

#[test]
fn a_row_that_moves_comes_twice_or_not_at_all() {
    let (found, rows) = walk_while("what=move project=PROJECT from=2 to=22");
    assert_eq!(found.iter().filter(|gid| **gid == rows[2]).count(), 2);
    assert_eq!(found.len(), rows.len() + 1);
    let (found, rows) = walk_while("what=move project=PROJECT from=22 to=2");
    assert!(!found.contains(&rows[22]));
    assert_eq!(found.len(), rows.len() - 1);
    // The next page's first row itself: the page goes on where that row stood.
    let (found, rows) = walk_while("what=move project=PROJECT from=10 to=2");
    assert!(!found.contains(&rows[10]));
    assert_eq!(found.len(), rows.len() - 1);
}
