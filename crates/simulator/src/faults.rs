//! Misbehaviour as data: a list of rules, each saying when, what and how often.
//!
//! The text form, for command lines, separates its parts by spaces or semicolons:
//!
//! ```text
//! when=path:/tasks/*/stories*&chance:0.05 what=500 times=3
//! when=request:40 what=drop
//! when=path:/attachments?parent=12160001* what=403 times=always
//! ```
//!
//! `when` joins conditions by `&`, all of which must hold: `request:N` (the N-th request, from 1), `from:N`,
//! `every:N`, `path:GLOB` (the path below `/api/1.0`, or path and query; `*` is anything), `chance:0.05` (by the seed,
//! the request and how often it was sent: a retry rolls anew). `what` is one of `500`, `502`, `503`, `504` (HTML),
//! `429:SECONDS`, `429` (no `Retry-After`), `drop`, `cut`, `garbage`, `empty-page`, `repeat-offset`, `expired-offset`,
//! `truncated`, `402`, `403`, `404`, `451`, `slow:MILLISECONDS`. `times` is a number or `always`; left out, it is 1
//! for rules with `request:` and `always` for the others. The first rule that applies wins.
//!
//! The content of files is below `/files/`, as in `path:/files/*`; its requests are counted apart from the API's. There
//! `what` is `402`, `403`, `404`, `451`, `500`, `drop`, `cut`, `slow:MILLISECONDS` or `redirect:URL`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::world::{hash_bytes, mix};

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// All must hold.
    pub when: Vec<Condition>,
    pub what: Fault,
    /// How often the rule may apply; `None` is always.
    pub times: Option<u32>,
}

/// When a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The n-th request of all, counted from 1.
    Request(u64),
    /// The n-th and all later ones.
    From(u64),
    Every(u64),
    /// The path below the base, alone or with its query; `*` stands for anything.
    Path(String),
    /// Chances in a million.
    Chance(u32),
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 500 with a phrase.
    ServerError,
    /// 502, 503 or 504 with an HTML body.
    Gateway(u16),
    /// 429, with real seconds to wait or without any.
    TooManyRequests(Option<u64>),
    /// The connection closes before anything is answered.
    Drop,
    /// The connection closes in the middle of the body.
    Cut,
    /// A 200 whose body is not JSON.
    Garbage,
    /// A page without rows that nevertheless has a next page (which holds them).
    EmptyPage,
    /// A page whose next page is itself.
    RepeatedOffset,
    /// 400: the offset token has expired. Applies to requests with an offset only.
    ExpiredOffset,
    /// 400: the data set was cut.
    Truncated,
    /// 402, 403, 404 or 451 in the usual envelope.
    Refuse(u16),
    /// A right answer, late; of a file, the second half of it.
    Slow(Duration),
    /// 302 to this address. Of files only.
    Redirect(String),
}

/// A rule that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault(String);

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a fault rule: {}", self.0)
    }
}

impl std::error::Error for InvalidFault {}

impl FromStr for FaultRule {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |what: &str| InvalidFault(format!("{what} in {text:?}"));
        let (mut when, mut what, mut times) = (None, None, None);
        for part in text.split([' ', ';']).filter(|part| !part.is_empty()) {
            match part.split_once('=').ok_or_else(|| invalid(part))? {
                ("when", value) => {
                    let conditions: Option<Vec<_>> = value.split('&').map(condition).collect();
                    when = Some(conditions.ok_or_else(|| invalid(part))?);
                }
                ("what", value) => what = Some(fault(value).ok_or_else(|| invalid(part))?),
                ("times", "always") => times = Some(None),
                ("times", value) => times = Some(Some(value.parse().map_err(|_| invalid(part))?)),
                _ => return Err(invalid(part)),
            }
        }
        let when = when.ok_or_else(|| invalid("no `when`"))?;
        let once = when.iter().any(|condition| matches!(condition, Condition::Request(_)));
        let times = times.unwrap_or(once.then_some(1));
        Ok(Self { when, what: what.ok_or_else(|| invalid("no `what`"))?, times })
    }
}

