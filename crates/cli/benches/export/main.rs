//! The whole tool, against a simulated Asana in a process of its own, and beside each figure the least that can be had.
//!
//! ```text
//! cargo bench --bench export                     all workloads
//! cargo bench --bench export -- --only paid      those with that in their names
//! cargo bench --bench export -- --divide 100     all of them with a hundredth of the tasks
//! ```
//!
//! Without limits, the floor is a bare client that downloads the same pages with 40 connections and throws them away, in the
//! same run. Under a quota, it is the requests divided by the rate, or the searches by theirs if that takes longer;
//! simulated minutes pass faster then, and answers take as long as Asana's. Nothing is asserted about time; a run that
//! fails is an error.

#[path = "../support/mod.rs"]
mod support;

mod floor;
mod formula;
mod workload;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use asana_simulator::SERVICE_TOKEN;
use serde_json::Value;

use floor::Recorder;
use support::{
    Failure, LOOK_EVERY, Process, Result, Simulator, count, cpu_of_children, float, number, peak_memory, program,
};
use workload::{Limits, Workload};

const USAGE: &str = "usage: cargo bench --bench export -- [--only TEXT] [--divide N]";

/// How often the simulator is asked what it served so far.
const ASK_EVERY: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    run().map_err(|error| Failure(error.to_string()).into())
}

fn run() -> Result<()> {
    let (mut only, mut divisor) = (String::new(), 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--only" => only = arguments.next().ok_or(USAGE)?,
            "--divide" => divisor = number(&argument, arguments.next(), USAGE)?.max(1),
            other => return Err(format!("unknown argument {other}; {USAGE}").into()),
        }
    }
    let workloads: Vec<Workload> =
        Workload::all(divisor).into_iter().filter(|workload| workload.name.contains(&only)).collect();
    if workloads.is_empty() {
        return Err(format!("no workload has {only} in its name").into());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{HEAD}\n{}", HEAD.replace(|character| character != '|', "-"))?;
    for workload in &workloads {
        let row = measure(workload)?;
        writeln!(out, "{row}")?;
        out.flush()?;
    }
    Ok(())
}

const HEAD: &str = "| workload | tasks | stories | requests | beyond formula | fetch s | floor s | fetch ÷ floor | library s | build s | CPU s | records/s | peak MiB | quota used | 429s | in flight |";

/// Task search, as the simulator names it.
const SEARCH: &str = "/workspaces/{}/tasks/search";

/// What the simulator had served at some time of the run.
struct Sample {
    at: Duration,
    requests: u64,
}

struct Exported {
    status: ExitStatus,
    began: Instant,
    took: Duration,
    cpu: Option<Duration>,
    peak_kib: Option<u64>,
    samples: Vec<Sample>,
}

fn measure(workload: &Workload) -> Result<Row> {
    let folder = tempfile::tempdir()?;
    let simulator = Simulator::start(&workload.simulate(), folder.path())?;
    let recorded = match workload.limits {
        Limits::Off => Some(record(workload, &simulator, folder.path())?),
        Limits::Plan { .. } => None,
    };
    let before = simulator.stats()?;
    if workload.resumed {
        let half = recorded.as_ref().map_or(0, |asked| asked.len() as u64 / 2);
        export(workload, simulator.address(), folder.path(), Some((&simulator, half)))?;
    }
    let exported = export(workload, simulator.address(), folder.path(), Some((&simulator, u64::MAX)))?;
    let stats = simulator.stats()?;
    // From the start of the process to the last answer.
    let fetch = exported.began.elapsed().saturating_sub(Duration::from_micros(count(&stats, "quiet_us")));
    succeeded(workload, &exported, folder.path())?;
    let manifest: Value = serde_json::from_slice(&fs::read(folder.path().join("export/manifest.json"))?)?;
    let again = |by: fn(&str, &str, &[String]) -> Result<Duration>| {
        recorded.as_ref().map(|asked| by(simulator.address(), SERVICE_TOKEN, asked)).transpose()
    };
    let (floor, library) = (again(floor::download)?, again(floor::download_by_library)?);
    Ok(Row { library, ..Row::new(workload, &exported, fetch, (&before, &stats), &manifest, floor) })
}

fn succeeded(workload: &Workload, exported: &Exported, folder: &Path) -> Result<()> {
    // 3: something is not in the plan, which is as it should be on a free one.
    if exported.status.success() || exported.status.code() == Some(3) {
        return Ok(());
    }
    let said = fs::read_to_string(folder.join("stderr"))?;
    Err(format!("the export of {} ended with {}:\n{said}", workload.name, exported.status).into())
}

/// What an export asks, by one that is not measured.
fn record(workload: &Workload, simulator: &Simulator, folder: &Path) -> Result<Vec<String>> {
    let recorder = Recorder::start(simulator.address())?;
    let exported = export(workload, recorder.address(), folder, None)?;
    succeeded(workload, &exported, folder)?;
    fs::remove_dir_all(folder.join("export"))?;
    Ok(recorder.asked())
}

