//! Writing HTML in which nothing from Asana can be markup.
//!
//! There is no way in for a text that is not escaped: what is written as it is has to be in the program's own code
//! ([`Html::raw`] takes nothing else), all other text is escaped, and so is the value of every attribute. That is why this
//! is a writer and not templates, which have a filter for "safe" texts, and why a report of any size needs no memory. What
//! runs or styles a page is fixed text too, named by its hash in a policy that allows nothing else.

use std::io::{self, Write};
use std::ops::Range;

use sha2::{Digest, Sha256};

/// A document in the making.
pub(crate) struct Html<'w> {
    to: &'w mut dyn Write,
}

pub(crate) type Attribute<'a> = (&'static str, &'a str);

impl<'w> Html<'w> {
    pub(crate) fn new(to: &'w mut dyn Write) -> Self {
        Self { to }
    }

    /// Markup of our own.
    pub(crate) fn raw(&mut self, markup: &'static str) -> io::Result<()> {
        self.to.write_all(markup.as_bytes())
    }

    /// Text, whatever is in it.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        escape(self.to, text)
    }

    pub(crate) fn open(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) -> io::Result<()> {
        write!(self.to, "<{tag}")?;
        for (name, value) in attributes {
            write!(self.to, " {name}=\"")?;
            escape(self.to, value)?;
            self.raw("\"")?;
        }
        self.raw(">")
    }

    pub(crate) fn close(&mut self, tag: &'static str) -> io::Result<()> {
        writeln!(self.to, "</{tag}>")
    }

    /// An element with nothing but text in it.
    pub(crate) fn element(&mut self, tag: &'static str, attributes: &[Attribute<'_>], text: &str) -> io::Result<()> {
        self.open(tag, attributes)?;
        self.text(text)?;
        self.close(tag)
    }

    /// A heading cell for each text; those of the columns in `numbers`, by place, stand where numbers do.
    pub(crate) fn header_row(&mut self, headings: &[&str], numbers: Range<usize>) -> io::Result<()> {
        self.raw("<thead><tr>")?;
        for (place, heading) in headings.iter().enumerate() {
            let class = if numbers.contains(&place) { "number" } else { "" };
            self.element("th", &[("scope", "col"), ("class", class)], heading)?;
        }
        self.raw("</tr></thead>\n")
    }

    /// A name that leads to an object, where the address is one that may be followed.
    pub(crate) fn link(&mut self, address: &str, text: &str) -> io::Result<()> {
        if is_followed(address) {
            let attributes = [("href", address), ("rel", "noopener noreferrer")];
            return self.element("a", &attributes, text);
        }
        self.text(text)
    }

    /// From the doctype to the end of the head; `title` is escaped like everything else.
    pub(crate) fn head(&mut self, title: &str, style: &'static str, script: &'static str) -> io::Result<()> {
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            hash(style),
            hash(script)
        );
        self.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
        self.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)])?;
        self.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
        self.raw(
            "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
        )?;
        self.element("title", &[], title)?;
        self.raw("<style>")?;
        self.raw(style)?;
        self.raw("</style>\n</head>\n")
    }

    /// The script, where the body ends.
    pub(crate) fn script(&mut self, script: &'static str) -> io::Result<()> {
        self.raw("<script>")?;
        self.raw(script)?;
        self.raw("</script>\n")
    }
}

/// Whether an address from Asana becomes a link: one of a web page, reached safely, with nothing odd in it.
fn is_followed(address: &str) -> bool {
    let host =
        address.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    host && address.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`'))
}

/// The same text, of which nothing is markup, neither between tags nor in a quoted attribute. What no HTML document may
/// hold, and what changes the direction of what stands around it, becomes U+FFFD.
fn escape(to: &mut dyn Write, text: &str) -> io::Result<()> {
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '\n' | '\t' => continue,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "\u{fffd}",
            other if other.is_control() => "\u{fffd}",
            _ => continue,
        };
        to.write_all(text.get(from..at).unwrap_or_default().as_bytes())?;
        to.write_all(escaped.as_bytes())?;
        from = at + character.len_utf8();
    }
    to.write_all(text.get(from..).unwrap_or_default().as_bytes())
}

/// How a policy names a style or a script. Source: <https://www.w3.org/TR/CSP3/#grammardef-hash-source>
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text)))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place)) as usize & 63).copied().unwrap_or(b'=');
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Html<'_>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut Html::new(&mut bytes)).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_text_is_markup() {
        let nasty = "</td><script>alert(1)</script>&amp;\" onload='x'\u{202e}\u{0}";
        let escaped =
            "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&quot; onload=&#39;x&#39;\u{fffd}\u{fffd}";
        assert_eq!(written(|html| html.text(nasty)), escaped);
        let element = written(|html| html.element("td", &[("title", nasty)], nasty));
        assert_eq!(element, format!("<td title=\"{escaped}\">{escaped}</td>\n"));
    }

    #[test]
    fn only_addresses_of_web_pages_are_links() {
        let link = |address: &str| written(|html| html.link(address, "x")).contains("href");
        assert!(link("https://app.asana.com/0/1/2?focus=true#a"));
        for address in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " https://app.asana.com",
            "https:/app.asana.com",
            "http://app.asana.com",
            "data:text/html,x",
            "//app.asana.com",
            "https://",
            "https://a b",
            "https://a\"b",
            "https://a\nb",
            "https://\u{202e}",
        ] {
            assert!(!link(address), "{address}");
        }
    }

    #[test]
    fn hashes_are_those_of_the_policy() {
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        assert_eq!([base64(b"f"), base64(b"fo"), base64(b"foo")], ["Zg==", "Zm8=", "Zm9v"]);
    }
}
