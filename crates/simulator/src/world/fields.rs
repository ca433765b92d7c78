//! Custom fields, where they are shown, and the values that tasks, projects and people have in them.

use super::{Dice, Kind, Table, World, hostile, names, time};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Number,
    Enum,
    MultiEnum,
    Date,
    DateTime,
    People,
    Reference,
    /// A read-only number.
    Formula,
    /// `EX-1`: a read-only text.
    CustomId,
}

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) precision: u32,
    pub(crate) format: &'static str,
}

/// Where a field's definition can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In the workspace's library.
    Library,
    /// Only in the settings of one project.
    Project,
    /// In neither: only values refer to it.
    Nowhere,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldPrivacy {
    PublicWithGuests,
    Public,
    Private,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: FieldKind,
    pub(crate) number: Number,
    pub(crate) options: u32,
    pub(crate) home: Home,
    pub(crate) privacy: FieldPrivacy,
}

impl Field {
    pub(crate) fn has_options(&self) -> bool {
        matches!(self.kind, FieldKind::Enum | FieldKind::MultiEnum)
    }
}

/// A field shown in a project.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) project: u32,
    pub(crate) field: u32,
    pub(crate) is_important: bool,
}

/// A typed value. Options are ordinals within their field; numbers are the digits to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Empty,
    Text(String),
    Number(String),
    Option(u32),
    Options(Vec<u32>),
    Date(i64),
    DateTime(i64),
    People(Vec<u32>),
    References(Vec<u32>),
    Id(u32),
}

/// The most options a field can have; option gids are `field * OPTIONS + ordinal`.
pub(crate) const OPTIONS: u32 = 64;

const KINDS: &[FieldKind] = &[
    FieldKind::Enum,
    FieldKind::Number,
    FieldKind::Text,
    FieldKind::MultiEnum,
    FieldKind::Date,
    FieldKind::People,
    FieldKind::DateTime,
    FieldKind::Reference,
    FieldKind::Formula,
    FieldKind::CustomId,
];
const NUMBERS: &[(u32, &str)] =
    &[(2, "currency"), (0, "none"), (3, "percentage"), (1, "custom"), (0, "duration"), (6, "none"), (0, "identifier")];
const NAMES: &[&str] = &["Priority", "Budget", "Comment", "Channels", "Go-live", "Reviewers", "Meeting", "Related"];

pub(super) fn generate(world: &mut World) {
    let mut fields = Table::default();
    let shared = world.size.custom_fields;
    // Every fourth project has a field of its own; the last two fields are in no list at all.
    let local = world.size.projects / 4 + 1;
    for index in 0..world.generated_fields() {
        let dice = world.dice(Kind::CustomField, index);
        let kind = KINDS.get(index as usize % KINDS.len()).copied().unwrap_or(FieldKind::Text);
        let (precision, format) = NUMBERS.get(index as usize / 10 % NUMBERS.len()).copied().unwrap_or((2, "none"));
        let name = match index {
            // Two fields of different kinds share one name.
            10 | 11 => "Status".to_owned(),
            0..=7 => NAMES.get(index as usize).copied().unwrap_or_default().to_owned(),
            _ => format!("{} {index}", names::word(dice, "field name")),
        };
        let privacy = match index {
            4 => FieldPrivacy::Private,
            0..=3 | 5..=9 => FieldPrivacy::PublicWithGuests,
            _ if dice.chance("private", 6) => FieldPrivacy::Private,
            _ if dice.chance("guests", 60) => FieldPrivacy::PublicWithGuests,
            _ => FieldPrivacy::Public,
        };
        let home = if index < shared {
            Home::Library
        } else if index < shared + local {
            Home::Project
        } else {
            Home::Nowhere
        };
        let options = 3 + dice.below("options", 6);
        fields.push(Field { name, kind, number: Number { precision, format }, options, home, privacy });
    }
    world.fields = fields;
}

