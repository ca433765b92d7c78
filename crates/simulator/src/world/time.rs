//! Instants as milliseconds since 1970 and days as days since 1970, with the two texts Asana uses for them.

use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 2026-06-01T09:00:00.000Z: the day on which every generated world ends.
pub(crate) const NOW: i64 = 20_605 * DAY + 9 * HOUR;

/// The real time in milliseconds since 1970.
pub(crate) fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// An instant, written as `2025-04-18T17:23:53.402Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(pub(crate) i64);

/// A calendar day, written as `2025-04-18`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

impl Time {
    pub(crate) fn day(self) -> Day {
        Day(self.0.div_euclid(DAY))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rest = self.0.rem_euclid(DAY);
        let (hour, minute) = (rest / HOUR, rest % HOUR / MINUTE);
        let (second, millis) = (rest % MINUTE / SECOND, rest % SECOND);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z", self.day())
    }
}

/// The date of HTTP headers, as in `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, 5.6.7.
pub(crate) fn http_date(time: Time) -> String {
    // 1970 began on a Thursday.
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let named = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let (year, month, day) = civil(time.day().0);
    let weekday = named(&WEEKDAYS, time.day().0.rem_euclid(7));
    let month = named(&MONTHS, month - 1);
    let rest = time.0.rem_euclid(DAY);
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Days since 1970 to (year, month, day); Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let doe = shifted.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// (year, month, day) to days since 1970.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Reads `2025-04-18`, `2025-04-18T17:23:53Z`, with or without fraction, with `Z`, no zone or `+02:00`.
pub(crate) fn parse(text: &str) -> Option<Time> {
    let (date, clock) = match text.split_once(['T', ' ']) {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let start = days(year, month, day) * DAY;
    let Some(clock) = clock else { return Some(Time(start)) };
    let (clock, zone) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at_checked(at)?,
        None => (clock, "Z"),
    };
    let mut parts = clock.split(':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    let seconds = parts.next().unwrap_or("0");
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let millis: i64 = format!("{:0<3}", fraction.chars().take(3).collect::<String>()).parse().ok()?;
    let offset = if zone == "Z" {
        0
    } else {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
        let number: i64 = digits.parse().ok()?;
        sign * (number / 100 * HOUR + number % 100 * MINUTE)
    };
    Some(Time(start + hour * HOUR + minute * MINUTE + whole.parse::<i64>().ok()? * SECOND + millis - offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Time(NOW).to_string(), "2026-06-01T09:00:00.000Z");
        for text in ["2025-04-18T17:23:53.402Z", "2024-02-29T23:59:59.999Z", "2023-12-31T00:00:00.000Z"] {
            assert_eq!(parse(text).map(|time| time.to_string()).as_deref(), Some(text));
        }
        assert_eq!(parse("2025-04-18T19:23:53+02:00"), parse("2025-04-18T17:23:53Z"));
        assert_eq!(parse("2025-04-18"), parse("2025-04-18T00:00Z"));
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn dates_of_headers_are_written() {
        let date = |text| http_date(parse(text).unwrap());
        assert_eq!(date("1994-11-06T08:49:37Z"), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date("2024-02-29T23:59:59.999Z"), "Thu, 29 Feb 2024 23:59:59 GMT");
        assert_eq!(date("1970-01-01T00:00:00Z"), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
