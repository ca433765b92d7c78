//! What reaches out of the workspace, and who wants in.

use super::super::people::{ROLES, Role};
use super::super::portfolios::Portfolio;
use super::super::{ATTACHMENTS, Kind, NONE, WEBHOOKS, time};
use super::Planter;
use super::facts::{File, Webhook};

/// More than a rule takes for large.
const LARGE: u32 = 150_000_000;

pub(super) fn plant(planter: &mut Planter<'_>) {
    planter.finds("strong-role", Kind::RbacRole, ROLES);
    webhooks(planter);
    files(planter);

    let asking = planter.member("Ask Waiting", Role::Member);
    let project = planter.project("to which somebody wants access");
    planter.world.planted.requesters.insert(project, asking);
    planter.finds("waiting-access-request", Kind::Project, project);

    let portfolio = planter.portfolio("nobody's", NONE);
    planter.finds("ownerless-portfolio", Kind::Portfolio, portfolio);
}

fn webhooks(planter: &mut Planter<'_>) {
    let service = planter.world.first_of(Role::Service);
    if service == NONE {
        return;
    }
    let project = planter.project("that is watched");
    // The last ones that a person can have, which nobody has by chance.
    for (ordinal, fails) in [(WEBHOOKS - 2, false), (WEBHOOKS - 1, true)] {
        let index = service * WEBHOOKS + ordinal;
        planter.world.planted.webhooks.insert(index, Webhook { project, fails });
        planter.finds("unknown-webhook", Kind::Webhook, index);
        if fails {
            planter.finds("failing-webhook", Kind::Webhook, index);
        }
    }
}

fn files(planter: &mut Planter<'_>) {
    for (rule, host) in [("outside-attachment", "dropbox"), ("large-attachment", "asana")] {
        let project = planter.project(rule);
        planter.world.planted.files.insert(project, File { host, size: LARGE });
        planter.finds(rule, Kind::ProjectAttachment, project * ATTACHMENTS);
    }
}

impl Planter<'_> {
    /// A public portfolio with nothing in it.
    pub(super) fn portfolio(&mut self, name: &str, owner: u32) -> u32 {
        self.world.portfolios.rows.push(Portfolio {
            name: format!("Planted: {name}"),
            owner,
            archived: false,
            is_public: true,
            created_at: time::NOW - 30 * time::DAY,
            items: Vec::new(),
            memberships: Vec::new(),
            settings: Vec::new(),
        })
    }
}
