//! The columns of a wide table: which fields get one, what it is called, and what type it has.

use std::collections::{BTreeMap, HashMap};

use asana_model::{Column, ColumnKind, Sensitive, Table};

/// Columns that a wide table has at most: more than this, and SQLite, for one, refuses it.
pub(super) const MOST_COLUMNS: usize = 2_000;

/// The custom fields met among the values of one resource's objects.
#[derive(Debug, Default)]
pub(super) struct Fields {
    places: HashMap<String, usize>,
    fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) gid: String,
    /// The first that was met; empty if there is none.
    pub(super) name: String,
    /// What Asana calls its type.
    kind: String,
    /// Objects that have a value in it.
    uses: u64,
    /// The kinds of its values, all that occur.
    kinds: Vec<ColumnKind>,
}

/// What a wide table will be.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) table: Table,
    /// Its second column is the objects' name.
    pub(super) has_name: bool,
    /// By the place of the field.
    columns: Vec<Option<usize>>,
    pub(super) left_out: Vec<Field>,
}

impl Chosen {
    /// The column of a field, unless it was left out.
    pub(super) fn column(&self, field: usize) -> Option<usize> {
        self.columns.get(field).copied().flatten()
    }
}

impl Field {
    /// Why it has no column.
    pub(super) fn what(&self) -> String {
        format!(
            "no column, because there are more than {MOST_COLUMNS}, and others are used more; it has values in {} rows",
            self.uses
        )
    }

    /// Where no value tells, the field's type does.
    fn column_kind(&self) -> ColumnKind {
        match (self.kinds.as_slice(), self.kind.as_str()) {
            ([kind], _) => *kind,
            ([], "number") => ColumnKind::Number,
            ([], "date") => ColumnKind::Date,
            _ => ColumnKind::Text,
        }
    }
}

impl Fields {
    /// The place of a field; what is told of it counts if nothing was before.
    pub(super) fn met(&mut self, gid: &str, name: Option<&str>, kind: Option<&str>) -> usize {
        let place = self.places.get(gid).copied().unwrap_or_else(|| {
            self.places.insert(gid.to_owned(), self.fields.len());
            self.fields.push(Field {
                gid: gid.to_owned(),
                name: String::new(),
                kind: String::new(),
                uses: 0,
                kinds: Vec::new(),
            });
            self.fields.len() - 1
        });
        if let Some(field) = self.fields.get_mut(place) {
            for (told, known) in [(name, &mut field.name), (kind, &mut field.kind)] {
                if let Some(told) = told.map(str::trim).filter(|told| known.is_empty() && !told.is_empty()) {
                    told.clone_into(known);
                }
            }
        }
        place
    }

    /// Takes note of a value.
    pub(super) fn used(&mut self, place: usize, kind: ColumnKind) {
        let Some(field) = self.fields.get_mut(place) else { return };
        field.uses += 1;
        if !field.kinds.contains(&kind) {
            field.kinds.push(kind);
        }
    }

    /// The table for the objects of that resource.
    pub(super) fn choose(self, resource: &'static str, has_name: bool) -> Chosen {
        self.choose_of(resource, has_name, MOST_COLUMNS)
    }

    pub(super) fn choose_of(self, resource: &'static str, has_name: bool, most: usize) -> Chosen {
        let mut columns = vec![column("gid", ColumnKind::Gid, "Asana's identifier.".to_owned(), Some(resource))];
        if has_name {
            columns.push(column("name", ColumnKind::Text, "Its name.".to_owned(), None));
        }
        let mut by_use: Vec<(usize, &Field)> = self.fields.iter().enumerate().collect();
        by_use.sort_by(|(_, one), (_, other)| other.uses.cmp(&one.uses).then_with(|| one.gid.cmp(&other.gid)));
        let left_out = by_use.split_off(by_use.len().min(most.saturating_sub(columns.len())));
        let left_out = left_out.into_iter().map(|(_, field)| field.clone()).collect();
        by_use.sort_by_cached_key(|(_, field)| (field.name.to_lowercase(), field.gid.clone()));
        let fixed: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let kept: Vec<&Field> = by_use.iter().map(|(_, field)| *field).collect();
        let names = names(&kept, &fixed);
        let mut places = vec![None; self.fields.len()];
        for ((place, field), name) in by_use.iter().zip(names) {
            if let Some(slot) = places.get_mut(*place) {
                *slot = Some(columns.len());
            }
            let about = format!("The values of custom field {}.", field.gid);
            columns.push(column(&name, field.column_kind(), about, None));
        }
        let table = Table {
            name: format!("{resource}_wide"),
            about: format!("Of {resource}: a row for each, and a column for each custom field with values there."),
            resource: Some(resource),
            columns,
            key_columns: 1,
        };
        Chosen { table, has_name, columns: places, left_out }
    }
}

