//! Runs a fetch: takes units from the frontier, keeps as many requests in flight as allowed, and hands every page to the
//! archive.
//!
//! One task owns all state and is the only one that decides; what it starts does one page each and reports back. Pages of
//! one listing follow one another strictly, because each needs the offset of the one before; the quota stays busy with
//! other listings meanwhile.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use asana_archive::{Entry, Reader, Writer};
use asana_model::catalog::Ends;
use asana_model::raw::Object;
use asana_model::{Event, Gid};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::JoinHandle;

use crate::FetchError;
use crate::client::{Answer, Client, Failure, Traffic};
use crate::frontier::{Children, Frontier, Met, Selection, Unit};
use crate::journal::{Closed, Journal, ReceivedPage};
use crate::page;
use crate::request::Request;
use crate::retry::Patience;

/// An empty page with a next one is followed, but only so often in a row.
const EMPTY_PAGES: u32 = 3;
/// Times that a listing is begun anew because its offset expired.
const RESTARTS: u32 = 3;
/// Units in hand beyond the requests in flight, so that those waiting to retry leave no permit idle.
const SPARE_UNITS: usize = 10;
/// What was received is durable after this long.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// A fetch to be run.
#[derive(Debug)]
pub struct Crawl {
    pub client: Arc<Client>,
    pub selection: Selection,
    pub workspace: Gid,
    /// Listings in hand at once.
    pub concurrency: usize,
    /// What the client had done for other runs; the archive's statistics begin there.
    pub traffic_before: Traffic,
}

/// The first page of a listing that was read before the run began, so that it is not asked twice.
#[derive(Debug)]
pub struct Seed {
    pub(crate) listing: &'static str,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

/// A unit with its place in its listing.
#[derive(Debug)]
struct Position {
    unit: Unit,
    request: Request,
    page: u64,
    /// Records before this page.
    first: u64,
    empty_pages: u32,
    restarts: u32,
    /// Pages seen so far in this pass over the listing, by the hash of their records' gids.
    pages_seen: HashSet<u64>,
}

/// A page, taken apart as far as the run needs it.
#[derive(Debug)]
struct Looked {
    records: u64,
    next: Option<String>,
    /// A hash of the records' gids, for a page with a next one.
    fingerprint: u64,
    met: Vec<Met>,
}

type Done = (Position, Result<Answer<Looked>, Failure>);

impl Crawl {
    /// Fetches everything selected that is not yet in the archive.
    ///
    /// `replay` reads the pages of an earlier run that was interrupted; what they hold is not asked again.
    ///
    /// # Errors
    /// What stopped the run. Everything received before it is in the archive, which is sealed.
    pub async fn run(self, writer: Writer, replay: Option<Reader>, seeds: Vec<Seed>) -> Result<(), FetchError> {
        let frontier = Frontier::new(&self.selection, self.workspace.clone());
        let journal = Journal::start(writer)?;
        let slots = self.concurrency + SPARE_UNITS;
        let mut run = Running {
            client: self.client,
            frontier,
            journal,
            continuing: VecDeque::new(),
            in_flight: FuturesUnordered::new(),
            stopped: None,
        };
        for unit in run.frontier.roots(&self.selection) {
            run.queue(vec![unit]);
        }
        if let Some(reader) = replay {
            run.replay(reader)?;
        }
        let mut ended = run.go(seeds, slots).await;
        if ended.is_ok() && run.stopped.is_none() {
            ended = run.journal.end(run.client.traffic().since(self.traffic_before)).await;
        }
        run.finish(ended).await
    }
}

struct Running {
    client: Arc<Client>,
    frontier: Frontier,
    journal: Journal,
    /// Listings in the middle: their offsets age, so they go before anything new.
    continuing: VecDeque<Position>,
    in_flight: FuturesUnordered<JoinHandle<Done>>,
    /// Why no further request is begun.
    stopped: Option<FetchError>,
}

impl Running {
    async fn go(&mut self, seeds: Vec<Seed>, slots: usize) -> Result<(), Closed> {
        for seed in seeds {
            self.seed(seed).await?;
        }
        let cancel = self.client.cancel().clone();
        let mut sync = tokio::time::interval(SYNC_EVERY);
        sync.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            while self.stopped.is_none() && self.in_flight.len() < slots {
                let Some(position) = self.next_position() else { break };
                self.start(position);
            }
            tokio::select! {
                done = self.in_flight.next() => match done {
                    None => {
                        self.report_parked();
                        return Ok(());
                    }
                    Some(Ok((position, result))) => self.handle(position, result).await?,
                    Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
                },
                _ = sync.tick() => self.journal.sync().await?,
                () = cancel.cancelled(), if self.stopped.is_none() => self.stop(FetchError::Cancelled),
            }
        }
    }

