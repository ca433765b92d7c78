//! Ground truth: what exists and what a token can see, asked without HTTP, limits or faults.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::errors::ApiError;
use super::json::{self, Object};
use super::projection::{Form, Node};
use super::webhooks;
use super::{Answer, Api, Call, Endpoint, Index, Listing, Unlimited, View};
use super::{absences, access_requests, agents, allocations, attachments, audit, briefs, budgets, field_memberships};
use super::{
    fields, goal_relationships, goal_stories, goals, memberships, paging, people, periods, portfolios, projects,
};
use super::{query, roles, route, statuses, stories, tags, tasks, teams, templates, time_entries, timesheets, types};
use crate::log::Asked;
use crate::world::{Kind, Planting};

/// What the simulated workspace holds, for tests that compare it with an export. It is asked as things stand: after
/// changes it tells what they left.
///
/// A *resource* is one of [`Truth::RESOURCES`]. A *path* is one of the API's paths without base path, such as
/// `/projects/1216000000001009/tasks`, with filters in a query if wanted. Unknown tokens see nothing.
#[derive(Clone, Debug)]
pub struct Truth {
    api: Arc<Api>,
}

/// What the server would say instead of an answer: the status and the first error's `message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub message: String,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self { status: error.status, message: error.message }
    }
}

type Everything = for<'a> fn(View<'a>) -> Listing<'a>;
type Listings<'a> = Box<dyn Iterator<Item = Listing<'a>> + 'a>;
type EachOfMany = for<'a> fn(View<'a>) -> Listings<'a>;

/// Kinds whose rows stand in one listing: name, record, listing.
const FLAT: &[(&str, &str, Everything)] = &[
    ("workspaces", "workspace", |view| {
        Listing::new(super::Rows::Known(&view.viewer.workspaces), move |o, index| {
            people::write_workspace(o, view, index);
        })
    }),
    ("users", "user", |view| {
        Listing::new(super::Rows::Known(&view.world.users), move |o, index| people::write_user(o, view, index))
            .shown_if(move |index| view.viewer.sees_person(index))
    }),
    ("workspace_memberships", "workspace_membership", people::everything_of_memberships),
    ("user_task_lists", "user_task_list", people::everything_of_task_lists),
    ("teams", "team", teams::everything),
    ("team_memberships", "team_membership", teams::everything_of_memberships),
    ("projects", "project", projects::everything),
    ("sections", "section", projects::everything_of_sections),
    ("custom_fields", "custom_field", fields::everything),
    ("custom_field_settings", "custom_field_setting", fields::everything_of_settings),
    ("tags", "tag", |view| tags::everything(view, 0)),
    ("tasks", "task", tasks::everything),
    ("portfolios", "portfolio", portfolios::everything),
    ("project_portfolio_settings", "project_portfolio_setting", portfolios::everything_of_settings),
    ("goals", "goal", goals::everything),
    ("goal_relationships", "goal_relationship", goal_relationships::everything),
    ("time_periods", "time_period", periods::everything),
    ("project_briefs", "project_brief", briefs::everything),
    ("project_templates", "project_template", templates::everything_of_projects),
    ("task_templates", "task_template", templates::everything_of_tasks),
    ("custom_types", "custom_type", types::everything),
    ("roles", "role", roles::everything),
    ("agents", "agent", agents::everything),
    ("ooo_entries", "ooo_entry", absences::everything),
    ("webhooks", "webhook", webhooks::everything),
    ("audit_log_events", "audit_log_event", audit::everything),
    ("time_tracking_entries", "time_tracking_entry", time_entries::everything),
    ("time_tracking_categories", "time_tracking_category", time_entries::everything_of_categories),
    ("timesheet_approval_statuses", "timesheet_approval_status", timesheets::everything),
    ("allocations", "allocation", allocations::everything),
    ("budgets", "budget", budgets::everything),
    ("rates", "rate", budgets::everything_of_rates),
];

/// Kinds whose rows are listed for each parent, or for each kind of parent. Each listing says what its records are.
const PARTED: &[(&str, EachOfMany)] = &[
    ("memberships", |view| Box::new(memberships::everything(view).chain(field_memberships::everything(view)))),
    ("stories", |view| Box::new(stories::everything(view).chain(goal_stories::everything(view)))),
    ("access_requests", |view| Box::new(access_requests::everything(view))),
    ("attachments", |view| Box::new(attachments::everything(view))),
    ("status_updates", |view| Box::new(statuses::everything(view))),
];

