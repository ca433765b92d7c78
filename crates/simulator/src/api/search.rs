//! Task search: paid, without pages, with its own limiter, and as reliable as an index is.
//!
//! Of the documented filters, those on portfolios and on the values of custom fields are not there; like any parameter
//! that the simulator does not know they are ignored.

use std::cmp::Ordering;

use super::errors::ApiError;
use super::index::Known;
use super::tasks::{due, start, subtype_name, write_task};
use super::{Answer, Call, Listing, Rows, Unlimited, View, stories};
use crate::config::Plan;
use crate::world::time::Time;
use crate::world::{Kind, NONE};

/// `x.any`, `x.not` and `x.all` of one property.
#[derive(Debug)]
struct Set {
    any: Option<Vec<u32>>,
    not: Vec<u32>,
    /// What names nothing cannot be had: `None` in it.
    all: Vec<Option<u32>>,
}

/// The gids of a comma-separated parameter; `None` for what names nothing.
fn read(call: &Call<'_>, name: &str, kind: Kind) -> Option<Vec<Option<u32>>> {
    let gids = call.view.world.gids;
    let me = |text: &str| (text == "me" && kind == Kind::User).then_some(call.view.viewer.person);
    let one = |text: &str| {
        me(text).or_else(|| match gids.parse(text) {
            Ok((found, index)) if found == kind => u32::try_from(index).ok(),
            _ => None,
        })
    };
    call.parameter(name).map(|list| list.split(',').map(|text| one(text.trim())).collect())
}

impl Set {
    fn read(call: &Call<'_>, name: &str, kind: Kind) -> Self {
        let named = |form: &str| read(call, &format!("{name}.{form}"), kind);
        let known = |list: Vec<Option<u32>>| list.into_iter().flatten().collect();
        Self {
            any: named("any").map(known),
            not: named("not").map(known).unwrap_or_default(),
            all: named("all").unwrap_or_default(),
        }
    }

    fn holds<I: Iterator<Item = u32>>(&self, found: impl Fn() -> I) -> bool {
        self.any.as_ref().is_none_or(|wanted| found().any(|index| wanted.contains(&index)))
            && (self.not.is_empty() || !found().any(|index| self.not.contains(&index)))
            && self.all.iter().all(|wanted| wanted.is_some_and(|wanted| found().any(|index| index == wanted)))
    }
}

/// What a time must be between. All bounds are exclusive.
#[derive(Debug)]
struct Between {
    after: Option<i64>,
    before: Option<i64>,
    /// The same for its day, and the day itself.
    day_after: Option<i64>,
    day_before: Option<i64>,
    day: Option<i64>,
}

impl Between {
    /// The bounds of `x_at` and `x_on`.
    fn read(call: &Call<'_>, name: &str) -> Result<Self, ApiError> {
        let day = |form: &str| Ok(call.time(&format!("{name}_on{form}"))?.map(|at| Time(at).day().0));
        Ok(Self {
            after: call.time(&format!("{name}_at.after"))?,
            before: call.time(&format!("{name}_at.before"))?,
            day_after: day(".after")?,
            day_before: day(".before")?,
            day: day("")?,
        })
    }

    fn is_open(&self) -> bool {
        [self.after, self.before, self.day_after, self.day_before, self.day].iter().all(Option::is_none)
    }

    fn holds(&self, at: impl FnOnce() -> Option<i64>) -> bool {
        if self.is_open() {
            return true;
        }
        at().is_some_and(|at| {
            let day = Time(at).day().0;
            self.after.is_none_or(|after| at > after)
                && self.before.is_none_or(|before| at < before)
                && self.day_after.is_none_or(|after| day > after)
                && self.day_before.is_none_or(|before| day < before)
                && self.day.is_none_or(|wanted| day == wanted)
        })
    }
}

/// Everything that a search can ask for.
#[derive(Debug)]
struct Filters<'a> {
    text: Option<String>,
    subtype: Option<&'a str>,
    created: Between,
    modified: Between,
    completed_between: Between,
    due: Between,
    start: Between,
    completed: Option<bool>,
    is_subtask: Option<bool>,
    is_blocked: Option<bool>,
    is_blocking: Option<bool>,
    has_attachment: Option<bool>,
    projects: Set,
    sections: Set,
    tags: Set,
    teams: Set,
    assignee: Set,
    followers: Set,
    created_by: Set,
    assigned_by: Set,
    liked_by: Set,
    commented_on_by: Set,
}

impl<'a> Filters<'a> {
    fn read(call: &Call<'a>) -> Result<Self, ApiError> {
        let people = |name: &str| Set::read(call, name, Kind::User);
        Ok(Self {
            text: call.parameter("text").filter(|text| !text.is_empty()).map(str::to_lowercase),
            subtype: call.parameter("resource_subtype"),
            created: Between::read(call, "created")?,
            modified: Between::read(call, "modified")?,
            completed_between: Between::read(call, "completed")?,
            due: Between::read(call, "due")?,
            start: Between::read(call, "start")?,
            completed: call.flag("completed")?,
            is_subtask: call.flag("is_subtask")?,
            is_blocked: call.flag("is_blocked")?,
            is_blocking: call.flag("is_blocking")?,
            has_attachment: call.flag("has_attachment")?,
            projects: Set::read(call, "projects", Kind::Project),
            sections: Set::read(call, "sections", Kind::Section),
            tags: Set::read(call, "tags", Kind::Tag),
            teams: Set::read(call, "teams", Kind::Team),
            assignee: people("assignee"),
            followers: people("followers"),
            created_by: people("created_by"),
            assigned_by: people("assigned_by"),
            liked_by: people("liked_by"),
            commented_on_by: people("commented_on_by"),
        })
    }

