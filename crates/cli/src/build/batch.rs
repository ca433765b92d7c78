//! What comes out of records on one thread, on its way to the thread that keeps the books.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;

use asana_model::catalog::Key;
use asana_model::raw::Object;
use asana_model::{Cell, Layout, RowSink, TableId};
use asana_transform::{Mention, Oddity, Output, Record, Standing, flatten};

use super::links::{Rows, has_row};
use super::repeats::{Fingerprint, may_repeat};

/// Rows, mentions, further records and what was odd: each kind in order, their texts behind one another.
#[derive(Debug, Default)]
pub(super) struct Batch {
    text: String,
    cells: Vec<PackedCell>,
    /// The table of each row, where its cells end, and whether it is of a record that is left out.
    rows: Vec<(TableId, usize, bool)>,
    mentions: Vec<PackedMention>,
    bytes: Vec<u8>,
    records: Vec<PackedRecord>,
    oddities: Vec<(usize, [String; 3])>,
    unknown: BTreeMap<(usize, String), u64>,
    /// For each resource, records that came inside others.
    nested: BTreeMap<usize, u64>,
}

/// A piece of [`Batch::text`].
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Debug, Clone, Copy)]
enum PackedCell {
    Null,
    Text(Span),
    Digits(Span),
    Count(u64),
    Boolean(bool),
}

#[derive(Debug)]
struct PackedMention {
    resource: usize,
    gid: Span,
    name: Option<Span>,
    table: TableId,
    column: usize,
}

/// A record as its sorter takes it: key and payload are the next bytes of [`Batch::bytes`].
#[derive(Debug)]
struct PackedRecord {
    resource: usize,
    rank: u8,
    age: Age,
    /// For a mere reference, a hash of all that matters of it.
    reference: Option<u64>,
    /// For what may come several times.
    fingerprint: Option<Fingerprint>,
    key_end: usize,
    end: usize,
}

/// Which of two records of one standing is the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// That of a page: so many pages into the batch.
    Page(u64),
    /// It does not depend on when it came.
    Fixed(u64),
}

/// A record for a sorter, lent by a batch.
#[derive(Debug)]
pub(super) struct ForSorter<'b> {
    pub(super) resource: usize,
    pub(super) rank: u8,
    pub(super) age: Age,
    pub(super) reference: Option<u64>,
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) key: &'b [u8],
    pub(super) payload: &'b [u8],
}

/// Takes what comes out of a batch, kind by kind.
pub(super) trait Books {
    type Error;

