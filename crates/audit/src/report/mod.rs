//! An audit as one HTML file that needs nothing else: no server, no network, no other file.
//!
//! It begins with what could not be looked at, because what follows is only worth as much as that allows. Everything from
//! Asana passes one escape ([`crate::html`]). It is written as it comes, and what it lists of each rule is capped, so that it
//! opens however much was found; `findings.csv` has the rest. Without its script everything is there, unsorted and unfiltered.

mod appendix;
pub mod charts;
mod findings;
mod score;
mod sections;
mod svg;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::audit::Audit;
use crate::html::Html;
use charts::Chart;

pub const REPORT_HTML: &str = "report.html";

pub(crate) const STYLE: &str = include_str!("style.css");
pub(crate) const SCRIPT: &str = include_str!("script.js");

/// Writes the report.
pub fn write(to: &mut dyn Write, audit: &Audit, charts: &[Chart]) -> io::Result<()> {
    let mut html = Html::new(to);
    let title = format!("Audit of {}", audit.export.workspace_name);
    html.head(&title, STYLE, SCRIPT)?;
    html.raw("<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n")?;
    sections::header(&mut html, audit, &title)?;
    html.raw("<main id=\"content\" tabindex=\"-1\">\n")?;
    sections::coverage(&mut html, audit)?;
    sections::scores(&mut html, audit)?;
    sections::charts(&mut html, charts)?;
    findings::section(&mut html, audit)?;
    appendix::section(&mut html, audit)?;
    html.raw("</main>\n<footer>")?;
    html.text(&format!("Made by {} from an export of {}.", audit.tool, audit.export.created_at))?;
    html.raw("</footer>\n")?;
    html.script(SCRIPT)?;
    html.raw("</body>\n</html>\n")
}
