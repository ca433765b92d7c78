//! What an export of everything should hold, worked out from the simulator's own records.

use std::collections::{BTreeMap, BTreeSet};

use asana_simulator::Truth;
use serde_json::{Value, json};

use super::asked::{self, Records, Walk};
use super::columns::{LISTS, OWNERS, RECORDS, VALUE_LISTS, VALUES};
use super::formats::{Cell, Table};

pub(crate) type Tables = BTreeMap<String, Table>;

/// Kinds that are exported only when asked for.
const NOT_BY_DEFAULT: &[&str] =
    &["ooo_entries", "agents", "roles", "access_requests", "reactions", "favorites", "webhooks", "audit_log_events"];

/// Which kinds an export is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    Default,
    All,
}

impl Kinds {
    pub(crate) fn include(self, table: &str) -> bool {
        self == Kinds::All || !NOT_BY_DEFAULT.contains(&table)
    }

    /// How many kinds they are.
    pub(crate) fn resources(self) -> usize {
        RECORDS.iter().filter(|(name, _)| self.include(name)).count()
    }
}

/// The tables of a default export of a token's one workspace.
pub(crate) fn tables(truth: &Truth, token: &str) -> Tables {
    tables_of(truth, token, Kinds::Default)
}

pub(crate) fn tables_of(truth: &Truth, token: &str, kinds: Kinds) -> Tables {
    let records = records(truth, token, kinds).0;
    let mut tables = Tables::new();
    for (name, columns) in RECORDS.iter().filter(|(name, _)| kinds.include(name)) {
        tables.insert((*name).to_owned(), own(&records[*name], columns, key_columns(name)));
    }
    for (of, singular, list, columns) in LISTS.iter().filter(|(of, ..)| kinds.include(of)) {
        tables.insert(format!("{singular}_{list}"), children(&records[*of], singular, list, columns));
    }
    for (of, singular, person) in OWNERS {
        let values = children(&records[*of], singular, "custom_fields", VALUES);
        tables.insert(format!("{singular}_custom_fields"), values);
        for (suffix, member, columns) in VALUE_LISTS {
            let columns = columns.replace('@', person);
            let table = value_lists(&records[*of], singular, member, &columns);
            tables.insert(format!("{singular}_custom_field_{suffix}"), table);
        }
    }
    tables
}

/// Kinds of which a workspace or a task lists its own, here taken from the truth.
const BASE: &[&str] = &[
    "workspaces",
    "users",
    "workspace_memberships",
    "user_task_lists",
    "teams",
    "team_memberships",
    "custom_fields",
    "tags",
    "projects",
    "sections",
    "tasks",
    "stories",
    "attachments",
];

/// The records of each kind that can be come across, by table, and what became of the questions about them.
pub(crate) fn records(truth: &Truth, token: &str, kinds: Kinds) -> (Records, Walk) {
    let mut all: Records = BASE.iter().map(|name| (*name, truth.records(name, token))).collect();
    let reachable = readable_tasks(truth, token);
    let is_of_task = |parent: &Value| parent["resource_type"] == "task" && reachable.contains(gid(parent));
    keep(&mut all, "tasks", |task| reachable.contains(gid(task)));
    keep(&mut all, "stories", |story| is_of_task(&story["target"]));
    keep(&mut all, "attachments", |attachment| is_of_task(&attachment["parent"]));
    place_sections(truth, token, &mut all);
    let walk = asked::ask(truth, token, &mut all, |table| kinds.include(table));
    all.insert("custom_field_settings", settings(&all));
    add_custom_fields(truth, token, &mut all);
    add_people(&mut all);
    (all, walk)
}

/// The tasks that an export can come across: with search all that the token sees, without it those that some listing
/// shows.
pub(crate) fn readable_tasks(truth: &Truth, token: &str) -> BTreeSet<String> {
    if has_search(truth, token) {
        truth.records("tasks", token).iter().map(|task| gid(task).to_owned()).collect()
    } else {
        truth.reachable_task_gids(token)
    }
}

/// Whether the plan has task search.
pub(crate) fn has_search(truth: &Truth, token: &str) -> bool {
    truth.listing(&format!("/workspaces/{}/tasks/search", truth.workspace_gid()), token).is_some()
}

fn keep(all: &mut Records, table: &str, wanted: impl Fn(&Value) -> bool) {
    all.get_mut(table).unwrap().retain(wanted);
}

pub(crate) fn gid(record: &Value) -> &str {
    record["gid"].as_str().unwrap_or_default()
}

pub(crate) fn items<'a>(record: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    record[list].as_array().into_iter().flatten()
}

/// A section's position is its place in its project's listing.
fn place_sections(truth: &Truth, token: &str, all: &mut Records) {
    let mut places = BTreeMap::new();
    for project in &all["projects"] {
        let path = format!("/projects/{}/sections", gid(project));
        let listing = truth.listing(&path, token).unwrap();
        places.extend(listing.into_iter().enumerate().map(|(place, section)| (section, place)));
    }
    for section in all.get_mut("sections").unwrap() {
        section["#position"] = json!(places[gid(section)]);
    }
}

