//! Dates and dependencies that cannot hold.

use super::super::{Kind, time};
use super::{FAR_OFF, LONG_AGO, Planter};

pub(super) fn plant(planter: &mut Planter<'_>) {
    let project = planter.project("with plans that cannot hold");
    dates(planter, project);
    dependencies(planter, project);
    let undated = planter.project("without dates");
    for number in 0..12 {
        planter.task(&[undated], &format!("without a date {number}"));
    }
    planter.finds("undated-tasks", Kind::Project, undated);
    let goal = planter.goal("without a metric", planter.anchors[0]);
    planter.world.planted.unmeasured_goal = Some(goal);
    planter.finds("goal-without-metric", Kind::Goal, goal);
}

fn dates(planter: &mut Planter<'_>, project: u32) {
    let task = planter.task(&[project], "due before it starts");
    planter.dates(task, Some(FAR_OFF + 10 * time::DAY), Some(FAR_OFF));
    planter.finds("task-dates-reversed", Kind::Task, task);

    let late = planter.project("past its date");
    planter.project_dates(late, None, Some(LONG_AGO));
    planter.finds("overdue-project", Kind::Project, late);
    let reversed = planter.project("that ends before it starts");
    planter.project_dates(reversed, Some(FAR_OFF + 10 * time::DAY), Some(FAR_OFF));
    planter.finds("plan-dates-reversed", Kind::Project, reversed);

    let parent = planter.task(&[project], "due before its part");
    planter.dates(parent, None, Some(FAR_OFF));
    let part = planter.below(parent, "due after its whole");
    planter.dates(part, None, Some(FAR_OFF + 10 * time::DAY));
    planter.finds("subtask-after-parent", Kind::Task, part);
}

fn dependencies(planter: &mut Planter<'_>, project: u32) {
    let circle = ["one", "two", "three"].map(|name| planter.task(&[project], &format!("circle {name}")));
    for (task, on) in circle.into_iter().zip(circle.into_iter().cycle().skip(1)) {
        planter.depends(task, on);
    }
    planter.finds_first("dependency-cycle", Kind::Task, &circle);

    let late = planter.task(&[project], "overdue");
    planter.dates(late, None, Some(LONG_AGO));
    planter.finds("overdue-task", Kind::Task, late);
    let waiting = planter.task(&[project], "waits for the overdue one");
    planter.depends(waiting, late);
    planter.finds("blocked-by-overdue", Kind::Task, waiting);

    let (first, second) = (planter.task(&[project], "due first"), planter.task(&[project], "due second"));
    planter.dates(first, None, Some(FAR_OFF));
    planter.dates(second, None, Some(FAR_OFF + 10 * time::DAY));
    planter.depends(first, second);
    planter.finds("dependency-dates-conflict", Kind::Task, first);

    let done = planter.task(&[project], "done long ago");
    planter.complete(done, LONG_AGO + 10 * time::DAY);
    let free = planter.task(&[project], "waits for what is done");
    planter.world.tasks[free].created_at = LONG_AGO;
    planter.world.tasks[free].modified_at = LONG_AGO;
    planter.depends(free, done);
    planter.finds("unblocked-and-waiting", Kind::Task, free);
    planter.finds("stale-task", Kind::Task, free);
}
