//! Requests for access to projects that nobody has answered yet.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::projects::write_project;
use super::{Answer, Call, Listing, Rows, Unlimited, View, access};
use crate::config::Plan;
use crate::world::{Kind, REQUESTS, names};

fn write_request(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let project = index / REQUESTS;
    let Some((person, status)) = view.world.access_requests(project).get((index % REQUESTS) as usize).copied() else {
        return;
    };
    view.head(o, Kind::AccessRequest, index);
    o.with("message", || names::prose(view.world.dice(Kind::AccessRequest, index), 30));
    o.put("approval_status", status);
    o.object("requester", |o| write_user(o, view, person));
    o.object("target", |o| write_project(o, view, project));
}

/// The pending requests for a project, of one person if named.
fn pending(view: View<'_>, project: u32, of: Option<u32>) -> impl Iterator<Item = u32> {
    let requests = (0u32..).zip(view.world.access_requests(project));
    let wanted =
        requests.filter(move |(_, (person, status))| *status == "pending" && of.is_none_or(|of| of == *person));
    wanted.map(move |(ordinal, _)| project * REQUESTS + ordinal)
}

fn list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_request(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index / REQUESTS))
}

/// By `target`, which is needed, and `user`. Without pages.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let target = call.required("target")?;
    access::paid(view, "Access requests")?;
    let project = call.find(Kind::Project, target)?;
    let person = call.parameter("user").map(|user| call.person("user", user)).transpose()?;
    list(view, pending(view, project, person).collect()).unlimited(Unlimited::NoPages).answer()
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    let rows = view.world.projects.indexes().flat_map(|project| pending(view, project, None));
    list(view, if view.plan == Plan::Free { Vec::new() } else { rows.collect() })
}
