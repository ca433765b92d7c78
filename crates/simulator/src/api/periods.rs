//! Time periods of goals.

use super::errors::ApiError;
use super::goals::FEATURE;
use super::json::Object;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::time::Time;
use crate::world::{Kind, periods};

pub(crate) fn write_period(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let period = periods::period(index);
    view.head(o, Kind::TimePeriod, index);
    o.put("start_on", period.start);
    o.put("end_on", period.end);
    o.put("period", period.name);
    o.with("display_name", || period.display_name());
    o.maybe("parent", period.parent, |o, parent| write_period(o, view, parent));
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_period(o, view, index))
}

/// Every workspace has the same periods. `start_on` and `end_on`, which Asana does not explain, leave out periods that
/// begin before the one or end after the other.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.find(Kind::Workspace, call.required("workspace")?)?;
    view.paid(FEATURE)?;
    let from = call.time("start_on")?.map(|at| Time(at).day());
    let until = call.time("end_on")?.map(|at| Time(at).day());
    let wanted = |index: &u32| {
        let period = periods::period(*index);
        from.is_none_or(|from| period.start >= from) && until.is_none_or(|until| period.end <= until)
    };
    let count = if workspace == 0 { periods::COUNT } else { 0 };
    list(view, Rows::Chosen((0..count).filter(wanted).collect())).answer()
}

pub(super) fn period<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    view.paid(FEATURE)?;
    let index = call.find(Kind::TimePeriod, call.id)?;
    Ok(Answer::one(move |o| write_period(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(if view.paid(FEATURE).is_ok() { periods::COUNT } else { 0 }))
}
