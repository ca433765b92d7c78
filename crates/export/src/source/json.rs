//! JSON and JSON Lines read back: one object in each line, its keys the columns in their order.

use std::io::BufRead;

use asana_model::raw::{self, Object};
use asana_model::{Cell, Table};

use super::lines::Lines;
use super::{Row, Source, SourceError};
use crate::sink::CsvStyle;

#[derive(Debug)]
struct Objects<'r> {
    lines: Lines<'r>,
    table: &'r Table,
    state: State,
    line: Vec<u8>,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Without brackets: an object, or the end.
    Line,
    /// The opening bracket.
    Start,
    Element,
    /// The closing bracket.
    Close,
    /// Nothing.
    End,
}

pub(crate) fn json<'r>(reader: &'r mut dyn BufRead, table: &'r Table, _: &CsvStyle) -> Box<dyn Source + 'r> {
    objects(reader, table, State::Start)
}

pub(crate) fn jsonl<'r>(reader: &'r mut dyn BufRead, table: &'r Table, _: &CsvStyle) -> Box<dyn Source + 'r> {
    objects(reader, table, State::Line)
}

fn objects<'r>(reader: &'r mut dyn BufRead, table: &'r Table, state: State) -> Box<dyn Source + 'r> {
    Box::new(Objects { lines: Lines::new(reader), table, state, line: Vec::new() })
}

impl Source for Objects<'_> {
    fn next(&mut self) -> Result<Option<Row<'_>>, SourceError> {
        loop {
            let number = self.lines.number();
            self.line.clear();
            if !self.lines.append(&mut self.line)? {
                return match std::mem::replace(&mut self.state, State::End) {
                    State::Line | State::End => Ok(None),
                    _ => Err(SourceError::malformed(number, "the file ends before its closing bracket")),
                };
            }
            if self.bracket(number)? {
                continue;
            }
            let cells = cells(&self.line, self.state, self.table).map_err(|what| SourceError::malformed(number, what));
            if self.state == State::Element && !self.line.ends_with(b",\n") {
                self.state = State::Close;
            }
            return Ok(Some(Row { line: number, cells: cells? }));
        }
    }
}

impl Objects<'_> {
    /// Whether the line at hand is not an object but what stands around them.
    fn bracket(&mut self, number: u64) -> Result<bool, SourceError> {
        let next = match (self.state, self.line.as_slice()) {
            (State::Line | State::Element, _) => return Ok(false),
            (State::Start, b"[\n") => State::Element,
            (State::Start, b"[]\n") | (State::Close, b"]\n") => State::End,
            (state, _) => {
                self.lines.end();
                self.state = State::End;
                let expected = if state == State::Start { "an opening bracket" } else { "the end of the array" };
                return Err(SourceError::malformed(number, format!("expected {expected}")));
            }
        };
        self.state = next;
        Ok(true)
    }
}

fn cells<'l>(line: &'l [u8], state: State, table: &Table) -> Result<Vec<Cell<'l>>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "bytes that are not UTF-8")?.trim_end_matches('\n');
    let json = if state == State::Element { text.strip_suffix(',').unwrap_or(text) } else { text };
    let object = Object::parse(json).ok_or("not a JSON object")?;
    if object.0.len() != table.columns.len() {
        return Err(format!("{} values for {} columns", object.0.len(), table.columns.len()));
    }
    let pairs = object.0.into_iter().zip(&table.columns);
    let cell = |((name, value), column): ((_, &'l str), &asana_model::Column)| {
        if name != column.name {
            return Err(format!("{name} in the place of {}", column.name));
        }
        cell(value).ok_or_else(|| format!("{} has a value that no column holds", column.name))
    };
    pairs.map(cell).collect()
}

fn cell(json: &str) -> Option<Cell<'_>> {
    match json {
        "null" => Some(Cell::Null),
        "true" => Some(Cell::Boolean(true)),
        "false" => Some(Cell::Boolean(false)),
        _ if json.starts_with(['{', '[']) => None,
        _ if json.starts_with('"') => raw::text(json).map(Cell::Text),
        digits => Some(Cell::Digits(digits.into())),
    }
}
