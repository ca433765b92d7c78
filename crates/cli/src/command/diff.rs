//! `diff`: what was added, removed and changed between two exports.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use asana_audit::diff::{
    self, CsvListing, Error, HtmlListing, JsonListing, Listing, Options, Sides, Summary, TextListing, tables_named,
};
use asana_export::output::Output;
use asana_export::progress::number;
use asana_export::{Dialect, Opened};
use asana_model::Layout;
use asana_model::catalog::Set;

use crate::args::DiffArgs;
use crate::exit::{CliError, Exit};
use crate::readable::Readable;
use crate::{names, output};

/// Changes of each kind that are shown of each table.
const SHOWN_IN_TEXT: usize = 10;
const SHOWN_IN_A_PAGE: usize = 200;

pub(crate) fn run(args: &DiffArgs) -> Result<Exit, CliError> {
    let layout = Layout::new();
    let options = Options {
        ignore: args.ignore.iter().map(|column| column.trim().to_owned()).collect(),
        only: tables("--only", &args.only, &layout)?,
        skip: tables("--skip", &args.skip, &layout)?,
    };
    let dialect = args.dialect.parse().map_err(CliError::Usage)?;
    let opened = |folder: &Path| Readable::of(Opened::open(folder)?, &layout, &|_| true);
    let (old, new) = (opened(&args.old)?, opened(&args.new)?);
    let (old, new) = ((args.old.as_path(), old.tables()), (args.new.as_path(), new.tables()));
    let sides = Sides::new(old, new, args.force).map_err(told)?;
    let compare = |listing: &mut dyn Listing| {
        diff::compare(&sides, &layout, &options, listing).map_err(|error| match error {
            Error::Ignore { column } => CliError::Usage(ignored_in_vain(&column, &sides)),
            error => told(error),
        })
    };
    let summary = match &args.out {
        None => compare(&mut *listing(args, dialect, io::stdout().lock())?)?,
        Some(path) => into_file(path, |file| compare(&mut *listing(args, dialect, file)?))?,
    };
    Ok(if summary.equal() { Exit::Complete } else { Exit::Differences })
}

fn listing<'w>(args: &DiffArgs, dialect: Dialect, to: impl Write + 'w) -> Result<Box<dyn Listing + 'w>, CliError> {
    let to = BufWriter::new(to);
    Ok(match args.format.as_str() {
        "json" => Box::new(JsonListing::new(to)),
        "csv" => Box::new(CsvListing::new(to, dialect).map_err(|source| told(Error::Write(source)))?),
        "html" => Box::new(HtmlListing::new(to, args.limit.unwrap_or(SHOWN_IN_A_PAGE))),
        _ => Box::new(TextListing::new(to, args.limit.unwrap_or(SHOWN_IN_TEXT))),
    })
}

/// Has the comparison written to a file that appears whole, and says so.
fn into_file(path: &Path, compare: impl FnOnce(&mut Output) -> Result<Summary, CliError>) -> Result<Summary, CliError> {
    if path.is_dir() {
        return Err(CliError::Usage(format!("--out {} is a folder; name a file", path.display())));
    }
    let mut file = Output::create(path.to_owned())?;
    let summary = compare(&mut file)?;
    file.commit()?;
    let [added, removed, changed] = summary.totals().map(number);
    output::tell(&format!("{added} rows added, {removed} removed, {changed} changed: {}\n", path.display()));
    Ok(summary)
}

fn told(error: Error) -> CliError {
    match error {
        Error::Export(error) => error.into(),
        Error::Write(source) => CliError::io("the comparison cannot be written", source),
        Error::Workspaces { .. } => CliError::Usage(format!("{error}; --force compares them nevertheless")),
        Error::SameFolder | Error::Ignore { .. } => CliError::Usage(error.to_string()),
    }
}

fn ignored_in_vain(column: &str, sides: &Sides<'_>) -> String {
    let name = column.rsplit('.').next().unwrap_or(column);
    let known: BTreeSet<&str> = sides.columns().into_iter().collect();
    if known.contains(name) {
        return format!("--ignore {column}: none of the chosen tables is compared by it");
    }
    format!("--ignore {column}: {}", names::unknown("column", name, known))
}

/// The tables that a flag names.
fn tables(flag: &str, named: &[String], layout: &Layout) -> Result<BTreeSet<String>, CliError> {
    let named = named.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    match tables_named(named, layout) {
        Ok(tables) => Ok(tables.into_iter().collect()),
        Err(name) => {
            let tables = layout.tables.iter().filter(|table| table.resource.is_some());
            let mut known: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
            for set in Set::ALL {
                known.push(set.name());
            }
            Err(CliError::Usage(format!("{flag}: {}", names::unknown("table", &name, known))))
        }
    }
}
