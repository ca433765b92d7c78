//! What formats with types hold of a cell: a number as 64 bits, a day as a day of the calendar. Or nothing, because such a
//! type could only hold something else.
//!
//! Asana's JSON gives digits and text, and text formats pass those on. What does not survive as a value of its column's
//! type is an oddity, whatever formats are written; formats with types have null there.

use std::borrow::Cow;

use crate::table::{Cell, ColumnKind};
use crate::value::{is_date, is_number, is_timestamp, is_whole};

/// A value of a column's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed<'c> {
    Null,
    Text(Cow<'c, str>),
    Integer(i64),
    /// Its shortest decimal digits mean the same as those received.
    Number(f64),
    Boolean(bool),
    /// Days since 1970-01-01, in the years 1 to 9999.
    Day(i32),
    /// Microseconds since 1970-01-01T00:00:00Z, in the years 1 to 9999.
    Instant(i64),
}

/// Why a column's type does not hold a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    Integer,
    Number,
    Day,
    Instant,
    /// Not even of the column's kind.
    Kind,
}

impl Unfit {
    /// As in `no day of the calendar`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Integer => "beyond 64 bits",
            Self::Number => "not exactly a 64-bit number",
            Self::Day => "no day of the calendar",
            Self::Instant => "no instant in microseconds",
            Self::Kind => "of another type",
        }
    }
}

impl ColumnKind {
    /// What a column of that kind holds of a cell.
    ///
    /// # Errors
    /// When it could only hold something else.
    pub fn typed<'c>(self, cell: &'c Cell<'_>) -> Result<Typed<'c>, Unfit> {
        match (self, cell) {
            (_, Cell::Null) => Ok(Typed::Null),
            (ColumnKind::Gid | ColumnKind::Text, cell) => Ok(Typed::Text(text(cell))),
            (ColumnKind::Boolean, Cell::Boolean(value)) => Ok(Typed::Boolean(*value)),
            (ColumnKind::Integer, Cell::Count(count)) => {
                i64::try_from(*count).map(Typed::Integer).map_err(|_| Unfit::Integer)
            }
            (ColumnKind::Integer, Cell::Digits(digits)) if is_whole(digits) => {
                digits.parse().map(Typed::Integer).map_err(|_| Unfit::Integer)
            }
            (ColumnKind::Number, Cell::Count(count)) => {
                number(&count.to_string()).map(Typed::Number).ok_or(Unfit::Number)
            }
            (ColumnKind::Number, Cell::Digits(digits)) if is_number(digits) => {
                number(digits).map(Typed::Number).ok_or(Unfit::Number)
            }
            (ColumnKind::Date, Cell::Text(text)) if is_date(text) => day(text).map(Typed::Day).ok_or(Unfit::Day),
            (ColumnKind::Timestamp, Cell::Text(text)) if is_timestamp(text) => {
                instant(text).map(Typed::Instant).ok_or(Unfit::Instant)
            }
            _ => Err(Unfit::Kind),
        }
    }
}

fn text<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Null => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Digits(text) => Cow::Borrowed(text),
        Cell::Count(count) => Cow::Owned(count.to_string()),
        Cell::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
    }
}

/// The number with those digits, if its own shortest digits mean the same: 0.1 is one, and 0.1000000000000000001 is not.
fn number(digits: &str) -> Option<f64> {
    let number: f64 = digits.parse().ok()?;
    (number.is_finite() && value_of(digits)? == value_of(&format!("{number:e}"))?).then_some(number)
}

/// A decimal number as its digits, without zeros around them, and the exponent of ten of the last one. Zero has no sign.
fn value_of(digits: &str) -> Option<(bool, String, i64)> {
    let (negative, unsigned) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let significant = all.trim_end_matches('0');
    let dropped = i64::try_from(all.len() - significant.len()).ok()?;
    let places = i64::try_from(fraction.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let exponent = exponent.parse::<i64>().ok()?.checked_add(dropped)?.checked_sub(places)?;
    Some((negative, significant.to_owned(), exponent))
}

/// Days since 1970-01-01 of a `YYYY-MM-DD` that is in the calendar.
fn day(text: &str) -> Option<i32> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i32::from(is_leap),
        1..=12 => 31,
        _ => return None,
    };
    if year < 1 || !(1..=length).contains(&day) {
        return None;
    }
    // Years that begin in March have the leap day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * month + 2) / 5;
    Some(365 * year + year / 4 - year / 100 + year / 400 + days_before_month + day - 719_469)
}

/// Microseconds since 1970-01-01T00:00:00Z of an ISO 8601 instant; finer ones only if they are zero.
fn instant(text: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000;
    let days = i64::from(day(text.get(..10)?)?);
    let part =
        |from: usize, to: usize, below: i64| text.get(from..to)?.parse::<i64>().ok().filter(|part| *part < below);
    let seconds = (part(11, 13, 24)? * 60 + part(14, 16, 60)?) * 60 + part(17, 19, 60)?;
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
        None => ("0", rest),
    };
    let micros = fraction.get(..6).unwrap_or(fraction);
    if micros.is_empty() || fraction.bytes().skip(6).any(|digit| digit != b'0') {
        return None;
    }
    let micros: i64 = format!("{micros:0<6}").parse().ok()?;
    let instant = (days * 86_400 + seconds - offset(zone)?) * SECOND + micros;
    let last = i64::from(day("9999-12-31")? + 1) * 86_400 * SECOND;
    let first = i64::from(day("0001-01-01")?) * 86_400 * SECOND;
    (first..last).contains(&instant).then_some(instant)
}

