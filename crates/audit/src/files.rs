//! `findings.json` and `findings.csv`: for their owner alone, and whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::audit::{Audit, Finding, State};
use crate::error::{Error, Result};

pub const FINDINGS_JSON: &str = "findings.json";
pub const FINDINGS_CSV: &str = "findings.csv";

/// The columns of [`FINDINGS_CSV`].
pub const COLUMNS: [&str; 13] = [
    "id",
    "rule",
    "category",
    "severity",
    "object_type",
    "object_gid",
    "object_name",
    "permalink",
    "people",
    "explanation",
    "accepted_reason",
    "accepted_until",
    "state",
];

/// Writes the audit as JSON, indented.
pub fn write_json(folder: &Path, audit: &Audit) -> Result<()> {
    write(folder, FINDINGS_JSON, |out| {
        serde_json::to_writer_pretty(&mut *out, audit).map_err(io::Error::other)?;
        out.write_all(b"\n")
    })
}

/// Writes a line for each finding, accepted ones included: RFC 4180, people separated by `; `.
pub fn write_csv(folder: &Path, audit: &Audit) -> Result<()> {
    write(folder, FINDINGS_CSV, |out| {
        writeln!(out, "{}", COLUMNS.join(","))?;
        audit.findings.iter().try_for_each(|finding| line(out, finding))
    })
}

/// Writes a file of the audit, readable by its owner alone, under its name once it is whole. The folder is made if it is
/// not there.
pub fn write(folder: &Path, name: &str, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let path = folder.join(name);
    let partial = folder.join(format!(".{name}.partial"));
    let written = make(folder).and_then(|()| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = BufWriter::new(options.open(&partial)?);
        content(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        drop(out);
        fs::rename(&partial, &path)
    });
    written.map_err(|source| {
        // What is left of it is overwritten by the next audit.
        drop(fs::remove_file(&partial));
        Error::NotWritten { path, source }
    })
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn line(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let people = finding.people.join("; ");
    let accepted = finding.accepted.as_ref();
    let state = match finding.state {
        None => "",
        Some(State::New) => "new",
        Some(State::Remaining) => "remaining",
    };
    let cells: [&str; COLUMNS.len()] = [
        &finding.id,
        &finding.rule,
        finding.category.name(),
        finding.severity.name(),
        &finding.object_type,
        &finding.object_gid,
        &finding.object_name,
        &finding.permalink,
        &people,
        &finding.explanation,
        accepted.map_or("", |accepted| &accepted.reason),
        accepted.and_then(|accepted| accepted.until.as_deref()).unwrap_or(""),
        state,
    ];
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        write_cell(out, cell)?;
    }
    out.write_all(b"\n")
}

/// People open this file in a spreadsheet, so a text that would run there as a formula gets an apostrophe in front.
fn write_cell(out: &mut impl Write, text: &str) -> io::Result<()> {
    let defused = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r']) {
        write!(out, "\"{defused}{}\"", text.replace('"', "\"\""))
    } else {
        write!(out, "{defused}{text}")
    }
}

#[cfg(test)]
mod tests;
