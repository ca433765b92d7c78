//! How many requests a full export needs: the formula of Asana's reference, section 5.3, filled in from the truth.

use std::collections::BTreeSet;

use asana_simulator::Truth;

use super::expected::gid;

const PAGE: usize = 100;

/// Requests of a full export, without the few that look around first.
pub(crate) fn needed(truth: &Truth, token: &str) -> u64 {
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
    let reachable: Vec<String> = truth.reachable_task_gids(token).into_iter().collect();
    requests += each(&|task| format!("/tasks/{task}/subtasks"), &parents(truth, token));
    requests += each(&|task| format!("/tasks/{task}/stories"), &reachable);
    requests += each(&|task| format!("/attachments?parent={task}"), &reachable);
    requests as u64
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
    let reachable = truth.reachable_task_gids(token);
    let tasks = truth.records("tasks", token);
    let parents = tasks.iter().filter(|task| task["num_subtasks"].as_u64() > Some(0));
    parents.map(gid).filter(|task| reachable.contains(*task)).map(str::to_owned).collect()
}
