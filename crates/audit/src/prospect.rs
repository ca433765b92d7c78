//! Whether an export holds what a rule needs. Silence about tables that lack rows must never read as "nothing found".

use asana_export::manifest::{Coverage, CoverageStatus};
use asana_export::{Manifest, Reduced};
use asana_model::{Column, Layout, Table, catalog};

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
        let tables: Vec<&Table> = layout.tables.iter().filter(|table| rule.tables.contains(&table.name)).collect();
        let of_the_run = tables.iter().all(|table| table.resource.is_none());
        let reduced = manifest.reduced();
        let mut limits: Vec<String> = if of_the_run { Vec::new() } else { limits_of_all(manifest) };
        let mut broken = Vec::new();
        // What would make its findings wrong.
        let mut missed = if rule.absence.is_empty() { Vec::new() } else { limits.clone() };
        for table in tables {
            if let Some(reason) = left_out(table, &rule.query, &reduced) {
                return Self::Cannot { reason };
            }
            if let Some(column) = lacking(table, rule, manifest) {
                let version = &manifest.tool.version;
                return Self::Cannot {
                    reason: format!("version {version}, which exported it, has no {}.{column}", table.name),
                };
            }
            let (reason, kind) = match holding(table, manifest) {
                Holding::Whole => continue,
                Holding::Missing(reason) => return Self::Cannot { reason },
                Holding::Limited(reason) => (reason, &mut limits),
                Holding::Broken(reason) => (reason, &mut broken),
            };
            if rule.absence.contains(&table.name) && !missed.contains(&reason) {
                missed.push(reason.clone());
            }
            if !kind.contains(&reason) {
                kind.push(reason);
            }
        }
        if !broken.is_empty() && !partial {
            return Self::Cannot { reason: broken.join("; ") };
        }
        limits.append(&mut broken);
        if !missed.is_empty() {
            return Self::Cannot { reason: format!("it looks for what is missing, and {}", missed.join("; ")) };
        }
        Self::Ask { limits }
    }
}

/// What is missing from every table of the export, however complete its answers were.
fn limits_of_all(manifest: &Manifest) -> Vec<String> {
    let chosen = manifest.selection.get("scope").is_some_and(|scope| scope == "projects");
    let guest = manifest.viewer.role.as_deref() == Some("guest");
    let limits = [
        (chosen, "only chosen projects were exported"),
        (guest, "a guest's token sees only what is shared with the guest"),
    ];
    limits.into_iter().filter(|(is_so, _)| *is_so).map(|(_, limit)| limit.to_owned()).collect()
}

/// A column that the rule reads and that the version of the program which made the export did not have.
fn lacking<'t>(table: &'t Table, rule: &Rule, manifest: &Manifest) -> Option<&'t str> {
    let exported = manifest.tables.iter().find(|one| one.name == table.name)?;
    // Whether those that were left out on purpose are read is known more exactly.
    if manifest.reduced().columns_of(&table.name).is_some() {
        return None;
    }
    let names = table.columns.iter().map(|column| column.name.as_str());
    names.into_iter().find(|name| !exported.columns.iter().any(|column| column == name) && rule.query.contains(name))
}

/// What a query reads of the table and a copy for others was made without.
pub(crate) fn left_out(table: &Table, query: &str, reduced: &Reduced) -> Option<String> {
    let reads = |column: &&Column| {
        let mut words = query.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
        words.any(|word| word == column.name)
    };
    let lacks =
        |column: &&Column| reduced.columns_of(&table.name).is_some_and(|columns| !columns.contains(&column.name));
    let name = &table.name;
    let mut read = table.columns.iter().filter(reads);
    let lacking = read.clone().find(lacks).map(|column| format!("this copy was made without {name}.{}", column.name));
    lacking.or_else(|| {
        let column = read.find(|column| reduced.hides_column(column))?;
        Some(format!("{name}.{} is hidden in this copy, which was made without {}", column.name, reduced.classes()))
    })
}

/// What a copy was made without of a resource, for its age.
pub(crate) fn too_old(resource: &str, reduced: &Reduced) -> Option<String> {
    let since = reduced.since_of(resource)?;
    Some(format!("this copy was made without {resource} that last changed before {since}, or belong to such"))
}

fn holding(table: &Table, manifest: &Manifest) -> Holding {
    let (name, exported) = (&table.name, manifest.tables.iter().find(|one| one.name == table.name));
    let Some(resource) = table.resource else {
        return if exported.is_some() { Holding::Whole } else { Holding::Missing(format!("{name} was not exported")) };
    };
    if let Some(reason) = too_old(resource, &manifest.reduced()).filter(|_| exported.is_some()) {
        return Holding::Broken(reason);
    }
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
