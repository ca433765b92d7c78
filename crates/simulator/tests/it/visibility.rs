//! What each token sees.

use std::collections::BTreeSet;

use asana_simulator::{
    ADMIN_TOKEN, BLOCKED_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Revocation, SERVICE_TOKEN, Truth,
    start_in_background,
};

use crate::client::{Client, gids};
use crate::pages::config;

fn visible(truth: &Truth, resource: &str, token: &str) -> BTreeSet<String> {
    gids(&truth.records(resource, token)).into_iter().collect()
}

#[test]
fn tokens_see_different_parts() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    for resource in ["projects", "tasks", "teams", "custom_fields"] {
        let all = visible(&truth, resource, SERVICE_TOKEN);
        for token in [ADMIN_TOKEN, MEMBER_TOKEN, GUEST_TOKEN] {
            let some = visible(&truth, resource, token);
            assert!(some.is_subset(&all) && some.len() < all.len(), "{resource} of {token}");
        }
        assert!(visible(&truth, resource, GUEST_TOKEN).len() < visible(&truth, resource, ADMIN_TOKEN).len());
    }
    assert!(!visible(&truth, "tasks", GUEST_TOKEN).is_empty());
}

#[test]
fn hidden_things_are_refused_and_leave_no_name() {
    let simulator = start_in_background(config(1_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let hidden = |resource| {
        let mine = visible(&truth, resource, ADMIN_TOKEN);
        visible(&truth, resource, SERVICE_TOKEN).into_iter().find(|gid| !mine.contains(gid)).unwrap()
    };
    let project = client.get(&format!("/projects/{}", hidden("projects")));
    assert_eq!((project.status, project.message().as_str()), (403, "Forbidden"));
    assert_eq!(client.get(&format!("/projects/{}/tasks?limit=1", hidden("projects"))).status, 403);
    let gid = hidden("tasks");
    let task = client.get(&format!("/tasks/{gid}"));
    assert_eq!((task.status, task.message()), (404, format!("task: Unknown object: {gid}")));

    // Memberships in hidden projects are not told; edges to hidden tasks are.
    let projects = visible(&truth, "projects", ADMIN_TOKEN);
    let tasks = visible(&truth, "tasks", ADMIN_TOKEN);
    let mut edges_to_hidden = 0;
    for task in truth.records("tasks", ADMIN_TOKEN) {
        for membership in task["memberships"].as_array().unwrap() {
            assert!(projects.contains(membership["project"]["gid"].as_str().unwrap()));
        }
        for edge in task["dependencies"].as_array().unwrap() {
            edges_to_hidden += usize::from(!tasks.contains(edge["gid"].as_str().unwrap()));
            assert!(edge.get("name").is_none());
        }
        if let Some(parent) = task["parent"]["gid"].as_str() {
            assert_eq!(task["parent"].get("name").is_some(), tasks.contains(parent));
        }
    }
    assert!(edges_to_hidden > 0);
}

#[test]
fn workspaces_can_be_two_or_none() {
    let simulator = start_in_background(Config { second_workspace: true, ..config(300) }).unwrap();
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(admin.data("/workspaces?opt_fields=name").as_array().unwrap().len(), 2);
    let second = simulator.truth().second_workspace_gid().unwrap();
    assert_eq!(admin.data(&format!("/users?workspace={second}")).as_array().unwrap().len(), 1);
    assert_eq!(admin.data(&format!("/projects?workspace={second}")).as_array().unwrap().len(), 0);
    assert_eq!(admin.data(&format!("/workspaces/{second}/workspace_memberships")).as_array().unwrap().len(), 1);
    assert_eq!(admin.data("/users/me/workspace_memberships").as_array().unwrap().len(), 2);
    // A token with several workspaces has to name one.
    assert_eq!(admin.get("/projects?limit=1").message(), "workspace: Missing input");
    let mut service = Client::new(&simulator, SERVICE_TOKEN);
    assert_eq!(service.get("/projects?limit=1").status, 200);
    let mut blocked = Client::new(&simulator, BLOCKED_TOKEN);
    assert_eq!(blocked.data("/workspaces").as_array().unwrap().len(), 0);
    assert_eq!(blocked.get(&format!("/workspaces/{}/projects", simulator.truth().workspace_gid())).status, 403);
    assert_eq!(blocked.get("/users/me").status, 200);
}

#[test]
fn a_token_can_be_revoked_in_the_middle() {
    let revocation = Some(Revocation { token: ADMIN_TOKEN.into(), after_requests: 2 });
    let simulator = start_in_background(Config { revocation, ..config(100) }).unwrap();
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    let statuses: Vec<u16> = (0..4).map(|_| admin.get("/workspaces").status).collect();
    assert_eq!(statuses, [200, 200, 401, 401]);
    assert_eq!(Client::new(&simulator, MEMBER_TOKEN).get("/workspaces").status, 200);
}

#[test]
fn the_truth_of_a_path_is_its_answer_or_its_refusal() {
    let simulator = start_in_background(config(600)).unwrap();
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let project = gids(&truth.records("projects", ADMIN_TOKEN))[0].clone();
    let mine = visible(&truth, "projects", GUEST_TOKEN);
    let hidden = visible(&truth, "projects", SERVICE_TOKEN).into_iter().find(|gid| !mine.contains(gid)).unwrap();
    let mut guest = Client::new(&simulator, GUEST_TOKEN);
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    for path in [format!("/workspaces/{workspace}/projects"), format!("/projects/{project}/tasks")] {
        let records = truth.list(&format!("{path}?limit=5"), ADMIN_TOKEN).unwrap();
        assert_eq!(gids(&records), gids(&admin.walk(&path, 100).0), "{path}");
        // Every member, also those that are sent only when named.
        assert!(records.iter().all(|record| record.get("html_notes").is_some()), "{path}");
    }
    assert_eq!(truth.list("/projects", ADMIN_TOKEN).unwrap(), truth.records("projects", ADMIN_TOKEN));
    let record = truth.object(&format!("/projects/{project}"), ADMIN_TOKEN).unwrap();
    assert_eq!(record["name"], admin.data(&format!("/projects/{project}"))["name"]);
    assert!(record["custom_fields"].is_array() && record["html_notes"].is_string());
    let search = format!("/workspaces/{workspace}/tasks/search?limit=7");
    assert_eq!(truth.list(&search, ADMIN_TOKEN).unwrap().len(), 7);

    for path in [
        format!("/projects/{hidden}/tasks?limit=100"),
        "/nothing".to_owned(),
        "/attachments?limit=100".to_owned(),
        format!("/tasks/{workspace}/stories?limit=1"),
        "/projects?limit=101".to_owned(),
    ] {
        let reply = guest.get(&path);
        let refusal = truth.list(&path, GUEST_TOKEN).unwrap_err();
        assert_eq!((refusal.status, refusal.message), (reply.status, reply.message()), "{path}");
    }
    let refusal = truth.object(&format!("/projects/{hidden}"), GUEST_TOKEN).unwrap_err();
    assert_eq!((refusal.status, refusal.message.as_str()), (403, "Forbidden"));
    assert_eq!(truth.list("/projects", "no such token").unwrap_err().status, 401);
    // A listing is no object and an object no listing.
    assert_eq!(truth.object("/projects", ADMIN_TOKEN).unwrap_err().status, 404);
    assert_eq!(truth.list(&format!("/projects/{project}"), ADMIN_TOKEN).unwrap_err().status, 404);
}
