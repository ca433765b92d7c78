//! How fast two exports are compared, and how much memory that takes.
//!
//! ```text
//! cargo bench --bench diff -- --tasks 1000,100000 [--stories 6]
//! ```
//!
//! Two comparisons of each size, both written as CSV: of an export with one of the same workspace a few changes later, and
//! with one of another workspace, in which no row is the same. Nothing is asserted about time.

mod support;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::{Failure, LOOK_EVERY, Process, Result, Simulator, float, number, numbers, peak_memory, program};

const USAGE: &str = "usage: cargo bench --bench diff -- [--tasks N,N,…] [--stories N]";

/// What `diff` says when there are differences.
const DIFFERENCES: i32 = 11;

fn main() -> Result<()> {
    run().map_err(|error| Failure(error.to_string()).into())
}

fn run() -> Result<()> {
    let (mut tasks, mut stories) = (vec![1000], 6);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--tasks" => tasks = numbers(&argument, arguments.next(), USAGE)?,
            "--stories" => stories = number(&argument, arguments.next(), USAGE)?,
            other => return Err(format!("unknown argument {other}; {USAGE}").into()),
        }
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:>8} {:>14} {:>10} {:>10} {:>8} {:>9}",
        "tasks", "compared with", "rows", "lines", "seconds", "peak MiB"
    )?;
    for tasks in tasks {
        let folder = tempfile::tempdir()?;
        let changes: Vec<String> =
            (0..40).map(|task| format!("--change=when=requests:1 what=edit task={task} name=Renamed")).collect();
        export(folder.path(), "old", tasks, stories, 1, &[])?;
        export(folder.path(), "later", tasks, stories, 1, &changes)?;
        export(folder.path(), "other", tasks, stories, 2, &[])?;
        for (name, new) in [("a later one", "later"), ("another one", "other")] {
            let (took, peak) = compare(folder.path(), new)?;
            let (rows, lines) = (rows(folder.path())?, lines(&folder.path().join("changes.csv"))?);
            let peak = peak.map_or("n/a".to_owned(), |kib| format!("{:.1}", float(kib) / 1024.0));
            writeln!(out, "{tasks:>8} {name:>14} {rows:>10} {lines:>10} {:>8.2} {peak:>9}", took.as_secs_f64())?;
            out.flush()?;
        }
    }
    Ok(())
}

fn export(folder: &Path, name: &str, tasks: u32, stories: u32, seed: u32, changes: &[String]) -> Result<()> {
    let mut arguments = vec!["simulate".to_owned(), "--port=0".to_owned(), "--rate=none".to_owned()];
    arguments.extend([format!("--tasks={tasks}"), format!("--stories={stories}"), format!("--seed={seed}")]);
    arguments.extend_from_slice(changes);
    let simulator = Simulator::start(&arguments, folder)?;
    let status = program(folder)
        .args(["export", "--progress=none", "--rate=none"])
        .arg(format!("--out={name}"))
        .arg(format!("--base-url=http://{}/api/1.0", simulator.address()))
        .env("ASANA_ACCESS_TOKEN", asana_simulator::SERVICE_TOKEN)
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("the export {name} ended with {status}").into()) }
}

/// How long it took, and the most memory it had, in KiB.
fn compare(folder: &Path, new: &str) -> Result<(Duration, Option<u64>)> {
    let began = Instant::now();
    let child = program(folder)
        .args(["diff", "old", new, "--force", "--format=csv", "--out=changes.csv"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut process = Process(child);
    let mut peak = None;
    loop {
        peak = peak_memory(process.0.id()).or(peak);
        match process.0.try_wait()? {
            Some(status) if status.code() == Some(DIFFERENCES) => return Ok((began.elapsed(), peak)),
            Some(status) => return Err(format!("the comparison ended with {status}").into()),
            None => std::thread::sleep(LOOK_EVERY),
        }
    }
}

/// Rows of the first export.
fn rows(folder: &Path) -> Result<u64> {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("old/manifest.json"))?)?;
    let tables = manifest.get("tables").and_then(serde_json::Value::as_array);
    Ok(tables.into_iter().flatten().map(|table| support::count(table, "rows")).sum())
}

fn lines(path: &Path) -> Result<usize> {
    Ok(fs::read(path)?.split(|byte| *byte == b'\n').count().saturating_sub(1))
}
