//! Walks through search, which has no pages: each question is about what was created after the last answer.
//!
//! Search promises no order among equals and gives at most a hundred results, so the walk steps back a millisecond and
//! drops what it saw; where a hundred tasks share one instant (an import), that instant is walked by the time of change,
//! and what shares that too is split by further filters.
//! Source: <https://developers.asana.com/reference/searchtasksforworkspace>

use std::collections::{BTreeMap, HashSet};

use asana_model::raw::Object;
use jiff::{Timestamp, ToSpan};

/// The most results that an answer holds.
const LIMIT: usize = 100;

/// Filters that are true or false for each task, for instants that too many share.
const SPLITS: &[&str] = &["completed", "is_subtask", "has_attachment", "is_blocked", "is_blocking"];

/// A task as far as the walk looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) gid: String,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) modified_at: Option<Timestamp>,
}

impl Row {
    pub(crate) fn read(record: &str) -> Option<Self> {
        let object = Object::parse(record)?;
        let time = |name| object.text(name).and_then(|text| text.parse().ok());
        let gid = object.gid()?.into_owned();
        Some(Self { gid, created_at: time("created_at"), modified_at: time("modified_at") })
    }
}

/// The walk: what is still to be asked.
#[derive(Debug)]
pub(crate) struct Sweep {
    /// Asked from the last to the first.
    windows: Vec<Window>,
    /// The instants that too many tasks share, even with all filters.
    unsplittable: Vec<String>,
}

/// Tasks with common properties, in the order of a time.
#[derive(Debug, Clone, Default)]
struct Window {
    filters: BTreeMap<&'static str, String>,
    by: By,
    after: Option<Timestamp>,
    /// The gids of the last answer.
    seen: HashSet<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum By {
    #[default]
    Created,
    Modified,
}

impl By {
    fn name(self) -> &'static str {
        match self {
            By::Created => "created_at",
            By::Modified => "modified_at",
        }
    }

    fn after(self) -> &'static str {
        match self {
            By::Created => "created_at.after",
            By::Modified => "modified_at.after",
        }
    }

    fn before(self) -> &'static str {
        match self {
            By::Created => "created_at.before",
            By::Modified => "modified_at.before",
        }
    }

    fn of(self, row: &Row) -> Option<Timestamp> {
        match self {
            By::Created => row.created_at,
            By::Modified => row.modified_at,
        }
    }
}

impl Sweep {
    /// A walk over what has the properties in `fixed`.
    pub(crate) fn new(fixed: &[(&'static str, String)]) -> Self {
        let filters = fixed.iter().cloned().collect();
        Self { windows: vec![Window { filters, ..Window::default() }], unsplittable: Vec::new() }
    }

    /// The next question, as query parameters; `None` when everything was asked.
    pub(crate) fn query(&self) -> Option<Vec<(&'static str, String)>> {
        let window = self.windows.last()?;
        let mut query: Vec<_> = window.filters.iter().map(|(name, value)| (*name, value.clone())).collect();
        if let Some(after) = window.after {
            query.push((window.by.after(), instant(after)));
        }
        query.push(("sort_by", window.by.name().to_owned()));
        query.push(("sort_ascending", "true".to_owned()));
        query.push(("limit", LIMIT.to_string()));
        Some(query)
    }

    /// Takes the answer to the last question.
    pub(crate) fn answered(&mut self, rows: &[Row]) {
        let Some(window) = self.windows.last_mut() else { return };
        let news = rows.iter().any(|row| !window.seen.contains(&row.gid));
        let last = rows.iter().filter_map(|row| window.by.of(row)).max();
        window.seen = rows.iter().map(|row| row.gid.clone()).collect();
        let full = rows.len() >= LIMIT;
        match last {
            // A short answer with news is asked about once more: it may be short because something is hidden.
            Some(last) if news || full => {
                let after = step(last, -1);
                if window.after.is_none_or(|before| after > before) {
                    window.after = Some(after);
                } else if full {
                    self.split(last);
                } else {
                    self.windows.pop();
                }
            }
            _ => {
                self.windows.pop();
            }
        }
    }

    /// The instant `at` fills a whole answer: it becomes windows of its own.
    fn split(&mut self, at: Timestamp) {
        let Some(mut window) = self.windows.pop() else { return };
        if window.after == Some(at) {
            // It was split before, and this server counts the instant named in `after` too.
            window.after = Some(step(at, 1));
            self.windows.push(window);
            return;
        }
        // Whatever comes after that instant; the instant itself is seen to here.
        let rest = Window { after: Some(at), seen: HashSet::new(), ..window.clone() };
        let mut tie = Window { after: None, seen: HashSet::new(), ..window };
        let by = tie.by;
        tie.filters.insert(by.after(), instant(step(at, -1)));
        tie.filters.insert(by.before(), instant(step(at, 1)));
        let before = rest.filters.get(by.before()).and_then(|text| text.parse::<Timestamp>().ok());
        if before.is_none_or(|before| at < step(before, -1)) {
            self.windows.push(rest);
        }
        if by == By::Created {
            tie.by = By::Modified;
            self.windows.push(tie);
            return;
        }
        match SPLITS.iter().find(|split| !tie.filters.contains_key(*split)) {
            Some(split) => {
                for value in ["true", "false"] {
                    let mut half = tie.clone();
                    half.filters.insert(split, value.to_owned());
                    self.windows.push(half);
                }
            }
            None => self.unsplittable.push(instant(at)),
        }
    }

    /// Why not everything was seen, if so.
    pub(crate) fn shortfall(&self) -> Option<String> {
        let first = self.unsplittable.first()?;
        Some(format!(
            "more than {LIMIT} tasks share the same times (such as {first}) and properties, and search shows no more"
        ))
    }
}

fn step(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.checked_add(milliseconds.milliseconds()).unwrap_or(at)
}

/// As Asana writes times.
fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A task with its times in milliseconds and five properties.
    #[derive(Debug, Clone)]
    struct Task {
        created: i64,
        modified: i64,
        properties: u8,
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).unwrap()
    }

