//! One line of the archive: its shape, how it is written, how it is read.
//!
//! Writing and reading share one type. A body is never parsed into a tree: it is checked to be JSON once, when it
//! arrives, and is a slice of text from then on. Deliberately absent: any idea of what a listing or a body means.

use std::borrow::Cow;

use asana_model::check::Checker;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::error::Error;

/// The format this crate writes, and the highest it reads: the field `v` of a run header.
pub const FORMAT: u64 = 1;

/// How every page line that we write begins, so that telling lines apart costs no parsing.
const PAGE: &str = r#"{"kind":"page","#;

/// One line of the archive.
#[derive(Clone, Debug)]
pub enum Entry<'a> {
    /// `{"kind":"run","v":1, ...}`: a run begins; the other fields are the caller's.
    ///
    /// To write one, give the caller's own object, without `kind` and `v`. Reading gives the line with them, and such
    /// a line can be written again as it is.
    Run(&'a RawValue),
    /// `{"kind":"page", ...}`: one page of one listing.
    Page(Page<'a>),
    /// `{"kind":"file", ...}`: what became of one file beside the archive.
    File(File<'a>),
    /// `{"kind":"end", ...}`: the run ended; the other fields are the caller's.
    End(&'a RawValue),
}

/// One page of a listing, as it was received.
///
/// `{"kind":"page","listing":"tasks_of_project","parent":"123","page":0,"first":0,"last":true,`
/// `"path":"/tasks?project=123","at":"2026-11-24T00:00:00.000Z","status":200,"body":{...}}`
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The listing's name.
    pub listing: Cow<'a, str>,
    /// Under which parent it was listed, if under any.
    pub parent: Option<Cow<'a, str>>,
    /// What tells apart listings of one name and one parent, in the caller's notation.
    pub variant: Option<Cow<'a, str>>,
    /// The page's position in its listing, from 0.
    pub page: u64,
    /// How many records of the same listing came before this page.
    pub first: u64,
    /// Whether the listing ends with this page, also because it was refused.
    pub last: bool,
    /// What was asked for.
    pub path: Cow<'a, str>,
    /// When it was received, in the caller's notation.
    pub at: Cow<'a, str>,
    /// The response's status code.
    pub status: u16,
    pub body: Body<'a>,
}

/// What became of a file that was to be kept beside the archive.
///
/// `{"kind":"file","of":"attachments","gid":"123","outcome":"stored","path":"attachments/123-a.pdf","bytes":7,`
/// `"sha256":"…","at":"2026-11-24T00:00:00.000Z"}`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File<'a> {
    /// What kind of object it belongs to, in the caller's notation.
    pub of: Cow<'a, str>,
    /// The object.
    pub gid: Cow<'a, str>,
    /// In the caller's notation, as are all that follow.
    pub outcome: Cow<'a, str>,
    /// Where it is, if it is there.
    pub path: Option<Cow<'a, str>>,
    pub bytes: Option<u64>,
    pub sha256: Option<Cow<'a, str>>,
    /// When that was known.
    pub at: Cow<'a, str>,
    /// A response's status code, where one tells why it is not there.
    pub http_status: Option<u16>,
    pub reason: Option<Cow<'a, str>>,
}

/// A response's body.
#[derive(Clone, Debug)]
pub enum Body<'a> {
    /// Valid JSON, kept byte for byte, but for line breaks and blanks: see [`Body::received`]. Whoever makes it answers for
    /// its being JSON: a line that is none ends the archive for its readers.
    Json(&'a str),
    /// Anything else, as text. Bytes that are not UTF-8 became U+FFFD.
    Text(Cow<'a, str>),
}

impl<'a> Body<'a> {
    /// Takes the bytes of a response for what they are.
    ///
    /// JSON is kept as it is. Blanks around the value are left out, and when it is written, each line feed and carriage
    /// return between tokens becomes a space (they cannot occur inside a JSON string).
    pub fn received(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => match serde_json::from_str::<&RawValue>(text) {
                Ok(value) => Self::Json(value.get()),
                Err(_) => Self::Text(Cow::Borrowed(text)),
            },
            Err(_) => Self::Text(String::from_utf8_lossy(bytes)),
        }
    }

    /// The body's text, whichever kind it is.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Json(value) => value,
            Self::Text(text) => text,
        }
    }
}

