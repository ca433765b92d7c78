//! What a copy for others is to leave out, from the flags of `convert`: columns, old rows, texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use asana_export::{Key, Reduced, View};
use asana_model::value::is_date;
use asana_model::{Class, Column, ColumnKind, Layout, Sensitive, Table};
use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;

use crate::args::ShareArgs;
use crate::exit::CliError;
use crate::{names, token_source};

/// Fewer bytes than these can be found out by trying.
const SHORTEST_KEY: usize = 16;
const LONGEST_KEY: usize = 64 << 10;
/// What stands for all classes.
const ALL: &str = "all";

/// What was asked for, checked.
pub(crate) fn view(args: &ShareArgs, layout: &Layout) -> Result<View, CliError> {
    let redacted = classes(&args.redact)?;
    let key = key(args, &redacted)?;
    let reduced = Reduced {
        columns: columns(&args.columns, layout)?,
        since: args.since.as_deref().map(since).transpose()?,
        redacted,
        hashed: key.is_some(),
    };
    Ok(View::new(reduced, key))
}

/// Makes sure that a copy that lacks something goes where it neither replaces a whole export nor lies beside an archive.
///
/// # Errors
/// A usage error.
pub(crate) fn check_folders(folder: &Path, out: Option<&Path>) -> Result<(), CliError> {
    let Some(out) = out else {
        return Err(CliError::Usage(
            "--columns, --since and --redact make a copy that lacks something: name another folder for it with --out, \
             where it does not replace the whole export and no archive lies beside it"
                .to_owned(),
        ));
    };
    let (Some(inner), Ok(outer)) = (whole(out), folder.canonicalize()) else { return Ok(()) };
    if inner.starts_with(&outer) || outer.starts_with(&inner) {
        return Err(CliError::Usage(format!(
            "a copy that lacks something goes where the whole is not: choose an --out that is not inside {}, nor around it",
            folder.display()
        )));
    }
    Ok(())
}

/// The path without links and dots, of what may not be there yet.
fn whole(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find_map(|one| Some((one.canonicalize().ok()?, path.strip_prefix(one).ok()?)));
    let (mut whole, rest) = there?;
    let mut steps = rest.components();
    while let Some(step) = steps.next() {
        if step == Component::ParentDir {
            // What is not there is no link, so the step back leads to where it was taken from; links may follow.
            whole.pop();
            return self::whole(&whole.join(steps.as_path()));
        }
        whole.push(step);
    }
    Some(whole)
}

/// How many columns with texts of which class are written as they were.
pub(crate) fn stayed<'t>(reduced: &Reduced, tables: impl Iterator<Item = &'t Table>) -> BTreeMap<Class, usize> {
    let mut stayed = BTreeMap::new();
    for table in tables {
        let columns = reduced.columns_of(&table.name);
        let written = |column: &&Column| columns.is_none_or(|columns| columns.contains(&column.name));
        for column in table.columns.iter().filter(written) {
            if let (ColumnKind::Text, Sensitive::Of([class, ..])) = (column.kind, column.sensitive)
                && !reduced.hides(column.sensitive)
            {
                *stayed.entry(*class).or_default() += 1;
            }
        }
    }
    stayed
}

/// What a reader of the copy has to know about what is still in it, if something is hidden.
pub(crate) fn notes(reduced: &Reduced, tables: &[&Table]) -> Vec<String> {
    if reduced.redacted.is_empty() {
        return Vec::new();
    }
    let stayed = stayed(reduced, tables.iter().copied());
    let stayed: Vec<String> = stayed.iter().map(|(class, columns)| format!("{class} in {columns} columns")).collect();
    let stayed = if stayed.is_empty() { "none".to_owned() } else { stayed.join(", ") };
    let how = if reduced.hashed { "hashes" } else { "blank" };
    let mut notes = vec![format!("{} are {how}; texts that stayed as they were: {stayed}", reduced.classes())];
    notes.extend(warning(reduced));
    notes
}

/// Free texts say whatever people wrote, names and addresses included.
pub(crate) fn warning(reduced: &Reduced) -> Option<String> {
    let free = Class::ALL.into_iter().filter(|class| class.is_free_text() && !reduced.redacted.contains(class));
    let free: Vec<&str> = free.map(Class::name).collect();
    (!reduced.redacted.is_empty() && !free.is_empty()).then(|| {
        format!(
            "what was redacted may still be mentioned in free texts, which are there: {}; comments of the system have \
             names of people in them. --redact all hides those too",
            free.join(", ")
        )
    })
}