/// The listings that together hold what a viewer can see of a kind.
fn listings<'a>(view: View<'a>, resource: &str) -> Listings<'a> {
    // A token without workspaces sees nothing of what is in them.
    if view.viewer.workspaces.is_empty() {
        return Box::new(std::iter::empty());
    }
    if let Some((_, kind, everything)) = FLAT.iter().find(|(name, ..)| *name == resource) {
        return Box::new(std::iter::once(everything(view).of(kind)));
    }
    let parted = PARTED.iter().find(|(name, _)| *name == resource);
    parted.map_or_else(|| -> Listings<'a> { Box::new(std::iter::empty()) }, |(_, listings)| listings(view))
}

impl Truth {
    /// The kinds [`Truth::records`] knows.
    pub const RESOURCES: &[&str] = &[
        "workspaces",
        "users",
        "workspace_memberships",
        "user_task_lists",
        "teams",
        "team_memberships",
        "projects",
        "memberships",
        "sections",
        "custom_fields",
        "custom_field_settings",
        "tags",
        "tasks",
        "stories",
        "attachments",
        "portfolios",
        "project_portfolio_settings",
        "goals",
        "goal_relationships",
        "time_periods",
        "status_updates",
        "project_briefs",
        "project_templates",
        "task_templates",
        "custom_types",
        "roles",
        "agents",
        "ooo_entries",
        "access_requests",
        "webhooks",
        "audit_log_events",
        "time_tracking_entries",
        "time_tracking_categories",
        "timesheet_approval_statuses",
        "allocations",
        "budgets",
        "rates",
    ];

    pub(crate) fn new(api: Arc<Api>) -> Self {
        Self { api }
    }

    /// What an audit of everything has to find, in the order of rules; nothing unless [`crate::Config::planted`].
    pub fn planted(&self) -> Vec<Planting> {
        self.api.state().world.planted.plantings.clone()
    }

    /// All records of a kind that a token can see, with every member, opt-in ones included; references in compact
    /// form (`{"gid", "resource_type", "name"}`).
    ///
    /// `custom_fields` holds the fields whose definition can be found: those of the library and of visible projects.
    /// `custom_field_settings` are those of projects; portfolios and goals embed theirs.
    /// Numbers whose digits matter also stand beside their parsed value as text, under their name with `_text`:
    /// `{"number_value": 1.5, "number_value_text": "1.50"}`.
    pub fn records(&self, resource: &str, token: &str) -> Vec<Value> {
        let mut records = Vec::new();
        self.for_each(resource, token, |record| records.push(record));
        records
    }

    /// [`Truth::records`] one at a time, for kinds too many to hold. No change is made meanwhile.
    pub fn for_each(&self, resource: &str, token: &str, mut take: impl FnMut(Value)) {
        let state = self.api.state();
        let Some(view) = self.api.view(&state, token) else { return };
        for listing in listings(view, resource) {
            let Some(kind) = listing.kind else { continue };
            let projection = self.api.projections.form(kind, Form::Everything);
            for row in listing.all(usize::MAX) {
                take(whole(&projection.node, |o| (listing.write)(o, row)));
            }
        }
    }

    /// How many records of a kind a token can see, without making them.
    pub fn count(&self, resource: &str, token: &str) -> usize {
        let state = self.api.state();
        let view = self.api.view(&state, token);
        view.map_or(0, |view| listings(view, resource).map(|listing| listing.count()).sum())
    }

    /// Lets `use_answer` look at what the server would answer to a path with this token.
    fn ask<T>(
        &self,
        path: &str,
        token: &str,
        use_answer: impl FnOnce(&Call<'_>, &Endpoint, &Answer<'_>) -> Result<T, ApiError>,
    ) -> Result<T, Refusal> {
        let state = self.api.state();
        let view = self.api.view(&state, token).ok_or_else(ApiError::not_authorized)?;
        let (path, sent) = path.split_once('?').unwrap_or((path, ""));
        let parameters = query::parameters(sent);
        let (endpoint, id) = route(path).ok_or_else(ApiError::no_route)?;
        let call = Call { view, id, parameters: &parameters, index: Index::settled(self.api.unindexed) };
        let answer = (endpoint.answer)(&call)?;
        Ok(use_answer(&call, endpoint, &answer)?)
    }

