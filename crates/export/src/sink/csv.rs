//! Comma-separated values as of RFC 4180, in UTF-8, with a header line.
//!
//! The csv crate cannot tell a null from an empty text, so cells are quoted here: a null is nothing, an empty text is
//! `""`, and quotes stand only where they must.

use std::io::{self, Write as _};

use asana_model::{Cell, Table};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{Dialect, Format, Sink, check_width};
use crate::error::{Error, Result};
use crate::output::Output;
use crate::source;

pub(super) const FORMAT: Format = Format { name: "csv", open, read: source::csv };

pub(crate) const BYTE_ORDER_MARK: &str = "\u{FEFF}";
/// A larger buffer than this is not kept after the cell that needed it.
const KEPT_BYTES: usize = 1024 * 1024;

#[derive(Debug)]
struct Csv {
    table: String,
    columns: usize,
    dialect: Dialect,
    writer: Writer<Output>,
    /// The quoted form of a cell that needs one; kept for its capacity.
    quoted: Vec<u8>,
}

fn open(mut output: Output, table: &Table, dialect: Dialect) -> Result<Box<dyn Sink>> {
    let terminator = match dialect {
        Dialect::Rfc4180 => Terminator::Any(b'\n'),
        Dialect::Excel => {
            output.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(Error::io("write", output.path()))?;
            Terminator::CRLF
        }
    };
    let writer = WriterBuilder::new().quote_style(QuoteStyle::Never).terminator(terminator).from_writer(output);
    let columns = table.columns.len();
    let mut sink = Csv { table: table.name.clone(), columns, dialect, writer, quoted: Vec::new() };
    sink.record(table.columns.iter().map(|column| Cell::text(&*column.name)))?;
    Ok(Box::new(sink))
}

impl Sink for Csv {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        check_width(&self.table, self.columns, cells.len())?;
        self.record(cells.iter().map(Cell::borrowed))
    }

    fn finish(self: Box<Self>) -> Result<Output> {
        let path = self.writer.get_ref().path().to_owned();
        self.writer.into_inner().map_err(|error| Error::io("write", &path)(error.into_error()))
    }
}

impl Csv {
    fn record<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<()> {
        self.try_record(cells).map_err(|error| {
            let source = match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            };
            Error::io("write", self.writer.get_ref().path())(source)
        })
    }

    fn try_record<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> csv::Result<()> {
        for cell in cells {
            match cell {
                Cell::Null => self.writer.write_field("")?,
                Cell::Boolean(value) => self.writer.write_field(if value { "true" } else { "false" })?,
                Cell::Digits(digits) => self.writer.write_field(&*digits)?,
                Cell::Count(count) => {
                    self.quoted.clear();
                    write!(self.quoted, "{count}")?;
                    self.writer.write_field(&self.quoted)?;
                }
                Cell::Text(text) => {
                    let defused = self.dialect == Dialect::Excel && takes_apostrophe(&text);
                    if defused || needs_quotes(&text) {
                        quote(&text, defused, &mut self.quoted);
                        self.writer.write_field(&self.quoted)?;
                        if self.quoted.capacity() > KEPT_BYTES {
                            self.quoted = Vec::new();
                        }
                    } else {
                        self.writer.write_field(&*text)?;
                    }
                }
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty() || text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
}

fn quote(text: &str, defused: bool, into: &mut Vec<u8>) {
    into.clear();
    into.push(b'"');
    if defused {
        into.push(b'\'');
    }
    for (index, piece) in text.as_bytes().split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            into.extend(b"\"\"");
        }
        into.extend(piece);
    }
    into.push(b'"');
}

/// Whether the text gets an apostrophe in front: it would run as a formula, or would look like one that got one already.
/// So whoever reads a file back can tell what was written.
pub(crate) fn takes_apostrophe(text: &str) -> bool {
    runs_as_formula(text.trim_start_matches('\''))
}

/// Whether a spreadsheet would take the text for a formula, or for something to strip until a formula is left.
///
/// Full-width forms count, because spreadsheets in East Asian locales read them as the plain ones. Numbers never come
/// here: only text cells are asked about.
/// Source: <https://owasp.org/www-community/attacks/CSV_Injection>
pub(crate) fn runs_as_formula(text: &str) -> bool {
    let shown = text.trim_start_matches(is_stripped);
    text.starts_with(['\t', '\r', '\n']) || shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// What some program leaves out in front of a cell's text: blanks, controls, and what has no width.
fn is_stripped(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
