use super::*;
use crate::rule::Severity;
use crate::testing::{audit, finding};

fn unknown(what: &str, name: &str, _: &[&str]) -> String {
    format!("no {what} {name}")
}

fn entry(rule: &str, object: &str, until: &str) -> String {
    let until = if until.is_empty() { String::new() } else { format!("until = {until}\n") };
    format!("[[accepted]]\nrule = \"{rule}\"\nobject = \"{object}\"\nreason = \"known\"\n{until}")
}

fn applied(text: &str) -> Audit {
    let findings = ["1", "2"].map(|object| finding("a", object, Severity::High)).to_vec();
    let not = Outcome::NotAssessed { reason: "x".to_owned() };
    let mut audit = audit(findings, &[("dark", not), ("clean", Outcome::Clean)]);
    Accepted::parse(text, "accepted.toml").unwrap().apply(&mut audit, &unknown).unwrap();
    audit
}

#[test]
fn an_accepted_finding_stays_in_the_list_and_counts_for_nothing() {
    let audit = applied(&entry("a", "1", ""));
    assert_eq!(audit.findings[0].accepted.as_ref().unwrap().reason, "known");
    assert_eq!((audit.summary.findings, audit.summary.accepted), (1, 1));
    assert_eq!(
        audit.rules.iter().find(|rule| rule.id == "a").unwrap().outcome,
        Outcome::Found { findings: 2, accepted: 1 }
    );
    let all = applied(&(entry("a", "1", "2026-06-15") + &entry("a", "a/2", "")));
    assert_eq!(all.worst(), None);
    assert!(all.notes.is_empty(), "{:?}", all.notes);
}

#[test]
fn what_is_over_comes_back_and_what_is_of_no_use_is_noted() {
    let audit = applied(&(entry("a", "1", "2026-06-14") + &entry("a", "9", "") + &entry("clean", "1", "")));
    assert_eq!((audit.summary.findings, audit.summary.accepted), (2, 0));
    assert_eq!(
        audit.notes,
        [
            "a for 1 was accepted until 2026-06-14: it counts again",
            "a for 9 is accepted, and was not found",
            "clean for 1 is accepted, and was not found",
        ]
    );
    let silent = applied(&(entry("dark", "1", "") + &entry("left-out", "1", "")));
    assert!(silent.notes.is_empty(), "{:?}", silent.notes);
}

#[test]
fn a_wrong_file_says_what_is_wrong() {
    for (text, expected) in [
        (entry("a", "1", "\"soon\""), "accepted.toml is not a list of accepted findings"),
        (entry("a", "1", "12:00:00"), "`until` is a day"),
        (entry("a", "1", "").replace("known", " "), "gives no reason"),
        ("[[accepted]]\nrule = \"a\"\n".to_owned(), "accepted.toml is not a list of accepted findings"),
    ] {
        let error = Accepted::parse(&text, "accepted.toml").unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut audit = audit(Vec::new(), &[]);
    let error = Accepted::parse(&entry("b", "1", ""), "x").unwrap().apply(&mut audit, &unknown).unwrap_err();
    assert_eq!(error.to_string(), "no rule to accept findings of b");
}
