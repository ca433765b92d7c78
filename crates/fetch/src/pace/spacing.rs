//! Spaces out what one quota allows: evenly, and never more in any minute than that.
//!
//! An even pace a little below the quota is kept by giving out turns. It is not enough: who was held up catches up, and a
//! process that was stopped or starved sends at once what had turns meanwhile. So what was really sent is remembered, and
//! no minute, wherever it begins, holds more than the quota. That minute is a little longer than Asana's: what was sent in
//! the longer one may arrive in the shorter one, because some requests take longer to get there than others.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::{NEARLY_ALL, Part, SLOWER};
use crate::limits::Quota;

/// Share of the quota that an even pace uses.
pub(crate) const SHARE: f64 = 0.98;
const MINUTE: Duration = Duration::from_secs(60);
/// By how much the ways of two requests to Asana may differ in time, so that a minute there still holds no more than the
/// quota. Answers come after 0.5 to 1.3 s; the way there is a small part of that.
const JITTER: Duration = Duration::from_millis(600);
/// A fiftieth of the largest quota that a plan has. Where a simulator's minutes are shorter, more would be a larger part.
const LARGEST_BURST: f64 = 30.0;

/// The turns that one quota gives, and what was sent.
#[derive(Debug)]
pub(super) struct Spacing {
    quota: Quota,
    /// Part of the pace in use.
    pub(super) part: Part,
    /// When the next request would be due if all so far had been evenly spaced.
    due: Instant,
    /// What is counted to the second, for what share of the quota was used.
    seconds: Seconds,
    /// When the last ones were sent, at most so many as the next field says.
    last: VecDeque<Instant>,
    /// Requests that are counted exactly.
    counted: u32,
}

impl Spacing {
    /// `counted`: of larger quotas, parts of at most so many are counted, each in its part of a minute. That keeps to the
    /// whole as well, and to minutes that are shorter, as in a simulator.
    pub(super) fn new(quota: Quota, counted: u32, now: Instant) -> Self {
        let part = Part::whole(SLOWER, now);
        Self { quota, part, due: now, seconds: Seconds::new(now), last: VecDeque::new(), counted: counted.max(1) }
    }

    pub(super) fn quota(&self) -> Quota {
        self.quota
    }

    pub(super) fn set_quota(&mut self, quota: Quota) {
        self.quota = quota;
    }

    /// No turn comes before that.
    pub(super) fn hold_until(&mut self, instant: Instant) {
        self.due = self.due.max(instant);
    }

    /// The instant, `earliest` or later, at which the next request may be sent, and takes it.
    pub(super) fn reserve(&mut self, now: Instant, earliest: Instant) -> Instant {
        let Quota::PerMinute(quota) = self.quota else { return earliest };
        let quota = f64::from(quota.max(1));
        let interval = Duration::from_secs_f64(60.0 / (quota * SHARE * self.part.at(now)));
        // What was not used a moment ago may be used now, up to a fiftieth of a minute's requests.
        let burst = interval.mul_f64((quota / 50.0).clamp(3.0, LARGEST_BURST) - 1.0);
        let due = self.due.max(earliest.checked_sub(burst).unwrap_or(earliest));
        self.due = due + interval;
        due.max(earliest)
    }

    /// Until when nothing may be sent, because a minute would hold more than the quota.
    pub(super) fn full_until(&self, now: Instant) -> Option<Instant> {
        let quota = self.quota.per_minute()?.max(1);
        let parts = quota.div_ceil(self.counted);
        // Rounded down, so that all parts together are not more than the whole.
        let most = usize::try_from(quota / parts).ok()?;
        let first = self.last.len().checked_sub(most).and_then(|at| self.last.get(at))?;
        Some(*first + (MINUTE + JITTER) / parts).filter(|until| *until > now)
    }

    pub(super) fn sent(&mut self, now: Instant) {
        self.seconds.count(now);
        if self.quota == Quota::Unlimited {
            return;
        }
        self.last.push_back(now);
        if self.last.len() > self.counted as usize {
            self.last.pop_front();
        }
    }

