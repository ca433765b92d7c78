//! How each kind is come by: the cheapest documented way, from the table in Asana's reference, section 3.2, written
//! by hand. What a token reads, what it is refused and how many requests that takes all follow from it.
//!
//! Tasks with their stories and files, and what a workspace lists of its own people and projects, are seen to in
//! `expected.rs` and `requests.rs`: they are come by in several ways.

use std::collections::{BTreeMap, BTreeSet};

use asana_simulator::{Refusal, Truth};
use serde_json::{Value, json};

use super::expected::{gid, items};
use super::requests::PAGE;

/// The records of each kind, by table.
pub(crate) type Records = BTreeMap<&'static str, Vec<Value>>;

struct Asked {
    table: &'static str,
    /// `{w}` is the workspace, `{}` the parent, `{item}` the emoji.
    path: &'static str,
    /// The table of the parents; empty when it is asked once.
    per: &'static str,
    only: fn(&Value) -> bool,
}

const fn once(table: &'static str, path: &'static str) -> Asked {
    Asked { table, path, per: "", only: |_| true }
}

const fn each(table: &'static str, per: &'static str, path: &'static str) -> Asked {
    Asked { table, path, per, only: |_| true }
}

const fn each_with_status(per: &'static str) -> Asked {
    let only: fn(&Value) -> bool = |parent| !parent["current_status_update"].is_null();
    Asked { table: "status_updates", path: "/status_updates?parent={}", per, only }
}

/// Parents before children.
const ASKED: &[Asked] = &[
    each("ooo_entries", PEOPLE, "/ooo_entries?user={}&workspace={w}"),
    once("agents", "/workspaces/{w}/agents"),
    once("roles", "/roles?workspace={w}"),
    once("project_templates", "/project_templates?workspace={w}"),
    each("project_briefs", BRIEFS, "/project_briefs/{}"),
    each("task_templates", "projects", "/task_templates?project={}"),
    each("custom_types", "projects", "/custom_types?project={}"),
    once("time_periods", "/time_periods?workspace={w}"),
    each("portfolio_items", "portfolios", "/portfolios/{}/items"),
    each("project_portfolio_settings", "portfolios", "/portfolios/{}/project_portfolio_settings"),
    once("goals", "/goals?workspace={w}"),
    each("goal_relationships", "goals", "/goal_relationships?supported_goal={}"),
    each("memberships", "projects", "/memberships?parent={}"),
    each("memberships", "portfolios", "/memberships?parent={}"),
    each("memberships", "goals", "/memberships?parent={}"),
    each("memberships", FIELDS, "/memberships?parent={}"),
    each("memberships", "custom_types", "/memberships?parent={}"),
    each("access_requests", "projects", "/access_requests?target={}"),
    each("access_requests", "portfolios", "/access_requests?target={}"),
    once("allocations", "/allocations?workspace={w}"),
    each("budgets", "projects", "/budgets?parent={}"),
    each("rates", "projects", "/rates?parent={}"),
    once("timesheet_approval_statuses", "/timesheet_approval_statuses?workspace={w}"),
    once("time_tracking_categories", "/time_tracking_categories?workspace={w}"),
    once("time_tracking_categories", "/time_tracking_categories?workspace={w}&is_archived=true"),
    once("time_tracking_entries", "/time_tracking_entries?workspace={w}&entered_on_start_date=2008-01-01"),
    each_with_status("projects"),
    each_with_status("portfolios"),
    each_with_status("goals"),
    each("stories", "goals", "/goals/{}/stories"),
    each("attachments", "projects", "/attachments?parent={}"),
    each("attachments", "project_briefs", "/attachments?parent={}"),
    each("reactions", "stories", "/reactions?target={}&emoji_base={item}"),
    each("reactions", "status_updates", "/reactions?target={}&emoji_base={item}"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=project"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=portfolio"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=tag"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=task"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=user"),
    once("favorites", "/users/me/favorites?workspace={w}&resource_type=project_template"),
    once("webhooks", "/webhooks?workspace={w}"),
    once("audit_log_events", "/workspaces/{w}/audit_log_events"),
];

/// Everyone in the workspace, and those who left and have a membership still.
const PEOPLE: &str = "#people";
/// The briefs that projects name.
const BRIEFS: &str = "#briefs";
/// Fields whose definition is known: those of the library and those used somewhere.
const FIELDS: &str = "#fields";

/// What Asana does not give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refused {
    pub(crate) table: &'static str,
    pub(crate) parent: String,
    pub(crate) status: u16,
    pub(crate) message: String,
}

/// What became of the questions.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) requests: usize,
    pub(crate) refused: Vec<Refused>,
}

/// Adds to `all`, which holds what is come by in other ways, the kinds of [`ASKED`] that are `wanted`.
pub(crate) fn ask(truth: &Truth, token: &str, all: &mut Records, wanted: impl Fn(&str) -> bool) -> Walk {
    let mut walk = Walk::default();
    if ["portfolios", "portfolio_items", "memberships"].iter().any(|table| wanted(table)) {
        portfolios(truth, token, all, &mut walk);
    }
    for asked in ASKED.iter().filter(|asked| wanted(asked.table)) {
        all.entry(asked.table).or_default();
        'parents: for (parent, record) in parents(truth, token, asked, all) {
            let path = asked.path.replace("{w}", &truth.workspace_gid()).replace("{}", &parent);
            for item in emoji(asked, &record) {
                match get(truth, token, &path.replace("{item}", &item), &mut walk.requests) {
                    Ok(records) => add(all, asked, &parent, records),
                    Err(Refusal { status, message }) => {
                        walk.refused.push(Refused { table: asked.table, parent: parent.clone(), status, message });
                        // Not in the plan: nobody asks for the others.
                        if status == 402 {
                            break 'parents;
                        }
                    }
                }
            }
        }
    }
    walk
}

