//! The second half of a build: the sorted records of one resource, flattened on all cores.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use asana_export::{Error as ExportError, Merge};
use asana_model::raw::Object;
use asana_model::{Layout, RowSink};
use asana_transform::{KeptFile, Oddity, Output as _, Record, flatten};

use super::batch::{Batch, Collector, is_edge, unpack};
use super::files::InStep;
use super::links::Rows;
use super::pipeline::{Pool, in_order};
use super::since::LeftOut;
use crate::exit::CliError;

/// Records at a time, for one thread, and bytes of them.
const RECORDS: usize = 2048;
const BYTES: usize = 256 << 10;

/// What stays as it is while rows are made.
#[derive(Debug)]
pub(super) struct Fixed<'a> {
    pub(super) layout: &'a Layout,
    /// A format with types is written: what that cannot hold is an oddity then.
    pub(super) has_types: bool,
    pub(super) threads: NonZeroUsize,
    /// For hashes; the same for all threads.
    pub(super) seed: u64,
    /// Where the newest reading of each listing began whose records are keyed by their places in it.
    pub(super) newest: HashMap<(usize, String), u64>,
    /// Records that are not written.
    pub(super) left_out: Option<Arc<LeftOut>>,
    pub(super) batches: Pool<Batch>,
    pub(super) winners: Pool<Winners>,
}

/// Sorted records on their way to a worker, behind one another.
#[derive(Debug, Default)]
pub(super) struct Winners {
    bytes: Vec<u8>,
    entries: Vec<Winner>,
    /// The copies of their files, if they stand for files.
    files: Vec<Option<KeptFile<'static>>>,
    /// No others follow.
    last: bool,
}

#[derive(Debug, Clone, Copy)]
struct Winner {
    key_end: usize,
    end: usize,
    rank: u8,
    sequence: u64,
}

/// Flattens the records of a resource; `take` gets what comes out, in their order. If its rows are wanted, those that are
/// there already need not be mentioned.
pub(super) fn flatten_all(
    fixed: &Fixed<'_>,
    resource: usize,
    open: &[bool],
    wanted: Option<&Rows>,
    merge: &mut Merge,
    mut files: Option<&mut InStep>,
    mut take: impl FnMut(&Batch) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let worker = || {
        let mut collector = Collector::new(fixed.layout, open, fixed.seed, wanted.is_some());
        collector.rows = wanted.cloned().unwrap_or_default();
        collector.has_types = fixed.has_types;
        move |mut winners: Winners| {
            collector.begin(fixed.batches.take());
            winners.flatten(fixed, resource, &mut collector);
            fixed.winners.give(winners);
            collector.take()
        }
    };
    let mut take = |batch: Batch| {
        take(&batch)?;
        fixed.batches.give(batch);
        Ok(())
    };
    let first = fixed.winners.take().fill(merge, files.as_deref_mut())?;
    if first.last {
        // Threads would take longer to start.
        return take(worker()(first));
    }
    let (mut first, mut ended) = (Some(first), false);
    let produce = || {
        if let Some(first) = first.take() {
            return Ok(Some(first));
        }
        if ended {
            return Ok(None);
        }
        let winners = fixed.winners.take().fill(merge, files.as_deref_mut())?;
        ended = winners.last;
        Ok(Some(winners))
    };
    in_order(fixed.threads, produce, worker, take)
}

impl Winners {
    fn fill(self, merge: &mut Merge, mut files: Option<&mut InStep>) -> Result<Self, ExportError> {
        let mut winners = self;
        winners.bytes.clear();
        winners.bytes.shrink_to(2 * BYTES);
        winners.entries.clear();
        winners.files.clear();
        winners.last = false;
        while winners.entries.len() < RECORDS && winners.bytes.len() < BYTES {
            let Some(entry) = merge.next_winner()? else {
                winners.last = true;
                break;
            };
            winners.bytes.extend_from_slice(entry.key);
            let key_end = winners.bytes.len();
            winners.bytes.extend_from_slice(entry.payload);
            let (rank, sequence) = (entry.rank, entry.sequence);
            winners.entries.push(Winner { key_end, end: winners.bytes.len(), rank, sequence });
            if let Some(files) = &mut files {
                // Of records that stand for files, the key is the gid.
                winners.files.push(files.file(std::str::from_utf8(entry.key).unwrap_or_default())?);
            }
        }
        Ok(winners)
    }

    fn flatten(&mut self, fixed: &Fixed<'_>, resource: usize, collector: &mut Collector<'_>) {
        let mut files = std::mem::take(&mut self.files).into_iter();
        let mut start = 0;
        for winner in &self.entries {
            let key = self.bytes.get(start..winner.key_end).unwrap_or_default();
            let payload = self.bytes.get(winner.key_end..winner.end).unwrap_or_default();
            start = winner.end;
            let file = files.next().flatten();
            let record = unpack(resource, key, winner.rank, payload);
            if let Some(mut record) = record.and_then(|record| fixed.in_place(record, winner.sequence)) {
                record.file = file;
                collector.is_left_out =
                    fixed.left_out.as_ref().is_some_and(|left_out| left_out.has(resource, &record.gid));
                let Ok(()) = compare_file(&record, collector);
                let Ok(()) = flatten(fixed.layout, &record, collector);
            }
        }
    }
}

impl Fixed<'_> {
    /// The record, or `None` for a place in a listing that was read again since and is shorter now.
    fn in_place<'r>(&self, record: Record<'r>, sequence: u64) -> Option<Record<'r>> {
        if !is_edge(self.layout, record.resource) {
            return Some(record);
        }
        let parent = record.container.as_ref().map(|(_, parent)| parent.to_string()).unwrap_or_default();
        let newest = self.newest.get(&(record.resource, parent)).copied().unwrap_or_default();
        let gid = Object::of_valid(&record.json).and_then(|object| Some(object.gid()?.into_owned()))?;
        (sequence >= newest).then(|| Record { gid: gid.into(), ..record })
    }
}

/// A file that was taken although Asana does not say how large it is was compared with nothing.
fn compare_file<'c>(
    record: &Record<'_>,
    collector: &mut Collector<'c>,
) -> Result<(), <Collector<'c> as RowSink>::Error> {
    let files = collector.layout.resources.get(record.resource).and_then(|plan| plan.resource.files());
    let Some(files) = files.filter(|_| record.file.is_some()) else { return Ok(()) };
    let size = Object::of_valid(&record.json).and_then(|object| object.get(files.size));
    if size.is_some_and(|size| size.parse::<u64>().is_ok()) {
        return Ok(());
    }
    let what = "it has no size, so the downloaded file was compared with nothing".into();
    collector.oddity(&Oddity { resource: record.resource, gid: &record.gid, field: files.size, what })
}
