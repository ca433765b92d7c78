//! Checks between rows: what something refers to against the rows there are, and numbers of subtasks against the
//! subtasks that were read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use asana_export::{Entry, Error as ExportError, Sorter};
use asana_model::{Cell, GidRuns, Layout, TableId};
use asana_transform::Mention;

/// The gids of the rows of each resource whose table is written, as far as they are.
pub(super) type Rows = Vec<Option<Arc<GidRuns>>>;

/// The columns that say how many others are below a record, and what a record is below.
type Counted = Option<(usize, usize)>;

/// Which rows there are, and what refers to rows that are not there.
#[derive(Debug)]
pub(super) struct Links {
    /// Complete for resources that are written already.
    rows: Rows,
    /// The rows of the resource at hand.
    at_hand: Option<(usize, GidRuns)>,
    /// By table: the resource whose own table it is, with its counting columns.
    own: Vec<Option<(usize, Counted)>>,
    /// The resources in the order of their names.
    by_name: Vec<usize>,
    /// Mentions of objects that had no row yet, by the places of their resources in `by_name`.
    mentions: Sorter,
    mentioned: u64,
    /// For records that have others below them, or say so: how many they say, and one entry for each below them.
    counts: Sorter,
}

/// What is missing.
#[derive(Debug)]
struct Missing {
    /// The place of its resource in [`Links::by_name`].
    rank: usize,
    gid: String,
    name: Option<String>,
    /// Where it was mentioned first; `None` for what a search named.
    seen_in: Option<(usize, usize)>,
    times: u64,
}

/// What a record is said to have below it, and what was read of that.
#[derive(Debug, Default)]
struct Count {
    said: u64,
    read: u64,
}

