//! Makes a change in the world.

use super::{Action, NewTask, Pick};
use crate::world::{Kind, Moment, NONE, World};

impl Action {
    /// Whether there was anything to change: what it names must exist.
    pub(crate) fn apply(&self, world: &mut World, moment: Moment) -> bool {
        self.try_apply(world, moment).unwrap_or(false)
    }

    fn try_apply(&self, world: &mut World, moment: Moment) -> Option<bool> {
        Some(match self {
            Self::Edit { task, name, notes } => {
                let task = task.find(world, Kind::Task)?;
                world.edit_task(task, name.as_deref(), notes.as_deref(), moment);
                name.is_some() || notes.is_some()
            }
            Self::Complete { task } => {
                let task = task.find(world, Kind::Task)?;
                world.complete_task(task, moment)
            }
            Self::Attach { task } => {
                let task = task.find(world, Kind::Task)?;
                world.attach_file(task, moment)
            }
            Self::Add(new) => new.apply(world, moment)?,
            Self::Move { project, from, to } => {
                let project = project.find(world, Kind::Project)?;
                world.move_within_project(project, *from as usize, *to as usize, moment)
            }
            Self::MoveTo { task, project } => {
                let (task, project) = (task.find(world, Kind::Task)?, project.find(world, Kind::Project)?);
                world.move_to_project(task, project, moment)
            }
            Self::DeleteTask { task } => {
                let task = task.find(world, Kind::Task)?;
                world.delete_task(task, moment);
                true
            }
            Self::DeleteProject { project } => {
                let project = project.find(world, Kind::Project)?;
                world.delete_project(project, moment);
                true
            }
            Self::RemoveUser { user } => {
                let user = user.find(world, Kind::User)?;
                world.remove_user(user)
            }
        })
    }
}

impl NewTask {
    fn apply(&self, world: &mut World, moment: Moment) -> Option<bool> {
        let find = |pick: &Option<Pick>, kind| pick.as_ref().map(|pick| pick.find(world, kind).ok_or(())).transpose();
        let project = find(&self.project, Kind::Project).ok()?;
        let parent = find(&self.parent, Kind::Task).ok()?;
        let assignee = find(&self.assignee, Kind::User).ok()?;
        let task = world.add_task(parent.unwrap_or(NONE), assignee.unwrap_or(NONE), moment);
        if let Some(project) = project {
            let place = self.place.map_or(usize::MAX, |place| place as usize);
            world.put_into_project(task, project, place, moment);
        }
        for _ in 0..self.files {
            world.attach_file(task, moment);
        }
        Some(true)
    }
}

impl Pick {
    /// The index of what is named, if it exists.
    fn find(&self, world: &World, kind: Kind) -> Option<u32> {
        let index = match self {
            Self::Number(number) => *number,
            Self::Gid(gid) => match world.gids.parse(gid) {
                Ok((found, index)) if found == kind => u32::try_from(index).ok()?,
                _ => return None,
            },
        };
        world.exists(kind, index).then_some(index)
    }
}
