//! What a copy for others leaves out, as its manifest says: columns, old rows, and texts of some classes.

use std::collections::{BTreeMap, BTreeSet};

use asana_model::{Class, Column, ColumnKind, Sensitive, Table, catalog};
use serde_json::{Map, Value, json};

use crate::manifest::Manifest;

const COLUMNS: &str = "columns";
const SINCE: &str = "since";
/// The key of a manifest's selection that tells which texts are hidden.
pub const REDACTED: &str = "redacted";
const CLASSES: &str = "classes";
const WITH: &str = "with";
const HASH: &str = "hash";

/// What a copy leaves out; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reduced {
    /// By table, the columns that it has; tables that are not named have all.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Rows of what last changed before this instant are not there, nor is what is part of it. UTC, ISO 8601.
    pub since: Option<String>,
    /// The classes whose texts are hidden.
    pub redacted: BTreeSet<Class>,
    /// Hidden texts are hashes; otherwise they are empty.
    pub hashed: bool,
}

impl Reduced {
    /// What a manifest's selection says.
    pub fn of(selection: &Map<String, Value>) -> Self {
        let texts = |value: Option<&Value>| -> Vec<String> {
            let texts = value.and_then(Value::as_array).into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let columns = selection.get(COLUMNS).and_then(Value::as_object).into_iter().flatten();
        let redacted = selection.get(REDACTED);
        let said = |name: &str| redacted.and_then(|redacted| redacted.get(name));
        Self {
            columns: columns.map(|(table, columns)| (table.clone(), texts(Some(columns)))).collect(),
            since: selection.get(SINCE).and_then(Value::as_str).map(str::to_owned),
            redacted: texts(said(CLASSES)).iter().filter_map(|name| Class::parse(name)).collect(),
            hashed: said(WITH).and_then(Value::as_str) == Some(HASH),
        }
    }

    /// The same for a manifest's selection; nothing of what leaves nothing out.
    pub fn entries(&self) -> Vec<(&'static str, Value)> {
        let mut entries = Vec::new();
        if !self.columns.is_empty() {
            entries.push((COLUMNS, json!(self.columns)));
        }
        if let Some(since) = &self.since {
            entries.push((SINCE, json!(since)));
        }
        if !self.redacted.is_empty() {
            let classes: Vec<&str> = self.redacted.iter().map(|class| class.name()).collect();
            entries.push((REDACTED, json!({CLASSES: classes, WITH: if self.hashed { HASH } else { "blank" }})));
        }
        entries
    }

    /// Whether nothing is left out.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// The columns of a table that lacks some.
    pub fn columns_of(&self, table: &str) -> Option<&[String]> {
        self.columns.get(table).map(Vec::as_slice)
    }

    /// Whether texts that can give that away are hidden.
    pub fn hides(&self, sensitive: Sensitive) -> bool {
        match sensitive {
            Sensitive::Unclassified => !self.redacted.is_empty(),
            Sensitive::Harmless => false,
            Sensitive::Of(classes) => classes.iter().any(|class| self.redacted.contains(class)),
        }
    }

    /// Whether the column's texts are hidden.
    pub fn hides_column(&self, column: &Column) -> bool {
        column.kind == ColumnKind::Text && self.hides(column.sensitive)
    }

    /// Whether a part of the table's key is hidden, so that it neither tells rows apart nor sorts them.
    pub fn hides_key(&self, table: &Table) -> bool {
        table.columns.iter().take(table.key_columns).any(|column| self.hides_column(column))
    }

    /// The instant before which rows of that resource were left out, if some were.
    pub fn since_of(&self, resource: &str) -> Option<&str> {
        self.since.as_deref().filter(|_| catalog::dated_with_parts().contains(resource))
    }

    /// What is not there, in words; nothing of what leaves nothing out.
    pub fn lacks(&self) -> Vec<String> {
        let mut lacks = Vec::new();
        if !self.columns.is_empty() {
            let tables: Vec<&str> = self.columns.keys().map(String::as_str).collect();
            lacks.push(format!("other columns of {}", tables.join(", ")));
        }
        if let Some(since) = &self.since {
            lacks.push(format!("tasks that last changed before {since}, and what belongs to them"));
        }
        if !self.redacted.is_empty() {
            let how = if self.hashed { "hashes" } else { "blank" };
            lacks.push(format!("texts of the classes {}, which are {how}", self.classes()));
        }
        lacks
    }

    /// The classes whose texts are hidden, as in `names, emails`.
    pub fn classes(&self) -> String {
        let names: Vec<&str> = self.redacted.iter().map(|class| class.name()).collect();
        names.join(", ")
    }
}

impl Manifest {
    /// What the export leaves out of what its archive gives.
    pub fn reduced(&self) -> Reduced {
        Reduced::of(&self.selection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back_as_written() {
        let reduced = Reduced {
            columns: BTreeMap::from([("tasks".to_owned(), vec!["gid".to_owned(), "name".to_owned()])]),
            since: Some("2026-01-01T00:00:00Z".to_owned()),
            redacted: BTreeSet::from([Class::Name, Class::Value]),
            hashed: true,
        };
        let selection: Map<String, Value> =
            reduced.entries().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(
            Value::Object(selection.clone()),
            json!({
                "columns": {"tasks": ["gid", "name"]},
                "since": "2026-01-01T00:00:00Z",
                "redacted": {"classes": ["names", "values"], "with": "hash"},
            })
        );
        assert_eq!(Reduced::of(&selection), reduced);
        assert!(Reduced::default().entries().is_empty() && Reduced::of(&Map::new()).is_whole());
        assert_eq!(reduced.classes(), "names, values");
        assert_eq!(reduced.lacks().len(), 3);
    }

    #[test]
    fn a_date_concerns_what_is_dated_and_its_parts() {
        let reduced = Reduced { since: Some("2026-01-01T00:00:00Z".to_owned()), ..Reduced::default() };
        assert!(reduced.since_of("tasks").is_some() && reduced.since_of("stories").is_some());
        assert!(reduced.since_of("projects").is_none() && Reduced::default().since_of("tasks").is_none());
    }
}
