//! `manifest.json`: what an export is made of, and what it could not contain.
//!
//! It is written last and atomically, so a folder with a manifest is a finished export. Its own checksum stands beside it
//! in the form of `sha256sum --check`, and is written just before, so that no manifest is without one. Keys have a fixed
//! order, and maps are sorted. It is made of what is passed in: there is no clock here, and nothing that knows a token.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::checksum::Checksum;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::sink::CsvStyle;
use crate::tables::{FileReport, TableReport};

pub const MANIFEST: &str = "manifest.json";

/// Holds the SHA-256 of [`MANIFEST`], as `sha256sum` prints it.
pub const MANIFEST_CHECKSUM: &str = "manifest.json.sha256";

/// Where the manifest is while the files that it lists are being replaced: they are not a finished export then.
pub(crate) const MANIFEST_ASIDE: &str = ".manifest.json.before";

/// The version of the manifest's shape that this program writes. Keys may be added without raising it.
pub const MANIFEST_VERSION: u32 = 1;

/// The key of the selection that says whether there are wide tables; absent when there are none.
pub const WIDE: &str = "wide";

const TOOL: &str = "asana-workspace";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub manifest_version: u32,
    pub tool: Tool,
    /// The program that filled the archive, where another version built the tables from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_by: Option<Tool>,
    /// When the first run into this folder began. This and the next two: UTC, ISO 8601.
    pub created_at: String,
    /// When the run that finished the export began; later than `created_at` if it went on with an interrupted one.
    pub started_at: String,
    pub finished_at: String,
    pub workspace: Workspace,
    /// Whose token it was.
    pub token_user_gid: String,
    pub token_user_name: Option<String>,
    /// Who that is in the workspace, and what it implies.
    #[serde(default)]
    pub viewer: Viewer,
    /// How records came here: `rest`.
    pub route: String,
    /// What was asked for, as in `{"resources": ["tasks"], "formats": ["csv"], "dialect": "rfc4180"}`.
    pub selection: serde_json::Map<String, serde_json::Value>,
    pub requests: Requests,
    /// Changes of its API that Asana announced in its answers.
    #[serde(default)]
    pub asana_changes: Vec<AsanaChange>,
    /// By resource.
    pub coverage: BTreeMap<String, Coverage>,
    /// Listings that could not be read, in full or at all.
    pub gaps: u64,
    /// The files that were downloaded; absent when none were wanted. Their paths, sizes and sums are in the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<KeptFiles>,
    /// What was compared to prove that nothing is missing.
    #[serde(default)]
    pub completeness: Completeness,
    /// Fields that Asana sent and the catalogue does not know, as `tasks.foo`, with the number of records.
    pub unknown_fields: BTreeMap<String, u64>,
    /// Values that did not look as described.
    pub oddities: u64,
    /// Records received more than once, such as tasks in several projects.
    pub duplicates: u64,
    /// What no API of Asana gives out, in words.
    pub not_readable_by_any_api: Vec<String>,
    /// What the API gives out and this version of the tool does not read, in words.
    #[serde(default)]
    pub not_read_by_this_version: Vec<String>,
    /// What Asana answered.
    #[serde(default)]
    pub archive: Archive,
    pub tables: Vec<TableReport>,
    /// Files that hold all tables, or describe them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_files: Vec<FileReport>,
}

/// Files that were downloaded, or were to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFiles {
    pub stored: u64,
    /// Of those stored.
    pub bytes: u64,
    /// Could not be had; the coverage names them.
    pub failed: u64,
    /// Larger than the user wanted.
    pub too_large: u64,
}

/// The archive that the tables were made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    pub segments: Vec<SegmentReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentReport {
    /// Relative to the export folder, with `/`: `archive/000001.jsonl.zst`.
    pub path: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    pub gid: String,
    pub name: String,
}

/// The token's owner in the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// `person`, `service account` or `unknown`.
    pub kind: String,
    /// A person's: `admin`, `member`, `view-only member` or `guest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What the copy can lack although nothing was refused, in words.
    pub implies: Vec<String>,
}

