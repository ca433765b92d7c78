//! Findings for an audit: objects with one thing wrong each, besides an otherwise ordinary generated workspace.
//!
//! Everything is appended, so that nothing that is generated changes. What an audit asks of a planted object and is not
//! planted is in order: it has an owner who is there, is private, has two members and a task that is done. Times are in
//! the first days of this century where something has to be old, and a century later where it has to be far off, so that
//! it does not matter when the audit is made.

mod access;
mod activity;
mod compliance;
mod facts;
mod hygiene;
mod planning;
mod work;

pub(crate) use facts::{Entry, File, PERCENT, Planted};

use facts::{First, TASKS_TO_COME};

use super::fields::{Field, FieldKind, FieldPrivacy, Home, Number};
use super::goals::Goal;
use super::people::{Person, Role, WorkspaceMembership};
use super::projects::{Member, Privacy, Project, ProjectMembership, Section, Tag};
use super::tasks::{Subtype, Task};
use super::teams::{Team, TeamMembership, TeamVisibility};
use super::{Edit, Kind, NONE, Ranked, World, time};

/// Something that an audit has to find.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planting {
    /// The rule by the name that an audit gives it.
    pub rule: &'static str,
    /// The object that it is about. Apps and those who are nobody's user have no gid: their name and, after a comma, what
    /// the explanation begins with.
    pub gid: String,
}

/// The dates of a task, where they are not left to chance: milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) start: Option<i64>,
    pub(crate) due: Option<i64>,
}

/// 2000-01-01, long ago.
const LONG_AGO: i64 = 10_957 * time::DAY;
/// 2100-01-01, far off.
const FAR_OFF: i64 = 47_482 * time::DAY;

/// Plants one case of every rule for which it can be done.
pub(super) fn plant(world: &mut World) {
    world.planted.first = Some(First {
        person: world.people.len(),
        project: world.projects.len(),
        portfolio: world.portfolios.rows.len(),
        goal: world.goals.rows.len(),
        tasks: world.tasks.len()..TASKS_TO_COME,
    });
    let mut planter = Planter::new(world);
    access::plant(&mut planter);
    activity::plant(&mut planter);
    compliance::plant(&mut planter);
    hygiene::plant(&mut planter);
    planning::plant(&mut planter);
    work::plant(&mut planter);
    if let Some(first) = &mut world.planted.first {
        first.tasks.end = world.tasks.len();
    }
    let gids = world.gids;
    world.project_order = world.projects.indexes().collect();
    world.project_order.sort_by_key(|project| gids.gid(Kind::Project, u64::from(*project)));
    world.users = world.people.iter().filter(|(_, person)| person.is_listed()).map(|(index, _)| index).collect();
    world.users.sort_by_key(|person| gids.gid(Kind::User, u64::from(*person)));
    world.planted.plantings.sort();
}

struct Planter<'w> {
    world: &'w mut World,
    /// Two ordinary members, who own and do everything.
    anchors: [u32; 2],
    /// Someone whose membership is no longer active.
    gone: u32,
}

impl<'w> Planter<'w> {
    fn new(world: &'w mut World) -> Self {
        let mut planter = Self { world, anchors: [NONE; 2], gone: NONE };
        planter.anchors = ["First", "Second"].map(|name| planter.member(&format!("{name} Anchor"), Role::Member));
        planter.gone = planter.member("Lee Gone", Role::Member);
        for (_, row) in planter.world.workspace_memberships.iter_mut() {
            row.is_active &= row.person != planter.gone;
        }
        planter
    }

    /// Notes that an audit has to find something about an object.
    fn finds(&mut self, rule: &'static str, kind: Kind, index: u32) {
        let gid = self.world.gids.gid(kind, u64::from(index)).to_string();
        self.world.planted.plantings.push(Planting { rule, gid });
    }

    /// The same about several objects that are found under the smallest of their gids, as text.
    fn finds_first(&mut self, rule: &'static str, kind: Kind, indexes: &[u32]) {
        let gid = |index: &u32| self.world.gids.gid(kind, u64::from(*index)).to_string();
        if let Some(gid) = indexes.iter().map(gid).min() {
            self.world.planted.plantings.push(Planting { rule, gid });
        }
    }

    /// Someone who has been there for long.
    fn member(&mut self, name: &str, role: Role) -> u32 {
        let number = self.world.people.len();
        let domain = if role == Role::Guest { "partner.example.net" } else { "example.com" };
        let email = format!("planted{number}@{domain}");
        let person = self.world.people.push(Person { name: name.to_owned(), email, role });
        self.world.assigned.push(Vec::new());
        self.world.workspace_memberships.push(WorkspaceMembership {
            workspace: 0,
            person,
            is_active: true,
            is_view_only: false,
            created_at: LONG_AGO,
        });
        person
    }

    /// A team that one asks to join, with these members.
    fn team(&mut self, name: &str, people: &[u32]) -> u32 {
        let team = self.world.teams.push(Team {
            name: name.to_owned(),
            visibility: TeamVisibility::RequestToJoin,
            memberships: Vec::new(),
            projects: Vec::new(),
        });
        for person in people {
            let row = TeamMembership { team, person: *person, is_admin: false, is_limited_access: false };
            let row = self.world.team_memberships.push(row);
            self.world.teams[team].memberships.push(row);
        }
        team
    }

