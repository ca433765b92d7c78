//! The archive: an append-only journal of the pages that runs received, exactly as they were received.
//!
//! A directory holds segments `000001.jsonl.zst`, `000002.jsonl.zst` and so on. A segment is a sequence of independent zstd
//! frames with checksums, a frame holds whole lines, a line is one [`Entry`]. So `zstdcat archive/*.zst | jq` reads it
//! all, a crash tears at most the last frame, and frames can be read in parallel.
//!
//! ```text
//! {"kind":"run","v":1, ...}    a run begins: whatever the caller wants to say about it
//! {"kind":"page","listing":"tasks_of_project","parent":"123","page":0,"first":0,"last":true,
//!  "path":"/tasks?project=123","at":"2026-11-24T00:00:00.000Z","status":200,"body":{...}}      (one line)
//! {"kind":"file","of":"attachments","gid":"123","outcome":"stored", ...}    what became of a file beside the archive
//! {"kind":"end", ...}          the run ended: whatever the caller wants to say about it
//! ```
//!
//! A body that is not JSON stands in `body_text` as a string. Nothing here knows what a listing, a status or a body means.
//!
//! - `entry`: a line, written and read.
//! - `writer`: appends entries; flushes, syncs, begins segments.
//! - `recover`: checks an archive before it is appended to, and cuts a torn end.
//! - `reader`: gives the entries back.
//! - `frame`: finds and decompresses frames within limits.
//! - `segment`: names, permissions and lock of the directory.
//!
//! ```
//! use asana_archive::{Body, Entry, Page, Reader, Writer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let dir = folder.path().join("archive");
//! let (mut writer, recovery) = Writer::open(&dir)?;
//! assert_eq!(recovery.bytes_cut, 0);
//! writer.append(&Entry::Page(Page {
//!     listing: "workspaces".into(),
//!     variant: None,
//!     parent: None,
//!     page: 0,
//!     first: 0,
//!     last: true,
//!     path: "/workspaces".into(),
//!     at: "2026-11-24T00:00:00.000Z".into(),
//!     status: 200,
//!     body: Body::received(br#"{"data":[]}"#),
//! }))?;
//! writer.seal()?;
//!
//! let mut reader = Reader::open(&dir)?;
//! while let Some(entry) = reader.next_entry()? {
//!     if let Entry::Page(page) = entry {
//!         assert_eq!(page.body.as_str(), r#"{"data":[]}"#);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod entry;
mod error;
mod frame;
mod reader;
mod recover;
mod segment;
#[cfg(test)]
mod testing;
mod writer;

pub use entry::{Body, Entry, FORMAT, File, Page};
pub use error::{Damage, Error};
pub use frame::{Frame, FrameRef, MAX_FRAME_BYTES, Packed, Unpacker};
pub use reader::{PackedFrames, Reader, list_frames, read_frame};
pub use recover::Recovery;
pub use writer::{Options, Writer, Written};
