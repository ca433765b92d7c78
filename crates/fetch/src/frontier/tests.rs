use asana_model::catalog::Scope;

use super::*;

fn everything(via_search: bool) -> Selection {
    let resources = RESOURCES.iter().map(|resource| resource.name).collect();
    Selection { resources, scope: Scope::Workspace, chosen: vec![Gid::new("5")], via_search, downloads: None }
}

fn frontier(via_search: bool) -> Frontier {
    Frontier::new(&everything(via_search), Gid::new("1"), "2026-01-01T00:00:00.000Z".to_owned())
}

fn look(frontier: &Frontier, listing: usize, record: &str) -> Met {
    frontier.plans[listing].children.look(asana_model::raw::Object::parse(record).iter()).remove(0)
}

fn listing(frontier: &Frontier, name: &str) -> usize {
    frontier.plans.iter().position(|plan| plan.listing.name == name).unwrap()
}

fn unit(frontier: &Frontier, name: &str, gid: &str) -> Unit {
    Unit::new(listing(frontier, name), Some(Gid::new(gid)))
}

/// The names of the listings of the units that follow from a record of a listing.
fn meet(frontier: &mut Frontier, name: &str, record: &str) -> Vec<&'static str> {
    let asked = unit(frontier, name, "1");
    let met = look(frontier, asked.listing, record);
    frontier.meet(&asked, &met).iter().map(|unit| frontier.plans[unit.listing].listing.name).collect()
}

fn pop_all(frontier: &mut Frontier) -> Vec<(&'static str, String)> {
    let units: Vec<Unit> = std::iter::from_fn(|| frontier.pop()).collect();
    let named = |unit: Unit| (frontier.plans[unit.listing].listing.name, unit.parent.unwrap().to_string());
    units.into_iter().map(named).collect()
}

