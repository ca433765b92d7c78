//! Runs a fetch: takes units from the frontier, keeps as many requests in flight as allowed, and hands every page to the
//! archive.
//!
//! One task owns all state and is the only one that decides; what it starts does one page each and reports back. Pages of
//! one listing follow one another strictly, because each needs the offset of the one before; the quota stays busy with
//! other listings meanwhile.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use asana_archive::{Reader, Writer};
use asana_model::{Event, Gid};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::FetchError;
use crate::client::{Answer, Client, Failure};
use crate::divisions::Divisions;
use crate::forecast::Outlook;
use crate::frontier::{Frontier, Unit};
use crate::journal::{Closed, Journal, ReceivedPage};
use crate::page;
use crate::plan::Selection;
use crate::position::{Looked, Next, Position, RESTARTS, look};
use crate::request::is_within;
use crate::retry::Patience;
use crate::traffic::Traffic;
use crate::wanted::Survey;

/// Units in hand beyond the requests in flight, so that those waiting to retry leave no permit idle.
const SPARE_UNITS: usize = 10;
/// What was received is durable after this long.
pub(crate) const SYNC_EVERY: Duration = Duration::from_secs(1);
/// Passes over what changed, at most.
const PASSES: u32 = 2;
/// How far the clocks of Asana's own machines may be apart, and an answer's date be behind.
const CLOCK_SKEW: Duration = Duration::from_secs(120);
/// What is older than this is known to Asana's search: usually within a minute, more during incidents.
/// Source: <https://developers.asana.com/reference/searchtasksforworkspace>
const INDEX_LAG: Duration = Duration::from_secs(3600);

/// A fetch to be run.
#[derive(Debug)]
pub struct Crawl {
    pub client: Arc<Client>,
    pub selection: Selection,
    pub workspace: Gid,
    /// Listings in hand at once.
    pub concurrency: usize,
    /// Where the archive is that is written to.
    pub archive: PathBuf,
    /// The folder of the export, for files that are downloaded.
    pub folder: PathBuf,
    /// What the client had done for other runs; the archive's statistics begin there.
    pub traffic_before: Traffic,
    /// Whether what Asana refused in earlier runs is asked again, besides what was never answered.
    pub retry_gaps: bool,
    /// When the first run into the archive began, by Asana's clock.
    pub started_at: Timestamp,
}

/// The first page of a listing that was read before the run began, so that it is not asked twice.
#[derive(Debug)]
pub struct Seed {
    pub(crate) listing: &'static str,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) type Done = (Position, Result<Answer<Looked>, Failure>);

impl Crawl {
    /// Fetches everything selected that is not yet in the archive.
    ///
    /// `replay` reads the pages of an earlier run that was interrupted; what they hold is not asked again.
    ///
    /// # Errors
    /// What stopped the run. Everything received before it is in the archive, which is sealed.
    pub async fn run(self, writer: Writer, replay: Option<Reader>, seeds: Vec<Seed>) -> Result<(), FetchError> {
        let journal = Journal::start(writer)?;
        // Among the threads that read the answers, not in one that has to be woken for each.
        let run = tokio::spawn(self.run_into(journal, replay, seeds));
        run.await.unwrap_or_else(|ended| match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(FetchError::Cancelled),
        })
    }

    async fn run_into(self, journal: Journal, replay: Option<Reader>, seeds: Vec<Seed>) -> Result<(), FetchError> {
        let mut run = Running::new(self.client, &self.selection, self.workspace, self.started_at, journal);
        run.outlook.first_calls = run.client.traffic().since(&self.traffic_before).answered();
        if let Some(reader) = replay {
            run.replay(reader, self.retry_gaps)?;
        }
        let mut ended = run.go(seeds, self.concurrency).await;
        if let (Ok(()), Some(downloads)) = (ended, self.selection.downloads)
            && run.stopped.is_none()
        {
            let survey =
                Survey { archive: self.archive, folder: self.folder, resources: self.selection.resources.clone() };
            ended = run.download(survey, downloads).await;
        }
        if ended.is_ok() && run.stopped.is_none() {
            ended = run.journal.end(run.client.traffic().since(&self.traffic_before)).await;
        }
        run.finish(ended).await
    }
}

/// The passes over what changed while the run went on.
#[derive(Debug)]
pub(crate) struct Passes {
    pub(crate) begun: u32,
    /// When the last one began, or the run.
    since: Timestamp,
    /// Changed records met before the last one began.
    changed: usize,
}

