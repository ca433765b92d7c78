//! Cells as XML, and what a cell can hold.

use std::fmt::Write as _;

use asana_model::{Cell, ColumnKind, Typed};

/// Digits that every spreadsheet keeps.
const EXACT_DIGITS: usize = 15;
/// Beyond this power of ten and its inverse, numbers are text: 64 bits end near 308.
const EXACT_POWER: i32 = 300;
const MICROSECONDS: i64 = 24 * 60 * 60 * 1_000_000;
/// Days from 1899-12-30, on which spreadsheets begin to count, to 1970-01-01.
const EPOCH: i64 = 25_569;
/// 1900-03-01. Before it a spreadsheet counts one day less, because it takes 1900 for a leap year.
const MARCH: i64 = 61;

/// Styles by their places in the part about styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Plain = 0,
    Heading = 1,
    Date = 2,
    Timestamp = 3,
    Link = 4,
    /// Text, whatever it looks like.
    Text = 5,
}

/// What a cell of a sheet holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content<'c> {
    Nothing,
    Text(&'c str),
    Count(u64),
    /// Digits that survive as a number.
    Digits(&'c str),
    /// Days, and parts of one.
    Date(f64),
    Timestamp(f64),
    Boolean(bool),
}

/// What the sheet has for a cell: the value of its column's type if a spreadsheet holds all of it, and text otherwise.
pub(super) fn content<'c>(kind: ColumnKind, cell: &'c Cell<'_>) -> Content<'c> {
    match cell {
        Cell::Null => Content::Nothing,
        Cell::Boolean(value) => Content::Boolean(*value),
        Cell::Count(count) => Content::Count(*count),
        Cell::Digits(digits) if is_exact(digits) => Content::Digits(digits),
        Cell::Digits(text) => Content::Text(text),
        Cell::Text(text) => match kind.typed(cell) {
            Ok(Typed::Day(day)) => serial(i64::from(day) * MICROSECONDS).map_or(Content::Text(text), Content::Date),
            // Finer than a thousandth of a second is more than a spreadsheet shows.
            Ok(Typed::Instant(instant)) if instant % 1_000 == 0 => {
                serial(instant).map_or(Content::Text(text), Content::Timestamp)
            }
            _ => Content::Text(text),
        },
    }
}

/// The number of days for an instant in microseconds from 1970; none before 1900.
fn serial(instant: i64) -> Option<f64> {
    let (days, rest) = (instant.div_euclid(MICROSECONDS) + EPOCH, instant.rem_euclid(MICROSECONDS));
    let days = if days < MARCH { days - 1 } else { days };
    #[expect(clippy::cast_precision_loss, reason = "days are small, and a day has fewer microseconds than 2^53")]
    let serial = days as f64 + rest as f64 / MICROSECONDS as f64;
    (days >= 1).then_some(serial)
}

/// Whether a spreadsheet keeps all digits of a number.
fn is_exact(digits: &str) -> bool {
    let (mantissa, power) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let Ok(power) = power.parse::<i32>() else { return false };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
    let significant = all.trim_start_matches('0').trim_end_matches('0').len();
    let magnitude = i32::try_from(all.len()).unwrap_or(i32::MAX);
    significant <= EXACT_DIGITS && power.saturating_abs().saturating_add(magnitude) < EXACT_POWER
}

/// Appends a cell. A null is none.
pub(super) fn push_cell(xml: &mut String, place: (usize, u32), look: Look, content: &Content<'_>) {
    let (look, kind) = match content {
        Content::Nothing => return,
        Content::Text(_) => (look, " t=\"inlineStr\""),
        Content::Boolean(_) => (look, " t=\"b\""),
        Content::Count(_) | Content::Digits(_) => (Look::Plain, ""),
        Content::Date(_) => (Look::Date, ""),
        Content::Timestamp(_) => (Look::Timestamp, ""),
    };
    xml.push_str("<c r=\"");
    push_column(xml, place.0);
    // Writing to a String cannot fail; nor can it below.
    let _ok = write!(xml, "{}\"", place.1);
    if look != Look::Plain {
        let _ok = write!(xml, " s=\"{}\"", look as u8);
    }
    xml.push_str(kind);
    xml.push('>');
    match content {
        Content::Nothing => {}
        Content::Text(text) => {
            let blank = |character: Option<char>| character.is_some_and(char::is_whitespace);
            let kept = blank(text.chars().next()) || blank(text.chars().next_back());
            xml.push_str(if kept { "<is><t xml:space=\"preserve\">" } else { "<is><t>" });
            push_text(xml, text);
            xml.push_str("</t></is>");
        }
        Content::Boolean(value) => xml.push_str(if *value { "<v>1</v>" } else { "<v>0</v>" }),
        Content::Digits(digits) => {
            let _ok = write!(xml, "<v>{digits}</v>");
        }
        Content::Count(count) => {
            let _ok = write!(xml, "<v>{count}</v>");
        }
        Content::Date(number) | Content::Timestamp(number) => {
            let _ok = write!(xml, "<v>{number}</v>");
        }
    }
    xml.push_str("</c>");
}

/// Appends the letters of a column, counted from 0.
pub(super) fn push_column(xml: &mut String, column: usize) {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    xml.extend(letters.iter().rev());
}

/// Appends text between tags. What XML cannot hold is written as `_xHHHH_`, as spreadsheets do, and so is the beginning of
/// what only looks like that.
pub(super) fn push_text(xml: &mut String, text: &str) {
    for (at, character) in text.char_indices() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ok = write!(xml, "_x{:04X}_", u32::from(character));
            }
            '_' if text.get(at..).is_some_and(looks_escaped) => xml.push_str("_x005F_"),
            other => xml.push(other),
        }
    }
}