/// In [`Links::counts`], an entry with what a record says; another is one record below it.
const SAYS: u8 = 1;

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
    /// What does not fit in `memory_bytes` is put aside in `temp`.
    pub(super) fn new(layout: &Layout, wanted: &BTreeSet<&'static str>, temp: &Path, memory_bytes: usize) -> Self {
        let rows = layout.resources.iter().map(|plan| wanted.contains(plan.resource.name).then(Arc::default));
        let mut own = vec![None; layout.tables.len()];
        for (index, plan) in layout.resources.iter().enumerate() {
            if let Some(place) = own.get_mut(plan.table.0) {
                *place = Some((index, plan.counted));
            }
        }
        let sorter = || Sorter::new(temp, memory_bytes / 2);
        let mut by_name: Vec<usize> = (0..layout.resources.len()).collect();
        by_name.sort_by_key(|index| layout.resources.get(*index).map(|plan| plan.resource.name));
        Self { rows: rows.collect(), at_hand: None, own, by_name, mentions: sorter(), mentioned: 0, counts: sorter() }
    }

    /// Takes note of a row that is written.
    pub(super) fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some((resource, counted)) = self.own.get(table.0).copied().flatten() else { return Ok(()) };
        let Some(gid) = cells.first().and_then(text) else { return Ok(()) };
        match &mut self.at_hand {
            Some((of, rows)) if *of == resource => _ = rows.push(gid),
            other => {
                let mut rows = GidRuns::default();
                rows.push(gid);
                *other = Some((resource, rows));
            }
        }
        let Some((number, above)) = counted else { return Ok(()) };
        let said = cells.get(number).and_then(text).and_then(|digits| digits.parse().ok());
        if let Some(said) = said.filter(|said: &u64| *said > 0) {
            self.counts.push(&key(resource, gid), SAYS, said, &[])?;
        }
        if let Some(above) = cells.get(above).and_then(text) {
            self.counts.push(&key(resource, above), 0, 0, &[])?;
        }
        Ok(())
    }

    /// The rows of all resources that are written by now.
    pub(super) fn written(&self) -> Rows {
        self.rows.clone()
    }

    /// Once all rows of its resource are written.
    pub(super) fn has_row(&self, resource: usize, gid: &str) -> bool {
        has_row(&self.rows, resource, gid)
    }

    /// Whether rows of that resource are written at all.
    pub(super) fn knows(&self, resource: usize) -> bool {
        self.rows.get(resource).is_some_and(Option::is_some)
    }

    pub(super) fn rows(&self, resource: usize) -> usize {
        self.rows.get(resource).and_then(Option::as_ref).map_or(0, |rows| rows.len())
    }

    pub(super) fn mention(&mut self, mention: &Mention<'_>) -> Result<(), ExportError> {
        let seen_in = Some((mention.table.0, mention.column));
        self.note(mention.resource, mention.gid, mention.name, seen_in)
    }

    /// Takes note of an object that something names, if it has no row so far.
    pub(super) fn note(
        &mut self,
        resource: usize,
        gid: &str,
        name: Option<&str>,
        seen_in: Option<(usize, usize)>,
    ) -> Result<(), ExportError> {
        if !self.knows(resource) || self.has_row(resource, gid) {
            return Ok(());
        }
        let (table, column) = seen_in.map_or((u64::MAX, u64::MAX), |(table, column)| (table as u64, column as u64));
        let mut payload = [table.to_be_bytes(), column.to_be_bytes()].concat();
        if let Some(name) = name {
            payload.push(1);
            payload.extend_from_slice(name.as_bytes());
        }
        self.mentioned += 1;
        // The highest comes first, which is to be the first mention.
        let rank = self.by_name.iter().position(|one| *one == resource).unwrap_or_default();
        self.mentions.push(&key(rank, gid), 0, u64::MAX - self.mentioned, &payload)
    }

    /// All rows of a resource are written.
    pub(super) fn finished(&mut self, resource: usize) {
        let at_hand = self.at_hand.take().filter(|(of, _)| *of == resource);
        if let (Some(Some(rows)), Some((_, mut found))) = (self.rows.get_mut(resource), at_hand) {
            found.shrink();
            *rows = Arc::new(found);
        }
    }

    /// Hands over the rows of `export_unresolved`, in the order of their keys, and says how many there are of each
    /// resource. To be called once.
    pub(super) fn unresolved<E: From<ExportError>>(
        &mut self,
        layout: &Layout,
        mut row: impl FnMut(&[Cell<'_>]) -> Result<(), E>,
    ) -> Result<BTreeMap<&'static str, u64>, E> {
        let mut numbers = BTreeMap::new();
        let mut merge = std::mem::replace(&mut self.mentions, Sorter::new(Path::new(""), 0)).finish()?;
        let mut at_hand: Option<Missing> = None;
        loop {
            let entry = merge.next()?;
            let named = entry.as_ref().and_then(of_key);
            let same = at_hand.as_mut().filter(|last| Some((last.rank, last.gid.as_str())) == named);
            if let (Some(known), Some(entry)) = (same, &entry) {
                known.times += 1;
                known.name = known.name.take().or_else(|| name_in(entry));
                continue;
            }
            if let Some(missing) = at_hand.take()
                && let Some(plan) = self.by_name.get(missing.rank).and_then(|resource| layout.resources.get(*resource))
            {
                *numbers.entry(plan.resource.name).or_insert(0) += 1;
                row(&missing.cells(layout, plan.resource.name))?;
            }
            let Some(entry) = entry else { return Ok(numbers) };
            let is_missing = |(rank, gid): &(usize, &str)| {
                self.by_name.get(*rank).is_some_and(|resource| !has_row(&self.rows, *resource, gid))
            };
            at_hand = named.filter(is_missing).map(|(rank, gid)| {
                let place = |at| entry.payload.get(at..).and_then(first_number).map(|(place, _)| place);
                let seen_in = place(0).zip(place(8));
                Missing { rank, gid: gid.to_owned(), name: name_in(&entry), seen_in, times: 1 }
            });
        }
    }

    /// Compares what records say about how many are below them with what was read. To be called once.
    pub(super) fn counted(&mut self) -> Result<(Subtasks, Vec<Difference>), ExportError> {
        let mut subtasks = Subtasks::default();
        let mut differences = Vec::new();
        let mut merge = std::mem::replace(&mut self.counts, Sorter::new(Path::new(""), 0)).finish()?;
        let mut at_hand: Option<(usize, String, Count)> = None;
        loop {
            let entry = merge.next()?;
            let next = entry.as_ref().and_then(of_key);
            if at_hand.as_ref().map(|(resource, gid, _)| (*resource, gid.as_str())) != next {
                if let Some((resource, gid, count)) = at_hand.take() {
                    // What is above a record and has no row itself is missing for another reason.
                    if has_row(&self.rows, resource, &gid) {
                        subtasks.parents += u64::from(count.said > 0);
                        subtasks.said += count.said;
                        subtasks.read += count.read;
                        if count.said != count.read {
                            subtasks.differences += 1;
                            differences.push(Difference { resource, gid, said: count.said, read: count.read });
                        }
                    }
                }
                at_hand = next.map(|(resource, gid)| (resource, gid.to_owned(), Count::default()));
            }
            let Some(entry) = entry else { break };
            if let Some((_, _, count)) = &mut at_hand {
                if entry.rank == SAYS {
                    count.said = entry.sequence;
                } else {
                    count.read += 1;
                }
            }
        }
        Ok((subtasks, differences))
    }
}

