//! The one door to the network: a permit, the shared pause, then the quota.
//!
//! Asana counts requests per token in minutes, and counts rejected ones too, so requests are spaced out before they are
//! sent, and a `Retry-After` stops everyone, not just whoever received it. How fast that is says [`crate::pace`]. Turns
//! come one by one, and pages that follow others go before what is new: where the pace is what holds everything up, forty
//! wait, and a listing of many pages would wait for all of them with each page.
//! Source: <https://developers.asana.com/docs/rate-limits>

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::FetchError;
use crate::pace::{NotYet, Pace, Rejected, SHARE};
use crate::request::Request;

/// Asana refuses a token's fifty-first GET in flight.
pub const MOST_IN_FLIGHT: usize = 50;

/// Asana's largest page. Source: <https://developers.asana.com/docs/pagination>
pub const PAGE_SIZE: u32 = 100;

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

/// What a request is for, as far as its turn depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    Any,
    /// Others follow it one by one, so a run may last as long as they do.
    NextPage,
    /// The same, and it counts for the limit of searches too.
    Search,
}

impl Errand {
    pub(crate) fn of(request: &Request) -> Self {
        match request {
            Request { search: true, .. } => Errand::Search,
            Request { offset: Some(_), .. } => Errand::NextPage,
            _ => Errand::Any,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Limits {
    seats: Arc<Seats>,
    pace: Arc<Mutex<Pace>>,
    /// Where requests without hurry wait for each other. The others pass them by.
    line: tokio::sync::Mutex<()>,
    /// Held by the one whose turn is next.
    next: tokio::sync::Mutex<()>,
}

/// The permits, as many as the pace allows at the moment.
#[derive(Debug)]
struct Seats {
    semaphore: Arc<Semaphore>,
    most: usize,
    /// Permits that there are, taken or not.
    there: Mutex<usize>,
    pace: Arc<Mutex<Pace>>,
}

/// The right to have one request in flight.
#[derive(Debug)]
pub(crate) struct Permit {
    inner: Option<OwnedSemaphorePermit>,
    seats: Arc<Seats>,
    /// When it was given, which is when its request is sent.
    pub(crate) sent_at: Instant,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.seats.give_back(self.inner.take());
    }
}

impl Seats {
    fn allowed(&self) -> usize {
        lock(&self.pace).in_flight(self.most, Instant::now())
    }

    /// Brings the number of permits to what is allowed, as far as they are not taken.
    fn settle(&self) {
        let allowed = self.allowed();
        let mut there = lock(&self.there);
        if *there < allowed {
            self.semaphore.add_permits(allowed - *there);
            *there = allowed;
        } else if *there > allowed {
            *there -= self.semaphore.forget_permits(*there - allowed);
        }
    }

    fn give_back(&self, permit: Option<OwnedSemaphorePermit>) {
        let allowed = self.allowed();
        let mut there = lock(&self.there);
        match permit {
            Some(permit) if *there > allowed => {
                permit.forget();
                *there -= 1;
            }
            permit => drop(permit),
        }
        drop(there);
        self.settle();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it stays meaningful even if a thread died while holding it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Limits {
    pub(crate) fn new(quota: Quota, in_flight: usize) -> Self {
        let pace = Arc::new(Mutex::new(Pace::new(quota, Instant::now())));
        let most = in_flight.clamp(1, MOST_IN_FLIGHT);
        let semaphore = Arc::new(Semaphore::new(most));
        let seats = Seats { semaphore, most, there: Mutex::new(most), pace: Arc::clone(&pace) };
        Self { seats: Arc::new(seats), pace, line: tokio::sync::Mutex::default(), next: tokio::sync::Mutex::default() }
    }

    pub(crate) fn set_quota(&self, quota: Quota) {
        lock(&self.pace).set_quota(quota);
    }

    pub(crate) fn quota(&self) -> Quota {
        lock(&self.pace).quota()
    }

    /// Records that a page may hold at the moment.
    pub(crate) fn page_size(&self) -> u32 {
        lock(&self.pace).page_size(PAGE_SIZE, Instant::now())
    }

    /// Requests that may be in flight at the moment.
    pub(crate) fn in_flight(&self) -> usize {
        self.seats.allowed()
    }

    /// Waits for the right to send one request. The request is in flight until the permit is dropped.
    ///
    /// # Errors
    /// [`FetchError::Cancelled`] when the run is to stop first.
    pub(crate) async fn admit(&self, errand: Errand, cancel: &CancellationToken) -> Result<Permit, FetchError> {
        let wait = async {
            if errand == Errand::Search {
                // Before all else: a search that waits for its turn keeps nobody from sending.
                let turn = lock(&self.pace).reserve_search(Instant::now());
                sleep_until(turn).await;
            }
            loop {
                match self.next_turn(errand).await? {
                    Ok(permit) => return Ok(permit),
                    Err(until) => sleep_until(until).await,
                }
            }
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(FetchError::Cancelled),
            permit = wait => permit,
        }
    }

    /// Waits in line and takes a turn. Gives the instant until which the minute is full if that is so of searches alone:
    /// others go first then.
    async fn next_turn(&self, errand: Errand) -> Result<Result<Permit, Instant>, FetchError> {
        let is_paced = self.quota() != Quota::Unlimited;
        let _line = if is_paced && errand == Errand::Any { Some(self.line.lock().await) } else { None };
        let _next = if is_paced { Some(self.next.lock().await) } else { None };
        self.seats.settle();
        // The semaphore is never closed.
        let permit = Arc::clone(&self.seats.semaphore).acquire_owned().await.map_err(|_| FetchError::Cancelled)?;
        let mut permit = Permit { inner: Some(permit), seats: Arc::clone(&self.seats), sent_at: Instant::now() };
        let mut turn = lock(&self.pace).reserve(Instant::now());
        loop {
            sleep_until(turn).await;
            permit.sent_at = Instant::now();
            let sent = lock(&self.pace).send(permit.sent_at, errand == Errand::Search);
            turn = match sent {
                Ok(()) => return Ok(Ok(permit)),
                Err(NotYet::FullOfSearches(until)) => return Ok(Err(until)),
                Err(NotYet::Full(until)) => until,
                // A pause that began meanwhile holds whoever was about to send, and spaces them out anew.
                Err(NotYet::Paused) => lock(&self.pace).reserve(Instant::now()),
            };
        }
    }

    /// Stops everyone for `wait`, and slows down: Asana rejected the request sent with `permit`, naming `retry_after`.
    pub(crate) fn rejected(
        &self,
        permit: &Permit,
        search: bool,
        in_flight: usize,
        (retry_after, wait): (Option<Duration>, Duration),
    ) -> Rejected {
        lock(&self.pace).rejected(Instant::now(), permit.sent_at, search, in_flight, (retry_after, wait))
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "counts of requests are small")]
mod tests {
    use super::*;
    use crate::pace::Limiter;

    /// The instants at which `count` requests are let through by a quota, in seconds.
    async fn admitted(limits: &Limits, count: usize) -> Vec<f64> {
        let start = Instant::now();
        let cancel = CancellationToken::new();
        let mut times = Vec::new();
        for _ in 0..count {
            drop(limits.admit(Errand::Any, &cancel).await.unwrap());
            times.push(start.elapsed().as_secs_f64());
        }
        times
    }

    fn reject(limits: &Limits, permit: &Permit, wait: Duration) {
        limits.rejected(permit, false, 5, (Some(wait), wait));
    }

    fn most_in_a_minute(times: &[f64]) -> usize {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        let within = |from: usize| times.partition_point(|at| *at < times[from] + 60.0) - from;
        (0..times.len()).map(within).max().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_holds_more_than_the_quota_and_little_is_left_unused() {
        for quota in [150_u32, 1500] {
            let times = admitted(&Limits::new(Quota::PerMinute(quota), 40), quota as usize * 4).await;
            let most = most_in_a_minute(&times);
            assert!(most <= quota as usize, "{most} requests in a minute under a quota of {quota}");
            let used = times.len() as f64 / (times.last().unwrap() / 60.0) / f64::from(quota);
            assert!(used >= 0.975, "only {used:.3} of the quota of {quota} is used");
        }
    }

    /// When requests arrive at Asana, and searches among them, of forty that ask one after another for ten minutes. Some
    /// take longer to get there than others; at times nobody has anything to ask, and at times the process stands still.
    async fn arrivals(quota: u32) -> [Vec<f64>; 2] {
        let limits = Arc::new(Limits::new(Quota::PerMinute(quota), 40));
        let start = Instant::now();
        let worker = |number: u64| {
            let (limits, mut dice) = (Arc::clone(&limits), fastrand::Rng::with_seed(number));
            async move {
                let is_search = number.is_multiple_of(8);
                let errand = if is_search { Errand::Search } else { Errand::Any };
                let mut arrivals = Vec::new();
                while start.elapsed() < Duration::from_secs(600) {
                    let second = start.elapsed().as_secs() % 100;
                    if second >= 70 {
                        tokio::time::sleep(Duration::from_secs(100 - second)).await;
                    }
                    let permit = limits.admit(errand, &CancellationToken::new()).await.unwrap();
                    let way = Duration::from_millis(dice.u64(50..550));
                    arrivals.push((permit.sent_at + way - start).as_secs_f64());
                    tokio::time::sleep(Duration::from_millis(dice.u64(500..1300))).await;
                }
                (is_search, arrivals)
            }
        };
        let workers: Vec<_> = (0..40).map(|number| tokio::spawn(worker(number))).collect();
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(25_300)).await;
            tokio::time::advance(Duration::from_secs(3)).await;
        }
        let (mut all, mut searches) = (Vec::new(), Vec::new());
        for worker in workers {
            let (is_search, arrivals) = worker.await.unwrap();
            all.extend_from_slice(&arrivals);
            searches.extend(arrivals.into_iter().filter(|_| is_search));
        }
        [all, searches]
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_holds_requests_up_no_minute_at_asana_holds_more_than_the_quota() {
        for quota in [150, 600, 1500] {
            let [all, searches] = arrivals(quota).await;
            let (most, searches) = (most_in_a_minute(&all), most_in_a_minute(&searches));
            assert!(most <= quota as usize, "{most} requests in a minute under a quota of {quota}");
            assert!(searches <= 60, "{searches} searches in a minute");
            assert!(most >= quota as usize * 9 / 10, "the quota of {quota} was never used up: {most}");
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
        let rejected = limits.admit(Errand::Any, &CancellationToken::new()).await.unwrap();
        let start = Instant::now();
        let waiting: Vec<_> = (0..30)
            .map(|_| {
                let limits = Arc::clone(&limits);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    drop(limits.admit(Errand::Any, &CancellationToken::new()).await.unwrap());
                    start.elapsed()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        reject(&limits, &rejected, Duration::from_secs(30));
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
    async fn a_storm_is_over_two_minutes_after_its_end_and_so_is_another() {
        let limits = Limits::new(Quota::PAID, 40);
        for _ in 0..2 {
            for wait in [2, 7, 1, 60] {
                let permit = limits.admit(Errand::Any, &CancellationToken::new()).await.unwrap();
                reject(&limits, &permit, Duration::from_secs(wait));
            }
            let times = admitted(&limits, 4000).await;
            assert!(times[0] >= 59.0, "{}", times[0]);
            let from = times.iter().position(|at| *at > 120.0).unwrap();
            let rate = (times.len() - from) as f64 / (times.last().unwrap() - times[from]) * 60.0;
            assert!(rate > 0.9 * 1500.0 * SHARE, "{rate}");
            assert!(most_in_a_minute(&times) <= 1500);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fewer_in_flight_means_that_permits_vanish_as_they_come_back_and_grow_again() {
        let limits = Limits::new(Quota::Unlimited, 40);
        let cancel = CancellationToken::new();
        let mut held = Vec::new();
        for _ in 0..40 {
            held.push(limits.admit(Errand::Any, &cancel).await.unwrap());
        }
        let wait = Duration::from_secs(5);
        assert_eq!(limits.rejected(&held[0], false, 40, (Some(wait), wait)).limiter, Limiter::Concurrency);
        assert_eq!(limits.in_flight(), 20);
        held.truncate(20);
        let next = tokio::time::timeout(wait, limits.admit(Errand::Any, &cancel)).await;
        assert!(next.is_err(), "twenty are in flight, and no more may be");
        held.pop();
        held.push(limits.admit(Errand::Any, &cancel).await.unwrap());
        tokio::time::sleep(Duration::from_secs(60)).await;
        while held.len() < 40 {
            held.push(limits.admit(Errand::Any, &cancel).await.unwrap());
        }
        assert!(tokio::time::timeout(wait, limits.admit(Errand::Any, &cancel)).await.is_err());
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
                    drop(limits.admit(Errand::Search, &CancellationToken::new()).await.unwrap());
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
    async fn what_follows_one_by_one_goes_before_what_is_new() {
        let limits = Arc::new(Limits::new(Quota::PAID, 40));
        let worker = |errand| {
            let limits = Arc::clone(&limits);
            async move {
                let (start, mut sent) = (Instant::now(), 0_u32);
                while start.elapsed() < Duration::from_secs(60) {
                    let permit = limits.admit(errand, &CancellationToken::new()).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(600)).await;
                    drop(permit);
                    sent += 1;
                }
                sent
            }
        };
        let others: Vec<_> = (0..50).map(|_| tokio::spawn(worker(Errand::Any))).collect();
        let (pages, searches) = (tokio::spawn(worker(Errand::NextPage)), tokio::spawn(worker(Errand::Search)));
        let (pages, searches) = (pages.await.unwrap(), searches.await.unwrap());
        assert!(pages >= 82, "{pages} pages in a minute, where an answer takes 0.6 s");
        assert!(searches >= 57, "{searches} searches in a minute");
        let mut all = pages + searches;
        for other in others {
            all += other.await.unwrap();
        }
        assert!(all >= 1470, "{all}: no turn is lost");
    }

    #[tokio::test(start_paused = true)]
    async fn searches_whose_minute_is_full_hold_up_nobody() {
        let limits = Arc::new(Limits::new(Quota::PAID, 40));
        let now = Instant::now();
        for _ in 0..60 {
            lock(&limits.pace).send(now, true).unwrap();
        }
        let searching = {
            let limits = Arc::clone(&limits);
            tokio::spawn(async move { limits.next_turn(Errand::Search).await.unwrap().map(drop).unwrap_err() })
        };
        let others = admitted(&limits, 80).await;
        assert!(*others.last().unwrap() < 4.0, "{others:?}");
        assert!(searching.await.unwrap() > now + Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn in_flight_is_bounded_whatever_is_asked() {
        let limits = Limits::new(Quota::Unlimited, 400);
        let cancel = CancellationToken::new();
        let mut held = Vec::new();
        for _ in 0..MOST_IN_FLIGHT {
            held.push(limits.admit(Errand::Any, &cancel).await.unwrap());
        }
        let next = tokio::time::timeout(Duration::from_secs(3600), limits.admit(Errand::Any, &cancel)).await;
        assert!(next.is_err());
        cancel.cancel();
        assert!(matches!(limits.admit(Errand::Any, &cancel).await, Err(FetchError::Cancelled)));
    }
}
