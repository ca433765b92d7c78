//! Splitting text that is known to be JSON, without checking it again.
//!
//! A page is checked when it comes out of the archive; after that its records are split several times, on several
//! levels. What is looked for is where values end, so the inside of strings is passed over eight bytes at a time, and
//! nothing is decoded. Text that is not JSON gives something or nothing, but never a panic.

use std::borrow::Cow;

/// Where a walk over a piece of JSON stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(json: &'a str) -> Self {
        Self { json, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no blank.
    fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other,
            }
        }
    }

    /// Whether that byte is next, after blanks.
    pub(crate) fn is_at(&mut self, byte: u8) -> bool {
        self.next_token() == Some(byte)
    }

    /// Passes that byte and blanks before it.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.next_token() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Enters an object or array, which has to be all that is left; gives whether it has anything in it.
    pub(crate) fn enter(&mut self, open: u8, close: u8) -> Option<bool> {
        if !self.take(open) {
            return None;
        }
        Some(!self.take(close))
    }

    /// The next value, without blanks around it.
    pub(crate) fn value(&mut self) -> Option<&'a str> {
        let first = self.next_token()?;
        let start = self.at;
        self.at = match first {
            b'"' => string_end(self.json.as_bytes(), start + 1)?,
            b'{' | b'[' => nested_end(self.json.as_bytes(), start)?,
            _ => plain_end(self.json.as_bytes(), start),
        };
        self.json.get(start..self.at)
    }

    /// The next name of an object's fields, and the colon behind it.
    pub(crate) fn name(&mut self) -> Option<Name<'a>> {
        if !self.take(b'"') {
            return None;
        }
        let (start, mut has_escapes) = (self.at, false);
        self.at = string_end_noting(self.json.as_bytes(), start, &mut has_escapes)?;
        let sent = self.json.get(start..self.at - 1)?;
        self.take(b':').then_some(Name { sent, has_escapes })
    }

    /// The fields of the object that is next, each with its value, and the object's text.
    pub(crate) fn object(&mut self) -> Option<(Fields<'a>, &'a str)> {
        self.next_token()?;
        let start = self.at;
        let mut more = self.enter(b'{', b'}')?;
        let mut fields = Vec::with_capacity(if more { 16 } else { 0 });
        while more {
            let name = self.name()?.decoded();
            fields.push((name, self.value()?));
            more = self.more(b'}')?;
        }
        Some((fields, self.json.get(start..self.at)?))
    }

    /// Whether another value follows; `None` when neither it nor the end does.
    pub(crate) fn more(&mut self, close: u8) -> Option<bool> {
        if self.take(b',') {
            return Some(true);
        }
        self.take(close).then_some(false)
    }
}

/// An object's fields in the order sent, each with its value as it was sent.
pub(crate) type Fields<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// A field's name as it was sent, without its quotes.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    pub(crate) sent: &'a str,
    pub(crate) has_escapes: bool,
}

impl<'a> Name<'a> {
    /// The name as it is meant.
    pub fn decoded(self) -> Cow<'a, str> {
        if self.has_escapes {
            let quoted = format!("\"{}\"", self.sent);
            return Cow::Owned(crate::raw::name(&quoted).unwrap_or_default());
        }
        Cow::Borrowed(self.sent)
    }

    /// Whether it means this one.
    pub fn is(self, meant: &str) -> bool {
        if self.has_escapes { self.decoded() == meant } else { self.sent == meant }
    }
}

/// A record in a list, and what its field `gid` has, if it is an object with one.
pub(crate) type Record<'a> = (&'a str, Option<&'a str>);

impl<'a> Cursor<'a> {
    /// The next value, with the value of its last field `gid`.
    fn record(&mut self) -> Option<Record<'a>> {
        if self.next_token()? != b'{' {
            return Some((self.value()?, None));
        }
        let (start, mut gid) = (self.at, None);
        let mut more = self.enter(b'{', b'}')?;
        while more {
            let name = self.name()?;
            let value = self.value()?;
            if name.is("gid") {
                gid = Some(value);
            }
            more = self.more(b'}')?;
        }
        Some((self.json.get(start..self.at)?, gid))
    }

    fn records(&mut self) -> Option<Vec<Record<'a>>> {
        let mut records = Vec::new();
        let mut more = self.enter(b'[', b']')?;
        while more {
            records.push(self.record()?);
            more = self.more(b']')?;
        }
        Some(records)
    }
}

/// What the last field `data` of an object has: the elements of a list, or one value. `None` when there is none.
pub(crate) fn data(json: &str) -> Option<Vec<Record<'_>>> {
    let mut cursor = Cursor::new(json);
    let mut data = None;
    let mut more = cursor.enter(b'{', b'}')?;
    while more {
        if cursor.name()?.is("data") {
            data = Some(if cursor.next_token()? == b'[' { cursor.records()? } else { vec![cursor.record()?] });
        } else {
            cursor.value()?;
        }
        more = cursor.more(b'}')?;
    }
    data
}

/// The place behind a string's closing quote; `at` is behind the opening one.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    string_end_noting(bytes, at, &mut false)
}

/// The same; takes note of whether there are escapes in it.
fn string_end_noting(bytes: &[u8], mut at: usize, has_escapes: &mut bool) -> Option<usize> {
    loop {
        at = quote_or_escape(bytes, at)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        *has_escapes = true;
        at += 2;
    }
}

/// Where the next `"` or `\` is.
fn quote_or_escape(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some((eight, _)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let found = with_zero(word ^ (EACH * u64::from(b'"'))) | with_zero(word ^ (EACH * u64::from(b'\\')));
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).map(|found| at + found)
}

pub(crate) const EACH: u64 = u64::MAX / 255;

/// The lowest bit set stands in the first byte that is zero.
pub(crate) fn with_zero(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word & (EACH << 7)
}

/// The place behind the object or array that begins at `at`.
fn nested_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at + 1)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The place behind a number, `true`, `false` or `null`.
fn plain_end(bytes: &[u8], at: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(ends).map_or(bytes.len(), |length| at + length)
}
