//! `audit`: what it finds in an export is the same from every format and from the archive, is written and counted, and
//! what an export lacks is never passed off as nothing found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use asana_simulator::{Config, MEMBER_TOKEN, Plan, SERVICE_TOKEN};
use serde_json::Value;

use crate::support::{Ended, Export, Folder, Program, formats, start, unlimited};

/// An export to audit.
struct Scene {
    /// Keeps the folder.
    _kept: tempfile::TempDir,
    path: PathBuf,
}

impl Scene {
    /// Of everything in an Enterprise workspace, by its service account.
    fn of_everything(tasks: u32) -> Self {
        Self::of(Config { plan: Plan::Enterprise, ..unlimited(3, tasks) }, SERVICE_TOKEN, |export| {
            export.set("only", "all")
        })
    }

    fn of(config: Config, token: &str, settings: impl FnOnce(Export) -> Export) -> Self {
        let simulator = start(config);
        let kept = tempfile::tempdir().unwrap();
        let path = kept.path().join("out");
        let ended = settings(Export::new(&simulator, token, &path)).run();
        assert!(matches!(ended.status.code(), Some(0 | 3)), "{}", ended.stderr);
        Self { _kept: kept, path }
    }

    fn folder(&self) -> Folder {
        Folder::new(&self.path)
    }

    fn audit(&self, flags: &[&str]) -> Ended {
        Program::new([&["audit", self.path.to_str().unwrap()], flags].concat()).run()
    }

