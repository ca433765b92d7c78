//! Asana's time, which decides what changed since when, and what its headers say about time.
//!
//! The local clock may be wrong by hours or be set while a run goes on, so that nothing that is asked of Asana rests on
//! it. Every answer of Asana carries its `Date`; the time since then is told by the monotonic clock.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use tokio::time::Instant;

use crate::retry::LONGEST_WAIT;

/// The last `Date` heard, and when.
#[derive(Debug, Default)]
pub(crate) struct AsanaClock(Mutex<Option<(Timestamp, Instant)>>);

impl AsanaClock {
    /// Takes note of an answer's date: of the second in which it was sent, so never later than now.
    pub(crate) fn heard(&self, date: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, Instant::now()));
    }

    /// What time it is at Asana: up to a second and an answer's way behind, never ahead. `None` until it said so.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        let (date, at) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        date.checked_add(at.elapsed()).ok()
    }
}

/// An HTTP date, as in `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// The wait that a `Retry-After` names: seconds, as Asana sends them, or a date, counted from the answer's own `date`.
/// Nonsense names none.
pub(crate) fn retry_after(header: Option<&str>, date: Option<Timestamp>) -> Option<Duration> {
    let header = header?.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        // More than can be expressed is too long, and that is all that matters.
        return if seconds >= LONGEST_WAIT.as_secs_f64() {
            Some(LONGEST_WAIT)
        } else {
            Duration::try_from_secs_f64(seconds).ok()
        };
    }
    let wait = http_date(header)?.duration_since(date?);
    Some(Duration::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn asanas_time_goes_on_from_the_last_answer_whatever_the_local_clock_says() {
        let clock = AsanaClock::default();
        assert_eq!(clock.now(), None);
        // Years away from any local clock.
        clock.heard(http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap());
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), Some(at("1994-11-06T08:51:07Z")));
        clock.heard(at("1994-11-06T08:51:00Z"));
        assert_eq!(clock.now(), Some(at("1994-11-06T08:51:00Z")));
    }

    #[test]
    fn a_retry_after_is_seconds_or_a_date() {
        let date = Some(at("1994-11-06T08:49:07Z"));
        let check = |header: &str, expected: Option<u64>| {
            assert_eq!(retry_after(Some(header), date), expected.map(Duration::from_secs), "{header}");
        };
        check("30", Some(30));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(30));
        check("Sun, 06 Nov 1994 08:40:00 GMT", Some(0));
        check("86400", Some(900));
        check("1e400", Some(900));
        check("99999999999999999999999", Some(900));
        for nonsense in ["soon", "-1", "-inf", "NaN", "", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            check(nonsense, None);
        }
        assert_eq!(retry_after(Some(" 0.5 "), None), Some(Duration::from_millis(500)));
        assert_eq!(retry_after(None, date), None);
        assert_eq!(retry_after(Some("Sun, 06 Nov 1994 08:49:37 GMT"), None), None, "a date without another to compare");
    }
}
