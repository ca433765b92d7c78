//! Walks through search, which has no pages: each question is about what was created after the last answer.
//!
//! Search promises no order among equals and gives at most a hundred results, so the walk steps back a millisecond and
//! drops what it saw; where a hundred tasks share one instant (an import), that instant is walked by the time of change,
//! and what shares that too is split by further filters: by properties, then by people met in the answers, one person
//! against all others.
//! Source: <https://developers.asana.com/reference/searchtasksforworkspace>

use std::collections::{BTreeMap, HashSet};

use asana_model::raw::Object;
use jiff::{Timestamp, ToSpan};

/// The most results that an answer holds.
const LIMIT: usize = 100;

/// Filters that are true or false for each task, for instants that too many share.
const SPLITS: &[&str] = &["completed", "is_subtask", "has_attachment", "is_blocked", "is_blocking"];

/// Who a task has to do with, as far as search can filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Creator,
    Assignee,
}

impl Role {
    const ALL: [Role; 2] = [Role::Creator, Role::Assignee];

    fn any(self) -> &'static str {
        match self {
            Role::Creator => "created_by.any",
            Role::Assignee => "assignee.any",
        }
    }

    fn not(self) -> &'static str {
        match self {
            Role::Creator => "created_by.not",
            Role::Assignee => "assignee.not",
        }
    }

    fn of(self, row: &Row) -> Option<&str> {
        match self {
            Role::Creator => row.created_by.as_deref(),
            Role::Assignee => row.assignee.as_deref(),
        }
    }
}

/// A task as far as the walk looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) gid: String,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) created_by: Option<String>,
    pub(crate) assignee: Option<String>,
}

impl Row {
    pub(crate) fn read(object: &Object<'_>) -> Option<Self> {
        let time = |name| object.text(name).and_then(|text| text.parse().ok());
        let person = |name| Some(Object::of_valid(object.get(name)?)?.gid()?.into_owned());
        Some(Self {
            gid: object.gid()?.into_owned(),
            created_at: time("created_at"),
            modified_at: time("modified_at"),
            created_by: person("created_by"),
            assignee: person("assignee"),
        })
    }
}

/// The walk: what is still to be asked.
#[derive(Debug)]
pub(crate) struct Sweep {
    /// Asked from the last to the first.
    windows: Vec<Window>,
    /// The instants that too many tasks share, even with all filters.
    unsplittable: Vec<String>,
    /// Tasks of answers that were split: the parts must show them again.
    owed: HashSet<String>,
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
        Self { windows: vec![Window { filters, ..Window::default() }], unsplittable: Vec::new(), owed: HashSet::new() }
    }

    /// The next question, as query parameters; `None` when everything was asked.
    pub(crate) fn query(&self) -> Option<Vec<(&'static str, String)>> {
        let window = self.windows.last()?;
        let mut filters = window.filters.clone();
        if let Some(after) = window.after {
            // Later than a fixed bound of the same name.
            filters.insert(window.by.after(), instant(after));
        }
        let mut query: Vec<_> = filters.into_iter().collect();
        query.push(("sort_by", window.by.name().to_owned()));
        query.push(("sort_ascending", "true".to_owned()));
        query.push(("limit", LIMIT.to_string()));
        Some(query)
    }

    /// Takes the answer to the last question.
    pub(crate) fn answered(&mut self, rows: &[Row]) {
        for row in rows {
            self.owed.remove(&row.gid);
        }
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
                    self.split(last, rows);
                } else {
                    self.windows.pop();
                }
            }
            _ => {
                self.windows.pop();
            }
        }
    }

    /// The instant `at` fills a whole answer, `rows`: it becomes windows of its own.
    fn split(&mut self, at: Timestamp, rows: &[Row]) {
        let Some(mut window) = self.windows.pop() else { return };
        if window.after == Some(at) {
            // It was split before, and this server counts the instant named in `after` too.
            window.after = Some(step(at, 1));
            self.windows.push(window);
            return;
        }
        self.owed.extend(rows.iter().map(|row| row.gid.clone()));
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
        match tie.halves(rows) {
            Some(halves) => self.windows.extend(halves),
            None => self.unsplittable.push(instant(at)),
        }
    }

    /// Why not everything was seen, if so.
    pub(crate) fn shortfall(&self) -> Option<String> {
        if let Some(first) = self.unsplittable.first() {
            return Some(format!(
                "more than {LIMIT} tasks share the same times (such as {first}), properties and people, and search \
                 shows no more of them"
            ));
        }
        let lost = self.owed.len();
        (lost > 0).then(|| format!("search did not show {lost} tasks again when it was asked more narrowly"))
    }
}

