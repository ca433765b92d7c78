//! Which keys hold in the tables as they are: what is declared has to be true of every row.

use std::collections::{BTreeMap, BTreeSet};

use asana_model::{Layout, Table};

use crate::tables::TableReport;

/// Which columns lead to rows, all of them.
#[derive(Debug)]
pub(super) struct Links<'a> {
    /// Tables that something may refer to: each object that is named anywhere has its row, under a key of one column.
    targets: BTreeMap<&'a str, &'a TableReport>,
    /// By the names of table and column: what they name has to have a row, if its resource is written.
    strict: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Links<'a> {
    pub(super) fn new(
        layout: &'a Layout,
        tables: &[(&'a Table, &'a TableReport)],
        missing: &BTreeMap<&'static str, u64>,
    ) -> Self {
        let is_target = |(table, report): &&(&Table, &TableReport)| {
            let lacks = missing.get(table.name.as_str()).is_some_and(|number| *number > 0);
            !lacks && table.resource == Some(table.name.as_str()) && table.key_columns == 1 && !report.key_gaps.null
        };
        let targets = tables.iter().filter(is_target).map(|(table, report)| (table.name.as_str(), *report)).collect();
        let links = layout.links().into_iter().filter(|link| !link.loose);
        let strict = links.filter_map(|link| {
            let table = layout.table(link.table);
            Some((table.name.as_str(), table.columns.get(link.column)?.name.as_str()))
        });
        let strict = strict.collect();
        Self { targets, strict }
    }

    /// The columns of a table, by their places, all of whose cells are null or the key of a row of the table beside them.
    pub(super) fn of<'t>(&self, table: &'t Table) -> Vec<(usize, &'t str, &TableReport)> {
        let leads = |(place, column): (usize, &'t asana_model::Column)| {
            let to =
                column.references.filter(|_| self.strict.contains(&(table.name.as_str(), column.name.as_str())))?;
            Some((place, to, *self.targets.get(to)?))
        };
        table.columns.iter().enumerate().filter_map(leads).collect()
    }
}

/// The columns of the primary key if it is one for a database, which allows no null in it.
pub(super) fn primary<'a>(table: &'a Table, report: &TableReport) -> &'a [asana_model::Column] {
    let key = table.columns.get(..table.key_columns).unwrap_or_default();
    if report.key_gaps.null { &[] } else { key }
}
