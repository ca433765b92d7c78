//! `plan`: what it forecasts is what an export then asks, it asks little itself, and it writes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use asana_model::catalog::{Ends, Listing, Resource, Stage, listings};
use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, Plan, RunningSimulator, SERVICE_TOKEN, Size};
use serde_json::Value;

use crate::resume::{slow, stopped_after};
use crate::support::expected::gid;
use crate::support::{Ended, Export, Program, start, start_with_faults, unlimited};

/// A forecast from a sample may miss by this part.
const TOLERANCE: f64 = 0.15;

/// Pages of a listing that are enough, and answers of a search.
const SAMPLE: u64 = 50;
/// Pages of the workspace's own lists beyond the first, for the sizes used here, and the first calls.
const STRUCTURE: u64 = 40;

fn plan(simulator: &RunningSimulator, token: &str, flags: &[&str], inside: &Path) -> Ended {
    let base_url = simulator.base_url();
    let usual = ["plan", "--base-url", &base_url, "--progress", "none"];
    let rate: &[&str] = if flags.contains(&"--rate") { &[] } else { &["--rate", "none"] };
    let program = Program::new(usual.iter().chain(rate).chain(flags).copied());
    program.env("ASANA_ACCESS_TOKEN", token).inside(inside).run()
}

/// The number in the line of the table that begins so; `~` says that it is an estimate.
#[track_caller]
fn requests(text: &str, line: &str) -> u64 {
    let found = text.lines().find(|one| one.starts_with(&format!("{line} ")));
    let found = found.unwrap_or_else(|| panic!("no line {line} in:\n{text}"));
    let rest = found.trim_start_matches(line).trim_start();
    let digits: String = rest.chars().take_while(|c| !c.is_whitespace()).filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number in {found}"))
}

/// Plans, exports with the same flags, and gives the forecast and both numbers of requests.
fn both(config: Config, token: &str, flags: &[&str]) -> (String, u64, u64) {
    let simulator = start(config);
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, token, flags, folder.path()).exits(0).stdout;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a forecast writes nothing");
    let took = simulator.stats().requests;
    let mut export = Export::new(&simulator, token, &folder.path().join("out")).set("format", "csv");
    for pair in flags.chunks(2) {
        export = export.set(pair[0].trim_start_matches("--"), pair[1]);
    }
    let ended = export.run();
    assert!([Some(0), Some(3)].contains(&ended.status.code()), "{}", ended.stderr);
    let asked = simulator.stats().requests - took;
    let planned = requests(&text, "total");
    (text, planned, asked)
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are small")]
fn is_near(planned: u64, asked: u64) -> bool {
    planned.abs_diff(asked) as f64 <= asked as f64 * TOLERANCE
}

#[test]
fn the_total_is_near_what_an_export_asks() {
    let cases: &[(u64, u32, Plan, &str, &[&str])] = &[
        (3, 8, Plan::Paid, SERVICE_TOKEN, &[]),
        (1, 60, Plan::Free, ADMIN_TOKEN, &[]),
        (3, 400, Plan::Paid, SERVICE_TOKEN, &[]),
        (7, 400, Plan::Paid, GUEST_TOKEN, &[]),
        (1, 2_000, Plan::Paid, ADMIN_TOKEN, &[]),
        (3, 2_000, Plan::Free, SERVICE_TOKEN, &[]),
        (4, 2_000, Plan::Paid, SERVICE_TOKEN, &["--via-search", "off", "--skip", "stories"]),
    ];
    for (seed, tasks, plan, token, flags) in cases {
        let config = Config { plan: *plan, ..unlimited(*seed, *tasks) };
        let (text, planned, asked) = both(config, token, flags);
        assert!(is_near(planned, asked), "{tasks} tasks {flags:?}: planned {planned}, asked {asked}:\n{text}");
    }
}

#[test]
fn what_the_sample_holds_is_planned_exactly() {
    let cases = [
        (Plan::Free, ADMIN_TOKEN, "auto"),
        (Plan::Paid, GUEST_TOKEN, "off"),
        (Plan::Paid, SERVICE_TOKEN, "off"),
        (Plan::Paid, SERVICE_TOKEN, "auto"),
    ];
    for (plan, token, search) in cases {
        for tasks in [8, 60] {
            // One page each, and few enough of each to be asked all.
            let size = Size { users: 8, tags: 5, projects: 4, teams: 3, ..Size::for_tasks(tasks) };
            let config = Config { plan, size, ..unlimited(5, 0) };
            let (text, planned, asked) = both(config, token, &["--only", "tasks,teams,users", "--via-search", search]);
            let is_exact = text.lines().any(|line| line.starts_with("total") && line.contains("exact"));
            // Nobody can know whether tasks that only a search shows have subtasks.
            let by_search = (plan, search) == (Plan::Paid, "auto");
            assert!(is_exact || by_search, "{plan:?}, {tasks} tasks:\n{text}");
            assert!(planned == asked || !is_exact, "planned {planned}, asked {asked}:\n{text}");
            assert!(planned.abs_diff(asked) <= 2, "planned {planned}, asked {asked}:\n{text}");
        }
    }
}

