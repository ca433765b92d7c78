//! Records as Asana sends them, and the rows that they must become.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;

use asana_model::{Cell, Layout, RowSink, TableId};
use proptest::prelude::*;

use crate::{KeptFile, Mention, Oddity, Output, Record, Standing, flatten};

#[derive(Default)]
struct Collected {
    layout: Layout,
    rows: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    records: Vec<(String, Standing, String, String)>,
    oddities: Vec<String>,
    unfit: Vec<String>,
    unknown: Vec<String>,
    met: HashSet<(usize, String)>,
    mentions: Vec<String>,
}

impl RowSink for Collected {
    type Error = Infallible;

    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<(), Infallible> {
        let table = self.layout.table(table);
        assert_eq!(cells.len(), table.columns.len(), "{}", table.name);
        let row = table.columns.iter().zip(cells).filter_map(|(column, cell)| {
            let text = match cell {
                Cell::Null => return None,
                Cell::Text(text) | Cell::Digits(text) => text.to_string(),
                Cell::Count(count) => count.to_string(),
                Cell::Boolean(value) => value.to_string(),
            };
            Some((column.name.clone(), text))
        });
        let row = row.collect();
        self.rows.entry(table.name.clone()).or_default().push(row);
        Ok(())
    }
}

impl Output for Collected {
    fn wants_reference(&mut self, resource: usize, gid: &str, _name: Option<&str>) -> bool {
        self.met.insert((resource, gid.to_owned()))
    }

    fn mention(&mut self, mention: &Mention<'_>) {
        let column = &self.layout.table(mention.table).columns[mention.column].name;
        let table = &self.layout.table(mention.table).name;
        self.mentions.push(format!("{table}.{column}: {} {}", mention.gid, mention.name.unwrap_or("-")));
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), Infallible> {
        let resource = self.layout.resources[record.resource].resource.name.to_owned();
        self.records.push((resource, record.standing, record.gid.to_string(), record.json.to_string()));
        Ok(())
    }

    fn oddity(&mut self, oddity: &Oddity<'_>) -> Result<(), Infallible> {
        self.oddities.push(format!("{} {}: {}", oddity.gid, oddity.field, oddity.what));
        Ok(())
    }

    fn unfit(&mut self, oddity: &Oddity<'_>) -> Result<(), Infallible> {
        self.unfit.push(format!("{} {}: {}", oddity.gid, oddity.field, oddity.what));
        Ok(())
    }

    fn unknown_field(&mut self, resource: usize, path: &str) {
        self.unknown.push(format!("{}.{path}", self.layout.resources[resource].resource.name));
    }
}

fn collect(resource: &str, gid: &str, json: &str) -> Collected {
    let layout = Layout::new();
    let mut output = Collected::default();
    let record = Record {
        resource: layout.resource_index(resource).unwrap(),
        gid: gid.into(),
        standing: Standing::Listed,
        container: Some(("project".into(), "900".into())),
        position: 4,
        json: json.into(),
        file: Some(KeptFile { path: "attachments/1-a.txt".into(), bytes: 3, sha256: "ab".into() }),
    };
    flatten(&layout, &record, &mut output).unwrap();
    output
}

impl Collected {
    /// The rows of a table, each as `column=value` in the order of the columns' names.
    fn table(&self, name: &str) -> Vec<String> {
        let rows = self.rows.get(name).map(Vec::as_slice).unwrap_or_default();
        rows.iter()
            .map(|row| row.iter().map(|(column, value)| format!("{column}={value}")).collect::<Vec<_>>().join(" "))
            .collect()
    }
}

