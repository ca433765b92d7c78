use super::*;
use crate::rule::Severity;
use crate::testing::{audit, finding};

#[test]
fn new_fixed_remaining_and_what_nobody_looked_for() {
    let high = |rule, object| finding(rule, object, Severity::High);
    let old = audit(vec![high("a", "1"), high("a", "2"), high("dark", "3"), high("left-out", "4")], &[]);
    let dark = Outcome::NotAssessed { reason: "x".to_owned() };
    let mut new = audit(vec![high("a", "2"), high("b", "5"), high("b", "6")], &[("dark", dark)]);
    new.findings[2].accepted = Some(crate::audit::Acceptance { reason: "known".to_owned(), until: None });
    new.compare(&old);
    assert_eq!(
        new.findings.iter().map(|one| one.state.unwrap()).collect::<Vec<_>>(),
        [State::Remaining, State::New, State::New]
    );
    let compared = new.compared.unwrap();
    assert_eq!((compared.new, compared.remaining, compared.unknown), (1, 1, 2));
    assert_eq!(compared.fixed.iter().map(|one| one.object_gid.as_str()).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn other_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("findings.json");
    assert!(matches!(Audit::read(&path), Err(Error::Unreadable { .. })));
    fs::write(&path, "{}").unwrap();
    assert!(matches!(Audit::read(&path), Err(Error::NotFindings { .. })));
    fs::write(&path, r#"{"audit_version": 9}"#).unwrap();
    assert!(matches!(Audit::read(&path), Err(Error::FindingsVersion { found: 9, .. })));
    let written = audit(vec![finding("a", "1", Severity::Low)], &[]);
    crate::files::write_json(folder.path(), &written).unwrap();
    assert_eq!(Audit::read(&path).unwrap(), written);
}
