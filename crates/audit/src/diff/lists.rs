//! Which rows of one list are which of another: by what they list, not by their places.
//!
//! The first of five followers leaves, and all others move up: that is one change, not five.

use std::collections::HashMap;

use asana_model::Cell;

use super::change::shown;
use super::groups::Row;

/// Two lists against each other, by places in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// In the order of the new list.
    pub(super) pairs: Vec<Pair>,
    pub(super) removed: Vec<usize>,
    pub(super) added: Vec<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) old: usize,
    pub(super) new: usize,
    /// It is not where the others around it are; as few as possible are.
    pub(super) moved: bool,
}

/// Matches rows by the cell that says what they list, at that place on each side. Of equal ones the first goes with the
/// first, the second with the second.
pub(super) fn matched(old: &[Row], new: &[Row], (old_cell, new_cell): (usize, usize)) -> Matched {
    let mut seen: HashMap<Option<&str>, usize> = HashMap::new();
    let mut waiting: HashMap<(Option<String>, usize), usize> = HashMap::new();
    let olds: Vec<_> = old.iter().map(|row| identity(row, old_cell)).collect();
    for (place, identity) in olds.iter().enumerate() {
        let times = seen.entry(identity.as_deref()).or_default();
        waiting.insert((identity.clone(), *times), place);
        *times += 1;
    }
    let news: Vec<_> = new.iter().map(|row| identity(row, new_cell)).collect();
    let mut seen: HashMap<Option<&str>, usize> = HashMap::new();
    let mut matched = Matched::default();
    for (place, identity) in news.iter().enumerate() {
        let times = seen.entry(identity.as_deref()).or_default();
        match waiting.remove(&(identity.clone(), *times)) {
            Some(old) => matched.pairs.push(Pair { old, new: place, moved: true }),
            None => matched.added.push(place),
        }
        *times += 1;
    }
    matched.removed = waiting.into_values().collect();
    matched.removed.sort_unstable();
    let places: Vec<usize> = matched.pairs.iter().map(|pair| pair.old).collect();
    for place in longest_increasing(&places) {
        if let Some(pair) = matched.pairs.get_mut(place) {
            pair.moved = false;
        }
    }
    matched
}

fn identity(row: &Row, cell: usize) -> Option<String> {
    shown(row.get(cell).unwrap_or(&Cell::Null)).map(std::borrow::Cow::into_owned)
}

/// The places of a longest run of increasing numbers among them, which need not be neighbours.
fn longest_increasing(numbers: &[usize]) -> Vec<usize> {
    // Of runs with a given length, the place of the least last number; and for each place the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers.get(*end).is_some_and(|last| last < number));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(place) = next {
        run.push(place);
        next = before.get(place).copied().flatten();
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: (&str, &str, &str)) {
        let rows = |text: &str| -> Vec<Row> { text.chars().map(|item| vec![Cell::text(item.to_string())]).collect() };
        let (olds, news) = (rows(old), rows(new));
        let matched = matched(&olds, &news, (0, 0));
        let pick = |text: &str, places: Vec<usize>| -> String {
            places.into_iter().map(|place| text.chars().nth(place).unwrap()).collect()
        };
        let moved = matched.pairs.iter().filter(|pair| pair.moved).map(|pair| pair.new).collect();
        let found = (pick(old, matched.removed), pick(new, matched.added), pick(new, moved));
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), expected, "{old} {new}");
        assert!(matched.pairs.iter().all(|pair| olds[pair.old] == news[pair.new]));
    }

    #[test]
    fn only_what_really_changed_is_told() {
        check("", "", ("", "", ""));
        check("abcde", "abcde", ("", "", ""));
        check("abcde", "bcde", ("a", "", ""));
        check("bcd", "abcde", ("", "ae", ""));
        check("abcde", "bcdea", ("", "", "a"));
        check("abcde", "eabcd", ("", "", "e"));
        check("abcd", "xbcay", ("d", "xy", "a"));
        check("aab", "ab", ("a", "", ""));
        check("ab", "aab", ("", "a", ""));
    }
}
