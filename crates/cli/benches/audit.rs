//! How fast an audit is, and how much memory it takes, over an export of a simulated workspace.
//!
//! ```text
//! cargo bench --bench audit -- --tasks 1000,100000
//! ```
//!
//! The export is made first, of everything, and is no part of what is measured; the audit is a process of its own. Nothing
//! is asserted about time; a run that fails is an error.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use asana_simulator::{Config, Limits, Plan, Quota, SERVICE_TOKEN, Size, start_in_background};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_asana-workspace");
const USAGE: &str = "usage: cargo bench --bench audit -- [--tasks N,N,…]";

/// How often the auditing process is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let mut sizes = vec![1_000];
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--tasks" => {
                let value = arguments.next().ok_or(USAGE)?;
                sizes = value.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| USAGE)?;
            }
            other => return Err(format!("unknown argument {other}; {USAGE}").into()),
        }
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{:>8} {:>8} {:>9} {:>8} {:>9}", "tasks", "rules", "findings", "audit s", "peak MiB")?;
    for tasks in sizes {
        measure(tasks, &mut out)?;
        out.flush()?;
    }
    Ok(())
}

fn measure(tasks: u32, out: &mut impl Write) -> Result<()> {
    let folder = tempfile::tempdir()?;
    export(tasks, folder.path())?;
    let began = Instant::now();
    let mut audit = Command::new(PROGRAM);
    audit.args(["audit", "export"]).current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
    let mut process = audit.spawn()?;
    let mut peak_kib = None;
    let status = loop {
        peak_kib = peak_memory(process.id()).or(peak_kib);
        if let Some(status) = process.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let took = began.elapsed();
    if !status.success() {
        return Err(format!("the audit of {tasks} tasks ended with {status}").into());
    }
    let audit: Value = serde_json::from_slice(&fs::read(folder.path().join("export/audit/findings.json"))?)?;
    let length = |key: &str| audit.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let peak = peak_kib.map_or_else(|| "n/a".to_owned(), |kib| (kib / 1024).to_string());
    let (rules, findings) = (length("rules"), length("findings"));
    writeln!(out, "{tasks:>8} {rules:>8} {findings:>9} {:>8.2} {peak:>9}", took.as_secs_f64())?;
    Ok(())
}

/// Exports a simulated Enterprise workspace into the folder `export` below the given one.
fn export(tasks: u32, folder: &Path) -> Result<()> {
    let limits = Limits { standard: Quota::Unlimited, search_per_minute: u32::MAX, ..Limits::default() };
    let config = Config { size: Size::for_tasks(tasks), plan: Plan::Enterprise, limits, ..Config::default() };
    let simulator = start_in_background(config)?;
    let output = Command::new(PROGRAM)
        .args(["export", "--progress=none", "--rate=none", "--only=all", "--skip=reactions", "--out=export"])
        .arg(format!("--base-url={}", simulator.base_url()))
        .env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    if !matches!(output.status.code(), Some(0 | 3)) {
        return Err(
            format!("the export ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into()
        );
    }
    Ok(())
}

/// The most memory a process has had resident so far, in KiB, where the system tells.
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
