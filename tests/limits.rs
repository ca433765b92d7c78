//! Asana's limits: never exceeded by our own pace, and obeyed when Asana says so.
//!
//! Simulated minutes pass faster, and a request's way through a busy machine does not: it may take ten times as long as the
//! pace allows for, or more. So the rate asked for leaves room for that (`scaled`).

use std::time::Duration;

use asana_simulator::{ADMIN_TOKEN, Config, Latency, Limits, Plan, Quota, SERVICE_TOKEN, Size};

use crate::support::{Export, assert_tables, expected, start, start_with_faults, unlimited};

/// `--rate` for a quota per simulated minute.
fn scaled(quota: u32, scale: u32) -> String {
    (quota * scale * 9 / 10).to_string()
}

fn milliseconds(fixed: u64, jitter: u64) -> Latency {
    Latency { fixed: Duration::from_millis(fixed), jitter: Duration::from_millis(jitter) }
}

#[track_caller]
fn no_rejection(plan: Plan, quota: u32, scale: u32, tasks: u32) {
    let config = Config {
        plan,
        size: Size::for_tasks(tasks),
        latency: milliseconds(2, 5),
        time_scale: f64::from(scale),
        ..Config::default()
    };
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("rate", &scaled(quota, scale));
    let folder = export.ends_with(if plan == Plan::Free { 3 } else { 0 });
    let stats = simulator.stats();
    assert_eq!((stats.rejected, stats.during_pause), (0, 0), "{stats:?}");
    assert!(stats.peak_in_flight <= 40, "{}", stats.peak_in_flight);
    assert!(stats.peak_per_minute <= quota, "{}", stats.peak_per_minute);
    assert!(stats.peak_per_minute >= quota / 2, "the pace was never near the quota: {}", stats.peak_per_minute);
    assert_tables(&folder, &expected::tables(&simulator.truth(), ADMIN_TOKEN));
}

#[test]
fn a_free_plans_quota_is_never_exceeded() {
    no_rejection(Plan::Free, 150, 60, 150);
}

#[test]
fn a_paid_plans_quota_is_never_exceeded() {
    no_rejection(Plan::Paid, 1_500, 10, 1_000);
}

#[test]
fn requests_in_flight_stay_under_the_limit_asked_for() {
    for (concurrency, most) in [(None, 40), (Some("50"), 50), (Some("3"), 3)] {
        let simulator = start(Config { latency: milliseconds(20, 10), ..unlimited(1, 40) });
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"));
        concurrency.map_or(export.clone(), |value| export.set("concurrency", value)).complete();
        let stats = simulator.stats();
        assert_eq!(stats.rejected_by_concurrency, 0);
        assert!(stats.peak_in_flight <= most, "{} of {most}", stats.peak_in_flight);
        assert!(stats.peak_in_flight >= most.min(30), "{} of {most} used", stats.peak_in_flight);
    }
}

#[test]
fn connections_are_used_again_for_one_request_after_another() {
    for concurrency in [1, 40] {
        let simulator = start(Config { latency: milliseconds(5, 10), ..unlimited(1, 100) });
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"));
        export.set("concurrency", &concurrency.to_string()).complete();
        let stats = simulator.stats();
        // One is made when none is free, and one may become free meanwhile.
        assert!(stats.connections <= 2 * concurrency, "{} for {} requests", stats.connections, stats.requests);
        assert!(stats.requests > 4 * concurrency, "{}", stats.requests);
        assert_eq!(stats.accepting_gzip, stats.requests, "answers may come compressed");
    }
}

#[test]
fn a_retry_after_pauses_everyone() {
    let config = Config { latency: milliseconds(20, 20), ..unlimited(1, 150) };
    let simulator = start_with_faults(config, &["when=request:60 what=429:2", "when=request:200 what=429:1"]);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    let stats = simulator.stats();
    assert_eq!(stats.by_status.get(&429), Some(&2));
    assert_eq!(stats.during_pause, 0, "nobody sends while a Retry-After runs");
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
}

#[test]
fn a_quota_lower_than_believed_is_learned_and_the_export_complete() {
    let limits = Limits { standard: Quota::PerMinute(300), ..Limits::default() };
    let config = Config { limits, time_scale: 60.0, latency: milliseconds(5, 5), ..unlimited(1, 400) };
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("rate", "60000").complete();
    let stats = simulator.stats();
    assert!(stats.rejected > 0, "the rate asked for was beyond the quota");
    assert!(stats.rejected < 200, "rejections end quickly: {}", stats.rejected);
    assert_eq!(stats.during_pause, 0);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
}

#[test]
fn answers_that_overdraw_a_limit_of_cost_are_waited_for() {
    // A minute passes in a second, so that each pause is short.
    let limits = Limits { cost_per_minute: Some(2_000), ..unlimited(1, 60).limits };
    let simulator = start(Config { limits, time_scale: 60.0, ..unlimited(1, 60) });
    let out = tempfile::tempdir().unwrap();
    // With many in flight and short waits, it could be their number as well.
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("concurrency", "5");
    let folder = export.complete();
    let stats = simulator.stats();
    assert!(stats.rejected_by_cost > 0, "the limit was never met: {stats:?}");
    assert_eq!((stats.rejected, stats.during_pause), (stats.rejected_by_cost, 0), "{stats:?}");
    assert!(stats.by_limit.contains_key(&50), "smaller pages are asked for: {:?}", stats.by_limit);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    let reasons = &folder.manifest()["requests"]["retries_by_reason"];
    assert_eq!(reasons["429 cost"], stats.rejected_by_cost, "{reasons}");
}

#[test]
fn fewer_requests_are_in_flight_where_asana_allows_fewer() {
    let limits = Limits { concurrent: 15, ..unlimited(1, 150).limits };
    let config = Config { limits, latency: milliseconds(30, 10), time_scale: 60.0, ..unlimited(1, 150) };
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    let stats = simulator.stats();
    assert_eq!((stats.rejected, stats.during_pause), (stats.rejected_by_concurrency, 0), "{stats:?}");
    assert!((1..100).contains(&stats.rejected), "learned within a few rejections: {}", stats.rejected);
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    let reasons = &folder.manifest()["requests"]["retries_by_reason"];
    assert!(reasons["429 concurrency"].as_u64().is_some_and(|times| times > 0), "{reasons}");
}
