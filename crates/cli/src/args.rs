//! The command line. Each setting is an `Option` here: what was not typed may stand in the environment or the file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use serde::Deserialize;

const AFTER_HELP: &str = "\
Exit codes: 0 complete, 1 failure, 2 usage, 3 finished but something could not be read, 4 token missing or rejected,
10 audit findings at or above --fail-on, 11 verify or diff found differences, 130 interrupted (the same command goes on).";

#[derive(Debug, Parser)]
#[command(name = "asana-workspace", version, about, long_about = None, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Copy everything that the token can see into a folder of tables
    Export(Box<ExportArgs>),
    /// Say what an export would ask for, how many requests that takes, and how long; writes nothing
    #[command(after_help = PLAN_HELP, mut_args(of_export_alone))]
    Plan(Box<PlanArgs>),
    /// Export a simulated workspace: no token, no network
    Demo(DemoArgs),
    /// Build the tables of an export again from its archive: other formats, dialect or selection; no network
    #[command(after_help = CONVERT_HELP)]
    Convert(Box<ConvertArgs>),
    /// Ask rules of an export: who has access, what nobody owns, what is stale, what is missing
    Audit(Box<AuditArgs>),
    /// Check that an export is whole, unchanged and what the archive gives
    Verify(VerifyArgs),
    /// Say what was added, removed and changed between two exports, field by field
    Diff(Box<DiffArgs>),
    /// The data dictionary: every table, or every column of one
    Tables(TablesArgs),
    /// How to get a token, step by step; `auth check` tells whose it is
    Auth(AuthArgs),
    /// Serve a simulated workspace on this machine, for trying and testing
    #[command(after_help = asana_simulator::FAULTS_HELP)]
    Simulate(Box<SimulateArgs>),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) layer: Layer,
    /// Settings file [default: asana-workspace.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE", env = "ASANA_WORKSPACE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Start over: replace what an earlier export left in the folder
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Ask again for what a finished export lacks, and complete it
    #[arg(long, conflicts_with = "fresh")]
    pub(crate) retry_gaps: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) layer: Layer,
    /// Settings file [default: asana-workspace.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE", env = "ASANA_WORKSPACE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

const PLAN_HELP: &str = "\
The command line of an export can be planned by writing `plan` in place of `export`: flags about files are accepted, and
nothing is written.";

/// Hides the flags that only concern what an export leaves behind.
fn of_export_alone(arg: clap::Arg) -> clap::Arg {
    let hidden =
        matches!(arg.get_id().as_str(), "out" | "format" | "dialect" | "delimiter" | "null_string" | "wide" | "strict");
    arg.hide(hidden)
}

