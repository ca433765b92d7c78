//! Comma-separated values as of RFC 4180, in UTF-8, with a header line.
//!
//! The csv crate cannot tell a null from an empty text, so cells are quoted here: a null is nothing, an empty text is
//! `""`, and quotes stand only where they must. Where a text was chosen for null, only null is that text without quotes.

use std::io;

use asana_model::{Cell, Table};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{CsvStyle, Dialect, Format, Kind, Sink, check_width};
use crate::error::{Error, Result};
use crate::output::Output;
use crate::source;

pub(super) const FORMAT: Format = Format { name: "csv", kind: Kind::Files { open, read: Some(source::csv) } };

pub(crate) const BYTE_ORDER_MARK: &str = "\u{FEFF}";
/// A larger buffer than this is not kept after the cell that needed it.
const KEPT_BYTES: usize = 1024 * 1024;

#[derive(Debug)]
struct Csv {
    table: String,
    columns: usize,
    writer: CsvWriter<Output>,
}

fn open(output: Output, table: &Table, style: &CsvStyle) -> Result<Box<dyn Sink>> {
    let path = output.path().to_owned();
    let mut writer = CsvWriter::new(output, style).map_err(Error::io("write", &path))?;
    let header = table.columns.iter().map(|column| Cell::text(&*column.name));
    writer.row(header).map_err(Error::io("write", &path))?;
    Ok(Box::new(Csv { table: table.name.clone(), columns: table.columns.len(), writer }))
}

impl Sink for Csv {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        check_width(&self.table, self.columns, cells.len())?;
        let written = self.writer.row(cells.iter().map(Cell::borrowed));
        written.map_err(|error| Error::io("write", self.writer.get_ref().path())(error))
    }

    fn finish(self: Box<Self>) -> Result<Output> {
        let path = self.writer.get_ref().path().to_owned();
        self.writer.finish().map_err(Error::io("write", &path))
    }
}

/// Writes rows of cells as CSV, as tables are written, to anything.
///
/// All rows, the header included, must have the same number of cells.
#[derive(Debug)]
pub struct CsvWriter<W: io::Write> {
    style: CsvStyle,
    writer: Writer<W>,
    /// The quoted form of a cell that needs one; kept for its capacity.
    quoted: Vec<u8>,
}

impl<W: io::Write> CsvWriter<W> {
    pub fn new(mut to: W, style: &CsvStyle) -> io::Result<Self> {
        let terminator = match style.dialect {
            Dialect::Rfc4180 => Terminator::Any(b'\n'),
            Dialect::Excel => {
                to.write_all(BYTE_ORDER_MARK.as_bytes())?;
                Terminator::CRLF
            }
        };
        let mut writer = WriterBuilder::new();
        let writer = writer.quote_style(QuoteStyle::Never);
        let writer = writer.delimiter(style.delimiter).terminator(terminator).from_writer(to);
        Ok(Self { style: style.clone(), writer, quoted: Vec::new() })
    }

    pub fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> io::Result<()> {
        self.try_row(cells).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
    }

    /// Writes what is left, and hands back what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    fn get_ref(&self) -> &W {
        self.writer.get_ref()
    }

    fn try_row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> csv::Result<()> {
        for cell in cells {
            match cell {
                Cell::Null => self.writer.write_field(&self.style.null)?,
                Cell::Boolean(value) => self.field(if value { "true" } else { "false" }, false)?,
                Cell::Digits(digits) => self.field(&digits, false)?,
                Cell::Count(count) => self.field(&count.to_string(), false)?,
                Cell::Text(text) => {
                    let defused = self.style.dialect == Dialect::Excel && takes_apostrophe(&text);
                    self.field(&text, defused)?;
                }
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    fn field(&mut self, text: &str, defused: bool) -> csv::Result<()> {
        if !defused && !needs_quotes(text, &self.style) {
            return self.writer.write_field(text);
        }
        quote(text, defused, &mut self.quoted);
        self.writer.write_field(&self.quoted)?;
        if self.quoted.capacity() > KEPT_BYTES {
            self.quoted = Vec::new();
        }
        Ok(())
    }
}

/// Quotes stand around what would be taken for something else; in the excel dialect also around what has a character that
/// spreadsheets divide cells at, because some of them take several for delimiters at once.
fn needs_quotes(text: &str, style: &CsvStyle) -> bool {
    let divides = |byte: u8| {
        matches!(byte, b'"' | b'\n' | b'\r')
            || byte == style.delimiter
            || (style.dialect == Dialect::Excel && matches!(byte, b',' | b';' | b'\t'))
    };
    text.is_empty() || text == style.null || text.bytes().any(divides)
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
