//! Which tables are compared, and which of their columns.

use asana_export::{Opened, TableReport};
use asana_model::catalog::Set;
use asana_model::{Column, ColumnKind, Layout, Table};

use super::change::NotCompared;
use super::sides::Sides;
use super::{Error, Options, Result};

/// A table that both sides have, and how its rows are compared.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) resource: Option<&'static str>,
    /// It is the resource's own table, a row for each object.
    pub(super) own: bool,
    /// Its rows are lists: a place is part of its key.
    pub(super) is_list: bool,
    /// The resource whose objects have these rows, for lists.
    pub(super) owner: Option<&'static str>,
    /// Its changes are wanted; otherwise it is only read for what others need to know of it.
    pub(super) listed: bool,
    /// Rows that agree in so many columns are one object, or one list.
    pub(super) group_columns: usize,
    /// For lists, the column that says what a row lists.
    pub(super) identity: Option<Place>,
    /// For lists whose order is compared.
    pub(super) position: Option<Place>,
    pub(super) compared: Vec<Place>,
    pub(super) old_columns: Vec<String>,
    pub(super) new_columns: Vec<String>,
    /// The column with a name for people to read.
    pub(super) called: Option<Place>,
    pub(super) only_in_old: Vec<String>,
    pub(super) only_in_new: Vec<String>,
    /// Columns whose texts one side hides.
    pub(super) hidden: Vec<String>,
}

/// Where a column stands on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) old: usize,
    pub(super) new: usize,
}

#[derive(Debug)]
pub(super) struct Planned {
    pub(super) tables: Vec<Plan>,
    pub(super) not_compared: Vec<NotCompared>,
}

const POSITION: &str = "position";
/// Columns by which people know a row, best first.
const CALLED: [&str; 4] = ["name", "title", "text", "email"];

/// Plans the comparison of two exports.
pub(super) fn plan(sides: &Sides<'_>, layout: &Layout, options: &Options) -> Result<Planned> {
    let mut planned = Planned { tables: Vec::new(), not_compared: Vec::new() };
    let mut unused: Vec<&String> = options.ignore.iter().collect();
    for report in in_order(sides, layout) {
        let known = layout.tables.iter().find(|table| table.name == report.name);
        // Tables that describe the run are no data of Asana's; wide ones hold what others hold, as the notes say.
        if known.is_some_and(|table| table.resource.is_none()) || report.is_wide() {
            continue;
        }
        let resource = known.and_then(|table| table.resource);
        let listed = chosen(&report.name, resource, options);
        let (old, new) = (sides.old.report(&report.name), sides.new.report(&report.name));
        let plan = match (old, new) {
            (Some(old), Some(new)) => both(sides, layout, options, (old, new), listed, &mut unused)?,
            (Some(_), None) => Err(absent(sides.new, "NEW", known)),
            (None, Some(_)) => Err(absent(sides.old, "OLD", known)),
            (None, None) => continue,
        };
        match plan {
            Ok(plan) => planned.tables.push(plan),
            Err(reason) if listed => {
                let rows = old.map_or(0, |report| report.rows).max(new.map_or(0, |report| report.rows));
                planned.not_compared.push(NotCompared { table: report.name.clone(), rows, reason });
            }
            Err(_) => {}
        }
    }
    keep_what_is_needed(&mut planned.tables);
    match unused.first() {
        None => Ok(planned),
        Some(column) => Err(Error::Ignore { column: (*column).clone() }),
    }
}

/// The tables of both sides: those of the layout in its order, then what this version does not know.
fn in_order<'s>(sides: &Sides<'s>, layout: &Layout) -> Vec<&'s TableReport> {
    let others = sides.new.manifest().tables.iter().filter(|report| sides.old.report(&report.name).is_none());
    let mut reports: Vec<&TableReport> = sides.old.manifest().tables.iter().chain(others).collect();
    // An own table comes before its child tables, which need to know what it lacks.
    let place = |report: &TableReport| {
        let own = layout
            .resources
            .iter()
            .position(|plan| plan.tables.iter().any(|table| layout.table(*table).name == report.name));
        let is_child = own
            .and_then(|own| layout.resources.get(own))
            .is_some_and(|plan| layout.table(plan.table).name != report.name);
        (own.unwrap_or(usize::MAX), is_child)
    };
    reports.sort_by_key(|report| place(report));
    reports
}

fn chosen(table: &str, resource: Option<&str>, options: &Options) -> bool {
    let names = |chosen: &std::collections::BTreeSet<String>| {
        chosen.contains(table) || resource.is_some_and(|resource| chosen.contains(resource))
    };
    (options.only.is_empty() || names(&options.only)) && !names(&options.skip)
}

/// Why a side does not have a table.
fn absent(side: &Opened, label: &str, known: Option<&Table>) -> String {
    let asked = side.manifest().selection.get("resources").and_then(serde_json::Value::as_array);
    let was_asked = |resource: &str| asked.is_some_and(|names| names.iter().any(|name| name == resource));
    match known.and_then(|table| table.resource) {
        Some(resource) if !was_asked(resource) => format!("{label} was made without {resource}"),
        _ => format!("{label} was made by a version without this table"),
    }
}

