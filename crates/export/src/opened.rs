//! A finished export opened to be read: its manifest, and its tables row by row, in whatever format they are there.
//!
//! For whoever works on the rows rather than on the files. What is read is held to what every reader relies on: rows of
//! the right width, in the order of their keys, as many as the manifest says. A file that is not so is an error here;
//! `verify` tells all that is wrong with it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use asana_model::{Cell, Column, ColumnKind, Layout, Sensitive, Table};

use crate::error::{Error, Result};
use crate::folder::Reading;
use crate::key;
use crate::manifest::Manifest;
use crate::reduced::Reduced;
use crate::sink::{CsvStyle, Format, Read};
use crate::source::{Source, SourceError};
use crate::tables::TableReport;

const BUFFER_BYTES: usize = 128 * 1024;

/// A finished export; nobody writes to it while this value lives.
#[derive(Debug)]
pub struct Opened {
    folder: Reading,
    manifest: Manifest,
}

impl Opened {
    /// # Errors
    /// Those of [`Reading::begin`] and of [`Manifest::read`].
    pub fn open(path: &Path) -> Result<Self> {
        let folder = Reading::begin(path)?;
        let manifest = Manifest::read(folder.path())?;
        Ok(Self { folder, manifest })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What the manifest says of the table of that name.
    pub fn report(&self, table: &str) -> Option<&TableReport> {
        self.manifest.tables.iter().find(|report| report.name == table)
    }

    /// Opens a table in the first of its formats that can be read row by row.
    ///
    /// # Errors
    /// [`Error::NoRows`] when it is in no such format, and those of opening the file.
    pub fn table(&self, report: &TableReport, layout: &Layout) -> Result<TableFile> {
        let readable = report.files.iter().find_map(|file| Some((file, Format::parse(&file.format).ok()?.reader()?)));
        let Some((file, read)) = readable else {
            return Err(Error::NoRows { path: self.path().to_owned(), table: report.name.clone() });
        };
        let path = self.path().join(&file.path);
        let opened = File::open(&path).map_err(Error::io("open", &path))?;
        Ok(TableFile {
            path,
            table: described(report, layout, &self.manifest.reduced()),
            rows: report.rows,
            read,
            style: self.manifest.csv_style(),
            reader: BufReader::with_capacity(BUFFER_BYTES, opened),
        })
    }
}

/// The table with the columns that the manifest lists, of which this version knows what it knows by their names.
///
/// Its key is unknown, with no columns, when this version has no such table, or one whose key has other columns, and when
/// texts of its key are hidden.
fn described(report: &TableReport, layout: &Layout, reduced: &Reduced) -> Table {
    let known = layout.tables.iter().find(|table| table.name == report.name);
    if let Some(table) = report.described_here().filter(|_| known.is_none()) {
        return table;
    }
    let column = |name: &String| {
        let known = known.and_then(|table| table.columns.iter().find(|column| column.name == *name));
        known.cloned().unwrap_or_else(|| Column {
            name: name.clone(),
            kind: ColumnKind::Text,
            about: String::new(),
            source: String::new(),
            references: None,
            sensitive: Sensitive::Unclassified,
        })
    };
    let columns: Vec<Column> = report.columns.iter().map(column).collect();
    let has_key_of = |table: &&Table| {
        let key = table.columns.iter().take(table.key_columns).map(|column| &column.name);
        key.eq(report.columns.iter().take(table.key_columns)) && !reduced.hides_key(table)
    };
    Table {
        name: report.name.clone(),
        about: known.map(|table| table.about.clone()).unwrap_or_default(),
        resource: known.and_then(|table| table.resource),
        columns,
        key_columns: known.filter(has_key_of).map_or(0, |table| table.key_columns),
    }
}

/// A table's file, not read yet.
#[derive(Debug)]
pub struct TableFile {
    path: PathBuf,
    table: Table,
    rows: u64,
    read: Read,
    style: CsvStyle,
    reader: BufReader<File>,
}

impl TableFile {
    /// The table as it is in this export: columns in the order of its rows, and no key if this version knows none.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Reads it, once.
    pub fn rows(&mut self) -> Rows<'_> {
        Rows {
            source: (self.read)(&mut self.reader, &self.table, &self.style),
            path: &self.path,
            table: &self.table,
            expected: self.rows,
            read: 0,
            key: Vec::new(),
            last_key: Vec::new(),
        }
    }
}

/// The rows of a table, in the order of its key.
#[derive(Debug)]
pub struct Rows<'f> {
    source: Box<dyn Source + 'f>,
    path: &'f Path,
    table: &'f Table,
    expected: u64,
    read: u64,
    key: Vec<u8>,
    last_key: Vec<u8>,
}