/// Whether it begins as `_x001B_` does.
fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes().first_chunk::<7>();
    bytes.is_some_and(|[open, x, digits @ .., close]| {
        [*open, *close] == *b"__" && *x == b'x' && digits.iter().all(u8::is_ascii_hexdigit)
    })
}

/// The beginning of a text that is longer than `most` UTF-16 units, with a mark that says how long it was; `None` if it is
/// not.
pub(super) fn cut(text: &str, most: usize) -> Option<(String, usize)> {
    // No text has more units than bytes.
    if text.len() <= most {
        return None;
    }
    let units: usize = text.chars().map(char::len_utf16).sum();
    if units <= most {
        return None;
    }
    let mark = format!("… [cut: {units} characters]");
    let mut room = most.saturating_sub(mark.chars().count());
    let mut kept = String::new();
    for character in text.chars() {
        match room.checked_sub(character.len_utf16()) {
            Some(rest) => room = rest,
            None => break,
        }
        kept.push(character);
    }
    kept.push_str(&mark);
    Some((kept, units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_numbers_while_no_digit_is_lost() {
        for digits in ["0", "-0", "1.50", "123456789012345", "-0.000123", "1e30", "1.50E+2", "150000000000000000000000"]
        {
            assert!(is_exact(digits), "{digits}");
        }
        for digits in
            ["1234567890123456", "9007199254740993", "0.1234567890123456", "1e300", "1e-300", "1e99999999999", "-1e400"]
        {
            assert!(!is_exact(digits), "{digits}");
        }
    }

    #[test]
    fn days_are_counted_as_spreadsheets_do() {
        let date = |text: &'static str| content(ColumnKind::Date, &Cell::text(text)) == Content::Text(text);
        for (text, serial) in
            [("1900-01-01", 1.0), ("1900-02-28", 59.0), ("1900-03-01", 61.0), ("2026-11-27", 46_353.0)]
        {
            assert_eq!(content(ColumnKind::Date, &Cell::text(text)), Content::Date(serial), "{text}");
        }
        assert!(date("1899-12-31") && date("2026-02-30") && date("no date"));
        let noon = Cell::text("2026-11-27T12:00:00.000Z");
        assert_eq!(content(ColumnKind::Timestamp, &noon), Content::Timestamp(46_353.5));
        let fine = "2026-11-27T12:00:00.000001Z";
        assert_eq!(content(ColumnKind::Timestamp, &Cell::text(fine)), Content::Text(fine));
        let early = "1899-12-31T23:59:59.999Z";
        assert_eq!(content(ColumnKind::Timestamp, &Cell::text(early)), Content::Text(early));
    }

    #[test]
    fn columns_have_letters() {
        let letters = |column| {
            let mut text = String::new();
            push_column(&mut text, column);
            text
        };
        let found = [0, 25, 26, 701, 702, 16_383].map(letters);
        assert_eq!(found, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        let mut xml = String::new();
        push_text(&mut xml, "a\u{0}\u{1b}[1m\r\n\t<&>_x0041_ _x00_ \u{ffff}é\u{7f}");
        assert_eq!(xml, "a_x0000__x001B_[1m_x000D_\n\t&lt;&amp;&gt;_x005F_x0041_ _x00_ _xFFFF_é\u{7f}");
    }

    #[test]
    fn long_texts_are_cut_where_excel_ends() {
        assert_eq!(cut("🏭".repeat(15).as_str(), 30), None);
        let (kept, units) = cut(&"🏭".repeat(20), 31).unwrap();
        assert_eq!((kept.as_str(), units), ("🏭🏭🏭🏭… [cut: 40 characters]", 40));
        assert_eq!(kept.encode_utf16().count(), 30, "half of a character is none");
    }
}
