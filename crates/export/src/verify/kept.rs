//! Files that were downloaded, against the rows that tell of them.
//!
//! The manifest lists no such file: there can be millions. The table does, and its own checksum is in the manifest. Both
//! sides are sorted by their paths, which spills to disk, and are read in step; each file is read once, in pieces.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use asana_model::layout::PlacedFile;
use asana_model::{Cell, Layout, TableId};

use super::report::Findings;
use crate::checksum;
use crate::error::{Error, Result};
use crate::folder::{is_beside_the_export, kept_folders};
use crate::output::Written;
use crate::sorted::{Merge, Sorter};

/// Memory for each side.
const SORT_MEMORY: usize = 8 << 20;
/// What stands for the size of what is no file.
const NO_FILE: &[u8] = b"not a file";

#[derive(Debug)]
pub(super) struct Kept<'l> {
    layout: &'l Layout,
    columns: BTreeMap<TableId, PlacedFile>,
    told: Sorter,
    rows: u64,
    findings: Findings,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) findings: Findings,
    /// Rows that name a file.
    pub(super) rows: u64,
    /// Files that are there.
    pub(super) there: u64,
    /// Of these, of those that rows name.
    pub(super) bytes: u64,
}

impl<'l> Kept<'l> {
    /// `tables` are those that can be read.
    pub(super) fn new(layout: &'l Layout, tables: &[TableId], temp: &Path) -> Self {
        let columns = layout.resources.iter().filter(|plan| tables.contains(&plan.table));
        Self {
            layout,
            columns: columns.filter_map(|plan| Some((plan.table, plan.file?))).collect(),
            told: Sorter::new(temp, SORT_MEMORY),
            rows: 0,
            findings: Findings::default(),
        }
    }

    /// Takes a row of the file `from`, once for each row of a table.
    pub(super) fn row(&mut self, table: TableId, cells: &[Cell<'_>], (from, line): (&str, u64)) -> Result<()> {
        let Some(columns) = self.columns.get(&table) else { return Ok(()) };
        let cell = |column: usize| cells.get(column).unwrap_or(&Cell::Null);
        let Cell::Text(path) = cell(columns.path) else { return Ok(()) };
        self.rows += 1;
        if !self.is_in_its_folder(table, path) {
            self.findings.add(from, Some(line), || format!("names the file {path:?}, which is no place for one"));
            return Ok(());
        }
        let sha256 = match cell(columns.sha256) {
            Cell::Text(sha256) => sha256.as_ref(),
            _ => "",
        };
        let bytes = match cell(columns.bytes) {
            Cell::Count(bytes) => bytes.to_string(),
            Cell::Digits(bytes) => bytes.to_string(),
            _ => String::new(),
        };
        self.told.push(path.as_bytes(), 0, self.rows, format!("{bytes} {sha256}").as_bytes())
    }

    fn is_in_its_folder(&self, table: TableId, path: &str) -> bool {
        let plan = self.layout.resources.iter().find(|plan| plan.table == table);
        let files = plan.and_then(|plan| plan.resource.files());
        let name = files.and_then(|files| path.strip_prefix(files.folder)?.strip_prefix('/'));
        name.is_some_and(|name| !name.contains(['/', '\\']) && !["", ".", ".."].contains(&name))
    }

    /// Compares what was told with what is there.
    pub(super) fn finish(self, folder: &Path, temp: &Path) -> Result<Compared> {
        let mut there = Sorter::new(temp, SORT_MEMORY);
        let mut number = 0;
        for name in kept_folders() {
            number += list(folder, name, &mut there)?;
        }
        let mut compared = Compared { findings: self.findings, rows: self.rows, there: number, bytes: 0 };
        let mut told = Side::new(self.told.finish()?)?;
        let mut there = Side::new(there.finish()?)?;
        loop {
            match (&told.next, &there.next) {
                (Some((row, _)), file) if file.as_ref().is_none_or(|(file, _)| row < file) => {
                    compared.findings.add(row, None, || "missing".to_owned());
                    told.advance()?;
                }
                (row, Some((file, _))) if row.as_ref().is_none_or(|(row, _)| file < row) => {
                    compared.findings.add(file, None, || "extra: no row names it".to_owned());
                    there.advance()?;
                }
                (Some((path, said)), Some((_, found))) => {
                    compared.bytes += compare(folder, path, said, found, &mut compared.findings)?;
                    told.advance()?;
                    there.advance()?;
                }
                // Both have ended: of one alone, and of two that differ, the first arms take care.
                _ => return Ok(compared),
            }
        }
    }
}

/// Compares a file with what its row says; gives its size.
fn compare(folder: &Path, path: &str, said: &str, size: &str, findings: &mut Findings) -> Result<u64> {
    if size.as_bytes() == NO_FILE {
        findings.add(path, None, || "is not a file".to_owned());
        return Ok(0);
    }
    let (said_bytes, said_sum) = said.split_once(' ').unwrap_or_default();
    if size != said_bytes {
        findings.add(path, None, || format!("has {size} bytes, and its row says {said_bytes}"));
        return Ok(size.parse().unwrap_or(0));
    }
    let Written { bytes, sha256 } = checksum::of_file(&folder.join(path))?;
    if sha256 != said_sum {
        findings.add(path, None, || format!("its SHA-256 is {sha256}, and its row says {said_sum}"));
    }
    Ok(bytes)
}

/// Adds what is in a folder of files, with sizes; gives their number.
fn list(folder: &Path, name: &str, there: &mut Sorter) -> Result<u64> {
    let path = folder.join(name);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            there.push(name.as_bytes(), 0, 0, NO_FILE)?;
            return Ok(1);
        }
        Err(error) => return Err(Error::io("read", &path)(error)),
    };
    let mut number = 0;
    for entry in entries {
        let entry = entry.map_err(Error::io("read", &path))?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if is_beside_the_export(&file, false) {
            continue;
        }
        let found = entry.metadata().map_err(Error::io("read", &entry.path()))?;
        let size = if found.is_file() { found.len().to_string().into_bytes() } else { NO_FILE.to_vec() };
        there.push(format!("{name}/{file}").as_bytes(), 0, 0, &size)?;
        number += 1;
    }
    Ok(number)
}

