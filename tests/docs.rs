//! The documents say what the program does: its resources, exit codes, commands, flags and settings.
//!
//! `asana-model` is asked for the catalogue, because README's table is meant to be a copy of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use asana_model::catalog::{Condition, Ends, Listing, Per, RESOURCES, Resource, resource};

use crate::support::Program;

const MARKDOWN: &[&str] = &["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "samples/README.md"];
const SCHEDULES: &[&str] = &[
    "samples/schedule/asana-workspace.service",
    "samples/schedule/crontab",
    "samples/schedule/kubernetes-cronjob.yaml",
];
const SETTINGS: &str = "samples/asana-workspace.toml";
const COMMANDS: &[&[&str]] = &[
    &[],
    &["export"],
    &["plan"],
    &["convert"],
    &["demo"],
    &["audit"],
    &["verify"],
    &["diff"],
    &["auth"],
    &["auth", "check"],
    &["simulate"],
    &["completions"],
    &["man"],
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn help(command: &[&str]) -> String {
    Program::new(command.iter().copied().chain(["--help"])).run().exits(0).stdout
}

/// The flags that a command's help lists.
fn flags(command: &[&str]) -> BTreeSet<String> {
    let help = help(command);
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    lines.filter_map(|line| line.split([' ', ',', '=']).find_map(flag)).collect()
}

/// `--out` of `--out=x`, `--out,` or `--out`.
fn flag(word: &str) -> Option<String> {
    let name = word.strip_prefix("--")?;
    let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(name.len());
    name.starts_with(|c: char| c.is_ascii_lowercase()).then(|| format!("--{}", name.split_at(end).0))
}

/// The rows of the Markdown table with that header, cell by cell.
fn table(document: &str, header: &str) -> Vec<Vec<String>> {
    let mut lines = document.lines().skip_while(|line| *line != header).skip(2).peekable();
    assert!(lines.peek().is_some(), "no table {header}");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.take_while(|line| line.starts_with('|')).map(cells).collect()
}

#[test]
fn the_table_of_resources_is_the_catalogue() {
    let expected: Vec<Vec<String>> = RESOURCES.iter().map(|resource| resource_row(resource)).collect();
    let lines: Vec<String> = expected.iter().map(|cells| format!("| {} |", cells.join(" | "))).collect();
    let found = table(&document("README.md"), "| resource | what | sets | how it is listed |");
    assert_eq!(found, expected, "README's table of resources should be:\n{}\n", lines.join("\n"));
}

fn resource_row(resource: &Resource) -> Vec<String> {
    let listed: Vec<String> = resource.listings.iter().map(listed).collect();
    let holders = RESOURCES.iter().filter(|outer| outer.holds_records_of(resource.name));
    let inside: Vec<String> = holders.map(|outer| format!("inside `{}`", outer.name)).collect();
    let sets: Vec<&str> = resource.sets.iter().map(|set| set.name()).collect();
    let how = [listed, inside].concat().join("; ");
    vec![format!("`{}`", resource.name), resource.about.to_owned(), sets.join(" "), how]
}

fn listed(listing: &Listing) -> String {
    let query: Vec<String> = listing.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let separator = if query.is_empty() { "" } else { "?" };
    let path = format!("`{}{separator}{}`", listing.path, query.join("&"));
    let singular = |name| resource(name).unwrap().singular.replace('_', " ");
    let asked = match listing.per {
        Per::Token | Per::Each("workspaces") => path,
        Per::Each(parent) => format!("{path} for each {}", singular(parent)),
        Per::Named(parent) => format!("{path} for each {} known by its gid alone", singular(parent)),
        Per::EachItem { parent, list, .. } => {
            format!("{path} for each element of `{list}` of each {}", singular(parent))
        }
        Per::EachWhere("workspaces", Condition::True(field)) => format!("{path} if `{field}`"),
        Per::EachWhere(parent, Condition::True(field)) => {
            format!("{path} for each {} with `{field}`", singular(parent))
        }
        Per::EachWhere(parent, Condition::Positive(field)) => {
            format!("{path} for each {} whose `{field}` is not 0", singular(parent))
        }
        Per::EachWhere(parent, Condition::Counted(field)) => {
            format!("{path} for each {} whose `{field}` is above 0", singular(parent))
        }
        Per::EachWhere(parent, Condition::Present(field)) => {
            format!("{path} for each {} with a `{field}`", singular(parent))
        }
        Per::EachWhere(parent, Condition::Lacks(_)) => {
            format!("{path} for each {} that lacks fields", singular(parent))
        }
        Per::Dividing(parent) => format!("{path} for each {} where a long listing is divided", singular(parent)),
        Per::Chosen => format!("{path} for each one chosen"),
    };
    match (listing.instead_of, listing.narrowed_by) {
        (Some(other), _) => format!("{asked} where `{other}` is refused"),
        (_, Some(search)) => format!("{asked}, on paid plans of those in `{search}`"),
        _ if listing.ends == Ends::Windows => format!("{asked} on paid plans"),
        _ => asked,
    }
}

#[test]
fn the_table_of_exit_codes_is_what_help_says() {
    let help = help(&[]).split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, codes) = help.split_once("Exit codes: ").expect("no exit codes in --help");
    let codes: BTreeMap<String, String> = codes
        .trim_end_matches('.')
        .split(", ")
        .map(|code| code.split_once(' ').unwrap())
        .map(|(code, meaning)| (code.to_owned(), meaning.to_owned()))
        .collect();
    let rows = table(&document("README.md"), "| code | meaning | what to do |");
    let documented: BTreeMap<_, _> = rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(documented, codes);
}

#[test]
fn every_command_in_the_documents_is_accepted() {
    for (path, least) in [("README.md", 10), ("samples/README.md", 0), ("ARCHITECTURE.md", 0), ("CHANGELOG.md", 0)] {
        let calls: Vec<_> = code(&document(path)).iter().flat_map(|piece| calls(piece)).collect();
        assert!(calls.len() >= least, "{path}: only {calls:?} were recognized");
        for arguments in &calls {
            accepted(path, arguments);
        }
    }
    for path in SCHEDULES {
        // What the shell or a list in YAML puts into quotes is a command all the same.
        let plain = document(path).replace("\", \"", " ").replace("[\"", " ").replace("\"]", " ").replace('\'', " ");
        let calls: Vec<_> = plain.lines().flat_map(calls).collect();
        assert!(!calls.is_empty(), "{path} runs nothing");
        for arguments in &calls {
            accepted(path, arguments);
        }
    }
}

/// Asserts that the program knows the command, its flags and the form of their values.
fn accepted(path: &str, arguments: &[String]) {
    let ended = Program::new(arguments.iter().map(String::as_str).chain(["--help"])).run();
    let shown = arguments.join(" ");
    assert_eq!(ended.status.code(), Some(0), "{path}: asana-workspace {shown}\n{}", ended.stderr);
}

#[test]
fn every_flag_in_the_documents_exists() {
    let known: BTreeSet<String> = COMMANDS.iter().flat_map(|command| flags(command)).collect();
    for path in MARKDOWN {
        for piece in
            code(&document(path)).iter().filter(|piece| !piece.starts_with("cargo ") && !piece.starts_with("psql "))
        {
            check_flags(path, piece, &known);
        }
    }
    check_flags(SETTINGS, &document(SETTINGS), &known);
}

fn check_flags(path: &str, text: &str, known: &BTreeSet<String>) {
    for flag in text.split_whitespace().filter_map(flag) {
        assert!(known.contains(&flag), "{path}: there is no {flag}, in: {text}");
    }
}

#[test]
fn every_environment_variable_in_the_documents_exists() {
    let explained = Program::new(["auth"]).run().exits(0).stdout;
    let known: String = COMMANDS.iter().map(|command| help(command)).chain([explained]).collect();
    for path in MARKDOWN.iter().chain(SCHEDULES).chain(&[SETTINGS]) {
        let text = document(path);
        let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
        for variable in words.filter(|word| word.starts_with("ASANA_")) {
            assert!(known.contains(variable), "{path}: nothing reads {variable}");
        }
    }
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    for path in MARKDOWN {
        let folder = root().join(path).parent().unwrap().to_owned();
        let text = document(path);
        let heading = |line: &str| line.starts_with('#').then(|| line.trim_matches(['#', ' ']).to_lowercase());
        let headings: BTreeSet<String> =
            text.lines().filter_map(heading).map(|heading| format!("#{}", heading.replace(' ', "-"))).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let found = link.starts_with("https://") || headings.contains(link) || folder.join(link).exists();
            assert!(found, "{path}: {link} leads nowhere");
        }
    }
}

