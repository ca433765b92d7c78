//! Tasks and their places: parents, projects, sections, assignees, tags and dependencies.

use super::planted::Dates;
use super::{Dice, Kind, NONE, Table, World, burst, extremes, projects, time};

/// Story gids are `task * STORIES + ordinal`.
pub(crate) const STORIES: u32 = 512;
/// Attachment gids are `owner * ATTACHMENTS + ordinal`.
pub(crate) const ATTACHMENTS: u32 = 128;
/// Levels below a top-level task.
pub(super) const DEEPEST: u8 = 5;
/// A chain of tasks, each the child of the one before, down to the deepest level.
const CHAIN: std::ops::RangeInclusive<u32> = 10..=15;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subtype {
    Task,
    Milestone,
    Approval,
    Custom,
}

#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) parent: u32,
    pub(crate) depth: u8,
    pub(crate) subtype: Subtype,
    pub(crate) is_separator: bool,
    pub(crate) assignee: u32,
    pub(crate) creator: u32,
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
    pub(crate) completed_at: Option<i64>,
    /// (project, section) pairs.
    pub(crate) memberships: Box<[(u32, u32)]>,
    pub(crate) tags: Box<[u32]>,
    /// Its dates, where they are not left to chance.
    pub(crate) dates: Option<Dates>,
}

/// How a task can be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    InProjects,
    Subtask,
    /// In no project, but someone's.
    Assigned,
    /// In no project and nobody's, but tagged.
    Tagged,
    /// Found by search only.
    Nowhere,
}

pub(super) fn generate(world: &mut World) {
    let mut tasks: Table<Task> = Table::default();
    for index in 0..world.size.tasks {
        let task = task(world, &tasks, index);
        tasks.push(task);
    }
    burst::generate(world, &mut tasks);
    extremes::generate(world, &mut tasks);
    world.children = tasks.indexes().map(|_| Vec::new()).collect();
    world.assigned = world.people.indexes().map(|_| Vec::new()).collect();
    world.tagged = world.tags.indexes().map(|_| Vec::new()).collect();
    let mut in_section: Vec<Vec<u32>> = world.sections.indexes().map(|_| Vec::new()).collect();
    for (index, task) in tasks.iter() {
        if task.parent != NONE {
            world.children[task.parent].push(index);
        }
        if task.assignee != NONE {
            world.assigned[task.assignee].push(index);
        }
        for tag in &task.tags {
            world.tagged[*tag].push(index);
        }
        for (_, section) in &task.memberships {
            if let Some(tasks) = in_section.get_mut(*section as usize) {
                tasks.push(index);
            }
        }
        for dependency in dependencies(world.dice(Kind::Task, index), index) {
            world.dependencies.entry(index).or_default().push(dependency);
            world.dependents.entry(dependency).or_default().push(index);
        }
    }
    for ((_, section), tasks) in world.sections.iter_mut().zip(in_section) {
        section.tasks = tasks.into_iter().collect();
    }
    for (_, project) in world.projects.iter_mut() {
        let tasks = project.sections.iter().flat_map(|section| world.sections[*section].tasks.rows());
        project.tasks = tasks.copied().collect();
    }
    world.tasks = tasks;
    for project in world.projects.indexes() {
        world.projects[project].types = world.types_of_project(project);
    }
}

fn place(world: &World, dice: Dice, index: u32) -> Place {
    match index {
        0..=2 | 10 => Place::InProjects,
        3 => Place::Assigned,
        4 => Place::Tagged,
        5 | 6 => Place::Nowhere,
        7..=9 if world.size.projects > 0 => Place::InProjects,
        11..=15 => Place::Subtask,
        _ => match dice.below("place", 1_000) {
            0..=619 => Place::InProjects,
            620..=919 => Place::Subtask,
            920..=984 => Place::Assigned,
            985..=994 => Place::Tagged,
            _ => Place::Nowhere,
        },
    }
}

