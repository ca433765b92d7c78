//! Which members of a record are sent: the default forms and `opt_fields`.
//!
//! Choices where Asana's description leaves room:
//! - `gid` is sent at every level of objects that have one; `resource_type` only where a path names it.
//! - A path that ends at a reference (`assignee`) asks for "those fields and the gids": the answer is `{"gid"}` and
//!   nothing else; names come by `assignee.name`. The same holds for `likes`, `custom_fields` and enum values.
//! - A path that ends at an object without gid (`date_value`, `photo`, `memberships`, `old_dates`) asks for all of it,
//!   with its references reduced to gids.
//! - Paths that name nothing are ignored, or refused as a whole, as configured.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use super::shapes::{Shape, shape};

/// The members wanted of one object, and what is wanted of each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    members: Vec<(Box<str>, Node)>,
}

impl Node {
    fn new(mut members: Vec<(Box<str>, Node)>) -> Self {
        members.sort_by(|left, right| left.0.cmp(&right.0));
        Self { members }
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Node> {
        let at = self.members.binary_search_by(|(member, _)| (**member).cmp(name)).ok()?;
        self.members.get(at).map(|(_, node)| node)
    }

    /// Every path of this node that ends at a scalar, for tests.
    #[cfg(test)]
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, node) in &self.members {
            if node.members.is_empty() {
                paths.push(name.to_string());
            }
            paths.extend(node.paths().into_iter().map(|path| format!("{name}.{path}")));
        }
        paths
    }
}

/// The form of a record without `opt_fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// Rows of a listing: gid, type, name and what else is compact.
    Compact,
    /// A single GET: everything but the opt-in members, deprecated ones included.
    Full,
    /// Everything, for the ground truth.
    Everything,
}

fn form(of: &Shape, wanted: Form) -> Node {
    let members = of.members.iter().filter(|member| match wanted {
        Form::Compact => member.compact,
        Form::Full => !member.opt_in,
        Form::Everything => true,
    });
    Node::new(
        members
            .map(|member| {
                let of = member.of.map(shape);
                let node = of.map(|of| form(of, if member.embedded { wanted } else { Form::Compact }));
                (member.name.into(), node.unwrap_or_default())
            })
            .collect(),
    )
}

/// The paths of `opt_fields` as a tree.
#[derive(Debug, Default)]
struct Paths(BTreeMap<String, Paths>);

impl Paths {
    fn add(&mut self, path: &[String]) {
        if let Some((first, rest)) = path.split_first() {
            self.0.entry(first.clone()).or_default().add(rest);
        }
    }
}

/// A path that ended where an object stands.
fn end(of: &Shape) -> Node {
    if of.is_resource() {
        return Node::new(vec![("gid".into(), Node::default())]);
    }
    Node::new(
        of.members
            .iter()
            .map(|member| (member.name.into(), member.of.map(|of| end(shape(of))).unwrap_or_default()))
            .collect(),
    )
}

fn resolve(paths: &Paths, of: &Shape, prefix: &str, unknown: &mut Vec<String>) -> Node {
    let mut members: Vec<(Box<str>, Node)> = Vec::new();
    if of.is_resource() {
        members.push(("gid".into(), Node::default()));
    }
    for (name, rest) in &paths.0 {
        let path = format!("{prefix}{name}");
        match of.member(name) {
            Some(member) => match member.of.map(shape) {
                Some(of) if rest.0.is_empty() => members.push((member.name.into(), end(of))),
                Some(of) => members.push((member.name.into(), resolve(rest, of, &format!("{path}."), unknown))),
                None if name == "gid" => {}
                None => {
                    unknown.extend(rest.0.keys().map(|below| format!("{path}.{below}")));
                    members.push((member.name.into(), Node::default()));
                }
            },
            None => unknown.push(path),
        }
    }
    Node::new(members)
}

/// `opt_fields` that cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Splits at `separator` outside parentheses.
fn split(text: &str, separator: char) -> Result<Vec<&str>, Unreadable> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return Err(Unreadable);
        }
        if character == separator && depth == 0 {
            parts.push(text.get(start..at).unwrap_or_default());
            start = at + character.len_utf8();
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    if depth == 0 { Ok(parts) } else { Err(Unreadable) }
}

