//! What is said to be missing: exactly what Asana refuses to that token in that plan, and what hangs from it.

use asana_simulator::TimeEntryLists;
use asana_simulator::{ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, RunningSimulator, SERVICE_TOKEN};

use crate::support::expected::{Kinds, records, tables, tables_of};
use crate::support::folder::Gap;
use crate::support::{Export, Folder, assert_tables, start, unlimited};

const NOT_IN_PLAN: Option<&str> = Some("402");
const FORBIDDEN: Option<&str> = Some("403");

/// What a plan lacks for everyone.
const NOT_ON_FREE: &[&str] = &[
    "access_requests",
    "allocations",
    "budgets",
    "custom_fields",
    "goal_relationships",
    "goals",
    "portfolio_items",
    "portfolios",
    "project_portfolio_settings",
    "rates",
    "roles",
    "time_periods",
    "time_tracking_categories",
    "time_tracking_entries",
    "timesheet_approval_statuses",
];

type Line<'l> = (&'l str, &'l str, Option<&'l str>);

fn lines<'l>(resources: &[&'l str], status: &'l str, http_status: Option<&'l str>) -> Vec<Line<'l>> {
    resources.iter().map(|resource| (*resource, status, http_status)).collect()
}

/// Exports every kind, and compares the tables and what the coverage says of whole resources.
#[track_caller]
fn check(plan: Plan, token: &str, expected: &[Vec<Line<'_>>]) -> (RunningSimulator, Folder) {
    let simulator = start(Config { plan, ..unlimited(21, 300) });
    let out = tempfile::tempdir().unwrap();
    let path = out.keep();
    let mut expected: Vec<Line<'_>> = expected.iter().flatten().copied().collect();
    expected.sort_unstable();
    let export = Export::new(&simulator, token, &path.join("out")).set("only", "all");
    // What Asana leaves out of a list in silence is told, and is no failure.
    let refused = expected.iter().any(|(_, _, http_status)| http_status.is_some());
    let folder = export.ends_with(if refused { 3 } else { 0 });
    let truth = simulator.truth();
    assert_tables(&folder, &tables_of(&truth, token, Kinds::All));
    let gaps = folder.incomplete();
    let is_whole = |gap: &&Gap| gap.parent.as_deref().unwrap_or_default().is_empty();
    let whole: Vec<Line<'_>> = gaps
        .iter()
        .filter(is_whole)
        .map(|gap| (gap.resource.as_str(), gap.status.as_str(), gap.http_status.as_deref()))
        .collect();
    assert_eq!(whole, expected, "{gaps:#?}");
    // What is refused for the workspace has a row for the workspace.
    let workspace = truth.workspace_gid();
    let is_part = |gap: &&Gap| !is_whole(gap) && gap.parent.as_deref() != Some(&workspace);
    let parts: Vec<&Gap> = gaps.iter().filter(is_part).collect();
    assert!(parts.is_empty(), "nothing is refused for one parent alone: {parts:#?}");
    let refused = records(&truth, token, Kinds::All).1.refused;
    for refused in &refused {
        let line = gaps.iter().find(|gap| gap.resource == refused.table).expect("what is refused is told");
        let reason = line.reason.as_deref().unwrap();
        assert!(reason.contains(&refused.message), "Asana's words are kept: {reason} for {refused:?}");
    }
    let manifest = folder.manifest();
    for (resource, status, http_status) in &expected {
        let said = &manifest["coverage"][resource];
        let code = said["http_status"].as_u64().map(|code| code.to_string());
        assert_eq!((said["status"].as_str(), code.as_deref()), (Some(*status), *http_status), "{resource}");
    }
    (simulator, folder)
}

#[test]
fn a_service_account_of_an_enterprise_lacks_nothing() {
    let (_, folder) = check(Plan::Enterprise, SERVICE_TOKEN, &[]);
    assert_eq!(folder.table("export_coverage").rows.len(), Kinds::All.resources(), "a line for each resource");
}

#[test]
fn a_service_account_of_a_paid_workspace_lacks_what_is_for_enterprises() {
    let audit = lines(&["audit_log_events"], "unavailable", FORBIDDEN);
    check(Plan::Paid, SERVICE_TOKEN, &[audit, lines(&["roles"], "unavailable", NOT_IN_PLAN)]);
}

#[test]
fn an_administrator_of_a_paid_workspace_does_not_see_the_portfolios_of_others() {
    let audit = lines(&["audit_log_events"], "unavailable", FORBIDDEN);
    let roles = lines(&["roles"], "unavailable", NOT_IN_PLAN);
    let (_, folder) = check(Plan::Paid, ADMIN_TOKEN, &[audit, roles, lines(&["portfolios"], "partial", None)]);
    let manifest = folder.manifest();
    assert_eq!((&manifest["viewer"]["kind"], &manifest["viewer"]["role"]), (&"person".into(), &"admin".into()));
    assert!(manifest["coverage"]["portfolios"]["reason"].as_str().unwrap().contains("no others"));
}

#[test]
fn a_member_of_an_enterprise_does_not_see_the_audit_log() {
    let audit = lines(&["audit_log_events"], "unavailable", FORBIDDEN);
    check(Plan::Enterprise, MEMBER_TOKEN, &[audit, lines(&["portfolios"], "partial", None)]);
}

#[test]
fn a_guest_sees_what_is_shared_and_is_told_so() {
    let forbidden = lines(&["audit_log_events", "roles"], "unavailable", FORBIDDEN);
    let (_, folder) = check(Plan::Enterprise, GUEST_TOKEN, &[forbidden, lines(&["portfolios"], "partial", None)]);
    assert_eq!(folder.manifest()["viewer"]["role"], "guest");
}

#[test]
fn a_free_workspace_lacks_what_is_paid_for() {
    let audit = lines(&["audit_log_events"], "unavailable", FORBIDDEN);
    check(Plan::Free, ADMIN_TOKEN, &[audit, lines(NOT_ON_FREE, "unavailable", NOT_IN_PLAN)]);
}

/// Where Asana's description leaves open what is answered, the narrower answers lead to the same tables.
#[test]
fn where_asana_answers_less_more_is_asked() {
    let config = Config {
        time_entry_lists: TimeEntryLists::Documented,
        allocations_by_workspace: false,
        demands_portfolio_owner: true,
        ..unlimited(21, 300)
    };
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).complete();
    assert_tables(&folder, &tables(&start(unlimited(21, 300)).truth(), ADMIN_TOKEN));
    assert_eq!(folder.gaps(), []);
    let stats = simulator.stats();
    assert_eq!(stats.by_status.get(&400), Some(&2), "both wider questions were asked once: {:?}", stats.by_status);
    assert!(stats.by_route["/time_tracking_entries/{}"] > 10);
}

#[test]
fn a_person_exports_by_default_what_is_not_refused() {
    let simulator = start(unlimited(3, 60));
    let out = tempfile::tempdir().unwrap();
    let ended = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("progress", "plain").run().exits(0);
    assert!(ended.stderr.contains("ortfolios: Asana lists the portfolios"), "{}", ended.stderr);
}

#[test]
fn what_is_missing_is_said_in_words_and_strict_makes_it_a_failure() {
    let simulator = start(Config { plan: Plan::Free, ..unlimited(3, 60) });
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("only", "goals,tags");
    let ended = export.clone().set("progress", "plain").run().exits(3);
    assert!(ended.stderr.contains("goals: not in this workspace's plan (402)"), "{}", ended.stderr);
    export.flag("strict").flag("fresh").run().exits(1);
}

#[test]
fn what_was_refused_for_all_is_asked_once() {
    let simulator = start(Config { plan: Plan::Free, ..unlimited(3, 600) });
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("only", "rates,budgets,goals");
    export.ends_with(3);
    assert_eq!(simulator.stats().by_status.get(&402), Some(&3), "one refusal for each kind");
}
