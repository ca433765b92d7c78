//! Archives as a hostile or broken server would fill them.

use asana_archive::{Body, Entry, Options, Page, Writer};
use asana_export::{FORMATS, Format, Style};
use asana_model::Event;

use super::*;

/// The tags of an archive with these pages, and what was built.
fn build(bodies: &[&[u8]]) -> (Vec<String>, Built, String) {
    build_as(bodies, &Style::of(FORMATS))
}

fn build_as(bodies: &[&[u8]], style: &Style) -> (Vec<String>, Built, String) {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path(), "tags", bodies);
    let built = build_with(folder.path(), "tags", Means::default(), style).unwrap();
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    let rows = read("jsonl/tags.jsonl").lines().map(str::to_owned).collect();
    (rows, built, read("jsonl/export_oddities.jsonl"))
}

/// An archive in that folder with these pages of a listing, in many frames.
fn archive(folder: &Path, listing: &'static str, bodies: &[&[u8]]) {
    let options = Options { frame_bytes: 4000, ..Options::default() };
    let (mut writer, _) = Writer::open_with(&folder.join("archive"), options).unwrap();
    let last = bodies.len() - 1;
    for (at, body) in bodies.iter().enumerate() {
        let page = Page {
            listing: listing.into(),
            parent: Some("1".into()),
            variant: None,
            page: at as u64,
            first: at as u64 * 100,
            last: at == last,
            path: "/tags".into(),
            at: "2026-11-24T00:00:00.000Z".into(),
            status: 200,
            body: Body::received(body),
        };
        writer.append(&Entry::Page(page)).unwrap();
    }
    writer.seal().unwrap();
}

fn build_in(folder: &Path, resource: &'static str, means: Means) -> Result<Built, CliError> {
    let style = Style::of(FORMATS.iter().filter(|format| format.is_readable()));
    build_with(folder, resource, means, &style)
}

fn build_with(folder: &Path, resource: &'static str, means: Means, style: &Style) -> Result<Built, CliError> {
    let layout = Layout::new();
    let plan = Plan {
        archive: &folder.join("archive"),
        temp: folder,
        target: Target::Write(folder.to_owned()),
        layout: &layout,
        resources: &BTreeSet::from([resource, "users"]),
        scope: Scope::Workspace,
        viewer: Viewer::Member,
        style,
        means,
        wide: false,
    };
    plan.build(&|_: &Event| {})
}

fn column(row: &str, name: &str) -> Option<String> {
    let object = asana_model::raw::Object::parse(row).unwrap();
    object.text(name).map(std::borrow::Cow::into_owned)
}

