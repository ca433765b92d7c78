//! The whole suite is a search for tokens: in what every run prints, in the list of processes, and in every export's
//! folder, its archive decompressed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use asana_archive::{Reader, list_frames, read_frame};
use asana_simulator::{ADMIN_TOKEN, BLOCKED_TOKEN, GUEST_TOKEN, MEMBER_TOKEN, SERVICE_TOKEN};

const TOKENS: &[&str] = &[ADMIN_TOKEN, MEMBER_TOKEN, GUEST_TOKEN, SERVICE_TOKEN, BLOCKED_TOKEN];
/// How they all begin, so that one search does for most files.
const BEGINNING: &str = "simulator-";

/// Where tokens are looked for, when a run is over.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// The run's folder, if it has one.
    out: Option<PathBuf>,
    /// It serves a simulator, whose tokens it has to tell.
    tells: bool,
}

impl Search {
    pub(crate) fn of(command: &Command) -> Self {
        let arguments: Vec<&OsStr> = command.get_args().collect();
        let out = arguments.windows(2).find(|pair| pair[0] == "--out").map(|pair| {
            let folder = command.get_current_dir().unwrap_or(Path::new("."));
            folder.join(pair[1])
        });
        Self { out, tells: arguments.first().is_some_and(|name| *name == "simulate") }
    }

    /// Looks at a running process as other users of the machine can see it.
    #[track_caller]
    pub(crate) fn process(id: u32) {
        // Elsewhere than on Linux there is no such file, and nothing can be said.
        if let Ok(line) = fs::read(format!("/proc/{id}/cmdline")) {
            absent(&line, "the list of processes");
        }
    }

    /// Looks at what is left of a run.
    #[track_caller]
    pub(crate) fn remains(&self, stdout: &str, stderr: &str) {
        if !self.tells {
            absent(stdout.as_bytes(), "standard output");
            absent(stderr.as_bytes(), "standard error");
        }
        if let Some(out) = self.out.as_ref().filter(|out| out.is_dir()) {
            folder(out);
        }
    }
}

#[track_caller]
fn absent(bytes: &[u8], place: &str) {
    let text = String::from_utf8_lossy(bytes);
    if text.contains(BEGINNING) {
        let found: Vec<_> = TOKENS.iter().filter(|token| text.contains(**token)).collect();
        assert!(found.is_empty(), "{place} holds {found:?}");
    }
}

/// Every file below a folder, and every archive as it reads decompressed.
#[track_caller]
fn folder(path: &Path) {
    // What a test made unreadable, or a link to somewhere else, is none of the program's doing.
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            folder(&path);
        } else if let (true, Ok(bytes)) = (kind.is_file(), fs::read(&path)) {
            absent(&bytes, &path.display().to_string());
        }
    }
    if path.ends_with("archive") {
        archive(path);
    }
}

#[track_caller]
fn archive(path: &Path) {
    let place = path.display().to_string();
    if let Ok(frames) = list_frames(path) {
        for frame in frames.iter().flat_map(read_frame) {
            absent(frame.as_str().as_bytes(), &place);
        }
        return;
    }
    // Its end is torn, or a test damaged it: as far as it can be read.
    let Ok(mut reader) = Reader::open_recovering(path) else { return };
    while let Ok(Some(entry)) = reader.next_entry() {
        absent(format!("{entry:?}").as_bytes(), &place);
    }
}
