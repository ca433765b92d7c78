//! Trouble that everyone has, told from trouble with one request.
//!
//! When several attempts in a row fail and none gets through, whatever they were for, it may be that Asana or the network
//! is gone. Then nobody sends any more but one *control*: a question that Asana answered a moment ago. If it is answered
//! again, the trouble is with the requests, and they go on failing on their own account. If it is not, it is an outage:
//! everyone waits, the control is asked every minute at most, and what failed meanwhile says nothing about the requests.
//! So a listing becomes a gap only if others got through while it did not.
//!
//! Two things end a run that gets nowhere, to be resumed later: no request succeeded for a given time, or so many more
//! failed than succeeded that going on would only waste the quota.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::retry::{Patience, Waits};

/// So many failures in a row, by whatever requests, are suspicious.
const SUSPICIOUS: u32 = 5;
/// Failures may outnumber successes by so many. Requests that succeed give back one each, so that as long as half of all
/// attempts succeed, however large the workspace, nothing is stopped.
const CREDIT: u32 = 1_000;

/// What stands at the door.
#[derive(Debug)]
enum Gate {
    Open,
    Shut {
        /// Before this instant no control is asked.
        next_control: Instant,
        /// Someone asks it right now.
        asking: bool,
        /// A control was asked and failed: not a suspicion any more.
        confirmed: bool,
        waits: Waits,
    },
}

#[derive(Debug)]
struct State {
    gate: Gate,
    /// Failures since the last success.
    in_a_row: u32,
    /// The first failure or rejection since the last success.
    since: Option<Instant>,
    credit: u32,
    successes: u64,
    outages: u64,
    last_reason: String,
}

/// Why a run does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing succeeded for this time.
    Silence { lasted: Duration, reason: String },
    /// Failures outnumber successes by so many.
    Waste { failures: u32, reason: String },
}

/// How a request may go on.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    Open,
    /// Nobody else may send: ask the control and say what came of it.
    Control(Control<'a>),
}

/// What a success ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Over {
    pub(crate) lasted: Duration,
}

/// The right to ask the control question. Dropped without an outcome, it is for someone else to ask.
#[derive(Debug)]
pub(crate) struct Control<'a> {
    outage: &'a Outage,
    is_answered: bool,
}

#[derive(Debug)]
pub(crate) struct Outage {
    give_up_after: Duration,
    state: Mutex<State>,
    /// Something changed that somebody may wait for.
    changed: Notify,
}

