//! What each plan and each token may ask for, and that the truth says the same as the server.

use std::collections::BTreeSet;

use asana_simulator::{
    ADMIN_TOKEN, Config, GUEST_TOKEN, MEMBER_TOKEN, Plan, RunningSimulator, SERVICE_TOKEN, Truth, start_in_background,
};

use crate::client::{Client, gids};
use crate::pages::config;

const TOKENS: [&str; 4] = [ADMIN_TOKEN, MEMBER_TOKEN, GUEST_TOKEN, SERVICE_TOKEN];

fn start(plan: Plan) -> RunningSimulator {
    start_in_background(Config { plan, ..config(600) }).unwrap()
}

/// (kind, what lists it, the kind of the parents it is asked of); `{}` stands for the parent.
const LISTINGS: &[(&str, &str, &str)] = &[
    ("project_templates", "/project_templates?workspace={w}", ""),
    ("attachments", "/attachments?parent={}", "tasks"),
    ("attachments", "/attachments?parent={}", "projects"),
    ("attachments", "/attachments?parent={}", "project_briefs"),
    ("task_templates", "/task_templates?project={}", "projects"),
    ("custom_types", "/custom_types?project={}", "projects"),
    ("memberships", "/memberships?parent={}", "projects"),
    ("memberships", "/memberships?parent={}", "portfolios"),
    ("memberships", "/memberships?parent={}", "goals"),
    ("memberships", "/memberships?parent={}", "custom_fields"),
    ("memberships", "/memberships?parent={}", "custom_types"),
    ("roles", "/roles?workspace={w}", ""),
    ("agents", "/workspaces/{w}/agents", ""),
    ("ooo_entries", "/ooo_entries?workspace={w}&user={}", "users"),
    ("access_requests", "/access_requests?target={}", "projects"),
    ("access_requests", "/access_requests?target={}", "portfolios"),
    ("webhooks", "/webhooks?workspace={w}", ""),
    ("audit_log_events", "/workspaces/{w}/audit_log_events", ""),
    ("time_tracking_entries", "/time_tracking_entries?workspace={w}&entered_on_start_date=2000-01-01", ""),
    ("time_tracking_categories", "/time_tracking_categories?workspace={w}", ""),
    ("time_tracking_categories", "/time_tracking_categories?workspace={w}&is_archived=true", ""),
    ("timesheet_approval_statuses", "/timesheet_approval_statuses?workspace={w}", ""),
    ("allocations", "/allocations?workspace={w}", ""),
    ("budgets", "/budgets?parent={}", "projects"),
    ("rates", "/rates?parent={}", "projects"),
];

fn paths(truth: &Truth, token: &str, form: &str, parents: &str) -> Vec<String> {
    let form = form.replace("{w}", &truth.workspace_gid());
    match parents {
        "" => vec![form],
        parents => gids(&truth.records(parents, token)).iter().map(|parent| form.replace("{}", parent)).collect(),
    }
}

#[test]
fn listings_hold_what_the_truth_says() {
    for plan in [Plan::Free, Plan::Paid, Plan::Enterprise] {
        let simulator = start(plan);
        let truth = simulator.truth();
        for token in TOKENS {
            let mut client = Client::new(&simulator, token);
            let kinds: BTreeSet<&str> = LISTINGS.iter().map(|(kind, ..)| *kind).collect();
            for kind in kinds {
                let mut served = BTreeSet::new();
                for (_, form, parents) in LISTINGS.iter().filter(|(of, ..)| *of == kind) {
                    for path in paths(&truth, token, form, parents) {
                        match client.get(&path).status {
                            200 => served.extend(gids(&client.list(&path))),
                            status => assert!(matches!(status, 402 | 403), "{path}: {status}"),
                        }
                    }
                }
                let known: BTreeSet<String> = gids(&truth.records(kind, token)).into_iter().collect();
                assert_eq!(served, known, "{kind} of {token} on {plan:?}");
            }
        }
    }
}

#[test]
fn hidden_things_are_left_out_for_each_token() {
    let simulator = start(Plan::Enterprise);
    let truth = simulator.truth();
    for kind in ["project_briefs", "task_templates", "time_tracking_entries", "allocations", "budgets", "rates"] {
        let of = |token| gids(&truth.records(kind, token)).into_iter().collect::<BTreeSet<String>>();
        let all = of(SERVICE_TOKEN);
        for token in [ADMIN_TOKEN, GUEST_TOKEN] {
            let some = of(token);
            assert!(!some.is_empty() && some.is_subset(&all) && some.len() < all.len(), "{kind} of {token}");
        }
        // Asked for directly they are unknown.
        let seen = of(GUEST_TOKEN);
        let hidden = all.iter().find(|gid| !seen.contains(*gid)).unwrap();
        assert_eq!(Client::new(&simulator, GUEST_TOKEN).get(&format!("/{kind}/{hidden}")).status, 404, "{kind}");
        assert_eq!(Client::new(&simulator, SERVICE_TOKEN).get(&format!("/{kind}/{hidden}")).status, 200, "{kind}");
    }
}

