//! Reading JSON by borrowing: objects as lists of names and raw values, one level at a time.
//!
//! A record is looked at by several readers (is it a parent of further listings? which columns does it fill?), each of
//! which needs a few of its fields. Splitting a level without building a tree keeps every number's digits and every
//! unknown field as they were sent, and costs no recursion however deep the text is nested.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::check::Checker;
use crate::scan::{self, Cursor};

/// An object's fields in the order sent, each with its value as it was sent; a name may occur twice.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Object<'a>(pub Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Object<'a> {
    /// `None` when the text is not an object.
    pub fn parse(json: &'a str) -> Option<Self> {
        let mut checker = Checker::new(json);
        let object = checker.object().ok()??;
        checker.end().ok()?;
        Some(object)
    }

    /// The same for text that is known to be JSON, which is not checked again. Of other text it makes something or
    /// nothing.
    pub fn of_valid(json: &'a str) -> Option<Self> {
        Cursor::new(json).object().map(|(fields, _)| Self(fields))
    }

    /// The field's value; of two with one name, the last.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// The field's text, when it is text.
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name).and_then(text)
    }

    /// The record's identifier. Asana sends text; a number is taken by its digits.
    pub fn gid(&self) -> Option<Cow<'a, str>> {
        self.get("gid").and_then(gid)
    }
}

/// A field name: text in which half of a surrogate pair is no error.
#[derive(Debug)]
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(String::from_utf8_lossy(bytes))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        // As text, a name with half of a surrogate pair would be refused, and the whole record with it.
        deserializer.deserialize_bytes(Text).map(Name)
    }
}

/// The elements of an array; `None` when the text is not an array.
pub fn elements(json: &str) -> Option<Vec<&str>> {
    let mut checker = Checker::new(json);
    let mut more = checker.enter(b'[', b']').ok()?;
    let mut elements = Vec::new();
    while more {
        elements.push(checker.value().ok()?);
        more = checker.more(b']').ok()?;
    }
    checker.end().ok()?;
    Some(elements)
}

/// The same for text that is known to be JSON, which is not checked again. Of other text it makes something or nothing.
pub fn elements_of_valid(json: &str) -> Option<Vec<&str>> {
    let mut cursor = Cursor::new(json);
    let mut more = cursor.enter(b'[', b']')?;
    let mut elements = Vec::new();
    while more {
        elements.push(cursor.value()?);
        more = cursor.more(b']')?;
    }
    Some(elements)
}

/// The same with each element taken apart, in one pass, if it is an object.
pub fn objects_of_valid(json: &str) -> Option<Vec<(&str, Option<Object<'_>>)>> {
    let mut cursor = Cursor::new(json);
    let mut more = cursor.enter(b'[', b']')?;
    let mut elements = Vec::new();
    while more {
        elements.push(if cursor.is_at(b'{') {
            let (fields, text) = cursor.object()?;
            (text, Some(Object(fields)))
        } else {
            (cursor.value()?, None)
        });
        more = cursor.more(b']')?;
    }
    Some(elements)
}

/// The records of a page that is known to be JSON, each with the value of its field `gid` if it is an object that has one:
/// the elements of its field `data`, or what stands there instead of a list. Of two fields of one name the last counts.
pub fn records_of_valid(page: &str) -> Option<Vec<(&str, Option<&str>)>> {
    scan::data(page)
}

/// A field's name, given with its quotes.
pub(crate) fn name(quoted: &str) -> Option<String> {
    serde_json::from_str::<Name<'_>>(quoted).ok().map(|Name(name)| name.into_owned())
}

/// The value of a JSON string; `None` when the text is something else.
///
/// Half of a surrogate pair, which no Unicode text can hold, becomes the replacement character.
pub fn text(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.trim().strip_prefix('"')?.strip_suffix('"')?;
    if !has_escapes(inner) {
        return Some(Cow::Borrowed(inner));
    }
    let decoded = serde_json::from_str::<String>(json);
    decoded.or_else(|_| serde_json::from_str(&without_lone_surrogates(json))).ok().map(Cow::Owned)
}

