use super::*;
use crate::rule::Severity;
use crate::testing::{audit, finding};

#[test]
fn csv_has_a_line_for_each_finding_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("audit");
    let mut one = finding("a", "1", Severity::High);
    one.object_name = "=1+1, \"x\"\ny".to_owned();
    one.state = Some(State::New);
    one.accepted = Some(crate::audit::Acceptance { reason: "known".to_owned(), until: Some("2026-12-31".to_owned()) });
    write_csv(&folder, &audit(vec![one], &[])).unwrap();
    let text = fs::read_to_string(folder.join(FINDINGS_CSV)).unwrap();
    assert_eq!(
        text,
        "id,rule,category,severity,object_type,object_gid,object_name,permalink,people,explanation,accepted_reason,\
         accepted_until,state\n\
         a/1,a,access,high,task,1,\"'=1+1, \"\"x\"\"\ny\",https://app.asana.com/0/0/1,Ada; Bob,is so,known,2026-12-31,new\n"
    );
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone_and_replaced_as_a_whole() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("audit");
    for _ in 0..2 {
        write_json(&folder, &audit(Vec::new(), &[])).unwrap();
    }
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join(FINDINGS_JSON))), (0o700, 0o600));
    let broken = write(&folder, FINDINGS_JSON, |_| Err(io::Error::other("the disk is full")));
    assert!(matches!(broken, Err(Error::NotWritten { .. })));
    assert!(fs::read_to_string(folder.join(FINDINGS_JSON)).unwrap().starts_with("{\n  \"audit_version\": 1"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}