#[test]
fn no_record_is_lost_because_of_what_is_in_it() {
    let deep = format!(r#"{{"gid":"5","name":"deep","shiny":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
    let body = format!(
        r#"{{"data":[{{"gid":"1","name":"half \ud800","\udfff":1}},{{"gid":"2","gid":"3","name":"twice"}},{{"gid":4,"name":"a number"}},{deep},{{"gid":"../6","name":"no number"}},{{"gid":"7","color":{{"nested":[1,{{}}]}}}}]}}"#
    );
    let (rows, built, oddities) = build(&[body.as_bytes()]);
    let gids: Vec<_> = rows.iter().map(|row| column(row, "gid").unwrap()).collect();
    assert_eq!(gids, ["../6", "1", "3", "4", "5", "7"], "sorted by their bytes");
    assert_eq!(column(&rows[1], "name").unwrap(), "half \u{fffd}");
    assert_eq!(column(&rows[2], "name").unwrap(), "twice");
    assert_eq!(built.oddities, 2, "{oddities}");
    assert!(oddities.contains("surrogate") && oddities.contains("expected text"), "{oddities}");
    assert!(built.unknown_fields.contains_key("tags.shiny"), "{:?}", built.unknown_fields);
}

#[test]
fn what_no_type_can_hold_is_told_and_stays_as_text() {
    let body = br#"{"data":[{"gid":"1","created_at":"2025-02-30T00:00:00.000Z"},{"gid":"2","created_at":"2025-02-28T00:00:00.000Z"}]}"#;
    let (rows, built, _) = build(&[body]);
    assert_eq!(column(&rows[0], "created_at").unwrap(), "2025-02-30T00:00:00.000Z");
    // Where nothing is lost, there is nothing to tell.
    let text = Style::of(FORMATS.iter().filter(|format| format.is_readable()));
    assert_eq!(build_as(&[body], &text).1.oddities, 0);
    // And a program without those formats tells the same as the one that wrote them.
    let has_types = FORMATS.iter().any(|format| Format::has_types(format.name));
    let without = build_as(&[body], &Style { left_out_types: true, ..text });
    assert_eq!((built.oddities, without.1.oddities), (u64::from(has_types), 1));
    let oddities = without.2;
    assert_eq!(column(&oddities, "gid").zip(column(&oddities, "field")).unwrap(), ("1".into(), "created_at".into()));
    assert!(oddities.contains("no instant in microseconds, so formats with types have nothing there"), "{oddities}");
}

#[test]
fn what_is_no_record_is_told() {
    let (rows, built, oddities) = build(&[br#"{"data":[null,7,"x",[],{"name":"no gid"},{"gid":"1","name":"one"}]}"#]);
    assert_eq!(rows.len(), 1);
    assert_eq!(built.oddities, 5, "{oddities}");
    assert_eq!(oddities.matches("a record without a gid").count(), 5, "{oddities}");
}

#[test]
fn a_record_that_comes_twice_is_one_row_the_later() {
    let page = |name: &str| format!(r#"{{"data":[{{"gid":"1","name":"{name}"}}],"next_page":null}}"#);
    let (rows, built, _) = build(&[page("old").as_bytes(), page("new").as_bytes()]);
    assert_eq!((rows.len(), built.duplicates), (1, 1));
    assert_eq!(column(&rows[0], "name").unwrap(), "new");
}

#[test]
fn bytes_that_are_no_json_hold_no_records() {
    for body in [&b"\xff\xfe"[..], b"<html>", b"", b"{\"data\":[{\"gid\":\"1\"", b"{\"data\":7}"] {
        let (rows, built, oddities) = build(&[body]);
        assert_eq!(rows.len(), 0, "{body:?}");
        assert!(built.oddities <= 1, "{oddities}");
    }
}

/// Tasks in no order, some of them twice, with people, subtasks, tasks that are nowhere, and what is odd.
fn tasks() -> Vec<String> {
    let task = |number: u64| {
        let gid = 1000 + number * 7919 % 2003;
        let parent = if number.is_multiple_of(5) {
            format!("{{\"gid\":\"{}\",\"name\":\"above\"}}", 900 + number)
        } else {
            "null".into()
        };
        let (person, said) = (number % 37, number % 3);
        format!(
            r#"{{"gid":"{gid}","name":"task {number}","notes":"{}","parent":{parent},"num_subtasks":{said},"assignee":{{"gid":"{person}","name":"Person {}"}},"followers":[{{"gid":"{person}"}},{{"gid":"7"}}],"completed":{},"shiny":1}}"#,
            "x, \\n".repeat(30),
            number % 74,
            if number.is_multiple_of(11) { "\"perhaps\"" } else { "true" },
        )
    };
    let page =
        |page: u64| format!("{{\"data\":[{}]}}", (page * 50..page * 50 + 70).map(task).collect::<Vec<_>>().join(","));
    (0..60).map(page).collect()
}

#[test]
fn tables_are_the_same_whatever_a_build_may_use() {
    let folder = tempfile::tempdir().unwrap();
    let pages = tasks();
    archive(folder.path(), "tasks_of_project", &pages.iter().map(String::as_bytes).collect::<Vec<_>>());
    let build = |means| {
        let built = build_in(folder.path(), "tasks", means).unwrap();
        assert!(built.duplicates > 0 && built.oddities > 0 && built.subtasks.differences > 0);
        assert_eq!(built.unresolved.keys().collect::<Vec<_>>(), [&"tasks"]);
        let said = (built.tables, built.unknown_fields, built.unresolved, built.duplicates, built.oddities);
        format!("{said:?}")
    };
    let expected = build(Means::new(1, 1 << 30));
    assert!(expected.contains("sha256"));
    for cores in [1, 2, 7] {
        // As much as one wants, so little that it has to be put aside now and then, and nothing.
        for memory in [1 << 30, 200_000, 1] {
            assert!(build(Means::new(cores, memory)) == expected, "{cores} cores, {memory} bytes");
        }
    }
}

#[test]
fn damage_is_the_same_error_whatever_a_build_may_use() {
    let folder = tempfile::tempdir().unwrap();
    let pages = tasks();
    archive(folder.path(), "tasks_of_project", &pages.iter().map(String::as_bytes).collect::<Vec<_>>());
    let path = folder.path().join("archive/000001.jsonl.zst");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let check = || {
        let mut reader = asana_archive::Reader::open(&folder.path().join("archive")).unwrap();
        let expected = loop {
            match reader.next_entry() {
                Ok(entry) => assert!(entry.is_some()),
                Err(error) => break CliError::from(error).to_string(),
            }
        };
        for cores in [1, 2, 7] {
            let error = build_in(folder.path(), "tasks", Means::new(cores, 1 << 30)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    };
    check();
    std::fs::write(&path, &bytes[..middle]).unwrap();
    check();
}

#[test]
fn what_cannot_be_put_aside_stops_all_threads() {
    let folder = tempfile::tempdir().unwrap();
    let pages = tasks();
    archive(folder.path(), "tasks_of_project", &pages.iter().map(String::as_bytes).collect::<Vec<_>>());
    // Nothing can be put aside where there is no folder.
    let layout = Layout::new();
    let resources = BTreeSet::from(["tasks"]);
    let style = Style::of(FORMATS.iter().filter(|format| format.is_readable()));
    let error = |cores| {
        let plan = Plan {
            archive: &folder.path().join("archive"),
            temp: Path::new("/nonexistent/folder"),
            target: Target::Write(folder.path().to_owned()),
            layout: &layout,
            resources: &resources,
            scope: Scope::Workspace,
            viewer: Viewer::Member,
            style: &style,
            means: Means::new(cores, 1),
            wide: false,
        };
        plan.build(&|_: &Event| {}).unwrap_err().to_string()
    };
    for cores in [1, 7] {
        assert!(error(cores).contains("/nonexistent/folder"), "{}", error(cores));
    }
}
