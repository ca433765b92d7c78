//! How fast an export is, and how much memory it takes, against a simulated Asana in a process of its own.
//!
//! ```text
//! cargo bench --bench export -- --tasks 1000,10000,100000 [--stories 6]
//! cargo bench --bench export -- --tasks 2000 --paid [--scale 10]
//! ```
//!
//! The first has no limits and no latency: it measures the program. The second has a paid plan's quota and answers that
//! take as long as Asana's, both `scale` times faster, and tells how much of the quota is used in the middle of the run.
//! Nothing is asserted about time; a run that fails is an error.

mod support;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use support::{Failure, LOOK_EVERY, Process, Result, Simulator, count, float, number, numbers, peak_memory, program};

const USAGE: &str = "usage: cargo bench --bench export -- [--tasks N,N,…] [--stories N] [--paid] [--scale N]";

/// How often the simulator is asked what it served.
const ASK_EVERY: Duration = Duration::from_millis(100);
/// A paid plan's requests per minute. Source: <https://developers.asana.com/docs/rate-limits>
const PAID_PER_MINUTE: u32 = 1500;
/// What a call to Asana takes, in milliseconds.
const LATENCY_MS: u32 = 600;

fn main() -> Result<()> {
    run().map_err(|error| Failure(error.to_string()).into())
}

fn run() -> Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:>8} {:>9} {:>9} {:>8} {:>8} {:>8} {:>10} {:>9} {:>6} {:>9} {:>10}",
        "tasks",
        "stories",
        "requests",
        "fetch s",
        "build s",
        "total s",
        "records/s",
        "peak MiB",
        "429s",
        "in flight",
        "quota used"
    )?;
    for tasks in &options.tasks {
        let row = measure(*tasks, &options)?;
        writeln!(out, "{row}")?;
        out.flush()?;
    }
    Ok(())
}

#[derive(Debug)]
struct Options {
    tasks: Vec<u32>,
    stories: u32,
    paid: bool,
    /// Simulated time passes this many times faster, with `paid`.
    scale: u32,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { tasks: vec![1000], stories: 6, paid: false, scale: 10 };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // Cargo says so itself.
                "--bench" => {}
                "--paid" => options.paid = true,
                "--tasks" => options.tasks = numbers(&argument, arguments.next(), USAGE)?,
                "--stories" => options.stories = number(&argument, arguments.next(), USAGE)?,
                "--scale" => options.scale = number(&argument, arguments.next(), USAGE)?.clamp(1, LATENCY_MS),
                other => return Err(format!("unknown argument {other}; {USAGE}").into()),
            }
        }
        Ok(options)
    }

    fn simulate(&self, tasks: u32) -> Vec<String> {
        let mut arguments = vec![
            "simulate".to_owned(),
            "--port=0".to_owned(),
            format!("--tasks={tasks}"),
            format!("--stories={}", self.stories),
            // The simulator shares the machine, and its compressing is not what is measured.
            "--gzip=off".to_owned(),
        ];
        if self.paid {
            arguments.extend(["--rate=plan".to_owned(), "--plan=paid".to_owned()]);
            arguments.push(format!("--latency={}", LATENCY_MS / self.scale));
            arguments.push(format!("--time-scale={}", self.scale));
        } else {
            arguments.push("--rate=none".to_owned());
        }
        arguments
    }

    fn rate(&self) -> String {
        if self.paid { (PAID_PER_MINUTE * self.scale).to_string() } else { "none".to_owned() }
    }
}

/// What the simulator had served at some time of the run.
struct Sample {
    at: Duration,
    requests: u64,
}

struct Exported {
    status: ExitStatus,
    took: Duration,
    peak_kib: Option<u64>,
    samples: Vec<Sample>,
}

fn measure(tasks: u32, options: &Options) -> Result<Row> {
    let folder = tempfile::tempdir()?;
    let simulator = Simulator::start(&options.simulate(tasks), folder.path())?;
    let exported = export(&simulator, options, folder.path())?;
    if !exported.status.success() {
        let said = fs::read_to_string(folder.path().join("stderr"))?;
        return Err(format!("the export of {tasks} tasks ended with {}:\n{said}", exported.status).into());
    }
    let manifest: Value = serde_json::from_slice(&fs::read(folder.path().join("export/manifest.json"))?)?;
    Ok(Row::new(&exported, &simulator.stats()?, &manifest, options))
}

