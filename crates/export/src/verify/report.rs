//! What a verification found: a result for each check, and the differences with the file and the row.

use serde::Serialize;

/// Differences of one check that are named; the others are counted.
const NAMED: usize = 10;
/// Differences of one check in one file that are named.
const NAMED_IN_A_FILE: usize = 3;

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A word: `keys`.
    pub name: &'static str,
    pub outcome: Outcome,
    /// What was compared, with numbers; or why it was not.
    pub what: String,
    /// All of them, named or not.
    pub differences: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Agrees,
    Differs,
    NotChecked,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Relative to the export folder, with `/`.
    pub file: String,
    /// From 1; absent when the whole file is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    pub what: String,
}

/// All checks so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub checks: Vec<Check>,
    /// Those that are named, in the order of the checks.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Whether nothing of what was checked differs.
    pub fn agrees(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Differs)
    }

    /// How many differences there are, those included that are not named.
    pub fn found(&self) -> u64 {
        self.checks.iter().map(|check| check.differences).sum()
    }

    /// Adds a check that was made.
    pub fn checked(&mut self, name: &'static str, what: impl Into<String>, findings: Findings) {
        let outcome = if findings.found == 0 { Outcome::Agrees } else { Outcome::Differs };
        self.checks.push(Check { name, outcome, what: what.into(), differences: findings.found });
        self.differences.extend(findings.named);
    }

    /// Adds a check that could not be made.
    pub fn not_checked(&mut self, name: &'static str, why: impl Into<String>) {
        self.checks.push(Check { name, outcome: Outcome::NotChecked, what: why.into(), differences: 0 });
    }
}

/// The differences that one check finds.
#[derive(Debug, Default)]
pub struct Findings {
    named: Vec<Difference>,
    found: u64,
}

impl Findings {
    /// Takes note of a difference; the message is made only if it is going to be named.
    pub fn add(&mut self, file: &str, line: Option<u64>, what: impl FnOnce() -> String) {
        self.found += 1;
        let in_this_file = self.named.iter().filter(|difference| difference.file == file).count();
        if self.named.len() < NAMED && in_this_file < NAMED_IN_A_FILE {
            self.named.push(Difference { file: file.to_owned(), line, what: what() });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.found == 0
    }
}

impl Extend<Difference> for Findings {
    fn extend<I: IntoIterator<Item = Difference>>(&mut self, differences: I) {
        for Difference { file, line, what } in differences {
            self.add(&file, line, || what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_differences_are_counted_and_some_of_each_file_named() {
        let mut findings = Findings::default();
        for file in ["a", "b"] {
            for line in 1..=1000 {
                findings.add(file, Some(line), || "wrong".to_owned());
            }
        }
        let mut report = Report::default();
        report.checked("keys", "2 tables", findings);
        report.not_checked("archive", "it is not there");
        assert!(!report.agrees());
        assert_eq!(report.found(), 2000);
        let named: Vec<_> = report.differences.iter().map(|one| (one.file.as_str(), one.line)).collect();
        assert_eq!(
            named,
            [1, 2, 3]
                .map(|line| ("a", Some(line)))
                .into_iter()
                .chain([1, 2, 3].map(|line| ("b", Some(line))))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_was_not_checked_is_no_difference() {
        let mut report = Report::default();
        report.not_checked("archive", "it is not there");
        report.checked("files", "12 files", Findings::default());
        assert!(report.agrees());
    }
}