/// The names of columns: those of fields, with the gid behind it where that is not enough to tell them apart.
fn names(fields: &[&Field], fixed: &[&str]) -> Vec<String> {
    let with_gid = |name: &str, gid: &str| format!("{name} ({gid})");
    let own_name = |field: &&Field| match field.name.as_str() {
        "" => with_gid("field", &field.gid),
        name => name.to_owned(),
    };
    let mut names: Vec<String> = fields.iter().map(own_name).collect();
    // A name with a gid may be the name of another field: each turn tells more of them apart.
    for turn in 0.. {
        let mut times: BTreeMap<String, usize> = fixed.iter().map(|name| (folded(name), 1)).collect();
        for name in &names {
            *times.entry(folded(name)).or_default() += 1;
        }
        let mut told_apart = true;
        for (place, (name, field)) in names.iter_mut().zip(fields).enumerate() {
            if times.get(&folded(name)).is_some_and(|times| *times > 1) {
                // Gids that are not as Asana makes them may differ in capitals alone.
                *name = if turn < 3 { with_gid(name, &field.gid) } else { format!("{name} ({place})") };
                told_apart = false;
            }
        }
        if told_apart {
            break;
        }
    }
    names
}

/// Names that are equal to people, and to programs that take no notice of capitals or cannot hold a NUL.
fn folded(name: &str) -> String {
    name.trim().replace('\0', "\u{fffd}").to_lowercase()
}

fn column(name: &str, kind: ColumnKind, about: String, references: Option<&'static str>) -> Column {
    // A value can be anything, so no copy for others has it.
    let sensitive = Sensitive::Unclassified;
    Column { name: name.to_owned(), kind, about, source: String::new(), references, sensitive }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(told: &[(&str, &str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (gid, name, kind) in told {
            fields.met(gid, Some(name), Some(kind));
        }
        fields
    }

    fn columns(fields: Fields, has_name: bool, most: usize) -> Vec<String> {
        let chosen = fields.choose_of("tasks", has_name, most);
        chosen.table.columns.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn equal_names_are_told_apart_by_their_gids() {
        let told = [
            ("5", "Priority", "enum"),
            ("12", " priority ", "enum"),
            ("7", "", "text"),
            ("8", "Name", "text"),
            ("9", "GID", "text"),
            ("10", "Überblick", "text"),
            ("11", "ÜBERBLICK", "text"),
            ("13", "effort", "number"),
        ];
        let expected = [
            "gid",
            "name",
            "field (7)",
            "effort",
            "GID (9)",
            "Name (8)",
            "priority (12)",
            "Priority (5)",
            "Überblick (10)",
            "ÜBERBLICK (11)",
        ];
        assert_eq!(columns(fields(&told), true, 100), expected);
        let backwards: Vec<_> = told.into_iter().rev().collect();
        assert_eq!(columns(fields(&backwards), true, 100), expected);
        assert_eq!(columns(fields(&[("8", "Name", "text")]), false, 100), ["gid", "Name"]);
    }

    #[test]
    fn a_name_made_of_a_gid_may_be_taken() {
        let told =
            [("1", "A", "text"), ("2", "a", "text"), ("3", "A (1)", "text"), ("4", "field (5)", ""), ("5", "", "")];
        let names = columns(fields(&told), false, 100);
        assert_eq!(names, ["gid", "field (5) (5)", "A (1) (1)", "a (2)", "A (1) (3)", "field (5) (4)"]);
        let names = columns(fields(&[("g", "A", ""), ("G", "A", "")]), false, 100);
        assert_eq!(names, ["gid", "A (G) (G) (G) (0)", "A (g) (g) (g) (1)"]);
    }

    #[test]
    fn the_least_used_are_left_out() {
        let mut fields = fields(&[("1", "a", ""), ("2", "b", ""), ("3", "c", ""), ("4", "d", "")]);
        for (place, uses) in [(0, 1), (1, 3), (2, 0), (3, 1)] {
            (0..uses).for_each(|_| fields.used(place, ColumnKind::Text));
        }
        let chosen = fields.choose_of("tasks", true, 4);
        let names: Vec<&str> = chosen.table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["gid", "name", "a", "b"]);
        let left_out: Vec<&str> = chosen.left_out.iter().map(|field| field.gid.as_str()).collect();
        assert_eq!(left_out, ["4", "3"]);
        assert!(chosen.left_out[0].what().ends_with("it has values in 1 rows"), "{}", chosen.left_out[0].what());
        assert_eq!((0..4).map(|place| chosen.column(place)).collect::<Vec<_>>(), [Some(2), Some(3), None, None]);
    }

    #[test]
    fn types_are_those_of_the_values() {
        let mut fields = fields(&[
            ("1", "a", "number"),
            ("2", "b", "date"),
            ("3", "c", "number"),
            ("4", "d", "formula"),
            ("5", "e", "date"),
        ]);
        for (place, kind) in [
            (0, ColumnKind::Number),
            (0, ColumnKind::Number),
            (3, ColumnKind::Number),
            (3, ColumnKind::Text),
            (4, ColumnKind::Timestamp),
        ] {
            fields.used(place, kind);
        }
        let kinds: Vec<ColumnKind> =
            fields.choose("goals", false).table.columns.iter().map(|column| column.kind).collect();
        assert_eq!(
            kinds,
            [
                ColumnKind::Gid,
                ColumnKind::Number,
                ColumnKind::Date,
                ColumnKind::Number,
                ColumnKind::Text,
                ColumnKind::Timestamp
            ]
        );
    }
}
