//! An export whose tables can be read row by row: as they are, or, where it holds no such files, built once more from its
//! archive into a temporary folder.

use std::path::Path;

use asana_archive::{Entry, Reader};
use asana_export::{FileReport, Folder, Format, Fresh, Manifest, Opened, Style, TableReport, Target};
use asana_model::{Event, Layout};
use tempfile::TempDir;

use crate::build::{Means, Plan};
use crate::exit::CliError;
use crate::header::RunHeader;

/// The format of tables that are built to be read.
const BUILT_AS: &str = "jsonl";

/// An export to read from.
#[derive(Debug)]
pub(crate) struct Readable {
    /// As it is in the folder.
    original: Opened,
    /// Built from its archive.
    built: Option<(Opened, TempDir)>,
}

impl Readable {
    /// Builds the tables of `original` if one that is `needed` has no file that can be read.
    pub(crate) fn of(original: Opened, layout: &Layout, needed: &dyn Fn(&str) -> bool) -> Result<Self, CliError> {
        let lacks = |table: &TableReport| {
            let is_readable = |file: &&FileReport| Format::parse(&file.format).is_ok_and(Format::is_readable);
            let first = table.files.iter().find(is_readable);
            needed(&table.name) && first.is_none_or(|file| !original.path().join(&file.path).is_file())
        };
        let archive = original.path().join("archive");
        // What the archive gives is more than a copy for others has.
        let whole = original.manifest().reduced().is_whole();
        let must_build = original.manifest().tables.iter().any(lacks) && archive.is_dir() && whole;
        let built = must_build.then(|| build(&archive, original.manifest(), layout)).transpose()?;
        Ok(Self { original, built })
    }

    /// Where its tables are.
    pub(crate) fn tables(&self) -> &Opened {
        self.built.as_ref().map_or(&self.original, |(opened, _)| opened)
    }
}

fn build(archive: &Path, manifest: &Manifest, layout: &Layout) -> Result<(Opened, TempDir), CliError> {
    let temporary =
        tempfile::tempdir().map_err(|source| CliError::io("there is no room for temporary files", source))?;
    let Some(header) = last_run(archive)? else {
        let what = format!("{} does not say how its tables were made", archive.display());
        return Err(CliError::Usage(what));
    };
    let resources = header.known_resources();
    let style = Style::of(Format::parse(BUILT_AS));
    let folder = Folder::open(&temporary.path().join("export"), Fresh::Keep)?;
    let plan = Plan {
        archive,
        temp: &folder.temp_dir(),
        target: Target::from(&folder),
        layout,
        resources: &resources,
        scope: header.scope(),
        viewer: header.viewer,
        style: &style,
        means: Means::default(),
        wide: manifest.is_wide(),
    };
    let tables = plan.build(&|_: &Event| {})?.tables;
    let mut selection = manifest.selection.clone();
    selection.insert("dialect".to_owned(), style.csv.dialect().name().into());
    Manifest { tables, other_files: Vec::new(), selection, ..manifest.clone() }.write(&folder)?;
    let path = folder.path().to_owned();
    drop(folder);
    Ok((Opened::open(&path)?, temporary))
}

/// The header of the last run that filled the archive.
fn last_run(archive: &Path) -> Result<Option<RunHeader>, CliError> {
    let mut reader = Reader::open(archive)?;
    let mut last = None;
    while let Some(entry) = reader.next_entry()? {
        if let Entry::Run(line) = entry {
            last = serde_json::from_str(line.get()).ok().or(last);
        }
    }
    Ok(last)
}
