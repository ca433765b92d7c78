//! What this crate's tests share: a manifest, and an audit made without a database.

use asana_export::Manifest;
use serde_json::json;

use crate::audit::{AUDIT_VERSION, Assessed, Audit, Export, Finding, Outcome, Summary};
use crate::rule::{Category, Severity};

/// A manifest of an export of everything, in which resources have the coverage given: status, HTTP status, reason.
pub(crate) fn manifest(coverage: &[(&str, &str, Option<u16>, Option<&str>)]) -> Manifest {
    let layout = asana_model::Layout::new();
    let tables: Vec<_> = layout
        .tables
        .iter()
        .map(|table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            json!({"name": table.name, "resource": table.resource, "rows": 0, "columns": columns, "files": []})
        })
        .collect();
    let mut covered: serde_json::Map<String, serde_json::Value> = asana_model::catalog::RESOURCES
        .iter()
        .map(|resource| (resource.name.to_owned(), json!({"status": "complete", "requests": 1, "records": 1})))
        .collect();
    for (resource, status, http_status, reason) in coverage {
        let line = json!({"status": status, "http_status": http_status, "reason": reason, "requests": 1, "records": 1});
        covered.insert((*resource).to_owned(), line);
    }
    serde_json::from_value(json!({
        "manifest_version": 1, "tool": {"name": "asana-workspace", "version": "0.1.0"},
        "created_at": "2026-06-15T12:00:00Z", "started_at": "2026-06-15T12:00:00Z", "finished_at": "2026-06-15T12:05:00Z",
        "workspace": {"gid": "12", "name": "Acme"}, "token_user_gid": "7", "token_user_name": "Ada",
        "viewer": {"kind": "person", "role": "admin", "implies": []}, "route": "rest", "selection": {},
        "requests": {"sent": 1, "archived_pages": 1, "retried": 0, "rejected_429": 0}, "coverage": covered, "gaps": 0,
        "unknown_fields": {}, "oddities": 0, "duplicates": 0, "not_readable_by_any_api": [], "tables": tables,
    }))
    .unwrap()
}

/// A finding of a rule about an object, whose id is made of both.
pub(crate) fn finding(rule: &str, object: &str, severity: Severity) -> Finding {
    Finding {
        id: format!("{rule}/{object}"),
        rule: rule.to_owned(),
        category: Category::Access,
        severity,
        object_type: "task".to_owned(),
        object_gid: object.to_owned(),
        object_name: "Call".to_owned(),
        permalink: "https://app.asana.com/0/0/1".to_owned(),
        people: vec!["Ada".to_owned(), "Bob".to_owned()],
        explanation: "is so".to_owned(),
        accepted: None,
        state: None,
    }
}

/// An audit with these findings, and rules with these outcomes besides.
pub(crate) fn audit(findings: Vec<Finding>, others: &[(&str, Outcome)]) -> Audit {
    let rule = |id: &str, outcome| Assessed {
        id: id.to_owned(),
        title: "Title".to_owned(),
        category: Category::Access,
        severity: Severity::Low,
        why: "why".to_owned(),
        remedy: "remedy".to_owned(),
        tables: vec!["tasks".to_owned()],
        parameters: std::collections::BTreeMap::new(),
        file: None,
        query: "SELECT".to_owned(),
        outcome,
        limits: Vec::new(),
    };
    let mut rules: Vec<Assessed> = others.iter().map(|(id, outcome)| rule(id, outcome.clone())).collect();
    for finding in &findings {
        match rules.iter_mut().find(|rule| rule.id == finding.rule) {
            Some(Assessed { outcome: Outcome::Found { findings, .. }, .. }) => *findings += 1,
            Some(_) => {}
            None => rules.push(rule(&finding.rule, Outcome::Found { findings: 1, accepted: 0 })),
        }
    }
    let mut audit = Audit {
        audit_version: AUDIT_VERSION,
        tool: "asana-workspace 0.1.0".to_owned(),
        export: Export {
            workspace_gid: "12".to_owned(),
            workspace_name: "Acme".to_owned(),
            tool: "asana-workspace 0.1.0".to_owned(),
            created_at: "2026-06-15T12:00:00Z".to_owned(),
            finished_at: "2026-06-15T12:05:00Z".to_owned(),
            token_user_gid: "7".to_owned(),
            token_user_name: Some("Ada".to_owned()),
            viewer_kind: "person".to_owned(),
            viewer_role: Some("admin".to_owned()),
            viewer_implies: Vec::new(),
            coverage: std::collections::BTreeMap::new(),
            rows: std::collections::BTreeMap::new(),
        },
        summary: Summary::default(),
        rules,
        not_selected: vec!["left-out".to_owned()],
        findings,
        compared: None,
        notes: Vec::new(),
    };
    audit.count();
    audit
}
