//! Attachments of tasks, projects and briefs.

use super::briefs::{self, write_brief};
use super::errors::ApiError;
use super::json::Object;
use super::projects::write_project;
use super::tasks::{attachment_row, write_task};
use super::{Answer, Call, Listing, Rows, View, files};
use crate::world::time::Time;
use crate::world::{ATTACHMENTS, Dice, GidError, Kind, PlantedFile, World, names, time};

/// What an attachment hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    Task(u32),
    Project(u32),
    /// The brief of a project.
    Brief(u32),
}

impl Parent {
    fn kind(self) -> Kind {
        match self {
            Self::Task(_) => Kind::TaskAttachment,
            Self::Project(_) => Kind::ProjectAttachment,
            Self::Brief(_) => Kind::BriefAttachment,
        }
    }

    fn index(self) -> u32 {
        match self {
            Self::Task(index) | Self::Project(index) | Self::Brief(index) => index,
        }
    }

    fn count(self, world: &World) -> u32 {
        match self {
            Self::Task(task) => world.attachment_count(task),
            Self::Project(project) => world.project_attachment_count(project),
            Self::Brief(project) => world.brief_attachment_count(project),
        }
    }

    fn planted(self, world: &World) -> Option<&PlantedFile> {
        match self {
            Self::Project(project) => world.planted.files.get(&project),
            Self::Task(_) | Self::Brief(_) => None,
        }
    }

    fn is_visible(self, view: View<'_>) -> bool {
        match self {
            Self::Task(task) => view.viewer.sees_task(task),
            Self::Project(project) | Self::Brief(project) => view.viewer.sees_project(project),
        }
    }

    fn created_at(self, view: View<'_>) -> i64 {
        match self {
            Self::Task(task) => view.world.tasks[task].created_at,
            Self::Project(project) | Self::Brief(project) => view.world.projects[project].created_at,
        }
    }
}

const HOSTS: &[&str] =
    &["asana", "asana", "asana", "asana", "dropbox", "gdrive", "onedrive", "box", "vimeo", "external"];
const FILES: &[&str] = &[
    "Screenshot 2025-04-18 at 17.23.png",
    "budget, final \"v2\".xlsx",
    "مستند.pdf",
    "../../etc/passwd",
    "photo 🌄.jpg",
    "=cmd.csv",
    "notes.txt",
    "contract.docx",
];

pub(super) fn write_attachment(o: &mut Object<'_>, view: View<'_>, parent: Parent, ordinal: u32) {
    let dice: Dice = view.world.dice(parent.kind(), parent.index()).part(ordinal);
    let gid = view.wide_gid(parent.kind(), attachment_row(parent.index(), ordinal));
    let host = host(view.world, parent, dice);
    let is_own = host == "asana";
    o.put("gid", gid);
    o.put("resource_type", "attachment");
    o.with("name", || if dice.chance("plain", 20) { names::task(dice) } else { dice.pick("file", FILES).to_owned() });
    o.put("resource_subtype", host);
    o.put("host", host);
    o.put("created_at", Time(created_at(view, parent, ordinal, dice)));
    // Never a URL for Vimeo, sometimes one for Box, always a short-lived one for Asana's own files.
    let elsewhere = (host == "box" && dice.chance("box url", 50)) || host == "dropbox";
    o.with("download_url", || match () {
        () if is_own => Some(view.files.address(gid.0)),
        () if elsewhere => Some(format!("https://files.example.com/{host}/{}?download", gid.0)),
        () => None,
    });
    let permanent = || format!("https://app.asana.com/app/asana/-/get_asset?asset_id={}", gid.0);
    o.with("permanent_url", || is_own.then(permanent));
    let view_url = is_own || !dice.chance("no view", 30);
    o.with("view_url", || view_url.then(|| format!("https://files.example.com/{host}/{}", gid.0)));
    // Only Asana knows the size of its own files, and of some it does not say it.
    let says_size = parent.planted(view.world).is_some() || !dice.chance("no size", 3);
    if is_own && says_size {
        o.put("size", size(view.world, parent, dice));
    }
    o.put("connected_to_app", host == "external" && dice.chance("app", 40));
    o.object("parent", |o| match parent {
        Parent::Task(task) => write_task(o, view, task),
        Parent::Project(project) => write_project(o, view, project),
        Parent::Brief(project) => write_brief(o, view, project),
    });
}