#[test]
fn the_copy_of_a_file_stands_beside_its_record() {
    let seen = collect("attachments", "1", r#"{"gid":"1","name":"a.txt","size":3}"#);
    let row = &seen.rows["attachments"][0];
    let told = ["file_path", "file_bytes", "file_sha256"].map(|column| row[column].as_str());
    assert_eq!(told, ["attachments/1-a.txt", "3", "ab"]);
    assert!(collect("tags", "1", r#"{"gid":"1"}"#).rows["tags"].iter().all(|row| !row.contains_key("file_path")));
}

#[test]
fn a_task_becomes_a_row_and_child_rows() {
    let output = collect(
        "tasks",
        "1",
        r#"{"gid":"1","name":"Say \"hi\"","assignee":{"gid":"7","name":"Ann"},"parent":null,"num_likes":0,
            "completed":false,"due_on":"2026-01-31","notes":"","actual_time_minutes":1.50,
            "memberships":[{"project":{"gid":"900"},"section":{"gid":"901"}},{"project":{"gid":"902"},"section":null}],
            "followers":[{"gid":"8","name":"Bo"},{"gid":"7","name":"Ann"}],"tags":[],
            "likes":[{"gid":"55","user":{"gid":"8","name":"Bo"}}],"dependencies":[{"gid":"2"}]}"#,
    );
    assert_eq!(
        output.table("tasks"),
        ["actual_time_minutes=1.50 assignee_gid=7 assignee_name=Ann completed=false due_on=2026-01-31 gid=1 \
          name=Say \"hi\" notes= num_likes=0"]
    );
    assert_eq!(
        output.table("task_memberships"),
        ["position=0 project_gid=900 section_gid=901 task_gid=1", "position=1 project_gid=902 task_gid=1"]
    );
    assert_eq!(
        output.table("task_followers"),
        ["position=0 task_gid=1 user_gid=8", "position=1 task_gid=1 user_gid=7"]
    );
    assert_eq!(output.table("task_likes"), ["position=0 task_gid=1 user_gid=8"]);
    assert_eq!(output.table("task_dependencies"), ["depends_on_gid=2 position=0 task_gid=1"]);
    assert!(output.table("task_tags").is_empty());
    assert_eq!((output.oddities.len(), output.unknown.len()), (0, 0));
    let people: Vec<_> = output.records.iter().map(|(_, standing, gid, _)| (*standing, gid.as_str())).collect();
    assert_eq!(people, [(Standing::Reference, "7"), (Standing::Reference, "8")]);
}

#[test]
fn gids_in_custom_field_values_may_be_numbers() {
    let output = collect(
        "tasks",
        "1",
        r#"{"gid":1,"custom_fields":[{"gid":40,"enum_value":{"gid":41}},{"gid":12,"multi_enum_values":[{"gid":13}]}]}"#,
    );
    let expected =
        ["custom_field_gid=40 enum_option_gid=41 position=0 task_gid=1", "custom_field_gid=12 position=1 task_gid=1"];
    assert_eq!(output.table("task_custom_fields"), expected);
    assert_eq!(
        output.table("task_custom_field_options"),
        ["custom_field_gid=12 enum_option_gid=13 position=0 task_gid=1"]
    );
    assert_eq!(output.oddities.len(), 0);
}

#[test]
fn custom_field_values_of_every_type_have_one_shape() {
    let output = collect(
        "tasks",
        "1",
        r#"{"gid":"1","custom_fields":[
            {"gid":"30","name":"Cost","resource_subtype":"number","number_value":1.50,"display_value":"1.50","enabled":true},
            {"gid":"20","name":"Who","resource_subtype":"people","people_value":[{"gid":"7","name":"Ann"}]},
            {"gid":"10","name":"When","resource_subtype":"date","date_value":{"date":"2026-01-01","date_time":null}},
            {"gid":"40","name":"One","type":"enum","enum_value":{"gid":"41","name":"A"}},
            {"gid":"12","name":"Many","type":"multi_enum","multi_enum_values":[{"gid":"13","name":"X"},{"gid":"14","name":"Y"}]},
            {"gid":"11","name":"More","type":"multi_enum","multi_enum_values":[{"gid":"15","name":"Z"}]},
            {"gid":"50","name":"Ref","type":"reference","reference_value":[{"gid":"2","resource_type":"task","name":"T"}]},
            {"gid":"60","name":"Blank","type":"text","text_value":null,"display_value":null,"enabled":false}]}"#,
    );
    assert_eq!(
        output.table("task_custom_fields"),
        [
            "custom_field_gid=30 display_value=1.50 enabled=true name=Cost number_value=1.50 position=0 task_gid=1 type=number",
            "custom_field_gid=20 name=Who position=1 task_gid=1 type=people",
            "custom_field_gid=10 date_value=2026-01-01 name=When position=2 task_gid=1 type=date",
            "custom_field_gid=40 enum_option_gid=41 enum_option_name=A name=One position=3 task_gid=1 type=enum",
            "custom_field_gid=12 name=Many position=4 task_gid=1 type=multi_enum",
            "custom_field_gid=11 name=More position=5 task_gid=1 type=multi_enum",
            "custom_field_gid=50 name=Ref position=6 task_gid=1 type=reference",
            "custom_field_gid=60 enabled=false name=Blank position=7 task_gid=1 type=text",
        ]
    );
    // By field, then place: the order of the primary key, not of arrival.
    assert_eq!(
        output.table("task_custom_field_options"),
        [
            "custom_field_gid=11 enum_option_gid=15 enum_option_name=Z position=0 task_gid=1",
            "custom_field_gid=12 enum_option_gid=13 enum_option_name=X position=0 task_gid=1",
            "custom_field_gid=12 enum_option_gid=14 enum_option_name=Y position=1 task_gid=1",
        ]
    );
    assert_eq!(output.table("task_custom_field_people"), ["custom_field_gid=20 position=0 task_gid=1 user_gid=7"]);
    assert_eq!(
        output.table("task_custom_field_references"),
        ["custom_field_gid=50 position=0 reference_gid=2 reference_name=T reference_type=task task_gid=1"]
    );
    assert_eq!(output.mentions, ["task_custom_field_references.reference_gid: 2 T"]);
    assert!(output.oddities.is_empty() && output.unknown.is_empty(), "{:?} {:?}", output.oddities, output.unknown);
    let stub = output.records.iter().find(|(resource, _, gid, _)| resource == "custom_fields" && gid == "30").unwrap();
    assert_eq!(stub.3, r#"{"gid":"30","name":"Cost","resource_subtype":"number"}"#);
}

#[test]
fn nested_records_are_handed_on_with_where_they_were_found() {
    let setting = r#"{"gid":"70","is_important":true,"custom_field":{"gid":"10","name":"When"}}"#;
    let output = collect("projects", "900", &format!(r#"{{"gid":"900","custom_field_settings":[{setting}]}}"#));
    assert_eq!(
        output.records,
        [("custom_field_settings".to_owned(), Standing::Nested, "70".to_owned(), setting.to_owned())]
    );
    let output = collect("custom_field_settings", "70", setting);
    assert_eq!(
        output.table("custom_field_settings"),
        [
            "custom_field_gid=10 custom_field_name=When gid=70 is_important=true parent_gid=900 parent_type=project position=4"
        ]
    );
    assert_eq!(output.records[0].0, "custom_fields");
    assert_eq!(
        output.mentions,
        ["custom_field_settings.parent_gid: 900 -"],
        "where it was found has to have a row too"
    );
}

#[test]
fn several_kinds_of_target_have_a_type_column() {
    let output = collect(
        "attachments",
        "1",
        r#"{"gid":"1","name":"a.txt","parent":{"gid":"2","resource_type":"task","name":"T"},"size":9007199254740993}"#,
    );
    assert_eq!(
        output.table("attachments"),
        ["file_bytes=3 file_path=attachments/1-a.txt file_sha256=ab gid=1 name=a.txt parent_gid=2 parent_name=T \
             parent_type=task size=9007199254740993"]
    );
}

#[test]
fn surprises_are_named_and_lose_nothing_else() {
    let output = collect(
        "tasks",
        "1",
        r#"{"gid":"1","name":7,"assignee":"7","followers":{},"tags":[{"name":"no gid"}],"completed":"yes","shiny":1,
            "memberships":[{"project":{"gid":"2"},"colour":"red"}],"notes":"kept","notes":"kept, the last"}"#,
    );
    assert_eq!(output.table("tasks"), ["gid=1 notes=kept, the last"]);
    assert_eq!(output.unknown, ["tasks.shiny", "tasks.memberships.colour"]);
    assert_eq!(
        output.oddities,
        [
            "1 name: expected text, found 7",
            "1 assignee: expected an object, found \"7\"",
            "1 completed: expected true or false, found \"yes\"",
            "1 followers: expected an object with a gid, found {}",
            "1 tags: expected an object with a gid, found {\"name\":\"no gid\"}",
        ]
        .map(|text| text.replace("followers: expected an object with a gid", "followers: expected a list"))
    );
    assert_eq!(collect("tasks", "1", "[]").oddities, ["1 : expected an object, found []"]);
}

#[test]
fn an_edge_is_keyed_by_where_it_is() {
    let output =
        collect("portfolio_items", "1", r#"{"gid":"1","resource_type":"project","name":"Launch","icon":null}"#);
    assert_eq!(
        output.table("portfolio_items"),
        ["item_gid=1 item_name=Launch item_type=project portfolio_gid=900 position=4"]
    );
    assert_eq!(output.unknown, ["portfolio_items.icon"]);
    assert_eq!(output.mentions, ["portfolio_items.portfolio_gid: 900 -", "portfolio_items.item_gid: 1 Launch"]);
}

#[test]
fn whoever_acted_may_have_no_gid_and_need_no_row() {
    let output = collect(
        "audit_log_events",
        "1",
        r#"{"gid":"1","actor":{"actor_type":"anonymous"},"resource":{"resource_type":"task","gid":"5","name":null},
            "context":{"context_type":"api","on_behalf_of_user_id":77},"details":{"b": [1, {"a":2.50}]}}"#,
    );
    assert_eq!(
        output.table("audit_log_events"),
        ["actor_actor_type=anonymous context_context_type=api context_on_behalf_of_user_id=77 \
          details={\"b\": [1, {\"a\":2.50}]} gid=1 resource_gid=5 resource_type=task"]
    );
    assert_eq!((output.oddities.len(), output.mentions.len()), (0, 0));
}

#[test]
fn people_are_met_wherever_any_kind_may_stand() {
    let output = collect(
        "memberships",
        "1",
        r#"{"gid":"1","member":{"gid":"7","resource_type":"user","name":"Ann"},"access_level":"admin"}"#,
    );
    assert_eq!(
        output.records,
        [(
            "users".to_owned(),
            Standing::Reference,
            "7".to_owned(),
            r#"{"gid":"7","resource_type":"user","name":"Ann"}"#.to_owned()
        )]
    );
    let team = r#"{"gid":"1","member":{"gid":"8","resource_type":"team"}}"#;
    let mentions = collect("memberships", "1", team).mentions;
    assert_eq!(mentions, ["memberships.parent_gid: 900 -", "memberships.member_gid: 8 -"]);
    let deprecated = collect("memberships", "1", r#"{"gid":"1","role":"editor","shiny":1}"#);
    assert_eq!(deprecated.unknown, ["memberships.shiny"], "what is left out on purpose is known");
}

#[test]
fn only_unions_say_where_a_row_came_from() {
    assert_eq!(collect("users", "7", r#"{"gid":"7","name":"Ann"}"#).table("users"), ["gid=7 name=Ann source=listing"]);
    assert!(!collect("tags", "7", r#"{"gid":"7"}"#).table("tags")[0].contains("source"));
}

proptest! {
    /// Whatever the server sends, a row comes out and nothing panics.
    #[test]
    fn no_json_makes_it_fail(value in "[\\[\\]{}:,\"a-z0-9.null\\\\ -]{0,60}") {
        for field in ["name", "assignee", "memberships", "custom_fields", "likes", "due_on"] {
            let json = format!("{{\"gid\":\"1\",\"{field}\":{value}}}");
            let output = collect("tasks", "1", &json);
            prop_assert_eq!(output.table("tasks").len() + output.oddities.len().min(1), 1 + usize::from(!output.oddities.is_empty() && output.rows.contains_key("tasks")));
        }
    }
}

#[test]
fn strange_text_becomes_a_cell_and_an_oddity_but_never_costs_a_record() {
    let output = collect("tasks", "1", r#"{"gid":"1","name":"half \ud83d","\ud800":1,"notes":"\u0000\ud83d\ude00"}"#);
    assert_eq!(output.table("tasks"), ["gid=1 name=half \u{fffd} notes=\u{0}\u{1f600}"]);
    assert_eq!(output.oddities, [r#"1 name: half of a surrogate pair became U+FFFD: "half \ud83d""#]);
    assert_eq!(output.unknown.len(), 1, "{:?}", output.unknown);
}

#[test]
fn of_two_members_with_one_name_the_last_counts() {
    let json = r#"{"gid":"1","name":"first","name":"last","assignee":{"gid":"7","gid":"8"}}"#;
    assert_eq!(collect("tasks", "1", json).table("tasks"), ["assignee_gid=8 gid=1 name=last"]);
}

#[test]
fn digits_are_kept_however_many_there_are() {
    let digits = "-123456789012345678901234567890.50E+400";
    let json = format!(
        r#"{{"gid":"1","custom_fields":[{{"gid":"30","number_value":{digits}}},{{"gid":31,"number_value":"1"}}]}}"#
    );
    let output = collect("tasks", "1", &json);
    let rows = output.table("task_custom_fields");
    assert_eq!(rows[0], format!("custom_field_gid=30 number_value={digits} position=0 task_gid=1"));
    assert_eq!(rows[1], "custom_field_gid=31 position=1 task_gid=1", "a gid sent as a number is a gid");
    assert_eq!(output.oddities.len(), 1, "text is no number: {:?}", output.oddities);
}

#[test]
fn nesting_without_end_is_an_unknown_field_or_an_oddity() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = format!(r#"{{"gid":"1","name":"x","shiny":{deep},"assignee":{deep},"memberships":{deep}}}"#);
    let output = collect("tasks", "1", &json);
    assert_eq!(output.table("tasks"), ["gid=1 name=x"]);
    assert_eq!(output.unknown, ["tasks.shiny"]);
    assert!(output.oddities.len() >= 2 && output.oddities.iter().all(|odd| odd.len() < 1_000), "{:?}", output.oddities);
}

#[test]
fn what_no_type_can_hold_is_told_and_still_in_the_row() {
    let json = r#"{"gid":"1","name":"x","due_on":"2025-02-30","num_likes":92233720368547758079,"actual_time_minutes":1.50,
        "custom_fields":[{"gid":"7","number_value":1e400,"date_value":{"date":"2025-13-01"}}]}"#;
    let collected = collect("tasks", "1", json);
    let unfit = "so formats with types have nothing there";
    let expected = [
        format!("1 num_likes: beyond 64 bits, {unfit}: 92233720368547758079"),
        format!("1 due_on: no day of the calendar, {unfit}: \"2025-02-30\""),
        format!("1 custom_fields.number_value: not exactly a 64-bit number, {unfit}: 1e400"),
        format!("1 custom_fields.date_value.date: no day of the calendar, {unfit}: \"2025-13-01\""),
    ];
    assert_eq!(collected.oddities, [""; 0]);
    let mut found = collected.unfit.clone();
    found.sort_by_key(|oddity| expected.iter().position(|one| one == oddity));
    assert_eq!(found, expected);
    let task = &collected.table("tasks")[0];
    assert!(task.contains("due_on=2025-02-30") && task.contains("num_likes=92233720368547758079"), "{task}");
    assert!(collected.table("task_custom_fields")[0].contains("number_value=1e400"));
}
