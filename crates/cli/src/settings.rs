//! What was asked for, once flags, environment, settings file and defaults are merged. Beyond this file no `Option`
//! means "not given".

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use asana_export::progress::{LogFormat, Mode};
use asana_export::{CsvStyle, Dialect, Error as ExportError, FORMATS, Format, Fresh, Style, WrongStyle};
use asana_fetch::{Downloads, MOST_IN_FLIGHT, Quota};
use asana_model::catalog::{RESOURCES, Set};

use crate::args::{ExportArgs, Layer, PlanArgs};
use crate::build::Means;
use crate::exit::CliError;
use crate::names;

pub(crate) const DEFAULT_BASE_URL: &str = "https://app.asana.com/api/1.0";
const DEFAULT_FILE: &str = "asana-workspace.toml";
/// Requests in flight: calls take about a second, so some 25 use a paid quota.
const DEFAULT_CONCURRENCY: usize = 40;
/// A network that is gone for less than this is waited for.
pub(crate) const DEFAULT_GIVE_UP_AFTER: Duration = Duration::from_secs(30 * 60);

/// How the quota is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    Auto,
    Fixed(Quota),
}

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) workspace: Option<String>,
    pub(crate) out: PathBuf,
    pub(crate) style: Style,
    /// For building tables.
    pub(crate) means: Means,
    /// Resources whose tables are written.
    pub(crate) resources: BTreeSet<&'static str>,
    /// Whether there are tables with a column for each custom field.
    pub(crate) wide: bool,
    /// Projects and teams by gid or name; both empty means the whole workspace.
    pub(crate) projects: Vec<String>,
    pub(crate) teams: Vec<String>,
    /// Whether attached files are downloaded, and which.
    pub(crate) downloads: Option<Downloads>,
    /// Whether task search is used where the plan has it.
    pub(crate) via_search: bool,
    pub(crate) rate: Rate,
    pub(crate) concurrency: usize,
    /// How long a run goes on in which no request succeeds.
    pub(crate) give_up_after: Duration,
    pub(crate) base_url: String,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) progress: Mode,
    pub(crate) log_format: LogFormat,
    pub(crate) strict: bool,
    /// What becomes of an export that is there already.
    pub(crate) fresh: Fresh,
}

impl Settings {
    /// # Errors
    /// A settings file that cannot be read or has unknown keys, or a value that makes no sense; each names its place.
    pub(crate) fn from_args(args: &ExportArgs) -> Result<Self, CliError> {
        let file = file_layer(args.config.as_deref())?;
        let mut settings = Self::from_layer(merge(args.layer.clone(), file))?;
        settings.fresh = match args {
            ExportArgs { fresh: true, .. } => Fresh::Start,
            ExportArgs { retry_gaps: true, .. } => Fresh::Reopen,
            _ => Fresh::Keep,
        };
        Ok(settings)
    }

    /// The same for a forecast, which takes what an export would.
    pub(crate) fn from_plan(args: &PlanArgs) -> Result<Self, CliError> {
        Self::from_layer(merge(args.layer.clone(), file_layer(args.config.as_deref())?))
    }

    fn from_layer(layer: Layer) -> Result<Self, CliError> {
        let Layer {
            workspace,
            out,
            format,
            only,
            skip,
            wide,
            project,
            team,
            attachments,
            max_attachment_size,
            via_search,
            rate,
            concurrency,
            give_up_after,
            base_url,
            token_file,
            memory,
            dialect,
            delimiter,
            null_string,
            progress,
            log_format,
            strict,
        } = layer;
        let mut resources = resources(only.as_deref(), skip.as_deref())?;
        let attachments = one_of("--attachments", attachments.as_deref(), ATTACHMENTS)?;
        let downloads = attachments.choose(&mut resources, max_attachment_size.as_deref())?;
        let concurrency = concurrency.unwrap_or(DEFAULT_CONCURRENCY);
        if !(1..=MOST_IN_FLIGHT).contains(&concurrency) {
            return Err(CliError::Usage(format!(
                "--concurrency is 1 to {MOST_IN_FLIGHT} (Asana refuses more), not {concurrency}"
            )));
        }
        Ok(Self {
            workspace,
            out: out.unwrap_or_else(|| PathBuf::from("asana-export")),
            means: means(memory.as_deref())?,
            style: Style {
                csv: csv_style(dialect.as_deref(), delimiter.as_deref(), null_string.as_deref(), &CsvStyle::default())?,
                ..Style::of(formats(format.as_deref().unwrap_or(&["csv".to_owned()]))?)
            },
            resources,
            wide: wide.unwrap_or(false),
            projects: given(project),
            teams: given(team),
            downloads,
            via_search: one_of("--via-search", via_search.as_deref(), VIA_SEARCH)?,
            rate: parse_rate(rate.as_deref())?,
            concurrency,
            give_up_after: parse_give_up_after(give_up_after.as_deref())?,
            base_url: base_url.unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
            token_file,
            progress: one_of("--progress", progress.as_deref(), MODES)?,
            log_format: one_of("--log-format", log_format.as_deref(), LOG_FORMATS)?,
            strict: strict.unwrap_or(false),
            fresh: Fresh::Keep,
        })
    }
}

