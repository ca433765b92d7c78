//! Time periods: the years, halves and quarters that goals belong to.

use super::time::{self, Day};

/// A year, its halves and its quarters.
const OF_YEAR: u32 = 7;
const FIRST_YEAR: i64 = 2024;
const YEARS: u32 = 4;
/// Periods are numbered year by year, so nothing of them is kept.
pub(crate) const COUNT: u32 = OF_YEAR * YEARS;

/// (name, first month, months, the number of the period it is part of).
const PARTS: &[(&str, i64, i64, Option<u32>)] = &[
    ("FY", 1, 12, None),
    ("H1", 1, 6, Some(0)),
    ("H2", 7, 6, Some(0)),
    ("Q1", 1, 3, Some(1)),
    ("Q2", 4, 3, Some(1)),
    ("Q3", 7, 3, Some(2)),
    ("Q4", 10, 3, Some(2)),
];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    year: i64,
    /// `FY`, `H1`, `Q1` and so on.
    pub(crate) name: &'static str,
    pub(crate) start: Day,
    /// The last day.
    pub(crate) end: Day,
    /// The index of the period this one is part of.
    pub(crate) parent: Option<u32>,
}

impl Period {
    /// `Q1 FY25`.
    pub(crate) fn display_name(self) -> String {
        let year = self.year % 100;
        if self.name == "FY" { format!("FY{year}") } else { format!("{} FY{year}", self.name) }
    }
}

pub(crate) fn period(index: u32) -> Period {
    let year = FIRST_YEAR + i64::from(index / OF_YEAR);
    let part = PARTS.get((index % OF_YEAR) as usize).copied();
    let (name, month, months, parent) = part.unwrap_or(("FY", 1, 12, None));
    let next = month + months;
    let end = if next > 12 { time::days(year + 1, 1, 1) } else { time::days(year, next, 1) };
    Period {
        year,
        name,
        start: Day(time::days(year, month, 1)),
        end: Day(end - 1),
        parent: parent.map(|part| index / OF_YEAR * OF_YEAR + part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_within_their_parents() {
        for index in 0..COUNT {
            let part = period(index);
            assert!(part.start < part.end);
            if let Some(parent) = part.parent.map(period) {
                assert!(parent.start <= part.start && part.end <= parent.end, "{}", part.display_name());
            }
        }
        let last = period(COUNT - 1);
        assert_eq!((last.start.to_string(), last.end.to_string()), ("2027-10-01".into(), "2027-12-31".into()));
        assert_eq!((last.display_name(), period(7).display_name()), ("Q4 FY27".into(), "FY25".into()));
    }
}
