//! What came of an audit: one value, which `findings.json` holds and reports are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rule::{Category, ParameterValue, Severity};

/// The version of the shape of `findings.json` that this program writes. Keys may be added without raising it.
pub const AUDIT_VERSION: u32 = 1;

/// An audit of one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// [`AUDIT_VERSION`].
    pub audit_version: u32,
    /// The program that audited, as in `asana-workspace 0.1.0`.
    pub tool: String,
    pub export: Export,
    pub summary: Summary,
    /// Every rule that was selected, in the order of categories and ids.
    pub rules: Vec<Assessed>,
    /// Ids of rules that `--only` and `--skip` left out.
    pub not_selected: Vec<String>,
    /// Worst first, then by rule, object and explanation. Accepted ones are among them.
    pub findings: Vec<Finding>,
    /// Against `--baseline`, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// Notes about the files that were given: acceptances that are over, or that nothing needs any more.
    pub notes: Vec<String>,
}

/// The export that was audited, as its manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    pub workspace_gid: String,
    pub workspace_name: String,
    /// The program that made it, as in `asana-workspace 0.1.0`.
    pub tool: String,
    /// This and the next: UTC, ISO 8601. `created_at` is what rules take for now.
    pub created_at: String,
    pub finished_at: String,
    /// Whose token it was made with.
    pub token_user_gid: String,
    pub token_user_name: Option<String>,
    /// `person`, `service account` or `unknown`.
    pub viewer_kind: String,
    /// A person's: `admin`, `member`, `view-only member` or `guest`.
    pub viewer_role: Option<String>,
    /// What the export can lack although nothing was refused, in words.
    pub viewer_implies: Vec<String>,
    /// What it holds of each resource that was asked for.
    pub coverage: BTreeMap<String, Covered>,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
}

/// What an export holds of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// `complete`, `partial` or `unavailable`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Numbers of findings. Accepted ones are not in any but `accepted`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub findings: u64,
    pub accepted: u64,
    pub by_severity: BTreeMap<Severity, u64>,
    pub by_category: BTreeMap<Category, BTreeMap<Severity, u64>>,
    /// Numbers of rules.
    pub rules_found: u64,
    pub rules_clean: u64,
    pub rules_not_assessed: u64,
}

/// A rule and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    pub id: String,
    pub title: String,
    pub category: Category,
    pub severity: Severity,
    pub why: String,
    pub remedy: String,
    pub tables: Vec<String>,
    /// As they were in this audit.
    pub parameters: BTreeMap<String, ParameterValue>,
    /// The user's file that it came from; absent for built-in rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub query: String,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What its tables are known to lack: there may be more than was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// `accepted` of the findings are accepted.
    Found { findings: u64, accepted: u64 },
    /// The rule was asked, its tables are complete, and there is nothing.
    Clean,
    /// Nothing can be said, because the export lacks what the rule needs.
    NotAssessed { reason: String },
}

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The same for the same rule, object and detail in every audit: 16 hexadecimal digits.
    pub id: String,
    pub rule: String,
    pub category: Category,
    pub severity: Severity,
    /// Asana's name for the kind, as in `task`; empty if it is no object.
    pub object_type: String,
    pub object_gid: String,
    pub object_name: String,
    /// An address in Asana; empty if there is none.
    pub permalink: String,
    /// The people concerned, by name.
    pub people: Vec<String>,
    /// A sentence about this object.
    pub explanation: String,
    /// The user knows and accepts it; it then counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
    /// Against the baseline, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

/// Why a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    pub reason: String,
    /// The last day on which it is, `YYYY-MM-DD`; absent if for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The baseline does not have it.
    New,
    /// The baseline has it too.
    Remaining,
}

/// An audit against an earlier one, its baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The time of the export that the baseline is of.
    pub baseline_created_at: String,
    pub new: u64,
    pub remaining: u64,
    /// What the baseline has and this audit does not, although its rule was assessed in both.
    pub fixed: Vec<FixedFinding>,
    /// Findings of the baseline whose rules were not assessed this time: nothing is known of them.
    pub unknown: u64,
}

/// A finding that is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedFinding {
    pub id: String,
    pub rule: String,
    pub severity: Severity,
    pub object_type: String,
    pub object_gid: String,
    pub object_name: String,
}

impl Finding {
    /// Whether it counts: accepted ones do not.
    pub fn counts(&self) -> bool {
        self.accepted.is_none()
    }
}

impl Audit {
    /// The worst severity among the findings that count.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|finding| finding.counts()).map(|finding| finding.severity).max()
    }

    /// The findings of a rule, accepted ones included.
    pub fn findings_of<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.rule == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back_as_written() {
        let json = r#"{
  "audit_version": 1,
  "tool": "asana-workspace 0.1.0",
  "export": {
    "workspace_gid": "12", "workspace_name": "Acme", "tool": "asana-workspace 0.1.0",
    "created_at": "2026-01-01T00:00:00Z", "finished_at": "2026-01-01T00:05:00Z",
    "token_user_gid": "7", "token_user_name": "Ada", "viewer_kind": "person", "viewer_role": "admin",
    "viewer_implies": [], "coverage": {"tasks": {"status": "complete"}}, "rows": {"tasks": 3}
  },
  "summary": {
    "findings": 1, "accepted": 0, "by_severity": {"high": 1}, "by_category": {"access": {"high": 1}},
    "rules_found": 1, "rules_clean": 0, "rules_not_assessed": 1
  },
  "rules": [
    {"id": "a", "title": "A", "category": "access", "severity": "high", "why": "w", "remedy": "r", "tables": ["tasks"],
     "parameters": {"days": 3, "domains": ["x.org"], "word": "w"}, "query": "SELECT 1", "outcome": "found", "findings": 1,
     "accepted": 0, "limits": ["some are not seen"]},
    {"id": "b", "title": "B", "category": "hygiene", "severity": "low", "why": "w", "remedy": "r", "tables": [],
     "parameters": {}, "file": "own.toml", "query": "SELECT 1", "outcome": "not_assessed", "reason": "no tags"}
  ],
  "not_selected": ["c"],
  "findings": [
    {"id": "0123456789abcdef", "rule": "a", "category": "access", "severity": "high", "object_type": "task",
     "object_gid": "1", "object_name": "<script>", "permalink": "", "people": ["Ada"], "explanation": "is so",
     "accepted": {"reason": "known", "until": "2026-12-31"}, "state": "new"}
  ],
  "notes": []
}"#;
        let audit: Audit = serde_json::from_str(json).unwrap();
        assert!(matches!(audit.rules[1].outcome, Outcome::NotAssessed { .. }));
        assert_eq!(audit.rules[0].parameters["domains"], ParameterValue::Texts(vec!["x.org".to_owned()]));
        assert_eq!(audit.worst(), None);
        let again = serde_json::to_value(&audit).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(json).unwrap());
    }
}
