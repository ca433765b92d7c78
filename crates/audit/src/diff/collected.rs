//! The changes that a person is shown: of each table the first ones of each kind, cut to a length that can be read.

use super::change::{Label, RowChange, What, key_text, shown};

/// Changes by table, in the order of the comparison; of bounded size.
#[derive(Debug)]
pub(super) struct Collected {
    /// Of each kind in each table.
    limit: usize,
    /// The most characters of a value.
    longest: usize,
    pub(super) tables: Vec<TableChanges>,
}

#[derive(Debug, Default)]
pub(super) struct TableChanges {
    pub(super) table: String,
    pub(super) changes: Vec<Shown>,
    /// Those not shown: added, removed, changed.
    pub(super) more: [u64; 3],
    /// Rows of lists that came or went with their object; none of them is shown.
    pub(super) with_object: u64,
    shown: [u64; 3],
}

/// A change for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) verb: &'static str,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) because: Option<(Label, String)>,
    /// Column, before, after.
    pub(super) fields: Vec<(String, String, String)>,
}

impl Collected {
    pub(super) fn new(limit: usize, longest: usize) -> Self {
        Self { limit, longest, tables: Vec::new() }
    }

    pub(super) fn add(&mut self, change: &RowChange<'_>) {
        if self.tables.last().is_none_or(|last| last.table != change.table) {
            self.tables.push(TableChanges { table: change.table.to_owned(), ..TableChanges::default() });
        }
        let (limit, longest) = (self.limit, self.longest);
        let Some(table) = self.tables.last_mut() else { return };
        let (kind, because) = match &change.what {
            What::Added { because, .. } => (0, Some(because)),
            What::Removed { because, .. } => (1, Some(because)),
            What::Changed { .. } => (2, None),
        };
        if because.is_some_and(|because| because.label == Label::WithItsObject) {
            table.with_object += 1;
            return;
        }
        let [shown, more] = [&mut table.shown, &mut table.more].map(|counts| counts.get_mut(kind));
        let (Some(shown), Some(more)) = (shown, more) else { return };
        if *shown == limit as u64 {
            *more += 1;
            return;
        }
        *shown += 1;
        table.changes.push(Shown {
            verb: change.what.verb(),
            key: cut(&key_text(&change.key), 0, longest),
            name: cut(change.name.as_deref().unwrap_or_default(), 0, longest),
            because: because.map(|because| (because.label, because.reason.clone().into_owned())),
            fields: fields(change, longest),
        });
    }
}

fn fields(change: &RowChange<'_>, longest: usize) -> Vec<(String, String, String)> {
    let What::Changed { fields } = &change.what else { return Vec::new() };
    let field = |field: &super::change::Field<'_>| {
        let (old, new) = (shown(field.old), shown(field.new));
        let alike = match (&old, &new) {
            (Some(old), Some(new)) => alike(old, new, longest),
            _ => 0,
        };
        let value = |text: Option<std::borrow::Cow<'_, str>>| match text {
            None => "(nothing)".to_owned(),
            Some(text) if text.is_empty() => "(empty text)".to_owned(),
            Some(text) => cut(&text, alike, longest),
        };
        (field.column.to_owned(), value(old), value(new))
    };
    fields.iter().map(field).collect()
}

/// How many characters may be left out at the beginning of two long texts, because they are the same.
fn alike(one: &str, other: &str, longest: usize) -> usize {
    const KEPT: usize = 20;
    if one.chars().nth(longest).is_none() && other.chars().nth(longest).is_none() {
        return 0;
    }
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    same.saturating_sub(KEPT)
}

/// The text from one character on, no longer than that.
fn cut(text: &str, from: usize, longest: usize) -> String {
    let mut rest = text.chars().skip(from);
    let mut shown: String = if from > 0 { "…".to_owned() } else { String::new() };
    shown.extend(rest.by_ref().take(longest));
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_shown_where_they_differ() {
        assert_eq!((cut("abc", 0, 3), cut("abcd", 0, 3)), ("abc".to_owned(), "abc…".to_owned()));
        let (one, other) = ("x".repeat(100) + "old", "x".repeat(100) + "new");
        let from = alike(&one, &other, 50);
        assert_eq!(cut(&one, from, 50), format!("…{}old", "x".repeat(20)));
        assert_eq!(alike("old", "new", 50), 0);
        assert_eq!(cut("äöü", 1, 1), "…ö…");
    }
}