/// What was compared to prove that nothing is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    pub task_search: TaskSearch,
    pub subtasks: Subtasks,
    /// By resource: objects that something refers to and that have no row. The table `export_unresolved` names them.
    pub seen_not_readable: BTreeMap<String, u64>,
    pub changed_during_run: ChangedDuringRun,
}

/// Tasks by search, a second route to them, against tasks by listings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSearch {
    /// `complete`, `incomplete`, `unavailable` or `not used`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Tasks that search named.
    pub found: u64,
    /// Tasks that are exported only because search named them.
    pub only_by_search: u64,
    /// Tasks that search named and that could not be read.
    pub not_readable: u64,
    /// Exported tasks that search did not name: its index is late, or leaves them out.
    pub unknown_to_search: u64,
}

/// What tasks say about the number of their subtasks, against the subtasks that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subtasks {
    pub parents: u64,
    pub said: u64,
    pub read: u64,
    /// Tasks whose number differs; the table `export_oddities` names them.
    pub differences: u64,
}

/// A run is not a snapshot: what changed while it went on was read again at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDuringRun {
    pub passes: u64,
    /// Changed tasks received in them.
    pub records: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Retries included.
    pub sent: u64,
    /// Pages in the archive, those of earlier runs included.
    pub archived_pages: u64,
    pub retried: u64,
    /// Answered with status 429, quota exceeded.
    pub rejected_429: u64,
    /// Why requests were sent again, as in `{"500": 3, "connection": 1, "429 cost": 2}`.
    #[serde(default)]
    pub retries_by_reason: BTreeMap<String, u64>,
}

/// A change of Asana's API, by the name that Asana gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsanaChange {
    pub name: String,
    /// Where Asana explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
    /// Whether Asana said of a request of this run that it is affected.
    pub affected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub status: CoverageStatus,
    /// What Asana answered instead of records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Why not complete, in Asana's words where it gave any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub requests: u64,
    pub records: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageStatus {
    Complete,
    Partial,
    Unavailable,
}

impl Tool {
    /// This program, at `version`.
    pub fn this(version: &str) -> Self {
        Self { name: TOOL.to_owned(), version: version.to_owned() }
    }
}

impl Manifest {
    /// Writes `manifest.json`, indented, which makes the export a finished one; its checksum first.
    pub fn write(&self, folder: &Folder) -> Result<()> {
        let json = self.to_json(folder.path())?;
        folder.write_atomically(MANIFEST_CHECKSUM, checksum_line(&json).as_bytes())?;
        folder.write_atomically(MANIFEST, &json)
    }

