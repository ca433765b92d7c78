//! Writes records as JSON text, leaving out what was not asked for.
//!
//! One writer per kind of record serves every form of it: the compact one, the full one, any `opt_fields` and the
//! ground truth. Which members appear is decided by a [`Node`]; what is not wanted is not even computed. Numbers are
//! written as the digits they were given (`1.50`), which `serde_json::Value` could not do.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;

use super::projection::Node;
use crate::world::hostile::{LONE_HIGH, LONE_LOW};
use crate::world::time::{Day, Time};

/// What is sent for [`LONE_HIGH`] and [`LONE_LOW`].
const HALVES: [&str; 2] = ["\\ud83d", "\\udc00"];

/// A value of one JSON member.
pub(crate) trait Value {
    fn write(&self, out: &mut Vec<u8>);

    /// The digits of a number whose text must survive, for the ground truth.
    fn digits(&self) -> Option<&str> {
        None
    }
}

/// A gid: a number written as a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gid(pub(crate) u64);

/// A number as its digits.
#[derive(Clone, Debug)]
pub(crate) struct Digits(pub(crate) String);

/// A value that is JSON already, where Asana leaves the form free.
#[derive(Clone, Debug)]
pub(crate) struct Raw(pub(crate) String);

/// JSON `null`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Null;

fn display(out: &mut Vec<u8>, value: impl Display) {
    // Writing to a Vec cannot fail.
    let _never_fails = write!(out, "{value}");
}

pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for (at, text) in text.split(LONE_HIGH).enumerate() {
        if at > 0 {
            out.extend_from_slice(HALVES[0].as_bytes());
        }
        for (at, text) in text.split(LONE_LOW).enumerate() {
            if at > 0 {
                out.extend_from_slice(HALVES[1].as_bytes());
            }
            characters(out, text);
        }
    }
    out.push(b'"');
}

/// JSON that came out of [`string`], with the replacement character where halves of surrogate pairs stand.
pub(crate) fn without_halves(json: &[u8]) -> Cow<'_, [u8]> {
    let text = String::from_utf8_lossy(json);
    if HALVES.iter().any(|half| text.contains(half)) {
        let whole = HALVES.iter().fold(text.into_owned(), |text, half| text.replace(half, "\\ufffd"));
        return Cow::Owned(whole.into_bytes());
    }
    Cow::Borrowed(json)
}

fn characters(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x1F => display(out, format_args!("\\u{byte:04x}")),
            _ => out.push(byte),
        }
    }
}

impl Value for &str {
    fn write(&self, out: &mut Vec<u8>) {
        string(out, self);
    }
}

impl Value for String {
    fn write(&self, out: &mut Vec<u8>) {
        string(out, self);
    }
}

impl Value for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Value for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        display(out, self);
    }
}

impl Value for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        display(out, self);
    }
}

impl Value for Raw {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }
}

impl Value for Gid {
    fn write(&self, out: &mut Vec<u8>) {
        display(out, format_args!("\"{}\"", self.0));
    }
}

impl Value for Digits {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }

    fn digits(&self) -> Option<&str> {
        Some(&self.0)
    }
}

impl Value for Null {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"null");
    }
}

impl Value for Time {
    fn write(&self, out: &mut Vec<u8>) {
        display(out, format_args!("\"{self}\""));
    }
}

impl Value for Day {
    fn write(&self, out: &mut Vec<u8>) {
        display(out, format_args!("\"{self}\""));
    }
}

impl<T: Value> Value for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(out),
            None => Null.write(out),
        }
    }

    fn digits(&self) -> Option<&str> {
        self.as_ref().and_then(Value::digits)
    }
}

impl<T: Value> Value for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (at, value) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            value.write(out);
        }
        out.push(b']');
    }
}

/// One object being written.
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    node: &'a Node,
    is_empty: bool,
    /// Adds `<name>_text` beside every number whose digits matter.
    with_digits: bool,
}

/// Writes one object.
pub(crate) fn object(out: &mut Vec<u8>, node: &Node, with_digits: bool, fill: impl FnOnce(&mut Object<'_>)) {
    out.push(b'{');
    fill(&mut Object { out, node, is_empty: true, with_digits });
    out.push(b'}');
}

impl Object<'_> {
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.node.child(name).is_some()
    }

    fn key(&mut self, name: &str) {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// A member that costs nothing to compute.
    pub(crate) fn put(&mut self, name: &str, value: impl Value) {
        self.with(name, || value);
    }

    /// A member computed only when wanted.
    pub(crate) fn with<V: Value>(&mut self, name: &str, value: impl FnOnce() -> V) {
        if !self.wants(name) {
            return;
        }
        let value = value();
        self.key(name);
        value.write(self.out);
        if let Some(digits) = value.digits().filter(|_| self.with_digits) {
            self.key(&format!("{name}_text"));
            string(self.out, digits);
        }
    }

    pub(crate) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        let Some(node) = self.node.child(name) else { return };
        self.key(name);
        object(self.out, node, self.with_digits, fill);
    }

    /// An object, or `null` when there is none.
    pub(crate) fn maybe<T>(&mut self, name: &str, value: Option<T>, fill: impl FnOnce(&mut Object<'_>, T)) {
        match value {
            Some(value) => self.object(name, |o| fill(o, value)),
            None => self.put(name, Null),
        }
    }

    /// An array of objects; the items are computed only when wanted.
    pub(crate) fn array<I>(
        &mut self,
        name: &str,
        items: impl FnOnce() -> I,
        mut fill: impl FnMut(&mut Object<'_>, I::Item),
    ) where
        I: IntoIterator,
    {
        let Some(node) = self.node.child(name) else { return };
        self.key(name);
        self.out.push(b'[');
        for (at, item) in items().into_iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            object(self.out, node, self.with_digits, |o| fill(o, item));
        }
        self.out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        let mut out = Vec::new();
        string(&mut out, "a\"b\\c\n\u{1}é🚀");
        let text = String::from_utf8(out).unwrap();
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "a\"b\\c\n\u{1}é🚀");
    }
}