#[test]
fn the_sample_settings_are_all_settings() {
    let not_in_a_file = ["--config", "--fresh", "--help", "--retry-gaps"];
    let mut expected = flags(&["export"]);
    expected.retain(|flag| !not_in_a_file.contains(&flag.as_str()));
    let keys = uncommented().lines().filter_map(|line| Some(format!("--{}", line.split_once(" = ")?.0))).collect();
    assert_eq!(expected, keys);
}

#[test]
fn the_sample_settings_are_accepted_as_they_are_and_uncommented() {
    let sample = root().join(SETTINGS);
    let ended = Program::new(["export", "--config", sample.to_str().unwrap()]).run();
    ended.exits(4).says(&["no token"]);

    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all.toml");
    fs::write(&all, uncommented()).unwrap();
    // The sample's token file does not exist here; standard input, which is empty, takes its place.
    let ended = Program::new(["export", "--config", all.to_str().unwrap(), "--token-file", "-"]).run();
    ended.exits(4).says(&["no token"]);
}

/// The sample with its settings in force: `#out = "x"` becomes `out = "x"`, prose (`# Where …`) stays a comment.
fn uncommented() -> String {
    let uncomment = |line: &str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase()) => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    document(SETTINGS).lines().map(uncomment).collect()
}

/// The code of a Markdown text: lines of fenced blocks, and spans between backticks.
fn code(markdown: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for (at, block) in markdown.split("```").enumerate() {
        if at % 2 == 1 {
            // The first line is the language's name.
            let lines = block.replace("\\\n", " ");
            pieces.extend(lines.lines().skip(1).map(|line| line.trim().to_owned()));
        } else {
            let spans = block.split('`').skip(1).step_by(2);
            pieces.extend(spans.map(|span| span.replace('\n', " ")));
        }
    }
    pieces
}

