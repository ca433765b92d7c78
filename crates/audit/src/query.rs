//! A rule's query: checked before anything is loaded, asked within a time limit, its rows read by their columns' names.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use asana_model::Layout;
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, ErrorCode, Row, Statement};

use crate::catalogue::Chosen;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::rule::{ParameterValue, Severity};

/// What a rule takes for now: the time of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    /// UTC, ISO 8601.
    pub now: String,
}

/// A row of a rule's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) object_type: String,
    pub(crate) object_gid: String,
    pub(crate) object_name: String,
    pub(crate) permalink: String,
    pub(crate) people: Vec<String>,
    pub(crate) explanation: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) detail: String,
}

const COLUMNS: [&str; 6] = ["object_type", "object_gid", "object_name", "permalink", "people", "explanation"];
const OPTIONAL: [&str; 2] = ["severity", "detail"];

/// The time of every rule's own test.
const TEST_NOW: &str = "2026-06-15T12:00:00Z";

const INTERRUPT_EVERY: Duration = Duration::from_millis(20);

/// How long a rule's own test may take.
const TEST_LIMIT: Duration = Duration::from_secs(10);

impl Now {
    /// Its day, `YYYY-MM-DD`.
    pub fn today(&self) -> &str {
        self.now.split_once('T').map_or(self.now.as_str(), |(day, _)| day)
    }
}

/// Prepares the rule's query over empty tables, and runs the rule's own test if it has one.
///
/// # Errors
/// [`Error::Query`] with SQLite's words, and [`Error::Rule`] for what is wrong otherwise.
pub fn check(chosen: &Chosen, layout: &Layout) -> Result<()> {
    let mut database = Database::new()?;
    for table in layout.tables.iter().filter(|table| chosen.rule.tables.contains(&table.name)) {
        database.add(table)?;
    }
    prepare(chosen, &database)?;
    let Some(test) = &chosen.rule.test else { return Ok(()) };
    let defaults = Chosen {
        parameters: chosen.rule.parameters.iter().map(|(name, one)| (name.clone(), one.default.clone())).collect(),
        ..chosen.clone()
    };
    fill(&defaults, &database, &test.rows)?;
    expect(&defaults, &database, &test.found, "its own case")?;
    for near in &test.near_miss {
        database.connection().execute_batch("SAVEPOINT near_miss")?;
        fill(&defaults, &database, &near.rows)?;
        expect(&defaults, &database, &near.found, &near.because)?;
        database.connection().execute_batch("ROLLBACK TO near_miss; RELEASE near_miss")?;
    }
    Ok(())
}

/// Runs the statements of a rule's test, which may do nothing but fill and change its tables.
fn fill(chosen: &Chosen, database: &Database, sql: &str) -> Result<()> {
    let failed = |error| failed(chosen, &error);
    let mut batch = Batch::new(database.connection(), sql);
    while let Some(mut statement) = batch.next().map_err(failed)? {
        let text = statement.expanded_sql().unwrap_or_default();
        let begins =
            |word: &str| text.trim_start().get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        if !["INSERT", "UPDATE", "DELETE"].into_iter().any(begins) {
            return Err(chosen.wrong("the rows of its test are made by INSERT, UPDATE and DELETE alone"));
        }
        statement.execute([]).map_err(failed)?;
    }
    Ok(())
}

fn expect(chosen: &Chosen, database: &Database, expected: &[String], case: &str) -> Result<()> {
    let now = Now { now: TEST_NOW.to_owned() };
    let mut found: Vec<String> =
        ask(chosen, database, &now, TEST_LIMIT)?.into_iter().map(|answer| answer.object_gid).collect();
    found.sort();
    if found == expected {
        return Ok(());
    }
    Err(chosen.wrong(format!("its test fails ({case}): it should find {expected:?}, and finds {found:?}")))
}

/// SQLite's words, without the whole query that the library repeats.
fn failed(chosen: &Chosen, error: &rusqlite::Error) -> Error {
    let (file, rule) = (chosen.source(), chosen.rule.id.clone());
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        return Error::TooSlow { file, rule, seconds: 0 };
    }
    let what = match error {
        rusqlite::Error::SqlInputError { msg, sql, offset, .. } => {
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            before.map_or_else(
                || msg.clone(),
                |before| format!("{msg}, in its line {}", before.trim_start().lines().count().max(1)),
            )
        }
        other => other.to_string(),
    };
    Error::Query { file, rule, what }
}

