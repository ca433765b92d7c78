//! Findings that the user knows and accepts: `accepted.toml`.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use toml::value::Datetime;

use crate::audit::{Acceptance, Audit, Outcome};
use crate::error::{Error, Result};

/// The file: `[[accepted]]` tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    #[serde(default)]
    accepted: Vec<Entry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    /// The gid of the object, or the id of one finding.
    object: String,
    reason: String,
    /// The last day on which it holds.
    until: Option<Datetime>,
}

impl Accepted {
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text, &path.display().to_string())
    }

    fn parse(text: &str, file: &str) -> Result<Self> {
        let parsed: Self = toml::from_str(text).map_err(|source| Error::NotToml {
            file: file.to_owned(),
            what: "a list of accepted findings",
            source: Box::new(source),
        })?;
        let wrong = |entry: &Entry, what: &str| Error::Rule {
            file: file.to_owned(),
            rule: entry.rule.clone(),
            what: what.to_owned(),
        };
        for entry in &parsed.accepted {
            if entry.reason.trim().is_empty() {
                return Err(wrong(entry, "the acceptance gives no reason"));
            }
            if entry.until.is_some_and(|until| until.date.is_none() || until.time.is_some()) {
                return Err(wrong(entry, "`until` is a day, as in 2026-12-31"));
            }
        }
        Ok(parsed)
    }

    /// Marks the findings that are accepted on the export's day, and notes what is over and what is of no use.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a rule that is neither selected nor left out.
    pub fn apply(&self, audit: &mut Audit, unknown: crate::catalogue::Unknown<'_>) -> Result<()> {
        let today = audit.export.created_at.get(..10).unwrap_or_default().to_owned();
        for entry in &self.accepted {
            let (rule, object) = (&entry.rule, &entry.object);
            if audit.not_selected.contains(rule) {
                continue;
            }
            let Some(assessed) = audit.rules.iter().find(|assessed| assessed.id == *rule) else {
                let names: Vec<&str> = audit.rules.iter().map(|rule| rule.id.as_str()).collect();
                return Err(Error::Unknown(unknown("rule to accept findings of", rule, &names)));
            };
            let is_assessed = !matches!(assessed.outcome, Outcome::NotAssessed { .. });
            let until = entry.until.map(|until| until.to_string());
            let over = until.as_ref().is_some_and(|until| *until < today);
            let mut matched = false;
            for finding in audit.findings.iter_mut().filter(|one| one.rule == *rule) {
                if finding.object_gid != *object && finding.id != *object {
                    continue;
                }
                matched = true;
                if !over {
                    finding.accepted = Some(Acceptance { reason: entry.reason.clone(), until: until.clone() });
                }
            }
            match until {
                Some(until) if over && matched => {
                    audit.notes.push(format!("{rule} for {object} was accepted until {until}: it counts again"));
                }
                _ if !matched && is_assessed => {
                    audit.notes.push(format!("{rule} for {object} is accepted, and was not found"));
                }
                _ => {}
            }
        }
        audit.count();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
