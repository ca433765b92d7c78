use super::*;
use crate::query::check;

fn layout() -> Layout {
    Layout::new()
}

fn unknown(what: &str, name: &str, names: &[&str]) -> String {
    format!("no {what} {name} among {}", names.len())
}

fn ids(set: &RuleSet) -> Vec<&str> {
    set.rules.iter().map(|chosen| chosen.rule.id.as_str()).collect()
}

#[test]
fn every_built_in_rule_finds_its_case_and_none_of_its_near_misses() {
    let set = RuleSet::built_in(&layout()).unwrap();
    let mut wrong = Vec::new();
    for chosen in &set.rules {
        let rule = &chosen.rule;
        let test = rule.test.as_ref().unwrap_or_else(|| panic!("{} has no test", rule.id));
        assert!(!test.found.is_empty() && !test.near_miss.is_empty(), "{} has no case or no near miss", rule.id);
        if let Err(error) = check(chosen, &layout()) {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            wrong.push(format!("{error}: {source:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_a_built_in_rule_of_that_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".toml").to_owned())
        .collect();
    files.sort();
    assert_eq!(files, BUILT_IN.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    let set = RuleSet::built_in(&layout()).unwrap();
    let mut named = ids(&set);
    named.sort_unstable();
    assert_eq!(files, named);
    assert!(named.len() >= 40);
    for category in Category::ALL {
        assert!(set.rules.iter().any(|chosen| chosen.rule.category == category), "no rule about {category}");
    }
}

#[test]
fn a_near_miss_that_is_found_fails_the_rule() {
    let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == "unnamed-task").unwrap();
    let blind = text.replace("AND NOT coalesce(completed, 0) ", "");
    assert_ne!(&blind, text);
    let mut set = RuleSet::default();
    set.add(&blind, "own.toml", true, &layout()).unwrap();
    let error = check(&set.rules[0], &layout()).unwrap_err();
    assert!(error.to_string().starts_with("own.toml, rule unnamed-task: its test fails (done)"), "{error}");
}

#[test]
fn selections_name_rules_and_categories() {
    let mut set = RuleSet::built_in(&layout()).unwrap();
    let all = set.rules.len();
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    set.select(&list(&["ownership", "stale-task"]), &list(&["goal-owner-left"]), &unknown).unwrap();
    assert!(ids(&set).contains(&"stale-task") && ids(&set).contains(&"ownerless-goal"));
    assert!(!ids(&set).contains(&"goal-owner-left") && !ids(&set).contains(&"guest-access"));
    assert_eq!(set.rules.len() + set.not_selected.len(), all);
    let error = set.select(&list(&["ownerhip"]), &[], &unknown).unwrap_err();
    assert!(matches!(error, Error::Unknown(text) if text.starts_with("no rule or category ownerhip")));
}

#[test]
fn parameters_keep_their_type() {
    let mut set = RuleSet::built_in(&layout()).unwrap();
    set.set("stale_days=60", &unknown).unwrap();
    set.set("stale-task.stale_days=90", &unknown).unwrap();
    set.set("domains=acme.org, acme.com", &unknown).unwrap();
    let value =
        |id: &str, name: &str| set.rules.iter().find(|chosen| chosen.rule.id == id).unwrap().parameters[name].clone();
    assert_eq!(value("stale-project", "stale_days"), ParameterValue::Integer(60));
    assert_eq!(value("stale-task", "stale_days"), ParameterValue::Integer(90));
    assert_eq!(value("outside-domains", "domains"), ParameterValue::Texts(vec!["acme.org".into(), "acme.com".into()]));
    for wrong in
        ["stale_days", "stale_days=soon", "stale_dys=6", "stale-tusk.stale_days=6", "guest-access.stale_days=6"]
    {
        assert!(matches!(set.set(wrong, &unknown), Err(Error::Unknown(_))), "{wrong}");
    }
}

#[test]
fn what_is_wrong_with_a_rule_is_said_with_file_and_rule() {
    let (_, good) = BUILT_IN.iter().find(|(id, _)| *id == "unnamed-task").unwrap();
    let check = |from: &str, to: &str, expected: &str| {
        let text = good.replacen(from, to, 1);
        assert_ne!(&text, good, "{from}");
        let mut set = RuleSet::default();
        let added = set.add(&text, "own.toml", true, &layout()).and_then(|()| check(&set.rules[0], &layout()));
        let error = added.expect_err(expected);
        let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        let message = format!("{error}{source}");
        assert!(message.starts_with("own.toml") && message.contains(expected), "{message}");
    };
    check("unnamed-task", "Unnamed", "lower-case letters");
    check("unnamed-task", "access", "a category has that name");
    check("severity = \"info\"", "severity = \"bad\"", "unknown variant `bad`");
    check("severity = \"info\"", "severity = \"info\"\ncolour = 1", "unknown field `colour`");
    check("[\"tasks\"]", "[\"tusks\"]", "there is no table tusks");
    check("[\"tasks\"]", "[\"tasks\"]\nabsence = [\"tags\"]", "is not among its tables");
    check("[\"tasks\"]", "[\"tags\"]", "no such table: tasks");
    check("FROM tasks", "FRM tasks", "syntax error");
    check("SELECT 'task' AS object_type, gid", "SELECT 'task' AS object_typ, gid", "gives no object_type");
    check("AS explanation", "AS explanation, 1 AS more", "gives more, which means nothing");
    check("trim(", "trim(:what || ", "reads :what, which is no parameter of it");
    check(
        "query =",
        "parameters.days = { default = 3, about = \"Days.\" }\nquery =",
        "does not read its parameter :days",
    );
    check("INSERT INTO tasks", "ATTACH 'x' AS y; INSERT INTO tasks", "INSERT, UPDATE and DELETE alone");
}
