//! How fast, how many at once and how much at a time: cut at once when Asana rejects a request, given back evenly.
//!
//! Asana has three limiters and one answer for all of them, so which one it was is told from the circumstances
//! ([`diagnose`]), and each has a cure of its own: the standard one a slower pace, the one for concurrency fewer requests
//! in flight, the one for cost smaller pages. A wrong diagnosis heals as well: a limiter that comes back right after its
//! cure has the pace cut besides.
//! Source: <https://developers.asana.com/docs/rate-limits>

mod spacing;

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

pub(crate) use self::spacing::SHARE;
use self::spacing::Spacing;
use crate::limits::Quota;

/// From this share of a minute's quota on, it is the quota that was used up.
const NEARLY_ALL: f64 = 0.8;
/// From so many requests in flight on, their number may be what was refused: half of ours, and less than half of
/// Asana's 50, because others may use the same token.
const MANY_IN_FLIGHT: usize = 20;
/// The limiter for concurrency asks to wait until what is in flight is over. Answers take a second or two.
const A_FEW_SECONDS: Duration = Duration::from_secs(10);
/// A limiter that says no again within this time was not cured.
const AGAIN: Duration = Duration::from_secs(60);

/// Which of Asana's limiters said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Limiter {
    /// Requests per minute.
    Standard,
    /// Searches per minute.
    Search,
    /// Requests in flight.
    Concurrency,
    /// What it costs Asana to build the answers.
    Cost,
}

impl fmt::Display for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limiter::Standard => "standard",
            Limiter::Search => "search",
            Limiter::Concurrency => "concurrency",
            Limiter::Cost => "cost",
        })
    }
}

/// What is known when a request is rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Signs {
    /// Share of the minute's quota that was sent in the last minute; `None` while less than a minute is known of, in
    /// which a run before this one may have used it up.
    pub(crate) used: Option<f64>,
    /// The same for searches, if it was one that was rejected.
    pub(crate) searches_used: Option<f64>,
    /// Requests in flight, the rejected one among them.
    pub(crate) in_flight: usize,
    pub(crate) retry_after: Option<Duration>,
    /// Which limiter it was a moment ago, if one said no.
    pub(crate) before: Option<Limiter>,
}

/// Tells the limiters apart, as far as the signs allow; where they do not, it is the standard one.
pub(crate) fn diagnose(signs: &Signs) -> Limiter {
    if signs.searches_used.is_some_and(|used| used >= NEARLY_ALL) {
        return Limiter::Search;
    }
    if signs.used.is_some_and(|used| used >= NEARLY_ALL) {
        return Limiter::Standard;
    }
    let many = signs.in_flight >= MANY_IN_FLIGHT;
    let short = signs.retry_after.is_some_and(|wait| wait <= A_FEW_SECONDS);
    match signs.used {
        _ if many && short => Limiter::Concurrency,
        // Fewer are in flight by then, and perhaps still too many.
        _ if short && signs.before == Some(Limiter::Concurrency) => Limiter::Concurrency,
        // Neither requests nor their number in flight were many.
        Some(_) if !many => Limiter::Cost,
        // Longer than what is in flight can take.
        Some(_) if signs.retry_after.is_some() => Limiter::Cost,
        _ => Limiter::Standard,
    }
}

/// How a part that was cut comes back.
#[derive(Debug, Clone, Copy)]
struct Cure {
    /// What is left of it by a cut.
    factor: f64,
    /// No cut leaves less.
    least: f64,
    /// What comes back in a minute.
    per_minute: f64,
}

/// From the least, 90 % are back 52 seconds after a pause: with the longest pause for want of a `Retry-After`, within two
/// minutes of the last rejection.
const SLOWER: Cure = Cure { factor: 0.7, least: 0.25, per_minute: 0.75 };
const FEWER: Cure = Cure { factor: 0.5, least: 0.02, per_minute: 0.75 };
/// Down to a quarter, which is back to the whole within two minutes. Costs are counted by the minute too.
const SMALLER: Cure = Cure { factor: 0.5, least: 0.25, per_minute: 0.4 };

/// The part of something that is in use.
#[derive(Debug, Clone, Copy)]
struct Part {
    cure: Cure,
    value: f64,
    /// From then on it grows.
    since: Instant,
}

impl Part {
    fn whole(cure: Cure, now: Instant) -> Self {
        Self { cure, value: 1.0, since: now }
    }

    fn at(&self, now: Instant) -> f64 {
        let minutes = now.saturating_duration_since(self.since).as_secs_f64() / 60.0;
        (self.value + minutes * self.cure.per_minute).min(1.0)
    }

    fn cut(&mut self, now: Instant, until: Instant) {
        self.value = (self.at(now) * self.cure.factor).max(self.cure.least);
        self.since = until;
    }
}

/// What a rejection led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub(crate) limiter: Limiter,
    /// Not just another request that was sent before the last cut.
    pub(crate) is_news: bool,
}

/// Why a request whose turn it is may not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotYet {
    /// Nobody sends, so turns are given anew.
    Paused,
    /// A minute would hold too many until then.
    Full(Instant),
    /// The same, of searches alone: others may be sent.
    FullOfSearches(Instant),
}

