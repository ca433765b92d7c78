//! Portfolios and goals: who may list them, what they hold, and whom they are shared with.

use std::collections::BTreeSet;

use asana_simulator::{
    ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, SERVICE_TOKEN, Size, Truth, start_in_background,
};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

fn gid(record: &Value) -> &str {
    record["gid"].as_str().unwrap()
}

fn visible(truth: &Truth, resource: &str, token: &str) -> BTreeSet<String> {
    gids(&truth.records(resource, token)).into_iter().collect()
}

#[test]
fn a_free_workspace_has_neither_portfolios_nor_goals() {
    let paid = asana_simulator::truth_of(&config(300));
    let [portfolio, goal, setting, relationship, period] =
        ["portfolios", "goals", "project_portfolio_settings", "goal_relationships", "time_periods"]
            .map(|resource| gids(&paid.records(resource, SERVICE_TOKEN)).remove(0));
    let simulator = start_in_background(Config { plan: Plan::Free, ..config(300) }).unwrap();
    let truth = simulator.truth();
    let (workspace, project) = (truth.workspace_gid(), gids(&truth.records("projects", GUEST_TOKEN)).remove(0));
    for token in [ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN] {
        let mut client = Client::new(&simulator, token);
        for path in [
            format!("/portfolios?workspace={workspace}&owner=me"),
            format!("/portfolios?workspace={workspace}"),
            format!("/portfolios/{portfolio}"),
            format!("/portfolios/{portfolio}/items"),
            format!("/portfolios/{portfolio}/custom_field_settings"),
            format!("/portfolios/{portfolio}/project_portfolio_settings"),
            format!("/projects/{project}/project_portfolio_settings"),
            format!("/project_portfolio_settings/{setting}"),
            format!("/goals?workspace={workspace}"),
            format!("/goals/{goal}"),
            format!("/goals/{goal}/stories"),
            format!("/goals/{goal}/parentGoals"),
            format!("/goals/{goal}/custom_field_settings"),
            format!("/goal_relationships?supported_goal={goal}"),
            format!("/goal_relationships/{relationship}"),
            format!("/time_periods?workspace={workspace}"),
            format!("/time_periods/{period}"),
        ] {
            let reply = client.get(&path);
            assert_eq!((reply.status, reply.message().starts_with("Payment Required: ")), (402, true), "{path}");
        }
        // What can be asked on every plan knows of no such object.
        for path in ["/memberships?parent=", "/status_updates?parent="] {
            for parent in [&portfolio, &goal] {
                assert_eq!(client.get(&format!("{path}{parent}")).status, 404, "{path}{parent}");
            }
        }
        for resource in ["portfolios", "project_portfolio_settings", "goals", "goal_relationships", "time_periods"] {
            assert_eq!(truth.count(resource, token), 0, "{resource}");
        }
        for resource in ["memberships", "status_updates", "stories"] {
            assert!(truth.count(resource, token) > 0, "{resource}");
        }
    }
}

#[test]
fn portfolios_are_listed_for_their_owner() {
    let simulator = start_in_background(Config { second_workspace: true, ..config(3_000) }).unwrap();
    let truth = simulator.truth();
    let path = format!("/portfolios?workspace={}", truth.workspace_gid());
    let mut service = Client::new(&simulator, SERVICE_TOKEN);
    let (all, _) = service.walk(&format!("{path}&opt_fields=owner,archived,name"), 100);
    assert_eq!(gids(&all), gids(&truth.records("portfolios", SERVICE_TOKEN)));
    assert!(all.iter().any(|portfolio| portfolio["archived"] == true));
    for token in [ADMIN_TOKEN, MEMBER_TOKEN] {
        let mut client = Client::new(&simulator, token);
        let person = gid(&client.data("/users/me")).to_owned();
        let own = all.iter().filter(|portfolio| gid(&portfolio["owner"]) == person).cloned().collect::<Vec<_>>();
        assert!(!own.is_empty() && own.len() < all.len());
        assert_eq!(gids(&client.walk(&path, 100).0), gids(&own));
        for owner in ["me", &person] {
            assert_eq!(gids(&client.walk(&format!("{path}&owner={owner}"), 100).0), gids(&own));
        }
        assert_eq!(gids(&service.walk(&format!("{path}&owner={person}"), 100).0), gids(&own));
        // Those of others may be seen, but not listed.
        let other = all.iter().find(|portfolio| gid(&portfolio["owner"]) != person).unwrap();
        let other = gid(&other["owner"]).to_owned();
        assert_eq!(client.get(&format!("{path}&owner={other}")).status, 403);
        assert!(truth.count("portfolios", token) > own.len());
    }
    let strict = start_in_background(Config { demands_portfolio_owner: true, ..config(300) }).unwrap();
    let refused = Client::new(&strict, ADMIN_TOKEN).get(&path);
    assert_eq!((refused.status, refused.message().as_str()), (400, "owner: Missing input"));
    let second = truth.second_workspace_gid().unwrap();
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(admin.get("/portfolios?owner=me").message(), "workspace: Missing input");
    for path in ["/portfolios?owner=me&", "/goals?", "/time_periods?"] {
        assert_eq!(admin.data(&format!("{path}workspace={second}")).as_array().unwrap().len(), 0, "{path}");
    }
}

