//! Asks until there is an answer: the one loop that waits.
//!
//! Every attempt, retries included, goes through the door in [`crate::limits`]; what an attempt means is decided in
//! [`crate::retry`]; whether the trouble is everyone's, in [`crate::outage`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use asana_model::{Event, Reporter};
use jiff::Timestamp;
use reqwest::Url;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::AsanaClock;
use crate::error::in_words;
use crate::limits::{Errand, Limits, Permit, Quota};
use crate::outage::{Control, End, Entry, Outage};
use crate::pace::Limiter;
use crate::page;
use crate::request::{Request, base_url};
use crate::retry::{Attempt, Cause, Patience, Step, Tries, Trouble, Verdict, judge, wait_after};
use crate::traffic::{AsanaChange, Counters, Traffic};
use crate::transport::{Received, Transport};
use crate::{FetchError, Token};

/// What is asked to find out whether Asana answers was answered so long before the last answer, at most.
const CONTROL_AGE: Duration = Duration::from_secs(1);

/// How to reach Asana.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// As in `https://app.asana.com/api/1.0`; plain HTTP only to this machine.
    pub base_url: String,
    pub token: Token,
    pub quota: Quota,
    /// Requests in flight, at most [`crate::limits::MOST_IN_FLIGHT`].
    pub concurrency: usize,
    /// A run in which no request succeeds for this long is stopped, to be resumed.
    pub give_up_after: Duration,
}

/// A connection to Asana for one token.
pub struct Client {
    transport: Transport,
    base: Url,
    limits: Limits,
    outage: Outage,
    /// What Asana answered a moment ago, to be asked again when nothing gets through.
    control: Mutex<Option<(Url, Instant)>>,
    clock: AsanaClock,
    counters: Counters,
    cancel: CancellationToken,
    /// Nobody waits for a turn any more: cancelled, or the run ended otherwise.
    halt: CancellationToken,
    reporter: Arc<dyn Reporter>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// A final answer to a request.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// What was asked for; `None` for a refusal.
    pub(crate) decoded: Option<T>,
}

/// The end of a request that was not answered for good.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was tried often enough, while others got through; the server does not manage this one.
    GaveUp { status: Option<u16>, reason: String },
    /// The run cannot go on.
    Fatal(FetchError),
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Failure::Fatal(error)
    }
}

/// How one request fares.
struct Course {
    patience: Patience,
    tries: Tries,
    /// Successes and outages of all when this one first failed.
    marks: Option<(u64, u64)>,
    /// The page size it began with.
    page: Option<u32>,
}

impl Course {
    /// What failed before an outage and in it says nothing about this request.
    fn forget_outage(&mut self, now: (u64, u64), page: &mut Option<u32>) {
        if self.marks.is_some_and(|(_, outages)| outages != now.1) {
            self.begin_anew(page);
        }
    }

    fn begin_anew(&mut self, page: &mut Option<u32>) {
        self.tries.forget();
        self.marks = None;
        *page = self.page;
    }
}

