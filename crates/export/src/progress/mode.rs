//! The choices a person has: `--progress` and `--log-format`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How progress is shown: `--progress`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Bars on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// Bars; lines where no terminal can show them.
    Bar,
    /// A line now and then.
    Plain,
    /// Nothing at all.
    None,
}

impl Mode {
    pub const ALL: [Mode; 4] = [Mode::Auto, Mode::Bar, Mode::Plain, Mode::None];

    pub fn name(self) -> &'static str {
        match self {
            Mode::Auto => "auto",
            Mode::Bar => "bar",
            Mode::Plain => "plain",
            Mode::None => "none",
        }
    }
}

/// What the lines are made of: `--log-format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Words and bars.
    #[default]
    Text,
    /// Every event as an object, and no bars.
    Json,
}

impl LogFormat {
    pub const ALL: [LogFormat; 2] = [LogFormat::Text, LogFormat::Json];

    pub fn name(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

/// A name that is none of the choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of: {choices}")]
pub struct UnknownName {
    choices: String,
}

impl FromStr for Mode {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or_else(|| unknown(&Self::ALL.map(Self::name)))
    }
}

impl FromStr for LogFormat {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| unknown(&Self::ALL.map(Self::name)))
    }
}

fn unknown(choices: &[&str]) -> UnknownName {
    UnknownName { choices: choices.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for mode in Mode::ALL {
            assert_eq!(mode.name().parse(), Ok(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.name());
        }
        for format in LogFormat::ALL {
            assert_eq!(format.name().parse(), Ok(format));
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
        assert_eq!("bars".parse::<Mode>().unwrap_err().to_string(), "expected one of: auto, bar, plain, none");
    }
}
