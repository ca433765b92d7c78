//! Long listings that are read by parts besides: what the parts are, and which of them are read.
//!
//! A listing's pages follow one another strictly, so a long one may still be read when nothing else is left to ask. Where
//! the catalogue names its parts, these are read side by side while it goes on. Whichever is through first ends the other:
//! when every part is read, the page of the whole that comes next is its last; when the whole is read, the parts need no
//! more. So nothing is lost if a part cannot be read, and nothing but the pages says in the archive how far it all is.
//!
//! No requests, no files, no clock.

use std::collections::{HashMap, HashSet};

use asana_model::GidSet;

use crate::frontier::Unit;

/// Pages of a listing before it counts as long: half a minute and more may be left of it, or nothing.
const LONG: u64 = 10;
/// Parts are not worth a request each unless so many pages of the whole stand against them.
const PARTS_A_PAGE: u64 = 4;

/// The divided listings of a run.
#[derive(Debug, Default)]
pub(crate) struct Divisions {
    by_whole: HashMap<Unit, Division>,
    /// For each part, what it is a part of.
    wholes: HashMap<Unit, Unit>,
}

#[derive(Debug, Default)]
struct Division {
    /// The parts known so far, in the order in which they came.
    parts: Vec<Unit>,
    state: State,
    /// The parts that are read to their ends.
    read: HashSet<Unit>,
    /// What the parts showed.
    shown: GidSet,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is not known what the parts are.
    #[default]
    Unknown,
    Asked,
    Known,
    /// They are being read.
    Reading,
    /// It is over: the whole is read, or has to be, because a part cannot.
    Over,
}

/// Whether the parts of a listing stand for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// They are not all read, if it is divided at all.
    Open,
    /// They show all that it showed.
    Whole,
    /// They are all read, and it showed something that they do not.
    Torn,
}

/// What is to be done about a long listing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Nothing,
    /// Ask for its parts.
    List,
    /// Ask these.
    Read(Vec<Unit>),
}

impl Divisions {
    /// What to do about a listing of which so many pages were read, when nothing else is left to ask.
    pub(crate) fn step(&mut self, whole: &Unit, pages: u64) -> Step {
        if pages < LONG {
            return Step::Nothing;
        }
        let division = self.by_whole.entry(whole.clone()).or_default();
        match division.state {
            State::Unknown => {
                division.state = State::Asked;
                Step::List
            }
            State::Known => {
                let count = division.parts.len() as u64;
                if count < 2 || count > pages * PARTS_A_PAGE {
                    return Step::Nothing;
                }
                division.state = State::Reading;
                Step::Read(division.parts.iter().filter(|part| !division.read.contains(part)).cloned().collect())
            }
            State::Asked | State::Reading | State::Over => Step::Nothing,
        }
    }

    /// Takes in parts of a listing, as far as they are news; `complete` when these are the last.
    pub(crate) fn parts(&mut self, whole: &Unit, parts: impl Iterator<Item = Unit>, complete: bool) {
        let division = self.by_whole.entry(whole.clone()).or_default();
        for part in parts {
            if self.wholes.insert(part.clone(), whole.clone()).is_none() {
                division.parts.push(part);
            }
        }
        if complete && matches!(division.state, State::Unknown | State::Asked) {
            division.state = State::Known;
        }
    }

    /// A unit was read to its end: a part, or a whole whose parts need no more. Gives the whole when it is over by that.
    pub(crate) fn read(&mut self, unit: &Unit) -> Option<Unit> {
        if let Some(division) = self.wholes.get(unit).and_then(|whole| self.by_whole.get_mut(whole)) {
            division.read.insert(unit.clone());
            return None;
        }
        self.end(unit.clone())
    }

    /// A unit cannot be read: if it is a part, the whole has to be read to its end. Gives the whole if that is news.
    pub(crate) fn failed(&mut self, unit: &Unit) -> Option<Unit> {
        self.end(self.wholes.get(unit).unwrap_or(unit).clone())
    }

    /// Ends a division; gives it back if there was one.
    pub(crate) fn end(&mut self, whole: Unit) -> Option<Unit> {
        let division = self.by_whole.get_mut(&whole)?;
        (std::mem::replace(&mut division.state, State::Over) != State::Over).then_some(whole)
    }

    /// Takes note of what a page shows, if it is one of a part.
    pub(crate) fn shown<'g>(&mut self, unit: &Unit, gids: impl Iterator<Item = &'g str>) {
        if let Some(division) = self.wholes.get(unit).and_then(|whole| self.by_whole.get_mut(whole)) {
            for gid in gids {
                division.shown.insert(gid);
            }
        }
    }

    /// Whether every part is read of a listing that has shown these objects so far.
    pub(crate) fn cover(&self, whole: &Unit, seen: &GidSet) -> Cover {
        let division = self.by_whole.get(whole).filter(|division| division.state == State::Reading);
        match division {
            Some(division) if division.parts.iter().all(|part| division.read.contains(part)) => {
                let is_shown = seen.iter().all(|gid| division.shown.contains(&gid));
                if is_shown { Cover::Whole } else { Cover::Torn }
            }
            Some(_) | None => Cover::Open,
        }
    }

    /// Whether a unit is a part that nobody needs any more.
    pub(crate) fn is_moot(&self, unit: &Unit) -> bool {
        let division = self.wholes.get(unit).and_then(|whole| self.by_whole.get(whole));
        division.is_some_and(|division| division.state == State::Over)
    }
}

