//! Asana's API over the generated world: one entry per endpoint, one writer per kind of record.
//!
//! Nothing here knows HTTP, limits or faults: a path, parameters and a viewer go in, text or a refusal comes out. So
//! the ground truth and the unit tests ask the same functions as the server does.

mod absences;
mod access;
mod access_requests;
mod agents;
mod allocations;
mod attachments;
mod audit;
mod briefs;
mod budgets;
mod call;
mod containers;
pub(crate) mod errors;
mod favorites;
mod field_memberships;
mod fields;
pub(crate) mod files;
mod goal_relationships;
mod goal_stories;
mod goals;
mod index;
pub(crate) mod json;
mod likes;
mod listing;
mod memberships;
pub(crate) mod paging;
mod people;
mod periods;
mod portfolios;
pub(crate) mod projection;
mod projects;
mod query;
mod reactions;
mod roles;
mod router;
mod search;
pub(crate) mod shapes;
mod statuses;
mod stories;
mod tags;
mod tasks;
mod teams;
mod templates;
mod time_entries;
mod timesheets;
pub(crate) mod truth;
mod types;
mod webhooks;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

pub(crate) use call::{Call, View};
pub(crate) use index::Index;
pub(crate) use listing::{Answer, Listing, Rows, Unlimited};
pub(crate) use paging::listing_key;
pub(crate) use query::parameters;
pub(crate) use router::{Endpoint, SEARCH, route};

use crate::changes::Action;
use crate::config::{Config, Plan, TimeEntryLists, UnknownOptFields};
use crate::log::Log;
use crate::world::{Moment, Viewer, World};
use errors::ApiError;
use files::FileHost;
use paging::Tokens;
use projection::{Form, Projections};

/// The base path of every endpoint.
pub(crate) const BASE: &str = "/api/1.0";
/// Rows of a listing without `limit` before it is cut or refused.
const MOST_UNPAGED: usize = 1_000;

/// The world and who looks at it, as things stand.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    viewers: Vec<Viewer>,
}

impl State {
    pub(crate) fn viewer(&self, token: &str) -> Option<&Viewer> {
        self.viewers.iter().find(|viewer| viewer.token == token)
    }
}

/// The world, and what is needed to answer.
#[derive(Debug)]
pub(crate) struct Api {
    state: RwLock<State>,
    known_tokens: Vec<&'static str>,
    pub(crate) projections: Projections,
    tokens: Tokens,
    plan: Plan,
    time_entry_lists: TimeEntryLists,
    allocations_by_workspace: bool,
    demands_portfolio_owner: bool,
    unknown: UnknownOptFields,
    search_lag_ms: u64,
    unindexed: u32,
    /// Where the content of files is.
    pub(crate) files: FileHost,
    /// Searches answered: each sees equals in another order.
    searches: AtomicU64,
    pub(crate) log: Log,
}

/// A request as far as the API is concerned. The path is without [`BASE`].
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) path: &'a str,
    pub(crate) parameters: Vec<(String, String)>,
    /// Simulated milliseconds.
    pub(crate) now_ms: u64,
    /// `http://host` for the `uri` of the next page.
    pub(crate) origin: &'a str,
    pub(crate) twist: Twist,
}

/// What a page says about the next one.
#[derive(Debug)]
enum Next {
    /// Nothing at all: `limit` was not sent, or the endpoint has no pages.
    Unsaid,
    Last,
    At(String),
}

/// Ways in which a page can be wrong although nothing failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Twist {
    #[default]
    None,
    /// No rows, and a next page that holds them.
    EmptyPage,
    /// The next page is this page again.
    RepeatedOffset,
}

impl Api {
    pub(crate) fn new(config: &Config) -> Self {
        let world = World::generate(config);
        let viewers = Viewer::all(&world);
        Self {
            tokens: Tokens::new(config.seed, config.offset_lifetime),
            known_tokens: viewers.iter().map(|viewer| viewer.token).collect(),
            state: RwLock::new(State { world, viewers }),
            projections: Projections::default(),
            plan: config.plan,
            time_entry_lists: config.time_entry_lists,
            allocations_by_workspace: config.allocations_by_workspace,
            demands_portfolio_owner: config.demands_portfolio_owner,
            unknown: config.unknown_opt_fields,
            search_lag_ms: u64::try_from(config.search_lag.as_millis()).unwrap_or(u64::MAX),
            unindexed: config.unindexed,
            files: FileHost::new(config.seed),
            searches: AtomicU64::new(0),
            log: Log::new(config.keeps_log),
        }
    }

    /// The token that a text is, if it is one.
    pub(crate) fn token(&self, text: &str) -> Option<&'static str> {
        self.known_tokens.iter().copied().find(|token| *token == text)
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes changes and works out anew what each token sees. Answers how many of them had something to change.
    pub(crate) fn change(&self, actions: &[Action], moment: Moment) -> u64 {
        let mut guard = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        let mut made = 0;
        for action in actions {
            made += u64::from(action.apply(&mut state.world, moment));
        }
        if made > 0 {
            state.viewers = state.viewers.iter().map(|viewer| viewer.again(&state.world)).collect();
        }
        made
    }

    /// Task search as a request finds it now.
    fn index(&self, now_ms: u64) -> Index {
        let turn = self.searches.fetch_add(1, Ordering::Relaxed);
        Index { now_ms, lag_ms: self.search_lag_ms, unindexed: self.unindexed, turn }
    }

