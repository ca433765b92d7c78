//! The archive's records on their way to tables: into a sorter for each resource, and from there to rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use asana_archive::{File, Page};
use asana_export::Error as ExportError;
use asana_export::{Sorter, TableSet};
use asana_model::catalog::{Gives, Key};
use asana_model::raw::{self, Object};
use asana_model::{Cell, Layout, RowSink, TableId, catalog};
use asana_transform::{Mention, Oddity, Output, Record, Standing, flatten};

use super::SORT_MEMORY;
use super::files::Notes;
use super::links::{Difference, Links, Subtasks};
use super::since::LeftOut;
use super::wide::Wide;
use crate::exit::CliError;

/// The records on their way to tables: a sorter for each resource, and the tables being written.
pub(super) struct Records<'a> {
    layout: &'a Layout,
    temp: std::path::PathBuf,
    sorters: Vec<Option<Sorter>>,
    /// For each resource whose records stand for files, what became of those.
    notes: Vec<Option<Notes>>,
    pub(super) oddities: Sorter,
    /// The tables of the resource at hand, if they are wanted.
    pub(super) tables: Option<TableSet>,
    /// Looks at the rows that are written, where wide tables are wanted.
    pub(super) wide: Option<Wide<'a>>,
    pub(super) unknown_fields: BTreeMap<String, u64>,
    /// For each resource, the records that came inside others.
    pub(super) nested: Vec<u64>,
    /// Which rows there are, and what refers to rows that are not there.
    pub(super) links: Links,
    /// Records that are not written.
    pub(super) left_out: Option<LeftOut>,
    /// The record at hand is one of them: what it refers to counts as read, and so does the record itself.
    pub(super) skips: bool,
    /// Where the newest reading of each listing began whose records are keyed by their places in it.
    newest: HashMap<(usize, String), u64>,
    /// References met, by a hash of resource, gid and name.
    references: HashSet<u64>,
    hasher: RandomState,
    /// The place of the page at hand in the archive: of two versions of a record, the later is the newer.
    sequence: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(layout: &'a Layout, temp: &Path, links: Links) -> Self {
        Self {
            layout,
            temp: temp.to_owned(),
            notes: layout
                .resources
                .iter()
                .map(|plan| plan.file.is_some().then(|| Notes::new(plan.resource.name, temp)))
                .collect(),
            sorters: layout.resources.iter().map(|_| Some(Sorter::new(temp, SORT_MEMORY))).collect(),
            oddities: Sorter::new(temp, SORT_MEMORY),
            tables: None,
            wide: None,
            unknown_fields: BTreeMap::new(),
            nested: vec![0; layout.resources.len()],
            links,
            left_out: None,
            skips: false,
            newest: HashMap::new(),
            references: HashSet::new(),
            hasher: RandomState::new(),
            sequence: 0,
        }
    }

    pub(super) fn take_sorter(&mut self, index: usize) -> Sorter {
        let sorter = self.sorters.get_mut(index).and_then(Option::take);
        sorter.unwrap_or_else(|| Sorter::new(&self.temp, SORT_MEMORY))
    }

    pub(super) fn take_notes(&mut self, index: usize) -> Option<Notes> {
        self.notes.get_mut(index).and_then(Option::take)
    }

    /// Takes note of what became of a file.
    pub(super) fn file(&mut self, file: &File<'_>, sequence: u64) -> Result<(), ExportError> {
        self.notes.iter_mut().flatten().try_for_each(|notes| notes.take(file, sequence))
    }

    /// A file that was taken although Asana does not say how large it is was compared with nothing.
    pub(super) fn compare_file(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        let files = self.layout.resources.get(record.resource).and_then(|plan| plan.resource.files());
        let Some(files) = files.filter(|_| record.file.is_some()) else { return Ok(()) };
        let size = Object::parse(&record.json).and_then(|object| object.get(files.size));
        if size.is_some_and(|size| size.parse::<u64>().is_ok()) {
            return Ok(());
        }
        let what = "it has no size, so the downloaded file was compared with nothing".into();
        self.oddity(&Oddity { resource: record.resource, gid: &record.gid, field: files.size, what })
    }

    /// Sorts in the records of a page; gives their number.
    pub(super) fn page(&mut self, page: &Page<'_>, sequence: u64) -> Result<u64, CliError> {
        let Some((resource, listing)) = catalog::listing(&page.listing) else { return Ok(0) };
        let Some(index) = self.layout.resource_index(resource.name) else { return Ok(0) };
        let standing = match listing.gives {
            Gives::Records => Standing::Listed,
            Gives::Compact => Standing::Compact,
            Gives::Gids(_) => return Ok(0),
        };
        self.sequence = sequence;
        if let (Key::ParentPosition(_), 0, Some(parent)) = (resource.key, page.page, &page.parent) {
            self.newest.insert((index, parent.to_string()), sequence);
        }
        let kind = listing.per.parent().and_then(catalog::resource).map(|parent| parent.singular);
        let container = kind.zip(page.parent.as_deref()).map(|(kind, gid)| (kind.into(), gid.into()));
        let body = page.body.as_str();
        let data = Object::parse(body).and_then(|envelope| envelope.get("data")).unwrap_or("[]");
        let elements = match raw::elements(data) {
            Some(elements) => elements.into_iter().map(serde_json::value::RawValue::get).collect(),
            None => vec![data],
        };
        let count = elements.len() as u64;
        for (position, json) in (page.first..).zip(elements) {
            let Some(gid) = Object::parse(json).and_then(|record| record.gid()) else {
                let what = format!("a record without a gid: {}", json.chars().take(200).collect::<String>());
                self.oddity(&Oddity { resource: index, gid: "", field: "gid", what: what.into() })?;
                continue;
            };
            let container = container.clone();
            self.sort_in(&Record {
                resource: index,
                gid,
                standing,
                container,
                position,
                json: json.into(),
                file: None,
            })?;
        }
        Ok(count)
    }

    fn sort_in(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        if self.layout.is_union(record.resource) && record.standing != Standing::Reference {
            // Resources that anything may refer to are written last, when it is too late for what they refer to
            // themselves.
            let mut references = References(self);
            flatten(references.0.layout, record, &mut references)?;
        }
        // Of two mere references the one with a name wins, then any, but always the same one: which came later differs
        // from run to run.
        let (sequence, payload) = match record.standing {
            Standing::Reference => {
                let named = Object::parse(&record.json).is_some_and(|object| object.text("name").is_some());
                (u64::from(named), pack(&Record { container: None, ..record.clone() }))
            }
            _ => (self.sequence, pack(record)),
        };
        let key = self.key(record);
        match self.sorters.get_mut(record.resource).and_then(Option::as_mut) {
            Some(sorter) => sorter.push(&key, record.standing as u8, sequence, &payload),
            None => Ok(()),
        }
    }

    /// Takes note of an oddity of a table, whichever it is.
    pub(super) fn odd(&mut self, table: &str, gid: &str, field: &str, what: &str) -> Result<(), ExportError> {
        let parts = [table, gid, field, what].map(|text| text.replace('\0', "\u{fffd}")).join("\0");
        self.oddities.push(parts.as_bytes(), 0, 0, parts.as_bytes())
    }

    /// Compares numbers of subtasks with subtasks; each difference is an oddity.
    pub(super) fn count_subtasks(&mut self) -> Result<Subtasks, ExportError> {
        let (subtasks, differences) = self.links.counted();
        for Difference { resource, gid, said, read } in differences {
            let counted = self.layout.resources.get(resource).and_then(|plan| plan.resource.counted);
            let field = counted.map_or("", |counted| counted.field);
            let what = format!("it says {said}, and {read} were read").into();
            self.oddity(&Oddity { resource, gid: &gid, field, what })?;
        }
        Ok(subtasks)
    }

    /// Of a record that is left out, nothing is written and nothing told.
    pub(super) fn skip_if_left_out(&mut self, record: &Record<'_>) {
        self.skips = self.left_out.as_ref().is_some_and(|left_out| left_out.has(record.resource, &record.gid));
    }

    fn is_edge(&self, resource: usize) -> bool {
        self.layout.resources.get(resource).is_some_and(|plan| plan.resource.key != Key::Gid)
    }

    /// What the records of a resource are sorted by.
    fn key<'r>(&self, record: &'r Record<'_>) -> Cow<'r, [u8]> {
        match &record.container {
            Some((_, parent)) if self.is_edge(record.resource) => {
                Cow::Owned([parent.as_bytes(), &[0], &record.position.to_be_bytes()].concat())
            }
            _ => Cow::Borrowed(record.gid.as_bytes()),
        }
    }

    /// A record as it comes out of its sorter; `None` for a place in a listing that was read again since and is
    /// shorter now.
    pub(super) fn unpacked<'e>(&self, resource: usize, entry: &asana_export::Entry<'e>) -> Option<Record<'e>> {
        let record = unpack(resource, entry.key, entry.rank, entry.payload)?;
        if !self.is_edge(resource) {
            return Some(record);
        }
        let parent = record.container.as_ref().map(|(_, parent)| parent.to_string()).unwrap_or_default();
        let newest = self.newest.get(&(resource, parent)).copied().unwrap_or_default();
        let gid = Object::parse(&record.json).and_then(|object| Some(object.gid()?.into_owned()))?;
        (entry.sequence >= newest).then(|| Record { gid: gid.into(), ..record })
    }
}

