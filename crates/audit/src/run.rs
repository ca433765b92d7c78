//! The audit itself: every rule is asked, and what it finds becomes findings with stable ids.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use asana_export::Manifest;
use asana_export::manifest::CoverageStatus;
use asana_model::Layout;
use sha2::{Digest, Sha256};

use crate::audit::{AUDIT_VERSION, Assessed, Audit, Covered, Export, Finding, Outcome, Summary};
use crate::catalogue::{Chosen, RuleSet};
use crate::database::Database;
use crate::error::Result;
use crate::prospect::Prospect;
use crate::query::{Answer, Now, ask};

/// An audit that has not begun: what is asked of which export.
#[derive(Debug)]
pub struct Inquiry<'a> {
    pub manifest: &'a Manifest,
    pub rules: RuleSet,
    /// In the order of the rules.
    prospects: Vec<Prospect>,
    /// For each rule.
    pub time_limit: Duration,
}

impl<'a> Inquiry<'a> {
    /// `partial` asks rules of tables with gaps too.
    pub fn new(manifest: &'a Manifest, rules: RuleSet, layout: &Layout, partial: bool, time_limit: Duration) -> Self {
        let prospects =
            rules.rules.iter().map(|chosen| Prospect::of(&chosen.rule, manifest, layout, partial)).collect();
        Self { manifest, rules, prospects, time_limit }
    }

    fn asked(&self) -> impl Iterator<Item = &Chosen> {
        let asked = self.rules.rules.iter().zip(&self.prospects);
        asked.filter(|(_, prospect)| matches!(prospect, Prospect::Ask { .. })).map(|(chosen, _)| chosen)
    }

    /// Whether a rule that will be asked reads the table.
    pub fn needs(&self, table: &str) -> bool {
        self.asked().any(|chosen| chosen.rule.tables.iter().any(|name| name == table))
    }

    /// The queries that read the table.
    pub fn queries_of<'q>(&'q self, table: &'q str) -> Vec<&'q str> {
        let reads = |chosen: &&Chosen| chosen.rule.tables.iter().any(|name| name == table);
        self.asked().filter(reads).map(|chosen| chosen.rule.query.as_str()).collect()
    }

    /// Asks every rule of `database`, which has to hold all tables that are needed.
    ///
    /// # Errors
    /// Those of the first rule whose query fails or takes too long.
    pub fn run(self, database: &Database, tool: String) -> Result<Audit> {
        let now = Now { now: self.manifest.created_at.clone() };
        let mut rules = Vec::with_capacity(self.rules.rules.len());
        let mut findings = Vec::new();
        for (chosen, prospect) in self.rules.rules.iter().zip(self.prospects) {
            let (outcome, limits) = match prospect {
                Prospect::Cannot { reason } => (Outcome::NotAssessed { reason }, Vec::new()),
                Prospect::Ask { limits } => {
                    let found = findings_of(chosen, ask(chosen, database, &now, self.time_limit)?);
                    let outcome = outcome(found.len() as u64, &limits);
                    findings.extend(found);
                    (outcome, limits)
                }
            };
            rules.push(assessed(chosen, outcome, limits));
        }
        findings.sort_by(|one: &Finding, other| {
            let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.rule.clone());
            key(one).cmp(&key(other)).then_with(|| {
                let key = |finding: &Finding| {
                    (finding.object_type.clone(), finding.object_gid.clone(), finding.explanation.clone())
                };
                key(one).cmp(&key(other))
            })
        });
        let mut audit = Audit {
            audit_version: AUDIT_VERSION,
            tool,
            export: export(self.manifest),
            summary: Summary::default(),
            rules,
            not_selected: self.rules.not_selected,
            findings,
            compared: None,
            notes: copy_notes(self.manifest),
        };
        audit.count();
        Ok(audit)
    }
}

/// What a copy for others was made without.
fn copy_notes(manifest: &Manifest) -> Vec<String> {
    let lacks = manifest.reduced().lacks();
    if lacks.is_empty() { lacks } else { vec![format!("this copy was made without: {}", lacks.join("; "))] }
}

fn outcome(findings: u64, limits: &[String]) -> Outcome {
    match (findings, limits) {
        (0, []) => Outcome::Clean,
        (0, limits) => {
            Outcome::NotAssessed { reason: format!("there is nothing in what can be seen, but {}", limits.join("; ")) }
        }
        _ => Outcome::Found { findings, accepted: 0 },
    }
}

