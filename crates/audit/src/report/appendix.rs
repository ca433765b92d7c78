//! Every rule as it was asked: what a reader needs to do it again, or to disagree.

use std::io;

use crate::audit::{Assessed, Audit, Outcome};
use crate::html::Html;

pub(super) fn section(html: &mut Html<'_>, audit: &Audit) -> io::Result<()> {
    html.raw("<section id=\"appendix\" aria-labelledby=\"appendix-title\">\n")?;
    html.raw("<h2 id=\"appendix-title\">Rules and parameters</h2>\n<div class=\"wide\"><table>\n")?;
    html.raw("<caption>All rules, as they were asked</caption>\n")?;
    html.header_row(&["Rule", "Category", "Severity", "Parameters", "Reads", "Outcome"], 0..0)?;
    html.raw("<tbody>\n")?;
    audit.rules.iter().try_for_each(|rule| row(html, rule))?;
    html.raw("</tbody></table></div>\n")?;
    if !audit.not_selected.is_empty() {
        html.element("p", &[], &format!("Left out by choice: {}.", audit.not_selected.join(", ")))?;
    }
    html.raw("<details class=\"queries\"><summary>The queries</summary>\n")?;
    for rule in &audit.rules {
        html.element("h3", &[], &rule.id)?;
        html.raw("<pre tabindex=\"0\">")?;
        html.text(rule.query.trim())?;
        html.raw("</pre>\n")?;
    }
    html.raw("</details>\n</section>\n")
}

fn row(html: &mut Html<'_>, rule: &Assessed) -> io::Result<()> {
    html.raw("<tr><th scope=\"row\">")?;
    html.text(&rule.title)?;
    html.element("small", &[], &format!(" {}", rule.id))?;
    if let Some(file) = &rule.file {
        html.element("small", &[], &format!(" from {file}"))?;
    }
    html.raw("</th>")?;
    html.element("td", &[], rule.category.name())?;
    html.element("td", &[], rule.severity.name())?;
    let parameters: Vec<String> = rule.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    html.element("td", &[], &parameters.join("; "))?;
    html.element("td", &[], &rule.tables.join(", "))?;
    let outcome = match &rule.outcome {
        Outcome::Found { findings, accepted: 0 } => format!("{findings} found"),
        Outcome::Found { findings, accepted } => format!("{findings} found, {accepted} accepted"),
        Outcome::Clean => "nothing found".to_owned(),
        Outcome::NotAssessed { .. } => "not assessed".to_owned(),
    };
    html.element("td", &[], &outcome)?;
    html.raw("</tr>\n")
}