#[cfg(test)]
mod tests {
    use asana_model::Gid;

    use super::*;

    fn whole() -> Unit {
        Unit::new(0, Some(Gid::new("1")))
    }

    fn part(gid: u64) -> Unit {
        Unit::new(2, Some(Gid::new(&gid.to_string())))
    }

    fn covers(divisions: &Divisions) -> Cover {
        divisions.cover(&whole(), &GidSet::default())
    }

    /// Divisions in which so many parts of a listing are known.
    fn divided(parts: u64) -> Divisions {
        let mut divisions = Divisions::default();
        assert_eq!(divisions.step(&whole(), LONG), Step::List);
        assert_eq!(divisions.step(&whole(), LONG + 1), Step::Nothing, "it was asked for");
        divisions.parts(&whole(), (0..parts).map(part), true);
        divisions
    }

    #[test]
    fn a_listing_is_covered_when_all_its_parts_are_read() {
        let mut divisions = divided(3);
        let Step::Read(parts) = divisions.step(&whole(), LONG + 1) else { panic!("not divided") };
        assert_eq!(parts, [part(0), part(1), part(2)]);
        for part in parts {
            assert_eq!(covers(&divisions), Cover::Open);
            assert_eq!(divisions.read(&part), None);
        }
        assert_eq!(covers(&divisions), Cover::Whole);
        assert_eq!(divisions.step(&whole(), LONG + 2), Step::Nothing);
    }

    #[test]
    fn what_is_short_or_has_one_part_or_very_many_is_not_divided() {
        let mut divisions = Divisions::default();
        assert_eq!(divisions.step(&whole(), LONG - 1), Step::Nothing);
        for parts in [0, 1, LONG * PARTS_A_PAGE + 1] {
            assert_eq!(divided(parts).step(&whole(), LONG), Step::Nothing, "{parts}");
        }
        assert!(matches!(divided(LONG * PARTS_A_PAGE + 1).step(&whole(), LONG + 1), Step::Read(_)), "it is longer now");
        assert_eq!(covers(&divided(0)), Cover::Open, "there is nothing that could stand for it");
    }

    #[test]
    fn a_part_that_cannot_be_read_leaves_the_whole() {
        let mut divisions = divided(2);
        assert!(matches!(divisions.step(&whole(), LONG), Step::Read(_)));
        divisions.read(&part(0));
        assert_eq!(divisions.failed(&part(1)), Some(whole()));
        assert_eq!(divisions.failed(&part(1)), None);
        assert_eq!(covers(&divisions), Cover::Open);
        assert!(divisions.is_moot(&part(0)) && !divisions.is_moot(&part(7)));
    }

    #[test]
    fn what_the_whole_showed_and_no_part_does_leaves_the_whole() {
        let mut divisions = divided(2);
        assert!(matches!(divisions.step(&whole(), LONG), Step::Read(_)));
        let mut seen = GidSet::default();
        for (at, gid) in [(0, "70"), (1, "71")] {
            divisions.shown(&part(at), [gid].into_iter());
            divisions.read(&part(at));
            seen.insert(gid);
        }
        divisions.shown(&part(7), ["72"].into_iter());
        assert_eq!(divisions.cover(&whole(), &seen), Cover::Whole);
        seen.insert("72");
        assert_eq!(divisions.cover(&whole(), &seen), Cover::Torn);
    }

    #[test]
    fn a_whole_that_is_read_needs_no_parts() {
        let mut divisions = divided(2);
        assert!(matches!(divisions.step(&whole(), LONG), Step::Read(_)) && !divisions.is_moot(&part(0)));
        assert_eq!(divisions.read(&whole()), Some(whole()));
        assert!(divisions.is_moot(&part(0)) && divisions.is_moot(&part(1)));
        assert_eq!(divisions.read(&part(7)), None, "of no division");
    }

    #[test]
    fn parts_that_an_earlier_run_read_are_not_asked_again() {
        let mut divisions = Divisions::default();
        divisions.parts(&whole(), [part(1), part(2)].into_iter(), false);
        divisions.parts(&whole(), [part(1), part(2), part(3)].into_iter(), true);
        divisions.read(&part(2));
        assert_eq!(divisions.step(&whole(), LONG), Step::Read(vec![part(1), part(3)]));
        divisions.read(&part(1));
        divisions.read(&part(3));
        assert_eq!(covers(&divisions), Cover::Whole);
    }
}
