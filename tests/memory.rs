//! How much memory a run takes, and how little more it takes for a larger workspace. Linux says what a process took at
//! most; elsewhere these tests say that they were skipped.

use std::time::Duration;

use asana_simulator::{Config, Limits, Quota, SERVICE_TOKEN, Size};

use crate::support::{Export, start, unlimited};

const MIB: u64 = 1 << 20;
/// Whatever the size of the workspace.
const MOST: u64 = 128 * MIB;
/// What each further task may take, with all that hangs from it.
const BYTES_PER_TASK: u64 = 32;
/// By so much the peaks of two runs may differ for other reasons: how many answers were in hand at once, and how large.
const NOISE: u64 = 4 * MIB;

/// The peak of the resident memory of a run with `tasks` tasks, in bytes.
fn peak(tasks: u32, options: &[(&str, &str)]) -> u64 {
    let limits = Limits { standard: Quota::Unlimited, search_per_minute: u32::MAX, ..Limits::default() };
    let simulator =
        start(Config { limits, size: Size { stories_per_task: 1, ..Size::for_tasks(tasks) }, ..unlimited(1, 0) });
    let out = tempfile::tempdir().unwrap();
    let usual = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("format", "csv");
    let export = options.iter().fold(usual, |export, (flag, value)| export.set(flag, value));
    let mut running = export.program().spawn();
    let mut peak = 0;
    while !running.is_over() {
        // A process that ended, and that nobody waited for yet, has no memory any more.
        peak = running.peak_bytes().unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(10));
    }
    running.wait().exits(0);
    assert!(peak > MIB, "the peak was not seen: {peak}");
    peak
}

#[test]
fn a_workspace_four_times_as_large_takes_hardly_more_memory() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: only Linux says how much memory a process took");
        return;
    }
    let options = [("only", "tasks"), ("memory", "16MiB"), ("concurrency", "4")];
    let [small, large] = [15_000, 60_000].map(|tasks| (u64::from(tasks), peak(tasks, &options)));
    eprintln!("{small:?} {large:?}");
    assert!(large.1 < MOST, "{} MiB", large.1 / MIB);
    let grown = large.1.saturating_sub(small.1);
    let allowed = (large.0 - small.0) * BYTES_PER_TASK + NOISE;
    let each = grown / (large.0 - small.0);
    assert!(grown <= allowed, "{each} bytes for each further task: {small:?}, {large:?}");
}
