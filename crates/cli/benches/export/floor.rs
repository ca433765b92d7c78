//! The least that downloading takes: the requests of an export, recorded, sent once more by a client that does nothing
//! else. And what it takes with the HTTP library that the program has, and nothing else of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::support::Result;

/// As many as an export has.
const CONNECTIONS: usize = 40;

/// Passes connections on to a server, and notes what is asked.
pub(crate) struct Recorder {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// In front of the server at `address`.
    pub(crate) fn start(server: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (server, noted) = (server.to_owned(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, noted) = (server.clone(), Arc::clone(&noted));
                // A connection that breaks ends the export that is recorded with an error of its own.
                std::thread::spawn(move || drop(pass_on(client, &server, &noted)));
            }
        });
        Ok(Self { address, asked })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The paths that were asked for, with their queries, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn pass_on(client: TcpStream, server: &str, asked: &Mutex<Vec<String>>) -> Result<()> {
    let mut upstream = TcpStream::connect(server)?;
    for stream in [&client, &upstream] {
        stream.set_nodelay(true)?;
    }
    let (mut answers, mut back) = (upstream.try_clone()?, client.try_clone()?);
    std::thread::spawn(move || {
        drop(std::io::copy(&mut answers, &mut back));
        drop(back.shutdown(Shutdown::Both));
    });
    let mut lines = BufReader::new(client);
    let mut head = Vec::new();
    loop {
        let begins = head.len();
        if lines.read_until(b'\n', &mut head)? == 0 {
            break;
        }
        let line = String::from_utf8_lossy(head.get(begins..).unwrap_or_default()).into_owned();
        if let Some(target) = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next()) {
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(target.to_owned());
        }
        // Requests have no body: a blank line ends them.
        if line == "\r\n" {
            upstream.write_all(&head)?;
            head.clear();
        }
    }
    upstream.shutdown(Shutdown::Write)?;
    Ok(())
}

/// The same by the program's HTTP library, on as many threads as the machine has.
pub(crate) fn download_by_library(address: &str, token: &str, asked: &[String]) -> Result<Duration> {
    // A second installation is refused and means that the first stands.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().build()?;
    let asked: Arc<[String]> = asked.iter().map(|target| format!("http://{address}{target}")).collect();
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (client, asked, next) = (client.clone(), Arc::clone(&asked), Arc::clone(&next));
            let token = token.to_owned();
            clients.spawn(async move {
                while let Some(url) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
                    client.get(url).bearer_auth(&token).send().await?.error_for_status()?.bytes().await?;
                }
                Ok::<(), reqwest::Error>(())
            });
        }
        while let Some(done) = clients.join_next().await {
            done??;
        }
        Ok(began.elapsed())
    })
}

/// Asks the server at `address` for all that, and throws the answers away.
pub(crate) fn download(address: &str, token: &str, asked: &[String]) -> Result<Duration> {
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| client(address, token, asked, &next).map_err(|e| e.to_string())))
            .collect();
        clients.into_iter().try_for_each(|client| match client.join() {
            Ok(done) => done.map_err(Into::into),
            Err(_) => Err("a client of the bare download panicked".into()),
        })
    })
    .map(|()| began.elapsed())
}

fn client(address: &str, token: &str, asked: &[String], next: &AtomicUsize) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::with_capacity(64 * 1024, stream.try_clone()?);
    let (mut line, mut body) = (String::new(), Vec::new());
    while let Some(target) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut length = None;
        loop {
            line.clear();
            if answers.read_line(&mut line)? == 0 {
                return Err(format!("the connection ended before the answer to {target}").into());
            }
            if line == "\r\n" {
                break;
            }
            let header = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            length = header.and_then(|(_, value)| value.trim().parse().ok()).or(length);
        }
        body.resize(length.ok_or("an answer without a length")?, 0);
        answers.read_exact(&mut body)?;
    }
    Ok(())
}
