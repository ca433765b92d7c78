//! Requests for access to projects and portfolios that nobody has answered yet.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::portfolios::write_portfolio;
use super::projects::write_project;
use super::{Answer, Call, Listing, Rows, Unlimited, View, access};
use crate::config::Plan;
use crate::world::{GidError, Kind, REQUESTS, Request, World, names};

/// What access can be asked to.
struct Target {
    kind: Kind,
    request: Kind,
    /// The requests for one.
    requests: fn(&World, u32) -> Vec<Request>,
    count: fn(&World) -> u32,
    write: fn(&mut Object<'_>, View<'_>, u32),
}

static TARGETS: &[Target] = &[
    Target {
        kind: Kind::Project,
        request: Kind::AccessRequest,
        requests: World::project_requests,
        count: |world| world.projects.len(),
        write: write_project,
    },
    Target {
        kind: Kind::Portfolio,
        request: Kind::PortfolioAccessRequest,
        requests: World::portfolio_requests,
        count: |world| world.portfolios.rows.len(),
        write: write_portfolio,
    },
];

impl Target {
    fn write_request(&self, o: &mut Object<'_>, view: View<'_>, index: u32) {
        let target = index / REQUESTS;
        let mut requests = (self.requests)(view.world, target).into_iter();
        let Some(request) = requests.find(|request| request.ordinal == index % REQUESTS) else { return };
        view.head(o, self.request, index);
        o.with("message", || names::prose(view.world.dice(self.request, index), 30));
        o.put("approval_status", request.status);
        o.object("requester", |o| write_user(o, view, request.person));
        o.object("target", |o| (self.write)(o, view, target));
    }

    /// The pending requests, of one person if named.
    fn pending(&self, view: View<'_>, target: u32, of: Option<u32>) -> impl Iterator<Item = u32> {
        let requests = (self.requests)(view.world, target).into_iter();
        let wanted =
            requests.filter(move |request| request.status == "pending" && of.is_none_or(|of| of == request.person));
        wanted.map(move |request| target * REQUESTS + request.ordinal)
    }

    fn list<'a>(&'static self, view: View<'a>, rows: Vec<u32>) -> Listing<'a> {
        Listing::new(Rows::Chosen(rows), move |o, index| self.write_request(o, view, index))
            .shown_if(move |index| view.viewer.sees(self.kind, index / REQUESTS))
    }
}

/// By `target`, which is needed, and `user`. Without pages.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let text = call.required("target")?;
    access::paid(view, "Access requests")?;
    let (kind, _) = view.world.gids.parse(text).map_err(|error| match error {
        GidError::Malformed => ApiError::malformed_gid("target", text),
        GidError::Unknown => ApiError::unknown_object("target", text),
    })?;
    let target = TARGETS.iter().find(|target| target.kind == kind);
    let target = target.ok_or_else(|| ApiError::unknown_object("target", text))?;
    let index = call.find(kind, text)?;
    let person = call.parameter("user").map(|user| call.person("user", user)).transpose()?;
    target.list(view, target.pending(view, index, person).collect()).unlimited(Unlimited::NoPages).answer()
}

pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let targets = TARGETS.iter().filter(move |_| view.plan != Plan::Free);
    targets.map(move |target| {
        let all = 0..(target.count)(view.world);
        target.list(view, all.flat_map(|index| target.pending(view, index, None)).collect()).of("access_request")
    })
}