/// What is wanted of attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attachments {
    None,
    List,
    Files,
}

/// Besides the default, in the order of how much they are.
const ATTACHMENTS: &[(&str, Attachments)] =
    &[("list", Attachments::List), ("none", Attachments::None), ("files", Attachments::Files)];
const OF_ATTACHMENTS: &str = "attachments";

impl Attachments {
    /// Which files are downloaded, if any.
    fn choose(
        self,
        resources: &mut BTreeSet<&'static str>,
        largest: Option<&str>,
    ) -> Result<Option<Downloads>, CliError> {
        if self != Self::Files {
            if largest.is_some() {
                let text = "--max-attachment-size is about downloads, which come with --attachments files";
                return Err(CliError::Usage(text.to_owned()));
            }
            if self == Self::None {
                resources.remove(OF_ATTACHMENTS);
            }
            return Ok(None);
        }
        if !resources.contains(OF_ATTACHMENTS) {
            let text = "--attachments files needs the attachments that --only or --skip leaves out";
            return Err(CliError::Usage(text.to_owned()));
        }
        Ok(Some(Downloads { largest: largest.map(|text| parse_size("--max-attachment-size", text)).transpose()? }))
    }
}

/// Sizes by their units' names, without regard to capitals.
const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
];

/// A number of bytes, as in `100MB`.
fn parse_size(flag: &str, text: &str) -> Result<u64, CliError> {
    let trimmed = text.trim();
    let end = trimmed.find(|character: char| !character.is_ascii_digit()).unwrap_or(trimmed.len());
    let (digits, unit) = trimmed.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let bytes = digits.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    bytes.ok_or_else(|| {
        let known = "a whole number of bytes, KB, MB, GB, KiB, MiB or GiB, as in 100MB";
        CliError::Usage(format!("{flag} is {known}, not {text}"))
    })
}

/// What a build may use, with so much memory.
///
/// # Errors
/// A usage error for what is no size, or too little.
pub(crate) fn means(memory: Option<&str>) -> Result<Means, CliError> {
    let Some(text) = memory else { return Ok(Means::default()) };
    let bytes = parse_size("--memory", text)?;
    if bytes < Means::LEAST_BYTES {
        let (least, usual) = (Means::LEAST_MEMORY, Means::DEFAULT_MEMORY);
        return Err(CliError::Usage(format!("--memory is {least} or more (usually {usual}), not {text}")));
    }
    Ok(Means::with_memory(bytes))
}

const VIA_SEARCH: &[(&str, bool)] = &[("auto", true), ("off", false)];
const DIALECTS: &[(&str, Dialect)] = &[("rfc4180", Dialect::Rfc4180), ("excel", Dialect::Excel)];
const MODES: &[(&str, Mode)] =
    &[("auto", Mode::Auto), ("bar", Mode::Bar), ("plain", Mode::Plain), ("none", Mode::None)];
const LOG_FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];

/// The value of that name; the first one when none is given.
fn one_of<T: Copy>(flag: &str, given: Option<&str>, values: &[(&str, T)]) -> Result<T, CliError> {
    let wanted = given.or(values.first().map(|(name, _)| *name)).unwrap_or_default();
    values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        CliError::Usage(format!("{flag} is {}, not {wanted}", names.join(" or ")))
    })
}