/// Why a line is no entry; the frame adds where the line is.
#[derive(Debug)]
pub(crate) enum LineError {
    Newer(u64),
    Json(serde_json::Error),
}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl<'a> Entry<'a> {
    /// Appends the entry and a line feed. After an error `out` may end in part of a line.
    pub(crate) fn write_line(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Run(fields) => write_object(out, "run", &format!(r#"{{"kind":"run","v":{FORMAT}"#), fields)?,
            Self::End(fields) => write_object(out, "end", r#"{"kind":"end""#, fields)?,
            Self::Page(page) => page.write(out)?,
            Self::File(file) => file.write(out)?,
        }
        out.push(b'\n');
        Ok(())
    }

    /// Reads a line without its line feed.
    pub(crate) fn parse(line: &'a str) -> Result<Self, LineError> {
        if line.starts_with(PAGE) {
            return Page::parse(line).map(Self::Page);
        }
        let head: Head<'a> = serde_json::from_str(line)?;
        match &*head.kind.0 {
            "run" => {
                let version = head.v.ok_or_else(|| <serde_json::Error as serde::de::Error>::missing_field("v"))?;
                match serde_json::from_str::<u64>(version.get())? {
                    0..=FORMAT => Ok(Self::Run(serde_json::from_str(line)?)),
                    found => Err(LineError::Newer(found)),
                }
            }
            "page" => Page::parse(line).map(Self::Page),
            "file" => File::parse(line).map(Self::File),
            "end" => Ok(Self::End(serde_json::from_str(line)?)),
            kind => Err(LineError::Json(serde::de::Error::custom(format_args!("unknown kind `{kind}`")))),
        }
    }
}

/// Whether a line has to be parsed to know that this version understands it.
pub(crate) fn is_plainly_a_page(line: &str) -> bool {
    line.starts_with(PAGE)
}

impl<'a> Page<'a> {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let head = PageLine {
            kind: Text("page".into()),
            listing: Text(Cow::Borrowed(&self.listing)),
            parent: self.parent.as_deref().map(|parent| Text(Cow::Borrowed(parent))),
            variant: self.variant.as_deref().map(|variant| Text(Cow::Borrowed(variant))),
            page: self.page,
            first: self.first,
            last: self.last,
            path: Text(Cow::Borrowed(&self.path)),
            at: Text(Cow::Borrowed(&self.at)),
            status: self.status,
            body: None,
            body_text: match &self.body {
                Body::Json(_) => None,
                Body::Text(text) => Some(Text(Cow::Borrowed(text))),
            },
        };
        serde_json::to_writer(&mut *out, &head).map_err(|source| Error::Unserializable { source })?;
        if let Body::Json(value) = &self.body {
            // The closing brace goes behind the body.
            out.pop();
            out.extend_from_slice(br#","body":"#);
            push_on_one_line(out, value);
            out.push(b'}');
        }
        Ok(())
    }

    fn parse(line: &'a str) -> Result<Self, LineError> {
        Self::parse_plain(line).map_or_else(|| Self::parse_any(line), Ok)
    }

    /// Reads a line that is as we write them, and has no escapes in our own fields: nearly all are. Checking the body is all
    /// the work there is.
    fn parse_plain(line: &'a str) -> Option<Self> {
        let mut checker = Checker::new(line);
        let mut fields = checker.object().ok()??.0.into_iter().peekable();
        checker.end().ok()?;
        let mut field = |name| fields.next_if(|(found, _)| found == name).map(|(_, value)| value);
        let text = |json: &'a str| {
            let inner = json.strip_prefix('"')?.strip_suffix('"')?;
            (!inner.contains('\\')).then_some(Cow::Borrowed(inner))
        };
        let is_page = field("kind")? == "\"page\"";
        let page = Self {
            listing: text(field("listing")?)?,
            parent: match field("parent")? {
                "null" => None,
                parent => Some(text(parent)?),
            },
            variant: match field("variant") {
                None => None,
                Some(variant) => Some(text(variant)?),
            },
            page: field("page")?.parse().ok()?,
            first: field("first")?.parse().ok()?,
            last: field("last")?.parse().ok()?,
            path: text(field("path")?)?,
            at: text(field("at")?)?,
            status: field("status")?.parse().ok()?,
            body: Body::Json(field("body")?),
        };
        (is_page && fields.next().is_none()).then_some(page)
    }

    fn parse_any(line: &'a str) -> Result<Self, LineError> {
        let line: PageLine<'a> = serde_json::from_str(line)?;
        let body = match (line.body, line.body_text) {
            (Some(value), _) => Body::Json(value.get()),
            (None, Some(text)) => Body::Text(text.0),
            (None, None) => return Err(LineError::Json(serde::de::Error::missing_field("body"))),
        };
        Ok(Self {
            listing: line.listing.0,
            parent: line.parent.map(|parent| parent.0),
            variant: line.variant.map(|variant| variant.0),
            page: line.page,
            first: line.first,
            last: line.last,
            path: line.path.0,
            at: line.at.0,
            status: line.status,
            body,
        })
    }
}

impl<'a> File<'a> {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        fn text(text: &str) -> Text<'_> {
            Text(Cow::Borrowed(text))
        }
        let line = FileLine {
            kind: Text("file".into()),
            of: text(&self.of),
            gid: text(&self.gid),
            outcome: text(&self.outcome),
            path: self.path.as_deref().map(text),
            bytes: self.bytes,
            sha256: self.sha256.as_deref().map(text),
            at: text(&self.at),
            http_status: self.http_status,
            reason: self.reason.as_deref().map(text),
        };
        serde_json::to_writer(out, &line).map_err(|source| Error::Unserializable { source })
    }

    fn parse(line: &'a str) -> Result<Self, LineError> {
        let line: FileLine<'a> = serde_json::from_str(line)?;
        Ok(Self {
            of: line.of.0,
            gid: line.gid.0,
            outcome: line.outcome.0,
            path: line.path.map(|path| path.0),
            bytes: line.bytes,
            sha256: line.sha256.map(|sha256| sha256.0),
            at: line.at.0,
            http_status: line.http_status,
            reason: line.reason.map(|reason| reason.0),
        })
    }
}