impl Rows<'_> {
    /// The next row, a cell for each column; `None` after the last.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the file is not what was written, and those of reading.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot lend its items")]
    pub fn next(&mut self) -> Result<Option<Vec<Cell<'_>>>> {
        let path = self.path;
        let row = self.source.next().map_err(|error| match error {
            SourceError::Io(error) => Error::io("read", path)(error),
            SourceError::Malformed { line, what } => Error::Malformed { path: path.to_owned(), line, what },
        })?;
        let malformed = |line, what| Error::Malformed { path: path.to_owned(), line, what };
        let Some(row) = row else {
            return if self.read == self.expected {
                Ok(None)
            } else {
                let (read, expected) = (self.read, self.expected);
                Err(malformed(1, format!("the manifest says {expected} rows, and it has {read}")))
            };
        };
        self.read += 1;
        if let Some(key) = row.cells.get(..self.table.key_columns).filter(|key| !key.is_empty()) {
            self.key.clear();
            key::push_cells(&mut self.key, key);
            if self.key <= self.last_key {
                let what = format!("the key {} does not come after the one before it", key::describe(key));
                return Err(malformed(row.line, what));
            }
            std::mem::swap(&mut self.key, &mut self.last_key);
        }
        Ok(Some(row.cells))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use asana_model::TableId;

    use super::*;
    use crate::folder::{Folder, Fresh};
    use crate::manifest::tests::manifest;
    use crate::sink::{Dialect, FORMATS, Style};
    use crate::tables::{KeyGaps, Target, Writing};
    use asana_model::RowSink as _;

    /// An export of `tags`, whose other columns stay empty, in one format.
    fn export(path: &Path, format: &str, dialect: Dialect, rows: &[(&str, &str)]) -> Layout {
        let layout = Layout::new();
        let folder = Folder::open(path, Fresh::Start).unwrap();
        let id = TableId(layout.tables.iter().position(|table| table.name == "tags").unwrap());
        let formats = [Format::parse(format).unwrap()];
        let style = Style { csv: dialect.into(), ..Style::of(formats) };
        let writing = Writing::begin(&Target::from(&folder), &style, path).unwrap();
        let mut set = writing.tables(&layout, &[id]).unwrap();
        for (gid, name) in rows {
            let mut cells = vec![Cell::Null; layout.table(id).columns.len()];
            cells[0] = Cell::text(*gid);
            cells[layout.table(id).column("name").unwrap()] = Cell::text(*name);
            set.row(id, &cells).unwrap();
        }
        let mut manifest = manifest();
        manifest.selection.insert("dialect".to_owned(), dialect.name().into());
        manifest.tables = set.finish().unwrap();
        manifest.write(&folder).unwrap();
        layout
    }

    fn read(path: &Path, layout: &Layout) -> Result<Vec<Vec<Cell<'static>>>> {
        let opened = Opened::open(path)?;
        let mut file = opened.table(opened.report("tags").unwrap(), layout)?;
        let mut rows = file.rows();
        let mut found = Vec::new();
        while let Some(cells) = rows.next()? {
            let text = |cell: &Cell<'_>| match cell {
                Cell::Text(text) => Cell::text(text.clone().into_owned()),
                other => panic!("{other:?}"),
            };
            found.push(cells.iter().filter(|cell| **cell != Cell::Null).map(text).collect());
        }
        Ok(found)
    }

    #[test]
    fn rows_are_the_same_in_every_format_and_dialect() {
        let rows = [("1", "=1+1"), ("10", ""), ("2", "a\n\"b\",c")];
        let expected: Vec<Vec<Cell<'_>>> =
            rows.iter().map(|(gid, name)| vec![Cell::text(*gid), Cell::text(*name)]).collect();
        for format in FORMATS.iter().filter(|format| format.is_readable()) {
            for dialect in Dialect::ALL {
                let folder = tempfile::tempdir().unwrap();
                let layout = export(folder.path(), format.name, dialect, &rows);
                assert_eq!(read(folder.path(), &layout).unwrap(), expected, "{format:?} {dialect:?}");
            }
        }
    }

    #[test]
    fn a_file_that_was_changed_is_an_error() {
        for (from, to, expected) in [
            ("\n2,", "\n0,", "csv, line 3: the key 0 does not come after"),
            ("\n1,", "\n\"1,", "quote"),
            ("\n2,b", "", "line "),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let layout = export(folder.path(), "csv", Dialect::Rfc4180, &[("1", "a"), ("2", "b")]);
            let path = folder.path().join("csv/tags.csv");
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from));
            fs::write(&path, text.replacen(from, to, 1)).unwrap();
            let error = read(folder.path(), &layout).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        let folder = tempfile::tempdir().unwrap();
        let layout = export(folder.path(), "csv", Dialect::Rfc4180, &[("1", "a"), ("2", "b")]);
        let path = folder.path().join("csv/tags.csv");
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().take(2).collect();
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        assert!(read(folder.path(), &layout).unwrap_err().to_string().contains("says 2 rows, and it has 1"));
    }

    #[test]
    fn columns_of_other_versions_are_read_by_their_names() {
        let layout = Layout::new();
        let report = |columns: &[&str]| TableReport {
            name: "task_followers".to_owned(),
            resource: None,
            rows: 0,
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            types: Vec::new(),
            files: Vec::new(),
            key_gaps: KeyGaps::default(),
        };
        let table = described(&report(&["task_gid", "position", "new", "user_gid"]), &layout, &Reduced::default());
        assert_eq!((table.key_columns, table.resource), (2, Some("tasks")));
        let kinds: Vec<_> = table.columns.iter().map(|column| column.kind).collect();
        assert_eq!(kinds, [ColumnKind::Gid, ColumnKind::Integer, ColumnKind::Text, ColumnKind::Gid]);
        assert_eq!(described(&report(&["position", "task_gid"]), &layout, &Reduced::default()).key_columns, 0);
    }
}
