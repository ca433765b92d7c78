//! An import: many tasks made in the same millisecond, spread over the workspace.

use super::tasks::{Task, memberships, tags};
use super::{Kind, NONE, Subtype, Table, World, time};

/// The instant of the import.
const AT: i64 = time::NOW - 30 * time::DAY + 123;

/// How a task of the import can be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    InProjects,
    Subtask,
    Assigned,
    Tagged,
    /// Found by search only.
    Nowhere,
}

/// Adds the import's tasks after all others.
pub(super) fn generate(world: &World, tasks: &mut Table<Task>) {
    let first = tasks.len();
    for index in first..first + world.size.burst {
        let task = task(world, tasks, first, index);
        tasks.push(task);
    }
}

fn task(world: &World, earlier: &Table<Task>, first: u32, index: u32) -> Task {
    let dice = world.dice(Kind::Task, index);
    let place = match dice.below("place in import", 100) {
        0..=39 => Place::InProjects,
        // Below one of the three before it, unless that is a subtask itself.
        40..=49 if index > first => Place::Subtask,
        40..=64 => Place::Assigned,
        65..=74 => Place::Tagged,
        _ => Place::Nowhere,
    };
    let parent = if place == Place::Subtask { index - 1 - dice.below("parent", (index - first).min(3)) } else { NONE };
    let parent = if earlier.row(parent).is_some_and(|task| task.depth == 0) { parent } else { NONE };
    let is_assigned = match place {
        Place::Assigned => true,
        Place::InProjects | Place::Subtask => dice.chance("assigned", 50),
        Place::Tagged | Place::Nowhere => false,
    };
    // Most were never touched since, so that their other times are equal too.
    let life = if dice.chance("untouched", 60) { 0 } else { dice.below("modified", 2_000_000) };
    let modified_at = AT + i64::from(life) * time::SECOND;
    Task {
        parent,
        depth: u8::from(parent != NONE),
        subtype: Subtype::Task,
        is_separator: false,
        assignee: if is_assigned { world.actor(dice, "assignee") } else { NONE },
        creator: world.actor(dice, "creator"),
        created_at: AT,
        modified_at,
        completed_at: dice.chance("completed", 45).then_some(modified_at),
        memberships: if place == Place::InProjects { memberships(world, dice, index) } else { Box::default() },
        tags: if place == Place::Tagged { tags(world, dice) } else { Box::default() },
        dates: None,
    }
}
