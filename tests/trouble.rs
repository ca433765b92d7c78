//! What cannot be read is named, everything else is complete; what ends a run says why and keeps what there is.

use std::collections::BTreeSet;

use asana_simulator::{ADMIN_TOKEN, Config, Revocation, RunningSimulator, SERVICE_TOKEN, UnknownOptFields};

use crate::support::expected::{self, Tables};
use crate::support::folder::Gap;
use crate::support::formats::Table;
use crate::support::{Export, Folder, assert_tables, requests, start, start_with_faults, unlimited};

const SEED: u64 = 1;
const TASKS: u32 = 60;

/// The task with 230 stories: three pages.
fn talkative(simulator: &RunningSimulator) -> String {
    let stories = simulator.truth();
    let gids = stories.reachable_task_gids(SERVICE_TOKEN);
    let pages = |gid: &String| stories.pages(&format!("/tasks/{gid}/stories"), SERVICE_TOKEN, 100);
    gids.into_iter().find(|gid| pages(gid) == Some(3)).unwrap()
}

/// Rows whose column has one of these values are gone; so are those of child tables, by their owner.
fn drop_rows(tables: &mut Tables, table: &str, column: &str, gone: &[String]) {
    let Table { columns, rows } = tables.get_mut(table).unwrap();
    let at = columns.iter().position(|name| name == column).unwrap();
    rows.retain(|row| row[at].shown().is_none_or(|text| !gone.contains(&text)));
}

/// Takes stories out of what is expected.
fn without_stories(tables: &mut Tables, stories: &[String]) {
    drop_rows(tables, "stories", "gid", stories);
    let children: Vec<String> = tables.keys().filter(|name| name.starts_with("story_")).cloned().collect();
    for table in children {
        drop_rows(tables, &table, "story_gid", stories);
    }
}

/// Exports with rules made for the talkative task; `missing` of its 230 stories are lost, from the end.
#[track_caller]
fn gap(rule: impl Fn(&str) -> String, missing: usize) -> Vec<Gap> {
    let gid = talkative(&start(unlimited(SEED, TASKS)));
    let simulator = start_with_faults(unlimited(SEED, TASKS), &[&rule(&gid)]);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).ends_with(3);
    let truth = simulator.truth();
    let stories = truth.listing(&format!("/tasks/{gid}/stories"), SERVICE_TOKEN).unwrap();
    let mut expected = expected::tables(&truth, SERVICE_TOKEN);
    without_stories(&mut expected, &stories[stories.len() - missing..]);
    assert_tables(&folder, &expected);
    let gaps = folder.gaps();
    assert_eq!(gaps.len(), 2, "a line for the resource and one for the parent: {gaps:?}");
    assert!(gaps.iter().all(|gap| gap.resource == "stories"), "{gaps:?}");
    assert_eq!(gaps.iter().filter_map(|gap| gap.parent.clone()).filter(|parent| !parent.is_empty()).count(), 1);
    assert!(gaps.iter().any(|gap| gap.parent.as_ref() == Some(&gid)), "{gaps:?}");
    assert!(gaps.iter().any(|gap| gap.status == "partial"), "{gaps:?}");
    gaps
}

/// The HTTP status and the words of the parent's own line.
fn parents_line(gaps: &[Gap]) -> (Option<&str>, &str, &str) {
    let line = gaps.iter().find(|gap| gap.parent.as_ref().is_some_and(|parent| !parent.is_empty())).unwrap();
    (line.http_status.as_deref(), &line.status, line.reason.as_deref().unwrap_or_default())
}

#[test]
fn a_forbidden_parent_is_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories* what=403"), 230);
    let (http, status, reason) = parents_line(&gaps);
    assert_eq!((http, status), (Some("403"), "unavailable"));
    assert!(reason.contains("Forbidden"), "{reason}");
}

#[test]
fn an_unknown_parent_is_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories* what=404"), 230);
    assert_eq!(parents_line(&gaps).0, Some("404"));
}

#[test]
fn a_parent_above_the_plan_is_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories* what=402"), 230);
    assert_eq!(parents_line(&gaps).0, Some("402"));
}

#[test]
fn a_truncated_listing_keeps_what_came_and_is_partial() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories*offset=* what=truncated"), 130);
    let (http, status, reason) = parents_line(&gaps);
    assert_eq!((http, status), (Some("400"), "partial"));
    assert!(reason.contains("truncated"), "{reason}");
}

