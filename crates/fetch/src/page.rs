//! The envelope of Asana's answers: `{"data": …, "next_page": …}` and `{"errors": [{"message": …}]}`.
//! Source: <https://developers.asana.com/docs/pagination>, <https://developers.asana.com/docs/errors>

use std::borrow::Cow;

use asana_model::check::{self, Checker, NotJson};
use asana_model::raw::{self, Object};

/// A successful answer, borrowed from its body.
#[derive(Debug)]
pub(crate) struct Envelope<R> {
    /// The records: one for an answer that is a single object.
    pub(crate) records: Vec<R>,
    /// The offset token of the next page.
    pub(crate) next: Option<String>,
}

/// Takes an answer apart, or says what is wrong with it. All of it is read, in one pass: the archive keeps the body as JSON.
pub(crate) fn decode(body: &[u8]) -> Result<Envelope<&str>, String> {
    decode_as(body, Checker::value)
}

/// The same with the records taken apart in the same pass; `None` for one that is no object.
pub(crate) fn decode_objects(body: &[u8]) -> Result<Envelope<Option<Object<'_>>>, String> {
    decode_as(body, Checker::object)
}

fn decode_as<'a, R>(
    body: &'a [u8],
    record: impl Fn(&mut Checker<'a>) -> Result<R, NotJson>,
) -> Result<Envelope<R>, String> {
    let text = std::str::from_utf8(body).map_err(|error| format!("not UTF-8: {error}"))?;
    let Members { data, next_page } =
        members(text, record).map_err(|error| match text.trim_start().chars().next() {
            None => "an empty body".to_owned(),
            Some('<') => "a page of HTML instead of JSON".to_owned(),
            Some(_) if check::check(text).is_ok() => "JSON, but not an object".to_owned(),
            Some(_) => format!("invalid JSON: {error}"),
        })?;
    let records = match data {
        Some(Data::Records(records)) => records,
        Some(Data::Other) => return Err("a member \"data\" that is neither a list nor an object".to_owned()),
        None => {
            return Err(match error_message(text) {
                Some(message) => format!("an error in a successful answer: {message}"),
                None => "JSON without the member \"data\"".to_owned(),
            });
        }
    };
    // Never `uri` or `path`: an answer does not choose where the next request goes.
    let page = next_page.and_then(Object::of_valid);
    Ok(Envelope { records, next: page.and_then(|page| page.text("offset")).map(Cow::into_owned) })
}

/// The members of an answer that matter; of two with one name, the last.
#[derive(Debug)]
struct Members<'a, R> {
    data: Option<Data<R>>,
    next_page: Option<&'a str>,
}

#[derive(Debug)]
enum Data<R> {
    /// Those of a list, or the only one.
    Records(Vec<R>),
    Other,
}

fn members<'a, R>(
    text: &'a str,
    record: impl Fn(&mut Checker<'a>) -> Result<R, NotJson>,
) -> Result<Members<'a, R>, NotJson> {
    let mut members = Members { data: None, next_page: None };
    let mut walk = Checker::new(text);
    let mut more = walk.enter(b'{', b'}')?;
    while more {
        let name = walk.name()?;
        if name.is("data") {
            members.data = Some(match walk.next_token() {
                Some(b'[') => Data::Records(records(&mut walk, &record)?),
                Some(b'{') => Data::Records(vec![record(&mut walk)?]),
                _ => walk.value().map(|_| Data::Other)?,
            });
        } else {
            let value = walk.value()?;
            if name.is("next_page") {
                members.next_page = Some(value);
            }
        }
        more = walk.more(b'}')?;
    }
    walk.end()?;
    Ok(members)
}

fn records<'a, R>(
    walk: &mut Checker<'a>,
    record: impl Fn(&mut Checker<'a>) -> Result<R, NotJson>,
) -> Result<Vec<R>, NotJson> {
    let mut records = Vec::new();
    let mut more = walk.enter(b'[', b']')?;
    while more {
        records.push(record(walk)?);
        more = walk.more(b']')?;
    }
    Ok(records)
}

