//! Who can see what, and who answers for it.

use super::super::people::Role;
use super::super::projects::Privacy;
use super::super::teams::TeamVisibility;
use super::super::{Kind, NONE};
use super::Planter;

/// Administrators besides the one whom every workspace has.
const ADMINS: u32 = 6;

pub(super) fn plant(planter: &mut Planter<'_>) {
    guests(planter);
    administrators(planter);
    sharing(planter);
    owners(planter);
}

fn guests(planter: &mut Planter<'_>) {
    let reader = planter.member("Gus Reader", Role::Guest);
    let project = planter.project("read by a guest");
    planter.share(project, reader, "commenter");
    planter.finds("guest-access", Kind::User, reader);

    let admin = planter.member("Gil Admin", Role::Guest);
    let project = planter.project("administered by a guest");
    planter.share(project, admin, "admin");
    planter.finds("guest-access", Kind::User, admin);
    planter.finds("guest-project-admin", Kind::Project, project);

    let insider = planter.member("Gert Insider", Role::Guest);
    planter.team("Planted team with a guest", &[planter.anchors[0], insider]);
    planter.finds("guest-in-team", Kind::User, insider);

    let viewer = planter.member("Vic Viewer", Role::Member);
    for (_, row) in planter.world.workspace_memberships.iter_mut() {
        row.is_view_only |= row.person == viewer;
    }
    let project = planter.project("read by a viewer");
    planter.share(project, viewer, "viewer");
    planter.finds("view-only-access", Kind::User, viewer);

    let outsider = planter.member("Olga Outside", Role::Member);
    "olga@mail.example.invalid".clone_into(&mut planter.world.people[outsider].email);
    planter.finds("outside-domains", Kind::User, outsider);
}

fn administrators(planter: &mut Planter<'_>) {
    for number in 0..ADMINS {
        let admin = planter.member(&format!("Ada {number}. Admin"), Role::Admin);
        planter.finds("idle-admin", Kind::User, admin);
    }
    planter.finds("many-admins", Kind::Workspace, 0);
    let former = planter.member("Abe Former", Role::Admin);
    for (_, row) in planter.world.workspace_memberships.iter_mut() {
        row.is_active &= row.person != former;
    }
    planter.finds("inactive-admin", Kind::User, former);
}

fn sharing(planter: &mut Planter<'_>) {
    let project = planter.project("whose admin is gone");
    for row in planter.world.projects[project].memberships.clone() {
        planter.world.project_memberships[row].access_level = "editor";
    }
    planter.share(project, planter.gone, "admin");
    planter.finds("former-member-access", Kind::Project, project);
    planter.finds("sole-admin-left", Kind::Project, project);

    let project = planter.project("for everyone to edit");
    planter.world.projects[project].privacy = Privacy::Public;
    planter.finds("public-project", Kind::Project, project);
    planter.finds("everyone-edits", Kind::Project, project);

    let project = planter.project("of one person");
    planter.world.projects[project].memberships.truncate(1);
    planter.finds("private-alone", Kind::Project, project);

    let team = planter.team("Planted team for everyone", &planter.anchors.clone());
    planter.world.teams[team].visibility = TeamVisibility::Public;
    planter.finds("public-team", Kind::Team, team);
    let team = planter.team("Planted team of one", &[planter.anchors[0]]);
    planter.finds("empty-team", Kind::Team, team);
}

fn owners(planter: &mut Planter<'_>) {
    let project = planter.project("nobody's");
    planter.world.projects[project].owner = NONE;
    planter.finds("ownerless-project", Kind::Project, project);
    let project = planter.project("of someone who is gone");
    planter.world.projects[project].owner = planter.gone;
    planter.finds("project-owner-left", Kind::Project, project);

    for (rule, owner) in [("ownerless-goal", NONE), ("goal-owner-left", planter.gone)] {
        let goal = planter.goal(rule, owner);
        planter.finds(rule, Kind::Goal, goal);
    }
    let portfolio = planter.portfolio("of someone who is gone", planter.gone);
    planter.finds("portfolio-owner-left", Kind::Portfolio, portfolio);

    let project = planter.project("with a task of someone who is gone");
    let task = planter.task(&[project], "of someone who is gone");
    planter.assign(task, planter.gone);
    planter.finds("task-assignee-left", Kind::Task, task);

    let project = planter.project("whose tasks are nobody's");
    for number in 0..6 {
        let task = planter.task(&[project], &format!("nobody's {number}"));
        planter.assign(task, NONE);
    }
    planter.finds("unassigned-tasks", Kind::Project, project);
}