/// `--progress` alone, for commands without a settings file.
pub(crate) fn progress_mode(name: &str) -> Result<Mode, CliError> {
    one_of("--progress", Some(name), MODES)
}

/// `--log-format` alone.
pub(crate) fn log_format(name: &str) -> Result<LogFormat, CliError> {
    one_of("--log-format", Some(name), LOG_FORMATS)
}

/// How CSV is written; what is not given is as in `usual`.
///
/// # Errors
/// A usage error that names the flag.
pub(crate) fn csv_style(
    dialect: Option<&str>,
    delimiter: Option<&str>,
    null: Option<&str>,
    usual: &CsvStyle,
) -> Result<CsvStyle, CliError> {
    let dialect = dialect.unwrap_or(usual.dialect().name());
    let dialect = one_of("--dialect", Some(dialect), DIALECTS)?;
    let usual_delimiter = usual.delimiter().to_string();
    let (delimiter, null) = (delimiter.unwrap_or(&usual_delimiter), null.unwrap_or(usual.null()));
    CsvStyle::new(dialect, delimiter, null).map_err(|wrong| {
        CliError::Usage(match wrong {
            WrongStyle::Delimiter(right) => format!("--delimiter is {right}, not {delimiter:?}"),
            WrongStyle::Null(right) => format!("--null-string is {right}, not {null:?}"),
        })
    })
}

fn parse_rate(text: Option<&str>) -> Result<Rate, CliError> {
    match text {
        None | Some("auto") => Ok(Rate::Auto),
        Some("none") => Ok(Rate::Fixed(Quota::Unlimited)),
        Some(number) => match number.parse() {
            Ok(requests) if requests > 0 => Ok(Rate::Fixed(Quota::PerMinute(requests))),
            _ => Err(CliError::Usage(format!(
                "--rate is auto, a number of requests per minute above 0, or none; not {number}"
            ))),
        },
    }
}

fn parse_give_up_after(text: Option<&str>) -> Result<Duration, CliError> {
    let Some(text) = text else { return Ok(DEFAULT_GIVE_UP_AFTER) };
    let wrong = || {
        CliError::Usage(format!(
            "--give-up-after is a number with its unit, as in 90s, 30m or 2h, and above 0; not {text}"
        ))
    };
    let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.trim().strip_suffix(unit)?, seconds)))
        .ok_or_else(wrong)?;
    let number: u32 = number.trim().parse().map_err(|_| wrong())?;
    Some(Duration::from_secs(u64::from(number) * seconds)).filter(|time| !time.is_zero()).ok_or_else(wrong)
}

fn given(list: Option<Vec<String>>) -> Vec<String> {
    let trimmed = list.unwrap_or_default().into_iter().map(|text| text.trim().to_owned());
    trimmed.filter(|text| !text.is_empty()).collect()
}

/// The formats of those names, each once.
pub(crate) fn formats(names: &[String]) -> Result<Vec<&'static Format>, CliError> {
    let mut formats: Vec<&'static Format> = Vec::new();
    for name in names {
        let format = Format::parse(name.trim()).map_err(|error| match error {
            ExportError::FormatLeftOut { .. } => CliError::Usage(error.to_string()),
            _ => CliError::Usage(names::unknown("format", name, FORMATS.iter().map(|format| format.name))),
        })?;
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(formats)
}

fn resources(only: Option<&[String]>, skip: Option<&[String]>) -> Result<BTreeSet<&'static str>, CliError> {
    let default = [Set::Default.name().to_owned()];
    let mut chosen = named(only.unwrap_or(&default))?;
    for name in named(skip.unwrap_or_default())? {
        chosen.remove(name);
    }
    if chosen.is_empty() {
        return Err(CliError::Usage("--only and --skip leave nothing to export".to_owned()));
    }
    Ok(chosen)
}