/// Everything that one token's requests are paced by.
#[derive(Debug)]
pub(crate) struct Pace {
    requests: Spacing,
    /// Searches have a quota of their own besides.
    searches: Spacing,
    /// Part of the requests in flight, and of the page size, in use.
    flights: Part,
    pages: Part,
    /// Nobody sends before this instant. It only moves forward.
    paused_until: Instant,
    /// When the last cut was made, and for which limiter.
    last: Option<(Instant, Limiter)>,
}

/// The quota of searches. Source: <https://developers.asana.com/reference/searchtasksforworkspace>
pub(crate) const SEARCHES_PER_MINUTE: u32 = 60;

/// No plan allows fewer or more requests per minute. Source: <https://developers.asana.com/docs/rate-limits>
const LEAST_PER_MINUTE: u32 = 150;
const MOST_PER_MINUTE: u32 = 1_500;

fn search_quota(quota: Quota) -> Quota {
    match quota {
        // More than any plan allows is a simulator whose minutes are shorter: so they are for searches.
        Quota::PerMinute(number) => {
            Quota::PerMinute(SEARCHES_PER_MINUTE.max(number / (MOST_PER_MINUTE / SEARCHES_PER_MINUTE)))
        }
        Quota::Unlimited => Quota::Unlimited,
    }
}

impl Pace {
    pub(crate) fn new(quota: Quota, now: Instant) -> Self {
        Self {
            requests: Spacing::new(quota, LEAST_PER_MINUTE, now),
            searches: Spacing::new(search_quota(quota), SEARCHES_PER_MINUTE, now),
            flights: Part::whole(FEWER, now),
            pages: Part::whole(SMALLER, now),
            paused_until: now,
            last: None,
        }
    }

    pub(crate) fn set_quota(&mut self, quota: Quota) {
        self.requests.set_quota(quota);
        self.searches.set_quota(search_quota(quota));
    }

    pub(crate) fn quota(&self) -> Quota {
        self.requests.quota()
    }

    /// When a request's turn is.
    pub(crate) fn reserve(&mut self, now: Instant) -> Instant {
        let earliest = now.max(self.paused_until);
        self.requests.reserve(now, earliest)
    }

    pub(crate) fn reserve_search(&mut self, now: Instant) -> Instant {
        let turn = self.searches.reserve(now, now);
        turn.max(self.searches.full_until(turn).unwrap_or(turn))
    }

    /// Lets a request through whose turn it is.
    pub(crate) fn send(&mut self, now: Instant, search: bool) -> Result<(), NotYet> {
        if self.paused_until > now {
            return Err(NotYet::Paused);
        }
        if let Some(until) = search.then(|| self.searches.full_until(now)).flatten() {
            return Err(NotYet::FullOfSearches(until));
        }
        if let Some(until) = self.requests.full_until(now) {
            return Err(NotYet::Full(until));
        }
        self.requests.sent(now);
        if search {
            self.searches.sent(now);
        }
        Ok(())
    }

    /// How many of `most` requests may be in flight: at least one.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "at most 50")]
    #[expect(clippy::cast_sign_loss, reason = "a part of something is not negative")]
    pub(crate) fn in_flight(&self, most: usize, now: Instant) -> usize {
        ((most as f64 * self.flights.at(now)).floor() as usize).clamp(1, most.max(1))
    }

    /// Records that a page may hold: 100, 50 or 25.
    pub(crate) fn page_size(&self, whole: u32, now: Instant) -> u32 {
        let part = self.pages.at(now);
        let halvings = [1.0, 0.5].iter().filter(|enough| part < **enough).count();
        (0..halvings).fold(whole, |size, _| size / 2)
    }

    /// Stops everyone for `wait`, and cuts what seems to have been too much. `sent_at`: when the rejected one was sent.
    pub(crate) fn rejected(
        &mut self,
        now: Instant,
        sent_at: Instant,
        search: bool,
        in_flight: usize,
        (retry_after, wait): (Option<Duration>, Duration),
    ) -> Rejected {
        let resumed = self.paused_until;
        self.paused_until = self.paused_until.max(now + wait);
        self.requests.hold_until(self.paused_until);
        if let Some((cut_at, limiter)) = self.last
            && sent_at <= cut_at
        {
            // It was on its way when the cut was made: the same event.
            return Rejected { limiter, is_news: false };
        }
        let before = self.last.filter(|_| now < resumed + AGAIN).map(|(_, limiter)| limiter);
        let signs = Signs {
            used: self.requests.used(now),
            searches_used: search.then(|| self.searches.used(now)).flatten(),
            in_flight,
            retry_after,
            before,
        };
        let limiter = diagnose(&signs);
        let until = self.paused_until;
        let is_cured = before != Some(limiter);
        match limiter {
            Limiter::Standard => {}
            Limiter::Search => self.searches.part.cut(now, until),
            Limiter::Concurrency => self.flights.cut(now, until),
            Limiter::Cost => self.pages.cut(now, until),
        }
        if limiter == Limiter::Standard || !is_cured {
            self.requests.part.cut(now, until);
        }
        self.last = Some((now, limiter));
        Rejected { limiter, is_news: true }
    }
}

#[cfg(test)]
mod tests;
