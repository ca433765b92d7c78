//! Whatever the last segment of an archive holds, opening it cuts a torn end or refuses; what can be read afterwards is
//! what could be read before, and more can be appended.
#![no_main]

use std::fs;
use std::path::Path;

use asana_archive::{Body, Entry, Options, Page, Reader, Writer};
use libfuzzer_sys::fuzz_target;

/// Bytes to begin with that are an archive: the others are put behind or into them.
fn whole(dir: &Path) -> Vec<u8> {
    let options = Options { frame_bytes: 1, ..Options::default() };
    let (mut writer, _) = Writer::open_with(dir, options).expect("an empty folder can be opened");
    for number in 0..3 {
        let page = Page {
            listing: "tags".into(),
            parent: None,
            variant: None,
            page: number,
            first: 0,
            last: false,
            path: "/tags".into(),
            at: "".into(),
            status: 200,
            body: Body::received(br#"{"data":[]}"#),
        };
        writer.append(&Entry::Page(page)).expect("appended");
    }
    writer.seal().expect("sealed");
    fs::read(segment(dir)).expect("read")
}

fn segment(dir: &Path) -> std::path::PathBuf {
    dir.join("000001.jsonl.zst")
}

/// The entries that can be read, and whether that was all.
fn entries(dir: &Path) -> (usize, bool) {
    let Ok(mut reader) = Reader::open_recovering(dir) else { return (0, false) };
    let mut count = 0;
    loop {
        match reader.next_entry() {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, true),
            Err(_) => return (count, false),
        }
    }
}

fuzz_target!(|input: (u16, bool, &[u8])| {
    let (at, inside, noise) = input;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut bytes = whole(folder.path());
    let at = usize::from(at) % (bytes.len() + 1);
    if inside {
        let end = (at + noise.len()).min(bytes.len());
        bytes.splice(at..end, noise.iter().copied());
    } else {
        bytes.truncate(at);
        bytes.extend_from_slice(noise);
    }
    fs::write(segment(folder.path()), &bytes).expect("written");
    let (before, readable) = entries(folder.path());
    match Writer::open(folder.path()) {
        Ok((mut writer, recovery)) => {
            assert!(readable && recovery.entries == before as u64, "{recovery:?}, {before} read before");
            writer.append_end(&std::collections::BTreeMap::<&str, u8>::new()).expect("appended");
            writer.seal().expect("sealed");
            assert_eq!(entries(folder.path()), (before + 1, true));
        }
        Err(_) => assert_eq!(fs::read(segment(folder.path())).expect("still there"), bytes, "an error changes nothing"),
    }
});