#[test]
fn an_object_met_twice_is_asked_about_once() {
    let mut frontier = frontier(true);
    let found = meet(&mut frontier, "tasks_of_project", r#"{"gid":"7","num_subtasks":2}"#);
    assert_eq!(found, ["subtasks", "stories_of_task", "attachments_of_task"]);
    assert!(meet(&mut frontier, "tasks_of_tag", r#"{"gid":"7","num_subtasks":2}"#).is_empty());
    let leaf = meet(&mut frontier, "tasks_of_project", r#"{"gid":"8","num_subtasks":0}"#);
    assert_eq!(leaf, ["stories_of_task", "attachments_of_task"], "no request for subtasks that are known not to be");
}

#[test]
fn someone_who_is_only_named_is_asked_about_too() {
    let mut frontier = frontier(true);
    let found = meet(&mut frontier, "workspace_memberships", r#"{"gid":"70","user":{"gid":"7"}}"#);
    assert_eq!(found, ["ooo_entries", "tasks_of_user"]);
    assert!(meet(&mut frontier, "users", r#"{"gid":"7"}"#).is_empty());
}

#[test]
fn what_is_known_by_its_gid_alone_is_asked_for_first() {
    let mut frontier = frontier(true);
    let nested = r#"{"gid":"7","resource_type":"portfolio"}"#;
    assert_eq!(meet(&mut frontier, "portfolio_items", nested), ["portfolio"]);
    assert!(meet(&mut frontier, "portfolio_items", nested).is_empty());
    let found = meet(&mut frontier, "portfolio", r#"{"gid":"7","current_status_update":null}"#);
    assert!(found.contains(&"portfolio_items") && !found.contains(&"status_updates_of_portfolio"), "{found:?}");
    assert!(meet(&mut frontier, "portfolio_items", nested).is_empty(), "it is known by now");
}

#[test]
fn only_the_exported_workspace_is_entered() {
    let mut frontier = frontier(true);
    let root = frontier.roots(&everything(true)).remove(0);
    let other = look(&frontier, root.listing, r#"{"gid":"2","is_organization":true}"#);
    assert!(frontier.meet(&root, &other).is_empty());
    let own = look(&frontier, root.listing, r#"{"gid":"1","is_organization":false}"#);
    let units = frontier.meet(&root, &own);
    assert!(!units.is_empty() && units.iter().all(|unit| frontier.plan(unit).unwrap().listing.name != "teams"));
}

#[test]
fn the_first_unit_of_a_listing_goes_ahead() {
    let mut frontier = frontier(true);
    for (name, gid) in [("stories_of_task", "7"), ("stories_of_task", "8"), ("tags", "1")] {
        frontier.push(unit(&frontier, name, gid), None);
    }
    let gone = pop_all(&mut frontier);
    assert_eq!(gone, [("tags", "1".to_owned()), ("stories_of_task", "7".to_owned())], "earlier stages go first");
    let stories = listing(&frontier, "stories_of_task");
    frontier.refuse(stories);
    frontier.push(unit(&frontier, "stories_of_task", "9"), None);
    assert_eq!(frontier.pop(), None);
    assert_eq!(frontier.parked().map(|(_, units)| units).collect::<Vec<_>>(), [2]);
    frontier.answered(stories);
    assert_eq!(pop_all(&mut frontier).len(), 2, "it can be had after all");
}

#[test]
fn a_unit_that_was_done_before_does_not_stop_the_others() {
    let mut frontier = frontier(true);
    let units: Vec<_> = ["7", "8", "9"].map(|gid| unit(&frontier, "stories_of_task", gid)).into();
    for unit in &units {
        frontier.push(unit.clone(), None);
    }
    let mut done = Done::default();
    assert!(done.insert(&units[0]) && done.insert(&units[2]) && !done.insert(&units[0]));
    assert_eq!(frontier.drop_done(&done).count(), 2);
    assert_eq!(pop_all(&mut frontier), [("stories_of_task", "8".to_owned())]);
}

#[test]
fn a_narrower_question_waits_for_the_refusal_of_the_wider_one() {
    let mut frontier = frontier(true);
    frontier.push(unit(&frontier, "own_portfolios", "1"), None);
    assert_eq!(frontier.pop(), None);
    let wide = listing(&frontier, "portfolios");
    assert!(frontier.ask_instead(wide));
    assert_eq!(pop_all(&mut frontier), [("own_portfolios", "1".to_owned())]);
    assert!(!frontier.ask_instead(listing(&frontier, "tags")));
}

/// Four tasks: with a file, without, changed lately, and one that the index does not know.
fn narrowed(complete: bool) -> (Frontier, usize) {
    let mut frontier = frontier(true);
    for (gid, changed_at) in [("1", "2025"), ("2", "2025"), ("3", "2026-05"), ("4", "2025")] {
        frontier.push(unit(&frontier, "attachments_of_task", gid), Some(changed_at));
    }
    let gids = |frontier: &mut Frontier| pop_all(frontier).into_iter().map(|(_, gid)| gid).collect::<String>();
    assert_eq!(gids(&mut frontier), "3", "what changed lately may be unknown to the index");
    let (all, narrow) = (listing(&frontier, "tasks_by_search"), listing(&frontier, "tasks_with_attachments"));
    frontier.found(all, ["1", "2", "3"].into_iter());
    frontier.searched(all, true);
    frontier.found(narrow, ["1"].into_iter());
    let set_aside = frontier.searched(narrow, complete);
    (frontier, set_aside.iter().map(|(_, units)| units).sum())
}

#[test]
fn a_search_says_which_tasks_have_files() {
    let (mut frontier, set_aside) = narrowed(true);
    assert_eq!(set_aside, 2);
    assert_eq!(pop_all(&mut frontier), [("attachments_of_task", "1".to_owned())]);
    assert!(frontier.push(unit(&frontier, "attachments_of_task", "2"), None), "set aside");
    let unclaimed: Vec<_> = frontier.unclaimed();
    let names: Vec<_> = unclaimed.iter().map(|unit| frontier.plan(unit).unwrap().listing.name).collect();
    assert_eq!(names, ["found_task", "found_task", "found_task", "attachments_of_task"]);
    assert_eq!(unclaimed.last().unwrap().parent, Some(Gid::new("4")), "the index does not know it");
    assert!(frontier.unclaimed().is_empty());
}

#[test]
fn without_that_search_every_task_is_asked() {
    let (mut frontier, set_aside) = narrowed(false);
    assert_eq!((set_aside, pop_all(&mut frontier).len()), (0, 1), "the first goes ahead");
    frontier.answered(listing(&frontier, "attachments_of_task"));
    assert_eq!(pop_all(&mut frontier).len(), 2);
}

#[test]
fn what_changed_is_asked_again_with_what_hangs_from_it() {
    let mut frontier = frontier(false);
    meet(&mut frontier, "projects", r#"{"gid":"5"}"#);
    meet(&mut frontier, "tasks_of_project", r#"{"gid":"7","num_subtasks":1,"modified_at":"2025"}"#);
    meet(&mut frontier, "subtasks", r#"{"gid":"8","num_subtasks":0,"modified_at":"2025"}"#);
    let again = frontier.ask_again("2026");
    assert_eq!(again.len(), 1);
    assert!(frontier.request(&again[0]).unwrap().path().contains("modified_since=2026"));
    let tasks = listing(&frontier, "tasks_of_project");
    let changed = look(&frontier, tasks, r#"{"gid":"7","num_subtasks":1,"modified_at":"2026-02"}"#);
    let units = frontier.meet(&again[0], &changed);
    assert_eq!(units.len(), 3);
    assert!(units.iter().all(|unit| Unit::from_archive(0, None, unit.archived_variant().as_deref()).is_none()));
    assert!(frontier.meet(&again[0], &changed).is_empty(), "the same version once");
    let associated = look(&frontier, tasks, r#"{"gid":"8","num_subtasks":1,"modified_at":"2025"}"#);
    assert_eq!(frontier.meet(&again[0], &associated).len(), 3, "it has a new subtask");
    let unchanged = look(&frontier, tasks, r#"{"gid":"8","num_subtasks":0,"modified_at":"2025"}"#);
    assert!(frontier.meet(&units[0], &unchanged).is_empty());
    let new = look(&frontier, tasks, r#"{"gid":"9","num_subtasks":0,"modified_at":"2025"}"#);
    assert_eq!(frontier.meet(&units[0], &new).len(), 2);
}

#[test]
fn requests_fill_their_placeholders() {
    let frontier = frontier(true);
    let path = |name, gid| frontier.request(&unit(&frontier, name, gid)).unwrap().path();
    assert_eq!(path("tasks_of_user", "9"), "/tasks?assignee=9&workspace=1&limit=100");
    assert_eq!(path("subtasks", "7"), "/tasks/7/subtasks?limit=100");
    assert_eq!(path("budgets", "7"), "/budgets?parent=7");
    let reactions = Unit::of(listing(&frontier, "reactions_to_story"), Gid::new("7"), Some("👍🏽".into()), None);
    assert_eq!(frontier.request(&reactions).unwrap().path(), "/reactions?target=7&emoji_base=👍🏽&limit=100");
    let archived = Unit::from_archive(reactions.listing, Some("7"), reactions.archived_variant().as_deref());
    assert_eq!(archived, Some(reactions));
}
