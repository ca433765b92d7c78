//! Goals, what supports them, and whom they are shared with.

use super::people::ADMIN;
use super::sharing::{Audience, Sharing, share};
use super::{Dice, Kind, NONE, STORIES, Table, World, names, periods, time};

/// What a goal is supported by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    Goal(u32),
    Project(u32),
    Task(u32),
    Portfolio(u32),
}

#[derive(Debug)]
pub(crate) struct Goal {
    pub(crate) name: String,
    /// Or `NONE`.
    pub(crate) owner: u32,
    /// The team of a team-level goal, `NONE` for a goal of the workspace.
    pub(crate) team: u32,
    /// A period's index, or `NONE`.
    pub(crate) period: u32,
    pub(crate) is_public: bool,
    pub(crate) created_at: i64,
    /// How it ended, if it did.
    pub(crate) outcome: Option<&'static str>,
    /// Rows of `Goals::memberships`.
    pub(crate) memberships: Vec<u32>,
    /// Rows of `Goals::relationships`: what supports this goal.
    pub(crate) relationships: Vec<u32>,
}

#[derive(Debug)]
pub(crate) struct GoalRelationship {
    pub(crate) supported: u32,
    pub(crate) support: Support,
}

#[derive(Debug, Default)]
pub(crate) struct Goals {
    pub(crate) rows: Table<Goal>,
    pub(crate) memberships: Table<Sharing>,
    pub(crate) relationships: Table<GoalRelationship>,
}

const LEVELS: &[&str] = &["admin", "editor", "editor", "commenter", "viewer"];
/// How a goal can end; also the type of its last status update.
const OUTCOMES: &[&str] = &["achieved", "partial", "missed", "dropped"];

/// The administrator's, of the workspace, with more supporting tasks than a page holds.
pub(crate) const TOP: u32 = 0;
/// Supports the first; of a team.
const OF_TEAM: u32 = 1;
/// Supports both, for members only; a guest is one of them.
const SHARED: u32 = 2;
/// Supports the one before and is closed.
const CLOSED: u32 = 3;
/// Supports the first, but nobody's business.
const SECRET: u32 = 4;
/// Tasks that support the first goal.
const TASKS: u32 = 104;

pub(super) fn generate(world: &World) -> Goals {
    let mut made = Goals::default();
    for index in 0..world.size.goals {
        let goal = goal(world, &mut made, index);
        made.rows.push(goal);
    }
    let parents: Vec<Vec<u32>> = made.rows.indexes().map(|goal| supported_by(world, goal)).collect();
    for index in made.rows.indexes() {
        for support in supports(world, &parents, index) {
            let row = made.relationships.push(GoalRelationship { supported: index, support });
            made.rows[index].relationships.push(row);
        }
    }
    made
}

fn goal(world: &World, made: &mut Goals, index: u32) -> Goal {
    let dice = world.dice(Kind::Goal, index);
    let owner = match index {
        TOP => ADMIN,
        SECRET => world.size.users.saturating_sub(1),
        _ if dice.chance("no owner", 10) => NONE,
        _ => world.actor(dice, "owner"),
    };
    let audience = match index {
        TOP => Audience::Everyone,
        SHARED => Audience::WithGuest,
        SECRET => Audience::Nobody,
        _ => Audience::Some,
    };
    let of_team = world.teams.len() > 0 && index != TOP && (index == OF_TEAM || dice.chance("of a team", 50));
    let closed = index == CLOSED || (index > SECRET && dice.chance("closed", 25));
    Goal {
        name: names::task(dice),
        owner,
        team: if of_team { dice.below("team", world.teams.len()) } else { NONE },
        period: if index != TOP && dice.chance("no period", 15) { NONE } else { dice.below("period", periods::COUNT) },
        is_public: !matches!(index, SHARED | SECRET) && (index <= CLOSED || dice.chance("public", 70)),
        created_at: time::NOW - 700 * time::DAY + i64::from(dice.below("created", 30_000_000)) * time::SECOND,
        outcome: closed.then(|| dice.pick("outcome", OUTCOMES)),
        memberships: share(world, &mut made.memberships, (index, dice.part(1)), owner, audience, LEVELS),
        relationships: Vec::new(),
    }
}

/// The goals a goal supports; always earlier ones, so there are no circles.
fn supported_by(world: &World, goal: u32) -> Vec<u32> {
    let dice = world.dice(Kind::GoalRelationship, goal);
    match goal {
        TOP => Vec::new(),
        OF_TEAM | SECRET => vec![TOP],
        SHARED => vec![TOP, OF_TEAM],
        CLOSED => vec![SHARED],
        _ if dice.chance("subgoal", 60) => vec![dice.below("of which", goal)],
        _ => Vec::new(),
    }
}

/// What supports a goal: its subgoals first, then other work.
fn supports(world: &World, parents: &[Vec<u32>], index: u32) -> Vec<Support> {
    let dice = world.dice(Kind::GoalRelationship, index).part(1);
    let subgoals = (0..).zip(parents).filter(|(_, parents)| parents.contains(&index));
    let mut found: Vec<Support> = subgoals.map(|(goal, _)| Support::Goal(goal)).collect();
    let some = |salt: &str, most: u32, bound: u32| -> Vec<u32> {
        let count = if bound == 0 { 0 } else { dice.below(salt, most + 1) };
        (0..count).map(|at| dice.part(at).below(salt, bound)).collect()
    };
    found.extend(some("projects", 2, world.projects.len()).into_iter().map(Support::Project));
    found.extend(some("portfolios", 1, world.portfolios.rows.len()).into_iter().map(Support::Portfolio));
    let tasks = world.tasks.len();
    if index == TOP {
        found.extend((0..tasks.min(TASKS)).map(Support::Task));
        found.extend((world.portfolios.rows.len() > 0).then_some(Support::Portfolio(0)));
        found.extend((world.projects.len() > 0).then_some(Support::Project(0)));
    } else {
        found.extend(some("tasks", 2, tasks).into_iter().map(Support::Task));
    }
    let mut unique: Vec<Support> = Vec::with_capacity(found.len());
    for support in found {
        if !unique.contains(&support) {
            unique.push(support);
        }
    }
    unique
}

impl World {
    pub(crate) fn goal_likers(&self, goal: u32) -> Vec<u32> {
        let dice = self.dice(Kind::GoalLike, goal);
        if goal == TOP || dice.chance("liked", 30) { self.some_people(dice, "likers", 4) } else { Vec::new() }
    }

    pub(crate) fn goal_story_count(&self, goal: u32) -> u32 {
        match (self.size.stories_per_task, goal) {
            (0, _) => 0,
            (_, TOP) => 105.min(STORIES - 1),
            _ => self.goal_story_dice(goal).below("stories", 7),
        }
    }

    fn goal_story_dice(&self, goal: u32) -> Dice {
        self.dice(Kind::GoalStory, goal)
    }

    /// When the story happened: ordered by ordinal, within four hundred days of the goal's creation.
    pub(crate) fn goal_story_time(&self, goal: u32, ordinal: u32) -> i64 {
        let room = (time::NOW - self.goals.rows[goal].created_at).min(400 * time::DAY);
        let slot = room / i64::from(self.goal_story_count(goal).max(1));
        let jitter = u32::try_from(slot).unwrap_or(u32::MAX).max(1);
        let moment = self.goal_story_dice(goal).part(ordinal).below("moment", jitter);
        self.goals.rows[goal].created_at + slot * i64::from(ordinal) + i64::from(moment)
    }
}
