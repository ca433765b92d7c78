//! The archive against what was made of it: whether every frame can be read, and whether the tables and the manifest that
//! are there are those that it gives.

use std::collections::BTreeSet;
use std::path::Path;

use asana_archive::{Entry, Error as ArchiveError, Frame, Packed, PackedFrames, Unpacker};
use asana_export::manifest::MANIFEST;
use asana_export::twin::Original;
use asana_export::verify::{Findings, Report};
use asana_export::{Format, Manifest, Reading, Style, Target};
use asana_model::{Event, Layout};
use serde_json::{Value, json};

use crate::build::pipeline::in_order;
use crate::build::{Means, Plan};
use crate::exit::CliError;
use crate::header::RunHeader;
use crate::manifest::{self, Chosen, Effort};

/// What a pass over the archive gives.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pages: u64,
    /// The headers of all runs, as they stand there.
    headers: Vec<String>,
}

/// The runs that made an export.
pub(crate) struct Runs {
    pub(crate) began_at: String,
    pub(crate) last: RunHeader,
}

impl Scan {
    /// Reads the archive from end to end, on all cores, and checks each line.
    pub(crate) fn of(archive: &Path) -> Result<Self, ArchiveError> {
        let mut frames = PackedFrames::open(archive)?;
        let mut scan = Self::default();
        let worker = || {
            let mut unpacker = Unpacker::new();
            move |packed: Packed| unpacker.unpack(&packed).and_then(Self::of_frame)
        };
        in_order(
            Means::default().threads(),
            || frames.next_packed(),
            worker,
            |found: Result<Self, ArchiveError>| {
                let mut found = found?;
                scan.pages += found.pages;
                scan.headers.append(&mut found.headers);
                Ok(())
            },
        )?;
        Ok(scan)
    }

    fn of_frame(frame: &Frame) -> Result<Self, ArchiveError> {
        let mut scan = Self::default();
        for entry in frame.entries() {
            match entry? {
                Entry::Page(_) => scan.pages += 1,
                other => scan.other(&other),
            }
        }
        Ok(scan)
    }

    /// Looks for the runs, where they begin, and at nothing else.
    pub(crate) fn of_runs(archive: &Path) -> Result<Self, ArchiveError> {
        let (mut frames, mut unpacker) = (PackedFrames::open(archive)?, Unpacker::new());
        let mut scan = Self::default();
        while let Some(packed) = frames.next_segment()? {
            for entry in unpacker.unpack(&packed)?.entries() {
                match entry? {
                    Entry::Page(_) => break,
                    other => scan.other(&other),
                }
            }
        }
        Ok(scan)
    }

    fn other(&mut self, entry: &Entry<'_>) {
        if let Entry::Run(line) = entry {
            self.headers.push(line.get().to_owned());
        }
    }

    /// The runs that filled the archive; `None` when their headers are not those of this version.
    pub(crate) fn runs(&self) -> Option<Runs> {
        let parse = |line: &String| serde_json::from_str::<RunHeader>(line).ok();
        let (first, last) = self.headers.first().and_then(parse).zip(self.headers.last().and_then(parse))?;
        Some(Runs { began_at: first.started_at, last })
    }

    /// The programs that wrote to it, as in `asana-workspace 0.1.0`, whatever else their headers say.
    pub(crate) fn writers(&self) -> impl Iterator<Item = String> {
        #[derive(serde::Deserialize)]
        struct Writer {
            tool: String,
        }
        self.headers.iter().filter_map(|line| serde_json::from_str::<Writer>(line).ok()).map(|writer| writer.tool)
    }
}

