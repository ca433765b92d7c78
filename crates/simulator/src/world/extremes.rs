//! What is rare and hard on an exporter: one project with most tasks, and trees of subtasks as deep as they may be.

use super::tasks::{DEEPEST, Task};
use super::{Kind, NONE, Subtype, Table, World, time};

/// Subtasks of each task in a tree, down to the deepest level.
const BRANCHES: u32 = 3;
/// Tasks in a whole tree, its root included.
const TREE: u32 = {
    let (mut all, mut level, mut depth) = (1, 1, 0);
    while depth < DEEPEST {
        level *= BRANCHES;
        all += level;
        depth += 1;
    }
    all
};

/// The sections of the huge project, with the part of its tasks that each has, in a hundred. Hardly any real project has
/// even ones.
pub(super) const HUGE_SECTIONS: [u32; 8] = [28, 9, 21, 2, 16, 12, 7, 5];

/// Adds those tasks after all others.
pub(super) fn generate(world: &World, tasks: &mut Table<Task>) {
    let first = tasks.len();
    let project = world.projects.len().checked_sub(1);
    let section = project.and_then(|project| Some((project, *world.projects[project].sections.first()?)));
    for index in first..first + world.size.huge_project {
        let section = project.and_then(|project| Some((project, huge_section(world, project, index)?)));
        tasks.push(task(world, index, NONE, 0, section));
    }
    let first = tasks.len();
    for place in 0..world.size.trees {
        // Within a tree, tasks are numbered level by level.
        let (tree, at) = (first + place / TREE * TREE, place % TREE);
        let parent = if at == 0 { NONE } else { tree + (at - 1) / BRANCHES };
        let depth = tasks.row(parent).map_or(0, |task| task.depth + 1);
        let section = section.filter(|_| at == 0);
        tasks.push(task(world, first + place, parent, depth, section));
    }
}

fn huge_section(world: &World, project: u32, index: u32) -> Option<u32> {
    let mut left = world.dice(Kind::Task, index).below("huge section", HUGE_SECTIONS.iter().sum());
    let at = HUGE_SECTIONS.iter().position(|part| {
        let is_in = left < *part;
        left = left.saturating_sub(*part);
        is_in
    })?;
    world.projects[project].sections.get(at).copied()
}

fn task(world: &World, index: u32, parent: u32, depth: u8, section: Option<(u32, u32)>) -> Task {
    let dice = world.dice(Kind::Task, index);
    // Each at its own time, so that a walk through all tasks by their times passes.
    let created_at = time::NOW - 600 * time::DAY + i64::from(index) * 1_009;
    let modified_at = created_at + i64::from(dice.below("modified", 2_000_000)) * time::SECOND;
    Task {
        parent,
        depth,
        subtype: Subtype::Task,
        is_separator: false,
        assignee: if dice.chance("assigned", 70) { world.actor(dice, "assignee") } else { NONE },
        creator: world.actor(dice, "creator"),
        created_at,
        modified_at,
        completed_at: dice.chance("completed", 45).then_some(modified_at),
        memberships: section.into_iter().collect(),
        tags: Box::default(),
        dates: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Size};

    #[test]
    fn one_project_is_huge_and_trees_are_as_deep_as_they_may_be() {
        let size = Size { huge_project: 500, trees: 2 * TREE + 1, ..Size::for_tasks(100) };
        let world = World::generate(&Config { size, ..Config::default() });
        let last = world.projects.len() - 1;
        assert!(world.projects[last].tasks.rows().len() >= 500);
        let sections = world.projects[last].sections.iter().map(|section| world.sections[*section].tasks.rows().len());
        let sections: Vec<usize> = sections.collect();
        assert!(sections.len() == 8 && sections.iter().all(|tasks| (1..=200).contains(tasks)), "{sections:?}");
        let of_trees = || world.tasks.iter().skip(600).map(|(_, task)| task);
        let depths: Vec<usize> =
            (0..=DEEPEST).map(|depth| of_trees().filter(|task| task.depth == depth).count()).collect();
        assert_eq!(depths, [3, 6, 18, 54, 162, 486]);
        assert!(of_trees().all(|task| (task.parent == NONE) == (task.depth == 0)));
    }
}