/// One side of the comparison: a path with what is known about it.
struct Side {
    merge: Merge,
    next: Option<(String, String)>,
}

impl Side {
    fn new(merge: Merge) -> Result<Self> {
        let mut side = Self { merge, next: None };
        side.advance()?;
        Ok(side)
    }

    fn advance(&mut self) -> Result<()> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.next = self.merge.next_winner()?.map(|entry| (text(entry.key), text(entry.payload)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found when rows name these files (with size and sum) and these are there.
    fn compare(rows: &[(&str, u64, &str)], there: &[(&str, &str)]) -> (Vec<String>, u64) {
        let (dir, layout) = (tempfile::tempdir().unwrap(), Layout::new());
        let plan = layout.resources.iter().find(|plan| plan.file.is_some()).unwrap();
        let file = plan.file.unwrap();
        let mut kept = Kept::new(&layout, &[plan.table], dir.path());
        for (line, (path, bytes, sha256)) in (2..).zip(rows) {
            let mut cells = vec![Cell::Null; layout.table(plan.table).columns.len()];
            cells[file.path] = Cell::text(*path);
            cells[file.bytes] = Cell::Digits(bytes.to_string().into());
            cells[file.sha256] = Cell::text(*sha256);
            kept.row(plan.table, &cells, ("csv/attachments.csv", line)).unwrap();
        }
        for (path, content) in there {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let compared = kept.finish(dir.path(), dir.path()).unwrap();
        let mut report = super::super::Report::default();
        report.checked("downloads", "", compared.findings);
        let line = |one: &super::super::Difference| format!("{}: {}", one.file, one.what);
        (report.differences.iter().map(line).collect(), compared.bytes)
    }

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn files_and_rows_are_compared_in_step() {
        let rows = [("attachments/1-a", 3, ABC), ("attachments/2-b", 3, ABC), ("attachments/5-c", 3, ABC)];
        let all = [("attachments/1-a", "abc"), ("attachments/2-b", "abc"), ("attachments/5-c", "abc")];
        assert_eq!(compare(&rows, &all), (Vec::new(), 9));
        assert_eq!(compare(&[], &[]), (Vec::new(), 0));
        let damaged =
            [("attachments/1-a", "abd"), ("attachments/3-x", ""), ("attachments/5-c", "ab"), ("attachments/9/x", "")];
        let (found, _) = compare(&rows, &damaged);
        let expected = [
            "attachments/1-a: its SHA-256 is ",
            "attachments/2-b: missing",
            "attachments/3-x: extra: no row names it",
            "attachments/5-c: has 2 bytes, and its row says 3",
            "attachments/9: extra: no row names it",
        ];
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found.iter().zip(expected).all(|(found, expected)| found.starts_with(expected)), "{found:?}");
    }

    #[test]
    fn rows_lead_nowhere_but_into_their_folder() {
        for path in ["../x", "/etc/passwd", "attachments/../x", "attachments/", "csv/attachments.csv", "attachments"] {
            let (found, _) = compare(&[(path, 3, ABC)], &[]);
            assert_eq!(found, [format!("csv/attachments.csv: names the file {path:?}, which is no place for one")]);
        }
    }

    #[test]
    fn a_folder_is_no_file() {
        let (found, bytes) = compare(&[("attachments/1-a", 3, ABC)], &[("attachments/1-a/x", "abc")]);
        assert_eq!((found, bytes), (vec!["attachments/1-a: is not a file".to_owned()], 0));
    }
}
