//! Budgets of projects and the rates from which costs are computed.

use super::allocations::{find_worker, write_worker};
use super::errors::ApiError;
use super::json::{Digits, Object};
use super::people::write_user;
use super::projects::write_project;
use super::{Answer, Call, Listing, Rows, Unlimited, View, access};
use crate::config::Plan;
use crate::world::{Dice, Kind, RATES, Worker};

const CURRENCY: &str = "EUR";

/// Hundredths as the digits of an amount.
fn amount(cents: u64) -> Digits {
    Digits(format!("{}.{:02}", cents / 100, cents % 100))
}

/// A budget has the index of its project.
fn has_budget(view: View<'_>, project: u32) -> bool {
    let is_visible = view.world.projects.row(project).is_some() && view.viewer.sees_project(project);
    let planted = &view.world.planted;
    let has_one = if planted.has_project(project) {
        planted.budgets.contains_key(&project)
    } else {
        view.world.dice(Kind::Budget, project).chance("budget", 45)
    };
    is_visible && has_one
}

fn write_budget(o: &mut Object<'_>, view: View<'_>, project: u32) {
    let dice = view.world.dice(Kind::Budget, project);
    // What is planted is a total of minutes, against all that is entered.
    let allowed = view.world.planted.budgets.get(&project);
    let is_cost = allowed.is_none() && dice.chance("cost", 50);
    view.head(o, Kind::Budget, project);
    o.put("budget_type", if is_cost { "cost" } else { "time" });
    let put_value = |o: &mut Object<'_>, value: Option<Digits>| {
        // What is switched off has neither value nor units.
        let units = value.is_some().then_some(if is_cost { CURRENCY } else { "minutes" });
        o.put("value", value);
        o.put("units", units);
    };
    let planned = |salt: &str| {
        let minutes = 600 + 30 * dice.below(salt, 2_000);
        if is_cost { amount(u64::from(minutes) * 85) } else { Digits(minutes.to_string()) }
    };
    o.object("estimate", |o| {
        let enabled = dice.chance("estimated", 70);
        o.put("billable_status_filter", filter(dice, "estimate filter"));
        o.put("source", if enabled { dice.pick("source", &["tasks", "capacity_plans"]) } else { "none" });
        o.put("enabled", enabled);
        put_value(o, enabled.then(|| planned("estimate")));
    });
    o.object("actual", |o| {
        let filter = if allowed.is_some() { "any" } else { filter(dice, "actual filter") };
        o.put("billable_status_filter", filter);
        put_value(o, Some(actual(view, project, filter, is_cost)));
    });
    o.object("total", |o| {
        let enabled = allowed.is_some() || dice.chance("total", 70);
        o.put("enabled", enabled);
        let total = || allowed.map_or_else(|| planned("total value"), |minutes| Digits(minutes.to_string()));
        put_value(o, enabled.then(total));
    });
    o.object("parent", |o| write_project(o, view, project));
}

fn filter(dice: Dice, salt: &str) -> &'static str {
    dice.pick(salt, &["billable", "non_billable", "any"])
}

/// The minutes of the entries that count toward a project, or what they cost at the rates of those who worked.
fn actual(view: View<'_>, project: u32, filter: &str, is_cost: bool) -> Digits {
    let rates = view.world.rates(project);
    let cents = |person: u32| {
        let rate = rates.iter().find(|rate| rate.worker == Worker::Person(person));
        rate.map_or(0, |rate| u64::from(rate.cents))
    };
    let entries = view.world.projects[project].tasks.rows().iter().flat_map(|task| view.world.time_entries(*task));
    let counts = entries.filter(|entry| {
        let has_status = match filter {
            "billable" => entry.billable == "billable",
            "non_billable" => entry.billable == "nonBillable",
            _ => true,
        };
        entry.project == project && has_status
    });
    if is_cost {
        amount(counts.map(|entry| u64::from(entry.minutes) * cents(entry.person)).sum::<u64>() / 60)
    } else {
        Digits(counts.map(|entry| u64::from(entry.minutes)).sum::<u64>().to_string())
    }
}

fn budget_list(view: View<'_>, projects: std::ops::Range<u32>) -> Listing<'_> {
    let rows = projects.filter(|project| has_budget(view, *project)).collect();
    Listing::new(Rows::Chosen(rows), move |o, project| write_budget(o, view, project))
}

/// By `parent`, a project, which is needed: at most one. Without pages.
pub(super) fn budgets<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let parent = call.required("parent")?;
    access::paid(call.view, "Budgeting")?;
    let project = call.find(Kind::Project, parent)?;
    budget_list(call.view, project..project + 1).unlimited(Unlimited::NoPages).answer()
}

pub(super) fn budget<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, "Budgeting")?;
    let project = access::find(call, Kind::Budget, call.id, |project| has_budget(view, project))?;
    Ok(Answer::one(move |o| write_budget(o, view, project)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    budget_list(view, if view.plan == Plan::Free { 0..0 } else { view.world.projects.indexes() })
}

fn write_rate(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let (project, ordinal) = (index / RATES, index % RATES);
    let Some(rate) = view.world.rates(project).get(ordinal as usize).copied() else { return };
    view.head(o, Kind::Rate, index);
    o.object("parent", |o| write_project(o, view, project));
    o.object("resource", |o| write_worker(o, view, rate.worker));
    o.put("rate", amount(u64::from(rate.cents)));
    o.put("currency_code", CURRENCY);
    o.object("created_by", |o| write_user(o, view, view.world.actor(view.world.dice(Kind::Rate, index), "creator")));
}

fn rate_rows(view: View<'_>, project: u32, of: Option<Worker>) -> impl Iterator<Item = u32> {
    let rates = (0u32..).zip(view.world.rates(project));
    let wanted = rates.filter(move |(_, rate)| of.is_none_or(|of| of == rate.worker));
    wanted.map(move |(ordinal, _)| project * RATES + ordinal)
}

fn rate_list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_rate(o, view, index))
        .shown_if(move |index| view.viewer.sees_project(index / RATES))
}

/// By `parent`, a project, which is needed, and `resource`, a user or a placeholder.
pub(super) fn rates<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let parent = call.required("parent")?;
    access::paid(call.view, "Rates")?;
    let project = call.find(Kind::Project, parent)?;
    let of = call.parameter("resource").map(|text| find_worker(call, "resource", text)).transpose()?;
    rate_list(call.view, rate_rows(call.view, project, of).collect()).answer()
}

pub(super) fn rate<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    access::paid(view, "Rates")?;
    let is_known = |index: u32| {
        let project = index / RATES;
        view.viewer.sees_project(project) && rate_rows(view, project, None).any(|known| known == index)
    };
    let index = access::find(call, Kind::Rate, call.id, is_known)?;
    Ok(Answer::one(move |o| write_rate(o, view, index)))
}

pub(super) fn everything_of_rates(view: View<'_>) -> Listing<'_> {
    let projects = if view.plan == Plan::Free { 0..0 } else { view.world.projects.indexes() };
    rate_list(view, projects.flat_map(|project| rate_rows(view, project, None)).collect())
}
