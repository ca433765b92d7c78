//! A comparison for a person at a terminal: what it comes to first, then the first changes of each table.

use std::fmt::Write as _;
use std::io::{self, Write};

use asana_export::progress::{count, number, printable};

use super::change::{Label, Listing, RowChange, Summary, TableSummary};
use super::collected::{Collected, Shown, TableChanges};
use super::people::Activity;
use super::sides::{Described, Side};
use super::words::{deeds, meanings, remarks};

/// The most characters of a value.
const LONGEST: usize = 80;
/// Reasons that are told below a table.
const REASONS: usize = 5;
/// People who are named.
const PEOPLE: usize = 15;

/// Shows everything at the end, because the summary comes first.
#[derive(Debug)]
pub struct TextListing<W: Write> {
    to: W,
    head: String,
    collected: Collected,
}

impl<W: Write> TextListing<W> {
    /// Of each table, `limit` rows that were added are shown, as many that were removed, and as many that changed.
    pub fn new(to: W, limit: usize) -> Self {
        Self { to, head: String::new(), collected: Collected::new(limit, LONGEST) }
    }
}

impl<W: Write> Listing for TextListing<W> {
    fn begin(&mut self, sides: &Described) -> io::Result<()> {
        self.head = format!("OLD  {}\nNEW  {}\n", side(&sides.old), side(&sides.new));
        Ok(())
    }

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()> {
        self.collected.add(change);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.head);
        known_first(&mut text, summary);
        tables(&mut text, summary);
        for table in &self.collected.tables {
            changes(&mut text, table, summary.tables.iter().find(|one| one.table == table.table));
        }
        people(&mut text, &summary.people);
        self.to.write_all(text.as_bytes())?;
        self.to.flush()
    }
}

/// Writing to a String cannot fail.
macro_rules! line {
    ($text:expr, $($argument:tt)*) => { let _ok = writeln!($text, $($argument)*); };
}

fn side(side: &Side) -> String {
    let owner = side.token_user_name.as_deref().unwrap_or("someone without a name");
    let role = side.viewer_role.as_deref().unwrap_or(&side.viewer_kind);
    let made = format!("workspace {} ({}), {}", side.workspace_name, side.workspace_gid, side.created_at);
    let token = format!("with the token of {owner} ({}), {role}", side.token_user_gid);
    format!("{}: {}, {}", printable(&side.folder), printable(&made), printable(&token))
}

/// What has to be known before the numbers.
fn known_first(text: &mut String, summary: &Summary) {
    let remarks = remarks(summary);
    if !remarks.is_empty() {
        line!(text, "\nTo be known first:");
        for remark in remarks {
            line!(text, "  {}", printable(&remark));
        }
    }
}

fn tables(text: &mut String, summary: &Summary) {
    let differing: Vec<&TableSummary> = summary.tables.iter().filter(|table| table.differences() > 0).collect();
    let same = summary.tables.len() - differing.len();
    if differing.is_empty() {
        line!(text, "\nNo differences: {} are the same.", count(same as u64, "table", "tables"));
        return;
    }
    let width = differing.iter().map(|table| table.table.len()).max().unwrap_or(0);
    line!(text, "\n{:width$}  {:>9}  {:>9}  {:>9}", "table", "added", "removed", "changed");
    for table in &differing {
        let [added, removed, changed] = [table.added, table.removed, table.changed].map(number);
        line!(text, "{:width$}  {added:>9}  {removed:>9}  {changed:>9}", table.table);
    }
    let [added, removed, changed] = summary.totals().map(number);
    line!(text, "{:width$}  {added:>9}  {removed:>9}  {changed:>9}", "in all");
    line!(
        text,
        "{} the same.",
        if same == 1 { "1 other table is".to_owned() } else { format!("{same} other tables are") }
    );
    for (what, of) in [("removed", false), ("added", true)] {
        let meanings =
            meanings(differing.iter().map(|table| if of { &table.added_because } else { &table.removed_because }));
        if !meanings.is_empty() {
            line!(text, "Of what was {what}: {meanings}.");
        }
    }
}

fn changes(text: &mut String, table: &TableChanges, summary: Option<&TableSummary>) {
    if table.changes.is_empty() {
        return;
    }
    line!(text, "\n{}", table.table);
    if let Some(columns) = summary.map(|summary| &summary.changed_columns).filter(|columns| !columns.is_empty()) {
        let columns: Vec<String> =
            columns.iter().map(|(column, rows)| format!("{column} in {}", number(*rows))).collect();
        line!(text, "  changed: {}", printable(&columns.join(", ")));
    }
    for change in &table.changes {
        shown(text, change);
    }
    let mut meanings: Vec<&(Label, String)> =
        table.changes.iter().filter_map(|change| change.because.as_ref()).collect();
    meanings.sort();
    meanings.dedup();
    for (label, reason) in meanings.iter().take(REASONS) {
        line!(text, "  {}: {}", label.name(), printable(reason));
    }
    let more: Vec<String> = table
        .more
        .iter()
        .zip(["added", "removed", "changed"])
        .filter(|(count, _)| **count > 0)
        .map(|(count, verb)| format!("{} {verb}", number(*count)))
        .collect();
    if !more.is_empty() {
        line!(text, "  and {} more; --limit shows more of them, --format json or csv all", more.join(", "));
    }
    if table.with_object > 0 {
        line!(text, "  and {} that came or went with their object", number(table.with_object));
    }
}

fn shown(text: &mut String, change: &Shown) {
    let sign = match change.verb {
        "added" => '+',
        "removed" => '-',
        _ => '~',
    };
    let label = change.because.as_ref().map(|(label, _)| format!(" ({})", label.name())).unwrap_or_default();
    let name = format!("{}{label}", printable(&change.name));
    line!(text, "  {sign} {}  {}", printable(&change.key), name.trim_start());
    for (column, old, new) in &change.fields {
        line!(text, "      {}: {} → {}", printable(column), printable(old), printable(new));
    }
}

fn people(text: &mut String, people: &[Activity]) {
    if people.is_empty() {
        return;
    }
    line!(text, "\nWho did it, as far as the rows say so:");
    for person in people.iter().take(PEOPLE) {
        let name = person.name.as_deref().unwrap_or("someone without a name");
        line!(text, "  {} ({}): {}", printable(name), printable(&person.gid), deeds(person).join("; "));
    }
    if let Some(more) = people.len().checked_sub(PEOPLE).filter(|more| *more > 0) {
        line!(text, "  and {} more", number(more as u64));
    }
}
