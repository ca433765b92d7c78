//! Quotas, pauses and counts.

use std::time::{Duration, Instant};

use asana_simulator::{ADMIN_TOKEN, Config, Latency, MEMBER_TOKEN, Plan, Quota, start_in_background};
use serde_json::Value;

use crate::client::Client;
use crate::pages::config;

#[test]
fn the_quota_is_per_token_and_minute() {
    let mut config = config(100);
    config.plan = Plan::Free;
    config.limits.standard = Quota::OfPlan;
    let simulator = start_in_background(config).unwrap();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    for _ in 0..150 {
        assert_eq!(client.get("/workspaces").status, 200);
    }
    let refused = client.get("/workspaces");
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(refused.header("x-ratelimit-remaining").is_none());
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(client.get("/workspaces").status, 429);
    assert_eq!(Client::new(&simulator, MEMBER_TOKEN).get("/workspaces").status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.rejected, stats.rejected_by_standard), (153, 2, 2));
    assert_eq!((stats.peak_per_minute, stats.during_pause, stats.repeated), (152, 1, 151));
    assert_eq!(stats.by_status[&429], 2);
    assert_eq!(stats.by_route["/workspaces"], 153);
}

#[test]
fn simulated_minutes_pass_faster() {
    let mut config = Config { time_scale: 120.0, ..config(100) };
    config.limits.standard = Quota::PerMinute(10);
    let simulator = start_in_background(config).unwrap();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let statuses: Vec<u16> = (0..11).map(|_| client.get("/workspaces").status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 1);
    // Half a real second is a simulated minute; the header knows whole seconds only.
    let refused = client.get("/workspaces");
    assert_eq!(refused.header("retry-after"), Some("1"));
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(client.get("/workspaces").status, 200);
}

#[test]
fn searches_have_sixty_a_minute() {
    let simulator = start_in_background(config(100)).unwrap();
    let path = format!("/workspaces/{}/tasks/search?limit=1", simulator.truth().workspace_gid());
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let answered = (0..65).filter(|_| client.get(&path).status == 200).count();
    assert_eq!(answered, 60);
    assert_eq!(simulator.stats().rejected_by_search, 5);
    assert_eq!(client.get("/workspaces").status, 200);
}

#[test]
fn too_many_at_once_are_refused() {
    let latency = Latency { fixed: Duration::from_millis(300), jitter: Duration::from_millis(20) };
    let mut config = Config { latency, ..config(100) };
    config.limits.concurrent = 5;
    let simulator = start_in_background(config).unwrap();
    let begin = Instant::now();
    let answered: usize = std::thread::scope(|scope| {
        let ask = || usize::from(Client::new(&simulator, ADMIN_TOKEN).get("/workspaces").status == 200);
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(answered, 5);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    let stats = simulator.stats();
    assert_eq!((stats.peak_in_flight, stats.rejected_by_concurrency), (5, 3));
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get("/workspaces").status, 200);
}

#[test]
fn statistics_are_served_without_a_token() {
    let simulator = start_in_background(config(100)).unwrap();
    Client::new(&simulator, ADMIN_TOKEN).get("/users/me");
    let reply = Client::new(&simulator, "").raw("/simulator/stats").unwrap();
    let stats = reply.json();
    assert_eq!((stats["requests"].as_u64(), stats["by_route"]["/users/{}"].as_u64()), (Some(1), Some(1)));
    assert_eq!(stats["connections"].as_u64(), Some(2), "the one that asks for them is the second");
    std::thread::sleep(Duration::from_millis(5));
    assert!(simulator.stats().quiet_us >= 5_000);
    simulator.reset_stats();
    assert_eq!((simulator.stats().requests, simulator.stats().connections), (0, 0));
}

#[test]
fn dear_answers_overdraw_a_quota_and_smaller_pages_do_not() {
    let mut config = config(1_500);
    config.limits.cost_per_minute = Some(300);
    let simulator = start_in_background(config).unwrap();
    let path = |limit: u32| format!("/projects?limit={limit}&opt_fields=followers,members");
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(client.get(&path(2)).status, 200);
    let dear = client.get(&path(100));
    assert_eq!(dear.status, 200, "its cost is known when it is built");
    let records = dear.json()["data"].as_array().unwrap().clone();
    let references =
        |record: &Value| record["followers"].as_array().unwrap().len() + record["members"].as_array().unwrap().len();
    let links: usize = records.iter().map(|record| 1 + references(record)).sum();
    assert_eq!(simulator.stats().by_limit[&100].cost, u64::try_from(links).unwrap());
    assert_eq!(client.get(&path(100)).status, 429);
    let refused = client.get("/users/me");
    let message = "You have made too many requests recently. Please, be chill.";
    assert_eq!((refused.status, refused.message().as_str()), (429, message));
    let stats = simulator.stats();
    let overdrawn = stats.cost - 300;
    // 300 a minute come back, and some of it has since.
    let (wait, expected) = (refused.header("retry-after").unwrap().parse::<u64>().unwrap(), overdrawn * 60 / 300);
    assert!((expected.saturating_sub(3)..=expected + 1).contains(&wait), "{wait} s for {overdrawn}");
    assert_eq!((stats.rejected_by_cost, stats.rejected), (2, 2));
    let (small, large) = (stats.by_limit[&2], stats.by_limit[&100]);
    assert_eq!((small.rejected, large.rejected), (0, 1));
    assert!(small.cost * 2 < large.cost, "{small:?} {large:?}");
    assert_eq!(Client::new(&simulator, MEMBER_TOKEN).get("/users/me").status, 200, "each token has its own");
}
