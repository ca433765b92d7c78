use std::fs;

use asana_export::{Format, Style, Target};

use super::*;

/// The rows of a table of values as (position, field, name, type, typed value), and of what is listed.
struct Scene {
    layout: Layout,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { layout: Layout::new(), folder: tempfile::tempdir().unwrap() }
    }

    fn id(&self, table: &str) -> TableId {
        TableId(self.layout.tables.iter().position(|one| one.name == table).unwrap())
    }

    /// A row of which only these cells are told.
    fn row<'c>(&self, table: &str, cells: &[(&str, Cell<'c>)]) -> Vec<Cell<'c>> {
        let table = self.layout.table(self.id(table));
        let mut row = vec![Cell::Null; table.columns.len()];
        for (column, cell) in cells {
            row[table.column(column).unwrap()] = cell.clone();
        }
        row
    }

    fn take(&self, wide: &mut Wide<'_>, table: &str, cells: &[(&str, Cell<'_>)]) {
        wide.row(self.id(table), &self.row(table, cells)).unwrap();
    }

    fn value(&self, wide: &mut Wide<'_>, task: &str, place: u64, field: [&str; 3], more: &[(&str, Cell<'_>)]) {
        let [gid, name, kind] = field.map(|text| Cell::text(text.to_owned()));
        let cells = [
            ("task_gid", Cell::text(task.to_owned())),
            ("position", Cell::Count(place)),
            ("custom_field_gid", gid),
            ("name", name),
            ("type", kind),
        ];
        self.take(wide, "task_custom_fields", &[cells.as_slice(), more].concat());
    }

    /// What is written of tasks, as JSON Lines, and what is odd.
    fn written(&self, wide: Wide<'_>) -> (Vec<String>, TableReport, Vec<String>) {
        let target = Target::Write(self.folder.path().to_owned());
        let style = Style::of([Format::parse("jsonl").unwrap()]);
        let writing = Writing::begin(&target, &style, self.folder.path()).unwrap();
        let mut oddities = Vec::new();
        let mut odd = |table: &str, gid: &str, field: &str, what: &str| {
            oddities.push(format!("{table} {gid} {field}: {what}"));
            Ok(())
        };
        let mut reports = wide.finish(&writing, |name| name == "tasks", &mut odd).unwrap();
        assert_eq!(reports.len(), 1);
        let text = fs::read_to_string(self.folder.path().join("jsonl/tasks_wide.jsonl")).unwrap();
        (text.lines().map(str::to_owned).collect(), reports.remove(0), oddities)
    }
}