impl Outage {
    pub(crate) fn new(give_up_after: Duration) -> Self {
        Self {
            give_up_after,
            state: Mutex::new(State {
                gate: Gate::Open,
                in_a_row: 0,
                since: None,
                credit: CREDIT,
                successes: 0,
                outages: 0,
                last_reason: String::new(),
            }),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn give_up_after(&self) -> Duration {
        self.give_up_after
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state().gate, Gate::Open)
    }

    /// Requests that got through so far, and outages there were: a request compares them with what they were when it
    /// first failed.
    pub(crate) fn marks(&self) -> (u64, u64) {
        let state = self.state();
        (state.successes, state.outages)
    }

    /// Waits at the gate, if it is shut, until it opens or it is this caller's turn to ask the control.
    pub(crate) async fn enter(&self) -> Entry<'_> {
        loop {
            // Before looking, so that no change is missed.
            let changed = self.changed.notified();
            let turn = {
                let mut state = self.state();
                match &mut state.gate {
                    Gate::Open => return Entry::Open,
                    Gate::Shut { asking: true, .. } => None,
                    Gate::Shut { next_control, asking, .. } if *next_control <= Instant::now() => {
                        *asking = true;
                        return Entry::Control(Control { outage: self, is_answered: false });
                    }
                    Gate::Shut { next_control, .. } => Some(*next_control),
                }
            };
            match turn {
                Some(turn) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(turn) => {}
                },
                None => changed.await,
            }
        }
    }

    /// A request was answered for good. Gives what that ended, if it was an outage.
    pub(crate) fn succeeded(&self) -> Option<Over> {
        let mut state = self.state();
        state.successes += 1;
        state.in_a_row = 0;
        if state.credit > 0 {
            // Once it is used up, the run ends.
            state.credit = (state.credit + 1).min(CREDIT);
        }
        let since = state.since.take()?;
        let was = std::mem::replace(&mut state.gate, Gate::Open);
        drop(state);
        self.changed.notify_waiters();
        matches!(was, Gate::Shut { confirmed: true, .. }).then(|| Over { lasted: since.elapsed() })
    }

    /// An attempt failed.
    pub(crate) fn failed(&self, reason: &str) {
        let mut state = self.state();
        reason.clone_into(&mut state.last_reason);
        state.since.get_or_insert_with(Instant::now);
        state.in_a_row += 1;
        state.credit = state.credit.saturating_sub(1);
        if state.in_a_row >= SUSPICIOUS && matches!(state.gate, Gate::Open) {
            state.gate = shut();
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// A limiter rejected an attempt: neither a success nor a failure, but time passes.
    pub(crate) fn rejected(&self) {
        let mut state = self.state();
        if state.since.is_none() {
            "429: too many requests".clone_into(&mut state.last_reason);
            state.since = Some(Instant::now());
            drop(state);
            self.changed.notify_waiters();
        }
    }

    /// A request is at the end of its patience, and none got through meanwhile: the control has to tell why.
    pub(crate) fn suspect(&self) {
        let mut state = self.state();
        if matches!(state.gate, Gate::Open) {
            state.gate = shut();
        }
    }

    /// Completes when the run should not go on. Dropping it and asking again loses nothing.
    pub(crate) async fn end(&self) -> End {
        loop {
            let changed = self.changed.notified();
            let deadline = {
                let state = self.state();
                if state.credit == 0 {
                    return End::Waste { failures: CREDIT, reason: state.last_reason.clone() };
                }
                match state.since.map(|since| (since, since + self.give_up_after)) {
                    Some((since, deadline)) if deadline <= Instant::now() => {
                        return End::Silence { lasted: since.elapsed(), reason: state.last_reason.clone() };
                    }
                    deadline => deadline.map(|(_, deadline)| deadline),
                }
            };
            match deadline {
                Some(deadline) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(deadline) => {}
                },
                None => changed.await,
            }
        }
    }
}

/// The gate as it is shut: the control is asked at once.
fn shut() -> Gate {
    Gate::Shut { next_control: Instant::now(), asking: false, confirmed: false, waits: Patience::RUN.waits() }
}

impl Control<'_> {
    /// The control was not answered either. True when that is news: an outage begins.
    pub(crate) fn failed(mut self, reason: &str, jitter: f64) -> bool {
        self.is_answered = true;
        let mut state = self.outage.state();
        reason.clone_into(&mut state.last_reason);
        state.since.get_or_insert_with(Instant::now);
        let State { gate, outages, .. } = &mut *state;
        let Gate::Shut { next_control, asking, confirmed, waits } = gate else { return false };
        let is_news = !std::mem::replace(confirmed, true);
        *outages += u64::from(is_news);
        *asking = false;
        // A control right after another would tell nothing new.
        *next_control = Instant::now() + waits.next(0.5 + jitter / 2.0);
        drop(state);
        self.outage.changed.notify_waiters();
        is_news
    }
}