pub(crate) struct Running {
    pub(crate) client: Arc<Client>,
    pub(crate) frontier: Frontier,
    /// Long listings that are read by parts besides.
    pub(crate) divisions: Divisions,
    pub(crate) journal: Journal,
    /// Listings in the middle: their offsets age, so they go before anything new.
    pub(crate) continuing: VecDeque<Position>,
    pub(crate) in_flight: FuturesUnordered<JoinHandle<Done>>,
    pub(crate) passes: Passes,
    pub(crate) outlook: Outlook,
    /// Why no further request is begun.
    pub(crate) stopped: Option<FetchError>,
}

impl Running {
    /// `started_at`: when the first run into the same archive began.
    pub(crate) fn new(
        client: Arc<Client>,
        selection: &Selection,
        workspace: Gid,
        started_at: Timestamp,
        journal: Journal,
    ) -> Self {
        let settled_before = text(started_at.saturating_sub(INDEX_LAG).unwrap_or(started_at));
        let frontier = Frontier::new(selection, workspace, settled_before);
        let mut run = Self {
            outlook: Outlook::new(frontier.plans.len()),
            client,
            frontier,
            divisions: Divisions::default(),
            journal,
            continuing: VecDeque::new(),
            in_flight: FuturesUnordered::new(),
            passes: Passes { begun: 0, since: started_at, changed: 0 },
            stopped: None,
        };
        run.queue(run.frontier.roots(selection), None);
        run
    }

    pub(crate) async fn go(&mut self, seeds: Vec<Seed>, concurrency: usize) -> Result<(), Closed> {
        let slots = concurrency + SPARE_UNITS;
        for seed in seeds {
            self.seed(seed).await?;
        }
        let client = Arc::clone(&self.client);
        let cancel = client.cancel().clone();
        let mut sync = tokio::time::interval(SYNC_EVERY);
        sync.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // Begun once: each round would have to make them and to enlist them anew.
        let (mut cancelled, mut nowhere) = (pin!(cancel.cancelled()), pin!(client.gets_nowhere()));
        loop {
            self.sample();
            while self.stopped.is_none() && self.in_flight.len() < slots {
                let Some(position) = self.next_position() else { break };
                self.start(position);
            }
            tokio::select! {
                done = self.in_flight.next() => match done {
                    None if self.stopped.is_none() && self.go_further() => {}
                    None => {
                        self.report_expected();
                        self.report_parked();
                        return Ok(());
                    }
                    Some(Ok((position, result))) => self.handle(position, result).await?,
                    Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
                },
                _ = sync.tick() => {
                    self.report_expected();
                    self.journal.sync().await?;
                }
                () = &mut cancelled, if self.stopped.is_none() => self.stop(FetchError::Cancelled),
                reason = &mut nowhere, if self.stopped.is_none() => self.stop(reason),
            }
        }
    }

    /// When every listing was read: what else is to be asked. False when the run is complete.
    fn go_further(&mut self) -> bool {
        if self.outlook.is_only_a_sample() {
            return false;
        }
        let unlisted = self.frontier.unlisted();
        if self.queue(unlisted, None) {
            return true;
        }
        let unclaimed = self.frontier.unclaimed();
        if !unclaimed.is_empty() {
            let text = format!("{} further questions follow from task search", unclaimed.len());
            self.client.reporter().report(&Event::Note { text });
            self.queue(unclaimed, None);
            return true;
        }
        // A run is not a snapshot: what changed while it went on is read again.
        let changed = self.frontier.changed();
        if self.passes.begun == PASSES || (self.passes.begun > 0 && changed == self.passes.changed) {
            return false;
        }
        let began = self.client.asana_time();
        let since = self.passes.since.saturating_sub(CLOCK_SKEW).unwrap_or(self.passes.since);
        self.passes = Passes { begun: self.passes.begun + 1, since: began, changed };
        let units = self.frontier.ask_again(&text(since));
        self.queue(units, None)
    }

    /// Listings that are not asked are finished, as far as progress is concerned.
    fn report_parked(&self) {
        for (plan, units) in self.frontier.parked() {
            let (stage, resource) = (plan.listing.stage, plan.resource.name);
            (0..units).for_each(|_| self.client.reporter().report(&Event::ListingFinished { stage, resource }));
        }
    }

    /// Seals the archive and gives the reason for the run's end, the first one if there are several.
    pub(crate) async fn finish(self, ended: Result<(), Closed>) -> Result<(), FetchError> {
        // If the archive's thread stopped, sealing says why; nothing more can be written.
        let sealed = self.journal.seal().await;
        match (self.stopped, ended) {
            (Some(stopped), Ok(())) if sealed.is_ok() => Err(stopped),
            _ => sealed,
        }
    }

    pub(crate) fn stop(&mut self, reason: FetchError) {
        if self.stopped.is_none() {
            self.client.reporter().report(&Event::Stopping { reason: reason.to_string() });
            self.stopped = Some(reason);
            self.client.halt();
        }
    }