impl RowSink for Records<'_> {
    type Error = ExportError;

    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some(tables) = &mut self.tables else { return Ok(()) };
        self.links.row(table, cells);
        if self.skips {
            return Ok(());
        }
        tables.row(table, cells)?;
        self.wide.as_mut().map_or(Ok(()), |wide| wide.row(table, cells))
    }
}

impl Output for Records<'_> {
    fn wants_reference(&mut self, resource: usize, gid: &str, says: Option<&str>) -> bool {
        // Written already: what its records refer to was collected when they were sorted in.
        let open = self.sorters.get(resource).is_some_and(Option::is_some);
        open && self.references.insert(self.hasher.hash_one((resource, gid, says)))
    }

    fn mention(&mut self, mention: &Mention<'_>) {
        if self.tables.is_some() && !self.skips {
            self.links.mention(mention);
        }
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        if record.standing == Standing::Nested
            && let Some(count) = self.nested.get_mut(record.resource)
        {
            *count += 1;
        }
        self.sort_in(record)
    }

    fn oddity(&mut self, oddity: &Oddity<'_>) -> Result<(), ExportError> {
        if self.left_out.as_ref().is_some_and(|left_out| left_out.has(oddity.resource, oddity.gid)) {
            return Ok(());
        }
        let resource = self.layout.resources.get(oddity.resource).map_or("", |layout| layout.resource.name);
        self.odd(resource, oddity.gid, oddity.field, &oddity.what)
    }

    fn unknown_field(&mut self, resource: usize, path: &str) {
        let name = self.layout.resources.get(resource).map_or("", |layout| layout.resource.name);
        *self.unknown_fields.entry(format!("{name}.{path}")).or_default() += 1;
    }
}