impl Drop for Control<'_> {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        // Whoever was to ask it was stopped: someone else may.
        if let Gate::Shut { asking, .. } = &mut self.outage.state().gate {
            *asking = false;
        }
        self.outage.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn outage() -> Outage {
        Outage::new(30 * MINUTE)
    }

    fn fail(outage: &Outage, times: u32) {
        (0..times).for_each(|_| outage.failed("503"));
    }

    async fn control(outage: &Outage) -> Control<'_> {
        match outage.enter().await {
            Entry::Control(control) => control,
            Entry::Open => panic!("the gate is open"),
        }
    }

    async fn is_open(outage: &Outage) -> bool {
        matches!(tokio::time::timeout(MINUTE / 100, outage.enter()).await, Ok(Entry::Open))
    }

    #[tokio::test(start_paused = true)]
    async fn failures_among_successes_are_no_outage() {
        let outage = outage();
        for _ in 0..100 {
            fail(&outage, SUSPICIOUS - 1);
            assert_eq!(outage.succeeded(), None);
        }
        assert!(is_open(&outage).await);
        assert_eq!(outage.marks(), (100, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn if_the_control_is_answered_it_was_the_requests() {
        let outage = outage();
        fail(&outage, SUSPICIOUS);
        let asked = control(&outage).await;
        assert!(!is_open(&outage).await, "everyone else waits for it");
        assert_eq!(outage.succeeded(), None, "no outage, so none is over");
        drop(asked);
        assert!(is_open(&outage).await);
        assert_eq!(outage.marks(), (1, 0), "others got through, and there was no outage");
    }

    #[tokio::test(start_paused = true)]
    async fn in_an_outage_one_asks_at_most_every_minute_and_the_others_wait() {
        let outage = Arc::new(outage());
        let began = Instant::now();
        fail(&outage, SUSPICIOUS);
        let waiting: Vec<_> = (0..40)
            .map(|_| {
                let outage = Arc::clone(&outage);
                tokio::spawn(async move {
                    let mut asked = 0;
                    loop {
                        match outage.enter().await {
                            Entry::Open => return asked,
                            Entry::Control(control) if began.elapsed() < 10 * MINUTE => {
                                asked += 1;
                                control.failed("503", 0.5);
                            }
                            Entry::Control(control) => {
                                asked += 1;
                                assert!(outage.succeeded().unwrap().lasted >= 10 * MINUTE);
                                drop(control);
                            }
                        }
                    }
                })
            })
            .collect();
        let mut asked = 0;
        for task in waiting {
            asked += task.await.unwrap();
        }
        assert!((15..25).contains(&asked), "{asked} controls in ten minutes, by forty who wait");
        assert!(began.elapsed() < 11 * MINUTE + MINUTE / 10, "it is noticed within a minute that it is over");
        assert_eq!(outage.marks().1, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_stopped_while_asking_leaves_it_to_another() {
        let outage = outage();
        fail(&outage, SUSPICIOUS);
        drop(control(&outage).await);
        drop(control(&outage).await);
        assert!(control(&outage).await.failed("503", 0.5), "an outage begins");
        tokio::time::sleep(MINUTE).await;
        assert!(!control(&outage).await.failed("503", 0.5), "and goes on");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_for_the_given_time_is_the_end() {
        let outage = outage();
        tokio::time::sleep(100 * MINUTE).await;
        let early = tokio::time::timeout(100 * MINUTE, outage.end()).await;
        assert!(early.is_err(), "that nothing was asked is no trouble");
        outage.rejected();
        tokio::time::sleep(20 * MINUTE).await;
        outage.failed("no route to host");
        let began = Instant::now();
        let end = outage.end().await;
        assert_eq!(end, End::Silence { lasted: 30 * MINUTE, reason: "no route to host".to_owned() });
        assert_eq!(began.elapsed(), 10 * MINUTE, "rejections count as well");
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_begins_the_time_anew() {
        let outage = Arc::new(outage());
        outage.failed("503");
        let ends = tokio::spawn({
            let outage = Arc::clone(&outage);
            async move { outage.end().await }
        });
        for _ in 0..10 {
            tokio::time::sleep(20 * MINUTE).await;
            outage.succeeded();
            outage.failed("503");
        }
        assert!(!ends.is_finished());
        tokio::time::sleep(31 * MINUTE).await;
        assert!(matches!(ends.await.unwrap(), End::Silence { .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_may_outnumber_successes_but_not_without_bound() {
        let outage = outage();
        for _ in 0..10 * CREDIT {
            outage.failed("500");
            outage.succeeded();
        }
        assert!(tokio::time::timeout(MINUTE, outage.end()).await.is_err(), "half of all succeeded");
        for _ in 0..=CREDIT / 7 {
            fail(&outage, 8);
            outage.succeeded();
        }
        assert_eq!(outage.end().await, End::Waste { failures: CREDIT, reason: "503".to_owned() });
    }
}