fn task(world: &World, earlier: &Table<Task>, index: u32) -> Task {
    let dice = world.dice(Kind::Task, index);
    let place = place(world, dice, index);
    let parent = match place {
        Place::Subtask if CHAIN.contains(&index) => index - 1,
        Place::Subtask => {
            let parent = index - 1 - dice.below("parent", index.min(40));
            if earlier.row(parent).is_some_and(|task| task.depth < DEEPEST) { parent } else { NONE }
        }
        _ => NONE,
    };
    let depth = earlier.row(parent).map_or(0, |task| task.depth + 1);
    let in_projects = match place {
        Place::InProjects => true,
        // A subtask stays out of its parent's projects unless someone added it; one too deep became a plain task.
        Place::Subtask => parent == NONE || dice.chance("subtask in project", 12),
        _ => false,
    };
    let memberships = if in_projects { memberships(world, dice, index) } else { Box::default() };
    let is_assigned = match place {
        Place::Assigned => true,
        Place::Tagged | Place::Nowhere => false,
        Place::InProjects | Place::Subtask => dice.chance("assigned", 70),
    };
    let is_tagged = match place {
        Place::Tagged => true,
        Place::Nowhere => false,
        _ => dice.chance("tagged", 15),
    };
    let subtype = match dice.below("subtype", 100) {
        _ if index < 20 => Subtype::Task,
        0..=3 => Subtype::Milestone,
        4..=7 => Subtype::Approval,
        8..=9 => Subtype::Custom,
        _ => Subtype::Task,
    };
    let earliest = earlier.row(parent).map_or(time::NOW - 700 * time::DAY, |task| task.created_at);
    let room = u32::try_from((time::NOW - 10 * time::DAY - earliest) / time::SECOND).unwrap_or(0);
    let created_at =
        earliest + i64::from(dice.below("created", room.max(1))) * time::SECOND + i64::from(dice.below("ms", 1_000));
    let life = u32::try_from((time::NOW - created_at) / time::SECOND).unwrap_or(1);
    let modified_at = created_at + i64::from(dice.below("modified", life.max(1))) * time::SECOND;
    let completed_at = dice
        .chance("completed", 45)
        .then(|| created_at + (modified_at - created_at) * i64::from(1 + dice.below("completed at", 9)) / 10);
    Task {
        parent,
        depth,
        subtype,
        is_separator: index > 20 && subtype == Subtype::Task && !memberships.is_empty() && dice.chance("separator", 2),
        assignee: if is_assigned { world.actor(dice, "assignee") } else { NONE },
        creator: world.actor(dice, "creator"),
        created_at,
        modified_at,
        completed_at,
        memberships,
        tags: if is_tagged { tags(world, dice) } else { Box::default() },
        dates: None,
    }
}

pub(super) fn memberships(world: &World, dice: Dice, index: u32) -> Box<[(u32, u32)]> {
    if world.projects.len() == 0 {
        return Box::default();
    }
    let count = if index == 0 || dice.chance("several projects", 12) { 2 + dice.below("how many", 2) } else { 1 };
    let mut projects: Vec<u32> = (0..count)
        .map(|at| {
            let dice = dice.part(at);
            // Project 0 is by far the largest; among the others low numbers are more likely.
            let bound = dice.below("project bound", world.projects.len()) + 1;
            match dice.below("project", bound) {
                _ if index < 3 && at == 0 => 0,
                _ if dice.chance("main project", 20) => 0,
                projects::EMPTY_PROJECT => 0,
                project => project,
            }
        })
        .collect();
    projects.sort_unstable();
    projects.dedup();
    projects
        .into_iter()
        .filter_map(|project| {
            let sections = &world.projects[project].sections;
            let used = u32::try_from(sections.len()).unwrap_or(1).min(9);
            // The last section of a project stays empty when there are others.
            let ordinal = dice.part(project).below("section", used.max(2) - 1);
            sections.get(ordinal as usize).map(|section| (project, *section))
        })
        .collect()
}

pub(super) fn tags(world: &World, dice: Dice) -> Box<[u32]> {
    let count = 1 + dice.below("tags", 3);
    let mut tags: Vec<u32> = (0..count)
        .map(|at| dice.part(at).below("tag bound", world.tags.len()))
        .map(|bound| dice.below("tag", bound + 1))
        .filter(|tag| *tag < world.tags.len())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    tags.into_boxed_slice()
}