/// The settings that flags, environment and file can give. Earlier ones win.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Layer {
    /// Workspace to export, by gid or name; `all` makes a folder for each
    #[arg(long, value_name = "GID|NAME|all", env = "ASANA_WORKSPACE_WORKSPACE")]
    pub(crate) workspace: Option<String>,
    /// Folder to write to [default: asana-export]
    #[arg(long, value_name = "DIR", env = "ASANA_WORKSPACE_OUT")]
    pub(crate) out: Option<PathBuf>,
    /// Formats: csv, json, jsonl, parquet, sqlite, xlsx [default: csv]
    #[arg(long, value_name = "FORMAT,…", value_delimiter = ',', env = "ASANA_WORKSPACE_FORMAT")]
    pub(crate) format: Option<Vec<String>>,
    /// Only these resources or sets: all, default, structure, people, work, planning, compliance
    #[arg(long, value_name = "RESOURCE,…", value_delimiter = ',', env = "ASANA_WORKSPACE_ONLY")]
    pub(crate) only: Option<Vec<String>>,
    /// All but these resources or sets
    #[arg(long, value_name = "RESOURCE,…", value_delimiter = ',', env = "ASANA_WORKSPACE_SKIP")]
    pub(crate) skip: Option<Vec<String>>,
    /// Also tables with a column for each custom field, such as `tasks_wide`
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", env = "ASANA_WORKSPACE_WIDE")]
    pub(crate) wide: Option<bool>,
    /// Only these projects, by gid or name, with what is in them
    #[arg(long, value_name = "GID|NAME,…", value_delimiter = ',', env = "ASANA_WORKSPACE_PROJECT")]
    pub(crate) project: Option<Vec<String>>,
    /// Only the projects of these teams, by gid or name
    #[arg(long, value_name = "GID|NAME,…", value_delimiter = ',', env = "ASANA_WORKSPACE_TEAM")]
    pub(crate) team: Option<Vec<String>>,
    /// Attachments: none, a list of them, or the list and their files [default: list]
    #[arg(long, value_name = "none|list|files", env = "ASANA_WORKSPACE_ATTACHMENTS")]
    pub(crate) attachments: Option<String>,
    /// Download no larger files, as in 100MB or 64KiB; with --attachments files [default: any size]
    #[arg(long, value_name = "SIZE", env = "ASANA_WORKSPACE_MAX_ATTACHMENT_SIZE")]
    pub(crate) max_attachment_size: Option<String>,
    /// Task search, where the plan has it: finds tasks that no listing shows, and saves requests [default: auto]
    #[arg(long, value_name = "auto|off", env = "ASANA_WORKSPACE_VIA_SEARCH")]
    pub(crate) via_search: Option<String>,
    /// Requests per minute, `auto` to find out, or `none` for a server without limits [default: auto]
    #[arg(long, value_name = "auto|N|none", env = "ASANA_WORKSPACE_RATE")]
    pub(crate) rate: Option<String>,
    /// Requests in flight, 1 to 50 [default: 40]
    #[arg(long, value_name = "N", env = "ASANA_WORKSPACE_CONCURRENCY")]
    pub(crate) concurrency: Option<usize>,
    /// How long nothing may get through before the run stops, to go on later: 90s, 30m, 2h [default: 30m]
    #[arg(long, value_name = "DURATION", env = "ASANA_WORKSPACE_GIVE_UP_AFTER")]
    pub(crate) give_up_after: Option<String>,
    /// Address of the API; plain http only to this machine [default: <https://app.asana.com/api/1.0>]
    #[arg(long, value_name = "URL", env = "ASANA_WORKSPACE_BASE_URL")]
    pub(crate) base_url: Option<String>,
    /// File that holds the token and that only you can read; `-` reads standard input
    #[arg(long, value_name = "FILE", env = "ASANA_WORKSPACE_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Memory for building tables, 16MiB or more; what does not fit is put aside on disk [default: 64MiB]
    #[arg(long, value_name = "SIZE", env = "ASANA_WORKSPACE_MEMORY")]
    pub(crate) memory: Option<String>,
    /// CSV for machines (rfc4180) or for spreadsheets (excel) [default: rfc4180]
    #[arg(long, value_name = "rfc4180|excel", env = "ASANA_WORKSPACE_DIALECT")]
    pub(crate) dialect: Option<String>,
    /// What stands between the cells of CSV: one character, such as `;` or `|`, or tab [default: ,]
    #[arg(long, value_name = "CHARACTER", env = "ASANA_WORKSPACE_DELIMITER", allow_hyphen_values = true)]
    pub(crate) delimiter: Option<String>,
    /// What stands for null in CSV, without quotes [default: nothing at all]
    #[arg(long, value_name = "TEXT", env = "ASANA_WORKSPACE_NULL_STRING", allow_hyphen_values = true)]
    pub(crate) null_string: Option<String>,
    /// Progress on standard error: auto, bar, plain or none [default: auto]
    #[arg(long, value_name = "auto|bar|plain|none", env = "ASANA_WORKSPACE_PROGRESS")]
    pub(crate) progress: Option<String>,
    /// Log as text, or as one JSON object a line [default: text]
    #[arg(long, value_name = "text|json", env = "ASANA_WORKSPACE_LOG_FORMAT")]
    pub(crate) log_format: Option<String>,
    /// Exit with 1 instead of 3 when something could not be read
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", env = "ASANA_WORKSPACE_STRICT")]
    pub(crate) strict: Option<bool>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "asana-demo")]
    pub(crate) out: PathBuf,
    /// Tasks in the simulated workspace
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub(crate) tasks: u32,
    /// Progress on standard error: auto, bar, plain or none
    #[arg(long, value_name = "auto|bar|plain|none", default_value = "auto")]
    pub(crate) progress: String,
}

