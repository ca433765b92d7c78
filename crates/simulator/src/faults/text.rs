//! The text form of fault rules, for command lines.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Condition, Fault, FaultRule, RetryAfter};

/// Levels of a nested member, at most.
const DEEPEST: u32 = 1_000_000;
/// MiB of a body, at most.
const LARGEST: u32 = 4_096;

/// Every condition and fault of the text form, for `--help`.
pub const FAULTS_HELP: &str = "\
Fault rules: `when=CONDITIONS what=FAULT [times=N|always]`, parted by spaces or semicolons. The first that applies wins.
`times` left out is 1 for rules with `request:` and `always` for the others.

Conditions, joined by `&` if all of them must hold:
  request:N            the N-th request, counted from 1
  from:N               the N-th and all later ones
  between:A-B          the A-th to the B-th: `when=between:100-160 what=429:1` is a storm
  every:N              each N-th
  path:GLOB            the path below /api/1.0, alone or with its query; `*` is anything
  chance:0.05          that share, by the seed; a retry rolls anew

Answers instead of the right one:
  500                  Asana's server error, with a phrase
  502, 503, 504        a gateway's, in HTML
  429                  too many requests, without Retry-After
  429:SECONDS          with Retry-After
  429@date:SECONDS     with a date that many seconds from now (or ago: 429@date:-60)
  429@TEXT             with this text, `_` for a space
  402, 403, 404, 451   refusals
  expired-offset       400, for requests with an offset
  truncated            400: the data set was truncated
  result-too-large     400: the result is too large
  too-heavy:N:STATUS   500 or 504 when `limit` is above N; 0: always, also without a limit
  garbage              200, broken JSON
  html-200             200, a page of HTML as of a network that wants a login
  errors-200           200, a body of errors
  empty-200            200, no body

Wrong in an otherwise right answer:
  text-200             its content type is text/plain
  empty-page           no rows, but a next page, which has them
  repeat-offset        the next page is this page
  foreign-next-page    path and uri of the next page lead to another host; the offset is right
  invalid-utf8         a text in a record is not UTF-8
  duplicate-keys       members of records come twice, the last is right
  deep-json:N          an unknown member of a record, nested N deep
  big-numbers          unknown members of a record, beyond what a double holds
  numeric-gid          gids are JSON numbers
  huge-body:MIB        an unknown member of MIB MiB, in chunks, without a length
  gzip-bomb:MIB        an unknown member of MIB MiB, compressed to little
  gzip-cut             the compressed body ends early, its length is as announced

Connections:
  drop                 closed before the answer
  cut                  closed in the middle of the body
  reset                reset before the answer
  reset-body           reset in the middle of the body
  reset-after          reset after a complete answer, when the next request arrives
  stall:MS             half of the body, nothing for MS milliseconds, then the rest
  stall                half of the body, then nothing
  slow:MS              the right answer, MS milliseconds late

