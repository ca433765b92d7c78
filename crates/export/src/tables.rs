//! Tables on their way to the disk: each row goes to every format in one pass.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asana_model::{Cell, Column, ColumnKind, Layout, RowSink, Table, TableId};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::key;
use crate::output::{Output, Scratch, Written, sync_folder};
use crate::private;
use crate::sink::{Book, Format, Sink, Style};
use crate::twin::Original;
use crate::unfit::Unfit;
use crate::update::Update;
use crate::view::Shape;

/// A finished table, as the manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    pub name: String,
    /// The resource whose records fill it; absent for tables that describe the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    pub rows: u64,
    pub columns: Vec<String>,
    /// Of tables whose columns depend on the data, the types of the columns, by their labels. The key of such a table is its
    /// first column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// In the order of the formats asked for.
    pub files: Vec<FileReport>,
    /// Known of tables that were just written; the manifest does not have it.
    #[serde(skip)]
    pub key_gaps: KeyGaps,
}

/// What no key of a database has, in some row. A key that is hidden has all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyGaps {
    /// A null in a column of the key.
    pub null: bool,
    /// A null, or a text that looks like one in CSV if quotes are not looked at.
    pub blank: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Relative to the export folder, with `/`: `csv/tasks.csv`.
    pub path: String,
    pub format: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// Where tables go.
#[derive(Debug, Clone)]
pub enum Target {
    /// Into this export folder.
    Write(PathBuf),
    /// Into a finished export, whose files are replaced where they differ.
    Update(Arc<Update>),
    /// Nowhere: they are compared with those of an export.
    Compare(Arc<Original>),
}

impl From<&Folder> for Target {
    fn from(folder: &Folder) -> Self {
        Self::Write(folder.path().to_owned())
    }
}

impl TableReport {
    /// Whether its columns depend on the data: it holds what other tables hold, in another shape.
    pub fn is_wide(&self) -> bool {
        !self.types.is_empty()
    }

    /// The table, if its columns depend on the data, so that no layout has it.
    pub(crate) fn described_here(&self) -> Option<Table> {
        if self.types.is_empty() || self.types.len() != self.columns.len() {
            return None;
        }
        let column = |(name, label): (&String, &String)| {
            Some(Column {
                name: name.clone(),
                kind: ColumnKind::labelled(label)?,
                about: String::new(),
                source: String::new(),
                references: None,
                sensitive: asana_model::Sensitive::Unclassified,
            })
        };
        let columns = self.columns.iter().zip(&self.types).map(column).collect::<Option<_>>()?;
        Some(Table { name: self.name.clone(), about: String::new(), resource: None, columns, key_columns: 1 })
    }
}

impl Target {
    /// Begins the file of that name, which is relative and has `/`.
    fn output(&self, name: &str) -> Result<Output> {
        let with_folder = |path: PathBuf| {
            if let Some(parent) = path.parent() {
                private::create_folder(parent).map_err(Error::write_access("create folder", parent))?;
            }
            Ok(path)
        };
        match self {
            Self::Write(folder) => Output::create(with_folder(folder.join(name))?),
            Self::Update(update) => Output::replace(with_folder(update.path().join(name))?, update),
            Self::Compare(original) => Output::compare(original, name),
        }
    }
}

/// Where tables go and as what; what all tables of an export have in common while they are written.
#[derive(Debug)]
pub struct Writing {
    target: Target,
    style: Style,
    books: Arc<Mutex<Vec<OpenBook>>>,
    /// What formats could not hold, of the tables that are finished.
    unfit: Arc<Mutex<Vec<Unfit>>>,
    /// The tables that were started, as they are in the files.
    written: Mutex<Vec<Table>>,
}

/// A file for all tables.
#[derive(Debug)]
struct OpenBook {
    format: &'static Format,
    book: Box<dyn Book>,
    scratch: Scratch,
    /// Tables started so far.
    tables: usize,
}

