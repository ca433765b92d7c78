//! The first calls of a run: whose token it is, which workspaces it sees, what the workspace's plan allows.
//! Source: <https://developers.asana.com/reference/getuser>, <https://developers.asana.com/reference/getworkspaces>

use std::sync::Arc;

use asana_model::catalog;
use asana_model::raw::Object;
use serde::Serialize;

use crate::FetchError;
use crate::client::{Client, Failure};
use crate::crawl::Seed;
use crate::limits::{PAGE_SIZE, Quota};
use crate::page;
use crate::request::{OptFields, Request};
use crate::retry::Patience;

/// The token's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    pub gid: String,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// A workspace that the token can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkspaceSeen {
    pub gid: String,
    pub name: String,
    pub is_organization: bool,
}

/// The owner's place in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "Asana's own flags")]
pub struct Standing {
    pub workspace_gid: String,
    pub is_admin: bool,
    pub is_guest: bool,
    pub is_view_only: bool,
    pub is_active: bool,
}

/// An object by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub gid: String,
    pub name: String,
}

impl Client {
    /// Whose token it is: the first call, which tells whether there is an Asana and whether the token is good.
    ///
    /// # Errors
    /// A rejected token, an unreachable server, a server that is not Asana.
    pub async fn me(&self) -> Result<Identity, FetchError> {
        let fields = ["name", "email"].map(str::to_owned).to_vec();
        let mut request = request(&["users", "me"], &[], fields, None);
        let (_, mut records) = self.first_contact(&mut request).await?;
        let user = records.pop().unwrap_or_default();
        Ok(Identity {
            gid: user.gid.ok_or_else(|| FetchError::NotAsana {
                url: self.base().to_owned(),
                found: "a user without a gid".to_owned(),
            })?,
            name: user.name,
            email: user.email,
        })
    }

    /// The workspaces that the token sees. One that blocks personal access tokens is absent.
    ///
    /// The seed spares the run the same request, when one page holds them all.
    pub async fn workspaces(&self) -> Result<(Vec<WorkspaceSeen>, Vec<Seed>), FetchError> {
        let fields = catalog::resource("workspaces").map(catalog::Resource::opt_fields).unwrap_or_default();
        let mut request = request(&["workspaces"], &[], fields, Some(PAGE_SIZE));
        let path = request.path();
        let mut seeds = Vec::new();
        let mut all = Vec::new();
        loop {
            let (answer, records) = self.first_contact(&mut request).await?;
            all.extend(records.into_iter().filter_map(|record| {
                Some(WorkspaceSeen {
                    gid: record.gid?,
                    name: record.name.unwrap_or_default(),
                    is_organization: record.is_organization,
                })
            }));
            match answer.next {
                Some(offset) => request.offset = Some(offset),
                None if seeds.is_empty() && request.offset.is_none() => {
                    seeds.push(Seed { listing: "workspaces", path, body: answer.body });
                    return Ok((all, seeds));
                }
                None => return Ok((all, seeds)),
            }
        }
    }

    /// The owner's memberships: whether they are a guest or an admin, and where.
    pub async fn standing(&self) -> Result<Vec<Standing>, FetchError> {
        let fields = ["workspace", "is_admin", "is_guest", "is_view_only", "is_active"].map(str::to_owned).to_vec();
        let request = request(&["users", "me", "workspace_memberships"], &[], fields, Some(PAGE_SIZE));
        let standing = |record: Seen| {
            Some(Standing {
                workspace_gid: record.workspace_gid?,
                is_admin: record.is_admin,
                is_guest: record.is_guest,
                is_view_only: record.is_view_only,
                is_active: record.is_active,
            })
        };
        self.all(request, standing).await
    }

