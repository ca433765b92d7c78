//! What values of each kind of column look like: what a cell has to pass on its way into a table, and once more when a
//! table is verified.

use crate::table::{Cell, ColumnKind};

impl ColumnKind {
    /// Whether a cell of such a column may hold this. Null always may.
    pub fn admits(self, cell: &Cell<'_>) -> bool {
        match (self, cell) {
            (_, Cell::Null)
            | (ColumnKind::Gid | ColumnKind::Text, Cell::Text(_))
            | (ColumnKind::Integer | ColumnKind::Number, Cell::Count(_))
            | (ColumnKind::Boolean, Cell::Boolean(_)) => true,
            (ColumnKind::Integer, Cell::Digits(digits)) => is_whole(digits),
            (ColumnKind::Number, Cell::Digits(digits)) => is_number(digits),
            (ColumnKind::Date, Cell::Text(text)) => is_date(text),
            (ColumnKind::Timestamp, Cell::Text(text)) => is_timestamp(text),
            _ => false,
        }
    }
}

/// A number as JSON has it: `-0.5e3`.
pub fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    (whole == "0" || !whole.starts_with('0'))
        && [Some(whole), fraction, exponent]
            .into_iter()
            .flatten()
            .all(|digits| !digits.is_empty() && all_digits(digits))
}

/// A number without fraction and exponent.
pub fn is_whole(text: &str) -> bool {
    is_number(text) && all_digits(text.strip_prefix('-').unwrap_or(text))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// `YYYY-MM-DDTHH:MM:SS` with any fraction, and a zone.
pub fn is_timestamp(text: &str) -> bool {
    let Some((day, rest)) = text.split_once('T') else { return false };
    let clock = rest.get(..8).is_some_and(|clock| {
        clock.bytes().enumerate().all(|(place, byte)| match place {
            2 | 5 => byte == b':',
            _ => byte.is_ascii_digit(),
        })
    });
    let zone = rest.get(8..).unwrap_or_default().trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = |sign| zone.strip_prefix(sign).is_some_and(|hours: &str| hours.len() >= 4);
    is_date(day) && clock && (zone == "Z" || offset('+') || offset('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for text in
            ["0", "-0", "12", "1.50", "-1e400", "0.5E-3", "92233720368547758079", "", "-", "01", "1.", ".5", "1e"]
                .into_iter()
                .chain(["+1", "1 ", "0x1", "NaN", "1e+", "--1", "1.2.3", "1e2e3", "١"])
        {
            let json = serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok_and(|raw| raw.get() == text);
            assert_eq!(is_number(text), json, "{text}");
        }
        assert!(is_whole("-12") && !is_whole("1.0") && !is_whole("1e3") && !is_whole("-"));
    }

    #[test]
    fn a_column_admits_its_kind_and_null() {
        let all = [
            (ColumnKind::Gid, Cell::text("12")),
            (ColumnKind::Integer, Cell::Digits("-7".into())),
            (ColumnKind::Number, Cell::Digits("1.5".into())),
            (ColumnKind::Boolean, Cell::Boolean(false)),
            (ColumnKind::Date, Cell::text("2025-04-18")),
            (ColumnKind::Timestamp, Cell::text("2025-04-18T17:23:53.402Z")),
        ];
        for (at, (kind, own)) in all.iter().enumerate() {
            assert!(kind.admits(own) && kind.admits(&Cell::Null), "{kind:?}");
            for (other, cell) in all.iter().map(|(other, cell)| (*other, cell)).skip(at + 1) {
                let any_text = *kind == ColumnKind::Gid && matches!(cell, Cell::Text(_));
                assert_eq!(kind.admits(cell), any_text, "{kind:?} and {other:?}");
            }
        }
        assert!(
            ColumnKind::Integer.admits(&Cell::Count(3)) && !ColumnKind::Integer.admits(&Cell::Digits("1.5".into()))
        );
        assert!(!ColumnKind::Text.admits(&Cell::Count(3)) && !ColumnKind::Timestamp.admits(&Cell::text("2025-04-18")));
    }
}
