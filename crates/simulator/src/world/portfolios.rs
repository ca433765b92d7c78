//! Portfolios: what they hold, in order, and whom they are shared with.

use super::people::ADMIN;
use super::sharing::{Audience, Sharing, share};
use super::{Dice, Kind, Table, World, names, time};

/// Portfolios hold projects and portfolios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Project(u32),
    Portfolio(u32),
}

#[derive(Debug)]
pub(crate) struct Portfolio {
    pub(crate) name: String,
    pub(crate) owner: u32,
    pub(crate) archived: bool,
    /// Shown to every full member; otherwise to its own members only.
    pub(crate) is_public: bool,
    pub(crate) created_at: i64,
    /// In the order its owner gave them.
    pub(crate) items: Vec<Item>,
    /// Rows of `Portfolios::memberships`.
    pub(crate) memberships: Vec<u32>,
    /// Rows of `Portfolios::settings`.
    pub(crate) settings: Vec<u32>,
}

/// How a project stands in a portfolio.
#[derive(Debug)]
pub(crate) struct ProjectPortfolioSetting {
    pub(crate) portfolio: u32,
    pub(crate) project: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Portfolios {
    pub(crate) rows: Table<Portfolio>,
    pub(crate) memberships: Table<Sharing>,
    pub(crate) settings: Table<ProjectPortfolioSetting>,
}

/// The most items of a portfolio, as Asana documents it.
const MOST_ITEMS: usize = 1_500;
const LEVELS: &[&str] = &["admin", "editor", "editor", "viewer"];

/// The administrator's portfolio of everything: all projects and the top of the nest.
const EVERYTHING: u32 = 0;
/// Within it, also the administrator's.
const NESTED: u32 = 1;
/// Within that one, somebody else's, and shared with a guest.
const DEEPER: u32 = 2;
/// The innermost: the administrator's again, archived and empty.
const INNERMOST: u32 = 3;
/// Somebody else's that holds the administrator's.
const ABOVE: u32 = 4;
/// Within the first, but nobody's business.
const SECRET: u32 = 5;

pub(super) fn generate(world: &World) -> Portfolios {
    let mut made = Portfolios::default();
    for index in 0..world.size.portfolios {
        let portfolio = portfolio(world, &mut made, index);
        made.rows.push(portfolio);
    }
    for (index, portfolio) in made.rows.iter_mut() {
        for item in &portfolio.items {
            if let Item::Project(project) = *item {
                portfolio.settings.push(made.settings.push(ProjectPortfolioSetting { portfolio: index, project }));
            }
        }
    }
    made
}

fn portfolio(world: &World, made: &mut Portfolios, index: u32) -> Portfolio {
    let dice = world.dice(Kind::Portfolio, index);
    let last_member = world.size.users.saturating_sub(1);
    let owner = match index {
        EVERYTHING | NESTED | INNERMOST => ADMIN,
        DEEPER | ABOVE => last_member.min(1),
        SECRET => last_member,
        _ if dice.chance("admin's", 25) => ADMIN,
        _ => world.actor(dice, "owner"),
    };
    let audience = match index {
        EVERYTHING => Audience::Everyone,
        DEEPER => Audience::WithGuest,
        SECRET => Audience::Nobody,
        _ => Audience::Some,
    };
    Portfolio {
        name: names::project(dice),
        owner,
        archived: index == INNERMOST || (index > SECRET && dice.chance("archived", 10)),
        is_public: match index {
            EVERYTHING | NESTED | DEEPER | ABOVE => true,
            INNERMOST | SECRET => false,
            _ => dice.chance("public", 60),
        },
        created_at: time::NOW - 700 * time::DAY + i64::from(dice.below("created", 30_000_000)) * time::SECOND,
        items: items(world, dice, index),
        memberships: share(world, &mut made.memberships, (index, dice.part(1)), owner, audience, LEVELS),
        settings: Vec::new(),
    }
}

/// The items of a portfolio. Beyond the fixed nest a portfolio is held by an earlier one, so there are no circles.
fn items(world: &World, dice: Dice, index: u32) -> Vec<Item> {
    let count = world.size.portfolios;
    let held = |other: &u32| *other > SECRET && world.dice(Kind::Portfolio, *other).below("held by", *other) == index;
    let fixed: &[u32] = match index {
        EVERYTHING => &[NESTED, SECRET],
        NESTED => &[DEEPER],
        DEEPER => &[INNERMOST],
        ABOVE => &[INNERMOST, EVERYTHING],
        _ => &[],
    };
    let fixed = fixed.iter().copied().filter(|other| *other < count);
    let portfolios = fixed.chain((0..count).filter(held)).map(Item::Portfolio);
    let projects = projects(world, dice, index);
    // Portfolios stand among the projects: in front and in the middle.
    let (front, back) = projects.split_at(projects.len() / 2);
    let mut nested: Vec<Item> = portfolios.collect();
    let after = nested.split_off(nested.len().min(1));
    let all = [nested.as_slice(), front, after.as_slice(), back].concat();
    all.into_iter().take(MOST_ITEMS).collect()
}

fn projects(world: &World, dice: Dice, index: u32) -> Vec<Item> {
    let bound = world.projects.len();
    let mut projects: Vec<u32> = match index {
        _ if bound == 0 => Vec::new(),
        // In the order of neither age nor gid.
        EVERYTHING => world.projects.indexes().rev().collect(),
        INNERMOST => Vec::new(),
        _ => (0..=dice.below("projects", 9)).map(|at| dice.part(at).below("project", bound)).collect(),
    };
    let mut seen = std::collections::HashSet::new();
    projects.retain(|project| seen.insert(*project));
    projects.into_iter().map(Item::Project).collect()
}
