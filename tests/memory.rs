//! How much memory a run takes, and how little more it takes for a larger workspace. Linux says what a process had at
//! most; elsewhere this says that it was skipped.

use std::time::Duration;

use asana_simulator::{Config, Limits, Quota, SERVICE_TOKEN, Size};

use crate::support::{Export, start, unlimited};

const MIB: u64 = 1 << 20;
/// Whatever the size of the workspace.
const MOST: u64 = 128 * MIB;
/// What each further task may take.
const BYTES_PER_TASK: u64 = 32;
/// By so much two peaks may differ for other reasons: how many answers were in hand at once, and how many runs of sorted
/// records were merged, of which each takes a buffer, up to a fixed number. What grows by 200 bytes a task is far above.
const NOISE: u64 = 4 * MIB;
/// glibc gives the memory of large buffers back at once only as long as none was freed, unless a size is set. What it keeps
/// instead differs from run to run by more than what is measured here, and is the same for small workspaces and large ones.
const ALLOCATOR: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "131072")];

/// The most memory that an export had at once, in bytes.
fn peak(tasks: u32) -> u64 {
    let limits = Limits { standard: Quota::Unlimited, search_per_minute: u32::MAX, ..Limits::default() };
    let simulator = start(Config { limits, size: Size::for_tasks(tasks), ..unlimited(1, 0) });
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"))
        .set("format", "csv")
        .set("only", "tasks")
        .set("memory", "16MiB")
        .set("concurrency", "4");
    let program = ALLOCATOR.iter().fold(export.program(), |program, (name, value)| program.env(name, value));
    let mut running = program.spawn();
    let mut peak = 0;
    while !running.is_over() {
        // Nothing is told of a process that has just ended.
        peak = running.peak_bytes().unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    running.wait().exits(0);
    peak
}

#[test]
fn a_larger_workspace_takes_hardly_more_memory() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: only Linux says how much memory a process had");
        return;
    }
    let (few, many) = (10_000, 35_000);
    let allowed = u64::from(many - few) * BYTES_PER_TASK + NOISE;
    // What grows with the workspace does so each time; what a busy machine holds up does not.
    let mut tries = 3;
    loop {
        let (small, large) = (peak(few), peak(many));
        assert!(small > MIB && large < MOST, "{small} bytes, {large} bytes");
        let grown = large.saturating_sub(small);
        if grown <= allowed {
            return;
        }
        tries -= 1;
        assert!(tries > 0, "{small} bytes for {few} tasks, {large} for {many}: more than {allowed} further ones");
    }
}