/// Writes the caller's object behind our own fields. `own` is an object that is not yet closed.
fn write_object(out: &mut Vec<u8>, kind: &'static str, own: &str, fields: &RawValue) -> Result<(), Error> {
    let text = fields.get();
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or(Error::NotAnObject { kind })?;
    let reserved: Reserved<'_> = serde_json::from_str(text).map_err(|_| Error::ReservedField { kind })?;
    if reserved.kind.is_none() && reserved.v.is_none() {
        out.extend_from_slice(own.as_bytes());
        if !inner.trim_ascii().is_empty() {
            out.push(b',');
            push_on_one_line(out, inner);
        }
        out.push(b'}');
    } else if text.strip_prefix(own).is_some_and(|rest| rest.starts_with([',', '}'])) {
        push_on_one_line(out, text);
    } else {
        return Err(Error::ReservedField { kind });
    }
    Ok(())
}

/// Valid JSON has line breaks only between tokens, where a space is as good.
fn push_on_one_line(out: &mut Vec<u8>, json: &str) {
    let start = out.len();
    out.extend_from_slice(json.as_bytes());
    // Asana sends none, and looking is faster than writing.
    if json.bytes().fold(u8::MAX, u8::min) >= b' ' {
        return;
    }
    for byte in out.iter_mut().skip(start) {
        if matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    v: Option<&'a RawValue>,
}

/// Our own fields, looked for in the caller's object. A field given twice does not parse.
#[derive(Deserialize)]
struct Reserved<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    v: Option<&'a RawValue>,
}

#[derive(Serialize, Deserialize)]
struct PageLine<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    listing: Text<'a>,
    #[serde(borrow)]
    parent: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    variant: Option<Text<'a>>,
    page: u64,
    first: u64,
    last: bool,
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(borrow)]
    at: Text<'a>,
    status: u16,
    /// Written by hand, so that it is copied only once.
    #[serde(borrow, default, skip_serializing, deserialize_with = "present")]
    body: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    body_text: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct FileLine<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    of: Text<'a>,
    #[serde(borrow)]
    gid: Text<'a>,
    #[serde(borrow)]
    outcome: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    path: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Text<'a>>,
    #[serde(borrow)]
    at: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    reason: Option<Text<'a>>,
}