/// Plans a table that both sides have; otherwise says why it cannot be compared.
fn both(
    sides: &Sides<'_>,
    layout: &Layout,
    options: &Options,
    (old, new): (&TableReport, &TableReport),
    listed: bool,
    unused: &mut Vec<&String>,
) -> Result<Result<Plan, String>> {
    let (old, new) = (sides.old.table(old, layout)?, sides.new.table(new, layout)?);
    let (old, new) = (old.table(), new.table());
    if old.key_columns == 0 || old.key_columns != new.key_columns {
        return Ok(Err("this version does not know its key".to_owned()));
    }
    let mut is_ignored = |column: &str| {
        let qualified = format!("{}.{column}", old.name);
        let names = |ignored: &String| *ignored == column || *ignored == qualified;
        unused.retain(|ignored| !names(ignored));
        options.ignore.iter().any(names)
    };
    let is_hidden = |column: &Column| sides.hide(column);
    let plan = pair(old, new, layout, &is_hidden, &mut is_ignored);
    if plan.identity.and_then(|identity| old.columns.get(identity.old)).is_some_and(is_hidden) {
        return Ok(Err("what its lists hold is hidden in one of them".to_owned()));
    }
    Ok(Ok(Plan { listed, ..plan }))
}

fn pair(
    old: &Table,
    new: &Table,
    layout: &Layout,
    is_hidden: &dyn Fn(&Column) -> bool,
    is_ignored: &mut dyn FnMut(&str) -> bool,
) -> Plan {
    let shared: Vec<(Place, &str)> = old
        .columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            Some((Place { old: place, new: new.column(&column.name)? }, column.name.as_str()))
        })
        .collect();
    let key = old.key_columns;
    let position = old.columns.iter().take(key).position(|column| column.name == POSITION);
    let listed_by = || {
        let after = shared.iter().filter(|(place, _)| place.old >= key);
        let is_gid = |place: &Place| old.columns.get(place.old).is_some_and(|column| column.kind == ColumnKind::Gid);
        after.clone().find(|(place, _)| is_gid(place)).or_else(|| after.clone().next()).map(|(place, _)| *place)
    };
    let identity = position.and_then(|_| listed_by());
    let hides = |place: &Place| old.columns.get(place.old).is_some_and(is_hidden);
    let compared = shared
        .iter()
        .filter(|(place, name)| place.old >= key && Some(*place) != identity && !is_ignored(name) && !hides(place));
    let compared: Vec<Place> = compared.map(|(place, _)| *place).collect();
    let (hidden, told): (Vec<_>, Vec<_>) = shared.iter().copied().partition(|(place, _)| hides(place));
    let position_kept = position.filter(|_| !is_ignored(POSITION));
    let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let lacks = |table: &Table, other: &Table| {
        let lacking = table.columns.iter().filter(|column| other.column(&column.name).is_none());
        lacking.map(|column| column.name.clone()).collect()
    };
    let own = layout.resources.iter().any(|plan| layout.table(plan.table).name == old.name);
    Plan {
        name: old.name.clone(),
        resource: old.resource,
        own,
        is_list: position.is_some(),
        owner: position.and_then(|_| old.columns.first()).and_then(|column| column.references),
        listed: true,
        group_columns: position.unwrap_or(key),
        identity,
        position: position_kept.map(|place| Place { old: place, new: place }),
        compared,
        old_columns: names(old),
        new_columns: names(new),
        called: called(&told, key),
        only_in_old: lacks(old, new),
        only_in_new: lacks(new, old),
        hidden: hidden.into_iter().map(|(_, name)| name.to_owned()).collect(),
    }
}

fn called(shared: &[(Place, &str)], key: usize) -> Option<Place> {
    let named = |wanted: &str| shared.iter().find(|(_, name)| *name == wanted);
    let others = || shared.iter().find(|(place, name)| place.old >= key && name.ends_with("_name"));
    CALLED.iter().find_map(|wanted| named(wanted)).or_else(others).map(|(place, _)| *place)
}

/// Leaves out tables that are neither listed nor tell which objects others belong to.
fn keep_what_is_needed(tables: &mut Vec<Plan>) {
    let needed: Vec<&'static str> = tables.iter().filter(|plan| plan.listed).filter_map(|plan| plan.owner).collect();
    tables.retain(|plan| plan.listed || (plan.own && plan.resource.is_some_and(|own| needed.contains(&own))));
}

/// Names of tables that `--only` and `--skip` may give: with that of a resource come its child tables.
///
/// # Errors
/// The name that stands for nothing.
pub fn tables_named<'n>(names: impl IntoIterator<Item = &'n str>, layout: &Layout) -> Result<Vec<String>, String> {
    let mut tables = Vec::new();
    for name in names {
        if let Some(set) = Set::ALL.into_iter().find(|set| set.name() == name) {
            tables.extend(set.resources().map(|resource| resource.name.to_owned()));
        } else if layout.tables.iter().any(|table| table.name == name && table.resource.is_some()) {
            tables.push(name.to_owned());
        } else {
            return Err(name.to_owned());
        }
    }
    Ok(tables)
}
