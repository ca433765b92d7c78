//! What to do with an answer, or with none: pure decisions, and the waits between attempts.
//!
//! Only the arithmetic of the `backoff` crate is used. Its retry loop never checks its deadline when a server names a
//! wait, and retries whatever `?` converts; see [`crate::client`] for the loop.

use std::fmt;
use std::time::Duration;

use backoff::backoff::Backoff;
use backoff::exponential::{ExponentialBackoff, ExponentialBackoffBuilder};

use crate::pace::Limiter;

/// Waited when Asana rejects a request without saying for how long.
pub(crate) const UNSAID_WAIT: Duration = Duration::from_secs(60);
/// No wait that a server asks for is longer: an offset token lives 15 minutes, and a mistaken header must not cost a day.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// None is shorter: Asana counts in seconds, and a wait of none would be no obeying.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Failed attempts at one size after which a smaller page is asked for.
const FAILURES_BEFORE_SMALLER: u32 = 2;
/// Attempts at a page that holds a single record, after larger ones failed.
const ATTEMPTS_ALONE: u32 = 3;

/// Attempts at what is too much and cannot be asked for in pieces: each may cost megabytes.
const ATTEMPTS_AT_TOO_MUCH: u32 = 2;

/// The backoff crate asks a clock for the elapsed time; attempts are counted here, so none is needed.
#[derive(Debug, Default, Clone, Copy)]
struct TokioClock;

impl backoff::Clock for TokioClock {
    fn now(&self) -> std::time::Instant {
        tokio::time::Instant::now().into_std()
    }
}

/// How long one request is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Attempts at one page size that may fail. Rejections by a limiter do not count: they only wait.
    pub(crate) attempts: u32,
    /// Attempts at all sizes together.
    pub(crate) attempts_in_all: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    /// Whether an answer that cannot be decoded is worth another attempt.
    pub(crate) retry_undecodable: bool,
    /// Whether trouble that everyone has is waited out: see [`crate::outage`].
    pub(crate) waits_out: bool,
}

impl Patience {
    /// While a run goes on.
    pub(crate) const RUN: Patience = Patience {
        attempts: 8,
        attempts_in_all: 32,
        first_wait: Duration::from_millis(500),
        longest_wait: Duration::from_secs(60),
        retry_undecodable: true,
        waits_out: true,
    };

    /// For the first calls: a wrong address or a missing network is told within seconds.
    pub(crate) const FIRST_CONTACT: Patience =
        Patience { attempts: 3, attempts_in_all: 3, retry_undecodable: false, waits_out: false, ..Patience::RUN };

    pub(crate) fn waits(&self) -> Waits {
        let mut backoff = ExponentialBackoffBuilder::<TokioClock>::new()
            .with_initial_interval(self.first_wait)
            .with_multiplier(2.0)
            .with_max_interval(self.longest_wait)
            .with_randomization_factor(0.0)
            .with_max_elapsed_time(None)
            .build();
        backoff.reset();
        Waits(backoff)
    }
}

/// The waits between attempts: exponential, with full jitter.
#[derive(Debug)]
pub(crate) struct Waits(ExponentialBackoff<TokioClock>);

impl Waits {
    /// The next wait, `jitter` (0 to 1) of the exponential step.
    pub(crate) fn next(&mut self, jitter: f64) -> Duration {
        self.0.next_backoff().unwrap_or_default().mul_f64(jitter.clamp(0.0, 1.0))
    }
}

/// What kept an answer from coming, or from coming whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The host's name leads nowhere.
    Dns,
    /// No connection, or one that broke.
    Connection,
    /// The server's certificate is not trusted, or it does not speak TLS.
    Tls,
    /// A proxy stands in between and does not let through.
    Proxy,
    Timeout,
}

/// What an attempt led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// No answer, or not all of it.
    Broken { reason: String, obstacle: Obstacle },
    /// An answer with a status and, where it is an error in Asana's form, its message.
    Answered { status: u16, retry_after: Option<Duration>, message: Option<String> },
    /// An answer that is not what was promised.
    Undecodable { reason: String },
    /// An answer of more bytes than are read.
    TooLarge { reason: String },
}

impl Attempt {
    /// Asana's words, for an answer that was final.
    pub(crate) fn message(&self) -> String {
        match self {
            Attempt::Answered { message: Some(message), .. } if !message.is_empty() => message.clone(),
            _ => "without saying why".to_owned(),
        }
    }
}

/// Why a request was sent again, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Status(u16),
    Broken(Obstacle),
    Undecodable,
    TooLarge,
    Redirect,
    Rejected(Limiter),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Status(status) => write!(f, "{status}"),
            Cause::Broken(Obstacle::Dns) => f.write_str("DNS"),
            Cause::Broken(Obstacle::Connection) => f.write_str("connection"),
            Cause::Broken(Obstacle::Tls) => f.write_str("TLS"),
            Cause::Broken(Obstacle::Proxy) => f.write_str("proxy"),
            Cause::Broken(Obstacle::Timeout) => f.write_str("timeout"),
            Cause::Undecodable => f.write_str("not JSON"),
            Cause::TooLarge => f.write_str("too large"),
            Cause::Redirect => f.write_str("redirect"),
            Cause::Rejected(limiter) => write!(f, "429 {limiter}"),
        }
    }
}

