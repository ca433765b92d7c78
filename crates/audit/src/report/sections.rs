//! What was audited, what could not be, how each category does, and the charts.

use std::io;

use asana_export::progress::{count, number};

use super::charts::Chart;
use super::score::{self, HALF, Score};
use super::svg;
use crate::audit::{Assessed, Audit, Outcome};
use crate::html::Html;
use crate::rule::Severity;

pub(super) fn header(html: &mut Html<'_>, audit: &Audit, title: &str) -> io::Result<()> {
    let export = &audit.export;
    html.raw("<header>\n")?;
    html.element("h1", &[], title)?;
    html.raw("<dl class=\"facts\">\n")?;
    let owner = export.token_user_name.as_deref().unwrap_or("someone without a name");
    let role = export.viewer_role.as_deref().unwrap_or(&export.viewer_kind);
    let facts = [
        ("Workspace", format!("{} ({})", export.workspace_name, export.workspace_gid)),
        ("Exported", format!("{} to {} by {}", export.created_at, export.finished_at, export.tool)),
        ("Seen with", format!("the token of {owner} ({}), {role}", export.token_user_gid)),
        ("Audited by", audit.tool.clone()),
    ];
    for (term, fact) in &facts {
        html.raw("<div>")?;
        html.element("dt", &[], term)?;
        html.element("dd", &[], fact)?;
        html.raw("</div>\n")?;
    }
    html.raw("</dl>\n<nav aria-label=\"Sections\"><ul>\n")?;
    for (address, name) in [
        ("#coverage", "What was looked at"),
        ("#scores", "Scores"),
        ("#charts", "Charts"),
        ("#findings", "Findings"),
        ("#appendix", "Rules"),
    ] {
        html.raw("<li>")?;
        html.element("a", &[("href", address)], name)?;
        html.raw("</li>\n")?;
    }
    html.raw("</ul></nav>\n</header>\n")
}

/// What could not be assessed, and why.
pub(super) fn coverage(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw("<section id=\"coverage\" aria-labelledby=\"coverage-title\">\n")?;
    html.raw("<h2 id=\"coverage-title\">What was looked at, and what could not be</h2>\n")?;
    let unassessed: Vec<(&Assessed, &str)> = audit.rules.iter().filter_map(reason).collect();
    let asked = audit.rules.len() - unassessed.len();
    let lacking: Vec<_> = audit.export.coverage.iter().filter(|(_, covered)| covered.status != "complete").collect();
    let complete = audit.export.coverage.len() - lacking.len();
    html.element(
        "p",
        &[],
        &format!(
            "{asked} of {} were asked. The export is complete in {complete} of {}.",
            count(audit.rules.len() as u64, "rule", "rules"),
            count(audit.export.coverage.len() as u64, "kind of object", "kinds of objects")
        ),
    )?;
    if !audit.export.viewer_implies.is_empty() {
        html.raw("<p>What it means whose token it was:</p>\n<ul>\n")?;
        audit.export.viewer_implies.iter().try_for_each(|what| html.element("li", &[], what))?;
        html.raw("</ul>\n")?;
    }
    if !unassessed.is_empty() {
        html.raw("<div class=\"wide\"><table>\n<caption>Rules that could not be assessed</caption>\n")?;
        html.header_row(&["Rule", "Category", "Why not"], 0..0)?;
        html.raw("<tbody>\n")?;
        for (rule, reason) in unassessed {
            html.raw("<tr>")?;
            html.element("th", &[("scope", "row")], &rule.title)?;
            html.element("td", &[], rule.category.name())?;
            html.element("td", &[], reason)?;
            html.raw("</tr>\n")?;
        }
        html.raw("</tbody></table></div>\n")?;
    }
    if !lacking.is_empty() {
        html.raw("<div class=\"wide\"><table>\n<caption>What the export does not hold in full</caption>\n")?;
        html.header_row(&["Kind", "Coverage", "Reason"], 0..0)?;
        html.raw("<tbody>\n")?;
        for (resource, covered) in lacking {
            html.raw("<tr>")?;
            html.element("th", &[("scope", "row")], &resource.replace('_', " "))?;
            html.element("td", &[], &covered.status)?;
            html.element("td", &[], covered.reason.as_deref().unwrap_or("no reason given"))?;
            html.raw("</tr>\n")?;
        }
        html.raw("</tbody></table></div>\n")?;
    }
    if !audit.notes.is_empty() {
        html.raw("<p>Notes:</p>\n<ul>\n")?;
        audit.notes.iter().try_for_each(|note| html.element("li", &[], note))?;
        html.raw("</ul>\n")?;
    }
    html.raw("</section>\n")
}

