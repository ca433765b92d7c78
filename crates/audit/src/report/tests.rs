//! The report as text: nothing from Asana is markup, it stays small, its charts count what they say.

use std::collections::{BTreeMap, HashSet};

use asana_export::Reduced;
use asana_model::{Class, Layout};

use super::charts::{self, Chart, Row, Shape};
use super::*;
use crate::audit::{AUDIT_VERSION, Acceptance, Assessed, Compared, Covered, Export, Finding, Outcome, State, Summary};
use crate::database::Database;
use crate::rule::{Category, ParameterValue, Severity};

const NASTY: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}";

fn export() -> Export {
    Export {
        workspace_gid: "12".to_owned(),
        workspace_name: NASTY.to_owned(),
        tool: NASTY.to_owned(),
        created_at: "2026-06-15T12:00:00Z".to_owned(),
        finished_at: "2026-06-15T12:05:00Z".to_owned(),
        token_user_gid: "7".to_owned(),
        token_user_name: Some(NASTY.to_owned()),
        viewer_kind: "person".to_owned(),
        viewer_role: Some("admin".to_owned()),
        viewer_implies: vec![NASTY.to_owned()],
        coverage: BTreeMap::from([(
            "tasks".to_owned(),
            Covered { status: "partial".to_owned(), reason: Some(NASTY.to_owned()) },
        )]),
        rows: ["tasks", "projects", "task_memberships"].map(|table| (table.to_owned(), 1)).into(),
    }
}

fn rule(id: &str, severity: Severity, outcome: Outcome) -> Assessed {
    Assessed {
        id: id.to_owned(),
        title: NASTY.to_owned(),
        category: Category::Access,
        severity,
        why: NASTY.to_owned(),
        remedy: NASTY.to_owned(),
        tables: vec!["tasks".to_owned()],
        parameters: BTreeMap::from([("words".to_owned(), ParameterValue::Text(NASTY.to_owned()))]),
        file: Some(NASTY.to_owned()),
        query: NASTY.to_owned(),
        outcome,
        limits: vec![NASTY.to_owned()],
    }
}

fn finding(rule: &str, place: usize) -> Finding {
    Finding {
        id: format!("{place:016x}"),
        rule: rule.to_owned(),
        category: Category::Access,
        severity: Severity::High,
        object_type: "task".to_owned(),
        object_gid: place.to_string(),
        object_name: NASTY.to_owned(),
        permalink: if place == 0 {
            "javascript:alert(1)".to_owned()
        } else {
            format!("https://app.asana.com/0/0/{place}")
        },
        people: vec![NASTY.to_owned()],
        explanation: NASTY.to_owned(),
        accepted: (place == 1).then(|| Acceptance { reason: NASTY.to_owned(), until: Some("2026-12-31".to_owned()) }),
        state: Some(State::New),
    }
}

fn audit(findings: usize) -> Audit {
    let found = Outcome::Found { findings: findings as u64, accepted: 1 };
    let mut audit = Audit {
        audit_version: AUDIT_VERSION,
        tool: "asana-workspace 0.1.0".to_owned(),
        export: export(),
        summary: Summary::default(),
        rules: vec![
            rule("found", Severity::High, found),
            rule("clean", Severity::Medium, Outcome::Clean),
            rule("unknown", Severity::Low, Outcome::NotAssessed { reason: NASTY.to_owned() }),
        ],
        not_selected: vec!["other".to_owned()],
        findings: (0..findings).map(|place| finding("found", place)).collect(),
        compared: Some(Compared {
            baseline_created_at: "2026-05-15T12:00:00Z".to_owned(),
            new: 1,
            remaining: 2,
            fixed: Vec::new(),
            unknown: 3,
        }),
        notes: vec![NASTY.to_owned()],
    };
    audit.count();
    audit
}

fn chart() -> Chart {
    Chart {
        id: "workload",
        title: "Workload",
        about: "Open tasks.",
        shape: Shape::Bars,
        series: &["overdue", "open"],
        rows: vec![Row { category: NASTY.to_owned(), counts: vec![1, 2] }],
        lacks: vec![NASTY.to_owned()],
    }
}

