//! Taking text apart that may not be JSON, and checking it on the way.
//!
//! An answer is checked before it is archived, and what the run needs of it is found in the same pass. What is JSON says
//! RFC 8259, without a bound for depth or for the size of numbers: what `serde_json` takes for a raw value, which a
//! property test compares. The inside of strings is passed over eight bytes at a time, and nothing is decoded.

use std::fmt;

use crate::raw::Object;
pub use crate::scan::Name;
use crate::scan::{EACH, with_zero};

/// Why text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson {
    /// Bytes before what is wrong.
    pub at: usize,
    what: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

impl std::error::Error for NotJson {}

type Result<T> = std::result::Result<T, NotJson>;

/// Where a walk over text stands. All before it is JSON as far as it goes; what is not ends the walk.
#[derive(Debug)]
pub struct Checker<'a> {
    json: &'a str,
    at: usize,
    /// What closes the objects and lists around, inside the value that is being passed.
    open: Vec<u8>,
    /// Fields of the last object that was taken apart: the next one probably has as many.
    fields: usize,
}

/// The text of one value, without blanks around it.
pub fn check(text: &str) -> Result<&str> {
    let mut checker = Checker::new(text);
    let value = checker.value()?;
    checker.end()?;
    Ok(value)
}

impl<'a> Checker<'a> {
    pub fn new(json: &'a str) -> Self {
        Self { json, at: 0, open: Vec::new(), fields: 16 }
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T> {
        Err(NotJson { at: self.at, what: if self.at < self.json.len() { what } else { "an end too early" } })
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no blank, which is not passed.
    pub fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    /// Enters an object (`{`, `}`) or a list (`[`, `]`), which has to come next; gives whether it has anything in it.
    ///
    /// # Errors
    /// Something else comes next.
    pub fn enter(&mut self, open: u8, close: u8) -> Result<bool> {
        if self.next_token() != Some(open) {
            return self.wrong("something unexpected");
        }
        self.at += 1;
        let is_empty = self.next_token() == Some(close);
        self.at += usize::from(is_empty);
        Ok(!is_empty)
    }

    /// The next name of an object's fields, and the colon behind it.
    ///
    /// # Errors
    /// Something else comes next.
    pub fn name(&mut self) -> Result<Name<'a>> {
        if self.next_token() != Some(b'"') {
            return self.wrong("no name of a field");
        }
        let start = self.at + 1;
        let has_escapes = self.pass_string()?;
        let sent = self.json.get(start..self.at - 1).unwrap_or_default();
        if self.next_token() != Some(b':') {
            return self.wrong("no colon behind a name");
        }
        self.at += 1;
        Ok(Name { sent, has_escapes })
    }

    /// The next value, without blanks around it.
    ///
    /// # Errors
    /// None comes next, or it is not JSON.
    pub fn value(&mut self) -> Result<&'a str> {
        let first = self.next_token();
        let start = self.at;
        match first {
            Some(b'{' | b'[') => self.pass_nested()?,
            other => self.pass_scalar(other)?,
        }
        Ok(self.json.get(start..self.at).unwrap_or_default())
    }

    /// Whether another element or field follows; if not, the list or object that ends with `close` is left.
    ///
    /// # Errors
    /// Neither a comma nor the end comes next.
    pub fn more(&mut self, close: u8) -> Result<bool> {
        let next = self.next_token();
        if next != Some(b',') && next != Some(close) {
            return self.wrong("neither a comma nor an end");
        }
        self.at += 1;
        Ok(next == Some(b','))
    }

