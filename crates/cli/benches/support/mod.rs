//! What the benchmarks share: the program in a process of its own, watched, against a simulator in another.
#![allow(dead_code, reason = "each benchmark is a program of its own and uses a part of it")]

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_asana-workspace");

/// How often a process is looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(20);

pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// An error that reads as a sentence where `main` prints it.
pub(crate) struct Failure(pub(crate) String);

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failure {}

pub(crate) fn numbers(flag: &str, value: Option<String>, usage: &str) -> Result<Vec<u32>> {
    let value = value.ok_or_else(|| format!("{flag} needs a value; {usage}"))?;
    value.split(',').map(|part| number(flag, Some(part.to_owned()), usage)).collect()
}

pub(crate) fn number(flag: &str, value: Option<String>, usage: &str) -> Result<u32> {
    let value = value.ok_or_else(|| format!("{flag} needs a value; {usage}"))?;
    value.trim().parse().map_err(|_| format!("{flag} takes whole numbers, not {value}; {usage}").into())
}

/// A child process that does not outlive its owner.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The program in `folder`, without settings from this process's environment.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ASANA_")) {
        command.env_remove(name);
    }
    command
}

pub(crate) struct Simulator {
    _process: Process,
    address: String,
}

impl Simulator {
    /// Starts it with these arguments.
    pub(crate) fn start(arguments: &[String], folder: &Path) -> Result<Self> {
        let mut child = program(folder).args(arguments).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take();
        let process = Process(child);
        let mut lines = BufReader::new(stdout.ok_or("the simulator has no output")?).lines();
        let first = lines.next().ok_or("the simulator did not start")??;
        let address = first
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_once('/'))
            .map(|(address, _)| address.to_owned())
            .ok_or_else(|| format!("the simulator does not say where it listens: {first}"))?;
        // Whatever else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let simulator = Self { _process: process, address };
        // The first answer comes when the workspace has been made, which is not part of any measurement.
        simulator.stats()?;
        Ok(simulator)
    }

    /// As in `127.0.0.1:40123`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn stats(&self) -> Result<Value> {
        let mut stream = TcpStream::connect(&self.address)?;
        let host = &self.address;
        write!(stream, "GET /simulator/stats HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("the simulator's statistics cannot be read")?;
        Ok(serde_json::from_str(body)?)
    }
}

/// The most memory a process has had resident so far, in KiB, where the system tells.
pub(crate) fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

pub(crate) fn count(object: &Value, name: &str) -> u64 {
    object.get(name).and_then(Value::as_u64).unwrap_or_default()
}

/// Exact for everything that is counted here.
pub(crate) fn float(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

/// User and system time of all child processes that ended, where the system tells.
pub(crate) fn cpu_of_children() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may hold anything, the fourteenth and fifteenth value.
    let mut values = stat.rsplit_once(") ")?.1.split(' ').skip(13).map(str::parse::<u64>);
    let (user, system) = (values.next()?.ok()?, values.next()?.ok()?);
    // Linux counts these in hundredths of a second, whatever its own ticks are.
    Some(Duration::from_millis((user + system) * 10))
}