/// Runs an export to its end, or until the simulator has served so many more requests, watching its memory and what it
/// asks.
fn export(workload: &Workload, address: &str, folder: &Path, watched: Option<(&Simulator, u64)>) -> Result<Exported> {
    let cpu_before = cpu_of_children();
    let began = Instant::now();
    let mut command = program(folder);
    command
        .args(["export", "--progress=none", "--format=csv,json,jsonl", "--out=export"])
        .arg(format!("--rate={}", workload.rate()))
        .arg(format!("--base-url=http://{address}/api/1.0"))
        .args(workload.only.map(|only| format!("--only={only}")))
        .args(workload.without_search.then_some("--via-search=off"))
        .env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN)
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("stderr"))?);
    let mut process = Process(command.spawn()?);
    let served = |simulator: &Simulator| simulator.stats().map(|stats| count(&stats, "requests"));
    let before = watched.map(|(simulator, _)| served(simulator)).transpose()?.unwrap_or_default();
    let mut peak_kib = None;
    let mut samples = vec![Sample { at: Duration::ZERO, requests: 0 }];
    let mut next_sample = Duration::ZERO;
    loop {
        peak_kib = peak_memory(process.0.id()).max(peak_kib);
        if let Some(status) = process.0.try_wait()? {
            let cpu = cpu_of_children().zip(cpu_before).map(|(after, before)| after.saturating_sub(before));
            return Ok(Exported { status, began, took: began.elapsed(), cpu, peak_kib, samples });
        }
        let at = began.elapsed();
        if let Some((simulator, until)) = watched.filter(|_| at >= next_sample) {
            let requests = served(simulator)?.saturating_sub(before);
            if requests >= until {
                process.0.kill()?;
            }
            samples.push(Sample { at, requests });
            next_sample = at + ASK_EVERY;
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// One line of the table.
struct Row {
    name: String,
    tasks: u64,
    stories: u64,
    requests: u64,
    /// Absent where reckoning the formula would take longer than the run.
    beyond: Option<i64>,
    fetch: Duration,
    floor: Option<Duration>,
    /// The bare download by the HTTP library alone.
    library: Option<Duration>,
    build: Duration,
    cpu: Option<Duration>,
    records_per_second: f64,
    peak_mib: Option<f64>,
    /// Part of the quota that was used between a tenth and nine tenths of the fetch, in percent.
    quota_used: Option<f64>,
    /// 429s, and of which limiters.
    rejected: String,
    peak_in_flight: u64,
}

impl Row {
    fn new(
        workload: &Workload,
        exported: &Exported,
        fetch: Duration,
        (before, stats): (&Value, &Value),
        manifest: &Value,
        floor: Option<Duration>,
    ) -> Self {
        let grown = |name| count(stats, name).saturating_sub(count(before, name));
        let requests = grown("requests");
        let searches = |stats: &Value| stats.get("by_route").map_or(0, |routes| count(routes, SEARCH));
        let searches = searches(stats).saturating_sub(searches(before));
        let coverage = manifest.get("coverage").and_then(Value::as_object);
        let records: u64 = coverage.into_iter().flatten().map(|(_, resource)| count(resource, "records")).sum();
        let tables = manifest.get("tables").and_then(Value::as_array);
        let rows = |name: &str| {
            let table = tables.into_iter().flatten().find(|table| table.get("name").is_some_and(|value| value == name));
            table.map(|table| count(table, "rows")).unwrap_or_default()
        };
        Self {
            name: workload.name.clone(),
            tasks: rows("tasks"),
            stories: rows("stories"),
            requests,
            beyond: formula::requests(workload).map(|needed| i64::try_from(requests).unwrap_or(i64::MAX) - needed),
            fetch,
            floor: floor.or(workload.quota_time(requests, searches)),
            library: None,
            build: exported.took.saturating_sub(fetch),
            cpu: exported.cpu,
            records_per_second: float(records) / exported.took.as_secs_f64(),
            peak_mib: exported.peak_kib.map(|kib| float(kib) / 1024.0),
            quota_used: quota_used(workload, &exported.samples, fetch),
            rejected: rejected(&grown),
            peak_in_flight: count(stats, "peak_in_flight"),
        }
    }
}

fn rejected(grown: &impl Fn(&'static str) -> u64) -> String {
    let limiters = [
        ("standard", grown("rejected_by_standard")),
        ("search", grown("rejected_by_search")),
        ("concurrency", grown("rejected_by_concurrency")),
        ("cost", grown("rejected_by_cost")),
    ];
    let met = limiters.iter().filter(|(_, times)| *times > 0);
    met.fold(grown("rejected").to_string(), |text, (limiter, times)| format!("{text}, {limiter} {times}"))
}

fn quota_used(workload: &Workload, samples: &[Sample], fetch: Duration) -> Option<f64> {
    let from = samples.iter().find(|sample| sample.at >= fetch.mul_f64(0.1))?;
    let to = samples.iter().rev().find(|sample| sample.at <= fetch.mul_f64(0.9))?;
    let took = to.at.checked_sub(from.at).filter(|took| !took.is_zero())?;
    let least = workload.quota_time(to.requests.checked_sub(from.requests)?, 0)?;
    Some(100.0 * least.as_secs_f64() / took.as_secs_f64())
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Option<Duration>| time.map_or(String::new(), |time| format!("{:.2}", time.as_secs_f64()));
        let known = |value: Option<f64>, unit: &str| value.map_or(String::new(), |value| format!("{value:.1}{unit}"));
        let ratio = self.floor.filter(|floor| !floor.is_zero());
        let ratio =
            ratio.map_or(String::new(), |floor| format!("{:.3}", self.fetch.as_secs_f64() / floor.as_secs_f64()));
        let beyond = self.beyond.map_or(String::new(), |beyond| beyond.to_string());
        write!(
            f,
            "| {} | {} | {} | {} | {beyond} | {:.2} | {} | {ratio} | {} | {:.2} | {} | {:.0} | {} | {} | {} | {} |",
            self.name,
            self.tasks,
            self.stories,
            self.requests,
            self.fetch.as_secs_f64(),
            seconds(self.floor),
            seconds(self.library),
            self.build.as_secs_f64(),
            seconds(self.cpu),
            self.records_per_second,
            known(self.peak_mib, ""),
            known(self.quota_used, " %"),
            self.rejected,
            self.peak_in_flight,
        )
    }
}
