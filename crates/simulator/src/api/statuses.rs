//! Status updates of projects, portfolios and goals, made from hashes when asked for.
//!
//! An object has a `current_status_update` exactly when its listing of updates is not empty, and it is the first of
//! them: the listing is newest first. Updates are never edited.

use super::errors::ApiError;
use super::goals::write_goal;
use super::json::Object;
use super::people::write_user;
use super::portfolios::write_portfolio;
use super::projects::write_project;
use super::reactions::{self, Reactions};
use super::{Answer, Call, Listing, Rows, View, likes};
use crate::world::time::Time;
use crate::world::{Dice, GidError, Kind, names, time};

/// The gid of an update is made of its parent's index and its ordinal above these bits.
const PARENT_BITS: u32 = 20;
/// The first portfolio has more updates than a page holds.
const MANY: u32 = 104;
/// (status type, the color of the deprecated project status).
const OF_WORK: &[(&str, &str)] = &[
    ("on_track", "green"),
    ("at_risk", "yellow"),
    ("off_track", "red"),
    ("on_hold", "blue"),
    ("complete", "complete"),
];
const OF_GOALS: &[&str] = &["on_track", "at_risk", "off_track"];

/// What an update is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    Project(u32),
    Portfolio(u32),
    Goal(u32),
}

impl Parent {
    fn index(self) -> u32 {
        match self {
            Self::Project(index) | Self::Portfolio(index) | Self::Goal(index) => index,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Project(_) => Kind::Project,
            Self::Portfolio(_) => Kind::Portfolio,
            Self::Goal(_) => Kind::Goal,
        }
    }

    fn update_kind(self) -> Kind {
        match self {
            Self::Project(_) => Kind::StatusUpdate,
            Self::Portfolio(_) => Kind::PortfolioStatusUpdate,
            Self::Goal(_) => Kind::GoalStatusUpdate,
        }
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::Project(_) => "project_status_update",
            Self::Portfolio(_) => "portfolio_status_update",
            Self::Goal(_) => "goal_status_update",
        }
    }

    fn exists(self, view: View<'_>) -> bool {
        match self {
            Self::Project(index) => view.world.projects.row(index).is_some(),
            Self::Portfolio(index) => view.world.portfolios.rows.row(index).is_some(),
            Self::Goal(index) => view.world.goals.rows.row(index).is_some(),
        }
    }

    fn count(self, view: View<'_>) -> u32 {
        let planted = &view.world.planted;
        match self {
            Self::Project(project) if planted.has_project(project) => {
                return u32::from(planted.project_status(project).is_some());
            }
            Self::Goal(goal) if planted.has_goal(goal) => return u32::from(planted.goal_status(goal).is_some()),
            _ => {}
        }
        let dice = view.world.dice(self.kind(), self.index());
        let has_some = match self {
            Self::Portfolio(0) => return MANY,
            Self::Project(_) => dice.chance("status", 45),
            Self::Portfolio(_) => dice.chance("status", 50),
            Self::Goal(goal) => view.world.goals.rows[goal].outcome.is_some() || dice.chance("status", 60),
        };
        if has_some { 1 + dice.below("status updates", 4) } else { 0 }
    }

    /// The last update, if there is any.
    pub(super) fn latest(self, view: View<'_>) -> Option<Update<'_>> {
        (self.count(view) > 0).then(|| Update::new(view, self, 0))
    }

    fn created_at(self, view: View<'_>) -> i64 {
        match self {
            Self::Project(index) => view.world.projects[index].created_at,
            Self::Portfolio(index) => view.world.portfolios.rows[index].created_at,
            Self::Goal(index) => view.world.goals.rows[index].created_at,
        }
    }

    /// From the creation of the object to the last update.
    fn span(self) -> i64 {
        if matches!(self, Self::Project(_)) { 20 * time::DAY } else { 250 * time::DAY }
    }
}