/// Whether a smaller page may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Smaller {
    No,
    /// Perhaps: not at the first failure, which may have had any cause.
    Perhaps,
    /// Nothing else will.
    Surely,
}

/// A failure that another attempt may heal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) cause: Cause,
    pub(crate) reason: String,
    pub(crate) smaller: Smaller,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The answer is there; whether it can be decoded is another question.
    Success,
    /// A limiter said no: nobody sends for as long as it said, if it did, then once more.
    Rejected(Option<Duration>),
    /// Wait and try again.
    Retry(Trouble),
    /// Final: a refusal that concerns this listing.
    Refusal,
    /// Final: the token is not good any more.
    Unauthorized,
    /// Final: blocked for legal reasons.
    Blocked,
}

/// Decides from an attempt alone. Source: asana status codes, <https://developers.asana.com/docs/errors>
pub(crate) fn judge(attempt: &Attempt) -> Verdict {
    let retry = |cause, reason: &str, smaller| Verdict::Retry(Trouble { cause, reason: reason.to_owned(), smaller });
    match attempt {
        Attempt::Broken { reason, obstacle } => {
            let smaller = if *obstacle == Obstacle::Timeout { Smaller::Perhaps } else { Smaller::No };
            retry(Cause::Broken(*obstacle), reason, smaller)
        }
        Attempt::Undecodable { reason } => retry(Cause::Undecodable, reason, Smaller::No),
        Attempt::TooLarge { reason } => retry(Cause::TooLarge, reason, Smaller::Surely),
        Attempt::Answered { status, retry_after, message } => match (*status, message) {
            (200..=299, _) => Verdict::Success,
            (300..=399, _) => retry(Cause::Redirect, &format!("{status}: a redirect elsewhere"), Smaller::No),
            (401, _) => Verdict::Unauthorized,
            (429, _) => Verdict::Rejected(*retry_after),
            (451, _) => Verdict::Blocked,
            (408 | 424 | 500..=599, message) => {
                let smaller = if matches!(status, 500 | 504) { Smaller::Perhaps } else { Smaller::No };
                let message = message.as_ref().filter(|message| !message.is_empty());
                let reason = message.map_or_else(|| status.to_string(), |message| format!("{status}: {message}"));
                retry(Cause::Status(*status), &reason, smaller)
            }
            (400, Some(message)) if message.contains("result is too large") => {
                retry(Cause::TooLarge, &format!("400: {message}"), Smaller::Surely)
            }
            (_, Some(_)) => Verdict::Refusal,
            // Whoever says no without Asana's words is not Asana, but something in between.
            (_, None) => retry(Cause::Undecodable, &format!("{status} without Asana's error body"), Smaller::No),
        },
    }
}

/// The wait that a rejection leads to.
pub(crate) fn wait_after(retry_after: Option<Duration>) -> Duration {
    retry_after.unwrap_or(UNSAID_WAIT).clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

/// What becomes of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// After this wait once more.
    Again(Duration),
    /// It was tried often enough.
    Exhausted,
}

/// One request's failures so far.
#[derive(Debug)]
pub(crate) struct Tries {
    patience: Patience,
    waits: Waits,
    /// At the present page size.
    failures: u32,
    in_all: u32,
    /// Failures that a smaller page may help against.
    unmanaged: u32,
}

impl Tries {
    pub(crate) fn new(patience: Patience) -> Self {
        Self { patience, waits: patience.waits(), failures: 0, in_all: 0, unmanaged: 0 }
    }

    /// Takes note of a failure; lowers `page`, the most records that are asked for at once, where that may help.
    pub(crate) fn failed(&mut self, smaller: Smaller, page: &mut Option<u32>, jitter: f64) -> Step {
        self.failures += 1;
        self.in_all += 1;
        self.unmanaged += u32::from(smaller != Smaller::No);
        let helps = match smaller {
            Smaller::No => false,
            Smaller::Perhaps => self.unmanaged >= FAILURES_BEFORE_SMALLER,
            Smaller::Surely => true,
        };
        match page {
            Some(records) if helps && *records > 1 => {
                *records /= 2;
                // It is another question now.
                self.failures = 0;
                self.waits = self.patience.waits();
            }
            _ if smaller == Smaller::Surely && self.failures >= ATTEMPTS_AT_TOO_MUCH => return Step::Exhausted,
            _ => {}
        }
        let is_alone = *page == Some(1) && self.unmanaged >= FAILURES_BEFORE_SMALLER;
        let most = if is_alone { ATTEMPTS_ALONE } else { self.patience.attempts };
        if self.failures >= most || self.in_all >= self.patience.attempts_in_all {
            return Step::Exhausted;
        }
        Step::Again(self.waits.next(jitter))
    }

