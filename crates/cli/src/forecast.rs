//! The words of a forecast: a line for each listing, the total, and the time it takes.

use std::fmt::Write as _;

use asana_export::progress::{bytes, count, estimate, number, printable};
use asana_fetch::{Certainty, Expected, FilesExpected, Forecast, Load, Quota, Refusal};
use asana_model::catalog::{Condition, Ends, Gives, Listing, Per, RESOURCES, resource};

use crate::exit::Exit;
use crate::settings::{Rate, Settings};
use crate::viewer::Viewer;

/// What is told.
pub(crate) struct About<'a> {
    pub(crate) forecast: &'a Forecast,
    pub(crate) settings: &'a Settings,
    pub(crate) workspace: &'a str,
    pub(crate) viewer: Viewer,
    pub(crate) quota: Quota,
    /// Requests that the forecast took.
    pub(crate) asked: u64,
}

/// A line of the table: resource, requests, how sure, why.
type Row = [String; 4];

pub(crate) fn describe(about: &About<'_>) -> String {
    let headings = ["resource", "requests", "how sure", "why"].map(str::to_owned);
    let first_calls = about.forecast.first_calls;
    let around = ["(first calls)", &number(first_calls), "exact", "whose token it is, what it may"].map(str::to_owned);
    let rows: Vec<Row> = [headings, around].into_iter().chain(rows(about)).collect();
    let of_files = about.forecast.files.map(|files| files.certainty);
    let certainties = about.forecast.listings.iter().map(|expected| expected.certainty).chain(of_files);
    let total = about.forecast.load.requests;
    let last: Row = [
        "total".to_owned(),
        amount(total, certainties.clone().max().unwrap_or(Certainty::Exact)),
        word(certainties.max().unwrap_or(Certainty::Exact)).to_owned(),
        String::new(),
    ];
    let mut text = format!("{}, seen with {}\n\n", printable(about.workspace), about.viewer.whose());
    text.push_str(&aligned(&rows, &last));
    text.push('\n');
    text.push_str(&times(about));
    text.push_str(&unreadable(about));
    // Writing to a String cannot fail.
    let _ok = writeln!(
        text,
        "\nThis forecast took {} and wrote nothing. Numbers with ~ are reckoned from a sample.",
        count(about.asked, "request", "requests")
    );
    text
}

fn rows(about: &About<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for resource in RESOURCES {
        let of_it: Vec<&Expected> =
            about.forecast.listings.iter().filter(|expected| expected.resource == resource.name).collect();
        let told: Vec<&Expected> = of_it.iter().copied().filter(|expected| expected.requests > 0).collect();
        let row = |name: &str, expected: &Expected| {
            let requests = amount(expected.requests, expected.certainty);
            [name.to_owned(), requests, word(expected.certainty).to_owned(), why(expected)]
        };
        match told.as_slice() {
            [] => rows.extend(without_requests(about, resource.name, of_it.is_empty())),
            [only] => rows.push(row(resource.name, only)),
            several => {
                let certainty = several.iter().map(|one| one.certainty).max().unwrap_or(Certainty::Exact);
                let requests = several.iter().map(|one| one.requests).sum();
                let sum = amount(requests, certainty);
                rows.push([resource.name.to_owned(), sum, word(certainty).to_owned(), "of which:".to_owned()]);
                rows.extend(several.iter().map(|one| row("", one)));
            }
        }
        rows.extend(resource.files().and(about.forecast.files).map(of_files));
    }
    rows
}

/// Each file takes a request for its address; its content is no request of the API.
fn of_files(files: FilesExpected) -> Row {
    let size = bytes(files.bytes);
    let about = if files.certainty == Certainty::About { "about " } else { "" };
    let why = format!("the address of each file to download, {about}{size} in all");
    ["(files)".to_owned(), amount(files.files, files.certainty), word(files.certainty).to_owned(), why]
}

/// A resource that was chosen and takes no request of its own.
fn without_requests(about: &About<'_>, name: &str, is_unlisted: bool) -> Option<Row> {
    if !about.settings.resources.contains(name) {
        return None;
    }
    let holders = RESOURCES.iter().filter(|outer| outer.holds_records_of(name)).map(|outer| outer.name);
    let holders: Vec<&str> = holders.collect();
    let why = match (is_unlisted, holders.as_slice()) {
        (true, [_, ..]) => format!("comes inside {}", holders.join(", ")),
        (true, []) => "not part of this selection".to_owned(),
        (false, _) => "there is nothing to ask it for".to_owned(),
    };
    Some([name.to_owned(), "0".to_owned(), word(Certainty::Exact).to_owned(), why])
}

fn amount(requests: u64, certainty: Certainty) -> String {
    let about = if certainty == Certainty::About { "~" } else { "" };
    format!("{about}{}", number(requests))
}

fn word(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Exact => "exact",
        Certainty::AtLeast => "at least",
        Certainty::About => "about",
    }
}

/// Why a listing takes that many requests.
fn why(expected: &Expected) -> String {
    if let Some(refusal) = expected.refusal.as_ref().filter(|refusal| refusal.everywhere) {
        return format!("refused: {}", reason(refusal));
    }
    let units = amount(expected.units, expected.certainty);
    let each = match expected.listing.ends {
        Ends::Windows => "task search, a hundred tasks at a time".to_owned(),
        _ => format!("{}{}", for_whom(expected.listing, &units), again(expected.listing)),
    };
    match &expected.refusal {
        Some(refusal) => format!("{each}; refused for some: {}", reason(refusal)),
        None => each,
    }
}

