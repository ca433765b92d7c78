//! What is wrong with an otherwise right body. The real records stay in it wherever JSON allows.

use std::collections::BTreeMap;
use std::iter::{once, repeat_n};

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Fault;
use crate::api::BASE;

/// Where a foreign next page leads: below it nothing is answered, but who asks is counted.
pub(crate) const ELSEWHERE: &str = "/elsewhere";
/// The beginning of every body that is data.
const DATA: &str = "{\"data\":";
/// Pieces in which a large body is made.
const PIECE: usize = 64 << 10;
const PIECES_IN_A_MIB: usize = (1 << 20) / PIECE;

/// The body that a fault makes of a right one. `host` is the address at which the client found this server.
pub(crate) fn spoiled(fault: &Fault, body: Vec<u8>, host: &str) -> Vec<u8> {
    match fault {
        Fault::InvalidUtf8 => with_member(body, b"\"unexpected_text\":\"caf\xe9 \xff\""),
        Fault::DeepJson(depth) => {
            let depth = usize::try_from(*depth).unwrap_or_default();
            let nested = format!("\"unexpected_depth\":{}{}", "[".repeat(depth), "]".repeat(depth));
            with_member(body, nested.as_bytes())
        }
        Fault::BigNumbers => with_member(
            body,
            b"\"unexpected_integer\":9007199254740993,\"unexpected_large\":340282366920938463463374607431768211457,\
              \"unexpected_fraction\":0.1000000000000000055511151231257827021181583404541015625,\
              \"unexpected_exponent\":1e400",
        ),
        Fault::DuplicateKeys => edited(body, twins),
        Fault::NumericGids => edited(body, |text| Some(numeric_gids(text))),
        Fault::ForeignNextPage => edited(body, |text| foreign_next_page(text, host)),
        _ => body,
    }
}

/// A body with an unknown member of so many MiB, in pieces.
pub(crate) fn padded(body: Vec<u8>, mib: u32) -> impl Iterator<Item = Bytes> + Send + 'static {
    let at = place(&body);
    let body = Bytes::from(body);
    let (head, tail) = (body.slice(..at), body.slice(at..));
    let pieces = usize::try_from(mib).unwrap_or_default() * PIECES_IN_A_MIB;
    let separator: &[u8] = if tail.starts_with(b"}") { b"\"" } else { b"\"," };
    let before = [head, Bytes::from_static(b"\"unexpected_text\":\"")];
    let padding = repeat_n(Bytes::from(vec![b'x'; PIECE]), pieces);
    before.into_iter().chain(padding).chain(once(Bytes::from_static(separator))).chain(once(tail))
}

/// Just inside the first record, or inside the envelope when there is none.
fn place(body: &[u8]) -> usize {
    let data = body.strip_prefix(DATA.as_bytes()).unwrap_or_default();
    match data {
        [b'[', b'{', ..] => DATA.len() + 2,
        [b'{', ..] => DATA.len() + 1,
        _ => usize::from(body.starts_with(b"{")),
    }
}

fn with_member(mut body: Vec<u8>, member: &[u8]) -> Vec<u8> {
    let mut tail = body.split_off(place(&body));
    body.extend_from_slice(member);
    if !tail.starts_with(b"}") {
        body.push(b',');
    }
    body.append(&mut tail);
    body
}

