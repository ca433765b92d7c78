//! XLSX: all tables in one workbook, a sheet for each, with a list of them in front.
//!
//! Sheets are written row by row, as many at a time as tables take turns, each compressed into a file without a name and
//! copied into the workbook when it is complete ([`package`]). So memory does not grow with the rows, and a full disk is an
//! error like any other. Texts are texts, whatever they look like; nothing is a formula or becomes a link.
//!
//! What a sheet cannot hold goes on, or is told: tables of more rows than a sheet has go on in another, texts longer than
//! a cell are cut with a mark and are an oddity, and numbers and dates that a spreadsheet would change are text.

mod package;
mod parts;
#[cfg(test)]
mod tests;
mod xml;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use asana_model::{Cell, Column, ColumnKind, Table};

use self::package::{Package, Part};
use self::parts::Sheet;
use self::xml::{Content, Look};
use super::{Book, Format, Kind, check_width, takes_apostrophe};
use crate::error::{Error, Result};
use crate::output::final_path;
use crate::unfit::Unfit;

const FILE: &str = "workspace.xlsx";

pub(super) const FORMAT: Format =
    Format { name: "xlsx", kind: Kind::Book { file: FILE, open: |path| Ok(Box::new(Xlsx::create(path, EXCEL)?)) } };

/// What fits into a sheet and into a cell.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Besides the header.
    rows: u32,
    /// UTF-16 units of a text.
    units: usize,
}

/// Source: <https://support.microsoft.com/office/excel-specifications-and-limits>
const EXCEL: Limits = Limits { rows: 1_048_575, units: 32_767 };

#[derive(Debug)]
struct Xlsx {
    package: Package,
    /// The name that the file will have.
    path: PathBuf,
    /// Where sheets are while they are written.
    folder: PathBuf,
    limits: Limits,
    tables: Vec<Started>,
    /// The first table of the group.
    group: usize,
    /// Those that are complete, in the order of their files.
    sheets: Vec<Sheet>,
    unfit: Vec<Unfit>,
}

#[derive(Debug)]
struct Started {
    name: String,
    about: String,
    /// None when its group is over.
    columns: Vec<Column>,
    /// Sheets begun so far.
    sheets: usize,
    open: Option<OpenSheet>,
}

#[derive(Debug)]
struct OpenSheet {
    part: Part,
    /// Besides the header.
    rows: u32,
    /// A row in the making, kept for its capacity.
    xml: String,
}

impl Xlsx {
    fn create(path: &Path, limits: Limits) -> Result<Self> {
        let file = OpenOptions::new().write(true).truncate(true).open(path);
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (path, folder) = (final_path(path), folder.to_owned());
        let package = Package::new(file.map_err(Error::io("write", &path))?);
        let (tables, sheets, unfit) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { package, path, folder, limits, tables, group: 0, sheets, unfit })
    }

    /// Completes the open sheet of a table and puts it into the workbook.
    fn close(&mut self, table: usize) -> Result<()> {
        let Some(table) = self.tables.get_mut(table) else { return Ok(()) };
        let Some(mut open) = table.open.take() else { return Ok(()) };
        let (rows, columns) = (open.rows, table.columns.len());
        let sheet = Sheet {
            table: table.name.clone(),
            about: table.about.clone(),
            number: table.sheets,
            rows,
            columns,
            // The list of sheets is the first.
            file: self.sheets.len() + 2,
        };
        let add = || {
            open.part.write_all(parts::sheet_end(columns, rows).as_bytes())?;
            self.package.add(&sheet.path(), open.part)
        };
        add().map_err(Error::io("write", &self.path))?;
        self.sheets.push(sheet);
        Ok(())
    }

    fn begin(&mut self, table: usize) -> Result<()> {
        let Some(table) = self.tables.get_mut(table) else { return Ok(()) };
        let begin = || {
            let mut part = Part::new(&self.folder)?;
            part.write_all(parts::sheet_begin(&table.columns, self.limits.units).as_bytes())?;
            Ok(OpenSheet { part, rows: 0, xml: String::new() })
        };
        table.open = Some(begin().map_err(Error::io("write", &self.path))?);
        table.sheets += 1;
        Ok(())
    }
}

