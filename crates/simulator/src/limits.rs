//! The limiters of a token: requests per minute, searches per minute, requests in flight, cost per minute.
//!
//! The minute is a window of six slots of ten simulated seconds, so it slides and waits are often shorter than a
//! minute. Every request counts, rejected ones too: who ignores `Retry-After` stays shut out.

use std::collections::VecDeque;

use crate::cost::Purse;

const SLOT_MS: u64 = 10_000;
const SLOTS: u64 = 6;
/// What the concurrency limiter asks for: time for what is in flight to finish, in simulated milliseconds.
const FLIGHT_MS: u64 = 5_000;

/// Which limiter said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limiter {
    Standard,
    Search,
    Concurrent,
    Cost,
}

/// A refusal and the simulated wait it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) by: Limiter,
    pub(crate) wait_ms: u64,
}

/// Requests of the last minute.
#[derive(Debug, Default)]
struct Window {
    slots: VecDeque<(u64, u32)>,
}

impl Window {
    /// Counts a request. `Err` is the wait until the quota has room again.
    fn count(&mut self, now_ms: u64, quota: Option<u32>) -> Result<(), u64> {
        let now = now_ms / SLOT_MS;
        while self.slots.front().is_some_and(|(slot, _)| slot + SLOTS <= now) {
            self.slots.pop_front();
        }
        let before = self.sum();
        match self.slots.back_mut() {
            Some((slot, count)) if *slot == now => *count += 1,
            _ => self.slots.push_back((now, 1)),
        }
        let Some(quota) = quota.filter(|quota| before >= *quota) else { return Ok(()) };
        let mut left = self.sum();
        for (slot, count) in &self.slots {
            left -= count;
            if left < quota {
                return Err((slot + SLOTS) * SLOT_MS - now_ms);
            }
        }
        Err(SLOTS * SLOT_MS)
    }

    fn sum(&self) -> u32 {
        self.slots.iter().map(|(_, count)| count).sum()
    }
}

/// What the limiters allow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed {
    pub(crate) standard: Option<u32>,
    pub(crate) search: u32,
    pub(crate) concurrent: u32,
    pub(crate) cost: Option<u32>,
}

/// The state of one token.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    standard: Window,
    search: Window,
    pub(crate) purse: Purse,
    pub(crate) in_flight: u32,
}

impl Budget {
    /// Counts a request and says whether it may go on. The caller has to lower `in_flight` when it is answered.
    pub(crate) fn admit(&mut self, now_ms: u64, allowed: Allowed, is_search: bool) -> Result<(), Refused> {
        self.in_flight += 1;
        let standard = self.standard.count(now_ms, allowed.standard);
        let search = if is_search { self.search.count(now_ms, Some(allowed.search)) } else { Ok(()) };
        standard.map_err(|wait_ms| Refused { by: Limiter::Standard, wait_ms })?;
        search.map_err(|wait_ms| Refused { by: Limiter::Search, wait_ms })?;
        if self.in_flight > allowed.concurrent {
            return Err(Refused { by: Limiter::Concurrent, wait_ms: FLIGHT_MS });
        }
        let Some(cost) = allowed.cost else { return Ok(()) };
        self.purse.admit(now_ms, cost).map_err(|wait_ms| Refused { by: Limiter::Cost, wait_ms })
    }

    /// Requests counted in the current window.
    pub(crate) fn last_minute(&self) -> u32 {
        self.standard.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: Allowed = Allowed { standard: Some(150), search: 60, concurrent: 50, cost: None };

    fn admit(budget: &mut Budget, now_ms: u64, is_search: bool) -> Result<(), Refused> {
        let answer = budget.admit(now_ms, ALLOWED, is_search);
        budget.in_flight -= 1;
        answer
    }

    #[test]
    fn the_quota_is_exact_and_rejections_count() {
        let mut budget = Budget::default();
        for at in 0..150 {
            assert_eq!(admit(&mut budget, at * 100, false), Ok(()), "{at}");
        }
        // 100 were sent in the first ten seconds: they leave the window after sixty.
        let refused = admit(&mut budget, 15_000, false).unwrap_err();
        assert_eq!(refused, Refused { by: Limiter::Standard, wait_ms: 45_000 });
        assert_eq!(budget.last_minute(), 151);
        assert_eq!(admit(&mut budget, 60_000, false), Ok(()));
        // Hammering fills the window with rejections.
        for _ in 0..200 {
            let _refused_or_not = admit(&mut budget, 61_000, false);
        }
        assert!(admit(&mut budget, 90_000, false).is_err());
        assert_eq!(admit(&mut budget, 120_000, false), Ok(()));
    }

    #[test]
    fn an_even_pace_at_the_quota_is_never_refused() {
        let mut budget = Budget::default();
        for at in 0..1_000 {
            assert_eq!(admit(&mut budget, at * 400, false), Ok(()), "{at}");
        }
    }

    #[test]
    fn searches_and_flights_have_limits_of_their_own() {
        let mut budget = Budget::default();
        for _ in 0..60 {
            assert_eq!(admit(&mut budget, 0, true), Ok(()));
        }
        assert_eq!(admit(&mut budget, 0, true).unwrap_err().by, Limiter::Search);
        let mut budget = Budget::default();
        for _ in 0..50 {
            assert_eq!(budget.admit(0, ALLOWED, false), Ok(()));
        }
        assert_eq!(budget.admit(0, ALLOWED, false).unwrap_err().by, Limiter::Concurrent);
    }
}
