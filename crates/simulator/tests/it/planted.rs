//! What is planted is there, besides a workspace that is the same without it.

use std::collections::{BTreeMap, BTreeSet};

use asana_simulator::{Config, Plan, Planting, SERVICE_TOKEN, Size, Truth, truth_of};
use serde_json::Value;

fn config(planted: bool) -> Config {
    Config { size: Size::for_tasks(150), plan: Plan::Enterprise, planted, ..Config::default() }
}

fn by_gid(truth: &Truth, resource: &str) -> BTreeMap<String, Value> {
    let gid = |record: Value| (record["gid"].as_str().unwrap().to_owned(), record);
    truth.records(resource, SERVICE_TOKEN).into_iter().map(gid).collect()
}

#[test]
fn nothing_that_is_generated_changes() {
    let (clean, planted) = (truth_of(&config(false)), truth_of(&config(true)));
    assert!(clean.planted().is_empty());
    for resource in Truth::RESOURCES {
        let (clean, planted) = (by_gid(&clean, resource), by_gid(&planted, resource));
        for (gid, record) in clean {
            assert_eq!(planted.get(&gid), Some(&record), "{resource}");
        }
    }
}

#[test]
fn every_planting_names_something_new() {
    let (clean, planted) = (truth_of(&config(false)), truth_of(&config(true)));
    let known: BTreeSet<String> =
        Truth::RESOURCES.iter().flat_map(|resource| by_gid(&clean, resource).into_keys()).collect();
    let all: BTreeSet<String> =
        Truth::RESOURCES.iter().flat_map(|resource| by_gid(&planted, resource).into_keys()).collect();
    let plantings = planted.planted();
    assert!(plantings.len() > 50, "{}", plantings.len());
    // Apps and actors that are no users are told of by name.
    let has_gid = |planting: &&Planting| planting.gid.bytes().all(|byte| byte.is_ascii_digit());
    assert_eq!(plantings.iter().filter(|planting| !has_gid(planting)).count(), 2);
    for planting in plantings.iter().filter(has_gid) {
        // Too many administrators are the workspace's.
        let is_new = !known.contains(&planting.gid) || planting.rule == "many-admins";
        assert!(all.contains(&planting.gid) && is_new, "{planting:?}");
    }
    assert_eq!(plantings.iter().collect::<BTreeSet<_>>().len(), plantings.len());
}