/// Settings come inside what uses the fields (and inside teams, which have none here).
fn settings(all: &Records) -> Vec<Value> {
    let mut settings = Vec::new();
    for (table, kind) in [("projects", "project"), ("portfolios", "portfolio"), ("goals", "goal")] {
        for container in &all[table] {
            for (position, setting) in items(container, "custom_field_settings").enumerate() {
                let mut setting = setting.clone();
                setting["#parent_type"] = json!(kind);
                setting["#parent_gid"] = json!(gid(container));
                setting["#position"] = json!(position);
                settings.push(setting);
            }
        }
    }
    settings
}

/// Every object with values in custom fields.
fn values(all: &Records) -> impl Iterator<Item = &Value> {
    OWNERS.iter().flat_map(|(table, ..)| all[table].iter()).flat_map(|owner| items(owner, "custom_fields"))
}

/// The library, what is nested in settings, and what only values and stories refer to.
fn add_custom_fields(truth: &Truth, token: &str, all: &mut Records) {
    let path = format!("/workspaces/{}/custom_fields", truth.workspace_gid());
    let library: BTreeSet<String> = truth.listing(&path, token).unwrap_or_default().into_iter().collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for field in all.get_mut("custom_fields").unwrap() {
        field["#source"] = json!(if library.contains(gid(field)) { "listing" } else { "nested" });
        known.insert(gid(field).to_owned());
    }
    // A field that is private may be in a setting nevertheless; then its gid is all that is told of it.
    for setting in &all["custom_field_settings"] {
        assert!(known.contains(gid(&setting["custom_field"])), "settings of hidden fields are hidden");
    }
    let mut met: BTreeMap<String, Value> = BTreeMap::new();
    let in_events = all.get("audit_log_events").into_iter().flatten().map(|event| &event["resource"]);
    let in_events = in_events.filter(|resource| resource["resource_type"] == "custom_field");
    let in_stories = all["stories"].iter().map(|story| &story["custom_field"]).filter(|field| field.is_object());
    let in_stories = in_stories.chain(in_events);
    // Values tell more than stories do: the type too.
    let referred = in_stories.map(|field| (field, &["name"][..]));
    let referred = referred.chain(values(all).map(|value| (value, &["name", "resource_subtype"][..])));
    for (field, told) in referred.filter(|(field, _)| !known.contains(gid(field))) {
        let row = met.entry(gid(field).to_owned()).or_insert_with(|| json!({"#source": "reference"}));
        row["gid"] = field["gid"].clone();
        for member in told.iter().filter(|member| !field[**member].is_null()) {
            row[*member] = field[*member].clone();
        }
    }
    all.get_mut("custom_fields").unwrap().extend(met.into_values());
}

/// Members in which the export does not look, so people met only there stay unknown: deprecated ones, stories about
/// stories, and what is kept as JSON.
const NOT_READ: &[&str] = &["current_status", "hearts", "story", "custom_field_settings", "workspaces", "template"];

/// Kinds whose records are mentions of no person.
const NOT_MET_IN: &[&str] = &["favorites"];

/// Everyone met anywhere, with the name if any reference gives one.
fn add_people(all: &mut Records) {
    let mut met: BTreeMap<String, Value> = BTreeMap::new();
    for (table, records) in all.iter().filter(|(table, _)| !NOT_MET_IN.contains(table)) {
        for record in records {
            // Whoever acted is a user, without being called one.
            if *table == "audit_log_events" && !record["actor"]["gid"].is_null() {
                let mut actor = record["actor"].clone();
                actor["resource_type"] = json!("user");
                meet(&actor, false, &mut met);
            }
            // The definition of a field comes with every value; only who is in the value is read there.
            let is_definition = *table == "custom_fields";
            meet(record, is_definition, &mut met);
        }
    }
    let users = all.get_mut("users").unwrap();
    for user in users.iter_mut() {
        user["#source"] = json!("listing");
        met.remove(gid(user));
    }
    users.extend(met.into_values());
}

fn meet(value: &Value, is_definition: bool, met: &mut BTreeMap<String, Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| meet(item, is_definition, met)),
        Value::Object(members) => {
            let kind = value["resource_type"].as_str();
            if kind == Some("user") {
                let person = met.entry(gid(value).to_owned());
                let person = person.or_insert_with(|| json!({"gid": value["gid"], "#source": "reference"}));
                for told in ["name", "email"] {
                    if person[told].is_null() {
                        person[told] = value[told].clone();
                    }
                }
            }
            let in_value = kind == Some("custom_field") && !is_definition;
            for (name, member) in members {
                if !NOT_READ.contains(&name.as_str()) && (!in_value || name == "people_value") {
                    meet(member, is_definition, met);
                }
            }
        }
        _ => {}
    }
}