    /// Listings that are not asked are finished, as far as progress is concerned.
    fn report_parked(&self) {
        for (plan, units) in self.frontier.parked() {
            let (stage, resource) = (plan.listing.stage, plan.resource.name);
            (0..units).for_each(|_| self.client.reporter().report(&Event::ListingFinished { stage, resource }));
        }
    }

    /// Seals the archive and gives the reason for the run's end, the first one if there are several.
    async fn finish(self, ended: Result<(), Closed>) -> Result<(), FetchError> {
        // If the archive's thread stopped, sealing says why; nothing more can be written.
        let sealed = self.journal.seal().await;
        match (self.stopped, ended) {
            (Some(stopped), Ok(())) if sealed.is_ok() => Err(stopped),
            _ => sealed,
        }
    }

    fn stop(&mut self, reason: FetchError) {
        if self.stopped.is_none() {
            self.client.reporter().report(&Event::Stopping { reason: reason.to_string() });
            self.stopped = Some(reason);
        }
    }

    fn next_position(&mut self) -> Option<Position> {
        if let Some(position) = self.continuing.pop_front() {
            return Some(position);
        }
        let unit = self.frontier.pop()?;
        let request = self.frontier.request(&unit)?;
        let pages_seen = HashSet::new();
        Some(Position { unit, request, page: 0, first: 0, empty_pages: 0, restarts: 0, pages_seen })
    }

    fn start(&mut self, mut position: Position) {
        let client = Arc::clone(&self.client);
        let children = self.frontier.plan(&position.unit).map(|plan| Arc::clone(&plan.children)).unwrap_or_default();
        self.in_flight.push(tokio::spawn(async move {
            let answer = client.get(&mut position.request, Patience::RUN, |body| look(body, &children)).await;
            (position, answer)
        }));
    }

    async fn handle(&mut self, position: Position, result: Result<Answer<Looked>, Failure>) -> Result<(), Closed> {
        match result {
            Ok(Answer { status, body, decoded: Some(looked) }) => self.page(position, status, body, looked).await,
            Ok(Answer { status, body, decoded: None }) => self.refusal(position, status, body).await,
            Err(Failure::GaveUp { status, reason }) => {
                self.gap(position, status.unwrap_or(0), reason.clone().into_bytes(), reason).await
            }
            Err(Failure::Fatal(error)) => {
                // Whatever waited when the run was stopped reports that it was; the first reason stands.
                self.stop(error);
                Ok(())
            }
        }
    }

    async fn page(&mut self, mut position: Position, status: u16, body: Vec<u8>, looked: Looked) -> Result<(), Closed> {
        let Some(plan) = self.frontier.plan(&position.unit) else { return Ok(()) };
        let (resource, stage) = (plan.resource.name, plan.listing.stage);
        let next = looked.next.clone().filter(|_| plan.listing.ends != Ends::SingleObject);
        let received = self.received(&position, next.is_none(), status, body);
        self.journal.page(received).await?;
        self.client.reporter().report(&Event::PageArchived { stage, resource, records: looked.records });
        self.frontier.reinstate(position.unit.listing);
        for met in &looked.met {
            let units = self.frontier.meet(position.unit.listing, met);
            self.queue(units);
        }
        let Some(offset) = next else {
            self.client.reporter().report(&Event::ListingFinished { stage, resource });
            return Ok(());
        };
        position.page += 1;
        position.first += looked.records;
        position.empty_pages = if looked.records == 0 { position.empty_pages + 1 } else { 0 };
        if position.empty_pages > EMPTY_PAGES {
            let reason = format!("gave up: {} empty pages in a row, each with a next one", position.empty_pages);
            return self.gap(position, 0, reason.clone().into_bytes(), reason).await;
        }
        let same_offset = position.request.offset.as_ref() == Some(&offset);
        let same_records = looked.records > 0 && !position.pages_seen.insert(looked.fingerprint);
        if same_offset || same_records {
            let reason = "gave up: a page came a second time, so the listing would not end".to_owned();
            return self.gap(position, 0, reason.clone().into_bytes(), reason).await;
        }
        position.request.offset = Some(offset);
        self.continuing.push_back(position);
        Ok(())
    }

