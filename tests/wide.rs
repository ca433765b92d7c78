//! `--wide`: a row for each object and a column for each custom field, with what the other tables say, wherever it is asked
//! for and in whatever way the tables are made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use asana_simulator::{ADMIN_TOKEN, Config, Plan, SERVICE_TOKEN};
use serde_json::{Value, json};

use crate::support::formats::{Cell, Table};
use crate::support::{Export, Folder, Program, start, unlimited};

/// Owners of values, and what their other tables' names begin with.
const OWNERS: &[(&str, &str)] =
    &[("goals", "goal"), ("portfolios", "portfolio"), ("projects", "project"), ("tasks", "task"), ("users", "user")];

/// The texts of several columns of a table, row by row.
fn rows<const N: usize>(table: &Table, columns: [&str; N]) -> Vec<[Option<String>; N]> {
    let columns = columns.map(|name| if table.rows.is_empty() { Vec::new() } else { table.column(name) });
    (0..table.rows.len()).map(|at| std::array::from_fn(|column| columns[column][at].shown())).collect()
}

/// Lists by owner and field: the tables have them in order.
fn lists<'r>(
    rows: impl Iterator<Item = (&'r Option<String>, &'r Option<String>, String)>,
) -> BTreeMap<(String, String), String> {
    let mut lists: BTreeMap<(String, String), String> = BTreeMap::new();
    for (owner, field, element) in rows {
        let key = (owner.clone().unwrap(), field.clone().unwrap());
        lists.entry(key).and_modify(|list| *list = format!("{list}; {element}")).or_insert(element);
    }
    lists
}

/// What the wide table of an owner has to be, worked out from the other tables.
fn expected(folder: &Folder, owners: &str, singular: &str) -> (Table, Vec<String>) {
    let of = |suffix: &str| folder.table(&format!("{singular}_custom_field{suffix}"));
    let owner = format!("{singular}_gid");
    let (owner, person) = (owner.as_str(), if singular == "user" { "value_user_gid" } else { "user_gid" });
    let names: BTreeMap<Option<String>, Option<String>> =
        rows(&folder.table("users"), ["gid", "name"]).into_iter().map(|[gid, name]| (gid, name)).collect();
    let mut all = lists(
        rows(&of("_options"), [owner, "custom_field_gid", "enum_option_name"])
            .iter()
            .map(|[owner, field, name]| (owner, field, name.clone().unwrap())),
    );
    all.extend(lists(
        rows(&of("_references"), [owner, "custom_field_gid", "reference_name"])
            .iter()
            .map(|[owner, field, name]| (owner, field, name.clone().unwrap())),
    ));
    all.extend(lists(
        rows(&of("_people"), [owner, "custom_field_gid", person])
            .iter()
            .map(|[owner, field, gid]| (owner, field, names[gid].clone().or_else(|| gid.clone()).unwrap())),
    ));
    let values = rows(
        &of("s"),
        [
            owner,
            "custom_field_gid",
            "name",
            "type",
            "date_time_value",
            "date_value",
            "number_value",
            "enum_option_name",
            "text_value",
            "display_value",
        ],
    );
    let mut fields: BTreeMap<String, (String, String, BTreeSet<&str>)> = BTreeMap::new();
    let mut cells: BTreeMap<(String, String), (String, bool)> = BTreeMap::new();
    for [owner, field, name, kind, instant, day, number, option, text, shown] in values {
        let key = (owner.unwrap(), field.unwrap());
        let field = fields.entry(key.1.clone()).or_default();
        if field.0.is_empty() {
            field.0 = name.unwrap_or_default().trim().to_owned();
        }
        field.1 = kind.unwrap_or_default();
        let value = if let Some(list) = all.remove(&key) {
            Some(("text", list))
        } else if let Some(number) = number {
            Some(("number", number))
        } else if let Some(instant) = instant {
            Some(("timestamp", instant))
        } else if let Some(day) = day {
            Some(("date", day))
        } else {
            option.or(text).or(shown.filter(|shown| !shown.is_empty())).map(|text| ("text", text))
        };
        if let Some((kind, value)) = value {
            field.2.insert(kind);
            cells.insert(key, (value, kind == "number"));
        }
    }
    assert!(all.is_empty(), "{owners}: elements of lists without a value: {all:?}");
    let mut order: Vec<(String, String)> =
        fields.iter().map(|(gid, (name, ..))| (name.to_lowercase(), gid.clone())).collect();
    order.sort();
    let mut columns = vec!["gid".to_owned(), "name".to_owned()];
    let mut types = vec!["gid".to_owned(), "text".to_owned()];
    for (folded, gid) in &order {
        let (name, kind, kinds) = &fields[gid];
        let taken = order.iter().filter(|(other, _)| other == folded).count() > 1;
        columns.push(match name.as_str() {
            "" => format!("field ({gid})"),
            _ if taken || ["gid", "name"].contains(&folded.as_str()) => format!("{name} ({gid})"),
            _ => name.clone(),
        });
        types.push(match kinds.iter().collect::<Vec<_>>()[..] {
            [one] => (*one).to_owned(),
            [] if kind == "number" || kind == "date" => kind.clone(),
            _ => "text".to_owned(),
        });
    }
    let cell = |gid: &String, field: &String, kind: &String| match cells.get(&(gid.clone(), field.clone())) {
        None => Cell::Null,
        Some((digits, true)) if kind == "number" => Cell::Digits(digits.clone()),
        Some((text, _)) => Cell::Text(text.clone()),
    };
    let row = |[gid, name]: [Option<String>; 2]| {
        let gid = gid.unwrap();
        let fixed = [Cell::text(gid.clone()), name.map_or(Cell::Null, Cell::Text)];
        fixed
            .into_iter()
            .chain(order.iter().zip(&types[2..]).map(|((_, field), kind)| cell(&gid, field, kind)))
            .collect()
    };
    let rows = rows(&folder.table(owners), ["gid", "name"]).into_iter().map(row).collect();
    (Table { columns, rows }, types)
}