    fn next_position(&mut self) -> Option<Position> {
        if let Some(position) = self.continuing.pop_front() {
            return Some(position);
        }
        let only_sample = self.outlook.is_only_a_sample();
        let unit = if only_sample { self.frontier.pop_of_sample() } else { self.frontier.pop() }?;
        let request = self.frontier.request(&unit)?;
        let listing = self.frontier.plan(&unit)?.listing;
        self.outlook.taken(unit.listing);
        Some(Position::new(unit, request, listing))
    }

    fn start(&mut self, mut position: Position) {
        let client = Arc::clone(&self.client);
        let children = self.frontier.plan(&position.unit).map(|plan| Arc::clone(&plan.children)).unwrap_or_default();
        let (search, first) = (position.request.search, position.page == 0);
        self.in_flight.push(tokio::spawn(async move {
            let look = |body: &[u8]| look(body, &children, search, first);
            let answer = client.get(&mut position.request, Patience::RUN, look).await;
            (position, answer)
        }));
    }

    async fn handle(&mut self, mut position: Position, result: Result<Answer<Looked>, Failure>) -> Result<(), Closed> {
        self.outlook.ended += u64::from(!matches!(result, Err(Failure::Fatal(_))));
        if !matches!(result, Ok(Answer { decoded: Some(_), .. }) | Err(Failure::Fatal(_))) {
            self.outlook.answered(&mut position, 0);
        }
        match result {
            Ok(Answer { status, body, decoded: Some(looked) }) => self.page(position, status, body, looked).await,
            Ok(Answer { status, body, decoded: None }) => self.refusal(position, status, body).await,
            Err(Failure::GaveUp { status, reason }) => {
                let reason = position.blame(reason);
                self.gap(position, status.unwrap_or(0), reason.clone().into_bytes(), reason).await
            }
            Err(Failure::Fatal(error)) => {
                // Whatever waited when the run was stopped reports that it was; the first reason stands.
                self.stop(error);
                Ok(())
            }
        }
    }

    pub(crate) async fn page(
        &mut self,
        mut position: Position,
        status: u16,
        body: Vec<u8>,
        looked: Looked,
    ) -> Result<(), Closed> {
        let Some(plan) = self.frontier.plan(&position.unit) else { return Ok(()) };
        let (resource, stage, ends) = (plan.resource.name, plan.listing.stage, plan.listing.ends);
        let (is_search, listing) = (plan.is_search(), position.unit.listing);
        // Its records were taken from it.
        let mut received = ReceivedPage { is_json: true, ..self.received(&position, false, status, body) };
        self.outlook.answered(&mut position, looked.records);
        if position.unit.again().is_none() {
            self.outlook.tally(listing, |tally| tally.files.take(looked.files));
        }
        let next = position.advance(&looked, ends);
        let next = self.cut(&position, next);
        received.last = next == Next::Done;
        self.journal.page(received).await?;
        let records = if is_search { 0 } else { looked.records };
        self.client.reporter().report(&Event::PageArchived { stage, resource, records });
        self.frontier.answered(listing);
        if is_search {
            self.frontier.found(listing, looked.gids.iter().map(String::as_str));
            let units = self.frontier.read_again(&position.unit, looked.gids.iter().map(String::as_str));
            self.queue(units, None);
        }
        looked.met.iter().for_each(|met| self.meet(&position.unit, met));
        self.take_parts(&position.unit, &looked, next == Next::Done);
        match next {
            Next::Page | Next::Again if self.divisions.is_moot(&position.unit) => self.unit_ended(&position.unit),
            Next::Page => {
                self.divide(&position);
                self.go_on(position);
            }
            Next::Done => {
                self.searched(listing, true);
                self.unit_ended(&position.unit);
                self.division_read(&position.unit);
            }
            Next::Again => {
                let text = format!("rows moved while {} was read; reading it again", position.request.path());
                self.client.reporter().report(&Event::Note { text });
                self.continuing.push_back(position);
            }
            Next::GiveUp(reason) => return self.gap(position, 0, reason.clone().into_bytes(), reason).await,
        }
        Ok(())
    }

    /// A listing ended; if it is a search, others waited for that.
    pub(crate) fn searched(&mut self, listing: usize, complete: bool) {
        if !self.frontier.plans.get(listing).is_some_and(crate::plan::Plan::is_search) {
            return;
        }
        for (set_aside, units) in self.frontier.searched(listing, complete) {
            let Some(plan) = self.frontier.plans.get(set_aside) else { continue };
            let (stage, resource) = (plan.listing.stage, plan.resource.name);
            self.outlook.tally(set_aside, |tally| tally.units = tally.units.saturating_sub(units as u64));
            (0..units).for_each(|_| self.client.reporter().report(&Event::ListingFinished { stage, resource }));
        }
    }

