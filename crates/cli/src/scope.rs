//! Which workspace, which projects: what the user named becomes gids, or a clear complaint.

use asana_export::progress::printable;
use asana_fetch::{Client, FetchError, Named, WorkspaceSeen};
use asana_model::Gid;

use crate::exit::CliError;
use crate::names;

/// The workspaces to export.
///
/// # Errors
/// A usage error that lists what there is, when the choice is not clear.
pub(crate) fn workspaces(wanted: Option<&str>, seen: &[WorkspaceSeen]) -> Result<Vec<WorkspaceSeen>, CliError> {
    let listed = || {
        let lines = seen.iter().map(|one| format!("\n  {}  {}", printable(&one.gid), printable(&one.name)));
        lines.collect::<String>()
    };
    match (wanted, seen) {
        (_, []) => Err(CliError::Usage(
            "the token sees no workspace; Asana leaves out those that do not allow personal access tokens: ask an \
             administrator to allow them, or use a service account's token"
                .to_owned(),
        )),
        (None, [only]) => Ok(vec![only.clone()]),
        (None, several) => Err(CliError::Usage(format!(
            "the token sees {} workspaces; choose one with --workspace GID or NAME, or all of them with --workspace all:{}",
            several.len(),
            listed()
        ))),
        (Some("all"), all) => Ok(all.to_vec()),
        (Some(name), all) => {
            let objects: Vec<_> = all.iter().map(|one| (one.gid.clone(), one.name.clone())).collect();
            let gid = names::choose("workspace", name, &objects)
                .map_err(|error| CliError::Usage(format!("{error}; the token sees:{}", listed())))?;
            Ok(all.iter().filter(|one| one.gid == gid).cloned().collect())
        }
    }
}

/// The gids of the projects that the user named, and of those of the teams that the user named.
///
/// # Errors
/// A usage error for a name that is unknown or not unique; whatever the requests meet.
pub(crate) async fn projects(
    client: &Client,
    workspace: &str,
    projects: &[String],
    teams: &[String],
) -> Result<Vec<Gid>, CliError> {
    let mut gids = Vec::new();
    if !projects.is_empty() {
        let all = client.names(&["projects"], &[("workspace", workspace)]).await?;
        for wanted in projects {
            gids.push(choose("project", wanted, &all)?);
        }
    }
    if !teams.is_empty() {
        let all = client.names(&["workspaces", workspace, "teams"], &[]).await?;
        for wanted in teams {
            let team = choose("team", wanted, &all)?;
            gids.extend(projects_of_team(client, &team).await?);
        }
    }
    gids.sort();
    gids.dedup();
    Ok(gids.iter().map(|gid| Gid::new(gid)).collect())
}

/// Both the projects that belong to the team, as older ones do, and those shared with it, as newer ones are.
async fn projects_of_team(client: &Client, team: &str) -> Result<Vec<String>, CliError> {
    let mut gids: Vec<String> =
        client.names(&["teams", team, "projects"], &[]).await?.into_iter().map(|project| project.gid).collect();
    match client.projects_shared_with(team).await {
        Ok(shared) => gids.extend(shared),
        // Where memberships of teams cannot be listed, the old form is all there is.
        Err(FetchError::Refused { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(gids)
}

fn choose(what: &str, wanted: &str, all: &[Named]) -> Result<String, CliError> {
    let objects: Vec<_> = all.iter().map(|one| (one.gid.clone(), one.name.clone())).collect();
    names::choose(what, wanted, &objects).map(str::to_owned).map_err(CliError::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(names: &[&str]) -> Vec<WorkspaceSeen> {
        let one = |(place, name): (usize, &&str)| WorkspaceSeen {
            gid: place.to_string(),
            name: (*name).to_owned(),
            is_organization: true,
        };
        names.iter().enumerate().map(one).collect()
    }

    fn check(wanted: Option<&str>, names: &[&str], expected: Result<&[&str], &str>) {
        match (workspaces(wanted, &seen(names)), expected) {
            (Ok(found), Ok(expected)) => {
                assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), expected);
            }
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn one_workspace_is_taken_and_several_are_asked_about() {
        check(None, &["A"], Ok(&["A"]));
        check(None, &["A", "B"], Err("choose one with --workspace"));
        check(None, &["A", "B"], Err("1  B"));
        check(Some("b"), &["A", "B"], Ok(&["B"]));
        check(Some("0"), &["A", "B"], Ok(&["A"]));
        check(Some("all"), &["A", "B"], Ok(&["A", "B"]));
        check(Some("Acne"), &["Acme", "B"], Err("did you mean Acme?"));
        check(None, &[], Err("do not allow personal access tokens"));
    }
}
