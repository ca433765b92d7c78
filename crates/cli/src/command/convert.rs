//! `convert`: the tables of a finished export once more, from its archive: in other formats, in another dialect, or fewer
//! of them. No network, and no settings file: what is not given stays as it was.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use asana_export::manifest::Archive;
use asana_export::progress::{LogFormat, Mode, Watcher};
use asana_export::summary::{Summary, render};
use asana_export::{
    CsvStyle, Error as ExportError, Folder, Format, Fresh, Manifest, Reading, Style, Target, Update, View,
};
use asana_model::{Event, Layout, Reporter, Table};

use crate::args::ConvertArgs;
use crate::build::{Built, Means, Plan};
use crate::exit::{CliError, Exit};
use crate::manifest::{self, Chosen, Effort};
use crate::rebuilt::{Runs, Scan};
use crate::{names, settings, share};

const TOOL: &str = concat!("asana-workspace ", env!("CARGO_PKG_VERSION"));

/// What was asked for; what is `None` stays as it was.
#[derive(Debug)]
pub(crate) struct Settings {
    folder: PathBuf,
    out: Option<PathBuf>,
    formats: Option<Vec<&'static Format>>,
    /// Dialect, delimiter and the text for null.
    csv: [Option<String>; 3],
    /// Names of resources and sets, checked.
    only: Option<Vec<String>>,
    skip: Vec<String>,
    means: Means,
    wide: Option<bool>,
    /// What of the tables is written.
    view: View,
    pub(crate) progress: Mode,
    pub(crate) log_format: LogFormat,
}

impl Settings {
    /// # Errors
    /// A usage error that names the value.
    pub(crate) fn new(args: &ConvertArgs) -> Result<Self, CliError> {
        let skip = args.skip.clone().unwrap_or_default();
        for names in args.only.iter().chain([&skip]) {
            settings::named(names)?;
        }
        // A folder under another name is the same folder, and is opened once.
        let same = |out: &PathBuf| {
            out.canonicalize().ok().is_some_and(|out| args.folder.canonicalize().is_ok_and(|it| it == out))
        };
        let view = share::view(&args.share, &Layout::new())?;
        let out = args.out.clone().filter(|out| !same(out));
        if !view.reduced().is_whole() {
            share::check_folders(&args.folder, out.as_deref())?;
        }
        Ok(Self {
            folder: args.folder.clone(),
            out,
            formats: args.format.as_deref().map(settings::formats).transpose()?,
            csv: [args.dialect.clone(), args.delimiter.clone(), args.null_string.clone()],
            only: args.only.clone(),
            skip,
            means: settings::means(args.memory.as_deref())?,
            wide: args.wide,
            view,
            progress: settings::progress_mode(&args.progress)?,
            log_format: settings::log_format(&args.log_format)?,
        })
    }

