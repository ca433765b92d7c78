//! Served records held against the schemas extracted from Asana's description, where that file is at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use asana_simulator::{ADMIN_TOKEN, Config, Plan, SERVICE_TOKEN, Truth, start_in_background};
use serde_json::{Map, Value};

use crate::client::{Client, gids};
use crate::pages::config;

/// Members that no record has. None at present.
const NEVER: &[&str] = &[];

/// Where the schema does not admit a null that Asana sends: newer projects have no team, most comments no sticker, a
/// field's first number no old one, and what a rule did no author. Two deprecated members of goals' memberships "will
/// always be null". Estimates and totals of budgets that are switched off have neither value nor units, as their
/// description says. Time spent on a task without projects counts toward none (every member is to be taken as nullable).
const NULL: &[&str] = &[
    "ProjectResponse.team",
    "StoryResponse.sticker_name",
    "StoryResponse.old_number_value",
    "StoryResponse.created_by",
    "MembershipCompact.is_commenter",
    "MembershipCompact.is_editor",
    "BudgetResponse.estimate.value",
    "BudgetResponse.estimate.units",
    "BudgetResponse.total.value",
    "BudgetResponse.total.units",
    "TimeTrackingEntryBase.attributable_to",
];

/// Schemas that occur only inside others, every member of which should be served too.
const NESTED: &[&str] = &[
    "AuditLogEventActor",
    "AuditLogEventContext",
    "AuditLogEventDetails",
    "AuditLogEventResource",
    "BudgetActualResponse",
    "BudgetEstimateResponse",
    "BudgetTotalResponse",
    "CustomTypeStatusOptionResponse",
    "DateVariableCompact",
    "TaskTemplateRecipe",
    "TaskTemplateRecipeCompact",
    "TemplateRole",
    "WebhookFilter",
];

/// (listing, parents it is asked of, schema); `{}` stands for the parent, `{w}` for the workspace.
const LISTINGS: &[(&str, &str, &str)] = &[
    ("/workspaces", "", "WorkspaceResponse"),
    ("/users?workspace={w}", "", "UserResponse"),
    ("/workspaces/{w}/workspace_memberships", "", "WorkspaceMembershipResponse"),
    ("/workspaces/{w}/teams", "", "TeamResponse"),
    ("/teams/{}/team_memberships", "teams", "TeamMembershipResponse"),
    ("/projects?workspace={w}", "", "ProjectResponse"),
    ("/projects/{}/sections", "projects", "SectionResponse"),
    ("/projects/{}/custom_field_settings", "projects", "CustomFieldSettingResponse"),
    ("/memberships?parent={}", "projects", "MembershipCompact"),
    ("/projects/{}/tasks", "projects", "TaskResponse"),
    ("/tasks/{}/stories", "tasks", "StoryResponse"),
    ("/attachments?parent={}", "tasks", "AttachmentResponse"),
    ("/tags?workspace={w}", "", "TagResponse"),
    ("/workspaces/{w}/custom_fields", "", "CustomFieldResponse"),
    ("/portfolios?workspace={w}", "", "PortfolioResponse"),
    ("/portfolios/{}/items", "portfolios", "ProjectResponse"),
    ("/portfolios/{}/custom_field_settings", "portfolios", "CustomFieldSettingResponse"),
    ("/portfolios/{}/project_portfolio_settings", "portfolios", "ProjectPortfolioSettingResponse"),
    ("/memberships?parent={}", "portfolios", "MembershipCompact"),
    ("/goals?workspace={w}", "", "GoalResponse"),
    ("/goals/{}/custom_field_settings", "goals", "CustomFieldSettingResponse"),
    ("/goals/{}/stories", "goals", "StoryResponse"),
    ("/goal_relationships?supported_goal={}", "goals", "GoalRelationshipResponse"),
    ("/memberships?parent={}", "goals", "MembershipCompact"),
    ("/time_periods?workspace={w}", "", "TimePeriodResponse"),
    ("/status_updates?parent={}", "projects", "StatusUpdateResponse"),
    ("/status_updates?parent={}", "portfolios", "StatusUpdateResponse"),
    ("/status_updates?parent={}", "goals", "StatusUpdateResponse"),
    ("/reactions?emoji_base=%F0%9F%91%8D&target={}", "status_updates", "ReactionCompact"),
    ("/attachments?parent={}", "project_briefs", "AttachmentResponse"),
    ("/memberships?parent={}", "custom_fields", "CustomFieldMembershipCompact"),
    ("/memberships?parent={}", "custom_types", "CustomTypeMembershipCompact"),
    ("/project_templates?workspace={w}", "", "ProjectTemplateResponse"),
    ("/task_templates?project={}", "projects", "TaskTemplateResponse"),
    ("/custom_types?project={}", "projects", "CustomTypeResponse"),
    ("/roles?workspace={w}", "", "RbacRoleResponse"),
    ("/workspaces/{w}/agents", "", "AgentResponse"),
    ("/ooo_entries?workspace={w}&user={}", "users", "OooEntryResponse"),
    ("/webhooks?workspace={w}", "", "WebhookResponse"),
    ("/workspaces/{w}/audit_log_events", "", "AuditLogEvent"),
    ("/time_tracking_entries?workspace={w}&entered_on_start_date=2000-01-01", "", "TimeTrackingEntryBase"),
    ("/time_tracking_categories?workspace={w}", "", "TimeTrackingCategoryResponse"),
    ("/timesheet_approval_statuses?workspace={w}", "", "TimesheetApprovalStatusResponse"),
    ("/allocations?workspace={w}", "", "AllocationResponse"),
    ("/rates?parent={}", "projects", "RateOrPlaceholderCompact"),
    // Without pages.
    ("/access_requests?target={}", "projects", "AccessRequestResponse"),
    ("/budgets?parent={}", "projects", "BudgetResponse"),
];

