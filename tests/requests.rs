//! Request-minimal: Asana is asked exactly what the formula says, nothing twice.

use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, Limits, Plan, SERVICE_TOKEN, Size};

use crate::support::{Export, requests, start, unlimited};

/// `beyond`: requests that look around before the listings: whose token it is, what plan it is.
#[track_caller]
fn check(config: Config, token: &str, rate: &str, beyond: u64) {
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, token, &out.path().join("out")).set("rate", rate).complete();
    let stats = simulator.stats();
    assert_eq!(stats.requests, requests::needed(&simulator.truth(), token) + beyond, "{:?}", stats.by_route);
    assert_eq!((stats.repeated, stats.rejected), (0, 0), "{:?}", stats.by_route);
    assert_eq!(stats.by_status.keys().collect::<Vec<_>>(), [&200], "{:?}", stats.by_status);
    let manifest = folder.manifest().to_string();
    assert!(manifest.contains(&stats.requests.to_string()), "the manifest tells the requests made: {manifest}");
}

#[test]
fn a_full_export_asks_what_the_formula_says() {
    check(unlimited(1, 150), SERVICE_TOKEN, "none", 2);
    check(unlimited(7, 400), ADMIN_TOKEN, "none", 2);
}

#[test]
fn a_guest_asks_about_what_they_see_only() {
    check(unlimited(7, 400), GUEST_TOKEN, "none", 2);
}

#[test]
fn listings_longer_than_a_page_are_asked_page_by_page() {
    let size = Size { users: 230, tags: 210, projects: 4, teams: 3, ..Size::for_tasks(350) };
    check(Config { size, ..unlimited(3, 0) }, ADMIN_TOKEN, "none", 2);
}

/// A world small enough for the real pace of a plan.
fn tiny() -> Size {
    Size { users: 5, guests: 1, departed: 2, teams: 1, projects: 1, tags: 1, tasks: 8, ..Size::for_tasks(8) }
}

#[test]
fn finding_out_the_plan_costs_one_request() {
    let config = Config { size: tiny(), limits: Limits::default(), ..unlimited(2, 0) };
    check(config, ADMIN_TOKEN, "auto", 3);
}

#[test]
fn the_probe_tells_a_free_plan() {
    let simulator = start(Config { plan: Plan::Free, size: tiny(), ..Config::default() });
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"));
    let export = export.set("rate", "auto").set("only", "tags").set("progress", "plain");
    export.run().exits(0).says(&["150"]);
    let stats = simulator.stats();
    assert_eq!(stats.by_status.get(&402), Some(&1));
    assert_eq!(stats.requests, 5, "{:?}", stats.by_route);
}
