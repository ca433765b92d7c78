//! Which addresses a file may be downloaded from: those of the public internet, over TLS.
//!
//! Where the content of a file is, is told by an answer, and that place may send us on to another. Neither may lead
//! into the network that this machine stands in. What is checked is what is connected to: names are resolved here, and
//! only addresses that passed are handed on.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public addresses over TLS.
    Public,
    /// Besides, this machine itself, over plain HTTP too: when the API is on it, which only a simulator is.
    AndThisMachine,
}

/// Why an address is not connected to. It never holds the address, which may be a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAllowed(pub(crate) &'static str);

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for NotAllowed {}

const NOT_TLS: NotAllowed = NotAllowed("its address does not begin with https://");
const NOT_PUBLIC: NotAllowed = NotAllowed("its address is not on the public internet");
const HAS_PASSWORD: NotAllowed = NotAllowed("its address holds a user name");
const NO_HOST: NotAllowed = NotAllowed("its address names no host");

impl Reach {
    /// What may be connected to, when the API has that address.
    pub(crate) fn of_base(base: &Url) -> Self {
        // Plain HTTP is accepted for this machine only.
        if base.scheme() == "http" { Self::AndThisMachine } else { Self::Public }
    }

    /// Whether an address may be asked for, as far as it tells itself: a name's addresses are checked when it is resolved.
    pub(crate) fn check(self, url: &Url) -> Result<(), NotAllowed> {
        let host = url.host_str().ok_or(NO_HOST)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(HAS_PASSWORD);
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let address = bare.parse::<IpAddr>().ok();
        let here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if here && self == Self::AndThisMachine => {}
            _ => return Err(NOT_TLS),
        }
        if address.is_none_or(|address| self.admits(address)) { Ok(()) } else { Err(NOT_PUBLIC) }
    }

    fn admits(self, address: IpAddr) -> bool {
        is_public(address) || (self == Self::AndThisMachine && address.is_loopback())
    }
}

/// Whether an address is one of the public internet.
/// Source: <https://www.iana.org/assignments/iana-ipv4-special-registry>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || matches!(
            (first, second, third),
            // This network, the shared space of carriers, protocol assignments, relays, benchmarks, reserved.
            (0 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
        );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is global; in it, protocol assignments, Teredo, documentation are not.
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first == 0x3fff;
    first & 0xe000 == 0x2000 && !special
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (RFC 6052) or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(v4(high, low))
        }
        _ => None,
    }
}

/// Resolves names to the addresses that may be connected to.
#[derive(Debug)]
pub(crate) struct Guarded {
    pub(crate) reach: Reach,
    /// The user's own choice: a proxy may well be inside.
    pub(crate) proxies: Vec<String>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        let is_proxy = self.proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        Box::pin(async move {
            // The port is filled in by whoever connects.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(admitted(found, |address| is_proxy || reach.admits(address))?)
        })
    }
}

/// Those of a name's addresses that pass.
fn admitted(mut found: Vec<SocketAddr>, passes: impl Fn(IpAddr) -> bool) -> Result<Addrs, NotAllowed> {
    found.retain(|address| passes(address.ip()));
    if found.is_empty() { Err(NOT_PUBLIC) } else { Ok(Box::new(found.into_iter())) }
}

/// The hosts that the environment names as proxies. Behind one, names are resolved by it.
pub(crate) fn proxies() -> Vec<String> {
    let variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    values.filter_map(|value| proxy_host(&value)).collect()
}

fn proxy_host(value: &str) -> Option<String> {
    let with_scheme = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&with_scheme).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for public in ["8.8.8.8", "99.0.0.1", "172.32.0.1", "2600:1f18::1", "64:ff9b::808:808", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for special in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(special.parse().unwrap()), "{special}");
        }
    }

    #[test]
    fn an_address_is_taken_for_what_it_is_however_it_is_written() {
        let check = |reach: Reach, url: &str, expected: Result<(), NotAllowed>| {
            assert_eq!(reach.check(&Url::parse(url).unwrap()), expected, "{url}");
        };
        check(Reach::Public, "https://asanausercontent.com/us1/assets/1?e=1&t=x", Ok(()));
        check(Reach::Public, "https://93.184.216.34/", Ok(()));
        check(Reach::Public, "http://asanausercontent.com/", Err(NOT_TLS));
        check(Reach::Public, "http://127.0.0.1/", Err(NOT_TLS));
        check(Reach::Public, "ftp://example.com/", Err(NOT_TLS));
        check(Reach::Public, "file:///etc/passwd", Err(NO_HOST));
        check(Reach::Public, "https://me:secret@example.com/", Err(HAS_PASSWORD));
        for inside in ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254"] {
            check(Reach::Public, &format!("https://{inside}/latest/meta-data"), Err(NOT_PUBLIC));
        }
        check(Reach::AndThisMachine, "http://127.0.0.1:8080/files/1", Ok(()));
        check(Reach::AndThisMachine, "http://localhost:8080/files/1", Ok(()));
        check(Reach::AndThisMachine, "http://10.0.0.1/", Err(NOT_TLS));
        check(Reach::AndThisMachine, "https://10.0.0.1/", Err(NOT_PUBLIC));
        check(Reach::AndThisMachine, "http://example.com/", Err(NOT_TLS));
    }

    #[test]
    fn plain_http_is_for_an_api_on_this_machine_alone() {
        let of = |url: &str| Reach::of_base(&Url::parse(url).unwrap());
        assert_eq!(of("https://app.asana.com/api/1.0"), Reach::Public);
        assert_eq!(of("https://127.0.0.1:8443/api/1.0"), Reach::Public);
        assert_eq!(of("http://127.0.0.1:8080/api/1.0"), Reach::AndThisMachine);
    }

    #[tokio::test]
    async fn a_name_leads_only_where_its_addresses_may() {
        let resolve = |reach, proxies: &[&str]| {
            let proxies = proxies.iter().map(|proxy| (*proxy).to_owned()).collect();
            Guarded { reach, proxies }.resolve("localhost".parse().unwrap())
        };
        let Err(error) = resolve(Reach::Public, &[]).await else { panic!("this machine is not public") };
        assert_eq!(error.downcast_ref(), Some(&NOT_PUBLIC));
        assert!(resolve(Reach::AndThisMachine, &[]).await.unwrap().all(|address| address.ip().is_loopback()));
        assert!(resolve(Reach::Public, &["LOCALHOST"]).await.is_ok(), "a proxy is the user's own choice");
        let mixed = ["10.0.0.1:0", "8.8.8.8:0"].map(|address| address.parse().unwrap()).to_vec();
        let passed: Vec<_> = admitted(mixed, is_public).unwrap().map(|address| address.ip().to_string()).collect();
        assert_eq!(passed, ["8.8.8.8"]);
    }

    #[test]
    fn the_environments_proxies_are_known_by_their_hosts() {
        for (value, host) in [
            ("http://proxy.corp:3128", Some("proxy.corp")),
            ("proxy.corp:3128", Some("proxy.corp")),
            ("http://me:secret@proxy.corp", Some("proxy.corp")),
            ("", None),
        ] {
            assert_eq!(proxy_host(value).as_deref(), host, "{value}");
        }
    }
}
