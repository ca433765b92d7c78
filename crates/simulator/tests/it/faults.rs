//! Faults that are answers, as a client meets them.

use asana_simulator::{ADMIN_TOKEN, Config, RunningSimulator, start_in_background};

use crate::client::{Client, gids};
use crate::pages::config;

pub(crate) fn with(rules: &[&str]) -> RunningSimulator {
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

#[test]
fn successes_can_be_no_answers() {
    let simulator = with(&[
        "when=request:1 what=html-200",
        "when=request:2 what=text-200",
        "when=request:3 what=errors-200",
        "when=request:4 what=empty-200",
    ]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let login = client.get("/users?limit=10");
    assert_eq!(
        (login.status, login.header("content-type"), login.header("asana-change")),
        (200, Some("text/html"), None)
    );
    assert!(login.body.starts_with(b"<!DOCTYPE html>"));
    let text = client.get("/users?limit=10");
    assert_eq!((text.status, text.header("content-type")), (200, Some("text/plain; charset=UTF-8")));
    let errors = client.get("/users?limit=10");
    assert_eq!((errors.status, errors.json().get("data")), (200, None));
    assert!(!errors.message().is_empty());
    let empty = client.get("/users?limit=10");
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    let right = client.get("/users?limit=10");
    assert_eq!(right.json()["data"], text.json()["data"], "only the type was wrong");
    assert_eq!(right.header("content-type"), Some("application/json; charset=UTF-8"));
}

#[test]
fn pages_can_be_too_large_or_too_heavy() {
    let simulator = with(&[
        "when=path:/tags* what=result-too-large",
        "when=path:/users* what=too-heavy:25:504",
        "when=path:/projects* what=too-heavy:0:500",
    ]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let tags = client.get("/tags?limit=100");
    assert_eq!((tags.status, tags.message().contains("The result is too large")), (400, true));
    let users = client.get("/users?limit=26");
    assert_eq!((users.status, users.header("content-type")), (504, Some("text/html")));
    assert_eq!(client.get("/users?limit=25").status, 200);
    assert_eq!(client.get("/users/me").status, 200, "no page, not too heavy");
    for path in ["/projects?limit=1", "/projects/1"] {
        let projects = client.get(path);
        assert_eq!((projects.status, projects.json()["errors"][0]["phrase"].is_string()), (500, true), "{path}");
    }
    let stats = simulator.stats();
    assert_eq!((stats.by_limit[&26].requests, stats.by_limit[&25].requests), (1, 1));
    assert_eq!((stats.by_fault["too-heavy:25:504"], stats.by_fault["too-heavy:0:500"]), (1, 2));
}

#[test]
fn a_storm_begins_and_ends() {
    let simulator = with(&["when=between:3-5 what=429:1"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let statuses: Vec<u16> = (0..7).map(|_| client.get("/users/me").status).collect();
    assert_eq!(statuses, [200, 200, 429, 429, 429, 200, 200]);
    let stats = simulator.stats();
    assert_eq!((stats.faults, stats.rejected, stats.repeated), (3, 0, 6));
}

#[test]
fn a_wait_can_be_anything() {
    let simulator = with(&[
        "when=request:1 what=429@soon",
        "when=request:2 what=429@-5",
        "when=request:3 what=429@99999999999",
        "when=request:4 what=429@Fri,_31_Dec_2027_23:59:59_GMT",
        "when=request:5 what=429@date:30",
        "when=request:6 what=429@",
    ]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let mut wait = || client.get("/users/me").header("retry-after").map(str::to_owned);
    for expected in ["soon", "-5", "99999999999", "Fri, 31 Dec 2027 23:59:59 GMT"] {
        assert_eq!(wait().as_deref(), Some(expected));
    }
    let date = wait().unwrap();
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
    assert_eq!(wait().as_deref(), Some(""));
    assert_eq!(wait(), None);
    assert_eq!(simulator.stats().by_status[&429], 6);
}

#[test]
fn whoever_follows_a_next_page_elsewhere_is_seen() {
    let simulator = with(&["when=path:/users* what=foreign-next-page"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let (page, right) = (client.get("/users?limit=10").json(), client.get("/tags?limit=2").json());
    let next = &page["next_page"];
    let (path, uri) = (next["path"].as_str().unwrap(), next["uri"].as_str().unwrap());
    assert!(uri.starts_with("http://localhost:"), "{uri}");
    assert!(right["next_page"]["uri"].as_str().unwrap().starts_with(simulator.origin()));
    let offset = next["offset"].as_str().unwrap();
    assert_eq!(client.get(&format!("/users?limit=10&offset={offset}")).status, 200);
    assert_eq!(simulator.stats().elsewhere, 0);
    assert_eq!(client.get(path).status, 404, "as a path it leads nowhere");
    let below = uri.split_once("/elsewhere/").unwrap().1;
    assert_eq!(client.raw(&format!("/elsewhere/{below}")).unwrap().status, 404);
    assert_eq!(simulator.stats().elsewhere, 2);
}
