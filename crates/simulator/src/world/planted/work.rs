//! How work goes on: statuses, goals, time that is planned and spent, and what is chosen and followed.

use super::super::fields::{FieldKind, Setting};
use super::super::people::Role;
use super::super::tasks::Subtype;
use super::super::{Kind, OPTIONS, time};
use super::facts::Entry;
use super::{FAR_OFF, Planter};

pub(super) fn plant(planter: &mut Planter<'_>) {
    statuses(planter);
    spent(planter);
    planned(planter);
    chosen(planter);

    let project = planter.project("with a follower who is gone");
    let task = planter.task(&[project], "followed by someone who is gone");
    planter.world.planted.followers.insert(task, vec![planter.anchors[0], planter.gone]);
    planter.finds("follower-left", Kind::User, planter.gone);
}

fn statuses(planter: &mut Planter<'_>) {
    for (rule, status) in [
        ("at-risk-without-update", Some("at_risk")),
        ("late-status-update", Some("on_track")),
        ("no-status-update", None),
    ] {
        let project = planter.project(rule);
        planter.world.planted.project_statuses.insert(project, status);
        planter.finds(rule, Kind::Project, project);
    }
    let goal = planter.goal("off track for long", planter.anchors[0]);
    planter.world.goals.rows[goal].created_at = time::NOW - 300 * time::DAY;
    planter.world.planted.goal_statuses.insert(goal, "off_track");
    planter.finds("at-risk-without-update", Kind::Goal, goal);

    let goal = planter.goal("that stands where it began", planter.anchors[0]);
    planter.world.planted.stalled_goal = Some(goal);
    planter.finds("goal-without-progress", Kind::Goal, goal);
}

fn spent(planter: &mut Planter<'_>) {
    let (person, today) = (planter.anchors[1], time::NOW / time::DAY);
    let project = planter.project("over its budget");
    let task = planter.task(&[project], "takes long");
    planter.world.planted.budgets.insert(project, 60);
    planter.world.planted.entries.insert(task, Entry { person, minutes: 90, day: today - 10 });
    planter.finds("budget-exceeded", Kind::Project, project);

    let project = planter.project("with time after the end");
    let task = planter.task(&[project], "done, and worked on");
    planter.complete(task, time::NOW - 20 * time::DAY);
    planter.world.planted.entries.insert(task, Entry { person, minutes: 30, day: today - 10 });
    planter.finds("time-on-completed", Kind::Task, task);
}

fn planned(planter: &mut Planter<'_>) {
    let busy = planter.member("Bea Busy", Role::Member);
    for number in 0..2 {
        let project = planter.project(&format!("planned for, {number}"));
        planter.world.planted.allocations.insert(project, vec![busy]);
    }
    planter.finds("overallocated", Kind::User, busy);

    let away = planter.member("Awa Away", Role::Member);
    let project = planter.project("with a task of someone who is away");
    let task = planter.task(&[project], "due while its assignee is away");
    planter.assign(task, away);
    planter.dates(task, None, Some(FAR_OFF + 3 * time::DAY));
    let first = FAR_OFF / time::DAY;
    planter.world.planted.absences.insert(away, (first, first + 10));
    planter.finds("due-while-away", Kind::Task, task);
}

fn chosen(planter: &mut Planter<'_>) {
    let project = planter.project("with a choice");
    let field = planter.field("Planted choice", FieldKind::Enum);
    // More options than there are tasks and projects to choose one.
    planter.world.fields[field].options = OPTIONS / 8;
    let setting = planter.world.settings.push(Setting { project, field, is_important: false });
    planter.world.projects[project].settings.push(setting);
    planter.finds("unused-option", Kind::CustomField, field);

    let project = planter.project("with a type of its own");
    let task = planter.task(&[project], "of a custom type");
    planter.world.tasks[task].subtype = Subtype::Custom;
    if let Some(number) = planter.world.custom_type(task) {
        planter.world.projects[project].types.push(number);
        planter.finds("custom-type", Kind::CustomType, number);
    }
}
