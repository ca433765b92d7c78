//! Tables written once more, to be compared with files that are there.
//!
//! What would be written is compared byte by byte with the file of that name, in step with the writing, so nothing is
//! stored. It works for every format, because it knows none: the same rows give the same bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};
use crate::verify::Difference;

/// Of a line that differs, the bytes that are shown.
const SHOWN: usize = 80;
const BUFFER_BYTES: usize = 128 * 1024;

/// An export whose tables are written once more.
#[derive(Debug)]
pub struct Original {
    folder: PathBuf,
    differences: Mutex<Vec<Difference>>,
}

impl Original {
    pub fn new(folder: &Path) -> Arc<Self> {
        Arc::new(Self { folder: folder.to_owned(), differences: Mutex::default() })
    }

    /// The first difference of each file that differs, in the order of writing.
    pub fn differences(&self) -> Vec<Difference> {
        self.differences.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, difference: Difference) {
        self.differences.lock().unwrap_or_else(PoisonError::into_inner).push(difference);
    }
}

/// One file that is written once more.
#[derive(Debug)]
pub(crate) struct Twin {
    original: Arc<Original>,
    /// Relative to the folder, with `/`.
    name: String,
    /// What is left to compare; `None` once something differs.
    file: Option<BufReader<File>>,
    /// Bytes that both have.
    same: u64,
    /// The line at hand, from 1, and how it begins in both.
    line: u64,
    begins: Vec<u8>,
}

impl Twin {
    /// The twin of a file that may not even be there.
    pub(crate) fn of(original: &Arc<Original>, name: &str) -> Result<Self> {
        let path = original.folder.join(name);
        let file = match File::open(&path) {
            Ok(file) => Some(BufReader::with_capacity(BUFFER_BYTES, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io("open", &path)(error)),
        };
        if file.is_none() {
            original.add(Difference {
                file: name.to_owned(),
                line: None,
                what: "the archive gives this table, and the file is not there".to_owned(),
            });
        }
        Ok(Self { original: Arc::clone(original), name: name.to_owned(), file, same: 0, line: 1, begins: Vec::new() })
    }

    /// Compares what comes next.
    pub(crate) fn compare(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let (Some(file), false) = (&mut self.file, bytes.is_empty()) {
            let there = file.fill_buf()?;
            let same = there.iter().zip(bytes).take_while(|(one, other)| one == other).count();
            let (passed, rest) = bytes.split_at(same);
            // Where both go on, they differ; the end of the file is found when nothing can be read.
            let found = (there.is_empty() || same < there.len().min(bytes.len()))
                .then(|| there.get(same..).unwrap_or_default().iter().copied().take(SHOWN).collect::<Vec<u8>>());
            file.consume(same);
            self.pass(passed);
            match found {
                Some(found) => self.differs(&found, rest),
                None => bytes = rest,
            }
        }
        Ok(())
    }

    /// Compares the end.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let there: Vec<u8> = file.fill_buf()?.iter().copied().take(SHOWN).collect();
        if !there.is_empty() {
            self.differs(&there, &[]);
        }
        Ok(())
    }

    /// Takes note of bytes that both have.
    fn pass(&mut self, bytes: &[u8]) {
        self.same += bytes.len() as u64;
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.line += 1;
            self.begins.clear();
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        let room = SHOWN.saturating_sub(self.begins.len()).min(rest.len());
        self.begins.extend(rest.get(..room).unwrap_or_default());
    }

    /// Both begin the line at hand alike; these are the bytes that follow, of which none are the end.
    fn differs(&mut self, there: &[u8], written: &[u8]) {
        if is_binary(there) || is_binary(written.get(..SHOWN).unwrap_or(written)) {
            // Of such a file nobody knows the lines.
            let what = format!("differs from what the archive gives, from byte {} on", self.same);
            self.original.add(Difference { file: self.name.clone(), line: None, what });
            self.file = None;
            return;
        }
        let (found, archived) = (shown(&self.begins, there), shown(&self.begins, written));
        let what = match (there.is_empty(), written.is_empty()) {
            (true, _) => format!("the file ends, and the archive gives {archived:?}"),
            (_, true) => format!("found {found:?}, and the archive gives nothing more"),
            _ if found == archived => format!("what begins with {found:?} goes on otherwise in the archive"),
            _ => format!("found {found:?}, and the archive gives {archived:?}"),
        };
        self.original.add(Difference { file: self.name.clone(), line: Some(self.line), what });
        self.file = None;
    }
}

/// Whether bytes are of no text, which may begin and end within a character.
fn is_binary(bytes: &[u8]) -> bool {
    let begin = bytes.iter().take(3).take_while(|byte| (0x80..0xc0).contains(*byte)).count();
    let bytes = bytes.get(begin..).unwrap_or_default();
    bytes.iter().any(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r'))
        || std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some())
}

/// The beginning of a line of which `begins` is known already.
fn shown(begins: &[u8], rest: &[u8]) -> String {
    let rest = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line: Vec<u8> = begins.iter().chain(rest).copied().take(SHOWN).collect();
    String::from_utf8_lossy(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(original: Option<&str>, written: &str, expected: Option<(u64, &str)>) {
        let folder = tempfile::tempdir().unwrap();
        if let Some(content) = original {
            std::fs::write(folder.path().join("a.csv"), content).unwrap();
        }
        for pieces in [1, 3, 1000] {
            let export = Original::new(folder.path());
            let mut twin = Twin::of(&export, "a.csv").unwrap();
            for piece in written.as_bytes().chunks(pieces) {
                twin.compare(piece).unwrap();
            }
            twin.end().unwrap();
            let differences = export.differences();
            let found = differences.first().map(|one| (one.line.unwrap_or(0), one.what.as_str()));
            match (found, expected) {
                (Some((line, what)), Some((at, part))) => {
                    assert!(line == at && what.contains(part), "{line}: {what}");
                }
                (found, expected) => assert_eq!(found, expected),
            }
            assert!(differences.len() <= 1);
        }
    }

    #[test]
    fn the_first_difference_is_found_by_its_line() {
        check(Some("a\nb\nc\n"), "a\nb\nc\n", None);
        check(Some("a\nb\nc\n"), "a\nc\n", Some((2, "found \"b\"")));
        check(Some("a\nc\n"), "a\nb\nc\n", Some((2, "found \"c\"")));
        check(Some("a\n"), "a\nb\n", Some((2, "the file ends")));
        check(Some("a\nb\n"), "a\n", Some((2, "gives nothing more")));
        check(Some(""), "a\n", Some((1, "the file ends")));
        check(None, "a\n", Some((0, "not there")));
        check(Some("SQLite\n\0abc"), "SQLite\n\0abd", Some((2, "found")));
        check(Some("a\nbc\0d"), "a\nbc\u{1}d", Some((0, "from byte 4 on")));
        check(Some("a\nü"), "a\nö", Some((2, "found")));
        let long = "x".repeat(200);
        check(Some(&format!("a\n{long}y\n")), &format!("a\n{long}z\n"), Some((2, "goes on otherwise")));
    }
}
