//! What changes made of tasks, besides their rows: new texts, stories, files, and what search knew before.

use super::{Kind, Task, World};

/// What is no longer as it was generated in one task.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    /// It was made by a change: nothing of it is generated but what the dice say.
    pub(super) is_new: bool,
    pub(crate) name: Option<String>,
    pub(crate) notes: Option<String>,
    /// When the generated task last changed: its generated stories lie before.
    pub(super) generated_modified_at: i64,
    /// The first project in which it was generated: its generated stories are about that.
    pub(super) generated_project: Option<u32>,
    /// Stories after the generated ones.
    pub(super) stories: Vec<Happening>,
    /// When files after the generated ones were attached.
    pub(super) files: Vec<i64>,
    /// When it last came into another project, section or parent, which `modified_at` does not tell.
    pub(super) associated_at: Option<i64>,
}

/// A story that a change left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(crate) at: i64,
    pub(crate) subtype: &'static str,
    pub(crate) author: u32,
    /// The names before and after, if it is about them.
    pub(crate) names: Option<(String, String)>,
}

/// A task as far as search looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Indexed {
    pub(crate) task: Task,
    pub(crate) has_files: bool,
}

/// A task before a change.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) task: u32,
    /// When the change was made, in simulated milliseconds.
    pub(crate) until_ms: u64,
    /// `None`: it was not there.
    pub(crate) was: Option<Indexed>,
}

impl Edit {
    /// That of a planted task: nothing is generated for it.
    pub(super) fn of_planted(name: String, created_at: i64) -> Self {
        Self { is_new: true, name: Some(name), generated_modified_at: created_at, ..Self::default() }
    }
}

impl World {
    /// Whether an object was deleted.
    pub(crate) fn is_gone(&self, kind: Kind, index: u32) -> bool {
        match kind {
            Kind::Task => self.gone_tasks.contains(&index),
            Kind::Project => self.gone_projects.contains(&index),
            Kind::Section => {
                self.sections.row(index).is_some_and(|section| self.gone_projects.contains(&section.project))
            }
            _ => false,
        }
    }

    /// A story that a change left, if the ordinal is that of one.
    pub(crate) fn happening(&self, task: u32, ordinal: u32) -> Option<&Happening> {
        let edit = self.edits.get(&task)?;
        edit.stories.get(ordinal.checked_sub(self.generated_story_count(task))? as usize)
    }

    pub(crate) fn story_count(&self, task: u32) -> u32 {
        self.generated_story_count(task) + self.edits.get(&task).map_or(0, |edit| count(&edit.stories))
    }

    /// When a file was attached by a change, if the ordinal is that of one.
    pub(crate) fn file_added_at(&self, task: u32, ordinal: u32) -> Option<i64> {
        let edit = self.edits.get(&task)?;
        edit.files.get(ordinal.checked_sub(self.generated_attachment_count(task))? as usize).copied()
    }

    pub(crate) fn attachment_count(&self, task: u32) -> u32 {
        self.generated_attachment_count(task) + self.edits.get(&task).map_or(0, |edit| count(&edit.files))
    }

    /// When a task last changed in the sense of `modified_since`, which counts associations too: being added to a
    /// project, which does not move `modified_at`.
    pub(crate) fn changed_at(&self, task: u32) -> i64 {
        let modified_at = self.tasks[task].modified_at;
        let associated_at = self.edits.get(&task).and_then(|edit| edit.associated_at);
        associated_at.map_or(modified_at, |at| at.max(modified_at))
    }

    /// When the generated stories of a task end.
    pub(super) fn generated_modified_at(&self, task: u32) -> i64 {
        self.edits.get(&task).map_or(self.tasks[task].modified_at, |edit| edit.generated_modified_at)
    }

    /// The project that the generated stories of a task are about.
    pub(crate) fn generated_project(&self, task: u32) -> Option<u32> {
        let now = || self.tasks[task].memberships.first().map(|(project, _)| *project);
        self.edits.get(&task).map_or_else(now, |edit| edit.generated_project)
    }

    pub(super) fn is_generated(&self, task: u32) -> bool {
        !self.edits.get(&task).is_some_and(|edit| edit.is_new)
    }
}

fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
