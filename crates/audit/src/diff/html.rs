//! A comparison as one HTML file that needs nothing else, in the style of the audit's report.

use std::fmt;
use std::io::{self, Write};

use asana_export::progress::number;

use super::change::{Label, Listing, RowChange, Summary, TableSummary};
use super::collected::{Collected, Shown, TableChanges};
use super::people::Activity;
use super::sides::{Described, Side};
use super::words::{deeds, meanings, remarks};
use crate::html::Html;
use crate::report::{SCRIPT, STYLE};

/// The most characters of a value.
const LONGEST: usize = 300;
/// People who are named.
const PEOPLE: usize = 200;

/// Shows everything at the end, because the summary comes first.
pub struct HtmlListing<W: Write> {
    to: W,
    sides: Option<Described>,
    collected: Collected,
}

impl<W: Write> HtmlListing<W> {
    /// Of each table, `limit` rows that were added are shown, as many that were removed, and as many that changed.
    pub fn new(to: W, limit: usize) -> Self {
        Self { to, sides: None, collected: Collected::new(limit, LONGEST) }
    }
}

impl<W: Write> fmt::Debug for HtmlListing<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HtmlListing").field("sides", &self.sides).finish_non_exhaustive()
    }
}

impl<W: Write> Listing for HtmlListing<W> {
    fn begin(&mut self, sides: &Described) -> io::Result<()> {
        self.sides = Some(sides.clone());
        Ok(())
    }

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()> {
        self.collected.add(change);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(sides) = &self.sides {
            page(&mut Html::new(&mut self.to), sides, summary, &self.collected)?;
        }
        self.to.flush()
    }
}

fn page(html: &mut Html<'_>, sides: &Described, summary: &Summary, collected: &Collected) -> io::Result<()> {
    let title = format!("What changed in {}", sides.new.workspace_name);
    html.head(&title, STYLE, SCRIPT)?;
    html.raw("<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n")?;
    html.element("h1", &[], &title)?;
    html.raw("<dl class=\"facts\">\n")?;
    side(html, "Old", &sides.old)?;
    side(html, "New", &sides.new)?;
    html.raw("</dl>\n</header>\n<main id=\"content\" tabindex=\"-1\">\n")?;
    known_first(html, summary)?;
    tables(html, summary, collected)?;
    people(html, &summary.people)?;
    let found = collected.tables.iter().filter(|table| !table.changes.is_empty());
    for table in found {
        changes(html, table, summary.tables.iter().find(|one| one.table == table.table))?;
    }
    html.raw("</main>\n<footer>")?;
    html.text("The comparison as JSON or CSV has every change.")?;
    html.raw("</footer>\n")?;
    html.script(SCRIPT)?;
    html.raw("</body>\n</html>\n")
}

fn side(html: &mut Html<'_>, term: &str, side: &Side) -> io::Result<()> {
    let owner = side.token_user_name.as_deref().unwrap_or("someone without a name");
    let role = side.viewer_role.as_deref().unwrap_or(&side.viewer_kind);
    let facts = format!(
        "{}: workspace {} ({}), {}, by {}, with the token of {owner} ({}), {role}",
        side.folder, side.workspace_name, side.workspace_gid, side.created_at, side.tool, side.token_user_gid
    );
    html.raw("<div>")?;
    html.element("dt", &[], term)?;
    html.element("dd", &[], &facts)?;
    html.raw("</div>\n")
}

fn known_first(html: &mut Html<'_>, summary: &Summary) -> io::Result<()> {
    let remarks = remarks(summary);
    if remarks.is_empty() {
        return Ok(());
    }
    html.raw("<section aria-labelledby=\"first\">\n<h2 id=\"first\">To be known first</h2>\n<ul>\n")?;
    remarks.iter().try_for_each(|remark| html.element("li", &[], remark))?;
    html.raw("</ul>\n</section>\n")
}