fn dependencies(dice: Dice, index: u32) -> Vec<u32> {
    if index == 0 || !dice.chance("depends", 10) {
        return Vec::new();
    }
    let mut found: Vec<u32> =
        (0..=dice.below("dependencies", 3)).map(|at| dice.part(at).below("dependency", index)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

impl World {
    pub(crate) fn task_followers(&self, task: u32) -> Vec<u32> {
        let dice = self.dice(Kind::Task, task);
        // Task 7 is followed by nearly everyone.
        if task == 7 {
            return (0..self.actors).collect();
        }
        if let Some(followers) = self.planted.followers(task) {
            return followers;
        }
        self.crowd(task).unwrap_or_else(|| self.some_people(dice, "followers", 5))
    }

    pub(crate) fn assigner(&self, index: u32, task: &Task) -> Option<u32> {
        let dice = self.dice(Kind::Task, index);
        (task.assignee != NONE && dice.chance("assigned by", 90)).then(|| self.actor(dice, "assigned by"))
    }

    /// Tasks that were generated: what refers to tasks by chance refers to these.
    pub(crate) fn generated_tasks(&self) -> u32 {
        self.size.tasks + self.size.burst + self.size.huge_project + self.size.trees
    }

    pub(crate) fn task_likers(&self, task: u32) -> Vec<u32> {
        let dice = self.dice(Kind::TaskLike, task);
        if dice.chance("liked", 15) { self.some_people(dice, "likers", 4) } else { Vec::new() }
    }

    pub(super) fn generated_story_count(&self, task: u32) -> u32 {
        let dice = self.dice(Kind::Story, task);
        let mean = self.size.stories_per_task;
        if mean == 0 || !self.is_generated(task) {
            return 0;
        }
        match task {
            0 => 230,
            1 => 100,
            2 => 0,
            _ if dice.below("many", 1_000) == 0 => (10 * mean).min(STORIES - 1),
            _ => (1 + dice.below("stories", 2 * mean)).min(STORIES - 1),
        }
    }

    /// When the story happened: ordered by ordinal, between the task's creation and its last change.
    pub(crate) fn story_time(&self, task: u32, ordinal: u32) -> i64 {
        if let Some(happening) = self.happening(task, ordinal) {
            return happening.at;
        }
        let row = &self.tasks[task];
        let life = self.generated_modified_at(task) - row.created_at;
        let slot = life / i64::from(self.generated_story_count(task).max(1));
        let jitter = u32::try_from(slot).unwrap_or(u32::MAX).max(1);
        let dice = self.dice(Kind::Story, task).part(ordinal);
        row.created_at + slot * i64::from(ordinal) + i64::from(dice.below("moment", jitter))
    }

    pub(super) fn generated_attachment_count(&self, task: u32) -> u32 {
        let dice = self.dice(Kind::TaskAttachment, task);
        match task {
            _ if !self.is_generated(task) => 0,
            1 => ATTACHMENTS - 8,
            0 => 3,
            _ if dice.chance("attached", 12) => 1 + dice.below("attachments", 3),
            _ => 0,
        }
    }

    pub(crate) fn project_attachment_count(&self, project: u32) -> u32 {
        if self.planted.has_project(project) {
            return u32::from(self.planted.files.contains_key(&project));
        }
        let dice = self.dice(Kind::ProjectAttachment, project);
        if dice.chance("attached", 30) { 1 + dice.below("attachments", 4) } else { 0 }
    }

    /// The fields a task shows: those of its projects, now and then one that was removed (`enabled` false) or that is
    /// in no list. Answers (field, enabled).
    pub(crate) fn task_fields(&self, task: u32) -> Vec<(u32, bool)> {
        let dice = self.dice(Kind::CustomFieldValue, task);
        let mut fields: Vec<(u32, bool)> = Vec::new();
        for (project, _) in &self.tasks[task].memberships {
            for setting in &self.projects[*project].settings {
                let field = self.settings[*setting].field;
                if fields.iter().all(|(known, _)| *known != field) {
                    fields.push((field, true));
                }
            }
        }
        let stray = |field: u32, fields: &mut Vec<(u32, bool)>| {
            if field < self.fields.len() && fields.iter().all(|(known, _)| *known != field) {
                fields.push((field, false));
            }
        };
        if !fields.is_empty() && dice.chance("removed field", 4) {
            stray(dice.below("which removed", self.size.custom_fields.max(1)), &mut fields);
        }
        if dice.chance("unlisted field", 2) {
            stray(self.generated_fields().saturating_sub(1 + dice.below("which unlisted", 2)), &mut fields);
        }
        fields
    }
}