/// Seconds that a zone such as `+05:30` is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let ahead = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = zone.get(1..)?.replacen(':', "", 1);
    if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(ahead * (hours * 60 + minutes) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(kind: ColumnKind, digits: &str) -> Result<Typed<'static>, Unfit> {
        kind.typed(&Cell::Digits(digits.into())).map(|typed| match typed {
            Typed::Integer(value) => Typed::Integer(value),
            Typed::Number(value) => Typed::Number(value),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn numbers_are_those_whose_digits_come_back() {
        let check = |text: &str, expected: Option<f64>| {
            let expected = expected.map(Typed::Number).ok_or(Unfit::Number);
            assert_eq!(digits(ColumnKind::Number, text), expected, "{text}");
        };
        for (text, number) in [
            ("0", 0.0),
            ("0.1", 0.1),
            ("1.50", 1.5),
            ("-1.5E-7", -1.5e-7),
            ("100", 100.0),
            ("1e2", 100.0),
            ("0.30000000000000004", 0.1 + 0.2),
            ("9007199254740993000", 9_007_199_254_740_993_000.0),
            ("1.7976931348623157e308", f64::MAX),
            ("5e-324", 5e-324),
            ("0e999999999999", 0.0),
        ] {
            check(text, Some(number));
        }
        for text in [
            "1e400",
            "-1e400",
            "1e-400",
            "9007199254740993",
            "0.1000000000000000001",
            "123456789012345678901234567890.5",
            "1e99999999999999999999",
        ] {
            check(text, None);
        }
        assert_eq!(ColumnKind::Number.typed(&Cell::Count(7)), Ok(Typed::Number(7.0)));
        assert_eq!(ColumnKind::Number.typed(&Cell::Count(u64::MAX)), Err(Unfit::Number));
    }

    #[test]
    fn integers_have_64_bits() {
        assert_eq!(digits(ColumnKind::Integer, "-9223372036854775808"), Ok(Typed::Integer(i64::MIN)));
        assert_eq!(digits(ColumnKind::Integer, "9223372036854775808"), Err(Unfit::Integer));
        assert_eq!(digits(ColumnKind::Integer, "-0"), Ok(Typed::Integer(0)));
        assert_eq!(ColumnKind::Integer.typed(&Cell::Count(u64::MAX)), Err(Unfit::Integer));
    }

    #[test]
    fn days_count_from_1970_through_the_whole_calendar() {
        let check = |text: &str, expected| {
            assert_eq!(ColumnKind::Date.typed(&Cell::text(text)), expected, "{text}");
        };
        check("1970-01-01", Ok(Typed::Day(0)));
        check("0001-01-01", Ok(Typed::Day(-719_162)));
        check("9999-12-31", Ok(Typed::Day(2_932_896)));
        check("2024-02-29", Ok(Typed::Day(19_782)));
        for none in ["0000-01-01", "2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-01", "2025-01-00"] {
            check(none, Err(Unfit::Day));
        }
        let mut next = -719_162;
        for year in 1..=9999 {
            for month in 1..=12 {
                for number in 1..=31 {
                    if let Some(found) = day(&format!("{year:04}-{month:02}-{number:02}")) {
                        assert_eq!(found, next);
                        next += 1;
                    }
                }
            }
        }
        assert_eq!(next, 2_932_897);
    }

    #[test]
    fn instants_are_in_utc_to_the_microsecond() {
        let check = |text: &str, expected: Option<i64>| {
            let expected = expected.map(Typed::Instant).ok_or(Unfit::Instant);
            assert_eq!(ColumnKind::Timestamp.typed(&Cell::text(text)), expected, "{text}");
        };
        check("1970-01-01T00:00:00Z", Some(0));
        check("2025-04-18T17:23:53.402Z", Some(1_744_997_033_402_000));
        check("2025-04-18T17:23:53.402+02:00", Some(1_744_989_833_402_000));
        check("2025-04-18T17:23:53.402-0530", Some(1_745_016_833_402_000));
        check("1969-12-31T23:59:59.999999Z", Some(-1));
        check("1969-12-31T23:59:59.9999990Z", Some(-1));
        check("0001-01-01T00:00:00Z", Some(-62_135_596_800_000_000));
        check("9999-12-31T23:59:59.999Z", Some(253_402_300_799_999_000));
        for none in [
            "2025-04-18T17:23:53.4020001Z",
            "2025-04-18T24:00:00Z",
            "2025-04-18T23:59:60Z",
            "2025-02-30T00:00:00Z",
            "2025-04-18T00:00:00+25:00",
            "2025-04-18T00:00:00+zz:zz",
            "0001-01-01T00:00:00+02:00",
            "2025-04-18T00:00:00.Z",
        ] {
            check(none, None);
        }
    }

    #[test]
    fn text_is_any_text_and_other_kinds_are_told() {
        assert_eq!(ColumnKind::Gid.typed(&Cell::text("")), Ok(Typed::Text("".into())));
        assert_eq!(ColumnKind::Text.typed(&Cell::Digits("1.50".into())), Ok(Typed::Text("1.50".into())));
        assert_eq!(ColumnKind::Date.typed(&Cell::Null), Ok(Typed::Null));
        assert_eq!(ColumnKind::Boolean.typed(&Cell::Boolean(true)), Ok(Typed::Boolean(true)));
        assert_eq!(ColumnKind::Boolean.typed(&Cell::text("true")), Err(Unfit::Kind));
        assert_eq!(ColumnKind::Date.typed(&Cell::text("18.4.2025")), Err(Unfit::Kind));
    }
}