/// Takes from a record only what it refers to.
struct References<'r, 'a>(&'r mut Records<'a>);

impl RowSink for References<'_, '_> {
    type Error = ExportError;

    fn row(&mut self, _: TableId, _: &[Cell<'_>]) -> Result<(), ExportError> {
        Ok(())
    }
}

impl Output for References<'_, '_> {
    fn wants_reference(&mut self, resource: usize, gid: &str, says: Option<&str>) -> bool {
        self.0.wants_reference(resource, gid, says)
    }

    /// It counts when the row is written.
    fn mention(&mut self, _: &Mention<'_>) {}

    fn record(&mut self, record: &Record<'_>) -> Result<(), ExportError> {
        self.0.record(record)
    }

    fn oddity(&mut self, _: &Oddity<'_>) -> Result<(), ExportError> {
        Ok(())
    }

    fn unknown_field(&mut self, _: usize, _: &str) {}
}

/// A record as one piece of bytes: its container's kind and gid with their lengths, its position, its JSON. The gid
/// and the standing are in the sorter's key.
fn pack(record: &Record<'_>) -> Vec<u8> {
    let (kind, gid) = match &record.container {
        Some((kind, gid)) => (kind.as_ref(), gid.as_ref()),
        None => ("", ""),
    };
    let mut bytes = Vec::with_capacity(record.json.len() + kind.len() + gid.len() + 24);
    for text in [kind, gid] {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend_from_slice(&record.position.to_be_bytes());
    bytes.extend_from_slice(record.json.as_bytes());
    bytes
}

fn unpack<'p>(resource: usize, key: &'p [u8], rank: u8, payload: &'p [u8]) -> Option<Record<'p>> {
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
        let record = Record {
            resource: 3,
            gid: "12".into(),
            standing: Standing::Nested,
            container: Some(("project".into(), "9\u{0}0".into())),
            position: 70_000,
            json: "{\"gid\":\"12\",\"name\":\"\u{0}é\"}".into(),
            file: None,
        };
        let packed = pack(&record);
        let unpacked = unpack(3, b"12", 1, &packed).unwrap();
        assert_eq!(format!("{unpacked:?}"), format!("{record:?}"));
        let bare = Record { container: None, position: 0, json: "{}".into(), ..record };
        assert_eq!(format!("{:?}", unpack(3, b"12", 1, &pack(&bare)).unwrap()), format!("{bare:?}"));
    }
}