fn assessed(chosen: &Chosen, outcome: Outcome, limits: Vec<String>) -> Assessed {
    let rule = &chosen.rule;
    Assessed {
        id: rule.id.clone(),
        title: rule.title.clone(),
        category: rule.category,
        severity: rule.severity,
        why: rule.why.clone(),
        remedy: rule.remedy.clone(),
        tables: rule.tables.clone(),
        parameters: chosen.parameters.clone(),
        file: chosen.file.clone(),
        query: rule.query.clone(),
        outcome,
        limits,
    }
}

fn findings_of(chosen: &Chosen, answers: Vec<Answer>) -> Vec<Finding> {
    // Findings that the rule itself does not tell apart are numbered.
    let mut times: HashMap<(String, String, String), u32> = HashMap::new();
    let finding = |answer: Answer| {
        let of = (answer.object_type.clone(), answer.object_gid.clone(), answer.detail.clone());
        let time = times.entry(of).and_modify(|times| *times += 1).or_insert(0);
        Finding {
            id: id(&chosen.rule.id, &answer, *time),
            rule: chosen.rule.id.clone(),
            category: chosen.rule.category,
            severity: answer.severity.unwrap_or(chosen.rule.severity),
            object_type: answer.object_type,
            object_gid: answer.object_gid,
            object_name: answer.object_name,
            permalink: answer.permalink,
            people: answer.people,
            explanation: answer.explanation,
            accepted: None,
            state: None,
        }
    };
    answers.into_iter().map(finding).collect()
}

/// Of the hash, in an id.
const ID_BYTES: usize = 8;

fn id(rule: &str, answer: &Answer, time: u32) -> String {
    let mut hash = Sha256::new();
    for part in [rule, &answer.object_type, &answer.object_gid, &answer.detail] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(time.to_be_bytes());
    let mut id = String::with_capacity(2 * ID_BYTES);
    for byte in hash.finalize().iter().take(ID_BYTES) {
        let _ok = write!(id, "{byte:02x}");
    }
    id
}

fn export(manifest: &Manifest) -> Export {
    let covered = |coverage: &asana_export::manifest::Coverage| Covered {
        status: match coverage.status {
            CoverageStatus::Complete => "complete",
            CoverageStatus::Partial => "partial",
            CoverageStatus::Unavailable => "unavailable",
        }
        .to_owned(),
        reason: coverage.reason.clone(),
    };
    Export {
        workspace_gid: manifest.workspace.gid.clone(),
        workspace_name: manifest.workspace.name.clone(),
        tool: format!("{} {}", manifest.tool.name, manifest.tool.version),
        created_at: manifest.created_at.clone(),
        finished_at: manifest.finished_at.clone(),
        token_user_gid: manifest.token_user_gid.clone(),
        token_user_name: manifest.token_user_name.clone(),
        viewer_kind: manifest.viewer.kind.clone(),
        viewer_role: manifest.viewer.role.clone(),
        viewer_implies: manifest.viewer.implies.clone(),
        coverage: manifest.coverage.iter().map(|(name, coverage)| (name.clone(), covered(coverage))).collect(),
        rows: manifest.tables.iter().map(|table| (table.name.clone(), table.rows)).collect(),
    }
}

impl Audit {
    /// Makes the numbers agree with the findings.
    pub(crate) fn count(&mut self) {
        let mut accepted: HashMap<String, u64> = HashMap::new();
        let mut summary = Summary::default();
        for finding in &self.findings {
            if !finding.counts() {
                summary.accepted += 1;
                *accepted.entry(finding.rule.clone()).or_default() += 1;
                continue;
            }
            summary.findings += 1;
            *summary.by_severity.entry(finding.severity).or_default() += 1;
            let category = summary.by_category.entry(finding.category).or_default();
            *category.entry(finding.severity).or_default() += 1;
        }
        for rule in &mut self.rules {
            match &mut rule.outcome {
                Outcome::Found { accepted: number, .. } => {
                    *number = accepted.get(&rule.id).copied().unwrap_or(0);
                    summary.rules_found += 1;
                }
                Outcome::Clean => summary.rules_clean += 1,
                Outcome::NotAssessed { .. } => summary.rules_not_assessed += 1,
            }
        }
        self.summary = summary;
    }
}

#[cfg(test)]
mod tests;