/// Reads the archive, builds the tables again and compares them; says whether it could.
///
/// # Errors
/// Those of reading, and of putting aside what does not fit in memory. What differs is no error.
pub(crate) fn check(
    folder: &Reading,
    manifest: &Manifest,
    layout: &Layout,
    report: &mut Report,
) -> Result<bool, CliError> {
    let mut findings = Findings::default();
    let scan = match Scan::of(&folder.archive_dir()) {
        Ok(scan) => Some(scan),
        Err(ArchiveError::Io { action, path, source }) => {
            return Err(CliError::Archive(ArchiveError::Io { action, path, source }));
        }
        Err(damaged) => {
            findings.add(&segment_of(&damaged, manifest), None, || damage(&damaged));
            None
        }
    };
    let runs = scan.as_ref().and_then(|scan| compare_runs(scan, manifest, &mut findings));
    let (pages, segments) = (scan.as_ref().map_or(0, |scan| scan.pages), manifest.archive.segments.len());
    let of = if segments == 1 { "one segment" } else { &format!("{segments} segments") };
    report.checked("archive", format!("{pages} pages in {of}"), findings);
    let made_by = &manifest.tool.version;
    match runs {
        _ if scan.is_none() => report.not_checked("tables", "the archive cannot be read to its end"),
        _ if made_by != env!("CARGO_PKG_VERSION") => report.not_checked(
            "tables",
            format!("version {made_by} made them, and this one may make others: use that version to compare them"),
        ),
        _ if !manifest.reduced().is_whole() => {
            report.not_checked("tables", "they are a selection of what the archive gives, for others");
        }
        None => report.not_checked("tables", "the archive does not say how they were made"),
        Some(runs) => {
            rebuild(folder, manifest, layout, &runs, report)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// The listed segment that is damaged.
fn segment_of(error: &ArchiveError, manifest: &Manifest) -> String {
    let path = match error {
        ArchiveError::Damaged { path, .. }
        | ArchiveError::MissingSegment { path }
        | ArchiveError::NewerFormat { path, .. }
        | ArchiveError::Malformed { path, .. } => path.file_name(),
        _ => None,
    };
    let name = path.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let listed = manifest.archive.segments.iter().find(|segment| segment.path.ends_with(&format!("/{name}")));
    listed.map_or(name, |segment| segment.path.clone())
}

fn damage(error: &ArchiveError) -> String {
    match error {
        ArchiveError::Damaged { offset, damage, .. } => format!("damaged at byte {offset}: {damage}"),
        ArchiveError::MissingSegment { .. } => "missing from the archive".to_owned(),
        other => other.to_string(),
    }
}

/// What the archive says about the runs, against the manifest.
fn compare_runs(scan: &Scan, manifest: &Manifest, findings: &mut Findings) -> Option<Runs> {
    let said = manifest.requests.archived_pages;
    if scan.pages != said {
        let pages = scan.pages;
        findings.add(MANIFEST, None, || format!("says that {said} pages are in the archive, and there are {pages}"));
    }
    let runs = scan.runs()?;
    let said = manifest.fetched_by.as_ref().unwrap_or(&manifest.tool);
    let (said, found) = (format!("{} {}", said.name, said.version), &runs.last.tool);
    if *found != said {
        findings.add(MANIFEST, None, || format!("says that {said} made it, and the archive says {found}"));
    }
    Some(runs)
}

fn rebuild(
    folder: &Reading,
    manifest: &Manifest,
    layout: &Layout,
    runs: &Runs,
    report: &mut Report,
) -> Result<(), CliError> {
    // Of what was fetched, tables may have been written of a part.
    let mut resources = runs.last.known_resources();
    let written: BTreeSet<&str> = manifest.selected("resources").collect();
    resources.retain(|name| written.contains(name));
    let formats = manifest.selected("formats").filter_map(|name| Format::parse(name).ok());
    let left_out_types = manifest.selected("formats").any(|name| Format::is_left_out(name) && Format::has_types(name));
    let style = Style { csv: manifest.csv_style(), left_out_types, ..Style::of(formats) };
    let wide = manifest.is_wide();
    let chosen = Chosen { style: &style, resources: &resources, wide };
    let original = Original::new(folder.path());
    let plan = Plan {
        archive: &folder.archive_dir(),
        temp: &std::env::temp_dir(),
        target: Target::Compare(original.clone()),
        layout,
        resources: &resources,
        scope: runs.last.scope(),
        viewer: runs.last.viewer,
        style: &style,
        means: Means::default(),
        wide,
    };
    let built = plan.build(&|_: &Event| {})?;
    let mut findings = Findings::default();
    findings.extend(original.differences());
    let given = manifest::of(
        &runs.last,
        runs.began_at.clone(),
        chosen,
        &Effort { requests: manifest.requests.clone(), changes: manifest.asana_changes.clone() },
        &built,
        manifest.archive.clone(),
        manifest.finished_at.clone(),
    );
    compare_manifests(&of_this_program(manifest), &given, &mut findings);
    let files = built.tables.iter().map(|table| table.files.len()).sum::<usize>() + built.other_files.len();
    let tables = built.tables.len();
    let what =
        format!("{tables} tables in {files} files, built from the archive once more, are the same byte for byte");
    report.checked("tables", what, findings);
    Ok(())
}

/// What the manifest says of the formats that were not left out of this program; the others cannot be built again.
fn of_this_program(manifest: &Manifest) -> Manifest {
    let mut manifest = manifest.clone();
    if let Some(Value::Array(formats)) = manifest.selection.get_mut("formats") {
        formats.retain(|name| !name.as_str().is_some_and(Format::is_left_out));
    }
    let files = manifest.tables.iter_mut().map(|table| &mut table.files).chain([&mut manifest.other_files]);
    files.for_each(|files| files.retain(|file| !Format::is_left_out(&file.format)));
    manifest
}

/// Compares what the archive says for the manifest with what it has. Sums of files are left out: those of the files that
/// are there were compared with the manifest, and their bytes with the archive.
fn compare_manifests(manifest: &Manifest, given: &Manifest, findings: &mut Findings) {
    let value = |manifest: &Manifest| serde_json::to_value(manifest).unwrap_or_default();
    let mut differences = Vec::new();
    compare_values("", &value(manifest), &value(given), &mut differences);
    for what in differences {
        findings.add(MANIFEST, None, || what);
    }
}

fn compare_values(path: &str, found: &Value, given: &Value, differences: &mut Vec<String>) {
    match (found, given) {
        (Value::Object(found), Value::Object(given)) => {
            let keys: BTreeSet<&String> = found.keys().chain(given.keys()).collect();
            for key in keys.into_iter().filter(|key| !["bytes", "sha256"].contains(&key.as_str())) {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let at = |value: &serde_json::Map<String, Value>| value.get(key).cloned().unwrap_or_default();
                compare_values(&below, &at(found), &at(given), differences);
            }
        }
        (Value::Array(found), Value::Array(given)) => match by_name(found).zip(by_name(given)) {
            Some((found, given)) => compare_values(path, &found, &given, differences),
            None if found != given => differences.push(unequal(path, &json!(found), &json!(given))),
            None => {}
        },
        (found, given) if found != given => {
            differences.push(unequal(path, found, given));
        }
        _ => {}
    }
}

fn unequal(path: &str, found: &Value, given: &Value) -> String {
    format!("{path} is {found}, and the archive gives {given}")
}

/// Tables by their names and files by their paths; `None` when these are not told apart by such.
fn by_name(values: &[Value]) -> Option<Value> {
    let pair = |value: &Value| {
        let name = value.get("name").or_else(|| value.get("path"))?.as_str()?;
        Some((name.to_owned(), value.clone()))
    };
    let pairs: serde_json::Map<String, Value> = values.iter().map(pair).collect::<Option<_>>()?;
    (pairs.len() == values.len()).then_some(Value::Object(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &str, given: &str, expected: &[&str]) {
        let parse = |json| serde_json::from_str::<Value>(json).unwrap();
        let mut differences = Vec::new();
        compare_values("", &parse(found), &parse(given), &mut differences);
        assert_eq!(differences, expected);
    }

    #[test]
    fn manifests_are_compared_key_by_key_and_tables_by_name() {
        let found = r#"{"a":{"b":1},"tables":[{"name":"x","rows":2,"sha256":"0"},{"name":"y","rows":1}]}"#;
        let given = r#"{"a":{"b":2},"tables":[{"name":"x","rows":3,"sha256":"1"},{"name":"z","rows":1}]}"#;
        check(found, found, &[]);
        check(
            found,
            given,
            &[
                "a.b is 1, and the archive gives 2",
                "tables.x.rows is 2, and the archive gives 3",
                r#"tables.y is {"name":"y","rows":1}, and the archive gives null"#,
                r#"tables.z is null, and the archive gives {"name":"z","rows":1}"#,
            ],
        );
        let files = |path| format!(r#"{{"files":[{{"path":"{path}","bytes":1}}]}}"#);
        check(&files("a"), &files("a").replace('1', "2"), &[]);
        check(r#"{"a":[1]}"#, r#"{"a":[2]}"#, &["a is [1], and the archive gives [2]"]);
    }
}
