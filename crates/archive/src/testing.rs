//! What the tests of several modules need.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Body, Entry, Options, Page, Reader, Writer};

/// A page that is told from others by its number.
pub(crate) fn page(number: u64, body: &[u8]) -> Page<'_> {
    Page {
        listing: "tasks_of_project".into(),
        parent: Some(number.to_string().into()),
        variant: None,
        page: number,
        first: number * 100,
        last: true,
        path: format!("/tasks?project={number}").into(),
        at: "2026-11-24T00:00:00.000Z".into(),
        status: 200,
        body: Body::received(body),
    }
}

/// Every entry is a frame, and a segment holds as many frames as `segment_bytes` allows.
pub(crate) fn one_entry_per_frame(segment_bytes: u64) -> Options {
    Options { frame_bytes: 1, segment_bytes, ..Options::default() }
}

/// Writes an archive of these bodies.
pub(crate) fn write(dir: &Path, options: Options, bodies: &[&[u8]]) {
    let (mut writer, _) = Writer::open_with(dir, options).unwrap();
    for (number, body) in (0..).zip(bodies) {
        writer.append(&Entry::Page(page(number, body))).unwrap();
    }
    writer.seal().unwrap();
}

/// The bodies in the order they are read, or the first error.
pub(crate) fn bodies(mut reader: Reader) -> Result<Vec<String>, crate::Error> {
    let mut bodies = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        match entry {
            Entry::Page(page) => bodies.push(page.body.as_str().to_owned()),
            Entry::File(file) => bodies.push(file.gid.into_owned()),
            Entry::Run(fields) | Entry::End(fields) => bodies.push(fields.get().to_owned()),
        }
    }
    Ok(bodies)
}

/// The segment files, in order.
pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
