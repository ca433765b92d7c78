//! The simulator asked over HTTP, as a client would.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code, of which clippy only recognises the functions marked #[test]"
)]

mod audit;
mod bodies;
mod changes;
mod client;
mod connections;
mod effort;
mod faults;
mod files;
mod gates;
mod kinds;
mod limits;
mod pages;
mod planning;
mod planted;
mod reactions;
mod schemas;
mod search;
mod statuses;
mod vanishing;
mod visibility;