    /// A project with a section and nothing in it.
    fn empty_project(&mut self, name: &str) -> u32 {
        let project = self.world.projects.push(Project {
            name: format!("Planted: {name}"),
            privacy: Privacy::Private,
            archived: false,
            team: NONE,
            owner: self.anchors[0],
            created_at: time::NOW - 300 * time::DAY,
            memberships: Vec::new(),
            sections: Vec::new(),
            settings: Vec::new(),
            tasks: Ranked::default(),
            types: Vec::new(),
        });
        for (person, level) in self.anchors.into_iter().zip(["admin", "editor"]) {
            self.share(project, person, level);
        }
        self.section(project);
        project
    }

    /// The same with a task that is done.
    fn project(&mut self, name: &str) -> u32 {
        let project = self.empty_project(name);
        let task = self.task(&[project], "Begin");
        self.complete(task, time::NOW - 20 * time::DAY);
        project
    }

    fn section(&mut self, project: u32) -> u32 {
        let created_at = self.world.projects[project].created_at;
        let section = Section { project, name: "Planted section".to_owned(), created_at, tasks: Ranked::default() };
        let section = self.world.sections.push(section);
        self.world.projects[project].sections.push(section);
        section
    }

    fn share(&mut self, project: u32, person: u32, access_level: &'static str) {
        let row = ProjectMembership { project, member: Member::Person(person), access_level };
        let row = self.world.project_memberships.push(row);
        self.world.projects[project].memberships.push(row);
    }

    /// An open task of an anchor, without dates, in the first section of these projects.
    fn task(&mut self, projects: &[u32], name: &str) -> u32 {
        let memberships: Vec<(u32, u32)> = projects
            .iter()
            .filter_map(|project| Some((*project, self.world.projects[*project].sections.first().copied()?)))
            .collect();
        let created_at = time::NOW - 30 * time::DAY;
        let index = self.world.tasks.push(Task {
            parent: NONE,
            depth: 0,
            subtype: Subtype::Task,
            is_separator: false,
            assignee: self.anchors[1],
            creator: self.anchors[0],
            created_at,
            modified_at: created_at + time::DAY,
            completed_at: None,
            memberships: memberships.clone().into_boxed_slice(),
            tags: Box::default(),
            dates: Some(Dates::default()),
        });
        for (project, section) in memberships {
            self.world.sections[section].tasks.insert(usize::MAX, index);
            self.world.projects[project].tasks.insert(usize::MAX, index);
        }
        self.world.children.push(Vec::new());
        self.world.assigned[self.anchors[1]].push(index);
        let edit = Edit::of_planted(format!("Planted: {name}"), created_at);
        self.world.edits.insert(index, edit);
        index
    }

    fn complete(&mut self, task: u32, at: i64) {
        self.world.tasks[task].completed_at = Some(at);
        self.world.tasks[task].modified_at = at;
    }

    fn assign(&mut self, task: u32, person: u32) {
        let old = std::mem::replace(&mut self.world.tasks[task].assignee, person);
        self.world.assigned[old].retain(|other| *other != task);
        if person != NONE {
            self.world.assigned[person].push(task);
        }
    }

    /// A public goal with a metric.
    fn goal(&mut self, name: &str, owner: u32) -> u32 {
        self.world.goals.rows.push(Goal {
            name: format!("Planted: {name}"),
            owner,
            team: NONE,
            period: NONE,
            is_public: true,
            created_at: time::NOW - 30 * time::DAY,
            outcome: None,
            memberships: Vec::new(),
            relationships: Vec::new(),
        })
    }

    fn below(&mut self, parent: u32, name: &str) -> u32 {
        let task = self.task(&[], name);
        self.world.tasks[task].parent = parent;
        self.world.tasks[task].depth = self.world.tasks[parent].depth + 1;
        self.world.children[parent].push(task);
        task
    }

    /// The task waits for the other.
    fn depends(&mut self, task: u32, on: u32) {
        self.world.dependencies.entry(task).or_default().push(on);
        self.world.dependents.entry(on).or_default().push(task);
    }

    fn dates(&mut self, task: u32, start: Option<i64>, due: Option<i64>) {
        self.world.tasks[task].dates = Some(Dates { start, due });
    }

    fn project_dates(&mut self, project: u32, start: Option<i64>, due: Option<i64>) {
        self.world.planted.project_dates.insert(project, Dates { start, due });
    }

    fn tag(&mut self, name: &str) -> u32 {
        let tag = self.world.tags.push(Tag { name: name.to_owned(), created_at: LONG_AGO });
        self.world.tagged.push(Vec::new());
        tag
    }

    /// A field of the library that nothing uses.
    fn unused_field(&mut self, name: &str, kind: FieldKind) -> u32 {
        let field = self.field(name, kind);
        self.finds("unused-field", Kind::CustomField, field);
        field
    }

    /// A field of the library.
    fn field(&mut self, name: &str, kind: FieldKind) -> u32 {
        self.world.fields.push(Field {
            name: name.to_owned(),
            kind,
            number: Number { precision: 0, format: "none" },
            options: 3,
            home: Home::Library,
            privacy: FieldPrivacy::PublicWithGuests,
        })
    }
}
