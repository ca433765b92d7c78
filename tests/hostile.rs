//! A workspace in which somebody means harm comes out as it is, and harms nobody: no terminal, no spreadsheet, no file
//! outside the folder.

use std::fs;
use std::path::Path;
use std::process::Command;

use asana_simulator::{Config, Plan, RunningSimulator, SERVICE_TOKEN};
use serde_json::Value;

use crate::support::expected::Kinds;
use crate::support::{Ended, Export, Folder, Program, assert_tables, expected, start, start_with_faults, unlimited};

fn hostile(tasks: u32) -> Config {
    Config { hostile: true, plan: Plan::Enterprise, ..unlimited(5, tasks) }
}

#[test]
fn every_table_holds_what_was_sent_in_every_format() {
    let simulator = start(hostile(150));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended =
        Export::new(&simulator, SERVICE_TOKEN, &path).set("only", "all").set("progress", "plain").run().exits(0);
    assert_harmless(&ended);
    let folder = Folder::new(&path);
    assert_tables(&folder, &expected::tables_of(&simulator.truth(), SERVICE_TOKEN, Kinds::All));
    assert_eq!(folder.gaps(), []);
    assert!(folder.table("task_followers").rows.len() > 10_000);
    assert!(folder.table("tasks").texts("notes").iter().any(|notes| notes.len() > 1_000_000));
    let oddities = folder.table("export_oddities").texts("what");
    assert!(oddities.iter().any(|what| what.contains("surrogate")), "{oddities:?}");
    assert!(oddities.iter().all(|what| what.contains("surrogate")), "nothing else is odd: {oddities:?}");
    for format in ["text", "json"] {
        let arguments = ["verify", path.to_str().unwrap(), "--format", format];
        assert_harmless(&Program::new(arguments).run().exits(0));
    }
    assert_inside(out.path(), &folder);
}

/// Nothing is there but the folder, and in it nothing but names that the program chose.
#[track_caller]
fn assert_inside(parent: &Path, folder: &Folder) {
    let beside: Vec<_> = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["out"]);
    for path in folder.files().keys() {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._/".contains(&byte);
        assert!((path.bytes().all(plain) || path == "DICTIONARY.md") && !path.contains(".."), "{path}");
    }
}

/// Moves the cursor, changes the terminal's state, or changes the order of what is shown.
fn steers(character: char) -> bool {
    character != '\n' && (character.is_control() || is_reordering(character))
}

fn is_reordering(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[track_caller]
fn assert_harmless(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        let line = text.lines().find(|line| line.chars().any(steers));
        assert_eq!(line, None, "in:\n{text:?}");
        assert!(!text.contains('\r'), "{text:?}");
    }
}

#[test]
fn nothing_that_is_printed_steers_a_terminal() {
    let faults = ["when=path:/tags* what=403", "when=request:20 what=500"];
    let simulator = start_with_faults(hostile(40), &faults);
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| Export::new(&simulator, SERVICE_TOKEN, &out.path().join(name));
    let said = export("plain").set("progress", "plain").run().exits(3);
    assert_harmless(&said);
    assert!(said.stderr.contains("Example"), "the workspace is named: {}", said.stderr);
    let logged = export("json").set("progress", "plain").set("log-format", "json").run().exits(3);
    assert_harmless(&logged);
    let name = logged.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["workspace"].clone());
    let name = name.into_iter().find_map(|name| name.as_str().map(str::to_owned)).unwrap();
    assert!(name.starts_with("\u{1b}[2J"), "and a log keeps the name as it is: {name:?}");
    for (flag, value) in [("workspace", "no such"), ("project", "gone"), ("team", "gone"), ("only", "\u{1b}[2J")] {
        assert_harmless(&export("none").set(flag, value).run().exits(2));
    }
    assert_harmless(&export("plain").run().exits(1));
    for arguments in [["auth", "check"].as_slice(), &["plan", "--rate", "none", "--progress", "plain"]] {
        let base = simulator.base_url();
        let arguments = arguments.iter().copied().chain(["--base-url", &base]);
        let ended = Program::new(arguments).env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN).run();
        assert!(ended.status.success(), "{ended:?}");
        assert_harmless(&ended);
    }
}

/// What the progress bars themselves send: moving by lines, clearing them, showing and hiding the cursor.
fn without_own_sequences(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|character: char| character.is_ascii_alphabetic());
        let (sequence, after) = piece.split_at(end.map_or(piece.len(), |end| end + 1));
        let is_own = sequence.ends_with(['A', 'B', 'K']) || matches!(sequence, "?25l" | "?25h" | "0m" | "1m");
        rest.push_str(if is_own { "" } else { "\u{1b}[" });
        rest.push_str(if is_own { "" } else { sequence });
        rest.push_str(after);
    }
    rest.replace('\r', "")
}

#[test]
fn bars_on_a_terminal_show_names_without_obeying_them() {
    let simulator = start(hostile(60));
    let out = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_asana-workspace");
    let (base, path) = (simulator.base_url(), out.path().join("out"));
    let line = format!("{program} export --base-url {base} --rate none --progress bar --out {}", path.display());
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env("ASANA_ACCESS_TOKEN", SERVICE_TOKEN).env("TERM", "xterm");
    let run = script.output();
    // Without a pseudo-terminal there is nothing to see.
    let Ok(run) = run else { return };
    let shown = String::from_utf8(run.stdout).unwrap();
    assert!(path.join("manifest.json").exists(), "{shown}");
    assert!(shown.contains("Example"), "{shown:?}");
    let rest = without_own_sequences(&shown);
    let found: Vec<&str> = rest.lines().filter(|line| line.chars().any(steers)).collect();
    assert_eq!(found, Vec::<&str>::new());
}

/// Whether some spreadsheet would evaluate a cell, whatever it leaves out in front of it.
fn runs(cell: &str) -> bool {
    let is_left_out = |character: char| {
        character.is_whitespace() || character.is_control() || "\u{200b}\u{200d}\u{2060}\u{feff}".contains(character)
    };
    let text = cell.trim_start_matches(is_left_out);
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(['\t', '\r', '\n'])
}

#[test]
fn no_cell_of_the_excel_dialect_runs_as_a_formula() {
    let simulator = start(hostile(150));
    let (_out, folder) = excel(&simulator);
    let (mut cells, mut defused) = (0, 0);
    for name in folder.tables("csv") {
        let bytes = fs::read(folder.path("csv").join(format!("{name}.csv"))).unwrap();
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte-order mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        let is_number = |cell: &str| cell.parse::<f64>().is_ok();
        for record in reader.records() {
            for cell in record.unwrap().iter().filter(|cell| !is_number(cell)) {
                assert!(!runs(cell), "{name}: {cell:?}");
                (cells, defused) = (cells + 1, defused + usize::from(cell.starts_with('\'')));
            }
        }
    }
    assert!(cells > 10_000 && defused > 100, "{cells}, {defused}");
}

fn excel(simulator: &RunningSimulator) -> (tempfile::TempDir, Folder) {
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(simulator, SERVICE_TOKEN, &out.path().join("out"));
    let folder = export.set("format", "csv").set("dialect", "excel").complete();
    (out, folder)
}
