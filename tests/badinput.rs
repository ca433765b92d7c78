//! What people get wrong, and servers that are not Asana: one clear error, what to do about it, the right exit code,
//! within seconds.

use std::time::Duration;

use asana_simulator::ADMIN_TOKEN;

use crate::support::server::{OddServer, nobody};
use crate::support::{Ended, Export, Program, start, unlimited};

const SOON: Duration = Duration::from_secs(10);

/// Runs an export that should not get far; nothing may be left of it.
#[track_caller]
fn fails(change: impl FnOnce(Export) -> Export, code: i32, pieces: &[&str]) -> Ended {
    let simulator = start(unlimited(1, 10));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = change(Export::new(&simulator, ADMIN_TOKEN, &path)).run().exits(code).says(pieces).says_once();
    assert!(ended.took < SOON, "it took {:?}", ended.took);
    assert!(!path.join("manifest.json").exists());
    ended
}

fn export_with(environment: &[(&str, &str)], flags: &[&str]) -> Ended {
    let simulator = start(unlimited(1, 10));
    let out = tempfile::tempdir().unwrap();
    let (base, path) = (simulator.base_url(), out.path().join("out"));
    let usual =
        ["export", "--base-url", &base, "--rate", "none", "--progress", "none", "--out", path.to_str().unwrap()];
    let program = Program::new(usual.iter().chain(flags));
    let program = environment.iter().fold(program, |program, (name, value)| program.env(name, value));
    let ended = program.run();
    assert_eq!(simulator.stats().requests, 0, "nothing is sent");
    ended
}

#[test]
fn without_a_token_it_says_where_to_put_one() {
    export_with(&[], &[]).exits(4).says(&["ASANA_ACCESS_TOKEN", "--token-file", "auth"]).says_once();
    export_with(&[("ASANA_ACCESS_TOKEN", "  ")], &[]).exits(4).says(&["ASANA_ACCESS_TOKEN"]);
}

#[test]
fn a_malformed_token_is_named_without_showing_it() {
    let ended = export_with(&[("ASANA_ACCESS_TOKEN", "zwei w\u{f6}rter")], &[]).exits(4).says_once();
    assert!(!ended.stderr.contains("zwei"), "{}", ended.stderr);
}

#[test]
fn a_rejected_token_exits_with_4_and_says_how_to_get_another() {
    let simulator = start(unlimited(1, 10));
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("out");
    let ended = Export::new(&simulator, "no-such-token", &path).run().exits(4).says(&["rejected", "auth"]).says_once();
    assert_eq!(simulator.stats().requests, 1, "a 401 is not asked again");
    assert!(!path.exists(), "and nothing is written");
    assert!(!ended.stderr.contains("no-such-token"), "{}", ended.stderr);
}

#[test]
fn a_token_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, ADMIN_TOKEN).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    export_with(&[], &["--token-file", file.to_str().unwrap()]).exits(2).says(&["chmod 600"]);
    export_with(&[], &["--token-file", "/no/such/file"]).exits(1).says(&["/no/such/file"]);
}

#[test]
fn a_token_comes_from_a_file_or_from_standard_input() {
    use std::os::unix::fs::PermissionsExt as _;
    let simulator = start(unlimited(1, 10));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{ADMIN_TOKEN}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let check = |source: &str| {
        let base = simulator.base_url();
        Program::new(["auth", "check", "--base-url", &base, "--token-file", source])
    };
    check(file.to_str().unwrap()).run().exits(0);
    check("-").run_with_input(&format!("{ADMIN_TOKEN}\n")).exits(0);
    check("-").run_with_input("").exits(4);
}

#[test]
fn unknown_names_get_near_matches() {
    fails(|export| export.set("only", "taks"), 2, &["taks", "tasks"]);
    fails(|export| export.set("skip", "storys"), 2, &["storys", "stories"]);
    fails(|export| export.set("format", "cvs"), 2, &["cvs", "csv"]);
    fails(|export| export.set("workspace", "Exampel, \"Simulated\""), 2, &["Simulated"]);
    fails(|export| export.set("project", "12345"), 2, &["12345"]);
    fails(|export| export.set("team", "nobody's"), 2, &["nobody"]);
}

#[test]
fn a_misspelt_project_is_answered_with_the_right_name() {
    let simulator = start(unlimited(1, 10));
    let projects = simulator.truth().records("projects", ADMIN_TOKEN);
    let name = projects.iter().filter_map(|project| project["name"].as_str()).find(|name| !name.contains(',')).unwrap();
    let misspelt = format!("{name}s");
    fails(|export| export.set("project", &misspelt), 2, &["did you mean", name]);
}

