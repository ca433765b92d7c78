//! `auth`: how to get a token. `auth check`: whose it is.

use std::fmt::Write as _;
use std::sync::Arc;

use asana_export::progress::printable;
use asana_fetch::{Client, ClientSettings, Identity, Quota, Standing, WorkspaceSeen};
use tokio_util::sync::CancellationToken;

use crate::args::CheckArgs;
use crate::exit::{CliError, Exit};
use crate::settings::{DEFAULT_BASE_URL, DEFAULT_GIVE_UP_AFTER};
use crate::{output, token_source};

/// Source: <https://developers.asana.com/docs/personal-access-token>, <https://help.asana.com/s/article/service-accounts>
const STEPS: &str = "\
How to get a token

A personal access token sees what you see in Asana:
  1. Sign in at https://app.asana.com, click your photo at the top right, choose Settings.
  2. Open the tab Apps, then View developer console. (Directly: https://app.asana.com/0/my-apps)
  3. Click + Create new token, describe it, accept the terms, click Create token.
  4. Copy it at once: it is shown only once.

  If there is no such button, an administrator switched tokens off, or your role does not allow them.

A service account token (Enterprise plans) sees the whole organization, private projects included. A super admin makes it:
  Admin console, Apps, Service accounts, Add service account, choose full permissions.

How to hand it over

  export ASANA_ACCESS_TOKEN=...            for this shell
  --token-file FILE                        a file that only you can read (chmod 600 FILE); - reads standard input

Treat it as a password. This tool sends it to Asana only and never writes it anywhere.

Then

  asana-workspace auth check               whose token it is, and which workspaces it sees
  asana-workspace export                   copy everything it sees
";

pub(crate) fn explain() -> Result<Exit, CliError> {
    output::print(STEPS)?;
    Ok(Exit::Complete)
}

pub(crate) async fn check(args: &CheckArgs) -> Result<Exit, CliError> {
    let settings = ClientSettings {
        base_url: args.base_url.clone().unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
        token: token_source::token(args.token_file.as_deref())?,
        quota: Quota::FREE,
        concurrency: 1,
        give_up_after: DEFAULT_GIVE_UP_AFTER,
    };
    let silent = Arc::new(|_: &asana_model::Event| {});
    let client = Client::new(&settings, CancellationToken::new(), silent)?;
    let me = client.me().await?;
    let (workspaces, _) = client.workspaces().await?;
    let standing = client.standing().await?;
    output::print(&describe(&me, &workspaces, &standing))?;
    Ok(Exit::Complete)
}

fn describe(me: &Identity, workspaces: &[WorkspaceSeen], standing: &[Standing]) -> String {
    let shown = |text: &Option<String>| text.as_deref().map(|text| printable(text).into_owned());
    let mut text = format!("The token is {}'s", shown(&me.name).unwrap_or_else(|| "an unnamed user".to_owned()));
    // Writing to a String cannot fail.
    let _ok = match shown(&me.email) {
        Some(email) => writeln!(text, " ({email}, gid {}).", printable(&me.gid)),
        None => writeln!(text, " (gid {}).", printable(&me.gid)),
    };
    if workspaces.is_empty() {
        text.push_str(
            "It sees no workspace. Workspaces that do not allow personal access tokens are left out by Asana;\n",
        );
        text.push_str("ask an administrator to allow them, or use a service account's token.\n");
        return text;
    }
    text.push_str("It sees:\n");
    for workspace in workspaces {
        let kind = if workspace.is_organization { "organization" } else { "workspace" };
        let role = role(standing, &workspace.gid);
        let _ok = writeln!(text, "  {}  {} ({kind}, {role})", printable(&workspace.gid), printable(&workspace.name));
    }
    text
}

fn role(standing: &[Standing], workspace: &str) -> &'static str {
    // Someone who was removed and came back has an inactive row beside the active one.
    let of = |active| standing.iter().find(|row| row.workspace_gid == workspace && row.is_active == active);
    match of(true) {
        Some(Standing { is_admin: true, .. }) => "as an admin",
        Some(Standing { is_guest: true, .. }) => "as a guest: only what is shared with you",
        Some(Standing { is_view_only: true, .. }) => "with a view-only licence",
        Some(_) => "as a member",
        None if of(false).is_some() => "no longer active",
        None => "without a membership: a service account, perhaps",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_said_in_words() {
        let row = |is_active, is_admin, is_guest| Standing {
            workspace_gid: "1".to_owned(),
            is_admin,
            is_guest,
            is_view_only: false,
            is_active,
        };
        assert_eq!(role(&[row(false, true, false), row(true, false, false)], "1"), "as a member");
        assert_eq!(role(&[row(true, true, false)], "1"), "as an admin");
        assert!(role(&[row(true, false, true)], "1").starts_with("as a guest"));
        assert_eq!(role(&[row(false, false, false)], "1"), "no longer active");
        assert!(role(&[], "1").contains("service account"));
    }

    #[test]
    fn no_workspace_is_explained() {
        let me = Identity { gid: "7".to_owned(), name: Some("A\u{1b}[31mnn".to_owned()), email: None };
        let text = describe(&me, &[], &[]);
        assert!(text.contains("do not allow personal access tokens") && !text.contains('\u{1b}'), "{text}");
    }
}