/// Seconds for the query of one rule.
const DEFAULT_TIME_LIMIT: u64 = 60;

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Folder of a finished export
    #[arg(value_name = "DIR", required_unless_present = "list")]
    pub(crate) folder: Option<PathBuf>,
    /// Print the rules that would be asked, with their parameters, and read no export
    #[arg(long)]
    pub(crate) list: bool,
    /// Folder for the findings [default: DIR/audit]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// What is made of the findings: text on standard output, findings.json, findings.csv, html for report.html
    #[arg(long, value_name = "FORM,…", value_delimiter = ',', default_value = "text,json,csv,html")]
    pub(crate) format: Vec<String>,
    /// File with a rule of your own; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
    /// Parameter of all rules that have it, or of one, as in `stale_days=60` or `stale-task.stale_days=60`; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
    /// Only these rules, or categories: access, ownership, hygiene, planning, compliance, migration, coverage
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// All but these rules or categories
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// Ask rules of tables with gaps too: what they find is true, and what they do not find says nothing
    #[arg(long)]
    pub(crate) partial: bool,
    /// Exit with 10 if there is a finding of this severity or above: info, low, medium, high, critical
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<String>,
    /// An earlier findings.json, to say what is new, fixed and remaining
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// File of findings that you know and accept
    #[arg(long, value_name = "FILE", env = "ASANA_WORKSPACE_ACCEPTED")]
    pub(crate) accepted: Option<PathBuf>,
    /// Seconds that the query of one rule may take
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TIME_LIMIT)]
    pub(crate) time_limit: u64,
}

impl AuditArgs {
    /// Every rule as it is, and every form but text.
    pub(crate) fn of(folder: &std::path::Path) -> Self {
        Self {
            folder: Some(folder.to_owned()),
            list: false,
            out: None,
            format: ["json", "csv", "html"].map(str::to_owned).to_vec(),
            rules: Vec::new(),
            param: Vec::new(),
            only: Vec::new(),
            skip: Vec::new(),
            partial: false,
            fail_on: None,
            baseline: None,
            accepted: None,
            time_limit: DEFAULT_TIME_LIMIT,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Folder of a finished export, with its archive
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Folder to write to; without it the tables in DIR are brought up to date, and formats are added to those there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Formats, as for `export`
    #[arg(long, value_name = "FORMAT,…", value_delimiter = ',')]
    pub(crate) format: Option<Vec<String>>,
    /// CSV for machines (rfc4180) or for spreadsheets (excel)
    #[arg(long, value_name = "rfc4180|excel")]
    pub(crate) dialect: Option<String>,
    /// What stands between the cells of CSV: one character, such as `;` or `|`, or tab
    #[arg(long, value_name = "CHARACTER", allow_hyphen_values = true)]
    pub(crate) delimiter: Option<String>,
    /// What stands for null in CSV, without quotes; '' for nothing at all
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) null_string: Option<String>,
    /// Only the tables of these resources or sets, of those that were fetched
    #[arg(long, value_name = "RESOURCE,…", value_delimiter = ',')]
    pub(crate) only: Option<Vec<String>>,
    /// All that was fetched but these resources or sets
    #[arg(long, value_name = "RESOURCE,…", value_delimiter = ',')]
    pub(crate) skip: Option<Vec<String>>,
    /// Memory for building tables, 16MiB or more; what does not fit is put aside on disk [default: 64MiB]
    #[arg(long, value_name = "SIZE", env = "ASANA_WORKSPACE_MEMORY")]
    pub(crate) memory: Option<String>,
    /// Also tables with a column for each custom field, such as `tasks_wide`; `--wide false` leaves them out again
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) wide: Option<bool>,
    #[command(flatten)]
    pub(crate) share: ShareArgs,
    /// Progress on standard error: auto, bar, plain or none
    #[arg(long, value_name = "auto|bar|plain|none", default_value = "auto")]
    pub(crate) progress: String,
    /// Log as text, or as one JSON object a line
    #[arg(long, value_name = "text|json", default_value = "text")]
    pub(crate) log_format: String,
}