    fn hold(&self, view: View<'_>, known: Known<'_>) -> bool {
        self.times_hold(view, known)
            && self.flags_hold(view, known)
            && self.places_hold(view, known)
            && self.people_hold(view, known)
            && self.subtype.is_none_or(|wanted| wanted == subtype_name(known.task.subtype))
            && self.text.as_ref().is_none_or(|text| {
                let (name, notes) = (view.world.task_name(known.index), view.world.task_notes(known.index));
                name.to_lowercase().contains(text) || notes.to_lowercase().contains(text)
            })
    }

    fn times_hold(&self, view: View<'_>, Known { index, task, .. }: Known<'_>) -> bool {
        let dice = || view.world.dice(Kind::Task, index);
        self.created.holds(|| Some(task.created_at))
            && self.modified.holds(|| Some(task.modified_at))
            && self.completed_between.holds(|| task.completed_at)
            && self.due.holds(|| due(task, dice()).map(|at| at.0))
            && self.start.holds(|| start(task, dice()).map(|at| at.0))
    }

    fn flags_hold(&self, view: View<'_>, Known { index, task, had_files }: Known<'_>) -> bool {
        let world = view.world;
        let is_open = |other: &u32| world.tasks[*other].completed_at.is_none();
        let holds = |wanted: Option<bool>, is: &dyn Fn() -> bool| wanted.is_none_or(|wanted| wanted == is());
        holds(self.completed, &|| task.completed_at.is_some())
            && holds(self.is_subtask, &|| task.parent != NONE)
            && holds(self.has_attachment, &|| had_files.unwrap_or_else(|| world.attachment_count(index) > 0))
            && holds(self.is_blocked, &|| world.dependencies.get(&index).is_some_and(|tasks| tasks.iter().any(is_open)))
            && holds(self.is_blocking, &|| {
                task.completed_at.is_none() && world.dependents.get(&index).is_some_and(|tasks| !tasks.is_empty())
            })
    }

    fn places_hold(&self, view: View<'_>, Known { task, .. }: Known<'_>) -> bool {
        let projects = || task.memberships.iter().map(|(project, _)| *project);
        self.projects.holds(projects)
            && self.sections.holds(|| task.memberships.iter().map(|(_, section)| *section))
            && self.tags.holds(|| task.tags.iter().copied())
            && self.teams.holds(|| projects().map(|project| view.world.projects[project].team))
    }

    fn people_hold(&self, view: View<'_>, Known { index, task, .. }: Known<'_>) -> bool {
        let world = view.world;
        self.assignee.holds(|| std::iter::once(task.assignee))
            && self.created_by.holds(|| std::iter::once(task.creator))
            && self.assigned_by.holds(|| world.assigner(index, task).into_iter())
            && self.followers.holds(|| world.task_followers(index).into_iter())
            && self.liked_by.holds(|| world.task_likers(index).into_iter())
            && self.commented_on_by.holds(|| stories::commenters(view, index).into_iter())
    }
}

/// By which number results are sorted, downwards unless asked otherwise.
fn sort_key(call: &Call<'_>) -> Result<impl Fn(&Known<'_>) -> i64 + use<>, ApiError> {
    let name = call.parameter("sort_by").unwrap_or("modified_at").to_owned();
    if !["due_date", "created_at", "completed_at", "likes", "modified_at", "relevance"].contains(&name.as_str()) {
        return Err(ApiError::new(400, format!("sort_by: Not a valid option: {name}")));
    }
    Ok(move |known: &Known<'_>| match name.as_str() {
        "created_at" => known.task.created_at,
        "completed_at" => known.task.completed_at.unwrap_or(0),
        "modified_at" => known.task.modified_at,
        // Due dates and likes are computed, not kept; their order, like that of relevance, is left to chance.
        _ => 0,
    })
}

pub(super) fn tasks<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.workspace()?;
    if view.plan == Plan::Free {
        return Err(ApiError::payment_required("Search"));
    }
    let filters = Filters::read(call)?;
    let key = sort_key(call)?;
    let is_ascending = call.flag("sort_ascending")? == Some(true);
    let rows = call.index.tasks(view.world);
    let rows = rows.filter(|known| workspace == 0 && view.viewer.sees_task(known.index) && filters.hold(view, *known));
    let mut rows: Vec<(i64, u64, u32)> =
        rows.map(|known| (key(&known), call.index.order_among_equals(known.index), known.index)).collect();
    rows.sort_unstable_by(|one, other| match one.0.cmp(&other.0) {
        Ordering::Equal => one.1.cmp(&other.1),
        order if is_ascending => order,
        order => order.reverse(),
    });
    let rows = rows.into_iter().map(|(_, _, index)| index).collect();
    Listing::new(Rows::Chosen(rows), move |o, index| write_task(o, view, index)).unlimited(Unlimited::NoPages).answer()
}
