//! The short account at the end of a run, for a person.
//!
//! A pure function from the facts to text: what was exported, what it took, what could not be read, where it is.
//! Names and sentences are foreign text and are made printable here. Nothing else is left out silently: what is cut
//! says so and names the table that has it all.

use std::time::Duration;

use crate::progress::text::{count, duration, number, printable, printable_within};

/// The terminal that a summary is laid out for.
const WIDTH: usize = 80;
/// More tables than this stand in two columns: with the lines around them, a screen of 25 lines is full.
const TABLES_IN_ONE_COLUMN: usize = 16;
/// Gaps and unknown fields that are named.
const NAMED: usize = 10;
/// The longest table name, and what is cut from a longer one.
const NAME: usize = 48;
/// Paths are to be copied from the terminal, so they are not cut before any real one would be.
const PATH: usize = 4_096;

/// The facts of a finished run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The workspace's name.
    pub workspace: String,
    /// The folder of the export, as the user would type it.
    pub folder: String,
    /// Tables and their rows, empty ones included, in the order to show.
    pub tables: Vec<(String, u64)>,
    /// Requests sent, retries included; 0 when the archive alone was read.
    pub requests: u64,
    pub retries: u64,
    /// Requests that Asana refused because there were too many.
    pub rejected: u64,
    /// Why requests were sent again and how often, rejected ones included: `500`, `429 cost`.
    pub retries_by_reason: Vec<(String, u64)>,
    pub elapsed: Duration,
    /// What was compared and found, a sentence each without a period.
    pub notes: Vec<String>,
    /// What could not be read, a sentence each without a period: `goals: not in this workspace's plan (402)`.
    pub gaps: Vec<String>,
    /// Whether asking again for what could not be read may help.
    pub may_go_better: bool,
    /// Fields that came although the catalogue does not know them, as `tasks.new_field`.
    pub unknown_fields: Vec<String>,
    /// Values that did not look as documented.
    pub oddities: u64,
    /// Records that came more than once and were merged.
    pub duplicates: u64,
    /// The formats written, as in `csv`.
    pub formats: Vec<String>,
}

