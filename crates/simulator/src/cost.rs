//! The cost limiter of a token: each answer costs about as much as links were followed for it.
//!
//! The cost is known only when the answer is built, so it is taken afterwards and may overdraw the quota; then
//! everything is refused until the quota, which fills evenly, is positive again. Asana publishes no figures.
//! Source: <https://developers.asana.com/docs/rate-limits#cost-limits>

/// The quota per minute is also what each millisecond adds, in units of this fraction of a link.
const UNITS: u64 = 60_000;

/// What a token has spent and not yet got back.
#[derive(Debug, Default)]
pub(crate) struct Purse {
    spent: u64,
    at_ms: u64,
}

impl Purse {
    /// `Err` is the simulated wait until the quota is positive again.
    pub(crate) fn admit(&mut self, now_ms: u64, per_minute: u32) -> Result<(), u64> {
        let per_minute = u64::from(per_minute.max(1));
        self.refill(now_ms, per_minute);
        match self.spent.checked_sub(per_minute * UNITS) {
            None => Ok(()),
            Some(overdrawn) => Err(overdrawn / per_minute + 1),
        }
    }

    /// Takes the cost of an answer.
    pub(crate) fn charge(&mut self, now_ms: u64, per_minute: u32, cost: u64) {
        self.refill(now_ms, u64::from(per_minute.max(1)));
        self.spent += cost * UNITS;
    }

    fn refill(&mut self, now_ms: u64, per_minute: u64) {
        self.spent = self.spent.saturating_sub(now_ms.saturating_sub(self.at_ms) * per_minute);
        self.at_ms = now_ms;
    }
}

/// What an answer costs: the objects in it, which are the records, what they refer to and the members of their lists.
pub(crate) fn cost_of(body: &[u8]) -> u64 {
    let (mut objects, mut in_text, mut escaped) = (0_u64, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if !in_text => objects += 1,
            _ => {}
        }
    }
    // The envelope is no object of Asana's.
    objects.saturating_sub(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_counted_and_texts_are_not() {
        assert_eq!(cost_of(br#"{"data":[{"gid":"1","assignee":{"gid":"2"},"tags":[{"gid":"3"},{"gid":"4"}]}]}"#), 4);
        assert_eq!(cost_of(br#"{"data":[{"name":"{\"{\\"}]}"#), 1);
        assert_eq!(cost_of(br#"{"data":[]}"#), 1);
    }

    #[test]
    fn an_answer_may_overdraw_and_the_next_ones_wait() {
        let mut purse = Purse::default();
        assert_eq!(purse.admit(0, 600), Ok(()));
        purse.charge(0, 600, 599);
        assert_eq!(purse.admit(0, 600), Ok(()));
        purse.charge(0, 600, 201);
        // 200 too many, of which ten come back each second.
        assert_eq!(purse.admit(0, 600), Err(20_001));
        assert_eq!(purse.admit(20_000, 600), Err(1));
        assert_eq!(purse.admit(20_001, 600), Ok(()));
        // What is not spent does not pile up.
        assert_eq!(purse.admit(10_000_000, 600), Ok(()));
        purse.charge(10_000_000, 600, 600);
        assert!(purse.admit(10_000_000, 600).is_err());
    }
}
