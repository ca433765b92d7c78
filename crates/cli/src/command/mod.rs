//! One file for each command.

pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod convert;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod plan;
pub(crate) mod simulate;
pub(crate) mod tables;
pub(crate) mod verify;
