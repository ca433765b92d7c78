//! Tasks and every way to list them.

use super::errors::ApiError;
use super::fields::{self, Owner};
use super::json::{Gid, Null, Object};
use super::people::{find_task_list, write_user, write_workspace};
use super::projects::{find_section, some, write_project, write_section};
use super::tags::write_tag;
use super::types::{write_status, write_type};
use super::{Answer, Call, Listing, Rows, Unlimited, View};
use crate::world::time::{Day, Time};
use crate::world::{ATTACHMENTS, Dice, Kind, NONE, Ranked, Subtype, Task, names, time};

pub(crate) fn write_task(o: &mut Object<'_>, view: View<'_>, index: u32) {
    view.head(o, Kind::Task, index);
    if !view.viewer.sees_task(index) {
        // A reference may lead to a task that is hidden: only its gid and type are told.
        return;
    }
    let task = &view.world.tasks[index];
    let dice = view.world.dice(Kind::Task, index);
    o.with("name", || view.world.task_name(index));
    o.put("resource_subtype", subtype_name(task.subtype));
    o.object("created_by", |o| view.head(o, Kind::User, task.creator));
    write_progress(o, view, index, dice);
    write_dates(o, task, dice);
    o.with("notes", || view.world.task_notes(index));
    o.with("html_notes", || names::rich(&view.world.task_notes(index)));
    write_likes(o, view, index);
    write_people(o, view, index, task, dice);
    write_places(o, view, index, task, dice);
    let owner = Owner::Task(index);
    o.array("custom_fields", || owner.fields(view), |o, field| fields::write_value(o, view, owner, field));
}

pub(super) fn subtype_name(subtype: Subtype) -> &'static str {
    match subtype {
        Subtype::Task => "default_task",
        Subtype::Milestone => "milestone",
        Subtype::Approval => "approval",
        Subtype::Custom => "custom",
    }
}

fn write_progress(o: &mut Object<'_>, view: View<'_>, index: u32, dice: Dice) {
    let task = &view.world.tasks[index];
    let completed = task.completed_at.is_some();
    if task.subtype == Subtype::Approval {
        let open = ["pending"].as_slice();
        let closed = ["approved", "rejected", "changes_requested"].as_slice();
        o.put("approval_status", dice.pick("approval", if completed { closed } else { open }));
    }
    o.with("assignee_status", || dice.pick("status", &["today", "upcoming", "later", "new", "inbox"]));
    o.put("completed", completed);
    o.put("completed_at", task.completed_at.map(Time));
    // Some tasks were completed by a rule: nobody did it.
    let by = (completed && !dice.chance("by a rule", 5)).then(|| view.world.actor(dice, "completed by"));
    o.maybe("completed_by", by, |o, person| write_user(o, view, person));
    o.put("is_rendered_as_separator", task.is_separator);
    o.with("actual_time_minutes", || view.world.actual_minutes(index));
    let custom = view.world.custom_type(index);
    o.maybe("custom_type", custom, |o, number| write_type(o, view, number));
    o.maybe("custom_type_status_option", custom, |o, number| write_status(o, view, number, u32::from(completed)));
}

fn write_dates(o: &mut Object<'_>, task: &Task, dice: Dice) {
    o.put("created_at", Time(task.created_at));
    o.put("modified_at", Time(task.modified_at));
    let due = due(task, dice);
    let with_clock = dice.chance("due at", 20);
    o.put("due_at", due.filter(|_| with_clock));
    o.put("due_on", due.map(Time::day));
    // A start has a clock only when the due date has one.
    let start = start(task, dice);
    o.put("start_at", start.filter(|_| with_clock));
    o.put("start_on", start.map(Time::day));
}

pub(super) fn due(task: &Task, dice: Dice) -> Option<Time> {
    if let Some(dates) = task.dates {
        return dates.due.map(Time);
    }
    dice.chance("due", 55).then(|| {
        let day = task.created_at / time::DAY + 1 + i64::from(dice.below("due in", 200));
        Time(day * time::DAY + i64::from(dice.below("due hour", 24)) * time::HOUR)
    })
}

/// Milestones have no start.
pub(super) fn start(task: &Task, dice: Dice) -> Option<Time> {
    if let Some(dates) = task.dates {
        return dates.start.map(Time);
    }
    let started = task.subtype != Subtype::Milestone && dice.chance("start", 40);
    let due = due(task, dice).filter(|_| started)?;
    Some(Time(due.0 - i64::from(1 + dice.below("length", 20)) * time::DAY))
}

