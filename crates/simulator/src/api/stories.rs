//! Stories: comments and the log of a task, made from hashes when asked for.

use super::errors::ApiError;
use super::fields::{write_field, write_option};
use super::json::{Digits, Object};
use super::people::write_user;
use super::projects::{write_project, write_section};
use super::reactions::{self, Reactions};
use super::tags::write_tag;
use super::tasks::{put_day, write_task};
use super::{Answer, Call, Listing, Rows, View, goal_stories};
use crate::world::time::{Day, Time};
use crate::world::{Dice, FieldKind, GidError, Happening, Kind, STORIES, names, time};

const STICKERS: &[&str] = &[
    "green_checkmark",
    "people_dancing",
    "dancing_unicorn",
    "heart",
    "party_popper",
    "people_waving_flags",
    "splashing_narwhal",
    "trophy",
    "yeti_riding_unicorn",
    "celebrating_people",
    "determined_climbers",
    "phoenix_spreading_love",
];

/// The subtypes with their weights; system events carry members of their own.
const SUBTYPES: &[&str] = &[
    "comment_added",
    "comment_added",
    "comment_added",
    "comment_added",
    "comment_added",
    "comment_added",
    "comment_added",
    "comment_added",
    "assigned",
    "unassigned",
    "due_date_changed",
    "start_date_changed",
    "name_changed",
    "notes_changed",
    "section_changed",
    "added_to_project",
    "removed_from_project",
    "added_to_tag",
    "removed_from_tag",
    "enum_custom_field_changed",
    "multi_enum_custom_field_changed",
    "number_custom_field_changed",
    "text_custom_field_changed",
    "date_custom_field_changed",
    "people_custom_field_changed",
    "liked",
    "comment_liked",
    "marked_complete",
    "marked_incomplete",
    "marked_duplicate",
    "duplicated",
    "dependency_added",
    "dependent_added",
    "follower_added",
    "mentioned",
    "resource_subtype_changed",
    "approval_status_changed",
    "attachment_added",
];

/// Everything about one story that several members need.
#[derive(Clone, Copy)]
struct Story<'a> {
    view: View<'a>,
    task: u32,
    ordinal: u32,
    dice: Dice,
    subtype: &'static str,
    /// What a change left, if it is no generated story.
    happening: Option<&'a Happening>,
}

impl<'a> Story<'a> {
    fn new(view: View<'a>, task: u32, ordinal: u32) -> Self {
        let dice = view.world.dice(Kind::Story, task).part(ordinal);
        let happening = view.world.happening(task, ordinal);
        let subtype = happening.map_or_else(|| dice.pick("subtype", SUBTYPES), |happening| happening.subtype);
        Self { view, task, ordinal, dice, subtype, happening }
    }

    fn is_comment(self) -> bool {
        self.subtype == "comment_added"
    }

    fn author(self) -> u32 {
        if let Some(happening) = self.happening {
            return happening.author;
        }
        self.view.world.actor(self.dice, "author")
    }

    fn text(self) -> String {
        if self.is_comment() {
            // A sticker may stand alone.
            return names::prose(self.dice, if self.sticker().is_some() { 80 } else { 3 });
        }
        let who = &self.view.world.people[self.author()].name;
        format!("{who} {}", self.subtype.replace('_', " "))
    }

    fn sticker(self) -> Option<&'static str> {
        (self.is_comment() && self.dice.chance("sticker", 6)).then(|| self.dice.pick("which sticker", STICKERS))
    }

    fn likers(self) -> Vec<u32> {
        let liked = self.is_comment() && self.dice.chance("liked", 12);
        if liked { self.view.world.some_people(self.dice, "likers", 3) } else { Vec::new() }
    }

    /// The names before and after.
    fn names(self) -> (String, String) {
        let told = self.happening.and_then(|happening| happening.names.clone());
        told.unwrap_or_else(|| (names::task(self.dice.part(2)), names::task(self.dice.part(3))))
    }

    fn reactions(self) -> Reactions {
        let some = self.is_comment() && self.dice.chance("reactions", 10);
        if some { Reactions::new(self.view.world, self.dice) } else { Reactions::default() }
    }

    fn other_task(self, salt: &str) -> u32 {
        self.dice.below(salt, self.view.world.generated_tasks())
    }
}

