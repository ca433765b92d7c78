//! A small blocking HTTP client: one connection, GETs only, bodies as they come.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use asana_simulator::RunningSimulator;
use flate2::read::GzDecoder;
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

    /// The body without its compression.
    pub(crate) fn unpacked(&self) -> std::io::Result<Vec<u8>> {
        assert_eq!(self.header("content-encoding"), Some("gzip"));
        let mut body = Vec::new();
        GzDecoder::new(self.body.as_slice()).read_to_end(&mut body)?;
        Ok(body)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub(crate) fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap().to_owned()
    }
}

pub(crate) struct Client {
    host: String,
    token: String,
    accept_encoding: &'static str,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn new(simulator: &RunningSimulator, token: &str) -> Self {
        let host = simulator.origin().strip_prefix("http://").unwrap().to_owned();
        let stream = BufReader::new(TcpStream::connect(&host).unwrap());
        Self { host, token: token.to_owned(), accept_encoding: "identity", stream }
    }

    /// A client that understands compressed answers.
    pub(crate) fn with_gzip(simulator: &RunningSimulator, token: &str) -> Self {
        Self { accept_encoding: "br;q=0, gzip", ..Self::new(simulator, token) }
    }

    /// Reading fails with `WouldBlock` when nothing comes for this long.
    pub(crate) fn impatient(self, wait: Duration) -> Self {
        self.stream.get_ref().set_read_timeout(Some(wait)).unwrap();
        self
    }

    /// Asks for a path below the base; `Err` when the connection broke.
    pub(crate) fn try_get(&mut self, path: &str) -> std::io::Result<Reply> {
        let path = format!("/api/1.0{path}");
        self.raw(&path)
    }

    pub(crate) fn raw(&mut self, path: &str) -> std::io::Result<Reply> {
        self.send(path)?;
        let mut reply = self.head()?;
        self.body(&mut reply)?;
        Ok(reply)
    }

    pub(crate) fn send(&mut self, path: &str) -> std::io::Result<()> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept-Encoding: {}\r\n\r\n",
            self.host, self.token, self.accept_encoding
        );
        self.stream.get_mut().write_all(request.as_bytes())
    }

    /// A line without its end.
    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    pub(crate) fn head(&mut self) -> std::io::Result<Reply> {
        let mut lines = Vec::new();
        loop {
            match self.line()? {
                line if line.is_empty() => break,
                line => lines.push(line),
            }
        }
        let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Reply { status, head: lines.join("\n"), body: Vec::new() })
    }

    /// Reads what is left of the body; what came before an error stays in the reply.
    pub(crate) fn body(&mut self, reply: &mut Reply) -> std::io::Result<()> {
        if let Some(length) = reply.header("content-length") {
            let length: u64 = length.parse().unwrap();
            let left = length - u64::try_from(reply.body.len()).unwrap();
            let read = self.stream.by_ref().take(left).read_to_end(&mut reply.body)?;
            let is_whole = u64::try_from(read).unwrap() == left;
            return if is_whole { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) };
        }
        assert_eq!(reply.header("transfer-encoding"), Some("chunked"));
        loop {
            let length = u64::from_str_radix(&self.line()?, 16).unwrap();
            self.stream.by_ref().take(length).read_to_end(&mut reply.body)?;
            assert_eq!(self.line()?, "");
            if length == 0 {
                return Ok(());
            }
        }
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
