//! Which rule applies to a request: by the seed, the request and how often it came, so that a run can be repeated.

use super::{Condition, Fault, FaultRule};
use crate::api::parameters;
use crate::world::{hash_bytes, mix};

/// Whether `pattern` (`*` is anything) covers all of `text`.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// A request as the rules see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival<'a> {
    /// Counted from 1.
    pub(crate) number: u64,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// How often the same was asked before.
    pub(crate) before: u32,
    /// Whether a compressed answer is understood.
    pub(crate) accepts_gzip: bool,
}

/// The rules with what is left of them.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    rules: Vec<FaultRule>,
}

impl Faults {
    pub(crate) fn new(seed: u64, rules: Vec<FaultRule>) -> Self {
        Self { seed, rules }
    }

    /// The fault of this request, if any; uses up one time of its rule.
    pub(crate) fn strike(&mut self, arrival: Arrival<'_>) -> Option<Fault> {
        let seed = self.seed;
        for (at, rule) in (0u64..).zip(self.rules.iter_mut()) {
            let holds = |condition: &Condition| applies(condition, arrival, mix(seed ^ at));
            if rule.times != Some(0) && is_possible(&rule.what, arrival) && rule.when.iter().all(holds) {
                rule.times = rule.times.map(|times| times - 1);
                return Some(rule.what.clone());
            }
        }
        None
    }
}

/// Whether a fault makes sense for a request at all.
fn is_possible(fault: &Fault, arrival: Arrival<'_>) -> bool {
    match fault {
        Fault::ExpiredOffset => arrival.query.contains("offset="),
        Fault::TooHeavy { limit: 0, .. } => true,
        Fault::TooHeavy { limit, .. } => limit_of(arrival.query).is_some_and(|asked| asked > *limit),
        Fault::GzipCut | Fault::GzipBomb(_) => arrival.accepts_gzip,
        _ => true,
    }
}

/// The page size that a query asks for.
pub(crate) fn limit_of(query: &str) -> Option<u32> {
    parameters(query).iter().find(|(name, _)| name == "limit").and_then(|(_, value)| value.parse().ok())
}

fn applies(condition: &Condition, arrival: Arrival<'_>, seed: u64) -> bool {
    match condition {
        Condition::Request(number) => arrival.number == *number,
        Condition::From(number) => arrival.number >= *number,
        Condition::Between(first, last) => (*first..=*last).contains(&arrival.number),
        Condition::Every(every) => arrival.number.is_multiple_of(*every),
        Condition::Path(pattern) => {
            glob(pattern, arrival.path) || glob(pattern, &format!("{}?{}", arrival.path, arrival.query))
        }
        Condition::Chance(millionths) => {
            let request = hash_bytes(hash_bytes(seed, arrival.path.as_bytes()), arrival.query.as_bytes());
            mix(request ^ u64::from(arrival.before)) % 1_000_000 < u64::from(*millionths)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_apply_when_and_as_often_as_they_say() {
        let arrival = |number, path, query| Arrival { number, path, query, before: 0, accepts_gzip: false };
        let rules = ["when=request:2 what=500", "when=path:/a*?parent=7* what=403 times=2"];
        let mut faults = Faults::new(1, rules.iter().map(|rule| rule.parse().unwrap()).collect());
        assert_eq!(faults.strike(arrival(1, "/x", "")), None);
        assert_eq!(faults.strike(arrival(2, "/x", "")), Some(Fault::ServerError));
        assert_eq!(faults.strike(arrival(2, "/x", "")), None);
        assert_eq!(faults.strike(arrival(3, "/attachments", "parent=71&limit=2")), Some(Fault::Refuse(403)));
        assert_eq!(faults.strike(arrival(4, "/attachments", "parent=8")), None);
        assert_eq!(faults.strike(arrival(5, "/attachments", "parent=7")), Some(Fault::Refuse(403)));
        assert_eq!(faults.strike(arrival(6, "/attachments", "parent=7")), None);
    }

    #[test]
    fn chances_roll_anew_on_a_retry() {
        let rule: FaultRule = "when=chance:0.5 what=500".parse().unwrap();
        let mut faults = Faults::new(1, vec![rule]);
        let mut strike =
            |before| faults.strike(Arrival { number: 1, path: "/x", query: "", before, accepts_gzip: false }).is_some();
        let hits = (0..1_000).filter(|before| strike(*before)).count();
        assert!((400..600).contains(&hits), "{hits}");
    }

    #[test]
    fn faults_spare_requests_that_they_do_not_concern() {
        let rules = ["when=from:1 what=too-heavy:50:504 times=2", "when=between:4-5 what=gzip-cut"];
        let mut faults = Faults::new(1, rules.iter().map(|rule| rule.parse().unwrap()).collect());
        let mut strike = |number, query, accepts_gzip| {
            let arrival = Arrival { number, path: "/x", query, before: 0, accepts_gzip };
            faults.strike(arrival).map(|fault| fault.to_string())
        };
        assert_eq!(strike(1, "limit=50", false), None);
        assert_eq!(strike(2, "", false), None);
        assert_eq!(strike(3, "limit=51", false).as_deref(), Some("too-heavy:50:504"));
        assert_eq!(strike(4, "limit=50", false), None);
        assert_eq!(strike(5, "limit=50", true).as_deref(), Some("gzip-cut"));
        assert_eq!(strike(6, "limit=50", true), None);
    }
}
