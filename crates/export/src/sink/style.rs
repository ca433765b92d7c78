//! How CSV is written: for whom, and what stands between cells and for null. Other formats have no such choices.

use std::str::FromStr;

use super::csv::takes_apostrophe;

/// For whom CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Values as they are, LF line ends.
    #[default]
    Rfc4180,
    /// For opening in a spreadsheet: byte-order mark, CRLF, and no text that would run as a formula.
    Excel,
}

impl Dialect {
    pub const ALL: [Self; 2] = [Self::Rfc4180, Self::Excel];

    /// As in `--dialect excel`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rfc4180 => "rfc4180",
            Self::Excel => "excel",
        }
    }

    /// How each line of CSV ends.
    pub(crate) fn line_end(self) -> &'static str {
        match self {
            Self::Rfc4180 => "\n",
            Self::Excel => "\r\n",
        }
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| format!("there is no dialect called {name}, only rfc4180 and excel"))
    }
}

/// How CSV is written. Made by [`CsvStyle::new`], so that what is written can be read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvStyle {
    pub(crate) dialect: Dialect,
    /// Between cells: ASCII, and nothing that numbers or quotes are made of.
    pub(crate) delimiter: u8,
    /// Stands for null, never in quotes. A text like it is in quotes.
    pub(crate) null: String,
}

/// Why a style cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongStyle {
    /// What is wrong with the delimiter.
    Delimiter(&'static str),
    /// What is wrong with the text for null.
    Null(&'static str),
}

impl Default for CsvStyle {
    fn default() -> Self {
        Self { dialect: Dialect::default(), delimiter: Self::COMMA, null: String::new() }
    }
}

impl From<Dialect> for CsvStyle {
    fn from(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }
}

impl CsvStyle {
    const COMMA: u8 = b',';

    /// `delimiter` is one character, `tab` or `\t`; `null` is what stands for null.
    ///
    /// # Errors
    /// A delimiter or a text for null that could be taken for something else in a file.
    pub fn new(dialect: Dialect, delimiter: &str, null: &str) -> Result<Self, WrongStyle> {
        let delimiter = match delimiter {
            "tab" | "\\t" => b'\t',
            one => one_byte(one).ok_or(WrongStyle::Delimiter("one ASCII character, or tab"))?,
        };
        if matches!(delimiter, b'"' | b'\'' | b'\r' | b'\n' | b'\0') || delimiter.is_ascii_alphanumeric() {
            return Err(WrongStyle::Delimiter("no quote, line end, letter or digit"));
        }
        if null.contains('"') || null.contains(char::is_control) {
            return Err(WrongStyle::Null("a text without quotes, line ends and other control characters"));
        }
        if null.contains(char::from(delimiter)) {
            return Err(WrongStyle::Null("a text without the delimiter"));
        }
        if dialect == Dialect::Excel && takes_apostrophe(null) {
            return Err(WrongStyle::Null("nothing that a spreadsheet takes for a formula"));
        }
        Ok(Self { dialect, delimiter, null: null.to_owned() })
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What stands between cells, as [`CsvStyle::new`] takes it.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// As the manifest has it; `None` for the usual one.
    pub fn unusual_delimiter(&self) -> Option<String> {
        (self.delimiter != Self::COMMA).then(|| self.delimiter().to_string())
    }

    /// What stands for null; empty unless chosen.
    pub fn null(&self) -> &str {
        &self.null
    }
}

fn one_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_nulls_that_could_be_something_else_are_refused() {
        for delimiter in [",", ";", "\t", "tab", "\\t", "|", " ", "^", "-", "\u{1}"] {
            assert!(CsvStyle::new(Dialect::Rfc4180, delimiter, "").is_ok(), "{delimiter:?}");
        }
        for delimiter in ["", "\"", "'", "\n", "\r", "\0", "a", "Z", "7", ";;", "\\n", "§", "TAB"] {
            let found = CsvStyle::new(Dialect::Rfc4180, delimiter, "");
            assert!(matches!(found, Err(WrongStyle::Delimiter(_))), "{delimiter:?}");
        }
        for null in ["", "NULL", "\\N", "0", "n/a", "a b", "-", "∅"] {
            assert!(CsvStyle::new(Dialect::Rfc4180, ";", null).is_ok(), "{null:?}");
        }
        for null in ["a\nb", "\r", "\"", "a\"", ";", "x;", "\0"] {
            let found = CsvStyle::new(Dialect::Rfc4180, ";", null);
            assert!(matches!(found, Err(WrongStyle::Null(_))), "{null:?}");
        }
        assert!(matches!(CsvStyle::new(Dialect::Excel, ",", "-"), Err(WrongStyle::Null(_))));
        assert_eq!(CsvStyle::new(Dialect::Excel, ",", ""), Ok(CsvStyle::from(Dialect::Excel)));
    }
}
