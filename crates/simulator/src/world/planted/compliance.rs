//! What the audit log tells.

use super::super::audit::{Actor, AuditEvent, Means, What};
use super::super::people::Role;
use super::super::{Kind, time};
use super::{Planter, Planting};

/// As many as a rule takes for many.
const FAILED_LOGINS: u32 = 5;
const DELETIONS: u32 = 10;

pub(super) fn plant(planter: &mut Planter<'_>) {
    let (login, deleted) =
        (event("user_login_failed", "logins", Kind::User), event("task_deleted", "deletion", Kind::Task));
    let forgetful = planter.member("Flo Forgetful", Role::Member);
    for _ in 0..FAILED_LOGINS {
        happens(planter, login, forgetful, forgetful);
    }
    planter.finds("failed-logins", Kind::User, forgetful);

    let tidy = planter.member("Tom Tidy", Role::Member);
    let gone = planter.world.generated_tasks() + 1_000;
    for number in 0..DELETIONS {
        happens(planter, deleted, tidy, gone + number);
    }
    planter.finds("mass-deletions", Kind::User, tidy);

    let exporter = planter.member("Eva Exporter", Role::Member);
    happens(planter, event("workspace_export_started", "content_export", Kind::Workspace), exporter, 0);
    planter.finds("data-exports", Kind::User, exporter);

    let raised = planter.member("Ron Raised", Role::Member);
    let changed = event("user_workspace_admin_role_changed", "roles", Kind::User);
    happens(planter, changed, planter.anchors[0], raised);
    planter.finds("permission-changes", Kind::User, raised);
    means(planter);
}

/// What is done through apps, with tokens, and by those who are nobody's user.
fn means(planter: &mut Planter<'_>) {
    let uploaded = event("attachment_uploaded", "creation", Kind::TaskAttachment);
    let programmer = planter.member("Pat Programmer", Role::Member);
    let by = |person| Actor { kind: "user", person: Some(person) };
    planter.notes(uploaded, by(programmer), 0, Means::Token);
    planter.finds("token-use", Kind::User, programmer);

    let user = planter.member("Amy Apps", Role::Member);
    planter.notes(uploaded, by(user), 0, Means::App("Planted app"));
    planter.finds_named("connected-apps", "Planted app, events: 1");

    planter.notes(uploaded, Actor { kind: "asana_support", person: None }, 0, Means::Browser);
    planter.finds_named("outside-actors", "asana_support, attachment uploaded");
}

const fn event(name: &'static str, category: &'static str, kind: Kind) -> What {
    What { name, category, kind }
}

fn happens(planter: &mut Planter<'_>, what: What, who: u32, resource: u32) {
    let actor = Actor { kind: "user", person: Some(who) };
    planter.notes(what, actor, resource, Means::Browser);
}

impl Planter<'_> {
    /// In the audit log.
    fn notes(&mut self, what: What, actor: Actor, resource: u32, means: Means) {
        let event = AuditEvent { at: time::NOW, what, actor, resource: u64::from(resource), means: Some(means) };
        self.world.planted.events.push(event);
    }

    /// Notes that an audit has to find something about what has no gid.
    fn finds_named(&mut self, rule: &'static str, name: &str) {
        self.world.planted.plantings.push(Planting { rule, gid: name.to_owned() });
    }
}
