//! What a client did: requests, what was sent again and why, and what Asana announced meanwhile.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::retry::Cause;

/// What a client did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Requests, every attempt counted.
    pub sent: u64,
    /// Attempts after a failed one.
    pub retried: u64,
    /// Requests that a limiter rejected (429).
    pub rejected: u64,
    pub peak_in_flight: usize,
    /// Why requests were sent again, those that were rejected included: `500`, `connection`, `429 cost`.
    #[serde(default)]
    pub retries_by_reason: BTreeMap<String, u64>,
}

impl Traffic {
    /// Requests that came to an end, each counted once.
    pub fn answered(&self) -> u64 {
        self.sent.saturating_sub(self.retried + self.rejected)
    }

    /// What was added since `earlier`; the peak is that of the whole time.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let more = |(reason, times): (&String, &u64)| {
            let before = earlier.retries_by_reason.get(reason).copied().unwrap_or_default();
            Some((reason.clone(), times.checked_sub(before)?)).filter(|(_, times)| *times > 0)
        };
        Self {
            sent: self.sent.saturating_sub(earlier.sent),
            retried: self.retried.saturating_sub(earlier.retried),
            rejected: self.rejected.saturating_sub(earlier.rejected),
            peak_in_flight: self.peak_in_flight,
            retries_by_reason: self.retries_by_reason.iter().filter_map(more).collect(),
        }
    }
}

/// A change of its API that Asana announces in its answers' headers.
/// Source: <https://developers.asana.com/docs/deprecations>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsanaChange {
    pub name: String,
    /// Where it is explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
    /// Whether Asana said of a request that the change affects it.
    pub affected: bool,
}

impl AsanaChange {
    /// Reads a header: `name=a;info=https://…;affected=true,name=b`.
    pub(crate) fn read(header: &str) -> Vec<Self> {
        let one = |text: &str| {
            let part = |wanted: &str| {
                let mut parts = text.split(';').filter_map(|part| part.split_once('='));
                parts.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim().to_owned())
            };
            let name = part("name").filter(|name| !name.is_empty())?;
            Some(Self { name, info: part("info"), affected: part("affected").is_some_and(|value| value == "true") })
        };
        header.split(',').filter_map(one).collect()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    sent: AtomicU64,
    in_flight: AtomicUsize,
    peak_in_flight: AtomicUsize,
    again: Mutex<BTreeMap<Cause, u64>>,
    changes: Mutex<BTreeMap<String, AsanaChange>>,
    /// The headers that announced them last.
    heard: Mutex<Vec<HeaderValue>>,
}

/// Different changes that are remembered: headers are foreign text, so there could be any number.
const MOST_CHANGES: usize = 100;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Counters {
    /// A request leaves.
    pub(crate) fn departs(&self) {
        let in_flight = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak_in_flight.fetch_max(in_flight, Ordering::Relaxed);
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// It came back; gives how many were in flight with it.
    pub(crate) fn arrives(&self) -> usize {
        self.in_flight.fetch_sub(1, Ordering::Relaxed)
    }

    /// A request is sent again.
    pub(crate) fn again(&self, cause: Cause) {
        *lock(&self.again).entry(cause).or_default() += 1;
    }

    /// Whether these headers differ from those that came last: they come with every answer.
    pub(crate) fn is_new(&self, changes: &[HeaderValue]) -> bool {
        let mut heard = lock(&self.heard);
        let is_new = *heard != changes;
        if is_new {
            *heard = changes.to_vec();
        }
        is_new
    }

    /// Takes note of an announced change; true when it is news.
    pub(crate) fn announced(&self, change: &AsanaChange) -> bool {
        let mut changes = lock(&self.changes);
        if let Some(known) = changes.get_mut(&change.name) {
            known.affected |= change.affected;
            return false;
        }
        let is_news = changes.len() < MOST_CHANGES;
        if is_news {
            changes.insert(change.name.clone(), change.clone());
        }
        is_news
    }

    pub(crate) fn changes(&self) -> Vec<AsanaChange> {
        lock(&self.changes).values().cloned().collect()
    }

    pub(crate) fn traffic(&self) -> Traffic {
        let again = lock(&self.again);
        let times = |rejected: bool| {
            let is_wanted = |cause: &Cause| matches!(cause, Cause::Rejected(_)) == rejected;
            again.iter().filter(|(cause, _)| is_wanted(cause)).map(|(_, times)| times).sum()
        };
        Traffic {
            sent: self.sent.load(Ordering::Relaxed),
            retried: times(false),
            rejected: times(true),
            peak_in_flight: self.peak_in_flight.load(Ordering::Relaxed),
            retries_by_reason: again.iter().map(|(cause, times)| (cause.to_string(), *times)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Limiter;
    use crate::retry::Obstacle;

    #[test]
    fn what_is_sent_again_is_counted_by_its_reason() {
        let counters = Counters::default();
        counters.departs();
        counters.departs();
        assert_eq!((counters.arrives(), counters.arrives()), (2, 1));
        counters.again(Cause::Status(500));
        let before = counters.traffic();
        counters.again(Cause::Status(500));
        counters.again(Cause::Broken(Obstacle::Connection));
        counters.again(Cause::Rejected(Limiter::Cost));
        let traffic = counters.traffic();
        assert_eq!((traffic.sent, traffic.retried, traffic.rejected, traffic.peak_in_flight), (2, 3, 1, 2));
        let reasons = |traffic: &Traffic| traffic.retries_by_reason.clone().into_iter().collect::<Vec<_>>();
        let expected = [("429 cost", 1), ("500", 2), ("connection", 1)];
        assert_eq!(reasons(&traffic), expected.map(|(reason, times)| (reason.to_owned(), times)));
        let since = traffic.since(&before);
        assert_eq!((since.sent, since.retried, since.rejected), (0, 2, 1));
        let expected = [("429 cost", 1), ("500", 1), ("connection", 1)];
        assert_eq!(reasons(&since), expected.map(|(reason, times)| (reason.to_owned(), times)));
        assert_eq!(reasons(&traffic.since(&traffic)), []);
    }

    #[test]
    fn announced_changes_are_news_once() {
        let header = "name=goals;info=https://forum.asana.com/t/1;affected=true, name=tags;info=https://x/?a=b,name=,x";
        let changes = AsanaChange::read(header);
        let named: Vec<_> = changes.iter().map(|one| (one.name.as_str(), one.info.as_deref(), one.affected)).collect();
        assert_eq!(
            named,
            [("goals", Some("https://forum.asana.com/t/1"), true), ("tags", Some("https://x/?a=b"), false)]
        );
        let counters = Counters::default();
        assert!(changes.iter().all(|change| counters.announced(change)));
        let affected = AsanaChange { affected: true, ..changes[1].clone() };
        assert!(!counters.announced(&affected));
        assert!(!counters.announced(&changes[1]));
        assert_eq!(counters.changes(), [changes[0].clone(), affected]);
    }

    #[test]
    fn headers_that_came_a_moment_ago_need_not_be_read_again() {
        let counters = Counters::default();
        let headers =
            |texts: &[&'static str]| -> Vec<_> { texts.iter().copied().map(HeaderValue::from_static).collect() };
        let (one, two) = (headers(&["name=a"]), headers(&["name=a", "name=b;affected=true"]));
        let news: Vec<bool> = [&one, &one, &two, &two, &one].into_iter().map(|seen| counters.is_new(seen)).collect();
        assert_eq!(news, [true, false, true, false, true]);
    }
}
