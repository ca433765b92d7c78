//! The report in a real browser: it loads alone, its controls work, and it can be read on any screen and on paper.

use std::fs;
use std::path::{Path, PathBuf};

use asana_simulator::{Action, Config, Pick, Plan, SERVICE_TOKEN, Size};
use serde_json::{Value, json};

use crate::support::browser::{Browser, base64};
use crate::support::{Export, Program, start, unlimited};

/// An export with its report and a comparison with a later one, both as pages.
struct Pages {
    report: PathBuf,
    changes: PathBuf,
    _out: tempfile::TempDir,
}

const NASTY: &str = "<script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>";

fn pages() -> Pages {
    // In a workspace whose names and texts mean harm.
    let size = Size::for_tasks(150);
    let simulator = start(Config { plan: Plan::Enterprise, size, hostile: true, ..unlimited(1, 0) });
    let out = tempfile::tempdir().unwrap();
    let export = |name: &str| {
        Export::new(&simulator, SERVICE_TOKEN, &out.path().join(name))
            .set("only", "all")
            .set("format", "csv")
            .complete();
    };
    export("old");
    for task in 0..40 {
        let action = Action::Edit { task: Pick::Number(task), name: Some(NASTY.to_owned()), notes: None };
        assert!(simulator.change(&action));
    }
    export("new");
    let run = |arguments: &[&str]| Program::new(arguments).inside(out.path()).run();
    run(&["audit", "new", "--format", "html"]).exits(0);
    run(&["diff", "old", "new", "--format", "html", "--out", "changes.html"]).exits(11);
    let path = |name: &str| out.path().join(name);
    Pages { report: path("new/audit/report.html"), changes: path("changes.html"), _out: out }
}

/// Opens a page, which has to ask for nothing but itself and to complain of nothing.
#[track_caller]
fn opens(browser: &mut Browser, page: &Path) {
    browser.open(page);
    assert_eq!(browser.value("document.readyState"), "complete");
    assert_eq!(browser.requests(), [format!("file://{}", page.display())]);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert!(browser.value("document.title").as_str().is_some_and(|title| title.contains("Example")));
    assert_eq!(browser.value("document.images.length"), 0);
    assert_eq!(browser.value("document.scripts.length"), 1);
    assert!(browser.value(&format!("document.body.textContent.includes({})", json!(NASTY))).as_bool().unwrap());
}

/// How many findings are seen.
const SEEN: &str = "[...document.querySelectorAll('section.rule tbody tr')].filter((row) => row.offsetParent).length";

/// Types into, or chooses in, a field of the filter.
fn set(browser: &mut Browser, id: &str, value: &str) {
    browser.value(&format!(
        "(() => {{ const field = document.getElementById('{id}'); field.value = {}; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()",
        json!(value)
    ));
}

