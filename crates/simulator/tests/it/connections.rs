//! Connections that break, stop or are reset.

use std::io::ErrorKind;
use std::time::Duration;

use asana_simulator::ADMIN_TOKEN;

use crate::client::Client;
use crate::faults::with;

const PATH: &str = "/users?limit=100";

#[test]
fn connections_break_before_and_within_an_answer() {
    let simulator = with(&["when=request:2 what=drop", "when=request:3 what=cut"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(client.get("/users?limit=100").status, 200);
    assert!(client.try_get("/users?limit=100").is_err());
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let broken = client.try_get("/users?limit=100").err().unwrap();
    assert_eq!(broken.kind(), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get("/users?limit=100").status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.dropped, stats.by_status[&200]), (4, 2, 2));
}

#[test]
fn connections_are_reset_before_and_within_an_answer() {
    let simulator = with(&["when=request:2 what=reset", "when=request:3 what=reset-body"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(client.get(PATH).status, 200);
    assert_eq!(client.try_get(PATH).err().unwrap().kind(), ErrorKind::ConnectionReset);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    client.send(&format!("/api/1.0{PATH}")).unwrap();
    let mut reply = client.head().unwrap();
    let length: usize = reply.header("content-length").unwrap().parse().unwrap();
    assert_eq!(client.body(&mut reply).err().unwrap().kind(), ErrorKind::ConnectionReset);
    assert!((1..length).contains(&reply.body.len()), "{} of {length}", reply.body.len());
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get(PATH).status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.dropped, stats.resets, stats.by_status[&200]), (4, 2, 2, 2));
}

#[test]
fn a_connection_is_reset_after_a_complete_answer() {
    let simulator = with(&["when=request:1 what=reset-after"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    assert_eq!(client.get(PATH).status, 200);
    assert_eq!(simulator.stats().resets, 0);
    assert_eq!(client.try_get(PATH).err().unwrap().kind(), ErrorKind::ConnectionReset);
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get(PATH).status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.requests, stats.dropped, stats.resets), (2, 0, 1), "what was lost was never read");
}

#[test]
fn an_answer_stops_in_the_middle_for_a_while() {
    let simulator = with(&["when=request:2 what=stall:300"]);
    let whole = Client::new(&simulator, ADMIN_TOKEN).get(PATH).body;
    let mut client = Client::new(&simulator, ADMIN_TOKEN).impatient(Duration::from_millis(30));
    client.send(&format!("/api/1.0{PATH}")).unwrap();
    let mut reply = client.head().unwrap();
    assert_eq!(client.body(&mut reply).err().unwrap().kind(), ErrorKind::WouldBlock);
    assert_eq!(reply.body.len(), whole.len() / 2);
    let mut client = client.impatient(Duration::from_secs(10));
    client.body(&mut reply).unwrap();
    assert_eq!(reply.body, whole);
    assert_eq!(simulator.stats().by_status[&200], 2);
}

#[test]
fn an_answer_stops_for_ever() {
    let simulator = with(&["when=request:1 what=stall"]);
    let mut client = Client::new(&simulator, ADMIN_TOKEN).impatient(Duration::from_millis(30));
    client.send(&format!("/api/1.0{PATH}")).unwrap();
    let mut reply = client.head().unwrap();
    assert_eq!(client.body(&mut reply).err().unwrap().kind(), ErrorKind::WouldBlock);
    assert!(!reply.body.is_empty());
    drop(client);
    assert_eq!(Client::new(&simulator, ADMIN_TOKEN).get(PATH).status, 200);
    let stats = simulator.stats();
    assert_eq!((stats.dropped, stats.by_status[&200]), (1, 1));
}
