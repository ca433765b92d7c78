//! Whether an export holds what a rule needs. Silence about tables that lack rows must never read as "nothing found".

use asana_export::Manifest;
use asana_export::manifest::{Coverage, CoverageStatus};
use asana_model::{Layout, Table, catalog};

use crate::rule::Rule;

/// What can be said about a rule before it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prospect {
    /// It can be asked. What it finds is true; with limits, that it finds nothing says nothing.
    Ask { limits: Vec<String> },
    /// The export lacks what it needs.
    Cannot { reason: String },
}

/// How much of a resource an export holds.
#[derive(Debug, PartialEq, Eq)]
enum Holding {
    Whole,
    /// Asana never lists all of it to such a token, and refused nothing.
    Limited(String),
    /// Something was refused, or could not be read.
    Broken(String),
    Missing(String),
}

impl Prospect {
    /// `partial` asks rules of tables with gaps too.
    pub fn of(rule: &Rule, manifest: &Manifest, layout: &Layout, partial: bool) -> Self {
        let tables = layout.tables.iter().filter(|table| rule.tables.contains(&table.name));
        let mut limits: Vec<String> = Vec::new();
        let mut broken = Vec::new();
        for table in tables {
            match holding(table, manifest) {
                Holding::Whole => {}
                Holding::Missing(reason) => return Self::Cannot { reason },
                Holding::Limited(reason) if !limits.contains(&reason) => limits.push(reason),
                Holding::Broken(reason) if !broken.contains(&reason) => broken.push(reason),
                Holding::Limited(_) | Holding::Broken(_) => {}
            }
        }
        if !broken.is_empty() && !partial {
            return Self::Cannot { reason: broken.join("; ") };
        }
        limits.append(&mut broken);
        if rule.absence && !limits.is_empty() {
            return Self::Cannot { reason: format!("it looks for what is missing, and {}", limits.join("; ")) };
        }
        Self::Ask { limits }
    }
}

fn holding(table: &Table, manifest: &Manifest) -> Holding {
    let (name, exported) = (&table.name, manifest.tables.iter().find(|one| one.name == table.name));
    let Some(resource) = table.resource else {
        return if exported.is_some() { Holding::Whole } else { Holding::Missing(format!("{name} was not exported")) };
    };
    let coverage = manifest.coverage.get(resource);
    let reason = |coverage: &Coverage| {
        let reason = coverage.reason.as_deref().unwrap_or("no reason given");
        coverage.http_status.map_or_else(|| reason.to_owned(), |status| format!("{reason} ({status})"))
    };
    match (exported, coverage) {
        (None, _) => Holding::Missing(format!("{resource} were not exported")),
        (Some(_), None) => Holding::Missing(format!("{resource} were not asked for")),
        (Some(_), Some(coverage)) => match coverage.status {
            CoverageStatus::Complete => Holding::Whole,
            CoverageStatus::Unavailable => {
                Holding::Missing(format!("{resource} could not be read: {}", reason(coverage)))
            }
            CoverageStatus::Partial if only_left_out(resource, coverage) => {
                Holding::Limited(format!("{resource} are partial: {}", reason(coverage)))
            }
            CoverageStatus::Partial => Holding::Broken(format!("{resource} are partial: {}", reason(coverage))),
        },
    }
}

/// Whether a resource is partial for no other reason than that Asana does not list all of it to this token.
fn only_left_out(resource: &str, coverage: &Coverage) -> bool {
    let listings = catalog::resource(resource).map_or(&[][..], |resource| resource.listings);
    let left_out = listings.iter().filter_map(|listing| listing.leaves_out);
    coverage.http_status.is_none() && left_out.into_iter().any(|reason| coverage.reason.as_deref() == Some(reason))
}

#[cfg(test)]
mod tests;
