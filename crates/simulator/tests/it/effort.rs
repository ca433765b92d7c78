//! Tracked and planned time: what adds up, what lists answer, and how they are asked.

use std::collections::BTreeMap;

use asana_simulator::{Config, SERVICE_TOKEN, TimeEntryLists, UnknownOptFields, start_in_background};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

const FROM: &str = "entered_on_start_date=2000-01-01";

#[test]
fn time_entries_add_up_to_the_time_of_their_task() {
    let simulator = start_in_background(config(1_500)).unwrap();
    let truth = simulator.truth();
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    let mut several = 0;
    for entry in truth.records("time_tracking_entries", SERVICE_TOKEN) {
        let sum = sums.entry(entry["task"]["gid"].as_str().unwrap().to_owned()).or_default();
        several += usize::from(*sum > 0);
        *sum += entry["duration_minutes"].as_u64().unwrap();
        assert!(entry["entered_on"].as_str().unwrap() <= "2026-06-01");
    }
    assert!(several > 50);
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let mut timed = 0;
    for task in truth.records("tasks", SERVICE_TOKEN) {
        let gid = task["gid"].as_str().unwrap();
        let spent = task["actual_time_minutes"].as_u64().unwrap_or(0);
        assert_eq!(sums.get(gid).copied().unwrap_or(0), spent, "{gid}");
        if spent > 0 && timed < 50 {
            timed += 1;
            let entries = client.list(&format!("/tasks/{gid}/time_tracking_entries"));
            assert_eq!(entries.iter().map(|entry| entry["duration_minutes"].as_u64().unwrap()).sum::<u64>(), spent);
            let projects = gids(task["projects"].as_array().unwrap());
            for entry in entries {
                let project = entry["attributable_to"]["gid"].as_str().map(str::to_owned);
                assert_eq!(project.is_none(), projects.is_empty());
                assert!(project.is_none_or(|project| projects.contains(&project)));
            }
        }
    }
    assert_eq!(timed, 50);
}

#[test]
fn entry_lists_answer_in_full_or_as_documented() {
    let keys = |entry: &Value| entry.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    for (lists, expected) in
        [(TimeEntryLists::Full, "duration_minutes gid task"), (TimeEntryLists::Documented, "duration_minutes gid")]
    {
        let simulator = start_in_background(Config { time_entry_lists: lists, ..config(300) }).unwrap();
        let workspace = simulator.truth().workspace_gid();
        let mut client = Client::new(&simulator, SERVICE_TOKEN);
        let path = format!("/time_tracking_entries?workspace={workspace}&{FROM}");
        let entries = client.list(&format!("{path}&opt_fields=duration_minutes,task"));
        assert!(entries.len() > 20 && entries.iter().all(|entry| keys(entry) == expected), "{lists:?}");
        // Unasked, both tell the documented members; a single entry tells everything.
        let bare = client.list(&path);
        let documented = "attributable_to categories created_by duration_minutes entered_on gid resource_type";
        assert!(bare.iter().all(|entry| keys(entry) == documented));
        let single = client.data(&format!("/time_tracking_entries/{}", bare[0]["gid"].as_str().unwrap()));
        assert!(single["task"]["gid"].is_string() && single["created_at"].is_string());
        // The truth knows everything in any case.
        assert!(simulator.truth().records("time_tracking_entries", SERVICE_TOKEN)[0]["task"]["gid"].is_string());
    }
    let unknown_opt_fields = UnknownOptFields::BadRequest;
    let config = Config { time_entry_lists: TimeEntryLists::Documented, unknown_opt_fields, ..config(300) };
    let simulator = start_in_background(config).unwrap();
    let path = format!("/time_tracking_entries?workspace={}&{FROM}", simulator.truth().workspace_gid());
    assert_eq!(Client::new(&simulator, SERVICE_TOKEN).get(&format!("{path}&opt_fields=task")).status, 400);
}