impl Writing {
    /// Starts the files that are for all tables; the others are started with their tables. `temp` is for files that are
    /// only made to be compared.
    ///
    /// # Errors
    /// When files cannot be made.
    pub fn begin(target: &Target, style: &Style, temp: &Path) -> Result<Self> {
        let mut books = Vec::new();
        for format in &style.formats {
            let Some(name) = format.book_name() else { continue };
            let scratch = Scratch::new(target.output(name)?, temp)?;
            if let Some(book) = format.open_book(scratch.path()) {
                books.push(OpenBook { format, book: book?, scratch, tables: 0 });
            }
        }
        let books = Arc::new(Mutex::new(books));
        Ok(Self {
            target: target.clone(),
            style: style.clone(),
            books,
            unfit: Arc::default(),
            written: Mutex::default(),
        })
    }

    /// Starts a group of tables, whose rows may take turns. Another may be started when it is finished.
    ///
    /// # Panics
    /// When an id comes from another layout.
    pub fn tables(&self, layout: &Layout, tables: &[TableId]) -> Result<TableSet> {
        let tables: Vec<(TableId, &Table)> = tables.iter().map(|id| (*id, layout.table(*id))).collect();
        TableSet::create(self, &tables)
    }

    /// The tables that were started so far, as they are in the files.
    pub(crate) fn written(&self) -> Vec<Table> {
        lock(&self.written).clone()
    }

    /// What tables are written as.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// Writes a whole file that describes tables: `name` is relative and has `/`.
    ///
    /// # Errors
    /// Those of writing.
    pub fn whole(&self, name: &str, format: &str, content: &[u8]) -> Result<FileReport> {
        let mut output = self.target.output(name)?;
        output.write_all(content).map_err(Error::io("write", output.path()))?;
        let folder = output.folder().map(Path::to_owned);
        let written = output.commit()?;
        folder.as_deref().map_or(Ok(()), sync_folder)?;
        Ok(FileReport::new(name.to_owned(), format, written))
    }

    /// The same for tables that were made of the data and are in no layout, with ids that no layout gives. What they look like
    /// becomes part of their reports.
    pub fn made(&self, tables: &[(TableId, &Table)]) -> Result<TableSet> {
        let mut set = TableSet::create(self, tables)?;
        for (open, (_, table)) in set.tables.iter_mut().zip(tables) {
            open.report.types = table.columns.iter().map(|column| column.kind.label().to_owned()).collect();
        }
        Ok(set)
    }

    /// The values that a format could not hold as they are, of the tables that are finished; each is told once. Sorted, so
    /// that it does not matter in which order tables were written.
    pub fn take_unfit(&self) -> Vec<Unfit> {
        let mut unfit = std::mem::take(&mut *lock(&self.unfit));
        unfit.sort();
        unfit
    }

    /// Completes the files for all tables and gives them their names.
    ///
    /// # Errors
    /// Files may then have their names already, but without a manifest they count for nothing.
    pub fn finish(self) -> Result<Vec<FileReport>> {
        let books = std::mem::take(&mut *lock(&self.books));
        let mut reports = Vec::with_capacity(books.len());
        for OpenBook { format, book, scratch, .. } in books {
            book.finish()?;
            let folder = scratch.folder().map(Path::to_owned);
            let written = scratch.commit()?;
            folder.as_deref().map_or(Ok(()), sync_folder)?;
            reports.push(FileReport::new(format.place().to_owned(), format.name, written));
        }
        Ok(reports)
    }
}

/// A thread that panicked with the lock stops the run anyway.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FileReport {
    fn new(path: String, format: &str, written: Written) -> Self {
        Self { path, format: format.to_owned(), bytes: written.bytes, sha256: written.sha256 }
    }
}

