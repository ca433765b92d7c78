//! Runs the built program: nothing of the environment inherited, output captured, never longer than a deadline.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use asana_simulator::RunningSimulator;

use super::Folder;
use super::tokens::Search;

/// No run of these tests takes this long; one that does hangs.
const DEADLINE: Duration = Duration::from_secs(240);

/// The program with arguments and the environment it is given, and nothing else.
#[derive(Debug)]
pub(crate) struct Program(Command);

impl Program {
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::of(env!("CARGO_BIN_EXE_asana-workspace"), arguments)
    }

    /// Something else that runs it.
    pub(crate) fn of<A: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        Self(command)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Where it runs: its settings file and relative folders are looked for there.
    pub(crate) fn inside(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn spawn(mut self) -> Running {
        let search = Search::of(&self.0);
        Running::new(self.0.spawn().unwrap(), search)
    }

    pub(crate) fn run(self) -> Ended {
        self.spawn().wait()
    }

    pub(crate) fn run_with_input(mut self, input: &str) -> Ended {
        let search = Search::of(&self.0);
        let mut child = self.0.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Running::new(child, search).wait()
    }
}

/// A run that goes on.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    search: Search,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    /// What was said on standard error so far.
    said: Arc<Mutex<Vec<u8>>>,
}

fn drain(mut from: impl Read + Send + 'static, into: Arc<Mutex<Vec<u8>>>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            match from.read(&mut buffer).unwrap() {
                0 => return String::from_utf8(into.lock().unwrap().clone()).unwrap(),
                read => into.lock().unwrap().extend_from_slice(&buffer[..read]),
            }
        }
    })
}

impl Running {
    fn new(mut child: Child, search: Search) -> Self {
        let said = Arc::default();
        let stdout = child.stdout.take().map(|stdout| drain(stdout, Arc::default()));
        let stderr = child.stderr.take().map(|stderr| drain(stderr, Arc::clone(&said)));
        Self { child, search, stdout, stderr, said }
    }

    /// Waits until it says this on standard error.
    #[track_caller]
    pub(crate) fn says(&mut self, piece: &str) {
        let began = Instant::now();
        loop {
            let said = String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned();
            if said.contains(piece) {
                return;
            }
            assert!(!self.is_over() && began.elapsed() < DEADLINE, "no {piece:?} in:\n{said}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a signal, as `kill -INT` does.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        // Until somebody waits for it, a process that ended can be sent signals still.
        assert!(sent.success(), "kill -{name} failed");
    }

    /// The most memory that it had at once so far (its resident set), where the system tells and it still runs.
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
    }

    pub(crate) fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end. No token may be in what is left of it, nor in what others can see of it.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Ended {
        let began = Instant::now();
        Search::process(self.child.id());
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if began.elapsed() > DEADLINE {
                self.child.kill().unwrap();
                let text = |output: Option<JoinHandle<String>>| output.map(|output| output.join().unwrap());
                let (stdout, stderr) = (text(self.stdout.take()), text(self.stderr.take()));
                panic!("still running after {DEADLINE:?}:\n{stdout:?}\n{stderr:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let text = |output: Option<JoinHandle<String>>| output.map(|output| output.join().unwrap()).unwrap_or_default();
        let (stdout, stderr) = (text(self.stdout.take()), text(self.stderr.take()));
        let took = began.elapsed();
        self.search.remains(&stdout, &stderr);
        Ended { status, took, stdout, stderr }
    }
}

impl Drop for Running {
    /// A test that fails while the program runs leaves no process behind.
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) took: Duration,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Asserts the exit code; on failure everything that was printed is shown.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked at"), "{}", self.stderr);
        self
    }

    /// Asserts that each piece is on standard error.
    #[track_caller]
    pub(crate) fn says(self, pieces: &[&str]) -> Self {
        for piece in pieces {
            assert!(self.stderr.contains(piece), "no {piece:?} in:\n{}", self.stderr);
        }
        self
    }

    /// Asserts that standard error holds one error, in one line, perhaps with a hint below it.
    #[track_caller]
    pub(crate) fn says_once(self) -> Self {
        let lines = self.stderr.lines().filter(|line| !line.trim().is_empty()).count();
        assert!((1..=4).contains(&lines), "one error with a hint at most:\n{}", self.stderr);
        self
    }
}

/// An export in the making: flags by name, so that a test can change a usual one.
#[derive(Debug, Clone)]
pub(crate) struct Export {
    out: PathBuf,
    token: String,
    options: BTreeMap<String, Option<String>>,
}

impl Export {
    /// All three formats, quietly, as fast as the simulator answers.
    pub(crate) fn new(simulator: &RunningSimulator, token: &str, out: &Path) -> Self {
        Self::from(&simulator.base_url(), token, out)
    }

    pub(crate) fn from(base_url: &str, token: &str, out: &Path) -> Self {
        let export = Self { out: out.to_owned(), token: token.to_owned(), options: BTreeMap::new() };
        export
            .set("out", out.to_str().unwrap())
            .set("base-url", base_url)
            .set("format", "csv,json,jsonl")
            .set("rate", "none")
            .set("progress", "none")
    }

    pub(crate) fn set(mut self, flag: &str, value: &str) -> Self {
        self.options.insert(flag.to_owned(), Some(value.to_owned()));
        self
    }

    /// A flag without a value.
    pub(crate) fn flag(mut self, flag: &str) -> Self {
        self.options.insert(flag.to_owned(), None);
        self
    }

    pub(crate) fn without(mut self, flag: &str) -> Self {
        self.options.remove(flag);
        self
    }

    pub(crate) fn out(&self) -> &Path {
        &self.out
    }

    pub(crate) fn program(&self) -> Program {
        let flags = self.options.iter().flat_map(|(flag, value)| [Some(format!("--{flag}")), value.clone()]).flatten();
        let program = Program::new(std::iter::once("export".to_owned()).chain(flags));
        program.env("ASANA_ACCESS_TOKEN", &self.token)
    }

    pub(crate) fn run(&self) -> Ended {
        self.program().run()
    }

    /// Runs it to a complete end and opens the folder.
    #[track_caller]
    pub(crate) fn complete(&self) -> Folder {
        self.ends_with(0)
    }

    /// Runs it to an end with this exit code and opens the folder.
    #[track_caller]
    pub(crate) fn ends_with(&self, code: i32) -> Folder {
        self.run().exits(code);
        Folder::new(&self.out)
    }
}