#[test]
fn entries_are_found_from_every_side() {
    let simulator = start_in_background(config(1_500)).unwrap();
    let truth = simulator.truth();
    let workspace = truth.workspace_gid();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let all = truth.records("time_tracking_entries", SERVICE_TOKEN);
    let mut check = |path: &str, wanted: &dyn Fn(&Value) -> bool| {
        let expected = gids(&all.iter().filter(|entry| wanted(entry)).cloned().collect::<Vec<_>>());
        assert!(!expected.is_empty() && expected.len() < all.len(), "{path}");
        assert_eq!(gids(&client.list(path)), expected, "{path}");
    };
    let sheet = all.iter().find(|entry| entry["approval_status"].is_string()).unwrap();
    let gid = |entry: &Value, member: &str| entry[member]["gid"].as_str().unwrap_or_default().to_owned();
    let (task, person) = (gid(sheet, "task"), gid(sheet, "created_by"));
    check(&format!("/time_tracking_entries?task={task}"), &|entry| gid(entry, "task") == task);
    check(&format!("/time_tracking_entries?user={person}"), &|entry| gid(entry, "created_by") == person);
    let project = all.iter().map(|entry| gid(entry, "attributable_to")).find(|gid| !gid.is_empty()).unwrap();
    check(&format!("/time_tracking_entries?attributable_to={project}"), &|entry| {
        gid(entry, "attributable_to") == project
    });
    // Both days are inclusive.
    let mut days: Vec<&str> = all.iter().map(|entry| entry["entered_on"].as_str().unwrap()).collect();
    days.sort_unstable();
    let (first, last) = (days[days.len() / 3], days[days.len() / 2]);
    let range = format!("entered_on_start_date={first}&entered_on_end_date={last}");
    check(&format!("/time_tracking_entries?workspace={workspace}&{range}"), &|entry| {
        (first..=last).contains(&entry["entered_on"].as_str().unwrap())
    });
    let category = all.iter().find_map(|entry| entry["categories"][0]["gid"].as_str()).unwrap();
    check(&format!("/time_tracking_categories/{category}/time_tracking_entries"), &|entry| {
        gids(entry["categories"].as_array().unwrap()).iter().any(|gid| gid == category)
    });
    // A sheet holds a person's entries of a week, and its status is theirs.
    let sheets = truth.records("timesheet_approval_statuses", SERVICE_TOKEN);
    let day = sheet["entered_on"].as_str().unwrap();
    let within = |sheet: &Value, day: &str| {
        (sheet["start_date"].as_str().unwrap()..=sheet["end_date"].as_str().unwrap()).contains(&day)
    };
    let found = sheets.iter().find(|sheet| gid(sheet, "user") == person && within(sheet, day)).unwrap();
    assert_eq!(found["approval_status"], sheet["approval_status"]);
    let path = format!("/time_tracking_entries?timesheet_approval_status={}", found["gid"].as_str().unwrap());
    check(&path, &|entry| gid(entry, "created_by") == person && within(found, entry["entered_on"].as_str().unwrap()));
    let status = found["approval_status"].as_str().unwrap();
    let path =
        format!("/timesheet_approval_statuses?workspace={workspace}&user={person}&from_date={day}&to_date={day}");
    let path = format!("{path}&approval_statuses={}", status.to_lowercase());
    assert_eq!(gids(&client.list(&path)), [found["gid"].as_str().unwrap()]);
}

#[test]
fn allocations_are_found_from_every_side_or_not() {
    for by_workspace in [true, false] {
        let config = Config { allocations_by_workspace: by_workspace, ..config(800) };
        let simulator = start_in_background(config).unwrap();
        let truth = simulator.truth();
        let workspace = truth.workspace_gid();
        let mut client = Client::new(&simulator, SERVICE_TOKEN);
        let alone = client.get(&format!("/allocations?workspace={workspace}&limit=1"));
        assert_eq!(alone.status, if by_workspace { 200 } else { 400 });
        let all = truth.records("allocations", SERVICE_TOKEN);
        let placeholder = all.iter().find(|one| one["assignee"]["resource_type"] == "placeholder").unwrap();
        let user = all.iter().find(|one| one["assignee"]["resource_type"] == "user").unwrap();
        for one in [placeholder, user] {
            let (assignee, parent) = (one["assignee"]["gid"].as_str().unwrap(), one["parent"]["gid"].as_str().unwrap());
            for (path, member, gid) in [
                (format!("/allocations?assignee={assignee}&workspace={workspace}"), "assignee", assignee),
                (format!("/allocations?parent={parent}"), "parent", parent),
            ] {
                let expected: Vec<Value> = all.iter().filter(|one| one[member]["gid"] == gid).cloned().collect();
                assert_eq!(gids(&client.list(&path)), gids(&expected), "{path}");
            }
        }
    }
}

#[test]
fn budgets_count_the_time_entered() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, SERVICE_TOKEN);
    let entries = truth.records("time_tracking_entries", SERVICE_TOKEN);
    let (mut spent, mut costs, mut off) = (0, 0, 0);
    for project in gids(&truth.records("projects", SERVICE_TOKEN)) {
        // Members cannot be chosen here, and there is no word about pages.
        let reply = client.get(&format!("/budgets?parent={project}&limit=1&opt_fields=budget_type")).json();
        assert!(reply.get("next_page").is_none());
        let Some(budget) = reply["data"].get(0) else { continue };
        assert_eq!(reply["data"].as_array().unwrap().len(), 1);
        off += usize::from(budget["estimate"]["enabled"] == false && budget["estimate"]["value"].is_null());
        if budget["budget_type"] == "cost" {
            assert_eq!(budget["actual"]["units"], "EUR");
            costs += usize::from(budget["actual"]["value"].as_f64().unwrap() > 0.0);
            continue;
        }
        let wanted = match budget["actual"]["billable_status_filter"].as_str().unwrap() {
            "billable" => Some("billable"),
            "non_billable" => Some("nonBillable"),
            _ => None,
        };
        let counted = entries.iter().filter(|entry| {
            entry["attributable_to"]["gid"] == project.as_str()
                && wanted.is_none_or(|wanted| entry["billable_status"] == wanted)
        });
        let minutes: u64 = counted.map(|entry| entry["duration_minutes"].as_u64().unwrap()).sum();
        assert_eq!(budget["actual"]["value"], minutes, "{project}");
        spent += usize::from(minutes > 0);
    }
    assert!(spent > 3 && costs > 0 && off > 0, "{spent} {costs} {off}");
}
