//! What was found, by rule: why it matters, what to do, and the objects.

use std::collections::HashMap;
use std::io;

use asana_export::progress::{count, number};

use crate::audit::{Assessed, Audit, Compared, Finding, Outcome, State};
use crate::html::Html;
use crate::rule::{Category, Severity};

/// Findings that are listed of each rule; `findings.csv` has the others.
pub(super) const LISTED: usize = 100;

pub(super) fn section(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw(
        "<section id=\"findings\" aria-labelledby=\"findings-title\">\n<h2 id=\"findings-title\">Findings</h2>\n",
    )?;
    let mut by_rule: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &audit.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    if let Some(compared) = &audit.compared {
        against_baseline(html, compared)?;
    }
    if audit.findings.is_empty() {
        html.raw("<p>No rule that could be asked found anything.</p>\n")?;
    } else {
        filter(html, audit)?;
    }
    let mut found: Vec<(&Assessed, &Vec<&Finding>)> =
        audit.rules.iter().filter_map(|rule| Some((rule, by_rule.get(rule.id.as_str())?))).collect();
    // Findings come worst first, so the first of a rule is its worst.
    found.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.first().map(|finding| finding.severity)));
    found.iter().try_for_each(|(rule, findings)| of_rule(html, rule, findings))?;
    clean(html, audit)?;
    html.raw("</section>\n")
}

/// The controls, which only the script shows.
fn filter(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw("<form id=\"filter\" class=\"scripted\" role=\"search\" aria-label=\"Filter findings\">\n")?;
    html.raw("<label>Containing <input id=\"words\" type=\"search\" autocomplete=\"off\"></label>\n")?;
    html.raw("<label>Severity <select id=\"severity\"><option value=\"\">all</option>")?;
    for severity in Severity::ALL.into_iter().rev() {
        html.element("option", &[("value", severity.name())], severity.name())?;
    }
    html.raw("</select></label>\n<label>Category <select id=\"category\"><option value=\"\">all</option>")?;
    for category in Category::ALL {
        html.element("option", &[("value", category.name())], category.name())?;
    }
    html.raw("</select></label>\n")?;
    if audit.summary.accepted > 0 {
        html.raw("<label><input id=\"accepted\" type=\"checkbox\"> accepted ones too</label>\n")?;
    }
    if audit.compared.is_some() {
        html.raw("<label><input id=\"only-new\" type=\"checkbox\"> only new ones</label>\n")?;
    }
    html.raw("<p id=\"shown\" role=\"status\"></p>\n</form>\n")
}

fn against_baseline(html: &mut Html<'_>, compared: &Compared) -> io::Result<()> {
    let text = format!(
        "Against the audit of the export of {}: {} new, {} remaining, {} fixed{}.",
        compared.baseline_created_at,
        number(compared.new),
        number(compared.remaining),
        number(compared.fixed.len() as u64),
        match compared.unknown {
            0 => String::new(),
            unknown => format!(", {} not assessed this time", number(unknown)),
        }
    );
    html.element("p", &[], &text)?;
    if compared.fixed.is_empty() {
        return Ok(());
    }
    html.raw(
        "<details><summary>What is fixed</summary>\n<div class=\"wide\"><table>\n<caption>Fixed since</caption>\n",
    )?;
    html.header_row(&["Object", "Rule", "Severity"], 0..0)?;
    html.raw("<tbody>\n")?;
    for fixed in compared.fixed.iter().take(LISTED) {
        html.raw("<tr>")?;
        html.element("th", &[("scope", "row")], &called(&fixed.object_name, &fixed.object_type, &fixed.object_gid))?;
        html.element("td", &[], &fixed.rule)?;
        html.element("td", &[], fixed.severity.name())?;
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody></table></div>\n")?;
    if let Some(more) = compared.fixed.len().checked_sub(LISTED).filter(|more| *more > 0) {
        html.element("p", &[], &format!("And {} more.", number(more as u64)))?;
    }
    html.raw("</details>\n")
}

fn of_rule(html: &mut Html<'_>, rule: &Assessed, findings: &[&Finding]) -> io::Result<()> {
    let address = format!("rule-{}", rule.id);
    html.open(
        "section",
        &[
            ("class", "rule"),
            ("id", &address),
            ("data-category", rule.category.name()),
            ("aria-labelledby", &format!("{address}-title")),
        ],
    )?;
    html.element("h3", &[("id", &format!("{address}-title"))], &rule.title)?;
    html.raw("<p class=\"marks\">")?;
    badge(html, rule.severity)?;
    html.text(&format!(" {} · {} · ", rule.category, count(findings.len() as u64, "finding", "findings")))?;
    html.element("code", &[], &rule.id)?;
    html.raw("</p>\n<p><b>Why it matters.</b> ")?;
    html.text(&rule.why)?;
    html.raw("</p>\n<p><b>What to do.</b> ")?;
    html.text(&rule.remedy)?;
    html.raw("</p>\n")?;
    for limit in &rule.limits {
        html.element("p", &[("class", "lacks")], &format!("There may be more: {limit}."))?;
    }
    table(html, rule, findings)?;
    html.raw("</section>\n")
}

fn table(html: &mut Html<'_>, rule: &Assessed, findings: &[&Finding]) -> io::Result<()> {
    let has_people = findings.iter().any(|finding| !finding.people.is_empty());
    let has_state = findings.iter().any(|finding| finding.state.is_some() || finding.accepted.is_some());
    html.raw("<div class=\"wide\"><table class=\"sortable\">\n")?;
    html.element("caption", &[], &format!("Findings of “{}”", rule.title))?;
    let headings = ["Object", "Severity", "Finding"].into_iter();
    let headings = headings.chain(has_people.then_some("People")).chain(has_state.then_some("State"));
    html.header_row(&headings.collect::<Vec<_>>(), 0..0)?;
    html.raw("<tbody>\n")?;
    for finding in findings.iter().take(LISTED) {
        row(html, finding, has_people, has_state)?;
    }
    html.raw("</tbody></table></div>\n")?;
    if let Some(more) = findings.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let text = format!(
            "{LISTED} of {} are listed. The other {} are in ",
            number(findings.len() as u64),
            number(more as u64)
        );
        html.raw("<p class=\"more\">")?;
        html.text(&text)?;
        html.raw("<code>findings.csv</code>, beside this file.</p>\n")?;
    }
    Ok(())
}

