//! The comparison of two exports: what was added, removed and changed between them, row by row and field by field.
//!
//! It is here and not beside `verify`, because it is about what Asana held: who did something, and whether a row that is
//! gone was deleted or cannot be read any more. Reading files is the business of `asana-export`.
//!
//! Tables are sorted by their keys, so both exports are walked in step ([`groups`]). In memory are the rows of one object
//! on each side, and a word for each object that only one side has, of one resource at a time. Rows of lists (the
//! followers of a task) have a place as their key, which is no identity: they are told apart by what they list
//! ([`lists`]). Tables that describe the run itself are no part of the comparison; coverage is, as the reason to believe
//! in deletions ([`fate`]).

mod change;
mod collected;
mod coverage;
mod csv;
mod fate;
mod groups;
mod html;
mod json;
mod lists;
mod people;
mod plan;
mod sides;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, io};

use asana_export::Opened;
use asana_model::Layout;

pub use self::change::{
    Because, Field, Label, Listing, NotCompared, RowChange, Summary, TableSummary, Values, What, key_text, shown,
};
pub use self::coverage::CoverageChange;
pub use self::csv::CsvListing;
pub use self::html::HtmlListing;
pub use self::json::JsonListing;
pub use self::people::Activity;
pub use self::plan::tables_named;
pub use self::sides::{Described, Side, Sides};
pub use self::text::TextListing;

use fate::{Direction, Judge};
use groups::Groups;
use people::People;
use plan::{Plan, Planned};
use table::{Sets, TableDiff};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Export(#[from] asana_export::Error),
    #[error("the comparison cannot be written")]
    Write(#[from] io::Error),
    /// Both folders are the same one.
    #[error("both are the same folder")]
    SameFolder,
    #[error("{old} is of workspace {old_workspace} and {new} of workspace {new_workspace}")]
    Workspaces { old: String, old_workspace: String, new: String, new_workspace: String },
    /// A column to ignore, and no table is compared by it.
    #[error("nothing is compared by a column {column}")]
    Ignore { column: String },
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What to compare.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns that are not compared, as `column` or `table.column`.
    pub ignore: Vec<String>,
    /// Names of tables; that of a resource's own table stands for its child tables too. Empty for all.
    pub only: BTreeSet<String>,
    /// The same, for what is left out.
    pub skip: BTreeSet<String>,
}

/// Compares two exports and tells each change to `listing`, table by table in the order of the layout, rows in the order of
/// their keys.
///
/// # Errors
/// [`Error::Ignore`] for a column that nothing would be compared by anyway; those of reading, and of the listing.
pub fn compare(sides: &Sides<'_>, layout: &Layout, options: &Options, listing: &mut dyn Listing) -> Result<Summary> {
    let Planned { tables, not_compared } = plan::plan(sides, layout, options)?;
    let described = sides.described();
    listing.begin(&described)?;
    let mut run = Run {
        sides,
        layout,
        people: People::default(),
        // Whose rows hang from objects of another resource.
        owners: tables.iter().filter_map(|plan| plan.owner.filter(|owner| plan.resource != Some(*owner))).collect(),
        kept: BTreeMap::new(),
        current: None,
        summary: Summary { not_compared, notes: sides.notes(), ..Summary::default() },
        listing,
    };
    run.summary.coverage = coverage::changes(sides);
    for plan in &tables {
        run.table(plan)?;
    }
    run.finish()
}

/// What is known of the resource whose tables are being compared.
struct Current {
    resource: &'static str,
    removed: Judge,
    added: Judge,
    sets: Sets,
}

struct Run<'r> {
    sides: &'r Sides<'r>,
    layout: &'r Layout,
    people: People,
    owners: BTreeSet<&'static str>,
    /// The objects that one side has, of those resources.
    kept: BTreeMap<&'static str, Sets>,
    current: Option<Current>,
    summary: Summary,
    listing: &'r mut dyn Listing,
}

impl Run<'_> {
    fn table(&mut self, plan: &Plan) -> Result<()> {
        let Some(resource) = plan.resource else { return Ok(()) };
        if self.current.as_ref().is_none_or(|current| current.resource != resource) {
            self.leave();
            self.current = Some(Current {
                resource,
                removed: Judge::new(self.sides, resource, Direction::Removed, self.layout)?,
                added: Judge::new(self.sides, resource, Direction::Added, self.layout)?,
                sets: Sets::default(),
            });
        }
        let (mut old, mut new) = (self.open(self.sides.old, plan)?, self.open(self.sides.new, plan)?);
        let Some(current) = &mut self.current else { return Ok(()) };
        let mut diff = TableDiff {
            plan,
            removed: &current.removed,
            added: &current.added,
            owners: plan.owner.filter(|owner| *owner != resource).and_then(|owner| self.kept.get(owner)),
            sets: &mut current.sets,
            people: &mut self.people,
            summary: TableSummary::new(plan),
            listing: self.listing,
        };
        diff.walk(Groups::new(old.rows(), plan.group_columns), Groups::new(new.rows(), plan.group_columns))?;
        let summary = diff.summary;
        if plan.listed {
            self.summary.tables.push(summary);
        }
        Ok(())
    }

    fn open(&self, side: &Opened, plan: &Plan) -> Result<asana_export::TableFile> {
        let report = side
            .report(&plan.name)
            .ok_or_else(|| asana_export::Error::NoRows { path: side.path().to_owned(), table: plan.name.clone() })?;
        Ok(side.table(report, self.layout)?)
    }

    /// Keeps of the last resource what others need to know.
    fn leave(&mut self) {
        if let Some(Current { resource, sets, .. }) = self.current.take()
            && self.owners.contains(resource)
        {
            self.kept.insert(resource, sets);
        }
    }

    fn finish(mut self) -> Result<Summary> {
        self.summary.people = self.people.finish(self.sides, self.layout)?;
        self.listing.end(&self.summary)?;
        Ok(self.summary)
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Run").field("summary", &self.summary).finish_non_exhaustive()
    }
}