fn prepare<'d>(chosen: &Chosen, database: &'d Database) -> Result<Statement<'d>> {
    let failed = |error| failed(chosen, &error);
    let statement = database.connection().prepare(&chosen.rule.query).map_err(failed)?;
    let names: Vec<&str> = statement.column_names().collect();
    if names.is_empty() || !statement.readonly() || statement.is_explain() != 0 {
        return Err(chosen.wrong("its query is not a SELECT"));
    }
    if let Some(missing) = COLUMNS.into_iter().find(|column| !names.contains(column)) {
        return Err(chosen.wrong(format!("its query gives no {missing}")));
    }
    if let Some(other) = names.iter().find(|name| !COLUMNS.contains(name) && !OPTIONAL.contains(name)) {
        return Err(chosen.wrong(format!("its query gives {other}, which means nothing")));
    }
    let read: Vec<String> = (1..=statement.parameter_count())
        .map(|place| statement.parameter_name(place).unwrap_or("?").trim_start_matches(':').to_owned())
        .collect();
    let known = |name: &String| ["now", "today"].contains(&name.as_str()) || chosen.parameters.contains_key(name);
    if let Some(name) = read.iter().find(|name| !known(name)) {
        return Err(chosen.wrong(format!("its query reads :{name}, which is no parameter of it")));
    }
    if let Some(name) = chosen.parameters.keys().find(|name| !read.contains(name)) {
        return Err(chosen.wrong(format!("its query does not read its parameter :{name}")));
    }
    drop(names);
    Ok(statement)
}

/// What the rule's query gives, within the time limit.
pub(crate) fn ask(chosen: &Chosen, database: &Database, now: &Now, limit: Duration) -> Result<Vec<Answer>> {
    let handle = database.connection().get_interrupt_handle();
    let (done, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut wait = limit;
            // Again and again: an interruption between two steps of SQLite's is lost.
            while ended.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
                handle.interrupt();
                wait = INTERRUPT_EVERY;
            }
        });
        let answers = answers(chosen, database, now);
        drop(done);
        answers.map_err(|error| match error {
            Error::TooSlow { file, rule, .. } => Error::TooSlow { file, rule, seconds: limit.as_secs() },
            other => other,
        })
    })
}

fn answers(chosen: &Chosen, database: &Database, now: &Now) -> Result<Vec<Answer>> {
    let failed = |error| failed(chosen, &error);
    let mut statement = prepare(chosen, database)?;
    bind(&mut statement, &chosen.parameters, now).map_err(failed)?;
    let place = |name: &str| statement.column_names().position(|column| column == name);
    let [object_type, object_gid, object_name, permalink, people, explanation] = COLUMNS.map(place);
    let [severity, detail] = OPTIONAL.map(place);
    let mut rows = statement.raw_query();
    let mut answers = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let said = text(row, severity);
        let severity =
            match said.as_str() {
                "" => None,
                name => Some(Severity::parse(name).ok_or_else(|| {
                    chosen.wrong(format!("its query gives the severity {name}, and there is none such"))
                })?),
            };
        answers.push(Answer {
            object_type: text(row, object_type),
            object_gid: text(row, object_gid),
            object_name: text(row, object_name),
            permalink: text(row, permalink),
            people: names(text(row, people)),
            explanation: text(row, explanation),
            severity,
            detail: text(row, detail),
        });
    }
    Ok(answers)
}

fn bind(
    statement: &mut Statement<'_>,
    parameters: &BTreeMap<String, ParameterValue>,
    now: &Now,
) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place).unwrap_or_default().trim_start_matches(':').to_owned();
        match (name.as_str(), parameters.get(&name)) {
            ("now", _) => statement.raw_bind_parameter(place, &now.now)?,
            ("today", _) => statement.raw_bind_parameter(place, now.today())?,
            (_, Some(ParameterValue::Integer(number))) => statement.raw_bind_parameter(place, number)?,
            (_, Some(ParameterValue::Text(text))) => statement.raw_bind_parameter(place, text)?,
            (_, Some(ParameterValue::Texts(texts))) => {
                statement.raw_bind_parameter(place, serde_json::Value::from(texts.clone()).to_string())?;
            }
            (_, None) => {}
        }
    }
    Ok(())
}

fn text(row: &Row<'_>, place: Option<usize>) -> String {
    let Some(Ok(value)) = place.map(|place| row.get_ref(place)) else { return String::new() };
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A name, or a JSON array of them; empty ones are left out.
fn names(text: String) -> Vec<String> {
    let list = || serde_json::from_str::<Vec<Option<String>>>(&text).ok();
    let mut names: Vec<String> = match text.starts_with('[').then(list).flatten() {
        Some(list) => list.into_iter().flatten().collect(),
        None => vec![text],
    };
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests;
