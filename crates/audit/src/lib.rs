//! The audit of an export: rules over its tables, and what they find.
//!
//! A rule is data: words and one SQL query ([`rule`]). What came of all rules is one value ([`audit`]), which is what
//! `findings.json` holds and what reports are made of. Nothing here knows HTTP, or how a table came about.
//!
//! Beside it, the comparison of two exports ([`diff`]).

pub mod audit;
pub mod diff;
pub mod rule;

pub use audit::{Acceptance, Assessed, Audit, Compared, Export, Finding, FixedFinding, Outcome, State, Summary};
pub use rule::{Category, Parameter, ParameterValue, Rule, Severity};
