//! Project briefs: one of some projects, known only by their gid in `project_brief`.

use super::errors::ApiError;
use super::json::Object;
use super::projects::write_project;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::world::{Kind, names};

/// The brief of a project; a reference to it tells only that it exists.
pub(super) fn write_brief(o: &mut Object<'_>, view: View<'_>, project: u32) {
    let dice = view.world.dice(Kind::ProjectBrief, project);
    view.head(o, Kind::ProjectBrief, project);
    o.with("title", || names::word(dice, "title"));
    o.with("html_text", || names::rich(&names::prose(dice, 10)));
    o.with("text", || names::prose(dice, 10));
    o.with("permalink_url", || view.link(Kind::ProjectBrief, project));
    o.object("project", |o| write_project(o, view, project));
}

/// Whether a project has a brief that may be seen.
fn is_known(view: View<'_>, project: u32) -> bool {
    view.world.projects.row(project).is_some() && view.viewer.sees_project(project) && view.world.has_brief(project)
}

/// The project of a brief.
pub(super) fn find(call: &Call<'_>, text: &str) -> Result<u32, ApiError> {
    access::find(call, Kind::ProjectBrief, text, |project| is_known(call.view, project))
}

pub(super) fn brief<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, project) = (call.view, find(call, call.id)?);
    Ok(Answer::one(move |o| write_brief(o, view, project)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.projects.len()), move |o, index| write_brief(o, view, index))
        .shown_if(move |index| is_known(view, index))
}