    fn findings(&self) -> Value {
        json(&self.path.join("audit/findings.json"))
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap()
}

/// The outcome of every rule, with its reason if it has one.
fn outcomes(findings: &Value) -> BTreeMap<String, (String, String)> {
    let outcome = |rule: &Value| {
        let text = |key: &str| rule[key].as_str().unwrap_or_default().to_owned();
        (text("id"), (text("outcome"), text("reason")))
    };
    list(findings, "rules").iter().map(outcome).collect()
}

#[test]
fn findings_are_printed_written_and_no_strangers_to_verify() {
    let scene = Scene::of_everything(150);
    let ended = scene.audit(&[]).exits(0);
    assert_eq!(ended.stderr, "");
    for piece in ["could not be assessed", "The worst:", "All findings:", "audit/findings.csv"] {
        assert!(ended.stdout.contains(piece), "no {piece} in:\n{}", ended.stdout);
    }
    let findings = scene.findings();
    let all = list(&findings, "findings");
    let ids: BTreeSet<&str> = all.iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len(), "ids are not unique");
    assert_eq!(findings["summary"]["findings"].as_u64().unwrap(), all.len() as u64);
    assert_eq!(findings["export"]["created_at"], scene.folder().manifest()["created_at"]);
    // What is found is there, in the tables as a reader finds them.
    let tasks = scene.folder().table("tasks");
    let gid = tasks.columns.iter().position(|column| column == "gid").unwrap();
    let known: BTreeSet<String> = tasks.shown().iter().filter_map(|row| row[gid].clone()).collect();
    let found: Vec<_> = all.iter().filter(|finding| finding["object_type"] == "task").collect();
    assert!(found.len() > 10, "{} findings about tasks", found.len());
    for finding in found {
        assert!(known.contains(finding["object_gid"].as_str().unwrap()), "{finding}");
        assert!(finding["permalink"].as_str().unwrap().starts_with("https://"), "{finding}");
    }
    let (header, rows) = formats::csv(&fs::read(scene.path.join("audit/findings.csv")).unwrap());
    assert_eq!((header[0].as_str(), rows.len()), ("id", all.len()));
    #[cfg(unix)]
    for file in ["findings.csv", "findings.json"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(scene.path.join("audit").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    Program::new(["verify", scene.path.to_str().unwrap()]).run().exits(0);
}

#[test]
fn every_format_and_the_archive_alone_give_the_same_findings() {
    let scene = Scene::of_everything(80);
    scene.audit(&[]).exits(0);
    let findings = scene.findings();
    assert!(!list(&findings, "findings").is_empty());
    // The manifest names CSV first; a program that reads another format is told so by the manifest alone.
    for (at, gone) in ["csv", "json", "jsonl"].into_iter().enumerate() {
        fs::remove_dir_all(scene.path.join(gone)).unwrap();
        let out = scene.path.with_file_name(format!("without-{at}"));
        scene.audit(&["--format", "json", "--out", out.to_str().unwrap()]).exits(0);
        assert_eq!(json(&out.join("findings.json")), findings, "without {gone}");
    }
    for format in ["csv", "json", "jsonl"] {
        let again = Scene::of(Config { plan: Plan::Enterprise, ..unlimited(3, 80) }, SERVICE_TOKEN, |export| {
            export.set("only", "all").set("format", format).set("dialect", "excel")
        });
        again.audit(&["--format", "json", "--param", "idle_days=100000"]).exits(0);
        let same = |findings: &Value| -> BTreeSet<String> {
            // What depends on the time of the export differs by no more than that.
            let is_stable =
                |finding: &&Value| ["ownership", "access"].iter().any(|category| finding["category"] == *category);
            let stable =
                list(findings, "findings").iter().filter(is_stable).filter(|finding| finding["rule"] != "idle-admin");
            stable.map(|finding| format!("{} {}", finding["id"], finding["explanation"])).collect()
        };
        assert_eq!(same(&again.findings()), same(&findings), "{format}");
    }
}

#[test]
fn what_the_token_could_not_see_is_not_called_clean() {
    let scene = Scene::of(unlimited(4, 60), MEMBER_TOKEN, |export| export.set("skip", "tags"));
    let ended = scene.audit(&[]).exits(0);
    let findings = scene.findings();
    let outcomes = outcomes(&findings);
    let reason = |rule: &str| {
        let (outcome, reason) = &outcomes[rule];
        assert_eq!(outcome, "not_assessed", "{rule}");
        reason.as_str()
    };
    assert_eq!(reason("unknown-webhook"), "webhooks were not exported");
    assert_eq!(reason("unused-tag"), "tags were not exported");
    assert_eq!(reason("failed-logins"), "audit_log_events were not exported");
    for said in ["Not assessed, which does not mean that there is nothing:", "webhooks were not exported"] {
        assert!(ended.stdout.contains(said), "{}", ended.stdout);
    }
    // A person is told of their own portfolios alone: what is found is true, and nothing found says nothing.
    let portfolios = list(&findings, "rules").iter().find(|rule| rule["id"] == "portfolio-owner-left").unwrap();
    match portfolios["outcome"].as_str().unwrap() {
        "not_assessed" => assert!(portfolios["reason"].as_str().unwrap().contains("portfolios are partial")),
        _ => assert!(portfolios["limits"][0].as_str().unwrap().contains("portfolios are partial")),
    }
    assert!(list(&findings, "findings").iter().all(|finding| finding["rule"] != "unknown-webhook"));
}

#[test]
fn tables_with_gaps_are_asked_only_if_that_is_wanted() {
    let refusal = "when=path:/projects/*/sections* what=403 times=1".parse().unwrap();
    let config = Config { plan: Plan::Enterprise, faults: vec![refusal], ..unlimited(3, 150) };
    let scene = Scene::of(config, SERVICE_TOKEN, |export| export);
    scene.audit(&[]).exits(0);
    let findings = scene.findings();
    let (outcome, reason) = &outcomes(&findings)["empty-section"];
    assert!(outcome == "not_assessed" && reason.starts_with("sections are partial: "), "{outcome}: {reason}");
    // The gap itself is a finding, with the project that it is about.
    let gaps = |rule: &str| {
        let found = list(&findings, "findings").iter().filter(|finding| finding["rule"] == rule);
        found.map(|finding| finding["object_type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(gaps("refused-listing"), ["project"]);
    assert!(gaps("incomplete-resource").contains(&"resource".to_owned()));
    scene.audit(&["--partial"]).exits(0);
    let findings = scene.findings();
    let rule = list(&findings, "rules").iter().find(|rule| rule["id"] == "empty-section").unwrap();
    assert_eq!(rule["outcome"], "found");
    assert!(rule["limits"][0].as_str().unwrap().starts_with("sections are partial: "), "{rule}");
}

#[test]
fn fail_on_accepted_findings_and_a_baseline_work_together() {
    let scene = Scene::of_everything(60);
    let only = ["--only", "access,unnamed-task", "--skip", "public-team"];
    scene.audit(&[&only[..], &["--fail-on", "low"]].concat()).exits(10);
    let before = scene.findings();
    assert!(outcomes(&before).keys().all(|rule| rule != "public-team" && rule != "ownerless-project"));
    let baseline = scene.path.with_file_name("baseline.json");
    fs::rename(scene.path.join("audit/findings.json"), &baseline).unwrap();

    // All are accepted: nothing is left to fail on.
    let entry = |finding: &Value, until: &str| {
        format!("[[accepted]]\nrule = {}\nobject = {}\nreason = \"known\"\n{until}\n", finding["rule"], finding["id"])
    };
    let accepted = scene.path.with_file_name("accepted.toml");
    let all: String = list(&before, "findings").iter().map(|finding| entry(finding, "until = 2999-01-01")).collect();
    fs::write(&accepted, &all).unwrap();
    let flags = ["--fail-on", "info", "--accepted", accepted.to_str().unwrap()];
    let ended = scene.audit(&[&only[..], &flags[..]].concat()).exits(0);
    assert!(ended.stdout.contains("0 findings, and"), "{}", ended.stdout);

    // Over since long: they come back.
    fs::write(&accepted, all.replace("2999-01-01", "2020-01-01")).unwrap();
    let ended = scene.audit(&[&only[..], &flags[..]].concat()).exits(10);
    assert!(ended.stdout.contains("was accepted until 2020-01-01: it counts again"), "{}", ended.stdout);

    // Against the earlier audit: one rule less is nothing fixed, and known hosts are.
    let hosts =
        ["--param", "known_hosts=example.com,example.org,example.net", "--baseline", baseline.to_str().unwrap()];
    let ended = scene.audit(&[&only[..], &hosts[..]].concat()).exits(0);
    let compared = &scene.findings()["compared"];
    let webhooks = list(&before, "findings").iter().filter(|finding| finding["rule"] == "unknown-webhook").count();
    let fixed: Vec<&Value> = list(compared, "fixed").iter().collect();
    assert!(fixed.iter().all(|finding| finding["rule"] == "unknown-webhook") && fixed.len() <= webhooks);
    assert_eq!(compared["new"], 0);
    assert!(ended.stdout.contains("0 new, "), "{}", ended.stdout);
}

#[test]
fn a_rule_of_ones_own_is_a_rule() {
    let scene = Scene::of_everything(60);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/audit");
    let (rule, accepted) = (samples.join("project-code.toml"), samples.join("accepted.toml"));
    let flags = ["--rules", rule.to_str().unwrap(), "--accepted", accepted.to_str().unwrap()];
    let ended = scene.audit(&flags).exits(0);
    assert!(ended.stdout.contains("public-project for 1201234567890123 is accepted, and was not found"));
    let found = scene.findings();
    let own = list(&found, "rules").iter().find(|rule| rule["id"] == "project-code").unwrap();
    assert_eq!(own["file"].as_str().unwrap(), rule.to_str().unwrap());
    assert_eq!(own["outcome"], "found");
    let every = ["--rules", rule.to_str().unwrap(), "--only", "project-code", "--param", "code_pattern=*"];
    scene.audit(&every).exits(0);
    assert_eq!(outcomes(&scene.findings())["project-code"].0, "clean");
}

#[test]
fn what_is_wrong_is_said_before_anything_is_read() {
    let scene = Scene::of(unlimited(4, 20), SERVICE_TOKEN, |export| export.set("format", "csv"));
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/audit/project-code.toml");
    let sample = fs::read_to_string(sample).unwrap();
    let bad = scene.path.with_file_name("bad.toml");
    for (from, to, said) in [
        (
            "WHERE NOT archived",
            "WHERE NOT archivd",
            "bad.toml, rule project-code: its SQL fails: no such column: archivd",
        ),
        ("severity = \"low\"", "severity = \"awful\"", "bad.toml is not a rule"),
        (
            "found = [\"1\"]",
            "found = [\"2\"]",
            "its test fails (its own case): it should find [\"2\"], and finds [\"1\"]",
        ),
        ("id = \"project-code\"", "id = \"stale-task\"", "another rule is called so"),
    ] {
        assert!(sample.contains(from));
        fs::write(&bad, sample.replacen(from, to, 1)).unwrap();
        scene.audit(&["--rules", bad.to_str().unwrap()]).exits(2).says(&[said]);
    }
    for (flags, said) in [
        (["--only", "ownerhip"], "there is no rule or category called ownerhip (did you mean ownership"),
        (["--skip", "stale-tsk"], "did you mean stale-task"),
        (["--param", "stale_day=3"], "did you mean stale_days"),
        (["--param", "stale_days=soon"], "a whole number, not soon"),
        (["--fail-on", "hihg"], "there is no severity called hihg (did you mean high?)"),
        (["--format", "jsn"], "did you mean json?"),
        (["--rules", "nowhere.toml"], "cannot read nowhere.toml"),
        (["--baseline", "nowhere.json"], "cannot read nowhere.json"),
        (["--accepted", "nowhere.toml"], "cannot read nowhere.toml"),
    ] {
        scene.audit(&flags).exits(2).says(&[said]).says_once();
    }
    assert!(!scene.path.join("audit").exists());
    let listed = Program::new(["audit", "--list", "--only", "hygiene"]).run().exits(0).stdout;
    assert!(listed.contains("stale-task") && !listed.contains("guest-access"), "{listed}");
    Program::new(["audit", scene.path.parent().unwrap().to_str().unwrap()])
        .run()
        .exits(1)
        .says(&["no finished export"]);
}

/// Rules about what an export lacks, of which nothing can be planted: the tests below make them find something.
const OF_COVERAGE: &[&str] = &["incomplete-resource", "odd-values", "refused-listing", "seen-not-readable"];

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    let audited = |planted: bool| {
        let simulator = start(Config { plan: Plan::Enterprise, planted, ..unlimited(3, 150) });
        let kept = tempfile::tempdir().unwrap();
        let path = kept.path().join("out");
        let export = Export::new(&simulator, SERVICE_TOKEN, &path).set("only", "all").set("format", "csv");
        let ended = export.run();
        assert!(matches!(ended.status.code(), Some(0 | 3)), "{}", ended.stderr);
        // What is old is so old, and nothing else is, whenever this is run.
        let flags = ["--param", "stale_days=7300", "--param", "idle_days=7300", "--format", "json"];
        Program::new([&["audit", path.to_str().unwrap()], &flags[..]].concat()).run().exits(0);
        let findings = json(&path.join("audit/findings.json"));
        let pair = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            // What has no gid is told by its name and the beginning of what is said of it.
            let named = || format!("{}, {}", text("object_name"), text("explanation").split(',').next().unwrap());
            (text("rule"), Some(text("object_gid")).filter(|gid| !gid.is_empty()).unwrap_or_else(named))
        };
        let found: BTreeSet<(String, String)> = list(&findings, "findings").iter().map(pair).collect();
        let planted = simulator.truth().planted();
        let planted: BTreeSet<_> = planted.into_iter().map(|one| (one.rule.to_owned(), one.gid)).collect();
        (found, planted, outcomes(&findings))
    };
    let (before, nothing, _) = audited(false);
    let (after, planted, outcomes) = audited(true);
    assert!(nothing.is_empty());
    let rules: BTreeSet<&str> = planted.iter().map(|(rule, _)| rule.as_str()).collect();
    let of_planted_rules = |(rule, _): &&(String, String)| rules.contains(rule.as_str());
    let new: BTreeSet<_> = after.difference(&before).filter(of_planted_rules).cloned().collect();
    assert_eq!(new, planted);
    let not_planted: Vec<&str> = outcomes.keys().map(String::as_str).filter(|rule| !rules.contains(rule)).collect();
    assert_eq!(not_planted, OF_COVERAGE);
}