#[test]
fn a_forecast_asks_little_however_large_the_workspace() {
    let parents: BTreeSet<_> = listings().filter_map(|(_, listing)| listing.per.parent()).collect();
    let leads_further = |resource: &Resource, listing: &Listing| {
        listing.stage != Stage::Structure && parents.contains(resource.name) || listing.ends == Ends::Windows
    };
    let asked = listings().map(|(resource, listing)| if leads_further(resource, listing) { SAMPLE } else { 1 });
    let most = STRUCTURE + asked.sum::<u64>();
    let mut took = Vec::new();
    for tasks in [2_000, 6_000] {
        let simulator = start(unlimited(1, tasks));
        let folder = tempfile::tempdir().unwrap();
        let text = plan(&simulator, SERVICE_TOKEN, &[], folder.path()).exits(0).stdout;
        let stats = simulator.stats();
        assert!(stats.requests <= most, "{} of {most}: {:?}", stats.requests, stats.by_route);
        assert_eq!(stats.repeated, 0, "{:?}", stats.by_route);
        assert!(text.contains(&format!("took {} requests", stats.requests)), "{text}");
        for (route, count) in &stats.by_route {
            assert!(!route.ends_with("/stories") || *count == 1, "{route} was asked {count} times");
        }
        took.push(stats.requests);
    }
    assert!(took[1] < took[0] * 2, "three times the tasks are not three times the requests: {took:?}");
}

#[test]
fn a_resource_without_an_end_in_sight_is_marked_as_an_estimate() {
    let simulator = start(unlimited(1, 2_000));
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, SERVICE_TOKEN, &[], folder.path()).exits(0).stdout;
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line("stories").contains(" ~") && line("stories").contains("about"), "{text}");
    assert!(line("users").contains("exact") && !line("users").contains('~'), "{text}");
    let projects = simulator.truth().records("projects", SERVICE_TOKEN).len();
    assert!(line("sections").contains(&format!("at least  one for each project: {projects}")), "{text}");
    assert!(line("user_task_lists").contains("comes inside workspace_memberships"), "{text}");
}

#[test]
fn what_the_token_is_refused_is_named_and_the_forecast_is_a_success() {
    let simulator = start(Config { plan: Plan::Free, ..unlimited(1, 60) });
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, ADMIN_TOKEN, &[], folder.path()).exits(0).stdout;
    assert!(text.contains("  custom_fields: not in this workspace's plan (402"), "{text}");
    assert!(text.contains("end with exit code 3"), "{text}");
    Export::new(&simulator, ADMIN_TOKEN, &folder.path().join("out")).ends_with(3);
    // Nobody asked for it here.
    let text = plan(&simulator, ADMIN_TOKEN, &["--only", "tasks"], folder.path()).exits(0).stdout;
    assert!(!text.contains("exit code"), "{text}");
}

#[test]
fn what_some_parents_refuse_is_named_too() {
    let simulator = start_with_faults(unlimited(1, 60), &["when=path:/projects/*/sections* what=403"]);
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, ADMIN_TOKEN, &[], folder.path()).exits(0).stdout;
    assert!(text.contains("  sections: not allowed to this token (403"), "{text}");
}

#[test]
fn search_saves_requests_on_the_paid_plan_only() {
    for plan_here in [Plan::Paid, Plan::Free] {
        let simulator = start(Config { plan: plan_here, ..unlimited(1, 400) });
        let folder = tempfile::tempdir().unwrap();
        let text = plan(&simulator, SERVICE_TOKEN, &[], folder.path()).exits(0).stdout;
        let (free, paid) = (requests(&text, "on a free plan"), requests(&text, "on a paid plan"));
        assert!(free > paid + 200, "hundreds of tasks have no files:\n{text}");
        let here = if plan_here == Plan::Paid { paid } else { free };
        assert_eq!(here, requests(&text, "total"), "{text}");
        assert!(text.contains("150 a minute") && text.contains("1,500 a minute"), "{text}");
    }
}