#[test]
fn items_keep_their_order_and_hide_what_is_hidden() {
    let size = Size { projects: 130, ..Size::for_tasks(600) };
    let simulator = start_in_background(Config { size, ..config(0) }).unwrap();
    let truth = simulator.truth();
    let (mut admin, mut service) = (Client::new(&simulator, ADMIN_TOKEN), Client::new(&simulator, SERVICE_TOKEN));
    let own = format!("/portfolios?workspace={}&owner=me", truth.workspace_gid());
    let own = gids(&admin.walk(&own, 100).0);
    let items = |client: &mut Client, portfolio: &str| {
        client.walk(&format!("/portfolios/{portfolio}/items?opt_fields=resource_type,name"), 100)
    };
    // All projects and two portfolios, in an order of their own.
    let (all, requests) = items(&mut service, &own[0]);
    assert_eq!((all.len(), requests), (132, 2));
    let mut sorted = gids(&all);
    sorted.sort_unstable();
    assert_ne!(gids(&all), sorted);
    assert_eq!(all[0]["resource_type"], "portfolio");
    let mine = visible(&truth, "projects", ADMIN_TOKEN);
    let portfolios = visible(&truth, "portfolios", ADMIN_TOKEN);
    let (some, _) = items(&mut admin, &own[0]);
    let expected: Vec<String> =
        gids(&all).into_iter().filter(|gid| mine.contains(gid) || portfolios.contains(gid)).collect();
    assert_eq!(gids(&some), expected);
    let hidden = |kind: &str| {
        all.iter().filter(|item| item["resource_type"] == kind).count()
            - some.iter().filter(|item| item["resource_type"] == kind).count()
    };
    assert!(hidden("project") > 0);
    assert_eq!(hidden("portfolio"), 1);
    let secret = all.iter().find(|item| item["resource_type"] == "portfolio" && !portfolios.contains(gid(item)));
    assert_eq!(admin.get(&format!("/portfolios/{}", gid(secret.unwrap()))).status, 403);

    // From one's own portfolios others are reached, level by level; not all that may be seen are.
    let mut reached: BTreeSet<String> = own.iter().cloned().collect();
    let (mut level, mut depth) = (own[..1].to_vec(), 0);
    while !level.is_empty() {
        let below = level.iter().flat_map(|portfolio| items(&mut admin, portfolio).0);
        level = below.filter(|item| item["resource_type"] == "portfolio").map(|item| gid(&item).to_owned()).collect();
        depth += usize::from(!level.is_empty());
        reached.extend(level.iter().cloned());
    }
    assert_eq!(depth, 3);
    assert!(reached.is_subset(&portfolios) && reached.len() < portfolios.len() && reached.len() > own.len());
    let holds_own = portfolios.iter().filter(|portfolio| !own.contains(portfolio));
    let holds_own = holds_own.filter(|portfolio| {
        items(&mut admin, portfolio).0.iter().any(|i| own.contains(&i["gid"].as_str().unwrap().to_owned()))
    });
    assert!(holds_own.count() > 0);

    // A setting for each project of each portfolio; both ways of listing agree.
    let settings = truth.records("project_portfolio_settings", ADMIN_TOKEN);
    for (form, parents) in
        [("/portfolios/{}/project_portfolio_settings", &portfolios), ("/projects/{}/project_portfolio_settings", &mine)]
    {
        let rows = parents.iter().flat_map(|parent| truth.listing(&form.replace("{}", parent), ADMIN_TOKEN).unwrap());
        assert_eq!(rows.collect::<BTreeSet<_>>(), gids(&settings).into_iter().collect(), "{form}");
    }
    let pairs: BTreeSet<_> = settings.iter().map(|row| (gid(&row["portfolio"]), gid(&row["project"]))).collect();
    assert_eq!(pairs.len(), settings.len());
    assert!(settings.len() < truth.count("project_portfolio_settings", SERVICE_TOKEN));
}

