//! What a run will take, said before it is over: a small sample is asked first, and [`crate::estimate`] reckons from it.
//!
//! `export` asks the sample first and then everything else; `plan` asks nothing else. What is in the sample: the
//! workspace's own lists, of every listing that leads to others some parents spread evenly over all, and of every other
//! listing one, which tells whether this token may have it.

mod told;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use asana_model::catalog::{Gives, Per, RESOURCES, Stage};
use asana_model::{Event, Gid};

pub use self::told::{Expected, FilesExpected, Forecast, Load, Refusal};
use crate::FetchError;
use crate::children::Met;
use crate::client::Client;
use crate::crawl::{Running, Seed};
use crate::estimate::{Amount, Certainty, Facts, Kind, Prospect, SAMPLE, Search, Tally, estimate};
use crate::frontier::{Frontier, Unit};
use crate::journal::{Closed, Journal};
use crate::plan::{Plan, Selection};
use crate::position::Position;
use crate::traffic::Traffic;

/// Pages of a listing, over all its parents, until the sample holds enough of it.
const SAMPLE_PAGES: u64 = 50;
/// Answers of a search that are enough to know which part of all tasks it shows.
const SAMPLE_SEARCHES: u64 = 10;

/// Finds out what an export would ask for, without an archive. `traffic_before`: what the client had done for others.
///
/// # Errors
/// What would stop an export too.
pub async fn forecast(
    client: Arc<Client>,
    selection: &Selection,
    workspace: Gid,
    concurrency: usize,
    seeds: Vec<Seed>,
    traffic_before: &Traffic,
) -> Result<Forecast, FetchError> {
    let first_calls = client.traffic().since(traffic_before).answered();
    let now = client.asana_time();
    let mut run = Running::new(client, selection, workspace, now, Journal::none());
    run.outlook.only = true;
    run.outlook.first_calls = first_calls;
    let ended = run.go(seeds, concurrency).await;
    let forecast = run.forecast();
    run.finish(ended).await.map(|()| forecast)
}

/// What a run knows about the requests that it takes.
#[derive(Debug, Default)]
pub(crate) struct Outlook {
    pub(crate) tallies: Vec<Tally>,
    refusals: BTreeMap<usize, Refusal>,
    /// Nothing but the sample is asked.
    only: bool,
    /// The sample is complete.
    sampled: bool,
    /// Units drawn so far, by listing.
    drawn: Vec<u64>,
    /// Drawn units whose answers the sample still needs.
    outstanding: HashSet<Unit>,
    /// Drawn units that are spread evenly over all of their listing.
    spread: HashSet<Unit>,
    /// Units taken from the frontier and not at their end, by listing.
    in_hand: Vec<u64>,
    /// Requests before the first listing.
    pub(crate) first_calls: u64,
    /// Pages that came without a request.
    pub(crate) seeded: u64,
    /// Requests of this run that came to an end.
    pub(crate) ended: u64,
    pub(crate) files: FilesOutlook,
    /// The requests in all that were last said to be expected.
    said: i64,
}

/// Files to be downloaded: each takes a request for its address.
#[derive(Debug, Default)]
pub(crate) struct FilesOutlook {
    /// Notes about files that an interrupted run left.
    pub(crate) noted: u64,
    /// What is left, once it is counted.
    pub(crate) left: Option<u64>,
}

impl Outlook {
    pub(crate) fn new(listings: usize) -> Self {
        Self {
            tallies: vec![Tally::default(); listings],
            drawn: vec![0; listings],
            in_hand: vec![0; listings],
            ..Self::default()
        }
    }

    pub(crate) fn tally(&mut self, listing: usize, change: impl FnOnce(&mut Tally)) {
        if let Some(tally) = self.tallies.get_mut(listing) {
            change(tally);
        }
    }

    pub(crate) fn taken(&mut self, listing: usize) {
        if let Some(units) = self.in_hand.get_mut(listing) {
            *units += 1;
        }
    }

