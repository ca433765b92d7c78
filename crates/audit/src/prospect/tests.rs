use asana_model::catalog::RESOURCES;

use super::*;
use crate::catalogue::RuleSet;
use crate::testing::manifest;

fn prospect(rule: &str, manifest: &Manifest, partial: bool) -> Prospect {
    let layout = Layout::new();
    let set = RuleSet::built_in(&layout).unwrap();
    let chosen = set.rules.iter().find(|chosen| chosen.rule.id == rule).unwrap();
    Prospect::of(&chosen.rule, manifest, &layout, partial)
}

#[track_caller]
fn cannot(prospect: Prospect, expected: &str) {
    let Prospect::Cannot { reason } = prospect else { panic!("{prospect:?}") };
    assert_eq!(reason, expected);
}

const WHOLE: Prospect = Prospect::Ask { limits: Vec::new() };

#[test]
fn whole_tables_are_asked() {
    for rule in ["unused-tag", "overdue-task", "incomplete-resource"] {
        assert_eq!(prospect(rule, &manifest(&[]), false), WHOLE);
    }
}

#[test]
fn what_was_not_exported_or_refused_is_not_assessed() {
    let refused = manifest(&[("webhooks", "unavailable", Some(403), Some("Forbidden"))]);
    cannot(prospect("unknown-webhook", &refused, true), "webhooks could not be read: Forbidden (403)");
    let mut skipped = manifest(&[]);
    skipped.tables.retain(|table| table.resource.as_deref() != Some("tags"));
    cannot(prospect("unused-tag", &skipped, true), "tags were not exported");
    let mut older = manifest(&[]);
    let tasks = older.tables.iter_mut().find(|table| table.name == "tasks").unwrap();
    tasks.columns.retain(|column| column != "due_at");
    cannot(prospect("overdue-task", &older, true), "version 0.1.0, which exported it, has no tasks.due_at");
    assert_eq!(prospect("unnamed-task", &older, false), WHOLE);
}

#[test]
fn tables_with_gaps_are_asked_only_if_the_user_wants_it_and_never_for_what_is_missing() {
    let gaps = manifest(&[("tasks", "partial", Some(403), Some("Forbidden"))]);
    cannot(prospect("overdue-task", &gaps, false), "tasks are partial: Forbidden (403)");
    let limits = vec!["tasks are partial: Forbidden (403)".to_owned()];
    assert_eq!(prospect("overdue-task", &gaps, true), Prospect::Ask { limits });
    cannot(prospect("unused-tag", &gaps, true), "it looks for what is missing, and tasks are partial: Forbidden (403)");
}

#[test]
fn what_asana_never_lists_to_a_person_is_a_limit() {
    let portfolios = RESOURCES.iter().find(|resource| resource.name == "portfolios").unwrap();
    let reason = portfolios.listings.iter().find_map(|listing| listing.leaves_out).unwrap();
    let own = manifest(&[("portfolios", "partial", None, Some(reason))]);
    let Prospect::Ask { limits } = prospect("ownerless-portfolio", &own, false) else { panic!() };
    assert_eq!(limits, [format!("portfolios are partial: {reason}")]);
    let follows = manifest(&[("portfolios", "partial", None, Some("follows from goals, which are not complete"))]);
    assert!(matches!(prospect("ownerless-portfolio", &follows, false), Prospect::Cannot { .. }));
}

#[test]
fn an_export_of_chosen_projects_or_of_a_guest_is_limited_throughout() {
    let mut chosen = manifest(&[]);
    chosen.selection.insert("scope".to_owned(), "projects".into());
    let limits = vec!["only chosen projects were exported".to_owned()];
    assert_eq!(prospect("overdue-task", &chosen, false), Prospect::Ask { limits });
    cannot(
        prospect("unused-tag", &chosen, true),
        "it looks for what is missing, and only chosen projects were exported",
    );
    assert_eq!(prospect("refused-listing", &chosen, false), WHOLE);
    let mut guest = manifest(&[]);
    guest.viewer.role = Some("guest".to_owned());
    // Who is not shown to a guest has not left.
    let reason = "it looks for what is missing, and a guest's token sees only what is shared with the guest";
    cannot(prospect("task-assignee-left", &guest, false), reason);
}

#[test]
fn what_a_copy_was_made_without_is_not_assessed() {
    let copy = |entry: (&str, serde_json::Value)| {
        let mut manifest = manifest(&[]);
        manifest.selection.insert(entry.0.to_owned(), entry.1);
        manifest
    };
    let columns = copy((
        "columns",
        serde_json::json!({"tasks": ["gid", "name", "resource_subtype", "completed", "permalink_url"]}),
    ));
    cannot(prospect("overdue-task", &columns, true), "this copy was made without tasks.assignee_name");
    assert_eq!(prospect("unused-field", &columns, false), WHOLE);
    let hidden = copy(("redacted", serde_json::json!({"classes": ["titles"], "with": "hash"})));
    cannot(prospect("unused-tag", &hidden, true), "tags.name is hidden in this copy, which was made without titles");
    assert_eq!(prospect("unused-tag", &copy(("redacted", serde_json::json!({"classes": ["emails"]}))), false), WHOLE);
    let since = copy(("since", "2026-01-01T00:00:00Z".into()));
    let reason = "this copy was made without tasks that last changed before 2026-01-01T00:00:00Z, or belong to such";
    cannot(prospect("overdue-task", &since, false), reason);
    assert_eq!(prospect("overdue-task", &since, true), Prospect::Ask { limits: vec![reason.to_owned()] });
    cannot(prospect("unused-tag", &since, true), &format!("it looks for what is missing, and {reason}"));
    assert_eq!(prospect("former-member-access", &since, false), WHOLE);
}
