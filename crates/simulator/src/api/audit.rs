//! The audit log: for the service account of an Enterprise organization, oldest event first, with pages of its own.

use super::errors::ApiError;
use super::json::{self, Object, Raw};
use super::{Answer, Call, Listing, Rows, Unlimited, View, access};
use crate::config::Plan;
use crate::world::time::Time;
use crate::world::{AuditEvent, Dice, Kind, Means, names};

const ACTORS: &[&str] = &["user", "asana", "asana_support", "anonymous", "external_administrator"];
const METHODS: &[&str] = &["cookie", "oauth", "personal_access_token", "service_account"];

fn write_event(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let event = view.world.audit_event(index);
    let dice = view.world.dice(Kind::AuditLogEvent, index);
    view.head(o, Kind::AuditLogEvent, index);
    o.put("created_at", Time(event.at));
    o.put("event_type", event.what.name);
    o.put("event_category", event.what.category);
    o.object("actor", |o| write_actor(o, view, &event));
    o.object("resource", |o| write_resource(o, view, &event));
    o.with("details", || Raw(details(view, &event, dice)));
    o.object("context", |o| write_context(o, view, &event, dice));
}

/// Only users have a gid, a name and an e-mail address.
fn write_actor(o: &mut Object<'_>, view: View<'_>, event: &AuditEvent) {
    o.put("actor_type", event.actor.kind);
    if let Some(person) = event.actor.person {
        o.put("gid", view.gid(Kind::User, person));
        o.put("name", view.world.people[person].name.as_str());
        o.put("email", view.world.people[person].email.as_str());
    }
}

/// The object the event happened to, which may be gone by now.
fn write_resource(o: &mut Object<'_>, view: View<'_>, event: &AuditEvent) {
    let (world, kind) = (view.world, event.what.kind);
    let index = u32::try_from(event.resource).unwrap_or(u32::MAX);
    o.put("resource_type", kind.resource());
    o.put("gid", view.wide_gid(kind, event.resource));
    if kind == Kind::Task {
        o.put("resource_subtype", "default_task");
    }
    let name = match kind {
        Kind::User => world.people.row(index).map(|person| person.name.clone()),
        Kind::Workspace => world.workspaces.row(index).map(|workspace| workspace.name.to_owned()),
        Kind::Team => world.teams.row(index).map(|team| team.name.clone()),
        Kind::Project => world.projects.row(index).map(|project| project.name.clone()),
        Kind::Tag => world.tags.row(index).map(|tag| tag.name.clone()),
        Kind::ProjectTemplate => Some(world.template_name(index)),
        Kind::Task | Kind::TaskTemplate => Some(names::task(world.dice(kind, index))),
        _ => None,
    };
    o.put("name", name);
    if let Some(person) = world.people.row(index).filter(|_| kind == Kind::User) {
        o.put("email", person.email.as_str());
    }
}