#[test]
fn values_out_of_range_name_the_range() {
    fails(|export| export.set("rate", "0"), 2, &["--rate"]);
    fails(|export| export.set("concurrency", "51"), 2, &["50"]);
    fails(|export| export.set("progress", "loud"), 2, &["plain"]);
    fails(|export| export.set("attachments", "some"), 2, &["none"]);
    fails(|export| export.set("only", "tags").set("skip", "tags"), 2, &["nothing"]);
}

#[test]
fn an_unknown_flag_is_a_usage_error() {
    let ended = Program::new(["export", "--formt", "csv"]).run().exits(2);
    assert!(ended.stderr.contains("--format"), "{}", ended.stderr);
    Program::new(["exprot"]).run().exits(2);
    Program::new::<&str>([]).run().exits(2);
}

#[test]
fn a_settings_file_with_a_wrong_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("asana-workspace.toml"), "fromat = ['csv']\n").unwrap();
    let program = Program::new(["export"]).inside(folder.path()).env("ASANA_ACCESS_TOKEN", ADMIN_TOKEN);
    program.run().exits(2).says(&["fromat", "asana-workspace.toml"]);
}

/// An export from something that is not Asana: exit 1 and one error.
#[track_caller]
fn not_asana(base_url: &str, pieces: &[&str]) {
    let out = tempfile::tempdir().unwrap();
    let ended = Export::from(base_url, ADMIN_TOKEN, &out.path().join("out")).run().exits(1).says(pieces).says_once();
    assert!(ended.took < SOON, "it took {:?}", ended.took);
    assert!(!out.path().join("out").exists(), "nothing is written");
}

#[test]
fn a_server_that_is_not_asana_is_told_apart() {
    let html = OddServer::new("200 OK", "Content-Type: text/html\r\n", "<html><body>Sign in</body></html>");
    not_asana(&html.base_url(), &["--base-url", "proxy"]);
    assert_eq!(html.asked().len(), 1);
    let other = OddServer::new("200 OK", "Content-Type: application/json\r\n", r#"{"login": "octocat", "id": 1}"#);
    not_asana(&other.base_url(), &["--base-url"]);
    let list = OddServer::new("200 OK", "Content-Type: application/json\r\n", r#"{"data": [1, 2]}"#);
    not_asana(&list.base_url(), &["--base-url"]);
    let missing = OddServer::new("404 Not Found", "Content-Type: text/html\r\n", "<h1>Not found</h1>");
    not_asana(&missing.base_url(), &["404"]);
    let teapot = OddServer::new("418 I'm a teapot", "", "");
    not_asana(&teapot.base_url(), &["418"]);
    let nothing = OddServer::new("200 OK", "", "");
    not_asana(&nothing.base_url(), &["--base-url"]);
}

#[test]
fn a_redirect_to_another_host_does_not_get_the_token() {
    let thief = OddServer::new("200 OK", "", r#"{"data": {"gid": "1"}}"#);
    let elsewhere = thief.base_url().replace("127.0.0.1", "localhost");
    let redirect = OddServer::new("302 Found", &format!("Location: {elsewhere}\r\n"), "");
    not_asana(&redirect.base_url(), &[]);
    assert_eq!(thief.asked(), Vec::<String>::new());
}

#[test]
fn nothing_listening_is_told_within_seconds() {
    not_asana(&nobody(), &["cannot reach", "same command"]);
}

#[test]
fn plain_http_goes_to_this_machine_only() {
    let out = tempfile::tempdir().unwrap();
    for url in ["http://app.asana.com/api/1.0", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/", "nonsense"] {
        let ended = Export::from(url, ADMIN_TOKEN, &out.path().join("out")).run().exits(2).says_once();
        assert!(ended.took < Duration::from_secs(2), "refused before anything is looked up: {:?}", ended.took);
    }
    let server = OddServer::new("200 OK", "", "{}");
    let with_secret = server.base_url().replace("127.0.0.1", "me:secret@127.0.0.1");
    let ended = Export::from(&with_secret, ADMIN_TOKEN, &out.path().join("out")).run().exits(2);
    assert!(!ended.stderr.contains("secret"), "{}", ended.stderr);
    assert_eq!(server.asked(), Vec::<String>::new());
}