The content of files is below /files/, as in path:/files/*, and its requests are counted apart. There are 402, 403, 404,
451, 500, 502, 503, 504, 429 and 429:SECONDS, drop, cut, stall:MS, slow:MS, and
  redirect:URL         302 to that address";

/// The faults that are a name and nothing more.
static PLAIN: [(&str, Fault); 31] = [
    ("500", Fault::ServerError),
    ("502", Fault::Gateway(502)),
    ("503", Fault::Gateway(503)),
    ("504", Fault::Gateway(504)),
    ("429", Fault::TooManyRequests(RetryAfter::Unsaid)),
    ("402", Fault::Refuse(402)),
    ("403", Fault::Refuse(403)),
    ("404", Fault::Refuse(404)),
    ("451", Fault::Refuse(451)),
    ("expired-offset", Fault::ExpiredOffset),
    ("truncated", Fault::Truncated),
    ("result-too-large", Fault::ResultTooLarge),
    ("garbage", Fault::Garbage),
    ("html-200", Fault::HtmlPage),
    ("text-200", Fault::PlainText),
    ("errors-200", Fault::Errors),
    ("empty-200", Fault::EmptyBody),
    ("empty-page", Fault::EmptyPage),
    ("repeat-offset", Fault::RepeatedOffset),
    ("foreign-next-page", Fault::ForeignNextPage),
    ("invalid-utf8", Fault::InvalidUtf8),
    ("duplicate-keys", Fault::DuplicateKeys),
    ("big-numbers", Fault::BigNumbers),
    ("numeric-gid", Fault::NumericGids),
    ("gzip-cut", Fault::GzipCut),
    ("drop", Fault::Drop),
    ("cut", Fault::Cut),
    ("reset", Fault::Reset),
    ("reset-body", Fault::ResetBody),
    ("reset-after", Fault::ResetAfter),
    ("stall", Fault::Stall(None)),
];

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
        "between" => {
            let (first, last) = value.split_once('-')?;
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then_some(Condition::Between(first, last))?
        }
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
    if let Some(text) = text.strip_prefix("429@") {
        return Some(Fault::TooManyRequests(retry_after(text)?));
    }
    match text.split_once(':') {
        Some((name, value)) => valued(name, value),
        None => PLAIN.iter().find(|(name, _)| *name == text).map(|(_, fault)| fault.clone()),
    }
}

fn valued(name: &str, value: &str) -> Option<Fault> {
    let milliseconds = || value.parse().ok().map(Duration::from_millis);
    let mebibytes = || value.parse().ok().filter(|mib| (1..=LARGEST).contains(mib));
    Some(match name {
        "429" => Fault::TooManyRequests(RetryAfter::Seconds(value.parse().ok()?)),
        "too-heavy" => {
            let (limit, status) = value.split_once(':')?;
            let status = status.parse().ok().filter(|status| matches!(status, 500 | 504))?;
            Fault::TooHeavy { limit: limit.parse().ok()?, status }
        }
        "deep-json" => Fault::DeepJson(value.parse().ok().filter(|depth| (1..=DEEPEST).contains(depth))?),
        "huge-body" => Fault::HugeBody(mebibytes()?),
        "gzip-bomb" => Fault::GzipBomb(mebibytes()?),
        "stall" => Fault::Stall(Some(milliseconds()?)),
        "slow" => Fault::Slow(milliseconds()?),
        "redirect" => Fault::Redirect(value.to_owned()),
        _ => return None,
    })
}

/// `date:30`, or a text that a header can hold.
fn retry_after(text: &str) -> Option<RetryAfter> {
    if let Some(seconds) = text.strip_prefix("date:") {
        return seconds.parse().ok().map(RetryAfter::Date);
    }
    text.bytes().all(|byte| byte.is_ascii_graphic()).then(|| RetryAfter::Text(text.replace('_', " ")))
}

/// The text form.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyRequests(RetryAfter::Seconds(seconds)) => write!(f, "429:{seconds}"),
            Self::TooManyRequests(RetryAfter::Date(seconds)) => write!(f, "429@date:{seconds}"),
            Self::TooManyRequests(RetryAfter::Text(text)) => write!(f, "429@{}", text.replace(' ', "_")),
            Self::TooHeavy { limit, status } => write!(f, "too-heavy:{limit}:{status}"),
            Self::DeepJson(depth) => write!(f, "deep-json:{depth}"),
            Self::HugeBody(mib) => write!(f, "huge-body:{mib}"),
            Self::GzipBomb(mib) => write!(f, "gzip-bomb:{mib}"),
            Self::Stall(Some(pause)) => write!(f, "stall:{}", pause.as_millis()),
            Self::Slow(delay) => write!(f, "slow:{}", delay.as_millis()),
            Self::Redirect(to) => write!(f, "redirect:{to}"),
            plain => match PLAIN.iter().find(|(_, fault)| fault == plain) {
                Some((name, _)) => f.write_str(name),
                // A status that rules cannot ask for in words.
                None => write!(f, "{plain:?}"),
            },
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
        assert_eq!((rule.what, rule.times), (Fault::TooManyRequests(RetryAfter::Seconds(7)), Some(3)));
        let rule: FaultRule = "when=request:40;what=drop".parse().unwrap();
        assert_eq!((rule.what, rule.times), (Fault::Drop, Some(1)));
        let rule: FaultRule = "when=between:100-160 what=429@Fri,_31_Dec_2027_23:59:59_GMT".parse().unwrap();
        assert_eq!((rule.when, rule.times), (vec![Condition::Between(100, 160)], None));
        let date = RetryAfter::Text("Fri, 31 Dec 2027 23:59:59 GMT".into());
        assert_eq!(rule.what, Fault::TooManyRequests(date));
        for wrong in ["", "what=500", "when=request:1", "when=sometimes what=500", "when=every:0 what=500", "x"] {
            assert!(wrong.parse::<FaultRule>().is_err(), "{wrong}");
        }
        assert!("when=between:9-8 what=500".parse::<FaultRule>().is_err());
    }

    #[test]
    fn faults_that_make_no_sense_are_refused() {
        let wrong = ["drop:1", "slow", "stall:soon", "too-heavy:25", "too-heavy:25:404", "huge-body", "huge-body:0"];
        for wrong in wrong.iter().chain(&["gzip-bomb:9999", "deep-json:0", "429@date:soon", "429@\u{e9}", "418"]) {
            assert_eq!(fault(wrong), None, "{wrong}");
        }
    }

    /// The first column of the help, with numbers for the capitals.
    fn listed(heading: &str) -> Vec<String> {
        let lines = FAULTS_HELP.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
        let names = lines.take_while(|line| line.starts_with("  ")).filter_map(|line| line.trim().split("  ").next());
        let names = names.flat_map(|names| names.split(", "));
        let filled = [("STATUS", "504"), ("SECONDS", "9"), ("MIB", "9"), ("MS", "9"), ("TEXT", "soon")];
        let filled = filled.iter().chain(&[("GLOB", "/x*"), ("A-B", "3-4"), (":N", ":5")]);
        names
            .map(|name| filled.clone().fold(name.to_owned(), |name, (word, value)| name.replace(word, value)))
            .collect()
    }

    #[test]
    fn the_help_lists_what_is_understood() {
        let conditions = listed("Conditions");
        assert_eq!(conditions.len(), 6);
        for text in conditions {
            assert!(condition(&text).is_some(), "{text}");
        }
        let headings = ["Answers", "Wrong", "Connections"];
        let faults: Vec<String> = headings.iter().flat_map(|heading| listed(heading)).collect();
        assert_eq!(faults.len(), PLAIN.len() + 9, "{faults:?}");
        for text in faults {
            assert_eq!(fault(&text).map(|fault| fault.to_string()), Some(text));
        }
    }
}
