//! How fast the inner loops of a fetch and a build are, each by itself on one thread, in MB of what goes in.
//!
//! ```text
//! cargo bench --bench hot [-- --tasks 20000]
//! ```
//!
//! Nothing is asserted about time; the best of a few rounds is told.

mod support;

use std::convert::Infallible;
use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use asana_archive::{Body, Entry, PackedFrames, Page, Unpacker, Writer};
use asana_export::{CsvStyle, CsvWriter, Sorter};
use asana_model::check::Checker;
use asana_model::{Cell, Layout, RowSink, TableId, raw};
use asana_transform::{Mention, Oddity, Output, Record, Standing, flatten};
use support::{Failure, Result, number};

const USAGE: &str = "usage: cargo bench --bench hot [-- --tasks N]";
const ROUNDS: u32 = 5;
const A_PAGE: usize = 100;
/// So little that most is put aside.
const SORT_MEMORY: usize = 4 << 20;

fn main() -> Result<()> {
    run().map_err(|error| Failure(error.to_string()).into())
}

fn run() -> Result<()> {
    let mut tasks = 20_000;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--tasks" => tasks = number(&argument, arguments.next(), USAGE)?,
            other => return Err(format!("unknown argument {other}; {USAGE}").into()),
        }
    }
    let tasks: Vec<String> = (0..u64::from(tasks)).map(task).collect();
    let bytes: usize = tasks.iter().map(String::len).sum();
    writeln!(io::stdout(), "| inner loop | MB | MB/s |\n|---|---|---|")?;
    let bodies: Vec<String> = tasks.chunks(A_PAGE).map(body).collect();
    answers(&bodies, bytes)?;
    pages(&bodies, bytes)?;
    rows(&tasks, bytes)?;
    sorting(&tasks, bytes)?;
    csv(&tasks)?;
    Ok(())
}

/// A task about as large as Asana's are.
fn task(number: u64) -> String {
    let gid = 1_200_000_000_000_000 + number * 7_919 % 1_000_003 * 104_729;
    let person = 1_100_000_000_000_000 + number % 97;
    let notes =
        "Ask \\\"them\\\" about it, and write down what they say.\\n".repeat(usize::try_from(number % 7).unwrap_or(0));
    let value = |field: u64| {
        format!(
            r#"{{"gid":"{field}","name":"Field {field}","type":"enum","resource_subtype":"enum","enabled":true,"display_value":"Choice","enum_value":{{"gid":"{person}","name":"Choice","color":"red","enabled":true}}}}"#
        )
    };
    format!(
        r#"{{"gid":"{gid}","name":"Task {number}","resource_subtype":"default_task","completed":{},"created_at":"2025-04-18T17:23:53.402Z","modified_at":"2025-04-19T17:23:53.402Z","due_on":"2025-05-01","notes":"{notes}","num_subtasks":0,"assignee":{{"gid":"{person}","name":"A person","resource_type":"user"}},"followers":[{{"gid":"{person}"}},{{"gid":"1100000000000007"}}],"memberships":[{{"project":{{"gid":"1300000000000001"}},"section":{{"gid":"1300000000000002"}}}}],"custom_fields":[{},{},{}]}}"#,
        number.is_multiple_of(2),
        value(1_400_000_000_000_001),
        value(1_400_000_000_000_002),
        value(1_400_000_000_000_003),
    )
}

/// Tells how fast something is that goes through so many bytes.
fn measure(name: &str, bytes: usize, mut work: impl FnMut() -> Result<()>) -> Result<()> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        work()?;
        best = best.min(began.elapsed());
    }
    let megabytes = support::float(u64::try_from(bytes)?) / 1e6;
    writeln!(io::stdout(), "| {name} | {megabytes:.1} | {:.0} |", megabytes / best.as_secs_f64())?;
    Ok(())
}

/// A page of records as Asana sends it.
fn body(records: &[String]) -> String {
    format!("{{\"data\":[{}],\"next_page\":null}}", records.join(","))
}

/// Answers are checked to be JSON, and their records taken apart.
fn answers(bodies: &[String], bytes: usize) -> Result<()> {
    measure("answers checked", bytes, || {
        for body in bodies {
            let mut walk = Checker::new(body);
            let mut members = walk.enter(b'{', b'}')?;
            while members {
                walk.name()?;
                if walk.next_token() == Some(b'[') {
                    let mut records = walk.enter(b'[', b']')?;
                    while records {
                        black_box(walk.object()?);
                        records = walk.more(b']')?;
                    }
                } else {
                    walk.value()?;
                }
                members = walk.more(b'}')?;
            }
            walk.end()?;
        }
        Ok(())
    })
}