/// (path of a single record, its kind, schema).
const RECORDS: &[(&str, &str, &str)] = &[
    ("/project_briefs/{}", "project_briefs", "ProjectBriefResponse"),
    ("/project_templates/{}", "project_templates", "ProjectTemplateResponse"),
    ("/task_templates/{}", "task_templates", "TaskTemplateResponse"),
    ("/custom_types/{}", "custom_types", "CustomTypeResponse"),
    ("/roles/{}", "roles", "RbacRoleResponse"),
    ("/agents/{}", "agents", "AgentResponse"),
    ("/ooo_entries/{}", "ooo_entries", "OooEntryResponse"),
    ("/webhooks/{}", "webhooks", "WebhookResponse"),
    ("/time_tracking_entries/{}", "time_tracking_entries", "TimeTrackingEntryBase"),
    ("/time_tracking_categories/{}", "time_tracking_categories", "TimeTrackingCategoryResponse"),
    ("/timesheet_approval_statuses/{}", "timesheet_approval_statuses", "TimesheetApprovalStatusResponse"),
    ("/allocations/{}", "allocations", "AllocationResponse"),
    ("/budgets/{}", "budgets", "BudgetResponse"),
    ("/rates/{}", "rates", "RateResponse"),
];

struct Checker {
    schemas: Map<String, Value>,
    seen: BTreeMap<String, BTreeSet<String>>,
    problems: BTreeSet<String>,
}

impl Checker {
    /// Members of a schema, without the marks of unions.
    fn members(&self, schema: &str) -> Vec<(String, Value)> {
        let members = self.schemas[schema].as_object().unwrap().iter();
        members.filter(|(name, _)| !name.starts_with('$')).map(|(name, of)| (name.clone(), of.clone())).collect()
    }

