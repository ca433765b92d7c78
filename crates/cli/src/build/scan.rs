//! The first half of a build: the archive's records, sorted in. Its frames are unpacked and split on all cores; books are
//! kept by one thread, in the order of the archive.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::path::Path;

use asana_archive::{Body, Entry, Error as ArchiveError, File, Frame, Packed, PackedFrames, Page, Unpacker};
use asana_model::Layout;
use asana_model::catalog::{self, Gives};
use asana_model::raw::{self, Object};
use asana_transform::{Oddity, Output, Record, Standing};

use super::batch::{Batch, Collector};
use super::pipeline::{Pool, in_order};
use super::search;
use crate::exit::CliError;

/// Compressed bytes for one thread at a time, unless one frame has more. Frames of a few pages each would keep threads
/// busy with waking one another.
const BYTES: usize = 48 << 10;

/// What came out of some frames.
#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) entries: Vec<Scan>,
    pub(super) batch: Batch,
    /// What is wrong with a frame, behind what came out of it. Those that follow were not looked at.
    error: Option<ArchiveError>,
}

/// An entry of the archive as far as the books need it.
#[derive(Debug)]
pub(super) enum Scan {
    Page(Head),
    File(File<'static>),
}

/// A page whose records were split off.
#[derive(Debug)]
pub(super) struct Head {
    /// Its body is there only if it is needed: for a refusal, or what a search found.
    pub(super) page: Page<'static>,
    pub(super) records: u64,
    /// Of which resource the records are, if they are sorted in.
    pub(super) of: Option<usize>,
}

/// Reads the archive; `take` gets what is in it, some frames at a time, in order.
///
/// # Errors
/// Those of reading the archive by one thread, after all that comes before them.
pub(super) fn scan(
    archive: &Path,
    threads: NonZeroUsize,
    layout: &Layout,
    seed: u64,
    mut take: impl FnMut(&Scanned) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut frames = PackedFrames::open(archive)?;
    let open = vec![true; layout.resources.len()];
    let batches = Pool::default();
    let worker = || {
        let (batches, mut unpacker) = (&batches, Unpacker::new());
        let mut collector = Collector::new(layout, &open, seed, false);
        move |frames: Vec<Packed>| {
            collector.begin(batches.take());
            let mut entries = Vec::new();
            let mut read = |packed| split(unpacker.unpack(packed)?, &mut collector, &mut entries);
            let error = frames.iter().try_for_each(&mut read).err();
            Scanned { entries, batch: collector.take(), error }
        }
    };
    in_order(
        threads,
        || some_frames(&mut frames),
        worker,
        |mut scanned| {
            take(&scanned)?;
            batches.give(std::mem::take(&mut scanned.batch));
            scanned.error.take().map_or(Ok(()), |error| Err(error.into()))
        },
    )
}

/// The next frames; `None` when there are no more.
fn some_frames(frames: &mut PackedFrames) -> Result<Option<Vec<Packed>>, CliError> {
    let (mut some, mut bytes) = (Vec::new(), 0);
    while bytes < BYTES {
        match frames.next_packed() {
            Ok(Some(packed)) => {
                bytes += packed.len();
                some.push(packed);
            }
            Ok(None) => break,
            // It comes again, when those before it were taken.
            Err(_) if !some.is_empty() => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok((!some.is_empty()).then_some(some))
}

/// Splits the pages of a frame into records, up to what is no entry.
fn split(frame: &Frame, collector: &mut Collector<'_>, entries: &mut Vec<Scan>) -> Result<(), ArchiveError> {
    for entry in frame.entries() {
        match entry? {
            Entry::Page(page) => entries.push(Scan::Page(split_page(&page, collector))),
            Entry::File(file) => entries.push(Scan::File(owned_file(&file))),
            Entry::Run(_) | Entry::End(_) => {}
        }
    }
    Ok(())
}

fn split_page(page: &Page<'_>, collector: &mut Collector<'_>) -> Head {
    collector.page += 1;
    let read = (200..300).contains(&page.status);
    let sorted = if read { split_records(page, collector) } else { None };
    let body = if !read || search::is_of_interest(page) { page.body.as_str() } else { "" };
    Head {
        page: Page {
            listing: catalog::listing(&page.listing)
                .map_or_else(|| Cow::Owned(page.listing.to_string()), |(_, listing)| Cow::Borrowed(listing.name)),
            parent: owned(page.parent.as_deref()),
            variant: owned(page.variant.as_deref()),
            page: page.page,
            first: page.first,
            last: page.last,
            path: Cow::Borrowed(""),
            at: Cow::Borrowed(""),
            status: page.status,
            body: Body::Text(Cow::Owned(body.to_owned())),
        },
        records: sorted.map_or(0, |(_, records)| records),
        of: sorted.map(|(resource, _)| resource),
    }
}

/// Sorts in the records of a page; gives their resource and number.
fn split_records(page: &Page<'_>, collector: &mut Collector<'_>) -> Option<(usize, u64)> {
    let (resource, listing) = catalog::listing(&page.listing)?;
    let index = collector.layout.resource_index(resource.name)?;
    let standing = match listing.gives {
        Gives::Records => Standing::Listed,
        Gives::Compact => Standing::Compact,
        Gives::Gids(_) => return None,
    };
    let kind = listing.per.parent().and_then(catalog::resource).map(|parent| parent.singular);
    let container = kind.zip(page.parent.as_deref()).map(|(kind, gid)| (kind.into(), gid.into()));
    let body = page.body.as_str();
    let is_valid = match page.body {
        Body::Json(_) => true,
        Body::Text(_) => Object::parse(body).is_some(),
    };
    let elements = if is_valid { raw::records_of_valid(body) } else { None }.unwrap_or_default();
    let count = elements.len() as u64;
    for (position, (json, gid)) in (page.first..).zip(elements) {
        let Some(gid) = gid.and_then(raw::gid) else {
            let what = format!("a record without a gid: {}", json.chars().take(200).collect::<String>());
            let Ok(()) = collector.oddity(&Oddity { resource: index, gid: "", field: "gid", what: what.into() });
            continue;
        };
        let container = container.clone();
        let json = json.into();
        collector.sort_in(&Record { resource: index, gid, standing, container, position, json, file: None });
    }
    Some((index, count))
}

fn owned(text: Option<&str>) -> Option<Cow<'static, str>> {
    text.map(|text| Cow::Owned(text.to_owned()))
}

fn owned_file(file: &File<'_>) -> File<'static> {
    File {
        of: Cow::Owned(file.of.to_string()),
        gid: Cow::Owned(file.gid.to_string()),
        outcome: Cow::Owned(file.outcome.to_string()),
        path: owned(file.path.as_deref()),
        bytes: file.bytes,
        sha256: owned(file.sha256.as_deref()),
        at: Cow::Owned(file.at.to_string()),
        http_status: file.http_status,
        reason: owned(file.reason.as_deref()),
    }
}