fn page(audit: &Audit, charts: &[Chart]) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes, audit, charts).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn nothing_from_asana_is_markup_and_nothing_is_loaded() {
    let page = page(&audit(3), &[chart()]);
    assert_eq!(page.matches("<script").count(), 1);
    for forbidden in ["<img", "javascript:", "\u{202e}", " src=\"", "url(", "@import", " onerror=\"", "style=\""] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;img src=x onerror") || page.contains("&lt;img"), "it is shown as text");
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.iter().all(|link| link.starts_with('#') || link.starts_with("https://app.asana.com/")), "{links:?}");
    assert!(links.contains(&"https://app.asana.com/0/0/1"));
    // Nothing but this style and this script, by their hashes.
    let policy = page.split("Content-Security-Policy").nth(1).unwrap().split('>').next().unwrap();
    assert!(policy.contains("default-src &#39;none&#39;") && policy.matches("sha256-").count() == 2, "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn addresses_within_the_page_are_unique_and_lead_somewhere() {
    let page = page(&audit(3), &[chart()]);
    let values = |attribute: &str| -> Vec<String> {
        let before = format!(" {attribute}=\"");
        let parts = page.split(&before).skip(1);
        parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let unique: HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    let inner = values("href").into_iter().filter_map(|link| link.strip_prefix('#').map(str::to_owned));
    for named in inner.chain(values("aria-labelledby")).chain(values("aria-describedby")) {
        assert!(ids.contains(&named), "{named}");
    }
}

#[test]
fn a_hundred_thousand_findings_are_a_small_page_that_says_where_the_rest_is() {
    let page = page(&audit(100_000), &[]);
    assert!(page.len() < 500_000, "{}", page.len());
    assert!(page.contains("100 of 100,000 are listed. The other 99,900 are in"), "what is left out is told");
}

#[test]
fn what_was_not_assessed_comes_before_all_numbers() {
    let page = page(&audit(3), &[]);
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(place("Rules that could not be assessed") < place("id=\"scores\""));
    assert!(place("What the export does not hold in full") < place("id=\"scores\""));
    // High weighs 6 and lost 2 ÷ 12 of it; medium weighs 3 and lost nothing.
    assert!(page.contains("100 × (1 − 1.0 ÷ 9) = 88.9"), "the arithmetic is shown");
}

/// A database of some columns of some tables, the others empty.
fn database(layout: &Layout, rows: &[(&str, &[(&str, &str)])]) -> Database {
    let mut database = Database::new().unwrap();
    for table in layout.tables.iter().filter(|table| charts::needs(&table.name)) {
        database.add(table).unwrap();
    }
    for (table, given) in rows {
        let (columns, values): (Vec<&str>, Vec<String>) = given
            .iter()
            .map(|(column, value)| {
                (*column, if matches!(*value, "true" | "false") { (*value).to_owned() } else { format!("'{value}'") })
            })
            .unzip();
        let insert = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "));
        database.connection().execute_batch(&insert).unwrap();
    }
    database.only_answer().unwrap();
    database
}

#[test]
fn charts_count_what_they_say() {
    let layout = Layout::new();
    let open = |gid, due, of| {
        (
            "tasks",
            [
                ("gid", gid),
                ("completed", "false"),
                ("due_on", due),
                ("assignee_gid", of),
                ("modified_at", "2026-06-01T00:00:00Z"),
                ("created_at", "2026-05-31T23:00:00Z"),
            ],
        )
    };
    let tasks = [
        open("1", "2026-06-14", "7"),
        open("2", "2026-06-15", "7"),
        open("3", "2026-06-08", "8"),
        open("4", "2025-01-01", "8"),
    ];
    let done = (
        "tasks",
        &[
            ("gid", "5"),
            ("completed", "true"),
            ("due_on", "2026-01-01"),
            ("created_at", "2024-01-01T00:00:00Z"),
            ("completed_at", "2026-06-02T00:00:00Z"),
        ][..],
    );
    let more: [(&str, &[(&str, &str)]); 7] = [
        done,
        (
            "projects",
            &[
                ("gid", "p"),
                ("archived", "false"),
                ("created_at", "2020-01-01T00:00:00Z"),
                ("modified_at", "2020-01-01T00:00:00Z"),
            ],
        ),
        ("projects", &[("gid", "q"), ("archived", "false"), ("created_at", "2026-01-01T00:00:00Z")]),
        ("projects", &[("gid", "r"), ("archived", "true"), ("created_at", "2020-01-01T00:00:00Z")]),
        ("task_memberships", &[("task_gid", "1"), ("project_gid", "p")]),
        ("memberships", &[("gid", "m"), ("member_type", "user"), ("member_gid", "g"), ("access_level", "editor")]),
        ("workspace_memberships", &[("gid", "w"), ("user_gid", "g"), ("is_guest", "true")]),
    ];
    let rows: Vec<(&str, &[(&str, &str)])> = tasks.iter().map(|(table, row)| (*table, &row[..])).chain(more).collect();
    let mut export = export();
    export.rows.extend(["memberships", "workspace_memberships"].map(|table| (table.to_owned(), 1)));
    let charts = charts::ask(&database(&layout, &rows), &export, &Reduced::default(), &layout).unwrap();
    let counts = |id: &str| -> Vec<(String, Vec<u64>)> {
        let chart = charts.iter().find(|chart| chart.id == id).unwrap();
        let some = chart.rows.iter().filter(|row| row.counts.iter().any(|count| *count > 0));
        some.map(|row| (row.category.clone(), row.counts.clone())).collect()
    };
    let expect = |id: &str, expected: &[(&str, &[u64])]| {
        let expected: Vec<_> = expected.iter().map(|(name, counts)| ((*name).to_owned(), counts.to_vec())).collect();
        assert_eq!(counts(id), expected, "{id}");
    };
    // The one that was created too long ago is in no month, and the one completed this month is.
    expect("pace", &[("2026-05", &[4, 0]), ("2026-06", &[0, 1])]);
    expect("overdue", &[("up to a week", &[2]), ("longer", &[1])]);
    expect("access", &[("editor", &[0, 1, 0])]);
    expect("activity", &[("within a month", &[1]), ("up to 6 months ago", &[1])]);
    expect("workload", &[("without a name", &[1, 1]), ("without a name", &[2, 0])]);
    assert_eq!(charts[0].rows.len(), 18);
    assert!(charts[0].lacks[0].starts_with("tasks are partial"), "{:?}", charts[0].lacks);
}

#[test]
fn a_chart_without_its_tables_says_so() {
    let layout = Layout::new();
    let export = Export { rows: BTreeMap::new(), ..export() };
    let charts = charts::ask(&Database::new().unwrap(), &export, &Reduced::default(), &layout).unwrap();
    assert!(charts.iter().all(|chart| chart.rows.is_empty() && !chart.lacks.is_empty()));
    assert!(page(&audit(0), &charts).contains("Not complete: the export has no tasks."));
}

#[test]
fn a_chart_of_what_a_copy_lacks_is_not_drawn() {
    let layout = Layout::new();
    let mut export = export();
    export.rows.extend(["memberships", "workspace_memberships"].map(|table| (table.to_owned(), 1)));
    let lacks = |reduced: &Reduced| -> Vec<(&str, String)> {
        let charts = charts::ask(&database(&layout, &[]), &export, reduced, &layout).unwrap();
        let undrawn = charts.iter().filter(|chart| chart.lacks.iter().any(|lack| lack.contains("this copy")));
        undrawn.map(|chart| (chart.id, chart.lacks[0].clone())).collect()
    };
    assert_eq!(lacks(&Reduced::default()), []);
    let hidden = Reduced { redacted: [Class::Name].into(), ..Reduced::default() };
    let reason = "tasks.assignee_name is hidden in this copy, which was made without names";
    assert_eq!(lacks(&hidden), [("workload", reason.to_owned())]);
    let columns =
        [("tasks".to_owned(), ["gid", "created_at", "completed_at", "completed"].map(str::to_owned).to_vec())].into();
    let ids = |reduced| lacks(&reduced).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(Reduced { columns, ..Reduced::default() }), ["overdue", "activity", "workload"]);
    let since = Some("2026-01-01T00:00:00Z".to_owned());
    assert_eq!(ids(Reduced { since, ..Reduced::default() }), ["pace", "overdue", "activity", "workload"]);
}