    /// The formats to write: in the export itself, those that are there stay.
    fn formats(&self, earlier: &Manifest) -> Result<Vec<&'static Format>, CliError> {
        let there: Vec<String> = earlier.selected("formats").map(str::to_owned).collect();
        match (&self.formats, &self.out) {
            (None, _) => settings::formats(&there),
            (Some(formats), Some(_)) => Ok(formats.clone()),
            (Some(formats), None) => {
                let mut all = settings::formats(&there)?;
                all.extend(formats.iter().filter(|format| !there.iter().any(|name| name == format.name)));
                Ok(all)
            }
        }
    }

    fn csv_style(&self, earlier: &Manifest) -> Result<CsvStyle, CliError> {
        let [dialect, delimiter, null] = self.csv.each_ref().map(Option::as_deref);
        settings::csv_style(dialect, delimiter, null, &earlier.csv_style())
    }

    /// Whether wide tables are written. A cell of theirs can hold anything, names included, and so can the name of a column, so
    /// a redacted copy has none.
    ///
    /// # Errors
    /// A usage error when they were asked for in such a copy.
    fn wide(&self, earlier: &Manifest) -> Result<bool, CliError> {
        let is_redacted = !self.view.reduced().redacted.is_empty();
        match self.wide {
            Some(true) if is_redacted => Err(CliError::Usage(
                "--wide and --redact do not go together: a column for each custom field mixes all that can be redacted"
                    .to_owned(),
            )),
            Some(wide) => Ok(wide),
            None => Ok(earlier.is_wide() && !is_redacted),
        }
    }

    /// # Errors
    /// A usage error when columns were chosen of a table that is not written.
    fn check_columns(&self, tables: &[&Table]) -> Result<(), CliError> {
        let mut chosen = self.view.reduced().columns.keys();
        match chosen.find(|name| !tables.iter().any(|table| table.name == **name)) {
            None => Ok(()),
            Some(name) => Err(CliError::Usage(format!(
                "--columns chooses among the columns of {name}, which is not written: see --only, --skip and what was \
                 fetched"
            ))),
        }
    }

    /// Makes sure that a copy that lacks something comes neither beside an archive nor in place of a table with more in it,
    /// which would be there until it is replaced.
    ///
    /// # Errors
    /// A usage error.
    fn check_replaced(&self, there: &Update, out: &Path) -> Result<(), CliError> {
        let reduced = self.view.reduced();
        if reduced.is_whole() || (!there.folder().has_archive() && there.earlier().reduced() == *reduced) {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "{} has another selection of this export in it, or all of it: choose another --out for a copy that lacks \
             something",
            out.display()
        )))
    }

    /// The resources whose tables are written, of those that were fetched.
    ///
    /// # Errors
    /// A usage error for a resource that was not fetched, and when nothing is left.
    fn resources(
        &self,
        earlier: &Manifest,
        fetched: &BTreeSet<&'static str>,
    ) -> Result<BTreeSet<&'static str>, CliError> {
        let mut chosen: BTreeSet<&'static str> = match &self.only {
            None if self.skip.is_empty() => {
                let there: BTreeSet<&str> = earlier.selected("resources").collect();
                fetched.iter().copied().filter(|name| there.contains(name)).collect()
            }
            None => fetched.clone(),
            Some(only) => {
                let missing = only.iter().map(|name| name.trim()).filter(|name| settings::is_resource(name));
                if let Some(missing) = missing.into_iter().find(|name| !fetched.contains(name)) {
                    let near = names::near(missing, fetched.iter().copied());
                    let near =
                        if near.is_empty() { String::new() } else { format!("; fetched were {}", near.join(", ")) };
                    return Err(CliError::Usage(format!(
                        "{missing} is not in the archive: the export did not fetch it, and `convert` sends no \
                         requests{near}"
                    )));
                }
                settings::named(only)?.into_iter().filter(|name| fetched.contains(name)).collect()
            }
        };
        for name in settings::named(&self.skip)? {
            chosen.remove(name);
        }
        if chosen.is_empty() {
            return Err(CliError::Usage("--only and --skip leave nothing of what was fetched".to_owned()));
        }
        Ok(chosen)
    }
}

/// Builds the tables; adds a summary.
///
/// # Errors
/// An export that is not finished, has no archive, or was made by a newer version; whatever stops the building. The
/// export is then as it was, or is put right by the same command.
pub(crate) fn run(settings: &Settings, watcher: &Arc<Watcher>, summaries: &mut Vec<String>) -> Result<Exit, CliError> {
    let started = Instant::now();
    let from = Origin::open(settings)?;
    let earlier = from.manifest();
    let listed = check_archive(&settings.folder, &from)?;
    let archive = from.archive_dir();
    let runs = runs(&settings.folder, &archive)?;
    let resources = settings.resources(earlier, &runs.last.known_resources())?;
    let wide = settings.wide(earlier)?;
    let style = Style {
        csv: settings.csv_style(earlier)?,
        view: settings.view.clone(),
        ..Style::of(settings.formats(earlier)?)
    };
    let layout = Layout::new();
    let tables = tables(&layout, &resources);
    settings.check_columns(&tables)?;
    // Only now: a mistake leaves no folder behind.
    let to = Destination::open(settings, &from)?;
    let plan = Plan {
        archive: &archive,
        temp: &to.folder().temp_dir(),
        target: to.target(),
        layout: &layout,
        resources: &resources,
        scope: runs.last.scope(),
        viewer: runs.last.viewer,
        style: &style,
        means: settings.means,
        wide,
    };
    let folder = to.folder().path().display().to_string();
    watcher.report(&Event::RunStarted { workspace: earlier.workspace.name.clone(), folder });
    if let Some(text) = share::warning(settings.view.reduced()) {
        watcher.report(&Event::Note { text });
    }
    watcher.report(&Event::FetchFinished);
    watcher.expect_tables(plan.tables());
    let built = plan.build(watcher.as_ref())?;
    let chosen = Chosen { style: &style, resources: &resources, wide };
    let finished_at = earlier.finished_at.clone();
    let effort = Effort { requests: earlier.requests.clone(), changes: earlier.asana_changes.clone() };
    let manifest = manifest::of(&runs.last, runs.began_at.clone(), chosen, &effort, &built, listed, finished_at);
    let changed = to.finish(&manifest)?;
    let exit = Exit::of(built.coverage.is_complete(), false);
    watcher.report(&Event::RunFinished { exit_code: exit as u8 });
    let left_out = share::notes(settings.view.reduced(), &tables);
    summaries.push(summary(&to, &style, &runs, &built, started, (changed, left_out)));
    Ok(exit)
}

