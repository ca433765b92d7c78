//! Numbers, durations and foreign text, as they are shown to a person.
//!
//! Names and reasons come from Asana, where anybody in the workspace can write an escape sequence or an override of
//! the writing direction into them. Every such string passes [`printable`] on its way to a terminal.

use std::borrow::Cow;
use std::time::Duration;

/// The most characters of one foreign string that are shown.
const LONGEST: usize = 200;

/// The text with everything that steers a terminal replaced, and cut to 200 characters.
///
/// Line breaks and tabs become spaces; other control characters (ESC and the C1 range among them), line and paragraph
/// separators, and the characters that reorder text become U+FFFD.
pub fn printable(text: &str) -> Cow<'_, str> {
    printable_within(text, LONGEST)
}

/// The same for another length. A text that is cut ends in `...` and is never longer than `longest` characters.
pub(crate) fn printable_within(text: &str, longest: usize) -> Cow<'_, str> {
    let too_long = text.chars().nth(longest).is_some();
    if !too_long && text.chars().all(|character| !steers(character)) {
        return Cow::Borrowed(text);
    }
    let kept = if too_long { longest.saturating_sub(3) } else { longest };
    let mut shown: String = text.chars().take(kept).map(harmless).collect();
    if too_long {
        shown.push_str("...");
    }
    Cow::Owned(shown)
}

/// Whether a character moves the cursor, changes the terminal's state, or changes the order of what stands around it.
pub(crate) fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

fn harmless(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' => ' ',
        character if steers(character) => '\u{fffd}',
        character => character,
    }
}

/// `1234567` as `1,234,567`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `5.2 MB`, in decimal units, as disks and Asana count.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let mut unit = None;
    // In tenths, so that no floating point is needed.
    let mut tenths = bytes.saturating_mul(10);
    for name in UNITS {
        if tenths < 9_995 {
            break;
        }
        tenths = tenths.div_ceil(1_000);
        unit = Some(name);
    }
    match unit {
        None => count(bytes, "byte", "bytes"),
        Some(unit) if tenths < 100 => format!("{}.{} {unit}", tenths / 10, tenths % 10),
        Some(unit) => format!("{} {unit}", number(tenths / 10)),
    }
}

/// A number with its noun: `1 request`, `1,234 requests`.
pub fn count(amount: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(amount), if amount == 1 { one } else { many })
}

/// `1 h 02 min`, `3 min 05 s`, `12 s`: the two largest units.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{} h {minutes:02} min", number(hours)),
    }
}

/// How long to wait yet: rounded up, so that a countdown ends with `1 s`.
pub(crate) fn countdown(left: Duration) -> String {
    duration(Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0)))
}

/// An estimate, which deserves no seconds: `under 1 min`, `12 min`, `2 h 10 min`.
pub fn estimate(left: Duration) -> String {
    match left.as_secs() {
        0..60 => "under 1 min".to_owned(),
        seconds @ 60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => duration(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed_and_unchanged() {
        for text in ["", "Roadmap", "Größe – 設計 👩‍👩‍👧 \u{627}\u{644}"] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        fn check(input: &str, expected: &str) {
            assert_eq!(printable(input), expected, "{input:?}");
            assert!(!printable(input).chars().any(steers));
        }
        check("\u{1b}[2Jgone", "\u{fffd}[2Jgone");
        check("\u{1b}]0;title\u{7}", "\u{fffd}]0;title\u{fffd}");
        check("\u{9b}31mred\u{9c}", "\u{fffd}31mred\u{fffd}");
        check("a\r\nb\tc", "a  b c");
        check("nul\0 del\u{7f} bs\u{8}", "nul\u{fffd} del\u{fffd} bs\u{fffd}");
        check("exe\u{202e}fdp.x", "exe\u{fffd}fdp.x");
        check("\u{2066}isolate\u{2069}\u{200f}\u{61c}", "\u{fffd}isolate\u{fffd}\u{fffd}\u{fffd}");
        check("two\u{2028}lines\u{2029}", "two\u{fffd}lines\u{fffd}");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(printable(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(printable(&"é".repeat(201)), format!("{}...", "é".repeat(197)));
        assert_eq!(printable_within("abcdefgh", 5), "ab...");
    }

    #[test]
    fn numbers_have_thousands_separators() {
        for (amount, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")]
        {
            assert_eq!(number(amount), expected);
        }
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(count(1, "request", "requests"), "1 request");
        assert_eq!(count(0, "request", "requests"), "0 requests");
    }

    #[test]
    fn bytes_have_the_unit_that_fits() {
        for (amount, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (5_234_567, "5.3 MB"),
            (56_000_000, "56 MB"),
            (999_999, "1.0 MB"),
            (1_500_000_000_000, "1.5 TB"),
        ] {
            assert_eq!(bytes(amount), expected, "{amount}");
        }
        assert!(bytes(u64::MAX).ends_with(" PB"));
    }

    #[test]
    fn durations_have_their_two_largest_units() {
        for (seconds, expected) in
            [(0, "0 s"), (59, "59 s"), (60, "1 min 00 s"), (185, "3 min 05 s"), (3_720, "1 h 02 min")]
        {
            assert_eq!(duration(Duration::from_secs(seconds)), expected);
        }
        assert_eq!(duration(Duration::from_millis(12_900)), "12 s");
        assert_eq!(countdown(Duration::from_millis(11_100)), "12 s");
        assert_eq!(countdown(Duration::from_secs(12)), "12 s");
        assert_eq!(estimate(Duration::from_secs(59)), "under 1 min");
        assert_eq!(estimate(Duration::from_secs(61)), "2 min");
        assert_eq!(estimate(Duration::from_mins(130)), "2 h 10 min");
    }
}