/// By table, the columns that are written.
fn columns(given: &[String], layout: &Layout) -> Result<BTreeMap<String, Vec<String>>, CliError> {
    let mut chosen = BTreeMap::new();
    for one in given {
        let (name, list) = one.split_once('=').ok_or_else(|| {
            CliError::Usage(format!("--columns is TABLE=COLUMN,COLUMN, as in --columns tasks=gid,name, not {one}"))
        })?;
        let name = name.trim();
        let Some(table) = layout.tables.iter().find(|table| table.name == name) else {
            let known = layout.tables.iter().map(|table| table.name.as_str());
            return Err(CliError::Usage(names::unknown("table", name, known)));
        };
        if chosen.insert(name.to_owned(), of_table(table, list)?).is_some() {
            return Err(CliError::Usage(format!("--columns names {name} twice: give all its columns at once")));
        }
    }
    Ok(chosen)
}

/// The key and then the columns in `list`, in its order, each once.
fn of_table(table: &Table, list: &str) -> Result<Vec<String>, CliError> {
    let known = || table.columns.iter().map(|column| column.name.as_str());
    let mut columns: Vec<String> = known().take(table.key_columns).map(str::to_owned).collect();
    let wanted: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if wanted.is_empty() {
        return Err(CliError::Usage(format!("--columns {}= names no column", table.name)));
    }
    for name in wanted {
        if !known().any(|column| column == name) {
            return Err(CliError::Usage(names::unknown(&format!("column of {}", table.name), name, known())));
        }
        if !columns.iter().any(|column| column == name) {
            columns.push(name.to_owned());
        }
    }
    Ok(columns)
}

