//! The generated workspace: rows that must be found from several sides are kept, everything else is computed.
//!
//! Kept: people, teams, projects, sections, tags, fields, portfolios, goals and, for each task, its place (parent,
//! projects, assignee, tags, dates). Computed on demand from hashes: names, notes, field values, followers, likes,
//! reactions, stories, status updates, attachments, templates, memberships of fields, tracked and planned time, the
//! audit log.
//! Changes made while the server runs are in `change.rs`; what they leave beside the kept rows is in `edits.rs`.

mod audit;
mod burst;
mod change;
mod edits;
mod effort;
mod extremes;
mod fields;
mod gid;
pub(crate) mod goals;
pub(crate) mod hostile;
pub(crate) mod names;
mod people;
pub(crate) mod periods;
mod planted;
pub(crate) mod portfolios;
mod projects;
mod ranked;
mod rng;
mod shares;
pub(crate) mod sharing;
mod table;
mod tasks;
mod teams;
mod templates;
pub(crate) mod time;
mod viewer;

use std::collections::{HashMap, HashSet};

pub(crate) use audit::{AuditEvent, Means};
pub(crate) use change::Moment;
pub(crate) use edits::{Edit, Happening, Indexed};
pub(crate) use effort::{
    ALLOCATIONS, CATEGORIES, ENTRIES, PLACEHOLDERS, RATES, SHEETS, TimeEntry, WEEKS, Worker, monday, week_of,
};
pub(crate) use fields::{Field, FieldKind, FieldPrivacy, Home as FieldHome, OPTIONS, Setting, Value};
pub(crate) use gid::{GidError, Gids, Kind};
pub(crate) use people::{Person, ROLES, Role, WorkspaceMembership};
pub use planted::Planting;
pub(crate) use planted::{Dates, File as PlantedFile, PERCENT, Planted};
pub(crate) use projects::{Member, Privacy, Project, ProjectMembership, Section, Tag};
pub(crate) use ranked::Ranked;
pub(crate) use rng::{Dice, hash_bytes, mix};
pub(crate) use shares::{REQUESTS, Request, SHARES, WEBHOOKS};
pub(crate) use table::{NONE, Table};
pub(crate) use tasks::{ATTACHMENTS, STORIES, Subtype, Task};
pub(crate) use teams::{Team, TeamMembership, TeamVisibility};
pub(crate) use templates::{CUSTOM_TYPES, TASK_TEMPLATES};
pub(crate) use viewer::Viewer;

use crate::config::{Config, Plan, Size};

/// A workspace; everything generated belongs to the first.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) name: &'static str,
    pub(crate) is_organization: bool,
    pub(crate) email_domains: &'static [&'static str],
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    hostile: bool,
    pub(crate) size: Size,
    pub(crate) gids: Gids,
    pub(crate) workspaces: Table<Workspace>,
    pub(crate) people: Table<Person>,
    /// People listed by `/users`, sorted by gid.
    pub(crate) users: Vec<u32>,
    /// Everyone who may be referenced by work: members, guests and people who left.
    pub(crate) actors: u32,
    pub(crate) workspace_memberships: Table<WorkspaceMembership>,
    pub(crate) teams: Table<Team>,
    pub(crate) team_memberships: Table<TeamMembership>,
    pub(crate) projects: Table<Project>,
    /// Projects sorted by gid, as `/projects` lists them.
    pub(crate) project_order: Vec<u32>,
    pub(crate) project_memberships: Table<ProjectMembership>,
    pub(crate) sections: Table<Section>,
    pub(crate) tags: Table<Tag>,
    pub(crate) fields: Table<Field>,
    pub(crate) settings: Table<Setting>,
    pub(crate) tasks: Table<Task>,
    pub(crate) children: Table<Vec<u32>>,
    /// Tasks by assignee.
    pub(crate) assigned: Table<Vec<u32>>,
    /// Tasks by tag.
    pub(crate) tagged: Table<Vec<u32>>,
    pub(crate) dependencies: HashMap<u32, Vec<u32>>,
    pub(crate) dependents: HashMap<u32, Vec<u32>>,
    pub(crate) portfolios: portfolios::Portfolios,
    pub(crate) goals: goals::Goals,
    /// What changes made of tasks, besides their rows.
    pub(crate) edits: HashMap<u32, Edit>,
    /// Tasks as the search index knew them before each change, oldest first.
    pub(crate) before_changes: Vec<edits::Before>,
    /// What an audit has to find.
    pub(crate) planted: planted::Planted,
    gone_tasks: HashSet<u32>,
    gone_projects: HashSet<u32>,
}

impl World {
    pub(crate) fn generate(config: &Config) -> Self {
        let gids = Gids::new(config.seed);
        let mut world = Self {
            seed: config.seed,
            hostile: config.hostile,
            size: config.size.clone(),
            gids,
            workspaces: Table::default(),
            people: Table::default(),
            users: Vec::new(),
            actors: 0,
            workspace_memberships: Table::default(),
            teams: Table::default(),
            team_memberships: Table::default(),
            projects: Table::default(),
            project_order: Vec::new(),
            project_memberships: Table::default(),
            sections: Table::default(),
            tags: Table::default(),
            fields: Table::default(),
            settings: Table::default(),
            tasks: Table::default(),
            children: Table::default(),
            assigned: Table::default(),
            tagged: Table::default(),
            dependencies: HashMap::new(),
            dependents: HashMap::new(),
            portfolios: portfolios::Portfolios::default(),
            goals: goals::Goals::default(),
            edits: HashMap::new(),
            before_changes: Vec::new(),
            planted: planted::Planted::default(),
            gone_tasks: HashSet::new(),
            gone_projects: HashSet::new(),
        };
        world.workspaces.push(Workspace {
            name: if config.hostile { hostile::WORKSPACE } else { "Example, \"Simulated\" & Söhne 🏭" },
            is_organization: true,
            email_domains: &["example.com", "example.org"],
        });
        if config.second_workspace {
            world.workspaces.push(Workspace { name: "Personal Projects", is_organization: false, email_domains: &[] });
        }
        people::generate(&mut world);
        teams::generate(&mut world);
        fields::generate(&mut world);
        projects::generate(&mut world);
        tasks::generate(&mut world);
        // Paid features: a free workspace has none, so nothing hangs from them either.
        if config.plan != Plan::Free {
            world.portfolios = portfolios::generate(&world);
            world.goals = goals::generate(&world);
        }
        if config.planted {
            planted::plant(&mut world);
        }
        world
    }

    pub(crate) fn dice(&self, kind: Kind, index: u32) -> Dice {
        Dice::new(self.seed, kind, u64::from(index)).hostile(self.hostile)
    }

    /// Whoever may have done something: usually a member, sometimes a guest, sometimes someone who left.
    pub(crate) fn actor(&self, dice: Dice, salt: &str) -> u32 {
        if dice.chance(salt, 88) {
            dice.part(1).below(salt, self.size.users.max(1))
        } else {
            dice.part(2).below(salt, self.actors.max(1))
        }
    }

    /// A few different people; `most` at most.
    pub(crate) fn some_people(&self, dice: Dice, salt: &str, most: u32) -> Vec<u32> {
        let count = dice.below(salt, most + 1);
        let mut people: Vec<u32> = (0..count).map(|at| self.actor(dice.part(100 + at), salt)).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}