/// One update; the ordinal counts from the newest.
#[derive(Clone, Copy)]
pub(super) struct Update<'a> {
    view: View<'a>,
    parent: Parent,
    ordinal: u32,
    dice: Dice,
}

impl<'a> Update<'a> {
    fn new(view: View<'a>, parent: Parent, ordinal: u32) -> Self {
        let dice = match (parent, ordinal) {
            (Parent::Project(index), 0) => view.world.dice(Kind::Project, index),
            _ => view.world.dice(parent.update_kind(), parent.index()).part(ordinal),
        };
        Self { view, parent, ordinal, dice }
    }

    fn number(self) -> u64 {
        u64::from(self.ordinal) << PARENT_BITS | u64::from(self.parent.index())
    }

    /// A number among all updates, for what hangs on them.
    fn number_of_all(self) -> u64 {
        self.number() * 3
            + match self.parent {
                Parent::Project(_) => 0,
                Parent::Portfolio(_) => 1,
                Parent::Goal(_) => 2,
            }
    }

    fn created_at(self) -> i64 {
        let latest = self.parent.created_at(self.view) + self.parent.span();
        if self.ordinal == 0 {
            return latest;
        }
        let slot = self.parent.span() / i64::from(self.parent.count(self.view));
        let jitter = u32::try_from(slot / 2).unwrap_or(u32::MAX);
        latest - slot * i64::from(self.ordinal) - i64::from(self.dice.below("moment", jitter))
    }

    fn title(self) -> String {
        format!("Status update – {}", names::word(self.dice, "status title"))
    }

    fn text(self) -> String {
        names::prose(self.dice.part(9), 5)
    }

    fn author(self) -> u32 {
        self.view.world.actor(self.dice, "status author")
    }

    /// The type, and its color in the deprecated project status. What closed a goal is its last update.
    pub(super) fn status(self) -> (&'static str, &'static str) {
        let world = self.view.world;
        let said = match self.parent {
            Parent::Project(project) if world.planted.has_project(project) => world.planted.project_status(project),
            Parent::Goal(goal) if world.planted.has_goal(goal) => world.planted.goal_status(goal),
            Parent::Goal(goal) => world.goals.rows[goal].outcome.filter(|_| self.ordinal == 0),
            _ => return self.dice.pick("status color", OF_WORK),
        };
        let kind = said.unwrap_or_else(|| self.dice.pick("status type", OF_GOALS));
        let color = OF_WORK.iter().find(|(known, _)| *known == kind).map_or(kind, |(_, color)| color);
        (kind, color)
    }

    fn likers(self) -> Vec<u32> {
        let dice = self.dice.part(11);
        if dice.chance("liked", 30) { self.view.world.some_people(dice, "likers", 4) } else { Vec::new() }
    }

    fn reactions(self) -> Reactions {
        let dice = self.dice.part(12);
        if dice.chance("reactions", 40) { Reactions::in_tones(self.view.world, dice) } else { Reactions::default() }
    }

    pub(super) fn write(self, o: &mut Object<'_>) {
        let view = self.view;
        o.with("gid", || view.wide_gid(self.parent.update_kind(), self.number()));
        o.put("resource_type", self.parent.update_kind().resource());
        o.with("title", || self.title());
        o.put("resource_subtype", self.parent.subtype());
        o.with("text", || self.text());
        o.with("html_text", || names::rich(&self.text()));
        o.with("status_type", || self.status().0);
        for name in ["author", "created_by"] {
            o.object(name, |o| write_user(o, view, self.author()));
        }
        for name in ["created_at", "modified_at"] {
            o.with(name, || Time(self.created_at()));
        }
        o.object("parent", |o| match self.parent {
            Parent::Project(index) => write_project(o, view, index),
            Parent::Portfolio(index) => write_portfolio(o, view, index),
            Parent::Goal(index) => write_goal(o, view, index),
        });
        likes::write(o, self.view, (Kind::StatusUpdateLike, self.number_of_all() * 8), || self.likers());
        reactions::write_summary(o, view, || self.reactions());
    }