    /// Its file's bytes, in `folder`.
    pub(crate) fn to_json(&self, folder: &Path) -> Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::io("write", &folder.join(MANIFEST))(io::Error::other(error)))?;
        json.push(b'\n');
        Ok(json)
    }

    /// Reads the manifest of the export in `folder`.
    ///
    /// # Errors
    /// [`Error::NotFinished`] when there is none, [`Error::ManifestUnreadable`] when it is not one of ours, and
    /// [`Error::ManifestVersion`] when it is of a later kind.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::parse(&Self::bytes(folder)?, folder)
    }

    /// The manifest's file as it is.
    pub(crate) fn bytes(folder: &Path) -> Result<Vec<u8>> {
        let path = folder.join(MANIFEST);
        fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::NotFinished { path: folder.to_owned() },
            _ => Error::io("read", &path)(error),
        })
    }

    /// Takes the bytes of the manifest in `folder` for what they are.
    pub(crate) fn parse(json: &[u8], folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let unreadable = |source| Error::ManifestUnreadable { path: path.clone(), source };
        let head: Head = serde_json::from_slice(json).map_err(unreadable)?;
        if head.manifest_version != MANIFEST_VERSION {
            return Err(Error::ManifestVersion { path, found: head.manifest_version });
        }
        serde_json::from_slice(json).map_err(unreadable)
    }

    /// The names in one of the lists of its selection, as in `formats`.
    pub fn selected(&self, list: &str) -> impl Iterator<Item = &str> {
        let names = self.selection.get(list).and_then(serde_json::Value::as_array);
        names.into_iter().flatten().filter_map(serde_json::Value::as_str)
    }

    /// Whether it has tables with a column for each custom field.
    pub fn is_wide(&self) -> bool {
        self.selection.get(WIDE).and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    /// How its CSV files are written.
    pub fn csv_style(&self) -> CsvStyle {
        let said = |name| self.selection.get(name).and_then(serde_json::Value::as_str);
        let dialect = said("dialect").and_then(|name| name.parse().ok()).unwrap_or_default();
        let (delimiter, null) = (said("delimiter").unwrap_or(","), said("null_string").unwrap_or_default());
        // What no version writes is taken for the usual, and the files are then not as expected.
        CsvStyle::new(dialect, delimiter, null).unwrap_or_else(|_| dialect.into())
    }

    /// Every file that the manifest describes: its path in the folder, its size in bytes and its SHA-256.
    pub fn files(&self) -> impl Iterator<Item = (&str, u64, &str)> {
        let tables = self.tables.iter().flat_map(|table| &table.files).chain(&self.other_files);
        let tables = tables.map(|file| (file.path.as_str(), file.bytes, file.sha256.as_str()));
        let segments = self.archive.segments.iter();
        tables.chain(segments.map(|segment| (segment.path.as_str(), segment.bytes, segment.sha256.as_str())))
    }

    /// Whether the folder has a manifest that this tool wrote, of whatever version.
    pub(crate) fn is_in(folder: &Path) -> bool {
        let head = fs::read(folder.join(MANIFEST)).ok().and_then(|json| serde_json::from_slice::<Head>(&json).ok());
        head.is_some_and(|head| head.tool.name == TOOL)
    }
}

/// What [`MANIFEST_CHECKSUM`] has to say about a manifest.
pub(crate) fn checksum_line(manifest: &[u8]) -> String {
    format!("{}  {MANIFEST}\n", Checksum::of(manifest))
}

/// What stays the same in all versions.
#[derive(Deserialize)]
struct Head {
    manifest_version: u32,
    tool: Tool,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::folder::Fresh;
    use crate::tables::{FileReport, KeyGaps};

