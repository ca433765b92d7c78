//! Status updates of projects, portfolios and goals.

use asana_simulator::{ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN, start_in_background};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

#[test]
fn the_current_status_is_the_newest_of_the_listing() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    for token in [ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN] {
        let mut total = 0;
        for resource in ["projects", "portfolios", "goals"] {
            let (mut with, mut without) = (0, 0);
            for record in truth.records(resource, token) {
                let parent = record["gid"].as_str().unwrap();
                let updates = truth.list(&format!("/status_updates?parent={parent}"), token).unwrap();
                total += updates.len();
                let first = updates.first().unwrap_or(&Value::Null);
                let current = &record["current_status_update"];
                assert_eq!((&first["gid"], &first["title"]), (&current["gid"], &current["title"]), "{resource}");
                with += usize::from(current.is_object());
                without += usize::from(current.is_null());
                let moments: Vec<&str> = updates.iter().map(|it| it["created_at"].as_str().unwrap()).collect();
                assert!(moments.is_sorted_by(|newer, older| newer > older), "{moments:?}");
                assert!(moments.first().is_none_or(|newest| *newest < "2026-06-01"));
                let born = record.get("created_at").and_then(Value::as_str).unwrap_or_default();
                assert!(moments.iter().all(|moment| *moment > born));
                assert!(updates.iter().all(|update| update["parent"]["gid"] == parent));
                if resource == "projects" {
                    let old = &record["current_status"];
                    assert_eq!((&old["title"], &old["text"]), (&first["title"], &first["text"]));
                    assert_eq!(old["created_by"], first["created_by"]);
                }
            }
            // Goals shared with the guest are few.
            assert!(with > 0 && (without > 0 || token == GUEST_TOKEN), "{resource} of {token}: {with} {without}");
        }
        assert_eq!(total, truth.count("status_updates", token));
    }
}

#[test]
fn updates_are_listed_by_parent_and_asked_for_one_by_one() {
    let simulator = start_in_background(config(1_500)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let portfolio = gids(&truth.records("portfolios", ADMIN_TOKEN)).remove(0);
    let path =
        format!("/status_updates?parent={portfolio}&opt_fields=created_at,resource_subtype,parent.resource_type");
    let (updates, requests) = client.walk(&path, 100);
    assert_eq!((updates.len(), requests), (104, 2));
    assert!(updates.iter().all(|update| update["resource_subtype"] == "portfolio_status_update"));
    assert!(updates.iter().all(|update| update["parent"]["resource_type"] == "portfolio"));
    let middle = updates[50]["created_at"].as_str().unwrap();
    let (recent, _) = client.walk(&format!("{path}&created_since={middle}"), 100);
    assert_eq!(gids(&recent), gids(&updates)[..51]);

    for update in truth.records("status_updates", ADMIN_TOKEN) {
        let gid = update["gid"].as_str().unwrap();
        assert_eq!(truth.object(&format!("/status_updates/{gid}"), ADMIN_TOKEN).unwrap(), update);
    }
    let own = gids(&truth.records("status_updates", ADMIN_TOKEN));
    let all = gids(&truth.records("status_updates", SERVICE_TOKEN));
    let hidden = all.iter().find(|gid| !own.contains(gid)).unwrap();
    let reply = client.get(&format!("/status_updates/{hidden}"));
    assert_eq!((reply.status, reply.message()), (404, format!("status_update: Unknown object: {hidden}")));
    assert_eq!(client.get("/status_updates").message(), "parent: Missing input");
    let task = gids(&truth.records("tasks", ADMIN_TOKEN)).remove(0);
    assert_eq!(client.get(&format!("/status_updates?parent={task}")).status, 404);
}
