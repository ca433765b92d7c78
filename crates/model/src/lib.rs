//! The nouns of an Asana export: gids, the catalogue of resources, the layout of tables, the events of a run.
//!
//! This crate does nothing: it knows neither network nor files nor terminals. The other crates agree through it.

pub mod catalog;
pub mod check;
pub mod event;
pub mod gid;
mod gid_runs;
mod gid_set;
pub mod kept;
pub mod layout;
pub mod links;
pub mod raw;
mod run_tables;
mod scan;
pub mod sensitive;
pub mod table;
pub mod typed;
pub mod value;
pub mod variant;
pub mod varint;

pub use event::{Event, Reporter};
pub use gid::Gid;
pub use gid_runs::GidRuns;
pub use gid_set::GidSet;
pub use kept::FileOutcome;
pub use layout::Layout;
pub use links::{Link, LinkTo};
pub use sensitive::{Class, Sensitive};
pub use table::{Cell, Column, ColumnKind, RowSink, Table, TableId};
pub use typed::Typed;