/// The text to print, with a line break at the end of each line.
pub fn render(summary: &Summary) -> String {
    let mut lines = tables(summary);
    lines.push(String::new());
    lines.push(effort(summary));
    lines.extend(reasons(&summary.retries_by_reason));
    lines.extend(remarks(summary));
    lines.extend(gaps(&summary.gaps));
    if summary.may_go_better {
        lines.push("To ask again for these alone, add --retry-gaps to the same command.".to_owned());
    }
    lines.push(place(summary));
    lines.push(String::new());
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn tables(summary: &Summary) -> Vec<String> {
    let filled: Vec<(String, String)> = summary
        .tables
        .iter()
        .filter(|(_, rows)| *rows > 0)
        .map(|(name, rows)| (printable_within(name, NAME).into_owned(), number(*rows)))
        .collect();
    let rows = summary.tables.iter().fold(0_u64, |sum, (_, rows)| sum.saturating_add(*rows));
    let total = format!(
        "{}: {} in {}",
        printable(&summary.workspace),
        count(rows, "row", "rows"),
        count(plural(filled.len()), "table", "tables")
    );
    let mut lines = vec![total];
    if !filled.is_empty() {
        lines.push(String::new());
        lines.extend(grid(&filled));
    }
    match plural(summary.tables.len() - filled.len()) {
        0 => {}
        empty if filled.is_empty() => lines.push(count(empty, "table is empty", "tables are empty")),
        empty => lines.push(count(empty, "more table is empty", "more tables are empty")),
    }
    lines
}

/// One column, or two, read downwards, where one would be too long and two are not too wide.
fn grid(cells: &[(String, String)]) -> Vec<String> {
    let half = cells.len().div_ceil(2);
    if cells.len() > TABLES_IN_ONE_COLUMN {
        let (left, right) = cells.split_at(half);
        let (left, mut right) = (column(left), column(right));
        right.resize(half, String::new());
        let lines: Vec<String> =
            left.into_iter().zip(right).map(|(left, right)| format!("  {left}    {right}")).collect();
        if lines.iter().all(|line| line.chars().count() <= WIDTH) {
            return lines;
        }
    }
    column(cells).into_iter().map(|line| format!("  {line}")).collect()
}

/// Names to the left, numbers to the right, every line of the same length.
fn column(cells: &[(String, String)]) -> Vec<String> {
    let names = cells.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let rows = cells.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
    cells.iter().map(|(name, amount)| format!("{name:<names$}  {amount:>rows$}")).collect()
}

fn effort(summary: &Summary) -> String {
    let elapsed = duration(summary.elapsed);
    if summary.requests == 0 {
        return format!("built from the archive in {elapsed}, without a request");
    }
    let mut parts = vec![format!("{} in {elapsed}", count(summary.requests, "request", "requests"))];
    if summary.retries > 0 {
        parts.push(format!("{} retried", number(summary.retries)));
    }
    if summary.rejected > 0 {
        parts.push(format!("{} rejected by the quota", number(summary.rejected)));
    }
    parts.join(", ")
}

/// The commonest reasons first.
fn reasons(reasons: &[(String, u64)]) -> Option<String> {
    let mut reasons: Vec<_> = reasons.iter().collect();
    reasons.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let each = reasons.iter().take(NAMED).map(|(reason, times)| format!("{} ({})", printable(reason), number(*times)));
    let each: Vec<_> = each.collect();
    (!each.is_empty()).then(|| format!("Sent again because of: {}", each.join(", ")))
}

fn remarks(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    if summary.duplicates > 0 {
        lines.push(count(
            summary.duplicates,
            "record came more than once and was merged",
            "records came more than once and were merged",
        ));
    }
    if summary.oddities > 0 {
        lines.push(count(
            summary.oddities,
            "value did not look as described (export_oddities)",
            "values did not look as described (export_oddities)",
        ));
    }
    if !summary.unknown_fields.is_empty() {
        lines.push(format!(
            "{} only in the archive:",
            count(plural(summary.unknown_fields.len()), "field is not known yet and", "fields are not known yet and")
        ));
        lines.extend(named(&summary.unknown_fields, "manifest.json"));
    }
    lines.extend(summary.notes.iter().map(|note| {
        let mut note = printable(note).into_owned();
        if let Some(first) = note.get(..1).map(str::to_uppercase) {
            note.replace_range(..1, &first);
        }
        note + "."
    }));
    lines
}

fn gaps(gaps: &[String]) -> Vec<String> {
    if gaps.is_empty() {
        return vec!["Every listing was read to its end; nothing was refused.".to_owned()];
    }
    let mut lines = vec!["Could not be read:".to_owned()];
    lines.extend(named(gaps, "export_coverage"));
    lines
}

/// The first of a list, indented, and where the others are.
fn named(items: &[String], elsewhere: &str) -> Vec<String> {
    let mut lines: Vec<String> = items.iter().take(NAMED).map(|item| format!("  {}", printable(item))).collect();
    if let Some(more) = items.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("  ... and {} more in {elsewhere}", number(plural(more))));
    }
    lines
}

fn place(summary: &Summary) -> String {
    let folder = printable_within(&summary.folder, PATH);
    let formats: Vec<_> = summary.formats.iter().map(|format| printable(format)).collect();
    if formats.is_empty() {
        return format!("Written to {folder}");
    }
    format!("Written to {folder} as {}", formats.join(", "))
}

