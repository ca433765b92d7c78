//! Everything that leaves the process: sorted tables as files, the manifest, and progress on the terminal.
//!
//! Rows are sorted ([`sorted`]), go to all formats at once ([`tables`], [`sink`]) in files that appear whole or not at
//! all ([`output`]), as much of them as is to be seen ([`View`]), inside a folder that one run owns ([`folder`]); the [`manifest`] comes last. Those of a finished export
//! may be built again ([`update`]). A finished export
//! is read back ([`Opened`]) and compared with what it should be ([`verify`], [`twin`]). Nothing here knows HTTP, or where in a record
//! a value stood.

mod checksum;
pub mod describe;
pub mod error;
pub mod folder;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod key;
pub mod manifest;
mod opened;
pub mod output;
mod private;
pub mod progress;
mod reduced;
pub mod sink;
pub mod sorted;
mod source;
pub mod summary;
pub mod tables;
pub mod twin;
pub mod unfit;
pub mod update;
pub mod verify;
mod view;

pub use error::{Error, Result};
pub use folder::{Folder, Fresh, Reading};
pub use manifest::Manifest;
pub use opened::{Opened, Rows, TableFile};
pub use reduced::{REDACTED, Reduced};
pub use sink::{CsvStyle, CsvWriter, Dialect, FORMATS, Format, Style, WrongStyle};
pub use sorted::{Entry, Merge, Sorter};
pub use tables::{FileReport, KeyGaps, TableReport, TableSet, Target, Writing};
pub use unfit::Unfit;
pub use update::Update;
pub use view::{Key, View};
