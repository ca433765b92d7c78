//! Teams and who is in them.

use super::{Kind, Role, Table, World, names};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TeamVisibility {
    Secret,
    RequestToJoin,
    Public,
}

#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) name: String,
    pub(crate) visibility: TeamVisibility,
    /// Rows of `World::team_memberships`.
    pub(crate) memberships: Vec<u32>,
    /// Projects that name this team in their deprecated `team` field.
    pub(crate) projects: Vec<u32>,
}

#[derive(Debug)]
pub(crate) struct TeamMembership {
    pub(crate) team: u32,
    pub(crate) person: u32,
    pub(crate) is_admin: bool,
    pub(crate) is_limited_access: bool,
}

pub(super) fn generate(world: &mut World) {
    let mut teams = Table::default();
    let mut rows = Table::default();
    for index in 0..world.size.teams {
        let dice = world.dice(Kind::Team, index);
        let visibility = match dice.below("visibility", 10) {
            0..=1 => TeamVisibility::Secret,
            2..=3 => TeamVisibility::RequestToJoin,
            _ => TeamVisibility::Public,
        };
        // The first team holds nearly everyone, so that one listing of memberships has several pages.
        let share = if index == 0 { 95 } else { 4 + dice.below("share", 12) };
        let mut memberships = Vec::new();
        for (person, row) in world.people.iter().filter(|(_, row)| row.is_listed()) {
            let within = dice.part(person);
            let chance = if row.role == Role::Guest { share / 6 } else { share };
            if within.chance("in team", chance) {
                memberships.push(rows.push(TeamMembership {
                    team: index,
                    person,
                    is_admin: within.chance("admin", 15),
                    is_limited_access: within.chance("limited", 10),
                }));
            }
        }
        teams.push(Team { name: names::team(dice, index), visibility, memberships, projects: Vec::new() });
    }
    world.teams = teams;
    world.team_memberships = rows;
}

impl World {
    pub(crate) fn is_in_team(&self, person: u32, team: u32) -> bool {
        self.teams[team].memberships.iter().any(|row| self.team_memberships[*row].person == person)
    }
}