    /// What a listing holds for a token, all pages of it, each row as in [`Truth::records`], whatever `opt_fields` says.
    ///
    /// # Errors
    ///
    /// The refusal the server would send; also its 404 for a path that answers one record.
    pub fn list(&self, path: &str, token: &str) -> Result<Vec<Value>, Refusal> {
        self.ask(path, token, |call, endpoint, answer| {
            let Answer::List(listing) = answer else { return Err(ApiError::no_route()) };
            let limit = paging::limit(call.parameter("limit"))?;
            // Search has no pages: what its limit cuts off cannot be had.
            let most = if listing.unlimited == Unlimited::NoPages { limit.unwrap_or(20) } else { usize::MAX };
            let projection = self.api.projections.form(answer.kind(endpoint), Form::Everything);
            let rows = listing.all(most).into_iter();
            Ok(rows.map(|row| whole(&projection.node, |o| (listing.write)(o, row))).collect())
        })
    }

    /// What a path of one record answers to a token, as in [`Truth::records`], whatever `opt_fields` says.
    ///
    /// # Errors
    ///
    /// The refusal the server would send; also its 404 for a path that answers a listing.
    pub fn object(&self, path: &str, token: &str) -> Result<Value, Refusal> {
        self.ask(path, token, |_, endpoint, answer| {
            let Answer::One(write) = answer else { return Err(ApiError::no_route()) };
            let projection = self.api.projections.form(endpoint.kind, Form::Everything);
            Ok(whole(&projection.node, |o| write(o)))
        })
    }

    /// Runs `use_listing` on the listing of a path, if there is such a listing for this token.
    fn with_listing<T>(&self, path: &str, token: &str, use_listing: impl FnOnce(&Listing<'_>) -> T) -> Option<T> {
        self.ask(path, token, |_, _, answer| match answer {
            Answer::List(listing) => Ok(use_listing(listing)),
            Answer::One(_) => Err(ApiError::no_route()),
        })
        .ok()
    }

    /// The gids of a listing in order; `None` where the server would refuse it.
    pub fn listing(&self, path: &str, token: &str) -> Option<Vec<String>> {
        self.with_listing(path, token, |listing| {
            let name_only = self.api.projections.opt_fields("named", "gid").ok();
            let mut gids = Vec::new();
            for row in listing.all(usize::MAX) {
                let mut out = Vec::new();
                if let Some(projection) = &name_only {
                    json::object(&mut out, &projection.node, false, |o| (listing.write)(o, row));
                }
                let record: Value = serde_json::from_slice(&out).unwrap_or_default();
                gids.extend(record.get("gid").and_then(Value::as_str).map(str::to_owned));
            }
            gids
        })
    }

    /// How many requests walk a listing to its end with this `limit`; `None` where the server would refuse it. Pages
    /// from which access control removed rows count as what they are: requests.
    pub fn pages(&self, path: &str, token: &str, limit: usize) -> Option<usize> {
        self.with_listing(path, token, |listing| {
            if listing.unlimited == Unlimited::NoPages {
                return 1;
            }
            listing.requests(limit.max(1))
        })
    }

    /// The tasks a token can come across by project, person (anyone with a membership row, active or not), tag or
    /// parent, but not those that only search finds.
    pub fn reachable_task_gids(&self, token: &str) -> BTreeSet<String> {
        let state = self.api.state();
        let view = self.api.view(&state, token).filter(|view| !view.viewer.workspaces.is_empty());
        let Some(view) = view else { return BTreeSet::new() };
        tasks::reachable(view).into_iter().map(|task| view.gid(Kind::Task, task).0.to_string()).collect()
    }

    /// The content of the file that an attachment stands for; `None` when Asana does not hold it.
    pub fn content(&self, gid: &str) -> Option<Vec<u8>> {
        self.api.content(gid)
    }

    pub(crate) fn take_log(&self) -> Vec<Asked> {
        self.api.log.take()
    }

    /// The gid of the generated workspace.
    pub fn workspace_gid(&self) -> String {
        self.api.state().world.gids.gid(Kind::Workspace, 0).to_string()
    }

    /// The gid of the empty second workspace, if there is one.
    pub fn second_workspace_gid(&self) -> Option<String> {
        let world = &self.api.state().world;
        world.workspaces.row(1).map(|_| world.gids.gid(Kind::Workspace, 1).to_string())
    }
}

/// A record as a value, numbers also as digits.
fn whole(node: &Node, write: impl FnOnce(&mut Object<'_>)) -> Value {
    let mut out = Vec::new();
    json::object(&mut out, node, true, write);
    // The writer makes nothing but JSON.
    serde_json::from_slice(&json::without_halves(&out)).unwrap_or_default()
}