    /// Whether units of a listing were taken and are not at their end.
    pub(crate) fn is_in_hand(&self, listing: usize) -> bool {
        self.in_hand.get(listing).is_some_and(|units| *units > 0)
    }

    fn given_back(&mut self, unit: &Unit) {
        self.outstanding.remove(unit);
        if let Some(units) = self.in_hand.get_mut(unit.listing) {
            *units = units.saturating_sub(1);
        }
    }

    pub(crate) fn is_only_a_sample(&self) -> bool {
        self.only
    }

    /// A page or a refusal arrived.
    pub(crate) fn answered(&mut self, position: &mut Position, records: u64) {
        let is_first = !std::mem::replace(&mut position.is_begun, true);
        let is_spread = self.spread.contains(&position.unit);
        self.tally(position.unit.listing, |tally| {
            tally.answers += 1;
            tally.begun += u64::from(is_first);
            tally.with_records += u64::from(is_first && records > 0);
            tally.records += records;
            if is_spread {
                tally.spread.begun += u64::from(is_first);
                tally.spread.answers += 1;
                tally.spread.records += records;
            }
        });
    }

    pub(crate) fn refused(&mut self, unit: &Unit, status: Option<u16>, reason: &str) {
        let refusal = || Refusal { status, reason: reason.to_owned(), everywhere: true };
        self.refusals.entry(unit.listing).or_insert_with(refusal);
        self.tally(unit.listing, |tally| tally.refused += 1);
    }
}

impl Running {
    /// A unit came to its end.
    pub(crate) fn unit_ended(&mut self, unit: &Unit) {
        let Some(plan) = self.frontier.plan(unit) else { return };
        let (stage, resource) = (plan.listing.stage, plan.resource.name);
        self.outlook.given_back(unit);
        self.outlook.tally(unit.listing, |tally| tally.finished += 1);
        self.client.reporter().report(&Event::ListingFinished { stage, resource });
    }

    /// Takes a record's objects in, with what follows from them.
    pub(crate) fn meet(&mut self, unit: &Unit, met: &Met) {
        let kind = (met.resource, met.only_named);
        let before = self.frontier.met(kind);
        let units = self.frontier.meet(unit, met);
        let is_first = self.frontier.met(kind) > before;
        if unit.again().is_none() {
            self.outlook.tally(unit.listing, |tally| {
                let encounters = tally.met.entry(kind).or_default();
                encounters.times += 1;
                encounters.first += u64::from(is_first);
                encounters.parts += met.part.unwrap_or(if is_first { 1.0 } else { 0.0 });
                for unit in &units {
                    *encounters.units.entry(unit.listing).or_default() += 1;
                }
            });
        }
        if !self.outlook.only && self.frontier.may_be_listed(met) {
            self.frontier.hold_back(met, units);
        } else {
            self.queue(units, met.changed_at.as_deref());
        }
    }

    /// Goes on with a listing, unless nothing but a sample is asked and it holds enough of this one.
    pub(crate) fn go_on(&mut self, position: Position) {
        if !self.wants_more_of(position.unit.listing) {
            self.outlook.outstanding.remove(&position.unit);
            if self.outlook.only {
                self.outlook.given_back(&position.unit);
                return;
            }
        }
        self.continuing.push_back(position);
    }

    fn wants_more_of(&self, listing: usize) -> bool {
        let Some(plan) = self.frontier.plans.get(listing) else { return false };
        let answers = self.outlook.tallies.get(listing).map_or(0, |tally| tally.answers);
        let is_structure = plan.listing.stage == Stage::Structure;
        match (plan.is_search(), plan.leads_further()) {
            (true, _) => answers < SAMPLE_SEARCHES,
            (false, true) => is_structure || answers < SAMPLE_PAGES,
            (false, false) => is_structure && answers < SAMPLE_PAGES,
        }
    }