/// The tables that are written.
fn tables<'l>(layout: &'l Layout, resources: &BTreeSet<&'static str>) -> Vec<&'l Table> {
    let is_written = |table: &&Table| table.resource.is_none_or(|resource| resources.contains(resource));
    layout.tables.iter().filter(is_written).collect()
}

/// The export that is converted.
enum Origin {
    /// Into itself.
    Itself(Arc<Update>),
    /// Into another folder.
    Another(Reading, Box<Manifest>),
}

impl Origin {
    fn open(settings: &Settings) -> Result<Self, CliError> {
        if settings.out.is_none() {
            return Ok(Self::Itself(Arc::new(Update::begin(&settings.folder)?)));
        }
        let folder = Reading::begin(&settings.folder)?;
        let manifest = Manifest::read(folder.path())?;
        Ok(Self::Another(folder, Box::new(manifest)))
    }

    fn manifest(&self) -> &Manifest {
        match self {
            Self::Itself(update) => update.earlier(),
            Self::Another(_, manifest) => manifest,
        }
    }

    fn archive_dir(&self) -> PathBuf {
        match self {
            Self::Itself(update) => update.folder().archive_dir(),
            Self::Another(folder, _) => folder.archive_dir(),
        }
    }

    fn archived(&self) -> Result<Archive, ExportError> {
        match self {
            Self::Itself(update) => update.folder().archived(),
            Self::Another(folder, _) => folder.archived(),
        }
    }
}

/// What is written to.
enum Destination {
    /// A finished export: the one that is converted, or an earlier conversion of it.
    Finished(Arc<Update>),
    New(Folder),
}