    /// An answer that refuses this one request.
    async fn refusal(&mut self, mut position: Position, status: u16, body: Vec<u8>) -> Result<(), Closed> {
        let text = String::from_utf8_lossy(&body);
        let message = page::error_message(&text).filter(|message| !message.is_empty());
        let message = message.unwrap_or_else(|| "no reason given".to_owned());
        if status == 400 && is_expired_offset(&message) && position.restarts < RESTARTS {
            position.restarts += 1;
            (position.page, position.first, position.empty_pages) = (0, 0, 0);
            position.request.offset = None;
            position.pages_seen.clear();
            self.continuing.push_back(position);
            return Ok(());
        }
        if status == 400
            && let Some(field) = refused_field(&position.request.opt_fields, &message)
        {
            return self.go_on_without(position, &field, body).await;
        }
        if status == 402 || message.contains("No matching route") {
            self.frontier.refuse(position.unit.listing);
        }
        self.gap(position, status, body, message).await
    }

    /// Asks again without a field that Asana does not know. The refusal is kept: the archive says what is missing.
    async fn go_on_without(&mut self, mut position: Position, field: &str, body: Vec<u8>) -> Result<(), Closed> {
        self.journal.page(self.received(&position, false, 400, body)).await?;
        let listing = self.frontier.drop_field(position.unit.listing, field);
        let text = format!("{listing}: Asana does not know the field {field}; going on without it");
        self.client.reporter().report(&Event::Note { text });
        position.request.opt_fields.retain(|path| !is_within(path, field));
        self.continuing.push_back(position);
        Ok(())
    }

    /// Ends a listing that cannot be read, or not to its end: a fact for the archive, not a failure of the run.
    async fn gap(&mut self, position: Position, status: u16, body: Vec<u8>, reason: String) -> Result<(), Closed> {
        let Some(plan) = self.frontier.plan(&position.unit) else { return Ok(()) };
        let (resource, stage) = (plan.resource.name, plan.listing.stage);
        let received = self.received(&position, true, status, body);
        let parent_gid = received.parent.clone();
        self.journal.page(received).await?;
        let http_status = Some(status).filter(|status| *status != 0);
        self.client.reporter().report(&Event::GapFound { resource, parent_gid, http_status, reason });
        self.client.reporter().report(&Event::ListingFinished { stage, resource });
        Ok(())
    }

    fn received(&self, position: &Position, last: bool, status: u16, body: Vec<u8>) -> ReceivedPage {
        ReceivedPage {
            listing: self.frontier.plan(&position.unit).map_or("", |plan| plan.listing.name),
            parent: position.unit.parent.as_ref().map(ToString::to_string),
            page: position.page,
            first: position.first,
            last,
            path: position.request.path(),
            status,
            body,
        }
    }

    fn queue(&mut self, units: Vec<Unit>) {
        for unit in units {
            let Some(plan) = self.frontier.plan(&unit) else { continue };
            let (stage, resource) = (plan.listing.stage, plan.resource.name);
            self.frontier.push(unit);
            self.client.reporter().report(&Event::ListingsQueued { stage, resource, count: 1 });
        }
    }

    /// Treats a page that was read before as if it had just arrived, in place of its listing's request.
    async fn seed(&mut self, seed: Seed) -> Result<(), Closed> {
        let Some(listing) = self.frontier.plans.iter().position(|plan| plan.listing.name == seed.listing) else {
            return Ok(());
        };
        let unit = Unit { listing, parent: None };
        let (Some(request), true) = (self.frontier.request(&unit), self.frontier.take(&unit)) else { return Ok(()) };
        let children = self.frontier.plan(&unit).map(|plan| Arc::clone(&plan.children)).unwrap_or_default();
        let Ok(looked) = look(&seed.body, &children) else { return Ok(()) };
        let pages_seen = HashSet::new();
        let position = Position { unit, request, page: 0, first: 0, empty_pages: 0, restarts: 0, pages_seen };
        debug_assert_eq!(position.request.path(), seed.path, "a seed is the answer to the listing's own request");
        self.page(position, 200, seed.body, looked).await
    }