    /// The members of the deprecated form, but for its gid.
    pub(super) fn write_as_project_status(self, o: &mut Object<'_>) {
        o.with("title", || self.title());
        o.with("text", || self.text());
        o.with("html_text", || names::rich(&self.text()));
        o.with("color", || self.status().1);
        for name in ["author", "created_by"] {
            o.object(name, |o| write_user(o, self.view, self.author()));
        }
        for name in ["created_at", "modified_at"] {
            o.with(name, || Time(self.created_at()));
        }
    }
}

fn list(view: View<'_>, parent: Parent, since: Option<i64>) -> Listing<'_> {
    let updates = (0..parent.count(view)).map(|ordinal| Update::new(view, parent, ordinal));
    let recent = updates.filter(|update| since.is_none_or(|since| update.created_at() >= since));
    let rows = recent.map(|update| update.ordinal).collect();
    Listing::new(Rows::Chosen(rows), move |o, ordinal| Update::new(view, parent, ordinal).write(o))
}

/// By `parent`, a project, portfolio or goal; `created_since` leaves out older ones.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let text = call.required("parent")?;
    let parent = match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => return Err(ApiError::malformed_gid("parent", text)),
        Ok((Kind::Project, _)) => Parent::Project(call.find(Kind::Project, text)?),
        Ok((Kind::Portfolio, _)) => Parent::Portfolio(call.find(Kind::Portfolio, text)?),
        Ok((Kind::Goal, _)) => Parent::Goal(call.find(Kind::Goal, text)?),
        _ => return Err(ApiError::unknown_object("parent", text)),
    };
    list(call.view, parent, call.time("created_since")?).answer()
}

/// The update behind a parsed gid, if it is one that may be seen.
fn find(view: View<'_>, (kind, number): (Kind, u64)) -> Option<Update<'_>> {
    let index = u32::try_from(number & ((1 << PARENT_BITS) - 1)).ok()?;
    let ordinal = u32::try_from(number >> PARENT_BITS).ok()?;
    let parent = match kind {
        Kind::StatusUpdate => Parent::Project(index),
        Kind::PortfolioStatusUpdate => Parent::Portfolio(index),
        Kind::GoalStatusUpdate => Parent::Goal(index),
        _ => return None,
    };
    let is_there = parent.exists(view) && view.viewer.sees(parent.kind(), index) && ordinal < parent.count(view);
    is_there.then(|| Update::new(view, parent, ordinal))
}

pub(super) fn update<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let found = call.view.world.gids.parse(call.id).map_err(|error| match error {
        GidError::Malformed => ApiError::malformed_gid("status_update", call.id),
        GidError::Unknown => ApiError::unknown_object("status_update", call.id),
    })?;
    let update = find(call.view, found).ok_or_else(|| ApiError::unknown_object("status_update", call.id))?;
    Ok(Answer::one(move |o| update.write(o)))
}

/// The reactions on an update, and where their gids begin.
pub(super) fn reactions_on(view: View<'_>, gid: (Kind, u64)) -> Option<(Reactions, Kind, u64)> {
    let update = find(view, gid)?;
    Some((update.reactions(), Kind::StatusUpdateReaction, update.number_of_all()))
}

/// The updates of everything a viewer may see.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let projects = view.world.projects.indexes().map(Parent::Project);
    let portfolios = view.world.portfolios.rows.indexes().map(Parent::Portfolio);
    let goals = view.world.goals.rows.indexes().map(Parent::Goal);
    let parents = projects.chain(portfolios).chain(goals);
    let visible = parents.filter(move |parent| view.viewer.sees(parent.kind(), parent.index()));
    visible.map(move |parent| list(view, parent, None).of("status_update"))
}
