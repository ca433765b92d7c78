//! All tables that the manifest lists, and the archive's segments: which files to read, in which order, and what came of
//! it.

use std::path::Path;

use asana_model::{Column, ColumnKind, Layout, Sensitive, Table, TableId};

use super::files::Files;
use super::kept::{Compared, Kept};
use super::references::{References, Resolved};
use super::report::Report;
use super::rows::{Found, TableFile};
use crate::checksum;
use crate::error::Result;
use crate::manifest::{MANIFEST, Manifest};
use crate::progress::text::number;
use crate::reduced::Reduced;
use crate::sink::{CsvStyle, Format};
use crate::tables::TableReport;

/// Reads every file that the manifest lists and that is there.
pub(super) fn check(
    folder: &Path,
    manifest: &Manifest,
    files: &Files,
    layout: &Layout,
    version: &str,
    report: &mut Report,
) -> Result<()> {
    let reduced = manifest.reduced();
    let mut tables: Vec<Listed<'_>> =
        manifest.tables.iter().map(|table| Listed::new(table, layout, &reduced)).collect();
    // Resources in the catalogue's order, then everything else: what is referred to comes before what refers to it, as
    // far as there is such an order.
    tables.sort_by_key(|table| (!layout.resources.iter().any(|plan| Some(plan.table) == table.id), table.id));
    let known: Vec<TableId> = tables.iter().filter_map(|table| table.id).collect();
    let lacking = tables.iter().filter(|table| table.places.is_some()).filter_map(|table| table.id).collect();
    let mut references = References::new(layout, &known, lacking, &reduced, &std::env::temp_dir());
    let mut kept = Kept::new(layout, &known, &std::env::temp_dir());
    let mut found = Found::default();
    let style = manifest.csv_style();
    for table in &tables {
        if !table.is_known && manifest.tool.version == version {
            let name = &table.report.name;
            found.rows.add(MANIFEST, None, || format!("lists other columns of {name} than version {version} has"));
        }
        table.check(folder, &style, files, &mut found, &mut references, &mut kept)?;
    }
    let segments = manifest.archive.segments.iter().map(|segment| (&segment.path, &segment.sha256));
    let others = manifest.other_files.iter().map(|file| (&file.path, &file.sha256));
    for (path, said) in segments.chain(others).filter(|(path, _)| files.has(path)) {
        found.checksum(path, &checksum::of_file(&folder.join(path))?.sha256, said);
    }
    let resolved = references.finish(manifest)?;
    let unknown: Vec<&str> =
        tables.iter().filter(|table| !table.is_known).map(|table| table.report.name.as_str()).collect();
    tell(report, manifest, files, found, resolved, &unknown);
    tell_reduced(report, &reduced, layout);
    let tells_of_files = |table: &Listed<'_>| {
        let plan = layout.resources.iter().find(|plan| plan.resource.name == table.report.name);
        table.id.is_none() && plan.is_some_and(|plan| plan.file.is_some())
    };
    if tables.iter().any(tells_of_files) {
        report.not_checked("downloads", "this version does not know the table that tells of downloaded files");
        return Ok(());
    }
    if !reduced.is_whole() {
        if manifest.files.is_some() {
            report.not_checked("downloads", "a copy that lacks something is made without the downloaded files");
        }
        return Ok(());
    }
    tell_kept(report, manifest, kept.finish(folder, &std::env::temp_dir())?);
    Ok(())
}

fn tell(report: &mut Report, manifest: &Manifest, files: &Files, found: Found, resolved: Resolved, unknown: &[&str]) {
    let (there, _) = files.count(manifest);
    let (all, known) = (manifest.tables.len(), manifest.tables.len() - unknown.len());
    let (there, rows) = (number(there), number(found.rows_read));
    report.checked("checksums", format!("SHA-256 of {there} files"), found.checksums);
    report.checked("rows", format!("{rows} rows in the files of {all} tables"), found.rows);
    report.checked("cells", format!("values against the types of their columns, in {known} tables"), found.cells);
    report.checked("keys", format!("primary keys are unique and in order, in {known} tables"), found.keys);
    let Resolved { findings, checked, listed, loose, left_out } = resolved;
    let (checked, listed) = (number(checked), number(listed));
    let more =
        |count: u64, what: &str| if count > 0 { format!("; {} more {what}", number(count)) } else { String::new() };
    let gone =
        more(loose, "name what may be gone, and is") + &more(left_out, "name what --since left out, or may have");
    let what = format!("{checked} in all files; objects listed as seen and not readable: {listed}{gone}");
    report.checked("references", what, findings);
    let left_out: Vec<&str> = manifest.selected("formats").filter(|name| Format::is_left_out(name)).collect();
    if !left_out.is_empty() {
        let what = format!(
            "{}: this program was built without, so nothing but the checksums of those files was compared",
            left_out.join(", ")
        );
        report.not_checked("formats", what);
    }
    if !unknown.is_empty() {
        let what =
            format!("cells, keys and references of tables that this version does not know: {}", unknown.join(", "));
        report.not_checked("other tables", what);
    }
}

