//! The parts of a workbook besides its rows: how sheets begin and end, what they are called, and the list of them.

use std::collections::HashSet;
use std::fmt::Write as _;

use asana_model::{Column, ColumnKind};

use super::xml::{self, Content, Look};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/// UTF-16 units of a sheet's name.
const NAME_UNITS: usize = 31;
/// Widest column, in characters.
const WIDEST: usize = 60;
/// What the list of sheets is called.
const INDEX: &str = "index";

/// What a reader of the list has to know.
const NOTES: &[&str] = &[
    "Times are UTC. Identifiers (gids) are text.",
    "An empty cell is null; a cell that looks empty and has text of no length in it is an empty text.",
    "Numbers of more than 15 digits, and dates before 1900, are text, so that no digit is lost.",
    "Texts of more than 32,767 characters are cut and end in a mark; the table export_oddities lists them.",
    "Tables of more rows than a sheet has go on in the sheet after it.",
];

/// Looks, in the order of [`Look`].
const STYLES: &str = r#"<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss.000"/></numFmts><fonts count="3"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"#;

/// A sheet that is complete.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) table: String,
    pub(super) about: String,
    /// Which of the table's sheets it is, from 1.
    pub(super) number: usize,
    /// Besides the header.
    pub(super) rows: u32,
    pub(super) columns: usize,
    /// The number in its file's name.
    pub(super) file: usize,
}

impl Sheet {
    /// Its file in the package.
    pub(super) fn path(&self) -> String {
        format!("xl/worksheets/sheet{}.xml", self.file)
    }
}

/// The beginning of a sheet, up to the end of its header.
pub(super) fn sheet_begin(columns: &[Column], units: usize) -> String {
    let widths = columns.iter().map(|column| {
        let least = match column.kind {
            ColumnKind::Gid => 19,
            ColumnKind::Timestamp => 24,
            ColumnKind::Text => 30,
            ColumnKind::Date | ColumnKind::Number | ColumnKind::Integer | ColumnKind::Boolean => 12,
        };
        // The button of the filter takes room, too.
        least.max(column.name.chars().count() + 4).min(WIDEST)
    });
    let mut xml = begin(widths, false);
    push_heading(&mut xml, columns.iter().map(|column| column.name.as_str()), units);
    xml
}

/// The end of a sheet that has so many columns, and rows besides the header.
pub(super) fn sheet_end(columns: usize, rows: u32) -> String {
    let all = range(columns, rows);
    format!(
        "</sheetData><autoFilter ref=\"{all}\"/><pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" \
         header=\"0.3\" footer=\"0.3\"/><ignoredErrors><ignoredError sqref=\"{all}\" numberStoredAsText=\"1\"/>\
         </ignoredErrors></worksheet>"
    )
}

/// All parts but the sheets of tables, by their names; sheets come in the order in which they will be shown.
pub(super) fn of(sheets: &[Sheet]) -> Vec<(String, String)> {
    let names = names(sheets);
    let part = |name: &str, text: String| (name.to_owned(), format!("{DECLARATION}{text}"));
    vec![
        ("xl/worksheets/sheet1.xml".to_owned(), index(sheets, &names)),
        part("xl/workbook.xml", workbook(sheets, &names)),
        part("xl/_rels/workbook.xml.rels", workbook_relationships(sheets)),
        part("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>")),
        part(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{RELATIONSHIPS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        part("[Content_Types].xml", content_types(sheets)),
    ]
}

/// Names of sheets: those of the tables, cut to the length that is allowed and told apart.
fn names(sheets: &[Sheet]) -> Vec<String> {
    let mut taken = HashSet::from([INDEX.to_owned(), "history".to_owned()]);
    let mut names = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let part = if sheet.number > 1 { format!(" ({})", sheet.number) } else { String::new() };
        let forbidden = |character: char| character.is_control() || "[]:*?/\\'".contains(character);
        let plain = sheet.table.replace(forbidden, "_");
        let mut end = part.clone();
        let mut turn = 1;
        let name = loop {
            let mut room = NAME_UNITS.saturating_sub(end.chars().count());
            let fits = |character: &char| {
                let rest = room.checked_sub(character.len_utf16());
                room = rest.unwrap_or(0);
                rest.is_some()
            };
            let name: String = plain.chars().take_while(fits).chain(end.chars()).collect();
            if taken.insert(name.to_lowercase()) {
                break name;
            }
            turn += 1;
            end = format!("~{turn}{part}");
        };
        names.push(name);
    }
    names
}

/// The beginning of a sheet, up to its rows.
fn begin(widths: impl Iterator<Item = usize>, is_selected: bool) -> String {
    let selected = if is_selected { "tabSelected=\"1\" " } else { "" };
    let mut xml = format!(
        "{DECLARATION}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONSHIPS}\"><sheetViews><sheetView {selected}\
         workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
         <selection pane=\"bottomLeft\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>"
    );
    for (place, width) in (1..).zip(widths) {
        // Writing to a String cannot fail; nor can it below.
        let _ok = write!(xml, "<col min=\"{place}\" max=\"{place}\" width=\"{width}\" customWidth=\"1\"/>");
    }
    xml.push_str("</cols><sheetData>");
    xml
}

fn push_heading<'n>(xml: &mut String, names: impl Iterator<Item = &'n str>, units: usize) {
    xml.push_str("<row r=\"1\">");
    for (place, name) in names.enumerate() {
        let cut = xml::cut(name, units).map(|(kept, _)| kept);
        xml::push_cell(xml, (place, 1), Look::Heading, &Content::Text(cut.as_deref().unwrap_or(name)));
    }
    xml.push_str("</row>");
}