    /// A manifest of one table without rows, whose files do not exist.
    pub(crate) fn manifest() -> Manifest {
        let coverage = |status, reason: Option<&str>| Coverage {
            status,
            http_status: reason.map(|_| 402),
            reason: reason.map(str::to_owned),
            requests: 3,
            records: 250,
        };
        Manifest {
            manifest_version: MANIFEST_VERSION,
            tool: Tool::this("0.1.0"),
            fetched_by: None,
            created_at: "2025-01-01T00:00:00Z".to_owned(),
            started_at: "2025-01-01T00:00:00Z".to_owned(),
            finished_at: "2025-01-01T00:05:00Z".to_owned(),
            workspace: Workspace { gid: "12".to_owned(), name: "Über \"all\"".to_owned() },
            token_user_gid: "7".to_owned(),
            token_user_name: Some("Ada".to_owned()),
            route: "rest".to_owned(),
            selection: serde_json::from_str(r#"{"skip": ["stories"], "formats": ["csv"]}"#).unwrap(),
            requests: Requests {
                sent: 10,
                archived_pages: 9,
                retried: 1,
                rejected_429: 0,
                retries_by_reason: BTreeMap::from([("500".to_owned(), 1)]),
            },
            asana_changes: vec![AsanaChange { name: "goals".to_owned(), info: None, affected: true }],
            coverage: BTreeMap::from([
                ("tasks".to_owned(), coverage(CoverageStatus::Complete, None)),
                ("portfolios".to_owned(), coverage(CoverageStatus::Unavailable, Some("payment required"))),
            ]),
            gaps: 1,
            files: None,
            viewer: Viewer { kind: "person".to_owned(), role: Some("guest".to_owned()), implies: Vec::new() },
            completeness: Completeness::default(),
            unknown_fields: BTreeMap::from([("tasks.foo".to_owned(), 2)]),
            oddities: 0,
            duplicates: 4,
            not_readable_by_any_api: vec!["private messages".to_owned()],
            not_read_by_this_version: Vec::new(),
            archive: Archive {
                segments: vec![SegmentReport {
                    path: "archive/000001.jsonl.zst".to_owned(),
                    bytes: 4,
                    sha256: "11".repeat(32),
                }],
            },
            tables: vec![TableReport {
                name: "tasks".to_owned(),
                resource: Some("tasks".to_owned()),
                rows: 250,
                columns: vec!["gid".to_owned()],
                types: Vec::new(),
                files: vec![FileReport {
                    path: "csv/tasks.csv".to_owned(),
                    format: "csv".to_owned(),
                    bytes: 9,
                    sha256: "00".repeat(32),
                }],
                key_gaps: KeyGaps::default(),
            }],
            other_files: Vec::new(),
        }
    }

    #[test]
    fn is_read_back_as_written_and_always_the_same() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path(), Fresh::Keep).unwrap();
        manifest().write(&folder).unwrap();
        let first = fs::read_to_string(parent.path().join(MANIFEST)).unwrap();
        assert!(first.starts_with("{\n  \"manifest_version\": 1,\n  \"tool\": {\n    \"name\": \"asana-workspace\""));
        let portfolios = r#""portfolios": {
      "status": "unavailable",
      "http_status": 402,
      "reason": "payment required",
      "requests": 3,
      "records": 250
    },"#;
        assert!(first.contains(portfolios), "{first}");
        assert_eq!(Manifest::read(parent.path()).unwrap(), manifest());
        manifest().write(&folder).unwrap();
        assert_eq!(fs::read_to_string(parent.path().join(MANIFEST)).unwrap(), first);
        assert!(Manifest::is_in(parent.path()));
        let manifest = manifest();
        assert_eq!(
            manifest.files().map(|(path, ..)| path).collect::<Vec<_>>(),
            ["csv/tasks.csv", "archive/000001.jsonl.zst"]
        );
    }

    #[test]
    fn its_checksum_is_there_before_it() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path(), Fresh::Keep).unwrap();
        // A folder in the manifest's place: writing it fails, and the checksum was written.
        fs::create_dir(parent.path().join(MANIFEST)).unwrap();
        manifest().write(&folder).unwrap_err();
        let sum = fs::read_to_string(parent.path().join(MANIFEST_CHECKSUM)).unwrap();
        fs::remove_dir(parent.path().join(MANIFEST)).unwrap();
        drop(folder);
        // The next run is not told by it that there is a finished export, and removes it.
        let folder = Folder::open(parent.path(), Fresh::Keep).unwrap();
        assert!(!parent.path().join(MANIFEST_CHECKSUM).exists());
        manifest().write(&folder).unwrap();
        assert_eq!(fs::read_to_string(parent.path().join(MANIFEST_CHECKSUM)).unwrap(), sum);
    }

    #[test]
    fn tells_missing_foreign_and_later_manifests_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Manifest::read(folder.path()), Err(Error::NotFinished { .. })));
        let path = folder.path().join(MANIFEST);
        fs::write(&path, r#"{"name": "a web app", "icons": []}"#).unwrap();
        assert!(matches!(Manifest::read(folder.path()), Err(Error::ManifestUnreadable { .. })));
        assert!(!Manifest::is_in(folder.path()));
        fs::write(&path, r#"{"manifest_version": 9, "tool": {"name": "asana-workspace", "version": "9"}}"#).unwrap();
        assert!(matches!(Manifest::read(folder.path()), Err(Error::ManifestVersion { found: 9, .. })));
        assert!(Manifest::is_in(folder.path()));
    }
}
