//! A JSON value and a column's type give a cell.

use std::borrow::Cow;

use asana_model::Cell;
use asana_model::catalog::Scalar;
use asana_model::layout::kind_of;
use asana_model::raw;
use asana_model::value::{is_date, is_number, is_timestamp, is_whole};

/// Longest piece of a surprising value that is quoted in an oddity, in characters.
const QUOTED: usize = 200;

/// The cell for a value, or what was found instead of the type that is described.
pub(crate) fn cell(json: &str, scalar: Scalar) -> Result<Cell<'_>, String> {
    if json == "null" {
        return Ok(Cell::Null);
    }
    let cell = match scalar {
        Scalar::Text => raw::text(json).map(Cell::Text),
        Scalar::Integer => is_whole(json).then_some(Cell::Digits(Cow::Borrowed(json))),
        Scalar::Number => is_number(json).then_some(Cell::Digits(Cow::Borrowed(json))),
        Scalar::Boolean => match json {
            "true" => Some(Cell::Boolean(true)),
            "false" => Some(Cell::Boolean(false)),
            _ => None,
        },
        Scalar::Gid => raw::gid(json).map(Cell::Text),
        Scalar::Json => Some(Cell::Text(Cow::Borrowed(json))),
        Scalar::Date => raw::text(json).filter(|text| is_date(text)).map(Cell::Text),
        Scalar::Timestamp => raw::text(json).filter(|text| is_timestamp(text)).map(Cell::Text),
    };
    cell.ok_or_else(|| format!("expected {}, found {}", label(scalar), excerpt(json)))
}

/// What is to be told of a value that its cell holds as it came, and that formats with types cannot hold.
pub(crate) fn unfit(json: &str, cell: &Cell<'_>, scalar: Scalar) -> Option<String> {
    let unfit = kind_of(scalar).typed(cell).err()?;
    Some(format!("{}, so formats with types have nothing there: {}", unfit.label(), excerpt(json)))
}

/// The beginning of a JSON text, for a message.
pub(crate) fn excerpt(json: &str) -> Cow<'_, str> {
    match json.char_indices().nth(QUOTED) {
        Some((end, _)) => Cow::Owned(format!("{}…", json.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(json),
    }
}

fn label(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Integer => "a whole number",
        Scalar::Number => "a number",
        Scalar::Boolean => "true or false",
        Scalar::Date => "a date",
        Scalar::Timestamp => "a time",
        Scalar::Gid => "an identifier",
        Scalar::Json => "anything",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, scalar: Scalar, expected: Option<&str>) {
        let found = match cell(json, scalar) {
            Ok(Cell::Null) => Some("NULL".to_owned()),
            Ok(Cell::Text(text) | Cell::Digits(text)) => Some(text.into_owned()),
            Ok(Cell::Boolean(value)) => Some(value.to_string()),
            Ok(Cell::Count(_)) => unreachable!("no count is read"),
            Err(_) => None,
        };
        assert_eq!(found.as_deref(), expected, "{json} as {scalar:?}");
    }

    #[test]
    fn values_keep_their_meaning() {
        check("null", Scalar::Integer, Some("NULL"));
        check("\"\"", Scalar::Text, Some(""));
        check("1.50", Scalar::Number, Some("1.50"));
        check("-1e400", Scalar::Number, Some("-1e400"));
        check("92233720368547758079", Scalar::Integer, Some("92233720368547758079"));
        check("1.0", Scalar::Integer, None);
        check("\"7\"", Scalar::Integer, None);
        check("7", Scalar::Text, None);
        check("false", Scalar::Boolean, Some("false"));
        check("0", Scalar::Boolean, None);
        check("\"2025-04-18\"", Scalar::Date, Some("2025-04-18"));
        check("\"18.4.2025\"", Scalar::Date, None);
        check("\"2025-04-18T17:23:53.402Z\"", Scalar::Timestamp, Some("2025-04-18T17:23:53.402Z"));
        check("\"2025-04-18T17:23:53+00:00\"", Scalar::Timestamp, Some("2025-04-18T17:23:53+00:00"));
        check("\"2025-04-18\"", Scalar::Timestamp, None);
        check("{\"a\":1}", Scalar::Text, None);
    }

    #[test]
    fn what_formats_with_types_cannot_hold_is_told() {
        let told = |json: &str, scalar| unfit(json, &cell(json, scalar).unwrap(), scalar);
        let what = "no day of the calendar, so formats with types have nothing there: \"2025-02-30\"";
        assert_eq!(told("\"2025-02-30\"", Scalar::Date).as_deref(), Some(what));
        for (json, scalar) in [
            ("1e400", Scalar::Number),
            ("92233720368547758079", Scalar::Integer),
            ("\"2025-04-18T24:00:00Z\"", Scalar::Timestamp),
        ] {
            assert!(told(json, scalar).is_some_and(|what| what.ends_with(json)), "{json}");
        }
        for (json, scalar) in [
            ("null", Scalar::Date),
            ("1.50", Scalar::Number),
            ("\"\"", Scalar::Text),
            ("{\"a\":1e400}", Scalar::Json),
            ("\"92233720368547758079\"", Scalar::Gid),
        ] {
            assert_eq!(told(json, scalar), None, "{json}");
        }
    }

    #[test]
    fn a_surprise_says_what_was_found() {
        assert_eq!(cell("[1]", Scalar::Text).unwrap_err(), "expected text, found [1]");
        assert!(cell(&format!("[{}1]", "1,".repeat(1000)), Scalar::Text).unwrap_err().len() < 300);
    }
}