/// Free in form: every type of event says what it has to say.
fn details(view: View<'_>, event: &AuditEvent, dice: Dice) -> String {
    match event.what.name {
        "user_login_succeeded" | "user_login_failed" => {
            let plain = r#"{"saml_response":null}"#;
            let saml = r#"{"saml_response":"<samlp:Response ID=\"_1\"/>","attempts":3,"mfa":true}"#;
            if dice.chance("saml", 40) { saml } else { plain }.to_owned()
        }
        "user_workspace_admin_role_changed" => r#"{"old_value":"member","new_value":"admin"}"#.to_owned(),
        "user_division_admin_role_changed" => {
            let gid = view.gid(Kind::Team, 0).0;
            format!(r#"{{"old_value":null,"new_value":"admin","group":{{"gid":"{gid}","name":"Division \"A\""}}}}"#)
        }
        "workspace_name_changed" | "tag_renamed" => {
            let mut text = br#"{"old_value":"#.to_vec();
            json::string(&mut text, names::word(dice, "old name"));
            text.extend_from_slice(br#","new_value":"#);
            json::string(&mut text, names::word(dice, "new name"));
            text.push(b'}');
            String::from_utf8_lossy(&text).into_owned()
        }
        "attachment_downloaded" => {
            let size = 1 + dice.below("size", 90_000_000);
            format!(r#"{{"file":{{"name":"budget, final.xlsx","size":{size}}},"shared_with":["a@example.com",null]}}"#)
        }
        "project_member_added" | "team_member_added" => {
            let person = view.gid(Kind::User, view.world.actor(dice, "member")).0;
            format!(r#"{{"member":{{"gid":"{person}","resource_type":"user"}},"access_level":"editor"}}"#)
        }
        _ => "{}".to_owned(),
    }
}

fn write_context(o: &mut Object<'_>, view: View<'_>, event: &AuditEvent, dice: Dice) {
    let kind = match (event.actor.kind, event.means) {
        ("asana", _) => "asana",
        ("asana_support", _) => "asana_support",
        (_, Some(Means::Browser)) => "web",
        (_, Some(Means::Token | Means::App(_))) => "api",
        (_, None) => dice.pick("context", &["web", "web", "desktop", "mobile", "email", "api", "api"]),
    };
    o.put("context_type", kind);
    if kind == "api" {
        let (method, app) = match event.means {
            Some(Means::App(name)) => ("oauth", name),
            Some(_) => ("personal_access_token", ""),
            None => (dice.pick("method", METHODS), "Calendar & \"Co\""),
        };
        o.put("api_authentication_method", method);
        if method == "oauth" {
            o.put("oauth_app_name", app);
        }
    }
    if kind == "asana" && dice.chance("rule", 60) {
        o.put("rule_name", "When Task is added to this project");
    }
    // The one place where Asana writes a gid as a number.
    if kind == "asana_support" {
        o.put("on_behalf_of_user_id", view.gid(Kind::User, view.world.actor(dice, "on behalf of")).0);
    }
    if matches!(kind, "web" | "desktop" | "mobile" | "api") {
        o.with("client_ip_address", || format!("192.0.2.{}", dice.below("address", 255)));
        o.put("user_agent", "Mozilla/5.0 (X11; Linux x86_64), \"simulated\"");
    }
}

fn list<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_event(o, view, index)).unlimited(Unlimited::Endless)
}

fn is_open(view: View<'_>) -> bool {
    view.viewer.is_service() && view.plan == Plan::Enterprise
}

/// `start_at` is inclusive, `end_at` is not; any combination of filters will do.
pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let workspace = call.workspace()?;
    if !is_open(view) {
        return Err(ApiError::forbidden());
    }
    let (start, end) = (call.time("start_at")?, call.time("end_at")?);
    let event_type = call.parameter("event_type");
    let actor_type = call.parameter("actor_type");
    if let Some(other) = actor_type.filter(|kind| !ACTORS.contains(kind)) {
        return Err(ApiError::new(400, format!("actor_type: Not a valid option: {other}")));
    }
    let is_actor = access::is_named(call, "actor_gid")?;
    let is_resource = access::is_named(call, "resource_gid")?;
    let wanted = |index: &u32| {
        let event = view.world.audit_event(*index);
        let person = event.actor.person.map(|person| (Kind::User, u64::from(person)));
        start.is_none_or(|start| event.at >= start)
            && end.is_none_or(|end| event.at < end)
            && event_type.is_none_or(|wanted| wanted == event.what.name)
            && actor_type.is_none_or(|wanted| wanted == event.actor.kind)
            && is_actor(person)
            && is_resource(Some((event.what.kind, event.resource)))
    };
    let count = if workspace == 0 { view.world.audit_event_count() } else { 0 };
    list(view, Rows::Chosen((0..count).filter(wanted).collect())).answer()
}

pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    list(view, Rows::Count(if is_open(view) { view.world.audit_event_count() } else { 0 }))
}
