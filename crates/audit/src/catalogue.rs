//! The built-in rules, and files of rules: which there are, which are selected, and with which parameters.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use asana_model::Layout;

use crate::error::{Error, Result};
use crate::rule::{Category, ParameterValue, Rule};

/// A file under `rules`, by the rule's id.
macro_rules! built_in {
    ($($id:literal)*) => {
        &[$(($id, include_str!(concat!("../rules/", $id, ".toml")))),*]
    };
}

/// Every built-in rule: its id and its file.
pub static BUILT_IN: &[(&str, &str)] = built_in![
    "approval-tasks"
    "archived-with-open-tasks"
    "at-risk-without-update"
    "blocked-by-overdue"
    "budget-exceeded"
    "completed-with-open-tasks"
    "connected-apps"
    "custom-type"
    "data-exports"
    "deep-subtask"
    "dependency-cycle"
    "dependency-dates-conflict"
    "due-while-away"
    "duplicate-field-name"
    "duplicate-project-name"
    "duplicate-tag-name"
    "empty-project"
    "empty-section"
    "empty-team"
    "everyone-edits"
    "failed-logins"
    "failing-webhook"
    "follower-left"
    "former-member-access"
    "formula-field"
    "goal-owner-left"
    "goal-without-metric"
    "goal-without-progress"
    "guest-access"
    "guest-in-team"
    "guest-project-admin"
    "identifier-field"
    "idle-admin"
    "inactive-admin"
    "incomplete-resource"
    "large-attachment"
    "late-status-update"
    "many-admins"
    "mass-deletions"
    "no-status-update"
    "odd-values"
    "outside-actors"
    "outside-attachment"
    "outside-domains"
    "overallocated"
    "overdue-project"
    "overdue-task"
    "ownerless-goal"
    "ownerless-portfolio"
    "ownerless-project"
    "permission-changes"
    "plan-dates-reversed"
    "portfolio-owner-left"
    "private-alone"
    "project-owner-left"
    "public-project"
    "public-team"
    "reference-field"
    "refused-listing"
    "seen-not-readable"
    "shared-tasks"
    "sole-admin-left"
    "stale-project"
    "stale-task"
    "strong-role"
    "subtask-after-parent"
    "task-assignee-left"
    "task-dates-reversed"
    "task-in-many-projects"
    "task-in-no-project"
    "time-on-completed"
    "token-use"
    "unassigned-tasks"
    "unblocked-and-waiting"
    "undated-tasks"
    "unknown-webhook"
    "unnamed-task"
    "unused-field"
    "unused-option"
    "unused-tag"
    "view-only-access"
    "waiting-access-request"
];

/// A rule with the values of its parameters.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub rule: Rule,
    /// The user's file that it came from.
    pub file: Option<String>,
    pub parameters: BTreeMap<String, ParameterValue>,
}

/// The rules of an audit.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// In the order of categories and ids.
    pub rules: Vec<Chosen>,
    /// Ids of rules that were left out.
    pub not_selected: Vec<String>,
}

/// Says what was meant by a name that is unknown: the kind of thing, the name, and what there is.
pub type Unknown<'a> = &'a dyn Fn(&str, &str, &[&str]) -> String;

impl Chosen {
    fn new(rule: Rule, file: Option<String>) -> Self {
        let parameters = rule.parameters.iter().map(|(name, one)| (name.clone(), one.default.clone())).collect();
        Self { rule, file, parameters }
    }

    /// Where it stands, for messages.
    pub(crate) fn source(&self) -> String {
        self.file.clone().unwrap_or_else(|| format!("built-in rules/{}.toml", self.rule.id))
    }

    pub(crate) fn wrong(&self, what: impl Into<String>) -> Error {
        Error::Rule { file: self.source(), rule: self.rule.id.clone(), what: what.into() }
    }
}

impl RuleSet {
    /// All built-in rules.
    ///
    /// # Errors
    /// Only by a mistake of ours.
    pub fn built_in(layout: &Layout) -> Result<Self> {
        let mut set = Self::default();
        for (id, text) in BUILT_IN {
            set.add(text, &format!("built-in rules/{id}.toml"), false, layout)?;
        }
        set.sort();
        Ok(set)
    }

    /// Adds the rule in a user's file.
    pub fn add_file(&mut self, path: &Path, layout: &Layout) -> Result<()> {
        let text = fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        self.add(&text, &path.display().to_string(), true, layout)?;
        self.sort();
        Ok(())
    }

    fn add(&mut self, text: &str, file: &str, own: bool, layout: &Layout) -> Result<()> {
        let rule: Rule = toml::from_str(text).map_err(|source| Error::NotToml {
            file: file.to_owned(),
            what: "a rule",
            source: Box::new(source),
        })?;
        let chosen = Chosen::new(rule, own.then(|| file.to_owned()));
        describes_itself(&chosen, layout)?;
        if let Some(other) = self.rules.iter().find(|other| other.rule.id == chosen.rule.id) {
            return Err(chosen.wrong(format!("another rule is called so, in {}", other.source())));
        }
        self.rules.push(chosen);
        Ok(())
    }

