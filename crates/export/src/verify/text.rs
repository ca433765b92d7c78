//! The account of a verification for a person: a line for each check, then the differences.

use super::{Outcome, Report};
use crate::progress::printable;

/// A line for each check and for each difference that is named, and how many there are in all.
///
/// Names and values are foreign text and are made printable here.
pub fn render(report: &Report) -> String {
    let width = report.checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
    let checks = report.checks.iter().map(|check| {
        let result = match check.outcome {
            Outcome::Agrees => "ok",
            Outcome::Differs => "DIFFERS",
            Outcome::NotChecked => "not checked",
        };
        format!("{result:11}  {:width$}  {}\n", check.name, printable(&check.what))
    });
    let found = report.found();
    let number = match found {
        0 => "\nNo differences.\n".to_owned(),
        1 => "\n1 difference:\n".to_owned(),
        _ => format!("\n{found} differences:\n"),
    };
    let differences = report.differences.iter().map(|difference| {
        let line = difference.line.map(|line| format!(", line {line}")).unwrap_or_default();
        format!("  {}{line}: {}\n", printable(&difference.file), printable(&difference.what))
    });
    let unnamed = found.saturating_sub(report.differences.len() as u64);
    let more = (unnamed > 0).then(|| format!("  and {unnamed} more\n"));
    checks.chain([number]).chain(differences).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Findings;
    use super::*;

    #[test]
    fn each_check_and_each_difference_has_a_line() {
        let mut report = Report::default();
        report.checked("files", "3 are listed and there", Findings::default());
        let mut keys = Findings::default();
        for line in 2..7 {
            keys.add("csv/tasks.csv", Some(line), || format!("the key \u{1b}{line} is the same"));
        }
        report.checked("keys", "2 tables", keys);
        report.not_checked("archive", "it is not there");
        let expected = "\
ok           files    3 are listed and there
DIFFERS      keys     2 tables
not checked  archive  it is not there

5 differences:
  csv/tasks.csv, line 2: the key \u{fffd}2 is the same
  csv/tasks.csv, line 3: the key \u{fffd}3 is the same
  csv/tasks.csv, line 4: the key \u{fffd}4 is the same
  and 2 more
";
        assert_eq!(render(&report), expected);
        assert!(render(&Report::default()).contains("No differences"));
    }
}
