//! Custom fields: definitions, settings and values, which Asana writes as one kind of record.

use super::errors::ApiError;
use super::json::{Digits, Null, Object};
use super::people::write_user;
use super::projects::write_project;
use super::tasks::write_task;
use super::{Answer, Call, Listing, Rows, View};
use crate::world::time::{Day, Time};
use crate::world::{Dice, Field, FieldHome, FieldKind, FieldPrivacy, Kind, OPTIONS, Value, names};

/// Whatever has values in custom fields.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    Task(u32),
    Project(u32),
    Person(u32),
    Portfolio(u32),
    Goal(u32),
}

impl Owner {
    fn dice(self, view: View<'_>) -> Dice {
        let (kind, index) = match self {
            Self::Task(index) => (Kind::Task, index),
            Self::Project(index) => (Kind::Project, index),
            Self::Person(index) => (Kind::User, index),
            Self::Portfolio(index) => (Kind::Portfolio, index),
            Self::Goal(index) => (Kind::Goal, index),
        };
        view.world.dice(kind, index).part(0xCF)
    }

    /// The fields to show, each with whether it is enabled there.
    pub(crate) fn fields(self, view: View<'_>) -> Vec<(u32, bool)> {
        if !view.has_custom_fields() {
            return Vec::new();
        }
        let shown = |field: &(u32, bool)| view.viewer.sees_field(field.0);
        let fields = match self {
            Self::Task(task) => view.world.task_fields(task),
            Self::Project(project) if project.is_multiple_of(3) => vec![(0, true), (1, true)],
            Self::Person(person) if person.is_multiple_of(7) => vec![(2, true)],
            Self::Portfolio(portfolio) if portfolio.is_multiple_of(2) => (0..6).map(|field| (field, true)).collect(),
            Self::Goal(goal) if goal.is_multiple_of(3) => vec![(0, true), (1, true), (4, true), (7, true)],
            Self::Project(_) | Self::Person(_) | Self::Portfolio(_) | Self::Goal(_) => Vec::new(),
        };
        fields.into_iter().filter(shown).filter(|field| view.world.fields.row(field.0).is_some()).collect()
    }
}

fn representation(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Number => "number",
        FieldKind::Enum => "enum",
        FieldKind::MultiEnum => "multi_enum",
        FieldKind::Date | FieldKind::DateTime => "date",
        FieldKind::People => "people",
        FieldKind::Reference => "reference",
        FieldKind::Formula => "formula",
        FieldKind::CustomId => "custom_id",
    }
}

/// A formula is a number and an id is a text underneath.
fn underlying(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Formula => "number",
        FieldKind::CustomId => "text",
        other => representation(other),
    }
}

/// An option of a field; about one in five is disabled.
pub(crate) fn write_option(o: &mut Object<'_>, view: View<'_>, field: u32, ordinal: u32) {
    let dice = view.world.dice(Kind::EnumOption, field * OPTIONS + ordinal);
    view.head(o, Kind::EnumOption, field * OPTIONS + ordinal);
    o.with("name", || option_name(view, field, ordinal));
    o.put("enabled", !dice.chance("disabled", 20));
    o.with("color", || dice.pick("color", &["red", "orange", "yellow-green", "blue", "cool-gray", "none"]));
}