/// All plain paths that one path with groups stands for: `(a|b.c).d` is `a.d` and `b.c.d`.
fn expand(path: &str) -> Result<Vec<Vec<String>>, Unreadable> {
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for segment in split(path, '.')? {
        let alternatives = match segment.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(group) => {
                let mut all = Vec::new();
                for alternative in split(group, '|')? {
                    all.extend(expand(alternative)?);
                }
                all
            }
            None if segment.contains(['(', ')', '|']) => return Err(Unreadable),
            None if segment == "this" => vec![Vec::new()],
            None => vec![vec![segment.to_owned()]],
        };
        found = found
            .iter()
            .flat_map(|start| alternatives.iter().map(move |more| [start.as_slice(), more.as_slice()].concat()))
            .collect();
    }
    Ok(found)
}

/// Reads `opt_fields` for records of a shape; the second value lists the paths that name nothing.
pub(crate) fn read(opt_fields: &str, of: &Shape) -> Result<(Node, Vec<String>), Unreadable> {
    let mut paths = Paths::default();
    for path in split(opt_fields, ',')? {
        let path = path.trim();
        if !path.is_empty() {
            expand(path)?.iter().for_each(|path| paths.add(path));
        }
    }
    let mut unknown = Vec::new();
    let node = resolve(&paths, of, "", &mut unknown);
    Ok((node, unknown))
}

/// A projection ready for use, with the paths that named nothing.
#[derive(Debug)]
pub(crate) struct Projection {
    pub(crate) node: Node,
    pub(crate) unknown: Vec<String>,
}

/// Compiles each distinct `opt_fields` once.
#[derive(Debug, Default)]
pub(crate) struct Projections {
    forms: RwLock<HashMap<(&'static str, Form), Arc<Projection>>>,
    read: RwLock<HashMap<(&'static str, String), Arc<Projection>>>,
}

/// More distinct texts than any client sends; beyond it they are compiled each time.
const MOST_CACHED: usize = 4_096;

impl Projections {
    pub(crate) fn form(&self, kind: &'static str, wanted: Form) -> Arc<Projection> {
        let key = (kind, wanted);
        if let Some(known) = self.forms.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        let made = Arc::new(Projection { node: form(shape(kind), wanted), unknown: Vec::new() });
        self.forms.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&made));
        made
    }

    pub(crate) fn opt_fields(&self, kind: &'static str, text: &str) -> Result<Arc<Projection>, Unreadable> {
        let key = (kind, text.to_owned());
        if let Some(known) = self.read.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let (node, unknown) = read(text, shape(kind))?;
        let made = Arc::new(Projection { node, unknown });
        let mut cache = self.read.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() < MOST_CACHED {
            cache.insert(key, Arc::clone(&made));
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(opt_fields: &str, kind: &str, expected: &[&str]) {
        let (node, unknown) = read(opt_fields, shape(kind)).unwrap();
        assert_eq!(node.paths(), expected, "{opt_fields}");
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn paths_answer_what_they_name_and_gids() {
        check("name", "task", &["gid", "name"]);
        check("assignee", "task", &["assignee.gid", "gid"]);
        check("this.assignee.name", "task", &["assignee.gid", "assignee.name", "gid"]);
        check("assignee,assignee.name", "task", &["assignee.gid", "assignee.name", "gid"]);
        check("assignee.resource_type", "task", &["assignee.gid", "assignee.resource_type", "gid"]);
        check(
            "(followers|assignee).name",
            "task",
            &["assignee.gid", "assignee.name", "followers.gid", "followers.name", "gid"],
        );
        check("memberships", "task", &["gid", "memberships.project.gid", "memberships.section.gid"]);
        check("memberships.section", "task", &["gid", "memberships.section.gid"]);
        check(
            "custom_fields.date_value",
            "task",
            &["custom_fields.date_value.date", "custom_fields.date_value.date_time", "custom_fields.gid", "gid"],
        );
        check("parent.assignee.email", "task", &["gid", "parent.assignee.email", "parent.assignee.gid", "parent.gid"]);
    }

    #[test]
    fn unknown_paths_are_reported() {
        let (node, unknown) = read("name,zzz.yyy,assignee.nope,name.deep", shape("task")).unwrap();
        assert_eq!(node.paths(), ["assignee.gid", "gid", "name"]);
        assert_eq!(unknown, ["assignee.nope", "name.deep", "zzz"]);
        assert_eq!(read("(a|b", shape("task")).unwrap_err(), Unreadable);
    }

    #[test]
    fn full_records_leave_out_opt_in_members() {
        let full = form(shape("task"), Form::Full);
        assert!(full.child("html_notes").is_none());
        assert!(full.child("hearts").is_some());
        assert!(full.child("custom_fields").is_some_and(|fields| fields.child("enum_options").is_some()));
        assert!(full.child("assignee").is_some_and(|user| user.child("email").is_none()));
    }
}