#[test]
fn the_rate_and_the_plan_of_the_workspace_are_told() {
    let simulator = start(unlimited(1, 20));
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, SERVICE_TOKEN, &["--rate", "60000"], folder.path()).exits(0).stdout;
    assert!(text.contains("at --rate") && text.contains("60,000 a minute: under 1 min"), "{text}");
    assert!(!text.contains("(this workspace)"), "{text}");
    let size = Size { users: 3, guests: 0, departed: 0, teams: 1, projects: 1, tags: 1, ..Size::for_tasks(4) };
    let simulator = start(Config { size, ..unlimited(2, 0) });
    let auto = plan(&simulator, SERVICE_TOKEN, &["--rate", "auto"], folder.path()).exits(0).stdout;
    assert!(
        auto.lines().any(|line| line.starts_with("on a paid plan") && line.ends_with("(this workspace)")),
        "{auto}"
    );
}

#[test]
fn chosen_projects_and_several_workspaces_are_planned_as_they_are_exported() {
    let projects = start(unlimited(1, 400)).truth().records("projects", ADMIN_TOKEN);
    let chosen: Vec<&str> = projects.iter().skip(1).take(3).map(gid).collect();
    let (_, planned, asked) = both(unlimited(1, 400), ADMIN_TOKEN, &["--project", &chosen.join(",")]);
    assert!(is_near(planned, asked), "planned {planned}, asked {asked}");
    let simulator = start(Config { second_workspace: true, ..unlimited(1, 60) });
    let folder = tempfile::tempdir().unwrap();
    let text = plan(&simulator, ADMIN_TOKEN, &["--workspace", "all"], folder.path()).exits(0).stdout;
    let totals: Vec<&str> = text.lines().filter(|line| line.starts_with("total ")).collect();
    assert_eq!(totals.len(), 2, "{text}");
}

#[test]
fn a_command_line_of_export_can_be_planned() {
    let simulator = start(unlimited(1, 20));
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--out", "there", "--format", "json", "--dialect", "excel", "--strict"];
    plan(&simulator, ADMIN_TOKEN, &flags, folder.path()).exits(0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn failures_are_those_of_export() {
    let simulator = start(unlimited(1, 20));
    let folder = tempfile::tempdir().unwrap();
    plan(&simulator, "no-such-token", &[], folder.path()).exits(4).says(&["Asana rejected the token"]);
    plan(&simulator, ADMIN_TOKEN, &["--only", "taks"], folder.path()).exits(2).says(&["did you mean tasks"]);
    plan(&simulator, ADMIN_TOKEN, &["--project", "No such thing"], folder.path()).exits(2).says_once();
    let ended = Program::new(["plan", "--base-url", "http://127.0.0.1:9/api/1.0", "--progress", "none"]);
    ended.env("ASANA_ACCESS_TOKEN", ADMIN_TOKEN).inside(folder.path()).run().exits(1).says(&["cannot reach"]);
}

/// The number of requests that an export says it expects, the first time.
#[track_caller]
fn expected(ended: &Ended) -> u64 {
    let said = ended.stderr.lines().find_map(|line| line.strip_prefix("about "));
    let said = said.unwrap_or_else(|| panic!("no estimate in:\n{}", ended.stderr));
    said.split(' ').next().unwrap().replace(',', "").parse().unwrap()
}

#[test]
fn export_says_how_much_there_is_once_it_knows_the_structure() {
    for (seed, tasks) in [(1, 400), (3, 2_000)] {
        let simulator = start(unlimited(seed, tasks));
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("format", "csv");
        let ended = export.set("progress", "plain").run().exits(0);
        let lines: Vec<&str> = ended.stderr.lines().collect();
        let place = |what: &str| lines.iter().position(|line| line.contains(what)).unwrap_or(lines.len());
        let (said, asked) = (expected(&ended), simulator.stats().requests);
        assert!(is_near(said, asked), "said {said}, asked {asked}:\n{}", ended.stderr);
        assert!(place("about ") < place("fetched "), "{}", ended.stderr);
    }
}

#[test]
fn what_export_expects_becomes_what_it_asked() {
    let simulator = start(unlimited(1, 400));
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("format", "csv");
    let ended = export.set("progress", "plain").set("log-format", "json").run().exits(0);
    let events: Vec<Value> = ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = events.iter().filter(|event| event["event"] == "requests_expected");
    let expected: Vec<i64> = expected.map(|event| event["requests"].as_i64().unwrap()).collect();
    let asked = i64::try_from(simulator.stats().requests).unwrap();
    assert_eq!(expected.iter().sum::<i64>(), asked, "{expected:?}");
}

#[test]
fn a_run_that_goes_on_expects_what_is_left_only() {
    let simulator = slow(400);
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    stopped_after(400, "INT", &simulator, &path).exits(130);
    let before = simulator.stats().requests;
    let ended = Export::new(&simulator, SERVICE_TOKEN, &path).set("progress", "plain").run().exits(0);
    let (said, asked) = (expected(&ended), simulator.stats().requests - before);
    assert!(is_near(said, asked), "said {said}, asked {asked}:\n{}", ended.stderr);
}