/// The fields of one project: project 0 has every kind.
pub(super) fn settings_of(world: &World, project: u32) -> Vec<Setting> {
    let dice = world.dice(Kind::Project, project);
    let shared = world.size.custom_fields;
    let mut chosen: Vec<u32> = if project == 0 {
        (0..shared.min(16)).collect()
    } else {
        (0..dice.below("field count", 9)).map(|at| dice.part(at).below("field", shared)).collect()
    };
    if project.is_multiple_of(4) {
        chosen.push(shared + project / 4);
    }
    chosen.sort_unstable();
    chosen.dedup();
    let limit = world.fields.len().saturating_sub(2);
    chosen
        .into_iter()
        .filter(|field| *field < limit)
        .map(|field| Setting { project, field, is_important: dice.part(field).chance("important", 50) })
        .collect()
}

impl World {
    /// Fields that were generated: what refers to fields by chance refers to these.
    pub(crate) fn generated_fields(&self) -> u32 {
        self.size.custom_fields + self.size.projects / 4 + 1 + 2
    }

    /// What `owner` (its dice) has in a field; the same at every call.
    pub(crate) fn value(&self, owner: Dice, field: u32) -> Value {
        let definition = &self.fields[field];
        let dice = owner.part(field);
        let read_only = matches!(definition.kind, FieldKind::CustomId);
        if !read_only && dice.chance("empty value", 30) {
            return match definition.kind {
                FieldKind::MultiEnum => Value::Options(Vec::new()),
                FieldKind::People => Value::People(Vec::new()),
                FieldKind::Reference => Value::References(Vec::new()),
                _ => Value::Empty,
            };
        }
        match definition.kind {
            FieldKind::Text if dice.chance("empty text", 5) => Value::Text(String::new()),
            FieldKind::Text => Value::Text(names::prose(dice, 0)),
            FieldKind::Number | FieldKind::Formula => Value::Number(number(dice, definition.number.precision)),
            FieldKind::Enum => Value::Option(dice.below("option", definition.options)),
            FieldKind::MultiEnum => {
                let wanted = |ordinal: &u32| dice.part(*ordinal).chance("option", 40);
                Value::Options((0..definition.options).filter(wanted).collect())
            }
            FieldKind::Date => Value::Date(time::NOW / time::DAY - 300 + i64::from(dice.below("day", 600))),
            FieldKind::DateTime => Value::DateTime(time::NOW - i64::from(dice.below("minute", 500_000)) * time::MINUTE),
            FieldKind::People => Value::People(self.some_people(dice, "people", 3)),
            FieldKind::Reference => {
                let count = 1 + dice.below("references", 3);
                let mut tasks: Vec<u32> =
                    (0..count).map(|at| dice.part(at).below("reference", self.size.tasks)).collect();
                tasks.sort_unstable();
                tasks.dedup();
                Value::References(tasks)
            }
            FieldKind::CustomId => Value::Id(1 + dice.below("id", 90_000)),
        }
    }
}

/// Digits as a person typed them: trailing zeros kept, now and then beyond 2^53, sometimes negative.
fn number(dice: Dice, precision: u32) -> String {
    if let Some(digits) = hostile::number(dice) {
        return digits;
    }
    if precision == 0 {
        return match dice.below("size", 20) {
            0 => "9007199254740993".to_owned(),
            1 => "-9007199254740995".to_owned(),
            2 => "0".to_owned(),
            3 => "18014398509481985".to_owned(),
            _ => dice.below("number", 10_000).to_string(),
        };
    }
    let sign = if dice.chance("negative", 10) { "-" } else { "" };
    let whole = dice.below("number", 5_000);
    // A multiple of ten keeps a trailing zero such as 1.50 frequent.
    let digits =
        format!("{:0width$}", dice.below("fraction", 10_u32.pow(precision) / 10) * 10, width = precision as usize);
    format!("{sign}{whole}.{digits}")
}
