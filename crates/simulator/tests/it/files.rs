//! The host of files: signed addresses that die, exact content, and no place for a token.

use std::io::{Read, Write};
use std::net::TcpStream;

use asana_simulator::{ADMIN_TOKEN, Config, RunningSimulator, Size, start_in_background};
use serde_json::Value;

use crate::client::Client;

fn start(time_scale: f64) -> RunningSimulator {
    start_in_background(Config { size: Size::for_tasks(60), time_scale, ..Config::default() }).unwrap()
}

/// A file that Asana holds, with its size.
fn a_file(simulator: &RunningSimulator) -> Value {
    let files = simulator.truth().records("attachments", ADMIN_TOKEN);
    files.into_iter().find(|file| file["host"] == "asana" && file["size"].as_u64() > Some(100)).unwrap()
}

/// A fresh address, as the API tells it.
fn address(simulator: &RunningSimulator, gid: &str) -> String {
    let record = Client::new(simulator, ADMIN_TOKEN).data(&format!("/attachments/{gid}?opt_fields=download_url"));
    record["download_url"].as_str().unwrap().to_owned()
}

/// Status and body of an address, asked for on a connection of its own.
fn ask(address: &str, token: Option<&str>) -> (u16, Vec<u8>) {
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n{token}Connection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), answer[end + 4..].to_vec())
}

#[test]
fn content_is_as_long_as_its_record_says_and_the_same_each_time() {
    let simulator = start(1.0);
    let file = a_file(&simulator);
    let gid = file["gid"].as_str().unwrap();
    let address = address(&simulator, gid);
    assert!(!address.starts_with(simulator.origin()), "another host: {address}");
    let (status, body) = ask(&address, None);
    assert_eq!((status, Some(body.len() as u64)), (200, file["size"].as_u64()));
    assert_eq!(body, simulator.truth().content(gid).unwrap());
    assert_eq!(ask(&self::address(&simulator, gid), None), (200, body));
    let files = simulator.stats().files;
    assert_eq!((files.requests, files.begun, files.served, files.repeated), (2, 2, 2, 1));
}

#[test]
fn a_token_is_refused_and_counted() {
    let simulator = start(1.0);
    let address = address(&simulator, a_file(&simulator)["gid"].as_str().unwrap());
    assert_eq!(ask(&address, Some(ADMIN_TOKEN)).0, 400);
    assert_eq!(simulator.stats().files.with_token, 1);
}

#[test]
fn addresses_cannot_be_forged_and_die() {
    let simulator = start(10_000.0);
    let file = a_file(&simulator);
    let gid = file["gid"].as_str().unwrap();
    let address = address(&simulator, gid);
    let (_, query) = address.split_once('?').unwrap();
    let other = address.replace(&format!("/files/{gid}"), "/files/1");
    assert_eq!(ask(&other, None).0, 403, "signed for another file");
    assert_eq!(ask(&address.replace(query, ""), None).0, 403);
    // Two simulated minutes are a hundredth of a second here.
    std::thread::sleep(std::time::Duration::from_millis(30));
    assert_eq!(ask(&address, None).0, 403);
    assert_eq!(simulator.stats().files.expired, 1);
}

#[test]
fn what_other_services_hold_has_no_content_here() {
    let simulator = start(1.0);
    let files = simulator.truth().records("attachments", ADMIN_TOKEN);
    let other = files.iter().find(|file| file["host"] != "asana").unwrap();
    assert_eq!(simulator.truth().content(other["gid"].as_str().unwrap()), None);
    assert_eq!(simulator.truth().content("17"), None);
}
