//! Of which kinds of objects the two exports could read more or less.

use std::collections::BTreeSet;

use asana_export::Manifest;
use asana_export::manifest::CoverageStatus;
use serde::Serialize;

use super::sides::Sides;

/// A resource that is not equally well covered on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageChange {
    pub resource: String,
    /// `complete`, `partial`, `unavailable` or `not asked for`; with the reason, and so is the next.
    pub old: String,
    pub new: String,
}

pub(super) fn changes(sides: &Sides<'_>) -> Vec<CoverageChange> {
    let (old, new) = (sides.old.manifest(), sides.new.manifest());
    let resources: BTreeSet<&String> = old.coverage.keys().chain(new.coverage.keys()).collect();
    let differs = |resource: &&String| status(old, resource) != status(new, resource);
    let described = |resource: &String| CoverageChange {
        resource: resource.clone(),
        old: describe(old, resource),
        new: describe(new, resource),
    };
    resources.into_iter().filter(differs).map(described).collect()
}

fn status(manifest: &Manifest, resource: &str) -> Option<CoverageStatus> {
    manifest.coverage.get(resource).map(|coverage| coverage.status)
}

fn describe(manifest: &Manifest, resource: &str) -> String {
    let Some(coverage) = manifest.coverage.get(resource) else { return "not asked for".to_owned() };
    let status = match coverage.status {
        CoverageStatus::Complete => "complete",
        CoverageStatus::Partial => "partial",
        CoverageStatus::Unavailable => "unavailable",
    };
    match &coverage.reason {
        Some(reason) => format!("{status}: {reason}"),
        None => status.to_owned(),
    }
}