/// A string that is borrowed from the line unless it has escapes, also within an `Option`.
#[derive(Serialize, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A field that is there is `Some`, even if it is `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::page;

    /// Writes a page with this body and reads it again: the line, and what became of the body.
    fn round_trip(body: &[u8]) -> (String, String) {
        let mut out = Vec::new();
        Entry::Page(page(3, body)).write_line(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.strip_suffix('\n').unwrap();
        assert!(!line.contains(['\n', '\r']), "more than one line: {line}");
        let Entry::Page(read) = Entry::parse(line).unwrap() else { panic!("not a page: {line}") };
        assert_eq!(format!("{read:?}"), format!("{:?}", Page::parse_any(line).unwrap()));
        assert_eq!(Page::parse_plain(line).is_some(), matches!(read.body, Body::Json(_)), "{line}");
        assert_eq!(matches!(read.body, Body::Json(_)), matches!(page(3, body).body, Body::Json(_)));
        (line.to_owned(), read.body.as_str().to_owned())
    }

    #[test]
    fn writes_the_documented_shape() {
        let (line, _) = round_trip(br#"{"data":[]}"#);
        assert_eq!(
            line,
            r#"{"kind":"page","listing":"tasks_of_project","parent":"3","page":3,"first":300,"last":true,"path":"/tasks?project=3","at":"2026-11-24T00:00:00.000Z","status":200,"body":{"data":[]}}"#
        );
        let (line, _) = round_trip(b"<html>\n");
        assert!(line.ends_with(r#","status":200,"body_text":"<html>\n"}"#), "{line}");
    }

    #[test]
    fn what_is_not_as_we_write_it_is_read_with_care() {
        let line = r#"{"kind":"page","listing":"a","parent":null,"variant":"v","page":1,"first":2,"last":false,"path":"p","at":"t","status":200,"body":[1]}"#;
        let both = |line: &str| {
            let any = Page::parse_any(line).map(|page| format!("{page:?}"));
            let parsed = Page::parse(line).map(|page| format!("{page:?}"));
            assert_eq!(parsed.as_ref().ok(), any.as_ref().ok(), "{line}");
            (Page::parse_plain(line).is_some(), parsed.is_ok())
        };
        assert_eq!(both(line), (true, true));
        for (sent, instead, is_page) in [
            (r#""page":1"#, r#""page":1.0"#, false),
            (r#""page":1"#, r#""page":-1"#, false),
            (r#""status":200"#, r#""status":99999"#, false),
            (r#""last":false"#, r#""last":0"#, false),
            (r#""path":"p""#, r#""path":7"#, false),
            (r#""at":"t","#, "", false),
            (r#""at":"t","#, r#""at":"t","at":"u","#, false),
            (r#""body":[1]"#, r#""body":[1"#, false),
            (r#""body":[1]"#, r#""body":[1]}"#, false),
            (r#""path":"p""#, r#""path":"p\u0041""#, true),
            (r#""variant":"v","#, r#""variant":null,"#, true),
            (r#""page":1,"first":2,"#, r#""first":2,"page":1,"#, true),
            (r#""page":1"#, r#""p\u0061ge":1"#, true),
            (r#""body":[1]"#, r#""body":[1],"more":2"#, true),
        ] {
            let changed = line.replace(sent, instead);
            assert_ne!(changed, line);
            let (_, parsed) = both(&changed);
            assert_eq!(parsed, is_page, "{changed}");
        }
    }

    #[test]
    fn json_bodies_round_trip_byte_for_byte() {
        for body in [
            r#"{"data":[{"gid":"1","n":1.10,"e":1E400,"big":123456789012345678901234567890}],"next_page":null}"#,
            r#"{"escapes":"\u00e4\ud83d\ude00\ud800\n\/","twice":1,"twice":2}"#,
            "{ \"spaces\" :\t[ ] }",
            "null",
            "true",
            "\"text\"",
            "\"\u{2028}\u{0}\"".replace('\0', "\u{7f}").as_str(),
        ] {
            assert_eq!(round_trip(body.as_bytes()).1, body);
        }
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(round_trip(deep.as_bytes()).1, deep);
    }

    #[test]
    fn line_breaks_between_tokens_become_spaces() {
        let (_, read) = round_trip(b"{\r\n  \"data\": [\n    1\n  ]\n}\n");
        assert_eq!(read, "{    \"data\": [     1   ] }");
    }

    #[test]
    fn other_bodies_become_text() {
        for body in ["", " ", "{", "{\"a\":\"line\nbreak\"}", "\u{feff}{}", "{} {}", "502 Bad \"Gateway\"\r\n\0"] {
            assert_eq!(round_trip(body.as_bytes()).1, body);
        }
        assert_eq!(round_trip(b"\"caf\xe9\"").1, "\"caf\u{fffd}\"");
        assert_eq!(round_trip(b"\xff\xfe\x00").1, "\u{fffd}\u{fffd}\0");
    }

    #[test]
    fn strings_are_borrowed_unless_they_have_escapes() {
        let mut out = Vec::new();
        let mut entry = page(3, b"{}");
        entry.path = "/search?text=\"a\"".into();
        Entry::Page(entry).write_line(&mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        let Entry::Page(read) = Entry::parse(line.trim_end()).unwrap() else { panic!("not a page") };
        assert!(matches!(read.parent, Some(Cow::Borrowed("3"))));
        assert!(matches!(read.listing, Cow::Borrowed(_)));
        assert_eq!(read.path, "/search?text=\"a\"");
    }

    fn written(entry: &Entry<'_>) -> Result<String, Error> {
        let mut out = Vec::new();
        entry.write_line(&mut out).map(|()| String::from_utf8(out).unwrap())
    }

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn run_and_end_carry_the_callers_fields() {
        assert_eq!(written(&Entry::Run(raw("{}"))).unwrap(), "{\"kind\":\"run\",\"v\":1}\n");
        assert_eq!(written(&Entry::End(raw("{ }"))).unwrap(), "{\"kind\":\"end\"}\n");
        let line = written(&Entry::Run(raw("{\"status\":\"new\",\n\"page\":{\"kind\":1}}"))).unwrap();
        assert_eq!(line, "{\"kind\":\"run\",\"v\":1,\"status\":\"new\", \"page\":{\"kind\":1}}\n");
        let Entry::Run(read) = Entry::parse(line.trim_end()).unwrap() else { panic!("not a run: {line}") };
        assert_eq!(written(&Entry::Run(read)).unwrap(), line);
    }

    #[test]
    fn the_archives_own_fields_cannot_be_given() {
        for fields in [r#"{"kind":"full"}"#, r#"{"a":1,"v":null}"#, r#"{"kind":"run","v":12}"#, r#"{"v":1,"v":1}"#] {
            assert!(matches!(written(&Entry::Run(raw(fields))), Err(Error::ReservedField { kind: "run" })), "{fields}");
        }
        for fields in ["[]", "null", "\"{}\""] {
            assert!(matches!(written(&Entry::End(raw(fields))), Err(Error::NotAnObject { kind: "end" })), "{fields}");
        }
    }

    #[test]
    fn what_became_of_a_file_is_a_line() {
        let stored = File {
            of: "attachments".into(),
            gid: "7".into(),
            outcome: "stored".into(),
            path: Some("attachments/7-\"a\".txt".into()),
            bytes: Some(0),
            sha256: Some("ab".into()),
            at: "2026".into(),
            ..File::default()
        };
        let line = written(&Entry::File(stored.clone())).unwrap();
        let expected = r#"{"kind":"file","of":"attachments","gid":"7","outcome":"stored","path":"attachments/7-\"a\".txt","bytes":0,"sha256":"ab","at":"2026"}"#;
        assert_eq!(line.trim_end(), expected);
        let Entry::File(read) = Entry::parse(line.trim_end()).unwrap() else { panic!("not a file: {line}") };
        assert_eq!(read, stored);
        let failed = File { http_status: Some(403), reason: Some("no\nmore".into()), ..File::default() };
        let line = written(&Entry::File(failed.clone())).unwrap();
        assert_eq!(line.lines().count(), 1);
        let Entry::File(read) = Entry::parse(line.trim_end()).unwrap() else { panic!("not a file: {line}") };
        assert_eq!(read, failed);
    }

    #[test]
    fn fields_may_come_in_any_order() {
        let line = r#"{"body":null,"status":404,"at":"","path":"","last":true,"first":0,"page":0,"listing":"l","kind":"page","new":1}"#;
        let Entry::Page(read) = Entry::parse(line).unwrap() else { panic!("not a page") };
        assert_eq!((read.status, read.parent, read.body.as_str()), (404, None, "null"));
    }

    #[test]
    fn lines_that_are_no_entries_are_refused() {
        assert!(matches!(Entry::parse(r#"{"kind":"run","v":2,"new":[]}"#), Err(LineError::Newer(2))));
        for line in ["", "{}", "[]", r#"{"kind":"run"}"#, r#"{"kind":"leap"}"#, r#"{"kind":"page","listing":"l"}"#] {
            assert!(matches!(Entry::parse(line), Err(LineError::Json(_))), "{line}");
        }
    }
}
