//! Agents: the AI teammates of a workspace, for everyone but guests.

use super::errors::ApiError;
use super::json::Object;
use super::people::{write_photo, write_workspace};
use super::{Answer, Call, Listing, Rows, View, access};
use crate::world::{Kind, names};

const AGENTS: &[&str] = &["Blog writer", "Bug triage, \"first line\"", "Übersetzer", "=Budget watch"];

fn count(view: View<'_>) -> u32 {
    if access::is_guest(view) { 0 } else { u32::try_from(AGENTS.len()).unwrap_or(0) }
}

fn write_agent(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let dice = view.world.dice(Kind::Agent, index);
    view.head(o, Kind::Agent, index);
    o.put("resource_subtype", "asana_teammate");
    o.put("name", AGENTS.get(index as usize).copied().unwrap_or_default());
    o.with("description", || (!dice.chance("no description", 30)).then(|| names::prose(dice, 0)));
    o.with("behavior_guidance", || (!dice.chance("no guidance", 40)).then(|| names::prose(dice.part(1), 0)));
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.maybe("photo", (index != 1).then(|| format!("agent{index}")), |o, name| write_photo(o, &name));
}

pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    match call.workspace()? {
        0 => everything(call.view),
        _ => Listing::new(Rows::Count(0), |_, _| {}),
    }
    .answer()
}

pub(super) fn agent<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let index = access::find(call, Kind::Agent, call.id, |index| index < count(view))?;
    Ok(Answer::one(move |o| write_agent(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(count(view)), move |o, index| write_agent(o, view, index))
}
