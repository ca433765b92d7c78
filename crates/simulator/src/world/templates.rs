//! What explains projects and what they are made from: briefs, project templates, task templates, custom types.

use super::{Kind, NONE, Subtype, World, names};

/// Task template gids are `project * TASK_TEMPLATES + ordinal`.
pub(crate) const TASK_TEMPLATES: u32 = 8;
/// The templates that projects may have been created from; further ones were never used.
const USED_TEMPLATES: u32 = 5;

/// The custom types of tasks, by number.
pub(crate) const CUSTOM_TYPES: &[&str] = &["Bug", "Request", "Idea"];

impl World {
    /// A brief has the index of its project.
    pub(crate) fn has_brief(&self, project: u32) -> bool {
        !self.planted.has_project(project) && self.dice(Kind::Project, project).chance("brief", 25)
    }

    pub(crate) fn brief_attachment_count(&self, project: u32) -> u32 {
        let dice = self.dice(Kind::BriefAttachment, project);
        if self.has_brief(project) && dice.chance("attached", 50) { 1 + dice.below("attachments", 3) } else { 0 }
    }

    /// The template a project was created from.
    pub(crate) fn template_of(&self, project: u32) -> Option<u32> {
        let dice = self.dice(Kind::Project, project);
        dice.chance("template", 10).then(|| dice.below("template number", USED_TEMPLATES))
    }

    pub(crate) fn project_template_count(&self) -> u32 {
        USED_TEMPLATES + self.size.projects / 10
    }

    pub(crate) fn template_name(&self, template: u32) -> String {
        if template < USED_TEMPLATES {
            format!("Template {}", template + 1)
        } else {
            names::project(self.dice(Kind::ProjectTemplate, template))
        }
    }

    /// The team a project template belongs to; `NONE` only in a workspace without teams.
    pub(crate) fn template_team(&self, template: u32) -> u32 {
        match self.size.teams {
            0 => NONE,
            teams => self.dice(Kind::ProjectTemplate, template).below("team", teams),
        }
    }

    /// Whether everyone who sees the team sees the template, or only its members.
    pub(crate) fn is_template_public(&self, template: u32) -> bool {
        self.dice(Kind::ProjectTemplate, template).chance("public", 60)
    }

    pub(crate) fn task_template_count(&self, project: u32) -> u32 {
        let dice = self.dice(Kind::TaskTemplate, project);
        if dice.chance("has templates", 40) { 1 + dice.below("templates", TASK_TEMPLATES) } else { 0 }
    }

    /// The custom type of a task that has one.
    pub(crate) fn custom_type(&self, task: u32) -> Option<u32> {
        let types = u32::try_from(CUSTOM_TYPES.len()).unwrap_or(0);
        if self.planted.has_task(task) {
            return self.planted.custom_type().filter(|_| self.tasks[task].subtype == Subtype::Custom);
        }
        (self.tasks[task].subtype == Subtype::Custom).then(|| self.dice(Kind::Task, task).below("custom type", types))
    }

    /// The name of a custom type, if there is one with that number.
    pub(crate) fn custom_type_name(&self, number: u32) -> Option<&'static str> {
        let planted = self.planted.custom_type().filter(|planted| *planted == number);
        CUSTOM_TYPES.get(number as usize).copied().or_else(|| planted.map(|_| "Planted type"))
    }

    /// The custom types a project is generated with: those its tasks have, now and then one that no task has.
    pub(super) fn types_of_project(&self, project: u32) -> Vec<u32> {
        let dice = self.dice(Kind::CustomType, project);
        let tasks = &self.projects[project].tasks.rows();
        let used: Vec<u32> = tasks.iter().filter_map(|task| self.custom_type(*task)).collect();
        let is_of_project = |number: &u32| used.contains(number) || dice.part(*number).chance("unused", 5);
        (0u32..).zip(CUSTOM_TYPES).map(|(number, _)| number).filter(is_of_project).collect()
    }
}
