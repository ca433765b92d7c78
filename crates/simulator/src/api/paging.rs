//! Pages: `limit`, offset tokens, and what happens without a limit.
//!
//! A token holds the rank of the next row in its listing's order, the simulated moment it was issued and which listing it belongs to,
//! sealed by a hash. It looks like the signed tokens Asana sends and, like them, is good for fifteen minutes.

use crate::world::{hash_bytes, mix};

use super::errors::ApiError;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The encoded head of a token, as a JSON Web Token would have it.
const HEAD: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

/// Seals and opens offset tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens {
    secret: u64,
    lifetime_ms: u64,
}

/// Eleven characters for 64 bits.
fn encode(value: u64) -> String {
    (0..11)
        .rev()
        .map(|at| {
            let digit = usize::try_from((value >> (6 * at)) & 63).unwrap_or(0);
            ALPHABET.get(digit).copied().map_or('A', char::from)
        })
        .collect()
}

fn decode(text: &str) -> Option<u64> {
    if text.len() != 11 {
        return None;
    }
    let value = text.bytes().try_fold(0_u64, |value, byte| {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        Some((value << 6) | u64::try_from(digit).ok()?)
    })?;
    // Two of the 66 bits are unused; a text that sets them is no token of ours.
    (encode(value) == text).then_some(value)
}

impl Tokens {
    pub(crate) fn new(seed: u64, lifetime: std::time::Duration) -> Self {
        let lifetime_ms = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX);
        Self { secret: mix(seed ^ 0x000F_F5E7), lifetime_ms }
    }

    fn seal(self, rank: u64, issued_ms: u64, listing: u64) -> u64 {
        mix(mix(mix(self.secret ^ rank) ^ issued_ms) ^ listing)
    }

    /// A token for the row of a rank.
    pub(crate) fn issue(self, rank: u64, now_ms: u64, listing: u64) -> String {
        let seal = self.seal(rank, now_ms, listing);
        format!("{HEAD}.{}{}.{}", encode(rank), encode(now_ms), encode(seal))
    }

    /// The rank a token stands for.
    pub(crate) fn open(self, token: &str, now_ms: u64, listing: u64) -> Result<u64, ApiError> {
        let forged = || ApiError::new(400, format!("offset: Not a recognized pagination token: {token}"));
        let mut parts = token.split('.');
        let (head, body, seal) = (parts.next(), parts.next(), parts.next());
        let (Some(HEAD), Some(body), Some(seal), None) = (head, body, seal, parts.next()) else {
            return Err(forged());
        };
        let (rank, issued) = body.split_at_checked(11).ok_or_else(forged)?;
        let rank = decode(rank).ok_or_else(forged)?;
        let issued = decode(issued).ok_or_else(forged)?;
        if decode(seal) != Some(self.seal(rank, issued, listing)) {
            return Err(forged());
        }
        if now_ms > issued.saturating_add(self.lifetime_ms) {
            return Err(ApiError::offset_expired());
        }
        Ok(rank)
    }
}

/// Identifies a listing: a token of one is refused by every other.
pub(crate) fn listing_key(path: &str, parameters: &[(String, String)]) -> u64 {
    parameters
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "limit" | "offset" | "opt_fields" | "opt_pretty"))
        .fold(hash_bytes(1, path.as_bytes()), |key, (name, value)| {
            // Order must not matter.
            key.wrapping_add(hash_bytes(hash_bytes(2, name.as_bytes()), value.as_bytes()))
        })
}

/// Reads `limit`: `None` when it was not sent.
pub(crate) fn limit(text: Option<&str>) -> Result<Option<usize>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    match text.parse::<usize>() {
        Ok(limit @ 1..=100) => Ok(Some(limit)),
        _ => Err(ApiError::new(400, "limit: Must be between 1 and 100")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn tokens_expire_and_cannot_be_forged_or_moved() {
        let tokens = Tokens::new(1, Duration::from_mins(15));
        let token = tokens.issue(100, 5_000, 7);
        assert_eq!(tokens.open(&token, 905_000, 7), Ok(100));
        assert_eq!(tokens.open(&token, 905_001, 7), Err(ApiError::offset_expired()));
        assert_eq!(tokens.open(&token, 5_000, 8).unwrap_err().status, 400);
        assert_eq!(Tokens::new(2, Duration::from_mins(15)).open(&token, 5_000, 7).unwrap_err().status, 400);
        for at in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[at] = if forged[at] == b'B' { b'C' } else { b'B' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(tokens.open(&forged, 5_000, 7).unwrap_err().status, 400, "{forged}");
        }
    }
}
