//! An export against its own manifest: whether the files are those that were written, and say what they should.
//!
//! Everything is read, nothing is changed, and what is kept in memory is a word for each object. Whether the tables are
//! what the archive gives is for whoever can build them; [`crate::twin`] compares.

mod files;
mod kept;
mod references;
mod report;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;

use asana_model::Layout;

pub use self::report::{Check, Difference, Findings, Outcome, Report};
pub use self::text::render;
use crate::error::{Error, Result};
use crate::manifest::{MANIFEST, Manifest};
use crate::progress::text::number;
use files::Files;

/// An export as it was found.
#[derive(Debug)]
pub struct Verified {
    /// Absent when it was changed and cannot be read any more; nothing else was checked then.
    pub manifest: Option<Manifest>,
    pub report: Report,
    /// Every file of the archive that the manifest lists is gone; what the tables were made from cannot be said.
    pub archive_gone: bool,
}

/// Checks the export in `folder`; `version` is that of this program, whose layout it is.
///
/// # Errors
/// [`Error::NotFinished`] when there is no manifest, those of [`Manifest::read`] when it is unchanged and still no
/// manifest of this version, and those of reading. What differs is no error.
pub fn folder(folder: &Path, layout: &Layout, version: &str) -> Result<Verified> {
    let bytes = Manifest::bytes(folder)?;
    let mut own = files::own_checksum(folder, &bytes)?;
    let mut report = Report::default();
    let what = format!("{MANIFEST} against the SHA-256 beside it");
    let manifest = match Manifest::parse(&bytes, folder) {
        Ok(manifest) => manifest,
        Err(error @ (Error::ManifestUnreadable { .. } | Error::ManifestVersion { .. })) if !own.is_empty() => {
            own.add(MANIFEST, None, || error.to_string());
            report.checked("manifest", what, own);
            return Ok(Verified { manifest: None, report, archive_gone: false });
        }
        Err(error) => return Err(error),
    };
    report.checked("manifest", what, own);
    let mut files = Files::find(folder, &manifest)?;
    let (count, bytes) = files.count(&manifest);
    let what = format!("{} of {} listed files are there", number(count), number(manifest.files().count() as u64));
    report.checked("files", what, std::mem::take(&mut files.set));
    report.checked("sizes", format!("{} bytes in all", number(bytes)), std::mem::take(&mut files.sizes));
    tables::check(folder, &manifest, &files, layout, version, &mut report)?;
    Ok(Verified { manifest: Some(manifest), report, archive_gone: files.archive_gone })
}
