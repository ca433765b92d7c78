//! CSV read back, with the difference between nothing and an empty text that a common reader does not see.

use std::borrow::Cow;
use std::io::BufRead;

use asana_model::{Cell, ColumnKind, Table};

use super::lines::Lines;
use super::{Row, Source, SourceError};
use crate::sink::{BYTE_ORDER_MARK, CsvStyle, Dialect, takes_apostrophe};

#[derive(Debug)]
struct Csv<'r> {
    lines: Lines<'r>,
    table: &'r Table,
    style: CsvStyle,
    header_read: bool,
    row: Vec<u8>,
}

pub(crate) fn csv<'r>(reader: &'r mut dyn BufRead, table: &'r Table, style: &CsvStyle) -> Box<dyn Source + 'r> {
    Box::new(Csv { lines: Lines::new(reader), table, style: style.clone(), header_read: false, row: Vec::new() })
}

impl Source for Csv<'_> {
    fn next(&mut self) -> Result<Option<Row<'_>>, SourceError> {
        if !self.header_read {
            self.header_read = true;
            self.header()?;
        }
        let line = self.lines.number();
        if !self.record()? {
            return Ok(None);
        }
        let fields = fields(&self.row, line, &self.style)?;
        let columns = self.table.columns.len();
        if fields.len() != columns {
            return Err(SourceError::malformed(line, format!("{} cells for {columns} columns", fields.len())));
        }
        let cells = fields.into_iter().zip(&self.table.columns);
        let cells = cells.map(|(field, column)| cell(field, column.kind, &self.style)).collect();
        Ok(Some(Row { line, cells }))
    }
}

impl Csv<'_> {
    fn header(&mut self) -> Result<(), SourceError> {
        let read = self.record()?;
        if self.style.dialect == Dialect::Excel {
            match self.row.strip_prefix(BYTE_ORDER_MARK.as_bytes()) {
                Some(rest) => self.row = rest.to_vec(),
                None => return Err(SourceError::malformed(1, "no byte-order mark")),
            }
        }
        let names = if read { fields(&self.row, 1, &self.style)? } else { Vec::new() };
        let names = names.into_iter().map(|name| cell(name, ColumnKind::Text, &self.style));
        if names.eq(self.table.columns.iter().map(|column| Cell::text(column.name.as_str()))) {
            return Ok(());
        }
        Err(SourceError::malformed(1, "the header does not name the columns that the manifest does"))
    }

    /// Reads the next record with its line end: lines until quotes are in pairs.
    fn record(&mut self) -> Result<bool, SourceError> {
        self.row.clear();
        let first = self.lines.number();
        let mut inside_quotes = false;
        loop {
            let before = self.row.len();
            if !self.lines.append(&mut self.row)? {
                return match before {
                    0 => Ok(false),
                    _ => Err(SourceError::malformed(first, "the file ends inside quotes")),
                };
            }
            let line = self.row.get(before..).unwrap_or_default();
            inside_quotes = line.iter().fold(inside_quotes, |inside, byte| inside ^ (*byte == b'"'));
            if !inside_quotes {
                return Ok(true);
            }
        }
    }
}

/// The fields of a record; `None` is null: nothing at all between two delimiters, or the text that was chosen for it.
fn fields<'a>(record: &'a [u8], line: u64, style: &CsvStyle) -> Result<Vec<Option<Cow<'a, str>>>, SourceError> {
    let malformed = |what: &str| SourceError::malformed(line, what);
    let text = std::str::from_utf8(record).map_err(|_| malformed("bytes that are not UTF-8"))?;
    let end = style.dialect.line_end();
    let mut rest = text.strip_suffix(end).ok_or_else(|| malformed("another line end than the dialect has"))?;
    let mut fields = Vec::new();
    loop {
        let (field, after) = field(rest, style).map_err(malformed)?;
        fields.push(field);
        match after {
            None => return Ok(fields),
            Some(after) => rest = after,
        }
    }
}

/// A field and what comes after its delimiter, or `None` for the last one.
type Field<'t> = (Option<Cow<'t, str>>, Option<&'t str>);

