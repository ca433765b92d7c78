//! The name that a downloaded file gets on this machine. Its own name is somebody's text: it may hold paths, steer a
//! terminal, or be one that some system cannot have.

/// The longest name, in bytes: most systems take 255, and some spend more on letters beyond ASCII.
const LONGEST: usize = 150;
/// What is taken for an extension is kept when a name is cut, if it is no longer than this, in bytes.
const LONGEST_EXTENSION: usize = 16;
/// The longest gid that is taken for one.
const LONGEST_GID: usize = 40;
/// What systems do not have in names, or read as something else.
const PATH: &[char] = &['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// The name of the file of the object `gid` that is called `name`: `<gid>-<name>`, as far as that can be.
///
/// It has no path in it, no control character and none that reorders text, ends in neither a blank nor a dot, and is no
/// longer than 150 bytes. It begins with the gid, so it is another one for each gid, whatever the letters' case, and
/// none of the names that Windows reserves. `None` when the gid is no row of digits.
pub(crate) fn file_name(gid: &str, name: &str) -> Option<String> {
    let is_gid = (1..=LONGEST_GID).contains(&gid.len()) && gid.bytes().all(|byte| byte.is_ascii_digit());
    if !is_gid {
        return None;
    }
    let clean: String = name
        .chars()
        .filter(|character| !steers(*character))
        .map(|character| if PATH.contains(&character) { '_' } else { character })
        .collect();
    let name = trimmed(&clean);
    let name = if name.is_empty() { "file" } else { name };
    let fitted = fitted(name, LONGEST - gid.len() - 1);
    Some(format!("{gid}-{fitted}"))
}

/// Whether a character is no letter to be seen, but tells a terminal or a text what to do.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn trimmed(name: &str) -> &str {
    name.trim_start().trim_end_matches(|character: char| character == '.' || character.is_whitespace())
}

/// The name within so many bytes: what is cut is cut before the extension.
fn fitted(name: &str, bytes: usize) -> String {
    if name.len() <= bytes {
        return name.to_owned();
    }
    let is_short = |extension: &str| (1..=LONGEST_EXTENSION).contains(&extension.len());
    match name.rsplit_once('.').filter(|(stem, extension)| !stem.is_empty() && is_short(extension)) {
        Some((stem, extension)) => format!("{}.{extension}", trimmed(cut(stem, bytes - extension.len() - 1))),
        None => trimmed(cut(name, bytes)).to_owned(),
    }
}

/// The beginning of a text that fits into so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_themselves_as_far_as_they_can() {
        let check = |name, expected: &str| assert_eq!(file_name("12", name).as_deref(), Some(expected), "{name:?}");
        check("Screenshot 2025-04-18 at 17.23.png", "12-Screenshot 2025-04-18 at 17.23.png");
        check("../../etc/passwd", "12-.._.._etc_passwd");
        check("C:\\temp\\new.txt", "12-C__temp_new.txt");
        check("budget, final \"v2\".xlsx", "12-budget, final _v2_.xlsx");
        check("two\r\nlines\u{1b}[2J.txt", "12-twolines[2J.txt");
        check("gpj.\u{202e}exe", "12-gpj.exe");
        check("مستند.pdf", "12-مستند.pdf");
        check("CON", "12-CON");
        check("  spaces around. . ", "12-spaces around");
        for nothing in ["", ".", " . ", "\u{200f}"] {
            check(nothing, "12-file");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = file_name("12", &format!("{}.tar.gz", "ä".repeat(200))).unwrap();
        assert!(long.ends_with("ä.gz") && long.len() <= LONGEST && long.len() > LONGEST - 4, "{long}");
        let no_extension = file_name("12", &format!("a.{}", "b".repeat(300))).unwrap();
        assert_eq!(no_extension.len(), LONGEST);
    }

    #[test]
    fn what_is_no_gid_gets_no_file() {
        for gid in ["", "../1", "1a", "１", &"1".repeat(41)] {
            assert_eq!(file_name(gid, "a.txt"), None, "{gid}");
        }
    }

    /// As some systems see two names.
    fn folded(name: &str) -> String {
        name.to_lowercase()
    }

    proptest! {
        #[test]
        fn every_name_is_one_plain_name(
            name in prop_oneof![any::<String>(), "[./\\\\ \u{202e}a]{0,12}", "[äa. ]{100,200}[.][a-z]{0,20}"],
            gid in "[0-9]{1,40}",
            other_gid in "[0-9]{1,40}",
        ) {
            let given = file_name(&gid, &name).unwrap();
            prop_assert!(given.len() <= LONGEST);
            let parts: Vec<_> = Path::new(&given).components().collect();
            prop_assert_eq!(parts, [Component::Normal(given.as_ref())]);
            prop_assert!(!given.contains(PATH) && !given.chars().any(steers));
            prop_assert!(!given.ends_with('.') && !given.ends_with(char::is_whitespace));
            let prefix = format!("{gid}-");
            prop_assert!(given.starts_with(&prefix) && given.len() > gid.len() + 1);
            if gid != other_gid {
                prop_assert_ne!(folded(&given), folded(&file_name(&other_gid, &name).unwrap()));
            }
        }
    }
}