    fn sort(&mut self) {
        self.rules.sort_by(|one, other| (one.rule.category, &one.rule.id).cmp(&(other.rule.category, &other.rule.id)));
    }

    /// Keeps the rules that `only` names, or all if it is empty, but those that `skip` names: by id or category.
    pub fn select(&mut self, only: &[String], skip: &[String], unknown: Unknown<'_>) -> Result<()> {
        let mut names: Vec<&str> = self.rules.iter().map(|chosen| chosen.rule.id.as_str()).collect();
        for category in Category::ALL {
            names.push(category.name());
        }
        if let Some(name) = only.iter().chain(skip).find(|name| !names.contains(&name.as_str())) {
            return Err(Error::Unknown(unknown("rule or category", name, &names)));
        }
        let is_in =
            |list: &[String], rule: &Rule| list.iter().any(|name| *name == rule.id || name == rule.category.name());
        let (rules, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.rules)
            .into_iter()
            .partition(|chosen| (only.is_empty() || is_in(only, &chosen.rule)) && !is_in(skip, &chosen.rule));
        self.rules = rules;
        self.not_selected.extend(others.into_iter().map(|chosen| chosen.rule.id));
        self.not_selected.sort();
        Ok(())
    }

    /// Sets a parameter in all rules that have it: `stale_days=60`, or in one: `stale-task.stale_days=60`.
    pub fn set(&mut self, assignment: &str, unknown: Unknown<'_>) -> Result<()> {
        let (name, value) = assignment
            .split_once('=')
            .ok_or_else(|| Error::Unknown(format!("a parameter is set by name=value, not {assignment}")))?;
        let (rule, parameter) = name.split_once('.').map_or((None, name), |(rule, name)| (Some(rule), name));
        let mut known = false;
        for chosen in &mut self.rules {
            if rule.is_some_and(|rule| rule != chosen.rule.id) {
                continue;
            }
            let Some(current) = chosen.parameters.get_mut(parameter) else { continue };
            known = true;
            *current = parsed(current, value).ok_or_else(|| {
                Error::Unknown(format!("{parameter} of rule {} is a whole number, not {value}", chosen.rule.id))
            })?;
        }
        if known {
            return Ok(());
        }
        let mut names: Vec<&str> =
            self.rules.iter().flat_map(|chosen| chosen.parameters.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        if let Some(rule) = rule.filter(|rule| !self.rules.iter().any(|chosen| chosen.rule.id == *rule)) {
            let ids: Vec<&str> = self.rules.iter().map(|chosen| chosen.rule.id.as_str()).collect();
            return Err(Error::Unknown(unknown("selected rule", rule, &ids)));
        }
        Err(Error::Unknown(unknown("parameter of the selected rules", parameter, &names)))
    }
}

/// The value that `text` gives to a parameter of the type of `current`.
fn parsed(current: &ParameterValue, text: &str) -> Option<ParameterValue> {
    Some(match current {
        ParameterValue::Integer(_) => ParameterValue::Integer(text.parse().ok()?),
        ParameterValue::Text(_) => ParameterValue::Text(text.to_owned()),
        ParameterValue::Texts(_) => {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            ParameterValue::Texts(texts.map(str::to_owned).collect())
        }
    })
}

/// What can be said of a rule without asking SQLite.
fn describes_itself(chosen: &Chosen, layout: &Layout) -> Result<()> {
    let rule = &chosen.rule;
    let plain = |text: &str, also: char| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == also)
    };
    if !plain(&rule.id, '-') {
        return Err(chosen.wrong("an id is lower-case letters, digits and hyphens"));
    }
    if Category::ALL.into_iter().any(|category| category.name() == rule.id) {
        return Err(chosen.wrong("a category has that name"));
    }
    if let Some(table) = rule.tables.iter().find(|name| !layout.tables.iter().any(|table| table.name == **name)) {
        return Err(chosen.wrong(format!("there is no table {table}")));
    }
    if let Some(table) = rule.absence.iter().find(|name| !rule.tables.contains(name)) {
        return Err(chosen.wrong(format!("it looks for what is missing from {table}, which is not among its tables")));
    }
    if rule.tables.is_empty() {
        return Err(chosen.wrong("it names no tables"));
    }
    if let Some(name) =
        rule.parameters.keys().find(|name| !plain(name, '_') || ["now", "today"].contains(&name.as_str()))
    {
        return Err(chosen.wrong(format!(
            "{name} is no name for a parameter: use lower-case letters, digits and underscores, and not now or today"
        )));
    }
    for (what, text) in [("title", &rule.title), ("why", &rule.why), ("remedy", &rule.remedy)] {
        if text.trim().is_empty() {
            return Err(chosen.wrong(format!("its {what} is empty")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