#[test]
fn goals_are_filtered_and_related() {
    let simulator = start_in_background(config(3_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let workspace = truth.workspace_gid();
    let goals = truth.records("goals", ADMIN_TOKEN);
    assert!(goals.len() < truth.count("goals", SERVICE_TOKEN));
    let of = |wanted: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let found = gids(&goals.iter().filter(|goal| wanted(goal)).cloned().collect::<Vec<_>>());
        assert!(!found.is_empty() && found.len() < goals.len());
        found
    };
    let mut check = |query: &str, expected: &[String]| {
        assert_eq!(gids(&client.walk(&format!("/goals?{query}"), 20).0), expected, "{query}");
    };
    check(&format!("workspace={workspace}"), &gids(&goals));
    check("", &gids(&goals));
    for level in [true, false] {
        check(
            &format!("workspace={workspace}&is_workspace_level={level}"),
            &of(&|goal| goal["is_workspace_level"] == level && goal["team"].is_null() == level),
        );
    }
    let team = gid(&goals.iter().find(|goal| !goal["team"].is_null()).unwrap()["team"]).to_owned();
    check(&format!("team={team}"), &of(&|goal| goal["team"]["gid"] == team.as_str()));
    let periods: Vec<&Value> = goals.iter().map(|goal| &goal["time_period"]).filter(|it| !it.is_null()).collect();
    let (one, two) = (gid(periods[0]), gid(periods[1]));
    let in_periods = of(&|goal| goal["time_period"]["gid"] == one || goal["time_period"]["gid"] == two);
    check(&format!("workspace={workspace}&time_periods={one},{two}"), &in_periods);

    let relationships = truth.records("goal_relationships", ADMIN_TOKEN);
    for kind in ["project", "portfolio", "task"] {
        let some = relationships.iter().find(|row| row["supporting_resource"]["resource_type"] == kind).unwrap();
        let support = gid(&some["supporting_resource"]);
        let supported = |goal: &Value| {
            let mut rows = relationships.iter().filter(|row| row["supporting_resource"]["gid"] == support);
            rows.any(|row| row["supported_goal"]["gid"] == goal["gid"])
        };
        check(&format!("{kind}={support}"), &of(&supported));
    }
    assert_eq!(client.get("/goals?is_workspace_level=true").message(), "workspace: Missing input");

    // Open, closed and unmeasured goals; a status exactly with an update.
    for status in ["green", "yellow", "red", "achieved"] {
        assert!(goals.iter().any(|goal| goal["status"] == status), "{status}");
    }
    assert!(goals.iter().all(|goal| goal["status"].is_null() == goal["current_status_update"].is_null()));
    assert!(goals.iter().any(|goal| goal["metric"].is_null()));
    assert!(
        goals
            .iter()
            .any(|goal| goal["metric"]["current_number_value_text"].as_str().is_some_and(|it| it.ends_with('0')))
    );
}

#[test]
fn relationships_and_parent_goals_agree() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    for token in [ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN] {
        let relationships = truth.records("goal_relationships", token);
        let (mut listed, mut most) = (Vec::new(), 0);
        for goal in gids(&truth.records("goals", token)) {
            let path = format!("/goal_relationships?supported_goal={goal}");
            let rows = truth.list(&path, token).unwrap();
            most = most.max(rows.len());
            let subgoals = truth.list(&format!("{path}&resource_subtype=subgoal"), token).unwrap();
            assert!(subgoals.iter().all(|row| row["supporting_resource"]["resource_type"] == "goal"));
            assert_eq!(subgoals.len(), rows.iter().filter(|row| row["resource_subtype"] == "subgoal").count());
            listed.extend(rows);
            let parents = truth.listing(&format!("/goals/{goal}/parentGoals"), token).unwrap();
            let above = relationships.iter().filter(|row| row["supporting_resource"]["gid"] == goal.as_str());
            assert_eq!(parents, above.map(|row| gid(&row["supported_goal"]).to_owned()).collect::<Vec<_>>());
        }
        assert_eq!(gids(&listed), gids(&relationships));
        assert!(token != SERVICE_TOKEN || most > 100, "{most}");
    }
    let hidden = |token| truth.count("goal_relationships", token) < truth.count("goal_relationships", SERVICE_TOKEN);
    assert!(hidden(ADMIN_TOKEN) && hidden(GUEST_TOKEN));
    let periods = truth.records("time_periods", ADMIN_TOKEN);
    for period in &periods {
        let parent = periods.iter().find(|other| other["gid"] == period["parent"]["gid"]);
        assert_eq!(parent.is_none(), period["period"] == "FY");
    }
    let path = format!("/time_periods?workspace={}&start_on=2025-04-01&end_on=2025-12-31", truth.workspace_gid());
    let within = truth.list(&path, ADMIN_TOKEN).unwrap();
    let names: Vec<&str> = within.iter().map(|period| period["display_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["H2 FY25", "Q2 FY25", "Q3 FY25", "Q4 FY25"]);
}

#[test]
fn goals_have_stories_as_tasks_do() {
    let simulator = start_in_background(config(600)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let mut all = Vec::new();
    for goal in gids(&truth.records("goals", ADMIN_TOKEN)) {
        let path = format!("/goals/{goal}/stories");
        let stories = truth.list(&path, ADMIN_TOKEN).unwrap();
        assert!(stories.iter().all(|story| story["target"]["gid"] == goal.as_str()));
        assert!(stories.is_sorted_by_key(|story| story["created_at"].as_str().unwrap()));
        assert_eq!(truth.pages(&path, ADMIN_TOKEN, 100), Some(stories.len().div_ceil(100).max(1)));
        for story in &stories {
            assert_eq!(truth.object(&format!("/stories/{}", gid(story)), ADMIN_TOKEN).unwrap(), *story);
        }
        all.extend(gids(&stories));
    }
    assert!(all.len() > 100);
    let records = visible(&truth, "stories", ADMIN_TOKEN);
    assert!(all.iter().all(|story| records.contains(story)));
    let goals = visible(&truth, "goals", ADMIN_TOKEN);
    let hidden = visible(&truth, "goals", SERVICE_TOKEN).into_iter().find(|goal| !goals.contains(goal)).unwrap();
    assert_eq!(client.get(&format!("/goals/{hidden}/stories")).status, 403);
}

#[test]
fn memberships_say_who_sees_a_portfolio_or_goal() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let mut service = Client::new(&simulator, SERVICE_TOKEN);
    let me = gid(&Client::new(&simulator, GUEST_TOKEN).data("/users/me")).to_owned();
    let mut total = 0;
    for (resource, subtype) in [("projects", "project"), ("portfolios", "portfolio"), ("goals", "goal")] {
        let shared = visible(&truth, resource, GUEST_TOKEN);
        let (mut teams, mut people) = (0, 0);
        for record in truth.records(resource, SERVICE_TOKEN) {
            let path = format!("/memberships?parent={}", gid(&record));
            let (rows, _) = service.walk(&path, 100);
            total += rows.len();
            for row in &rows {
                assert_eq!(row["resource_type"], "membership");
                assert_eq!(row["resource_subtype"], format!("{subtype}_membership"));
                // Projects are not repeated unless asked for.
                let parent = row.get("parent").map(|parent| &parent["gid"]);
                assert_eq!(parent, (subtype != "project").then_some(&record["gid"]));
                assert_eq!(row.get("goal").is_some(), subtype == "goal");
                teams += usize::from(row["member"]["resource_type"] == "team");
                people += usize::from(row["member"]["resource_type"] == "user");
            }
            let by_name: Vec<&Value> = rows.iter().filter(|row| row["member"]["gid"] == me.as_str()).collect();
            let (own, _) = service.walk(&format!("{path}&member={me}"), 100);
            assert_eq!(own.iter().collect::<Vec<_>>(), by_name);
            // Guests see what is shared with them, by name or through a team.
            assert!(by_name.is_empty() || shared.contains(gid(&record)));
            if resource != "projects" && shared.contains(gid(&record)) {
                let team = rows.iter().any(|row| row["member"]["resource_type"] == "team");
                assert!(!by_name.is_empty() || team || record["owner"]["gid"] == me.as_str());
            }
            let listed = if resource == "goals" { "followers" } else { "members" };
            let members = rows.iter().filter(|row| row["member"]["resource_type"] == "user");
            let members: Vec<&str> = members.map(|row| gid(&row["member"])).collect();
            assert_eq!(gids(record[listed].as_array().unwrap()), members, "{resource}");
        }
        assert!(teams > 0 && people > 0, "{resource}");
        assert!(!shared.is_empty() && shared.len() < truth.count(resource, MEMBER_TOKEN), "{resource}");
    }
    // Custom fields and types have memberships too.
    let all = truth.records("memberships", SERVICE_TOKEN);
    let of = ["project", "portfolio", "goal"];
    let counted = all.iter().filter(|row| of.iter().any(|kind| row["parent"]["resource_type"] == *kind));
    assert_eq!(total, counted.count());
    assert!(truth.count("memberships", GUEST_TOKEN) < truth.count("memberships", ADMIN_TOKEN));
}