impl Destination {
    fn open(settings: &Settings, from: &Origin) -> Result<Self, CliError> {
        let out = match (from, &settings.out) {
            (Origin::Itself(update), _) => return Ok(Self::Finished(Arc::clone(update))),
            (Origin::Another(folder, _), out) => out.as_deref().unwrap_or(folder.path()),
        };
        match Folder::open(out, Fresh::Keep) {
            Ok(folder) if folder.has_archive() => Err(CliError::Usage(format!(
                "{} has an interrupted run in it: finish that first, or choose another --out",
                out.display()
            ))),
            Ok(folder) => Ok(Self::New(folder)),
            Err(ExportError::Finished { .. }) => {
                let update = Update::begin(out)?;
                if update.earlier().archive == from.manifest().archive {
                    settings.check_replaced(&update, out)?;
                    return Ok(Self::Finished(Arc::new(update)));
                }
                Err(CliError::Usage(format!(
                    "{} has another export in it, and `convert` does not replace it: choose another --out",
                    out.display()
                )))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn folder(&self) -> &Folder {
        match self {
            Self::Finished(update) => update.folder(),
            Self::New(folder) => folder,
        }
    }

    fn target(&self) -> Target {
        match self {
            Self::Finished(update) => Target::Update(Arc::clone(update)),
            Self::New(folder) => Target::from(folder),
        }
    }

    /// Whether anything changed.
    fn finish(&self, manifest: &Manifest) -> Result<bool, ExportError> {
        match self {
            Self::Finished(update) => update.finish(manifest),
            Self::New(folder) => manifest.write(folder).map(|()| true),
        }
    }
}

/// Makes sure that the archive is there, and the one that the tables were built from.
fn check_archive(folder: &Path, from: &Origin) -> Result<Archive, CliError> {
    let found = from.archived()?;
    if found.segments.is_empty() {
        return Err(CliError::Usage(format!(
            "{} has no archive, and tables are built from nothing else: convert the folder that `export` wrote, with \
             the folder `archive` in it",
            folder.display()
        )));
    }
    let listed = &from.manifest().archive.segments;
    let other = found.segments.iter().find(|one| !listed.contains(one));
    let missing = listed.iter().find(|one| !found.segments.contains(one));
    match other.or(missing) {
        None => Ok(found),
        Some(segment) => {
            let (path, segment) = (folder.to_owned(), segment.path.clone());
            Err(ExportError::OtherArchive { path, segment }.into())
        }
    }
}

/// The runs that filled the archive.
///
/// # Errors
/// A usage error when a newer version wrote to it, or one whose headers this version cannot read.
fn runs(folder: &Path, archive: &Path) -> Result<Runs, CliError> {
    let scan = Scan::of_runs(archive)?;
    let newer = |tool: &String| is_newer(tool.rsplit_once(' ').map_or("", |(_, version)| version));
    if let Some(tool) = scan.writers().find(newer) {
        return Err(CliError::Usage(format!(
            "{tool} wrote the archive of {}, and this is {TOOL}, which may not know all that is in it: use that version, \
             or a newer one",
            folder.display()
        )));
    }
    scan.runs().ok_or_else(|| {
        CliError::Usage(format!(
            "the archive of {} does not say what was fetched in a way that {TOOL} knows: use the version that made it",
            folder.display()
        ))
    })
}

/// Whether a version comes after this one. What is no version does not.
fn is_newer(version: &str) -> bool {
    let numbers = |version: &str| version.split(['.', '-', '+']).map(|part| part.parse::<u64>().ok()).take(3).collect();
    let (theirs, ours): (Option<Vec<u64>>, Option<Vec<u64>>) = (numbers(version), numbers(env!("CARGO_PKG_VERSION")));
    theirs > ours
}

fn summary(
    to: &Destination,
    style: &Style,
    runs: &Runs,
    built: &Built,
    started: Instant,
    (changed, left_out): (bool, Vec<String>),
) -> String {
    let mut notes = manifest::notes(runs.last.viewer, built, runs.last.downloads);
    notes.extend(left_out);
    if !changed {
        notes.push("everything was there already, and no file was written".to_owned());
    }
    render(&Summary {
        workspace: runs.last.workspace.name.clone(),
        folder: to.folder().path().display().to_string(),
        tables: built.tables.iter().map(|table| (table.name.clone(), table.rows)).collect(),
        elapsed: started.elapsed(),
        notes,
        gaps: built.coverage.sentences(),
        unknown_fields: built.unknown_fields.keys().cloned().collect(),
        oddities: built.oddities,
        duplicates: built.duplicates,
        formats: style.names().map(str::to_owned).collect(),
        ..Summary::default()
    })
}

#[cfg(test)]
mod tests {
    use asana_archive::Writer;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn archive_of(header: &serde_json::Value) -> String {
        let folder = tempfile::tempdir().unwrap();
        let (mut writer, _) = Writer::open(folder.path()).unwrap();
        writer.append_run(header).unwrap();
        writer.seal().unwrap();
        runs(Path::new("export"), folder.path()).err().unwrap().to_string()
    }

    #[test]
    fn an_archive_of_a_newer_version_is_refused() {
        let message = archive_of(&json!({"tool": "asana-workspace 999.0.0", "started_at": 7}));
        assert!(message.starts_with("asana-workspace 999.0.0 wrote the archive of export"), "{message}");
        let message = archive_of(&json!({"tool": TOOL, "started_at": 7}));
        assert!(message.contains("does not say what was fetched"), "{message}");
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for newer in ["999.0.0", "0.1000.0", "999.0.0-beta.1"] {
            assert!(is_newer(newer), "{newer}");
        }
        for other in [env!("CARGO_PKG_VERSION"), "0.0.9", "", "x.y.z"] {
            assert!(!is_newer(other), "{other}");
        }
    }
}