    /// An answer that refuses this one request.
    async fn refusal(&mut self, mut position: Position, status: u16, body: Vec<u8>) -> Result<(), Closed> {
        let text = String::from_utf8_lossy(&body);
        let message = page::error_message(&text).filter(|message| !message.is_empty());
        let message = message.unwrap_or_else(|| "no reason given".to_owned());
        if status == 400 && is_expired_offset(&message) && position.restarts < RESTARTS {
            position.restarts += 1;
            position.restart();
            self.continuing.push_back(position);
            return Ok(());
        }
        if status == 400
            && let Some(field) = refused_field(position.request.opt_fields.paths(), &message)
        {
            return self.go_on_without(position, &field, body).await;
        }
        let listing = position.unit.listing;
        if status == 402 || message.contains("No matching route") {
            self.frontier.refuse(listing);
        } else if status == 400 && position.page == 0 && self.frontier.ask_instead(listing) {
            return self.asked_instead(position, body).await;
        }
        self.gap(position, status, body, message).await
    }

    /// Asana does not answer that question to this token, and narrower ones are asked in its place.
    async fn asked_instead(&mut self, position: Position, body: Vec<u8>) -> Result<(), Closed> {
        self.journal.page(self.received(&position, true, 400, body)).await?;
        self.unit_ended(&position.unit);
        Ok(())
    }

    /// Asks again without a field that Asana does not know. The refusal is kept: the archive says what is missing.
    async fn go_on_without(&mut self, mut position: Position, field: &str, body: Vec<u8>) -> Result<(), Closed> {
        self.journal.page(self.received(&position, false, 400, body)).await?;
        let listing = self.frontier.drop_field(position.unit.listing, field);
        let text = format!("{listing}: Asana does not know the field {field}; going on without it");
        self.client.reporter().report(&Event::Note { text });
        position.request.opt_fields = Arc::new(position.request.opt_fields.without(field));
        self.continuing.push_back(position);
        Ok(())
    }

    /// Ends a listing that cannot be read, or not to its end: a fact for the archive, not a failure of the run.
    async fn gap(&mut self, position: Position, status: u16, body: Vec<u8>, reason: String) -> Result<(), Closed> {
        let Some(plan) = self.frontier.plan(&position.unit) else { return Ok(()) };
        let (resource, is_search, is_dividing) = (plan.resource.name, plan.is_search(), plan.listing.per.is_dividing());
        let received = self.received(&position, true, status, body);
        let parent_gid = received.parent.clone();
        self.journal.page(received).await?;
        // One parent that cannot be read says nothing about others.
        if status != 402 {
            self.frontier.answered(position.unit.listing);
        }
        self.searched(position.unit.listing, false);
        let http_status = Some(status).filter(|status| *status != 0);
        self.outlook.refused(&position.unit, http_status, &reason);
        if is_search {
            let text = format!("task search cannot be used: {reason}");
            self.client.reporter().report(&Event::Note { text });
        } else if is_dividing {
            self.report_lost_part(&position, &reason);
        } else {
            self.client.reporter().report(&Event::GapFound { resource, parent_gid, http_status, reason });
        }
        self.unit_ended(&position.unit);
        self.division_failed(&position.unit);
        Ok(())
    }

    fn received(&self, position: &Position, last: bool, status: u16, body: Vec<u8>) -> ReceivedPage {
        ReceivedPage {
            listing: self.frontier.plan(&position.unit).map_or("", |plan| plan.listing.name),
            parent: position.unit.parent.as_ref().map(ToString::to_string),
            variant: position.unit.archived_variant(),
            page: position.page,
            first: position.first,
            last,
            path: position.request.path(),
            at: Timestamp::now(),
            status,
            body,
            is_json: false,
        }
    }

    /// Adds units; true when there were any. `changed_at`: when their parent last changed, if known.
    pub(crate) fn queue(&mut self, units: Vec<Unit>, changed_at: Option<&str>) -> bool {
        let any = !units.is_empty();
        for unit in units {
            let Some(plan) = self.frontier.plan(&unit) else { continue };
            let (stage, resource, listing) = (plan.listing.stage, plan.resource.name, unit.listing);
            let set_aside = self.frontier.push(unit, changed_at);
            self.outlook.tally(listing, |tally| tally.units += u64::from(!set_aside));
            self.client.reporter().report(&Event::ListingsQueued { stage, resource, count: 1 });
            if set_aside {
                self.client.reporter().report(&Event::ListingFinished { stage, resource });
            }
        }
        any
    }
}

/// As Asana writes times.
fn text(at: Timestamp) -> String {
    format!("{at:.3}")
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
