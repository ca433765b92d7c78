use tempfile::{TempDir, tempdir};

use super::*;

fn keep(path: &Path) -> Result<Folder> {
    Folder::open(path, Fresh::Keep)
}

fn put(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// All names in the folder, sorted, without the lock.
fn listed(folder: &Path) -> String {
    let mut names = names(folder).unwrap();
    names.retain(|name| name != LOCK);
    names.sort();
    names.join(" ")
}

const OUR_MANIFEST: &str = r#"{"manifest_version": 1, "tool": {"name": "asana-workspace", "version": "0.1.0"}}"#;

/// A folder in which a run stopped, with things of its own and others.
fn interrupted() -> TempDir {
    let dir = tempdir().unwrap();
    drop(keep(dir.path()).unwrap());
    for name in ["archive/000001.jsonl.zst", "csv/tasks.csv", "json/.tasks.json.partial", "audit/report.html"] {
        put(dir.path(), name, "x");
    }
    for name in [".manifest.json.partial", ".tmp/left", "attachments/1.pdf", "notes.txt"] {
        put(dir.path(), name, "x");
    }
    dir
}

#[test]
fn creates_the_folder_for_its_owner_alone() {
    let parent = tempdir().unwrap();
    let path = parent.path().join("a/b");
    let folder = keep(&path).unwrap();
    assert_eq!(folder.path(), path);
    assert!(!folder.has_archive());
    assert!(folder.temp_dir().is_dir());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }
    drop(folder);
    assert_eq!(listed(&path), "");
}

#[test]
fn empty_folders_and_fresh_disks_are_taken() {
    let dir = tempdir().unwrap();
    put(dir.path(), "lost+found/x", "");
    put(dir.path(), ".DS_Store", "");
    drop(keep(dir.path()).unwrap());
    assert_eq!(listed(dir.path()), ".DS_Store lost+found");
}

#[test]
fn a_finished_export_is_opened_again_only_when_asked() {
    let dir = interrupted();
    put(dir.path(), MANIFEST, OUR_MANIFEST);
    assert!(matches!(keep(dir.path()), Err(Error::Finished { .. })));
    let folder = Folder::open(dir.path(), Fresh::Reopen).unwrap();
    assert!(folder.is_finished() && dir.path().join("csv/tasks.csv").exists(), "opened, and as it was");
    folder.reopen().unwrap();
    assert!(folder.has_archive() && !folder.is_finished());
    drop(folder);
    assert_eq!(listed(dir.path()), "archive attachments notes.txt", "it is an unfinished export now");
    drop(keep(dir.path()).unwrap());
}

#[test]
fn goes_on_with_an_interrupted_run() {
    let dir = interrupted();
    let folder = keep(dir.path()).unwrap();
    assert!(folder.has_archive());
    drop(folder);
    assert_eq!(listed(dir.path()), "archive attachments notes.txt");
    assert!(dir.path().join("archive/000001.jsonl.zst").exists());
}

#[test]
fn starting_fresh_removes_what_the_tool_wrote_and_nothing_else() {
    let dir = interrupted();
    put(dir.path(), MANIFEST, OUR_MANIFEST);
    let folder = Folder::open(dir.path(), Fresh::Start).unwrap();
    assert!(!folder.has_archive());
    drop(folder);
    assert_eq!(listed(dir.path()), "notes.txt");
}

#[test]
fn a_finished_export_is_left_alone() {
    let dir = tempdir().unwrap();
    put(dir.path(), MANIFEST, OUR_MANIFEST);
    put(dir.path(), "csv/tasks.csv", "x");
    let error = keep(dir.path()).unwrap_err();
    assert!(matches!(error, Error::Finished { .. }));
    assert!(error.hint().unwrap().contains("--fresh"));
    assert_eq!(listed(dir.path()), "csv manifest.json");
}

#[test]
fn folders_of_others_are_refused_untouched() {
    for foreign in ["holiday.jpg", "archive/2019/taxes.pdf", "manifest.json", "csv/my.csv", "attachments/x"] {
        for fresh in [Fresh::Keep, Fresh::Start] {
            let dir = tempdir().unwrap();
            put(dir.path(), foreign, "{}");
            let error = Folder::open(dir.path(), fresh).unwrap_err();
            let Error::Foreign { found, .. } = &error else { panic!("{foreign}: {error}") };
            assert!(foreign.starts_with(found.as_str()));
            assert!(dir.path().join(foreign).exists());
            assert!(!dir.path().join(LOCK).exists());
        }
    }
}

#[test]
fn an_archive_without_its_lock_file_is_still_ours() {
    let dir = interrupted();
    fs::remove_file(dir.path().join(LOCK)).unwrap();
    assert!(keep(dir.path()).unwrap().has_archive());
}

#[test]
fn a_file_is_not_a_folder() {
    let dir = tempdir().unwrap();
    put(dir.path(), "file", "");
    assert!(matches!(keep(&dir.path().join("file")), Err(Error::NotAFolder { .. })));
}

#[test]
fn a_second_run_is_kept_out_until_the_first_ends() {
    let dir = tempdir().unwrap();
    let first = keep(dir.path()).unwrap();
    for fresh in [Fresh::Keep, Fresh::Start] {
        assert!(matches!(Folder::open(dir.path(), fresh), Err(Error::Locked { .. })));
    }
    assert!(first.temp_dir().is_dir(), "the second run took the first one's folder");
    drop(first);
    keep(dir.path()).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_removed_and_not_followed() {
    let dir = interrupted();
    let elsewhere = tempdir().unwrap();
    put(elsewhere.path(), "precious", "x");
    fs::remove_dir_all(dir.path().join("csv")).unwrap();
    fs::remove_dir_all(dir.path().join("archive")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("csv")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("archive")).unwrap();
    drop(Folder::open(dir.path(), Fresh::Start).unwrap());
    assert_eq!(listed(dir.path()), "notes.txt");
    assert!(elsewhere.path().join("precious").exists());
}

#[test]
fn writes_files_atomically() {
    let dir = tempdir().unwrap();
    let folder = keep(dir.path()).unwrap();
    folder.write_atomically("a.json", b"1").unwrap();
    let written = folder.write_hashed("a.json", b"22").unwrap();
    assert_eq!(written.bytes, 2);
    assert_eq!(fs::read(dir.path().join("a.json")).unwrap(), b"22");
    assert_eq!(listed(dir.path()), ".tmp a.json");
}
