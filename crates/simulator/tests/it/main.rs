//! The simulator asked over HTTP, as a client would.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code, of which clippy only recognises the functions marked #[test]"
)]

mod changes;
mod client;
mod faults;
mod limits;
mod pages;
mod schemas;
mod search;
mod visibility;