    /// What a search would answer; `inclusive` says whether its bounds include the instants named.
    fn search(tasks: &[Task], query: &[(&str, String)], inclusive: bool) -> Vec<Row> {
        let get = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        let bound = |name: &str| get(name).map(|text| text.parse::<Timestamp>().unwrap());
        let slack = i64::from(inclusive);
        let within = |time: i64, name: &str| {
            bound(&format!("{name}.after")).is_none_or(|after| at(time) > step(after, -slack))
                && bound(&format!("{name}.before")).is_none_or(|before| at(time) < step(before, slack))
        };
        let has = |task: &Task, place: usize| task.properties & (1 << place) != 0;
        let mut found: Vec<(usize, &Task)> = tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| within(task.created, "created_at") && within(task.modified, "modified_at"))
            .filter(|(_, task)| {
                SPLITS
                    .iter()
                    .enumerate()
                    .all(|(place, split)| get(split).is_none_or(|wanted| (wanted == "true") == has(task, place)))
            })
            .collect();
        let by_created = get("sort_by") == Some("created_at");
        found.sort_by_key(|(_, task)| if by_created { task.created } else { task.modified });
        found.truncate(LIMIT);
        let row = |(place, task): (usize, &Task)| Row {
            gid: place.to_string(),
            created_at: Some(at(task.created)),
            modified_at: Some(at(task.modified)),
        };
        found.into_iter().map(row).collect()
    }

    /// The number of questions asked and of tasks found.
    fn walk(tasks: &[Task], inclusive: bool) -> (usize, usize, Option<String>) {
        let mut sweep = Sweep::new(&[]);
        let mut found = HashSet::new();
        let mut asked = 0;
        while let Some(query) = sweep.query() {
            asked += 1;
            assert!(asked < 20_000, "the walk does not end");
            let rows = search(tasks, &query, inclusive);
            found.extend(rows.iter().map(|row| row.gid.clone()));
            sweep.answered(&rows);
        }
        (asked, found.len(), sweep.shortfall())
    }

    #[test]
    fn spread_tasks_take_a_question_for_each_hundred() {
        let tasks: Vec<_> = (0..1000).map(|n| Task { created: n * 10, modified: n, properties: 0 }).collect();
        let (asked, found, shortfall) = walk(&tasks, false);
        assert_eq!((found, shortfall), (1000, None));
        assert!(asked <= 13, "{asked}");
        assert_eq!(walk(&[], false), (1, 0, None));
    }

    #[test]
    fn an_import_at_one_instant_is_found_whole() {
        let tasks: Vec<_> =
            (0..350).map(|n| Task { created: i64::from((50..320).contains(&n)), modified: n, properties: 0 }).collect();
        assert_eq!((walk(&tasks, false).1, walk(&tasks, true).1), (350, 350));
        // All times equal: only properties tell them apart.
        let tasks: Vec<_> =
            (0..900_u16).map(|n| Task { created: 5, modified: 5, properties: n.to_le_bytes()[0] % 32 }).collect();
        let (_, found, shortfall) = walk(&tasks, false);
        assert_eq!((found, shortfall), (900, None));
    }

    #[test]
    fn what_cannot_be_told_apart_is_said() {
        let tasks: Vec<_> = (0..250).map(|_| Task { created: 5, modified: 5, properties: 3 }).collect();
        let (_, found, shortfall) = walk(&tasks, false);
        assert_eq!(found, 100);
        assert!(shortfall.unwrap().contains("2023-11-14T22:13:20.005Z"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn nothing_is_missed_whatever_the_times(
            times in prop::collection::vec((0_i64..12, 0_i64..40, 0_u8..32), 0..700),
            inclusive in any::<bool>(),
        ) {
            let tasks: Vec<_> = times
                .iter()
                .map(|(created, modified, properties)| Task {
                    created: *created,
                    modified: *modified,
                    properties: *properties,
                })
                .collect();
            let (_, found, shortfall) = walk(&tasks, inclusive);
            prop_assert!(shortfall.is_none());
            prop_assert_eq!(found, tasks.len());
        }
    }
}
