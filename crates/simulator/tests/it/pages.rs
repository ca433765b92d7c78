//! Listings walked page by page, and what single records and projections look like.

use std::collections::BTreeSet;
use std::time::Duration;

use asana_simulator::{
    ADMIN_TOKEN, Config, GUEST_TOKEN, Plan, Quota, SERVICE_TOKEN, Size, Truth, UnknownOptFields, start_in_background,
};

use crate::client::{Client, gids};

pub(crate) fn config(tasks: u32) -> Config {
    let mut config = Config { size: Size::for_tasks(tasks), ..Config::default() };
    config.limits.standard = Quota::Unlimited;
    config
}

/// Every listing an exporter might walk.
fn listings(truth: &Truth, token: &str) -> Vec<String> {
    let workspace = truth.workspace_gid();
    let mut paths: Vec<String> = ["workspace_memberships", "teams", "projects", "tags", "custom_fields"]
        .iter()
        .map(|kind| format!("/workspaces/{workspace}/{kind}"))
        .collect();
    paths.extend([
        "/workspaces".into(),
        format!("/users?workspace={workspace}"),
        format!("/tags?workspace={workspace}"),
    ]);
    paths.push(format!("/projects?workspace={workspace}&archived=true"));
    paths.push(format!("/portfolios?workspace={workspace}&owner=me"));
    paths.extend(["goals", "time_periods"].map(|kind| format!("/{kind}?workspace={workspace}")));
    let of = |resource: &str, most: usize, forms: &[&str], paths: &mut Vec<String>| {
        for gid in gids(&truth.records(resource, token)).iter().take(most) {
            paths.extend(forms.iter().map(|form| form.replace("{}", gid)));
        }
    };
    let project = ["/projects/{}/tasks", "/projects/{}/sections", "/memberships?parent={}", "/attachments?parent={}"];
    of("projects", 12, &project, &mut paths);
    of("projects", 12, &["/tasks?project={}", "/projects/{}/custom_field_settings"], &mut paths);
    let planned =
        ["/task_templates?project={}", "/custom_types?project={}", "/rates?parent={}", "/allocations?parent={}"];
    of("projects", 12, &planned, &mut paths);
    of("custom_fields", 9, &["/memberships?parent={}"], &mut paths);
    of("custom_types", 3, &["/memberships?parent={}"], &mut paths);
    of("project_briefs", 9, &["/attachments?parent={}"], &mut paths);
    for form in [
        "/project_templates?workspace={}",
        "/allocations?workspace={}",
        "/timesheet_approval_statuses?workspace={}",
        "/time_tracking_entries?workspace={}&entered_on_end_date=2026-06-01",
        "/users/me/favorites?workspace={}&resource_type=task",
    ] {
        paths.push(form.replace("{}", &workspace));
    }
    of("sections", 12, &["/sections/{}/tasks", "/tasks?section={}"], &mut paths);
    of("teams", 9, &["/teams/{}/team_memberships", "/teams/{}/projects", "/memberships?member={}"], &mut paths);
    of("tags", 9, &["/tags/{}/tasks"], &mut paths);
    of("users", 9, &[&format!("/tasks?workspace={workspace}&assignee={{}}")], &mut paths);
    of("user_task_lists", 9, &["/user_task_lists/{}/tasks"], &mut paths);
    of("portfolios", 9, &["/portfolios/{}/items", "/portfolios/{}/project_portfolio_settings"], &mut paths);
    of("goals", 9, &["/goal_relationships?supported_goal={}", "/goals/{}/stories"], &mut paths);
    for shared in ["portfolios", "goals"] {
        of(shared, 9, &["/memberships?parent={}", "/status_updates?parent={}"], &mut paths);
    }
    of("projects", 12, &["/status_updates?parent={}", "/projects/{}/project_portfolio_settings"], &mut paths);
    of("tasks", 30, &["/tasks/{}/subtasks", "/tasks/{}/stories", "/attachments?parent={}"], &mut paths);
    paths
}

