//! Choosing what to export: resources, projects, teams, workspaces. What is chosen is exported whole, what is not is
//! neither written nor asked for beyond need.

use std::collections::BTreeSet;

use asana_simulator::{ADMIN_TOKEN, BLOCKED_TOKEN, Config, GUEST_TOKEN, RunningSimulator, SERVICE_TOKEN, Truth};

use crate::support::expected::{self, gid};
use crate::support::{Export, Folder, assert_tables, start, unlimited};

struct Scene {
    simulator: RunningSimulator,
    out: tempfile::TempDir,
}

impl Scene {
    fn new(config: Config) -> Self {
        Self { simulator: start(config), out: tempfile::tempdir().unwrap() }
    }

    fn export(&self) -> Export {
        Export::new(&self.simulator, SERVICE_TOKEN, &self.out.path().join("out"))
    }

    fn truth(&self) -> Truth {
        self.simulator.truth()
    }

    /// Requests to routes that contain any of these.
    fn asked(&self, parts: &[&str]) -> u64 {
        let stats = self.simulator.stats();
        let of = stats.by_route.iter().filter(|(route, _)| parts.iter().any(|part| route.contains(part)));
        of.map(|(_, count)| count).sum()
    }
}

/// The tables of Asana's data that were written.
fn data_tables(folder: &Folder) -> Vec<String> {
    let mut tables = folder.tables("csv");
    tables.retain(|table| !table.starts_with("export_"));
    tables
}

#[test]
fn only_exports_what_is_named_with_its_child_tables() {
    let scene = Scene::new(unlimited(1, 60));
    let folder = scene.export().set("only", "projects,sections").complete();
    let expected = expected::tables(&scene.truth(), SERVICE_TOKEN);
    let lists = ["project_members", "project_followers"];
    let is_wanted = |name: &&String| {
        ["projects", "sections"].contains(&name.as_str())
            || lists.contains(&name.as_str())
            || name.starts_with("project_custom_field")
    };
    let wanted: Vec<String> = expected.keys().filter(is_wanted).cloned().collect();
    assert_eq!(data_tables(&folder), wanted);
    for table in &wanted {
        assert_eq!(&folder.table(table), &expected[table], "{table}");
    }
    assert_eq!(scene.asked(&["tasks", "stories", "attachments", "tags"]), 0, "{:?}", scene.simulator.stats());
}

#[test]
fn skip_leaves_out_what_is_named() {
    let scene = Scene::new(unlimited(1, 60));
    let folder = scene.export().set("skip", "stories,attachments,custom_fields,memberships").complete();
    let mut expected = expected::tables(&scene.truth(), SERVICE_TOKEN);
    expected.retain(|name, _| {
        let own_definitions =
            name == "custom_fields" || name.starts_with("custom_field_enum") || name.contains("input");
        !["stor", "attachment", "memberships"].iter().any(|skipped| name.starts_with(skipped)) && !own_definitions
    });
    // People met in stories only are not known without them.
    let people = folder.table("users");
    let met: BTreeSet<String> = people.texts("gid").into_iter().collect();
    expected.get_mut("users").unwrap().rows.retain(|row| met.contains(&row[0].shown().unwrap()));
    assert_tables(&folder, &expected);
    assert_eq!(scene.asked(&["stories", "attachments", "custom_fields"]), 0);
    let listed = scene.truth().records("users", SERVICE_TOKEN).len();
    assert!(people.texts("source").iter().filter(|source| *source == "listing").count() == listed);
}

#[test]
fn attachments_none_asks_for_none() {
    let scene = Scene::new(unlimited(1, 40));
    let folder = scene.export().set("attachments", "none").complete();
    assert!(!data_tables(&folder).contains(&"attachments".to_owned()));
    assert_eq!(scene.asked(&["attachments"]), 0);
}

/// The tasks of these projects with all that is below them.
fn tasks_of(truth: &Truth, projects: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let own = |project: &String| truth.listing(&format!("/tasks?project={project}"), SERVICE_TOKEN).unwrap();
    let mut waiting: Vec<String> = projects.iter().flat_map(own).collect();
    while let Some(task) = waiting.pop() {
        waiting.extend(truth.listing(&format!("/tasks/{task}/subtasks"), SERVICE_TOKEN).unwrap());
        found.insert(task);
    }
    found
}

