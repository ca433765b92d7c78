//! An audit against an earlier one: what is new, what remains, what is fixed.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::audit::{AUDIT_VERSION, Audit, Compared, Finding, FixedFinding, Outcome, State};
use crate::error::{Error, Result};

impl Audit {
    /// Reads a `findings.json`.
    pub fn read(path: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            audit_version: u32,
        }
        let json = fs::read(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        let wrong = |source| Error::NotFindings { path: path.to_owned(), source };
        let head: Head = serde_json::from_slice(&json).map_err(wrong)?;
        if head.audit_version != AUDIT_VERSION {
            return Err(Error::FindingsVersion { path: path.to_owned(), found: head.audit_version });
        }
        serde_json::from_slice(&json).map_err(wrong)
    }

    /// Says of every finding whether `baseline` has it, and which of its findings are no more. Findings that are
    /// accepted now are not counted.
    pub fn compare(&mut self, baseline: &Audit) {
        let before: HashSet<&str> = baseline.findings.iter().map(|finding| finding.id.as_str()).collect();
        let (mut new, mut remaining) = (0, 0);
        for finding in &mut self.findings {
            let (state, number) = if before.contains(finding.id.as_str()) {
                (State::Remaining, &mut remaining)
            } else {
                (State::New, &mut new)
            };
            finding.state = Some(state);
            *number += u64::from(finding.counts());
        }
        let now: HashSet<&str> = self.findings.iter().map(|finding| finding.id.as_str()).collect();
        let outcomes: HashMap<&str, &Outcome> =
            self.rules.iter().map(|rule| (rule.id.as_str(), &rule.outcome)).collect();
        let known = |finding: &&Finding| match outcomes.get(finding.rule.as_str()) {
            Some(Outcome::Found { .. } | Outcome::Clean) => true,
            Some(Outcome::NotAssessed { .. }) | None => false,
        };
        let gone = baseline.findings.iter().filter(|finding| !now.contains(finding.id.as_str()));
        let (fixed, unknown): (Vec<&Finding>, Vec<&Finding>) = gone.partition(known);
        self.compared = Some(Compared {
            baseline_created_at: baseline.export.created_at.clone(),
            new,
            remaining,
            unknown: unknown.len() as u64,
            fixed: fixed.into_iter().map(fixed_finding).collect(),
        });
    }
}

fn fixed_finding(finding: &Finding) -> FixedFinding {
    FixedFinding {
        id: finding.id.clone(),
        rule: finding.rule.clone(),
        severity: finding.severity,
        object_type: finding.object_type.clone(),
        object_gid: finding.object_gid.clone(),
        object_name: finding.object_name.clone(),
    }
}

#[cfg(test)]
mod tests;
