//! Words for names and texts, among them every shape that breaks a careless CSV or spreadsheet writer.

use super::hostile;
use super::rng::Dice;

/// Names that a careful exporter must carry through unchanged.
pub(crate) const ODD: &[&str] = &[
    "Budget, plan \"B\" and review",
    "two\nlines, one name",
    "🚀 Launch 🎉 👩‍👩‍👧‍👦",
    "مرحبا بالعالم – خطة",
    "=SUM(A1:A9)",
    "+49 30 1234567",
    "@everyone please read",
    "-3 degrees",
    "",
    "שלום \"עולם\", שוב",
    "tab\there; semicolon; 'quote'",
    "日本語のプロジェクト名",
    "  spaces around  ",
    "C:\\temp\\new",
    "NULL",
    "0012",
    "Zoë Müller-Lüdenscheidt’s naïve café",
    "<b>not html</b> & co",
    "line\r\nbreak of Windows",
    "1e5",
];

const FIRST: &[&str] = &[
    "Ada", "Björn", "Chidi", "Dana", "Elif", "Farah", "Goran", "Hanna", "Igor", "Jun", "Kira", "Liam", "Mei", "Noor",
    "Olga", "Paul", "Quinn", "Rosa", "Sven", "Tariq", "Uma", "Vera", "Wen", "Ximena", "Yusuf", "Zoë",
];
const LAST: &[&str] = &[
    "Abe",
    "Brandt",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ivanova",
    "Johansson",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "O'Brien",
    "Petrov",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Varga",
    "Weber",
];
const VERBS: &[&str] = &[
    "Review",
    "Draft",
    "Ship",
    "Plan",
    "Fix",
    "Research",
    "Approve",
    "Update",
    "Migrate",
    "Schedule",
    "Measure",
    "Translate",
    "Archive",
    "Call",
    "Test",
];
const NOUNS: &[&str] = &[
    "budget",
    "website",
    "onboarding",
    "contract",
    "release notes",
    "campaign",
    "roadmap",
    "invoice",
    "survey",
    "warehouse",
    "prototype",
    "press kit",
    "data model",
    "handbook",
    "newsletter",
    "security audit",
];
const AREAS: &[&str] =
    &["Marketing", "Engineering", "Finance", "People", "Sales", "Support", "Legal", "Design", "Operations", "Research"];
const SENTENCES: &[&str] = &[
    "Please check the numbers before Friday.",
    "See \"appendix, part 2\" for details;\nthe rest is unchanged.",
    "Agreed with the customer: 50 % now, 50 % later.",
    "=HYPERLINK(\"https://example.com\",\"click\")",
    "Première version, à relire.",
    "👍 looks good to me",
    "يرجى المراجعة",
    "Steps:\n1. open\n2. measure\n3. close",
    "Cost < 100 & quality > 3.",
    "+1",
];

pub(crate) fn person(dice: Dice) -> String {
    // A person without a name has their address for one.
    if let Some(name) = hostile::name(dice, "person").filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    if dice.chance("odd name", 6) {
        let odd = dice.pick("which odd", ODD);
        if !odd.is_empty() {
            return odd.to_owned();
        }
    }
    format!("{} {}", dice.pick("first", FIRST), dice.pick("last", LAST))
}

pub(crate) fn team(dice: Dice, number: u32) -> String {
    if let Some(name) = hostile::name(dice, "team") {
        return name.to_owned();
    }
    if dice.chance("odd name", 8) {
        return dice.pick("which odd", ODD).to_owned();
    }
    format!("{} {}", dice.pick("area", AREAS), number + 1)
}

pub(crate) fn project(dice: Dice) -> String {
    if let Some(name) = hostile::name(dice, "project") {
        return name.to_owned();
    }
    if dice.chance("odd name", 8) {
        return dice.pick("which odd", ODD).to_owned();
    }
    format!("{}: {} {}", dice.pick("area", AREAS), dice.pick("noun", NOUNS), 2023 + dice.below("year", 4))
}

pub(crate) fn task(dice: Dice) -> String {
    if let Some(name) = hostile::name(dice, "task") {
        return name.to_owned();
    }
    if dice.chance("odd name", 5) {
        return dice.pick("which odd", ODD).to_owned();
    }
    format!("{} {}", dice.pick("verb", VERBS), dice.pick("noun", NOUNS))
}

pub(crate) fn word(dice: Dice, salt: &str) -> &'static str {
    if let Some(name) = hostile::name(dice, salt) {
        name
    } else if dice.part(77).chance(salt, 10) {
        dice.pick(salt, ODD)
    } else {
        dice.pick(salt, NOUNS)
    }
}

/// Zero to four sentences; empty in `empty` of a hundred cases.
pub(crate) fn prose(dice: Dice, empty: u32) -> String {
    if dice.chance("no prose", empty) {
        return String::new();
    }
    let count = 1 + dice.below("sentences", 4);
    let sentence = |dice: Dice| hostile::name(dice, "sentence").unwrap_or_else(|| dice.pick("sentence", SENTENCES));
    let sentences: Vec<&str> = (0..count).map(|at| sentence(dice.part(at))).collect();
    sentences.join(if dice.chance("paragraphs", 30) { "\n\n" } else { " " })
}

/// The text as Asana's rich text: XML under one `<body>`, with an emphasised first word now and then.
pub(crate) fn rich(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    match escaped.split_once(' ') {
        Some((first, rest)) if first.len().is_multiple_of(2) && !first.is_empty() => {
            format!("<body><strong>{first}</strong> {rest}</body>")
        }
        _ => format!("<body>{escaped}</body>"),
    }
}
