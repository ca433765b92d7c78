//! A way to the simulator through TLS, with a certificate of the test's own making, and a proxy to get there.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use asana_simulator::RunningSimulator;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{Acceptor, ClientHello};

/// An authority that nobody trusts unless told to.
#[derive(Debug)]
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Its certificate, as `SSL_CERT_FILE` takes it.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("authority.pem");
        std::fs::write(&path, &self.pem).unwrap();
        path
    }
}

/// TLS in front of a simulator, until the test's process ends.
#[derive(Debug)]
pub(crate) struct TlsFront {
    pub(crate) address: SocketAddr,
    offered: Arc<Mutex<Vec<String>>>,
}

impl TlsFront {
    /// Its certificate is for `name`.
    pub(crate) fn new(simulator: &RunningSimulator, authority: &Authority, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let (config, offered) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
        let behind = address_of(simulator);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::clone(&offered);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    let (config, heard) = (Arc::clone(&config), Arc::clone(&heard));
                    tokio::spawn(async move {
                        let Ok(hello) = LazyConfigAcceptor::new(Acceptor::default(), stream).await else { return };
                        heard.lock().unwrap().push(protocols(&hello.client_hello()));
                        // Whoever does not like the certificate goes away; that is what some tests are about.
                        let Ok(mut stream) = hello.into_stream(config).await else { return };
                        let Ok(mut server) = tokio::net::TcpStream::connect(behind).await else { return };
                        drop(tokio::io::copy_bidirectional(&mut stream, &mut server).await);
                    });
                }
            });
        });
        Self { address, offered }
    }

    /// The protocols that clients offered, with each connection that was begun: first the one that they prefer.
    pub(crate) fn offered(&self) -> Vec<String> {
        self.offered.lock().unwrap().clone()
    }

    pub(crate) fn base_url(&self, host: &str) -> String {
        format!("https://{host}:{}/api/1.0", self.address.port())
    }
}

fn protocols(hello: &ClientHello<'_>) -> String {
    let names = hello.alpn().into_iter().flatten().map(String::from_utf8_lossy);
    names.collect::<Vec<_>>().join(",")
}

/// Where a simulator listens.
pub(crate) fn address_of(simulator: &RunningSimulator) -> SocketAddr {
    let url = simulator.base_url();
    url.trim_start_matches("http://").split('/').next().unwrap().parse().unwrap()
}

/// A proxy that makes connections to this machine, whatever the host asked for, or refuses to.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    /// Everything that clients sent, heads included.
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// `status` is what it answers to `CONNECT`, as in `200 OK`.
    pub(crate) fn new(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, heard) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let proxy = Self { address, asked: Arc::clone(&asked), heard: Arc::clone(&heard) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, heard) = (Arc::clone(&asked), Arc::clone(&heard));
                std::thread::spawn(move || serve(stream, status, &asked, &heard));
            }
        });
        proxy
    }

    /// What it was asked to connect to, as `host:port`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }
}

fn serve(mut client: TcpStream, status: &str, asked: &Mutex<Vec<String>>, received: &Mutex<Vec<u8>>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match client.read(&mut byte) {
            Ok(1) => head.extend_from_slice(&byte),
            _ => return,
        }
    }
    received.lock().unwrap().extend_from_slice(&head);
    let head = String::from_utf8_lossy(&head).into_owned();
    let Some(target) = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else { return };
    asked.lock().unwrap().push(target.to_owned());
    if client.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).is_err() || !status.starts_with("200") {
        return;
    }
    let port: u16 = target.rsplit(':').next().unwrap().parse().unwrap();
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)) else { return };
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let back = std::thread::spawn(move || {
        drop(std::io::copy(&mut from_server, &mut to_client));
        drop(to_client.shutdown(Shutdown::Both));
    });
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = client.read(&mut buffer) {
        received.lock().unwrap().extend_from_slice(&buffer[..read]);
        if server.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    drop(server.shutdown(Shutdown::Both));
    back.join().unwrap();
}