const WRONG_QUOTE: &str = "a quote in the wrong place";

/// The first field of `text`, or what is wrong with it.
fn field<'t>(text: &'t str, style: &CsvStyle) -> Result<Field<'t>, &'static str> {
    let delimiter = style.delimiter();
    let Some(quoted) = text.strip_prefix('"') else {
        let (bare, after) = text.split_once(delimiter).map_or((text, None), |(bare, after)| (bare, Some(after)));
        return match bare {
            null if null == style.null => Ok((None, after)),
            "" => Err("nothing where the text for null belongs"),
            wrong if wrong.contains(['"', '\r', '\n']) => Err(WRONG_QUOTE),
            bare => Ok((Some(Cow::Borrowed(bare)), after)),
        };
    };
    let (inside, after) = unquoted(quoted).ok_or(WRONG_QUOTE)?;
    let value = if inside.contains('"') { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    match after.strip_prefix(delimiter) {
        None if !after.is_empty() => Err(WRONG_QUOTE),
        after => Ok((Some(value), after)),
    }
}

/// What stands before the closing quote, with quotes still doubled, and what comes after it.
fn unquoted(quoted: &str) -> Option<(&str, &str)> {
    let mut searched = 0;
    loop {
        let quote = searched + quoted.get(searched..)?.find('"')?;
        match quoted.get(quote + 1..)? {
            doubled if doubled.starts_with('"') => searched = quote + 2,
            after => return Some((quoted.get(..quote)?, after)),
        }
    }
}

/// What a column of that kind says with this text.
fn cell<'a>(field: Option<Cow<'a, str>>, kind: ColumnKind, style: &CsvStyle) -> Cell<'a> {
    let Some(text) = field else { return Cell::Null };
    match (kind, text.as_ref()) {
        (ColumnKind::Integer | ColumnKind::Number, _) => Cell::Digits(text),
        (ColumnKind::Boolean, "true") => Cell::Boolean(true),
        (ColumnKind::Boolean, "false") => Cell::Boolean(false),
        (_, defused) if style.dialect == Dialect::Excel => match defused.strip_prefix('\'') {
            Some(original) if takes_apostrophe(original) => Cell::text(original.to_owned()),
            _ => Cell::Text(text),
        },
        _ => Cell::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&[Option<&str>]>) {
        check_as(&CsvStyle::default(), text, expected);
    }

    #[track_caller]
    fn check_as(style: &CsvStyle, text: &str, expected: Option<&[Option<&str>]>) {
        let found = fields(text.as_bytes(), 1, style).ok();
        let found: Option<Vec<_>> = found.as_ref().map(|fields| fields.iter().map(|field| field.as_deref()).collect());
        assert_eq!(found.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn fields_are_what_stands_between_commas_outside_quotes() {
        check("\n", Some(&[None]));
        check("a,,\"\"\n", Some(&[Some("a"), None, Some("")]));
        check("\"a,\"\"b\"\"\n\",c\n", Some(&[Some("a,\"b\"\n"), Some("c")]));
        check("\"\"\"\"\n", Some(&[Some("\"")]));
        for wrong in ["a", "a\"b\"\n", "\"a\"b\n", "\"a\n", "a\r\n", "\"a\"\"\n", "\"\"\"\n"] {
            check(wrong, None);
        }
    }

    #[test]
    fn null_is_the_text_that_was_chosen_if_it_has_no_quotes() {
        let style = CsvStyle::new(Dialect::Rfc4180, ";", "NULL").unwrap();
        check_as(
            &style,
            "a,b;NULL;\"NULL\";\"\";null\n",
            Some(&[Some("a,b"), None, Some("NULL"), Some(""), Some("null")]),
        );
        check_as(&style, "a;;b\n", None);
        check_as(&style, "a;\n", None);
        let tab = CsvStyle::new(Dialect::Excel, "tab", "").unwrap();
        check_as(&tab, "a\t\t\"\t\"\r\n", Some(&[Some("a"), None, Some("\t")]));
        check_as(&tab, "a\t\n", None);
    }
}
