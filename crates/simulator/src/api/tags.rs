//! Tags.

use super::errors::ApiError;
use super::json::Object;
use super::people::{write_user, write_workspace};
use super::{Answer, Call, Listing, Rows, View};
use crate::world::time::Time;
use crate::world::{Kind, names};

pub(crate) const COLORS: &[&str] = &[
    "dark-pink",
    "dark-green",
    "dark-blue",
    "dark-red",
    "dark-teal",
    "dark-brown",
    "dark-orange",
    "dark-purple",
    "dark-warm-gray",
    "light-pink",
    "light-green",
    "light-blue",
    "light-red",
    "light-teal",
    "light-brown",
    "light-orange",
    "light-purple",
    "light-warm-gray",
];

pub(crate) fn write_tag(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let tag = &view.world.tags[index];
    let dice = view.world.dice(Kind::Tag, index);
    view.head(o, Kind::Tag, index);
    if !view.viewer.sees_tag(index) {
        return;
    }
    o.put("name", tag.name.as_str());
    o.with("color", || (!dice.chance("no color", 20)).then(|| dice.pick("color", COLORS)));
    o.with("notes", || names::prose(dice, 60));
    o.put("created_at", Time(tag.created_at));
    o.array("followers", || view.world.some_people(dice, "followers", 4), |o, person| write_user(o, view, person));
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.with("permalink_url", || view.link(Kind::Tag, index));
}

/// The tags a viewer may see; the second workspace has none.
pub(super) fn everything(view: View<'_>, workspace: u32) -> Listing<'_> {
    let count = if workspace == 0 { view.world.tags.len() } else { 0 };
    Listing::new(Rows::Count(count), move |o, index| write_tag(o, view, index))
        .shown_if(move |index| view.viewer.sees_tag(index))
}

pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    everything(call.view, call.workspace()?).answer()
}

pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    everything(call.view, call.workspace_parameter()?).answer()
}

pub(super) fn tag<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.find(Kind::Tag, call.id)?);
    Ok(Answer::one(move |o| write_tag(o, view, index)))
}