#[test]
fn walks_equal_the_truth() {
    let simulator = start_in_background(config(2_500)).unwrap();
    let truth = simulator.truth();
    for (token, limit) in [(ADMIN_TOKEN, 20), (SERVICE_TOKEN, 100), (GUEST_TOKEN, 10)] {
        let mut client = Client::new(&simulator, token);
        let (mut several, mut gaps) = (0, 0);
        for path in listings(&truth, token) {
            let (records, requests) = client.walk(&path, limit);
            assert_eq!(gids(&records), truth.listing(&path, token).unwrap(), "{path}");
            assert_eq!(requests, truth.pages(&path, token, limit).unwrap(), "{path}");
            several += usize::from(requests > 1);
            gaps += usize::from(requests > records.len().div_ceil(limit).max(1));
        }
        assert!(several >= 8, "{token}: {several} listings have several pages");
        assert_eq!(gaps > 0, token != SERVICE_TOKEN, "{token}: {gaps}");
    }
}

#[test]
fn all_kinds_together_reach_every_reachable_task() {
    let simulator = start_in_background(config(1_500)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let mut found = BTreeSet::new();
    let mut queue: Vec<String> = Vec::new();
    for (resource, form) in [
        ("projects", "/projects/{}/tasks"),
        ("tags", "/tags/{}/tasks"),
        ("user_task_lists", "/user_task_lists/{}/tasks"),
    ] {
        queue.extend(gids(&truth.records(resource, ADMIN_TOKEN)).iter().map(|gid| form.replace("{}", gid)));
    }
    while let Some(path) = queue.pop() {
        for task in client.walk(&format!("{path}?opt_fields=num_subtasks"), 100).0 {
            let gid = task["gid"].as_str().unwrap().to_owned();
            if found.insert(gid.clone()) && task["num_subtasks"].as_u64().unwrap() > 0 {
                queue.push(format!("/tasks/{gid}/subtasks"));
            }
        }
    }
    assert_eq!(found, truth.reachable_task_gids(ADMIN_TOKEN));
    let all: BTreeSet<String> = gids(&truth.records("tasks", ADMIN_TOKEN)).into_iter().collect();
    assert!(found.is_subset(&all) && found.len() < all.len(), "{} of {}", found.len(), all.len());

    // What is left over is found by search.
    let path = format!("/workspaces/{}/tasks/search", truth.workspace_gid());
    let mut seen = BTreeSet::new();
    let mut after = String::from("2000-01-01");
    while seen.len() < all.len() {
        let query =
            format!("?sort_by=created_at&sort_ascending=true&limit=100&opt_fields=created_at&created_at.after={after}");
        let page = client.data(&format!("{path}{query}"));
        let page = page.as_array().unwrap();
        assert!(!page.is_empty());
        seen.extend(gids(page));
        page.last().unwrap()["created_at"].as_str().unwrap().clone_into(&mut after);
    }
    assert_eq!(seen, all);
}

#[test]
fn offsets_expire_and_cannot_be_forged() {
    let mut config = config(500);
    config.offset_lifetime = Duration::from_mins(15);
    config.time_scale = 3_000.0; // fifteen minutes are 300 ms
    let simulator = start_in_background(config).unwrap();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let page = client.get("/users?limit=5").json();
    let path = page["next_page"]["path"].as_str().unwrap();
    let uri = page["next_page"]["uri"].as_str().unwrap();
    assert_eq!(uri, format!("{}{path}", simulator.base_url()));
    assert_eq!(client.get(path).status, 200);
    let forged = client.get(&path.replace("eyJ0", "eyJ1"));
    assert_eq!((forged.status, forged.message().starts_with("offset: ")), (400, true));
    assert_eq!(client.get(&path.replace("/users", "/tags")).status, 400);
    std::thread::sleep(Duration::from_millis(320));
    let expired = client.get(path);
    assert_eq!((expired.status, expired.message().as_str()), (400, "offset: Your pagination token has expired."));
}

#[test]
fn limits_of_a_page_are_checked() {
    let simulator = start_in_background(config(8_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    for limit in ["0", "101", "x", "-1"] {
        assert_eq!(client.get(&format!("/users?limit={limit}")).status, 400);
    }
    // Without a limit there is no word about a next page; long listings of tasks are refused.
    assert!(client.get("/tags").json().get("next_page").is_none());
    let largest = gids(&truth.records("projects", SERVICE_TOKEN))
        .into_iter()
        .map(|gid| format!("/projects/{gid}/tasks"))
        .max_by_key(|path| truth.listing(path, SERVICE_TOKEN).unwrap().len())
        .unwrap();
    assert!(truth.listing(&largest, SERVICE_TOKEN).unwrap().len() > 1_000);
    let refused = client.get(&largest);
    assert_eq!((refused.status, refused.message().starts_with("The result is too large.")), (400, true));
    assert_eq!(client.get(&format!("{largest}?limit=100")).status, 200);
}

#[test]
fn filters_of_task_lists_hold() {
    let simulator = start_in_background(config(1_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let project = &tasks.iter().find(|task| !task["projects"].as_array().unwrap().is_empty()).unwrap()["projects"][0];
    let path = format!("/projects/{}/tasks?opt_fields=completed,modified_at", project["gid"].as_str().unwrap());
    let (all, _) = client.walk(&path, 100);
    let (open, _) = client.walk(&format!("{path}&completed_since=now"), 100);
    assert!(!open.is_empty() && open.len() < all.len() && open.iter().all(|task| task["completed"] == false));
    let since = "2025-09-01T00:00:00.000Z";
    let path = path.replace("/projects/", "/tasks?project=").replace("/tasks?opt", "&opt");
    let (changed, _) = client.walk(&format!("{path}&modified_since={since}"), 100);
    let expected = all.iter().filter(|task| task["modified_at"].as_str().unwrap() >= since).count();
    assert!(expected > 0 && expected < all.len());
    assert_eq!(changed.len(), expected);
}

#[test]
fn records_come_compact_full_or_as_asked() {
    let simulator = start_in_background(config(500)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let project = gids(&truth.records("projects", ADMIN_TOKEN))
        .into_iter()
        .find(|gid| !truth.listing(&format!("/projects/{gid}/tasks"), ADMIN_TOKEN).unwrap().is_empty())
        .unwrap();
    let row = &client.data(&format!("/projects/{project}/tasks?limit=1"))[0];
    assert_eq!(keys(row), "gid name resource_subtype resource_type");
    let gid = row["gid"].as_str().unwrap();
    let full = client.data(&format!("/tasks/{gid}"));
    assert!(full.get("hearts").is_some() && full.get("assignee_status").is_some());
    assert!(full.get("html_notes").is_none() && full.get("num_subtasks").is_none());
    let asked = client.data(&format!("/tasks/{gid}?opt_fields=memberships.(project|section).name,html_notes,zzz.yyy"));
    assert_eq!(keys(&asked), "gid html_notes memberships");
    assert_eq!(keys(&asked["memberships"][0]), "project section");
    assert_eq!(keys(&asked["memberships"][0]["project"]), "gid name");
    assert_eq!(client.get(&format!("/tasks/{gid}?opt_fields=(a")).status, 400);
}

#[test]
fn unknown_paths_can_be_refused() {
    let config = Config { unknown_opt_fields: UnknownOptFields::BadRequest, ..config(50) };
    let simulator = start_in_background(config).unwrap();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let refused = client.get("/users/me?opt_fields=name,zzz.yyy");
    assert_eq!((refused.status, refused.message().contains("zzz")), (400, true));
    assert_eq!(client.get("/users/me?opt_fields=name,photo.image_21x21").status, 200);
}

#[test]
fn refusals_carry_the_recorded_texts() {
    let mut config = config(300);
    config.plan = Plan::Free;
    let simulator = start_in_background(config).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let workspace = truth.workspace_gid();
    let mut check = |path: &str, status: u16, message: &str| {
        let reply = client.get(path);
        assert_eq!((reply.status, reply.message().as_str()), (status, message), "{path}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=UTF-8"));
        assert!(reply.json()["errors"][0]["help"].is_string());
    };
    check("/nothing", 404, "No matching route for request");
    check("/tasks/12x", 400, "task: Not a recognized ID: 12x");
    check("/tasks/12", 404, "task: Unknown object: 12");
    check(&format!("/tasks/{workspace}/stories"), 404, &format!("task: Unknown object: {workspace}"));
    check("/attachments", 400, "parent: Missing input");
    check("/tasks?assignee=me", 400, "workspace: Missing input");
    let search = format!("/workspaces/{workspace}/tasks/search?limit=1");
    check(&search, 402, "Payment Required: Search is only available to premium users.");
    assert_eq!(client.get(&format!("/workspaces/{workspace}/custom_fields")).status, 402);
    assert_eq!(client.get("/workspaces").header("asana-change").map(|header| header.contains("name=")), Some(true));
    let mut stranger = Client::new(&simulator, "no such token");
    let refused = stranger.get("/nothing");
    assert_eq!((refused.status, refused.message().as_str()), (401, "Not Authorized"));
}

#[test]
fn the_same_seed_gives_the_same_world() {
    // Roles and the audit log exist on one plan only.
    let config = || Config { plan: Plan::Enterprise, ..config(400) };
    let other_seed = Config { seed: 2, ..config() };
    let [one, two, other] = [config(), config(), other_seed].map(|config| asana_simulator::truth_of(&config));
    for resource in Truth::RESOURCES {
        let records = one.records(resource, SERVICE_TOKEN);
        assert!(!records.is_empty(), "{resource}");
        assert_eq!(records.len(), one.count(resource, SERVICE_TOKEN), "{resource}");
        assert_eq!(records, two.records(resource, SERVICE_TOKEN), "{resource}");
        assert_ne!(records, other.records(resource, SERVICE_TOKEN), "{resource}");
    }
}

#[test]
fn digits_of_numbers_survive() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let mut zeros = 0;
    let mut large = 0;
    truth.for_each("tasks", SERVICE_TOKEN, |task| {
        for field in task["custom_fields"].as_array().unwrap() {
            if let Some(text) = field["number_value_text"].as_str() {
                zeros += usize::from(text.contains('.') && text.ends_with('0'));
                large += usize::from(text.trim_start_matches('-').len() >= 16);
                if text.ends_with(".50") || text.len() >= 16 {
                    let path =
                        format!("/tasks/{}?opt_fields=custom_fields.number_value", task["gid"].as_str().unwrap());
                    let body = Client::new(&simulator, SERVICE_TOKEN).get(&path).body;
                    assert!(
                        String::from_utf8(body).unwrap().contains(&format!(r#""number_value":{text}}}"#)),
                        "{text}"
                    );
                }
            }
        }
    });
    assert!(zeros > 0 && large > 0, "{zeros} {large}");
}

#[test]
fn the_world_holds_every_awkward_case() {
    let truth = asana_simulator::truth_of(&config(3_000));
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let some = |what: &str, holds: &dyn Fn(&serde_json::Value) -> bool| {
        assert!(tasks.iter().any(holds), "no task: {what}");
    };
    let len = |value: &serde_json::Value| value.as_array().map_or(0, Vec::len);
    some("with several projects", &|task| len(&task["memberships"]) > 1);
    some("subtask in a project", &|task| len(&task["memberships"]) > 0 && !task["parent"].is_null());
    some("separator", &|task| task["is_rendered_as_separator"] == true);
    for subtype in ["milestone", "approval", "custom"] {
        some(subtype, &|task| task["resource_subtype"] == subtype);
    }
    some("with > 100 followers", &|task| len(&task["followers"]) > 100);
    some("with an empty name", &|task| task["name"] == "");
    some("with a formula-like name", &|task| task["name"].as_str().is_some_and(|name| name.starts_with('=')));
    some("with a newline", &|task| task["name"].as_str().is_some_and(|name| name.contains('\n')));
    some("with likes", &|task| len(&task["likes"]) > 0);
    some("with a disabled field", &|task| {
        task["custom_fields"].as_array().unwrap().iter().any(|field| field["enabled"] == false)
    });
    // Five levels of subtasks.
    let parents: std::collections::HashMap<&str, Option<&str>> =
        tasks.iter().map(|task| (task["gid"].as_str().unwrap(), task["parent"]["gid"].as_str())).collect();
    let depth = |gid: &str| std::iter::successors(parents[gid], |gid| parents[gid]).count();
    assert_eq!(parents.keys().map(|gid| depth(gid)).max(), Some(5));
    // Numbers of subtasks are true.
    for task in &tasks {
        let children = parents.values().filter(|parent| **parent == task["gid"].as_str()).count();
        assert_eq!(task["num_subtasks"], children);
    }
    // Some values belong to fields that are in no list.
    let known: BTreeSet<String> = gids(&truth.records("custom_fields", SERVICE_TOKEN)).into_iter().collect();
    some("with an unlisted field", &|task| {
        let fields = task["custom_fields"].as_array().unwrap();
        fields.iter().any(|field| !known.contains(field["gid"].as_str().unwrap()))
    });
    // Someone is referred to who is neither a user nor a member.
    let memberships = truth.records("workspace_memberships", SERVICE_TOKEN);
    let mut people: Vec<&str> = memberships.iter().filter_map(|row| row["user"]["gid"].as_str()).collect();
    let users = gids(&truth.records("users", SERVICE_TOKEN));
    assert!(people.iter().any(|person| !users.iter().any(|user| user == person)));
    let rows = people.len();
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len() + 1, rows, "one person has two rows");
    some("of a ghost", &|task| task["assignee"]["gid"].as_str().is_some_and(|gid| people.binary_search(&gid).is_err()));
    // Names shared by two fields, wide gids, a project without tasks, a task with more stories than a page.
    let fields = truth.records("custom_fields", SERVICE_TOKEN);
    assert!(fields.iter().filter(|field| field["name"] == "Status").count() >= 2);
    assert!(parents.keys().any(|gid| gid.len() == 19) && parents.keys().any(|gid| gid.len() == 16));
    let projects = gids(&truth.records("projects", SERVICE_TOKEN));
    let empty = |gid: &String| truth.listing(&format!("/projects/{gid}/tasks"), SERVICE_TOKEN).unwrap().is_empty();
    assert!(projects.iter().any(empty));
    assert!(parents.keys().any(|gid| truth.pages(&format!("/tasks/{gid}/stories"), SERVICE_TOKEN, 100) == Some(3)));
}

#[test]
fn every_size_can_be_generated() {
    let nothing = Size {
        users: 0,
        guests: 0,
        departed: 0,
        teams: 0,
        projects: 0,
        tags: 0,
        custom_fields: 0,
        tasks: 0,
        stories_per_task: 0,
        portfolios: 0,
        goals: 0,
        burst: 0,
        huge_project: 0,
        trees: 0,
    };
    let sizes = [
        nothing.clone(),
        Size { tasks: 40, stories_per_task: 40, ..nothing.clone() },
        Size { tasks: 12, projects: 1, stories_per_task: 300, ..nothing.clone() },
        Size { projects: 3, custom_fields: 2, teams: 1, ..nothing.clone() },
        Size { portfolios: 8, goals: 8, ..nothing.clone() },
        Size { portfolios: 3, goals: 3, projects: 1, tasks: 5, users: 1, guests: 1, ..nothing },
        Size::for_tasks(0),
        Size::for_tasks(1),
    ];
    for size in sizes {
        let truth = asana_simulator::truth_of(&Config { size: size.clone(), ..config(0) });
        for token in [ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN] {
            for resource in Truth::RESOURCES {
                assert_eq!(truth.records(resource, token).len(), truth.count(resource, token), "{resource} {size:?}");
            }
            assert!(truth.reachable_task_gids(token).len() <= truth.count("tasks", token));
        }
    }
}
