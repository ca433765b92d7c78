//! Changes to the world while it is read. Each answers whether there was anything to change.
//!
//! What Asana says about the times of a task is kept: edits, comments and files move `modified_at`; coming into another
//! project, section or parent does not, but counts for `modified_since`.
//! Source: <https://developers.asana.com/reference/gettasks>

use super::edits::{Before, Edit, Happening, Indexed};
use super::people::Role;
use super::projects::Member;
use super::tasks::{ATTACHMENTS, STORIES, Subtype, Task};
use super::{Kind, NONE, World, names};

/// When a change is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Milliseconds since 1970 by the real clock, with which a client compares.
    pub(crate) wall_ms: i64,
    /// Simulated milliseconds, by which the search index lags.
    pub(crate) simulated_ms: u64,
}

impl World {
    /// Whether a task exists, or anything else of a kind that can be changed.
    pub(crate) fn exists(&self, kind: Kind, index: u32) -> bool {
        let count = match kind {
            Kind::Task => self.tasks.len(),
            Kind::Project => self.projects.len(),
            Kind::User => self.people.len(),
            _ => 0,
        };
        index < count && !self.is_gone(kind, index)
    }

    /// Notes how search knew a task before it is changed.
    fn remember(&mut self, task: u32, moment: Moment) {
        let was =
            self.tasks.row(task).map(|row| Indexed { task: row.clone(), has_files: self.attachment_count(task) > 0 });
        self.before_changes.push(Before { task, until_ms: moment.simulated_ms, was });
    }

    fn edit(&mut self, task: u32) -> &mut Edit {
        let generated_modified_at = self.tasks[task].modified_at;
        let generated_project = self.generated_project(task);
        let new = Edit { generated_modified_at, generated_project, ..Edit::default() };
        self.edits.entry(task).or_insert(new)
    }

    /// Modifies a task: by whoever made it, who leaves a story.
    fn modify(&mut self, task: u32, moment: Moment, subtype: &'static str, names: Option<(String, String)>) {
        let author = self.tasks[task].creator;
        let has_room = self.story_count(task) < STORIES;
        let edit = self.edit(task);
        if has_room {
            edit.stories.push(Happening { at: moment.wall_ms, subtype, author, names });
        }
        self.tasks[task].modified_at = moment.wall_ms;
    }

    pub(crate) fn task_name(&self, task: u32) -> String {
        let edited = self.edits.get(&task).and_then(|edit| edit.name.clone());
        edited.unwrap_or_else(|| {
            if self.tasks[task].is_separator {
                "Section heading:".to_owned()
            } else {
                names::task(self.dice(Kind::Task, task))
            }
        })
    }

    pub(crate) fn task_notes(&self, task: u32) -> String {
        let edited = self.edits.get(&task).and_then(|edit| edit.notes.clone());
        let notes = || self.long_notes(task).unwrap_or_else(|| names::prose(self.dice(Kind::Task, task), 45));
        edited.unwrap_or_else(notes)
    }

    pub(crate) fn edit_task(&mut self, task: u32, name: Option<&str>, notes: Option<&str>, moment: Moment) {
        self.remember(task, moment);
        if let Some(name) = name {
            let names = (self.task_name(task), name.to_owned());
            self.modify(task, moment, "name_changed", Some(names));
            self.edit(task).name = Some(name.to_owned());
        }
        if let Some(notes) = notes {
            self.modify(task, moment, "notes_changed", None);
            self.edit(task).notes = Some(notes.to_owned());
        }
    }

    pub(crate) fn complete_task(&mut self, task: u32, moment: Moment) -> bool {
        if self.tasks[task].completed_at.is_some() {
            return false;
        }
        self.remember(task, moment);
        self.modify(task, moment, "marked_complete", None);
        self.tasks[task].completed_at = Some(moment.wall_ms);
        true
    }

    pub(crate) fn attach_file(&mut self, task: u32, moment: Moment) -> bool {
        if self.attachment_count(task) >= ATTACHMENTS {
            return false;
        }
        self.remember(task, moment);
        self.modify(task, moment, "attachment_added", None);
        self.edit(task).files.push(moment.wall_ms);
        true
    }

    /// Makes a task with one comment, in no project yet. It has no parent when `parent` is `NONE`.
    pub(crate) fn add_task(&mut self, parent: u32, assignee: u32, moment: Moment) -> u32 {
        let index = self.tasks.len();
        self.remember(index, moment);
        let task = Task {
            parent,
            depth: self.tasks.row(parent).map_or(0, |parent| parent.depth + 1),
            subtype: Subtype::Task,
            is_separator: false,
            assignee,
            creator: self.actor(self.dice(Kind::Task, index), "creator"),
            created_at: moment.wall_ms,
            modified_at: moment.wall_ms,
            completed_at: None,
            memberships: Box::default(),
            tags: Box::default(),
            dates: None,
        };
        self.tasks.push(task);
        self.children.push(Vec::new());
        self.edit(index).is_new = true;
        self.modify(index, moment, "comment_added", None);
        if assignee != NONE {
            self.assigned[assignee].push(index);
        }
        if parent != NONE {
            self.remember(parent, moment);
            self.children[parent].push(index);
            self.edit(parent).associated_at = Some(moment.wall_ms);
        }
        index
    }

