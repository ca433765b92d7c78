//! What to do with an answer, or with none: a pure decision, and the waits between attempts.
//!
//! Only the arithmetic of the `backoff` crate is used. Its retry loop never checks its deadline when a server names a
//! wait, and retries whatever `?` converts; see [`crate::client`] for the loop.

use std::time::Duration;

use backoff::backoff::Backoff;
use backoff::exponential::{ExponentialBackoff, ExponentialBackoffBuilder};

/// Waited when Asana rejects a request without saying for how long.
const UNSAID_WAIT: Duration = Duration::from_secs(60);
/// No wait that a server asks for is longer: an offset token lives 15 minutes, and a mistaken header must not cost a day.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

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
    /// Attempts that may fail before the request is given up. Rejections by a limiter do not count: they only wait.
    pub(crate) attempts: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    /// Whether an answer that cannot be decoded is worth another attempt.
    pub(crate) retry_undecodable: bool,
}

impl Patience {
    /// While a run goes on: about two minutes of trouble are sat out.
    pub(crate) const RUN: Patience = Patience {
        attempts: 8,
        first_wait: Duration::from_millis(500),
        longest_wait: Duration::from_secs(60),
        retry_undecodable: true,
    };

    /// For the first calls: a wrong address or a missing network is told within seconds.
    pub(crate) const FIRST_CONTACT: Patience = Patience { attempts: 3, retry_undecodable: false, ..Patience::RUN };

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
pub(crate) struct Waits(ExponentialBackoff<TokioClock>);

impl Waits {
    /// The next wait, `jitter` (0 to 1) of the exponential step.
    pub(crate) fn next(&mut self, jitter: f64) -> Duration {
        self.0.next_backoff().unwrap_or_default().mul_f64(jitter.clamp(0.0, 1.0))
    }
}

/// What an attempt led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// No answer, or not all of it.
    Broken { reason: String, timeout: bool },
    /// An answer with a status and, where it is an error that was understood, its message.
    Answered { status: u16, retry_after: Option<Duration>, message: String },
    /// A success whose body is not what was promised.
    Undecodable { reason: String },
}

impl Attempt {
    /// Asana's words, for an answer that was final.
    pub(crate) fn message(&self) -> String {
        match self {
            Attempt::Answered { message, .. } if !message.is_empty() => message.clone(),
            _ => "without saying why".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The answer is there; whether it can be decoded is another question.
    Success,
    /// Nobody sends for that long, then once more.
    Pause(Duration),
    /// Wait and try again; `smaller` when a smaller page may help.
    Retry { reason: String, smaller: bool },
    /// Final: a refusal that concerns this listing.
    Refusal,
    /// Final: the token is not good any more.
    Unauthorized,
    /// Final: blocked for legal reasons.
    Blocked,
}

/// Decides from an attempt alone. Source: asana status codes, <https://developers.asana.com/docs/errors>
pub(crate) fn judge(attempt: &Attempt) -> Verdict {
    match attempt {
        Attempt::Broken { reason, timeout } => Verdict::Retry { reason: reason.clone(), smaller: *timeout },
        Attempt::Undecodable { reason } => Verdict::Retry { reason: reason.clone(), smaller: false },
        Attempt::Answered { status, retry_after, message } => match status {
            200..=299 => Verdict::Success,
            401 => Verdict::Unauthorized,
            429 => Verdict::Pause(retry_after.unwrap_or(UNSAID_WAIT).min(LONGEST_WAIT)),
            451 => Verdict::Blocked,
            408 | 424 | 500..=599 => Verdict::Retry {
                reason: if message.is_empty() { status.to_string() } else { format!("{status}: {message}") },
                smaller: matches!(status, 500 | 504),
            },
            _ => Verdict::Refusal,
        },
    }
}

/// The header's wait. Asana sends seconds; a fraction is accepted, a date or nonsense is not.
pub(crate) fn retry_after(header: Option<&str>) -> Option<Duration> {
    let seconds: f64 = header?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> Attempt {
        Attempt::Answered { status, retry_after: None, message: String::new() }
    }

    #[test]
    fn every_status_has_its_verdict() {
        for status in [400, 402, 403, 404, 410, 412] {
            assert_eq!(judge(&answered(status)), Verdict::Refusal, "{status}");
        }
        for status in [500, 504] {
            assert!(matches!(judge(&answered(status)), Verdict::Retry { smaller: true, .. }), "{status}");
        }
        for status in [408, 424, 501, 502, 503] {
            assert!(matches!(judge(&answered(status)), Verdict::Retry { smaller: false, .. }), "{status}");
        }
        assert_eq!(judge(&answered(401)), Verdict::Unauthorized);
        assert_eq!(judge(&answered(451)), Verdict::Blocked);
        assert_eq!(judge(&answered(429)), Verdict::Pause(Duration::from_secs(60)));
    }

    #[test]
    fn a_named_wait_is_obeyed_within_reason() {
        assert_eq!(retry_after(Some("30")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(Some(" 0.5 ")), Some(Duration::from_millis(500)));
        for header in [None, Some("soon"), Some("-1"), Some("NaN"), Some("1e400"), Some("")] {
            assert_eq!(retry_after(header), None, "{header:?}");
        }
        let day = Attempt::Answered { status: 429, retry_after: retry_after(Some("86400")), message: String::new() };
        assert_eq!(judge(&day), Verdict::Pause(LONGEST_WAIT));
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let mut waits = Patience::RUN.waits();
        let seconds: Vec<f64> = (0..9).map(|_| waits.next(1.0).as_secs_f64()).collect();
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(Patience::RUN.waits().next(0.5), Duration::from_millis(250));
    }
}
