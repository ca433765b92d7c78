//! The audit log: its order, its filters, and pages that never end.

use std::collections::BTreeSet;

use asana_simulator::{Config, Plan, RunningSimulator, SERVICE_TOKEN, start_in_background};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

fn scene() -> (RunningSimulator, String) {
    let simulator = start_in_background(Config { plan: Plan::Enterprise, ..config(500) }).unwrap();
    let path = format!("/workspaces/{}/audit_log_events", simulator.truth().workspace_gid());
    (simulator, path)
}

#[test]
fn pages_go_on_until_one_is_empty() {
    let (simulator, path) = scene();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let (mut next, mut found, mut requests) = (format!("{path}?limit=100"), Vec::new(), 0);
    loop {
        let page = client.get(&next).json();
        requests += 1;
        let rows = page["data"].as_array().unwrap();
        found.extend(gids(rows));
        page["next_page"]["path"].as_str().unwrap().clone_into(&mut next);
        if rows.is_empty() {
            break;
        }
    }
    assert_eq!(found, truth.listing(&path, SERVICE_TOKEN).unwrap());
    assert_eq!(found.len(), truth.count("audit_log_events", SERVICE_TOKEN));
    assert!(found.len() > 250 && requests == found.len().div_ceil(100) + 1, "{requests} for {}", found.len());
    assert_eq!(truth.pages(&path, SERVICE_TOKEN, 100), Some(requests));
    // It can be asked again and again.
    let again = client.get(&next).json();
    assert!(again["data"].as_array().unwrap().is_empty() && again["next_page"]["offset"].is_string());
    // Without a limit there are pages too; where nothing matches there is no next one.
    assert!(client.get(&path).json()["next_page"]["offset"].is_string());
    let nothing = client.get(&format!("{path}?event_type=no_such_event&limit=100")).json();
    assert!(nothing["data"].as_array().unwrap().is_empty() && nothing["next_page"].is_null());
    assert_eq!(truth.pages(&format!("{path}?event_type=no_such_event"), SERVICE_TOKEN, 100), Some(1));
}

#[test]
fn filters_can_be_combined() {
    let (simulator, path) = scene();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let all = client.list(&path);
    let times: Vec<&str> = all.iter().map(|event| event["created_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let mut check = |query: &str, wanted: &dyn Fn(&Value) -> bool| {
        let expected = gids(&all.iter().filter(|event| wanted(event)).cloned().collect::<Vec<_>>());
        assert!(!expected.is_empty() && expected.len() < all.len(), "{query}: {}", expected.len());
        assert_eq!(gids(&client.list(&format!("{path}?{query}"))), expected, "{query}");
    };
    // The first moment is in, the last one is not.
    let (start, end) = (times[100], times[200]);
    let at = |event: &Value| event["created_at"].as_str().unwrap().to_owned();
    check(&format!("start_at={start}&end_at={end}"), &|event| at(event).as_str() >= start && at(event).as_str() < end);
    check("event_type=task_deleted", &|event| event["event_type"] == "task_deleted");
    check("actor_type=anonymous", &|event| event["actor"]["actor_type"] == "anonymous");
    let someone = all.iter().find_map(|event| event["actor"]["gid"].as_str()).unwrap();
    check(&format!("actor_gid={someone}"), &|event| event["actor"]["gid"] == someone);
    let something = all[0]["resource"]["gid"].as_str().unwrap();
    check(&format!("resource_gid={something}"), &|event| event["resource"]["gid"] == something);
    check(&format!("actor_type=user&start_at={start}"), &|event| {
        event["actor"]["actor_type"] == "user" && at(event).as_str() >= start
    });
}

#[test]
fn events_hold_every_awkward_case() {
    let (simulator, path) = scene();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    // Which members come is not for the client to say.
    let all = client.list(&format!("{path}?opt_fields=event_type"));
    let some = |what: &str, holds: &dyn Fn(&Value) -> bool| assert!(all.iter().any(holds), "no event: {what}");
    some("by nobody known", &|event| event["actor"].get("gid").is_none());
    some("with a gid as a number", &|event| event["context"]["on_behalf_of_user_id"].is_u64());
    some("with a group", &|event| event["details"]["group"]["name"].is_string());
    some("with details nobody documents", &|event| event["details"]["file"]["size"].is_u64());
    some("without details", &|event| event["details"].as_object().unwrap().is_empty());
    some("of a thing without name", &|event| event["resource"]["name"].is_null());
    let kinds: BTreeSet<&str> = all.iter().filter_map(|event| event["resource"]["resource_type"].as_str()).collect();
    assert!(kinds.len() >= 10, "{kinds:?}");
    let deleted = all.iter().find(|event| event["event_type"] == "task_deleted").unwrap();
    let gid = deleted["resource"]["gid"].as_str().unwrap();
    assert_eq!(client.get(&format!("/tasks/{gid}")).status, 404);
}
