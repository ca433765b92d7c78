//! People and their rows of the workspace: members, guests, those who left, and the service account.

use super::{Dice, Kind, NONE, Table, World, names, time};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Admin,
    Member,
    Guest,
    /// Left; an inactive membership row remains.
    Departed,
    /// Left without a row: known only because work still refers to them.
    Ghost,
    /// The user-like object behind the service account's token.
    Service,
}

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
}

impl Person {
    pub(crate) fn is_listed(&self) -> bool {
        matches!(self.role, Role::Admin | Role::Member | Role::Guest)
    }
}

#[derive(Debug)]
pub(crate) struct WorkspaceMembership {
    pub(crate) workspace: u32,
    pub(crate) person: u32,
    pub(crate) is_active: bool,
    pub(crate) is_view_only: bool,
    pub(crate) created_at: i64,
}

/// The administrator is the first person.
pub(crate) const ADMIN: u32 = 0;
/// Roles that a workspace has, planted ones aside.
pub(crate) const ROLES: u32 = 12;
/// The person who was removed and added back.
const RETURNED: u32 = 3;

pub(super) fn generate(world: &mut World) {
    let size = world.size.clone();
    let ghosts = size.departed / 2;
    let roles = [
        (Role::Admin, 1),
        (Role::Member, size.users.saturating_sub(1)),
        (Role::Guest, size.guests),
        (Role::Departed, size.departed - ghosts),
        (Role::Ghost, ghosts),
        (Role::Service, 1),
    ];
    let mut people = Table::default();
    for (role, count) in roles {
        for _ in 0..count {
            let dice = world.dice(Kind::User, people.len());
            let number = people.len();
            let name = if role == Role::Service { "Export service account".to_owned() } else { names::person(dice) };
            let domain = if role == Role::Guest { "partner.example.net" } else { "example.com" };
            people.push(Person { name, email: format!("person{number}@{domain}"), role });
        }
    }
    world.actors = people.len() - 1;
    world.users = people.iter().filter(|(_, person)| person.is_listed()).map(|(index, _)| index).collect();
    let gids = world.gids;
    world.users.sort_by_key(|person| gids.gid(Kind::User, u64::from(*person)));
    world.people = people;
    memberships(world);
}

fn memberships(world: &mut World) {
    let mut rows = Table::default();
    for (person, row) in world.people.iter() {
        let dice = world.dice(Kind::WorkspaceMembership, person);
        let created_at = time::NOW - 900 * time::DAY + i64::from(dice.below("joined", 40_000_000)) * 1_000;
        let active = WorkspaceMembership {
            workspace: 0,
            person,
            is_active: true,
            is_view_only: row.role == Role::Member && person > 4 && dice.chance("view only", 10),
            created_at,
        };
        match row.role {
            Role::Ghost | Role::Service => {}
            Role::Departed => {
                rows.push(WorkspaceMembership { is_active: false, ..active });
            }
            Role::Admin | Role::Member | Role::Guest => {
                if person == RETURNED {
                    rows.push(WorkspaceMembership { is_active: false, created_at: created_at - time::DAY, ..active });
                }
                rows.push(active);
            }
        }
    }
    if world.workspaces.len() > 1 {
        let created_at = time::NOW - time::DAY;
        rows.push(WorkspaceMembership {
            workspace: 1,
            person: ADMIN,
            is_active: true,
            is_view_only: false,
            created_at,
        });
    }
    world.workspace_memberships = rows;
}

impl World {
    /// The gid index of a person's My Tasks list.
    pub(crate) fn task_list_index(workspace: u32, person: u32) -> u64 {
        u64::from(workspace) << 24 | u64::from(person)
    }

    /// The first person of a role, or `NONE`.
    pub(crate) fn first_of(&self, role: Role) -> u32 {
        self.people.iter().find(|(_, person)| person.role == role).map_or(NONE, |(index, _)| index)
    }

    pub(crate) fn has_photo(dice: Dice) -> bool {
        dice.chance("photo", 60)
    }
}
