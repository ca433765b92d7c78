use super::*;
use crate::rule::Rule;

fn chosen(query: &str) -> Chosen {
    let text = format!(
        "id = \"own\"\ntitle = \"t\"\ncategory = \"access\"\nseverity = \"low\"\nwhy = \"w\"\nremedy = \"r\"\n\
         tables = [\"tasks\"]\nquery = '''{query}'''\n"
    );
    let rule: Rule = toml::from_str(&text).unwrap();
    Chosen { rule, file: Some("own.toml".to_owned()), parameters: BTreeMap::new() }
}

fn database() -> Database {
    let mut database = Database::new().unwrap();
    let layout = Layout::new();
    database.add(layout.tables.iter().find(|table| table.name == "tasks").unwrap()).unwrap();
    database
}

fn now() -> Now {
    Now { now: TEST_NOW.to_owned() }
}

const SELECT: &str =
    "SELECT 'task' object_type, 7 object_gid, NULL object_name, '' permalink, '[\"Ada\",null,\"Bob\"]' people,
     :today || ' ' || :now explanation, 'high' severity";

#[test]
fn rows_are_read_by_name_and_now_is_bound() {
    let answers = ask(&chosen(SELECT), &database(), &now(), TEST_LIMIT).unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!((answers[0].object_gid.as_str(), answers[0].object_name.as_str()), ("7", ""));
    assert_eq!(answers[0].people, ["Ada", "Bob"]);
    assert_eq!(answers[0].explanation, "2026-06-15 2026-06-15T12:00:00Z");
    assert_eq!(answers[0].severity, Some(Severity::High));
    let error = ask(&chosen(&SELECT.replace("'high'", "'urgent'")), &database(), &now(), TEST_LIMIT).unwrap_err();
    assert!(error.to_string().contains("severity urgent"), "{error}");
    assert_eq!(names("[not json".to_owned()), ["[not json"]);
}

#[test]
fn a_query_without_end_is_stopped() {
    let endless =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) {SELECT} FROM n WHERE i < 0");
    let error = ask(&chosen(&endless), &database(), &now(), Duration::ZERO).unwrap_err();
    assert!(matches!(error, Error::TooSlow { .. }), "{error}");
    assert!(error.hint().unwrap().contains("--time-limit"));
}

#[test]
fn nothing_can_be_changed_once_the_tables_are_loaded() {
    let database = database();
    database.only_answer().unwrap();
    let connection = database.connection();
    assert!(connection.execute("INSERT INTO tasks (gid) VALUES ('1')", []).is_err());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    let attached = connection.execute_batch(&format!("ATTACH '{}' AS x", path.display()));
    assert!(attached.is_err() && !path.exists());
    for query in
        ["ATTACH ':memory:' AS x", "PRAGMA query_only = OFF", "EXPLAIN SELECT 1", "DELETE FROM tasks RETURNING gid"]
    {
        assert!(check(&chosen(query), &Layout::new()).is_err(), "{query}");
    }
    let quoted = SELECT.replace("'high'", "\"high\"");
    assert!(matches!(check(&chosen(&quoted), &Layout::new()), Err(Error::Query { .. })));
}