    /// Failures that everyone shared say nothing about this request.
    pub(crate) fn forget(&mut self) {
        *self = Self::new(self.patience);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> Attempt {
        Attempt::Answered { status, retry_after: None, message: Some(String::new()) }
    }

    fn smaller(attempt: &Attempt) -> Option<(String, Smaller)> {
        match judge(attempt) {
            Verdict::Retry(trouble) => Some((trouble.cause.to_string(), trouble.smaller)),
            _ => None,
        }
    }

    #[test]
    fn every_status_has_its_verdict() {
        for status in [400, 402, 403, 404, 410, 412] {
            assert_eq!(judge(&answered(status)), Verdict::Refusal, "{status}");
        }
        for status in [500, 504] {
            assert_eq!(smaller(&answered(status)), Some((status.to_string(), Smaller::Perhaps)));
        }
        for status in [408, 424, 501, 502, 503] {
            assert_eq!(smaller(&answered(status)), Some((status.to_string(), Smaller::No)));
        }
        assert_eq!(smaller(&answered(302)), Some(("redirect".to_owned(), Smaller::No)));
        assert_eq!(judge(&answered(401)), Verdict::Unauthorized);
        assert_eq!(judge(&answered(451)), Verdict::Blocked);
        assert_eq!(judge(&answered(429)), Verdict::Rejected(None));
    }

    #[test]
    fn a_refusal_in_other_words_than_asanas_is_none() {
        for status in [400, 403, 404, 418] {
            let attempt = Attempt::Answered { status, retry_after: None, message: None };
            assert_eq!(smaller(&attempt), Some(("not JSON".to_owned(), Smaller::No)), "{status}");
        }
    }

    #[test]
    fn what_is_too_large_is_asked_for_in_pieces() {
        let message = "The result is too large. You should use pagination (may require specifying a workspace)!";
        let attempt = Attempt::Answered { status: 400, retry_after: None, message: Some(message.to_owned()) };
        assert_eq!(smaller(&attempt), Some(("too large".to_owned(), Smaller::Surely)));
        let attempt = Attempt::TooLarge { reason: String::new() };
        assert_eq!(smaller(&attempt), Some(("too large".to_owned(), Smaller::Surely)));
        let broken = |obstacle| Attempt::Broken { reason: String::new(), obstacle };
        assert_eq!(smaller(&broken(Obstacle::Timeout)), Some(("timeout".to_owned(), Smaller::Perhaps)));
        assert_eq!(smaller(&broken(Obstacle::Connection)), Some(("connection".to_owned(), Smaller::No)));
    }

    #[test]
    fn a_named_wait_is_obeyed_within_reason() {
        let seconds = Duration::from_secs;
        assert_eq!(wait_after(Some(seconds(30))), seconds(30));
        assert_eq!(wait_after(None), seconds(60));
        assert_eq!(wait_after(Some(seconds(86_400))), LONGEST_WAIT);
        assert_eq!(wait_after(Some(Duration::ZERO)), seconds(1));
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let mut waits = Patience::RUN.waits();
        let seconds: Vec<f64> = (0..9).map(|_| waits.next(1.0).as_secs_f64()).collect();
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(Patience::RUN.waits().next(0.5), Duration::from_millis(250));
    }

    /// The page sizes that are tried until the request is given up.
    fn sizes(patience: Patience, smaller: Smaller, page: Option<u32>) -> Vec<Option<u32>> {
        let (mut tries, mut page) = (Tries::new(patience), page);
        let mut asked = vec![page];
        while tries.failed(smaller, &mut page, 0.5) != Step::Exhausted {
            asked.push(page);
        }
        asked
    }

    #[test]
    fn a_page_that_cannot_be_built_is_asked_for_down_to_a_single_record() {
        let expected = [100, 100, 50, 25, 12, 6, 3, 1, 1, 1].map(Some);
        assert_eq!(sizes(Patience::RUN, Smaller::Perhaps, Some(100)), expected);
        let expected = [100, 50, 25, 12, 6, 3, 1, 1].map(Some);
        assert_eq!(sizes(Patience::RUN, Smaller::Surely, Some(100)), expected, "no size is tried twice but the last");
        assert_eq!(sizes(Patience::RUN, Smaller::Surely, None), [None, None]);
        assert_eq!(sizes(Patience::RUN, Smaller::No, Some(100)), [Some(100); 8]);
        assert_eq!(sizes(Patience::RUN, Smaller::Perhaps, None), [None; 8]);
        assert_eq!(sizes(Patience::FIRST_CONTACT, Smaller::Perhaps, Some(100)), [100, 100, 50].map(Some));
    }

    #[test]
    fn what_everyone_suffered_does_not_count() {
        let (mut tries, mut page) = (Tries::new(Patience::RUN), None);
        for _ in 0..7 {
            assert!(matches!(tries.failed(Smaller::No, &mut page, 0.5), Step::Again(_)));
        }
        tries.forget();
        assert!(matches!(tries.failed(Smaller::No, &mut page, 0.5), Step::Again(_)));
    }
}