    fn record(&mut self, record: &ForSorter<'_>) -> Result<(), Self::Error>;
    fn mention(&mut self, mention: &Mention<'_>) -> Result<(), Self::Error>;
    /// A row that is left out is known to be there, and is not written.
    fn row(&mut self, table: TableId, cells: &[Cell<'_>], is_left_out: bool) -> Result<(), Self::Error>;
    fn oddity(&mut self, resource: usize, said: &[String; 3]) -> Result<(), Self::Error>;
    fn unknown_field(&mut self, resource: usize, path: &str, times: u64);
    fn nested(&mut self, resource: usize, times: u64);
}

impl Batch {
    /// Makes it as good as new, but for memory that it has already. What a giant needed is given back.
    pub(super) fn clear(&mut self) {
        const KEPT_BYTES: usize = 4 << 20;
        if self.text.capacity() + self.bytes.capacity() + self.cells.capacity() * size_of::<PackedCell>() > KEPT_BYTES {
            *self = Self::default();
            return;
        }
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.mentions.clear();
        self.bytes.clear();
        self.records.clear();
        self.oddities.clear();
        self.unknown.clear();
        self.nested.clear();
    }

    /// Hands on everything.
    pub(super) fn tell<B: Books>(&self, books: &mut B) -> Result<(), B::Error> {
        let mut start = 0;
        for record in &self.records {
            books.record(&ForSorter {
                resource: record.resource,
                rank: record.rank,
                age: record.age,
                reference: record.reference,
                fingerprint: record.fingerprint,
                key: self.bytes.get(start..record.key_end).unwrap_or_default(),
                payload: self.bytes.get(record.key_end..record.end).unwrap_or_default(),
            })?;
            start = record.end;
        }
        for PackedMention { resource, gid, name, table, column } in &self.mentions {
            let (gid, name) = (self.text_of(*gid), name.map(|name| self.text_of(name)));
            books.mention(&Mention { resource: *resource, gid, name, table: *table, column: *column })?;
        }
        let mut row = Vec::new();
        let mut start = 0;
        for (table, end, is_left_out) in &self.rows {
            row.clear();
            row.extend(self.cells.get(start..*end).unwrap_or_default().iter().map(|cell| self.cell(*cell)));
            books.row(*table, &row, *is_left_out)?;
            start = *end;
        }
        self.oddities.iter().try_for_each(|(resource, said)| books.oddity(*resource, said))?;
        self.unknown.iter().for_each(|((resource, path), times)| books.unknown_field(*resource, path, *times));
        self.nested.iter().for_each(|(resource, times)| books.nested(*resource, *times));
        Ok(())
    }

    fn push(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span { start, end: self.text.len() }
    }

    fn text_of(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn cell(&self, cell: PackedCell) -> Cell<'_> {
        match cell {
            PackedCell::Null => Cell::Null,
            PackedCell::Text(span) => Cell::Text(self.text_of(span).into()),
            PackedCell::Digits(span) => Cell::Digits(self.text_of(span).into()),
            PackedCell::Count(count) => Cell::Count(count),
            PackedCell::Boolean(value) => Cell::Boolean(value),
        }
    }
}

/// Fills a batch with what comes out of records.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else about what is wanted")]
pub(super) struct Collector<'c> {
    pub(super) layout: &'c Layout,
    /// For each resource, whether records of it can still be sorted in.
    pub(super) open: &'c [bool],
    /// For hashes; the same for all threads.
    pub(super) seed: u64,
    /// The rows are wanted, and what they mention.
    pub(super) wanted: bool,
    /// What formats with types cannot hold is an oddity.
    pub(super) has_types: bool,
    /// What has a row already need not be mentioned.
    pub(super) rows: Rows,
    pub(super) batch: Batch,
    /// The page at hand, from the batch's first on.
    pub(super) page: u64,
    /// The record at hand is left out: what it refers to counts as read, and so does the record itself.
    pub(super) is_left_out: bool,
    /// Only what a record refers to is taken from it.
    only_references: bool,
    /// References met in this batch.
    met: HashSet<u64>,
    /// The one met last.
    reference: u64,
}

impl<'c> Collector<'c> {
    pub(super) fn new(layout: &'c Layout, open: &'c [bool], seed: u64, wanted: bool) -> Self {
        Self {
            layout,
            open,
            seed,
            wanted,
            has_types: false,
            rows: Rows::new(),
            batch: Batch::default(),
            page: 0,
            is_left_out: false,
            only_references: false,
            met: HashSet::new(),
            reference: 0,
        }
    }

    /// Begins another batch, in memory that was used before.
    pub(super) fn begin(&mut self, mut batch: Batch) {
        batch.clear();
        self.batch = batch;
        self.page = 0;
        self.met.clear();
    }

    pub(super) fn take(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }

    pub(super) fn sort_in(&mut self, record: &Record<'_>) {
        let is_reference = record.standing == Standing::Reference;
        if !is_reference && self.layout.is_union(record.resource) {
            // Resources that anything may refer to are written last, when it is too late for what they refer to
            // themselves.
            let outer = std::mem::replace(&mut self.only_references, true);
            let Ok(()) = flatten(self.layout, record, self);
            self.only_references = outer;
        }
        if !self.open.get(record.resource).is_some_and(|open| *open) {
            return;
        }
        let bytes = &mut self.batch.bytes;
        let start = bytes.len();
        push_key(self.layout, record, bytes);
        let key_end = bytes.len();
        pack(self.layout, record, bytes);
        // Of two mere references the one with a name wins, then any, but always the same one: which came later differs
        // from run to run.
        let age = if is_reference {
            Age::Fixed(u64::from(Object::of_valid(&record.json).is_some_and(|object| object.text("name").is_some())))
        } else {
            Age::Page(self.page)
        };
        let (resource, rank, reference) = (record.resource, record.standing as u8, self.reference);
        let reference = is_reference.then_some(reference);
        let fingerprint = may_repeat(self.layout, record).then(|| {
            let (key, payload) =
                bytes.get(start..).and_then(|bytes| bytes.split_at_checked(key_end - start)).unwrap_or_default();
            Fingerprint::of(self.seed, resource, rank, key, payload)
        });
        let end = bytes.len();
        self.batch.records.push(PackedRecord { resource, rank, age, reference, fingerprint, key_end, end });
    }
}

impl RowSink for Collector<'_> {
    type Error = Infallible;

    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), Infallible> {
        if self.wanted && !self.only_references {
            let batch = &mut self.batch;
            for cell in cells {
                let packed = match cell {
                    Cell::Null => PackedCell::Null,
                    Cell::Text(text) => PackedCell::Text(batch.push(text)),
                    Cell::Digits(digits) => PackedCell::Digits(batch.push(digits)),
                    Cell::Count(count) => PackedCell::Count(*count),
                    Cell::Boolean(value) => PackedCell::Boolean(*value),
                };
                batch.cells.push(packed);
            }
            batch.rows.push((table, batch.cells.len(), self.is_left_out));
        }
        Ok(())
    }
}

impl Output for Collector<'_> {
    fn wants_reference(&mut self, resource: usize, gid: &str, says: Option<&str>) -> bool {
        // Written already: what its records refer to was collected when they were sorted in.
        if !self.open.get(resource).is_some_and(|open| *open) {
            return false;
        }
        let says = says.map(str::as_bytes);
        let one =
            Fingerprint::of(self.seed, resource, u8::from(says.is_some()), gid.as_bytes(), says.unwrap_or_default());
        self.reference = one.in_one_word();
        self.met.insert(self.reference)
    }

