//! The comparison in step against a naive one with everything in memory, on random tables.

use std::collections::BTreeMap;
use std::io;

use asana_export::key;
use asana_model::Cell;
use proptest::prelude::*;

use super::change::{Listing, RowChange, Summary, TableSummary, What, key_text, shown};
use super::fate::{Direction, Judge};
use super::groups::{Groups, Row, Stream};
use super::people::People;
use super::plan::{Place, Plan};
use super::sides::Described;
use super::table::{Sets, TableDiff};
use super::{Label, Result};

struct Rows(std::vec::IntoIter<Row>);

impl Stream for Rows {
    fn next_row(&mut self) -> Result<Option<Row>> {
        Ok(self.0.next())
    }
}

/// What was told, in words.
#[derive(Default)]
struct Told(Vec<String>);

impl Listing for Told {
    fn begin(&mut self, _: &Described) -> io::Result<()> {
        Ok(())
    }

    fn change(&mut self, change: &RowChange<'_>) -> io::Result<()> {
        let key = key_text(&change.key);
        let text = |cell: &Cell<'_>| shown(cell).map_or("null".to_owned(), |text| format!("{text:?}"));
        self.0.push(match &change.what {
            What::Added { because, .. } => format!("+ {key} {}", because.label.name()),
            What::Removed { because, .. } => format!("- {key} {}", because.label.name()),
            What::Changed { fields } => {
                let fields = fields.iter().filter(|field| field.column != "position");
                let fields: Vec<String> =
                    fields.map(|field| format!("{} {} {}", field.column, text(field.old), text(field.new))).collect();
                format!("~ {key} {}", fields.join(", "))
            }
        });
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

fn plan(columns: &[&str], key: usize) -> Plan {
    let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let position = columns.iter().position(|name| name == "position");
    let same = |place| Place { old: place, new: place };
    Plan {
        name: "t".to_owned(),
        resource: Some("tasks"),
        own: position.is_none(),
        is_list: position.is_some(),
        owner: position.and(Some("tasks")),
        listed: true,
        group_columns: position.unwrap_or(key),
        identity: position.map(|_| same(key)),
        position: position.map(same),
        compared: (key + usize::from(position.is_some())..columns.len()).map(same).collect(),
        old_columns: columns.clone(),
        new_columns: columns,
        called: None,
        hidden: Vec::new(),
        only_in_old: Vec::new(),
        only_in_new: Vec::new(),
    }
}

fn compared(plan: &Plan, old: Vec<Row>, new: Vec<Row>, sets: &mut Sets) -> (Vec<String>, TableSummary) {
    let (removed, added) = (Judge::of_the_gone(Direction::Removed), Judge::of_the_gone(Direction::Added));
    let (mut told, mut people) = (Told::default(), People::default());
    let mut diff = TableDiff {
        plan,
        removed: &removed,
        added: &added,
        owners: None,
        sets,
        people: &mut people,
        summary: TableSummary::new(plan),
        listing: &mut told,
    };
    let rows = |rows: Vec<Row>| Groups::new(Rows(rows.into_iter()), plan.group_columns);
    diff.walk(rows(old), rows(new)).unwrap();
    let summary = diff.summary;
    (told.0, summary)
}

fn text(text: &str) -> Cell<'static> {
    Cell::text(text.to_owned())
}

fn optional(value: Option<&String>) -> Cell<'static> {
    value.map_or(Cell::Null, |value| text(value))
}

/// Objects: gid to two values.
type Objects = BTreeMap<String, (Option<String>, Option<String>)>;

fn object_rows(objects: &Objects) -> Vec<Row> {
    let mut rows: Vec<Row> =
        objects.iter().map(|(gid, (a, b))| vec![text(gid), optional(a.as_ref()), optional(b.as_ref())]).collect();
    rows.sort_by_cached_key(|row| {
        let mut encoded = Vec::new();
        key::push_cells(&mut encoded, &row[..1]);
        encoded
    });
    rows
}

fn naive(old: &Objects, new: &Objects) -> Vec<String> {
    let mut told = Vec::new();
    let gids: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for gid in gids {
        match (old.get(gid), new.get(gid)) {
            (Some(_), None) => told.push(format!("- {gid} deleted")),
            (None, Some(_)) => told.push(format!("+ {gid} new")),
            (Some(one), Some(other)) if one != other => {
                let show =
                    |value: &Option<String>| value.as_ref().map_or("null".to_owned(), |text| format!("{text:?}"));
                let fields = [("a", &one.0, &other.0), ("b", &one.1, &other.1)];
                let fields = fields.iter().filter(|(_, one, other)| one != other);
                let fields: Vec<String> =
                    fields.map(|(name, one, other)| format!("{name} {} {}", show(one), show(other))).collect();
                told.push(format!("~ {gid} {}", fields.join(", ")));
            }
            _ => {}
        }
    }
    told
}