/// What a copy for others leaves out.
#[derive(Debug, Args)]
pub(crate) struct ShareArgs {
    /// Only these columns of a table, after its key; may be repeated, for other tables [needs --out]
    #[arg(long, value_name = "TABLE=COLUMN,…")]
    pub(crate) columns: Vec<String>,
    /// Without the tasks that last changed before that day or instant (UTC), and without what belongs to them [needs --out]
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Hide texts of these classes: names, titles, emails, notes, comments, values, or all [needs --out]
    #[arg(long, value_name = "CLASS,…", value_delimiter = ',')]
    pub(crate) redact: Vec<String>,
    /// File with a secret of 16 bytes or more that only you can read: hidden texts become hashes, equal ones equal
    #[arg(long, value_name = "FILE")]
    pub(crate) redact_key: Option<PathBuf>,
    /// What hidden texts become [default: hash with --redact-key, otherwise blank]
    #[arg(long, value_name = "hash|blank", value_parser = ["hash", "blank"])]
    pub(crate) redact_with: Option<String>,
}

const CONVERT_HELP: &str = "\
What is not given stays as it was in DIR. A file that would get the bytes that it has is not written. The result is what
`export` would have written.";

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Folder of a finished export; nothing in it is changed
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How the result is printed
    #[arg(long, value_name = "text|json", default_value = "text", value_parser = ["text", "json"])]
    pub(crate) format: String,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Folder of the earlier export
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// Folder of the later one; formats may differ, and nothing in either is changed
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// How the result is printed; csv and json are complete, text and html show the first changes of each table
    #[arg(long, value_name = "text|csv|json|html", default_value = "text", value_parser = ["text", "csv", "json", "html"])]
    pub(crate) format: String,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Columns not to compare, as `modified_at` in all tables or `tasks.modified_at` in one
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Only these tables or sets; `tasks` stands for its child tables too
    #[arg(long, value_name = "TABLE,…", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// All but these tables or sets
    #[arg(long, value_name = "TABLE,…", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// How many added rows of each table are shown, and as many removed and changed ones [default: 10, in html 200]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// CSV for machines (rfc4180) or for spreadsheets (excel)
    #[arg(long, value_name = "rfc4180|excel", default_value = "rfc4180")]
    pub(crate) dialect: String,
    /// Compare exports of different workspaces
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TablesArgs {
    /// The table to describe
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AuthArgs {
    #[command(subcommand)]
    pub(crate) action: Option<AuthAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthAction {
    /// Say whose token it is, which workspaces it sees, and as what
    Check(Box<CheckArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// File that holds the token and that only you can read; `-` reads standard input
    #[arg(long, value_name = "FILE", env = "ASANA_WORKSPACE_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Address of the API; plain http only to this machine
    #[arg(long, value_name = "URL", env = "ASANA_WORKSPACE_BASE_URL")]
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
    /// The same seed and size give the same workspace
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Tasks in the workspace
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) tasks: u32,
    /// Stories of a task, on average
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) stories: u32,
    /// The workspace's plan: free, paid or enterprise
    #[arg(long, value_name = "PLAN", default_value = "paid", value_parser = ["free", "paid", "enterprise"])]
    pub(crate) plan: String,
    /// Requests per minute: `plan` for the plan's own, a number, or `none`
    #[arg(long, value_name = "plan|N|none", default_value = "plan")]
    pub(crate) rate: String,
    /// Links followed per minute: each object in an answer is one, and what is overdrawn has to be waited for
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) cost: Option<u32>,
    /// Compress answers for clients that accept it, as Asana does
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = ["on", "off"])]
    pub(crate) gzip: String,
    /// Milliseconds that each answer takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) latency: u64,
    /// Simulated minutes pass this many times faster
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub(crate) time_scale: f64,
    /// Tasks made in one and the same millisecond, besides the others
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) burst: u32,
    /// Tasks in one and the same project, besides the others
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) huge_project: u32,
    /// Tasks in trees of subtasks, five levels deep, besides the others
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) trees: u32,
    /// Simulated seconds for which task search does not know what changed
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) search_lag: u64,
    /// Tasks in a thousand that task search never knows
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1000))]
    pub(crate) unindexed: u32,
    /// Plant something to find for each rule of `audit` that can be planted
    #[arg(long)]
    pub(crate) planted: bool,
    /// Names and texts that attack terminals, spreadsheets and parsers
    #[arg(long)]
    pub(crate) hostile: bool,
    /// Something that goes wrong, as in `when=request:10 what=503`; may be repeated, and is explained below
    #[arg(long, value_name = "RULE")]
    pub(crate) fault: Vec<String>,
    /// Something that happens to the workspace, as in `when=requests:40 what=complete task=7`; may be repeated
    #[arg(long, value_name = "CHANGE")]
    pub(crate) change: Vec<String>,
}
