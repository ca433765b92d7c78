//! What one token can see, worked out once for the whole world.

use super::fields::FieldPrivacy;
use super::people::ADMIN;
use super::sharing::Sharing;
use super::{Kind, NONE, Privacy, Role, Table, Task, TeamVisibility, World};
use crate::config::{ADMIN_TOKEN, BLOCKED_TOKEN, GUEST_TOKEN, MEMBER_TOKEN, SERVICE_TOKEN};

/// The person behind a token and the answer to "may they see it?" for every kind.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) token: &'static str,
    pub(crate) person: u32,
    pub(crate) role: Role,
    pub(crate) workspaces: Vec<u32>,
    people: Vec<bool>,
    teams: Vec<bool>,
    projects: Vec<bool>,
    tasks: Vec<bool>,
    tags: Vec<bool>,
    fields: Vec<bool>,
    portfolios: Vec<bool>,
    goals: Vec<bool>,
}

fn says(answers: &[bool], index: u32) -> bool {
    answers.get(index as usize).copied().unwrap_or(false)
}

impl Viewer {
    /// The viewers of all tokens.
    pub(crate) fn all(world: &World) -> Vec<Self> {
        let service = world.first_of(Role::Service);
        let guest = world.first_of(Role::Guest);
        let member = world.first_of(Role::Member);
        [(ADMIN_TOKEN, ADMIN), (MEMBER_TOKEN, member), (GUEST_TOKEN, guest), (SERVICE_TOKEN, service)]
            .into_iter()
            .filter(|(_, person)| *person != NONE)
            .map(|(token, person)| Self::new(world, token, person))
            .chain(std::iter::once(Self::blocked(world, BLOCKED_TOKEN, ADMIN)))
            .collect()
    }

    /// The same viewer after the world changed. Who was removed sees no workspace any more.
    pub(crate) fn again(&self, world: &World) -> Self {
        let was_removed = world.people[self.person].role == Role::Departed;
        if was_removed || self.token == BLOCKED_TOKEN {
            Self::blocked(world, self.token, self.person)
        } else {
            Self::new(world, self.token, self.person)
        }
    }

    fn blocked(world: &World, token: &'static str, person: u32) -> Self {
        let people: Vec<bool> = world.people.indexes().map(|other| other == person).collect();
        Self {
            token,
            person,
            role: Role::Guest,
            workspaces: Vec::new(),
            people,
            teams: Vec::new(),
            projects: Vec::new(),
            tasks: Vec::new(),
            tags: Vec::new(),
            fields: Vec::new(),
            portfolios: Vec::new(),
            goals: Vec::new(),
        }
    }

    fn new(world: &World, token: &'static str, person: u32) -> Self {
        let role = world.people[person].role;
        let (all, guest) = (role == Role::Service, role == Role::Guest);
        let teams: Vec<bool> = world
            .teams
            .iter()
            .map(|(index, team)| {
                let open = !guest && team.visibility != TeamVisibility::Secret;
                all || open || world.is_in_team(person, index)
            })
            .collect();
        let projects: Vec<bool> = world
            .projects
            .iter()
            .map(|(index, project)| {
                let open = match project.privacy {
                    Privacy::Public => !guest,
                    Privacy::Team => project.team != NONE && world.is_in_team(person, project.team),
                    Privacy::Private => false,
                };
                !world.is_gone(Kind::Project, index) && (all || open || world.is_in_project(person, index))
            })
            .collect();
        let mut tasks: Vec<bool> = Vec::with_capacity(world.tasks.len() as usize);
        for (index, task) in world.tasks.iter() {
            // Parents have lower indexes than their children, so the parent's answer is known.
            let by_parent = task.parent != NONE && says(&tasks, task.parent);
            let is_there = !world.is_gone(Kind::Task, index);
            tasks.push(is_there && (all || by_parent || concerns(world, &projects, person, index, task)));
        }
        let tags =
            world.tagged.iter().map(|(_, tagged)| !guest || tagged.iter().any(|task| says(&tasks, *task))).collect();
        let shared = |other: u32| {
            world
                .projects
                .iter()
                .any(|(project, _)| says(&projects, project) && world.members(project).any(|m| m == other))
        };
        let people = world.people.iter().map(|(other, _)| !guest || other == person || shared(other)).collect();
        let fields = world
            .fields
            .iter()
            .map(|(_, field)| match field.privacy {
                FieldPrivacy::Private => all,
                FieldPrivacy::Public => !guest,
                FieldPrivacy::PublicWithGuests => true,
            })
            .collect();
        let may_see = |owner: u32, is_public: bool, table: &Table<Sharing>, memberships: &[u32]| {
            all || owner == person || (is_public && !guest) || world.is_among(person, table, memberships)
        };
        let (rows, table) = (&world.portfolios.rows, &world.portfolios.memberships);
        let portfolios =
            rows.iter().map(|(_, row)| may_see(row.owner, row.is_public, table, &row.memberships)).collect();
        let (rows, table) = (&world.goals.rows, &world.goals.memberships);
        let goals = rows.iter().map(|(_, row)| may_see(row.owner, row.is_public, table, &row.memberships)).collect();
        let workspaces = if person == ADMIN { world.workspaces.indexes().collect() } else { vec![0] };
        Self { token, person, role, workspaces, people, teams, projects, tasks, tags, fields, portfolios, goals }
    }

    pub(crate) fn is_service(&self) -> bool {
        self.role == Role::Service
    }

    pub(crate) fn sees_workspace(&self, workspace: u32) -> bool {
        self.workspaces.contains(&workspace)
    }

    pub(crate) fn sees_person(&self, person: u32) -> bool {
        says(&self.people, person)
    }

    pub(crate) fn sees_team(&self, team: u32) -> bool {
        says(&self.teams, team)
    }

    pub(crate) fn sees_project(&self, project: u32) -> bool {
        says(&self.projects, project)
    }

    pub(crate) fn sees_task(&self, task: u32) -> bool {
        says(&self.tasks, task)
    }

    pub(crate) fn sees_tag(&self, tag: u32) -> bool {
        says(&self.tags, tag)
    }

    pub(crate) fn sees_field(&self, field: u32) -> bool {
        says(&self.fields, field)
    }

    pub(crate) fn sees_portfolio(&self, portfolio: u32) -> bool {
        says(&self.portfolios, portfolio)
    }

    pub(crate) fn sees_goal(&self, goal: u32) -> bool {
        says(&self.goals, goal)
    }

    /// Whether the gid of a kind names something this viewer may see.
    pub(crate) fn sees(&self, kind: Kind, index: u32) -> bool {
        match kind {
            Kind::Workspace => self.sees_workspace(index),
            Kind::User => self.sees_person(index),
            Kind::Team => self.sees_team(index),
            Kind::Project => self.sees_project(index),
            Kind::Task => self.sees_task(index),
            Kind::Tag => self.sees_tag(index),
            Kind::CustomField => self.sees_field(index),
            Kind::Portfolio => self.sees_portfolio(index),
            Kind::Goal => self.sees_goal(index),
            _ => true,
        }
    }
}

/// A task concerns a person who is in one of its projects, has it, made it or follows it.
fn concerns(world: &World, projects: &[bool], person: u32, index: u32, task: &Task) -> bool {
    task.memberships.iter().any(|(project, _)| says(projects, *project))
        || task.assignee == person
        || task.creator == person
        || world.task_followers(index).contains(&person)
}
