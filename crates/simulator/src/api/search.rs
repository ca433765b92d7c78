//! Task search: paid, without pages, its own limiter; here also without the delay of a real index.

use super::errors::ApiError;
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, Unlimited};
use crate::config::Plan;
use crate::world::{Kind, Task};

/// The gids of a comma-separated parameter; what names nothing matches nothing.
fn any(call: &Call<'_>, name: &str, kind: Kind) -> Option<Vec<u32>> {
    let gids = call.view.world.gids;
    let me = |text: &str| (text == "me" && kind == Kind::User).then_some(call.view.viewer.person);
    let read = |text: &str| {
        me(text).or_else(|| match gids.parse(text) {
            Ok((found, index)) if found == kind => u32::try_from(index).ok(),
            _ => None,
        })
    };
    call.parameter(name).map(|list| list.split(',').filter_map(|text| read(text.trim())).collect())
}

/// `x.after` and `x.before`, both exclusive, on a time.
fn between(call: &Call<'_>, name: &str) -> Result<impl Fn(Option<i64>) -> bool + use<>, ApiError> {
    let after = call.time(&format!("{name}.after"))?;
    let before = call.time(&format!("{name}.before"))?;
    Ok(move |at: Option<i64>| match at {
        Some(at) => after.is_none_or(|after| at > after) && before.is_none_or(|before| at < before),
        None => after.is_none() && before.is_none(),
    })
}

pub(super) fn tasks<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.workspace()?;
    if view.plan == Plan::Free {
        return Err(ApiError::payment_required("Search"));
    }
    let created = between(call, "created_at")?;
    let modified = between(call, "modified_at")?;
    let completed_between = between(call, "completed_at")?;
    let (completed, is_subtask) = (call.flag("completed")?, call.flag("is_subtask")?);
    let has_attachment = call.flag("has_attachment")?;
    let projects = any(call, "projects.any", Kind::Project);
    let sections = any(call, "sections.any", Kind::Section);
    let tags = any(call, "tags.any", Kind::Tag);
    let assignees = any(call, "assignee.any", Kind::User);
    let creators = any(call, "created_by.any", Kind::User);
    let has = |wanted: &Option<Vec<u32>>, mut found: Box<dyn Iterator<Item = u32> + '_>| {
        wanted.as_ref().is_none_or(|wanted| found.any(|index| wanted.contains(&index)))
    };
    let wanted = |index: u32, task: &Task| {
        created(Some(task.created_at))
            && modified(Some(task.modified_at))
            && completed_between(task.completed_at)
            && completed.is_none_or(|completed| completed == task.completed_at.is_some())
            && is_subtask.is_none_or(|is_subtask| is_subtask == (task.parent != crate::world::NONE))
            && has_attachment.is_none_or(|has| has == (view.world.attachment_count(index) > 0))
            && has(&projects, Box::new(task.memberships.iter().map(|(project, _)| *project)))
            && has(&sections, Box::new(task.memberships.iter().map(|(_, section)| *section)))
            && has(&tags, Box::new(task.tags.iter().copied()))
            && has(&assignees, Box::new(std::iter::once(task.assignee)))
            && has(&creators, Box::new(std::iter::once(task.creator)))
    };
    let rows = view.world.tasks.iter();
    let rows = rows.filter(|(index, task)| workspace == 0 && view.viewer.sees_task(*index) && wanted(*index, task));
    let mut rows: Vec<u32> = rows.map(|(index, _)| index).collect();
    let sort_by: fn(&Task) -> i64 = match call.parameter("sort_by") {
        None | Some("modified_at") => |task| task.modified_at,
        Some("created_at") => |task| task.created_at,
        Some("completed_at") => |task| task.completed_at.unwrap_or(0),
        // Due dates and likes are computed, not kept; their order is left to the reader.
        Some("due_date" | "likes") => |_| 0,
        Some(other) => return Err(ApiError::new(400, format!("sort_by: Not a valid option: {other}"))),
    };
    rows.sort_by_key(|index| sort_by(&view.world.tasks[*index]));
    if call.flag("sort_ascending")? != Some(true) {
        rows.reverse();
    }
    Listing::new(Rows::Chosen(rows), move |o, index| write_task(o, view, index)).unlimited(Unlimited::NoPages).answer()
}
