//! What the server saw, for tests and for `GET /simulator/stats`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::faults::Fault;
use crate::limits::Limiter;

/// Time after a 429 in which requests still count as sent before it was read.
const GRACE: Duration = Duration::from_millis(100);

/// Counts since the start (or the last reset). Requests outside `/api/1.0` are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub requests: u64,
    /// By route template, `{}` standing for the gid; `unknown` for everything else.
    pub by_route: BTreeMap<String, u64>,
    /// By status; broken connections are not in it.
    pub by_status: BTreeMap<u16, u64>,
    /// 429s of the limiters (those of faults are in `by_status` only).
    pub rejected: u64,
    pub rejected_by_standard: u64,
    pub rejected_by_search: u64,
    pub rejected_by_concurrency: u64,
    pub rejected_by_cost: u64,
    /// What the answers cost; only counted under a limit of cost.
    pub cost: u64,
    /// By the `limit` that was asked for; requests without one are not in it.
    pub by_limit: BTreeMap<u32, OfLimit>,
    /// The most requests of one token in flight at once.
    pub peak_in_flight: u32,
    /// The most requests of one token within a simulated minute, rejected ones included.
    pub peak_per_minute: u32,
    /// Requests whose path and query had been asked before with the same token.
    pub repeated: u64,
    /// Requests whose client accepts compressed answers.
    pub accepting_gzip: u64,
    /// Requests that arrived while a `Retry-After` was running, more than 100 ms after it was announced.
    pub during_pause: u64,
    /// Faults injected, of any kind.
    pub faults: u64,
    /// By the fault's text form.
    pub by_fault: BTreeMap<String, u64>,
    /// Answers that faults kept from arriving whole.
    pub dropped: u64,
    /// Connections that were accepted, those to the host of files and those that only asked for statistics included.
    pub connections: u64,
    /// Connections that were reset (RST), those after a complete answer included: there the next request on the
    /// connection is lost and not counted anywhere else.
    pub resets: u64,
    /// Requests that followed a next page to another host, or tried to.
    pub elsewhere: u64,
    /// What the host of files saw.
    pub files: FileStats,
    /// Changes made to the workspace; those that named nothing that exists are not in it.
    pub changes: u64,
    /// Real microseconds since the last answer; 0 before the first.
    pub quiet_us: u64,
}

/// Counts of the host that serves the content of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileStats {
    pub requests: u64,
    /// Requests that gave away a token.
    pub with_token: u64,
    /// Requests with an address that had expired.
    pub expired: u64,
    /// Contents that were begun to be sent.
    pub begun: u64,
    /// Contents that were sent to their end.
    pub served: u64,
    /// Of these, contents that had been before.
    pub repeated: u64,
    /// The most requests in flight at once, contents included.
    pub peak_in_flight: u32,
}

/// Requests with one and the same `limit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfLimit {
    pub requests: u64,
    /// 429s of the limiters.
    pub rejected: u64,
    pub cost: u64,
}

impl Stats {
    pub(crate) fn arrived(&mut self, template: &str, limit: Option<u32>, accepts_gzip: bool) {
        self.requests += 1;
        *self.by_route.entry(template.to_owned()).or_default() += 1;
        self.accepting_gzip += u64::from(accepts_gzip);
        if let Some(limit) = limit {
            self.by_limit.entry(limit).or_default().requests += 1;
        }
    }

    pub(crate) fn struck(&mut self, fault: &Fault) {
        self.faults += 1;
        *self.by_fault.entry(fault.to_string()).or_default() += 1;
    }

    pub(crate) fn rejected(&mut self, by: Limiter, limit: Option<u32>) {
        self.rejected += 1;
        if let Some(limit) = limit {
            self.by_limit.entry(limit).or_default().rejected += 1;
        }
        match by {
            Limiter::Standard => self.rejected_by_standard += 1,
            Limiter::Search => self.rejected_by_search += 1,
            Limiter::Concurrent => self.rejected_by_concurrency += 1,
            Limiter::Cost => self.rejected_by_cost += 1,
        }
    }

    pub(crate) fn cost(&mut self, cost: u64, limit: Option<u32>) {
        self.cost += cost;
        if let Some(limit) = limit {
            self.by_limit.entry(limit).or_default().cost += cost;
        }
    }
}

/// The pause a token was told to keep, in real time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pause {
    running: Option<(Instant, Instant)>,
}

impl Pause {
    /// Notes a `Retry-After`; a running pause only grows.
    pub(crate) fn announce(&mut self, now: Instant, seconds: u64) {
        let until = now + Duration::from_secs(seconds);
        self.running = match self.running {
            Some((since, old)) if old > now => Some((since, old.max(until))),
            _ => Some((now, until)),
        };
    }

    pub(crate) fn is_ignored_at(&self, now: Instant) -> bool {
        self.running.is_some_and(|(since, until)| now > since + GRACE && now < until)
    }
}
