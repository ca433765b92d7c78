//! Briefs, templates, custom types, memberships of fields, roles, favourites and webhooks as a client meets them.

use std::collections::BTreeSet;

use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, SERVICE_TOKEN, start_in_background};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

fn gid(record: &Value) -> &str {
    record["gid"].as_str().unwrap()
}

#[test]
fn references_of_projects_and_tasks_lead_somewhere() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let (mut briefs, mut made) = (0, 0);
    for project in truth.records("projects", SERVICE_TOKEN) {
        if let Some(brief) = project["project_brief"]["gid"].as_str() {
            briefs += 1;
            let brief = client.data(&format!("/project_briefs/{brief}?opt_fields=project,text,html_text"));
            assert_eq!(gid(&brief["project"]), gid(&project));
            assert!(brief["html_text"].as_str().unwrap().starts_with("<body>"));
        }
        if let Some(template) = project["created_from_template"]["gid"].as_str() {
            made += 1;
            let record = client.data(&format!("/project_templates/{template}"));
            assert_eq!(record["name"], project["created_from_template"]["name"]);
        }
    }
    assert_eq!(briefs, truth.count("project_briefs", SERVICE_TOKEN));
    assert!(briefs > 3 && made > 0);

    // The types of a project are those of its tasks, and statuses are among the options.
    let mut custom = 0;
    for task in truth.records("tasks", SERVICE_TOKEN).iter().filter(|task| !task["custom_type"].is_null()) {
        let number = gid(&task["custom_type"]);
        let record = client.data(&format!("/custom_types/{number}"));
        assert_eq!(record["name"], task["custom_type"]["name"]);
        let options = record["status_options"].as_array().unwrap();
        let option = options.iter().find(|option| option["gid"] == task["custom_type_status_option"]["gid"]).unwrap();
        assert_eq!(option["name"], task["custom_type_status_option"]["name"]);
        assert_eq!(option["completion_state"] == "Complete", task["completed"] == true);
        assert!(options.iter().any(|option| option["enabled"] == false));
        for project in task["projects"].as_array().unwrap() {
            custom += 1;
            let types = client.list(&format!("/custom_types?project={}", gid(project)));
            assert!(gids(&types).iter().any(|found| found == number));
        }
    }
    assert!(custom > 5);
}

#[test]
fn attachments_of_briefs_are_found_by_parent_and_by_gid() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let mut found = 0;
    for brief in gids(&truth.records("project_briefs", SERVICE_TOKEN)) {
        for attachment in client.list(&format!("/attachments?parent={brief}")) {
            found += 1;
            let record = client.data(&format!("/attachments/{}", gid(&attachment)));
            assert_eq!(record["parent"]["gid"], brief.as_str());
            assert_eq!(record["parent"]["resource_type"], "project_brief");
        }
    }
    let attachments = truth.records("attachments", SERVICE_TOKEN);
    let of_briefs = attachments.iter().filter(|one| one["parent"]["resource_type"] == "project_brief");
    assert_eq!(found, of_briefs.count());
    assert!(found > 3);
    // The brief of a hidden project is hidden.
    let seen = gids(&truth.records("project_briefs", GUEST_TOKEN));
    let briefs = gids(&truth.records("project_briefs", SERVICE_TOKEN));
    let hidden = briefs.iter().find(|brief| !seen.contains(brief)).unwrap();
    assert_eq!(Client::new(&simulator, GUEST_TOKEN).get(&format!("/attachments?parent={hidden}")).status, 404);
}