/// Compares all wide tables with the others; gives the names of their columns.
#[track_caller]
fn assert_wide(folder: &Folder) -> BTreeMap<&'static str, Vec<String>> {
    let manifest = folder.manifest();
    let mut names = BTreeMap::new();
    for (owners, singular) in OWNERS {
        let (expected, types) = expected(folder, owners, singular);
        let found = folder.table(&format!("{owners}_wide"));
        assert_eq!(found.columns, expected.columns, "{owners}");
        for (found, expected) in found.rows.iter().zip(&expected.rows) {
            assert_eq!(found, expected, "{owners}");
        }
        assert_eq!(found.rows.len(), expected.rows.len(), "{owners}");
        let listed =
            manifest["tables"].as_array().unwrap().iter().find(|table| table["name"] == *format!("{owners}_wide"));
        assert_eq!(listed.unwrap()["types"], json!(types), "{owners}");
        names.insert(*owners, found.columns);
    }
    names
}

#[test]
fn every_value_is_in_its_column_and_nothing_else() {
    let of = |seed, tasks, plan, hostile| Config { plan, hostile, ..unlimited(seed, tasks) };
    for (config, columns, twice) in [
        (of(3, 60, Plan::Free, false), 2, false),
        (of(4, 90, Plan::Enterprise, false), 10, false),
        (of(9, 400, Plan::Paid, false), 12, true),
        (of(5, 150, Plan::Enterprise, true), 10, true),
    ] {
        let free = config.plan == Plan::Free;
        let simulator = start(config);
        let out = tempfile::tempdir().unwrap();
        let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).flag("wide");
        let folder = export.ends_with(if free { 3 } else { 0 });
        let names = assert_wide(&folder);
        assert!(names["tasks"].len() >= columns, "{:?}", names["tasks"]);
        assert!(!twice || names["tasks"].iter().any(|name| name.ends_with(')')), "{:?}", names["tasks"]);
        assert_eq!(folder.manifest()["selection"]["wide"], json!(true));
        let verified = Program::new(["verify", export.out().to_str().unwrap()]).run().exits(0).stdout;
        assert!(verified.contains("byte for byte") && !verified.contains("not checked"), "{verified}");
    }
}

#[test]
fn converted_or_exported_wide_tables_are_the_same_files() {
    let simulator = start(unlimited(7, 80));
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name));
    let narrow = export("narrow").complete();
    let wide = export("wide").flag("wide").complete();
    let convert = |flags: &[&str]| Program::new([&["convert", "narrow"], flags].concat()).inside(out.path()).run();
    assert!(!narrow.tables("csv").iter().any(|table| table.ends_with("_wide")));
    assert_eq!(narrow.manifest()["selection"]["wide"], Value::Null);
    let before = narrow.table_files();
    convert(&["--wide"]).exits(0);
    assert!(narrow.table_files() == wide.table_files());
    assert_eq!(narrow.manifest()["tables"], wide.manifest()["tables"]);
    assert_eq!(narrow.manifest()["selection"], wide.manifest()["selection"]);
    // What is not given stays as it was.
    convert(&[]).exits(0).says(&["no file was written"]);
    convert(&["--out", "few", "--only", "projects"]).exits(0);
    let few = Folder::new(&out.path().join("few"));
    let tables: Vec<String> = few.tables("csv").into_iter().filter(|table| table.ends_with("_wide")).collect();
    assert_eq!(tables, ["projects_wide"]);
    convert(&["--wide", "false"]).exits(0);
    assert!(narrow.table_files() == before);
}