/// What an export of chosen projects holds.
#[track_caller]
fn check_projects(scene: &Scene, folder: &Folder, projects: &[String]) {
    let truth = scene.truth();
    let expected = expected::tables(&truth, SERVICE_TOKEN);
    let tasks = tasks_of(&truth, projects);
    let owned = |table: &str, column: &str, owners: &BTreeSet<String>| {
        let mut table = expected[table].clone();
        let at = table.columns.iter().position(|name| name == column).unwrap();
        table.rows.retain(|row| owners.contains(&row[at].shown().unwrap_or_default()));
        table
    };
    let projects: BTreeSet<String> = projects.iter().cloned().collect();
    for (table, column, owners) in [
        ("projects", "gid", &projects),
        ("project_members", "project_gid", &projects),
        ("sections", "project_gid", &projects),
        ("custom_field_settings", "parent_gid", &projects),
        ("tasks", "gid", &tasks),
        ("task_memberships", "task_gid", &tasks),
        ("task_custom_fields", "task_gid", &tasks),
        ("stories", "target_gid", &tasks),
        ("attachments", "parent_gid", &tasks),
    ] {
        assert_eq!(folder.table(table), owned(table, column, owners), "{table}");
    }
}

#[test]
fn a_project_is_exported_by_gid_or_name_with_what_is_in_it() {
    let scene = Scene::new(unlimited(3, 120));
    let projects = scene.truth().records("projects", SERVICE_TOKEN);
    let with_subtasks = |project: &&serde_json::Value| {
        let own = scene.truth().listing(&format!("/tasks?project={}", gid(project)), SERVICE_TOKEN).unwrap();
        tasks_of(&scene.truth(), &[gid(project).to_owned()]).len() > own.len()
    };
    let project = projects.iter().find(with_subtasks).unwrap();
    let chosen = [gid(project).to_owned()];
    check_projects(&scene, &scene.export().set("project", &chosen[0]).complete(), &chosen);
    let name = project["name"].as_str().unwrap();
    if !name.contains(',') {
        check_projects(&scene, &scene.export().set("project", name).flag("fresh").complete(), &chosen);
    }
    assert_eq!(scene.asked(&["team_memberships"]), 0);
}

#[test]
fn several_projects_are_exported_without_the_others() {
    let scene = Scene::new(unlimited(3, 120));
    let projects = scene.truth().records("projects", SERVICE_TOKEN);
    let chosen: Vec<String> = projects.iter().skip(2).take(3).map(|project| gid(project).to_owned()).collect();
    check_projects(&scene, &scene.export().set("project", &chosen.join(",")).complete(), &chosen);
}

#[test]
fn a_team_stands_for_its_projects_owned_and_shared() {
    let scene = Scene::new(unlimited(3, 120));
    let truth = scene.truth();
    let shared = truth.records("memberships", SERVICE_TOKEN);
    let of = |team: &str| -> BTreeSet<String> {
        let owned = truth.listing(&format!("/teams/{team}/projects"), SERVICE_TOKEN).unwrap();
        let of_projects = shared.iter().filter(|row| row["parent"]["resource_type"] == "project");
        let shared = of_projects.filter(|row| gid(&row["member"]) == team).map(|row| gid(&row["parent"]).to_owned());
        owned.into_iter().chain(shared).collect()
    };
    let teams = truth.records("teams", SERVICE_TOKEN);
    let team = teams.iter().map(gid).find(|team| of(team).len() > 1).unwrap();
    let chosen: Vec<String> = of(team).into_iter().collect();
    check_projects(&scene, &scene.export().set("team", team).complete(), &chosen);
}

