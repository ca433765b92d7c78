//! What the tests share: running the program, reading what it wrote, and saying what it should have written.

pub(crate) mod asked;
pub(crate) mod browser;
mod columns;
pub(crate) mod compare;
pub(crate) mod expected;
pub(crate) mod folder;
pub(crate) mod formats;
pub(crate) mod front;
pub(crate) mod program;
pub(crate) mod requests;
pub(crate) mod server;
pub(crate) mod stops;
pub(crate) mod tls;
mod tokens;

use asana_simulator::{Config, Limits, Quota, RunningSimulator, Size, start_in_background};

pub(crate) use compare::assert_tables;
pub(crate) use folder::Folder;
pub(crate) use program::{Ended, Export, Program};

/// A paid workspace of about `tasks` tasks without any limits: the usual scene.
pub(crate) fn unlimited(seed: u64, tasks: u32) -> Config {
    let limits = Limits { standard: Quota::Unlimited, ..Limits::default() };
    Config { seed, size: Size::for_tasks(tasks), limits, ..Config::default() }
}

pub(crate) fn start(config: Config) -> RunningSimulator {
    start_in_background(config).unwrap()
}

/// The same with rules for what goes wrong, in the simulator's text form.
pub(crate) fn start_with_faults(config: Config, rules: &[&str]) -> RunningSimulator {
    let faults = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    start(Config { faults, ..config })
}
