//! How fast requests go out: counts by second, for the last minute.

use std::collections::VecDeque;
use std::time::Instant;

/// The rate shown is that of this many whole seconds.
const SHOWN_SECONDS: u64 = 10;
/// An estimate of the time left looks further back, so that it does not jump.
const ESTIMATE_SECONDS: u64 = 60;

#[derive(Debug, Clone)]
pub(crate) struct Rate {
    origin: Instant,
    /// The seconds in which something was sent, oldest first, with their counts.
    seconds: VecDeque<(u64, u64)>,
    /// The second of the first request.
    first: Option<u64>,
    total: u64,
}

impl Rate {
    pub(crate) fn new(now: Instant) -> Self {
        Self { origin: now, seconds: VecDeque::new(), first: None, total: 0 }
    }

    pub(crate) fn add(&mut self, now: Instant) {
        let second = self.second(now);
        self.first.get_or_insert(second);
        self.total += 1;
        match self.seconds.back_mut() {
            // An event that was timed before another but arrives after it counts with the later one.
            Some((newest, requests)) if *newest >= second => *requests += 1,
            _ => self.seconds.push_back((second, 1)),
        }
        while self.seconds.front().is_some_and(|(oldest, _)| oldest + ESTIMATE_SECONDS < second) {
            self.seconds.pop_front();
        }
    }

    /// All requests.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Requests per minute now; `None` before the first second is over.
    pub(crate) fn now(&self, now: Instant) -> Option<u64> {
        self.per_minute(now, SHOWN_SECONDS)
    }

    /// Requests per minute to reckon with: of the last minute, or of the whole run when that was silent. Never zero.
    ///
    /// In a run's first minute the rest of it counts as spent at `pace`, for a run begins with a few long lists, slowly.
    pub(crate) fn to_expect(&self, now: Instant, pace: Option<u32>) -> Option<u64> {
        let length = self.second(now).checked_sub(self.first?)?;
        if let (Some(pace), true) = (pace, length < ESTIMATE_SECONDS) {
            let begun = self.per_minute(now, ESTIMATE_SECONDS).unwrap_or(0) * length;
            let rest = u64::from(pace) * (ESTIMATE_SECONDS - length);
            return Some((begun + rest) / ESTIMATE_SECONDS).filter(|rate| *rate > 0);
        }
        let average = || (self.total * 60).checked_div(length);
        let lately = self.per_minute(now, ESTIMATE_SECONDS).filter(|rate| *rate > 0);
        lately.or_else(average).filter(|rate| *rate > 0)
    }

    fn second(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.origin).as_secs()
    }

    /// The rate of the last `window` whole seconds; the current second is left out, for it is not over.
    fn per_minute(&self, now: Instant, window: u64) -> Option<u64> {
        let second = self.second(now);
        let length = second.checked_sub(self.first?)?.min(window);
        let from = second.saturating_sub(length);
        let requests: u64 =
            self.seconds.iter().filter(|(at, _)| (from..second).contains(at)).map(|(_, requests)| requests).sum();
        (requests * 60).checked_div(length)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::time::Duration;

    use super::*;

    /// Adds `each` requests in every second of `seconds`.
    fn send(rate: &mut Rate, seconds: Range<u64>, each: u64) {
        for second in seconds {
            for request in 0..each {
                let at = Duration::from_secs(second) + Duration::from_millis(request * 900 / each);
                rate.add(rate.origin + at);
            }
        }
    }

    #[test]
    fn the_rate_is_that_of_the_last_ten_whole_seconds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut rate = Rate::new(start);
        assert_eq!(rate.now(start), None);
        send(&mut rate, 3..4, 20);
        assert_eq!(rate.now(at(3)), None, "its first second is not over");
        assert_eq!(rate.now(at(4)), Some(1_200));
        send(&mut rate, 4..30, 25);
        assert_eq!(rate.now(at(30)), Some(1_500));
        assert_eq!(rate.now(at(35)), Some(750), "five seconds of silence");
        assert_eq!(rate.now(at(100)), Some(0));
        assert_eq!(rate.to_expect(at(100), None), Some(670 * 60 / 97), "after a long silence the whole run counts");
        send(&mut rate, 100..101, 10);
        assert_eq!(rate.now(at(101)), Some(60));
        assert!(rate.seconds.len() < 5, "old seconds are forgotten");
    }

    #[test]
    fn a_first_minute_is_filled_up_with_the_pace() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut rate = Rate::new(start);
        send(&mut rate, 0..30, 5);
        assert_eq!(rate.to_expect(at(30), None), Some(300));
        assert_eq!(rate.to_expect(at(30), Some(1_500)), Some(900), "half a minute at 300, half of one at 1,500");
        send(&mut rate, 30..90, 5);
        assert_eq!(rate.to_expect(at(90), Some(1_500)), Some(300), "then what was measured counts");
        assert_eq!(Rate::new(start).to_expect(at(1), Some(1_500)), None);
    }

    #[test]
    fn hours_take_a_minute_of_memory() {
        let mut rate = Rate::new(Instant::now());
        send(&mut rate, 0..7_200, 2);
        assert_eq!(rate.total(), 14_400);
        assert!(rate.seconds.len() <= 61);
    }

    #[test]
    fn late_events_and_clocks_before_the_start_are_no_panic() {
        let early = Instant::now();
        let start = early + Duration::from_secs(5);
        let mut rate = Rate::new(start);
        rate.add(start + Duration::from_secs(3));
        rate.add(start + Duration::from_secs(1));
        rate.add(early);
        assert_eq!(rate.now(start), None);
        assert_eq!(rate.now(start + Duration::from_secs(4)), Some(180));
    }
}
