//! Tables from an archive in each format, and `DuckDB` beside it with the same records.
//!
//! ```text
//! cargo bench --bench formats                      100,000 tasks
//! cargo bench --bench formats -- --tasks 1000      fewer
//! PYTHON=venv/bin/python cargo bench --bench formats
//! ```
//!
//! `DuckDB` takes part where Python has it (`pip install duckdb`). It gets every record of the archive as JSON Lines, as Asana
//! sent it and as often, and writes each resource, all columns, sorted by its key; and once more from JSON Lines of the
//! tables, which is less work than the program has: nothing is nested there, and nothing occurs twice. Both run with
//! as many threads as the machine has. Nothing is asserted about time.

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use asana_archive::{Entry, Reader};
use asana_model::catalog;
use asana_model::raw::{self, Object};
use asana_simulator::SERVICE_TOKEN;

use support::{Failure, LOOK_EVERY, Process, Result, Simulator, cpu_of_children, float, number, peak_memory, program};

const USAGE: &str = "usage: cargo bench --bench formats -- [--tasks N] [--stories N]";
const DUCKDB: &str = include_str!("duckdb.py");
const FORMATS: &[&str] = &["csv", "json", "jsonl", "parquet", "sqlite", "xlsx", "csv,json,jsonl,parquet,sqlite,xlsx"];

fn main() -> Result<()> {
    run().map_err(|error| Failure(error.to_string()).into())
}

fn run() -> Result<()> {
    let (mut tasks, mut stories) = (100_000, 6);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--tasks" => tasks = number(&argument, arguments.next(), USAGE)?,
            "--stories" => stories = number(&argument, arguments.next(), USAGE)?,
            other => return Err(format!("unknown argument {other}; {USAGE}").into()),
        }
    }
    let folder = tempfile::tempdir()?;
    export(tasks, stories, folder.path())?;
    let mut out = io::stdout().lock();
    writeln!(out, "| what | seconds | CPU s | peak MiB |\n|---|---|---|---|")?;
    for format in FORMATS {
        let mut convert = program(folder.path());
        convert.args(["convert", "export", "--progress=none", "--out=converted"]).arg(format!("--format={format}"));
        measure(&mut out, &format!("convert to {format}"), &mut convert)?;
        if *format == "jsonl" {
            fs::rename(folder.path().join("converted"), folder.path().join("tables"))?;
        } else {
            fs::remove_dir_all(folder.path().join("converted"))?;
        }
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_duckdb = Command::new(&python).args(["-c", "import duckdb"]).stderr(Stdio::null()).status();
    if !has_duckdb.is_ok_and(|status| status.success()) {
        writeln!(out, "\n{python} has no duckdb: nothing to compare with")?;
        return Ok(());
    }
    records(&folder.path().join("export/archive"), &folder.path().join("records"))?;
    for (from, what) in [("records", "the same records"), ("tables/jsonl", "ready tables")] {
        for format in ["csv", "parquet"] {
            let mut duckdb = Command::new(&python);
            duckdb.current_dir(folder.path()).args(["-c", DUCKDB, from, "sorted", format]);
            measure(&mut out, &format!("DuckDB from {what} to {format}"), &mut duckdb)?;
            fs::remove_dir_all(folder.path().join("sorted"))?;
        }
    }
    Ok(())
}

/// An export whose archive is converted.
fn export(tasks: u32, stories: u32, folder: &Path) -> Result<()> {
    let simulate = ["simulate", "--port=0", "--rate=none", "--gzip=off"].map(str::to_owned);
    let size = [format!("--tasks={tasks}"), format!("--stories={stories}")];
    let simulator = Simulator::start(&[simulate.as_slice(), &size].concat(), folder)?;
    let status = program(folder)
        .args(["export", "--progress=none", "--rate=none", "--out=export"])
        .arg(format!("--base-url=http://{}/api/1.0", simulator.address()))
        .env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN)
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("the export ended with {status}").into()) }
}

/// Runs a command to its end, and prints what it took.
fn measure(out: &mut impl Write, what: &str, command: &mut Command) -> Result<()> {
    // What was written before is not to be put on the disk meanwhile. Where there is no such program, it may be.
    drop(Command::new("sync").status());
    let (before, began) = (cpu_of_children(), Instant::now());
    let mut process = Process(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
    let mut peak_kib = None;
    let status = loop {
        peak_kib = peak_memory(process.0.id()).max(peak_kib);
        if let Some(status) = process.0.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let took = began.elapsed();
    if !status.success() {
        return Err(format!("{what} ended with {status}").into());
    }
    let cpu = cpu_of_children().zip(before).map(|(after, before)| after.saturating_sub(before));
    let cpu = cpu.map_or(String::new(), |cpu: Duration| format!("{:.2}", cpu.as_secs_f64()));
    let peak = peak_kib.map_or(String::new(), |kib| format!("{:.1}", float(kib) / 1024.0));
    writeln!(out, "| {what} | {:.2} | {cpu} | {peak} |", took.as_secs_f64())?;
    out.flush()?;
    Ok(())
}

/// Writes every record in an archive as a line, in a file for each resource.
fn records(archive: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    let mut files: BTreeMap<&str, BufWriter<File>> = BTreeMap::new();
    let mut reader = Reader::open(archive)?;
    while let Some(entry) = reader.next_entry()? {
        let Entry::Page(page) = entry else { continue };
        let Some((resource, _)) = catalog::listing(&page.listing).filter(|_| page.status == 200) else { continue };
        let data = Object::parse(page.body.as_str()).and_then(|envelope| envelope.get("data")).unwrap_or("[]");
        let file = match files.entry(resource.name) {
            std::collections::btree_map::Entry::Occupied(file) => file.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(BufWriter::new(File::create(to.join(format!("{}.jsonl", resource.name)))?))
            }
        };
        for record in raw::elements(data).unwrap_or_else(|| vec![data]) {
            writeln!(file, "{record}")?;
        }
    }
    files.into_values().try_for_each(|mut file| file.flush())?;
    Ok(())
}
