//! Injected faults as a client meets them.

use asana_simulator::{ADMIN_TOKEN, Config, RunningSimulator, start_in_background};

use crate::client::{Client, gids};
use crate::pages::config;

fn with(rules: &[&str]) -> RunningSimulator {
    let faults = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    start_in_background(Config { faults, ..config(1_500) }).unwrap()
}

#[test]
fn answers_fail_in_every_way() {
    let simulator = with(&[
        "when=request:1 what=500",
        "when=request:2 what=502",
        "when=request:3 what=429:7",
        "when=request:4 what=429",
        "when=request:5 what=garbage",
        "when=request:6 what=451",
        "when=path:/tags* what=402",
    ]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let first = client.get("/workspaces");
    assert_eq!((first.status, first.json()["errors"][0]["phrase"].is_string()), (500, true));
    let second = client.get("/workspaces");
    assert_eq!((second.status, second.header("content-type")), (502, Some("text/html")));
    let third = client.get("/workspaces");
    assert_eq!((third.status, third.header("retry-after")), (429, Some("7")));
    let fourth = client.get("/workspaces");
    assert_eq!((fourth.status, fourth.header("retry-after")), (429, None));
    let fifth = client.get("/workspaces");
    assert_eq!((fifth.status, serde_json::from_slice::<serde_json::Value>(&fifth.body).is_err()), (200, true));
    assert_eq!(client.get("/workspaces").status, 451);
    assert_eq!(client.get("/workspaces").status, 200);
    assert_eq!(client.get("/tags?limit=100").status, 402);
    assert_eq!(simulator.stats().faults, 7);
}

#[test]
fn connections_break_before_and_within_an_answer() {
    let simulator = with(&["when=request:2 what=drop", "when=request:3 what=cut"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(client.get("/users?limit=100").status, 200);
    assert!(client.try_get("/users?limit=100").is_err());
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let broken = client.try_get("/users?limit=100").err().unwrap();
    assert_eq!(broken.kind(), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get("/users?limit=100").status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.dropped, stats.by_status[&200]), (4, 2, 2));
}

#[test]
fn pages_can_be_empty_or_repeated_without_losing_rows() {
    let simulator =
        with(&["when=path:/users*offset* what=empty-page times=2", "when=path:/tags* what=repeat-offset times=1"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let (users, requests) = client.walk("/users", 20);
    let truth = simulator.truth();
    assert_eq!(gids(&users), truth.listing("/users", ADMIN_TOKEN).unwrap());
    assert_eq!(requests, truth.pages("/users", ADMIN_TOKEN, 20).unwrap() + 2);
    let (tags, _) = client.walk("/tags", 20);
    assert_eq!(gids(&tags)[..20], gids(&tags)[20..40]);
}