pub(crate) fn write_story(o: &mut Object<'_>, view: View<'_>, task: u32, ordinal: u32) {
    let story = Story::new(view, task, ordinal);
    write_reference(o, story);
    o.put("type", if story.is_comment() { "comment" } else { "system" });
    o.with("html_text", || names::rich(&story.text()));
    o.with("source", || story.dice.pick("source", &["web", "web", "web", "mobile", "api", "email", "unknown"]));
    o.object("target", |o| write_task(o, view, task));
    write_comment(o, story);
    write_likes(o, story);
    write_event(o, story);
}

/// The members of the compact form, which references to stories have too.
fn write_reference(o: &mut Object<'_>, story: Story<'_>) {
    o.with("gid", || story.view.wide_gid(Kind::Story, index(story.task, story.ordinal)));
    o.put("resource_type", Kind::Story.resource());
    o.with("created_at", || Time(story.view.world.story_time(story.task, story.ordinal)));
    // What a rule did has no author.
    let by_person = story.is_comment() || story.happening.is_some() || !story.dice.chance("by a rule", 3);
    o.maybe("created_by", by_person.then(|| story.author()), |o, person| write_user(o, story.view, person));
    o.put("resource_subtype", story.subtype);
    o.with("text", || story.text());
}

fn index(task: u32, ordinal: u32) -> u64 {
    u64::from(task) * u64::from(STORIES) + u64::from(ordinal)
}

fn write_comment(o: &mut Object<'_>, story: Story<'_>) {
    let (dice, is_comment) = (story.dice, story.is_comment());
    o.with("sticker_name", || story.sticker());
    o.put("is_editable", is_comment && story.author() == story.view.viewer.person);
    o.put("is_edited", is_comment && dice.chance("edited", 8));
    o.put("is_pinned", is_comment && dice.chance("pinned", 3));
    reactions::write_summary(o, story.view, || story.reactions());
    let previews = u32::from(is_comment && dice.chance("preview", 4));
    o.array(
        "previews",
        || 0..previews,
        |o, _| {
            o.put("fallback", "https://example.com/doc/1");
            o.put("footer", "example.com");
            o.put("header", "Document");
            o.put("header_link", "https://example.com");
            o.put("html_text", "<body>Quarterly <em>plan</em></body>");
            o.put("text", "Quarterly plan");
            o.put("title", "Plan, \"final\"");
            o.put("title_link", "https://example.com/doc/1");
        },
    );
}

fn write_likes(o: &mut Object<'_>, story: Story<'_>) {
    if !["hearted", "hearts", "num_hearts", "liked", "likes", "num_likes"].iter().any(|name| o.wants(name)) {
        return;
    }
    let likers = story.likers();
    let count = u32::try_from(likers.len()).unwrap_or(0);
    for (own, number, list) in [("liked", "num_likes", "likes"), ("hearted", "num_hearts", "hearts")] {
        o.put(own, likers.contains(&story.view.viewer.person));
        o.put(number, count);
        o.array(
            list,
            || likers.iter().zip(0u64..),
            |o, (person, at)| {
                let number = index(story.task, story.ordinal) * 4 + at;
                o.with("gid", || story.view.wide_gid(Kind::StoryLike, number));
                o.object("user", |o| write_user(o, story.view, *person));
            },
        );
    }
}

