//! Who is looking: whose token it is, and what that means for the completeness of a copy.

use asana_export::manifest;
use asana_fetch::{Client, FetchError, Standing, WorkspaceSeen};
use serde::{Deserialize, Serialize};

use crate::exit::CliError;

/// The token's owner in the workspace at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Viewer {
    Admin,
    Member,
    ViewOnly,
    Guest,
    /// Not a member of the workspace, and sees it nevertheless.
    ServiceAccount,
    /// Asana did not say.
    Unknown,
}

impl Viewer {
    /// Asks Asana.
    ///
    /// # Errors
    /// Whatever ends a run; a refusal does not.
    pub(crate) async fn find(client: &Client, workspace: &WorkspaceSeen) -> Result<Self, CliError> {
        match client.standing().await {
            Ok(all) => Ok(Self::of(all.iter().find(|standing| standing.workspace_gid == workspace.gid))),
            Err(FetchError::Refused { .. }) => Ok(Viewer::Unknown),
            Err(error) => Err(error.into()),
        }
    }

    fn of(standing: Option<&Standing>) -> Self {
        match standing {
            None => Viewer::ServiceAccount,
            Some(standing) if standing.is_guest => Viewer::Guest,
            Some(standing) if standing.is_view_only => Viewer::ViewOnly,
            Some(standing) if standing.is_admin => Viewer::Admin,
            Some(_) => Viewer::Member,
        }
    }

    fn role(self) -> Option<&'static str> {
        match self {
            Viewer::Admin => Some("admin"),
            Viewer::Member => Some("member"),
            Viewer::ViewOnly => Some("view-only member"),
            Viewer::Guest => Some("guest"),
            Viewer::ServiceAccount | Viewer::Unknown => None,
        }
    }

    /// "an admin's token", for messages.
    pub(crate) fn whose(self) -> &'static str {
        match self {
            Viewer::Admin => "an admin's token",
            Viewer::Member => "a member's token",
            Viewer::ViewOnly => "a view-only member's token",
            Viewer::Guest => "a guest's token",
            Viewer::ServiceAccount => "a service account's token",
            Viewer::Unknown => "a token of which Asana does not say whose it is",
        }
    }

    /// What the copy can lack although nothing was refused.
    fn implies(self) -> &'static [&'static str] {
        const PERSON: &[&str] = &[
            "Asana leaves out, without a word, what this person cannot see: private projects and tasks of others, \
             secret teams; an admin is no exception",
            "of portfolios only those that this person owns are listed; those inside them, and those that goals rest on, \
             were followed",
        ];
        const GUEST: &[&str] = &[
            "Asana leaves out, without a word, what is not shared with this guest: most projects, tasks and people",
            "of portfolios only those that this person owns are listed; those inside them, and those that goals rest on, \
             were followed",
        ];
        match self {
            Viewer::Admin | Viewer::Member | Viewer::ViewOnly => PERSON,
            Viewer::Guest => GUEST,
            Viewer::ServiceAccount => {
                &["a service account with full permissions sees everything in the organization, private things \
                 included; one with scoped permissions does not"]
            }
            Viewer::Unknown => &["what this token cannot see is left out by Asana without a word"],
        }
    }

    pub(crate) fn for_manifest(self) -> manifest::Viewer {
        let kind = match self {
            Viewer::ServiceAccount => "service account",
            Viewer::Unknown => "unknown",
            _ => "person",
        };
        manifest::Viewer {
            kind: kind.to_owned(),
            role: self.role().map(str::to_owned),
            implies: self.implies().iter().map(|text| (*text).to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_that_someone_may_do_names_them() {
        let standing = |is_admin, is_guest, is_view_only| Standing {
            workspace_gid: "1".to_owned(),
            is_admin,
            is_guest,
            is_view_only,
            is_active: true,
        };
        assert_eq!(Viewer::of(None), Viewer::ServiceAccount);
        assert_eq!(Viewer::of(Some(&standing(true, false, false))), Viewer::Admin);
        assert_eq!(Viewer::of(Some(&standing(false, true, true))), Viewer::Guest);
        assert_eq!(Viewer::of(Some(&standing(false, false, true))), Viewer::ViewOnly);
        assert_eq!(Viewer::of(Some(&standing(false, false, false))), Viewer::Member);
    }
}