/// Runs an export to its end, watching its memory and what it asks.
fn export(simulator: &Simulator, options: &Options, folder: &Path) -> Result<Exported> {
    let began = Instant::now();
    let child = program(folder)
        .args(["export", "--progress=none", "--format=csv,json,jsonl", "--out=export"])
        .arg(format!("--rate={}", options.rate()))
        .arg(format!("--base-url=http://{}/api/1.0", simulator.address()))
        .env("ASANA_ACCESS_TOKEN", asana_simulator::SERVICE_TOKEN)
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("stderr"))?)
        .spawn()?;
    let mut process = Process(child);
    let mut peak_kib = None;
    let mut samples = vec![Sample { at: Duration::ZERO, requests: 0 }];
    let mut next_sample = Duration::ZERO;
    loop {
        peak_kib = peak_memory(process.0.id()).or(peak_kib);
        if let Some(status) = process.0.try_wait()? {
            return Ok(Exported { status, took: began.elapsed(), peak_kib, samples });
        }
        let at = began.elapsed();
        if at >= next_sample {
            samples.push(Sample { at, requests: count(&simulator.stats()?, "requests") });
            next_sample = at + ASK_EVERY;
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// One line of the table.
struct Row {
    tasks: u64,
    stories: u64,
    requests: u64,
    fetch: Duration,
    total: Duration,
    records_per_second: f64,
    peak_mib: Option<f64>,
    rejected: u64,
    peak_in_flight: u64,
    /// Part of the quota that was used between a tenth and nine tenths of the fetch, in percent.
    quota_used: Option<f64>,
}

impl Row {
    fn new(exported: &Exported, stats: &Value, manifest: &Value, options: &Options) -> Self {
        let requests = count(stats, "requests");
        // To the accuracy of the samples.
        let fetch = exported.samples.iter().find(|sample| sample.requests >= requests).map(|sample| sample.at);
        let fetch = fetch.unwrap_or(exported.took);
        let coverage = manifest.get("coverage").and_then(Value::as_object);
        let records: u64 = coverage.into_iter().flatten().map(|(_, resource)| count(resource, "records")).sum();
        let tables = manifest.get("tables").and_then(Value::as_array);
        let rows = |name: &str| {
            let table = tables.into_iter().flatten().find(|table| table.get("name").is_some_and(|value| value == name));
            table.map(|table| count(table, "rows")).unwrap_or_default()
        };
        Self {
            tasks: rows("tasks"),
            stories: rows("stories"),
            requests,
            fetch,
            total: exported.took,
            records_per_second: float(records) / exported.took.as_secs_f64(),
            peak_mib: exported.peak_kib.map(|kib| float(kib) / 1024.0),
            rejected: count(stats, "rejected"),
            peak_in_flight: count(stats, "peak_in_flight"),
            quota_used: if options.paid { quota_used(&exported.samples, fetch, options.scale) } else { None },
        }
    }
}

fn quota_used(samples: &[Sample], fetch: Duration, scale: u32) -> Option<f64> {
    let from = samples.iter().find(|sample| sample.at >= fetch.mul_f64(0.1))?;
    let to = samples.iter().rev().find(|sample| sample.at <= fetch.mul_f64(0.9))?;
    let simulated_minutes = to.at.checked_sub(from.at)?.as_secs_f64() * f64::from(scale) / 60.0;
    let per_minute = float(to.requests.checked_sub(from.requests)?) / simulated_minutes;
    (simulated_minutes > 0.0).then_some(100.0 * per_minute / f64::from(PAID_PER_MINUTE))
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known =
            |value: Option<f64>, unit: &str| value.map_or("n/a".to_owned(), |value| format!("{value:.1}{unit}"));
        let build = self.total.saturating_sub(self.fetch);
        write!(
            f,
            "{:>8} {:>9} {:>9} {:>8.2} {:>8.2} {:>8.2} {:>10.0} {:>9} {:>6} {:>9} {:>10}",
            self.tasks,
            self.stories,
            self.requests,
            self.fetch.as_secs_f64(),
            build.as_secs_f64(),
            self.total.as_secs_f64(),
            self.records_per_second,
            known(self.peak_mib, ""),
            self.rejected,
            self.peak_in_flight,
            known(self.quota_used, " %"),
        )
    }
}
