//! A score for each category, by an arithmetic that the report shows: nothing is learned by a number alone.
//!
//! Each rule that could be asked has the weight of its severity. Of that it loses n ÷ (n + 10) for n findings: one finding
//! costs a tenth, ten cost half, and a hundred nearly all. The score is what is left of all weights, in percent.

use crate::audit::{Assessed, Audit, Outcome};
use crate::rule::{Category, Severity};

/// At so many findings a rule has lost half of its weight.
pub(super) const HALF: u64 = 10;

/// A category and how its score came about.
#[derive(Debug)]
pub(super) struct Score<'a> {
    pub(super) category: Category,
    /// Those that could be asked.
    pub(super) rules: Vec<Scored<'a>>,
    pub(super) not_assessed: usize,
    pub(super) weight: u32,
    pub(super) lost: f64,
}

#[derive(Debug)]
pub(super) struct Scored<'a> {
    pub(super) rule: &'a Assessed,
    pub(super) findings: u64,
    pub(super) weight: u32,
    pub(super) lost: f64,
}

/// What a rule of that severity weighs.
pub(super) fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 3,
        Severity::High => 6,
        Severity::Critical => 10,
    }
}

impl Score<'_> {
    /// From 0 to 100; none where no rule that weighs anything could be asked.
    pub(super) fn value(&self) -> Option<f64> {
        (self.weight > 0).then(|| 100.0 * (1.0 - self.lost / f64::from(self.weight)))
    }
}

/// The categories that have rules, in their order.
pub(super) fn scores(audit: &Audit) -> Vec<Score<'_>> {
    Category::ALL.into_iter().filter_map(|category| score(audit, category)).collect()
}

fn score(audit: &Audit, category: Category) -> Option<Score<'_>> {
    let of_category: Vec<&Assessed> = audit.rules.iter().filter(|rule| rule.category == category).collect();
    let rules: Vec<Scored<'_>> = of_category.iter().filter_map(|rule| scored(rule)).collect();
    (!of_category.is_empty()).then(|| Score {
        category,
        not_assessed: of_category.len() - rules.len(),
        weight: rules.iter().map(|rule| rule.weight).sum(),
        lost: rules.iter().map(|rule| rule.lost).sum(),
        rules,
    })
}

fn scored(rule: &Assessed) -> Option<Scored<'_>> {
    let findings = match rule.outcome {
        Outcome::Found { findings, accepted } => findings.saturating_sub(accepted),
        Outcome::Clean => 0,
        Outcome::NotAssessed { .. } => return None,
    };
    let weight = weight(rule.severity);
    let lost = f64::from(weight) * share(findings);
    Some(Scored { rule, findings, weight, lost })
}

/// n ÷ (n + 10).
fn share(findings: u64) -> f64 {
    // Beyond this many, one more makes no difference that could be shown.
    let findings = f64::from(u32::try_from(findings).unwrap_or(u32::MAX));
    findings / (findings + f64::from(u32::try_from(HALF).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_loses_half_at_ten_findings_and_never_all() {
        assert!(share(0).abs() < f64::EPSILON && (share(HALF) - 0.5).abs() < f64::EPSILON);
        assert!(share(1) < 0.1 && share(100) > 0.9 && share(u64::MAX) < 1.0 + f64::EPSILON);
    }
}
