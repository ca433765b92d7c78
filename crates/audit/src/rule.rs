//! What a rule says. Built-in rules and a user's own have the same shape.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A rule, as a TOML file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Lower-case words with hyphens, unique among all rules: `guest-access`.
    pub id: String,
    pub title: String,
    pub category: Category,
    /// Of its findings, unless a row of the query says otherwise.
    pub severity: Severity,
    /// Why it matters, in plain sentences.
    pub why: String,
    /// What to do about a finding.
    pub remedy: String,
    /// The tables that its query reads.
    pub tables: Vec<String>,
    /// Those of its tables in which it looks for what is missing (a tag on no task, a person without a membership), so that
    /// what it finds is wrong when they lack rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absence: Vec<String>,
    /// What can be set with `--param`; the query reads each as `:name`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Parameter>,
    /// One SELECT in SQLite's dialect. Its columns, by name: `object_type`, `object_gid`, `object_name`, `permalink`,
    /// `people`, `explanation`, and, if wanted, `severity` and `detail`, which tells findings about one object apart.
    pub query: String,
    /// A case that must be found, and near misses that must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Example>,
}

/// A value that a rule's query depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its type is that of the parameter.
    pub default: ParameterValue,
    /// With its unit.
    pub about: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    Integer(i64),
    Text(String),
    /// Bound as a JSON array: `IN (SELECT value FROM json_each(:domains))`.
    Texts(Vec<String>),
}

/// A rule's own test: rows of an otherwise empty export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// SQL that makes the case; the time is 2026-06-15T12:00:00Z.
    pub rows: String,
    /// The gids that are to be found in it, in order.
    pub found: Vec<String>,
    /// Changes to the case.
    pub near_miss: Vec<NearMiss>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMiss {
    /// What is different, in a few words.
    pub because: String,
    /// SQL that is run after that of the case.
    pub rows: String,
    /// What is found nevertheless.
    #[serde(default)]
    pub found: Vec<String>,
}

/// How bad a finding is; later ones are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Who can see and change what.
    Access,
    /// Who answers for what.
    Ownership,
    /// Dead wood and disorder.
    Hygiene,
    /// Dates, progress and load.
    Planning,
    /// What an auditor asks for.
    Compliance,
    /// What a move to another tool would lose.
    Migration,
    /// What the export does not hold.
    Coverage,
}

impl Severity {
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// As in rules and in `--fail-on`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl Category {
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Ownership,
        Self::Hygiene,
        Self::Planning,
        Self::Compliance,
        Self::Migration,
        Self::Coverage,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Ownership => "ownership",
            Self::Hygiene => "hygiene",
            Self::Planning => "planning",
            Self::Compliance => "compliance",
            Self::Migration => "migration",
            Self::Coverage => "coverage",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Display for ParameterValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Text(text) => formatter.write_str(text),
            Self::Texts(texts) => formatter.write_str(&texts.join(",")),
        }
    }
}
