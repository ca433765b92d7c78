//! Projects, their sections and members, and tags.

use super::extremes::HUGE_SECTIONS;
use super::{Kind, NONE, Ranked, Role, World, fields, names, time};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Privacy {
    Public,
    /// The deprecated value: everyone in the project's team.
    Team,
    Private,
}

#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) privacy: Privacy,
    pub(crate) archived: bool,
    /// The deprecated team, or `NONE` as in all newer projects.
    pub(crate) team: u32,
    pub(crate) owner: u32,
    pub(crate) created_at: i64,
    /// Rows of `World::project_memberships`.
    pub(crate) memberships: Vec<u32>,
    /// Rows of `World::sections`, in order.
    pub(crate) sections: Vec<u32>,
    /// Rows of `World::settings`, in order.
    pub(crate) settings: Vec<u32>,
    /// Tasks in list order: by section, then by rank.
    pub(crate) tasks: Ranked,
    /// Its custom types, by number.
    pub(crate) types: Vec<u32>,
}

/// A project is shared with people and with teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Person(u32),
    Team(u32),
}

#[derive(Debug)]
pub(crate) struct ProjectMembership {
    pub(crate) project: u32,
    pub(crate) member: Member,
    pub(crate) access_level: &'static str,
}

#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) project: u32,
    pub(crate) name: String,
    pub(crate) created_at: i64,
    pub(crate) tasks: Ranked,
}

#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) created_at: i64,
}

/// The project that has no tasks.
pub(crate) const EMPTY_PROJECT: u32 = 1;
const LEVELS: &[&str] = &["admin", "editor", "editor", "commenter", "viewer"];

pub(super) fn generate(world: &mut World) {
    for index in 0..world.size.projects {
        let project = project(world, index);
        world.projects.push(project);
    }
    let gids = world.gids;
    world.project_order = world.projects.indexes().collect();
    world.project_order.sort_by_key(|project| gids.gid(Kind::Project, u64::from(*project)));
    for index in 0..world.size.tags {
        let dice = world.dice(Kind::Tag, index);
        let name = names::word(dice, "tag name").to_owned();
        let created_at = time::NOW - 700 * time::DAY + i64::from(dice.below("created", 50_000_000)) * 1_000;
        world.tags.push(Tag { name, created_at });
    }
}

fn project(world: &mut World, index: u32) -> Project {
    let dice = world.dice(Kind::Project, index);
    let team =
        if dice.chance("has team", 40) && world.teams.len() > 0 { dice.below("team", world.teams.len()) } else { NONE };
    let privacy = match (index, dice.below("privacy", 20)) {
        (0 | EMPTY_PROJECT, _) | (_, 0..=13) => Privacy::Public,
        (_, 14) if team != NONE => Privacy::Team,
        _ => Privacy::Private,
    };
    let owner = if dice.chance("no owner", 10) { NONE } else { world.actor(dice, "owner") };
    let created_at = time::NOW - 800 * time::DAY + i64::from(dice.below("created", 50_000_000)) * 1_000;
    let memberships = memberships(world, index, owner, team);
    let sections = sections(world, index, created_at);
    let settings = fields::settings_of(world, index).into_iter().map(|row| world.settings.push(row)).collect();
    if let Some(team) = (team != NONE).then_some(team) {
        world.teams[team].projects.push(index);
    }
    Project {
        name: names::project(dice),
        privacy,
        archived: index == 2 || (index > 2 && dice.chance("archived", 15)),
        team,
        owner,
        created_at,
        memberships,
        sections,
        settings,
        tasks: Ranked::default(),
        types: Vec::new(),
    }
}

fn memberships(world: &mut World, index: u32, owner: u32, team: u32) -> Vec<u32> {
    let dice = world.dice(Kind::ProjectMembership, index);
    let mut members = Vec::new();
    if owner != NONE && world.people[owner].is_listed() {
        members.push(Member::Person(owner));
    }
    if team != NONE {
        members.push(Member::Team(team));
    } else if dice.chance("shared with a team", 30) && world.teams.len() > 0 {
        members.push(Member::Team(dice.below("which team", world.teams.len())));
    }
    // Project 0 is shared with everyone, so that its members have several pages.
    let share = if index == 0 { 100 } else { 3 + dice.below("share", 8) };
    for (person, row) in world.people.iter().filter(|(_, row)| row.is_listed()) {
        let chance = if row.role == Role::Guest { share.max(10) } else { share };
        if person != owner && dice.part(person).chance("member", chance) {
            members.push(Member::Person(person));
        }
    }
    members
        .into_iter()
        .zip(0u32..)
        .map(|(member, at)| {
            let access_level = if at == 0 { "admin" } else { dice.part(at).pick("level", LEVELS) };
            world.project_memberships.push(ProjectMembership { project: index, member, access_level })
        })
        .collect()
}

fn sections(world: &mut World, index: u32, created_at: i64) -> Vec<u32> {
    let dice = world.dice(Kind::Section, index);
    let is_huge = world.size.huge_project > 0 && index + 1 == world.size.projects;
    let count = match index {
        // Project 0 has more sections than a page holds, most of them empty.
        0 => 108,
        _ if is_huge => u32::try_from(HUGE_SECTIONS.len()).unwrap_or(1),
        _ => 1 + dice.below("sections", 7),
    };
    (0..count)
        .map(|at| {
            let name = match at {
                0 => "Untitled section".to_owned(),
                1 => "To do".to_owned(),
                _ => names::word(dice.part(at), "section name").to_owned(),
            };
            let created_at = created_at + i64::from(at) * time::MINUTE;
            world.sections.push(Section { project: index, name, created_at, tasks: Ranked::default() })
        })
        .collect()
}

impl World {
    /// People a project is shared with by name; teams are seen in memberships only.
    pub(crate) fn members(&self, project: u32) -> impl Iterator<Item = u32> + '_ {
        self.projects[project].memberships.iter().filter_map(|row| match self.project_memberships[*row].member {
            Member::Person(person) => Some(person),
            Member::Team(_) => None,
        })
    }

    /// Whether a person is a member, by name or through a team.
    pub(crate) fn is_in_project(&self, person: u32, project: u32) -> bool {
        self.projects[project].memberships.iter().any(|row| match self.project_memberships[*row].member {
            Member::Person(member) => member == person,
            Member::Team(team) => self.is_in_team(person, team),
        })
    }
}
