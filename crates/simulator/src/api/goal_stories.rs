//! Stories of goals: comments and a short log.

use super::errors::ApiError;
use super::goals::{self, write_goal};
use super::json::Object;
use super::people::write_user;
use super::reactions::{self, Reactions};
use super::stories::write_dates;
use super::{Answer, Call, Listing, Rows, View, likes};
use crate::world::time::Time;
use crate::world::{Dice, Kind, STORIES, names};

/// The subtypes with their weights.
const SUBTYPES: &[&str] = &[
    "comment_added",
    "comment_added",
    "comment_added",
    "name_changed",
    "notes_changed",
    "due_date_changed",
    "follower_added",
];

/// One story of a goal.
#[derive(Clone, Copy)]
pub(super) struct Story<'a> {
    view: View<'a>,
    goal: u32,
    ordinal: u32,
    dice: Dice,
    subtype: &'static str,
}

impl<'a> Story<'a> {
    fn new(view: View<'a>, goal: u32, ordinal: u32) -> Self {
        let dice = view.world.dice(Kind::GoalStory, goal).part(ordinal);
        Self { view, goal, ordinal, dice, subtype: dice.pick("subtype", SUBTYPES) }
    }

    /// The story with a number, if its goal may be seen.
    fn find(view: View<'a>, number: u64) -> Option<Self> {
        let goal = u32::try_from(number / u64::from(STORIES)).ok()?;
        let ordinal = u32::try_from(number % u64::from(STORIES)).ok()?;
        let is_there = view.viewer.sees_goal(goal) && ordinal < view.world.goal_story_count(goal);
        is_there.then(|| Self::new(view, goal, ordinal))
    }

    fn number(self) -> u64 {
        u64::from(self.goal) * u64::from(STORIES) + u64::from(self.ordinal)
    }

    fn is_comment(self) -> bool {
        self.subtype == "comment_added"
    }

    fn author(self) -> u32 {
        self.view.world.actor(self.dice, "author")
    }

    fn text(self) -> String {
        if self.is_comment() {
            return names::prose(self.dice, 3);
        }
        format!("{} {}", self.view.world.people[self.author()].name, self.subtype.replace('_', " "))
    }

    fn likers(self) -> Vec<u32> {
        let liked = self.is_comment() && self.dice.chance("liked", 12);
        if liked { self.view.world.some_people(self.dice, "likers", 3) } else { Vec::new() }
    }

    fn reactions(self) -> Reactions {
        let some = self.is_comment() && self.dice.chance("reactions", 20);
        if some { Reactions::in_tones(self.view.world, self.dice) } else { Reactions::default() }
    }

    pub(super) fn write(self, o: &mut Object<'_>) {
        let (view, dice) = (self.view, self.dice);
        o.with("gid", || view.wide_gid(Kind::GoalStory, self.number()));
        o.put("resource_type", Kind::GoalStory.resource());
        o.with("created_at", || Time(view.world.goal_story_time(self.goal, self.ordinal)));
        o.object("created_by", |o| write_user(o, view, self.author()));
        o.put("resource_subtype", self.subtype);
        o.with("text", || self.text());
        o.with("html_text", || names::rich(&self.text()));
        o.put("type", if self.is_comment() { "comment" } else { "system" });
        o.with("source", || dice.pick("source", &["web", "web", "mobile", "api"]));
        o.object("target", |o| write_goal(o, view, self.goal));
        o.put("sticker_name", None::<&str>);
        o.put("is_editable", self.is_comment() && self.author() == view.viewer.person);
        o.put("is_edited", self.is_comment() && dice.chance("edited", 8));
        o.put("is_pinned", self.is_comment() && dice.chance("pinned", 3));
        likes::write(o, self.view, (Kind::GoalStoryLike, self.number() * 4), || self.likers());
        reactions::write_summary(o, view, || self.reactions());
        o.array("previews", || 0..0u32, |_, _| {});
        self.write_event(o);
    }

    fn write_event(self, o: &mut Object<'_>) {
        let (view, dice) = (self.view, self.dice);
        match self.subtype {
            "name_changed" => {
                o.with("old_name", || names::task(dice.part(2)));
                o.with("new_name", || names::task(dice.part(3)));
            }
            "due_date_changed" => {
                o.object("old_dates", |o| write_dates(o, dice.part(2)));
                o.object("new_dates", |o| write_dates(o, dice.part(3)));
            }
            "follower_added" => o.object("follower", |o| write_user(o, view, view.world.actor(dice, "follower"))),
            _ => {}
        }
    }
}

/// The stories of a goal, oldest first.
fn list(view: View<'_>, goal: u32) -> Listing<'_> {
    let count = view.world.goal_story_count(goal);
    Listing::new(Rows::Count(count), move |o, ordinal| Story::new(view, goal, ordinal).write(o))
}

pub(super) fn of_goal<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    Ok(Answer::List(list(call.view, goals::find(call)?)))
}

/// For `/stories/{}`: the story with a number.
pub(super) fn story(view: View<'_>, number: u64) -> Option<Answer<'_>> {
    let story = Story::find(view, number)?;
    Some(Answer::one(move |o| story.write(o)))
}

/// The reactions on a story, and where their gids begin.
pub(super) fn reactions_on(view: View<'_>, number: u64) -> Option<(Reactions, Kind, u64)> {
    Some((Story::find(view, number)?.reactions(), Kind::GoalStoryReaction, number))
}

/// The stories of all goals a viewer may see.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let visible = view.world.goals.rows.indexes().filter(move |goal| view.viewer.sees_goal(*goal));
    visible.map(move |goal| list(view, goal).of("story"))
}