fn again(listing: &Listing) -> &'static str {
    if listing.since.is_some() { ", and again at the end for what changed" } else { "" }
}

fn for_whom(listing: &Listing, units: &str) -> String {
    let singular = |name: &str| resource(name).map_or(name, |one| one.singular).replace('_', " ");
    match listing.per {
        Per::Token => "for the token".to_owned(),
        Per::Chosen => format!("one for each one chosen: {units}"),
        Per::Each(parent) | Per::EachWhere(parent, _) if is_root(parent) => format!("for the {}", singular(parent)),
        Per::Each(parent) => match listing.narrowed_by {
            Some(_) => format!("one for each {} that may have some: {units}", singular(parent)),
            None => format!("one for each {}: {units}", singular(parent)),
        },
        Per::EachWhere(parent, Condition::Lacks(_)) => {
            format!("one for each {} of which only a part is known: {units}", singular(parent))
        }
        Per::EachWhere(parent, condition) => {
            let fields = condition.fields().join(" or ");
            format!("one for each {} with {fields}: {units}", singular(parent))
        }
        Per::Named(parent) => format!("one for each {} known by its gid alone: {units}", singular(parent)),
        Per::EachItem { parent, list, .. } => {
            format!("one for each element of {list} of each {}: {units}", singular(parent))
        }
        Per::Dividing(parent) => format!("only to divide a long listing, one for each {}: {units}", singular(parent)),
    }
}

/// Whether there is one object of the resource: what is listed for the token itself, of which one is exported.
fn is_root(name: &str) -> bool {
    resource(name).is_some_and(|one| one.listings.iter().any(|listing| listing.per == Per::Token))
}

fn reason(refusal: &Refusal) -> String {
    let said = printable(&refusal.reason);
    match refusal.status {
        Some(402) => format!("not in this workspace's plan (402: {said})"),
        Some(403) => format!("not allowed to this token (403: {said})"),
        Some(404) => format!("not found with this token (404: {said})"),
        Some(status) => format!("{said} ({status})"),
        None => said.into_owned(),
    }
}

/// The table with numbers to the right, and the total below a line's space.
fn aligned(rows: &[Row], last: &Row) -> String {
    let width = |place: usize| {
        let cells = rows.iter().chain([last]).filter_map(|row| row.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (names, numbers, words) = (width(0), width(1), width(2));
    let line = |[name, number, word, why]: &Row| {
        let line = format!("{name:names$}  {number:>numbers$}  {word:words$}  {why}");
        format!("{}\n", line.trim_end())
    };
    let mut text: String = rows.iter().map(line).collect();
    text.push_str(&line(last));
    text
}

/// How long it takes on each plan, and at the rate that was set.
fn times(about: &About<'_>) -> String {
    let Forecast { without_search, with_search, .. } = about.forecast;
    let here = |quota: Quota| match about.settings.rate {
        Rate::Auto if about.quota == quota => "  (this workspace)",
        _ => "",
    };
    let plans = [("on a free plan", without_search, Quota::FREE), ("on a paid plan", with_search, Quota::PAID)];
    let mut rows: Vec<(&str, Load, Quota, &str)> =
        plans.into_iter().map(|(name, load, quota)| (name, *load, quota, here(quota))).collect();
    if let Rate::Fixed(quota @ Quota::PerMinute(_)) = about.settings.rate {
        rows.push(("at --rate", about.forecast.load, quota, ""));
    }
    let amounts: Vec<String> = rows.iter().map(|(_, load, ..)| number(load.requests)).collect();
    let width = amounts.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for ((name, load, quota, here), requests) in rows.into_iter().zip(&amounts) {
        let (Some(time), Some(limit)) = (load.takes(quota), quota.per_minute()) else { continue };
        let limit = number(limit.into());
        // Writing to a String cannot fail.
        let _ok = writeln!(
            text,
            "{name:14}  {requests:>width$} requests, at most {limit:>5} a minute: {}{here}",
            estimate(time)
        );
    }
    text
}

/// What an export could not read, and how it would end.
fn unreadable(about: &About<'_>) -> String {
    let is_wanted = |expected: &&Expected| about.settings.resources.contains(expected.resource);
    let is_search = |expected: &&Expected| matches!(expected.listing.gives, Gives::Gids(_));
    let refused = about.forecast.listings.iter().filter(|expected| !is_search(expected)).filter(is_wanted);
    let mut lines: Vec<String> = refused
        .filter_map(|expected| {
            let refusal = expected.refusal.as_ref()?;
            let some = if refusal.everywhere { "" } else { "some " };
            Some(format!("  {some}{}: {}\n", expected.resource, reason(refusal)))
        })
        .collect();
    lines.dedup();
    if lines.is_empty() {
        return String::new();
    }
    let code = Exit::of(false, about.settings.strict) as u8;
    format!(
        "\nWhat this token is refused; an export would go on without it and end with exit code {code}:\n{}",
        lines.concat()
    )
}
