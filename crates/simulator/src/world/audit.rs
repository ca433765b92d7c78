//! The audit log: one event after the other over the ninety days that Asana keeps.

use super::{Kind, World, time};

const DAYS: i64 = 90;

/// What happened: the type of event, its category and the kind of object it happened to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct What {
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) kind: Kind,
}

const fn what(name: &'static str, category: &'static str, kind: Kind) -> What {
    What { name, category, kind }
}

const WHAT: &[What] = &[
    what("user_login_succeeded", "logins", Kind::User),
    what("user_login_failed", "logins", Kind::User),
    what("user_logged_out", "logins", Kind::User),
    what("user_invited", "user_updates", Kind::User),
    what("user_workspace_admin_role_changed", "roles", Kind::User),
    what("user_division_admin_role_changed", "roles", Kind::User),
    what("workspace_name_changed", "admin_settings", Kind::Workspace),
    what("workspace_export_started", "content_export", Kind::Workspace),
    what("project_csv_export_started", "content_export", Kind::Project),
    what("project_member_added", "access_control", Kind::Project),
    what("attachment_downloaded", "content_export", Kind::TaskAttachment),
    what("team_member_added", "access_control", Kind::Team),
    what("team_created", "creation", Kind::Team),
    what("user_app_authorized", "apps", Kind::User),
    what("task_deleted", "deletion", Kind::Task),
    what("comment_deleted", "deletion", Kind::Story),
    what("custom_field_deleted", "deletion", Kind::CustomField),
    what("project_template_undeleted", "deletion", Kind::ProjectTemplate),
    what("task_template_deleted", "deletion", Kind::TaskTemplate),
    what("tag_renamed", "content_update", Kind::Tag),
];

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) kind: &'static str,
    /// Only users are persons of the workspace.
    pub(crate) person: Option<u32>,
}

/// How a user did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    Browser,
    /// With a personal access token.
    Token,
    /// Through an app of this name.
    App(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AuditEvent {
    pub(crate) at: i64,
    pub(crate) what: What,
    pub(crate) actor: Actor,
    /// The index of the object. It may be gone: deleted tasks have indexes that no task has.
    pub(crate) resource: u64,
    /// `None`: chance says it.
    pub(crate) means: Option<Means>,
}

impl World {
    pub(crate) fn audit_event_count(&self) -> u32 {
        self.generated_event_count() + u32::try_from(self.planted.events.len()).unwrap_or(0)
    }

    fn generated_event_count(&self) -> u32 {
        250 + (self.size.users * 4).min(1_500)
    }

    /// An event; they are in the order of time.
    pub(crate) fn audit_event(&self, index: u32) -> AuditEvent {
        let planted = index.checked_sub(self.generated_event_count());
        if let Some(event) = planted.and_then(|place| self.planted.events.get(place as usize)) {
            return *event;
        }
        let dice = self.dice(Kind::AuditLogEvent, index);
        let slot = DAYS * time::DAY / i64::from(self.generated_event_count());
        let jitter = u32::try_from(slot).unwrap_or(u32::MAX);
        let at = time::NOW - DAYS * time::DAY + slot * i64::from(index) + i64::from(dice.below("moment", jitter));
        let types = u32::try_from(WHAT.len()).unwrap_or(1);
        let fallback = what("user_logged_out", "logins", Kind::User);
        let what = WHAT.get(dice.below("type", types) as usize).copied().unwrap_or(fallback);
        let actor = match dice.below("actor", 20) {
            0 => Actor { kind: "asana", person: None },
            1 => Actor { kind: "asana_support", person: None },
            2 => Actor { kind: "anonymous", person: None },
            3 => Actor { kind: "external_administrator", person: None },
            _ => Actor { kind: "user", person: Some(self.actor(dice, "who")) },
        };
        let among = |count: u32| u64::from(dice.below("resource", count));
        let resource = match what.kind {
            Kind::User => among(self.actors.max(1)),
            Kind::Project => among(self.size.projects),
            Kind::Team => among(self.size.teams),
            Kind::Tag => among(self.size.tags),
            // What was deleted is gone.
            Kind::Task => u64::from(self.generated_tasks()) + 1_000 + among(100_000),
            Kind::Story => u64::from(self.generated_tasks() + 1_000) * u64::from(super::STORIES) + among(100_000),
            Kind::CustomField => u64::from(self.generated_fields()) + 100 + among(100),
            Kind::TaskTemplate => u64::from(self.size.projects + 100) * u64::from(super::TASK_TEMPLATES) + among(100),
            Kind::TaskAttachment => u64::from(super::ATTACHMENTS) + among(super::ATTACHMENTS - 8),
            Kind::ProjectTemplate => among(self.project_template_count()),
            _ => 0,
        };
        AuditEvent { at, what, actor, resource, means: None }
    }
}
