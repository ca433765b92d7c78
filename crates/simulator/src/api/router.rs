//! The endpoints, one line each: template, kind of record, function.

use super::errors::ApiError;
use super::{Answer, Call, attachments, fields, memberships, people, projects, search, stories, tags, tasks, teams};
use super::{absences, access_requests, agents, allocations, audit, briefs, budgets, favorites, roles};
use super::{goal_relationships, goal_stories, goals, periods, portfolios, reactions, statuses};
use super::{templates, time_entries, timesheets, types, webhooks};

/// One readable path.
pub(crate) struct Endpoint {
    /// The path with at most one `{}` for a gid.
    pub(crate) template: &'static str,
    /// The kind of record, a name in `shapes`.
    pub(crate) kind: &'static str,
    pub(crate) answer: for<'a> fn(&Call<'a>) -> Result<Answer<'a>, ApiError>,
    /// A few endpoints answer the same members whatever `opt_fields` says.
    pub(crate) takes_opt_fields: bool,
}

impl Endpoint {
    const fn without_opt_fields(self) -> Self {
        Self { takes_opt_fields: false, ..self }
    }
}

const fn get(
    template: &'static str,
    kind: &'static str,
    answer: for<'a> fn(&Call<'a>) -> Result<Answer<'a>, ApiError>,
) -> Endpoint {
    Endpoint { template, kind, answer, takes_opt_fields: true }
}

/// The template of task search, which has a limiter of its own.
pub(crate) const SEARCH: &str = "/workspaces/{}/tasks/search";

