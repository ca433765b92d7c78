//! What is printed while a run goes on and at its end.

use asana_simulator::{ADMIN_TOKEN, RunningSimulator};
use serde_json::Value;

use crate::support::{Ended, Export, start, start_with_faults, unlimited};

fn run(change: impl FnOnce(Export) -> Export) -> (RunningSimulator, Ended) {
    let simulator = start_with_faults(unlimited(1, 40), &["when=request:30 what=500"]);
    let out = tempfile::tempdir().unwrap();
    let ended = change(Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"))).run().exits(0);
    (simulator, ended)
}

#[test]
fn progress_none_is_silent() {
    let (_simulator, ended) = run(|export| export.set("progress", "none"));
    assert_eq!(ended.stderr, "", "a run that went well has nothing to say on standard error");
}

#[test]
fn progress_plain_prints_lines() {
    let (_simulator, ended) = run(|export| export.set("progress", "plain"));
    assert!(ended.stderr.lines().count() >= 3, "{}", ended.stderr);
    assert!(!ended.stderr.contains(['\r', '\u{1b}']), "plain is plain: {:?}", ended.stderr);
    assert!(ended.stderr.contains("tasks"), "{}", ended.stderr);
}

#[test]
fn progress_into_a_pipe_draws_no_bars() {
    let (_simulator, ended) = run(|export| export.without("progress"));
    assert!(!ended.stderr.contains(['\r', '\u{1b}']), "{:?}", ended.stderr);
}

#[test]
fn json_logs_are_json_lines_and_nothing_else() {
    let (_simulator, ended) = run(|export| export.set("log-format", "json").set("progress", "plain"));
    assert!(!ended.stderr.is_empty());
    let events: Vec<Value> = ended
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert!(events.iter().all(Value::is_object));
    let text = &ended.stderr;
    for event in ["run_started", "table_written", "run_finished", "retried"] {
        assert!(text.contains(event), "no {event} in {text}");
    }
}

#[test]
fn the_summary_names_tables_and_rows() {
    let (simulator, ended) = run(|export| export.set("progress", "plain"));
    let tasks = simulator.truth().reachable_task_gids(ADMIN_TOKEN).len();
    let text = format!("{}{}", ended.stdout, ended.stderr);
    let words: Vec<&str> = text.split_whitespace().collect();
    let counted = words.windows(2).any(|pair| pair == ["tasks", &tasks.to_string()]);
    assert!(counted, "no line for {tasks} tasks in:\n{text}");
    for table in ["stories", "users", "projects", "task_memberships"] {
        assert!(text.contains(table), "no {table} in:\n{text}");
    }
    let requests = simulator.stats().requests.to_string();
    assert!(text.contains(&requests), "{requests} requests in:\n{text}");
}

#[test]
fn a_gap_is_told_at_the_end() {
    let simulator = start_with_faults(unlimited(1, 20), &["when=path:/tags?* what=403"]);
    let out = tempfile::tempdir().unwrap();
    let ended = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("progress", "plain").run().exits(3);
    let text = format!("{}{}", ended.stdout, ended.stderr);
    assert!(text.contains("tags") && text.contains("403"), "{text}");
}

#[test]
fn names_from_asana_do_not_reach_the_terminal_raw() {
    let simulator = start(unlimited(1, 20));
    let out = tempfile::tempdir().unwrap();
    let ended = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("progress", "plain").run().exits(0);
    let raw = |text: &str| text.chars().any(|character| character.is_control() && character != '\n');
    assert!(!raw(&ended.stdout) && !raw(&ended.stderr), "{:?} {:?}", ended.stdout, ended.stderr);
}