impl Client {
    /// # Errors
    /// When the base address is not one that a token may be sent to, or no certificates are found.
    pub fn new(
        settings: &ClientSettings,
        cancel: CancellationToken,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, FetchError> {
        let base = base_url(&settings.base_url)?;
        Ok(Self {
            transport: Transport::new(&base, &settings.token)?,
            base,
            limits: Limits::new(settings.quota, settings.concurrency),
            outage: Outage::new(settings.give_up_after),
            control: Mutex::default(),
            clock: AsanaClock::default(),
            counters: Counters::default(),
            halt: cancel.child_token(),
            cancel,
            reporter,
        })
    }

    pub fn traffic(&self) -> Traffic {
        self.counters.traffic()
    }

    /// The changes that Asana announced so far, by name.
    pub fn changes(&self) -> Vec<AsanaChange> {
        self.counters.changes()
    }

    /// What time it is at Asana, as far as its answers tell; before the first, what time it is here.
    pub fn asana_time(&self) -> Timestamp {
        self.clock.now().unwrap_or_else(Timestamp::now)
    }

    pub fn set_quota(&self, quota: Quota) {
        self.limits.set_quota(quota);
    }

    pub fn quota(&self) -> Quota {
        self.limits.quota()
    }

    /// Requests that may be in flight at the moment.
    pub(crate) fn permits(&self) -> usize {
        self.limits.in_flight()
    }

    pub(crate) fn base(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.base
    }

    pub(crate) fn reporter(&self) -> &Arc<dyn Reporter> {
        &self.reporter
    }

    pub(crate) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Ends all waiting: nothing more is to be sent. What is in flight is not cut.
    pub(crate) fn halt(&self) {
        self.halt.cancel();
    }

    /// Completes when the run gets nowhere and should end. Dropping it and asking again loses nothing.
    pub(crate) async fn gets_nowhere(&self) -> FetchError {
        let url = self.base.to_string();
        match self.outage.end().await {
            End::Silence { lasted, reason } => FetchError::Silence { url, lasted, reason },
            End::Waste { failures, reason } => FetchError::TooManyFailures { url, failures, reason },
        }
    }

    /// Sends until there is a final answer: a success that `decode` accepts, or a refusal that concerns this request
    /// alone.
    ///
    /// `request.page` is lowered when the server does not manage a page of that size, and stays lowered.
    pub(crate) async fn get<T>(
        &self,
        request: &mut Request,
        patience: Patience,
        decode: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Answer<T>, Failure> {
        let persist = self.persist(request, patience, decode);
        if patience.waits_out {
            return persist.await;
        }
        // A run watches over all of its requests; here there is nobody else to do so.
        tokio::select! {
            biased;
            answer = persist => answer,
            reason = self.gets_nowhere() => Err(reason.into()),
        }
    }

    async fn persist<T>(
        &self,
        request: &mut Request,
        patience: Patience,
        decode: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Answer<T>, Failure> {
        let mut course = Course { patience, tries: Tries::new(patience), marks: None, page: request.page };
        loop {
            self.pass_the_gate(patience).await?;
            course.forget_outage(self.outage.marks(), &mut request.page);
            let permit = self.limits.admit(Errand::of(request), &self.halt).await?;
            if patience.waits_out && !self.outage.is_open() {
                continue;
            }
            request.limit = request.page.map(|page| page.min(self.limits.page_size()));
            let (Received { mut attempt, status, body, .. }, in_flight) = self.attempt(request.url(&self.base)).await;
            let mut verdict = judge(&attempt);
            if verdict == Verdict::Success {
                match decode(&body) {
                    Ok(decoded) => {
                        self.remember(request);
                        self.got_through();
                        return Ok(Answer { status: status.unwrap_or_default(), body, decoded: Some(decoded) });
                    }
                    Err(reason) => {
                        attempt = Attempt::Undecodable { reason };
                        verdict = judge(&attempt);
                    }
                }
            }
            match verdict {
                Verdict::Success | Verdict::Refusal => {
                    self.got_through();
                    return Ok(Answer { status: status.unwrap_or_default(), body, decoded: None });
                }
                Verdict::Unauthorized => return Err(FetchError::Unauthorized { message: attempt.message() }.into()),
                Verdict::Blocked => return Err(FetchError::Blocked { message: attempt.message() }.into()),
                Verdict::Rejected(retry_after) => self.rejected(&permit, request.search, in_flight, retry_after),
                Verdict::Retry(trouble) => {
                    drop(permit);
                    if trouble.cause == Cause::Undecodable && !patience.retry_undecodable {
                        return Err(FetchError::NotAsana { url: self.base.to_string(), found: trouble.reason }.into());
                    }
                    if trouble.cause == Cause::TooLarge
                        && status == Some(400)
                        && request.page.is_none_or(|page| page == 1)
                    {
                        self.got_through();
                        return Ok(Answer { status: 400, body, decoded: None });
                    }
                    self.failed(request, &mut course, trouble, status).await?;
                }
            }
        }
    }

    /// Decides what becomes of a request that failed, and waits if it is to be tried again.
    async fn failed(
        &self,
        request: &mut Request,
        course: &mut Course,
        trouble: Trouble,
        status: Option<u16>,
    ) -> Result<(), Failure> {
        let Trouble { cause, reason, smaller } = trouble;
        if course.patience.waits_out {
            // Before the failure is told, so that what it sets off comes later.
            course.marks.get_or_insert_with(|| self.outage.marks());
            self.outage.failed(&reason);
        }
        let wait = match course.tries.failed(smaller, &mut request.page, fastrand::f64()) {
            Step::Again(wait) => wait,
            Step::Exhausted if !course.patience.waits_out => {
                return Err(match cause {
                    Cause::Broken(obstacle) => {
                        FetchError::Unreachable { url: self.base.to_string(), reason, obstacle }.into()
                    }
                    _ => Failure::GaveUp { status, reason },
                });
            }
            Step::Exhausted if self.is_alone_in_trouble(course).await? => {
                return Err(Failure::GaveUp { status, reason });
            }
            Step::Exhausted => {
                course.begin_anew(&mut request.page);
                course.patience.first_wait
            }
        };
        self.counters.again(cause);
        self.reporter.report(&Event::Retried { path: request.path(), reason, wait });
        tokio::select! {
            () = self.halt.cancelled() => Err(FetchError::Cancelled.into()),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Whether others get through while this request does not.
    async fn is_alone_in_trouble(&self, course: &Course) -> Result<bool, FetchError> {
        let Some((successes, outages)) = course.marks else { return Ok(true) };
        if self.outage.marks().0 == successes {
            self.outage.suspect();
            self.pass_the_gate(course.patience).await?;
        }
        let now = self.outage.marks();
        Ok(now.0 > successes && now.1 == outages)
    }

    /// Waits while nothing gets through, and finds out whether that is over when it is this one's turn.
    async fn pass_the_gate(&self, patience: Patience) -> Result<(), FetchError> {
        if !patience.waits_out {
            return Ok(());
        }
        loop {
            let entry = tokio::select! {
                biased;
                () = self.halt.cancelled() => return Err(FetchError::Cancelled),
                entry = self.outage.enter() => entry,
            };
            match entry {
                Entry::Open => return Ok(()),
                Entry::Control(control) => self.ask(control).await?,
            }
        }
    }

    /// Asks what Asana answered a moment ago once more.
    async fn ask(&self, control: Control<'_>) -> Result<(), FetchError> {
        let answered = self.control.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Nothing was answered yet: the first call is as good as any.
        let url = answered.map_or_else(|| self.base.clone(), |(url, _)| url);
        let permit = self.limits.admit(Errand::Any, &self.halt).await?;
        let (Received { mut attempt, body, .. }, in_flight) = self.attempt(url).await;
        if judge(&attempt) == Verdict::Success
            && let Err(reason) = page::decode(&body)
        {
            attempt = Attempt::Undecodable { reason };
        }
        match judge(&attempt) {
            Verdict::Success | Verdict::Refusal => self.got_through(),
            Verdict::Unauthorized => return Err(FetchError::Unauthorized { message: attempt.message() }),
            Verdict::Blocked => return Err(FetchError::Blocked { message: attempt.message() }),
            Verdict::Rejected(retry_after) => {
                // Nothing is known: after the pause it is asked again.
                self.rejected(&permit, false, in_flight, retry_after);
                drop(control);
            }
            Verdict::Retry(Trouble { reason, .. }) => {
                if control.failed(&reason, fastrand::f64()) {
                    let minutes = in_words(self.outage.give_up_after());
                    let text = format!("nothing gets through ({reason}); waiting for it to end, for {minutes} at most");
                    self.reporter.report(&Event::Note { text });
                }
            }
        }
        Ok(())
    }

    /// Keeps what was answered just now, in case that nothing else is soon; one in a second is enough.
    fn remember(&self, request: &Request) {
        if request.search {
            return;
        }
        let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if control.as_ref().is_none_or(|(_, at)| at.elapsed() >= CONTROL_AGE) {
            *control = Some((request.url(&self.base), Instant::now()));
        }
    }

    /// A request was answered for good.
    fn got_through(&self) {
        if let Some(over) = self.outage.succeeded() {
            let text = format!("answered again after {}", in_words(over.lasted));
            self.reporter.report(&Event::Note { text });
        }
    }

    /// A limiter said no: everyone waits, and what was too much becomes less.
    fn rejected(&self, permit: &Permit, search: bool, in_flight: usize, retry_after: Option<Duration>) {
        let wait = wait_after(retry_after);
        let rejected = self.limits.rejected(permit, search, in_flight, (retry_after, wait));
        self.counters.again(Cause::Rejected(rejected.limiter));
        self.outage.rejected();
        self.reporter.report(&Event::Paused { wait });
        let text = match rejected.limiter {
            _ if !rejected.is_news => return,
            Limiter::Standard | Limiter::Search => return,
            Limiter::Concurrency => {
                format!("Asana seems to limit the requests in flight: at most {} for a while", self.limits.in_flight())
            }
            Limiter::Cost => format!(
                "Asana seems to limit the cost of answers: at most {} records a page for a while",
                self.limits.page_size()
            ),
        };
        self.reporter.report(&Event::Note { text });
    }

    /// Sends once; gives what came of it, and how many requests were in flight with it.
    async fn attempt(&self, url: Url) -> (Received, usize) {
        self.counters.departs();
        self.reporter.report(&Event::RequestSent);
        let received = self.transport.send(url).await;
        let in_flight = self.counters.arrives();
        if matches!(received.attempt, Attempt::Answered { status: 200..=299, .. })
            && let Some(date) = received.date
        {
            self.clock.heard(date);
        }
        if received.changes.is_empty() || !self.counters.is_new(&received.changes) {
            return (received, in_flight);
        }
        for change in received.changes.iter().filter_map(|header| header.to_str().ok()).flat_map(AsanaChange::read) {
            if self.counters.announced(&change) {
                let info = change.info.as_ref().map(|info| format!(", see {info}")).unwrap_or_default();
                let text = format!("Asana announces a change of its API: {}{info}", change.name);
                self.reporter.report(&Event::Note { text });
            }
        }
        (received, in_flight)
    }
}
