//! The program: parses the command line, runs the command, says what went wrong, exits with the documented code.

mod args;
mod build;
mod command;
mod coverage;
mod exit;
mod forecast;
mod header;
mod manifest;
mod names;
mod output;
mod readable;
mod rebuilt;
mod scope;
mod session;
mod settings;
mod share;
mod signals;
mod token_source;
mod viewer;

use std::process::ExitCode;
use std::sync::Arc;

use asana_export::progress::{self, LogFormat, Mode, Watcher};
use clap::{CommandFactory, Parser};
use tokio_util::sync::CancellationToken;

use crate::args::{AuthAction, Cli, Command};
use crate::exit::{CliError, Exit};
use crate::settings::Settings;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = match run(cli.command) {
        Ok(exit) => exit,
        Err(error) => {
            if !matches!(error, CliError::BrokenPipe) {
                let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
                let message = format!("error: {}{hint}", error.message());
                let lines: Vec<_> = message.lines().map(progress::printable).collect();
                output::tell(&format!("{}\n", lines.join("\n")));
            }
            error.exit()
        }
    };
    ExitCode::from(exit as u8)
}

fn run(command: Command) -> Result<Exit, CliError> {
    match command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "asana-workspace", &mut script);
            output::print(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Complete)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(|source| CliError::io("the manual page cannot be made", source))?;
            output::print(&String::from_utf8_lossy(&page))?;
            Ok(Exit::Complete)
        }
        Command::Convert(args) => {
            let settings = command::convert::Settings::new(&args)?;
            told((settings.progress, settings.log_format), |watcher, summaries| {
                command::convert::run(&settings, watcher, summaries)
            })
        }
        Command::Audit(args) => command::audit::run(&args),
        Command::Verify(args) => command::verify::run(&args),
        Command::Diff(args) => command::diff::run(&args),
        Command::Tables(args) => command::tables::run(&args),
        Command::Auth(args) => match args.action {
            None => command::auth::explain(),
            Some(AuthAction::Check(args)) => block_on(command::auth::check(&args)),
        },
        Command::Simulate(args) => block_on(async move {
            let cancel = signals::cancel_on_signal();
            command::simulate::run(&args, cancel).await
        }),
        Command::Export(args) => {
            let settings = Settings::from_args(&args)?;
            let token = token_source::token(settings.token_file.as_deref())?;
            watched(&settings, async |cancel, watcher, summaries| {
                command::export::run(&settings, token, cancel, watcher, summaries).await
            })
        }
        Command::Plan(args) => {
            let settings = Settings::from_plan(&args)?;
            let token = token_source::token(settings.token_file.as_deref())?;
            let mut text = String::new();
            watched(&settings, async |cancel, watcher, _| {
                text = command::plan::run(&settings, token, cancel, watcher).await?;
                Ok(Exit::Complete)
            })?;
            output::print(&text)?;
            Ok(Exit::Complete)
        }
        Command::Demo(args) => {
            let settings = command::demo::settings(&args)?;
            let exit = watched(&settings, async |cancel, watcher, summaries| {
                command::demo::run(&args, settings.clone(), cancel, watcher, summaries).await
            })?;
            let report = command::audit::of_demo(&args.out)?;
            output::print(&command::demo::next_steps(&args.out, &report))?;
            Ok(exit)
        }
    }
}

/// Runs a command with progress on standard error, and says at the end what came of it.
fn watched(
    settings: &Settings,
    command: impl AsyncFnOnce(CancellationToken, &Arc<Watcher>, &mut Vec<String>) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    told((settings.progress, settings.log_format), |watcher, summaries| {
        block_on(async { command(signals::cancel_on_signal(), watcher, summaries).await })
    })
}

/// The same for a command that does not wait for anything; a signal ends it at once.
fn told(
    (progress, log_format): (Mode, LogFormat),
    command: impl FnOnce(&Arc<Watcher>, &mut Vec<String>) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    let watcher = progress::reporter(progress, log_format, now);
    let mut summaries = Vec::new();
    let result = command(&watcher, &mut summaries);
    watcher.finish();
    if progress != Mode::None && log_format == LogFormat::Text {
        for summary in &summaries {
            output::tell(&format!("\n{summary}"));
        }
    }
    result
}

fn block_on(future: impl Future<Output = Result<Exit, CliError>>) -> Result<Exit, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| CliError::io("the runtime cannot start", source))?;
    runtime.block_on(future)
}

/// The time, as in manifests and logs: `2026-11-24T09:30:00.000Z`.
fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}
