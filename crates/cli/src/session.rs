//! The first calls of a command that reads a workspace: whose token it is, what was chosen, which quota there is.

use std::sync::Arc;

use asana_fetch::{Client, ClientSettings, Identity, Quota, Seed, Selection, Token, WorkspaceSeen};
use asana_model::catalog::Scope;
use asana_model::{Event, Reporter};
use tokio_util::sync::CancellationToken;

use crate::exit::CliError;
use crate::scope;
use crate::settings::{Rate, Settings};

/// What every workspace of one run of the program shares.
pub(crate) struct Session<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) client: Arc<Client>,
    pub(crate) me: Identity,
    pub(crate) reporter: Arc<dyn Reporter>,
}

/// A session with the workspaces that the settings name. The seeds are pages that the first one need not ask for.
pub(crate) struct Opened<'a> {
    pub(crate) session: Session<'a>,
    pub(crate) workspaces: Vec<WorkspaceSeen>,
    pub(crate) seeds: Vec<Seed>,
}

impl<'a> Session<'a> {
    /// # Errors
    /// A rejected token, an unreachable server, a workspace that is not clear.
    pub(crate) async fn open(
        settings: &'a Settings,
        token: Token,
        cancel: CancellationToken,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Opened<'a>, CliError> {
        let client_settings = ClientSettings {
            base_url: settings.base_url.clone(),
            token,
            // Until the plan is known, the lower quota is safe.
            quota: match settings.rate {
                Rate::Auto => Quota::FREE,
                Rate::Fixed(quota) => quota,
            },
            concurrency: settings.concurrency,
            give_up_after: settings.give_up_after,
        };
        let client = Arc::new(Client::new(&client_settings, cancel, Arc::clone(&reporter))?);
        let me = client.me().await?;
        let (seen, seeds) = client.workspaces().await?;
        let workspaces = scope::workspaces(settings.workspace.as_deref(), &seen)?;
        Ok(Opened { session: Session { settings, client, me, reporter }, workspaces, seeds })
    }

    /// Finds out the quota, or takes the one that was set; it counts from then on.
    pub(crate) async fn choose_quota(&self, workspace: &WorkspaceSeen) -> Result<Quota, CliError> {
        let (quota, reason) = match self.settings.rate {
            Rate::Auto => self.client.probe_quota(&workspace.gid).await?,
            Rate::Fixed(quota) => (quota, "set by --rate"),
        };
        self.client.set_quota(quota);
        let requests_per_minute = quota.per_minute();
        self.reporter.report(&Event::QuotaChosen { requests_per_minute, reason });
        Ok(quota)
    }

    pub(crate) async fn selection(&self, workspace: &WorkspaceSeen) -> Result<Selection, CliError> {
        let Settings { projects, teams, resources, .. } = self.settings;
        let whole = projects.is_empty() && teams.is_empty();
        let chosen = scope::projects(&self.client, &workspace.gid, projects, teams).await?;
        let scope = if whole { Scope::Workspace } else { Scope::Projects };
        let via_search = self.settings.via_search;
        let downloads = self.settings.downloads;
        Ok(Selection { resources: resources.clone(), scope, chosen, via_search, downloads })
    }
}