/// The instant, UTC; a day begins at midnight.
fn since(text: &str) -> Result<String, CliError> {
    let text = text.trim();
    let instant = if is_date(text) { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let instant = instant.parse::<Timestamp>().map_err(|_| {
        let text = asana_export::progress::printable(text);
        CliError::Usage(format!(
            "--since is a day, as in 2026-01-31, or an instant, as in 2026-01-31T12:00:00Z, not {text}"
        ))
    })?;
    Ok(instant.to_string())
}

fn classes(given: &[String]) -> Result<BTreeSet<Class>, CliError> {
    let mut classes = BTreeSet::new();
    for name in given.iter().map(|name| name.trim()) {
        match Class::parse(name) {
            Some(class) => drop(classes.insert(class)),
            None if name == ALL => classes.extend(Class::ALL),
            None => {
                let known = Class::ALL.into_iter().map(Class::name).chain([ALL]);
                let all: Vec<&str> = known.clone().collect();
                let unknown = names::unknown("class of texts", name, known);
                return Err(CliError::Usage(format!("{unknown}; --redact takes {}", all.join(", "))));
            }
        }
    }
    Ok(classes)
}

/// The key for hashes, if there are to be any.
fn key(args: &ShareArgs, redacted: &BTreeSet<Class>) -> Result<Option<Key>, CliError> {
    let hash = args.redact_with.as_deref().map(|with| with == "hash");
    if redacted.is_empty() && (hash.is_some() || args.redact_key.is_some()) {
        return Err(CliError::Usage(
            "--redact-key and --redact-with say how --redact is done; add --redact".to_owned(),
        ));
    }
    match (hash, args.redact_key.as_deref()) {
        (Some(true), None) => Err(CliError::Usage(
            "--redact-with hash needs a secret: name a file of at least 16 random bytes with --redact-key; without one, \
             anyone could try which name gives which hash"
                .to_owned(),
        )),
        (Some(false), Some(_)) => {
            Err(CliError::Usage("--redact-with blank has no use for the key of --redact-key".to_owned()))
        }
        (_, None) => Ok(None),
        (_, Some(path)) => read_key(path).map(Some),
    }
}

fn read_key(path: &Path) -> Result<Key, CliError> {
    let what = || format!("the key file {} cannot be read", path.display());
    let file = File::open(path).map_err(|source| CliError::io(what(), source))?;
    token_source::refuse_if_others_can_read("key file", path, &file)?;
    // In one piece from the beginning: while it grew, copies would be left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_KEY + 64));
    file.take(LONGEST_KEY as u64 + 1).read_to_end(&mut bytes).map_err(|source| CliError::io(what(), source))?;
    if bytes.len() < SHORTEST_KEY || bytes.len() > LONGEST_KEY {
        return Err(CliError::Usage(format!(
            "the key file {} has {} bytes: at least {SHORTEST_KEY} are needed, and no more than {LONGEST_KEY}; \
             `head -c 32 /dev/urandom` makes some",
            path.display(),
            if bytes.len() > LONGEST_KEY { "too many".to_owned() } else { bytes.len().to_string() },
        )));
    }
    Ok(Key::new(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> ShareArgs {
        ShareArgs { columns: Vec::new(), since: None, redact: Vec::new(), redact_key: None, redact_with: None }
    }

    #[track_caller]
    fn refused(args: &ShareArgs) -> String {
        view(args, &Layout::new()).unwrap_err().to_string()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_keep_their_order_behind_the_key() {
        let columns = texts(&["tasks=completed_at, name,name", "task_followers=user_gid"]);
        let view = view(&ShareArgs { columns, ..args() }, &Layout::new()).unwrap();
        let reduced = view.reduced();
        assert_eq!(reduced.columns_of("tasks").unwrap(), ["gid", "completed_at", "name"]);
        assert_eq!(reduced.columns_of("task_followers").unwrap(), ["task_gid", "position", "user_gid"]);
        assert_eq!(reduced.columns_of("users"), None);
    }

    #[test]
    fn what_is_meant_by_a_wrong_name_is_said() {
        for (columns, expected) in [
            ("taks=gid", "no table called taks (did you mean tasks"),
            ("tasks=nmae", "no column of tasks called nmae (did you mean name"),
            ("tasks", "as in --columns tasks=gid,name, not tasks"),
            ("tasks= ,", "names no column"),
        ] {
            let message = refused(&ShareArgs { columns: texts(&[columns]), ..args() });
            assert!(message.contains(expected), "{message}");
        }
        let message = refused(&ShareArgs { columns: texts(&["tasks=gid", "tasks=name"]), ..args() });
        assert!(message.contains("twice"), "{message}");
        let message = refused(&ShareArgs { redact: texts(&["name"]), ..args() });
        assert!(message.contains("did you mean names") && message.contains("comments"), "{message}");
    }

    #[test]
    fn a_day_begins_at_midnight_and_zones_are_reckoned() {
        assert_eq!(since("2026-01-31").unwrap(), "2026-01-31T00:00:00Z");
        assert_eq!(since("2026-01-31T12:00:00+02:00").unwrap(), "2026-01-31T10:00:00Z");
        for wrong in ["", "yesterday", "2026-13-01", "2026-02-30", "31.1.2026", "2026-01-31T12:00:00"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn how_it_is_redacted_has_to_fit() {
        let with = |with: &str| ShareArgs { redact: texts(&["all"]), redact_with: Some(with.to_owned()), ..args() };
        assert!(refused(&with("hash")).contains("--redact-key"));
        assert!(!view(&with("blank"), &Layout::new()).unwrap().reduced().hashed);
        assert!(refused(&ShareArgs { redact_with: Some("blank".to_owned()), ..args() }).contains("add --redact"));
    }

    #[test]
    fn only_what_is_left_is_warned_of() {
        let reduced = |classes: &[Class]| Reduced { redacted: classes.iter().copied().collect(), ..Reduced::default() };
        assert_eq!(warning(&reduced(&[])), None);
        assert!(warning(&reduced(&[Class::Name])).unwrap().contains("titles, notes, comments, values"));
        assert_eq!(warning(&reduced(&Class::ALL)), None);
        let layout = Layout::new();
        let users = layout.tables.iter().find(|table| table.name == "users").unwrap();
        let told = notes(&reduced(&[Class::Name]), &[users]);
        assert_eq!(told[0], "names are blank; texts that stayed as they were: emails in 1 columns");
    }

    #[test]
    fn neither_folder_may_lie_in_the_other() {
        let parent = tempfile::tempdir().unwrap();
        let export = parent.path().join("export");
        std::fs::create_dir(&export).unwrap();
        let check = |out: &Path| check_folders(&export, Some(out)).is_ok();
        assert!(check(&parent.path().join("copy")) && check(&parent.path().join("export-2")));
        assert!(!check(&export.join("copy/deep")) && !check(parent.path()) && !check(&export));
        assert!(!check(&parent.path().join("other/../export/copy")));
        assert!(check_folders(&export, None).is_err());
    }
}