    /// The world as one token sees it; `None` for an unknown token.
    fn view<'a>(&'a self, state: &'a State, token: &str) -> Option<View<'a>> {
        Some(View {
            world: &state.world,
            viewer: state.viewer(token)?,
            plan: self.plan,
            time_entry_lists: self.time_entry_lists,
            allocations_by_workspace: self.allocations_by_workspace,
            demands_portfolio_owner: self.demands_portfolio_owner,
            files: &self.files,
        })
    }

    /// The content of a file that Asana holds; `None` when there is no such file.
    pub(crate) fn content(&self, gid: &str) -> Option<Vec<u8>> {
        attachments::content(&self.state().world, gid)
    }

    /// The body of the answer.
    pub(crate) fn answer(
        &self,
        token: &str,
        endpoint: &Endpoint,
        id: &str,
        request: &Request<'_>,
    ) -> Result<Vec<u8>, ApiError> {
        let answered = self.written(token, endpoint, id, request);
        let ends = answered.as_ref().map_or(true, |(_, ends)| *ends);
        self.log.add(request.path, &request.parameters, ends);
        answered.map(|(body, _)| body)
    }

    /// The body of the answer, and whether the listing ends with it.
    fn written(
        &self,
        token: &str,
        endpoint: &Endpoint,
        id: &str,
        request: &Request<'_>,
    ) -> Result<(Vec<u8>, bool), ApiError> {
        let state = self.state();
        let view = self.view(&state, token).ok_or_else(ApiError::not_authorized)?;
        let call = Call { view, id, parameters: &request.parameters, index: self.index(request.now_ms) };
        let answer = (endpoint.answer)(&call)?;
        let kind = answer.kind(endpoint);
        let form = if matches!(answer, Answer::One(_)) { Form::Full } else { Form::Compact };
        let opt_fields = call.parameter("opt_fields").filter(|text| endpoint.takes_opt_fields && !text.is_empty());
        let projection = match opt_fields {
            Some(text) => self
                .projections
                .opt_fields(kind, text)
                .map_err(|_| ApiError::new(400, format!("opt_fields: Could not be read: {text}")))?,
            None => self.projections.form(kind, form),
        };
        if let (UnknownOptFields::BadRequest, Some(path)) = (self.unknown, projection.unknown.first()) {
            return Err(ApiError::new(400, format!("opt_fields: Unknown field: {path}")));
        }
        let mut out = Vec::with_capacity(4_096);
        let mut ends = true;
        out.extend_from_slice(b"{\"data\":");
        match answer {
            Answer::One(write) => json::object(&mut out, &projection.node, false, |o| write(o)),
            Answer::List(listing) => match self.page(&mut out, &projection.node, &listing, &call, request)? {
                Next::Unsaid => {}
                Next::Last => out.extend_from_slice(b",\"next_page\":null"),
                Next::At(offset) => {
                    ends = false;
                    next_page(&mut out, &offset, request);
                }
            },
        }
        out.push(b'}');
        Ok((out, ends))
    }

    /// Writes the rows of one page and finds the next one.
    fn page(
        &self,
        out: &mut Vec<u8>,
        node: &projection::Node,
        listing: &Listing<'_>,
        call: &Call<'_>,
        request: &Request<'_>,
    ) -> Result<Next, ApiError> {
        let limit = paging::limit(call.parameter("limit"))?;
        let key = paging::listing_key(request.path, &request.parameters);
        let rank = match call.parameter("offset").filter(|_| listing.unlimited != Unlimited::NoPages) {
            Some(offset) => self.tokens.open(offset, request.now_ms, key)?,
            None => 0,
        };
        let limit = match listing.unlimited {
            // The audit log has pages even if none were asked for.
            Unlimited::Endless => Some(limit.unwrap_or(MOST_UNPAGED)),
            _ => limit,
        };
        let (mut rows, mut next) = match (limit, listing.unlimited) {
            (_, Unlimited::NoPages) => (listing.all(limit.unwrap_or(20)), None),
            (Some(limit), _) => listing.page(rank, limit),
            (None, Unlimited::Refused) if listing.rows.len() > MOST_UNPAGED => return Err(ApiError::too_large()),
            (None, _) => (listing.page(rank, MOST_UNPAGED).0, None),
        };
        match request.twist {
            Twist::None => {}
            Twist::EmptyPage => {
                rows.clear();
                next = Some(rank);
            }
            Twist::RepeatedOffset => next = Some(rank),
        }
        out.push(b'[');
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            json::object(out, node, false, |o| (listing.write)(o, *row));
        }
        out.push(b']');
        if limit.is_none() || listing.unlimited == Unlimited::NoPages {
            return Ok(Next::Unsaid);
        }
        Ok(next.map_or(Next::Last, |next| Next::At(self.tokens.issue(next, request.now_ms, key))))
    }
}

/// Writes `"next_page": {"offset", "path", "uri"}`.
fn next_page(out: &mut Vec<u8>, offset: &str, request: &Request<'_>) {
    let mut path = request.path.to_owned();
    let mut separator = '?';
    let sent = request.parameters.iter().filter(|(name, _)| name != "offset");
    for (name, value) in sent.map(|(name, value)| (name.as_str(), value.as_str())).chain([("offset", offset)]) {
        path.push(separator);
        path.push_str(name);
        path.push('=');
        path.push_str(&query::encode(value));
        separator = '&';
    }
    out.extend_from_slice(b",\"next_page\":{\"offset\":");
    json::string(out, offset);
    out.extend_from_slice(b",\"path\":");
    json::string(out, &path);
    out.extend_from_slice(b",\"uri\":");
    json::string(out, &format!("{}{BASE}{path}", request.origin));
    out.push(b'}');
}