/// The resources that a list of resources and sets names.
pub(crate) fn named(names: &[String]) -> Result<BTreeSet<&'static str>, CliError> {
    let mut resources = BTreeSet::new();
    for name in names.iter().map(|name| name.trim()) {
        if let Some(set) = Set::ALL.into_iter().find(|set| set.name() == name) {
            resources.extend(set.resources().map(|resource| resource.name));
        } else if let Some(resource) = RESOURCES.iter().find(|resource| resource.name == name || name == EVERYTHING) {
            let all = RESOURCES.iter().filter(|_| name == EVERYTHING).map(|resource| resource.name);
            resources.extend(all.chain([resource.name]));
        } else {
            let sets = Set::ALL.into_iter().map(Set::name).chain([EVERYTHING]);
            let known = RESOURCES.iter().map(|resource| resource.name).chain(sets);
            return Err(CliError::Usage(names::unknown("resource", name, known)));
        }
    }
    Ok(resources)
}

/// Whether it is the name of a single resource, and not of several.
pub(crate) fn is_resource(name: &str) -> bool {
    RESOURCES.iter().any(|resource| resource.name == name.trim())
}

/// Names every resource in `--only`.
const EVERYTHING: &str = "all";

fn file_layer(path: Option<&Path>) -> Result<Layer, CliError> {
    let (path, required) = match path {
        Some(path) => (path, true),
        None => (Path::new(DEFAULT_FILE), false),
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if !required && error.kind() == std::io::ErrorKind::NotFound => return Ok(Layer::default()),
        Err(source) => {
            return Err(CliError::io(format!("the settings file {} cannot be read", path.display()), source));
        }
    };
    toml::from_str(&text)
        .map_err(|error| CliError::Usage(format!("the settings file {} is wrong: {error}", path.display())))
}