impl Missing {
    fn cells(&self, layout: &Layout, resource: &'static str) -> [Cell<'_>; 5] {
        let seen_in = self.seen_in.map_or("task search".to_owned(), |(table, column)| {
            let table = layout.table(TableId(table));
            let column = table.columns.get(column).map_or("", |column| &column.name);
            format!("{}.{column}", table.name)
        });
        [
            Cell::text(resource),
            Cell::text(self.gid.as_str()),
            self.name.as_deref().map_or(Cell::Null, Cell::text),
            Cell::text(seen_in),
            Cell::Count(self.times),
        ]
    }
}

/// The name that a mention has for its object.
fn name_in(mention: &Entry<'_>) -> Option<String> {
    Some(std::str::from_utf8(mention.payload.get(17..)?).ok()?.to_owned())
}

/// Whether an object is known to have a row.
pub(super) fn has_row(rows: &Rows, resource: usize, gid: &str) -> bool {
    rows.get(resource).and_then(Option::as_ref).is_some_and(|rows| rows.contains(gid))
}

/// An object as something to sort by.
fn key(resource: usize, gid: &str) -> Vec<u8> {
    [&(resource as u64).to_be_bytes(), gid.as_bytes()].concat()
}

fn of_key<'e>(entry: &Entry<'e>) -> Option<(usize, &'e str)> {
    let (resource, gid) = first_number(entry.key)?;
    Some((resource, std::str::from_utf8(gid).ok()?))
}

/// `None` for the number that stands for none.
fn first_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    let number = u64::from_be_bytes(*number);
    Some((usize::try_from(number).ok().filter(|number| *number != usize::MAX)?, rest))
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
        let links = Links::new(&layout, &BTreeSet::from(["tasks"]), &std::env::temp_dir(), 1 << 20);
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
        links.row(plan.table, &cells).unwrap();
    }

    #[test]
    fn subtasks_are_counted_against_what_their_parents_say() {
        let (layout, mut links, tasks) = links();
        row(&layout, &mut links, "1", None, "2");
        row(&layout, &mut links, "2", Some("1"), "0");
        row(&layout, &mut links, "3", Some("1"), "1");
        row(&layout, &mut links, "4", Some("hidden"), "0");
        links.finished(tasks);
        let (subtasks, differences) = links.counted().unwrap();
        assert_eq!((subtasks.parents, subtasks.said, subtasks.read, subtasks.differences), (2, 3, 2, 1));
        assert_eq!((differences[0].gid.as_str(), differences[0].said, differences[0].read), ("3", 1, 0));
    }

    #[test]
    fn what_gets_a_row_later_is_not_missing() {
        let (layout, mut links, tasks) = links();
        for (gid, name) in [("3", None), ("1", Some("Name")), ("2", None), ("2", Some("Name"))] {
            links.note(tasks, gid, name, Some((layout.resources[tasks].table.0, 3))).unwrap();
        }
        links.note(layout.resource_index("projects").unwrap(), "9", None, None).unwrap();
        row(&layout, &mut links, "1", None, "0");
        links.finished(tasks);
        let (numbers, rows) = unresolved(&layout, &mut links);
        assert_eq!(numbers, BTreeMap::from([("tasks", 2)]), "projects are not exported, so nothing is missing");
        assert_eq!(rows, ["tasks|2|Name|tasks.parent_gid|2", "tasks|3|-|tasks.parent_gid|1"]);
    }

    fn unresolved(layout: &Layout, links: &mut Links) -> (BTreeMap<&'static str, u64>, Vec<String>) {
        let mut rows = Vec::new();
        let numbers = links.unresolved(layout, |cells| {
            let cells: Vec<String> = cells
                .iter()
                .map(|cell| match cell {
                    Cell::Count(count) => count.to_string(),
                    other => text(other).unwrap_or("-").to_owned(),
                })
                .collect();
            rows.push(cells.join("|"));
            Ok::<_, ExportError>(())
        });
        (numbers.unwrap(), rows)
    }

    #[test]
    fn what_is_missing_comes_by_the_names_of_resources_and_then_by_gid() {
        let layout = Layout::new();
        let wanted = layout.resources.iter().map(|plan| plan.resource.name).collect();
        let mut links = Links::new(&layout, &wanted, &std::env::temp_dir(), 1 << 20);
        for (index, plan) in layout.resources.iter().enumerate() {
            for gid in ["9", "10"] {
                links.note(index, gid, None, None).unwrap();
            }
            assert!(links.knows(index), "{}", plan.resource.name);
        }
        let (numbers, rows) = unresolved(&layout, &mut links);
        assert!(rows.is_sorted() && rows.len() == 2 * layout.resources.len(), "{rows:?}");
        assert!(numbers.len() == layout.resources.len() && numbers.values().all(|number| *number == 2));
        assert!(rows.iter().any(|row| row == "stories|10|-|task search|1"));
    }
}