impl Book for Xlsx {
    fn start(&mut self, tables: &[&Table]) -> Result<()> {
        self.group = self.tables.len();
        for table in tables {
            self.tables.push(Started {
                name: table.name.clone(),
                about: table.about.clone(),
                columns: table.columns.clone(),
                sheets: 0,
                open: None,
            });
            self.begin(self.tables.len() - 1)?;
        }
        Ok(())
    }

    fn row(&mut self, place: usize, cells: &[Cell<'_>]) -> Result<()> {
        let is_full = |open: &OpenSheet| open.rows >= self.limits.rows;
        let open = self.tables.get(place).and_then(|table| table.open.as_ref());
        if is_full(open.ok_or(Error::TableNotOpen { table: place })?) {
            self.close(place)?;
            self.begin(place)?;
        }
        let not_open = || Error::TableNotOpen { table: place };
        let table = self.tables.get_mut(place).ok_or_else(not_open)?;
        check_width(&table.name, table.columns.len(), cells.len())?;
        let open = table.open.as_mut().ok_or_else(not_open)?;
        open.rows += 1;
        let units = self.limits.units;
        let unfit = open.row(&table.name, &table.columns, cells, units).map_err(Error::io("write", &self.path))?;
        self.unfit.extend(unfit);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        for place in self.group..self.tables.len() {
            self.close(place)?;
            if let Some(table) = self.tables.get_mut(place) {
                table.columns = Vec::new();
            }
        }
        Ok(())
    }

    fn unfit(&mut self) -> Vec<Unfit> {
        std::mem::take(&mut self.unfit)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let (path, folder) = (self.path.clone(), self.folder.clone());
        let mut sheets = std::mem::take(&mut self.sheets);
        sheets.sort_by(|one, other| (&one.table, one.number).cmp(&(&other.table, other.number)));
        let write = || {
            for (name, text) in parts::of(&sheets) {
                self.package.add_text(&name, &folder, &text)?;
            }
            self.package.finish()
        };
        write().map_err(Error::io("write", &path))
    }
}

impl OpenSheet {
    /// Writes a row; says what was cut.
    fn row(&mut self, table: &str, columns: &[Column], cells: &[Cell<'_>], units: usize) -> io::Result<Vec<Unfit>> {
        let mut unfit = Vec::new();
        let row = self.rows + 1;
        self.xml.clear();
        self.xml.push_str("<row r=\"");
        self.xml.push_str(&row.to_string());
        self.xml.push_str("\">");
        for (place, (column, cell)) in columns.iter().zip(cells).enumerate() {
            let content = xml::content(column.kind, cell);
            let Content::Text(text) = content else {
                xml::push_cell(&mut self.xml, (place, row), Look::Plain, &content);
                continue;
            };
            // A text that looks like a formula would become one when somebody edits the cell.
            let is_text = column.kind == ColumnKind::Gid || takes_apostrophe(text);
            let look = if is_text { Look::Text } else { Look::Plain };
            match xml::cut(text, units) {
                None => xml::push_cell(&mut self.xml, (place, row), look, &content),
                Some((kept, length)) => {
                    xml::push_cell(&mut self.xml, (place, row), look, &Content::Text(&kept));
                    let gid = match cells.first() {
                        Some(Cell::Text(gid)) => gid.to_string(),
                        _ => String::new(),
                    };
                    let what = format!("{length} characters are more than a cell of {FILE} holds, and were cut there");
                    unfit.push(Unfit { table: table.to_owned(), column: column.name.clone(), gid, what });
                }
            }
        }
        self.xml.push_str("</row>");
        self.part.write_all(self.xml.as_bytes())?;
        if self.xml.capacity() > KEPT_BYTES {
            self.xml = String::new();
        }
        Ok(unfit)
    }
}

/// A larger buffer than this is not kept after the row that needed it.
const KEPT_BYTES: usize = 1024 * 1024;
