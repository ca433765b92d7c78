//! Reads tables back from CSV, JSON and JSON Lines, keeping what a lenient reader would lose: the digits of numbers,
//! the difference between nothing and an empty string, the order of columns.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One value of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    /// A number, by its digits.
    Digits(String),
    Boolean(bool),
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn number(number: usize) -> Self {
        Self::Digits(number.to_string())
    }

    /// The cell as CSV shows it: nothing for null.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) | Self::Digits(text) => Some(text.clone()),
            Self::Boolean(value) => Some(value.to_string()),
        }
    }

    fn from_json(json: &RawValue) -> Self {
        match json.get() {
            "null" => Self::Null,
            "true" => Self::Boolean(true),
            "false" => Self::Boolean(false),
            text if text.starts_with('"') => Self::Text(serde_json::from_str(text).unwrap()),
            digits if digits.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Self::Digits(digits.to_owned())
            }
            other => panic!("a table holds {other}"),
        }
    }
}

/// A table with its columns in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The cells of one column.
    pub(crate) fn column(&self, name: &str) -> Vec<Cell> {
        let at = self.columns.iter().position(|column| column == name);
        let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", self.columns));
        self.rows.iter().map(|row| row[at].clone()).collect()
    }

    /// The texts of one column, without the nulls.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.column(name).iter().filter_map(Cell::shown).collect()
    }

    /// Rows as CSV shows them.
    pub(crate) fn shown(&self) -> Vec<Vec<Option<String>>> {
        self.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect()
    }
}

/// A JSON object with its members in order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Every row has the same members in the same order; without rows the columns are unknown.
fn table(rows: Vec<Members>) -> Table {
    let mut table = Table::default();
    for Members(members) in rows {
        let names: Vec<String> = members.iter().map(|(name, _)| name.clone()).collect();
        if table.rows.is_empty() {
            table.columns = names;
        } else {
            assert_eq!(table.columns, names, "all rows have the same members in the same order");
        }
        table.rows.push(members.iter().map(|(_, value)| Cell::from_json(value)).collect());
    }
    table
}

pub(crate) fn json(bytes: &[u8]) -> Table {
    table(serde_json::from_slice(bytes).unwrap())
}

pub(crate) fn jsonl(bytes: &[u8]) -> Table {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line ends too");
    table(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The header and the rows of a CSV file: `None` is nothing, `Some("")` a quoted empty string.
///
/// The csv crate cannot tell these two apart, so it only has to agree otherwise.
pub(crate) fn csv(bytes: &[u8]) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let mut rows = Vec::new();
    let mut rest = std::str::from_utf8(bytes).unwrap();
    assert!(rest.ends_with('\n'), "the last line ends too");
    while !rest.is_empty() {
        let mut row = Vec::new();
        loop {
            let (field, after) = field(rest);
            row.push(field);
            if let Some(next) = after.strip_prefix(',') {
                rest = next;
            } else {
                rest = after.strip_prefix('\n').unwrap_or_else(|| panic!("{after:?} after a field"));
                break;
            }
        }
        rows.push(row);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len(), rows.len(), "the csv crate sees the same rows");
    for (record, row) in records.iter().zip(&rows) {
        assert!(record.iter().eq(row.iter().map(|field| field.as_deref().unwrap_or_default())), "{record:?} {row:?}");
    }
    let header = rows.remove(0).into_iter().map(Option::unwrap).collect();
    (header, rows)
}

fn field(text: &str) -> (Option<String>, &str) {
    let Some(mut rest) = text.strip_prefix('"') else {
        let (bare, rest) = text.split_at(text.find([',', '\n']).unwrap());
        assert!(!bare.contains(['"', '\r']), "{bare:?} needs quotes");
        return ((!bare.is_empty()).then(|| bare.to_owned()), rest);
    };
    let mut value = String::new();
    loop {
        let (piece, after) = rest.split_once('"').unwrap();
        value.push_str(piece);
        match after.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => return (Some(value), after),
        }
    }
}

#[test]
fn csv_tells_nothing_from_an_empty_string() {
    let (header, rows) = csv(b"a,b\n,\"\"\n\"x\"\"\n,y\",z\n");
    assert_eq!(header, ["a", "b"]);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(rows, [[None, some("")], [some("x\"\n,y"), some("z")]]);
}
