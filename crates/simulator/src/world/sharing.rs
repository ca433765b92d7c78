//! Whom portfolios and goals are shared with.

use super::{Dice, Member, NONE, Role, Table, World};

/// A portfolio or goal shared with a person or a team.
#[derive(Debug)]
pub(crate) struct Sharing {
    /// The portfolio or goal.
    pub(crate) parent: u32,
    pub(crate) member: Member,
    pub(crate) access_level: &'static str,
}

/// Whom an object is shared with beside its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    Nobody,
    /// A few people, now and then a team.
    Some,
    /// A few people and the guest who has a token.
    WithGuest,
    Everyone,
}

/// Adds the memberships of one object and answers their rows; the owner's comes first.
pub(super) fn share(
    world: &World,
    rows: &mut Table<Sharing>,
    (parent, dice): (u32, Dice),
    owner: u32,
    audience: Audience,
    levels: &[&'static str],
) -> Vec<u32> {
    let mut members = Vec::new();
    if owner != NONE && world.people[owner].is_listed() {
        members.push(Member::Person(owner));
    }
    if audience != Audience::Nobody {
        if dice.chance("shared with a team", 30) && world.teams.len() > 0 {
            members.push(Member::Team(dice.below("which team", world.teams.len())));
        }
        let guest = if audience == Audience::WithGuest { world.first_of(Role::Guest) } else { NONE };
        let share = if audience == Audience::Everyone { 100 } else { 3 + dice.below("share", 8) };
        for (person, _) in world.people.iter().filter(|(_, row)| row.is_listed()) {
            if person != owner && (person == guest || dice.part(person).chance("member", share)) {
                members.push(Member::Person(person));
            }
        }
    }
    let level = |at: u32| if at == 0 { "admin" } else { dice.part(at).pick("level", levels) };
    let numbered = members.into_iter().zip(0u32..);
    numbered.map(|(member, at)| rows.push(Sharing { parent, member, access_level: level(at) })).collect()
}

impl World {
    /// Whether a member can have memberships: people who were removed lose theirs.
    pub(crate) fn is_there(&self, member: Member) -> bool {
        match member {
            Member::Person(person) => self.people[person].is_listed(),
            Member::Team(_) => true,
        }
    }

    /// Whether a person is one of these members, by name or through a team.
    pub(crate) fn is_among(&self, person: u32, table: &Table<Sharing>, rows: &[u32]) -> bool {
        rows.iter().any(|row| match table[*row].member {
            Member::Person(member) => member == person,
            Member::Team(team) => self.is_in_team(person, team),
        })
    }
}

/// The people among members; teams are seen in memberships only.
pub(crate) fn people<'a>(table: &'a Table<Sharing>, rows: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    rows.iter().filter_map(|row| match table[*row].member {
        Member::Person(person) => Some(person),
        Member::Team(_) => None,
    })
}
