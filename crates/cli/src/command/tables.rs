//! `tables`: the data dictionary, from the same layout that exports are written by.

use std::fmt::Write as _;

use asana_model::{Layout, Table};

use crate::args::TablesArgs;
use crate::exit::{CliError, Exit};
use crate::{names, output};

pub(crate) fn run(args: &TablesArgs) -> Result<Exit, CliError> {
    let layout = Layout::new();
    let text = match &args.name {
        None => overview(&layout),
        Some(name) => {
            let table = layout.tables.iter().find(|table| table.name == *name);
            let known = || layout.tables.iter().map(|table| table.name.as_str());
            describe(table.ok_or_else(|| CliError::Usage(names::unknown("table", name, known())))?)
        }
    };
    output::print(&text)?;
    Ok(Exit::Complete)
}

/// A line for each table.
fn overview(layout: &Layout) -> String {
    let width = layout.tables.iter().map(|table| table.name.len()).max().unwrap_or(0);
    let lines = layout.tables.iter().map(|table| format!("{:width$}  {}\n", table.name, table.about));
    lines.chain(["\n`asana-workspace tables NAME` describes the columns of one.\n".to_owned()]).collect()
}

/// A line for each column: name, type, what it refers to, where in Asana's answer it comes from, what it means.
fn describe(table: &Table) -> String {
    let key: Vec<&str> = table.columns.iter().take(table.key_columns).map(|column| column.name.as_str()).collect();
    let mut text = format!("{}: {}\nPrimary key: {}\n", table.name, table.about, key.join(", "));
    if let Some(resource) = table.resource.and_then(asana_model::catalog::resource) {
        // Writing to a String cannot fail.
        let _ok = writeln!(text, "Source: {}", resource.api);
    }
    text.push('\n');
    let rows: Vec<[String; 5]> = table
        .columns
        .iter()
        .map(|column| {
            let references = column.references.map(|table| format!("→ {table}")).unwrap_or_default();
            let (name, kind) = (column.name.clone(), column.kind.label().to_owned());
            [name, kind, references, column.source.clone(), column.about.clone()]
        })
        .collect();
    let headings = ["column", "type", "refers to", "in Asana's answer", "meaning"].map(str::to_owned);
    let width = |place: usize| {
        let cells = rows.iter().chain([&headings]).filter_map(|row| row.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    for row in [&headings].into_iter().chain(&rows) {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_described() {
        let layout = Layout::new();
        let overview = overview(&layout);
        for table in &layout.tables {
            assert!(overview.contains(&table.name) && !table.about.is_empty(), "{}", table.name);
            let text = describe(table);
            for column in &table.columns {
                assert!(!column.about.is_empty(), "{}.{} has no meaning", table.name, column.name);
                assert!(text.lines().any(|line| line.starts_with(&format!("{} ", column.name))), "{}", column.name);
            }
        }
    }

    #[test]
    fn a_reference_says_where_it_leads_and_comes_from() {
        let layout = Layout::new();
        let text = describe(layout.tables.iter().find(|table| table.name == "tasks").unwrap());
        let line = text.lines().find(|line| line.starts_with("assignee_gid")).unwrap();
        assert_eq!(
            line.split_whitespace().collect::<Vec<_>>()[..5],
            ["assignee_gid", "gid", "→", "users", "assignee.gid"]
        );
        assert!(text.contains("Primary key: gid\n"));
    }
}
