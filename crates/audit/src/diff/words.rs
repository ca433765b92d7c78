//! What is said of a comparison in words, on a terminal and in a page alike. Names and reasons in it are foreign text.

use std::collections::BTreeMap;

use asana_export::progress::{count, number};

use super::change::{Label, Summary};
use super::people::Activity;

/// What has to be known before the numbers.
pub(super) fn remarks(summary: &Summary) -> Vec<String> {
    let coverage =
        summary.coverage.iter().map(|one| format!("{}: {} in OLD; {} in NEW", one.resource, one.old, one.new));
    let tables = summary
        .not_compared
        .iter()
        .map(|one| format!("{} is not compared ({}): {}", one.table, count(one.rows, "row", "rows"), one.reason));
    let columns = summary.tables.iter().flat_map(|table| {
        let lacking = [("OLD", &table.only_in_old), ("NEW", &table.only_in_new)];
        let lacking = lacking.into_iter().filter(|(_, columns)| !columns.is_empty());
        lacking.map(|(side, columns)| {
            format!("not compared, because only {side} has it: {} of {}", columns.join(", "), table.table)
        })
    });
    let hidden = summary.tables.iter().filter(|table| !table.hidden.is_empty()).map(|table| {
        format!("not compared, because it is hidden in one of them: {} of {}", table.hidden.join(", "), table.table)
    });
    let left_out = summary.tables.iter().filter(|table| table.left_out > 0).map(|table| {
        let rows = count(table.left_out, "row", "rows");
        format!("{}: {rows} on one side only, which may be too old for the other", table.table)
    });
    summary.notes.iter().cloned().chain(coverage).chain(tables).chain(columns).chain(hidden).chain(left_out).collect()
}

/// How many rows have which meaning.
pub(super) fn meanings<'s>(tables: impl Iterator<Item = &'s BTreeMap<Label, u64>>) -> String {
    let mut all: BTreeMap<Label, u64> = BTreeMap::new();
    for (label, count) in tables.flatten() {
        *all.entry(*label).or_default() += count;
    }
    let parts: Vec<String> = all.iter().map(|(label, count)| format!("{} {}", number(*count), label.name())).collect();
    parts.join(", ")
}

/// What a person did, in words.
pub(super) fn deeds(person: &Activity) -> Vec<String> {
    let made: Vec<String> =
        person.created.iter().map(|(table, rows)| format!("{} in {table}", number(*rows))).collect();
    let made = (!made.is_empty()).then(|| format!("made {}", made.join(", ")));
    let counted = [
        (person.completed, "completed"),
        (person.taken_over, "taken over"),
        (person.given_away, "given away"),
        (person.assigned_added, "assigned and new"),
        (person.assigned_changed, "assigned and changed"),
        (person.assigned_removed, "assigned and removed"),
    ];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0);
    made.into_iter().chain(counted.map(|(count, what)| format!("{} {what}", number(count)))).collect()
}