fn option_name(view: View<'_>, field: u32, ordinal: u32) -> &'static str {
    names::word(view.world.dice(Kind::EnumOption, field * OPTIONS + ordinal), "option")
}

/// The definition, without a value.
pub(crate) fn write_field(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let field = &view.world.fields[index];
    view.head(o, Kind::CustomField, index);
    if view.viewer.sees_field(index) {
        write_definition(o, view, index, field);
    }
}

fn write_definition(o: &mut Object<'_>, view: View<'_>, index: u32, field: &Field) {
    let dice = view.world.dice(Kind::CustomField, index);
    o.put("name", field.name.as_str());
    o.put("type", underlying(field.kind));
    o.put("resource_subtype", underlying(field.kind));
    o.put("representation_type", representation(field.kind));
    if field.has_options() {
        o.array("enum_options", || 0..field.options, |o, ordinal| write_option(o, view, index, ordinal));
    }
    let is_id = field.kind == FieldKind::CustomId;
    o.put("id_prefix", is_id.then_some("EX"));
    if field.kind == FieldKind::Reference {
        o.with("input_restrictions", || vec!["task", "project"]);
    } else {
        o.with("input_restrictions", Vec::<&str>::new);
    }
    o.put("is_formula_field", field.kind == FieldKind::Formula);
    o.with("description", || names::prose(dice, 50));
    if matches!(field.kind, FieldKind::Number | FieldKind::Formula) {
        let format = field.number.format;
        o.put("precision", field.number.precision);
        o.put("format", format);
        o.put("currency_code", (format == "currency").then_some("EUR"));
        o.put("custom_label", (format == "custom").then_some("pts"));
        o.put("custom_label_position", (format == "custom").then_some("suffix"));
    }
    o.put("is_global_to_workspace", field.home == FieldHome::Library);
    o.put("has_notifications_enabled", dice.chance("notifications", 30));
    o.put("asana_created_field", (index == 0).then_some("priority"));
    o.put("is_value_read_only", matches!(field.kind, FieldKind::Formula | FieldKind::CustomId));
    let creator = (index != 0).then(|| view.world.actor(dice, "creator"));
    o.maybe("created_by", creator, |o, person| write_user(o, view, person));
    o.put(
        "privacy_setting",
        match field.privacy {
            FieldPrivacy::PublicWithGuests => "public_with_guests",
            FieldPrivacy::Public => "public",
            FieldPrivacy::Private => "private",
        },
    );
    o.with("default_access_level", || dice.pick("level", &["admin", "editor", "user"]));
}

/// A field with the value its owner has in it. Only the value of the field's own type is present.
pub(crate) fn write_value(o: &mut Object<'_>, view: View<'_>, owner: Owner, (index, enabled): (u32, bool)) {
    let field = &view.world.fields[index];
    view.head(o, Kind::CustomField, index);
    write_definition(o, view, index, field);
    o.put("enabled", enabled);
    let value = view.world.value(owner.dice(view), index);
    o.with("display_value", || display(view, index, &value));
    match field.kind {
        FieldKind::Text => {
            let text = if let Value::Text(text) = value { Some(text) } else { None };
            o.with("html_text_value", || text.as_deref().map(names::rich));
            o.put("text_value", text);
        }
        FieldKind::Number | FieldKind::Formula => {
            o.put("number_value", if let Value::Number(digits) = value { Some(Digits(digits)) } else { None });
        }
        FieldKind::Enum => {
            let option = if let Value::Option(ordinal) = value { Some(ordinal) } else { None };
            o.maybe("enum_value", option, |o, ordinal| write_option(o, view, index, ordinal));
        }
        FieldKind::MultiEnum => {
            let options = if let Value::Options(ordinals) = value { ordinals } else { Vec::new() };
            o.array("multi_enum_values", || options, |o, ordinal| write_option(o, view, index, ordinal));
        }
        FieldKind::Date | FieldKind::DateTime => match value {
            Value::Date(day) => o.object("date_value", |o| o.put("date", Day(day))),
            Value::DateTime(at) => o.object("date_value", |o| {
                o.put("date", Time(at).day());
                o.put("date_time", Time(at));
            }),
            _ => o.put("date_value", Null),
        },
        FieldKind::People => {
            let people = if let Value::People(people) = value { people } else { Vec::new() };
            o.array("people_value", || people, |o, person| write_user(o, view, person));
        }
        FieldKind::Reference => {
            let tasks = if let Value::References(tasks) = value { tasks } else { Vec::new() };
            o.array("reference_value", || tasks, |o, task| write_task(o, view, task));
        }
        FieldKind::CustomId => {}
    }
}

/// The value as a person reads it; `null` when there is none.
fn display(view: View<'_>, field: u32, value: &Value) -> Option<String> {
    let join = |parts: Vec<String>| if parts.is_empty() { None } else { Some(parts.join(", ")) };
    match value {
        Value::Empty => None,
        Value::Text(text) => Some(text.clone()),
        Value::Number(digits) => Some(digits.clone()),
        Value::Option(ordinal) => Some(option_name(view, field, *ordinal).to_owned()),
        Value::Options(ordinals) => {
            join(ordinals.iter().map(|ordinal| option_name(view, field, *ordinal).to_owned()).collect())
        }
        Value::Date(day) => Some(format!("{}T00:00:00.000Z", Day(*day))),
        Value::DateTime(at) => Some(Time(*at).to_string()),
        Value::People(people) => join(people.iter().map(|person| view.world.people[*person].name.clone()).collect()),
        Value::References(tasks) => {
            let visible = tasks.iter().filter(|task| view.viewer.sees_task(**task));
            join(visible.map(|task| names::task(view.world.dice(Kind::Task, *task))).collect())
        }
        Value::Id(number) => Some(format!("EX-{number}")),
    }
}

pub(crate) fn write_setting(o: &mut Object<'_>, view: View<'_>, index: u32) {
    let setting = &view.world.settings[index];
    view.head(o, Kind::Setting, index);
    o.object("project", |o| write_project(o, view, setting.project));
    o.put("is_important", setting.is_important);
    o.object("parent", |o| write_project(o, view, setting.project));
    o.object("custom_field", |o| write_field(o, view, setting.field));
}

fn paid(view: View<'_>) -> Result<(), ApiError> {
    if view.has_custom_fields() { Ok(()) } else { Err(ApiError::payment_required("Custom fields")) }
}

pub(super) fn of_workspace<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let workspace = call.workspace()?;
    paid(call.view)?;
    let listing = library(call.view);
    if workspace == 0 { listing } else { Listing::new(Rows::Count(0), |_, _| {}) }.answer()
}