    /// Puts what belongs to the sample before everything else; once it is complete, says what it tells.
    pub(crate) fn sample(&mut self) {
        if self.outlook.sampled || !self.outlook.outstanding.is_empty() || self.structure_is_open() {
            return;
        }
        let Outlook { drawn, .. } = &self.outlook;
        let wanted = |listing: usize, plan: &Plan, prospect: Prospect| {
            // How many files there are, one of its listings would not tell.
            let tells = plan.leads_further() || plan.children.files.is_some();
            let spread = tells || (plan.narrowed_by.is_some() && prospect != Prospect::Narrowed);
            let size = if spread { SAMPLE } else { 1 };
            size.saturating_sub(drawn.get(listing).copied().unwrap_or(0))
        };
        let units = self.frontier.draw(wanted);
        for unit in &units {
            if let Some(drawn) = self.outlook.drawn.get_mut(unit.listing) {
                *drawn += 1;
            }
            // The first unit goes alone: it was drawn from one.
            if self.outlook.tallies.get(unit.listing).is_some_and(|tally| tally.begun > 0) {
                self.outlook.spread.insert(unit.clone());
            }
        }
        if units.is_empty() && !self.more_may_be_drawn() {
            self.outlook.sampled = true;
            self.report_expected();
        }
        self.outlook.outstanding.extend(units);
    }

    /// Whether what is on its way may open further listings of which a sample is needed.
    fn more_may_be_drawn(&self) -> bool {
        if self.outlook.only {
            return !self.in_flight.is_empty() || !self.continuing.is_empty();
        }
        let Outlook { tallies, in_hand, .. } = &self.outlook;
        let known = self.frontier.plans.iter().zip(tallies).zip(in_hand);
        known.filter(|((plan, tally), _)| plan.leads_further() && tally.begun < SAMPLE).any(|(_, in_hand)| *in_hand > 0)
    }

    /// Whether the workspace's own lists are still being read. Searches may take much longer, and tell little.
    fn structure_is_open(&self) -> bool {
        let is_structure = |plan: &Plan| plan.listing.stage == Stage::Structure && !plan.is_search();
        let in_hand = self.frontier.plans.iter().zip(&self.outlook.in_hand);
        self.frontier.has_waiting(is_structure)
            || in_hand.filter(|(plan, _)| is_structure(plan)).any(|(_, units)| *units > 0)
    }

    /// Says how many requests are expected, as far as that is news.
    pub(crate) fn report_expected(&mut self) {
        if !self.outlook.sampled || self.outlook.only || self.stopped.is_some() {
            return;
        }
        let (facts, met) = self.facts();
        let left = |(amount, fact): (&Amount, &Facts)| (amount.requests - whole(fact.tally.answers)).max(0.0);
        let amounts = estimate(&facts, &met, Search::AsIs);
        let left: f64 = amounts.iter().zip(&facts).map(left).sum();
        let FilesOutlook { noted, left: counted } = self.outlook.files;
        let files = counted.unwrap_or_else(|| files(&facts, &amounts).files.saturating_sub(noted));
        let expected = self.outlook.first_calls + self.outlook.ended + rounded(left) + files;
        let expected = i64::try_from(expected).unwrap_or(i64::MAX);
        let requests = expected - std::mem::replace(&mut self.outlook.said, expected);
        if requests != 0 {
            let pace = self.client.quota().pace().map(rounded_to_u32);
            self.client.reporter().report(&Event::RequestsExpected { requests, pace });
        }
    }

    fn facts(&self) -> (Vec<Facts>, BTreeMap<Kind, u64>) {
        let facts = self.frontier.plans.iter().enumerate().zip(&self.outlook.tallies);
        let pass_is_to_come = self.passes.begun == 0;
        let facts: Vec<Facts> = facts
            .map(|((listing, plan), tally)| facts_of(&self.frontier, listing, plan, tally, pass_is_to_come))
            .collect();
        let kinds = self.outlook.tallies.iter().flat_map(|tally| tally.met.keys().copied());
        let met = kinds.map(|kind| (kind, self.frontier.met(kind))).collect();
        (facts, met)
    }