    /// The next value taken apart; `None` if it is no object.
    ///
    /// # Errors
    /// None comes next, or it is not JSON.
    pub fn object(&mut self) -> Result<Option<Object<'a>>> {
        if self.next_token() != Some(b'{') {
            return self.value().map(|_| None);
        }
        let mut more = self.enter(b'{', b'}')?;
        let mut fields = Vec::with_capacity(if more { self.fields } else { 0 });
        while more {
            let name = self.name()?.decoded();
            fields.push((name, self.value()?));
            more = self.more(b'}')?;
        }
        self.fields = fields.len();
        Ok(Some(Object(fields)))
    }

    /// Says that nothing but blanks is left.
    ///
    /// # Errors
    /// Something else is.
    pub fn end(&mut self) -> Result<()> {
        if self.next_token().is_some() { self.wrong("something behind the end") } else { Ok(()) }
    }

    /// Passes an object or a list. There is no recursion: text may be nested as deep as it is long.
    fn pass_nested(&mut self) -> Result<()> {
        self.open.clear();
        loop {
            // A value comes next.
            match self.next_token() {
                Some(b'{') => {
                    if self.enter(b'{', b'}')? {
                        self.open.push(b'}');
                        self.name()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    if self.enter(b'[', b']')? {
                        self.open.push(b']');
                        continue;
                    }
                }
                other => self.pass_scalar(other)?,
            }
            // One is complete, and perhaps with it what is around.
            loop {
                let Some(close) = self.open.last().copied() else { return Ok(()) };
                if self.more(close)? {
                    if close == b'}' {
                        self.name()?;
                    }
                    break;
                }
                self.open.pop();
            }
        }
    }

    /// Passes a string, number or word that begins with `first`, the next byte.
    fn pass_scalar(&mut self, first: Option<u8>) -> Result<()> {
        match first {
            Some(b'"') => self.pass_string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.pass_number(),
            Some(b't') => self.pass_word("true"),
            Some(b'f') => self.pass_word("false"),
            Some(b'n') => self.pass_word("null"),
            _ => self.wrong("no value"),
        }
    }

    fn pass_word(&mut self, word: &str) -> Result<()> {
        let rest = self.json.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return self.wrong("no value");
        }
        self.at += word.len();
        Ok(())
    }

    fn pass_number(&mut self) -> Result<()> {
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.wrong("a number with a leading zero");
            }
        } else {
            self.pass_digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.pass_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.pass_digits()?;
        }
        Ok(())
    }

    /// Passes digits: at least one.
    fn pass_digits(&mut self) -> Result<()> {
        let rest = self.json.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if length == 0 {
            return self.wrong("a number without a digit");
        }
        self.at += length;
        Ok(())
    }

    /// Passes a string, the opening quote of which comes next; gives whether there are escapes in it.
    fn pass_string(&mut self) -> Result<bool> {
        let bytes = self.json.as_bytes();
        let (mut at, mut has_escapes) = (self.at + 1, false);
        loop {
            at = special(bytes, at);
            match bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    let length = escape(bytes.get(at + 1..).unwrap_or_default());
                    if length == 0 {
                        self.at = at;
                        return self.wrong("an escape that means nothing");
                    }
                    at += 1 + length;
                    has_escapes = true;
                }
                _ => {
                    self.at = at;
                    return self.wrong("a control character in a string");
                }
            }
        }
    }
}

/// Where the next byte of a string is that is not simply a part of it: `"`, `\` or a control character; at the latest, the
/// end of all.
fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some((eight, _)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let found = with_zero(word ^ (EACH * u64::from(b'"')))
            | with_zero(word ^ (EACH * u64::from(b'\\')))
            | (word.wrapping_sub(EACH * u64::from(b' ')) & !word & (EACH << 7));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
    found.map_or(bytes.len(), |found| at + found)
}