#[test]
fn a_listing_too_large_to_be_answered_is_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories* what=result-too-large"), 230);
    let (http, status, reason) = parents_line(&gaps);
    assert_eq!((http, status), (Some("400"), "unavailable"));
    assert!(reason.contains("The result is too large"), "{reason}");
}

#[test]
fn a_record_that_cannot_be_read_even_alone_is_named_by_its_place() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories*offset=* what=too-heavy:0:504"), 130);
    let (http, status, reason) = parents_line(&gaps);
    assert_eq!((http, status), (Some("504"), "partial"));
    assert!(reason.contains("record 101 cannot be read even alone"), "{reason}");
}

#[test]
fn a_listing_that_is_read_only_in_small_pages_is_read_in_small_pages_to_its_end() {
    let gid = talkative(&start(unlimited(SEED, TASKS)));
    let rule = format!("when=path:/tasks/{gid}/stories* what=too-heavy:12:504");
    let simulator = start_with_faults(unlimited(SEED, TASKS), &[&rule]);
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).complete();
    assert_tables(&folder, &expected::tables(&simulator.truth(), SERVICE_TOKEN));
    let stats = simulator.stats();
    // Twice 100, then 50 and 25 are too much; 230 in pages of 12.
    assert_eq!((stats.faults, stats.by_limit[&12].requests), (4, 20), "{:?}", stats.by_limit);
}

#[test]
fn a_listing_that_goes_in_circles_is_left_and_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories* what=repeat-offset"), 130);
    let (http, status, _) = parents_line(&gaps);
    assert_eq!((http, status), (None, "partial"));
}

#[test]
fn a_listing_whose_offsets_always_expire_is_left_and_named() {
    let gaps = gap(|gid| format!("when=path:/tasks/{gid}/stories*offset=* what=expired-offset"), 130);
    let (http, status, reason) = parents_line(&gaps);
    assert_eq!((http, status), (Some("400"), "partial"));
    assert!(reason.contains("expired"), "{reason}");
}

#[test]
fn strict_makes_a_gap_a_failure() {
    let simulator = start_with_faults(unlimited(SEED, 20), &["when=path:/tags?* what=403"]);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out"));
    let folder = export.clone().flag("strict").ends_with(1);
    assert!(folder.gaps().iter().any(|gap| gap.resource == "tags" && gap.status == "unavailable"));
    export.set("out", out.path().join("lenient").to_str().unwrap()).run().exits(3);
}

#[test]
fn a_token_revoked_in_the_middle_keeps_the_archive_and_a_new_one_goes_on() {
    let revocation = Some(Revocation { token: ADMIN_TOKEN.to_owned(), after_requests: 120 });
    let simulator = start(Config { revocation, ..unlimited(SEED, TASKS) });
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    Export::new(&simulator, ADMIN_TOKEN, &path).run().exits(4).says(&["rejected", "kept"]);
    let folder = Folder::new(&path);
    assert!(!folder.path("manifest.json").exists(), "an unfinished export has no manifest");
    assert!(folder.files().keys().any(|file| file.starts_with("archive/")), "{:?}", folder.files().keys());
    // The same person with a token that works.
    simulator.heal();
    simulator.reset_stats();
    let folder = Export::new(&simulator, ADMIN_TOKEN, &path).complete();
    let truth = simulator.truth();
    assert_tables(&folder, &expected::tables(&truth, ADMIN_TOKEN));
    let again = simulator.stats().requests;
    let whole = requests::needed(&truth, ADMIN_TOKEN);
    assert!(again < whole - 60, "{again} requests of {whole}: what was there is not asked again");
}

#[test]
fn legal_reasons_end_the_run() {
    let simulator = start_with_faults(unlimited(SEED, 20), &["when=from:20 what=451"]);
    let out = tempfile::tempdir().unwrap();
    Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).run().exits(1).says(&["451", "legal"]);
}

#[test]
fn fields_that_asana_refuses_are_left_out_and_the_rest_is_read() {
    // This server refuses what its description does not list, naming it: people and references in the values of
    // projects and users. Asana's own behaviour is not documented.
    let unknown_opt_fields = UnknownOptFields::BadRequest;
    let simulator = start(Config { unknown_opt_fields, ..unlimited(SEED, 20) });
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = Export::new(&simulator, ADMIN_TOKEN, &path).run();
    let folder = Folder::new(&path);
    let reasons: BTreeSet<_> = folder.gaps().into_iter().map(|gap| (gap.resource, gap.reason)).collect();
    assert_eq!(reasons, BTreeSet::new());
    ended.exits(0);
    assert_tables(&folder, &expected::tables(&simulator.truth(), ADMIN_TOKEN));
}
