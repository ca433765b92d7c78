//! What task search knows: its index lags behind changes, and some tasks it never gets to know.
//!
//! What matches and in which order is decided by what the index holds; what is written of a match is the task as it is.
//! A deleted task is in no answer.
//! Source: <https://developers.asana.com/reference/searchtasksforworkspace>

use std::collections::HashMap;

use crate::world::{Indexed, Kind, Task, World, mix};

/// The index at the moment of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    /// Simulated milliseconds.
    pub(crate) now_ms: u64,
    pub(crate) lag_ms: u64,
    /// Tasks in a thousand that it never knows.
    pub(crate) unindexed: u32,
    /// Counts searches: equals come in another order each time.
    pub(crate) turn: u64,
}

/// A task as the index knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) index: u32,
    pub(crate) task: &'a Task,
    /// `None`: as it is now.
    pub(crate) had_files: Option<bool>,
}

impl Index {
    /// The index without any lag, which knows all that it will ever know.
    pub(crate) fn settled(unindexed: u32) -> Self {
        Self { now_ms: 0, lag_ms: 0, unindexed, turn: 0 }
    }

    /// All tasks that the index knows, whoever may see them.
    pub(crate) fn tasks(self, world: &World) -> impl Iterator<Item = Known<'_>> {
        let mut behind: HashMap<u32, Option<&Indexed>> = HashMap::new();
        let is_new = |at_ms: u64| at_ms.saturating_add(self.lag_ms) > self.now_ms;
        for before in world.before_changes.iter().filter(|before| self.lag_ms > 0 && is_new(before.until_ms)) {
            // The first change that is not known yet says how the task is known.
            behind.entry(before.task).or_insert(before.was.as_ref());
        }
        world.tasks.iter().filter_map(move |(index, task)| {
            if world.dice(Kind::Task, index).below("unindexed", 1_000) < self.unindexed {
                return None;
            }
            Some(match behind.get(&index) {
                None => Known { index, task, had_files: None },
                Some(was) => was.map(|was| Known { index, task: &was.task, had_files: Some(was.has_files) })?,
            })
        })
    }

    /// Where a task stands among its equals, this time.
    pub(crate) fn order_among_equals(self, index: u32) -> u64 {
        mix(mix(self.turn) ^ u64::from(index))
    }
}