#[test]
fn task_templates_come_with_their_recipe() {
    let simulator = start_in_background(config(1_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let mut steps = 0;
    for project in gids(&truth.records("projects", SERVICE_TOKEN)) {
        for template in client.list(&format!("/task_templates?project={project}&opt_fields=project,template")) {
            assert_eq!(gid(&template["project"]), project);
            let recipe = &template["template"];
            assert!(recipe.get("gid").is_none() && recipe["task_resource_subtype"].is_string());
            steps += recipe["subtasks"].as_array().unwrap().len();
            for attachment in recipe["attachments"].as_array().unwrap() {
                assert_eq!(client.get(&format!("/attachments/{}", gid(attachment))).status, 200);
            }
        }
    }
    assert!(steps > 0);
}

#[test]
fn custom_fields_and_types_have_members() {
    let simulator = start_in_background(config(1_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let mut kinds = BTreeSet::new();
    for (parents, subtype) in [("custom_fields", "custom_field_membership"), ("custom_types", "custom_type_membership")]
    {
        for parent in gids(&truth.records(parents, SERVICE_TOKEN)) {
            let rows = client.list(&format!("/memberships?parent={parent}"));
            assert_eq!(rows[0]["access_level"], "admin");
            for row in &rows {
                assert_eq!(
                    (&row["parent"]["gid"], &row["resource_subtype"]),
                    (&parent.as_str().into(), &subtype.into())
                );
                kinds.insert((subtype, row["member"]["resource_type"].as_str().unwrap().to_owned()));
                let of_member = client.list(&format!("/memberships?parent={parent}&member={}", gid(&row["member"])));
                assert_eq!(gids(&of_member), [gid(row)]);
            }
        }
    }
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    // A private field is hidden with its members.
    let mine = gids(&truth.records("custom_fields", ADMIN_TOKEN));
    let all = gids(&truth.records("custom_fields", SERVICE_TOKEN));
    let hidden = all.iter().find(|gid| !mine.contains(gid)).unwrap();
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get(&format!("/memberships?parent={hidden}")).status, 404);
}

#[test]
fn roles_are_archived_or_not() {
    let simulator = start_in_background(Config { plan: Plan::Enterprise, ..config(100) }).unwrap();
    let workspace = simulator.truth().workspace_gid();
    let mut client = Client::new(&simulator, MEMBER_TOKEN);
    let path = format!("/roles?workspace={workspace}&opt_fields=is_standard_role,permissions.create_pat_authorization");
    let all = client.list(&path);
    let [archived, others] = ["true", "false"].map(|flag| gids(&client.list(&format!("{path}&archived={flag}"))));
    assert_eq!(all.iter().filter(|role| role["is_standard_role"] == true).count(), 4);
    assert!(all.iter().all(|role| role["permissions"]["create_pat_authorization"].is_boolean()));
    assert!(!archived.is_empty() && archived.len() + others.len() == all.len());
}

#[test]
fn favorites_are_ones_own_and_in_ones_own_order() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let path = |user: &str, kind: &str| format!("/users/{user}/favorites?workspace={workspace}&resource_type={kind}");
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    for kind in ["project", "tag", "task", "user", "portfolio", "project_template"] {
        let own = admin.list(&path("me", kind));
        assert!(own.len() > 2 && own.iter().all(|one| one["resource_type"] == kind), "{kind}: {}", own.len());
        assert!(!gids(&own).is_sorted(), "{kind} comes in the order of the sidebar");
        assert_eq!(own, admin.list(&path("me", kind)));
        assert_ne!(own, Client::new(&simulator, MEMBER_TOKEN).list(&path("me", kind)));
        if kind != "user" && kind != "tag" {
            let known = gids(&truth.records(&format!("{kind}s"), ADMIN_TOKEN));
            assert!(gids(&own).iter().all(|gid| known.contains(gid)), "{kind}");
        }
    }
    let me = admin.data("/users/me?opt_fields=name");
    assert_eq!(admin.list(&path(gid(&me), "tag")), admin.list(&path("me", "tag")));
    let other = Client::new(&simulator, MEMBER_TOKEN).data("/users/me");
    assert_eq!(admin.get(&path(gid(&other), "tag")).status, 403);
}

#[test]
fn webhooks_are_those_of_the_token() {
    let simulator = start_in_background(config(500)).unwrap();
    let workspace = simulator.truth().workspace_gid();
    let own = |token| Client::new(&simulator, token).list(&format!("/webhooks?workspace={workspace}"));
    let (mine, others) = (own(ADMIN_TOKEN), own(MEMBER_TOKEN));
    assert!(!mine.is_empty() && !others.is_empty());
    assert!(gids(&mine).iter().all(|gid| !gids(&others).contains(gid)));
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(admin.get(&format!("/webhooks/{}", gid(&mine[0]))).status, 200);
    assert_eq!(admin.get(&format!("/webhooks/{}", gid(&others[0]))).status, 404);
    let resource = gid(&mine[0]["resource"]);
    let watching: Vec<Value> = mine.iter().filter(|one| one["resource"]["gid"] == resource).cloned().collect();
    assert_eq!(admin.list(&format!("/webhooks?workspace={workspace}&resource={resource}")), watching);
    // What never failed says nothing of failures, and fields go with changes only.
    assert!(mine.iter().chain(&others).any(|one| one.get("last_failure_at").is_none()));
    for filter in mine.iter().flat_map(|one| one["filters"].as_array().unwrap()) {
        assert!(filter.get("fields").is_none() || filter["action"] == "changed");
    }
}

#[test]
fn absences_are_kept_by_day() {
    let simulator = start_in_background(config(1_000)).unwrap();
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let mut client = Client::new(&simulator, MEMBER_TOKEN);
    let all = truth.records("ooo_entries", MEMBER_TOKEN);
    let (mut inside, mut outside) = (0, 0);
    for entry in &all {
        let path = format!("/ooo_entries?workspace={workspace}&user={}", gid(&entry["user"]));
        let (first, last) = (entry["start_date"].as_str().unwrap(), entry["end_date"].as_str().unwrap());
        let found = |client: &mut Client, query: &str| {
            gids(&client.list(&format!("{path}{query}"))).iter().any(|found| found == gid(entry))
        };
        assert!(found(&mut client, &format!("&start_date={last}&end_date={last}")));
        assert!(found(&mut client, &format!("&start_date={first}&end_date={first}")));
        inside += 1;
        outside +=
            usize::from(!found(&mut client, "&end_date=2020-01-01") && !found(&mut client, "&start_date=2030-01-01"));
    }
    assert!(inside > 10 && inside == outside);
}