/// The list of sheets, with links.
fn index(sheets: &[Sheet], names: &[String]) -> String {
    let mut xml = begin([36, 36, 12, 12, 90].into_iter(), true);
    push_heading(&mut xml, ["table", "sheet", "rows", "columns", "about"].into_iter(), usize::MAX);
    let mut links = String::new();
    let mut row = 1;
    for (sheet, name) in sheets.iter().zip(names) {
        row += 1;
        let _ok = write!(xml, "<row r=\"{row}\">");
        let text = Content::Text;
        let cells = [
            (Look::Plain, text(&sheet.table)),
            (Look::Link, text(name)),
            (Look::Plain, Content::Count(sheet.rows.into())),
            (Look::Plain, Content::Count(sheet.columns as u64)),
            (Look::Plain, text(&sheet.about)),
        ];
        for (place, (look, content)) in cells.iter().enumerate() {
            xml::push_cell(&mut xml, (place, row), *look, content);
        }
        xml.push_str("</row>");
        let _ok = write!(links, "<hyperlink ref=\"B{row}\" location=\"{}!A1\"/>", quoted(name));
    }
    let last = row;
    // An empty row, so that the filter ends above the notes.
    row += 1;
    for note in NOTES {
        row += 1;
        let _ok = write!(xml, "<row r=\"{row}\">");
        xml::push_cell(&mut xml, (0, row), Look::Plain, &Content::Text(note));
        xml.push_str("</row>");
    }
    let links = if links.is_empty() { links } else { format!("<hyperlinks>{links}</hyperlinks>") };
    let _ok = write!(xml, "</sheetData><autoFilter ref=\"{}\"/>{links}</worksheet>", range(5, last - 1));
    xml
}

fn workbook(sheets: &[Sheet], names: &[String]) -> String {
    let mut xml = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONSHIPS}\"><bookViews><workbookView/></bookViews><sheets>\
         <sheet name=\"{INDEX}\" sheetId=\"1\" r:id=\"rId1\"/>"
    );
    for (sheet, name) in sheets.iter().zip(names) {
        xml.push_str("<sheet name=\"");
        xml::push_text(&mut xml, name);
        let _ok = write!(xml, "\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", sheet.file);
    }
    xml.push_str("</sheets><definedNames>");
    let rows = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
    let index = [(INDEX, 5, rows)];
    let tables = sheets.iter().zip(names).map(|(sheet, name)| (name.as_str(), sheet.columns, sheet.rows));
    for (place, (name, columns, rows)) in index.into_iter().chain(tables).enumerate() {
        let _ok = write!(
            xml,
            "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{place}\" hidden=\"1\">{}!{}</definedName>",
            quoted(name),
            absolute(columns, rows)
        );
    }
    xml.push_str("</definedNames></workbook>");
    xml
}

/// A sheet's name in a reference, as XML.
fn quoted(name: &str) -> String {
    let mut xml = String::from("'");
    xml::push_text(&mut xml, &name.replace('\'', "''"));
    xml.push('\'');
    xml
}

fn workbook_relationships(sheets: &[Sheet]) -> String {
    let mut xml = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for file in std::iter::once(1).chain(sheets.iter().map(|sheet| sheet.file)) {
        let _ok = write!(
            xml,
            "<Relationship Id=\"rId{file}\" Type=\"{RELATIONSHIPS}/worksheet\" Target=\"worksheets/sheet{file}.xml\"/>"
        );
    }
    let styles = sheets.len() + 2;
    let _ok = write!(
        xml,
        "<Relationship Id=\"rId{styles}\" Type=\"{RELATIONSHIPS}/styles\" Target=\"styles.xml\"/></Relationships>"
    );
    xml
}

fn content_types(sheets: &[Sheet]) -> String {
    let mut xml = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"{DOCUMENT}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" \
         ContentType=\"{DOCUMENT}.styles+xml\"/>"
    );
    for file in std::iter::once(1).chain(sheets.iter().map(|sheet| sheet.file)) {
        let _ok = write!(
            xml,
            "<Override PartName=\"/xl/worksheets/sheet{file}.xml\" ContentType=\"{DOCUMENT}.worksheet+xml\"/>"
        );
    }
    xml.push_str("</Types>");
    xml
}

/// All cells of a sheet, as in `A1:C9`.
fn range(columns: usize, rows: u32) -> String {
    let mut text = "A1:".to_owned();
    xml::push_column(&mut text, columns.saturating_sub(1));
    let _ok = write!(text, "{}", u64::from(rows) + 1);
    text
}

/// The same as in `$A$1:$C$9`.
fn absolute(columns: usize, rows: u32) -> String {
    let mut text = "$A$1:$".to_owned();
    xml::push_column(&mut text, columns.saturating_sub(1));
    let _ok = write!(text, "${}", u64::from(rows) + 1);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_fit_and_differ() {
        let sheet = |table: &str, number| Sheet {
            table: table.to_owned(),
            about: String::new(),
            number,
            rows: 0,
            columns: 1,
            file: 2,
        };
        let long = "portfolio_custom_field_references";
        let sheets = [
            sheet("tasks", 1),
            sheet("tasks", 2),
            sheet("Tasks", 1),
            sheet("index", 1),
            sheet(long, 1),
            sheet(&format!("{long}_more"), 1),
            sheet(long, 12),
            sheet("a[b]:*?/\\'c", 1),
            sheet(&"🏭".repeat(20), 1),
        ];
        assert_eq!(
            names(&sheets),
            [
                "tasks",
                "tasks (2)",
                "Tasks~2",
                "index~2",
                "portfolio_custom_field_referenc",
                "portfolio_custom_field_refere~2",
                "portfolio_custom_field_ref (12)",
                "a_b_______c",
                &"🏭".repeat(15),
            ]
        );
    }
}
