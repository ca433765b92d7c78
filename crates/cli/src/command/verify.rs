//! `verify`: whether an export is whole, unchanged, consistent in itself and what its archive gives; and, in plain words,
//! what that does not prove.

use std::fmt::Write as _;

use asana_export::manifest::CoverageStatus;
use asana_export::progress::{printable, printable_json};
use asana_export::verify::{self, Report, Verified};
use asana_export::{Manifest, Reading};
use asana_model::Layout;
use serde_json::json;

use crate::args::VerifyArgs;
use crate::exit::{CliError, Exit};
use crate::{output, rebuilt};

/// What no check of a folder can prove.
const NOT_PROVED: &[&str] = &[
    "that Asana's answers were true and complete: what it left out without a word is not in the archive either",
    "that the token saw everything: what is hidden from its owner is not here",
    "that the folder was not replaced as a whole, checksums included: keep manifest.json.sha256 in another place too, \
     and compare it",
    "that it is still so in Asana: it is what was there during the run",
    "when the run ended and how many requests it sent: only the manifest says so",
];

const WITHOUT_ARCHIVE: &str = "that the tables hold what Asana said: they were not built again from the archive";

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, CliError> {
    let folder = Reading::begin(&args.folder)?;
    let layout = Layout::new();
    let Verified { manifest, mut report, archive_gone } =
        verify::folder(folder.path(), &layout, env!("CARGO_PKG_VERSION"))?;
    let rebuilt = match &manifest {
        Some(_) if archive_gone => {
            report.not_checked("archive", "it is not there, so the tables could not be built again and compared");
            false
        }
        Some(manifest) => rebuilt::check(&folder, manifest, &layout, &mut report)?,
        None => false,
    };
    let not_proved: Vec<&str> = NOT_PROVED.iter().copied().chain((!rebuilt).then_some(WITHOUT_ARCHIVE)).collect();
    let text = match args.format.as_str() {
        "json" => as_json(args, manifest.as_ref(), &report, &not_proved),
        _ => as_text(args, manifest.as_ref(), &report, &not_proved),
    };
    output::print(&text)?;
    Ok(if report.agrees() { Exit::Complete } else { Exit::Differences })
}

fn as_json(args: &VerifyArgs, manifest: Option<&Manifest>, report: &Report, not_proved: &[&str]) -> String {
    let value = json!({
        "folder": args.folder.display().to_string(),
        "agrees": report.agrees(),
        "checks": report.checks,
        "differences": report.differences,
        "coverage": manifest.map(|manifest| &manifest.coverage),
        "not_proved": not_proved,
    });
    printable_json(&format!("{value:#}\n"))
}

fn as_text(args: &VerifyArgs, manifest: Option<&Manifest>, report: &Report, not_proved: &[&str]) -> String {
    let mut text = format!("{}\n", printable(&args.folder.display().to_string()));
    if let Some(manifest) = manifest {
        text.push_str(&made(manifest));
    }
    let _ok = write!(text, "\n{}", verify::render(report));
    if let Some(manifest) = manifest {
        text.push_str(&coverage(manifest));
    }
    text.push_str("\nThis does not prove:\n");
    for what in not_proved {
        let _ok = writeln!(text, "  {what}");
    }
    text
}

/// Whose workspace it is, when it was exported and with whose token.
fn made(manifest: &Manifest) -> String {
    let Manifest { workspace, tool, created_at, finished_at, token_user_gid, .. } = manifest;
    let owner = manifest.token_user_name.as_deref().unwrap_or("someone without a name");
    let role = manifest.viewer.role.as_deref().map(|role| format!(", {role}")).unwrap_or_default();
    let run = format!("{created_at} to {finished_at}, {} {}", tool.name, tool.version);
    let workspace = format!("workspace {} ({}), {run}", workspace.name, workspace.gid);
    let token = format!("with the token of {owner} ({token_user_gid}){role}");
    format!("{}\n{}\n", printable(&workspace), printable(&token))
}

/// What the export says of itself: what could be read and what could not.
fn coverage(manifest: &Manifest) -> String {
    let all = manifest.coverage.len();
    let lacking = manifest.coverage.iter().filter(|(_, coverage)| coverage.status != CoverageStatus::Complete);
    let lines: Vec<String> = lacking
        .map(|(resource, coverage)| {
            let status = if coverage.status == CoverageStatus::Partial { "partial" } else { "unavailable" };
            let reason = coverage.reason.as_deref().unwrap_or("no reason given");
            format!("  {}\n", printable(&format!("{resource}: {status}, {reason}")))
        })
        .collect();
    let complete = all - lines.len();
    format!("\nCoverage, as the manifest has it: {complete} of {all} resources are complete.\n{}", lines.concat())
}