/// A group of tables that are being written.
///
/// Rows of one table arrive in the order of its primary key; different tables may take turns. Dropped before
/// [`TableSet::finish`], it leaves no file. It holds one open file and about 136 KiB for each table and format; Parquet also gathers rows, up to
/// 8 MiB of them for each table.
#[derive(Debug)]
pub struct TableSet {
    tables: Vec<Open>,
    /// Where in `tables`.
    places: HashMap<TableId, usize>,
    books: Arc<Mutex<Vec<OpenBook>>>,
    unfit: Arc<Mutex<Vec<Unfit>>>,
    /// Whether there is any book.
    has_books: bool,
}

#[derive(Debug)]
struct Open {
    /// Rows are added up here, files when they are done.
    report: TableReport,
    /// What of its rows is written.
    shape: Shape,
    key_columns: usize,
    /// What null looks like in CSV.
    null: String,
    sinks: Vec<(&'static Format, Box<dyn Sink>)>,
    /// The key of the last row, encoded, and the one being compared with it.
    last_key: Vec<u8>,
    key: Vec<u8>,
}

impl TableSet {
    fn create(writing: &Writing, tables: &[(TableId, &Table)]) -> Result<Self> {
        let mut books = lock(&writing.books);
        let mut set = Self {
            tables: Vec::with_capacity(tables.len()),
            places: HashMap::new(),
            books: Arc::clone(&writing.books),
            unfit: Arc::clone(&writing.unfit),
            has_books: !books.is_empty(),
        };
        for (id, table) in tables {
            set.places.insert(*id, set.tables.len());
            set.tables.push(Open::create(writing, table)?);
        }
        let started: Vec<&Table> = set.tables.iter().map(|open| open.shape.table()).collect();
        for open in books.iter_mut() {
            open.book.start(&started)?;
            open.tables += started.len();
        }
        Ok(set)
    }

    /// Puts everything on the disk and gives the files their names.
    ///
    /// Reports come in the order in which the tables were given.
    ///
    /// # Errors
    /// Files may then have their names already, but without a manifest they count for nothing.
    pub fn finish(self) -> Result<Vec<TableReport>> {
        for open in lock(&self.books).iter_mut() {
            open.book.end()?;
            lock(&self.unfit).extend(open.book.unfit());
        }
        let mut folders = Vec::new();
        let mut reports = Vec::with_capacity(self.tables.len());
        for table in self.tables {
            let mut report = table.report;
            for (format, mut sink) in table.sinks {
                lock(&self.unfit).extend(sink.unfit());
                let Some(path) = format.file_name(&report.name) else { continue };
                let output = sink.finish()?;
                folders.extend(output.folder().map(Path::to_owned));
                report.files.push(FileReport::new(path, format.name, output.commit()?));
            }
            reports.push(report);
        }
        folders.sort();
        folders.dedup();
        folders.iter().try_for_each(|folder| sync_folder(folder))?;
        Ok(reports)
    }
}

impl RowSink for TableSet {
    type Error = Error;

    /// # Errors
    /// Besides those of writing: [`Error::OutOfOrder`] when the key is not greater than the last one of that table,
    /// [`Error::WrongWidth`], and [`Error::TableNotOpen`] for a table that is not of this group.
    fn row(&mut self, table: TableId, cells: &[Cell<'_>]) -> Result<()> {
        let place = self.places.get(&table).copied();
        let open = place.and_then(|place| Some((place, self.tables.get_mut(place)?)));
        let (place, table) = open.ok_or(Error::TableNotOpen { table: table.0 })?;
        let cells = table.row(cells)?;
        if self.has_books {
            let group = self.tables.len();
            // The group's tables are the last that were started.
            lock(&self.books).iter_mut().try_for_each(|open| open.book.row(open.tables - group + place, &cells))?;
        }
        Ok(())
    }
}

impl Open {
    fn create(writing: &Writing, table: &Table) -> Result<Self> {
        let key_columns = table.key_columns;
        let hides_key = writing.style.view.reduced().hides_key(table);
        let shape = writing.style.view.shape(table);
        let table = shape.table();
        let mut sinks = Vec::with_capacity(writing.style.formats.len());
        for format in &writing.style.formats {
            let Some(name) = format.file_name(&table.name) else { continue };
            if let Some(sink) = format.open(writing.target.output(&name)?, table, &writing.style.csv) {
                sinks.push((*format, sink?));
            }
        }
        let report = TableReport {
            name: table.name.clone(),
            resource: table.resource.map(str::to_owned),
            rows: 0,
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            types: Vec::new(),
            files: Vec::with_capacity(sinks.len()),
            key_gaps: KeyGaps { null: hides_key, blank: hides_key },
        };
        lock(&writing.written).push(table.clone());
        let null = writing.style.csv.null().to_owned();
        Ok(Self { report, shape, key_columns, null, sinks, last_key: Vec::new(), key: Vec::new() })
    }