fn write_likes(o: &mut Object<'_>, view: View<'_>, index: u32) {
    if !["hearted", "hearts", "num_hearts", "liked", "likes", "num_likes"].iter().any(|name| o.wants(name)) {
        return;
    }
    let likers = view.world.task_likers(index);
    let count = u32::try_from(likers.len()).unwrap_or(0);
    let liked = likers.contains(&view.viewer.person);
    for (own, number, list) in [("liked", "num_likes", "likes"), ("hearted", "num_hearts", "hearts")] {
        o.put(own, liked);
        o.put(number, count);
        o.array(
            list,
            || likers.iter().zip(0u32..),
            |o, (person, at)| {
                o.with("gid", || view.wide_gid(Kind::TaskLike, u64::from(index) * 64 + u64::from(at)));
                o.object("user", |o| write_user(o, view, *person));
            },
        );
    }
}

fn write_people(o: &mut Object<'_>, view: View<'_>, index: u32, task: &Task, dice: Dice) {
    let assignee = some(task.assignee);
    o.maybe("assignee", assignee, |o, person| write_user(o, view, person));
    o.maybe("assigned_by", view.world.assigner(index, task), |o, person| write_user(o, view, person));
    let own = assignee.filter(|person| *person == view.viewer.person);
    o.maybe("assignee_section", own, |o, person| {
        let number = dice.below("my tasks section", 3);
        view.head(o, Kind::MyTasksSection, person * 4 + number);
        o.put("name", ["Recently assigned", "Do today", "Do later"].get(number as usize).copied().unwrap_or_default());
    });
    o.array("followers", || view.world.task_followers(index), |o, person| write_user(o, view, person));
}

fn write_places(o: &mut Object<'_>, view: View<'_>, index: u32, task: &Task, dice: Dice) {
    let world = view.world;
    // Memberships in projects that the viewer may not see are left out.
    let visible = |pair: &&(u32, u32)| view.viewer.sees_project(pair.0);
    o.array(
        "memberships",
        || task.memberships.iter().filter(visible),
        |o, (project, section)| {
            o.object("project", |o| write_project(o, view, *project));
            o.object("section", |o| write_section(o, view, *section));
        },
    );
    o.array("projects", || task.memberships.iter().filter(visible), |o, (project, _)| write_project(o, view, *project));
    o.array("tags", || task.tags.iter(), |o, tag| write_tag(o, view, *tag));
    o.maybe("parent", some(task.parent), |o, parent| write_task(o, view, parent));
    o.with("num_subtasks", || u32::try_from(world.children[index].len()).unwrap_or(0));
    // The edges are told even where they lead to tasks that are hidden.
    for (name, edges) in [("dependencies", &world.dependencies), ("dependents", &world.dependents)] {
        let edges = edges.get(&index).map_or(&[][..], Vec::as_slice);
        o.array(name, || edges.iter(), |o, other| view.head(o, Kind::Task, *other));
    }
    // Only the app that wrote it may read it; for all these tokens that is a handful of tasks.
    if view.viewer.is_service() && dice.chance("external", 2) {
        o.object("external", |o| {
            o.put("gid", Gid(u64::from(index) + 1));
            o.put("data", "{\"origin\": \"import\"}");
        });
    }
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.with("permalink_url", || format!("{}/task/{}", view.link(Kind::Project, 0), view.gid(Kind::Task, index).0));
}

/// Tasks in the order in which they were made.
fn list<'a>(call: &Call<'a>, rows: &'a [u32]) -> Result<Answer<'a>, ApiError> {
    let wanted = wanted(call)?;
    let rows = match wanted {
        None => Rows::Known(rows),
        Some(wanted) => Rows::Chosen(rows.iter().copied().filter(|index| wanted(*index)).collect()),
    };
    listing(call, rows).in_order_of_making().answer()
}

/// Tasks in an order of their own.
fn list_ranked<'a>(call: &Call<'a>, tasks: &'a Ranked) -> Result<Answer<'a>, ApiError> {
    let Some(wanted) = wanted(call)? else {
        let rank = |place: usize, _| tasks.ranks().get(place).copied().unwrap_or(u64::MAX);
        return listing(call, Rows::Known(tasks.rows())).ranked_by(rank).answer();
    };
    let rows = tasks.rows().iter().copied().zip(tasks.ranks().iter().copied());
    let (rows, ranks): (Vec<u32>, Vec<u64>) = rows.filter(|(index, _)| wanted(*index)).unzip();
    let rank = move |place: usize, _| ranks.get(place).copied().unwrap_or(u64::MAX);
    listing(call, Rows::Chosen(rows)).ranked_by(rank).answer()
}

