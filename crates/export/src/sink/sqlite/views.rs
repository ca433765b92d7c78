//! Views: tasks with the names of what they are in, and tasks with a column for each custom field.
//!
//! Each is made of what is there: resources may have been left out of the export.

use std::collections::{HashMap, HashSet};

use asana_model::Column;
use rusqlite::{Connection, OptionalExtension as _};

use super::quoted;

/// `SQLite` has at most 2,000 columns as it is built everywhere.
pub(super) const MOST_FIELDS: usize = 1_900;
/// And at most a million bytes of SQL where it is old.
const MOST_BYTES: usize = 900_000;

/// Tasks with a column for each custom field.
const WIDE: &str = "tasks_wide";
/// A table of values and what of a row is a value.
const FIELDS: &str = "task_custom_fields";

/// The tables that were written, with their columns.
pub(super) type Tables<'t> = HashMap<&'t str, &'t [Column]>;

/// The SQL that makes them all.
pub(super) fn all(connection: &Connection, tables: &Tables<'_>) -> rusqlite::Result<String> {
    let mut views = tasks_with_names(tables).unwrap_or_default();
    // A table of that name, where one was asked for, says more.
    let is_table = tables.contains_key(WIDE);
    let has_fields = has(tables, FIELDS, &["task_gid", "custom_field_gid", "name", "type"]);
    if !is_table && has_fields && has(tables, "tasks", &["gid", "name"]) {
        views.push_str(&tasks_wide(&fields(connection, tables)?, tables));
    }
    Ok(views)
}

fn has(tables: &Tables<'_>, table: &str, columns: &[&str]) -> bool {
    let there = |name: &&str| tables.get(table).is_some_and(|all| all.iter().any(|column| column.name == **name));
    columns.iter().all(there)
}

/// The own columns of the task that are looked at first.
const OWN: &[&str] = &[
    "gid",
    "name",
    "resource_subtype",
    "completed",
    "completed_at",
    "assignee_gid",
    "assignee_name",
    "start_on",
    "due_on",
    "due_at",
    "parent_gid",
    "parent_name",
    "created_at",
    "modified_at",
    "num_subtasks",
    "permalink_url",
];

/// Lists as text: the column, the table of the list with its column, and the table that has the names.
const LISTS: &[(&str, &str, &str, &str)] = &[
    ("projects", "task_memberships", "project_gid", "projects"),
    ("sections", "task_memberships", "section_gid", "sections"),
    ("tags", "task_tags", "tag_gid", "tags"),
    ("followers", "task_followers", "user_gid", "users"),
];

fn tasks_with_names(tables: &Tables<'_>) -> Option<String> {
    let mut columns: Vec<String> =
        OWN.iter().filter(|name| has(tables, "tasks", &[name])).map(|name| format!("  t.{}", quoted(name))).collect();
    if columns.is_empty() {
        return None;
    }
    for (column, list, gid, named) in LISTS {
        if has(tables, list, &["task_gid", "position", gid]) && has(tables, named, &["gid", "name"]) {
            let name = format!("coalesce(n.name, l.{gid})");
            let from = format!("{list} AS l LEFT JOIN {named} AS n ON n.gid = l.{gid}");
            columns.push(format!("  {} AS {column}", joined(&name, &from, "l.task_gid = t.gid", "l.position")));
        }
    }
    Some(format!(
        "CREATE VIEW tasks_with_names AS\n/* Tasks with the names of what they are in, joined by \"; \". */\nSELECT\n{}\n\
         FROM tasks AS t;\n",
        columns.join(",\n")
    ))
}

/// Values of several rows as one text, in the order of the rows.
fn joined(value: &str, from: &str, condition: &str, order: &str) -> String {
    format!(
        "(SELECT group_concat(value, '; ') FROM (SELECT {value} AS value FROM {from} WHERE {condition} ORDER BY {order}))"
    )
}

/// A custom field that some task has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CustomField {
    pub(super) gid: String,
    pub(super) name: String,
    pub(super) kind: String,
}

/// The fields that occur, by their names.
fn fields(connection: &Connection, tables: &Tables<'_>) -> rusqlite::Result<Vec<CustomField>> {
    let mut gids = connection.prepare(&format!("SELECT DISTINCT custom_field_gid FROM {FIELDS} ORDER BY 1"))?;
    let gids = gids.query_map([], |row| row.get::<_, Option<String>>(0))?;
    let of_value = format!("SELECT name, type FROM {FIELDS} WHERE custom_field_gid = ?1 ORDER BY task_gid LIMIT 1");
    let mut of_value = connection.prepare(&of_value)?;
    // How a field is called now, rather than on some task.
    let defined = has(tables, "custom_fields", &["gid", "name"]);
    let mut of_field =
        defined.then(|| connection.prepare("SELECT name FROM custom_fields WHERE gid = ?1")).transpose()?;
    let mut fields = Vec::new();
    for gid in gids {
        let Some(gid) = gid? else { continue };
        let text = |row: &rusqlite::Row<'_>, at| row.get::<_, Option<String>>(at);
        let (name, kind) = of_value.query_row([&gid], |row| Ok((text(row, 0)?, text(row, 1)?)))?;
        let defined = match &mut of_field {
            Some(statement) => statement.query_row([&gid], |row| text(row, 0)).optional()?.flatten(),
            None => None,
        };
        let name = defined.or(name).filter(|name| !name.is_empty()).unwrap_or_else(|| gid.clone());
        fields.push(CustomField { gid, name, kind: kind.unwrap_or_default() });
    }
    fields.sort_by(|one, other| (folded(&one.name), &one.gid).cmp(&(folded(&other.name), &other.gid)));
    Ok(fields)
}