fn text(value: &'static str) -> Cell<'static> {
    Cell::text(value)
}

#[test]
fn every_kind_of_value_has_its_cell() {
    let scene = Scene::new();
    let mut wide = Wide::new(&scene.layout, scene.folder.path());
    let wide = &mut wide;
    scene.value(wide, "1", 0, ["10", "Number", "number"], &[("number_value", Cell::Digits("1.50".into()))]);
    let date = [("date_value", text("2026-01-02")), ("display_value", text("2026-01-02T00:00:00.000Z"))];
    scene.value(wide, "1", 1, ["11", "Day", "date"], &date);
    let time = [("date_value", text("2026-01-02")), ("date_time_value", text("2026-01-02T03:04:05.000Z"))];
    scene.value(wide, "1", 2, ["12", "Time", "date"], &time);
    scene.value(wide, "1", 3, ["13", "Enum", "enum"], &[("enum_option_gid", text("99"))]);
    scene.value(wide, "1", 4, ["14", "Many", "multi_enum"], &[("display_value", text("a, b"))]);
    scene.value(wide, "1", 5, ["15", "People", "people"], &[("display_value", text("Ada, Bob"))]);
    scene.value(wide, "1", 6, ["16", "Id", "text"], &[("display_value", text("EX-1"))]);
    scene.value(wide, "1", 7, ["17", "Mixed", "formula"], &[("number_value", Cell::Digits("3".into()))]);
    scene.value(wide, "1", 8, ["18", "Empty", "number"], &[("display_value", text(""))]);
    scene.value(wide, "1", 9, ["19", "Blank", "text"], &[("text_value", text(""))]);
    for (position, name) in [(1, "b"), (0, "a; x")] {
        let cells = [
            ("task_gid", text("1")),
            ("custom_field_gid", text("14")),
            ("position", Cell::Count(position)),
            ("enum_option_gid", text("7")),
            ("enum_option_name", text(name)),
        ];
        scene.take(wide, "task_custom_field_options", &cells);
    }
    for (position, user) in [(0, "21"), (1, "22")] {
        let cells = [
            ("task_gid", text("1")),
            ("custom_field_gid", text("15")),
            ("position", Cell::Count(position)),
            ("user_gid", text(user)),
        ];
        scene.take(wide, "task_custom_field_people", &cells);
    }
    scene.take(wide, "tasks", &[("gid", text("1")), ("name", text("One"))]);
    scene.value(wide, "2", 0, ["17", "Renamed", "formula"], &[("display_value", text("three"))]);
    scene.take(wide, "tasks", &[("gid", text("2"))]);
    scene.take(wide, "users", &[("gid", text("21")), ("name", text("Ada"))]);
    let (rows, report, oddities) =
        scene.written(std::mem::replace(wide, Wide::new(&scene.layout, scene.folder.path())));
    assert_eq!(
        rows,
        [
            r#"{"gid":"1","name":"One","Blank":"","Day":"2026-01-02","Empty":null,"Enum":"99","Id":"EX-1","Many":"a; x; b","Mixed":"3","Number":1.50,"People":"Ada; 22","Time":"2026-01-02T03:04:05.000Z"}"#,
            r#"{"gid":"2","name":null,"Blank":null,"Day":null,"Empty":null,"Enum":null,"Id":null,"Many":null,"Mixed":"three","Number":null,"People":null,"Time":null}"#,
        ]
    );
    let types =
        ["gid", "text", "text", "date", "number", "text", "text", "text", "text", "number", "text", "timestamp"];
    assert_eq!(report.types, types);
    assert_eq!((report.name.as_str(), report.resource.as_deref()), ("tasks_wide", Some("tasks")));
    assert_eq!(oddities, Vec::<String>::new());
}

#[test]
fn a_field_that_occurs_twice_is_told_of() {
    let scene = Scene::new();
    let mut wide = Wide::new(&scene.layout, scene.folder.path());
    for (place, value) in [(1, "second"), (0, "first")] {
        scene.value(&mut wide, "1", place, ["10", "Twice", "text"], &[("text_value", text(value))]);
    }
    scene.take(&mut wide, "tasks", &[("gid", text("1"))]);
    let (rows, _, oddities) = scene.written(wide);
    assert_eq!(rows, [r#"{"gid":"1","name":null,"Twice":"first"}"#]);
    assert_eq!(oddities, ["tasks_wide 1 Twice: one custom field occurs twice; its first value is kept"]);
}

#[test]
fn fields_beyond_the_most_columns_are_told_of() {
    let scene = Scene::new();
    let mut wide = Wide::new(&scene.layout, scene.folder.path());
    for place in 0..columns::MOST_COLUMNS as u64 {
        let gid = format!("{}", 10_000 + place);
        scene.value(&mut wide, "1", place, [&gid, &gid, "text"], &[("text_value", text("x"))]);
    }
    scene.take(&mut wide, "tasks", &[("gid", text("1"))]);
    let (_, report, oddities) = scene.written(wide);
    assert_eq!(report.columns.len(), columns::MOST_COLUMNS);
    assert_eq!(oddities.len(), 2);
    assert!(oddities[0].starts_with("tasks_wide 11998 11998: no column"), "{oddities:?}");
}

#[test]
fn no_wide_table_has_the_name_of_another() {
    let layout = Layout::new();
    let names: Vec<String> =
        owners(&layout).map(|(resource, ..)| format!("{}_wide", layout.resources[resource].resource.name)).collect();
    for expected in ["tasks_wide", "projects_wide", "portfolios_wide", "goals_wide", "users_wide"] {
        assert!(names.iter().any(|name| name == expected), "{names:?}");
    }
    assert!(layout.tables.iter().all(|table| !names.contains(&table.name)));
    assert_eq!(tables(&layout, |name| name == "goals"), 1);
}