fn get(truth: &Truth, token: &str, path: &str, requests: &mut usize) -> Result<Vec<Value>, Refusal> {
    if path.starts_with("/project_briefs/") || path.starts_with("/portfolios/") && path.matches('/').count() == 2 {
        *requests += 1;
        return truth.object(path, token).map(|record| vec![record]);
    }
    *requests += truth.pages(path, token, PAGE).unwrap_or(1);
    let records = truth.list(path, token)?;
    // The end of the audit log shows in an empty page.
    *requests += usize::from(path.ends_with("/audit_log_events") && records.len() > PAGE);
    Ok(records)
}

fn parents(truth: &Truth, token: &str, asked: &Asked, all: &Records) -> Vec<(String, Value)> {
    let known = |gids: BTreeSet<String>| gids.into_iter().map(|gid| (gid, Value::Null)).collect();
    match asked.per {
        "" => vec![(String::new(), Value::Null)],
        PEOPLE => known(people(all)),
        BRIEFS => {
            let briefs = all["projects"].iter().map(|project| gid(&project["project_brief"]).to_owned());
            known(briefs.filter(|gid| !gid.is_empty()).collect())
        }
        FIELDS => known(fields(truth, token, all)),
        table => {
            let records = all.get(table).into_iter().flatten().filter(|record| (asked.only)(record));
            records.map(|record| (gid(record).to_owned(), record.clone())).collect()
        }
    }
}

/// Everyone whose tasks and absences are asked for.
pub(crate) fn people(all: &Records) -> BTreeSet<String> {
    let listed = all["users"].iter().filter(|user| user["#source"].is_null() || user["#source"] == "listing");
    let members = all["workspace_memberships"].iter().map(|row| gid(&row["user"]));
    listed.map(gid).chain(members).map(str::to_owned).collect()
}

/// The library, and what is used in some container.
fn fields(truth: &Truth, token: &str, all: &Records) -> BTreeSet<String> {
    let library = truth.listing(&format!("/workspaces/{}/custom_fields", truth.workspace_gid()), token);
    let containers = ["projects", "portfolios", "goals"].iter().filter_map(|table| all.get(table)).flatten();
    let used = containers.flat_map(|container| items(container, "custom_field_settings"));
    let used = used.map(|setting| gid(&setting["custom_field"]).to_owned());
    library.unwrap_or_default().into_iter().chain(used).collect()
}

/// The different emoji of a record, or nothing once, where there is no `{item}`.
fn emoji(asked: &Asked, record: &Value) -> BTreeSet<String> {
    if !asked.path.contains("{item}") {
        return BTreeSet::from([String::new()]);
    }
    items(record, "reaction_summary").map(|item| item["emoji_base"].as_str().unwrap().to_owned()).collect()
}

fn add(all: &mut Records, asked: &Asked, parent: &str, records: Vec<Value>) {
    let kind = match asked.per {
        FIELDS => "custom_field",
        "stories" => "story",
        table => table.trim_end_matches('s'),
    };
    let known: BTreeSet<String> = all[asked.table].iter().map(|record| gid(record).to_owned()).collect();
    let rows = all.get_mut(asked.table).unwrap();
    for (position, mut record) in records.into_iter().enumerate() {
        // The same project can be in several portfolios; other objects have one row.
        if asked.table != "portfolio_items" && known.contains(gid(&record)) {
            continue;
        }
        for of in ["parent", "target"] {
            record[format!("#{of}_type")] = json!(kind);
            record[format!("#{of}_gid")] = json!(parent);
        }
        record["#portfolio_gid"] = json!(parent);
        record["#position"] = json!(position);
        rows.push(record);
    }
}

/// All portfolios for a service account. For others their own, those inside those, and those that goals rest on.
fn portfolios(truth: &Truth, token: &str, all: &mut Records, walk: &mut Walk) {
    let workspace = truth.workspace_gid();
    let mut refused = |Refusal { status, message }, parent: &str| {
        walk.refused.push(Refused { table: "portfolios", parent: parent.to_owned(), status, message });
    };
    let found = match get(truth, token, &format!("/portfolios?workspace={workspace}"), &mut walk.requests) {
        Err(Refusal { status: 400, .. }) => {
            get(truth, token, &format!("/portfolios?workspace={workspace}&owner=me"), &mut walk.requests)
        }
        other => other,
    };
    let mut found = found.unwrap_or_else(|refusal| {
        refused(refusal, "");
        Vec::new()
    });
    let mut seen: BTreeSet<String> = found.iter().map(|portfolio| gid(portfolio).to_owned()).collect();
    let inside = |portfolio: &str| truth.list(&format!("/portfolios/{portfolio}/items"), token).unwrap_or_default();
    let goals = truth.list(&format!("/goals?workspace={workspace}"), token).unwrap_or_default();
    let rested_on = goals.iter().flat_map(|goal| {
        truth.list(&format!("/goal_relationships?supported_goal={}", gid(goal)), token).unwrap_or_default()
    });
    let mut named: Vec<Value> = rested_on.map(|relationship| relationship["supporting_resource"].clone()).collect();
    named.extend(seen.iter().flat_map(|portfolio| inside(portfolio)));
    while let Some(object) = named.pop() {
        if object["resource_type"] != "portfolio" || !seen.insert(gid(&object).to_owned()) {
            continue;
        }
        match get(truth, token, &format!("/portfolios/{}", gid(&object)), &mut walk.requests) {
            Ok(mut portfolio) => {
                named.extend(inside(gid(&object)));
                found.append(&mut portfolio);
            }
            Err(refusal) => refused(refusal, gid(&object)),
        }
    }
    all.insert("portfolios", found);
}
