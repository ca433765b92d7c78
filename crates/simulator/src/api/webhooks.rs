//! Webhooks that the token's user registered; those of others are never told.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_workspace;
use super::projects::write_project;
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, View, access};
use crate::world::time::Time;
use crate::world::{Dice, Kind, WEBHOOKS, time};

const FILTERS: &[(&str, Option<&str>, &str, &[&str])] = &[
    ("task", Some("milestone"), "changed", &["due_at", "due_on", "dependencies"]),
    ("task", None, "added", &[]),
    ("story", Some("comment_added"), "added", &[]),
    ("project", None, "changed", &["name"]),
    ("task", None, "deleted", &[]),
];

/// The webhooks of the viewer, first to last, without those whose resource was deleted.
fn own(view: View<'_>) -> impl Iterator<Item = u32> {
    let person = view.viewer.person;
    let dice = view.world.dice(Kind::Webhook, person);
    let first = person * WEBHOOKS;
    let all = first..first + 3 + dice.below("webhooks", WEBHOOKS - 4);
    let planted = (first..first + WEBHOOKS).filter(move |index| view.world.planted.webhooks.contains_key(index));
    all.chain(planted).filter(move |index| watched(view, *index).is_some())
}

fn dice(view: View<'_>, index: u32) -> Dice {
    view.world.dice(Kind::Webhook, index / WEBHOOKS).part(index % WEBHOOKS)
}

/// What a webhook watches, if it was not deleted: a task, a project, or the workspace where the viewer may see neither.
fn watched(view: View<'_>, index: u32) -> Option<(Kind, u32)> {
    if let Some(webhook) = view.world.planted.webhooks.get(&index) {
        return Some((Kind::Project, webhook.project));
    }
    let dice = dice(view, index);
    let (kind, watched) = match dice.below("watches", 5) {
        0..=1 => (Kind::Task, dice.below("task", view.world.generated_tasks())),
        2..=3 => (Kind::Project, dice.below("project", view.world.size.projects)),
        _ => (Kind::Workspace, 0),
    };
    if view.world.is_gone(kind, watched) {
        return None;
    }
    Some(if view.viewer.sees(kind, watched) { (kind, watched) } else { (Kind::Workspace, 0) })
}

fn write_webhook(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let dice = dice(view, index);
    let Some((kind, watched)) = watched(view, index) else { return };
    let planted = view.world.planted.webhooks.get(&index);
    let fails = planted.map_or_else(|| dice.chance("fails", 40), |webhook| webhook.fails);
    view.head(o, Kind::Webhook, index);
    o.put("active", planted.is_some() || !dice.chance("inactive", 20));
    o.object("resource", |o| match kind {
        Kind::Task => write_task(o, view, watched),
        Kind::Project => write_project(o, view, watched),
        _ => write_workspace(o, view, watched),
    });
    o.with("target", || format!("https://hooks.example.com/asana/{index}?of={}", dice.below("target", 9)));
    let created_at = time::NOW - 300 * time::DAY + i64::from(dice.below("created", 4_000)) * time::HOUR;
    let success = created_at + i64::from(dice.below("success", 2_000)) * time::HOUR;
    o.put("created_at", Time(created_at));
    o.put("last_success_at", Time(success));
    o.put("delivery_retry_count", if fails { 1 + dice.below("retries", 12) } else { 0 });
    // A webhook that never failed says nothing of failures.
    if fails {
        o.put("last_failure_at", Time(success + time::HOUR));
        o.put("last_failure_content", "500 Server Error\n\nCould not complete the request");
        o.put("next_attempt_after", Time(success + 3 * time::HOUR));
        o.put("failure_deletion_timestamp", Time(success + 24 * time::HOUR));
    }
    let filters = FILTERS.iter().filter(|(kind, _, action, _)| dice.chance(&format!("{kind} {action}"), 40));
    o.array(
        "filters",
        || filters,
        |o, (resource_type, subtype, action, fields)| {
            o.put("resource_type", *resource_type);
            if let Some(subtype) = subtype {
                o.put("resource_subtype", *subtype);
            }
            o.put("action", *action);
            // Fields go with changes only, and not with what is as high as a workspace.
            if *action == "changed" && kind != Kind::Workspace {
                o.with("fields", || fields.to_vec());
            }
        },
    );
}

fn list(view: View<'_>, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_webhook(o, view, index)).in_order_of_making()
}

/// By `workspace`, which is needed, and `resource`.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = access::workspace(call)?;
    let is_resource = access::is_named(call, "resource")?;
    let wanted = |index: &u32| {
        let watched = watched(view, *index).map(|(kind, index)| (kind, u64::from(index)));
        workspace == 0 && is_resource(watched)
    };
    list(view, own(view).filter(wanted).collect()).answer()
}

pub(super) fn webhook<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let index = access::find(call, Kind::Webhook, call.id, |index| own(view).any(|known| known == index))?;
    Ok(Answer::one(move |o| write_webhook(o, view, index)))
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, own(view).collect())
}
