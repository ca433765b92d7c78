//! The content of attached files, and the addresses under which it can be had for two minutes.

use std::sync::OnceLock;

use crate::api::query::parameters;
use crate::clock::Clock;
use crate::world::{hash_bytes, mix};

/// Simulated life of an address. Source: <https://developers.asana.com/reference/getattachment>
const LIFETIME_MS: u64 = 120_000;

/// The host that serves content: another than the API's, which knows no tokens.
#[derive(Debug)]
pub(crate) struct FileHost {
    seed: u64,
    /// Where it listens, once it does.
    at: OnceLock<(String, Clock)>,
}

/// Whether an address is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Good,
    Expired,
    Forged,
}

impl FileHost {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, at: OnceLock::new() }
    }

    /// Says where it listens: `http://127.0.0.1:PORT`.
    pub(crate) fn listens(&self, origin: String, clock: Clock) {
        self.at.get_or_init(|| (origin, clock));
    }

    /// A fresh address of a file's content.
    pub(crate) fn address(&self, gid: u64) -> String {
        let (origin, now) = match self.at.get() {
            Some((origin, clock)) => (origin.as_str(), clock.now_ms()),
            None => ("https://asanausercontent.com", 0),
        };
        let expires = now + LIFETIME_MS;
        format!("{origin}/files/{gid}?e={expires}&v=0&t={:016x}", self.signature(gid, expires))
    }

    /// Whether the query is the one of an address that was given out for this file.
    pub(crate) fn judge(&self, gid: u64, query: &str) -> Signed {
        let parameters = parameters(query);
        let value = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let expires = value("e").and_then(|expires| expires.parse().ok());
        let Some(expires) = expires else { return Signed::Forged };
        let signature = format!("{:016x}", self.signature(gid, expires));
        let now = self.at.get().map_or(0, |(_, clock)| clock.now_ms());
        match value("t") {
            Some(given) if given == signature && now > expires => Signed::Expired,
            Some(given) if given == signature => Signed::Good,
            _ => Signed::Forged,
        }
    }

    fn signature(&self, gid: u64, expires: u64) -> u64 {
        hash_bytes(hash_bytes(self.seed, &gid.to_le_bytes()), &expires.to_le_bytes())
    }
}

/// The bytes of a file: as many as it should have, the same each time.
pub(crate) fn content(gid: u64, size: u32) -> Vec<u8> {
    let words = (0..u64::from(size).div_ceil(8)).map(|word| mix(mix(gid) ^ word).to_le_bytes());
    let mut bytes: Vec<u8> = words.flatten().collect();
    bytes.truncate(size as usize);
    bytes
}