    fn mention(&mut self, mention: &Mention<'_>) {
        if self.wanted
            && !self.only_references
            && !self.is_left_out
            && !has_row(&self.rows, mention.resource, mention.gid)
        {
            let (gid, name) = (self.batch.push(mention.gid), mention.name.map(|name| self.batch.push(name)));
            let Mention { resource, table, column, .. } = *mention;
            self.batch.mentions.push(PackedMention { resource, gid, name, table, column });
        }
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), Infallible> {
        if record.standing == Standing::Nested {
            *self.batch.nested.entry(record.resource).or_default() += 1;
        }
        self.sort_in(record);
        Ok(())
    }

    fn oddity(&mut self, oddity: &Oddity<'_>) -> Result<(), Infallible> {
        if !self.only_references {
            let said = [oddity.gid.to_owned(), oddity.field.to_owned(), oddity.what.to_string()];
            self.batch.oddities.push((oddity.resource, said));
        }
        Ok(())
    }

    fn unfit(&mut self, oddity: &Oddity<'_>) -> Result<(), Infallible> {
        if self.has_types && self.wanted { self.oddity(oddity) } else { Ok(()) }
    }

    fn unknown_field(&mut self, resource: usize, path: &str) {
        if !self.only_references {
            *self.batch.unknown.entry((resource, path.to_owned())).or_default() += 1;
        }
    }
}

/// Whether the records of a resource are places in a listing.
pub(super) fn is_edge(layout: &Layout, resource: usize) -> bool {
    layout.resources.get(resource).is_some_and(|plan| plan.resource.key != Key::Gid)
}

/// What the records of a resource are sorted by.
fn push_key(layout: &Layout, record: &Record<'_>, into: &mut Vec<u8>) {
    match &record.container {
        Some((_, parent)) if is_edge(layout, record.resource) => {
            into.extend_from_slice(parent.as_bytes());
            into.push(0);
            into.extend_from_slice(&record.position.to_be_bytes());
        }
        _ => into.extend_from_slice(record.gid.as_bytes()),
    }
}

/// A record as one piece of bytes: its container's kind and gid with their lengths, its position, its JSON. The gid
/// and the standing are in the sorter's key. What a mere reference was found in is of no interest, nor is where a record was
/// found of which no row says so: then it is packed in the same way wherever it comes from.
fn pack(layout: &Layout, record: &Record<'_>, into: &mut Vec<u8>) {
    let tells_place = layout.resources.get(record.resource).is_some_and(|plan| plan.tells_place);
    let (kind, gid) = match &record.container {
        Some((kind, gid)) if tells_place && record.standing != Standing::Reference => (kind.as_ref(), gid.as_ref()),
        _ => ("", ""),
    };
    let position = if tells_place { record.position } else { 0 };
    for text in [kind, gid] {
        into.extend_from_slice(&(text.len() as u64).to_be_bytes());
        into.extend_from_slice(text.as_bytes());
    }
    into.extend_from_slice(&position.to_be_bytes());
    into.extend_from_slice(record.json.as_bytes());
}

/// A record out of its sorter.
pub(super) fn unpack<'p>(resource: usize, key: &'p [u8], rank: u8, payload: &'p [u8]) -> Option<Record<'p>> {
    fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
        bytes.split_first_chunk().map(|(first, rest)| (u64::from_be_bytes(*first), rest))
    }
    fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
        let (length, rest) = number(bytes)?;
        let (text, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        Some((std::str::from_utf8(text).ok()?, rest))
    }
    let (kind, rest) = text(payload)?;
    let (gid, rest) = text(rest)?;
    let (position, json) = number(rest)?;
    Some(Record {
        resource,
        gid: std::str::from_utf8(key).unwrap_or_default().into(),
        standing: Standing::from_rank(rank),
        container: (!kind.is_empty()).then(|| (kind.into(), gid.into())),
        position,
        json: std::str::from_utf8(json).ok()?.into(),
        file: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_packing() {
        let layout = Layout::new();
        let (with_place, without) =
            (layout.resource_index("sections").unwrap(), layout.resource_index("tasks").unwrap());
        let record = Record {
            resource: with_place,
            gid: "12".into(),
            standing: Standing::Nested,
            container: Some(("project".into(), "9\u{0}0".into())),
            position: 70_000,
            json: "{\"gid\":\"12\",\"name\":\"\u{0}é\"}".into(),
            file: None,
        };
        let check = |packed: &Record<'_>, expected: &Record<'_>| {
            let mut bytes = Vec::new();
            pack(&layout, packed, &mut bytes);
            let unpacked = unpack(packed.resource, b"12", packed.standing as u8, &bytes).unwrap();
            assert_eq!(format!("{unpacked:?}"), format!("{expected:?}"));
        };
        check(&record, &record);
        let bare = Record { container: None, position: 0, json: "{}".into(), ..record.clone() };
        check(&bare, &bare);
        let reference = Record { standing: Standing::Reference, ..record.clone() };
        check(&reference, &Record { container: None, ..reference.clone() });
        let task = Record { resource: without, ..record };
        check(&task, &Record { container: None, position: 0, ..task.clone() });
    }
}
