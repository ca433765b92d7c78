//! Everything that leaves the process: sorted tables as files, the manifest, and progress on the terminal.

pub mod error;
pub mod folder;
pub mod manifest;
pub mod progress;
pub mod sink;
pub mod sorted;
pub mod summary;
pub mod tables;
