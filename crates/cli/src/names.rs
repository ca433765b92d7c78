//! Choosing things by name, and saying what was meant when a name is unknown.

/// The candidates that look most like `name`, best first, at most three.
pub(crate) fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (likeness(&name, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score > 0.78)
        .collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Higher is more alike: a slip of the fingers counts as near however short the name is.
fn likeness(one: &str, other: &str) -> f64 {
    let slip = strsim::damerau_levenshtein(one, other) <= 1 && one.len() > 2;
    strsim::jaro_winkler(one, other) + if slip { 0.5 } else { 0.0 }
}

/// "there is no resource called taks (did you mean tasks?)".
pub(crate) fn unknown<'a>(what: &str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = near(name, candidates);
    let name = asana_export::progress::printable(name);
    if near.is_empty() {
        format!("there is no {what} called {name}")
    } else {
        format!("there is no {what} called {name} (did you mean {}?)", near.join(", or "))
    }
}

/// The one of `objects` (gid, name) that `wanted` names by gid, by name, or by name in other capitals.
///
/// # Errors
/// A sentence: it is unknown (with near matches), or several have that name (with their gids).
pub(crate) fn choose<'a>(what: &str, wanted: &str, objects: &'a [(String, String)]) -> Result<&'a str, String> {
    if let Some((gid, _)) = objects.iter().find(|(gid, _)| gid == wanted) {
        return Ok(gid);
    }
    let exact: Vec<&str> = objects.iter().filter(|(_, name)| name == wanted).map(|(gid, _)| gid.as_str()).collect();
    let folded = || {
        let wanted = wanted.to_lowercase();
        objects.iter().filter(|(_, name)| name.to_lowercase() == wanted).map(|(gid, _)| gid.as_str()).collect()
    };
    let found: Vec<&str> = if exact.is_empty() { folded() } else { exact };
    match found.as_slice() {
        [gid] => Ok(gid),
        [] => Err(unknown(what, wanted, objects.iter().map(|(_, name)| name.as_str()))),
        several => Err(format!(
            "{} {what}s are called {}; choose one by its gid: {}",
            several.len(),
            asana_export::progress::printable(wanted),
            several.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects() -> Vec<(String, String)> {
        [("1", "Launch"), ("2", "Launch"), ("3", "Budget"), ("4", "7")]
            .map(|(gid, name)| (gid.to_owned(), name.to_owned()))
            .to_vec()
    }

    #[test]
    fn a_gid_or_a_name_chooses() {
        let objects = objects();
        assert_eq!(choose("project", "3", &objects), Ok("3"));
        assert_eq!(choose("project", "Budget", &objects), Ok("3"));
        assert_eq!(choose("project", "budget", &objects), Ok("3"));
        assert_eq!(choose("project", "7", &objects), Ok("4"));
    }

    #[test]
    fn what_is_not_clear_is_said() {
        let objects = objects();
        let twice = choose("project", "Launch", &objects).unwrap_err();
        assert_eq!(twice, "2 projects are called Launch; choose one by its gid: 1, 2");
        let unknown = choose("project", "Bugdet", &objects).unwrap_err();
        assert_eq!(unknown, "there is no project called Bugdet (did you mean Budget?)");
        assert_eq!(choose("project", "xyz", &objects).unwrap_err(), "there is no project called xyz");
    }
}
