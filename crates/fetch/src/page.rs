//! The envelope of Asana's answers: `{"data": …, "next_page": …}` and `{"errors": [{"message": …}]}`.
//! Source: <https://developers.asana.com/docs/pagination>, <https://developers.asana.com/docs/errors>

use asana_model::raw::{self, Object};
use serde_json::value::RawValue;

/// A successful answer, borrowed from its body.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    /// The records: one for an answer that is a single object.
    pub(crate) records: Vec<&'a str>,
    /// The offset token of the next page.
    pub(crate) next: Option<String>,
}

/// Takes an answer apart, or says what is wrong with it.
pub(crate) fn decode(body: &[u8]) -> Result<Envelope<'_>, String> {
    let text = std::str::from_utf8(body).map_err(|error| format!("not UTF-8: {error}"))?;
    // Everything must be well formed, also what is not looked at: the archive keeps the body as JSON.
    serde_json::from_str::<&RawValue>(text).map_err(|error| match text.trim_start().chars().next() {
        None => "an empty body".to_owned(),
        Some('<') => "a page of HTML instead of JSON".to_owned(),
        Some(_) => format!("invalid JSON: {error}"),
    })?;
    let envelope = Object::parse(text).ok_or("JSON, but not an object")?;
    let Some(data) = envelope.get("data") else {
        return Err(match error_message(text) {
            Some(message) => format!("an error in a successful answer: {message}"),
            None => "JSON without the member \"data\"".to_owned(),
        });
    };
    let records = match raw::elements(data) {
        Some(elements) => elements,
        None if data.starts_with('{') => vec![data],
        None => return Err("a member \"data\" that is neither a list nor an object".to_owned()),
    };
    // Never `uri` or `path`: an answer does not choose where the next request goes.
    let next = envelope.get("next_page").and_then(Object::parse).and_then(|page| page.text("offset"));
    Ok(Envelope { records, next: next.map(std::borrow::Cow::into_owned) })
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

    fn check(body: &str, expected: Result<(usize, Option<&str>), &str>) {
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
                prop_assert_eq!(looked.is_ok(), decode(body).is_ok());
                let _message = error_message(&String::from_utf8_lossy(body));
            }
        }
    }
}