fn plural(amount: usize) -> u64 {
    u64::try_from(amount).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(summary: &Summary, expected: &str) {
        let text = render(summary);
        assert_eq!(text, expected, "\n{text}");
    }

    fn acme() -> Summary {
        Summary {
            workspace: "Acme".to_owned(),
            folder: "out/acme".to_owned(),
            tables: [("projects", 24), ("task_projects", 0), ("tasks", 12_345), ("users", 7)]
                .map(|(name, rows)| (name.to_owned(), rows))
                .to_vec(),
            requests: 1_234,
            elapsed: Duration::from_secs(56),
            formats: vec!["csv".to_owned(), "json".to_owned()],
            ..Summary::default()
        }
    }

    #[test]
    fn a_whole_export() {
        check(
            &acme(),
            "Acme: 12,376 rows in 3 tables\n\
             \n\
             \x20 projects      24\n\
             \x20 tasks     12,345\n\
             \x20 users          7\n\
             1 more table is empty\n\
             \n\
             1,234 requests in 56 s\n\
             Every listing was read to its end; nothing was refused.\n\
             Written to out/acme as csv, json\n",
        );
    }

    #[test]
    fn all_that_can_be_remarked() {
        let summary = Summary {
            tables: vec![("tasks".to_owned(), 1)],
            requests: 1,
            retries: 2,
            rejected: 1,
            retries_by_reason: [("429 cost", 1), ("500", 2)].map(|(name, times)| (name.to_owned(), times)).to_vec(),
            elapsed: Duration::from_mins(62),
            gaps: vec!["goals: not in this workspace's plan (402)".to_owned()],
            unknown_fields: vec!["tasks.mood".to_owned(), "users.\u{1b}[31m".to_owned()],
            oddities: 1,
            duplicates: 1_200,
            ..acme()
        };
        check(
            &summary,
            "Acme: 1 row in 1 table\n\
             \n\
             \x20 tasks  1\n\
             \n\
             1 request in 1 h 02 min, 2 retried, 1 rejected by the quota\n\
             Sent again because of: 500 (2), 429 cost (1)\n\
             1,200 records came more than once and were merged\n\
             1 value did not look as described (export_oddities)\n\
             2 fields are not known yet and only in the archive:\n\
             \x20 tasks.mood\n\
             \x20 users.\u{fffd}[31m\n\
             Could not be read:\n\
             \x20 goals: not in this workspace's plan (402)\n\
             Written to out/acme as csv, json\n",
        );
    }

    #[test]
    fn an_empty_export() {
        let summary = Summary { workspace: "Acme".to_owned(), folder: "out".to_owned(), ..Summary::default() };
        check(
            &summary,
            "Acme: 0 rows in 0 tables\n\
             \n\
             built from the archive in 0 s, without a request\n\
             Every listing was read to its end; nothing was refused.\n\
             Written to out\n",
        );
        let summary = Summary { tables: vec![("tasks".to_owned(), 0), ("users".to_owned(), 0)], ..summary };
        assert!(render(&summary).starts_with("Acme: 0 rows in 0 tables\n2 tables are empty\n\nbuilt from the archive"));
    }

    #[test]
    fn only_the_first_ten_gaps_are_named() {
        let gaps: Vec<String> = (1..=1_012).map(|task| format!("stories of {task}: gone (404)")).collect();
        let text = render(&Summary { gaps, ..acme() });
        assert!(text.contains("Could not be read:\n  stories of 1: gone (404)\n  stories of 2: gone (404)\n"));
        assert!(
            text.contains("  stories of 10: gone (404)\n  ... and 1,002 more in export_coverage\nWritten"),
            "{text}"
        );
        let gaps: Vec<String> = (1..=10).map(|task| task.to_string()).collect();
        assert!(!render(&Summary { gaps, ..acme() }).contains("..."));
    }

    #[test]
    fn many_tables_stand_in_two_columns() {
        let mut tables: Vec<(String, u64)> = (1..=17).map(|table| (format!("table_{table}"), table * 999)).collect();
        tables.push(("empty".to_owned(), 0));
        let text = render(&Summary { tables: tables.clone(), ..acme() });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0..4],
            [
                "Acme: 152,847 rows in 17 tables",
                "",
                "  table_1    999    table_10   9,990",
                "  table_2  1,998    table_11  10,989",
            ]
        );
        assert_eq!(
            lines[9..12],
            ["  table_8  7,992    table_17  16,983", "  table_9  8,991", "1 more table is empty",]
        );
        assert!(lines.len() <= 25);

        for table in [3, 12] {
            tables[table].0 = "a_name_that_leaves_no_room_for_a_second_column".repeat(2);
        }
        let text = render(&Summary { tables, ..acme() });
        let lines: Vec<&str> = text.lines().collect();
        let name = "a_name_that_leaves_no_room_for_a_second_colum";
        assert_eq!(lines[2], format!("  {:<48}     999", "table_1"));
        assert_eq!(lines[5], format!("  {name}...   3,996"));
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn hostile_names_cannot_steer_the_terminal() {
        let evil = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\r\n".to_owned();
        let summary = Summary {
            workspace: evil.clone(),
            folder: evil.clone(),
            tables: vec![(evil.clone(), 3), ("users".to_owned(), 1)],
            gaps: vec![evil.clone()],
            unknown_fields: vec![evil.clone()],
            formats: vec![evil],
            ..acme()
        };
        let seen = "\u{fffd}]0;x\u{fffd}\u{fffd}2J\u{fffd}";
        check(
            &summary,
            &format!(
                "{seen}  : 4 rows in 2 tables\n\
                 \n\
                 \x20 {seen}    3\n\
                 \x20 users         1\n\
                 \n\
                 1,234 requests in 56 s\n\
                 1 field is not known yet and only in the archive:\n\
                 \x20 {seen}\n\
                 Could not be read:\n\
                 \x20 {seen}\n\
                 Written to {seen}   as {seen}\n"
            ),
        );
    }
}