/// The members only this kind of event has. Everything they refer to exists; some of it is hidden from the token.
fn write_event(o: &mut Object<'_>, story: Story<'_>) {
    let (view, dice, world) = (story.view, story.dice, story.view.world);
    let person = world.actor(dice.part(1), "other person");
    match story.subtype {
        "assigned" | "unassigned" => o.object("assignee", |o| write_user(o, view, person)),
        "follower_added" => o.object("follower", |o| write_user(o, view, person)),
        "due_date_changed" | "start_date_changed" => {
            o.object("old_dates", |o| write_dates(o, dice.part(2)));
            o.object("new_dates", |o| write_dates(o, dice.part(3)));
        }
        "name_changed" => {
            o.with("old_name", || story.names().0);
            o.with("new_name", || story.names().1);
        }
        "section_changed" => write_sections(o, story),
        "added_to_project" | "removed_from_project" if world.size.projects > 0 => {
            o.object("project", |o| write_project(o, view, dice.below("project", world.size.projects)));
        }
        "added_to_tag" | "removed_from_tag" if world.size.tags > 0 => {
            o.object("tag", |o| write_tag(o, view, dice.below("tag", world.size.tags)));
        }
        "comment_liked" if story.ordinal > 0 => {
            let other = Story::new(view, story.task, story.ordinal - 1);
            o.object("story", |o| write_reference(o, other));
        }
        "marked_duplicate" => o.object("duplicate_of", |o| write_task(o, view, story.other_task("duplicate"))),
        "duplicated" => o.object("duplicated_from", |o| write_task(o, view, story.other_task("original"))),
        "dependency_added" | "dependent_added" => {
            o.object("dependency", |o| write_task(o, view, story.other_task("dependency")));
        }
        "mentioned" => o.object("task", |o| write_task(o, view, story.other_task("mentioned in"))),
        "resource_subtype_changed" => {
            o.put("old_resource_subtype", "default_task");
            o.put("new_resource_subtype", dice.pick("new subtype", &["milestone", "approval"]));
        }
        "approval_status_changed" => {
            o.put("old_approval_status", "pending");
            o.put("new_approval_status", dice.pick("approval", &["approved", "rejected", "changes_requested"]));
        }
        _ if story.subtype.ends_with("custom_field_changed") => write_field_event(o, story),
        _ => {}
    }
}

pub(super) fn write_dates(o: &mut Object<'_>, dice: Dice) {
    let day = Day(time::NOW / time::DAY - 300 + i64::from(dice.below("due", 400)));
    let is_set = !dice.chance("cleared", 20);
    put_day(o, "start_on", (is_set && dice.chance("start", 30)).then_some(Day(day.0 - 3)));
    o.put("due_at", (is_set && dice.chance("clock", 20)).then_some(Time(day.0 * time::DAY + 17 * time::HOUR)));
    // `due_on` is not documented as nullable: a cleared date leaves it out.
    if is_set {
        o.put("due_on", day);
    }
}

fn write_sections(o: &mut Object<'_>, story: Story<'_>) {
    let (view, world) = (story.view, story.view.world);
    if world.projects.len() == 0 {
        return;
    }
    let place = world.generated_project(story.task).unwrap_or(0);
    let sections = &world.projects[place].sections;
    let last = u32::try_from(sections.len()).unwrap_or(1).min(9);
    for (name, salt) in [("old_section", "from"), ("new_section", "to")] {
        if let Some(section) = sections.get(story.dice.below(salt, last) as usize) {
            o.object(name, |o| write_section(o, view, *section));
        }
    }
}