/// SQLite has a view of that name where there is no table.
#[test]
fn a_database_has_the_table_instead_of_the_view() {
    let simulator = start(unlimited(7, 40));
    let out = tempfile::tempdir().unwrap();
    let folder = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("format", "csv,sqlite");
    let folder = folder.flag("wide").complete();
    let database = rusqlite::Connection::open(folder.path("workspace.sqlite")).unwrap();
    let kind = "SELECT type FROM sqlite_schema WHERE name = 'tasks_wide'";
    assert_eq!(database.query_row(kind, [], |row| row.get::<_, String>(0)).unwrap(), "table");
    let rows = "SELECT count(*) FROM tasks_wide";
    let rows: i64 = database.query_row(rows, [], |row| row.get(0)).unwrap();
    assert_eq!(usize::try_from(rows).unwrap(), folder.csv_table("tasks").rows.len());
    // Its columns are described, too.
    let dictionary = fs::read_to_string(folder.path("DICTIONARY.md")).unwrap();
    assert!(dictionary.contains("\n## tasks_wide\n"), "{dictionary}");
    Program::new(["verify", folder.path("").to_str().unwrap()]).run().exits(0);
}

#[test]
fn databases_and_typed_files_have_them_too() {
    let simulator = start(Config { hostile: true, plan: Plan::Enterprise, ..unlimited(5, 120) });
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out"))
        .set("format", "csv,json,jsonl,parquet,sqlite,xlsx")
        .flag("wide");
    let folder = export.complete();
    let database = rusqlite::Connection::open(folder.path("workspace.sqlite")).unwrap();
    for (owners, _) in OWNERS {
        let name = format!("{owners}_wide");
        let table = folder.table(&name);
        let mut query = database.prepare(&format!("SELECT * FROM {name} ORDER BY gid")).unwrap();
        let known = |name: &String| name.replace('\0', "\u{fffd}");
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        assert_eq!(columns, table.columns.iter().map(known).collect::<Vec<_>>());
        let gids: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(gids, table.texts("gid"));
        assert!(folder.path(&format!("parquet/{name}.parquet")).is_file());
    }
    let verified = Program::new(["verify", export.out().to_str().unwrap()]).run().exits(0).stdout;
    assert!(verified.contains("byte for byte"), "{verified}");
}

#[test]
fn the_setting_may_stand_in_the_environment_and_in_the_file() {
    let simulator = start(unlimited(7, 20));
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name)).set("only", "tasks");
    let has = |name: &str| Folder::new(&out.path().join(name)).tables("csv").contains(&"tasks_wide".to_owned());
    export("env").program().env("ASANA_WORKSPACE_WIDE", "true").run().exits(0);
    assert!(has("env"));
    fs::write(out.path().join("asana-workspace.toml"), "wide = true\n").unwrap();
    export("file").program().inside(out.path()).run().exits(0);
    assert!(has("file"));
    export("neither").set("wide", "false").program().inside(out.path()).run().exits(0);
    assert!(!has("neither"));
}

#[test]
fn what_was_changed_in_a_wide_table_is_found_without_the_archive() {
    let simulator = start(unlimited(4, 90));
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, ADMIN_TOKEN, &out.path().join("out")).set("format", "csv").flag("wide");
    let folder = export.complete();
    let path = folder.path("csv/tasks_wide.csv");
    let types: Vec<Value> = folder.manifest()["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|table| table["name"] == "tasks_wide")
        .unwrap()["types"]
        .as_array()
        .unwrap()
        .clone();
    assert!(types.contains(&json!("number")) && types.contains(&json!("timestamp")), "{types:?}");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.len() - 1;
    lines.swap(last, last - 1);
    // A row of nothing but texts, where the types want others.
    let row = format!("9999999999999999{}", ",x".repeat(types.len() - 1));
    lines.push(&row);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    fs::remove_dir_all(folder.path("archive")).unwrap();
    let found = Program::new(["verify", export.out().to_str().unwrap()]).run().exits(11).stdout;
    for piece in ["which is no number", "which is no timestamp", "belongs before the row before"] {
        assert!(found.contains(piece), "no {piece:?} in:\n{found}");
    }
}

#[test]
fn audits_and_comparisons_take_no_notice_of_wide_tables() {
    let simulator = start(Config { planted: true, ..unlimited(6, 60) });
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| Export::new(&simulator, ADMIN_TOKEN, &out.path().join(name));
    export("narrow").complete();
    export("wide").flag("wide").complete();
    let findings = |name: &str| {
        Program::new(["audit", name, "--format", "json"]).inside(out.path()).run().exits(0);
        let json = fs::read(out.path().join(name).join("audit/findings.json")).unwrap();
        serde_json::from_slice::<Value>(&json).unwrap()["findings"].clone()
    };
    let narrow = findings("narrow");
    assert!(!narrow.as_array().unwrap().is_empty());
    assert_eq!(findings("wide"), narrow);
    let said = Program::new(["diff", "narrow", "wide"]).inside(out.path()).run().exits(0).stdout;
    assert!(said.contains("tasks_wide, users_wide: not compared as such, but as what they show"), "{said}");
}
