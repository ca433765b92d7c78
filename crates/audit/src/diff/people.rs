//! Who did something between two exports, as far as the rows themselves say so.
//!
//! Asana's objects do not name who changed them last. What they name is counted, and nothing is guessed: who made a row
//! (`created_by`), who completed something (`completed_by`), and whose work it is (`assignee`). Comments and the system's
//! notes in `stories` are rows that someone made, so they tell of changes, too.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use asana_model::{Cell, Layout};
use serde::Serialize;

use super::Result;
use super::change::{Field, Values, shown};
use super::sides::{Sides, read_columns};

/// What one person did, and what happened to what is assigned to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Activity {
    pub gid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Rows that they made, by table.
    pub created: BTreeMap<String, u64>,
    /// Rows that they completed.
    pub completed: u64,
    /// Rows assigned to them that were added, removed, or changed while they had them.
    pub assigned_added: u64,
    pub assigned_removed: u64,
    pub assigned_changed: u64,
    /// Rows that someone else had before, or nobody, and that they have now; and the reverse.
    pub taken_over: u64,
    pub given_away: u64,
}

#[derive(Debug, Default)]
pub(super) struct People {
    found: HashMap<String, Activity>,
}

const MADE_BY: &str = "created_by_gid";
const COMPLETED_BY: &str = "completed_by_gid";
const COMPLETED: &str = "completed";
const ASSIGNED_TO: &str = "assignee_gid";

impl People {
    pub(super) fn added(&mut self, table: &str, row: &Values<'_>) {
        if let Some(maker) = value(row, MADE_BY) {
            let created = &mut self.of(&maker).created;
            match created.get_mut(table) {
                Some(count) => *count += 1,
                None => drop(created.insert(table.to_owned(), 1)),
            }
        }
        // A row that was completed before it was ever seen was completed since, too.
        if value(row, COMPLETED).is_some_and(|completed| completed == "true")
            && let Some(by) = value(row, COMPLETED_BY)
        {
            self.of(&by).completed += 1;
        }
        if let Some(assignee) = value(row, ASSIGNED_TO).filter(|_| has(row, COMPLETED)) {
            self.of(&assignee).assigned_added += 1;
        }
    }

    pub(super) fn removed(&mut self, row: &Values<'_>) {
        if let Some(assignee) = value(row, ASSIGNED_TO).filter(|_| has(row, COMPLETED)) {
            self.of(&assignee).assigned_removed += 1;
        }
    }

    /// `row` is how it is now.
    pub(super) fn changed(&mut self, row: &Values<'_>, fields: &[Field<'_>]) {
        // Stories and the like name an assignee that something was about; only what can be completed is anyone's work.
        if !has(row, COMPLETED) {
            return;
        }
        let field = |name: &str| fields.iter().find(|field| field.column == name);
        if field(COMPLETED).is_some_and(|field| *field.new == Cell::Boolean(true))
            && let Some(by) = value(row, COMPLETED_BY)
        {
            self.of(&by).completed += 1;
        }
        match field(ASSIGNED_TO) {
            Some(assignee) => {
                if let Some(before) = shown(assignee.old) {
                    self.of(&before).given_away += 1;
                }
                if let Some(after) = shown(assignee.new) {
                    self.of(&after).taken_over += 1;
                }
            }
            None => {
                if let Some(assignee) = value(row, ASSIGNED_TO) {
                    self.of(&assignee).assigned_changed += 1;
                }
            }
        }
    }

    fn of(&mut self, gid: &str) -> &mut Activity {
        self.found.entry(gid.to_owned()).or_insert_with(|| Activity { gid: gid.to_owned(), ..Activity::default() })
    }

    /// Everyone, busiest first, with the names that the exports have for them.
    pub(super) fn finish(mut self, sides: &Sides<'_>, layout: &Layout) -> Result<Vec<Activity>> {
        for side in [sides.old, sides.new] {
            read_columns(side, layout, "users", ["gid", "name"], |[gid, name]| {
                if let (Some(person), Some(name)) = (gid.and_then(|gid| self.found.get_mut(gid)), name) {
                    person.name = Some(name.to_owned());
                }
            })?;
        }
        let mut people: Vec<Activity> = self.found.into_values().collect();
        people.sort_by_cached_key(|person| (Reverse(person.all()), person.gid.clone()));
        Ok(people)
    }
}

impl Activity {
    pub fn made(&self) -> u64 {
        self.created.values().sum()
    }

    fn all(&self) -> u64 {
        let assigned = self.assigned_added + self.assigned_removed + self.assigned_changed;
        self.made() + self.completed + assigned + self.taken_over + self.given_away
    }
}

fn has(row: &Values<'_>, column: &str) -> bool {
    row.iter().any(|(name, _)| *name == column)
}

fn value<'r>(row: &Values<'r>, column: &str) -> Option<std::borrow::Cow<'r, str>> {
    row.iter().find(|(name, _)| *name == column).and_then(|(_, cell)| shown(cell))
}
