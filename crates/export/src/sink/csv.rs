//! Comma-separated values as of RFC 4180, in UTF-8, with a header line.
//!
//! The csv crate cannot tell a null from an empty text, so cells are quoted here: a null is nothing, an empty text is
//! `""`, and quotes stand only where they must. Where a text was chosen for null, only null is that text without quotes.

use std::io::{self, Write as _};

use asana_model::{Cell, Table};

use super::{CsvStyle, Dialect, Format, Kind, Sink, check_width};
use crate::error::{Error, Result};
use crate::output::Output;
use crate::source;

pub(super) const FORMAT: Format = Format { name: "csv", kind: Kind::Files { open, read: Some(source::csv) } };

pub(crate) const BYTE_ORDER_MARK: &str = "\u{FEFF}";
/// How much is written at a time, at least.
const BUFFER_BYTES: usize = 8 * 1024;
/// A larger buffer than this is not kept after the row that needed it.
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
/// All rows, the header included, must have the same number of cells. What is not yet written when it is dropped is lost.
#[derive(Debug)]
pub struct CsvWriter<W: io::Write> {
    style: CsvStyle,
    to: W,
    /// How many cells the first row had.
    columns: Option<usize>,
    /// Rows that are not written yet, the last one perhaps in part.
    rows: Vec<u8>,
}

impl<W: io::Write> CsvWriter<W> {
    pub fn new(mut to: W, style: &CsvStyle) -> io::Result<Self> {
        if style.dialect == Dialect::Excel {
            to.write_all(BYTE_ORDER_MARK.as_bytes())?;
        }
        Ok(Self { style: style.clone(), to, columns: None, rows: Vec::new() })
    }

    pub fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> io::Result<()> {
        let (start, mut columns) = (self.rows.len(), 0);
        for cell in cells {
            if columns > 0 {
                self.rows.push(self.style.delimiter);
            }
            columns += 1;
            self.cell(&cell)?;
        }
        if self.rows.len() == start {
            // One cell with nothing in it would be an empty line, which many programs pass over.
            self.rows.extend(b"\"\"");
        }
        if columns != *self.columns.get_or_insert(columns) {
            return Err(io::Error::other(format!("a row of {columns} cells, unlike those before it")));
        }
        self.rows.extend(self.style.dialect.line_end().as_bytes());
        if self.rows.len() >= BUFFER_BYTES { self.write() } else { Ok(()) }
    }

    /// Writes what is left, and hands back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.write()?;
        Ok(self.to)
    }

    fn get_ref(&self) -> &W {
        &self.to
    }

    fn write(&mut self) -> io::Result<()> {
        self.to.write_all(&self.rows)?;
        self.rows.clear();
        if self.rows.capacity() > KEPT_BYTES {
            self.rows = Vec::new();
        }
        Ok(())
    }

    fn cell(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        match cell {
            Cell::Null => self.rows.extend(self.style.null.as_bytes()),
            Cell::Boolean(value) => self.field(if *value { "true" } else { "false" }, false),
            Cell::Digits(digits) => self.field(digits, false),
            Cell::Count(count) if self.style.null.is_empty() && !self.style.delimiter.is_ascii_digit() => {
                write!(self.rows, "{count}")?;
            }
            Cell::Count(count) => self.field(&count.to_string(), false),
            Cell::Text(text) => {
                let defused = self.style.dialect == Dialect::Excel && takes_apostrophe(text);
                self.field(text, defused);
            }
        }
        Ok(())
    }

    fn field(&mut self, text: &str, defused: bool) {
        if defused || needs_quotes(text, &self.style) {
            quote(text, defused, &mut self.rows);
        } else {
            self.rows.extend(text.as_bytes());
        }
    }
}

/// Quotes stand around what would be taken for something else; in the excel dialect also around what has a character that
/// spreadsheets divide cells at, because some of them take several for delimiters at once.
fn needs_quotes(text: &str, style: &CsvStyle) -> bool {
    // All bytes are looked at, for then the compiler can look at many at once.
    let any = |[one, other]: [u8; 2]| {
        let special = |byte: u8| matches!(byte, b'"' | b'\n' | b'\r') || byte == one || byte == other;
        text.bytes().fold(false, |found, byte| found | special(byte))
    };
    let delimiter = style.delimiter;
    let divides = any([delimiter, delimiter]) || (style.dialect == Dialect::Excel && (any(*b",;") || any(*b"\t\t")));
    text.is_empty() || divides || text == style.null
}

fn quote(text: &str, defused: bool, into: &mut Vec<u8>) {
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