impl Window {
    /// The same tasks in two parts, by the first filter that can tell them apart; `rows` are some of them.
    fn halves(&self, rows: &[Row]) -> Option<[Self; 2]> {
        let with = |filter: &'static str, value: String| {
            let mut half = self.clone();
            half.filters.insert(filter, value);
            half
        };
        if let Some(split) = SPLITS.iter().find(|split| !self.filters.contains_key(*split)) {
            return Some(["true", "false"].map(|value| with(split, value.to_owned())));
        }
        let untried = Role::ALL.into_iter().filter(|role| !self.filters.contains_key(role.any()));
        let mut found = untried.filter_map(|role| {
            let others = self.filters.get(role.not()).map(String::as_str).unwrap_or_default();
            let person = rows.iter().find_map(|row| role.of(row))?;
            let others = if others.is_empty() { person.to_owned() } else { format!("{others},{person}") };
            Some([with(role.any(), person.to_owned()), with(role.not(), others)])
        });
        found.next()
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
        /// Who made it, and who has it, if anyone.
        people: (u8, Option<u8>),
    }

    fn task(created: i64, modified: i64, properties: u8) -> Task {
        Task { created, modified, properties, people: (0, None) }
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
            .filter(|(_, task)| {
                let is_among = |name: &str, person: Option<u8>| {
                    get(name)
                        .map(|list| list.split(',').any(|one| person.is_some_and(|person| one == person.to_string())))
                };
                let (creator, assignee) = (Some(task.people.0), task.people.1);
                is_among("created_by.any", creator) != Some(false)
                    && is_among("created_by.not", creator) != Some(true)
                    && is_among("assignee.any", assignee) != Some(false)
                    && is_among("assignee.not", assignee) != Some(true)
            })
            .collect();
        let by_created = get("sort_by") == Some("created_at");
        found.sort_by_key(|(_, task)| if by_created { task.created } else { task.modified });
        found.truncate(LIMIT);
        let row = |(place, task): (usize, &Task)| Row {
            gid: place.to_string(),
            created_at: Some(at(task.created)),
            modified_at: Some(at(task.modified)),
            created_by: Some(task.people.0.to_string()),
            assignee: task.people.1.map(|person| person.to_string()),
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
        let tasks: Vec<_> = (0..1000).map(|n| task(n * 10, n, 0)).collect();
        let (asked, found, shortfall) = walk(&tasks, false);
        assert_eq!((found, shortfall), (1000, None));
        assert!(asked <= 13, "{asked}");
        assert_eq!(walk(&[], false), (1, 0, None));
    }

    #[test]
    fn an_import_at_one_instant_is_found_whole() {
        let tasks: Vec<_> = (0..350).map(|n| task(i64::from((50..320).contains(&n)), n, 0)).collect();
        assert_eq!((walk(&tasks, false).1, walk(&tasks, true).1), (350, 350));
        // All times equal: only properties tell them apart.
        let tasks: Vec<_> = (0..900_u16).map(|n| task(5, 5, n.to_le_bytes()[0] % 32)).collect();
        let (_, found, shortfall) = walk(&tasks, false);
        assert_eq!((found, shortfall), (900, None));
    }

    #[test]
    fn people_tell_apart_what_is_equal_otherwise() {
        let people = |n: u16| (n.to_le_bytes()[0] % 3, n.is_multiple_of(2).then_some(n.to_le_bytes()[0] % 7));
        let tasks: Vec<_> = (0..900_u16).map(|n| Task { people: people(n), ..task(5, 5, 3) }).collect();
        let (_, found, shortfall) = walk(&tasks, false);
        // A sixth each was made by the same person and has no assignee.
        assert!(shortfall.is_some() && found > 700, "{found}");
        let makers = (0..10_u8).flat_map(|maker| std::iter::repeat_n(maker, 90));
        let tasks: Vec<_> = makers.map(|maker| Task { people: (maker, None), ..task(5, 5, 3) }).collect();
        assert_eq!((walk(&tasks, false).1, walk(&tasks, true).2), (900, None));
    }

    #[test]
    fn parts_that_leave_something_out_are_noticed() {
        let mut sweep = Sweep::new(&[]);
        let rows: Vec<Row> = search(&(0..200).map(|_| task(5, 5, 0)).collect::<Vec<_>>(), &[], false);
        // Until it splits, it is shown the same; the parts are empty.
        for _ in 0..2 {
            sweep.answered(&rows);
        }
        assert_eq!(sweep.owed.len(), LIMIT);
        for _ in 0..200 {
            sweep.answered(&[]);
        }
        assert_eq!(sweep.query(), None);
        assert!(sweep.shortfall().unwrap().contains("did not show 100 tasks again"));
    }

    #[test]
    fn what_cannot_be_told_apart_is_said() {
        let tasks: Vec<_> = (0..250).map(|_| task(5, 5, 3)).collect();
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
                .map(|(created, modified, properties)| task(*created, *modified, *properties))
                .collect();
            let (_, found, shortfall) = walk(&tasks, inclusive);
            prop_assert!(shortfall.is_none());
            prop_assert_eq!(found, tasks.len());
        }
    }
}