/// The answers to one path for an administrator, a guest and the service account.
fn statuses(simulator: &RunningSimulator, path: &str) -> [u16; 3] {
    [ADMIN_TOKEN, GUEST_TOKEN, SERVICE_TOKEN].map(|token| Client::new(simulator, token).get(path).status)
}

#[test]
fn plans_and_roles_open_and_close_kinds() {
    for plan in [Plan::Free, Plan::Paid, Plan::Enterprise] {
        let simulator = start(plan);
        let truth = simulator.truth();
        let workspace = truth.workspace_gid();
        // A project that even the guest sees.
        let project = gids(&truth.records("projects", GUEST_TOKEN)).swap_remove(0);
        let task = gids(&truth.records("tasks", GUEST_TOKEN)).swap_remove(0);
        let paid = [200, 402][usize::from(plan == Plan::Free)];
        for path in [
            format!("/access_requests?target={project}"),
            format!("/time_tracking_entries?workspace={workspace}&entered_on_start_date=2026-01-01"),
            format!("/tasks/{task}/time_tracking_entries"),
            format!("/time_tracking_categories?workspace={workspace}"),
            format!("/timesheet_approval_statuses?workspace={workspace}"),
            format!("/allocations?parent={project}"),
            format!("/budgets?parent={project}"),
            format!("/rates?parent={project}"),
        ] {
            assert_eq!(statuses(&simulator, &path), [paid; 3], "{path} on {plan:?}");
        }
        for path in [
            format!("/project_templates?workspace={workspace}"),
            format!("/task_templates?project={project}"),
            format!("/custom_types?project={project}"),
            format!("/workspaces/{workspace}/agents"),
            format!("/webhooks?workspace={workspace}"),
            format!("/ooo_entries?user=me&workspace={workspace}"),
            format!("/users/me/favorites?resource_type=project&workspace={workspace}"),
        ] {
            assert_eq!(statuses(&simulator, &path), [200; 3], "{path} on {plan:?}");
        }
        let is_enterprise = plan == Plan::Enterprise;
        let roles = if is_enterprise { [200, 403, 200] } else { [402; 3] };
        assert_eq!(statuses(&simulator, &format!("/roles?workspace={workspace}")), roles, "{plan:?}");
        let log = if is_enterprise { [403, 403, 200] } else { [403; 3] };
        assert_eq!(statuses(&simulator, &format!("/workspaces/{workspace}/audit_log_events")), log, "{plan:?}");
    }
    let simulator = start(Plan::Free);
    let project = gids(&simulator.truth().records("projects", ADMIN_TOKEN)).swap_remove(0);
    let refused = Client::new(&simulator, ADMIN_TOKEN).get(&format!("/budgets?parent={project}"));
    assert_eq!(refused.message(), "Payment Required: Budgeting is only available to premium users.");
}

#[test]
fn needed_parameters_are_asked_for() {
    let simulator = start(Plan::Enterprise);
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    for (path, message) in [
        ("/task_templates", "project: Missing input"),
        ("/custom_types", "project: Missing input"),
        ("/ooo_entries?workspace={w}", "user: Missing input"),
        ("/ooo_entries?user=me", "workspace: Missing input"),
        ("/access_requests", "target: Missing input"),
        ("/webhooks", "workspace: Missing input"),
        ("/budgets", "parent: Missing input"),
        ("/rates", "parent: Missing input"),
        ("/time_tracking_categories", "workspace: Missing input"),
        ("/timesheet_approval_statuses", "workspace: Missing input"),
        ("/users/me/favorites?workspace={w}", "resource_type: Missing input"),
        ("/users/me/favorites?resource_type=tag", "workspace: Missing input"),
        ("/users/me/favorites?workspace={w}&resource_type=story", "resource_type: Not a valid option: story"),
        ("/allocations", "Must specify a parent, or an assignee and a workspace"),
        ("/allocations?assignee=me", "workspace: Missing input"),
        ("/time_tracking_entries", "Must specify one of task, attributable_to, portfolio, user or workspace"),
        (
            "/time_tracking_entries?workspace={w}",
            "workspace: At least one of entered_on_start_date or entered_on_end_date must be provided",
        ),
        ("/time_tracking_entries?user=me&entered_on_end_date=soon", "entered_on_end_date: Not a valid date: soon"),
        (
            "/timesheet_approval_statuses?workspace={w}&approval_statuses=lost",
            "approval_statuses: Not a valid option: lost",
        ),
        ("/workspaces/{w}/audit_log_events?actor_type=robot", "actor_type: Not a valid option: robot"),
        ("/workspaces/{w}/audit_log_events?resource_gid=x", "resource_gid: Not a recognized ID: x"),
        ("/roles?workspace={w}&archived=perhaps", "archived: Not a boolean: perhaps"),
    ] {
        let reply = client.get(&path.replace("{w}", &workspace));
        assert_eq!((reply.status, reply.message().as_str()), (400, message), "{path}");
    }
}
