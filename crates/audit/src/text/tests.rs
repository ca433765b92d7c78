use super::*;
use crate::testing::{audit, finding};

#[test]
fn counts_the_worst_and_what_could_not_be_said() {
    let mut worst = finding("a", "1", Severity::High);
    worst.object_name = "\u{1b}[2J<script>".to_owned();
    let mut low = finding("b", "2", Severity::Low);
    low.category = Category::Hygiene;
    low.permalink = String::new();
    let dark = |reason: &str| Outcome::NotAssessed { reason: reason.to_owned() };
    let others = [("c", dark("tags were not exported")), ("d", Outcome::Clean), ("e", dark("tags were not exported"))];
    let mut audit = audit(vec![worst, low], &others);
    audit.notes.push("a for 9 is accepted, and was not found".to_owned());
    audit.compare(&audit.clone());
    let text = render(&audit, &["out/audit/findings.csv".to_owned()]);
    assert_eq!(
        text,
        "workspace Acme (12) as of 2026-06-15T12:00:00Z
seen with the token of Ada, admin

5 rules: 2 found something, 1 found nothing, 2 could not be assessed
2 findings

                critical      high    medium       low      info
  access               -         1         -         -         -
  hygiene              -         -         -         1         -
  all                  0         1         0         1         0

The worst:
  high      a: task \u{fffd}[2J<script>: is so
            https://app.asana.com/0/0/1
  low       b: task Call: is so

Not assessed, which does not mean that there is nothing:
  tags were not exported
    c, e

Since 2026-06-15T12:00:00Z: 0 new, 0 fixed, 2 remaining
note: a for 9 is accepted, and was not found

All findings: out/audit/findings.csv
"
    );
}

#[test]
fn every_rule_is_listed_with_its_parameters() {
    let set = RuleSet::built_in(&asana_model::Layout::new()).unwrap();
    let text = rules(&set);
    for chosen in &set.rules {
        assert!(text.contains(&format!("  {} ", chosen.rule.id)), "{}", chosen.rule.id);
    }
    assert!(text.contains("  stale_days=365: Days since"), "{text}");
}

#[test]
fn ten_are_shown_and_accepted_ones_are_not() {
    let mut findings: Vec<_> = (0..12).map(|at| finding("a", &at.to_string(), Severity::Low)).collect();
    findings[0].accepted = Some(crate::audit::Acceptance { reason: "known".to_owned(), until: None });
    let mut audit = audit(findings, &[]);
    audit.count();
    let text = render(&audit, &[]);
    assert!(text.contains("11 findings, and 1 accepted"));
    assert_eq!(text.matches("  low       a").count(), 10);
}
