//! Misbehaviour as data: a list of rules, each saying when, what and how often.
//!
//! ```text
//! when=path:/tasks/*/stories*&chance:0.05 what=500 times=3
//! when=request:40 what=reset
//! when=between:100-160 what=429:1
//! when=path:/attachments?parent=12160001* what=403 times=always
//! ```
//!
//! [`FAULTS_HELP`] lists every condition and fault of the text form. The first rule that applies wins.
//!
//! - `text`: rules from their text form and back.
//! - `strike`: which rule applies to a request.
//! - `answers`: what is answered in place of the right answer.
//! - `bodies`: what is wrong with an otherwise right body.
//!
//! What goes wrong on the way, such as connections that break, is in `delivery` and `wire`.

mod answers;
mod bodies;
mod strike;
mod text;

use std::time::Duration;

use crate::world::time::{SECOND, Time, http_date, wall_clock};

pub(crate) use answers::{instead, twist};
pub(crate) use bodies::{ELSEWHERE, padded, spoiled};
pub(crate) use strike::{Arrival, Faults, glob, limit_of};
pub use text::{FAULTS_HELP, InvalidFault};

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
    /// All from the first number to the second, both included.
    Between(u64, u64),
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
    TooManyRequests(RetryAfter),
    /// 402, 403, 404 or 451 in the usual envelope.
    Refuse(u16),
    /// 400: the offset token has expired. Applies to requests with an offset only.
    ExpiredOffset,
    /// 400: the data set was cut.
    Truncated,
    /// 400: the result is too large, as Asana says where a listing was asked for without pages.
    ResultTooLarge,
    /// The page cannot be built in time: 500 or 504, for requests whose `limit` is above this one. With 0 for every
    /// request, also those without a limit.
    TooHeavy {
        limit: u32,
        status: u16,
    },

    /// A 200 whose body is not JSON but the beginning of it.
    Garbage,
    /// A 200 with a page of HTML, as networks give that want a login.
    HtmlPage,
    /// The right answer, called `text/plain`.
    PlainText,
    /// A 200 with a body of `errors`.
    Errors,
    /// A 200 without a body.
    EmptyBody,

    /// A page without rows that nevertheless has a next page (which holds them).
    EmptyPage,
    /// A page whose next page is itself.
    RepeatedOffset,
    /// A next page whose `path` and `uri` lead to another host; the offset is right.
    ForeignNextPage,
    /// A record with a text that is not UTF-8.
    InvalidUtf8,
    /// Every member of every record comes twice; the last is right.
    DuplicateKeys,
    /// A record with an unknown member that is nested this deep.
    DeepJson(u32),
    /// A record with unknown numbers that no double holds.
    BigNumbers,
    /// Every gid is a JSON number.
    NumericGids,
    /// The right answer with an unknown member of this many MiB, in chunks, without a length and not compressed.
    HugeBody(u32),

    /// A compressed body that ends in the middle, although its length is what was announced. Applies to requests that
    /// accept gzip only.
    GzipCut,
    /// The right answer with an unknown member of this many MiB, which compressed are little. Applies to requests that
    /// accept gzip only.
    GzipBomb(u32),

    /// The connection closes before anything is answered.
    Drop,
    /// The connection closes in the middle of the body.
    Cut,
    /// The connection is reset (RST) before anything is answered.
    Reset,
    /// The connection is reset in the middle of the body.
    ResetBody,
    /// The answer is complete; the connection is reset as soon as the next request arrives on it.
    ResetAfter,
    /// Half of the body, then nothing for this long; `None` until the client goes away.
    Stall(Option<Duration>),
    /// A right answer, late.
    Slow(Duration),
    /// 302 to this address. Of files only.
    Redirect(String),
}

/// The `Retry-After` of a 429.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RetryAfter {
    /// No header.
    #[default]
    Unsaid,
    /// Real seconds, the form that Asana sends.
    Seconds(u64),
    /// An HTTP date this many seconds from now, or ago.
    Date(i64),
    /// Whatever it is.
    Text(String),
}

impl RetryAfter {
    /// The header, if there is one.
    pub(crate) fn header(&self) -> Option<String> {
        match self {
            Self::Unsaid => None,
            Self::Seconds(seconds) => Some(seconds.to_string()),
            Self::Date(seconds) => Some(http_date(Time(wall_clock().saturating_add(seconds.saturating_mul(SECOND))))),
            Self::Text(text) => Some(text.clone()),
        }
    }

    /// The wait that it asks for, in real seconds; `None` where it can be read in no or in many ways.
    pub(crate) fn seconds(&self) -> Option<u64> {
        match self {
            Self::Seconds(seconds) => Some(*seconds),
            Self::Date(seconds) => u64::try_from(*seconds).ok(),
            Self::Unsaid | Self::Text(_) => None,
        }
    }
}
