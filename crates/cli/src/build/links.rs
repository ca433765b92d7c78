//! Checks between rows: what something refers to against the rows there are, and numbers of subtasks against the
//! subtasks that were read.

use std::collections::{BTreeMap, BTreeSet};

use asana_model::{Cell, GidSet, Layout, TableId};
use asana_transform::Mention;

/// Which rows there are, and what refers to rows that are not there.
#[derive(Debug)]
pub(super) struct Links {
    /// For each resource whose table is written, the gids of its rows.
    rows: Vec<Option<GidSet>>,
    /// By table: the resource whose own table it is, with its counting columns.
    own: Vec<Option<(usize, Option<(usize, usize)>)>>,
    /// Objects that were mentioned before they had a row.
    missing: BTreeMap<(usize, String), Missing>,
    /// Of each record that has others below it, or says so: how many it says, and how many there are.
    counts: BTreeMap<(usize, String), Count>,
}

#[derive(Debug)]
struct Missing {
    name: Option<String>,
    /// Where it was mentioned first; `None` for what a search named.
    seen_in: Option<(TableId, usize)>,
    times: u64,
}

#[derive(Debug, Default)]
struct Count {
    said: Option<u64>,
    read: u64,
}

/// Numbers of subtasks against subtasks.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Subtasks {
    /// Records that say that there are others below them.
    pub(crate) parents: u64,
    pub(crate) said: u64,
    pub(crate) read: u64,
    /// Records whose number differs from what was read.
    pub(crate) differences: u64,
}

/// A record whose number differs from what was read.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) resource: usize,
    pub(super) gid: String,
    pub(super) said: u64,
    pub(super) read: u64,
}

