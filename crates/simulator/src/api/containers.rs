//! Custom fields of portfolios and goals: which are enabled there, and the values the object itself has.

use super::fields::{self, Owner, write_field};
use super::goals::write_goal;
use super::json::Object;
use super::portfolios::write_portfolio;
use super::{Listing, Rows, View};
use crate::world::Kind;

/// The gid of a setting is made of its container's index and the field's.
const FIELDS: u32 = 1_024;

/// What has custom fields enabled, beside projects.
#[derive(Clone, Copy, Debug)]
pub(super) enum Container {
    Portfolio(u32),
    Goal(u32),
}

impl Container {
    fn kinds(self) -> (Kind, Kind, u32) {
        match self {
            Self::Portfolio(index) => (Kind::Portfolio, Kind::PortfolioSetting, index),
            Self::Goal(index) => (Kind::Goal, Kind::GoalSetting, index),
        }
    }

    fn owner(self) -> Owner {
        match self {
            Self::Portfolio(index) => Owner::Portfolio(index),
            Self::Goal(index) => Owner::Goal(index),
        }
    }

    /// The fields enabled there, all of the library: the first portfolio and the first goal have many.
    fn fields(self, view: View<'_>) -> Vec<u32> {
        if !view.has_custom_fields() {
            return Vec::new();
        }
        let shared = view.world.size.custom_fields.min(view.world.fields.len());
        let (_, kind, index) = self.kinds();
        let dice = view.world.dice(kind, index);
        let mut fields: Vec<u32> = match index {
            0 => (0..shared.min(10)).collect(),
            _ if shared == 0 => Vec::new(),
            _ => (0..dice.below("field count", 6)).map(|at| dice.part(at).below("field", shared)).collect(),
        };
        fields.sort_unstable();
        fields.dedup();
        fields.retain(|field| view.viewer.sees_field(*field));
        fields
    }
}

fn write_setting(o: &mut Object<'_>, view: View<'_>, container: Container, field: u32) {
    let (_, kind, index) = container.kinds();
    // The deprecated `project` is for projects only.
    view.head(o, kind, index * FIELDS + field);
    o.put("is_important", view.world.dice(kind, index).part(field).chance("important", 50));
    o.object("parent", |o| match container {
        Container::Portfolio(index) => write_portfolio(o, view, index),
        Container::Goal(index) => write_goal(o, view, index),
    });
    o.object("custom_field", |o| write_field(o, view, field));
}

/// Writes `custom_field_settings` and `custom_fields`.
pub(super) fn write_fields(o: &mut Object<'_>, view: View<'_>, container: Container) {
    o.array("custom_field_settings", || container.fields(view), |o, field| write_setting(o, view, container, field));
    let owner = container.owner();
    o.array("custom_fields", || owner.fields(view), |o, field| fields::write_value(o, view, owner, field));
}

pub(super) fn settings(view: View<'_>, container: Container) -> Listing<'_> {
    Listing::new(Rows::Chosen(container.fields(view)), move |o, field| write_setting(o, view, container, field))
}
