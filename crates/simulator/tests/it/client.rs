//! A blocking HTTP client of forty lines: one connection, GETs only, `Content-Length` bodies.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use asana_simulator::RunningSimulator;
use serde_json::Value;

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap().to_owned()
    }
}

pub(crate) struct Client {
    host: String,
    token: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn new(simulator: &RunningSimulator, token: &str) -> Self {
        let host = simulator.origin().strip_prefix("http://").unwrap().to_owned();
        let stream = BufReader::new(TcpStream::connect(&host).unwrap());
        Self { host, token: token.to_owned(), stream }
    }

    /// Asks for a path below the base; `Err` when the connection broke.
    pub(crate) fn try_get(&mut self, path: &str) -> std::io::Result<Reply> {
        let path = format!("/api/1.0{path}");
        self.raw(&path)
    }

    pub(crate) fn raw(&mut self, path: &str) -> std::io::Result<Reply> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n\r\n",
            self.host, self.token
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut head = String::new();
        loop {
            let before = head.len();
            if self.stream.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if head[before..].trim().is_empty() {
                break;
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut reply = Reply { status, head, body: Vec::new() };
        let length: usize = reply.header("content-length").unwrap().parse().unwrap();
        reply.body.resize(length, 0);
        self.stream.read_exact(&mut reply.body)?;
        Ok(reply)
    }

    pub(crate) fn get(&mut self, path: &str) -> Reply {
        self.try_get(path).unwrap()
    }

    /// The `data` of a 200.
    pub(crate) fn data(&mut self, path: &str) -> Value {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply.json()["data"].take()
    }

    /// The records of a listing of any kind: with pages, with pages that never end, or without pages.
    pub(crate) fn list(&mut self, path: &str) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let (mut records, mut next) = (Vec::new(), format!("{path}{separator}limit=100"));
        loop {
            let reply = self.get(&next);
            assert_eq!(reply.status, 200, "{next}: {}", reply.message());
            let mut page = reply.json();
            let rows = page["data"].as_array_mut().unwrap();
            let is_empty = rows.is_empty();
            records.append(rows);
            match page["next_page"]["path"].as_str() {
                Some(path) if !is_empty => path.clone_into(&mut next),
                _ => return records,
            }
        }
    }

    /// Walks a listing to its end: all records and the number of requests.
    pub(crate) fn walk(&mut self, path: &str, limit: usize) -> (Vec<Value>, usize) {
        let separator = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{separator}limit={limit}");
        let (mut records, mut requests, mut next) = (Vec::new(), 0, first);
        loop {
            let mut page = self.get(&next).json();
            requests += 1;
            assert!(page["data"].as_array().unwrap_or_else(|| panic!("{next}: {page}")).len() <= limit);
            records.append(page["data"].as_array_mut().unwrap());
            let Some(path) = page["next_page"]["path"].as_str() else {
                assert!(page["next_page"].is_null() && page.get("next_page").is_some());
                return (records, requests);
            };
            path.clone_into(&mut next);
        }
    }
}

pub(crate) fn gids(records: &[Value]) -> Vec<String> {
    records.iter().map(|record| record["gid"].as_str().unwrap().to_owned()).collect()
}