/// The length of an escape behind its backslash; none if it is no escape.
fn escape(rest: &[u8]) -> usize {
    match rest {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 1,
        [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 5,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    /// What serde takes for a value is one, and nothing else.
    #[track_caller]
    fn agree(text: &str) {
        let expected = serde_json::from_str::<&RawValue>(text).map(RawValue::get);
        let found = check(text);
        assert_eq!(found.ok(), expected.as_ref().ok().copied(), "{text:?}: {found:?}, but {expected:?}");
        // On the way through lists and objects as well.
        if text.trim_start().starts_with(['{', '[']) {
            let (object, list) = (Object::parse(text), crate::raw::elements(text));
            assert_eq!(object.is_some() || list.is_some(), expected.is_ok(), "{text:?}");
            if expected.is_ok() {
                assert_eq!((object, list), (Object::of_valid(text), crate::raw::elements_of_valid(text)), "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_json_is_a_matter_of_the_standard() {
        for text in [
            "",
            " ",
            "{}",
            "[]",
            " [ ] ",
            "{ }",
            "[1,]",
            "{,}",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\" : 1 , \"b\":[ ]}",
            "{\"a\"}",
            "{\"a\":}",
            "{1:2}",
            "{\"a\":1 \"b\":2}",
            "[1 2]",
            "[1]]",
            "[[1]",
            "{]",
            "[}",
            "[{]}",
            "1",
            "-1",
            "-",
            "+1",
            "01",
            "-01",
            "0",
            "-0",
            "0.",
            "0.5",
            ".5",
            "1.",
            "1e",
            "1e+",
            "1e5",
            "1E-5",
            "1.5e+10",
            "1e999",
            "1e5.5",
            "0x1",
            "1_0",
            "true",
            "tru",
            "truer",
            "nul",
            "null",
            "nullnull",
            "True",
            "NaN",
            "Infinity",
            "\"\"",
            "\"",
            "\"a",
            "\"a\\",
            "\"a\\\"",
            "\"\\\"\"",
            "\"\\x\"",
            "\"\\/\\b\\f\\n\\r\\t\\\\\"",
            "\"\\u00e9\"",
            "\"\\u00g0\"",
            "\"\\u00\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\u 041\"",
            "\"\\u+041\"",
            "\"tab\t\"",
            "\"line\n\"",
            "\"nul\0\"",
            "\"del\u{7f}\"",
            "\"1234567\u{1}\"",
            "\"123456789\u{1f}0\"",
            "\"é😀\"",
            "\u{feff}[]",
            "[]\u{feff}",
            "\u{a0}1",
            "[1]\u{0}",
            "[1]\u{b}",
            "/**/[]",
            "[1]//",
            "'a'",
            "{\"a\tb\":1}",
            "{\"\\ud800\":1}",
            "[\"a\":1]",
            "{\"a\":1:2}",
            "\"a\"\"b\"",
            "[\"a\"\"b\"]",
        ] {
            agree(text);
        }
    }

    #[test]
    fn depth_is_no_matter() {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        agree(&format!("{open}{close}"));
        agree(&format!("{open}1{close}]"));
        agree(&format!("{open}{}", "]".repeat(99_999)));
        agree(&"{\"a\":".repeat(100_000));
    }

    #[test]
    fn it_is_told_where_text_is_no_json() {
        let told = |text| check(text).unwrap_err().to_string();
        assert_eq!(told("[1, 02]"), "a number with a leading zero at byte 5");
        assert_eq!(told("[\"abc"), "an end too early at byte 5");
        assert_eq!(told("[\"a\u{1}\"]"), "a control character in a string at byte 3");
        assert_eq!(told("[1] x"), "something behind the end at byte 4");
    }

    #[test]
    fn an_end_of_a_string_is_found_wherever_it_is() {
        for length in 0..40 {
            for special in ["\\n", "\u{1}", "\u{1f}", "\\\"", "\\", "é", "\u{80}", "\u{fe}", " !"] {
                for at in 0..=length {
                    agree(&format!("[\"{}{special}{}\"]", "a".repeat(at), "z".repeat(length - at)));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn noise_is_judged_as_by_serde(text in r#"[\[\]{}",:\\/ae1u0+.\-tn \n\x01]{0,40}"#) {
            agree(&text);
        }

        /// JSON with a few bytes changed.
        #[test]
        fn damaged_json_is_judged_as_by_serde(
            noise in r#"[\[\]{}",:\\ae10.\- \n\x01é]{0,6}"#,
            at in any::<prop::sample::Index>(),
            length in 0_usize..4,
        ) {
            let whole = r#"{"data":[{"gid":"1","n":-10.5e3,"name":"a\"b\u00e9\\","l":[1,[true,null],{"x":{}}]}, {}],"next_page":{"offset":"é"}}"#;
            let mut damaged = whole.to_owned();
            let ends: Vec<usize> = (0..=whole.len()).filter(|at| whole.is_char_boundary(*at)).collect();
            let from = at.index(ends.len());
            let range = ends[from]..ends[(from + length).min(ends.len() - 1)];
            damaged.replace_range(range, &noise);
            agree(&damaged);
        }
    }
}
