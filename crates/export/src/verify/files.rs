//! The folder against the manifest: its own checksum, which files there are, and how large they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path};

use super::report::Findings;
use crate::checksum::Checksum;
use crate::error::{Error, Result};
use crate::folder::{is_beside_the_export, kept_folders};
use crate::manifest::{MANIFEST, MANIFEST_CHECKSUM, Manifest, checksum_line};

/// No folder of an export is deeper than this; what lies deeper is not looked into.
const DEEPEST: usize = 4;

/// Compares the manifest with its checksum.
pub(super) fn own_checksum(folder: &Path, manifest: &[u8]) -> Result<Findings> {
    let mut findings = Findings::default();
    match read_if_there(&folder.join(MANIFEST_CHECKSUM))? {
        None => findings.add(MANIFEST_CHECKSUM, None, || format!("missing, so {MANIFEST} may have been changed")),
        Some(said) if said != checksum_line(manifest).as_bytes() => findings.add(MANIFEST, None, || {
            let found = Checksum::of(manifest);
            let said = String::from_utf8_lossy(&said);
            let said = said.split_whitespace().next().unwrap_or_default();
            format!("its SHA-256 is {found}, and {MANIFEST_CHECKSUM} says {said}")
        }),
        Some(_) => {}
    }
    Ok(findings)
}

/// What the folder has of what the manifest lists.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Those that are there, by path.
    there: BTreeMap<String, u64>,
    /// Nothing is left of the archive.
    pub(super) archive_gone: bool,
    /// Missing and extra files.
    pub(super) set: Findings,
    pub(super) sizes: Findings,
}

impl Files {
    pub(super) fn find(folder: &Path, manifest: &Manifest) -> Result<Self> {
        let mut there = BTreeMap::new();
        list(folder, "", 0, &mut there)?;
        let mut files = Self { there, ..Self::default() };
        let segment = |path: &str| files.there.contains_key(path);
        files.archive_gone = !manifest.archive.segments.iter().any(|one| segment(&one.path));
        files.compare(manifest);
        Ok(files)
    }

    /// Whether a listed file is there, of whatever size.
    pub(super) fn has(&self, path: &str) -> bool {
        self.there.contains_key(path)
    }

    /// How many of the listed files are there, and their bytes.
    pub(super) fn count(&self, manifest: &Manifest) -> (u64, u64) {
        let listed: BTreeSet<&str> = manifest.files().map(|(path, ..)| path).collect();
        let sizes = self.there.iter().filter(|(path, _)| listed.contains(path.as_str())).map(|(_, bytes)| *bytes);
        sizes.fold((0, 0), |(files, all), bytes| (files + 1, all + bytes))
    }

    fn compare(&mut self, manifest: &Manifest) {
        let mut listed = BTreeSet::from([MANIFEST, MANIFEST_CHECKSUM]);
        for (path, bytes, _) in manifest.files() {
            if !stays_inside(path) {
                self.set.add(MANIFEST, None, || format!("lists {path:?}, which is no path inside the folder"));
                continue;
            }
            if !listed.insert(path) {
                self.set.add(MANIFEST, None, || format!("lists {path} twice"));
            }
            let is_segment = manifest.archive.segments.iter().any(|segment| segment.path == path);
            match self.there.get(path) {
                // That the whole archive is gone is said once, and elsewhere.
                None if is_segment && self.archive_gone => {}
                None => self.set.add(path, None, || "missing".to_owned()),
                Some(found) if *found != bytes => {
                    self.sizes.add(path, None, || format!("has {found} bytes, and the manifest says {bytes}"));
                }
                Some(_) => {}
            }
        }
        for extra in self.there.keys().filter(|path| !listed.contains(path.as_str())) {
            self.set.add(extra, None, || "extra: the manifest does not list it".to_owned());
        }
        self.there.retain(|path, _| listed.contains(path.as_str()));
    }
}

/// Whether a path can only lead to something below the folder it is relative to.
fn stays_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Adds all files below `folder`, links followed.
fn list(folder: &Path, prefix: &str, depth: usize, found: &mut BTreeMap<String, u64>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Files that rows name are compared with those.
        let is_told_by_rows = depth == 0 && kept_folders().any(|folder| folder == name);
        if is_told_by_rows || is_beside_the_export(&name, depth == 0) {
            continue;
        }
        let path = format!("{prefix}{name}");
        match fs::metadata(entry.path()) {
            Ok(file) if file.is_dir() && depth < DEEPEST => {
                list(&entry.path(), &format!("{path}/"), depth + 1, found)?;
            }
            Ok(file) if file.is_file() => drop(found.insert(path, file.len())),
            // By these names it is no file that is listed.
            Ok(_) => drop(found.insert(format!("{path} (not a file)"), 0)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                found.insert(format!("{path} (a link that leads nowhere)"), 0);
            }
            Err(error) => return Err(Error::io("read", &entry.path())(error)),
        }
    }
    Ok(())
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_folder_are_followed() {
        for (path, inside) in [
            ("csv/tasks.csv", true),
            ("", false),
            ("/etc/passwd", false),
            ("../x", false),
            ("csv/../../x", false),
            ("./x", false),
        ] {
            assert_eq!(stays_inside(path), inside, "{path}");
        }
    }
}