    /// Rebuilds the frontier from the pages of an interrupted run.
    fn replay(&mut self, mut reader: Reader) -> Result<(), FetchError> {
        let mut done = HashSet::new();
        let mut pages = 0;
        while let Some(entry) = reader.next_entry()? {
            let Entry::Page(page) = entry else { continue };
            let Some(listing) = self.frontier.plans.iter().position(|plan| plan.listing.name == page.listing) else {
                continue;
            };
            pages += 1;
            let unit = Unit { listing, parent: page.parent.as_deref().map(Gid::new) };
            let children = self.frontier.plan(&unit).map(|plan| Arc::clone(&plan.children)).unwrap_or_default();
            // A listing that was given up may go better now; one that Asana refused was answered.
            if page.last && (200..500).contains(&page.status) {
                done.insert(unit);
            }
            if page.status == 402 {
                self.frontier.refuse(listing);
            }
            if (200..300).contains(&page.status) {
                self.frontier.reinstate(listing);
            }
            if let (200..=299, Ok(looked)) = (page.status, look(page.body.as_str().as_bytes(), &children)) {
                for met in &looked.met {
                    let units = self.frontier.meet(listing, met);
                    self.queue(units);
                }
            }
        }
        let finished: Vec<_> = self.frontier.waiting().filter(|unit| done.contains(unit)).cloned().collect();
        self.frontier.drop_done(&done);
        for unit in finished {
            if let Some(plan) = self.frontier.plan(&unit) {
                let (stage, resource) = (plan.listing.stage, plan.resource.name);
                self.client.reporter().report(&Event::ListingFinished { stage, resource });
            }
        }
        self.client.reporter().report(&Event::ArchiveReplayed { pages });
        Ok(())
    }
}

fn look(body: &[u8], children: &Children) -> Result<Looked, String> {
    let envelope = page::decode(body)?;
    let met = children.look(&envelope.records);
    let fingerprint = if envelope.next.is_some() { fingerprint(&envelope.records) } else { 0 };
    Ok(Looked { records: envelope.records.len() as u64, next: envelope.next, fingerprint, met })
}

/// Tells pages apart by what is on them: offset tokens hold the time, so a listing that goes in circles gives new ones.
fn fingerprint(records: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for record in records {
        let object = Object::parse(record);
        object.and_then(|object| object.gid()).hash(&mut hasher);
    }
    hasher.finish()
}

/// The field that an error message names, if it names one that was requested or the beginning of one.
fn refused_field(requested: &[String], message: &str) -> Option<String> {
    if !message.to_lowercase().contains("field") {
        return None;
    }
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let words = message.split(|c| !in_word(c)).map(|word| word.trim_matches('.'));
    let is_requested = |word: &&str| !word.is_empty() && requested.iter().any(|path| is_within(path, word));
    words.filter(is_requested).max_by_key(|word| word.len()).map(str::to_owned)
}

/// Whether a requested path is `field` or something inside it.
pub(crate) fn is_within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Recorded text: `offset: Your pagination token has expired.`
fn is_expired_offset(message: &str) -> bool {
    message.contains("pagination token") && message.contains("expired")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_field_is_named_by_its_whole_path() {
        let requested = ["name", "custom_fields.people_value.name"].map(str::to_owned);
        let check = |message, expected: Option<&str>| {
            assert_eq!(refused_field(&requested, message).as_deref(), expected, "{message}");
        };
        check("opt_fields: unknown field custom_fields.people_value.name.", Some("custom_fields.people_value.name"));
        check("opt_fields: unknown field `name`", Some("name"));
        check("opt_fields: Unknown field: custom_fields.people_value", Some("custom_fields.people_value"));
        check("opt_fields: unknown field people_value", None);
        check("project: the name is missing", None);
    }

    #[test]
    fn an_expired_offset_is_told_from_a_wrong_one() {
        assert!(is_expired_offset("offset: Your pagination token has expired."));
        assert!(!is_expired_offset("offset: Your pagination token is invalid."));
    }
}