    /// Writes as much of a row as is to be seen; gives that.
    fn row<'c>(&mut self, cells: &'c [Cell<'_>]) -> Result<Cow<'c, [Cell<'c>]>> {
        let columns = self.shape.width();
        if cells.len() != columns {
            return Err(Error::WrongWidth { table: self.report.name.clone(), cells: cells.len(), columns });
        }
        let key_cells = cells.get(..self.key_columns).unwrap_or(cells);
        self.key.clear();
        key::push_cells(&mut self.key, key_cells);
        // Without a row so far, the last key is empty, and less than any.
        if self.key <= self.last_key {
            return Err(Error::OutOfOrder { table: self.report.name.clone(), key: key::describe(key_cells) });
        }
        std::mem::swap(&mut self.key, &mut self.last_key);
        let cells = self.shape.cells(cells);
        for cell in cells.iter().take(self.key_columns) {
            let gaps = &mut self.report.key_gaps;
            gaps.null |= *cell == Cell::Null;
            gaps.blank |= gaps.null || matches!(cell, Cell::Text(text) if *text == self.null);
        }
        self.sinks.iter_mut().try_for_each(|(_, sink)| sink.row(&cells))?;
        self.report.rows += 1;
        Ok(cells)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folder::Fresh;
    use crate::sink::FORMATS;

    /// An open folder, the layout, and the id of a table with key (gid, position) and three columns.
    fn setup(parent: &Path) -> (Folder, Layout, TableId) {
        let layout = Layout::new();
        let followers = layout.tables.iter().position(|table| table.name == "task_followers").unwrap();
        (Folder::open(&parent.join("export"), Fresh::Keep).unwrap(), layout, TableId(followers))
    }

    fn row(set: &mut TableSet, table: TableId, gid: &'static str, position: u64) -> Result<()> {
        set.row(table, &[Cell::text(gid), Cell::Count(position), Cell::text("7")])
    }

    fn create(folder: &Folder, layout: &Layout, ids: &[TableId], style: &Style) -> TableSet {
        Writing::begin(&Target::from(folder), style, folder.path()).unwrap().tables(layout, ids).unwrap()
    }

    fn text_formats() -> Style {
        Style::of(FORMATS.iter().filter(|format| format.is_readable()))
    }

    #[test]
    fn writes_all_formats_and_reports_what_is_on_disk() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, layout, followers) = setup(parent.path());
        let ids = [followers, layout.oddities];
        let mut set = create(&folder, &layout, &ids, &text_formats());
        assert!(folder.path().join("csv/.task_followers.csv.partial").exists());
        row(&mut set, followers, "1", 2).unwrap();
        row(&mut set, followers, "1", 10).unwrap();
        row(&mut set, followers, "10", 0).unwrap();
        let reports = set.finish().unwrap();

        let [followers, oddities] = &reports[..] else { panic!("{reports:?}") };
        assert_eq!((followers.name.as_str(), followers.rows), ("task_followers", 3));
        assert_eq!(followers.resource.as_deref(), Some("tasks"));
        assert_eq!(followers.columns, ["task_gid", "position", "user_gid"]);
        assert_eq!((oddities.rows, oddities.resource.as_deref()), (0, None));
        let paths: Vec<_> = followers.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["csv/task_followers.csv", "json/task_followers.json", "jsonl/task_followers.jsonl"]);
        for file in followers.files.iter().chain(&oddities.files) {
            let bytes = fs::read(folder.path().join(&file.path)).unwrap();
            assert_eq!(file.bytes, bytes.len() as u64);
            assert_eq!(file.sha256.len(), 64);
        }
        let csv = fs::read_to_string(folder.path().join("csv/task_followers.csv")).unwrap();
        assert_eq!(csv, "task_gid,position,user_gid\n1,2,7\n1,10,7\n10,0,7\n");
    }

