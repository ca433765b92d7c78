//! Changes as text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Action, Change, NewTask, Pick, Trigger};

/// A change that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidChange(String);

impl fmt::Display for InvalidChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a change: {}", self.0)
    }
}

impl std::error::Error for InvalidChange {}

impl FromStr for Change {
    type Err = InvalidChange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |what: &str| InvalidChange(format!("{what} in {text:?}"));
        let mut parts = Parts(BTreeMap::new());
        for part in text.split([' ', ';']).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| invalid(part))?;
            if parts.0.insert(name, value).is_some() {
                return Err(invalid(part));
            }
        }
        let when = parts.0.remove("when").and_then(trigger).ok_or_else(|| invalid("no good `when`"))?;
        let what = parts.action().ok_or_else(|| invalid("no good `what`"))?;
        // What is left over belongs to another kind of change.
        match parts.0.keys().next() {
            Some(name) => Err(invalid(name)),
            None => Ok(Self { when, what }),
        }
    }
}

fn trigger(text: &str) -> Option<Trigger> {
    let (name, value) = text.split_once(':')?;
    match name {
        "requests" => Some(Trigger::Requests(value.parse().ok()?)),
        "page" => {
            let (number, path) = value.split_once(':')?;
            let number = number.parse().ok().filter(|number| *number > 0)?;
            Some(Trigger::Page { path: path.to_owned(), number })
        }
        _ => None,
    }
}

/// Digits: up to nine are a number in the order of making, more are a gid.
fn pick(text: &str) -> Option<Pick> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        _ if !is_number => None,
        0..=9 => text.parse().ok().map(Pick::Number),
        _ => Some(Pick::Gid(text.to_owned())),
    }
}

/// The parts that were not read yet, by name.
struct Parts<'a>(BTreeMap<&'a str, &'a str>);

impl Parts<'_> {
    fn action(&mut self) -> Option<Action> {
        Some(match self.0.remove("what")? {
            "edit" => {
                let (name, notes) = (self.text("name"), self.text("notes"));
                Action::Edit { task: self.pick("task")?, name, notes }
            }
            "complete" => Action::Complete { task: self.pick("task")? },
            "attach" => Action::Attach { task: self.pick("task")? },
            "add" => Action::Add(NewTask {
                project: self.maybe("project", pick)?,
                place: self.maybe("place", number)?,
                parent: self.maybe("parent", pick)?,
                assignee: self.maybe("user", pick)?,
                files: self.maybe("files", number)?.unwrap_or(0),
            }),
            "move" => {
                Action::Move { project: self.pick("project")?, from: self.number("from")?, to: self.number("to")? }
            }
            "move-to" => Action::MoveTo { task: self.pick("task")?, project: self.pick("project")? },
            "delete-task" => Action::DeleteTask { task: self.pick("task")? },
            "delete-project" => Action::DeleteProject { project: self.pick("project")? },
            "remove-user" => Action::RemoveUser { user: self.pick("user")? },
            _ => return None,
        })
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).map(str::to_owned)
    }

    fn pick(&mut self, name: &str) -> Option<Pick> {
        self.0.remove(name).and_then(pick)
    }

    fn number(&mut self, name: &str) -> Option<u32> {
        self.0.remove(name).and_then(number)
    }

    /// `Some(None)` when the part was not given, `None` when it cannot be read.
    #[expect(clippy::option_option, reason = "not given is one thing, not readable another")]
    fn maybe<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        match self.0.remove(name) {
            None => Some(None),
            Some(text) => read(text).map(Some),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_from_text() {
        let change: Change = "when=requests:40 what=edit task=7 name=Renamed".parse().unwrap();
        let edit = Action::Edit { task: Pick::Number(7), name: Some("Renamed".into()), notes: None };
        assert_eq!(change, Change { when: Trigger::Requests(40), what: edit });
        let change: Change =
            "when=page:2:/projects/*/tasks;what=move;project=1216000000001009;from=150;to=20".parse().unwrap();
        let project = Pick::Gid("1216000000001009".into());
        assert_eq!(change.when, Trigger::Page { path: "/projects/*/tasks".into(), number: 2 });
        assert_eq!(change.what, Action::Move { project, from: 150, to: 20 });
        let change: Change = "when=requests:1 what=add files=2 user=3".parse().unwrap();
        let new = NewTask { assignee: Some(Pick::Number(3)), files: 2, ..NewTask::default() };
        assert_eq!(change.what, Action::Add(new));
        for wrong in [
            "",
            "when=requests:1",
            "what=complete task=1",
            "when=page:0:/x what=complete task=1",
            "when=requests:1 what=complete",
            "when=requests:1 what=complete task=x",
            "when=requests:1 what=complete task=1 name=x",
            "when=requests:1 what=add place=x",
            "when=requests:1 what=complete task=1 task=2",
            "when=requests:1 what=forget task=1",
        ] {
            assert!(wrong.parse::<Change>().is_err(), "{wrong}");
        }
    }
}