/// Whether a task passes `completed_since` and `modified_since`; `None` when neither was sent.
fn wanted<'a>(call: &Call<'a>) -> Result<Option<impl Fn(u32) -> bool + use<'a>>, ApiError> {
    let world = call.view.world;
    let completed_since = call.time("completed_since")?;
    let modified_since = call.time("modified_since")?;
    Ok((completed_since.is_some() || modified_since.is_some()).then_some(move |index: u32| {
        let completed_at = world.tasks[index].completed_at;
        completed_since.is_none_or(|since| completed_at.is_none_or(|at| at >= since))
            && modified_since.is_none_or(|since| world.changed_at(index) >= since)
    }))
}

fn listing<'a>(call: &Call<'a>, rows: Rows<'a>) -> Listing<'a> {
    let view = call.view;
    Listing::new(rows, move |o, index| write_task(o, view, index))
        .shown_if(move |index| view.viewer.sees_task(index))
        .unlimited(Unlimited::Refused)
}

/// `project`, `section`, `tag`, or `assignee` with `workspace`: exactly one of them.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let world = call.view.world;
    let given = ["project", "section", "tag", "assignee"].map(|name| call.parameter(name));
    match given {
        [Some(project), None, None, None] => {
            list_ranked(call, &world.projects[call.find(Kind::Project, project)?].tasks)
        }
        [None, Some(section), None, None] => list_ranked(call, &world.sections[find_section(call, section)?].tasks),
        [None, None, Some(tag), None] => list(call, &world.tagged[call.find(Kind::Tag, tag)?]),
        [None, None, None, Some(assignee)] => {
            let workspace = call.find(Kind::Workspace, call.required("workspace")?)?;
            let person = call.person("assignee", assignee)?;
            list(call, if workspace == 0 { &world.assigned[person] } else { &[] })
        }
        _ => Err(ApiError::new(
            400,
            "Must specify exactly one of project, tag, section, user task list, or assignee + workspace",
        )),
    }
}

pub(super) fn of_project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let project = call.find(Kind::Project, call.id)?;
    list_ranked(call, &call.view.world.projects[project].tasks)
}

pub(super) fn of_section<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let section = find_section(call, call.id)?;
    list_ranked(call, &call.view.world.sections[section].tasks)
}

pub(super) fn of_tag<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let tag = call.find(Kind::Tag, call.id)?;
    list(call, &call.view.world.tagged[tag])
}

pub(super) fn of_task_list<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (workspace, person) = find_task_list(call, call.id)?;
    list(call, if workspace == 0 { &call.view.world.assigned[person] } else { &[] })
}

pub(super) fn task<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, call.find(Kind::Task, call.id)?);
    Ok(Answer::one(move |o| write_task(o, view, index)))
}

pub(super) fn subtasks<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let index = call.find(Kind::Task, call.id)?;
    list(call, &call.view.world.children[index])
}

/// Every task a viewer may see, however it can be found.
pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    Listing::new(Rows::Count(view.world.tasks.len()), move |o, index| write_task(o, view, index))
        .shown_if(move |index| view.viewer.sees_task(index))
}

/// The tasks a viewer can come across without search: in a project, with a tag, of a person who has a membership row,
/// or below such a task.
pub(super) fn reachable(view: View<'_>) -> Vec<u32> {
    let mut found: Vec<bool> = Vec::with_capacity(view.world.tasks.len() as usize);
    let rows = view.world.workspace_memberships.iter();
    let mut swept: Vec<u32> =
        rows.map(|(_, row)| row.person).filter(|person| view.viewer.sees_person(*person)).collect();
    swept.sort_unstable();
    for (index, task) in view.world.tasks.iter() {
        let in_project = task.memberships.iter().any(|(project, _)| view.viewer.sees_project(*project));
        let of_person = task.assignee != NONE && swept.binary_search(&task.assignee).is_ok();
        let tagged = task.tags.iter().any(|tag| view.viewer.sees_tag(*tag));
        let below = task.parent != NONE && found.get(task.parent as usize).copied().unwrap_or(false);
        found.push(view.viewer.sees_task(index) && (in_project || of_person || tagged || below));
    }
    (0u32..).zip(found).filter(|(_, found)| *found).map(|(index, _)| index).collect()
}

/// The attachments of a task as rows of `attachments`.
pub(super) fn attachment_row(task: u32, ordinal: u32) -> u64 {
    u64::from(task) * u64::from(ATTACHMENTS) + u64::from(ordinal)
}

/// `null` or a day, shared by stories about dates.
pub(super) fn put_day(o: &mut Object<'_>, name: &str, day: Option<Day>) {
    match day {
        Some(day) => o.put(name, day),
        None => o.put(name, Null),
    }
}
