//! Stopping an export somewhere in its middle, and what its archive holds then.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use asana_archive::{Entry, Reader};
use asana_simulator::RunningSimulator;

use super::program::{Ended, Export};

/// What the program asks each time it begins.
const FIRST_CALLS: &[&str] = &["/users/me", "/workspaces", "/users/me/workspace_memberships"];

/// When an export is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// After so many requests of this run.
    Requests(u64),
    /// When so many files of tables were begun by this run.
    Files(usize),
}

/// Starts an export and sends it a signal at a point, or when it is over before. Gives back what became of it.
#[track_caller]
pub(crate) fn stopped_at(point: Point, signal: &str, simulator: &RunningSimulator, export: &Export) -> Ended {
    let tables = export.out().join("csv");
    let (before, began) = (simulator.stats().requests, Instant::now());
    let mut running = export.program().spawn();
    // Tables that an earlier run began are removed first, and only then is anything of them asked.
    let mut is_new = false;
    loop {
        let requests = simulator.stats().requests - before;
        is_new |= !tables.exists() || requests > 3;
        let is_there = match point {
            Point::Requests(wanted) => requests >= wanted,
            Point::Files(wanted) => is_new && fs::read_dir(&tables).is_ok_and(|files| files.count() >= wanted),
        };
        if is_there || running.is_over() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it hangs before {point:?}");
        std::thread::sleep(Duration::from_micros(500));
    }
    running.signal(signal);
    running.wait()
}

/// The questions whose listings are in the archive to their end, as the simulator's log names them.
pub(crate) fn archived(out: &Path) -> BTreeSet<String> {
    let archive = out.join("archive");
    if !archive.exists() {
        return BTreeSet::new();
    }
    let mut questions = BTreeSet::new();
    let mut reader = Reader::open_recovering(&archive).unwrap();
    while let Some(entry) = reader.next_entry().unwrap() {
        let Entry::Page(page) = entry else { continue };
        if page.last && (200..500).contains(&page.status) {
            let path = page.path.trim_end_matches("limit=100").trim_end_matches(['?', '&']);
            questions.insert(path.to_owned());
        }
    }
    questions
}

/// Whether a question is asked by every run, whatever is in the archive: when it begins, and at its end, when it asks
/// what has changed by then.
pub(crate) fn is_always_asked(question: &str) -> bool {
    FIRST_CALLS.contains(&question) || question.contains("modified_since=") || question.contains("modified_at.after=")
}