#[test]
fn several_workspaces_are_asked_about_by_name() {
    let scene = Scene::new(Config { second_workspace: true, ..unlimited(1, 20) });
    let export = Export::new(&scene.simulator, ADMIN_TOKEN, &scene.out.path().join("out"));
    let ended = export.run().exits(2).says(&["--workspace", "Personal Projects", "Simulated"]);
    let gids = [scene.truth().workspace_gid(), scene.truth().second_workspace_gid().unwrap()];
    assert!(gids.iter().all(|gid| ended.stderr.contains(gid.as_str())), "{}", ended.stderr);
    assert!(!scene.out.path().join("out").exists(), "nothing is written before the choice");
}

#[test]
fn a_workspace_is_chosen_by_gid_or_by_name() {
    let scene = Scene::new(Config { second_workspace: true, ..unlimited(1, 20) });
    let export = Export::new(&scene.simulator, ADMIN_TOKEN, &scene.out.path().join("out"));
    let folder = export.clone().set("workspace", "personal projects").complete();
    assert_eq!(folder.table("tasks").rows, Vec::<Vec<_>>::new());
    assert_eq!(folder.table("workspaces").rows.len(), 2, "all workspaces that the token sees");
    assert_eq!(folder.table("users").rows.len(), 1);
    assert_eq!(scene.asked(&["/teams"]), 0, "only organizations have teams");
    let gid = scene.truth().workspace_gid();
    let folder = export.clone().set("workspace", &gid).flag("fresh").complete();
    let reachable = scene.truth().reachable_task_gids(ADMIN_TOKEN);
    assert_eq!(folder.table("tasks").rows.len(), reachable.len());
    export.set("workspace", "Personel Projects").flag("fresh").run().exits(2).says(&["Personal Projects"]);
}

#[test]
fn all_workspaces_get_a_folder_each() {
    let scene = Scene::new(Config { second_workspace: true, ..unlimited(1, 20) });
    let path = scene.out.path().join("out");
    Export::new(&scene.simulator, ADMIN_TOKEN, &path).set("workspace", "all").run().exits(0);
    let truth = scene.truth();
    let one = Folder::new(&path.join(truth.workspace_gid()));
    let two = Folder::new(&path.join(truth.second_workspace_gid().unwrap()));
    assert_eq!(one.table("tasks").rows.len(), truth.reachable_task_gids(ADMIN_TOKEN).len());
    assert_eq!(two.table("tasks").rows.len(), 0);
    assert!(one.manifest().is_object() && two.manifest().is_object());
}

#[test]
fn workspaces_that_were_finished_before_are_left_as_they_are() {
    let scene = Scene::new(Config { second_workspace: true, ..unlimited(1, 20) });
    let path = scene.out.path().join("out");
    let finished = scene.truth().workspace_gid();
    let first =
        Export::new(&scene.simulator, ADMIN_TOKEN, &path.join(&finished)).set("workspace", &finished).complete();
    let before = first.files();
    Export::new(&scene.simulator, ADMIN_TOKEN, &path).set("workspace", "all").run().exits(0);
    assert_eq!(first.files(), before);
    let other = Folder::new(&path.join(scene.truth().second_workspace_gid().unwrap()));
    assert!(other.manifest()["requests"]["sent"].as_u64().unwrap() < 40, "counts its own requests only");
}

#[test]
fn a_token_without_workspaces_is_told_why() {
    let scene = Scene::new(unlimited(1, 20));
    let export = Export::new(&scene.simulator, BLOCKED_TOKEN, &scene.out.path().join("out"));
    export.run().exits(2).says(&["no workspace", "personal access tokens", "administrator"]);
    assert!(scene.simulator.stats().requests <= 2);
}

#[test]
fn a_guest_cannot_choose_what_they_do_not_see() {
    let scene = Scene::new(unlimited(3, 120));
    let truth = scene.truth();
    let seen = truth.records("projects", GUEST_TOKEN);
    let seen: BTreeSet<&str> = seen.iter().map(gid).collect();
    let all = truth.records("projects", SERVICE_TOKEN);
    let hidden = all.iter().map(gid).find(|project| !seen.contains(project)).unwrap();
    let export = Export::new(&scene.simulator, GUEST_TOKEN, &scene.out.path().join("out"));
    export.set("project", hidden).run().exits(2).says(&["no project", hidden]);
}