/// The arguments of each call of the program in a line of shell.
fn calls(line: &str) -> Vec<Vec<String>> {
    let line = line.replace("cargo run --release -- ", "asana-workspace ");
    let commands = line.split([';', '|', '&']).map(words);
    commands.filter_map(|words| arguments(&words).map(<[String]>::to_vec)).collect()
}

/// What follows the program's name, where a command of it does.
fn arguments(words: &[String]) -> Option<&[String]> {
    let is_program = |word: &str| word == "asana-workspace" || word.ends_with("/bin/asana-workspace");
    let is_command = |word: &str| COMMANDS.iter().any(|command| command.first() == Some(&word));
    let at = words.windows(2).position(|pair| is_program(&pair[0]) && is_command(&pair[1]))?;
    Some(&words[at + 1..])
}

/// The words of a command, up to a comment; double quotes keep one together.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for c in command.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '#' if word.is_none() => break,
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn words_are_split_as_a_shell_does() {
    let check = |command: &str, expected: &[&str]| assert_eq!(words(command), expected, "{command}");
    check("a --b c  # d", &["a", "--b", "c"]);
    check("a \"b c\" d", &["a", "b c", "d"]);
    check("a \"b c\",d e", &["a", "b c,d", "e"]);
    check("a x=\"b c\" d", &["a", "x=b c", "d"]);
}
