//! A long run against a server that is always in some trouble: it ends complete.

use asana_simulator::{Config, Limits, Quota, SERVICE_TOKEN, Size};

use crate::support::compare::assert_csv_tables;
use crate::support::{Export, Folder, expected, start_with_faults, unlimited};

const REQUESTS: u64 = 20_000;

/// Five requests in a hundred fail in some way, and one connection in a hundred breaks.
const FAULTS: &[&str] = &[
    "when=chance:0.01 what=500",
    "when=chance:0.01 what=502",
    "when=chance:0.01 what=503",
    "when=chance:0.005 what=504",
    "when=chance:0.005 what=garbage",
    "when=chance:0.005 what=cut",
    "when=chance:0.005 what=slow:50",
    "when=chance:0.01 what=drop",
];

#[test]
fn twenty_thousand_requests_through_constant_trouble_end_complete() {
    let limits = Limits { standard: Quota::Unlimited, search_per_minute: u32::MAX, ..Limits::default() };
    // Few stories, but those of every task are asked for.
    let size = Size { stories_per_task: 1, ..Size::for_tasks(11_500) };
    let simulator = start_with_faults(Config { limits, size, ..unlimited(3, 0) }, FAULTS);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    Export::new(&simulator, SERVICE_TOKEN, &path).set("format", "csv").run().exits(0);
    let stats = simulator.stats();
    assert!(stats.requests >= REQUESTS, "{stats:?}");
    assert!(stats.faults > REQUESTS * 5 / 100, "{stats:?}");
    assert_csv_tables(&Folder::new(&path), expected::tables(&simulator.truth(), SERVICE_TOKEN));
}