    /// Every object of a list by name, to find those that the user named.
    pub async fn names(&self, path: &[&str], query: &[(&'static str, &str)]) -> Result<Vec<Named>, FetchError> {
        let request = request(path, query, vec!["name".to_owned()], Some(PAGE_SIZE));
        let named = |record: Seen| Some(Named { gid: record.gid?, name: record.name.unwrap_or_default() });
        self.all(request, named).await
    }

    /// The projects that a team's memberships name: newer projects belong to no team and are shared with it instead.
    /// Source: <https://developers.asana.com/reference/getmemberships>
    pub async fn projects_shared_with(&self, team: &str) -> Result<Vec<String>, FetchError> {
        let query = [("member", team), ("resource_subtype", "project_membership")];
        // For project memberships the parent comes only when asked for.
        let request = request(&["memberships"], &query, vec!["parent".to_owned()], Some(PAGE_SIZE));
        self.all(request, |record| record.parent_gid).await
    }

    /// What `take` makes of the records of all pages.
    async fn all<T>(&self, mut request: Request, take: impl Fn(Seen) -> Option<T>) -> Result<Vec<T>, FetchError> {
        let mut all = Vec::new();
        loop {
            let (answer, records) = self.first_contact(&mut request).await?;
            all.extend(records.into_iter().filter_map(&take));
            match answer.next {
                Some(offset) => request.offset = Some(offset),
                None => return Ok(all),
            }
        }
    }

    /// Finds out the quota: task search exists on paid plans only, and one search tells.
    /// Source: <https://developers.asana.com/reference/searchtasksforworkspace>
    pub async fn probe_quota(&self, workspace: &str) -> Result<(Quota, &'static str), FetchError> {
        let mut request = request(&["workspaces", workspace, "tasks", "search"], &[], vec!["name".to_owned()], Some(1));
        match self.get(&mut request, Patience::FIRST_CONTACT, page_of).await {
            Ok(answer) if answer.decoded.is_some() => {
                Ok((Quota::PAID, "task search answers, so the plan is a paid one"))
            }
            Ok(answer) if answer.status == 402 => Ok((Quota::FREE, "task search needs a paid plan")),
            Ok(_) | Err(Failure::GaveUp { .. }) => {
                Ok((Quota::FREE, "the plan is not known, so the lower quota is safe"))
            }
            Err(Failure::Fatal(error)) => Err(error),
        }
    }

    async fn first_contact(&self, request: &mut Request) -> Result<(Contact, Vec<Seen>), FetchError> {
        let answer = match self.get(request, Patience::FIRST_CONTACT, page_of).await {
            Ok(answer) => answer,
            Err(Failure::Fatal(error)) => return Err(error),
            Err(Failure::GaveUp { status, reason }) => {
                let status = status.unwrap_or_default();
                return Err(FetchError::Refused { path: request.path(), status, message: reason });
            }
        };
        if let Some((next, records)) = answer.decoded {
            return Ok((Contact { body: answer.body, next }, records));
        }
        let text = String::from_utf8_lossy(&answer.body);
        Err(match page::error_message(&text) {
            Some(message) => FetchError::Refused { path: request.path(), status: answer.status, message },
            None => FetchError::NotAsana {
                url: self.base().to_owned(),
                found: format!("status {} without Asana's error body", answer.status),
            },
        })
    }
}

struct Contact {
    body: Vec<u8>,
    next: Option<String>,
}

/// The fields that the first calls look at; each call asks for some of them.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "Asana's own flags")]
struct Seen {
    gid: Option<String>,
    name: Option<String>,
    email: Option<String>,
    workspace_gid: Option<String>,
    parent_gid: Option<String>,
    is_organization: bool,
    is_admin: bool,
    is_guest: bool,
    is_view_only: bool,
    is_active: bool,
}

impl Seen {
    fn new(record: &str) -> Option<Self> {
        let object = Object::parse(record)?;
        let text = |name| object.text(name).map(std::borrow::Cow::into_owned);
        let is = |name| object.get(name) == Some("true");
        let gid_of = |name| {
            object.get(name).and_then(Object::parse).and_then(|inner| inner.gid().map(std::borrow::Cow::into_owned))
        };
        Some(Self {
            gid: object.gid().map(std::borrow::Cow::into_owned),
            name: text("name"),
            email: text("email"),
            workspace_gid: gid_of("workspace"),
            parent_gid: gid_of("parent"),
            is_organization: is("is_organization"),
            is_admin: is("is_admin"),
            is_guest: is("is_guest"),
            is_view_only: is("is_view_only"),
            is_active: is("is_active"),
        })
    }
}

type PageOfSeen = (Option<String>, Vec<Seen>);

fn page_of(body: &[u8]) -> Result<PageOfSeen, String> {
    let envelope = page::decode(body)?;
    Ok((envelope.next, envelope.records.into_iter().filter_map(Seen::new).collect()))
}

fn request(path: &[&str], query: &[(&'static str, &str)], opt_fields: Vec<String>, limit: Option<u32>) -> Request {
    Request {
        segments: path.iter().map(|segment| (*segment).to_owned().into()).collect(),
        query: query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        opt_fields: Arc::new(OptFields::new(opt_fields)),
        page: limit,
        limit,
        offset: None,
        search: path.last() == Some(&"search"),
    }
}