/// Names that differ in nothing but case are the same to SQLite.
fn folded(name: &str) -> String {
    name.replace('\0', "\u{fffd}").to_lowercase()
}

/// A name for each field's column, none of them twice: equal ones have their gids in parentheses.
pub(super) fn column_names(fields: &[CustomField]) -> Vec<String> {
    let mut times: HashMap<String, usize> = HashMap::from([("gid".to_owned(), 1), ("name".to_owned(), 1)]);
    for field in fields {
        *times.entry(folded(&field.name)).or_default() += 1;
    }
    let is_alone = |field: &CustomField| times.get(&folded(&field.name)) == Some(&1);
    let mut taken: HashSet<String> =
        fields.iter().filter(|field| is_alone(field)).map(|field| folded(&field.name)).collect();
    let name = |field: &CustomField| {
        if is_alone(field) {
            return field.name.clone();
        }
        let mut name = format!("{} ({})", field.name, field.gid);
        // Another field may be called just so.
        while !taken.insert(folded(&name)) {
            name = format!("{name} ({})", field.gid);
        }
        name
    };
    fields.iter().map(name).collect()
}

pub(super) fn tasks_wide(fields: &[CustomField], tables: &Tables<'_>) -> String {
    let mut columns = String::new();
    let mut shown = 0;
    for (field, name) in fields.iter().zip(column_names(fields)).take(MOST_FIELDS) {
        let column = format!(",\n  {} AS {}", value(field, tables), quoted(&name));
        if columns.len() + column.len() > MOST_BYTES {
            break;
        }
        columns.push_str(&column);
        shown += 1;
    }
    let all = fields.len();
    let cut = if shown < all {
        format!(" These are the first {shown} of {all} by name, for SQLite has no more columns; all are in {FIELDS}.")
    } else {
        String::new()
    };
    format!(
        "CREATE VIEW {WIDE} AS\n/* Tasks with a column for each custom field that occurs; several values are joined by \
         \"; \".{cut} */\nSELECT\n  t.gid,\n  t.name{columns}\nFROM tasks AS t;\n"
    )
}

/// What a task has in that field, as the field's type has it.
fn value(field: &CustomField, tables: &Tables<'_>) -> String {
    let gid = literal(&field.gid);
    let condition = |table: &str| format!("{table}.task_gid = t.gid AND {table}.custom_field_gid = {gid}");
    let of_value = |value: &str, columns: &[&str]| {
        let value = if has(tables, FIELDS, columns) { value } else { "v.name" };
        format!("(SELECT {value} FROM {FIELDS} AS v WHERE {})", condition("v"))
    };
    let of_list = |value: &str, list: &str, columns: &[&str], names: &str| {
        has(tables, list, columns).then(|| joined(value, &format!("{list} AS l{names}"), &condition("l"), "l.position"))
    };
    let users = " LEFT JOIN users AS n ON n.gid = l.user_gid";
    let list = match field.kind.as_str() {
        "multi_enum" => of_list(
            "coalesce(l.enum_option_name, l.enum_option_gid)",
            "task_custom_field_options",
            &["enum_option_gid", "enum_option_name"],
            "",
        ),
        "people" if has(tables, "users", &["gid", "name"]) => {
            of_list("coalesce(n.name, l.user_gid)", "task_custom_field_people", &["user_gid"], users)
        }
        "people" => of_list("l.user_gid", "task_custom_field_people", &["user_gid"], ""),
        "reference" => of_list(
            "coalesce(l.reference_name, l.reference_gid)",
            "task_custom_field_references",
            &["reference_gid", "reference_name"],
            "",
        ),
        _ => None,
    };
    list.unwrap_or_else(|| match field.kind.as_str() {
        "text" => of_value("v.text_value", &["text_value"]),
        "number" => of_value("v.number_value", &["number_value"]),
        "enum" => of_value("v.enum_option_name", &["enum_option_name"]),
        "date" => of_value("coalesce(v.date_time_value, v.date_value)", &["date_time_value", "date_value"]),
        _ => of_value("v.display_value", &["display_value"]),
    })
}

/// A text where SQL has a value.
fn literal(text: &str) -> String {
    if text.contains('\0') {
        let pieces: Vec<String> = text.split('\0').map(literal).collect();
        return format!("({})", pieces.join(" || char(0) || "));
    }
    format!("'{}'", text.replace('\'', "''"))
}