/// The first message of an error body, with the phrase that Asana's support asks for.
pub(crate) fn error_message(body: &str) -> Option<String> {
    let object = Object::parse(body)?;
    let errors = raw::elements(object.get("errors")?)?;
    let first = Object::parse(errors.first()?)?;
    let message = first.text("message").unwrap_or_default();
    match first.text("phrase") {
        Some(phrase) => Some(format!("{message} (phrase: {phrase})")),
        None => Some(message.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Both ways to take an answer apart say the same.
    #[track_caller]
    fn agree(body: &[u8]) {
        let plain = decode(body);
        let apart = plain.as_ref().map(|envelope| {
            let records: Vec<_> = envelope.records.iter().map(|record| Object::parse(record)).collect();
            format!("{records:?} {:?}", envelope.next)
        });
        let at_once = decode_objects(body).map(|Envelope { records, next }| format!("{records:?} {next:?}"));
        assert_eq!(at_once, apart.map_err(Clone::clone));
    }

    fn check(body: &str, expected: Result<(usize, Option<&str>), &str>) {
        agree(body.as_bytes());
        match (decode(body.as_bytes()), expected) {
            (Ok(envelope), Ok((records, next))) => {
                assert_eq!((envelope.records.len(), envelope.next.as_deref()), (records, next), "{body}");
            }
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{body}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn an_end_is_said_by_next_page_alone() {
        check(r#"{"data":[],"next_page":null}"#, Ok((0, None)));
        check(r#"{"data":[]}"#, Ok((0, None)));
        check(r#"{"data":[],"next_page":{"offset":"abc","uri":"https://evil.example/"}}"#, Ok((0, Some("abc"))));
        check(r#"{"data":[{"gid":"1"},{"gid":"2"}],"next_page":{"offset":"a\u0062"}}"#, Ok((2, Some("ab"))));
        check(r#"{"data":{"gid":"1"}}"#, Ok((1, None)));
    }

    #[test]
    fn what_is_not_an_answer_is_named() {
        check("", Err("an empty body"));
        check("<html>Sign in</html>", Err("HTML"));
        check(r#"{"data":[{"gid":"1"}"#, Err("invalid JSON"));
        check("[]", Err("not an object"));
        check(r#"{"errors":[{"message":"no"}]}"#, Err("an error in a successful answer: no"));
        check(r#"{"data":7}"#, Err("neither a list nor an object"));
        assert!(decode(b"{\"data\":\"\xff\"}").unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn error_messages_keep_the_phrase_for_support() {
        let body = r#"{"errors":[{"message":"Server Error","phrase":"6 sad squid snuggle softly"}]}"#;
        assert_eq!(error_message(body).unwrap(), "Server Error (phrase: 6 sad squid snuggle softly)");
        assert_eq!(error_message("<html>"), None);
        assert_eq!(error_message(r#"{"errors":[]}"#), None);
    }

    #[test]
    fn what_is_strange_but_json_is_an_answer() {
        let deep = format!(r#"{{"data":[{{"gid":"1","x":{}{}}}]}}"#, "[".repeat(50_000), "]".repeat(50_000));
        check(&deep, Ok((1, None)));
        check(r#"{"data":[{"gid":1}],"data":[{"gid":"2"},{"gid":"3"}]}"#, Ok((2, None)));
        check(r#"{"data":[{"gid":"1","name":"\ud800","\ud800":1}],"next_page":null}"#, Ok((1, None)));
        check(r#"{"data":[null,1,"x",{"gid":123456789012345678901234567890}]}"#, Ok((4, None)));
        check(r#"{"data":["\ud800",1e999,[[]],{"gid":"1","gid":"2"}]}"#, Ok((4, None)));
        check(r#"{"data":[1],"data":{"gid":"1"}}"#, Ok((1, None)));
        check("\u{feff}{\"data\":[]}", Err("invalid JSON"));
        check("{\"data\":[{\"name\":\"raw\u{1}control\"}]}", Err("invalid JSON"));
        check(r#"{"data":[],"next_page":{"offset":7}}"#, Ok((0, None)));
    }

    proptest! {
        /// Whatever a server sends, it is an answer or it is named.
        #[test]
        fn no_body_makes_it_panic(
            noise in prop::collection::vec(any::<u8>(), 0..80),
            at in any::<prop::sample::Index>(),
            search in any::<bool>(),
            first in any::<bool>(),
        ) {
            let whole = br#"{"data":[{"gid":"1","created_at":"2026-01-01T00:00:00.000Z","memberships":[{"project":{"gid":"2"}}]}],"next_page":{"offset":"\u0061"}}"#;
            let mut damaged = whole.to_vec();
            let at = at.index(damaged.len());
            damaged.splice(at..(at + noise.len() / 2).min(whole.len()), noise.iter().copied());
            for body in [noise.as_slice(), &damaged, &whole[..at]] {
                let looked = crate::position::look(body, &crate::children::Children::default(), search, first);
                agree(body);
                prop_assert_eq!(looked.is_ok(), decode(body).is_ok());
                let _message = error_message(&String::from_utf8_lossy(body));
            }
        }
    }
}
