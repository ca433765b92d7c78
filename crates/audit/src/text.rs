//! An audit for the terminal: counts, the worst, what could not be said. Names come from Asana, so all of them pass
//! `printable`.

use std::fmt::Write as _;

use asana_export::progress::{count, number, printable};

use crate::audit::{Audit, Finding, Outcome};
use crate::catalogue::RuleSet;
use crate::rule::{Category, Severity};

/// How many findings are shown.
const WORST: usize = 10;

/// The audit in lines; `written` names the files that hold the rest.
pub fn render(audit: &Audit, written: &[String]) -> String {
    let mut text = head(audit);
    text.push_str(&table(audit));
    text.push_str(&worst(audit));
    text.push_str(&not_assessed(audit));
    text.push_str(&compared(audit));
    for note in &audit.notes {
        let _ok = writeln!(text, "note: {}", printable(note));
    }
    if !written.is_empty() {
        let _ok = writeln!(text, "\nAll findings: {}", written.join(", "));
    }
    text
}

/// The rules in lines, by category.
pub fn rules(set: &RuleSet) -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let mut of_category = set.rules.iter().filter(|chosen| chosen.rule.category == category).peekable();
        if of_category.peek().is_some() {
            let _ok = writeln!(text, "{category}");
        }
        for chosen in of_category {
            let (rule, severity) = (&chosen.rule, chosen.rule.severity.name());
            let _ok = writeln!(text, "  {:<26}  {severity:<8}  {}", rule.id, printable(&rule.title));
            for (name, value) in &chosen.parameters {
                let about = rule.parameters.get(name).map_or("", |parameter| &parameter.about);
                let _ok = writeln!(text, "  {:<26}  {:<8}  {name}={value}: {}", "", "", printable(about));
            }
        }
    }
    text
}

fn head(audit: &Audit) -> String {
    let export = &audit.export;
    let owner = export.token_user_name.as_deref().unwrap_or("someone without a name");
    let role = export.viewer_role.as_deref().unwrap_or(&export.viewer_kind);
    let workspace =
        format!("workspace {} ({}) as of {}", export.workspace_name, export.workspace_gid, export.created_at);
    let token = format!("seen with the token of {owner}, {role}");
    let summary = &audit.summary;
    let rules = count(audit.rules.len() as u64, "rule", "rules");
    format!(
        "{}\n{}\n\n{rules}: {} found something, {} found nothing, {} could not be assessed\n",
        printable(&workspace),
        printable(&token),
        number(summary.rules_found),
        number(summary.rules_clean),
        number(summary.rules_not_assessed),
    )
}

/// Findings by category and severity.
fn table(audit: &Audit) -> String {
    let summary = &audit.summary;
    let accepted = match summary.accepted {
        0 => String::new(),
        accepted => format!(", and {} accepted", number(accepted)),
    };
    let mut text = format!("{}{accepted}\n\n", count(summary.findings, "finding", "findings"));
    if summary.findings == 0 {
        return text;
    }
    let severities: Vec<Severity> = Severity::ALL.into_iter().rev().collect();
    let _ok = write!(text, "  {:<12}", "");
    for severity in &severities {
        let _ok = write!(text, "{severity:>10}");
    }
    text.push('\n');
    for category in Category::ALL {
        let Some(numbers) = summary.by_category.get(&category) else { continue };
        let _ok = write!(text, "  {category:<12}");
        for severity in &severities {
            let _ok =
                write!(text, "{:>10}", numbers.get(severity).map_or_else(|| "-".to_owned(), |many| number(*many)));
        }
        text.push('\n');
    }
    let _ok = write!(text, "  {:<12}", "all");
    for severity in &severities {
        let _ok = write!(text, "{:>10}", number(summary.by_severity.get(severity).copied().unwrap_or(0)));
    }
    text.push('\n');
    text
}

fn worst(audit: &Audit) -> String {
    let shown: Vec<&Finding> = audit.findings.iter().filter(|finding| finding.counts()).take(WORST).collect();
    if shown.is_empty() {
        return String::new();
    }
    let mut text = "\nThe worst:\n".to_owned();
    for finding in shown {
        let name = if finding.object_name.is_empty() { "without a name" } else { &finding.object_name };
        let object = format!("{} {name}", finding.object_type.replace('_', " "));
        let _ok = writeln!(
            text,
            "  {:<8}  {}: {}: {}",
            finding.severity.name(),
            finding.rule,
            printable(object.trim_start()),
            printable(&finding.explanation)
        );
        if !finding.permalink.is_empty() {
            let _ok = writeln!(text, "            {}", printable(&finding.permalink));
        }
    }
    text
}

/// Rules with the same reason share a line.
fn not_assessed(audit: &Audit) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for rule in &audit.rules {
        let Outcome::NotAssessed { reason } = &rule.outcome else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, rules)) => rules.push(&rule.id),
            None => reasons.push((reason, vec![&rule.id])),
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = "\nNot assessed, which does not mean that there is nothing:\n".to_owned();
    for (reason, rules) in reasons {
        let _ok = writeln!(text, "  {}\n    {}", printable(reason), rules.join(", "));
    }
    text
}

fn compared(audit: &Audit) -> String {
    let Some(compared) = &audit.compared else { return String::new() };
    let mut text = format!(
        "\nSince {}: {} new, {} fixed, {} remaining",
        printable(&compared.baseline_created_at),
        number(compared.new),
        number(compared.fixed.len() as u64),
        number(compared.remaining)
    );
    if compared.unknown > 0 {
        let _ok =
            write!(text, "; nothing is known of {} whose rules were not assessed this time", number(compared.unknown));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
