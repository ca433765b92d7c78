use asana_model::{Cell, Column};

use super::*;
use crate::error::Error;
use crate::rule::Severity;
use crate::testing::manifest;

/// Two tags of one name, and a third; no task has one.
fn audited(only: &[&str], coverage: &[(&str, &str, Option<u16>, Option<&str>)], partial: bool) -> Audit {
    let layout = Layout::new();
    let mut rules = RuleSet::built_in(&layout).unwrap();
    let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
    rules.select(&only, &[], &|_, _, _| String::new()).unwrap();
    let manifest = manifest(coverage);
    let inquiry = Inquiry::new(&manifest, rules, &layout, partial, Duration::from_secs(60));
    let mut database = Database::new().unwrap();
    for table in layout.tables.iter().filter(|table| inquiry.needs(&table.name)) {
        let given: Vec<Column> =
            table.columns.iter().filter(|column| ["gid", "name"].contains(&column.name.as_str())).cloned().collect();
        database
            .load(table, &given, |loader| {
                if table.name == "tags" {
                    for (gid, name) in [("3", "Later"), ("1", "Now"), ("2", "now")] {
                        loader.row(&[Cell::text(gid), Cell::text(name)])?;
                    }
                }
                Ok::<(), Error>(())
            })
            .unwrap();
        database.index(table, &inquiry.queries_of(&table.name)).unwrap();
    }
    database.only_answer().unwrap();
    inquiry.run(&database, "asana-workspace 0.1.0".to_owned()).unwrap()
}

#[test]
fn findings_are_sorted_counted_and_have_stable_ids() {
    let audit = audited(&["unused-tag", "duplicate-tag-name", "stale-task"], &[], false);
    let found: Vec<_> = audit.findings.iter().map(|one| (one.rule.as_str(), one.object_gid.as_str())).collect();
    assert_eq!(found, [("duplicate-tag-name", "1"), ("unused-tag", "1"), ("unused-tag", "2"), ("unused-tag", "3")]);
    assert_eq!(audit.findings[0].explanation, "tags of this name: 1, 2");
    // Written down: an id that changes makes every accepted finding come back.
    assert_eq!(audit.findings[1].id, "aa72794154dfe85e");
    let ids: std::collections::HashSet<_> = audit.findings.iter().map(|one| &one.id).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!((audit.summary.findings, audit.summary.rules_found, audit.summary.rules_clean), (4, 2, 1));
    assert_eq!(audit.summary.by_category[&crate::rule::Category::Hygiene][&Severity::Info], 4);
    assert_eq!(audit, audited(&["unused-tag", "duplicate-tag-name", "stale-task"], &[], false));
    assert!(audit.not_selected.contains(&"overdue-task".to_owned()));
}

#[test]
fn silence_about_partial_tables_is_not_called_clean() {
    let gap = [("tags", "partial", Some(403), Some("Forbidden")), ("tasks", "partial", Some(403), Some("Forbidden"))];
    let audit = audited(&["duplicate-tag-name", "stale-task", "unused-tag"], &gap, true);
    let outcome = |id: &str| &audit.rules.iter().find(|rule| rule.id == id).unwrap().outcome;
    assert_eq!(*outcome("duplicate-tag-name"), Outcome::Found { findings: 1, accepted: 0 });
    let Outcome::NotAssessed { reason } = outcome("stale-task") else { panic!() };
    assert_eq!(reason, "there is nothing in what can be seen, but tasks are partial: Forbidden (403)");
    assert!(matches!(outcome("unused-tag"), Outcome::NotAssessed { .. }));
    assert_eq!(audit.summary.rules_not_assessed, 2);
}