fn tables(html: &mut Html<'_>, summary: &Summary, collected: &Collected) -> io::Result<()> {
    html.raw("<section aria-labelledby=\"tables\">\n<h2 id=\"tables\">By table</h2>\n")?;
    let differing: Vec<&TableSummary> = summary.tables.iter().filter(|table| table.differences() > 0).collect();
    let same = number((summary.tables.len() - differing.len()) as u64);
    if differing.is_empty() {
        html.element("p", &[], &format!("No differences. Tables that are the same: {same}."))?;
        return html.raw("</section>\n");
    }
    html.raw("<div class=\"wide\"><table>\n")?;
    html.element("caption", &[], &format!("Rows by table. Other tables, which are the same: {same}."))?;
    html.header_row(&["Table", "Added", "Removed", "Changed", "What the removed are"], 1..4)?;
    html.raw("<tbody>\n")?;
    for table in differing {
        html.raw("<tr><th scope=\"row\">")?;
        if collected.tables.iter().any(|one| one.table == table.table && !one.changes.is_empty()) {
            html.element("a", &[("href", &format!("#table-{}", table.table))], &table.table)?;
        } else {
            html.text(&table.table)?;
        }
        html.raw("</th>")?;
        for count in [table.added, table.removed, table.changed] {
            html.element("td", &[("class", "number")], &number(count))?;
        }
        html.element("td", &[], &meanings([&table.removed_because].into_iter()))?;
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody><tfoot><tr><th scope=\"row\">in all</th>")?;
    for count in summary.totals() {
        html.element("td", &[("class", "number")], &number(count))?;
    }
    html.element("td", &[], &meanings(summary.tables.iter().map(|table| &table.removed_because)))?;
    html.raw("</tr></tfoot></table></div>\n</section>\n")
}

fn people(html: &mut Html<'_>, people: &[Activity]) -> io::Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    html.raw("<section aria-labelledby=\"people\">\n<h2 id=\"people\">By person</h2>\n")?;
    html.raw("<p>As far as the rows say who it was: who made a row, who completed something, whose work it is.</p>\n")?;
    html.raw("<div class=\"wide\"><table>\n<caption>People, busiest first</caption>\n")?;
    html.header_row(&["Person", "What"], 0..0)?;
    html.raw("<tbody>\n")?;
    for person in people.iter().take(PEOPLE) {
        html.raw("<tr><th scope=\"row\">")?;
        html.text(person.name.as_deref().unwrap_or("someone without a name"))?;
        html.element("small", &[], &format!(" {}", person.gid))?;
        html.raw("</th>")?;
        html.element("td", &[], &deeds(person).join("; "))?;
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody></table></div>\n")?;
    if let Some(more) = people.len().checked_sub(PEOPLE).filter(|more| *more > 0) {
        html.element("p", &[], &format!("And {} more.", number(more as u64)))?;
    }
    html.raw("</section>\n")
}

fn changes(html: &mut Html<'_>, table: &TableChanges, summary: Option<&TableSummary>) -> io::Result<()> {
    let (id, title) = (format!("table-{}", table.table), format!("table-{}-title", table.table));
    html.open("section", &[("id", &id), ("aria-labelledby", &title)])?;
    html.element("h2", &[("id", &title)], &table.table)?;
    if let Some(columns) = summary.map(|summary| &summary.changed_columns).filter(|columns| !columns.is_empty()) {
        let columns: Vec<String> =
            columns.iter().map(|(column, rows)| format!("{column} in {}", number(*rows))).collect();
        html.element("p", &[], &format!("Changed: {}.", columns.join(", ")))?;
    }
    html.raw("<div class=\"wide\"><table class=\"sortable\">\n")?;
    html.element("caption", &[], &format!("Changes of {}", table.table))?;
    html.header_row(&["Row", "Change", "What"], 0..0)?;
    html.raw("<tbody>\n")?;
    table.changes.iter().try_for_each(|change| row(html, change))?;
    html.raw("</tbody></table></div>\n")?;
    let [added, removed, changed] = table.more.map(number);
    if table.more.iter().any(|more| *more > 0) {
        let text = format!("Not shown: {added} more added, {removed} more removed, {changed} more changed.");
        html.element("p", &[("class", "more")], &text)?;
    }
    if table.with_object > 0 {
        let text = format!("Not shown: {} that came or went with their object.", number(table.with_object));
        html.element("p", &[], &text)?;
    }
    html.raw("</section>\n")
}

fn row(html: &mut Html<'_>, change: &Shown) -> io::Result<()> {
    html.raw("<tr><th scope=\"row\">")?;
    html.text(&change.name)?;
    html.element("small", &[], &format!(" {}", change.key))?;
    html.raw("</th>")?;
    html.element("td", &[], change.verb)?;
    html.raw("<td>")?;
    if let Some((label, reason)) = &change.because {
        because(html, *label, reason)?;
    }
    if !change.fields.is_empty() {
        html.raw("<dl class=\"fields\">")?;
        for (column, old, new) in &change.fields {
            html.element("dt", &[], column)?;
            html.raw("<dd>")?;
            html.element("del", &[], old)?;
            html.raw(" → ")?;
            html.element("ins", &[], new)?;
            html.raw("</dd>")?;
        }
        html.raw("</dl>")?;
    }
    html.raw("</td></tr>\n")
}

fn because(html: &mut Html<'_>, label: Label, reason: &str) -> io::Result<()> {
    html.element("b", &[], label.name())?;
    html.text(&format!(": {reason}"))
}
