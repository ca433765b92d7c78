//! Out-of-office entries of people.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::world::time::Day;
use crate::world::{Dice, Kind, time};

/// Entry gids are `person * ABSENCES + ordinal`.
const ABSENCES: u32 = 4;

fn dice(view: View<'_>, index: u32) -> Dice {
    view.world.dice(Kind::OooEntry, index / ABSENCES).part(index % ABSENCES)
}

/// First and last day.
fn days(view: View<'_>, index: u32) -> (i64, i64) {
    if let Some(days) = view.world.planted.absences.get(&(index / ABSENCES)) {
        return *days;
    }
    let dice = dice(view, index);
    let first = time::NOW / time::DAY - 200 + i64::from(dice.below("first", 300));
    (first, first + i64::from(dice.below("length", 21)))
}

/// The entries of a person; whoever left has none.
fn of_person(view: View<'_>, person: u32) -> impl Iterator<Item = u32> {
    let dice = view.world.dice(Kind::OooEntry, person);
    let is_away = view.world.people[person].is_listed() && dice.chance("away", 35);
    let planted = &view.world.planted;
    let count = if planted.has_person(person) {
        u32::from(planted.absences.contains_key(&person))
    } else if is_away {
        1 + dice.below("absences", ABSENCES)
    } else {
        0
    };
    (0..count).map(move |ordinal| person * ABSENCES + ordinal)
}

fn write_entry(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let person = index / ABSENCES;
    let (first, last) = days(view, index);
    view.head(o, Kind::OooEntry, index);
    o.put("start_date", Day(first));
    o.put("end_date", Day(last));
    o.object("user", |o| write_user(o, view, person));
    // Now and then an administrator enters it.
    let creator = if dice(view, index).chance("by another", 10) { 0 } else { person };
    o.object("created_by", |o| write_user(o, view, creator));
}

fn list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_entry(o, view, index))
        .shown_if(move |index| view.viewer.sees_person(index / ABSENCES))
}

/// By `user` and `workspace`, both needed; `start_date` and `end_date` keep what overlaps with that time.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let person = call.person("user", call.required("user")?)?;
    let workspace = access::workspace(call)?;
    let wanted = access::days(call, "start_date", "end_date")?;
    let overlaps = |index: &u32| {
        let (first, last) = days(view, *index);
        last >= *wanted.start() && first <= *wanted.end()
    };
    let rows = of_person(view, person).filter(|index| workspace == 0 && overlaps(index));
    list(view, rows.collect()).answer()
}

pub(super) fn entry<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let is_known = |index: u32| {
        let person = index / ABSENCES;
        view.viewer.sees_person(person) && of_person(view, person).any(|known| known == index)
    };
    let index = access::find(call, Kind::OooEntry, call.id, is_known)?;
    Ok(Answer::one(move |o| write_entry(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, view.world.people.indexes().flat_map(|person| of_person(view, person)).collect())
}