/// A body that cannot be edited stays as it is: all of ours are UTF-8 and begin with their data.
fn edited(body: Vec<u8>, edit: impl FnOnce(&str) -> Option<String>) -> Vec<u8> {
    match std::str::from_utf8(&body).ok().and_then(edit) {
        Some(text) => text.into_bytes(),
        None => body,
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Every member of every record comes twice, first with a wrong value.
fn twins(text: &str) -> Option<String> {
    let data = serde_json::from_str::<Envelope<'_>>(text).ok()?.data.get();
    let rest = text.strip_prefix(DATA)?.strip_prefix(data)?;
    let twinned = if data.starts_with('[') {
        let records: Vec<&RawValue> = serde_json::from_str(data).ok()?;
        let records: Option<Vec<String>> = records.into_iter().map(|record| twin(record.get())).collect();
        format!("[{}]", records?.join(","))
    } else {
        twin(data)?
    };
    Some(format!("{DATA}{twinned}{rest}"))
}

fn twin(record: &str) -> Option<String> {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(record).ok()?;
    let mut twinned = String::from("{");
    for name in members.keys() {
        for part in ["\"", name, "\":\"the first of two\","] {
            twinned.push_str(part);
        }
    }
    Some(twinned + record.strip_prefix('{')?)
}

/// A quotation mark inside a text is escaped, so what is replaced can only be a member.
fn numeric_gids(text: &str) -> String {
    const GID: &str = "\"gid\":\"";
    let mut parts = text.split(GID);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('"') {
            Some((gid, rest)) if !gid.is_empty() && gid.bytes().all(|byte| byte.is_ascii_digit()) => {
                out.push_str("\"gid\":");
                out.push_str(gid);
                out.push_str(rest);
            }
            _ => {
                out.push_str(GID);
                out.push_str(part);
            }
        }
    }
    out
}

/// The next page under another name of this machine.
fn foreign_next_page(text: &str, host: &str) -> Option<String> {
    let (page, next) = text.rsplit_once(",\"next_page\":{")?;
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let foreign = format!("{}:{port}{ELSEWHERE}", if name == "localhost" { "127.0.0.1" } else { "localhost" });
    let next = next.replacen("\"path\":\"", &format!("\"path\":\"//{foreign}{BASE}"), 1).replacen(
        &format!("\"uri\":\"http://{host}"),
        &format!("\"uri\":\"http://{foreign}"),
        1,
    );
    Some(format!("{page},\"next_page\":{{{next}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const PAGE: &str = r#"{"data":[{"gid":"7","name":"\"gid\":\"8\""},{"gid":"9","owner":{"gid":"11"}}],"next_page":{"offset":"o","path":"/tasks?offset=o","uri":"http://127.0.0.1:80/api/1.0/tasks?offset=o"}}"#;

    fn spoil(what: &str, body: &str) -> String {
        let rule: crate::FaultRule = format!("when=from:1 what={what}").parse().unwrap();
        String::from_utf8(spoiled(&rule.what, body.into(), "127.0.0.1:80")).unwrap()
    }

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn unknown_members_stand_in_the_first_record_or_in_the_envelope() {
        for body in [PAGE, r#"{"data":{"gid":"7"}}"#, r#"{"data":[]}"#, r#"{"data":[{}]}"#] {
            let deep = spoil("deep-json:3", body);
            assert!(deep.contains(r#""unexpected_depth":[[[]]]"#), "{deep}");
            let mut spoiled = json(&deep);
            let record = match &mut spoiled["data"] {
                Value::Array(records) if records.is_empty() => &mut spoiled,
                Value::Array(records) => &mut records[0],
                record => record,
            };
            assert!(record.as_object_mut().unwrap().remove("unexpected_depth").is_some());
            assert_eq!(spoiled, json(body));
        }
        let numbers = spoil("big-numbers", PAGE);
        assert!(numbers.contains("9007199254740993") && serde_json::from_str::<&RawValue>(&numbers).is_ok());
    }

    #[test]
    fn a_text_can_be_no_text() {
        let body = spoiled(&Fault::InvalidUtf8, PAGE.into(), "");
        assert!(std::str::from_utf8(&body).is_err());
        assert_eq!(json(&String::from_utf8_lossy(&body))["data"][0]["gid"], "7");
    }

    #[test]
    fn the_last_of_two_members_is_right() {
        let twins = spoil("duplicate-keys", PAGE);
        assert!(twins.contains(r#"[{"gid":"the first of two","name":"the first of two","gid":"7""#), "{twins}");
        assert_eq!(json(&twins), json(PAGE));
        assert_eq!(json(&spoil("duplicate-keys", r#"{"data":{"gid":"7"}}"#)), json(r#"{"data":{"gid":"7"}}"#));
    }

    #[test]
    fn gids_can_be_numbers_and_texts_stay() {
        let expected = PAGE.replace(r#""gid":"7""#, r#""gid":7"#).replace(r#""gid":"9""#, r#""gid":9"#);
        assert_eq!(spoil("numeric-gid", PAGE), expected.replace(r#""gid":"11""#, r#""gid":11"#));
    }

    #[test]
    fn a_next_page_can_lead_elsewhere() {
        let next = &json(&spoil("foreign-next-page", PAGE))["next_page"];
        assert_eq!(next["offset"], "o");
        assert_eq!(next["path"], "//localhost:80/elsewhere/api/1.0/tasks?offset=o");
        assert_eq!(next["uri"], "http://localhost:80/elsewhere/api/1.0/tasks?offset=o");
        let last = r#"{"data":[],"next_page":null}"#;
        assert_eq!(spoil("foreign-next-page", last), last);
    }

    #[test]
    fn padding_is_one_large_member() {
        let padded: Vec<u8> = padded(PAGE.into(), 1).flatten().collect();
        let mut padded = json(&String::from_utf8(padded).unwrap());
        let member = padded["data"][0].as_object_mut().unwrap().remove("unexpected_text").unwrap();
        assert_eq!((member.as_str().unwrap().len(), padded), (1 << 20, json(PAGE)));
    }
}