fn has_escapes(text: &str) -> bool {
    // All bytes are looked at, for then the compiler can look at many at once.
    let escape = |byte: u8| byte == b'\\';
    text.bytes().fold(false, |found, byte| found | escape(byte))
}

/// Whether the value is text that [`text`] cannot give as it was sent: it holds half of a surrogate pair.
pub fn is_broken_text(json: &str) -> bool {
    json.starts_with('"') && json.contains("\\u") && without_lone_surrogates(json) != json
}

/// A gid's text, whether it was sent as text or as a whole number.
pub fn gid(json: &str) -> Option<Cow<'_, str>> {
    let digits = !json.is_empty() && json.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Some(Cow::Borrowed(json)) } else { text(json).filter(|gid| !gid.is_empty()) }
}

/// Replaces each `\uD800`–`\uDFFF` escape that has no partner by `\uFFFD`.
fn without_lone_surrogates(json: &str) -> String {
    let mut fixed = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        fixed.push_str(before);
        let taken = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(first), Some(second)) if first < 0xDC00 && second >= 0xDC00 => 12,
            (Some(_), _) => {
                fixed.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (escaped, after) = escape.split_at(taken);
        fixed.push_str(escaped);
        rest = after;
    }
    fixed.push_str(rest);
    fixed
}