#[test]
fn the_report_loads_alone_and_its_findings_are_filtered_and_sorted() {
    let Some(mut browser) = Browser::start() else { return };
    let pages = pages();
    opens(&mut browser, &pages.report);
    let all = browser.value(SEEN).as_u64().unwrap();
    assert!(all > 20, "{all}");

    set(&mut browser, "severity", "high");
    let high = browser.value(SEEN).as_u64().unwrap();
    assert!(high > 0 && high < all, "{high} of {all}");
    let others = "[...document.querySelectorAll('section.rule tbody tr')].filter((row) => row.offsetParent \
                  && row.dataset.severity !== 'high').length";
    assert_eq!(browser.value(others), 0);
    let said = browser.value("document.getElementById('shown').textContent");
    assert_eq!(said, format!("{high} listed findings are shown."));
    set(&mut browser, "severity", "");
    set(&mut browser, "category", "access");
    let rules = "[...document.querySelectorAll('section.rule')].filter((rule) => rule.offsetParent)";
    assert_eq!(browser.value(&format!("{rules}.every((rule) => rule.dataset.category === 'access')")), true);
    set(&mut browser, "category", "");
    set(&mut browser, "words", "document.title='OWNED'");
    let matching = browser.value(SEEN).as_u64().unwrap();
    assert!(matching > 0 && matching < all, "{matching} of {all}");
    set(&mut browser, "words", "no such words");
    assert_eq!(browser.value(SEEN), 0);
    set(&mut browser, "words", "");
    assert_eq!(browser.value(SEEN), all);

    let longest = "[...document.querySelectorAll('table.sortable')].sort((a, b) => b.rows.length - a.rows.length)[0]";
    let names = format!("[...{longest}.tBodies[0].rows].map((row) => row.cells[0].textContent)");
    let click = format!("{longest}.tHead.rows[0].cells[0].querySelector('button').click()");
    let state = format!("{longest}.tHead.rows[0].cells[0].getAttribute('aria-sort')");
    browser.value(&click);
    let up = browser.value(&names);
    assert_eq!(browser.value(&state), "ascending");
    browser.value(&click);
    let down = browser.value(&names);
    assert_eq!(browser.value(&state), "descending");
    let ordered = |names: &Value| names.as_array().unwrap().first().cloned();
    assert_ne!(ordered(&up), ordered(&down));
    assert_eq!(browser.value(&format!("{names}.length")).as_u64(), up.as_array().map(|names| names.len() as u64));
    let sorted = format!(
        "(() => {{ const order = new Intl.Collator(undefined, {{ numeric: true }}).compare; const names = {names}; \
         return names.every((name, at) => at === 0 || order(names[at - 1], name) >= 0); }})()"
    );
    assert_eq!(browser.value(&sorted), true);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn pages_fit_every_screen_and_can_be_read_in_the_dark_and_on_paper() {
    let Some(mut browser) = Browser::start() else { return };
    let pages = pages();
    for (name, page) in [("report", &pages.report), ("changes", &pages.changes)] {
        opens(&mut browser, page);
        for (screen, width, scheme) in [("desktop", 1280, "light"), ("dark", 1280, "dark"), ("phone", 360, "light")] {
            let features = [("prefers-color-scheme", scheme)];
            browser.picture(&format!("{name}-{screen}"), width, &features, "screen");
            let wide = browser.value("document.documentElement.scrollWidth").as_u64().unwrap();
            assert!(wide <= u64::from(width), "{name} is {wide} wide on a {screen} of {width}");
            assert_eq!(browser.value(TOO_FAINT), json!([]), "{name}, {screen}");
        }
        // On paper everything is open, and controls are gone.
        browser.call("Emulation.setEmulatedMedia", &json!({"media": "print", "features": []}));
        let controls = "[...document.querySelectorAll('nav, form')].filter((one) => one.offsetParent).length";
        assert_eq!(browser.value(controls), 0, "{name}");
        let printed = browser.call("Page.printToPDF", &json!({"preferCSSPageSize": true, "printBackground": false}));
        let pdf = base64(printed["data"].as_str().unwrap());
        assert!(pdf.starts_with(b"%PDF"));
        fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(format!("{name}.pdf")), pdf).unwrap();
    }
}

/// Texts whose contrast with what is behind them is below 4.5, as (text, ratio).
/// Source: <https://www.w3.org/TR/WCAG21/#contrast-minimum>
const TOO_FAINT: &str = "(() => {
    const parse = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (color) => {
        const [r, g, b] = parse(color).map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if ((parse(color)[3] ?? 1) > 0) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const faint = new Map();
    for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || !element.getClientRects().length || element.closest('script, svg')) continue;
        const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) faint.set(`${element.tagName}.${element.className}`, ratio.toFixed(2));
    }
    return [...faint].slice(0, 10);
})()";

#[test]
fn whoever_does_not_see_the_report_finds_the_way() {
    let Some(mut browser) = Browser::start() else { return };
    let pages = pages();
    for page in [&pages.report, &pages.changes] {
        opens(&mut browser, page);
        let found = |selector: &str| format!("document.querySelectorAll({}).length", json!(selector));
        for landmark in ["header", "main", "footer", "h1"] {
            assert_eq!(browser.value(&found(landmark)), 1, "{landmark}");
        }
        assert_eq!(browser.value("document.documentElement.lang"), "en");
        // Each table has a caption, each heading cell says what it is a heading of, each field has a label.
        assert_eq!(browser.value(&found("table:not(:has(caption))")), 0);
        assert_eq!(browser.value(&found("th:not([scope])")), 0);
        assert_eq!(browser.value(&found(":is(input, select):not(label *)")), 0);
        assert_eq!(browser.value(&found("svg:not([role=img])")), 0);
        assert_eq!(browser.value(&found("section:not([aria-labelledby])")), 0);
        // The first thing that the keyboard reaches leads past everything else.
        let keys = ["keyDown", "keyUp"];
        for kind in keys {
            browser.call(
                "Input.dispatchKeyEvent",
                &json!({"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}),
            );
        }
        assert_eq!(browser.value("document.activeElement.className"), "skip");
        assert_eq!(browser.value("document.activeElement.getBoundingClientRect().left >= 0"), true);
    }
}