fn write_field_event(o: &mut Object<'_>, story: Story<'_>) {
    let (view, dice, world) = (story.view, story.dice, story.view.world);
    let wanted = match story.subtype {
        "enum_custom_field_changed" => FieldKind::Enum,
        "multi_enum_custom_field_changed" => FieldKind::MultiEnum,
        "number_custom_field_changed" => FieldKind::Number,
        "date_custom_field_changed" => FieldKind::Date,
        "people_custom_field_changed" => FieldKind::People,
        _ => FieldKind::Text,
    };
    let generated = world.generated_fields().min(40) as usize;
    let fitting: Vec<u32> =
        world.fields.iter().take(generated).filter(|(_, field)| field.kind == wanted).map(|(index, _)| index).collect();
    let Some(field) = fitting.get(dice.below("field", u32::try_from(fitting.len()).unwrap_or(1)) as usize).copied()
    else {
        return;
    };
    o.object("custom_field", |o| write_field(o, view, field));
    if !view.viewer.sees_field(field) {
        return;
    }
    let options = world.fields[field].options;
    match wanted {
        FieldKind::Enum => {
            // A first choice has no old value.
            if dice.chance("had a value", 60) {
                o.object("old_enum_value", |o| write_option(o, view, field, dice.below("old", options)));
            }
            o.object("new_enum_value", |o| write_option(o, view, field, dice.below("new", options)));
        }
        FieldKind::MultiEnum => {
            for (name, salt) in [("old_multi_enum_values", "old"), ("new_multi_enum_values", "new")] {
                let chosen = || (0..options).filter(|at| dice.part(*at).chance(salt, 40));
                o.array(name, chosen, |o, ordinal| write_option(o, view, field, ordinal));
            }
        }
        FieldKind::Number => {
            let old = dice.chance("had a value", 60).then(|| format!("{}.50", dice.below("old", 900)));
            o.put("old_number_value", old.map(Digits));
            o.put("new_number_value", Digits(dice.below("new", 900).to_string()));
        }
        FieldKind::Date => {
            if dice.chance("had a value", 60) {
                o.object("old_date_value", |o| write_dates(o, dice.part(4)));
            }
            o.object("new_date_value", |o| write_dates(o, dice.part(5)));
        }
        FieldKind::People => {
            for (name, salt) in [("old_people_value", "old"), ("new_people_value", "new")] {
                o.array(name, || world.some_people(dice, salt, 2), |o, person| write_user(o, view, person));
            }
        }
        _ => {
            o.with("old_text_value", || names::prose(dice.part(6), 30));
            o.with("new_text_value", || names::prose(dice.part(7), 5));
        }
    }
}

/// The stories of a task, oldest first.
fn list(view: View<'_>, task: u32) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.story_count(task)), move |o, ordinal| write_story(o, view, task, ordinal))
}

/// Who commented on a task.
pub(super) fn commenters(view: View<'_>, task: u32) -> Vec<u32> {
    let stories = (0..view.world.story_count(task)).map(|ordinal| Story::new(view, task, ordinal));
    stories.filter(|story| story.is_comment()).map(Story::author).collect()
}

/// The stories of all tasks a viewer may see.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let visible = view.world.tasks.indexes().filter(move |task| view.viewer.sees_task(*task));
    visible.map(move |task| list(view, task).of("story"))
}

pub(super) fn of_task<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let task = call.find(Kind::Task, call.id)?;
    list(call.view, task).answer()
}

/// The task and the ordinal of the story with a number, if the task may be seen.
fn find(view: View<'_>, number: u64) -> Option<(u32, u32)> {
    let task = u32::try_from(number / u64::from(STORIES)).ok()?;
    let ordinal = u32::try_from(number % u64::from(STORIES)).ok()?;
    let exists = view.world.tasks.row(task).is_some() && ordinal < view.world.story_count(task);
    (exists && view.viewer.sees_task(task)).then_some((task, ordinal))
}

/// A story of a task or of a goal.
pub(super) fn story<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let found = match view.world.gids.parse(call.id) {
        Err(GidError::Malformed) => return Err(ApiError::malformed_gid("story", call.id)),
        Ok((Kind::Story, number)) => {
            find(view, number).map(|(task, ordinal)| Answer::one(move |o| write_story(o, view, task, ordinal)))
        }
        Ok((Kind::GoalStory, number)) => goal_stories::story(view, number),
        _ => None,
    };
    found.ok_or_else(|| ApiError::unknown_object("story", call.id))
}

/// The reactions on a story, and where their gids begin.
pub(super) fn reactions_on(view: View<'_>, number: u64) -> Option<(Reactions, Kind, u64)> {
    let (task, ordinal) = find(view, number)?;
    Some((Story::new(view, task, ordinal).reactions(), Kind::StoryReaction, number))
}
