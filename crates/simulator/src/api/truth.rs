//! Ground truth: what exists and what a token can see, asked without HTTP, limits or faults.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::attachments::Parent;
use super::json::{self, Object};
use super::projection::Form;
use super::{
    Answer, Api, Call, Index, Listing, State, Unlimited, View, fields, memberships, people, projects, query, route,
};
use super::{attachments, stories, tags, tasks, teams};
use crate::world::Kind;

/// What the simulated workspace holds, for tests that compare it with an export. It is asked as things stand: after
/// changes it tells what they left.
///
/// A *resource* is one of [`Truth::RESOURCES`]. A *path* is one of the API's listings without base path, such as
/// `/projects/1216000000001009/tasks`, with filters in a query if wanted. Unknown tokens see nothing.
#[derive(Clone, Debug)]
pub struct Truth {
    api: Arc<Api>,
}

type Everything = for<'a> fn(View<'a>) -> Listing<'a>;

/// Kinds whose rows stand in one listing; stories and attachments are made for each parent.
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
    ("memberships", "project_membership", memberships::everything),
    ("sections", "section", projects::everything_of_sections),
    ("custom_fields", "custom_field", fields::everything),
    ("custom_field_settings", "custom_field_setting", fields::everything_of_settings),
    ("tags", "tag", |view| tags::everything(view, 0)),
    ("tasks", "task", tasks::everything),
];

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
    ];

    pub(crate) fn new(api: Arc<Api>) -> Self {
        Self { api }
    }

    fn view<'a>(&self, state: &'a State, token: &str) -> Option<View<'a>> {
        let viewer = state.viewer(token)?;
        Some(View { world: &state.world, viewer, plan: self.api.plan })
    }

    /// All records of a kind that a token can see, with every member, opt-in ones included; references in compact
    /// form (`{"gid", "resource_type", "name"}`).
    ///
    /// `custom_fields` holds the fields whose definition can be found: those of the library and of visible projects.
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
        let Some(view) = self.view(&state, token) else { return };
        let mut list = |kind: &'static str, listing: Listing<'_>| {
            let projection = self.api.projections.form(kind, Form::Everything);
            let mut out = Vec::new();
            for row in listing.all(usize::MAX) {
                out.clear();
                json::object(&mut out, &projection.node, true, |o: &mut Object<'_>| (listing.write)(o, row));
                if let Ok(record) = serde_json::from_slice(&out) {
                    take(record);
                }
            }
        };
        if let Some((_, kind, everything)) = FLAT.iter().find(|(name, ..)| *name == resource) {
            // A token without workspaces sees nothing of what is in them.
            if !view.viewer.workspaces.is_empty() {
                list(kind, everything(view));
            }
            return;
        }
        let visible_tasks = view.world.tasks.indexes().filter(|task| view.viewer.sees_task(*task));
        match resource {
            "stories" => visible_tasks.for_each(|task| list("story", stories::list(view, task))),
            "attachments" => {
                visible_tasks.for_each(|task| list("attachment", attachments::list(view, Parent::Task(task))));
                let visible = view.world.projects.indexes().filter(|project| view.viewer.sees_project(*project));
                visible.for_each(|project| list("attachment", attachments::list(view, Parent::Project(project))));
            }
            _ => {}
        }
    }

    /// How many records of a kind a token can see, without making them.
    pub fn count(&self, resource: &str, token: &str) -> usize {
        let state = self.api.state();
        let view = self.view(&state, token).filter(|view| !view.viewer.workspaces.is_empty());
        let Some(view) = view else { return 0 };
        if let Some((_, _, everything)) = FLAT.iter().find(|(name, ..)| *name == resource) {
            return everything(view).all(usize::MAX).len();
        }
        let tasks = view.world.tasks.indexes().filter(|task| view.viewer.sees_task(*task));
        let total: u32 = match resource {
            "stories" => tasks.map(|task| view.world.story_count(task)).sum(),
            "attachments" => {
                let projects = view.world.projects.indexes().filter(|project| view.viewer.sees_project(*project));
                tasks.map(|task| view.world.attachment_count(task)).sum::<u32>()
                    + projects.map(|project| view.world.project_attachment_count(project)).sum::<u32>()
            }
            _ => 0,
        };
        total as usize
    }

    /// Runs `use_listing` on the listing of a path, if there is such a listing for this token.
    fn with_listing<T>(&self, path: &str, token: &str, use_listing: impl FnOnce(&Listing<'_>) -> T) -> Option<T> {
        let state = self.api.state();
        let view = self.view(&state, token)?;
        let (path, sent) = path.split_once('?').unwrap_or((path, ""));
        let parameters = query::parameters(sent);
        let (endpoint, id) = route(path)?;
        let call = Call { view, id, parameters: &parameters, index: Index::settled(self.api.unindexed) };
        match (endpoint.answer)(&call).ok()? {
            Answer::List(listing) => Some(use_listing(&listing)),
            Answer::One(_) => None,
        }
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
            let (mut pages, mut position) = (0, Some(0));
            while let Some(at) = position {
                pages += 1;
                position = listing.page(at, limit.max(1)).1;
            }
            pages
        })
    }

    /// The tasks a token can come across by project, person (anyone with a membership row, active or not), tag or
    /// parent, but not those that only search finds.
    pub fn reachable_task_gids(&self, token: &str) -> BTreeSet<String> {
        let state = self.api.state();
        let view = self.view(&state, token).filter(|view| !view.viewer.workspaces.is_empty());
        let Some(view) = view else { return BTreeSet::new() };
        tasks::reachable(view).into_iter().map(|task| view.gid(Kind::Task, task).0.to_string()).collect()
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
