//! What hangs from a project, a task or a person goes with them, whatever its kind, and nothing else does.

use std::collections::BTreeSet;

use asana_simulator::{
    Action, Config, NewTask, Pick, Plan, RunningSimulator, SERVICE_TOKEN, Truth, start_in_background,
};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

/// Kinds with the member that says what a record hangs from.
type Hanging = &'static [(&'static str, &'static str)];

const FROM_PROJECTS: Hanging = &[
    ("access_requests", "target"),
    ("allocations", "parent"),
    ("attachments", "parent"),
    ("budgets", "parent"),
    ("custom_field_settings", "parent"),
    ("goal_relationships", "supporting_resource"),
    ("memberships", "parent"),
    ("project_briefs", "project"),
    ("project_portfolio_settings", "project"),
    ("rates", "parent"),
    ("sections", "project"),
    ("status_updates", "parent"),
    ("task_templates", "project"),
    ("webhooks", "resource"),
];
const FROM_TASKS: Hanging = &[
    ("attachments", "parent"),
    ("goal_relationships", "supporting_resource"),
    ("stories", "target"),
    ("time_tracking_entries", "task"),
];
const FROM_PEOPLE: Hanging = &[
    ("access_requests", "requester"),
    ("memberships", "member"),
    ("ooo_entries", "user"),
    ("team_memberships", "user"),
    ("timesheet_approval_statuses", "user"),
];
/// Kinds without a path for one record.
const ONLY_LISTED: &[&str] = &["access_requests", "custom_field_settings", "memberships", "team_memberships"];

fn start() -> RunningSimulator {
    start_in_background(Config { plan: Plan::Enterprise, ..config(600) }).unwrap()
}

fn known(truth: &Truth, resource: &str) -> BTreeSet<String> {
    gids(&truth.records(resource, SERVICE_TOKEN)).into_iter().collect()
}

/// What hangs from some of these, of each kind, as (from what, gid).
fn hanging(truth: &Truth, from: Hanging, owners: &BTreeSet<String>) -> Vec<Vec<(String, String)>> {
    let of = |resource: &str, member: &str| {
        let records = truth.records(resource, SERVICE_TOKEN).into_iter();
        let text = |value: &Value| value["gid"].as_str().unwrap_or_default().to_owned();
        let pairs = records.map(|record| (text(&record[member]), text(&record)));
        pairs.filter(|(owner, _)| owners.contains(owner)).collect()
    };
    from.iter().map(|(resource, member)| of(resource, member)).collect()
}

/// Deletes every other one with what hangs from it. Answers the gids of those that are gone.
#[track_caller]
fn delete(
    simulator: &RunningSimulator,
    resource: &str,
    from: Hanging,
    action: impl Fn(Pick) -> Action,
) -> BTreeSet<String> {
    let truth = simulator.truth();
    let all = known(&truth, resource);
    let before = hanging(&truth, from, &all);
    for owner in all.iter().step_by(2) {
        // Some went with their parent.
        simulator.change(&action(Pick::Gid(owner.clone())));
    }
    let left = known(&truth, resource);
    let mut client = Client::new(simulator, SERVICE_TOKEN);
    for (((kind, _), before), after) in from.iter().zip(before).zip(hanging(&truth, from, &all)) {
        let (kept, lost): (Vec<_>, Vec<_>) = before.into_iter().partition(|(owner, _)| left.contains(owner));
        assert!(!kept.is_empty() && !lost.is_empty(), "{kind}: {} and {}", kept.len(), lost.len());
        assert_eq!(after, kept, "{kind}");
        for (rows, status) in [(kept, 200), (lost, 404)] {
            for (_, gid) in rows.iter().take(20).filter(|_| !ONLY_LISTED.contains(kind)) {
                assert_eq!(client.get(&format!("/{kind}/{gid}")).status, status, "{kind} {gid}");
            }
        }
    }
    all.difference(&left).cloned().collect()
}

fn assert_none_of(rows: &[Value], gone: &BTreeSet<String>, place: &str) {
    assert!(!rows.is_empty() && gids(rows).iter().all(|gid| !gone.contains(gid)), "{place}: {}", rows.len());
}

#[test]
fn what_hangs_from_projects() {
    let simulator = start();
    let truth = simulator.truth();
    let gone = delete(&simulator, "projects", FROM_PROJECTS, |project| Action::DeleteProject { project });
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    for path in ["/budgets?parent=", "/custom_types?project=", "/goals?project=", "/status_updates?parent="] {
        let path = format!("{path}{}", gone.first().unwrap());
        assert_eq!(client.get(&path).status, 404, "{path}");
    }
    let first = &truth.records("portfolios", SERVICE_TOKEN)[0]["gid"];
    let items = client.list(&format!("/portfolios/{}/items", first.as_str().unwrap()));
    assert_none_of(&items, &gone, "items of the portfolio of all projects");
    let workspace = truth.workspace_gid();
    let own = client.list(&format!("/users/me/favorites?resource_type=project&workspace={workspace}"));
    assert_none_of(&own, &gone, "favorites");
}

#[test]
fn what_hangs_from_tasks() {
    let simulator = start();
    let types = known(&simulator.truth(), "custom_types");
    let gone = delete(&simulator, "tasks", FROM_TASKS, |task| Action::DeleteTask { task });
    assert!(gone.len() > 300, "subtasks too: {}", gone.len());
    assert_eq!(known(&simulator.truth(), "custom_types"), types, "they are the projects' own");
}

#[test]
fn what_hangs_from_people() {
    let simulator = start();
    let gone = delete(&simulator, "users", FROM_PEOPLE, |user| Action::RemoveUser { user });
    for (resource, list) in [("projects", "members"), ("portfolios", "members"), ("goals", "followers")] {
        let records = simulator.truth().records(resource, SERVICE_TOKEN);
        let people: Vec<Value> = records.iter().flat_map(|record| record[list].as_array().unwrap()).cloned().collect();
        assert_none_of(&people, &gone, resource);
    }
}

#[test]
fn a_new_task_has_no_past() {
    let simulator = start();
    let truth = simulator.truth();
    let before = (known(&truth, "time_tracking_entries"), truth.records("audit_log_events", SERVICE_TOKEN));
    let (webhooks, tasks) = (truth.records("webhooks", SERVICE_TOKEN), truth.count("tasks", SERVICE_TOKEN));
    for _ in 0..100 {
        assert!(simulator.change(&Action::Add(NewTask::default())));
    }
    assert_eq!(truth.count("tasks", SERVICE_TOKEN), tasks + 100);
    assert_eq!((known(&truth, "time_tracking_entries"), truth.records("audit_log_events", SERVICE_TOKEN)), before);
    assert_eq!(truth.records("webhooks", SERVICE_TOKEN), webhooks);
}
