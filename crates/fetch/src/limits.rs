//! The one door to the network: a permit, the shared pause, then the quota.
//!
//! Asana counts requests per token in minutes, and counts rejected ones too, so requests are spaced out before they are
//! sent, and a `Retry-After` stops everyone, not just whoever received it.
//! Source: <https://developers.asana.com/docs/rate-limits>

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::FetchError;

/// Asana refuses a token's fifty-first GET in flight.
pub const MOST_IN_FLIGHT: usize = 50;

/// Share of the quota that is used: the rest covers the jitter between sending here and arriving there.
const SHARE: f64 = 0.97;

/// A 429 that arrives this soon after another is the same event.
const ONE_EVENT: Duration = Duration::from_millis(500);

/// Requests per minute that the run may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    PerMinute(u32),
    /// Only for servers without limits, such as a simulator.
    Unlimited,
}

impl Quota {
    pub const FREE: Quota = Quota::PerMinute(150);
    pub const PAID: Quota = Quota::PerMinute(1500);

    /// Requests per minute that are really sent under it.
    pub fn pace(self) -> Option<f64> {
        self.per_minute().map(|requests| f64::from(requests) * SHARE)
    }

    pub fn per_minute(self) -> Option<u32> {
        match self {
            Quota::PerMinute(requests) => Some(requests),
            Quota::Unlimited => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Limits {
    permits: Arc<Semaphore>,
    pace: Mutex<Pace>,
    /// Searches have a quota of their own besides.
    searches: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    quota: Quota,
    /// Part of the pace in use: lowered by each rejection, raised again by each request that passes.
    throttle: f64,
    /// When the next request would be due if all so far had been evenly spaced.
    due: Instant,
    /// Nobody sends before this instant. It only moves forward.
    paused_until: Instant,
    last_rejection: Option<Instant>,
}

/// The quota of searches. Source: <https://developers.asana.com/reference/searchtasksforworkspace>
pub(crate) const SEARCHES_PER_MINUTE: u32 = 60;

/// No plan allows more requests per minute. Source: <https://developers.asana.com/docs/rate-limits>
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

impl Limits {
    pub(crate) fn new(quota: Quota, in_flight: usize) -> Self {
        let now = Instant::now();
        let pace = |quota| Pace { quota, throttle: 1.0, due: now, paused_until: now, last_rejection: None };
        Self {
            permits: Arc::new(Semaphore::new(in_flight.clamp(1, MOST_IN_FLIGHT))),
            pace: Mutex::new(pace(quota)),
            searches: Mutex::new(pace(search_quota(quota))),
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // The pace stays meaningful even if a thread died while holding it.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_quota(&self, quota: Quota) {
        self.pace().quota = quota;
        self.searches().quota = search_quota(quota);
    }

    fn searches(&self) -> MutexGuard<'_, Pace> {
        self.searches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn quota(&self) -> Quota {
        self.pace().quota
    }

    /// Waits for the right to send one request. The request is in flight until the permit is dropped.
    ///
    /// # Errors
    /// [`FetchError::Cancelled`] when the run is to stop first.
    pub(crate) async fn admit(
        &self,
        search: bool,
        cancel: &CancellationToken,
    ) -> Result<OwnedSemaphorePermit, FetchError> {
        let wait = async {
            if search {
                // Before the permit: a search that waits for its turn keeps nobody from sending.
                let turn = self.searches().reserve(Instant::now());
                sleep_until(turn).await;
            }
            // The semaphore is never closed.
            let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| FetchError::Cancelled)?;
            loop {
                let turn = self.pace().reserve(Instant::now());
                sleep_until(turn).await;
                // A pause that began meanwhile holds whoever was about to send, and spaces them out anew.
                if self.pace().paused_until <= Instant::now() {
                    return Ok(permit);
                }
            }
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(FetchError::Cancelled),
            permit = wait => permit,
        }
    }

    /// Stops everyone for `wait`, and slows the pace: Asana rejected a request.
    pub(crate) fn rejected(&self, wait: Duration) {
        let now = Instant::now();
        let mut pace = self.pace();
        let same_event = pace.last_rejection.is_some_and(|last| now.duration_since(last) < ONE_EVENT);
        if !same_event {
            pace.throttle = (pace.throttle * 0.7).max(0.1);
        }
        pace.last_rejection = Some(now);
        pace.paused_until = pace.paused_until.max(now + wait);
        pace.due = pace.due.max(pace.paused_until);
    }

    /// A request passed: the pace recovers, fully within the requests of about one minute.
    pub(crate) fn passed(&self) {
        let mut pace = self.pace();
        if pace.throttle < 1.0
            && let Some(quota) = pace.quota.per_minute()
        {
            pace.throttle = (pace.throttle + 1.0 / f64::from(quota.max(1))).min(1.0);
        }
    }
}

impl Pace {
    /// The instant at which the next request may be sent, and takes it.
    fn reserve(&mut self, now: Instant) -> Instant {
        let earliest = now.max(self.paused_until);
        let Quota::PerMinute(quota) = self.quota else { return earliest };
        let quota = f64::from(quota.max(1));
        let interval = Duration::from_secs_f64(60.0 / (quota * SHARE * self.throttle));
        // What was not used a moment ago may be used now, up to a hundredth of a minute's requests.
        let burst = interval.mul_f64((quota / 100.0).max(3.0) - 1.0);
        let due = self.due.max(earliest.checked_sub(burst).unwrap_or(earliest));
        self.due = due + interval;
        due.max(earliest)
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "counts of requests are small")]
mod tests {
    use super::*;

    /// The instants at which `count` requests are let through by a quota, in seconds.
    async fn admitted(limits: &Limits, count: usize) -> Vec<f64> {
        let start = Instant::now();
        let cancel = CancellationToken::new();
        let mut times = Vec::new();
        for _ in 0..count {
            drop(limits.admit(false, &cancel).await.unwrap());
            limits.passed();
            times.push(start.elapsed().as_secs_f64());
        }
        times
    }

    fn most_in_a_minute(times: &[f64]) -> usize {
        times.iter().map(|from| times.iter().filter(|at| (*from..from + 60.0).contains(at)).count()).max().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_holds_more_than_the_quota_and_little_is_left_unused() {
        for quota in [150_u32, 1500] {
            let times = admitted(&Limits::new(Quota::PerMinute(quota), 40), quota as usize * 4).await;
            let most = most_in_a_minute(&times);
            assert!(most <= quota as usize, "{most} requests in a minute under a quota of {quota}");
            let used = times.len() as f64 / (times.last().unwrap() / 60.0) / f64::from(quota);
            assert!(used >= 0.95, "only {used:.3} of the quota of {quota} is used");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_minute_is_not_saved_up() {
        let limits = Limits::new(Quota::PerMinute(1500), 40);
        admitted(&limits, 10).await;
        tokio::time::sleep(Duration::from_secs(600)).await;
        assert!(most_in_a_minute(&admitted(&limits, 3000).await) <= 1500);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everyone_and_its_end_is_no_stampede() {
        let limits = Arc::new(Limits::new(Quota::PerMinute(1500), 40));
        let start = Instant::now();
        let waiting: Vec<_> = (0..30)
            .map(|_| {
                let limits = Arc::clone(&limits);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    drop(limits.admit(false, &CancellationToken::new()).await.unwrap());
                    start.elapsed()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        limits.rejected(Duration::from_secs(30));
        let mut times = Vec::new();
        for task in waiting {
            times.push(task.await.unwrap());
        }
        let late: Vec<_> = times.iter().filter(|at| **at > Duration::from_millis(60)).collect();
        assert!(late.iter().all(|at| **at >= Duration::from_secs(30)), "{times:?}");
        let at_once = late.iter().filter(|at| ***at < Duration::from_millis(30_200)).count();
        assert!(at_once <= 20, "{at_once} requests within a fifth of a second after the pause");
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejection_slows_down_and_is_forgotten_within_two_minutes() {
        let limits = Limits::new(Quota::PAID, 40);
        limits.rejected(Duration::from_secs(5));
        limits.rejected(Duration::from_secs(5));
        assert!((limits.pace().throttle - 0.7).abs() < 1e-9, "one event, one cut");
        let times = admitted(&limits, 4000).await;
        let from = times.iter().position(|at| *at > 125.0).unwrap();
        let rate = (times.len() - from) as f64 / (times.last().unwrap() - times[from]) * 60.0;
        assert!(rate > 0.9 * 1500.0 * SHARE, "{rate}");
    }

    #[tokio::test(start_paused = true)]
    async fn searches_keep_to_their_own_quota_and_hold_up_nobody() {
        let limits = Arc::new(Limits::new(Quota::PAID, 1));
        let start = Instant::now();
        let searching = {
            let limits = Arc::clone(&limits);
            tokio::spawn(async move {
                let mut times = Vec::new();
                for _ in 0..180 {
                    drop(limits.admit(true, &CancellationToken::new()).await.unwrap());
                    times.push(start.elapsed().as_secs_f64());
                }
                times
            })
        };
        let others = admitted(&limits, 3000).await;
        assert!(*others.last().unwrap() < 130.0, "the only permit is not held while a search waits");
        let times = searching.await.unwrap();
        assert!(most_in_a_minute(&times) <= 60);
        assert!(*times.last().unwrap() < 190.0, "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn in_flight_is_bounded_whatever_is_asked() {
        let limits = Limits::new(Quota::Unlimited, 400);
        let cancel = CancellationToken::new();
        let mut held = Vec::new();
        for _ in 0..MOST_IN_FLIGHT {
            held.push(limits.admit(false, &cancel).await.unwrap());
        }
        let next = tokio::time::timeout(Duration::from_secs(3600), limits.admit(false, &cancel)).await;
        assert!(next.is_err());
        cancel.cancel();
        assert!(matches!(limits.admit(false, &cancel).await, Err(FetchError::Cancelled)));
    }
}