    /// The share of a minute's quota that was sent; `None` while that is little and less than a minute is known.
    pub(super) fn used(&mut self, now: Instant) -> Option<f64> {
        self.seconds.used(now, self.quota)
    }
}

/// What was sent in the last minute, by the second.
#[derive(Debug)]
struct Seconds {
    began: Instant,
    counts: [u32; 60],
    /// The second that was last written to, counted from the beginning.
    last: u64,
}

impl Seconds {
    fn new(now: Instant) -> Self {
        Self { began: now, counts: [0; 60], last: 0 }
    }

    fn turn_to(&mut self, now: Instant) -> u64 {
        let second = now.saturating_duration_since(self.began).as_secs();
        for passed in (self.last + 1..=second).take(60) {
            if let Some(count) = self.slot(passed) {
                *count = 0;
            }
        }
        self.last = self.last.max(second);
        second
    }

    fn slot(&mut self, second: u64) -> Option<&mut u32> {
        usize::try_from(second % 60).ok().and_then(|at| self.counts.get_mut(at))
    }

    fn count(&mut self, now: Instant) {
        let second = self.turn_to(now);
        if let Some(count) = self.slot(second) {
            *count += 1;
        }
    }

    fn used(&mut self, now: Instant, quota: Quota) -> Option<f64> {
        self.turn_to(now);
        // Where there is no quota, none can be used up.
        let Some(quota) = quota.per_minute() else { return Some(0.0) };
        let used = f64::from(self.counts.iter().sum::<u32>()) / f64::from(quota.max(1));
        (used >= NEARLY_ALL || now.saturating_duration_since(self.began) >= MINUTE).then_some(used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_last_minute_is_counted_by_the_second() {
        let began = Instant::now();
        let mut sent = Seconds::new(began);
        for second in 0..90_u64 {
            sent.count(began + SECOND * u32::try_from(second).unwrap());
        }
        let used =
            |sent: &mut Seconds, second: u64| sent.used(began + Duration::from_secs(second), Quota::PerMinute(100));
        assert_eq!(used(&mut sent, 89), Some(0.6));
        assert_eq!(used(&mut sent, 119), Some(0.3));
        assert_eq!(used(&mut sent, 1_000), Some(0.0));
        let mut young = Seconds::new(began);
        young.count(began);
        assert_eq!(used(&mut young, 59), None, "what was sent before is not known");
        assert_eq!(used(&mut young, 60), Some(0.0));
        assert_eq!(young.used(began, Quota::Unlimited), Some(0.0));
    }

    #[test]
    fn whatever_the_turns_no_minute_holds_more_than_the_quota() {
        let check = |quota: u32, counted| {
            let mut now = Instant::now();
            let mut spacing = Spacing::new(Quota::PerMinute(quota), counted, now);
            let mut sent = Vec::new();
            while sent.len() < quota as usize * 3 {
                if let Some(until) = spacing.full_until(now) {
                    now = until;
                } else {
                    spacing.sent(now);
                    sent.push(now);
                }
            }
            for (number, at) in sent.iter().enumerate() {
                let more = sent.get(number + quota as usize);
                // Parts of a minute are rounded to nanoseconds.
                let least = *at + MINUTE + JITTER - Duration::from_micros(1);
                assert!(more.is_none_or(|more| *more >= least), "{quota}: {number}");
            }
        };
        for quota in [1, 2, 59, 60, 61, 119, 149, 150, 151, 299, 301, 1_000, 1_499, 1_500, 1_501, 15_000] {
            check(quota, 150);
            check(quota, 60);
        }
    }

    #[test]
    fn who_keeps_to_the_turns_need_not_wait() {
        for quota in [1, 2, 60, 149, 150, 151, 301, 1_000, 1_500, 15_000] {
            let mut spacing = Spacing::new(Quota::PerMinute(quota), 150, Instant::now());
            let mut now = spacing.due;
            for number in 0..quota * 3 {
                now = spacing.reserve(now, now);
                assert_eq!(spacing.full_until(now), None, "{quota}: {number}");
                spacing.sent(now);
            }
        }
    }
}
