//! End-to-end tests: the built program against a simulated Asana on loopback.
//!
//! What a run should have produced is worked out from the simulator's own records, by a mapping written by hand in
//! `support/expected.rs`; neither the catalogue nor any other code of the program is asked. Every test is a claim about
//! the program as its users meet it: files, exit codes, what is printed, and which requests Asana sees.

// Makes helpers count as test code for the lints.
#![cfg(test)]

mod support;

mod audit;
mod badinput;
mod browser;
mod chaos;
mod columnar;
mod commands;
mod convert;
mod coverage;
mod describe;
mod dialects;
mod diff;
mod divide;
mod docs;
mod drift;
mod faults;
mod files;
mod folders;
mod hostile;
mod limits;
mod memory;
mod network;
mod outages;
mod plan;
mod progress;
mod queries;
mod reproducible;
mod requests;
mod resume;
mod samples;
mod secrets;
mod selection;
mod share;
mod sheets;
mod soak;
mod tables;
mod trouble;
mod verify;
mod wide;