    /// Puts a task into a project before the row at `place`, in that row's section; at the end without such a row.
    pub(crate) fn put_into_project(&mut self, task: u32, project: u32, place: usize, moment: Moment) -> bool {
        let tasks = &self.projects[project].tasks;
        let neighbour = tasks.row(place).or_else(|| tasks.rows().last().copied());
        let section = neighbour
            .and_then(|row| self.section_in(row, project))
            .or_else(|| self.projects[project].sections.first().copied());
        let Some(section) = section.filter(|_| self.section_in(task, project).is_none()) else { return false };
        let before = tasks.row(place).and_then(|row| self.sections[section].tasks.place(row));
        self.remember(task, moment);
        self.sections[section].tasks.insert(before.unwrap_or(usize::MAX), task);
        self.projects[project].tasks.insert(place, task);
        self.set_memberships(task, moment, |memberships| memberships.push((project, section)));
        true
    }

    fn take_out_of_project(&mut self, task: u32, project: u32, moment: Moment) -> bool {
        let Some(section) = self.section_in(task, project) else { return false };
        self.remember(task, moment);
        self.sections[section].tasks.remove(task);
        self.projects[project].tasks.remove(task);
        self.set_memberships(task, moment, |memberships| memberships.retain(|(other, _)| *other != project));
        true
    }

    fn set_memberships(&mut self, task: u32, moment: Moment, change: impl FnOnce(&mut Vec<(u32, u32)>)) {
        let mut memberships = self.tasks[task].memberships.to_vec();
        change(&mut memberships);
        memberships.sort_unstable();
        // Before the memberships change: what was generated refers to the old ones.
        self.edit(task).associated_at = Some(moment.wall_ms);
        self.tasks[task].memberships = memberships.into_boxed_slice();
    }

    fn section_in(&self, task: u32, project: u32) -> Option<u32> {
        let memberships = &self.tasks[task].memberships;
        memberships.iter().find(|(known, _)| *known == project).map(|(_, section)| *section)
    }

    /// Moves the row at a place of a project to another, as the places are once it is taken out.
    pub(crate) fn move_within_project(&mut self, project: u32, from: usize, to: usize, moment: Moment) -> bool {
        let Some(task) = self.projects[project].tasks.row(from) else { return false };
        self.take_out_of_project(task, project, moment) && self.put_into_project(task, project, to, moment)
    }

    /// Moves a task out of its first project, if it has one, to the end of another.
    pub(crate) fn move_to_project(&mut self, task: u32, project: u32, moment: Moment) -> bool {
        if self.section_in(task, project).is_some() {
            return false;
        }
        if let Some((old, _)) = self.tasks[task].memberships.first().copied() {
            self.take_out_of_project(task, old, moment);
        }
        self.put_into_project(task, project, usize::MAX, moment)
    }

    /// Deletes a task with its subtasks.
    pub(crate) fn delete_task(&mut self, task: u32, moment: Moment) {
        for child in self.children[task].clone() {
            self.delete_task(child, moment);
        }
        for (project, _) in self.tasks[task].memberships.clone() {
            self.take_out_of_project(task, project, moment);
        }
        let (parent, assignee) = (self.tasks[task].parent, self.tasks[task].assignee);
        if parent != NONE {
            self.children[parent].retain(|child| *child != task);
        }
        if assignee != NONE {
            self.assigned[assignee].retain(|other| *other != task);
        }
        for tag in self.tasks[task].tags.clone() {
            self.tagged[tag].retain(|other| *other != task);
        }
        for before in self.dependencies.remove(&task).unwrap_or_default() {
            self.dependents.entry(before).or_default().retain(|other| *other != task);
        }
        for after in self.dependents.remove(&task).unwrap_or_default() {
            self.dependencies.entry(after).or_default().retain(|other| *other != task);
        }
        self.gone_tasks.insert(task);
    }

    /// Deletes a project, and of its tasks those that are in no other project, nobody's, untagged and no subtasks.
    pub(crate) fn delete_project(&mut self, project: u32, moment: Moment) {
        for task in self.projects[project].tasks.rows().to_vec() {
            self.take_out_of_project(task, project, moment);
            let row = &self.tasks[task];
            let is_kept = !row.memberships.is_empty() || row.assignee != NONE || row.parent != NONE;
            if !is_kept && row.tags.is_empty() {
                self.delete_task(task, moment);
            }
        }
        self.project_order.retain(|other| *other != project);
        let team = self.projects[project].team;
        if team != NONE {
            self.teams[team].projects.retain(|other| *other != project);
        }
        self.gone_projects.insert(project);
    }

    /// Takes someone out of the workspace: out of all memberships too, while their work stays theirs.
    pub(crate) fn remove_user(&mut self, person: u32) -> bool {
        if !self.people[person].is_listed() {
            return false;
        }
        self.people[person].role = Role::Departed;
        self.users.retain(|other| *other != person);
        for (_, row) in self.workspace_memberships.iter_mut().filter(|(_, row)| row.person == person) {
            row.is_active = false;
        }
        for (_, team) in self.teams.iter_mut() {
            team.memberships.retain(|row| self.team_memberships[*row].person != person);
        }
        for (_, project) in self.projects.iter_mut() {
            project.memberships.retain(|row| self.project_memberships[*row].member != Member::Person(person));
        }
        for (_, portfolio) in self.portfolios.rows.iter_mut() {
            portfolio.memberships.retain(|row| self.portfolios.memberships[*row].member != Member::Person(person));
        }
        for (_, goal) in self.goals.rows.iter_mut() {
            goal.memberships.retain(|row| self.goals.memberships[*row].member != Member::Person(person));
        }
        true
    }
}