/// The surrogate that an escape at the start of `text` stands for.
fn surrogate(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(hex, 16).ok().filter(|unit| (0xD800..0xE000).contains(unit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn objects_are_split_without_losing_digits() {
        let object =
            Object::parse(r#" {"gid":"12","n":1.50,"deep":{"a":[1,{"b":2}]},"n":2.50,"k\u0065y":null} "#).unwrap();
        assert_eq!(object.gid().as_deref(), Some("12"));
        assert_eq!(object.get("n"), Some("2.50"));
        assert_eq!(object.get("deep"), Some(r#"{"a":[1,{"b":2}]}"#));
        assert_eq!(object.get("key"), Some("null"));
        assert!(Object::parse("[1]").is_none() && Object::parse("{").is_none());
    }

    #[test]
    fn text_is_decoded_even_where_it_is_no_unicode() {
        for (json, expected) in [
            (r#""plain""#, Some("plain")),
            (r#""""#, Some("")),
            (r#""tab\t \"q\" \u00e9 \ud83d\ude00""#, Some("tab\t \"q\" é 😀")),
            (r#""\ud83d alone""#, Some("\u{fffd} alone")),
            (r#""\\ud83d\ude00""#, Some("\\ud83d\u{fffd}")),
            ("12", None),
            ("null", None),
        ] {
            assert_eq!(text(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn text_that_is_no_unicode_is_told_apart() {
        for (json, broken) in [
            (r#""\ud83d alone""#, true),
            (r#""low \uDC00""#, true),
            (r#""\ud83d\ude00 \u00e9""#, false),
            (r#""\\ud83d""#, false),
            (r#""\ufffd""#, false),
            ("12", false),
        ] {
            assert_eq!(is_broken_text(json), broken, "{json}");
        }
    }

    #[test]
    fn a_name_that_is_no_unicode_costs_nothing_but_itself() {
        let object = Object::parse(r#"{"\ud83d":1,"gid":"12","n\u0061me":"x","tab\t":2}"#).unwrap();
        assert_eq!((object.gid().as_deref(), object.get("name")), (Some("12"), Some("\"x\"")));
        assert_eq!((object.0.len(), object.get("tab\t")), (4, Some("2")));
        assert!(object.0.iter().any(|(name, _)| name.contains('\u{fffd}')));
    }

    #[test]
    fn gids_are_text_even_when_sent_as_numbers() {
        assert_eq!(gid("123").as_deref(), Some("123"));
        assert_eq!(gid("\"123\"").as_deref(), Some("123"));
        assert_eq!(gid("12.5"), None);
        assert_eq!(gid("\"\""), None);
        assert_eq!(gid("null"), None);
    }

    #[test]
    fn nesting_costs_no_recursion() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Object::parse(&deep).unwrap().get("a").is_some());
        assert_eq!(Object::of_valid(&deep), Object::parse(&deep));
    }

    /// Without a check everything has to come out as with one.
    fn agree(json: &str) {
        let (object, list) = (Object::parse(json), elements(json));
        assert_eq!(Object::of_valid(json), object, "{json}");
        let objects = list.as_ref().map(|list| list.iter().map(|one| (*one, Object::parse(one))).collect::<Vec<_>>());
        assert_eq!(objects_of_valid(json), objects, "{json}");
        assert_eq!(elements_of_valid(json), list, "{json}");
        let data = object.and_then(|object| object.get("data"));
        let records = data.map(|data| {
            let gid = |element| Object::parse(element).and_then(|object| object.get("gid"));
            elements(data).unwrap_or(vec![data]).into_iter().map(|element| (element, gid(element))).collect::<Vec<_>>()
        });
        assert_eq!(records_of_valid(json), records, "{json}");
    }

    #[test]
    fn what_is_known_to_be_json_is_split_in_the_same_way() {
        for json in [
            r#"{"gid":"1","g\u0069d":2,"a\"b":{"gid":"3"},"\ud800":[1,"]}\\",{}]}"#,
            r#"[{"gid":"1"},{ "g\u0069d" : 2 , "gid" : null },[{"gid":7}],"x",-1.5e3,true,null,{}, [] ]"#,
            " { } ",
            r#"{"data":[],"next":null,"d\u0061ta":[ {"gid":"1","gid":"2"},7, [{"gid":3}] ]}"#,
            r#"{"data":{"gid":"1"}}"#,
            r#"{"data":[{}],"data": 7 }"#,
            "[\n]",
            "7",
            "\"{\"",
            "null",
        ] {
            agree(json);
        }
    }

    fn value() -> impl Strategy<Value = String> {
        let text = prop_oneof![r"[ -!#-\[\]-~é😀]{0,20}", r#"([a-z ]|\\["\\/bfnrt]|\\u[0-9a-f]{4}|\{|\]|,|:){0,20}"#,];
        let name = || prop_oneof![4 => "[a-d]", 2 => Just("gid".to_owned()), 2 => Just("data".to_owned()), 1 => r#"(\\u00[4-7][0-9]|\\n|\\"){0,3}"#];
        let leaf = prop_oneof![
            text.prop_map(|text| format!("\"{text}\"")),
            "-?[1-9][0-9]{0,20}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("false".to_owned()),
        ];
        leaf.prop_recursive(4, 60, 8, move |inner| {
            let blank = || "[ \n\r\t]{0,2}";
            let spaced = (blank(), inner.clone(), blank()).prop_map(|(before, value, after)| before + &value + &after);
            let field =
                (blank(), name(), blank(), inner.clone(), blank()).prop_map(|(before, name, middle, value, after)| {
                    format!("{before}\"{name}\"{middle}:{middle}{value}{after}")
                });
            prop_oneof![
                prop::collection::vec(spaced, 0..6).prop_map(|values| format!("[{}]", values.join(","))),
                prop::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_split_in_the_same_way(json in value()) {
            prop_assert!(serde_json::from_str::<&RawValue>(&json).is_ok(), "{}", json);
            agree(&json);
        }

        #[test]
        fn what_is_no_json_is_no_panic(text in r#"[\[\]{}",:\\ae1 ]{0,40}"#) {
            let object = Object::of_valid(&text);
            let (list, records) = (elements_of_valid(&text).map(drop).or(objects_of_valid(&text).map(drop)), records_of_valid(&text));
            prop_assert!(list.is_none() || (object.is_none() && records.is_none()));
        }
    }
}
