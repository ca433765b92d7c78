//! One request on its way to an endpoint, and the world as its token sees it.

use super::Index;
use super::errors::ApiError;
use super::files::FileHost;
use super::json::{Gid, Object};
use crate::config::{Plan, TimeEntryLists};
use crate::world::{GidError, Kind, Role, Viewer, World, periods};

/// The world as one token sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) viewer: &'a Viewer,
    pub(crate) plan: Plan,
    pub(crate) time_entry_lists: TimeEntryLists,
    pub(crate) allocations_by_workspace: bool,
    pub(crate) demands_portfolio_owner: bool,
    pub(crate) files: &'a FileHost,
}

impl View<'_> {
    pub(crate) fn gid(&self, kind: Kind, index: u32) -> Gid {
        self.wide_gid(kind, u64::from(index))
    }

    pub(crate) fn wide_gid(&self, kind: Kind, index: u64) -> Gid {
        Gid(self.world.gids.gid(kind, index))
    }

    /// The gid and type every record starts with.
    pub(crate) fn head(&self, o: &mut Object<'_>, kind: Kind, index: u32) {
        o.with("gid", || self.gid(kind, index));
        o.put("resource_type", kind.resource());
    }

    /// Custom fields are a paid feature.
    pub(crate) fn has_custom_fields(&self) -> bool {
        self.plan != Plan::Free
    }

    /// Refuses what a free workspace does not have.
    pub(crate) fn paid(&self, feature: &str) -> Result<(), ApiError> {
        if self.plan == Plan::Free { Err(ApiError::payment_required(feature)) } else { Ok(()) }
    }

    pub(crate) fn link(&self, kind: Kind, index: u32) -> String {
        format!("https://app.asana.com/1/{}/{}", self.gid(Kind::Workspace, 0).0, self.gid(kind, index).0)
    }
}

/// A request, taken apart.
pub(crate) struct Call<'a> {
    pub(crate) view: View<'a>,
    /// What stood in the template's placeholder.
    pub(crate) id: &'a str,
    pub(crate) parameters: &'a [(String, String)],
    /// What task search knows.
    pub(crate) index: Index,
}

impl<'a> Call<'a> {
    pub(crate) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&'a str, ApiError> {
        self.parameter(name).filter(|value| !value.is_empty()).ok_or_else(|| ApiError::missing(name))
    }

    /// `true` or `false`, or not sent.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.parameter(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(other) => Err(ApiError::new(400, format!("{name}: Not a boolean: {other}"))),
        }
    }

    /// An instant or a day; `now` is the end of the generated world, or the real time once that is later.
    pub(crate) fn time(&self, name: &str) -> Result<Option<i64>, ApiError> {
        use crate::world::time;
        match self.parameter(name) {
            None => Ok(None),
            Some("now") => Ok(Some(time::NOW.max(time::wall_clock()))),
            Some(text) => match time::parse(text) {
                Some(time) => Ok(Some(time.0)),
                None => Err(ApiError::new(400, format!("{name}: Not a valid date: {text}"))),
            },
        }
    }

    /// The object a gid names, if it exists and may be seen. What exists but is hidden is 403 for workspaces, teams,
    /// projects, portfolios and goals, and 404 for the rest.
    pub(crate) fn find(&self, kind: Kind, text: &str) -> Result<u32, ApiError> {
        let what = kind.resource();
        let unknown = || ApiError::unknown_object(what, text);
        let (found, index) = self.view.world.gids.parse(text).map_err(|error| match error {
            GidError::Malformed => ApiError::malformed_gid(what, text),
            GidError::Unknown => unknown(),
        })?;
        let index = u32::try_from(index).map_err(|_| unknown())?;
        if found != kind || index >= self.count(kind) || self.view.world.is_gone(kind, index) {
            return Err(unknown());
        }
        if self.view.viewer.sees(kind, index) {
            return Ok(index);
        }
        match kind {
            Kind::Workspace | Kind::Team | Kind::Project | Kind::Portfolio | Kind::Goal => Err(ApiError::forbidden()),
            _ => Err(unknown()),
        }
    }

    fn count(&self, kind: Kind) -> u32 {
        let world = self.view.world;
        match kind {
            Kind::Workspace => world.workspaces.len(),
            Kind::User => world.people.len(),
            Kind::Team => world.teams.len(),
            Kind::Project => world.projects.len(),
            Kind::Section => world.sections.len(),
            Kind::Tag => world.tags.len(),
            Kind::CustomField => world.fields.len(),
            Kind::Task => world.tasks.len(),
            Kind::Portfolio => world.portfolios.rows.len(),
            Kind::ProjectPortfolioSetting => world.portfolios.settings.len(),
            Kind::Goal => world.goals.rows.len(),
            Kind::GoalRelationship => world.goals.relationships.len(),
            Kind::TimePeriod => periods::COUNT,
            _ => u32::MAX,
        }
    }

    /// `me`, an e-mail address or a gid. People without any row of the workspace are unknown.
    pub(crate) fn person(&self, what: &str, text: &str) -> Result<u32, ApiError> {
        let world = self.view.world;
        if text == "me" {
            return Ok(self.view.viewer.person);
        }
        if text.contains('@') {
            let found = world.people.iter().find(|(_, person)| person.email == text && person.is_listed());
            let found = found.map(|(index, _)| index).filter(|index| self.view.viewer.sees_person(*index));
            return found.ok_or_else(|| ApiError::unknown_object(what, text));
        }
        let index = self.find(Kind::User, text)?;
        let hidden = matches!(world.people[index].role, Role::Ghost | Role::Service);
        if hidden && index != self.view.viewer.person {
            return Err(ApiError::unknown_object(what, text));
        }
        Ok(index)
    }

    /// The workspace of a listing. Only a token with exactly one workspace may leave it out.
    pub(crate) fn workspace_parameter(&self) -> Result<u32, ApiError> {
        match (self.parameter("workspace"), self.view.viewer.workspaces.as_slice()) {
            (Some(text), _) => self.find(Kind::Workspace, text),
            (None, [only]) => Ok(*only),
            (None, _) => Err(ApiError::missing("workspace")),
        }
    }

    pub(crate) fn workspace(&self) -> Result<u32, ApiError> {
        self.find(Kind::Workspace, self.id)
    }
}
