//! The other commands: each does what its line in `--help` says.

use std::io::Read as _;
use std::process::{Command, Stdio};

use asana_simulator::{ADMIN_TOKEN, BLOCKED_TOKEN, Config, GUEST_TOKEN, Plan, SERVICE_TOKEN, Size};

use crate::support::expected::Kinds;
use crate::support::{Ended, Folder, Program, assert_tables, expected, start, start_with_faults, unlimited};

#[track_caller]
fn prints(ended: &Ended, pieces: &[&str]) {
    for piece in pieces {
        assert!(ended.stdout.contains(piece), "no {piece:?} in:\n{}", ended.stdout);
    }
}

#[test]
fn the_demo_exports_a_workspace_without_token_or_network() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Program::new(["demo", "--tasks", "60", "--progress", "none"]).inside(folder.path()).run().exits(0);
    prints(
        &ended,
        &[
            "Five things to try",
            "asana-demo/audit/report.html",
            "asana-demo/csv/",
            "zstdcat",
            "asana-workspace verify asana-demo",
            "asana-workspace auth",
        ],
    );
    let export = Folder::new(&folder.path().join("asana-demo"));
    let simulator = start(Config { size: Size::for_tasks(60), plan: Plan::Enterprise, ..Config::default() });
    assert_tables(&export, &expected::tables_of(&simulator.truth(), SERVICE_TOKEN, Kinds::All));
    assert!(export.manifest().is_object());
    let report = std::fs::read_to_string(folder.path().join("asana-demo/audit/report.html")).unwrap();
    assert!(report.contains("<h1>Audit of ") && report.trim_end().ends_with("</html>"));
    // Twice is no mistake.
    Program::new(["demo", "--tasks", "10", "--progress", "none"]).inside(folder.path()).run().exits(0);
}

#[test]
fn the_first_thing_to_try_names_a_table_that_exists() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["demo", "--tasks", "20", "--progress", "none", "--out", "somewhere else"];
    let ended = Program::new(arguments).inside(folder.path()).run().exits(0);
    prints(&ended, &["somewhere else"]);
    let table = ended.stdout.split_once("/csv/").unwrap().1.split_once(".csv").unwrap().0;
    assert!(folder.path().join(format!("somewhere else/csv/{table}.csv")).exists(), "{table}");
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let ended = Program::new(["--help"]).run().exits(0);
    prints(&ended, &["export", "demo", "auth", "simulate", "completions", "man", "Exit codes", "130"]);
    assert_eq!(ended.stderr, "");
    let ended = Program::new(["export", "--help"]).run().exits(0);
    let flags =
        ["--workspace", "--out", "--format", "--only", "--skip", "--project", "--team", "--attachments", "--rate"];
    prints(&ended, &flags);
    prints(&ended, &["--fresh", "--token-file", "--strict", "ASANA_WORKSPACE_OUT"]);
    assert!(!ended.stdout.contains("--token "), "the token is never a flag's value");
    prints(&Program::new(["--version"]).run().exits(0), &[env!("CARGO_PKG_VERSION")]);
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for (shell, piece) in [("bash", "complete -F"), ("zsh", "#compdef"), ("fish", "complete -c")] {
        prints(&Program::new(["completions", shell]).run().exits(0), &[piece, "asana-workspace", "export"]);
    }
    Program::new(["completions", "cmd.exe"]).run().exits(2);
    prints(&Program::new(["man"]).run().exits(0), &[".TH", "asana\\-workspace", "completions"]);
}

#[test]
fn auth_explains_every_step() {
    let ended = Program::new(["auth"]).run().exits(0);
    prints(&ended, &["app.asana.com/0/my-apps", "Create new token", "ASANA_ACCESS_TOKEN", "chmod 600", "auth check"]);
}

#[test]
fn auth_check_says_who_and_where() {
    let simulator = start(Config { second_workspace: true, ..unlimited(1, 20) });
    let check = |token: &str| {
        let base_url = simulator.base_url();
        Program::new(["auth", "check", "--base-url", &base_url]).env("ASANA_ACCESS_TOKEN", token).run()
    };
    let ended = check(ADMIN_TOKEN).exits(0);
    prints(
        &ended,
        &["person0@example.com", "Simulated", "Personal Projects", "admin", &simulator.truth().workspace_gid()],
    );
    prints(&check(GUEST_TOKEN).exits(0), &["guest"]);
    prints(&check(SERVICE_TOKEN).exits(0), &["service account"]);
    prints(&check(BLOCKED_TOKEN).exits(0), &["no workspace", "personal access tokens"]);
    check("wrong").exits(4).says(&["rejected"]);
    assert!(!check(ADMIN_TOKEN).stdout.contains(ADMIN_TOKEN));
}

#[test]
fn a_reader_that_goes_away_causes_no_panic() {
    for arguments in [["completions", "bash"], ["completions", "zsh"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asana-workspace"));
        command.args(arguments).env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
    }
}

#[test]
fn simulate_serves_a_workspace_that_can_be_exported() {
    let folder = tempfile::tempdir().unwrap();
    // The port has to be known before; whoever takes it meanwhile makes this test fail, which is rare.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let arguments = ["simulate", "--port", &port.to_string(), "--tasks", "10", "--rate", "none"];
    let mut serving = Program::new(arguments).spawn();
    let base_url = format!("http://127.0.0.1:{port}/api/1.0");
    for _ in 0..400 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        assert!(!serving.is_over());
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    crate::support::Export::from(&base_url, ADMIN_TOKEN, &folder.path().join("out")).complete();
    serving.signal("INT");
    let ended = serving.wait();
    assert!(format!("{}{}", ended.stdout, ended.stderr).contains(&base_url), "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn a_wrong_fault_rule_or_change_is_a_usage_error() {
    let help = Program::new(["simulate", "--help"]).run().exits(0);
    prints(&help, &["between:A-B", "reset-after", "gzip-bomb:MIB", "429@TEXT", "--cost", "--gzip"]);
    Program::new(["simulate", "--port", "0", "--cost", "0"]).run().exits(2);
    Program::new(["simulate", "--port", "0", "--gzip", "maybe"]).run().exits(2);
    Program::new(["simulate", "--port", "0", "--fault", "when=sometimes what=500"]).run().exits(2);
    Program::new(["simulate", "--port", "0", "--change", "when=requests:1 what=forget task=1"]).run().exits(2);
    // The text form of the rules is the simulator's own.
    drop(start_with_faults(unlimited(1, 10), &["when=request:10 what=503"]));
}

#[test]
fn the_dictionary_describes_every_exported_column() {
    let simulator = start(unlimited(1, 20));
    let out = tempfile::tempdir().unwrap();
    let folder = crate::support::Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    let overview = Program::new(["tables"]).run().exits(0);
    for table in folder.manifest()["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        prints(&overview, &[name]);
        let ended = Program::new(["tables", name]).run().exits(0);
        for column in table["columns"].as_array().unwrap() {
            let column = format!("\n{} ", column.as_str().unwrap());
            assert!(ended.stdout.contains(&column), "{name}: no {column:?} in:\n{}", ended.stdout);
        }
    }
    Program::new(["tables", "taks"]).run().exits(2).says(&["there is no table called taks", "tasks"]);
}