/// A value by its path; numbers by the digits that stand beside them, where they matter.
pub(crate) fn pull(record: &Value, path: &str) -> Cell {
    if let Some(path) = path.strip_suffix('$') {
        return pull(record, path).shown().map_or(Cell::Null, |text| Cell::text(&text));
    }
    let (path, picked) = path.split_once('{').unwrap_or((path, ""));
    let picked: Vec<&str> = picked.trim_end_matches('}').split(',').filter(|member| !member.is_empty()).collect();
    let (mut at, mut last, mut inside) = (record, "", &Value::Null);
    for name in path.split('.') {
        if name != "#" {
            (inside, last, at) = (at, name, &at[name]);
        }
    }
    match at {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Boolean(*value),
        Value::String(text) => Cell::text(text),
        Value::Number(number) => match inside[format!("{last}_text")].as_str() {
            Some(digits) => Cell::Digits(digits.to_owned()),
            None => Cell::Digits(number.to_string()),
        },
        // Kept as JSON.
        other if picked.is_empty() => Cell::text(without_digits(other).to_string()),
        other => Cell::text(pick(other, &picked).to_string()),
    }
}

/// The gid and the members named, of an object or of each in a list.
fn pick(value: &Value, members: &[&str]) -> Value {
    let Value::Object(object) = value else {
        let Value::Array(items) = value else { return value.clone() };
        return items.iter().map(|item| pick(item, members)).collect();
    };
    let mut picked = serde_json::Map::new();
    for (name, value) in object {
        let below: Vec<&str> =
            members.iter().filter_map(|path| path.strip_prefix(name.as_str())?.strip_prefix('.')).collect();
        if name == "gid" || members.contains(&name.as_str()) {
            picked.insert(name.clone(), value.clone());
        } else if !below.is_empty() {
            picked.insert(name.clone(), pick(value, &below));
        }
    }
    Value::Object(picked)
}

/// Without the digits that stand beside numbers.
fn without_digits(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_digits).collect(),
        Value::Object(members) => {
            let is_digits =
                |name: &str| name.strip_suffix("_text").is_some_and(|of| members.get(of).is_some_and(Value::is_number));
            let kept = members.iter().filter(|(name, _)| !is_digits(name));
            kept.map(|(name, member)| (name.clone(), without_digits(member))).collect()
        }
        other => other.clone(),
    }
}

/// (column, path) pairs.
fn columns(text: &str) -> Vec<(&str, &str)> {
    text.split_whitespace().map(|word| word.split_once('=').unwrap_or((word, word))).collect()
}

/// Columns that make a record's row unique.
fn key_columns(table: &str) -> usize {
    if table == "portfolio_items" { 2 } else { 1 }
}

fn own(records: &[Value], text: &str, key_columns: usize) -> Table {
    let columns = columns(text);
    let rows = records.iter().map(|record| columns.iter().map(|(_, path)| pull(record, path)).collect());
    sorted(columns.iter().map(|(name, _)| (*name).to_owned()).collect(), rows.collect(), key_columns)
}

fn children(records: &[Value], singular: &str, list: &str, text: &str) -> Table {
    let columns = columns(text);
    let mut rows = Vec::new();
    for record in records {
        for (position, item) in items(record, list).enumerate() {
            let mut row = vec![Cell::text(gid(record)), Cell::number(position)];
            row.extend(columns.iter().map(|(_, path)| pull(item, path)));
            rows.push(row);
        }
    }
    let first = [format!("{singular}_gid"), "position".to_owned()];
    sorted(first.into_iter().chain(columns.iter().map(|(name, _)| (*name).to_owned())).collect(), rows, 2)
}

fn value_lists(records: &[Value], singular: &str, member: &str, text: &str) -> Table {
    let columns = columns(text);
    let mut rows = Vec::new();
    for record in records {
        for value in items(record, "custom_fields") {
            for (position, item) in items(value, member).enumerate() {
                let mut row = vec![Cell::text(gid(record)), Cell::text(gid(value)), Cell::number(position)];
                row.extend(columns.iter().map(|(_, path)| pull(item, path)));
                rows.push(row);
            }
        }
    }
    let first = [format!("{singular}_gid"), "custom_field_gid".to_owned(), "position".to_owned()];
    sorted(first.into_iter().chain(columns.iter().map(|(name, _)| (*name).to_owned())).collect(), rows, 3)
}

/// A part of a key: text goes by bytes, positions by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPart {
    Text(String),
    Number(u64),
}

pub(crate) fn key(row: &[Cell], columns: usize) -> Vec<KeyPart> {
    let part = |cell: &Cell| match cell {
        Cell::Digits(digits) => KeyPart::Number(digits.parse().unwrap()),
        other => KeyPart::Text(other.shown().unwrap_or_default()),
    };
    row.iter().take(columns).map(part).collect()
}

fn sorted(columns: Vec<String>, mut rows: Vec<Vec<Cell>>, key_columns: usize) -> Table {
    rows.sort_by_cached_key(|row| key(row, key_columns));
    Table { columns, rows }
}