    #[test]
    fn equal_or_smaller_keys_are_out_of_order() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, layout, followers) = setup(parent.path());
        for (gid, position, description) in [("5", 3, "5/3"), ("5", 2, "5/2"), ("10", 9, "10/9")] {
            let mut set = create(&folder, &layout, &[followers], &text_formats());
            row(&mut set, followers, "5", 3).unwrap();
            let error = row(&mut set, followers, gid, position).unwrap_err();
            let Error::OutOfOrder { table, key } = &error else { panic!("{error}") };
            assert_eq!((table.as_str(), key.as_str()), ("task_followers", description));
        }
    }

    #[test]
    fn wrong_rows_and_unknown_tables_are_errors() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, layout, followers) = setup(parent.path());
        let mut set = create(&folder, &layout, &[followers], &Style::default());
        let error = set.row(followers, &[Cell::text("1")]).unwrap_err();
        assert!(matches!(error, Error::WrongWidth { cells: 1, columns: 3, .. }));
        assert!(matches!(row(&mut set, layout.coverage, "1", 0), Err(Error::TableNotOpen { .. })));
    }

    #[test]
    fn dropped_before_the_end_leaves_no_file() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, layout, followers) = setup(parent.path());
        let mut set = create(&folder, &layout, &[followers], &text_formats());
        row(&mut set, followers, "1", 0).unwrap();
        drop(set);
        for format in text_formats().formats {
            assert_eq!(fs::read_dir(folder.path().join(format.name)).unwrap().count(), 0);
        }
    }

    #[test]
    fn files_for_all_tables_are_whole_or_not_there() {
        let books: Vec<_> = FORMATS.iter().filter_map(Format::book_name).collect();
        let parent = tempfile::tempdir().unwrap();
        let (folder, layout, followers) = setup(parent.path());
        let there = || books.iter().filter(|name| folder.path().join(name).exists()).count();
        let before = fs::read_dir(folder.path()).unwrap().count();
        for finish in [false, true] {
            let style = Style::of(FORMATS.iter().filter(|format| format.book_name().is_some()));
            let writing = Writing::begin(&Target::from(&folder), &style, folder.path()).unwrap();
            for tables in [&[followers, layout.coverage][..], &[layout.oddities]] {
                let mut set = writing.tables(&layout, tables).unwrap();
                if tables.contains(&followers) {
                    row(&mut set, followers, "1", 0).unwrap();
                }
                assert!(set.finish().unwrap().iter().all(|report| report.files.is_empty()));
            }
            assert_eq!(there(), 0);
            if finish {
                let reports = writing.finish().unwrap();
                assert_eq!(reports.iter().map(|report| report.path.as_str()).collect::<Vec<_>>(), books);
                for report in reports {
                    let found = crate::checksum::of_file(&folder.path().join(&report.path)).unwrap();
                    assert_eq!((report.bytes, report.sha256), (found.bytes, found.sha256));
                }
            } else {
                drop(writing);
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before, "something was left behind");
            }
        }
        assert_eq!(there(), books.len());
    }
}
