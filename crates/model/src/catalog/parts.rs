//! What hangs from what: which records are parts of objects that can be left out because they are old.

use std::collections::BTreeSet;

use super::{Gives, Kind, RESOURCES, Resource, To};

/// The resources that can be asked for what changed since a time, with the field that says when.
pub fn dated() -> impl Iterator<Item = (&'static Resource, &'static str)> {
    RESOURCES.iter().filter_map(|resource| {
        let records = resource.listings.iter().filter(|listing| listing.gives == Gives::Records);
        let since = records.into_iter().find_map(|listing| listing.since)?;
        Some((*resource, since.field))
    })
}

/// The resources of [`dated`], and those some of whose records are parts of theirs, and of those, and so on.
pub fn dated_with_parts() -> BTreeSet<&'static str> {
    let mut names: BTreeSet<&'static str> = dated().map(|(resource, _)| resource.name).collect();
    loop {
        let more: Vec<&'static str> = RESOURCES
            .iter()
            .filter(|resource| !names.contains(resource.name) && names.iter().any(|whole| resource.is_part_of(whole)))
            .map(|resource| resource.name)
            .collect();
        if more.is_empty() {
            return names;
        }
        names.extend(more);
    }
}

impl Resource {
    /// Whether some of its records are listed for objects of `whole`, or say that they are parts of them.
    pub fn is_part_of(&self, whole: &str) -> bool {
        self.listings.iter().any(|listing| listing.per.parent() == Some(whole))
            || self.part_of().any(|(_, to)| to == whole)
    }

    /// The fields that say what its records are parts of, each with that resource.
    pub fn part_of(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().filter_map(|field| match &field.kind {
            Kind::Ref(reference) if reference.part_of => match reference.to {
                To::One(to) => Some((field.name, to)),
                To::Any => None,
            },
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_dated_and_have_parts() {
        assert_eq!(
            dated().map(|(resource, field)| (resource.name, field)).collect::<Vec<_>>(),
            [("tasks", "modified_at")]
        );
        let parts: Vec<_> = dated_with_parts().into_iter().collect();
        assert_eq!(parts, ["attachments", "reactions", "stories", "tasks", "time_tracking_entries"]);
    }
}
