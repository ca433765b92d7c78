//! Compression, and bodies that are hostile although the answer is right.

use asana_simulator::{ADMIN_TOKEN, Compression, Config, start_in_background};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::client::Client;
use crate::faults::with;
use crate::pages::config;

const PATH: &str = "/users?limit=100&opt_fields=name,workspaces";

/// The same answer, right and as a fault makes it.
fn pair(what: &str) -> (Value, Vec<u8>) {
    let simulator = with(&[&format!("when=request:2 what={what}")]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let right = client.get(PATH).json();
    let reply = client.get(PATH);
    assert_eq!((reply.status, simulator.stats().faults), (200, 1));
    (right, reply.body)
}

#[test]
fn answers_are_compressed_for_those_who_understand_it() {
    let simulator = start_in_background(config(300)).unwrap();
    let plain = Client::new(&simulator, ADMIN_TOKEN).get(PATH);
    assert_eq!(plain.header("content-encoding"), None);
    let mut client = Client::with_gzip(&simulator, ADMIN_TOKEN);
    let packed = client.get(PATH);
    assert_eq!((packed.unpacked().unwrap(), packed.header("vary")), (plain.body.clone(), Some("Accept-Encoding")));
    assert!(packed.body.len() < plain.body.len() / 2, "{} of {}", packed.body.len(), plain.body.len());
    let refused = client.get("/nowhere");
    assert_eq!(refused.status, 404);
    assert!(String::from_utf8(refused.unpacked().unwrap()).unwrap().contains("No matching route"));
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.accepting_gzip), (3, 2));
    let simulator = start_in_background(Config { compression: Compression::Off, ..config(300) }).unwrap();
    assert_eq!(Client::with_gzip(&simulator, ADMIN_TOKEN).get(PATH).body, plain.body);
}

#[test]
fn a_compressed_body_can_end_early() {
    let simulator = with(&["when=from:1 what=gzip-cut times=1"]);
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get(PATH).status, 200);
    assert_eq!(simulator.stats().faults, 0, "there is nothing to cut");
    let mut client = Client::with_gzip(&simulator, ADMIN_TOKEN);
    let cut = client.get(PATH);
    assert_eq!(cut.unpacked().err().unwrap().kind(), std::io::ErrorKind::UnexpectedEof);
    let whole = client.get(PATH);
    assert_eq!(cut.body, whole.body[..whole.body.len() / 2]);
}

#[test]
fn a_body_can_be_far_too_large() {
    let simulator = with(&["when=request:2 what=huge-body:3", "when=request:3 what=gzip-bomb:20"]);
    let mut client = Client::with_gzip(&simulator, ADMIN_TOKEN);
    let right: Value = serde_json::from_slice(&client.get(PATH).unpacked().unwrap()).unwrap();
    let huge = client.get(PATH);
    assert_eq!((huge.header("content-length"), huge.header("content-encoding")), (None, None));
    let bomb = client.get(PATH);
    assert!(bomb.body.len() < 1 << 20, "{}", bomb.body.len());
    for (body, mib) in [(huge.body, 3), (bomb.unpacked().unwrap(), 20)] {
        let mut page: Value = serde_json::from_slice(&body).unwrap();
        let member = page["data"][0].as_object_mut().unwrap().remove("unexpected_text").unwrap();
        assert_eq!((member.as_str().unwrap().len(), page), (mib << 20, right.clone()));
    }
}

#[test]
fn records_can_have_members_that_nobody_expects() {
    let (right, body) = pair("deep-json:5000");
    let text = String::from_utf8(body).unwrap();
    let member = format!("\"unexpected_depth\":{}{},", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(serde_json::from_str::<Value>(&text.replacen(&member, "", 1)).unwrap(), right);
    let (right, body) = pair("big-numbers");
    let page: Value = right;
    let text = String::from_utf8(body).unwrap();
    assert!(serde_json::from_str::<Box<RawValue>>(&text).is_ok(), "it is JSON");
    assert!(text.contains(":9007199254740993,") && text.contains(page["data"][0]["gid"].as_str().unwrap()));
}

#[test]
fn texts_can_be_no_texts() {
    let (right, body) = pair("invalid-utf8");
    assert!(std::str::from_utf8(&body).is_err());
    let text = String::from_utf8_lossy(&body).into_owned();
    let mut page: Value = serde_json::from_str(&text).unwrap();
    page["data"][0].as_object_mut().unwrap().remove("unexpected_text");
    assert_eq!(page, right);
}

#[test]
fn members_can_come_twice() {
    let (right, body) = pair("duplicate-keys");
    let text = String::from_utf8(body).unwrap();
    let records = right["data"].as_array().unwrap().len();
    assert_eq!(text.matches("\"name\":\"the first of two\"").count(), records);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), right);
}

#[test]
fn gids_can_be_numbers() {
    let (right, body) = pair("numeric-gid");
    let page: Value = serde_json::from_slice(&body).unwrap();
    let (wrong, right) = (&page["data"][0], &right["data"][0]);
    assert_eq!(wrong["gid"].as_u64().unwrap().to_string(), right["gid"].as_str().unwrap());
    assert!(wrong["workspaces"][0]["gid"].is_u64());
    assert_eq!(wrong["name"], right["name"]);
}