fn objects() -> impl Strategy<Value = Objects> {
    let value = || proptest::option::of("[ab]{0,2}");
    proptest::collection::btree_map("[0-9a\u{0}é]{0,2}", (value(), value()), 0..12)
}

/// Lists: an owner, and what is listed with a value for each.
type Lists = BTreeMap<String, Vec<(String, Option<String>)>>;

fn lists() -> impl Strategy<Value = Lists> {
    let item = ("[a-d]", proptest::option::of("[xy]"));
    proptest::collection::btree_map("[1-5]", proptest::collection::vec(item, 0..6), 0..5)
}

fn list_rows(lists: &Lists) -> Vec<Row> {
    let rows = |(owner, items): (&String, &Vec<(String, Option<String>)>)| {
        let row = |(place, (item, value)): (usize, &(String, Option<String>))| {
            vec![text(owner), Cell::Count(place as u64), text(item), optional(value.as_ref())]
        };
        items.iter().enumerate().map(row).collect::<Vec<Row>>()
    };
    lists.iter().flat_map(rows).collect()
}

/// The same as a set: an owner, an item and which of the equal ones it is.
fn as_set(lists: &Lists) -> BTreeMap<(String, String, usize), Option<String>> {
    let mut set = BTreeMap::new();
    for (owner, items) in lists {
        for (item, value) in items {
            let times = set.keys().filter(|(of, equal, _)| of == owner && equal == item).count();
            set.insert((owner.clone(), item.clone(), times), value.clone());
        }
    }
    set
}

proptest! {
    #[test]
    fn objects_are_compared_as_a_naive_comparison_does(old in objects(), new in objects()) {
        let plan = plan(&["gid", "a", "b"], 1);
        let mut sets = Sets::default();
        let (mut told, summary) = compared(&plan, object_rows(&old), object_rows(&new), &mut sets);
        let mut expected = naive(&old, &new);
        told.sort();
        expected.sort();
        prop_assert_eq!(&told, &expected);
        let count = |sign: &str| expected.iter().filter(|line| line.starts_with(sign)).count() as u64;
        prop_assert_eq!([summary.added, summary.removed, summary.changed], [count("+"), count("-"), count("~")]);
        prop_assert_eq!(summary.same, old.iter().filter(|(gid, row)| new.get(*gid) == Some(row)).count() as u64);
        prop_assert!(old.keys().all(|gid| sets.removed.contains(gid) != new.contains_key(gid)));
        prop_assert!(new.keys().all(|gid| sets.added.contains(gid) != old.contains_key(gid)));
    }

    #[test]
    fn lists_are_compared_by_what_they_list(old in lists(), new in lists()) {
        let plan = plan(&["owner_gid", "position", "item", "value"], 2);
        let mut sets = Sets::default();
        let (told, summary) = compared(&plan, list_rows(&old), list_rows(&new), &mut sets);
        let (before, after) = (as_set(&old), as_set(&new));
        let kept: Vec<_> = before.iter().filter_map(|(key, one)| Some((key, one, after.get(key)?))).collect();
        prop_assert_eq!(summary.removed, (before.len() - kept.len()) as u64);
        prop_assert_eq!(summary.added, (after.len() - kept.len()) as u64);
        let values = kept.iter().filter(|(_, one, other)| one != other).count();
        let with_value = told.iter().filter(|line| line.starts_with('~') && line.contains("value")).count();
        prop_assert_eq!(values, with_value);
        // Nothing is told of equal lists, and something of others.
        let full = |lists: &Lists| lists.clone().into_iter().filter(|(_, items)| !items.is_empty()).collect::<Lists>();
        prop_assert_eq!(told.is_empty(), full(&old) == full(&new));
        prop_assert_eq!(told.len() as u64, summary.differences());
    }
}

#[test]
fn rows_of_an_object_that_is_gone_are_gone_with_it() {
    let plan = plan(&["owner_gid", "position", "item", "value"], 2);
    let lists = |owners: &[&str]| -> Lists {
        owners.iter().map(|owner| ((*owner).to_owned(), vec![("a".to_owned(), None)])).collect()
    };
    let mut sets = Sets::default();
    sets.removed.insert("1");
    let (told, summary) = compared(&plan, list_rows(&lists(&["1", "2"])), list_rows(&lists(&["3"])), &mut sets);
    assert_eq!(told, ["- 1/a with its object", "- 2/a deleted", "+ 3/a new"]);
    assert_eq!(summary.removed_because, BTreeMap::from([(Label::WithItsObject, 1), (Label::Deleted, 1)]));
}