    /// `opt_fields` naming every member, and every member of what it refers to, to a depth.
    fn opt_fields(&self, schema: &str, depth: u32) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, of) in self.members(schema) {
            let item = of.get("items").unwrap_or(&of);
            let below = match (item.get("ref"), item.get("properties")) {
                (Some(Value::String(of)), more) if depth > 0 => {
                    let more = more.and_then(Value::as_object).into_iter().flatten();
                    let mut paths = self.opt_fields(of, depth - 1);
                    paths.extend(more.map(|(name, _)| name.clone()));
                    paths
                }
                (Some(Value::Array(_)), _) => vec!["name".to_owned(), "resource_type".to_owned()],
                (None, Some(properties)) => {
                    let mut paths = Vec::new();
                    for (name, of) in properties.as_object().unwrap() {
                        match of.get("ref").and_then(Value::as_str) {
                            Some(of) if depth > 0 => {
                                paths.extend(self.opt_fields(of, 0).into_iter().map(|below| format!("{name}.{below}")));
                            }
                            _ => paths.push(name.clone()),
                        }
                    }
                    paths
                }
                _ => Vec::new(),
            };
            if below.is_empty() {
                paths.push(name.clone());
            }
            paths.extend(below.into_iter().map(|below| format!("{name}.{below}")));
        }
        paths
    }

    fn record(&mut self, schema: &str, record: &Value) {
        let members: BTreeMap<String, Value> = self.members(schema).into_iter().collect();
        for (name, value) in record.as_object().unwrap() {
            self.seen.entry(schema.to_owned()).or_default().insert(name.clone());
            match members.get(name) {
                Some(of) => self.value(&format!("{schema}.{name}"), of, value),
                None => {
                    self.problems.insert(format!("{schema}.{name} is not in the schema"));
                }
            }
        }
    }

    fn value(&mut self, path: &str, of: &Value, value: &Value) {
        let has_type = match of["type"].as_str().unwrap() {
            _ if value.is_null() => of["nullable"] == true || NULL.contains(&path),
            "integer" if path.ends_with("_number_value") => value.is_number(),
            "integer" => value.is_i64() || value.is_u64(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("{path} has the unknown type {other}"),
        };
        if !has_type {
            self.problems.insert(format!("{path} is {value} and should be {of}"));
            return;
        }
        if let (Some(allowed), Some(text)) = (of.get("enum").and_then(Value::as_array), value.as_str())
            && !allowed.iter().any(|known| known == text)
        {
            self.problems.insert(format!("{path} has the value {text:?}"));
        }
        match (of.get("format").and_then(Value::as_str), value.as_str()) {
            (Some("date"), Some(text)) if text.len() != 10 => {
                self.problems.insert(format!("{path} is no date: {text}"));
            }
            (Some("date-time"), Some(text)) if text.len() != 24 || !text.ends_with('Z') => {
                self.problems.insert(format!("{path} is no instant: {text}"));
            }
            _ => {}
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.value(path, &of["items"], item)),
            Value::Object(members) => match (of.get("ref"), of.get("properties")) {
                (Some(Value::String(schema)), more) => self.reference(path, schema, more, value),
                (None, Some(properties)) => {
                    for (name, value) in members {
                        match properties.get(name) {
                            Some(of) => self.value(&format!("{path}.{name}"), of, value),
                            None => {
                                self.problems.insert(format!("{path}.{name} is not in the schema"));
                            }
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// References may carry more than the compact schema when asked, so only types of known members are checked.
    /// Some references document members beyond those of their schema.
    fn reference(&mut self, path: &str, schema: &str, more: Option<&Value>, value: &Value) {
        let mut members: BTreeMap<String, Value> = self.members(schema).into_iter().collect();
        let more = more.and_then(Value::as_object).into_iter().flatten();
        members.extend(more.map(|(name, of)| (name.clone(), of.clone())));
        // The details of an audit log event have whatever members they have.
        let is_open = schema == "AuditLogEventDetails";
        for (name, value) in value.as_object().unwrap() {
            if let Some(of) = members.get(name) {
                if NESTED.contains(&schema) {
                    self.seen.entry(schema.to_owned()).or_default().insert(name.clone());
                }
                self.value(&format!("{path}.{name}"), of, value);
            } else if !path.ends_with("parent") && !is_open {
                self.problems.insert(format!("{path}.{name} is not in {schema}"));
            }
        }
    }
}

/// The paths of a form, each with a query: one of the workspace, or one for each of up to 400 parents.
fn paths(truth: &Truth, form: &str, parents: &str) -> Vec<String> {
    let form = form.replace("{w}", &truth.workspace_gid());
    let form = if form.contains('?') { form } else { format!("{form}?") };
    match parents {
        "" => vec![form],
        parents => {
            let parents = gids(&truth.records(parents, SERVICE_TOKEN)).into_iter().take(400);
            parents.map(|parent| form.replace("{}", &parent)).collect()
        }
    }
}

#[test]
fn records_have_the_documented_members_and_types() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut files = folders.map(|folder| folder.join("shared/asana-schemas.json"));
    let Some(text) = files.find_map(|file| std::fs::read_to_string(file).ok()) else {
        println!("skipped: no folder above has shared/asana-schemas.json");
        return;
    };
    let schemas = serde_json::from_str(&text).unwrap();
    let mut checker = Checker { schemas, seen: BTreeMap::new(), problems: BTreeSet::new() };
    let simulator = start_in_background(Config { plan: Plan::Enterprise, ..config(3_000) }).unwrap();
    let truth = simulator.truth();
    let mut service = Client::new(&simulator, SERVICE_TOKEN);
    let workspace = truth.workspace_gid();

    for (form, parents, schema) in LISTINGS {
        for path in paths(&truth, form, parents) {
            let opt_fields = checker.opt_fields(schema, 1).join(",");
            for record in service.list(&format!("{path}&opt_fields={opt_fields}")) {
                // What Asana calls a project may be a portfolio in a portfolio.
                let nested = record["resource_type"] == "portfolio";
                checker.record(if nested { "PortfolioResponse" } else { schema }, &record);
            }
        }
    }
    for (form, kind, schema) in RECORDS {
        let opt_fields = checker.opt_fields(schema, 1).join(",");
        for path in paths(&truth, form, kind).into_iter().take(100) {
            // Bare, and with every member named.
            for query in [String::new(), format!("&opt_fields={opt_fields}")] {
                let record = service.data(&format!("{path}{query}"));
                checker.record(schema, &record);
            }
        }
    }
    // Values of custom fields are members of tasks' fields, not of definitions; My Tasks sections are one's own.
    let mut values = BTreeSet::new();
    truth.for_each("tasks", SERVICE_TOKEN, |task| {
        values.extend(
            task["custom_fields"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|field| field.as_object().unwrap().keys().cloned()),
        );
    });
    checker.seen.entry("CustomFieldResponse".to_owned()).or_default().extend(values);
    let mut admin = Client::new(&simulator, ADMIN_TOKEN);
    for kind in ["project", "tag", "task", "user", "project_template"] {
        let path = format!("/users/me/favorites?workspace={workspace}&resource_type={kind}");
        for record in admin.list(&path) {
            checker.record("AsanaNamedResource", &record);
        }
    }
    let opt_fields = checker.opt_fields("UserTaskListResponse", 1).join(",");
    let list = admin.data(&format!("/users/me/user_task_list?workspace={workspace}&opt_fields={opt_fields}"));
    checker.record("UserTaskListResponse", &list);
    // Bare answers, full and compact, hold nothing that is not documented.
    for (resource, schema) in [
        ("tasks", "TaskResponse"),
        ("projects", "ProjectResponse"),
        ("users", "UserResponse"),
        ("tags", "TagResponse"),
        ("teams", "TeamResponse"),
        ("portfolios", "PortfolioResponse"),
        ("goals", "GoalResponse"),
        ("status_updates", "StatusUpdateResponse"),
    ] {
        for gid in gids(&truth.records(resource, ADMIN_TOKEN)).iter().take(100) {
            let record = admin.data(&format!("/{resource}/{gid}"));
            checker.record(schema, &record);
        }
    }
    let mut unseen = Vec::new();
    for (schema, seen) in &checker.seen {
        for (name, _) in checker.members(schema) {
            let path = format!("{schema}.{name}");
            if !seen.contains(&name) && !NEVER.contains(&path.as_str()) {
                unseen.push(path);
            }
        }
    }
    assert!(checker.problems.is_empty(), "{:#?}", checker.problems);
    assert!(unseen.is_empty(), "never served: {unseen:#?}");
    let named = LISTINGS.iter().chain(RECORDS).map(|(.., schema)| schema).chain(NESTED);
    let unchecked: Vec<_> = named.filter(|schema| !checker.seen.contains_key(**schema)).collect();
    assert!(unchecked.is_empty(), "no record at all: {unchecked:?}");
}