fn library(view: View<'_>) -> Listing<'_> {
    let rows = view.world.fields.iter().filter(|(_, field)| field.home == FieldHome::Library);
    Listing::new(Rows::Chosen(rows.map(|(index, _)| index).collect()), move |o, index| write_field(o, view, index))
        .shown_if(move |index| view.viewer.sees_field(index))
}

pub(super) fn field<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    paid(call.view)?;
    let (view, index) = (call.view, call.find(Kind::CustomField, call.id)?);
    Ok(Answer::one(move |o| write_field(o, view, index)))
}

pub(super) fn settings_of_project<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let (view, project) = (call.view, call.find(Kind::Project, call.id)?);
    paid(view)?;
    settings(view, Rows::Known(&view.world.projects[project].settings)).answer()
}

fn settings<'a>(view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
    Listing::new(rows, move |o, index| write_setting(o, view, index)).shown_if(move |index| {
        let setting = &view.world.settings[index];
        view.viewer.sees_field(setting.field) && view.viewer.sees_project(setting.project)
    })
}

pub(super) fn everything_of_settings(view: View<'_>) -> Listing<'_> {
    let count = if view.has_custom_fields() { view.world.settings.len() } else { 0 };
    settings(view, Rows::Count(count))
}

/// Every field the viewer can find a definition of: in the library or in a project's settings.
pub(super) fn everything(view: View<'_>) -> Listing<'_> {
    let in_settings = |field: u32| {
        let mut settings = view.world.settings.iter();
        settings.any(|(_, setting)| setting.field == field && view.viewer.sees_project(setting.project))
    };
    let rows = view.world.fields.iter().filter(|(index, field)| match field.home {
        FieldHome::Library => true,
        FieldHome::Project => in_settings(*index),
        FieldHome::Nowhere => false,
    });
    let rows = if view.has_custom_fields() { rows.map(|(index, _)| index).collect() } else { Vec::new() };
    Listing::new(Rows::Chosen(rows), move |o, index| write_field(o, view, index))
        .shown_if(move |index| view.viewer.sees_field(index))
}
