//! A workspace that lives while it is read: a list of changes, each saying when and what.
//!
//! The text form, for command lines, separates its parts by spaces or semicolons:
//!
//! ```text
//! when=requests:40 what=edit task=7 name=Renamed notes=Rewritten
//! when=page:1:/tasks?project=1216000000001009* what=move project=0 from=150 to=20
//! when=page:1:/projects?* what=delete-project project=3
//! ```
//!
//! `when` is `requests:N` (after the N-th answer of all) or `page:N:GLOB` (after the N-th page of one listing whose path
//! below `/api/1.0`, or path and query, matches; `*` is anything). A change happens once, after that answer was made and
//! before it is sent. `what` is one of
//!
//! - `edit task= [name=] [notes=]`, `complete task=`, `attach task=` (a file): each also leaves a story;
//! - `add [project= [place=]] [parent=] [user=] [files=]`: a task with one comment; without a project and all else only
//!   search finds it;
//! - `move project= from= to=`: within the project's list, by places counted from 0;
//! - `move-to task= project=`: out of the task's first project to the end of another;
//! - `delete-task task=`, with its subtasks; `delete-project project=`; `remove-user user=`.
//!
//! Tasks, projects and users are named by gid or, in fewer than ten digits, by their number in the order in which they
//! were made, from 0. Whatever is edited is stamped with the real time.

mod apply;
mod text;

use std::collections::HashMap;

use crate::api::{listing_key, parameters};
use crate::faults::glob;

pub use text::InvalidChange;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub when: Trigger,
    pub what: Action,
}

/// When a change happens; after that answer was made, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// After so many requests were answered, refusals included.
    Requests(u64),
    /// After the n-th page, from 1, of one listing: `path` matches the path below the base, alone or with its query.
    Page { path: String, number: u64 },
}

/// An object of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The n-th that was made, from 0.
    Number(u32),
    Gid(String),
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Edit {
        task: Pick,
        name: Option<String>,
        notes: Option<String>,
    },
    Complete {
        task: Pick,
    },
    /// A file is attached.
    Attach {
        task: Pick,
    },
    Add(NewTask),
    /// From one place of a project's list to another, as places are once the task is taken out.
    Move {
        project: Pick,
        from: u32,
        to: u32,
    },
    /// Out of the task's first project, to the end of another.
    MoveTo {
        task: Pick,
        project: Pick,
    },
    /// With its subtasks.
    DeleteTask {
        task: Pick,
    },
    /// Its tasks stay where they can be found otherwise.
    DeleteProject {
        project: Pick,
    },
    /// Out of the workspace; their tasks stay theirs.
    RemoveUser {
        user: Pick,
    },
}

/// A task to be made, with one comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTask {
    pub project: Option<Pick>,
    /// The place in the project's list; `None` is the end.
    pub place: Option<u32>,
    pub parent: Option<Pick>,
    pub assignee: Option<Pick>,
    pub files: u32,
}

/// The changes that are still to come.
#[derive(Debug)]
pub(crate) struct Changes {
    pending: Vec<Change>,
    answered: u64,
    /// Pages of each listing.
    pages: HashMap<u64, u64>,
}

impl Changes {
    pub(crate) fn new(pending: Vec<Change>) -> Self {
        Self { pending, answered: 0, pages: HashMap::new() }
    }

    /// Takes note of an answer and gives what happens now, in the order of the list.
    pub(crate) fn answered(&mut self, path: &str, query: &str, is_page: bool) -> Vec<Action> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        self.answered += 1;
        let page = if is_page {
            let pages = self.pages.entry(listing_key(path, &parameters(query))).or_default();
            *pages += 1;
            *pages
        } else {
            0
        };
        let is_due = |change: &Change| match &change.when {
            Trigger::Requests(number) => self.answered >= *number,
            Trigger::Page { path: pattern, number } => {
                *number == page && (glob(pattern, path) || glob(pattern, &format!("{path}?{query}")))
            }
        };
        let (due, pending) = std::mem::take(&mut self.pending).into_iter().partition(is_due);
        self.pending = pending;
        let due: Vec<Change> = due;
        due.into_iter().map(|change| change.what).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(texts: &[&str]) -> Changes {
        Changes::new(texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    #[test]
    fn changes_wait_for_the_answers_they_name() {
        let mut changes = changes(&[
            "when=requests:3 what=complete task=1",
            "when=page:2:/projects/*/tasks what=complete task=2",
            "when=page:1:/tasks?project=7* what=complete task=3",
        ]);
        let mut happens = |path, query, is_page| {
            let due = changes.answered(path, query, is_page).into_iter();
            let number = |action| match action {
                Action::Complete { task: Pick::Number(number) } => number,
                other => panic!("{other:?}"),
            };
            due.map(number).collect::<Vec<_>>()
        };
        assert!(happens("/projects/1/tasks", "limit=5", true).is_empty());
        assert!(happens("/projects/2/tasks", "limit=5", true).is_empty(), "each listing has pages of its own");
        assert_eq!(happens("/nothing", "", false), [1]);
        assert!(happens("/projects/2/tasks", "limit=5&offset=x", false).is_empty(), "a refusal is no page");
        assert_eq!(happens("/projects/2/tasks", "limit=5&offset=x", true), [2]);
        assert_eq!(happens("/tasks", "project=7&limit=5", true), [3]);
        assert!(happens("/projects/1/tasks", "limit=5&offset=x", true).is_empty(), "each happens once");
    }
}
