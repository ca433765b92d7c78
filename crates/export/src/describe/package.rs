//! `datapackage.json`: a Tabular Data Package, version 1, of the CSV files.
//!
//! Source: <https://specs.frictionlessdata.io/tabular-data-package/>

use asana_model::{Column, ColumnKind, Table};
use serde_json::{Value, json};

use super::{Described, keys};
use crate::sink::{CsvStyle, Dialect, takes_apostrophe};
use crate::tables::{FileReport, TableReport};

/// A line for each field and each key: large enough to need it, and small enough for it.
pub(super) fn of(described: &Described<'_>) -> String {
    let resources = described.csv_files().map(|(table, report, file)| resource(described, table, report, file));
    let resources: Vec<String> = resources.collect();
    format!(
        "{{\n  \"profile\": \"tabular-data-package\",\n  \"name\": \"asana-export\",\n  \"title\": \"Export of an Asana \
         workspace\",\n  \"resources\": [\n{}\n  ]\n}}\n",
        resources.join(",\n")
    )
}

fn resource(described: &Described<'_>, table: &Table, report: &TableReport, file: &FileReport) -> String {
    let style = described.csv;
    let excel = style.dialect() == Dialect::Excel;
    // A byte-order mark is not part of the first column's name.
    let encoding = if excel { "utf-8-sig" } else { "utf-8" };
    let hash = format!("sha256:{}", file.sha256);
    let pairs = [
        ("name", json!(table.name)),
        ("title", json!(table.about)),
        ("path", json!(file.path)),
        ("profile", json!("tabular-data-resource")),
        ("format", json!("csv")),
        ("mediatype", json!("text/csv")),
        ("encoding", json!(encoding)),
        ("bytes", json!(file.bytes)),
        ("hash", json!(hash)),
        ("dialect", dialect(style)),
    ];
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("      {}: {value}", json!(name))).collect();
    format!(
        "    {{\n{},\n      \"schema\": {{\n{}\n      }}\n    }}",
        pairs.join(",\n"),
        schema(described, table, report)
    )
}

fn dialect(style: &CsvStyle) -> Value {
    let mut dialect = json!({
        "delimiter": style.delimiter().to_string(),
        "lineTerminator": style.dialect().line_end(),
        "quoteChar": "\"",
        "doubleQuote": true,
        "skipInitialSpace": false,
        "header": true,
    });
    if let Some(dialect) = dialect.as_object_mut().filter(|_| !style.null().is_empty()) {
        dialect.insert("nullSequence".to_owned(), json!(style.null()));
    }
    dialect
}

/// Where a cell of the key looks like null, nothing is said about the key: readers of data packages do not look at quotes.
fn schema(described: &Described<'_>, table: &Table, report: &TableReport) -> String {
    let style = described.csv;
    let key = if report.key_gaps.blank { &[] } else { keys::primary(table, report) };
    let fields: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| format!("          {}", field(column, style, place < key.len(), key.len() == 1)))
        .collect();
    let mut members = vec![
        format!("        \"missingValues\": {}", json!([style.null()])),
        format!("        \"fields\": [\n{}\n        ]", fields.join(",\n")),
    ];
    if !key.is_empty() {
        let names: Vec<String> = key.iter().map(|column| header(&column.name, style)).collect();
        members.push(format!("        \"primaryKey\": {}", json!(names)));
    }
    let foreign: Vec<String> = foreign_keys(described, table).iter().map(|key| format!("          {key}")).collect();
    if !foreign.is_empty() {
        members.push(format!("        \"foreignKeys\": [\n{}\n        ]", foreign.join(",\n")));
    }
    members.join(",\n")
}

fn field(column: &Column, style: &CsvStyle, is_key: bool, alone: bool) -> Value {
    let mut field =
        json!({ "name": header(&column.name, style), "type": kind(column.kind), "description": column.about });
    let Some(members) = field.as_object_mut() else { return field };
    match column.kind {
        ColumnKind::Boolean => {
            members.insert("trueValues".to_owned(), json!(["true"]));
            members.insert("falseValues".to_owned(), json!(["false"]));
        }
        // As Asana sends them: with a fraction or without.
        ColumnKind::Timestamp => {
            members.insert("format".to_owned(), json!("any"));
        }
        _ => {}
    }
    if is_key {
        let constraints = if alone { json!({ "required": true, "unique": true }) } else { json!({ "required": true }) };
        members.insert("constraints".to_owned(), constraints);
    }
    field
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Gid | ColumnKind::Text => "string",
        ColumnKind::Integer => "integer",
        ColumnKind::Number => "number",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Timestamp => "datetime",
    }
}

fn foreign_keys(described: &Described<'_>, table: &Table) -> Vec<Value> {
    let there = |name: &str| described.csv_files().any(|(table, ..)| table.name == name);
    let links = described.links.of(table).into_iter().filter(|(_, to, report)| !report.key_gaps.blank && there(to));
    let key = |(place, to, _): (usize, &str, &TableReport)| {
        let column = header(&table.columns.get(place)?.name, described.csv);
        // A table that refers to itself is named by nothing.
        let resource = if to == table.name { "" } else { to };
        Some(json!({ "fields": [column], "reference": { "resource": resource, "fields": ["gid"] } }))
    };
    links.filter_map(key).collect()
}

/// A column's name as it stands in the file.
fn header(name: &str, style: &CsvStyle) -> String {
    if style.dialect() == Dialect::Excel && takes_apostrophe(name) { format!("'{name}") } else { name.to_owned() }
}
