//! How many requests a full export needs: the formula of Asana's reference, section 5.3, filled in from the truth.

use std::collections::BTreeSet;

use asana_simulator::Truth;

use serde_json::Value;

use super::expected::{Kinds, gid, has_search, readable_tasks, records};

pub(crate) const PAGE: usize = 100;

/// Requests of a default export, without the few that look around first.
pub(crate) fn needed(truth: &Truth, token: &str) -> u64 {
    needed_for(truth, token, Kinds::Default)
}

pub(crate) fn needed_for(truth: &Truth, token: &str, kinds: Kinds) -> u64 {
    records(truth, token, kinds).1.requests as u64 + for_tasks(truth, token)
}

/// Requests for tasks with all that is on them, and for what they hang from.
fn for_tasks(truth: &Truth, token: &str) -> u64 {
    let workspace = truth.workspace_gid();
    let pages = |path: &str| truth.pages(path, token, PAGE);
    let each = |path: &dyn Fn(&str) -> String, gids: &[String]| -> usize {
        gids.iter().map(|gid| pages(&path(gid)).unwrap_or_else(|| panic!("{}", path(gid)))).sum()
    };
    let list = |path: String| truth.listing(&path, token).unwrap_or_default();
    let structure = [
        "/workspaces".to_owned(),
        format!("/users?workspace={workspace}"),
        format!("/workspaces/{workspace}/workspace_memberships"),
        format!("/workspaces/{workspace}/teams"),
        format!("/tags?workspace={workspace}"),
        format!("/projects?workspace={workspace}"),
        format!("/workspaces/{workspace}/custom_fields"),
    ];
    // A listing that the plan refuses (custom fields on a free one) is asked once.
    let mut requests: usize = structure.iter().map(|path| pages(path).unwrap_or(1)).sum();
    let teams = list(format!("/workspaces/{workspace}/teams"));
    let projects = list(format!("/projects?workspace={workspace}"));
    let tags = list(format!("/tags?workspace={workspace}"));
    requests += each(&|team| format!("/teams/{team}/team_memberships"), &teams);
    requests += each(&|project| format!("/projects/{project}/sections"), &projects);
    requests += each(&|project| format!("/tasks?project={project}"), &projects);
    requests += each(&|person| format!("/tasks?assignee={person}&workspace={workspace}"), &people(truth, token));
    requests += each(&|tag| format!("/tags/{tag}/tasks"), &tags);
    let readable: Vec<String> = readable_tasks(truth, token).into_iter().collect();
    requests += each(&|task| format!("/tasks/{task}/subtasks"), &parents(truth, token));
    requests += each(&|task| format!("/tasks/{task}/stories"), &readable);
    // At the end it is asked for every project and person what changed meanwhile; here nothing did.
    requests += projects.len() + people(truth, token).len();
    if !has_search(truth, token) {
        // Each of the two searches is refused once.
        return (requests + each(&|task| format!("/attachments?parent={task}"), &readable) + 2) as u64;
    }
    let has_files = |task: &&String| !list(format!("/attachments?parent={task}")).is_empty();
    let with_files: BTreeSet<String> = readable.iter().filter(has_files).cloned().collect();
    requests += each(&|task| format!("/attachments?parent={task}"), &with_files.iter().cloned().collect::<Vec<_>>());
    // What only search shows is asked for by its gid.
    requests += readable.len() - truth.reachable_task_gids(token).len();
    let tasks = truth.records("tasks", token);
    let made = |task: &Value| task["created_at"].as_str().unwrap().to_owned();
    requests += searches(&tasks.iter().map(made).collect::<Vec<_>>());
    requests += searches(&tasks.iter().filter(|task| with_files.contains(gid(task))).map(made).collect::<Vec<_>>());
    requests as u64
}

/// Questions that a walk through search takes: a hundred tasks each, every answer beginning with the last one of the
/// answer before, until an answer brings nothing new.
fn searches(times: &[String]) -> usize {
    let distinct: BTreeSet<&String> = times.iter().collect();
    assert_eq!(distinct.len(), times.len(), "the formula is for tasks made at different times");
    if times.is_empty() { 1 } else { (times.len() - 1).div_ceil(PAGE - 1) + 1 + usize::from(times.len() == 1) }
}

/// Everyone whose tasks are asked for: people of the workspace, and those who left but have a membership still.
fn people(truth: &Truth, token: &str) -> Vec<String> {
    let listed = truth.records("users", token);
    let members = truth.records("workspace_memberships", token);
    let people = listed.iter().map(gid).chain(members.iter().map(|row| gid(&row["user"])));
    people.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The tasks that say they have subtasks.
fn parents(truth: &Truth, token: &str) -> Vec<String> {
    let reachable = readable_tasks(truth, token);
    let tasks = truth.records("tasks", token);
    let parents = tasks.iter().filter(|task| task["num_subtasks"].as_u64() > Some(0));
    parents.map(gid).filter(|task| reachable.contains(*task)).map(str::to_owned).collect()
}
