//! Archives as a hostile or broken server would fill them.

use asana_archive::{Body, Entry, Page, Writer};
use asana_export::{FORMATS, Style};
use asana_model::Event;

use super::*;

/// The tags of an archive with these pages, and what was built.
fn build(bodies: &[&[u8]]) -> (Vec<String>, Built, String) {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    let (mut writer, _) = Writer::open(&archive).unwrap();
    let last = bodies.len() - 1;
    for (at, body) in bodies.iter().enumerate() {
        let page = Page {
            listing: "tags".into(),
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
    let layout = Layout::new();
    let plan = Plan {
        archive: &archive,
        temp: folder.path(),
        target: Target::Write(folder.path().to_owned()),
        layout: &layout,
        resources: &BTreeSet::from(["tags"]),
        scope: Scope::Workspace,
        viewer: Viewer::Member,
        style: &Style::of(FORMATS),
        threads: all_cores(),
    };
    let built = plan.build(&|_: &Event| {}).unwrap();
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    let rows = read("jsonl/tags.jsonl").lines().map(str::to_owned).collect();
    (rows, built, read("jsonl/export_oddities.jsonl"))
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