fn row(html: &mut Html<'_>, finding: &Finding, has_people: bool, has_state: bool) -> io::Result<()> {
    let severity = finding.severity.name();
    let state = if finding.state == Some(State::New) { "new" } else { "" };
    let accepted = if finding.accepted.is_some() { "yes" } else { "" };
    html.open("tr", &[("data-severity", severity), ("data-accepted", accepted), ("data-state", state)])?;
    html.raw("<th scope=\"row\">")?;
    let name = called(&finding.object_name, &finding.object_type, &finding.object_gid);
    html.link(&finding.permalink, &name)?;
    if !finding.object_type.is_empty() {
        html.element("small", &[], &format!(" {} {}", finding.object_type.replace('_', " "), finding.object_gid))?;
    }
    html.raw("</th>")?;
    html.open("td", &[("data-sort", &(finding.severity as u8).to_string())])?;
    badge(html, finding.severity)?;
    html.raw("</td>")?;
    html.element("td", &[], &finding.explanation)?;
    if has_people {
        html.element("td", &[], &finding.people.join("; "))?;
    }
    if has_state {
        html.element("td", &[], &state_of(finding))?;
    }
    html.raw("</tr>\n")
}

fn state_of(finding: &Finding) -> String {
    let state = match finding.state {
        None => "",
        Some(State::New) => "new",
        Some(State::Remaining) => "remaining",
    };
    match &finding.accepted {
        None => state.to_owned(),
        Some(accepted) => {
            let until = accepted.until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
            format!("accepted{until}: {}", accepted.reason)
        }
    }
}

fn called(name: &str, kind: &str, gid: &str) -> String {
    match (name.trim(), kind) {
        ("", "") => "the workspace".to_owned(),
        ("", kind) => format!("{} {gid} (without a name)", kind.replace('_', " ")),
        (name, _) => name.to_owned(),
    }
}

fn badge(html: &mut Html<'_>, severity: Severity) -> io::Result<()> {
    html.open("span", &[("class", &format!("badge {severity}"))])?;
    html.text(severity.name())?;
    html.raw("</span>")
}

/// Rules that were asked and found nothing.
fn clean(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    let clean: Vec<&Assessed> = audit.rules.iter().filter(|rule| rule.outcome == Outcome::Clean).collect();
    if clean.is_empty() {
        return Ok(());
    }
    html.raw("<details><summary>")?;
    html.text(&format!("{} found nothing", count(clean.len() as u64, "rule", "rules")))?;
    html.raw("</summary>\n<ul>\n")?;
    clean.iter().try_for_each(|rule| html.element("li", &[], &rule.title))?;
    html.raw("</ul></details>\n")
}