/// Literal paths stand before templates that would match them too.
pub(crate) static ENDPOINTS: &[Endpoint] = &[
    get("/workspaces", "workspace", people::workspaces),
    get("/workspaces/{}", "workspace", people::workspace),
    get("/workspaces/{}/workspace_memberships", "workspace_membership", people::memberships_of_workspace),
    get("/workspaces/{}/teams", "team", teams::of_workspace),
    get("/workspaces/{}/projects", "project", projects::of_workspace),
    get("/workspaces/{}/tags", "tag", tags::of_workspace),
    get("/workspaces/{}/custom_fields", "custom_field", fields::of_workspace),
    get(SEARCH, "task", search::tasks),
    get("/users", "user", people::users),
    get("/users/{}", "user", people::user),
    get("/users/{}/workspace_memberships", "workspace_membership", people::memberships_of_user),
    get("/users/{}/user_task_list", "user_task_list", people::task_list_of_user),
    get("/users/{}/team_memberships", "team_membership", teams::memberships_of_user),
    get("/user_task_lists/{}", "user_task_list", people::task_list),
    get("/user_task_lists/{}/tasks", "task", tasks::of_task_list),
    get("/teams/{}", "team", teams::team),
    get("/teams/{}/team_memberships", "team_membership", teams::memberships_of_team),
    get("/teams/{}/projects", "project", projects::of_team),
    get("/team_memberships", "team_membership", teams::memberships),
    get("/projects", "project", projects::all),
    get("/projects/{}", "project", projects::project),
    get("/projects/{}/sections", "section", projects::sections),
    get("/projects/{}/tasks", "task", tasks::of_project),
    get("/projects/{}/custom_field_settings", "custom_field_setting", fields::settings_of_project),
    get("/sections/{}", "section", projects::section),
    get("/sections/{}/tasks", "task", tasks::of_section),
    get("/tasks", "task", tasks::all),
    get("/tasks/{}", "task", tasks::task),
    get("/tasks/{}/subtasks", "task", tasks::subtasks),
    get("/tasks/{}/stories", "story", stories::of_task),
    get("/stories/{}", "story", stories::story),
    get("/attachments", "attachment", attachments::all),
    get("/attachments/{}", "attachment", attachments::attachment),
    get("/tags", "tag", tags::all),
    get("/tags/{}", "tag", tags::tag),
    get("/tags/{}/tasks", "task", tasks::of_tag),
    get("/custom_fields/{}", "custom_field", fields::field),
    get("/memberships", "project_membership", memberships::all),
    get("/portfolios", "portfolio", portfolios::all),
    get("/portfolios/{}", "portfolio", portfolios::portfolio),
    get("/portfolios/{}/items", "project", portfolios::items),
    get("/portfolios/{}/custom_field_settings", "custom_field_setting", portfolios::field_settings),
    get("/portfolios/{}/project_portfolio_settings", "project_portfolio_setting", portfolios::settings_of_portfolio),
    get("/projects/{}/project_portfolio_settings", "project_portfolio_setting", portfolios::settings_of_project),
    get("/project_portfolio_settings/{}", "project_portfolio_setting", portfolios::setting),
    get("/goals", "goal", goals::all),
    get("/goals/{}", "goal", goals::goal),
    get("/goals/{}/custom_field_settings", "custom_field_setting", goals::field_settings),
    get("/goals/{}/stories", "story", goal_stories::of_goal),
    get("/goals/{}/parentGoals", "goal", goals::parents),
    get("/goal_relationships", "goal_relationship", goal_relationships::all),
    get("/goal_relationships/{}", "goal_relationship", goal_relationships::relationship),
    get("/time_periods", "time_period", periods::all),
    get("/time_periods/{}", "time_period", periods::period),
    get("/status_updates", "status_update", statuses::all),
    get("/status_updates/{}", "status_update", statuses::update),
    get("/reactions", "reaction", reactions::all),
    get("/project_briefs/{}", "project_brief", briefs::brief),
    get("/project_templates", "project_template", templates::of_workspace_or_team),
    get("/project_templates/{}", "project_template", templates::project_template),
    get("/teams/{}/project_templates", "project_template", templates::of_team),
    get("/task_templates", "task_template", templates::of_project),
    get("/task_templates/{}", "task_template", templates::task_template),
    get("/custom_types", "custom_type", types::of_project),
    get("/custom_types/{}", "custom_type", types::custom_type),
    get("/roles", "role", roles::all),
    get("/roles/{}", "role", roles::role),
    get("/workspaces/{}/agents", "agent", agents::of_workspace),
    get("/agents/{}", "agent", agents::agent),
    get("/ooo_entries", "ooo_entry", absences::all),
    get("/ooo_entries/{}", "ooo_entry", absences::entry),
    get("/users/{}/favorites", "named", favorites::of_user),
    get("/access_requests", "access_request", access_requests::all),
    get("/webhooks", "webhook", webhooks::all),
    get("/webhooks/{}", "webhook", webhooks::webhook),
    get("/workspaces/{}/audit_log_events", "audit_log_event", audit::of_workspace).without_opt_fields(),
    get("/time_tracking_entries", "time_tracking_entry", time_entries::all),
    get("/time_tracking_entries/{}", "time_tracking_entry", time_entries::entry),
    get("/tasks/{}/time_tracking_entries", "time_tracking_entry", time_entries::of_task),
    get("/time_tracking_categories", "time_tracking_category", time_entries::categories),
    get("/time_tracking_categories/{}", "time_tracking_category", time_entries::category),
    get("/time_tracking_categories/{}/time_tracking_entries", "time_tracking_entry", time_entries::of_category),
    get("/timesheet_approval_statuses", "timesheet_approval_status", timesheets::all),
    get("/timesheet_approval_statuses/{}", "timesheet_approval_status", timesheets::sheet),
    get("/allocations", "allocation", allocations::all),
    get("/allocations/{}", "allocation", allocations::allocation),
    get("/budgets", "budget", budgets::budgets).without_opt_fields(),
    get("/budgets/{}", "budget", budgets::budget),
    get("/rates", "rate", budgets::rates),
    get("/rates/{}", "rate", budgets::rate),
];

/// The endpoint of a path without the base, and what stands in its placeholder.
pub(crate) fn route(path: &str) -> Option<(&'static Endpoint, &str)> {
    ENDPOINTS.iter().find_map(|endpoint| matches(endpoint.template, path).map(|id| (endpoint, id)))
}

fn matches<'a>(template: &str, path: &'a str) -> Option<&'a str> {
    let Some((before, after)) = template.split_once("{}") else {
        return (template == path).then_some("");
    };
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_endpoint() {
        let found = |path: &'static str| route(path).map(|(endpoint, id)| (endpoint.template, id));
        assert_eq!(found("/tasks"), Some(("/tasks", "")));
        assert_eq!(found("/tasks/12"), Some(("/tasks/{}", "12")));
        assert_eq!(found("/tasks/12/stories"), Some(("/tasks/{}/stories", "12")));
        assert_eq!(found("/workspaces/1/tasks/search"), Some((SEARCH, "1")));
        assert_eq!(found("/tasks/12/nothing"), None);
        assert_eq!(found("/tasks/"), None);
        assert_eq!(found("/"), None);
    }

    #[test]
    fn every_endpoint_answers_a_known_kind() {
        for endpoint in ENDPOINTS {
            assert!(super::super::shapes::shape(endpoint.kind).is_resource(), "{}", endpoint.template);
        }
    }
}
