//! Charts as inline SVG: no script, a title and a description for whoever does not see them, a table of the same numbers
//! beside them.
//!
//! Colours come from the page's style, so they follow its scheme; no series is told by its colour alone. The drawing is as
//! wide as a phone, so that text in it can be read there without being scaled down.

use std::io;

use asana_export::progress::number;

use super::charts::{Chart, Row, Shape};
use crate::html::{Attribute, Html};

const WIDTH: u32 = 360;
/// Where bars begin, and where they end at most: the numbers stand behind them.
const BARS_FROM: u32 = 128;
const BARS_TO: u32 = 310;
const BAR: u32 = 18;
const BAR_STEP: u32 = 26;
/// The most characters of a category beside its bar.
const LABEL: usize = 19;
const COLUMNS_HEIGHT: u32 = 150;
const COLUMNS_TOP: u32 = 18;
/// The classes by which the style fills a series.
const FILLS: [&str; 3] = ["s0", "s1", "s2"];

pub(super) fn figure(html: &mut Html<'_>, chart: &Chart) -> io::Result<()> {
    html.open("figure", &[("id", &format!("chart-{}", chart.id))])?;
    html.element("h3", &[], chart.title)?;
    html.element("p", &[("class", "about")], chart.about)?;
    for lack in &chart.lacks {
        html.element("p", &[("class", "lacks")], &format!("Not complete: {lack}."))?;
    }
    let is_empty = chart.rows.iter().all(|row| row.counts.iter().all(|count| *count == 0));
    if is_empty {
        html.raw("<p>Nothing to draw.</p>\n")?;
        return html.close("figure");
    }
    if chart.series.len() > 1 {
        legend(html, chart)?;
    }
    match chart.shape {
        Shape::Columns => columns(html, chart)?,
        Shape::Bars => bars(html, chart)?,
    }
    numbers(html, chart)?;
    html.close("figure")
}

fn legend(html: &mut Html<'_>, chart: &Chart) -> io::Result<()> {
    html.raw("<ul class=\"legend\" aria-hidden=\"true\">")?;
    for (series, fill) in chart.series.iter().zip(FILLS) {
        html.raw("<li>")?;
        html.open("span", &[("class", &format!("swatch {fill}"))])?;
        html.raw("</span> ")?;
        html.text(series)?;
        html.raw("</li>")?;
    }
    html.raw("</ul>\n")
}

fn begin(html: &mut Html<'_>, chart: &Chart, height: u32) -> io::Result<()> {
    let (title, about) = (format!("{}-title", chart.id), format!("{}-about", chart.id));
    html.open(
        "svg",
        &[
            ("viewBox", &format!("0 0 {WIDTH} {height}")),
            ("role", "img"),
            ("aria-labelledby", &title),
            ("aria-describedby", &about),
        ],
    )?;
    html.element("title", &[("id", &title)], chart.title)?;
    html.element("desc", &[("id", &about)], &format!("{} {}", chart.about, told(chart)))
}

/// The numbers in words, largest category first, for the description.
fn told(chart: &Chart) -> String {
    let mut rows: Vec<&Row> = chart.rows.iter().collect();
    if chart.shape == Shape::Bars {
        rows.sort_by_key(|row| std::cmp::Reverse(total(row)));
    }
    let row = |row: &&Row| {
        let counts = chart.series.iter().zip(&row.counts).map(|(series, count)| format!("{} {series}", number(*count)));
        format!("{}: {}", row.category, counts.collect::<Vec<_>>().join(", "))
    };
    format!("{}.", rows.iter().map(row).collect::<Vec<_>>().join("; "))
}

fn total(row: &Row) -> u64 {
    row.counts.iter().sum()
}

/// So much of `room` as `count` is of `most`, at least something for something.
fn scaled(count: u64, most: u64, room: u32) -> u32 {
    let share = u64::from(room).saturating_mul(count) / most.max(1);
    u32::try_from(share).unwrap_or(room).max(u32::from(count > 0)).min(room)
}