fn condition(text: &str) -> Option<Condition> {
    let (name, value) = text.split_once(':')?;
    Some(match name {
        "request" => Condition::Request(value.parse().ok()?),
        "from" => Condition::From(value.parse().ok()?),
        "every" => Condition::Every(value.parse().ok().filter(|every| *every > 0)?),
        "path" => Condition::Path(value.to_owned()),
        "chance" => Condition::Chance(millionths(value)?),
        _ => return None,
    })
}

/// `0.05` as 50,000.
fn millionths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: u32 = format!("{:0<6}", fraction.chars().take(6).collect::<String>()).parse().ok()?;
    Some((whole.parse::<u32>().ok()?.min(1) * 1_000_000 + fraction).min(1_000_000))
}

fn fault(text: &str) -> Option<Fault> {
    let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value)));
    Some(match (name, value) {
        ("500", None) => Fault::ServerError,
        ("502", None) => Fault::Gateway(502),
        ("503", None) => Fault::Gateway(503),
        ("504", None) => Fault::Gateway(504),
        ("429", None) => Fault::TooManyRequests(None),
        ("429", Some(seconds)) => Fault::TooManyRequests(Some(seconds.parse().ok()?)),
        ("402" | "403" | "404" | "451", None) => Fault::Refuse(name.parse().ok()?),
        ("drop", None) => Fault::Drop,
        ("cut", None) => Fault::Cut,
        ("garbage", None) => Fault::Garbage,
        ("empty-page", None) => Fault::EmptyPage,
        ("repeat-offset", None) => Fault::RepeatedOffset,
        ("expired-offset", None) => Fault::ExpiredOffset,
        ("truncated", None) => Fault::Truncated,
        ("redirect", Some(to)) => Fault::Redirect(to.to_owned()),
        ("slow", Some(milliseconds)) => Fault::Slow(Duration::from_millis(milliseconds.parse().ok()?)),
        _ => return None,
    })
}

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
            let possible = rule.what != Fault::ExpiredOffset || arrival.query.contains("offset=");
            let holds = |condition: &Condition| applies(condition, arrival, mix(seed ^ at));
            if rule.times != Some(0) && possible && rule.when.iter().all(holds) {
                rule.times = rule.times.map(|times| times - 1);
                return Some(rule.what.clone());
            }
        }
        None
    }
}

fn applies(condition: &Condition, arrival: Arrival<'_>, seed: u64) -> bool {
    match condition {
        Condition::Request(number) => arrival.number == *number,
        Condition::From(number) => arrival.number >= *number,
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
    fn rules_are_read_from_text() {
        let rule: FaultRule = "when=path:/tasks/*/stories&chance:0.05 what=429:7 times=3".parse().unwrap();
        assert_eq!(rule.when, [Condition::Path("/tasks/*/stories".into()), Condition::Chance(50_000)]);
        assert_eq!((rule.what, rule.times), (Fault::TooManyRequests(Some(7)), Some(3)));
        let rule: FaultRule = "when=request:40;what=drop".parse().unwrap();
        assert_eq!((rule.what, rule.times), (Fault::Drop, Some(1)));
        let rule: FaultRule = "when=path:/tags* what=402".parse().unwrap();
        assert_eq!((rule.what, rule.times), (Fault::Refuse(402), None));
        for wrong in ["", "what=500", "when=request:1", "when=sometimes what=500", "when=every:0 what=500", "x"] {
            assert!(wrong.parse::<FaultRule>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rules_apply_when_and_as_often_as_they_say() {
        let arrival = |number, path, query| Arrival { number, path, query, before: 0 };
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
        let mut strike = |before| faults.strike(Arrival { number: 1, path: "/x", query: "", before }).is_some();
        let hits = (0..1_000).filter(|before| strike(*before)).count();
        assert!((400..600).contains(&hits), "{hits}");
    }
}
