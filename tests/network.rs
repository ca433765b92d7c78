//! The way to Asana: what can be wrong with it is told apart, and nobody on it gets the token.

use std::path::Path;
use std::time::Duration;

use asana_simulator::{ADMIN_TOKEN, RunningSimulator};

use crate::support::server::{OddServer, nobody};
use crate::support::tls::{Authority, Proxy, TlsFront, address_of};
use crate::support::{Ended, Export, Folder, assert_tables, expected, start, unlimited};

/// A name that only a proxy can make something of. Source: RFC 6761, reserved for tests
const NAME: &str = "asana.test";

fn run(base_url: &str, out: &Path, environment: &[(&str, &str)]) -> Ended {
    let program = Export::from(base_url, ADMIN_TOKEN, out).program();
    environment.iter().fold(program, |program, (name, value)| program.env(name, value)).run()
}

/// Nothing comes of it: one error within seconds, and no folder.
#[track_caller]
fn fails(base_url: &str, environment: &[(&str, &str)], pieces: &[&str]) {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = run(base_url, &path, environment).exits(1).says(pieces).says(&["same command"]).says_once();
    assert!(ended.took < Duration::from_secs(20), "it took {:?}", ended.took);
    assert!(!path.exists(), "nothing is written");
    assert!(!ended.stderr.contains(ADMIN_TOKEN));
}

#[track_caller]
fn succeeds(simulator: &RunningSimulator, base_url: &str, environment: &[(&str, &str)]) {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    run(base_url, &path, environment).exits(0);
    assert_tables(&Folder::new(&path), &expected::tables(&simulator.truth(), ADMIN_TOKEN));
}

#[test]
fn a_name_that_leads_nowhere_is_told() {
    fails("https://asana.invalid/api/1.0", &[], &["cannot reach https://asana.invalid", "dns", "HTTPS_PROXY"]);
}

#[test]
fn a_port_where_nobody_listens_is_told() {
    fails(&nobody().replace("http://", "https://"), &[], &["refused", "firewall"]);
}

#[test]
fn a_server_that_does_not_speak_tls_is_told() {
    let simulator = start(unlimited(1, 10));
    let base_url = format!("https://{}/api/1.0", address_of(&simulator));
    fails(&base_url, &[], &["SSL_CERT_FILE", "HTTPS_PROXY"]);
    assert_eq!(simulator.stats().requests, 0);
}

#[test]
fn a_certificate_is_trusted_if_the_machine_does_and_not_otherwise() {
    let simulator = start(unlimited(1, 10));
    let (authority, stranger) = (Authority::new(), Authority::new());
    let front = TlsFront::new(&simulator, &authority, "localhost");
    let folder = tempfile::tempdir().unwrap();
    let strangers = folder.path().join("stranger");
    std::fs::create_dir(&strangers).unwrap();
    let base_url = front.base_url("localhost");
    let file = stranger.write(&strangers);
    fails(&base_url, &[("SSL_CERT_FILE", file.to_str().unwrap())], &["certificate", "SSL_CERT_FILE"]);
    assert_eq!(simulator.stats().requests, 0, "who is not trusted is not asked");
    let strangers = front.offered().len();
    let file = authority.write(folder.path());
    succeeds(&simulator, &base_url, &[("SSL_CERT_FILE", file.to_str().unwrap())]);
    let offered = front.offered();
    assert!(offered.len() - strangers <= 80, "hundreds of requests, at most 40 at once: {offered:?}");
    assert!(offered.iter().all(|protocols| protocols == "h2,http/1.1"), "HTTP/2 is preferred: {offered:?}");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let simulator = start(unlimited(1, 10));
    let authority = Authority::new();
    let front = TlsFront::new(&simulator, &authority, NAME);
    let folder = tempfile::tempdir().unwrap();
    let file = authority.write(folder.path());
    let trusted = [("SSL_CERT_FILE", file.to_str().unwrap())];
    fails(&front.base_url("localhost"), &trusted, &["certificate", "SSL_CERT_FILE"]);
    assert_eq!(simulator.stats().requests, 0);
}

#[test]
fn a_proxy_is_used_where_one_is_named_and_does_not_see_the_token() {
    let simulator = start(unlimited(1, 10));
    let authority = Authority::new();
    let front = TlsFront::new(&simulator, &authority, NAME);
    let proxy = Proxy::new("200 OK");
    let folder = tempfile::tempdir().unwrap();
    let file = authority.write(folder.path());
    let address = format!("http://{}", proxy.address);
    let environment = [("SSL_CERT_FILE", file.to_str().unwrap()), ("HTTPS_PROXY", &address)];
    succeeds(&simulator, &front.base_url(NAME), &environment);
    let target = format!("{NAME}:{}", front.address.port());
    assert!(!proxy.asked().is_empty() && proxy.asked().iter().all(|asked| *asked == target), "{:?}", proxy.asked());
    let heard = proxy.heard();
    let token = ADMIN_TOKEN.as_bytes();
    assert!(!heard.windows(token.len()).any(|window| window == token), "it passes through TLS");

    let asked = proxy.asked().len();
    let exempt = [environment[0], environment[1], ("NO_PROXY", NAME)];
    fails(&front.base_url(NAME), &exempt, &["dns"]);
    assert_eq!(proxy.asked().len(), asked, "NO_PROXY exempts");
}

#[test]
fn a_proxy_that_does_not_let_through_is_told() {
    for status in ["403 Forbidden", "407 Proxy Authentication Required"] {
        let proxy = Proxy::new(status);
        let address = format!("http://{}", proxy.address);
        fails(&format!("https://{NAME}/api/1.0"), &[("HTTPS_PROXY", &address)], &["proxy", "NO_PROXY"]);
        assert!(!proxy.asked().is_empty());
    }
}

#[test]
fn redirects_within_the_server_are_followed_but_not_without_end() {
    let simulator = start(unlimited(1, 10));
    let out = tempfile::tempdir().unwrap();
    let circle = OddServer::new("302 Found", "Location: /api/1.0/users/me\r\n", "");
    let ended = Export::from(&circle.base_url(), ADMIN_TOKEN, &out.path().join("out")).run().exits(1).says_once();
    ended.says(&["302"]);
    assert!((2..=12).contains(&circle.asked().len()), "{}", circle.asked().len());
    // The same host, but another port: somebody else.
    let elsewhere = format!("Location: {}/users/me\r\n", simulator.base_url());
    let other = OddServer::new("302 Found", &elsewhere, "");
    Export::from(&other.base_url(), ADMIN_TOKEN, &out.path().join("out")).run().exits(1).says(&["302"]);
    assert_eq!(simulator.stats().requests, 0);
}