fn bars(html: &mut Html<'_>, chart: &Chart) -> io::Result<()> {
    let count = u32::try_from(chart.rows.len()).unwrap_or(u32::MAX);
    begin(html, chart, count.saturating_mul(BAR_STEP))?;
    let most = chart.rows.iter().map(total).max().unwrap_or(0);
    let mut top = 4;
    for row in &chart.rows {
        let middle = top + BAR / 2;
        write_text(html, &label(&row.category), BARS_FROM - 8, middle, "end")?;
        let (mut so_far, mut left) = (0, BARS_FROM);
        for ((count, series), fill) in row.counts.iter().zip(chart.series).zip(FILLS) {
            so_far += count;
            let right = BARS_FROM + scaled(so_far, most, BARS_TO - BARS_FROM);
            let what = format!("{}: {} {series}", row.category, number(*count));
            rect(html, fill, (left, top), (right.saturating_sub(left), BAR), &what)?;
            left = right;
        }
        write_text(html, &number(total(row)), left + 6, middle, "start")?;
        top += BAR_STEP;
    }
    html.close("svg")
}

fn columns(html: &mut Html<'_>, chart: &Chart) -> io::Result<()> {
    begin(html, chart, COLUMNS_TOP + COLUMNS_HEIGHT + 22)?;
    let most = chart.rows.iter().flat_map(|row| &row.counts).copied().max().unwrap_or(0);
    let base = COLUMNS_TOP + COLUMNS_HEIGHT;
    let rows = u32::try_from(chart.rows.len()).unwrap_or(u32::MAX).max(1);
    let step = (WIDTH / rows).max(4);
    let width = ((step - 2) / u32::try_from(chart.series.len()).unwrap_or(1).max(1)).max(1);
    write_text(html, &format!("most in a month: {}", number(most)), 0, 8, "start")?;
    for ((at, row), place) in chart.rows.iter().enumerate().zip(0_u32..) {
        let mut left = place * step;
        for ((count, series), fill) in row.counts.iter().zip(chart.series).zip(FILLS) {
            let height = scaled(*count, most, COLUMNS_HEIGHT);
            let what = format!("{}: {} {series}", row.category, number(*count));
            rect(html, fill, (left, base - height), (width, height), &what)?;
            left += width;
        }
        // Every sixth has room for its name.
        if at % 6 == 0 {
            write_text(html, &label(&row.category), place * step, base + 12, "start")?;
        }
    }
    let line = [("class", "axis"), ("x1", "0"), ("x2", &WIDTH.to_string()), ("y1", &base.to_string())];
    html.open("line", &[&line[..], &[("y2", &base.to_string())]].concat())?;
    html.raw("</line>")?;
    html.close("svg")
}

fn rect(
    html: &mut Html<'_>,
    fill: &str,
    (x, y): (u32, u32),
    (width, height): (u32, u32),
    what: &str,
) -> io::Result<()> {
    let [x, y, width, height] = [x, y, width, height].map(|length| length.to_string());
    html.open("rect", &[("class", fill), ("x", &x), ("y", &y), ("width", &width), ("height", &height)])?;
    html.element("title", &[], what)?;
    html.raw("</rect>")
}

fn write_text(html: &mut Html<'_>, text: &str, x: u32, y: u32, anchor: &str) -> io::Result<()> {
    let [x, y] = [x, y].map(|length| length.to_string());
    let attributes: [Attribute<'_>; 4] =
        [("x", &x), ("y", &y), ("text-anchor", anchor), ("dominant-baseline", "central")];
    html.element("text", &attributes, text)
}

fn label(category: &str) -> String {
    if category.chars().nth(LABEL).is_none() {
        return category.to_owned();
    }
    category.chars().take(LABEL - 1).chain(['…']).collect()
}

/// The same as a table.
fn numbers(html: &mut Html<'_>, chart: &Chart) -> io::Result<()> {
    html.raw("<details class=\"numbers\"><summary>The numbers</summary>\n<table>")?;
    html.element("caption", &[], chart.title)?;
    html.header_row(&[&["Group"], chart.series].concat(), 1..chart.series.len() + 1)?;
    html.raw("<tbody>\n")?;
    for row in &chart.rows {
        html.raw("<tr>")?;
        html.element("th", &[("scope", "row")], &row.category)?;
        row.counts.iter().try_for_each(|count| html.element("td", &[("class", "number")], &number(*count)))?;
        html.raw("</tr>\n")?;
    }
    html.raw("</tbody></table></details>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_seen_and_nothing_is_too_long() {
        assert_eq!((scaled(0, 10, 100), scaled(5, 10, 100), scaled(1, 1_000_000, 100)), (0, 50, 1));
        assert_eq!((scaled(u64::MAX, u64::MAX, 100), scaled(3, 0, 100)), (1, 100));
        assert_eq!(label("abc"), "abc");
        assert_eq!(label(&"x".repeat(40)).chars().count(), LABEL);
    }
}