    fn forecast(&self) -> Forecast {
        let (facts, met) = self.facts();
        let first_calls = self.outlook.first_calls.saturating_sub(self.outlook.seeded);
        let load = |search| {
            let amounts = estimate(&facts, &met, search);
            let sum = |only_searches: bool| -> f64 {
                let counted = amounts.iter().zip(&facts).filter(|(_, fact)| !only_searches || fact.searches.is_some());
                counted.map(|(amount, _)| amount.requests).sum()
            };
            let files = files(&facts, &amounts).files;
            Load { requests: first_calls + rounded(sum(false)) + files, searches: rounded(sum(true)) }
        };
        let amounts = estimate(&facts, &met, Search::AsIs);
        let files = facts.iter().any(|fact| fact.has_files).then(|| files(&facts, &amounts));
        let listings = self.frontier.plans.iter().zip(amounts).enumerate();
        Forecast {
            files,
            listings: listings.map(|(listing, (plan, amount))| self.expected(listing, plan, amount)).collect(),
            first_calls,
            load: load(Search::AsIs),
            without_search: load(Search::Without),
            with_search: load(Search::With),
        }
    }

    fn expected(&self, listing: usize, plan: &Plan, amount: Amount) -> Expected {
        let tally = self.outlook.tallies.get(listing);
        let everywhere = tally.is_some_and(|tally| tally.records == 0 && tally.refused >= tally.begun);
        Expected {
            resource: plan.resource.name,
            listing: plan.listing,
            units: rounded(amount.units),
            requests: rounded(amount.requests),
            certainty: amount.certainty,
            refusal: self.outlook.refusals.get(&listing).map(|refusal| Refusal { everywhere, ..refusal.clone() }),
        }
    }

    /// Treats a page that came before the run as one without a request.
    pub(crate) async fn seeded(
        &mut self,
        position: Position,
        body: Vec<u8>,
        looked: crate::position::Looked,
    ) -> Result<(), Closed> {
        self.outlook.seeded += 1;
        self.page(position, 200, body, looked).await
    }
}

/// The files to download that all listings show, when they take what they are expected to.
fn files(facts: &[Facts], amounts: &[Amount]) -> FilesExpected {
    let (mut files, mut bytes, mut certainty) = (0.0, 0.0, Certainty::Exact);
    for (fact, amount) in facts.iter().zip(amounts) {
        let (tally, found) = (&fact.tally, fact.tally.files);
        let unasked = (amount.units - whole(tally.begun)).max(0.0);
        let more = fact.files_to_come(unasked);
        files += whole(found.files) * (1.0 + more);
        bytes += whole(found.bytes) * (1.0 + more);
        if fact.has_files && (!fact.shows_no_more(unasked) || amount.certainty == Certainty::About) {
            certainty = Certainty::About;
        }
    }
    FilesExpected { files: rounded(files), bytes: rounded(bytes), certainty }
}

fn facts_of(frontier: &Frontier, listing: usize, plan: &Plan, tally: &Tally, pass_is_to_come: bool) -> Facts {
    let place = |name: &str| RESOURCES.iter().position(|one| one.name == name);
    let searches = match plan.listing.gives {
        Gives::Gids(resource) => place(resource).map(|found| (found, resource == plan.resource.name)),
        Gives::Records | Gives::Compact => None,
    };
    let is_searched = |resource| frontier.plans.iter().any(|one| one.listing.gives == Gives::Gids(resource));
    Facts {
        tally: tally.clone(),
        resource: plan.children.resource,
        prospect: frontier.prospect(listing),
        has_pages: plan.listing.ends.has_pages(),
        leads_to: plan.children.listings(),
        searches,
        found: searches.and_then(|_| frontier.found_so_far(listing)),
        narrowed_by: plan.narrowed_by,
        parent: plan.listing.per.parent().and_then(place),
        for_unclaimed: matches!(plan.listing.per, Per::Named(resource) if is_searched(resource)),
        again: pass_is_to_come && plan.is_asked_again(),
        has_files: plan.children.files.is_some(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
fn whole(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, which is right for an estimate"
)]
fn rounded(number: f64) -> u64 {
    number.round() as u64
}

fn rounded_to_u32(number: f64) -> u32 {
    u32::try_from(rounded(number)).unwrap_or(u32::MAX)
}