/// What a copy was made without cannot be compared with anything.
fn tell_reduced(report: &mut Report, reduced: &Reduced, layout: &Layout) {
    let mut lacks = reduced.lacks();
    let without_key = layout.tables.iter().filter(|table| reduced.hides_key(table));
    let names: Vec<&str> = without_key.map(|table| table.name.as_str()).collect();
    if !names.is_empty() {
        lacks.push(format!("keys of {}, which have such texts in them", names.join(", ")));
    }
    if !lacks.is_empty() {
        report.not_checked("left out", format!("the copy was made without: {}", lacks.join("; ")));
    }
}

/// Where nothing was downloaded and nothing is there, there is nothing to say.
fn tell_kept(report: &mut Report, manifest: &Manifest, compared: Compared) {
    let Compared { mut findings, rows, there, bytes } = compared;
    let said = manifest.files.unwrap_or_default().stored;
    if rows != said {
        findings.add(MANIFEST, None, || format!("says that {said} files were downloaded, and rows name {rows}"));
    }
    if manifest.files.is_some() || rows + there > 0 {
        let (rows, bytes) = (number(rows), number(bytes));
        report.checked(
            "downloads",
            format!("size and SHA-256 of {rows} files that rows name, {bytes} bytes"),
            findings,
        );
    }
}

/// A table that the manifest lists.
struct Listed<'m> {
    report: &'m TableReport,
    /// Absent when it is not in this version's layout.
    id: Option<TableId>,
    /// What its columns hold is known, from the layout or from the manifest.
    is_known: bool,
    table: Table,
    /// Of a table that was made with fewer columns, the place in the layout of each that it has.
    places: Option<Vec<usize>>,
}

impl<'m> Listed<'m> {
    fn new(report: &'m TableReport, layout: &Layout, reduced: &Reduced) -> Self {
        let unknown = Self { report, id: None, is_known: false, table: untyped(report), places: None };
        let Some(id) = layout.tables.iter().position(|table| table.name == report.name).map(TableId) else {
            // A table whose columns depend on the data says itself what they are.
            return match report.described_here() {
                Some(table) => Self { is_known: true, table, ..unknown },
                None => unknown,
            };
        };
        let mut table = layout.table(id).clone();
        let mut places = None;
        if reduced.columns_of(&report.name).is_some_and(|columns| columns == report.columns) {
            let found: Option<Vec<usize>> = report.columns.iter().map(|name| table.column(name)).collect();
            let Some(found) =
                found.filter(|found| (0..table.key_columns).eq(found.iter().copied().take(table.key_columns)))
            else {
                return unknown;
            };
            table.columns = found.iter().filter_map(|place| table.columns.get(*place).cloned()).collect();
            places = Some(found);
        }
        if !table.columns.iter().map(|column| &column.name).eq(&report.columns) {
            return unknown;
        }
        if reduced.hides_key(&table) {
            table.key_columns = 0;
        }
        Self { report, id: Some(id), is_known: true, table, places }
    }

    fn check(
        &self,
        folder: &Path,
        style: &CsvStyle,
        files: &Files,
        found: &mut Found,
        references: &mut References<'_>,
        kept: &mut Kept<'_>,
    ) -> Result<()> {
        let mut first_format = true;
        for file in self.report.files.iter().filter(|file| files.has(&file.path)) {
            let format = Format::parse(&file.format);
            if format.is_err() && !Format::is_left_out(&file.format) {
                found.rows.add(MANIFEST, None, || format!("{} is in an unknown format, {}", file.path, file.format));
                continue;
            }
            let Some(read) = format.ok().and_then(Format::reader) else {
                // Its rows are compared with those that the archive gives, if this program can write them.
                found.checksum(&file.path, &checksum::of_file(&folder.join(&file.path))?.sha256, &file.sha256);
                continue;
            };
            let (table, id, is_known, places) = (&self.table, self.id, self.is_known, self.places.as_deref());
            let read = TableFile { report: file, read, style, table, id, is_known, places, first_format };
            first_format = false;
            let (rows, said) = (read.check(folder, found, references, kept)?, self.report.rows);
            if rows != said {
                found.rows.add(&file.path, None, || format!("has {rows} rows, and the manifest says {said}"));
            }
        }
        Ok(())
    }
}

/// A table of which nothing but the columns' names is known.
fn untyped(report: &TableReport) -> Table {
    let column = |name: &String| Column {
        name: name.clone(),
        kind: ColumnKind::Text,
        about: String::new(),
        source: String::new(),
        references: None,
        sensitive: Sensitive::Unclassified,
    };
    let columns = report.columns.iter().map(column).collect();
    Table { name: report.name.clone(), about: String::new(), resource: None, columns, key_columns: 0 }
}
