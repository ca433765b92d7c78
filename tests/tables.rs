//! Ground truth: every table, record by record and field by field, as the simulator knows it to be.

use std::collections::{BTreeMap, BTreeSet};

use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, SERVICE_TOKEN, Size};
use serde_json::{Value, json};

use crate::support::expected::{self, Kinds};
use crate::support::formats::Cell;
use crate::support::{Export, Folder, assert_tables, start, unlimited};

/// Exports a world and compares all of it.
#[track_caller]
fn check(config: Config, token: &str, concurrency: &str) {
    let plan = config.plan;
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, token, &out.path().join("out")).set("concurrency", concurrency);
    // A free plan lacks much, which is worth a line each in the coverage (tests/coverage.rs has them all).
    let folder = export.ends_with(if plan == Plan::Free { 3 } else { 0 });
    let truth = simulator.truth();
    assert_tables(&folder, &expected::tables(&truth, token));
    let tasks: Vec<String> = expected::readable_tasks(&truth, token).into_iter().collect();
    assert_eq!(folder.table("tasks").texts("gid"), tasks, "the tasks that can be reached, sorted");
    assert!(folder.table("export_oddities").rows.is_empty(), "{:?}", folder.table("export_oddities").rows);
    check_coverage(&folder, plan);
}

/// Every resource has a line, and nothing is missing but what the plan lacks.
fn check_coverage(folder: &Folder, plan: Plan) {
    let coverage = folder.table("export_coverage");
    let whole: Vec<&Vec<Cell>> =
        coverage.rows.iter().filter(|row| row[2].shown().unwrap_or_default().is_empty()).collect();
    assert_eq!(whole.len(), Kinds::Default.resources(), "one line for each resource");
    let gaps = folder.gaps();
    if plan == Plan::Free {
        assert!(gaps.iter().all(|gap| gap.http_status.as_deref() == Some("402")), "{gaps:?}");
        assert!(!gaps.is_empty());
    } else {
        assert_eq!(gaps, [], "nothing is missing");
    }
}

#[test]
fn a_service_account_exports_everything() {
    check(unlimited(1, 150), SERVICE_TOKEN, "40");
}

#[test]
fn an_administrator_exports_what_they_see() {
    check(unlimited(42, 900), ADMIN_TOKEN, "40");
}

#[test]
fn a_guest_exports_what_is_shared_with_them() {
    check(unlimited(7, 400), GUEST_TOKEN, "40");
}

#[test]
fn a_free_workspace_is_exported_without_what_is_paid_for() {
    check(Config { plan: Plan::Free, ..unlimited(1, 150) }, ADMIN_TOKEN, "40");
}

#[test]
fn one_request_at_a_time_gives_the_same_tables() {
    check(unlimited(7, 400), SERVICE_TOKEN, "1");
}

#[test]
fn a_member_of_an_enterprise_exports_what_they_see() {
    check(Config { plan: Plan::Enterprise, ..unlimited(11, 200) }, MEMBER_TOKEN, "7");
}

#[test]
fn the_tasks_of_people_who_left_are_exported() {
    let size = Size { users: 3, departed: 60, ..Size::for_tasks(300) };
    let config = Config { size, ..unlimited(4, 0) };
    let truth = start(config.clone()).truth();
    // Some tasks are in no project, have no tag and belong to someone who is no longer listed among the users.
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let users: BTreeSet<String> =
        truth.records("users", SERVICE_TOKEN).iter().map(|user| expected::gid(user).to_owned()).collect();
    let reachable = truth.reachable_task_gids(SERVICE_TOKEN);
    let is_hard = |task: &&Value| {
        let nowhere = ["memberships", "tags"].iter().all(|list| task[*list] == json!([])) && task["parent"].is_null();
        nowhere && reachable.contains(expected::gid(task)) && !users.contains(expected::gid(&task["assignee"]))
    };
    assert!(tasks.iter().any(|task| is_hard(&task)), "the world holds such tasks");
    check(config, SERVICE_TOKEN, "40");
}

#[test]
fn a_workspace_without_tasks_has_tables_with_headers() {
    let simulator = start(unlimited(5, 0));
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    let expected = expected::tables(&simulator.truth(), SERVICE_TOKEN);
    assert!(expected["tasks"].rows.is_empty());
    assert_tables(&folder, &expected);
}

#[test]
fn deep_subtasks_and_tasks_in_several_projects_are_among_what_is_compared() {
    let truth = start(unlimited(42, 900)).truth();
    let tasks = truth.records("tasks", SERVICE_TOKEN);
    let parents: BTreeMap<&str, &str> =
        tasks.iter().map(|task| (expected::gid(task), expected::gid(&task["parent"]))).collect();
    let depth = |task: &str| {
        std::iter::successors(parents.get(task), |above| parents.get(*above)).filter(|gid| !gid.is_empty()).count()
    };
    let of = |kind: &str, member: &str| -> BTreeSet<String> {
        truth.records(kind, SERVICE_TOKEN).iter().map(|record| expected::gid(&record[member]).to_owned()).collect()
    };
    let (with_stories, with_files) = (of("stories", "target"), of("attachments", "parent"));
    let is_deep = |gid: &str| depth(gid) == 5 && with_stories.contains(gid) && with_files.contains(gid);
    assert!(tasks.iter().any(|task| is_deep(expected::gid(task))), "five deep, with stories and files");
    let is_in_several = |task: &&Value| task["memberships"].as_array().unwrap().len() > 1;
    assert!(tasks.iter().any(|task| is_in_several(&task)), "in several projects");
    check(unlimited(42, 900), SERVICE_TOKEN, "40");
}
