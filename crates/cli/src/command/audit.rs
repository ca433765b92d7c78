//! `audit`: rules are asked of an export's tables, and what they find is written, printed and counted.

use std::path::{Path, PathBuf};
use std::time::Duration;

use asana_audit::report::charts::{self, Chart};
use asana_audit::{Accepted, Audit, Database, Inquiry, RuleSet, Severity, files, query, report, text};
use asana_export::Opened;
use asana_model::Layout;

use crate::args::AuditArgs;
use crate::exit::{CliError, Exit};
use crate::names;
use crate::output;
use crate::readable::Readable;

/// The folder for the findings, in that of the export.
const AUDIT: &str = "audit";

/// How the findings can be given: as a file, or printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Csv,
    Html,
}

impl Form {
    const ALL: [(&'static str, Self); 4] =
        [("text", Self::Text), ("json", Self::Json), ("csv", Self::Csv), ("html", Self::Html)];

    fn parse(name: &str) -> Result<Self, CliError> {
        let known = Self::ALL.into_iter().find(|(known, _)| *known == name);
        known.map(|(_, form)| form).ok_or_else(|| {
            CliError::Usage(names::unknown("form of findings", name, Self::ALL.into_iter().map(|(name, _)| name)))
        })
    }

    /// Writes the findings to a file of their own, if this form is one.
    fn write(self, folder: &Path, audit: &Audit, charts: &[Chart]) -> Result<Option<PathBuf>, CliError> {
        let name = match self {
            Self::Text => return Ok(None),
            Self::Json => {
                files::write_json(folder, audit)?;
                files::FINDINGS_JSON
            }
            Self::Csv => {
                files::write_csv(folder, audit)?;
                files::FINDINGS_CSV
            }
            Self::Html => {
                files::write(folder, report::REPORT_HTML, |out| report::write(out, audit, charts))?;
                report::REPORT_HTML
            }
        };
        Ok(Some(folder.join(name)))
    }
}

pub(crate) fn run(args: &AuditArgs) -> Result<Exit, CliError> {
    let forms = args.format.iter().map(|name| Form::parse(name)).collect::<Result<Vec<_>, _>>()?;
    let fail_on = args.fail_on.as_deref().map(severity).transpose()?;
    let layout = Layout::new();
    let rules = rules(args, &layout)?;
    let Some(export) = args.folder.as_deref().filter(|_| !args.list) else {
        output::print(&text::rules(&rules))?;
        return Ok(Exit::Complete);
    };
    let (audit, charts) = audit(args, export, rules, &layout, forms.contains(&Form::Html))?;
    let folder = args.out.clone().unwrap_or_else(|| export.join(AUDIT));
    let mut written = Vec::new();
    for form in &forms {
        written.extend(form.write(&folder, &audit, &charts)?.map(|path| path.display().to_string()));
    }
    if forms.contains(&Form::Text) {
        output::print(&text::render(&audit, &written))?;
    }
    let failed = fail_on.is_some_and(|least| audit.worst().is_some_and(|worst| worst >= least));
    Ok(if failed { Exit::Findings } else { Exit::Complete })
}

/// Audits a finished export with all rules as they are, and writes everything but text. Gives the path of the report.
pub(crate) fn of_demo(export: &Path) -> Result<PathBuf, CliError> {
    let args = AuditArgs::of(export);
    run(&args)?;
    Ok(export.join(AUDIT).join(report::REPORT_HTML))
}

/// Everything but what is made of the result. What the user gave is checked before any table is read.
fn audit(
    args: &AuditArgs,
    export: &Path,
    rules: RuleSet,
    layout: &Layout,
    with_charts: bool,
) -> Result<(Audit, Vec<Chart>), CliError> {
    let accepted = args.accepted.as_deref().map(Accepted::read).transpose()?;
    let baseline = args.baseline.as_deref().map(Audit::read).transpose()?;
    let opened = Opened::open(export)?;
    let manifest = opened.manifest().clone();
    let time_limit = Duration::from_secs(args.time_limit);
    let inquiry = Inquiry::new(&manifest, rules, layout, args.partial, time_limit);
    let is_drawn = |table: &str| with_charts && charts::needs(table);
    let readable = Readable::of(opened, layout, &|table| inquiry.needs(table) || is_drawn(table))?;
    let database = load(&readable, layout, &inquiry, with_charts)?;
    let mut audit = inquiry.run(&database, format!("asana-workspace {}", env!("CARGO_PKG_VERSION")))?;
    if let Some(accepted) = accepted {
        accepted.apply(&mut audit, &unknown)?;
    }
    if let Some(baseline) = baseline {
        audit.compare(&baseline);
    }
    let charts =
        if with_charts { charts::ask(&database, &audit.export, &manifest.reduced(), layout)? } else { Vec::new() };
    Ok((audit, charts))
}

/// The rules that were chosen, checked, with their parameters.
fn rules(args: &AuditArgs, layout: &Layout) -> Result<RuleSet, CliError> {
    let mut rules = RuleSet::built_in(layout)?;
    for file in &args.rules {
        rules.add_file(file, layout)?;
    }
    rules.select(&args.only, &args.skip, &unknown)?;
    for assignment in &args.param {
        rules.set(assignment, &unknown)?;
    }
    // Built-in rules are checked by our tests.
    rules.rules.iter().filter(|chosen| chosen.file.is_some()).try_for_each(|chosen| query::check(chosen, layout))?;
    Ok(rules)
}

/// Loads the tables that rules will read, and those that charts are made of.
fn load(readable: &Readable, layout: &Layout, inquiry: &Inquiry<'_>, with_charts: bool) -> Result<Database, CliError> {
    let mut database = Database::new()?;
    let opened = readable.tables();
    let is_needed = |table: &str| inquiry.needs(table) || (with_charts && charts::needs(table));
    for table in layout.tables.iter().filter(|table| is_needed(&table.name)) {
        let Some(report) = opened.report(&table.name) else { continue };
        let mut file = opened.table(report, layout)?;
        let given = file.table().columns.clone();
        database.load(table, &given, |loader| {
            let mut rows = file.rows();
            while let Some(cells) = rows.next()? {
                loader.row(&cells)?;
            }
            Ok::<(), CliError>(())
        })?;
        let of_charts = if with_charts { charts::queries_of(&table.name) } else { Vec::new() };
        database.index(table, &[inquiry.queries_of(&table.name), of_charts].concat())?;
    }
    database.only_answer()?;
    Ok(database)
}

fn severity(name: &str) -> Result<Severity, CliError> {
    let known = Severity::ALL.into_iter().map(Severity::name);
    Severity::parse(name).ok_or_else(|| CliError::Usage(names::unknown("severity", name, known)))
}

fn unknown(what: &str, name: &str, candidates: &[&str]) -> String {
    names::unknown(what, name, candidates.iter().copied())
}
