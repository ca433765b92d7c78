//! From the catalogue's fields to the value of `opt_fields`: what is asked for is what there is a column for.

use super::{Asks, Field, Item, Kind, Listing, Name, Ref, Resource, To, resource};

impl Listing {
    /// The value of `opt_fields` for records of `resource`; empty when nothing is to be named.
    pub fn opt_fields(&self, resource: &Resource) -> Vec<String> {
        match self.asks {
            Asks::Fields => resource.opt_fields(),
            Asks::Nothing { .. } => Vec::new(),
            Asks::Only(paths) => paths.iter().map(|path| (*path).to_owned()).collect(),
        }
    }
}

impl Resource {
    /// The value of `opt_fields` that asks for exactly the catalogue's fields.
    ///
    /// `gid` always comes; `resource_type` is asked for only where the kind decides something.
    /// Source: <https://developers.asana.com/docs/inputoutput-options>
    pub fn opt_fields(&self) -> Vec<String> {
        let mut paths = Vec::new();
        fields_of(self.fields, "", &mut paths);
        paths
    }
}

fn fields_of(fields: &[Field], prefix: &str, paths: &mut Vec<String>) {
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        match &field.kind {
            Kind::Scalar(_) | Kind::Json([]) | Kind::List(Item::Scalar(..)) => paths.push(path),
            Kind::Ref(reference) | Kind::List(Item::Ref(_, reference)) => ref_fields(reference, &path, paths),
            Kind::Object(fields) | Kind::List(Item::Object(fields)) => fields_of(fields, &format!("{path}."), paths),
            Kind::Records(name) => nested_fields(name, &path, paths),
            Kind::Json(asked) => paths.extend(asked.iter().map(|member| format!("{path}.{member}"))),
            Kind::CustomFieldValues => {
                paths.extend(CUSTOM_FIELD_VALUE_PATHS.iter().map(|value| format!("{path}.{value}")));
            }
            Kind::Itself { .. } => paths.extend(["resource_type", "name"].map(|own| format!("{prefix}{own}"))),
            Kind::ListingPosition | Kind::Container | Kind::File(_) => {}
        }
    }
}

fn ref_fields(reference: &Ref, path: &str, paths: &mut Vec<String>) {
    if let (true, To::One(name)) = (reference.nested, reference.to) {
        return nested_fields(name, path, paths);
    }
    let before = paths.len();
    if reference.to == To::Any {
        paths.push(format!("{path}.resource_type"));
    }
    if reference.name != Name::Absent {
        paths.push(format!("{path}.name"));
    }
    fields_of(reference.also, &format!("{path}."), paths);
    if paths.len() == before {
        paths.push(path.to_owned());
    }
}

fn nested_fields(name: &str, path: &str, paths: &mut Vec<String>) {
    if let Some(resource) = resource(name) {
        fields_of(resource.fields, &format!("{path}."), paths);
    }
}

/// What is asked of each custom field value; definitions come from `custom_fields`, never with every value.
///
/// `people_value`, `reference_value`, `html_text_value` and `resource_subtype` are documented for tasks only; elsewhere a
/// server that refuses them names them, and they are left out.
/// Source: <https://developers.asana.com/reference/gettasks>
pub const CUSTOM_FIELD_VALUE_PATHS: &[&str] = &[
    "name",
    "resource_subtype",
    "type",
    "enabled",
    "display_value",
    "text_value",
    "html_text_value",
    "number_value",
    "date_value.date",
    "date_value.date_time",
    "enum_value.name",
    "multi_enum_values.name",
    "people_value.name",
    "reference_value.name",
    "reference_value.resource_type",
];
