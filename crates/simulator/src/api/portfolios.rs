//! Portfolios, their items, and how projects stand in them.

use super::containers::{self, Container};
use super::errors::ApiError;
use super::json::Object;
use super::people::{write_user, write_workspace};
use super::projects::{some, write_named, write_project};
use super::statuses::Parent;
use super::tags::COLORS;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::portfolios::Item;
use crate::world::sharing::people;
use crate::world::time::{Day, Time};
use crate::world::{Dice, Kind, time};

const FEATURE: &str = "Portfolios";

pub(crate) fn write_portfolio(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let portfolios = &view.world.portfolios;
    let portfolio = &portfolios.rows[index];
    let dice = view.world.dice(Kind::Portfolio, index);
    view.head(o, Kind::Portfolio, index);
    if !view.viewer.sees_portfolio(index) {
        return;
    }
    o.put("name", portfolio.name.as_str());
    o.put("archived", portfolio.archived);
    o.with("color", || dice.pick("color", COLORS));
    write_dates(o, portfolio.created_at, dice);
    o.with("default_access_level", || dice.pick("level", &["admin", "editor", "viewer"]));
    o.put("created_at", Time(portfolio.created_at));
    o.object("created_by", |o| write_user(o, view, view.world.actor(dice, "creator")));
    o.maybe("current_status_update", Parent::Portfolio(index).latest(view), |o, update| update.write(o));
    containers::write_fields(o, view, Container::Portfolio(index));
    o.array(
        "members",
        || people(&portfolios.memberships, &portfolio.memberships),
        |o, person| {
            write_user(o, view, person);
        },
    );
    o.maybe("owner", some(portfolio.owner), |o, person| write_user(o, view, person));
    o.object("workspace", |o| write_workspace(o, view, 0));
    o.with("permalink_url", || format!("{}/list", view.link(Kind::Portfolio, index)));
    o.put("public", portfolio.is_public);
    o.put("privacy_setting", if portfolio.is_public { "public_to_domain" } else { "members_only" });
    let templates = || (0..5u32).filter(|number| dice.part(*number).chance("template", 15));
    o.array("project_templates", templates, |o, number| {
        write_named(o, view, Kind::ProjectTemplate, number, &format!("Template {}", number + 1));
    });
}

fn write_dates(o: &mut Object<'_>, created_at: i64, dice: Dice) {
    let start = created_at / time::DAY + i64::from(dice.below("start", 60));
    let due = dice.chance("due", 60).then(|| Day(start + 30 + i64::from(dice.below("length", 300))));
    o.put("due_on", due);
    o.put("start_on", due.filter(|_| dice.chance("started", 50)).map(|_| Day(start)));
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_portfolio(o, view, index))
        .shown_if(move |index| view.viewer.sees_portfolio(index))
}

/// Service accounts list all portfolios, or those of an `owner`. Everyone else lists their own, with `owner` or without;
/// earlier editions of Asana's description demanded it of them.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.find(Kind::Workspace, call.required("workspace")?)?;
    view.paid(FEATURE)?;
    let mut owner = call.parameter("owner").map(|owner| call.person("owner", owner)).transpose()?;
    if !view.viewer.is_service() {
        match owner {
            None if view.demands_portfolio_owner => return Err(ApiError::missing("owner")),
            Some(owner) if owner != view.viewer.person => return Err(ApiError::forbidden()),
            _ => owner = Some(view.viewer.person),
        }
    }
    let of_owner = view.world.portfolios.rows.iter().filter(|(_, row)| owner.is_none_or(|owner| row.owner == owner));
    let rows = if workspace == 0 { of_owner.map(|(index, _)| index).collect() } else { Vec::new() };
    list(view, Rows::Chosen(rows)).answer()
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(view.world.portfolios.rows.len()))
}

fn find(call: &Call<'_>) -> Result<u32, ApiError> {
    call.view.paid(FEATURE)?;
    call.find(Kind::Portfolio, call.id)
}

pub(super) fn portfolio<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find(call)?);
    Ok(Answer::one(move |o| write_portfolio(o, view, index)))
}

/// Projects and portfolios in the owner's order, without what the viewer may not see. Asana describes all of them as
/// projects, so a portfolio shows the members that projects have too.
pub(super) fn items<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, index) = (call.view, find(call)?);
    let items = &view.world.portfolios.rows[index].items;
    let item = move |at: u32| items.get(at as usize).copied();
    Listing::new(Rows::Count(u32::try_from(items.len()).unwrap_or(u32::MAX)), move |o, at| match item(at) {
        Some(Item::Project(project)) => write_project(o, view, project),
        Some(Item::Portfolio(portfolio)) => write_portfolio(o, view, portfolio),
        None => {}
    })
    .shown_if(move |at| match item(at) {
        Some(Item::Project(project)) => view.viewer.sees_project(project),
        Some(Item::Portfolio(portfolio)) => view.viewer.sees_portfolio(portfolio),
        None => false,
    })
    .answer()
}

pub(super) fn field_settings<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    containers::settings(call.view, Container::Portfolio(find(call)?)).answer()
}

fn write_setting(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let row = &view.world.portfolios.settings[index];
    let dice = view.world.dice(Kind::ProjectPortfolioSetting, index);
    view.head(o, Kind::ProjectPortfolioSetting, index);
    o.object("project", |o| write_project(o, view, row.project));
    o.object("portfolio", |o| write_portfolio(o, view, row.portfolio));
    o.put("is_access_control_inherited", dice.chance("inherited", 30));
    o.with("created_at", || {
        let both = [view.world.portfolios.rows[row.portfolio].created_at, view.world.projects[row.project].created_at];
        let age = i64::from(dice.below("age", 60 * 24)) * time::HOUR;
        Time((both.into_iter().max().unwrap_or(time::NOW) + age).min(time::NOW))
    });
}

fn list_settings<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_setting(o, view, index)).shown_if(move |index| sees_setting(view, index))
}

/// A setting tells of a project and of a portfolio: whoever sees both sees it.
fn sees_setting(view: View<'_>, index: u32) -> bool {
    let row = &view.world.portfolios.settings[index];
    view.viewer.sees_project(row.project) && view.viewer.sees_portfolio(row.portfolio)
}

pub(super) fn settings_of_portfolio<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let index = find(call)?;
    list_settings(call.view, Rows::Known(&call.view.world.portfolios.rows[index].settings)).answer()
}

pub(super) fn settings_of_project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, project) = (call.view, call.find(Kind::Project, call.id)?);
    view.paid(FEATURE)?;
    let rows = view.world.portfolios.settings.iter().filter(|(_, row)| row.project == project);
    list_settings(view, Rows::Chosen(rows.map(|(index, _)| index).collect())).answer()
}

pub(super) fn everything_of_settings(view: View<'_>) -> Listing<'_> {
    list_settings(view, Rows::Count(view.world.portfolios.settings.len()))
}

pub(super) fn setting<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    view.paid(FEATURE)?;
    let index = call.find(Kind::ProjectPortfolioSetting, call.id)?;
    if sees_setting(view, index) {
        Ok(Answer::one(move |o| write_setting(o, view, index)))
    } else {
        Err(ApiError::unknown_object("project_portfolio_setting", call.id))
    }
}