impl Links {
    pub(super) fn new(layout: &Layout, wanted: &BTreeSet<&'static str>) -> Self {
        let rows = layout.resources.iter().map(|plan| wanted.contains(plan.resource.name).then(GidSet::default));
        let mut own = vec![None; layout.tables.len()];
        for (index, plan) in layout.resources.iter().enumerate() {
            if let Some(place) = own.get_mut(plan.table.0) {
                *place = Some((index, plan.counted));
            }
        }
        Self { rows: rows.collect(), own, missing: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// Takes note of a row that is written.
    pub(super) fn row(&mut self, table: TableId, cells: &[Cell<'_>]) {
        let Some((resource, counted)) = self.own.get(table.0).copied().flatten() else { return };
        let Some(gid) = cells.first().and_then(text) else { return };
        if let Some(rows) = self.rows.get_mut(resource).and_then(Option::as_mut) {
            rows.insert(gid);
        }
        let Some((number, above)) = counted else { return };
        let said = cells.get(number).and_then(text).and_then(|digits| digits.parse().ok());
        if said.is_some_and(|said: u64| said > 0) {
            self.count(resource, gid).said = said;
        }
        if let Some(above) = cells.get(above).and_then(text) {
            self.count(resource, above).read += 1;
        }
    }

    fn count(&mut self, resource: usize, gid: &str) -> &mut Count {
        self.counts.entry((resource, gid.to_owned())).or_default()
    }

    pub(super) fn has_row(&self, resource: usize, gid: &str) -> bool {
        self.rows.get(resource).and_then(Option::as_ref).is_some_and(|rows| rows.contains(gid))
    }

    /// Whether rows of that resource are written at all.
    pub(super) fn knows(&self, resource: usize) -> bool {
        self.rows.get(resource).is_some_and(Option::is_some)
    }

    pub(super) fn rows(&self, resource: usize) -> usize {
        self.rows.get(resource).and_then(Option::as_ref).map_or(0, GidSet::len)
    }

    pub(super) fn mention(&mut self, mention: &Mention<'_>) {
        let seen_in = Some((mention.table, mention.column));
        self.note(mention.resource, mention.gid, mention.name, seen_in);
    }

    /// Takes note of an object that something names, if it has no row so far.
    pub(super) fn note(&mut self, resource: usize, gid: &str, name: Option<&str>, seen_in: Option<(TableId, usize)>) {
        if !self.knows(resource) || self.has_row(resource, gid) {
            return;
        }
        let missing = self.missing.entry((resource, gid.to_owned()));
        let missing = missing.or_insert(Missing { name: None, seen_in, times: 0 });
        missing.times += 1;
        if let (None, Some(name)) = (&missing.name, name) {
            missing.name = Some(name.to_owned());
        }
    }

    /// All rows of a resource are written: those that were mentioned before are not missing.
    pub(super) fn finished(&mut self, resource: usize) {
        let Some(rows) = self.rows.get(resource).and_then(Option::as_ref) else { return };
        self.missing.retain(|(of, gid), _| *of != resource || !rows.contains(gid));
    }

    /// For each resource the objects without row, and the rows of `export_unresolved`.
    pub(super) fn unresolved(&self, layout: &Layout) -> (BTreeMap<&'static str, u64>, Vec<[Cell<'static>; 5]>) {
        let mut numbers = BTreeMap::new();
        let mut rows = BTreeMap::new();
        for ((resource, gid), missing) in &self.missing {
            let Some(plan) = layout.resources.get(*resource) else { continue };
            *numbers.entry(plan.resource.name).or_insert(0) += 1;
            let seen_in = missing.seen_in.map_or("task search".to_owned(), |(table, column)| {
                let table = layout.table(table);
                let column = table.columns.get(column).map_or("", |column| &column.name);
                format!("{}.{column}", table.name)
            });
            let row = [
                Cell::text(plan.resource.name),
                Cell::text(gid.clone()),
                missing.name.clone().map_or(Cell::Null, Cell::text),
                Cell::text(seen_in),
                Cell::Count(missing.times),
            ];
            rows.insert((plan.resource.name, gid.as_str()), row);
        }
        (numbers, rows.into_values().collect())
    }

    /// Compares what records say about how many are below them with what was read.
    pub(super) fn counted(&self) -> (Subtasks, Vec<Difference>) {
        let mut subtasks = Subtasks::default();
        let mut differences = Vec::new();
        // What is above a record and has no row itself is missing for another reason.
        let known = self.counts.iter().filter(|((resource, gid), _)| self.has_row(*resource, gid));
        for ((resource, gid), count) in known {
            let said = count.said.unwrap_or(0);
            subtasks.parents += u64::from(said > 0);
            subtasks.said += said;
            subtasks.read += count.read;
            if said != count.read {
                subtasks.differences += 1;
                differences.push(Difference { resource: *resource, gid: gid.clone(), said, read: count.read });
            }
        }
        (subtasks, differences)
    }
}

fn text<'c>(cell: &'c Cell<'_>) -> Option<&'c str> {
    match cell {
        Cell::Text(text) | Cell::Digits(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> (Layout, Links, usize) {
        let layout = Layout::new();
        let links = Links::new(&layout, &BTreeSet::from(["tasks"]));
        let tasks = layout.resource_index("tasks").unwrap();
        (layout, links, tasks)
    }

    fn row(
        layout: &Layout,
        links: &mut Links,
        gid: &'static str,
        parent: Option<&'static str>,
        subtasks: &'static str,
    ) {
        let plan = &layout.resources[layout.resource_index("tasks").unwrap()];
        let mut cells = vec![Cell::Null; layout.table(plan.table).columns.len()];
        let (number, above) = plan.counted.unwrap();
        cells[0] = Cell::text(gid);
        cells[number] = Cell::Digits(subtasks.into());
        cells[above] = parent.map_or(Cell::Null, Cell::text);
        links.row(plan.table, &cells);
    }

    #[test]
    fn subtasks_are_counted_against_what_their_parents_say() {
        let (layout, mut links, _) = links();
        row(&layout, &mut links, "1", None, "2");
        row(&layout, &mut links, "2", Some("1"), "0");
        row(&layout, &mut links, "3", Some("1"), "1");
        row(&layout, &mut links, "4", Some("hidden"), "0");
        let (subtasks, differences) = links.counted();
        assert_eq!((subtasks.parents, subtasks.said, subtasks.read, subtasks.differences), (2, 3, 2, 1));
        assert_eq!((differences[0].gid.as_str(), differences[0].said, differences[0].read), ("3", 1, 0));
    }

    #[test]
    fn what_gets_a_row_later_is_not_missing() {
        let (layout, mut links, tasks) = links();
        for gid in ["1", "2", "2"] {
            links.note(tasks, gid, Some("Name"), Some((layout.resources[tasks].table, 3)));
        }
        links.note(layout.resource_index("projects").unwrap(), "9", None, None);
        row(&layout, &mut links, "1", None, "0");
        links.finished(tasks);
        let (numbers, rows) = links.unresolved(&layout);
        assert_eq!(numbers, BTreeMap::from([("tasks", 1)]), "projects are not exported, so nothing is missing");
        assert_eq!(rows[0][..3], [Cell::text("tasks"), Cell::text("2"), Cell::text("Name")]);
        assert_eq!(rows[0][4], Cell::Count(2));
    }
}
