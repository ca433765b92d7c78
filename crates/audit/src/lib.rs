//! The audit of an export: rules over its tables, and what they find.
//!
//! A rule is data: words and one SQL query ([`rule`], [`catalogue`]). The tables that rules read are loaded into SQLite
//! ([`database`]); what the export lacks decides which rules can be asked ([`prospect`]). What came of all rules is one
//! value ([`audit`]), which is what `findings.json` holds and what the [`report`] is made of. Nothing here knows HTTP, or how a
//! table came about.
//!
//! Beside it, the comparison of two exports ([`diff`]).

pub mod accepted;
pub mod audit;
mod baseline;
pub mod catalogue;
pub mod database;
pub mod diff;
pub mod error;
pub mod files;
mod html;
pub mod prospect;
pub mod query;
pub mod report;
pub mod rule;
pub mod run;
#[cfg(test)]
mod testing;
pub mod text;

pub use accepted::Accepted;
pub use audit::{Acceptance, Assessed, Audit, Compared, Export, Finding, FixedFinding, Outcome, State, Summary};
pub use catalogue::{BUILT_IN, Chosen, RuleSet};
pub use database::Database;
pub use error::{Error, Result};
pub use prospect::Prospect;
pub use rule::{Category, Parameter, ParameterValue, Rule, Severity};
pub use run::Inquiry;
