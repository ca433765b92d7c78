//! Query strings, both ways.

/// Percent-encodes a query value.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b':' => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| {
                    char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase())
                }));
            }
        }
    }
    out
}

/// Undoes percent-encoding; `+` is a space.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = rest.as_slice().get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(value) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    out.push(value);
                    rest.nth(1);
                } else {
                    out.push(b'%');
                }
            }
            _ => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Takes a query string apart.
pub(crate) fn parameters(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_taken_apart() {
        let text = "a=1&b=x%2Cy+z&c&created_at.after=2025-01-01T00%3A00Z&bad=%zz";
        let expected =
            [("a", "1"), ("b", "x,y z"), ("c", ""), ("created_at.after", "2025-01-01T00:00Z"), ("bad", "%zz")];
        let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(parameters(text), expected);
        assert_eq!(decode(&encode("ä=&,:/?")), "ä=&,:/?");
    }
}