/// What `first` gives, and for the rest what `second` gives.
fn merge(first: Layer, second: Layer) -> Layer {
    // Without `..`, so that a new setting cannot be forgotten here.
    let Layer {
        workspace,
        out,
        format,
        only,
        skip,
        wide,
        project,
        team,
        attachments,
        max_attachment_size,
        via_search,
        rate,
        concurrency,
        give_up_after,
        base_url,
        token_file,
        memory,
        dialect,
        delimiter,
        null_string,
        progress,
        log_format,
        strict,
    } = first;
    Layer {
        workspace: workspace.or(second.workspace),
        out: out.or(second.out),
        format: format.or(second.format),
        only: only.or(second.only),
        skip: skip.or(second.skip),
        wide: wide.or(second.wide),
        project: project.or(second.project),
        team: team.or(second.team),
        attachments: attachments.or(second.attachments),
        max_attachment_size: max_attachment_size.or(second.max_attachment_size),
        via_search: via_search.or(second.via_search),
        rate: rate.or(second.rate),
        concurrency: concurrency.or(second.concurrency),
        give_up_after: give_up_after.or(second.give_up_after),
        base_url: base_url.or(second.base_url),
        token_file: token_file.or(second.token_file),
        memory: memory.or(second.memory),
        dialect: dialect.or(second.dialect),
        delimiter: delimiter.or(second.delimiter),
        null_string: null_string.or(second.null_string),
        progress: progress.or(second.progress),
        log_format: log_format.or(second.log_format),
        strict: strict.or(second.strict),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str) -> Result<Settings, String> {
        Settings::from_layer(toml::from_str(toml).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_export_everything_as_csv() {
        let settings = settings("").unwrap();
        assert!(settings.resources.contains("goals") && !settings.resources.contains("audit_log_events"));
        assert!(settings.via_search);
        assert_eq!((settings.rate, settings.concurrency), (Rate::Auto, 40));
        assert_eq!(settings.base_url, DEFAULT_BASE_URL);
        assert_eq!(settings.style.formats, [Format::parse("csv").unwrap()]);
    }

    #[test]
    fn earlier_layers_win() {
        let first: Layer = toml::from_str("out = 'a'\nonly = ['tasks']").unwrap();
        let second: Layer = toml::from_str("out = 'b'\nrate = '90'").unwrap();
        let settings = Settings::from_layer(merge(first, second)).unwrap();
        assert_eq!(settings.out, Path::new("a"));
        assert_eq!(settings.rate, Rate::Fixed(Quota::PerMinute(90)));
        assert_eq!(settings.resources, BTreeSet::from(["tasks"]));
    }

    #[test]
    fn how_long_to_wait_is_said_with_a_unit() {
        let wait = |toml: &str| settings(toml).unwrap().give_up_after.as_secs();
        assert_eq!(wait(""), 1800);
        assert_eq!(wait("give-up-after = '90s'"), 90);
        assert_eq!(wait("give-up-after = '45 m'"), 2700);
        assert_eq!(wait("give-up-after = '2h'"), 7200);
    }

    #[test]
    fn sets_stand_for_their_resources() {
        let all = settings("only = ['all']").unwrap();
        assert_eq!(all.resources.len(), RESOURCES.len());
        let planning = settings("only = ['planning', 'tags']\nskip = ['goals']").unwrap();
        let has = |name| planning.resources.contains(name);
        assert!(has("portfolios") && has("tags") && !has("goals") && !has("stories"));
        let less = settings("skip = ['planning']").unwrap();
        assert!(!less.resources.contains("portfolios") && less.resources.contains("tasks"));
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512 B", 512),
            ("100MB", 100_000_000),
            (" 3 gb ", 3_000_000_000),
            ("64KiB", 65_536),
            ("1MiB", 1 << 20),
            ("2GiB", 2 << 30),
            ("7kb", 7_000),
        ] {
            assert_eq!(parse_size("--memory", text).unwrap(), bytes, "{text}");
        }
        for wrong in ["", "MB", "-1", "1.5MB", "1e3", "9999999999999GB", "1 M B"] {
            assert!(parse_size("--memory", wrong).is_err(), "{wrong}");
        }
        let settings = settings("attachments = 'files'\nmax-attachment-size = '1KiB'").unwrap();
        assert_eq!(settings.downloads, Some(Downloads { largest: Some(1_024) }));
    }

    #[test]
    fn wrong_values_are_named_with_what_would_be_right() {
        for (toml, expected) in [
            ("only = ['taks']", "there is no resource called taks (did you mean tasks"),
            ("format = ['cvs']", "there is no format called cvs (did you mean csv"),
            ("rate = '0'", "--rate is auto, a number"),
            ("concurrency = 51", "--concurrency is 1 to 50"),
            ("give-up-after = '0s'", "--give-up-after is a number with its unit, as in 90s, 30m or 2h"),
            ("give-up-after = '30'", "not 30"),
            ("give-up-after = '-5m'", "not -5m"),
            ("give-up-after = '99999999999h'", "above 0; not"),
            ("dialect = 'tsv'", "--dialect is rfc4180 or excel, not tsv"),
            ("delimiter = ';;'", "--delimiter is one ASCII character, or tab, not \";;\""),
            ("delimiter = 'x'", "--delimiter is no quote, line end, letter or digit, not \"x\""),
            ("null-string = 'a,b'", "--null-string is a text without the delimiter, not \"a,b\""),
            ("null-string = '\"'", "--null-string is a text without quotes"),
            ("null-string = '-'\ndialect = 'excel'", "--null-string is nothing that a spreadsheet takes for a formula"),
            ("attachments = 'all'", "--attachments is list or none or files, not all"),
            ("attachments = 'files'\nskip = ['attachments']", "--attachments files needs the attachments"),
            ("max-attachment-size = '5MB'", "--max-attachment-size is about downloads"),
            ("attachments = 'files'\nmax-attachment-size = '5 parsecs'", "KiB, MiB or GiB, as in 100MB, not 5 parsecs"),
            ("memory = '1MiB'", "--memory is 16MiB or more (usually 64MiB), not 1MiB"),
            ("memory = 'much'", "--memory is a whole number of bytes"),
            ("only = ['complience']", "did you mean compliance"),
            ("via-search = 'on'", "--via-search is auto or off, not on"),
            ("only = ['tags']\nskip = ['tags']", "leave nothing to export"),
        ] {
            let error = settings(toml).unwrap_err();
            assert!(error.starts_with(expected) || error.contains(expected), "{toml}: {error}");
        }
    }

    #[test]
    fn unknown_keys_of_the_file_are_errors() {
        let error = toml::from_str::<Layer>("fromat = ['csv']").unwrap_err().to_string();
        assert!(error.contains("fromat"), "{error}");
    }
}