fn host(world: &World, parent: Parent, dice: Dice) -> &'static str {
    parent.planted(world).map_or_else(|| dice.pick("host", HOSTS), |file| file.host)
}

/// Most files are small, some have megabytes, a few have nothing in them.
fn size(world: &World, parent: Parent, dice: Dice) -> u32 {
    if let Some(file) = parent.planted(world) {
        return file.size;
    }
    match dice.below("kind of size", 100) {
        0..=2 => 0,
        3..=4 => 1_000_000 + dice.below("size", 2_000_000),
        5..=24 => 1 + dice.below("size", 200_000),
        _ => 1 + dice.below("size", 20_000),
    }
}

/// The content of a file that Asana holds.
pub(super) fn content(world: &World, gid: &str) -> Option<Vec<u8>> {
    let (parent, ordinal) = find(world, gid).ok()?;
    let dice = world.dice(parent.kind(), parent.index()).part(ordinal);
    let is_there = ordinal < parent.count(world) && host(world, parent, dice) == "asana";
    let number = gid.parse().ok().filter(|_| is_there)?;
    Some(files::content(number, size(world, parent, dice)))
}

fn created_at(view: View<'_>, parent: Parent, ordinal: u32, dice: Dice) -> i64 {
    if let Parent::Task(task) = parent
        && let Some(at) = view.world.file_added_at(task, ordinal)
    {
        return at;
    }
    let age = i64::from(dice.below("age", 500)) * time::HOUR;
    (parent.created_at(view) + age).min(time::NOW)
}

fn list(view: View<'_>, parent: Parent) -> Listing<'_> {
    Listing::new(Rows::Count(parent.count(view.world)), move |o, ordinal| write_attachment(o, view, parent, ordinal))
}

/// The attachments of everything a viewer may see, those of briefs included.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let tasks = view.world.tasks.indexes().map(Parent::Task);
    let projects = view.world.projects.indexes();
    let parents = tasks.chain(projects.clone().map(Parent::Project)).chain(projects.map(Parent::Brief));
    parents.filter(move |parent| parent.is_visible(view)).map(move |parent| list(view, parent).of("attachment"))
}

/// By `parent`: a task, a project or a brief.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let text = call.required("parent")?;
    let parent = match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => return Err(ApiError::malformed_gid("parent", text)),
        Ok((Kind::Task, _)) => Parent::Task(call.find(Kind::Task, text)?),
        Ok((Kind::Project, _)) => Parent::Project(call.find(Kind::Project, text)?),
        Ok((Kind::ProjectBrief, _)) => Parent::Brief(briefs::find(call, text)?),
        _ => return Err(ApiError::unknown_object("parent", text)),
    };
    list(call.view, parent).answer()
}

/// What an attachment's gid stands for: its parent, and its place there.
fn find(world: &World, gid: &str) -> Result<(Parent, u32), GidError> {
    let (kind, index) = world.gids.parse(gid)?;
    let owner = u32::try_from(index / u64::from(ATTACHMENTS)).map_err(|_| GidError::Unknown)?;
    let ordinal = u32::try_from(index % u64::from(ATTACHMENTS)).map_err(|_| GidError::Unknown)?;
    let parent = match kind {
        Kind::TaskAttachment if world.tasks.row(owner).is_some() => Parent::Task(owner),
        Kind::ProjectAttachment if world.projects.row(owner).is_some() => Parent::Project(owner),
        Kind::BriefAttachment if world.projects.row(owner).is_some() => Parent::Brief(owner),
        _ => return Err(GidError::Unknown),
    };
    Ok((parent, ordinal))
}

pub(super) fn attachment<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    match find(view.world, call.id) {
        Ok((parent, ordinal)) if ordinal < parent.count(view.world) && parent.is_visible(view) => {
            Ok(Answer::one(move |o| write_attachment(o, view, parent, ordinal)))
        }
        Err(GidError::Malformed) => Err(ApiError::malformed_gid("attachment", call.id)),
        Ok(_) | Err(GidError::Unknown) => Err(ApiError::unknown_object("attachment", call.id)),
    }
}
