//! Dead wood and disorder, and what a move to another tool would lose.

use super::super::fields::FieldKind;
use super::super::tasks::Subtype;
use super::super::{Kind, time};
use super::{LONG_AGO, Planter};

pub(super) fn plant(planter: &mut Planter<'_>) {
    projects(planter);
    tasks(planter);
    names(planter);
    migration(planter);
}

fn projects(planter: &mut Planter<'_>) {
    let project = planter.empty_project("in which nothing happens");
    let task = planter.task(&[project], "done long ago");
    planter.complete(task, LONG_AGO);
    planter.world.projects[project].created_at = LONG_AGO;
    planter.finds("stale-project", Kind::Project, project);

    let project = planter.project("archived");
    planter.task(&[project], "open in the archive");
    planter.world.projects[project].archived = true;
    planter.finds("archived-with-open-tasks", Kind::Project, project);

    let project = planter.project("completed");
    planter.task(&[project], "open in what is done");
    planter.world.planted.completed_project = Some(project);
    planter.finds("completed-with-open-tasks", Kind::Project, project);

    let project = planter.empty_project("empty");
    planter.finds("empty-project", Kind::Project, project);

    let project = planter.project("with an empty section");
    let section = planter.section(project);
    planter.finds("empty-section", Kind::Section, section);
}

fn tasks(planter: &mut Planter<'_>) {
    let task = planter.task(&[], "in no project");
    planter.finds("task-in-no-project", Kind::Task, task);

    let projects: Vec<u32> = (0..6).map(|number| planter.project(&format!("one of six, {number}"))).collect();
    let task = planter.task(&projects, "in six projects");
    planter.finds("task-in-many-projects", Kind::Task, task);
    for project in projects {
        planter.finds("shared-tasks", Kind::Project, project);
    }

    let project = planter.project("with deep tasks");
    let mut deepest = planter.task(&[project], "level 0");
    for level in 1..=4 {
        deepest = planter.below(deepest, &format!("level {level}"));
    }
    planter.finds("deep-subtask", Kind::Task, deepest);

    let task = planter.task(&[project], "");
    if let Some(edit) = planter.world.edits.get_mut(&task) {
        edit.name = Some(" ".to_owned());
    }
    planter.finds("unnamed-task", Kind::Task, task);

    let task = planter.task(&[project], "untouched");
    planter.world.tasks[task].created_at = LONG_AGO;
    planter.world.tasks[task].modified_at = LONG_AGO + time::DAY;
    planter.finds("stale-task", Kind::Task, task);
}

fn names(planter: &mut Planter<'_>) {
    let projects = ["twice there", "TWICE there"].map(|name| planter.project(name));
    planter.finds_first("duplicate-project-name", Kind::Project, &projects);

    let tags = ["Planted twice", "planted Twice"].map(|name| planter.tag(name));
    let project = planter.project("with tags");
    let task = planter.task(&[project], "with tags");
    planter.complete(task, time::NOW - 20 * time::DAY);
    planter.world.tasks[task].tags = tags.to_vec().into_boxed_slice();
    for tag in tags {
        planter.world.tagged[tag].push(task);
    }
    planter.finds_first("duplicate-tag-name", Kind::Tag, &tags);
    let tag = planter.tag("Planted in vain");
    planter.finds("unused-tag", Kind::Tag, tag);

    let fields = ["Planted twice", "planted Twice"].map(|name| planter.unused_field(name, FieldKind::Text));
    planter.finds_first("duplicate-field-name", Kind::CustomField, &fields);
}

fn migration(planter: &mut Planter<'_>) {
    for (rule, kind) in [
        ("formula-field", FieldKind::Formula),
        ("identifier-field", FieldKind::CustomId),
        ("reference-field", FieldKind::Reference),
    ] {
        let field = planter.unused_field(&format!("Planted {rule}"), kind);
        planter.finds(rule, Kind::CustomField, field);
    }
    let project = planter.project("with an approval");
    let task = planter.task(&[project], "approval");
    planter.complete(task, time::NOW - 20 * time::DAY);
    planter.world.tasks[task].subtype = Subtype::Approval;
    planter.finds("approval-tasks", Kind::Project, project);
}
