//! Named sets of resources for `--only`.

use super::{RESOURCES, Resource};

/// A set that `--only` knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// What is exported when nothing else is asked for.
    Default,
    /// The containers of work and how they are set up.
    Structure,
    /// People, teams, and who belongs where.
    People,
    /// Tasks with all that is on them.
    Work,
    /// Portfolios, goals, status, time and money.
    Planning,
    /// Who may do what, and what was done.
    Compliance,
}

impl Set {
    pub const ALL: [Set; 6] = [Set::Default, Set::Structure, Set::People, Set::Work, Set::Planning, Set::Compliance];

    pub fn name(self) -> &'static str {
        match self {
            Set::Default => "default",
            Set::Structure => "structure",
            Set::People => "people",
            Set::Work => "work",
            Set::Planning => "planning",
            Set::Compliance => "compliance",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Set::Default => "what is exported when nothing else is asked for",
            Set::Structure => "the containers of work and how they are set up",
            Set::People => "people, teams, and who belongs where",
            Set::Work => "tasks with all that is on them",
            Set::Planning => "portfolios, goals, status, time and money",
            Set::Compliance => "who may do what, and what was done",
        }
    }

    pub fn resources(self) -> impl Iterator<Item = &'static Resource> {
        RESOURCES.iter().copied().filter(move |resource| resource.sets.contains(&self))
    }
}