/// Frames of the archive are decompressed, and their pages split into records.
fn pages(bodies: &[String], bytes: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut writer, _) = Writer::open(folder.path())?;
    for (number, body) in (0..).zip(bodies) {
        writer.append(&Entry::Page(Page {
            listing: "tasks_of_project".into(),
            parent: Some("1300000000000001".into()),
            variant: None,
            page: number,
            first: number * A_PAGE as u64,
            last: false,
            path: "/tasks".into(),
            at: "2026-11-24T00:00:00.000Z".into(),
            status: 200,
            body: Body::received(body.as_bytes()),
        }))?;
    }
    writer.seal()?;
    measure("pages out of the archive", bytes, || {
        let (mut frames, mut unpacker) = (PackedFrames::open(folder.path())?, Unpacker::new());
        while let Some(packed) = frames.next_packed()? {
            for entry in unpacker.unpack(&packed)?.entries() {
                if let Entry::Page(page) = entry? {
                    black_box(raw::records_of_valid(page.body.as_str()));
                }
            }
        }
        Ok(())
    })
}

/// Takes what comes out of records, and makes nothing of it.
#[derive(Debug, Default)]
struct Nothing {
    cells: usize,
}

impl RowSink for Nothing {
    type Error = Infallible;

    fn row(&mut self, _: TableId, cells: &[Cell<'_>]) -> std::result::Result<(), Infallible> {
        self.cells += cells.len();
        Ok(())
    }
}

impl Output for Nothing {
    fn wants_reference(&mut self, _: usize, _: &str, _: Option<&str>) -> bool {
        false
    }

    fn mention(&mut self, _: &Mention<'_>) {}

    fn record(&mut self, _: &Record<'_>) -> std::result::Result<(), Infallible> {
        Ok(())
    }

    fn unfit(&mut self, _: &Oddity<'_>) -> std::result::Result<(), Infallible> {
        Ok(())
    }

    fn oddity(&mut self, _: &Oddity<'_>) -> std::result::Result<(), Infallible> {
        Ok(())
    }

    fn unknown_field(&mut self, _: usize, _: &str) {}
}

/// Records become rows.
fn rows(tasks: &[String], bytes: usize) -> Result<()> {
    let layout = Layout::new();
    let resource = layout.resource_index("tasks").ok_or("the catalogue has no tasks")?;
    measure("records to rows", bytes, || {
        let mut nothing = Nothing::default();
        for json in tasks {
            let (gid, json) = ("1200000000000000".into(), json.as_str().into());
            let standing = Standing::Listed;
            let record = Record { resource, gid, standing, container: None, position: 0, json, file: None };
            let Ok(()) = flatten(&layout, &record, &mut nothing);
        }
        black_box(nothing.cells);
        Ok(())
    })
}

/// Records are sorted by their gids, on disk for the most part.
fn sorting(tasks: &[String], bytes: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    measure("sorting", bytes, || {
        let mut sorter = Sorter::new(folder.path(), SORT_MEMORY);
        for (sequence, json) in (0..).zip(tasks) {
            let gid = json.get(8..24).unwrap_or_default();
            sorter.push(gid.as_bytes(), 3, sequence, json.as_bytes())?;
        }
        let mut merge = sorter.finish()?;
        while let Some(entry) = merge.next_winner()? {
            black_box(entry);
        }
        Ok(())
    })
}

/// Rows become CSV.
fn csv(tasks: &[String]) -> Result<()> {
    let rows: Vec<Vec<Cell<'_>>> = tasks
        .iter()
        .map(|json| {
            let fields = raw::Object::of_valid(json).unwrap_or_default().0;
            fields.into_iter().map(|(_, value)| raw::text(value).map_or(Cell::Null, Cell::Text)).collect()
        })
        .collect();
    let mut bytes = 0;
    for row in &rows {
        bytes += row.iter().map(|cell| if let Cell::Text(text) = cell { text.len() + 1 } else { 1 }).sum::<usize>();
    }
    measure("rows to CSV", bytes, || {
        let mut writer = CsvWriter::new(io::sink(), &CsvStyle::default())?;
        for row in &rows {
            writer.row(row.iter().map(Cell::borrowed))?;
        }
        writer.finish()?;
        Ok(())
    })
}
