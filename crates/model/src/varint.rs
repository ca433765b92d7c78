//! Numbers in as many bytes as they need: seven bits in each, the lowest first.

/// Appends a number: small ones take one byte, the largest ten.
pub fn push(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

/// The number that `bytes` begin with, and how many of them it takes. Nothing where they end in the middle of it.
pub fn first(bytes: &[u8]) -> Option<(u64, usize)> {
    let (mut number, mut shift) = (0_u64, 0);
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
        shift += 7;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_number_survives(number in prop_oneof![0_u64..300, any::<u64>()], behind in prop::collection::vec(any::<u8>(), 0..3)) {
            let mut bytes = Vec::new();
            push(&mut bytes, number);
            let length = bytes.len();
            prop_assert!(length <= 10 && first(&bytes[..length - 1]).is_none());
            bytes.extend(behind);
            prop_assert_eq!(first(&bytes), Some((number, length)));
        }
    }
}