fn reason(rule: &Assessed) -> Option<(&Assessed, &str)> {
    match &rule.outcome {
        Outcome::NotAssessed { reason } => Some((rule, reason)),
        _ => None,
    }
}

pub(super) fn scores(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw("<section id=\"scores\" aria-labelledby=\"scores-title\">\n<h2 id=\"scores-title\">Scores</h2>\n")?;
    html.element(
        "p",
        &[],
        &format!(
            "Each rule that could be asked weighs by its severity: low 1, medium 3, high 6, critical 10, and info nothing. \
             For n findings it loses n ÷ (n + {HALF}) of its weight. A score is what is left of all weights, in percent; \
             accepted findings do not count."
        ),
    )?;
    totals(html, audit)?;
    let scores = score::scores(audit);
    html.raw("<div class=\"wide\"><table>\n<caption>Score by category</caption>\n")?;
    html.header_row(&["Category", "Arithmetic", "Score", "Findings", "Not assessed"], 2..5)?;
    html.raw("<tbody>\n")?;
    for score in &scores {
        let findings: u64 = score.rules.iter().map(|rule| rule.findings).sum();
        let (value, arithmetic) = match score.value() {
            Some(value) => {
                (format!("{value:.0}"), format!("100 × (1 − {:.1} ÷ {}) = {value:.1}", score.lost, score.weight))
            }
            None => ("–".to_owned(), "no rule that weighs anything could be asked".to_owned()),
        };
        html.raw("<tr>")?;
        html.element("th", &[("scope", "row")], score.category.name())?;
        html.element("td", &[], &arithmetic)?;
        html.element("td", &[("class", "number score")], &value)?;
        html.element("td", &[("class", "number")], &number(findings))?;
        html.element("td", &[("class", "number")], &number(score.not_assessed as u64))?;
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody></table></div>\n")?;
    scores.iter().try_for_each(|score| breakdown(html, score))?;
    html.raw("</section>\n")
}

/// How many findings there are of each severity.
fn totals(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw("<ul class=\"totals\">\n")?;
    for severity in Severity::ALL.into_iter().rev() {
        let findings = audit.summary.by_severity.get(&severity).copied().unwrap_or(0);
        html.open("li", &[("class", severity.name())])?;
        html.element("b", &[], &number(findings))?;
        html.text(severity.name())?;
        html.raw("</li>\n")?;
    }
    html.raw("</ul>\n")?;
    if audit.summary.accepted > 0 {
        let accepted = count(audit.summary.accepted, "finding is", "findings are");
        html.element("p", &[], &format!("{accepted} accepted, and not among these."))?;
    }
    Ok(())
}

/// What each rule of a category weighs and loses.
fn breakdown(html: &mut Html<'_>, score: &Score<'_>) -> io::Result<()> {
    if score.rules.is_empty() {
        return Ok(());
    }
    html.raw("<details><summary>")?;
    html.text(&format!("How {} comes to its score", score.category))?;
    html.raw("</summary>\n<div class=\"wide\"><table>\n")?;
    html.element("caption", &[], &format!("Rules of {}", score.category))?;
    html.header_row(&["Rule", "Severity", "Weight", "Findings", "Lost"], 2..5)?;
    html.raw("<tbody>\n")?;
    for scored in &score.rules {
        html.raw("<tr>")?;
        html.element("th", &[("scope", "row")], &scored.rule.title)?;
        html.element("td", &[], scored.rule.severity.name())?;
        for value in [scored.weight.to_string(), number(scored.findings), format!("{:.1}", scored.lost)] {
            html.element("td", &[("class", "number")], &value)?;
        }
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody><tfoot><tr><th scope=\"row\">in all</th><td></td>")?;
    html.element("td", &[("class", "number")], &score.weight.to_string())?;
    html.raw("<td></td>")?;
    html.element("td", &[("class", "number")], &format!("{:.1}", score.lost))?;
    html.raw("</tr></tfoot></table></div></details>\n")
}

pub(super) fn charts(html: &mut Html<'_>, charts: &[Chart]) -> io::Result<()> {
    html.raw("<section id=\"charts\" aria-labelledby=\"charts-title\">\n<h2 id=\"charts-title\">Charts</h2>\n")?;
    html.raw("<div class=\"charts\">\n")?;
    charts.iter().try_for_each(|chart| svg::figure(html, chart))?;
    html.raw("</div>\n</section>\n")
}
